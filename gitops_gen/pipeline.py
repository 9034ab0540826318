"""The order of the stages: load, plan, render, compare, write. Every verb goes through here."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from gitops_gen.artifacts import load_specs
from gitops_gen.data_classes import field, frozen, replaced
from gitops_gen.last_run.fingerprint import code_digest, sign_inputs
from gitops_gen.last_run.incremental import Memory
from gitops_gen.last_run.keys import Keys
from gitops_gen.last_run.known_fleet import EnvironmentText, KnownFleet, known_fleet
from gitops_gen.load import AS_ON_DISK, load_with_warnings
from gitops_gen.outcome import Outcome
from gitops_gen.plan import Plan, Selection, make_plan
from gitops_gen.render import Artifact, render_all
from gitops_gen.staging import put_all
from gitops_gen.templating.templates import Templates
from gitops_gen.tree import Change, ChangeKind, Staged, Tree, compare, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from gitops_gen.artifacts import ArtifactSpec
    from gitops_gen.judge import Verdict
    from gitops_gen.model import Fleet
    from gitops_gen.plan import PlannedArtifact
    from gitops_gen.problems import Problem
    from gitops_gen.signatures import Signatures

EVERYTHING = Selection()

_NOTHING: Mapping[str, Staged] = {}
"""Nothing was made."""

_ENVIRONMENT_NAME = re.compile(r"<%=\s*environment\.name\s*%>(?:\.[^/]*)?")
"""A part of a spec's path that is the name of the environment."""


@frozen
class Project:
    """A planned run: where it happens, what will be made, and what is worth a warning."""

    tree: Tree
    plan: Plan
    templates: Templates
    warnings: tuple[Problem, ...] = ()
    inputs: Signatures | None = None
    """The signatures of what was read, taken before; None where a text was read that is not on disk."""
    specs: tuple[ArtifactSpec, ...] = ()
    environments: Mapping[str, EnvironmentText] = field(default_factory=dict)
    """What was read of the environments, by path."""


def open_project(
    root: Path,
    *,
    selection: Selection = EVERYTHING,
    output: str = "output",
    texts: Mapping[str, str] = AS_ON_DISK,
) -> Project:
    """Loads the model and the artifact specs of a project and plans a run.

    `texts` says, by path, how a model file would read after an edit that is not written yet.

    Raises ModelError or TemplateError with all problems of the stage.
    """
    inputs = None if texts else sign_inputs(root)
    fleet, warnings, environments = _loaded(root, texts)
    specs = load_specs(root)
    templates = Templates(root)
    plan = make_plan(fleet, specs, templates, selection)
    warnings = (*warnings, *templates.unused())
    return Project(Tree(root, output), plan, templates, warnings, inputs, specs, environments)


def _loaded(root: Path, texts: Mapping[str, str]) -> tuple[Fleet, tuple[Problem, ...], Mapping[str, EnvironmentText]]:
    """Returns the fleet, the warnings, and the texts of the environments. The entries are let go: they are large."""
    loaded = load_with_warnings(root, texts)
    environments = {
        each.source.path: EnvironmentText(each.source.text, len(each.entry.clusters or ()))
        for each in loaded.written.environments
    }
    return loaded.fleet, loaded.warnings, environments


def render(root: Path) -> tuple[Artifact, ...]:
    """Returns every generated file of a project, as text. Raises ModelError or TemplateError."""
    project = open_project(root)
    return tuple(render_all(project.plan, project.templates))


def write(root: Path, *, prune: bool = False) -> Outcome:
    """Brings the output folder of a project up to date, as `gitops-gen generate` does.

    Raises ModelError, TemplateError or OutputError; then nothing on disk has changed.
    """
    return generate(open_project(root), prune=prune)


def check(project: Project, *, prune: bool = False, on_file: Callable[[], None] = lambda: None) -> Outcome:
    """Says what `generate` would do, and only reads. Raises TemplateError or OutputError."""
    artifacts = _counted(render_all(project.plan, project.templates), on_file)
    whole = not project.plan.left_out
    changes = compare(project.tree, ((each.path, each.text) for each in artifacts), orphans=whole)
    may_prune = prune_rule(project.plan, prune=prune)
    orphans = (change.path for change in changes if change.kind is ChangeKind.ORPHANED)
    return _outcome(project, changes, tuple(path for path in orphans if not may_prune(path)))


def generate(
    project: Project,
    *,
    prune: bool = False,
    jobs: int | None = None,
    on_file: Callable[[], None] = lambda: None,
    on_wait: Callable[[], None] = lambda: None,
) -> Outcome:
    """Renders the plan into the output folder. Nothing changes there unless everything could be rendered.

    `prune` also deletes orphaned files that may belong to a protected environment. `jobs` is how many processes
    render; without it, as many as are worth it.
    Raises TemplateError or OutputError.
    """
    if project.inputs is None or project.plan.left_out:
        return _generate_all(project, prune=prune, jobs=jobs, on_file=on_file, on_wait=on_wait)
    plan = project.plan
    with transaction(project.tree, on_wait) as writing:
        code = code_digest()
        memory = Memory(project.tree, project.inputs, code)
        keys = Keys(plan.fleet, project.templates, code)
        outdated = memory.outdated(plan.artifacts, keys)
        todo = replaced(plan, artifacts=tuple(outdated))
        for path in memory.kept:
            writing.keep(path)
            on_file()
        put_all(writing, todo, project.templates, key_of=keys.of, jobs=jobs, on_file=on_file)
        result = writing.commit(prune_rule(plan, prune=prune), memory.listed)
        writing.afterwards = lambda: memory.leave(result, writing, project.warnings, _known_fleet(project))
    return _outcome(project, result.changes, result.kept, writing.staged)


def _known_fleet(project: Project) -> KnownFleet:
    return known_fleet(project.environments, project.plan.fleet.apps, project.specs, project.templates)


def _generate_all(
    project: Project, *, prune: bool, jobs: int | None, on_file: Callable[[], None], on_wait: Callable[[], None]
) -> Outcome:
    """Renders a selection, or a model that is not on disk: from neither can the next run know what it may leave out."""
    with transaction(project.tree, on_wait) as writing:
        put_all(writing, project.plan, project.templates, jobs=jobs, on_file=on_file)
        result = writing.commit(None if project.plan.left_out else prune_rule(project.plan, prune=prune))
    return _outcome(project, result.changes, result.kept, writing.staged)


def prove(project: Project) -> Verdict:
    """Judges what the model renders, before anything is written: the whole of it, whatever the selection.

    Raises TemplateError, or ModelError where the file of waivers is wrong.
    """
    from gitops_gen.proof import verify_rendered

    whole = replaced(project.plan, artifacts=(*project.plan.artifacts, *project.plan.left_out), left_out=())
    texts = {artifact.path: artifact.text for artifact in render_all(whole, project.templates)}
    return verify_rendered(project.tree.root, texts, output=project.tree.folder)


def prune_rule(plan: Plan, *, prune: bool) -> Callable[[str], bool]:
    """Returns what tells whether an orphaned file may be deleted.

    Without `prune` only what stands where the plan has files of an unprotected environment, and carries no
    protected cluster's name: a file that spans environments, or whose environment is gone from the model, may be
    a protected one's.
    """
    unprotected = {environment.name for environment in plan.fleet.environments if not environment.protected}
    protected = {cluster.name for cluster in plan.fleet.clusters if cluster.protected}
    places = cache(lambda: _environment_places(plan.artifacts))

    def may_prune(path: str) -> bool:
        if prune:
            return True
        names = _names(path)
        is_unprotected = any(names[: len(place) + 1] == (*place, name) for place in places() for name in unprotected)
        return is_unprotected and protected.isdisjoint(names)

    return may_prune


def _environment_places(artifacts: Iterable[PlannedArtifact]) -> frozenset[tuple[str, ...]]:
    """Returns the folders below which a path goes on with the name of an environment, as the specs lay it out.

    The name alone would not do: an app may be called as an environment is.
    """
    return frozenset(
        _names(artifact.path)[:index]
        for artifact in artifacts
        for index, name in enumerate(artifact.spec.path.split("/"))
        if _ENVIRONMENT_NAME.fullmatch(name)
    )


def _names(path: str) -> tuple[str, ...]:
    """Returns the folders of a path and the name of its file, without the ending."""
    return tuple(path.rsplit(".", 1)[0].split("/"))


def _outcome(
    project: Project, changes: tuple[Change, ...], kept: tuple[str, ...], staged: Mapping[str, Staged] = _NOTHING
) -> Outcome:
    return Outcome(changes, kept, len(project.plan.artifacts), len(project.plan.left_out), staged)


def _counted(artifacts: Iterable[Artifact], on_file: Callable[[], None]) -> Iterator[Artifact]:
    for artifact in artifacts:
        yield artifact
        on_file()
