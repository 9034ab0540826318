"""Files that cannot be read weigh less in a tree of somebody else."""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING

from gitops_gen.proof import verify
from tests.tools.generated import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest


def told(root: Path) -> list[tuple[str, str, str]]:
    return [(each.at.path, each.code, each.severity.value) for each in verify(root, (".",)).problems]


def test_a_link_within_the_work_tree_is_a_note_and_one_out_of_it_a_warning(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/a.yaml").write_text("a: 1\n")
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/a.yaml").symlink_to("../shared/a.yaml")
    (tmp_path / "apps/b.yaml").symlink_to(tmp_path / "shared/a.yaml")
    (tmp_path / "apps/c.yaml").symlink_to("/etc/hostname")
    assert sorted(told(tmp_path / "apps")) == [
        ("a.yaml", "symlink-outside", "note"),
        ("b.yaml", "symlink-outside", "warning"),
        ("c.yaml", "symlink-outside", "warning"),
    ]


def test_a_link_that_leads_nowhere_is_an_error_among_our_files_and_else_a_note(tmp_path: Path) -> None:
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/a.yaml").symlink_to("gone.yaml")
    (tmp_path / "apps/b.yaml").symlink_to("b.yaml")
    lost = ["apps/a.yaml", "apps/b.yaml"]
    assert told(tmp_path) == [(path, "unreadable-file", "note") for path in lost]

    shutil.copytree(PROJECT / "output", tmp_path / "output")
    assert [each for each in told(tmp_path) if each[0] in lost] == [(path, "unreadable-file", "error") for path in lost]


def test_another_encoding_is_a_warning_and_an_error_beside_our_files(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_bytes(b"a: \xff\n")
    assert told(tmp_path) == [("odd.yaml", "not-utf8", "warning")]

    shutil.copytree(PROJECT / "output", tmp_path / "output")
    assert ("odd.yaml", "not-utf8", "error") in told(tmp_path)


def test_utf_16_which_argo_cd_reads_is_a_note_and_an_error_beside_our_files(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_bytes("a: 1\n".encode("utf-16"))
    assert told(tmp_path) == [("odd.yaml", "not-utf8", "note")]

    shutil.copytree(PROJECT / "output", tmp_path / "output")
    assert ("odd.yaml", "not-utf8", "error") in told(tmp_path)


def test_a_folder_that_cannot_be_listed_is_an_error_among_our_files_and_else_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apps/closed").mkdir(parents=True)
    (tmp_path / "apps/a.yaml").write_text("a: 1\n")
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("/closed"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert told(tmp_path) == [("apps/closed", "unreadable-folder", "note")]

    shutil.copytree(PROJECT / "output", tmp_path / "output")
    assert ("apps/closed", "unreadable-folder", "error") in told(tmp_path)


def test_our_own_limit_of_bytes_is_a_note(tmp_path: Path) -> None:
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(33_554_433)
    assert told(tmp_path) == [("huge.yaml", "file-too-large", "note")]


def test_a_file_that_git_crypt_has_encrypted_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_bytes(b"\0GITCRYPT\0\xff")
    assert told(tmp_path) == [("odd.yaml", "binary-file", "note")]


def test_an_application_that_is_filled_in_first_says_so_of_its_repository_and_cluster(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web, namespace: argocd}\n"
        "spec:\n  project: default\n  source: {repoURL: '{{ repo }}', path: web}\n"
        "  destination: {server: '{{ server }}', namespace: web}\n"
    )
    assert [each.message for each in verify(tmp_path, (".",)).problems if each.code == "cannot-say"] == [
        "{{ repo }} is a template that is not filled in here, so what it brings is not known",
        "{{ server }} is a template that is not filled in here, so which cluster it lands on is not known",
    ]
