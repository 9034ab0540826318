"""What is taken for a secret, what is not, and that nothing of it is ever shown."""

from __future__ import annotations

import base64
import string
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.secrets_guard import (
    _PREFIXED,
    _shapes,
    is_hidden,
    is_secret_key,
    may_hold_password,
    suspect_leaves,
    suspects,
    suspects_property,
)
from tests.tools.generated import documents, real, wide

GITHUB = "ghp_" + "a1B2" * 9
RANDOM = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLQKEY"
JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1234567890abcdef\n-----END RSA PRIVATE KEY-----\n"
CERTIFICATE = base64.b64encode(b"-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2F0\n").decode()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("AKIAIOSFODNN7EXAMPLQ", "looks like an access key of AWS"),
        (f"aws_secret_access_key = {'a1B2c3D4' * 5}", "looks like an access key of AWS"),
        (GITHUB, "looks like a token of GitHub"),
        (f"curl -H 'Authorization: {GITHUB}' x", "looks like a token of GitHub"),
        (JWT, "looks like a JSON Web Token"),
        (PRIVATE_KEY, "looks like a private key"),
        ("postgres://user:s3cr3tpw@db.internal/x", "looks like a URL with a password"),
        ("xoxb-123456789012-123456789012-abcdefghijklmnop", "looks like a token or a webhook of Slack"),
        ("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX", "looks like a token or a webhook of Slack"),
        ("sk_live_" + "a1B2c3" * 4, "looks like a key of Stripe"),
        (f"SG.{'a1B2c3d4e5f' * 2}.{'x' * 43}", "looks like a key of SendGrid"),
        ("npm_" + "a1B2c3" * 6, "looks like a token of npm"),
        (f"{'a' * 43}{'B' * 43}==", "looks like a key of Azure Storage"),
        (f"{'a1b2' * 8}-us10", "looks like a key of Mailchimp"),
        (f"sq0csp-{'a1B2c' * 8}d3E", "looks like a secret of Square"),
        (f"AC{'a1b2' * 8}", "looks like a key of Twilio"),
        (f"M{'a1B2' * 5}c3D.{'a1B2c3'}.{'a1B2c' * 5}d3", "looks like a token of Discord"),
        (f"//registry.npmjs.org/:_authToken=npm_{'a1B2c3' * 6}", "looks like a token of npm"),
        ("PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none", "looks like a private key"),
        (f"AGE-SECRET-KEY-1{'QPZRY9X8GF2' * 5}TVD", "looks like a private key of age"),
        ("glpat-" + "aB3_" * 5, "looks like a token of GitLab"),
        (f"github_pat_11{'aB3' * 26}_x", "looks like a token of GitHub"),
        ("dckr_pat_" + "aB3" * 9, "looks like a token of Docker Hub"),
        ("hvs." + "aB3-" * 23, "looks like a token of Vault"),
        (f"a1B2c3D4e5F6g7.atlasv1.{'aB3' * 22}", "looks like a token of HCP Terraform"),
        ("dp.st.production." + "aB3c" * 10, "looks like a token of Doppler"),
        ("dp.pt." + "aB3c" * 11, "looks like a token of Doppler"),
        ("dop_v1_" + "a1b2" * 16, "looks like a token of DigitalOcean"),
        (f"glsa_{'aB3c' * 8}_0a1b2c3d", "looks like a token of Grafana"),
        ("ops_eyJ" + "aB3c" * 30, "looks like a token of 1Password"),
        (f"123456789:AA{'aB3' * 11}", "looks like a token of Telegram"),
        ("redis://:s3cr3tpw@cache.internal:6379/0", "looks like a URL with a password"),
        (RANDOM, "looks random, as a key or a token does"),
    ],
)
def test_a_shape_is_known_under_any_key(text: str, reason: str) -> None:
    assert suspects(text, "anything") == reason


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("YourStrongPassword123!", "password", "is a password in plain text"),
        ("changeme", "adminPassword", "is a password in plain text"),
        ("hunter2", "DB_PASSWORD", "is a password in plain text"),
        ("hunter2", "db-passwd", "is a passwd in plain text"),
        ("1", "pwd", "is a pwd in plain text"),
        ("hunter2", "PGPASSWORD", "is a password in plain text"),
        ("hunter2", "rootpassword", "is a password in plain text"),
        ("hunter2", "monitoringPasscode", "is a passcode in plain text"),
        ("hunter2", "RABBITMQ_DEFAULT_PASS", "is a password in plain text"),
        ("glc-abcDEF123456789012ab", "token", "looks random, under a key that says that it is a secret"),
        ("9f86d081884c7d659a2feaa0c55ad015", "apiToken", "looks random, under a key that says that it is a secret"),
        (RANDOM, "AWS_SECRET_ACCESS_KEY", "looks random, under a key that says that it is a secret"),
    ],
)
def test_a_key_tells_that_its_value_is_one(text: str, key: str, reason: str) -> None:
    assert suspects(text, key) == reason


@pytest.mark.parametrize(
    "key",
    [
        *("secret", "clientSecret", "token", "API_TOKEN", "apikey", "credential", "aws-credentials"),
        *("apiKey", "access_key", "AWS_SECRET_ACCESS_KEY", "secret-key", "privateKey", "encryption_key"),
        *("signingKey", "auth-key", "password", "PGPASSWORD", "passphrase", "RABBITMQ_DEFAULT_PASS"),
    ],
)
def test_no_message_shows_what_stands_under_a_key_of_a_secret(key: str) -> None:
    token = "9f86d081884c7d659a2feaa0c55ad015"
    assert is_secret_key(key)
    assert (is_hidden("text", key), is_hidden(3, key), is_hidden(1000, key)) == (True, False, True)
    assert suspects(token, key) is not None


@pytest.mark.parametrize("key", ["key", "name", "monkey", "secretName", "tokenUrl", "bypass", "primaryKey", "KEYS"])
def test_other_keys_are_of_no_secret(key: str) -> None:
    assert not is_secret_key(key)
    assert not is_hidden("text", key)
    assert suspects("9f86d081884c7d659a2feaa0c55ad015", key) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("DB_PASSWORD=x", "password: x", '{"passwd":"x"}', "--pwd\nx", "PassPhrase = x")),
        *((text, False) for text in ("password", "compass", "passenger: x", "pwdx: 1")),
    ],
)
def test_a_text_may_hold_a_password_where_a_key_of_one_has_something_behind_it(text: str, *, expected: bool) -> None:
    assert may_hold_password(text) is expected


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("hunter 2!", "password", "has characters as a password has them, and a name has not"),
        ("db_password", "password", None),
        ("hunter 2!", "user", None),
        (GITHUB, "user", "looks like a token of GitHub"),
    ],
)
def test_a_name_of_a_property_is_no_value(text: str, key: str, reason: str | None) -> None:
    assert suspects_property(text, key) == reason


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "password"),
        ("db-password", "password"),
        ("admin", "htpasswd"),
        ("optional", "nopassword"),
        ("later", "usepassword"),
        ("http://web", "proxy_pass"),
        ("first", "pass"),
        ("on", "BYPASS"),
        ("myapp/production/db_password", "password"),
        ("{{ .Values.password }}", "password"),
        ("$(DB_PASSWORD)", "password"),
        ("ref+vault://secret/data#x", "password"),
        ("ENC[AES256_GCM,data:abc,iv:def,tag:ghi,type:str]", "password"),
        ("<set in the console>", "password"),
        ("admin-password", "passwordKey"),
        ("myapp-db-credentials", "existingSecret"),
        ("kube-prometheus-stack-grafana-admin-2", "secret"),
        ("projected-token-volume-claim1", "token"),
        ("true", "token"),
        ("DB_PASSWORD", "secretKey"),
        ("GITHUB_APP_PRIVATE_KEY_2024", "secretKey"),
        ("password", "property"),
        ("dev/myapp/db-password", "key"),
        ("EXAMPLED539D4633E53DE1B51EXAMPLE", "oidc_id"),
        ("36F950CAB58ED67F6DF6F037ACAD9074", "oidc_id"),
        ("https://36F950CAB58ED67F6DF6F037ACAD9074.gr7.us-east-1.eks.amazonaws.com", "server"),
        ("oidc.eks.us-east-1.amazonaws.com/id/36F950CAB58ED67F6DF6F037ACAD9074", "oidc_provider"),
        ("arn:aws:iam::557702566877:role/myapp-dev-use1-1a2b3c4d-eso", "eks.amazonaws.com/role-arn"),
        ("arn:aws:kms:us-east-1:557702566877:key/1234abcd-12ab-34cd-56ef-1234567890ab", "kms_key_arns"),
        ("myapp-production-use1-myapp-eso", "role_name"),
        ("payment-reconciliation-service-1a2b3c4d-eso", "role_name"),
        (f"sha256:{'9f86d081884c7d65' * 4}", "digest"),
        ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "targetRevision"),
        (CERTIFICATE, "caData"),
        (CERTIFICATE * 8, "caBundle"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl", "publicKey"),
        ("https://github.com/example/myapp-gitops.git", "repoURL"),
        ("ssh://git@git.example.com:7999/platform/atlas-gitops.git", "repoURL"),
        ("ZXhhbXBsZQ==", "caData"),
    ],
)
def test_what_is_no_secret_is_left_alone(text: str, key: str) -> None:
    assert suspects(text, key) is None


def test_a_secret_in_base64_is_one() -> None:
    assert suspects(base64.b64encode(GITHUB.encode()).decode(), "data") == "looks like a token of GitHub"


def test_a_text_as_long_as_a_file_is_no_value() -> None:
    assert suspects(GITHUB + "x" * 65_536) is None


def test_of_an_environment_variable_the_name_is_the_key() -> None:
    value = {"env": [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "MODE", "value": "hunter2"}]}
    assert list(suspect_leaves(value)) == [(("env", 0, "value"), "is a password in plain text")]


def test_an_item_of_a_list_has_the_key_of_the_list() -> None:
    assert list(suspect_leaves({"password": ["hunter2"], "port": 1})) == [
        (("password", 0), "is a password in plain text")
    ]


def test_a_number_under_the_key_of_a_password_is_one() -> None:
    value = {"password": 12345678, "dbPassword": 0.5, "usePassword": True, "token": 12345678, "port": 12345678}
    assert list(suspect_leaves(value)) == [(("password",), "is a password in plain text")]


@given(
    st.text(string.ascii_letters + string.digits + "+/=_-.:@{}$ \n", max_size=80),
    st.sampled_from(["", "password", "token"]),
)
def test_a_reason_never_shows_the_text(text: str, key: str) -> None:
    # Each reason is one of those that are written down: nothing of the text is put into it.
    assert suspects(text, key) in {
        None,
        "is a password in plain text",
        "looks random, under a key that says that it is a secret",
        "looks random, as a key or a token does",
        *(f"looks like {name}" for name, _ in _shapes()),
        *(f"looks like {name}" for *_, name in _PREFIXED),
    }


def test_the_generated_fleets_hold_none() -> None:
    for tree in (real(), wide()):
        for path, text in tree.files.items():
            if path.endswith(".yaml"):
                assert [found for value in documents(text) for found in suspect_leaves(value)] == []


def test_the_detector_is_not_imported_for_what_is_no_secret() -> None:
    run = (
        "import sys; from gitops_gen.secrets_guard import suspects; "
        "suspects('arn:aws:iam::557702566877:role/myapp-dev-use1-1a2b3c4d-eso', 'role'); "
        "suspects('hunter2', 'password'); suspects('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b', 'revision'); "
        "sys.exit('detect_secrets' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", run], check=True, cwd=Path(__file__).parents[1])
