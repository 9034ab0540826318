"""Whom a trust policy by hand lets in, with three answers: yes, no, and nobody can say."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.terraform_unknowns import HOLE, UNKNOWN
from gitops_gen.evidence.trust import trust_of

SUBJECT = "system:serviceaccount:web:eso"


def statement(conditions: object = None, **more: object) -> dict[str, object]:
    found: dict[str, object] = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/p"},
        "Condition": {"StringEquals": {"p:sub": SUBJECT}} if conditions is None else conditions,
    }
    return found | more


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (statement(), True),
        (statement({"StringEquals": {"p:sub": "system:serviceaccount:web:other"}}), False),
        (statement({"StringEquals": {"p:sub": ["x", SUBJECT]}}), True),
        (statement({"StringEquals": {"p:sub": "system:serviceaccount:web:*"}}), False),
        (statement({"StringLike": {"p:sub": "system:serviceaccount:web:*"}}), True),
        (statement({"StringLike": {"p:sub": "system:serviceaccount:shop:*"}}), False),
        (statement({"StringEquals": {"p:sub": SUBJECT}, "StringLike": {"p:sub": "system:*:shop:*"}}), False),
        (statement({"StringEquals": {"p:sub": f"system:serviceaccount:{HOLE}:eso"}}), None),
        (statement({"StringEquals": {"p:sub": f"system:serviceaccount:{HOLE}:other"}}), False),
        (statement({"StringEquals": {"p:sub": UNKNOWN}}), None),
        (statement({"ForAnyValue:StringEquals": {"p:sub": SUBJECT}}), None),
        (statement({"StringEquals": UNKNOWN}), None),
        (statement({"StringEquals": {HOLE: SUBJECT}}), None),
        (statement(UNKNOWN), None),
        (statement({}), True),
        (statement(Action=["sts:TagSession", "sts:*"]), True),
        (statement(Action="sts:AssumeRole"), False),
        (statement(Action=UNKNOWN), None),
        (statement(Principal={"Service": "pods.eks.amazonaws.com"}), False),
        (statement(Principal=UNKNOWN), True),
        (statement({"StringEquals": {"p:SUB": SUBJECT}}), True),
        (statement({"StringEquals": {"p:SUB": "x"}}), False),
        (statement({"StringEquals": {"p:sub": SUBJECT, "p:amr": "x"}}), None),
        (statement({"StringEquals": {"p:sub": SUBJECT}, "Bool": {"aws:MultiFactorAuthPresent": "true"}}), None),
        (statement({"StringEquals": {"p:sub": "x"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}}), False),
        (statement({"StringEquals": {"oidc.eks.eu-west-1.amazonaws.com/id/A:subject": SUBJECT}}), False),
        (statement({"StringLike": {f"{HOLE}:subject": SUBJECT}}), None),
        (statement(Effect="Deny"), False),
        (statement(Effect="allow"), None),
        ({"Effect": "Allow", "NotAction": "sts:TagSession"}, None),
    ],
)
def test_a_subject(one: dict[str, object], expected: bool | None) -> None:
    assert trust_of([one]).allows(SUBJECT) is expected


def test_any_statement_is_enough() -> None:
    other = statement({"StringEquals": {"p:sub": "x"}})
    assert (trust_of([other, statement()]).allows(SUBJECT), trust_of([other, other]).allows(SUBJECT)) == (True, False)


OTHER = {"StringEquals": {"p:sub": "system:serviceaccount:web:other"}}
FOR_AUDIENCE = {"StringEquals": {"p:sub": SUBJECT, "p:aud": "x"}}


@pytest.mark.parametrize(
    ("denial", "expected"),
    [
        (statement(Effect="Deny", Principal="*"), False),
        (statement({}, Effect="Deny", Principal="*", Action="sts:*"), False),
        (statement({}, Effect="Deny", Principal="*", Action="sts:AssumeRole"), True),
        (statement(OTHER, Effect="Deny", Principal="*"), True),
        (statement(FOR_AUDIENCE, Effect="Deny", Principal="*"), None),
        (statement({"Bool": {"aws:SecureTransport": "false"}}, Effect="Deny", Principal="*"), None),
        (statement(Effect="Deny"), None),
        ({"Effect": "Deny", "NotAction": "sts:TagSession", "Principal": "*"}, None),
        ({"Effect": "Allow", "NotAction": "sts:TagSession"}, True),
    ],
)
def test_another_statement_may_keep_a_subject_out(denial: dict[str, object], expected: bool | None) -> None:
    assert trust_of([statement(), denial]).allows(SUBJECT) is expected
    assert trust_of([statement(OTHER), denial]).allows(SUBJECT) is (
        None if "NotAction" in denial and expected else False
    )


def test_nothing_is_known_of_a_policy_that_is_not_known() -> None:
    assert trust_of(None).allows(SUBJECT) is None


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"StringEquals": {"p:sub": SUBJECT}}, True),
        ({"StringEquals": {"p:sub": SUBJECT, "p:aud": ["a", "sts.amazonaws.com"]}}, True),
        ({"StringLike": {"p:sub": SUBJECT, "p:aud": "sts.*"}}, True),
        ({"StringEquals": {"p:sub": SUBJECT, "p:aud": "sts.cn"}}, False),
        ({"StringEquals": {"p:sub": SUBJECT, "p:aud": UNKNOWN}}, None),
        ({"StringEquals": {"p:sub": "other", "p:aud": "sts.amazonaws.com"}}, False),
    ],
)
def test_an_audience(conditions: object, expected: bool | None) -> None:
    assert trust_of([statement(conditions)]).takes(SUBJECT, "sts.amazonaws.com") is expected


@pytest.mark.parametrize(
    ("provider", "account"),
    [
        ("arn:aws:iam::111122223333:oidc-provider/p", "111122223333"),
        (f"arn:aws:iam::{HOLE}:oidc-provider/p", ""),
        (HOLE, ""),
        (":oidc-provider/p", ""),
        (["arn:aws:iam::1:oidc-provider/p", "arn:aws:iam::2:oidc-provider/p"], ""),
    ],
)
def test_the_account_is_that_of_the_provider(provider: object, account: str) -> None:
    assert trust_of([statement(Principal={"Federated": provider})]).account == account


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([statement()], ()),
        ([statement({})], ("",)),
        ([statement({"StringEquals": {"p:aud": "sts.amazonaws.com"}})], ("",)),
        ([statement({"StringLike": {"p:sub": SUBJECT}})], ()),
        ([statement({"StringLike": {"p:sub": ["system:serviceaccount:shop:*", "system:*:eso"]}})], ("system:*:eso",)),
        ([statement({"StringLike": {"p:sub": [SUBJECT, "system:*"]}})], ("system:*",)),
        ([statement({"StringEquals": {"p:sub": SUBJECT}, "StringLike": {"p:SUB": "system:*"}})], ()),
        ([statement(), statement({"StringLike": {"p:sub": "*"}})], ("*",)),
        ([statement({"StringLike": {"p:sub": "*"}}), statement({"StringLike": {"p:sub": "*"}})], ("*",)),
        ([statement({"StringLike": {"p:sub": f"*{HOLE}"}})], ()),
        ([statement({"StringLike": {"p:sub": "*"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}})], ()),
        ([statement({}), statement(Effect="Deny", Principal="*")], ()),
    ],
)
def test_what_is_open_for_others(statements: list[dict[str, object]], expected: tuple[str, ...]) -> None:
    assert trust_of(statements).openings(SUBJECT) == expected
