"""What the settings of a source make of its Applications is built once, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.gathered import Gathering
from tests.checks.trees import URL, found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gitops_gen.evidence.kustomize_settings import Settings
    from gitops_gen.evidence.patches import Taken

SETTINGS = """\
    kustomize:
      patches:
        - target: {kind: Application}
          patch: |
            - {op: replace, path: /spec/destination/namespace, value: b}
"""


def application(name: str, path: str, settings: str = "") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: default
  destination: {{name: here, namespace: a}}
  source:
    repoURL: {URL}
    path: {path}
    targetRevision: main
{settings}"""


def fleet(number: int) -> Mapping[str, str]:
    """An Application that has so many others changed by kustomize."""
    names = [f"app{each}" for each in range(number)]
    return {
        "root.yaml": application("root", "apps", SETTINGS),
        "apps/kustomization.yaml": f"resources: [{', '.join(f'{each}.yaml' for each in names)}]\n",
        **{f"apps/{each}.yaml": application(each, "manifests") for each in names},
        "manifests/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    }


def test_it_is_built_as_often_for_many_as_for_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    real = Gathering.with_settings

    def noted(self: Gathering, folder: str, settings: Settings) -> tuple[Taken, ...] | None:
        built.append(folder)
        return real(self, folder, settings)

    monkeypatch.setattr(Gathering, "with_settings", noted)
    counts = []
    for number in (2, 20):
        built.clear()
        found(tmp_path / str(number), fleet(number), "source-path")
        counts.append(len(built))
    assert counts[0] == counts[1] > 0


REMOTE = "https://example.com/catalog//argocd/overlays/default?ref=main"
PATCHED = """\
resources: [../base]
patches:
  - target: {kind: Application}
    patch: |
      - {op: replace, path: /spec/source/path, value: nowhere}
"""


def bootstrap(outer: str, **more: str) -> dict[str, str]:
    """An Application that an overlay patches, and a kustomization around it that is applied by hand."""
    return {
        "base/kustomization.yaml": "resources: [app.yaml]\n",
        "base/app.yaml": application("app", "manifests"),
        "overlay/kustomization.yaml": PATCHED,
        "bootstrap/kustomization.yaml": outer,
        "manifests/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        **more,
    }


@pytest.mark.parametrize(
    "outer",
    [
        "resources: [../overlay]\n",
        f"resources: [{REMOTE}, ../overlay]\n",
        f"kind: Kustomization\nbases: [{REMOTE}]\nresources: [../middle]\n",
    ],
)
def test_what_an_overlay_makes_is_known_below_one_that_only_lists_it(tmp_path: Path, outer: str) -> None:
    middle = {"middle/kustomization.yaml": f"resources: [../overlay, {REMOTE}]\n"} if "middle" in outer else {}
    (problem,) = found(tmp_path, bootstrap(outer, **middle), "source-path")
    assert "app takes its manifests from nowhere, which is not there" in problem


@pytest.mark.parametrize(
    "outer",
    [
        f"namespace: other\nresources: [{REMOTE}, ../overlay]\n",
        f"namePrefix: my-\nresources: [{REMOTE}, ../overlay]\n",
        f"resources: [{REMOTE}, ../overlay]\ncomponents: [../part]\n",
        f"resources: [{REMOTE}, ../overlay]\npatches: [{{patch: 'kind: Application'}}]\n",
    ],
)
def test_what_an_outer_one_may_change_is_not_known(tmp_path: Path, outer: str) -> None:
    assert found(tmp_path, bootstrap(outer), "source-path") == []


def test_kustomizations_that_take_each_other_end(tmp_path: Path) -> None:
    around = {"overlay/kustomization.yaml": PATCHED.replace("[../base]", "[../base, ../bootstrap]")}
    outer = f"resources: [{REMOTE}, ../overlay]\n"
    top = {"top/kustomization.yaml": "resources: [../bootstrap]\n"}
    assert found(tmp_path, bootstrap(outer, **around, **top), "source-path") == []
