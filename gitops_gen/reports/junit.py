"""Problems as JUnit XML, which CI services show as tests: one test a rule, and a failure for each error."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gitops_gen.problems import Problem

_NOT_IN_XML = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


def junit(problems: Iterable[Problem], rules: Mapping[str, str]) -> str:
    """Returns one test suite. `rules` has the explanation of each rule by its code."""
    found = tuple(problems)
    codes = sorted({problem.code for problem in found} | rules.keys())
    failures = sum(problem.severity is Severity.ERROR for problem in found)
    head = f'<testsuite name="gitops-gen verify" tests="{len(codes)}" failures="{failures}" errors="0" skipped="0">'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", head]
    for code in codes:
        lines += _case(code, [problem for problem in found if problem.code == code])
    return "\n".join((*lines, "</testsuite>", "</testsuites>"))


def _case(code: str, problems: list[Problem]) -> Iterator[str]:
    yield f'<testcase classname="gitops-gen.verify" name={_attribute(code)}>'
    for problem in problems:
        text = f"{problem.at}: {problem.message}" + (f"\nhint: {problem.hint}" if problem.hint else "")
        if problem.severity is Severity.ERROR:
            yield f"<failure type={_attribute(code)} message={_attribute(problem.message)}>{_text(text)}</failure>"
        else:
            yield f"<system-out>{_text(f'{problem.severity}: {text}')}</system-out>"
    yield "</testcase>"


def _text(text: str) -> str:
    return escape(text.translate(_NOT_IN_XML))


def _attribute(text: str) -> str:
    return quoteattr(text.translate(_NOT_IN_XML))
