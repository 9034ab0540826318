"""What decides about the generated files beside the output itself: our own code, and the files of the project."""
# On the way of every run: a Path object for each file would cost more than the look at it.
# ruff: noqa: PTH100, PTH112, PTH118, PTH120, PTH208

from __future__ import annotations

import os
import sys
import time
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

from gitops_gen import __version__
from gitops_gen.digests import blake2b
from gitops_gen.signature import Signature, settled, signature_of
from gitops_gen.signatures import Signatures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_USED = ("jinja2", "markupsafe", "pydantic", "pydantic_core", "pygohcl", "yaml", "detect_secrets")
"""Packages that decide what is written, or what is refused."""

_MODEL_FOLDERS = ("environments", "environments/apps")
_TEMPLATES = "templates"


def code_digest() -> str:
    """Returns a digest of what makes the files: this package with the stock templates, the packages it uses, Python.

    And of whose process it is: what one user has read, another may not be allowed to.
    """
    digest = blake2b(f"{__version__}\n{sys.version}\n{os.geteuid()}\n".encode(), digest_size=16)
    shipped = os.path.join(_PACKAGE, _TEMPLATES)
    stock = shipped if os.path.isdir(shipped) else os.path.join(os.path.dirname(_PACKAGE), _TEMPLATES)
    for folder in (_PACKAGE, stock):
        for path in sorted(_files_below(folder)):
            digest.update(f"{path}\n{_written(os.path.join(folder, path))}\n".encode())
    for name in _USED:
        found = PathFinder.find_spec(name)
        digest.update(f"{name}\n{_written(found.origin) if found and found.origin else ''}\n".encode())
    return digest.hexdigest()


def sign_inputs(root: Path) -> Signatures:
    """Returns the signatures of what is read to make the files: of folders too, which tell of files that come and go.

    The path of a folder ends in a slash.
    Taken before anything is read, so that what changes in between is noticed by the next run.
    """
    now = time.time_ns()
    paths = [path for folder in _MODEL_FOLDERS for path in (f"{folder}/", *_models_in(root, folder))]
    paths += [f"{_TEMPLATES}/{path}" for path in ("", *_folders_and_files(f"{root}/{_TEMPLATES}"))]
    return Signatures.of({path: _settled(signature_of(f"{root}/{path}", follow=True), now) for path in paths})


def _settled(signature: Signature, now: int) -> Signature:
    return settled(signature, now) if signature[0] > 0 else signature


def _models_in(root: Path, folder: str) -> Iterator[str]:
    try:
        names = os.listdir(f"{root}/{folder}")
    except OSError:
        return
    for name in sorted(names):
        path = f"{folder}/{name}"
        if name.endswith((".yaml", ".yml")):
            yield path
        elif path not in _MODEL_FOLDERS and os.path.isdir(f"{root}/{path}"):
            yield f"{path}/"  # a file that comes into it is warned of, since nobody reads it


def _folders_and_files(folder: str) -> Iterator[str]:
    """Yields what is below a folder, also through links: templates are read through them. None leads back."""
    entered: set[str] = set()
    for here, folders, names in os.walk(folder, followlinks=True):
        entered.add(os.path.realpath(here))
        folders[:] = [name for name in sorted(folders) if os.path.realpath(f"{here}/{name}") not in entered]
        start = here.removeprefix(folder).lstrip("/")
        yield from (f"{start}/{name}".lstrip("/") for name in (*(f"{each}/" for each in folders), *sorted(names)))


def _files_below(folder: str) -> Iterator[str]:
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (os.path.join(here, name).removeprefix(f"{folder}/") for name in names)


def _written(path: str) -> str:
    """Returns what tells a file from any that was ever in its place, whatever time an archive or a package gave it."""
    return " ".join(map(str, signature_of(path, follow=True)))
