"""Command lines that are read without click mean what they mean to click; all others are left to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gitops_gen import cli
from gitops_gen.cli import run
from gitops_gen.commands.generation import GenerateOptions
from gitops_gen.commands.main import main
from gitops_gen.commands.verification import VerifyOptions
from gitops_gen.plain_arguments import read_plainly

if TYPE_CHECKING:
    from collections.abc import Sequence

PROJECT = Path(__file__).parents[1]
HERE = str(PROJECT)
OPTIONS = {"generate": GenerateOptions, "verify": VerifyOptions}

ROOTS = st.sampled_from([[], [], ["-C", "."], ["-C", HERE], ["-C", "nowhere"], ["-C", "-C"], [f"-C{HERE}"], ["-C"]])
COMMANDS = st.sampled_from(["generate", "verify", "generate", "verify", "check", "checks", "diff", "-C"])
NUMBERS = ("1", "2", "64", "65", "0", "-1", "+1", " 1", "1_0", "007", "9" * 5000, "\u0661", "\u00b2", "1.0", "")
WORDS = st.one_of(
    st.sampled_from([["--check"], ["--verify"], ["--strict"], ["output"], ["."], ["generate"]]),
    st.sampled_from([["--prune"], ["--che"], ["--help"], ["-h"], ["--version"], ["--"], ["--format", "json"], [""]]),
    st.sampled_from(NUMBERS).map(lambda number: ["--jobs", number]),
    st.sampled_from([["--jobs"], ["--jobs=2"], ["2"]]),
)
LINES = st.tuples(ROOTS, COMMANDS, st.lists(WORDS, max_size=4)).map(
    lambda each: [*each[0], each[1], *(word for words in each[2] for word in words)]
)


def by_click(arguments: Sequence[str]) -> tuple[Path, str, tuple[object, ...]] | None:
    """Returns the root, the command and all that is asked of it; None where click refuses, or says something."""
    try:
        with main.make_context("gitops-gen", [*arguments]) as context:
            name, command, rest = main.resolve_command(context, [*context._protected_args, *context.args])
            assert command is not None
            with command.make_context(name, rest, parent=context) as inner:
                return context.params["root"], str(name), OPTIONS[str(name)](**inner.params)
    except (click.ClickException, click.exceptions.Exit, KeyError, TypeError):
        return None


@given(LINES)
@example(["generate"])
@example(["-C", HERE, "generate", "--check", "--verify", "--jobs", "2"])
@example(["verify", "--strict", "output", "templates", "--jobs", "64", "--strict"])
@example(["-C", "-C", "generate"])
@example(["generate", "--jobs", "65"])
@example(["generate", "--jobs", "\u00b2"])
@example(["generate", "--jobs", "9" * 5000])
def test_what_is_read_plainly_is_what_click_reads(arguments: list[str]) -> None:
    read = read_plainly(arguments)
    if read is not None:
        root, command, asked = read
        assert (root, command, OPTIONS[command](**asked)) == by_click(arguments)


@pytest.mark.parametrize(
    ("arguments", "read"),
    [
        (["generate"], (Path(), "generate", {})),
        (["-C", HERE, "generate", "--verify"], (PROJECT, "generate", {"verify": True})),
        (["generate", "--jobs", "2", "--check"], (Path(), "generate", {"jobs": 2, "check": True})),
        (["verify", "a", "--strict", "b"], (Path(), "verify", {"strict": True, "paths": ("a", "b")})),
    ],
)
def test_what_most_people_ask_is_read_plainly(arguments: list[str], read: object) -> None:
    assert read_plainly(arguments) == read


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-C"],
        ["-C", HERE],
        ["-C", "no such folder", "generate"],
        ["-C", str(PROJECT / "README.md"), "generate"],
        ["generate", "--help"],
        ["generate", "--prune"],
        ["generate", "--jobs"],
        ["generate", "--jobs", "0"],
        ["generate", "--jobs=1"],
        ["generate", "output"],
        ["verify", "--check"],
        ["verify", "--", "output"],
        ["diff"],
    ],
    ids=" ".join,
)
def test_what_is_odd_is_left_to_click(arguments: list[str]) -> None:
    assert read_plainly(arguments) is None


def test_shell_that_asks_how_a_line_goes_on_is_answered(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_GITOPS_GEN_COMPLETE", "bash_source")
    with pytest.raises(SystemExit) as ended:
        run(["-C", str(project), "generate"])
    assert (ended.value.code, "COMP_WORDS" in capfd.readouterr().out) == (0, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_folder_that_cannot_be_read_is_left_to_click(tmp_path: Path) -> None:
    tmp_path.chmod(0o300)
    try:
        assert read_plainly(["-C", str(tmp_path), "generate"]) is None
    finally:
        tmp_path.chmod(0o700)


ASKED = [
    ["generate"],
    ["generate", "--check"],
    ["generate", "--check", "--verify", "--jobs", "2"],
    ["verify", "--strict"],
    ["verify", "environments"],
    ["verify", "nothing"],
    ["verify", ".."],
]


@pytest.mark.parametrize("broken", [False, True], ids=["sound", "broken"])
@pytest.mark.parametrize("arguments", ASKED, ids=" ".join)
def test_both_ways_say_the_same(
    project: Path,
    arguments: list[str],
    broken: bool,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if broken:
        (project / "environments" / "dev.yaml").write_text("account: 1\naccount: 2\n", encoding="utf-8")
    else:
        assert run(["-C", str(project), "generate"]) == 0
        capfd.readouterr()
    monkeypatch.chdir(project)
    plainly = run(arguments), *capfd.readouterr()
    monkeypatch.setattr(cli, "plain_call", lambda _: None)
    assert (run(arguments), *capfd.readouterr()) == plainly


def test_wrong_usage_is_told_with_how_it_is_used(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(project), "verify", "nothing"]) == 2
    usage = "Usage: gitops-gen verify [OPTIONS] [PATH]...\nTry 'gitops-gen verify --help' for help."
    assert capfd.readouterr() == ("", f"{usage}\n\nError: there is no nothing\n")


@pytest.mark.parametrize("arguments", [["generate"], ["generate", "--check"], ["verify", "--strict"]], ids=" ".join)
def test_sound_run_loads_neither_click_nor_dataclasses(project: Path, arguments: list[str]) -> None:
    assert run(["-C", str(project), "generate"]) == 0
    shutil.copytree(PROJECT / "examples", project / "examples")
    code = "import sys; from gitops_gen.cli import run; code = run(sys.argv[1:]); found = sys.modules.keys()"
    slow = "assert not {'click', 'dataclasses', 'inspect', 'pydantic', 'jinja2'} & found"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; {slow}; sys.exit(code)", "-C", str(project), *arguments],
        env={**os.environ, "PYTHONPATH": HERE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
