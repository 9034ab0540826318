"""The same from Python: `load` reads the model, `render` makes the texts, `write` brings them to disk.

They stand here and not in the package itself, where `load` and `render` are modules.
"""

from __future__ import annotations

from gitops_gen.load import load
from gitops_gen.pipeline import render, write

__all__ = ["load", "render", "write"]
