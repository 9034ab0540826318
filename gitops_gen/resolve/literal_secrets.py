"""The guard that keeps secrets out of the model: what looks like one among the values of an app, or as a property."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.problems import Route
from gitops_gen.secrets_guard import suspect_leaves, suspects_property

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


def check_property(key: str, text: str, route: Route, findings: Findings) -> None:
    """Adds a finding where the value of a secret seems to stand in the place of its property's name."""
    reason = suspects_property(text, key)
    if reason is not None:
        findings.add(
            "secret-in-model",
            f"the property for {key} {reason}; expected its name, since what stands here goes to git, for good",
            route,
            hint="if this is the secret: revoke it, put a new one into Secrets Manager, and name its property here",
        )
