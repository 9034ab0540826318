"""The files of a chart that its templates read by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence import helm
from tests.checks.by_hand import BY_HAND, application
from tests.checks.trees import found
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

CODE = "chart-rendering"
PART = "charts/web/charts/db/Chart.yaml"


def chart(template: str) -> dict[str, str]:
    """Returns a chart with a file for its template, and an Application that takes it."""
    start = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n"
    return {
        **BY_HAND,
        "apps/web.yaml": application(values="        releaseName: web\n"),
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
        "charts/web/config/mysql-connection.tpl": "mysql://{{ .host }}\n",
        "charts/web/templates/map.yaml": f"{start}  a: {template}\n",
    }


@pytest.mark.parametrize(
    "template",
    [
        "'{{ .Files.Get \"config/mysql-connection.tpl\" }}'",
        "'{{ .Files.Get \"config/extra.tpl\" }}'",
        "'{{ .Files.Get (printf \"config/%s.tpl\" .Release.Name) }}'",
        'a {{/* .Files.Get "config/mysql-conection.tpl" */}}',
        '\'{{ .Files.Get "config/mysql-conection.tpl" | default (.Files.Get "config/mysql-connection.tpl") }}\'',
    ],
)
def test_a_file_that_is_there_or_may_be_added_is_no_finding(tmp_path: Path, template: str) -> None:
    assert found(tmp_path, chart(template), CODE) == []


def test_a_slip_in_the_name_of_a_file_is_a_warning(tmp_path: Path) -> None:
    assert found(tmp_path, chart("'{{ $.Files.Get \"config/mysql-conection.tpl\" | trim }}'"), CODE) == [
        (
            "charts/web/templates/map.yaml:5:23: warning: a template of the chart charts/web reads "
            "config/mysql-conection.tpl, which is not in the chart: Helm gives it an empty text\n"
            "hint: did you mean config/mysql-connection.tpl?"
        ),
    ]


def test_a_template_is_none_of_the_files(tmp_path: Path) -> None:
    assert found(tmp_path, chart("'{{ .Files.Get \"templates/map.yaml\" | len }}'"), CODE) == [
        (
            "charts/web/templates/map.yaml:5:22: warning: a template of the chart charts/web reads "
            "templates/map.yaml, which is a template, and none of .Files: Helm gives it an empty text\n"
            "hint: move it out of templates/"
        ),
    ]


@pytest.mark.parametrize(
    ("name", "reason", "hint"),
    [
        ("values.yaml", "which Helm reads by itself, and is none of .Files", "read .Values"),
        ("Chart.yaml", "which Helm reads by itself, and is none of .Files", "read .Chart"),
        ("charts/db/notes.txt", "which is of another chart, and none of .Files", "move it out of charts/"),
        ("values.schema.json", "which Helm reads by itself, and is none of .Files", "read it from another file"),
        ("./config/mysql-connection.tpl", "which is the name of no file", "write config/mysql-connection.tpl"),
        ("config//mysql-connection.tpl", "which is the name of no file", "write config/mysql-connection.tpl"),
    ],
)
def test_a_file_that_helm_does_not_give_by_that_name_is_a_warning(
    tmp_path: Path, name: str, reason: str, hint: str
) -> None:
    more = {
        "charts/web/values.yaml": "host: db\n",
        "charts/web/charts/db/notes.txt": "a\n",
        PART: "name: db\nversion: 1.0.0\napiVersion: v2\n",
    }
    files = {**chart(f"'{{{{ .Files.Get \"{name}\" | sha256sum }}}}'"), **more}
    assert found(tmp_path, files, CODE) == [
        (
            f"charts/web/templates/map.yaml:5:22: warning: a template of the chart charts/web reads {name}, {reason}: "
            f"Helm gives it an empty text\nhint: {hint}"
        ),
    ]


@requires_helm
@pytest.mark.parametrize("name", ["values.yaml", "Chart.yaml", "./config/mysql-connection.tpl", "templates/map.yaml"])
def test_helm_gives_a_template_nothing_by_such_a_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "charts/web"
    for path, text in {**chart(f"'{{{{ .Files.Get \"{name}\" }}}}'"), "charts/web/values.yaml": "host: db\n"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    rendered = helm.render(folder, {}, release="web", namespace="web")
    assert rendered.texts["web/templates/map.yaml"].splitlines()[-1] == "  a: ''"
