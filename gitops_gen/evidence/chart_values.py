"""The values that an Application gives its chart: which layer states one, in Helm's order of precedence.

Source: argoproj/argo-cd v3.5.1, docs/user-guide/helm.md: parameters before valuesObject before values before
valueFiles, of which the last one wins; pkg/apis/application/v1alpha1/values.go, ValuesYAML: where there is a
valuesObject, values are not read at all. Helm, pkg/strvals/parser.go: what --set reads as a flag or as null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import source as yaml_source
from gitops_gen.evidence.build_environment import filled
from gitops_gen.evidence.secret_references import Layer, layers_of_chart
from gitops_gen.evidence.values import at, decides, list_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.deployments import Deployment, ValuesFile
    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.graph import Graph

_TYPED: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}
"""What Helm reads a parameter as that is no text, in capitals too. A number is left as it is written."""


class Undeployed(NamedTuple):
    """An Application that is on no cluster yet, with the values files that it names."""

    application: Application
    values_files: tuple[ValuesFile, ...]


def own_values(graph: Graph, deployment: Deployment) -> Iterator[Layer]:
    """Yields what the charts of an Application say themselves, below all that it gives them, as far as they are here.

    A chart without values says nothing.
    """
    for source in deployment.application.sources:
        folder = graph.folder_of(source)
        if folder is not None:
            yield from layers_of_chart(graph.files, folder)


def text_layers(deployment: Deployment | Undeployed, source: ApplicationSource) -> Iterator[Layer]:
    """Yields what a source gives its chart as a text of values, whether that is read or not; what wins comes last."""
    text = text_at(source.value, "helm", "values")
    place = deployment.application.source_place(source).down("helm", "values")
    yield from (Layer(each, place) for each in (yaml_source.read_documents("", text).values if text else ()))


def stated_value(files: Files, deployment: Deployment | Undeployed, source: ApplicationSource, *keys: str) -> object:
    """Returns the value that a chart is given at some keys, or None. Values files that are not on disk say nothing."""
    return ChartValues(files, deployment, source).get(*keys)


class ChartValues:
    """What a source gives its chart, read once to be asked often."""

    def __init__(self, files: Files, deployment: Deployment | Undeployed, source: ApplicationSource) -> None:
        parameters = list_at(source.value, "helm", "parameters")
        self._parameters = {text_at(each, "name"): _parameter(each) for each in parameters}
        self._layers = tuple(_layers(files, deployment, source))

    def get(self, *keys: str) -> object:
        """Returns the value at some keys, or None."""
        name = ".".join(keys)
        if name in self._parameters:
            return self._parameters[name]
        return next((at(layer, *keys) for layer in self._layers if decides(layer, *keys)), None)


def _parameter(stated: object) -> object:
    value = at(stated, "value")
    if not isinstance(value, str):
        return value
    text = filled(value)
    return text if at(stated, "forceString") is True else _TYPED.get(text.lower(), text)


def _layers(files: Files, deployment: Deployment | Undeployed, source: ApplicationSource) -> Iterator[object]:
    own = at(source.value, "helm", "valuesObject")
    if own is not None:
        yield own
    else:
        yield from (each.value for each in reversed(tuple(text_layers(deployment, source))))
    steps = deployment.application.source_place(source).steps
    for values_file in reversed(deployment.values_files):
        file = (
            files.get(values_file.path) if values_file.path and values_file.place.steps[: len(steps)] == steps else None
        )
        if file is not None:
            yield from reversed(file.documents.values)
