"""The single values inside of parsed YAML or HCL, with the steps that lead to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.places import Place

Steps: TypeAlias = tuple[str | int, ...]


def leaves(value: object, steps: Steps = ()) -> Iterator[tuple[Steps, object]]:
    """Yields what is neither a map nor a list."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*steps, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*steps, index))
    else:
        yield steps, value


def leaves_of(file: File) -> Iterator[tuple[Place, object]]:
    """Yields the single values of a YAML file or a variable file."""
    from gitops_gen.evidence.places import Place

    for document, value in enumerate((file.variables,) if file.is_tfvars else file.documents.values):
        for steps, leaf in leaves(value):
            yield Place(file.path, document, steps), leaf


def key_of(steps: Steps) -> str:
    """Returns the key that a value belongs to: the nearest step that is no index; empty if there is none."""
    return next((step for step in reversed(steps) if isinstance(step, str)), "")
