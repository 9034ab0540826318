"""The shapes of what Argo CD reads: Application, ApplicationSet and AppProject, as far as the files here state them.

The lists of a generator, and what its parameters are, are left open: whoever expands the set judges them.
Source: argoproj/argo-cd v3.5.1, pkg/apis/application/v1alpha1/{types,applicationset_types,app_project_types}.go, and
for the generators manifests/crds/applicationset-crd.yaml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.shapes import ANYTHING, FLAG, MAP, TEXT, WHOLE, WHOLE_OR_TEXT, Shape, block, choice, many, mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterable

_METADATA_FIELDS = {
    "name": TEXT,
    "namespace": TEXT,
    "labels": mapping(TEXT),
    "annotations": mapping(TEXT),
    "finalizers": many(TEXT),
}


def _refused_folder(path: str) -> str | None:
    """Says why nothing is hydrated to a path; source: manifests/crds/application-crd.yaml, syncSource.path."""
    return f"got '{path}', expected a folder below the root of the repository" if path in ("", ".", "/") else None


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

_KUSTOMIZE = block(
    {
        "namePrefix": TEXT,
        "nameSuffix": TEXT,
        "namespace": TEXT,
        "images": many(TEXT),
        "replicas": many(block({"name": TEXT, "count": WHOLE_OR_TEXT}, required=("name", "count"))),
        "commonLabels": mapping(TEXT),
        "labelWithoutSelector": FLAG,
        "labelIncludeTemplates": FLAG,
        "forceCommonLabels": FLAG,
        "commonAnnotations": mapping(TEXT),
        "commonAnnotationsEnvsubst": FLAG,
        "forceCommonAnnotations": FLAG,
        "patches": many(
            block(
                {
                    "path": TEXT,
                    "patch": TEXT,
                    "target": block(
                        {
                            **dict.fromkeys(("group", "version", "kind", "name", "namespace"), TEXT),
                            **dict.fromkeys(("labelSelector", "annotationSelector"), TEXT),
                        }
                    ),
                    "options": mapping(FLAG),
                }
            )
        ),
        "components": many(TEXT),
        "ignoreMissingComponents": FLAG,
        "version": TEXT,
        "kubeVersion": TEXT,
        "apiVersions": many(TEXT),
    }
)

_PLUGIN = block(
    {
        "name": TEXT,
        "env": many(block({"name": TEXT, "value": TEXT}, required=("name", "value"))),
        "parameters": many(block({"name": TEXT, "string": TEXT, "array": many(TEXT), "map": mapping(TEXT)})),
    }
)

_TOOLS = {"helm": _HELM, "kustomize": _KUSTOMIZE, "directory": _DIRECTORY, "plugin": _PLUGIN}

_SOURCE = block(
    {
        "repoURL": TEXT,
        "path": TEXT,
        "chart": TEXT,
        "targetRevision": TEXT,
        "ref": TEXT,
        "name": TEXT,
        **_TOOLS,
    },
    required=("repoURL",),
)

_HYDRATOR = block(
    {
        "drySource": block(
            {"repoURL": TEXT, "path": TEXT, "targetRevision": TEXT, **_TOOLS},
            required=("repoURL", "path", "targetRevision"),
        ),
        "syncSource": block(
            {"targetBranch": TEXT, "path": text(_refused_folder), "repoURL": TEXT},
            required=("targetBranch", "path"),
        ),
        "hydrateTo": block({"targetBranch": TEXT}, required=("targetBranch",)),
    },
    required=("drySource", "syncSource"),
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
    "sourceHydrator": _HYDRATOR,
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

_TEMPLATE = block({"metadata": block(_METADATA_FIELDS), "spec": APPLICATION_SPEC}, required=("metadata", "spec"))

APPLICATIONSET_SPEC = block(
    {
        "goTemplate": FLAG,
        "goTemplateOptions": many(TEXT),
        "generators": many(ANYTHING),
        "template": _TEMPLATE,
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

_SELECTOR = block(
    {
        "matchLabels": mapping(TEXT),
        "matchExpressions": many(
            block(
                {"key": TEXT, "operator": choice("In", "NotIn", "Exists", "DoesNotExist"), "values": many(TEXT)},
                required=("key", "operator"),
            )
        ),
    }
)


def _refused_pattern(pattern: str) -> str | None:
    """Says why Go does not compile a pattern; what a parameter is filled into is not known."""
    from gitops_gen.go_regexes import check_regex

    return None if "{{" in pattern else check_regex(pattern)


_PATTERN = text(_refused_pattern)
"""A regular expression; source: applicationset/services/{scm_provider,pull_request}/utils.go, compileFilters."""
_KEY_OF_SECRET = block({"secretName": TEXT, "key": TEXT}, required=("secretName", "key"))
_KEY_OF_CONFIG_MAP = block({"configMapName": TEXT, "key": TEXT}, required=("configMapName", "key"))
_BASIC_AUTH = block({"username": TEXT, "passwordRef": _KEY_OF_SECRET}, required=("username", "passwordRef"))
_BEARER_TOKEN = block({"tokenRef": _KEY_OF_SECRET}, required=("tokenRef",))
_PATHS = Shape((object,), "anything", items=block({"path": TEXT, "exclude": FLAG}))
"""What is no list is for whoever expands the set, as is an entry without a path."""
_OF_EVERY_GENERATOR = {"template": _TEMPLATE}
_OF_EVERY_SERVICE = {**_OF_EVERY_GENERATOR, "values": mapping(TEXT), "requeueAfterSeconds": WHOLE}
_OF_EVERY_HOST = {"api": TEXT, "insecure": FLAG}
_TOKEN_AND_LABELS = {"tokenRef": _KEY_OF_SECRET, "labels": many(TEXT)}

_PULL_REQUEST = block(
    {
        **_OF_EVERY_SERVICE,
        "continueOnRepoNotFoundError": FLAG,
        "filters": many(block({"branchMatch": _PATTERN, "targetBranchMatch": _PATTERN, "titleMatch": _PATTERN})),
        "github": block(
            {**_TOKEN_AND_LABELS, "owner": TEXT, "repo": TEXT, "api": TEXT, "appSecretName": TEXT},
            required=("owner", "repo"),
        ),
        "gitlab": block(
            {
                **_OF_EVERY_HOST,
                **_TOKEN_AND_LABELS,
                "project": TEXT,
                "pullRequestState": TEXT,
                "caRef": _KEY_OF_CONFIG_MAP,
            },
            required=("project",),
        ),
        "gitea": block(
            {**_OF_EVERY_HOST, **_TOKEN_AND_LABELS, "owner": TEXT, "repo": TEXT}, required=("api", "owner", "repo")
        ),
        "azuredevops": block(
            {**_TOKEN_AND_LABELS, "api": TEXT, "organization": TEXT, "project": TEXT, "repo": TEXT},
            required=("organization", "project", "repo"),
        ),
        "bitbucket": block(
            {"api": TEXT, "owner": TEXT, "repo": TEXT, "basicAuth": _BASIC_AUTH, "bearerToken": _BEARER_TOKEN},
            required=("owner", "repo"),
        ),
        "bitbucketServer": block(
            {
                **_OF_EVERY_HOST,
                "project": TEXT,
                "repo": TEXT,
                "basicAuth": _BASIC_AUTH,
                "bearerToken": _BEARER_TOKEN,
                "caRef": _KEY_OF_CONFIG_MAP,
            },
            required=("api", "project", "repo"),
        ),
    }
)

_REPOSITORIES = {"allBranches": FLAG}

_SCM_PROVIDER = block(
    {
        **_OF_EVERY_SERVICE,
        "cloneProtocol": TEXT,
        "filters": many(
            block(
                {
                    "repositoryMatch": _PATTERN,
                    "pathsExist": many(TEXT),
                    "pathsDoNotExist": many(TEXT),
                    "labelMatch": _PATTERN,
                    "branchMatch": _PATTERN,
                }
            )
        ),
        "github": block(
            {
                **_REPOSITORIES,
                "organization": TEXT,
                "api": TEXT,
                "appSecretName": TEXT,
                "tokenRef": _KEY_OF_SECRET,
                "excludeArchivedRepos": FLAG,
            },
            required=("organization",),
        ),
        "gitlab": block(
            {
                **_REPOSITORIES,
                **_OF_EVERY_HOST,
                "group": TEXT,
                "topic": TEXT,
                "includeSubgroups": FLAG,
                "includeSharedProjects": FLAG,
                "includeArchivedRepos": FLAG,
                "tokenRef": _KEY_OF_SECRET,
                "caRef": _KEY_OF_CONFIG_MAP,
            },
            required=("group",),
        ),
        "gitea": block(
            {
                **_REPOSITORIES,
                **_OF_EVERY_HOST,
                "owner": TEXT,
                "tokenRef": _KEY_OF_SECRET,
                "excludeArchivedRepos": FLAG,
            },
            required=("api", "owner"),
        ),
        "azureDevOps": block(
            {
                **_REPOSITORIES,
                "api": TEXT,
                "organization": TEXT,
                "teamProject": TEXT,
                "accessTokenRef": _KEY_OF_SECRET,
            },
            required=("organization", "teamProject", "accessTokenRef"),
        ),
        "bitbucket": block(
            {**_REPOSITORIES, "owner": TEXT, "user": TEXT, "appPasswordRef": _KEY_OF_SECRET},
            required=("owner", "user", "appPasswordRef"),
        ),
        "bitbucketServer": block(
            {
                **_REPOSITORIES,
                **_OF_EVERY_HOST,
                "project": TEXT,
                "basicAuth": _BASIC_AUTH,
                "bearerToken": _BEARER_TOKEN,
                "caRef": _KEY_OF_CONFIG_MAP,
            },
            required=("api", "project"),
        ),
        "awsCodeCommit": block({**_REPOSITORIES, "role": TEXT, "region": TEXT, "tagFilters": many(MAP)}),
    }
)

GENERATORS = {
    "list": block({**_OF_EVERY_GENERATOR, "elements": ANYTHING, "elementsYaml": TEXT}),
    "clusters": block({**_OF_EVERY_GENERATOR, "selector": _SELECTOR, "values": mapping(TEXT), "flatList": FLAG}),
    "git": block(
        {
            **_OF_EVERY_SERVICE,
            "repoURL": TEXT,
            "revision": TEXT,
            "directories": _PATHS,
            "files": _PATHS,
            "pathParamPrefix": TEXT,
        },
        required=("revision",),
    ),
    "matrix": block({**_OF_EVERY_GENERATOR, "generators": ANYTHING}),
    "merge": block({**_OF_EVERY_GENERATOR, "generators": ANYTHING, "mergeKeys": ANYTHING}),
    "pullRequest": _PULL_REQUEST,
    "scmProvider": _SCM_PROVIDER,
    "plugin": block(
        {**_OF_EVERY_SERVICE, "configMapRef": block({"name": TEXT}, required=("name",)), "input": MAP},
        required=("configMapRef",),
    ),
    "clusterDecisionResource": block(
        {**_OF_EVERY_SERVICE, "configMapRef": TEXT, "name": TEXT, "labelSelector": _SELECTOR},
        required=("configMapRef",),
    ),
}
"""What an entry of spec.generators, or of a matrix or a merge in one, may say under each of its kinds.

A git generator without a repository is for whoever expands the set.
"""
OF_ENTRY = frozenset({*GENERATORS, "selector"})
"""What such an entry may say itself."""

_GROUP_KIND = block({"group": TEXT, "kind": TEXT}, required=("group", "kind"))
_CLUSTER_RESOURCE = block({"group": TEXT, "kind": TEXT, "name": TEXT}, required=("group", "kind"))

APP_PROJECT_SPEC = block(
    {
        "description": TEXT,
        "sourceRepos": many(TEXT),
        "sourceNamespaces": many(TEXT),
        "destinations": many(block({"name": TEXT, "server": TEXT, "namespace": TEXT})),
        "destinationServiceAccounts": many(
            block(
                {"server": TEXT, "namespace": TEXT, "defaultServiceAccount": TEXT},
                required=("server", "defaultServiceAccount"),
            )
        ),
        "clusterResourceWhitelist": many(_CLUSTER_RESOURCE),
        "clusterResourceBlacklist": many(_CLUSTER_RESOURCE),
        "namespaceResourceWhitelist": many(_GROUP_KIND),
        "namespaceResourceBlacklist": many(_GROUP_KIND),
        "orphanedResources": block(
            {"warn": FLAG, "ignore": many(block({"group": TEXT, "kind": TEXT, "name": TEXT}))},
        ),
        "roles": many(
            block(
                {
                    "name": TEXT,
                    "description": TEXT,
                    "policies": many(TEXT),
                    "groups": many(TEXT),
                    "jwtTokens": many(block({"iat": WHOLE, "exp": WHOLE, "id": TEXT}, required=("iat",))),
                },
                required=("name",),
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
        "signatureKeys": many(block({"keyID": TEXT}, required=("keyID",))),
        "sourceIntegrity": MAP,
    }
)


def generator_beside(field: str, stated: Iterable[str]) -> str | None:
    """Returns the generator of an entry that has such a field, which stands beside it and is dropped."""
    return next((each for each in stated if each in GENERATORS and field in (GENERATORS[each].fields or ())), None)
