"""A report in sentences: what its views for people have in common, without their marks."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from gitops_gen.diff.fields import field_of
from gitops_gen.diff.subjects import noun_of, plural
from gitops_gen.diff.values import Kind, Redacted
from gitops_gen.problems import some_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.diff.values import Change, Destructive, Difference, FileChange, Group, Outlier, Report, Value

WIDEST = 80
"""Characters of a value on one line; of a longer one, that part is shown in which it differs."""
_BEFORE = 20
_AFTER = 10
"""Characters before and after the part in which two long values differ."""


def headline(report: Report) -> str:
    """Returns the first line of every view."""
    count = report.summary
    if report.is_empty:
        return "no difference"
    if not count.differences:
        return f"no difference in meaning; another formatting in {plural('file', count.files)}"
    clusters = f"{count.clusters:,} of {plural('cluster', count.all_clusters)}"
    return f"{plural('difference', count.differences)} in {plural('file', count.files)}, on {clusters}"


def tallies(report: Report) -> str:
    """Returns how many resources come, go and change; empty where none does."""
    count = report.summary
    kinds = (
        ("added", count.resources_added),
        ("removed", count.resources_removed),
        ("changed", count.resources_changed),
    )
    return ", ".join(f"{plural('resource', number)} {kind}" for kind, number in kinds if number)


def redacted_note(report: Report) -> str:
    """Returns what a reader does not see; empty if nothing was taken out."""
    count = report.summary.redacted
    return f"{plural('difference', count)} with a value that looks like a secret: it is not shown" if count else ""


def sentence(group: Group) -> tuple[str, str, str]:
    """Returns a group in three parts: the field, its edit, and what has it, how often and where."""
    if _is_whole(group):
        return "", str(group.kind), _whole(group)
    return group.field, edit(group), f"in {_of(group)}"


def edit(group: Group) -> str:
    """Returns the edit of a group on one line: 1h0m0s -> 30m0s."""
    if group.kind is Kind.REORDERED:
        return "in another order"
    if group.kind in (Kind.ADDED, Kind.REMOVED):
        return str(group.kind) if _is_named(group) else f"{group.kind} {_one_line(_side(group))}"
    sides = (group.old, group.new)
    return " -> ".join(_contrast(*(map(_single, sides) if group.kind is Kind.SPLICED else sides)))


def _side(group: Group) -> Value:
    return group.new if group.kind is Kind.ADDED else group.old


def _is_named(group: Group) -> bool:
    """Tells whether an element of a list is nothing but what it is known by, so that its field says all of it."""
    value = _side(group)
    if not isinstance(value, dict):
        return group.field.endswith(f"[{value}]")
    names = sorted(f"{key}={item}" for key, item in value.items())
    return sorted(group.field.rpartition("[")[2].rstrip("]").split(",")) == names


def _is_whole(group: Group) -> bool:
    return group.kind in (Kind.ADDED, Kind.REMOVED) and not group.field


def _whole(group: Group) -> str:
    """Returns which resources come or go: ExternalSecret shop/db on live-use1, 12 runbook files: dev 4, live 8."""
    name = str(_side(group))
    if " file" in group.subject:
        return _of(group)
    named = name if name.startswith(group.subject) else f"{group.subject} {name}"
    if len(group.members) == 1:
        return f"{named}{_place(group)}"
    return f"{_of(group)} ({named})"


def _of(group: Group) -> str:
    """Returns how many resources a group has, and where: 12 ExternalSecrets: dev 4, staging 8."""
    if len(group.members) == 1:
        return f"{plural(group.subject, 1)}{_place(group)}"
    return f"{plural(group.subject, len(group.members))}{_counts(group.environments)}"


def _place(group: Group) -> str:
    place = group.members[0].place
    return f" on {place.cluster}" if place.cluster else f" in {place.environment}" if place.environment else ""


def outliers(group: Group) -> str:
    """Returns who stands out, and what is there instead; empty if nobody does."""
    if not group.outliers:
        return ""
    if not group.field:
        return f"not on {some_of([each.cluster for each in group.outliers])}"
    return f"not in {some_of([_outlier(each) for each in group.outliers])}"


def consequence(each: Destructive) -> tuple[str, str, str]:
    """Returns what happens, to whom, and what follows from it."""
    counts = Counter(place.environment for place in each.places)
    return each.what, f"{some_of(each.names)}{_counts(counts.items())}", each.consequence


def formatting(files: Iterable[FileChange]) -> str:
    """Returns how many files differ in what of their formatting."""
    counts = Counter(formatting_of(each) for each in files)
    return ", ".join(f"{kind} {count:,}" for kind, count in sorted(counts.items()))


def formatting_of(file: FileChange) -> str:
    """Returns what of the formatting of a file differs; of one that comes or goes, that it is nothing but comments."""
    kinds = " and ".join(file.formatting)
    return kinds if file.kind is Kind.CHANGED else f"nothing but comments, {file.kind}"


def subject_line(change: Change) -> str:
    """Returns what a change is about: renamed ServiceAccount shop/a (was shop/b) on prod-use1."""
    was = f" (was {change.was.namespace}/{change.was.name})" if change.was else ""
    on = f" on {change.place.cluster}" if change.place.cluster else ""
    what = change.resource if change.resource.api_version else noun_of(change.resource, change.place.app)
    return f"{change.kind} {what}{was}{on}"


def lines_of(difference: Difference) -> Iterator[tuple[str, str]]:
    """Yields a difference in full, line by line, each with its sign: - what was, + what is, or a space."""
    field = field_of(difference.steps)
    if difference.kind is Kind.REORDERED:
        yield " ", f"{field}: in another order"
        return
    if difference.kind is Kind.SPLICED:
        yield " ", f"{field or 'line'} {(difference.index or 0) + 1}:"
    yield from _signed(difference, field)


def _signed(difference: Difference, field: str) -> Iterator[tuple[str, str]]:
    for sign, value, absent in (("-", difference.old, Kind.ADDED), ("+", difference.new, Kind.REMOVED)):
        if difference.kind is absent:
            continue
        if difference.kind is Kind.SPLICED:
            yield from ((sign, line) for item in _items(value) for line in block(item))
        else:
            yield from ((sign, line) for line in _named(field, value))


def _named(field: str, value: Value) -> Iterator[str]:
    lines = list(block(value))
    if len(lines) == 1 and not (isinstance(value, dict | list) and value):
        yield f"{field}: {lines[0]}" if field else lines[0]
        return
    if field:
        yield f"{field}:"
    yield from (f"  {line}" if field else line for line in lines)


def block(value: Value) -> Iterator[str]:
    """Yields a value as a person writes it, line by line; it is for reading, and no YAML."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _named(key, inner)
    elif isinstance(value, list) and value:
        for inner in value:
            first, *rest = block(inner)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    elif isinstance(value, str):
        yield from value.splitlines() or [""]
    else:
        yield _one_line(value)


def _one_line(value: Value) -> str:
    """Returns a value on one line; of a long one the beginning, and how long it is."""
    text = _flat(value)
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 20]}... ({len(text):,} characters)"


def _contrast(old: Value, new: Value) -> tuple[str, str]:
    """Returns two values on one line each; of long ones, the part in which they differ."""
    before, after = _flat(old), _flat(new)
    if max(len(before), len(after)) <= WIDEST:
        return before, after
    same = _common(before, after)
    start = max(same - _BEFORE, 0)
    alike = _common(before[:same:-1], after[:same:-1])
    return _between(before, start, len(before) - alike + _AFTER), _between(after, start, len(after) - alike + _AFTER)


def _common(before: str, after: str) -> int:
    """Returns how many characters two texts have in common at their start."""
    ends = (index for index, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
    return next(ends, min(len(before), len(after)))


def is_told(group: Group) -> bool:
    """Tells whether the line of a group says all of its edit."""
    if _is_whole(group):
        return False
    if group.kind in (Kind.ADDED, Kind.REMOVED) and _is_named(group):
        return True
    values = [group.old, group.new] if group.kind is not Kind.SPLICED else [*_items(group.old), *_items(group.new)]
    return all(not isinstance(each, dict | list) and len(str(each)) <= WIDEST for each in values)


def _between(text: str, start: int, end: int) -> str:
    end = min(end, start + WIDEST - 20)
    return f"{'...' if start else ''}{text[start:end]}{'...' if end < len(text) else ''}"


def _flat(value: Value) -> str:
    if isinstance(value, str):
        return " ".join(value.split()) or '""'
    if isinstance(value, Redacted):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _single(value: Value) -> Value:
    items = _items(value)
    if not items:
        return "nothing"
    return items[0] if len(items) == 1 else " / ".join(map(_flat, items))


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _outlier(each: Outlier) -> str:
    return f"{each.cluster} ({edit(each.instead) if each.instead else 'unchanged'})"


def _counts(counts: Iterable[tuple[str, int]]) -> str:
    named = [f"{name} {count:,}" for name, count in counts if name]
    return f": {', '.join(named)}" if named else ""
