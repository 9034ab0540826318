"""Tests of `gitops-gen diff`: what it compares with, its forms, exit codes and streams."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gitops_gen import git
from gitops_gen.model_diff import diff_against
from gitops_gen.problems import GitError
from tests.tools.command import gitops_gen
from tests.tools.generated import PROJECT
from tests.tools.repository import commit_all
from tests.tools.repository import git as run_git
from tests.tools.terminal import at_terminal

INTERVAL = "spec.refreshInterval 1h0m0s -> 30m0s in 6 ExternalSecrets: production 2, staging 2, dev 2"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of this repository's fleet and its output, committed."""
    root = tmp_path / "repository"
    for folder in ("environments", "output"):
        shutil.copytree(PROJECT / folder, root / folder)
    commit_all(root)
    return root


def change(root: Path) -> None:
    path = root / "environments/fleet.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("refresh_interval: 1h", "refresh_interval: 30m"), encoding="utf-8")


def test_without_a_change_nothing_differs(repository: Path) -> None:
    commit = run_git(repository, "rev-parse", "HEAD")[:7]

    answer = gitops_gen(repository, "diff", "--exit-code")

    assert (answer.code, answer.out, answer.err) == (0, f"no difference against HEAD ({commit})\n", "")


def test_a_change_of_the_model_is_told_and_nothing_is_written(repository: Path) -> None:
    change(repository)

    answer = gitops_gen(repository, "diff")

    assert answer.code == 0
    assert f"  {INTERVAL}\n" in answer.out
    assert run_git(repository, "status", "--short") == " M environments/fleet.yaml\n"


def test_exit_code_says_that_something_differs(repository: Path) -> None:
    change(repository)

    assert gitops_gen(repository, "diff", "--exit-code").code == 1


def test_a_hand_edit_that_is_not_committed_is_no_part_of_it(repository: Path) -> None:
    (repository / "output/argocd/projects/dev.yaml").write_text("by hand\n", encoding="utf-8")

    assert gitops_gen(repository, "diff", "--exit-code").code == 0


def test_a_revision_is_the_base(repository: Path) -> None:
    run_git(repository, "tag", "before")
    change(repository)
    gitops_gen(repository, "generate")
    commit_all(repository)

    assert gitops_gen(repository, "diff", "--exit-code").code == 0
    for base in ("before", "HEAD~1", run_git(repository, "rev-parse", "before").strip()):
        assert f"  {INTERVAL}\n" in gitops_gen(repository, "diff", base).out


@pytest.mark.parametrize("below", ["", "output"])
def test_a_folder_is_the_base(repository: Path, tmp_path: Path, below: str) -> None:
    shutil.copytree(repository / "output", tmp_path / "before" / "output")
    change(repository)

    for base in (str(tmp_path / "before" / below), f"../before/{below}"):
        answer = gitops_gen(repository, "diff", base)
        assert f"  {INTERVAL}\n" in answer.out
        assert (
            answer.out.splitlines()[0]
            .replace(str(tmp_path), "TMP")
            .endswith(f"against {base.replace(str(tmp_path), 'TMP')}".rstrip("/"))
        )


def test_a_path_from_python_is_a_folder_whatever_git_calls_so(repository: Path, tmp_path: Path) -> None:
    shutil.copytree(repository / "output", repository / "main")
    change(repository)

    assert diff_against(repository, Path("main")).summary.differences == 12
    assert diff_against(repository, None).summary.differences == 12


def test_a_name_of_a_revision_and_a_folder_is_refused(repository: Path) -> None:
    shutil.copytree(repository / "output", repository / "main")

    answer = gitops_gen(repository, "diff", "main")

    assert (answer.code, answer.err) == (
        4,
        "BASE: ambiguous-base: main is a revision of git and a folder\n  hint: write ./main for the folder\n",
    )
    assert gitops_gen(repository, "diff", "./main", "--exit-code").code == 0


def test_files_of_others_are_no_part_of_it(repository: Path) -> None:
    (repository / "output/README.md").write_text("# By hand\n", encoding="utf-8")
    (repository / "output/environments/dev/apps/myapp/by-hand.yaml").write_text("a: 1\n", encoding="utf-8")
    commit_all(repository)

    assert gitops_gen(repository, "diff", "--exit-code").code == 0


def test_a_link_is_no_generated_file(repository: Path) -> None:
    (repository / "output/link.yaml").symlink_to("argocd/projects/dev.yaml")
    commit_all(repository)

    assert "link.yaml" not in git.files_at(repository, "HEAD", "output")
    assert len(git.files_at(repository, "HEAD", "output")) == 47


def test_an_unknown_revision_is_refused_with_the_next_step(repository: Path) -> None:
    answer = gitops_gen(repository, "diff", "nosuch")

    assert (answer.code, answer.out, answer.err) == (
        4,
        "",
        (
            "BASE: unknown-base: git does not know nosuch\n"
            "  hint: name a branch, a tag, a commit, or a folder; git fetch brings what is only at the remote\n"
        ),
    )


def test_an_unknown_revision_is_told_in_json_too(repository: Path) -> None:
    answer = gitops_gen(repository, "diff", "nosuch", "--format", "json")

    assert answer.code == 4
    assert [each["code"] for each in json.loads(answer.out)["problems"]] == ["unknown-base"]


@pytest.mark.parametrize("base", ["--upload-pack=touch x", "a..b", "HEAD:output", "", "\n"])
def test_what_is_no_revision_is_refused_or_is_head(repository: Path, base: str) -> None:
    assert git.commit_of(repository, base) is None


def test_output_that_leads_out_of_the_repository_is_said_to_be_the_reason(repository: Path) -> None:
    outside = repository.parent / "outside"
    (repository / "output").rename(outside)
    (repository / "output").symlink_to(outside)

    answer = gitops_gen(repository, "diff")

    told = "BASE: unknown-base: there is no git repository where output leads to that could have HEAD"
    assert (answer.code, answer.err.splitlines()[0]) == (4, told)


def test_outside_of_a_repository_a_folder_is_asked_for(repository: Path) -> None:
    shutil.rmtree(repository / ".git")

    answer = gitops_gen(repository, "diff")

    assert (answer.code, answer.err) == (
        4,
        (
            "BASE: unknown-base: there is no git repository that could have HEAD\n"
            "  hint: name a folder with generated files: gitops-gen diff FOLDER\n"
        ),
    )
    assert gitops_gen(repository, "diff", "output", "--exit-code").code == 0


def test_without_git_it_is_git_that_is_missed(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))

    answer = gitops_gen(repository, "diff")

    assert (answer.code, answer.err) == (
        4,
        "BASE: unknown-base: git is not installed, or not on the PATH\n  hint: install git\n",
    )


def test_a_repository_of_another_user_is_told_with_what_admits_it(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    answer = gitops_gen(repository, "diff")

    assert (answer.code, answer.err) == (
        4,
        (
            "BASE: unknown-base: git does not trust the repository: its owner is another user\n"
            "  hint: if you do: git config --global --add safe.directory ROOT\n"
        ),
    )


def test_before_the_first_commit_there_is_no_base(repository: Path) -> None:
    shutil.rmtree(repository / ".git")
    run_git(repository, "init", "--quiet")

    answer = gitops_gen(repository, "diff")

    assert (answer.code, answer.err) == (
        4,
        "BASE: unknown-base: nothing is committed yet\n  hint: commit output/, or name a folder\n",
    )


def test_a_base_without_output_is_told_and_everything_is_new(repository: Path) -> None:
    run_git(repository, "rm", "-r", "--quiet", "--cached", "output")
    commit_all_but_output(repository)

    answer = gitops_gen(repository, "diff")

    commit = run_git(repository, "rev-parse", "HEAD")[:7]
    assert answer.code == 0
    assert f"output/ has no generated file at HEAD ({commit}): everything is new\n" in answer.out
    assert diff_against(repository).summary.files_added == 47


def commit_all_but_output(root: Path) -> None:
    (root / ".gitignore").write_text("output/\n", encoding="utf-8")
    commit_all(root)


def test_output_that_is_not_on_disk_is_read_from_git(repository: Path) -> None:
    shutil.rmtree(repository / "output")

    assert gitops_gen(repository, "diff", "--exit-code").code == 0


def test_the_output_may_be_a_repository_of_its_own(repository: Path) -> None:
    commit_all_but_output(repository)
    commit_all(repository / "output")
    change(repository)

    report = diff_against(repository)

    assert report.base == f"HEAD ({run_git(repository / 'output', 'rev-parse', 'HEAD')[:7]})"
    assert report.summary.differences == 12


def test_the_project_may_be_a_folder_of_a_repository(tmp_path: Path) -> None:
    root = tmp_path / "repository" / "fleet"
    for folder in ("environments", "output"):
        shutil.copytree(PROJECT / folder, root / folder)
    commit_all(tmp_path / "repository")
    change(root)

    assert diff_against(root).summary.differences == 12


def test_what_a_shallow_repository_lacks_is_told_to_be_fetched(repository: Path, tmp_path: Path) -> None:
    first = run_git(repository, "rev-parse", "HEAD").strip()
    change(repository)
    gitops_gen(repository, "generate")
    commit_all(repository)
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repository}", str(clone))

    assert gitops_gen(clone, "diff", "--exit-code").code == 0
    answer = gitops_gen(clone, "diff", first)
    assert (answer.code, answer.err) == (
        4,
        (
            f"BASE: unknown-base: git does not know {first}; the repository is shallow\n"
            "  hint: fetch it: git fetch --unshallow, or fetch-depth: 0 for actions/checkout\n"
        ),
    )


def test_a_damaged_repository_is_an_error_of_git(repository: Path) -> None:
    listed = run_git(repository, "ls-tree", "-r", "HEAD", "output/argocd/projects/dev.yaml")
    blob = listed.split()[2]
    path = repository / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.unlink()

    with pytest.raises(GitError, match="HEAD cannot be read"):
        diff_against(repository)


def test_names_that_git_would_quote_are_read(repository: Path, tmp_path: Path) -> None:
    mark = (repository / "output/argocd/projects/dev.yaml").read_text(encoding="utf-8").splitlines()[0]
    (repository / 'output/argocd/é "x" \t.yaml').write_text(f"{mark}\na: 1\n", encoding="utf-8")
    commit_all(repository)

    assert [each.path for each in diff_against(repository).files] == ['argocd/é "x" \t.yaml']


def test_an_invalid_model_is_told_as_everywhere(repository: Path) -> None:
    (repository / "environments/fleet.yaml").write_text("name: myapp\nnamspace: a\n", encoding="utf-8")

    answer = gitops_gen(repository, "diff")

    assert answer.code == 1
    assert "environments/fleet.yaml:2:1: unknown-key" in answer.err


@pytest.mark.parametrize(
    ("form", "start"), [("markdown", "**12 differences"), ("json", "{\n"), ("html", "<!doctype html>")]
)
def test_the_form_is_chosen(repository: Path, form: str, start: str) -> None:
    change(repository)

    answer = gitops_gen(repository, "diff", "--format", form)

    assert (answer.code, answer.out[: len(start)], answer.err) == (0, start, "")


def test_a_reader_that_goes_away_changes_no_exit_code(repository: Path) -> None:
    change(repository)
    reader, writer = os.pipe()
    os.close(reader)
    words = [sys.executable, "-m", "gitops_gen", "-C", str(repository), "diff", "--exit-code", "--format", "json"]

    done = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, text=True, cwd=PROJECT)

    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def test_what_does_not_fit_the_terminal_goes_through_the_pager(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho PAGED\ncat\n", encoding="utf-8")
    pager.chmod(0o755)
    monkeypatch.setenv("PAGER", str(pager))
    short = at_terminal(repository, ["diff"], [])
    monkeypatch.setenv("LINES", "5")
    monkeypatch.setenv("COLUMNS", "200")
    change(repository)
    long = at_terminal(repository, ["diff"], [])

    assert (short.code, "PAGED" in short.screen) == (0, False)
    assert (long.code, long.screen.startswith("PAGED"), INTERVAL in long.screen) == (0, True, True)


def test_colour_is_for_terminals_only(repository: Path) -> None:
    change(repository)

    assert "\x1b[" not in gitops_gen(repository, "diff").out
