"""A plan to texts: every file is rendered, and what stops some of them is told once, with the targets that it hits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.problems import Problem, TemplateError, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.plan import Plan, PlannedArtifact
    from gitops_gen.templates import Templates

_NAMED_TARGETS = 3
"""How many targets a problem of a template names before it counts the others."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A generated file: its path below output/, and its text with the mark of ownership in the first line."""

    path: str
    text: str


def render_all(plan: Plan, templates: Templates) -> Iterator[Artifact]:
    """Yields every file of the plan. At the end raises TemplateError if some could not be rendered: one problem each,
    with the targets that it hits."""
    problems = Failures()
    for planned in plan.artifacts:
        try:
            yield Artifact(planned.path, templates.render(planned, planned.target.context(plan.fleet)))
        except TemplateError as error:
            problems.add(error, planned)
    problems.throw()


class Failures:
    """The problems of templates, each with the targets that it hits."""

    def __init__(self) -> None:
        self._targets: defaultdict[Problem, list[str]] = defaultdict(list)

    def add(self, error: TemplateError, planned: PlannedArtifact) -> None:
        """Keeps an error and the target of the file that it stopped."""
        for problem in error.problems:
            self._targets[problem].append(str(planned.target))

    def throw(self) -> None:
        """Raises TemplateError with all that was added, if anything was."""
        if self._targets:
            raise TemplateError(*in_order(self._with_targets()))

    def _with_targets(self) -> Iterable[Problem]:
        for problem, targets in self._targets.items():
            named = ", ".join(targets[:_NAMED_TARGETS])
            more = len(targets) - _NAMED_TARGETS
            hits = f"{named} and {more} more" if more > 0 else named
            yield Problem(problem.code, f"{problem.message} (for {hits})", problem.at, problem.hint)
