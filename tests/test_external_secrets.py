"""The version table of External Secrets Operator, also against the JSON Schemas of its releases, if given."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TypeAlias

import pytest

from gitops_gen import external_secrets

V1ALPHA1 = "external-secrets.io/v1alpha1"
V1BETA1 = "external-secrets.io/v1beta1"
V1 = "external-secrets.io/v1"

THREE_DEFAULTS = (("conversionStrategy", "Default"), ("decodingStrategy", "None"), ("metadataPolicy", "None"))

# What a remoteRef says itself; every other field of it has a default that we spell out.
STATED_FIELDS = {"key", "property", "version"}

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def _releases() -> list[Path]:
    stated = os.environ.get("GITOPS_GEN_SCHEMAS")
    return sorted(Path(stated).glob("eso-v*")) if stated else []


needs_schemas = pytest.mark.skipif(
    "GITOPS_GEN_SCHEMAS" not in os.environ,
    reason="GITOPS_GEN_SCHEMAS names no folder of JSON Schemas, eso-v<version>/<group>/<kind>_<version>.json",
)
each_release = pytest.mark.parametrize("release", _releases() or [Path("eso-v0.0.0")], ids=lambda path: path.name)


@pytest.mark.parametrize("text", ["0.9.13", "0.16.0", "2.9.0", "2.9.1", "3.0.0", "10.20.30"])
def test_a_version_is_fine(text: str) -> None:
    assert external_secrets.check_version(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v2.9.0", "got 'v2.9.0', expected the version of the chart, which has no v: 2.9.0"),
        ("2.9", "got '2.9', expected three numbers such as 2.9.0"),
        ("2.9.x", "got '2.9.x', expected three numbers such as 2.9.0"),
        ("~2.9.0", "got '~2.9.0', expected three numbers such as 2.9.0"),
        ("2.09.0", "got '2.09.0', expected three numbers such as 2.9.0"),
        ("2.9.0-rc1", "got '2.9.0-rc1', expected three numbers such as 2.9.0"),
        ("2.9.0\n", "got '2.9.0\\n', expected three numbers such as 2.9.0"),
        ("v2.9", "got 'v2.9', expected three numbers such as 2.9.0"),
        ("0.9.12", "got 0.9.12, expected 0.9.13 or newer"),
        ("", "got an empty text, expected 1 to 20 characters"),
        ("1" * 21, "got 21 characters, expected at most 20"),
    ],
)
def test_what_is_no_supported_version_says_why(text: str, reason: str) -> None:
    assert external_secrets.check_version(text) == reason


def test_a_version_is_three_numbers() -> None:
    assert external_secrets.parse_version("0.16.2") == (0, 16, 2)
    assert external_secrets.parse_version("v0.16.2") is None


def test_a_version_with_two_digits_is_newer_than_one_with_one() -> None:
    assert external_secrets.api_version("0.9.20") == V1BETA1
    assert external_secrets.api_version("0.10.0") == V1BETA1
    assert external_secrets.api_version("0.17.0") == V1


@pytest.mark.parametrize(
    ("version", "written", "served"),
    [
        ("0.9.13", V1BETA1, (V1BETA1, V1ALPHA1)),
        ("0.15.1", V1BETA1, (V1BETA1, V1ALPHA1)),
        ("0.16.0", V1, (V1, V1BETA1)),
        ("0.16.2", V1, (V1, V1BETA1)),
        ("0.17.0", V1, (V1,)),
        ("2.9.0", V1, (V1,)),
        ("7.0.0", V1, (V1,)),
    ],
)
def test_the_api_version_follows_the_operator(version: str, written: str, served: tuple[str, ...]) -> None:
    assert external_secrets.api_version(version) == written
    assert external_secrets.served_api_versions(version) == served


@pytest.mark.parametrize("version", ["0.9.13", "0.16.2", "1.3.2", "2.0.0", "2.2.9"])
def test_three_fields_of_a_remote_ref_are_spelled_out_before_2_3(version: str) -> None:
    assert external_secrets.remote_ref_defaults(version) == THREE_DEFAULTS


@pytest.mark.parametrize("version", ["2.3.0", "2.6.1", "2.9.0", "7.0.0"])
def test_the_null_byte_policy_is_spelled_out_from_2_3(version: str) -> None:
    assert external_secrets.remote_ref_defaults(version) == (*THREE_DEFAULTS, ("nullBytePolicy", "Ignore"))


def test_the_refresh_policy_exists_from_0_16() -> None:
    assert not external_secrets.has_refresh_policy("0.15.1")
    assert external_secrets.has_refresh_policy("0.16.0")


def test_server_side_apply_is_needed_from_0_19() -> None:
    assert not external_secrets.needs_server_side_apply("0.18.2")
    assert external_secrets.needs_server_side_apply("0.19.0")


def test_a_store_rejects_its_own_namespace_before_0_9_20() -> None:
    assert external_secrets.store_rejects_own_namespace("0.9.19")
    assert not external_secrets.store_rejects_own_namespace("0.9.20")


def test_the_chart_installs_four_kinds_for_the_whole_cluster() -> None:
    assert external_secrets.CLUSTER_RESOURCES == (
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    )


def test_a_version_that_was_never_checked_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match=r"^got 'latest', expected a version that parse_version reads$"):
        external_secrets.api_version("latest")


@needs_schemas
def test_the_folder_of_schemas_has_releases_of_the_operator() -> None:
    assert _releases()


@needs_schemas
@each_release
def test_the_served_api_versions_are_those_of_the_release(release: Path) -> None:
    files = release.glob("external-secrets.io/externalsecret_*.json")
    served = {f"external-secrets.io/{file.stem.removeprefix('externalsecret_')}" for file in files}
    assert set(external_secrets.served_api_versions(_version(release))) == served


@needs_schemas
@each_release
def test_the_store_is_served_in_the_same_api_versions(release: Path) -> None:
    files = release.glob("external-secrets.io/secretstore_*.json")
    served = {f"external-secrets.io/{file.stem.removeprefix('secretstore_')}" for file in files}
    assert set(external_secrets.served_api_versions(_version(release))) == served


@needs_schemas
@each_release
def test_every_field_of_a_remote_ref_is_spelled_out_and_no_other(release: Path) -> None:
    fields = _at(_spec(release), "data", "items", "properties", "remoteRef", "properties")
    spelled_out = {field for field, _ in external_secrets.remote_ref_defaults(_version(release))}
    assert spelled_out == set(fields) - STATED_FIELDS


@needs_schemas
@each_release
def test_every_spelled_out_value_is_the_default_of_the_release(release: Path) -> None:
    fields = _at(_spec(release), "data", "items", "properties", "remoteRef", "properties")
    for field, value in external_secrets.remote_ref_defaults(_version(release)):
        schema = _at(fields, field)
        allowed = schema["enum"]
        assert isinstance(allowed, list)
        assert value in allowed
        assert schema.get("default", value) == value


@needs_schemas
@each_release
def test_the_refresh_policy_is_known_as_in_the_release(release: Path) -> None:
    assert external_secrets.has_refresh_policy(_version(release)) == ("refreshPolicy" in _spec(release))


@needs_schemas
@each_release
def test_what_is_filled_in_is_what_the_schema_has_a_default_for(release: Path) -> None:
    fields = _at(_spec(release), "data", "items", "properties", "remoteRef", "properties")
    defaults = {
        field: schema["default"] for field, schema in fields.items() if isinstance(schema, dict) and "default" in schema
    }
    assert dict(external_secrets.filled_in(_version(release))) == defaults


@pytest.mark.parametrize(
    ("version", "fields"),
    [
        ("2.2.9", ["conversionStrategy", "decodingStrategy", "metadataPolicy"]),
        ("2.3.0", ["conversionStrategy", "decodingStrategy", "metadataPolicy", "nullBytePolicy"]),
        ("2.6.1", ["conversionStrategy", "decodingStrategy", "metadataPolicy", "nullBytePolicy"]),
        ("2.7.0", ["conversionStrategy", "decodingStrategy", "metadataPolicy"]),
        ("2.8.9", ["conversionStrategy", "decodingStrategy", "metadataPolicy"]),
        ("2.9.0", []),
        (None, ["conversionStrategy", "decodingStrategy", "metadataPolicy"]),
    ],
)
def test_what_is_filled_in_changes_with_the_version(version: str | None, fields: list[str]) -> None:
    assert [field for field, _ in external_secrets.filled_in(version)] == fields


@pytest.mark.parametrize(
    ("kind", "version", "expected"),
    [
        ("ExternalSecret", "0.15.0", ("external-secrets.io/v1beta1", "external-secrets.io/v1alpha1")),
        ("SecretStore", "2.9.0", ("external-secrets.io/v1",)),
        ("PushSecret", "2.9.0", ("external-secrets.io/v1alpha1",)),
        (
            "ClusterSecretStore",
            None,
            ("external-secrets.io/v1", "external-secrets.io/v1beta1", "external-secrets.io/v1alpha1"),
        ),
    ],
)
def test_a_kind_is_served_as_its_version_serves_it(kind: str, version: str | None, expected: tuple[str, ...]) -> None:
    assert external_secrets.kind_api_versions(kind, version) == expected


@pytest.mark.parametrize(
    ("version", "writes"), [("0.19.2", False), ("0.20.0", True), ("1.1.0", True), ("1.1.1", False)]
)
def test_intervals_are_written_back_by_some_versions(version: str, writes: bool) -> None:
    assert external_secrets.rewrites_intervals(version) is writes


def _version(release: Path) -> str:
    return release.name.removeprefix("eso-v")


def _spec(release: Path) -> dict[str, Json]:
    group, _, version = external_secrets.api_version(_version(release)).partition("/")
    schema: dict[str, Json] = json.loads((release / group / f"externalsecret_{version}.json").read_text())
    return _at(schema, "properties", "spec", "properties")


def _at(schema: dict[str, Json], *keys: str) -> dict[str, Json]:
    for key in keys:
        inner = schema[key]
        assert isinstance(inner, dict)
        schema = inner
    return schema
