"""The folder or the chart of one release that is nearly that of the others of its set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "source-path"

SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  goTemplate: true
  generators:
    - list:
        elements:
{elements}
  template:
    metadata: {{name: "web-{{{{ .cluster }}}}"}}
    spec:
      project: default
      destination: {{name: "{{{{ .cluster }}}}", namespace: web}}
      sources: [{{repoURL: https://git.example.com/web.git, targetRevision: main, {field}: "{{{{ .of }}}}"}}]
"""


def told(root: Path, *names: str, field: str = "path", mark: str = MARK) -> list[str]:
    elements = "\n".join(f"          - {{cluster: c{index}, of: {name}}}" for index, name in enumerate(names))
    return found(root, {"set.yaml": mark + SET.format(elements=elements, field=field)}, CODE)


@pytest.mark.parametrize(("field", "column"), [("path", 88), ("chart", 89)])
def test_one_that_is_a_letter_away_from_the_others_is_found(tmp_path: Path, field: str, column: int) -> None:
    assert told(tmp_path, "deploy", "deploy", "deply", "deploy", field=field) == [
        (
            f"set.yaml:19:{column}: warning: web-c2 takes the {field} deply, and 3 others of its set take deploy\n"
            "hint: write deploy, if that is what is meant\n"
            "set.yaml:12:13: for these parameters\n"
            "set.yaml:10:13: web-c0 takes deploy"
        )
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("deploy", "deploy", "deply"),
        ("deploy", "deploy", "deploy", "other/deploy"),
        ("deploy", "deploy", "deploy", "deply", "deply"),
        ("deploy1", "deploy1", "deploy1", "deploy2"),
    ],
)
def test_what_few_take_and_what_has_another_name_is_none(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert told(tmp_path, *names) == []


def test_in_a_set_kept_by_hand_it_may_be_meant(tmp_path: Path) -> None:
    assert told(tmp_path, "deploy", "deploy", "deply", "deploy", mark="") == []
