"""The parameters that an element can have at all, where nobody knows the elements of a set: an outline of each.

A generator that asks a cluster or a service says by its kind what it tells of each, and by its `values` what it adds;
a list says what each of its elements has. So a name that none of them gives is one that the template waits for in vain,
whatever the answer is.

Source: argoproj/argo-cd v3.5.1, applicationset/generators: cluster.go, git.go, list.go, matrix.go, merge.go,
plugin.go, pull_request.go, scm_provider.go and value_interpolation.go.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.evidence.applicationsets.outcomes import Element
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.places import Place

Name: TypeAlias = "tuple[str, ...]"
"""The keys that lead to a parameter."""

_LABELS: tuple[Name, ...] = (("metadata", "labels"), ("metadata", "annotations"))
"""Maps with keys that only the Secret of a cluster has."""
_OF_CLUSTER: tuple[Name, ...] = (("name",), ("nameNormalized",), ("server",), ("project",), *_LABELS)
_OF_REPOSITORY = (
    *("organization", "repository", "repository_id", "url", "branch", "branchNormalized"),
    *("sha", "short_sha", "short_sha_7", "labels"),
)
_OF_PULL_REQUEST = (
    *("number", "title", "author", "branch", "branch_slug", "target_branch", "target_branch_slug"),
    *("head_sha", "head_short_sha", "head_short_sha_7"),
)
_OF_PLUGIN: Name = ("generator", "input", "parameters")
_OF_PATH = ("basename", "basenameNormalized")
_OF_FILE = (*_OF_PATH, "filename", "filenameNormalized")
_MOST = 256
"""How many elements of a matrix are told apart."""


class Outline(NamedTuple):
    """What an element can have."""

    place: Place
    """The element of a list, or the generator."""
    names: frozenset[Name] = frozenset()
    is_open: bool = False
    """True if it may have any other name at the top as well, such as those that stand in a file."""
    own: frozenset[str] = frozenset()
    """The names at the top that are the generator's own, where it is open."""
    may_have_more: bool = False
    """True if a newer Argo CD may tell more of it."""
    label: str = ""
    """What a person knows the element by; empty for one that nobody wrote."""

    def has(self, name: Name) -> bool:
        """Tells whether a Go template may find a parameter, or a map of them."""
        if any(name[: len(each)] == each or each[: len(name)] == name for each in self.names):
            return True
        return self.is_open and name[0] not in self.own

    def has_tag(self, tag: str) -> bool:
        """Tells whether a legacy template may find a parameter, which is flat: `path[0]`, `metadata.labels.env`."""
        known = tag.partition("[")[0]
        if any(known == ".".join(each) for each in self.names):
            return True
        if any(known.startswith(f"{'.'.join(each)}.") for each in self.names & set(_LABELS)):
            return True
        return self.is_open and known.partition(".")[0] not in self.own


class Merging(NamedTuple):
    """A generator of a merge, with the keys that its elements are merged by, and what those can have."""

    keys: tuple[tuple[str, Place], ...]
    number: int
    outlines: tuple[Outline, ...]


class Outlines:
    """The outlines of the generators of one set that nobody knows."""

    def __init__(self, expansion: Expansion) -> None:
        self._is_go = expansion.uses_go_templates
        self._place = expansion.manifest.place.down("spec", "generators")
        self._generators = list_at(expansion.manifest.value, "spec", "generators")
        self._unknown = [each.place for each in expansion.unknown]

    def by_generator(self) -> Iterator[tuple[object, Place, tuple[Outline, ...]]]:
        """Yields each entry of spec.generators that is not known, where it stands, and what its elements can have."""
        for index, generator in enumerate(self._generators):
            place = self._place / index
            if any(_is_below(each, place) for each in self._unknown):
                yield generator, place, tuple(self.of(generator, place))

    def of(self, generator: object, place: Place) -> Iterable[Outline]:
        """Returns what the elements of a generator can have."""
        kinds = [kind for kind in map_at(generator) if kind != "selector"]
        if len(kinds) != 1 or kinds[0] not in self._kinds:
            return (Outline(place, is_open=True),)
        kind = kinds[0]
        return self._kinds[kind](generator, place / kind)

    def mergings(self, generator: object, place: Place) -> Iterator[Merging]:
        """Yields the generators of each merge in a generator."""
        children = list_at(generator, "merge", "generators")
        stated = list_at(generator, "merge", "mergeKeys")
        keys = [(key, place.down("merge", "mergeKeys", index)) for index, key in enumerate(stated)]
        texts = tuple((key, where) for key, where in keys if isinstance(key, str))
        for index, child in enumerate(children):
            yield Merging(texts, index + 1, tuple(self.of(child, place.down("merge", "generators", index))))
        for index, child in enumerate(list_at(generator, "matrix", "generators")):
            yield from self.mergings(child, place.down("matrix", "generators", index))

    @property
    def _kinds(self) -> dict[str, Callable[[object, Place], Iterable[Outline]]]:
        return {
            "clusters": self._clusters,
            "list": self._list,
            "git": self._git,
            "matrix": self._matrix,
            "merge": self._merge,
            "plugin": self._plugin,
            "scmProvider": lambda generator, place: self._service(generator, place, "scmProvider", _OF_REPOSITORY),
            "pullRequest": lambda generator, place: self._service(generator, place, "pullRequest", self._of_request),
        }

    @property
    def _of_request(self) -> tuple[str, ...]:
        return (*_OF_PULL_REQUEST, *(("labels",) if self._is_go else ()))

    def _clusters(self, generator: object, place: Place) -> Iterable[Outline]:
        if at(generator, "clusters", "flatList") is True:
            return (Outline(place, frozenset({("clusters",)}), may_have_more=True),)
        names = frozenset({*_OF_CLUSTER, *_values(generator, "clusters")})
        return (Outline(place, names, may_have_more=True),)

    def _service(self, generator: object, place: Place, kind: str, told: Sequence[str]) -> Iterable[Outline]:
        names = frozenset({*((each,) for each in told), *_values(generator, kind)})
        return (Outline(place, names, may_have_more=True),)

    def _plugin(self, generator: object, place: Place) -> Iterable[Outline]:
        """A plugin tells what it likes; to Go templates, what Argo CD adds replaces what it tells under that name."""
        names = frozenset({_OF_PLUGIN, *_values(generator, "plugin")})
        return (Outline(place, names, True, frozenset(each[0] for each in names) if self._is_go else frozenset()),)

    def _list(self, generator: object, place: Place) -> Iterator[Outline]:
        if text_at(generator, "list", "elementsYaml") is not None:
            yield Outline(place, is_open=True)
        for index, element in enumerate(list_at(generator, "list", "elements")):
            where = place.down("elements", index)
            yield Outline(where, frozenset(_leaves(element)), label=str(Element(map_at(element), where)))

    def _git(self, generator: object, place: Place) -> Iterable[Outline]:
        is_of_files = not list_at(generator, "git", "directories")
        prefix = text_at(generator, "git", "pathParamPrefix")
        start: Name = (prefix, "path") if prefix else ("path",)
        told = _OF_FILE if is_of_files else _OF_PATH
        path = ((*start, "path"), (*start, "segments")) if self._is_go else (start,)
        names = frozenset({*path, *((*start, each) for each in told), *_values(generator, "git")})
        return (Outline(place, names, is_of_files, frozenset({start[0]})),)

    def _matrix(self, generator: object, place: Place) -> Iterable[Outline]:
        children = [
            tuple(self.of(child, place.down("generators", index)))
            for index, child in enumerate(list_at(generator, "matrix", "generators"))
        ]
        count = 1
        for each in children:
            count *= len(each)
        if count > _MOST:
            children = [(_union(each, place),) for each in children]
        return [_union(each, place) for each in product(*children)] if children else ()

    def _merge(self, generator: object, place: Place) -> Iterable[Outline]:
        found = [
            each
            for index, child in enumerate(list_at(generator, "merge", "generators"))
            for each in self.of(child, place.down("generators", index))
        ]
        return (_union(found, place)._replace(place=place, label=""),) if found else ()


def _is_below(place: Place, above: Place) -> bool:
    return place.file == above.file and place.steps[: len(above.steps)] == above.steps


def _values(generator: object, kind: str) -> Iterator[Name]:
    for key in map_at(generator, kind, "values"):
        yield ("values", key)


def _leaves(value: object) -> Iterator[Name]:
    for key, inner in map_at(value).items():
        below = tuple(_leaves(inner)) if isinstance(inner, dict) else ()
        yield from ((key, *each) for each in below or ((),))


def _own_of_all(names: Sequence[frozenset[str]]) -> frozenset[str]:
    """Returns what is nobody else's to tell: what one keeps for itself, another that is open may have."""
    return names[0].intersection(*names[1:]) if names else frozenset()


def _union(outlines: Sequence[Outline], place: Place) -> Outline:
    """Returns what an element has that is made of some others: all that they have."""
    written = next((each for each in outlines if each.label), None)
    return Outline(
        written.place if written else place,
        frozenset().union(*(each.names for each in outlines)),
        any(each.is_open for each in outlines),
        _own_of_all([each.own for each in outlines if each.is_open]),
        any(each.may_have_more for each in outlines),
        written.label if written else "",
    )
