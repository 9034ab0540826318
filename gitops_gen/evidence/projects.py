"""AppProjects: which one an Application is in, and which destinations, repositories and kinds it permits.

What a project gets from elsewhere is for `project_extras`.

Source: argoproj/argo-cd v3.5.1, pkg/apis/application/v1alpha1/app_project_types.go (isDestinationMatched,
IsSourcePermitted, IsGroupKindNamePermitted).
"""

from __future__ import annotations

import itertools
import posixpath
from functools import reduce
from operator import mul
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.data_classes import entity
from gitops_gen.evidence import globs, placeholders
from gitops_gen.evidence.git_urls import normal_git_url
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.instances import Instances
    from gitops_gen.evidence.places import Place

DEFAULT = "default"
"""The project of an Application that names none; unless somebody restricts it, it permits everything."""

_DENY = "!"
_LOOKED_UP = 1_000_000
"""Destinations that one may stand for and still be looked up; beyond it, it is taken for a pattern."""


class Destination(NamedTuple):
    """A cluster, by name or server, and a namespace; a pattern that is not stated is empty."""

    name: str
    server: str
    namespace: str


class _Resource(NamedTuple):
    group: str
    kind: str
    name: str


_RESOURCE_LISTS = (
    "clusterResourceWhitelist",
    "clusterResourceBlacklist",
    "namespaceResourceWhitelist",
    "namespaceResourceBlacklist",
)


@entity
class Project:
    """An AppProject of the tree."""

    manifest: Manifest
    extras: tuple[Mapping[str, object], ...] = ()
    """What Argo CD adds to its spec: lists of the same fields."""
    unread: frozenset[str] = frozenset()
    """The fields to which something is added that is not here, or cannot be read."""

    def _stated(self, field: str) -> list[object]:
        """Returns the entries of a list, with those that are added to it."""
        added = (each for extra in self.extras for each in list_at(extra, field))
        return [*list_at(self.manifest.value, "spec", field), *added]

    def placeholder_in(self, field: str) -> str | None:
        """Returns a text of a list that somebody fills in first."""
        for each in self._stated(field):
            texts = each.values() if isinstance(each, dict) else (each,)
            found = (text for text in texts if isinstance(text, str) and placeholders.in_address(text))
            if (text := next(found, None)) is not None:
                return text
        return None

    @cached_property
    def destinations(self) -> tuple[Destination, ...]:
        """The destinations, in their order."""
        stated = self._stated("destinations")
        return tuple(Destination(*(text_at(each, field) or "" for field in Destination._fields)) for each in stated)

    @cached_property
    def destination_names(self) -> tuple[str, ...]:
        """The destinations as a sentence names them, each once."""
        named = (f"{each.namespace} of {each.name or each.server}" for each in self.destinations)
        return tuple(dict.fromkeys(named))

    def permits_destination(self, name: str | None, server: str | None, namespace: str) -> bool | None:
        """Tells whether a namespace of a cluster is permitted; None if that depends on what is not known.

        Argo CD knows both name and server of a cluster; a tree that does not register it, only one of them.
        """
        found: bool | None = False
        if (name, namespace) in self._names or (server, namespace) in self._servers:
            found = True
        elif (name is None and namespace in self._named) or (server is None and namespace in self._served):
            found = None
        may_be_denied = False
        for each in self._patterns:
            said = _said_by(each, name, server, namespace)
            if said == {False}:
                return False
            may_be_denied = may_be_denied or False in said
            if said == {True}:
                found = True
            elif True in said and found is False:
                found = None
        return None if found and may_be_denied else found

    def permits_repository(self, url: str) -> bool:
        """Tells whether Applications may come from a repository."""
        if url not in self._repository_answers:
            self._repository_answers[url] = self._permits_repository(url)
        return self._repository_answers[url]

    @cached_property
    def _repository_answers(self) -> dict[str, bool]:
        """Which repositories were asked for: each project lists all of its apps, and each cluster asks for its own."""
        return {}

    def _permits_repository(self, url: str) -> bool:
        wanted, found = normal_git_url(url), False
        for pattern, denies in self._repositories:
            # A star alone reaches over slashes; in any other pattern, and in what denies, it does not.
            is_any = pattern == "*" and not denies
            matched = is_any or globs.gobwas(pattern, slashes=True).fullmatch(wanted) is not None
            if denies and matched:
                return False
            found = found or matched != denies
        return found

    def permits_cluster_kind(self, group: str, kind: str, name: str | None) -> bool:
        """Tells whether objects of a cluster-scoped kind may be made; None for a name that is not known."""
        return self._lists("clusterResourceWhitelist", group, kind, name) and not self._lists(
            "clusterResourceBlacklist", group, kind, name
        )

    def permits_namespaced_kind(self, group: str, kind: str) -> bool:
        """Tells whether objects of a namespaced kind may be made."""
        is_limited = at(self.manifest.value, "spec", "namespaceResourceWhitelist") is not None
        is_limited = is_limited or bool(self._resources["namespaceResourceWhitelist"])
        return (not is_limited or self._lists("namespaceResourceWhitelist", group, kind, None)) and not self._lists(
            "namespaceResourceBlacklist", group, kind, None
        )

    def _lists(self, field: str, group: str, kind: str, name: str | None) -> bool:
        asked = (field, group, kind, name)
        if asked not in self._answers:
            self._answers[asked] = any(
                _is_listed(each.group, group) and _is_listed(each.kind, kind) and _is_named(each.name, name)
                for each in self._resources[field]
            )
        return self._answers[asked]

    @cached_property
    def _answers(self) -> dict[tuple[str, str, str, str | None], bool]:
        """What was asked of the lists: a thousand Applications of a project bring the same few kinds."""
        return {}

    @cached_property
    def _resources(self) -> dict[str, tuple[_Resource, ...]]:
        lists = {field: self._stated(field) for field in _RESOURCE_LISTS}
        return {
            field: tuple(_Resource(*(text_at(each, part) or "" for part in _Resource._fields)) for each in stated)
            for field, stated in lists.items()
        }

    @cached_property
    def _patterns(self) -> tuple[Destination, ...]:
        """The destinations with wildcards; all others are looked up, as there is one for each cluster."""
        return tuple(each for each, meant in self._meant if meant is None)

    @cached_property
    def _plain(self) -> tuple[Destination, ...]:
        return tuple(each for _, meant in self._meant if meant is not None for each in meant)

    @cached_property
    def _meant(self) -> tuple[tuple[Destination, tuple[Destination, ...] | None], ...]:
        return tuple((each, _meant_by(each)) for each in self.destinations)

    @cached_property
    def _names(self) -> frozenset[tuple[str | None, str]]:
        return frozenset((each.name, each.namespace) for each in self._plain if each.name)

    @cached_property
    def _servers(self) -> frozenset[tuple[str | None, str]]:
        return frozenset((each.server, each.namespace) for each in self._plain if each.server)

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(namespace for _, namespace in self._names)

    @cached_property
    def _served(self) -> frozenset[str]:
        return frozenset(namespace for _, namespace in self._servers)

    @cached_property
    def _repositories(self) -> tuple[tuple[str, bool], ...]:
        """The patterns of repositories, and whether each denies."""
        stated = (each for each in self._stated("sourceRepos") if isinstance(each, str))
        return tuple((normal_git_url(each.removeprefix(_DENY)), each.startswith(_DENY)) for each in stated)


class Namesakes:
    """Which AppProject an Application is in, where several may have one name: one for each Argo CD."""

    def __init__(
        self,
        projects: Sequence[Manifest],
        instances: Instances,
        file_of: Callable[[Place], str],
        is_ours: Callable[[Place], bool],
    ) -> None:
        self._projects = projects
        self._instances = instances
        self._file_of = file_of
        self._is_ours = is_ours
        self._by_name: dict[str, list[Manifest]] = {}
        for each in projects:
            self._by_name.setdefault(each.name, []).append(each)

    def project_of(self, application: Application) -> Manifest | None:
        """Returns the AppProject of an Application; None for one that is not there, and where it may be of several."""
        name = application.project or DEFAULT
        if self._instances:
            instance = self._instances.of(self._file_of(application.spec_place))
            return self._by_instance.get((instance, name)) or self._by_instance.get(("", name))
        alike = self._by_name.get(name)
        if alike is None:
            return None
        if len(alike) == 1 or any(self._is_ours(each.place) for each in alike):
            return alike[-1]
        return self._nearest(application, alike)

    @cached_property
    def _by_instance(self) -> Mapping[tuple[str, str], Manifest]:
        return {(self._instances.of(self._file_of(each.place)), each.name): each for each in self._projects}

    def _nearest(self, application: Application, projects: Sequence[Manifest]) -> Manifest | None:
        """Returns the project whose file lies nearest to that of an Application; None where two are as near."""
        own, *folders = (
            posixpath.dirname(f"/{self._file_of(place)}")
            for place in (application.spec_place, *(each.place for each in projects))
        )
        shared = [len(posixpath.commonpath([own, folder])) for folder in folders]
        nearest = [each for each, number in zip(projects, shared, strict=True) if number == max(shared)]
        return nearest[0] if all(each.value == nearest[0].value for each in nearest) else None


def _meant_by(destination: Destination) -> tuple[Destination, ...] | None:
    """Returns the destinations that one stands for, each by itself; None if it has a wildcard, or denies."""
    parts = [None if part.startswith(_DENY) else globs.alternatives(part) for part in destination]
    stated = [part for part in parts if part is not None]
    if len(stated) < len(parts) or reduce(mul, map(len, stated)) > _LOOKED_UP:
        return None
    return tuple(Destination(*each) for each in itertools.product(*stated))


def _said_by(destination: Destination, name: str | None, server: str | None, namespace: str) -> frozenset[bool | None]:
    """Returns what a destination may say of a namespace: that it is permitted, that it is denied, or neither."""
    in_namespace = _matches(destination.namespace, namespace)
    sides = itertools.product(_may_match(destination.name, name), _may_match(destination.server, server))
    return frozenset().union(*(_said_where(destination, *each, in_namespace=in_namespace) for each in sides))


def _said_where(
    destination: Destination, by_name: bool, by_server: bool, *, in_namespace: bool
) -> frozenset[bool | None]:
    """As `_said_by`, where it is known what matches.

    Source: argoproj/argo-cd, isDestinationMatched since pull request 20045. What denies a cluster by its name does so
    in every namespace until pull request 28854, and since then only in its own. Whether a namespace is denied where
    only the name of the cluster fits, and not its server, is not known here.
    """
    denies_namespace = _denies(destination.namespace, in_namespace)
    if in_namespace and (by_name or by_server):
        return frozenset({True})
    if in_namespace:
        denies = _denies(destination.name, by_name) or _denies(destination.server, by_server)
        return frozenset({False if denies else None})
    if denies_namespace and by_server:
        return frozenset({False})
    if _denies(destination.name, by_name) or (denies_namespace and by_name):
        return frozenset({False, None})
    return frozenset({None})


def _may_match(pattern: str, value: str | None) -> tuple[bool, ...]:
    """Returns whether a pattern matches; both answers for a value that is not known, unless there is no pattern."""
    if value is None and pattern:
        return (True, False)
    return (value is not None and _matches(pattern, value),)


def _denies(pattern: str, matched: bool) -> bool:
    return pattern.startswith(_DENY) and not matched


def _matches(pattern: str, value: str) -> bool:
    if pattern.startswith(_DENY):
        return globs.gobwas(pattern[1:]).fullmatch(value) is None
    return globs.gobwas(pattern).fullmatch(value) is not None


def _is_listed(pattern: str, value: str) -> bool:
    return pattern == value or globs.path_match(pattern).fullmatch(value) is not None


def _is_named(pattern: str, name: str | None) -> bool:
    return not pattern or name is None or globs.path_match(pattern).fullmatch(name) is not None
