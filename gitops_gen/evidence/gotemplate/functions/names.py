"""Argo CD's own functions for names. Source: argoproj/argo-cd v3.5.1, applicationset/utils, and gosimple/slug."""

from __future__ import annotations

from functools import lru_cache

from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.evidence.gotemplate.functions.letters import lower
from gitops_gen.evidence.gotemplate.functions.table import Signature, takes
from gitops_gen.evidence.gotemplate.values import Int, type_name
from gitops_gen.patterns import lazily

_LONGEST_NAME = 253
_DEFAULT_SLUG = 50
_NOT_IN_NAME = lazily(r"[^-a-z0-9.]")
_NOT_IN_SLUG = lazily(r"[^a-z0-9]+")


@lru_cache(maxsize=1024)
def normalize(name: str) -> str:
    """Returns a name as Argo CD makes one of any text: lower case, other letters as dashes, at most 253 of them.

    Dashes and dots at the two ends fall away at the very end, so that a name may come out shorter, even empty.
    """
    return _NOT_IN_NAME.sub("-", lower(name))[:_LONGEST_NAME].strip("-.")


def slugify(*arguments: object) -> str:
    """Returns a slug: the size is optional, 50, then whether it ends with a whole word, true; the name is the last."""
    *options, name = arguments or ("",)
    size, keeps_words = _options(options)
    if not isinstance(name, str):
        raise GoTemplateError(f"error calling slugify: the name is {type_name(name)}, not string")
    dashed = normalize(name).replace(".", "-")
    if not keeps_words and len(dashed) >= size:
        dashed = dashed[:size]
    slug = _NOT_IN_SLUG.sub("-", dashed).strip("-")
    return _whole_words(slug, size) if keeps_words else slug


def _options(options: list[object]) -> tuple[int, bool]:
    size = options[0] if options else Int(_DEFAULT_SLUG)
    keeps_words = options[1] if len(options) > 1 else True
    if not isinstance(size, Int) or not isinstance(keeps_words, bool):
        raise GoTemplateError("error calling slugify: wants an int, a bool and a string")
    if size <= 0 or len(options) > 2:
        raise CannotSayError("slugify has unusual arguments")
    return size, keeps_words


def _whole_words(slug: str, size: int) -> str:
    if len(slug) <= size:
        return slug
    end = slug.rfind("-", 0, size + 1)
    return slug[: end if end >= 0 else size]


TABLE: dict[str, Signature] = {
    "normalize": takes("string", normalize),
    "slugify": takes("any...", slugify),
}
