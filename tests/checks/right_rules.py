"""Which rules may tell what is wrong first, by the place that is changed: any other would send the reader astray."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.checks.mutation import Mutation

_SETS = "argocd/applicationsets/*"
_PROJECTS = "argocd/projects/*"
_CLUSTERS = "argocd/clusters/*"
_SECRETS = "*/secrets.yaml"
_VALUES = "*/values.yaml"
_TFVARS = "*.tfvars"
_ELEMENTS = "spec.generators.list.elements"
_TEMPLATE = "spec.template.spec"

_RULES: tuple[tuple[str, str, str], ...] = (
    # Who is left alone when all of a set is gone: the files that it read, and the roles of what it brought.
    (_SETS, "", "source-path role-unused"),
    (_SETS, "apiVersion", "api-version argo-cd-object"),
    (_SETS, "kind", "api-version argo-cd-object"),
    (_SETS, "metadata.name", "invalid-name application-name"),
    (_SETS, "metadata*", "argo-cd-object"),
    (_SETS, "spec.goTemplate*", "applicationset-go-template"),
    (_SETS, _ELEMENTS, "applicationset-parameters source-path role-unused rolling-sync-steps"),
    (_SETS, f"{_ELEMENTS}.application", "applicationset-parameters application-name"),
    (_SETS, f"{_ELEMENTS}.cluster", "applicationset-parameters destination-declared place-labels application-name"),
    (_SETS, f"{_ELEMENTS}.environment", "applicationset-parameters place-labels"),
    (_SETS, f"{_ELEMENTS}.region", "applicationset-parameters place-labels"),
    (_SETS, f"{_ELEMENTS}.stage", "applicationset-parameters place-labels"),
    (_SETS, f"{_ELEMENTS}.project", "applicationset-parameters project-permits"),
    # The version of the operator decides what others may say, and the revision of its values that of a chart.
    (
        _SETS,
        f"{_ELEMENTS}.revision",
        "applicationset-parameters source-revision source-path external-secret-api-version external-secret-defaults",
    ),
    (_SETS, f"{_ELEMENTS}.repoURL", "applicationset-parameters project-permits"),
    (_SETS, f"{_ELEMENTS}.automated", "applicationset-parameters rolling-sync-steps"),
    (_SETS, "spec.generators*", "applicationset-parameters"),
    (_SETS, "spec.strategy*", "argo-cd-object rolling-sync-steps"),
    (_SETS, "spec.syncPolicy*", "argo-cd-object deletion-guard"),
    (_SETS, "spec.template.metadata.annotations*", "argo-cd-object sync-options"),
    (_SETS, "spec.template.metadata.labels.automated", "applicationset-parameters rolling-sync-steps"),
    (_SETS, "spec.template.metadata.labels*", "applicationset-parameters argo-cd-object place-labels"),
    (_SETS, "spec.template.metadata.name", "applicationset-parameters argo-cd-object application-name"),
    (_SETS, "spec.template.metadata", "applicationset-parameters argo-cd-object"),
    # The role of the release is looked for where it lands: that comes first in the chain.
    (_SETS, f"{_TEMPLATE}.destination.name", "argo-cd-object destination-declared role-declared"),
    (_SETS, f"{_TEMPLATE}.destination.namespace", "argo-cd-object project-permits"),
    (_SETS, f"{_TEMPLATE}.destination", "argo-cd-object"),
    (_SETS, f"{_TEMPLATE}.project", "applicationset-parameters argo-cd-object project-permits"),
    (
        _SETS,
        f"{_TEMPLATE}.sources",
        "applicationset-parameters argo-cd-object source-path secret-reference role-unused",
    ),
    (
        _SETS,
        f"{_TEMPLATE}.sources.repoURL",
        "applicationset-parameters argo-cd-object project-permits source-path secret-reference",
    ),
    (
        _SETS,
        f"{_TEMPLATE}.sources.targetRevision",
        "applicationset-parameters argo-cd-object source-revision source-path",
    ),
    (_SETS, f"{_TEMPLATE}.sources.helm.releaseName", "argo-cd-object release-name"),
    (_SETS, f"{_TEMPLATE}.sources*", "argo-cd-object source-path"),
    (_SETS, f"{_TEMPLATE}.syncPolicy", "argo-cd-object namespace-created"),
    (_SETS, f"{_TEMPLATE}.syncPolicy.retry*", "argo-cd-object operator-order"),
    (
        _SETS,
        f"{_TEMPLATE}.syncPolicy.syncOptions",
        "argo-cd-object namespace-created operator-order server-side-apply sync-options",
    ),
    (_SETS, _TEMPLATE, "applicationset-parameters argo-cd-object"),
    (_SETS, "spec*", "applicationset-parameters"),
    (_PROJECTS, "", "project-permits"),
    (_PROJECTS, "apiVersion", "api-version argo-cd-object"),
    (_PROJECTS, "kind", "api-version argo-cd-object"),
    (_PROJECTS, "metadata.name", "invalid-name argo-cd-object project-permits"),
    (_PROJECTS, "metadata*", "argo-cd-object"),
    (_PROJECTS, "spec.description", "argo-cd-object"),
    (_PROJECTS, "spec*", "argo-cd-object project-permits"),
    (_CLUSTERS, "apiVersion", "api-version"),
    (_CLUSTERS, "kind", "api-version"),
    (_CLUSTERS, "metadata.name", "invalid-name argo-cd-object"),
    (_CLUSTERS, "metadata.namespace", "argo-cd-object"),
    # An account without its quotes is another number to half of the readers.
    (_CLUSTERS, "metadata.labels.account", "place-labels yaml-version"),
    (_CLUSTERS, "metadata.labels.environment", "place-labels"),
    (_CLUSTERS, "metadata.labels.region", "place-labels"),
    (_CLUSTERS, "stringData.name", "cluster-registration oidc-provider"),
    (_CLUSTERS, "stringData.server", "cluster-registration oidc-provider"),
    (_CLUSTERS, "*", "cluster-registration"),
    # A whole file, or one of its documents: who takes the file, or who refers to the object.
    (_SECRETS, "", "source-path store-service-account external-secret-store secret-access-excess"),
    (_SECRETS, "apiVersion", "api-version external-secret-api-version"),
    (
        _SECRETS,
        "kind",
        "api-version external-secret-api-version external-secret-fields external-secret-store store-service-account",
    ),
    (_SECRETS, "metadata.annotations", "service-account-role operator-order invalid-name"),
    (_SECRETS, "metadata.annotations.argocd.argoproj.io/sync-wave", "operator-order invalid-name sync-options"),
    (_SECRETS, "metadata.annotations.eks.amazonaws.com/role-arn", "service-account-role role-declared"),
    (_SECRETS, "metadata.name", "invalid-name store-service-account external-secret-store duplicate-object"),
    (_SECRETS, "metadata*", "invalid-name store-service-account external-secret-store"),
    (_SECRETS, "spec.provider.aws.region", "secret-access store-region"),
    (_SECRETS, "spec.provider.aws.auth", "external-secret-fields role-unused"),
    (_SECRETS, "spec.provider.aws.auth.jwt", "external-secret-fields role-unused"),
    (_SECRETS, "spec.provider.aws.auth.jwt.serviceAccountRef*", "external-secret-fields store-service-account"),
    (_SECRETS, "spec.secretStoreRef.name", "external-secret-store"),
    (_SECRETS, "spec.secretStoreRef.kind", "external-secret-store external-secret-fields"),
    (_SECRETS, "spec.data", "external-secret-fields secret-reference secret-access-excess"),
    (_SECRETS, "spec.data.secretKey", "external-secret-fields secret-reference external-secret-target"),
    (
        _SECRETS,
        "spec.data.remoteRef.key",
        "external-secret-fields secret-access secret-access-excess external-secret-target",
    ),
    (_SECRETS, "spec.target.template*", "external-secret-fields external-secret-defaults external-secret-target"),
    (
        _SECRETS,
        "spec.data.remoteRef.property",
        "external-secret-fields external-secret-defaults external-secret-target",
    ),
    (_SECRETS, "spec.target.name", "external-secret-fields secret-reference external-secret-target"),
    (_SECRETS, "*", "external-secret-fields external-secret-defaults"),
    (_VALUES, "", "source-path"),
    (_VALUES, "externalSecrets*", "chart-values secret-reference"),
    (_VALUES, "global*", "secret-reference"),
    (_VALUES, "replicaCount", "chart-values"),
    (_VALUES, "installCRDs", "external-secret-api-version chart-values"),
    (_VALUES, "concurrent", "chart-values"),
    (_VALUES, "*", "yaml-version invalid-yaml strange-characters"),
    (_TFVARS, "", "role-declared destination-declared"),
    (_TFVARS, "cluster_name", "role-declared destination-declared cluster-registration oidc-provider"),
    (_TFVARS, "account_id", "tfvars-variables account-id role-declared oidc-provider"),
    (_TFVARS, "aws_region", "tfvars-variables oidc-provider place-labels"),
    (_TFVARS, "env", "tfvars-variables place-labels"),
    (_TFVARS, "oidc_provider", "oidc-provider"),
    (_TFVARS, "oidc_provider_arn", "oidc-provider role-declared"),
    (_TFVARS, "eso_roles", "tfvars-variables role-declared"),
    (_TFVARS, "eso_roles.*.namespace", "trust-subject"),
    (_TFVARS, "eso_roles.*.service_account", "trust-subject"),
    (_TFVARS, "eso_roles.*.secret_arns", "secret-access secret-access-excess"),
    (_TFVARS, "eso_roles.*.kms_key_arns", "tfvars-variables kms-access"),
    (_TFVARS, "eso_roles.*", "role-declared role-unused"),
)
"""Files, places in them, and the rules: the first line that fits decides."""


def right_rules(mutation: Mutation) -> frozenset[str]:
    """Returns the rules that may tell a mutation first."""
    for path, where, rules in _RULES:
        if fnmatchcase(mutation.path, path) and fnmatchcase(mutation.where, where):
            return frozenset(rules.split())
    return frozenset()
