"""What the settings of a source make of its Applications is built once, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.gathered import Gathering
from tests.checks.trees import URL, found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest

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
