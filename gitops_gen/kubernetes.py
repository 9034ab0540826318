"""The names that Kubernetes and Helm accept, how one that is too long becomes one that fits, and kinds by their scope.

Every check returns the reason why a text is refused, got before expected, or None.
Source, where a check names no other: kubernetes.io, "Object Names and IDs" and "Labels and Selectors".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.characters import check_characters, check_length
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

DNS_LABEL_LIMIT = 63
DNS_SUBDOMAIN_LIMIT = 253
LABEL_VALUE_LIMIT = 63
SECRET_KEY_LIMIT = 253
RELEASE_NAME_LIMIT = 53

ANNOTATIONS_LIMIT = 262_144
"""Bytes of all annotations of an object together, keys and values."""

ARGO_CD_SECRET_TYPE = "argocd.argoproj.io/secret-type"  # noqa: S105 - the name of a label
"""The label that says what Argo CD reads a Secret as: a cluster, a repository."""

_CLUSTER_SCOPED_BY_GROUP: Mapping[str, str] = {
    "": "Namespace Node PersistentVolume",
    "admissionregistration.k8s.io": (
        "MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding "
        "ValidatingWebhookConfiguration"
    ),
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "cert-manager.io": "ClusterIssuer",
    "external-secrets.io": "ClusterExternalSecret ClusterPushSecret ClusterSecretStore",
    "gateway.networking.k8s.io": "GatewayClass",
    "generators.external-secrets.io": "ClusterGenerator",
    "kyverno.io": "ClusterPolicy",
    "networking.k8s.io": "IngressClass",
    "node.k8s.io": "RuntimeClass",
    "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding",
    "scheduling.k8s.io": "PriorityClass",
    "snapshot.storage.k8s.io": "VolumeSnapshotClass",
    "storage.k8s.io": "CSIDriver StorageClass",
}
_NAMESPACED_BY_GROUP: Mapping[str, str] = {
    "": "ConfigMap LimitRange PersistentVolumeClaim Pod ResourceQuota Secret Service ServiceAccount",
    "apps": "DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling": "HorizontalPodAutoscaler",
    "batch": "CronJob Job",
    "external-secrets.io": "ExternalSecret PushSecret SecretStore",
    "networking.k8s.io": "Ingress NetworkPolicy",
    "policy": "PodDisruptionBudget",
    "rbac.authorization.k8s.io": "Role RoleBinding",
}


def _pairs(kinds_by_group: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((group, kind) for group, kinds in kinds_by_group.items() for kind in kinds.split())


CLUSTER_SCOPED = _pairs(_CLUSTER_SCOPED_BY_GROUP)
"""Group and kind of what has no namespace: of Kubernetes, and of operators that are common. Others are not known."""

CLUSTER_SCOPED_KINDS = frozenset(kind for _, kind in CLUSTER_SCOPED)
"""The same kinds, whatever their group."""

NAMESPACED = _pairs(_NAMESPACED_BY_GROUP)
"""Group and kind of what surely has a namespace: what states none gets that of its Application."""

_HASH_LENGTH = 8

_NO_TARGETS = frozenset({"kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"})
OPAQUE = "Opaque"
"""The type of a Secret that states none."""
TLS = "kubernetes.io/tls"
PULL_TYPES = ("kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg")
"""The types of Secrets that images are pulled with, the usual one first."""
_KEYS_OF_TYPE: Mapping[str, tuple[str, ...]] = {
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    TLS: ("tls.crt", "tls.key"),
}

SECRET_TYPES = frozenset({*_KEYS_OF_TYPE, *_NO_TARGETS, "kubernetes.io/basic-auth", OPAQUE})
"""The types of a Secret that Kubernetes itself knows."""

_DNS_LABEL_KINDS = frozenset({"Namespace", "Service"})
_PATH_SEGMENT_KINDS = frozenset({"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"})

_NOT_IN_LABEL = lazily(r"[^a-z0-9-]")
_LABEL_EDGE = lazily(r"\A-|-\Z")
_NOT_IN_SUBDOMAIN = lazily(r"[^a-z0-9.-]")
_SUBDOMAIN_EDGE = lazily(r"(?:\A|(?<=\.))[.-]|-(?=\.|\Z)|\.\Z")
_NOT_IN_LABEL_VALUE = lazily(r"[^A-Za-z0-9._-]")
_LABEL_VALUE_EDGE = lazily(r"\A[._-]|[._-]\Z")
_NOT_IN_PATH_SEGMENT = lazily(r"[/%]")
_NOT_IN_SECRET_KEY = lazily(r"[^A-Za-z0-9._-]")
_NOT_IN_SECRET_TYPE = lazily(r"[^A-Za-z0-9._/-]")
_NOT_IN_KIND = lazily(r"\A[^A-Z]|[^A-Za-z0-9]")


def check_dns_label(name: str, limit: int = DNS_LABEL_LIMIT) -> str | None:
    """Refuses what is no DNS label, RFC 1123: the name of a namespace or a Service, at most 63 characters."""
    return (
        check_length(name, limit)
        or check_characters(name, _NOT_IN_LABEL, "lower case letters, digits and hyphens")
        or check_characters(name, _LABEL_EDGE, "a lower case letter or a digit")
    )


def check_dns_subdomain(name: str, limit: int = DNS_SUBDOMAIN_LIMIT) -> str | None:
    """Refuses what is no DNS subdomain: the name of most objects (RFC 1123, at most 253 characters).

    As in Kubernetes, a part between two dots has no limit of its own.
    """
    return (
        check_length(name, limit)
        or check_characters(name, _NOT_IN_SUBDOMAIN, "lower case letters, digits, hyphens and dots")
        or check_characters(name, _SUBDOMAIN_EDGE, "a lower case letter or a digit at both ends of each part")
    )


def check_release_name(name: str) -> str | None:
    """Refuses what Helm refuses as the name of a release: a DNS subdomain of at most 53 characters.

    Source: Helm, pkg/chart/v2/util/validate_name.go, ValidateReleaseName; Argo CD applies the same limit.
    """
    return check_dns_subdomain(name, RELEASE_NAME_LIMIT)


def check_label_value(value: str) -> str | None:
    """Refuses what is no value of a label. An empty one is fine; an ARN or a path never is."""
    if not value:
        return None
    return (
        check_length(value, LABEL_VALUE_LIMIT)
        or check_characters(value, _NOT_IN_LABEL_VALUE, "letters, digits, hyphens, underscores and dots")
        or check_characters(value, _LABEL_VALUE_EDGE, "a letter or a digit")
    )


def check_qualified_name(key: str) -> str | None:
    """Refuses what is no key of a label or an annotation: a name of at most 63 characters, after a prefix and a /.

    The prefix, which may be left out, is a DNS subdomain.
    """
    prefix, slash, name = key.rpartition("/")
    reason = check_dns_subdomain(prefix) if slash else None
    if reason is not None:
        return f"{reason}, before the slash"
    return check_label_value(name) if name else "got no name, expected one of at most 63 characters"


def check_object_name(kind: str, name: str) -> str | None:
    """Refuses what is no name for an object of a kind.

    Most names are DNS subdomains; a Namespace and a Service are DNS labels; those of RBAC may be anything that can
    stand between two slashes of a URL. Source: Kubernetes, pkg/apis/core/validation and pkg/apis/rbac/validation.
    """
    if kind in _DNS_LABEL_KINDS:
        return check_dns_label(name)
    if kind in _PATH_SEGMENT_KINDS:
        if name in (".", ".."):
            return f"got {name!r}, expected a name"
        return check_length(name, DNS_SUBDOMAIN_LIMIT) or check_characters(
            name, _NOT_IN_PATH_SEGMENT, "no slash and no percent sign"
        )
    return check_dns_subdomain(name)


def check_secret_key(key: str) -> str | None:
    """Refuses what is no key of a Secret or a ConfigMap, "." and a key that starts with ".." among them.

    Source: the secretKey pattern of the ExternalSecret CRD; for the dots, Kubernetes' IsConfigMapKey.
    """
    if key == "." or key.startswith(".."):
        return "got a key of dots or one that starts with two, expected a file name"
    return check_length(key, SECRET_KEY_LIMIT) or check_characters(
        key, _NOT_IN_SECRET_KEY, "letters, digits, hyphens, underscores and dots"
    )


def check_secret_type(name: str) -> str | None:
    """Refuses what is no type of a Secret that an ExternalSecret makes: a name, mostly behind a domain and a slash.

    Source: the types in k8s.io/api/core/v1; external-secrets v2.9.0, which refuses two of them as targets.
    """
    if name in _NO_TARGETS:
        return "got a type that External Secrets makes no Secret of, expected that of a credential"
    return check_length(name, DNS_SUBDOMAIN_LIMIT) or check_characters(
        name, _NOT_IN_SECRET_TYPE, "letters, digits, hyphens, underscores, dots and slashes"
    )


def keys_missing(secret_type: str, keys: Collection[str]) -> tuple[str, ...]:
    """Returns the keys that Kubernetes wants of a Secret of a type, and that are not among some.

    Source: Kubernetes, pkg/apis/core/validation, ValidateSecret.
    """
    if secret_type == "kubernetes.io/basic-auth":  # noqa: S105 - a type
        return () if {"username", "password"}.intersection(keys) else ("username",)
    return tuple(key for key in _KEYS_OF_TYPE.get(secret_type, ()) if key not in keys)


def check_api_group(group: str) -> str | None:
    """Refuses what is no API group. The core group is the empty text. Source: as for a kind."""
    return check_dns_subdomain(group) if group else None


def check_kind(kind: str) -> str | None:
    """Refuses what is no kind of resource, "*" included: a DNS label in CamelCase.

    Source: Kubernetes' CRD validation.
    """
    return check_length(kind, DNS_LABEL_LIMIT) or check_characters(kind, _NOT_IN_KIND, "a kind such as ClusterRole")


def shorten(name: str, limit: int, suffix: str = "") -> str:
    """Returns the name where it fits in `limit` characters, else a prefix, a hyphen and 8 hexadecimal digits.

    The digits are the start of the SHA-256 of the whole name, so that the result is stable and two long names
    stay apart. Where the name ends in `suffix`, so does the result.
    Raises ValueError where the limit leaves no room for one character of the name: a mistake in the caller.
    """
    if len(name) <= limit:
        return name
    end = f"-{_digest(name)}{suffix if name.endswith(suffix) else ''}"
    if len(end) >= limit:
        raise ValueError(f"got a limit of {limit} characters, expected more than {len(end)}")
    return name[: limit - len(end)].rstrip("-.") + end


def _digest(name: str) -> str:
    import hashlib

    return hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
