"""The generated files of a fleet as they stand in a clone of its gitops repository, among files kept by hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from gitops_gen.pipeline import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tools.parsed import Object

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Generated:
    """The files of one fleet: `files` by path below the folder of the gitops repository in which they stand."""

    root: Path
    url: str
    revision: str
    folder: str
    files: dict[str, str]

    def repository_file(self, path: str) -> str | None:
        """Returns the text of a file of the gitops repository, generated or kept by hand; None: there is none."""
        if path.startswith(f"{self.folder}/"):
            return self.files.get(path.removeprefix(f"{self.folder}/"))
        kept = self.root / path
        return kept.read_text(encoding="utf-8") if kept.is_file() else None

    def repository_folder(self, path: str) -> tuple[str, ...]:
        """Returns the paths of the generated files that stand right in a folder of the gitops repository."""
        below = path.removeprefix(f"{self.folder}/")
        return tuple(each for each in self.files if each.rpartition("/")[0] == below)

    def paths(self, *, start: str = "", end: str = "") -> tuple[str, ...]:
        """Returns the paths below the folder that start and end so."""
        return tuple(path for path in self.files if path.startswith(start) and path.endswith(end))

    def objects(self) -> Iterator[tuple[str, Object]]:
        """Yields every Kubernetes object with the path of its file."""
        for path in self.paths(end=".yaml"):
            for document in documents(self.files[path]):
                if isinstance(document, dict) and "kind" in document:
                    yield path, document

    def of_kind(self, kind: str) -> dict[str, Object]:
        """Returns the objects of a kind whose files hold one of them, by path."""
        return {path: found for path, found in self.objects() if found["kind"] == kind}


def documents(text: str) -> list[object]:
    """Returns the YAML documents of a text, as YAML 1.1 has them."""
    return list(yaml.load_all(text, Loader=yaml.CSafeLoader))


def generated(root: Path, *, url: str, revision: str, folder: str) -> Generated:
    """Renders the fleet under `root`."""
    return Generated(root, url, revision, folder, {each.path: each.text for each in render(root)})


@cache
def real() -> Generated:
    """The six clusters: this repository's own fleet."""
    url = "https://github.com/example/myapp-gitops.git"
    return generated(PROJECT, url=url, revision="main", folder="output")


@cache
def wide() -> Generated:
    """Thirteen clusters in three partitions, with nearly everything that a model file can say."""
    url = "ssh://git@git.example.com:7999/platform/atlas-gitops.git"
    return generated(PROJECT / "tests/fleets/wide", url=url, revision="release", folder="platform/generated")
