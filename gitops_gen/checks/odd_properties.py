"""What the generated ExternalSecrets of one app read and make, held against each other from cluster to cluster.

Only the provider knows which properties a secret has. But one set makes its ExternalSecrets of the same facts on each
cluster: where one reads a property that is another's with a slip, or that of another of its keys, the Kubernetes Secret
gets no value, or that of another key, and nothing says so. Where one reads none, of a secret of which others read one,
it gets the whole JSON. So it is with the name of the Secret that it makes, and with its keys: what reads them may be in
another repository, or made by kustomize. Where as many have the one as the other, as of two clusters, nobody knows
which is the slip, but that one is.

Part of external-secret-target.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache, partial
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.readers import target_name
from gitops_gen.evidence.secret_targets import TYPE, type_of
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.kubernetes import OPAQUE
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import is_one_edit, is_typo
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.leaves import Steps
    from gitops_gen.evidence.places import Place

_NONE = ""
"""In the place of a property: the whole value is taken."""


_NAME = ("spec", "target", "name")
_SIGN = lazily(r"[^0-9A-Za-z]+")
_SHORT = 3
"""Letters of a word that is too short for a typo where nothing else is like it: url, key."""


class _Taken(NamedTuple):
    """A key of the Kubernetes Secret, and what it takes."""

    key: str
    name: str
    """The property."""
    path: str
    """The name of the secret in Secrets Manager."""

    @property
    def end(self) -> str:
        """The last part of the path: the parts before it may be another environment's."""
        return self.path.rpartition("/")[2]


class _Stated(NamedTuple):
    """What is compared."""

    target: str
    """The Kubernetes Secret."""
    type: str
    """Its type."""
    keys: tuple[tuple[str, str, str], ...]
    """Each key of it, with its property and the end of its path."""


class _Read(NamedTuple):
    """An ExternalSecret on a cluster."""

    manifest: Manifest
    cluster: str
    taken: tuple[_Taken, ...]
    stated: _Stated

    @property
    def keys(self) -> frozenset[str]:
        """The keys of that Secret."""
        return frozenset(each.key for each in self.taken)


def odd_properties(graph: Graph) -> Iterator[Finding]:
    """Yields the properties, keys and Secrets that are called otherwise, by a slip, than on more clusters."""
    alike: defaultdict[tuple[Place, str], list[_Read]] = defaultdict(list)
    known: dict[int, tuple[tuple[_Taken, ...], _Stated]] = {}  # by the id of a value many have
    for deployment in graph.deployments:
        spec_place = deployment.application.spec_place
        for manifest in deployment.external_secrets if deployment.application.applicationset is not None else ():
            if id(manifest.value) not in known:
                taken = _taken(manifest)
                parts = tuple((each.key, each.name, each.end) for each in taken)
                known[id(manifest.value)] = taken, _Stated(target_name(manifest), type_of(manifest), parts)
            read = _Read(manifest, deployment.cluster.name, *known[id(manifest.value)])
            alike[spec_place, manifest.name].append(read)
    usually_on = cache(partial(_usually_on, alike))
    yield from _odd_names(graph, alike)
    for (spec_place, _), reads in alike.items():
        if len({each.stated for each in reads}) > 1 and graph.is_ours(spec_place):
            yield from _odd(reads)
            yield from _odd_parts(reads, "target", "makes the Secret", _NAME, _is_other_name)
            yield from _odd_parts(reads, "type", "makes a Secret of type", TYPE, _is_other_type)
            yield from _odd_keys(reads)
            yield from _odd_ends(reads, usually_on(spec_place))


def _odd_names(graph: Graph, alike: Mapping[tuple[Place, str], Sequence[_Read]]) -> Iterator[Finding]:
    """Yields an ExternalSecret that has another name itself, with its Secret, by a slip, than on more clusters."""
    names: defaultdict[Place, list[str]] = defaultdict(list)
    for spec_place, name in alike:
        names[spec_place].append(name)
    for (spec_place, name), reads in alike.items():
        usual = next((each for each in names[spec_place] if is_typo(name, each)), None)
        others = alike[spec_place, usual] if usual is not None else ()
        if len(others) > len(reads) and graph.is_ours(spec_place):
            known = {each.cluster for each in others}
            for read in (
                each for each in reads if each.cluster not in known and each.stated.target != others[0].stated.target
            ):
                makes, usual = f"makes the Secret {read.stated.target}", others[0].stated.target
                yield _called_otherwise(read, makes, usual, _NAME, (others[0], _NAME))


def _odd_parts(
    reads: Sequence[_Read],
    part: str,
    makes: str,
    steps: Steps,
    is_odd: Callable[[str, str, bool], bool],
) -> Iterator[Finding]:
    """Yields where a part of what is stated is another, and odd beside it, than on more clusters, or on as many."""
    parts: list[str] = [getattr(each.stated, part) for each in reads]
    uses = Counter(parts)
    usual = uses.most_common(1)[0][0]
    like = reads[parts.index(usual)]
    for read, own in zip(reads, parts, strict=True):
        is_tied = uses[own] == uses[usual]
        if own != usual and is_odd(own, usual, is_tied):
            yield _called_otherwise(read, f"{makes} {own}", usual, steps, (like, steps), is_tied=is_tied)


def _is_other_name(own: str, usual: str, _: bool) -> bool:
    return is_typo(own, usual)


def _is_other_type(own: str, usual: str, is_tied: bool) -> bool:
    """Tells whether a type is odd; of two that are as usual, the one that was left out may be."""
    return not is_tied or OPAQUE in (own, usual)


def _usually_on(alike: Mapping[tuple[Place, str], Sequence[_Read]], spec_place: Place) -> frozenset[tuple[str, str]]:
    """Returns what keys of a set take as they do on most clusters, by the cluster and the path."""
    known: set[tuple[str, str]] = set()
    for reads in (each for (place, _), each in alike.items() if place == spec_place):
        usual = {key: counted.most_common(1)[0][0] for key, counted in _uses_of_ends(reads).items()}
        known.update((read.cluster, each.path) for read in reads for each in read.taken if each.end == usual[each.key])
    return frozenset(known)


def _uses_of_ends(reads: Sequence[_Read]) -> Mapping[str, Counter[str]]:
    """Returns on how many clusters a key takes a secret, by its name: one that a key takes twice counts once."""
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for read in reads:
        for key, end in sorted({(each.key, each.end) for each in read.taken}):
            uses[key][end] += 1
    return uses


def _odd_ends(reads: Sequence[_Read], usually_on: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """Yields a key that takes the secret of another key, and on more clusters one of its own.

    A secret that all its keys take under another name was moved there.
    """
    uses = _uses_of_ends(reads)
    for read in reads:
        for index, taken in enumerate(read.taken):
            usual, number = uses[taken.key].most_common(1)[0]
            if uses[taken.key][taken.end] < number and (read.cluster, taken.path) in usually_on:
                like = next(each for each in reads if (taken.key, usual) in {(one.key, one.end) for one in each.taken})
                other = next(
                    number for number, one in enumerate(like.taken) if (one.key, one.end) == (taken.key, usual)
                )
                own = taken.path.removesuffix(taken.end) + usual
                yield _called_otherwise(
                    read,
                    f"takes {taken.key} from {taken.path}",
                    f"from .../{usual}",
                    _key_at(index),
                    (like, _key_at(other)),
                )._replace(hint=f"write {own}, if that is what is meant")


def _key_at(index: int) -> Steps:
    return ("spec", "data", index, "remoteRef", "key")


def _odd_keys(reads: Sequence[_Read]) -> Iterator[Finding]:
    uses = Counter(key for read in reads for key in read.keys)
    for read in reads:
        others = uses.keys() - read.keys
        for index, taken in enumerate(read.taken) if others else ():
            usual = next((key for key in sorted(others) if _is_odd_key(taken.key, key, uses)), None)
            if usual is not None and (uses[taken.key], usual) < (uses[usual], taken.key):
                like = next(each for each in reads if usual in each.keys)
                number = next(number for number, each in enumerate(like.taken) if each.key == usual)
                steps, other = ("spec", "data", index, "secretKey"), ("spec", "data", number, "secretKey")
                is_tied = uses[taken.key] == uses[usual]
                makes = f"makes the key {taken.key}"
                yield _called_otherwise(read, makes, usual, steps, (like, other), is_tied=is_tied)


def _is_odd_key(key: str, other: str, uses: Mapping[str, int]) -> bool:
    return is_typo(key, other) or (uses[key] < uses[other] and _is_near(key, other))


def _is_near(name: str, usual: str) -> bool:
    """Tells whether a name that few have is the usual one with a sign too much, or without a letter of a short word."""
    if _letters(name) == _letters(usual) != "":
        return True
    words, others = _SIGN.split(name), _SIGN.split(usual)
    differing = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    if len(words) != len(others) or len(differing) != 1:
        return False
    word, other = differing[0]
    return len(other) == _SHORT and len(word) < _SHORT and other.isalpha() and is_one_edit(word, other)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name))


def _called_otherwise(
    read: _Read, makes: str, usual: str, steps: Steps, other: tuple[_Read, Steps], *, is_tied: bool = False
) -> Finding:
    like, others = other
    return Finding(
        f"{read.manifest} {makes} on {read.cluster}, and on {_how_many(is_tied=is_tied)} clusters {usual}",
        read.manifest.place.down(*steps),
        f"write {usual}, if that is what is meant",
        related=((like.manifest.place.down(*others), f"{like.cluster}: {usual}"),),
        severity=Severity.WARNING,
        cause=f"{read.manifest} {makes}",
        cluster=read.cluster,
    )


def _how_many(*, is_tied: bool) -> str:
    return "as many" if is_tied else "more"


def _taken(manifest: Manifest) -> tuple[_Taken, ...]:
    return tuple(
        _Taken(
            text_at(each, "secretKey") or "",
            text_at(each, "remoteRef", "property") or _NONE,
            text_at(each, "remoteRef", "key") or "",
        )
        for each in list_at(manifest.value, "spec", "data")
    )


def _odd(reads: Sequence[_Read]) -> Iterator[Finding]:
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for read in reads:
        for each in read.taken:
            uses[each.key][each.name] += 1
    usual = {key: counted.most_common(1)[0][0] for key, counted in uses.items()}
    parts = {(each.key, each.path) for read in reads for each in read.taken if each.name != _NONE}
    for read in reads:
        for index, taken in enumerate(read.taken):
            own = usual[taken.key]
            is_rare = uses[taken.key][own] > uses[taken.key][taken.name]
            is_odd = _is_of_another(read, usual, taken) or _is_left_out(parts, taken)
            is_odd = is_odd or _is_near(taken.name, own)
            if taken.name != own and (_is_slip(taken.name, own) or (is_rare and is_odd)):
                yield _finding(read, index, own, reads, is_tied=not is_rare)


def _is_slip(name: str, usual: str) -> bool:
    return is_typo(name, usual) or "".join(name.split()).casefold() == "".join(usual.split()).casefold()


def _is_of_another(read: _Read, usual: Mapping[str, str], taken: _Taken) -> bool:
    """Tells whether the property is that of another key, which has it here too, or takes the one that is usual here."""
    others = (each for each in read.taken if usual[each.key] == taken.name)
    return any(each.name == usual[taken.key] or each[1:] == taken[1:] for each in others)


def _is_left_out(parts: Collection[tuple[str, str]], taken: _Taken) -> bool:
    """Tells whether the whole value is taken of a secret of which others take a property into the same key."""
    return taken.name == _NONE and (taken.key, taken.path) in parts


def _finding(read: _Read, index: int, usual: str, reads: Sequence[_Read], *, is_tied: bool) -> Finding:
    taken = read.taken[index]
    like, number = next(
        (each, number)
        for each in reads
        for number, other in enumerate(each.taken)
        if (other.key, other.name) == (taken.key, usual)
    )
    whose = f"from the property {taken.name!r}" if taken.name != _NONE else f"from the whole of {taken.path}"
    return Finding(
        f"{read.manifest} takes {taken.key} {whose} on {read.cluster}, and on {_how_many(is_tied=is_tied)} clusters "
        f"from {usual!r}",
        read.manifest.place.down(*_at(index)),
        f"write {usual}, if that is what is meant" if taken.name != _NONE else f"write property: {usual}",
        related=((like.manifest.place.down(*_at(number)), f"{like.cluster}: {usual}"),),
        severity=Severity.WARNING,
        cause=f"{read.manifest}: {taken.key} from {taken.name}",
        cluster=read.cluster,
    )


def _at(index: int) -> tuple[str | int, ...]:
    return ("spec", "data", index, "remoteRef", "property")
