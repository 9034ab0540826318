"""The shapes of what Argo CD reads: Application, ApplicationSet and AppProject, as far as the files here state them.

What an entry of a generator may say is left open: the API server takes any, and its controller judges it.
Source: argoproj/argo-cd v3.5.1, pkg/apis/application/v1alpha1/{types,applicationset_types,app_project_types}.go.
"""

from __future__ import annotations

from gitops_gen.shapes import ANYTHING, FLAG, MAP, TEXT, WHOLE, WHOLE_OR_TEXT, block, choice, many, mapping

_METADATA_FIELDS = {
    "name": TEXT,
    "namespace": TEXT,
    "labels": mapping(TEXT),
    "annotations": mapping(TEXT),
    "finalizers": many(TEXT),
}

_NAMED = block({"name": TEXT, "value": TEXT})

_HELM = block(
    {
        "releaseName": TEXT,
        "valueFiles": many(TEXT),
        "ignoreMissingValueFiles": FLAG,
        "values": TEXT,
        "valuesObject": MAP,
        "parameters": many(block({"name": TEXT, "value": TEXT, "forceString": FLAG})),
        "fileParameters": many(block({"name": TEXT, "path": TEXT})),
        "version": TEXT,
        "passCredentials": FLAG,
        "skipCrds": FLAG,
        "skipSchemaValidation": FLAG,
        "skipTests": FLAG,
        "namespace": TEXT,
        "kubeVersion": TEXT,
        "apiVersions": many(TEXT),
    }
)

_JSONNET_VARIABLE = block({"name": TEXT, "value": TEXT, "code": FLAG})

_DIRECTORY = block(
    {
        "recurse": FLAG,
        "include": TEXT,
        "exclude": TEXT,
        "jsonnet": block({"extVars": many(_JSONNET_VARIABLE), "tlas": many(_JSONNET_VARIABLE), "libs": many(TEXT)}),
    }
)

_SOURCE = block(
    {
        "repoURL": TEXT,
        "path": TEXT,
        "chart": TEXT,
        "targetRevision": TEXT,
        "ref": TEXT,
        "name": TEXT,
        "helm": _HELM,
        "kustomize": MAP,
        "directory": _DIRECTORY,
        "plugin": MAP,
    },
    required=("repoURL",),
)

_SYNC_POLICY = block(
    {
        "automated": block({"prune": FLAG, "selfHeal": FLAG, "allowEmpty": FLAG, "enabled": FLAG}),
        "syncOptions": many(TEXT),
        "retry": block(
            {
                "limit": WHOLE,
                "refresh": FLAG,
                "backoff": block({"duration": TEXT, "factor": WHOLE, "maxDuration": TEXT}),
            }
        ),
        "managedNamespaceMetadata": block({"labels": mapping(TEXT), "annotations": mapping(TEXT)}),
    }
)

_APPLICATION_FIELDS = {
    "project": TEXT,
    "source": _SOURCE,
    "sources": many(_SOURCE),
    "sourceHydrator": MAP,
    "destination": block({"name": TEXT, "server": TEXT, "namespace": TEXT}),
    "syncPolicy": _SYNC_POLICY,
    "ignoreDifferences": many(
        block(
            {
                "group": TEXT,
                "kind": TEXT,
                "name": TEXT,
                "namespace": TEXT,
                "jsonPointers": many(TEXT),
                "jqPathExpressions": many(TEXT),
                "managedFieldsManagers": many(TEXT),
            },
            required=("kind",),
        )
    ),
    "info": many(_NAMED),
    "revisionHistoryLimit": WHOLE,
}

APPLICATION_SPEC = block(_APPLICATION_FIELDS, required=("project", "destination"))

APPLICATION_PATCH = block(
    {
        "apiVersion": TEXT,
        "kind": TEXT,
        "metadata": block(_METADATA_FIELDS),
        "spec": block(_APPLICATION_FIELDS),
        "operation": MAP,
        "status": MAP,
    }
)
"""What a template patch may change; it need not be whole."""

APPLICATIONSET_SPEC = block(
    {
        "goTemplate": FLAG,
        "goTemplateOptions": many(TEXT),
        "generators": many(ANYTHING),
        "template": block(
            {"metadata": block(_METADATA_FIELDS), "spec": APPLICATION_SPEC}, required=("metadata", "spec")
        ),
        "templatePatch": TEXT,
        "syncPolicy": block(
            {
                "preserveResourcesOnDeletion": FLAG,
                "applicationsSync": choice("create-only", "create-update", "create-delete", "sync"),
            }
        ),
        "strategy": block(
            {
                "type": choice("AllAtOnce", "RollingSync"),
                "deletionOrder": choice("AllAtOnce", "Reverse"),
                "rollingSync": block(
                    {
                        "defaultPrune": FLAG,
                        "steps": many(
                            block(
                                {
                                    "matchExpressions": many(
                                        block(
                                            {"key": TEXT, "operator": choice("In", "NotIn"), "values": many(TEXT)},
                                        )
                                    ),
                                    "maxUpdate": WHOLE_OR_TEXT,
                                }
                            )
                        ),
                    }
                ),
            }
        ),
        "preservedFields": block({"annotations": many(TEXT), "labels": many(TEXT)}),
        "ignoreApplicationDifferences": many(
            block({"name": TEXT, "jsonPointers": many(TEXT), "jqPathExpressions": many(TEXT)})
        ),
        "applyNestedSelectors": FLAG,
    },
    required=("generators", "template"),
)

_GROUP_KIND = block({"group": TEXT, "kind": TEXT}, required=("group", "kind"))
_CLUSTER_RESOURCE = block({"group": TEXT, "kind": TEXT, "name": TEXT}, required=("group", "kind"))

APP_PROJECT_SPEC = block(
    {
        "description": TEXT,
        "sourceRepos": many(TEXT),
        "sourceNamespaces": many(TEXT),
        "destinations": many(block({"name": TEXT, "server": TEXT, "namespace": TEXT})),
        "destinationServiceAccounts": many(MAP),
        "clusterResourceWhitelist": many(_CLUSTER_RESOURCE),
        "clusterResourceBlacklist": many(_CLUSTER_RESOURCE),
        "namespaceResourceWhitelist": many(_GROUP_KIND),
        "namespaceResourceBlacklist": many(_GROUP_KIND),
        "orphanedResources": MAP,
        "roles": many(
            block(
                {
                    "name": TEXT,
                    "description": TEXT,
                    "policies": many(TEXT),
                    "groups": many(TEXT),
                    "jwtTokens": many(MAP),
                }
            )
        ),
        "syncWindows": many(
            block(
                {
                    "kind": choice("allow", "deny"),
                    "schedule": TEXT,
                    "duration": TEXT,
                    "applications": many(TEXT),
                    "namespaces": many(TEXT),
                    "clusters": many(TEXT),
                    "manualSync": FLAG,
                    "timeZone": TEXT,
                    "andOperator": FLAG,
                    "description": TEXT,
                    "syncOverrun": FLAG,
                }
            )
        ),
        "permitOnlyProjectScopedClusters": FLAG,
        "signatureKeys": many(MAP),
        "sourceIntegrity": MAP,
    }
)
