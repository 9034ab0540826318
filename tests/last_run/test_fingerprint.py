"""The digest of the code is another one as soon as anything that makes the files is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import gitops_gen
from gitops_gen.last_run import fingerprint

if TYPE_CHECKING:
    import pytest


def test_what_another_user_left_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint.code_digest()
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert fingerprint.code_digest() != before


def test_code_is_all_of_the_package() -> None:
    assert Path(fingerprint._PACKAGE) == Path(gitops_gen.__file__).parent


def test_code_of_the_same_size_and_time_is_other_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "module.py"
    path.write_text("one")
    status = path.stat()
    monkeypatch.setattr(fingerprint, "_PACKAGE", str(tmp_path))
    before = fingerprint.code_digest()
    assert fingerprint.code_digest() == before
    beside = tmp_path.parent / "beside"
    beside.write_text("two")
    os.utime(beside, ns=(status.st_atime_ns, status.st_mtime_ns))
    beside.replace(path)
    assert fingerprint.code_digest() != before
