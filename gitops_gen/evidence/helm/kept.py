"""What Helm's engine has answered, kept for the next run by all that it was asked, down to the last byte of the chart.

An answer is what the engine makes of its question, and no verdict: all rules judge it anew. It is found again by the
digest of the question, of what is in the chart and of the engine, and by nothing that the file system says.

It is kept in the user's own folder for such things, and never in a tree: what a tree brings along is no evidence of it.
The file may be deleted, damaged or of another version, at any time, which costs only speed.
"""
# A Path object takes longer to load than all that is done here.
# ruff: noqa: PTH103, PTH108, PTH120, PTH208

from __future__ import annotations

import json
import os
import time
from _thread import _local  # contextvars and threading take longer to load
from contextlib import contextmanager, suppress
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.digests import digest_of_all
from gitops_gen.evidence.helm.chart_content import digest_of_chart, is_self_contained
from gitops_gen.evidence.helm.kept_path import path_for
from gitops_gen.evidence.helm.process import ENGINE
from gitops_gen.sealed_file import body_of, open_at_once, replace, sealed
from gitops_gen.signature import signature_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_MAGIC = b"gitops_gen helm 3\n"
_MOST = 32 * 1024**2
"""Bytes of answers that are kept for one root."""
_OLD_SECONDS = 30 * 24 * 3600
"""When what was kept for a root goes, as soon as something is kept for another one."""
_HERE = os.path.dirname(__file__)
"""This package, unless it is in an archive that Python imports from."""
_LIBRARY = "HELM_C_LIB"
"""Names another engine than that of the package."""


class Answers:
    """The answers for one root: those of earlier runs, and those of this one."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._used: dict[bytes, bytes] = {}
        self._new: dict[bytes, str] = {}
        """The folder of the chart that a new answer is of; empty for none."""
        self._charts: dict[str, bytes | None] = {}

    @cached_property
    def _path(self) -> str | None:
        """The file that they are kept in; None where none can be, or nobody knows by what they were made."""
        return None if _LIBRARY in os.environ or not _names_in(_HERE) else path_for(self._root)

    @cached_property
    def _engine(self) -> str:
        return _digest_of_engine()

    @cached_property
    def _known(self) -> dict[bytes, bytes]:
        return {} if self._path is None else _read(self._path, self._engine)

    def key_of(self, question: str, chart: Path | None, arguments: Mapping[str, object]) -> bytes | None:
        """Returns the digest of all that an answer follows from; None where nobody can tell what that is."""
        content = self._content(_folder(chart))
        return None if content is None else digest_of_all([json.dumps([question, arguments]).encode(), content])

    def find(self, key: bytes) -> Mapping[str, object] | None:
        """Returns the answer that was kept."""
        found = self._used.get(key) or self._known.get(key)
        if found is None:
            return None
        self._used[key] = found
        answered: dict[str, object] = json.loads(found)
        return answered

    def keep(self, key: bytes, chart: Path | None, answered: Mapping[str, object]) -> None:
        """Keeps an answer, unless it names the folder of the chart, which no key tells."""
        folder = _folder(chart)
        if not folder or folder not in str(answered.get("refused", "")):
            self._used[key] = json.dumps(answered).encode()
            self._new[key] = folder

    def write(self) -> None:
        """Writes what this run has used, and of what others have as much as there is room for, if it can."""
        for folder in set(filter(None, self._new.values())):
            # Somebody may have changed it while Helm was reading it.
            if digest_of_chart(folder) != self._charts[folder] or not is_self_contained(folder):
                self._forget(folder)
        if self._new and self._path is not None:
            with suppress(OSError):
                _write(self._path, self._engine, {**self._used, **self._known})

    def _forget(self, folder: str) -> None:
        for key in [key for key, of in self._new.items() if of == folder]:
            del self._new[key], self._used[key]

    def _content(self, folder: str) -> bytes | None:
        if folder not in self._charts:
            self._charts[folder] = digest_of_chart(folder) if folder else b""
        return self._charts[folder]


class _Current(_local):
    """Each thread has its own."""

    answers: Answers | None = None


_current = _Current()


@contextmanager
def kept_for(root: Path) -> Iterator[Answers]:
    """Keeps what Helm's engine answers while the block runs, for the next time that this root is judged."""
    answers = Answers(str(root))
    before, _current.answers = _current.answers, answers
    try:
        yield answers
    finally:
        _current.answers = before
    answers.write()


def current() -> Answers | None:
    """Returns where answers are kept just now, if they are."""
    return _current.answers


def _folder(chart: Path | None) -> str:
    return str(chart.absolute()) if chart is not None else ""


def _digest_of_engine() -> str:
    """Returns what tells an engine, and what this package makes of its answers, from any other."""
    found = PathFinder.find_spec(ENGINE)
    folder = os.path.dirname(found.origin) if found and found.origin else ""
    files = [f"{each}/{name}" for each in (folder, f"{folder}/lib", _HERE) for name in sorted(_names_in(each))]
    return digest_of_all([f"{path} {signature_of(path, follow=True)}\n".encode() for path in files]).hex()


def _names_in(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if not name.startswith("__")]
    except OSError:
        return []


def _read(path: str, engine: str) -> dict[bytes, bytes]:
    """Returns what is kept in a file that is the user's own; nothing if it is damaged, or of another engine."""
    try:
        with open(path, "rb", opener=open_at_once) as file:
            data = file.read() if os.fstat(file.fileno()).st_uid == os.geteuid() else b""
        return dict(_decoded(data, engine))
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _decoded(data: bytes, engine: str) -> Iterator[tuple[bytes, bytes]]:
    """Yields keys and answers. Raises ValueError, KeyError or TypeError for what is none."""
    body = bytes(body_of(_MAGIC, data))
    at = body.index(b"\n") + 1
    head = json.loads(body[:at])
    if head["engine"] != engine:
        return
    for key, size in head["answers"]:
        yield bytes.fromhex(key), body[at : at + size]
        at += size


def _write(path: str, engine: str, answers: Mapping[bytes, bytes]) -> None:
    """Writes the first of some answers, and makes room. Raises OSError."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    written: list[tuple[bytes, bytes]] = []
    room = _MOST
    for key, answered in answers.items():
        room -= len(answered)
        if room < 0:
            break
        written.append((key, answered))
    head = {"engine": engine, "answers": [[key.hex(), len(answered)] for key, answered in written]}
    body = [json.dumps(head).encode(), b"\n", *(answered for _, answered in written)]
    # What a chart renders to may have in it what its values have.
    replace(path, sealed(_MAGIC, body), mode=0o600)
    _remove_old(folder)


def _remove_old(folder: str) -> None:
    before = time.time() - _OLD_SECONDS
    with os.scandir(folder) as found:
        old = [each.path for each in found if each.stat(follow_symlinks=False).st_mtime < before]
    for path in old:
        os.unlink(path)
