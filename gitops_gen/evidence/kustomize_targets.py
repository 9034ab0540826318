"""What a patch or a replacement of kustomize is laid over, and whether it changes it.

Source: kubernetes-sigs/kustomize, api/types/selector.go and replacement.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.values import at, map_at, text_at
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.shapes import Steps

_REQUIREMENT = lazily(r"\s*(?P<key>[\w./-]+)\s*(?P<is>==?|!=)\s*(?P<value>[\w.-]*)\s*", re.ASCII)
"""A part of a selector that says which value a label has, or has not."""
_ONE_NAME = lazily(r"(?:[A-Za-z0-9-]|\\[.-])+")
"""A pattern that only one name fits."""


class Target(NamedTuple):
    """What a patch is laid over: kind and name, each a pattern of all of it, and labels; empty for any."""

    kind: str
    name: str
    labels: str = ""
    copied: str | None = None
    """The text that a replacement writes, where nothing else is done to the fields; None where that is not known."""
    fields: tuple[Steps, ...] = ()
    """The fields that it writes the text into."""

    def fits(self, manifest: Manifest) -> bool:
        """True for an object that the patch changes, as far as kind, name, labels and what is copied tell."""
        labels = map_at(manifest.value, "metadata", "labels")
        answers = (is_match(self.kind, manifest.kind), is_match(self.name, manifest.name))
        return False not in (*answers, is_selected(self.labels, labels)) and not self._is_there(manifest)

    def _is_there(self, manifest: Manifest) -> bool:
        """True where an object has already what is copied."""
        return bool(self.fields) and all(at(manifest.value, *each) == self.copied for each in self.fields)


class Targets:
    """Many targets: those that may fit an object are found by its name, without a look at all that name another."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self._by_name: dict[str, list[Target]] = {}
        self._others: list[Target] = []
        for each in dict.fromkeys(targets):
            if is_pattern(each.name):
                self._others.append(each)
            else:
                self._by_name.setdefault(each.name.replace("\\", ""), []).append(each)

    def __bool__(self) -> bool:
        """True if there is one."""
        return bool(self._by_name or self._others)

    def fit(self, manifest: Manifest) -> bool:
        """True for an object that one of them changes."""
        return any(each.fits(manifest) for each in (*self._by_name.get(manifest.name, ()), *self._others))


def named_in(values: Iterable[object]) -> Iterator[Target]:
    """Yields what patches that look like objects are laid over: that of their kind and name."""
    for value in values:
        kind, name = text_at(value, "kind"), text_at(value, "metadata", "name")
        if kind and name:
            yield Target(re.escape(kind), re.escape(name))


def is_pattern(name: str) -> bool:
    """True for the name of a target that more than one name may fit, or none at all."""
    return _ONE_NAME.fullmatch(name) is None


def is_match(pattern: str, text: str) -> bool | None:
    """Tells whether a pattern, if there is one, is one of all of a text; None for one that only Go reads."""
    try:
        return not pattern or re.fullmatch(pattern, text) is not None
    except re.error:
        return None


def is_selected(selector: str, labels: Mapping[str, object]) -> bool | None:
    """Tells whether labels fit a selector, if there is one; None where it says more than which values they have."""
    found = [_REQUIREMENT.fullmatch(each) for each in selector.split(",")] if selector else []
    for requirement in filter(None, found):
        if (labels.get(requirement["key"]) == requirement["value"]) is (requirement["is"] == "!="):
            return False
    return None if None in found else True
