"""What expanding an ApplicationSet yields beside Applications: what Argo CD would refuse, and what cannot be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.evidence.places import Place

Parameters: TypeAlias = "Mapping[str, object]"
"""What a template is filled with: JSON, and the types that only a Go template can tell from it."""


class Unknown(NamedTuple):
    """What cannot be said offline: where it stands, and why."""

    place: Place
    reason: str
    cause: str = ""
    """What is the same for all of one cause; empty: the reason."""
    hint: str = "say where a repository is with --repo URL=PATH; what asks a cluster or a service stays unknown"


class Failure(NamedTuple):
    """What Argo CD itself refuses. Then it changes no Application of the set at all."""

    place: Place
    reason: str
    elements: tuple[str, ...] = ()
    """The elements that it happens for; none where it is the generator's."""
    first: Element | None = None
    """The first of them, or that of a matrix's first generator which its second one is filled in with."""


class Element(NamedTuple):
    """The parameters of one Application."""

    parameters: Parameters
    place: Place
    """Where they are written: the element of a list, a file, or the generator."""
    template: Parameters | None = None
    """The generator's own template, which the set's fills up."""
    parts: tuple[Element, ...] = ()
    """What a matrix or a merge made it of: the one whose value stands before the other; none for any other element."""

    @property
    def origins(self) -> tuple[tuple[Parameters, Place], ...]:
        """What a matrix or a merge made it of, down to what is written: parameters, and where."""
        return tuple(origin for part in self.parts for origin in part.origins or ((part.parameters, part.place),))

    def __str__(self) -> str:
        """Returns what a person knows the element by."""
        for key in ("application", "name", "cluster", "path.basename"):
            value = self.parameters.get(key)
            if isinstance(value, str):
                return value
        path = self.parameters.get("path")
        if isinstance(path, dict) and "path" in path:  # an element of a list may have any map of that name
            return str(path["path"])
        return f"element {self.place.steps[-1]}" if self.place.steps else self.place.file


class ExpansionError(Exception):
    """Expanding a set ends at a place, for a reason."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason
        self.element: Element | None = None
        """What the generator that fails is filled in with: an element of a matrix's first one."""


class CannotSayError(ExpansionError):
    """What Argo CD makes of it cannot be said offline."""


class AsksError(CannotSayError):
    """A generator asks a cluster or a service, which only Argo CD can."""


class RefusedError(ExpansionError):
    """Argo CD refuses it."""
