"""How the elements of a list are told apart: by the values that name them, so that their order does not matter."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.diff.values import Element

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitops_gen.diff.values import Step, Value

Names: TypeAlias = tuple[str, ...]

_IDENTITIES: tuple[Names, ...] = (
    ("application",),
    ("cluster",),
    ("secretKey",),
    ("name",),
    ("name", "namespace"),
    ("server", "namespace"),
    ("name", "server", "namespace"),
    ("key",),
    ("key", "operator"),
    ("group", "kind"),
    ("kind", "metadata.namespace", "metadata.name"),
    ("kind", "metadata.name"),
    ("kind", "name"),
    ("mountPath",),
    ("containerPort", "protocol"),
    ("containerPort",),
    ("port", "protocol"),
    ("port",),
    ("host",),
    ("id",),
)
"""What names an element, by the lists of Argo CD, External Secrets and Kubernetes; the first one that fits both sides
and pairs the most elements is taken."""

_SETS = frozenset(
    {
        "sourceRepos",
        "sourceNamespaces",
        "syncOptions",
        "goTemplateOptions",
        "secret_arns",
        "kms_key_arns",
        "finalizers",
        "values",
    }
)
"""Lists of texts whose order means nothing to their reader. In any other one, as valueFiles, it does."""

_IN_ORDER = frozenset({"initContainers", "steps"})
"""Lists in which the order of named elements means something to their reader."""


def elements(values: Sequence[Value], names: Names) -> Mapping[Element, Value] | None:
    """Returns the elements by their identity, in order; None if one has none, or two have the same."""
    found: dict[Element, Value] = {}
    for value in values:
        element = _element(value, names)
        if element is None or element in found:
            return None
        found[element] = value
    return found


def names_of(old: Sequence[Value], new: Sequence[Value], steps: tuple[Step, ...]) -> Names | None:
    """Returns what names the elements of a list on both sides; None if nothing does, or the order means something."""
    if not old and not new:
        return None
    last = next((step for step in reversed(steps) if isinstance(step, str)), "")
    if last in _SETS and all(isinstance(item, str) for item in (*old, *new)):
        return ("",) if _is_named(old, ("",)) and _is_named(new, ("",)) else None
    if not all(isinstance(item, dict) for item in (*old, *new)):
        return None
    best, most = None, -1
    for names in _IDENTITIES:
        before, after = elements(old, names), elements(new, names)
        if before is None or after is None:
            continue
        pairs = len(before.keys() & after.keys())
        if pairs > most:
            best, most = names, pairs
        if pairs == min(len(before), len(after)):
            break
    return best


def is_in_order(steps: tuple[Step, ...]) -> bool:
    """Tells whether another order of the named elements of a list is a difference in meaning."""
    return bool(steps) and steps[-1] in _IN_ORDER


def find(values: Sequence[Value], element: Element, start: int = 0) -> int | None:
    """Returns the position of an element in a list, looked for from a position on; None if it is not there."""
    names = tuple(name for name, _ in element.identity)
    positions = chain(range(start, len(values)), range(min(start, len(values))))
    return next((index for index in positions if _element(values[index], names) == element), None)


def _is_named(values: Sequence[Value], names: Names) -> bool:
    return elements(values, names) is not None


def _element(value: Value, names: Names) -> Element | None:
    identity: list[tuple[str, str | int]] = []
    for name in names:
        found = _at(value, name)
        # An identity is a text or a whole number; 1 and true are equal to Python, and so would their elements be.
        if isinstance(found, bool) or not isinstance(found, str | int):
            return None
        identity.append((name, found))
    return Element(tuple(identity))


def _at(value: Value, name: str) -> Value:
    for key in name.split(".") if name else ():
        value = value.get(key) if isinstance(value, dict) else None
    return value
