"""Places in evidence: a file, a document of it, and the steps that lead to a value; located only when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from gitops_gen.evidence.origins import Origin


class Place(NamedTuple):
    """A value in a file on disk: POSIX path relative to the root, index of the document, steps within it."""

    file: str
    document: int = 0
    steps: tuple[str | int, ...] = ()
    rendering: int = 0
    """Where the file is a template of a chart: which rendering of it, counted from 1; 0 for the file itself."""

    def __truediv__(self, step: str | int) -> Place:
        return Place(self.file, self.document, (*self.steps, step), self.rendering)

    def down(self, *steps: str | int) -> Place:
        """Returns the place at the end of further steps."""
        return Place(self.file, self.document, (*self.steps, *steps), self.rendering)

    @property
    def parts(self) -> Origin | None:
        """Where the values of an object come from that patches change: one of several, it may be, at the place."""
        return None

    @property
    def origin(self) -> Place:
        """Where the value stands: this place, unless a patch has put another value there."""
        return self
