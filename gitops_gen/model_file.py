"""One file under environments/ as it stands on disk: its text with every byte, and how it is replaced."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp

from gitops_gen.problems import Location, ModelError, Problem
from gitops_gen.source import read


def read_text(root: Path, path: str) -> str:
    """Returns the whole text of a model file: with its line breaks as they are, and its byte order mark if it has one.

    Raises ModelError for what `source.read` refuses.
    """
    read(root, path)
    return _real(root, path).read_bytes().decode()


def replace_text(root: Path, path: str, *, old: str, new: str) -> None:
    """Replaces the text of a model file in one step. Its permissions stay, and so does a symbolic link to it.

    Raises ModelError, with the file as it was: changed-meanwhile if it does not hold the old text any more,
    unwritable-file if the disk refuses, and what `source.read` refuses.
    """
    if read_text(root, path) != old:
        message = "has changed since it was read; nothing was written"
        raise ModelError(Problem("changed-meanwhile", message, Location(path), "run the command again"))
    real = _real(root, path)
    try:
        _replace(real, new.encode(), real.stat().st_mode & 0o777)
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        hint = "look at the disk, and at the permissions of the file and its folder"
        raise ModelError(Problem("unwritable-file", message, Location(path), hint)) from error


def _real(root: Path, path: str) -> Path:
    return Path(os.path.realpath(root / path))


def _replace(real: Path, data: bytes, mode: int) -> None:
    """Writes the bytes beside the file and down to the disk, and only then puts them in its place."""
    number, staged = mkstemp(dir=real.parent, prefix=f".{real.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            os.fchmod(number, mode)
            file.write(data)
            file.flush()
            os.fsync(number)
        Path(staged).replace(real)
    finally:
        Path(staged).unlink(missing_ok=True)
