"""The git command: what this project asks of it, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path


def toplevel(folder: Path) -> Path | None:
    """Returns the root of the work tree that a folder is in, or None outside of one, or without git."""
    found = _asked(folder, "rev-parse", "--show-toplevel")
    return Path(found) if found else None


def origin(folder: Path) -> str | None:
    """Returns the URL of the remote `origin`, or None if there is none."""
    return _asked(folder, "config", "--get", "remote.origin.url") or None


def head(folder: Path) -> str | None:
    """Returns the short name of the commit that is checked out, or None without one."""
    return _asked(folder, "rev-parse", "--verify", "--quiet", "--short", "HEAD^{commit}") or None


def has_files(folder: Path, revision: str, under: str) -> bool:
    """True if a commit has files under a path, which is relative to the folder."""
    return bool(_asked(folder, "ls-tree", revision, "--", under if under.endswith("/") else f"{under}/"))


def paths_holding(folder: Path, revision: str, text: str, *, under: str) -> tuple[str, ...]:
    """Returns the files of a commit in which a text stands; paths are relative to the folder."""
    found = _asked(folder, "grep", "-l", "-z", "--fixed-strings", "-e", text, revision, "--", under)
    return tuple(path.removeprefix(f"{revision}:") for path in found.split("\0") if path)


def text_at(folder: Path, revision: str, path: str) -> str | None:
    """Returns a file of a commit, by its path relative to the folder; None if there is none, or it is no text."""
    try:
        done = subprocess.run(["git", "show", f"{revision}:./{path}"], cwd=folder, capture_output=True, check=False)
        return done.stdout.decode() if done.returncode == 0 else None
    except (OSError, UnicodeDecodeError):
        return None


def _asked(folder: Path, *arguments: str) -> str:
    """Returns what git answers, or an empty string where it has no answer."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
