"""The generated files of this repository's fleet and of the wide one, after an edit of their model."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gitops_gen.pipeline import render
from tests.tools.generated import PROJECT, real, wide

if TYPE_CHECKING:
    from collections.abc import Callable

Edit = tuple[str, str, str]
"""A file of the model, a text in it, and what takes its place. An empty new text for a whole file removes it."""


def six(*edits: Edit) -> dict[str, str]:
    """Returns the files of the six clusters after edits of the model."""
    return _rendered(PROJECT / "environments", "environments", edits) if edits else dict(real().files)


def atlas(*edits: Edit) -> dict[str, str]:
    """Returns the files of the wide fleet after edits of the model."""
    return _rendered(PROJECT / "tests/fleets/wide", ".", edits) if edits else dict(wide().files)


def _rendered(source: Path, target: str, edits: tuple[Edit, ...]) -> dict[str, str]:
    with TemporaryDirectory() as name:
        root = Path(name)
        shutil.copytree(source, root / target, dirs_exist_ok=True)
        for path, old, new in edits:
            text = (root / path).read_text(encoding="utf-8")
            assert old in text, f"{old!r} is not in {path}"
            (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")
        return {artifact.path: artifact.text for artifact in render(root)}


def everywhere(files: dict[str, str], old: str, new: str, *, where: Callable[[str], bool] = bool) -> dict[str, str]:
    """Returns files with a text replaced in all of those whose path `where` takes; it has to be in one."""
    found = {path: text.replace(old, new) if where(path) else text for path, text in files.items()}
    assert found != files, f"{old!r} is in none of the files"
    return found
