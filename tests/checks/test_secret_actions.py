"""Which actions the policy of a reading role has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, SECRET_FILE, TFVARS_FILE
from tests.checks.trees import found
from tests.evidence.test_terraform_roles import POLICY, ROLE

if TYPE_CHECKING:
    from pathlib import Path

VARIABLES = "".join(f'variable "{name}" {{}}\n' for name in ("cluster_name", "account_id", "oidc_provider"))
NAMES = (("var.cluster", "var.cluster_name"), ("var.account", "var.account_id"), ("var.provider", "var.oidc_provider"))


def tree(actions: str, **more: str) -> dict[str, str]:
    """The repository kept by hand, with a role in Terraform in the place of the one in the variable file."""
    text = f"{ROLE}{POLICY}"
    for old, new in NAMES:
        text = text.replace(old, new)
    text = text.replace('["secretsmanager:GetSecretValue"]', actions)
    tfvars = BY_HAND[TFVARS_FILE].partition("eso_roles")[0]
    return {**BY_HAND, TFVARS_FILE: tfvars, "terraform/main.tf": VARIABLES + text, **more}


def test_to_read_is_enough(tmp_path: Path) -> None:
    assert (
        found(tmp_path, tree('["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]'), "secret-actions")
        == []
    )


@pytest.mark.parametrize(
    ("action", "severity"),
    [("ListSecretVersionIds", "note"), ("GetResourcePolicy", "note"), ("DeleteSecret", "warning")],
)
def test_an_action_that_the_operator_never_calls_is_found(tmp_path: Path, action: str, severity: str) -> None:
    assert found(tmp_path, tree(f'["secretsmanager:GetSecretValue", "secretsmanager:{action}"]'), "secret-actions") == [
        (
            f"terraform/main.tf:21:1: {severity}: role one-eso may do secretsmanager:{action}: External "
            "Secrets never calls it\n"
            "hint: remove it; to read a secret, secretsmanager:GetSecretValue is enough"
        )
    ]


def test_a_wildcard_that_writes_is_found(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, tree('["secretsmanager:*"]'), "secret-actions")
    assert "may do secretsmanager:*: it may write secrets as well" in problem


@pytest.mark.parametrize("action", ["Get*", "get*", "List*"])
def test_a_wildcard_that_only_reads_is_not_said_to_write(tmp_path: Path, action: str) -> None:
    assert found(tmp_path, tree(f'["secretsmanager:GetSecretValue", "secretsmanager:{action}"]'), "secret-actions") == [
        (
            f"terraform/main.tf:21:1: note: role one-eso may do secretsmanager:{action}: it stands for more than what "
            "External Secrets calls\n"
            "hint: remove it; to read a secret, secretsmanager:GetSecretValue is enough"
        )
    ]


@pytest.mark.parametrize("action", ["GetSecretValue*", "Describe*", "BatchGet*", "Get?ecretValue"])
def test_a_wildcard_that_is_only_what_the_operator_calls_is_sound(tmp_path: Path, action: str) -> None:
    assert found(tmp_path, tree(f'["secretsmanager:{action}"]'), "secret-actions") == []


@pytest.mark.parametrize("action", ["*Secret", "*SecretValue", "*"])
def test_a_wildcard_that_writes_besides_is_found(tmp_path: Path, action: str) -> None:
    assert found(tmp_path, tree(f'["secretsmanager:GetSecretValue", "secretsmanager:{action}"]'), "secret-actions") == [
        (
            f"terraform/main.tf:21:1: warning: role one-eso may do secretsmanager:{action}: it may write secrets as "
            "well\n"
            "hint: remove it; to read a secret, secretsmanager:GetSecretValue is enough"
        )
    ]


def test_where_secrets_are_pushed_writing_is_meant(tmp_path: Path) -> None:
    push = "---\napiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata:\n  name: out\n"
    pushing = {SECRET_FILE: BY_HAND[SECRET_FILE] + push}
    assert (
        found(tmp_path, tree('["secretsmanager:*", "secretsmanager:PutSecretValue"]', **pushing), "secret-actions")
        == []
    )


def test_what_the_manual_gives_a_role_that_pushes_is_meant(tmp_path: Path) -> None:
    push = "---\napiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata:\n  name: out\n"
    names = (
        *("GetSecretValue", "CreateSecret", "PutSecretValue", "TagResource", "DeleteSecret", "GetResourcePolicy"),
        *("PutResourcePolicy", "DeleteResourcePolicy", "ReplicateSecretToRegions", "RemoveRegionsFromReplication"),
    )
    actions = ", ".join(f'"secretsmanager:{name}"' for name in names)
    files = tree(f"[{actions}]", **{SECRET_FILE: BY_HAND[SECRET_FILE] + push})
    assert found(tmp_path, files, "secret-actions") == []


def test_the_trust_of_a_role_in_terraform_is_judged(tmp_path: Path) -> None:
    account = BY_HAND["manifests/account.yaml"].replace("role/one-web-eso", "role/one-eso")
    sound = tree('["secretsmanager:GetSecretValue"]', **{"manifests/account.yaml": account})
    assert found(tmp_path / "sound", sound, "trust-subject") == []
    broken = {
        **sound,
        "terraform/main.tf": sound["terraform/main.tf"].replace("serviceaccount:web:", "serviceaccount:eso:"),
    }
    (problem,) = found(tmp_path / "broken", broken, "trust-subject")
    assert problem.startswith(
        "terraform/main.tf:12:1: error: role one-eso trusts system:serviceaccount:eso:web-eso, expected "
        "system:serviceaccount:web:web-eso"
    )


def test_a_role_that_terraform_may_make_elsewhere_is_not_missed(tmp_path: Path) -> None:
    elsewhere = tree('["secretsmanager:GetSecretValue"]')
    assert len(found(tmp_path / "whole", elsewhere, "role-declared")) == 1
    elsewhere["terraform/more.tf"] = 'module "more" {\n  source = "terraform-aws-modules/iam/aws"\n}\n'
    assert found(tmp_path / "not-whole", elsewhere, "role-declared") == []


def test_a_variable_file_without_a_configuration_says_nothing_of_roles(tmp_path: Path) -> None:
    alone = {**BY_HAND, TFVARS_FILE: BY_HAND[TFVARS_FILE].partition("eso_roles")[0]}
    assert found(tmp_path, alone, "role-declared") == []
