"""A partition of AWS that is wrong in one place is told once: by the first link of the chain that sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from gitops_gen.problems import Severity
from tests.checks.by_hand import (
    ACCOUNT_FILE,
    BY_HAND,
    EXTERNAL_SECRET,
    PROVIDER,
    SECRET_FILE,
    STORE,
    STORE_FILE,
    TFVARS_FILE,
)
from tests.checks.trees import MARK, URL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROLE = "arn:aws:iam::111122223333:role"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666"
TERRAFORM = f"""\
resource "aws_iam_role" "eso" {{
  name = "one-web-eso"
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = {{ Federated = "arn:aws:iam::111122223333:oidc-provider/{PROVIDER}" }}
      Condition = {{ StringEquals = {{
        "{PROVIDER}:sub" = "system:serviceaccount:web:web-eso"
        "{PROVIDER}:aud" = "sts.amazonaws.com"
      }} }}
    }}]
  }})
}}

resource "aws_iam_role_policy" "eso" {{
  name   = "read"
  role   = aws_iam_role.eso.id
  policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [
      {{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "{SECRET}:dev/web/db-??????" }},
      {{ Effect = "Allow", Action = "kms:Decrypt", Resource = "{KEY}" }},
    ]
  }})
}}
"""
STATED: Mapping[str, str] = {
    **BY_HAND,
    TFVARS_FILE: BY_HAND[TFVARS_FILE].replace("kms_key_arns = []", f'kms_key_arns = ["{KEY}"]'),
}
"""The repository with a key."""
WRITTEN: Mapping[str, str] = {
    **{path: text for path, text in BY_HAND.items() if path != TFVARS_FILE},
    "terraform/main.tf": TERRAFORM,
}
"""The same with the role in Terraform that no variable file is for."""
UNSTATED: Mapping[str, str] = {path: text for path, text in BY_HAND.items() if path != TFVARS_FILE}
ONE_IN_CHINA = "region: eu-west-1", "region: cn-north-1"


def told(root: Path, files: Mapping[str, str], path: str = STORE_FILE, old: str = "", new: str = "") -> list[str]:
    """Returns the rule and the place of each error and warning, where a text of a file is another one."""
    assert old in files[path], f"{old!r} is not in {path}"
    for name, text in {**files, path: files[path].replace(old, new) if old else files[path]}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    problems = judge(Graph(Files(root), (".",), repositories({URL: "."}))).problems
    return [f"{each.at}: {each.code}" for each in problems if each.severity is not Severity.NOTE]


@pytest.mark.parametrize("files", [STATED, WRITTEN, UNSTATED])
def test_a_sound_tree_has_nothing(tmp_path: Path, files: Mapping[str, str]) -> None:
    assert told(tmp_path, files) == []


@pytest.mark.parametrize("files", [STATED, WRITTEN, UNSTATED])
def test_a_partition_that_there_is_not_is_told_where_it_is_annotated(tmp_path: Path, files: Mapping[str, str]) -> None:
    assert told(tmp_path, files, ACCOUNT_FILE, ROLE, ROLE.replace("aws", "aws-gov")) == [
        "manifests/account.yaml:6:33: service-account-role"
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (STATED, "manifests/account.yaml:6:33: role-declared"),
        (WRITTEN, "manifests/store.yaml:9:15: store-region"),
        (UNSTATED, "manifests/store.yaml:9:15: store-region"),
    ],
)
def test_another_partition_of_the_role_is_told_once(tmp_path: Path, files: Mapping[str, str], expected: str) -> None:
    assert told(tmp_path, files, ACCOUNT_FILE, ROLE, ROLE.replace("aws", "aws-cn")) == [expected]


@pytest.mark.parametrize("files", [STATED, WRITTEN, UNSTATED])
def test_a_store_in_a_region_of_another_partition_is_told_once(tmp_path: Path, files: Mapping[str, str]) -> None:
    assert told(tmp_path, files, STORE_FILE, *ONE_IN_CHINA) == ["manifests/store.yaml:9:15: store-region"]


def test_so_is_one_that_reads_parameters(tmp_path: Path) -> None:
    files = {**WRITTEN, STORE_FILE: STORE.replace("SecretsManager", "ParameterStore")}
    files[SECRET_FILE] = EXTERNAL_SECRET.replace("key: dev", "key: /dev")
    files["terraform/main.tf"] = (
        TERRAFORM.replace("secretsmanager:GetSecretValue", "ssm:GetParameter")
        .replace(":secretsmanager:", ":ssm:")
        .replace(":secret:dev/web/db-??????", ":parameter/dev/web/db")
    )
    assert told(tmp_path, files) == []
    assert told(tmp_path, files, STORE_FILE, *ONE_IN_CHINA) == ["manifests/store.yaml:9:15: store-region"]


@pytest.mark.parametrize("partition", ["aws-cn", "aws-gov"])
@pytest.mark.parametrize(("files", "path"), [(STATED, TFVARS_FILE), (WRITTEN, "terraform/main.tf")])
def test_another_partition_of_a_secret_is_told_by_who_cannot_read_it(
    tmp_path: Path, files: Mapping[str, str], path: str, partition: str
) -> None:
    assert told(tmp_path, files, path, SECRET, SECRET.replace("aws", partition, 1)) == [
        "manifests/secret.yaml:15:14: secret-access"
    ]


def test_a_pattern_of_another_partition_beside_the_right_one_is_in_excess(tmp_path: Path) -> None:
    both = f'"{SECRET}:dev/web/db-??????",\n      "{SECRET.replace("aws", "aws-cn", 1)}:dev/web/db-??????"'
    assert told(tmp_path, STATED, TFVARS_FILE, f'"{SECRET}:dev/web/db-??????"', both) == [
        "terraform/one.tfvars:15:7: secret-access-excess"
    ]


def test_a_pattern_of_another_partition_for_what_nobody_asks_is_in_excess(tmp_path: Path) -> None:
    both = f'"{SECRET}:dev/web/db-??????",\n      "{SECRET.replace("aws", "aws-cn", 1)}:dev/web/queue-??????"'
    assert told(tmp_path, STATED, TFVARS_FILE, f'"{SECRET}:dev/web/db-??????"', both) == [
        "terraform/one.tfvars:15:7: secret-access-excess"
    ]


def test_a_key_of_another_partition_is_told_at_the_role_that_has_it(tmp_path: Path) -> None:
    text = MARK + STATED[TFVARS_FILE]
    two = text.replace('"one', '"two').replace("EXAMPLED539D4633E53DE1B51", "EXAMPLED539D4633E53DE1B52")
    files = {**STATED, TFVARS_FILE: text, "terraform/two.tfvars": two}
    assert told(tmp_path, files) == []
    assert told(tmp_path, files, TFVARS_FILE, KEY, KEY.replace("aws", "aws-us-gov", 1)) == [
        "terraform/one.tfvars:17:20: kms-access"
    ]
