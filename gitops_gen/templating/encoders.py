"""The filters at the end of every substitution: each encodes a value for a format, and charges what that takes.

There are two of each. The careful ones are Jinja's sandbox's own. The swift ones keep the texts that they have encoded:
most are names, which come again in many files.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.formats import FORMATS, check_alone, encode_bare
from gitops_gen.templating.bounds import check_written
from gitops_gen.templating.budget import STEP_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gitops_gen.templating.budget import Budget

ENCODERS = frozenset({*FORMATS, "bare"})
"""The names of the filters."""

_LONG = 1024
"""Characters of a text that is not kept, and that is charged to the budget when it is written."""

_ENCODED = 4_096
"""How many encoded texts are kept: the names of a hundred clusters, which come again in all of their files."""


def careful_encoders(budget: Budget) -> Mapping[str, Callable[..., str]]:
    """Returns the filters by name. Each raises EncodingError or TooMuchError."""
    return {"bare": _careful_bare(budget), **{each.name: _careful(budget, each.encode) for each in FORMATS.values()}}


def swift_encoders(budget: Budget) -> Mapping[str, Callable[..., str]]:
    """As `careful_encoders`, some times faster."""
    return {"bare": _swift_bare(budget), **{each.name: _swift(budget, each.encode) for each in FORMATS.values()}}


def _careful(budget: Budget, encode: Callable[..., str]) -> Callable[..., str]:
    def encoded(value: object, *args: int, **kwargs: int) -> str:
        if not isinstance(value, str):  # most values are, and their size is that of the file
            budget.weighed(value)
            check_written(value)
        return encode(value, *args, **kwargs)

    return encoded


def _careful_bare(budget: Budget) -> Callable[..., str]:
    def bare(value: object, alone: bool = False) -> str:
        text = encode_bare(value, budget.form)
        if alone and budget.form in ("yaml", "hcl"):
            # A value that is a whole scalar by itself must be read back as the same text.
            check_alone(text, budget.form)
        return text

    return bare


def _swift(budget: Budget, encode: Callable[..., str]) -> Callable[..., str]:
    encode_slowly, encode_text = _careful(budget, encode), lru_cache(maxsize=_ENCODED)(encode)

    def encoded(value: object, *args: int, **kwargs: int) -> str:
        if value.__class__ is str and len(value) <= _LONG:
            return encode_text(value)
        text = encode_slowly(value, *args, **kwargs)
        budget.charge(len(text) // STEP_SIZE)
        return text

    return encoded


def _swift_bare(budget: Budget) -> Callable[..., str]:
    bare_slowly, encode_text = _careful_bare(budget), lru_cache(maxsize=_ENCODED)(encode_bare)
    encode_alone = lru_cache(maxsize=_ENCODED)(lambda value, _: bare_slowly(value, alone=True))

    def bare(value: object, alone: bool = False) -> str:
        if value.__class__ is str and len(value) <= _LONG and "," not in value:
            return encode_alone(value, budget.form) if alone else encode_text(value)
        return bare_slowly(value, alone)

    return bare
