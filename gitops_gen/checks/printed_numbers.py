"""Numbers that a template prints in another way than they are written: in elements, and in files of a git generator.

Argo CD reads every number as a float64, so that the account 557702566877 becomes 5.57702566877e+11, and the version
1.10 becomes 1.1. A number that a template only compares, or hands on to a chart, stays what it is.

Part of applicationset-parameters.

Source: argoproj/argo-cd v3.5.1, applicationset/generators/git.go, generateParamsFromGitFile; Go's package fmt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.checks.finding import Finding
from gitops_gen.evidence import fasttemplate
from gitops_gen.evidence.applicationsets import generator_templates
from gitops_gen.evidence.gotemplate.numbers import format_float
from gitops_gen.evidence.values import at, map_at, texts_in
from gitops_gen.patterns import lazily
from gitops_gen.secrets_guard import HIDDEN, is_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_PRINTED = lazily(r"\{\{-?\s*\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:\|\s*(?:quote|squote|toString)\s*)?-?\}\}")
_MOVES_DOT = lazily(r"\{\{-?\s*(?:range|with)\b")
"""What lets a dot stand for something else than the parameters."""
_EXPONENT = "e+"
"""What is in no number that somebody wrote by hand, so that a text that has it comes of a float."""


def printed_numbers(graph: Graph, expansion: Expansion, places: Iterable[Place]) -> Iterator[Finding]:
    """Yields each number of the files at some places that comes out of the templates of a set as another text."""
    names = sorted(Printed(expansion).names)
    related = ((expansion.manifest.place.down("spec", "template"), "the template of the set"),)
    for place in places:
        file = graph.files.get(place.file)
        stated = at(file.documents.values[place.document], *place.steps) if file and file.documents.values else None
        for name in names:
            steps = name.split(".")
            value = at(stated, *steps)
            if isinstance(value, int | float) and not isinstance(value, bool):
                found = printed_number(graph, expansion, value, place.down(*steps), related)
                yield from () if found is None else (found,)


class Printed:
    """The numbers that come out of a set: what its templates print, and what stands in its Applications."""

    def __init__(self, expansion: Expansion) -> None:
        self._expansion = expansion

    @cached_property
    def names(self) -> frozenset[str]:
        """The parameters that the templates print as they are."""
        value = self._expansion.manifest.value
        templates = (at(value, "spec", "template"), *generator_templates(value))
        texts = [text for each in templates for text, _ in texts_in(each)]
        texts += [text for text, _ in texts_in(map_at(value, "spec").get("templatePatch"))]
        if not self._expansion.uses_go_templates:
            return frozenset(tag for text in texts for tag in fasttemplate.tags(text))
        return frozenset(name for text in texts if not _MOVES_DOT.search(text) for name in _PRINTED.findall(text))

    @cached_property
    def _exponents(self) -> Sequence[tuple[Mapping[str, object], str]]:
        """The parameters and the text of each Application that has a number with an exponent in it."""
        made = ((each.parameters, str(each.value)) for each in self._expansion.applications)
        return [each for each in made if _EXPONENT in each[1]]

    def has(self, name: str, value: float) -> bool:
        """True for a parameter that is printed as it is, or that stands with an exponent in what is made of it.

        What a function such as int makes of it first is what somebody meant.
        """
        if name in self.names:
            return True
        becomes = format_float(value)
        return _EXPONENT in becomes and any(
            parameters.get(name) == value and becomes in text for parameters, text in self._exponents
        )


def printed_number(
    graph: Graph, expansion: Expansion, value: float, place: Place, related: tuple[tuple[Place, str], ...] = ()
) -> Finding | None:
    """Returns that a number comes out of a template as another text; None if it does not."""
    key, written, becomes = str(place.steps[-1]), graph.files.written(place), format_float(value)
    if written == becomes:
        return None
    hint = f'quote it: {key}: "{written}"'
    if is_hidden(value, key):
        written, becomes, hint = HIDDEN, HIDDEN, "quote it"
    return Finding(
        f"{expansion.manifest}: {key} is the number {written} and becomes {becomes} in a template",
        place,
        hint,
        related=related,
    )
