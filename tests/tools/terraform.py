"""The terraform command as the tests run it: on a copy, offline, deaf to the settings of who runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

import pytest


class TerraformError(Exception):
    """Terraform could not initialise a configuration; the message is its own."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One thing that Terraform says.

    `severity` is error or warning. When a rule of the module failed, `detail` is its error_message.
    """

    severity: str
    summary: str
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan came to: the outputs by name, none when it was refused, and the diagnostics, sorted."""

    outputs: dict[str, object]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """An initialised copy of a root module that needs no provider."""

    folder: Path
    workspace: str

    @staticmethod
    def copied(source: Path, into: Path, *, workspace: str = "default") -> Configuration:
        """Copy the module at `source` to the new folder `into`, and initialise it in a Terraform workspace.

        Raises TerraformError: a configuration that cannot be parsed, or that needs a provider.
        """
        shutil.copytree(source, into)
        (into / ".no-plugins").mkdir()
        done = _terraform(
            "init", "-no-color", "-input=false", "-plugin-dir=.no-plugins", folder=into, workspace=workspace
        )
        if done.returncode:
            raise TerraformError(done.stderr)
        return Configuration(into, workspace)

    def validate(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the configuration itself, whatever its values."""
        return _diagnostics(json.loads(self._run("validate", "-json").stdout)["diagnostics"])

    def plan(self, tfvars: str) -> Plan:
        """Plan from an empty state with the text of one tfvars file."""
        (self.folder / "test.tfvars").write_text(tfvars, encoding="utf-8")
        flags = ("-json", "-input=false", "-lock=false", "-var-file=test.tfvars", "-out=test.tfplan")
        done = self._run("plan", *flags)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        diagnostics = _diagnostics([event["diagnostic"] for event in events if "diagnostic" in event])
        return Plan({} if done.returncode else self._planned_outputs(), diagnostics)

    def _planned_outputs(self) -> dict[str, object]:
        shown = json.loads(self._run("show", "-json", "test.tfplan").stdout)
        return {name: output["value"] for name, output in shown["planned_values"]["outputs"].items()}

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _terraform(*arguments, folder=self.folder, workspace=self.workspace)


def fmt_difference(path: Path) -> str:
    """What `terraform fmt` would change in a file, or in a folder and below; empty when it is clean."""
    folder, what = (path, "-recursive") if path.is_dir() else (path.parent, path.name)
    done = _terraform("fmt", "-check", "-diff", "-no-color", what, folder=folder)
    return done.stdout + done.stderr if done.returncode else ""


class _RawDiagnostic(TypedDict):
    severity: str
    summary: str
    detail: str


def _diagnostics(found: list[_RawDiagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(Diagnostic(each["severity"], each["summary"], _words(each["detail"])) for each in found))


def _words(detail: str) -> str:
    """What is said, without lines and columns of the configuration, which any edit there moves."""
    words, _, _ = detail.partition("\n\nThis was checked by the validation rule at ")
    return re.sub(r"(?<=[.]tf):[0-9]+,[0-9]+-[0-9]+", "", words)


def _terraform(*arguments: str, folder: Path, workspace: str = "default") -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "TF_DATA_DIR": str(folder / ".terraform"),
        "TF_CLI_CONFIG_FILE": os.devnull,
        "TF_IN_AUTOMATION": "1",
        "TF_WORKSPACE": workspace,
        "CHECKPOINT_DISABLE": "1",
    }
    return subprocess.run(
        ["terraform", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@cache
def _why_not() -> str:
    if shutil.which("terraform") is None:
        return "needs the command terraform, 1.9 or newer, on PATH"
    version: str = json.loads(_terraform("version", "-json", folder=Path.cwd()).stdout)["terraform_version"]
    # From 1.9 on, a validation may refer to another variable.
    is_old = tuple(int(part) for part in version.split(".")[:2]) < (1, 9)
    return f"needs terraform 1.9 or newer, got {version}" if is_old else ""


requires_terraform = pytest.mark.skipif(bool(_why_not()), reason=_why_not())
