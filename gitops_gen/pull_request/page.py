"""What a person reads of the bot: the page of a pull request, and that of a comment, fitted to the service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.diff.subjects import plural
from gitops_gen.problems import Severity
from gitops_gen.pull_request.marker import RESERVE
from gitops_gen.reports.markdown import Block, Limit, blocks, code, fitted
from gitops_gen.reports.verdict import by_cause, summary
from gitops_gen.secrets_guard import suspects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitops_gen.diff.values import Report
    from gitops_gen.judge import Verdict
    from gitops_gen.problems import Problem

_BESIDE_VERDICT = 1
_FINDINGS = 5
_WORD = re.compile(r"[^\s'\"`,;]{16,}")
_TELLING = (Severity.ERROR, Severity.WARNING)


def request_blocks(report: Report, verdict: Verdict, base: str) -> tuple[Block, ...]:
    """Returns the page of the bot's own pull request."""
    footer = (
        f"_gitops-gen keeps this branch at one commit on {code(base)}, and stops at a commit of anybody else. "
        "What the files say is changed in the model._"
    )
    return (*_body(report, verdict), Block("What this is", _BESIDE_VERDICT, footer))


def comment_blocks(report: Report, verdict: Verdict, base: str) -> tuple[Block, ...]:
    """Returns the page of the comment on a person's pull request."""
    head = f"### What this changes in the rendered files\n\nBeside those at {code(base)}:"
    return (Block("What this is", _BESIDE_VERDICT, head), *_body(report, verdict))


def page(parts: Sequence[Block], limit: Limit, base: str) -> str:
    """Returns a page, within a limit less what the marker needs."""
    room = Limit(characters=limit.characters - RESERVE, bytes=limit.bytes - RESERVE)
    command = code(f"gitops-gen diff origin/{base}")
    where = f"All of it is in the report of the job that wrote this; {command} prints it too."
    return fitted(parts, room, where=where)


def title_of(report: Report, what: str) -> str:
    """Returns the title: what is brought up to date, and how much that is."""
    return f"Bring {what} up to date: {_much(report)}"


def _much(report: Report) -> str:
    count = report.summary
    if not report.files:
        return "the model only"
    if not count.differences:
        return f"formatting of {plural('file', count.files)}"
    differences = plural("difference", count.differences)
    return f"{differences} on {count.clusters:,} of {plural('cluster', count.all_clusters)}"


def _body(report: Report, verdict: Verdict) -> tuple[Block, ...]:
    return (*(_findings(verdict) if _told(verdict) else ()), *blocks(report))


def _told(verdict: Verdict) -> list[Problem]:
    return [each for each in verdict.problems if each.severity in _TELLING]


def _findings(verdict: Verdict) -> tuple[Block]:
    items = tuple(_finding(group) for group in by_cause(_told(verdict)))
    return (Block("verify", _FINDINGS, f"### verify: {summary(verdict)}\n", items, noun="finding"),)


def _finding(group: list[Problem]) -> str:
    first = group[0]
    more = f" (and {len(group) - 1:,} more of the same cause)" if len(group) > 1 else ""
    hint = f"\n  {code(_masked(f'hint: {first.hint}'))}" if first.hint else ""
    return f"- {first.severity} {code(_masked(f'{first.at}: {first.code}: {first.message}'))}{more}{hint}"


def _masked(text: str) -> str:
    """Returns a message without what looks like a secret: a rule may quote a value that another one warns of."""
    return _WORD.sub(lambda found: "(redacted)" if suspects(found[0]) else found[0], text)
