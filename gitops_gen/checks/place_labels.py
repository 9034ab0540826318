"""The labels of an Application, and of a cluster's Secret, say what the cluster's tfvars say.

RollingSync steps, cluster generators, dashboards and sync windows go by these labels. One that names another
environment or region puts a production cluster into the first step of a rollout, or takes it out of every one. So does
one with a slip in its key, or one that is missing; it is looked for in generated files, where the others of a template
have it.

Fix: make the label and the tfvars of the cluster equal.

Source: Argo CD v3.5.1, docs/operator-manual/applicationset/Generators-Cluster.md and Progressive-Syncs.md.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.values import map_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_VARIABLES = {
    "environment": "env",
    "env": "env",
    "region": "aws_region",
    "aws-region": "aws_region",
    "account": "account_id",
    "account-id": "account_id",
    "aws-account-id": "account_id",
}
"""Which variable says the same as a label."""

_PLACE = frozenset({"environment", "region", "stage", "account"})
"""The labels that the stock templates give, to Applications or to the Secrets of clusters."""

_OF_THE_CLUSTER = ("environment", "region", "stage")
"""The labels of our own Applications that are the same for all that land on a cluster."""


def _run(graph: Graph) -> Iterator[Finding]:
    for cluster in graph.clusters.values():
        if cluster.secret is not None:
            labels = map_at(cluster.secret.value, "metadata", "labels")
            place = cluster.secret.place.down("metadata", "labels")
            yield from _differing(graph, cluster, labels, str(cluster.secret), place.__truediv__, None)
        for deployment in cluster.deployments:
            application = deployment.application
            labels, name = application.labels, application.name
            yield from _differing(graph, cluster, labels, name, application.label_at, application)
        yield from _among_each_other(graph, cluster)
    yield from _unlabelled(graph)


def _unlabelled(graph: Graph) -> Iterator[Finding]:
    """Yields an object of ours that lacks, or misspells, a label of its place which its like of its template have."""
    alike: defaultdict[tuple[str, str], list[tuple[Manifest, Place]]] = defaultdict(list)
    sets = ((each.manifest, ("spec", "template", "metadata", "labels")) for each in graph.expansions)
    secrets = ((each, ("metadata", "labels")) for each in graph.cluster_secrets.values())
    for manifest, steps in (*sets, *secrets):
        file = graph.files.get(manifest.place.file)
        if file is not None and file.origin is not None:
            alike[file.origin.template, manifest.kind].append((manifest, manifest.place.down(*steps)))
    for found in alike.values():
        labels = [_stated(manifest, place) for manifest, place in found]
        usual = _PLACE.intersection(*labels[:1]).union(*(_PLACE.intersection(each) for each in labels))
        for (manifest, place), own in zip(found, labels, strict=True):
            if not own.keys() >= _PLACE:
                yield from _lacking(manifest, place, own, usual)


def _stated(manifest: Manifest, place: Place) -> Mapping[str, object]:
    """Returns the labels at a place of an object, without those that are null: that is an empty text."""
    labels = map_at(manifest.value, *place.steps[len(manifest.place.steps) :])
    return {key: value for key, value in labels.items() if value is not None}


def _lacking(
    manifest: Manifest, place: Place, labels: Mapping[str, object], usual: Collection[str]
) -> Iterator[Finding]:
    from gitops_gen.near_miss import is_typo

    for key in sorted(_PLACE.difference(labels)):
        slip = next((each for each in labels if each.casefold() == key or is_typo(each, key)), None)
        if slip is not None:
            message, hint = f"{manifest} has the label {slip}, expected {key}", f"did you mean {key}?"
            yield Finding(message, place / slip, hint, on_key=True)
        elif key in usual:
            message = f"{manifest} has no label {key}, which others of its kind have"
            yield Finding(message, place, f"add {key} to the labels", severity=Severity.WARNING, on_key=True)


def _differing(
    graph: Graph,
    cluster: ClusterEvidence,
    labels: Mapping[str, object],
    name: str,
    place_of: Callable[[str], Place],
    application: Application | None,
) -> Iterator[Finding]:
    if cluster.tfvars is None:
        return
    for key, got in labels.items():
        expected = cluster.tfvars.values.get(_VARIABLES.get(key, ""))
        if not isinstance(expected, str) or not expected or got == expected:
            continue
        place = place_of(key)
        yield Finding(
            f"{name} on {cluster.name} has the label {key}: got {got}, expected {expected}, as in the cluster's tfvars",
            place,
            "make the label and the tfvars equal",
            related=(
                (cluster.tfvars.place / _VARIABLES[key], "the tfvars of the cluster"),
                *_template_of(application, key, place),
            ),
            severity=by_mark(graph, place),
            cause=f"label {key}",
            cluster=cluster.name,
        )


def _template_of(application: Application | None, key: str, place: Place) -> tuple[tuple[Place, str], ...]:
    """Returns the label in the template of a set, where its value is stated in another file."""
    made = application.applicationset if application is not None else None
    if made is None or made.place.file == place.file:
        return ()
    return ((made.place.down("spec", "template", "metadata", "labels", key), "the template of the label"),)


def _among_each_other(graph: Graph, cluster: ClusterEvidence) -> Iterator[Finding]:
    """Yields a label of one of our Applications that differs from that of the first one that has it there."""
    named = cluster.deployments if cluster.name else ()
    ours = [each.application for each in named if graph.is_ours(each.application.place)]
    for key in _OF_THE_CLUSTER:
        labelled = [each for each in ours if each.labels.get(key) is not None]
        for application in labelled[1:] if key not in _judged(cluster) else ():
            if application.labels[key] != labelled[0].labels[key]:
                yield _differs(cluster, key, labelled[0], application)


def _differs(cluster: ClusterEvidence, key: str, first: Application, application: Application) -> Finding:
    return Finding(
        f"{application.name} on {cluster.name} has the label {key}: got {application.labels[key]}, and {first.name} "
        f"on the same cluster has {first.labels[key]}",
        application.label_at(key),
        "make the two labels equal",
        related=(
            (first.label_at(key), f"the label of {first.name}"),
            *_template_of(application, key, application.label_at(key)),
            *_template_of(first, key, first.label_at(key)),
        ),
        cause=f"label {key}",
        cluster=cluster.name,
    )


def _judged(cluster: ClusterEvidence) -> frozenset[str]:
    """Returns the labels that the tfvars of the cluster decide."""
    return frozenset(_VARIABLES) if cluster.tfvars is not None else frozenset()


CHECK = Check("place-labels", _run, __doc__)
