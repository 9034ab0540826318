"""The Helm values of an app in an environment, and what a release of it says over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.resolve.levels import Chain, Level, merge
from gitops_gen.resolve.literal_secrets import check_literal_secrets
from gitops_gen.resolve.values import check_values, tell_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gitops_gen.model import Environment, Value, Values
    from gitops_gen.resolve.findings import Findings
    from gitops_gen.resolve.release_secrets import ReleaseSecrets
    from gitops_gen.resolve.secrets import ResolvedSecrets


class HelmValues:
    """Resolves the values of one app. `key` is where its chart is told of its secrets; None if it is told nothing."""

    def __init__(self, key: str | None, secrets: ReleaseSecrets) -> None:
        self._key = key
        self._secrets = secrets
        self._told: dict[int, tuple[ResolvedSecrets, Values]] = {}

    def check(self, levels: Iterable[Level], owned: Sequence[str], findings: Findings) -> None:
        """Adds a finding for every value that must not be written, at any of the levels."""
        for level in levels:
            values, route = _stated(level), level.route / "values"
            check_values(values, route, owned, self._key, findings)
            check_literal_secrets(values, route, findings)

    def in_environment(self, environment: Environment, chain: Chain) -> Values:
        """Returns the values that the releases of an environment have in common."""
        values = _merged(chain)
        if self._key is None:
            return values
        return tell_secrets(values, self._key, self._helm_values(self._secrets.in_environment(environment, chain)))

    def of_release(self, environment: Environment, secrets: ResolvedSecrets, chain: Chain, farther: Chain) -> Values:
        """Returns what a release that reads these secrets says over its environment, whose chain is the farther one."""
        own = _own(chain[0], farther) if len(chain) > len(farther) else {}
        if self._key is None:
            return own
        expected = self._helm_values(self._secrets.in_environment(environment, farther))
        told = self._helm_values(secrets)
        is_removed = own.get(self._key.split(".")[0], {}) is None
        if told == expected and not is_removed:
            return own
        return tell_secrets(own, self._key, told)

    def _helm_values(self, resolved: ResolvedSecrets) -> Values:
        """Returns what a chart is told of secrets, which most clusters have in common with others."""
        # Kept with the secrets themselves, so that no other object can come to have their id.
        found = self._told.get(id(resolved))
        if found is None:
            found = self._told[id(resolved)] = resolved, resolved.secrets.helm_values
        return found[1]


def _stated(level: Level) -> Values:
    return getattr(level.entry, "values", None) or {}


def _are_removed(level: Level) -> bool:
    return "values" in level.entry.model_fields_set and getattr(level.entry, "values", None) is None


def _merged(chain: Chain) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for level in reversed(chain):
        values = {} if _are_removed(level) else merge(values, _stated(level))
    return values


def _own(level: Level, farther: Chain) -> Values:
    """Returns what a release's own file says over the environment's: there, only a null for each key removes all."""
    return dict.fromkeys(_merged(farther)) if _are_removed(level) else _stated(level)
