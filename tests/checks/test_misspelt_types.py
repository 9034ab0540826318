"""Slips in the label by which Argo CD knows its Secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import EXTERNAL_SECRET, application
from tests.checks.trees import found
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

CODE = "cluster-registration"
SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: repo
  labels: {argocd.argoproj.io/secret-type: TYPE}
stringData: {url: https://git.example.com/a.git}
"""


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("repository", None),
        ("repo-creds", None),
        ("repository-write", None),
        ("somebody-elses", None),
        ("repositories", "repository"),
        ("repositry", "repository"),
        ("repo-cred", "repo-creds"),
        ("clusters", "cluster"),
    ],
)
def test_a_label_with_a_slip_is_a_warning(tmp_path: Path, stated: str, meant: str | None) -> None:
    assert found(tmp_path, {"repo.yaml": SECRET.replace("TYPE", stated)}, CODE) == [
        (
            f"repo.yaml:5:44: warning: Secret repo: Argo CD has no argocd.argoproj.io/secret-type {stated}, so that "
            f"it passes over the Secret\nhint: did you mean {meant}?"
        )
    ] * (meant is not None)


def test_what_an_external_secret_makes_is_read_too(tmp_path: Path) -> None:
    template = "  target:\n    template: {metadata: {labels: {argocd.argoproj.io/secret-type: repo-cred}}}\n"
    text = EXTERNAL_SECRET.replace("spec:\n", f"spec:\n{template}", 1).replace("  target:\n    name: db\n", "")
    (problem,) = found(tmp_path, {"db.yaml": text}, CODE)
    assert "ExternalSecret db: Argo CD has no argocd.argoproj.io/secret-type repo-cred" in problem


def test_an_item_of_1password_gives_its_secret_its_labels(tmp_path: Path) -> None:
    text = SECRET.replace("v1", "onepassword.com/v1").replace("kind: Secret", "kind: OnePasswordItem")
    assert found(tmp_path, {"repo.yaml": text.replace("TYPE", "repositories")}, CODE) == [
        (
            "repo.yaml:5:44: warning: OnePasswordItem repo: Argo CD has no argocd.argoproj.io/secret-type "
            "repositories, so that it passes over the Secret\nhint: did you mean repository?"
        )
    ]


def test_what_becomes_no_secret_may_have_any_label(tmp_path: Path) -> None:
    text = SECRET.replace("kind: Secret", "kind: ConfigMap").replace("stringData", "data")
    assert found(tmp_path, {"repo.yaml": text.replace("TYPE", "repositories")}, CODE) == []


@requires_helm
def test_what_a_chart_of_the_tree_renders_to_is_read_too(tmp_path: Path) -> None:
    template = "  target:\n    template: {metadata: {labels: {argocd.argoproj.io/secret-type: TYPE}}}\n"
    text = EXTERNAL_SECRET.replace("spec:\n", f"spec:\n{template}", 1).replace("  target:\n    name: db\n", "")
    files = {
        "app.yaml": application(path="chart"),
        "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
        "chart/values.yaml": "type: repositories\n",
        "chart/templates/db.yaml": text.replace("TYPE", "{{ .Values.type }}"),
    }
    (problem,) = found(tmp_path, files, "external-secret-target")
    assert "ExternalSecret db: Argo CD has no argocd.argoproj.io/secret-type repositories" in problem
    assert problem.startswith("chart/templates/db.yaml:")
