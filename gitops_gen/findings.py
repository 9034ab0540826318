"""Findings as problems: each located, with what it was made with, and no surer than its evidence is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.problems import Location, Problem, Related, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from gitops_gen.checks.finding import Check, Finding
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

    OriginOf: TypeAlias = "Callable[[str], tuple[Related, ...]]"
    """What tells, by path, what to touch where a file was generated."""

_READ_ANEW = ".tf"
"""Terraform, which is read anew for each of its variable files: the number in a place is that of the reading."""


def problems_of(found: Iterable[tuple[Check, Finding]], graph: Graph, origin_of: OriginOf) -> Iterator[Problem]:
    """Yields what rules have found, but for what is said of something that is not known."""
    causes = _Causes()
    for check, finding in found:
        if _is_of_what_is_known(check, finding, graph):
            yield _problem(check, finding, graph, origin_of, causes)


def _is_of_what_is_known(check: Check, finding: Finding, graph: Graph) -> bool:
    """False for what is said of a text that is filled in first, or of a template that invalid-yaml names.

    And where the file of one of both ends stops being YAML within the object, or kustomize writes another value there:
    what follows, or comes of it, may say otherwise.
    """
    place = finding.place
    if not isinstance(place, Location) and (graph.is_substituted(place) or graph.is_bare_template(place)):
        return False
    places = [each for each in (place, *(each for each, _ in finding.related)) if not isinstance(each, Location)]
    return check.is_of_files or not any(graph.files.is_cut_off(each) or graph.is_replaced(each) for each in places)


def _problem(check: Check, finding: Finding, graph: Graph, origin_of: OriginOf, causes: _Causes) -> Problem:
    finding = _less_sure(check, finding, graph)
    related = tuple(Related(_located(place, graph), message) for place, message in finding.related)
    places = (finding.place, *(place for place, _ in finding.related))
    made_with = dict.fromkeys(each for place in places for each in _made_with(place, graph))
    at = _located(finding.place, graph, key=finding.on_key)
    return Problem(
        check.code,
        finding.message,
        at,
        finding.hint,
        severity=finding.severity,
        related=(*related, *made_with, *origin_of(at.path)),
        cause=causes.of(check, finding, at),
        cluster=finding.cluster,
    )


def _less_sure(check: Check, finding: Finding, graph: Graph) -> Finding:
    """Returns a finding of what may be meant, or of what nobody is seen to apply, as one that weighs less."""
    finding = _if_of_tests(finding, graph)
    if check.is_of_files:
        return finding
    return _if_out_of_use(finding if check.is_of_object else _if_read_elsewhere(finding, graph), graph)


def _if_of_tests(finding: Finding, graph: Graph) -> Finding:
    """Returns an error in what tests read as a warning."""
    if finding.severity is not Severity.ERROR or not graph.is_test_data(_file_of(finding.place)):
        return finding
    message = f"{finding.message} (in a folder of tests' data, where that may be meant)"
    return finding._replace(message=message, severity=Severity.WARNING)


def _if_read_elsewhere(finding: Finding, graph: Graph) -> Finding:
    """Returns an error in what Argo CD reads at another revision as a warning: what is beside it here is not there."""
    if finding.severity is not Severity.ERROR or isinstance(finding.place, Location):
        return finding
    revision = graph.read_at(finding.place, finding.cluster)
    if revision is None:
        return finding
    message = f"{finding.message} (as it is here; Argo CD reads it at {revision})"
    return finding._replace(message=message, severity=Severity.WARNING)


def _if_out_of_use(finding: Finding, graph: Graph) -> Finding:
    """Returns a finding as a note where a file that it speaks of may not be in use."""
    if finding.severity is Severity.NOTE:
        return finding
    places = (finding.place, *(place for place, _ in finding.related))
    doubt = next((doubt for each in places if (doubt := _doubt(each, graph)) is not None), None)
    if doubt is None:
        return finding
    return finding._replace(message=f"{finding.message} ({doubt})", severity=Severity.NOTE)


def _doubt(place: Place | Location, graph: Graph) -> str | None:
    """Returns why the file of a place may not be in use, or None."""
    left_out_by = None if isinstance(place, Location) else graph.leaving_out(place)
    if left_out_by is not None:
        return f"{left_out_by} leaves the file out, so that it may not be in use"
    folder = graph.retired_by(_file_of(place))
    return f"{folder} is out of use by its name" if folder is not None else None


def _file_of(place: Place | Location) -> str:
    """Returns the file of a place; none for what a chart renders to."""
    return place.path if isinstance(place, Location) else "" if place.rendering else place.file


class _Causes:
    """What is the same in all findings of one cause."""

    def __init__(self) -> None:
        self._told: Counter[tuple[str, Location, int, int]] = Counter()

    def of(self, check: Check, finding: Finding, at: Location) -> str:
        """Returns the cause of a finding: for a template of a chart its line, and which finding of the object it is.

        What is no error and says what its cause is has it wherever it stands: what is not seen is one thing for all
        templates, and so is a field that all of them leave out.
        """
        place = finding.place
        is_doubt_of_cause = finding.severity is not Severity.ERROR and finding.cause
        if isinstance(place, Location) or not place.rendering or is_doubt_of_cause:
            return finding.cause
        key = (check.code, at, place.rendering, place.document)
        self._told[key] += 1
        return f"{at} {self._told[key]}"


def _made_with(place: Place | Location, graph: Graph) -> Iterator[Related]:
    """Yields what a manifest was rendered with, that somebody who reads a template knows which one is meant."""
    if not isinstance(place, Location) and place.rendering and not place.file.endswith(_READ_ANEW):
        first, *values = graph.rendered_from(place)
        yield Related(graph.locate(first), "the chart is rendered for this")
        for each in values:
            file = graph.files.get(each.file)
            says = file is None or file.documents.values
            yield Related(Location(each.file), "with these values" if says else "this values file says nothing")


def _located(place: Place | Location, graph: Graph, *, key: bool = False) -> Location:
    return place if isinstance(place, Location) else graph.locate(place, key=key)
