"""Which of the layers of Helm values is the one that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.chart_values import stated_value
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://git.example.com/fleet.git"

FILES = "valueFiles: [first.yaml, second.yaml, /third.yaml, https://elsewhere/values.yaml]"
VALUES = "values: 'a: {b: by-values}'"
OBJECT = "valuesObject: {a: {b: by-object}}"
PARAMETERS = "parameters: [{name: other, value: x}, {name: a.b, value: by-parameter}]"


@pytest.mark.parametrize(
    ("layers", "value"),
    [
        ((), None),
        ((FILES,), "by-second"),
        ((FILES, VALUES), "by-values"),
        ((FILES, VALUES, OBJECT), "by-object"),
        ((FILES, VALUES, OBJECT, PARAMETERS), "by-parameter"),
    ],
)
def test_a_layer_counts_before_those_below_it(tmp_path: Path, layers: tuple[str, ...], value: str | None) -> None:
    assert stated(tmp_path, layers, "a", "b") == value


def test_a_layer_that_does_not_say_it_leaves_it_to_the_one_below(tmp_path: Path) -> None:
    assert stated(tmp_path, (FILES, OBJECT), "only") == "first"


@pytest.mark.parametrize("null", ["{a: {b: ~}}", "{a: ~}"])
def test_a_null_takes_away_what_the_layers_below_it_say(tmp_path: Path, null: str) -> None:
    assert stated(tmp_path, (FILES, f"valuesObject: {null}"), "a", "b") is None


def test_where_there_is_an_object_the_text_of_values_is_not_read(tmp_path: Path) -> None:
    assert stated(tmp_path, (FILES, "values: 'only: text'", "valuesObject: {}"), "only") == "first"


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("value: 'false'", False),
        ("value: 'true'", True),
        ("value: 'null'", None),
        ("value: 'False'", False),
        ("value: 'TRUE'", True),
        ("value: 'Null'", None),
        ("value: 'false', forceString: true", "false"),
        ("value: text", "text"),
    ],
)
def test_a_parameter_may_be_a_flag(tmp_path: Path, parameter: str, value: object) -> None:
    assert stated(tmp_path, (FILES, f"parameters: [{{name: a.b, {parameter}}}]"), "a", "b") == value


def test_values_that_are_no_yaml_say_nothing(tmp_path: Path) -> None:
    assert stated(tmp_path, ("values: '{{ .x'",), "a") is None


def stated(root: Path, layers: tuple[str, ...], *keys: str) -> object:
    helm = "".join(f"\n      {layer}" for layer in layers)
    written = {
        "argocd/app.yaml": f"""
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web}}
spec:
  destination: {{name: here}}
  sources:
  - repoURL: {URL}
    path: chart
    helm:
      releaseName: web{helm}
  - {{repoURL: {URL}, path: other, helm: {{valueFiles: [own.yaml]}}}}
""",
        "chart/first.yaml": "{a: {b: by-first}, only: first}",
        "chart/second.yaml": "{a: {b: by-second}}",
        "third.yaml": "",
        "other/own.yaml": "{a: {b: by-another-source}}",
    }
    for path, text in written.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    graph = Graph(Files(root), ("argocd",), repositories({URL: "."}))
    (deployment,) = graph.deployments
    return stated_value(graph.files, deployment, deployment.application.sources[0], *keys)
