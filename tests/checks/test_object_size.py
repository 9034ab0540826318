"""Objects that are too large for an annotation, for a ConfigMap, or for etcd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.checks.object_size import CHECK
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.joining import Joined
from gitops_gen.evidence.repositories import repositories
from tests.checks.trees import MARK, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "object-size"


def thing(size: int, kind: str = "Widget", annotations: str = "{}") -> str:
    """Returns an object of which one string has that many characters."""
    return f"""\
apiVersion: example.com/v1
kind: {kind}
metadata:
  name: big
  annotations: {annotations}
data:
  text: {"x" * size}
"""


APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web}}
spec:
  project: default
  source: {{repoURL: https://git.example.com/fleet.git, path: manifests}}
  destination: {{name: here, namespace: web}}
  syncPolicy: {{syncOptions: [{options}]}}
"""

HINT = "hint: apply it with ServerSideApply=true, or make it smaller"


def test_what_fits_is_fine(tmp_path: Path) -> None:
    assert found(tmp_path, {"manifests/big.yaml": thing(262_000)}, CODE) == []


def test_what_fits_needs_nothing_that_is_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "big.yaml").write_text(thing(262_000))
    graph = Graph(Files(tmp_path), (".",), repositories({}))
    monkeypatch.setattr(Joined, "join", None)
    assert list(CHECK.run(graph)) == []


@pytest.mark.parametrize(("mark", "severity"), [("", "warning"), (MARK, "error")])
def test_what_an_annotation_does_not_hold_is_certain_in_our_files_only(
    tmp_path: Path, mark: str, severity: str
) -> None:
    line = 2 if mark else 1
    assert found(tmp_path, {"manifests/big.yaml": mark + thing(262_100)}, CODE) == [
        (
            f"manifests/big.yaml:{line}:1: {severity}: Widget big has 262,209 bytes, expected at most 262,144: "
            f"client-side "
            f"apply, which keeps it in an annotation, does not hold it\n{HINT}"
        ),
    ]


@pytest.mark.parametrize(
    ("options", "annotations", "count"),
    [
        ("CreateNamespace=true", "{}", 1),
        ("ServerSideApply=true", "{}", 0),
        ("Replace=true", "{}", 0),
        ("", "{argocd.argoproj.io/sync-options: 'Prune=false, ServerSideApply=true'}", 0),
    ],
)
def test_an_application_that_applies_on_the_server_holds_it(
    tmp_path: Path, options: str, annotations: str, count: int
) -> None:
    files = {
        "argocd/app.yaml": APP.format(options=options),
        "manifests/big.yaml": thing(262_144, annotations=annotations),
    }
    got = found(tmp_path, files, CODE)
    assert len(got) == count
    assert all(": error: " in each for each in got)


def test_a_configmap_of_more_than_a_mebibyte_is_an_error(tmp_path: Path) -> None:
    assert found(tmp_path, {"big.yaml": thing(1_048_577, "ConfigMap")}, CODE) == [
        (
            "big.yaml:1:1: error: ConfigMap big has 1,048,577 bytes, expected at most 1,048,576: a ConfigMap may not "
            "hold as "
            "much data\nhint: split it"
        ),
    ]


def test_what_etcd_does_not_hold_is_an_error(tmp_path: Path) -> None:
    (got,) = found(tmp_path, {"big.yaml": thing(1_572_864)}, CODE)
    assert got.startswith("big.yaml:1:1: error: Widget big has 1,572,973 bytes, expected at most 1,572,864: etcd does ")


def test_an_alias_that_repeats_a_part_counts_as_often_as_it_stands(tmp_path: Path) -> None:
    aliases = "\n".join(f"  copy{number}: *text" for number in range(30))
    text = thing(10_000).replace("text: ", "text: &text ") + aliases + "\n"
    assert len(text) < 20_000
    (got,) = found(tmp_path, {"big.yaml": text}, CODE)
    assert got.startswith("big.yaml:1:1: warning: Widget big has 310,")
