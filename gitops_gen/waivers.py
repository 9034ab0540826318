"""Findings that somebody has accepted, each with a reason and a day on which it counts again.

# yaml-language-server: $schema=../schemas/waivers.json
- code: secret-access-excess
  path: output/environments/dev/*      # a pattern; leave it out for every file
  reason: the old name is still read by the batch jobs until they move
  expires: "2027-01-31"
"""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from gitops_gen import source
from gitops_gen.evidence.values import text_at
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import near_miss
from gitops_gen.problems import ModelError, Problem, Severity, in_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from gitops_gen.problems import Location


_ANY = "*"
_NEEDED = ("code", "reason", "expires")
_KEYS = frozenset({*_NEEDED, "path"})
_PATTERN = frozenset("*?[")
"""What makes a path a pattern, which may fit several."""


def waivers_schema(codes: Collection[str]) -> dict[str, object]:
    """Returns the JSON Schema of a file of waivers, without its dialect, for rules with these codes."""
    keys = {
        "code": {"description": "The rule whose findings are accepted.", "enum": sorted(codes)},
        "path": {
            "description": "A pattern of paths as findings show them: * for any text. Without it: every file.",
            "type": "string",
            "minLength": 1,
        },
        "reason": {
            "description": "Why they are accepted.",
            "type": "string",
            "minLength": 1,
        },
        "expires": {
            "description": "The last day, after which they count again, as year-month-day.",
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        },
    }
    item = {"type": "object", "properties": keys, "required": list(_NEEDED), "additionalProperties": False}
    return {"title": "Waivers", "description": "Findings of verify that are accepted.", "type": "array", "items": item}


class Waiver(NamedTuple):
    """One accepted finding, or kind of finding."""

    code: str
    path: str
    reason: str
    expires: date
    at: Location


def read_waivers(root: Path, path: str, codes: Collection[str]) -> tuple[Waiver, ...]:
    """Returns the waivers of a file. Raises ModelError with everything that is wrong with them."""
    found = source.read(root, path)
    entries = found.data
    if not isinstance(entries, list):
        at = found.locate(())
        raise ModelError(Problem("wrong-type", "got no list of waivers", at, "start each with - code:"))
    problems = [problem for index, entry in enumerate(entries) for problem in _problems(found, index, entry, codes)]
    if problems:
        raise ModelError(*in_order(problems))
    return tuple(_waiver(found, index, entry) for index, entry in enumerate(entries))


def apply_waivers(
    problems: Collection[Problem], waivers: Collection[Waiver], today: date, *, is_whole: bool = True
) -> tuple[Problem, ...]:
    """Returns the problems without those that a waiver covers, and what is to be said of the waivers themselves.

    A warning for each that has expired; and, where everything was judged, a note for each that covers nothing.
    """
    valid = _Index(waiver for waiver in waivers if waiver.expires >= today)
    covered = [(problem, valid.covering(problem)) for problem in problems]
    used = {waiver.at for _, each in covered for waiver in each}
    left = [problem for problem, each in covered if not each]
    expired = (_expired(waiver) for waiver in waivers if waiver.expires < today)
    idle = (_idle(waiver) for waiver in waivers if is_whole and waiver.expires >= today and waiver.at not in used)
    return in_order((*left, *expired, *idle))


class _Index:
    """Waivers by what they are for: there may be one for each of very many findings."""

    def __init__(self, waivers: Iterable[Waiver]) -> None:
        self._of_files: dict[tuple[str, str], list[Waiver]] = {}
        self._of_patterns: dict[str, list[Waiver]] = {}
        for each in waivers:
            if _PATTERN.isdisjoint(each.path):
                self._of_files.setdefault((each.code, each.path), []).append(each)
            else:
                self._of_patterns.setdefault(each.code, []).append(each)

    def covering(self, problem: Problem) -> list[Waiver]:
        """Returns those that are for a problem."""
        found = [each for each in self._of_patterns.get(problem.code, ()) if fnmatchcase(problem.at.path, each.path)]
        return [*self._of_files.get((problem.code, problem.at.path), ()), *found]


def _waiver(found: source.Source, index: int, entry: object) -> Waiver:
    return Waiver(
        code=text_at(entry, "code") or "",
        path=text_at(entry, "path") or _ANY,
        reason=text_at(entry, "reason") or "",
        expires=date.fromisoformat(text_at(entry, "expires") or ""),
        at=found.locate((index,)),
    )


def _problems(found: source.Source, index: int, entry: object, codes: Collection[str]) -> Iterator[Problem]:
    if not isinstance(entry, dict):
        yield Problem("wrong-type", "got no map", found.locate((index,)), "write code:, reason: and expires:")
        return
    for key in entry.keys() - _KEYS:
        at = found.locate((index, key), key=True)
        yield Problem("unknown-key", f"{key} is not known here", at, near_miss(key, _KEYS))
    yield from _lacking(found, index, entry)
    code = text_at(entry, "code")
    if code and code not in codes:
        yield Problem("unknown-code", f"there is no rule {code}", found.locate((index, "code")), near_miss(code, codes))
    if "path" in entry and not text_at(entry, "path"):
        hint = "write it as findings show it, * for any text; leave the key out for every file"
        yield Problem("wrong-type", "path: got no pattern of paths", found.locate((index, "path")), hint)
    expires = text_at(entry, "expires")
    if expires and _is_no_day(expires):
        message = f"expires: got {expires!r}, expected a day such as 2027-01-31"
        yield Problem("wrong-value", message, found.locate((index, "expires")), "write it as year-month-day")


def _lacking(found: source.Source, index: int, entry: dict[object, object]) -> Iterator[Problem]:
    for key in _NEEDED:
        at = found.locate((index, key))
        if key not in entry:
            yield Problem("missing-key", f"{key} is missing", at, f"add {key}: to this waiver")
        elif not text_at(entry, key):
            yield Problem("wrong-type", f"{key}: got no text", at, f"write it after {key}:, a number in quotes")


def _is_no_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() != text  # it takes 20270131 and 2027-W04-7 too
    except ValueError:
        return True


def _expired(waiver: Waiver) -> Problem:
    return Problem(
        "waiver-expired",
        f"the waiver of {waiver.code} expired on {waiver.expires}: {waiver.reason}",
        waiver.at,
        "mend what it covers, or give it a new day and a reason",
        severity=Severity.WARNING,
    )


def _idle(waiver: Waiver) -> Problem:
    where = "" if waiver.path == _ANY else f" in {waiver.path}"
    return Problem(
        "waiver-unused",
        f"the waiver of {waiver.code} covers nothing: there is no such finding{where}",
        waiver.at,
        "take it out; or correct its path, a pattern of paths as the findings show them",
        severity=Severity.NOTE,
    )
