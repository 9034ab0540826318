"""What a template may read of the model: its types, and of each the names that do not start with an underscore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import model

if TYPE_CHECKING:
    from collections.abc import Mapping

MODEL_TYPES = frozenset(value for value in vars(model).values() if isinstance(value, type))

FACTS: Mapping[type, frozenset[str]] = {
    kind: frozenset(name for name in dir(kind) if name[0] != "_") for kind in MODEL_TYPES
}
"""The names by type."""

LIGHT = frozenset({*MODEL_TYPES, bool, int, float, type(None)})
"""What costs nothing to compare or to copy."""
