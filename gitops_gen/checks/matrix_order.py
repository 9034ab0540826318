"""What the first generator of a matrix reads of the second: the second one alone is filled in, with what the first has.

Part of applicationset-parameters. Inside of a matrix that is itself the second of another, the first may read what
comes before both, so that only those at the top are judged. Values and elements are texts of the generator's own.

Source: argoproj/argo-cd, applicationset/generators/matrix.go, GenerateParams; generator_spec_processor.go, Transform;
docs/operator-manual/applicationset/Generators-Matrix.md, restrictions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence import gotemplate
from gitops_gen.evidence.applicationsets.outlines import Outlines
from gitops_gen.evidence.applicationsets.renderer import parsed
from gitops_gen.evidence.fasttemplate import tags
from gitops_gen.evidence.values import list_at, map_at, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.applicationsets.outlines import Outline
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.leaves import Steps

_OPENS = "{{"
_OTHERS = frozenset({"matrix", "merge", "selector"})
"""What has generators of its own, which may read each other; a selector is never filled in."""
_AFTER = frozenset({"elements", "template", "values"})
"""What is filled in later, or never."""
_PAIR = 2


def matrix_order(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    """Yields each text of a first generator that waits for the second one."""
    for index, generator in enumerate(list_at(expansion.manifest.value, "spec", "generators")):
        pair = list_at(generator, "matrix", "generators")
        if len(pair) == _PAIR:
            place = expansion.manifest.place.down("spec", "generators", index, "matrix", "generators")
            given = [each._replace(is_open=False) for each in Outlines(expansion).of(pair[1], place / 1)]
            for text, steps in texts_in(map_at(pair[0])):
                read = _read(expansion, text, given) if _OPENS in text and _is_its_own(steps) else None
                if read is not None:
                    where = place.down(0, *steps)
                    yield Finding(
                        f"{expansion.manifest}: the first generator of a matrix reads {read}, which the second one "
                        "gives: Argo CD fills in the second one only",
                        where,
                        "put the generator that gives it first",
                        related=((given[0].place, "this gives it"),),
                        severity=by_mark(graph, where),
                    )


def _is_its_own(steps: Steps) -> bool:
    return steps[0] not in _OTHERS and _AFTER.isdisjoint(map(str, steps[1:2]))


def _read(expansion: Expansion, text: str, given: list[Outline]) -> str | None:
    """Returns the parameter of a text that some elements have."""
    if not expansion.uses_go_templates:
        return next((tag for tag in map(str.strip, tags(text)) if any(each.has_tag(tag) for each in given)), None)
    try:
        names = [read.path for read in parsed(text).fields() if read.path]
    except (gotemplate.GoTemplateError, gotemplate.CannotSayError):
        return None
    return next((".".join(name) for name in names if any(each.has(name) for each in given)), None)
