"""What a commit of the bot has below the output folder: what the base has, and what the model says instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.evidence.files import parents_of
from gitops_gen.problems import Location, OutputError, Problem, in_order
from gitops_gen.tree import is_owned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gitops_gen.git import Entry
    from gitops_gen.quarantine import Quarantine

_REGULAR = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Content:
    """Paths are relative to the output folder; all files are text and ours, unless it is said otherwise."""

    old: Mapping[str, str]
    """The files at the base."""
    new: Mapping[str, str]
    """The files afterwards."""
    written: Mapping[str, bytes]
    """Those that differ from the base, or are not there."""
    executable: frozenset[str]
    """Which of them somebody made executable."""
    deleted: tuple[str, ...]
    kept: tuple[str, ...]
    """No longer planned, and left alone, since they may be a protected environment's."""


def content_of(
    git: Quarantine, commit: str, folder: str, texts: Mapping[str, str], may_prune: Callable[[str], bool]
) -> Content:
    """Compares what the model says with a commit. `folder` is the output folder in the repository; "" is its root.

    Raises OutputError where a file that is not ours stands in the way.
    """
    entries = git.files(commit, folder)
    owned = _owned(git, entries)
    orphans = sorted(owned.keys() - texts.keys())
    deleted = tuple(path for path in orphans if may_prune(path))
    staying = entries.keys() - set(deleted)
    _refuse_obstacles(folder, texts, staying, staying - owned.keys())
    data = {path: text.encode() for path, text in texts.items()}
    kept = tuple(path for path in orphans if path not in deleted)
    old = {path: blob.decode("utf-8", "replace") for path, blob in owned.items()}
    return Content(
        old,
        {**texts, **{path: old[path] for path in kept}},
        {path: text for path, text in data.items() if owned.get(path) != text},
        frozenset(path for path, (mode, _) in entries.items() if mode == "100755"),
        deleted,
        kept,
    )


def _owned(git: Quarantine, entries: Mapping[str, Entry]) -> Mapping[str, bytes]:
    regular = {path: name for path, (mode, name) in entries.items() if mode in _REGULAR}
    blobs = git.blobs(regular.values())
    return {path: blobs[name] for path, name in regular.items() if is_owned(blobs[name].split(b"\n", 1)[0])}


def _refuse_obstacles(folder: str, texts: Mapping[str, str], staying: set[str], foreign: set[str]) -> None:
    in_the_way = {path: _obstacles(path, staying, foreign) for path in texts}
    below = {above for path in staying for above in parents_of(path)}
    in_the_way |= {path: (path,) for path in texts.keys() & below}
    problems = [_problem(folder, each) for found in in_the_way.values() for each in found]
    if problems:
        raise OutputError(*in_order(problems))


def _obstacles(path: str, staying: set[str], foreign: set[str]) -> tuple[str, ...]:
    files_above = (each for each in parents_of(path) if each in staying)
    return (*files_above, *((path,) if path in foreign else ()))


def _problem(folder: str, path: str) -> Problem:
    return Problem(
        "foreign-file",
        "what stands here on the base is not ours, and a generated file belongs here",
        Location(f"{folder}/{path}" if folder else path),
        "move it away on the base, or give the artifact another path in templates/artifacts.yaml",
    )
