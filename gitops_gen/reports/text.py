"""Problems and changes as a person reads them in a terminal. Colour is put on here and taken off by the stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click import style

from gitops_gen.problems import Severity
from gitops_gen.tree import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.pipeline import Outcome
    from gitops_gen.problems import Problem

SHOWN = 20
"""Changes that are listed before the others are counted."""

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
_VERBS = {
    ChangeKind.MISSING: "added",
    ChangeKind.CHANGED: "changed",
    ChangeKind.ORPHANED: "deleted",
}


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Yields `path:line:column: code: message`, related places, and the hint, for each problem."""
    for problem in problems:
        code = style(problem.code, fg=_COLOURS[problem.severity], bold=True)
        kind = "warning: " if problem.severity is Severity.WARNING else ""
        yield f"{style(str(problem.at), bold=True)}: {kind}{code}: {problem.message}"
        for related in problem.related:
            yield f"  {related.at}: {related.message}"
        if problem.hint:
            yield f"  hint: {problem.hint}"


def generate_lines(outcome: Outcome, folder: str) -> Iterator[str]:
    """Yields what a run wrote, and what it left alone."""
    written = [change for change in outcome.changes if _is_done(outcome, change.path, change.kind)]
    yield from _listed([f"{_VERBS[change.kind]:8} {folder}/{change.path}" for change in written])
    if written:
        yield f"{folder}/ is up to date: {_counts([_VERBS[change.kind] for change in written])}; {outcome.files} in all"
    else:
        yield f"{folder}/ is up to date: nothing to write; {_files(outcome.files)}"


def generate_notes(outcome: Outcome, folder: str) -> Iterator[str]:
    """Yields what a run saw and left alone."""
    if outcome.kept:
        yield f"left alone, though no longer planned ({_files(len(outcome.kept))}):"
        yield from _listed([f"  {folder}/{path}" for path in outcome.kept])
        yield "  they may belong to a protected environment; delete them with: gitops-gen generate --prune"
    foreign = [change.path for change in outcome.changes if change.kind is ChangeKind.FOREIGN]
    if foreign:
        yield f"not ours, and left alone ({_files(len(foreign))}):"
        yield from _listed([f"  {folder}/{path}" for path in foreign])


def check_lines(outcome: Outcome, folder: str, prunes: frozenset[str]) -> Iterator[str]:
    """Yields how the disk differs from the model, and the commands that mend it. `prunes` wants --prune."""
    if not outcome.changes:
        yield f"{folder}/ is up to date: {_files(outcome.files)}"
        return
    yield from _listed([f"{change.kind:8} {folder}/{change.path}" for change in outcome.changes])
    yield f"{folder}/ differs from the model: {_counts([str(change.kind) for change in outcome.changes])}"
    kinds = {change.kind for change in outcome.changes if change.path not in prunes}
    if kinds - {ChangeKind.FOREIGN}:
        yield "mend it with: gitops-gen generate"
    if prunes:
        yield f"{_files(len(prunes))} may be a protected environment's; delete with: gitops-gen generate --prune"
    if ChangeKind.FOREIGN in kinds:
        yield f"a foreign file is not ours to touch: move it out of {folder}/, or delete it"


def _is_done(outcome: Outcome, path: str, kind: ChangeKind) -> bool:
    return kind in _VERBS and path not in outcome.kept


def _listed(lines: list[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"... and {len(lines) - SHOWN} more; --format json has them all"


def _counts(words: list[str]) -> str:
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
