"""Which clusters there are and where, as the rendered files themselves say it: tfvars and the elements of
ApplicationSets. From it follows on which clusters a file lands."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.cached_property import cached_property
from gitops_gen.diff.values import Place
from gitops_gen.source import InvalidYamlError, parse_documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gitops_gen.diff.masking import Mask
    from gitops_gen.yaml_reader.limits import Value

_FACT = re.compile(r'^(cluster_name|env|aws_region|account_id)\s*=\s*"([^"\\\n]*)"', re.MULTILINE)
_SET = "ApplicationSet"
_PARAMETERS = ("application", "cluster", "environment")
"""What an element of an ApplicationSet has, whatever else it has."""


Reader: TypeAlias = "Callable[[str, str], tuple[Application, ...]]"
"""Reads the elements in a text that is in the folder of an app; one that it has read it knows."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster, as far as the files say; the empty text stands for what none says."""

    name: str
    environment: str
    region: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """An element of an ApplicationSet: one Application."""

    name: str
    app: str
    """The name of the ApplicationSet."""
    cluster: str
    environment: str
    region: str
    project: str
    stage: int
    is_automated: bool
    prunes: bool


class Atlas:
    """The clusters and Applications of one or more sets of rendered files, the first one first.

    No name in it looks like a secret.
    """

    def __init__(self, *sides: Mapping[str, str], mask: Mask, read: Reader | None = None) -> None:
        self._sides = sides
        self._mask = mask
        self._read = read or lru_cache(maxsize=None)(_applications)

    def only(self, side: Mapping[str, str]) -> Atlas:
        """Returns that of one set of files alone; no file is read again."""
        return Atlas(side, mask=self._mask, read=self._read)

    @cached_property
    def applications(self) -> tuple[Application, ...]:
        """The elements of all ApplicationSets, those of the git file generator among them."""
        found: dict[tuple[str, str], Application] = {}
        for side in self._sides:
            for path, text in side.items():
                for each in self._read(_beside("apps", path.split("/")), text) if _has_elements(text) else ():
                    found.setdefault((each.app, each.name), self._masked(each))
        return tuple(found.values())

    @cached_property
    def by_application(self) -> Mapping[str, str]:
        """The cluster of each Application, by its name."""
        return {each.name: each.cluster for each in self.applications}

    @cached_property
    def clusters(self) -> Mapping[str, Cluster]:
        """The clusters by name."""
        found: dict[str, Cluster] = {}
        for side in self._sides:
            for path, text in side.items():
                cluster = _of_tfvars(text) if path.endswith(".tfvars") else None
                if cluster is not None:
                    name, *facts = map(self._mask.name, astuple(cluster))
                    found.setdefault(name, Cluster(name, *facts))
        for each in self.applications:
            found.setdefault(each.cluster, Cluster(each.cluster, each.environment, each.region))
        return found

    @cached_property
    def environments(self) -> tuple[str, ...]:
        """The environments, the most guarded one first: those that are not synced by themselves, then by stage."""
        names = dict.fromkeys(cluster.environment for cluster in self.clusters.values())
        stages: dict[str, int] = defaultdict(int)
        for each in self.applications:
            stages[each.environment] = max(stages[each.environment], each.stage)
        return tuple(sorted(names, key=lambda name: (name not in self.guarded, -stages[name], name)))

    @cached_property
    def guarded(self) -> frozenset[str]:
        """The environments with an Application that is not synced by itself."""
        return frozenset(each.environment for each in self.applications if not each.is_automated)

    @cached_property
    def _clusters_of(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for cluster in self.clusters.values():
            found[cluster.environment].append(cluster.name)
        return {name: tuple(clusters) for name, clusters in found.items()}

    @cached_property
    def _clusters_with(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for each in self.applications:
            found[each.app][each.cluster] = None
        return {name: tuple(clusters) for name, clusters in found.items()}

    def _masked(self, each: Application) -> Application:
        name = self._mask.name
        return replace(
            each,
            name=name(each.name),
            app=name(each.app),
            cluster=name(each.cluster),
            environment=name(each.environment),
            region=name(each.region),
            project=name(each.project),
        )

    def place(self, path: str) -> Place:
        """Returns where a file lands: a cluster or an environment stands in its path as a name of its own, and what
        follows `apps` is the app."""
        names = path.rsplit(".", 1)[0].split("/")
        app = _beside("apps", names)
        for name in (_beside("clusters", names), *reversed(names)):
            if name in self.clusters and name != app:
                return self.of_cluster(name, app)
        known = self._clusters_of
        # The name alone would not do: an app may be called as an environment is.
        environment = next((name for name in names if name in known and name != app), "")
        if not app and names[-2:-1] == ["applicationsets"]:
            app = names[-1]
        return Place(environment or _beside("environments", names), "", _beside("clusters", names), app)

    def of_cluster(self, name: str, app: str = "") -> Place:
        """Returns the place of a cluster."""
        cluster = self.clusters.get(name)
        return Place(cluster.environment, cluster.region, name, app) if cluster else Place(cluster=name, app=app)

    def reach(self, place: Place) -> tuple[str, ...]:
        """Returns the clusters that a place stands for: one, or those of an environment, an app, or both."""
        if place.cluster:
            return (place.cluster,)
        of_environment = self._clusters_of.get(place.environment, ())
        with_app = self._clusters_with.get(place.app, ())
        if place.environment and with_app:
            return tuple(name for name in of_environment if name in frozenset(with_app))
        return of_environment or with_app

    def rank(self, environment: str) -> int:
        """Returns the position of an environment, the most guarded one first; what is none comes last."""
        return self._ranks.get(environment, len(self._ranks))

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        return {name: index for index, name in enumerate(self.environments)}


def _beside(folder: str, names: list[str]) -> str:
    """Returns the name of the folder that follows another one, where no file says what the name is."""
    return next((after for name, after in pairwise(names) if name == folder), "")


def _of_tfvars(text: str) -> Cluster | None:
    facts = dict(_FACT.findall(text))
    name = facts.get("cluster_name")
    if not name:
        return None
    return Cluster(name, facts.get("env", ""), facts.get("aws_region", ""), facts.get("account_id", ""))


def _applications(app: str, text: str) -> tuple[Application, ...]:
    """Returns the elements in a text: of ApplicationSets, or the text itself, which is a file of an app."""
    found: list[Application] = []
    for value in _documents(text):
        if isinstance(value, dict):
            is_set = value.get("kind") == _SET
            for element in _elements_of(value) if is_set else (value,):
                found.extend(_application(element, _name_of(value) if is_set else app))
    return tuple(found)


def _has_elements(text: str) -> bool:
    """Tells whether a text may have elements, without reading it."""
    return _SET in text or all(f"{name}:" in text for name in _PARAMETERS)


def application_sets(side: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Yields the name and the spec of each ApplicationSet."""
    for text in side.values():
        for value in _documents(text) if _SET in text else ():
            if isinstance(value, dict) and value.get("kind") == _SET:
                yield _name_of(value), _spec_of(value)


def _name_of(value: Mapping[str, Value]) -> str:
    metadata = value.get("metadata")
    return str(metadata.get("name", "")) if isinstance(metadata, dict) else ""


def _spec_of(value: Mapping[str, Value]) -> Mapping[str, Value]:
    spec = value.get("spec")
    return spec if isinstance(spec, dict) else {}


def _elements_of(application_set: Mapping[str, Value]) -> Iterator[Value]:
    generators = _spec_of(application_set).get("generators")
    for generator in generators if isinstance(generators, list) else ():
        stated = generator.get("list") if isinstance(generator, dict) else None
        found = stated.get("elements") if isinstance(stated, dict) else None
        yield from found if isinstance(found, list) else ()


def _application(element: Value, app: str) -> Iterable[Application]:
    if not isinstance(element, dict) or not all(isinstance(element.get(name), str) for name in _PARAMETERS):
        return
    stage = str(element.get("stage", "0"))
    yield Application(
        name=str(element["application"]),
        app=app,
        cluster=str(element["cluster"]),
        environment=str(element["environment"]),
        region=str(element.get("region", "")),
        project=str(element.get("project", "")),
        stage=int(stage) if stage.isdecimal() else 0,
        is_automated=element.get("automated") not in ("false", False),
        prunes=element.get("prune") in ("true", True),
    )


def _documents(text: str) -> tuple[Value, ...]:
    try:
        return parse_documents(text)
    except InvalidYamlError:
        return ()
