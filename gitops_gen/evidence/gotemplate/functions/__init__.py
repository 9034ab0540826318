"""The functions of an ApplicationSet's Go template, by name.

Go's own, those of sprig 3.3 without env, expandenv and getHostByName, and Argo CD's normalize, slugify, toYaml,
fromYaml and fromYamlArray. Source: argoproj/argo-cd v3.5.1, applicationset/utils/utils.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate.functions import (
    arithmetic,
    builtins,
    elsewhere,
    encodings,
    lists,
    maps,
    names,
    patterns,
    texts,
    types,
)

if TYPE_CHECKING:
    from gitops_gen.evidence.gotemplate.functions.table import Signature

FUNCTIONS: dict[str, Signature] = {
    **elsewhere.TABLE,
    **builtins.TABLE,
    **arithmetic.TABLE,
    **encodings.TABLE,
    **lists.TABLE,
    **maps.TABLE,
    **names.TABLE,
    **patterns.TABLE,
    **texts.TABLE,
    **types.TABLE,
}
