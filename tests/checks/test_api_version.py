"""apiVersions of Kubernetes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "api-version"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"


def test_a_version_that_is_gone_is_found(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}\n"}
    assert found(tmp_path, files, CODE) == [
        ("a.yaml:1:13: error: Deployment a: got extensions/v1beta1, expected apps/v1\nhint: write apps/v1"),
    ]


def test_a_version_with_a_typo_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("apiVersion: v1\n", "apiVersion: v1x\n")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "2:13: error: ServiceAccount myapp-eso: got v1x, expected v1\n"
            "hint: write v1"
        ),
    ]


def test_two_versions_may_be_served(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n"}
    assert found(tmp_path, files, CODE) == []


def test_a_kind_of_another_group_is_another_kind(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: apigateway.example.com/v1\nkind: Deployment\nmetadata: {name: a}\n"}
    assert found(tmp_path, files, CODE) == []


def test_a_template_of_a_chart_is_not_judged(tmp_path: Path) -> None:
    files = {"web/Chart.yaml": "name: web\n", "web/templates/a.yaml": "apiVersion: v2\nkind: Secret\n"}
    assert found(tmp_path, files, CODE) == []
