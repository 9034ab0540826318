"""What a check is, and what it says: findings at places, which are located only when they are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.problems import Location


class Finding(NamedTuple):
    """One broken link or rule: got, expected, where, and the other end."""

    message: str
    place: Place | Location
    """Where: in the evidence, or already a line, as a parser tells it."""
    hint: str
    related: tuple[tuple[Place | Location, str], ...] = ()
    """Other places that it speaks of, and what is there: the other end of a link first."""
    severity: Severity = Severity.ERROR
    on_key: bool = False
    """True if the key, not the value, is meant."""
    cause: str = ""
    """What is the same in all findings of one cause, where the message names a cluster; empty: the message."""
    cluster: str = ""
    """The cluster that it is about."""


class Check(NamedTuple):
    """A rule: a stable code, and what it yields over a graph. The module's docstring explains it."""

    code: str
    run: Callable[[Graph], Iterator[Finding]]
    explanation: str
    is_of_files: bool = False
    """True if it judges what stands in a file, whether somebody applies that or not."""
    is_of_object: bool = False
    """True if it judges an object by itself, and beside nothing else: it is wrong at whatever revision it is read."""

    @property
    def title(self) -> str:
        """The first sentence of the explanation."""
        return self.explanation.strip().splitlines()[0]


def by_mark(graph: Graph, *places: Place) -> Severity:
    """Returns how much a rule weighs that only generated files must keep: an error for one of them, else a warning."""
    return Severity.ERROR if any(graph.is_ours(each) for each in places) else Severity.WARNING


def if_together(*, is_certain: bool) -> str:
    """Returns how a finding of two Applications ends, which is one only where one Argo CD has both."""
    return "" if is_certain else ", if one Argo CD has both"


def named_here(manifest: Manifest) -> tuple[tuple[Place, str], ...]:
    """Returns where the name of an object stands, one that is probably meant by another name."""
    return ((manifest.place.down("metadata", "name"), f"{manifest} is here"),)


def parameters_of(application: Application) -> tuple[tuple[Place, str], ...]:
    """Returns what an ApplicationSet made an Application of; nothing for one that is written as it is."""
    return () if application.applicationset is None else ((application.place, "for these parameters"),)


def template_of(application: Application, *steps: str | int) -> tuple[tuple[Place, str], ...]:
    """Returns where a template says something, if the parameters that it is filled with stand in another file."""
    made = application.applicationset
    if made is None or made.place.file == application.place.file:
        return ()
    return ((made.place.down("spec", "template", *steps), "by this template"),)


def template_of_source(
    application: Application, source: ApplicationSource, *steps: str | int
) -> tuple[tuple[Place, str], ...]:
    """As `template_of`, for what it says of a source."""
    return template_of(application, "spec", *application.steps_of(source), *steps)


def not_judged(link: int) -> str:
    """Returns how a finding of a link, counted from 1, ends: those behind it, which nobody can judge then."""
    behind = CHAIN[link:]
    return f"; not judged behind it: {', '.join(behind)}" if behind else ""


CHAIN = (
    "the ServiceAccount of the store",
    "its role annotation",
    "the role in the cluster's tfvars",
    "the trusted subject",
    "the OIDC provider",
    "the secrets that the role may read",
    "the KMS keys that it may use",
)
"""The links of the chain from a store to its secrets, in order."""
