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
        found = _set_by(values, dotted)
        if found:
            findings.add(
                "owned-elsewhere",
                f"{dotted} is set here, but owned_elsewhere leaves it to another process",
                _to(route, found),
                hint="remove it here, or from owned_elsewhere",
                key=True,
            )
    found = _set_by(values, told) if told is not None else ()
    if found:
        findings.add(
            "derived-value",
            f"{told} is set here, but it is derived from the app's secrets",
            _to(route, found),
            hint="remove it; secrets_values_key: names another key, or null for none",
            key=True,
        )


def tell_secrets(values: Values, dotted: str, secrets: Values) -> dict[str, Value]:
    """Returns the values with what the chart is told of its secrets under the dotted key."""
    told: dict[str, Value] = dict(secrets)
    for step in reversed(dotted.split(".")):
        told = {step: told}
    return merge(values, told)


def _set_by(values: Values, dotted: str) -> tuple[str, ...]:
    """Returns the keys that lead to what sets a dotted key: itself, or a text or list in the place of its map."""
    found: object = values
    steps = dotted.split(".")
    for index, step in enumerate(steps):
        if not isinstance(found, dict):
            return tuple(steps[:index]) if found is not None else ()
        if step not in found:
            return ()
        found = found[step]
    return tuple(steps)


def _to(route: Route, steps: Iterable[str]) -> Route:
    for step in steps:
        route /= step
    return route
