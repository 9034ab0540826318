"""What expressions of a Terraform configuration come to, as far as that is known."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.hcl_files import parse
from gitops_gen.evidence.terraform_surroundings import Surroundings
from gitops_gen.evidence.terraform_unknowns import ACCOUNT, HOLE, PARTITION, UNKNOWN
from gitops_gen.evidence.terraform_values import Scope

BODY = parse(
    """\
locals {
  name   = "web"
  itself = local.itself
}
data "aws_caller_identity" "current" {}
data "aws_caller_identity" "other" {
  provider = aws.other
}
data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_region" "itself" {
  name = data.aws_region.itself.name
}
resource "aws_secretsmanager_secret" "db" {
  name = "${local.name}/db"
}
resource "aws_secretsmanager_secret" "nameless" {}
data "aws_iam_policy_document" "itself" {
  statement {
    resources = [data.aws_iam_policy_document.itself.json]
  }
}
resource "aws_iam_policy" "itself" {
  for_each = { a = aws_iam_policy.itself["a"].arn }
}
data "aws_secretsmanager_secret" "far" {
  name     = "far"
  provider = aws.other
}
"""
)
VARIABLES = {"on": True, "off": False, "none": None, "items": ["a", "b"], "far": UNKNOWN, "text": "T"}
HERE = Surroundings(ACCOUNT, PARTITION, "eu-west-1")


def value(text: str) -> object:
    return Scope(VARIABLES, BODY, around=HERE).value(parse(f"x = {text}\n").attributes["x"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("var.on ? 1 : 0", 1),
        ("!var.on ? 1 : var.off ? 2 : 3", 3),
        ("var.far ? 1 : 0", UNKNOWN),
        ("var.on && var.off", False),
        ("var.off && var.far", False),
        ("var.on || var.far", True),
        ("var.far || var.on", UNKNOWN),
        ('var.text == "T" ? "a" : "b"', "a"),
        ('var.text != "T"', False),
        ("var.none == null", True),
        ("var.items == null", False),
        ("var.far == null", UNKNOWN),
        ("var.items == var.items", UNKNOWN),
        ('"${var.far}" == "x"', UNKNOWN),
        ('data.aws_caller_identity.current.account_id == "1"', UNKNOWN),
    ],
)
def test_conditions(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a-${var.far}-b"', f"a-{HOLE}-b"),
        ('"a-${var.items}"', UNKNOWN),
        ('"${data.aws_caller_identity.current.account_id}"', ACCOUNT),
        ('"${data.aws_caller_identity.other.account_id}"', HOLE),
        ('"${data.aws_caller_identity.nowhere.account_id}"', HOLE),
        ('"${data.aws_partition.current.partition}"', PARTITION),
        ('"${data.aws_region.current.name}"', "eu-west-1"),
        (
            "aws_secretsmanager_secret.db.arn",
            f"arn:{PARTITION}:secretsmanager:eu-west-1:{ACCOUNT}:secret:web/db-??????",
        ),
        (
            "aws_secretsmanager_secret.nameless.arn",
            f"arn:{PARTITION}:secretsmanager:eu-west-1:{ACCOUNT}:secret:{HOLE}-??????",
        ),
        ("data.aws_secretsmanager_secret.far.arn", UNKNOWN),
        ("local.itself", UNKNOWN),
        ("data.aws_region.itself.name", UNKNOWN),
        (
            "data.aws_iam_policy_document.itself.json",
            {"Statement": [{"Effect": "Allow", "Resource": [UNKNOWN]}]},
        ),
        ("aws_iam_policy.itself.arn", UNKNOWN),
        ("var.items[1]", "b"),
        ("var.items[2]", UNKNOWN),
    ],
)
def test_references(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("length(var.items)", 2),
        ('concat(var.items, ["c"])', ["a", "b", "c"]),
        ("merge({ a = 1, b = 1 }, { b = 2 })", {"a": 1, "b": 2}),
        ("merge({ a = 1 }, var.far)", UNKNOWN),
        ('coalesce(null, "", var.text)', "T"),
        ("coalesce(null, var.far, var.text)", UNKNOWN),
        ("try(var.text, 1)", "T"),
        ('upper("a")', "A"),
        ('lower("A-${var.far}")', f"a-{HOLE}"),
        ('format("%s-eso", var.text)', "T-eso"),
        ('format("%s-eso", "${var.far}")', f"{HOLE}-eso"),
        ('format("%d-eso", var.text)', UNKNOWN),
        ('replace("a://b", "a://", "")', "b"),
        ('replace("${var.far}b", "b", "c")', UNKNOWN),
        ('replace("arn:aws:iam::1:oidc-provider/x/y", "/^(.*provider/)/", "")', "x/y"),
        ('replace("ab", "/a/", "")', UNKNOWN),
        ('trimprefix("ab", "a")', "b"),
        ("element(var.items, 3)", "b"),
        ('jsondecode("{\\"a\\": 1}")', {"a": 1}),
        ('jsondecode("{\\"a\\": 1, \\"a\\": 2}")', UNKNOWN),
    ],
)
def test_functions(text: str, expected: object) -> None:
    assert value(text) == expected


def test_keys_that_look_the_same_while_they_are_not_known_are_no_object() -> None:
    assert value('{ "${var.far}:sub" = 1, "${var.far}:aud" = 2 }') == {f"{HOLE}:sub": 1, f"{HOLE}:aud": 2}
    assert value('{ "${var.far}:sub" = 1, "${var.text2}:sub" = 2 }') is UNKNOWN


@pytest.mark.parametrize(
    ("reference", "written", "last", "expected"),
    [
        ("local.x{}", "locals {{ x{} = {} }}\n", '"end"', "end"),
        ("data.aws_region.x{}.name", 'data "aws_region" "x{}" {{ name = {} }}\n', '"eu-west-1"', "eu-west-1"),
        (
            "data.aws_secretsmanager_secret.x{}.arn",
            'data "aws_secretsmanager_secret" "x{}" {{ name = {} }}\n',
            '"db"',
            f"{'arn:' + PARTITION + ':secretsmanager:eu-west-1:' + ACCOUNT + ':secret:'}" * 31 + "db" + "-??????" * 31,
        ),
    ],
)
def test_what_refers_twice_to_the_next_is_worked_out_once(
    reference: str, written: str, last: str, expected: object
) -> None:
    """Each of 30 asks twice for the one after it, which is a thousand million times for the last."""
    asking = (f"coalesce({reference.format(number + 1)}, {reference.format(number + 1)})" for number in range(30))
    body = "".join(written.format(number, value) for number, value in enumerate((*asking, last)))
    scope = Scope({}, parse(body), around=HERE)
    assert scope.value(parse(f"x = {reference.format(0)}\n").attributes["x"]) == expected


def test_a_document_in_documents_is_worked_out_once() -> None:
    document = 'data "aws_iam_policy_document" "x{}" {{\n  statement {{ resources = [coalesce({}, {})] }}\n}}\n'
    names = [f"data.aws_iam_policy_document.x{number}.json" for number in range(31)]
    body = "".join(document.format(number, after, after) for number, after in enumerate(names[1:]))
    expected: object = UNKNOWN
    for _ in range(30):
        expected = {"Statement": [{"Effect": "Allow", "Resource": [expected]}]}
    assert Scope({}, parse(body)).value(parse(f"x = {names[0]}\n").attributes["x"]) == expected
