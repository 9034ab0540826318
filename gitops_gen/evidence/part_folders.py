"""The parts of a chart that are folders of the tree: in its charts/, beside it, and in the charts/ of such a one.

Helm calls a part by its alias, or else by its name, whatever its folder is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.chart_parts import STATED, joined
from gitops_gen.evidence.charts import CHART, REQUIREMENTS
from gitops_gen.evidence.values import list_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.whole_charts import WholeChart

_CHARTS = "charts"


def part_folders(files: Files, chart: WholeChart) -> Mapping[str, str]:
    """Returns the folder of each part, by its path in the chart. Those beside it are known already."""
    found: dict[str, str] = {}
    for name, folder in _charts_in(files, joined(chart.folder, _CHARTS)):
        # Of another version than the chart asks for, it has its own name.
        for called in dict.fromkeys((*_called(files, chart.folder, name), name)):
            path = f"{_CHARTS}/{called}"
            found |= {path: folder, **dict(_inside(files, folder, f"{path}/"))}
    for path, folder in chart.folders.items():
        found |= {path: folder, **dict(_inside(files, folder, f"{path}/"))}
    return found


def _inside(files: Files, folder: str, start: str) -> Iterator[tuple[str, str]]:
    """Yields path and folder of each part in a charts/, at any depth; what is in an archive has no folder."""
    for name, inner in _charts_in(files, joined(folder, _CHARTS)):
        for called in _called(files, folder, name):
            path = f"{start}{_CHARTS}/{called}"
            yield path, inner
            yield from _inside(files, inner, f"{path}/")


def _charts_in(files: Files, charts: str) -> Iterator[tuple[str, str]]:
    """Yields name and folder of each chart in a folder."""
    for path in files.under(charts) if files.is_folder(charts) else ():
        folder = path.removesuffix(f"/{CHART}")
        if folder != path and folder.rpartition("/")[0] == charts:
            for value in _read(files, path):
                yield text_at(value, "name") or "", folder


def _called(files: Files, folder: str, name: str) -> Sequence[str]:
    """Returns what a chart calls a part of some name: several aliases, where it takes it several times."""
    values = (value for file in (CHART, REQUIREMENTS) for value in _read(files, joined(folder, file)))
    stated = [each for value in values for each in list_at(value, STATED) if text_at(each, "name") == name]
    return [text_at(each, "alias") or name for each in stated] or [name]


def _read(files: Files, path: str) -> Sequence[object]:
    file = files.get(path) if files.is_file(path) else None
    return file.documents.values if file is not None else ()
