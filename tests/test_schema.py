"""The JSON Schemas that editors read: they are the code's, every model file fits its own, and mistakes do not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

import click
import jsonschema_rs
import pytest

from gitops_gen.commands.main import main
from gitops_gen.judge import known_codes
from gitops_gen.problems import ModelError, OutputError
from gitops_gen.schema import KINDS, MODEL_FILES, schema_of, schema_text, write_schemas
from gitops_gen.source import read
from gitops_gen.waivers import read_waivers

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[1]
SCHEMAS = PROJECT / "schemas"

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


def kind_of(path: Path) -> str:
    """What a file under environments/ or templates/ is, from where it stands."""
    if path.parent.name == "apps":
        return "app"
    return path.stem if path.stem in ("fleet", "artifacts") else "environment"


def model_files(root: Path) -> Iterator[Path]:
    for folder in ("environments", "environments/apps"):
        yield from sorted(path for path in (root / folder).glob("*.yaml") if path.stem != "waivers")
    yield from (root / "templates").glob("artifacts.yaml")


OWN = list(model_files(PROJECT))
OTHERS = [path for root in sorted((PROJECT / "tests" / "fleets").iterdir()) for path in model_files(root)]


def in_words(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def validator(kind: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(schema_of(kind))


def value(path: Path) -> Json:
    return read(PROJECT, in_words(path)).data


@pytest.mark.parametrize("kind", KINDS)
def test_kept_schema_is_the_codes(kind: str) -> None:
    assert (SCHEMAS / f"{kind}.json").read_text(encoding="utf-8") == schema_text(kind), "run: make schemas"


def test_the_command_line_offers_every_kind() -> None:
    assert [each.type.choices for each in main.commands["schema"].params if isinstance(each.type, click.Choice)] == [
        KINDS
    ]


def test_no_other_schema_is_kept() -> None:
    assert {path.name for path in SCHEMAS.iterdir()} == {f"{kind}.json" for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_valid_and_offers_no_null(kind: str) -> None:
    schema = schema_of(kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(schema)
    assert list(_null_defaults(cast("Json", schema))) == []


def _null_defaults(value: Json) -> Iterator[Json]:
    if isinstance(value, dict):
        if "default" in value and value["default"] is None:
            yield value
        for each in value.values():
            yield from _null_defaults(each)
    elif isinstance(value, list):
        for each in value:
            yield from _null_defaults(each)


@pytest.mark.parametrize("path", OWN, ids=in_words)
def test_model_file_points_its_editor_to_its_schema(path: Path) -> None:
    found = re.search(r"^# yaml-language-server: \$schema=(\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert (path.parent / found[1]).resolve() == SCHEMAS / f"{kind_of(path)}.json"


@pytest.mark.parametrize("path", [*OWN, *OTHERS], ids=in_words)
def test_model_file_fits_its_schema(path: Path) -> None:
    assert [error.message for error in validator(kind_of(path)).iter_errors(value(path))] == []


WAIVER = {"code": "trust-subject", "reason": "it moves", "expires": "2027-01-31"}


@pytest.mark.parametrize("path", [None, "output/*", "", 1, ["output/*"]])
@pytest.mark.parametrize("expires", [None, "2027-01-31", "2027-13-31", "20270131", "", 20270131])
@pytest.mark.parametrize(
    "others",
    [
        {},
        {"code": "subject"},
        {"code": None},
        {"reason": ""},
        {"reason": None},
        {"reason": 1},
        {"raeson": "it moves"},
    ],
    ids=json.dumps,
)
def test_waiver_fits_if_it_can_be_used(tmp_path: Path, path: Json, expires: Json, others: dict[str, Json]) -> None:
    stated = {**WAIVER, "path": path, "expires": expires, **others}
    entry = {key: each for key, each in stated.items() if each is not None}
    (tmp_path / "waivers.yaml").write_text(json.dumps([entry]), encoding="utf-8")
    try:
        read_waivers(tmp_path, "waivers.yaml", known_codes())
        is_usable = True
    except ModelError:
        is_usable = False
    schema = jsonschema_rs.validator_for(schema_of("waivers"), validate_formats=True)
    assert schema.is_valid(cast("Json", [entry])) == is_usable


def test_waivers_are_a_list() -> None:
    fits = validator("waivers").is_valid
    assert [fits([]), fits([WAIVER]), fits(WAIVER), fits("a"), fits(None)] == [True, True, False, False, False]


def test_there_are_files_of_every_kind() -> None:
    assert {kind_of(path) for path in OWN} == set(MODEL_FILES)
    assert len(OTHERS) > 5


@pytest.mark.parametrize("path", OWN, ids=in_words)
def test_file_with_an_unknown_key_does_not_fit(path: Path) -> None:
    spoiled = value(path)
    block = spoiled[0] if isinstance(spoiled, list) else spoiled
    assert isinstance(block, dict)
    assert not validator(kind_of(path)).is_valid(
        [{**block, "naem": "x"}] if isinstance(spoiled, list) else {**block, "naem": "x"}
    )


@pytest.mark.parametrize(
    ("kind", "spoiled"),
    [
        ("environment", {"account_id": 444455556666}),
        ("environment", {"account_id": "44445555666"}),
        ("environment", {"stage": "first"}),
        ("environment", {"clusters": [{"region": "us-east-1"}]}),
        ("environment", {"clusters": [{"region": "us-east-1", "oidc_id": "https://example.com/id/X"}]}),
        ("fleet", {"name": "a"}),
        ("app", {"secrets": {"a": {"keys": {"A": {"decoding": "Base32"}}}}}),
        ("app", {"source": "https://example.com/a.git"}),
        ("artifacts", [{"name": "a", "template": "a.j2", "path": "a", "format": "yaml", "for_each": "pod"}]),
    ],
    ids=json.dumps,
)
def test_mistake_does_not_fit(kind: str, spoiled: Json) -> None:
    assert not validator(kind).is_valid(spoiled)


@pytest.mark.parametrize(
    "removed",
    [{"secrets": None}, {"secrets": {"a": None}}, {"values": {"a": None}}, {"environments": {"dev": {"source": None}}}],
)
def test_null_that_removes_fits(removed: Json) -> None:
    assert validator("app").is_valid(removed)


def test_every_key_is_explained() -> None:
    unexplained = {
        f"{name}.{key}"
        for kind in KINDS
        for name, block in _blocks(schema_of(kind)).items()
        for key, stated in block.items()
        if "description" not in json.dumps(stated) and "$ref" not in json.dumps(stated)
    }
    assert unexplained == set()


def _blocks(schema: dict[str, object]) -> dict[str, dict[str, object]]:
    found = {**cast("dict[str, dict[str, dict[str, object]]]", schema.get("$defs", {}))}
    if "properties" in schema:
        found["itself"] = cast("dict[str, dict[str, object]]", schema)
    return {name: block["properties"] for name, block in found.items() if "properties" in block}


def test_writing_says_where_it_failed(tmp_path: Path) -> None:
    assert list(write_schemas(tmp_path, Path("a/b"))) == [Path(f"a/b/{kind}.json") for kind in KINDS]
    (tmp_path / "a/b/app.json").unlink()
    (tmp_path / "a/b/app.json").mkdir()
    with pytest.raises(OutputError) as caught:
        list(write_schemas(tmp_path, Path("a/b")))
    [problem] = caught.value.problems
    assert (str(problem.at), problem.code, problem.message) == (
        "a/b/app.json",
        "output-refused",
        "cannot be written: Is a directory",
    )
