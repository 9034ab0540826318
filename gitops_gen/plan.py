"""Fleet x artifact specs: which files there will be, for whom, and which of them a selection takes."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.data_classes import frozen
from gitops_gen.problems import Location, Problem, Related, TemplateError, in_order, some_of
from gitops_gen.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.artifacts import ArtifactSpec
    from gitops_gen.model import Cluster, Fleet
    from gitops_gen.targets import Target
    from gitops_gen.templating.templates import Templates

_SAFE_PATH = re.compile(r"[A-Za-z0-9._@+=-]+(?:/[A-Za-z0-9._@+=-]+)*")
_OUTPUT = "output/"
_PATH_LIMIT = 1024
"""Characters of a path below output/."""


@frozen
class PlannedArtifact:
    """A file that will be rendered: its path below output/, its spec and its target."""

    path: str
    spec: ArtifactSpec
    target: Target


@frozen
class Skip:
    """A file that is not made, and why."""

    spec: ArtifactSpec
    target: Target
    reason: str


@frozen
class Selection:
    """What a run is limited to; an empty set does not limit."""

    environments: frozenset[str] = frozenset()
    clusters: frozenset[str] = frozenset()
    apps: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.environments or self.clusters or self.apps)

    def takes(self, target: Target, fleet: Fleet) -> bool:
        """True if the target lies wholly within the selection: what spans it would be written with less in it."""
        if self.apps and (target.app is None or target.app.name not in self.apps):
            return False
        return not (self.environments or self.clusters) or self._takes_place(target, fleet)

    def _takes_place(self, target: Target, fleet: Fleet) -> bool:
        environment = target.environment
        if environment is not None and not self.clusters and not target.clusters:
            return environment.name in self.environments
        is_place = target.cluster or environment or target.region or target.account
        clusters = target.clusters if is_place else fleet.clusters
        return bool(clusters) and all(self._takes_cluster(cluster) for cluster in clusters)

    def _takes_cluster(self, cluster: Cluster) -> bool:
        return (not self.environments or cluster.environment.name in self.environments) and (
            not self.clusters or cluster.name in self.clusters
        )


@frozen
class Plan:
    """The files of a run, in the order of the specs; what is skipped; what a selection leaves out."""

    fleet: Fleet
    artifacts: tuple[PlannedArtifact, ...]
    skips: tuple[Skip, ...] = ()
    left_out: tuple[PlannedArtifact, ...] = ()


def make_plan(
    fleet: Fleet, specs: Iterable[ArtifactSpec], templates: Templates, selection: Selection = Selection()
) -> Plan:
    """Returns the plan of a run. Raises TemplateError with all problems: of paths, conditions and names."""
    planner = _Planner(fleet, templates)
    for spec in specs:
        planner.add(spec)
    problems = [*planner.problems, *_path_problems(planner.planned)]
    if problems:
        raise TemplateError(*in_order(problems))
    taken = [artifact for artifact in planner.planned if selection.takes(artifact.target, fleet)]
    left_out = [artifact for artifact in planner.planned if not selection.takes(artifact.target, fleet)]
    return Plan(fleet, tuple(taken), tuple(planner.skips), tuple(left_out))


class _Planner:
    def __init__(self, fleet: Fleet, templates: Templates) -> None:
        self.fleet = fleet
        self.templates = templates
        self.targets = Targets(fleet)
        self.planned: list[PlannedArtifact] = []
        self.skips: list[Skip] = []
        self.problems: list[Problem] = []

    def add(self, spec: ArtifactSpec) -> None:
        try:
            self.templates.check(spec)
            path, when = self.templates.path_of(spec), self.templates.condition_of(spec)
            reason = f"{spec.when} is false"
            for target in self.targets.of(spec.for_each):
                context = target.context(self.fleet)
                if when(context):
                    self.planned.append(PlannedArtifact(path(context), spec, target))
                else:
                    self.skips.append(Skip(spec, target, reason))
        except TemplateError as error:
            self.problems.extend(error.problems)


def _path_problems(planned: Iterable[PlannedArtifact]) -> Iterator[Problem]:
    first_by_path: dict[str, PlannedArtifact] = {}
    folders: dict[str, PlannedArtifact] = {}
    told: set[tuple[str, str]] = set()
    unsafe: defaultdict[str, list[PlannedArtifact]] = defaultdict(list)
    for artifact in planned:
        if _unsafe(artifact.path) is not None:
            unsafe[artifact.spec.name].append(artifact)
            continue
        # A file system that ignores case has room for one of two such files only.
        first = first_by_path.setdefault(artifact.path.casefold(), artifact)
        pair = (first.spec.name, artifact.spec.name)
        if first is not artifact and pair not in told:
            told.add(pair)
            yield _same_path(artifact, first)
        folder = artifact.path.casefold().rpartition("/")[0]
        while folder and folder not in folders:
            folders[folder] = artifact
            folder = folder.rpartition("/")[0]
    yield from map(_unsafe_path, unsafe.values())
    yield from _files_that_are_folders(first_by_path, folders)


def _unsafe_path(artifacts: Sequence[PlannedArtifact]) -> Problem:
    """Returns the problem of a spec, whose paths have it together."""
    path, targets = artifacts[0].path, [str(artifact.target) for artifact in artifacts]
    hint = "a path is relative to output/, of letters, digits and ._@+=- joined by single slashes"
    message = f"{path!r} (for {some_of(targets)}) {_unsafe(path)}"
    return Problem("artifact-path", message, _locate(artifacts[0]), hint)


def _files_that_are_folders(
    files: Mapping[str, PlannedArtifact], folders: Mapping[str, PlannedArtifact]
) -> Iterator[Problem]:
    told: set[tuple[str, str]] = set()
    for path in sorted(files.keys() & folders.keys()):
        artifact, inner = files[path], folders[path]
        if (artifact.spec.name, inner.spec.name) not in told:
            told.add((artifact.spec.name, inner.spec.name))
            message = f"{artifact.path} is a file here, and a folder for {inner.path}"
            yield _path_problem("artifact-path", artifact, message)


def _unsafe(path: str) -> str | None:
    if path.startswith(_OUTPUT):
        return "starts with output/, which stands before each path anyway"
    if len(path) <= _PATH_LIMIT and _SAFE_PATH.fullmatch(path) and "/." not in path and path[0] != ".":
        return None  # nearly every path
    if path.startswith("/"):
        return "is absolute, expected a path below output/"
    if ".." in path.split("/"):
        return "leaves output/"
    if len(path) > _PATH_LIMIT:
        return f"has {len(path)} characters, expected at most {_PATH_LIMIT}"
    if not _SAFE_PATH.fullmatch(path) or "." in path.split("/"):
        return "is no path of letters, digits and ._@+=- joined by single slashes"
    if any(part.startswith(".git") for part in path.split("/")):
        return "would be read by git or by gitops-gen itself"
    return None


def _same_path(artifact: PlannedArtifact, first: PlannedArtifact) -> Problem:
    if first.spec is artifact.spec:
        message = f"{artifact.path} stands for {first.target} and for {artifact.target}"
        return _path_problem("duplicate-path", artifact, message)
    message = f"{artifact.path} is made by {first.spec.name} and by {artifact.spec.name}"
    problem = _path_problem("duplicate-path", artifact, message)
    at = _locate(first)
    if first.spec.source is not artifact.spec.source:
        at = at._replace(path=f"stock {at.path}")
    related = Related(at, "it is made here already")
    return Problem(problem.code, message, problem.at, problem.hint, related=(related,))


def _path_problem(code: str, artifact: PlannedArtifact, message: str) -> Problem:
    hint = "name in path: what tells one file from the other, below output/"
    return Problem(code, message, _locate(artifact), hint)


def _locate(artifact: PlannedArtifact) -> Location:
    spec = artifact.spec
    return spec.source.locate((*spec.route.steps, "path"))
