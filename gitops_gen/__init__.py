"""gitops_gen generates, from one typed model, every file that a fleet of EKS clusters needs, and nothing by hand.

The same from Python: `load` reads the model, `render` makes the texts, `write` brings them to disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitops_gen.load import load
    from gitops_gen.pipeline import render, write

__all__ = ["__version__", "load", "render", "write"]

__version__ = "0.1.0"

_HOMES = {"load": "gitops_gen.load", "render": "gitops_gen.pipeline", "write": "gitops_gen.pipeline"}


def __getattr__(name: str) -> object:
    """Imports a public function when it is first used: `import gitops_gen` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
