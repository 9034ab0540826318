"""An ApplicationSet uses Go templates, and a parameter that is missing is an error.

Without goTemplate: true the legacy templates are used, and they leave an unknown {{tag}} in the Application as it is:
it becomes a name, an annotation or a path with braces in it, and nothing says so. Without missingkey=error a Go
template writes <no value> instead; a set by hand whose templates ask for a parameter that only some elements have, as
in {{ if .sync }}, cannot do with it. Either way the mistake is found at run time, in whatever reads the value. In the
values of a chart a text in braces may be meant for the chart, or for what it installs: there it is an error where an
element has the parameter, or almost, or where it is part of an ARN, and otherwise a warning. Where nobody knows the
elements, as those of clusters, a tag that no generator gives is told all the same.

Fix: set goTemplate: true and goTemplateOptions: [missingkey=error], and write {{ .name }} for {{name}}.

Source: Argo CD v3.5.1, docs/operator-manual/applicationset/GoTemplate.md; applicationset/utils/utils.go, Replace.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence import fasttemplate
from gitops_gen.evidence.applicationsets import expand, named
from gitops_gen.evidence.files import Manifest
from gitops_gen.evidence.values import at, list_at, map_at, texts_in
from gitops_gen.near_miss import is_typo
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.applicationsets import Element, Expansion
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_TEMPLATED = "{{"
_NO_ENTRY = lazily(r'map has no entry for key "([^"]*)"')
_LEGACY_TAG = lazily(r"[^\s.|\"'`()][^\s|\"'`()]*")
"""What may be a tag of the legacy templates; the others are actions of Go."""
_SECTION = tuple("#^/!>&")
"""How a tag starts that Mustache and Handlebars read, and neither of the engines of Argo CD."""
_FURTHER = frozenset({"helm", "kustomize", "plugin"})
"""Keys of a source below which a text is given to another tool, which may have an engine of its own."""
_OF_ARGO_CD = frozenset({"valueFiles", "fileParameters", "releaseName", "version", "namespace", "kubeVersion"})
"""Keys below them whose texts Argo CD itself reads: a path, or what it calls Helm with."""
_INFO = ("spec", "template", "spec", "info")
_COMMENT = lazily(r"^\s*#.*$", re.MULTILINE)
_FIELD = lazily(r"(?<![\w)\]$.])\.([A-Za-z_]\w*)")
_ALWAYS = frozenset({"name", "nameNormalized", "server", "metadata", "values", "path"})
"""Parameters of the generators that ask a cluster or git."""
_OF_OTHERS = lazily(r"(?:EC2PrivateDNSName|AccountID|SessionName(?:Raw)?|AccessKeyID)\Z|(?:workflow|inputs|request)\.")
"""Tags of aws-iam-authenticator, Argo Workflows and Kyverno."""
_SHOWN = frozenset({"legendFormat", "summary", "description", "message", "title", "text", "expr", "titleFormat"})
"""Keys of dashboards and alerts, whose texts Grafana and Prometheus fill in."""
_KEY = lazily(r"\A[\s-]*+[\"']?([\w.-]++)[\"']?:.*")
_ARN = lazily(r"role-?arn|\barn:", re.IGNORECASE)


def _run(graph: Graph) -> Iterator[Finding]:
    for expansion in graph.expansions:
        template = map_at(expansion.manifest.value, "spec", "template")
        if not any(_TEMPLATED in text for text, _ in texts_in(template)):
            continue
        if not expansion.uses_go_templates:
            yield from _legacy(graph, expansion)
        elif not expansion.misses_keys_loudly and not _asks_for_keys(graph, expansion):
            yield _quiet(graph, expansion)


def _legacy(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    tags = _tags(expansion)
    sections = [tag for tag in tags if tag.startswith(_SECTION)]
    go = [tag for tag in tags if tag not in sections and not _LEGACY_TAG.fullmatch(tag)]
    of_go = [tag for tag in go if not _is_further(tags[tag]) or _reads_a_parameter(expansion, tag)]
    sections = [tag for tag in sections if not _is_further(tags[tag])]
    if sections:
        yield _section(graph, expansion, tags, sections[0])
    legacy = {tag: place for tag, place in tags.items() if tag not in go and not tag.startswith(_SECTION)}
    if of_go:
        yield _not_switched_on(graph, expansion, tags, of_go)
    else:
        yield _without(graph, expansion, next((tag for tag in legacy if not _is_further(tags[tag])), "tag"))
    in_elements = _tags_in_elements(expansion)
    yield from _in_elements(graph, expansion, in_elements)
    # Where the elements have tags, too, another tool fills the file in before Argo CD reads it.
    is_form = bool(in_elements) and not graph.is_ours(expansion.manifest.place)
    yield from _left_over(graph, expansion, legacy, is_form=is_form)
    if expansion.unknown:
        yield from _untold(graph, expansion, legacy)


def _tags(expansion: Expansion) -> dict[str, Place]:
    """Returns the tags of the template, and where each stands first."""
    place = expansion.manifest.place.down("spec", "template")
    first: dict[str, Place] = {}
    further: dict[str, Place] = {}
    for text, steps in texts_in(map_at(expansion.manifest.value, "spec", "template")):
        is_further = _is_given(steps)
        for tag in fasttemplate.tags(_COMMENT.sub("", text) if is_further else text):
            (further if is_further else first).setdefault(tag, place.down(*steps))
    return {**further, **first}


def _is_further(place: Place) -> bool:
    """True for what is given to another tool; a tag that stands elsewhere too is placed there."""
    return _is_given(place.steps)


def _is_given(steps: Sequence[str | int]) -> bool:
    start = next((index for index, step in enumerate(steps) if step in _FURTHER), None)
    return start is not None and _OF_ARGO_CD.isdisjoint(steps[start + 1 : start + 2])


def _reads_a_parameter(expansion: Expansion, tag: str) -> bool:
    known = {name.partition(".")[0] for each in expansion.elements for name in each.parameters} or _ALWAYS
    return not known.isdisjoint(_FIELD.findall(tag))


def _not_switched_on(graph: Graph, expansion: Expansion, tags: dict[str, Place], of_go: list[str]) -> Finding:
    return Finding(
        f"{expansion.manifest} has no goTemplate: true, but its templates are Go's: {{{{{of_go[0]}}}}} stays in each "
        "Application as it is",
        tags[of_go[0]],
        "set goTemplate: true and goTemplateOptions: [missingkey=error]",
        related=((expansion.manifest.place.down("spec", "goTemplate"), "the templates are chosen here"),),
        severity=_weight(graph, tags[of_go[0]]),
    )


def _section(graph: Graph, expansion: Expansion, tags: dict[str, Place], tag: str) -> Finding:
    return Finding(
        f"{expansion.manifest}: {{{{{tag}}}}} stays in each Application as it is: Argo CD's templates have no sections",
        tags[tag],
        'set goTemplate: true, and write a template of Go: {{ if eq .name "value" }}',
        severity=_weight(graph, tags[tag]),
    )


def _weight(graph: Graph, place: Place) -> Severity:
    """Returns how much a text in braces weighs: Argo CD only shows what is in spec.info."""
    is_only_shown = place.steps[: len(_INFO)] == _INFO and not graph.is_ours(place)
    return Severity.WARNING if is_only_shown else Severity.ERROR


def _without(graph: Graph, expansion: Expansion, tag: str) -> Finding:
    return Finding(
        f"{expansion.manifest} has no goTemplate: true: a parameter that an element lacks stays in the Application as "
        f"a literal such as {{{{{tag}}}}}",
        expansion.manifest.place / "spec",
        "set goTemplate: true and goTemplateOptions: [missingkey=error], and write {{ .name }} for {{name}}",
        severity=by_mark(graph, expansion.manifest.place),
        on_key=True,
        cause="no goTemplate",
    )


def _quiet(graph: Graph, expansion: Expansion) -> Finding:
    return Finding(
        f"{expansion.manifest} has no missingkey=error: where an element lacks a parameter, a template writes "
        "<no value>",
        expansion.manifest.place.down("spec", "goTemplate"),
        "set goTemplateOptions: [missingkey=error]",
        severity=by_mark(graph, expansion.manifest.place),
        on_key=True,
        cause="no missingkey=error",
    )


def _asks_for_keys(graph: Graph, expansion: Expansion) -> bool:
    """True for a set by hand whose templates ask whether a parameter is there, which some of its elements lack.

    With missingkey=error it could not be expanded: without, it can, and each such parameter is one of other elements.
    """
    if graph.is_ours(expansion.manifest.place) or not expansion.is_whole:
        return False
    value = expansion.manifest.value
    spec = {**map_at(value, "spec"), "goTemplateOptions": ["missingkey=error"]}
    loud = expand(Manifest({**value, "spec": spec}, expansion.manifest.place), graph.files, graph.repositories)
    lacking = [_NO_ENTRY.search(each.reason) for each in loud.failures]
    return bool(lacking) and all(found is not None and _is_given_by_some(expansion, found[1]) for found in lacking)


def _is_given_by_some(expansion: Expansion, key: str) -> bool:
    return any(_has_key(each.parameters, key) for each in expansion.elements)


def _has_key(value: object, key: str) -> bool:
    return isinstance(value, Mapping) and (key in value or any(_has_key(each, key) for each in value.values()))


def _in_elements(graph: Graph, expansion: Expansion, tags: dict[str, Place]) -> Iterator[Finding]:
    """Yields the tags in the elements of a list, which Argo CD takes as they stand."""
    for tag, place in tags.items():
        yield Finding(
            f"{expansion.manifest}: {{{{{tag}}}}} stays as it is: Argo CD fills in nothing in the elements of a list",
            place,
            "write the value, unless another tool fills the file in first",
            severity=by_mark(graph, place),
        )


def _tags_in_elements(expansion: Expansion) -> dict[str, Place]:
    """Returns the tags in the elements of lists, but for those in a matrix or a merge, which another one may fill."""
    found: dict[str, Place] = {}
    for index, generator in enumerate(list_at(expansion.manifest.value, "spec", "generators")):
        for text, steps in texts_in(at(generator, "list", "elements")):
            place = expansion.manifest.place.down("spec", "generators", index, "list", "elements", *steps)
            for tag in filter(_LEGACY_TAG.fullmatch, fasttemplate.tags(text)):
                found.setdefault(tag, place)
    return found


def _left_over(graph: Graph, expansion: Expansion, tags: dict[str, Place], *, is_form: bool) -> Iterator[Finding]:
    """Yields the tags that stay in an Application: a finding for each, with the elements that lack it."""
    for tag, place in tags.items():
        lacking = [each for each in expansion.elements if not isinstance(each.parameters.get(tag), str)]
        if not lacking:
            continue
        if _is_further(place) and not _is_meant(expansion, tag, place, lacking):
            if not _is_of_others(expansion, tag, place):
                yield _handed_on(expansion, tag, place, lacking)
            continue
        may_be_filled = is_form and not _is_meant(expansion, tag, place, lacking)
        unless = "unless another tool fills the file in first" if may_be_filled else "or remove it from the template"
        yield Finding(
            f"{expansion.manifest}: {{{{{tag}}}}} stays in the Application as it is: there is no parameter {tag} "
            f"for {named(tuple(map(str, lacking)))}",
            place,
            f"add {tag} to every element, {unless}",
            related=((lacking[0].place, "this element lacks it"),),
            severity=Severity.WARNING if may_be_filled else _weight(graph, place),
        )


def _untold(graph: Graph, expansion: Expansion, tags: dict[str, Place]) -> Iterator[Finding]:
    """Yields the tags that stay in an Application whatever the elements are, where nobody knows those."""
    from gitops_gen.checks.untold_parameters import untold_tags

    for tag, lacking, is_certain in untold_tags(expansion, tags):
        place = tags[tag]
        is_further = _is_further(place) and not is_certain
        if is_further and _is_of_others(expansion, tag, place):
            continue
        stays = "is handed on" if is_further else "stays in the Application"
        yield Finding(
            f"{expansion.manifest}: {{{{{tag}}}}} {stays} as it is: no generator of it gives {tag}",
            place,
            f"correct the name, or add {tag} to the values of the generator",
            related=((lacking.place, "this lacks it"),),
            severity=_weight(graph, place) if is_certain else Severity.WARNING,
        )


def _is_meant(expansion: Expansion, tag: str, place: Place, lacking: Sequence[Element]) -> bool:
    """True where a parameter of the set is meant for sure: some element has it, or almost, or it is part of an ARN."""
    known = {name for each in expansion.elements for name in each.parameters}
    if len(lacking) < len(expansion.elements) or any(is_typo(tag, name) for name in known):
        return True
    head, dot, _ = tag.rpartition(".")
    if dot and any(name.startswith(f"{head}.") for name in known):
        return True
    return any(_ARN.search(line) for line in _lines(expansion, tag, place))


def _is_of_others(expansion: Expansion, tag: str, place: Place) -> bool:
    lines = _lines(expansion, tag, place)
    return _OF_OTHERS.match(tag) is not None or all(_KEY.sub(r"\1", line) in _SHOWN for line in lines)


def _lines(expansion: Expansion, tag: str, place: Place) -> list[str]:
    """Returns the lines of a text that have a tag, as YAML has them: with their keys."""
    text = at(expansion.manifest.value, *place.steps)
    lines = text.splitlines() if isinstance(text, str) else []
    key = f"{place.steps[-1]}: " if len(lines) == 1 else ""
    return [f"{key}{line}" for line in lines if tag in line]


def _handed_on(expansion: Expansion, tag: str, place: Place, lacking: Sequence[Element]) -> Finding:
    return Finding(
        f"{expansion.manifest}: {{{{{tag}}}}} is handed on as it is: there is no parameter {tag} for "
        f"{named(tuple(map(str, lacking)))}",
        place,
        f"add {tag} to every element, unless what is installed fills it in",
        related=((lacking[0].place, "this element lacks it"),),
        severity=Severity.WARNING,
    )


CHECK = Check("applicationset-go-template", _run, __doc__, is_of_object=True)
