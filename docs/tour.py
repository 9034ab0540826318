"""What the pages show of the command line, made by running it, on a copy of this repository's fleet."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[1]

# A block of shell commands, and the block of text right below it, which is what they print.
_STEP = re.compile(r"^```sh\n(?P<script>.*?)^```$(?:\n\n```text\n(?P<shown>.*?)^```$)?", re.DOTALL | re.MULTILINE)

_BUG = "Traceback (most recent call last):"


def toured(page: str) -> str:
    """Returns a page with what its shell commands print, run one after the other."""
    with fleet() as root:
        return _STEP.sub(lambda found: _step(root, found), page)


def _step(root: Path, found: re.Match[str]) -> str:
    printed = run(root, found["script"])
    shown = "" if found["shown"] is None else f"\n\n```text\n{printed}```"
    return f"```sh\n{found['script']}```{shown}"


def commands(page: str) -> list[str]:
    """Returns the shell commands of a page."""
    return [found["script"] for found in _STEP.finditer(page)]


def nothing_to_write() -> str:
    """Returns what `make generate` prints where nothing has changed."""
    with fleet() as root:
        return f"```text\n{run(root, 'gitops-gen generate')}```"


def changes_as_json() -> str:
    """Returns what `generate --check --format json` prints where one file was edited by hand."""
    with fleet() as root:
        return _json(
            run(root, "echo '# by hand' >> output/argocd/projects/dev.yaml; gitops-gen generate --check --format json")
        )


def problems_as_json() -> str:
    """Returns what `generate --format json` prints where a key is misspelled."""
    with fleet() as root:
        return _json(
            run(root, "echo 'namspace: shop' >> environments/apps/myapp.yaml; gitops-gen generate --format json")
        )


@contextmanager
def fleet() -> Iterator[Path]:
    """Gives the block a copy of this repository's fleet: generated, and committed."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        shutil.copytree(_committed() / "project", root)
        yield root


@cache
def _committed() -> Path:
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    root = folder / "project"
    for each in ("environments", "templates", "examples"):
        shutil.copytree(PROJECT / each, root / each)
    shutil.copy(PROJECT / ".gitattributes", root)
    run(root, "gitops-gen generate && git init --quiet && git add . && git commit --quiet --message all")
    return folder


def run(root: Path, script: str) -> str:
    """Returns what a shell prints where `gitops-gen` is this checkout's. Raises RuntimeError where that has a bug."""
    program = root.parent / "bin" / "gitops-gen"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gitops_gen "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    shown = subprocess.run(
        ["sh", "-c", script],
        check=False,
        cwd=root,
        env=_environment(program.parent),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ).stdout
    if _BUG in shown:
        raise RuntimeError(f"{script}\n{shown}")
    return shown


def _environment(programs: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}
    person = {
        f"GIT_{role}_{what}": "somebody@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    nothing_else = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat"}
    # The optional extras are not there, as for somebody who has installed the tool itself.
    (programs / "helm_python.py").write_text("raise ImportError\n", encoding="utf-8")
    where = {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": f"{programs}:{PROJECT}"}
    return kept | person | nothing_else | where


def _json(text: str) -> str:
    return f"```json\n{text}```"
