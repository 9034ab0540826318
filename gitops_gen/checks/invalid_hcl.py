"""A variable file of Terraform can be read, and holds constant values only.

Terraform stops at a syntax error, at an argument that stands twice, and at a word without quotes: in a tfvars file
there are no variables and no functions, so env = dev is not the text, but a reference to something called dev, and a/b
a division. What is calculated of constants, as 1 + 1, ["a"][0], "${"a"}" or "%{ if true }a%{ endif }", is a constant
too; what it comes to is not always known here, and in a loop names are not judged. A text that is no number cannot be
calculated with. Of a key that stands twice in a map
Terraform takes the last, without a word: the other entry, such as a role, is lost. In JSON a text is a text, and a key
that stands twice is refused.

Fix: put texts into quotes; write $${ for a $ before a brace; remove the one of two keys that is not meant.

Source: Terraform, "Assigning Values to Root Module Variables"; HCL native and JSON syntax specifications;
tried with 1.11.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.places import Place
from gitops_gen.problems import Location, Severity
from gitops_gen.secrets_guard import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.hcl_tokens import Token
    from gitops_gen.problems import Problem


_REFERENCES = ("var.", "local.", "data.", "module.")


def _run(graph: Graph) -> Iterator[Finding]:
    for file in graph.variable_files:
        problem = file.hcl_problem
        if problem is not None and _is_for_others(graph, file, problem):
            yield _encrypted(file)
        elif problem is not None:
            yield Finding(problem.message, problem.at, problem.hint)
        elif not file.is_plain_hcl:
            from gitops_gen.evidence.hcl_tokens import calculated_tokens, no_numbers, not_constant, repeated_keys

            found = calculated_tokens(file.text) or ()
            yield from (_finding(file, token) for token in not_constant(found))
            yield from (_no_number(file, token) for token in no_numbers(found))
            yield from (_twice(graph, file, *each) for each in repeated_keys(found))


def _is_for_others(graph: Graph, file: File, problem: Problem) -> bool:
    """True for a file that is encrypted, and that we did not write: it is for whoever has the key."""
    from gitops_gen.evidence.encrypted import ENCRYPTED, is_encrypted

    return (problem.code == ENCRYPTED or is_encrypted(file.text)) and not graph.is_ours(Place(file.path))


def _encrypted(file: File) -> Finding:
    return Finding(
        "it is encrypted, so what it says is not known",
        Location(file.path, 1, 1),
        "decrypt it, and verify the result",
        severity=Severity.NOTE,
        cause="encrypted variable files",
    )


def _twice(graph: Graph, file: File, again: Token, first: Token) -> Finding:
    name = again.text.strip('"')
    return Finding(
        f"the key {name} stands twice in one map, and Terraform takes the last",
        _at(file, again),
        "remove the one that is not meant, or give it a key of its own",
        related=((_at(file, first), "it stands here already, and is lost"),),
        severity=by_mark(graph, Place(file.path)),
    )


def _finding(file: File, token: Token) -> Finding:
    at = _at(file, token)
    if token.kind == "word":
        shown, hint = token.text, f'quote it: "{token.text}"'
        if shown.startswith(_REFERENCES):
            hint = "write the value: nothing can be referred to here"
        elif _is_secret(file, at):
            shown, hint = HIDDEN, "quote it"
        message = f"got {shown}, expected a constant"
        return Finding(message, at, hint, cause=_cause(file, message))
    if token.kind == "call":
        message, hint = f"got a call of {token.text}, expected a constant", "write the result: nothing is called here"
    else:
        message = "got a text with a reference or a call in it, expected constants"
        hint = "write $${ for a $ before a brace, %%{ for a %, or the value"
    return Finding(message, at, hint, cause=_cause(file, message))


def _no_number(file: File, token: Token) -> Finding:
    at = _at(file, token)
    shown = HIDDEN if _is_secret(file, at) else token.text
    message = f"got {shown} in a calculation, expected a number"
    return Finding(message, at, "write the result: + does not join texts", cause=_cause(file, message))


def _cause(file: File, message: str) -> str:
    """Returns what a mistake has in common with the same one in other files: the template that all are made by."""
    return f"{file.origin.template}: {message}" if file.origin else ""


def _is_secret(file: File, at: Location) -> bool:
    from gitops_gen.secrets_in_text import secrets_in

    line = file.text.split("\n")[at.line - 1]
    return any(start < at.column <= stop for start, stop, _ in secrets_in(line))


def _at(file: File, token: Token) -> Location:
    before = file.text[: token.start]
    return Location(file.path, before.count("\n") + 1, token.start - before.rfind("\n"))


CHECK = Check("invalid-hcl", _run, __doc__, is_of_files=True)
