"""Accounts that the provider of a Terraform module allows or forbids, held against that of a variable file.

A provider that says in which accounts it may work stops in any other: "AWS account ID not allowed". Which accounts a
list names that is calculated is not known, and where a module has several providers of AWS, which is for the cluster.

Part of tfvars-variables. Source: the AWS provider of Terraform, allowed_account_ids and forbidden_account_ids.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.aws.names import check_account_id
from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.terraform_modules import Module

_ACCOUNT = "account_id"
_ALLOWED, _FORBIDDEN = "allowed_account_ids", "forbidden_account_ids"


def provider_accounts(graph: Graph, file: File, module: Module) -> Iterator[Finding]:
    """Yields the account of a file in which the only provider of its module does not work."""
    account = text_at(file.variables, _ACCOUNT) or ""
    if len(module.providers) != 1 or check_account_id(account) is not None:
        return
    path, block = module.providers[0]
    for key, verb in ((_ALLOWED, "allows"), (_FORBIDDEN, "forbids")):
        stated = [str(each) for each in list_at(block, key)]
        are_known = bool(stated) and all(check_account_id(each) is None for each in stated)
        if are_known and (account in stated) is (key == _FORBIDDEN):
            yield Finding(
                f"{_ACCOUNT}: got {account}, and the provider of the module {verb} {', '.join(stated)}",
                Place(file.path, 0, (_ACCOUNT,)),
                f"correct {_ACCOUNT}, or {key} of the provider",
                related=((_line_of(graph, path, key), "the accounts of the provider"),),
                severity=by_mark(graph, Place(file.path)),
                cause=f"account and {key}",
            )


def _line_of(graph: Graph, path: str, key: str) -> Location:
    """Returns the line on which a provider names accounts."""
    file = graph.files.get(path)
    found = re.search(rf"^\s*{key}\s*=", file.text, re.MULTILINE) if file else None
    return Location(path, file.text.count("\n", 0, found.end()) + 1) if file and found else Location(path)
