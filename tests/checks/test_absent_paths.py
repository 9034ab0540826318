"""The paths of git generators where the repository has nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from tests.checks.trees import MARK, found

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODE = "applicationset-parameters"
SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web}}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - git:
        repoURL: {url}
        revision: {revision}
        {field}:
{paths}
  template:
    metadata: {{name: '{{{{ .path.basename }}}}'}}
    spec:
      project: default
      source: {{repoURL: {url}, path: '{{{{ .path.path }}}}'}}
      destination: {{name: here}}
"""
FOLDERS = {
    "infra/external-dns/a.yaml": "kind: List\n",
    "infra/storage/b.yaml": "kind: List\n",
    "env/production.yaml": "a: 1\n",
    "env/staging.yaml": "a: 1\n",
}


def told(
    root: Path,
    *paths: str,
    field: str = "directories",
    url: str = "https://git.example.com/fleet.git",
    revision: str = "main",
    head: str = "",
) -> list[str]:
    listed = "\n".join(f"          - {each}" for each in paths)
    text = SET.format(url=url, revision=revision, field=field, paths=listed)
    return [each for each in found(root, {"set.yaml": head + text, **FOLDERS}, CODE) if "takes elements" in each]


@pytest.mark.parametrize(("head", "severity"), [("", "warning"), (MARK, "error")])
def test_a_slip_of_a_folder_beside_it_is_found(tmp_path: Path, head: str, severity: str) -> None:
    line = 13 + bool(head)
    assert told(tmp_path, "path: infra/storage", "path: infra/externl-dns", head=head) == [
        (
            f"set.yaml:{line}:19: {severity}: ApplicationSet web takes elements from infra/externl-dns, which is not "
            "there: it gives none\n"
            "hint: did you mean external-dns?"
        )
    ]


def test_a_slip_in_the_only_path_is_told_instead_of_the_empty_set(tmp_path: Path) -> None:
    url, paths = "https://git.example.com/fleet.git", "          - path: env/prodction.yaml"
    text = SET.format(url=url, revision="main", field="files", paths=paths)
    assert found(tmp_path, {"set.yaml": text, **FOLDERS}, CODE) == [
        (
            "set.yaml:12:19: warning: ApplicationSet web takes elements from env/prodction.yaml, which is not there: "
            "it gives none\n"
            "hint: did you mean production.yaml?"
        )
    ]


def test_what_nothing_is_like_may_be_yet_to_come(tmp_path: Path) -> None:
    assert told(tmp_path, "path: infra/storage", "path: infra/gateway") == [
        (
            "set.yaml:13:19: note: ApplicationSet web takes elements from infra/gateway, which is not there: it gives "
            "none\n"
            "hint: correct the path, or remove it"
        )
    ]


@pytest.mark.parametrize(
    "path",
    [
        "path: infra/*",
        "path: infra/storage",
        "path: 'infra/{{ .name }}'",
        "path: infra/${NAME}",
        "{path: infra/externl-dns, exclude: true}",
    ],
)
def test_a_path_that_is_there_or_that_nobody_knows_is_none(tmp_path: Path, path: str) -> None:
    assert told(tmp_path, "path: infra/storage", path) == []


def test_of_another_repository_nobody_knows(tmp_path: Path) -> None:
    assert told(tmp_path, "path: infra/externl-dns", url="https://git.example.com/other.git") == []


def test_a_folder_is_listed_once_for_all_paths_that_lead_into_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[str] = []
    under = Files.under

    def noted(files: Files, folder: str, *, recurse: bool = True) -> Iterator[str]:
        listed.append(folder)
        return under(files, folder, recurse=recurse)

    monkeypatch.setattr(Files, "under", noted)
    assert len(told(tmp_path, "path: infra/storage", "path: infra/gateway")) == 1
    of_one = listed.count("infra")
    listed.clear()
    absent = ["path: infra/gateway", "path: infra/mesh", "path: infra/ingress"]
    assert len(told(tmp_path, "path: infra/storage", *absent)) == len(absent)
    assert listed.count("infra") == of_one
