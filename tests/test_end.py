"""The command line ends at once, and yet leaves nothing undone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
AT_ONCE = "import os\nend = os._exit\nos._exit = lambda code: (os.mkdir({path!r}), end(code))\n"
"""Leaves a folder if the process ends at once."""


def run(code: str, *arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Runs the command line in a process of its own, after some code."""
    code = f"{code}\nimport sys\nsys.argv[1:] = {list(arguments)!r}\nfrom gitops_gen.__main__ import main\nmain()\n"
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    keywords = {"capture_output": True, **options}
    return subprocess.run([sys.executable, "-c", code], env=environment, check=False, **keywords)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(("arguments", "code"), [(["checks"], 0), (["checks", "none"], 2), (["diff", "--help"], 0)])
def test_all_is_printed_and_the_code_is_told(tmp_path: Path, arguments: list[str], code: int) -> None:
    at_once = tmp_path / "at once"
    ended = run(AT_ONCE.format(path=str(at_once)), *arguments)
    slowly = run("import atexit\natexit.register(print, end='')", *arguments)
    assert at_once.exists()
    assert ended.returncode == slowly.returncode == code
    assert (ended.stdout, ended.stderr) == (slowly.stdout, slowly.stderr)
    assert ended.stdout or ended.stderr


@pytest.mark.parametrize(
    "code",
    [
        "import atexit\natexit.register(os.mkdir, {done!r})",
        "import threading, time\nthreading.Thread(target=lambda: (time.sleep(2), os.mkdir({done!r}))).start()",
    ],
    ids=["asked to be called", "another thread"],
)
def test_what_is_left_to_do_is_done(tmp_path: Path, code: str) -> None:
    at_once, done = tmp_path / "at once", tmp_path / "done"
    assert run((AT_ONCE + code).format(path=str(at_once), done=str(done)), "checks").returncode == 0
    assert (at_once.exists(), done.exists()) == (False, True)


@pytest.mark.parametrize("tool", ["setprofile", "settrace"])
def test_who_looks_on_sees_the_end(tmp_path: Path, tool: str) -> None:
    at_once = tmp_path / "at once"
    code = f"{AT_ONCE.format(path=str(at_once))}\nimport sys\nsys.{tool}(lambda *_: None)"
    assert run(code, "checks").returncode == 0
    assert not at_once.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")
@pytest.mark.parametrize("arguments", [["checks"], ["generate", "--check"]], ids=" ".join)
def test_what_cannot_be_written_is_told(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = run("", "-C", str(PROJECT), *arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    told = (
        "standard output: cannot be written: No space left on device\n"
        "  hint: make room there, or send it elsewhere; then run this again\n"
    )
    assert (ended.returncode, ended.stderr.decode()) == (4, told)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")
def test_where_nothing_can_be_told_the_code_is_the_same() -> None:
    with Path("/dev/full").open("wb") as full:
        assert run("", "-C", str(PROJECT), "checks", capture_output=False, stdout=full, stderr=full).returncode == 4


def test_streams_that_are_closed_are_none() -> None:
    assert (
        run("import os\nos.close(1)\nos.close(2)\nimport sys\nsys.stdout = sys.stderr = None", "checks").returncode == 0
    )
