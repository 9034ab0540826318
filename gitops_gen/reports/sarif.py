"""Problems as SARIF 2.1.0, which code hosts show beside the lines of a pull request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen import __version__
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitops_gen.problems import Location, Problem

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def sarif(problems: Iterable[Problem], rules: Mapping[str, str]) -> str:
    """Returns one run. `rules` has the explanation of each rule by its code."""
    found = tuple(problems)
    codes = sorted({problem.code for problem in found} | rules.keys())
    driver = {
        "name": "gitops-gen",
        "version": __version__,
        "rules": [_rule(code, rules.get(code, code)) for code in codes],
    }
    results = [_result(problem, codes.index(problem.code)) for problem in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(code: str, explanation: str) -> dict[str, object]:
    title = explanation.strip().splitlines()[0]
    return {"id": code, "shortDescription": {"text": title}, "fullDescription": {"text": explanation.strip()}}


def _result(problem: Problem, index: int) -> dict[str, object]:
    hint = f"\n\nhint: {problem.hint}" if problem.hint else ""
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": _LEVELS[problem.severity],
        "message": {"text": f"{problem.message}{hint}"},
        "locations": [_location(problem.at)],
        "relatedLocations": [
            {"id": number, **_location(related.at), "message": {"text": related.message}}
            for number, related in enumerate(problem.related)
        ],
        "partialFingerprints": {"gitopsGen/v1": _fingerprint(problem)},
    }


def _location(at: Location) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": at.path, "uriBaseId": "%SRCROOT%"}}
    if at.line:
        physical["region"] = {"startLine": at.line, **({"startColumn": at.column} if at.column else {})}
    return {"physicalLocation": physical}


def _fingerprint(problem: Problem) -> str:
    """Returns what stays when lines move: the rule, the file and what is wrong."""
    from hashlib import sha256

    text = f"{problem.code}\n{problem.at.path}\n{problem.message}"
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
