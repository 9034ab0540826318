"""The guard of all that a model file says beside the values of an app: keys too, where a secret has no business.

Of most facts the form is so strict that no secret fits it; of a path, a revision or a key it is not. Only the shapes
of keys and tokens count here: what merely looks random may well be a path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.problems import Route
from gitops_gen.secrets_guard import CERTIFICATE, RANDOM, suspects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.resolve.findings import Findings
    from gitops_gen.source import Source
    from gitops_gen.yaml_reader.limits import Step, Value

_VALUES, _KEYS = "values", "keys"
_OF_A_FORM = frozenset({"account_id", "kms_key_arn", "oidc_id", "property", "region", "server"})
"""Facts of which the form lets no secret through, and the property, which has a guard of its own."""
_SHORTEST = 20
"""Characters of a token: a shorter text has the shape of none, unless it is a URL."""


def check_misplaced_secrets(sources: Iterable[Source], findings: Findings) -> None:
    """Adds a finding for every text or key that has the shape of a secret; it is never shown."""
    for source in sources:
        for steps, is_key, reason in _shaped(source.salvaged, ()):
            what = "a key" if is_key else _called(steps)
            findings.add(
                "secret-in-model",
                f"{what} {reason}; what stands here goes to git, for good",
                Route(source.path, steps),
                hint="revoke it, put a new one into Secrets Manager, and name it under secrets:",
                key=is_key,
            )


def _called(steps: tuple[Step, ...]) -> str:
    """Returns the last key that leads to a text."""
    return str(next(step for step in reversed(steps) if isinstance(step, str)))


def _shaped(
    value: Value, steps: tuple[Step, ...], *, is_key_only: bool = False
) -> Iterator[tuple[tuple[Step, ...], bool, str]]:
    """Yields the steps to what has the shape of a secret, whether it is a key, and why."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if (reason := _reason(key)) is not None:
                yield (*steps, key), True, reason
            is_property = isinstance(inner, str) and steps[-1:] == (_KEYS,)
            if not is_property and (key not in _OF_A_FORM or is_key_only):
                yield from _shaped(inner, (*steps, key), is_key_only=is_key_only or key == _VALUES)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _shaped(inner, (*steps, index), is_key_only=is_key_only)
    elif isinstance(value, str) and not is_key_only and (reason := _reason(value)) is not None:
        yield steps, False, reason


def _reason(text: str) -> str | None:
    if (len(text) < _SHORTEST and "://" not in text) or text.startswith(CERTIFICATE):
        return None
    reason = suspects(text)
    return None if reason is None or reason.startswith(RANDOM) else reason
