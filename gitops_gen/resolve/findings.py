"""The problems that resolving finds, each located by the route where the fact was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from gitops_gen.problems import STANDS_ALREADY, Location, Problem, Related, Route, Severity, some_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.source import Source


class Findings:
    """Collects problems; the stage raises them together."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._found: dict[Problem, dict[str, None]] = {}
        """What was found, with the names of what each hits, in the order in which they came."""

    def add(
        self,
        code: str,
        message: str,
        route: Route,
        *,
        hint: str,
        key: bool = False,
        first: Route | None = None,
        said: str = STANDS_ALREADY,
        hits: str | None = None,
    ) -> None:
        """Adds one error at the value (or key) that the route leads to.

        `first` is another place that it speaks of, and `said` what is there. Where one mistake hits many, each adds
        it with its own name as `hits`: it is told once, with their names in the place of {hits} in the message.
        """
        related = () if first is None else (Related(self.locate(first, key=key), said),)
        names = self._found.setdefault(Problem(code, message, self.locate(route, key=key), hint, related=related), {})
        if hits is not None:
            names[hits] = None

    def warn(self, code: str, message: str, route: Route, *, hint: str, key: bool = False) -> None:
        """Adds one warning, which stops nothing."""
        problem = Problem(code, message, self.locate(route, key=key), hint, severity=Severity.WARNING)
        self._found.setdefault(problem, {})

    def note(self, code: str, message: str, route: Route, *, hint: str) -> None:
        """Adds what a person may want to know, at the key that the route leads to. It stops nothing."""
        problem = Problem(code, message, self.locate(route, key=True), hint, severity=Severity.NOTE)
        self._found.setdefault(problem, {})

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that was found, each once."""
        return tuple(
            problem._replace(message=problem.message.replace("{hits}", some_of(tuple(names)))) if names else problem
            for problem, names in self._found.items()
        )

    @property
    def has_errors(self) -> bool:
        """True if anything but warnings and notes was found."""
        return any(problem.severity is Severity.ERROR for problem in self._found)

    def unheard(self) -> Findings:
        """Returns findings that nobody is told: of what is resolved, but may never come to be."""
        return Findings(self._sources)

    def stated(self, *routes: Route) -> Route:
        """Returns the first of the routes at which something is written, or else the last one."""
        return next((route for route in routes if self._is_written(route)), routes[-1])

    def locate(self, route: Route, *, key: bool = False) -> Location:
        """Returns the place of a route in its file."""
        return self._sources[route.path].locate(route.steps, key=key)

    def _is_written(self, route: Route) -> bool:
        value: object = self._sources[route.path].data
        for step in route.steps:
            steps = range(len(value)) if isinstance(value, list) else value
            if not isinstance(steps, dict | range) or step not in steps:
                return False
            value = cast("dict[str | int, object]", value)[step]
        return True
