"""The shapes of the generators of External Secrets Operator, with the fields of all its versions at once.

Those of BeyondTrust and GitLab are known by name only.
Source: config/crds/bases/generators.external-secrets.io_clustergenerators.yaml and apis/generators/v1alpha1 of
external-secrets/external-secrets.
"""

from __future__ import annotations

from gitops_gen.external_secrets import CLUSTER_GENERATOR, GENERATOR_KINDS
from gitops_gen.external_secrets_providers import AWS_SECRET_REF, KEY_REF, KNOWN, SERVICE_ACCOUNT_REF
from gitops_gen.external_secrets_shapes import RETRY_SETTINGS
from gitops_gen.shapes import ANYTHING, FLAG, MAP, TEXT, WHOLE, Shape, block, choice, many, mapping

_AWS_AUTH = block({"jwt": block({"serviceAccountRef": SERVICE_ACCOUNT_REF}), "secretRef": AWS_SECRET_REF})
_AZURE = KNOWN["azurekv"].fields or {}
_GCP = KNOWN["gcpsm"].fields or {}
_WEBHOOK = KNOWN["webhook"].fields or {}

_ACR_AUTH = block(
    {
        "managedIdentity": block({"identityId": TEXT}),
        "servicePrincipal": block(
            {"secretRef": block({"clientId": KEY_REF, "clientSecret": KEY_REF})}, required=("secretRef",)
        ),
        "workloadIdentity": block({"serviceAccountRef": SERVICE_ACCOUNT_REF}),
    }
)

_GITHUB_AUTH = block(
    {"privateKey": block({"secretRef": KEY_REF}, required=("secretRef",))},
    required=("privateKey",),
)

_GRAFANA_AUTH = block(
    {"token": KEY_REF, "basic": block({"username": TEXT, "password": KEY_REF}, required=("password", "username"))}
)

SPECS: dict[str, Shape] = {
    "ACRAccessToken": block(
        {
            "auth": _ACR_AUTH,
            "environmentType": _AZURE["environmentType"],
            "registry": TEXT,
            "scope": TEXT,
            "tenantId": TEXT,
        },
        required=("auth", "registry"),
    ),
    "CloudsmithAccessToken": block(
        {"apiUrl": TEXT, "orgSlug": TEXT, "serviceSlug": TEXT, "serviceAccountRef": SERVICE_ACCOUNT_REF},
        required=("orgSlug", "serviceAccountRef", "serviceSlug"),
    ),
    "ECRAuthorizationToken": block(
        {"auth": _AWS_AUTH, "region": TEXT, "role": TEXT, "scope": TEXT}, required=("region",)
    ),
    "Fake": block({"controller": TEXT, "data": mapping(TEXT)}),
    "GCRAccessToken": block({"auth": _GCP["auth"], "projectID": TEXT}, required=("auth", "projectID")),
    "GithubAccessToken": block(
        {
            "appID": TEXT,
            "auth": _GITHUB_AUTH,
            "installID": TEXT,
            "permissions": mapping(TEXT),
            "repositories": many(TEXT),
            "url": TEXT,
        },
        required=("appID", "auth", "installID"),
    ),
    "Grafana": block(
        {
            "auth": _GRAFANA_AUTH,
            "serviceAccount": block({"name": TEXT, "role": TEXT}, required=("name", "role")),
            "url": TEXT,
        },
        required=("auth", "serviceAccount", "url"),
    ),
    "MFA": block(
        {"algorithm": TEXT, "length": WHOLE, "secret": KEY_REF, "timePeriod": WHOLE, "when": ANYTHING},
        required=("secret",),
    ),
    "Password": block(
        {
            "allowRepeat": FLAG,
            "digits": WHOLE,
            "encoding": choice("base64", "base64url", "base32", "hex", "raw"),
            "length": WHOLE,
            "noUpper": FLAG,
            "secretKeys": many(TEXT),
            "symbolCharacters": TEXT,
            "symbols": WHOLE,
        }
    ),
    "QuayAccessToken": block(
        {"robotAccount": TEXT, "serviceAccountRef": SERVICE_ACCOUNT_REF, "url": TEXT},
        required=("robotAccount", "serviceAccountRef"),
    ),
    "SSHKey": block({"comment": TEXT, "keySize": WHOLE, "keyType": choice("rsa", "ecdsa", "ed25519")}),
    "STSSessionToken": block(
        {
            "auth": _AWS_AUTH,
            "region": TEXT,
            "requestParameters": block({"serialNumber": TEXT, "sessionDuration": WHOLE, "tokenCode": TEXT}),
            "role": TEXT,
        },
        required=("region",),
    ),
    "UUID": block({}),
    "VaultDynamicSecret": block(
        {
            "allowEmptyResponse": FLAG,
            "controller": TEXT,
            "getParameters": MAP,
            "method": TEXT,
            "parameters": ANYTHING,
            "path": TEXT,
            "provider": KNOWN["vault"],
            "resultType": choice("Data", "Auth", "Raw"),
            "retrySettings": RETRY_SETTINGS,
        },
        required=("path", "provider"),
    ),
    "Webhook": block(_WEBHOOK, required=("result", "url")),
}
"""What is under the spec of a generator, by its kind."""

FIELDS = {
    "ACRAccessToken": "acrAccessTokenSpec",
    "CloudsmithAccessToken": "cloudsmithAccessTokenSpec",
    "ECRAuthorizationToken": "ecrAuthorizationTokenSpec",
    "Fake": "fakeSpec",
    "GCRAccessToken": "gcrAccessTokenSpec",
    "GithubAccessToken": "githubAccessTokenSpec",
    "Grafana": "grafanaSpec",
    "MFA": "mfaSpec",
    "Password": "passwordSpec",
    "QuayAccessToken": "quayAccessTokenSpec",
    "SSHKey": "sshKeySpec",
    "STSSessionToken": "stsSessionTokenSpec",
    "UUID": "uuidSpec",
    "VaultDynamicSecret": "vaultDynamicSecretSpec",
    "Webhook": "webhookSpec",
}
"""The field of a ClusterGenerator that has the spec of a generator, by the kind of the generator."""

_OTHERS = (
    *("beyondtrustWorkloadCredentialsDynamicSecretSpec", "codeArtifactAuthorizationTokenSpec"),
    "gitlabDeployTokenSpec",
)

SPECS[CLUSTER_GENERATOR] = block(
    {
        "kind": choice(*(each for each in GENERATOR_KINDS if each != CLUSTER_GENERATOR)),
        "generator": block(
            {
                **{field: SPECS[kind] for kind, field in FIELDS.items()},
                **dict.fromkeys(_OTHERS, MAP),
            }
        ),
    },
    required=("generator", "kind"),
)

KINDS = (*GENERATOR_KINDS, "CodeArtifactAuthorizationToken", "GeneratorState")
"""Every kind of the group."""

OUTPUTS = {
    "ACRAccessToken": frozenset({"username", "password"}),
    "ECRAuthorizationToken": frozenset({"username", "password", "proxy_endpoint", "expires_at"}),
    "GCRAccessToken": frozenset({"username", "password", "expiry"}),
    "SSHKey": frozenset({"privateKey", "publicKey"}),
    "STSSessionToken": frozenset({"access_key_id", "secret_access_key", "session_token", "expiration"}),
    "UUID": frozenset({"uuid"}),
}
"""The keys that generators give, of those that always give the same. Source: docs/api/generator of the operator."""
