"""The chart of External Secrets among what an Application installs: by itself, or as a part of a chart of the tree.

Many keep each addon in a chart of their own, which has nothing but the addon for a part. Helm fetches it when Argo CD
renders the chart, in the version of `Chart.lock`, and without one in that of `Chart.yaml`. Its values are those under
its name, or its alias; a condition that the values say no to leaves it out.

Source: Helm v4.2.3, pkg/chart/v2/util/dependencies.go; Argo CD v3.5.1, reposerver/repository/repository.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.chart_values import ChartValues, Undeployed
from gitops_gen.evidence.charts import CHART, VALUES, path_in
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import at, first_at, list_at, text_at
from gitops_gen.external_secrets import CHART_NAME
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Files

_PARTS = "dependencies"
_LOCK = "Chart.lock"
_LOCAL = "file://"


class OperatorChart(NamedTuple):
    """The chart of the operator, as a source brings it."""

    source: ApplicationSource
    version: str
    """As it is stated: it may be a range, or empty."""
    place: Place
    """Where the version is stated."""
    folder: str | None = None
    """Of a part: where the chart is that it is a part of."""
    keys: tuple[str, ...] = ()
    """Of a part: where its values are in those of that chart."""
    layers: tuple[object, ...] | None = None
    """Of one that kustomize has rendered: the values that it gives it, those first that count most."""

    def value(self, files: Files, deployment: Deployment | Undeployed, *keys: str) -> object:
        """Returns what it is given at some keys, or None; of a part, what the chart around it says itself, too."""
        if self.layers is not None:
            return first_at(self.layers, *keys)
        found = ChartValues(files, deployment, self.source).get(*self.keys, *keys)
        if found is None and self.folder is not None:
            return at(_read(files, path_in(self.folder, VALUES)), *self.keys, *keys)
        return found


def operator_chart(undeployed: Undeployed, source: ApplicationSource) -> OperatorChart | None:
    """Returns the chart of the operator that a source is; None for another one."""
    if source.chart != CHART_NAME:
        return None
    return OperatorChart(source, source.revision or "", undeployed.application.stated_in(source, "targetRevision"))


def states_operator(files: Files, folder: str) -> bool:
    """Tells whether the chart in a folder says something of the operator: most do not, and need no further look."""
    path = path_in(folder, CHART)
    file = files.get(path) if files.is_file(path) else None
    return file is not None and CHART_NAME in file.text


def operator_part(files: Files, undeployed: Undeployed, source: ApplicationSource, folder: str) -> OperatorChart | None:
    """Returns the chart of the operator that a chart in a folder fetches; None where it does not, or may not."""
    path = path_in(folder, CHART)
    for index, part in enumerate(list_at(_read(files, path), _PARTS)):
        if text_at(part, "name") != CHART_NAME or (text_at(part, "repository") or _LOCAL).startswith(_LOCAL):
            continue
        keys = (text_at(part, "alias") or CHART_NAME,)
        stated = text_at(part, "version") or "", Place(path, 0, (_PARTS, index, "version"))
        version, place = _locked(files, folder) or stated
        if _is_on(files, undeployed, source, folder, part):
            return OperatorChart(source, version, place, folder, keys)
    return None


def _locked(files: Files, folder: str) -> tuple[str, Place] | None:
    """Returns the version that the lock of a chart states, and where."""
    path = path_in(folder, _LOCK)
    for index, part in enumerate(list_at(_read(files, path), _PARTS)):
        if text_at(part, "name") == CHART_NAME:
            return text_at(part, "version") or "", Place(path, 0, (_PARTS, index, "version"))
    return None


def _is_on(files: Files, undeployed: Undeployed, source: ApplicationSource, folder: str, part: object) -> bool:
    """Tells whether the values leave a part in; False where some of them are not known, and could leave it out."""
    condition = text_at(part, "condition")
    if list_at(part, "tags"):
        return False
    if condition is None:
        return True
    steps = undeployed.application.source_place(source).steps
    own = [each for each in undeployed.values_files if each.place.steps[: len(steps)] == steps]
    if not all(each.path and files.is_file(each.path) for each in own):
        return False
    for path in (each.strip().split(".") for each in condition.split(",")):
        stated = ChartValues(files, undeployed, source).get(*path)
        stated = at(_read(files, path_in(folder, VALUES)), *path) if stated is None else stated
        if stated is not None:  # the first path that is stated counts
            return stated is True or stated == "true"
    return True


def _read(files: Files, path: str) -> object:
    file = files.get(path) if files.is_file(path) else None
    return next(iter(file.documents.values), None) if file is not None else None
