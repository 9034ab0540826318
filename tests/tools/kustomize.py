"""What kustomize itself builds, as kubectl has it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from gitops_gen import source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

requires_kustomize = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="needs the command kubectl on PATH, which has kustomize in it"
)


class KustomizeError(Exception):
    """Kustomize refuses to build a folder; the text is what it says."""


def build(folder: Path) -> Sequence[Mapping[str, object]]:
    """Returns the objects that come of a folder. Raises KustomizeError."""
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise KustomizeError(done.stderr)
    return [each for each in source.read_documents("", done.stdout).values if isinstance(each, dict)]
