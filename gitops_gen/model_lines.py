"""The line of a model file that a generated line comes from, for what is wrong in a generated file.

The mark of a file names its model file. What to touch there is the fact of the cluster or of the app that the line has
for its value, or of which the message speaks; else the fact that the line names; else, in the file of an environment,
the entry of the cluster. Where none of them is certain, the file alone is named. Only what is broken is looked at in
this way: the rules read nothing but rendered files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.problems import GitopsGenError, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from gitops_gen.facts import Fact
    from gitops_gen.facts.origins import FactValue
    from gitops_gen.judge import Verdict
    from gitops_gen.load import Loaded
    from gitops_gen.model import Release
    from gitops_gen.problems import Location, Problem, Related

GENERATED_FROM = "it is generated from this"
"""What is said of the model file of a generated file."""
_GONE = "it was generated from this, which is gone; what is left of it goes with: gitops-gen generate --prune"
"""What is said of it where the model of the project no longer has it: an app, or an environment, was taken away."""

_MOST = 2_000
"""Problems that get a line. Where more is broken, few causes are behind it."""
_SHORTEST = 4
"""Characters of a value that tells a fact without its key."""
_KEY = re.compile(r"""^[\s-]*+["']?(?P<name>[\w.-]++)["']?\s*+[:=]""")
_LAST = re.compile(r"""(?:^|[\s:=]|(?<![\w.-])-)["']?(?P<name>[\w.-]++)["']?[\s,]*+$""")
"""A name as the key of a line, and as what it says. An app has paths and namespaces of more than one kind.

It is a whole word: to try each part of a long one, such as a rule of hyphens, would take minutes.
"""
_VALUE = r"""(?:^|[\s:=-])["']?%s["']?[\s,]*$"""
"""A text that is all that a line says."""
_WORD = r"(?<![\w./:-])%s(?![\w/:-])"
"""A text that stands by itself in a message."""


def with_model_lines(verdict: Verdict, root: Path, text_of: Callable[[str], str]) -> Verdict:
    """Returns a verdict in which errors and warnings name the line of the model file, as far as it is certain.

    `text_of` returns the text of a generated file by its path.
    """
    lines = _ModelLines(root, text_of)
    problems = [
        lines.named_in(problem) if number < _MOST and problem.severity is not Severity.NOTE else problem
        for number, problem in enumerate(verdict.problems)
    ]
    return verdict._replace(problems=tuple(problems))


class _ModelLines:
    """The model of a project, loaded when the first line of it is asked for."""

    def __init__(self, root: Path, text_of: Callable[[str], str]) -> None:
        self._root, self._text_of = root, text_of
        self._facts: dict[tuple[str, str, str], Sequence[Fact]] = {}
        self._lines: dict[str, Sequence[str]] = {}

    def named_in(self, problem: Problem) -> Problem:
        """Returns a problem that names the line of its model file, if one is certain."""
        related = [self._named(problem, each) if each.message == GENERATED_FROM else each for each in problem.related]
        return problem._replace(related=tuple(related))

    def _named(self, problem: Problem, model_file: Related) -> Related:
        path = model_file.at.path
        if self._has_model and not (self._root / path).exists():
            return model_file._replace(message=_GONE)
        return model_file._replace(at=self._line(problem, path) or model_file.at)

    def _line(self, problem: Problem, model_file: str) -> Location | None:
        releases = self._releases(problem.cluster, model_file)
        if not releases:
            return None
        line = self._generated(problem.at)
        # What is said of all of them stands in one place, and not in an entry of one.
        ends = (releases[0], releases[-1])
        found = {self._of_release(release, model_file, line, problem.message) for release in ends}
        return found.pop() if len(found) == 1 else None

    def _generated(self, at: Location) -> str:
        """Returns a line of a generated file; an empty one for the file as a whole."""
        lines = self._lines.get(at.path)
        if lines is None:
            lines = self._lines[at.path] = self._text_of(at.path).splitlines()
        return lines[at.line - 1] if 0 < at.line <= len(lines) else ""

    def _releases(self, cluster: str, model_file: str) -> Sequence[Release]:
        """Returns the releases whose facts a line may have: those of the cluster, or else all of the file."""
        of_cluster, of_file = self._by_cluster.get(cluster, ()), self._by_file.get(model_file, ())
        return [each for each in of_cluster if model_file in _files_of(each)] or of_file

    def _of_release(self, release: Release, model_file: str, line: str, message: str) -> Location | None:
        key = (release.cluster.name, release.app.name, model_file)
        if key not in self._facts:
            self._facts[key] = tuple(self._written_in(release, model_file))
        ways = (_LAST,) if model_file == release.app.route.path else (_KEY, _LAST)
        certain = _stated(self._facts[key], line, message) or _named(self._facts[key], line, ways)
        if certain is not None or self._loaded is None or model_file != release.cluster.route.path:
            return certain
        return self._loaded.written.sources[model_file].locate(release.cluster.route.steps)

    def _written_in(self, release: Release, model_file: str) -> Iterator[Fact]:
        """Yields the facts of a cluster, or of an app on it, that a file states."""
        from gitops_gen.facts.origins import Origins
        from gitops_gen.facts.places import place_facts
        from gitops_gen.facts.releases import release_facts

        if self._loaded is not None:
            origins = Origins(self._loaded.written, release.cluster)
            yield from _in_file(place_facts(self._loaded, release.cluster, origins), model_file)
            yield from _in_file(release_facts(self._loaded, release, origins), model_file)

    @cached_property
    def _has_model(self) -> bool:
        from gitops_gen.evidence import is_project

        return is_project(self._root)

    @cached_property
    def _loaded(self) -> Loaded | None:
        from gitops_gen.load import load_with_warnings

        try:
            return load_with_warnings(self._root)
        except GitopsGenError:
            return None

    @cached_property
    def _by_cluster(self) -> dict[str, list[Release]]:
        found: dict[str, list[Release]] = {}
        for release in self._loaded.fleet.releases if self._loaded else ():
            found.setdefault(release.cluster.name, []).append(release)
        return found

    @cached_property
    def _by_file(self) -> dict[str, list[Release]]:
        found: dict[str, list[Release]] = {}
        for release in self._loaded.fleet.releases if self._loaded else ():
            for file in _files_of(release):
                found.setdefault(file, []).append(release)
        return found


def _files_of(release: Release) -> tuple[str, str]:
    """Returns the files that say of which app, and on which cluster, a release is."""
    return release.app.route.path, release.cluster.route.path


def _in_file(facts: Iterable[Fact], path: str) -> Iterator[Fact]:
    return (fact for fact in facts if fact.at is not None and fact.at.path == path)


def _stated(facts: Sequence[Fact], line: str, message: str) -> Location | None:
    """Returns where the fact is written that a line states: the longest one, if that is written in one place."""
    found: dict[int, set[Location]] = {}
    for fact in facts:
        for text in _texts(fact.value):
            if fact.at is not None and text in line and _is_meant(re.escape(text), line, message):
                found.setdefault(len(text), set()).add(fact.at)
    return _only(found[max(found)]) if found else None


def _is_meant(escaped: str, line: str, message: str) -> bool:
    """True for the whole value of a line, and for a part of it that the message names by itself."""
    return bool(re.search(_VALUE % escaped, line) or re.search(_WORD % escaped, message))


def _texts(value: FactValue) -> Iterator[str]:
    """Yields the words of a value: that of a secret has its path and the property."""
    for text in value if isinstance(value, tuple) else (value,):
        if isinstance(text, str | int | float) and not isinstance(text, bool):
            yield from (word for word in str(text).split() if len(word) >= _SHORTEST)


def _named(facts: Sequence[Fact], line: str, ways: Iterable[re.Pattern[str]]) -> Location | None:
    """Returns where the fact is written that a line calls by its name, in one of some ways, if there is one only."""
    names = {found["name"] for way in ways if (found := way.search(line))}
    return _only({fact.at for fact in facts if fact.at is not None and fact.name.rpartition(".")[2] in names})


def _only(found: set[Location]) -> Location | None:
    return found.pop() if len(found) == 1 else None
