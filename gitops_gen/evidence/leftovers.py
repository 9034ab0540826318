"""Traces of a template that no engine has filled in, in a text that somebody will take as it is."""

from __future__ import annotations

from gitops_gen.patterns import lazily

_TEMPLATE = lazily(r"\{\{|\}\}|<%|%>|\$\{|\{%|%\}")
_UNFILLED = ("{{", "<no value>")
_FAILED = lazily(r"<no value>|%!\w?\(|<nil>|\[object Object\]")


def has_template(value: object) -> bool:
    """Returns whether a value is a text with a template in it."""
    return isinstance(value, str) and _TEMPLATE.search(value) is not None


def is_unfilled(text: str) -> bool:
    """Returns whether Argo CD has left a template in a text, or had no value for it: the rules of templates tell so."""
    return any(mark in text for mark in _UNFILLED)


def template_in(text: str) -> str | None:
    """Returns the template mark in a text, or None."""
    found = _TEMPLATE.search(text)
    return found[0] if found else None


def failure_in(text: str) -> str | None:
    """Returns what an engine prints in the place of a value that it does not have, or None."""
    found = _FAILED.search(text)
    return found[0] if found else None
