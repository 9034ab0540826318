"""Variable files that cannot be read, or are more than constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "invalid-hcl"
TFVARS_OF_IT = "environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars"


def test_a_syntax_error_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": "a = [\n"}, CODE) == [
        ("a.tfvars:2:1: error: Missing expression\nhint: correct it; terraform fmt names the place too"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "U2FsdGVkX1+vupppZksvRf5pq5g5XjFRIipRkwB0K1Y96Qsv2Lm+31cmzaAILwyt\n",
        "$ANSIBLE_VAULT;1.1;AES256\n6231336539666234\n",
        "-----BEGIN PGP MESSAGE-----\n\nhQIMA0t4uZHfl9qgAQ\n-----END PGP MESSAGE-----\n",
        '{\n\t"data": "ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]",\n\t"sops": {"version": "3.8.1"}\n}\n',
    ],
    ids=["transcrypt", "Ansible Vault", "PGP", "SOPS"],
)
def test_an_encrypted_file_is_told_as_not_known(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"a.tfvars": text}, CODE) == [
        "a.tfvars:1:1: note: it is encrypted, so what it says is not known\nhint: decrypt it, and verify the result",
    ]
    assert found(tmp_path, {"a.tfvars": text}, "secret-in-file") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": }\n', "1:7: error: it is no JSON: Expecting value"),
        ('{"a": 1,\n "a": 2}\n', "2:2: error: the key a is already there"),
        ('["a"]\n', "1:1: error: it is no JSON object"),
        ('{"a": "ENC[x]", "sops": {"mac": "ENC[y]"}}', "1:1: note: it is encrypted, so what it says is not known"),
    ],
)
def test_a_file_in_json_that_cannot_be_read_is_found(tmp_path: Path, text: str, message: str) -> None:
    (problem,) = found(tmp_path, {"a.tfvars.json": text}, CODE)
    assert problem.startswith(f"a.tfvars.json:{message}\n")


def test_a_template_in_json_is_a_text(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars.json": '{"a": "x-${var.env}"}\n'}, CODE) == []


def test_an_argument_twice_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": "a = 1\na = 2\n"}, CODE) == [
        ("a.tfvars:2:1: error: Attribute redefined\nhint: correct it; terraform fmt names the place too"),
    ]


def test_a_word_without_quotes_is_a_reference(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": "env = dev\n"}, CODE) == [
        ('a.tfvars:1:7: error: got dev, expected a constant\nhint: quote it: "dev"'),
    ]


def test_an_issuer_without_quotes_is_a_division(tmp_path: Path) -> None:
    """By terraform 1.11.4, terraform plan: Variables not allowed."""
    issuer = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
    assert found(tmp_path, {"a.tfvars": f"oidc_provider = {issuer}\nzones = 1 + 2\n"}, CODE) == [
        f'a.tfvars:1:17: error: got {issuer}, expected a constant\nhint: quote it: "{issuer}"',
    ]


def test_what_is_calculated_of_constants_is_one(tmp_path: Path) -> None:
    """By terraform plan 1.11.4: each is the text that is meant."""
    variables = 'variable "account" { type = string }\nvariable "ids" { type = list(number) }\n'
    text = 'account = ("${"111122223333"}")\nids     = [(1), true ? 2 : 3]\n'
    tree = {"main.tf": variables, "a.tfvars": text, "b.tfvars": "account = (dev)\nids = [for each in [1] : each]\n"}
    assert found(tmp_path, tree, CODE) == [
        'b.tfvars:1:12: error: got dev, expected a constant\nhint: quote it: "dev"',
    ]
    assert found(tmp_path, tree, "tfvars-variables") == []
    assert found(tmp_path, tree, "account-id") == []


def test_a_variable_cannot_be_referred_to(tmp_path: Path) -> None:
    """By terraform plan 1.11.4: Variables not allowed."""
    text = 'a = var.env\nb = {\n  c = [local.names[0], "x"]\n}\n'
    assert found(tmp_path, {"a.tfvars": text}, CODE) == [
        f"a.tfvars:{at}: error: got {name}, expected a constant\nhint: write the value: nothing can be referred to here"
        for at, name in (("1:5", "var.env"), ("3:8", "local.names"))
    ]


def test_a_password_without_quotes_is_not_shown(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": "db_password = hunter2fox\n"}, CODE) == [
        "a.tfvars:1:15: error: got ***, expected a constant\nhint: quote it",
    ]


def test_a_word_in_a_list_is_a_reference_too(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": 'zones = [\n  "a",\n  b,\n]\n'}, CODE) == [
        ('a.tfvars:3:3: error: got b, expected a constant\nhint: quote it: "b"'),
    ]


def test_a_template_is_no_constant(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": 'a = "x-${var.env}"\n'}, CODE) == [
        (
            "a.tfvars:1:5: error: got a text with a reference or a call in it, expected constants\n"
            "hint: write $${ for a $ before a brace, %%{ for a %, or the value"
        ),
    ]


def test_a_function_cannot_be_called(tmp_path: Path) -> None:
    """By terraform plan 1.11.4: Function calls not allowed."""
    assert found(tmp_path, {"a.tfvars": 'a = [upper("b")]\n'}, CODE) == [
        "a.tfvars:1:6: error: got a call of upper, expected a constant\nhint: write the result: nothing is called here",
    ]


def test_a_text_with_a_template_of_constants_is_one(tmp_path: Path) -> None:
    """By terraform plan 1.11.4: none is refused."""
    text = (
        'a = "b${1 + 1}"\nc = "%{ if true }d%{ endif }"\ne = { f = "g" }.f\nh = "%{ for i in ["j"] }${i}%{ endfor }"\n'
    )
    assert found(tmp_path, {"a.tfvars": text}, CODE) == []


def test_a_written_out_dollar_is_one(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": 'a = "x-$${var.env}"\n'}, CODE) == []


def test_a_key_twice_in_a_map_is_found_with_the_one_that_is_lost(tmp_path: Path) -> None:
    text = 'roles = {\n  "a" = { name = "b" }\n  a = { name = "c" }\n}\n'
    assert found(tmp_path, {"a.tfvars": text}, CODE) == [
        (
            "a.tfvars:3:3: warning: the key a stands twice in one map, and Terraform takes the last\n"
            "hint: remove the one that is not meant, or give it a key of its own\n"
            "a.tfvars:2:3: it stands here already, and is lost"
        ),
    ]


def test_what_a_condition_gives_is_no_key(tmp_path: Path) -> None:
    text = 'a = true ? "a" : "b"\nb = {\n  c = true ? null : 1\n  d = true ? null : 1\n}\n'
    assert found(tmp_path, {"a.tfvars": text}, CODE) == []


def test_one_key_in_two_maps_is_two_keys(tmp_path: Path) -> None:
    text = 'a = [{ b = "c" }, { b = "d" }]\ne = {\n  b = { b = "f" }\n}\nb = 1\n'
    assert found(tmp_path, {"a.tfvars": text}, CODE) == []


def test_a_generated_role_under_the_key_of_another_is_found() -> None:
    role = '  "myapp" = {\n    role_name       = "other"\n    secret_arns     = []\n  }\n}\n'
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, ("    kms_key_arns = []\n  }\n}\n", f"  }}\n{role}")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:18:3: "
            "error: the key myapp stands twice in one map, and Terraform takes the last\n"
            "hint: remove the one that is not meant, or give it a key of its own\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:10:3: "
            "it stands here already, and is lost"
        ),
    ]


def test_keys_and_literals_are_no_references(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": "a = { b = true, c : null, d = [false] } # e\n"}, CODE) == []


def test_a_generated_value_that_lost_its_quotes_is_found() -> None:
    change = ('env               = "production"', "env               = production")
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:3:21: "
            "error: got production, expected a constant\n"
            'hint: quote it: "production"'
        ),
    ]


@pytest.mark.parametrize("value", ['"a" + 1', '1 * "a"', '-"a"', '["b", 2 - "a"]', '{ b = "a" % 2 }', '"a" < 1'])
def test_a_text_that_is_calculated_with_is_found(tmp_path: Path, value: str) -> None:
    """By Terraform 1.11.4: Invalid operand."""
    assert found(tmp_path, {"a.tfvars": f"a = {value}\n"}, CODE) == [
        (
            f'a.tfvars:1:{5 + value.index(chr(34) + "a")}: error: got "a" in a calculation, expected a number\n'
            "hint: write the result: + does not join texts"
        )
    ]


def test_a_number_in_a_text_is_calculated_with(tmp_path: Path) -> None:
    """By Terraform 1.11.4, which takes the text for the number, and compares any two values."""
    text = 'a = "1" + 1\nb = "-1.5" * 2\nc = "a" == 1\nd = ["a", -1]\ne = { "a" = -1 }\n'
    assert found(tmp_path, {"a.tfvars": text}, CODE) == []
