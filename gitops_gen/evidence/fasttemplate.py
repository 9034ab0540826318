"""The templates of an ApplicationSet without goTemplate: `{{tag}}` and nothing else.

A tag whose parameter is missing or is no string stays as it is written, without an error.
Source: argoproj/argo-cd v3.5.1, applicationset/utils/utils.go, Replace; and valyala/fasttemplate.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate.errors import GoTemplateError
from gitops_gen.evidence.gotemplate.functions.letters import SPACES
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAG = lazily(r"\{\{(.*?)\}\}", re.DOTALL)
_IS_TEMPLATED = re.compile(r"\{\{.*\}\}")
"""A text without a tag in one line is none to Argo CD."""


def render(text: str, parameters: Mapping[str, object]) -> str:
    """Returns the text with the parameters, which are flat: `metadata.labels.env` is one key.

    Raises GoTemplateError for a tag that is not closed, in a text that has another one.
    """
    if not _IS_TEMPLATED.search(text):
        return text

    def replaced(found: re.Match[str]) -> str:
        tag = found[1].strip(SPACES)
        value = parameters.get(tag)
        return value if tag and isinstance(value, str) else found[0]

    _check_last(text)
    return _TAG.sub(replaced, text)


def tags(text: str) -> tuple[str, ...]:
    """Returns the tags of a text without the spaces around them, each once, in its order."""
    if not _IS_TEMPLATED.search(text):
        return ()
    return tuple(dict.fromkeys(tag for found in _TAG.findall(text) if (tag := found.strip(SPACES))))


def _check_last(text: str) -> None:
    end = 0
    for found in _TAG.finditer(text):
        end = found.end()
    start = text.find("{{", end)
    if start >= 0:
        raise GoTemplateError("invalid template: cannot find the end tag }}", start)
