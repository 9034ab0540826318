"""Charts with a template of an Application, or of External Secrets, that no Application here is seen to take.

Somebody installs such a chart: helm, a pipeline, an Argo CD of another repository. With which values is not known here,
and so what it brings is not.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from gitops_gen import external_secrets
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.applicationsets import Unknown
from gitops_gen.evidence.charts import CHART, TEMPLATES, is_hidden, path_in
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import list_at, text_at, texts_in
from gitops_gen.kinds import ARGO_GROUP

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from gitops_gen.evidence.files import Files, Manifest

_DEPENDENCIES = "/charts/"
_ENDINGS = (".yaml", ".yml", ".tpl")
_KINDS = {
    ARGO_GROUP: ("Application", "ApplicationSet"),
    external_secrets.GROUP: tuple(sorted(external_secrets.KINDS)),
}
_KIND = {
    group: re.compile(rf"^kind:[ ]*[\"']?(?P<kind>{'|'.join(kinds)})[\"']?[ ]*$", re.MULTILINE)
    for group, kinds in _KINDS.items()
}
"""What a template says of its kind, by the group of that."""


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
    found = tuple(_charts(files, paths, taken).items())
    if not found:
        return
    known = {_folder_of(path) for path in rendered} | _dependencies_in_tree(files, taken)
    named = _NamedPaths(written)
    for folder, kind in found:
        if folder not in known and not named.match(folder):
            yield _untaken(folder, kind)


def _charts(files: Files, paths: Iterable[str], taken: Collection[str | None]) -> dict[str, str]:
    """Returns the folders of the charts with such a template, but for those that are taken, with the kind of it.

    Of several kinds an Application says most. A chart below charts/ of another is a part of that one, and nobody
    installs a library.
    """
    kinds: dict[str, str] = {}
    is_chart: dict[str, bool] = {}
    for path in paths:
        folder = _folder_of(path)
        if folder is None or folder in taken or is_hidden(path) or not path.endswith(_ENDINGS):
            continue
        if folder not in is_chart:
            outer = folder.rpartition(_DEPENDENCIES)[0]
            is_part = bool(outer) and files.is_file(f"{outer}/{CHART}")
            is_chart[folder] = not is_part and _is_installed(files, folder)
        if is_chart[folder] and kinds.get(folder) not in _KINDS[ARGO_GROUP]:
            kind = _kind_in(files.content(path) or "")
            if kind in _KINDS[ARGO_GROUP] or (kind is not None and folder not in kinds):
                kinds[folder] = kind
    return kinds


def _folder_of(path: str) -> str | None:
    """Returns the folder of the chart that a file is a template of, if it is one."""
    folder, is_below, _ = f"./{path}".partition(f"/{TEMPLATES}/")
    return (folder.removeprefix("./") or ".") if is_below else None


def _kind_in(text: str) -> str | None:
    found = (pattern.search(text) for group, pattern in _KIND.items() if f"{group}/" in text)
    return next((each["kind"] for each in found if each is not None), None)


def _is_installed(files: Files, folder: str) -> bool:
    chart = files.get(path_in(folder, CHART))
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
        texts = (item for each in manifests if each.group == ARGO_GROUP for item in texts_in(each.value))
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
    place = Place(path_in(folder, CHART), 0, ("name",))
    return Unknown(place, f"{reason}, so what it brings is not known", "charts that nobody takes", hint)
