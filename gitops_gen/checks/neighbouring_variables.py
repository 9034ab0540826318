"""Variable files that no module is known for, held against those beside them, for a slip in what all of these have.

Beside a file are those in its folder, but for what Terraform takes by itself, and beside a generated one those of its
template. The slip is a variable that no other file has, of the kind of the one that is missing, and named almost so.

Part of tfvars-variables.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.places import Place
from gitops_gen.near_miss import is_typo

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph

_ENOUGH = 3
"""Files beside each other of which one may have a slip."""
_TAKEN_TOGETHER = (".auto.tfvars", ".auto.tfvars.json", "/terraform.tfvars", "/terraform.tfvars.json")
"""How the paths of files end that Terraform takes by itself: all that are in a folder, each with some variables."""


def neighbouring_variables(graph: Graph, files: Sequence[File], unknown: Collection[str]) -> Iterator[Finding]:
    """Yields the slips in those of all variable files whose paths are given, since no module is known for them."""
    groups: defaultdict[str, list[File]] = defaultdict(list)
    for file in files:
        if not f"/{file.path}".endswith(_TAKEN_TOGETHER):
            groups[posixpath.dirname(file.path) if file.origin is None else file.origin.template].append(file)
    for group in groups.values():
        if len(group) >= _ENOUGH:
            yield from _of_group(graph, group, unknown)


def _of_group(graph: Graph, group: Sequence[File], unknown: Collection[str]) -> Iterator[Finding]:
    counts = Counter(name for file in group for name in file.variables)
    usual = [name for name, count in counts.items() if count == len(group) - 1]
    for file in group if usual else ():
        own = [each for each in file.variables if counts[each] == 1] if file.path in unknown else []
        for name in usual if own else ():
            other = next(each for each in group if name in each.variables)
            slip = next((each for each in own if _is_slip(file, each, other, name)), None)
            if slip is not None and name not in file.variables:
                yield _finding(graph, file, slip, other, name)


def _is_slip(file: File, slip: str, other: File, name: str) -> bool:
    kinds = {type(file.variables[slip]), type(other.variables[name])}
    return len(kinds) == 1 and (is_typo(slip, name) or slip.casefold() == name.casefold())


def _finding(graph: Graph, file: File, slip: str, other: File, name: str) -> Finding:
    return Finding(
        f"there is no value for {name}, which the files beside it have",
        Place(file.path, 0, (slip,)),
        f"write {name} for {slip}",
        related=((Place(other.path, 0, (name,)), "in this one, for example"),),
        severity=by_mark(graph, Place(file.path)),
        on_key=True,
        cause=f"missing {name}",
    )
