"""Generated values files and manifests that no Application reads, though it reads others that the same template makes.

What such a file says is then not so: a values file that is left out of a list, or an element that is gone from its set,
is no error to Argo CD, which renders the chart with what is left, or not at all. Of a release that is there, it is a
mistake. Where there is none it may also be left over: under a protected environment, files stay until they are pruned.

Where there is no Application at all, whatever made them is gone, or lies elsewhere: nothing of the tree is proved then,
and the generated values and objects say so. That is a warning beside objects for Argo CD, and else a note.

Part of source-path.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.checks.finding import Finding
from gitops_gen.evidence import globs
from gitops_gen.evidence.argo_cd_secrets import secret_type
from gitops_gen.kinds import ARGO_GROUP
from gitops_gen.problems import Location, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import File, Manifest, Origin
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place


_FLUX = ".toolkit.fluxcd.io"
_VALUES = "values"
_MANY = 100
"""Patterns in one folder that are too many to be tried for each file."""


def unread_files(graph: Graph) -> Iterator[Finding]:
    """Yields the unread files, where all that may read them is here."""
    unread = tuple(_unread(graph))
    if unread and all(each.is_whole for each in graph.expansions) and is_wholly_judged(graph, unread[0][0].path):
        readers = _Readers(graph, {file.path.rpartition("/")[2] for file, _ in unread})
        for file, origin in unread:
            if not readers.may_be_elsewhere(file, origin):
                yield _finding(file, origin, readers)
    if not (graph.applications or graph.expansions or graph.unknown or graph.elsewhere):
        yield from _unreadable(graph)


def unread_manifests(graph: Graph) -> Iterator[Finding]:
    """Yields the files with manifests that the Application of their cluster does not take, though it could."""
    unread = tuple(_unbrought(graph))
    if unread and all(each.is_whole for each in graph.expansions) and is_wholly_judged(graph, unread[0][0].path):
        readers = _Readers(graph, ())
        for file, origin in unread:
            reader = readers.of(file, origin)
            if reader is not None and not (reader.missing or reader.unseen):
                yield _not_taken(file, origin, reader)
            elif reader is None and readers.is_of_cluster(file, origin) and not readers.may_be_elsewhere(file, origin):
                yield _left_over(_untaken(file, origin), file, origin, readers)


def _unreadable(graph: Graph) -> Iterator[Finding]:
    """Yields the generated values and objects of a tree without an Application, where nothing else brings them."""
    ours = [each for each in graph.plain_yaml if each.origin and not graph.is_for_kustomize(each.path)]
    files = [each for each in ours if _is_to_be_read(each)]
    if not files or any(each.group.endswith(_FLUX) for each in graph.manifests):
        return
    for_argo_cd = next((each for file in ours for each in file.manifests if _is_for_argo_cd(each)), None)
    if is_wholly_judged(graph, files[0].path):
        for file in files:
            yield Finding(
                f"no Application is here that may read {file.path}, so that none of the chain behind it is judged",
                Location(file.path),
                "bring back the ApplicationSets, or verify them together with this",
                ((for_argo_cd.place, "this is for Argo CD, so that it is meant to"),) if for_argo_cd else (),
                Severity.WARNING if for_argo_cd else Severity.NOTE,
                cause="no Application",
            )


def _is_to_be_read(file: File) -> bool:
    """True for a generated file of values, by its name, and for one of objects that are not Argo CD's own."""
    if file.manifests:
        return not any(map(_is_for_argo_cd, file.manifests))
    return _VALUES in file.path.rpartition("/")[2]


def _is_for_argo_cd(manifest: Manifest) -> bool:
    return manifest.group == ARGO_GROUP or (manifest.kind == "Secret" and secret_type(manifest) is not None)


def _unbrought(graph: Graph) -> Iterator[tuple[File, Origin]]:
    """Yields what is not taken of a kind of files of which most are: else a template has two places for it."""
    taken: Counter[tuple[str, int, str]] = Counter()
    left: defaultdict[tuple[str, int, str], list[tuple[File, Origin]]] = defaultdict(list)
    for file in graph.plain_yaml:
        if file.origin is not None and any(file.manifests):
            if file.path in graph.brought_files:
                taken[_kind(file.path, file.origin)] += 1
            else:
                left[_kind(file.path, file.origin)].append((file, file.origin))
    for kind, files in left.items():
        if len(files) < taken[kind]:
            yield from files


def _not_taken(file: File, origin: Origin, reader: Deployment) -> Finding:
    application = reader.application
    return Finding(
        _untaken(file, origin),
        Location(file.path),
        "put it into the folder that the Application takes: gitops-gen generate does",
        ((application.spec_place, f"{application.name} is made here"),),
        cause=f"not taken: {origin.model}: {origin.template}",
        cluster=reader.cluster.name,
    )


def _untaken(file: File, origin: Origin) -> str:
    return f"no Application takes {file.path}, though others that {origin.template} makes are taken"


def _unread(graph: Graph) -> Iterator[tuple[File, Origin]]:
    read = graph.values_paths
    files = [file for path in read if (file := graph.files.get(path)) is not None]
    kinds = {_kind(file.path, file.origin) for file in files if file.origin}
    patterns = _Patterns(read)
    for file in graph.plain_yaml if kinds else ():
        origin = file.origin if file.path not in read else None
        if origin and _kind(file.path, origin) in kinds and not patterns.match(file.path):
            yield file, origin


class _Patterns:
    """Patterns of values files, by the folder that stands before the first wildcard of each.

    Source: Argo CD v3.5.1, docs/user-guide/helm.md.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_folder: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            if globs.is_values_pattern(path):
                self._by_folder[globs.literal_folder(path)].append(path)

    def match(self, path: str) -> bool:
        """Tells whether a file is read by a pattern, or may be by one of so many that nobody looks at each."""
        folder = path if self._by_folder else ""
        while folder:
            folder = folder.rpartition("/")[0]
            found = self._by_folder.get(folder, ())
            if len(found) > _MANY or any(globs.doublestar(each).fullmatch(path) for each in found):
                return True
        return False


def _kind(path: str, origin: Origin) -> tuple[str, int, str]:
    """Returns what the values files of one entry of artifacts.yaml have in common."""
    return origin.template, path.count("/"), path.rpartition("/")[2]


def is_wholly_judged(graph: Graph, path: str) -> bool:
    """True if all of the folder that a file lies in is judged: who reads it may be in what is left out."""
    return frozenset(graph.paths).issuperset(graph.files.under(path.partition("/")[0]))


class _Readers:
    """Who may read a generated file: the Applications that come from the same file of the model."""

    def __init__(self, graph: Graph, unread: Collection[str]) -> None:
        self._by_model: defaultdict[str, dict[str, Deployment]] = defaultdict(dict)
        """By file of the model, then by cluster and by environment: the first of each."""
        self._astray: set[str] = set()
        self._clusters = frozenset(graph.clusters) | {each.cluster for each in graph.tfvars}
        self._empty = self._clusters.difference(graph.clusters)
        self._graph = graph
        for deployment in graph.deployments:
            stated_in = graph.files.get(deployment.application.spec_place.file)
            if stated_in is not None and stated_in.origin is not None:
                known = self._by_model[stated_in.origin.model]
                known.setdefault(deployment.cluster.name, deployment)
                if deployment.cluster.tfvars is not None:
                    known.setdefault(deployment.cluster.tfvars.environment, deployment)
                if _goes_astray(graph, deployment, unread):
                    self._astray.add(stated_in.origin.model)

    def may_be_elsewhere(self, file: File, origin: Origin) -> bool:
        """True if a reader names a file in vain, which is told and probably means this, or nothing lands there."""
        return origin.model in self._astray or not self._empty.isdisjoint(file.path.split("/"))

    def set_of(self, origin: Origin) -> Place | None:
        """Returns where the Applications of a file of the model are made."""
        found = self._by_model.get(origin.model)
        return next(iter(found.values())).application.spec_place if found else None

    def of(self, file: File, origin: Origin) -> Deployment | None:
        """Returns an Application that the file is for: on its cluster or, of a file for many, in its environment."""
        folders = file.path.split("/")
        clusters = [each for each in folders if each in self._clusters]
        known = {} if self.is_of_no_cluster(file, origin) else self._by_model.get(origin.model, {})
        return next((known[each] for each in clusters or folders if each in known), None)

    def is_of_no_cluster(self, file: File, origin: Origin) -> bool:
        """True for a file that is in the folder of no cluster, where most of its kind are in that of one."""
        return self.is_of_cluster(file, origin) and self._clusters.isdisjoint(file.path.split("/"))

    def is_of_cluster(self, file: File, origin: Origin) -> bool:
        """True for a file of a kind of which most are in the folder of a cluster."""
        return _kind(file.path, origin) in self._of_clusters

    @cached_property
    def _of_clusters(self) -> Collection[tuple[str, int, str]]:
        """The kinds of files of which most are in the folder of a cluster."""
        found: Counter[tuple[str, int, str]] = Counter()
        for file in self._graph.plain_yaml:
            if file.origin is not None:
                is_of_one = not self._clusters.isdisjoint(file.path.split("/"))
                found[_kind(file.path, file.origin)] += 1 if is_of_one else -1
        return {kind for kind, number in found.items() if number > 0}


def _goes_astray(graph: Graph, deployment: Deployment, unread: Collection[str]) -> bool:
    """True for an Application that names a values file which is not there, or names one twice; that is told there.

    A pattern need not match anything. One that is not on disk is told if it has the name of an unread file.
    """
    files = [each for each in deployment.values_files if each.path or each.stated.startswith("$")]
    paths = [each.path or each.stated for each in files]
    gone = (each for each in files if not (each.path and graph.files.is_file(each.path)))
    is_told = (
        not globs.is_values_pattern(each.path) if each.path else each.stated.rpartition("/")[2] in unread
        for each in gone
    )
    return len(set(paths)) < len(paths) or any(is_told)


def _finding(file: File, origin: Origin, readers: _Readers) -> Finding:
    reader = readers.of(file, origin)
    message = f"no Application reads the values file {file.path}, though others that {origin.template} makes are read"
    if reader is not None:
        return Finding(
            message,
            _values_files(reader),
            "name it in valueFiles, or remove it if it is a copy",
            ((Location(file.path), "the file that is not read"),),
            cause=f"unread: {origin.model}: {origin.template}",
            cluster=reader.cluster.name,
        )
    return _left_over(message, file, origin, readers)


def _left_over(message: str, file: File, origin: Origin, readers: _Readers) -> Finding:
    made = readers.set_of(origin)
    what = "cluster" if readers.is_of_no_cluster(file, origin) else "Application"
    return Finding(
        message,
        Location(file.path),
        f"bring back the {what} that it is for or, if that is gone on purpose: gitops-gen generate --prune",
        ((made, "the other Applications of it are made here"),) if made else (),
        Severity.WARNING,
        cause=f"left over: {origin.model}: {origin.template}",
    )


def _values_files(reader: Deployment) -> Place:
    """Returns the list of values files of an Application, or its sources where it has none."""
    application = reader.application
    source = next((each for each in application.sources if each.is_helm), None)
    return application.spec_place if source is None else application.source_place(source).down("helm", "valueFiles")
