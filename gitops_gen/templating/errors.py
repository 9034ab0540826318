"""What goes wrong in a template, in the words of its author: a code, a hint, and the innermost line of a template."""

from __future__ import annotations

import re
from types import GeneratorType
from typing import TYPE_CHECKING, NoReturn

from jinja2 import TemplateNotFound, TemplateRuntimeError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.utils import missing

from gitops_gen.artifacts import TEMPLATES
from gitops_gen.aws.regions import Partition
from gitops_gen.formats import EncodingError
from gitops_gen.near_miss import near_miss, nearest_name
from gitops_gen.problems import Location, ModelError, Problem, Route, TemplateError
from gitops_gen.templating.bounds import TooMuchError
from gitops_gen.templating.readable import MODEL_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jinja2 import Environment, Template


def explain_failure(error: Exception, at: Location, context: Mapping[str, object]) -> NoReturn:
    """Raises TemplateError for what a template can cause, at the innermost line; what it cannot, as it is.

    `at` is where to look if the error passed through no template.
    """
    if isinstance(error, ModelError):
        raise TemplateError(*error.problems) from None
    if isinstance(error, TemplateSyntaxError):
        at = Location(file_of(error), error.lineno)
        raise TemplateError(Problem("template-syntax", error.message or "", at, HINTS["template-syntax"])) from None
    code = code_of(error)
    hint = hint_for(error, context)
    raise TemplateError(Problem(code, text_of(error), _place(error, at), hint)) from None


def hint_for(error: Exception, context: Mapping[str, object]) -> str:
    """Returns the next step: for an unknown name the one that was probably meant, of those that the template sees."""
    text = str(error)
    name = re.match("'(.+)' is undefined", text)
    attribute = re.match(r"'gitops_gen\.(?:\w+\.)+(\w+) object' has no attribute '(.+)'", text)
    if attribute is not None and attribute[1] in _READABLE:
        return near_miss(attribute[2], _READABLE[attribute[1]])
    if name is not None and name[1] in _TARGET_NAMES:
        return f"docs/templates.md says for which for_each there is {name[1]}"
    close = nearest_name(name[1], {*context, *_local_names(error)}) if name else None
    if close is not None:
        return f"did you mean {close}?"
    return _OF_TEXT if "of 'str' object is unsafe" in text else HINTS[code_of(error)]


def line_that_wrote(template: Template, context: dict[str, object], line: int) -> Location:
    """Returns where in the templates a line of a text (from 1) was written: the text is rendered once more to find it.

    What a macro wrote is told at its call.
    """
    parts = template.root_render_func(template.new_context(context))
    here, place = 1, Location(f"{TEMPLATES}/{template.name}", 1)
    for part in parts:
        place = line_of(parts, template)
        written = part.split("\n")
        if line < here + len(written) and written[line - here].strip():
            return _moved(place, line - here, written[line - here], template.environment)
        here += len(written) - 1
    return place


def line_of(parts: object, template: Template) -> Location:
    """Returns the innermost line at which the parts of a template's text stand; without line once they have ended."""
    found = Location(f"{TEMPLATES}/{template.name}")
    while isinstance(parts, GeneratorType) and parts.gi_frame is not None:
        loaded = parts.gi_frame.f_globals.get("__jinja_template__")
        if loaded is not None:
            found = Location(f"{TEMPLATES}/{loaded.name}", loaded.get_corresponding_lineno(parts.gi_frame.f_lineno))
        # Jinja keeps what it includes in a variable of this name.
        parts = parts.gi_yieldfrom or parts.gi_frame.f_locals.get("gen")
    return found


def code_of(error: Exception) -> str:
    """Returns the code of what a template can cause. Raises the error itself if a template cannot cause it."""
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    raise error


COMPILER_ERRORS: tuple[type[Exception], ...] = (
    TemplateSyntaxError,
    SyntaxError,
    RecursionError,
    MemoryError,
    ValueError,
)
"""What Jinja, and Python under it, raise for a text that is no template."""


def syntax_text(error: Exception) -> str:
    """Returns what is wrong with a text that is no template."""
    if isinstance(error, TemplateSyntaxError):
        return error.message or ""
    return "blocks or brackets stand too deep inside each other, or a number has too many digits"


_STRANGE = re.compile(r"unexpected char (.+) at \d+")
"""What Jinja says of a character that no expression has, with its position in the whole text."""


def delimited_text(error: TemplateSyntaxError) -> str:
    """Returns what is wrong with a template, of which the text around its delimiters may be taken for an expression."""
    text = error.message or ""
    strange = _STRANGE.fullmatch(text)
    if strange is None:
        return text
    return f"{strange[1]} cannot stand within <%= %> or <% %>: the one that opens before it may lack its end"


_EXPRESSION_ERRORS: tuple[type[Exception], ...] = (
    TypeError,
    ValueError,
    KeyError,
    IndexError,
    ArithmeticError,
)
"""What an expression of a template raises when its operands do not fit."""

_CODES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (SecurityError, "template-unsafe"),
    (UndefinedError, "template-undefined"),
    (TooMuchError, "template-too-much"),
    ((RecursionError, MemoryError), "template-too-much"),
    (EncodingError, "template-value"),
    (TemplateNotFound, "template-not-found"),
    ((TemplateRuntimeError, *_EXPRESSION_ERRORS), "template-value"),
)

ENCODER = "ENCODER"
"""In a hint, what stands for the encoder of a file's format."""

HINTS: Mapping[str, str] = {
    "template-mark": "take the line out: each file gets one, with the template and the model file that it comes from",
    "template-not-found": "names are relative to templates/; the stock templates lie below the project's own",
    "template-output": "read the template as the text that it becomes: a value is written <%= value | yaml %> "
    "(or hcl), and a list or a map starts on a line of its own",
    "template-syntax": "delimiters are <%= value %>, <% statement %>, <%# comment %> and #: line statements",
    "template-too-much": "a template is given what it needs by the model; it has no need to count this far",
    "template-undefined": "docs/templates.md lists the names that a template sees",
    "template-unencoded": f"end it in | {ENCODER}; | bare for a name, an ARN or a path inside a longer scalar",
    "template-unsafe": "a template reads the model's facts and nothing else",
    "template-value": "docs/templates.md lists the filters and what they take",
}


def text_of(error: Exception) -> str:
    """Returns what an error says, without the names of our classes."""
    if isinstance(error, RecursionError):
        return "a template or a macro calls itself without end"
    if isinstance(error, MemoryError):
        return "it takes more memory than there is"
    # Jinja names the class of the value; a template's author knows it as a word of the model.
    return re.sub(
        r"^'([\w ]+) object' has no", r"\1 has no", re.sub(r"gitops_gen\.(?:\w+\.)+(?=[A-Z])", "", str(error))
    )


_READABLE = {kind.__name__: [name for name in dir(kind) if name[0] != "_"] for kind in (*MODEL_TYPES, Partition, Route)}
"""What a template may read of a value, by the name of its class."""


_TARGET_NAMES = frozenset({"environment", "region", "account", "cluster", "app", "release", "values"})
_OF_TEXT = "of a text, a template may use endswith, removeprefix, removesuffix, split and startswith, and the filters"


def _local_names(error: Exception) -> Iterator[str]:
    """Yields the names that the template itself gave, there where the error happened."""
    traceback = error.__traceback__
    while traceback is not None:
        if "__jinja_template__" in traceback.tb_frame.f_globals:
            found = (re.fullmatch(r"l_[0-9]+_(\w+)", name) for name in traceback.tb_frame.f_locals)
            yield from (each[1] for each in found if each and traceback.tb_frame.f_locals[each[0]] is not missing)
        traceback = traceback.tb_next


def _moved(place: Location, lines: int, written: str, environment: Environment) -> Location:
    """Returns the place some lines further down, if what is written stands there too: then it is no value."""
    assert environment.loader is not None  # noqa: S101
    text = environment.loader.get_source(environment, place.path.removeprefix(f"{TEMPLATES}/"))[0].split("\n")
    line = place.line + lines
    return place._replace(line=line) if line <= len(text) and written.strip() in text[line - 1] else place


def _place(error: Exception, otherwise: Location) -> Location:
    """Returns the innermost line of a template that the error passed through."""
    found = otherwise
    traceback = error.__traceback__
    while traceback is not None:
        module = traceback.tb_frame.f_globals
        loaded = module.get("__jinja_template__")
        if loaded is not None:
            found = Location(f"{TEMPLATES}/{loaded.name}", loaded.get_corresponding_lineno(traceback.tb_lineno))
        traceback = traceback.tb_next
    return found


def file_of(error: TemplateSyntaxError) -> str:
    """Returns the path of the template that a syntax error is in."""
    return error.filename or f"{TEMPLATES}/{error.name}"
