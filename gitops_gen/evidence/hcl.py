"""Terraform's variable files: their values by HCL's own parser, and the line of a value when one is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from gitops_gen.go_programs import HCL_PARSER, check_callable
from gitops_gen.hcl_nesting import too_deep
from gitops_gen.patterns import lazily
from gitops_gen.problems import Location, Problem
from gitops_gen.yaml_reader.skeletons import UnsharedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.yaml_reader.limits import Value

WORD = lazily(r'"[ !#&-\[\]-~]*"(?!\s*[=:])')
"""A text that no reader of HCL looks into: printable ASCII without quotes, escapes and templates. A key is none."""

_TEXT = lazily(r'"[^"\\$%\n]*"|^\s*(?:#|//).*$', re.MULTILINE)
_CALCULATION = lazily(r"[(?+*/<>!%$&|]|==|\bfor\b|[\]}][.\[]")
"""Where a variable file may say more than constants."""

_ATTRIBUTE = lazily(r'^\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[A-Za-z_][\w-]*))\s*[=:]\s*(?P<value>.*)$')
_POSITION = lazily(r"tmp\.hcl:(\d+),(\d+)[-\d,]*: ([^;]+)")


def parse_hcl(path: str, text: str) -> tuple[Mapping[str, object], Problem | None]:
    """Returns the variables of a file and, where it cannot be read, why."""
    import pygohcl

    deep = too_deep(text)
    if deep is not None:
        reason, line = deep
        return {}, Problem("invalid-hcl", reason, Location(path, line), "take it apart: nobody can read it either")
    check_callable(HCL_PARSER)
    try:
        values = pygohcl.loads(text)
    except pygohcl.HCLParseError as error:
        return {}, _problem(path, str(error))
    except (pygohcl.HCLInternalError, ValueError):
        return {}, _problem(path, "a number is too large")
    return (values if isinstance(values, dict) else {}), None


def parse_variables(path: str, text: str) -> tuple[Mapping[str, object], Problem | None]:
    """As `parse_hcl`, with what is calculated of constants, which the parser leaves as a text, as Terraform has it."""
    values, problem = parse_hcl(path, text)
    if not values or _CALCULATION.search(_TEXT.sub("", text)) is None:
        return values, problem
    from gitops_gen.evidence.hcl_calculated import worked_out

    return worked_out(text, values), problem


def plain_variables(text: str) -> dict[str, Value]:
    """Returns the variables of a file in canonical style with simple constants. Raises UnsharedError for any other.

    Where there are no expressions, no other text decides what becomes of a text.
    """
    from gitops_gen.evidence.hcl_constants import constants
    from gitops_gen.evidence.hcl_plain import is_plain

    if not is_plain(text):
        raise UnsharedError
    known = constants(text)
    if known:
        return known
    values, problem = parse_hcl("", text)
    if problem is not None or not values:
        raise UnsharedError
    return cast("dict[str, Value]", values)


def locate_hcl(path: str, text: str, steps: tuple[str | int, ...], *, key: bool = False) -> Location:
    """Returns the line of the value at the steps, or its key, or of its nearest parent that has one.

    The parser gives no positions, so the lines are followed by their brackets. That is enough for the block style in
    which variable files are written; in another style the answer is the line of a parent.
    """
    found = Location(path, 1, 1)
    lines = text.splitlines()
    start, end = 0, len(lines)
    for number, step in enumerate(steps, 1):
        place = _entry(lines, start, end, step) if isinstance(step, str) else _item(lines, start, end, step)
        if place is None:
            return found
        line, column = place
        if key and number == len(steps):
            column = len(lines[line]) - len(lines[line].lstrip())
        found = Location(path, line + 1, column + 1)
        start, end = line + 1, _end_of_block(lines, line)
    return found


def _entry(lines: list[str], start: int, end: int, name: str) -> tuple[int, int] | None:
    depth = 0
    for number in range(start, end):
        code = _code(lines[number])
        attribute = _ATTRIBUTE.match(code)
        if depth == 0 and attribute and (attribute["quoted"] or attribute["bare"]) == name:
            return number, attribute.start("value")
        depth += _opened(code)
    return None


def _item(lines: list[str], start: int, end: int, index: int) -> tuple[int, int] | None:
    depth = seen = 0
    for number in range(start, end):
        code = _code(lines[number])
        if depth == 0 and code.strip(" ,"):
            if seen == index:
                return number, len(code) - len(code.lstrip())
            seen += 1
        depth += _opened(code)
    return None


def _end_of_block(lines: list[str], line: int) -> int:
    depth = _opened(_code(lines[line]))
    number = line
    while depth > 0 and number + 1 < len(lines):
        number += 1
        depth += _opened(_code(lines[number]))
    return number if depth <= 0 else len(lines)


def _code(line: str) -> str:
    """Returns the line without a comment that takes all of it."""
    return "" if line.lstrip().startswith(("#", "//")) else line


def _opened(line: str) -> int:
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
    return sum(bare.count(each) for each in "{[(") - sum(bare.count(each) for each in "}])")


def _problem(path: str, text: str) -> Problem:
    found = _POSITION.search(text)
    at = Location(path, int(found[1]), int(found[2])) if found else Location(path)
    message = found[3].strip() if found else text
    return Problem("invalid-hcl", message, at, "correct it; terraform fmt names the place too")
