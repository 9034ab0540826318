"""Every parameter that an ApplicationSet uses stands in every element, as a string, and none stands there unused.

A parameter that is missing stops the whole set: Argo CD changes none of its Applications until it is there, or writes
<no value> into the one that lacks it. A number without quotes is a float in a Go template: the account 557702566877
becomes 5.57702566877e+11, and the version 1.10 becomes 1.1; in files without our mark, that is told of numbers which a
template prints in another way than they are written. A parameter that nothing uses is often one whose name differs from
the template's by a letter. A template in an element is filled in by nobody. A set without elements makes no
Application, and takes back those that it made. In a file without our mark that is a note, where the set looks for files
or folders that are not there. A path without a wildcard where the repository has nothing gives no element: that is a
note, or a slip of what lies beside it. Where nobody knows the elements, as those of clusters, a parameter that no
generator gives is told all the same, and a key that a generator of a merge does not give. So is what the first
generator of a matrix reads of the second, which comes after it; and a label, or its value, that a selector of clusters
asks for, which no Secret of a cluster here has, and one of them has almost. In a generated set, what a template asks
whether it is true is true or false, and an Application syncs as its parameters automated, prune and selfHeal say. The
parameters of a release stand in the folder of its cluster, where the others do.

Fix: add the parameter to the element that lacks it, quote numbers, and remove what nothing uses.

Source: Argo CD v3.5.1, docs/operator-manual/applicationset/GoTemplate.md; applicationset/generators/list.go and git.go.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.checks.misplaced_elements import misplaced_elements
from gitops_gen.checks.stated_policy import compared_flags, contrary_policies, printed_flags
from gitops_gen.checks.unfilled_elements import unfilled_elements
from gitops_gen.evidence.applicationsets import named
from gitops_gen.evidence.applicationsets.usage import list_elements, used_parameters
from gitops_gen.evidence.git_generators import git_generators
from gitops_gen.evidence.values import at, list_at, map_at, text_at, texts_in
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.applicationsets import Expansion, Failure
    from gitops_gen.evidence.applicationsets.outcomes import Element
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_NO_ENTRY = lazily(r'map has no entry for key "([^"]*)"')
_ODD_SIGNS = ("bad character U+002D", "bad character U+002F")
"""What is said of a hyphen and a slash: keys of labels and annotations have them, and no field of a Go template."""
_BRACKET = "bad character U+005B"
_NO_VALUE = "<no value>"
_FLAGS = frozenset({"true", "false"})
_NAMES = frozenset({"app", "cluster", "environment", "name", "namespace"})
"""What is called by a parameter of these names is no flag, though it may be called true."""
_CONDITION = lazily(r"\{\{-?\s*(?:else\s+)?(?:if|with)\s([^}]*)\}\}")
_PARAMETER = lazily(r"(?<![\w)\]$.])\.([A-Za-z_]\w*)(?![\w.])")
_AS_TEXT = lazily(r"\b(?:eq|ne|toString|print\w*|quote)\b")
"""What compares a flag, or prints it first: then a text is as good."""


def _run(graph: Graph) -> Iterator[Finding]:
    for expansion in graph.expansions:
        untold = tuple(_untold(graph, expansion)) if expansion.unknown else ()
        yield from untold
        told = {each.place for each in untold}
        yield from (_failed(expansion, failure) for failure in expansion.failures if failure.place not in told)
        yield from _absent(graph, expansion)
        yield from _without_value(expansion)
        yield from unfilled_elements(graph, expansion)
        if any("matrix" in map_at(each) for each in list_at(expansion.manifest.value, "spec", "generators")):
            from gitops_gen.checks.matrix_order import matrix_order

            yield from matrix_order(graph, expansion)
        elements = tuple(_written(graph, expansion))
        used = used_parameters(expansion)
        if used is not None:
            yield from _unused(graph, expansion, elements, used)
        yield from _numbers(graph, expansion, elements, used)
        yield from _numbers_of_files(graph, expansion)
        yield from _lists(graph, expansion, elements)
        yield from _odd_flags(graph, expansion, elements)
        yield from _quoted_flags(graph, expansion, elements)
        if graph.is_ours(expansion.manifest.place):
            yield from contrary_policies(expansion)
            yield from misplaced_elements(graph, expansion)


def _untold(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    """Yields what holds whatever the elements are that nobody knows."""
    from gitops_gen.checks.cluster_selectors import cluster_selectors
    from gitops_gen.checks.untold_parameters import untold_parameters

    yield from untold_parameters(expansion)
    yield from cluster_selectors(graph, expansion)


def _absent(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    """Yields the paths that give no element; of a set that has none at all, the slips in them, or that it has none."""
    absent: list[Finding] = []
    if any("*" not in (text_at(each, "path") or "*") for each in _paths(expansion)):
        from gitops_gen.checks.absent_paths import absent_paths

        absent = list(absent_paths(graph, expansion))
    if expansion.elements or not expansion.is_whole:
        yield from absent
        return
    slips = [each for each in absent if each.severity is not Severity.NOTE]
    yield from slips or _empty(graph, expansion)


def _paths(expansion: Expansion) -> Iterator[object]:
    for _, git in git_generators(expansion.manifest.value):
        yield from (*list_at(git, "directories"), *list_at(git, "files"))


def _empty(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    """Yields that a set has no element: of somebody else's, only where it looks for files or folders, and as a note."""
    is_ours = graph.is_ours(expansion.manifest.place)
    steps = next((each for each, _ in git_generators(expansion.manifest.value)), None)
    if steps is None and not is_ours:
        return
    inner: tuple[str | int, ...] = ()
    if steps is not None:
        inner = (*steps, "files" if at(expansion.manifest.value, *steps, "files") is not None else "directories")
    elif at(expansion.manifest.value, "spec", "generators", 0, "list") is not None:
        inner = ("spec", "generators", 0, "list", "elements")
    of_git = f"correct the paths of its {'folders' if inner[-1:] == ('directories',) else 'files'}"
    hint = "write its elements, or remove the set" if steps is None else of_git
    folders = list_at(expansion.manifest.value, *inner) if inner[-1:] == ("directories",) else []
    if any("{" in (text_at(each, "path") or "") for each in folders):
        hint = "write one pattern for each: in those of folders, braces are no choice"
    yield Finding(
        f"{expansion.manifest} makes no Application: its generators give no element",
        expansion.manifest.place.down(*(inner or ("spec", "generators", 0))),
        hint,
        severity=Severity.ERROR if is_ours else Severity.NOTE,
    )


def _failed(expansion: Expansion, failure: Failure) -> Finding:
    missing = _NO_ENTRY.search(failure.reason)
    what, hint = failure.reason, "correct it; gitops-gen verify expands the set as Argo CD does"
    if missing:
        what = f"the template uses {missing[1]}, which the element lacks"
        hint = f"add {missing[1]} to the element, or remove it from the template"
    elif any(each in failure.reason for each in _ODD_SIGNS):
        hint = 'write {{ index .labels "a-b/c" }} for a key with such a sign'
    elif _BRACKET in failure.reason:
        hint = "write {{ index .segments 1 }} for an item of a list"
    who = f", for {named(failure.elements)}" if failure.elements else ""
    first = failure.first
    end = None if first is None else _lacking_at(expansion, first, missing[1] if missing else "")
    return Finding(
        f"{expansion.manifest} cannot be expanded: {what}{who}; Argo CD changes no Application of the set until it can",
        failure.place,
        hint,
        related=((end, "this element"),) if end else (),
        cause=f"{expansion.manifest}: {what}",
    )


def _lacking_at(expansion: Expansion, element: Element, key: str) -> Place:
    """Returns where a key of an element is lacking: of the parts of a matrix, that which has it in other elements.

    Where none has it, the part in a file of its own; for no key, the element.
    """
    parts = element.origins if key else ()
    for index, (_, place) in enumerate(parts):
        if any(_has_key(each.origins[index][0], key) for each in expansion.elements if len(each.origins) == len(parts)):
            return place
    own = expansion.manifest.place.file
    return next((place for _, place in parts if place.file != own), element.place)


def _has_key(value: object, key: str) -> bool:
    return isinstance(value, dict) and (key in value or any(_has_key(each, key) for each in value.values()))


def _without_value(expansion: Expansion) -> Iterator[Finding]:
    """Yields the strings into which a Go template wrote that there is no value."""
    found: defaultdict[tuple[str | int, ...], list[str]] = defaultdict(list)
    first: dict[tuple[str | int, ...], Place] = {}
    for application in expansion.applications if expansion.uses_go_templates else ():
        # What hardly any Application has is looked for in one text before it is looked for in each.
        for text, steps in texts_in(application.value) if _NO_VALUE in str(application.value) else ():
            if _NO_VALUE in text:
                found[steps].append(application.name)
                first.setdefault(steps, application.place)
    for steps, names in found.items():
        yield Finding(
            f"{expansion.manifest}: {'.'.join(map(str, steps))} says {_NO_VALUE} for {named(tuple(names))}",
            expansion.manifest.place.down("spec", "template", *steps),
            "add the parameter to the element, and set goTemplateOptions: [missingkey=error]",
            related=((first[steps], "this element lacks it"),),
        )


def _written(graph: Graph, expansion: Expansion) -> Iterator[tuple[dict[str, object], Place]]:
    """Yields the elements that a person or this tool wrote for the set: those of lists, and our own files."""
    spec = expansion.manifest.place / "spec"
    yield from list_elements(at(expansion.manifest.value, "spec", "generators"), spec / "generators")
    own = expansion.manifest.place.file
    secrets = _secrets(graph, expansion)
    for element in expansion.elements:
        if element.place.file != own and graph.is_ours(element.place) and element.place not in secrets:
            yield {key: value for key, value in element.parameters.items() if key != "path"}, element.place


def _unused(
    graph: Graph, expansion: Expansion, elements: Iterable[tuple[dict[str, object], Place]], used: frozenset[str]
) -> Iterator[Finding]:
    first: dict[str, Place] = {}
    for element, place in elements:
        for key in element:
            if key.partition(".")[0] not in used:
                first.setdefault(key, place / key)
    for key, place in first.items():
        yield Finding(
            f"{expansion.manifest} has a parameter {key} that no template of it uses",
            place,
            f"use {key} in the template, or remove it from the elements",
            related=_set_of(expansion, place),
            severity=by_mark(graph, place),
            on_key=True,
        )


def _set_of(expansion: Expansion, place: Place) -> tuple[tuple[Place, str], ...]:
    """Returns the template of a set, for an element that stands in a file of its own."""
    template = expansion.manifest.place.down("spec", "template")
    return () if place.file == template.file else ((template, "the template of the set"),)


def _numbers(
    graph: Graph,
    expansion: Expansion,
    elements: Iterable[tuple[dict[str, object], Place]],
    used: frozenset[str] | None,
) -> Iterator[Finding]:
    numbers = [
        (key, value, place / key)
        for element, place in (elements if expansion.uses_go_templates else ())
        for key, value in element.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and (used is None or key in used)
    ]
    if numbers:
        from gitops_gen.checks.printed_numbers import Printed

        printed = Printed(expansion)
        for key, value, place in numbers:
            if graph.is_ours(place) or printed.has(key, value):
                yield from _number(graph, expansion, key, value, place)


def _numbers_of_files(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    """Yields the numbers that change in a template, of the files that somebody else wrote."""
    own = expansion.manifest.place.file
    origins = (origin for each in expansion.elements for origin in each.origins or ((each.parameters, each.place),))
    secrets = _secrets(graph, expansion)
    written = (place for _, place in origins if place.file != own and place not in secrets)
    places = {place: None for place in written if not graph.is_ours(place)}
    if places:
        from gitops_gen.checks.printed_numbers import printed_numbers

        yield from printed_numbers(graph, expansion, places)


def _secrets(graph: Graph, expansion: Expansion) -> frozenset[Place]:
    """Returns the Secrets of clusters, where elements of a set may be those: most that they hold is no parameter."""
    return frozenset(each.place for each in graph.cluster_secrets.values()) if expansion.unknown else frozenset()


def _number(graph: Graph, expansion: Expansion, key: str, value: float, place: Place) -> Iterator[Finding]:
    """Yields that a parameter is a number: in an element by hand, where a template prints it in another way."""
    from gitops_gen.checks.printed_numbers import printed_number
    from gitops_gen.secrets_guard import HIDDEN, is_hidden

    changed = printed_number(graph, expansion, value, place)
    if changed is not None:
        yield changed
    elif graph.is_ours(place):
        written = HIDDEN if is_hidden(value, key) else graph.files.written(place)
        yield Finding(
            f"{expansion.manifest}: {key} is the number {written}, a float in a template",
            place,
            "quote it" if written == HIDDEN else f'quote it: {key}: "{written}"',
        )


def _lists(
    graph: Graph, expansion: Expansion, elements: tuple[tuple[dict[str, object], Place], ...]
) -> Iterator[Finding]:
    """Yields a list under a key that is a string in other elements: a template prints it with brackets."""
    found = [(key, place) for element, place in elements for key, value in element.items() if value.__class__ is list]
    texts = (
        {key for element, _ in elements for key, value in element.items() if isinstance(value, str)} if found else ()
    )
    for key, place in found:
        if key in texts:
            yield Finding(
                f"{expansion.manifest}: {key} is a list, which a template prints in brackets, and a string elsewhere",
                place / key,
                "write a string, as in the other elements",
                severity=by_mark(graph, place),
            )


def _odd_flags(
    graph: Graph, expansion: Expansion, elements: tuple[tuple[dict[str, object], Place], ...]
) -> Iterator[Finding]:
    """Yields the one value of a parameter that is neither true nor false, where all others are."""
    is_ours = graph.is_ours(expansion.manifest.place)
    values: defaultdict[str, Counter[object]] = defaultdict(Counter)
    for element, _ in elements:
        for key, value in element.items():
            if isinstance(value, str) or (value is None and is_ours):
                values[key][value or ""] += 1
    compared = compared_flags(expansion) | printed_flags(expansion) if is_ours else frozenset()
    for key, counted in values.items():
        if key in _NAMES:
            continue
        odd = [value for value in counted if value not in _FLAGS]
        if len(odd) == 1 and counted[odd[0]] == 1 and counted.total() > len(_FLAGS):
            place = next(
                place / key for element, place in elements if key in element and (element[key] or "") == odd[0]
            )
            yield Finding(
                f"{expansion.manifest}: {key} is {odd[0]!r}, and true or false in every other element",
                place,
                "write true or false, as in the others",
                severity=by_mark(graph, place),
            )
        elif odd and key in compared:
            yield from _no_flags(expansion, key, elements)


def _quoted_flags(
    graph: Graph, expansion: Expansion, elements: tuple[tuple[dict[str, object], Place], ...]
) -> Iterator[Finding]:
    """Yields a 'false' where others have no text, and a template asks for it: every text is true to {{ if }}."""
    flags = {key for element, _ in elements for key, value in element.items() if isinstance(value, bool)}
    if not flags or not expansion.uses_go_templates:
        return
    asked = flags & _asked_flags(expansion)
    for element, place in elements if asked else ():
        for key in sorted(asked & element.keys()):
            if element[key] == "false":
                yield Finding(
                    f"{expansion.manifest}: {key} is the text 'false', which a template takes for true, and no text "
                    "in other elements",
                    place / key,
                    f"write {key}: false, without quotes",
                    severity=by_mark(graph, place),
                )


def _asked_flags(expansion: Expansion) -> set[str]:
    """Returns the parameters whose mere truth an action asks for, in the template or the patch of a set."""
    spec = map_at(expansion.manifest.value, "spec")
    texts = [text for key in ("template", "templatePatch") for text, _ in texts_in(spec.get(key))]
    conditions = (found for text in texts for found in _CONDITION.findall(text))
    return {name for each in conditions if not _AS_TEXT.search(each) for name in _PARAMETER.findall(each)}


def _no_flags(
    expansion: Expansion, key: str, elements: tuple[tuple[dict[str, object], Place], ...]
) -> Iterator[Finding]:
    """Yields the values of a parameter that a template of ours takes for true or false, and that are neither."""
    for element, place in elements:
        value = element.get(key, _FLAGS)
        if value is None or (isinstance(value, str) and value not in _FLAGS):
            yield Finding(
                f"{expansion.manifest}: {key} is {value or ''!r}, and the template asks whether it is true",
                place / key,
                "write true or false",
                related=_set_of(expansion, place),
                cause=f"{expansion.manifest}: {key} is {value or ''!r}",
            )


CHECK = Check("applicationset-parameters", _run, __doc__)
