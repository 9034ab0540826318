"""Helm renders the charts of the tree with the values that their Applications give them.

A template that fails, a value that a chart requires and nobody states, a parameter that --set does not take, or that
goes on below what a values file says is no map or list, a result that is no YAML or an object without kind or
apiVersion stops the Application: "failed to generate manifest". Only
charts that are here are rendered, with Helm's own engine, which is an optional extra: gitops-gen[helm]. What they
render to is then judged by all other rules, as if it stood in a file. A parameter that Helm refuses is left out for
that, so that the rest can be judged. Of a chart, or of values, that Argo CD reads at another revision than the one
here, this is a note.

A chart that needs others, which lie in folders beside it (repository: file://../base), is rendered with them: where
charts/ lacks one, Argo CD has Helm build all of them first. A folder that is not there or outside of the repository, a
chart of another name, and a version that is not in the range, or not the one in Chart.lock, stop the Application. What
such a chart, or one in charts/, needs itself and has not in its own charts/, Helm leaves out without a word, however
often it builds the whole: that is a warning, unless the values switch it off.

A schema that is in part on another host, which nothing here asks, leaves it open what the chart brings.

A chart that needs one of a chart repository, with none in charts/, is rendered without it: what its own templates bring
is judged, unless they ask for what is in that one, by its values, by .Subcharts or by a definition.

A file that a template reads by .Files.Get, and that is a template itself, or not in the chart where another of nearly
that name is, is a warning: Helm gives an empty text for it and says nothing.

Fix: correct the value or the template that Helm names.

Source: Helm v4.2.3, pkg/engine, pkg/strvals and pkg/downloader; Argo CD v3.5.1, reposerver/repository/repository.go;
helm/helm #2247; argoproj/argo-cd #3451.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks import chart_values
from gitops_gen.checks.finding import Check, Finding, parameters_of
from gitops_gen.evidence.charts import CHART, TEMPLATES, path_in
from gitops_gen.patterns import lazily
from gitops_gen.problems import Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.renderings import Failure

_FILES = ".Files."
"""By which a template reads what else is in its chart."""
_NO_SCHEMA = lazily(r"not valid against metaschema|: (?:invalid character|unexpected EOF|failing loading)")
"""What Helm says of a schema that is no JSON, or no schema."""
_PARAMETERS = frozenset({"parameters", "fileParameters"})
"""Keys below which Helm refuses what no chart could take."""


def _run(graph: Graph) -> Iterator[Finding]:
    for deployment in graph.deployments:
        for source, failure in deployment.failures:
            # What a schema refuses is told with the value that it refuses, where that is known.
            if not (failure.is_schema and chart_values.is_told(graph, deployment, source)):
                finding = _finding(graph, deployment, source, failure)
                is_of_parameter = not _PARAMETERS.isdisjoint(map(str, failure.place.steps))
                yield finding if is_of_parameter else chart_values.as_of_revision(graph, deployment, finding)
    for folder, deployment in _charts(graph).items():
        templates = graph.files.under(path_in(folder, TEMPLATES))
        if any(_FILES in (graph.files.content(path) or "") for path in templates):
            from gitops_gen.checks.template_files import template_files

            yield from template_files(graph, deployment, folder)


def _charts(graph: Graph) -> dict[str, Deployment]:
    """Returns the folders of the charts in the tree, each with the first Application that has it."""
    folders: dict[str, Deployment] = {}
    for deployment in graph.deployments:
        for source in deployment.application.sources:
            folder = graph.folder_of(source)
            if folder is not None:
                folders.setdefault(folder, deployment)
    return {folder: first for folder, first in folders.items() if graph.files.is_file(path_in(folder, CHART))}


def _finding(graph: Graph, deployment: Deployment, source: ApplicationSource, failure: Failure) -> Finding:
    application = deployment.application
    schema = _broken_schema(graph, source, failure)
    what = f"the chart {source.path} of {application.name}"
    refused = f"Helm refuses {what}: {failure.reason}"
    return Finding(
        f"Helm renders {what} without {failure.reason}" if failure.is_partial else refused,
        schema or failure.at or failure.place,
        failure.hint or "correct what Helm names; helm template with the same values says the same",
        related=(
            *failure.ends,
            (application.source_place(source) / "path", "the chart"),
            *parameters_of(application),
            *(_with(deployment, source) if failure.is_given or not failure.hint else ()),
        ),
        severity=Severity.WARNING if failure.is_partial else Severity.ERROR,
        cause=f"{source.path}: {failure.reason}",
        cluster=deployment.cluster.name,
    )


def _broken_schema(graph: Graph, source: ApplicationSource, failure: Failure) -> Location | None:
    """Returns the schema of a chart that Helm cannot use as one, whatever the values are."""
    folder = graph.folder_of(source) if failure.is_schema and _NO_SCHEMA.search(failure.reason) else None
    own = chart_values.schema_of(folder) if folder is not None else ""
    schemas = [path for path in graph.files.under(folder or "") if path.endswith(f"/{chart_values.SCHEMA}")]
    return Location(own) if schemas == [own] else None


def _with(deployment: Deployment, source: ApplicationSource) -> Iterator[tuple[Location, str]]:
    """Yields the values files of a source: what Helm stops at in a template is most often there."""
    steps = deployment.application.source_place(source).steps
    for each in deployment.values_files:
        if each.path is not None and each.place.steps[: len(steps)] == steps:
            yield Location(each.path), "with these values"


CHECK = Check("chart-rendering", _run, __doc__)
