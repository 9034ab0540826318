"""Helm's own engine, if it is there: the optional extra `gitops-gen[helm]`, Helm's Go library as a Python package.

It runs in a process of its own (`process`, `engine`), and what it answers is kept for the next run (`kept`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from gitops_gen.evidence.helm.errors import HelmLostError, HelmMissingError, HelmRefusalError
from gitops_gen.evidence.helm.process import ask, is_installed, start
from gitops_gen.evidence.values import strings_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = [
    "EXTRA",
    "ChartName",
    "Dependency",
    "HelmLostError",
    "HelmMissingError",
    "HelmRefusalError",
    "Needs",
    "Rendered",
    "build_dependencies",
    "name_of",
    "needs_of",
    "not_built",
    "packed",
    "read_parameter",
    "read_values",
    "render",
    "start",
]

EXTRA = "python -m pip install 'gitops-gen[helm]'"
"""How the engine is installed."""
_LOCAL = "file://"
_NAMED = ("@", "alias:")
"""How the name of a repository starts that Helm has been told of."""


def _answer(question: str, chart: Path | bytes | None = None, **arguments: object) -> object:
    """Returns what the engine says, today or in an earlier run.

    Raises HelmRefusalError; HelmLostError, HelmMissingError, as all that ask do.
    """
    if not is_installed():
        raise HelmMissingError
    from gitops_gen.evidence.helm import kept

    answers = kept.current()
    if answers is None or isinstance(chart, bytes):
        # An archive was built in this run, with its times in it, and is never seen again.
        return _answered(ask(question, {**arguments, **_stated(chart)}))
    key = answers.key_of(question, chart, arguments)
    found = answers.find(key) if key is not None else None
    if found is None:
        found = ask(question, {**arguments, **_stated(chart)})
        if key is not None:
            answers.keep(key, chart, found)
    return _answered(found)


def _stated(chart: Path | bytes | None) -> Mapping[str, str]:
    """Returns a chart as the engine is told of it, which need not be where this process is by now."""
    if isinstance(chart, bytes):
        import base64

        return {"archive": base64.b64encode(chart).decode()}
    return {} if chart is None else {"folder": str(chart.absolute())}


def _answered(said: Mapping[str, object]) -> object:
    if "refused" in said:
        raise HelmRefusalError(str(said["refused"]))
    return said["answer"]


def read_values(text: str) -> Mapping[str, object]:
    """Returns a values file as Helm reads it. Raises HelmRefusalError."""
    return cast("Mapping[str, object]", _answer("read_values", text=text))


def read_parameter(name: str, value: str, *, is_text: bool) -> Mapping[str, object]:
    """Returns what `--set` makes of a parameter, or `--set-string`. Raises HelmRefusalError.

    A comma is part of the value: Argo CD escapes it, unless somebody has, or the value is a list in braces.
    """
    import re

    is_list = value.startswith("{") and value.endswith("}")
    escaped = value if is_list else re.sub(r"(?<!\\),", r"\\,", value)
    return cast("Mapping[str, object]", _answer("read_parameter", stated=f"{name}={escaped}", is_text=is_text))


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
    """Renders a chart: that in a folder, or an archive. Raises HelmRefusalError."""
    found = _answer("render", chart, values=values, release=release, namespace=namespace, with_values=with_values)
    return Rendered(*cast("tuple[dict[str, str], list[str], dict[str, object]]", found))


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
    imports_values: bool
    """True where the other one takes some of its values for its own."""

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
    own, there = _metadata(folder)
    stated = cast("list[Mapping[str, object]]", own.get("dependencies") or [])
    return Needs([_dependency(each) for each in stated], [_chart_name(each) for each in there])


def _metadata(folder: Path) -> tuple[Mapping[str, object], list[Mapping[str, object]]]:
    own, there = cast("tuple[Mapping[str, object], list[Mapping[str, object]]]", _answer("metadata", folder))
    return own, there


def _dependency(stated: Mapping[str, object]) -> Dependency:
    texts = {field: text_at(stated, field) or "" for field in ("name", "version", "repository", "alias", "condition")}
    return Dependency(**texts, tags=strings_at(stated, "tags"), imports_values=bool(stated.get("import-values")))


def not_built(folder: str, dependencies: Sequence[Dependency]) -> str:
    """Returns why nobody can say what a chart brings that needs charts of repositories."""
    names = ", ".join(each.name for each in dependencies)
    are = "is" if len(dependencies) == 1 else "are"
    return f"the chart {folder} needs {names}, which {are} not in its charts/ until helm dependency build has run"


def name_of(folder: Path) -> ChartName:
    """Returns what a chart is called. Raises HelmRefusalError."""
    return _chart_name(_metadata(folder)[0])


def _chart_name(metadata: Mapping[str, object]) -> ChartName:
    return ChartName(text_at(metadata, "name") or "", text_at(metadata, "version") or "")


def build_dependencies(folder: Path) -> None:
    """Puts the charts that a chart names by file:// into its charts/: helm dependency build. Raises HelmRefusalError.

    It may name none of a repository, which Helm would ask.
    """
    _answered(ask("build_dependencies", _stated(folder)))


def packed(folder: Path, into: Path) -> Path:
    """Writes the archive of a chart into a folder, and returns it. Raises HelmRefusalError."""
    from pathlib import Path

    return Path(cast("str", _answered(ask("packed", {**_stated(folder), "into": str(into.absolute())}))))
