"""Why Helm does not build a chart with the charts beside it: each with got and expected.

Source: Helm v4.2.3, pkg/downloader/manager.go, and internal/resolver/resolver.go, Resolve and GetLocalPath.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence import helm
from gitops_gen.evidence.chart_parts import STATED, joined
from gitops_gen.evidence.charts import CHART
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.evidence.whole_charts import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.chart_parts import Parts
    from gitops_gen.evidence.helm import Dependency

_WRONG_VERSION = re.compile(r'"(?P<name>[^"]*)" \(repository "(?P<repository>[^"]*)", version "(?P<version>[^"]*)"')
_WRONG_LOCKED = "can't get a valid version for dependency "
_OUT_OF_STEP = "is out of sync"
"""What Helm says of a lock that was not made of what the chart says."""
_UPDATED = "run helm dependency update {}, and commit the lock"


def refused_before(parts: Parts) -> Iterator[Refusal]:
    """Yields what Helm refuses before it looks into a chart."""
    for each in parts.needs.stated:
        if each.path is not None:
            yield from _not_beside(parts, each, each.path)
        elif not each.repository and each in parts.needs.missing:
            reason = f"its chart {each.name} has no repository, and is not in charts/"
            yield Refusal(reason, parts.place(each, "name"), "say where it is, or commit it there")
        elif each.repository and not each.is_fetched:
            reason = f"its chart {each.name} is taken from {each.repository}, which is no URL"
            yield Refusal(reason, parts.place(each, "repository"), f"for a folder, write file://{each.repository}")


def _not_beside(parts: Parts, dependency: Dependency, path: str) -> Iterator[Refusal]:
    taken = f"its chart {dependency.name} is taken from"
    place = parts.place(dependency, "repository")
    folder = parts.on_disk(dependency)
    if path.startswith("/"):
        yield Refusal(f"{taken} {path}, an absolute path", place, "write the path from the folder of this chart")
    elif parts.beside(dependency).partition("/")[0] == "..":
        yield Refusal(f"{taken} {path}, which leaves the repository", place, "bring the chart into the repository")
    elif folder and not parts.is_in_submodule(folder):
        if parts.files.is_file(folder):
            yield Refusal(f"{taken} {folder}, which is a file", place, "name the folder of a chart")
        elif not parts.files.is_folder(folder):
            yield Refusal(f"{taken} {folder}, which is not there", place, "correct the path, or commit the chart")
        elif not parts.files.is_file(joined(folder, CHART)):
            yield Refusal(f"{taken} {folder}, in which there is no {CHART}", place, "name the folder of a chart")


def refused(parts: Parts, message: str) -> Iterator[Refusal]:
    """Yields what is wrong where Helm refuses to build a chart, each with got and expected."""
    unreadable = [found for each in parts.local for found in _unreadable(parts, each)]
    wrong = {found.group("name", "repository", "version") for found in _WRONG_VERSION.finditer(message)}
    named = next((each for each in parts.needs.stated if re.search(rf"\b{re.escape(each.name)}\b", message)), None)
    if unreadable:
        yield from unreadable
    elif wrong:
        local = (each for each in parts.local if (each.name, each.repository, each.version) in wrong)
        yield from (_wrong_version(parts, each) for each in local)
    elif parts.lock is not None and named is not None and _WRONG_LOCKED in message:
        yield _wrong_locked(parts, parts.lock, named)
    elif parts.lock is not None and _OUT_OF_STEP in message:
        ends = ((parts.stated, "what it needs"),)
        yield Refusal(" ".join(message.split()), Place(parts.lock), _UPDATED.format(parts.folder), ends)
    else:
        place = parts.stated if named is None else parts.place(named, "version")
        yield Refusal(" ".join(message.split()), place, f"helm dependency build {parts.folder} says the same")


def _unreadable(parts: Parts, dependency: Dependency) -> Iterator[Refusal]:
    folder = parts.on_disk(dependency)
    try:
        helm.name_of(parts.files.root / folder)
    except helm.HelmRefusalError as error:
        reason = f"its chart {dependency.name} in {folder} is none: {' '.join(str(error).split())}"
        ends = ((Place(joined(folder, CHART)), "the chart"),)
        yield Refusal(reason, parts.place(dependency, "repository"), "correct that chart", ends)


def _wrong_version(parts: Parts, dependency: Dependency) -> Refusal:
    folder = parts.on_disk(dependency)
    version = helm.name_of(parts.files.root / folder).version
    return Refusal(
        f"its chart {dependency.name}: got version {version} in {folder}, expected {dependency.version}",
        parts.place(dependency, "version"),
        f"write a range of versions that {version} is in, or correct the version of that chart",
        ((Place(joined(folder, CHART), 0, ("version",)), "its version"),),
    )


def _wrong_locked(parts: Parts, lock: str, dependency: Dependency) -> Refusal:
    """Returns what is told of a chart whose version is another one since the lock was written."""
    file = parts.files.get(lock)
    locked = [each for value in (file.documents.values if file is not None else ()) for each in list_at(value, STATED)]
    index = next((number for number, each in enumerate(locked) if text_at(each, "name") == dependency.name), 0)
    folder = parts.on_disk(dependency)
    got = helm.name_of(parts.files.root / folder).version
    return Refusal(
        f"its chart {dependency.name}: got version {got} in {folder}, "
        f"expected {text_at(locked, index, 'version')}, as {lock} says",
        Place(lock, 0, (STATED, index, "version")),
        _UPDATED.format(parts.folder),
        ((Place(joined(folder, CHART), 0, ("version",)), "its version"),),
    )


def misnamed(parts: Parts, dependency: Dependency) -> Refusal:
    """Returns what is told of a chart that Helm has packed, and still misses."""
    folder = parts.on_disk(dependency)
    name = helm.name_of(parts.files.root / folder).name
    if name == dependency.name:
        reason = f"its chart {name} is not in charts/ after helm dependency build: .helmignore leaves it out"
        return Refusal(reason, parts.place(dependency, "name"), "take the pattern for it out of .helmignore")
    return Refusal(
        f"its chart {dependency.name}: got a chart named {name} in {folder}, expected {dependency.name}",
        parts.place(dependency, "name"),
        f"write name: {name}, and alias: {dependency.alias or dependency.name} if its values stand there",
        ((Place(joined(folder, CHART), 0, ("name",)), "its name"),),
    )
