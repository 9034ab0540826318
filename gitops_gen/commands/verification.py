"""What verify does: judges rendered files, and says what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.commands.answers import reported, unknown_name, usage_error
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.terminal import echo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gitops_gen.judge import Verdict

CLEAN, NO = 0, 1
_SOURCES = (("environments",), ("templates",))
"""The folders of a project that have the model and the templates."""


class VerifyOptions(NamedTuple):
    """What is asked of verify."""

    paths: tuple[str, ...] = ()
    repos: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    waivers: str | None = None
    jobs: int | None = None
    form: str = "text"


def verify(root: Path, asked: VerifyOptions) -> int:
    """Returns the exit code. Raises click.UsageError."""
    from gitops_gen.proof import verify as prove

    check_codes(*asked.select, *asked.ignore)
    if asked.select and not set(asked.select) - set(asked.ignore):
        raise usage_error("no rule is left to judge by: --ignore takes out all that --select names")

    if not asked.paths:
        _check_output(root)
    _check_model([root / path for path in asked.paths or (".",)])

    def answer() -> int:
        verdict = prove(
            root,
            [_relative(root, path) for path in asked.paths],
            stated=dict(_repo(root, each) for each in asked.repos),
            select=asked.select,
            ignore=asked.ignore,
            waivers=_relative(root, asked.waivers) if asked.waivers else None,
            jobs=asked.jobs,
        )
        if not verdict.files:
            raise usage_error(_nothing_there(root, asked.paths))
        _report(verdict, root, asked.form)
        return CLEAN if verdict.is_clean(strict=asked.strict) else NO

    return reported(answer, asked.form)


def _check_output(root: Path) -> None:
    """Raises click.UsageError if the output folder is a link that leads outside: no file in it would be judged."""
    from gitops_gen.evidence import is_project

    if (root / "output").is_symlink() and is_project(root):
        _relative(root, "output")


def _check_model(asked: Sequence[Path]) -> None:
    """Raises click.UsageError where all that is asked for is what a fleet is made from.

    Nothing in it is broken before anything is made of it.
    """
    found = [full for path in asked if (full := _found(path)) is not None]
    projects = [project for full in found if (project := _made_from(full)) is not None]
    if projects and len(projects) == len(asked):
        from shlex import quote

        names = ", ".join(f"{full.name}/" if full.is_dir() else full.name for full in found)
        folder = quote(str(projects[0]))
        raise usage_error(f"{names} is what a fleet is made from; verify what was made, with -C {folder}")


def _made_from(path: Path) -> Path | None:
    """Returns the project whose model or templates a path is or lies in, or None."""
    from gitops_gen.evidence import is_project

    project = next((each for each in (path, *path.parents) if is_project(each)), path)
    return project if path.relative_to(project).parts[:1] in _SOURCES else None


def _nothing_there(root: Path, paths: tuple[str, ...]) -> str:
    """Returns why no file was judged: a check that looks in the wrong place must not pass."""
    import os

    from gitops_gen.evidence import is_project

    for path in paths or ("output",):
        if (root / path).exists() and not os.access(root / path, os.R_OK | os.X_OK):
            return f"{path} may not be read: look at its owner and its mode"
    if paths:
        return f"there is no file to judge in {', '.join(paths)}"
    if is_project(root):
        return "there is no file to judge in output/; gitops-gen generate makes them"
    return "there is no file to judge here; run this in the right folder, or name it with -C"


def _report(verdict: Verdict, root: Path, form: str) -> None:
    from gitops_gen.reports.machines import for_machines

    told = for_machines(verdict.problems, form)
    if told is None:
        from gitops_gen.reports.verdict import verdict_lines

        told = "\n".join(verdict_lines(verdict, root))
    echo([told])


def check_codes(*codes: str) -> None:
    """Raises click.UsageError for a code that no rule has."""
    if not codes:
        return
    from gitops_gen.judge import known_codes

    known = frozenset(known_codes())
    for code in codes:
        if code not in known:
            raise unknown_name("rule", code, known)


def _relative(root: Path, path: str) -> str:
    """Returns a path as the evidence names it: relative to the root."""
    full = _found(root / path)
    if full is None:
        raise usage_error(f"there is no {path}")
    if not full.is_relative_to(root.resolve()):
        raise usage_error(f"{path} is outside of {root}; run from a folder above both, or give it with -C")
    return full.relative_to(root.resolve()).as_posix()


def _found(path: Path) -> Path | None:
    """Returns where a path leads; None for what is not there, or cannot be: a name too long, links in a circle."""
    try:
        full = path.resolve()
        return full if full.exists() else None
    except (OSError, RuntimeError):
        return None


def _repo(root: Path, stated: str) -> tuple[str, str]:
    url, equals, path = stated.rpartition("=")
    if not equals or not url or not path:
        raise usage_error(f"got --repo {stated}, expected URL=PATH")
    return url, _relative(root, path)
