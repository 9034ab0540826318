"""Whether there is nothing to do: told from what the last run left, before the model is loaded.

This is the way of nearly every run, in an editor or a hook, so nothing is imported here that it could do without.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from gitops_gen.digests import digest_of
from gitops_gen.last_run.fingerprint import code_digest
from gitops_gen.last_run.state import State, read_state, write_state
from gitops_gen.output_names import SKIPPED, TOLERATED
from gitops_gen.signature import settled, signature_of
from gitops_gen.signatures import Signatures, all_stale

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def trusted_state(root: Path) -> State | None:
    """Returns what the last run left, if it was made by what makes the files now."""
    state = read_state(root)
    return state if state is not None and state.code == code_digest() else None


def up_to_date(root: Path, state: State, folder: str = "output") -> bool:
    """Tells whether it is plain from what the file system says that a run would change nothing.

    Of a file that may have changed the content is compared by its digest.
    """
    output = f"{root}/{folder}"
    if not state.folders.paths or state.inputs.stale(str(root), follow=True):
        return False
    now = time.time_ns()
    folders, files = all_stale(output, state.folders, state.files)
    if not (are_listed(output, state, folders) and are_content(output, state, files)):
        return False
    if folders or files:
        write_state(root, signed_again(output, state, folders, files, now))
    return True


def are_listed(output: str, state: State, numbers: Iterable[int]) -> bool:
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


def are_content(output: str, state: State, numbers: Iterable[int]) -> bool:
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


def signed_again(output: str, state: State, folders: Iterable[int], files: Iterable[int], now: int) -> State:
    """Returns a state with new signatures of some folders and files, which hold what they held at a time (ns)."""
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
