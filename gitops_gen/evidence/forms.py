"""Forms: files that an engine of templates fills in before anybody reads them, and excerpts, which leave something out.

What somebody fills in text by text is for `placeholders`. A form is known only by what no reader of YAML takes, or by
what means nothing else: by any other sign, a file that is broken would pass for one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_STATEMENT = re.compile(r"\s*(?:\{%|<[%#@]|</[#@]|\{\{|%\{)")
"""How a line starts that an engine of templates reads, and no reader of YAML."""
_NAMED = re.compile(r"(?<![\w\"'])([@%])[A-Za-z][\w.-]*\1|\{\{-?\s*\.?[A-Za-z_][\w.]*\s*(?:\|[^{}]*)?-?\}\}")
"""A name that is filled in, without quotes, in a line at which a reader of YAML stops: @NAME@, or {{ name }}-web."""
_LINE = re.compile(r"\s*<[A-Z][A-Z0-9_]*>\s*")
"""A line that a script fills in as a whole: <CERT_MANAGER_ISSUER>, and nothing else. No line of YAML is that."""
_EXPRESSION = "${{"
"""How an expression starts in the skeletons of Backstage."""
_YTT = re.compile(r"^\s*#@ |[:-] #@ ", re.MULTILINE)
"""What ytt reads in a comment of YAML: it puts a value there, or leaves lines out."""
_IN_PATH = re.compile(r"\{\{|\{%|\[\[|<%|\$\{")
"""What stands in the path of a file that a generator of projects, such as Cookiecutter or Copier, fills in."""
_OF_ANSIBLE = re.compile(r"(?:^|/)roles/[^/]+/templates/")
"""Where the roles of Ansible keep what its module `template` fills in with Jinja."""
_BRACKETS = re.compile(r"[:-] +\[\[-? ?\.[A-Za-z_]")
"""How a template of Go starts where the braces are Helm's own: to YAML it is a list in a list."""
_MARKS = re.compile(r"(?:^|[:-] +)\{\{<-? ", re.MULTILINE)
"""How a template of Go starts where gomplate has marks of its own, which deployKF gives it: {{< .Values.name >}}.

Farther right in a line that is nothing else, it may be a shortcode of Hugo in a text.
"""
_ELLIPSES = ("...", "\u2026")
_ELLIPSIS = re.compile(
    r"^[ \t]+(?:\.\.\.|\u2026)[ \t]*$"
    r"|[:-][ \t]+(?:\.\.\.|\u2026)[ \t]*(?:#.*)?$"
    r"|(?:^|[ \t])#[ \t]*(?:(?:\.\.\.|\u2026)|[(\[](?:\.\.\.|\u2026|omitted\b)[^()\[\]\n]*[)\]])[ \t]*$",
    re.MULTILINE,
)
"""What stands for what is left out: a line, a value, or a comment, which may have brackets and say what it is.

At the start of a line, three full stops end a document.
"""


def is_form(path: str, text: str) -> bool:
    """True for what is YAML before ytt, Go, Ansible or a generator of projects fills it in, too."""
    is_of_ytt = "#@ " in text and _YTT.search(text) is not None
    has_brackets = "[[" in text and _BRACKETS.search(text) is not None
    is_of_project = ("{" in path or "[[" in path or "<%" in path) and _IN_PATH.search(path) is not None
    is_of_ansible = ("{{" in text or "{%" in text) and _OF_ANSIBLE.search(path) is not None
    has_marks = "{{<" in text and _MARKS.search(text) is not None
    return is_of_ytt or has_brackets or has_marks or is_of_project or is_of_ansible


def _is_for_an_engine(line: str) -> bool:
    """True for a line that no reader of YAML takes, since an engine of templates reads it first."""
    return _STATEMENT.match(line) is not None or _EXPRESSION in line or _NAMED.search(line) is not None


def stops_at_form(lines: Sequence[str], number: int) -> bool:
    """True if the line at which a reader of YAML stops shows that the text is filled in first; so may the one above.

    What stands alone in a line is a text to YAML, and the key below it is where a reader stops.
    """
    if not 0 < number <= len(lines):
        return False
    near = lines[max(number - 2, 0) : number]
    return _is_for_an_engine(near[-1]) or any(_LINE.fullmatch(each) is not None for each in near)


def is_left_out(value: object) -> bool:
    """True for a value that stands for another: three full stops."""
    return value in _ELLIPSES


def stops_at_excerpt(lines: Sequence[str], number: int) -> bool:
    """True if a reader of YAML stops at an indented line that stands for others, or below: to YAML, it is a text."""
    near = lines[max(number - 2, 0) : number] if number > 0 else ()
    return any(each.startswith((" ", "\t")) and each.strip() in _ELLIPSES for each in near)


def is_excerpt(text: str) -> bool:
    """True for a text that says that it leaves something out, as an example in documentation does."""
    return _ELLIPSIS.search(text) is not None
