"""The same from Python: `load` reads the model, `render` makes the texts, `write` brings them to disk.

`diff_against` says what the model changes, `compare` the same of any two sets of texts, and `apply` puts it into them.

They stand here and not in the package itself, where `load` and `render` are modules.
"""

from __future__ import annotations

from gitops_gen.diff import compare
from gitops_gen.diff.apply import apply
from gitops_gen.load import load
from gitops_gen.model_diff import diff_against
from gitops_gen.pipeline import render, write

__all__ = ["apply", "compare", "diff_against", "load", "render", "write"]
