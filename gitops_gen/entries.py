"""What may be written under environments/: one pydantic class for each block, as it stands in the file.

An entry states; it derives nothing. Every field is optional where a farther level may state it, and
`model_fields_set` tells "not written" from "written as null", which removes what a farther level says.
The JSON Schemas that editors read are made from these classes, and the shapes by which a file that fits is known.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal, LiteralString, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from gitops_gen import durations, external_secrets, grammar, kubernetes
from gitops_gen.aws.arns import check_kms_key_arn, check_role_arn
from gitops_gen.aws.endpoints import check_ca_data, check_server_url
from gitops_gen.aws.names import (
    check_account_id,
    check_cluster_name,
    check_oidc_id,
    check_role_name,
    check_secret_path,
    check_secret_prefix,
)
from gitops_gen.blocks import Block

if TYPE_CHECKING:
    from collections.abc import Callable

# A value that Helm reads: what YAML can say. Checked by the reader of the file, not again here.
HelmValue: TypeAlias = object


def _checked(code: LiteralString, check: Callable[[str], str | None]) -> AfterValidator:
    return AfterValidator(partial(_validated, code, check))


def _validated(code: LiteralString, check: Callable[[str], str | None], value: str) -> str:
    reason = check(value)
    if reason is not None:
        raise PydanticCustomError(code, "{reason}", {"reason": reason})
    return value


AccountId = Annotated[
    str,
    _checked("account-id", check_account_id),
    Field(description="AWS account: a quoted string of 12 digits.", json_schema_extra={"pattern": "^[0-9]{12}$"}),
]
OidcId = Annotated[
    str,
    _checked("oidc-id", check_oidc_id),
    Field(
        description="The part of the cluster's OIDC issuer after /id/: 32 capital letters and digits.",
        json_schema_extra={"pattern": "^[0-9A-Z]{32}$"},
    ),
]
Label = Annotated[str, _checked("kubernetes-name", kubernetes.check_dns_label)]
ObjectName = Annotated[str, _checked("kubernetes-name", kubernetes.check_dns_subdomain)]
ClusterName = Annotated[str, _checked("cluster-name", check_cluster_name)]
ReleaseName = Annotated[str, _checked("release-name", kubernetes.check_release_name)]
RoleName = Annotated[str, _checked("role-name", check_role_name)]
RoleArn = Annotated[str, _checked("role-arn", check_role_arn)]
KmsKeyArn = Annotated[
    str,
    _checked("kms-key-arn", check_kms_key_arn),
    Field(description="The customer-managed KMS key that encrypts the secret; leave out for aws/secretsmanager."),
]
SecretType = Annotated[
    str,
    _checked("secret-type", kubernetes.check_secret_type),
    Field(description="The type of the Kubernetes Secret, such as kubernetes.io/tls; leave out for Opaque."),
]
SecretPrefix = Annotated[str, _checked("secret-path", check_secret_prefix)]
SecretPath = Annotated[str, _checked("secret-path", check_secret_path)]
Duration = Annotated[
    str,
    _checked("duration", durations.check_duration),
    Field(description='A Go duration such as 1h or 30m; "0s" reads the secret once.'),
]
EsoVersion = Annotated[str, _checked("external-secrets-version", external_secrets.check_version)]
ArgoCdVersion = Annotated[str, _checked("version", grammar.check_argo_cd_version)]
ServerUrl = Annotated[str, _checked("server-url", check_server_url)]
CaData = Annotated[str, _checked("ca-data", check_ca_data)]
RepositoryUrl = Annotated[str, _checked("repository-url", grammar.check_repository_url)]
GitUrl = Annotated[str, _checked("repository-url", grammar.check_git_url)]
RepositoryPath = Annotated[str, _checked("repository-path", grammar.check_relative_path)]
ValuesFile = Annotated[str, _checked("values-file", grammar.check_values_file)]
DottedKey = Annotated[str, _checked("dotted-key", grammar.check_dotted_key)]
Revision = Annotated[str, _checked("revision", grammar.check_revision)]
Owner = Annotated[str, _checked("owner-name", grammar.check_owner)]
ApiGroup = Annotated[str, _checked("api-group", kubernetes.check_api_group)]
Kind = Annotated[
    str, _checked("resource-kind", kubernetes.check_kind), Field(json_schema_extra={"pattern": "^[A-Z][A-Za-z0-9]*$"})
]
SyncOption = Annotated[str, _checked("sync-option", grammar.check_sync_option)]
Rollout = Literal["none", "rolling"]


class Entry(Block, BaseModel):
    """A block of a model file. Types are strict and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class GitopsRepoEntry(Entry):
    """The repository that Argo CD reads the generated files from."""

    url: GitUrl
    """The clone URL, spelled as Argo CD knows the repository."""
    revision: Revision = "main"
    """The branch, tag or commit that Argo CD follows."""
    path: RepositoryPath = "output"
    """The folder of that repository in which the generated tree stands."""


class ArgoCdEntry(Entry):
    """The Argo CD that owns the fleet."""

    version: ArgoCdVersion
    """The version that runs, such as 3.5.1."""
    namespace: Label = "argocd"
    """Where Argo CD's own objects live."""
    generator: Literal["auto", "list", "git"] = "auto"
    """How ApplicationSets learn their releases: a list inside the object, or one file per release in git.

    auto takes the list until it grows too large for client-side apply.
    """


class ExternalSecretsEntry(Entry):
    """The External Secrets Operator that runs on the clusters."""

    version: EsoVersion | None = None
    """Decides apiVersion and the fields that are spelled out, and is the chart version of the operator app."""


class SyncEntry(Entry):
    """What Argo CD does by itself."""

    automated: bool | None = None
    """Sync without being asked. The default is true, and false where protected."""
    prune: bool | None = None
    """Delete what is gone from git. The default is true."""
    self_heal: bool | None = None
    """Undo changes made on the cluster. The default is true."""


class PlaceSecretsEntry(Entry):
    """How secrets are read in a place."""

    enabled: bool | None = None
    """False turns secrets off for every app in this place. An app cannot turn them on again. The default is true."""
    region: str | None = None
    """The region whose Secrets Manager is read. Without it, each cluster reads its own."""
    refresh_interval: Duration | None = None
    """How often a secret is read again. The default is 1h."""
    kms_key_arn: KmsKeyArn | None = None
    """The customer-managed key that encrypts the secrets of this place."""


class EnvironmentSecretsEntry(PlaceSecretsEntry):
    """How secrets are read in an environment."""

    prefix: SecretPrefix | None = None
    """The first part of every secret's path. The default is the environment's name."""


class PlaceEntry(Entry):
    """The facts that the fleet, an environment and a cluster can state; the nearest wins."""

    account_id: AccountId | None = None
    """The AWS account: a quoted string of 12 digits. For every cluster one of the three states it."""
    protected: bool | None = None
    """No automated sync; destructive changes and pruning want a confirmation. The default is false."""
    sync: SyncEntry | None = None
    external_secrets: ExternalSecretsEntry | None = None
    argocd_role_arn: RoleArn | None = None
    """The role that Argo CD assumes to reach the cluster."""


class ClusterEntry(PlaceEntry):
    """One EKS cluster: the one entry that onboards it."""

    region: str
    """The AWS region, such as us-east-1."""
    oidc_id: OidcId
    name: ClusterName | None = None
    """The cluster's name in EKS. The default is <fleet>-<environment>-<region code>."""
    secrets: PlaceSecretsEntry | None = None
    server: ServerUrl | None = None
    """The API endpoint. With ca_data it makes the cluster Secret; without, the cluster is registered elsewhere."""
    ca_data: CaData | None = None
    """The certificate authority of the endpoint, base64, as EKS gives it. It is public."""


class EnvironmentEntry(PlaceEntry):
    """environments/<environment>.yaml. The file's name is the environment's."""

    stage: int = Field(1, ge=0, le=1000)
    """The rollout order: lower stages go first."""
    project: Label | None = None
    """The AppProject of the environment. The default is the environment's name."""
    owners: list[Owner] | None = None
    """Who is asked to review what touches it: logins, and teams as team:NAME. The default is the fleet's."""
    shares_account: bool = False
    """True admits that clusters of this environment live in an account that a protected environment owns."""
    secrets: EnvironmentSecretsEntry | None = None
    clusters: list[ClusterEntry] | None = None


class FleetEntry(PlaceEntry):
    """environments/fleet.yaml."""

    name: Label
    """The fleet's name, the first part of the cluster names."""
    gitops_repo: GitopsRepoEntry
    argocd: ArgoCdEntry
    secrets: PlaceSecretsEntry | None = None
    rollout: Rollout = "none"
    """rolling syncs the stages one after the other and turns automated sync off; Argo CD must enable it."""
    owners: list[Owner] | None = None
    """Who is asked to review what touches an environment: logins, and teams as team:NAME."""
    region_codes: dict[str, Label] = Field(default_factory=dict)
    """The short code of a region, where the rule's own is not wanted or the region is newer than this tool."""


class SourceEntry(Entry):
    """Where the chart of an app comes from: a folder of a git repository, or a chart of a chart repository."""

    repo_url: RepositoryUrl | None = None
    """The clone URL, or the URL of the chart repository, spelled as Argo CD knows it."""
    path: RepositoryPath | None = None
    """The chart's folder in a git repository."""
    chart: ReleaseName | None = None
    """The chart's name in a chart repository."""
    revision: Revision | None = None
    """The branch, tag or commit, or the chart's version. The operator's default is external_secrets.version."""


class SecretKeyEntry(Entry):
    """One key of a Kubernetes Secret, in its long form."""

    property: str | None = Field(None, min_length=1)
    """The property of the JSON value. Without it, the whole value."""
    version: str | None = Field(None, min_length=1)
    """The version stage, or uuid/<id>. The default is AWSCURRENT."""
    decoding: Literal["None", "Base64", "Base64URL", "Auto"] = "None"
    """How the value is decoded before it is stored."""


class SecretEntry(Entry):
    """One secret of Secrets Manager, and where its parts go."""

    target: ObjectName | None = None
    """The Kubernetes Secret that is made. The default is <app>-<secret>. Several secrets may share one."""
    keys: dict[str, str | SecretKeyEntry | None] | None = None
    """Key in the Kubernetes Secret: property of the JSON value; {} takes the whole value."""
    type: SecretType | None = None
    """The type of the Kubernetes Secret. The default is Opaque."""
    path: SecretPath | None = None
    """The name in Secrets Manager, without the prefix. The default is <app>/<secret>."""
    refresh_interval: Duration | None = None
    """How often it is read again; "0s" reads it once. The default is the app's, then the place's."""
    kms_key_arn: KmsKeyArn | None = None
    """The customer-managed KMS key that encrypts it. The default is the place's, then aws/secretsmanager."""
    consumed_once: bool | None = None
    """The software reads it only at its first start, so a rotation needs a step by hand. The default is false."""


class AppLevelEntry(Entry):
    """The facts that an app, an app in an environment and an app on a cluster can state; the nearest wins."""

    deploy: bool | None = None
    """False where the app is not deployed. The default is true."""
    source: SourceEntry | None = None
    values: dict[str, HelmValue] | None = None
    """Helm values. Maps merge, lists replace, null removes."""
    secrets: dict[str, SecretEntry | None] | None = None
    """The app's secrets, by name."""
    secrets_enabled: bool | None = None
    """False turns the app's secrets off. The default is true."""
    refresh_interval: Duration | None = None
    """How often the app's secrets are read again; nearer than the place's."""
    role_name: RoleName | None = None
    """The IAM role that reads the secrets. The default is <cluster>-<app>-eso."""
    sync: SyncEntry | None = None
    """May only tighten what the place says."""


class ClusterResourceEntry(Entry):
    """A cluster-scoped kind that the app's chart contains."""

    group: ApiGroup = ""
    """The API group; empty for the core group."""
    kind: Kind
    """The kind, such as ClusterRole."""


class AppEntry(AppLevelEntry):
    """environments/apps/<app>.yaml. The file's name is the app's."""

    namespace: Label | None = None
    """Where the app runs. The default is the app's name."""
    release_name: ReleaseName | None = None
    """The Helm release. The default is the app's name."""
    cluster_resources: list[ClusterResourceEntry] | None = None
    """The cluster-scoped kinds that the chart contains; the AppProject allows exactly these."""
    sync_options: list[SyncOption] | None = None
    """Argo CD sync options beside those that every release gets, as ServerSideApply=true."""
    owned_elsewhere: list[DottedKey] | None = None
    """Values that another process writes, as image.tag: to set one here is an error."""
    values_files: list[ValuesFile] | None = None
    """Values files kept by hand in the gitops repository, listed after ours.

    {environment}, {cluster} and {region} are filled in.
    """
    secrets_values_key: DottedKey | None = "externalSecrets"
    """The Helm value under which the chart learns its secrets; null writes none."""
    rollout: Rollout | None = None
    """How the stages of this app are synced. The default is the fleet's."""
    environments: dict[str, AppLevelEntry] | None = None
    """What differs in an environment."""
    clusters: dict[str, AppLevelEntry] | None = None
    """What differs on a cluster."""
