"""The shapes of the providers of a store of External Secrets Operator, from 0.9.13 to 2.9.0.

A field that only some of these versions have is here as well; one that only some of them require is not required.
Source: the CRDs in config/crds/bases of external-secrets/external-secrets, at the tag of each version.
"""

from __future__ import annotations

from gitops_gen.kubernetes import check_dns_label, check_dns_subdomain, check_secret_key
from gitops_gen.shapes import FLAG, MAP, TEXT, WHOLE, Field, Shape, block, choice, many, mapping, one_of, text

NAME = text(check_dns_subdomain)
"""The name of an object. Up to 0.14 the schema takes any text; no object has another name all the same."""
KEY = text(check_secret_key)
"""The key of a Secret or a ConfigMap."""
_NAMESPACE = text(check_dns_label)

SERVICE_ACCOUNT_REF = block({"name": NAME, "namespace": _NAMESPACE, "audiences": many(TEXT)}, required=("name",))
KEY_REF = block({"name": NAME, "namespace": _NAMESPACE, "key": KEY})
_CA_PROVIDER = block(
    {"type": choice("Secret", "ConfigMap"), "name": TEXT, "key": TEXT, "namespace": TEXT}, required=("type", "name")
)
AWS_SECRET_REF = block(
    {"accessKeyIDSecretRef": KEY_REF, "secretAccessKeySecretRef": KEY_REF, "sessionTokenSecretRef": KEY_REF}
)
_GCP_SECRET_REF = block({"secretAccessKeySecretRef": KEY_REF})
_GCP_WORKLOAD_IDENTITY = block(
    {
        "serviceAccountRef": SERVICE_ACCOUNT_REF,
        "clusterLocation": TEXT,
        "clusterName": TEXT,
        "clusterProjectID": TEXT,
    },
    required=("serviceAccountRef",),
)

AWS = block(
    {
        "service": choice("SecretsManager", "ParameterStore", "CertificateManager"),
        "region": TEXT,
        "auth": block({"jwt": block({"serviceAccountRef": SERVICE_ACCOUNT_REF}), "secretRef": AWS_SECRET_REF}),
        "role": TEXT,
        "additionalRoles": many(TEXT),
        "externalID": TEXT,
        "sessionTags": many(block({"key": TEXT, "value": TEXT}, required=("key", "value"))),
        "transitiveTagKeys": many(TEXT),
        "sessionTagsPolicy": Field(choice("None", "Simple", "Custom"), (2, 5, 0)),
        "customSessionTags": Field(mapping(TEXT), (2, 5, 0)),
        "prefix": Field(TEXT, (0, 10, 0)),
        "secretsManager": block({"forceDeleteWithoutRecovery": FLAG, "recoveryWindowInDays": WHOLE}),
    },
    required=("service", "region"),
)
"""What is under spec.provider.aws, where it is known which version has which field."""

_AKEYLESS = block(
    {
        "akeylessGWApiURL": TEXT,
        "authSecretRef": block(
            {
                "kubernetesAuth": block(
                    {
                        "accessID": TEXT,
                        "k8sConfName": TEXT,
                        "secretRef": KEY_REF,
                        "serviceAccountRef": SERVICE_ACCOUNT_REF,
                    },
                    required=("accessID", "k8sConfName"),
                ),
                "secretRef": block({"accessID": KEY_REF, "accessType": KEY_REF, "accessTypeParam": KEY_REF}),
                "serviceAccountRef": SERVICE_ACCOUNT_REF,
            }
        ),
        "caBundle": TEXT,
        "caProvider": _CA_PROVIDER,
        "ignoreCache": FLAG,
    },
    required=("akeylessGWApiURL", "authSecretRef"),
)

_AZURE = block(
    {
        "authType": choice("ServicePrincipal", "ManagedIdentity", "WorkloadIdentity"),
        "vaultUrl": TEXT,
        "tenantId": TEXT,
        "environmentType": choice(
            *("PublicCloud", "USGovernmentCloud", "ChinaCloud", "GermanCloud", "AzureStackCloud"),
        ),
        "authSecretRef": block(
            {"clientId": KEY_REF, "clientSecret": KEY_REF, "clientCertificate": KEY_REF, "tenantId": KEY_REF}
        ),
        "serviceAccountRef": SERVICE_ACCOUNT_REF,
        "identityId": TEXT,
        "useAzureSDK": FLAG,
        "customCloudConfig": block(
            {
                "activeDirectoryEndpoint": TEXT,
                "keyVaultDNSSuffix": TEXT,
                "keyVaultEndpoint": TEXT,
                "resourceManagerEndpoint": TEXT,
            },
            required=("activeDirectoryEndpoint",),
        ),
    },
    required=("vaultUrl",),
)

_BITWARDEN = block(
    {
        "apiURL": TEXT,
        "identityURL": TEXT,
        "bitwardenServerSDKURL": TEXT,
        "auth": block({"secretRef": block({"credentials": KEY_REF}, required=("credentials",))}, ("secretRef",)),
        "organizationID": TEXT,
        "projectID": TEXT,
        "caBundle": TEXT,
        "caProvider": _CA_PROVIDER,
    },
    required=("auth", "organizationID", "projectID"),
)

_DOPPLER = block(
    {
        "auth": one_of(
            {
                "secretRef": block({"dopplerToken": KEY_REF}, required=("dopplerToken",)),
                "oidcConfig": block(
                    {"identity": TEXT, "serviceAccountRef": SERVICE_ACCOUNT_REF, "expirationSeconds": WHOLE},
                    required=("identity", "serviceAccountRef"),
                ),
            }
        ),
        "project": TEXT,
        "config": TEXT,
        "format": choice("json", "dotnet-json", "env", "yaml", "docker"),
        "nameTransformer": choice(
            *("upper-camel", "camel", "lower-snake", "tf-var", "dotnet-env", "lower-kebab"),
        ),
    },
    required=("auth",),
)

_GCP = block(
    {
        "projectID": TEXT,
        "location": TEXT,
        "secretVersionSelectionPolicy": TEXT,
        "auth": block(
            {
                "secretRef": _GCP_SECRET_REF,
                "workloadIdentity": _GCP_WORKLOAD_IDENTITY,
                "workloadIdentityFederation": block(
                    {
                        "audience": TEXT,
                        "awsSecurityCredentials": block(
                            {
                                "awsCredentialsSecretRef": block({"name": TEXT, "namespace": TEXT}, required=("name",)),
                                "region": TEXT,
                            },
                            required=("awsCredentialsSecretRef", "region"),
                        ),
                        "credConfig": block({"name": TEXT, "key": TEXT, "namespace": TEXT}, required=("name", "key")),
                        "externalTokenEndpoint": TEXT,
                        "gcpServiceAccountEmail": TEXT,
                        "serviceAccountRef": SERVICE_ACCOUNT_REF,
                    }
                ),
            }
        ),
    }
)

_GITLAB = block(
    {
        "auth": block({"SecretRef": block({"accessToken": KEY_REF})}, required=("SecretRef",)),
        "url": TEXT,
        "projectID": TEXT,
        "groupIDs": many(TEXT),
        "inheritFromGroups": FLAG,
        "environment": TEXT,
        "caBundle": TEXT,
        "caProvider": _CA_PROVIDER,
    },
    required=("auth",),
)


def _infisical_auth(*keys: str, optional: tuple[str, ...] = ()) -> Shape:
    return block(dict.fromkeys((*keys, *optional), KEY_REF), required=keys)


_INFISICAL = block(
    {
        "hostAPI": TEXT,
        "auth": block(
            {
                "awsAuthCredentials": _infisical_auth("identityId"),
                "azureAuthCredentials": _infisical_auth("identityId", optional=("resource",)),
                "gcpIamAuthCredentials": _infisical_auth("identityId", "serviceAccountKeyFilePath"),
                "gcpIdTokenAuthCredentials": _infisical_auth("identityId"),
                "jwtAuthCredentials": _infisical_auth("identityId", "jwt"),
                "kubernetesAuthCredentials": _infisical_auth("identityId", optional=("serviceAccountTokenPath",)),
                "ldapAuthCredentials": _infisical_auth("identityId", "ldapPassword", "ldapUsername"),
                "ociAuthCredentials": _infisical_auth(
                    *("fingerprint", "identityId", "privateKey", "region", "tenancyId", "userId"),
                    optional=("privateKeyPassphrase",),
                ),
                "tokenAuthCredentials": _infisical_auth("accessToken"),
                "universalAuthCredentials": _infisical_auth("clientId", "clientSecret"),
            }
        ),
        "secretsScope": block(
            {
                "projectSlug": TEXT,
                "environmentSlug": TEXT,
                "organizationSlug": TEXT,
                "secretsPath": TEXT,
                "recursive": FLAG,
                "expandSecretReferences": FLAG,
            },
            required=("projectSlug", "environmentSlug"),
        ),
        "caBundle": TEXT,
        "caProvider": _CA_PROVIDER,
    },
    required=("auth", "secretsScope"),
)

_KUBERNETES = block(
    {
        "server": block({"url": TEXT, "caBundle": TEXT, "caProvider": _CA_PROVIDER}),
        "auth": one_of(
            {
                "cert": block({"clientCert": KEY_REF, "clientKey": KEY_REF}),
                "token": block({"bearerToken": KEY_REF}),
                "serviceAccount": SERVICE_ACCOUNT_REF,
            }
        ),
        "authRef": KEY_REF,
        "remoteNamespace": TEXT,
    }
)

_ONE_PASSWORD = block(
    {
        "auth": block(
            {"secretRef": block({"connectTokenSecretRef": KEY_REF}, required=("connectTokenSecretRef",))},
            required=("secretRef",),
        ),
        "connectHost": TEXT,
        "vaults": mapping(WHOLE),
    },
    required=("auth", "connectHost", "vaults"),
)

_ONE_PASSWORD_SDK = block(
    {
        "auth": block({"serviceAccountSecretRef": KEY_REF}, required=("serviceAccountSecretRef",)),
        "vault": TEXT,
        "environment": TEXT,
        "integrationInfo": block({"name": TEXT, "version": TEXT}),
        "cache": block({"maxSize": WHOLE, "ttl": TEXT}),
    },
    required=("auth",),
)

_VAULT_AUTH = block(
    {
        "appRole": block(
            {"path": TEXT, "roleId": TEXT, "roleRef": KEY_REF, "secretRef": KEY_REF}, required=("secretRef",)
        ),
        "cert": block({"clientCert": KEY_REF, "secretRef": KEY_REF, "path": TEXT, "vaultRole": TEXT}),
        "gcp": block(
            {
                "role": TEXT,
                "path": TEXT,
                "location": TEXT,
                "projectID": TEXT,
                "secretRef": _GCP_SECRET_REF,
                "serviceAccountRef": SERVICE_ACCOUNT_REF,
                "workloadIdentity": _GCP_WORKLOAD_IDENTITY,
            },
            required=("role",),
        ),
        "iam": block(
            {
                "path": TEXT,
                "region": TEXT,
                "role": TEXT,
                "vaultRole": TEXT,
                "externalID": TEXT,
                "vaultAwsIamServerID": TEXT,
                "jwt": block({"serviceAccountRef": SERVICE_ACCOUNT_REF}),
                "secretRef": AWS_SECRET_REF,
            },
            required=("vaultRole",),
        ),
        "jwt": block(
            {
                "path": TEXT,
                "role": TEXT,
                "secretRef": KEY_REF,
                "kubernetesServiceAccountToken": block(
                    {
                        "serviceAccountRef": SERVICE_ACCOUNT_REF,
                        "audiences": many(TEXT),
                        "expirationSeconds": WHOLE,
                    },
                    required=("serviceAccountRef",),
                ),
            }
        ),
        "kubernetes": block(
            {"mountPath": TEXT, "role": TEXT, "secretRef": KEY_REF, "serviceAccountRef": SERVICE_ACCOUNT_REF},
            required=("role",),
        ),
        "ldap": block({"path": TEXT, "username": TEXT, "secretRef": KEY_REF}, required=("username",)),
        "namespace": TEXT,
        "tokenSecretRef": KEY_REF,
        "userPass": block({"path": TEXT, "username": TEXT, "secretRef": KEY_REF}, required=("username",)),
    }
)

_VAULT = block(
    {
        "server": TEXT,
        "path": TEXT,
        "version": choice("v1", "v2"),
        "namespace": TEXT,
        "auth": _VAULT_AUTH,
        "caBundle": TEXT,
        "caProvider": _CA_PROVIDER,
        "checkAndSet": block({"required": FLAG}),
        "forwardInconsistent": FLAG,
        "headers": mapping(TEXT),
        "readYourWrites": FLAG,
        "tls": block({"certSecretRef": KEY_REF, "keySecretRef": KEY_REF}),
    },
    required=("server",),
)

_WEBHOOK = block(
    {
        "url": TEXT,
        "method": TEXT,
        "headers": mapping(TEXT),
        "body": TEXT,
        "timeout": TEXT,
        "result": block({"jsonPath": TEXT}),
        "secrets": many(block({"name": TEXT, "secretRef": KEY_REF}, required=("name", "secretRef"))),
        "auth": block(
            {
                "ntlm": block(
                    {"usernameSecret": KEY_REF, "passwordSecret": KEY_REF},
                    required=("usernameSecret", "passwordSecret"),
                )
            }
        ),
        "caBundle": TEXT,
        "caProvider": _CA_PROVIDER,
    },
    required=("url",),
)

KNOWN: dict[str, Shape] = {
    "akeyless": _AKEYLESS,
    "aws": AWS,
    "azurekv": _AZURE,
    "bitwardensecretsmanager": _BITWARDEN,
    "doppler": _DOPPLER,
    "gcpsm": _GCP,
    "gitlab": _GITLAB,
    "infisical": _INFISICAL,
    "kubernetes": _KUBERNETES,
    "onepassword": _ONE_PASSWORD,
    "onepasswordSDK": _ONE_PASSWORD_SDK,
    "vault": _VAULT,
    "webhook": _WEBHOOK,
}

_OTHERS = (
    *("alibaba", "barbican", "beyondtrust", "beyondtrustworkloadcredentials", "chef", "cloudrusm", "conjur", "crd"),
    *("delinea", "device42", "dvls", "fake", "fortanix", "github", "ibm", "keepersecurity", "nebiusmysterybox"),
    *("ngrok", "onboardbase", "openBao", "oracle", "ovh", "passbolt", "passworddepot", "previder", "pulumi"),
    *("scaleway", "secretserver", "senhasegura", "volcengine", "yandexcertificatemanager", "yandexlockbox"),
)
"""Those whose fields are not judged."""

PROVIDER = block({**dict.fromkeys(_OTHERS, MAP), **KNOWN})
"""What is under spec.provider."""
