"""The roles that a hand-written Terraform configuration makes for the values of one cluster."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.evidence.terraform_roles import Configurations, Roles

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_gen.evidence.terraform import Role

VARIABLES = {"cluster": "one", "account": "111122223333", "provider": "oidc.example.com/id/1"}

TRUST = """\
jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::${var.account}:oidc-provider/${var.provider}" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "${var.provider}:sub" = "system:serviceaccount:web:web-eso" }
      }
    }]
  })"""

ROLE = f"""\
resource "aws_iam_role" "eso" {{
  name               = "${{var.cluster}}-eso"
  assume_role_policy = {TRUST}
}}
"""

POLICY = """\
resource "aws_iam_role_policy" "read" {
  role = aws_iam_role.eso.id
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = ["arn:a", "arn:b"] },
      { Effect = "Allow", Action = "kms:*", Resource = "arn:key" },
    ]
  })
}
"""


def roles(root: Path, files: dict[str, str] | str) -> Roles:
    for path, text in ({"main.tf": files} if isinstance(files, str) else files).items():
        (root / "t" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "t" / path).write_text(dedent(text), encoding="utf-8")
    return Configurations(Files(root)).roles("t", VARIABLES)


def told(role: Role) -> tuple[object, ...]:
    return (role.name, role.subject, role.secret_arns, role.kms_key_arns, role.actions)


WHOLE = (
    "one-eso",
    "system:serviceaccount:web:web-eso",
    ("arn:a", "arn:b"),
    ("arn:key",),
    ("secretsmanager:GetSecretValue", "kms:*"),
)


def test_a_role_is_read_with_its_trust_and_its_policy(tmp_path: Path) -> None:
    found = roles(tmp_path, ROLE + POLICY)
    assert ([told(role) for role in found.roles], found.is_whole) == ([WHOLE], True)
    (role,) = found.roles
    assert [str(role.at(field)) for field in ("role_name", "service_account", "secret_arns")] == [
        "t/main.tf:2:1",
        "t/main.tf:9:1",
        "t/main.tf:18:1",
    ]


def test_the_files_of_a_folder_are_one_module(tmp_path: Path) -> None:
    found = roles(tmp_path, {"a.tf": POLICY, "b.tf": ROLE})
    assert [told(role) for role in found.roles] == [WHOLE]


def test_a_module_that_is_called_by_its_path_is_followed(tmp_path: Path) -> None:
    module = (
        'variable "name" {}\nvariable "account" {}\nvariable "provider" {\n  default = "oidc.example.com/id/1"\n}\n'
    )
    found = roles(
        tmp_path,
        {
            "main.tf": 'locals {\n  name = "${var.cluster}"\n}\n'
            'module "eso" {\n  source  = "../modules/eso"\n  name    = local.name\n  account = var.account\n}\n',
            "../modules/eso/main.tf": module + ROLE.replace("var.cluster", "var.name") + POLICY,
        },
    )
    assert ([told(role) for role in found.roles], found.is_whole) == ([WHOLE], True)


def test_policy_documents_are_read_as_their_json(tmp_path: Path) -> None:
    found = roles(
        tmp_path,
        """\
        data "aws_iam_policy_document" "trust" {
          statement {
            actions = ["sts:AssumeRoleWithWebIdentity"]
            principals {
              type        = "Federated"
              identifiers = ["arn:x"]
            }
            condition {
              test     = "StringEquals"
              variable = "${var.provider}:sub"
              values   = ["system:serviceaccount:web:web-eso"]
            }
          }
        }
        data "aws_iam_policy_document" "read" {
          statement {
            actions   = ["secretsmanager:GetSecretValue"]
            resources = ["arn:a", "arn:b"]
          }
          statement {
            actions   = ["kms:*"]
            resources = ["arn:key"]
          }
        }
        resource "aws_iam_role" "eso" {
          name               = format("%s-eso", var.cluster)
          assume_role_policy = data.aws_iam_policy_document.trust.json
        }
        resource "aws_iam_policy" "read" {
          policy = data.aws_iam_policy_document.read.json
        }
        resource "aws_iam_role_policy_attachment" "read" {
          role       = aws_iam_role.eso.name
          policy_arn = aws_iam_policy.read.arn
        }
        """.replace('format("%s-eso", var.cluster)', '"${lower(var.cluster)}-eso"'),
    )
    assert ([told(role) for role in found.roles], found.is_whole) == ([WHOLE], True)


def test_a_policy_as_a_text_of_json_is_read(tmp_path: Path) -> None:
    text = '{"Statement": {"Effect": "Allow", "Action": "secretsmanager:Get*", "Resource": "arn:${var.account}"}}'
    policy = (
        f'resource "aws_iam_role_policy" "read" {{\n  role = aws_iam_role.eso.id\n  policy = <<EOF\n{text}\nEOF\n}}\n'
    )
    (role,) = roles(tmp_path, ROLE + policy).roles
    assert role.secret_arns == ("arn:111122223333",)


def test_a_role_of_nodes_is_none_of_ours(tmp_path: Path) -> None:
    trust = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole" }] })'
    assert roles(tmp_path, ROLE.replace(TRUST, trust)) == Roles((), is_whole=True)


@pytest.mark.parametrize(
    "text",
    [
        ROLE.replace("var.cluster", "random_id.x.hex"),
        ROLE.replace("web:web-eso", "web:*"),
        ROLE.replace(TRUST, "data.aws_iam_policy_document.none.json"),
        ROLE.replace("  name ", "  for_each = toset([1])\n  name "),
        ROLE.replace("  name ", '  for_each = { "${var.many}" = 1 }\n  name '),
        ROLE + POLICY.replace('"arn:key"', "aws_kms_key.x.arn"),
        ROLE + POLICY.replace('Effect = "Allow", Action = "kms', 'Effect = "Deny", Action = "kms'),
        ROLE + POLICY.replace("jsonencode", "templatefile"),
        'module "eks" {\n  source = "terraform-aws-modules/eks/aws"\n}\n',
        'module "eso" {\n  source = "./eso"\n  count  = var.many\n}\n',
        'module "eso" {\n  source   = "./eso"\n  for_each = toset([var.many])\n}\n',
        'module "self" {\n  source = "./"\n}\n',
        "resource {{ x }}\n",
    ],
)
def test_what_only_terraform_knows_is_not_guessed(tmp_path: Path, text: str) -> None:
    assert roles(tmp_path, text) == Roles((), is_whole=False)


def test_a_chain_of_locals_that_nobody_writes_is_not_followed(tmp_path: Path) -> None:
    chain = "".join(f"  a{number} = local.a{number + 1}\n" for number in range(2000))
    text = f'locals {{\n{chain}  a2000 = "one"\n}}\n{ROLE.replace("var.cluster", "local.a0")}'
    assert roles(tmp_path, text) == Roles((), is_whole=False)


def repeated(how: str, text: str = ROLE) -> str:
    """Returns a block with a first attribute that repeats it."""
    head, _, rest = text.partition("{\n")
    return f"{head}{{\n  {how}\n{rest}"


def named(text: str, key: str = "each.key") -> str:
    """Returns a block for the accounts web-eso and api-eso."""
    return text.replace("web:web-eso", f"web:${{{key}}}-eso").replace('-eso"\n  assume', f'-${{{key}}}"\n  assume')


def brief(found: Roles) -> tuple[list[tuple[object, ...]], bool]:
    return [(role.name, role.service_account, role.secret_arns) for role in found.roles], found.is_whole


SECRETS = ("arn:a", "arn:b")
TWO = [("one-api", "api-eso", SECRETS), ("one-web", "web-eso", SECRETS)]


@pytest.mark.parametrize(
    "how",
    [
        'for_each = toset(["api", "web"])',
        "for_each = { api = 1, web = { a = var.nowhere } }",
        "for_each = local.accounts",
    ],
)
def test_one_role_for_each_is_read_with_its_key(tmp_path: Path, how: str) -> None:
    text = 'locals {\n  accounts = { "api" = "x", "web" = "y" }\n}\n' + repeated(how, named(ROLE))
    policy = POLICY.replace("eso.id", "eso[each.key].id")
    assert brief(roles(tmp_path, text + repeated(how, policy))) == (TWO, True)


def test_a_policy_for_each_of_the_roles_is_read(tmp_path: Path) -> None:
    text = repeated('for_each = toset(["api", "web"])', named(ROLE))
    policy = repeated("for_each = aws_iam_role.eso", POLICY.replace("aws_iam_role.eso.id", "each.value.id"))
    assert brief(roles(tmp_path, text + policy)) == (TWO, True)


def test_the_value_of_each_is_read(tmp_path: Path) -> None:
    how = 'for_each = { a = { account = "api", arns = ["arn:x"] }, b = { account = "web", arns = ["arn:y"] } }'
    policy = POLICY.replace("eso.id", "eso[each.key].id").replace('["arn:a", "arn:b"]', "each.value.arns")
    text = repeated(how, named(ROLE, "each.value.account")) + repeated(how, policy)
    expected = [("one-api", "api-eso", ("arn:x",)), ("one-web", "web-eso", ("arn:y",))]
    assert brief(roles(tmp_path, text)) == (expected, True)


@pytest.mark.parametrize(
    ("count", "expected"), [("0", []), ("1", [("one-eso", "web-eso", SECRETS)]), ("var.many", None)]
)
def test_a_role_that_is_counted_is_read_so_often(
    tmp_path: Path, count: str, expected: list[tuple[object, ...]] | None
) -> None:
    policy = POLICY.replace("eso.id", "eso[0].id")
    text = repeated(f"count = {count}") + repeated(f"count = {count}", policy)
    assert brief(roles(tmp_path, text)) == (expected or [], expected is not None)


def test_the_index_of_a_count_is_read(tmp_path: Path) -> None:
    text = repeated("count = 2", named(ROLE, "count.index"))
    policy = repeated("count = 2", POLICY.replace("eso.id", "eso[count.index].id"))
    expected = [("one-0", "0-eso", SECRETS), ("one-1", "1-eso", SECRETS)]
    assert brief(roles(tmp_path, text + policy)) == (expected, True)
    assert [role.key for role in roles(tmp_path, text + policy).roles] == ["eso[0]", "eso[1]"]


def test_a_policy_is_for_the_instance_that_it_names(tmp_path: Path) -> None:
    text = repeated('for_each = toset(["api", "web"])', named(ROLE)) + POLICY.replace("eso.id", 'eso["web"].id')
    expected = [("one-api", "api-eso", ()), ("one-web", "web-eso", SECRETS)]
    assert brief(roles(tmp_path, text)) == (expected, True)


def test_a_policy_that_is_made_so_often_as_nobody_knows_leaves_its_role_unknown(tmp_path: Path) -> None:
    assert brief(roles(tmp_path, ROLE + repeated("count = var.many", POLICY))) == ([], False)


def test_a_policy_of_all_instances_is_no_policy_of_one(tmp_path: Path) -> None:
    text = repeated('for_each = toset(["api", "web"])', named(ROLE)) + POLICY
    assert brief(roles(tmp_path, text)) == ([], False)


def test_an_attached_policy_may_be_repeated(tmp_path: Path) -> None:
    how = 'for_each = toset(["api", "web"])'
    policy = POLICY.replace("aws_iam_role_policy", "aws_iam_policy").replace("  role = aws_iam_role.eso.id\n", "")
    attachment = """\
resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.eso[each.key].name
  policy_arn = aws_iam_policy.read[each.key].arn
}
"""
    text = repeated(how, named(ROLE)) + repeated(how, policy) + repeated(how, attachment)
    assert brief(roles(tmp_path, text)) == (TWO, True)


def test_a_policy_document_may_be_repeated(tmp_path: Path) -> None:
    how = 'for_each = toset(["api", "web"])'
    document = """\
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    condition {
      test     = "StringEquals"
      variable = "${var.provider}:sub"
      values   = ["system:serviceaccount:web:${each.key}-eso"]
    }
  }
}
"""
    role = named(ROLE.replace(TRUST, "data.aws_iam_policy_document.trust[each.key].json"))
    policy = POLICY.replace("eso.id", "eso[each.key].id")
    text = repeated(how, document) + repeated(how, role) + repeated(how, policy)
    assert brief(roles(tmp_path, text)) == (TWO, True)


def test_a_module_may_be_called_for_each(tmp_path: Path) -> None:
    call = 'source = "./eso"\n  account = var.account\n  name = each.key\n'
    module = (
        'variable "name" {}\nvariable "account" {}\nvariable "provider" {\n  default = "oidc.example.com/id/1"\n}\n'
        'variable "cluster" {\n  default = "one"\n}\n'
    )
    files = {
        "main.tf": f'module "eso" {{\n  for_each = toset(["api", "web"])\n  {call}}}\n',
        "eso/main.tf": module + named(ROLE, "var.name") + POLICY,
    }
    assert brief(roles(tmp_path, files)) == (TWO, True)


MORE = {
    "it names policies itself": ROLE.replace("  name ", '  managed_policy_arns = ["arn:p"]\n  name ', 1) + POLICY,
    "it has a policy in it": ROLE.replace("  name ", '  inline_policy {\n    name = "x"\n  }\n  name ', 1) + POLICY,
    "one of several roles": ROLE
    + POLICY
    + 'resource "aws_iam_policy_attachment" "x" {\n  roles = [aws_iam_role.eso.name]\n  policy_arn = "arn:p"\n}\n',
    "its name as a text": ROLE
    + POLICY
    + 'resource "aws_iam_role_policy_attachment" "x" {\n  role = "${var.cluster}-eso"\n  policy_arn = "arn:p"\n}\n',
    "a name that is not known": ROLE
    + POLICY
    + 'resource "aws_iam_role_policy_attachment" "x" {\n  role = var.role\n  policy_arn = "arn:p"\n}\n',
    "a module that gets its name": ROLE
    + POLICY
    + 'module "x" {\n  source = "far/x"\n  role = aws_iam_role.eso.id\n}\n',
}


@pytest.mark.parametrize("text", MORE.values(), ids=MORE)
def test_a_role_that_may_have_more_policies_is_not_known(tmp_path: Path, text: str) -> None:
    assert roles(tmp_path, text) == Roles((), is_whole=False)


NO_MORE = {
    "a policy for other roles": 'resource "aws_iam_policy_attachment" "x" {\n  roles = [aws_iam_role.node.name]\n}\n',
    "a policy of another name": 'resource "aws_iam_role_policy" "x" {\n  role = "other"\n  policy = "{}"\n}\n',
    "a chart that gets its ARN": 'module "x" {\n  source = "./x"\n  role = aws_iam_role.eso.arn\n}\n',
}


@pytest.mark.parametrize("text", NO_MORE.values(), ids=NO_MORE)
def test_what_is_for_other_roles_leaves_a_role_known(tmp_path: Path, text: str) -> None:
    assert [told(role) for role in roles(tmp_path, ROLE + POLICY + text).roles] == [WHOLE]


@pytest.mark.parametrize(
    ("role", "are_known"),
    [("module.eso.role_name", False), ("local.role", False), ("aws_iam_role.other.name", True)],
)
def test_a_module_whose_role_is_given_policies_from_outside_is_not_known(
    tmp_path: Path, role: str, are_known: bool
) -> None:
    given = f'resource "aws_iam_role_policy_attachment" "x" {{\n  role = {role}\n  policy_arn = "arn:p"\n}}\n'
    call = 'module "eso" {\n  source = "./eso"\n  cluster = "one"\n  account = "1"\n  provider = "p"\n}\n'
    found = roles(tmp_path, {"main.tf": call + given, "eso/main.tf": ROLE + POLICY})
    assert ([each.name for each in found.roles], found.is_whole) == (["one-eso"] * are_known, are_known)


@pytest.mark.parametrize(
    ("other", "secrets"),
    [
        ("t/one/common.auto.tfvars", None),
        ("t/common.tfvars", None),
        ("global.tfvars", None),
        ("t/two/terraform.tfvars", ("arn:default",)),
    ],
)
def test_a_default_that_another_variable_file_may_lay_over_is_not_known(
    tmp_path: Path, other: str, secrets: tuple[str, ...] | None
) -> None:
    files = {
        "t/one/main.tf": 'variable "secret" {\n  default = "arn:default"\n}\nvariable "cluster_name" {}\n'
        + ROLE.replace("var.cluster", "var.cluster_name").replace("${var.account}", "1").replace("${var.provider}", "p")
        + POLICY.replace('["arn:a", "arn:b"]', "var.secret"),
        "t/one/one.tfvars": 'cluster_name = "one"\n',
        other: 'secret = "arn:other"\n',
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (read,) = Graph(Files(tmp_path), (".",), repositories({})).tfvars
    assert [role.secret_arns for role in read.roles] == ([] if secrets is None else [secrets])


def test_a_role_without_a_name_is_none(tmp_path: Path) -> None:
    nameless = ROLE.replace('"aws_iam_role" "eso"', '"aws_iam_role"')
    assert [told(each) for each in roles(tmp_path, nameless + ROLE + POLICY).roles] == [WHOLE]
