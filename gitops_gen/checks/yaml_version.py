"""A plain scalar means the same in YAML 1.1 and in YAML 1.2.

no, on, y and n are booleans to one reader and words to another; 012345678901 is a number, an octal number or a text;
1e3 is a number or a text. Argo CD, Helm, kubectl and PyYAML do not agree on them, so that a value, or a key, changes
between git and the cluster. A generated file has none; in other manifests and values this is a warning. The mode of a
file, as in defaultMode: 0640, is left alone there: Kubernetes itself writes it so.

Fix: put it into quotes, or write the value that is meant.

Source: YAML 1.1, the type repository; YAML 1.2.2, section 10.3; Go's yaml.v2 and yaml.v3, resolve.go;
sigs.k8s.io/yaml, by which Argo CD, Helm and kubectl read; Kubernetes, "Secrets", defaultMode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.charts import is_deployed
from gitops_gen.evidence.places import Place
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.problems import Problem

_CODE = "ambiguous-scalar"
_MODE = lazily(r"(?:[mM]ode|[uU]mask)[\"']?:\s+\Z")
"""What stands before the mode of a file: defaultMode of a volume, mode of an item of it."""
_OCTAL = lazily(r"0[0-7]{3}(?![^\s,}\]])")


def _run(graph: Graph) -> Iterator[Finding]:
    for file in graph.plain_yaml:
        found = [problem for problem in file.documents.problems if problem.code == _CODE]
        found += file.documents.doubts
        if found and (file.origin is not None or is_deployed(file, graph)):
            severity = by_mark(graph, Place(file.path))
            told = found if severity is Severity.ERROR else _without_modes(file, found)
            yield from (Finding(each.message, each.at, each.hint, severity=severity) for each in told)


def _without_modes(file: File, found: list[Problem]) -> Iterator[Problem]:
    """Yields what is not the mode of a file: Kubernetes wants a number there, and all of its readers take 0640 for 416.

    In quotes it would be a text, which the API server refuses.
    """
    lines = file.text.splitlines()
    for problem in found:
        line, column = lines[problem.at.line - 1], problem.at.column - 1
        if _MODE.search(line[:column]) is None or _OCTAL.match(line, column) is None:
            yield problem


CHECK = Check("yaml-version", _run, __doc__, is_of_files=True)
