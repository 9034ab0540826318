"""The operator's large definitions, and how they are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "server-side-apply"
ESO = "argocd/applicationsets/external-secrets.yaml"

APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: eso}}
spec:
  project: default
  destination: {{name: here, namespace: external-secrets}}
  source:
    repoURL: https://charts.external-secrets.io
    chart: external-secrets
    targetRevision: {version}
    helm: {helm}
  syncPolicy: {{syncOptions: [{options}]}}
"""


def test_the_operator_of_the_six_clusters_needs_it() -> None:
    first, *others = found_in_six_clusters(CODE, ESO, ("          - ServerSideApply=true\n", ""))
    assert first == (
        f"output/{ESO}:104:11: error: external-secrets-dev-use1 installs External Secrets 2.9.0, whose "
        "CustomResourceDefinitions are too large for client-side apply\n"
        "hint: add ServerSideApply=true to the sync options\n"
        f"output/{ESO}:20:23: the version"
    )
    assert len(others) == 5


@pytest.mark.parametrize(
    ("version", "helm", "options", "count"),
    [
        ("0.19.0", "{}", "", 1),
        ("0.18.2", "{}", "", 0),
        ("0.19.0", "{}", "ServerSideApply=true", 0),
        ("0.19.0", "{}", "Replace=true", 0),
        ("0.19.0", "{}", "ServerSideApply=false", 1),
        ("0.19.0", "{valuesObject: {installCRDs: false}}", "", 0),
        ("0.19.0", "{valuesObject: {installCRDs: true}}", "", 1),
        ("0.x", "{}", "", 0),
    ],
)
def test_a_version_with_large_definitions_needs_it(
    tmp_path: Path, version: str, helm: str, options: str, count: int
) -> None:
    assert len(found(tmp_path, {"app.yaml": APP.format(version=version, helm=helm, options=options)}, CODE)) == count
