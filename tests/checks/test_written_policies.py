"""What the policies of a role let it read that stands in the Terraform of the tree, and what decides their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import ACCOUNT_FILE, BY_HAND, PROVIDER, SECRET_FILE, STORE_FILE, application
from tests.checks.written_terraform import (
    ACCESS,
    DOCUMENTS,
    LITERAL,
    MAIN,
    MAY_READ,
    OTHER_REGION,
    SECRET,
    SUBJECT,
    WITH_WHOLE_ARNS,
    changed,
    problems,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/dev/web/*"
_NO_SECRETS = "external_secrets_secrets_manager_arns = []"
ASKING = BY_HAND[SECRET_FILE].replace("dev/web/db\n        property: password", "/dev/web/db")


def reading_parameters(form: Mapping[str, str], asking: str = ASKING) -> dict[str, str]:
    """Returns the repository with a store for Parameter Store, and a form that lets its role read there."""
    files: dict[str, str] = {}
    for path, text in form.items():
        own = text.replace(SECRET, PARAMETER).replace("secretsmanager:GetSecretValue", "ssm:GetParameter")
        own = own.replace("_secrets_manager_arns", "_ssm_parameter_arns  ").replace(":secretsmanager:", ":ssm:")
        own = own.replace("  external_secrets_kms_key", f"  {_NO_SECRETS}\n  external_secrets_kms_key")
        files[path] = own.replace("}:secret", "}:parameter").replace(
            "${local.secrets}:${var.environment}/web/db-??????", "${local.secrets}/${var.environment}/web/*"
        )
    store = BY_HAND[STORE_FILE].replace("SecretsManager", "ParameterStore")
    return {**tree(files), STORE_FILE: store, SECRET_FILE: asking}


@pytest.mark.parametrize("form", WITH_WHOLE_ARNS.values(), ids=WITH_WHOLE_ARNS)
def test_a_parameter_that_the_role_may_read_is_sound(tmp_path: Path, form: Mapping[str, str]) -> None:
    assert problems(tmp_path, reading_parameters(form)) == []


@pytest.mark.parametrize("form", WITH_WHOLE_ARNS.values(), ids=WITH_WHOLE_ARNS)
def test_a_parameter_that_no_pattern_covers_is_found(tmp_path: Path, form: Mapping[str, str]) -> None:
    severity = "warning" if form[min(form)] == DOCUMENTS else "error"
    (problem,) = problems(tmp_path, reading_parameters(form, ASKING.replace("/dev/web", "/prod/web")))
    assert problem == (
        f"secret-access {severity} manifests/secret.yaml:15:14: role one-web-eso may not read /prod/web/db in "
        f"eu-west-1: it may read {PARAMETER}"
    )


def test_a_role_for_secrets_alone_reads_no_parameter(tmp_path: Path) -> None:
    files = {**reading_parameters({}), MAIN: LITERAL}
    (problem,) = problems(tmp_path, files)
    assert problem == f"{ACCESS} /dev/web/db in eu-west-1: it may read nothing"


@pytest.mark.parametrize(
    "change",
    [
        ('"ssm:GetParameter", "secretsmanager:DescribeSecret"', "var.actions"),
        (f'Resource = "{PARAMETER}"', f'Resource = "{PARAMETER}"\n      Condition = {{}}'),
    ],
)
def test_a_parameter_that_only_terraform_knows_of_is_said(tmp_path: Path, change: tuple[str, str]) -> None:
    (problem,) = problems(tmp_path, changed(reading_parameters({MAIN: LITERAL}), change))
    assert problem.startswith(f"cannot-say note {MAY_READ.replace('dev/web', '/dev/web')}")


def test_a_parameter_whose_tags_are_read_takes_another_action(tmp_path: Path) -> None:
    asking = ASKING.replace("/dev/web/db", "/prod/web/db\n        metadataPolicy: Fetch")
    form = {MAIN: LITERAL.replace("secretsmanager:DescribeSecret", "ssm:ListTagsForResource")}
    assert problems(tmp_path / "sound", reading_parameters(form, asking)) == []
    (problem,) = problems(tmp_path / "broken", reading_parameters({MAIN: LITERAL}, asking))
    assert problem == (
        "secret-access error manifests/secret.yaml:16:25: ExternalSecret db reads the tags of a secret, and role "
        "one-web-eso may not do ssm:ListTagsForResource"
    )


KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FLAGS = "arn:aws:ssm:eu-west-1:111122223333:parameter/dev/web/flags"
WITH_KEY = ('DescribeSecret"]', 'DescribeSecret", "kms:Decrypt"]')


@pytest.mark.parametrize(
    "change",
    [
        (f'"{SECRET}"', f'["{SECRET}", "{KEY}"]'),
        (f'"{SECRET}"', f'["{SECRET}", "{KEY}", "{FLAGS}"]'),
        (f'"{SECRET}"', f'["{SECRET}", "{KEY}", "arn:aws:kms:eu-west-1:111122223333:alias/web"]'),
        ("dev/web/db-??????", "dev/web/db-a1B2c3"),
        ("dev/web/db-??????", "$${aws:PrincipalTag/env}/web/db-??????"),
        (":111122223333:secret", ":$${aws:PrincipalAccount}:secret"),
        ('"secretsmanager:DescribeSecret"', '"SecretsManager:describesecret"'),
        ('"secretsmanager:DescribeSecret"', '"SecretsManager:ListSecretVersionIds"'),
        (f'"{PROVIDER}:sub"', f'"{PROVIDER.upper()}:SUB"'),
    ],
)
def test_a_policy_that_is_written_in_another_way_is_as_good(tmp_path: Path, change: tuple[str, str]) -> None:
    """Source: IAM, "Policy elements: Resource", "Variables and tags" and "Condition"; KMS, "Using aliases"."""
    found = problems(tmp_path, tree(changed({MAIN: LITERAL}, WITH_KEY, change)))
    assert [each for each in found if " note " not in each] == []


def test_the_variables_of_a_policy_document_have_an_ampersand(tmp_path: Path) -> None:
    """Source: terraform-provider-aws, iam_policy_document_data_source.go, which makes ${ of &{."""
    text = DOCUMENTS.replace(":${var.environment}/web", ":&{aws:PrincipalTag/env}/web")
    assert text != DOCUMENTS
    assert problems(tmp_path, tree(text)) == [
        (
            "cannot-say note manifests/secret.yaml:15:14: whether role one-web-eso may read dev/web/db is not known: "
            "not all of its policies is read here, at terraform/main.tf:28:1"
        )
    ]


def test_keys_and_secrets_of_one_statement_are_told_apart(tmp_path: Path) -> None:
    change = (f'"{SECRET}"', f'["{SECRET}", "{KEY.replace("eu-west-1", "eu-west-2")}"]')
    assert problems(tmp_path, tree(changed({MAIN: LITERAL}, WITH_KEY, change))) == [
        (
            "kms-access warning terraform/main.tf:26:1: role one-web-eso: the key is in eu-west-2, but the secrets "
            "are in eu-west-1"
        )
    ]


def test_an_alias_alone_is_no_key(tmp_path: Path) -> None:
    change = (f'"{SECRET}"', f'["{SECRET}", "arn:aws:kms:eu-west-1:111122223333:alias/web"]')
    assert problems(tmp_path, tree(changed({MAIN: LITERAL}, WITH_KEY, change))) == [
        (
            "kms-access warning terraform/main.tf:26:1: role one-web-eso: got an alias, expected key/<id>: an IAM "
            "policy cannot name a key by its alias"
        )
    ]


def test_a_number_as_a_text_is_what_terraform_makes_of_it(tmp_path: Path) -> None:
    text = DOCUMENTS.replace('  namespace = "web"', '  namespace = tostring(5) == "5" ? "web" : "shop"')
    assert text != DOCUMENTS
    assert problems(tmp_path, tree(text)) == []


@pytest.mark.parametrize("tag", ["POLICY", "POL-ICY"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_policy_over_several_lines_is_read(tmp_path: Path, tag: str, newline: str) -> None:
    """Source: HCL native syntax specification, "Template Expressions": a tag is an identifier."""
    before, _, _ = LITERAL.partition('resource "aws_iam_role_policy"')
    text = f"""\
{before}resource "aws_iam_role_policy" "read" {{
  role   = aws_iam_role.eso.id
  policy = <<-{tag}
    {{"Statement": {{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "{SECRET}"}}}}
  {tag}
}}
"""
    (tmp_path / "terraform").mkdir()
    files = {**tree(text), SECRET_FILE: BY_HAND[SECRET_FILE].replace("dev/web/db", "dev/web/cache")}
    del files[MAIN]
    (tmp_path / MAIN).write_bytes(text.replace("\n", newline).encode())
    assert [each.split(" ")[:2] for each in problems(tmp_path, files)][:1] == [["secret-access", "error"]]


BY_VARIABLES = """\
variable "cluster_name" {
}
variable "namespace" {
}
variable "name" {
  default = "one-web-eso"
}
""" + LITERAL.replace(SUBJECT, "system:serviceaccount:${var.namespace}:web-eso").replace('"one-web-eso"', "var.name")
CLUSTER = 'cluster_name = "one"\n'
WEB, SHOP = 'namespace    = "web"\n', 'namespace    = "shop"\n'


@pytest.mark.parametrize(
    "files",
    [
        {"terraform.tfvars": CLUSTER + SHOP, "a.auto.tfvars": WEB},
        {"terraform.tfvars": SHOP, "a.auto.tfvars": CLUSTER + WEB},
        {"terraform.tfvars": CLUSTER + SHOP, "terraform.tfvars.json": '{"namespace": "web"}\n'},
        {"a.auto.tfvars": CLUSTER + SHOP, "b.auto.tfvars.json": '{"namespace": "web"}\n'},
        {"terraform.tfvars": CLUSTER + SHOP, "a.auto.tfvars": CLUSTER + WEB},
        {"terraform.tfvars": SHOP, "envs/one.tfvars": CLUSTER + WEB},
        {"a.auto.tfvars": SHOP, "terraform.tfvars": WEB, "b.auto.tfvars": WEB},
    ],
)
def test_the_file_that_terraform_loads_last_decides(tmp_path: Path, files: Mapping[str, str]) -> None:
    """Source: Terraform, "Variable Definition Precedence"; tried with 1.11.4."""
    beside = {f"terraform/{name}": text for name, text in files.items()}
    assert [each for each in problems(tmp_path, {**tree(BY_VARIABLES), **beside}) if " note " not in each] == []


def test_a_value_that_is_loaded_last_is_held_against_the_store(tmp_path: Path) -> None:
    files = {"terraform/terraform.tfvars": CLUSTER + WEB, "terraform/a.auto.tfvars": SHOP}
    assert problems(tmp_path, {**tree(BY_VARIABLES), **files}) == [
        (
            "trust-subject error terraform/main.tf:18:1: role one-web-eso trusts system:serviceaccount:shop:web-eso, "
            f"expected {SUBJECT}, which SecretStore store signs in as"
        )
    ]


def test_a_file_that_may_be_given_beside_another_leaves_its_values_open(tmp_path: Path) -> None:
    files = {
        "terraform.tfvars": SHOP,
        "envs/common.tfvars": WEB,
        "envs/one.tfvars": 'name = "one-web-eso"\n',
        "envs/two.tfvars": 'name = "two-web-eso"\n',
    }
    beside = {f"terraform/{name}": text for name, text in files.items()}
    found = problems(
        tmp_path, {**tree(BY_VARIABLES.replace('"cluster_name" {', '"cluster_name" {\n  default = ""')), **beside}
    )
    assert [each.split(" ")[:2] for each in found] == [["cannot-say", "note"]]


def test_clusters_whose_accounts_are_not_stated_may_be_in_several(tmp_path: Path) -> None:
    files = {
        "terraform/envs/one.tfvars": CLUSTER + WEB,
        "terraform/envs/two.tfvars": 'cluster_name = "two"\n' + WEB,
    }
    text = BY_VARIABLES.replace("arn:aws:iam::111122223333:oidc", "${var.account}:oidc")
    assert problems(tmp_path, {**tree(text), **files}) == []
    files = {path: f'{text}account_id   = "111122223333"\n' for path, text in files.items()}
    assert problems(tmp_path, {**tree(text), **files}) == [
        "role-unused error terraform/main.tf:9:1: role one-web-eso stands twice in account 111122223333"
    ]


PUSH = """\
apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata:
  name: push
spec:
  secretStoreRefs:
    - name: store
  selector:
    secret:
      name: db
  data:
    - match:
        secretKey: PASSWORD
        remoteRef:
          remoteKey: dev/web/more
"""
ITEM = """\
    - secretKey: TOKEN
      sourceRef:
        storeRef:
          name: store
      remoteRef:
        key: dev/web/more
"""
VAULT = """\
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: vault
spec:
  provider:
    vault:
      server: https://vault.example.com
      auth:
        tokenSecretRef: {name: token, key: token}
"""
FINDING = BY_HAND[SECRET_FILE].partition("  data:")[0] + "  dataFrom: [find: {name: {regexp: dev/.*}}]\n"


@pytest.mark.parametrize(
    "asking",
    [
        {SECRET_FILE: FINDING},
        {"manifests/push.yaml": PUSH},
        {
            "manifests/vault.yaml": VAULT,
            "manifests/more.yaml": BY_HAND[SECRET_FILE]
            .replace("name: db", "name: more")
            .replace("name: store", "name: vault")
            + ITEM,
        },
    ],
    ids=["find", "push", "an item of another store"],
)
def test_a_secret_may_be_asked_for_in_other_ways_than_by_the_store_of_an_external_secret(
    tmp_path: Path, asking: Mapping[str, str]
) -> None:
    """Source: external-secrets v2.9.0, GetAllSecrets, PushSecret, and sourceRef in externalsecret_types.go."""
    writing = ('"secretsmanager:DescribeSecret"', '"secretsmanager:*"')
    more = (f'"{SECRET}"', f'["{SECRET}", "{SECRET.replace("web/db", "web/more")}"]')
    found = problems(tmp_path, {**tree(changed({MAIN: LITERAL}, writing, more)), **asking})
    assert [each for each in found if "nothing asks for" in each] == []


OTHER_KEY = KEY.replace("1234abcd-", "5678abcd-")


@pytest.mark.parametrize(
    ("keys", "severity"), [("", "note"), (f'"{KEY}", "{OTHER_KEY}"', "note"), (f'"{OTHER_KEY}"', "warning")]
)
def test_what_else_allows_a_role_by_hand_to_use_a_key_is_not_known(tmp_path: Path, keys: str, severity: str) -> None:
    """Source: KMS, "Key policies": one may allow a role by itself, whatever the policies of that role say."""
    using = f'Resource = "{SECRET}"\n    }}, {{ Effect = "Allow", Action = "kms:Decrypt", Resource = var.keys }}]'
    text = 'variable "keys" {\n}\n' + LITERAL.replace(f'Resource = "{SECRET}"\n    }}]', using)
    text = 'variable "cluster_name" {\n}\n' + text.replace('"one-web-eso"', '"${var.cluster_name}-web-eso"')
    files = {
        MAIN: text,
        "terraform/envs/one.tfvars": f'cluster_name = "one"\nkeys         = ["{KEY}"]\n',
        "terraform/envs/two.tfvars": f'cluster_name = "two"\nkeys         = [{keys}]\n',
        "apps/two.yaml": application("two", cluster="two", path="two"),
        "two/all.yaml": "---\n".join(
            [BY_HAND[ACCOUNT_FILE].replace("one-", "two-"), BY_HAND[STORE_FILE], BY_HAND[SECRET_FILE]]
        ),
    }
    found = [each for each in problems(tmp_path, tree(files)) if each.startswith("kms-access")]
    assert [each.split(" ")[1] for each in found] == [severity]


DATA_SECRET = f"""\
data "aws_secretsmanager_secret" "db" {{
  arn = "{SECRET.replace("??????", "AbCdEf")}"
}}

"""


@pytest.mark.parametrize(
    ("data", "region"),
    [
        ('data "aws_region" "here" {\n  name = "eu-west-1"\n}\n', "data.aws_region.here.name"),
        ('data "aws_region" "here" {\n  region = "eu-west-1"\n}\n', "data.aws_region.here.region"),
        ('data "aws_region" "here" {\n  endpoint = "ec2.eu-west-1.amazonaws.com"\n}\n', "data.aws_region.here.id"),
        (
            'data "aws_region" "here" {\n  for_each = toset(["eu-west-1"])\n  name = each.key\n}\n',
            'data.aws_region.here["eu-west-1"].name',
        ),
    ],
)
def test_a_region_that_a_data_source_states_is_not_that_of_the_provider(tmp_path: Path, data: str, region: str) -> None:
    """Source: terraform-provider-aws, region_data_source.go: the provider's where neither name nor endpoint is set."""
    text = OTHER_REGION + data + LITERAL.replace("secretsmanager:eu-west-1", f"secretsmanager:${{{region}}}")
    assert [each for each in problems(tmp_path, tree(text)) if " note " not in each] == []


def test_a_region_that_a_data_source_states_is_held_against_the_store(tmp_path: Path) -> None:
    data = 'data "aws_region" "there" {\n  name = "us-east-1"\n}\n'
    text = data + LITERAL.replace("secretsmanager:eu-west-1", "secretsmanager:${data.aws_region.there.name}")
    assert problems(tmp_path, tree(text))[0] == (
        f"{ACCESS} dev/web/db in eu-west-1: it may read {SECRET.replace('eu-west-1', 'us-east-1')}"
    )


def test_a_secret_that_is_looked_up_by_its_arn_may_be_anywhere(tmp_path: Path) -> None:
    """Source: terraform-provider-aws, aws_secretsmanager_secret: of the data source, arn or name is stated."""
    reading = LITERAL.replace(f'Resource = "{SECRET}"', "Resource = data.aws_secretsmanager_secret.db.arn")
    assert problems(tmp_path, tree(OTHER_REGION + DATA_SECRET + reading)) == [f"cannot-say note {MAY_READ} {MAIN}:34:1"]
