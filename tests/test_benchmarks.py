"""The benchmark runs, and its made-up fleets are fleets. What it measures is nobody's promise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def test_benchmark_of_a_small_fleet_as_json() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/run.py", "--format", "json", "--times", "1", "4"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        text=True,
        capture_output=True,
        check=True,
    )
    document = json.loads(done.stdout)
    assert sorted(document) == ["fleets", "machine", "seconds"]
    assert sorted(document["seconds"]) == ["gitops-gen --help", "python -c pass"]
    [fleet] = document["fleets"]
    assert sorted(fleet) == ["bare_jinja", "clusters", "cold", "files", "unchanged"]
    assert fleet["clusters"] == 4
    assert all(value > 0 for value in fleet.values())
