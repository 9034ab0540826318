"""What need not be judged again: where a rule has nothing to say of one thing, it has nothing to say of its likes.

Documents that are the same in many files are one value, so most of what a rule looks at, it has looked at before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from gitops_gen.checks.finding import Finding

T = TypeVar("T")
P = ParamSpec("P")


def each_unlike(
    items: Iterable[T], alike: Callable[[T], Hashable], judge: Callable[[T], Iterable[Finding]]
) -> Iterator[Finding]:
    """Yields what is found in each item; an item that is like one without a finding has none.

    `alike` returns everything on which it depends whether something is found: values by their id, since they are
    there as long as the graph is.
    """
    sound = Sound()
    for item in items:
        yield from sound.unless(alike(item), judge, item)


class Sound:
    """What was judged, and nothing was found."""

    def __init__(self) -> None:
        self._keys: set[Hashable] = set()

    def unless(
        self, key: Hashable, judge: Callable[P, Iterable[Finding]], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[Finding, ...]:
        """Returns what is found, unless the likes of it are sound: those with this key."""
        if key in self._keys:
            return ()
        found = tuple(judge(*args, **kwargs))
        if not found:
            self._keys.add(key)
        return found
