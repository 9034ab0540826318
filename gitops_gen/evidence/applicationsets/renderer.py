"""The texts of an ApplicationSet, filled with parameters: Go templates or the legacy ones, as the set says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from gitops_gen.evidence import fasttemplate, gotemplate
from gitops_gen.evidence.applicationsets.outcomes import CannotSayError, RefusedError

if TYPE_CHECKING:
    from gitops_gen.evidence.applicationsets.outcomes import Parameters
    from gitops_gen.evidence.places import Place

_TEMPLATED = "{{"


class Renderer:
    """Renders the texts of one set."""

    def __init__(self, *, is_go: bool, misses_keys_loudly: bool) -> None:
        self.is_go = is_go
        self._misses_keys_loudly = misses_keys_loudly
        self._blanks: dict[tuple[int, Place], tuple[object, _Blank | None]] = {}

    def text(self, text: str, place: Place, parameters: Parameters) -> str:
        """Returns a text, filled. Raises CannotSayError or RefusedError."""
        if _TEMPLATED not in text:
            return text
        try:
            if not self.is_go:
                return fasttemplate.render(text, parameters)
            return parsed(text).render(parameters, missing_key_error=self._misses_keys_loudly)
        except gotemplate.CannotSayError as error:
            raise CannotSayError(place, error.reason) from None
        except gotemplate.GoTemplateError as error:
            raise RefusedError(place, error.reason) from None

    def map(self, value: Parameters, place: Place, parameters: Parameters) -> Parameters:
        """Returns a map with every text in it filled, keys too. Raises CannotSayError or RefusedError."""
        filled = self.value(value, place, parameters)
        assert isinstance(filled, dict)  # noqa: S101 - a map stays one
        return filled

    def value(self, value: object, place: Place, parameters: Parameters) -> object:
        """As `map`, for any value; what has no template in it is not copied."""
        if isinstance(value, str):
            return self.text(value, place, parameters)
        blank = self._blank(value, place)
        return value if blank is None else self._filled(blank, parameters)

    def _filled(self, blank: _Blank, parameters: Parameters) -> object:
        if blank.has_keys and isinstance(blank.value, dict):
            entries = blank.value.items()
            return {
                self.text(key, blank.place, parameters): self.value(item, blank.place / key, parameters)
                for key, item in entries
            }
        filled = cast("dict[str | int, object]", blank.value.copy())
        for step, item, place in blank.items:
            filled[step] = (
                self._filled(item, parameters) if isinstance(item, _Blank) else self.text(item, place, parameters)
            )
        return filled

    def _blank(self, value: object, place: Place) -> _Blank | None:
        """Returns what is to be filled in a value. It is remembered, with the value: an id may be used again."""
        key = (id(value), place)
        found = self._blanks.get(key)
        if found is None:
            found = self._blanks[key] = (value, _blank_of(value, place))
        return found[1]


@dataclass(frozen=True, slots=True)
class _Blank:
    """A map or a list with a template somewhere in it, and the items of it that have one, in their order."""

    value: dict[str, object] | list[object]
    place: Place
    items: tuple[tuple[str | int, str | _Blank, Place], ...]
    has_keys: bool
    """True if a key of the map is a template."""


def _blank_of(value: object, place: Place) -> _Blank | None:
    if not isinstance(value, dict | list):
        return None
    items: list[tuple[str | int, str | _Blank, Place]] = []
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        blank = item if isinstance(item, str) and _TEMPLATED in item else _blank_of(item, place / step)
        if blank is not None:
            items.append((step, blank, place / step))
    has_keys = isinstance(value, dict) and any(_TEMPLATED in key for key in value)
    return _Blank(value, place, tuple(items), has_keys) if items or has_keys else None


@lru_cache(maxsize=1024)
def parsed(text: str) -> gotemplate.Template:
    """Returns a Go template. Raises gotemplate.GoTemplateError or gotemplate.CannotSayError."""
    return gotemplate.parse(text)
