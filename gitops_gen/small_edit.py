"""The edit of some clusters' entries since the last run, as two models that have these clusters alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from gitops_gen.entry_texts import cut, is_plain
from gitops_gen.fingerprint import sign_inputs
from gitops_gen.signatures import UNKNOWN
from gitops_gen.source import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gitops_gen.known_fleet import EnvironmentText
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
        """Tells whether a text stands anywhere in the environments but in the entries that were edited."""
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
    edited = set(_edited(root, inputs, signed))
    if not edited <= known.keys():
        return None
    texts = {path: read(root, path).text if path in edited else each.text for path, each in known.items()}
    return _edit(signed, {path: known[path]._replace(text=text) for path, text in texts.items()}, known)


def _edited(root: Path, old: Signatures, new: Signatures) -> Iterator[str]:
    """Yields the files that may say something else now. That a folder has other files is told by their paths."""
    for (path, before), (_, now) in zip(old.rows(), new.rows(), strict=True):
        if (before != now or now == UNKNOWN) and not os.path.isdir(f"{root}/{path}"):  # noqa: PTH112
            yield path


class _Parts(NamedTuple):
    """Of one environment: the texts before and after without the other entries, and the edited ones."""

    old: str
    new: str
    entries: tuple[str, ...] = ()


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
    moved = frozenset(path for path, text in known.items() if text.text.count("\n") != now[path].text.count("\n"))
    return SmallEdit(inputs, now, old, new, entries, moved)


def _unedited(known: EnvironmentText) -> _Parts | None:
    if not known.clusters:
        return _Parts(known.text, known.text)
    parts = cut(*known)
    rest = parts.only(frozenset()) if parts else None
    return None if rest is None else _Parts(rest, rest)


def _edited_parts(before: EnvironmentText, now: EnvironmentText) -> _Parts | None:
    old, new = cut(*before), cut(*now)
    if old is None or new is None or (old.head, old.tail) != (new.head, new.tail):
        return None
    pairs = zip(old.entries, new.entries, strict=True)
    numbers = frozenset(number for number, pair in enumerate(pairs) if pair[0] != pair[1])
    entries = tuple(new.entries[number] for number in sorted(numbers))
    return _Parts(old.only(numbers), new.only(numbers), entries) if all(map(is_plain, entries)) else None
