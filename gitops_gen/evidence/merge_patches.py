"""Patches that look like objects, as kustomize lays them over one: maps merge, null takes away, all else is replaced.

Lists merge, too, where the API says by which key: those of the kinds of Kubernetes itself, and what a patch has comes
first. Of kinds that others add, kustomize knows no keys, and replaces their lists. A value of another sort than what it
is laid over stops the build.

Source: kubernetes-sigs/kustomize, kyaml/yaml/merge2/merge2.go and smpdirective.go; kyaml/yaml/walk;
api/filters/patchstrategicmerge. What each does was compared with kustomize 5.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.json_patches import PatchUnclearError
from gitops_gen.evidence.origins import Origin
from gitops_gen.evidence.values import map_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitops_gen.shapes import Steps

_DIRECTIVE = "$patch"
_SIGN = "$"
_DELETE, _REPLACE, _MERGE = "delete", "replace", "merge"
_EMPTIED = {_DIRECTIVE: _REPLACE}
"""The item of a list that has nothing else: what the list is laid over does not count then."""
OF_KUBERNETES = ".k8s.io"

_OF_PODS = {
    **dict.fromkeys(
        ("containers", "initContainers", "ephemeralContainers", "env", "volumes", "imagePullSecrets"), "name"
    ),
    "volumeMounts": "mountPath",
    "hostAliases": "ip",
}
_KEYS = {
    **dict.fromkeys(("CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"), _OF_PODS),
    "ServiceAccount": {"secrets": "name"},
}
"""The keys by which lists of the kinds of Kubernetes merge, by kind and field."""
_VERSIONS = ("v1", "apps/v1", "batch/v1")
"""The apiVersions of those kinds."""
_WHOLE = frozenset(
    {"args", "command", "envFrom", "imagePullSecrets", "items", "rules", "sources", "subjects", "tolerations"}
)
"""Lists of those kinds that are replaced."""
_FINALIZERS = ("metadata", "finalizers")


class MisfitError(Exception):
    """A patch has a value of another sort than what it is laid over: the build stops."""

    def __init__(self, steps: Steps, reason: str) -> None:
        super().__init__(reason)
        self.steps = steps
        """Where in the patch."""


class Laid(NamedTuple):
    """A value, and where it comes from."""

    value: object
    origin: Origin


class Merge(NamedTuple):
    """How patches are laid over the objects of a kind."""

    api_version: str
    kind: str

    def laid_over(self, below: Laid, over: Laid, steps: Steps = ()) -> Laid | None:
        """Returns a value under a patch; None if nothing of it is left. Raises MisfitError, PatchUnclearError."""
        new, old = over.value, below.value
        if new is None:
            return None
        if old is not None and _sort(old) != _sort(new):
            raise MisfitError(
                steps, f"it has a {_sort(old)} at {'.'.join(map(str, steps))}, and the patch a {_sort(new)}"
            )
        if isinstance(old, str) and not isinstance(new, str):
            raise PatchUnclearError  # it becomes a text, too, if the old one stands in quotes
        if isinstance(new, dict):
            return self._map(below, over, new, steps)
        return self._list(below, over, new, steps) if isinstance(new, list) else over

    def _map(self, below: Laid, over: Laid, new: Mapping[str, object], steps: Steps) -> Laid | None:
        directive = new.get(_DIRECTIVE, _MERGE)
        stated = {key: each for key, each in new.items() if key != _DIRECTIVE}
        if directive not in (_DELETE, _REPLACE, _MERGE) or any(str(key).startswith(_SIGN) for key in stated):
            raise PatchUnclearError
        if directive == _DELETE:
            return None
        is_new = directive == _REPLACE or not isinstance(below.value, dict)
        old = {} if is_new or not isinstance(below.value, dict) else below.value
        origin = over.origin if is_new else below.origin
        merged, origins = dict(old), dict[str | int, Origin]()
        for key, each in stated.items():
            origins[key] = over.origin / key
            part = self.laid_over(Laid(old.get(key), origin / key), Laid(each, over.origin / key), (*steps, key))
            if part is None:
                merged.pop(key, None)
            else:
                merged[key], origins[key] = part
        return Laid(merged, origin.with_parts(origins))

    def _list(self, below: Laid, over: Laid, new: Sequence[object], steps: Steps) -> Laid:
        group = self.api_version.rpartition("/")[0]
        if "." in group and not group.endswith(OF_KUBERNETES):
            return over
        old = below.value if isinstance(below.value, list) else []
        if steps == _FINALIZERS:
            return Laid([*new, *(each for each in old if each not in new)], over.origin)
        key = self._key(str(steps[-1]))
        if key is None:
            return over
        if _EMPTIED in new and not old:
            raise PatchUnclearError
        stated = _by_key(new, key)
        kept = {} if _EMPTIED in new else _by_key(old, key)
        found: list[Laid] = []
        for name, index in stated.items():
            at = kept.pop(name, None)
            under = Laid(None, below.origin) if at is None else Laid(old[at], below.origin / at)
            part = self._item(under, Laid(new[index], over.origin / index), (*steps, index))
            if part is not None:
                found.append(part)
        found += [Laid(old[at], below.origin / at) for at in kept.values()]
        origins: dict[str | int, Origin] = {number: each.origin for number, each in enumerate(found)}
        return Laid([each.value for each in found], below.origin.with_parts(origins))

    def _item(self, below: Laid, over: Laid, steps: Steps) -> Laid | None:
        if map_at(over.value).get(_DIRECTIVE) == _REPLACE:
            raise PatchUnclearError
        return self.laid_over(below, over, steps)

    def _key(self, name: str) -> str | None:
        """Returns the key by which a list of that name merges; None for one that is replaced."""
        keys = _KEYS.get(self.kind, {}) if self.api_version in _VERSIONS else {}
        if name not in keys and name not in _WHOLE:
            raise PatchUnclearError
        return keys.get(name)


def _by_key(items: Sequence[object], key: str) -> dict[str, int]:
    """Returns where in a list the item of each key is; each must have one of its own."""
    named = [(text_at(each, key), index) for index, each in enumerate(items) if each != _EMPTIED]
    found = {name: index for name, index in named if name is not None}
    if len(found) != len(named):
        raise PatchUnclearError
    return found


def _sort(value: object) -> str:
    return "map" if isinstance(value, dict) else "list" if isinstance(value, list) else "text or number"
