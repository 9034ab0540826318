"""What a difference is about, as a person counts it: an ExternalSecret, an Application, a values file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.diff.values import Element
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from gitops_gen.diff.values import Change, Difference, Resource, Step

APPLICATION = "Application"
APPLICATION_SET = "ApplicationSet"

_ELEMENTS = ("spec", "generators")
_RELEASE = "release"
"""The name of the files that a git file generator reads: each is an element of an ApplicationSet."""


class Subject(NamedTuple):
    """What has a field, in the singular, and the steps from there to the field; none: it is all of it."""

    noun: str
    steps: tuple[Step, ...]


def subject_of(change: Change, difference: Difference | None) -> Subject:
    """Returns what a difference is about; without one, the change of a whole resource is meant."""
    steps = difference.steps if difference is not None else ()
    if change.resource.kind == APPLICATION_SET:
        inside = _application_steps(steps)
        if inside is not None:
            return Subject(APPLICATION, inside)
    return Subject(noun_of(change.resource, change.place.app), steps)


def noun_of(resource: Resource, app: str) -> str:
    """Returns what a resource is called."""
    if resource.api_version:
        return resource.kind
    if resource.kind == _RELEASE:
        return APPLICATION
    return f"{resource.kind} file of {app}" if app else f"{resource.kind} file"


def _application_steps(steps: tuple[Step, ...]) -> tuple[Step, ...] | None:
    """Returns the steps inside of the element of a list generator; None for steps that lead elsewhere."""
    if steps[:2] != _ELEMENTS or "elements" not in steps:
        return None
    at = steps.index("elements") + 1
    return steps[at + 1 :] if len(steps) > at and isinstance(steps[at], Element) else None


def plural(noun: str, count: int) -> str:
    """Returns a count with its noun: 1 Ingress, 2 Ingresses, 3 values files of myapp."""
    if count == 1:
        return f"1 {noun}"
    head, of, tail = noun.partition(" of ")
    return f"{count:,} {_plural(head)}{of}{tail}"


def _plural(noun: str) -> str:
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
