"""What keeps the workload alive when a cluster leaves an ApplicationSet: the guards in force in the committed output.

Source of the rules: Argo CD, RenderTemplateParams in applicationset/utils/utils.go. An Application gets the
finalizer that deletes its resources unless the ApplicationSet preserves them, or if the template names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.kinds import FINALIZER
from gitops_gen.problems import Location, Problem
from gitops_gen.source import read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.committed import Committed
    from gitops_gen.model import GitopsRepo
    from gitops_gen.source import Documents
    from gitops_gen.yaml_reader.limits import Step, Value

_KEEPS_APPLICATIONS = frozenset({"create-only", "create-update"})
_PARAMETER = re.compile(r"\{\{-?\s*\.?(\w+)\s*-?\}\}")

Element: TypeAlias = "dict[str, Value]"


@dataclass(frozen=True, slots=True)
class RolledOut:
    """An Application of a cluster, as the committed output makes it, and which guards are missing around it."""

    application: str
    """Its name; empty where only Argo CD can tell."""
    application_set: str
    at: Location
    """Where the ApplicationSet stands, at HEAD."""
    application_stays: bool
    """True where the ApplicationSet says that the controller deletes no Application."""
    missing: tuple[Problem, ...]


def rolled_out(committed: Committed, repo: GitopsRepo, cluster: str) -> tuple[RolledOut, ...]:
    """Returns the Applications of a cluster in the committed output."""
    found: list[RolledOut] = []
    for path in sorted(committed.paths_holding("ApplicationSet")):
        documents = read_documents(committed.shown(path), committed.text(path) or "")
        for index, value in enumerate(documents.values):
            if isinstance(value, dict) and value.get("kind") == "ApplicationSet":
                found.extend(_Set(documents, index, value).of_cluster(committed, repo, cluster))
    return tuple(found)


class _Set:
    """One ApplicationSet of the committed output."""

    def __init__(self, documents: Documents, index: int, value: Element) -> None:
        self._documents = documents
        self._index = index
        self._spec = _map(value.get("spec"))
        self.name = str(_map(value.get("metadata")).get("name"))

    def of_cluster(self, committed: Committed, repo: GitopsRepo, cluster: str) -> Iterator[RolledOut]:
        for element in self._elements(committed, repo, cluster):
            yield RolledOut(
                application=self._application(element),
                application_set=self.name,
                at=self._locate("spec", "syncPolicy"),
                application_stays=self._sync_policy.get("applicationsSync") in _KEEPS_APPLICATIONS,
                missing=tuple(self._missing()),
            )

    @property
    def _sync_policy(self) -> Element:
        return _map(self._spec.get("syncPolicy"))

    def _elements(self, committed: Committed, repo: GitopsRepo, cluster: str) -> Iterator[Element]:
        generators = self._spec.get("generators")
        for generator in generators if isinstance(generators, list) else []:
            kinds = _map(generator)
            for element in _list_elements(kinds):
                if cluster in element.values():
                    yield element
            for pattern in _file_patterns(kinds):
                yield from _file_elements(pattern, committed, repo, cluster)
            if not _list_elements(kinds) and not _file_patterns(kinds) and not kinds.keys() <= {"list", "selector"}:
                # Only Argo CD knows what the others make, so each of them may make something for the cluster.
                yield {}

    def _application(self, element: Element) -> str:
        template = _map(_map(self._spec.get("template")).get("metadata")).get("name")
        name = _PARAMETER.sub(lambda found: str(element.get(found[1], found[0])), str(template))
        return "" if "{{" in name or not element else name

    def _missing(self) -> Iterator[Problem]:
        preserve = ("spec", "syncPolicy", "preserveResourcesOnDeletion")
        if self._sync_policy.get(preserve[-1]) is not True:
            message = f"{preserve[-1]} is not true: with an Application, all that it deployed is deleted"
            yield self._problem(message, preserve)
        for steps in _places_of(FINALIZER, self._spec, ("spec",)):
            message = f"{FINALIZER} stands in the template: with an Application, all that it deployed is deleted"
            yield self._problem(message, steps)

    def _problem(self, message: str, steps: tuple[Step, ...]) -> Problem:
        hint = "generate, commit and roll out the guard first; once Argo CD has it, run this again"
        return Problem("guard-missing", f"ApplicationSet {self.name}, at HEAD: {message}", self._locate(*steps), hint)

    def _locate(self, *steps: Step) -> Location:
        return self._documents.locate(self._index, steps)


def _list_elements(generator: Element) -> list[Element]:
    elements = _map(generator.get("list")).get("elements")
    return [_map(each) for each in elements] if isinstance(elements, list) else []


def _file_patterns(generator: Element) -> list[str]:
    files = _map(generator.get("git")).get("files")
    return [str(_map(each).get("path")) for each in files] if isinstance(files, list) else []


def _file_elements(pattern: str, committed: Committed, repo: GitopsRepo, cluster: str) -> Iterator[Element]:
    """Yields what the files say that a git file generator reads. Its paths are those of the gitops repository."""
    for path in committed.paths_holding(cluster):
        if _matches(repo.at(path), pattern):
            for value in read_documents(path, committed.text(path) or "").values:
                if cluster in _map(value).values():
                    yield _map(value)


def _matches(path: str, pattern: str) -> bool:
    """True if a path fits a pattern in which `*` stands for a part of one folder's name."""
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _places_of(text: str, value: Value, steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Yields where a text stands in any string of a value."""
    if isinstance(value, str) and text in value:
        yield steps
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _places_of(text, inner, (*steps, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places_of(text, inner, (*steps, index))


def _map(value: Value) -> Element:
    return value if isinstance(value, dict) else {}
