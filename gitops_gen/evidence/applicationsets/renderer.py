"""The texts of an ApplicationSet, filled with parameters: Go templates or the legacy ones, as the set says."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

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
        self._plain: dict[int, tuple[object, bool]] = {}

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

    def map(self, value: Parameters, place: Place, parameters: Parameters) -> dict[str, object]:
        """Returns a map with every text in it filled, keys too. Raises CannotSayError or RefusedError."""
        return {
            self.text(key, place, parameters): self.value(item, place / key, parameters) for key, item in value.items()
        }

    def value(self, value: object, place: Place, parameters: Parameters) -> object:
        """As `map`, for any value; what has no template in it is not copied."""
        if isinstance(value, str):
            return self.text(value, place, parameters)
        if self._is_plain(value):
            return value
        if isinstance(value, dict):
            return self.map(value, place, parameters)
        assert isinstance(value, list)  # noqa: S101 - nothing else holds a text
        return [self.value(item, place / index, parameters) for index, item in enumerate(value)]

    def _is_plain(self, value: object) -> bool:
        """True if there is no template in a value. It is remembered, with the value: an id may be used again."""
        found = self._plain.get(id(value))
        if found is None:
            found = self._plain[id(value)] = (value, not _has_template(value))
        return found[1]


@lru_cache(maxsize=1024)
def parsed(text: str) -> gotemplate.Template:
    """Returns a Go template. Raises gotemplate.GoTemplateError or gotemplate.CannotSayError."""
    return gotemplate.parse(text)


def _has_template(value: object) -> bool:
    if isinstance(value, str):
        return _TEMPLATED in value
    if isinstance(value, dict):
        return any(_has_template(key) or _has_template(item) for key, item in value.items())
    return isinstance(value, list) and any(_has_template(item) for item in value)
