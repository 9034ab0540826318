"""What a role needs for what External Secrets does with it beside reading secrets by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import ACCOUNT_FILE, BY_HAND, SECRET_FILE, STORE_FILE, operator
from tests.checks.test_secret_actions import tree
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "secret-access"
ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db-??????"
READ = "secretsmanager:GetSecretValue"
PUSH = (
    "apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: out}\n"
    "spec: {deletionPolicy: Delete, secretStoreRefs: [{name: store}], selector: {secret: {name: db}}}\n"
)
PUSHING = ("DescribeSecret", "CreateSecret", "PutSecretValue", "TagResource", "DeleteSecret")


def lacking(tmp_path: Path, spec: str, *actions: str, **more: str) -> list[str]:
    """What a role that reads secrets, and has some more actions, lacks for an ExternalSecret with more in its spec."""
    secret = BY_HAND[SECRET_FILE].replace("  data:\n", f"{spec}  data:\n")
    listed = ", ".join(f'"{each}"' for each in (READ, *actions))
    account = BY_HAND[ACCOUNT_FILE].replace("role/one-web-eso", "role/one-eso")
    files = tree(f"[{listed}]", **{SECRET_FILE: secret, ACCOUNT_FILE: account, **more})
    files["terraform/main.tf"] = files["terraform/main.tf"].replace('"arn:a", "arn:b"', f'"{ARN}"')
    problems = found(tmp_path, files, CODE)
    return [each.partition(" error: ")[2].partition("\n")[0] for each in problems]


@pytest.mark.parametrize(
    ("spec", "actions"),
    [
        ("dataFrom: [{find: {name: {regexp: a}}}]", ("ListSecrets",)),
        ("dataFrom: [{find: {path: a, name: {regexp: a}}}]", ("ListSecrets", "BatchGetSecretValue")),
        ("dataFrom: [{find: {tags: {a: b}}}]", ("ListSecrets", "BatchGetSecretValue")),
    ],
)
def test_to_find_secrets_needs_more_than_to_read_one(tmp_path: Path, spec: str, actions: tuple[str, ...]) -> None:
    needed = [f"secretsmanager:{each}" for each in actions]
    assert lacking(tmp_path / "none", f"  {spec}\n") == [
        f"ExternalSecret db finds secrets, and role one-eso may not do {' and '.join(needed)}"
    ]
    assert lacking(tmp_path / "all", f"  {spec}\n", *needed) == []
    assert lacking(tmp_path / "any", f"  {spec}\n", "secretsmanager:*") == []


def test_an_old_operator_finds_one_after_the_other(tmp_path: Path) -> None:
    old = {"apps/operator.yaml": operator("0.9.13")}
    spec = "  dataFrom: [{find: {tags: {a: b}}}]\n"
    assert lacking(tmp_path, spec, "secretsmanager:ListSecrets", **old) == []


def test_tags_are_read_with_another_action_than_values(tmp_path: Path) -> None:
    spec = "  dataFrom: [{extract: {key: dev/web/other, metadataPolicy: Fetch}}]\n"
    assert lacking(tmp_path / "none", spec) == [
        "ExternalSecret db reads the tags of a secret, and role one-eso may not do secretsmanager:DescribeSecret"
    ]
    assert lacking(tmp_path / "all", spec, "secretsmanager:DescribeSecret") == []


def test_to_push_needs_what_writes(tmp_path: Path) -> None:
    push = {"manifests/push.yaml": PUSH}
    needed = [f"secretsmanager:{each}" for each in PUSHING]
    assert lacking(tmp_path / "none", "", **push) == [
        f"PushSecret out pushes with SecretStore store, and role one-eso may not do {' and '.join(needed)}"
    ]
    assert lacking(tmp_path / "all", "", *needed, **push) == []


def pushing(key: str) -> dict[str, str]:
    """Returns a PushSecret under a name."""
    data = f", data: [{{match: {{remoteRef: {{remoteKey: {key}}}}}}}]}}\n"
    return {"manifests/push.yaml": PUSH.removesuffix("}\n") + data}


@pytest.mark.parametrize(("key", "is_covered"), [("dev/web/db", True), ("dev/web/dc", False)])
def test_what_is_pushed_is_read_before(tmp_path: Path, key: str, is_covered: bool) -> None:
    needed = [f"secretsmanager:{each}" for each in PUSHING]
    refused = (
        f"PushSecret out pushes {key} with SecretStore store, and role one-eso may not read it, as the operator does "
        "before it writes"
    )
    assert lacking(tmp_path, "", *needed, **pushing(key)) == ([] if is_covered else [refused])


def test_to_push_to_parameter_store_needs_what_writes_there(tmp_path: Path) -> None:
    parameter = "arn:aws:ssm:eu-west-1:111122223333:parameter/dev/web/*"

    def told(folder: str, key: str, *actions: str) -> list[str]:
        more = {
            STORE_FILE: BY_HAND[STORE_FILE].replace("SecretsManager", "ParameterStore"),
            SECRET_FILE: BY_HAND[SECRET_FILE].replace("key: dev/web/db", "key: /dev/web/db"),
            ACCOUNT_FILE: BY_HAND[ACCOUNT_FILE].replace("role/one-web-eso", "role/one-eso"),
        }
        files = tree(str(list(actions)).replace("'", '"'), **{**more, **pushing(key)})
        files["terraform/main.tf"] = files["terraform/main.tf"].replace('"arn:a", "arn:b"', f'"{parameter}"')
        problems = found(tmp_path / folder, files, CODE)
        return [each.partition(" error: ")[2].partition("\n")[0] for each in problems]

    writing = ("ssm:GetParameter", "ssm:ListTagsForResource", "ssm:PutParameter", "ssm:DeleteParameter")
    assert told("all", "/dev/web/state", *writing) == []
    assert told("none", "/dev/web/state", "ssm:GetParameter") == [
        f"PushSecret out pushes with SecretStore store, and role one-eso may not do {' and '.join(writing[1:])}"
    ]
    assert told("other", "/prod/web/state", *writing) == [
        (
            "PushSecret out pushes /prod/web/state with SecretStore store, and role one-eso may not read it, as the "
            "operator does before it writes"
        )
    ]


PARAMETERS = {STORE_FILE: BY_HAND[STORE_FILE].replace("SecretsManager", "ParameterStore")}


@pytest.mark.parametrize(
    ("spec", "asking", "needed"),
    [
        ("find: {name: {regexp: a}}", "finds secrets", "ssm:GetParametersByPath"),
        ("find: {name: {regexp: a}, tags: {a: b}}", "finds secrets", "ssm:GetParametersByPath"),
        ("find: {tags: {a: b}}", "finds secrets", "ssm:DescribeParameters"),
        ("extract: {key: /a, metadataPolicy: Fetch}", "reads the tags of a secret", "ssm:ListTagsForResource"),
    ],
)
def test_to_find_parameters_needs_more_than_to_read_one(tmp_path: Path, spec: str, asking: str, needed: str) -> None:
    spec = f"  dataFrom: [{{{spec}}}]\n"
    message = f"ExternalSecret db {asking}, and role one-eso may not do {needed}"
    told = lacking(tmp_path / "none", spec, "ssm:GetParameter", **PARAMETERS)
    assert [each for each in told if "may not do" in each] == [message]
    told = lacking(tmp_path / "all", spec, "ssm:GetParameter", needed, **PARAMETERS)
    assert [each for each in told if "may not do" in each] == []


def test_to_describe_parameters_does_where_a_path_is_refused(tmp_path: Path) -> None:
    spec = "  dataFrom: [{find: {name: {regexp: a}}}]\n"
    told = lacking(tmp_path, spec, "ssm:GetParameter", "ssm:DescribeParameters", **PARAMETERS)
    assert [each for each in told if "may not do" in each] == []


@pytest.mark.parametrize(
    ("metadata", "needed"),
    [
        (
            "resourcePolicy: {policySourceRef: {kind: ConfigMap, name: a, key: b}}",
            ("GetResourcePolicy", "PutResourcePolicy"),
        ),
        ("replicationLocations: [eu-north-1]", ("ReplicateSecretToRegions",)),
    ],
)
def test_what_a_push_says_of_a_secret_needs_more(tmp_path: Path, metadata: str, needed: tuple[str, ...]) -> None:
    api_version = "kubernetes.external-secrets.io/v1alpha1"
    stated = f"metadata: {{apiVersion: {api_version}, kind: PushSecretMetadata, spec: {{{metadata}}}}}"
    push = {path: text.replace("{match:", f"{{{stated}, match:") for path, text in pushing("dev/web/db").items()}
    pushed = [f"secretsmanager:{each}" for each in PUSHING]
    lacks = [f"secretsmanager:{each}" for each in needed]
    assert lacking(tmp_path / "none", "", *pushed, **push) == [
        f"PushSecret out pushes with SecretStore store, and role one-eso may not do {' and '.join(lacks)}"
    ]
    assert lacking(tmp_path / "all", "", *pushed, *lacks, **push) == []


def test_what_another_store_is_asked_for_says_nothing(tmp_path: Path) -> None:
    other = {"manifests/push.yaml": PUSH.replace("name: store", "name: other")}
    spec = "  dataFrom: [{find: {name: {regexp: a}}, sourceRef: {storeRef: {name: other}}}]\n"
    assert lacking(tmp_path, spec, **other) == []
