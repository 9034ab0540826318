"""Mutations of generated files: every value changed in its place in the text, and what verify then finds.

`yaml_mutations` and `hcl_mutations` enumerate them; `Bench` judges a tree of which one file is changed, and keeps what
it has read of the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeAlias

import yaml

from gitops_gen.evidence.files import File, RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.problems import Problem
    from tests.tools.generated import Generated

Steps: TypeAlias = "tuple[str | int, ...]"

_FLIPPED = {"true": "false", "false": "true"}


class Kind(StrEnum):
    """What is done to a file."""

    VALUE = "a value changed"
    KEY_REMOVED = "a key removed"
    KEY_MISSPELT = "a key misspelt"
    ITEM_REMOVED = "a list item removed"
    TYPE_CHANGED = "a value of another type"
    MADE_NULL = "a value made null"
    DOCUMENT_REMOVED = "a document removed"
    FILE_REMOVED = "a file removed"


@dataclass(frozen=True)
class Mutation:
    """One change of a file in one place."""

    path: str
    line: int
    """Counted from 1."""
    steps: Steps
    """What leads to the value in its document."""
    before: str
    after: str
    text: str | None
    """The text of the whole file with the change; None: there is no file."""
    kind: Kind = Kind.VALUE

    @property
    def where(self) -> str:
        """The steps without the numbers of list items, as `spec.destinations.name`."""
        return ".".join(step for step in self.steps if isinstance(step, str))

    @property
    def place(self) -> str:
        """The steps, as `spec.destinations.0.name`."""
        return ".".join(map(str, self.steps))

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.place}: {self.kind}: {self.before!r} -> {self.after!r}"


@dataclass(frozen=True)
class _Scalar:
    steps: Steps
    value: str
    start: int
    end: int
    """The value in the text, without its quotes."""


def yaml_mutations(path: str, text: str, siblings: Sequence[str] = ()) -> Iterator[Mutation]:
    """Yields the mutations of every scalar that is a value: a letter more, a boolean flipped, a sibling's value.

    A sibling is the same value of the next element of a list or, in a file without such a list, of the next of
    `siblings`: texts of files that are made as this one is.
    """
    scalars = list(_scalars(text))
    others = [{each.steps: each.value for each in _scalars(sibling)} for sibling in siblings]
    by_place = {each.steps: each.value for each in scalars}
    for scalar in scalars:
        for after in dict.fromkeys(_changed(scalar, by_place, others)):
            yield _mutation(path, text, scalar, after)


def hcl_mutations(path: str, text: str, siblings: Sequence[str] = ()) -> Iterator[Mutation]:
    """As `yaml_mutations`, for the strings of a variable file. The steps are the names of the attributes around it."""
    scalars = list(_strings(text))
    others = [{each.steps: each.value for each in _strings(sibling)} for sibling in siblings]
    by_place = {each.steps: each.value for each in scalars}
    for scalar in scalars:
        for after in dict.fromkeys(_changed(scalar, by_place, others)):
            yield _mutation(path, text, scalar, after)


def digit_mutations(path: str, text: str) -> Iterator[Mutation]:
    """Yields the mutations of every scalar with a digit, in YAML or in a variable file: the last one is another."""
    for scalar in _strings(text) if path.endswith(".tfvars") else _scalars(text):
        digit = re.search(r"[0-9](?=[^0-9\n]*$)", scalar.value)
        if digit is not None:
            other = str((int(digit[0]) + 1) % 10)
            yield _mutation(path, text, scalar, f"{scalar.value[: digit.start()]}{other}{scalar.value[digit.end() :]}")


@dataclass(frozen=True)
class Harmless:
    """Mutations that no rule can find, since nothing else says what they say."""

    path: str
    where: str
    after: tuple[str, ...]
    """What the value becomes, as patterns."""
    reason: str
    kinds: tuple[Kind, ...] = (Kind.VALUE,)
    before: str = "*"
    """What is changed or taken away, as a pattern."""
    is_gap: bool = False
    """True for what verify should find and does not: docs/verify.md names it."""

    def covers(self, mutation: Mutation) -> bool:
        """True if the mutation is one of them. A pattern of places with numbers is for these items of lists only."""
        place = mutation.place if re.search(r"\.[0-9[]", self.where) else mutation.where
        return (
            mutation.kind in self.kinds
            and fnmatchcase(mutation.path, self.path)
            and fnmatchcase(place, self.where)
            and fnmatchcase(mutation.before, self.before)
            and any(fnmatchcase(mutation.after, each) for each in self.after)
        )


class Bench:
    """A generated tree that is judged again and again, each time with one file changed."""

    def __init__(self, tree: Generated) -> None:
        self._tree = tree
        self._repositories = repositories({tree.url: "."})
        self._read = self._files(tree.files)
        self.judged_unchanged = self._judged(self._read)

    def problems(self, mutation: Mutation) -> tuple[Problem, ...]:
        """Returns the problems that the tree has with the mutation, and has not without it."""
        texts = {path: text for path, text in self._tree.files.items() if path != mutation.path}
        full = f"{self._tree.folder}/{mutation.path}"
        if mutation.text is not None:
            texts[mutation.path] = mutation.text
        files = self._files(texts)
        files._files |= {path: file for path, file in self._read._files.items() if path != full}
        if mutation.text is not None:
            files._files[full] = File(full, mutation.text)
        return tuple(problem for problem in self._judged(files) if problem not in self.judged_unchanged)

    def points_at(self, mutation: Mutation, problems: Sequence[Problem]) -> bool:
        """Tells whether a problem is in the changed file, or names it as the other end."""
        full = f"{self._tree.folder}/{mutation.path}"
        if mutation.kind is Kind.FILE_REMOVED:
            name = _called(self._tree.files[mutation.path])
            return any(_names_removed(full, name, problem) for problem in problems)
        return any(full in (problem.at.path, *(related.at.path for related in problem.related)) for problem in problems)

    def _files(self, texts: dict[str, str]) -> RenderedFiles:
        return RenderedFiles(self._tree.root, self._tree.folder, texts)

    def _judged(self, files: RenderedFiles) -> tuple[Problem, ...]:
        """Returns errors and warnings: a note says that nobody can say."""
        found = judge(Graph(files, (self._tree.folder,), self._repositories), jobs=1).problems
        return tuple(problem for problem in found if problem.severity is not Severity.NOTE)


def _called(text: str) -> str:
    """Returns the name of the object of a file, or of the cluster of a variable file."""
    found = re.search(r'^(?:  name: |cluster_name\s*= )"(?P<name>[^"]*)"', text, re.MULTILINE)
    return found["name"] if found else ""


def _names_removed(path: str, name: str, problem: Problem) -> bool:
    """Tells whether a problem is at the other end of a link to a file that is gone, and names what it was.

    It says its path or its folder, the cluster or the project that it was for or, of an ApplicationSet, which files of
    its app nothing takes.
    """
    if "/applicationsets/" in path:
        return any(f"/apps/{name}/" in each.path for each in (problem.at, *(each.at for each in problem.related)))
    if path.endswith(".tfvars") or "/projects/" in path:
        return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", problem.message) is not None
    return path in problem.message or path.rpartition("/")[0] in problem.message


def _changed(scalar: _Scalar, values: dict[Steps, str], others: Sequence[dict[Steps, str]]) -> Iterator[str]:
    yield _lengthened(scalar.value)
    if scalar.value in _FLIPPED:
        yield _FLIPPED[scalar.value]
    sibling = _sibling(scalar, values)
    if sibling is None:
        sibling = next(
            (each[scalar.steps] for each in others if each.get(scalar.steps, scalar.value) != scalar.value), None
        )
    if sibling is not None:
        yield sibling


def _lengthened(value: str) -> str:
    """Returns a value with a letter more, which a text of several lines gets at the end of the last one."""
    stripped = value.rstrip("\n")
    return f"{stripped}x{value[len(stripped) :]}"


def _sibling(scalar: _Scalar, values: dict[Steps, str]) -> str | None:
    """Returns the next different value at the same place of another element, of the innermost list that has one."""
    for index in reversed(range(len(scalar.steps))):
        number, start, end = scalar.steps[index], scalar.steps[:index], scalar.steps[index + 1 :]
        if isinstance(number, int):
            numbers = sorted({each for steps in values for each in _numbers(steps, start)})
            for other in (each for each in numbers[number + 1 :] + numbers[:number]):
                found = values.get((*start, other, *end))
                if found is not None and found != scalar.value:
                    return found
    return None


def _numbers(steps: Steps, start: Steps) -> Iterator[int]:
    """Yields the number of the list item that some steps lead into, if the list is at the start."""
    if len(steps) > len(start) and steps[: len(start)] == start and isinstance(steps[len(start)], int):
        yield int(steps[len(start)])


def _mutation(path: str, text: str, scalar: _Scalar, after: str) -> Mutation:
    changed = text[: scalar.start] + _spliced(text, scalar, after) + text[scalar.end :]
    return Mutation(path, text.count("\n", 0, scalar.start) + 1, scalar.steps, scalar.value, after, changed)


def _spliced(text: str, scalar: _Scalar, after: str) -> str:
    """Returns how the new value stands in the text; one of several lines only grows at its end."""
    written = text[scalar.start : scalar.end]
    if "\n" in written:
        assert after == _lengthened(scalar.value)
        stripped = written.rstrip()
        return f"{stripped}x{written[len(stripped) :]}"
    return after


def _scalars(text: str) -> Iterator[_Scalar]:
    for index, root in enumerate(yaml.compose_all(text, Loader=yaml.CSafeLoader)):
        yield from _below(root, (index,) if index else (), text)


def _below(node: yaml.Node, steps: Steps, text: str) -> Iterator[_Scalar]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _below(value, (*steps, key.value), text)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _below(item, (*steps, index), text)
    elif isinstance(node, yaml.ScalarNode):
        quote = 1 if node.style in ('"', "'") else 0
        yield _Scalar(steps, node.value, node.start_mark.index + quote, node.end_mark.index - quote)


_NAME = re.compile(r'^\s*"?(?P<name>[\w./-]+)"?\s*=\s*')
_STRING = re.compile(r'"(?P<value>(?:[^"\\]|\\.)*)"')


def _strings(text: str) -> Iterator[_Scalar]:
    around: list[str] = []
    counts: dict[Steps, int] = {}
    start = 0
    for line in text.splitlines(keepends=True):
        found = _NAME.match(line)
        name = found["name"] if found else None
        for string in _STRING.finditer(line, found.end() if found else 0):
            steps: Steps = (*around, name) if name else (*around, counts.setdefault(tuple(around), 0))
            if name is None:
                counts[tuple(around)] += 1
            yield _Scalar(steps, string["value"], start + string.start("value"), start + string.end("value"))
        if line.rstrip().endswith(("{", "[")):
            around.append(name or "")
        elif line.strip().rstrip(",") in ("}", "]"):
            around.pop()
        start += len(line)
