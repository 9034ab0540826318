"""Helm's engine runs in a process of its own: what a chart does to it, ends there."""

from __future__ import annotations

import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from textwrap import dedent
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence import helm
from gitops_gen.evidence.helm import process
from gitops_gen.proof import verify
from gitops_gen.workers import in_parallel
from tests.checks.test_chart_rendering import tree
from tests.checks.trees import URL, shown
from tests.tools.helm import requires_helm
from tests.tools.interrupts import heeded_interrupt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = requires_helm

PROJECT = Path(__file__).parents[2]
ENDLESS = "{{ range until 30000 }}{{ range until 30000 }}{{ $_ := sha256sum `a` }}{{ end }}{{ end }}"
TOO_LARGE = "{{ range until 300000000 }}a: b\n{{ end }}"


@pytest.fixture(autouse=True)
def _engine_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Has each test start an engine, whatever limits it gives it, and ends that with it."""
    running: list[process._Engine] = []
    monkeypatch.setattr(process, "_running", running)
    yield
    for each in tuple(running):
        os.kill(each.number, signal.SIGKILL)
        process._ended(each)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The engines that were started, by their numbers."""
    numbers: list[int] = []
    start = process._started

    def counted() -> process._Engine:
        engine = start()
        numbers.append(engine.number)
        return engine

    monkeypatch.setattr(process, "_started", counted)
    return numbers


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(dedent(text).lstrip("\n"))


def unsaid(root: Path) -> list[str]:
    """What verify cannot say of the charts in a tree."""
    problems = verify(root, stated={URL: "."}).problems
    return [shown(each) for each in problems if each.code == "cannot-say" and "charts/web" in each.message]


@pytest.mark.parametrize(
    ("limit", "value", "template", "reason"),
    [
        ("SECONDS", 1, ENDLESS, "it takes Helm more than 1 seconds"),
        (
            "MEMORY",
            1024**3,
            TOO_LARGE,
            "Helm's engine broke down over it, as it does where 1 GiB of memory are not enough, or not to be had",
        ),
    ],
    ids=["time", "memory"],
)
def test_a_chart_without_end_is_told_and_not_asked_for_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    started: list[int],
    limit: str,
    value: int,
    template: str,
    reason: str,
) -> None:
    monkeypatch.setattr(process, limit, value)
    files = tree(**{"charts/web/templates/endless.yaml": template})
    files["apps/other.yaml"] = files["apps/web.yaml"].replace("name: web", "name: other").replace(": web", ": other")
    write(tmp_path, files)

    told = unsaid(tmp_path)

    assert told == [
        f"apps/{name}.yaml:17:13: note: the chart charts/web is not rendered: {reason}\n"
        "hint: look for what in it, or in its values, has no end"
        for name in ("other", "web")
    ]
    assert len(started) == 1
    assert helm.read_values("a: b\n") == {"a": "b"}
    assert len(started) == 2


def test_an_engine_that_does_not_run_here_is_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "helm_python.py").write_text("raise OSError('no such architecture')\n")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    write(tmp_path, tree())

    (told,) = unsaid(tmp_path)
    assert told.partition("\n")[0] == (
        f"apps/web.yaml:17:13: note: the chart charts/web is not rendered, for want of Helm's engine: {helm.EXTRA}"
    )


def test_an_engine_loads_nothing_that_this_process_would_not(tmp_path: Path) -> None:
    (tmp_path / "base64.py").write_text("raise SystemExit('not asked for')\n")
    ask = "from gitops_gen.evidence.helm import read_values; print(read_values('a: b'))"
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(PROJECT)!r}); {ask}"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert told.stdout == "{'a': 'b'}\n"


def test_a_package_in_an_archive_asks_the_engine_and_keeps_nothing(tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", PROJECT, "gitops_gen")
    write(tmp_path / "tree", tree())
    write(tmp_path / "tree", {"charts/web/templates/guard.yaml": '{{ fail "asked" }}'})
    command = [sys.executable, "-m", "gitops_gen", "-C", str(tmp_path / "tree"), "verify", "--repo", f"{URL}=."]
    environment = {**os.environ, "PYTHONPATH": packed, "XDG_CACHE_HOME": str(tmp_path / "caches")}
    told = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "charts/web/templates/guard.yaml:1:4: chart-rendering" in told.stdout
    assert not (tmp_path / "caches").exists()


def test_an_engine_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(helm.HelmLostError, match="cannot be started: No such file or directory"):
        helm.read_values("a: b\n")


@pytest.mark.parametrize("left", [0, 1, 2, 3])
def test_an_engine_for_which_no_file_can_be_opened_is_told(left: int) -> None:
    assert process.is_installed()
    _, hard = limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = [os.open(os.devnull, os.O_RDONLY) for _ in range(left + 1)]
    for each in free:
        os.close(each)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free[-1], hard))
    try:
        with pytest.raises(helm.HelmLostError, match="cannot be started: Too many open files"):
            helm.start()
        assert [os.open(os.devnull, os.O_RDONLY) for _ in free[:-1]] == free[:-1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for each in free[:-1]:
            with suppress(OSError):
                os.close(each)


def test_an_engine_that_ends_between_two_questions_is_told_once() -> None:
    assert helm.read_values("a: b\n") == {"a": "b"}
    os.kill(process._running[0].number, signal.SIGKILL)
    with pytest.raises(helm.HelmLostError, match="broke down"):
        helm.read_values("a: c\n")
    assert helm.read_values("a: c\n") == {"a": "c"}


def test_threads_that_ask_an_engine_that_ends_each_get_an_answer_or_are_told() -> None:
    told: list[object] = []

    def read(number: int) -> None:
        for each in range(10):
            try:
                told.append(helm.read_values(f"a: {number}{each}\n") == {"a": number * 10 + each})
            except helm.HelmLostError:
                told.append("lost")
            except BaseException as error:  # noqa: BLE001 - that there is none is what is asked
                told.append(error)

    threads = [Thread(target=read, args=(number,)) for number in range(1, 5)]
    for each in threads:
        each.start()
    while any(each.is_alive() for each in threads):
        time.sleep(0.001)
        for engine in tuple(process._running) if told[-1:] == [True] else ():
            with suppress(ProcessLookupError):
                os.kill(engine.number, signal.SIGKILL)

    assert len(told) == 40
    assert set(told) <= {True, "lost"}
    assert "lost" in told


def test_threads_start_one_engine(monkeypatch: pytest.MonkeyPatch, started: list[int]) -> None:
    start = process._started

    def slowly() -> process._Engine:
        time.sleep(0.05)
        return start()

    monkeypatch.setattr(process, "_started", slowly)
    threads = [Thread(target=helm.start) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(started) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="ends are reaped by whom POSIX leaves open")
def test_ctrl_c_is_not_lost_on_an_engine_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    heeded = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert helm.read_values("a: b\n") == {"a": "b"}

        def interrupted(engine: process._Engine, question: bytes) -> bytes:
            os.kill(engine.number, signal.SIGKILL)
            while Path(f"/proc/{engine.number}").exists():
                time.sleep(0.01)
            raise KeyboardInterrupt

        monkeypatch.setattr(process, "_asked", interrupted)
        with pytest.raises(KeyboardInterrupt):
            helm.read_values("a: c\n")
    finally:
        signal.signal(signal.SIGCHLD, heeded)


def test_a_process_that_was_forked_asks_an_engine_of_its_own() -> None:
    helm.start()
    own = process._running[0].number

    def work(number: int) -> tuple[object, bool]:
        return helm.read_values(f"a: {number}\n"), process._running[0].number == own

    assert in_parallel([0, 1, 2], work) == (({"a": 0}, False), ({"a": 1}, False), ({"a": 2}, True))


def test_a_time_is_the_same_wherever_this_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path, {"Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "templates/a.yaml": "{{ date `15` 0 }}"}
    )
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert helm.render(tmp_path, {}, release="web", namespace="web").texts == {"web/templates/a.yaml": "00"}


def test_what_helm_warns_of_is_not_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = tree(**{"charts/web/values.yaml": "account: web\nsecret: db\nreplicas: {a: b}\n"})
    write(tmp_path, {**files, "values.yaml": "replicas: s3cr3t\n"})
    helm.render(tmp_path / "charts/web", {"replicas": "s3cr3t"}, release="web", namespace="web")
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run of verify that has no end, in a session of its own."""
    write(tmp_path, tree(**{"charts/web/templates/endless.yaml": ENDLESS}))
    command = [sys.executable, "-m", "gitops_gen", "-C", str(tmp_path), "verify", "--repo", f"{URL}=."]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with heeded_interrupt():
        running = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
    yield running
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_ctrl_c_ends_what_has_no_end(endless: subprocess.Popen[str]) -> None:
    engine = rendering(endless.pid)

    os.killpg(endless.pid, signal.SIGINT)
    _, told = endless.communicate(timeout=20)

    assert (endless.returncode, told) == (
        130,
        "\ninterrupted: no file is half-written, and the next run completes the rest\n",
    )
    assert not Path(f"/proc/{engine}").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["terminated", "killed"])
def test_what_has_no_end_ends_with_whoever_asks(endless: subprocess.Popen[str], how: signal.Signals) -> None:
    engine = rendering(endless.pid)

    endless.send_signal(how)
    endless.communicate(timeout=20)

    for _ in range(100):
        if not is_running(engine):
            break
        time.sleep(0.05)
    assert not is_running(engine)


def is_running(number: int) -> bool:
    """True for a process that is neither gone nor waits to be taken note of."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def rendering(parent: int) -> int:
    """The engine of a process, when it has been busy for half a second."""
    for _ in range(600):
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                command = (folder / "cmdline").read_text()
            except OSError:
                continue
            if int(stat[1]) == parent and "engine.py" in command and int(stat[11]) > os.sysconf("SC_CLK_TCK") / 2:
                return int(folder.name)
        time.sleep(0.05)
    raise AssertionError("no engine was seen at work")


NOISY = """
import importlib.util, sys
print("something that is said while it is loaded")
spec = importlib.util.spec_from_file_location("logging", {path!r}, submodule_search_locations=[{folder!r}])
sys.modules["logging"] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
"""


def test_what_is_printed_while_the_engine_is_loaded_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noisy = NOISY.format(path=logging.__file__, folder=str(Path(logging.__file__).parent))
    (tmp_path / "logging.py").write_text(noisy, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert helm.read_values("a: 1") == {"a": 1}
