"""From the files under environments/ to a Fleet, with every problem located.

First each file is read and held against its entry; if that finds nothing, the entries are resolved together.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, cast

from gitops_gen import entry_shapes, kubernetes
from gitops_gen.block_shapes import DoesNotFitError
from gitops_gen.data_classes import frozen
from gitops_gen.problems import Location, ModelError, Problem, Severity, in_order
from gitops_gen.source import Source, decode, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from gitops_gen.block_shapes import Shape
    from gitops_gen.entries import AppEntry, Entry, EnvironmentEntry, FleetEntry
    from gitops_gen.model import Fleet
    from gitops_gen.resolve.whole import Whole

MODEL = "environments"
APPS = f"{MODEL}/apps"
FLEET_FILE = f"{MODEL}/fleet.yaml"
_YAML = (".yaml", ".yml")
RESERVED = frozenset({"fleet", "waivers"})
"""Names of files under environments/ that are no environment."""

AS_ON_DISK: Mapping[str, str] = {}
"""No file has another text than the one on disk."""

NOTHING_READ: Mapping[str, Written[Any]] = {}
"""No file has been read before."""

_OF_ONE_SCALAR = frozenset({"ambiguous-scalar", "number-out-of-range"})
"""What may be wrong with a file whose other keys can be judged all the same."""

E = TypeVar("E", bound="Entry")


class _Kind(NamedTuple, Generic[E]):
    """A kind of model file: what fits at first sight, and the class that judges everything else."""

    shape: Shape
    entry: Callable[[], type[E]]


def _fleet_entry() -> type[FleetEntry]:
    from gitops_gen.entries import FleetEntry

    return FleetEntry


def _environment_entry() -> type[EnvironmentEntry]:
    from gitops_gen.entries import EnvironmentEntry

    return EnvironmentEntry


def _app_entry() -> type[AppEntry]:
    from gitops_gen.entries import AppEntry

    return AppEntry


_FLEET = _Kind(entry_shapes.FLEET_ENTRY, _fleet_entry)
_ENVIRONMENT = _Kind(entry_shapes.ENVIRONMENT_ENTRY, _environment_entry)
_APP = _Kind(entry_shapes.APP_ENTRY, _app_entry)


@frozen
class Written(Generic[E]):
    """A model file that is sound by itself: its name, its entry, and the source that locates it."""

    name: str
    entry: E
    source: Source


@frozen
class WrittenFleet:
    """All model files, each sound by itself."""

    fleet: Written[FleetEntry]
    environments: tuple[Written[EnvironmentEntry], ...]
    apps: tuple[Written[AppEntry], ...]
    unread: tuple[Problem, ...] = ()
    """Warnings of files that stand where nobody reads them."""

    @property
    def sources(self) -> dict[str, Source]:
        """The sources by path."""
        return {path: written.source for path, written in self.files.items()}

    @property
    def files(self) -> dict[str, Written[Any]]:
        """The files by path."""
        files: tuple[Written[Any], ...] = (self.fleet, *self.environments, *self.apps)
        return {each.source.path: each for each in files}


@frozen
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


def load_with_warnings(
    root: Path,
    texts: Mapping[str, str] = AS_ON_DISK,
    known: Mapping[str, Whole] | None = None,
    before: Mapping[str, Written[Any]] = NOTHING_READ,
) -> Loaded:
    """As `load`, with the warnings and the sources. `known` is as for `resolve`, the rest as for `read_model`.

    Raises ModelError.
    """
    from gitops_gen.resolve import resolve

    written = read_model(root, texts, before)
    try:
        fleet, warnings = resolve(written, known)
    except ModelError as error:
        # What is missing may stand in what is not read.
        raise ModelError(*_shown(in_order((*written.unread, *error.problems)))) from error
    return Loaded(fleet, written, (*written.unread, *warnings))


def read_model(
    root: Path, texts: Mapping[str, str] = AS_ON_DISK, before: Mapping[str, Written[Any]] = NOTHING_READ
) -> WrittenFleet:
    """Reads every model file and holds it against its entry. Raises ModelError with all problems.

    `texts` says, by path, how a file would read after an edit that is not written yet; `before` has the other files
    that need not be read again.
    """
    reader = _Reader(root, texts, before)
    fleet = reader.fleet()
    environments = [reader.read(path, _ENVIRONMENT) for path in reader.environment_files()]
    apps = [reader.read(path, _APP) for path in reader.app_files()]
    if reader.problems or fleet is None:
        raise ModelError(*_shown(in_order((*reader.problems, *reader.unread))))
    return WrittenFleet(
        fleet,
        tuple(written for written in environments if written),
        tuple(written for written in apps if written),
        in_order(reader.unread),
    )


def _shown(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yields problems as they may be shown: what is refused may be a secret in the wrong place, key or value."""
    from gitops_gen.secrets_in_text import without_tokens

    for problem in problems:
        yield problem._replace(message=without_tokens(problem.message), hint=without_tokens(problem.hint))


class _Reader:
    """Reads one file after the other and keeps what is wrong."""

    def __init__(self, root: Path, texts: Mapping[str, str], before: Mapping[str, Written[Any]]) -> None:
        self.root = root
        self.texts = texts
        self.before = before
        self.problems: list[Problem] = []
        self.unread: list[Problem] = []

    def fleet(self) -> Written[FleetEntry] | None:
        if self._has_fleet():
            return self.read(FLEET_FILE, _FLEET)
        self._add("no-fleet", FLEET_FILE, "there is no such file, and every fleet has one", self._way_to_a_fleet())
        return None

    def _has_fleet(self) -> bool:
        try:
            return (self.root / FLEET_FILE).exists()
        except PermissionError:  # whoever reads it says so
            return True

    def _way_to_a_fleet(self) -> str:
        folders = self.root.resolve().parents if self.root.is_dir() else ()
        # Path.is_file raises PermissionError for a folder of somebody else; this takes it for one without a fleet.
        above = next((each for each in folders if os.path.isfile(each / FLEET_FILE)), None)  # noqa: PTH113
        if above is None:
            return "run this in the folder that has environments/, or name it with -C; docs/model.md says what to write"
        from shlex import quote

        return f"a folder above this has it: name that one with -C {quote(str(above))}"

    def environment_files(self) -> Iterator[str]:
        for path, name in self._yaml_files(MODEL):
            if name not in RESERVED and self._is_name(path, name, "environment"):
                yield path

    def app_files(self) -> Iterator[str]:
        for path, name in self._yaml_files(APPS):
            if self._is_name(path, name, "app"):
                yield path

    def read(self, path: str, kind: _Kind[E]) -> Written[E] | None:
        if path in self.before and path not in self.texts:
            return self.before[path]
        try:
            source = decode(path, self.texts[path].encode()) if path in self.texts else read(self.root, path)
        except ModelError as error:
            self.problems.extend(error.problems)
            return None
        self.problems.extend(source.problems)
        if any(problem.code not in _OF_ONE_SCALAR for problem in source.problems):
            return None
        entry = self._held_against(kind, source)
        return None if entry is None or source.problems else Written(_stem(path), entry, source)

    def _held_against(self, kind: _Kind[E], source: Source) -> E | None:
        try:
            return cast("E", kind.shape(source.salvaged))
        except DoesNotFitError:
            return self._validated(kind.entry(), source)

    def _validated(self, entry: type[E], source: Source) -> E | None:
        from pydantic import ValidationError

        from gitops_gen.entry_errors import explain

        try:
            return entry.model_validate(source.salvaged)
        except ValidationError as error:
            if misplaced := _misplaced(entry, source):
                self.problems.append(misplaced)
                return None
            told = {problem.at for problem in source.problems}
            self.problems.extend(problem for problem in explain(error, entry, source) if problem.at not in told)
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
            stem, dot, ending = path.rpartition(".")
            if ending == "yaml":
                yield path, _stem(path)
            elif dot + ending.lower() in _YAML:
                self._add("file-name", path, f"is not read: it ends in .{ending}", f"rename it to {stem}.yaml")
            elif path != APPS and not name.startswith("."):
                self._add_unread(path)

    def _add_unread(self, below: str) -> None:
        """Warns of YAML files in a folder that nobody reads: what they say would be missing without a word."""
        try:
            names = sorted(entry.name for entry in (self.root / below).iterdir())
        except OSError:  # no folder, as a rule
            return
        if _is_slip_of_apps(self.root, below) and any(name.endswith(_YAML) for name in names):
            self._add("misplaced-file", below, f"is not read: apps stand in {APPS}/", f"rename it to {APPS}")
            return
        for name in names:
            if name.endswith(_YAML):
                message = f"is not read: only what stands directly in {MODEL}/ and in {APPS}/ is"
                hint = f"move an environment to {MODEL}/, an app to {APPS}/, and what is neither out of {MODEL}/"
                at = Location(f"{below}/{name}")
                self.unread.append(Problem("misplaced-file", message, at, hint, severity=Severity.WARNING))

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


def _is_slip_of_apps(root: Path, folder: str) -> bool:
    """True for a folder that was probably meant to be that of the apps: else all of them would seem to be gone."""
    from gitops_gen.near_miss import is_typo

    apps = root / APPS
    if apps.exists() and apps.samefile(root / folder):  # on a file system that ignores case, it is that folder
        return False
    return folder.casefold() == APPS or is_typo(folder, APPS)


def _misplaced(entry: type[Entry], source: Source) -> Problem | None:
    """Returns what is wrong with a file that has the keys of an app in the place of an environment, or the reverse."""
    from gitops_gen.entries import AppEntry, EnvironmentEntry

    keys = source.salvaged.keys() if isinstance(source.salvaged, dict) else set()
    for here, there, what, folder in (
        (EnvironmentEntry, AppEntry, "an app", APPS),
        (AppEntry, EnvironmentEntry, "an environment", MODEL),
    ):
        if entry is here and there.model_fields.keys() >= keys and not here.model_fields.keys() >= keys:
            name = source.path.rsplit("/", 1)[1]
            message, hint = f"has the keys of {what}, but stands in another place", f"move it to {folder}/{name}"
            return Problem("misplaced-file", message, Location(source.path), hint)
    return None


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[1].removesuffix(".yaml")
