"""The command lines that hooks, editors and CI run most, read without click: `generate --check`, `verify --strict`.

To load click would be a quarter of a `generate` with nothing to do. Whatever else is asked, and whatever is wrong with
what is asked, is left to it: it alone knows all options, says how they are used, and asks at a terminal.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gitops_gen.terminal import is_watched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MOST_JOBS = 64

_FLAGS: Mapping[str, frozenset[str]] = {
    "generate": frozenset({"check", "verify"}),
    "verify": frozenset({"strict"}),
}
"""The commands, and those of their options that are read here. Each takes --jobs, too; verify takes paths."""

_WITH_PATHS = "verify"

_COMPLETION = "_GITOPS_GEN_COMPLETE"
"""The variable by which a shell asks how a line goes on: click answers, and nothing is done."""


def plain_call(arguments: Sequence[str]) -> Callable[[], int] | None:
    """Returns what does what the arguments ask for, or None: click has to read them."""
    read = None if is_watched() or _COMPLETION in os.environ else read_plainly(arguments)
    if read is None:
        return None
    root, command, asked = read
    if command == "generate":
        from gitops_gen.commands.generation import GenerateOptions, generate

        return partial(generate, root, GenerateOptions(**asked))
    from gitops_gen.commands.verification import VerifyOptions, verify

    return partial(verify, root, VerifyOptions(**asked))


def read_plainly(arguments: Sequence[str]) -> tuple[Path, str, dict[str, Any]] | None:
    """Returns the root, the command and the options that are not as they are by default, or None."""
    root, words = ".", [*arguments]
    if words[:1] == ["-C"] and len(words) > 1:
        root, words = words[1], words[2:]
    if not words or words[0] not in _FLAGS or not _is_folder(root):
        return None
    command, *words = words
    asked: dict[str, Any] = {}
    paths = []
    while words:
        word = words.pop(0)
        if word == "--jobs" and words and (number := _jobs(words[0])):
            asked["jobs"] = number
            del words[0]
        elif word.startswith("--") and word[2:] in _FLAGS[command]:
            asked[word[2:]] = True
        elif command == _WITH_PATHS and not word.startswith("-"):
            paths.append(word)
        else:
            return None
    if paths:
        asked["paths"] = tuple(paths)
    return Path(root), command, asked


def _is_folder(root: str) -> bool:
    return not root.startswith("-") and os.path.isdir(root) and os.access(root, os.R_OK)  # noqa: PTH112 - as click asks


def _jobs(word: str) -> int | None:
    number = int(word) if word.isdecimal() and len(word) <= len(str(MOST_JOBS)) else 0
    return number if 0 < number <= MOST_JOBS else None
