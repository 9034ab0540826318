"""The guard that keeps secrets out of the model: what looks like one among the values of an app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.problems import Route
from gitops_gen.secrets_guard import suspect_leaves

if TYPE_CHECKING:
    from gitops_gen.model import Values
    from gitops_gen.resolve.findings import Findings


def check_literal_secrets(values: Values, route: Route, findings: Findings) -> None:
    """Adds a finding for every value that looks like a secret; its text is never shown."""
    for steps, reason in suspect_leaves(values):
        findings.add(
            "secret-in-model",
            f"the value of {'.'.join(map(str, steps))} {reason}; what stands here goes to git, for good",
            Route(route.path, (*route.steps, *steps)),
            hint="revoke it, put a new one into Secrets Manager, and name it under secrets:",
        )
