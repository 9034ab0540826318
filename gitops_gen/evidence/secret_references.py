"""Where Kubernetes Secrets are named: in the values of charts, in the shapes that charts share, and in workloads."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import File, Files, Manifest
    from gitops_gen.evidence.places import Place

WORKLOADS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod", "Rollout", "PodTemplate"}
)
"""Kinds that run pods. A Rollout is Argo's."""

_NAMES = ("existingSecret", "existingSecretName", "secretName")
_KEY_OF_SECRET = lazily(r"(?:user|username|password|secret|existingSecret\w*)Key")
"""The keys of values beside the name of a Secret that name a key of it."""

_INLINE = frozenset({"parameters", "values"})
"""How values stand in an Application, beside valuesObject."""
_FLAGS = {"true": True, "false": False}
"""What Helm reads a parameter as that is no text, in capitals too."""
_REFERENCES = ("secretKeyRef", "secretRef")
_VOLUMES = {"secret": "secretName"}
PULL = "imagePullSecrets"
"""What lists the Secrets that images are pulled with."""
_PROJECTED = "sources"
_REQUIRED = {
    "secretKeyRef": (None, ("name", "key")),
    "secretRef": ("envFrom", ("name",)),
    "secret": ("volumes", ("secretName",)),
}
"""What pods read Secrets by: the list in whose items it is that, or anywhere, and the fields that have to be there."""


class SecretReference(NamedTuple):
    """A Secret that something reads, and the key of it, if one is named."""

    name: str
    key: str | None
    place: Place
    """Where the name stands."""
    key_place: Place


class Layer(NamedTuple):
    """Values that an Application gives its charts: a file, or what is written in the Application."""

    value: object
    place: Place


def layers_in(file: File) -> Iterator[Layer]:
    """Yields the documents of a values file, of which nearly all have one: Helm lays each over the one before.

    Helm 3 reads the first only: `chart-values` tells of more. Source: Helm v4.2.3, pkg/chart/v2/loader/load.go,
    LoadValues, for the values of a chart and, by pkg/cli/values/options.go, for all others; helm/helm #13655.
    """
    from gitops_gen.evidence.places import Place

    for index, value in enumerate(file.documents.values):
        if index == 0 or value is not None:
            yield Layer(value, Place(file.path, index))


def layers_of_chart(files: Files, folder: str) -> Iterator[Layer]:
    """Yields what the chart in a folder says itself, below all that it is given; nothing for one without values."""
    from gitops_gen.evidence.charts import VALUES, path_in

    file = files.get(path_in(folder, VALUES))
    if file is not None:
        yield from layers_in(file)


def layers_of(files: Files, deployment: Deployment) -> tuple[Layer, ...]:
    """Returns the values of an Application in the order in which each is laid over the one before."""
    found: list[Layer] = []
    for each in deployment.values_files:
        file = files.get(each.path) if each.path is not None else None
        if file is not None:
            found += layers_in(file)
    for source in deployment.application.sources:
        helm = map_at(source.value, "helm")
        place = deployment.application.source_place(source) / "helm"
        if helm.get("valuesObject") is not None:
            found.append(Layer(helm["valuesObject"], place / "valuesObject"))
        if helm.keys() & _INLINE and _is_generated(files, deployment):
            found += _inline(helm, place)
    return tuple(found)


def _is_generated(files: Files, deployment: Deployment) -> bool:
    file = files.get(deployment.application.spec_place.file)
    return file is not None and file.origin is not None


def _inline(helm: Mapping[str, object], place: Place) -> Iterator[Layer]:
    """Yields what somebody wrote into a generated Application, in a text or as parameters, which win over all else.

    In a file by hand these are a way like any other, with shapes of their own.
    """
    text = helm.get("values")
    if isinstance(text, str) and helm.get("valuesObject") is None:
        for value in _documents(text)[:1]:
            yield Layer(value, place / "values")
    for index, parameter in enumerate(list_at(helm, "parameters")):
        name, value = text_at(parameter, "name") or "", at(parameter, "value")
        if name and not has_template(name) and "\\" not in name and "[" not in name:
            typed = value if at(parameter, "forceString") is True else _FLAGS.get(str(value).lower(), value)
            yield Layer(_nested(name.split("."), typed), place.down("parameters", index))


@lru_cache(maxsize=256)
def _documents(text: str) -> tuple[object, ...]:
    from gitops_gen import source

    return tuple(source.read_documents("", text).values)


def _nested(names: Sequence[str], value: object) -> object:
    for name in reversed(names):
        value = {name: value}
    return value


def references_in(value: object, place: Place) -> Iterator[SecretReference]:
    """Yields the Secrets that values or a manifest name in a shape that is known."""
    if isinstance(value, dict):
        if value.get("optional") is True:
            return
        for key, item in value.items():
            yield from _named(key, item, place)
            if key in _NAMES and isinstance(item, str) and item and not has_template(item):
                yield from _keys_beside(value, item, place, place / key)
            if isinstance(item, dict | list):
                yield from references_in(item, place / key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict | list):
                yield from references_in(item, place / index)


def workload_references(manifest: Manifest) -> tuple[SecretReference, ...]:
    """Returns the Secrets that the pods of a workload read."""
    return tuple(references_in(at(manifest.value, "spec"), manifest.place / "spec"))


def pushed_references(manifest: Manifest) -> tuple[SecretReference, ...]:
    """Returns the Secret that a PushSecret selects by its name, and then each key of it that is pushed as it is.

    A key that the template of the PushSecret makes need not be in the Secret, and which a templateFrom makes is not
    known. Source: external-secrets/external-secrets, pushsecret_controller_template.go, applyTemplate.
    """
    spec, place = map_at(manifest.value, "spec"), manifest.place / "spec"
    name, named = text_at(spec, "selector", "secret", "name"), place.down("selector", "secret", "name")
    if not name or has_template(name):
        return ()
    if list_at(spec, "template", "templateFrom"):
        return (SecretReference(name, None, named, named),)
    made = map_at(spec, "template", "data")
    keys = [
        SecretReference(name, key, named, place.down("data", index, "match", "secretKey"))
        for index, item in enumerate(list_at(spec, "data"))
        if (key := text_at(item, "match", "secretKey")) and at(item, "conversionStrategy") in (None, "None")
        if key not in made
    ]
    return (SecretReference(name, None, named, named), *keys)


def unnamed_references(manifest: Manifest) -> tuple[Place, ...]:
    """Returns where the pods of a workload read a Secret, or a key of one, and do not say which.

    Also where it is optional, the API server refuses that: a template wrote a value there that is empty.
    Source: Kubernetes, pkg/apis/core/validation, validateSecretKeySelector, validateSecretEnvSource and
    validateSecretVolumeSource.
    """
    return tuple(_unnamed(at(manifest.value, "spec"), manifest.place / "spec"))


def _unnamed(value: object, place: Place) -> Iterator[Place]:
    if isinstance(value, dict):
        for key, item in value.items():
            where, names = _REQUIRED.get(key, (None, ()))
            if isinstance(item, dict) and where in (None, *place.steps[-2:-1]):
                yield from (place.down(key, name) for name in names if item.get(name) in (None, ""))
            if isinstance(item, dict | list):
                yield from _unnamed(item, place / key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict | list):
                yield from _unnamed(item, place / index)


def _named(key: str, item: object, place: Place) -> Iterator[SecretReference]:
    here = place / key
    if key in _NAMES and isinstance(item, str) and item and not has_template(item):
        yield SecretReference(item, None, here, here)
    elif isinstance(item, dict) and item.get("optional") is not True:
        name = text_at(item, _VOLUMES.get(key, "name")) or ""
        if key in _REFERENCES and name and not has_template(name):
            yield SecretReference(name, text_at(item, "key"), here / "name", here / "key")
        elif key in _VOLUMES and name and not has_template(name):
            yield from _items(item, name, here, _VOLUMES[key])
        elif key in _VOLUMES and place.steps[-2:-1] == (_PROJECTED,):
            yield from _projected(item, here)
    elif key == PULL and isinstance(item, list):
        yield from _pulled_with(item, here)


def _projected(source: Mapping[str, object], place: Place) -> Iterator[SecretReference]:
    """Yields the Secret of a projected volume, which names it as no other volume does, and its keys."""
    name = text_at(source, "name") or ""
    if name and not has_template(name):
        yield SecretReference(name, None, place / "name", place / "name")
        yield from _items(source, name, place, "name")


def _pulled_with(items: Sequence[object], place: Place) -> Iterator[SecretReference]:
    """Yields the Secrets that images are pulled with; the values of some charts list no more than their names."""
    for index, item in enumerate(items):
        name = item if isinstance(item, str) else text_at(item, "name") or ""
        where = place / index if isinstance(item, str) else place.down(index, "name")
        if name and not has_template(name):
            yield SecretReference(name, None, where, where)


def _keys_beside(values: Mapping[str, object], name: str, place: Place, here: Place) -> Iterator[SecretReference]:
    """Yields the keys of a Secret that stand beside its name, as charts of databases and of Grafana have them."""
    for key, item in values.items():
        if isinstance(item, str) and item and not has_template(item) and _KEY_OF_SECRET.fullmatch(str(key)):
            yield SecretReference(name, item, here, place / key)


def _items(volume: Mapping[str, object], name: str, place: Place, field: str) -> Iterator[SecretReference]:
    """Yields the keys of a Secret that a volume mounts by name."""
    for index, item in enumerate(list_at(volume, "items")):
        key = text_at(item, "key")
        if key is not None:
            yield SecretReference(name, key, place / field, place.down("items", index, "key"))
