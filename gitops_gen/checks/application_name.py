"""The name of an Application is its own in its Argo CD, a name that Kubernetes takes, and fits in a label.

Of the elements of an ApplicationSet that make the same name, Argo CD takes one at most, and says that the set "contains
applications with duplicate name"; its others go on. Two sets that make the same one fight over it, and the Application
flips between two clusters; in one folder of somebody else's it is a warning where nothing is seen to bring both. One
that has the end of another cluster's name is taken for that cluster's by whoever reads it. A name of more than 63
characters does not fit in the label by which Argo CD tracks its resources, where it tracks by label. Labels whose
values are no label values are refused by the API server.

Fix: put app, environment and region into the name, so that no two are equal, and shorten it to 63 characters.

Source: Argo CD v3.5.1, applicationset/controllers/applicationset_controller.go, validateGeneratedApplications and
Reconcile; argo-cd issue 5594; Kubernetes, "Object Names and IDs".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from gitops_gen import kubernetes
from gitops_gen.checks.finding import Check, Finding, by_mark, if_together, template_of
from gitops_gen.evidence.companions import are_of_one_argo_cd
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.evidence.values import at, text_at
from gitops_gen.near_miss import is_one_edit, is_typo
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_LIMIT = 63
_HASHED = lazily(r"-[0-9a-f]{8}\Z")
_HASH = 9
"""Characters of the hash of a name that was shortened, with its hyphen."""
_FEW = 2
"""Among so few Applications, none is odd."""
_SHORTEST_END = 4
"""Letters of the end of a cluster's name, as use1, beside which one with another sign has a slip."""


def _run(graph: Graph) -> Iterator[Finding]:
    for application in graph.applications:
        if not is_unfilled(application.name):
            yield from _name(graph, application)
        yield from _labels(application)
    yield from _duplicates(graph)
    for expansion in graph.expansions:
        if graph.is_ours(expansion.manifest.place):
            yield from _odd_names(expansion)


def _name(graph: Graph, application: Application) -> Iterator[Finding]:
    stated = application.place.down("metadata", "name")
    if not application.name and graph.is_bare_template(stated):
        return  # invalid-yaml tells it
    if not application.name:
        yield from _nameless(graph, application)
        return
    reason = kubernetes.check_dns_subdomain(application.name)
    severity = Severity.ERROR
    if reason is None and len(application.name) > _LIMIT:
        reason = f"got {len(application.name)} characters, expected at most {_LIMIT}, the limit of a label"
        severity = by_mark(graph, application.place)
    if reason is not None:
        yield Finding(
            f"the Application {application.name}: {reason}",
            application.place if application.applicationset is not None else stated,
            "shorten or correct what the name is made of",
            related=template_of(application, "metadata", "name"),
            severity=severity,
            cluster=application.cluster or "",
        )


def _nameless(graph: Graph, application: Application) -> Iterator[Finding]:
    """Yields an Application without a name, but for one that the API server names.

    One that states what is no name is for invalid-name.
    """
    if application.applicationset is not None:
        yield from _unnamed(application, application.applicationset)
    elif at(application.value, "metadata", "name") is None and not text_at(
        application.value, "metadata", "generateName"
    ):
        from gitops_gen.checks.excerpts import of_excerpt

        place = application.place.down("metadata")
        yield of_excerpt(graph, application.place, Finding("an Application has no name", place, "add metadata.name"))


def _unnamed(application: Application, made: Manifest) -> Iterator[Finding]:
    """Yields a template that states no name, and one that parameters leave empty."""
    stated = at(made.value, "spec", "template", "metadata")
    if stated is None:
        return  # argo-cd-object tells that
    if at(stated, "name") is None:
        message, place = f"the template of {made} has no name", made.place.down("spec", "template", "metadata")
        yield Finding(message, place, "add spec.template.metadata.name", cause=message)
    elif isinstance(at(stated, "name"), str):  # argo-cd-object tells of what is none
        yield Finding(
            f"the name of an Application of {made} is empty",
            application.place,
            "correct what the name is made of",
            related=template_of(application, "metadata", "name"),
            cluster=application.cluster or "",
        )


def _labels(application: Application) -> Iterator[Finding]:
    for key, value in application.labels.items():
        if application.applicationset is None and not isinstance(value, str):
            continue  # invalid-name says so of the manifest
        reason = kubernetes.check_label_value(value) if isinstance(value, str) else "got no string, expected one"
        if reason is not None:
            yield Finding(
                f"the label {key} of the Application {application.name}: {reason}",
                application.label_at(key),
                "write a label value as a string: letters, digits, hyphens, underscores and dots, at most 63",
                cause=f"label {key}",
                cluster=application.cluster or "",
            )


def _duplicates(graph: Graph) -> Iterator[Finding]:
    named: defaultdict[tuple[str, str], list[Application]] = defaultdict(list)
    for application in graph.applications:
        if application.name:
            named[application.argo_cd_namespace, application.name].append(application)
    for (_, name), found in _as_brought(graph, named):
        pairs = list(_pairs(graph, found))
        number = Counter(id(first) for first, _ in pairs)
        for first, other in pairs:
            is_certain = are_of_one_argo_cd(graph, first, other)
            yield Finding(
                f"{number[id(first)] + 1} Applications are called {name}{if_together(is_certain=is_certain)}",
                other.place,
                "give each a name of its own; app, environment and region together make one",
                related=((first.place, "the first one of that name"), *_made_by(other, first)),
                severity=Severity.ERROR if is_certain else Severity.WARNING,
                cause=f"name {name}",
                cluster=other.cluster or "",
            )


def _as_brought(
    graph: Graph, named: Mapping[tuple[str, str], list[Application]]
) -> Iterator[tuple[tuple[str, str], list[Application]]]:
    """Yields the Applications of each name and namespace that several have, as kustomize leaves both."""
    for key, found in named.items():
        if len(found) > 1:
            brought: defaultdict[tuple[str, str], list[Application]] = defaultdict(list)
            for each in found:
                made = () if each.applicationset is not None else graph.names_brought.get(each.place, ())
                for name in dict.fromkeys((namespace or "", name) for name, namespace in made) or (key,):
                    brought[name].append(each)
            yield from ((each, alike) for each, alike in brought.items() if len(alike) > 1)


def _made_by(*applications: Application) -> tuple[tuple[Place, str], ...]:
    """Returns the sets of Applications whose parameters stand in another file."""
    pairs = ((each.applicationset, each.place.file) for each in applications)
    sets = (made.place for made, file in pairs if made is not None and made.place.file != file)
    return tuple((place.down("spec", "generators"), "made by these generators") for place in dict.fromkeys(sets))


def _pairs(graph: Graph, found: list[Application]) -> Iterator[tuple[Application, Application]]:
    """Yields each Application of one name with the first that it meets: the first of all, or that of its folder.

    In one folder, kustomize takes both or none; even there, files of one name may be there to be chosen from, or for
    one Argo CD each. Elsewhere each folder may be that of another Argo CD, or of an overlay.
    """
    firsts: dict[tuple[str | None, ...], Application] = {}
    for application in found:
        folder = graph.file_of(application.place).rpartition("/")[0]
        key = (graph.leaving_out(application.place), graph.instance_of(application), folder)
        first = firsts.setdefault(key, application)
        if application is not found[0] and are_of_one_argo_cd(graph, found[0], application):
            yield found[0], application
        elif first is not application:
            yield first, application


def _odd_names(expansion: Expansion) -> Iterator[Finding]:
    """Yields the one name of a set that is not made of the set's and the cluster's, where all others are.

    Or the first one, if all are a letter away from that: then the template, or the set's own name, has a typo. Or each
    that is what another one of them is expected to be: the two are exchanged. In a set of one or two, the one odd name
    differs in a sign.
    """
    prefix = f"{expansion.manifest.name}-"
    odd = [each for each in expansion.applications if not _is_usual(each, prefix)]
    exchanged = tuple(_exchanged(odd, prefix)) if len(odd) > 1 else ()
    if exchanged:
        yield from exchanged
        return
    is_one = len(odd) == 1 and (len(expansion.applications) > _FEW or _is_one_sign_off(odd[0], prefix))
    if is_one or (odd and all(_is_nearly_usual(each, prefix) for each in odd)):
        yield Finding(
            f"the Application {odd[0].name} on {odd[0].cluster} is not named as {expansion.manifest} names them: "
            f"{prefix} and the end of the cluster's name",
            odd[0].place if is_one else expansion.manifest.place.down("spec", "template", "metadata", "name"),
            "correct the name of the Application, or that of the set",
            related=(
                (expansion.manifest.place.down("metadata", "name"), "the name of the set"),
                *(
                    ()
                    if odd[0].place.file == expansion.manifest.place.file
                    else ((odd[0].place, "for these parameters"),)
                ),
            ),
            cluster=odd[0].cluster or "",
        )


def _exchanged(odd: list[Application], prefix: str) -> Iterator[Finding]:
    """Yields the Applications whose name is made of the cluster of another one, which has a third one's, or theirs."""
    meant = {name: each for each in odd for name in _names(prefix, each.cluster or "")}
    for application in odd:
        other = meant.get(application.name)
        if other is not None and other.name in meant and other.cluster != application.cluster:
            yield Finding(
                f"the Application {application.name} lands on {application.cluster}, and {other.name} lands on "
                f"{other.cluster}: the names are exchanged",
                application.place,
                "name each after the cluster that it lands on",
                related=((other.place, f"the Application on {other.cluster}"),),
                cause=f"exchanged names of {prefix}",
                cluster=application.cluster or "",
            )


def _names(prefix: str, cluster: str) -> Iterator[str]:
    """Yields what an Application may be called, shortened as this tool does where that is too long for a label."""
    return (kubernetes.shorten(prefix + end, _LIMIT) for end in _ends(cluster))


def _ends(cluster: str) -> Iterator[str]:
    """Yields what the name of a cluster may be shortened to: it, and the words at its end."""
    words = cluster.split("-")
    return ("-".join(words[index:]) for index in range(len(words)))


def _is_nearly_usual(application: Application, prefix: str) -> bool:
    return any(is_typo(application.name, prefix + end) for end in _ends(application.cluster or ""))


def _is_one_sign_off(application: Application, prefix: str) -> bool:
    """Tells whether one sign is wrong, be it a digit; of an end of few letters, it may be another name."""
    ends = (each for each in _ends(application.cluster or "") if len(each) >= _SHORTEST_END)
    return any(is_one_edit(application.name, prefix + end) for end in ends)


def _is_usual(application: Application, prefix: str) -> bool:
    name, cluster = application.name, application.cluster or ""
    end = name.removeprefix(prefix)
    if end != name and f"-{cluster}".endswith(f"-{end}"):
        return True
    is_hashed = _HASHED.search(name) is not None and name.startswith(prefix[: len(name) - _HASH])
    return name in _names(prefix, cluster) if is_hashed else len(name) >= _LIMIT


CHECK = Check("application-name", _run, __doc__)
