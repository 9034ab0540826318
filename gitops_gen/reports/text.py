"""Changes as a person reads them in a terminal, and how they are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.change_kind import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.outcome import Outcome
    from gitops_gen.tree import Change

SHOWN = 20
"""Changes that are listed before the others are counted."""

_VERBS = {
    ChangeKind.MISSING: "added",
    ChangeKind.CHANGED: "changed",
    ChangeKind.ORPHANED: "deleted",
}


def left_out_lines(outcome: Outcome) -> Iterator[str]:
    """Yields what a selection leaves out."""
    if outcome.left_out:
        yield f"{counted_files(outcome.left_out)} outside the selection, or spanning more than it: left alone"


def generate_lines(outcome: Outcome, folder: str) -> Iterator[str]:
    """Yields what a run wrote."""
    written = [change for change in outcome.changes if change.kind in _VERBS and change.path not in outcome.kept]
    yield from _listed([f"{_VERBS[change.kind]:8} {folder}/{change.path}" for change in written])
    did = _counts([_VERBS[change.kind] for change in written]) or "nothing to write"
    yield f"{_subject(outcome, folder)} up to date: {did}; {counted_files(outcome.files)}{' in all' if written else ''}"


def generate_notes(outcome: Outcome, folder: str, command: str) -> Iterator[str]:
    """Yields what a run saw and left alone. `command` is the run itself, to be pasted."""
    if outcome.kept:
        yield f"left alone, though no longer planned ({counted_files(len(outcome.kept))}):"
        yield from _listed([f"  {folder}/{path}" for path in outcome.kept])
        yield f"  {_prune_line(outcome, command)}"
    foreign = _foreign(outcome)
    if foreign:
        yield f"not ours, and left alone ({counted_files(len(foreign))}):"
        yield from _listed([f"  {folder}/{change.path}" for change in foreign])


def check_lines(outcome: Outcome, folder: str, command: str) -> Iterator[str]:
    """Yields how the disk differs from the model, and what mends it. `command` is the run without --check."""
    if not outcome.changes:
        yield f"{_subject(outcome, folder)} up to date: {counted_files(outcome.files)}"
        return
    yield from _listed([_difference(change, folder) for change in outcome.changes])
    yield f"{folder}/ differs from the model: {_counts([str(change.kind) for change in outcome.changes])}"
    foreign = _foreign(outcome)
    if foreign:
        yield f"foreign files are not ours to touch: move them out of {folder}/, or delete them"
    if len(outcome.changes) > len(foreign) + len(outcome.kept):
        yield f"mend it with: {command}"
    if any(change.only for change in outcome.changes):
        yield from _line_end_lines(outcome, folder)
    if outcome.kept:
        yield _prune_line(outcome, command)


def _subject(outcome: Outcome, folder: str) -> str:
    return f"what is selected of {folder}/ is" if outcome.left_out else f"{folder}/ is"


def _foreign(outcome: Outcome) -> list[Change]:
    return [change for change in outcome.changes if change.kind is ChangeKind.FOREIGN]


def _difference(change: Change, folder: str) -> str:
    in_the_way = change.kind is ChangeKind.FOREIGN and change.obstacle is not None
    in_what = f", only in {' and '.join(change.only)}" if change.only else ""
    return f"{change.kind:8} {folder}/{change.path}{', where a generated file belongs' if in_the_way else in_what}"


def _line_end_lines(outcome: Outcome, folder: str) -> Iterator[str]:
    from gitops_gen.tree.unseen import LINE_ENDS

    if any(LINE_ENDS in change.only for change in outcome.changes):
        yield f"where git makes the line ends, keep them with this line in .gitattributes: /{folder}/** text eol=lf"


def _prune_line(outcome: Outcome, command: str) -> str:
    return f"{counted_files(len(outcome.kept))} may be a protected environment's; delete with: {command} --prune"


def _listed(lines: list[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"... and {len(lines) - SHOWN} more"


def _counts(words: list[str]) -> str:
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))


def counted_files(count: int) -> str:
    """Returns a number of files in words."""
    return "1 file" if count == 1 else f"{count} files"
