"""What is measured beside gitops-gen, in the same rounds: what no tool of this kind can go below."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.measure import Run, python, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NOTHING = python("-c", "pass")
"""A Python that does nothing."""

IMPORTS = python(
    "-c",
    "import click, yaml, jinja2, pydantic\n"
    "class Model(pydantic.BaseModel):\n"
    "    name: str\n"
    "    count: int = 0\n"
    "Model.model_validate({'name': 'a'})\n",
)
"""The packages that every command of this kind needs, and one model built."""


def bare_loop(contexts: Path, target: Path, environment: Mapping[str, str], cwd: Path) -> Run:
    """Renders and writes everything with plain Jinja2, in a process of its own.

    The contexts are given: the time that it takes to read them is taken off. Python's start, the import of Jinja2 and
    the compilation of the templates are in.
    """
    command = python("-m", "benchmarks.bare_loop", str(contexts), str(target))
    done = run(command, cwd=cwd, environment=environment)
    reading = json.loads(done.out)
    return replace(done, wall=done.wall - reading["wall"], cpu=done.cpu - reading["cpu"])
