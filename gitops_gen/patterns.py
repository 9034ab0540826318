"""Regular expressions that are compiled when they are first used.

To compile one takes from a twentieth to half a millisecond. Of those that are defined at each start, and that hardly
any run asks, none need be paid for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import re

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


def lazily(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Returns what has the methods of the compiled pattern. It is not one: `re.sub` and its like do not take it.

    A pattern that is wrong is found out at the first use.
    """
    return cast("re.Pattern[str]", _Pattern(pattern, flags))


class _Pattern:
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> object:
        if name not in _METHODS:
            raise AttributeError(name)
        import re

        compiled = re.compile(self.pattern, self.flags)
        # Found without this method from now on.
        self.__dict__.update((each, getattr(compiled, each)) for each in _METHODS)
        return getattr(compiled, name)
