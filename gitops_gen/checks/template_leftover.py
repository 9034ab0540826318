"""No value is a template that nobody fills in, or the trace of one that could not be filled in.

An ApplicationSet without goTemplate leaves {{unknown}} as it is; Go prints <no value> for what it does not have, and
%!d(string=x) for what it cannot print. Argo CD applies such a text as it is: a ServiceAccount is annotated with
"{{irsaRoleArn}}", and the role cannot be assumed. Templates are meant where an engine runs: in ApplicationSets, in the
values of charts, in the texts that an ExternalSecret makes, in the webhook that a store asks, in data of ConfigMaps, in
kinds of other operators.

Fix: fill the template in where the file is made, or move the value to where an engine runs.

Source: Argo CD v3.5.1, applicationset/utils/utils.go, Replace; Go, text/template and fmt; External Secrets,
docs/provider/webhook.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.leaves import leaves, leaves_of
from gitops_gen.evidence.leftovers import failure_in, template_in
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import File, Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.leaves import Steps
    from gitops_gen.evidence.places import Place

_SUSPECT = re.compile(r"\{\{|<%|\$\{|\{%|<no value>|<nil>|%!\w?\(")
"""What a file has somewhere if it has a leftover; most have none, and are not looked into."""

_STRICT_KINDS = frozenset(
    {"ServiceAccount", "SecretStore", "ClusterSecretStore", "ExternalSecret", "Namespace", "Service", "AppProject"}
)
"""Kinds in which no text is a template, but for the places below."""

_PROVIDERS = (("spec", "provider", "webhook"), ("spec", "provider", "fake"))
"""Of the providers of External Secrets, one that is told by templates what to ask, and one that holds values."""

_ANY = "*"
"""Any index of a list."""

_ENGINES = {
    "ApplicationSet": (("spec",),),
    "Application": (("spec", "source", "helm"), ("spec", "sources"), ("spec", "sourceHydrator")),
    "ExternalSecret": (
        ("spec", "target", "template", "data"),
        ("spec", "target", "template", "metadata"),
        ("spec", "target", "template", "templateFrom", _ANY, "literal"),
        ("spec", "dataFrom", _ANY, "rewrite"),
    ),
    "SecretStore": _PROVIDERS,
    "ClusterSecretStore": _PROVIDERS,
    "ConfigMap": (("data",), ("binaryData",)),
    "CustomResourceDefinition": (("spec",),),
    "Secret": (("data",), ("stringData",)),
}
"""Where in a kind an engine runs, or may. Of an ExternalSecret's template, no engine fills in what is no text of it.

Source: external-secrets v2.9.0, pkg/controllers/templating/parser.go.
"""

_SCRIPTS = frozenset({"command", "args", "script", "source"})
"""Keys of what a container runs, which may well ask for what an engine prints: [ "$found" = "<no value>" ]."""

_NAMES = (("metadata", "name"), ("metadata", "namespace"))


def _run(graph: Graph) -> Iterator[Finding]:
    for file in graph.plain_files:
        if _SUSPECT.search(file.text) is not None and not graph.is_for_policies(file.path):
            yield from _variables(file, graph) if file.is_tfvars else _documents(file, graph)
    for manifest in graph.rendered:
        yield from _manifest(manifest, graph, is_applied=True)


def _variables(file: File, graph: Graph) -> Iterator[Finding]:
    for place, value in leaves_of(file):
        if isinstance(value, str) and (mark := template_in(value) or failure_in(value)):
            yield _finding(place, mark, graph)


def _documents(file: File, graph: Graph) -> Iterator[Finding]:
    manifests = file.manifests
    for manifest in manifests:
        is_applied = manifest.place in graph.brought or graph.is_ours(manifest.place)
        yield from _manifest(manifest, graph, is_applied=is_applied)
    if not manifests and file.origin is not None:  # values of a chart, which may be templates for it
        for place, value in leaves_of(file):
            if isinstance(value, str) and (mark := failure_in(value)):
                yield _finding(place, mark, graph)


def _manifest(manifest: Manifest, graph: Graph, *, is_applied: bool) -> Iterator[Finding]:
    for steps, value in leaves(manifest.value):
        if isinstance(value, str) and (mark := _leftover(manifest, steps, value, is_applied=is_applied)):
            yield _finding(manifest.place.down(*steps), mark, graph)


def _leftover(manifest: Manifest, steps: Steps, value: str, *, is_applied: bool) -> str | None:
    if any(_is_below(steps, each) for each in _ENGINES.get(manifest.kind, ())):
        return None
    if (failed := failure_in(value)) and not _is_script(steps, value):
        return failed
    is_strict = manifest.kind in _STRICT_KINDS and steps[1:2] != ("annotations",)
    is_name = steps in _NAMES or steps[:2] == ("metadata", "labels") or steps[-1:] == (ROLE_ANNOTATION,)
    mark = template_in(value) if is_strict or is_name else None
    # Other tools fill ${NAME} in before a file is applied; in one that Argo CD takes as it is, nobody does.
    return mark if is_applied or mark != "${" else None


def _is_below(steps: Steps, engine: tuple[str, ...]) -> bool:
    return len(steps) >= len(engine) and all(
        isinstance(step, int) if stated == _ANY else step == stated for step, stated in zip(steps, engine, strict=False)
    )


def _is_script(steps: Steps, value: str) -> bool:
    return "\n" in value.strip() or not _SCRIPTS.isdisjoint(map(str, steps))


def _finding(place: Place, mark: str, graph: Graph) -> Finding:
    where = ".".join(map(str, place.steps))
    return Finding(
        f"{where} has {mark} in it, and no engine fills it in here",
        place,
        "write the value",
        severity=by_mark(graph, place) if mark in ("{{", "}}", "${") else Severity.ERROR,
        cause=f"{where}: {mark}",
    )


CHECK = Check("template-leftover", _run, __doc__, is_of_object=True)
