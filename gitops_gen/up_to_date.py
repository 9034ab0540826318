"""Whether there is nothing to do: told from what the last run left, before the model is loaded.

This is the way of nearly every run, in an editor or a hook, so nothing is imported here that it could do without.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from gitops_gen.digests import digest_of
from gitops_gen.fingerprint import code_digest
from gitops_gen.listing import SKIPPED, TOLERATED
from gitops_gen.signatures import Signatures, settled, signature_of
from gitops_gen.state import State, read_state, write_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gitops_gen.problems import Problem


class UpToDate(NamedTuple):
    """What is known of a project in which nothing has changed."""

    files: int
    warnings: Sequence[Problem]


def up_to_date(root: Path, folder: str = "output") -> UpToDate | None:
    """Tells whether a run would change nothing, from what the file system says; None if it takes a run to know.

    Of a file that may have changed the content is compared by its digest.
    """
    state = read_state(root)
    output = f"{root}/{folder}"
    if state is None or not state.folders.paths or state.code != code_digest():
        return None
    if state.inputs.stale(str(root), follow=True):
        return None
    now = time.time_ns()
    folders, files = state.folders.stale(output), state.files.stale(output)
    if not (_are_listed(output, state, folders) and _are_content(output, state, files)):
        return None
    if folders or files:
        write_state(root, _signed_again(output, state, folders, files, now))
    return UpToDate(len(state.files.paths), state.warnings)


def _are_listed(output: str, state: State, numbers: Iterable[int]) -> bool:
    """Tells whether some folders hold what they held."""
    changed = {state.folders.paths[number] for number in numbers}
    expected: dict[str, set[str]] = {path: set() for path in changed}
    for path in (*state.files.paths, *state.folders.paths) if changed else ():
        parent, _, name = path.rpartition("/")
        if name and parent in changed:
            expected[parent].add(name)
    return all(_listing(f"{output}/{path}") == names for path, names in expected.items())


def _listing(path: str) -> set[str] | None:
    try:
        if os.path.islink(path):  # noqa: PTH114
            return None
        return set(os.listdir(path)) - SKIPPED - TOLERATED  # noqa: PTH208
    except OSError:
        return None


def _are_content(output: str, state: State, numbers: Iterable[int]) -> bool:
    """Tells whether some files hold what they held."""
    return all(_content(f"{output}/{state.files.paths[number]}") == state.content(number) for number in numbers)


def _content(path: str) -> bytes | None:
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        with os.fdopen(file, "rb") as opened:
            return digest_of(opened.read())
    except OSError:
        return None


def _signed_again(output: str, state: State, folders: Iterable[int], files: Iterable[int], now: int) -> State:
    return state._replace(
        folders=_with_new(state.folders, folders, output, now), files=_with_new(state.files, files, output, now)
    )


def _with_new(table: Signatures, numbers: Iterable[int], output: str, now: int) -> Signatures:
    """Returns a table with new signatures of some paths, if they were so before their content was looked at."""
    columns = table.numbers[:]
    for number in numbers:
        for offset, part in enumerate(settled(signature_of(f"{output}/{table.paths[number]}"), now)):
            columns[3 * number + offset] = part
    return Signatures(table.paths, columns)
