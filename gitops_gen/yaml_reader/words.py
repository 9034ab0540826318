"""The words between quotes that no reader of YAML looks into."""

from __future__ import annotations

from gitops_gen.patterns import lazily

WORD = lazily(r"""(?:"[ !#-\[\]-~]*"|'[ -&(-~]*')(?!\s*:)""")
"""Printable ASCII without the quote, and without what double quotes give a meaning. A key is no word: two of one map
must differ."""
