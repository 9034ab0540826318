"""A plan to texts: every file is rendered, and what stops some of them is told once, with the targets that it hits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.data_classes import frozen
from gitops_gen.problems import Problem, TemplateError, in_order, some_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.plan import Plan, PlannedArtifact
    from gitops_gen.problems import Location
    from gitops_gen.templating.templates import Templates


@frozen
class Artifact:
    """A generated file: its path below output/, and its text with the mark of ownership in the first line."""

    path: str
    text: str


def render_all(plan: Plan, templates: Templates) -> Iterator[Artifact]:
    """Yields every file of the plan. Raises as `render_each`."""
    return (Artifact(planned.path, text) for planned, text in render_each(plan, templates))


def render_each(plan: Plan, templates: Templates) -> Iterator[tuple[PlannedArtifact, str]]:
    """Yields the text of every file of the plan. At the end raises TemplateError if some could not be rendered: one
    problem each, with the targets that it hits."""
    problems = Failures()
    # A template that never ends is not tried again for ten thousand clusters.
    spent: set[str] = set()
    for planned in plan.artifacts:
        if planned.spec.name in spent:
            continue
        try:
            yield planned, templates.render(planned, planned.target.context(plan.fleet))
        except TemplateError as error:
            problems.add(error, planned)
            if any(problem.code == "template-too-much" for problem in error.problems):
                spent.add(planned.spec.name)
    problems.throw()


class Failures:
    """The problems of templates, each with the targets that it hits."""

    def __init__(self) -> None:
        self._targets: dict[tuple[str, Location], tuple[Problem, list[str]]] = {}

    def add(self, error: TemplateError, planned: PlannedArtifact) -> None:
        """Keeps an error and the target of the file that it stopped."""
        for problem in error.problems:
            # The message may show a value, which differs from target to target: that of the first one stands for all.
            _, targets = self._targets.setdefault((problem.code, problem.at), (problem, []))
            targets.append(str(planned.target))

    def throw(self) -> None:
        """Raises TemplateError with all that was added, if anything was."""
        if self._targets:
            raise TemplateError(*in_order(self._with_targets()))

    def _with_targets(self) -> Iterable[Problem]:
        for problem, targets in self._targets.values():
            yield problem._replace(message=f"{problem.message} (for {some_of(targets)})")
