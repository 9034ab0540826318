"""Where a configuration makes things, and what data sources tell of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.terraform_loops import REPEATING
from gitops_gen.evidence.terraform_unknowns import HOLE, UNKNOWN
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from gitops_gen.evidence.hcl_tree import Block
    from gitops_gen.evidence.terraform_values import Scope

_REGION = ("region", "name")
"""What a data source aws_region states its region with."""
_STATING_REGION = (*_REGION, "endpoint")


class Surroundings(NamedTuple):
    """What the provider of a configuration knows by itself: where it makes things."""

    account: str = HOLE
    partition: str = HOLE
    region: str = HOLE


NOWHERE = Surroundings()


def told(scope: Scope, kind: str, name: str, attribute: str) -> object:
    """Returns what the provider tells of where it is; a data source may be of another one, or of a stated region.

    Source: terraform-provider-aws, region_data_source.go.
    """
    blocks = scope.body.of("data", kind, name)
    if not blocks or "provider" in blocks[0].attributes:
        return UNKNOWN
    if kind == "aws_region" and not blocks[0].attributes.keys().isdisjoint(_STATING_REGION):
        return _stated_region(blocks[0], scope) if attribute in ("id", *_REGION) else UNKNOWN
    found = {
        ("aws_caller_identity", "account_id"): scope.around.account,
        ("aws_partition", "partition"): scope.around.partition,
        ("aws_region", "name"): scope.around.region,
        ("aws_region", "id"): scope.around.region,
        ("aws_region", "region"): scope.around.region,
    }.get((kind, attribute), HOLE)
    return UNKNOWN if found == HOLE else found


def _stated_region(block: Block, scope: Scope) -> object:
    """Returns the region that a data source states; UNKNOWN for one that is looked up, or one of several."""
    stated = next((block.attributes[each] for each in _REGION if each in block.attributes), None)
    return UNKNOWN if block.attributes.keys() & REPEATING else scope.with_here({}).value(stated)
