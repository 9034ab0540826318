"""The files that a source of an Application reads beside its folder: values files, and those of its parameters.

Part of source-path. Source: argoproj/argo-cd v3.5.1, reposerver/repository/repository.go, helmTemplate: a file of
fileParameters is found as a values file is, but no pattern stands for it, and ignoreMissingValueFiles spares none.
docs/user-guide/helm.md: a pattern that no file matches is an error, and before 3.4 it is a file of that name.
"""

from __future__ import annotations

import posixpath
from functools import partial
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark, parameters_of, template_of_source
from gitops_gen.evidence import globs
from gitops_gen.evidence.build_environment import BUILD_VARIABLE
from gitops_gen.evidence.deployments import FileParameter
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.problems import Location, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.deployments import Deployment, ValuesFile
    from gitops_gen.evidence.graph import Graph

AT_REVISION = "check out that revision, and verify it"
"""The next step where a file may be there at another revision."""
IN_SUBMODULE = "check out the submodules too, as Argo CD does"
"""The next step where a file belongs to a submodule that is not checked out."""
READ = (".yaml", ".yml", ".json", ".jsonnet")
"""The files of a folder that Argo CD reads."""
_MANY = 1_000
"""Files of a folder that a pattern is held against."""
_SHORTEST_END = 3
"""Folders and file that tell one generated file from others."""


def files_of(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    """Yields what is wrong with the files that a source reads beside its folder."""
    if not source.is_helm:
        return
    for parameter in _stated(deployment.file_parameters, deployment, source):
        yield from _values_file(graph, deployment, source, parameter)
    seen: dict[str, ValuesFile] = {}
    for values_file in _stated(deployment.values_files, deployment, source):
        yield from _values_file(graph, deployment, source, values_file)
        first = seen.setdefault(values_file.stated, values_file)
        if first is not values_file:
            yield _named_twice(deployment, values_file, first)
    yield from _out_of_order(graph, deployment, list(seen.values()))


def _stated(files: Iterable[ValuesFile], deployment: Deployment, source: ApplicationSource) -> Iterator[ValuesFile]:
    steps = deployment.application.source_place(source).steps
    for each in files:
        if each.place.steps[: len(steps)] == steps and not is_filled_in_later(each.stated):
            yield each


def _values_file(
    graph: Graph, deployment: Deployment, source: ApplicationSource, values_file: ValuesFile
) -> Iterator[Finding]:
    ref = _ref_of(values_file)
    refs = (f"${each.ref}" for each in deployment.application.sources if each.ref)
    inner = next((each for each in refs if f"{each}/" in values_file.stated[1:]), None)
    if inner is not None:
        what = f"{inner} is a reference at the start of a path only"
        yield _unread(deployment, source, values_file, what, f"start the path with {inner}/")
    elif is_unseen(values_file.stated) and graph.is_ours(values_file.place):
        what = f"{values_file.stated!r} has a space at an end, or a sign that nobody sees"
        yield _unread(deployment, source, values_file, what, "write the path without it")
    elif ref is not None and not _has_ref(deployment.application, ref):
        is_passed_over = _is_passed_over(deployment, source, values_file)
        severity = by_mark(graph, deployment.application.place) if is_passed_over else Severity.ERROR
        yield _without_ref(deployment, source, values_file, ref, severity)
    elif _leaves_repository(source, values_file.stated):
        what = "it leaves the repository, where Argo CD reads nothing"
        yield _unread(deployment, source, values_file, what, "commit the file to it, or add a source with a ref")
    elif values_file.path is None:
        yield from _elsewhere(graph, deployment, values_file, ref)
    elif not (
        graph.files.is_file(values_file.path)
        or _need_not_be_there(graph, source, values_file)
        or _is_in_missing_folder(deployment, source, values_file.path)
    ):
        yield _missing_values_file(graph, deployment, source, values_file)


def _leaves_repository(source: ApplicationSource, stated: str) -> bool:
    """True for a path that leads out of the repository that it is read from, or of the chart.

    Source: argoproj/argo-cd v3.5.1, util/io/path/resolved.go, ResolveValueFilePathOrUrl.
    """
    if "://" in stated:
        return False
    inner = stated.partition("/")[2] if stated.startswith(("$", "/")) else f"{source.path or '.'}/{stated}"
    return posixpath.normpath(inner).split("/")[0] == ".."


def _ref_of(values_file: ValuesFile) -> str | None:
    return values_file.stated[1:].partition("/")[0] if values_file.stated.startswith("$") else None


def _need_not_be_there(graph: Graph, source: ApplicationSource, values_file: ValuesFile) -> bool:
    is_values = not isinstance(values_file, FileParameter)
    return is_values and (source.ignores_missing_values or _is_matched(graph, values_file.path or ""))


def _is_matched(graph: Graph, pattern: str) -> bool:
    """Tells whether a file matches a pattern; in a folder with very many, one is taken to."""
    if not globs.is_values_pattern(pattern):
        return False
    paths, wanted = graph.files.under(globs.literal_folder(pattern)), globs.doublestar(pattern)
    return any(number == _MANY or wanted.fullmatch(path) for number, path in enumerate(paths))


def _is_in_missing_folder(deployment: Deployment, source: ApplicationSource, path: str) -> bool:
    """True for a file of the source's own folder where that one is not there: the folder is told."""
    return any(each is source and path.startswith(f"{folder}/") for each, folder in deployment.missing)


def _is_passed_over(deployment: Deployment, source: ApplicationSource, values_file: ValuesFile) -> bool:
    """True where Argo CD goes without a values file that names the reference of no source.

    It refuses the reference only where there are `sources`, before it looks whether the file may be missing.
    """
    is_listed = source.is_listed or len(deployment.application.sources) > 1
    return source.ignores_missing_values and not is_listed and not isinstance(values_file, FileParameter)


def _without_ref(
    deployment: Deployment, source: ApplicationSource, values_file: ValuesFile, ref: str, severity: Severity
) -> Finding:
    path = values_file.stated.partition("/")[2]
    if any(each.ref == ref for each in deployment.application.sources):
        what = f"it is the only source, and ${ref} is of another one of several"
        two = f"make it two sources: the chart, and the repository of the file with ref: {ref}"
        hint = f"write /{path}, from the root of its repository" if source.chart is None else two
        return _unread(deployment, source, values_file, what, hint, severity)
    refs = ", ".join(sorted(f"${each.ref}" for each in deployment.application.sources if each.ref)) or "none"
    return _unread(
        deployment,
        source,
        values_file,
        f"no source has ref: {ref}; there is {refs}",
        f"add ref: {ref} to the source of that repository",
        severity,
    )


def _missing_values_file(
    graph: Graph, deployment: Deployment, source: ApplicationSource, values_file: ValuesFile
) -> Finding:
    ref = _ref_of(values_file)
    holder = next((each for each in deployment.application.sources if ref is not None and each.ref == ref), source)
    if is_elsewhere(graph, deployment, holder):
        what = f"{values_file.path} is not here, and may be at {holder.revision}"
        return _unread(deployment, source, values_file, what, AT_REVISION, Severity.NOTE)
    if graph.is_in_submodule(values_file.path or ""):
        what = f"{values_file.path} is not here, and belongs to a submodule"
        return _unread(deployment, source, values_file, what, IN_SUBMODULE, Severity.NOTE)
    what = f"{values_file.path} is not there"
    if globs.is_values_pattern(values_file.path or "") and not isinstance(values_file, FileParameter):
        what = f"no file matches {values_file.path}"
    return _unread(deployment, source, values_file, what, "correct the path, or commit the file")


def _unread(
    deployment: Deployment,
    source: ApplicationSource,
    values_file: ValuesFile,
    what: str,
    hint: str,
    severity: Severity = Severity.ERROR,
) -> Finding:
    application = deployment.application
    own_cause = f"{application.written_as}: {source.index}: {values_file.place.steps[-2:]}"
    return Finding(
        f"{application.name} reads {_named(values_file)}: {what}",
        values_file.place,
        hint,
        related=parameters_of(application),
        severity=severity,
        cause=hint if severity is Severity.NOTE else own_cause,
        cluster=deployment.cluster.name,
    )


def _named(values_file: ValuesFile) -> str:
    if isinstance(values_file, FileParameter):
        return f"the file {values_file.stated} for its parameter {values_file.name}"
    return f"the values file {values_file.stated}"


def _elsewhere(graph: Graph, deployment: Deployment, values_file: ValuesFile, ref: str | None) -> Iterator[Finding]:
    """Yields a note for a values file of a repository that is not on disk; one in a chart is the chart's own."""
    application = deployment.application
    for source in application.sources:
        if ref is not None and source.ref == ref:
            here = _in_another(graph, values_file)
            is_ours = graph.is_ours(values_file.place)
            path = values_file.stated.partition("/")[2]
            near = beside(graph, source, path, partial(_is_generated, graph)) if here is None and is_ours else None
            is_chart_repository = any(each.chart and each.repo_url == source.repo_url for each in application.sources)
            if near is not None:
                what = f"it is not on disk, and {near} is, which is generated"
                yield _unread(deployment, source, values_file, what, "name the generated file")
            elif here is None or is_chart_repository:
                yield _unknown(graph, deployment, source, values_file)
            else:
                yield _of_another(graph, deployment, source, values_file, here)


def _unknown(graph: Graph, deployment: Deployment, source: ApplicationSource, values_file: ValuesFile) -> Finding:
    path = values_file.stated.partition("/")[2]
    option = graph.repositories.here(source.repo_url, path, graph.files.is_file)
    here = f"{path} is here: if this is that repository, say so with {option}"
    return Finding(
        f"{deployment.application.name} reads {values_file.stated}, and {source.repo_url} is not on disk, so nobody "
        "can say whether it is there",
        values_file.place,
        here if option else f"say where the repository is: --repo {source.repo_url}=PATH",
        severity=Severity.NOTE,
        cause=f"values files of {source.repo_url}",
        cluster=deployment.cluster.name,
    )


def _of_another(
    graph: Graph, deployment: Deployment, source: ApplicationSource, values_file: ValuesFile, here: str
) -> Finding:
    return Finding(
        f"{deployment.application.name} reads {values_file.stated} from {source.repo_url}, which is not on disk; but "
        f"{here} is, and it is generated",
        deployment.application.stated_in(source, "repoURL"),
        "name the repository of the generated files",
        related=((Location(here), "the file is here"), *template_of_source(deployment.application, source, "repoURL")),
        severity=by_mark(graph, values_file.place),
        cause=f"values files of {source.repo_url}",
        cluster=deployment.cluster.name,
    )


def _in_another(graph: Graph, values_file: ValuesFile) -> str | None:
    """Returns the generated file that has the same path in a repository that is on disk."""
    path = values_file.stated.partition("/")[2]
    candidates = (checkout.on_disk(path) for checkout in graph.repositories.checkouts.values())
    known = (each for each in candidates if each is not None)
    return next((each for each in known if _is_generated(graph, each)), None)


def beside(graph: Graph, source: ApplicationSource, path: str, is_there: Callable[[str], bool]) -> str | None:
    """Returns what is on disk of a source's repository with the same end, for a path whose start is another one."""
    checkout = graph.repositories.checkout_of(source.repo_url)
    parts = path.split("/")
    ends = ("/".join(parts[index:]) for index in range(1, len(parts) - _SHORTEST_END + 1))
    candidates = (f"{checkout.folder}/{end}" for end in ends) if checkout is not None else iter(())
    return next(filter(is_there, candidates), None)


def _has_ref(application: Application, ref: str) -> bool:
    """Tells whether a reference is to a source, of several: a list of one has no references to Argo CD.

    Nor has a source that stands in none. There the reference is an empty variable, and what is left a path from the
    root, which a git repository may have, and a chart has not.
    """
    sources = application.sources
    is_several = len(sources) > 1
    return any(each.ref == ref and (is_several or not (each.is_listed or each.chart)) for each in sources)


def _named_twice(deployment: Deployment, again: ValuesFile, first: ValuesFile) -> Finding:
    return Finding(
        f"{deployment.application.name} reads the values file {again.stated} twice",
        again.place,
        "name the file once, or the one that was meant",
        related=((first.place, "the first time"),),
        cause=f"{deployment.application.written_as}: values file twice",
        cluster=deployment.cluster.name,
    )


def _out_of_order(graph: Graph, deployment: Deployment, found: list[ValuesFile]) -> Iterator[Finding]:
    """Yields a generated file for many clusters that is read after one for this cluster, and overrules it."""
    own: ValuesFile | None = None
    for values_file in found:
        if values_file.path is None or not _is_generated(graph, values_file.path):
            continue
        if deployment.cluster.name in values_file.path.split("/"):
            own = values_file
        elif own is not None:
            yield Finding(
                f"{deployment.application.name} reads {values_file.path} after {own.path}: what holds for many "
                "clusters overrules what holds for this one",
                values_file.place,
                "name the file of the cluster last",
                related=((own.place, "the file of the cluster"),),
                cause=f"{deployment.application.written_as}: order of values files",
                cluster=deployment.cluster.name,
            )


def is_filled_in_later(text: str) -> bool:
    """True for a text that nobody has filled in yet, or that Argo CD fills in for each build."""
    return is_unfilled(text) or BUILD_VARIABLE.search(text) is not None


def is_unseen(path: str) -> bool:
    """True for a path with a space at an end, or with a sign that shows nothing: nobody means to have it."""
    return path != path.strip() or not path.isprintable()


def _is_generated(graph: Graph, path: str) -> bool:
    file = graph.files.get(path) if graph.files.is_file(path) else None
    return file is not None and file.origin is not None


def is_elsewhere(graph: Graph, deployment: Deployment, source: ApplicationSource) -> bool:
    """True for a source at another revision than the one on disk: what is not here may be there."""
    return graph.is_elsewhere(deployment.application, source)
