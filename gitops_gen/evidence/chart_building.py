"""The charts that a chart needs and that lie beside it, put into its charts/ as Argo CD has Helm do it.

Argo CD runs `helm template`; where that misses a chart in charts/, `helm dependency build`, and `helm template` again.
Helm packs what a chart names by file:// as it lies there: what such a one needs itself it does not build. Here this
happens in a temporary folder, and what is left of it is an archive.

Source: argoproj/argo-cd v3.5.1, reposerver/repository/repository.go, helmTemplate and runHelmBuild; Helm v4.2.3,
pkg/downloader/manager.go, Build, Update and tarFromLocalDir.
"""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gitops_gen.evidence import helm
from gitops_gen.evidence.capabilities import asking
from gitops_gen.evidence.chart_parts import LOCKS, STATED, Parts
from gitops_gen.evidence.chart_refusals import misnamed, refused, refused_before
from gitops_gen.evidence.charts import CHART, REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.helm import Needs
    from gitops_gen.evidence.repositories import Checkout
    from gitops_gen.evidence.whole_charts import WholeChart

_CHARTS = "charts"


def build(files: Files, chart: WholeChart, checkout: Checkout, needs: Needs) -> WholeChart:
    """Returns a chart of a repository with all that it needs, or with why it has not."""
    parts = Parts(files, chart.folder, checkout, needs)
    refusals = tuple(refused_before(parts))
    unseen = "" if refusals else next(parts.unseen(), "")
    if refusals or unseen:
        return chart._replace(refusals=refusals, unknown=unseen)
    try:
        with TemporaryDirectory(prefix="gitops-gen-") as scratch:
            return _built(chart, parts, Path(scratch))
    except OSError as error:
        reason = f"the chart {chart.folder} needs charts beside it, which cannot be copied here: {error.strerror}"
        return chart._replace(unknown=reason)


def _built(chart: WholeChart, parts: Parts, scratch: Path) -> WholeChart:
    folder = _laid_out(parts, scratch / "tree")
    try:
        helm.build_dependencies(folder)
        needs = helm.needs_of(folder)
    except helm.HelmRefusalError as error:
        return chart._replace(refusals=tuple(refused(parts, str(error).replace(f"{scratch / 'tree'}/", ""))))
    still = [each for each in parts.local if each in needs.missing]
    if still:
        return chart._replace(refusals=tuple(misnamed(parts, each) for each in still))
    if parts.is_fetched:
        return chart._replace(unknown=_fetched(parts))
    folders = {f"{_CHARTS}/{each.alias or each.name}": parts.on_disk(each) for each in parts.local}
    asks = asking(folder)
    return chart._replace(content=_packed(folder, scratch), asks=asks, folders=folders)


def _fetched(parts: Parts) -> str:
    """Returns why nobody can say what a chart brings for which Helm asks repositories, too."""
    fetched = [each for each in parts.needs.stated if each.is_fetched]
    missing = [each for each in fetched if each in parts.needs.missing]
    if missing:
        return helm.not_built(parts.folder, missing)
    names = ", ".join(each.name for each in fetched)
    return f"the chart {parts.folder} needs {names}, which helm dependency build fetches anew, as not all is in charts/"


def _laid_out(parts: Parts, tree: Path) -> Path:
    """Makes a folder with a chart and those beside it, each where it is in the repository, and returns the chart's.

    Of what is there, only charts/ is a copy, which Helm changes. Where some of what the chart needs would be fetched,
    it is said to need the others only.
    """
    source, target = parts.files.root / parts.folder, tree / parts.in_repository
    target.mkdir(parents=True)
    left_out = {CHART, REQUIREMENTS, *LOCKS} if parts.is_fetched else set()
    for each in source.iterdir():
        if each.name == _CHARTS and each.is_dir():
            shutil.copytree(each, target / each.name, ignore_dangling_symlinks=True)
        elif each.name not in left_out:
            (target / each.name).symlink_to(each.resolve())
    if parts.is_fetched:
        (target / CHART).write_text(json.dumps(_of_those_beside(parts)), encoding="utf-8")
    for dependency in parts.local:
        _lay(parts.files.root / parts.on_disk(dependency), tree / parts.beside(dependency))
    return target


def _of_those_beside(parts: Parts) -> Mapping[str, object]:
    """Returns the Chart.yaml of a chart that needs those beside it only."""
    stated = [each._asdict() for each in parts.local]
    return {"apiVersion": "v2", "name": "chart", "version": "0.0.0", STATED: stated}


def _lay(source: Path, target: Path) -> None:
    """Links to a folder; where a part of it lies there already, to all else that is in it."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source.resolve())
    elif target.is_dir() and target.resolve() != source.resolve():
        for each in source.iterdir():
            _lay(each, target / each.name)


def _packed(folder: Path, scratch: Path) -> bytes:
    """Returns the archive of a chart; what lies in its charts/ as an archive, lies so in this one."""
    archives = {each.name: each.read_bytes() for each in sorted((folder / _CHARTS).glob("*.tgz"))}
    for name in archives:
        (folder / _CHARTS / name).unlink()
    packed = io.BytesIO()
    with (
        tarfile.open(helm.packed(folder, scratch)) as own,
        tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as whole,
    ):
        members = own.getmembers()
        for member in members:
            whole.addfile(member, own.extractfile(member))
        for name, content in archives.items():
            member = tarfile.TarInfo(f"{members[0].name.partition('/')[0]}/{_CHARTS}/{name}")
            member.size = len(content)
            whole.addfile(member, io.BytesIO(content))
    return packed.getvalue()
