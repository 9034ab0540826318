"""Reads expressions of Terraform as trees of `hcl_tree`.

What is not read is `Opaque`: what it comes to is not known here. Source: HCL native syntax specification.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_scanner import NAME, SPACE, SPACE_AND_LINES, Scanner
from gitops_gen.evidence.hcl_templates import Expressions, template_of
from gitops_gen.evidence.hcl_texts import NotHclError, end_of_quoted, pieces
from gitops_gen.evidence.hcl_tree import (
    Access,
    Call,
    Expression,
    For,
    ListOf,
    Literal,
    Object,
    Opaque,
    Operation,
    Reference,
    Splat,
    Spread,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FOR = re.compile(r"for\b")
_IN = re.compile(r"in\b")
_IF = re.compile(r"if\b")
_PLAIN_STEP = re.compile(r"\[[ \t]*(?:(?P<number>\d+)|(?P<instance>each\.(?:key|value)|count\.index))[ \t]*\]")
"""A step of a reference that names an instance."""
_EACH = re.compile(r"\[[ \t]*\*[ \t]*\]|\.\*")
_HEREDOC = re.compile(
    r"<<-?(?P<tag>[^\W\d][\w-]*)\r?\n(?P<text>.*?)^[ \t]*(?P=tag)[ \t]*(?=\r?$)", re.DOTALL | re.MULTILINE
)
"""A text over several lines. The indentation that <<- takes away is kept: in JSON, and in names, it says nothing."""
_ENDS = "\n,]}):=#"
"""What ends an expression."""
_DEPTH = 60
"""Expressions inside of each other."""
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<=", ">=", "<", ">"), ("+", "-"), ("*", "/", "%"))
"""Operators, those first that bind the least."""
_BEFORE_NO = ("!", "-")
"""Operators of one operand."""
_WORDS = {"true": True, "false": False, "null": None}


class Reader(Scanner):
    """Reads expressions."""

    def __init__(self, text: str, gap: re.Pattern[str] = SPACE) -> None:
        super().__init__(text)
        self._gap = gap
        """What may stand between the parts of an expression: in brackets, ends of lines too."""
        self._depth = 0

    def expression(self) -> Expression:
        """Returns the expression from here on; one that is not read is passed over."""
        self.skip(self._gap)
        start = self.position
        self._depth += 1
        if self._depth > _DEPTH:
            raise NotHclError
        found = self._operand()
        if found is not None and not self._is_at_end():  # nearly all have no operator
            found = self._condition(found)
        self._depth -= 1
        if found is not None and self._is_at_end():
            return found
        self.position = start
        self._pass_over()
        return Opaque(start)

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > _DEPTH:
            raise NotHclError
        yield
        self._depth -= 1

    @contextmanager
    def _with_gap(self, gap: re.Pattern[str]) -> Iterator[None]:
        before, self._gap = self._gap, gap
        yield
        self._gap = before

    def _is_at_end(self) -> bool:
        self.skip(self._gap)
        is_end = self.position >= len(self.text) or self.text[self.position] in _ENDS
        return (is_end and not self.text.startswith(("==", "=>"), self.position)) or self.is_at("...")

    def _condition(self, first: Expression | None = None) -> Expression | None:
        """Returns an expression with operators, or None for what is not read; the first operand may have been read."""
        start = self.position if first is None else first.start
        found = self._operation(0, first)
        self.skip(self._gap)
        if found is None or not self.take("?"):
            return found
        self.skip(SPACE_AND_LINES)
        with self._deeper():
            answer = self._condition()
        self.skip(SPACE_AND_LINES)
        if answer is None or not self.take(":"):
            return None
        self.skip(SPACE_AND_LINES)
        with self._deeper():
            other = self._condition()
        return None if other is None else Operation("?", (found, answer, other), start)

    def _operation(self, level: int, first: Expression | None = None) -> Expression | None:
        if level == len(_LEVELS):
            return self._operand() if first is None else first
        start = self.position if first is None else first.start
        found = self._operation(level + 1, first)
        while found is not None:
            self.skip(self._gap)
            operator = next((each for each in _LEVELS[level] if self.take(each)), None)
            if operator is None:
                return found
            self.skip(SPACE_AND_LINES)
            other = self._operation(level + 1)
            found = None if other is None else Operation(operator, (found, other), start)
        return None

    def _operand(self) -> Expression | None:
        start = self.position
        operator = next((each for each in _BEFORE_NO if self.take(each)), None)
        if operator is None:
            found = self._in_brackets() if self.take("(") else self.plain()
            return None if found is None else self._below(found, start)
        self.skip(self._gap)
        with self._deeper():
            found = self._operand()
        return None if found is None else Operation(operator, (found,), start)

    def _in_brackets(self) -> Expression | None:
        with self._deeper(), self._with_gap(SPACE_AND_LINES):
            self.skip(self._gap)
            found = self._condition()
            self.skip(self._gap)
        return found if self.take(")") else None

    def plain(self) -> Expression | None:
        """Reads what is no operation; None for what is not read here. Raises NotHclError."""
        start = self.position
        heredoc = _HEREDOC.match(self.text, start)
        if heredoc is not None:
            self.position = heredoc.end()
            return _template(heredoc["text"], start)
        if self.take('"'):
            return self._quoted(start)
        if self.take("["):
            return self._list(start)
        if self.take("{"):
            return self._object(start)
        number = self.match(_NUMBER)
        if number is not None:
            return Literal(float(number) if "." in number else int(number), start)
        name = self.match(NAME)
        return None if name is None else self._named(name, start)

    def _named(self, name: str, start: int) -> Expression | None:
        if name in _WORDS:
            return Literal(_WORDS[name], start)
        if self.take("("):
            return Call(name, self._items(")"), start)
        steps = [name]
        while True:
            step = self._plain_step()
            if step is None:
                return Reference(tuple(steps), start)
            steps.append(step)

    def _plain_step(self) -> str | None:
        """Returns the next step of a reference that is no expression; one that names an instance by where that is."""
        start = self.position
        if self.take("."):
            step = self.match(NAME) or self.match(_NUMBER)
        elif (found := _PLAIN_STEP.match(self.text, start)) is not None:
            self.position = found.end()
            return found["number"] or found["instance"]
        elif self.take("["):
            self.skip(SPACE)
            step = self.plain_text()
            self.skip(SPACE)
            step = step if step is not None and self.take("]") else None
        else:
            return None
        if step is None:
            self.position = start
        return step

    def _below(self, found: Expression, start: int) -> Expression | None:
        """Returns what stands behind an operand, which are steps below its value."""
        while self.is_at("[") or (self.is_at(".") and not self.is_at("...")):
            each = _EACH.match(self.text, self.position)
            if each is not None:
                self.position = each.end()
                steps = self._steps(are_names=each[0] == ".*")
            else:
                steps = self._steps() or None
            if steps is None:
                return None
            found = Access(found, steps, start) if each is None else Splat(found, steps, start)
        return found

    def _steps(self, *, are_names: bool = False) -> tuple[str | Expression, ...] | None:
        """Returns the steps that follow, up to the next splat; None for what is not read."""
        steps: list[str | Expression] = []
        while not (self.is_at("...") or _EACH.match(self.text, self.position)):
            step: str | Expression | None = self._plain_step() if not (are_names and self.is_at("[")) else None
            if step is None and self.is_at("[") and not are_names:
                step = self._step_in_brackets()
                if step is None:
                    return None
            if step is None:
                break
            steps.append(step)
        return tuple(steps)

    def _step_in_brackets(self) -> Expression | None:
        self.expect("[")
        with self._deeper(), self._with_gap(SPACE_AND_LINES):
            self.skip(self._gap)
            found = self._condition()
            self.skip(self._gap)
        return found if self.take("]") else None

    def _list(self, start: int) -> Expression | None:
        self.skip(SPACE_AND_LINES)
        return self._loop("]", start) if self.match(_FOR) else ListOf(self._items("]"), start)

    def _items(self, end: str) -> tuple[Expression, ...]:
        items: list[Expression] = []
        with self._with_gap(SPACE_AND_LINES):
            while True:
                self.skip(self._gap)
                if self.take(end):
                    return tuple(items)
                found = self.expression()
                items.append(Spread(found, found.start) if self.take("...") else found)
                self.skip(self._gap)
                if not self.take(",") and not self.is_at(end):
                    raise NotHclError

    def _object(self, start: int) -> Expression | None:
        items: list[tuple[Expression, Expression]] = []
        with self._with_gap(SPACE):
            while True:
                self.skip(SPACE_AND_LINES)
                if self.take("}"):
                    return Object(tuple(items), start)
                if _FOR.match(self.text, self.position) and self._is_loop():
                    self.match(_FOR)
                    return self._loop("}", start)
                items.append((self._key(), self.expression()))
                self.skip(SPACE_AND_LINES)
                self.take(",")

    def _is_loop(self) -> bool:
        """True where a name follows the word for: else it is a key."""
        found = SPACE_AND_LINES.match(self.text, self.position + len("for"))
        return found is not None and NAME.match(self.text, found.end()) is not None

    def _loop(self, end: str, start: int) -> Expression | None:
        """Reads a loop from behind the word for on."""
        with self._deeper(), self._with_gap(SPACE_AND_LINES):
            names, of = self.source()
            self.skip(self._gap)
            if of is None or not self.take(":"):
                return None
            key, value = None, self._part()
            self.skip(self._gap)
            if end == "}":
                key, value = value, self._part() if self.take("=>") else None
                self.skip(self._gap)
            is_grouped = self.take("...")
            self.skip(self._gap)
            condition = self._part() if self.match(_IF) else None
            self.skip(self._gap)
        if value is None or not self.take(end):
            return None
        return For(names, of, value, start, key, condition, is_grouped)

    def source(self) -> tuple[tuple[str, ...], Expression | None]:
        """Returns what a loop calls its items, and what they are of."""
        names: list[str] = []
        while True:
            self.skip(self._gap)
            name = self.match(NAME)
            if name is None:
                return (), None
            names.append(name)
            self.skip(self._gap)
            if not self.take(","):
                break
        return tuple(names), self._part() if self.match(_IN) else None

    def _part(self) -> Expression | None:
        self.skip(self._gap)
        return self._condition()

    def _key(self) -> Expression:
        start = self.position
        if self.take("("):
            with self._with_gap(SPACE_AND_LINES):
                key = self.expression()
            self.expect(")")
        else:
            found = self.plain()
            key = Literal(found.steps[0], start) if isinstance(found, Reference) else found or Opaque(start)
        self.skip(SPACE)
        if not (self.take("=") or self.take(":")):
            raise NotHclError
        return key

    def _quoted(self, start: int) -> Expression:
        """Reads a text from behind its first quote on. Raises NotHclError."""
        first = self.position
        end = end_of_quoted(self.text, first)
        self.position = end + 1
        return _template(self.text[first:end], start, is_quoted=True)

    def plain_text(self) -> str | None:
        if not self.take('"'):
            return None
        found = self._quoted(self.position)
        return found.value if isinstance(found, Literal) and isinstance(found.value, str) else None

    def _pass_over(self) -> None:
        """Passes over an expression: to the end of its line, or of what it stands in."""
        depth = 0
        ends = ",)]}" if self._gap is SPACE_AND_LINES else "\n,)]}"
        while self.position < len(self.text):
            character = self.text[self.position]
            if depth == 0 and character in ends:
                return
            if character == '"':
                self.position = end_of_quoted(self.text, self.position + 1) + 1
                continue
            depth += (character in "([{") - (character in ")]}")
            self.position += 1


def text_of(text: str) -> Expression:
    """Returns what a text says that stands in quotes, with them, or over several lines. Raises NotHclError."""
    found = Reader(text).plain()
    return found if found is not None else Opaque(0)


def template(text: str) -> Expression:
    """Returns what a file says that is a template. Raises NotHclError."""
    return _template(text, 0)


def _template(text: str, start: int, *, is_quoted: bool = False) -> Expression:
    """Returns a text, taken apart at the expressions in it; one with directives that are not read is opaque."""
    return template_of(pieces(text, is_quoted=is_quoted), start, Expressions(_read, _source))


def _read(text: str) -> Expression:
    return Reader(text, SPACE_AND_LINES).expression()


def _source(text: str) -> tuple[tuple[str, ...], Expression | None]:
    return Reader(text, SPACE_AND_LINES).source()
