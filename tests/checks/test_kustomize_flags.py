"""The words that kustomize takes for texts, and kubectl and Argo CD for true or false."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import application
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: web, labels: {a: %s}}
data: {b: %s}
"""
CODES = ("invalid-name", "field-types")


def told(tmp_path: Path, word: str, *, taken: bool) -> list[str]:
    """Returns the lines of what is told of a word in a ConfigMap, with or without a kustomization that takes it."""
    files = {"app.yaml": application(), "manifests/web.yaml": CONFIG % (word, word)}
    if taken:
        files["manifests/kustomization.yaml"] = "resources: [web.yaml]\n"
    return [line.partition("\n")[0] for code in CODES for line in found(tmp_path, files, code)]


@pytest.mark.parametrize("word", ["y", "Yes", "on", "n", "NO", "off"])
def test_kustomize_writes_the_word_as_a_text(tmp_path: Path, word: str) -> None:
    assert told(tmp_path, word, taken=True) == []


@pytest.mark.parametrize(("word", "taken"), [("yes", False), ("true", True), ("False", True)])
def test_a_flag_is_no_text_elsewhere_nor_where_it_is_true_or_false(tmp_path: Path, word: str, *, taken: bool) -> None:
    assert told(tmp_path, word, taken=taken) == [
        "manifests/web.yaml:3:35: error: ConfigMap web: its label a is no string",
        "manifests/web.yaml:4:11: error: ConfigMap web: data.b: got true or false, expected a string",
    ]


NAMED = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: y, namespace: no}
"""


@pytest.mark.parametrize("field", ["resources", "transformers"])
def test_kustomize_reads_a_name_as_the_text_that_it_is(tmp_path: Path, field: str) -> None:
    files = {"app.yaml": application(), "manifests/web.yaml": NAMED}
    files["manifests/kustomization.yaml"] = f"{field}: [web.yaml]\n"
    assert found(tmp_path, files, "invalid-name") == []


def test_a_name_that_nobody_writes_as_a_text_is_told(tmp_path: Path) -> None:
    files = {"app.yaml": application(), "manifests/web.yaml": NAMED}
    assert [line.partition("\n")[0] for line in found(tmp_path, files, "invalid-name")] == [
        "manifests/web.yaml:3:18: error: ConfigMap: the name is no string",
        "manifests/web.yaml:3:32: error: ConfigMap: the namespace is no string",
    ]


def test_a_copy_that_kustomize_does_not_take_is_told(tmp_path: Path) -> None:
    files = {
        "app.yaml": application(),
        "manifests/web.yaml": CONFIG % ("yes", "yes"),
        "manifests/kustomization.yaml": "resources: [web.yaml]\n",
        "other.yaml": application("other", path="plain"),
        "plain/web.yaml": CONFIG % ("yes", "yes"),
    }
    (got,) = found(tmp_path, files, "field-types")
    assert got.startswith("plain/web.yaml:4:11: error: ")
