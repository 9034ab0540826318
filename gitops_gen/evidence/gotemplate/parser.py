"""From the text of a Go template to its syntax tree. Source: the documentation of text/template, and its parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Never

from gitops_gen.evidence.gotemplate import lexer, literals
from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.evidence.gotemplate.tree import (
    Action,
    Chain,
    Command,
    Constant,
    Dot,
    Field,
    Function,
    If,
    Leave,
    Nil,
    Node,
    Number,
    Operand,
    Pipe,
    Range,
    Text,
    Variable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from gitops_gen.evidence.gotemplate.lexer import Token

_NEVER_LATER = (Constant, Dot, Nil, Number)
"""What can start a pipeline, yet not stand behind a bar."""
_WITHOUT_FIELDS = (Constant, Dot, Nil, Number)
_NO_OPERANDS = ("eof", "close", "|", ")", ",", "=", ":=", "odd", "keyword")
_ELSEWHERE = ("define", "template", "block")


def parse(text: str, functions: Collection[str]) -> tuple[Node, ...]:
    """Returns the tree of a template that may use these functions.

    Raises GoTemplateError for what Go does not parse, CannotSayError for define, template, block and complex numbers.
    """
    return _Parser(text, functions).parse()


class _Parser:
    def __init__(self, text: str, functions: Collection[str]) -> None:
        self._tokens = list(lexer.tokens(text))
        self._functions = functions
        self._next = 0
        self._variables = ["$"]
        self._ranges = 0

    def parse(self) -> tuple[Node, ...]:
        nodes, end = self._list()
        if end.kind != "eof":
            raise GoTemplateError(f"unexpected {{{{{end.text}}}}}", end.at)
        return nodes

    # Tokens.

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _skip_spaces(self) -> Token:
        while self._peek().kind == "space":
            self._next += 1
        return self._peek()

    def _take_word(self) -> Token:
        self._skip_spaces()
        return self._take()

    def _expect(self, kind: str, context: str) -> Token:
        token = self._take_word()
        if token.kind != kind:
            self._unexpected(token, context)
        return token

    def _unexpected(self, token: Token, context: str) -> Never:
        shown = "EOF" if token.kind == "eof" else f"<{token.text}>" if token.kind == "keyword" else f'"{token.text}"'
        raise GoTemplateError(f"unexpected {shown} in {context}", token.at)

    # Nodes.

    def _list(self) -> tuple[tuple[Node, ...], Token]:
        """Returns the nodes up to an else, an end or the end of the text, and that token."""
        nodes: list[Node] = []
        while True:
            token = self._take()
            if token.kind == "eof":
                return tuple(nodes), token
            if token.kind == "text":
                nodes.append(Text(token.at, token.text))
                continue
            word = self._skip_spaces()
            if word.kind == "keyword" and word.text in ("else", "end"):
                return tuple(nodes), self._take()
            nodes.append(self._action())

    def _action(self) -> Node:
        token = self._peek()
        if token.kind == "keyword" and token.text != "nil":
            return self._keyword(self._take())
        return Action(token.at, self._pipe("command"))

    def _keyword(self, token: Token) -> Node:
        controls: dict[str, Callable[[Token], Node]] = {
            "if": self._branch,
            "with": self._branch,
            "range": self._range,
            "break": self._leave,
            "continue": self._leave,
        }
        if token.text in _ELSEWHERE:
            raise CannotSayError(f"{{{{{token.text}}}}} is not evaluated here", token.at)
        return controls[token.text](token)

    def _leave(self, token: Token) -> Node:
        self._expect("close", f"{{{{{token.text}}}}}")
        if not self._ranges:
            raise GoTemplateError(f"{{{{{token.text}}}}} outside {{{{range}}}}", token.at)
        return Leave(token.at, token.text == "break")

    def _branch(self, token: Token) -> Node:
        known = len(self._variables)
        pipe = self._pipe(token.text)
        body, end = self._body()
        otherwise = self._otherwise(end, token.text)
        del self._variables[known:]
        return If(token.at, pipe, body, otherwise, token.text == "with")

    def _range(self, token: Token) -> Node:
        known = len(self._variables)
        pipe = self._pipe("range")
        self._ranges += 1
        body, end = self._body()
        self._ranges -= 1
        otherwise = self._otherwise(end, "range")
        del self._variables[known:]
        return Range(token.at, pipe, body, otherwise, end.at - token.at)

    def _body(self) -> tuple[tuple[Node, ...], Token]:
        nodes, end = self._list()
        if end.kind == "eof":
            raise GoTemplateError("unexpected EOF", end.at)
        return nodes, end

    def _otherwise(self, end: Token, control: str) -> tuple[Node, ...]:
        """Returns what stands behind an else, up to the end of the control that its token is in."""
        following = self._take_word()
        if following.kind == "close":
            return self._last_body() if end.text == "else" else ()
        if end.text != "else" or following.kind != "keyword" or not following.text == control != "range":
            self._unexpected(following, end.text)
        return (self._keyword(following),)

    def _last_body(self) -> tuple[Node, ...]:
        nodes, end = self._body()
        if end.text != "end":
            raise GoTemplateError("expected end; found {{else}}", end.at)
        self._expect("close", "end")
        return nodes

    # Pipelines.

    def _pipe(self, context: str, end: str = "close") -> Pipe:
        at = self._skip_spaces().at
        variables, assigns = self._declarations(context)
        if variables and end == ")":
            raise CannotSayError("a variable is declared in parentheses", at)
        commands = []
        while (token := self._skip_spaces()).kind != end:
            if token.kind in _NO_OPERANDS and token.text != "nil":
                self._unexpected(token, context)
            commands.append(self._command())
        self._take()
        self._check_pipe(commands, context, at)
        return Pipe(at, tuple(commands), variables, assigns)

    def _check_pipe(self, commands: list[Command], context: str, at: int) -> None:
        if not commands:
            raise GoTemplateError(f"missing value for {context}", at)
        for stage, command in enumerate(commands[1:], start=2):
            if isinstance(command.operands[0], _NEVER_LATER):
                raise GoTemplateError(f"non executable command in pipeline stage {stage}", command.at)

    def _declarations(self, context: str) -> tuple[tuple[str, ...], bool]:
        """Returns the variables that a pipeline starts with, if they are given a value."""
        names: list[str] = []
        while (variable := self._skip_spaces()).kind == "variable":
            start = self._next
            self._take()
            following = self._skip_spaces()
            if following.kind in ("=", ":="):
                self._take()
                self._variables.append(variable.text)
                return (*names, variable.text), following.kind == "="
            if following.kind != ",":
                self._next = start
                break
            self._take()
            self._variables.append(variable.text)
            names.append(variable.text)
            self._check_second(context, names, following)
        return tuple(names), False

    def _check_second(self, context: str, names: list[str], comma: Token) -> None:
        if context != "range" or len(names) > 1:
            raise GoTemplateError(f"too many declarations in {context}", comma.at)
        if self._skip_spaces().kind not in ("variable", "close", ")"):
            raise GoTemplateError("range can only initialize variables", comma.at)

    def _command(self) -> Command:
        at = self._peek().at
        operands: list[Operand] = []
        while True:
            self._skip_spaces()
            operand = self._operand()
            if operand is not None:
                operands.append(operand)
            token = self._peek()
            if token.kind == "space":
                continue
            if token.kind == "|":
                self._take()
            elif token.kind not in ("close", ")"):
                self._unexpected(token, "operand")
            break
        if not operands:
            raise GoTemplateError("empty command", at)
        return Command(at, tuple(operands))

    def _operand(self) -> Operand | None:
        term = self._term()
        if term is None or self._peek().kind != "field":
            return term
        if isinstance(term, _WITHOUT_FIELDS):
            raise GoTemplateError("unexpected . after term", self._peek().at)
        at = self._peek().at
        names = self._fields()
        if isinstance(term, Field):
            return Field(term.at, term.names + names)
        if isinstance(term, Variable):
            return Variable(term.at, term.name, term.names + names)
        return Chain(at, term, names)

    def _fields(self) -> tuple[str, ...]:
        names = []
        while self._peek().kind == "field":
            names.append(self._take().text[1:])
        return tuple(names)

    def _term(self) -> Operand | None:
        terms: dict[str, Callable[[Token], Operand]] = {
            "identifier": self._function,
            "dot": lambda token: Dot(token.at),
            "keyword": self._nil,
            "variable": self._variable,
            "field": lambda token: Field(token.at, (token.text[1:],)),
            "bool": lambda token: Constant(token.at, token.text == "true"),
            "char": literals.character,
            "number": literals.number,
            "string": literals.quoted,
            "raw": literals.raw,
            "(": lambda _: self._pipe("parenthesized pipeline", ")"),
        }
        term = terms.get(self._peek().kind)
        return term(self._take()) if term else None

    def _nil(self, token: Token) -> Operand:
        if token.text != "nil":
            self._unexpected(token, "operand")
        return Nil(token.at)

    def _function(self, token: Token) -> Operand:
        if token.text not in self._functions:
            raise GoTemplateError(f'function "{token.text}" not defined', token.at)
        return Function(token.at, token.text)

    def _variable(self, token: Token) -> Operand:
        if token.text not in self._variables:
            raise GoTemplateError(f'undefined variable "{token.text}"', token.at)
        return Variable(token.at, token.text)
