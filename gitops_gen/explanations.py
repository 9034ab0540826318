"""What each code of verify says of itself: that of a rule, and that of what no rule decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks import CHECKS
from gitops_gen.judge import CANNOT_SAY

if TYPE_CHECKING:
    from collections.abc import Mapping

_OF_CANNOT_SAY = """\
What the files alone do not decide is a note: it is neither guessed nor passed in silence.

A chart that is not on disk, a generator that asks a cluster or a service, a cluster that is registered elsewhere: what
depends on one of these is not judged. The message says what is not known, and the hint what would let it be judged. No
exit code depends on a note.

Fix: nothing has to be mended. Put what is missing on disk, name a repository with --repo URL=PATH, or leave all such
notes out with --ignore cannot-say.
"""


def explanations() -> Mapping[str, str]:
    """Returns what each code says of itself, the rules in the order in which they judge."""
    return {each.code: each.load().explanation.strip() for each in CHECKS} | {CANNOT_SAY: _OF_CANNOT_SAY.strip()}
