"""The hidden first line of what the bot writes: it says whose it is, and what of it is up to date.

It counts only where a text begins with it, so nothing that is quoted, or that stands in the diff, passes for it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

_LINE = re.compile(
    r"\s*<!-- gitops-gen (?P<kind>body|comment) fleet=(?P<fleet>[a-z0-9-]+) digest=(?P<digest>[0-9a-f]{64})"
    r" draft=(?P<draft>no|bot|refused) reviewers=(?P<reviewers>[0-9a-f]{64}|none) -->"
)
RESERVE = 300
"""Characters, and bytes, that the marker needs at most; a fleet's name has up to 63."""


class DraftBy(StrEnum):
    """How the bot left the draft state."""

    NO = "no"
    BOT = "bot"
    """The bot made it a draft, and makes it ready again."""
    REFUSED = "refused"
    """The service has no drafts; asking again would be in vain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What the hidden line says."""

    kind: str
    """body or comment."""
    fleet: str
    digest: str
    """Of everything else that the bot wrote there."""
    draft: DraftBy = DraftBy.NO
    reviewers: str = "none"
    """The digest of those who were asked."""

    def on(self, text: str) -> str:
        """Returns a text with the marker before it."""
        facts = f"fleet={self.fleet} digest={self.digest} draft={self.draft} reviewers={self.reviewers}"
        return f"<!-- gitops-gen {self.kind} {facts} -->\n{text}"


def read_marker(text: str) -> Marker | None:
    """Returns the marker that a text begins with, or None."""
    found = _LINE.match(text)
    if found is None:
        return None
    return Marker(
        kind=found["kind"],
        fleet=found["fleet"],
        digest=found["digest"],
        draft=DraftBy(found["draft"]),
        reviewers=found["reviewers"],
    )


def digest_of(*parts: str) -> str:
    """Returns the digest of some texts, in their order."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode()
        whole.update(f"{len(data)}:".encode())
        whole.update(data)
    return whole.hexdigest()


def digest_of_names(names: frozenset[str]) -> str:
    """Returns the digest of a set of names; `none` for an empty one."""
    return digest_of(*sorted(names)) if names else "none"
