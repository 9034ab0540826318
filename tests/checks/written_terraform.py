"""Terraform as people write it, in which the role of a store stands, and what the rules of its chain say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import BY_HAND, PROVIDER, TFVARS_FILE
from tests.checks.trees import URL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAIN = "terraform/main.tf"
SUBJECT = "system:serviceaccount:web:web-eso"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db-??????"
ARN = "arn:aws:iam::111122223333:role/one-web-eso"

LITERAL = f"""\
resource "aws_iam_role" "eso" {{
  name = "one-web-eso"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ Federated = "arn:aws:iam::111122223333:oidc-provider/{PROVIDER}" }}
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {{
        StringEquals = {{
          "{PROVIDER}:sub" = "{SUBJECT}"
          "{PROVIDER}:aud" = "sts.amazonaws.com"
        }}
      }}
    }}]
  }})
}}

resource "aws_iam_role_policy" "read" {{
  role = aws_iam_role.eso.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
      Resource = "{SECRET}"
    }}]
  }})
}}
"""
"""A role with nothing in it but constants."""

DOCUMENTS = """\
data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

provider "aws" {
  region = var.region
}

data "aws_region" "current" {}

variable "region" {
  default = "eu-west-1"
}

variable "environment" {
  default = "dev"
}

locals {
  namespace = "web"
  account   = "web-eso"
  where     = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
  secrets   = "arn:${data.aws_partition.current.partition}:secretsmanager:${local.where}:secret"
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["${local.secrets}:${var.environment}/web/db-??????"]
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [module.eks.oidc_provider_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "${module.eks.oidc_provider}:sub"
      values   = ["system:serviceaccount:${local.namespace}:${local.account}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${module.eks.oidc_provider}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "eso" {
  name               = "one-web-eso"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_policy" "read" {
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.eso.name
  policy_arn = aws_iam_policy.read.arn
}

module "eks" {
  source = "terraform-aws-modules/eks/aws"
}
"""
"""A role of documents, with locals and with the defaults of variables; its provider only Terraform knows."""

MODULE_5 = f"""\
module "eso" {{
  source  = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  version = "~> 5.39"

  role_name                             = "one-web-eso"
  attach_external_secrets_policy        = true
  external_secrets_kms_key_arns         = []
  external_secrets_secrets_manager_arns = ["{SECRET}"]

  oidc_providers = {{
    main = {{
      provider_arn               = module.eks.oidc_provider_arn
      namespace_service_accounts = ["web:web-eso"]
    }}
  }}
}}
"""

MODULE_6 = (
    MODULE_5.replace("iam-role-for-service-accounts-eks", "iam-role-for-service-accounts")
    .replace("~> 5.39", "~> 6.0")
    .replace("role_name        ", "use_name_prefix = false\n  name        ")
)

WITH_OIDC = f"""\
resource "aws_iam_policy" "read" {{
  policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "{SECRET}" }}]
  }})
}}

module "eso" {{
  source  = "terraform-aws-modules/iam/aws//modules/iam-assumable-role-with-oidc"
  version = "5.39.0"

  create_role                   = true
  role_name                     = "one-web-eso"
  provider_url                  = module.eks.cluster_oidc_issuer_url
  role_policy_arns              = [aws_iam_policy.read.arn]
  oidc_fully_qualified_subjects = ["{SUBJECT}"]
}}
"""

BLUEPRINTS = f"""\
module "addons" {{
  source  = "aws-ia/eks-blueprints-addons/aws"
  version = "~> 1.16"

  enable_external_secrets = true
  external_secrets = {{
    namespace            = "web"
    service_account_name = "web-eso"
    role_name            = "one-web-eso"
    role_name_use_prefix = false
  }}
  external_secrets_kms_key_arns         = []
  external_secrets_secrets_manager_arns = ["{SECRET}"]
}}
"""

OWN_MODULE = {
    "terraform/modules/irsa/main.tf": """\
variable "name" {}
variable "namespace" {}
variable "account" {}
variable "policies" {
  default = []
}
variable "provider_arn" {}
variable "enabled" {
  default = true
}

locals {
  issuer = replace(var.provider_arn, "/^(.*provider/)/", "")
}

resource "aws_iam_role" "this" {
  count = var.enabled ? 1 : 0
  name  = var.name
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = var.provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "${local.issuer}:sub" = "system:serviceaccount:${var.namespace}:${var.account}" }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  count      = var.enabled ? length(var.policies) : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.policies[count.index]
}
""",
    "terraform/envs/dev/main.tf": f"""\
resource "aws_iam_policy" "read" {{
  policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "{SECRET}" }}]
  }})
}}

module "eso" {{
  source       = "../../modules/irsa"
  name         = "one-web-eso"
  namespace    = "web"
  account      = "web-eso"
  policies     = [aws_iam_policy.read.arn]
  provider_arn = module.eks.oidc_provider_arn
}}
""",
}

TERRAGRUNT = {
    "terraform/modules/irsa/main.tf": OWN_MODULE["terraform/modules/irsa/main.tf"].partition(
        'resource "aws_iam_role_policy_attachment"'
    )[0]
    + """\
variable "secrets" {}

resource "aws_iam_role_policy" "read" {
  role   = aws_iam_role.this[0].id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = var.secrets }]
  })
}
""",
    "terraform/live/dev/eso/terragrunt.hcl": f"""\
terraform {{
  source = "../../../modules//irsa"
}}

include "root" {{
  path = find_in_parent_folders()
}}

inputs = {{
  name         = "one-web-eso"
  namespace    = "web"
  account      = "web-eso"
  enabled      = true
  provider_arn = dependency.eks.outputs.oidc_provider_arn
  secrets      = ["{SECRET}"]
}}
""",
}

ATTACHMENT = (
    LITERAL.replace('resource "aws_iam_role_policy" "read"', 'resource "aws_iam_policy" "read"').replace(
        "  role = aws_iam_role.eso.id\n", ""
    )
    + """\
resource "aws_iam_policy_attachment" "read" {
  name       = "read"
  roles      = [aws_iam_role.node.name, aws_iam_role.eso.name]
  policy_arn = aws_iam_policy.read.arn
}
"""
)

LOOPS = f"""\
locals {{
  provider = "{PROVIDER}"
  account  = "111122223333"

  apps = {{
    web  = {{ namespace = "web", accounts = ["web-eso"], secrets = ["dev/web/db"] }}
    shop = {{ namespace = "shop", accounts = ["shop-eso"], secrets = [], enabled = false }}
  }}

  enabled = {{ for name, app in local.apps : name => app if try(app.enabled, true) }}
}}

data "aws_iam_policy_document" "trust" {{
  for_each = local.enabled

  statement {{
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {{
      type        = "Federated"
      identifiers = ["arn:aws:iam::${{local.account}}:oidc-provider/${{local.provider}}"]
    }}
    dynamic "condition" {{
      for_each = {{
        sub = [for each_one in each.value.accounts : "system:serviceaccount:${{each.value.namespace}}:${{each_one}}"]
        aud = ["sts.amazonaws.com"]
      }}
      content {{
        test     = "StringEquals"
        variable = "${{local.provider}}:${{condition.key}}"
        values   = condition.value
      }}
    }}
  }}
}}

data "aws_iam_policy_document" "read" {{
  for_each = local.enabled

  dynamic "statement" {{
    for_each = toset(each.value.secrets)
    iterator = secret
    content {{
      actions   = ["secretsmanager:GetSecretValue"]
      resources = ["arn:aws:secretsmanager:eu-west-1:${{local.account}}:secret:${{secret.value}}-??????"]
    }}
  }}
}}

resource "aws_iam_role" "eso" {{
  for_each           = local.enabled
  name               = "one-${{each.key}}-eso"
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
}}

resource "aws_iam_role_policy" "read" {{
  for_each = local.enabled
  role     = aws_iam_role.eso[each.key].id
  policy   = data.aws_iam_policy_document.read[each.key].json
}}
"""
"""Roles of the apps in a map, with conditions and statements that are made one by one."""

LOOKUPS = """\
variable "environment" {
  type = string
}

variable "apps" {
  type = map(object({
    namespace = string
    account   = optional(string, "eso")
    secrets   = optional(set(string), [])
  }))
}

locals {
  environments = {
    dev  = { account = "111122223333", prefix = "one" }
    prod = { account = 444455556666, prefix = "two" }
  }
  own      = local.environments[var.environment]
  accounts = { for name, app in var.apps : name => "${name}-${app.account}" }
  subjects = zipmap(keys(var.apps), [
    for name in keys(var.apps) : format("system:serviceaccount:%s:%s", var.apps[name].namespace, local.accounts[name])
  ])
  tags = merge({ team = "web" }, var.environment == "prod" ? { tier = "1" } : {})
}

resource "aws_iam_role" "eso" {
  for_each = var.apps
  name     = join("-", [local.own.prefix, lookup(local.accounts, each.key, "none")])
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = one(values(module.eks)[*].oidc_provider_arn) }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "${module.eks["dev"].oidc_provider}:sub" = local.subjects[each.key] } }
    }]
  })
}

resource "aws_iam_role_policy" "read" {
  for_each = var.apps
  role     = aws_iam_role.eso[each.key].name
  policy = jsonencode({
    Statement = concat([{
      Effect = "Allow"
      Action = [for what in ["GetSecretValue", "DescribeSecret"] : "secretsmanager:${what}"]
      Resource = formatlist(
        "arn:aws:secretsmanager:%s:%s:secret:%s-??????", "eu-west-1", local.own.account, sort(each.value.secrets)
      )
    }], [])
  })
}

module "eks" {
  source   = "terraform-aws-modules/eks/aws"
  for_each = toset(["dev"])
}
"""
"""Roles of the apps in a variable, with what is looked up for the environment."""

LOOKED_UP = {
    MAIN: LOOKUPS,
    "terraform/terraform.tfvars": """\
environment = "dev"
apps = {
  web = { namespace = "web", secrets = ["dev/web/db"] }
}
""",
}

WITH_WHOLE_ARNS: Mapping[str, Mapping[str, str]] = {
    "constants": {MAIN: LITERAL},
    "documents, locals and defaults": {MAIN: DOCUMENTS},
    "a policy of several roles": {MAIN: ATTACHMENT},
    "the module of version 5": {MAIN: MODULE_5},
    "the module of version 6": {MAIN: MODULE_6},
    "the module with oidc": {MAIN: WITH_OIDC},
    "the addons of blueprints": {MAIN: BLUEPRINTS},
    "a module of the tree": OWN_MODULE,
    "Terragrunt": TERRAGRUNT,
}
"""Terraform in which the ARN of a secret is written as it is, or in few parts."""

FORMS: Mapping[str, Mapping[str, str]] = {**WITH_WHOLE_ARNS, "loops": {MAIN: LOOPS}, "lookups": LOOKED_UP}


ACCESS = "secret-access error manifests/secret.yaml:15:14: role one-web-eso may not read"
BEHIND = "whom the role of SecretStore store trusts, and what it may read, is not known"
NOT_SEEN = "manifests/account.yaml:6:33: no role one-web-eso is seen in the Terraform here, of which some is not read:"
MAY_BE = "manifests/account.yaml:6:33: the role one-web-eso may be the one at"
NAME = "whose name only Terraform knows"
MAY_READ = (
    "manifests/secret.yaml:15:14: whether role one-web-eso may read dev/web/db is not known: not all of its "
    "policies is read here, at"
)
TRUSTS = (
    f"manifests/store.yaml:13:19: whether role one-web-eso at terraform/main.tf:2:1 trusts {SUBJECT} is not known: "
    "not all of its trust policy is read here"
)

_CHAIN = {
    *("cannot-say", "role-declared", "trust-subject", "oidc-provider", "secret-access", "kms-access"),
    *("secret-access-excess", "secret-actions", "role-unused", "service-account-role", "store-region"),
}


def tree(terraform: Mapping[str, str] | str, **changes: str) -> dict[str, str]:
    """Returns the repository kept by hand, with Terraform in the place of its variable file."""
    files = {path: text for path, text in BY_HAND.items() if path != TFVARS_FILE}
    return {**files, **({MAIN: terraform} if isinstance(terraform, str) else terraform), **changes}


def problems(root: Path, files: Mapping[str, str]) -> list[str]:
    """Returns what the rules of the chain say of a repository, in one line each."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    found = judge(Graph(Files(root), (".",), repositories({URL: "."}))).problems
    return [
        f"{each.code} {each.severity} {each.at}: {each.message.partition('; not judged')[0]}"
        for each in found
        if each.code in _CHAIN and each.at.path not in ("apps/operator.yaml", "apps/web.yaml", "apps/two.yaml")
    ]


def changed(files: Mapping[str, str], *changes: tuple[str, str]) -> dict[str, str]:
    """Returns files with some texts replaced, each of which stands in one of them once."""
    found = dict(files)
    for old, new in changes:
        (path,) = [path for path, text in found.items() if old in text]
        assert found[path].count(old) == 1, f"{old!r} stands {found[path].count(old)} times in {path}"
        found[path] = found[path].replace(old, new)
    return found


AS = "which SecretStore store signs in as"


OTHER_REGION = 'provider "aws" {\n  region = "us-east-1"\n}\n\n'
