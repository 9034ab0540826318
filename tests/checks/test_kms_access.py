"""The KMS keys of the roles that read secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, TFVARS, TFVARS_FILE, changed
from tests.checks.trees import MARK, found

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


def test_an_open_partition_of_the_secrets_says_nothing_of_the_key(tmp_path: Path) -> None:
    secrets, key = (
        ("arn:aws:secretsmanager:", "arn:*:secretsmanager:"),
        ("kms_key_arns = []", f'kms_key_arns = ["{KEY}"]'),
    )
    assert found(tmp_path, changed(TFVARS_FILE, key, secrets), CODE) == []


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


def test_a_key_or_a_secret_that_is_listed_twice_is_the_same_one(tmp_path: Path) -> None:
    one = TFVARS.replace("kms_key_arns = []", f'kms_key_arns = ["{KEY}"]')
    two = one.replace(f'["{KEY}"]', f'["{KEY}", "{KEY}"]').replace('"one', '"two')
    assert found(tmp_path, {**BY_HAND, TFVARS_FILE: one, "terraform/two.tfvars": two}, CODE) == []


CONFIGURATION = """\
variable "cluster_name" {{}}
variable "key" {{}}
resource "aws_iam_role" "eso" {{
  name               = "${{var.cluster_name}}-eso"
  assume_role_policy = jsonencode({{ Statement = [{{
    Effect    = "Allow"
    Action    = "sts:AssumeRoleWithWebIdentity"
    Condition = {{ StringEquals = {{ "x:sub" = "system:serviceaccount:web:web" }} }}
  }}] }})
}}
resource "aws_iam_role_policy" "read" {{
  role   = aws_iam_role.eso.id
  policy = jsonencode({{ Statement = [
    {{ Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "{secrets}" }},
    {{ Effect = "Allow", Action = "kms:Decrypt", Resource = var.key }},
  ] }})
}}
"""
EXACT = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-??????"


@pytest.mark.parametrize(
    ("secrets", "told"),
    [("arn:aws:secretsmanager:*:*:secret:*", []), (EXACT, ["two"])],
    ids=["any secret", "one secret"],
)
def test_policies_by_hand_for_any_secret_may_have_keys_of_their_own(
    tmp_path: Path, secrets: str, told: list[str]
) -> None:
    keys = {"one": KEY, "two": KEY.replace("key/1", "key/2")}
    files = {f"t/{name}.tfvars": f'cluster_name = "{name}"\nkey = "{key}"\n' for name, key in keys.items()}
    problems = found(tmp_path, {**files, "t/main.tf": CONFIGURATION.format(secrets=secrets)}, CODE)
    assert [each.partition("warning: role ")[2].partition("-eso ")[0] for each in problems] == told


def test_a_key_for_something_else_in_a_policy_by_hand_is_a_warning(tmp_path: Path) -> None:
    files = {
        "t/one.tfvars": f'cluster_name = "one"\nkey = "{KEY.replace("eu-west-1", "us-east-1")}"\n',
        "t/main.tf": CONFIGURATION.format(secrets=EXACT),
    }
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith(
        "t/main.tf:14:1: warning: role one-eso: the key is in us-east-1, but the secrets are in eu-west-1\n"
    )


OF_ONE = "arn:aws:kms:eu-west-1:111122223333:key/7d1f4c0e-93ab-4f26-8c5d-2be61a90f3d7"
REPLICATED = OF_ONE.replace("7d1f4c0e-93ab-4f26-8c5d-2be61a90f3d7", "mrk-7d1f4c0e93ab4f268c5d2be61a90f3d7")


@pytest.mark.parametrize(
    ("key", "old", "new", "here", "there"),
    [
        (
            OF_ONE,
            "111122223333",
            "111122223334",
            "account 111122223334 in eu-west-1",
            "account 111122223333 in eu-west-1",
        ),
        (OF_ONE, "eu-west-1", "eu-west-3", "account 111122223333 in eu-west-3", "account 111122223333 in eu-west-1"),
        (REPLICATED, "111122223333", "111122223334", "account 111122223334", "account 111122223333"),
    ],
)
def test_a_key_that_stands_elsewhere_in_another_file_is_a_warning(
    tmp_path: Path, key: str, old: str, new: str, here: str, there: str
) -> None:
    one = MARK + TFVARS.replace("kms_key_arns = []", f'kms_key_arns = ["{key}"]')
    two = one.replace('"one', '"two').replace("secret:dev/web/db", "secret:dev/web/queue")
    slip = two.replace(key, key.replace(old, new)).replace(
        ":secretsmanager:eu-west-1", f":secretsmanager:{_region(new)}"
    )
    files = {**BY_HAND, TFVARS_FILE: one}
    assert found(tmp_path, {**files, "terraform/two.tfvars": two}, CODE) == []
    assert found(tmp_path, {**files, "terraform/two.tfvars": slip}, CODE) == [
        (
            f"terraform/two.tfvars:17:20: warning: role two-web-eso may use {key.rpartition(':')[2]} of {here}, and "
            f"elsewhere that key is in {there}\n"
            f"hint: write {there}, or the id of the key that is meant\n"
            f"terraform/one.tfvars:17:20: the key is in {there} here"
        )
    ]


def test_a_key_may_have_replicas_in_other_regions(tmp_path: Path) -> None:
    one = MARK + TFVARS.replace("kms_key_arns = []", f'kms_key_arns = ["{REPLICATED}"]')
    two = one.replace('"one', '"two').replace("secret:dev/web/db", "secret:dev/web/queue")
    files = {**BY_HAND, TFVARS_FILE: one, "terraform/two.tfvars": two.replace("eu-west-1", "eu-west-3")}
    assert found(tmp_path, files, CODE) == []


def _region(new: str) -> str:
    return new if new.startswith("eu-") else "eu-west-1"


def test_a_key_that_is_made_up_and_the_keys_of_somebody_else_may_stand_in_any_account(tmp_path: Path) -> None:
    other = KEY.replace("111122223333", "111122223334")
    for mark, one in ((MARK, KEY), ("", KEY.replace("1234abcd", "7d1f4c0e"))):
        two = other if mark else other.replace("1234abcd", "7d1f4c0e")
        files = {
            TFVARS_FILE: mark + TFVARS.replace("kms_key_arns = []", f'kms_key_arns = ["{one}"]'),
            "terraform/two.tfvars": mark
            + TFVARS.replace("kms_key_arns = []", f'kms_key_arns = ["{two}"]')
            .replace('"one', '"two')
            .replace("secret:dev/web/db", "secret:dev/web/queue"),
        }
        assert found(tmp_path, {**BY_HAND, **files}, CODE) == []


ACCOUNTS = "111122223333", "444455556666"


def with_key(cluster: str, account: str, region: str, key: str) -> str:
    """Returns the generated variable file of a cluster, whose role may use a key."""
    text = TFVARS.replace("one", cluster).replace("111122223333", account).replace("eu-west-1", region)
    return MARK + text.replace("kms_key_arns = []", f'kms_key_arns = ["{key}"]')


def test_a_key_of_the_account_of_another_cluster_is_a_warning(tmp_path: Path) -> None:
    def key(account: str, region: str) -> str:
        return f"arn:aws:kms:{region}:{account}:key/mrk-{account}a7c4f0913b6e82d5c91b"

    def files(*, strange: str, other: str) -> dict[str, str]:
        return {
            "terraform/one.tfvars": with_key("one", "111122223333", "eu-west-1", key(strange, "eu-west-1")),
            "terraform/two.tfvars": with_key("two", "111122223333", "eu-west-2", key(other, "eu-west-2")),
            "terraform/six.tfvars": with_key("six", "444455556666", "eu-west-1", key("444455556666", "eu-west-1")),
        }

    own, of_six, of_nobody = "111122223333", "444455556666", "777788889999"
    assert found(tmp_path, files(strange=own, other=own), CODE) == []
    assert found(tmp_path, files(strange=of_six, other=of_six), CODE) == []
    assert found(tmp_path, files(strange=of_nobody, other=own), CODE) == []
    (told,) = found(tmp_path, files(strange=of_six, other=own), CODE)
    assert told == (
        "terraform/one.tfvars:17:20: warning: role one-web-eso may use a key of account 444455556666, and on two the "
        "same app has one of its own account, 111122223333\n"
        "hint: list the key that encrypts the secrets of this account\n"
        "terraform/six.tfvars:4:21: the account is that of this cluster"
    )


def test_a_key_of_another_account_beside_one_of_its_own_is_a_warning(tmp_path: Path) -> None:
    of_one, of_six = (f"arn:aws:kms:eu-west-1:{each}:key/mrk-{each}a7c4f0913b6e82d5c91b" for each in ACCOUNTS)

    def files(strange: str, beside: str, *, used: str = of_six) -> dict[str, str]:
        one = with_key("one", ACCOUNTS[0], "eu-west-1", strange)
        role = one.partition("eso_roles = {\n")[2].rpartition("}")[0]
        second = role.replace("web", "api").replace(strange, beside)
        return {
            "terraform/one.tfvars": one.replace(role, role + second),
            "terraform/six.tfvars": with_key("six", ACCOUNTS[1], "eu-west-1", used),
        }

    assert found(tmp_path, files(of_one, of_one), CODE) == []
    assert found(tmp_path, files(of_six, of_six), CODE) == []
    assert found(tmp_path, files(of_six, of_one, used=of_six.replace("mrk-4", "mrk-9")), CODE) == []
    (told,) = found(tmp_path, files(of_six, of_one), CODE)
    assert told == (
        "terraform/one.tfvars:17:20: warning: role one-web-eso may use a key of account 444455556666, and role "
        "one-api-eso has one of its own account, 111122223333\n"
        "hint: list the key that encrypts the secrets of this account\n"
        "terraform/six.tfvars:4:21: the account is that of this cluster"
    )


def test_a_key_of_another_account_where_all_other_clusters_have_their_own_is_a_warning(tmp_path: Path) -> None:
    accounts = {"one": "111122223333", "six": "444455556666", "ten": "777788889999"}

    def files(**strange: str) -> dict[str, str]:
        keys = {
            cluster: f"{strange.get(cluster, own)}:key/mrk-{own}a7c4f0913b6e82d5c91b"
            for cluster, own in accounts.items()
        }
        return {
            f"terraform/{cluster}.tfvars": with_key(cluster, own, "eu-west-1", f"arn:aws:kms:eu-west-1:{keys[cluster]}")
            for cluster, own in accounts.items()
        }

    assert found(tmp_path, files(), CODE) == []
    assert found(tmp_path, files(one="999988887777"), CODE) == []
    assert found(tmp_path, files(one=accounts["six"], ten=accounts["six"]), CODE) == []
    (told,) = found(tmp_path, files(one=accounts["six"]), CODE)
    assert told == (
        "terraform/one.tfvars:17:20: warning: role one-web-eso may use a key of account 444455556666, and on 2 other "
        "clusters the same app has one of the cluster's own\n"
        "hint: list the key that encrypts the secrets of this account\n"
        "terraform/six.tfvars:4:21: the account is that of this cluster"
    )


def test_a_key_of_another_account_on_all_clusters_of_an_account_is_a_warning(tmp_path: Path) -> None:
    accounts = {"one": "111122223333", "two": "111122223333", "six": "444455556666", "ten": "777788889999"}

    def files(**of_one: str) -> dict[str, str]:
        return {
            f"terraform/{cluster}.tfvars": with_key(
                cluster,
                own,
                "eu-west-1",
                f"arn:aws:kms:eu-west-1:{of_one.get(cluster, own)}:key/mrk-{own}a7c4f0913b6e82d5c91b",
            )
            for cluster, own in accounts.items()
        }

    strange = accounts["six"]
    assert found(tmp_path, files(), CODE) == []
    assert found(tmp_path, files(one=strange, two=strange, ten=strange), CODE) == []
    assert found(tmp_path, files(one=strange, two=strange), CODE) == [
        (
            f"terraform/{cluster}.tfvars:17:20: warning: role {cluster}-web-eso may use a key of account 444455556666, "
            "and on 2 other clusters the same app has one of the cluster's own\n"
            "hint: list the key that encrypts the secrets of this account\n"
            "terraform/six.tfvars:4:21: the account is that of this cluster"
        )
        for cluster in ("one", "two")
    ]


def test_an_id_with_a_slip_is_held_against_those_of_more_roles(tmp_path: Path) -> None:
    def files(number: str) -> dict[str, str]:
        key = f"arn:aws:kms:eu-west-1:111122223333:key/3f9d20c1-77ab-4e52-9c3d-5be0a61f2d8{number}"
        usual = "arn:aws:kms:eu-west-1:111122223333:key/3f9d20c1-77ab-4e52-9c3d-5be0a61f2d84"
        names = {"one": key, "two": usual, "six": usual}
        texts = {each: with_key(each, "111122223333", "eu-west-1", arn) for each, arn in names.items()}
        return {
            f"terraform/{each}.tfvars": text.replace("dev/web/db", f"dev/web/{each}") for each, text in texts.items()
        }

    assert found(tmp_path, files("4"), CODE) == []
    (told,) = found(tmp_path, files("5"), CODE)
    assert told.startswith(
        "terraform/one.tfvars:17:20: warning: role one-web-eso may use key/3f9d20c1-77ab-4e52-9c3d-5be0a61f2d85, and "
        "others key/3f9d20c1-77ab-4e52-9c3d-5be0a61f2d84: one has a slip\n"
    )
