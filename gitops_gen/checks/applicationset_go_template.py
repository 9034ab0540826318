"""An ApplicationSet uses Go templates, and a parameter that is missing is an error.

Without goTemplate: true the legacy templates are used, and they leave an unknown {{tag}} in the Application as it is:
it becomes a name, an annotation or a path with braces in it, and nothing says so. Without missingkey=error a Go
template writes <no value> instead. Either way the mistake is found at run time, in whatever reads the value.

Fix: set goTemplate: true and goTemplateOptions: [missingkey=error], and write {{ .name }} for {{name}}.

Source: Argo CD v3.5.1, docs/operator-manual/applicationset/GoTemplate.md; applicationset/utils/utils.go, Replace.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence import fasttemplate
from gitops_gen.evidence.applicationsets import named
from gitops_gen.evidence.values import map_at, texts_in
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_TEMPLATED = "{{"
_LEGACY_TAG = re.compile(r"[^\s.|\"'`()][^\s|\"'`()]*")
"""What may be a tag of the legacy templates; the others are actions of Go."""
_SECTION = tuple("#^/!>&")
"""How a tag starts that Mustache and Handlebars read, and neither of the engines of Argo CD."""


def _run(graph: Graph) -> Iterator[Finding]:
    for expansion in graph.expansions:
        template = map_at(expansion.manifest.value, "spec", "template")
        if not any(_TEMPLATED in text for text, _ in texts_in(template)):
            continue
        if not expansion.uses_go_templates:
            yield from _legacy(graph, expansion)
        elif not expansion.misses_keys_loudly:
            yield _quiet(graph, expansion)


def _legacy(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    tags = _tags(expansion)
    sections = [tag for tag in tags if tag.startswith(_SECTION)]
    of_go = [tag for tag in tags if tag not in sections and not _LEGACY_TAG.fullmatch(tag)]
    if sections:
        yield _section(expansion, tags, sections[0])
    if of_go:
        yield _not_switched_on(expansion, tags, of_go)
    else:
        yield _without(graph, expansion)
    yield from _left_over(expansion, {tag: place for tag, place in tags.items() if tag not in (*of_go, *sections)})


def _tags(expansion: Expansion) -> dict[str, Place]:
    """Returns the tags of the template, and where each stands first."""
    place = expansion.manifest.place.down("spec", "template")
    first: dict[str, Place] = {}
    for text, steps in texts_in(map_at(expansion.manifest.value, "spec", "template")):
        for tag in fasttemplate.tags(text):
            first.setdefault(tag, place.down(*steps))
    return first


def _not_switched_on(expansion: Expansion, tags: dict[str, Place], of_go: list[str]) -> Finding:
    return Finding(
        f"{expansion.manifest} has no goTemplate: true, but its templates are Go's: {{{{{of_go[0]}}}}} stays in each "
        "Application as it is",
        tags[of_go[0]],
        "set goTemplate: true and goTemplateOptions: [missingkey=error]",
        related=((expansion.manifest.place.down("spec", "goTemplate"), "the templates are chosen here"),),
    )


def _section(expansion: Expansion, tags: dict[str, Place], tag: str) -> Finding:
    return Finding(
        f"{expansion.manifest}: {{{{{tag}}}}} stays in each Application as it is: Argo CD's templates have no sections",
        tags[tag],
        'set goTemplate: true, and write a template of Go: {{ if eq .name "value" }}',
    )


def _without(graph: Graph, expansion: Expansion) -> Finding:
    return Finding(
        f"{expansion.manifest} has no goTemplate: true: a parameter that an element lacks stays in the Application as "
        "the literal {{tag}}",
        expansion.manifest.place / "spec",
        "set goTemplate: true and goTemplateOptions: [missingkey=error], and write {{ .name }} for {{name}}",
        severity=_severity(graph, expansion),
        on_key=True,
        cause="no goTemplate",
    )


def _quiet(graph: Graph, expansion: Expansion) -> Finding:
    return Finding(
        f"{expansion.manifest} has no missingkey=error: where an element lacks a parameter, a template writes "
        "<no value>",
        expansion.manifest.place.down("spec", "goTemplate"),
        "set goTemplateOptions: [missingkey=error]",
        severity=_severity(graph, expansion),
        on_key=True,
        cause="no missingkey=error",
    )


def _severity(graph: Graph, expansion: Expansion) -> Severity:
    return Severity.ERROR if graph.is_ours(expansion.manifest.place) else Severity.WARNING


def _left_over(expansion: Expansion, tags: dict[str, Place]) -> Iterator[Finding]:
    """Yields the tags that stay in an Application: a finding for each, with the elements that lack it."""
    for tag, place in tags.items():
        lacking = [each for each in expansion.elements if not isinstance(each.parameters.get(tag), str)]
        if lacking:
            yield Finding(
                f"{expansion.manifest}: {{{{{tag}}}}} stays in the Application as it is: there is no parameter {tag} "
                f"for {named(tuple(map(str, lacking)))}",
                place,
                f"add {tag} to every element, or remove it from the template",
                related=((lacking[0].place, "this element lacks it"),),
            )


CHECK = Check("applicationset-go-template", _run, __doc__)
