"""The files of a chart that its templates read by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, application
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "chart-rendering"


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
        "'{{ .Files.Get \"./config/mysql-connection.tpl\" }}'",
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
