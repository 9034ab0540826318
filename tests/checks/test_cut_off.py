"""A slip in the shape of a file is told, and nothing that only follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import File, Files, RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import CANNOT_SAY, judge
from gitops_gen.problems import Severity
from tests.checks.by_hand import BY_HAND, SECRET_FILE, application
from tests.checks.trees import URL, shown
from tests.tools.generated import real

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gitops_gen.judge import Verdict

SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
SET = "argocd/applicationsets/myapp.yaml"
GENERATED = (SET, SECRETS, "argocd/projects/dev.yaml", "argocd/clusters/dev/myapp-dev-use1.yaml")


def slips(path: str, text: str) -> Iterator[tuple[int, str]]:
    """Yields the text without the first colon of a line, by the line, where that is no YAML any more."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if ":" in line and not line.startswith("#"):
            changed = "\n".join([*lines[:number], line.replace(":", "", 1), *lines[number + 1 :]])
            if File(path, changed).is_broken:
                yield number + 1, changed


@pytest.mark.parametrize(("path", "left_out"), [*((path, "") for path in GENERATED), (GENERATED[-1], ".tfvars")])
def test_of_a_slip_in_a_generated_file_nothing_else_follows(path: str, left_out: str) -> None:
    tree = real()
    kept = {each: text for each, text in tree.files.items() if not (left_out and each.endswith(left_out))}
    for line, text in slips(path, tree.files[path]):
        files = RenderedFiles(tree.root, tree.folder, {**kept, path: text})
        verdict = judge(Graph(files, (tree.folder,), repositories({tree.url: "."})))
        found = {(each.code, each.at.path) for each in verdict.problems if each.severity is not Severity.NOTE}
        assert found == {("invalid-yaml", f"{tree.folder}/{path}")}, line


def judged(root: Path, files: Mapping[str, str]) -> Verdict:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return judge(Graph(Files(root), (".",), repositories({URL: "."})))


def test_what_an_application_makes_is_not_known_whose_file_is_cut_off(tmp_path: Path) -> None:
    broken = application().replace("  sources:", "  sources")
    told = [shown(each) for each in judged(tmp_path, {**BY_HAND, "apps/web.yaml": broken}).problems]
    (note,) = [each for each in told if "Application web" in each]
    assert note == (
        "apps/web.yaml:4:9: note: Application web is in a file that is no YAML from some line on, so what it makes is "
        "not known\nhint: correct that line first"
    )
    assert [each.code for each in judged(tmp_path, {}).problems if each.severity is Severity.ERROR] == ["invalid-yaml"]


def test_what_stands_in_an_object_before_the_one_that_is_cut_off_is_judged(tmp_path: Path) -> None:
    secret = BY_HAND[SECRET_FILE].replace("refreshInterval: ", "refreshInterval: x")
    files = {**BY_HAND, SECRET_FILE: f"{secret}---\napiVersion: v1\nkind ConfigMap\n"}
    codes = [each.code for each in judged(tmp_path, files).problems if each.severity is Severity.ERROR]
    assert codes == ["invalid-yaml", "external-secret-fields"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n", None),
        ("a: 1\nb\n", 0),
        ("a: 1\n---\nb: 2\nc\n", 1),
        ("a: 1\n---\n]\n", None),
        ("]\n", None),
        ("# only\n", None),
        ("a:\n  - b\n  c\nd: 1\n---\ne: 1\n", 0),
    ],
)
def test_the_document_in_which_a_file_stops_being_yaml(text: str, expected: int | None) -> None:
    assert File("a.yaml", text).cut_off == expected


def test_what_is_cut_off_is_said_once_for_each_object() -> None:
    tree = real()
    text = tree.files[SET].replace("  template:", "  template", 1)
    files = RenderedFiles(tree.root, tree.folder, {**tree.files, SET: text})
    verdict = judge(Graph(files, (tree.folder,), repositories({tree.url: "."})))
    notes = [each.message for each in verdict.problems if each.code == CANNOT_SAY and "no YAML" in each.message]
    assert notes == [
        "ApplicationSet myapp is in a file that is no YAML from some line on, so what it makes is not known"
    ]


@pytest.mark.parametrize(("path", "folder"), [(".", ""), ("manifests", "manifests/")])
def test_an_application_is_cut_short_by_a_file_in_its_folder(tmp_path: Path, path: str, folder: str) -> None:
    files = {"apps/web.yaml": application(path=path), f"{folder}a.yaml": "apiVersion: v1\nkind ConfigMap\n"}
    judged(tmp_path, files)
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [graph.is_cut_short(each) for each in graph.deployments] == [True]
    (tmp_path / f"{folder}a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [graph.is_cut_short(each) for each in graph.deployments] == [False]
