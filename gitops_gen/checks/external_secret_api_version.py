"""An object of External Secrets has an apiVersion that the operator's version on its cluster serves.

The API server knows a kind only under the apiVersions that the operator's CRDs serve: v1beta1 from 0.5 to 0.16, v1
from 0.16 on. Anything else ends in "no matches for kind ExternalSecret in version external-secrets.io/v1beta1", and an
update of the operator's chart alone breaks every store. PushSecret is v1alpha1 in every version, and so is each
generator, such as a Password. A chart that is told to install no CRDs leaves all of them unknown, unless something else
brings them. Where no Application installs the operator, the version is that which Terraform, kustomize, Flux, Fleet
or k3s install in the tree: what that does not serve is a warning.

Fix: write the apiVersion that the operator's version serves; move manifests to v1 while the operator is at 0.16.

Source: config/crds/bases of external-secrets/external-secrets at each tag; external-secrets #4784.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.checks.alike import each_unlike
from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.operators import OperatorObject, old_operator_of, operator_of
from gitops_gen.evidence.values import at
from gitops_gen.external_secrets import GENERATOR_GROUP, GROUP, KINDS, kind_api_versions
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operators import Operator
    from gitops_gen.evidence.places import Place

_CRD = f"externalsecrets.{GROUP}"
_INSTALL = "installCRDs"
_OLD = "/v1beta1"
_ALMOST = 0.8
"""How alike two groups are, from 0 to 1, so that one is taken for a slip of the other."""


def _run(graph: Graph) -> Iterator[Finding]:
    templates = _Templates(graph)
    yield from each_unlike(graph.operator_objects, partial(_alike, templates), partial(_of_object, graph, templates))
    for cluster in graph.clusters.values():
        yield from _under_old_operator(cluster)
        if cluster.external_secrets_by_store:
            yield from _without_crds(cluster, graph)


class _Templates:
    """Which kinds of the operator each template of generated files makes, looked up where one is of another group."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def of(self, manifest: Manifest) -> str | None:
        """Returns the template that the file of an object is made by; None for one that is not generated."""
        return self._graph.template_of(manifest.place)

    def make(self, manifest: Manifest) -> bool:
        """Tells whether an object of another group is of a kind that its template makes as the operator's too."""
        template = self.of(manifest)
        return template is not None and (manifest.kind, template) in self._made

    @cached_property
    def _made(self) -> frozenset[tuple[str, str | None]]:
        theirs = (each for each in self._graph.manifests if each.group == GROUP)
        return frozenset((each.kind, self.of(each)) for each in theirs)


def _alike(templates: _Templates, each: OperatorObject) -> Hashable:
    # What a chart serves on is up to its values, which each operator has of its own.
    operator = id(each.operator) if each.manifest.api_version.endswith(_OLD) else None
    # Whether another group is a slip is up to what else its template makes.
    template = templates.of(each.manifest) if each.manifest.group != GROUP else None
    return each.manifest.kind, each.manifest.api_version, each.version, operator, template


def _of_object(graph: Graph, templates: _Templates, each: OperatorObject) -> Iterator[Finding]:
    manifest = each.manifest
    if manifest.group == GENERATOR_GROUP:
        from gitops_gen.checks.generator_objects import version_of_generator

        yield from version_of_generator(graph, each)
        return
    if manifest.kind not in KINDS:
        yield _unknown_kind(each, graph)
        return
    served = kind_api_versions(manifest.kind, each.version)
    if manifest.api_version in served:
        if each.version is None:
            yield from _of_stated_operators(graph, each)
        return
    if not (_is_meant(manifest.group) or templates.make(manifest)):
        return
    if each.operator is None or not _reserves(each.operator, manifest.api_version, graph):
        yield _not_served(each, served)


def _under_old_operator(cluster: ClusterEvidence) -> Iterator[Finding]:
    """Yields what an operator does not serve that is too old for all else about its objects to be judged."""
    operator = old_operator_of(cluster)
    if operator is None:
        return
    for deployment in cluster.deployments:
        for manifest in deployment.manifests:
            known = kind_api_versions(manifest.kind, None) if manifest.kind in KINDS else ()
            served = kind_api_versions(manifest.kind, operator.version)
            if manifest.api_version in known and manifest.api_version not in served:
                yield _not_served(OperatorObject(manifest, operator, deployment), served)


def _of_stated_operators(graph: Graph, each: OperatorObject) -> Iterator[Finding]:
    """Yields what no operator serves that the tree installs otherwise: which cluster that is for is not known."""
    manifest, operators = each.manifest, graph.stated_operators
    served = [kind_api_versions(manifest.kind, operator.version) for operator in operators]
    if not operators or any(manifest.api_version in versions for versions in served):
        return
    first = operators[0]
    yield Finding(
        f"{manifest}: got {manifest.api_version}, but External Secrets {first.version}, which is installed by other "
        f"means than Argo CD, serves {' or '.join(served[0])}",
        manifest.place / "apiVersion",
        f"write {served[0][0]}",
        related=((first.place, "the operator is installed here"),),
        severity=Severity.WARNING,
        cause=f"{manifest.kind} {manifest.api_version} beside {first.version}",
        cluster=each.cluster,
    )


def _is_meant(group: str) -> bool:
    """Tells whether a group is that of the operator, a slip of it or none; other projects have these kinds too."""
    if group in ("", GROUP):
        return True
    from difflib import SequenceMatcher

    return SequenceMatcher(None, group.lower(), GROUP).ratio() >= _ALMOST


def _reserves(operator: Operator, api_version: str, graph: Graph) -> bool:
    """Tells whether the chart is told to serve v1beta1 on, which it can be for some time."""
    if not api_version.endswith(_OLD):
        return False
    return operator.chart.value(graph.files, operator.deployment, "crds", "unsafeServeV1Beta1") is True


def _without_crds(cluster: ClusterEvidence, graph: Graph) -> Iterator[Finding]:
    """Yields where the chart is told to install no CRDs, and nothing else on the cluster brings them."""
    operator = operator_of(cluster)
    if operator is None or cluster.find("CustomResourceDefinition", "", _CRD) is not None:
        return
    layers = graph.layers_of(operator.deployment)
    stated = [each for each in layers if isinstance(each.value, dict) and _INSTALL in each.value]
    if stated and at(stated[-1].value, _INSTALL) in (False, None):  # null takes the chart's own default away
        yield Finding(
            f"the operator on {cluster.name} is told to install no CRDs, and no manifest here brings them",
            stated[-1].place / _INSTALL,
            f"write {_INSTALL}: true, or bring the CRDs before everything that needs them",
            severity=Severity.WARNING,
            cause="no CRDs",
            cluster=cluster.name,
        )


def _not_served(each: OperatorObject, served: tuple[str, ...]) -> Finding:
    manifest, expected = each.manifest, " or ".join(served)
    where = "External Secrets serves"
    related: tuple[tuple[Place, str], ...] = ()
    if each.operator is not None:
        where = f"External Secrets {each.version} on {each.cluster} serves"
        related = ((each.operator.deployment.application.place, "this brings the operator"),)
    return Finding(
        f"{manifest}: got {manifest.api_version}, but {where} {expected}",
        manifest.place / "apiVersion",
        f"write {served[0]}",
        related=related,
        cause=f"{manifest.kind} {manifest.api_version} {each.version}",
        cluster=each.cluster,
    )


def _unknown_kind(each: OperatorObject, graph: Graph) -> Finding:
    from gitops_gen.near_miss import near_miss

    manifest = each.manifest
    return Finding(
        f"{manifest}: {GROUP} has no kind {manifest.kind}",
        manifest.place / "kind",
        near_miss(manifest.kind, KINDS),
        severity=by_mark(graph, manifest.place),
        cluster=each.cluster,
    )


CHECK = Check("external-secret-api-version", _run, __doc__)
