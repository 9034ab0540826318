"""What the templates of a set read, and no generator of it gives, where nobody knows the elements.

Part of applicationset-parameters, and of applicationset-go-template for the legacy templates. What a generator tells of
a cluster, a repository or a pull request is known by its kind, and the rest stands in the set. A name that is not known
here may be one of a newer Argo CD: it is certain where it is almost one that is given, or below one, or stands in other
elements.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence import gotemplate
from gitops_gen.evidence.applicationsets.merging import filled_up
from gitops_gen.evidence.applicationsets.outlines import Outlines
from gitops_gen.evidence.applicationsets.renderer import parsed
from gitops_gen.evidence.values import at, map_at, text_at, texts_in
from gitops_gen.near_miss import is_typo
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.applicationsets.outlines import Name, Outline
    from gitops_gen.evidence.places import Place


_BLOCK = lazily(r"\{\{-?\s*(?:if|with|range)\b")
"""What stands in a text where a part of it is written for some elements only."""
_OUTCOMES = {
    True: "Argo CD changes no Application of the set until it can",
    False: "without missingkey=error, <no value> stands in its place",
}
"""What comes of a parameter that nothing gives: with missingkey=error, and without."""


def untold_parameters(expansion: Expansion) -> Iterator[Finding]:
    """Yields what Go templates read in vain: with missingkey=error, Argo CD refuses the set for it.

    Without that it writes <no value> where nothing is done with what is read.
    """
    outlines = Outlines(expansion)
    told: set[Name] = set()
    for generator, place, elements in outlines.by_generator():
        yield from _unmerged(expansion, outlines, generator, place)
        if not expansion.uses_go_templates:
            continue
        for name, where in _reads(expansion, generator, place):
            lacking = [each for each in elements if not each.has(name)]
            if lacking and name not in told:
                told.add(name)
                yield _unread(expansion, name, where, lacking, elements)


def untold_tags(expansion: Expansion, tags: Iterable[str]) -> Iterator[tuple[str, Outline, bool]]:
    """Yields the tags of the template that stay as they are, with what lacks each, and whether that is certain.

    A generator with a template of its own may lay another text over the one with the tag.
    """
    found = [elements for each, _, elements in Outlines(expansion).by_generator() if not _own_template(each)]
    for tag in tags:
        for elements in found:
            lacking = [each for each in elements if not each.has_tag(tag)]
            if lacking:
                yield tag, lacking[0], is_certain(tuple(tag.partition("[")[0].split(".")), lacking, elements)
                break


def is_certain(name: Name, lacking: Sequence[Outline], elements: Sequence[Outline]) -> bool:
    """True where no newer Argo CD can be what gives a parameter."""
    if len(lacking) < len(elements) or not any(each.may_have_more for each in lacking):
        return True
    known = {each for outline in lacking for each in outline.names}
    return any(each[0] == name[0] or is_typo(name[0], each[0]) for each in known)


def _reads(expansion: Expansion, generator: object, place: Place) -> Iterator[tuple[Name, Place]]:
    """Yields what the templates of a generator read, and where; what a template asks for first may be missing."""
    found: list[tuple[Name, Place]] = []
    asked: set[Name] = set()
    is_loud = expansion.misses_keys_loudly
    for text, where in _texts(expansion, generator, place):
        try:
            reads = parsed(text).fields()
        except (gotemplate.GoTemplateError, gotemplate.CannotSayError):
            continue
        plain = [read.path for read in reads if read.path and not read.optional]
        found += [(path, where) for path in plain if is_loud or _is_written(path, text)]
        asked |= {read.path for read in reads if read.optional}
    for name, where in found:
        if not any(name[: len(each)] == each for each in asked if each):
            yield name, where


def _is_written(name: Name, text: str) -> bool:
    """True for a parameter that a text has written as it is, whatever else it has: without a default or a condition."""
    read = rf"\.{re.escape('.'.join(name))}(?![\w.])"
    found = re.findall(read, text)
    return len(re.findall(rf"{{{{-?\s*{read}\s*-?}}}}", text)) == len(found) > 0 and _BLOCK.search(text) is None


def _texts(expansion: Expansion, generator: object, place: Place) -> Iterator[tuple[str, Place]]:
    spec, above = map_at(expansion.manifest.value, "spec"), expansion.manifest.place / "spec"
    kind, template, own = _kind(generator), map_at(spec, "template"), _own_template(generator)
    for text, steps in texts_in(filled_up(own, template) if own else template):
        is_own = at(own, *steps) is not None
        yield text, (place.down(kind, "template", *steps) if is_own else above.down("template", *steps))
    yield text_at(spec, "templatePatch") or "", above / "templatePatch"
    if at(generator, kind, "flatList") is not True:  # there, `values` read each cluster, and the template all of them
        for text, steps in texts_in(map_at(generator, kind, "values")):
            yield text, place.down(kind, "values", *steps)


def _kind(generator: object) -> str:
    return next((each for each in map_at(generator) if each != "selector"), "")


def _own_template(generator: object) -> Mapping[str, object]:
    return map_at(generator, _kind(generator), "template")


def _unread(
    expansion: Expansion, name: Name, where: Place, lacking: Sequence[Outline], elements: Sequence[Outline]
) -> Finding:
    written, first = ".".join(name), lacking[0]
    who = f"{first.label} lacks" if len(lacking) < len(elements) else "no generator of it gives"
    certain, meant = is_certain(name, lacking, elements), _meant(name, first)
    hint = f"did you mean {meant}?" if meant else f"add {written} to its elements or values, or remove it"
    fails = " cannot be expanded" if certain and expansion.misses_keys_loudly else ""
    ends = f"; {_OUTCOMES[expansion.misses_keys_loudly]}" if certain else ", as far as is known here"
    return Finding(
        f"{expansion.manifest}{fails}: the template uses {written}, which {who}{ends}",
        where,
        hint,
        related=((first.place, "this lacks it"),),
        severity=Severity.ERROR if certain else Severity.WARNING,
        cause=f"{expansion.manifest}: {written}",
    )


def _meant(name: Name, outline: Outline) -> str | None:
    """Returns the parameter that is almost the one that is read, if there is one."""
    near = (each for each in sorted(outline.names) if len(each) == len(name) or len(each) < len(name))
    for each in near:
        pairs = [(one, other) for one, other in zip(name, each, strict=False) if one != other]
        if len(pairs) == 1 and is_typo(*pairs[0]):
            return ".".join((*each, *name[len(each) :]))
    return None


def _unmerged(expansion: Expansion, outlines: Outlines, generator: object, place: Place) -> Iterator[Finding]:
    """Yields the keys of a merge that a generator in it does not have: then its elements are merged by nothing."""
    told: set[Place] = set()
    for merging in outlines.mergings(generator, place):
        for key, where in merging.keys:
            is_go = expansion.uses_go_templates
            has = [each.has((key,)) if is_go else each.has_tag(key) for each in merging.outlines]
            if has and not any(has) and where not in told:
                told.add(where)
                yield Finding(
                    f"{expansion.manifest} merges by {key}, which generator {merging.number} in it does not give",
                    where,
                    "name a parameter that all generators of the merge give",
                    related=((merging.outlines[0].place, "this generator"),),
                )
