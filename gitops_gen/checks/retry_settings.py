"""How often a store asks again, and how long it waits: what the operator cannot read, and what says nothing.

Part of external-secret-fields.

Source: external-secrets/external-secrets, providers/v1/aws and providers/v1/vault: time.ParseDuration reads the
interval, and what it refuses, so does the provider. Others do not look at it. To AWS, maxRetries is how often it is
asked at all, and 0 is without limit: AWS SDK for Go v2, "Retries and Timeouts", limiting the max number of attempts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import durations
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, map_at, text_at
from gitops_gen.problems import Severity
from gitops_gen.shapes import Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.shapes import Version

SETTINGS = "retrySettings"
_RETRIES = ("spec", SETTINGS, "maxRetries")
_READING = frozenset({"aws", "vault"})
_SDK_V2: Version = (1, 0, 0)
"""A version that is certain to ask AWS by that SDK."""
_WRITE = "write a duration as Go reads it, such as 10s"


def misfits_of_retries(spec: Mapping[str, object], version: Version | None) -> Iterator[tuple[Misfit, Severity]]:
    """Yields what is wrong with the retrySettings of a store, with how much it weighs."""
    interval = text_at(spec, SETTINGS, "retryInterval")
    reason = durations.check_duration(interval) if interval and not has_template(interval) else None
    if interval is not None and reason is not None:
        is_refused = durations.parse(interval) is None and not _READING.isdisjoint(map_at(spec, "provider"))
        severity = Severity.ERROR if is_refused else Severity.WARNING
        yield Misfit(("spec", SETTINGS, "retryInterval"), reason, _WRITE), severity
    retries = at(spec, SETTINGS, "maxRetries")
    if isinstance(retries, int) and retries < 0:
        reason = f"got {retries}, expected 0 or more"
        yield Misfit(_RETRIES, reason, "write how often it asks again"), Severity.WARNING
    elif retries == 0 and "aws" in map_at(spec, "provider") and (version is None or version >= _SDK_V2):
        reason = "0 is without limit for AWS"
        yield Misfit(_RETRIES, reason, "write 1 to ask once"), Severity.WARNING
