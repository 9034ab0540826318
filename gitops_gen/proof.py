"""Where verify runs: which files are judged, and what to touch when one is wrong."""

from __future__ import annotations

import gc
import os
from contextlib import nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING

from gitops_gen.evidence import is_project
from gitops_gen.evidence.reading_ahead import ReadAhead, has_chart
from gitops_gen.garbage_collector import collector_paused
from gitops_gen.workers import default_jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.helm.kept import Answers
    from gitops_gen.evidence.reading_ahead import Ahead
    from gitops_gen.evidence.repositories import Repositories
    from gitops_gen.judge import Verdict
    from gitops_gen.problems import Related

WAIVERS_FILE = "environments/waivers.yaml"
"""The findings that a project accepts."""

_left: list[int] = []
"""How many files each run of this process has judged since the last look for garbage."""

_MANY = 2_000
"""Files whose evidence is worth a look for garbage, which takes as long as all else in the process is large."""


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
    URL, is in which folder, relative to the root; `jobs` is the number of processes that share the work.
    Raises ModelError where the file of waivers is wrong.
    """
    _forget_much()
    judged = tuple(paths) or ((output,) if is_project(root) else (".",))
    ask = partial(_repositories, root, stated or {}, output, () if (root / ".git").exists() else judged)
    with collector_paused():
        verdict, files = _judged(root, judged, ask, select, ignore, jobs)
    _left.append(verdict.files)
    verdict = _waived(verdict, root, waivers, is_whole=not (paths or select or ignore))
    return _with_lines(verdict, root, lambda path: file.text if (file := files.get(path)) is not None else "")


def _judged(
    root: Path,
    paths: Sequence[str],
    ask: Callable[[], Repositories],
    select: Collection[str],
    ignore: Collection[str],
    jobs: int | None,
) -> tuple[Verdict, Files]:
    """Judges files with as many processes as may be, and returns what was read, too. `ask` tells the repositories."""
    are_sound = partial(_are_sound, root, paths, select, ignore)
    is_alone = (jobs or default_jobs(1, 1)) == 1
    # Helm's engine takes longer to load than all else, so it begins.
    is_engine_awaited = not is_alone and _is_engine_likely(root)
    if is_engine_awaited:
        _start_engine()
    # What both processes need is loaded once, before there are two.
    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.graph import Graph, load_joining
    from gitops_gen.judge import judge, load_rules
    from gitops_gen.yaml_reader import builder  # noqa: F401 - it is only loaded

    reading = nullcontext() if is_alone else ReadAhead(root, paths, ask, are_sound)
    with reading as ahead, _kept_for(root):
        if ahead:  # what judges is loaded while it reads
            load_joining()
            load_rules(select, ignore, (lambda: False) if is_engine_awaited else ahead.are_there)
        files = Files(root, ahead)
        graph = Graph(files, paths, (ahead and ahead.repositories()) or ask())
        verdict = judge(graph, select=select, ignore=ignore, origin_of=_origins(files), jobs=jobs, texts=ahead)
    return verdict, files


def _are_sound(
    root: Path, paths: Sequence[str], select: Collection[str], ignore: Collection[str], read: Ahead, known: Repositories
) -> bool:
    """Judges files that have been read, each by itself."""
    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.graph import Unjoined
    from gitops_gen.judge import find_nothing

    return find_nothing(Unjoined(Files(root, read), paths, known), select=select, ignore=ignore)


def verify_rendered(root: Path, texts: Mapping[str, str], *, output: str = "output") -> Verdict:
    """Judges texts, by their path below the output folder, as if they were what is there."""
    from gitops_gen.checkouts import repositories_of
    from gitops_gen.evidence.files import RenderedFiles
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.judge import judge

    _forget_much()
    files = RenderedFiles(root, output, texts)
    with collector_paused():
        graph = Graph(files, (output,), repositories_of(root, {}, output))
        verdict = judge(graph, origin_of=_origins(files))
    _left.append(verdict.files)
    verdict = _with_lines(
        _waived(verdict, root, None), root, lambda path: texts.get(path.removeprefix(f"{output}/"), "")
    )
    paths = {problem.at.path: problem.at.path.removeprefix(f"{output}/") for problem in verdict.problems}
    return verdict._replace(texts={path: texts[below] for path, below in paths.items() if below in texts})


def forget() -> None:
    """Frees the evidence of the last runs of this process: clusters and Applications refer to each other, and are old.

    A run does so at its start when there is much of it; whoever waits for the next one does better to do it meanwhile.
    """
    if _left:
        _left.clear()
        gc.collect()


def _forget_much() -> None:
    if sum(_left) >= _MANY:
        forget()


def _is_engine_likely(root: Path) -> bool:
    """Returns whether Helm's engine will probably be asked: it is there, so is a chart, and nothing is kept."""
    from gitops_gen.evidence.helm.kept_path import is_there
    from gitops_gen.evidence.helm.process import is_installed

    return is_installed() and not is_there(root) and has_chart(root)


def _kept_for(root: Path) -> AbstractContextManager[Answers | None]:
    """Keeps what Helm's engine answers, if it is there."""
    from gitops_gen.evidence.helm.process import is_installed

    if not is_installed():
        return nullcontext()
    from gitops_gen.evidence.helm.kept import kept_for

    return kept_for(root)


def _start_engine() -> None:
    """Starts Helm's engine, if it can be: whoever asks it meets the same error."""
    from gitops_gen.evidence import helm

    with suppress(helm.HelmLostError):
        helm.start()


def _repositories(root: Path, stated: Mapping[str, str], output: str, below: Collection[str]) -> Repositories:
    from gitops_gen.checkouts import repositories_of

    return repositories_of(root, stated, output, below)


def _waived(verdict: Verdict, root: Path, path: str | None, *, is_whole: bool = True) -> Verdict:
    """Returns a verdict without what is accepted, by the file that is named or else the project's own.

    `is_whole` tells that it is of all files and by all rules: then a waiver that covers nothing is told.
    """
    if path is None and not os.path.isfile(root / WAIVERS_FILE):  # noqa: PTH113 - Path raises PermissionError
        return verdict
    from datetime import datetime

    from gitops_gen.judge import known_codes
    from gitops_gen.waivers import apply_waivers, read_waivers

    waivers = read_waivers(root, path or WAIVERS_FILE, known_codes())
    today = datetime.now().astimezone().date()
    return verdict._replace(problems=apply_waivers(verdict.problems, waivers, today, is_whole=is_whole))


def _with_lines(verdict: Verdict, root: Path, text_of: Callable[[str], str]) -> Verdict:
    """Returns a verdict that names the lines of the model, where something is broken in what is generated from one."""
    from gitops_gen.problems import Severity

    if all(each.severity is Severity.NOTE for each in verdict.problems):
        return verdict
    from gitops_gen.model_lines import with_model_lines

    return with_model_lines(verdict, root, text_of)


def _origins(files: Files) -> Callable[[str], tuple[Related, ...]]:
    """Returns what tells where a generated file comes from."""
    from gitops_gen.problems import Location, Related

    def origin_of(path: str) -> tuple[Related, ...]:
        file = files.get(path)
        if file is None or file.origin is None:
            return ()
        from gitops_gen.model_lines import GENERATED_FROM

        template, model = Location(file.origin.template), Location(file.origin.model)
        return Related(model, GENERATED_FROM), Related(template, "by this template")

    return origin_of
