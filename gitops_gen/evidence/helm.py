"""Helm's own engine, if it is there: the optional extra `gitops-gen[helm]`, Helm's Go library as a Python package.

Source: helm-python-sdk 0.2.2 with Helm v4.2.3, which renders as `helm template` does: without a cluster, so that
`lookup` finds nothing and the capabilities are the engine's own.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from gitops_gen.evidence.values import strings_at, text_at
from gitops_gen.go_programs import HELM_ENGINE, check_callable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

EXTRA = "python -m pip install 'gitops-gen[helm]'"
"""How the engine is installed."""
_LOCAL = "file://"
_NAMED = ("@", "alias:")
"""How the name of a repository starts that Helm has been told of."""


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


class Rendered(NamedTuple):
    """What a chart renders to."""

    texts: Mapping[str, str]
    """What each template says, hooks too, by the path that Helm gives it."""
    parts: Sequence[str]
    """The charts in its charts/ that the values do not switch off, each by the name that it has there."""
    values: Mapping[str, object]
    """All values, those of its parts too; none where they are not asked for."""


def render(
    chart: Path | bytes, values: Mapping[str, object], *, release: str, namespace: str, with_values: bool = False
) -> Rendered:
    """Renders a chart: that in a folder, or an archive. Raises HelmRefusalError.

    Helm takes the parts that the values switch off out of a chart that is loaded, so that each release loads its own.
    """
    with _asked() as engine:
        load = engine.Chart.load_archive if isinstance(chart, bytes) else engine.Chart.load
        with load(chart) as loaded:
            texts = loaded.render(dict(values), name=release, namespace=namespace)
            merged = loaded.merge_values(dict(values)) if with_values else {}
            return Rendered(texts, [each["name"] for each in loaded.dependencies], merged)


@contextmanager
def _asked() -> Iterator[ModuleType]:
    """Gives the block the engine, which is silent meanwhile. Raises HelmRefusalError."""
    helm_python = _engine()
    try:
        with _silence():
            yield helm_python
    except helm_python.HelmError as error:
        raise HelmRefusalError(str(error).strip()) from error


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


class Dependency(NamedTuple):
    """A chart that another one needs, as that one's Chart.yaml says."""

    name: str
    version: str
    """Which versions it may have."""
    repository: str
    alias: str
    """What it is called in the other one; empty for its own name."""
    condition: str
    """The values that switch it on or off, with commas between."""
    tags: tuple[str, ...]

    @property
    def path(self) -> str | None:
        """The folder that it is in, from that of the other one; None where it is in none."""
        return self.repository.removeprefix(_LOCAL) if self.repository.startswith(_LOCAL) else None

    @property
    def is_fetched(self) -> bool:
        """True for one that Helm asks a repository for, by its URL or by the name that it has there."""
        return self.path is None and ("://" in self.repository or self.repository.startswith(_NAMED))


class Needs(NamedTuple):
    """The charts that a chart needs, and those in its charts/."""

    stated: Sequence[Dependency]
    there: Sequence[ChartName]

    @property
    def missing(self) -> Sequence[Dependency]:
        """Those that are not there; Helm goes by the name alone."""
        names = {each.name for each in self.there}
        return [each for each in self.stated if each.name not in names]


class ChartName(NamedTuple):
    """What a chart is called."""

    name: str
    version: str


def needs_of(folder: Path) -> Needs:
    """Returns the charts that a chart needs. Raises HelmRefusalError."""
    with _asked() as engine, engine.Chart.load(folder) as chart:
        stated = chart.metadata.get("dependencies") or []
        there = [_chart_name(each) for each in chart.dependencies]
    return Needs([_dependency(each) for each in stated], there)


def _dependency(stated: Mapping[str, object]) -> Dependency:
    texts = {field: text_at(stated, field) or "" for field in ("name", "version", "repository", "alias", "condition")}
    return Dependency(**texts, tags=strings_at(stated, "tags"))


def not_built(folder: str, dependencies: Sequence[Dependency]) -> str:
    """Returns why nobody can say what a chart brings that needs charts of repositories."""
    names = ", ".join(each.name for each in dependencies)
    return f"the chart {folder} needs {names}, which is not in its charts/ until helm dependency build has run"


def name_of(folder: Path) -> ChartName:
    """Returns what a chart is called. Raises HelmRefusalError."""
    with _asked() as engine, engine.Chart.load(folder) as chart:
        return _chart_name(chart.metadata)


def _chart_name(metadata: Mapping[str, str]) -> ChartName:
    return ChartName(metadata.get("name", ""), metadata.get("version", ""))


def build_dependencies(folder: Path) -> None:
    """Puts the charts that a chart names by file:// into its charts/: helm dependency build. Raises HelmRefusalError.

    It may name none of a repository, which Helm would ask.
    """
    with _asked() as engine:
        engine.dependency_build(folder, skip_refresh=True)


def packed(folder: Path, into: Path) -> Path:
    """Writes the archive of a chart into a folder, and returns it. Raises HelmRefusalError."""
    from pathlib import Path

    with _asked() as engine, engine.Chart.load(folder) as chart:
        return Path(chart.save(into))
