"""Helm's own engine, if it is there: the optional extra `gitops-gen[helm]`, Helm's Go library as a Python package.

Source: helm-python-sdk 0.2.2 with Helm v4.2.3, which renders as `helm template` does: without a cluster, so that
`lookup` finds nothing and the capabilities are the engine's own.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from gitops_gen.go_programs import HELM_ENGINE, check_callable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

EXTRA = "python -m pip install 'gitops-gen[helm]'"
"""How the engine is installed."""


class HelmRefusalError(Exception):
    """Helm refused a chart, its values or what a template says; the message is Helm's own."""


@cache
def is_installed() -> bool:
    """True if the engine is there, and runs on this machine."""
    try:
        import helm_python  # noqa: F401 - whether it can be imported is the question
    except (ImportError, OSError):
        return False
    return True


def _engine() -> ModuleType:
    """Returns the engine. Raises LeftBehindError in a worker that has lost it."""
    check_callable(HELM_ENGINE)
    import helm_python

    engine: ModuleType = helm_python
    return engine


def read_values(text: str) -> Mapping[str, object]:
    """Returns a values file as Helm reads it. Raises HelmRefusalError."""
    helm_python = _engine()
    try:
        found: Mapping[str, object] = helm_python.values_from_yaml(text)
    except helm_python.HelmError as error:
        raise HelmRefusalError(str(error)) from error
    return found


def read_parameter(name: str, value: str, *, is_text: bool) -> Mapping[str, object]:
    """Returns what `--set` makes of a parameter, or `--set-string`. Raises HelmRefusalError.

    A comma is part of the value: Argo CD escapes it, unless somebody has.
    """
    import re

    helm_python = _engine()
    parse = helm_python.parse_set_string_values if is_text else helm_python.parse_set_string
    escaped = re.sub(r"(?<!\\),", r"\\,", value) if not value.startswith("{") else value
    try:
        found: Mapping[str, object] = parse(f"{name}={escaped}")
    except helm_python.HelmError as error:
        raise HelmRefusalError(str(error)) from error
    return found


def render(folder: Path, values: Mapping[str, object], *, release: str, namespace: str) -> Mapping[str, str]:
    """Returns what each template of a chart says, by the path that Helm gives it, hooks too. Raises HelmRefusalError.

    Helm takes the parts that the values switch off out of a chart that is loaded, so that each release loads its own.
    """
    helm_python = _engine()
    try:
        with _silence(), helm_python.Chart.load(folder) as chart:
            found: Mapping[str, str] = chart.render(dict(values), name=release, namespace=namespace)
    except helm_python.HelmError as error:
        raise HelmRefusalError(str(error).strip()) from error
    return found


@contextmanager
def _silence() -> Iterator[None]:
    """Leaves out what Helm prints by itself: warnings, some with a value in them, which may be a secret."""
    import os

    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


def missing_dependencies(folder: Path) -> Sequence[str]:
    """Returns the charts that a chart needs and that are not in its charts/. Raises HelmRefusalError."""
    helm_python = _engine()
    try:
        with helm_python.Chart.load(folder) as chart:
            there = {each["name"] for each in chart.dependencies}
            needed = [each["name"] for each in chart.metadata.get("dependencies") or []]
    except helm_python.HelmError as error:
        raise HelmRefusalError(str(error).strip()) from error
    return [name for name in needed if name not in there]
