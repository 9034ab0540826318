"""The roles that well-known modules of the Terraform registry make."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.terraform_registry import made_by
from gitops_gen.evidence.terraform_unknowns import GENERATED, HOLE, UNKNOWN

IAM = "terraform-aws-modules/iam/aws//modules/"
ROLE_5 = f"{IAM}iam-role-for-service-accounts-eks"
ROLE_6 = f"{IAM}iam-role-for-service-accounts"
WITH_OIDC = f"{IAM}iam-assumable-role-with-oidc"
POD_IDENTITY = "terraform-aws-modules/eks-pod-identity/aws"
BLUEPRINTS = "aws-ia/eks-blueprints-addons/aws"

SUBJECT = "system:serviceaccount:web:eso"
PROVIDERS = {"main": {"provider_arn": UNKNOWN, "namespace_service_accounts": ["web:eso", "web:other"]}}
ANY_SECRET = "arn:aws:secretsmanager:*:*:secret:*"


def told(source: str, **arguments: object) -> tuple[object, ...] | None:
    """Returns the name of the role, whether it trusts the subject, and what it may read, for certain or maybe."""
    found = made_by(source, arguments)
    if found is None:
        return None
    return tuple((each.name, each.trust.allows(SUBJECT), each.granted.secrets, each.granted.possible) for each in found)


@pytest.mark.parametrize(
    "source",
    [
        ROLE_5,
        "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role-for-service-accounts-eks",
        "tfr:///terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks?version=5.39.0",
    ],
)
def test_a_module_is_known_wherever_it_comes_from(source: str) -> None:
    assert told(source, role_name="x", oidc_providers=PROVIDERS) == (("x", True, (), ()),)


@pytest.mark.parametrize("source", [f"{IAM}iam-user", "terraform-aws-modules/eks/aws", "git.example.com/iam"])
def test_of_any_other_module_nothing_is_known(source: str) -> None:
    assert told(source, role_name="x") is None


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"attach_external_secrets_policy": True}, ("x", True, (ANY_SECRET,), ())),
        (
            {"attach_external_secrets_policy": True, "external_secrets_secrets_manager_arns": ["a", f"b{HOLE}"]},
            ("x", True, ("a",), ("b*",)),
        ),
        (
            {"attach_external_secrets_policy": UNKNOWN, "external_secrets_secrets_manager_arns": ["a"]},
            ("x", True, (), ("a",)),
        ),
        (
            {"attach_external_secrets_policy": True, "external_secrets_secrets_manager_arns": UNKNOWN},
            ("x", True, (), ("*",)),
        ),
        ({"role_policy_arns": {"more": "arn:p"}}, ("x", True, (), ("*",))),
        ({"role_policy_arns": UNKNOWN}, ("x", True, (), ("*",))),
        ({"role_name": None, "role_name_prefix": "x-"}, (f"x-{GENERATED}", True, (), ())),
        ({"role_name": UNKNOWN}, (HOLE, True, (), ())),
        ({"oidc_providers": UNKNOWN}, ("x", None, (), ())),
        ({"oidc_providers": {"a": {"namespace_service_accounts": UNKNOWN}}}, ("x", None, (), ())),
        ({"oidc_providers": {"a": {"namespace_service_accounts": ["web:*"]}}}, ("x", False, (), ())),
        (
            {
                "oidc_providers": {"a": {"namespace_service_accounts": ["web:*"]}},
                "assume_role_condition_test": "StringLike",
            },
            ("x", True, (), ()),
        ),
    ],
)
def test_the_role_of_version_5(arguments: dict[str, object], expected: tuple[object, ...]) -> None:
    assert told(ROLE_5, **{"role_name": "x", "oidc_providers": PROVIDERS, **arguments}) == (expected,)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, (f"x-{GENERATED}", True, (), ())),
        ({"use_name_prefix": False}, ("x", True, (), ())),
        ({"use_name_prefix": UNKNOWN}, (HOLE, True, (), ())),
        ({"attach_external_secrets_policy": True}, (f"x-{GENERATED}", True, (), ())),
        ({"permissions": UNKNOWN}, (f"x-{GENERATED}", True, (), ("*",))),
        ({"override_trust_policy_documents": UNKNOWN}, (f"x-{GENERATED}", None, (), ())),
    ],
)
def test_the_role_of_version_6(arguments: dict[str, object], expected: tuple[object, ...]) -> None:
    assert told(ROLE_6, **{"name": "x", "oidc_providers": PROVIDERS, **arguments}) == (expected,)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"oidc_fully_qualified_subjects": [SUBJECT]}, ("x", True, (), ())),
        ({"oidc_fully_qualified_subjects": ["system:serviceaccount:web:*"]}, ("x", False, (), ())),
        ({"oidc_subjects_with_wildcards": ["system:serviceaccount:web:*"]}, ("x", True, (), ())),
        ({"oidc_fully_qualified_subjects": UNKNOWN}, ("x", None, (), ())),
        ({}, ("x", True, (), ())),
        ({"role_policy_arns": ["arn:p"]}, ("x", True, (), ("*",))),
        ({"inline_policy_statements": UNKNOWN}, ("x", True, (), ("*",))),
    ],
)
def test_the_role_with_oidc(arguments: dict[str, object], expected: tuple[object, ...]) -> None:
    assert told(WITH_OIDC, **{"create_role": True, "role_name": "x", **arguments}) == (expected,)


@pytest.mark.parametrize(
    ("source", "arguments"),
    [
        (ROLE_5, {"create_role": False}),
        (ROLE_6, {"create": False}),
        (WITH_OIDC, {}),
        (POD_IDENTITY, {"create": False}),
    ],
)
def test_a_role_that_is_not_made(source: str, arguments: dict[str, object]) -> None:
    assert told(source, **arguments) == ()


def test_a_role_for_pods_is_for_no_web_identity() -> None:
    assert told(POD_IDENTITY, name="x", use_name_prefix=False) == (("x", False, (), ("*",)),)
    assert told(POD_IDENTITY, name="x", trust_policy_statements=UNKNOWN) == ((f"x-{GENERATED}", None, (), ("*",)),)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, (f"external-secrets-{GENERATED}", False, (ANY_SECRET,), ())),
        (
            {"external_secrets": {"namespace": "web", "service_account_name": "eso", "role_name_use_prefix": False}},
            ("external-secrets", True, (ANY_SECRET,), ()),
        ),
        ({"external_secrets": UNKNOWN}, (HOLE, None, (ANY_SECRET,), ("*",))),
        ({"external_secrets": {"role_policies": {}}}, (f"external-secrets-{GENERATED}", False, (ANY_SECRET,), ("*",))),
    ],
)
def test_the_addons_of_blueprints(arguments: dict[str, object], expected: tuple[object, ...]) -> None:
    assert told(BLUEPRINTS, enable_external_secrets=True, **arguments) == (expected,)


def test_the_addons_of_blueprints_without_external_secrets_may_make_any_other_role() -> None:
    assert told(BLUEPRINTS) is None
