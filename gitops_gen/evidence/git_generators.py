"""The git generators of an ApplicationSet, as they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.values import list_at, map_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def git_generators(
    applicationset: object, steps: tuple[str | int, ...] = ("spec",)
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, object]]]:
    """Yields every git generator with where it stands, those inside of a matrix or a merge too."""
    for index, generator in enumerate(list_at(applicationset, *steps, "generators")):
        here = (*steps, "generators", index)
        if "git" in map_at(generator):
            yield (*here, "git"), map_at(generator, "git")
        for kind in ("matrix", "merge"):
            yield from git_generators(applicationset, (*here, kind))
