"""The ConfigMaps that generators read, which say how a plugin is asked, and where decisions on clusters stand.

Part of argo-cd-object. Argo CD looks for them in its own namespace, and makes no Application of a set without them.

Source: argoproj/argo-cd, applicationset/generators/plugin.go, getConfigMap and getToken, and duck_type.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark, named_here
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.near_miss import DID_YOU_MEAN, Names, nearest_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.shapes import Steps

_REFS: Mapping[str, Steps] = {
    "plugin": ("plugin", "configMapRef", "name"),
    "clusterDecisionResource": ("clusterDecisionResource", "configMapRef"),
}
"""Where each of the generators names its ConfigMap."""
_KEYS = {"plugin": ("baseUrl", "token"), "clusterDecisionResource": ("apiVersion", "kind", "matchKey")}
_Rule = tuple[str, "Callable[[str], bool]", str, str]
_TEXTS: Mapping[str, tuple[_Rule, ...]] = {
    "plugin": (
        ("token", lambda text: text.startswith("$"), "which names no key of a Secret", "write $SECRET:KEY"),
        (
            *("requestTimeout", lambda text: re.fullmatch(r"[+-]?[0-9]+", text) is not None),
            *("which is no whole number", "write it in seconds"),
        ),
    ),
    "clusterDecisionResource": (
        ("apiVersion", lambda text: text.find("/") > 0, "which has no group", "write GROUP/VERSION"),
    ),
}
"""Of each, the texts that it reads: the key, what takes it, what is wrong else, and what to write."""


def generator_configs(graph: Graph, applicationset: Manifest, configs: Sequence[Manifest]) -> Iterator[Finding]:
    """Yields what is wrong with the ConfigMaps of the generators of a set, of all that are here."""
    for kind, steps in _named(applicationset.value, ("spec", "generators")):
        name, place = text_at(applicationset.value, *steps) or "", applicationset.place.down(*steps)
        if name and not has_template(name):
            called = [each for each in configs if each.name == name]
            own = [each for each in called if _is_in_one(each, applicationset)]
            if len(own) == 1:
                yield from _of_config(graph, applicationset, kind, own[0], place)
            elif called and not own:
                yield _astray(graph, applicationset, called[0], place)
            elif not called:
                yield from _misnamed(graph, applicationset, name, configs, place)


def _named(value: object, steps: Steps) -> Iterator[tuple[str, Steps]]:
    """Yields where generators name a ConfigMap, those inside of a matrix or a merge too, each with its kind."""
    for index, generator in enumerate(list_at(value, *steps)):
        for kind, ref in _REFS.items():
            if at(generator, *ref) is not None:
                yield kind, (*steps, index, *ref)
        for kind in ("matrix", "merge"):
            yield from _named(value, (*steps, index, kind, "generators")) if kind in map_at(generator) else ()


def _is_in_one(config: Manifest, applicationset: Manifest) -> bool:
    """True for two that are in one namespace, or of which one is put into the namespace of whatever brings it."""
    return None in (config.namespace, applicationset.namespace) or config.namespace == applicationset.namespace


def _misnamed(
    graph: Graph, applicationset: Manifest, name: str, configs: Sequence[Manifest], place: Place
) -> Iterator[Finding]:
    beside = {each.name: each for each in configs if _is_in_one(each, applicationset)}
    meant = Names(beside).only_meant_by(name)
    if meant is not None:
        yield Finding(
            f"{applicationset}: its generator reads the ConfigMap {name}, and no ConfigMap here has that name",
            place,
            f"{DID_YOU_MEAN} {meant}?",
            related=named_here(beside[meant]),
            severity=by_mark(graph, place),
        )


def _astray(graph: Graph, applicationset: Manifest, config: Manifest, place: Place) -> Finding:
    own = applicationset.namespace
    return Finding(
        f"{applicationset}: its generator reads the {config} in namespace {own}, and it is in namespace "
        f"{config.namespace}",
        place,
        f"bring it to namespace {own}",
        related=((config.place.down("metadata", "namespace"), "it is here"),),
        severity=by_mark(graph, place),
    )


def _of_config(graph: Graph, applicationset: Manifest, kind: str, config: Manifest, place: Place) -> Iterator[Finding]:
    data = map_at(config.value, "data")
    if not data or any(has_template(key) for key in data):
        return
    where = config.place / "data"
    lacking = [key for key in _KEYS[kind] if not data.get(key)]
    found = [(where, f"has no {key}", _instead(key, data)) for key in lacking]
    for key, is_fine, reason, hint in _TEXTS[kind]:
        text = text_at(data, key)
        if text and not has_template(text) and not is_fine(text):
            found.append((where / key, f"has the {key} {text}, {reason}", hint))
    for at_place, what, hint in found:
        yield Finding(
            f"{config} {what}: {applicationset} makes nothing",
            at_place,
            hint,
            related=((place, "its generator reads it here"),),
            severity=by_mark(graph, at_place),
            on_key=at_place == where,
        )


def _instead(key: str, data: Mapping[str, object]) -> str:
    meant = nearest_name(key, [each for each in data if isinstance(each, str)])
    return f"write {key} for {meant}" if meant is not None else f"add {key}"
