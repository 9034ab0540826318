"""A variable file of Terraform can be read, and holds constant values only.

Terraform stops at a syntax error, at an argument that stands twice, and at a word without quotes: in a tfvars file
there are no variables and no functions, so env = dev is not the text, but a reference to something called dev.

Fix: put texts into quotes; write $${ for a $ before a brace.

Source: Terraform, "Assigning Values to Root Module Variables"; HCL native syntax specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.hcl_tokens import not_constant, tokens
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.hcl_tokens import Token


def _run(graph: Graph) -> Iterator[Finding]:
    for file in graph.variable_files:
        problem = file.hcl_problem
        if problem is not None:
            yield Finding(problem.message, problem.at, problem.hint)
        elif not file.is_plain_hcl:
            yield from (_finding(file, token) for token in not_constant(tokens(file.text) or ()))


def _finding(file: File, token: Token) -> Finding:
    before = file.text[: token.start]
    at = Location(file.path, before.count("\n") + 1, token.start - before.rfind("\n"))
    if token.kind == "word":
        return Finding(f"got {token.text}, expected a constant", at, f'quote it: "{token.text}"')
    return Finding("got a text with a template in it, expected a constant", at, "write $${ for a $ before a brace")


CHECK = Check("invalid-hcl", _run, __doc__, is_early=True, is_of_files=True)
