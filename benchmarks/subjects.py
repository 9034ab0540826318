"""The commands that are measured on one fleet, each with what must be there before it, and what to look at after it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from benchmarks import floors, names
from benchmarks.fleets import EDITED_CLUSTER, PROJECT, Shape, edit_cluster, edit_template, restore_template, write_fleet
from benchmarks.interpreters import has_engine, without_engine
from benchmarks.measure import Run, Written, look_at, python, run, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

Subject: TypeAlias = "tuple[str, Callable[[int], tuple[Run, Written]]]"
"""The name of a figure, and what measures it once, given the number of the round."""

_NO_FILES = Written(0, 0, 0)


def start_subjects(folder: Path) -> Iterator[Subject]:
    """Yields what needs no fleet."""
    commands = {
        names.NOTHING: floors.NOTHING,
        names.IMPORTS: floors.IMPORTS,
        names.HELP: gitops_gen("--help"),
        names.VERSION: gitops_gen("--version"),
    }
    environment = environment_of(folder)
    for name, command in commands.items():
        yield name, partial(_run_alone, command, environment)


def _run_alone(command: tuple[str, ...], environment: Mapping[str, str], _: int) -> tuple[Run, Written]:
    return run(command, cwd=PROJECT, environment=environment), _NO_FILES


def fleet_subjects(folder: Path, shape: Shape) -> Iterator[Subject]:
    """Yields what is measured on a fleet. The folder is there, and empty."""
    bench = Bench(folder, shape)
    yield from start_floors(bench)
    yield names.BARE, bench.bare_loop
    yield names.COLD, lambda turn: bench.cold(turn, "1")
    if bench.knows("--jobs", "generate"):
        yield names.COLD_TWO, lambda turn: bench.cold(turn, "2")
    yield names.UNCHANGED, bench.unchanged
    yield names.ONE_CLUSTER, bench.one_cluster
    yield names.ONE_TEMPLATE, bench.one_template
    yield names.VERIFY, bench.judge_first
    yield names.VERIFY_AGAIN, lambda _: bench.judge("verify")
    if has_engine():
        interpreter = without_engine(folder / "without-engine")
        yield names.VERIFY_WITHOUT_ENGINE, lambda _: bench.judge("verify", interpreter=interpreter)
    if bench.knows("diff"):
        yield names.DIFF, bench.diff


def start_floors(bench: Bench) -> Iterator[Subject]:
    """Yields the floors that need no fleet; they stand in every round, beside what they are compared with."""
    yield names.NOTHING, lambda _: (bench.run(floors.NOTHING), _NO_FILES)
    yield names.IMPORTS, lambda _: (bench.run(floors.IMPORTS), _NO_FILES)


def gitops_gen(*arguments: str) -> tuple[str, ...]:
    """Returns a command of gitops-gen, as this checkout has it."""
    return python("-m", "gitops_gen", *arguments)


def environment_of(folder: Path) -> dict[str, str]:
    """Returns the variables of a measured process: what it keeps for itself, it keeps below the folder."""
    return {**os.environ, "PYTHONPATH": str(PROJECT), "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}


class Bench:
    """One fleet, in a folder: once generated and kept, and made anew for each cold run."""

    def __init__(self, folder: Path, shape: Shape) -> None:
        self._folder = folder
        self._shape = shape
        self._environment: Mapping[str, str] = environment_of(folder)
        self._kept = folder / "kept"
        self._contexts = folder / "contexts"
        write_fleet(self._kept, shape)
        self.run(gitops_gen("-C", str(self._kept), "generate"))
        self.run(python("-m", "benchmarks.contexts", str(self._kept), str(self._contexts)))
        self._commit()

    def run(self, command: tuple[str, ...]) -> Run:
        """Runs a command to its end, which must be a good one."""
        return run(command, cwd=PROJECT, environment=self._environment)

    def knows(self, word: str, *command: str) -> bool:
        """Tells whether the help of a command has a word, as the name of an option or of another command."""
        return word in self.run(gitops_gen(*command, "--help")).out.decode().split()

    def bare_loop(self, _: int) -> tuple[Run, Written]:
        """The same files with plain Jinja2, into a fresh folder."""
        target = self._folder / "bare"
        done = floors.bare_loop(self._contexts, target, self._environment, PROJECT)
        found = written({}, look_at(target))
        shutil.rmtree(target)
        return done, found

    def cold(self, turn: int, jobs: str) -> tuple[Run, Written]:
        """Generate for a fleet that no run has seen: no output folder, and nothing remembered."""
        root = self._folder / f"cold-{turn}-{jobs}"
        write_fleet(root, self._shape)
        options = ("--jobs", jobs) if self.knows("--jobs", "generate") else ()
        done = self.run(gitops_gen("-C", str(root), "generate", *options))
        found = written({}, look_at(root / "output"))
        shutil.rmtree(root)
        return done, found

    def generate(self, edited: str = "") -> tuple[Run, Written]:
        """Generate for the fleet that is kept."""
        before = look_at(self._kept / "output")
        done = self.run(gitops_gen("-C", str(self._kept), "generate"))
        return done, written(before, look_at(self._kept / "output"), edited)

    def unchanged(self, _: int) -> tuple[Run, Written]:
        """Generate right after another run, whatever was done to the model before that."""
        self.run(gitops_gen("-C", str(self._kept), "generate"))
        return self.generate()

    def one_cluster(self, turn: int) -> tuple[Run, Written]:
        """Generate after one fact of one cluster has changed."""
        edit_cluster(self._kept, turn)
        return self.generate(EDITED_CLUSTER)

    def one_template(self, turn: int) -> tuple[Run, Written]:
        """Generate after one template has changed, which makes a file for each cluster.

        It is put back afterwards: what else is measured is a fleet with the stock templates, as most are.
        """
        edit_template(self._kept, turn)
        found = self.generate()
        restore_template(self._kept)
        self.run(gitops_gen("-C", str(self._kept), "generate"))
        return found

    def judge_first(self, _: int) -> tuple[Run, Written]:
        """Judge what is kept, without anything that an earlier run has left."""
        shutil.rmtree(self._environment["XDG_CACHE_HOME"], ignore_errors=True)
        return self.judge("verify")

    def judge(self, *command: str, interpreter: str = sys.executable) -> tuple[Run, Written]:
        """A command that only reads."""
        _, *words = gitops_gen("-C", str(self._kept), *command)
        return self.run((interpreter, *words)), _NO_FILES

    def diff(self, turn: int) -> tuple[Run, Written]:
        """What a changed cluster comes to, against the last commit."""
        self._commit()
        edit_cluster(self._kept, turn + 1_000_000)
        return self.judge("diff")

    def _commit(self) -> None:
        person = ("-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "gc.auto=0")
        for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--allow-empty", "-m", "bench")):
            subprocess.run(["git", *person, *words], cwd=self._kept, env=dict(self._environment), check=True)
