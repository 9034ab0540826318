"""The files that the git generators of a generated set read.

Part of source-path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence import globs
from gitops_gen.evidence.git_generators import git_generators
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.repositories import Checkout


def generator_files(graph: Graph, expansions: Iterable[Expansion]) -> Iterator[Finding]:
    """Yields each git generator of some sets of ours that reads what is not here, though its files are here."""
    for expansion in expansions:
        yield from _of_generators(graph, expansion)


def _of_generators(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    for steps, git in git_generators(expansion.manifest.value):
        url = text_at(git, "repoURL")
        checkout = graph.repositories.checkout_of(url) if url else None
        if checkout is not None:
            yield from _in_another_folder(graph, expansion, steps, checkout)
        elif url:
            here = _found_here(graph, [text_at(each, "path") or "" for each in list_at(git, "files")])
            if here is not None:
                yield Finding(
                    f"{expansion.manifest} takes its elements from {url}, which is not on disk; but {here} is, and it "
                    "is generated",
                    expansion.manifest.place.down(*steps, "repoURL"),
                    "name the repository of the generated files",
                    related=((Location(here), "the file is here"),),
                )


def _in_another_folder(
    graph: Graph, expansion: Expansion, steps: tuple[str | int, ...], checkout: Checkout
) -> Iterator[Finding]:
    """Yields a pattern for a folder of the repository that is not here, though generated files of its end are here."""
    for number, each in enumerate(list_at(expansion.manifest.value, *steps, "files")):
        pattern = text_at(each, "path") or ""
        end = globs.literal_end(pattern)
        if end and checkout.on_disk(globs.literal_folder(pattern)) is None:
            found = (path for path in graph.files.under(checkout.folder) if path.endswith(f"/{end}"))
            here = next((path for path in found if graph.is_ours(Place(path))), None)
            if here is not None:
                yield Finding(
                    f"{expansion.manifest} takes its elements from {pattern}, which is not on disk; but {here} is, and "
                    "it is generated",
                    expansion.manifest.place.down(*steps, "files", number, "path"),
                    "name the folder of the generated files",
                    related=((Location(here), "the file is here"),),
                )


def _found_here(graph: Graph, patterns: Sequence[str]) -> str | None:
    """Returns a generated file of a repository that is on disk which a git generator would find there."""
    for checkout in graph.repositories.checkouts.values():
        for pattern in patterns:
            folder, wanted = checkout.on_disk(globs.literal_folder(pattern)), globs.doublestar(pattern)
            for path in graph.files.under(folder) if folder is not None else ():
                if wanted.fullmatch(checkout.in_repository(path)) and graph.is_ours(Place(path)):
                    return path
    return None
