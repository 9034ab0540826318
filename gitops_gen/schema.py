"""The JSON Schemas of the model files, for editors: made from the entries, so that the two cannot differ.

Beside them, that of the waivers, and that of the JSON of a diff, for programs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.problems import Location, OutputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

MODEL_FILES = ("fleet", "environment", "app", "artifacts")
"""The kinds of files that say what the fleet is."""

KINDS = (*MODEL_FILES, "waivers", "diff")
"""What there is a schema for."""


def schema_of(kind: str) -> dict[str, object]:
    """Returns the JSON Schema (draft 2020-12) of a kind of file, or of a diff. Raises KeyError for another kind."""
    return {"$schema": _DIALECT, **_without_null_defaults(_made(kind))}


def schema_text(kind: str) -> str:
    """Returns the schema as it is kept in schemas/<kind>.json."""
    return json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n"


def write_schemas(root: Path, folder: Path) -> Iterator[Path]:
    """Writes all schemas into a folder of the project and yields their paths. Raises OutputError."""
    for kind in KINDS:
        path = folder / f"{kind}.json"
        try:
            (root / folder).mkdir(parents=True, exist_ok=True)
            (root / path).write_text(schema_text(kind), encoding="utf-8", newline="\n")
        except OSError as error:
            hint = "choose another folder, or make this one writable"
            problem = Problem("output-refused", f"cannot be written: {error.strerror}", Location(str(path)), hint)
            raise OutputError(problem) from error
        yield path


def _made(kind: str) -> Mapping[str, object]:
    if kind == "diff":
        from gitops_gen.reports.diff_schema import diff_schema

        return diff_schema()
    if kind == "waivers":
        from gitops_gen.judge import known_codes
        from gitops_gen.waivers import waivers_schema

        return waivers_schema(known_codes())
    from pydantic import TypeAdapter

    from gitops_gen.artifact_entries import ArtifactEntry
    from gitops_gen.entries import AppEntry, EnvironmentEntry, FleetEntry

    adapters: dict[str, TypeAdapter[object]] = {
        "fleet": TypeAdapter(FleetEntry),
        "environment": TypeAdapter(EnvironmentEntry),
        "app": TypeAdapter(AppEntry),
        "artifacts": TypeAdapter(list[ArtifactEntry]),
    }
    return _described(adapters[kind].json_schema())


def _described(schema: dict[str, object]) -> dict[str, object]:
    """Returns a schema in which each key says what the docstring of its field says."""
    from gitops_gen import artifact_entries, entries
    from gitops_gen.entry_docs import field_docs

    definitions = schema.get("$defs")
    blocks = [schema, *(definitions.values() if isinstance(definitions, dict) else ())]
    for block in blocks:
        name = block.get("title")
        entry = getattr(entries, str(name), None) or getattr(artifact_entries, str(name), None)
        docs = field_docs(entry) if entry is not None else {}
        for key, stated in block.get("properties", {}).items():
            described = {"description": docs[key], **stated} if key in docs else stated
            block["properties"][key] = dict(sorted(described.items()))
    return schema


def _without_null_defaults(value: Mapping[str, object]) -> dict[str, object]:
    """Drops `default: null`: an editor would offer it, and null does not mean "as if it were not there"."""
    return {key: _cleaned(item) for key, item in value.items() if not (key == "default" and item is None)}


def _cleaned(value: object) -> object:
    if isinstance(value, dict):
        return _without_null_defaults(value)
    return [_cleaned(item) for item in value] if isinstance(value, list) else value
