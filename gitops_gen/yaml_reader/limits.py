"""What a YAML text may hold here, and how much of it."""

from __future__ import annotations

from typing import TypeAlias

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | float | bool | None"
"""What a document can be. Maps and lists that stand behind an alias are shared, so a value is read, not changed."""
Scalar: TypeAlias = "str | int | float | bool | None"
Step: TypeAlias = "str | int"

MAX_BYTES = 32 * 1024 * 1024
"""The largest file that is read."""
MAX_DEPTH = 100
"""How many maps and lists may stand inside each other."""
MAX_ALIASED = 100_000
"""How many keys and values the aliases of one text may stand for, all written out."""
MAX_WHOLE = 2**53
"""The largest whole number that survives Helm and Argo CD, which read numbers as 64-bit floats."""
MERGE = "\udcff<<"
"""The key under which a merge is kept. No YAML text can hold a lone surrogate, so it meets none that a person wrote."""
