"""The policy that a data source aws_iam_policy_document builds, as its JSON has it.

Source: terraform-provider-aws, docs/data-sources/iam_policy_document; Terraform, "dynamic Blocks".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_tree import Block, Reference
from gitops_gen.evidence.terraform_loops import REPEATING, items_of
from gitops_gen.evidence.terraform_unknowns import HOLE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.terraform_values import Scope

_OF_DOCUMENT = frozenset({"version", "policy_id", *REPEATING})
_NAMES = {"actions": "Action", "resources": "Resource", "not_actions": "NotAction", "not_resources": "NotResource"}
_OF_STATEMENT = ("principals", "condition")


class _UnknownBlocksError(Exception):
    """Nobody can say which blocks there are."""


def policy_document(block: Block, scope: Scope) -> object:
    """Returns the policy; UNKNOWN where nobody can say what statements it has."""
    if block.attributes.keys() - _OF_DOCUMENT:
        return UNKNOWN
    try:
        return {"Statement": [_statement(each, inner) for each, inner in _blocks(block, scope, "statement")]}
    except _UnknownBlocksError:
        return UNKNOWN


def _blocks(block: Block, scope: Scope, *types: str) -> Iterator[tuple[Block, Scope]]:
    """Yields the blocks right in one, which are of some types, with what each refers to; dynamic ones one by one.

    Raises _UnknownBlocksError, also for any other block.
    """
    for each in block.blocks:
        is_dynamic = each.type == "dynamic" and len(each.labels) == 1
        if (each.labels[0] if is_dynamic else each.type) not in types:
            raise _UnknownBlocksError
        if is_dynamic:
            yield from _dynamic(each, scope)
        else:
            yield each, scope


def _dynamic(block: Block, scope: Scope) -> Iterator[tuple[Block, Scope]]:
    """Yields the blocks that a dynamic one makes."""
    label, content = block.labels[0], block.of("content")
    iterator = block.attributes.get("iterator")
    name = iterator.steps[0] if isinstance(iterator, Reference) else label
    items = items_of(scope.value(block.attributes.get("for_each")))
    if items is None or len(content) != 1:
        raise _UnknownBlocksError
    made = Block(label, (), content[0].attributes, content[0].blocks, block.start, block.end)
    for key, value in items:
        yield made, scope.with_names({name: {"key": key, "value": value}})


def _statement(block: Block, scope: Scope) -> object:
    stated = {name: scope.value(each) for name, each in block.attributes.items()}
    found: dict[str, object] = {"Effect": stated.get("effect", "Allow")}
    found |= {_NAMES[name]: value for name, value in stated.items() if name in _NAMES}
    principals: dict[str, object] = {}
    conditions: dict[str, dict[str, object]] = {}
    try:
        blocks = list(_blocks(block, scope, *_OF_STATEMENT))
    except _UnknownBlocksError:
        return UNKNOWN
    for each, inner in blocks:
        values = {name: inner.value(expression) for name, expression in each.attributes.items()}
        if each.type == "principals":
            kind = _known(values.get("type"))
            principals[kind] = _added(principals, kind, values.get("identifiers", UNKNOWN))
        else:
            own = conditions.setdefault(_known(values.get("test")), {})
            variable = _known(values.get("variable"))
            own[variable] = UNKNOWN if variable in own else values.get("values", UNKNOWN)
    return found | ({"Principal": principals} if principals else {}) | ({"Condition": conditions} if conditions else {})


def _added(principals: dict[str, object], kind: str, identifiers: object) -> object:
    """Returns the principals of one kind, of which several blocks may name some."""
    before = principals.get(kind, [])
    return [*before, *identifiers] if isinstance(before, list) and isinstance(identifiers, list) else UNKNOWN


def _known(value: object) -> str:
    return value if isinstance(value, str) else HOLE
