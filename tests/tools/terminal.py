"""A command at a terminal of its own, with a person who types an answer to each question."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT = Path(__file__).parents[2]
_PATIENCE = 60.0


@dataclass(frozen=True)
class Dialogue:
    """What stood on the terminal at the end, the answers included, and the exit code."""

    code: int
    screen: str


def at_terminal(root: Path, arguments: Sequence[str], answers: Sequence[tuple[str, str]]) -> Dialogue:
    """Runs `gitops-gen -C root ...`. Each answer is typed once the text before it is the end of the screen."""
    leader, follower = pty.openpty()
    words = [sys.executable, "-m", "gitops_gen", "-C", str(root), *arguments]
    environment = {**os.environ, "TERM": "dumb", "NO_COLOR": "1", "PYTHONPATH": str(PROJECT)}
    started = subprocess.Popen(words, env=environment, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    screen = ""
    try:
        for question, answer in answers:
            screen = _until(leader, screen, question)
            os.write(leader, f"{answer}\n".encode())
        screen = _until(leader, screen, None)
        code = started.wait(_PATIENCE)
    finally:
        started.kill()
        started.wait()
        os.close(leader)
    return Dialogue(code, screen.replace("\r\n", "\n").replace(str(root), "ROOT"))


def _until(leader: int, screen: str, end: str | None) -> str:
    """Reads until what is new on the screen ends with a text, or, for None, until the command ends."""
    before = len(screen)
    while end is None or not screen[before:].endswith(end):
        ready, _, _ = select.select([leader], [], [], _PATIENCE)
        assert ready, f"nothing came after {screen!r}"
        try:
            chunk = os.read(leader, 4096)
        except OSError:  # Linux says so when the other end is closed
            chunk = b""
        if not chunk:
            assert end is None, f"ended before {end!r} with {screen!r}"
            return screen
        screen += chunk.decode()
    return screen
