"""What the schemas of External Secrets limit beside fields and words: how many, and what a text is like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, SECRET_FILE, STORE_FILE, changed, operator
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-fields"
DATA = "  data:\n    - secretKey: PASSWORD\n      remoteRef:\n        key: dev/web/db\n        property: password\n"
GENERATOR = "generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: pw}"


FIELDS = "five fields as of cron, @every with a duration, or a word such as @daily"
LETTER = "got a capital letter at the start, expected lower case letters, digits, hyphens and dots"
TWO = "{regexp: {source: a, target: b}, transform: {template: c}}"


def said(tmp_path: Path, body: str, version: str = "2.9.0") -> list[str]:
    """What is said of an ExternalSecret with another body than that with its data, from the field on."""
    files = {**changed(SECRET_FILE, (DATA, body)), "apps/operator.yaml": operator(version)}
    problems = (problem.partition("\n")[0] for problem in found(tmp_path, files, CODE))
    return [problem.partition(" error: ExternalSecret db: spec.")[2] or problem for problem in problems]


def windows(*each: str) -> str:
    """The windows of an ExternalSecret, with its data."""
    return f"  syncWindows: {{kind: allow, windows: [{', '.join(each)}]}}\n{DATA}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            f"  dataFrom: [{{sourceRef: {{storeRef: {{name: store}}, {GENERATOR}}}}}]\n",
            "dataFrom[0].sourceRef: got storeRef and generatorRef, expected one of them",
        ),
        (
            "  data: [{secretKey: A, remoteRef: {key: a}, sourceRef: {}}]\n",
            "data[0].sourceRef: got nothing, expected storeRef or generatorRef",
        ),
        (
            f"  dataFrom: [{{extract: {{key: a}}, rewrite: [{TWO}]}}]\n",
            "dataFrom[0].rewrite[0]: got regexp and transform, expected one of them",
        ),
        (
            "  data: [{secretKey: A, remoteRef: {key: a}, sourceRef: {storeRef: {name: My_Store}}}]\n",
            f"data[0].sourceRef.storeRef.name: {LETTER}",
        ),
        (windows(), "syncWindows.windows: got an empty list, expected an item"),
        (
            windows("{schedule: 0 0 9 * * 1, duration: 8h}"),
            f"syncWindows.windows[0].schedule: got '0 0 9 * * 1', expected {FIELDS}",
        ),
        (
            windows("{schedule: '@daily', duration: 1d}"),
            "syncWindows.windows[0].duration: got '1d', expected a duration in h, m, s or ms such as 1h30m; write 24h",
        ),
    ],
)
def test_what_the_schema_of_an_external_secret_limits_is_found(tmp_path: Path, body: str, reason: str) -> None:
    assert said(tmp_path, body) == [reason]


def test_what_it_leaves_is_fine(tmp_path: Path) -> None:
    windows = "".join(
        f"      - {{schedule: '{each}', duration: 1h}}\n" for each in ("0 9 * * 1-5", "@daily", "@every 1h")
    )
    assert said(tmp_path, f"  syncWindows:\n    kind: allow\n    windows:\n{windows}{DATA}") == []
    assert said(tmp_path, "  dataFrom: [{extract: {key: a}, rewrite: [{merge: {}}]}]\n") == []


@pytest.mark.parametrize("name", ["TO_BE_PATCHED", "<store>", "{{ .Values.store }}", "${STORE}"])
def test_a_name_that_is_filled_in_first_is_none(tmp_path: Path, name: str) -> None:
    body = f"  data: [{{secretKey: A, remoteRef: {{key: a}}, sourceRef: {{storeRef: {{name: '{name}'}}}}}}]\n"
    assert said(tmp_path, body) == []


@pytest.mark.parametrize(("name", "count"), [("TO_BE_PATCHED", 0), ("<secret>", 0), ("My_Secret", 1)])
def test_the_name_in_a_generator_may_be_filled_in_first_too(tmp_path: Path, name: str, count: int) -> None:
    head = "apiVersion: generators.external-secrets.io/v1alpha1\nkind: ECRAuthorizationToken\nmetadata: {name: ecr}\n"
    keys = f"accessKeyIDSecretRef: {{name: '{name}', key: a}}, secretAccessKeySecretRef: {{name: keys, key: b}}"
    generator = f"{head}spec: {{region: eu-west-1, auth: {{secretRef: {{{keys}}}}}}}\n"
    assert len(found(tmp_path, {**BY_HAND, "manifests/generator.yaml": generator}, CODE)) == count


def test_a_rewrite_was_not_limited_always(tmp_path: Path) -> None:
    assert said(tmp_path, f"  dataFrom: [{{extract: {{key: a}}, rewrite: [{TWO}]}}]\n", "0.16.2") == []


@pytest.mark.parametrize(
    ("version", "field", "reason"),
    [
        ("0.15.1", "template: {engineVersion: v1}", None),
        ("2.9.0", "template: {engineVersion: v1}", "template.engineVersion: there is no v1 from 0.16.0 on"),
        ("2.0.0", "creationPolicy: CreateOrMerge", "creationPolicy: there is no CreateOrMerge before 2.9.0"),
        ("2.9.0", "creationPolicy: CreateOrMerge", None),
    ],
)
def test_a_word_of_other_versions_is_found(tmp_path: Path, version: str, field: str, reason: str | None) -> None:
    problems = said(tmp_path, f"  target: {{{field}}}\n{DATA}", version)
    assert problems == ([f"target.{reason}"] if reason else [])


def test_the_token_of_a_service_account_is_no_target(tmp_path: Path) -> None:
    kind = "kubernetes.io/service-account-token"
    named = "metadata: {annotations: {kubernetes.io/service-account.name: web}}"
    assert said(tmp_path / "named", f"  target: {{template: {{type: {kind}, {named}}}}}\n{DATA}") == [
        "target.template.type: the operator makes no token of the ServiceAccount in kubernetes.io/service-account.name"
    ]
    assert said(tmp_path / "other", f"  target: {{template: {{type: {kind}}}}}\n{DATA}") == []


@pytest.mark.parametrize(
    ("provider", "reason"),
    [
        (
            "aws: {service: SecretsManager, region: eu-west-1, auth: {jwt: {serviceAccountRef: {name: Web_Eso}}}}",
            f"aws.auth.jwt.serviceAccountRef.name: {LETTER}",
        ),
        (
            "aws: {service: SecretsManager, region: eu-west-1, customSessionTags: {esoNamespace: a, team: b}}",
            "aws.customSessionTags.esoNamespace: the operator gives this tag itself",
        ),
        ("doppler: {auth: {}}", "doppler.auth: got nothing, expected secretRef or oidcConfig"),
        (
            "kubernetes: {auth: {serviceAccount: {name: a}, token: {bearerToken: {name: a, key: b}}}}",
            "kubernetes.auth: got token and serviceAccount, expected one of them",
        ),
    ],
)
def test_what_the_schema_of_a_store_limits_is_found(tmp_path: Path, provider: str, reason: str) -> None:
    head = "apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: store}\n"
    files = {**BY_HAND, STORE_FILE: f"{head}spec: {{provider: {{{provider}}}}}\n"}
    (problem,) = found(tmp_path, files, CODE)
    assert f"error: SecretStore store: spec.provider.{reason}\n" in problem


@pytest.mark.parametrize(
    "auth",
    [
        "kubernetes: {role: demo}",
        "appRole: {roleId: a, secretRef: {name: b, key: c}}",
        "jwt: {role: demo, secretRef: {name: b, key: c}}",
        "ldap: {username: a, secretRef: {name: b, key: c}}",
        "userPass: {username: a, secretRef: {name: b, key: c}}",
    ],
)
def test_what_the_schema_fills_in_may_be_left_out(tmp_path: Path, auth: str) -> None:
    head = "apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: store}\n"
    store = f"{head}spec: {{provider: {{vault: {{server: 'https://vault', auth: {{{auth}}}}}}}}}\n"
    assert found(tmp_path, {**BY_HAND, STORE_FILE: store}, CODE) == []


def test_a_push_secret_takes_from_one_place(tmp_path: Path) -> None:
    push = (
        "apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: out}\nspec:\n"
        f"  secretStoreRefs: [{{name: store}}]\n  selector: {{secret: {{name: db}}, {GENERATOR}}}\n"
    )
    (problem,) = found(tmp_path, {**BY_HAND, "manifests/push.yaml": push}, CODE)
    assert "spec.selector: got secret and generatorRef, expected one of them" in problem
