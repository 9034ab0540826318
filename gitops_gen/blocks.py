"""The blocks of a model file as the resolving stage reads them, whoever held them against their entry.

Such a block has an attribute for each field of its entry, with what is written or the default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Block:
    """A block of a model file."""

    if TYPE_CHECKING:

        @property
        def model_fields_set(self) -> set[str]:
            """The fields that are written; pydantic gave it its name."""


class PlainBlock(Block):
    """A block that fits the shape of its entry, without the entry's class. It is not changed once it is made."""

    def __init__(self, stated: Mapping[str, object], defaults: Mapping[str, object]) -> None:
        vars(self).update(defaults)
        vars(self).update(stated)
        vars(self)["model_fields_set"] = stated.keys()

    def __repr__(self) -> str:
        return f"PlainBlock({', '.join(f'{name}={getattr(self, name)!r}' for name in self.model_fields_set)})"


SILENT = PlainBlock({}, {})
"""Says nothing."""
