"""The sync windows of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.checks import project_windows
from tests.checks.by_hand import application
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "argo-cd-object"
PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: team-a, namespace: argocd}
spec:
  syncWindows:
    - kind: allow
      schedule: "0 22 * * *"
      duration: 8h
      applications: ["*"]
"""
REFUSED = "Argo CD's server refuses each change of such a project"


@pytest.mark.parametrize(
    ("schedule", "wrong", "hint"),
    [
        (
            "* * * *",
            "expected 5 fields",
            "write minute, hour, day of the month, month and day of the week, as in 0 22 * * *",
        ),
        (
            "@daily",
            "expected 5 fields",
            "write minute, hour, day of the month, month and day of the week, as in 0 22 * * *",
        ),
        ("0 24 * * *", "where 24 is no hour", "write numbers from 0 to 23"),
        ("60 1 * * *", "where 60 is no minute", "write numbers from 0 to 59"),
        ("0 22 0 * *", "where 0 is no day of the month", "write numbers from 1 to 31"),
        ("0 22 * * 7", "where 7 is no day of the week", "write numbers from 0 to 6"),
        ("0 22 * * fri-mon", "where fri-mon is no day of the week", "write numbers from 0 to 6"),
        ("0 22 * foo *", "where foo is no month", "write numbers from 1 to 12"),
        ("*/0 22 * * *", "where */0 is no minute", "write numbers from 0 to 59"),
    ],
)
def test_a_schedule_that_argo_cd_does_not_read_is_found(tmp_path: Path, schedule: str, wrong: str, hint: str) -> None:
    assert found(tmp_path, {"project.yaml": PROJECT.replace("0 22 * * *", schedule)}, CODE) == [
        (
            f"project.yaml:7:17: warning: AppProject team-a: the schedule of a sync window: got {schedule!r}, {wrong}: "
            f"{REFUSED}\nhint: {hint}"
        )
    ]


@pytest.mark.parametrize(
    "schedule",
    [
        *("*/15 0-6,20-23 1,15 jan-MAR mon-fri", "TZ=Europe/Berlin 0 22 * * ?", "0 22 ? * SUN", "5/10 22 * * *"),
        *("{{ .Values.schedule }}", "0  22 * *  6"),
    ],
)
def test_a_schedule_that_argo_cd_reads_is_well(tmp_path: Path, schedule: str) -> None:
    assert found(tmp_path, {"project.yaml": PROJECT.replace("0 22 * * *", schedule)}, CODE) == []


@pytest.mark.parametrize("duration", ["24hours", "1d"])
def test_a_duration_that_go_does_not_read_is_found(tmp_path: Path, duration: str) -> None:
    assert found(tmp_path, {"project.yaml": PROJECT.replace("8h", duration)}, CODE) == [
        (
            f"project.yaml:8:17: warning: AppProject team-a: the duration of a sync window: got {duration!r}, "
            f"expected a duration such as 8h30m: {REFUSED}\nhint: write a number with h, m or s"
        )
    ]


def test_a_window_for_nothing_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, {"project.yaml": PROJECT.replace('      applications: ["*"]\n', "")}, CODE) == [
        (
            "project.yaml:6:7: warning: AppProject team-a has a sync window for no applications, namespaces or "
            f"clusters: it is for nothing, and {REFUSED}\nhint: add applications: ['*']"
        )
    ]


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("kind", "    - kind: allow\n      schedule"),
        ("schedule", '      schedule: "0 22 * * *"\n'),
        ("duration", "      duration: 8h\n"),
    ],
)
def test_a_window_without_what_makes_it_is_found(tmp_path: Path, field: str, line: str) -> None:
    text = PROJECT.replace(line, "    - schedule" if field == "kind" else "")
    assert found(tmp_path, {"project.yaml": text}, CODE) == [
        (
            f"project.yaml:6:7: warning: AppProject team-a has a sync window without {field}: {REFUSED}\n"
            f"hint: add {field}:"
        )
    ]


@pytest.mark.parametrize(
    ("field", "name", "meant"),
    [
        ("clusters", "production-bleu", "production-blue"),
        ("clusters", "Production-blue", "production-blue"),
        ("namespaces", "paymnts", "payments"),
        ("applications", "webshopp", "webshop"),
    ],
)
def test_a_window_for_a_slip_of_what_its_project_has_is_found(
    tmp_path: Path, field: str, name: str, meant: str
) -> None:
    web = application("webshop", cluster="production-blue", namespace="payments")
    files = {"web.yaml": web.replace("project: default", "project: team-a")}
    window = PROJECT.replace(
        'applications: ["*"]', f'{field}:\n        - "*-green"\n        - {meant}\n        - {name}'
    )
    assert found(tmp_path, files | {"project.yaml": window}, CODE) == [
        (
            f"project.yaml:12:11: warning: AppProject team-a has a sync window for {name}, which is none of the "
            f"{field} of its Applications\nhint: did you mean {meant}?"
        )
    ]
    other = window.replace(name, "something-else")
    assert found(tmp_path, files | {"project.yaml": other}, CODE) == []


@pytest.fixture
def zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_windows, "_zones", lambda: {"Europe/Berlin", "US/Eastern", "PST8PDT"})


@pytest.mark.usefixtures("zones")
@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("Europe/Berln", "did you mean Europe/Berlin?"),
        ("europe/berlin", "did you mean Europe/Berlin?"),
        ("CEST", "write the name of a zone, as in Europe/Berlin"),
        ("UTC+2", "write the name of a zone, as in Europe/Berlin"),
    ],
)
def test_a_time_zone_that_argo_cd_takes_utc_for_is_a_warning(tmp_path: Path, zone: str, hint: str) -> None:
    assert found(tmp_path, {"project.yaml": f"{PROJECT}      timeZone: {zone}\n"}, CODE) == [
        (
            f"project.yaml:10:17: warning: AppProject team-a: the timeZone of a sync window: got {zone!r}, which is "
            f"none, and Argo CD takes UTC\nhint: {hint}"
        )
    ]


@pytest.mark.usefixtures("zones")
@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "Local", '""', "America/New", "'{{ zone }}'"])
def test_a_time_zone_that_is_known_or_may_be_new_is_fine(tmp_path: Path, zone: str) -> None:
    assert found(tmp_path, {"project.yaml": f"{PROJECT}      timeZone: {zone}\n"}, CODE) == []


def test_where_not_all_time_zones_are_known_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.available_timezones", lambda: {"Europe/Berlin"})
    project_windows._zones.cache_clear()
    assert found(tmp_path, {"project.yaml": f"{PROJECT}      timeZone: CEST\n"}, CODE) == []
    project_windows._zones.cache_clear()
