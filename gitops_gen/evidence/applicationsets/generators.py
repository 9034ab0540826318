"""The generators of an ApplicationSet that need nothing but files: list, git, matrix and merge.

Of clusters, those are known whose Secrets are in the tree; which others are registered, only Argo CD knows.

Source: argoproj/argo-cd v3.5.1, applicationset/generators: list.go, git.go, matrix.go, merge.go,
value_interpolation.go and generator_spec_processor.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import source
from gitops_gen.evidence import globs
from gitops_gen.evidence.applicationsets.documents import first_document
from gitops_gen.evidence.applicationsets.merging import combine, merge
from gitops_gen.evidence.applicationsets.outcomes import (
    AsksError,
    CannotSayError,
    Element,
    ExpansionError,
    RefusedError,
)
from gitops_gen.evidence.applicationsets.selectors import Selector, flattened
from gitops_gen.evidence.charts import is_hidden
from gitops_gen.evidence.files import parents_of
from gitops_gen.evidence.gotemplate.values import StringMap, Strings
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import at, list_at, map_at, strings_at, text_at

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from gitops_gen.evidence.applicationsets.outcomes import Parameters
    from gitops_gen.evidence.applicationsets.registered import Registered
    from gitops_gen.evidence.applicationsets.renderer import Renderer
    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.repositories import Checkout, Repositories

_CLUSTERS = "clusters"
_ELSEWHERE = (_CLUSTERS, "scmProvider", "pullRequest", "clusterDecisionResource", "plugin")
_COMBINED = ("matrix", "merge")
_NOT_A_GENERATOR = ("selector",)
_KNOWN = ("list", "git", *_COMBINED, *_ELSEWHERE)
_MOST_NESTED = 2
_TEMPLATED = "{{"
_OF_CLUSTER = frozenset({"name", "nameNormalized", "server", "project", "metadata", "values", "clusters"})
"""What the generator of clusters tells of each."""
_MATRIX_CHILDREN = 2


class Generators:
    """Generates the elements of one set."""

    def __init__(
        self, renderer: Renderer, files: Files, repositories: Repositories, registered: Sequence[Registered]
    ) -> None:
        """`registered` are the clusters that are known to be."""
        self._renderer = renderer
        self._files = files
        self._repositories = repositories
        self._registered = registered
        self.asked: dict[Place, str] = {}
        """The generators that tell of more than is known, each with the reason."""

    def generate(self, generator: object, place: Place) -> Iterator[Element]:
        """Yields the elements of an entry of spec.generators. Raises CannotSayError or RefusedError."""
        kinds = self._kinds(generator, place)
        if not kinds and not self._is_ours(place):
            raise CannotSayError(place, f"Argo CD makes nothing of it: it has none of {', '.join(self._runs)}")
        selector = _selector(generator, place)
        for kind in kinds:
            template = map_at(generator, kind, "template") or None
            for element in self._run(kind, generator, place, 1):
                if selector.keeps(element.parameters):
                    yield Element(element.parameters, element.place, template, element.parts)

    def known_parts(self, generator: object, place: Place) -> Iterator[Element]:
        """Yields what the elements of a matrix of clusters have from its other generator, where that is known.

        What a cluster has too is left out. Nothing is yielded where the clusters have a say in the other generator.
        """
        children = list_at(generator, "matrix", "generators")
        if at(generator, "selector") is not None or len(children) != _MATRIX_CHILDREN:
            return
        for index, child in enumerate(children):
            is_of_clusters = tuple(map_at(children[1 - index])) == ("clusters",)
            if is_of_clusters and not (index and _TEMPLATED in str(child)):
                yield from self._without_clusters(child, place.down("matrix", "generators", index))

    def _without_clusters(self, generator: object, place: Place) -> Iterator[Element]:
        try:
            elements = list(self._child(generator, place, None, _MOST_NESTED))
        except ExpansionError:
            return
        for each in elements:
            own = {key: value for key, value in each.parameters.items() if key.partition(".")[0] not in _OF_CLUSTER}
            yield Element(own, each.place)

    def _child(self, generator: object, place: Place, given: Element | None, depth: int) -> Iterator[Element]:
        """As `generate`, inside of a matrix or a merge: one generator, whose own template does not count.

        `given` is an element of a matrix's first generator, which fills the second, but for its selector.
        """
        kinds = self._kinds(generator, place)
        if len(kinds) != 1:
            raise RefusedError(place, f"got {len(kinds)} generators, expected one in each entry of a matrix or a merge")
        if kinds[0] in _COMBINED and depth > _MOST_NESTED:
            raise RefusedError(place, "a matrix or a merge may be nested once only")
        selector = _selector(generator, place)
        filled = self._filled(generator, place, given) if given is not None and given.parameters else generator
        for element in self._run(kinds[0], filled, place, depth):
            if selector.keeps(element.parameters):
                yield element

    def _filled(self, generator: object, place: Place, given: Element) -> object:
        try:
            return self._renderer.value(generator, place, given.parameters)
        except RefusedError as error:
            error.element = given
            raise

    def _kinds(self, generator: object, place: Place) -> tuple[str, ...]:
        stated = tuple(kind for kind in map_at(generator) if kind not in _NOT_A_GENERATOR)
        if any(kind not in _KNOWN for kind in stated):
            from gitops_gen.argo_cd_shapes import generator_beside

            # The API server drops a field that stands beside its generator, which argo-cd-object tells.
            stated = tuple(kind for kind in stated if generator_beside(kind, stated) is None)
        for kind in stated:
            if kind in _ELSEWHERE and not (kind == _CLUSTERS and self._registered):
                raise AsksError(place / kind, _asks(kind))
            if kind not in self._runs:
                raise _unknown_kind(kind, place / kind, is_ours=self._is_ours(place))
        return stated

    def _run(self, kind: str, generator: object, place: Place, depth: int) -> Iterable[Element]:
        return self._runs[kind](map_at(generator, kind), place / kind, depth)

    @property
    def _runs(self) -> dict[str, Callable[[Parameters, Place, int], Iterable[Element]]]:
        runs: dict[str, Callable[[Parameters, Place, int], Iterable[Element]]]
        runs = {"list": self._list, "git": self._git, "matrix": self._matrix, "merge": self._merge}
        return {**runs, _CLUSTERS: self._clusters} if self._registered else runs

    def _list(self, inner: Parameters, place: Place, _depth: int) -> Iterator[Element]:
        for index, element in enumerate(_listed(inner, "elements", place)):
            where = place.down("elements", index)
            if not isinstance(element, dict):
                raise RefusedError(where, "the element is no map")
            yield Element(element if self._renderer.is_go else _legacy_element(element, where), where)
        if stated := text_at(inner, "elementsYaml"):
            where = place / "elementsYaml"
            yield from (Element(each, where) for each in _maps(stated, where))

    def _clusters(self, inner: Parameters, place: Place, _depth: int) -> Iterator[Element]:
        """Yields the clusters that are known; that there may be others is noted."""
        if inner.get("flatList"):
            raise AsksError(place, _asks(_CLUSTERS))  # one element tells of all
        selector = Selector(inner.get("selector"), place / "selector")
        self.asked[place] = _asks(_CLUSTERS)
        for each in self._registered:
            if selector.keeps(each.labels):
                element = Element(each.parameters(is_go=self._renderer.is_go), each.place)
                yield self._with_values(inner, element, place / "values")

    def _matrix(self, inner: Parameters, place: Place, depth: int) -> Iterator[Element]:
        children = _listed(inner, "generators", place)
        if len(children) != _MATRIX_CHILDREN:
            raise RefusedError(place, f"got {len(children)} generators, expected exactly two in a matrix")
        first_place, second_place = place.down("generators", 0), place.down("generators", 1)
        for first in self._child(children[0], first_place, None, depth + 1):
            for second in self._child(children[1], second_place, first, depth + 1):
                yield combine(first, second, is_go=self._renderer.is_go)

    def _merge(self, inner: Parameters, place: Place, depth: int) -> Iterable[Element]:
        _listed(inner, "mergeKeys", place)
        keys, children = strings_at(inner, "mergeKeys"), _listed(inner, "generators", place)
        if len(children) < _MATRIX_CHILDREN:
            raise RefusedError(place, f"got {len(children)} generators, expected at least two in a merge")
        if not keys:
            raise RefusedError(place, "a merge needs mergeKeys")
        for index, child in enumerate(children[1:], start=1):
            if has_clusters(child):  # what others lay over an element is not known
                raise AsksError(place.down("generators", index), _asks(_CLUSTERS))
        sets = [
            list(self._child(child, place.down("generators", index), None, depth + 1))
            for index, child in enumerate(children)
        ]
        return merge(sets, keys, place, is_go=self._renderer.is_go)

    def _git(self, inner: Parameters, place: Place, _depth: int) -> Iterator[Element]:
        url = text_at(inner, "repoURL")
        if not url:
            raise RefusedError(place, "got no repoURL, expected the repository of the git generator")
        checkout = self._repositories.checkout_of(url)
        if checkout is None:
            raise CannotSayError(
                place / "repoURL", f"{url} is not on disk, so what the git generator finds is not known"
            )
        self._check_revision(inner, checkout, place / "revision")
        _check_paths(inner, place)
        if _listed(inner, "directories", place):
            elements = self._git_folders(inner, checkout, place)
        elif _listed(inner, "files", place):
            elements = self._git_files(inner, checkout, place)
        else:
            raise RefusedError(place, "a git generator has files or directories")
        for element in elements:
            yield self._with_values(inner, element, place / "values")

    def _check_revision(self, inner: Parameters, checkout: Checkout, place: Place) -> None:
        """Raises CannotSayError for another branch than the one on disk; what we made is of the branch it is for."""
        revision = text_at(inner, "revision")
        if checkout.branch and not checkout.is_of(revision) and not self._is_ours(place):
            reason = f"{checkout.branch} is on disk and not {revision}, so what the git generator finds is not known"
            raise CannotSayError(place, reason)

    def _is_ours(self, place: Place) -> bool:
        file = self._files.get(place.file)
        return file is not None and file.origin is not None

    def _git_folders(self, inner: Parameters, checkout: Checkout, place: Place) -> Iterator[Element]:
        patterns = _Patterns(list_at(inner, "directories"), globs.path_match)
        files, _ = self._paths(checkout, patterns.included, place)
        paths = {parent for path in files for parent in parents_of(path)}
        for path in sorted(patterns.matching([each for each in paths if not is_hidden(each)])):
            parameters = self._path_parameters(inner, path, None)
            yield Element(parameters, place / "directories")

    def _git_files(self, inner: Parameters, checkout: Checkout, place: Place) -> Iterator[Element]:
        stated = list_at(inner, "files")
        greedy, strict = _Patterns(stated, globs.git_pathspec), _Patterns(stated, globs.doublestar)
        paths, linked = self._paths(checkout, greedy.included, place)
        found = greedy.matching(paths)
        if found != strict.matching([*paths, *linked] if linked else paths):
            reason = "which files match depends on whether Argo CD runs with --enable-new-git-file-globbing"
            raise CannotSayError(place / "files", reason)
        for path in sorted(found):
            for content, where in self._contents(checkout.on_disk(path) or path, place):
                told = content if self._renderer.is_go else flattened(content)
                yield Element({**told, **self._path_parameters(inner, path.rpartition("/")[0], path)}, where)

    def _contents(self, path: str, place: Place) -> Iterator[tuple[Parameters, Place]]:
        """Yields the maps of a file, which holds one of them or a list."""
        file = self._files.get(path)
        if file is None:
            raise CannotSayError(place / "files", f"{path} cannot be read")
        value = first_document(file.documents, place / "files", path)  # an empty one is an empty map to Argo CD
        for index, content in enumerate(value if isinstance(value, list) else [value]):
            where = Place(path, 0, (index,) if isinstance(value, list) else ())
            if content is not None and not isinstance(content, dict):
                raise RefusedError(where, f"{path} holds no map, and no list of maps")
            yield content or {}, where

    def _paths(self, checkout: Checkout, patterns: Iterable[str], place: Place) -> tuple[list[str], list[str]]:
        """Returns the files of a repository that lie where a pattern may match, relative to it.

        Those behind a link to a folder are apart: git has none there, and finds them only by the newer globbing.
        """
        found: dict[str, None] = {}
        linked: dict[str, None] = {}
        for below in sorted({globs.literal_folder(pattern) for pattern in patterns}):
            folder = checkout.on_disk(below)
            if folder is None:
                raise CannotSayError(place, f"of the repository, only {checkout.path}/ is on disk")
            there = dict.fromkeys(checkout.in_repository(path) for path in self._files.under(folder))
            if self._is_linked(checkout, below):
                linked |= there
            else:
                found |= there
        return list(found), list(linked)

    def _is_linked(self, checkout: Checkout, folder: str) -> bool:
        """True for a folder of a repository that a link leads to, itself or on the way from the root."""
        way = (folder, *parents_of(folder)) if folder else ()
        return any(self._files.is_linked_folder(path) for each in way if (path := checkout.on_disk(each)))

    def _path_parameters(self, inner: Parameters, folder: str, file: str | None) -> dict[str, object]:
        """Returns what the git generator tells of a path (Argo CD, docs of the git generator)."""
        from gitops_gen.evidence.gotemplate.functions.names import normalize

        told: dict[str, object] = {"basename": _base(folder), "basenameNormalized": normalize(_base(folder))}
        if file is not None:
            told |= {"filename": _base(file), "filenameNormalized": normalize(_base(file))}
        prefix = text_at(inner, "pathParamPrefix")
        if self._renderer.is_go:
            path = {"path": folder or ".", "segments": Strings((folder or ".").split("/")), **told}
            return {prefix: {"path": path}} if prefix else {"path": path}
        start = f"{prefix}.path" if prefix else "path"
        numbered = {f"{start}[{index}]": part for index, part in enumerate((folder or ".").split("/")) if part}
        return {start: folder or ".", **{f"{start}.{key}": value for key, value in told.items()}, **numbered}

    def _with_values(self, inner: Parameters, element: Element, place: Place) -> Element:
        values = map_at(inner, "values")
        if not values:
            return element
        parameters = element.parameters
        filled = {key: self._renderer.text(str(value), place / key, parameters) for key, value in values.items()}
        own = {"values": StringMap(filled)} if self._renderer.is_go else _dotted(filled)
        return Element({**parameters, **own}, element.place)


def _asks(kind: str) -> str:
    return f"the {kind} generator asks a cluster or a service"


def has_clusters(generator: object) -> bool:
    """True for a generator of clusters, or one with such a one in it."""
    inner = (each for kind in _COMBINED for each in list_at(generator, kind, "generators"))
    return at(generator, _CLUSTERS) is not None or any(map(has_clusters, inner))


def _selector(generator: object, place: Place) -> Selector:
    return Selector(at(generator, "selector"), place / "selector")


def _unknown_kind(kind: str, place: Place, *, is_ours: bool) -> ExpansionError:
    """Returns what to say of a generator that is not known here: in files by hand it may be a newer one."""
    from gitops_gen.near_miss import is_typo

    meant = next((each for each in _KNOWN if kind.casefold() == each.casefold() or is_typo(kind, each)), None)
    if meant is not None or is_ours:
        return RefusedError(place, f"there is no generator {kind}, expected {meant or ', '.join(_KNOWN)}")
    return CannotSayError(place, f"the generator {kind} is not known here")


def _check_paths(inner: Parameters, place: Place) -> None:
    """Raises RefusedError for an entry of a git generator that names no path."""
    for field in ("directories", "files"):
        for index, each in enumerate(list_at(inner, field)):
            if not text_at(each, "path"):
                raise RefusedError(
                    place.down(field, index), "got no path, expected one in each entry of a git generator"
                )


class _Patterns:
    """The paths of a git generator: those that it takes, and those that it leaves out."""

    def __init__(self, stated: Iterable[object], compiled: Callable[[str], re.Pattern[str]]) -> None:
        paths = [(text_at(each, "path") or "", at(each, "exclude") is True) for each in stated]
        self.included = tuple(path for path, is_excluded in paths if not is_excluded)
        self._included = [compiled(path) for path in self.included]
        self._excluded = [compiled(path) for path, is_excluded in paths if is_excluded]

    def matching(self, paths: Collection[str]) -> set[str]:
        """Returns the paths that are taken."""
        # There may be a hundred thousand of them for each set.
        found = {path for each in self._included for path in paths if each.fullmatch(path)}
        return found - {path for each in self._excluded for path in found if each.fullmatch(path)}


def _listed(inner: Parameters, field: str, place: Place) -> Sequence[object]:
    """Returns the list of a field; an empty one where nothing is stated. Raises RefusedError for what is no list."""
    stated = inner.get(field)
    if stated is not None and not isinstance(stated, list):
        raise RefusedError(place / field, f"{field} is no list")
    return stated or []


def _maps(text: str, place: Place) -> Iterator[Parameters]:
    value = first_document(source.read_documents(place.file, text), place, "elementsYaml")
    if value is not None and not isinstance(value, list):
        raise RefusedError(place, "elementsYaml is no list")
    for element in value or ():
        if element is not None and not isinstance(element, dict):
            raise RefusedError(place, "an element of elementsYaml is no map")
        yield element or {}


def _legacy_element(element: Parameters, place: Place) -> Parameters:
    """Returns the parameters of a list element under the legacy templates, where every value is a string."""
    flat: dict[str, object] = {}
    for key, value in element.items():
        if key == "values":
            flat |= _dotted(_legacy_values(value, place / key))
        else:
            flat[key] = _legacy_value(value, place / key)
    return flat


def _legacy_values(values: object, place: Place) -> dict[str, object]:
    if not isinstance(values, dict):
        raise RefusedError(place, "values is no map, and without goTemplate: true it must be one")
    return {name: _legacy_value(value, place / name) for name, value in values.items()}


def _legacy_value(value: object, place: Place) -> str:
    if not isinstance(value, str):
        raise RefusedError(
            place, f"{place.steps[-1]} is no string, and without goTemplate: true every value must be one"
        )
    return value


def _dotted(values: Parameters) -> dict[str, object]:
    return {f"values.{key}": value for key, value in values.items()}


def _base(path: str) -> str:
    return path.rpartition("/")[2] or "."
