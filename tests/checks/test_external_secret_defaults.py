"""What the API server fills in, and what it drops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checks.by_hand import BY_HAND, EXTERNAL_SECRET, SECRET_FILE, application, changed, operator
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-defaults"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
APPLIED = application(options=("SkipDryRunOnMissingResource=true", "ServerSideApply=true"))
COMPARED = APPLIED.replace(
    "  name: web\n", "  name: web\n  annotations: {argocd.argoproj.io/compare-options: ServerSideDiff=true}\n", 1
)
POLICIES = """\
        conversionStrategy: Default
        decodingStrategy: None
        metadataPolicy: None
"""


def test_a_generated_file_spells_out_the_policies_of_its_target() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("    deletionPolicy: Retain\n", "")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "42:3: error: ExternalSecret myapp-db-credentials: target.deletionPolicy is left out; the API "
            "server adds Retain, which Argo CD shows as drift\n"
            "hint: write deletionPolicy: Retain"
        ),
    ]


def test_a_generated_duration_is_as_go_prints_it() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("refreshInterval: 1h0m0s", "refreshInterval: 1h")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "38:3: error: ExternalSecret myapp-db-credentials: refreshInterval is 1h, which Go prints as "
            "1h0m0s; Argo CD may show that as drift\n"
            "hint: write 1h0m0s"
        ),
    ]


def test_under_2_9_nothing_is_filled_in(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "apps/web.yaml": APPLIED}, CODE) == []


def test_under_2_8_three_policies_are_filled_in(tmp_path: Path) -> None:
    files = {**BY_HAND, "apps/web.yaml": APPLIED, "apps/operator.yaml": operator("2.8.0")}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:14:7: warning: ExternalSecret db: data[0].remoteRef leaves out conversionStrategy, "
            "decodingStrategy, metadataPolicy; the API server adds them, which Argo CD shows as drift\n"
            "hint: write conversionStrategy: Default, decodingStrategy: None, metadataPolicy: None\n"
            "apps/operator.yaml:14:21: External Secrets is 2.8.0 here"
        ),
    ]


def test_under_2_4_a_fourth_is_filled_in(tmp_path: Path) -> None:
    files = {
        **changed(SECRET_FILE, ("        property: password\n", f"        property: password\n{POLICIES}")),
        "apps/web.yaml": APPLIED,
        "apps/operator.yaml": operator("2.4.0"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:14:7: warning: ExternalSecret db: data[0].remoteRef.nullBytePolicy is left "
            "out; the API server adds Ignore, which Argo CD shows as drift\n"
            "hint: write nullBytePolicy: Ignore\n"
            "apps/operator.yaml:14:21: External Secrets is 2.4.0 here"
        ),
    ]


def test_a_find_has_no_metadata_policy(tmp_path: Path) -> None:
    files = {
        **changed(
            SECRET_FILE,
            (
                "  data:",
                "  dataFrom:\n    - find: {path: a, conversionStrategy: Default, decodingStrategy: None}\n  data:",
            ),
            ("        property: password\n", f"        property: password\n{POLICIES}"),
        ),
        "apps/web.yaml": APPLIED,
        "apps/operator.yaml": operator("2.8.0"),
    }
    assert found(tmp_path, files, CODE) == []


def test_without_server_side_apply_a_default_shows_nowhere(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "apps/operator.yaml": operator("2.8.0")}, CODE) == []


def test_with_server_side_diff_a_default_shows_nowhere(tmp_path: Path) -> None:
    files = {**BY_HAND, "apps/web.yaml": COMPARED, "apps/operator.yaml": operator("2.8.0")}
    assert found(tmp_path, files, CODE) == []


def test_a_field_that_the_version_lacks_is_found(tmp_path: Path) -> None:
    files = {
        **changed(
            SECRET_FILE,
            ("        property: password\n", "        property: password\n        nullBytePolicy: Ignore\n"),
        ),
        "apps/operator.yaml": operator("2.2.0"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:17:9: warning: ExternalSecret db: data[0].remoteRef.nullBytePolicy is a "
            "field that External Secrets 2.2.0 does not have\n"
            "hint: remove nullBytePolicy\n"
            "apps/operator.yaml:14:21: External Secrets is 2.2.0 here"
        ),
    ]


def test_where_the_version_is_not_known_it_may_have_it(tmp_path: Path) -> None:
    files = {
        **changed(
            SECRET_FILE,
            ("        property: password\n", "        property: password\n        nullBytePolicy: Ignore\n"),
        ),
        "apps/operator.yaml": operator("2.*"),
    }
    assert found(tmp_path, files, CODE) == []


def test_an_operator_that_writes_intervals_back_is_told(tmp_path: Path) -> None:
    files = {**changed(SECRET_FILE, ("1h0m0s", "1h")), "apps/operator.yaml": operator("1.0.0")}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:6:3: warning: ExternalSecret db: refreshInterval is 1h, which Go prints as "
            "1h0m0s; Argo CD may show that as drift\n"
            "hint: write 1h0m0s"
        ),
    ]


def test_another_operator_leaves_them_alone(tmp_path: Path) -> None:
    assert found(tmp_path, changed(SECRET_FILE, ("1h0m0s", "1h")), CODE) == []


def test_a_generated_file_that_no_application_brings_is_judged_too(tmp_path: Path) -> None:
    assert found(tmp_path, {"secret.yaml": MARK + EXTERNAL_SECRET}, CODE) == [
        (
            "secret.yaml:11:3: error: ExternalSecret db: target.creationPolicy is left out; the API server "
            "adds Owner, which Argo CD shows as drift\n"
            "hint: write creationPolicy: Owner"
        ),
        (
            "secret.yaml:11:3: error: ExternalSecret db: target.deletionPolicy is left out; the API server "
            "adds Retain, which Argo CD shows as drift\n"
            "hint: write deletionPolicy: Retain"
        ),
        (
            "secret.yaml:15:7: error: ExternalSecret db: data[0].remoteRef.conversionStrategy is left out; the "
            "API server before 2.9.0 adds Default, which Argo CD shows as drift\n"
            "hint: write conversionStrategy: Default"
        ),
        (
            "secret.yaml:15:7: error: ExternalSecret db: data[0].remoteRef.decodingStrategy is left out; the "
            "API server before 2.9.0 adds None, which Argo CD shows as drift\n"
            "hint: write decodingStrategy: None"
        ),
        (
            "secret.yaml:15:7: error: ExternalSecret db: data[0].remoteRef.metadataPolicy is left out; the API "
            "server before 2.9.0 adds None, which Argo CD shows as drift\n"
            "hint: write metadataPolicy: None"
        ),
    ]
