"""A run that knows the last one does what a run that knows nothing does, whatever happened in between."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gitops_gen.last_run import shortcut, state
from gitops_gen.last_run.unchanged import trusted_state, up_to_date
from gitops_gen.outcome import Outcome
from gitops_gen.pipeline import generate, open_project
from gitops_gen.problems import GitopsGenError
from gitops_gen.tree.steps import Step, perform
from tests.tools.fleets import cluster, environment, model, write

if TYPE_CHECKING:
    from gitops_gen.tree import Tree

BASE = Path(__file__).parents[1] / "examples" / "base"
STATE = f"{state.FOLDER}/state"
TEMPLATES = {"note.yaml.j2": "cluster: <%= cluster.name | yaml %>\n", "helm/values.yaml.j2": "<%= values | yaml %>\n"}


def run(root: Path) -> Outcome | str:
    """What a run did, or what it said is wrong."""
    try:
        done = shortcut(root)
        return generate(open_project(root)) if done is None else done.outcome
    except GitopsGenError as error:
        return str(error)


def is_up_to_date(root: Path) -> bool:
    """Whether that is known without the model."""
    state = trusted_state(root)
    return state is not None and up_to_date(root, state)


def content(root: Path) -> dict[str, bytes | str | None]:
    """What stands in the output folder: bytes of files, targets of links, and None for folders."""
    found: dict[str, bytes | str | None] = {}
    for path in sorted((root / "output").rglob("*")):
        name = str(path.relative_to(root))
        found[name] = str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else None
    return found


class Histories(RuleBasedStateMachine):
    """The same edits in two projects; before each run one of them loses its state."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.roots = (self.folder / "remembers", self.folder / "forgets")
        for root in self.roots:
            shutil.copytree(BASE, root)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @rule()
    def runs(self) -> None:
        """Once more, with nothing in between."""

    @rule(
        path=st.sampled_from(["environments/dev.yaml", "environments/apps/web.yaml", "environments/fleet.yaml"]),
        edit=st.sampled_from(
            [
                ("EXAMPLED539D4633E53DE1B51EXAMPLE", "EXAMPLED539D4633E53DE1B52EXAMPLE"),
                ("us-east-1\n", "us-west-1\n"),
                ("    oidc_id", "    server: https://x.example.com\n    ca_data: ZXhhbXBsZQ==\n    oidc_id"),
                ("    oidc_id", "    secrets: {refresh_interval: 5m}\n    oidc_id"),
                ("    oidc_id", '    account_id: "999900001111"\n    oidc_id'),
                ("    oidc_id", "    # another comment\n    oidc_id"),
                ("stage: 1", "stage: 3"),
                ("replicaCount: 2", "replicaCount: 3"),
                ("db-password:", "api-password:"),
                ('"2.9.0"', '"2.0.0"'),
                ("name: shop", "name: mall"),
                ("\n\n", "\n# a comment\n\n"),
            ]
        ),
        back=st.booleans(),
    )
    def edits_the_model(self, path: str, edit: tuple[str, str], back: bool) -> None:
        old, new = reversed(edit) if back else edit
        self._rewrite(path, lambda text: text.replace(old, new, 1))

    @rule(region=st.sampled_from(["eu-west-1", "eu-west-2"]), number=st.integers(10, 12))
    def adds_a_cluster(self, region: str, number: int) -> None:
        entry = f"  - region: {region}\n    oidc_id: EXAMPLED539D4633E53DE1B{number}EXAMPLE\n"
        self._rewrite("environments/dev.yaml", lambda text: text + entry)

    @rule()
    def takes_the_last_cluster_away(self) -> None:
        self._rewrite("environments/dev.yaml", lambda text: text[: text.rfind("  - region")])

    @rule(
        path=st.sampled_from(["note.yaml.j2", "helm/values.yaml.j2"]), line=st.sampled_from(["# one\n", "# two\n", ""])
    )
    def edits_a_template(self, path: str, line: str) -> None:
        texts = {
            "note.yaml.j2": "cluster: <%= cluster.name | yaml %>\n",
            "helm/values.yaml.j2": "<%= values | yaml %>\n",
        }
        for root in self.roots:
            target = root / "templates" / path
            target.parent.mkdir(exist_ok=True)
            target.write_text(line + texts[path])

    @rule()
    def drops_a_template(self) -> None:
        for root in self.roots:
            (root / "templates/helm/values.yaml.j2").unlink(missing_ok=True)

    @rule(
        which=st.integers(0, 30), edit=st.sampled_from(["x", "longer", "gone", "link", "touched", "replaced", "folder"])
    )
    def edits_a_generated_file(self, which: int, edit: str) -> None:
        for root in self.roots:
            paths = sorted(path for path in (root / "output").rglob("*") if path.is_file() and not path.is_symlink())
            if paths:
                _edit(paths[which % len(paths)], edit)

    @rule(where=st.sampled_from(["", "argocd/", "environments/dev/"]), ours=st.booleans())
    def adds_a_file(self, where: str, ours: bool) -> None:
        mark = "# Generated by gitops_gen from templates/x and environments/x.yaml. DO NOT EDIT.\n" if ours else ""
        for root in self.roots:
            folder = root / "output" / where
            if folder.is_dir():
                (folder / "another.yaml").write_text(f"{mark}a: 1\n")

    @rule()
    def takes_the_other_file_away(self) -> None:
        for root in self.roots:
            for path in list((root / "output").rglob("another.yaml")):
                path.unlink()

    @rule(name=st.sampled_from(["environments", "environments/dev/empty", ".git"]))
    def adds_a_folder(self, name: str) -> None:
        for root in self.roots:
            (root / "output" / name).mkdir(parents=True, exist_ok=True)

    @rule(data=st.sampled_from([b"", b"x", b"gitops_gen state 3\n" + bytes(40), None]))
    def damages_the_state(self, data: bytes | None) -> None:
        path = self.roots[0] / STATE
        if data is None or not path.exists():
            shutil.rmtree(path.parent, ignore_errors=True)
        else:
            path.write_bytes(data)

    @invariant()
    def both_do_the_same(self) -> None:
        shutil.rmtree(self.roots[1] / state.FOLDER, ignore_errors=True)
        remembered, forgotten = (run(root) for root in self.roots)
        assert remembered == forgotten
        assert content(self.roots[0]) == content(self.roots[1])

    def _rewrite(self, path: str, change: object) -> None:
        for root in self.roots:
            file = root / path
            file.write_text(change(file.read_text()))  # type: ignore[operator]


def _edit(path: Path, edit: str) -> None:
    data = path.read_bytes()
    match edit:
        case "gone":
            path.unlink()
        case "link":
            path.unlink()
            path.symlink_to("/dev/null")
        case "folder":
            path.unlink()
            path.mkdir()
        case "touched":
            os.utime(path)
        case "replaced":
            beside = path.with_name("beside")
            beside.write_bytes(data[:-2] + b"y\n")
            os.utime(beside, ns=(0, 0))
            beside.replace(path)
        case "longer":
            path.write_bytes(data + b"# more\n")
        case _:
            status = path.stat()
            with path.open("r+b") as file:
                file.seek(len(data) - 2)
                file.write(b"x")
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


# Without making a failure smaller: each step is two runs, and the steps are told as they are.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)

TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=12, stateful_step_count=12, deadline=None, phases=PHASES)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    run(tmp_path)
    return tmp_path


def settle(root: Path) -> None:
    """Lets the clock of the file system go on, so that nothing could change without a trace, and a run see that."""
    for _ in range(2):
        time.sleep(0.03)
        run(root)
    assert is_up_to_date(root)


def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files below output/ that are opened from now on."""
    found: list[str] = []
    real = os.open

    def watched(path: str, *arguments: int, **options: int) -> int:
        if "/output/" in str(path):
            found.append(str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", watched)
    return found


def test_where_nothing_changed_no_file_is_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(root)
    found = opened(monkeypatch)
    assert is_up_to_date(root)
    assert found == []


def test_a_file_that_was_touched_is_read_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(root)
    os.utime(root / "output/argocd/projects/dev.yaml")
    found = opened(monkeypatch)
    assert is_up_to_date(root)
    assert [path.rpartition("/output/")[2] for path in found] == ["argocd/projects/dev.yaml"]
    settle(root)
    found.clear()
    assert is_up_to_date(root)
    assert found == []


@pytest.mark.parametrize("pause", [0.0, 0.1])
def test_an_edit_of_a_file_whose_run_is_about_to_end_is_seen(
    root: Path, monkeypatch: pytest.MonkeyPatch, pause: float
) -> None:
    run(root)
    before = content(root)
    path = root / "output/argocd/projects/dev.yaml"
    shutil.rmtree(root / "output")

    def perform_and_edit(tree: Tree, steps: list[Step]) -> None:
        perform(tree, steps)
        path.write_bytes(path.read_bytes().replace(b"kind", b"dnik"))

    with monkeypatch.context() as patch:
        patch.setattr("gitops_gen.tree.make_durable", lambda *_: time.sleep(pause))
        patch.setattr("gitops_gen.tree.perform", perform_and_edit)
        run(root)
    assert content(root) != before
    run(root)
    assert content(root) == before


def test_a_file_that_came_with_its_folder_is_not_looked_at_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(root / state.FOLDER)
    shutil.rmtree(root / "output")
    monkeypatch.setattr("gitops_gen.signature._TICK", 0)
    with monkeypatch.context() as patch:
        patch.setattr("gitops_gen.tree.make_durable", lambda *_: time.sleep(0.1))
        patch.setattr("gitops_gen.last_run.incremental.signature_after", None)
        assert isinstance(run(root), Outcome)
    assert is_up_to_date(root)


def test_of_a_file_written_within_a_tick_of_its_coming_nothing_is_known(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(root / state.FOLDER)
    shutil.rmtree(root / "output")
    monkeypatch.setattr("gitops_gen.signature._TICK", 3_600_000_000_000)
    assert isinstance(run(root), Outcome)
    left = state.read_state(root)
    assert left is not None
    assert set(left.files.numbers) == {0}


def test_of_one_changed_cluster_exactly_its_files_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = model(
        environments={"dev": environment(*(cluster(number, name=f"c-{number}") for number in range(1, 6)))},
        apps={
            "web": {"namespace": "web", "source": {"repo_url": "https://x.example/y", "path": "c", "revision": "main"}}
        },
    )
    write(tmp_path, files)
    run(tmp_path)
    settle(tmp_path)
    path = tmp_path / "environments/dev.yaml"
    path.write_text(path.read_text().replace("0003", "0009"))
    found = opened(monkeypatch)
    outcome = run(tmp_path)
    assert isinstance(outcome, Outcome)
    assert [change.path for change in outcome.changes] == ["environments/dev/clusters/c-3/c-3.tfvars"]
    compared = {name.rpartition("/output/")[2] for name in found if ".gitops-gen" not in name}
    assert compared == {"environments/dev/clusters/c-3/c-3.tfvars", "environments/dev/clusters/c-3/runbook.md"}


def test_a_file_names_the_model_file_that_it_comes_from_whatever_else_it_reads(root: Path) -> None:
    with (root / "templates/artifacts.yaml").open("a") as specs:
        specs.write("- name: own\n  for_each: cluster\n  template: own.md.j2\n  format: markdown\n")
        specs.write("  path: own/<%= cluster.name %>.md\n")
    (root / "templates/own.md.j2").write_text("the same for all\n")
    dev, production = root / "environments/dev.yaml", root / "environments/production.yaml"
    entry = "  - name: moving\n    region: eu-west-1\n    oidc_id: EXAMPLED539D4633E53DE1B99EXAMPLE\n"
    dev.write_text(dev.read_text() + entry)
    settle(root)
    own = root / "output/own/moving.md"
    before = own.read_text()

    dev.write_text(dev.read_text().replace(entry, ""))
    production.write_text(production.read_text() + entry)
    assert isinstance(run(root), Outcome)

    assert own.read_text() == before.replace("environments/dev.yaml", "environments/production.yaml") != before


def test_a_state_of_another_version_is_not_used(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(root)
    monkeypatch.setattr("gitops_gen.last_run.unchanged.code_digest", lambda: "another")
    assert not is_up_to_date(root)


def test_a_state_that_cannot_be_kept_costs_only_speed(root: Path) -> None:
    shutil.rmtree(root / state.FOLDER)
    (root / state.FOLDER).write_text("in the way")
    assert run(root) == run(root)
    assert not is_up_to_date(root)


def test_the_state_is_ignored_by_git(root: Path) -> None:
    assert (root / state.FOLDER / ".gitignore").read_text() == "*\n"


def test_the_warnings_of_the_model_are_told_each_time(root: Path) -> None:
    path = root / "environments/apps/web.yaml"
    path.write_text(path.read_text().replace("db-password:", "api-secret:"))
    warnings = open_project(root).warnings
    assert [each.code for each in warnings] == ["secret-path-end"]
    run(root)
    settle(root)
    done = shortcut(root)
    assert done is not None
    assert tuple(done.warnings) == warnings


def test_a_file_that_comes_where_nobody_reads_it_is_warned_of(root: Path) -> None:
    (root / "environments/more").mkdir()
    run(root)
    settle(root)
    assert shortcut(root) is not None

    (root / "environments/more/qa.yaml").write_text("stage: 1\n")

    assert not is_up_to_date(root)


def test_a_named_pipe_in_the_place_of_the_state_is_none(root: Path) -> None:
    path = root / STATE
    path.unlink()
    os.mkfifo(path)
    assert state.read_state(root) is None
    assert state.stamp_of(root) == b""


@pytest.mark.parametrize("size", range(0, 4000, 97))
def test_a_state_that_is_cut_short_is_none(root: Path, size: int) -> None:
    path = root / STATE
    path.write_bytes(path.read_bytes()[:size])
    assert state.read_state(root) is None
