"""Where verify runs: which files are judged, which repositories are on disk, and what to touch when one is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gitops_gen import git, source
from gitops_gen.collector import collector_paused
from gitops_gen.evidence.files import Files, RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import Checkout, Repositories, normal_url, repositories
from gitops_gen.evidence.values import text_at
from gitops_gen.judge import Verdict, judge, known_codes
from gitops_gen.problems import GitopsGenError, Location, Related
from gitops_gen.waivers import WAIVERS_FILE, apply_waivers, read_waivers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

FLEET_FILE = "environments/fleet.yaml"


def verify(
    root: Path,
    paths: Sequence[str] = (),
    *,
    stated: Mapping[str, str] | None = None,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    waivers: str | None = None,
    output: str = "output",
    jobs: int | None = None,
) -> Verdict:
    """Judges the files under some paths, relative to the root, as they are on disk.

    Without paths: the output folder of a project of this tool, or else everything. `stated` says which repository, by
    URL, is in which folder, relative to the root; `jobs` is the number of processes that share the rules.
    Raises ModelError where the file of waivers is wrong.
    """
    files = Files(root)
    judged = tuple(paths) or ((output,) if (root / FLEET_FILE).is_file() else (".",))
    below = () if (root / ".git").exists() else judged
    with collector_paused():
        graph = Graph(files, judged, repositories_of(root, stated or {}, output, below))
        verdict = judge(graph, select=select, ignore=ignore, origin_of=_origins(files), jobs=jobs)
    return _waived(verdict, root, waivers)


def verify_rendered(root: Path, texts: Mapping[str, str], *, output: str = "output") -> Verdict:
    """Judges texts, by their path below the output folder, as if they were what is there."""
    files = RenderedFiles(root, output, texts)
    with collector_paused():
        graph = Graph(files, (output,), repositories_of(root, {}, output))
        verdict = judge(graph, origin_of=_origins(files))
    return _waived(verdict, root, None)


def _waived(verdict: Verdict, root: Path, path: str | None) -> Verdict:
    """Returns a verdict without what is accepted, by the file that is named or else the project's own."""
    from datetime import datetime

    if path is None and not (root / WAIVERS_FILE).is_file():
        return verdict
    waivers = read_waivers(root, path or WAIVERS_FILE, known_codes())
    today = datetime.now().astimezone().date()
    return replace(verdict, problems=apply_waivers(verdict.problems, waivers, today))


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
    top = git.toplevel(top if top.is_dir() else top.parent) or top
    origin = git.origin(top)
    if not origin:
        return {}
    branch = git.branch(top)
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


def _origins(files: Files) -> Callable[[str], tuple[Related, ...]]:
    def origin_of(path: str) -> tuple[Related, ...]:
        file = files.get(path)
        if file is None or file.origin is None:
            return ()
        template, model = Location(file.origin.template), Location(file.origin.model)
        return Related(model, "it is generated from this"), Related(template, "by this template")

    return origin_of
