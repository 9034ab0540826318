"""The KMS keys of the roles that read secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checks.by_hand import BY_HAND, TFVARS, TFVARS_FILE, changed
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "kms-access"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_a_key_of_the_region_of_the_secrets_is_fine(tmp_path: Path) -> None:
    files = changed(TFVARS_FILE, ("kms_key_arns = []", f'kms_key_arns = ["{KEY}"]'))
    assert found(tmp_path, files, CODE) == []


def test_a_key_in_another_region_is_found(tmp_path: Path) -> None:
    files = changed(TFVARS_FILE, ("kms_key_arns = []", f'kms_key_arns = ["{KEY.replace("eu-west-1", "us-east-1")}"]'))
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/one.tfvars:16:20: error: role one-web-eso: the key is in us-east-1, but the secrets are "
            "in eu-west-1\n"
            "hint: list the key of the secret's own region\n"
            "terraform/one.tfvars:13:19: the secrets that the role reads"
        ),
    ]


def test_an_alias_is_no_key(tmp_path: Path) -> None:
    files = changed(
        TFVARS_FILE, ("kms_key_arns = []", 'kms_key_arns = ["arn:aws:kms:eu-west-1:111122223333:alias/main"]')
    )
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/one.tfvars:16:20: error: role one-web-eso: got an alias, expected key/<id>: an IAM "
            "policy cannot name a key by its alias\n"
            "hint: list the key of the secret's own region\n"
            "terraform/one.tfvars:13:19: the secrets that the role reads"
        ),
    ]


def test_roles_that_read_the_same_secret_need_the_same_key(tmp_path: Path) -> None:
    other = TFVARS.replace("kms_key_arns = []", f'kms_key_arns = ["{KEY}"]').replace('"one', '"two')
    files = {**BY_HAND, "terraform/three.tfvars": TFVARS.replace('"one', '"three'), "terraform/two.tfvars": other}
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/two.tfvars:16:20: error: role two-web-eso may use "
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab, but roles that read "
            "the same secrets use none\n"
            "hint: a secret has one key: list the same one for every role that reads it\n"
            "terraform/one.tfvars:16:20: role one-web-eso reads the same secrets"
        ),
    ]
