"""What a kustomization names, and is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import application
from tests.checks.trees import MARK, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "source-path"
OWN = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"
HINT = "hint: correct the path, commit what it names, or take it off the list"


def tree(kustomization: str, **more: str) -> dict[str, str]:
    """Returns an Application, the kustomization of its folder and a file beside that."""
    files = {
        "a.yaml": application("a"),
        "manifests/kustomization.yaml": kustomization,
        "manifests/own.yaml": OWN,
        "base/kustomization.yaml": "resources: [own.yaml]\n",
        "base/own.yaml": OWN,
        "plain/own.yaml": OWN,
    }
    return {**files, **{path.replace("__", "/") + ".yaml": text for path, text in more.items()}}


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("resources: [own.yaml, gone.yaml]", "1:23", "gone.yaml"),
        ("resources: [own.yaml, ./more/gone.yml]", "1:23", "./more/gone.yml"),
        ("resources: [../bas]", "1:13", "../bas"),
        ("bases: [../bas/]", "1:9", "../bas/"),
        ("components: [../../manifests/x]", None, ""),
        ("generators: [secrets.yaml]", "1:14", "secrets.yaml"),
        ("patchesStrategicMerge: [gone.yaml, own.yaml]", "1:25", "gone.yaml"),
        ("patches: [{path: own.yaml}, {path: gone.yaml}]", "1:36", "gone.yaml"),
        ("configMapGenerator: [{name: a, files: [own.yaml, b=own.yaml, c=gone.txt]}]", "1:62", "gone.txt"),
        ("secretGenerator: [{name: a, envs: [gone.env]}]", "1:36", "gone.env"),
        ("secretGenerator: [{name: a, env: gone.env}]", "1:34", "gone.env"),
        ("helmCharts: [{name: a, valuesFile: gone.yaml}]", "1:36", "gone.yaml"),
        ("helmCharts: [{name: a, additionalValuesFiles: [own.yaml, gone.yaml]}]", "1:58", "gone.yaml"),
    ],
)
def test_what_a_kustomization_names_and_is_not_there_is_found(
    tmp_path: Path, text: str, place: str | None, name: str
) -> None:
    expected = (
        f"manifests/kustomization.yaml:{place}: error: manifests/kustomization.yaml takes {name}, which is not there: "
        f"kustomize builds nothing for a\n{HINT}"
    )
    assert found(tmp_path, tree(f"{text}\n"), CODE) == [expected] * (place is not None)


def test_a_folder_without_a_kustomization_is_nothing_to_take(tmp_path: Path) -> None:
    assert found(tmp_path, tree("resources: [../base, ../plain]\n"), CODE) == [
        (
            "manifests/kustomization.yaml:1:22: error: manifests/kustomization.yaml takes ../plain, a folder without a "
            f"kustomization: kustomize builds nothing for a\n{HINT}"
        ),
    ]


def test_what_a_base_lacks_is_told_once_for_all_who_build_it(tmp_path: Path) -> None:
    files = tree(
        "resources: [../base]\n", b=application("b"), base__kustomization="resources: [gone.yaml, ../manifests]\n"
    )
    (got,) = found(tmp_path, files, CODE)
    assert got.startswith("base/kustomization.yaml:1:13: error: base/kustomization.yaml takes gone.yaml, which is not ")
    assert got.endswith(f"kustomize builds nothing for a, b\n{HINT}")


@pytest.mark.parametrize(
    "text",
    [
        "resources: [own.yaml, ../base, '../base/', ../base/own.yaml]",
        "resources: ['https://example.com/a.yaml', 'github.com/a/b//c?ref=v1', github.com/a/b, 'git@example.com:a/b']",
        "resources: ['${NAME}.yaml', '<name>.yaml', '/a.yaml', ../../elsewhere]",
        "patches: [{patch: '- {op: remove, path: /spec/a}', target: {kind: Deployment}}]",
        "patchesStrategicMerge: ['{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}']",
        "generators: ['{apiVersion: a/v1, kind: B, metadata: {name: a}}']",
        "configMapGenerator: [{name: a, literals: [x=gone.yaml]}]",
    ],
)
def test_what_is_there_or_comes_from_elsewhere_is_sound(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, tree(f"{text}\n"), CODE) == []


def test_what_nobody_builds_may_lack_what_it_names(tmp_path: Path) -> None:
    broken = tree("resources: [gone.yaml]\n")
    elsewhere = application("a").replace("targetRevision: main", "targetRevision: next")
    assert found(tmp_path, {**broken, "a.yaml": application("a", path="base")}, CODE) == []
    assert found(tmp_path, {**broken, "a.yaml": elsewhere}, CODE) == []
    assert found(tmp_path, {**broken, "a.yaml": application("a") + "      plugin: {name: render}\n"}, CODE) == []
    chart = "apiVersion: v2\nname: a\nversion: 1.0.0\n"
    assert found(tmp_path, {**broken, "manifests/Chart.yaml": chart}, CODE) == []
    modules = '[submodule "x"]\n\tpath = manifests/x\n\turl = https://git.example.com/x.git\n'
    assert found(tmp_path, {**tree("resources: [x/a.yaml, x]\n"), ".gitmodules": modules}, CODE) == []


@pytest.mark.parametrize(
    ("text", "at", "what", "hint"),
    [
        ("kind: Kustomizaton\n", "2:7", "is of kind Kustomizaton", "write Kustomization"),
        ("kind: [a]\n", "2:7", "is of kind ['a']", "write Kustomization"),
        (
            "apiVersion: kustomize.config.k8s.io/v1\n",
            "2:13",
            "has apiVersion kustomize.config.k8s.io/v1",
            "write kustomize.config.k8s.io/v1beta1",
        ),
        (
            "kind: Component\napiVersion: kustomize.config.k8s.io/v1beta1\n",
            "3:13",
            "has apiVersion kustomize.config.k8s.io/v1beta1",
            "write kustomize.config.k8s.io/v1alpha1",
        ),
        ("resource: [b.yaml]\n", "2:1", "has a field resource", "did you mean resources?"),
        ("namespaces: a\n", "2:1", "has a field namespaces", "did you mean namespace?"),
    ],
)
def test_what_kustomize_does_not_take_for_a_kustomization_is_refused(
    tmp_path: Path, text: str, at: str, what: str, hint: str
) -> None:
    path = "manifests/kustomization.yaml"
    (got,) = found(tmp_path, tree(f"resources: [own.yaml]\n{text}"), CODE)
    assert got.splitlines() == [
        f"{path}:{at}: error: {path} {what}: kustomize builds nothing for a",
        f"hint: {hint}",
    ]


@pytest.mark.parametrize("text", ["NamePrefix: a-\n", "zzz: 1\n", "kind:\n", "apiVersion: ''\n", "labels: []\n"])
def test_what_kustomize_takes_or_may_know_one_day_is_not_refused(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, tree(f"resources: [own.yaml]\n{text}"), CODE) == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (MARK + "kind: Kustomization\nresources: []\n", True),
        (MARK + "labels: [{pairs: {a: b}}]\n", True),
        (MARK + "zzz: 1\nresources: [own.yaml]\n", True),
        ("kind: Kustomization\n", True),
        ("resources:\n", True),
        ("resources: []\n", False),
        ("namespace: a\n", False),
    ],
)
def test_a_kustomization_that_brings_nothing_is_refused(tmp_path: Path, text: str, *, is_found: bool) -> None:
    assert len(found(tmp_path, tree(text), CODE)) == is_found
