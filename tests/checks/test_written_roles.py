"""The chain behind a store whose role stands in the Terraform of the tree, where no variable file names the cluster."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import ACCOUNT_FILE, BY_HAND, PROVIDER, SECRET_FILE, STORE_FILE, TFVARS_FILE, application
from tests.checks.trees import MARK, URL, shown

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

FORMS: Mapping[str, Mapping[str, str]] = {
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


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_nothing_is_said_where_all_agrees(tmp_path: Path, form: Mapping[str, str]) -> None:
    assert problems(tmp_path, tree(form)) == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_store_that_signs_in_in_another_namespace_is_not_trusted(tmp_path: Path, form: Mapping[str, str]) -> None:
    files = {**tree(form), "apps/web.yaml": BY_HAND["apps/web.yaml"].replace("namespace: web", "namespace: shop")}
    (problem,) = problems(tmp_path, files)
    code, severity, at, *_ = problem.split(" ")
    assert (code, severity, at.partition(":")[0]) == ("trust-subject", "error", trusting(form))
    assert problem.endswith(
        f"role one-web-eso trusts {SUBJECT}, expected system:serviceaccount:shop:web-eso, which SecretStore store "
        "signs in as"
    )


def trusting(form: Mapping[str, str]) -> str:
    return MAIN if MAIN in form else "terraform/modules/irsa/main.tf"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_secret_that_no_pattern_covers_is_found(tmp_path: Path, form: Mapping[str, str]) -> None:
    files = {**tree(form), SECRET_FILE: BY_HAND[SECRET_FILE].replace("dev/web/db", "dev/web/cache")}
    access, *excess = problems(tmp_path, files)
    assert access == (
        "secret-access error manifests/secret.yaml:15:14: role one-web-eso may not read dev/web/cache in "
        f"eu-west-1: it may read {SECRET}"
    )
    assert [each.split(" ")[:2] for each in excess] == [["secret-access-excess", "warning"]]


def test_what_comes_of_a_default_is_a_warning_where_another_value_would_do(tmp_path: Path) -> None:
    secret = {SECRET_FILE: BY_HAND[SECRET_FILE].replace("dev/web/db", "prod/web/db")}
    access, _ = problems(tmp_path, tree(DOCUMENTS, **secret))
    assert access == (
        f"secret-access warning manifests/secret.yaml:15:14: role one-web-eso may not read prod/web/db in eu-west-1: "
        f"it may read {SECRET}"
    )


def test_both_ends_of_a_trust_are_told(tmp_path: Path) -> None:
    for path, text in tree(changed({MAIN: LITERAL}, (SUBJECT, "system:serviceaccount:web:web-esp"))).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [shown(each) for each in judge(graph, select=["trust-subject"]).problems] == [
        (
            "terraform/main.tf:11:1: error: role one-web-eso trusts system:serviceaccount:web:web-esp, expected "
            "system:serviceaccount:web:web-eso, which SecretStore store signs in as; not judged behind it: the OIDC "
            "provider, the secrets that the role may read, the KMS keys that it may use\n"
            "hint: make service_account of the role and of the store equal\n"
            "manifests/store.yaml:13:19: SecretStore store signs in as web-eso here\n"
            "manifests/account.yaml:6:33: the account is annotated with the role here"
        )
    ]


AS = "which SecretStore store signs in as"
UNASKED = "which nothing asks for; SecretStore store asks for dev/web/db"
TRUST = "trust-subject error terraform/main.tf:11:1: role one-web-eso trusts"
PRINCIPAL = "oidc-provider error terraform/main.tf:11:1: role one-web-eso trusts the provider"
WIDE = "secret-access-excess warning terraform/main.tf:26:1: role one-web-eso may read"

WHOLE = "trust-subject warning terraform/main.tf:1:1: role one-web-eso"
ASKED = f"""\
StringEquals = {{
          "{PROVIDER}:sub" = "{SUBJECT}\""""
OPEN = f"""\
StringLike = {{{{
          "{PROVIDER}:sub" = "{{}}"
        }}}}
        StringEquals = {{{{"""

BROKEN = {
    "the namespace": (
        (SUBJECT, "system:serviceaccount:external-secrets:web-eso"),
        [f"{TRUST} system:serviceaccount:external-secrets:web-eso, expected {SUBJECT}, {AS}"],
    ),
    "the audience": (
        ('= "sts.amazonaws.com"', '= "sts.eu-west-1.amazonaws.com"'),
        [
            (
                "trust-subject error terraform/main.tf:11:1: ServiceAccount web-eso asks for a token for audience "
                "sts.amazonaws.com, but role one-web-eso trusts sts.eu-west-1.amazonaws.com"
            )
        ],
    ),
    "a pattern that is no pattern": (
        ("StringEquals = {", 'StringEquals = {\n          "x:sub" = "system:serviceaccount:web:*"'),
        [
            f"{TRUST} system:serviceaccount:web:*, {SUBJECT}, expected {SUBJECT}, which SecretStore store signs in as",
            f"{PRINCIPAL} {PROVIDER}, and its conditions are of x",
        ],
    ),
    "the provider of the audience": (
        (f'"{PROVIDER}:aud"', '"oidc.eks.eu-west-1.amazonaws.com:aud"'),
        [f"{PRINCIPAL} {PROVIDER}, and its conditions are of oidc.eks.eu-west-1.amazonaws.com"],
    ),
    "a key that no token of EKS has": (
        (f'"{PROVIDER}:sub"', f'"{PROVIDER}:subject"'),
        [f"{TRUST} no ServiceAccount by a web identity, expected {SUBJECT}, {AS}"],
    ),
    "a second statement that denies": (
        (
            "Statement = [{\n      Effect    ",
            'Statement = [{ Effect = "Deny", Principal = "*", Action = "sts:*" }, {\n      Effect    ',
        ),
        [f"{TRUST.removesuffix('trusts')}denies {SUBJECT}, {AS}"],
    ),
    "the provider of the conditions": (
        (f'"{PROVIDER}:sub"', f'"{PROVIDER.replace("51", "52")}:sub"'),
        [
            (
                f"oidc-provider error terraform/main.tf:11:1: role one-web-eso trusts the provider {PROVIDER}, and its "
                f"conditions are of {PROVIDER.replace('51', '52')}"
            )
        ],
    ),
    "a pattern for one namespace": (
        (ASKED, OPEN.format("system:serviceaccount:web:*")),
        [f"{TRUST.replace('error', 'note')} system:serviceaccount:web:*, expected {SUBJECT}, {AS}"],
    ),
    "a pattern for all namespaces": (
        (ASKED, OPEN.format("system:serviceaccount:*:web-eso")),
        [f"{TRUST.replace('error', 'warning')} system:serviceaccount:*:web-eso, expected {SUBJECT}, {AS}"],
    ),
    "no subject": (
        (ASKED, "StringEquals = {"),
        [f"{WHOLE} trusts every ServiceAccount of the cluster, expected {SUBJECT}, {AS}"],
    ),
    "no web identity": (
        ('"sts:AssumeRoleWithWebIdentity"', '"sts:AssumeRole"'),
        [f"{TRUST} no ServiceAccount by a web identity, expected {SUBJECT}, which SecretStore store signs in as"],
    ),
    "a pattern without room for the suffix": (
        ("dev/web/db-??????", "dev/web/db"),
        [
            (
                f"{ACCESS} dev/web/db in eu-west-1: "
                "it may read arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db"
            ),
            (
                f"{WIDE} arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db, which nothing asks for; "
                "SecretStore store asks for dev/web/db"
            ),
        ],
    ),
    "another region": (
        (":eu-west-1:111122223333:secret", ":eu-west-2:111122223333:secret"),
        [
            f"{ACCESS} dev/web/db in eu-west-1: it may read {SECRET.replace('eu-west-1', 'eu-west-2')}",
            f"{WIDE} {SECRET.replace('eu-west-1', 'eu-west-2')}, {UNASKED}",
        ],
    ),
    "a pattern for every secret": (
        ("dev/web/db-??????", "*"),
        [f"{WIDE} arn:aws:secretsmanager:eu-west-1:111122223333:secret:*: a wildcard where the value is known"],
    ),
    "an action that is never called": (
        ('"secretsmanager:DescribeSecret"', '"secretsmanager:DeleteSecret"'),
        [
            (
                "secret-actions warning terraform/main.tf:25:1: role one-web-eso may do secretsmanager:DeleteSecret: "
                "External Secrets never calls it"
            )
        ],
    ),
}


@pytest.mark.parametrize(("change", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_broken_link_is_found(tmp_path: Path, change: tuple[str, str], expected: list[str]) -> None:
    assert problems(tmp_path, tree(changed({MAIN: LITERAL}, change))) == expected


def test_a_provider_is_named_without_the_scheme_of_its_issuer(tmp_path: Path) -> None:
    """Source: IAM, CreateOpenIDConnectProvider."""
    text = LITERAL.replace(PROVIDER, f"https://{PROVIDER}")
    assert text.count("https://") == 3  # the principal, the subject and the audience
    assert problems(tmp_path, tree({MAIN: text})) == [
        (
            "oidc-provider error terraform/main.tf:11:1: role one-web-eso trusts a provider with https:// in its name, "
            "as the issuer of a cluster has it, and no provider of IAM"
        )
    ]


DECLARED = "role-declared error manifests/account.yaml:6:33: the role of SecretStore store on one:"


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (ARN.replace("1111", "4444"), [f"{DECLARED} got account 444422223333, expected 111122223333"]),
        (
            ARN.replace("one-web-eso", "onee-web-eso"),
            [
                (
                    f"{DECLARED} got role onee-web-eso, which no Terraform here makes, expected one-web-eso, which "
                    f"trusts {SUBJECT}"
                )
            ],
        ),
        (
            ARN.replace("one-web-eso", "shop"),
            [
                (
                    "cannot-say note manifests/account.yaml:6:33: no role shop is in the Terraform here, and "
                    f"one-web-eso at terraform/main.tf:2:1 trusts {SUBJECT}: {BEHIND}"
                )
            ],
        ),
    ],
)
def test_a_name_or_an_account_that_matches_nothing_is_told(tmp_path: Path, arn: str, expected: list[str]) -> None:
    account = BY_HAND[ACCOUNT_FILE].replace(ARN, arn)
    assert problems(tmp_path, tree(LITERAL, **{ACCOUNT_FILE: account})) == expected


def annotated(role: str) -> dict[str, str]:
    """Returns the ServiceAccount with another role."""
    return {ACCOUNT_FILE: BY_HAND[ACCOUNT_FILE].replace("role/one-web-eso", f"role/{role}")}


@pytest.mark.parametrize(
    ("path", "arn", "expected"),
    [
        ("/eks/", ARN.replace("role/", "role/eks/"), []),
        ("/eks/", ARN, [f"{DECLARED} got role/one-web-eso, expected role/eks/one-web-eso"]),
        ("/", ARN.replace("role/", "role/eks/"), [f"{DECLARED} got role/eks/one-web-eso, expected role/one-web-eso"]),
        ("${module.x.path}", ARN.replace("role/", "role/eks/"), []),
    ],
)
def test_the_path_of_a_role_is_part_of_its_arn(tmp_path: Path, path: str, arn: str, expected: list[str]) -> None:
    text = LITERAL.replace('  name = "one', f'  path = "{path}"\n  name = "one')
    account = {ACCOUNT_FILE: BY_HAND[ACCOUNT_FILE].replace(ARN, arn)}
    assert problems(tmp_path, tree(text, **account)) == expected


def test_a_form_is_compared_with_nothing(tmp_path: Path) -> None:
    account = {ACCOUNT_FILE: BY_HAND[ACCOUNT_FILE].replace("111122223333", "<ACCOUNT_ID>")}
    assert [each.split(" ")[0] for each in problems(tmp_path, tree(LITERAL, **account))] == ["service-account-role"]


def test_a_role_that_is_given_a_policy_in_another_folder_may_read_more(tmp_path: Path) -> None:
    attached = 'resource "aws_iam_role_policy_attachment" "x" {\n  role = "one-web-eso"\n  policy_arn = var.policy\n}\n'
    more = {SECRET_FILE: BY_HAND[SECRET_FILE].replace("web/db", "web/cache"), "more/main.tf": attached}
    assert [each.split(" ")[0] for each in problems(tmp_path, tree(LITERAL, **more))] == [
        "secret-access-excess",
        "cannot-say",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "${get_repo_root()}/terraform/modules//irsa",
        "${get_terragrunt_dir()}/../../../modules/irsa",
        "../../../modules/irsa",
    ],
)
def test_terragrunt_names_a_module_of_the_tree(tmp_path: Path, source: str) -> None:
    form = changed(TERRAGRUNT, ("../../../modules//irsa", source), ('web-eso"\n  enabled', 'eso"\n  enabled'))
    assert [each.split(" ")[:2] for each in problems(tmp_path, tree(form))] == [["trust-subject", "error"]]


@pytest.mark.parametrize("name", ["policy.json", "../policy.json", "./policy.json"])
def test_a_file_that_the_inputs_of_terragrunt_name_is_read_beside_theirs(tmp_path: Path, name: str) -> None:
    form = changed(
        TERRAGRUNT,
        ('variable "secrets" {}', 'variable "policy" {}'),
        (f'  secrets      = ["{SECRET}"]', f'  policy       = file("{name}")'),
    )
    module, _, _ = form["terraform/modules/irsa/main.tf"].partition(
        "  policy = jsonencode({\n    Statement = [{ Effect"
    )
    policy = (
        f'{{"Statement": [{{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "{SECRET}"}}]}}'
    )
    path = posixpath.normpath(f"terraform/live/dev/eso/{name}")
    files = {**form, "terraform/modules/irsa/main.tf": f"{module}  policy = var.policy\n}}\n", path: policy}
    assert problems(tmp_path / "sound", tree(files)) == []
    other = policy.replace(":secret:", ":secret:other/")
    assert [each.split(" ")[:2] for each in problems(tmp_path / "broken", tree({**files, path: other}))] == [
        ["secret-access", "error"],
        ["secret-access-excess", "warning"],
    ]
    assert [each.split(" ")[:2] for each in problems(tmp_path / "unseen", tree({**form, **files, path: ""}))] == [
        ["cannot-say", "note"]
    ]


def test_terragrunt_runs_a_module_of_the_registry(tmp_path: Path) -> None:
    text = """\
terraform {
  source = "tfr:///terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks?version=5.39.0"
}

inputs = {
  role_name                             = "one-web-eso"
  attach_external_secrets_policy        = true
  external_secrets_kms_key_arns         = []
  external_secrets_secrets_manager_arns = ["SECRET"]
  oidc_providers = {
    main = {
      provider_arn               = dependency.eks.outputs.oidc_provider_arn
      namespace_service_accounts = ["web:web-eso"]
    }
  }
}
""".replace("SECRET", SECRET)
    path = "live/eso/terragrunt.hcl"
    assert problems(tmp_path / "sound", tree({path: text})) == []
    assert problems(tmp_path / "broken", tree({path: text.replace('"web:web-eso"', '"web:eso"')})) == [
        (
            f"trust-subject error {path}:13:1: role one-web-eso trusts system:serviceaccount:web:eso, expected "
            f"{SUBJECT}, {AS}"
        )
    ]


def test_what_an_included_file_of_terragrunt_gives_is_not_known(tmp_path: Path) -> None:
    form = changed(TERRAGRUNT, ('  account      = "web-eso"\n', ""))
    assert problems(tmp_path, tree(form)) == [
        f"cannot-say note {TRUSTS.replace('main.tf:2', 'modules/irsa/main.tf:18')}"
    ]


def test_the_account_of_a_provider_is_that_of_its_roles(tmp_path: Path) -> None:
    text = DOCUMENTS.replace("region = var.region", 'region = "eu-west-1"\n  allowed_account_ids = ["444455556666"]')
    assert problems(tmp_path, tree(text)) == [f"{DECLARED} got account 111122223333, expected 444455556666"]


def test_a_role_of_another_provider_may_be_in_any_account(tmp_path: Path) -> None:
    text = DOCUMENTS.replace("region = var.region", 'region = "eu-west-1"').replace('default = "dev"', 'default = "d"')
    role = text.replace('resource "aws_iam_role" "eso" {', 'resource "aws_iam_role" "eso" {\n  provider = aws.other')
    files = tree(role.replace("${var.environment}/", "dev/"))
    assert problems(tmp_path, files) == [f"cannot-say note {MAY_READ} terraform/main.tf:28:1"]


def test_a_name_that_is_almost_there_is_a_warning_while_a_module_is_not_read(tmp_path: Path) -> None:
    account = {ACCOUNT_FILE: BY_HAND[ACCOUNT_FILE].replace("one-web-eso", "onee-web-eso")}
    module = 'module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n}\n'
    assert [each.split(" ")[:2] for each in problems(tmp_path, tree(LITERAL + module, **account))] == [
        ["role-declared", "warning"]
    ]


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ('file("${path.module}/read.json")', SECRET),
        (
            'templatefile("${path.module}/read.json", { secret = "dev/web/db" })',
            SECRET.replace("dev/web/db", "${secret}"),
        ),
    ],
)
def test_a_policy_in_a_file_of_its_own_is_read(tmp_path: Path, written: str, file: str) -> None:
    text, _, _ = LITERAL.partition("  policy = jsonencode")
    policy = '{"Statement": [{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "SECRET"}]}\n'
    read = {"terraform/read.json": policy.replace("SECRET", file)}
    sound = tree(f"{text}  policy = {written}\n}}\n", **read)
    assert problems(tmp_path / "sound", sound) == []
    broken = {**sound, SECRET_FILE: BY_HAND[SECRET_FILE].replace("dev/web/db", "dev/web/cache")}
    assert [each.split(" ")[:2] for each in problems(tmp_path / "broken", broken)] == [
        ["secret-access", "error"],
        ["secret-access-excess", "warning"],
    ]


def test_a_policy_in_a_file_that_is_not_here_is_not_known(tmp_path: Path) -> None:
    text, _, _ = LITERAL.partition("  policy = jsonencode")
    files = tree(f'{text}  policy = file("${{path.module}}/nowhere.json")\n}}\n')
    assert problems(tmp_path, files) == [f"cannot-say note {MAY_READ} terraform/main.tf:19:1"]


def two_accounts(**changes: str) -> dict[str, str]:
    """Returns a second cluster in another account, with a role of the same name."""
    return {
        "apps/two.yaml": application("two", cluster="two", path="two"),
        "two/account.yaml": BY_HAND[ACCOUNT_FILE].replace("1111", "4444"),
        "two/store.yaml": BY_HAND[STORE_FILE],
        "two/secret.yaml": BY_HAND[SECRET_FILE],
        **changes,
    }


def test_a_role_that_is_made_for_the_account_of_another_cluster_is_no_mistake(tmp_path: Path) -> None:
    assert problems(tmp_path, tree(LITERAL, **two_accounts())) == [
        (
            "cannot-say note two/account.yaml:6:33: the Terraform here makes one-web-eso in account 111122223333, not "
            f"in 444422223333: terraform/main.tf:2:1: {BEHIND}"
        )
    ]


def test_the_role_of_another_account_is_told_apart_by_its_provider(tmp_path: Path) -> None:
    two = LITERAL.replace("1111", "4444").replace("web:web-eso", "shop:shop-eso")
    assert problems(tmp_path, tree({"terraform/dev/main.tf": LITERAL, "terraform/prod/main.tf": two})) == []


def test_what_is_open_for_more_than_two_service_accounts_is_told_once(tmp_path: Path) -> None:
    shop = two_accounts(**{"apps/two.yaml": application("two", cluster="one", path="two", namespace="shop")})
    shop["two/account.yaml"] = BY_HAND[ACCOUNT_FILE]
    text = LITERAL.replace("StringEquals", "StringLike").replace(SUBJECT, "system:serviceaccount:*:web-eso")
    assert problems(tmp_path, tree(text, **shop)) == [
        (
            f"{TRUST.replace('error', 'warning')} system:serviceaccount:*:web-eso, expected "
            f"system:serviceaccount:shop:web-eso, {SUBJECT}, which stores sign in as"
        )
    ]


def test_several_roles_of_one_name_leave_a_doubt(tmp_path: Path) -> None:
    unknown = LITERAL.replace("::111122223333:oidc", "::${module.account.id}:oidc")
    two = unknown.replace("web:web-eso", "shop:shop-eso")
    assert problems(tmp_path, tree({"terraform/dev/main.tf": unknown, "terraform/prod/main.tf": two})) == [
        (
            "cannot-say note manifests/account.yaml:6:33: the Terraform here makes several roles one-web-eso: "
            f"terraform/dev/main.tf:2:1, terraform/prod/main.tf:2:1: {BEHIND}"
        )
    ]


def test_several_roles_of_one_name_that_say_the_same_are_judged(tmp_path: Path) -> None:
    roots = {"terraform/dev/main.tf": LITERAL, "terraform/prod/main.tf": LITERAL}
    assert problems(tmp_path, tree(roots)) == []


UNDECIDED = {
    "a name that only Terraform knows": (
        {MAIN: LITERAL.replace('"one-web-eso"', '"${module.eks.cluster_name}-web-eso"')},
        f"{MAY_BE} terraform/main.tf:2:1, {NAME}: {BEHIND}",
    ),
    "a module that is not here": (
        {MAIN: 'module "irsa" {\n  source = "git::https://git.example.com/irsa.git"\n  name = "one-web-eso"\n}\n'},
        f"{NOT_SEEN} module irsa, git::https://git.example.com/irsa.git at terraform/main.tf:2:1: {BEHIND}",
    ),
    "a file that is not read": (
        {MAIN: LITERAL, "terraform/more.tofu": 'resource "aws_iam_role" "x" {}\n'},
        f"{NOT_SEEN} the Terraform there at terraform: {BEHIND}",
    ),
    "a module that nobody is seen to call": (
        {"modules/irsa/main.tf": OWN_MODULE["terraform/modules/irsa/main.tf"]},
        f"{MAY_BE} modules/irsa/main.tf:18:1, {NAME}: {BEHIND}",
    ),
    "Terragrunt with a module from elsewhere": (
        {"live/irsa/terragrunt.hcl": 'terraform {\n  source = "git::https://git.example.com/m.git"\n}\ninputs = {}\n'},
        f"{NOT_SEEN} terragrunt, git::https://git.example.com/m.git at live/irsa/terragrunt.hcl:2:1: {BEHIND}",
    ),
    "a trust that only Terraform knows": (
        {MAIN: LITERAL.replace(SUBJECT, "system:serviceaccount:${module.eso.namespace}:web-eso")},
        TRUSTS,
    ),
    "a test of another kind": ({MAIN: LITERAL.replace("StringEquals =", '"ForAnyValue:StringEquals" =')}, TRUSTS),
    "a policy from elsewhere": (
        {
            MAIN: LITERAL.partition('resource "aws_iam_role_policy"')[0]
            + 'resource "aws_iam_role_policy_attachment" "read" {\n  role = aws_iam_role.eso.name\n'
            '  policy_arn = "arn:aws:iam::aws:policy/SecretsManagerReadWrite"\n}\n'
        },
        f"{MAY_READ} terraform/main.tf:19:1",
    ),
    "a region that only Terraform knows": (
        {MAIN: LITERAL.replace(":eu-west-1:111122223333:secret", ":${var.region}:111122223333:secret")},
        f"{MAY_READ} terraform/main.tf:26:1",
    ),
    "a condition": (
        {MAIN: LITERAL.replace(f'"{SECRET}"', f'"{SECRET}"\n      Condition = {{ Bool = {{ "aws:ViaAWS" = "x" }} }}')},
        f"{MAY_READ} terraform/main.tf:26:1",
    ),
}
"""What is told, beside the Terraform of which it is."""


@pytest.mark.parametrize(("terraform", "expected"), UNDECIDED.values(), ids=UNDECIDED)
def test_what_cannot_be_decided_is_said_once(tmp_path: Path, terraform: Mapping[str, str], expected: str) -> None:
    files = {"terraform/eks.tf": 'resource "aws_iam_role" "node" {\n  name = "node"\n}\n', **terraform}
    files = (
        files if MAIN in terraform else {**terraform, "iam/x.tf": 'resource "aws_iam_role" "n" {\n  name = "n"\n}\n'}
    )
    assert problems(tmp_path, tree(files)) == [f"cannot-say note {expected}"]


def test_a_policy_that_is_not_wholly_known_may_still_be_too_narrow(tmp_path: Path) -> None:
    text = LITERAL.replace(":eu-west-1:111122223333:secret:dev/", ":${var.region}:111122223333:secret:prod/")
    assert problems(tmp_path, tree(text)) == [
        (
            f"{ACCESS} dev/web/db in eu-west-1: it "
            "may read arn:aws:secretsmanager:*:111122223333:secret:prod/web/db-??????"
        )
    ]


def test_a_name_behind_a_prefix_is_known_by_its_characters(tmp_path: Path) -> None:
    text = LITERAL.replace("name = ", "name_prefix = ").replace('"one-web-eso"', '"one-web-"')
    name = "one-web-20240102030405678900000001"
    assert problems(tmp_path / "sound", tree(text, **annotated(name))) == []
    broken = tree(text.replace(SUBJECT, "system:serviceaccount:web:eso"), **annotated(name))
    assert problems(tmp_path / "broken", broken) == [
        (
            f"trust-subject error terraform/main.tf:11:1: role {name} trusts system:serviceaccount:web:eso, expected "
            f"{SUBJECT}, which SecretStore store signs in as"
        )
    ]


def test_a_role_for_pods_of_eks_is_for_no_store_that_signs_in_with_a_token(tmp_path: Path) -> None:
    module = (
        'module "eso" {\n  source = "terraform-aws-modules/eks-pod-identity/aws"\n  name = "one-web-eso"\n'
        "  use_name_prefix = false\n  attach_external_secrets_policy = true\n}\n"
    )
    assert problems(tmp_path, tree(module)) == [
        (
            "trust-subject error terraform/main.tf:1:1: role one-web-eso trusts no ServiceAccount by a web identity, "
            f"expected {SUBJECT}, which SecretStore store signs in as"
        )
    ]


def test_the_values_of_a_variable_file_that_names_no_cluster_are_known(tmp_path: Path) -> None:
    text = DOCUMENTS.replace('"one-web-eso"', '"${var.project}-web-eso"') + 'variable "project" {}\n'
    given = {"terraform/terraform.tfvars": 'project     = "one"\nenvironment = "prod"\n'}
    assert problems(tmp_path, tree(text, **given)) == [
        (
            f"{ACCESS} dev/web/db in eu-west-1: it "
            "may read arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/web/db-??????"
        ),
        (
            "secret-access-excess warning terraform/main.tf:28:1: role one-web-eso may read "
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/web/db-??????, which nothing asks for; "
            "SecretStore store asks for dev/web/db"
        ),
    ]


def test_each_variable_file_is_a_run_of_its_own(tmp_path: Path) -> None:
    text = DOCUMENTS.replace('"one-web-eso"', '"${var.project}-web-eso"') + 'variable "project" {}\n'
    given = {
        "terraform/dev.tfvars": 'project     = "one"\nenvironment = "dev"\n',
        "terraform/prod.tfvars": 'project     = "two"\nenvironment = "prod"\n',
    }
    assert problems(tmp_path, tree(text, **given)) == []


def test_a_default_that_cannot_hold_for_two_accounts_leaves_a_doubt(tmp_path: Path) -> None:
    more = two_accounts(**{"two/secret.yaml": BY_HAND[SECRET_FILE].replace("dev/web/db", "prod/web/db")})
    found = problems(tmp_path, tree(DOCUMENTS, **more))
    reason = (
        "the role one-web-eso at terraform/main.tf:53:1 is made by defaults of variables, and is named in 2 accounts"
    )
    assert found == [
        f"cannot-say note {path}:6:33: {reason}: {BEHIND}" for path in ("manifests/account.yaml", "two/account.yaml")
    ]


def test_a_role_of_one_of_two_accounts_is_not_judged_for_the_other(tmp_path: Path) -> None:
    text = LITERAL.replace("::111122223333:oidc", "::${module.account.id}:oidc")
    assert problems(tmp_path / "secrets", tree(text, **two_accounts())) == [
        f"cannot-say note {MAY_READ.replace('manifests/', 'two/')} terraform/main.tf:26:1"
    ]
    shop = two_accounts(**{"apps/two.yaml": application("two", cluster="two", path="two", namespace="shop")})
    assert problems(tmp_path / "trust", tree(text, **shop)) == [
        (
            "cannot-say note two/account.yaml:6:33: the role one-web-eso at terraform/main.tf:2:1 does not trust "
            "system:serviceaccount:shop:web-eso, and is named in 2 accounts, of which one may have another: "
            f"{BEHIND}"
        )
    ]


def test_a_service_account_that_terraform_makes_is_said(tmp_path: Path) -> None:
    made = 'resource "kubernetes_service_account" "eso" {\n  metadata {\n    name = "web-eso"\n  }\n}\n'
    files = tree(LITERAL + made)
    del files[ACCOUNT_FILE]
    assert problems(tmp_path, files) == [
        (
            "cannot-say note manifests/store.yaml:13:19: terraform/main.tf seems to make the ServiceAccount web-eso of "
            "SecretStore store: with which role is not known"
        )
    ]


def test_the_service_account_of_an_operator_that_terraform_installs_is_said(tmp_path: Path) -> None:
    release = """\
resource "helm_release" "operator" {
  name       = "operator"
  repository = "https://charts.external-secrets.io"
  chart      = "external-secrets"
  set {
    name  = "serviceAccount.name"
    value = "web-eso"
  }
}
"""
    files = tree({MAIN: LITERAL, "terraform/operator.tf": release})
    del files[ACCOUNT_FILE]
    assert problems(tmp_path, files) == [
        (
            "cannot-say note manifests/store.yaml:13:19: terraform/operator.tf seems to make the ServiceAccount "
            "web-eso of SecretStore store: with which role is not known"
        )
    ]


def test_terraform_in_json_is_not_passed_over(tmp_path: Path) -> None:
    files = tree({"terraform/main.tf.json": '{"resource": {"aws_iam_role": {"eso": {"name": "one-web-eso"}}}}\n'})
    assert problems(tmp_path, files) == [f"cannot-say note {NOT_SEEN} the Terraform there at terraform: {BEHIND}"]


def test_what_the_role_may_read_that_a_store_assumes_is_judged(tmp_path: Path) -> None:
    store = BY_HAND[STORE_FILE].replace(
        "      region:", "      role: arn:aws:iam::111122223333:role/reader\n      region:"
    )
    text = LITERAL.partition('resource "aws_iam_role_policy"')[0]
    reader = LITERAL.replace('"eso"', '"reader"').replace("role.eso", "role.reader").replace("one-web-eso", "reader")
    reader = reader.replace('"sts:AssumeRoleWithWebIdentity"', '"sts:AssumeRole"')
    files = tree({MAIN: text, "terraform/reader.tf": reader}, **{STORE_FILE: store})
    note = (
        "secret-access note manifests/store.yaml:9:13: SecretStore store assumes arn:aws:iam::111122223333:role/reader "
        "after one-web-eso: whether it may is not known here"
    )
    assert problems(tmp_path / "sound", files) == [note]
    broken = {**files, SECRET_FILE: BY_HAND[SECRET_FILE].replace("dev/web/db", "dev/web/cache")}
    assert problems(tmp_path / "broken", broken) == [
        f"{ACCESS.replace('one-web-eso', 'reader')} dev/web/cache in eu-west-1: it may read {SECRET}",
        note,
    ]


def test_a_role_that_nobody_may_assume_is_not_assumed(tmp_path: Path) -> None:
    """Source: AWS Security Blog, "Announcing an update to IAM role trust policy behavior"."""
    store = BY_HAND[STORE_FILE].replace("      region:", f"      role: {ARN}\n      region:")
    statement = (
        'Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }, {\n      Effect'
    )
    trusting = LITERAL.replace("Statement = [{\n      Effect", statement, 1)
    assert trusting != LITERAL
    told = f"manifests/store.yaml:9:13: SecretStore store assumes {ARN} after one-web-eso"
    assert problems(tmp_path / "itself", tree({MAIN: LITERAL}, **{STORE_FILE: store})) == [
        (f"secret-access error {told}, and no statement of its trust policy lets anybody do so with sts:AssumeRole")
    ]
    assert problems(tmp_path / "trusting", tree({MAIN: trusting}, **{STORE_FILE: store})) == [
        f"secret-access note {told}: whether it may is not known here"
    ]


def test_a_role_of_a_module_may_be_let_to_assume_itself(tmp_path: Path) -> None:
    """Source: terraform-aws-modules/iam, iam-role-for-service-accounts-eks: allow_self_assume_role."""
    store = BY_HAND[STORE_FILE].replace("      region:", f"      role: {ARN}\n      region:")
    module = f"""\
module "eso" {{
  source                                = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  role_name                             = "one-web-eso"
  allow_self_assume_role                = true
  attach_external_secrets_policy        = true
  external_secrets_secrets_manager_arns = ["{SECRET}"]
  oidc_providers = {{
    one = {{
      provider_arn               = "arn:aws:iam::111122223333:oidc-provider/{PROVIDER}"
      namespace_service_accounts = ["web:web-eso"]
    }}
  }}
}}
"""
    told = [each for each in problems(tmp_path, tree(module, **{STORE_FILE: store})) if "assumes" in each]
    assert told == [
        (
            f"secret-access note manifests/store.yaml:9:13: SecretStore store assumes {ARN} after one-web-eso: whether "
            "it may is not known here"
        )
    ]


def test_a_secret_that_terraform_makes_is_known_by_its_name(tmp_path: Path) -> None:
    text = LITERAL.replace(f'"{SECRET}"', "aws_secretsmanager_secret.db.arn")
    secret = 'resource "aws_secretsmanager_secret" "db" {\n  name = "dev/web/db"\n}\n'
    provider = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
    assert problems(tmp_path / "sound", tree(text + secret + provider)) == []
    assert problems(tmp_path / "broken", tree(text + secret.replace("web/db", "web/other") + provider)) == [
        (f"{ACCESS} dev/web/db in eu-west-1: it may read {SECRET.replace('web/db', 'web/other')}"),
        f"{WIDE} {SECRET.replace('web/db', 'web/other')}, {UNASKED}",
    ]


def test_nothing_is_said_where_no_terraform_makes_roles(tmp_path: Path) -> None:
    assert problems(tmp_path, tree('resource "aws_s3_bucket" "x" {}\n')) == []


def test_a_variable_file_whose_module_is_not_here_is_said(tmp_path: Path) -> None:
    tfvars = BY_HAND[TFVARS_FILE].partition("eso_roles")[0]
    assert problems(tmp_path, {**tree({}), TFVARS_FILE: tfvars}) == [
        (
            "cannot-say note manifests/account.yaml:6:33: the Terraform that terraform/one.tfvars is for is not here: "
            f"{BEHIND}"
        )
    ]


def test_a_role_beside_a_variable_file_of_the_cluster_is_judged_as_far_as_it_is_known(tmp_path: Path) -> None:
    tfvars = BY_HAND[TFVARS_FILE].partition("eso_roles")[0]
    names = "".join(f'variable "{each.split(" ")[0]}" {{}}\n' for each in tfvars.splitlines() if "=" in each)
    text = names + LITERAL.replace(SUBJECT, "system:serviceaccount:shop:web-eso").replace(f'"{SECRET}"', "var.unknown")
    assert problems(tmp_path, {**tree(text), TFVARS_FILE: tfvars}) == [
        (
            "trust-subject error terraform/main.tf:17:1: role one-web-eso trusts system:serviceaccount:shop:web-eso, "
            f"expected {SUBJECT}, which SecretStore store signs in as"
        )
    ]


BESIDE = {"terraform/agents/main.tf": LITERAL}
OTHERS = BY_HAND[TFVARS_FILE].replace("one-web-eso", "one-other-eso")


def test_a_role_that_somebody_writes_beside_those_of_a_variable_file_counts(tmp_path: Path) -> None:
    found = problems(tmp_path, {**tree(BESIDE), TFVARS_FILE: OTHERS})
    assert [each for each in found if not each.startswith("role-unused")] == []


def test_a_role_beside_those_of_a_variable_file_is_judged(tmp_path: Path) -> None:
    text = LITERAL.replace(SUBJECT, "system:serviceaccount:web:web")
    assert problems(tmp_path, {**tree({"terraform/agents/main.tf": text}), TFVARS_FILE: OTHERS})[0] == (
        "trust-subject error terraform/agents/main.tf:11:1: role one-web-eso trusts system:serviceaccount:web:web, "
        f"expected {SUBJECT}, which SecretStore store signs in as"
    )


def test_a_role_that_trusts_the_provider_of_another_cluster_is_told(tmp_path: Path) -> None:
    other = PROVIDER.replace("51", "52")
    files = {**tree({"terraform/agents/main.tf": LITERAL.replace(PROVIDER, other)}), TFVARS_FILE: OTHERS}
    mine = "oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9"
    files[TFVARS_FILE] = files[TFVARS_FILE].replace(PROVIDER, mine)
    found = [each for each in problems(tmp_path, files) if each.startswith("oidc-provider")]
    assert found == [
        (
            f"oidc-provider error terraform/agents/main.tf:11:1: role one-web-eso trusts the provider {other}, and "
            f"that of one is {mine}"
        )
    ]


def test_a_role_that_is_neither_in_the_variable_file_nor_written_is_told(tmp_path: Path) -> None:
    text = LITERAL.replace("one-web-eso", "onee-web-eso")
    assert problems(tmp_path, {**tree({"terraform/agents/main.tf": text}), TFVARS_FILE: OTHERS})[0] == (
        "role-declared error manifests/account.yaml:6:33: the role of SecretStore store on one: got role one-web-eso, "
        f"which no Terraform here makes, expected onee-web-eso, which trusts {SUBJECT}"
    )


def test_a_store_by_hand_may_have_a_role_that_is_made_elsewhere(tmp_path: Path) -> None:
    files = {**tree({}), TFVARS_FILE: MARK + OTHERS.replace('"web-eso"', '"shop-eso"')}
    assert [each for each in problems(tmp_path, files) if not each.startswith("role-unused")] == [
        (
            "role-declared note manifests/account.yaml:6:33: the role of SecretStore store on one: one-web-eso is not "
            "among those of the generated variable file"
        )
    ]


@pytest.mark.parametrize(("slip", "account"), [("onee-web-eso", "shop-eso"), ("another", "web-eso")])
def test_a_store_by_hand_whose_role_is_almost_one_of_the_variable_file_is_told(
    tmp_path: Path, slip: str, account: str
) -> None:
    text = BY_HAND[TFVARS_FILE].replace('"web-eso"', f'"{account}"').replace("one-web-eso", slip)
    files = {**tree({}), TFVARS_FILE: MARK + text}
    assert problems(tmp_path, files)[0] == (
        "role-declared error manifests/account.yaml:6:33: the role of SecretStore store on one: got role one-web-eso, "
        f"expected one that its tfvars declare: {slip}"
    )


PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/dev/web/*"
_NO_SECRETS = "external_secrets_secrets_manager_arns = []"
ASKING = BY_HAND[SECRET_FILE].replace("dev/web/db\n        property: password", "/dev/web/db")


def reading_parameters(form: Mapping[str, str], asking: str = ASKING) -> dict[str, str]:
    """Returns the repository with a store for Parameter Store, and a form that lets its role read there."""
    files: dict[str, str] = {}
    for path, text in form.items():
        own = text.replace(SECRET, PARAMETER).replace("secretsmanager:GetSecretValue", "ssm:GetParameter")
        own = own.replace("_secrets_manager_arns", "_ssm_parameter_arns  ").replace(":secretsmanager:", ":ssm:")
        own = own.replace("  external_secrets_kms_key", f"  {_NO_SECRETS}\n  external_secrets_kms_key")
        files[path] = own.replace("}:secret", "}:parameter").replace(
            "${local.secrets}:${var.environment}/web/db-??????", "${local.secrets}/${var.environment}/web/*"
        )
    store = BY_HAND[STORE_FILE].replace("SecretsManager", "ParameterStore")
    return {**tree(files), STORE_FILE: store, SECRET_FILE: asking}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_parameter_that_the_role_may_read_is_sound(tmp_path: Path, form: Mapping[str, str]) -> None:
    assert problems(tmp_path, reading_parameters(form)) == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_parameter_that_no_pattern_covers_is_found(tmp_path: Path, form: Mapping[str, str]) -> None:
    severity = "warning" if form[min(form)] == DOCUMENTS else "error"
    (problem,) = problems(tmp_path, reading_parameters(form, ASKING.replace("/dev/web", "/prod/web")))
    assert problem == (
        f"secret-access {severity} manifests/secret.yaml:15:14: role one-web-eso may not read /prod/web/db in "
        f"eu-west-1: it may read {PARAMETER}"
    )


def test_a_role_for_secrets_alone_reads_no_parameter(tmp_path: Path) -> None:
    files = {**reading_parameters({}), MAIN: LITERAL}
    (problem,) = problems(tmp_path, files)
    assert problem == f"{ACCESS} /dev/web/db in eu-west-1: it may read nothing"


@pytest.mark.parametrize(
    "change",
    [
        ('"ssm:GetParameter", "secretsmanager:DescribeSecret"', "var.actions"),
        (f'Resource = "{PARAMETER}"', f'Resource = "{PARAMETER}"\n      Condition = {{}}'),
    ],
)
def test_a_parameter_that_only_terraform_knows_of_is_said(tmp_path: Path, change: tuple[str, str]) -> None:
    (problem,) = problems(tmp_path, changed(reading_parameters({MAIN: LITERAL}), change))
    assert problem.startswith(f"cannot-say note {MAY_READ.replace('dev/web', '/dev/web')}")


def test_a_parameter_whose_tags_are_read_takes_another_action(tmp_path: Path) -> None:
    asking = ASKING.replace("/dev/web/db", "/prod/web/db\n        metadataPolicy: Fetch")
    assert problems(tmp_path, reading_parameters({MAIN: LITERAL}, asking)) == []


KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FLAGS = "arn:aws:ssm:eu-west-1:111122223333:parameter/dev/web/flags"
WITH_KEY = ('DescribeSecret"]', 'DescribeSecret", "kms:Decrypt"]')


@pytest.mark.parametrize(
    "change",
    [
        (f'"{SECRET}"', f'["{SECRET}", "{KEY}"]'),
        (f'"{SECRET}"', f'["{SECRET}", "{KEY}", "{FLAGS}"]'),
        (f'"{SECRET}"', f'["{SECRET}", "{KEY}", "arn:aws:kms:eu-west-1:111122223333:alias/web"]'),
        ("dev/web/db-??????", "dev/web/db-a1B2c3"),
        ("dev/web/db-??????", "$${aws:PrincipalTag/env}/web/db-??????"),
        (":111122223333:secret", ":$${aws:PrincipalAccount}:secret"),
        ('"secretsmanager:DescribeSecret"', '"SecretsManager:describesecret"'),
        ('"secretsmanager:DescribeSecret"', '"SecretsManager:ListSecretVersionIds"'),
        (f'"{PROVIDER}:sub"', f'"{PROVIDER.upper()}:SUB"'),
    ],
)
def test_a_policy_that_is_written_in_another_way_is_as_good(tmp_path: Path, change: tuple[str, str]) -> None:
    """Source: IAM, "Policy elements: Resource", "Variables and tags" and "Condition"; KMS, "Using aliases"."""
    found = problems(tmp_path, tree(changed({MAIN: LITERAL}, WITH_KEY, change)))
    assert [each for each in found if " note " not in each] == []


def test_the_variables_of_a_policy_document_have_an_ampersand(tmp_path: Path) -> None:
    """Source: terraform-provider-aws, iam_policy_document_data_source.go, which makes ${ of &{."""
    text = DOCUMENTS.replace(":${var.environment}/web", ":&{aws:PrincipalTag/env}/web")
    assert text != DOCUMENTS
    assert problems(tmp_path, tree(text)) == [
        (
            "cannot-say note manifests/secret.yaml:15:14: whether role one-web-eso may read dev/web/db is not known: "
            "not all of its policies is read here, at terraform/main.tf:28:1"
        )
    ]


def test_keys_and_secrets_of_one_statement_are_told_apart(tmp_path: Path) -> None:
    change = (f'"{SECRET}"', f'["{SECRET}", "{KEY.replace("eu-west-1", "eu-west-2")}"]')
    assert problems(tmp_path, tree(changed({MAIN: LITERAL}, WITH_KEY, change))) == [
        (
            "kms-access warning terraform/main.tf:26:1: role one-web-eso: the key is in eu-west-2, but the secrets "
            "are in eu-west-1"
        )
    ]


def test_an_alias_alone_is_no_key(tmp_path: Path) -> None:
    change = (f'"{SECRET}"', f'["{SECRET}", "arn:aws:kms:eu-west-1:111122223333:alias/web"]')
    assert problems(tmp_path, tree(changed({MAIN: LITERAL}, WITH_KEY, change))) == [
        (
            "kms-access warning terraform/main.tf:26:1: role one-web-eso: got an alias, expected key/<id>: an IAM "
            "policy cannot name a key by its alias"
        )
    ]


def test_a_number_as_a_text_is_what_terraform_makes_of_it(tmp_path: Path) -> None:
    text = DOCUMENTS.replace('  namespace = "web"', '  namespace = tostring(5) == "5" ? "web" : "shop"')
    assert text != DOCUMENTS
    assert problems(tmp_path, tree(text)) == []


@pytest.mark.parametrize("tag", ["POLICY", "POL-ICY"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_policy_over_several_lines_is_read(tmp_path: Path, tag: str, newline: str) -> None:
    """Source: HCL native syntax specification, "Template Expressions": a tag is an identifier."""
    before, _, _ = LITERAL.partition('resource "aws_iam_role_policy"')
    text = f"""\
{before}resource "aws_iam_role_policy" "read" {{
  role   = aws_iam_role.eso.id
  policy = <<-{tag}
    {{"Statement": {{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "{SECRET}"}}}}
  {tag}
}}
"""
    (tmp_path / "terraform").mkdir()
    files = {**tree(text), SECRET_FILE: BY_HAND[SECRET_FILE].replace("dev/web/db", "dev/web/cache")}
    del files[MAIN]
    (tmp_path / MAIN).write_bytes(text.replace("\n", newline).encode())
    assert [each.split(" ")[:2] for each in problems(tmp_path, files)][:1] == [["secret-access", "error"]]


BY_VARIABLES = """\
variable "cluster_name" {
}
variable "namespace" {
}
variable "name" {
  default = "one-web-eso"
}
""" + LITERAL.replace(SUBJECT, "system:serviceaccount:${var.namespace}:web-eso").replace('"one-web-eso"', "var.name")
CLUSTER = 'cluster_name = "one"\n'
WEB, SHOP = 'namespace    = "web"\n', 'namespace    = "shop"\n'


@pytest.mark.parametrize(
    "files",
    [
        {"terraform.tfvars": CLUSTER + SHOP, "a.auto.tfvars": WEB},
        {"terraform.tfvars": SHOP, "a.auto.tfvars": CLUSTER + WEB},
        {"terraform.tfvars": CLUSTER + SHOP, "terraform.tfvars.json": '{"namespace": "web"}\n'},
        {"a.auto.tfvars": CLUSTER + SHOP, "b.auto.tfvars.json": '{"namespace": "web"}\n'},
        {"terraform.tfvars": CLUSTER + SHOP, "a.auto.tfvars": CLUSTER + WEB},
        {"terraform.tfvars": SHOP, "envs/one.tfvars": CLUSTER + WEB},
        {"a.auto.tfvars": SHOP, "terraform.tfvars": WEB, "b.auto.tfvars": WEB},
    ],
)
def test_the_file_that_terraform_loads_last_decides(tmp_path: Path, files: Mapping[str, str]) -> None:
    """Source: Terraform, "Variable Definition Precedence"; tried with 1.11.4."""
    beside = {f"terraform/{name}": text for name, text in files.items()}
    assert [each for each in problems(tmp_path, {**tree(BY_VARIABLES), **beside}) if " note " not in each] == []


def test_a_value_that_is_loaded_last_is_held_against_the_store(tmp_path: Path) -> None:
    files = {"terraform/terraform.tfvars": CLUSTER + WEB, "terraform/a.auto.tfvars": SHOP}
    assert problems(tmp_path, {**tree(BY_VARIABLES), **files}) == [
        (
            "trust-subject error terraform/main.tf:18:1: role one-web-eso trusts system:serviceaccount:shop:web-eso, "
            f"expected {SUBJECT}, which SecretStore store signs in as"
        )
    ]


def test_a_file_that_may_be_given_beside_another_leaves_its_values_open(tmp_path: Path) -> None:
    files = {
        "terraform.tfvars": SHOP,
        "envs/common.tfvars": WEB,
        "envs/one.tfvars": 'name = "one-web-eso"\n',
        "envs/two.tfvars": 'name = "two-web-eso"\n',
    }
    beside = {f"terraform/{name}": text for name, text in files.items()}
    found = problems(
        tmp_path, {**tree(BY_VARIABLES.replace('"cluster_name" {', '"cluster_name" {\n  default = ""')), **beside}
    )
    assert [each.split(" ")[:2] for each in found] == [["cannot-say", "note"]]


def test_clusters_whose_accounts_are_not_stated_may_be_in_several(tmp_path: Path) -> None:
    files = {
        "terraform/envs/one.tfvars": CLUSTER + WEB,
        "terraform/envs/two.tfvars": 'cluster_name = "two"\n' + WEB,
    }
    text = BY_VARIABLES.replace("arn:aws:iam::111122223333:oidc", "${var.account}:oidc")
    assert problems(tmp_path, {**tree(text), **files}) == []
    files = {path: f'{text}account_id   = "111122223333"\n' for path, text in files.items()}
    assert problems(tmp_path, {**tree(text), **files}) == [
        "role-unused error terraform/main.tf:9:1: role one-web-eso stands twice in account 111122223333"
    ]


PUSH = """\
apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata:
  name: push
spec:
  secretStoreRefs:
    - name: store
  selector:
    secret:
      name: db
  data:
    - match:
        secretKey: PASSWORD
        remoteRef:
          remoteKey: dev/web/more
"""
ITEM = """\
    - secretKey: TOKEN
      sourceRef:
        storeRef:
          name: store
      remoteRef:
        key: dev/web/more
"""
VAULT = """\
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: vault
spec:
  provider:
    vault:
      server: https://vault.example.com
      auth:
        tokenSecretRef: {name: token, key: token}
"""
FINDING = BY_HAND[SECRET_FILE].partition("  data:")[0] + "  dataFrom: [find: {name: {regexp: dev/.*}}]\n"


@pytest.mark.parametrize(
    "asking",
    [
        {SECRET_FILE: FINDING},
        {"manifests/push.yaml": PUSH},
        {
            "manifests/vault.yaml": VAULT,
            "manifests/more.yaml": BY_HAND[SECRET_FILE]
            .replace("name: db", "name: more")
            .replace("name: store", "name: vault")
            + ITEM,
        },
    ],
    ids=["find", "push", "an item of another store"],
)
def test_a_secret_may_be_asked_for_in_other_ways_than_by_the_store_of_an_external_secret(
    tmp_path: Path, asking: Mapping[str, str]
) -> None:
    """Source: external-secrets v2.9.0, GetAllSecrets, PushSecret, and sourceRef in externalsecret_types.go."""
    writing = ('"secretsmanager:DescribeSecret"', '"secretsmanager:*"')
    more = (f'"{SECRET}"', f'["{SECRET}", "{SECRET.replace("web/db", "web/more")}"]')
    found = problems(tmp_path, {**tree(changed({MAIN: LITERAL}, writing, more)), **asking})
    assert [each for each in found if "nothing asks for" in each] == []


OTHER_KEY = KEY.replace("1234abcd-", "5678abcd-")


@pytest.mark.parametrize(
    ("keys", "severity"), [("", "note"), (f'"{KEY}", "{OTHER_KEY}"', "note"), (f'"{OTHER_KEY}"', "warning")]
)
def test_what_else_allows_a_role_by_hand_to_use_a_key_is_not_known(tmp_path: Path, keys: str, severity: str) -> None:
    """Source: KMS, "Key policies": one may allow a role by itself, whatever the policies of that role say."""
    using = f'Resource = "{SECRET}"\n    }}, {{ Effect = "Allow", Action = "kms:Decrypt", Resource = var.keys }}]'
    text = 'variable "keys" {\n}\n' + LITERAL.replace(f'Resource = "{SECRET}"\n    }}]', using)
    text = 'variable "cluster_name" {\n}\n' + text.replace('"one-web-eso"', '"${var.cluster_name}-web-eso"')
    files = {
        MAIN: text,
        "terraform/envs/one.tfvars": f'cluster_name = "one"\nkeys         = ["{KEY}"]\n',
        "terraform/envs/two.tfvars": f'cluster_name = "two"\nkeys         = [{keys}]\n',
        "apps/two.yaml": application("two", cluster="two", path="two"),
        "two/all.yaml": "---\n".join(
            [BY_HAND[ACCOUNT_FILE].replace("one-", "two-"), BY_HAND[STORE_FILE], BY_HAND[SECRET_FILE]]
        ),
    }
    found = [each for each in problems(tmp_path, tree(files)) if each.startswith("kms-access")]
    assert [each.split(" ")[1] for each in found] == [severity]


OTHER_REGION = 'provider "aws" {\n  region = "us-east-1"\n}\n\n'
DATA_SECRET = f"""\
data "aws_secretsmanager_secret" "db" {{
  arn = "{SECRET.replace("??????", "AbCdEf")}"
}}

"""


@pytest.mark.parametrize(
    ("data", "region"),
    [
        ('data "aws_region" "here" {\n  name = "eu-west-1"\n}\n', "data.aws_region.here.name"),
        ('data "aws_region" "here" {\n  region = "eu-west-1"\n}\n', "data.aws_region.here.region"),
        ('data "aws_region" "here" {\n  endpoint = "ec2.eu-west-1.amazonaws.com"\n}\n', "data.aws_region.here.id"),
        (
            'data "aws_region" "here" {\n  for_each = toset(["eu-west-1"])\n  name = each.key\n}\n',
            'data.aws_region.here["eu-west-1"].name',
        ),
    ],
)
def test_a_region_that_a_data_source_states_is_not_that_of_the_provider(tmp_path: Path, data: str, region: str) -> None:
    """Source: terraform-provider-aws, region_data_source.go: the provider's where neither name nor endpoint is set."""
    text = OTHER_REGION + data + LITERAL.replace("secretsmanager:eu-west-1", f"secretsmanager:${{{region}}}")
    assert [each for each in problems(tmp_path, tree(text)) if " note " not in each] == []


def test_a_region_that_a_data_source_states_is_held_against_the_store(tmp_path: Path) -> None:
    data = 'data "aws_region" "there" {\n  name = "us-east-1"\n}\n'
    text = data + LITERAL.replace("secretsmanager:eu-west-1", "secretsmanager:${data.aws_region.there.name}")
    assert problems(tmp_path, tree(text))[0] == (
        f"{ACCESS} dev/web/db in eu-west-1: it may read {SECRET.replace('eu-west-1', 'us-east-1')}"
    )


def test_a_secret_that_is_looked_up_by_its_arn_may_be_anywhere(tmp_path: Path) -> None:
    """Source: terraform-provider-aws, aws_secretsmanager_secret: of the data source, arn or name is stated."""
    reading = LITERAL.replace(f'Resource = "{SECRET}"', "Resource = data.aws_secretsmanager_secret.db.arn")
    assert problems(tmp_path, tree(OTHER_REGION + DATA_SECRET + reading)) == [f"cannot-say note {MAY_READ} {MAIN}:34:1"]


INCLUDED = 'include "root" {\n  path = find_in_parent_folders()\n'


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("deep", "cannot-say note"),
        ("deep_map_only", "secret-access error"),
        ("shallow", "secret-access error"),
        ("no_merge", "secret-access error"),
    ],
)
def test_what_terragrunt_merges_into_a_list_is_not_known(tmp_path: Path, strategy: str, expected: str) -> None:
    """Source: Terragrunt, "include block", merge_strategy: deep joins lists, and maps by their keys."""
    merging = (INCLUDED, f'{INCLUDED}  merge_strategy = "{strategy}"\n')
    found = problems(tmp_path, tree(changed(TERRAGRUNT, merging, ("secret:dev/web/db", "secret:dev/web/other"))))
    assert [" ".join(each.split(" ")[:2]) for each in found if "excess" not in each] == [expected]


GIVEN = 'variable "prefix" {\n  default = "test"\n}\n'


@pytest.mark.parametrize(
    "files",
    [
        {
            "terragrunt.hcl": '  extra_arguments "own" {\n'
            '    commands           = ["apply"]\n'
            '    required_var_files = ["${get_terragrunt_dir()}/../own.tfvars"]\n  }\n',
        },
        {"terraform.tfvars": 'prefix = "dev"\n'},
        {"own.auto.tfvars": 'secrets = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/*"]\n'},
    ],
    ids=["extra arguments", "a file beside it", "a file that is laid over the inputs"],
)
def test_variable_files_that_terragrunt_hands_on_are_laid_over_the_inputs(
    tmp_path: Path, files: Mapping[str, str]
) -> None:
    """Source: Terragrunt, "Inputs": inputs are variables of the environment, and files come after these."""
    folder = "terraform/live/dev/eso"
    form = changed(
        TERRAGRUNT,
        (f"{INCLUDED}}}\n", ""),
        ('variable "secrets" {}\n', f'variable "secrets" {{}}\n{GIVEN}'),
        (
            "Resource = var.secrets",
            f'Resource = concat(["{SECRET.replace("dev/", "${var.prefix}/")}"], var.secrets)',
        ),
        (SECRET, SECRET.replace("dev/", "other/")),
        (
            'source = "../../../modules//irsa"\n',
            f'source = "../../../modules//irsa"\n{files.get("terragrunt.hcl", "")}',
        ),
    )
    beside = {f"{folder}/{name}": text for name, text in files.items() if name != "terragrunt.hcl"}
    found = problems(tmp_path, tree({**form, **beside}))
    assert [each for each in found if each.startswith("secret-access error")] == []


BARE = LITERAL.partition('resource "aws_iam_role_policy"')[0]
POLICY = LITERAL[len(BARE) :]
ELSEWHERE = "terraform/policies/main.tf"


@pytest.mark.parametrize(
    ("before", "role"),
    [
        ('data "aws_iam_role" "eso" {\n  name = "one-web-eso"\n}\n', "data.aws_iam_role.eso.name"),
        ('locals {\n  role = "one-web-eso"\n}\n', "local.role"),
        (
            'data "terraform_remote_state" "roles" {\n  backend = "s3"\n}\n',
            "data.terraform_remote_state.roles.outputs.role",
        ),
        ('variable "role" {\n}\n', "var.role"),
    ],
)
def test_a_role_without_policies_may_be_given_one_by_whom_nobody_can_say(
    tmp_path: Path, before: str, role: str
) -> None:
    giving = before + POLICY.replace("aws_iam_role.eso.id", role)
    found = problems(tmp_path, tree({MAIN: BARE, ELSEWHERE: giving}))
    assert found == [f"cannot-say note {MAY_READ} {MAIN}:1:1"]


def test_a_role_without_policies_is_told_where_others_are_given_to_roles_of_their_own(tmp_path: Path) -> None:
    own = BARE.replace("one-web-eso", "other") + POLICY.replace("aws_iam_role.eso.id", "one(aws_iam_role.eso[*].id)")
    assert problems(tmp_path, tree({MAIN: BARE, ELSEWHERE: own})) == [
        f"{ACCESS} dev/web/db in eu-west-1: it may read nothing"
    ]


def test_null_is_the_default_for_a_variable_that_cannot_be_null(tmp_path: Path) -> None:
    """Source: Terraform, "variable block", nullable."""
    inner = 'variable "account" {\n  default  = "web-eso"\n  nullable = false\n}\n' + LITERAL.replace(
        SUBJECT, '${var.account == null ? "system:serviceaccount:web:other" : "system:serviceaccount:web:web-eso"}'
    )
    call = 'module "eso" {\n  source  = "./modules/eso"\n  account = null\n}\n'
    assert problems(tmp_path, tree({MAIN: call, "terraform/modules/eso/main.tf": inner})) == []


def test_a_module_with_a_provider_of_its_own_is_where_that_one_is(tmp_path: Path) -> None:
    """Source: Terraform, "Providers Within Modules", legacy shared modules with provider configurations."""
    inner = 'provider "aws" {\n  region = "eu-west-1"\n}\n\ndata "aws_region" "current" {\n}\n' + LITERAL.replace(
        "secretsmanager:eu-west-1", "secretsmanager:${data.aws_region.current.name}"
    )
    call = OTHER_REGION + 'module "eso" {\n  source = "./modules/eso"\n}\n'
    found = problems(tmp_path, tree({MAIN: call, "terraform/modules/eso/main.tf": inner}))
    assert [each for each in found if " note " not in each] == []


def test_a_default_may_be_laid_over_by_a_variable_file_of_which_nobody_knows_for_whom_it_is(tmp_path: Path) -> None:
    text = 'variable "environment" {\n  default = "test"\n}\n' + LITERAL.replace(
        "secret:dev/", "secret:${var.environment}/"
    )
    shared = 'environment = "dev"\nnodes       = 3\nteam        = "shop"\ncidr        = "10.0.0.0/16"\n'
    found = problems(tmp_path, tree({MAIN: text, "config/dev/all.tfvars": shared}))
    assert found == [f"cannot-say note {MAY_READ} {MAIN}:29:1"]


def test_a_module_for_one_addon_of_blueprints_is_not_passed_over(tmp_path: Path) -> None:
    """Source: aws-ia/terraform-aws-eks-blueprints-addon, main.tf as at 042939e, which makes an aws_iam_role."""
    source = "aws-ia/eks-blueprints-addon/aws"
    text = f'module "eso" {{\n  source    = "{source}"\n  role_name = "one-web-eso"\n}}\n'
    assert problems(tmp_path, tree(text)) == [
        f"cannot-say note {NOT_SEEN} module eso, {source} at {MAIN}:2:1: {BEHIND}"
    ]
