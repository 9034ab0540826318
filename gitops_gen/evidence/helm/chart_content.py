"""All that is in a chart, as Helm loads it: whether it is the same as before, and whether that is all that decides.

Source: helm/helm v4, pkg/chart/loader: every file below the folder, through links, too.
"""
# A Path object for each file takes longer than all else here.
# ruff: noqa: PTH123

from __future__ import annotations

import os
import posixpath
from typing import TYPE_CHECKING

from gitops_gen.digests import DIGEST_SIZE, blake2b
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 16 * 1024**2
"""Bytes of a chart that are looked at; there is hardly any that is so large, packed charts included."""
_NAME = 1024
"""What each name counts for, besides what is in the file: folders of links to each other have names without end."""
_DEEPEST = 32
"""Folders within each other. Deeper ones lead back to themselves."""
_SCHEMA = "values.schema.json"
_ARCHIVE = ".tgz"
_ELSEWHERE = lazily(r'"\$(?:ref|schema|dynamicRef|recursiveRef)"\s*:\s*"(?!#|https?://json-schema\.org/)')
"""A part of a schema that is read from somewhere else: from another file, or from the network."""


class _TooMuchError(Exception):
    """A chart is larger than any, or leads back to itself, or is not readable."""


def digest_of_chart(folder: str) -> bytes | None:
    """Returns the digest of all names and files in a chart; None if it is too large, or cannot be read."""
    digest = blake2b(digest_size=DIGEST_SIZE)
    try:
        for name, content in _files(folder):
            digest.update(_framed(os.fsencode(name)))
            digest.update(_framed(content))
    except (OSError, _TooMuchError):
        return None
    return digest.digest()


def _framed(part: bytes) -> bytes:
    """Returns a name or a content so that nothing in it is taken for what comes next."""
    return b"%d %b" % (len(part), part)


def _files(folder: str) -> Iterator[tuple[str, bytes]]:
    """Yields all names in a chart, each with what is in the file. Raises OSError, _TooMuchError."""
    left = _MOST
    for name, path in _names(folder, "", 0):
        content = _read(path, left) if path else b""
        left -= _NAME + len(content)
        if left < 0:
            raise _TooMuchError
        yield name, content


def _read(path: str, most: int) -> bytes:
    """Returns what is in a file. One that has more than the file system says, as in /proc, may have no end."""
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        content = file.read(size + 1) if size <= most else b""
    if len(content) != size:
        raise _TooMuchError
    return content


def _names(folder: str, inside: str, depth: int) -> Iterator[tuple[str, str]]:
    """Yields all names in a folder, each with the path of the file; that of a folder has none."""
    if depth > _DEEPEST:
        raise _TooMuchError
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda each: each.name)
    for each in entries:
        name = f"{inside}{each.name}"
        if each.is_dir():
            yield f"{name}/", ""
            yield from _names(each.path, f"{name}/", depth + 1)
        elif each.is_file():
            yield name, each.path
        else:
            raise _TooMuchError


def is_self_contained(folder: str) -> bool:
    """Returns whether nothing but the chart decides what becomes of it: a schema may name others, anywhere."""
    try:
        return not any(_names_others(name, content) for name, content in _files(folder))
    except (OSError, _TooMuchError):
        return False


def _names_others(name: str, content: bytes) -> bool:
    if name.endswith(_ARCHIVE):
        return any(_names_others(*each) for each in _packed(content))
    return posixpath.basename(name) == _SCHEMA and _ELSEWHERE.search(content.decode(errors="replace")) is not None


def _packed(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Yields the schemas and the charts in an archive. Raises OSError for what is none."""
    import io
    import tarfile

    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            for member in packed:
                if member.name.endswith((_SCHEMA, _ARCHIVE)) and member.isfile():
                    file = packed.extractfile(member)
                    yield member.name, file.read() if file else b""
    except (tarfile.TarError, EOFError) as error:
        raise OSError(str(error)) from error
