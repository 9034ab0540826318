"""A report for machines: stable JSON, described in docs/diff.md and by the schema of `gitops-gen schema diff`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from gitops_gen.diff.fields import field_of
from gitops_gen.diff.values import REDACTED, Element, Kind, Redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitops_gen.diff.values import (
        Change,
        Destructive,
        Difference,
        FileChange,
        Group,
        Outlier,
        Place,
        Report,
        Resource,
        Row,
        Step,
        Value,
    )


def diff_json(report: Report) -> str:
    """Returns `{"changes": [...], "groups": [...], "summary": {...}, ...}`, which `apply` takes."""
    return json.dumps(_as_json(report), indent=2, ensure_ascii=False)


def _as_json(report: Report) -> dict[str, object]:
    """Returns a report as values that JSON has."""
    return {
        "base": report.base,
        "notes": list(report.notes),
        "summary": asdict(report.summary),
        "verdict": [_row(row) for row in report.rows],
        "destructive": [_destructive(each) for each in report.destructive],
        "groups": [_group(group) for group in report.groups],
        "changes": [_change(change) for change in report.changes],
        "files": [_file(file) for file in report.files],
    }


def _value_json(value: Value) -> object:
    """Returns a value as JSON has it; what was redacted is a map that says so and why."""
    if isinstance(value, Redacted):
        return {REDACTED: value.reason}
    if isinstance(value, dict):
        return {key: _value_json(inner) for key, inner in value.items()}
    return [_value_json(inner) for inner in value] if isinstance(value, list) else value


def _row(row: Row) -> dict[str, object]:
    regions = {
        region: {"touched": row.touched.get(region, 0), "clusters": count} for region, count in row.clusters.items()
    }
    return {"environment": row.environment, "guarded": row.is_guarded, "regions": regions}


def _destructive(each: Destructive) -> dict[str, object]:
    places = [{**_place(place), "name": name} for place, name in zip(each.places, each.names, strict=True)]
    return {"code": each.code, "what": each.what, "consequence": each.consequence, "places": places}


def _group(group: Group) -> dict[str, object]:
    return {
        **_edit(group),
        "count": len(group.members),
        "environments": dict(group.environments),
        "clusters": list(group.clusters),
        "outliers": [_outlier(each) for each in group.outliers],
        "members": [{"change": each.change, "difference": each.difference} for each in group.members],
    }


def _edit(group: Group) -> dict[str, object]:
    return {
        "kind": str(group.kind),
        "subject": group.subject,
        "field": group.field,
        "old": _value_json(group.old),
        "new": _value_json(group.new),
    }


def _outlier(outlier: Outlier) -> dict[str, object]:
    return {"cluster": outlier.cluster, "instead": _edit(outlier.instead) if outlier.instead else None}


def _change(change: Change) -> dict[str, object]:
    return {
        "kind": str(change.kind),
        "path": change.path,
        "old_index": change.old.index if change.old else None,
        "index": change.new.index if change.new else None,
        "lines": change.is_text,
        "resource": _resource(change.resource),
        "was": _resource(change.was) if change.was else None,
        **_place(change.place),
        "differences": [_difference(each) for each in change.differences],
    }


def _difference(difference: Difference) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": str(difference.kind),
        "field": field_of(difference.steps),
        "steps": _steps(difference.steps),
        "cluster": difference.place.cluster,
    }
    if difference.kind not in (Kind.ADDED, Kind.REORDERED):
        found["old"] = _value_json(difference.old)
    if difference.kind is not Kind.REMOVED:
        found["new"] = _value_json(difference.new)
    if difference.index is not None:
        found["index"] = difference.index
    return found


def _steps(steps: Sequence[Step]) -> list[object]:
    return [dict(step.identity) if isinstance(step, Element) else step for step in steps]


def _file(file: FileChange) -> dict[str, object]:
    return {
        "kind": str(file.kind),
        "path": file.path,
        "meaning": file.has_meaning,
        "formatting": [str(each) for each in file.formatting],
        "order": list(file.order),
        **_place(file.place),
    }


def _resource(resource: Resource) -> dict[str, object]:
    return asdict(resource)


def _place(place: Place) -> dict[str, object]:
    return asdict(place)
