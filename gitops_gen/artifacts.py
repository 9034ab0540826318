"""What can be produced: the artifact specs of templates/artifacts.yaml, the stock ones under the user's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from gitops_gen.block_shapes import DoesNotFitError, listed
from gitops_gen.data_classes import frozen
from gitops_gen.entry_shapes import ARTIFACT_ENTRY
from gitops_gen.formats import FORMATS
from gitops_gen.problems import Location, ModelError, Problem, Related, Route, TemplateError, in_order
from gitops_gen.source import Source, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.artifact_entries import ArtifactEntry

TEMPLATES = "templates"
ARTIFACTS_FILE = f"{TEMPLATES}/artifacts.yaml"


@frozen
class ArtifactSpec:
    """One kind of generated file, sound by itself."""

    name: str
    for_each: frozenset[str]
    template: str
    path: str
    format: str
    when: str | None
    route: Route
    source: Source


def stock_templates() -> Path:
    """Returns the folder of the templates that ship with the package."""
    package = Path(__file__).parent
    shipped = package / TEMPLATES
    return shipped if shipped.is_dir() else package.parent / TEMPLATES


def load_specs(root: Path) -> tuple[ArtifactSpec, ...]:
    """Returns the stock specs with the user's own laid over them by name. Raises TemplateError with all problems."""
    stock = stock_templates()
    own = root / TEMPLATES
    specs = {} if _same(own, stock) else _by_name(stock.parent)
    try:
        has_own = _has_own(own)
    except PermissionError as error:
        message = f"cannot be listed: {error.strerror}"
        problem = Problem("unreadable-folder", message, Location(TEMPLATES), "make it a readable folder")
        raise TemplateError(problem) from None
    if has_own:
        specs |= _by_name(root)
    return tuple(specs.values())


def _has_own(folder: Path) -> bool:
    """True for templates with a list of artifacts. Raises TemplateError for one that is misnamed; PermissionError."""
    if (folder / "artifacts.yml").exists():
        raise _unread("artifacts.yml", "it ends in .yml")
    if (folder / "artifacts.yaml").exists():
        return True
    names = sorted(os.listdir(folder)) if folder.is_dir() else ()  # noqa: PTH208 - a Path for each is not needed
    if slip := next(filter(_is_slip, names), None):
        raise _unread(slip, f"the list of artifacts is {ARTIFACTS_FILE}")
    return False


def _is_slip(name: str) -> bool:
    """True for a file that was most likely meant to be the list: nothing of it would be made."""
    if not name.endswith(".yaml"):
        return False
    from gitops_gen.near_miss import is_typo

    return is_typo(name, "artifacts.yaml")


def _unread(name: str, why: str) -> TemplateError:
    at = Location(f"{TEMPLATES}/{name}")
    return TemplateError(Problem("file-name", f"is not read: {why}", at, f"rename it to {ARTIFACTS_FILE}"))


def _same(first: Path, second: Path) -> bool:
    return first.resolve() == second.resolve()


def _by_name(root: Path) -> dict[str, ArtifactSpec]:
    try:
        source = read(root, ARTIFACTS_FILE)
        entries = _entries(source)
    except ModelError as error:
        raise TemplateError(*error.problems) from None
    problems = list(_problems(entries, source))
    if problems:
        raise TemplateError(*in_order(problems))
    return {entry.name: _spec(entry, index, source) for index, entry in enumerate(entries)}


def _entries(source: Source) -> list[ArtifactEntry]:
    data = source.data
    try:
        return cast("list[ArtifactEntry]", listed(ARTIFACT_ENTRY)(data))
    except DoesNotFitError:
        return _validated(data, source)


def _validated(data: object, source: Source) -> list[ArtifactEntry]:
    from pydantic import TypeAdapter, ValidationError

    from gitops_gen.artifact_entries import ArtifactEntry
    from gitops_gen.entry_errors import explain

    try:
        return TypeAdapter(list[ArtifactEntry]).validate_python(data)
    except ValidationError as error:
        raise ModelError(*in_order(explain(error, list[ArtifactEntry], source))) from None


def _problems(entries: list[ArtifactEntry], source: Source) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries):
        first = seen.setdefault(entry.name, index)
        if first != index:
            related = Related(source.locate((first, "name")), "it stands here already")
            at = source.locate((index, "name"))
            yield Problem("duplicate-artifact", f"{entry.name} stands twice", at, "rename one", related=(related,))
        if entry.format not in FORMATS:
            message = f"got {entry.format!r}, expected one of {', '.join(FORMATS)}"
            from gitops_gen.near_miss import nearest_name

            close = nearest_name(entry.format, FORMATS)
            hint = f"did you mean {close}?" if close else "choose one of these"
            yield Problem("unknown-format", message, source.locate((index, "format")), hint)
        dimensions = _dimensions(entry)
        if len(dimensions - {"app"}) > 1:
            message = f"got {', '.join(sorted(dimensions))}, expected one of them, or one with app"
            hint = "the others follow from it: a cluster has one environment"
            yield Problem("for-each", message, source.locate((index, "for_each")), hint)


def _dimensions(entry: ArtifactEntry) -> frozenset[str]:
    stated = [entry.for_each] if isinstance(entry.for_each, str) else entry.for_each
    return frozenset(stated) - {"none"}


def _spec(entry: ArtifactEntry, index: int, source: Source) -> ArtifactSpec:
    return ArtifactSpec(
        name=entry.name,
        for_each=_dimensions(entry),
        template=entry.template,
        path=entry.path,
        format=entry.format,
        when=str(entry.when).lower() if isinstance(entry.when, bool) else entry.when,
        route=Route(source.path) / index,
        source=source,
    )
