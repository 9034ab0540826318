"""Which parameters of its generators an ApplicationSet uses, as far as its templates say it by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence import gotemplate
from gitops_gen.evidence.applicationsets.renderer import parsed
from gitops_gen.evidence.applicationsets.selectors import selector_keys
from gitops_gen.evidence.values import at, list_at, map_at, strings_at, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.places import Place

_TEMPLATED = "{{"


def used_parameters(expansion: Expansion) -> frozenset[str] | None:
    """Returns the names of the parameters that are used, or None if a template uses all of them at once.

    Of a nested parameter, the name of its top.
    """
    spec = map_at(expansion.manifest.value, "spec")
    names = set(_selected(list_at(spec, "generators")))
    for part in ("template", "templatePatch", "generators"):
        for text, _ in texts_in(at(spec, part)):
            if _TEMPLATED in text:
                found = _in_text(text, is_go=expansion.uses_go_templates)
                if found is None:
                    return None
                names |= found
    return frozenset(name.partition(".")[0] for name in names)


def list_elements(generators: object, place: Place) -> Iterator[tuple[dict[str, object], Place]]:
    """Yields every element of every list generator, those inside of a matrix or a merge too."""
    for index, generator in enumerate(generators if isinstance(generators, list) else []):
        here = place / index
        for number, element in enumerate(list_at(generator, "list", "elements")):
            if isinstance(element, dict):
                yield element, here.down("list", "elements", number)
        for kind in ("matrix", "merge"):
            yield from list_elements(at(generator, kind, "generators"), here.down(kind, "generators"))


def _in_text(text: str, *, is_go: bool) -> frozenset[str] | None:
    if not is_go:
        from gitops_gen.evidence import fasttemplate

        return frozenset(tag.partition("[")[0] for tag in fasttemplate.tags(text))
    try:
        paths = [read.path for read in parsed(text).fields()]
    except (gotemplate.GoTemplateError, gotemplate.CannotSayError):
        return None
    return frozenset(path[0] for path in paths) if all(paths) else None


def _selected(generators: object) -> Iterator[str]:
    for generator in generators if isinstance(generators, list) else []:
        yield from selector_keys(at(generator, "selector"))
        for kind in ("matrix", "merge"):
            yield from strings_at(generator, kind, "mergeKeys")
            yield from _selected(at(generator, kind, "generators"))
