"""Tests of gitops_gen.evidence.folders."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.folders import Folders
from gitops_gen.yaml_reader.limits import MAX_BYTES

if TYPE_CHECKING:
    from pathlib import Path

PATHS = ("b.yaml", "a/z.yaml", "a/c/y.yaml", "a/b/x.yaml", "a/.git/w.yaml", "a/node_modules/v.yaml", "c/u.yaml")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in PATHS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "recurse", "expected"),
    [
        (".", True, ["b.yaml", "a/z.yaml", "a/b/x.yaml", "a/c/y.yaml", "c/u.yaml"]),
        ("a", True, ["a/z.yaml", "a/b/x.yaml", "a/c/y.yaml"]),
        ("a/", False, ["a/z.yaml"]),
        ("a/.git", True, ["a/.git/w.yaml"]),
        ("b.yaml", True, ["b.yaml"]),
        ("nowhere", True, []),
    ],
)
def test_files_come_before_what_is_in_the_folders_beside_them(
    root: Path, folder: str, recurse: bool, expected: list[str]
) -> None:
    folders = Folders(root)
    assert list(folders.under(folder, recurse=recurse)) == expected
    assert list(folders.under(folder, recurse=recurse)) == expected


def test_only_regular_files_that_were_met_and_are_not_huge_are_read(root: Path) -> None:
    (root / "link.yaml").symlink_to("b.yaml")
    (root / "huge.yaml").touch()
    os.truncate(root / "huge.yaml", MAX_BYTES + 1)
    (root / "full.yaml").touch()
    os.truncate(root / "full.yaml", MAX_BYTES)
    folders = Folders(root)
    assert folders.read("b.yaml") is None, "nobody has looked into its folder"
    list(folders.under("."))
    assert folders.read("b.yaml") == b"b.yaml"
    assert [folders.read(path) for path in ("link.yaml", "huge.yaml", "none.yaml")] == [None, None, None]
    assert len(folders.read("full.yaml") or b"") == MAX_BYTES


def test_a_link_that_leads_nowhere_or_in_a_circle_is_lost_and_its_folder_is_listed(root: Path) -> None:
    (root / "a/nowhere.yaml").symlink_to("gone.yaml")
    (root / "a/circle.yaml").symlink_to("circle.yaml")
    (root / "a/link.yaml").symlink_to("z.yaml")
    (root / "a/folder").symlink_to("b")
    folders = Folders(root)
    assert folders.is_lost_link("a/nowhere.yaml"), "whoever has looked into its folder"
    found = ["a/circle.yaml", "a/link.yaml", "a/nowhere.yaml", "a/z.yaml"]
    assert list(folders.under("a", recurse=False)) == found
    assert folders.refused == set()
    lost = [name for name in ("circle", "link", "nowhere", "z", "none") if folders.is_lost_link(f"a/{name}.yaml")]
    assert lost == ["circle", "nowhere"]
    assert not folders.is_lost_link("a/folder")
