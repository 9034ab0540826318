"""Files that cannot be read, and how much that weighs: in a tree of somebody else no tool may ask for them.

A link out of the folder that is judged is one that Argo CD follows, as long as it stays in the work tree; one out of
the work tree makes it refuse the repository, unless it is told otherwise, or another tool deploys it. An encoding that
Argo CD refuses may be right for the tool that reads the file; UTF-16, which begins with a byte order mark, Argo CD and
kustomize read, and the limit of bytes is our own. A file that git-crypt has encrypted is for whoever has the key.

Source: argoproj/argo-cd, reposerver/repository/repository.go, getObjsFromYAMLOrJSON, which opens files by
TomOnTime/utfutil; util/app/path/path.go, CheckOutOfBoundsSymlinks; `kubectl kustomize` 5.5 was asked.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen.problems import Severity
from gitops_gen.source import LOCKED, UTF_16

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.problems import Problem

_OUTSIDE = "symlink-outside"
_OF_OURS = frozenset({"file-too-large", "unreadable-file", "unreadable-folder"})
"""What says more about this run than about the tree."""


def unread(graph: Graph) -> list[Problem]:
    """Returns which files could not be read: errors where any file is ours, and else what their owner needs to know."""
    is_any_ours = any(file.origin is not None for file in graph.plain_yaml)  # this reads them
    problems = graph.files.problems
    return problems if is_any_ours else list(_of_others(problems, graph.files.root))


def _of_others(problems: list[Problem], root: Path) -> Iterator[Problem]:
    for problem in problems:
        if problem.code == _OUTSIDE and _stays_in_work_tree(root, problem.at.path):
            message = "leads out of the folder that verify runs in, so it is not read"
            hint = "run it at the top of the repository"
            yield problem._replace(message=message, hint=hint, severity=Severity.NOTE, cause=_OUTSIDE)
        else:
            is_no_fault = problem.code in _OF_OURS or problem.message in (LOCKED, UTF_16)
            yield problem._replace(severity=Severity.NOTE if is_no_fault else Severity.WARNING)


def _stays_in_work_tree(root: Path, path: str) -> bool:
    """True for a link to a file of the same work tree, by a relative path."""
    link = root / path
    if link.is_symlink() and link.readlink().is_absolute():
        return False
    here, real = Path(os.path.realpath(root)), Path(os.path.realpath(link))
    top = next((each for each in (here, *here.parents) if (each / ".git").exists()), None)
    return top is not None and real.is_relative_to(top)
