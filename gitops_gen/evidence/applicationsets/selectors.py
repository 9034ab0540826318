"""The selector of a generator: which of its elements are kept, by the parameters as if they were labels.

Source: argoproj/argo-cd v3.5.1, applicationset/generators/generator_spec_processor.go and applicationset/utils/
selector.go; for what flat parameters look like, github.com/jeremywohl/flatten in its dot style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.applicationsets.outcomes import CannotSayError, RefusedError
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.kubernetes import check_qualified_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applicationsets.outcomes import Parameters
    from gitops_gen.evidence.places import Place

_OF_VALUES = ("In", "NotIn")
_OPERATORS = (*_OF_VALUES, "Exists", "DoesNotExist")


class Selector:
    """A selector, or none, which keeps all. Raises RefusedError for one that Argo CD refuses."""

    def __init__(self, value: object, place: Place) -> None:
        self._labels, self._expressions = map_at(value, "matchLabels"), list_at(value, "matchExpressions")
        self._place = place
        for key in self._labels:
            _check_key(key, place.down("matchLabels", key))
        for index, each in enumerate(self._expressions):
            _check(each, place.down("matchExpressions", index))

    def keeps(self, parameters: Parameters) -> bool:
        """Tells whether the selector keeps an element. Raises CannotSayError."""
        if not self._labels and not self._expressions:
            return True
        flat = _Labels(parameters, self._place)
        return all(flat.get(key) == value for key, value in self._labels.items()) and all(
            _holds(each, flat) for each in self._expressions
        )


def selector_keys(selector: object) -> Iterator[str]:
    """Yields the parameters that a selector looks at."""
    yield from map_at(selector, "matchLabels")
    for each in list_at(selector, "matchExpressions"):
        key = text_at(each, "key")
        if key is not None:
            yield key


def flattened(value: Parameters) -> dict[str, str]:
    """Returns nested content as the flat parameters of the legacy templates. Empty maps and lists vanish."""
    return {key: _printed(item) for key, item in _leaves(value, "")}


class _Labels:
    """The flat parameters, of which only what is asked for must have a text."""

    def __init__(self, parameters: Parameters, place: Place) -> None:
        self._flat = dict(_leaves(parameters, ""))
        self._place = place

    def get(self, key: str) -> str | None:
        """Returns the value of a label, or None if there is none."""
        parent = self._flat.get(key.partition(".")[0])
        if isinstance(self._flat.get(key, parent), dict | list):
            reason = f"the selector asks for {key}, which is a list or a map that Argo CD does not flatten"
            raise CannotSayError(self._place, reason)
        return _printed(self._flat[key]) if key in self._flat else None


def _check_key(key: str, place: Place) -> None:
    """Raises RefusedError for what is no key of a label: path[0] is none, and nothing with a template in it."""
    reason = check_qualified_name(key)
    if reason is not None:
        raise RefusedError(place, f"the key is none of a label: {reason}")


def _check(expression: object, place: Place) -> None:
    _check_key(text_at(expression, "key") or "", place / "key")
    operator, values = text_at(expression, "operator"), list_at(expression, "values")
    if operator not in _OPERATORS:
        raise RefusedError(place, f"got the operator {operator}, expected In, NotIn, Exists or DoesNotExist")
    if operator in _OF_VALUES and not values:
        raise RefusedError(place, f"{operator} needs at least one value")
    if operator not in _OF_VALUES and values:
        raise RefusedError(place / "values", f"{operator} takes no values")


def _holds(expression: object, flat: _Labels) -> bool:
    operator, found = text_at(expression, "operator"), flat.get(text_at(expression, "key") or "")
    if operator in _OF_VALUES:
        return (found in list_at(expression, "values")) == (operator == "In")
    return (found is not None) == (operator == "Exists")


def _leaves(value: object, prefix: str) -> Iterator[tuple[str, object]]:
    # Only plain maps and lists are gone into: Go's flatten knows no map or list of strings.
    if type(value) is dict:
        for key, inner in value.items():
            yield from _leaves(inner, f"{prefix}{key}.")
    elif type(value) is list:
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{prefix}{index}.")
    else:
        yield prefix[:-1], value


def _printed(value: object) -> str:
    """Returns a scalar as Go's %v prints it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        from gitops_gen.evidence.gotemplate.numbers import format_float

        return format_float(value)
    return "<nil>" if value is None else str(value)
