"""The problems that resolving finds, each located by the route where the fact was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.problems import Location, Problem, Related, Route, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.source import Source


class Findings:
    """Collects problems; the stage raises them together."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self.problems: list[Problem] = []

    def add(
        self,
        code: str,
        message: str,
        route: Route,
        *,
        hint: str,
        key: bool = False,
        first: Route | None = None,
    ) -> None:
        """Adds one error at the value (or key) that the route leads to; `first` is where the same stands before."""
        related = () if first is None else (Related(self.locate(first), "it stands here already"),)
        self.problems.append(Problem(code, message, self.locate(route, key=key), hint, related=related))

    def warn(self, code: str, message: str, route: Route, *, hint: str, key: bool = False) -> None:
        """Adds one warning, which stops nothing."""
        problem = Problem(code, message, self.locate(route, key=key), hint, severity=Severity.WARNING)
        if problem not in self.problems:
            self.problems.append(problem)

    @property
    def has_errors(self) -> bool:
        """True if anything but warnings was found."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def locate(self, route: Route, *, key: bool = False) -> Location:
        """Returns the place of a route in its file."""
        return self._sources[route.path].locate(route.steps, key=key)
