"""Tests of gitops_gen.waivers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from gitops_gen.problems import Location, ModelError, Problem, Severity
from gitops_gen.waivers import Waiver, apply_waivers, read_waivers

if TYPE_CHECKING:
    from pathlib import Path

CODES = ("role-unused", "trust-subject")
PATH = "environments/waivers.yaml"
FOUND = Problem("role-unused", "a role", Location("output/environments/dev/a.tfvars", 3, 1))
OTHER = Problem("role-unused", "a role", Location("output/environments/production/a.tfvars", 3, 1))


def written(root: Path, text: str) -> tuple[Waiver, ...]:
    (root / "environments").mkdir()
    (root / PATH).write_text(text, encoding="utf-8")
    return read_waivers(root, PATH, CODES)


def test_a_waiver_takes_away_what_it_covers_and_nothing_else(tmp_path: Path) -> None:
    waivers = written(
        tmp_path,
        '- code: role-unused\n  path: output/environments/dev/*\n  reason: it moves\n  expires: "2027-01-31"\n',
    )

    assert waivers == (
        Waiver("role-unused", "output/environments/dev/*", "it moves", date(2027, 1, 31), Location(PATH, 1, 3)),
    )
    assert apply_waivers((FOUND, OTHER), waivers, date(2027, 1, 31)) == (OTHER,)


def test_a_waiver_without_a_path_covers_every_file(tmp_path: Path) -> None:
    waivers = written(tmp_path, '- {code: role-unused, reason: it moves, expires: "2027-01-31"}\n')

    assert apply_waivers((FOUND, OTHER), waivers, date(2026, 1, 1)) == ()


def test_a_waiver_that_covers_nothing_is_told_where_everything_was_judged(tmp_path: Path) -> None:
    waivers = written(
        tmp_path,
        '- {code: role-unused, path: output/environments/dve/*, reason: it moves, expires: "2027-01-31"}\n'
        '- {code: trust-subject, reason: it moves, expires: "2027-01-31"}\n',
    )
    hint = "take it out; or correct its path, a pattern of paths as the findings show them"

    assert apply_waivers((FOUND,), waivers, date(2026, 1, 1)) == (
        Problem(
            "waiver-unused",
            "the waiver of role-unused covers nothing: there is no such finding in output/environments/dve/*",
            Location(PATH, 1, 3),
            hint,
            severity=Severity.NOTE,
        ),
        Problem(
            "waiver-unused",
            "the waiver of trust-subject covers nothing: there is no such finding",
            Location(PATH, 2, 3),
            hint,
            severity=Severity.NOTE,
        ),
        FOUND,
    )
    assert apply_waivers((FOUND,), waivers, date(2026, 1, 1), is_whole=False) == (FOUND,)


def test_an_expired_waiver_covers_nothing_and_is_told(tmp_path: Path) -> None:
    waivers = written(tmp_path, '- {code: role-unused, reason: it moves, expires: "2027-01-31"}\n')

    assert apply_waivers((FOUND,), waivers, date(2027, 2, 1)) == (
        Problem(
            "waiver-expired",
            "the waiver of role-unused expired on 2027-01-31: it moves",
            Location(PATH, 1, 3),
            "mend what it covers, or give it a new day and a reason",
            severity=Severity.WARNING,
        ),
        FOUND,
    )


def test_everything_that_is_wrong_with_waivers_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        written(
            tmp_path,
            "- code: role-unusd\n"
            "  raeson: none\n"
            "  reason: r\n"
            '  expires: "31.1.2027"\n'
            "- just a text\n"
            "- code: trust-subject\n"
            "  expires: 2027-01-31\n",
        )

    assert [(each.code, each.message, str(each.at), each.hint) for each in caught.value.problems] == [
        ("unknown-code", "there is no rule role-unusd", f"{PATH}:1:9", "did you mean role-unused?"),
        ("unknown-key", "raeson is not known here", f"{PATH}:2:3", "did you mean reason?"),
        (
            "wrong-value",
            "expires: got '31.1.2027', expected a day such as 2027-01-31",
            f"{PATH}:4:12",
            "write it as year-month-day",
        ),
        ("wrong-type", "got no map", f"{PATH}:5:3", "write code:, reason: and expires:"),
        ("missing-key", "reason is missing", f"{PATH}:6:3", "add reason: to this waiver"),
    ]


def test_a_key_without_text_is_not_told_as_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        written(tmp_path, "- code:\n  reason: ''\n  expires: 2027\n")

    assert [(each.code, each.message, str(each.at), each.hint) for each in caught.value.problems] == [
        ("wrong-type", "code: got no text", f"{PATH}:1:8", "write it after code:, a number in quotes"),
        ("wrong-type", "reason: got no text", f"{PATH}:2:11", "write it after reason:, a number in quotes"),
        ("wrong-type", "expires: got no text", f"{PATH}:3:12", "write it after expires:, a number in quotes"),
    ]


@pytest.mark.parametrize("path", ["", "''", "[output/*]", "{a: b}", "1", "true"])
def test_a_path_that_is_no_text_does_not_stand_for_every_file(tmp_path: Path, path: str) -> None:
    with pytest.raises(ModelError) as caught:
        written(tmp_path, f"- code: role-unused\n  path: {path}\n  reason: it moves\n  expires: 2027-01-31\n")

    hint = "write it as findings show it, * for any text; leave the key out for every file"
    assert [(each.code, each.message, each.at.line, each.hint) for each in caught.value.problems] == [
        ("wrong-type", "path: got no pattern of paths", 2, hint)
    ]


@pytest.mark.parametrize("expires", ["20270131", "2027-W04-7", "2027-1-31", "2027-02-30"])
def test_a_day_is_written_in_one_way(tmp_path: Path, expires: str) -> None:
    with pytest.raises(ModelError, match="expected a day such as 2027-01-31"):
        written(tmp_path, f"- {{code: role-unused, reason: it moves, expires: '{expires}'}}\n")


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        written(tmp_path, "code: role-unused\n")

    assert [(each.code, each.message) for each in caught.value.problems] == [("wrong-type", "got no list of waivers")]
