"""The paths without a wildcard that a git generator looks at, and where the repository has nothing.

Part of applicationset-parameters. Such a path gives no element, and Argo CD says nothing of it: the Application is not
made, or goes. It may be of what is yet to come, so it is a note, unless what is meant lies beside it.

Source: Argo CD v3.5.1, applicationset/generators/git.go: generateParamsForGitDirectories, generateParamsForGitFiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence import globs
from gitops_gen.evidence.git_generators import git_generators
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.near_miss import DID_YOU_MEAN, Names
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.repositories import Checkout


def absent_paths(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    """Yields each path of a git generator that gives no element, where the branch that it is for is on disk."""
    beside: dict[str, Names] = {}
    for steps, git in git_generators(expansion.manifest.value):
        checkout = _checkout(graph, git)
        if checkout is not None:
            for path, place in _plain_paths(git, expansion.manifest.place.down(*steps)):
                where = checkout.on_disk(path)
                if where is not None and not _is_there(graph, where):
                    folder, _, name = where.rpartition("/")
                    if folder not in beside:
                        beside[folder] = _names_in(graph, folder)
                    yield _absent(graph, expansion, path, beside[folder].meant_by(name), place)


def _checkout(graph: Graph, git: Mapping[str, object]) -> Checkout | None:
    checkout = graph.repositories.checkout_of(text_at(git, "repoURL") or "")
    if checkout is None or (checkout.branch and not checkout.is_of(text_at(git, "revision"))):
        return None
    return checkout


def _plain_paths(git: Mapping[str, object], place: Place) -> Iterator[tuple[str, Place]]:
    for field in ("directories", "files"):
        for index, item in enumerate(list_at(git, field)):
            path = text_at(item, "path")
            if path and at(item, "exclude") is not True and not globs.is_glob(path) and not has_template(path):
                yield path, place.down(field, index, "path")


def _is_there(graph: Graph, where: str) -> bool:
    is_link = graph.files.is_linked_folder(where)
    return is_link or graph.files.is_file(where) or next(graph.files.under(where), None) is not None


def _names_in(graph: Graph, folder: str) -> Names:
    """Returns the names of what lies directly in a folder: once for all paths that lead into it."""
    start = len(folder) + 1 if folder else 0
    return Names({each[start:].partition("/")[0] for each in graph.files.under(folder or ".")})


def _absent(graph: Graph, expansion: Expansion, path: str, meant: Sequence[str], place: Place) -> Finding:
    return Finding(
        f"{expansion.manifest} takes elements from {path}, which is not there: it gives none",
        place,
        f"{DID_YOU_MEAN} {meant[0]}?" if len(meant) == 1 else "correct the path, or remove it",
        severity=by_mark(graph, expansion.manifest.place) if len(meant) == 1 else Severity.NOTE,
    )
