"""Many YAML texts that are much alike, each cut where a document begins: a document that comes again is read once.

Three hyphens at the start of a line begin a document wherever they stand, in the middle of a text in quotes or of a
block, too. So what is before them and what is behind them, if each is sound by itself, says the same as together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.plain_text import BYTE_ORDER_MARK
from gitops_gen.yaml_reader.builder import build
from gitops_gen.yaml_reader.skeletons import SkeletonReader, UnsharedError
from gitops_gen.yaml_reader.words import WORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.yaml_reader.limits import Value

_START = "---\n"


class SharedReader:
    """Reads YAML texts. Values are shared between texts, so they are read, not changed."""

    def __init__(self) -> None:
        self._documents = SkeletonReader(_read, WORD)

    def documents(self, text: str) -> tuple[Value, ...] | None:
        """Returns the value of each document of a text, or None for one that has to be read by itself.

        That is one with a problem, a doubt or an alias, since what all aliases of a text stand for is limited.
        """
        found: list[Value] = []
        try:
            for piece in _pieces(text):
                values = self._documents.read(piece)
                found += values if isinstance(values, list) else ()
        except UnsharedError:
            return None
        return tuple(found)


def _pieces(text: str) -> Iterator[str]:
    first, *others = text.split(f"\n{_START}")
    if not others:
        yield first
        return
    yield f"{first}\n"
    for piece in others[:-1]:
        yield f"{_START}{piece}\n"
    yield f"{_START}{others[-1]}"


def _read(text: str) -> list[Value]:
    """Returns the documents of a piece. Raises UnsharedError."""
    # At the start of a text a byte order mark is dropped, and a piece starts in the middle.
    if BYTE_ORDER_MARK not in text:
        builder = build("", text)
        if not builder.problems and not builder.doubts and not builder.has_aliases:
            return builder.documents
    raise UnsharedError
