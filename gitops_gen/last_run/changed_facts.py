"""Which facts of some clusters differ between two fleets, by the names under which templates read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.data_classes import fields_of
from gitops_gen.model import Releases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.model import Fleet

OF_ONE_CLUSTER = frozenset(
    {
        *("account", "argocd_config", "argocd_role_arn", "ca_data", "kms_key_arn", "oidc_id", "oidc_provider"),
        *("oidc_provider_arn", "refresh_interval", "role_arn", "secret_arns", "secret_sources", "secrets", "server"),
    }
)
"""Facts of which nothing in the model of another cluster, of an app or of the fleet follows.

But an account and an OIDC id may be another cluster's too.
"""

_TOGETHER = {"account": frozenset({"secret_sources"})}
"""By fact: what the releases of several clusters tell otherwise once it differs, though those of each tell the same."""

_WAYS = frozenset({"cluster", "with_secrets"})
"""What only leads to facts that are compared themselves."""


def changed_facts(old: Fleet, new: Fleet) -> frozenset[str] | None:
    """Returns the names of what differs of clusters, of their releases, and of what these need together.

    The fleets must have as many clusters, and the same from other files. None if they have not as many releases.
    """
    if len(old.releases) != len(new.releases):
        return None
    pairs = (*zip(_values(old), _values(new), strict=True),)
    found = frozenset(name for first, second in pairs for name in _differences(first, second))
    return found.union(*(_TOGETHER[name] for name in found & _TOGETHER.keys()))


def _values(fleet: Fleet) -> Iterator[object]:
    """Yields what a template gets to see of each cluster."""
    yield from fleet.clusters
    yield from fleet.releases
    for cluster in fleet.clusters:
        yield Releases(release for release in fleet.releases if release.cluster is cluster)


def _differences(first: object, second: object) -> Iterable[str]:
    return (name for name in _facts(type(first)) if _fact(first, name) != _fact(second, name))


def _facts(kind: type) -> tuple[str, ...]:
    """Returns the names of the fields and properties of a kind of value."""
    stated = fields_of(kind) if kind is not Releases else ()
    derived = [name for name, value in vars(kind).items() if isinstance(value, property) and name[0] != "_"]
    return tuple(name for name in (*stated, *derived) if name not in _WAYS)


def _fact(value: object, name: str) -> object:
    try:
        return getattr(value, name)
    except ValueError as error:  # a fact that such a release does not have
        return str(error)
