"""What each version of External Secrets Operator serves, accepts and needs, from 0.9.13 to 2.9.0.

A version newer than the newest one known is treated as that one. A function that takes a version raises
ValueError for a text that `parse_version` does not read: check it where it is stated.
Source, where a function names no other: the CRDs in config/crds/bases of external-secrets/external-secrets,
at the tag of each version.
"""

from __future__ import annotations

from functools import lru_cache

from gitops_gen.characters import check_length
from gitops_gen.patterns import lazily

CHART_REPOSITORY = "https://charts.external-secrets.io"
CHART_NAME = "external-secrets"
OLDEST_VERSION = "0.9.13"
NEWEST_VERSION = "2.9.0"

CLUSTER_RESOURCES = (
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
)
"""Group and kind of what the operator's chart installs beside namespaces. Source: the chart's templates."""

GROUP = "external-secrets.io"
GENERATOR_GROUP = f"generators.{GROUP}"
KINDS = frozenset(
    {
        "ExternalSecret",
        "SecretStore",
        "ClusterSecretStore",
        "ClusterExternalSecret",
        "PushSecret",
        "ClusterPushSecret",
    }
)
"""Every kind of the group. Its generators are in a group of their own."""

CLUSTER_GENERATOR = "ClusterGenerator"
GENERATOR_KINDS = (
    *("ACRAccessToken", "BeyondtrustWorkloadCredentialsDynamicSecret", CLUSTER_GENERATOR, "CloudsmithAccessToken"),
    *("ECRAuthorizationToken", "Fake", "GCRAccessToken", "GithubAccessToken", "GitlabDeployToken", "Grafana", "MFA"),
    *("Password", "QuayAccessToken", "SSHKey", "STSSessionToken", "UUID", "VaultDynamicSecret", "Webhook"),
)
"""What a generatorRef may name. Source: apis/externalsecrets/v1, GeneratorRef."""

_V1ALPHA1 = f"{GROUP}/v1alpha1"
_V1BETA1 = f"{GROUP}/v1beta1"
_V1 = f"{GROUP}/v1"
_PUSH_KINDS = frozenset({"PushSecret", "ClusterPushSecret"})

_TEXT_LIMIT = 20
_NUMBER = r"(0|[1-9][0-9]{0,4})"
_VERSION = lazily(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}")

# The newest rule first; the first whose version is reached holds.
_SERVED = (
    ((0, 17, 0), (_V1,)),
    ((0, 16, 0), (_V1, _V1BETA1)),
    ((0, 5, 0), (_V1BETA1, _V1ALPHA1)),
    ((0, 0, 0), (_V1ALPHA1,)),
)

# Field, default, and the first version whose CRD has the field; in output order.
_REMOTE_REF = (
    ("conversionStrategy", "Default", (0, 0, 0)),
    ("decodingStrategy", "None", (0, 0, 0)),
    ("metadataPolicy", "None", (0, 0, 0)),
    ("nullBytePolicy", "Ignore", (2, 3, 0)),
)

# The first version whose API server leaves the field as it is, by field.
_NOT_FILLED_IN_FROM = {
    "conversionStrategy": (2, 9, 0),
    "decodingStrategy": (2, 9, 0),
    "metadataPolicy": (2, 9, 0),
    "nullBytePolicy": (2, 7, 0),
}


# A fleet has a few versions, and asks for each of them once for every secret.
@lru_cache(maxsize=256)
def parse_version(text: str) -> tuple[int, int, int] | None:
    """Returns major, minor and patch, or None. A leading v is no part of it: the chart's version has none."""
    found = _VERSION.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def check_version(text: str) -> str | None:
    """Refuses what is no released version, and one older than the oldest whose CRDs are known here."""
    if reason := check_length(text, _TEXT_LIMIT):
        return reason
    if text[0] in "vV" and parse_version(text[1:]):
        return f"got {text!r}, expected the version of the chart, which has no v: {text[1:]}"
    version = parse_version(text)
    if version is None:
        return f"got {text!r}, expected three numbers such as {NEWEST_VERSION}"
    if version < _numbers(OLDEST_VERSION):
        return f"got {text}, expected {OLDEST_VERSION} or newer"
    return None


def served_api_versions(version: str) -> tuple[str, ...]:
    """The apiVersions of ExternalSecret and SecretStore that the API server knows, the one to write first."""
    return next(served for since, served in _SERVED if _numbers(version) >= since)


def api_version(version: str) -> str:
    """The apiVersion to write: v1beta1 before 0.16.0, then v1, which is one release before v1beta1 goes."""
    return served_api_versions(version)[0]


@lru_cache(maxsize=256)
def remote_ref_defaults(version: str) -> tuple[tuple[str, str], ...]:
    """The fields of spec.data[].remoteRef that exist beside key, property and version, with their defaults.

    All of them are to be written: the API server adds those defaults inside a list, and that shows as drift.
    A field that does not exist would be pruned, which shows as drift too.
    """
    return tuple((field, default) for field, default, since in _REMOTE_REF if _numbers(version) >= since)


def filled_in(version: str | None) -> tuple[tuple[str, str], ...]:
    """The fields of a remoteRef that the API server adds where they are left out, with what it adds.

    Without a version: those that some version has added and none lacks.
    """
    if version is None:
        return tuple((field, default) for field, default, since in _REMOTE_REF if since == (0, 0, 0))
    numbers = _numbers(version)
    return tuple(
        (field, default) for field, default in remote_ref_defaults(version) if numbers < _NOT_FILLED_IN_FROM[field]
    )


def kind_api_versions(kind: str, version: str | None) -> tuple[str, ...]:
    """The apiVersions under which a kind of the operator is served, the one to write first.

    Without a version: those that any version has served.
    """
    if kind in _PUSH_KINDS:
        return (_V1ALPHA1,)
    return (_V1, _V1BETA1, _V1ALPHA1) if version is None else served_api_versions(version)


def rewrites_intervals(version: str) -> bool:
    """True where the operator writes refreshInterval back as Go prints it: from 0.20.0 to 1.1.0.

    Source: external-secrets/external-secrets, issue 5670.
    """
    return (0, 20, 0) <= _numbers(version) <= (1, 1, 0)


def has_refresh_policy(version: str) -> bool:
    """True where ExternalSecret has spec.refreshPolicy: from 0.16.0."""
    return _numbers(version) >= (0, 16, 0)


def needs_server_side_apply(version: str) -> bool:
    """True where a CRD is larger than the 262,144 bytes that client-side apply can hold: from 0.19.0.

    Source: the size of the SecretStore CRD at each tag; the limit is Kubernetes' on an object's annotations.
    """
    return _numbers(version) >= (0, 19, 0)


def store_rejects_own_namespace(version: str) -> bool:
    """True where a SecretStore may not name even its own namespace in serviceAccountRef: before 0.9.20.

    From then on its own is allowed, another never.
    Source: external-secrets/external-secrets, pull request 3555.
    """
    return _numbers(version) < (0, 9, 20)


def _numbers(version: str) -> tuple[int, int, int]:
    numbers = parse_version(version)
    if numbers is None:
        raise ValueError(f"got {version!r}, expected a version that parse_version reads")
    return numbers
