"""The Kubernetes Secrets that ExternalSecrets make: their names and, as far as files tell, their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.readers import target_name
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.kubernetes import OPAQUE
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import Names, is_one_edit, is_slip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.places import Place

TYPE = ("spec", "target", "template", "type")
"""Where an ExternalSecret states the type of its Secret."""
_ADDING = ("Merge", "CreateOrMerge", "None")
"""The policies of an ExternalSecret that does not own its target: several may share one."""


class SecretTarget(NamedTuple):
    """A Secret that an ExternalSecret of an Application makes or fills."""

    deployment: Deployment
    manifest: Manifest
    namespace: str

    @property
    def name(self) -> str:
        """The name of the Secret."""
        return target_name(self.manifest)

    @property
    def place(self) -> Place:
        """Where the name is written."""
        if text_at(self.manifest.value, "spec", "target", "name") is None:
            return self.manifest.place.down("metadata", "name")
        return self.manifest.place.down("spec", "target", "name")

    @property
    def is_owner(self) -> bool:
        """True if the ExternalSecret makes the Secret, so that no other may."""
        return self.policy not in _ADDING

    @property
    def policy(self) -> str | None:
        """How the Secret is made, if that is stated."""
        return text_at(self.manifest.value, "spec", "target", "creationPolicy")


def type_of(manifest: Manifest) -> str:
    """Returns the type of the Secret that an ExternalSecret makes."""
    return text_at(manifest.value, *TYPE) or OPAQUE


class Targets(dict[tuple[str, str], list[SecretTarget]]):
    """The Secrets that ExternalSecrets make on a cluster, by namespace and name."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: dict[tuple[str, str], frozenset[str] | None] = {}

    def keys_given(self, namespace: str, name: str) -> frozenset[str] | None:
        """Returns the keys of one, as `keys_of` does, which may take long where many share one."""
        if (namespace, name) not in self._keys:
            self._keys[namespace, name] = keys_of(self[namespace, name])
        return self._keys[namespace, name]

    def of(self, deployment: Deployment) -> Sequence[SecretTarget]:
        """Returns those of an Application."""
        return self._of.get(id(deployment), ())

    def named(self, name: str, deployment: Deployment) -> SecretTarget | None:
        """Returns that of a name and an Application, whatever its namespace."""
        return self._by_application.get((id(deployment), name))

    def astray(self, name: str, namespace: str) -> SecretTarget | None:
        """Returns that of a name in the one namespace of which another is a slip."""
        near = [each for each in self._by_name.get(name, ()) if is_slip(namespace, each.namespace)]
        return near[0] if len({each.namespace for each in near}) == 1 else None

    def meant_by(self, name: str, namespace: str) -> SecretTarget | None:
        """Returns the one that a name is a slip of: what the ExternalSecret of that name makes, or is almost it."""
        near = self._by_namespace.get(namespace)
        if near is None:
            return None
        return near.by_manifest.get(name) or next((each for each in near.like(name) if is_slip(name, each.name)), None)

    def one_edit_from(self, name: str, namespace: str) -> list[SecretTarget]:
        """Returns those whose names are one letter away from a name, be they meant or not."""
        near = self._by_namespace.get(namespace)
        return [each for each in near.like(name) if is_one_edit(name, each.name)] if near is not None else []

    @cached_property
    def _of(self) -> Mapping[int, list[SecretTarget]]:
        found: dict[int, list[SecretTarget]] = {}
        for made in self.values():
            for each in made:
                found.setdefault(id(each.deployment), []).append(each)
        return found

    @cached_property
    def _by_application(self) -> Mapping[tuple[int, str], SecretTarget]:
        own = [(id(each.deployment), each) for made in self.values() for each in made]
        return {(application, each.name): each for application, each in reversed(own)}

    @cached_property
    def _by_name(self) -> Mapping[str, list[SecretTarget]]:
        found: dict[str, list[SecretTarget]] = {}
        for (_, name), made in self.items():
            found.setdefault(name, []).append(made[0])
        return found

    @cached_property
    def _by_namespace(self) -> Mapping[str, _Near]:
        found: dict[str, list[SecretTarget]] = {}
        for (namespace, _), made in self.items():
            found.setdefault(namespace, []).append(made[0])
        return {namespace: _Near(targets) for namespace, targets in found.items()}


class _Near:
    """The Secrets of a namespace, each once, for a name that is none of theirs."""

    def __init__(self, targets: Sequence[SecretTarget]) -> None:
        self._targets = targets
        self.by_manifest = {each.manifest.name: each for each in reversed(targets)}
        """By the name of what makes them."""

    def like(self, name: str) -> list[SecretTarget]:
        """Returns, in their order, all that are one letter away from a name, or differ in hyphens and case alone."""
        numbers = [self._numbers[each] for each in self._names.near(name)]
        return [self._targets[each] for each in sorted({*numbers, *self._folded.get(_folded(name), ())})]

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {each.name: number for number, each in enumerate(self._targets)}

    @cached_property
    def _names(self) -> Names:
        return Names(self._numbers)

    @cached_property
    def _folded(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for name, number in self._numbers.items():
            found.setdefault(_folded(name), []).append(number)
        return found


def _folded(name: str) -> str:
    return name.replace("-", "").casefold()


def targets_on(cluster: ClusterEvidence) -> Targets:
    """Returns the targets of all ExternalSecrets on a cluster."""
    found = Targets()
    for deployment in cluster.deployments:
        for manifest in deployment.external_secrets:
            if at(manifest.value, "spec", "target", "manifest") is None:
                target = SecretTarget(deployment, manifest, deployment.namespace_of(manifest))
                found.setdefault((target.namespace, target.name), []).append(target)
    return found


def keys_of(targets: list[SecretTarget]) -> frozenset[str] | None:
    """Returns the keys that some ExternalSecrets give one Secret, or None where they are not all of its keys.

    That is so where only the provider knows them, and where all add to a Secret that somebody else makes.
    """
    if not any(target.is_owner for target in targets):
        return None
    keys: set[str] = set()
    for target in targets:
        own = keys_of_one(target)
        if own is None:
            return None
        keys |= own
    return frozenset(keys)


def keys_of_one(target: SecretTarget) -> set[str] | None:
    """Returns the keys that one ExternalSecret gives its Secret, or None where only the provider knows them.

    A template that is not merged says all of them, whatever it is filled in with.
    """
    value = target.manifest.value
    template = map_at(value, "spec", "target", "template")
    if list_at(template, "templateFrom"):
        return None
    rendered = set(map_at(template, "data"))
    if rendered and text_at(template, "mergePolicy") != "Merge":
        return rendered
    if list_at(value, "spec", "dataFrom"):
        return None
    return rendered | {key for item in list_at(value, "spec", "data") if (key := text_at(item, "secretKey"))}
