"""What each figure is called, in the tables and in the JSON."""

from __future__ import annotations

NOTHING = "python -c pass"
IMPORTS = "imports and one model"
BARE = "bare loop"
HELP = "--help"
VERSION = "--version"
COLD = "generate, cold"
COLD_TWO = "generate, cold, 2 jobs"
UNCHANGED = "generate, nothing changed"
ONE_CLUSTER = "generate, one cluster changed"
ONE_TEMPLATE = "generate, one template changed"
VERIFY = "verify"
VERIFY_AGAIN = "verify, again"
VERIFY_WITHOUT_ENGINE = "verify, without Helm's engine"
DIFF = "diff, one cluster changed"

FLOORS = (NOTHING, IMPORTS, BARE)
"""What every other figure is held against."""
