"""The secrets of another environment that the generated files of one read, with a role that lets them.

Each side agrees with the other, so that no link is broken: a copy of both files brings it about, or one wrong fact in
a template. But one set reads its secrets below one folder in each environment. Of a secret that two environments read,
and that lies below the folder of the one, the other has it by mistake, where it has more below a folder of its own.

Part of secret-access-excess.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import permutations, product
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.readers import Reader

_FEW = 4
"""Environments that read one secret, beyond which it is shared on purpose."""


class _Read(NamedTuple):
    """What a store reads in an environment."""

    reader: Reader
    environment: str
    names: frozenset[str]

    def place_of(self, name: str) -> Place:
        """Returns where a secret is asked for."""
        return next(ref.place for each, ref in self.reader.secret_names if each == name)


def odd_paths(graph: Graph) -> Iterator[Finding]:
    """Yields the secrets that an environment reads of another one."""
    stores: defaultdict[tuple[Place, str], list[_Read]] = defaultdict(list)
    seen: set[Hashable] = set()
    for reader in graph.readers:
        application = reader.deployment.application
        if application.applicationset is not None and reader.tfvars is not None and reader.reading_role is not None:
            store, environment = (application.spec_place, reader.store.name), reader.tfvars.environment
            key = (*store, environment, *(id(each.value) for each in reader.external_secrets))
            if key not in seen:
                seen.add(key)
                names = frozenset(name for name, _ in reader.secret_names)
                stores[store].append(_Read(reader, environment, names))
    for (spec_place, _), reads in stores.items():
        if graph.is_ours(spec_place):
            yield from _odd(reads)


def _odd(reads: Sequence[_Read]) -> Iterator[Finding]:
    by_name: defaultdict[str, list[_Read]] = defaultdict(list)
    for read in reads:
        for name in read.names:
            by_name[name].append(read)
    for name in sorted(name for name, found in by_name.items() if 1 < len(found) <= _FEW):
        for read, other in permutations(by_name[name], 2):
            meant = _meant(name, read, other) if read.environment != other.environment else None
            finding = _finding(name, meant, read, other) if meant is not None else None
            if finding is not None:
                yield finding
                break


def _meant(name: str, read: _Read, other: _Read) -> str | None:
    """Returns what stands in an environment's own folder for a secret of the folder of another one."""
    for own, theirs in product(sorted(read.names - other.names), sorted(other.names - read.names)):
        folder, strange = _apart(own, theirs)
        if folder and strange and name.startswith(f"{strange}/"):
            meant = folder + name.removeprefix(strange)
            return meant if meant not in read.names else None
    return None


def _apart(one: str, other: str) -> tuple[str, str]:
    """Returns the folders that two names have before all that they end with alike; of names that do not, nothing."""
    left, right = one.split("/"), other.split("/")
    alike = 0
    while alike < min(len(left), len(right)) and left[-1 - alike] == right[-1 - alike]:
        alike += 1
    return ("/".join(left[:-alike]), "/".join(right[:-alike])) if alike else ("", "")


def _finding(name: str, meant: str, read: _Read, other: _Read) -> Finding | None:
    """Returns what is told, if the role may read the secret: where it may not, that is told."""
    role, cluster = read.reader.reading_role, read.reader.deployment.cluster.name
    arns = role.secret_arns if role is not None else ()
    index = next((number for number, each in enumerate(arns) if f":secret:{name}-" in each), None)
    if role is None or index is None:
        return None
    return Finding(
        f"{read.reader.store} on {cluster}, of environment {read.environment}, reads {name}, which is one of "
        f"environment {other.environment}",
        read.place_of(name),
        f"write {meant}, here and in secret_arns of the role",
        related=(
            (role.at("secret_arns", index), f"role {role.name} may read it"),
            (other.place_of(name), f"environment {other.environment} reads it here"),
        ),
        severity=Severity.WARNING,
        cause=f"{read.reader.store}: {name} of {other.environment}",
        cluster=cluster,
    )
