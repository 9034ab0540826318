"""The generators of External Secrets: their fields, their apiVersion, and that of what names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.external_secrets import GENERATOR_KINDS
from gitops_gen.external_secrets_generators import FIELDS, SPECS
from tests.checks.by_hand import BY_HAND, EXTERNAL_SECRET, SECRET_FILE, operator
from tests.checks.trees import found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CODE = "external-secret-fields"
VERSIONS = "external-secret-api-version"
FILE = "manifests/generator.yaml"
API_VERSION = "generators.external-secrets.io/v1alpha1"


def generator(kind: str, spec: str, api_version: str = API_VERSION) -> Mapping[str, str]:
    where = "" if kind == "ClusterGenerator" else ", namespace: web"
    text = f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: gen{where}}}\nspec:\n  {spec}\n"
    return {**BY_HAND, FILE: text}


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("ECRAuthorizationToken", "{region: us-east-1, role: r, auth: {jwt: {serviceAccountRef: {name: a}}}}"),
        ("STSSessionToken", "{region: us-east-1, requestParameters: {sessionDuration: 900}}"),
        ("Password", "{length: 12, digits: 3, encoding: hex, secretKeys: [a, b]}"),
        ("Password", "{length: 64, digits: 10, symbols: 5, symbolCharacters: '-_$@.', noUpper: false}"),
        ("Password", "{length: 64, allowRepeat: true}"),
        ("Password", "{length: -5}"),  # then the operator takes 24
        ("Password", "{}"),
        ("UUID", "{}"),
        ("Fake", "{data: {a: b}}"),
        ("VaultDynamicSecret", "{path: a, parameters: {any: [1]}, provider: {server: 'https://vault'}}"),
        ("GithubAccessToken", "{appID: '1', installID: '2', auth: {privateKey: {secretRef: {name: a, key: b}}}}"),
        ("Webhook", "{url: 'https://a', result: {jsonPath: $.a}, timeout: 1m}"),
        ("GitlabDeployToken", "{whatever: 1}"),
        ("ClusterGenerator", "{kind: Password, generator: {passwordSpec: {length: 12}}}"),
        ("ClusterGenerator", "{kind: GitlabDeployToken, generator: {gitlabDeployTokenSpec: {}}}"),
        ("Password", '{length: "{{ .Values.length }}"}'),
    ],
)
def test_a_generator_is_well(tmp_path: Path, kind: str, spec: str) -> None:
    assert found(tmp_path, generator(kind, spec), CODE) == []
    assert found(tmp_path, generator(kind, spec), VERSIONS) == []


@pytest.mark.parametrize(
    ("kind", "spec", "where", "reason"),
    [
        (
            "ECRAuthorizationToken",
            "{regoin: a}",
            "5:4: error",
            "regoin: there is no field regoin, and region is missing",
        ),
        (
            "GithubAccessToken",
            "{appID: 12, installID: '2', auth: {privateKey: {secretRef: {name: a, key: b}}}}",
            "5:11: error",
            "appID: got a number, expected a string",
        ),
        (
            "Password",
            "{lenght: 12}",
            "5:4: warning",
            "lenght: there is no field lenght up to version 2.9.0 of the operator",
        ),
        (
            "Password",
            "{length: 8, digits: 5, symbols: 5, allowRepeat: true}",
            "5:12: error",
            "length: got 5 digits and 5 symbols, more than the length of 8",
        ),
        (
            "Password",
            "{length: 64, symbols: 20}",
            "5:12: error",
            "length: asks for 16 digits, and there are 10 without a repeated one",
        ),
        (
            "ClusterGenerator",
            "{kind: Password, generator: {passwordSpec: {length: 40, digits: 4, symbols: 4, noUpper: true}}}",
            "5:55: error",
            "generator.passwordSpec.length: asks for 32 letters, and there are 26 without a repeated one",
        ),
        (
            "UUID",
            "{length: 12}",
            "5:4: note",
            "length: there is no field length up to version 2.9.0 of the operator",
        ),
        (
            "ClusterGenerator",
            "{kind: Password, generator: {uuidSpec: {}}}",
            "5:32: error",
            "generator.uuidSpec: got uuidSpec, but the kind Password reads passwordSpec",
        ),
    ],
)
def test_what_does_not_fit_in_a_generator_is_found(
    tmp_path: Path, kind: str, spec: str, where: str, reason: str
) -> None:
    (told,) = found(tmp_path, generator(kind, spec), CODE)
    assert told.split("\n")[0] == f"{FILE}:{where}: {kind} gen: spec.{reason}"


def test_a_symbol_of_several_bytes_counts_as_several(tmp_path: Path) -> None:
    assert found(tmp_path, generator("Password", "{length: 12, symbols: 4, symbolCharacters: '€£'}"), CODE) == []
    (told,) = found(tmp_path, generator("Password", "{length: 12, symbols: 6, symbolCharacters: '€£'}"), CODE)
    assert "asks for 6 symbols, and there are 5 without a repeated one" in told


def test_the_api_version_of_a_generator_is_one(tmp_path: Path) -> None:
    files = {
        **generator("Password", "{length: 12}", "generators.external-secrets.io/v1"),
        "apps/operator.yaml": operator(),
    }
    assert found(tmp_path, files, VERSIONS) == [
        (
            f"{FILE}:1:13: error: Password gen: got generators.external-secrets.io/v1, but External Secrets serves "
            f"{API_VERSION}\nhint: write {API_VERSION}"
        ),
    ]


@pytest.mark.parametrize(("kind", "severity"), [("Passwrod", "warning"), ("RotatingKey", "note")])
def test_a_kind_that_is_no_generator_is_told(tmp_path: Path, kind: str, severity: str) -> None:
    (told,) = found(tmp_path, generator(kind, "{}"), VERSIONS)
    assert told.startswith(f"{FILE}:2:7: {severity}: {kind} gen: generators.external-secrets.io has no kind {kind}")


def test_a_generator_is_named_with_the_api_version_of_generators(tmp_path: Path) -> None:
    item = "  dataFrom: [{sourceRef: {generatorRef: {apiVersion: external-secrets.io/v1, kind: Password, name: x}}}]\n"
    (told,) = found(tmp_path, {**BY_HAND, SECRET_FILE: EXTERNAL_SECRET + item}, CODE)
    assert told.startswith("manifests/secret.yaml:17:54: error: ExternalSecret db: spec.dataFrom[0].sourceRef.")
    assert told.endswith(f": got external-secrets.io/v1, expected {API_VERSION}\nhint: write {API_VERSION}")


@pytest.mark.parametrize(("version", "count"), [("2.9.0", 1), ("0.9.13", 0)])
def test_an_old_operator_takes_any_version_of_the_group(tmp_path: Path, version: str, count: int) -> None:
    ref = "{apiVersion: generators.external-secrets.io/v1, kind: Password, name: x}"
    item = f"  dataFrom: [{{sourceRef: {{generatorRef: {ref}}}}}]\n"
    files = {**BY_HAND, SECRET_FILE: EXTERNAL_SECRET + item, "apps/operator.yaml": operator(version)}
    assert len([each for each in found(tmp_path, files, CODE) if "apiVersion" in each]) == count


PUSH = """\
apiVersion: external-secrets.io/v1alpha1
kind: ClusterPushSecret
metadata: {name: push}
spec:
  refreshTime: 1m
  pushSecretSpec:
    secretStoreRefs: [{name: store, kind: ClusterSecretStore}]
    selector: {generatorRef: {apiVersion: v1, kind: Password, name: x}}
    data: [{match: {remoteRef: {remoteKye: a}}}]
"""


def test_a_cluster_push_secret_has_the_fields_of_what_it_makes(tmp_path: Path) -> None:
    files = {**BY_HAND, "manifests/push.yaml": PUSH}
    assert [each.split("\n", maxsplit=1)[0] for each in found(tmp_path, files, CODE)] == [
        (
            "manifests/push.yaml:8:43: error: ClusterPushSecret push: "
            f"spec.pushSecretSpec.selector.generatorRef.apiVersion: got v1, expected {API_VERSION}"
        ),
        (
            "manifests/push.yaml:9:33: error: ClusterPushSecret push: spec.pushSecretSpec.data[0].match.remoteRef."
            "remoteKye: there is no field remoteKye, and remoteKey is missing"
        ),
    ]


def test_a_generator_that_a_push_secret_names_is_there(tmp_path: Path) -> None:
    text = """\
apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata: {name: push, namespace: web}
spec:
  secretStoreRefs: [{name: store}]
  selector: {generatorRef: {kind: Password, name: gen}}
"""
    files = {**generator("Password", "{length: 12}"), "manifests/push.yaml": text}
    assert [each for each in found(tmp_path, files, "external-secret-store") if "generator" in each] == []
    files = {**files, "manifests/push.yaml": text.replace("name: gen", "name: gone")}
    (told,) = [each for each in found(tmp_path, files, "external-secret-store") if "generator" in each]
    assert "PushSecret push asks the generator Password gone, but there is none in namespace web of one" in told


def test_each_generator_with_a_field_of_its_own_is_of_a_kind_that_may_be_named() -> None:
    assert set(SPECS) <= set(GENERATOR_KINDS)
    assert {"ClusterGenerator", *FIELDS} == set(SPECS)
