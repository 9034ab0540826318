"""The variables of a file and those of its module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.problems import Location
from gitops_gen.proof import verify
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "tfvars-variables"
TFVARS_OF_IT = "environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars"
MODULE = """\
variable "cluster_name" {
  type = string
}
variable "sizes" {
  type    = map(object({ min = number, max = optional(number, 3), zones = list(string) }))
  default = {}
}
variable "on" {
  type    = bool
  default = false
}
"""


def test_the_generated_files_fit_the_module_of_this_repository() -> None:
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, ("us-west-2", "us-west-2")) == []


def test_a_variable_that_the_module_does_not_declare_is_ignored(tmp_path: Path) -> None:
    files = {"main.tf": MODULE, "a.tfvars": 'cluster_name = "one"\nregion = "eu-west-1"\n'}
    assert found(tmp_path, files, CODE) == [
        (
            "a.tfvars:2:1: warning: the module in this folder declares no variable region: Terraform ignores it\n"
            "hint: remove it, or declare it\n"
            ".: the module"
        ),
    ]


def test_a_file_in_json_is_judged_alike(tmp_path: Path) -> None:
    text = '{\n  "sizes": {"web": {"min": 1, "zones": "a"}},\n  "region": "eu-west-1"\n}\n'
    assert found(tmp_path, {"main.tf": MODULE, "one.auto.tfvars.json": text}, CODE) == [
        (
            "one.auto.tfvars.json:2:40: error: sizes.web.zones: got a string, expected a list\n"
            "hint: write a value of that type\n"
            "main.tf:4: the variable is declared here"
        ),
        (
            "one.auto.tfvars.json:3:3: warning: the module in this folder declares no variable region: Terraform "
            "ignores it\n"
            "hint: remove it, or declare it\n"
            ".: the module"
        ),
        (
            "one.auto.tfvars.json:1:1: note: the module in this folder has no default for cluster_name, and here is "
            "no value\n"
            'hint: add "cluster_name":\n'
            "main.tf:1: it is declared here"
        ),
    ]
    assert found(tmp_path, {"main.tf": MODULE, "one.auto.tfvars.json": '{"cluster_name":"one"}'}, CODE) == []


@pytest.mark.parametrize(("severity", "mark"), [("warning", ""), ("error", MARK)], ids=["by hand", "generated"])
def test_a_renamed_variable_is_found_at_both_ends(tmp_path: Path, severity: str, mark: str) -> None:
    assert found(tmp_path, {"main.tf": MODULE, "a.tfvars": f'{mark}cluster = "one"\n'}, CODE) == [
        (
            f"a.tfvars:{1 + bool(mark)}:1: {severity}: the module in this folder declares no variable cluster: "
            "Terraform ignores it\n"
            "hint: did you mean cluster_name, which has no value?\n"
            "main.tf:1: cluster_name is declared here"
        ),
    ]


def test_a_generated_file_without_a_variable_is_an_error() -> None:
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, ('aws_region        = "us-west-2"\n', "")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:1:1: "
            "error: the module in examples/terraform has no default for aws_region, and here is no value\n"
            "hint: add aws_region =\n"
            "examples/terraform/variables.tf:28: it is declared here"
        ),
    ]


@pytest.mark.parametrize("folder", ["terraform", "infra/modules/cluster", "."])
def test_the_module_may_stand_beside_the_folder_that_is_judged(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / folder / "main.tf").write_text(MODULE)
    tfvars = tmp_path / "output/environments/dev/one.tfvars"
    tfvars.parent.mkdir(parents=True)
    tfvars.write_text(f'{MARK}cluster = "one"\non = true\nsizes = {{}}\n')
    told = verify(tmp_path, ["output"], select=[CODE]).problems
    assert [(each.at, each.message.partition(" declares")[2], each.hint) for each in told] == [
        (
            Location("output/environments/dev/one.tfvars", 2, 1),
            " no variable cluster: Terraform ignores it",
            "did you mean cluster_name, which has no value?",
        )
    ]


def test_a_value_of_another_type_is_found(tmp_path: Path) -> None:
    files = {"main.tf": MODULE, "a.tfvars": 'cluster_name = ["one"]\non = "maybe"\n'}
    assert found(tmp_path, files, CODE) == [
        (
            "a.tfvars:1:16: error: cluster_name: got a list, expected string\n"
            "hint: write a value of that type\n"
            "main.tf:1: the variable is declared here"
        ),
        (
            "a.tfvars:2:6: error: on: got a string, expected bool\n"
            "hint: write a value of that type\n"
            "main.tf:8: the variable is declared here"
        ),
    ]


def test_what_converts_is_of_the_type(tmp_path: Path) -> None:
    files = {
        "main.tf": MODULE,
        "a.tfvars": 'cluster_name = 1\non = "true"\nsizes = { a = { min = "1", zones = [2], more = 3 } }\n',
    }
    assert found(tmp_path, files, CODE) == []


def test_an_object_is_judged_inside(tmp_path: Path) -> None:
    files = {
        "main.tf": MODULE,
        "a.tfvars": (
            'cluster_name = "one"\nsizes = {\n  a = {\n    min   = "few"\n    zones = {}\n'
            "  }\n  b = {\n    min = 1\n  }\n}\n"
        ),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "a.tfvars:4:13: error: sizes.a.min: got a string, expected number\n"
            "hint: write a value of that type\n"
            "main.tf:4: the variable is declared here"
        ),
        (
            "a.tfvars:5:13: error: sizes.a.zones: got an object, expected a list\n"
            "hint: write a value of that type\n"
            "main.tf:4: the variable is declared here"
        ),
        (
            "a.tfvars:7:7: error: sizes.b: got an object, expected one with the attribute zones\n"
            "hint: write a value of that type\n"
            "main.tf:4: the variable is declared here"
        ),
    ]


def test_what_is_passed_on_is_judged_by_the_module_that_takes_it() -> None:
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, ("kms_key_arns = []", "kms_key_arns = {}")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:17:20: "
            "error: eso_roles.myapp.kms_key_arns: got an object, expected a list\n"
            "hint: write a value of that type\n"
            "examples/terraform/variables.tf:46: the variable is declared here\n"
            "examples/terraform/modules/eso-role-documents/variables.tf:78: its type is stated here"
        ),
    ]


def test_an_attribute_of_a_role_that_is_missing_is_found() -> None:
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, ("    kms_key_arns = []\n", "")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:10:13: "
            "error: eso_roles.myapp: got an object, expected one with the attribute kms_key_arns\n"
            "hint: write a value of that type\n"
            "examples/terraform/variables.tf:46: the variable is declared here\n"
            "examples/terraform/modules/eso-role-documents/variables.tf:78: its type is stated here"
        ),
    ]


def test_a_module_far_away_is_taken_by_its_variables(tmp_path: Path) -> None:
    files = {
        "modules/a/main.tf": MODULE,
        "modules/b/main.tf": MODULE.replace("cluster_name", "other"),
        "envs/a.tfvars": 'cluster_name = "one"\nsizes = []\non = true\n',
    }
    assert found(tmp_path, files, CODE) == [
        (
            "envs/a.tfvars:2:9: warning: sizes: got a list, expected a map\n"
            "hint: write a value of that type\n"
            "modules/a/main.tf:4: the variable is declared here"
        ),
    ]


def test_no_module_that_fits_is_no_module(tmp_path: Path) -> None:
    assert found(tmp_path, {"modules/a/main.tf": MODULE, "envs/a.tfvars": "x = 1\ny = 2\n"}, CODE) == []


def test_a_module_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert found(tmp_path, {"main.tf": "variable {", "a.tfvars": "x = 1\n"}, CODE) == []


@pytest.mark.parametrize("name", ["variables.tf.json", "variables.tofu", "broken.tf"])
def test_what_a_module_declares_in_a_file_that_is_not_read_is_not_known(tmp_path: Path, name: str) -> None:
    above = 'variable "x" {}\nvariable "y" {}\n'
    files = {"main.tf": above, "env/main.tf": MODULE, f"env/{name}": "{", "env/dev/a.tfvars": "x = 1\nz = 2\n"}
    assert found(tmp_path, files, CODE) == []
    (tmp_path / "env" / name).unlink()
    del files[f"env/{name}"]
    assert len(found(tmp_path, files, CODE)) == 2


@pytest.mark.parametrize(
    "settings",
    [
        'bucket = "states"\nkey = "web"\nregion = "eu-west-1"\ndynamodb_table = "locks"\n',
        'bucket = "states"\nprefix = "web"\n',
        'resource_group_name = "web"\nstorage_account_name = "states"\ncontainer_name = "web"\nkey = "web"\n',
    ],
    ids=["S3", "Google", "Azure"],
)
def test_the_settings_of_a_backend_are_no_variables(tmp_path: Path, settings: str) -> None:
    module = 'variable "region" {}\nvariable "size" {}\n'
    assert found(tmp_path, {"main.tf": module, "backend.tfvars": settings}, CODE) == []
    declaring = module + 'variable "bucket" {}\nvariable "container_name" {}\n'
    assert found(tmp_path, {"main.tf": declaring, "backend.tfvars": settings}, CODE) != []


def test_an_empty_value_in_a_generated_file_is_found() -> None:
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, ('"us-west-2"\noidc', '""\noidc')) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:5:21: "
            "error: the variable aws_region is empty\n"
            "hint: write its value"
        ),
    ]


def test_a_module_above_that_declares_nothing_of_the_file_is_not_its_module(tmp_path: Path) -> None:
    files = {"main.tf": MODULE, "other/network.tfvars": 'cidr = "10.0.0.0/8"\nzones = ["a"]\n'}
    assert found(tmp_path, files, CODE) == []


def test_what_other_files_may_give_is_told_in_one_note(tmp_path: Path) -> None:
    module = 'variable "vpc" {}\nvariable "subnets" {}\nvariable "region" {}\n'
    assert found(tmp_path, {"main.tf": module, "a.tfvars": 'region = "eu-west-1"\n'}, CODE) == [
        (
            "a.tfvars:1:1: note: the module in this folder has no default for subnets, vpc, and here is no value\n"
            "hint: add subnets =\n"
            "main.tf:2: subnets is declared here"
        )
    ]


@pytest.mark.parametrize("word", ["sensitive", "ephemeral"])
def test_a_secret_belongs_into_no_file(tmp_path: Path, word: str) -> None:
    module = f'variable "token" {{ {word} = true }}\nvariable "subnets" {{ {word} = false }}\nvariable "region" {{}}\n'
    assert found(tmp_path, {"main.tf": module, "env/a.tfvars": 'region = "eu-west-1"\n'}, CODE) == [
        (
            "env/a.tfvars:1:1: note: the module in the root folder has no default for subnets, and here is no value\n"
            "hint: add subnets =\n"
            "main.tf:2: it is declared here"
        )
    ]


CLUSTER = """\
cluster_name      = "{name}"
env               = "dev"
account_id        = "557702566877"
aws_region        = "us-east-1"
oidc_provider     = "host"
oidc_provider_arn = "arn"

eso_roles = {{
  "web" = {{
    role_name       = "a"
    namespace       = "b"
    service_account = "c"
    secret_arns     = ["d"]
    kms_key_arns    = []
  }}
}}
"""


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        (
            'account_id        = "557702566877"\n',
            "",
            "1:1: error: there is no value for account_id, which the other files have",
            "add account_id =",
        ),
        (
            "aws_region ",
            "aws_regio  ",
            "5:1: error: there is no value for aws_region, which the other files have",
            "write aws_region for aws_regio",
        ),
        (
            '"557702566877"',
            '["557702566877"]',
            "4:21: error: account_id: got a list, expected a string",
            "write a string",
        ),
        (
            '["d"]',
            '[["d"]]',
            "14:23: error: eso_roles.web.secret_arns.0: got a list, expected a string",
            "write a string",
        ),
        (
            "kms_key_arns ",
            "kms_ke_arns  ",
            "15:5: error: role web has no kms_key_arns, which the others have",
            "write kms_key_arns for kms_ke_arns",
        ),
        (
            "    kms_key_arns    = []\n",
            "",
            "10:11: error: role web has no kms_key_arns, which the others have",
            "add kms_key_arns =",
        ),
    ],
)
def test_without_a_module_a_generated_file_has_what_the_others_have(
    tmp_path: Path, old: str, new: str, message: str, hint: str
) -> None:
    files = {f"{name}.tfvars": MARK + CLUSTER.format(name=name) for name in ("one", "two")}
    assert found(tmp_path, files, CODE) == []
    files["one.tfvars"] = files["one.tfvars"].replace(old, new)
    (got,) = found(tmp_path, files, CODE)
    assert got.splitlines()[:2] == [f"one.tfvars:{message}", f"hint: {hint}"]


def test_what_no_generated_file_has_is_missing_nowhere(tmp_path: Path) -> None:
    files = {f"{name}.tfvars": MARK + f'cluster_name = "{name}"\n' for name in ("one", "two")}
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(("value", "kind"), [("1", "a number"), ("true", "true or false")])
def test_a_generated_text_without_quotes_is_found_though_terraform_takes_it(value: str, kind: str) -> None:
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, ('"us-west-2"\noidc', f"{value}\noidc")) == [
        (f"output/{TFVARS_OF_IT}:5:21: error: aws_region: got {kind}, expected a string\nhint: write it in quotes"),
    ]


@pytest.mark.parametrize(("value", "kind"), [("1", "a number"), ("false", "true or false"), ("null", "null")])
def test_an_arn_of_a_generated_role_without_quotes_is_found_though_terraform_takes_it(value: str, kind: str) -> None:
    none = "    kms_key_arns = []"
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, (none, f"    kms_key_arns = [\n      {value},\n    ]")) == [
        (
            f"output/{TFVARS_OF_IT}:18:7: error: eso_roles.myapp.kms_key_arns.0: got {kind}, expected a string\n"
            "hint: write it in quotes"
        )
    ]


@pytest.mark.parametrize(
    ("name", "other"),
    [("account_id", "account_ix"), ("account_id", "account-id"), ("cluster_name", "CLUSTER_NAME"), ("env", "ENV")],
)
def test_a_variable_of_the_only_file_that_has_a_slip_is_found(tmp_path: Path, name: str, other: str) -> None:
    text = MARK + CLUSTER.format(name="one").replace(f"{name} ", f"{other} ")
    (got,) = found(tmp_path, {"one.tfvars": text}, CODE)
    assert f"error: there is no value for {name}\nhint: write {name} for {other}" in got


@pytest.mark.parametrize(
    ("name", "other"), [("kms_key_arns", "kms_keys_arns"), ("kms_key_arns", "kms-key-arns"), ("namespace", "namspace")]
)
def test_a_field_of_the_only_role_that_has_a_slip_is_found(tmp_path: Path, name: str, other: str) -> None:
    text = MARK + CLUSTER.format(name="one").replace(f"{name} ", f"{other} ")
    (got,) = found(tmp_path, {"one.tfvars": text}, CODE)
    assert f"error: role web has no {name}\nhint: write {name} for {other}" in got
    text = MARK + CLUSTER.format(name="one").replace("    kms_key_arns    = []\n", "    path = []\n")
    assert found(tmp_path, {"one.tfvars": text}, CODE) == []


def test_a_variable_with_another_name_in_the_only_file_is_a_choice(tmp_path: Path) -> None:
    text = MARK + CLUSTER.format(name="one").replace("aws_region ", "region ")
    assert found(tmp_path, {"one.tfvars": text}, CODE) == []
    text = MARK + CLUSTER.format(name="one").replace(
        'account_id        = "557702566877"', 'account_ids = ["557702566877"]'
    )
    assert found(tmp_path, {"one.tfvars": text}, CODE) == []


THREE = {f"vars/{name}.tfvars": f'cluster_name = "{name}"\n' for name in ("blue", "green", "white")}


def with_slip(text: str, path: str = "vars/green.tfvars", mark: str = "") -> dict[str, str]:
    return {each: mark + was for each, was in {**THREE, path: text}.items()}


@pytest.mark.parametrize(("severity", "mark"), [("warning", ""), ("error", MARK)], ids=["by hand", "generated"])
@pytest.mark.parametrize("slip", ["clustr_name", "Cluster_Name"])
def test_a_slip_in_the_only_variable_is_found_beside_files_that_have_it(
    tmp_path: Path, slip: str, severity: str, mark: str
) -> None:
    line = 1 + bool(mark)
    assert found(tmp_path, with_slip(f'{slip} = "green"\n', mark=mark), CODE) == [
        (
            f"vars/green.tfvars:{line}:1: {severity}: there is no value for cluster_name, which the files beside it "
            "have\n"
            f"hint: write cluster_name for {slip}\n"
            f"vars/blue.tfvars:{line}:16: in this one, for example"
        ),
    ]


def test_a_module_above_that_knows_only_the_others_does_not_hide_it(tmp_path: Path) -> None:
    files = {"main.tf": 'variable "cluster_name" {\n  type = string\n}\n', **with_slip('clustr_name = "green"\n')}
    assert [each.partition(": there")[0] for each in found(tmp_path, files, CODE)] == ["vars/green.tfvars:1:1: warning"]


@pytest.mark.parametrize(
    "files",
    [
        with_slip('clustr_name = ["green"]\n'),
        with_slip('region = "green"\n'),
        with_slip('cluster_name = "green"\nclustr_name = "green"\n'),
        with_slip('clustr_name = "red"\n', "vars/terraform.tfvars"),
        with_slip('clustr_name = "red"\n', "vars/red.auto.tfvars"),
        with_slip('clustr_name = "red"\n', "other/red.tfvars"),
        {**with_slip('clustr_name = "green"\n'), "vars/white.tfvars": 'region = "eu-west-1"\n'},
    ],
)
def test_it_is_no_slip_where_it_may_be_meant(tmp_path: Path, files: dict[str, str]) -> None:
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize("name", ["override.tf", "main_override.tf"])
def test_a_file_that_overrides_a_variable_is_laid_over_it(tmp_path: Path, name: str) -> None:
    """Source: Terraform, "Override Files"; tried with 1.11.4."""
    files = {
        "a/variables.tf": 'variable "size" {\n  type = number\n}\n',
        f"a/{name}": 'variable "size" {\n  type = string\n}\n',
        "a/terraform.tfvars": 'size = "large"\n',
    }
    assert found(tmp_path, files, CODE) == []


def test_a_file_of_several_modules_has_the_variables_of_each(tmp_path: Path) -> None:
    files = {
        "network/main.tf": "".join(f'variable "{name}" {{\n}}\n' for name in ("az", "cidr", "env", "region")),
        "eks/main.tf": "".join(f'variable "{name}" {{\n}}\n' for name in ("env", "region", "size")),
        "envs/dev.tfvars": 'az     = "a"\ncidr   = "10.0.0.0/8"\nenv    = "dev"\nregion = "eu-west-1"\nsize   = 3\n',
    }
    assert found(tmp_path, files, CODE) == []
