"""Which repositories are on disk: the stated ones, the origin of the tree, and that of the fleet file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import git, source
from gitops_gen.evidence import FLEET_FILE
from gitops_gen.evidence.repositories import Checkout, Repositories, normal_url, repositories
from gitops_gen.evidence.values import text_at
from gitops_gen.problems import GitopsGenError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


def repositories_of(root: Path, stated: Mapping[str, str], output: str, below: Collection[str] = ()) -> Repositories:
    """Returns the repositories that are on disk: the stated ones, the origin of the tree, and that of the fleet file.

    The fleet file is asked for one thing only: which repository the output folder belongs to. `below` are folders that
    are judged, relative to the root: each may be a work tree of its own, and the root a folder of one.
    """
    found: dict[str, Checkout] = {}
    for folder in (*below, "."):
        found |= _origin(root, folder)
    url, path = _gitops_repo(root)
    if url and path and not _is_whole(found, url):
        found[url] = _checkout(output, path)
    return repositories({**found, **stated})


def _is_whole(found: Mapping[str, Checkout], url: str) -> bool:
    """True if all of a repository is on disk: its own folders are then more than what is said of one."""
    whole = {normal_url(each) for each, checkout in found.items() if not checkout.path}
    return normal_url(url) in whole


def _origin(root: Path, folder: str) -> dict[str, Checkout]:
    """Returns the repository whose work tree a folder is in, with as much of it as lies below the root."""
    here, top = root.resolve(), (root / folder).resolve()
    top, branch = git.work_tree(top if top.is_dir() else top.parent) or (top, "")
    origin = git.origin(top)
    if not origin:
        return {}
    if top.is_relative_to(here):
        return {origin: Checkout(top.relative_to(here).as_posix(), branch=branch)}
    return {origin: Checkout(".", here.relative_to(top).as_posix(), branch)}


def _checkout(output: str, path: str) -> Checkout:
    """Returns what of the gitops repository is on disk, where the output folder is its folder `path`.

    Where the end of the one is that of the other, what is around the output folder is around it there, too.
    """
    if f"/{output}".endswith(f"/{path}"):
        return Checkout(output.removesuffix(path).rstrip("/") or ".")
    if path.endswith(f"/{output}"):
        return Checkout(".", path.removesuffix(f"/{output}"))
    return Checkout(output, "" if path == "." else path)


def _gitops_repo(root: Path) -> tuple[str | None, str | None]:
    try:
        data = source.read(root, FLEET_FILE).data
    except GitopsGenError:
        return None, None
    return text_at(data, "gitops_repo", "url"), text_at(data, "gitops_repo", "path") or "output"
