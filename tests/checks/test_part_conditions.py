"""Conditions of charts in charts that no values state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence import helm
from tests.checks.by_hand import BY_HAND, application
from tests.checks.trees import found
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

CODE = "chart-values"


def chart(condition: str, values: str, *, given: str = "", file: str = "Chart.yaml") -> dict[str, str]:
    """Returns a chart with another one in its charts/, and an Application that gives it values."""
    parts = f"dependencies:\n  - name: cache\n    version: 1.0.0\n    condition: {condition}\n"
    version = "v2" if file == "Chart.yaml" else "v1"
    files = {
        **BY_HAND,
        "apps/web.yaml": application(values="        releaseName: web\n        valueFiles: [given.yaml]\n"),
        "charts/web/Chart.yaml": f"apiVersion: {version}\nname: web\nversion: 0.1.0\n",
        "charts/web/values.yaml": values,
        "charts/web/given.yaml": given,
        "charts/web/charts/cache/Chart.yaml": "apiVersion: v2\nname: cache\nversion: 1.0.0\n",
        "charts/web/charts/cache/templates/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cache}\n",
    }
    path = f"charts/web/{file}"
    return {**files, path: files.get(path, "") + parts}


@pytest.mark.parametrize("file", ["Chart.yaml", "requirements.yaml"])
def test_a_slip_in_a_condition_is_a_warning(tmp_path: Path, file: str) -> None:
    line = 7 if file == "Chart.yaml" else 4
    assert found(tmp_path, chart("cache.enabeld", "cache:\n  enabled: false\n", file=file), CODE) == [
        (
            f"charts/web/{file}:{line}:16: warning: the chart charts/web takes cache if cache.enabeld is true, which "
            "no values state: it is always taken\n"
            "hint: give both one name: cache.enabled is stated\n"
            "charts/web/values.yaml:2:12: cache.enabled is stated here"
        ),
    ]


def test_a_condition_that_a_further_document_of_values_states_is_fine(tmp_path: Path) -> None:
    assert found(tmp_path, chart("cache.enabled", "cahce: {enabled: false}\n---\ncache: {enabled: true}\n"), CODE) == []


def test_a_slip_in_the_values_is_told_at_the_condition(tmp_path: Path) -> None:
    assert found(tmp_path, chart("web.cache, cache.enabled", "a: 1\n", given="cahce: {enabled: false}\n"), CODE) == [
        (
            "charts/web/Chart.yaml:7:16: warning: the chart charts/web takes cache if cache.enabled is true, which no "
            "values state: it is always taken\n"
            "hint: give both one name: cahce.enabled is stated\n"
            "charts/web/given.yaml:1:18: cahce.enabled is stated here"
        ),
    ]


@pytest.mark.parametrize(
    ("condition", "values", "given"),
    [
        ("cache.enabled", "cache: {enabled: false}\n", ""),
        ("cache.enabled", "a: 1\n", "cache: {enabled: true}\n"),
        ("cache.enabled", "a: 1\n", ""),
        ("cache.enabeld,cache.enabled", "cache: {enabled: false}\n", ""),
        ("cache.enabeld", "cache: {enabled: some}\n", ""),
        ("cache.enabeld", "cache: off-and-on\n", ""),
    ],
)
def test_a_condition_that_is_stated_or_like_no_flag_is_no_finding(
    tmp_path: Path, condition: str, values: str, given: str
) -> None:
    assert found(tmp_path, chart(condition, values, given=given), CODE) == []


def test_the_flag_of_another_part_is_no_slip(tmp_path: Path) -> None:
    files = chart("cache.enabled", "caches: {enabled: false}\n")
    other = "  - name: caches\n    version: 1.0.0\n    condition: caches.enabled\n"
    parts = {
        "charts/web/Chart.yaml": files["charts/web/Chart.yaml"] + other,
        "charts/web/charts/caches/Chart.yaml": "apiVersion: v2\nname: caches\nversion: 1.0.0\n",
    }
    assert found(tmp_path, {**files, **parts}, CODE) == []


def test_values_that_are_not_known_may_state_it(tmp_path: Path) -> None:
    given = "        releaseName: web\n        parameters: [{name: cache.enabeld, value: 'false'}]\n"
    files = chart("cache.enabeld", "cache: {enabled: false}\n")
    assert found(tmp_path, {**files, "apps/web.yaml": application(values=given)}, CODE) == []


@requires_helm
@pytest.mark.parametrize(("condition", "is_taken"), [("cache.enabeld", True), ("cache.enabled", False)])
def test_helm_takes_a_part_whose_condition_nobody_states(tmp_path: Path, condition: str, is_taken: bool) -> None:
    for path, text in chart(condition, "cache: {enabled: false}\n").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    rendered = helm.render(tmp_path / "charts/web", {}, release="web", namespace="web")
    assert ("web/charts/cache/templates/map.yaml" in rendered.texts) is is_taken
