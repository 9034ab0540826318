"""What differs between two texts beside their meaning: comments, the order of keys, quoting and spacing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.diff.differences import has_meaning
from gitops_gen.diff.values import Formatting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitops_gen.diff.values import Change


def formatting_of(old: str, new: str, changes: Iterable[Change], *, is_reordered: bool) -> tuple[Formatting, ...]:
    """Returns what of the formatting differs; `is_reordered` says that the documents have another order.

    Beside a difference in meaning, only another comment and another order can be told: lines differ anyhow.
    """
    found = [each for change in changes for each in change.differences]
    is_reordered |= any(not has_meaning(each) for each in found)
    is_commented = _comments(old) != _comments(new)
    kinds = [Formatting.COMMENT] * is_commented
    if any(map(has_meaning, found)):
        return tuple(kinds + [Formatting.ORDER] * is_reordered)
    before, after = _code(old), _code(new)
    if is_reordered or (before != after and sorted(before) == sorted(after)):
        return (*kinds, Formatting.ORDER)
    is_styled = before != after or not is_commented
    return tuple(kinds + [Formatting.STYLE] * is_styled)


def _comments(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if _is_comment(line)]


def _code(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip() and not _is_comment(line)]


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("#", "//", "<!--"))
