"""The order of the stages: load, plan, render, compare, write. Every verb goes through here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.artifacts import load_specs
from gitops_gen.load import load_with_warnings
from gitops_gen.plan import Plan, Selection, make_plan
from gitops_gen.render import Artifact, render_all
from gitops_gen.templates import Templates
from gitops_gen.tree import Change, Tree, compare, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from gitops_gen.model import Fleet
    from gitops_gen.problems import Problem

EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class Project:
    """A planned run: where it happens, what will be made, and what is worth a warning."""

    tree: Tree
    plan: Plan
    templates: Templates
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did, or, in a check, would do."""

    changes: tuple[Change, ...]
    kept: tuple[str, ...]
    """Orphaned files that were left alone."""
    files: int
    """How many files the plan has."""


def open_project(root: Path, *, selection: Selection = EVERYTHING, output: str = "output") -> Project:
    """Loads the model and the artifact specs of a project and plans a run.

    Raises ModelError or TemplateError with all problems of the stage.
    """
    loaded = load_with_warnings(root)
    specs = load_specs(root)
    templates = Templates(root)
    plan = make_plan(loaded.fleet, specs, templates, selection)
    return Project(Tree(root, output), plan, templates, loaded.warnings)


def render(root: Path) -> tuple[Artifact, ...]:
    """Returns every generated file of a project, as text. Raises ModelError or TemplateError."""
    project = open_project(root)
    return tuple(render_all(project.plan, project.templates))


def write(root: Path, *, prune: bool = False) -> Outcome:
    """Brings the output folder of a project up to date, as `gitops-gen generate` does.

    Raises ModelError, TemplateError or OutputError; then nothing on disk has changed.
    """
    return generate(open_project(root), prune=prune)


def check(project: Project, on_file: Callable[[], None] = lambda: None) -> Outcome:
    """Compares what the model renders with the disk, and only reads. Raises TemplateError or OutputError."""
    artifacts = _counted(render_all(project.plan, project.templates), on_file)
    whole = not project.plan.left_out
    changes = compare(project.tree, ((each.path, each.text) for each in artifacts), orphans=whole)
    return Outcome(changes, (), len(project.plan.artifacts))


def generate(
    project: Project,
    *,
    prune: bool = False,
    on_file: Callable[[], None] = lambda: None,
    on_wait: Callable[[], None] = lambda: None,
) -> Outcome:
    """Renders the plan into the output folder. Nothing changes there unless everything could be rendered.

    `prune` also deletes orphaned files that may belong to a protected environment.
    Raises TemplateError or OutputError.
    """
    with transaction(project.tree, on_wait) as writing:
        for artifact in _counted(render_all(project.plan, project.templates), on_file):
            writing.put(artifact.path, artifact.text)
        result = writing.commit(None if project.plan.left_out else prune_rule(project.plan.fleet, prune=prune))
    return Outcome(result.changes, result.kept, len(project.plan.artifacts))


def prune_rule(fleet: Fleet, *, prune: bool) -> Callable[[str], bool]:
    """Returns what tells whether an orphaned file may be deleted.

    Without `prune` only what carries the name of an unprotected environment in its path: a file that spans
    environments, or whose environment is gone from the model, may be a protected one's.
    """
    names = {environment.name for environment in fleet.environments if not environment.protected}
    protected = {cluster.name for cluster in fleet.clusters if cluster.protected}

    def may_prune(path: str) -> bool:
        parts = set(path.rsplit(".", 1)[0].split("/"))
        return prune or bool(parts & names and not parts & protected)

    return may_prune


def _counted(artifacts: Iterable[Artifact], on_file: Callable[[], None]) -> Iterator[Artifact]:
    for artifact in artifacts:
        yield artifact
        on_file()
