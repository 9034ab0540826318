"""Paths as they stand in a file, one after the other.

A run that has nothing to do looks at a hundred thousand of them, each once. As long as nobody asks for more, each is
forgotten when the next ones come: memory that a process takes for the first time costs more than to make them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from gitops_gen.cached_property import cached_property

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_A_BLOCK = 1000
"""Paths that are made at once."""
_BETWEEN = "\0"
"""What separates them: no name of a file has it."""
_ANY_NAME = "surrogateescape"
"""How a name is written that is no UTF-8."""


def joined(paths: Sequence[str]) -> list[bytes]:
    """Returns paths as the blocks that JoinedPaths reads."""
    starts = range(0, len(paths), _IN_A_BLOCK)
    return [_BETWEEN.join(paths[start : start + _IN_A_BLOCK]).encode(errors=_ANY_NAME) for start in starts]


class JoinedPaths(Sequence[str]):
    """Paths that are made out of the blocks of `joined` when they are asked for."""

    def __init__(self, blocks: Sequence[bytes | memoryview], count: int) -> None:
        """`count` is how many paths the blocks have."""
        self._blocks = blocks
        self._count = count

    def __len__(self) -> int:
        """Returns the number of paths."""
        return self._count

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        """Returns a path by its number, or several."""
        return self._all[index]

    def __iter__(self) -> Iterator[str]:
        """Yields each path."""
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        """True for a sequence of the same paths."""
        return self._all == tuple(other) if isinstance(other, Sequence) else NotImplemented

    # As of a list.
    __hash__ = None  # type: ignore[assignment]

    def between(self, start: int, stop: int) -> Iterator[str]:
        """Yields the paths from one number up to another, and keeps none."""
        first = start // _IN_A_BLOCK
        for number in range(first, -(-stop // _IN_A_BLOCK)):
            before = number * _IN_A_BLOCK
            paths = self._made(number)
            yield from paths[max(start - before, 0) : stop - before]

    @cached_property
    def _all(self) -> tuple[str, ...]:
        return tuple(self.between(0, self._count))

    def _made(self, number: int) -> list[str]:
        return str(self._blocks[number], "utf-8", _ANY_NAME).split(_BETWEEN)
