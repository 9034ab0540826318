"""The rules over the evidence: what they find, located, with what cannot be said; problems are the result."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.background import Background
from gitops_gen.checks import CHECKS
from gitops_gen.evidence.reading_ahead import MANY
from gitops_gen.go_programs import leave_go_behind
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Location, Problem, Related, Severity, in_order
from gitops_gen.workers import default_jobs, from_both_ends, in_parallel

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from gitops_gen.checks import Listed
    from gitops_gen.checks.finding import Check, Finding
    from gitops_gen.evidence.applicationsets import Unknown
    from gitops_gen.evidence.graph import Graph, Unjoined
    from gitops_gen.evidence.places import Place

    OriginOf: TypeAlias = "Callable[[str], tuple[Related, ...]]"
    _ProblemsOf: TypeAlias = "Callable[[Iterable[Listed]], list[Problem]]"

CANNOT_SAY = "cannot-say"
"""The code of what offline evidence does not decide."""

_LIGHT = 8
"""A rule of less than so manieth a part is light."""


_READ_ANEW = ".tf"
"""Terraform, which is read anew for each of its variable files: the number in a place is that of the reading."""

_ON_DISK: Mapping[str, str] = {}


class Verdict(NamedTuple):
    """What verify says of some files."""

    problems: tuple[Problem, ...]
    files: int
    applications: int
    clusters: int
    texts: Mapping[str, str] = _ON_DISK
    """Where a problem is in a text that is not on disk: that text, by path."""

    def is_clean(self, *, strict: bool) -> bool:
        """True without errors and, if strict, without warnings."""
        failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        return not any(problem.severity in failing for problem in self.problems)


def judge(
    graph: Graph,
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    origin_of: OriginOf = lambda _: (),
    jobs: int | None = None,
    are_texts_sound: Callable[[], bool] | None = None,
) -> Verdict:
    """Runs the checks over a graph.

    `select` limits the run to some codes, `ignore` leaves some out; `origin_of` tells, by path, what to touch where a
    file was generated; `jobs` is the number of processes that share the rules. `are_texts_sound` waits for what
    `find_nothing` has come to in another process, if there is one.
    """
    wanted = _wanted(select, ignore)
    problems_of = partial(_problems, graph, origin_of)
    number = (jobs or default_jobs(1, 1)) if len(wanted) > 1 else 1
    if number > 1 and len(graph.paths) >= MANY:
        problems = list(_of_many(graph, wanted, problems_of, number))
    else:
        problems = list(_of_few(graph, wanted, problems_of, number, are_texts_sound))
    if not select and CANNOT_SAY not in ignore:
        problems += _unknown(graph)
    clusters = sum(1 for name in graph.clusters if name)  # what names no cluster lands on none
    return Verdict(_by_weight(problems), len(graph.paths), len(graph.applications), clusters)


def load_rules(select: Collection[str] = (), ignore: Collection[str] = ()) -> None:
    """Loads the rules, which otherwise happens as each is come to: for a process that has to wait for something."""
    for check in _wanted(select, ignore):
        check.load()


def find_nothing(graph: Unjoined, *, select: Collection[str] = (), ignore: Collection[str] = ()) -> bool:
    """Returns whether the checks that look at nothing but texts find nothing, and can read all that they ask for.

    What they find, they say to `judge`.
    """
    from gitops_gen.evidence.graph import UnjoinedError

    loaded = (check.load() for check in _wanted(select, ignore) if check.is_of_texts)
    try:
        return not any(True for check in loaded for _ in check.run(graph)) and not graph.files.problems
    except UnjoinedError:  # on a sound tree, none of them asks for what is joined
        return False


def _wanted(select: Collection[str], ignore: Collection[str]) -> list[Listed]:
    return [check for check in CHECKS if (not select or check.code in select) and check.code not in ignore]


def _of_few(
    graph: Graph,
    checks: Sequence[Listed],
    problems_of: _ProblemsOf,
    number: int,
    are_texts_sound: Callable[[], bool] | None,
) -> Iterator[Problem]:
    """Yields what the checks find, by one process, or by two and the one that has looked at the texts."""
    _join(graph)
    if number == 1:
        yield from problems_of(checks)
        return
    of_texts = [check for check in checks if check.is_of_texts and are_texts_sound is not None]
    for part in from_both_ends([check for check in checks if check not in of_texts], problems_of):
        yield from part
    if are_texts_sound is not None and not are_texts_sound():
        yield from problems_of(of_texts)


def _join(graph: Graph) -> None:
    """Joins what each process would join for itself."""
    graph.join()
    _ = graph.judged_roles


def _of_many(graph: Graph, checks: Sequence[Listed], problems_of: _ProblemsOf, number: int) -> Iterator[Problem]:
    """Yields what the checks find, shared by so many processes; the early ones run while this one joins the graph."""
    graph.read()
    early = [check for check in checks if check.is_early]
    meanwhile = Background(lambda: _alone(problems_of, early))
    try:
        _join(graph)
        for part in in_parallel(_shares([check for check in checks if not check.is_early], number), problems_of):
            yield from part
        found = meanwhile.take()
    finally:
        meanwhile.close()
    yield from problems_of(early) if found is None else found


def _alone(problems_of: _ProblemsOf, checks: Sequence[Listed]) -> Iterator[list[Problem]]:
    """Yields what some checks find in a process of its own."""
    leave_go_behind()
    yield problems_of(checks)


def _shares(checks: Sequence[Listed], number: int) -> tuple[Sequence[Listed], ...]:
    """Returns the checks in so many parts, or fewer, of about one weight: neighbours look at the same evidence.

    Those that take much of a part are dealt out first, and the others fill up what is left.
    """
    part = sum(check.weight for check in checks) / number
    heavy = [check for check in checks if check.weight > max(1, part / _LIGHT)]
    shares: list[list[Listed]] = [[] for _ in range(number)]
    weights = [0] * number
    for check in sorted(heavy, key=lambda each: -each.weight):
        lightest = weights.index(min(weights))
        shares[lightest].append(check)
        weights[lightest] += check.weight
    current = 0
    for check in checks:
        if check not in heavy:
            while current < number - 1 and weights[current] and weights[current] + check.weight / 2 > part:
                current += 1
            shares[current].append(check)
            weights[current] += check.weight
    return tuple(share for share in shares if share) or ((),)


def _problems(graph: Graph, origin_of: OriginOf, checks: Iterable[Listed]) -> list[Problem]:
    """Returns what some of the checks find, and which files could not be read."""
    loaded = (check.load() for check in checks)
    findings = ((check, finding) for check in loaded for finding in check.run(graph))
    causes = _Causes()
    problems = [_problem(*each, graph, origin_of, causes) for each in findings if _is_of_what_is_known(*each, graph)]
    return problems + _unread(graph)


def _unread(graph: Graph) -> list[Problem]:
    """Returns which files could not be read."""
    if not graph.files.problems:
        return []
    from gitops_gen.evidence.unread import unread

    return unread(graph)


def _is_of_what_is_known(check: Check, finding: Finding, graph: Graph) -> bool:
    """False for what is said of a text that is filled in first, or of a template that invalid-yaml names.

    And where the file of one of both ends stops being YAML within the object: what follows may say otherwise.
    """
    place = finding.place
    if not isinstance(place, Location) and (graph.is_substituted(place) or graph.is_bare_template(place)):
        return False
    places = (each for each in (place, *(each for each, _ in finding.related)) if not isinstance(each, Location))
    return check.is_of_files or not any(map(graph.files.is_cut_off, places))


def _by_weight(problems: list[Problem]) -> tuple[Problem, ...]:
    """Returns the problems, errors first, and the earlier link of a chain before what follows from it."""
    ranks = {check.code: rank for rank, check in enumerate(CHECKS)}
    weights = list(Severity)
    return tuple(sorted(in_order(problems), key=lambda each: (weights.index(each.severity), ranks.get(each.code, -1))))


def known_codes() -> tuple[str, ...]:
    """Returns the codes of all checks, and that of what no check decides."""
    return *(check.code for check in CHECKS), CANNOT_SAY


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


def _unbrought(graph: Graph) -> Iterator[Unknown]:
    """Yields the stores of somebody else that no Application is seen to bring."""
    if any(each.place not in graph.brought for each in graph.stores):
        from gitops_gen.evidence.unbrought_stores import unbrought_stores

        yield from unbrought_stores(graph)


def _undecided(graph: Graph) -> Iterator[Unknown]:
    """Yields what cannot be said of roles, where there is Terraform that is not judged as a whole."""
    if graph.has_written_roles or not all(each.is_whole for each in graph.tfvars):
        from gitops_gen.checks.undecided_roles import undecided_roles

        yield from undecided_roles(graph)


def _unknown(graph: Graph) -> Iterator[Problem]:
    for unknown in (*graph.unknown, *graph.elsewhere, *_unbrought(graph), *_undecided(graph)):
        yield Problem(
            CANNOT_SAY,
            unknown.reason,
            graph.locate(unknown.place),
            unknown.hint,
            severity=Severity.NOTE,
            cause=unknown.cause or unknown.reason,
        )
