"""The lines that problems point at, each with a caret below it. No secret is shown: the logs of others keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import source
from gitops_gen.checks.secret_in_file import CHECK as SECRETS
from gitops_gen.problems import GitopsGenError
from gitops_gen.secrets_guard import HIDDEN
from gitops_gen.terminal import style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gitops_gen.problems import Problem

_WIDTH = 160
"""Characters of a line that are shown."""
_NONE: Mapping[str, str] = {}


class Excerpts:
    """The lines of files below a root, for whoever reads of a problem. A file is read once.

    `texts` says, by path, how a file would read that is not written yet.
    """

    def __init__(self, root: Path, texts: Mapping[str, str] = _NONE) -> None:
        self._root = root
        self._lines = {path: text.splitlines() for path, text in texts.items()}

    def of(self, problem: Problem) -> Iterator[str]:
        """Yields the line of a problem and, below it, a caret."""
        at = problem.at
        lines = self._of_file(at.path)
        if 0 < at.line <= len(lines):
            is_secret = problem.code == SECRETS.code or HIDDEN in problem.message
            line, column = _shown(lines[at.line - 1], at.column, is_secret=is_secret)
            number = str(at.line)
            yield f"  {number} | {line[:_WIDTH]}"
            if 0 < column <= min(len(line), _WIDTH) + 1:
                before = "".join("\t" if each == "\t" else " " for each in line[: column - 1])
                yield f"  {' ' * len(number)} | {before}{style('^', bold=True)}"

    def _of_file(self, path: str) -> list[str]:
        if path not in self._lines:
            try:
                self._lines[path] = source.read(self._root, path).text.splitlines()
            except GitopsGenError:
                self._lines[path] = []
        return self._lines[path]


def _shown(line: str, column: int, *, is_secret: bool) -> tuple[str, int]:
    """Returns a line without what looks like a secret in it, and where its column is then.

    Where the column is that of a secret, nothing behind it is shown: a secret may have any form.
    """
    from gitops_gen.secrets_in_text import secrets_in

    if is_secret:
        line = line[: max(column - 1, 0)]
    parts, end, moved = [], 0, column
    for start, stop, _ in secrets_in(line):
        parts += [line[end:start], HIDDEN]
        if stop < column:
            moved += len(HIDDEN) - (stop - start)
        end = stop
    return "".join((*parts, line[end:], HIDDEN if is_secret else "")), moved
