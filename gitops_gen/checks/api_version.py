"""An object of Kubernetes itself has an apiVersion that Kubernetes serves.

A Deployment under extensions/v1beta1, an Ingress under networking.k8s.io/v1beta1 or a ServiceAccount under v2 ends in
"no matches for kind", and the sync of the whole Application fails. Those of External Secrets depend on its version and
have a rule of their own; kinds of other operators are not known here, but a ServiceAccount with a role of AWS is one of
Kubernetes. A kind that a group of Kubernetes does not have,
and an apiVersion without a group that is not v1, are nobody else's: they are told of what an Application brings. What
an older Kubernetes served is a warning in other people's files: which one their cluster has is not known. An object
with one of apiVersion and kind is none: Argo CD stops at it, and so does the sync of all that comes with it; a file by
hand with no other object in it, and without kind:, it passes over, which is a warning. So is none, in a generated file
with objects, a document that is something else.

Fix: write the apiVersion that the kind has today, and the kind as Kubernetes spells it.

Source: Kubernetes, API reference v1.36; the deprecated API migration guide; apiextensions, validation of spec.group.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.charts import is_template
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import text_at
from gitops_gen.external_secrets import KINDS
from gitops_gen.near_miss import is_typo, nearest_name
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import File, Manifest
    from gitops_gen.evidence.graph import Graph

_SERVED = {
    "v1": (
        "ConfigMap Endpoints LimitRange Namespace PersistentVolume PersistentVolumeClaim Pod PodTemplate "
        "ReplicationController ResourceQuota Secret ServiceAccount"
    ),
    "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "batch/v1": "CronJob Job",
    "autoscaling/v1 autoscaling/v2": "HorizontalPodAutoscaler",
    "networking.k8s.io/v1": "IngressClass NetworkPolicy",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io/v1": "PriorityClass",
    "storage.k8s.io/v1": "CSIDriver StorageClass",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "admissionregistration.k8s.io/v1": "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    "argoproj.io/v1alpha1": "AppProject Application ApplicationSet",
}
_VERSIONS = {kind: versions.split() for versions, kinds in _SERVED.items() for kind in kinds.split()}
_KINDS = {
    version: tuple(kinds.split())
    for versions, kinds in _SERVED.items()
    for version in versions.split()
    if version != "argoproj.io/v1alpha1"  # argo-cd-object knows these
}
_ALL_KINDS = {
    "v1": (
        *_KINDS["v1"],
        *("Binding", "ComponentStatus", "DeleteOptions", "Event", "Node", "Service", "Status"),
    ),
    "apps/v1": (*_KINDS["apps/v1"], "Scale"),
    "batch/v1": _KINDS["batch/v1"],
    "networking.k8s.io/v1": (*_KINDS["networking.k8s.io/v1"], "Ingress", "IPAddress", "ServiceCIDR"),
    "policy/v1": (*_KINDS["policy/v1"], "Eviction"),
    "rbac.authorization.k8s.io/v1": _KINDS["rbac.authorization.k8s.io/v1"],
}
"""All that some of the groups have, but for the lists of each kind."""
_NEAR = 0.92
"""How alike two groups are of which one has a letter or a dot that is wrong, missing, or in the wrong place."""
_FIELDS = ("apiVersion", "kind")
_BEFORE_STABLE = lazily(r"v[12](?:alpha|beta)[0-9]")
_OF_KUBERNETES = lazily(r"(?:[a-z0-9.-]+/)?v[0-9]+(?:(?:alpha|beta)[0-9]+)?")
"""An apiVersion of an object."""
_FORMER_GROUPS = frozenset({"extensions"})


def _run(graph: Graph) -> Iterator[Finding]:
    seen = set()
    for manifest in (*(each for deployment in graph.deployments for each in deployment.manifests), *graph.manifests):
        served = _VERSIONS.get(manifest.kind)
        if served is None:
            is_odd = manifest.api_version in _KINDS or "/" not in manifest.api_version or "/" in manifest.kind
            if is_odd and _written(manifest) not in seen:
                seen.add(_written(manifest))
                yield from _odd_kind(graph, manifest)
        elif manifest.api_version not in served and _written(manifest) not in seen:
            seen.add(_written(manifest))
            if _is_meant(manifest, served) and not _is_unrendered(graph, manifest):
                yield Finding(
                    f"{manifest}: got {manifest.api_version}, expected {' or '.join(served)}",
                    manifest.place / "apiVersion",
                    f"write {served[-1]}",
                    severity=by_mark(graph, manifest.place) if _is_former(manifest) else Severity.ERROR,
                    cause=f"{manifest.kind} {manifest.api_version}",
                )
    yield from _halves(graph)


def _written(manifest: Manifest) -> Place:
    """Returns where an object is written: a template, once for however many releases it is rendered for."""
    return manifest.place._replace(rendering=0)


def _odd_kind(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    """Yields a kind that is a slip of one of Kubernetes, or of none of its groups, or that a field is empty."""
    meant = _misspelt(manifest.kind, manifest.api_version)
    if _is_unrendered(graph, manifest):
        return
    if meant is not None:
        yield Finding(
            f"{manifest}: {manifest.api_version} has no kind {manifest.kind}",
            manifest.place / "kind",
            f"did you mean {meant}?",
            cause=f"kind {manifest.kind}",
        )
    elif _is_nobodys(manifest) and manifest.place in graph.brought:
        yield _of_no_group(graph, manifest)
    elif manifest.kind not in KINDS and graph.is_ours(manifest.place) and _is_half(manifest.value):
        yield _half(manifest.place, manifest.value)


def _is_nobodys(manifest: Manifest) -> bool:
    """True for a kind that a group of Kubernetes does not have, or a version without a group that is not v1."""
    version = manifest.api_version
    if not version or not manifest.kind or manifest.kind in KINDS or manifest.kind.endswith("List"):
        return False
    return manifest.kind not in _ALL_KINDS[version] if version in _ALL_KINDS else "/" not in version


def _of_no_group(graph: Graph, manifest: Manifest) -> Finding:
    is_group = manifest.api_version in _ALL_KINDS
    return Finding(
        f"{manifest}: Kubernetes has no kind {manifest.kind} in {manifest.api_version}",
        manifest.place / ("kind" if is_group else "apiVersion"),
        "write the kind and its apiVersion as the API reference of Kubernetes does",
        severity=by_mark(graph, manifest.place),
        cause=f"kind {manifest.kind} in {manifest.api_version}",
    )


def _halves(graph: Graph) -> Iterator[Finding]:
    """Yields an object that has only one of apiVersion and kind, which is no manifest then.

    Of somebody else's only where an Application takes the file as it stands. One without a kind is a warning: in a file
    without another object Argo CD takes it for none.
    """
    for file in graph.plain_yaml:
        is_taken = file.origin is not None or (file.path in graph.taken and not file.is_unfilled)
        if is_taken and len(file.manifests) != len(file.documents.values):
            for index, value in enumerate(file.documents.values):
                if not isinstance(value, dict) or not all(isinstance(value.get(field), str) for field in _FIELDS):
                    yield from _no_manifest(graph, file, Place(file.path, index), value)


def _no_manifest(graph: Graph, file: File, place: Place, value: object) -> Iterator[Finding]:
    """Yields a document that is half an object, and in a generated file one that is none, beside an object."""
    if isinstance(value, dict) and _is_half(value):
        if file.origin is not None or text_at(value, "kind"):
            yield _half(place, value)
        elif _OF_KUBERNETES.fullmatch(text_at(value, "apiVersion") or "") and _is_among_others(graph, file.path):
            yield _half(place, value)._replace(severity=Severity.WARNING)
    elif file.origin is not None and file.manifests and value is not None:
        yield _no_object(place, file.manifests[0])


def _is_among_others(graph: Graph, path: str) -> bool:
    """True for a file beside one that has objects for an Application; `source-path` tells a folder that has none."""
    folder = path.rpartition("/")[0]
    return any(each.rpartition("/")[0] == folder for each in graph.brought_files if each != path)


def _no_object(place: Place, beside: Manifest) -> Finding:
    return Finding(
        f"the document beside {beside} is no object, for want of an apiVersion and a kind: Argo CD stops at it",
        place,
        "remove the document, or write what is missing",
        related=((beside.place, "the object beside it"),),
    )


def _is_half(value: Mapping[str, object]) -> bool:
    """True for an object with a name that has only one of apiVersion and kind."""
    return len([field for field in _FIELDS if text_at(value, field)]) == 1 and bool(text_at(value, "metadata", "name"))


def _half(place: Place, value: Mapping[str, object]) -> Finding:
    stated = [field for field in _FIELDS if text_at(value, field)]
    lacks = next(field for field in _FIELDS if field not in stated)
    slip = lacks if lacks in value else nearest_name(lacks, value.keys() - {*_FIELDS, "metadata", "spec"})
    kind = text_at(value, "kind") or ""
    return Finding(
        f"the object {text_at(value, 'metadata', 'name')} has {stated[0]} {text_at(value, stated[0])}, but no {lacks}",
        place / slip if slip else place,
        f"write {lacks}: {_VERSIONS[kind][-1]}" if kind in _VERSIONS else f"write {lacks}:",
        on_key=slip is not None,
    )


@lru_cache(maxsize=4096)
def _misspelt(kind: str, api_version: str) -> str | None:
    """Returns the kind of Kubernetes that a kind is a slip of, or the apiVersion that stands in its place."""
    if "/" in kind:
        return api_version
    known = _KINDS.get(api_version, ())
    if kind in known:
        return None
    return next((each for each in known if each.casefold() == kind.casefold() or is_typo(kind, each)), None)


def _is_unrendered(graph: Graph, manifest: Manifest) -> bool:
    """True for the text of a template, which is not what a chart brings: that is judged where it is rendered."""
    return not manifest.place.rendering and is_template(graph.files, manifest.place.file)


def _is_meant(manifest: Manifest, served: list[str]) -> bool:
    """Tells whether the kind is that of Kubernetes: other projects have a Secret or a Role of their own.

    Their groups have a dot: the API server takes no definition of a group without one. None is a slip of Kubernetes',
    and none of their accounts has a role of AWS: EKS reads that of a ServiceAccount of Kubernetes only.
    """
    if ROLE_ANNOTATION in manifest.annotations:
        return True
    groups = {each.rpartition("/")[0] for each in served}
    if manifest.group in groups | _FORMER_GROUPS or "." not in manifest.group or manifest.api_version in _ALL_KINDS:
        return True
    return any(manifest.group.casefold() == each or _is_slip(manifest.group, each) for each in groups)


def _is_slip(group: str, meant: str) -> bool:
    """Tells whether a group of the very kind is another one with a slip, be it in a digit or a dot."""
    if is_typo(group, meant):
        return True
    from difflib import SequenceMatcher

    return "." in meant and SequenceMatcher(None, group, meant, autojunk=False).ratio() > _NEAR


def _is_former(manifest: Manifest) -> bool:
    """True for a version that an older Kubernetes served: which one a cluster of somebody else has is not known."""
    return _BEFORE_STABLE.fullmatch(manifest.api_version.rpartition("/")[2]) is not None


CHECK = Check("api-version", _run, __doc__, is_of_object=True)
