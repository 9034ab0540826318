"""The shapes are those of the CRDs: every field, every word, at every version whose schemas are at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gitops_gen.external_secrets import parse_version
from gitops_gen.external_secrets_providers import AWS, KNOWN, PROVIDER
from gitops_gen.external_secrets_shapes import CLUSTER_EXTERNAL_SECRET, EXTERNAL_SECRET, PUSH_SECRET, SECRET_STORE
from gitops_gen.shapes import ANYTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.shapes import Shape, Version

_FOLDER = os.environ.get("GITOPS_GEN_SCHEMAS", "")
_KINDS = {
    "externalsecret": ("spec", EXTERNAL_SECRET),
    "secretstore": ("spec", SECRET_STORE),
    "clustersecretstore": ("spec", SECRET_STORE),
}
_POLICIES = ("conversionStrategy", "decodingStrategy", "metadataPolicy", "nullBytePolicy")
"""Which version has which of these is told by external_secrets."""

needs_schemas = pytest.mark.skipif(not _FOLDER, reason="GITOPS_GEN_SCHEMAS does not name the schemas of the CRDs")


def _schemas(kind: str, but: str = "v1alpha1.json") -> list[tuple[str, Path]]:
    found = sorted(Path(_FOLDER).glob(f"eso-v*/external-secrets.io/{kind}_v1*.json")) if _FOLDER else []
    return [(path.parents[1].name.removeprefix("eso-v"), path) for path in found if not path.name.endswith(but)]


def _cases(*kinds: str) -> list[object]:
    return [
        pytest.param(kind, version, path, id=f"{kind} {path.stem.rpartition('_')[2]} {version}")
        for kind in kinds
        for version, path in _schemas(kind)
    ]


@needs_schemas
@pytest.mark.parametrize(("kind", "version", "path"), _cases(*_KINDS))
def test_the_fields_of_a_version_are_those_of_its_schema(kind: str, version: str, path: Path) -> None:
    step, shape = _KINDS[kind]
    numbers = parse_version(version)
    assert numbers is not None
    schema = json.loads(path.read_text(encoding="utf-8"))["properties"][step]
    fields = {field for field in _fields(shape, numbers) if not field.startswith(".provider.")}
    assert _without_policies(fields) == _without_policies(_properties(schema, cut=("provider",)))


@needs_schemas
@pytest.mark.parametrize(("kind", "version", "path"), _cases("secretstore", "clustersecretstore"))
def test_the_fields_of_the_aws_provider_are_those_of_the_schema(kind: str, version: str, path: Path) -> None:
    numbers = parse_version(version)
    assert numbers is not None
    spec = json.loads(path.read_text(encoding="utf-8"))["properties"]["spec"]
    schema = spec["properties"]["provider"]["properties"]["aws"]
    assert _fields(AWS, numbers) == _properties(schema)


@needs_schemas
@pytest.mark.parametrize(("kind", "version", "path"), _cases("secretstore", "clustersecretstore"))
def test_each_provider_of_a_version_is_known(kind: str, version: str, path: Path) -> None:
    spec = json.loads(path.read_text(encoding="utf-8"))["properties"]["spec"]
    assert set(spec["properties"]["provider"]["properties"]) <= set(PROVIDER.fields or {})


_NOT_BY_VERSION = {
    **{name: ("secretstore", ("provider", name), shape) for name, shape in KNOWN.items() if shape is not AWS},
    "PushSecret": ("pushsecret", (), PUSH_SECRET),
    "ClusterExternalSecret": ("clusterexternalsecret", (), CLUSTER_EXTERNAL_SECRET),
}
"""What has the fields of all versions at once."""


@needs_schemas
@pytest.mark.parametrize("name", _NOT_BY_VERSION)
def test_no_version_has_another_field_or_type_or_less_that_is_required(name: str) -> None:
    kind, steps, shape = _NOT_BY_VERSION[name]
    for version, path in _schemas(kind, "no other" if kind == "pushsecret" else "v1alpha1.json"):
        schema = _below(json.loads(path.read_text(encoding="utf-8")), steps)
        if schema is not None:
            assert (version, list(_unlike(shape, schema))) == (version, [])


@needs_schemas
@pytest.mark.parametrize("name", _NOT_BY_VERSION)
def test_the_newest_version_has_all_fields_and_words(name: str) -> None:
    kind, steps, shape = _NOT_BY_VERSION[name]
    path = next((Path(_FOLDER) / "eso-v2.9.0" / "external-secrets.io").glob(f"{kind}_v1*.json"))
    schema = _below(json.loads(path.read_text(encoding="utf-8")), steps)
    assert schema is not None
    assert {field for field in _fields(shape, (99, 0, 0)) if not _is_in(schema, field)} == set()
    words, expected = dict(_words(shape)), dict(_enums(schema))
    assert {path: expected.get(path, given) for path, given in words.items() if "engineVersion" not in path} == {
        path: given for path, given in words.items() if "engineVersion" not in path
    }


@needs_schemas
@pytest.mark.parametrize("kind", _KINDS)
def test_the_words_are_those_of_the_newest_schema(kind: str) -> None:
    step, shape = _KINDS[kind]
    path = Path(_FOLDER) / "eso-v2.9.0" / "external-secrets.io" / f"{kind}_v1.json"
    expected = dict(_enums(json.loads(path.read_text(encoding="utf-8"))["properties"][step]))
    words = dict(_words(shape))
    assert words.pop("target.template.engineVersion", None) in (None, {"v1", "v2"})  # v1 is gone from 0.16 on
    assert words == {path: expected[path] for path in words}


def _fields(shape: Shape, version: Version, path: str = "") -> set[str]:
    found: set[str] = set()
    if shape.items is not None and shape.types == (list,):
        return _fields(shape.items, version, f"{path}[]")
    for name, field in (shape.fields or {}).items():
        if field.since <= version:
            here = f"{path}.{name}"
            found |= {here, *_fields(field.shape, version, here)}
    return found


def _properties(schema: dict[str, object], path: str = "", cut: tuple[str, ...] = ()) -> set[str]:
    items, properties = schema.get("items"), schema.get("properties")
    if isinstance(items, dict):
        return _properties(items, f"{path}[]")
    found: set[str] = set()
    for name, inner in (properties or {}).items() if isinstance(properties, dict) else ():
        here = f"{path}.{name}"
        found.add(here)
        if name not in (*cut, "namespaceSelector"):
            found |= _properties(inner, here)
    return found


def _without_policies(fields: set[str]) -> set[str]:
    return {field for field in fields if not field.endswith(_POLICIES)}


def _words(shape: Shape, path: str = "") -> Iterator[tuple[str, set[str]]]:
    if shape.words:
        yield path, set(shape.words)
    if shape.items is not None and shape.types == (list,):
        yield from _words(shape.items, f"{path}[]")
    for name, field in (shape.fields or {}).items():
        yield from _words(field.shape, f"{path}.{name}".removeprefix("."))


def _enums(schema: dict[str, object], path: str = "") -> Iterator[tuple[str, set[str]]]:
    enum, items, properties = schema.get("enum"), schema.get("items"), schema.get("properties")
    if isinstance(enum, list):
        yield path, set(enum)
    if isinstance(items, dict):
        yield from _enums(items, f"{path}[]")
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        yield from _enums(inner, f"{path}.{name}".removeprefix("."))


_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def _below(schema: dict[str, Any], steps: tuple[str, ...]) -> dict[str, Any] | None:
    """Returns what the schema says of a field of the spec; None where it has no such field."""
    found: dict[str, Any] | None = schema
    for step in ("spec", *steps):
        found = (found or {}).get("properties", {}).get(step)
    return found


def _unlike(shape: Shape, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yields where the schema has what the shape does not take: a field, a type, or less that must be there."""
    if shape is ANYTHING:
        return
    if _TYPES[schema["type"]] not in shape.types:
        yield f"{path} is {schema['type']}"
    for name in shape.required:
        # What the schema fills in may be left out, though it is required.
        if name not in schema.get("required", ()) or "default" in schema["properties"][name]:
            yield f"{path}.{name} is not required"
    if shape.fields is not None:
        for name, inner in schema.get("properties", {}).items():
            if name not in shape.fields:
                yield f"{path}.{name} is no field"
            else:
                yield from _unlike(shape.fields[name].shape, inner, f"{path}.{name}")
    elif shape.items is not None:
        yield from _unlike(shape.items, schema.get("items") or schema["additionalProperties"], f"{path}[]")


def _is_in(schema: dict[str, Any], field: str) -> bool:
    found: dict[str, Any] | None = schema
    for step in field.removeprefix(".").replace("[]", ".[]").split("."):
        found = (found or {}).get("items") if step == "[]" else (found or {}).get("properties", {}).get(step)
    return found is not None
