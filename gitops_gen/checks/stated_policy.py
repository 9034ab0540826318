"""Whether Argo CD syncs the Applications of a generated set as their parameters say.

The parameters automated, prune and selfHeal are words, and a template makes the policy of them. Where it compares them
the wrong way round, what a person is to sync syncs by itself, or nothing syncs at all, and nobody says so.

Part of applicationset-parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.applicationsets import named
from gitops_gen.evidence.values import at, map_at, text_at
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.places import Place

_AUTOMATED, _OPTIONS = "automated", ("prune", "selfHeal")
_POLICY = ("spec", "syncPolicy", "automated")
_TRUE, _FALSE = "true", "false"
_PRINTED = lazily(r"^ *(?:prune|selfHeal): *\{\{-? *\$?\.(\w+) *-?\}\} *$")
_COMPARED = lazily(r'\b(?:eq|ne)\s+(?:\$?\.(\w+)\s+"(?:true|false)"|"(?:true|false)"\s+\$?\.(\w+))')


def contrary_policies(expansion: Expansion) -> Iterator[Finding]:
    """Yields what the policies of a set do, and its parameters do not say."""
    # Without a name there is no template, of which another rule tells.
    named_ones = (each for each in expansion.applications if each.name)
    stated = [each for each in named_ones if each.parameters.get(_AUTOMATED) in (_TRUE, _FALSE)]
    automated = [each for each in stated if each.is_automated]
    hasty = [each for each in automated if each.parameters[_AUTOMATED] == _FALSE]
    if hasty:
        yield _finding(expansion, hasty, _AUTOMATED, "syncs by itself")
    lost = [each for each in stated if each.parameters[_AUTOMATED] == _TRUE] if len(automated) == len(hasty) else []
    # What steps sync, or a label says that they do, has a rule of its own.
    is_rolling = map_at(expansion.manifest.value, "spec", "strategy")
    if lost and not is_rolling and not any(each.labels.get(_AUTOMATED) == _TRUE for each in lost):
        yield _finding(expansion, lost, _AUTOMATED, "does not sync by itself")
    for option in _OPTIONS:
        yield from _contrary_option(expansion, automated, option)


def _contrary_option(expansion: Expansion, automated: Sequence[Application], option: str) -> Iterator[Finding]:
    """Yields an option that no Application has as its parameter says: a template may do otherwise for some."""
    for word, does in ((_TRUE, "is synced without"), (_FALSE, "is synced with")):
        said = [each for each in automated if each.parameters.get(option) == word]
        if said and all((at(each.value, *_POLICY, option) is True) != (word == _TRUE) for each in said):
            yield _finding(expansion, said, option, f"{does} {option}")


def _finding(expansion: Expansion, found: Sequence[Application], key: str, does: str) -> Finding:
    first, patch = found[0], expansion.manifest.place / "spec"
    is_patched = text_at(expansion.manifest.value, "spec", "templatePatch") is not None
    said, who = f"{key} is {first.parameters[key]}", named(tuple(each.name for each in found))
    return Finding(
        f"{who} of {expansion.manifest} {does}, and the parameter {said}",
        patch / "templatePatch" if is_patched else patch.down("template", "spec", "syncPolicy"),
        "correct what the template makes of the parameter",
        related=((_stated_in(first, key), said),),
    )


def _stated_in(application: Application, key: str) -> Place:
    """Returns where a parameter is written."""
    return next((place for part, place in application.origins if key in part), application.place) / key


def compared_flags(expansion: Expansion) -> frozenset[str]:
    """Returns the parameters that the templates of a set compare with true or false."""
    spec = map_at(expansion.manifest.value, "spec")
    texts = (text_at(spec, "templatePatch") or "", *_label_texts(expansion))
    return frozenset(one or other for text in texts for one, other in _COMPARED.findall(text))


def printed_flags(expansion: Expansion) -> frozenset[str]:
    """Returns the parameters that the patch of a set writes as an option of the policy: of an empty text it is none."""
    patch = text_at(map_at(expansion.manifest.value, "spec"), "templatePatch") or ""
    return frozenset(found[1] for line in patch.split("\n") if (found := _PRINTED.match(line)))


def _label_texts(expansion: Expansion) -> Iterator[str]:
    for value in map_at(expansion.manifest.value, "spec", "template", "metadata", "labels").values():
        if isinstance(value, str):
            yield value
