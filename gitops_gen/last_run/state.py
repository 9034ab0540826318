"""What the last run knew of the disk when it ended, kept in a file beside the project: it makes the next run short.

The file may be deleted, damaged, or come from another version or another machine: whatever does not hold costs only
speed. Nothing in it is run, and nothing of it gets into a generated file.
"""

from __future__ import annotations

import json
import os
from array import array
from contextlib import suppress
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING

from gitops_gen.digests import DIGEST_SIZE, NO_KEY
from gitops_gen.joined_paths import JoinedPaths, joined
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.sealed_file import body_of, open_at_once, replace, sealed, start_of_body
from gitops_gen.signatures import NUMBERS, Signatures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gitops_gen.problems import Problem
    from gitops_gen.sealed_file import Part
    from gitops_gen.signature import Signature

FOLDER = ".gitops_gen_cache"
"""Beside environments/. It tells git to ignore it."""

_FILE = f"{FOLDER}/state"
_MAGIC = b"gitops_gen state 4\n"


class Known(NamedTuple):
    """What is known of one generated file."""

    key: bytes | None
    """A digest of what its text follows from; None for one that is made anew each time."""
    content: bytes
    """A digest of its bytes."""
    signature: Signature
    """The file's, when it had those bytes."""


class State(NamedTuple):
    """What a run knew when it ended."""

    code: str
    """What the files were made with."""
    inputs: Signatures
    """The files that were read and the folders that were listed, relative to the root."""
    folders: Signatures
    """The folders of the output, relative to it. Empty where they held what is not generated."""
    files: Signatures
    """The generated files, relative to the output folder."""
    digests: bytes | memoryview
    """For each file its key and its content, one after the other."""
    warnings: Sequence[Problem] = ()
    """The warnings of the model."""
    fleet: bytes | memoryview = b""
    """What was known of the model, as `known_fleet` writes it; empty where nothing is."""

    def digests_of(self, index: int) -> bytes:
        """Returns the key of a file, or NO_KEY, and the digest of its bytes, by its number."""
        return bytes(self.digests[2 * DIGEST_SIZE * index : 2 * DIGEST_SIZE * (index + 1)])

    def key(self, index: int) -> bytes | None:
        """Returns the key of a file by its number."""
        found = self.digests_of(index)[:DIGEST_SIZE]
        return None if found == NO_KEY else found

    def content(self, index: int) -> bytes:
        """Returns the digest of a file's bytes by its number."""
        return self.digests_of(index)[DIGEST_SIZE:]


NOTHING_KNOWN = State("", Signatures(), Signatures(), Signatures(), b"")
"""Of a run that did not leave a state."""


def with_files(state: State, files: Mapping[int, Known]) -> State:
    """Returns a state in which something else is known of some files, by their number."""
    numbers, digests = state.files.numbers[:], bytearray(state.digests)
    for number, known in files.items():
        numbers[3 * number : 3 * number + 3] = array("q", known.signature)
        start = 2 * DIGEST_SIZE * number
        digests[start : start + 2 * DIGEST_SIZE] = (known.key or NO_KEY) + known.content
    return state._replace(files=Signatures(state.files.paths, numbers), digests=bytes(digests))


def stamp_of(root: Path) -> bytes:
    """Returns what tells the state of a project from any other; empty if there is none."""
    try:
        with open(f"{root}/{_FILE}", "rb", opener=open_at_once) as file:
            return file.read(start_of_body(_MAGIC))
    except OSError:
        return b""


def read_state(root: Path) -> State | None:
    """Returns the state of a project; None if there is none that can be read."""
    try:
        with open(f"{root}/{_FILE}", "rb", opener=open_at_once) as file:
            data = file.read()
        return _decoded(data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_state(root: Path, state: State) -> None:
    """Keeps a state. Where that is not possible, the next run takes longer."""
    with suppress(OSError):
        os.makedirs(f"{root}/{FOLDER}", exist_ok=True)  # noqa: PTH103 - a Path is not loaded here
        replace(f"{root}/{FOLDER}/.gitignore", [b"*\n"])
        replace(f"{root}/{_FILE}", sealed(_MAGIC, _encoded(state)))


def _encoded(state: State) -> list[Part]:
    """Returns the bytes of a state in parts: a line of JSON, then the tables, which are long, as they are."""
    tables = (state.inputs, state.folders, state.files)
    blocks = [joined(table.paths) for table in tables]
    head = {
        "code": state.code,
        "warnings": [_plain(each) for each in state.warnings],
        "tables": [[len(table.paths), [*map(len, paths)]] for table, paths in zip(tables, blocks, strict=True)],
    }
    numbers = [table.numbers for table in tables]
    return [json.dumps(head).encode(), b"\n", *chain(*blocks), *numbers, state.digests, state.fleet]


def _decoded(data: bytes) -> State:
    """Raises ValueError, KeyError, TypeError or AttributeError for what is no state."""
    body, start = body_of(_MAGIC, data), start_of_body(_MAGIC)
    at = data.index(b"\n", start) + 1 - start
    head = json.loads(bytes(body[:at]))
    paths: list[JoinedPaths] = []
    for count, sizes in head["tables"]:
        ends = [*accumulate(sizes, initial=at)]
        paths.append(JoinedPaths([body[start:end] for start, end in pairwise(ends)], count))
        at = ends[-1]
    tables: list[Signatures] = []
    for each in paths:
        end = at + len(each) * NUMBERS
        numbers = array("q")
        numbers.frombytes(body[at:end])
        tables.append(Signatures(each, numbers))
        at = end
    inputs, folders, files = tables
    end = at + 2 * DIGEST_SIZE * len(files.paths)
    warnings = tuple(_problem(*each) for each in head["warnings"])
    return State(head["code"], inputs, folders, files, body[at:end], warnings, body[end:])


def _plain(problem: Problem) -> list[object]:
    """Returns a warning as JSON can say it; `_problem` undoes it."""
    related = [[each.at.path, each.at.line, each.at.column, each.message] for each in problem.related]
    at = problem.at
    severity = str(problem.severity)
    return [problem.code, severity, problem.message, at.path, at.line, at.column, problem.hint, related]


def _problem(
    code: str,
    severity: str,
    message: str,
    path: str,
    line: int,
    column: int,
    hint: str,
    related: list[tuple[str, int, int, str]],
) -> Problem:
    from gitops_gen.problems import Location, Problem, Related, Severity

    others = tuple(Related(Location(file, row, offset), what) for file, row, offset, what in related)
    return Problem(code, message, Location(path, line, column), hint, Severity(severity), others)
