"""Passwords that are written into Terraform: the value of an argument, or the default of a variable.

Only a constant counts, by the key of a password: what refers to something is no password.

Part of secret-in-file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.charts import is_hidden
from gitops_gen.evidence.hcl_files import parse
from gitops_gen.evidence.hcl_texts import NotHclError
from gitops_gen.evidence.hcl_tree import Call, ListOf, Literal, Object, Operation
from gitops_gen.evidence.lookalikes import is_lookalike
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily
from gitops_gen.problems import Location
from gitops_gen.secrets_guard import names_password, suspects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.hcl_tree import Block, Expression

_ENDING = ".tf"
_SIGN = lazily(r"(?i:pass|pwd)")
_NAMED, _VALUE = "name", "value"


class Written(NamedTuple):
    """A password in a configuration."""

    at: Location
    key: str
    reason: str


def passwords_in_terraform(graph: Graph) -> Iterator[Written]:
    """Yields each password that a configuration has in plain text."""
    for path in graph.paths:
        file = graph.files.get(path) if path.endswith(_ENDING) and not is_hidden(path) else None
        if file is None or _SIGN.search(file.text) is None:
            continue
        try:
            body = parse(file.text)
        except NotHclError:
            continue
        for key, literal, reason in _in_block(body):
            before = file.text[: literal.start]
            at = Location(path, before.count("\n") + 1, literal.start - before.rfind("\n"))
            yield Written(at, key, reason)


def _in_block(block: Block) -> Iterator[tuple[str, Literal, str]]:
    """Yields what is in a block: of one with a name and a value, as of helm_release, the name is the key."""
    named = block.attributes.get(_NAMED)
    name = named.value if isinstance(named, Literal) and isinstance(named.value, str) else ""
    for key, expression in block.attributes.items():
        of_variable = block.labels[0] if block.type == "variable" and key == "default" and block.labels else ""
        yield from _in_expression(of_variable or (name if key == _VALUE and name else key), expression)
    for each in block.blocks:
        yield from _in_block(each)


def _in_expression(key: str, expression: Expression) -> Iterator[tuple[str, Literal, str]]:
    match expression:
        case Literal(str(text)):
            reason = suspects(text, key) if names_password(key) else None
            if reason is not None and not is_lookalike({key: text}, (key,), reason):
                yield key, expression, reason
        case Object(items):
            for name, item in items:
                yield from _in_expression(str(name.value) if isinstance(name, Literal) else key, item)
        case ListOf(items) | Call(_, items):
            for each in items:
                yield from _in_expression(key if isinstance(expression, ListOf) else "", each)
        case Operation("?", (_, *answers)):
            for each in answers:
                yield from _in_expression(key, each)
        case _:
            return
