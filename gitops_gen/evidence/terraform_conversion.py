"""What a value becomes by the type of the variable that it is given to.

Source: Terraform, "Type Constraints" and "Type Conversion"; "Optional Object Type Attributes".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_tree import Call, Literal, Object, Reference
from gitops_gen.evidence.terraform_sets import in_order, set_of
from gitops_gen.evidence.terraform_texts import plain_text
from gitops_gen.evidence.terraform_unknowns import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from gitops_gen.evidence.hcl_tree import Expression

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_OPTIONAL = "optional"
_BOOLEANS = {"true": True, "false": False}


def converted(value: object, wanted: Expression | None, value_of: Callable[[Expression], object]) -> object:
    """Returns a value as a variable of a type has it; what is not known, or does not convert, stays as it is.

    `value_of` works out the default of an optional attribute.
    """
    match wanted:
        case Reference((("string" | "number" | "bool") as name,)):
            return _plain(value, name)
        case Call("list" | "set", (inner,)) if isinstance(value, list):
            items = [converted(each, inner, value_of) for each in value]
            ordered = in_order(value)
            return set_of(items) if wanted.name == "set" else value if ordered is None else items
        case Call("map", (inner,)) if isinstance(value, dict):
            return {key: converted(each, inner, value_of) for key, each in value.items()}
        case Call("object", (Object(items),)) if isinstance(value, dict):
            return _object(value, items, value_of)
        case Call(name="optional", arguments=(inner, *_)):
            return converted(value, inner, value_of)
        case _:
            return value


def _plain(value: object, name: str) -> object:
    if name == "string":
        return plain_text(value) if isinstance(value, bool | int | float) else value
    if not isinstance(value, str):
        return value
    if name == "bool":
        return _BOOLEANS.get(value, value)
    return int(value) if _WHOLE.fullmatch(value) else value


def _object(
    value: dict[str, object],
    attributes: tuple[tuple[Expression, Expression], ...],
    value_of: Callable[[Expression], object],
) -> object:
    """Returns an object of the attributes of a type alone, those that are left out as what they are by default."""
    found: dict[str, object] = {}
    for key, wanted in attributes:
        if not isinstance(key, Literal) or not isinstance(key.value, str):
            return UNKNOWN
        stated = value.get(key.value)
        if stated is None and isinstance(wanted, Call) and wanted.name == _OPTIONAL:
            default = value_of(wanted.arguments[1]) if len(wanted.arguments) > 1 else None
            found[key.value] = converted(default, wanted, value_of)
        elif key.value in value:
            found[key.value] = converted(stated, wanted, value_of)
    return found
