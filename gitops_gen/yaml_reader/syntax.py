"""What libyaml says of a text that is no YAML, in words that name the next step."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaml import MarkedYAMLError

from gitops_gen.problems import Location, Problem, Related
from gitops_gen.yaml_reader.events import end_of

if TYPE_CHECKING:
    from yaml.reader import ReaderError

    from gitops_gen.yaml_reader.events import Mark


_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?= |$)", re.MULTILINE)
_INDENT = "indent with spaces, as deep as the lines that belong together"
_TAB = ("a tab stands where YAML wants spaces", "use spaces")
_ESCAPE = (
    "the double-quoted text has an escape that YAML does not know",
    "write \\\\ for a backslash, or use single quotes",
)
_OPEN_QUOTE = ("the quote that opens here is not closed", "close it, or quote with the other kind of quote")
_PROBLEMS = {
    "found a tab character that violates indentation": _TAB,
    "found a tab character where an indentation space is expected": _TAB,
    "found unknown escape character": _ESCAPE,
    "did not find expected hexdecimal number": _ESCAPE,
    "found invalid Unicode character escape code": _ESCAPE,
    "found unexpected end of stream": _OPEN_QUOTE,
    "found unexpected document indicator": _OPEN_QUOTE,
    "mapping values are not allowed in this context": (
        "a colon cannot stand here",
        "quote the value if the colon is part of it; else check the indentation and the line above",
    ),
    "block sequence entries are not allowed in this context": (
        "a list entry cannot start here",
        "start the list on the next line",
    ),
    "could not find expected ':'": ("got a line without a colon, expected a key", "write it as key: value"),
    "did not find expected '-' indicator": ("expected a list entry, which starts with -", _INDENT),
    "did not find expected <document start>": ("expected the end of the document", _INDENT),
    "did not find expected ',' or ']'": ("expected a comma or ] in the list", "close the list with ]"),
    "did not find expected ',' or '}'": ("expected a comma or } in the map", "close the map with }"),
    "did not find expected node content": ("expected a value", "write the value, or quote it"),
    "did not find expected alphabetic or numeric character": (
        "* and & start the name of an alias or an anchor, and this is none",
        "quote the whole value",
    ),
    "found undefined tag handle": ("the tag is not supported", "remove the tag"),
    "found incompatible YAML document": ("the %YAML directive asks for an unknown version", "remove the directive"),
    "did not find expected comment or line break": (
        "nothing can stand in the line of a | or >",
        "start the text on the next line",
    ),
}
_ENDS = "the text ends inside of brackets"
_OF_BRACKETS = ("while parsing a flow sequence", "while parsing a flow mapping")
_IN_BRACKETS = (
    "did not find expected ',' or ']'",
    "did not find expected ',' or '}'",
    "did not find expected node content",
)
_LOST_COLON = (
    "mapping values are not allowed in this context",
    "could not find expected ':'",
    "did not find expected '-' indicator",
)
_ODD_SPACE = re.compile(r"^[ -]*(?:[^\s:]+:)? *(?P<at>[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff])")
"""What looks like a space in front of a key or a value, as a web page or a word processor has it."""
_CLOSE_COLON = re.compile(r"^ *(?:- +)*[A-Za-z_][\w.-]*(?P<at>:)(?![/:])(?!.*:\s)\S")
"""A key whose colon has no space after it: to YAML, one word."""
_AT_CONTEXT = ("found unexpected end of stream", "found unexpected document indicator", "could not find expected ':'")
"""Where libyaml goes on to the next line or to the end of the file, the place to correct is where it began."""


def no_yaml(error: MarkedYAMLError | ReaderError | UnicodeEncodeError, path: str, text: str) -> Problem:
    """Returns the problem of a text that cannot be read."""
    if isinstance(error, MarkedYAMLError):
        return _syntax_problem(error, path, text)
    if isinstance(error, UnicodeEncodeError):
        return _forbidden_character(path, text[: error.start], ord(text[error.start]))
    return _forbidden_character(path, text.encode()[: error.position].decode(), error.character)


def _syntax_problem(error: MarkedYAMLError, path: str, text: str) -> Problem:
    conflict = _CONFLICT.search(text)
    if conflict:
        at = end_of(path, text[: conflict.start()])
        hint = "resolve it, and delete the lines with <<<<<<<, ======= and >>>>>>>"
        return Problem("invalid-yaml", "a merge conflict is not resolved", at, hint)
    mark = error.context_mark if error.problem in _AT_CONTEXT else error.problem_mark
    slip = _slip(error.problem or "", path, text, mark.line) if mark else None
    if slip is not None:
        return slip
    message, hint = _wording(error.problem or "", text, mark.index if mark else 0)
    problem = Problem("invalid-yaml", message, _at(path, mark), hint)
    opening = error.context_mark if error.context in _OF_BRACKETS else _last_open(text) if message == _ENDS else None
    return problem._replace(related=(Related(_at(path, opening), "it opens here"),)) if opening else problem


def _last_open(text: str) -> Mark | None:
    """Returns where the last bracket opens that a text does not close, where libyaml does not say it."""
    from yaml import CSafeLoader, scan, tokens

    opened: list[Mark] = []
    for token in scan(text, CSafeLoader):
        if isinstance(token, tokens.FlowSequenceStartToken | tokens.FlowMappingStartToken):
            opened.append(token.start_mark)
        elif isinstance(token, tokens.FlowSequenceEndToken | tokens.FlowMappingEndToken):
            opened.pop()
    return opened[-1] if opened else None


def _slip(problem: str, path: str, text: str, last: int) -> Problem | None:
    """Returns what a person overlooks in the line that libyaml stops at, or in the one above, as the real mistake."""
    lines = text.splitlines()[: last + 1]
    filled = [index for index, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    for index in filled[-2:]:
        if found := _ODD_SPACE.match(lines[index]):
            message = f"got U+{ord(found['at']):04X}, which looks like a space and is none"
            at = Location(path, index + 1, found.start("at") + 1)
            return Problem("invalid-yaml", message, at, "write a plain space in its place")
        if problem in _LOST_COLON and (found := _CLOSE_COLON.match(lines[index])):
            at = Location(path, index + 1, found.start("at") + 1)
            return Problem(
                "invalid-yaml", "no space follows the colon, so this is no key", at, "write it as key: value"
            )
    return None


def _at(path: str, mark: Mark | None) -> Location:
    return Location(path, mark.line + 1, mark.column + 1) if mark else Location(path)


def _wording(problem: str, text: str, index: int) -> tuple[str, str]:
    """Returns the message and the hint for what libyaml says about the character at `index`."""
    if problem == "found character that cannot start any token":
        character = text[index]
        return (
            _TAB if character == "\t" else (f"the character {character} cannot start a value", "quote the whole value")
        )
    if problem == "did not find expected key":
        if text[text.rfind("\n", 0, index) + 1 : index].strip():
            return ("expected the end of the value", "quote the whole value, and escape the quotes inside of it")
        return ("expected a key, as deep as the ones above it", _INDENT)
    if problem in _IN_BRACKETS and not text[index:].strip():
        return (_ENDS, "close them with ] or }")
    return _PROBLEMS.get(problem, (problem, "correct the YAML here"))


def _forbidden_character(path: str, before: str, code: int) -> Problem:
    message = f"got the character U+{code:04X}, which YAML does not allow"
    hint = "delete it" if 0xD800 <= code <= 0xDFFF else f'delete it, or write "\\u{code:04X}" in double quotes'
    return Problem("invalid-yaml", message, end_of(path, before), hint)
