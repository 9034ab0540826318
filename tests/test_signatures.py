"""A signature is kept only if no later change of the file could leave it as it is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gitops_gen import workers
from gitops_gen.signature import ABSENT, UNKNOWN, Signature, inode_of, settled, signature_of
from gitops_gen.signatures import Signatures, all_stale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SECOND = 1_000_000_000
NOW = 1_800_000_000 * SECOND


@pytest.mark.parametrize(
    ("age", "is_kept"), [(20_000_001, True), (20_000_000, False), (1, False), (0, False), (-5 * SECOND, False)]
)
def test_a_signature_younger_than_a_tick_is_not_kept(age: int, is_kept: bool) -> None:
    signature: Signature = (NOW + 7 - age, 10, 42)
    assert settled(signature, NOW + 7) == (signature if is_kept else UNKNOWN)


@pytest.mark.parametrize(("age", "is_kept"), [(3 * SECOND, True), (2 * SECOND, False), (SECOND, False)])
def test_a_clock_that_counts_in_seconds_has_a_longer_tick(age: int, is_kept: bool) -> None:
    signature: Signature = (NOW - age, 10, 42)
    assert settled(signature, NOW) == (signature if is_kept else UNKNOWN)


def test_an_inode_of_64_bits_has_its_place() -> None:
    status = os.stat_result((0o100644, 2**64 - 5, 1, 1, 0, 0, 10, 0, 0, 0))
    signature: Signature = (1, 2, inode_of(status))
    assert list(Signatures.of({"a": signature}).rows()) == [("a", signature)]


def signed(folder: Path, *paths: str) -> Signatures:
    return Signatures.of({path: signature_of(f"{folder}/{path}") for path in paths})


def test_what_has_changed_is_told_by_its_number(tmp_path: Path) -> None:
    for name in ("same", "longer", "replaced", "deleted", "linked"):
        (tmp_path / name).write_text("text")
    (tmp_path / "folder").mkdir()
    everything = signed(tmp_path, "", "same", "longer", "replaced", "deleted", "linked", "folder", "none", "new")
    assert everything.stale(str(tmp_path)) == []

    (tmp_path / "longer").write_text("a longer text")
    (tmp_path / "other").write_text("text")
    (tmp_path / "other").replace(tmp_path / "replaced")
    (tmp_path / "deleted").unlink()
    (tmp_path / "linked").unlink()
    (tmp_path / "linked").symlink_to("same")
    (tmp_path / "new").write_text("text")

    changed = [everything.paths[number] for number in everything.stale(str(tmp_path))]
    assert changed == ["", "longer", "replaced", "deleted", "linked", "new"]


def test_below_a_folder_that_is_gone_nothing_stands(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    signatures = signed(tmp_path, "file", "none")
    assert signatures.signature(1) == ABSENT

    assert signatures.stale(f"{tmp_path}/gone") == [0]


def test_behind_a_link_is_looked_only_if_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("text")
    (tmp_path / "link").symlink_to("target")
    behind = Signatures.of({"link": signature_of(f"{tmp_path}/link", follow=True)})

    assert behind.stale(str(tmp_path), follow=True) == []
    assert behind.stale(str(tmp_path)) == [0]


def test_several_processes_share_many_paths_if_there_are_enough_for_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"{number}" for number in range(40)]
    for name in names:
        (tmp_path / name).write_text(name)
    table, few = signed(tmp_path, *names), signed(tmp_path, "36", "37")
    (tmp_path / "3").unlink()
    (tmp_path / "37").write_text("another")
    shares: list[int] = []

    def in_parallel(parts: Sequence[object], work: Callable[[object], object]) -> object:
        shares.append(len(parts))
        return shared(parts, work)

    shared = workers.in_parallel
    monkeypatch.setattr("gitops_gen.signatures._SHARE", 13)
    monkeypatch.setattr(workers, "default_jobs", lambda *_: 64)
    monkeypatch.setattr(workers, "in_parallel", in_parallel)
    assert all_stale(str(tmp_path), few, table, Signatures()) == ([1], [3, 37], [])
    assert all_stale(str(tmp_path), few, Signatures()) == ([1], [])
    assert shares == [3]
