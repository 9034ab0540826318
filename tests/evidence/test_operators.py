"""Which version of the operator each of its objects meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.operators import operator_of
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import BY_HAND, EXTERNAL_SECRET, SECRET_FILE, application, operator
from tests.checks.trees import URL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def graph(root: Path, files: Mapping[str, str]) -> Graph:
    """Writes files and returns their evidence."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return Graph(Files(root), (".",), repositories({URL: "."}))


def versions(found: Graph) -> list[tuple[str, str, str | None]]:
    """Returns the objects of the operator: file, cluster and version."""
    return [(each.manifest.place.file, each.cluster, each.version) for each in found.operator_objects]


def test_an_object_meets_the_operator_of_its_cluster(tmp_path: Path) -> None:
    assert versions(graph(tmp_path, BY_HAND)) == [
        ("manifests/secret.yaml", "one", "2.9.0"),
        ("manifests/store.yaml", "one", "2.9.0"),
    ]


def test_the_same_object_under_two_versions_stands_twice(tmp_path: Path) -> None:
    files = {
        "apps/a.yaml": application("a"),
        "apps/b.yaml": application("b", cluster="two"),
        "apps/c.yaml": application("c", cluster="three"),
        "apps/one.yaml": operator("2.9.0"),
        "apps/two.yaml": operator("0.16.0", cluster="two"),
        "apps/three.yaml": operator("2.9.0", cluster="three"),
        SECRET_FILE: EXTERNAL_SECRET,
    }
    assert versions(graph(tmp_path, files)) == [(SECRET_FILE, "one", "2.9.0"), (SECRET_FILE, "two", "0.16.0")]


def test_a_version_of_the_operator_may_have_a_v(tmp_path: Path) -> None:
    files = {path: text.replace("targetRevision: 2.9.0", "targetRevision: v0.15.1") for path, text in BY_HAND.items()}
    found = graph(tmp_path, files)
    assert {(each.version, each.numbers) for each in found.operator_objects} == {("0.15.1", (0, 15, 1))}
    codes = {each.code for each in judge(found).problems}
    assert "external-secret-api-version" in codes  # every rule reads the version


def test_an_object_that_nobody_brings_meets_no_version(tmp_path: Path) -> None:
    (only,) = graph(
        tmp_path, {"secret.yaml": EXTERNAL_SECRET.replace("name: db\nspec", "name: db\n  namespace: a\nspec")}
    ).operator_objects
    assert (only.version, only.numbers, only.cluster, only.namespace) == (None, None, "", "a")


def test_a_template_of_a_chart_is_no_object(tmp_path: Path) -> None:
    files = {"web/Chart.yaml": "name: web\n", "web/templates/secret.yaml": EXTERNAL_SECRET}
    assert versions(graph(tmp_path, files)) == []


@pytest.mark.parametrize("version", ["2.*", ">=2.0.0", "0.9.12", "latest"])
def test_a_version_that_is_no_known_one_is_none(tmp_path: Path, version: str) -> None:
    found = graph(tmp_path, {**BY_HAND, "apps/operator.yaml": operator(f"'{version}'")})
    assert operator_of(found.clusters["one"]) is None


def test_two_operators_of_two_versions_are_none(tmp_path: Path) -> None:
    second = operator("2.8.0").replace("name: external-secrets-one", "name: second")
    found = graph(tmp_path, {**BY_HAND, "apps/second.yaml": second})
    assert operator_of(found.clusters["one"]) is None


PART = """\
apiVersion: v2
name: eso
version: 0.1.0
dependencies:
  - {name: external-secrets, version: VERSION, repository: https://charts.external-secrets.io}
"""


@pytest.mark.parametrize(("version", "expected"), [("0.16.2", "0.16.2"), ("v2.9.0", "2.9.0"), ("0.x", None)])
def test_the_operator_may_be_a_part_of_a_chart(tmp_path: Path, version: str, expected: str | None) -> None:
    by_part = application("eso", namespace="external-secrets", path="charts/eso")
    files = {"apps/operator.yaml": by_part, "charts/eso/Chart.yaml": PART.replace("VERSION", version)}
    found = graph(tmp_path, {**BY_HAND, **files})
    assert {each.version for each in found.operator_objects} == {expected}
