"""Helm values that a person must not set: those that another process owns, and those that are derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.resolve.levels import merge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitops_gen.model import Value, Values
    from gitops_gen.problems import Route
    from gitops_gen.resolve.findings import Findings


def check_values(values: Values, route: Route, owned: Iterable[str], told: str | None, findings: Findings) -> None:
    """Adds a finding for every key of `values` that is owned elsewhere or that tells the chart its secrets."""
    for dotted in owned:
        if _has(values, dotted):
            findings.add(
                "owned-elsewhere",
                f"{dotted} is set here, but owned_elsewhere leaves it to another process",
                _to(route, dotted),
                hint="remove it here, or from owned_elsewhere",
                key=True,
            )
    if told is not None and _has(values, told):
        findings.add(
            "derived-value",
            f"{told} is set here, but it is derived from the app's secrets",
            _to(route, told),
            hint="remove it; secrets_values_key: names another key, or null for none",
            key=True,
        )


def tell_secrets(values: Values, dotted: str, secrets: Values) -> dict[str, Value]:
    """Returns the values with what the chart is told of its secrets under the dotted key."""
    told: dict[str, Value] = dict(secrets)
    for step in reversed(dotted.split(".")):
        told = {step: told}
    return merge(values, told)


def _has(values: Values, dotted: str) -> bool:
    found: object = values
    for step in dotted.split("."):
        if not isinstance(found, dict) or step not in found:
            return False
        found = found[step]
    return True


def _to(route: Route, dotted: str) -> Route:
    for step in dotted.split("."):
        route /= step
    return route
