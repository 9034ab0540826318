"""ApplicationSets to Applications, offline, as Argo CD's controller expands them; what cannot be known is said.

Source: argoproj/argo-cd v3.5.1, applicationset/controllers/template/template.go and applicationset/utils/utils.go.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen import source
from gitops_gen.data_classes import entity
from gitops_gen.evidence.applications import Application
from gitops_gen.evidence.applicationsets.documents import first_document
from gitops_gen.evidence.applicationsets.generators import Generators
from gitops_gen.evidence.applicationsets.merging import filled_up, patched
from gitops_gen.evidence.applicationsets.outcomes import (
    AsksError,
    CannotSayError,
    Element,
    ExpansionError,
    Failure,
    RefusedError,
    Unknown,
)
from gitops_gen.evidence.applicationsets.renderer import Renderer
from gitops_gen.evidence.values import at, list_at, map_at, strings_at, text_at, texts_in
from gitops_gen.shapes import misfits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.applicationsets.outcomes import Parameters
    from gitops_gen.evidence.applicationsets.registered import Registered
    from gitops_gen.evidence.files import Files, Manifest
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.repositories import Repositories

__all__ = ["Element", "Expansion", "Failure", "Unknown", "expand", "generator_templates"]

_NAMED = 3
"""How many elements a sentence names."""
_PATCH = "the patch"
_OPTIONS = tuple(f"missingkey={each}" for each in ("default", "invalid", "zero", "error"))
"""The options of Go's text/template, which knows no other one: it panics."""


@entity
class Expansion:
    """An ApplicationSet, and what it makes."""

    manifest: Manifest
    elements: tuple[Element, ...] = ()
    applications: tuple[Application, ...] = ()
    failures: tuple[Failure, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    patches: tuple[Parameters, ...] = ()
    """What its template patch becomes, each once."""
    partial: tuple[Application, ...] = ()
    """Where nobody knows its elements: what holds for all Applications, or for all of one part of a matrix.

    What is not known of them stays a template.
    """

    @property
    def uses_go_templates(self) -> bool:
        """True if spec.goTemplate is set; otherwise the templates are of the legacy kind."""
        return at(self.manifest.value, "spec", "goTemplate") is True

    @property
    def misses_keys_loudly(self) -> bool:
        """True if a missing parameter is an error."""
        return self._missing_keys == "missingkey=error"

    @property
    def zeroes_missing_keys(self) -> bool:
        """True if a missing parameter is the zero value of its type."""
        return self._missing_keys == "missingkey=zero"

    @property
    def _missing_keys(self) -> str:
        """The option that says what is made of missing parameters: of several, the last counts."""
        return next(reversed(strings_at(self.manifest.value, "spec", "goTemplateOptions")), "")

    @property
    def is_whole(self) -> bool:
        """True if every Application of the set is known."""
        return not self.unknown and not self.failures


def expand(
    manifest: Manifest, files: Files, repositories: Repositories, registered: Sequence[Registered] = ()
) -> Expansion:
    """Returns the Applications of an ApplicationSet, with what fails and what cannot be said.

    `registered` are the clusters that its Argo CD is known to have; there may be others.
    """
    return _Expander(manifest, files, repositories, registered).expand()


def named(elements: tuple[str, ...]) -> str:
    """Returns a few of the elements by name, each once, and how many more there are."""
    elements = tuple(dict.fromkeys(elements))
    more = len(elements) - _NAMED
    return ", ".join(elements[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def generator_templates(value: object) -> Iterator[object]:
    """Yields the templates that the generators of a set lay over its own, at any depth."""
    yield from _templates_of(list_at(value, "spec", "generators"))


def _templates_of(generators: Sequence[object]) -> Iterator[object]:
    for each in generators:
        for generator in map_at(each).values():
            own = at(generator, "template")
            if own is not None:
                yield own
            yield from _templates_of(list_at(generator, "generators"))


def _values_in(value: Parameters, place: Place) -> Iterator[tuple[str, Place]]:
    """Yields the texts that generators add to what they tell, inside of others too: each is a template by itself.

    Source: Argo CD v3.5.1, applicationset/generators/value_interpolation.go.
    """
    for index, generator in enumerate(list_at(value, "generators")):
        for kind, stated in map_at(generator).items():
            where = place.down("generators", index, kind)
            yield from ((text, where.down("values", *steps)) for text, steps in texts_in(map_at(stated, "values")))
            yield from _values_in(map_at(stated), where)


def _has_spec(template: object) -> bool:
    return at(template, "spec") is not None


class _Expander:
    def __init__(
        self, manifest: Manifest, files: Files, repositories: Repositories, registered: Sequence[Registered]
    ) -> None:
        self._manifest = manifest
        self._spec = map_at(manifest.value, "spec")
        self._place = manifest.place / "spec"
        expansion = Expansion(manifest)
        self._renderer = Renderer(
            is_go=expansion.uses_go_templates,
            misses_keys_loudly=expansion.misses_keys_loudly,
            zeroes_missing_keys=expansion.zeroes_missing_keys,
        )
        self._generators = Generators(self._renderer, files, repositories, registered)
        self._templates: dict[int, Parameters] = {}
        self._patches: dict[str, Parameters | None] = {}
        self._refused: defaultdict[tuple[Place, str], list[str]] = defaultdict(list)
        self._unknown: defaultdict[tuple[Place, str], list[str]] = defaultdict(list)
        self._first: dict[tuple[Place, str], Element] = {}
        self._asking: set[tuple[Place, str]] = set()

    def expand(self) -> Expansion:
        elements = tuple(self._elements())
        for place, reason in self._generators.asked.items():
            self._note(AsksError(place, reason))
        applications = tuple(found for element in elements if (found := self._application(element)) is not None)
        is_unknown = bool(self._unknown) and not (applications or self._refused)
        if is_unknown:
            self._parse()
        partial = tuple(self._partial()) if is_unknown and not self._refused else ()
        failures = (Failure(*key, tuple(names), self._first.get(key)) for key, names in self._refused.items())
        unknown = (_unknown(*key, names, asks=key in self._asking) for key, names in self._unknown.items())
        patches = tuple(each for each in self._patches.values() if each)
        return Expansion(self._manifest, elements, applications, tuple(failures), tuple(unknown), patches, partial)

    def _elements(self) -> Iterator[Element]:
        for index, generator in enumerate(list_at(self._spec, "generators")):
            try:
                yield from list(self._generators.generate(generator, self._place.down("generators", index)))
            except ExpansionError as error:
                self._note(error)

    def _application(self, element: Element) -> Application | None:
        try:
            value = self._filled(element)
        except ExpansionError as error:
            self._note(error, element)
            return None
        spec_place = self._place.down("template", "spec")
        return Application(value, element.place, spec_place, self._manifest, element.parameters, element.origins)

    def _partial(self) -> Iterator[Application]:
        """Yields what is known of the Applications. A template patch, and a template of a generator, may change it."""
        value = self._manifest.value
        if at(value, "spec", "templatePatch") is not None or any(map(_has_spec, generator_templates(value))):
            return
        template, spec_place = map_at(self._spec, "template"), self._place.down("template", "spec")
        generators = enumerate(list_at(self._spec, "generators"))
        parts = [
            part
            for index, generator in generators
            for part in self._generators.known_parts(generator, self._place.down("generators", index))
        ]
        for part in parts or (Element({}, self._manifest.place),):
            partly = self._renderer.partly(template, part.parameters) if part.parameters else template
            yield Application(map_at(partly), part.place, spec_place, self._manifest, part.parameters)

    def _parse(self) -> None:
        """Notes what Argo CD refuses in the templates of a set whose elements nobody knows, whatever those are."""
        texts = [(text, self._place.down("template", *steps)) for text, steps in texts_in(self._spec.get("template"))]
        texts.append((text_at(self._spec, "templatePatch") or "", self._place / "templatePatch"))
        for text, place in (*texts, *_values_in(self._spec, self._place)):
            try:
                self._renderer.parse(text, place)
            except RefusedError as error:
                self._note(error)

    def _note(self, error: ExpansionError, element: Element | None = None) -> None:
        noted, key = self._refused if isinstance(error, RefusedError) else self._unknown, (error.place, error.reason)
        noted[key].extend(() if element is None else (str(element),))
        if isinstance(error, AsksError):
            self._asking.add(key)
        first = element or error.element
        if first is not None:
            self._first.setdefault(key, first)

    def _filled(self, element: Element) -> Parameters:
        template, place = self._template(element), self._place / "template"
        if not element.parameters:
            return self._patched(template, element)  # Argo CD leaves the template of an empty element as it is
        if self._renderer.is_go:
            self._check_options()
        return self._patched(self._renderer.map(template, place, element.parameters), element)

    def _check_options(self) -> None:
        for index, each in enumerate(strings_at(self._spec, "goTemplateOptions")):
            if each not in _OPTIONS:
                place = self._place.down("goTemplateOptions", index)
                raise RefusedError(place, f"got the option {each!r}, expected one of {', '.join(_OPTIONS)}")

    def _template(self, element: Element) -> Parameters:
        """Returns the template of an element: that of the set, under what its generator has of its own."""
        template, own = map_at(self._spec, "template"), element.template
        if own is None:
            return template
        if id(own) not in self._templates:
            self._templates[id(own)] = filled_up(own, template)
        return self._templates[id(own)]

    def _patched(self, value: Parameters, element: Element) -> Parameters:
        patch, place = text_at(self._spec, "templatePatch"), self._place / "templatePatch"
        if patch is None:
            return value
        if not self._renderer.is_go:
            raise CannotSayError(place, "a templatePatch without goTemplate: true is not supported by Argo CD")
        text = self._renderer.text(patch, place, element.parameters)
        if text not in self._patches:
            self._patches[text] = _parsed(text, place)
        found = self._patches[text]
        return value if found is None else patched(value, found, place)


def _unknown(place: Place, reason: str, names: list[str], *, asks: bool) -> Unknown:
    """Returns what cannot be said: of a template, with the elements that it is filled with.

    That, and what a generator asks a cluster or a service, Argo CD can be asked.
    """
    told = _with_names(reason, names)
    if names or asks:
        return Unknown(place, told, hint=f"ask Argo CD: argocd appset generate {place.file}")
    return Unknown(place, told)


def _parsed(text: str, place: Place) -> Parameters | None:
    from gitops_gen.argo_cd_shapes import APPLICATION_PATCH
    from gitops_gen.evidence.gotemplate.functions.letters import SPACES

    is_json = text.strip(SPACES).startswith("{")
    found = _json(text, place) if is_json else first_document(source.read_documents(place.file, text), place, _PATCH)
    if isinstance(found, list):
        raise CannotSayError(place, "the patch is a list, a JSON patch")
    if found is not None and not isinstance(found, dict):
        raise RefusedError(place, f"the patch is no map: {found}")
    for misfit in misfits(found, APPLICATION_PATCH, None):
        if not misfit.on_key:  # Argo CD drops a field that it does not know, which argo-cd-object tells
            where = ".".join(map(str, misfit.steps))
            raise RefusedError(place, f"the patch does not fit an Application: {where}: {misfit.reason}")
    return found


def _json(text: str, place: Place) -> object:
    """Returns what a patch is that starts with a brace, which Argo CD reads as JSON and not as YAML.

    Source: argoproj/argo-cd v3.5.1, applicationset/utils/utils.go, IsJSONStr and ConvertYAMLToJSON.
    """
    try:
        value: object = json.loads(text)
    except ValueError as error:
        reason = f"{_PATCH} starts with a brace, so it is read as JSON, and is none: {error}"
        raise RefusedError(place, reason) from None
    return value


def _with_names(reason: str, names: list[str]) -> str:
    return f"{reason} (for {named(tuple(names))})" if names else reason
