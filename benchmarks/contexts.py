"""Writes what a fleet's templates are rendered with to a file, for the bare loop.

python -m benchmarks.contexts ROOT FILE
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from typing import TypeAlias

from gitops_gen.pipeline import open_project

Work: TypeAlias = "list[tuple[str, str, dict[str, object]]]"
"""For each file: its template, its path below output/, and the context."""


def work_of(root: Path) -> Work:
    """Returns what there is to render in a project."""
    plan = open_project(root).plan
    return [(each.spec.template, each.path, each.target.context(plan.fleet)) for each in plan.artifacts]


def main() -> None:
    """Writes the file."""
    root, file = map(Path, sys.argv[1:])
    sys.setrecursionlimit(100_000)
    file.write_bytes(pickle.dumps(work_of(root), protocol=pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    main()
