"""Values that are a text in an Application, for a chart that is not on disk."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import operator
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "chart-values"
HINT = "hint: write keys and values, each key of a map as far to the right as the others"


def text(*lines: str) -> dict[str, str]:
    """Returns an Application that gives a chart of a repository some lines of values."""
    return {"apps/operator.yaml": operator(values="".join(f"{line}\n" for line in ("      values: |", *lines)))}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("        webhook: {create: true}",), None),
        (("        # nothing yet",), None),
        (("        webhook: ${WEBHOOK}",), None),
        (("        webhook: {{ .webhook }}", "         create: true"), None),
        (("        podLabels:", "          a: b", "          <LABEL_1>"), None),
        (("        podLabels:", "          <LABEL_1>", "          a: b"), None),
        (("        podLabels:", "          a: b", "          LABEL_1"), "line 3 of them: "),
        (("        - webhook",), "got a list, expected a map"),
        (("        webhook",), "got one value, expected a map"),
        (("        podLabels:", "          a:", "            b: c", "         d: e"), "line 4 of them: "),
    ],
)
def test_a_text_of_values_is_yaml_and_a_map(tmp_path: Path, lines: tuple[str, ...], reason: str | None) -> None:
    told = found(tmp_path, text(*lines), CODE)
    start = f"apps/operator.yaml:17:15: error: the values of external-secrets-one are refused by Helm: {reason}"
    assert [each.startswith(start) and each.endswith(HINT) for each in told] == [True] * (reason is not None)


def test_beside_a_values_object_nobody_reads_the_text(tmp_path: Path) -> None:
    files = text("        - webhook", "      valuesObject: {}")
    assert found(tmp_path, files, CODE) == []


def test_of_a_set_it_is_told_once(tmp_path: Path) -> None:
    ((path, application),) = text("        - webhook").items()
    spec = indent(application.partition("\nspec:\n")[2], "    ")
    made = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: eso, namespace: argocd}}
spec:
  goTemplate: true
  generators: [{{list: {{elements: [{{name: a}}, {{name: b}}]}}}}]
  template:
    metadata: {{name: '{{{{.name}}}}'}}
    spec:
{spec}"""
    (problem,) = found(tmp_path, {path: made}, CODE)
    assert "the values of a are refused by Helm: got a list, expected a map" in problem
