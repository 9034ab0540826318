"""A small sound repository that somebody keeps by hand: one app with a secret on one cluster, with the operator.

Tests change a text of it, or lay files over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checks.trees import MARK, URL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def application(
    name: str = "web",
    *,
    cluster: str = "one",
    namespace: str = "web",
    path: str = "manifests",
    options: Iterable[str] = (),
    values: str = "",
) -> str:
    """Returns an Application that brings a folder of manifests; with `values`, a chart of charts/web beside it."""
    sources = f"    - repoURL: {URL}\n      targetRevision: main\n      path: {path}\n"
    if values:
        sources += f"    - repoURL: {URL}\n      targetRevision: main\n      path: charts/web\n      helm:\n{values}"
    listed = "".join(f"      - {option}\n" for option in options)
    policy = f"  syncPolicy:\n    retry: {{limit: 5}}\n    syncOptions:\n{listed}" if listed else ""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
spec:
  project: default
  destination:
    name: {cluster}
    namespace: {namespace}
  sources:
{sources}{policy}"""


def operator(version: str = "2.9.0", *, cluster: str = "one", values: str = "") -> str:
    """Returns an Application that installs External Secrets Operator."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: external-secrets-{cluster}
  namespace: argocd
spec:
  project: default
  destination:
    name: {cluster}
    namespace: external-secrets
  source:
    repoURL: https://charts.external-secrets.io
    chart: external-secrets
    targetRevision: {version}
    helm:
      releaseName: external-secrets
{values}  syncPolicy:
    syncOptions:
      - ServerSideApply=true
"""


ACCOUNT_FILE = "manifests/account.yaml"
STORE_FILE = "manifests/store.yaml"
SECRET_FILE = "manifests/secret.yaml"
TFVARS_FILE = "terraform/one.tfvars"

SERVICE_ACCOUNT = """\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web-eso
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/one-web-eso
"""

STORE = """\
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: store
spec:
  provider:
    aws:
      service: SecretsManager
      region: eu-west-1
      auth:
        jwt:
          serviceAccountRef:
            name: web-eso
"""

EXTERNAL_SECRET = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: db
spec:
  refreshInterval: 1h0m0s
  secretStoreRef:
    name: store
    kind: SecretStore
  target:
    name: db
  data:
    - secretKey: PASSWORD
      remoteRef:
        key: dev/web/db
        property: password
"""

PROVIDER = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B51EXAMPLE"

TFVARS = f"""\
cluster_name      = "one"
env               = "dev"
account_id        = "111122223333"
aws_region        = "eu-west-1"
oidc_provider     = "{PROVIDER}"
oidc_provider_arn = "arn:aws:iam::111122223333:oidc-provider/{PROVIDER}"

eso_roles = {{
  "web" = {{
    role_name       = "one-web-eso"
    namespace       = "web"
    service_account = "web-eso"
    secret_arns = [
      "arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db-??????",
    ]
    kms_key_arns = []
  }}
}}
"""

BY_HAND: Mapping[str, str] = {
    "apps/web.yaml": application(options=("SkipDryRunOnMissingResource=true",)),
    "apps/operator.yaml": operator(),
    ACCOUNT_FILE: SERVICE_ACCOUNT,
    STORE_FILE: STORE,
    SECRET_FILE: EXTERNAL_SECRET,
    TFVARS_FILE: TFVARS,
}


def changed(path: str, *changes: tuple[str, str]) -> dict[str, str]:
    """Returns the repository with some texts of a file replaced, each of which stands there once."""
    text = BY_HAND[path]
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        text = text.replace(old, new)
    return {**BY_HAND, path: text}


PARAMETER_FILE = "manifests/parameters.yaml"
PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/dev/web/flags"


def with_parameters(*changes: tuple[str, str], listed: str = PARAMETER) -> dict[str, str]:
    """Returns the repository with a second store of the account, for Parameter Store, whose parameter its role lists.

    The variable file is a generated one. The texts are replaced in what asks for the parameter.
    """
    store = STORE.replace("name: store", "name: parameters").replace("SecretsManager", "ParameterStore")
    asking = (
        EXTERNAL_SECRET.replace("name: store", "name: parameters")
        .replace("name: db", "name: flags")
        .replace("key: dev/web/db\n        property: password", "key: /dev/web/flags")
    )
    for old, new in changes:
        assert old in asking + store, f"{old!r} is not there"
        asking, store = asking.replace(old, new), store.replace(old, new)
    secrets = "secret_arns = ["
    return {
        **BY_HAND,
        PARAMETER_FILE: f"{store}---\n{asking}",
        TFVARS_FILE: MARK + TFVARS.replace(secrets, f'{secrets}\n      "{listed}",'),
    }


GIT_SET = f"""\
{MARK}apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  goTemplate: true
  generators: [git: {{repoURL: {URL}, revision: main, files: [{{path: releases/*.yaml}}]}}]
  template:
    metadata:
      name: "{{{{ .application }}}}"
    spec:
      project: default
      source: {{repoURL: {URL}, targetRevision: main, path: releases}}
      destination:
        name: "{{{{ .cluster }}}}"
        namespace: web
"""
"""A generated ApplicationSet that reads the parameters of each release from a file."""
RELEASE = f"{MARK}application: web-one\ncluster: one\n"
"""Such a file, below releases/."""

OPERATOR_PART = """\
apiVersion: v2
name: eso
version: 0.1.0
dependencies:
  - {name: external-secrets, version: 2.9.0, repository: https://charts.external-secrets.io}
"""
"""A chart that External Secrets is a part of."""
