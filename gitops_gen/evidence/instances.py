"""Which Argo CD an Application is of, where a tree has several: one for each environment, most often.

One Argo CD has one Application of a name in a namespace. Where two files have one each, for the cluster that Argo CD
itself runs on, they are of two; and the folders in which their paths part are those of the two, with all that is in
them, unless one of the folders is taken by an Application of the other, and that by a further one: then one Argo CD has
both, by mistake. So are files beside each other that are called after the Application and two places, as root-dev.yaml
and root-prod.yaml are for root, or after two stages. And so are folders of stages whose Applications are called alike
but for the stage, as envs/dev and envs/prod with web-dev and web-prod, if all of them land in the namespaces of each
other: on one cluster each would overwrite the other. What is in no such folder or file may be of either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.evidence.applications import LOCAL_CLUSTER, LOCAL_SERVER
from gitops_gen.evidence.files import parents_of
from gitops_gen.evidence.values import list_at, map_at, text_at, texts_in
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.files import Manifest

_STAGE = lazily(
    "dev(?:elop|elopment)?|test|testing|qa|int|integration|stag(?:e|ing)|stg|uat|(?:pre|non)?prod|prd|production|live|"
    "sandbox|lab|demo|local"
)
"""What people call their stages, and the files for them."""
_SEPARATOR = re.compile(r"[-_.]")
_FEW = 2
"""So many pairs of Applications tell two stages apart: one may be a slip."""


class Instances:
    """The folders that tell one Argo CD from another; none where nothing says that there are several."""

    def __init__(self, applications: Iterable[Manifest]) -> None:
        """Learns them from Applications and ApplicationSets that stand in files."""
        applications = tuple(applications)
        files: defaultdict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
        for each in applications:
            if _is_local(each):
                files[each.kind, each.namespace or "", each.name][each.place.file] = None
        twins = {key: tuple(paths) for key, paths in files.items() if len(paths) > 1}
        found = [(name, first, other) for (_, _, name), (first, *others) in twins.items() for other in others]
        chains = _Chains(applications) if found else None
        pairs = [each for each in found if chains is None or not chains.join(*each[1:])]
        parted = (folder for _, first, other in pairs for folder in _part(first, other))
        self._folders = frozenset((*parted, *_stages(applications)))
        self._words: defaultdict[str, set[str]] = defaultdict(set)
        for name, first, other in pairs:
            for word in _words_between(name, first, other):
                self._words[first.rpartition("/")[0]].add(word)

    def __bool__(self) -> bool:
        """True if there are several."""
        return bool(self._folders or self._words)

    def of(self, file: str) -> str:
        """Returns the folder, or the part of a file's name, that the Argo CD of a file is told by; empty for any."""
        folder = next((each for each in file.split("/")[:-1] if each in self._folders), "")
        if folder or not self._words:
            return folder
        words = self._words.get(file.rpartition("/")[0], ())
        own = _words(file)
        return next((each for each in sorted(words) if each in (own[-1], own[0])), "")


class _Chains:
    """What Applications bring that are brought themselves: it comes to their own Argo CD."""

    def __init__(self, applications: Iterable[Manifest]) -> None:
        self._takes: defaultdict[str, set[str]] = defaultdict(set)
        for each in applications:
            if each.kind == "Application" and _is_local(each):
                self._takes[each.place.file.rpartition("/")[0]].update(filter(None, _taken(each)))
        self._taken = frozenset(folder for folders in self._takes.values() for folder in folders)

    def join(self, one: str, other: str) -> bool:
        """True where an Application in the folder of one file, which another one takes, takes that of the other."""
        return self._reaches(one, other) or self._reaches(other, one)

    def _reaches(self, one: str, other: str) -> bool:
        beside = one.rpartition("/")[0]
        if beside not in self._takes or self._takes[beside].isdisjoint(parents_of(other)):
            return False
        return not self._taken.isdisjoint(parents_of(one))


def _stages(applications: Iterable[Manifest]) -> Iterator[str]:
    """Yields the folders of stages that have an Argo CD each, unless something takes a folder with two of them."""
    found: defaultdict[tuple[str, ...], dict[str, str | None]] = defaultdict(dict)
    taken: set[str] = set()
    for each in applications:
        taken.update(_taken(each))
        folders, words = each.place.file.split("/"), _SEPARATOR.split(each.name)
        for index, folder in enumerate(folders[:-1]):
            if each.kind == "Application" and _is_local(each) and folder in words and _STAGE.fullmatch(folder):
                path = "/".join((*folders[:index], "*", *folders[index + 1 :]))
                name = "-".join("*" if word == folder else word for word in words)
                key = ("/".join(folders[:index]), path, name)
                found[key][folder] = text_at(each.value, "spec", "destination", "namespace")
    alike = {key: stages for key, stages in found.items() if len(stages) > 1}
    is_shared = any(len(set(stages.values())) > 1 for stages in alike.values())
    is_taken = any(f"{parent}/".startswith(f"{each}/") or not each for parent, *_ in alike for each in taken)
    if len(alike) >= _FEW and not is_shared and not is_taken:
        yield from (folder for stages in alike.values() for folder in stages)


def _taken(manifest: Manifest) -> Iterator[str]:
    """Yields the folders that an Application takes, or below which a set looks for its elements, or takes them."""
    spec = map_at(manifest.value, "spec")
    if manifest.kind != "Application":
        yield from (text.partition("*")[0].strip("./") for text, _ in texts_in(spec.get("generators")) if "*" in text)
        spec = map_at(spec, "template", "spec")
    for each in (spec.get("source"), *list_at(spec, "sources"), map_at(spec, "sourceHydrator", "drySource")):
        path = text_at(each, "path") or "-"
        if not path.startswith("{{"):
            yield path.partition("{{")[0].strip("./")


def _is_local(manifest: Manifest) -> bool:
    """True for what lands on Argo CD's own cluster, and for a set, whose generators may say so."""
    if manifest.kind != "Application":
        return True
    destination = map_at(manifest.value, "spec", "destination")
    return destination.get("server") == LOCAL_SERVER or destination.get("name") == LOCAL_CLUSTER


def _part(one: str, other: str) -> Iterator[str]:
    """Yields the folders in which two paths part, if both do so before their last step."""
    for own, others in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if own != others:
            yield from (own, others)
            return


def _words_between(name: str, one: str, other: str) -> tuple[str, ...]:
    """Returns the words in which the names of two files of a folder differ, if these tell two Argo CDs apart."""
    if one.rpartition("/")[0] != other.rpartition("/")[0]:
        return ()
    own, others = _words(one), _words(other)
    differing = [pair for pair in zip(own, others, strict=False) if pair[0] != pair[1]]
    if len(own) != len(others) or len(differing) != 1:
        return ()
    (words,) = differing
    common = [each for each in own if each != words[0]]
    return words if common == _SEPARATOR.split(name) or all(map(_STAGE.fullmatch, words)) else ()


def _words(path: str) -> list[str]:
    """Returns the words of a file's name, without its ending."""
    return _SEPARATOR.split(path.rpartition("/")[2].rpartition(".")[0])
