"""sprig's functions for defaults and for types. Source: Masterminds/sprig v3.3.0, defaults.go and reflect.go."""

from __future__ import annotations

from typing import NoReturn

from gitops_gen.evidence.gotemplate.errors import GoTemplateError
from gitops_gen.evidence.gotemplate.functions.table import Signature, takes
from gitops_gen.evidence.gotemplate.values import deep_equal, is_true, kind_name, type_name


def default(otherwise: object, *given: object) -> object:
    """Returns what is given, or the default if that is empty."""
    return given[0] if given and is_true(given[0]) else otherwise


def coalesce(*values: object) -> object:
    """Returns the first that is not empty, or nil."""
    return next(filter(is_true, values), None)


def ternary(yes: object, no: object, condition: object) -> object:
    """Returns the first if the last is true, else the second."""
    return yes if condition else no


def type_of(value: object) -> str:
    """Returns the name of the Go type."""
    return "<nil>" if value is None else type_name(value)


def kind_of(value: object) -> str:
    """Returns the kind of the Go type, as slice or map."""
    return "invalid" if value is None else kind_name(value)


def fail(message: str) -> NoReturn:
    """Ends the rendering with this message."""
    raise GoTemplateError(f"error calling fail: {message}")


TABLE: dict[str, Signature] = {
    "default": takes("any any...", default),
    "empty": takes("any", lambda value: not is_true(value)),
    "coalesce": takes("any...", coalesce),
    "ternary": takes("any any bool", ternary),
    "all": takes("any...", lambda *values: all(map(is_true, values))),
    "any": takes("any...", lambda *values: any(map(is_true, values))),
    "fail": takes("string", fail),
    "typeOf": takes("any", type_of),
    "typeIs": takes("string any", lambda name, value: name == type_of(value)),
    "typeIsLike": takes("string any", lambda name, value: type_of(value) in (name, f"*{name}")),
    "kindOf": takes("any", kind_of),
    "kindIs": takes("string any", lambda name, value: name == kind_of(value)),
    "deepEqual": takes("any any", deep_equal, walks=True),
    "hello": takes("", lambda: "Hello!"),
}
