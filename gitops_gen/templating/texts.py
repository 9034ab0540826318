"""The texts of the templates of a project: the stock ones under the user's own, file by file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gitops_gen.artifacts import TEMPLATES, stock_templates
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Location, ModelError, Problem, Severity
from gitops_gen.source import read
from gitops_gen.templating.bounds import TEMPLATE_LIMIT

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

    def unused(self) -> list[Problem]:
        """Returns a warning for each template of the project's own that was meant to replace a stock one, and does not.

        Its name is that of a stock one but for a slip or for the folder, and nobody has asked for it so far.
        """
        own = self._roots[0] / TEMPLATES
        if len(self._roots) == 1 or not own.is_dir():
            return []
        unused = [name for name in _templates_in(own) if name not in self._read]
        stock = _templates_in(self._roots[1] / TEMPLATES) if unused else []
        meant = {name: next((each for each in stock if _is_slip(name, each)), None) for name in unused}
        return [_unused(name, close) for name, close in meant.items() if close is not None]

    def _look_for(self, name: str) -> TemplateText | None:
        if ".." in name.split("/") or name.startswith("/"):
            return None
        for root in self._roots:
            if os.path.isfile(root / TEMPLATES / name):  # noqa: PTH113 - pathlib raises for a name that is too long
                path = f"{TEMPLATES}/{name}"
                return TemplateText(_short_enough(path, read(root, path).text), path)
        return None


def _templates_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.j2"))


def _is_slip(name: str, stock: str) -> bool:
    from gitops_gen.near_miss import is_typo

    return name.rpartition("/")[2] == stock.rpartition("/")[2] or is_typo(name, stock)


def _unused(name: str, meant: str) -> Problem:
    message = f"is not used, and the stock {meant} is: only a template of the same path takes its place"
    hint = f"call it {TEMPLATES}/{meant}; or name it in an entry of artifacts.yaml"
    return Problem("template-unused", message, Location(f"{TEMPLATES}/{name}"), hint, severity=Severity.WARNING)


def _short_enough(path: str, text: str) -> str:
    if len(text) <= TEMPLATE_LIMIT:
        return text
    message = f"got {len(text):,} characters, expected at most {TEMPLATE_LIMIT:,} in a template"
    raise ModelError(Problem("file-too-large", message, Location(path), "split it, and include its parts"))
