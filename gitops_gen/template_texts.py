"""The texts of the templates of a project: the stock ones under the user's own, file by file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from gitops_gen.artifacts import TEMPLATES, stock_templates
from gitops_gen.bounds import TEMPLATE_LIMIT
from gitops_gen.problems import Location, ModelError, Problem
from gitops_gen.source import read

if TYPE_CHECKING:
    from pathlib import Path


class TemplateText(NamedTuple):
    """A template as it is written."""

    text: str
    path: str
    """Where it stands, relative to the project or to the package."""


class TemplateTexts:
    """The texts by name. One object serves a whole run: each is read once."""

    def __init__(self, root: Path) -> None:
        self._roots = [root]
        stock = stock_templates()
        if (root / TEMPLATES).resolve() != stock.resolve():
            self._roots.append(stock.parent)
        self._read: dict[str, TemplateText | None] = {}

    def get(self, name: str) -> TemplateText | None:
        """Returns a template, or None if there is none. Raises ModelError for one that is no text, or too long."""
        if name not in self._read:
            self._read[name] = self._look_for(name)
        return self._read[name]

    def names(self) -> list[str]:
        """Returns the names of all files that are there."""
        folders = [root / TEMPLATES for root in self._roots]
        return [path.relative_to(each).as_posix() for each in folders for path in each.rglob("*") if path.is_file()]

    def _look_for(self, name: str) -> TemplateText | None:
        if ".." in name.split("/") or name.startswith("/"):
            return None
        for root in self._roots:
            if os.path.isfile(root / TEMPLATES / name):  # noqa: PTH113 - pathlib raises for a name that is too long
                path = f"{TEMPLATES}/{name}"
                return TemplateText(_short_enough(path, read(root, path).text), path)
        return None


def _short_enough(path: str, text: str) -> str:
    if len(text) <= TEMPLATE_LIMIT:
        return text
    message = f"got {len(text):,} characters, expected at most {TEMPLATE_LIMIT:,} in a template"
    raise ModelError(Problem("file-too-large", message, Location(path), "split it, and include its parts"))
