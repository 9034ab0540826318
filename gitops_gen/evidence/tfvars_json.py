"""Terraform's variable files in JSON: what they say, and where it stands.

A text is that text, whatever is in it: there are no templates. A key that stands twice is refused, in an inner map too,
and // beside the variables is a comment.

Source: Terraform, "Assigning Values to Root Module Variables"; HCL JSON syntax specification; tried with 1.11.4.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.evidence.encrypted import ENCRYPTED, is_encrypted_json
from gitops_gen.hcl_nesting import too_deep
from gitops_gen.problems import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.source import Documents

_CODE = "invalid-hcl"
_TWICE = "duplicate-key"
_COMMENT = "//"
_HINT = "correct it; terraform plan names the place too"


def parse_json(text: str, documents: Documents) -> tuple[Mapping[str, object], Problem | None]:
    """Returns the variables of a file and, where it cannot be read, why; `documents` is the text as YAML.

    JSON is YAML, so that its places are known.
    """
    path = documents.path
    deep = too_deep(text)
    if deep is not None:
        reason, line = deep
        return {}, Problem(_CODE, reason, Location(path, line), "take it apart: nobody can read it either")
    try:
        values = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return {}, Problem(_CODE, f"it is no JSON: {error.msg}", Location(path, error.lineno, error.colno), _HINT)
    except ValueError as error:
        return {}, Problem(_CODE, f"it is no JSON: {error}", Location(path), _HINT)
    if not isinstance(values, dict):
        return {}, Problem(_CODE, "it is no JSON object", Location(path, 1, 1), "write the variables as one object")
    twice = next((each for each in documents.problems if each.code == _TWICE), None)
    if twice is not None:
        return {}, twice._replace(code=_CODE)
    if is_encrypted_json(values):
        return {}, Problem(ENCRYPTED, "it is encrypted", Location(path, 1, 1), "decrypt it")
    values.pop(_COMMENT, None)
    return values, None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number")
