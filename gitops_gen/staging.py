"""The files of a plan, rendered and put where they wait to be renamed into place, by one process or several."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from gitops_gen.problems import TemplateError
from gitops_gen.render import render_all
from gitops_gen.tree import stage
from gitops_gen.workers import HCL_PARSER, default_jobs, in_parallel, is_loaded, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gitops_gen.plan import Plan, PlannedArtifact
    from gitops_gen.templates import Templates
    from gitops_gen.tree import Transaction, Tree
    from gitops_gen.tree.columns import StagedColumns


def put_all(
    writing: Transaction, plan: Plan, templates: Templates, *, jobs: int | None, on_file: Callable[[], None]
) -> None:
    """Renders every file of a plan and puts it. Whatever the number of jobs, what comes of it is the same.

    Raises TemplateError or OutputError.
    """
    # Each worker would soon need the parser of HCL, and it is lost to them once it is loaded.
    wanted = 1 if is_loaded(HCL_PARSER) else jobs or default_jobs(len(plan.artifacts))
    parts = _shares(plan.artifacts, wanted)
    if len(parts) < 2:
        for artifact in render_all(plan, templates):
            writing.put(artifact.path, artifact.text)
            on_file()
        return
    try:
        found = in_parallel(parts, partial(_staged, writing.tree, plan, templates, len(parts), on_file))
    except TemplateError:
        # Each part knows its own failures only. One process tells them together.
        for _ in render_all(plan, templates):
            pass
        raise
    for part, columns in zip(parts, found, strict=True):
        for path, staged in columns.rows(artifact.path for artifact in part):
            writing.adopt(path, staged)


def _shares(artifacts: Sequence[PlannedArtifact], number: int) -> tuple[Sequence[PlannedArtifact], ...]:
    """Returns the files in so many parts that take about as long: each has its share of what each template makes."""
    shares: list[list[PlannedArtifact]] = [[] for _ in range(number)]
    for _, alike in groupby(artifacts, key=lambda artifact: artifact.spec.name):
        for share, part in zip(shares, parts_of(tuple(alike), number), strict=False):
            share.extend(part)
    return tuple(share for share in shares if share)


def _staged(
    tree: Tree,
    plan: Plan,
    templates: Templates,
    jobs: int,
    on_file: Callable[[], None],
    artifacts: Sequence[PlannedArtifact],
) -> StagedColumns:
    from gitops_gen.tree.columns import StagedColumns

    found = StagedColumns()
    for artifact in render_all(replace(plan, artifacts=tuple(artifacts)), templates):
        found.add(stage(tree, artifact.path, artifact.text))
        for _ in range(jobs):  # the others are about as far
            on_file()
    return found
