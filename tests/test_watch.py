"""gitops-gen watch: a real process over real files. Nothing here waits for a time, only for what must be printed."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gitops_gen.cli import run
from gitops_gen.regeneration import Regeneration
from tests.tools.interrupts import heeded_interrupt

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds after which a line that must come is taken not to come."""

APP = "environments/apps/myapp.yaml"
DEV = "environments/dev.yaml"

STOPPED = "no longer watching; no file is half-written"
TEMPLATE = "templates/terraform/cluster.tfvars.j2"


class Watch:
    """A running `gitops-gen watch`, and the lines that it prints."""

    def __init__(self, root: Path, *options: str) -> None:
        self.root = root
        self._polls = "--poll" in options
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WATCHFILES_")}
        with heeded_interrupt():
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gitops_gen", "-C", str(root), "watch", *options],
                env={**environment, "PYTHONPATH": str(PROJECT), "NO_COLOR": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        self._rounds: queue.Queue[str] = queue.Queue()
        self.told: list[str] = []
        self._readers = [
            threading.Thread(target=self._read_rounds, daemon=True),
            threading.Thread(target=self._read_told, daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def _read_rounds(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._rounds.put(line.rstrip())

    def _read_told(self) -> None:
        assert self.process.stderr is not None
        self.told.extend(line.rstrip() for line in self.process.stderr)

    def round(self) -> str:
        """The next line, without the hour and without how long it took."""
        line = self._rounds.get(timeout=PATIENCE)
        found = re.fullmatch(r"\d\d:\d\d:\d\d  (.*) \(\d+\.\d\d s\)", line)
        assert found is not None, line
        return found[1]

    def answers(self, path: str, did: str) -> None:
        """Asserts the next line. What a poll missed at first, it finds without its name."""
        line = self.round()
        assert line.endswith(f" -> {did}") if self._polls else line == f"{path} -> {did}", line

    def interrupt(self) -> int:
        """Ends it as Ctrl-C does, and returns the exit code. No line may be left that nobody asked for."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        assert self._rounds.empty(), list(self._rounds.queue)
        return code

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture(params=[(), ("--poll",)], ids=["told by the system", "polling"])
def watch(request: pytest.FixtureRequest, project: Path) -> Iterator[Watch]:
    """A watch over a copy of this repository's fleet, generated, without verify; its first line is read."""
    assert run(["-C", str(project), "generate"]) == 0
    found = Watch(project, "--no-verify", *request.param)
    try:
        assert found.round() == "at the start -> nothing to write"
        yield found
    finally:
        found.end()


@pytest.fixture
def proving(project: Path) -> Iterator[Watch]:
    """A watch that verifies as well, over a generated fleet with what it needs beside it; its first line is read."""
    shutil.copytree(PROJECT / "examples", project / "examples")
    assert run(["-C", str(project), "generate"]) == 0
    found = Watch(project)
    try:
        assert found.round() == "at the start -> nothing to write; nothing is broken"
        yield found
    finally:
        found.end()


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    save(root, path, text.replace(old, new, 1))


def save(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def test_an_edit_is_generated_and_told_in_one_line(watch: Watch) -> None:
    edit(watch.root, APP, "replicaCount: 4", "replicaCount: 5")
    watch.answers(APP, "1 file written")
    path = watch.root / "output/environments/production/apps/myapp/values.yaml"
    assert "replicaCount: 5\n" in path.read_text()
    assert watch.interrupt() == 0
    assert watch.told == [f"watching {watch.root}; Ctrl-C ends it", STOPPED]


def test_an_editor_that_saves_by_rename_is_one_change(watch: Watch) -> None:
    beside = watch.root / "environments/apps/.myapp.yaml.swp"
    beside.write_text((watch.root / APP).read_text().replace("replicaCount: 4", "replicaCount: 5"))
    (watch.root / APP).rename(watch.root / f"{APP}~")
    beside.rename(watch.root / APP)
    (watch.root / f"{APP}~").unlink()
    watch.answers(APP, "1 file written")
    assert watch.interrupt() == 0


def test_a_broken_model_is_told_and_the_next_save_goes_on(watch: Watch) -> None:
    edit(watch.root, APP, "namespace: myapp", "namspace: myapp")
    watch.answers(APP, "1 problem; nothing written")
    edit(watch.root, APP, "namspace: myapp", "namespace: myapp")
    watch.answers(APP, "nothing to write")
    assert watch.interrupt() == 0
    assert watch.told[1:3] == [
        f"{APP}:3:1: unknown-key: namspace is not known here",
        "  hint: did you mean namespace?",
    ]


def test_a_new_app_and_its_end_are_seen(watch: Watch) -> None:
    app = "environments/apps/web.yaml"
    save(watch.root, app, (watch.root / APP).read_text().replace("myapp", "web"))
    assert watch.round().startswith(f"{app} -> ")
    assert (watch.root / "output/argocd/applicationsets/web.yaml").exists()
    (watch.root / app).unlink()
    assert watch.round().startswith(f"{app} -> ")
    assert not (watch.root / "output/environments/dev/apps/web").exists()
    assert watch.interrupt() == 0
    # What may be a protected environment's stays, and that is said.
    assert any(line.startswith("left alone, though no longer planned") for line in watch.told)


def test_a_new_folder_of_templates_is_watched_from_then_on(watch: Watch) -> None:
    stock = (PROJECT / TEMPLATE).read_text()
    save(watch.root, TEMPLATE, f"{stock}# one\n")
    assert watch.round().endswith(" -> 6 files written")
    save(watch.root, TEMPLATE, f"{stock}# two\n")
    watch.answers(TEMPLATE, "6 files written")
    assert watch.interrupt() == 0


def test_a_generated_file_that_was_edited_by_hand_is_generated_again(watch: Watch) -> None:
    path = "output/argocd/projects/dev.yaml"
    text = (watch.root / path).read_text()
    save(watch.root, path, f"{text}# by hand\n")
    watch.answers(path, "1 file written")
    assert (watch.root / path).read_text() == text
    (watch.root / path).unlink()
    watch.answers(path, "1 file written")
    assert watch.interrupt() == 0


def test_an_output_folder_that_was_deleted_is_made_again_and_watched(watch: Watch) -> None:
    # In one step, or the watch would begin to mend it half-way.
    (watch.root / "output").rename(watch.root.parent / "gone")
    assert watch.round().endswith(" -> 47 files written")
    path = "output/argocd/projects/dev.yaml"
    save(watch.root, path, f"{(watch.root / path).read_text()}# by hand\n")
    # The watch of the new folder may begin after this; then it is found without its name.
    assert watch.round() in (f"{path} -> 1 file written", "output -> 1 file written")
    assert watch.interrupt() == 0


def test_a_foreign_file_is_told_once(watch: Watch) -> None:
    save(watch.root, "output/notes.txt", "mine")
    edit(watch.root, APP, "replicaCount: 4", "replicaCount: 5")
    assert watch.round().endswith(" -> 1 file written")
    edit(watch.root, APP, "replicaCount: 5", "replicaCount: 6")
    watch.answers(APP, "1 file written")
    assert watch.interrupt() == 0
    assert watch.told[1:] == [
        "not ours, and left alone (1 file):",
        "  output/notes.txt",
        STOPPED,
    ]


def test_what_hidden_folders_and_other_tools_hold_is_passed_over(watch: Watch) -> None:
    for path in (".git/index", "environments/.cache/a.yaml", "node_modules/a/b.yaml", "environments/#dev.yaml#"):
        save(watch.root, path, "text: changed\n")
    edit(watch.root, APP, "replicaCount: 4", "replicaCount: 5")
    watch.answers(APP, "1 file written")
    assert watch.interrupt() == 0


def test_verify_tells_what_is_newly_broken_and_what_is_no_longer(proving: Watch) -> None:
    values = "examples/values/myapp/production.yaml"
    kept = (proving.root / values).read_text()
    save(proving.root, values, f"{kept}replicaCount: none of it\n")
    assert proving.round() == f"{values} -> nothing to write; 1 error"
    edit(proving.root, APP, "replicaCount: 1", "replicaCount: 2")
    assert proving.round() == f"{APP} -> 1 file written; 1 error"
    save(proving.root, values, kept)
    assert proving.round() == f"{values} -> nothing to write; nothing is broken"
    assert proving.interrupt() == 0
    assert sum(": chart-values: " in line for line in proving.told) == 1


def test_what_was_told_is_not_told_again_because_the_model_was_broken_in_between(proving: Watch) -> None:
    values = "examples/values/myapp/production.yaml"
    save(proving.root, values, f"{(proving.root / values).read_text()}replicaCount: none of it\n")
    assert proving.round() == f"{values} -> nothing to write; 1 error"
    edit(proving.root, APP, "namespace: myapp", "namspace: myapp")
    assert proving.round() == f"{APP} -> 1 problem; nothing written"
    edit(proving.root, APP, "namspace: myapp", "namespace: myapp")
    assert proving.round() == f"{APP} -> nothing to write; 1 error"
    assert proving.interrupt() == 0
    assert sum(": chart-values: " in line for line in proving.told) == 1
    assert sum(": cannot-say: the chart external-secrets" in line for line in proving.told) == 1


def test_an_interrupt_in_the_middle_of_a_run_ends_it_as_well(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Regeneration) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Regeneration, "run", interrupted)
    assert run(["-C", str(project), "watch"]) == 0
    assert capsys.readouterr() == ("", f"{STOPPED}\n")


def test_a_name_that_is_no_utf8_is_told_and_ends_no_watch(watch: Watch) -> None:
    path = os.fsencode(watch.root) + b"/environments/\xff.yaml"
    Path(os.fsdecode(path)).touch()
    line = watch.round()
    assert line.endswith(" -> 1 problem; nothing written")
    Path(os.fsdecode(path)).unlink()
    assert watch.round().endswith(" -> nothing to write")
    edit(watch.root, APP, "replicaCount: 4", "replicaCount: 5")
    assert watch.round().endswith(" -> 1 file written")
    assert watch.interrupt() == 0


def test_the_first_run_generates_what_is_not_there(project: Path) -> None:
    found = Watch(project, "--no-verify")
    try:
        assert found.round() == "at the start -> 47 files written"
        assert found.interrupt() == 0
    finally:
        found.end()


def test_without_a_model_it_waits_for_one(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    found = Watch(root, "--no-verify")
    try:
        assert found.round() == "at the start -> 1 problem; nothing written"
        # Made outside of what is watched, so that it comes whole.
        shutil.copytree(PROJECT / "environments", tmp_path / "beside")
        (tmp_path / "beside").rename(root / "environments")
        assert found.round() == "environments -> 47 files written"
        edit(root, APP, "replicaCount: 4", "replicaCount: 5")
        # The watch of the new output folder may begin after this; then it is found without its name.
        assert found.round() in (f"{APP} -> 1 file written", "output -> 1 file written")
        assert found.interrupt() == 0
    finally:
        found.end()


def test_without_watchfiles_it_says_what_to_install(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert run(["-C", str(project), "watch"]) == 1
    assert capsys.readouterr().err == (
        "watch: watchfiles-missing: watching needs watchfiles, which is not installed\n"
        "  hint: python -m pip install 'gitops-gen[watch]'\n"
    )


def test_a_root_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    from gitops_gen.watcher import WatchError, batches

    with pytest.raises(WatchError, match=r"watch-refused: the folders cannot be watched: .*No such file"):
        next(batches(tmp_path / "gone"))
