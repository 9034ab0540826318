"""The texts of an ApplicationSet, filled with parameters: Go templates or the legacy ones, as the set says.

Source: argoproj/argo-cd v3.5.1, applicationset/utils/utils.go; for the values of a generator pull requests 26696 and
27830: before 3.4, a matrix fills them with what its first generator tells, and with nothing else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from gitops_gen.evidence import gotemplate
from gitops_gen.evidence.applicationsets.outcomes import CannotSayError, RefusedError
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from gitops_gen.evidence.applicationsets.outcomes import Parameters
    from gitops_gen.evidence.places import Place

_TEMPLATED = "{{"


class Renderer:
    """Renders the texts of one set."""

    def __init__(self, *, is_go: bool, misses_keys_loudly: bool, zeroes_missing_keys: bool) -> None:
        self.is_go = is_go
        self._zeroes_missing_keys = zeroes_missing_keys
        self._misses_keys_loudly = misses_keys_loudly
        self._blanks: dict[tuple[int, Place], tuple[object, _Blank | None]] = {}

    def text(self, text: str, place: Place, parameters: Parameters) -> str:
        """Returns a text, filled. Raises CannotSayError or RefusedError."""
        if _TEMPLATED not in text:
            return text
        try:
            if not self.is_go:
                return _filled(text, parameters)
            return self._rendered(parsed(text), parameters)
        except gotemplate.CannotSayError as error:
            raise CannotSayError(place, error.reason) from None
        except gotemplate.GoTemplateError as error:
            raise RefusedError(place, error.reason) from None

    def parse(self, text: str, place: Place) -> None:
        """Raises RefusedError for a text that is no Go template, whatever the parameters are."""
        if not self.is_go or _TEMPLATED not in text:
            return
        try:
            parsed(text)
        except gotemplate.CannotSayError:
            return
        except gotemplate.GoTemplateError as error:
            raise RefusedError(place, error.reason) from None

    def partly(self, value: object, parameters: Parameters) -> object:
        """Returns a value with each text in it filled that reads nothing but these parameters; keys stay as is."""
        if isinstance(value, str):
            return self._partly_filled(value, parameters)
        if isinstance(value, dict):
            return {key: self.partly(inner, parameters) for key, inner in value.items()}
        return [self.partly(inner, parameters) for inner in value] if isinstance(value, list) else value

    def _partly_filled(self, text: str, parameters: Parameters) -> str:
        if _TEMPLATED not in text:
            return text
        try:
            if not self.is_go:
                return _filled(text, parameters)
            template = parsed(text)
            is_known = all(read.path and read.path[0] in parameters for read in template.fields())
            return template.render(parameters, missing_key_error=True) if is_known else text
        except (gotemplate.CannotSayError, gotemplate.GoTemplateError):
            return text

    def _rendered(self, template: gotemplate.Template, parameters: Parameters) -> str:
        # The zero of any type is nil, which is written as what is missing: https://github.com/golang/go/issues/24963
        if not self._zeroes_missing_keys or template.is_of_parameters:
            return template.render(parameters, missing_key_error=self._misses_keys_loudly)
        try:
            return template.render(parameters, missing_key_error=True)
        except gotemplate.GoTemplateError as error:
            reason = f"{error.reason}; what the option missingkey=zero makes of that is not known here"
            raise gotemplate.CannotSayError(reason) from None

    def map(self, value: Parameters, place: Place, parameters: Parameters) -> Parameters:
        """Returns a map with every text in it filled, keys too. What is null in a map is left out, as by Argo CD.

        Raises CannotSayError or RefusedError.
        """
        filled = self.value(value, place, parameters)
        assert isinstance(filled, dict)  # noqa: S101 - a map stays one
        return filled

    def value(self, value: object, place: Place, parameters: Parameters) -> object:
        """As `map`, for any value; what stays as it is is not copied."""
        if isinstance(value, str):
            return self.text(value, place, parameters)
        blank = self._blank(value, place)
        return value if blank is None else self._filled(blank, parameters)

    def _filled(self, blank: _Blank, parameters: Parameters) -> object:
        text = self._text_or_template if blank.is_of_values else self.text
        if blank.has_keys and isinstance(blank.value, dict):
            entries = blank.value.items()
            return {
                self.text(key, blank.place, parameters): text(item, blank.place / key, parameters)
                if isinstance(item, str)
                else self.value(item, blank.place / key, parameters)
                for key, item in entries
            }
        filled = cast("dict[str | int, object]", blank.value.copy())
        for step, item, place in blank.items:
            filled[step] = self._filled(item, parameters) if isinstance(item, _Blank) else text(item, place, parameters)
        return filled

    def _text_or_template(self, text: str, place: Place, parameters: Parameters) -> str:
        """As `text`, but a text that reads more than these parameters stays as it is written."""
        try:
            if not self.is_go:
                return self.text(text, place, parameters)
            return parsed(text).render(parameters, missing_key_error=True)
        except gotemplate.CannotSayError as error:
            raise CannotSayError(place, error.reason) from None
        except (gotemplate.GoTemplateError, RefusedError):
            return text

    def _blank(self, value: object, place: Place) -> _Blank | None:
        """Returns what is to be filled in a value. It is remembered, with the value: an id may be used again."""
        key = (id(value), place)
        found = self._blanks.get(key)
        if found is None:
            found = self._blanks[key] = (value, _blank_of(value, place))
        return found[1]


class _Blank(NamedTuple):
    """A map or a list that is filled in, and the items of it that are, in their order."""

    value: dict[str, object] | list[object]
    """Without what is null in a map."""
    place: Place
    items: tuple[tuple[str | int, str | _Blank, Place], ...]
    has_keys: bool
    """True if a key of the map is a template."""
    is_of_values: bool
    """True for what a git generator adds to its own parameters, which it fills in itself, too."""


def _blank_of(value: object, place: Place) -> _Blank | None:
    if not isinstance(value, dict | list):
        return None
    stated = _without_nulls(value) if isinstance(value, dict) else value
    items: list[tuple[str | int, str | _Blank, Place]] = []
    for step, item in stated.items() if isinstance(stated, dict) else enumerate(stated):
        blank = item if isinstance(item, str) and _TEMPLATED in item else _blank_of(item, place / step)
        if blank is not None:
            items.append((step, blank, place / step))
    has_keys = isinstance(stated, dict) and any(_TEMPLATED in key for key in stated)
    is_filled = items or has_keys or len(stated) < len(value)
    return _Blank(stated, place, tuple(items), has_keys, _is_of_values(place)) if is_filled else None


def _is_of_values(place: Place) -> bool:
    return place.steps[-4:-3] == ("generators",) and place.steps[-2:] == ("git", "values")


def _without_nulls(value: dict[str, object]) -> dict[str, object]:
    return {key: item for key, item in value.items() if item is not None}


@lru_cache(maxsize=1024)
def parsed(text: str) -> gotemplate.Template:
    """Returns a Go template. Raises gotemplate.GoTemplateError or gotemplate.CannotSayError."""
    return gotemplate.parse(text)


def _filled(text: str, parameters: Parameters) -> str:
    """Returns a text of a set without Go templates, filled. Raises CannotSayError."""
    from gitops_gen.evidence import fasttemplate

    return fasttemplate.render(text, parameters)
