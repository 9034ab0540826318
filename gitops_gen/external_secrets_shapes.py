"""The shapes of what External Secrets Operator reads, from 0.9.13 to 2.9.0.

v1beta1 and v1 have the same fields. The policies that the API server fills in, in a remoteRef and beside it, are here
with all their words; which version has which is in `external_secrets`.
Source: the CRDs in config/crds/bases of external-secrets/external-secrets, at the tag of each version.
"""

from __future__ import annotations

from gitops_gen import durations
from gitops_gen.external_secrets import GENERATOR_KINDS
from gitops_gen.external_secrets_providers import KEY, NAME, PROVIDER
from gitops_gen.patterns import lazily
from gitops_gen.shapes import (
    ALWAYS,
    ANYTHING,
    FLAG,
    MAP,
    TEXT,
    WHOLE,
    WHOLE_OR_TEXT,
    Field,
    block,
    choice,
    many,
    mapping,
    one_of,
    text,
)

STORE_KIND = choice("SecretStore", "ClusterSecretStore")

_CONVERSION = choice("Default", "Unicode")
_DECODING = choice("Auto", "Base64", "Base64URL", "None")
_METADATA = choice("None", "Fetch")
_NULL_BYTES = choice("Ignore", "Fail")

_REMOTE_REF = block(
    {
        "key": TEXT,
        "property": TEXT,
        "version": TEXT,
        "conversionStrategy": _CONVERSION,
        "decodingStrategy": _DECODING,
        "metadataPolicy": _METADATA,
        "nullBytePolicy": _NULL_BYTES,
    },
    required=("key",),
)

_FIND = block(
    {
        "path": TEXT,
        "name": block({"regexp": TEXT}),
        "tags": mapping(TEXT),
        "conversionStrategy": _CONVERSION,
        "decodingStrategy": _DECODING,
        "nullBytePolicy": _NULL_BYTES,
    }
)

_STORE_REF = block({"name": NAME, "kind": STORE_KIND})

GENERATOR_REF = block({"apiVersion": TEXT, "kind": choice(*GENERATOR_KINDS), "name": NAME}, required=("kind", "name"))

_SOURCE_REF = one_of({"storeRef": _STORE_REF, "generatorRef": GENERATOR_REF})

_REWRITE = one_of(
    {
        "regexp": block({"source": TEXT, "target": TEXT}, required=("source", "target")),
        "transform": block({"template": TEXT}, required=("template",)),
        "merge": Field(
            block(
                {
                    "into": TEXT,
                    "priority": many(TEXT),
                    "priorityPolicy": Field(choice("IgnoreNotFound", "Strict"), (0, 20, 2)),
                    "conflictPolicy": choice("Ignore", "Error"),
                    "strategy": choice("Extract", "JSON"),
                }
            ),
            (0, 18, 1),
        ),
    },
    since=(0, 18, 1),
)

_TEMPLATE_ITEMS = block(
    {
        "name": NAME,
        "items": many(block({"key": KEY, "templateAs": choice("Values", "KeysAndValues")}, required=("key",))),
    },
    required=("name", "items"),
)

_TEMPLATE = block(
    {
        "engineVersion": choice("v1", "v2")._replace(spans={"v1": (ALWAYS, (0, 16, 0))}),
        "mergePolicy": choice("Replace", "Merge"),
        "type": TEXT,
        "data": mapping(TEXT),
        "metadata": block(
            {
                "labels": mapping(TEXT),
                "annotations": mapping(TEXT),
                "finalizers": Field(many(TEXT), (0, 20, 0)),
            }
        ),
        "templateFrom": many(
            block(
                {
                    "configMap": _TEMPLATE_ITEMS,
                    "secret": _TEMPLATE_ITEMS,
                    "literal": TEXT,
                    "target": TEXT,
                    "valuesDecodingStrategy": Field(_DECODING, (2, 7, 0)),
                }
            )
        ),
    }
)

_TARGET = block(
    {
        "name": TEXT,
        "creationPolicy": choice("Owner", "Orphan", "Merge", "None", "CreateOrMerge")._replace(
            spans={"CreateOrMerge": ((2, 9, 0), None)}
        ),
        "deletionPolicy": choice("Retain", "Delete", "Merge"),
        "immutable": FLAG,
        "manifest": Field(block({"apiVersion": TEXT, "kind": TEXT}, required=("apiVersion", "kind")), (1, 0, 0)),
        "template": _TEMPLATE,
    }
)

_SCHEDULE = lazily(r"@(?:annually|yearly|monthly|weekly|daily|midnight|hourly)|@every [^\s]+.*|[^\s]+(?: [^\s]+){4}")


def _check_schedule(stated: str) -> str | None:
    """Refuses what the schema takes for no schedule: five fields, or a word behind an @."""
    if _SCHEDULE.fullmatch(stated):
        return None
    return f"got {stated!r}, expected five fields as of cron, @every with a duration, or a word such as @daily"


_SYNC_WINDOWS = block(
    {
        "kind": choice("allow", "deny"),
        "windows": many(
            block(
                {"schedule": text(_check_schedule), "duration": text(durations.check_duration)},
                required=("schedule", "duration"),
            ),
            fewest=1,
        ),
    },
    required=("kind", "windows"),
)

EXTERNAL_SECRET = block(
    {
        "secretStoreRef": _STORE_REF,
        "refreshPolicy": Field(choice("Periodic", "CreatedOnce", "OnChange"), (0, 16, 0)),
        "refreshInterval": TEXT,
        "syncWindows": Field(_SYNC_WINDOWS, (2, 7, 0)),
        "target": _TARGET,
        "data": many(
            block(
                {"secretKey": TEXT, "remoteRef": _REMOTE_REF, "sourceRef": _SOURCE_REF},
                required=("secretKey", "remoteRef"),
            )
        ),
        "dataFrom": many(
            block({"extract": _REMOTE_REF, "find": _FIND, "sourceRef": _SOURCE_REF, "rewrite": many(_REWRITE)})
        ),
    }
)
"""The spec of an ExternalSecret."""

CLUSTER_EXTERNAL_SECRET = block(
    {
        "externalSecretSpec": EXTERNAL_SECRET,
        "externalSecretName": TEXT,
        "externalSecretMetadata": block({"annotations": mapping(TEXT), "labels": mapping(TEXT)}),
        "namespaceSelector": MAP,
        "namespaceSelectors": many(MAP),
        "namespaces": many(TEXT),
        "refreshTime": TEXT,
    },
    required=("externalSecretSpec",),
)
"""The spec of a ClusterExternalSecret."""

_PUSH_CONVERSION = choice("None", "ReverseUnicode")
_PUSH_STORE_REF = block({"name": NAME, "kind": STORE_KIND, "labelSelector": MAP})

PUSH_SECRET = block(
    {
        "refreshInterval": TEXT,
        "secretStoreRefs": many(_PUSH_STORE_REF),
        "updatePolicy": choice("Replace", "IfNotExists"),
        "deletionPolicy": choice("Delete", "None"),
        "selector": block({"secret": block({"name": NAME, "selector": MAP}), "generatorRef": GENERATOR_REF})._replace(
            most=1
        ),
        "data": many(
            block(
                {
                    "match": block(
                        {
                            "secretKey": TEXT,
                            "remoteRef": block({"remoteKey": TEXT, "property": TEXT}, required=("remoteKey",)),
                        },
                        required=("remoteRef",),
                    ),
                    "metadata": ANYTHING,
                    "conversionStrategy": _PUSH_CONVERSION,
                },
                required=("match",),
            )
        ),
        "dataTo": many(
            block(
                {
                    "storeRef": _PUSH_STORE_REF,
                    "match": block({"regexp": TEXT}),
                    "remoteKey": TEXT,
                    "metadata": ANYTHING,
                    "conversionStrategy": _PUSH_CONVERSION,
                    "rewrite": many(
                        one_of(
                            {
                                "regexp": block({"source": TEXT, "target": TEXT}, required=("source", "target")),
                                "transform": block({"template": TEXT}, required=("template",)),
                            }
                        )
                    ),
                }
            )
        ),
        "template": _TEMPLATE,
    },
    required=("secretStoreRefs", "selector"),
)
"""The spec of a PushSecret; what stands there that only some versions have is not told by version."""

CLUSTER_PUSH_SECRET = block(
    {
        "pushSecretSpec": PUSH_SECRET,
        "pushSecretName": TEXT,
        "pushSecretMetadata": block({"annotations": mapping(TEXT), "labels": mapping(TEXT)}),
        "namespaceSelectors": many(MAP),
        "refreshTime": TEXT,
    },
    required=("pushSecretSpec",),
)
"""The spec of a ClusterPushSecret."""

RETRY_SETTINGS = block({"maxRetries": WHOLE, "retryInterval": TEXT})

SECRET_STORE = block(
    {
        "controller": TEXT,
        "provider": PROVIDER,
        "refreshInterval": WHOLE_OR_TEXT,
        "retrySettings": RETRY_SETTINGS,
        "conditions": many(
            block(
                {
                    "namespaces": many(TEXT),
                    "namespaceSelector": MAP,
                    "namespaceRegexes": Field(many(TEXT), (0, 9, 20)),
                }
            )
        ),
    },
    required=("provider",),
)
"""The spec of a SecretStore or a ClusterSecretStore."""

SERVICE_ACCOUNT = block(
    {
        "apiVersion": TEXT,
        "kind": TEXT,
        "metadata": MAP,
        "automountServiceAccountToken": FLAG,
        "secrets": many(MAP),
        "imagePullSecrets": many(MAP),
    }
)
"""A whole ServiceAccount. Source: Kubernetes, API reference, ServiceAccount v1."""
