"""Names, namespaces, labels and annotations of objects are what Kubernetes takes.

The API server refuses an object that has no name, whose name has a capital letter or an underscore, whose label is
longer than 63 characters, or whose annotation is a number or a boolean: an unquoted 1 or true is not a string. The
whole sync of the Application fails with it. So it does where CreateNamespace=true makes a namespace of such a name. It
drops a field of the metadata that it does not know, such as namepace.

Fix: correct the name; put quotes around a value that only looks like a number or a boolean.

Source: Kubernetes, "Object Names and IDs", "Labels and Selectors", "Annotations".
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from gitops_gen import kubernetes
from gitops_gen.checks.alike import each_unlike
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.charts import is_template
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.secret_references import WORKLOADS
from gitops_gen.evidence.values import at
from gitops_gen.near_miss import is_typo

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_KNOWN_GROUPS = frozenset(
    {
        "",
        "apps",
        "argoproj.io",
        "batch",
        "external-secrets.io",
        "networking.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
    }
)
"""Groups of Kubernetes, Argo CD and External Secrets: an object of another, which nobody applies, may be no object."""

_CREATE = "CreateNamespace=true"
_OPENSHIFT = ".openshift.io"
"""How the groups of OpenShift end. Its own API servers take other names: ubi:latest, htpasswd:admin, Cluster_Admins."""

_METADATA = frozenset(
    {
        "annotations",
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "finalizers",
        "generateName",
        "generation",
        "labels",
        "managedFields",
        "name",
        "namespace",
        "ownerReferences",
        "resourceVersion",
        "selfLink",
        "uid",
    }
)
"""The fields of ObjectMeta."""

_SET = "ApplicationSet"
"""What makes Applications: their labels and annotations stand in its template."""

_object_name = lru_cache(maxsize=4096)(kubernetes.check_object_name)
_namespace = lru_cache(maxsize=4096)(kubernetes.check_dns_label)
_label_value = lru_cache(maxsize=4096)(kubernetes.check_label_value)
_qualified_name = lru_cache(maxsize=4096)(kubernetes.check_qualified_name)


def _run(graph: Graph) -> Iterator[Finding]:
    def alike(manifest: Manifest) -> Hashable:
        return id(manifest.value), graph.is_ours(manifest.place), graph.is_for_kustomize(manifest.place.file)

    yield from each_unlike(_objects(graph), alike, partial(_of_object, graph))
    for deployment in graph.deployments:
        yield from _made(deployment.application, graph)


def _made(application: Application, graph: Graph) -> Iterator[Finding]:
    """Yields the namespace that Argo CD makes for an Application, if it cannot be one."""
    namespace, place = application.namespace or "", application.spec_place
    reason = _namespace(namespace) if namespace else None
    if reason is None or _CREATE not in application.sync_options or has_template(namespace):
        return
    if graph.is_ours(place) or not placeholders.in_namespace(namespace):
        told = f"{application.name}: the namespace that {_CREATE} makes: {reason}"
        cause = f"the namespace {namespace}"
        yield Finding(told, place.down("destination", "namespace"), "correct the namespace", cause=cause)


def _of_object(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    yield from _names(manifest, graph)
    metadata = manifest.value.get("metadata")
    if isinstance(metadata, dict) and not _METADATA.issuperset(metadata):
        yield from _unknown_fields(manifest, metadata, is_ours=graph.is_ours(manifest.place))
    yield from _metadata(graph, manifest, ("metadata",))
    if manifest.kind in WORKLOADS or manifest.kind == _SET:
        yield from _metadata(graph, manifest, ("spec", "template", "metadata"))


def _objects(graph: Graph) -> Iterator[Manifest]:
    """Yields the objects that Applications bring, and those of known groups in the other files, each once."""
    seen = set()
    for deployment in graph.deployments:
        for manifest in deployment.manifests:
            if manifest.place not in seen:
                seen.add(manifest.place)
                yield manifest
    for manifest in graph.manifests:
        is_known = manifest.place not in seen and manifest.group in _KNOWN_GROUPS
        if is_known and not is_template(graph.files, manifest.place.file):
            yield manifest


def _names(manifest: Manifest, graph: Graph) -> Iterator[Finding]:
    name, namespace = at(manifest.value, "metadata", "name"), at(manifest.value, "metadata", "namespace")
    place = manifest.place / "metadata"
    if name is None:
        yield from _nameless(manifest, graph)
    elif not isinstance(name, str):
        yield from _no_string(graph, manifest, place / "name", name)
    elif manifest.group.endswith(_OPENSHIFT) or has_template(name):
        pass
    elif reason := _object_name(manifest.kind, name):
        yield _finding(manifest, place / "name", f"its name: {reason}", "rename it, and what refers to it")
    if namespace is not None and not isinstance(namespace, str):
        yield from _no_string(graph, manifest, place / "namespace", namespace)
    elif namespace and not has_template(namespace) and (reason := _namespace(namespace)):
        yield _finding(manifest, place / "namespace", f"its namespace: {reason}", "correct the namespace")


def _no_string(graph: Graph, manifest: Manifest, place: Place, value: object) -> Iterator[Finding]:
    """Yields a name, or the name of a namespace, that is no text to whoever reads it."""
    from gitops_gen.checks.kustomize_flags import is_text_to_kustomize

    if not is_text_to_kustomize(graph, place, value):
        yield _finding(manifest, place, f"the {place.steps[-1]} is no string", _quoted(graph, place, value))


def _nameless(manifest: Manifest, graph: Graph) -> Iterator[Finding]:
    """Yields an object without a name: a generated one, or one that an Application brings and nobody names later."""
    if graph.is_ours(manifest.place):
        hint = "give it a name"
    elif manifest.place in graph.brought and not at(manifest.value, "metadata", "generateName"):
        hint = "give it a name, or keep it out of what the Application brings"
    else:
        return
    yield _finding(manifest, manifest.place.down("metadata", "name"), "there is no name", hint)


def _unknown_fields(manifest: Manifest, metadata: Mapping[str, object], *, is_ours: bool) -> Iterator[Finding]:
    """Yields a field of the metadata that no object has, or in other people's files a slip of one: it is dropped."""
    for field in [each for each in metadata if each not in _METADATA]:
        slips = (each for each in sorted(_METADATA) if is_typo(field, each) or field.casefold() == each.casefold())
        meant = next(slips, None)
        if meant is not None or is_ours:
            reason, place = f"there is no field metadata.{field}", manifest.place.down("metadata", field)
            hint = f"did you mean {meant}?" if meant is not None else "remove it, or write it where it belongs"
            yield _finding(manifest, place, reason, hint)._replace(on_key=True)


def _metadata(graph: Graph, manifest: Manifest, steps: tuple[str, ...]) -> Iterator[Finding]:
    yield from _entries(graph, manifest, (*steps, "labels"), "label", _label)
    yield from _entries(graph, manifest, (*steps, "annotations"), "annotation", _annotation)
    annotations = at(manifest.value, *steps, "annotations")
    # Nearly all are far below: no letter has more than four bytes.
    if isinstance(annotations, dict) and len(str(annotations)) * 4 > kubernetes.ANNOTATIONS_LIMIT:
        size = sum(len(f"{key}{value}".encode()) for key, value in annotations.items())
        if size > kubernetes.ANNOTATIONS_LIMIT:
            reason = f"its annotations have {size:,} bytes, expected at most {kubernetes.ANNOTATIONS_LIMIT:,}"
            yield _finding(manifest, manifest.place.down(*steps, "annotations"), reason, "make them shorter")


def _entries(
    graph: Graph, manifest: Manifest, steps: tuple[str, ...], what: str, judge: Callable[[str, str], str | None]
) -> Iterator[Finding]:
    entries = at(manifest.value, *steps)
    if entries is None:
        return
    if isinstance(entries, str) and manifest.place not in graph.brought and placeholders.is_value(entries):
        return
    if not isinstance(entries, dict):
        yield _finding(manifest, manifest.place.down(*steps), f"its {what}s are no map", "write them as key: value")
        return
    for key, value in entries.items():
        place = manifest.place.down(*steps, key)
        if value is not None and not isinstance(value, str):
            from gitops_gen.checks.kustomize_flags import is_text_to_kustomize

            if is_text_to_kustomize(graph, place, value):
                continue
            hint = "quote it" if isinstance(value, dict | list) else _quoted(graph, place, value)
            yield _finding(manifest, place, f"its {what} {key} is no string", hint)
        elif value is not None and not has_template(f"{key}{value}") and (wrong := judge(key, value)):
            yield _finding(manifest, place, f"its {what} {key}: {wrong}", f"correct the {what}")


def _label(key: str, value: str) -> str | None:
    return _qualified_name(key) or _label_value(value)


def _annotation(key: str, _: str) -> str | None:
    return _qualified_name(key.lower())  # the API server takes either case, in an annotation only


def _quoted(graph: Graph, place: Place, value: object) -> str:
    """Returns the hint to quote a value as it is written: yes, not true."""
    if isinstance(value, dict | list):
        return "write it as a text"
    shown = str(value).lower() if isinstance(value, bool) else value
    return f'quote it: "{graph.files.written(place) or shown}"'


def _finding(manifest: Manifest, place: Place, reason: str, hint: str) -> Finding:
    return Finding(f"{manifest}: {reason}", place, hint, cause=f"{manifest}: {reason}")


CHECK = Check("invalid-name", _run, __doc__, is_of_object=True)
