"""The rules over the evidence: what they find, located, with what cannot be said; problems are the result."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.background import Background
from gitops_gen.checks import CHECKS, Listed
from gitops_gen.evidence.reading_ahead import MANY
from gitops_gen.go_programs import leave_go_behind
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Problem, Severity, in_order
from gitops_gen.workers import default_jobs, from_both_ends, in_parallel

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Protocol

    from gitops_gen.checks.finding import Check, Finding
    from gitops_gen.evidence.applicationsets import Unknown
    from gitops_gen.evidence.graph import Graph, Unjoined
    from gitops_gen.findings import OriginOf

    _ProblemsOf: TypeAlias = "Callable[[Iterable[Listed]], list[Problem]]"

    class LookedAt(Protocol):
        """Who finds out whether there is nothing in the texts that `find_nothing` finds: it is asked once."""

        def is_told(self) -> bool: ...
        def are_sound(self) -> bool: ...


CANNOT_SAY = "cannot-say"
"""The code of what offline evidence does not decide."""

_UNDECIDED = Listed(CANNOT_SAY, weight=4)
"""Stands among the rules for what none of them decides."""

_HEAVY = 4
"""The weight from which on one process should not begin a rule when the others have come to their end."""

_LIGHT = 8
"""A rule of less than so manieth a part is light."""


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
    texts: LookedAt | None = None,
) -> Verdict:
    """Runs the checks over a graph.

    `select` limits the run to some codes, `ignore` leaves some out; `origin_of` tells, by path, what to touch where a
    file was generated; `jobs` is the number of processes that share the rules. `texts` tells what `find_nothing`
    has come to in another process, if there is one.
    """
    wanted = _wanted(select, ignore)
    problems_of = partial(_problems, graph, origin_of)
    number = (jobs or default_jobs(1, 1)) if len(wanted) > 1 else 1
    if number > 1 and len(graph.paths) >= MANY:
        problems = list(_of_many(graph, wanted, problems_of, number))
    else:
        problems = list(_of_few(graph, wanted, problems_of, number, texts))
    clusters = sum(1 for name in graph.clusters if name)  # what names no cluster lands on none
    return Verdict(_by_weight(problems), len(graph.paths), len(graph.applications), clusters)


def load_rules(select: Collection[str], ignore: Collection[str], is_over: Callable[[], bool] = lambda: False) -> None:
    """Loads the rules of what is joined, which otherwise happens as each is come to, until what is waited for is there.

    For a process that has to wait for something, while another one looks at the texts.
    """
    for check in _wanted(select, ignore):
        if is_over():
            return
        if check != _UNDECIDED and not check.is_of_texts:
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
    every = (*CHECKS, _UNDECIDED)
    return [check for check in every if (not select or check.code in select) and check.code not in ignore]


def _of_few(
    graph: Graph,
    checks: Sequence[Listed],
    problems_of: _ProblemsOf,
    number: int,
    texts: LookedAt | None,
) -> Iterator[Problem]:
    """Yields what the checks find, by one process, or by two and the one that has looked at the texts."""
    _join(graph)
    if number == 1:
        yield from problems_of(checks)
        return
    is_told = texts is not None and texts.is_told()
    if texts is None or (is_told and not texts.are_sound()):
        shared, left = checks, []
    else:
        shared = [check for check in checks if not check.is_of_texts]
        left = [check for check in checks if check.is_of_texts and not is_told]
    for part in from_both_ends(_from_outside(shared), problems_of):
        yield from part
    if texts is not None and left and not texts.are_sound():
        yield from problems_of(left)


def _from_outside(checks: Sequence[Listed]) -> Sequence[Listed]:
    """Returns the checks with the heavy ones at both ends, that nobody waits for one in the end."""
    heavy = [check for check in checks if check.weight >= _HEAVY]
    return *heavy[::2], *(check for check in checks if check not in heavy), *heavy[1::2]


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
    """Returns what some of the checks find, what cannot be said, and which files could not be read."""
    found: list[tuple[Check, Finding]] = []
    unknown: list[Problem] = []
    for listed in checks:
        if listed == _UNDECIDED:
            unknown += _unknown(graph)
        else:
            check = listed.load()
            found += ((check, finding) for finding in check.run(graph))
    told = [*unknown, *_unread(graph)]
    if not found:
        return told
    from gitops_gen.findings import problems_of

    return [*problems_of(found, graph, origin_of), *told]


def _unread(graph: Graph) -> list[Problem]:
    """Returns which files could not be read."""
    if not graph.files.problems:
        return []
    from gitops_gen.evidence.unread import unread

    return unread(graph)


def _by_weight(problems: list[Problem]) -> tuple[Problem, ...]:
    """Returns the problems, errors first, and the earlier link of a chain before what follows from it."""
    ranks = {check.code: rank for rank, check in enumerate(CHECKS)}
    weights = list(Severity)
    return tuple(sorted(in_order(problems), key=lambda each: (weights.index(each.severity), ranks.get(each.code, -1))))


def known_codes() -> tuple[str, ...]:
    """Returns the codes of all checks, and that of what no check decides."""
    return *(check.code for check in CHECKS), CANNOT_SAY


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
