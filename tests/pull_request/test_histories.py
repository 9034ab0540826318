"""Random histories of a remote and a service, with faults: two runs converge, and no commit of a person is lost."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.tools.bot import BRANCH, Scene, scene
from tests.tools.command import gitops_gen
from tests.tools.hosting import Fault
from tests.tools.repository import git

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

ACCOUNTS = ("111122223333", "111122223334", "111122223335")
FAULTS = st.builds(
    Fault,
    st.sampled_from(["status", "lost", "html"]),
    st.sampled_from([401, 403, 404, 409, 422, 500, 503]),
    times=st.integers(1, 3),
    skip=st.integers(0, 4),
    writes=st.booleans(),
)


class Histories(RuleBasedStateMachine):
    """People push, merge, close and comment; runs are made, some of them hit by a fault."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.context: AbstractContextManager[Scene] | None = None
        self.commits: set[str] = set()
        self.number = 0

    @initialize(service=st.sampled_from(["github", "gitlab", "gitea"]), is_generated=st.booleans())
    def start(self, service: str, is_generated: bool) -> None:
        self.context = scene(Path(self.folder.name), service, is_generated=is_generated)
        self.scene = self.context.__enter__()

    @rule(account=st.sampled_from(ACCOUNTS))
    def model_changes(self, account: str) -> None:
        file = self.scene.checkout / "environments/dev.yaml"
        file.write_text(f'account_id: "{account}"\n' + file.read_text().partition("\n")[2])

    @rule(generates=st.booleans())
    def model_is_pushed_to_the_base(self, generates: bool) -> None:
        if generates:
            gitops_gen(self.scene.checkout, "generate")
        git(self.scene.checkout, "fetch", "--quiet", str(self.scene.bare), "main")
        if git(self.scene.checkout, "rev-parse", "HEAD") == git(self.scene.checkout, "rev-parse", "FETCH_HEAD"):
            self.commits.add(self.scene.push_base())

    @rule()
    def person_commits_to_the_branch(self) -> None:
        if BRANCH in self.scene.branches():
            self.number += 1
            self.commits.add(self.scene.commit_of_a_person(BRANCH, f"note{self.number}.txt"))

    @rule()
    def person_makes_the_branch(self) -> None:
        if BRANCH not in self.scene.branches():
            git(self.scene.bare, "update-ref", f"refs/heads/{BRANCH}", "main")

    @rule()
    def branch_is_deleted(self) -> None:
        """By a person, together with all that is on it."""
        if BRANCH in self.scene.branches():
            on_it = set(git(self.scene.bare, "rev-list", f"main..{BRANCH}").split())
            self.commits -= on_it
            git(self.scene.bare, "update-ref", "-d", f"refs/heads/{BRANCH}")

    @rule()
    def branch_is_merged(self) -> None:
        if BRANCH in self.scene.branches():
            done = git(self.scene.bare, "merge-base", "main", BRANCH).strip() == self.scene.at("main")
            if done:
                git(self.scene.bare, "update-ref", "refs/heads/main", BRANCH)

    @rule()
    def person_closes_or_renames(self) -> None:
        for pull in self.scene.hosted.store.pulls.values():
            pull.state, pull.title = ("closed", pull.title) if pull.number % 2 else (pull.state, f"my {pull.title}")

    @rule(fault=FAULTS)
    def run_with_a_fault(self, fault: Fault) -> None:
        self.scene.hosted.faults.append(fault)
        assert self.scene.pr().code in (0, 1, 4)
        self.scene.hosted.faults.clear()

    @rule()
    def two_runs(self) -> None:
        first = self.scene.pr()
        assert first.code in (0, 1), first
        hosted = self.scene.hosted
        before = len(hosted.writes), hosted.pushes
        second = self.scene.pr()
        assert second.code == first.code
        assert (len(hosted.writes), hosted.pushes) == before
        if first.code == 0:
            self._is_settled()

    def _is_settled(self) -> None:
        """One open pull request with one commit on top of a commit of the base, or none at all."""
        opened = [pull for pull in self.scene.hosted.store.opened() if pull.branch == BRANCH]
        if opened:
            assert len(opened) == 1
            assert len(git(self.scene.bare, "rev-list", f"main..{BRANCH}").split()) == 1
            assert git(self.scene.bare, "diff", "--name-only", "main", BRANCH).strip()

    @invariant()
    def no_commit_of_a_person_is_lost(self) -> None:
        if self.context is not None:
            there = set(git(self.scene.bare, "rev-list", "--all").split())
            assert self.commits <= there

    def teardown(self) -> None:
        if self.context is not None:
            self.context.__exit__(None, None, None)
        self.folder.cleanup()


def test_histories() -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=5, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
