"""The Jinja environment of the templates: its delimiters, what a template may reach, and how much it may use.

A template is somebody's input. It sees frozen values and nothing of Python; it can neither loop nor grow without
bound; and every value that it writes must go through an encoder, which `substitutions` sees to.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

from jinja2 import StrictUndefined, Undefined, nodes, pass_environment
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.filters import do_int, do_sum, make_attrgetter
from jinja2.runtime import BlockReference, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS as JINJA_TESTS

from gitops_gen.near_miss import near_miss
from gitops_gen.templating.bounds import TooMuchError, check_bits, check_operation, check_size, joined, plain_text
from gitops_gen.templating.budget import STEP_ITEMS, STEP_LIMIT, Budget
from gitops_gen.templating.encoders import careful_encoders
from gitops_gen.templating.metering import MeteredGenerator, NestedTemplate, meter
from gitops_gen.templating.readable import MODEL_TYPES
from gitops_gen.templating.substitutions import RefusedError, check_substitutions
from gitops_gen.templating.syntax_tree import SyntaxTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, MutableMapping

    from jinja2 import BaseLoader, Environment, Template
    from jinja2.runtime import Context

T = TypeVar("T")

LAZY_STEPS = 8
"""Turns that an item costs which a filter looks at one by one."""

MACRO_STEPS = 25
"""Turns that a call of a macro costs beside those that it takes."""

INCLUDE_STEPS = 100
"""Turns that another template costs beside those that it takes."""

DEPTH_LIMIT = 50
"""Templates and macros that stand inside each other."""

# What is left of Jinja's filters: no clock, no chance, and nothing that makes a text or list of a size that it is told.
_KEPT_FILTERS = (
    "abs", "default", "d", "dictsort", "first", "groupby", "items", "last", "length", "count", "list", "map", "max",
    "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique", "attr",
)  # fmt: skip
_LAZY_FILTERS = frozenset({"map", "reject", "rejectattr", "select", "selectattr"})
_TEXT_FILTERS = ("lower", "title", "trim", "upper", "capitalize")
KEPT_METHODS = frozenset(
    {"endswith", "startswith", "split", "removeprefix", "removesuffix", "get", "items", "keys", "values"}
)


class Sandbox(Budget, ImmutableSandboxedEnvironment):
    """A Jinja environment for templates that emit YAML, HCL and Markdown full of {{ }} and ${ }."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

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
            optimized=False,  # what Jinja works out while it compiles, nobody counts
            loader=loader,
        )
        self.depth = 0
        self._trees: dict[tuple[str | None, str], nodes.Template] = {}
        filters: dict[str, Callable[..., object]] = {name: JINJA_FILTERS[name] for name in _KEPT_FILTERS}
        filters |= {name: _of_text(name, JINJA_FILTERS[name]) for name in _TEXT_FILTERS}
        filters |= {"string": plain_text, "int": _int, "join": _join, "sum": _sum}
        self.filters = {name: self._paid_for(each, is_lazy=name in _LAZY_FILTERS) for name, each in filters.items()}
        self.filters |= {**careful_encoders(self), "counted": self.counted}
        self.tests = {
            name: self._weighed_for(each)
            for name, each in cast("Mapping[str, Callable[..., object]]", JINJA_TESTS).items()
        }
        self.globals = {"range": self.bounded_range, "namespace": self.globals["namespace"]}
        self.code_generator_class = MeteredGenerator
        self.template_class = NestedTemplate

    def begin(self, form: str = "") -> None:
        super().begin(form)
        self.depth = 0

    def macro(self, called: T) -> T:
        """Returns what writes encoded text when it is called. Raises SecurityError for what only has its name."""
        if isinstance(called, Macro | BlockReference | Undefined):
            return called
        raise SecurityError("what is called here is no macro, so nobody knows whether its text is encoded")

    def nested(self, parts: Iterator[str]) -> Iterator[str]:
        """Yields the parts of a template's text, and counts how many templates stand inside each other."""
        with self._deeper():
            yield from parts

    def bounded_range(self, *bounds: int) -> range:
        """As range, up to the number of steps that a rendering has."""
        found = range(*bounds)
        if len(found) > STEP_LIMIT:
            raise TooMuchError(f"a range of {len(found):,} numbers, more than {STEP_LIMIT:,}")
        return found

    def buffer(self) -> Buffer:
        """Returns what the text of a macro, or of a block that is set to a name, is gathered in."""
        return Buffer(self)

    def getattr(self, obj: object, attribute: str) -> object:
        """As Jinja, with a short way for the model's own values and a short list of methods for the others."""
        if type(obj) in MODEL_TYPES and not attribute.startswith("_"):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        found: object = super().getattr(obj, attribute)
        return found

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        if isinstance(obj, str | bytes | list | tuple | dict | int | float) and attr not in KEPT_METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, _: object) -> None:
        """Leaves the format methods of text to `is_safe_attribute`, which refuses them: they pad to any width."""

    def call(self, context: Context, obj: object, /, *args: object, **kwargs: object) -> object:
        self.charge(1)
        for argument in (*args, *(value for name, value in kwargs.items() if not name.startswith("_"))):
            self.weighed(argument)
        if isinstance(obj, Macro | BlockReference):
            self.charge(MACRO_STEPS)
            with self._deeper():
                return self.paid(super().call(context, obj, *args, **kwargs))
        self.weighed(getattr(obj, "__self__", None))
        return self.paid(super().call(context, obj, *args, **kwargs))

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, object] | None = None,  # noqa: A002
    ) -> Template:
        if parent is not None:
            self.charge(INCLUDE_STEPS)
        return super().get_template(name, parent, globals)

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        if operator == "%" and isinstance(left, str | bytes):
            raise SecurityError("% formatting of text is not allowed in a template; use ~")
        check_operation(operator, left, right)
        return self.paid(super().call_binop(context, operator, left, right))

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise RecursionError
        try:
            yield
        finally:
            self.depth -= 1

    def _paid_for(self, make: Callable[..., object], *, is_lazy: bool) -> Callable[..., object]:
        # Of Jinja's own filters, some take the environment or the context first.
        first = 1 if hasattr(make, "jinja_pass_arg") else 0

        @wraps(make)
        def made(*args: object, **kwargs: object) -> object:
            value = args[first]
            taken = self.charged(value, LAZY_STEPS) if is_lazy and isinstance(value, Iterable) else self._taken(value)
            try:
                return self.paid(make(*args[:first], taken, *args[first + 1 :], **kwargs))
            except AttributeError as error:
                raise TypeError(str(error)) from None

        return made

    def _taken(self, value: object) -> object:
        if isinstance(value, range):
            self.charge(len(value) // STEP_ITEMS)
        return self.weighed(value)

    def _weighed_for(self, test: Callable[..., object]) -> Callable[..., object]:
        @wraps(test)
        def tested(*args: object, **kwargs: object) -> object:
            for each in args:
                self.weighed(each)
            return test(*args, **kwargs)

        return tested

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        # A template is parsed when it is checked, and asked for again when it is compiled.
        if (name, source) not in self._trees:
            self._trees[name, source] = self._parsed(source, name, filename)
        return self._trees[name, source]

    def _parsed(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        root = super()._parse(source, name, filename)
        tree = SyntaxTree(root)
        self._check_names(tree, name, filename)
        self._check_output(tree, name, filename)
        for loop in tree.all(nodes.For):
            if loop.recursive:
                message = "a recursive loop is not counted; write a macro"
                raise RefusedError(message, loop.lineno, name, filename, "call the macro for each of the inner items")
            loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
        return meter(root, tree)

    def _check_names(self, tree: SyntaxTree, name: str | None, filename: str | None) -> None:
        # Jinja itself finds an unknown name below an `if` only when it comes there.
        for node in tree.all(nodes.Filter, nodes.Test):
            what, known = ("filter", self.filters) if isinstance(node, nodes.Filter) else ("test", self.tests)
            if node.name is not None and node.name not in known:
                hint = near_miss(node.name, (each for each in known if each.isalpha() and each != "counted"))
                raise RefusedError(f"there is no {what} {node.name}", node.lineno, name, filename, hint)

    def _check_output(self, tree: SyntaxTree, name: str | None, filename: str | None) -> None:
        check_substitutions(tree, name, filename)


class PathSandbox(Sandbox):
    """For the paths of artifacts.yaml, which are held against the grammar of paths and so need no encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.finalize = plain_text

    def macro(self, called: T) -> T:
        """Anything may be called."""
        return called

    def _check_output(self, tree: SyntaxTree, name: str | None, filename: str | None) -> None:
        """Any output is fine."""


class Buffer(list[str]):
    """The parts of a text that a template builds, up to what a text may have."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self._sandbox = sandbox
        self._size = 0

    def append(self, part: str, /) -> None:
        self._size += len(self._sandbox.paid(part))
        check_size(self._size)
        super().append(part)

    def extend(self, parts: Iterable[str], /) -> None:
        for part in parts:
            self.append(part)


def _of_text(name: str, change: Callable[..., str]) -> Callable[[object], str]:
    # Without further arguments: trim takes ever longer the more characters it is told.
    def changed(value: object) -> str:
        return change(plain_text(value))

    changed.__qualname__ = name
    return changed


@pass_environment
def _join(environment: Environment, items: Iterable[object], separator: str = "", attribute: str | None = None) -> str:
    if attribute is not None:
        items = map(make_attrgetter(environment, attribute), items)
    return joined(items, separator)


@pass_environment
def _sum(environment: Environment, items: Iterable[int], attribute: str | None = None) -> int:
    # Without Jinja's start, which adds lists as well.
    total: int = do_sum(environment, items, attribute)
    return total


def _int(value: object, default: int = 0, base: int = 10) -> int:
    number = do_int(value, default, base)
    check_bits(number.bit_length())
    return number
