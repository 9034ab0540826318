"""A YAML file can be read, in one way only.

Argo CD, Helm and kubectl stop at the first thing that they cannot read. Worse is what they read without a word: of a
key that stands twice, one reader takes the first value and another the last; an alias that holds itself fills the
memory. All of them are named here at once, with the line. In a file without our mark, a key that stands twice is a
warning: what reads the file may take the last one. A whole number as a key is none there: 8080 becomes "8080". What an
engine of templates has to fill in first is a note there, unless Argo CD is seen to read it as it stands, and does not
pass over it, as over what does not look like an object. That holds for a block such as {{ if }} in an ApplicationSet
too: only templatePatch takes one, as it is a text. A file with +argocd:skip-file-rendering in it, which Argo CD passes
over, may be no YAML, unless it has the values of a chart. Where an indented line of three full stops breaks a file that
nothing reads, it is an excerpt, and a note.

Of the object in which a file stops being YAML, nothing else is judged, and what it would make or bring is not known.

Fix: correct the line; of a key that stands twice, remove the one that is not meant. A generated file is generated anew.

Source: YAML 1.2.2; Go's yaml.v3 and sigs.k8s.io/yaml, which Argo CD, Helm and kubectl read with; the latter writes keys
that are numbers as strings, in convertToJSONableObject; Argo CD v3.5.1, reposerver/repository/repository.go,
getObjsFromYAMLOrJSON and skipFileRenderingMarker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.charts import CHART, is_deployed, path_in
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.places import Place
from gitops_gen.problems import Severity
from gitops_gen.source import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.problems import Problem

_OF_YAML_VERSION = "ambiguous-scalar"
_TWICE = "duplicate-key"
_COLLECTION_AS_KEY = "collection-as-key"
"""What Go's readers refuse: a template without quotes, most often."""
_TOLERATED = frozenset({_COLLECTION_AS_KEY, "key-not-a-string", "unsupported-tag", "number-out-of-range"})
"""What Kubernetes' readers take in some way, and what a file for another tool may need."""
_PORT = "number-as-key"
"""What is the same text to all readers: charts take the ports of services so."""
_TEMPLATE = "{{"
_NO_TEMPLATE = (
    "a template is a text to YAML: quote it; in an ApplicationSet, what a condition is for goes into templatePatch"
)
_ANEW = "run gitops-gen generate: it makes the file anew from the model"


def _run(graph: Graph) -> Iterator[Finding]:
    for file in graph.plain_yaml:
        if file.documents.problems or file.is_form:
            yield from _findings(file, graph)


def _findings(file: File, graph: Graph) -> Iterator[Finding]:
    is_ours, is_read = graph.is_ours(Place(file.path)), _is_read_as_it_stands(file, graph)
    is_used, is_applied = is_read or is_deployed(file, graph), file.path in graph.brought_files
    if not is_ours and file.is_unfilled and not is_read:
        yield _unfilled(file)
        return
    if not (is_ours or is_used) and has_template(file.text):
        return  # it is not YAML before some engine has filled it in
    if not (is_ours or is_read) and _is_passed_over(file, graph):
        return
    may_leave_out = file.is_broken and not (is_ours or is_read or is_applied)
    for problem in _told(file):
        if may_leave_out and (left_out := _left_out(file, problem)) is not None:
            yield left_out
            continue
        if problem.code == _OF_YAML_VERSION or (problem.code == _PORT and not is_ours):
            continue
        is_refused = is_applied and problem.code == _COLLECTION_AS_KEY
        if problem.code in _TOLERATED and not is_ours and not is_refused:
            if is_used:
                yield _finding(problem, Severity.WARNING)
        elif problem.code == _TWICE and not is_ours:
            yield _finding(problem, Severity.WARNING)
        else:
            yield _finding(problem._replace(hint=_ANEW) if is_ours else problem, Severity.ERROR)


def _left_out(file: File, problem: Problem) -> Finding | None:
    """Returns a note where a line that stands for others is why an excerpt is no YAML."""
    from gitops_gen.evidence.forms import stops_at_excerpt

    if problem.code != UNREADABLE or not stops_at_excerpt(file.text.splitlines(), problem.at.line):
        return None
    message = "it leaves something out, and is no YAML without: what it says is not known"
    hint = "comment out the line of full stops, or write what it stands for"
    return _finding(problem._replace(message=message, hint=hint), Severity.NOTE)


def _is_passed_over(file: File, graph: Graph) -> bool:
    """True for what somebody has told Argo CD to pass over, and no chart has for a part."""
    from gitops_gen.evidence.bringing import SKIPPED

    return SKIPPED in file.text and not graph.files.is_file(path_in(file.path.rpartition("/")[0] or ".", CHART))


def _told(file: File) -> Iterator[Problem]:
    """Yields what is wrong with a file: where a block of a template stops the reader, that, and not what follows."""
    problems, lines = file.documents.problems, file.text.splitlines()
    refused = {each.at.line: each for each in problems if each.code == _COLLECTION_AS_KEY}
    left_out = set()
    for problem in problems:
        line = problem.at.line
        if problem.code != UNREADABLE or line > len(lines):
            continue
        before = refused.get(line - 1)
        if _TEMPLATE in lines[line - 1]:
            left_out |= {problem, *filter(None, [refused.get(line)])}
            yield problem._replace(hint=_NO_TEMPLATE)
        elif before is not None and _is_block(lines[line - 2]):
            left_out |= {problem, before}
            yield problem._replace(at=before.at, message=before.message, hint=_NO_TEMPLATE)
    yield from (each for each in problems if each not in left_out)


def _is_block(line: str) -> bool:
    """True for a line that is a template and nothing else."""
    return line.strip().startswith(_TEMPLATE) and line.rstrip().endswith("}}")


def _is_read_as_it_stands(file: File, graph: Graph) -> bool:
    """True for a broken file that Argo CD or Helm is seen to read, with no engine before it."""
    return file.path in graph.unreadable or (file.is_broken and file.path in graph.values_paths)


def _unfilled(file: File) -> Finding:
    return Finding(
        "it becomes YAML when an engine of templates has filled it in: what it says then is not known",
        Place(file.path),
        "verify what the engine makes of it",
        severity=Severity.NOTE,
        cause="files that an engine of templates fills in",
    )


def _finding(problem: Problem, severity: Severity) -> Finding:
    return Finding(
        problem.message,
        problem.at,
        problem.hint,
        related=tuple((each.at, each.message) for each in problem.related),
        severity=severity,
    )


CHECK = Check("invalid-yaml", _run, __doc__, is_of_files=True)
