"""A plain scalar means the same in YAML 1.1 and in YAML 1.2.

no, on, y and n are booleans to one reader and words to another; 012345678901 is a number, an octal number or a text;
1e3 is a number or a text. Argo CD, Helm, kubectl and PyYAML do not agree on them, so that a value, or a key, changes
between git and the cluster. A generated file has none; in other manifests and values this is a warning.

Fix: put it into quotes, or write the value that is meant.

Source: YAML 1.1, the type repository; YAML 1.2.2, section 10.3; Go's yaml.v2 and yaml.v3, resolve.go;
sigs.k8s.io/yaml, by which Argo CD, Helm and kubectl read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.charts import is_deployed
from gitops_gen.evidence.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph

_CODE = "ambiguous-scalar"


def _run(graph: Graph) -> Iterator[Finding]:
    for file in graph.plain_yaml:
        found = [problem for problem in file.documents.problems if problem.code == _CODE]
        found += file.documents.doubts
        if found and (file.origin is not None or is_deployed(file, graph)):
            severity = by_mark(graph, Place(file.path))
            yield from (Finding(each.message, each.at, each.hint, severity=severity) for each in found)


CHECK = Check("yaml-version", _run, __doc__, is_early=True)
