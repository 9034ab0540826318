"""From the files under environments/ to a Fleet, with every problem located.

First each file is read and held against its entry; if that finds nothing, the entries are resolved together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import ValidationError

from gitops_gen import kubernetes
from gitops_gen.entries import AppEntry, Entry, EnvironmentEntry, FleetEntry
from gitops_gen.explain import explain
from gitops_gen.problems import Location, ModelError, Problem, in_order
from gitops_gen.source import Source, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gitops_gen.model import Fleet

MODEL = "environments"
APPS = f"{MODEL}/apps"
FLEET_FILE = f"{MODEL}/fleet.yaml"
RESERVED = frozenset({"fleet", "waivers"})
"""Names of files under environments/ that are no environment."""

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Written(Generic[E]):
    """A model file that is sound by itself: its name, its entry, and the source that locates it."""

    name: str
    entry: E
    source: Source


@dataclass(frozen=True, slots=True)
class WrittenFleet:
    """All model files, each sound by itself."""

    fleet: Written[FleetEntry]
    environments: tuple[Written[EnvironmentEntry], ...]
    apps: tuple[Written[AppEntry], ...]

    @property
    def sources(self) -> dict[str, Source]:
        """The sources by path."""
        sources = [self.fleet.source]
        sources += [written.source for written in self.environments]
        sources += [written.source for written in self.apps]
        return {source.path: source for source in sources}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A fleet, what was read to make it, and what is worth a warning."""

    fleet: Fleet
    written: WrittenFleet
    warnings: tuple[Problem, ...]


def load(root: Path) -> Fleet:
    """Returns the fleet that the files under `root`/environments describe.

    Raises ModelError with all problems of the stage that found some: reading, or resolving.
    """
    return load_with_warnings(root).fleet


def load_with_warnings(root: Path) -> Loaded:
    """As `load`, with the warnings and the sources. Raises ModelError."""
    from gitops_gen.resolve import resolve

    written = read_model(root)
    fleet, warnings = resolve(written)
    return Loaded(fleet, written, warnings)


def read_model(root: Path) -> WrittenFleet:
    """Reads every model file and holds it against its entry. Raises ModelError with all problems."""
    reader = _Reader(root)
    fleet = reader.read(FLEET_FILE, FleetEntry)
    environments = [reader.read(path, EnvironmentEntry) for path in reader.environment_files()]
    apps = [reader.read(path, AppEntry) for path in reader.app_files()]
    if reader.problems or fleet is None:
        raise ModelError(*in_order(reader.problems))
    return WrittenFleet(
        fleet,
        tuple(written for written in environments if written),
        tuple(written for written in apps if written),
    )


class _Reader:
    """Reads one file after the other and keeps what is wrong."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []

    def environment_files(self) -> Iterator[str]:
        for path, name in self._yaml_files(MODEL):
            if name not in RESERVED and self._is_name(path, name, "environment"):
                yield path

    def app_files(self) -> Iterator[str]:
        for path, name in self._yaml_files(APPS):
            if self._is_name(path, name, "app"):
                yield path

    def read(self, path: str, entry: type[E]) -> Written[E] | None:
        try:
            source = read(self.root, path)
            value = source.data
        except ModelError as error:
            self.problems.extend(error.problems)
            return None
        try:
            return Written(_stem(path), entry.model_validate(value), source)
        except ValidationError as error:
            self.problems.extend(explain(error, entry, source))
            return None

    def _yaml_files(self, folder: str) -> Iterator[tuple[str, str]]:
        try:
            names = sorted(entry.name for entry in (self.root / folder).iterdir())
        except FileNotFoundError:
            return
        except OSError as error:
            self._add(
                "unreadable-folder",
                folder,
                f"cannot be listed: {error.strerror}",
                "make it a readable folder",
            )
            return
        for name in names:
            path = f"{folder}/{name}"
            if name.endswith(".yml"):
                self._add("file-name", path, "is not read: it ends in .yml", f"rename it to {path[:-4]}.yaml")
            elif name.endswith(".yaml"):
                yield path, _stem(path)

    def _is_name(self, path: str, name: str, what: str) -> bool:
        reason = kubernetes.check_dns_label(name)
        if what == "app":
            reason = reason or kubernetes.check_release_name(name)
        elif name == "default":
            reason = "default is the AppProject that Argo CD itself comes with"
        if reason is None:
            return True
        self._add("file-name", path, f"the file's name is the {what}'s: {reason}", "rename the file")
        return False

    def _add(self, code: str, path: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code, message, Location(path), hint))


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[1].removesuffix(".yaml")
