"""The files of a chart that its templates read by name, for what they are not: Helm then makes an empty text of each.

Part of chart-rendering. Helm tells a template nothing of a file that is not in the chart, that is a template itself, or
that it reads by itself, such as values.yaml; and a name is what it is, letter by letter, so that ./a.txt is none.
A file that is not there may be one that somebody may add, so only a slip in the name of another is told.

Source: Helm v4.2.3, pkg/engine/files.go, Get; pkg/chart/v2/loader, LoadFiles, held against Helm's engine.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from gitops_gen.checks import chart_values
from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.charts import CHART, TEMPLATES, VALUES, path_in
from gitops_gen.near_miss import is_typo
from gitops_gen.patterns import lazily
from gitops_gen.problems import Location, Severity

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph

_FILES = ".Files."
_READ_BY_HELM = (CHART, "Chart.lock", VALUES, "values.schema.json")
"""Files of a chart that are none of .Files."""
_PARTS = "charts/"
"""Where other charts lie, each with files of its own."""
_PROVENANCE = ".prov"
"""The signature of an archive, which is the one kind of file there that belongs to this chart."""
_HINTS = {CHART: "read .Chart", VALUES: "read .Values"}
_READ = lazily(r"\.Files\.(?:Get|GetBytes|Lines)\s+\"([^\"\n]+)\"")
_COMMENT = lazily(r"\{\{-?\s*/\*.*?\*/", re.DOTALL)


def template_files(graph: Graph, deployment: Deployment, folder: str) -> Iterator[Finding]:
    """Yields each name that a template of a chart in a folder reads in vain, for an Application that has the chart."""
    found = list(_reads(graph, folder))
    if not found:
        return
    names = [posixpath.relpath(each, folder) for each in graph.files.under(folder)]
    read = {posixpath.normpath(name) for name, _ in found}
    for name, place in found:
        reason, hint = _why_not(name, names, read)
        if reason:
            finding = Finding(
                f"a template of the chart {folder} reads {name}, {reason}: Helm gives it an empty text",
                place,
                hint,
                severity=Severity.WARNING,
                cause=f"{folder}: {name}",
                cluster=deployment.cluster.name,
            )
            yield chart_values.as_of_revision(graph, deployment, finding)


def _why_not(name: str, names: Sequence[str], read: Container[str]) -> tuple[str, str]:
    """Returns why Helm gives a template nothing by a name, and a hint; "" where it does, or nobody knows.

    `names` are the files of the chart, and `read` what its templates read.
    """
    if name in _READ_BY_HELM:
        return "which Helm reads by itself, and is none of .Files", _HINTS.get(name, "read it from another file")
    if name in names and name.startswith(f"{TEMPLATES}/"):
        return "which is a template, and none of .Files", "move it out of templates/"
    if name in names and name.startswith(_PARTS) and not name.endswith(_PROVENANCE):
        return "which is of another chart, and none of .Files", "move it out of charts/"
    if name in names:
        return "", ""
    if (plain := posixpath.normpath(name)) in names:
        return "which is the name of no file", f"write {plain}"
    meant = next((each for each in names if each not in read and is_typo(name, each)), None)
    return ("which is not in the chart", f"did you mean {meant}?") if meant else ("", "")


def _reads(graph: Graph, folder: str) -> Iterator[tuple[str, Location]]:
    """Yields the name of each file that a template names in full, and where."""
    for path in graph.files.under(path_in(folder, TEMPLATES)):
        text = graph.files.content(path) or ""
        if _FILES not in text:
            continue
        plain = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), text)
        for each in _READ.finditer(plain):
            start = plain.rfind("\n", 0, each.start(1)) + 1
            line, column = plain.count("\n", 0, start) + 1, each.start(1) - start + 1
            yield each[1], Location(path, line, column)
