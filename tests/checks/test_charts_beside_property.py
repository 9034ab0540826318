"""A chart renders alike, whether those that it needs lie in folders beside it or are packed in its charts/."""

from __future__ import annotations

import json
import shutil
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops_gen.evidence import helm
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from tests.checks.by_hand import application
from tests.checks.trees import URL
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

pytestmark = requires_helm

some = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

VERSIONS = {"1.0.0": ("1.0.0", "^1.0.0", "~1.0", ">=0.9.0 <2"), "2.1.0-rc.1": ("2.1.0-rc.1", ">=1.0.0-0")}
names = st.sampled_from(["a", "b", "c"])
values = st.dictionaries(
    st.sampled_from(["x", "y", "enabled", "exports"]), st.sampled_from([True, False, 1, "t", None])
)

TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}-map
data:
  values: {{ toJson .Values | quote }}
  file: {{ .Files.Get "file.txt" | quote }}
  version: {{ .Chart.Version | quote }}
  helper: {{ include "helper" . | quote }}
"""


class Beside(NamedTuple):
    """A chart in a folder of its own."""

    folder: str
    name: str
    version: str
    values: Mapping[str, object]
    part: bool
    """True for one with a chart in its own charts/."""
    ignored: bool
    """True for one with a template that its .helmignore leaves out."""

    def write(self, charts: Path) -> None:
        folder = charts / self.folder
        _write(folder, self.name, self.version, self.values)
        if self.part:
            _write(folder / "charts/part", "part", "1.0.0", {"x": "own"})
        if self.ignored:
            (folder / "templates/ignored.yaml").write_text('{{ fail "never" }}', encoding="utf-8")
            (folder / ".helmignore").write_text("ignored.yaml\n", encoding="utf-8")


@st.composite
def besides(draw: st.DrawFn) -> list[Beside]:
    found = st.builds(
        Beside,
        folder=st.just(""),
        name=names,
        version=st.sampled_from(sorted(VERSIONS)),
        values=values,
        part=st.booleans(),
        ignored=st.booleans(),
    )
    return [
        each._replace(folder=f"beside-{number}")
        for number, each in enumerate(
            draw(st.lists(found, min_size=1, max_size=3, unique_by=attrgetter("name", "version")))
        )
    ]


@st.composite
def stated(draw: st.DrawFn, charts: Sequence[Beside]) -> list[dict[str, object]]:
    """What the chart says of each that it needs.

    Two with one name need another one; where both are in the range, Helm takes any: it goes through a map of Go.
    """
    found: list[dict[str, object]] = []
    for each in charts:
        is_one = [other.name for other in charts].count(each.name) == 1
        ranges = VERSIONS[each.version] if is_one else (each.version,)
        needs: dict[str, object] = {"name": each.name, "version": draw(st.sampled_from(ranges))}
        needs["repository"] = f"file://../{each.folder}"
        for field, choices in (
            ("alias", [f"as-{each.folder}"]),
            ("condition", [f"{each.name}.enabled", f"as-{each.folder}.enabled,global.on"]),
            ("tags", [["front"]]),
            ("import-values", [["exported"], [{"child": "x", "parent": "imported"}]]),
        ):
            if draw(st.booleans()) or (field == "alias" and not is_one):
                needs[field] = draw(st.sampled_from(choices))
        found.append(needs)
    return found


@some
@given(st.data(), besides(), values)
def test_a_chart_renders_alike_with_charts_beside_it_and_in_its_charts(
    data: st.DataObject, charts: list[Beside], own: dict[str, object]
) -> None:
    needs = data.draw(stated(charts))
    keys = [*(each.name for each in charts), *(f"as-{each.folder}" for each in charts)]
    given_values = {key: data.draw(values) for key in keys}
    given_values |= data.draw(st.sampled_from([{}, {"tags": {"front": False}}, {"global": {"on": False, "z": 1}}]))
    is_locked = data.draw(st.booleans())
    with TemporaryDirectory() as root:
        beside, packed = Path(root) / "beside", Path(root) / "packed"
        _tree(beside, needs, own, charts, given_values)
        if is_locked:
            _lock(beside / "charts/web")
        shutil.copytree(beside, packed)
        (packed / "charts/web/charts").mkdir()
        for each in charts:
            helm.packed(packed / "charts" / each.folder, packed / "charts/web/charts")
            shutil.rmtree(packed / "charts" / each.folder)
        got, expected = _brought(beside), _brought(packed)
    assert got == expected
    assert got[0] or got[1]


def _tree(
    root: Path,
    needs: Sequence[Mapping[str, object]],
    own: Mapping[str, object],
    charts: Sequence[Beside],
    given_values: Mapping[str, object],
) -> None:
    _write(root / "charts/web", "web", "0.1.0", own, needs)
    for each in charts:
        each.write(root / "charts")
    (root / "apps").mkdir()
    text = application(values=f"        valuesObject: {json.dumps(given_values)}\n")
    (root / "apps/web.yaml").write_text(text, encoding="utf-8")
    (root / "manifests").mkdir()


def _write(
    folder: Path, name: str, version: str, stated: Mapping[str, object], needs: Sequence[Mapping[str, object]] = ()
) -> None:
    (folder / "templates").mkdir(parents=True)
    chart = {"apiVersion": "v2", "name": name, "version": version, **({"dependencies": needs} if needs else {})}
    (folder / "Chart.yaml").write_text(json.dumps(chart), encoding="utf-8")
    (folder / "values.yaml").write_text(json.dumps({**stated, "exports": {"exported": stated}}), encoding="utf-8")
    (folder / "file.txt").write_text(f"file of {name}", encoding="utf-8")
    (folder / "templates/map.yaml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "templates/_helper.tpl").write_text(
        f'{{{{- define "helper" }}}}{name} {version}{{{{ end }}}}', encoding="utf-8"
    )


def _lock(chart: Path) -> None:
    """Leaves the lock that Helm writes, and not what it has built."""
    helm.build_dependencies(chart)
    shutil.rmtree(chart / "charts")


def _brought(root: Path) -> tuple[list[object], list[str], list[str]]:
    """Returns all that the chart brings, why Helm refuses it, and what is not known of it."""
    graph = Graph(Files(root), (".",), repositories({URL: "."}))
    failures = [failure.reason for deployment in graph.deployments for _, failure in deployment.failures]
    reasons = [each.reason for each in graph.elsewhere if "charts/web" in each.reason]
    return [each.value for each in graph.rendered], failures, reasons
