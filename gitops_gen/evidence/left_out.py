"""What Helm leaves out of a chart without a word: charts that a part of it needs, and has not in its own charts/.

Helm asks for what the chart itself needs, and goes by what is there for its parts; `helm dependency build` fills the
charts/ of the chart itself only.

Source: Helm v4.2.3, pkg/action, CheckDependencies; pkg/chart/v2/util/dependencies.go, processDependencyEnabled;
helm/helm #2247; argoproj/argo-cd #3451.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence import helm
from gitops_gen.evidence.chart_parts import STATED, joined
from gitops_gen.evidence.charts import CHART, REQUIREMENTS, VALUES
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.helm import Dependency, Needs
    from gitops_gen.evidence.whole_charts import WholeChart


class LeftOut(NamedTuple):
    """A chart that a part of another one needs, and has not."""

    dependency: Dependency
    part: str
    """The folder of the part."""
    steps: tuple[str, ...]
    """What leads to the values of the part."""
    place: Place
    """Where the part says that it needs it."""
    is_library: bool
    """True for one that brings nothing but what templates include: who does without it, does not miss it."""
    values: object
    """What the part says in its values.yaml."""

    def is_of(self, path: str) -> bool:
        """True for a file of the part, or of a part of that."""
        return path.startswith(f"{self.part}/")

    def is_wanted(self, values: Mapping[str, object]) -> bool:
        """True if it would bring something, if it were there, with the values that the whole chart is rendered with."""
        if self.is_library:
            return False
        for condition in self.dependency.condition.strip().split(","):
            stated = self._stated(values, *self.steps, *condition.split("."))
            if isinstance(stated, bool):
                return stated
        tags = [self._stated(values, "tags", tag) for tag in self.dependency.tags]
        return any(each is True for each in tags) or not any(each is False for each in tags)

    def _stated(self, values: Mapping[str, object], *steps: str) -> object:
        """Returns a value of the whole chart, or else, as Helm does, what the part has in the same place."""
        stated = at(values, *steps)
        return at(self.values, *steps) if stated is None else stated


def left_out(files: Files, chart: WholeChart, needs: Needs) -> tuple[LeftOut, ...]:
    """Returns what Helm leaves out of a chart of the tree; of a part in an archive it is not known.

    What the chart needs itself, it brings: people name there what a part of it needs, since that one has it not.
    """
    own = {each.name for each in needs.stated} | {each.name for each in needs.there}
    found = (each for path, folder in chart.folders.items() for each in _left_out(files, path, folder))
    return tuple(each for each in found if each.dependency.name not in own)


def _left_out(files: Files, path: str, folder: str) -> Iterator[LeftOut]:
    steps = tuple(path.split("/")[1::2])
    stated = joined(folder, REQUIREMENTS)
    stated = stated if files.is_file(stated) else joined(folder, CHART)
    for index, dependency in enumerate(_missing(files, folder, stated)):
        if dependency is not None:
            place = Place(stated, 0, (STATED, index, "name"))
            is_library = _is_library(files, folder, dependency)
            yield LeftOut(dependency, folder, steps, place, is_library, _values(files, folder))


def _missing(files: Files, folder: str, stated: str) -> Iterator[Dependency | None]:
    """Yields each chart that a part needs if it has it not, or else None."""
    file = files.get(stated)
    if file is None or not any(list_at(value, STATED) for value in file.documents.values):
        return
    try:
        needs = helm.needs_of(files.root / folder)
    except helm.HelmRefusalError:
        return  # to render the whole says why
    for each in needs.stated:
        yield each if each in needs.missing else None


def _values(files: Files, folder: str) -> object:
    file = files.get(joined(folder, VALUES))
    return file.documents.values[0] if file is not None and file.documents.values else None


def _is_library(files: Files, folder: str, dependency: Dependency) -> bool:
    """True for a chart of a folder beside the one that needs it which says so; of others it is not known."""
    chart = None if dependency.path is None else files.get(joined(joined(folder, dependency.path), CHART))
    return chart is not None and any(text_at(value, "type") == "library" for value in chart.documents.values)
