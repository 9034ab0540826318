"""What is calculated of constants in a variable file: the parser leaves it as a text, and Terraform takes the result.

Source: HCL native syntax specification, "Expressions"; tried with Terraform 1.11.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_files import parse
from gitops_gen.evidence.hcl_texts import NotHclError
from gitops_gen.evidence.hcl_tokens import OPENED, calculated_tokens
from gitops_gen.evidence.hcl_tree import Block
from gitops_gen.evidence.terraform_unknowns import UNKNOWN, is_open
from gitops_gen.evidence.terraform_values import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.hcl_tokens import Token

_OPERATORS = frozenset({"operator", "template"})


def worked_out(text: str, values: Mapping[str, object]) -> Mapping[str, object]:
    """Returns the variables of a file, what is calculated as Terraform has it; UNKNOWN where that is not known here."""
    names = set(_calculated(calculated_tokens(text) or ()))
    try:
        body = parse(text)
    except NotHclError:
        body = Block("", (), {}, ())
    scope = Scope({}, body)
    of = body.attributes
    return {name: _merged(each, scope.value(of.get(name))) if name in names else each for name, each in values.items()}


def _calculated(found: tuple[Token, ...]) -> Iterator[str]:
    """Yields the variables whose values are more than constants, lists and maps."""
    name, depth, previous = "", 0, ""
    for index, token in enumerate(found):
        following = found[index + 1].kind if index + 1 < len(found) else ""
        if depth == 0 and token.kind == "word" and following == "equal":
            name = token.text
        elif (
            token.kind in _OPERATORS or token.text in ("(", "for") or _is_filled_in(token) or _is_index(token, previous)
        ):
            yield name
        depth += (token.kind == "open") - (token.kind == "close")
        previous = token.kind


def _is_index(token: Token, previous: str) -> bool:
    return token.text == "[" and previous == "close"


def _is_filled_in(token: Token) -> bool:
    return token.kind == "heredoc" and OPENED.search(token.text) is not None


def _merged(parsed: object, own: object) -> object:
    """Returns a value as the parser has it, but for what it leaves as a text: that is as we work it out."""
    match parsed, own:
        case dict(), dict():
            if parsed.keys() == own.keys():
                return {key: _merged(parsed[key], own[key]) for key in parsed}
            return UNKNOWN if any(map(is_open, own)) else own
        case list(), list() if len(parsed) == len(own):
            return [_merged(*each) for each in zip(parsed, own, strict=True)]
        case str(), str() if "\n" in own:  # only the parser takes away the indentation behind <<-
            return parsed if parsed == own or OPENED.search(parsed) is None else UNKNOWN
        case ((str() | dict()), _):
            return UNKNOWN if is_open(own) else own
        case _:
            return parsed
