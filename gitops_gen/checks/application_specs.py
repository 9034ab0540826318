"""The specs of Applications, as they are written or as a set makes them: destination, sources, retry.

Part of argo-cd-object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import durations
from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_TEMPLATED = "{{"
_SOURCES = ("source", "sources", "sourceHydrator")
"""Where an Application states what it brings."""


def made_by_sets(graph: Graph) -> dict[Place, tuple[Application, ...]]:
    """Returns the Applications that each ApplicationSet makes, of those that expand, by the place of the set."""
    return {each.manifest.place: each.applications for each in graph.expansions if each.applications}


def refused_specs(manifest: Manifest, made: Mapping[Place, tuple[Application, ...]]) -> Iterator[Finding]:
    """Yields what is wrong with the spec of an Application, or with those that a template makes."""
    if manifest.kind == "ApplicationSet" and manifest.place not in made:
        template = _without_templates(map_at(manifest.value, "spec", "template", "spec"))
        yield from _spec(manifest, template, manifest.place.down("spec", "template", "spec"))
    found = (each for spec, place in _specs(manifest, made) for each in _spec(manifest, spec, place))
    yield from dict.fromkeys(found)


def _specs(manifest: Manifest, made: Mapping[Place, tuple[Application, ...]]) -> Iterator[tuple[object, Place]]:
    """Yields the specs of Applications that an object has, or makes, as they are when all is filled in."""
    if manifest.kind == "Application":
        yield map_at(manifest.value, "spec"), manifest.place / "spec"
    for application in made.get(manifest.place, ()):
        yield map_at(application.value, "spec"), manifest.place.down("spec", "template", "spec")


def _without_templates(value: object) -> object:
    """Returns a template without what is filled in: it may turn out to be empty, as if it were not there."""
    if isinstance(value, dict):
        return {key: _without_templates(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_templates(each) for each in value]
    return "" if isinstance(value, str) and _TEMPLATED in value else value


def _spec(manifest: Manifest, spec: object, place: Place) -> Iterator[Finding]:
    destination = map_at(spec, "destination")
    if text_at(destination, "name") and text_at(destination, "server"):
        yield Finding(
            f"{manifest} has a destination by name and by server, expected one of them",
            place / "destination",
            "remove server, or name",
        )
    for source, where in _sources(spec, place):
        if text_at(source, "path") and text_at(source, "chart"):
            yield Finding(
                f"{manifest} has a source with path and chart, expected one of them",
                where,
                "remove path for a chart repository, chart for a git repository",
            )
    for field in ("duration", "maxDuration"):
        yield from _backoff(manifest, spec, place, field)


def unread_source(manifest: Manifest) -> Iterator[Finding]:
    """Yields a source that Argo CD passes over, as it has sources, or one that is hydrated.

    Source: docs/user-guide/multiple_sources.md; pkg/apis/application/v1alpha1/types.go, ApplicationSpec.GetSource.
    """
    steps = ("spec",) if manifest.kind == "Application" else ("spec", "template", "spec")
    spec = at(manifest.value, *steps)
    taken = "sourceHydrator" if map_at(spec, "sourceHydrator") else "sources" if list_at(spec, "sources") else None
    unread = [each for each in ("source", "sources") if each != taken and _is_stated(spec, each)]
    for each in unread if taken is not None else ():
        one = "one of the sources" if taken == "sources" else "the drySource"
        yield Finding(
            f"{manifest} has {each} beside {taken}, and Argo CD reads {taken} only",
            manifest.place.down(*steps, each),
            f"remove {each}, or make it {one}",
            severity=Severity.WARNING,
            on_key=True,
        )


def _is_stated(spec: object, key: str) -> bool:
    """True for sources, and for a source that says what is taken of it: a template leaves an empty one."""
    return any(text_at(each, "path") or text_at(each, "chart") for each in (at(spec, key), *list_at(spec, key)))


def lacking_sources(
    graph: Graph, manifest: Manifest, made: Mapping[Place, tuple[Application, ...]]
) -> Iterator[Finding]:
    """Yields what an Application lacks for a source, and what its sources do."""
    yield from _unfinished(manifest, made)
    yield from _sourceless(graph, manifest, made)


def _unfinished(manifest: Manifest, made: Mapping[Place, tuple[Application, ...]]) -> Iterator[Finding]:
    """Yields the sources that Argo CD refuses for what they lack (util/argo/argo.go, validateSourcePermissions)."""
    sources = (source for spec, place in _specs(manifest, made) for source in _sources(spec, place))
    found = (each for source, where in sources for each in _lacking(manifest, source, where))
    yield from dict.fromkeys(found)


def _sourceless(graph: Graph, manifest: Manifest, made: Mapping[Place, tuple[Application, ...]]) -> Iterator[Finding]:
    """Yields an Application that has no source in any of the ways of stating one."""
    for spec, place in _specs(manifest, made):
        if spec and not _has_source(spec):
            is_taken = _has_source(at(manifest.value, "spec", "template", "spec"))
            yield (
                _taken_source(graph, manifest)
                if is_taken
                else Finding(
                    f"{manifest} has no source",
                    place,
                    "add source, with repoURL and path or chart",
                    severity=by_mark(graph, manifest.place),
                    on_key=True,
                )
            )
            return


def _has_source(spec: object) -> bool:
    return any(at(spec, field) not in (None, []) for field in _SOURCES)


def _taken_source(graph: Graph, manifest: Manifest) -> Finding:
    """Returns that the template has a source, and that an Application has none: null in a patch removes a field."""
    return Finding(
        f"the template patch of {manifest} takes the source of an Application away: a field without a value removes "
        "what the template gives",
        manifest.place.down("spec", "templatePatch"),
        "leave the field out, too, where nothing stands below it",
        severity=by_mark(graph, manifest.place),
    )


def _lacking(manifest: Manifest, source: object, where: Place) -> Iterator[Finding]:
    fields = ("path", "chart") if where.steps[-1] == "source" else ("path", "chart", "ref")
    if at(source, "repoURL") == "":
        yield Finding(f"{manifest} has a source with an empty repoURL", where / "repoURL", "name the repository")
    elif not any(text_at(source, field) for field in fields):
        yield Finding(
            f"{manifest} has a source with none of {', '.join(fields[:-1])} or {fields[-1]}",
            where,
            "add path for a git repository, chart for a chart repository",
        )


def _sources(spec: object, place: Place) -> Iterator[tuple[object, Place]]:
    """Yields the sources that are maps, each with its place; what is none is told as of a wrong type.

    Where there are sources, the field source is read by nobody, and beside a hydrator neither is.
    """
    if map_at(spec, "sourceHydrator"):
        return
    sources = list_at(spec, "sources")
    for index, source in enumerate(sources):
        if isinstance(source, dict):
            yield source, place.down("sources", index)
    if not sources and isinstance(at(spec, "source"), dict):
        yield at(spec, "source"), place / "source"


def _backoff(manifest: Manifest, spec: object, place: Place, field: str) -> Iterator[Finding]:
    steps = ("syncPolicy", "retry", "backoff", field)
    text = text_at(spec, *steps)
    if not text or text.isdigit() or _TEMPLATED in text or durations.parse(text) is not None:
        return
    yield Finding(
        f"{manifest}: {field} of the retry: got {text!r}, expected a duration such as 10s",
        place.down(*steps),
        "write a number with ms, s, m or h",
    )
