"""The shapes are those of the CRDs: every field, every word, at every version whose schemas are at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gitops_gen.external_secrets import parse_version
from gitops_gen.external_secrets_shapes import AWS_PROVIDER, EXTERNAL_SECRET, SECRET_STORE

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


def _schemas(kind: str) -> list[tuple[str, Path]]:
    found = sorted(Path(_FOLDER).glob(f"eso-v*/external-secrets.io/{kind}_v1*.json")) if _FOLDER else []
    return [
        (path.parents[1].name.removeprefix("eso-v"), path) for path in found if not path.name.endswith("v1alpha1.json")
    ]


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
    assert _without_policies(_fields(shape, numbers)) == _without_policies(_properties(schema, cut=("provider",)))


@needs_schemas
@pytest.mark.parametrize(("kind", "version", "path"), _cases("secretstore", "clustersecretstore"))
def test_the_fields_of_the_aws_provider_are_those_of_the_schema(kind: str, version: str, path: Path) -> None:
    numbers = parse_version(version)
    assert numbers is not None
    spec = json.loads(path.read_text(encoding="utf-8"))["properties"]["spec"]
    schema = spec["properties"]["provider"]["properties"]["aws"]
    assert _fields(AWS_PROVIDER, numbers) == _properties(schema)


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
