"""What goes wrong in a template, in the words of its author: a code, a hint, and the innermost line of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from gitops_gen.artifacts import TEMPLATES
from gitops_gen.formats import EncodingError
from gitops_gen.problems import Location, ModelError, Problem, TemplateError
from gitops_gen.sandbox import EXPRESSION_ERRORS, TooMuchError

if TYPE_CHECKING:
    from collections.abc import Mapping


def explain_failure(error: Exception, template: str) -> NoReturn:
    """Raises TemplateError for what a template can cause, at the line of the template; what it cannot, as it is."""
    if isinstance(error, ModelError):
        raise TemplateError(*error.problems) from None
    if isinstance(error, TemplateSyntaxError):
        at = Location(file_of(error), error.lineno)
        raise TemplateError(Problem("template-syntax", error.message or "", at, HINTS["template-syntax"])) from None
    code = code_of(error)
    raise TemplateError(Problem(code, text_of(error), _place(error, template), HINTS[code])) from None


def code_of(error: Exception) -> str:
    """Returns the code of what a template can cause. Raises the error itself if a template cannot cause it."""
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    raise error


EXPECTED_ERRORS: tuple[type[Exception], ...] = (UndefinedError, SecurityError, TooMuchError, *EXPRESSION_ERRORS)

_CODES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (SecurityError, "template-unsafe"),
    (UndefinedError, "template-undefined"),
    (TooMuchError, "template-too-much"),
    ((RecursionError, MemoryError), "template-too-much"),
    (EncodingError, "template-value"),
    (TemplateNotFound, "template-not-found"),
    (EXPRESSION_ERRORS, "template-value"),
)

HINTS: Mapping[str, str] = {
    "template-not-found": "names are relative to templates/; the stock templates lie below the project's own",
    "template-output": "read the template as the text that it becomes; quote with | yaml or | hcl",
    "template-syntax": "delimiters are <%= value %>, <% statement %>, <%# comment %> and #: line statements",
    "template-too-much": "a template is given what it needs by the model; it has no need to count this far",
    "template-undefined": "docs/templates.md lists the names that a template sees",
    "template-unencoded": "end it in | yaml or | hcl; | bare for a name, an ARN or a path inside a longer scalar",
    "template-unsafe": "a template reads the model's facts and nothing else",
    "template-value": "docs/templates.md lists the filters and what they take",
}


def text_of(error: Exception) -> str:
    """Returns what an error says, without the names of our classes."""
    if isinstance(error, RecursionError):
        return "a template or a macro calls itself without end"
    text = str(error)
    # Jinja names the class of the value; a template's author knows it as a word of the model.
    return text.replace("gitops_gen.model.", "").removeprefix("'").replace(" object' has no", " has no")


def _place(error: Exception, template: str) -> Location:
    """Returns the innermost line of a template that the error passed through."""
    found = Location(f"{TEMPLATES}/{template}")
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
