"""What a project permits that its AppProject does not say: its own repositories and clusters, and global projects.

The Secret of a repository, or of a cluster, that names a project makes that one more that the project permits. A global
project gives its lists to the projects that a selector in Argo CD's settings finds. It is asked for only where the
AppProject by itself does not permit something, which is seldom.

Source: argoproj/argo-cd v3.5.1, util/argo/argo.go (GetAppProjectByName, GetAppVirtualProject) and docs/user-guide/
projects.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.data_classes import replaced
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.argo_cd_secrets import CLUSTER, made_secret, makes_secret, secret_type
from gitops_gen.evidence.values import at, list_at, map_at, secret_text, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.projects import Project

_ADDED_TO = {"repository": "sourceRepos", CLUSTER: "destinations"}
_ADDRESSES = {"repository": "url", CLUSTER: "server"}
_SETTING = "globalProjects"
_LISTS = frozenset(
    {
        "clusterResourceBlacklist",
        "clusterResourceWhitelist",
        "destinations",
        "namespaceResourceBlacklist",
        "namespaceResourceWhitelist",
        "sourceRepos",
    }
)


class _Secret(NamedTuple):
    """A Secret that tells Argo CD of a repository or a cluster; None for a text that is not known."""

    kind: str
    namespace: str | None
    project: str | None
    address: str | None
    namespaces: str


class _Global(NamedTuple):
    name: str
    selector: object


class ProjectExtras:
    """What is added to the AppProjects of some evidence."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._widened: dict[Place, Project] = {}

    def widened(self, project: Project) -> Project:
        """Returns a project with all that is added to it; the same one for all Applications in it."""
        place = project.manifest.place
        if place not in self._widened:
            self._widened[place] = self._with_extras(project)
        return self._widened[place]

    def _with_extras(self, project: Project) -> Project:
        manifest = project.manifest
        own = [each for each in self._secrets if _may_be_of(each, manifest)]
        unread = {_ADDED_TO[each.kind] for each in own if each.project is None or each.address is None}
        extras: list[dict[str, object]] = [_spec_of(each) for each in own if each.project and each.address]
        for name in self._globals_of(manifest):
            found = self._graph.projects.get(name)
            if found is None:
                unread |= _LISTS
            else:
                extras.append(dict(map_at(found.value, "spec")))
        return replaced(project, extras=tuple(extras), unread=frozenset(unread))

    @cached_property
    def _secrets(self) -> tuple[_Secret, ...]:
        manifests = (*self._graph.manifests, *self._graph.rendered)
        return tuple(found for each in manifests if (found := _read(each)) is not None)

    def _globals_of(self, manifest: Manifest) -> Iterator[str]:
        labels = map_at(manifest.value, "metadata", "labels")
        for each in self._globals:
            if each.name != manifest.name and _selects(each.selector, labels):
                yield each.name

    @cached_property
    def _globals(self) -> tuple[_Global, ...]:
        """The settings, in a ConfigMap, in what patches it, in an ArgoCD object or in the values of its chart."""
        files = (file for file in self._graph.plain_yaml if _SETTING in file.text)
        texts = (text for file in files for value in file.documents.values for text in _settings_in(value))
        return tuple(_Global(name, at(each, "labelSelector")) for text in texts for name, each in _entries(text))


def _read(manifest: Manifest) -> _Secret | None:
    """Returns the Secret that an object is, or that it makes; None if Argo CD does not look at it."""
    if manifest.kind == "Secret" and not manifest.group:
        kind = secret_type(manifest)
        if kind not in _ADDED_TO:
            return None
        stated = {key: secret_text(manifest.value, key) or "" for key in ("project", _ADDRESSES[kind], "namespaces")}
        return _secret(kind, manifest, stated)
    return _made(manifest) if makes_secret(manifest) else None


def _made(manifest: Manifest) -> _Secret | None:
    """Returns the Secret that an ExternalSecret, a SealedSecret or the like makes, as far as it says."""
    kind, template = made_secret(manifest)
    if kind not in _ADDED_TO:
        return None
    spec = map_at(manifest.value, "spec")
    data = {**map_at(template, "data"), **map_at(template, "stringData")}
    sealed, is_sealed = map_at(spec, "encryptedData"), "encryptedData" in spec
    adds = bool(list_at(template, "templateFrom")) or text_at(template, "mergePolicy") == "Merge"
    is_whole = is_sealed or (bool(data) and not adds)
    stated: dict[str, str | None] = {}
    for key in ("project", _ADDRESSES[kind], "namespaces"):
        text = data.get(key)
        stated[key] = text if isinstance(text, str) else "" if is_whole and key not in sealed else None
    return _secret(kind, manifest, stated)


def _secret(kind: str, manifest: Manifest, stated: Mapping[str, str | None]) -> _Secret:
    project, address = (_plain(stated[key]) for key in ("project", _ADDRESSES[kind]))
    return _Secret(kind, manifest.namespace, project, address, stated["namespaces"] or "")


def _plain(text: str | None) -> str | None:
    return None if text is None or placeholders.in_secret(text) else text


def _may_be_of(secret: _Secret, project: Manifest) -> bool:
    """True for a Secret that names a project, or may do so, unless the two are seen to be of two Argo CDs."""
    is_beside = secret.namespace is None or project.namespace is None or secret.namespace == project.namespace
    return is_beside and secret.project in (None, project.name)


def _spec_of(secret: _Secret) -> dict[str, object]:
    if secret.kind == "repository":
        return {"sourceRepos": [secret.address]}
    namespaces = [each.strip() for each in secret.namespaces.split(",")] if secret.namespaces else ["*"]
    return {"destinations": [{"server": secret.address, "namespace": each} for each in namespaces]}


def _settings_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == _SETTING and isinstance(inner, str):
                yield inner
            else:
                yield from _settings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _settings_in(inner)


def _entries(text: str) -> Iterator[tuple[str, object]]:
    from gitops_gen.evidence.files import File

    for value in File(_SETTING, text).documents.values:
        for each in value if isinstance(value, list) else ():
            name = text_at(each, "projectName")
            if name:
                yield name, each


def _selects(selector: object, labels: object) -> bool:
    """Tells whether a label selector of Kubernetes finds an object; an operator that there is not finds none."""
    return all(text_at(labels, key) == value for key, value in map_at(selector, "matchLabels").items()) and all(
        _holds(each, text_at(labels, text_at(each, "key") or "")) for each in list_at(selector, "matchExpressions")
    )


def _holds(expression: object, value: str | None) -> bool:
    operator, values = text_at(expression, "operator"), list_at(expression, "values")
    if operator in ("Exists", "DoesNotExist"):
        return (value is not None) == (operator == "Exists")
    return operator in ("In", "NotIn") and (value in values) == (operator == "In")
