"""The model as it stands, rendered and compared with what was generated before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.baseline import baseline
from gitops_gen.diff import compare
from gitops_gen.pipeline import open_project
from gitops_gen.render import render_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gitops_gen.diff import Report
    from gitops_gen.pipeline import Project


def diff_against(root: Path, base: str | Path | None = None, *, output: str = "output") -> Report:
    """Returns what the model of a project changes against a base: a git revision, HEAD by default, or a folder.

    Nothing is written. Raises ModelError, TemplateError, and GitError for a base that cannot be read.
    """
    return diff_project(open_project(root, output=output), base)


def diff_project(
    project: Project, base: str | Path | None = None, *, on_file: Callable[[], None] = lambda: None
) -> Report:
    """As `diff_against`, for a planned run. Raises TemplateError or GitError."""
    before = baseline(project.tree.root, project.tree.folder, base)
    texts: dict[str, str] = {}
    for artifact in render_all(project.plan, project.templates):
        texts[artifact.path] = artifact.text
        on_file()
    missing = f"{project.tree.folder}/ has no generated file at {before.name}: everything is new"
    return compare(before.texts, texts, base=before.name, notes=(missing,) if before.is_missing else ())
