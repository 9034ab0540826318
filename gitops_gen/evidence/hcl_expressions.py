"""Reads configurations of Terraform as trees of `hcl_tree`: expressions as far as they are plain.

Templates, lists, objects, references, calls, comparisons and conditions are read; arithmetic, loops and splats are
`Opaque`: what they come to is not known here. Source: HCL native syntax specification.
"""

from __future__ import annotations

import re

from gitops_gen.evidence.hcl_tree import (
    Block,
    Call,
    Expression,
    ListOf,
    Literal,
    Object,
    Opaque,
    Operation,
    Reference,
    Template,
)

_SPACE = re.compile(r"(?:[ \t\r]+|(?:#|//)[^\n]*|/\*.*?\*/)*", re.DOTALL)
_SPACE_AND_LINES = re.compile(r"(?:\s+|(?:#|//)[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FOR = re.compile(r"for\b")
_INSTANCE = re.compile(r"(?:each\.(?:key|value)|count\.index)(?=\])")
_HEREDOC = re.compile(
    r"<<-?(?P<tag>[^\W\d][\w-]*)\r?\n(?P<text>.*?)^[ \t]*(?P=tag)[ \t]*(?=\r?$)", re.DOTALL | re.MULTILINE
)
"""A text over several lines. The indentation that <<- takes away is kept: in JSON, and in names, it says nothing."""
_ENDS = "\n,]}):=#"
"""What ends an expression."""
_DEPTH = 60
"""Expressions inside of each other."""
_LEVELS = (("||",), ("&&",), ("==", "!="))
"""Operators, those first that bind the least."""
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_CODE = re.compile(r"u[0-9A-Fa-f]{4}|U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}")
"""The number of a character, behind a backslash."""
_AROUND = "~ \n\t"
"""What may stand around an expression in a text: a tilde takes away the white space behind it."""
_WORDS = {"true": True, "false": False, "null": None}


class NotHclError(Exception):
    """A text is not read as HCL here."""


def parse(text: str) -> Block:
    """Returns the content of a file. Raises NotHclError, also for what nests deeper than anybody writes."""
    reader = _Reader(text)
    try:
        body = reader.body("", ())
    except RecursionError:
        raise NotHclError from None
    if reader.position < len(text):
        raise NotHclError
    return body


class _Reader:
    """Reads a text from its start to its end, once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self._depth = 0

    def body(self, kind: str, labels: tuple[str, ...]) -> Block:
        attributes: dict[str, Expression] = {}
        blocks: list[Block] = []
        while True:
            self._skip(_SPACE_AND_LINES)
            name = self._match(_NAME)
            if name is None:
                return Block(kind, labels, attributes, tuple(blocks))
            self._skip(_SPACE)
            if self._take("="):
                attributes[name] = self.expression()
            else:
                blocks.append(self._block(name))

    def _block(self, kind: str) -> Block:
        start = self.position - len(kind)
        labels: list[str] = []
        while not self._take("{"):
            label = self._match(_NAME) or self._plain_text()
            if label is None:
                raise NotHclError
            labels.append(label)
            self._skip(_SPACE)
        found = self.body(kind, tuple(labels))
        self._expect("}")
        return Block(kind, found.labels, found.attributes, found.blocks, start, self.position)

    def expression(self) -> Expression:
        """Returns the expression from here on; one that is more than a plain one is passed over."""
        self._skip(_SPACE)
        start = self.position
        self._depth += 1
        if self._depth > _DEPTH:
            raise NotHclError
        found = self._whole_expression(start)
        self._depth -= 1
        return found

    def _whole_expression(self, start: int) -> Expression:
        found = self._operand()
        if found is not None and not self._is_at_end():  # nearly all have no operator
            found = self._condition(found)
        if found is not None and self._is_at_end():
            return found
        self.position = start
        self._pass_over()
        return Opaque(start)

    def _is_at_end(self) -> bool:
        self._skip(_SPACE)
        is_end = self.position >= len(self.text) or self.text[self.position] in _ENDS
        return is_end and not self.text.startswith(("==", "=>"), self.position)

    def _condition(self, first: Expression | None = None) -> Expression | None:
        """Returns an expression with operators that are known, or None; the first operand may have been read."""
        start = self.position if first is None else first.start
        found = self._operation(0, first)
        self._skip(_SPACE)
        if found is None or not self._take("?"):
            return found
        self._skip(_SPACE_AND_LINES)
        first = self._condition()
        self._skip(_SPACE_AND_LINES)
        if first is None or not self._take(":"):
            return None
        self._skip(_SPACE_AND_LINES)
        second = self._condition()
        return None if second is None else Operation("?", (found, first, second), start)

    def _operation(self, level: int, first: Expression | None = None) -> Expression | None:
        if level == len(_LEVELS):
            return self._operand() if first is None else first
        start = self.position if first is None else first.start
        found = self._operation(level + 1, first)
        while found is not None:
            self._skip(_SPACE)
            operator = next((each for each in _LEVELS[level] if self._take(each)), None)
            if operator is None:
                return found
            self._skip(_SPACE_AND_LINES)
            other = self._operation(level + 1)
            found = None if other is None else Operation(operator, (found, other), start)
        return None

    def _operand(self) -> Expression | None:
        start = self.position
        if self._take("!"):
            found = self._operand()
            return None if found is None else Operation("!", (found,), start)
        if not self._take("("):
            return self.plain()
        self._skip(_SPACE_AND_LINES)
        found = self._condition()
        self._skip(_SPACE_AND_LINES)
        return found if self._take(")") else None

    def plain(self) -> Expression | None:
        """Reads what is no operation; None for what is not read here. Raises NotHclError."""
        start = self.position
        heredoc = _HEREDOC.match(self.text, start)
        if heredoc is not None:
            self.position = heredoc.end()
            return _template(heredoc["text"], start)
        if self._take('"'):
            return self.quoted(start)
        if self._take("["):
            return self._list(start)
        if self._take("{"):
            return self._object(start)
        number = self._match(_NUMBER)
        if number is not None:
            return Literal(float(number) if "." in number else int(number), start)
        name = self._match(_NAME)
        return None if name is None else self._named(name, start)

    def _named(self, name: str, start: int) -> Expression | None:
        if name in _WORDS:
            return Literal(_WORDS[name], start)
        if self._take("("):
            return Call(name, self._items(")"), start)
        steps = [name]
        while True:
            if self._take("."):
                step = self._match(_NAME) or self._match(_NUMBER)
            elif self._take("["):
                step = self._match(_NUMBER) or self._match(_INSTANCE) or self._plain_text()
                if step is not None:
                    self._expect("]")
            else:
                return Reference(tuple(steps), start)
            if step is None:
                return None
            steps.append(step)

    def _list(self, start: int) -> Expression | None:
        self._skip(_SPACE_AND_LINES)
        return None if _FOR.match(self.text, self.position) else ListOf(self._items("]"), start)

    def _items(self, end: str) -> tuple[Expression, ...]:
        items: list[Expression] = []
        while True:
            self._skip(_SPACE_AND_LINES)
            if self._take(end):
                return tuple(items)
            items.append(self.expression())
            self._skip(_SPACE_AND_LINES)
            if not self._take(",") and not self.text.startswith(end, self.position):
                raise NotHclError

    def _object(self, start: int) -> Expression | None:
        items: list[tuple[Expression, Expression]] = []
        while True:
            self._skip(_SPACE_AND_LINES)
            if self._take("}"):
                return Object(tuple(items), start)
            if _FOR.match(self.text, self.position):
                return None
            items.append((self._key(), self.expression()))
            self._skip(_SPACE_AND_LINES)
            self._take(",")

    def _key(self) -> Expression:
        start = self.position
        if self._take("("):
            key = self.expression()
            self._expect(")")
        else:
            found = self.plain()
            key = Literal(found.steps[0], start) if isinstance(found, Reference) else found or Opaque(start)
        self._skip(_SPACE)
        if not (self._take("=") or self._take(":")):
            raise NotHclError
        return key

    def quoted(self, start: int) -> Expression:
        """Reads a text from behind its first quote on. Raises NotHclError."""
        first = self.position
        while not self.text.startswith('"', self.position):
            self._step_in_text()
        self.position += 1
        return _template(self.text[first : self.position - 1], start, is_quoted=True)

    def _step_in_text(self) -> None:
        """Passes over one character of a text, or an expression in it."""
        if self.position >= len(self.text) or self.text[self.position] == "\n":
            raise NotHclError
        if self.text.startswith("\\", self.position):
            self.position += 2
        elif self.text.startswith(("$${", "%%{"), self.position):
            self.position += 3
        elif self.text.startswith(("${", "%{"), self.position):
            self.position = _end_of_expression(self.text, self.position + 2)
        else:
            self.position += 1

    def _plain_text(self) -> str | None:
        if not self._take('"'):
            return None
        found = self.quoted(self.position)
        return found.value if isinstance(found, Literal) and isinstance(found.value, str) else None

    def _pass_over(self) -> None:
        """Passes over an expression: to the end of its line, or of what it stands in."""
        depth = 0
        while self.position < len(self.text):
            character = self.text[self.position]
            if depth == 0 and character in "\n,)]}":
                return
            if character == '"':
                self.position += 1
                self.quoted(self.position)
                continue
            depth += (character in "([{") - (character in ")]}")
            self.position += 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def _match(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.match(self.text, self.position)
        if found is None:
            return None
        self.position = found.end()
        return found[0]

    def _take(self, text: str) -> bool:
        if not self.text.startswith(text, self.position):
            return False
        self.position += len(text)
        return True

    def _expect(self, text: str) -> None:
        self._skip(_SPACE_AND_LINES)
        if not self._take(text):
            raise NotHclError


def end_of_text(text: str, start: int) -> int:
    """Returns the position behind the text in quotes that starts there. Raises NotHclError."""
    reader = _Reader(text)
    reader.position = start + 1
    reader.quoted(start)
    return reader.position


def templates_in(text: str) -> tuple[str, ...]:
    """Returns what is between the braces of the templates in a text, as it is written. Raises NotHclError."""
    found: list[str] = []
    position, is_quoted = 0, text.startswith('"')
    while position < len(text):
        if text.startswith(("$${", "%%{"), position):
            position += 3
        elif text.startswith(("${", "%{"), position):
            end = _end_of_expression(text, position + 2)
            found.append(text[position + 2 : end - 1].strip(_AROUND))
            position = end
        else:
            position += 2 if is_quoted and text[position] == "\\" else 1
    return tuple(found)


def text_of(text: str) -> Expression:
    """Returns what a text says that stands in quotes, with them, or over several lines. Raises NotHclError."""
    found = _Reader(text).plain()
    return found if found is not None else Opaque(0)


def template(text: str) -> Expression:
    """Returns what a file says that is a template. Raises NotHclError."""
    return _template(text, 0)


def _template(text: str, start: int, *, is_quoted: bool = False) -> Expression:
    """Returns a text, taken apart at the expressions in it; a directive such as %{ if } makes it opaque."""
    parts: list[str | Expression] = []
    plain, position = "", 0
    while position < len(text):
        if text.startswith(("$${", "%%{"), position):
            plain, position = plain + text[position + 1 : position + 3], position + 3
        elif text.startswith("%{", position):
            return Opaque(start)
        elif text.startswith("${", position):
            end = _end_of_expression(text, position + 2)
            inner = _Reader(text[position + 2 : end - 1].strip(_AROUND))
            parts += [plain, inner.expression()]
            plain, position = "", end
        elif is_quoted and text[position] == "\\":
            escaped, position = _escaped(text, position + 1)
            plain += escaped
        else:
            plain, position = plain + text[position], position + 1
    parts = [part for part in (*parts, plain) if part != ""]
    return Template(tuple(parts), start) if any(not isinstance(part, str) for part in parts) else Literal(plain, start)


def _escaped(text: str, position: int) -> tuple[str, int]:
    """Returns the character that stands behind a backslash, and the position behind it."""
    code = _CODE.match(text, position)
    if code is not None:
        return chr(int(code[0][1:], 16)), code.end()
    return _ESCAPES.get(text[position : position + 1], ""), position + 1


def _end_of_expression(text: str, position: int) -> int:
    """Returns the position behind the brace that ends an expression in a text."""
    depth = 1
    while position < len(text):
        character = text[position]
        if character == '"':
            reader = _Reader(text)
            reader.position = position + 1
            reader.quoted(position)
            position = reader.position
            continue
        depth += (character == "{") - (character == "}")
        position += 1
        if depth == 0:
            return position
    raise NotHclError
