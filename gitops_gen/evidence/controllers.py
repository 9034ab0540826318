"""The ServiceAccount of the operator's own pods, as the values of its chart make it.

The chart is seldom on disk, and most sign in with this very account: a store names it, or has no auth, and is read as
the operator then. What the values say of it is all that the chain needs. Source: external-secrets v2.9.0,
deploy/charts/external-secrets/templates/serviceaccount.yaml and _helpers.tpl; providers/v1/aws/auth/auth.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import source as yaml_source
from gitops_gen.evidence.charts import VALUES, path_in
from gitops_gen.evidence.operators import controller_name
from gitops_gen.evidence.secret_references import layers_in
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.operator_charts import OperatorChart
    from gitops_gen.evidence.places import Place

_ACCOUNT = "serviceAccount"
_ROLE = "eks.amazonaws.com/role-arn"
_AUDIENCE = "eks.amazonaws.com/audience"
_TEXT = "values"


class Controller(NamedTuple):
    """The ServiceAccount of an operator, with the role that it is annotated with."""

    name: str
    namespace: str
    role: str
    role_place: Place
    audience: str | None = None
    """For whom its token is, where its annotations say so."""
    audience_place: Place | None = None


def controllers_of(files: Files, cluster: ClusterEvidence) -> tuple[Controller, ...]:
    """Returns the accounts of the operators of a cluster whose values are all here, and annotate a role."""
    pairs = [(each, chart) for each in cluster.deployments for chart in each.operators]
    return tuple(found for each, chart in pairs if (found := _controller(files, each, chart)) is not None)


def _controller(files: Files, deployment: Deployment, chart: OperatorChart) -> Controller | None:
    is_known = all(each.path and files.is_file(each.path) for each in deployment.values_files)
    if not is_known or chart.layers is not None or chart.value(files, deployment, _ACCOUNT, "create") is False:
        return None
    annotated = next(_annotations(files, deployment, chart, _ROLE), None)
    if annotated is None:
        return None
    name = controller_name(files, deployment, chart)
    audience = next(_annotations(files, deployment, chart, _AUDIENCE), (None, None))
    return Controller(name, deployment.application.namespace_of_release(chart.source), *annotated, *audience)


def _annotations(files: Files, deployment: Deployment, chart: OperatorChart, key: str) -> Iterator[tuple[str, Place]]:
    """Yields what each layer of the values says an annotation of the account is, the one that wins first."""
    steps = (*chart.keys, _ACCOUNT, "annotations", key)
    helm = deployment.application.source_place(chart.source) / "helm"
    for index, parameter in enumerate(list_at(chart.source.value, "helm", "parameters")):
        if (text_at(parameter, "name") or "").replace("\\", "") == ".".join(steps):
            yield text_at(parameter, "value") or "", helm.down("parameters", index, "value")
    for value, place in values_layers(files, deployment, chart):
        stated = at(value, *steps)
        if stated is not None:
            yield str(stated), inside(place, *steps)


def inside(layer: Place, *steps: str) -> Place:
    """Returns where steps lead in a layer of values; a text of values has no lines of its own."""
    return layer if layer.steps[-1:] == (_TEXT,) else layer.down(*steps)


def values_layers(files: Files, deployment: Deployment, chart: OperatorChart) -> Iterator[tuple[object, Place]]:
    """Yields the values that an Application gives the chart of an operator, and where; those first that win."""
    helm = deployment.application.source_place(chart.source) / "helm"
    inline = at(chart.source.value, "helm", "valuesObject")
    text = text_at(chart.source.value, "helm", _TEXT)
    if inline is not None:
        yield inline, helm / "valuesObject"
    elif text:
        yield from ((value, helm / _TEXT) for value in reversed(yaml_source.read_documents("", text).values))
    stated = [each.path for each in deployment.values_files if each.place.steps[: len(helm.steps)] == helm.steps]
    own = [] if chart.folder is None else [path_in(chart.folder, VALUES)]
    for path in (*reversed(stated), *own):
        file = files.get(path) if path else None
        if file is not None:
            yield from reversed([(each.value, each.place) for each in layers_in(file)])
