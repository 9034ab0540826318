"""Secrets in files."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from gitops_gen.proof import verify
from gitops_gen.reports.verdict import by_cause
from tests.checks.by_hand import BY_HAND
from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "secret-in-file"
VALUES = "environments/production/apps/myapp/values.yaml"
TOKEN = "ghp_" + "a1B2" * 9


def test_a_token_is_found_by_its_shape_and_never_shown(tmp_path: Path) -> None:
    assert found(tmp_path, {"values.yaml": f"env:\n  - name: TOKEN\n    value: {TOKEN}\n"}, CODE) == [
        (
            "values.yaml:3:12: error: env.0.value looks like a token of GitHub\n"
            "hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
        ),
    ]


def test_a_password_in_generated_values_is_an_error() -> None:
    change = ("replicaCount: 4", "replicaCount: 4\ngrafana:\n  adminPassword: YourStrongPassword123!")
    assert found_in_six_clusters(CODE, VALUES, change) == [
        (
            "output/environments/production/apps/myapp/values.yaml:4:18: error: grafana.adminPassword is a "
            "password in plain text\n"
            "hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
        ),
    ]


def test_it_is_a_warning_where_it_may_be_a_placeholder(tmp_path: Path) -> None:
    assert found(tmp_path, {"values.yaml": "adminPassword: changeme\n"}, CODE) == [
        (
            "values.yaml:1:16: warning: adminPassword is a password in plain text\n"
            "hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
        ),
    ]


def test_a_variable_file_is_looked_through_too(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": 'db_password = "hunter2"\n'}, CODE) == [
        (
            "a.tfvars:1:15: warning: db_password is a password in plain text\n"
            "hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
        ),
    ]


def test_a_secret_in_base64_is_found(tmp_path: Path) -> None:
    files = {
        "secret.yaml": (
            f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n"
            f"data: {{x: {base64.b64encode(TOKEN.encode()).decode()}}}\n"
        )
    }
    assert found(tmp_path, files, CODE) == [
        (
            "secret.yaml:4:11: error: data.x looks like a token of GitHub\n"
            "hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
        ),
    ]


def test_a_sealed_secret_may_be_in_git(tmp_path: Path) -> None:
    files = {
        "secret.yaml": (
            f"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec: {{encryptedData: {{password: {TOKEN}}}}}\n"
        )
    }
    assert found(tmp_path, files, CODE) == []


def test_names_of_secrets_are_none(tmp_path: Path) -> None:
    files = {**BY_HAND, "values.yaml": "password: db-password\nexistingSecret: web-credentials-2024\n"}
    assert found(tmp_path, files, CODE) == []


def test_what_sops_encrypts_is_no_secret(tmp_path: Path) -> None:
    data_key = base64.b64encode(bytes(range(7, 250, 3))).decode()
    text = f"""\
        kind: Secret
        stringData: {{password: "ENC[AES256_GCM,data:p673w==,iv:YY=,aad:UQ=,tag:A=,type:str]"}}
        sops:
          kms: [{{arn: "arn:aws:kms:eu-west-1:111122223333:key/a", enc: {data_key}}}]
          mac: "ENC[AES256_GCM,data:p673w==,iv:YY=,aad:UQ=,tag:A=,type:str]"
        """
    assert found(tmp_path, {"secret.yaml": text}, CODE) == []
    (problem,) = found(tmp_path, {"secret.yaml": text.replace("mac:", "other:")}, CODE)
    assert problem.startswith("secret.yaml:4:64: warning: sops.kms.0.enc looks random")


def test_public_keys_and_hashes_are_no_secrets(tmp_path: Path) -> None:
    recipient = "age1" + "qpzry9x8gf2tvdw0s3jn54khce6mua7l" * 2
    text = f"""\
        rules: [{{age: {recipient[:62]}}}]
        adminPassword: "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
        """
    assert found(tmp_path, {"values.yaml": text}, CODE) == []


def test_base64_is_judged_by_what_it_stands_for(tmp_path: Path) -> None:
    # 64 bytes, as long as a key of Azure Storage is
    words = "postgres://web@db.example.com:5432/web?sslmode=require&pool=ten&x"[:64]
    text = base64.b64encode(words.encode()).decode()
    files = {"secret.yaml": f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{url: {text}}}\n"}
    assert found(tmp_path, files, CODE) == []


def test_what_is_no_base64_is_judged_as_it_is(tmp_path: Path) -> None:
    files = {"secret.yaml": f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{url: {TOKEN}, n: 1}}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "secret.yaml:4:13: error: data.url looks like a token of GitHub\n"
            "hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
        ),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "slack: https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        f"token: ghp_{'x' * 36}",
        "accessKey: AKIAIOSFODNN7EXAMPLE",
        "clientSecret: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "url: postgres://web:password@db:5432/web",
        'url: "postgres://{{.user}}:{{.password}}@db/web"',
        'url: "postgres://<user>:<password>@db/web"',
        'url: "amqp://%s:%s@queue"',
        "adminPassword: $POSTGRES_PASSWORD",
        "usePassword: 'true'",
        "password: ?{gpg:targets/shop/db/password:3192c15c}",
        "password: os.environ/DB_PASSWORD",
        "password: __DB_PASSWORD__",
        "password: github_pat_REPLACEME",
        "password: '@@dbPassword@@'",
        "password: '%{dbPassword}'",
        "password: U2FsdGVkX199MZ7YOPkOR9O6wEZmtGSgiDfnlcN9hBg=",
        "password: md55c8ccfd9d6711fc69a7eae647fc54f51",
        "update_password: on_create",
        "usePasswordFor: {forcePassword: never}",
        "password: !Ref DatabasePassword",
        "masterPassword: !GetAtt [Database, Secret]",
        "password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6231306331",
    ],
)
def test_a_placeholder_is_no_secret(tmp_path: Path, line: str) -> None:
    assert found(tmp_path, {"values.yaml": f"{line}\n"}, CODE) == []


@pytest.mark.parametrize(
    "form",
    [
        *("DB_PASSWORD", "SET-ME", "TU_CONTRASEÑA", "YOUR PASSWORD", "put-your-password", "TODO", "'[REDACTED]'"),
        *("xxxxx", "'**'", "'???'", "__DB_PASSWORD__", "'@@PASSWORD@@'", "'%PASSWORD%'", "'#{PASSWORD}#'"),
        *("((db/password))", "op://homelab/db/password", "sm://projects/x/secrets/db", "file:///run/secrets/db"),
    ],
)
def test_what_stands_for_a_password_is_none(tmp_path: Path, form: str) -> None:
    assert found(tmp_path, {"values.yaml": f"db: {{password: {form}}}\n"}, CODE) == []


@pytest.mark.parametrize(
    "password",
    [
        *(
            "HUNTER",
            "ADMIN-1",
            "Set-Me",
            "x.x.x",
            "todos",
            "'@hunter'",
            "_hunter_",
            "'!Ref x'",
            "!!str hunter",
            "'*a*'",
        ),
        *("'%HUNTER'", "a://b?c", "https://hunter2@db/x"),
    ],
)
def test_what_only_looks_like_a_form_is_a_password(tmp_path: Path, password: str) -> None:
    (problem,) = found(tmp_path, {"values.yaml": f"db: {{password: {password}}}\n"}, CODE)
    assert problem.startswith("values.yaml:1:16: warning: db.password is a password in plain text\n")


@pytest.mark.parametrize(
    "text",
    [
        "U2FsdGVkX1+vupppZksvRf5pq5g5XjFRIipRkwB0K1Y96Qsv2Lm+31cmzaAILwyt",
        "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBUUVlqWFRSd3NvWDlFUTVT\n",
    ],
    ids=["transcrypt", "age"],
)
def test_what_is_encrypted_as_a_whole_is_none(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"a.yaml": text, "b.yaml": f"token: '{text.splitlines()[0]}'\n"}, CODE) == []


def test_a_secret_in_a_file_that_kustomize_leaves_out_is_one(tmp_path: Path) -> None:
    files = {
        "kustomization.yaml": "resources: [web.yaml]\n",
        "web.yaml": "kind: ConfigMap\n",
        "old.yaml": "db: {password: hunter2}\n",
    }
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith("old.yaml:1:16: warning: db.password is a password in plain text\n")


def test_beside_a_placeholder_a_secret_is_one(tmp_path: Path) -> None:
    text = f"""\
        config: |
          example: ghp_{"x" * 36}
          token: {TOKEN}
        """
    (problem,) = found(tmp_path, {"values.yaml": text}, CODE)
    assert problem.startswith("values.yaml:1:9: error: config looks like a token of GitHub")


def test_a_url_with_a_password_is_a_warning_where_it_may_be_that_of_a_toy(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, {"values.yaml": "url: amqp://guest:guest@queue:5672\n"}, CODE)
    assert problem.startswith("values.yaml:1:6: warning: url looks like a URL with a password")


def test_what_is_too_short_for_a_private_key_stands_for_one(tmp_path: Path) -> None:
    start, end = f"-----BEGIN {'PRIVATE'} KEY-----", f"-----END {'PRIVATE'} KEY-----"
    form = f"key: |\n  {start}\n  thePrivateKeyOfTheShop==\n  {end}\n"
    assert found(tmp_path, {"values.yaml": form}, CODE) == []
    (problem,) = found(tmp_path, {"values.yaml": f"{form}  {start}\n  {'MIIB' * 16}\n  {end}\n"}, CODE)
    assert problem.startswith("values.yaml:1:6: error: key looks like a private key\n")


def test_a_text_in_base64_is_no_key(tmp_path: Path) -> None:
    text = base64.b64encode(b"This cannot be undone. The number of accounts that were deleted:").decode()
    assert text.endswith("==")
    assert found(tmp_path, {"values.yaml": f"value: {text}\n"}, CODE) == []


def test_one_secret_in_many_files_is_told_once(tmp_path: Path) -> None:
    text = f"api: {{token: {TOKEN}}}\n"
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text)
    (group,) = by_cause(verify(tmp_path).problems)
    assert [str(each.at) for each in group] == ["a.yaml:1:14", "b.yaml:1:14"]


RANDOM = base64.b64encode(bytes(value * 37 % 256 for value in range(90))).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\nbinaryData: {{logo.png: {RANDOM}}}\n",
        f"kind: ClusterServiceVersion\nspec: {{icon: [{{base64data: {RANDOM}}}]}}\n",
        f"kind: List\nitems: [{{kind: SealedSecret, spec: {{template: {{x: {RANDOM}}}}}}}]\n",
        f"sealed: {{encryptedData: {{password: {RANDOM}}}}}\n",
        f"image: {RANDOM}\n",
        f"recaptchaSiteKey: {RANDOM[:40]}\n",
        f"script: sha512-{RANDOM[:86]}==\nintegrity: sha512-{RANDOM[:86]}==\n",
        "data: [{secretKey: clientSecretOauth2Proxy, remoteRef: {key: 7Gq2xR9mZk4vBt8nWs5yHc3fLd, property: x}}]\n",
        "key: projects/team-7Gq2xR9mZk4v/locations/global/keyRings/ring1/cryptoKeys/key1\n",
        "alphabet: abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\n",
        "jwtSecret: the-secret-of-the-portal-2b4x9k\n",
    ],
)
def test_what_names_a_secret_or_is_public_is_none(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"values.yaml": text}, CODE) == []


def test_what_only_looks_random_is_a_warning_in_a_file_of_somebody_else(tmp_path: Path) -> None:
    files = {"values.yaml": f"s3: {{secretKey: {RANDOM[:40]}}}\nother: {RANDOM[:60]}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "values.yaml:1:17: warning: s3.secretKey looks random, under a key that says that it is a secret\n"
            "hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
        ),
        (
            "values.yaml:2:8: warning: other looks random, as a key or a token does\n"
            "hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
        ),
    ]


def in_template(lines: str) -> dict[str, str]:
    """Returns a chart with a template that is no YAML."""
    return {
        "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "chart/templates/web.yaml": f"name: {{{{ .Release.Name }}}}\n{lines}",
    }


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ("env:\n  - name: DB_PASSWORD\n    value: hunter2 # mine\n", "4:12: warning: DB_PASSWORD"),
        ('stringData:\n  adminPassword: "hunter2"\n', "3:19: warning: adminPassword"),
    ],
)
def test_a_password_in_a_template_of_a_chart_is_found(tmp_path: Path, lines: str, place: str) -> None:
    (told,) = found(tmp_path, in_template(lines), CODE)
    assert told.startswith(f"chart/templates/web.yaml:{place} is a password in plain text\n")


@pytest.mark.parametrize(
    "line",
    [
        "password: {{ .Values.password }}",
        'password: "{{ .Values.password }}"',
        "password: $(DB_PASSWORD)",
        "password: db-password",
        "passwordKey: hunter2",
        "password: |",
        "password:",
        "# password: hunter2",
        "- name: DB_PASSWORD\n  valueFrom: {secretKeyRef: {name: a, key: b}}",
        "- name: DB_USER\n  value: hunter2",
    ],
)
def test_what_helm_fills_in_and_what_names_a_password_is_none(tmp_path: Path, line: str) -> None:
    assert found(tmp_path, in_template(f"{line}\n"), CODE) == []
