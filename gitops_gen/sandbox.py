"""The Jinja environment of the templates: its delimiters, what a template may reach, and how much it may use.

A template is somebody's input. It sees frozen values and nothing of Python; it can neither loop nor grow without
bound; and every value that it writes must go through an encoder. The bounds are counted, not timed, so that the
same template gets the same answer on every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from jinja2 import StrictUndefined, TemplateAssertionError, nodes
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gitops_gen import model
from gitops_gen.formats import FORMATS, encode_bare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jinja2 import BaseLoader
    from jinja2.compiler import Frame
    from jinja2.runtime import Context

SIZE_LIMIT = 8 * 1024 * 1024
"""Characters of one rendered file, and of any text or list that a template builds."""

STEP_LIMIT = 1_000_000
"""Turns of loops and calls that one rendered file may take."""

ENCODERS = frozenset({*FORMATS, "bare"})

# What is left of Jinja's filters: no clock, no chance, and nothing that pads a text to a size that it is told.
_KEPT_FILTERS = (
    "abs", "batch", "default", "d", "dictsort", "first", "groupby", "int", "items", "join", "last", "length", "count",
    "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "select", "selectattr", "slice",
    "sort", "string", "sum", "title", "trim", "unique", "upper", "capitalize", "attr",
)  # fmt: skip
_KEPT_METHODS = frozenset(
    {"endswith", "startswith", "split", "removeprefix", "removesuffix", "get", "items", "keys", "values"}
)
_MODEL_TYPES = frozenset(
    value for value in vars(model).values() if isinstance(value, type) and value.__module__ == model.__name__
)


class TooMuchError(Exception):
    """A template asks for more than it may have. The text says of what, and how much there is."""


class UnencodedError(TemplateAssertionError):
    """A substitution does not end in an encoder."""


class Sandbox(ImmutableSandboxedEnvironment):
    """A Jinja environment for templates that emit YAML, HCL and Markdown full of {{ }} and ${ }."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})
    code_generator_class: type[CodeGenerator]

    def __init__(self, loader: BaseLoader | None = None) -> None:
        super().__init__(
            variable_start_string="<%=",
            variable_end_string="%>",
            block_start_string="<%",
            block_end_string="%>",
            comment_start_string="<%#",
            comment_end_string="%>",
            line_statement_prefix="#:",
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            undefined=StrictUndefined,
            auto_reload=False,
            loader=loader,
        )
        self.steps = 0
        self._trees: dict[tuple[str | None, str], nodes.Template] = {}
        self.filters = {name: JINJA_FILTERS[name] for name in _KEPT_FILTERS}
        self.filters |= {each.name: each.encode for each in FORMATS.values()}
        self.filters |= {"bare": encode_bare, "join": _bounded_join, "counted": self.counted}
        self.globals = {"range": self.bounded_range, "namespace": self.globals["namespace"]}
        self.code_generator_class = _CodeGenerator

    def begin(self) -> None:
        """Gives the next rendering its whole budget."""
        self.steps = 0

    def counted(self, iterable: Iterable[object]) -> Iterable[object]:
        """Charges the turns of a loop to the budget; every loop of a template runs over this."""
        if isinstance(iterable, tuple | list | dict):
            self.charge(len(iterable) + 1)
            return iterable
        return self._charged(iterable)

    def charge(self, steps: int) -> None:
        """Takes steps from the budget. Raises TooMuchError when it is used up."""
        self.steps += steps
        if self.steps > STEP_LIMIT:
            raise TooMuchError(f"more than {STEP_LIMIT:,} turns of loops and calls for one file")

    def bounded_range(self, *bounds: int) -> range:
        """As range, up to the number of steps that a rendering has."""
        found = range(*bounds)
        if len(found) > STEP_LIMIT:
            raise TooMuchError(f"a range of {len(found):,} numbers, more than {STEP_LIMIT:,}")
        return found

    def concat_bounded(self, parts: Iterable[object]) -> str:
        """What `~` does."""
        texts = [str(part) for part in parts]
        check_size(sum(map(len, texts)))
        return "".join(texts)

    def getattr(self, obj: object, attribute: str) -> object:
        """As Jinja, with a short way for the model's own values and a short list of methods for the others."""
        if type(obj) in _MODEL_TYPES and not attribute.startswith("_"):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        found: object = super().getattr(obj, attribute)
        return found

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        if isinstance(obj, str | bytes | list | tuple | dict | int | float) and attr not in _KEPT_METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call(self, context: Context, obj: object, /, *args: object, **kwargs: object) -> object:
        self.charge(1)
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        if operator == "+":
            check_size(_size(left) + _size(right))
        elif operator == "*":
            _check_product(left, right)
        elif operator == "**":
            _check_power(left, right)
        elif isinstance(left, str | bytes):
            raise SecurityError("% formatting of text is not allowed in a template; use ~")
        return super().call_binop(context, operator, left, right)

    def _charged(self, iterable: Iterable[object]) -> Iterator[object]:
        for item in iterable:
            self.charge(1)
            yield item

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        # A template is parsed when it is checked, and asked for again when it is compiled.
        if (name, source) not in self._trees:
            self._trees[name, source] = self._parsed(source, name, filename)
        return self._trees[name, source]

    def _parsed(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check_substitutions(tree, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
        return tree


class PathSandbox(Sandbox):
    """For the paths of artifacts.yaml, which are held against the grammar of paths and so need no encoder."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return super(Sandbox, self)._parse(source, name, filename)


class _CodeGenerator(CodeGenerator):
    """Jinja's own, but that `~` is bounded too."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.write("environment.concat_bounded((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


def check_size(size: int) -> None:
    """Raises TooMuchError for a text or list of more than SIZE_LIMIT characters or items."""
    if size > SIZE_LIMIT:
        raise TooMuchError(f"a text or list of {size:,} items, more than {SIZE_LIMIT:,}")


def encoders_of(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Yields the encoder and the line of every substitution that has one."""
    for output in tree.find_all(nodes.Output):
        for node in output.nodes:
            if isinstance(node, nodes.Filter) and node.name in ENCODERS:
                yield node.name, node.lineno


def _check_substitutions(tree: nodes.Template, name: str | None, filename: str | None) -> None:
    macros = {node.name for node in tree.find_all(nodes.Macro)} | set(_imported(tree))
    for output in tree.find_all(nodes.Output):
        for value in output.nodes:
            if not (isinstance(value, nodes.TemplateData) or _is_encoded(value, macros)):
                _refuse(value, name, filename)
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        if not isinstance(getattr(node, "template", None), nodes.Const):
            raise UnencodedError("the name of another template must be written as text", node.lineno, name, filename)


def _imported(tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all(nodes.FromImport):
        yield from (each if isinstance(each, str) else each[1] for each in node.names)


def _is_encoded(node: nodes.Node, macros: set[str]) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in ENCODERS
    # A macro, a block above and a caller write what is encoded already.
    if not isinstance(node, nodes.Call):
        return False
    called = node.node
    return isinstance(called, nodes.Name) and (called.name in macros or called.name in ("caller", "super"))


def _refuse(node: nodes.Node, name: str | None, filename: str | None) -> NoReturn:
    encoders = ", ".join(f"| {encoder}" for encoder in sorted(ENCODERS))
    raise UnencodedError(f"a value is written without an encoder at its end: {encoders}", node.lineno, name, filename)


def _bounded_join(items: Iterable[object], separator: str = "", attribute: str | None = None) -> str:
    texts = [str(getattr(item, attribute) if attribute else item) for item in items]
    check_size(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | bytes | list | tuple) else 0


def _check_product(left: object, right: object) -> None:
    for sized, times in ((left, right), (right, left)):
        if _size(sized) and isinstance(times, int):
            check_size(_size(sized) * max(times, 0))
    if isinstance(left, int) and isinstance(right, int):
        check_size(left.bit_length() + right.bit_length())


def _check_power(left: object, right: object) -> None:
    if isinstance(left, int) and isinstance(right, int):
        check_size(left.bit_length() * max(right, 0))


EXPRESSION_ERRORS: tuple[type[Exception], ...] = (
    TypeError,
    ValueError,
    KeyError,
    IndexError,
    ArithmeticError,
)
"""What an expression of a template raises when its operands do not fit."""
