"""Maps laid over maps: parameters of a matrix or a merge, a generator's template, and a template patch.

Source: argoproj/argo-cd v3.5.1, applicationset/generators/{matrix,merge}.go, which merge with dario.cat/mergo, and
applicationset/controllers/template/patch.go; for patches, Kubernetes' strategic merge patch.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gitops_gen.evidence.applicationsets.outcomes import CannotSayError, Element, RefusedError
from gitops_gen.evidence.gotemplate.values import StringMap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gitops_gen.evidence.applicationsets.outcomes import Parameters
    from gitops_gen.evidence.places import Place

_DIRECTIVES = ("$patch", "$retainKeys", "$deleteFromPrimitiveList", "$setElementOrder")
_APPENDED_LISTS = (("metadata", "finalizers"),)
"""The lists of an Application that a strategic merge adds to; it replaces every other one."""
_WHOLE = ("valuesObject",)
"""The maps of a template that are free in what they hold: a generator's stands in place of the set's."""


def combine(first: Element, second: Element, *, is_go: bool) -> Element:
    """Returns an element of a matrix. Where both generators have a key, the first one's value stands.

    Raises RefusedError for the legacy templates, where that may not be.
    """
    if is_go:
        both = _overlaid(second.parameters, first.parameters, second.place)
        return Element(both, second.place, parts=(first, second))
    one, other = _texts(first.parameters), _texts(second.parameters)
    for key in sorted(one.keys() & other.keys()):
        if one[key] != other[key]:
            reason = f"both generators of the matrix have {key}, and its values differ"
            raise RefusedError(second.place, reason)
    return Element({**one, **other}, second.place, parts=(first, second))


def merge(sets: Sequence[Sequence[Element]], keys: Sequence[str], place: Place, *, is_go: bool) -> Iterable[Element]:
    """Returns the elements of a merge: the first set, overlaid by those of the others that have equal keys."""
    base = _by_keys(sets[0], keys)
    siblings = _siblings(base) if is_go else {}
    for others in sets[1:]:
        for values, element in _by_keys(others, keys).items():
            under = base.get(values)
            if under is None:
                continue
            if values in siblings:
                first, second = siblings[values]
                _check_shared(first.parameters, second.parameters, element.parameters, place)
            both = (
                _overlaid(under.parameters, element.parameters, place)
                if is_go
                else {**_texts(under.parameters), **_texts(element.parameters)}
            )
            base[values] = Element(both, under.place, parts=(element, under))
    return base.values()


def _siblings(base: Mapping[str, Element]) -> Mapping[str, tuple[Element, ...]]:
    """Returns what the elements were made of by a matrix that used the same element of its first generator again."""
    times_used = Counter(id(each.parts[0]) for each in base.values() if each.parts)
    return {key: each.parts for key, each in base.items() if each.parts and times_used[id(each.parts[0])] > 1}


def _check_shared(first: Parameters, second: Parameters, over: Parameters, place: Place) -> None:
    """Raises CannotSayError where a merge changes a map that elements of a matrix all have from its first generator.

    It is one and the same map to Argo CD, since mergo copies none: what changes for one element changes for all.
    """
    for key, value in over.items():
        below, beside = first.get(key), second.get(key)
        if type(below) is not dict or type(value) is not dict:
            continue
        if type(beside) is dict:
            _check_shared(below, beside, value, place)
        elif key not in second and _overlaid(below, value, place) != below:
            raise CannotSayError(place, f"the merge changes {key}, a map that elements of the matrix share in Argo CD")


def _overlaid(base: Parameters, over: Parameters, place: Place) -> dict[str, object]:
    """Returns a map under another: maps merge, everything else is replaced.

    Raises CannotSayError where the two are of different kinds, or a list is emptied: mergo has rules of its own there.
    """
    merged = dict(base)
    for key, value in over.items():
        merged[key] = _over(merged[key], value, key, place) if key in merged else value
    return merged


def _over(below: object, value: object, key: str, place: Place) -> object:
    if type(below) is dict and type(value) is dict:
        return _overlaid(below, value, place)
    if isinstance(below, StringMap) and isinstance(value, StringMap):
        return StringMap({**below, **value})
    if isinstance(below, dict | list) != isinstance(value, dict | list) or (isinstance(value, dict) and below != value):
        raise CannotSayError(place, f"two generators give {key} values of different kinds")
    if isinstance(below, list) and below and not value:
        raise CannotSayError(place, f"one generator empties the list {key} of another")
    return value


def filled_up(template: Parameters, base: Parameters) -> dict[str, object]:
    """Returns a generator's template with what it leaves out, or leaves empty, from the template of the set."""
    merged = dict(template)
    for key, value in base.items():
        own = merged.get(key)
        if key in _WHOLE and own is not None:
            continue
        if isinstance(own, dict) and isinstance(value, dict):
            merged[key] = filled_up(own, value)
        elif not own:
            merged[key] = value
    return merged


def patched(base: Parameters, patch: Parameters, place: Place) -> dict[str, object]:
    """Returns an Application under a template patch, which cannot change its project.

    Raises CannotSayError for the directives of a strategic merge.
    """
    value = _patched(base, patch, (), place)
    project = _project(base)
    if project is not None:
        spec = value.get("spec")
        value["spec"] = {**(spec if isinstance(spec, dict) else {}), "project": project}
    return value


def _patched(base: Parameters, patch: Parameters, steps: tuple[str, ...], place: Place) -> dict[str, object]:
    merged = dict(base)
    for key, value in patch.items():
        if key.startswith(_DIRECTIVES):
            raise CannotSayError(place, f"the patch has {key}, a directive of a strategic merge")
        below, here = merged.get(key), (*steps, key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            if steps[-1:] == _WHOLE and isinstance(below, dict):
                raise _inside_of_values(key, place)
            merged[key] = _patched(below if isinstance(below, dict) else {}, value, here, place)
        elif isinstance(value, list) and steps[-1:] == _WHOLE and isinstance(below, list):
            raise _inside_of_values(key, place)
        elif here in _APPENDED_LISTS and isinstance(value, list) and isinstance(below, list):
            merged[key] = [*below, *(item for item in value if item not in below)]
        else:
            merged[key] = value
    return merged


def _inside_of_values(key: str, place: Place) -> CannotSayError:
    """Returns what to say of a patch for a map or a list that the valuesObject of the template has, too.

    Argo CD 2.14 refuses it, as it finds no field of that name in its RawExtension; what it does now is not known here.
    Source: argoproj/argo-cd, issue 22850.
    """
    return CannotSayError(place, f"the patch changes {key} of valuesObject, which not every Argo CD can")


def _texts(parameters: Parameters) -> dict[str, str]:
    """Returns parameters as what the legacy templates make of all of them where two generators meet: texts."""
    from gitops_gen.evidence.gotemplate import fmt

    return {key: fmt.text(value) for key, value in parameters.items()}


def _project(value: Parameters) -> object:
    spec = value.get("spec")
    return spec.get("project") if isinstance(spec, dict) else None


def _by_keys(elements: Iterable[Element], keys: Sequence[str]) -> dict[str, Element]:
    """Returns the elements by the JSON of their merge keys, as Argo CD does, which looks them up at the top only."""
    from gitops_gen.evidence.gotemplate import json_text

    found: dict[str, Element] = {}
    for element in elements:
        values = json_text.encode({key: element.parameters.get(key) for key in keys})
        if values in found:
            raise RefusedError(
                element.place, f"two elements of one generator have the same merge keys {values}; they must be unique"
            )
        found[values] = element
    return found
