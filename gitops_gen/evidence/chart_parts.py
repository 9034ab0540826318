"""What a chart needs: where it says so, and where that is in its repository and on disk."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.evidence.charts import CHART, REQUIREMENTS
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.submodules import submodules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.helm import Dependency, Needs
    from gitops_gen.evidence.repositories import Checkout

STATED = "dependencies"
LOCKS = ("Chart.lock", "requirements.lock")


@dataclass(frozen=True)
class Parts:
    """What a chart needs."""

    files: Files
    folder: str
    """Where the chart is."""
    checkout: Checkout
    needs: Needs

    @property
    def in_repository(self) -> str:
        """What its folder is called in the repository."""
        inside = posixpath.relpath(self.folder, self.checkout.folder)
        return posixpath.normpath(posixpath.join(self.checkout.path, inside))

    def beside(self, dependency: Dependency) -> str:
        """Returns what the folder of one that it needs is called in the repository."""
        return posixpath.normpath(posixpath.join(self.in_repository, dependency.path or ""))

    def on_disk(self, dependency: Dependency) -> str:
        """Returns where one that it needs lies, relative to the root."""
        return self.checkout.on_disk(self.beside(dependency)) or ""

    def place(self, dependency: Dependency, field: str) -> Place:
        """Returns where it says something of one that it needs."""
        return self.stated / self.needs.stated.index(dependency) / field

    @property
    def stated(self) -> Place:
        """Where it says what it needs."""
        requirements = self._at(REQUIREMENTS)
        return Place(requirements if self.files.is_file(requirements) else self._at(CHART), 0, (STATED,))

    @property
    def local(self) -> Sequence[Dependency]:
        """Those that it takes from folders."""
        return [each for each in self.needs.stated if each.path is not None]

    @property
    def lock(self) -> str | None:
        """The file that says which versions it was built of."""
        return next((path for path in map(self._at, LOCKS) if self.files.is_file(path)), None)

    @property
    def is_fetched(self) -> bool:
        """True if Helm asks repositories for some of what it needs."""
        return any(each.is_fetched for each in self.needs.stated)

    def unseen(self) -> Iterator[str]:
        """Yields why it cannot be said what lies beside it."""
        for each in self.local:
            folder, needs = self.on_disk(each), f"the chart {self.folder} needs {each.name} in"
            if not folder:
                yield f"{needs} {self.beside(each)}, which is not on disk"
            elif not self.files.is_file(joined(folder, CHART)) and self.is_in_submodule(folder):
                yield f"{needs} {folder}, which is of a submodule that is not checked out"

    def is_in_submodule(self, folder: str) -> bool:
        """True for a folder in a submodule of the repository."""
        return any(f"{folder}/".startswith(f"{each}/") for each in submodules(self.files, (self.checkout.folder,)))

    def _at(self, name: str) -> str:
        return joined(self.folder, name)


def joined(folder: str, name: str) -> str:
    """Returns the path of a file in a folder."""
    return posixpath.normpath(f"{folder}/{name}")
