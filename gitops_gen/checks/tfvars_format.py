"""A variable file is as `terraform fmt` writes it.

A pipeline that runs terraform fmt -check stops at a file whose = are not below each other, or that is indented in
another way. A generated file always passes; elsewhere this is a warning. A file with more than constants in it is
not judged, and neither is one in JSON.

Fix: run terraform fmt on the file, or correct the template that it is generated from.

Source: `terraform fmt` 1.11.4.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.places import Place
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph


def _run(graph: Graph) -> Iterator[Finding]:
    for file in graph.variable_files:
        if file.is_plain_hcl or file.hcl_problem is not None:
            continue
        from gitops_gen.evidence.hcl_format import formatted

        expected = formatted(file.text)
        if expected is not None and expected != file.text:
            line, got, wanted = _first_difference(file.text, expected)
            yield Finding(
                f"terraform fmt writes this line differently: got {got!r}, expected {wanted!r}",
                Location(file.path, line, 1),
                f"run terraform fmt {file.path}",
                severity=by_mark(graph, Place(file.path)),
                cause="terraform fmt",
            )


def _first_difference(text: str, expected: str) -> tuple[int, str, str]:
    """Returns the number of a line, what it is and what it is to be, without a secret in it."""
    from gitops_gen.secrets_in_text import without_secrets

    pairs = zip_longest(text.split("\n"), expected.split("\n"), fillvalue="")
    line, got, wanted = next((line, got, wanted) for line, (got, wanted) in enumerate(pairs, 1) if got != wanted)
    return line, without_secrets(got), without_secrets(wanted)


CHECK = Check("tfvars-format", _run, __doc__)
