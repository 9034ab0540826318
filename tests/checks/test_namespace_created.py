"""Namespaces that nobody makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, URL, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "namespace-created"
MYAPP = "argocd/applicationsets/myapp.yaml"

APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}}}
spec:
  project: default
  source: {{repoURL: {url}, path: {path}}}
  destination: {{name: here, namespace: {namespace}}}
"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"


def app(name: str, namespace: str, path: str = "web") -> str:
    return APP.format(name=name, url=URL, path=path, namespace=namespace)


def test_a_namespace_that_nothing_makes_is_found_on_each_cluster() -> None:
    first, *others = found_in_six_clusters(CODE, MYAPP, ("          - CreateNamespace=true\n", ""))
    assert first == (
        f"output/{MYAPP}:106:11: error: myapp-dev-use1 lands in namespace myapp of myapp-dev-use1, which nothing here "
        "makes\n"
        "hint: add CreateNamespace=true to the sync options"
    )
    assert len(others) == 5


def test_a_namespace_that_another_application_brings_is_made(tmp_path: Path) -> None:
    files = {
        "argocd/web.yaml": MARK + app("web", "web"),
        "argocd/base.yaml": MARK + app("base", "default", "base"),
        "base/namespace.yaml": NAMESPACE,
        "web/x.yaml": "",
    }
    assert found(tmp_path, files, CODE) == []
    (tmp_path / "base/namespace.yaml").write_text("")
    assert len(found(tmp_path, {}, CODE)) == 1


@pytest.mark.parametrize(
    ("destination", "count"),
    [
        ("{server: 'https://kubernetes.default.svc', namespace: argo}", 0),
        ("{name: in-cluster, namespace: argo}", 0),
        ("{name: in-cluster, namespace: argocd}", 1),
        ("{name: here, namespace: argo}", 1),
    ],
)
def test_the_namespace_of_argo_cd_is_there_on_its_own_cluster(tmp_path: Path, destination: str, count: int) -> None:
    text = app("root", "x").replace("{name: root}", "{name: root, namespace: argo}")
    text = text.replace("{name: here, namespace: x}", destination)
    assert len(found(tmp_path, {"root.yaml": MARK + text, "web/x.yaml": ""}, CODE)) == count


def test_elsewhere_a_namespace_may_be_made_by_anybody(tmp_path: Path) -> None:
    assert found(tmp_path, {"web.yaml": app("web", "web")}, CODE) == []
