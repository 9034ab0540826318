"""The lines that problems point at, and what of them is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click import unstyle
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.problems import Location, Problem
from gitops_gen.proof import verify
from gitops_gen.reports.excerpts import Excerpts, _shown
from gitops_gen.reports.verdict import verdict_lines

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "ghp_" + "a1B2" * 9


def excerpt(root: Path, line: str, column: int, code: str = "invalid-yaml") -> list[str]:
    (root / "a.yaml").write_text(f"first: line\n{line}\n", encoding="utf-8")
    return [unstyle(each) for each in Excerpts(root).of(Problem(code, "", Location("a.yaml", 2, column), ""))]


def test_a_caret_stands_below_the_place(tmp_path: Path) -> None:
    assert excerpt(tmp_path, "  name: web", 9) == ["  2 |   name: web", "    |         ^"]


def test_a_tab_moves_the_caret_as_it_moves_the_text(tmp_path: Path) -> None:
    assert excerpt(tmp_path, "\tname = 1", 9) == ["  2 | \tname = 1", "    | \t       ^"]


def test_of_a_long_line_the_start_is_shown(tmp_path: Path) -> None:
    assert excerpt(tmp_path, "a: " + "long " * 60, 300) == [f"  2 | {('a: ' + 'long ' * 60)[:160]}"]


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ("password: hunter2", 11, "password: ***", 11),
        ("password: hunter2", 1, "password: ***", 1),
        ("{password: hunter2, name: web}", 27, "{password: ***, name: web}", 23),
        ('"dbPassword": "hunter2 and more", "name": "web"', 45, '"dbPassword": "***", "name": "web"', 32),
        ('db_password = "hunter2"', 15, 'db_password = "***"', 15),
        (f"- {TOKEN}", 3, "- ***", 3),
        (f"  curl -H {TOKEN} https://x", 3, "  curl -H *** https://x", 3),
        ("url: postgres://web:hunter2@db/web", 6, "url: ***", 6),
        ("passwordKey: password", 14, "passwordKey: password", 14),
        ("role: arn:aws:iam::557702566877:role/web", 7, "role: arn:aws:iam::557702566877:role/web", 7),
    ],
)
def test_what_looks_like_a_secret_is_not_shown(tmp_path: Path, line: str, column: int, shown: str, caret: int) -> None:
    assert excerpt(tmp_path, line, column) == [f"  2 | {shown}", f"    | {' ' * (caret - 1)}^"]


def test_behind_a_secret_nothing_is_shown(tmp_path: Path) -> None:
    """Whatever made the rule take it for one, the excerpt need not find out again."""
    line = "{password: a, value: something, other: b}"
    assert excerpt(tmp_path, line, 22, "secret-in-file") == [
        "  2 | {password: ***, value: ***",
        "    |                        ^",
    ]
    assert excerpt(tmp_path, line, 0, "secret-in-file") == ["  2 | ***"]


def test_behind_what_a_message_does_not_show_nothing_is_shown(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("value: 0123456, x\n", encoding="utf-8")
    problem = Problem("yaml-version", "*** is ambiguous", Location("a.yaml", 1, 8), "")
    assert [unstyle(each) for each in Excerpts(tmp_path).of(problem)] == ["  1 | value: ***", "    |        ^"]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=80), st.integers(0, 90))
def test_a_line_keeps_what_is_behind_its_column(line: str, column: int) -> None:
    shown, moved = _shown(line, column, is_secret=False)
    if "***" not in shown:
        assert (shown, moved) == (line, column)


def test_no_report_of_a_tree_shows_a_secret(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(f"db: {{user: web, password: hunter2}}\ntoken: {TOKEN}\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("password: hunter2\npassword: hunter2\n", encoding="utf-8")
    assert unstyle("\n".join(verdict_lines(verify(tmp_path), tmp_path))) == (
        "values.yaml:2:8: secret-in-file: token looks like a token of GitHub\n"
        "  2 | token: ***\n"
        "    |        ^\n"
        "  hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret\n"
        "a.yaml:2:1: warning: invalid-yaml: the key password is already there\n"
        "  2 | password: ***\n"
        "    | ^\n"
        "  a.yaml:1:1: the first one\n"
        "  hint: remove one of the two\n"
        "a.yaml:1:11: warning: secret-in-file: password is a password in plain text\n"
        "  1 | password: ***\n"
        "    |           ^\n"
        "  hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret\n"
        "values.yaml:1:27: warning: secret-in-file: db.password is a password in plain text\n"
        "  1 | db: {user: web, password: ***\n"
        "    |                           ^\n"
        "  hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret\n"
        "1 error, 3 warnings in 2 files, 0 Applications on 0 clusters"
    )
