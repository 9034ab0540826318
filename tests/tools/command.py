"""The command line run in this process, in a folder, with what it printed on each stream."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.cli import run

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str


def gitops_gen(root: Path, *arguments: str) -> Answer:
    """Runs `gitops-gen -C root ...`. Nobody is at a terminal."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["-C", str(root), *arguments])
    return Answer(code, out.getvalue(), err.getvalue().replace(str(root), "ROOT"))
