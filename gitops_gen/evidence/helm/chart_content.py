"""All that is in a chart, as Helm loads it: whether it is the same as before, and whether that is all that decides.

Source: helm/helm v4, pkg/chart/v2/loader/directory.go, LoadDir: every file below the folder, through links, too.
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
_GZIP = b"\x1f\x8b"
"""How what is packed begins: RFC 1952."""
_BLOCK = 512
"""Bytes after which a file in an archive may begin: POSIX.1, pax, "ustar Interchange Format"."""
_KNOWN = r"https?://json-schema\.org/draft(?:-0[467]/schema|/20(?:19-09|20-12)/(?:schema|meta/[a-z-]+))#?\""
"""The schemas of schemas, which Helm has with it."""
_ELSEWHERE = lazily(
    rf'"\$(?:ref|schema|dynamicRef|recursiveRef)"\s*:\s*"(?!#|{_KNOWN})|\\u00(?:24|[46][1-9A-Fa-f]|[57][0-9Aa])'
)
"""A part of a schema that is read from somewhere else, from another file or from the network, or that may be: a letter
that is written as its number, which nobody has to, may be one of such a name."""


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
    room = _MOST
    try:
        for name, content in _files(folder):
            if name.endswith(_ARCHIVE):
                unpacked = _unpacked(content, room)
                room -= len(unpacked)
                if _has_archive(unpacked) or _names_others(unpacked):
                    return False
            elif posixpath.basename(name) == _SCHEMA and _names_others(content):
                return False
    except (OSError, _TooMuchError):
        return False
    return True


def _names_others(content: bytes) -> bool:
    return _ELSEWHERE.search(content.decode("latin-1")) is not None


def _unpacked(archive: bytes, most: int) -> bytes:
    """Returns all that is in an archive, one after the other. Raises OSError, _TooMuchError.

    What is no schema is in it, too: which is one, Helm and Python need not agree on.
    """
    import gzip
    import io
    import zlib

    try:
        with gzip.open(io.BytesIO(archive)) as packed:
            content = packed.read(most + 1)
    except (EOFError, zlib.error) as error:
        raise OSError(str(error)) from error
    if len(content) > most:
        raise _TooMuchError
    return content


def _has_archive(unpacked: bytes) -> bool:
    """Returns whether there is an archive in an archive, in which Helm looks, too."""
    return any(unpacked.startswith(_GZIP, at) for at in range(0, len(unpacked), _BLOCK))
