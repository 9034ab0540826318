"""Each Application of a rolling ApplicationSet is in exactly one step, and none of them syncs by itself.

An Application that no step matches is never synced, and nothing says so. One that two steps match goes with the first,
and the controller logs the mistake. RollingSync switches automated sync off, so a template that asks for it says what
is not true, but for prune, which the syncs of the steps go by. Steps under another type are ignored: then nobody orders
the Applications; nor are they deleted in the reverse order then. In a generated set, an Application that is not
automated is in a step of maxUpdate 0, and one that is has a step or a policy that syncs it; the steps go up by stage
and, in a stage, what a person syncs comes last: it holds up all behind it.

Fix: match the steps to the labels of template.metadata.labels, each value in one step.

Source: Argo CD v3.5.1, docs/operator-manual/applicationset/Progressive-Syncs.md; applicationset/progressivesync,
buildAppDependencyList and SyncDesiredApplications.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.applicationsets import generator_templates, named
from gitops_gen.evidence.values import at, list_at, map_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_ROLLING = "RollingSync"
_AUTOMATED = "automated"
"""The label that says whether an Application of ours is synced by its step, or by a person."""
_STAGE = "stage"
"""The label that says when an Application of ours has its turn."""
_LABELS = ("spec", "template", "metadata", "labels")
_POLICY = ("spec", "template", "spec", "syncPolicy", "automated")
_REVERSE = "Reverse"
_WITH_PRUNE = "leave no more of it than prune: true, which the steps go by, or remove the strategy"
_TEMPLATED = "{{"
_PERCENT = re.compile(r"\d+%")


def _run(graph: Graph) -> Iterator[Finding]:
    for expansion in graph.expansions:
        place = expansion.manifest.place.down("spec", "strategy", "rollingSync")
        steps = list_at(expansion.manifest.value, "spec", "strategy", "rollingSync", "steps")
        if text_at(expansion.manifest.value, "spec", "strategy", "type") != _ROLLING:
            if steps:
                yield _ignored(graph, expansion, place)
            elif text_at(expansion.manifest.value, "spec", "strategy", "deletionOrder") == _REVERSE:
                yield _without_order(graph, expansion)
            elif _AUTOMATED in map_at(expansion.manifest.value, *_LABELS) and graph.is_ours(expansion.manifest.place):
                yield from _unsynced(expansion)
            continue
        if not steps:
            yield _without_steps(expansion, place)
            continue
        yield from _matched(expansion, steps, place)
        yield from _empty_steps(graph, expansion, steps, place)
        if expansion.unknown and not expansion.failures:
            yield from _never_matched(graph, expansion, steps, place)
        yield from _limits(steps, place)
        if graph.is_ours(expansion.manifest.place):
            yield from _hasty(expansion, steps, place)
            yield from _too_early(expansion, steps, place)
        yield from _automated(graph, expansion)


def _without_order(graph: Graph, expansion: Expansion) -> Finding:
    """Returns the order in which Applications are deleted, where no steps say it: that of RollingSync only."""
    place = expansion.manifest.place.down("spec", "strategy", "deletionOrder")
    return Finding(
        f"{expansion.manifest} has deletionOrder: {_REVERSE}, and no steps of type {_ROLLING}: it is ignored",
        place,
        f"add type: {_ROLLING} with steps, or remove deletionOrder",
        severity=by_mark(graph, place),
    )


def _ignored(graph: Graph, expansion: Expansion, place: Place) -> Finding:
    stated = text_at(expansion.manifest.value, "spec", "strategy", "type")
    return Finding(
        f"{expansion.manifest} has steps, but its strategy is of type {stated or 'AllAtOnce'}, so they are ignored",
        place,
        f"write type: {_ROLLING}, or remove the steps",
        severity=by_mark(graph, expansion.manifest.place),
        on_key=True,
    )


def _unsynced(expansion: Expansion) -> Iterator[Finding]:
    """Yields that nothing syncs what a label of ours says is automated: neither steps nor a policy."""
    labelled = [each for each in expansion.applications if each.labels.get(_AUTOMATED) == "true"]
    lost = tuple(each.name for each in labelled if not each.is_automated)
    if lost:
        yield Finding(
            f"{named(lost)} of {expansion.manifest} has the label {_AUTOMATED}, and neither "
            "a step nor syncPolicy.automated syncs it",
            expansion.manifest.place / "spec",
            "add the strategy with its steps",
            related=((_labels_place(expansion), "its labels"),),
        )


def _hasty(expansion: Expansion, steps: Sequence[object], place: Place) -> Iterator[Finding]:
    """Yields a step of ours that syncs what its label leaves to a person."""
    for index, step in enumerate(steps):
        if at(step, "maxUpdate") == 0 or _is_for_automated(step):
            continue
        matched = [each for each in expansion.applications if _matches(step, each)]
        found = [each for each in matched if each.labels.get(_AUTOMATED) == "false"]
        if found:
            yield Finding(
                f"step {index + 1} of {expansion.manifest} syncs {named(tuple(each.name for each in found))}, which is "
                "not automated",
                place.down("steps", index),
                "write maxUpdate: 0, and a person syncs what is in the step",
                related=((found[0].place, "this element"),),
            )


def _too_early(expansion: Expansion, steps: Sequence[object], place: Place) -> Iterator[Finding]:
    """Yields a step of ours that stands before one of an earlier stage, or before what of its stage needs nobody."""
    turns = [(index, turn) for index, step in enumerate(steps) if (turn := _turn(expansion, step)) is not None]
    for (index, turn), (after, earlier) in pairwise(turns):
        if earlier < turn:
            yield Finding(
                f"step {index + 1} of {expansion.manifest} is for stage {_called(turn)}, and step {after + 1} behind "
                f"it for stage {_called(earlier)}",
                place.down("steps", index),
                "order the steps by stage and, in a stage, what a person syncs last",
                related=((place.down("steps", after), "this step has to wait for it"),),
            )


def _turn(expansion: Expansion, step: object) -> tuple[int, bool] | None:
    """Returns the stage of a step's Applications, and if a person syncs them; None where they are of several."""
    found = {
        (each.labels.get(_STAGE), each.labels.get(_AUTOMATED) == "false")
        for each in expansion.applications
        if _matches(step, each)
    }
    stage, is_by_hand = next(iter(found)) if len(found) == 1 else ("", False)
    return (int(stage), is_by_hand) if isinstance(stage, str) and stage.isdecimal() else None


def _called(turn: tuple[int, bool]) -> str:
    stage, is_by_hand = turn
    return f"{stage}, by hand" if is_by_hand else str(stage)


def _is_for_automated(step: object) -> bool:
    return {"key": _AUTOMATED, "operator": "In", "values": ["true"]} in list_at(step, "matchExpressions")


def _without_steps(expansion: Expansion, place: Place) -> Finding:
    return Finding(
        f"{expansion.manifest} is of type RollingSync but has no steps, so the strategy is ignored",
        place,
        "add steps, or remove the strategy",
        on_key=True,
    )


def _matched(expansion: Expansion, steps: Sequence[object], place: Place) -> Iterator[Finding]:
    never: list[Application] = []
    twice: list[Application] = []
    for application in expansion.applications:
        matching = sum(_matches(step, application) for step in steps)
        if matching != 1:
            (twice if matching else never).append(application)
    for found, what in ((never, "is in no step, so it is never synced"), (twice, "is in more than one step")):
        if found:
            yield Finding(
                f"{named(tuple(each.name for each in found))} of {expansion.manifest} {what}",
                place / "steps",
                "match each label value in exactly one step",
                related=((found[0].place, "this element"), (_labels_place(expansion), "its labels")),
            )


def _labels_place(expansion: Expansion) -> Place:
    return expansion.manifest.place.down(*_LABELS)


def _matches(step: object, application: Application) -> bool:
    """Tells whether a step takes an Application: every expression, and all but In take what has no such label."""
    for expression in list_at(step, "matchExpressions"):
        operator, values = text_at(expression, "operator"), list_at(expression, "values")
        value = application.labels.get(text_at(expression, "key") or "")
        if operator == "In":
            if value not in values:
                return False
        elif value is not None and (operator != "NotIn" or value in values):
            return False
    return True


def _empty_steps(graph: Graph, expansion: Expansion, steps: Sequence[object], place: Place) -> Iterator[Finding]:
    for index, step in enumerate(steps):
        if expansion.is_whole and not any(_matches(step, each) for each in expansion.applications):
            yield _empty_step(graph, expansion, place, index)


def _empty_step(graph: Graph, expansion: Expansion, place: Place, index: int) -> Finding:
    return Finding(
        f"step {index + 1} of {expansion.manifest} matches no Application",
        place.down("steps", index),
        "correct its labels and values, or remove it",
        related=((_labels_place(expansion), "the labels of the Applications"),),
        severity=by_mark(graph, expansion.manifest.place),
    )


def _never_matched(graph: Graph, expansion: Expansion, steps: Sequence[object], place: Place) -> Iterator[Finding]:
    """Yields the steps that no Application can be in, whatever the elements are that nobody knows here."""
    labels = _possible_labels(expansion.manifest)
    if labels is None:
        return
    never = [
        index
        for index, step in enumerate(steps)
        if not (_may_match(step, labels) or any(_matches(step, each) for each in expansion.applications))
    ]
    if len(never) == len(steps):
        yield Finding(
            f"no step of {expansion.manifest} takes any of its Applications, whatever its generators make, so they are "
            "never synced",
            place / "steps",
            "give the template the labels that the steps ask for",
            related=((_labels_place(expansion), "the labels of the Applications"),),
        )
        return
    for index in never:
        yield _empty_step(graph, expansion, place, index)


def _possible_labels(manifest: Manifest) -> Mapping[str, frozenset[str] | None] | None:
    """Returns the values that each label of an Application may have, None for any; None if any label is possible."""
    if at(manifest.value, "spec", "templatePatch") is not None:
        return None
    found: dict[str, frozenset[str] | None] = {}
    for template in (at(manifest.value, "spec", "template"), *generator_templates(manifest.value)):
        for key, value in map_at(template, "metadata", "labels").items():
            if _TEMPLATED in key:
                return None
            known = found.get(key, frozenset())
            is_known = known is not None and isinstance(value, str) and _TEMPLATED not in value
            found[key] = known | {str(value)} if is_known and known is not None else None
    return found


def _may_match(step: object, labels: Mapping[str, frozenset[str] | None]) -> bool:
    """Tells whether a step may take an Application that has some of the labels."""
    for expression in list_at(step, "matchExpressions"):
        operator, values = text_at(expression, "operator"), list_at(expression, "values")
        key = text_at(expression, "key") or ""
        possible = labels.get(key, frozenset())
        if operator == "In":
            if possible is not None and possible.isdisjoint(each for each in values if isinstance(each, str)):
                return False
        elif operator != "NotIn" and key in labels:
            return False
    return True


def _limits(steps: Sequence[object], place: Place) -> Iterator[Finding]:
    for index, step in enumerate(steps):
        limit = at(step, "maxUpdate")
        if isinstance(limit, str) and not _PERCENT.fullmatch(limit):
            yield Finding(
                f"maxUpdate of step {index + 1}: got {limit!r}, expected a number or a percentage such as 10%",
                place.down("steps", index, "maxUpdate"),
                "write a number without quotes, or a percentage",
            )


def _automated(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    automated = tuple(each.name for each in expansion.applications if each.is_automated)
    stated = at(expansion.manifest.value, *_POLICY)
    is_stated = isinstance(stated, dict) and stated.get("enabled") is not False
    if automated or (is_stated and expansion.unknown and not expansion.applications):
        of_them = f" of {named(automated)}" if automated else ""
        policies = (stated, *(at(each.value, *_POLICY[2:]) for each in expansion.applications))
        prunes = any(at(each, "prune") is True for each in policies)
        yield Finding(
            f"{expansion.manifest} asks for automated sync{of_them}, which RollingSync switches off",
            expansion.manifest.place.down(*_POLICY),
            _WITH_PRUNE if prunes else "remove syncPolicy.automated, or the strategy",
            severity=by_mark(graph, expansion.manifest.place),
        )


CHECK = Check("rolling-sync-steps", _run, __doc__)
