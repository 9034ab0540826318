"""What the operating system refuses, in words that name the next step."""
# Tens of thousands of files: a Path object for each would cost more than the system call that it is made for.

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from gitops_gen.problems import OutputError, Problem, Related

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitops_gen.tree.steps import Step
    from gitops_gen.tree.values import Tree

REFUSALS = {
    errno.ENOSPC: ("disk-full", "no space is left on the disk", "Free some space, then run again."),
    errno.EDQUOT: ("disk-full", "your quota on the disk is used up", "Free some space, then run again."),
    errno.EFBIG: (
        "file-too-big",
        "it is larger than the limit for a file",
        "Raise the limit (ulimit -f), then run again.",
    ),
    errno.EROFS: (
        "read-only",
        "the file system is read-only",
        "Mount it for writing, or work in another checkout.",
    ),
    errno.EACCES: (
        "no-permission",
        "permission denied",
        "Look at the owner and the mode of the file and its folder.",
    ),
    errno.EPERM: (
        "no-permission",
        "permission denied",
        "Look at the owner and the flags of the file and its folder.",
    ),
    errno.EISDIR: ("output-refused", "Is a directory", "Move away the folder that stands there, then run again."),
    errno.ENOTDIR: ("not-a-folder", "it is not a folder", "Move away what stands there, then run again."),
    errno.ENOENT: (
        "not-found",
        "it does not exist",
        "Look whether something else changes the output folder, then run again.",
    ),
    errno.ENAMETOOLONG: (
        "path-too-long",
        "the path is too long for the file system",
        "Shorten the names or the path in templates/artifacts.yaml.",
    ),
}


def refused(tree: Tree, path: str, verb: str, error: OSError, done: Iterable[Step] = ()) -> OutputError:
    fallback = ("output-refused", os.strerror(error.errno or 0), "Look at the disk, then run again.")
    code, why, hint = REFUSALS.get(error.errno or 0, fallback)
    related = tuple(Related(tree.location(step.path), f"already {step.verb}") for step in done)
    if related:
        hint += " The tree is part old, part new, every file whole; the next run completes it."
    return OutputError(Problem(code, f"cannot be {verb}: {why}", tree.location(path), hint, related=related))
