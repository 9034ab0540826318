"""The Secrets that the Secrets Store CSI driver makes, and the workloads that read them: by one name, and their keys.

A SecretProviderClass lists them under secretObjects. The driver makes one as soon as a pod mounts the class.

Part of secret-reference.

Source: Secrets Store CSI driver, "Sync as Kubernetes Secret".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark, named_here
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.secret_references import WORKLOADS, workload_references
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.kinds import DRIVER_CLASS
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import is_slip, near_miss

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.secret_references import SecretReference
    from gitops_gen.evidence.secret_targets import Targets

_DRIVER = "secrets-store.csi.k8s.io"
_NAMED = ("csi", "volumeAttributes", "secretProviderClass")


class _Made(NamedTuple):
    """A Secret that a class makes."""

    manifest: Manifest
    name: str
    keys: frozenset[str]
    place: Place


class _Driver(NamedTuple):
    """What the driver is told in one namespace: the classes there, and the Secrets that they make."""

    classes: dict[str, Manifest]
    secrets: dict[str, list[_Made]]


def driver_secrets(graph: Graph, cluster: ClusterEvidence, targets: Targets) -> Iterator[Finding]:
    """Yields what workloads on a cluster read of classes, and of their Secrets, by another name."""
    drivers = _drivers(cluster)
    if drivers:
        yield from _of_files(graph, cluster, drivers)
    for deployment in cluster.deployments:
        for manifest in deployment.manifests:
            namespace = deployment.namespace_of(manifest)
            driver = drivers.get(namespace)
            if driver is None or manifest.kind not in WORKLOADS:
                continue
            yield from _of_volumes(graph, cluster, manifest, driver)
            for reference in workload_references(manifest):
                key = namespace, reference.name
                if key not in targets and cluster.find("Secret", *key) is None:
                    yield from _of_reference(graph, cluster, manifest, reference, driver)


def _drivers(cluster: ClusterEvidence) -> dict[str, _Driver]:
    found: dict[str, _Driver] = {}
    for deployment in cluster.deployments:
        for manifest in deployment.manifests:
            if manifest.kind == DRIVER_CLASS:
                driver = found.setdefault(deployment.namespace_of(manifest), _Driver({}, {}))
                driver.classes[manifest.name] = manifest
                for made in _made_by(manifest):
                    driver.secrets.setdefault(made.name, []).append(made)
    return found


def _made_by(manifest: Manifest) -> Iterator[_Made]:
    for index, each in enumerate(list_at(manifest.value, "spec", "secretObjects")):
        name = text_at(each, "secretName")
        if name and not has_template(name):
            keys = frozenset(key for item in list_at(each, "data") if (key := text_at(item, "key")))
            place = manifest.place.down("spec", "secretObjects", index, "secretName")
            yield _Made(manifest, name, keys, place)


def _of_files(graph: Graph, cluster: ClusterEvidence, drivers: dict[str, _Driver]) -> Iterator[Finding]:
    from gitops_gen.checks.driver_files import missing_files

    for driver in drivers.values():
        for manifest in driver.classes.values():
            yield from missing_files(graph, manifest, cluster.name)


def _of_volumes(graph: Graph, cluster: ClusterEvidence, manifest: Manifest, driver: _Driver) -> Iterator[Finding]:
    """Yields each class that a volume names with a slip."""
    for place, name in _mounted(at(manifest.value, "spec"), manifest.place / "spec"):
        meant = None if name in driver.classes else _meant(name, driver.classes)
        if meant is not None:
            yield Finding(
                f"{manifest} mounts the {DRIVER_CLASS} {name}, and there is none of that name",
                place,
                f"did you mean {meant}?",
                related=named_here(driver.classes[meant]),
                severity=by_mark(graph, place),
                cause=f"{manifest}: {DRIVER_CLASS} {name}",
                cluster=cluster.name,
            )


def _mounted(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    """Yields the classes that the volumes of a workload name."""
    for key, item in value.items() if isinstance(value, dict) else ():
        if key == "volumes":
            for index, volume in enumerate(list_at(value, key)):
                name = text_at(volume, *_NAMED)
                if name and text_at(volume, "csi", "driver") == _DRIVER and not has_template(name):
                    yield place.down(key, index, *_NAMED), name
        elif isinstance(item, dict):
            yield from _mounted(item, place / key)


def _of_reference(
    graph: Graph, cluster: ClusterEvidence, manifest: Manifest, reference: SecretReference, driver: _Driver
) -> Iterator[Finding]:
    """Yields a Secret that is read with a slip in its name, or by a key that the driver does not give it."""
    made = driver.secrets.get(reference.name)
    meant = None if made else _meant(reference.name, driver.secrets)
    if meant is not None:
        first = driver.secrets[meant][0]
        yield Finding(
            f"{manifest} reads the Secret {reference.name}, and {first.manifest} makes {meant}",
            reference.place,
            f"did you mean {meant}?",
            related=((first.place, "the Secret is made here"),),
            severity=by_mark(graph, reference.place),
            cause=f"{manifest}: {reference.name}",
            cluster=cluster.name,
        )
    keys = frozenset[str]().union(*(each.keys for each in made or ()))
    if made and reference.key is not None and reference.key not in keys:
        yield Finding(
            f"{manifest} reads the key {reference.key} of the Secret {reference.name}, but {made[0].manifest} gives it "
            f"{', '.join(sorted(keys)) or 'none'}",
            reference.key_place,
            near_miss(reference.key, keys),
            related=((made[0].place, "the Secret is made here"),),
            cause=f"{manifest}: {reference.name} {reference.key}",
            cluster=cluster.name,
        )


def _meant(name: str, names: Iterable[str]) -> str | None:
    return next((each for each in names if is_slip(name, each)), None)
