"""The values that an Application states for a chart itself, each laid over those before it.

Source: argoproj/argo-cd v3.5.1, reposerver/repository/repository.go, helmTemplate; Helm, pkg/cli/values/options.go:
values, --set, --set-string and --set-file, in this order; pkg/strvals/parser.go (`chart_parameters`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence import helm
from gitops_gen.evidence.build_environment import filled
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.places import Place
    from gitops_gen.shapes import Steps

_SEPARATOR = lazily(r"^---[^\S\n]*$", re.MULTILINE)


class Override(NamedTuple):
    """Some values that are laid over others."""

    value: Mapping[str, object]
    name: str = ""
    """That of a parameter."""
    steps: Steps = ()
    """What a parameter names: that is replaced, and all else stays as it is. None for values that are merged."""

    def over(self, below: Mapping[str, object]) -> dict[str, object]:
        """Returns values with these over them. Raises HelmRefusalError."""
        if not self.steps:
            return laid_over(below, self.value)
        from gitops_gen.evidence.chart_parameters import set_at

        return set_at(below, self.steps, at(self.value, *self.steps))


class Refused(NamedTuple):
    """What Helm refuses of it; the rest is judged."""

    reason: str
    place: Place


def laid_over(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """Returns values laid over others as Helm reads several files: maps merge, lists replace, a null stays."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def read_values(text: str) -> Mapping[str, object]:
    """Returns a text of values as Helm reads it: each document laid over the one before. Raises HelmRefusalError.

    Source: Helm v4.2.3, pkg/chart/v2/loader/load.go, LoadValues; apimachinery, pkg/util/yaml, NewYAMLReader, to which
    a line of three hyphens and white space is what stands between two documents.
    """
    if _SEPARATOR.search(text) is None:
        return helm.read_values(text)
    values: Mapping[str, object] = {}
    for document in _SEPARATOR.split(text):
        values = laid_over(values, helm.read_values(document) if document.strip() else {})
    return values


def overrides_of(
    source: ApplicationSource, contents: Sequence[tuple[str, str]], place: Place
) -> tuple[list[Override], list[Refused]]:
    """Returns the values that a source states, those that say nothing left out; `contents` are of its parameters."""
    found: list[Override] = []
    refused: list[Refused] = []
    for read in (_own(source, place), *_parameters(source, place), *_of_files(contents, place)):
        if isinstance(read, Refused):
            refused.append(read)
        elif read.value:
            found.append(read)
    return found, refused


def _own(source: ApplicationSource, place: Place) -> Override | Refused:
    own = at(source.value, "helm", "valuesObject")
    text = text_at(source.value, "helm", "values") or ""
    try:
        # Most Applications have none of their own, which needs no engine to be read.
        return Override(own if isinstance(own, dict) else read_values(text) if text else {})
    except helm.HelmRefusalError as error:
        return Refused(f"its values: {error}", place.down("helm", "values"))


def _parameters(source: ApplicationSource, place: Place) -> Iterator[Override | Refused]:
    stated = enumerate(list_at(source.value, "helm", "parameters"))
    for index, each in sorted(stated, key=lambda pair: at(pair[1], "forceString") is True):
        name, value = text_at(each, "name") or "", filled(text_at(each, "value") or "")
        try:
            read = helm.read_parameter(name, value, is_text=at(each, "forceString") is True)
        except helm.HelmRefusalError as error:
            yield Refused(f"its parameter {name}: {error}", place.down("helm", "parameters", index))
        else:
            yield _parameter(name, read)


def _of_files(contents: Sequence[tuple[str, str]], place: Place) -> Iterator[Override | Refused]:
    for name, content in contents:
        try:
            read = helm.read_parameter(name, "content", is_text=True)
        except helm.HelmRefusalError as error:
            yield Refused(f"its parameter {name}: {error}", place.down("helm", "fileParameters"))
        else:
            yield _parameter(name, {key: _filled(value, content) for key, value in read.items()})


def _parameter(name: str, value: Mapping[str, object]) -> Override:
    from gitops_gen.evidence.chart_parameters import steps_of

    return Override(value, name, steps_of(name, value))


def _filled(value: object, content: str) -> object:
    """Returns what a parser made of a name, with the content of the file in the place of the value."""
    if isinstance(value, dict):
        return {key: _filled(each, content) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, content) for each in value]
    return value if value is None else content
