"""Charts with a template of an Application that no Application here is seen to take.

Somebody installs such a chart: helm, a pipeline, an Argo CD of another repository. With which values is not known here,
and so what it brings is not.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from gitops_gen.evidence import placeholders
from gitops_gen.evidence.applicationsets import Unknown
from gitops_gen.evidence.charts import CHART, TEMPLATES, is_hidden
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import list_at, text_at, texts_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from gitops_gen.evidence.files import Files, Manifest

_DEPENDENCIES = "/charts/"
_GROUP = "argoproj.io"
_ENDINGS = (".yaml", ".yml", ".tpl")
_APPLICATION = re.compile(r"^kind:[ ]*[\"']?(?P<kind>Application(?:Set)?)[\"']?[ ]*$", re.MULTILINE)


def untaken_charts(
    files: Files,
    paths: Iterable[str],
    taken: Collection[str | None],
    rendered: Iterable[str],
    written: Iterable[Manifest],
) -> Iterator[Unknown]:
    """Yields the charts among some paths that nobody is seen to take.

    `taken` are the folders that Applications take, `rendered` the files that their objects come from, and `written`
    the objects of Argo CD: a set of clusters that are not known names a folder, too.
    """
    found = tuple(_charts_of_applications(files, paths, taken))
    if not found:
        return
    known = {path.partition(f"/{TEMPLATES}/")[0] for path in rendered} | _dependencies_in_tree(files, taken)
    named = _NamedPaths(written)
    for folder, kind in found:
        if folder not in known and not named.match(folder):
            yield _untaken(folder, kind)


def _charts_of_applications(
    files: Files, paths: Iterable[str], known: Collection[str | None]
) -> Iterator[tuple[str, str]]:
    """Yields the folder of each chart, but for those that are known, that has a template of an Application, and a kind.

    A chart below charts/ of another is a part of that one, and nobody installs a library.
    """
    done = set(known)
    for path in paths:
        folder, is_below, _ = path.partition(f"/{TEMPLATES}/")
        if not is_below or folder in done or is_hidden(path) or not path.endswith(_ENDINGS):
            continue
        outer = folder.rpartition(_DEPENDENCIES)[0]
        if not _is_installed(files, folder) or (outer and files.is_file(f"{outer}/{CHART}")):
            done.add(folder)
            continue
        text = files.content(path) or ""
        found = _APPLICATION.search(text) if f"{_GROUP}/" in text else None
        if found is not None:
            done.add(folder)
            yield folder, found["kind"]


def _is_installed(files: Files, folder: str) -> bool:
    chart = files.get(f"{folder}/{CHART}")
    return chart is not None and not any(text_at(value, "type") == "library" for value in chart.documents.values)


def _dependencies_in_tree(files: Files, folders: Iterable[str | None]) -> set[str]:
    """Returns the folders of the charts that charts in some folders depend on, as file://../base, however far."""
    found: set[str] = set()
    todo = [folder for folder in folders if folder]
    while todo:
        folder = todo.pop()
        chart = files.get(f"{folder}/{CHART}")
        for value in chart.documents.values if chart is not None else ():
            for dependency in list_at(value, "dependencies"):
                scheme, _, path = (text_at(dependency, "repository") or "").partition("://")
                below = posixpath.normpath(f"{folder}/{path}")
                if scheme == "file" and below not in found:
                    found.add(below)
                    todo.append(below)
    return found


class _NamedPaths:
    """What the objects of Argo CD name as a path, with anything for what somebody fills in."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        texts = (item for each in manifests if each.group == _GROUP for item in texts_in(each.value))
        paths = {text.strip("./") for text, steps in texts if steps and steps[-1] == "path"}
        parts = {path: placeholders.around(path) for path in paths}
        self._whole = {path for path in paths if path and len(parts[path]) == 1}
        self._patterns = [
            re.compile("(?:.*/)?" + ".*".join(map(re.escape, each)))
            for each in parts.values()
            if len(each) > 1 and any(each)
        ]

    def match(self, folder: str) -> bool:
        """Tells whether a folder, or the end of its path, is named."""
        steps = folder.split("/")
        ends = ("/".join(steps[start:]) for start in range(len(steps)))
        return any(each in self._whole for each in ends) or any(each.fullmatch(folder) for each in self._patterns)


def _untaken(folder: str, kind: str) -> Unknown:
    reason = f"the chart {folder} has a template of kind {kind}, and no Application here is seen to take it"
    hint = "verify what it renders to, with the values that it is installed with"
    place = Place(f"{folder}/{CHART}", 0, ("name",))
    return Unknown(place, f"{reason}, so what it brings is not known", "charts that nobody takes", hint)
