"""No object is larger than what applies it, and what stores it, can hold.

kubectl apply, and Argo CD unless told otherwise, writes the whole object into an annotation, which holds 262,144
bytes: "metadata.annotations: Too long". The API server itself takes no object that is larger than etcd's 1.5 MiB, and
no ConfigMap or Secret of more than 1 MiB.

Fix: apply it with ServerSideApply=true, or make it smaller: an ApplicationSet with a git generator instead of a list.

Source: Kubernetes, annotation limits and ConfigMap; etcd, --max-request-bytes; Argo CD,
docs/user-guide/sync-options.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.values import map_at, text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_ANNOTATION_LIMIT = 262_144
_ETCD_LIMIT = 1_572_864
_DATA_LIMIT = 1_048_576
_GROWTH = 4
"""The compact JSON of a block of YAML is never this many times as long, unless an alias repeats a part of it."""

_WITHOUT_ANNOTATION = ("ServerSideApply=true", "Replace=true")
_OPTIONS = "argocd.argoproj.io/sync-options"


def _run(graph: Graph) -> Iterator[Finding]:
    files = {path for path in {each.place.file for each in graph.manifests} if _may_be_large(graph, path)}
    bringing: Mapping[tuple[str, int], Application] | None = None
    for manifest in (each for each in graph.manifests if each.place.file in files):
        size = len(json.dumps(manifest.value, separators=(",", ":"), ensure_ascii=False, default=str).encode())
        if size > _ETCD_LIMIT:
            yield _finding(manifest, size, _ETCD_LIMIT, "etcd does not store it", "split it", Severity.ERROR)
        elif _data_size(manifest) > _DATA_LIMIT:
            what = f"a {manifest.kind} may not hold as much data"
            yield _finding(manifest, _data_size(manifest), _DATA_LIMIT, what, "split it", Severity.ERROR)
        elif size > _ANNOTATION_LIMIT:
            bringing = _bringing(graph) if bringing is None else bringing
            yield from _for_apply(graph, manifest, size, bringing.get((manifest.place.file, manifest.place.document)))


def _may_be_large(graph: Graph, path: str) -> bool:
    """Tells whether an object of a file may be."""
    file = graph.files.get(path)
    return file is not None and (len(file.text) * _GROWTH > _ANNOTATION_LIMIT or " &" in file.text)


def _bringing(graph: Graph) -> Mapping[tuple[str, int], Application]:
    """Returns which Application brings each document. It asks for what has to be joined, so only for what is large."""
    return {
        (manifest.place.file, manifest.place.document): deployment.application
        for deployment in graph.deployments
        for manifest in deployment.manifests
    }


def _data_size(manifest: Manifest) -> int:
    if manifest.kind not in ("ConfigMap", "Secret"):
        return 0
    maps = (map_at(manifest.value, field) for field in ("data", "binaryData", "stringData"))
    return sum(len(value.encode()) for each in maps for value in each.values() if isinstance(value, str))


def _for_apply(graph: Graph, manifest: Manifest, size: int, application: Application | None) -> Iterator[Finding]:
    options = (text_at(manifest.annotations, _OPTIONS) or "").replace(" ", "").split(",")
    if application is not None:
        options += application.sync_options
    if any(option in options for option in _WITHOUT_ANNOTATION):
        return
    is_certain = application is not None or graph.is_ours(manifest.place)
    what = "client-side apply, which keeps it in an annotation, does not hold it"
    hint = "apply it with ServerSideApply=true, or make it smaller"
    severity = Severity.ERROR if is_certain else Severity.WARNING
    yield _finding(manifest, size, _ANNOTATION_LIMIT, what, hint, severity)


def _finding(manifest: Manifest, size: int, limit: int, what: str, hint: str, severity: Severity) -> Finding:
    return Finding(
        f"{manifest} has {size:,} bytes, expected at most {limit:,}: {what}", manifest.place, hint, severity=severity
    )


CHECK = Check("object-size", _run, __doc__, is_of_object=True)
