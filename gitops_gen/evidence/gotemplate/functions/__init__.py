"""The functions of an ApplicationSet's Go template, by name.

Go's own, those of sprig 3.3 without env, expandenv and getHostByName, and Argo CD's normalize, slugify, toYaml,
fromYaml and fromYamlArray. Source: argoproj/argo-cd v3.5.1, applicationset/utils/utils.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.gotemplate.functions import builtins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.gotemplate.functions.table import Signature


class _Functions(Mapping[str, "Signature"]):
    """All functions. Those that are not Go's own are loaded when a template first names one."""

    def __getitem__(self, name: str) -> Signature:
        return builtins.TABLE[name] if name in builtins.TABLE else self._added[name]

    def __iter__(self) -> Iterator[str]:
        yield from builtins.TABLE
        yield from self._added

    def __len__(self) -> int:
        return len(builtins.TABLE) + len(self._added)

    @cached_property
    def _added(self) -> Mapping[str, Signature]:
        from gitops_gen.evidence.gotemplate.functions import (
            arithmetic,
            elsewhere,
            encodings,
            lists,
            maps,
            names,
            patterns,
            texts,
            types,
        )

        return {
            **elsewhere.TABLE,
            **arithmetic.TABLE,
            **encodings.TABLE,
            **lists.TABLE,
            **maps.TABLE,
            **names.TABLE,
            **patterns.TABLE,
            **texts.TABLE,
            **types.TABLE,
        }


FUNCTIONS = _Functions()
