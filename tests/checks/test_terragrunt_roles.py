"""The role of a store that Terragrunt makes, with the inputs of its files."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

import pytest

from tests.checks.written_terraform import AS, SECRET, SUBJECT, TERRAGRUNT, TRUSTS, changed, problems, tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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


LOCKING = '["-lock-timeout=20m", "-parallelism=5"]'


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (f"arguments = {LOCKING}", "secret-access error"),
        ('env_vars = { AWS_PROFILE = "dev" }', "secret-access error"),
        ('arguments = ["-var-file=../own.tfvars"]', "cannot-say note"),
        ('arguments = ["-var", "secrets=[]"]', "cannot-say note"),
        ('arguments = ["${local.more}"]', "cannot-say note"),
        ("arguments = local.more", "cannot-say note"),
        ('env_vars = { TF_VAR_secrets = "[]" }', "cannot-say note"),
        ("env_vars = local.more", "cannot-say note"),
        ('required_var_files = ["../own.tfvars"]', "cannot-say note"),
        ('optional_var_files = ["../own.tfvars"]', "cannot-say note"),
    ],
)
def test_only_extra_arguments_that_give_variables_are_laid_over_the_inputs(
    tmp_path: Path, stated: str, expected: str
) -> None:
    """Source: Terragrunt, "Extra Arguments"."""
    extra = f'  extra_arguments "more" {{\n    commands = ["apply"]\n    {stated}\n  }}\n'
    form = changed(
        TERRAGRUNT,
        (f"{INCLUDED}}}\n", ""),
        ('source = "../../../modules//irsa"\n', f'source = "../../../modules//irsa"\n{extra}'),
        ("secret:dev/web/db", "secret:dev/web/other"),
    )
    found = [" ".join(each.split(" ")[:2]) for each in problems(tmp_path, tree(form)) if "excess" not in each]
    assert found == [expected]
