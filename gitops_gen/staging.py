"""The files of a plan, rendered and put where they wait to be renamed into place, by one process or several."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.data_classes import replaced
from gitops_gen.go_programs import HCL_PARSER, is_loaded
from gitops_gen.problems import TemplateError
from gitops_gen.render import render_all, render_each
from gitops_gen.tree import Stager
from gitops_gen.tree.columns import StagedColumns
from gitops_gen.workers import default_jobs, in_parallel, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gitops_gen.plan import Plan, PlannedArtifact
    from gitops_gen.templating.templates import Templates
    from gitops_gen.tree import Transaction, Tree

    KeyOf: TypeAlias = "Callable[[PlannedArtifact], bytes | None]"


def put_all(
    writing: Transaction,
    plan: Plan,
    templates: Templates,
    *,
    key_of: KeyOf = lambda _: None,
    jobs: int | None,
    on_file: Callable[[], None],
) -> None:
    """Renders every file of a plan and puts it with its key. Whatever the number of jobs, what comes of it is the same.

    Raises TemplateError or OutputError.
    """
    # Each worker would soon need the parser of HCL, and it is lost to them once it is loaded.
    wanted = 1 if is_loaded(HCL_PARSER) else jobs or default_jobs(len(plan.artifacts))
    parts = _shares(plan.artifacts, wanted)
    if len(parts) < 2:
        for planned, text in render_each(plan, templates):
            writing.put(planned.path, text, key_of(planned))
            on_file()
        return
    try:
        found = in_parallel(parts, partial(_staged, writing.tree, plan, templates, key_of, len(parts), on_file))
    except TemplateError:
        # Each part knows its own failures only. One process tells them together.
        for _ in render_all(plan, templates):
            pass
        raise
    for part, columns in zip(parts, found, strict=True):
        writing.adopt([artifact.path for artifact in part], columns)


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
    key_of: KeyOf,
    jobs: int,
    on_file: Callable[[], None],
    artifacts: Sequence[PlannedArtifact],
) -> StagedColumns:
    stager, found = Stager(tree), StagedColumns()
    for planned, text in render_each(replaced(plan, artifacts=tuple(artifacts)), templates):
        found.add(stager.stage(planned.path, text, key_of(planned)))
        for _ in range(jobs):  # the others are about as far
            on_file()
    return found
