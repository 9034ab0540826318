"""What an object is, in a document that is no YAML from some line on."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.cut_off_objects import cut_off_object
from gitops_gen.evidence.files import File

SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: one
  namespace: 'argocd'
  labels:
    argocd.argoproj.io/secret-type: "cluster"
stringData:
  name: "one.example.com"
  server: https://one.example.com
"""
WHOLE = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "one", "namespace": "argocd", "labels": {"argocd.argoproj.io/secret-type": "cluster"}},
    "stringData": {"name": "one.example.com"},
}


@pytest.mark.parametrize("line", range(9))
def test_a_line_without_its_colon_says_what_it_says_with_it(line: int) -> None:
    lines = SECRET.splitlines()
    lines[line] = lines[line].replace(":", "", 1)
    assert cut_off_object(None, lines) == WHOLE


def test_what_was_read_counts_before_what_lines_seem_to_say() -> None:
    read = {"apiVersion": "v1", "metadata": {"name": "two", "labels": {"a": "b"}}, "data": 1}
    expected = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "two",
            "namespace": "argocd",
            "labels": {"a": "b", "argocd.argoproj.io/secret-type": "cluster"},
        },
        "stringData": {"name": "one.example.com"},
        "data": 1,
    }
    assert cut_off_object(read, SECRET.splitlines()) == expected


@pytest.mark.parametrize("text", ["", "kind: Secret\nmetadata:\n  name: a\n", "- kind: Secret\n- apiVersion: v1\n"])
def test_what_is_no_object_stays_what_it_is(text: str) -> None:
    assert cut_off_object("read", text.splitlines()) == "read"


def test_only_the_document_that_is_cut_off_is_read_by_its_lines() -> None:
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
    text = f"{other}---\napiVersion v1\nkind: Secret\nmetadata:\n  name: b\n---\n{other}"
    assert list(map(str, File("a.yaml", text).manifests)) == ["ConfigMap a", "Secret b"]
