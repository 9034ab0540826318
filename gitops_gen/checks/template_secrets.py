"""Passwords that are written into the templates of charts, which are no YAML before they are rendered.

A line that Helm leaves as it is says what it says: the value of a key, or of a variable of the environment.

Part of secret-in-file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.charts import is_hidden, is_template
from gitops_gen.evidence.files import yaml_files
from gitops_gen.evidence.lookalikes import is_lookalike
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Location
from gitops_gen.secrets_guard import names_password, suspects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph

_SCALAR = r"""(?P<quote>["']?)(?P<value>[^\s"'#{}\[\]&*|>][^\n"'{}]*?)(?P=quote)[ \t]*(?:\#[^\n]*)?$"""
_PAIR = re.compile(rf"""^[ \t]*(?:-[ \t]+)?["']?(?P<key>[\w.-]+)["']?:[ \t]+{_SCALAR}""", re.MULTILINE)
_VARIABLE = re.compile(
    rf"""^[ \t]*-[ \t]+name:[ \t]*["']?(?P<key>[\w.-]+)["']?[ \t]*\n[ \t]+value:[ \t]+{_SCALAR}""", re.MULTILINE
)


class Written(NamedTuple):
    """A password in a template."""

    at: Location
    key: str
    reason: str


def passwords_in_templates(graph: Graph) -> Iterator[Written]:
    """Yields each password that a template of a chart has in plain text."""
    for path in yaml_files(graph.paths):
        file = graph.files.get(path) if is_template(graph.files, path) and not is_hidden(path) else None
        if file is not None:
            yield from _in_text(path, file.text)


def _in_text(path: str, text: str) -> Iterator[Written]:
    for pattern in (_PAIR, _VARIABLE):
        for found in pattern.finditer(text):
            key, value = found["key"], found["value"].strip()
            reason = suspects(value, key) if names_password(key) else None
            if reason is not None and not is_lookalike({key: value}, (key,), reason):
                start = found.start("value")
                at = Location(path, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
                yield Written(at, key, reason)
