"""The objects of External Secrets Operator, each with the version of the operator that it meets on its cluster."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gitops_gen.evidence.charts import is_template
from gitops_gen.evidence.values import first_at
from gitops_gen.external_secrets import CHART_NAME, GENERATOR_GROUP, GROUP, KINDS, OLDEST_VERSION, parse_version
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Files, Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operator_charts import OperatorChart
    from gitops_gen.evidence.origins import Origin
    from gitops_gen.evidence.places import Place
    from gitops_gen.shapes import Version


class Operator(NamedTuple):
    """The operator of a cluster."""

    version: str
    numbers: Version
    deployment: Deployment
    """The Application that brings it."""
    chart: OperatorChart


class OperatorObject(NamedTuple):
    """An object that the operator reads, and where it lands. The same object under the same version stands once."""

    manifest: Manifest
    operator: Operator | None
    """None where nothing says which version it meets."""
    deployment: Deployment | None
    """None for a file that no Application brings."""
    is_whole: bool = True
    """False where a patch may add to it, and only kustomize knows what."""

    @property
    def namespace(self) -> str:
        """The namespace that it lands in; empty where it is not known."""
        return self.deployment.namespace_of(self.manifest) if self.deployment else self.manifest.namespace or ""

    @property
    def cluster(self) -> str:
        """The cluster that it lands on, or an empty string."""
        return self.deployment.cluster.name if self.deployment else ""

    @property
    def numbers(self) -> Version | None:
        """The version of the operator as numbers."""
        return self.operator.numbers if self.operator else None

    @property
    def version(self) -> str | None:
        """The version of the operator."""
        return self.operator.version if self.operator else None


def operator_of(cluster: ClusterEvidence) -> Operator | None:
    """Returns the operator that an Application brings to a cluster.

    None where there is none, its version is a range, or older than what is known here, or two differ.
    """
    operator = _installed_on(cluster)
    return operator if operator and operator.numbers >= _OLDEST else None


def old_operator_of(cluster: ClusterEvidence) -> Operator | None:
    """Returns the operator of a cluster whose version is older than those of which more than the API is known here."""
    operator = _installed_on(cluster)
    return operator if operator and operator.numbers < _OLDEST else None


def _installed_on(cluster: ClusterEvidence) -> Operator | None:
    brought = ((deployment, each) for deployment in cluster.deployments for each in deployment.operators)
    # Helm finds 0.15.1 for v0.15.1 too.
    found = {each.version.removeprefix("v"): (deployment, each) for deployment, each in brought if each.version}
    if len(found) != 1:
        return None
    ((version, (deployment, chart)),) = found.items()
    numbers = parse_version(version)
    return Operator(version, numbers, deployment, chart) if numbers else None


def controller_accounts(files: Files, cluster: ClusterEvidence) -> Mapping[str, str | None]:
    """Returns the ServiceAccount of the operator's own pods by the namespace of the operator.

    None where its values are not all here, so that its name is not known. Source: external-secrets v2.9.0,
    deploy/charts/external-secrets/templates/_helpers.tpl.
    """
    found: dict[str, str | None] = {}
    for deployment in cluster.deployments:
        for chart in deployment.operators:
            if chart.layers is not None:  # kustomize says under which name Helm renders it
                continue
            is_known = all(each.path and files.is_file(each.path) for each in deployment.values_files)
            name = controller_name(files, deployment, chart)
            found[deployment.application.namespace_of_release(chart.source)] = name if is_known else None
    return found


def controller_name(files: Files, deployment: Deployment, chart: OperatorChart) -> str:
    """Returns the ServiceAccount of the pods of an operator, as far as its values are here."""
    return _account(deployment.application.release_of(chart.source), partial(chart.value, files, deployment))


def account_of_release(release: str, layers: Sequence[object]) -> str:
    """Returns what the ServiceAccount of an operator is called, from its values, those first that count most."""
    return _account(release, partial(first_at, layers))


def _account(release: str, value_of: Callable[..., object]) -> str:
    name = str(value_of("nameOverride") or CHART_NAME)
    full = value_of("fullnameOverride") or (release if name in release else f"{release}-{name}")
    is_made = value_of("serviceAccount", "create") is not False
    return str(value_of("serviceAccount", "name") or (str(full)[:_LONGEST].removesuffix("-") if is_made else "default"))


def operator_objects(graph: Graph) -> tuple[OperatorObject, ...]:
    """Returns every object that is the operator's by group or kind.

    First those that Applications bring, then those in files that none brings. Of several clusters with one version of
    the operator, one that gets what is on disk stands for all.
    """
    found: dict[tuple[Place, object, Origin | None], OperatorObject] = {}
    for each in sorted(_brought(graph), key=lambda each: graph.read_at(each.manifest.place, each.cluster) is not None):
        place = each.manifest.place
        found.setdefault((place, each.version, place.parts), each)
    brought = {place for place, _, _ in found}
    left = [each for each in graph.manifests if _is_theirs(each) and each.place not in brought]
    templates = {path for path in {each.place.file for each in left} if is_template(graph.files, path)}
    alone = graph.as_built([each for each in left if each.place.file not in templates])
    return (*found.values(), *(OperatorObject(each, None, None, is_whole) for each, is_whole in alone))


def _brought(graph: Graph) -> Iterator[OperatorObject]:
    for cluster in graph.clusters.values():
        operator = operator_of(cluster)
        for deployment in cluster.deployments:
            for manifest in deployment.manifests:
                if _is_theirs(manifest):
                    yield OperatorObject(manifest, operator, deployment)


def _is_theirs(manifest: Manifest) -> bool:
    return manifest.kind in KINDS or manifest.group in (GROUP, GENERATOR_GROUP)


_LONGEST = 63
"""Characters of a name that the chart makes."""
_OLDEST = parse_version(OLDEST_VERSION) or (0, 0, 0)
