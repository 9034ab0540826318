"""The functions of Terraform that configurations write names, ARNs and policies with.

Source: Terraform, "Functions".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.evidence.terraform_unknowns import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOR_ANY_TEXT = frozenset({"jsonencode", "tostring", "toset", "tolist", "lower", "upper", "join", "format", "concat"})
"""Functions that leave what is not known in a text where it is."""


def result_of(name: str, arguments: Sequence[object]) -> object:
    """Returns what a function makes of its arguments, all of them known; UNKNOWN for one that is not known here."""
    match name, arguments:
        case "tostring", [bool() | int() as value]:
            return str(value).lower()
        case ("jsonencode" | "tostring" | "toset" | "tolist", [value]):
            return value
        case "jsondecode", [str(text)]:
            return from_json(text)
        case "join", [str(separator), list(items)] if all(isinstance(each, str) for each in items):
            return separator.join(map(str, items))
        case "length", [list() | dict() as items]:
            return len(items)
        case "concat", items if all(isinstance(each, list) for each in items):
            return [item for each in items if isinstance(each, list) for item in each]
        case "merge", items if all(isinstance(each, dict) for each in items):
            return {key: item for each in items if isinstance(each, dict) for key, item in each.items()}
        case _, [str(text), *others] if all(isinstance(each, str) for each in others):
            return _text_function(name, text, list(map(str, others)))
        case _:
            return UNKNOWN


def _text_function(name: str, text: str, others: Sequence[str]) -> object:
    match name, others:
        case "lower", []:
            return text.lower()
        case "upper", []:
            return text.upper()
        case "trimprefix", [prefix]:
            return text.removeprefix(prefix)
        case "replace", ["/^(.*provider/)/", ""]:
            return text.rpartition("provider/")[2]
        case "replace", [old, new] if not old.startswith("/"):
            return text.replace(old, new)
        case "format", _ if text.count("%") == text.count("%s") == len(others) and "{" not in text:
            return text.replace("%s", "{}").format(*others)
        case _:
            return UNKNOWN


def from_json(text: str) -> object:
    """Returns what a text says that is JSON; UNKNOWN for any other, and for one that may say two things of a key."""
    try:
        found: object = json.loads(text, object_pairs_hook=_object_of)
    except ValueError:
        return UNKNOWN
    return found


def _object_of(pairs: Sequence[tuple[str, object]]) -> Mapping[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError  # two keys that look the same, maybe while a part of them is not known
    return found
