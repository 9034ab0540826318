"""What no reader of YAML or HCL looks into, and texts that are alike differ in: words in quotes, a comment on top."""

from __future__ import annotations

import re

from gitops_gen.patterns import lazily

WORD = lazily(r"""(?:"[ !#-\[\]-~]*"|'[ -&(-~]*')(?!\s*:)""")
"""Printable ASCII without the quote, and without what double quotes give a meaning. A key is no word: two of one map
must differ."""

_COMMENT = re.compile(r"#(?: [!#-~]+)+\n")
"""A line as a mark of ownership is, which names the model file."""


def without_comment(text: str) -> str:
    """Returns a text without what its first line says, if that is a plain comment."""
    found = _COMMENT.match(text)
    return f"#\n{text[found.end() :]}" if found else text
