"""The views of problems and changes: whole texts and documents, from values."""

from __future__ import annotations

import json

from click import unstyle

from gitops_gen.outcome import Outcome
from gitops_gen.problems import Location, Problem, Related, Severity
from gitops_gen.reports.json import changes_json, problems_json
from gitops_gen.reports.problem_lines import problem_lines
from gitops_gen.reports.text import SHOWN, check_lines, generate_lines, generate_notes, left_out_lines
from gitops_gen.tree import Change, ChangeKind, Obstacle

PROBLEM = Problem(
    "duplicate-cluster",
    "the cluster a stands twice",
    Location("environments/dev.yaml", 9, 5),
    "clusters of one region and environment need a name: each",
    related=(Related(Location("environments/dev.yaml", 7, 5), "it stands here already"),),
)
WARNING = Problem("a-code", "something", Location("environments/fleet.yaml"), severity=Severity.WARNING)


def test_problem_as_text_with_its_other_places_and_its_hint() -> None:
    assert [unstyle(line) for line in problem_lines([PROBLEM, WARNING])] == [
        "environments/dev.yaml:9:5: duplicate-cluster: the cluster a stands twice",
        "  environments/dev.yaml:7:5: it stands here already",
        "  hint: clusters of one region and environment need a name: each",
        "environments/fleet.yaml: warning: a-code: something",
    ]


def test_problem_as_json_with_null_for_what_is_not_known() -> None:
    text = problems_json([PROBLEM, WARNING])
    assert text.startswith('{\n  "problems": [\n')
    assert json.loads(text) == {
        "problems": [
            {
                "code": "duplicate-cluster",
                "severity": "error",
                "message": "the cluster a stands twice",
                "path": "environments/dev.yaml",
                "line": 9,
                "column": 5,
                "hint": "clusters of one region and environment need a name: each",
                "related": [
                    {"path": "environments/dev.yaml", "line": 7, "column": 5, "message": "it stands here already"}
                ],
            },
            {
                "code": "a-code",
                "severity": "warning",
                "message": "something",
                "path": "environments/fleet.yaml",
                "line": None,
                "column": None,
                "hint": None,
                "related": [],
            },
        ]
    }


def test_text_that_is_not_ascii_stays_readable_in_json() -> None:
    assert "Zürich" in problems_json([Problem("a-code", "got Zürich", Location("a.yaml"))])


OUTCOME = Outcome(
    (
        Change(ChangeKind.MISSING, "a.yaml"),
        Change(ChangeKind.CHANGED, "b.yaml"),
        Change(ChangeKind.ORPHANED, "c.yaml"),
        Change(ChangeKind.ORPHANED, "d.yaml"),
        Change(ChangeKind.FOREIGN, "e.yaml"),
    ),
    ("d.yaml",),
    7,
)


def test_what_a_run_did() -> None:
    assert list(generate_lines(OUTCOME, "output")) == [
        "added    output/a.yaml",
        "changed  output/b.yaml",
        "deleted  output/c.yaml",
        "output/ is up to date: 1 added, 1 changed, 1 deleted; 7 files in all",
    ]
    assert list(generate_notes(OUTCOME, "output", "gitops-gen -C x generate")) == [
        "left alone, though no longer planned (1 file):",
        "  output/d.yaml",
        "  1 file may be a protected environment's; delete with: gitops-gen -C x generate --prune",
        "not ours, and left alone (1 file):",
        "  output/e.yaml",
    ]


def test_what_a_check_found() -> None:
    assert list(check_lines(OUTCOME, "output", "gitops-gen generate")) == [
        "missing  output/a.yaml",
        "changed  output/b.yaml",
        "orphaned output/c.yaml",
        "orphaned output/d.yaml",
        "foreign  output/e.yaml",
        "output/ differs from the model: 1 missing, 1 changed, 2 orphaned, 1 foreign",
        "foreign files are not ours to touch: move them out of output/, or delete them",
        "mend it with: gitops-gen generate",
        "1 file may be a protected environment's; delete with: gitops-gen generate --prune",
    ]


def test_check_names_no_command_that_would_change_nothing() -> None:
    kept = Outcome((Change(ChangeKind.ORPHANED, "d.yaml"),), ("d.yaml",), 7)
    assert list(check_lines(kept, "output", "gitops-gen generate"))[2:] == [
        "1 file may be a protected environment's; delete with: gitops-gen generate --prune"
    ]
    foreign = Outcome((Change(ChangeKind.FOREIGN, "e.yaml"),), (), 7)
    assert list(check_lines(foreign, "output", "gitops-gen generate"))[2:] == [
        "foreign files are not ours to touch: move them out of output/, or delete them"
    ]


def test_nothing_to_tell() -> None:
    nothing = Outcome((), (), 1)
    assert list(generate_lines(nothing, "output")) == ["output/ is up to date: nothing to write; 1 file"]
    assert list(generate_notes(nothing, "output", "gitops-gen generate")) == []
    assert list(check_lines(nothing, "output", "gitops-gen generate")) == ["output/ is up to date: 1 file"]
    assert list(left_out_lines(nothing)) == []


def test_selection_says_that_it_is_not_the_whole() -> None:
    some = Outcome((Change(ChangeKind.CHANGED, "b.yaml"),), (), 2, 5)
    assert list(left_out_lines(some)) == ["5 files outside the selection, or spanning more than it: left alone"]
    assert list(generate_lines(some, "output")) == [
        "changed  output/b.yaml",
        "what is selected of output/ is up to date: 1 changed; 2 files in all",
    ]
    assert list(check_lines(Outcome((), (), 2, 5), "output", "")) == [
        "what is selected of output/ is up to date: 2 files"
    ]


def test_long_list_is_cut_and_counted() -> None:
    many = Outcome(tuple(Change(ChangeKind.CHANGED, f"{number:03}.yaml") for number in range(SHOWN + 3)), (), 99)
    lines = list(generate_lines(many, "output"))
    assert lines[SHOWN - 1 :] == [
        f"changed  output/{SHOWN - 1:03}.yaml",
        "... and 3 more",
        f"output/ is up to date: {SHOWN + 3} changed; 99 files in all",
    ]


def test_changes_as_json_with_warnings_and_obstacles() -> None:
    found = Outcome(
        (Change(ChangeKind.FOREIGN, "a.yaml", Obstacle.SYMLINK), Change(ChangeKind.ORPHANED, "b.yaml")),
        ("b.yaml",),
        7,
        2,
    )
    assert json.loads(changes_json(found, "output", [WARNING])) == {
        "changes": [
            {"kind": "foreign", "path": "output/a.yaml", "kept": False, "in_the_way": True},
            {"kind": "orphaned", "path": "output/b.yaml", "kept": True, "in_the_way": False},
        ],
        "groups": [],
        "summary": {"files": 7, "missing": 0, "changed": 0, "orphaned": 1, "foreign": 1, "kept": 1, "left_out": 2},
        "problems": json.loads(problems_json([WARNING]))["problems"],
    }
