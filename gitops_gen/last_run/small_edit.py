"""The edit of some clusters' entries since the last run, as two models that have these clusters alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.last_run.entry_texts import cut, is_plain
from gitops_gen.last_run.fingerprint import sign_inputs
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.signature import UNKNOWN
from gitops_gen.source import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gitops_gen.last_run.known_fleet import EnvironmentText
    from gitops_gen.signatures import Signatures

_FEW = 100
"""Entries above which a whole run costs about as much."""


class SmallEdit(NamedTuple):
    """What was edited. The texts have every line where the files have it; other clusters' lines are empty."""

    inputs: Signatures
    """The signatures of what was read, taken before."""
    environments: Mapping[str, EnvironmentText]
    """By path: the files as they are."""
    old: Mapping[str, str]
    """By path: the text of each environment before, with the entries that were edited, and no others."""
    new: Mapping[str, str]
    """As `old`, after."""
    entries: tuple[str, ...]
    """The entries that were edited, as they are."""
    moved: frozenset[str]
    """The files in which lines stand elsewhere than before."""

    def has_elsewhere(self, text: str) -> bool:
        """Tells whether a text may stand anywhere in the environments but in the entries that were edited.

        With a backslash it could be written in other ways.
        """
        if any("\\" in each.text for each in self.environments.values()):
            return True
        whole = sum(each.text.count(text) for each in self.environments.values())
        return whole > sum(each.count(text) for each in self.entries)


def small_edit(root: Path, inputs: Signatures, known: Mapping[str, EnvironmentText]) -> SmallEdit | None:
    """Returns what was edited since the last run, or None if it was anything but few entries of clusters.

    `inputs` says how the files were that were read then, and `known` what the environments said. Raises ModelError
    for a file that cannot be read.
    """
    signed = sign_inputs(root)
    if signed.paths != inputs.paths:
        return None
    edited = set(_edited(inputs, signed))
    if not edited <= known.keys():
        return None
    texts = {path: read(root, path).text if path in edited else each.text for path, each in known.items()}
    return _edit(signed, {path: known[path]._replace(text=text) for path, text in texts.items()}, known)


def _edited(old: Signatures, new: Signatures) -> Iterator[str]:
    """Yields the files that may say something else now. That a folder has other files is told by their paths."""
    for (path, before), (_, now) in zip(old.rows(), new.rows(), strict=True):
        if (before != now or now == UNKNOWN) and not path.endswith("/"):
            yield path


class _Parts(NamedTuple):
    """Of one environment: the texts before and after without the other entries, and the edited ones."""

    old: str
    new: str
    entries: tuple[str, ...] = ()
    moves: bool = False
    """True if what follows an edited entry stands on another line than before."""


def _edit(
    inputs: Signatures, now: Mapping[str, EnvironmentText], known: Mapping[str, EnvironmentText]
) -> SmallEdit | None:
    found: dict[str, _Parts] = {}
    for path, before in known.items():
        parts = _unedited(before) if before == now[path] else _edited_parts(before, now[path])
        if parts is None:
            return None
        found[path] = parts
    entries = tuple(entry for parts in found.values() for entry in parts.entries)
    if len(entries) > _FEW:
        return None
    old, new = {path: parts.old for path, parts in found.items()}, {path: parts.new for path, parts in found.items()}
    moved = frozenset(path for path, parts in found.items() if parts.moves)
    return SmallEdit(inputs, now, old, new, entries, moved)


def _unedited(known: EnvironmentText) -> _Parts | None:
    if not known.clusters:
        return _Parts(known.text, known.text)
    parts = cut(*known)
    rest = parts.only(frozenset()) if parts else None
    return None if rest is None else _Parts(rest, rest)


def _edited_parts(known: EnvironmentText, read: EnvironmentText) -> _Parts | None:
    old, new = cut(*known), cut(*read)
    if old is None or new is None or (old.head, old.tail) != (new.head, new.tail):
        return None
    pairs = [*zip(old.entries, new.entries, strict=True)]
    numbers = frozenset(number for number, (before, now) in enumerate(pairs) if before != now)
    edited = [pairs[number] for number in sorted(numbers)]
    # An anchor that came or went could change what an alias elsewhere stands for.
    if not all(is_plain(entry) for pair in edited for entry in pair):
        return None
    moves = any(before.count("\n") != now.count("\n") for before, now in edited)
    return _Parts(old.only(numbers), new.only(numbers), tuple(now for _, now in edited), moves)
