"""How often a store asks again, and how long it waits: what the operator cannot read, and what says nothing.

Part of external-secret-fields.

Source: external-secrets/external-secrets, providers/v1/aws and providers/v1/vault: time.ParseDuration reads the
interval, and what it refuses, so does the provider. Others do not look at it.
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

SETTINGS = "retrySettings"
_READING = frozenset({"aws", "vault"})
_WRITE = "write a duration as Go reads it, such as 10s"


def misfits_of_retries(spec: Mapping[str, object]) -> Iterator[tuple[Misfit, Severity]]:
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
        yield Misfit(("spec", SETTINGS, "maxRetries"), reason, "write how often it asks again"), Severity.WARNING
