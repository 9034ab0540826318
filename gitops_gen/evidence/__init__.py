"""What rendered files say, without the model that made them: documents, Applications, and what joins them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FLEET_FILE = "environments/fleet.yaml"
"""Tells a project of this tool, and which repository its output folder belongs to; nothing else of a model is asked."""


def is_project(folder: Path) -> bool:
    """True for the root of a project of this tool. Where nobody may look for the file, it is none."""
    return os.path.isfile(folder / FLEET_FILE)  # noqa: PTH113 - it answers, where Path raises PermissionError
