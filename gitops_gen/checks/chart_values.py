"""The values of a release are those that the schema of its chart allows.

Helm merges the values of the chart, the values files in their order and the values of the Application, and refuses the
result where values.schema.json does: "values don't meet the specifications of the schema(s)", and the whole sync fails.
Only charts that are here are judged, and only where all their values are here too; where Argo CD reads one of them at
another revision, that is a note. A values file that is no map, as a list, is refused with any chart; of one with
several documents Helm 4 lays each over the one before, and Helm 3, which Argo CD has before 3.5, reads the first only,
which is a note in other people's files. Of a chart that stands alone, a text such as "false" for a flag that templates
only test is a warning, since it is true to them; so is a value with a slip in its key: one that no template reads
beside one that is read, or one that a template reads, and nothing states, beside one that is stated, or one right
behind the block that it belongs into, as far to the left. So is one in an item of a list of which others have the right
key, whatever the chart is, and one of the chart of External Secrets, which need not be here: a serviceaccount for the
serviceAccount, or a rolearn in its annotations. The condition of a part that no values state, beside a flag a letter
apart, is one too. A parameter that is to set an annotation, and whose dots are not escaped, as in
annotations.eks.amazonaws.com/role-arn, sets a map of maps: that is a warning, whatever the chart is.

Fix: write a value of the type that the schema states; a key that it does not have is probably a typo.

Source: Helm, "Schema Files"; Helm v4.2.3, pkg/chart/common/util/coalesce.go, CoalesceValues, and pkg/chart/v2/loader/
load.go, LoadValues; helm/helm #13655; Argo CD v3.5.1, docs/user-guide/helm.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.checks.odd_items import odd_items
from gitops_gen.checks.source_files import AT_REVISION, is_elsewhere
from gitops_gen.evidence.charts import CHART, REQUIREMENTS, VALUES, path_in
from gitops_gen.evidence.json_schema import refusals
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.secret_references import layers_of_chart
from gitops_gen.evidence.values import at, text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import File, Files
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.json_schema import Refusal
    from gitops_gen.evidence.leaves import Steps
    from gitops_gen.evidence.secret_references import Layer

SCHEMA = "values.schema.json"


def _run(graph: Graph) -> Iterator[Finding]:
    schemas: dict[str, object] = {}
    known: dict[tuple[object, ...], list[Refusal]] = {}
    told: set[tuple[object, str]] = set()
    yield from _no_maps(graph)
    yield from _no_texts(graph)
    yield from _cut_keys(graph)
    for deployment in graph.deployments:
        for source in deployment.application.sources:
            folder = graph.folder_of(source)
            if folder is None or not is_judged(deployment, source):
                continue
            if folder not in schemas:
                schemas[folder] = _read(graph.files, schema_of(folder))
            if schemas[folder] is None:
                continue
            layers = tuple(_layers(graph, deployment, folder))
            # Most releases have nothing of their own, so that they share what their environment says.
            key = (folder, *(_key(layer) for layer in layers if layer.value))
            if key not in known:
                known[key] = list(refusals(_merged(layers), schemas[folder]))
            for refusal in known[key]:
                stated = _finding(deployment, source, layers, refusal, path_in(folder, VALUES))
                finding = as_of_revision(graph, deployment, stated)
                # What an environment says is wrong once, however many clusters it is for.
                if (finding.place, finding.message) not in told:
                    told.add((finding.place, finding.message))
                    yield finding
    refused = {place for place, _ in told}
    yield from (each for each in (*_odd(graph), *odd_items(graph)) if each.place not in refused)
    if any(each.operators for each in graph.deployments):
        from gitops_gen.checks.operator_values import operator_values

        yield from operator_values(graph)


def _odd(graph: Graph) -> Iterator[Finding]:
    """Yields the slips in each chart of the tree that an Application takes, and in what the Applications give it."""
    taken: dict[str, list[tuple[Deployment, ApplicationSource]]] = {}
    for deployment in graph.deployments:
        for source in deployment.application.sources:
            folder = graph.folder_of(source)
            if folder is not None and graph.files.is_file(path_in(folder, CHART)):
                taken.setdefault(folder, []).append((deployment, source))
    if taken:
        from gitops_gen.checks.odd_values import odd_values

        yield from odd_values(graph, taken)
        with_parts = {folder: each for folder, each in taken.items() if _states_parts(graph.files, folder)}
        if known := {folder: each for folder, each in with_parts.items() if all(is_judged(*one) for one in each)}:
            from gitops_gen.checks.part_conditions import part_conditions

            yield from part_conditions(graph, known)


def _states_parts(files: Files, folder: str) -> bool:
    """Tells whether a chart may say when it takes other charts."""
    return any("condition" in (files.content(path_in(folder, name)) or "") for name in (CHART, REQUIREMENTS))


def _no_maps(graph: Graph) -> Iterator[Finding]:
    """Yields each values file that is no map: a list, or one text for want of a colon; and one of several documents."""
    seen: set[str] = set()
    for deployment in graph.deployments:
        for path in (each.path for each in deployment.values_files):
            if path is None or path in seen:
                continue
            seen.add(path)
            file = graph.files.get(path)
            value = next(iter(file.documents.values), None) if file is not None else None
            if value is not None and not isinstance(value, dict) and not has_template(value):
                yield as_of_revision(graph, deployment, _no_map(deployment, path, value))
            elif file is not None and any(file.documents.values[1:]):
                yield as_of_revision(graph, deployment, _not_first(graph, deployment, file))


def _no_texts(graph: Graph) -> Iterator[Finding]:
    if any(text_at(source.value, "helm", "values") for each in graph.applications for source in each.sources):
        from gitops_gen.checks.values_texts import values_texts

        yield from values_texts(graph)


def _cut_keys(graph: Graph) -> Iterator[Finding]:
    every = (*graph.applications, *(each for expansion in graph.expansions for each in expansion.partial))
    if any(at(source.value, "helm", "parameters") for each in every for source in each.sources):
        from gitops_gen.checks.parameter_dots import parameter_dots

        yield from parameter_dots(graph, every)


def _no_map(deployment: Deployment, path: str, value: object) -> Finding:
    got = "a list" if isinstance(value, list) else "one value"
    place = next(each.place for each in deployment.values_files if each.path == path)
    return Finding(
        f"{deployment.application.name} reads the values file {path}: got {got}, expected a map, and Helm refuses it",
        Place(path),
        "write keys and values; {} where there are none",
        related=((place, "it is read here"),),
        cluster=deployment.cluster.name,
    )


def _not_first(graph: Graph, deployment: Deployment, file: File) -> Finding:
    behind = next(index for index, value in enumerate(file.documents.values) if index and value)
    return Finding(
        f"{deployment.application.name} reads the values file {file.path}, which has several documents: Helm 4 lays "
        "each over the one before it, and Helm 3, which Argo CD has before 3.5, reads the first only",
        Place(file.path, behind),
        "make one document of them",
        related=((next(each.place for each in deployment.values_files if each.path == file.path), "it is read here"),),
        severity=Severity.ERROR if graph.is_ours(Place(file.path)) else Severity.NOTE,
        cluster=deployment.cluster.name,
    )


def as_of_revision(graph: Graph, deployment: Deployment, finding: Finding) -> Finding:
    """Returns what is found of a chart and its values; a note, where Argo CD reads one of them at another revision."""
    for source in deployment.application.sources:
        if is_elsewhere(graph, deployment, source):
            message = f"{finding.message}, as it is here; Argo CD reads it at {source.revision}"
            return finding._replace(message=message, hint=AT_REVISION, severity=Severity.NOTE)
    return finding


def is_judged(deployment: Deployment, source: ApplicationSource) -> bool:
    """Tells whether all the values of a source are known, and Helm asks the schema."""
    helm = at(source.value, "helm")
    is_more = any(at(helm, step) for step in ("parameters", "fileParameters", "values"))
    is_known = all(each.path is not None for each in deployment.values_files)
    return is_known and not is_more and at(helm, "skipSchemaValidation") is not True


def schema_of(folder: str) -> str:
    """Returns where the schema of a chart stands."""
    return path_in(folder, SCHEMA)


def is_told(graph: Graph, deployment: Deployment, source: ApplicationSource) -> bool:
    """Tells whether it is said which values of a source the schema refuses: some keywords are Helm's alone to judge."""
    folder = graph.folder_of(source)
    if folder is None or not is_judged(deployment, source):
        return False
    layers = tuple(_layers(graph, deployment, folder))
    return any(refusals(_merged(layers), _read(graph.files, schema_of(folder))))


def _layers(graph: Graph, deployment: Deployment, folder: str) -> Iterator[Layer]:
    yield from layers_of_chart(graph.files, folder)
    yield from graph.layers_of(deployment)


def _key(layer: Layer) -> object:
    return (layer.place, id(layer.value)) if layer.place.steps else layer.place


def _read(files: Files, path: str) -> object:
    file = files.get(path)
    try:
        return json.loads(file.text) if file is not None else None
    except ValueError:
        return None


def _merged(layers: tuple[Layer, ...]) -> Mapping[str, object]:
    merged: dict[str, object] = {}
    for layer in layers:
        if isinstance(layer.value, dict):
            merged = _laid_over(merged, layer.value)
    return merged


def _laid_over(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """Returns values laid over others as Helm does: maps merge, lists replace, null removes."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _finding(
    deployment: Deployment, source: ApplicationSource, layers: tuple[Layer, ...], refusal: Refusal, own: str
) -> Finding:
    """Returns what the schema refuses: of what the chart says itself, in its own file, with who gives it no other."""
    application, name = deployment.application, ".".join(map(str, refusal.steps)) or "the values"
    given = application.source_place(source)
    place = _place(layers, refusal.steps) or given
    return Finding(
        f"the chart {source.path} refuses {name}: {refusal.reason}",
        place,
        "write what values.schema.json of the chart allows",
        related=((given, f"{application.name} gives it no other value here"),) if place.file == own else (),
        cause=f"{source.path}: {name}: {refusal.reason}",
        cluster=deployment.cluster.name,
    )


def _place(layers: tuple[Layer, ...], steps: Steps) -> Place | None:
    """Returns where a value is stated last, if only as null; for one that nobody states, where its parent is."""
    whole = next((index for index, step in enumerate(steps) if isinstance(step, int)), None)
    if whole is not None:  # a list replaces a list: what stands in one below it is no part of the values
        stating = [index for index, layer in enumerate(layers) if isinstance(at(layer.value, *steps[:whole]), list)]
        layers = layers[stating[-1] :] if stating else layers
    while steps:
        for layer in reversed(layers):
            parent = at(layer.value, *steps[:-1])
            is_item = isinstance(parent, list) and at(layer.value, *steps) is not None
            if is_item or (isinstance(parent, dict) and steps[-1] in parent):
                return layer.place.down(*steps)
        steps = steps[:-1]
    return None


CHECK = Check("chart-values", _run, __doc__)
