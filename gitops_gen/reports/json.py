"""Problems and changes for machines: stable JSON, described in docs/command-line.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitops_gen.outcome import Outcome
    from gitops_gen.problems import Location, Problem


def problems_json(problems: Iterable[Problem]) -> str:
    """Returns `{"problems": [...]}`."""
    return _dump({"problems": [_problem(problem) for problem in problems]})


def changes_json(outcome: Outcome, folder: str, warnings: Iterable[Problem]) -> str:
    """Returns `{"changes": [...], "groups": [], "summary": {...}, "problems": [...]}`.

    Paths are relative to the root; the problems are the warnings, for errors leave no changes to tell.
    """
    changes = [
        {
            "kind": str(change.kind),
            "path": f"{folder}/{change.path}",
            "kept": change.path in outcome.kept,
            "in_the_way": change.obstacle is not None,
        }
        for change in outcome.changes
    ]
    kinds = [str(change.kind) for change in outcome.changes]
    summary = {
        "files": outcome.files,
        **{kind: kinds.count(kind) for kind in _KINDS},
        "kept": len(outcome.kept),
        "left_out": outcome.left_out,
    }
    problems = [_problem(problem) for problem in warnings]
    return _dump({"changes": changes, "groups": [], "summary": summary, "problems": problems})


_KINDS = ("missing", "changed", "orphaned", "foreign")


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code,
        "severity": str(problem.severity),
        "message": problem.message,
        **_place(problem.at),
        "hint": problem.hint or None,
        "related": [{**_place(related.at), "message": related.message} for related in problem.related],
    }


def _place(at: Location) -> dict[str, object]:
    return {"path": at.path, "line": at.line or None, "column": at.column or None}


def _dump(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
