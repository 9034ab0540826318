"""What stops kustomize at a kustomization: what it names and is not there, what it says, and what it cannot patch.

Part of source-path. The files and folders of the repository that it names are there; it has the fields of a
kustomization, and the kind and apiVersion of one, if any; what it takes objects from has some; its patches are for
something that it builds. Of one that no Application is seen to have built, only slips are told. What looks like a URL,
kustomize fetches, and so only a name that can be nothing but a path of the repository is told.

Source: kubernetes-sigs/kustomize, api/internal/target/kusttarget.go, accumulateResources: a name that is neither a file
nor a folder with a kustomization stops the build.
"""

from __future__ import annotations

import posixpath
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.checks.source_files import is_elsewhere
from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.applications import KUSTOMIZE
from gitops_gen.evidence.applicationsets import named
from gitops_gen.evidence.charts import CHART
from gitops_gen.evidence.files import yaml_files
from gitops_gen.evidence.kustomize_replacements import FIELD
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.near_miss import is_typo
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph

    _Kinds: TypeAlias = Callable[[], Collection[str]]
    """Who knows which kinds any kustomization patches: it is asked once."""

_FOLDERS_TOO = ("resources", "bases", "components", "generators", "transformers", "validators")
"""The lists whose entries are files, or folders with a kustomization."""
_COMPONENTS = "components"
_OF_OBJECTS = ("resources", "bases")
"""Those of these lists that objects are taken from."""
_FILES = ("crds", "configurations", "patchesStrategicMerge")
_OF_ENTRIES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    **dict.fromkeys(("patches", "patchesJson6902", "replacements"), (("path",), ())),
    **dict.fromkeys(("configMapGenerator", "secretGenerator"), (("env",), ("files", "envs"))),
    "helmCharts": (("valuesFile",), ("additionalValuesFiles",)),
}
"""The lists whose entries are maps: the fields of an entry with the name of a file, and those with several names."""
_CHART_HOME = "charts"
"""Where kustomize looks for charts, unless helmGlobals says otherwise."""
_UNRESTRICTED = "LoadRestrictionsNone"
_NO_OBJECT = "which has no object in it"
_OFF = "take it off the list"
_MANY = 1_000
"""Files of a folder among which the one that is meant is looked for."""
_CHANGING = frozenset(
    {
        *("patches", "patchesJson6902", "patchesStrategicMerge", FIELD),
        *("configMapGenerator", "secretGenerator", "replicas"),
    }
)
"""The fields that are for something that a kustomization takes, or make what it has to lack."""
_LOCAL = lazily(r"[\w./+-]+")
"""What a path is made of: a URL has a colon, a query or an at sign, and what is filled in first has a dollar."""
_YAML = (".yaml", ".yml", ".json")


def kustomize_files(graph: Graph) -> Iterator[Finding]:
    """Yields what stops a build or changes nothing, each once, for all the Applications that have it built."""
    built: dict[str, dict[str, str]] = {}
    wholes: dict[tuple[str, ...], str] = {}
    for deployment in graph.deployments:
        for source in deployment.application.sources:
            paths = tuple(_kustomizations(graph, deployment, source))
            for path in paths:
                built.setdefault(path, {})[deployment.application.name] = deployment.cluster.name
            if paths and not source.tools:
                wholes.setdefault(paths, deployment.cluster.name)
    patched = cache(partial(_patched_kinds, graph))
    for path, clusters in built.items():
        yield from _of_built(graph, path, clusters, patched)
    for paths, cluster in wholes.items():
        yield from _apart(graph, paths, cluster)
    yield from _from_outside(graph, built)
    yield from _unbuilt(graph, built, patched)


def _patched_kinds(graph: Graph) -> Collection[str]:
    """Returns the kinds that any kustomization patches, which may be patterns; an empty one is any."""
    from gitops_gen.checks.kustomize_patches import patched_kinds

    return patched_kinds(graph, filter(kustomizations.is_named_so, graph.paths), with_replacements=False)


def _of_built(graph: Graph, path: str, clusters: Mapping[str, str], patched: _Kinds) -> Iterator[Finding]:
    """Yields what stops the build of a kustomization, or changes nothing, for Applications with their clusters."""
    applications = tuple(clusters)
    cluster = clusters[applications[0]]
    nothing = f"kustomize builds nothing for {named(applications)}"
    for place, name, what in _missing(graph, path):
        yield Finding(
            f"{path} takes {name}, {what}: {nothing}",
            place,
            "correct the path, commit what it names, or take it off the list",
            cause=f"{path}: {name}",
            cluster=cluster,
        )
    for place, what, hint in (*_refused(graph, path), *_idle(graph, path)):
        yield Finding(
            f"{path} {what}: {nothing}",
            place,
            hint,
            on_key=_is_of_key(place),
            cause=f"{path} {what}",
            cluster=cluster,
        )
    yield from _useless(graph, path, patched, applications, cluster)


def _from_outside(graph: Graph, built: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """Yields a note of each file from outside, unless it is seen that kustomize may take it."""
    found = [(path, place, name) for path in built for place, name in _outside(graph, path)]
    for path, place, name in found if found and not _is_unrestricted(graph) else ():
        yield Finding(
            f"{path} takes the file {name} from outside of its folder: kustomize builds nothing for "
            f"{named(tuple(built[path]))}, unless the kustomize.buildOptions of Argo CD have {_UNRESTRICTED}",
            place,
            "take a folder with a kustomization instead, or move the file below this one",
            severity=Severity.NOTE,
            cause=f"{path}: outside",
        )


def _outside(graph: Graph, path: str) -> Iterator[tuple[Place, str]]:
    """Yields the files that a kustomization takes from outside of its folder, which its loader refuses by default.

    Source: kubernetes-sigs/kustomize, api/internal/loader/loadrestrictions.go, RestrictionRootOnly, and its issue 766;
    Argo CD, docs/user-guide/kustomize.md, build options.
    """
    folder = posixpath.dirname(path)
    for place, name in (*_named(graph, path, _FOLDERS_TOO), *_named_files(graph, path)):
        target = kustomizations.joined(folder, name)
        is_within = folder in ("", ".") or target.startswith(f"{folder}/")
        if not is_within and not is_out_of_reach(graph, target) and graph.files.is_file(target):
            yield place, name


def _is_unrestricted(graph: Graph) -> bool:
    """True if some file says that kustomize may take files from anywhere, as Argo CD's settings may elsewhere."""
    files = (graph.files.get(path) for path in yaml_files(graph.paths))
    return any(file is not None and _UNRESTRICTED in file.text for file in files)


def _apart(graph: Graph, paths: tuple[str, ...], cluster: str) -> Iterator[Finding]:
    """Yields the stores that name another namespace than the one that they, or their ServiceAccounts, are put into."""
    if not any(text_at(kustomizations.value_of(graph.files, path), "namespace") for path in paths):
        return
    from gitops_gen.checks.kustomize_namespaces import stores_apart

    for apart in stores_apart(graph, paths):
        severity = Severity.ERROR if apart.is_refused else Severity.WARNING
        yield Finding(apart.message, apart.place, apart.hint, severity=severity, cause=apart.message, cluster=cluster)


def _useless(
    graph: Graph, path: str, patched: _Kinds, applications: tuple[str, ...] = (), cluster: str = ""
) -> Iterator[Finding]:
    """Yields what changes nothing or stops the build, for some Applications or for none."""
    fields = map_at(kustomizations.value_of(graph.files, path))
    if _CHANGING.isdisjoint(fields):
        return
    from gitops_gen.checks.kustomize_generators import useless_generators
    from gitops_gen.checks.kustomize_patches import useless_patches
    from gitops_gen.checks.kustomize_replacements import useless_replacements
    from gitops_gen.checks.kustomize_replicas import useless_replicas

    for useless in (
        *useless_patches(graph, path),
        *useless_replacements(graph, path, patched),
        *useless_generators(graph, path, patched),
        *useless_replicas(graph, path),
    ):
        nothing = f"kustomize builds nothing {f'for {named(applications)}' if applications else 'of it'}"
        is_error = useless.is_refused and bool(applications)
        yield Finding(
            f"{path} has {useless.what}: {nothing if useless.is_refused else useless.effect}",
            useless.place,
            useless.hint,
            severity=Severity.ERROR if is_error else Severity.WARNING,
            cause=f"{path}: {useless.what}",
            cluster=cluster,
        )


def _unbuilt(graph: Graph, built: Collection[str], patched: _Kinds) -> Iterator[Finding]:
    """Yields the slips in what no Application is seen to have built: whoever builds it, kustomize stops there.

    What it names may be made before it is built, and so only a path with a slip is told: one beside which there is
    the other, or that has a ../ too much or too little. A patch for nothing is told where all that it takes is here.
    """
    for path in graph.paths:
        if not kustomizations.is_named_so(path) or path in built:
            continue
        found = list(_refused(graph, path))
        for place, name, what in _missing(graph, path):
            meant = _meant(graph, posixpath.dirname(path), name)
            if meant is not None or what == _NO_OBJECT:
                found.append((place, f"takes {name}, {what}", f"did you mean {meant}?" if meant else _OFF))
        for place, what, hint in found:
            yield Finding(
                f"{path} {what}: kustomize builds nothing of it",
                place,
                hint,
                severity=by_mark(graph, place),
                on_key=_is_of_key(place),
                cause=f"{path} {what}",
            )
        yield from _useless(graph, path, patched)


def _is_of_key(place: Place) -> bool:
    """True for a field of a kustomization, and of an entry of one of its lists."""
    return len(place.steps) in (1, 3) and place.steps not in (("kind",), ("apiVersion",))


def _meant(graph: Graph, folder: str, name: str) -> str | None:
    """Returns the path that a slip was probably meant to be."""
    others = [f"../{name}"]
    if name.startswith("../"):
        others.append(name.removeprefix("../"))
    for other in others:
        target = kustomizations.joined(folder, other)
        if not is_out_of_reach(graph, target) and kustomizations.is_one(graph.files, target):
            return other
    start, _, last = name.rstrip("/").rpartition("/")
    beside = kustomizations.joined(folder, start or ".")
    if is_out_of_reach(graph, beside) or not graph.files.is_folder(beside):
        return None
    below = (path[len(beside) + 1 if beside != "." else 0 :] for path in graph.files.under(beside))
    names = dict.fromkeys(path.partition("/")[0] for path in islice(below, _MANY))
    typos: list[str] = [each for each in names if is_typo(last, each)]
    return f"{start}/{typos[0]}".lstrip("/") if len(typos) == 1 else None


def _refused(graph: Graph, path: str) -> Iterator[tuple[Place, str, str]]:
    """Yields where kustomize refuses a file for what it is, what is wrong, and the next step."""
    from gitops_gen.checks.kustomize_fields import refused_fields
    from gitops_gen.checks.kustomize_shapes import misread_fields

    value, place = map_at(kustomizations.value_of(graph.files, path)), Place(path)
    yield from refused_fields(value, place, is_ours=graph.is_ours(place))
    yield from misread_fields(graph.files, value, place)
    for field in _FOLDERS_TOO:
        for index, each in enumerate(list_at(value, field)):
            if each is None or each == "":
                yield place.down(field, index), f"has an empty entry in {field}", _OFF
    yield from _misplaced(graph, path)
    beside = [kustomizations.joined(posixpath.dirname(path), each) for each in kustomizations.NAMES]
    others = [each for each in beside if each != path and graph.files.is_file(each)]
    if others:
        yield place, f"has {others[0]} beside it, of which kustomize takes one only", "remove one of the two"


def _misplaced(graph: Graph, path: str) -> Iterator[tuple[Place, str, str]]:
    """Yields the components that are taken as resources, and the other way round.

    Source: kubernetes-sigs/kustomize, api/internal/target/kusttarget.go, accumulateDirectory.
    """
    for place, name in _named(graph, path, kustomizations.PARTS):
        target = kustomizations.joined(posixpath.dirname(path), name)
        taken = None if is_out_of_reach(graph, target) else kustomizations.of_folder(graph.files, target)
        field, value = str(place.steps[0]), kustomizations.value_of(graph.files, taken) if taken is not None else None
        is_component = text_at(value, "kind") == kustomizations.COMPONENT
        if isinstance(value, dict) and is_component != (field == _COMPONENTS):
            kind, meant = ("a Component", _COMPONENTS) if is_component else ("no Component", "resources")
            yield place, f"takes {name}, which is {kind}, in {field}", f"take it in {meant}"


def _idle(graph: Graph, path: str) -> Iterator[tuple[Place, str, str]]:
    """Yields a kustomization that brings nothing, as `_refused` yields what is wrong."""
    from gitops_gen.checks.kustomize_fields import brings_nothing

    place = Place(path)
    if brings_nothing(map_at(kustomizations.value_of(graph.files, path)), is_ours=graph.is_ours(place)):
        yield place, "brings nothing", "list its resources"


def _kustomizations(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[str]:
    """Yields the kustomizations that are built for a source: that of its folder, and those that this one takes."""
    folder = graph.folder_of(source)
    tools = source.tools or (KUSTOMIZE,)
    if folder is None or tools != (KUSTOMIZE,) or is_elsewhere(graph, deployment, source):
        return
    if not source.tools and graph.files.is_file(kustomizations.joined(folder, CHART)):
        return
    waiting, seen = [folder], {folder}
    while waiting:
        path = kustomizations.of_folder(graph.files, waiting.pop())
        if path is not None:
            yield path
            taken = [
                kustomizations.joined(posixpath.dirname(path), name) for _, name in _named(graph, path, _FOLDERS_TOO)
            ]
            inner = [each for each in dict.fromkeys(taken) if each not in seen and graph.files.is_folder(each)]
            seen.update(inner)
            waiting += inner


def _missing(graph: Graph, path: str) -> Iterator[tuple[Place, str, str]]:
    """Yields the names in a kustomization behind which there is nothing, each with its place and what is wrong."""
    for place, name in _named(graph, path, _FOLDERS_TOO):
        target = kustomizations.joined(posixpath.dirname(path), name)
        if is_out_of_reach(graph, target):
            continue
        if graph.files.is_file(target):
            if place.steps[0] in _OF_OBJECTS and _has_no_object(graph, target):
                yield place, name, _NO_OBJECT
        elif not graph.files.is_folder(target):
            yield place, name, "which is not there"
        elif not kustomizations.is_one(graph.files, target):
            yield place, name, "a folder without a kustomization"
    for place, name in _named_files(graph, path):
        target = kustomizations.joined(posixpath.dirname(path), name)
        if not (is_out_of_reach(graph, target) or graph.files.is_file(target)):
            yield place, name, "which is not there"
    yield from _missing_charts(graph, path)


def _missing_charts(graph: Graph, path: str) -> Iterator[tuple[Place, str, str]]:
    """Yields the charts that name no repository to fetch them from, and are not there either.

    Source: kubernetes-sigs/kustomize, api/internal/builtins/HelmChartInflationGenerator.go, Generate.
    """
    value = kustomizations.value_of(graph.files, path)
    home = text_at(value, "helmGlobals", "chartHome") or _CHART_HOME
    for index, entry in enumerate(list_at(value, "helmCharts")):
        name = text_at(entry, "name")
        if name and not text_at(entry, "repo") and is_path(folder := f"{home}/{name}"):
            target = kustomizations.joined(posixpath.dirname(path), folder)
            if not (is_out_of_reach(graph, target) or graph.files.is_folder(target)):
                yield (
                    Place(path).down("helmCharts", index, "name"),
                    folder,
                    "a chart without a repo, which is not there",
                )


def _has_no_object(graph: Graph, path: str) -> bool:
    """True for a file of YAML whose first document is a map without a kind, as values of a chart are.

    Source: kubernetes-sigs/kustomize, api/resource/factory.go, dropBadNodes; kyaml/yaml/rnode.go, GetValidatedMetadata.
    """
    file = graph.files.get(path) if path.endswith(_YAML) else None
    if file is None or file.is_broken:
        return False
    first = next((each for each in file.documents.values if each), None)
    return isinstance(first, dict) and not first.get("kind")


def is_out_of_reach(graph: Graph, target: str) -> bool:
    """True for what is outside of all that is here, or in a submodule, which people forget to check out."""
    return target.startswith(("..", "/")) or graph.is_in_submodule(target)


def _named(graph: Graph, path: str, fields: tuple[str, ...]) -> Iterator[tuple[Place, str]]:
    """Yields the texts of some lists that can only be paths of the repository."""
    for field in fields:
        for index, each in enumerate(list_at(kustomizations.value_of(graph.files, path), field)):
            if isinstance(each, str) and is_path(each):
                yield Place(path).down(field, index), each


def _named_files(graph: Graph, path: str) -> Iterator[tuple[Place, str]]:
    """Yields the names that can only be those of files."""
    for place, name in _named(graph, path, _FILES):
        if name.endswith(_YAML):  # a patch may be written in the list itself
            yield place, name
    for field, (single, several) in _OF_ENTRIES.items():
        for index, entry in enumerate(list_at(kustomizations.value_of(graph.files, path), field)):
            for steps, name in _files_of(entry, single, several):
                if is_path(name):
                    yield Place(path).down(field, index, *steps), name


def _files_of(
    entry: object, single: tuple[str, ...], several: tuple[str, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yields what a patch, a generator or a chart says of files, each with the steps that lead to it."""
    for field in single:
        yield (field,), text_at(entry, field) or ""
    for field in several:
        for index, text in enumerate(list_at(entry, field)):
            if isinstance(text, str):  # KEY=FILE, or the file alone
                yield (field, index), text.rpartition("=")[2]


def is_path(text: str) -> bool:
    """True for what can be nothing but a path of the repository."""
    first, _, rest = text.partition("/")
    is_host = "." in first.lstrip(".") and bool(rest)
    return _LOCAL.fullmatch(text) is not None and not is_host and not text.startswith("/")
