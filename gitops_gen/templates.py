"""The templates of a project: the stock ones under the user's own, checked before use, each compiled once."""

from __future__ import annotations

import os
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, TypeVar, cast

from jinja2 import BaseLoader, Template, TemplateNotFound, TemplateSyntaxError

from gitops_gen import lookups
from gitops_gen.artifacts import TEMPLATES, stock_templates
from gitops_gen.bounds import TEMPLATE_LIMIT, check_size
from gitops_gen.formats import FORMATS, Format, ParseError
from gitops_gen.metering import lone_bare_values
from gitops_gen.near_miss import nearest_name
from gitops_gen.problems import Location, ModelError, Problem, TemplateError, in_order
from gitops_gen.readback import ReadBack
from gitops_gen.sandbox import PathSandbox, RefusedError, Sandbox, UnencodedError, encoders_of
from gitops_gen.source import read
from gitops_gen.swift import SwiftSandbox
from gitops_gen.syntax_tree import SyntaxTree
from gitops_gen.template_errors import (
    COMPILER_ERRORS,
    HINTS,
    code_of,
    explain_failure,
    file_of,
    hint_for,
    line_of,
    line_that_wrote,
    syntax_text,
    text_of,
)
from gitops_gen.template_reads import Reads, attributes_of, reads_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from jinja2 import Environment
    from jinja2.nodes import Node

    from gitops_gen.artifacts import ArtifactSpec
    from gitops_gen.metering import NestedTemplate
    from gitops_gen.plan import PlannedArtifact

T = TypeVar("T")


class Templates:
    """The templates of a project. One object serves a whole run: each template is compiled once.

    `known` says what some of them read, if all have been checked before and are as they were then.
    """

    def __init__(self, root: Path, known: Mapping[str, Reads] | None = None) -> None:
        self._overlay = _Overlay(root)
        self._sandbox = SwiftSandbox(self._overlay)
        self._paths = PathSandbox()
        self._compiled: dict[str, NestedTemplate] = {}
        self._are_checked = known is not None
        self._reads = dict(known or {})
        self._read_back = ReadBack()

    def check(self, spec: ArtifactSpec) -> None:
        """Raises TemplateError if a template, or one that it includes, cannot be used for the spec's format."""
        if self._are_checked:
            return
        checker = _Checker(self._sandbox, spec)
        checker.check(spec.template)
        if checker.problems:
            raise TemplateError(*in_order(checker.problems))

    def reads(self, template: str) -> Reads:
        """Returns what a template reads. It must have been checked."""
        found = self._reads.get(template)
        if found is None:
            found = self._reads[template] = reads_of(template, self._parsed)
        return found

    def known_reads(self, template: str) -> dict[str, Reads]:
        """Returns what a template reads, by its name, as far as anybody has asked for it."""
        return {template: self._reads[template]} if template in self._reads else {}

    def attributes(self, spec: ArtifactSpec) -> frozenset[str] | None:
        """Returns the names of the attributes that the files of a spec may follow from; None if it may be any."""
        expressions: list[Node] = [self._paths.parse(spec.path)]
        if spec.when is not None:
            expressions.append(lookups.parsed_condition(self._sandbox, spec.when))
        found = [self.reads(spec.template).attributes, *(attributes_of(SyntaxTree(each)) for each in expressions)]
        known = [each for each in found if each is not None]
        return frozenset().union(*known) if len(known) == len(found) else None

    def _parsed(self, name: str) -> tuple[str, SyntaxTree]:
        text, path, _ = _loaded(self._sandbox, name)
        return text, SyntaxTree(self._sandbox.parse(text, name, path))

    def path_of(self, spec: ArtifactSpec) -> Callable[[dict[str, object]], str]:
        """Returns what makes a spec's path from a context."""
        template = self._expression(spec, "path", lambda: self._paths.from_string(spec.path))
        return _first_of(
            lookups.path_of(self._paths, spec.path),
            lambda context: self._guarded(spec, "path", context, lambda: _joined(_parts(template, context))),
        )

    def condition_of(self, spec: ArtifactSpec) -> Callable[[dict[str, object]], bool]:
        """Returns what tells from a context whether the spec makes a file for it."""
        if spec.when is None:
            return lambda _: True
        text = spec.when
        compiled = self._expression(
            spec, "when", lambda: self._sandbox.compile_expression(text, undefined_to_none=False)
        )
        return _first_of(
            lookups.condition_of(self._sandbox, text),
            lambda context: self._guarded(spec, "when", context, lambda: bool(compiled(context))),
        )

    def render(self, artifact: PlannedArtifact, context: dict[str, object]) -> str:
        """Returns the text of a file. Raises TemplateError."""
        try:
            return self._rendered_swiftly(artifact, context)
        except Exception:  # noqa: BLE001 - whatever it is, it happens once more, where its line is known
            return self._rendered_carefully(artifact, context)

    def _rendered_swiftly(self, artifact: PlannedArtifact, context: dict[str, object]) -> str:
        spec = artifact.spec
        template = self._compiled.get(spec.template)
        if template is None:
            template = cast("NestedTemplate", self._sandbox.get_template(spec.template))
            self._compiled[spec.template] = template
        form = FORMATS[spec.format]
        self._sandbox.begin(form.name)
        parts = template.outermost_parts(template.new_context(context))
        text = _text(artifact, form, _joined_at_once(parts))
        self._read_back.check(form, text)
        return text

    def _rendered_carefully(self, artifact: PlannedArtifact, context: dict[str, object]) -> str:
        form, template = FORMATS[artifact.spec.format], self._careful.get_template(artifact.spec.template)
        text = _text(artifact, form, self._run(template, form, context))
        try:
            form.parse(text)
        except ParseError as error:
            self._careful.begin(form.name)
            # The mark is the first line of the text, and the template wrote the others.
            at = line_that_wrote(template, context, error.line - 1)
            raise TemplateError(_broken(form, error, at)) from None
        return text

    @cached_property
    def _careful(self) -> Sandbox:
        return Sandbox(self._overlay)

    def _run(self, template: Template, form: Format, context: dict[str, object]) -> str:
        self._careful.begin(form.name)
        parts = _parts(template, context)
        try:
            return _joined(parts)
        except Exception as error:  # noqa: BLE001 - narrowed by explain_failure, which raises what it does not know
            explain_failure(error, line_of(parts, template), context)

    @staticmethod
    def _expression(spec: ArtifactSpec, key: str, compile_it: Callable[[], T]) -> T:
        try:
            return compile_it()
        except COMPILER_ERRORS as error:
            at = spec.source.locate((*spec.route.steps, key))
            hint = error.hint if isinstance(error, RefusedError) and error.hint else _HINTS[key]
            problem = Problem("template-syntax", f"{key}: {syntax_text(error)}", at, hint)
            raise TemplateError(problem) from None

    def _guarded(self, spec: ArtifactSpec, key: str, context: dict[str, object], run: Callable[[], T]) -> T:
        self._sandbox.begin()
        self._paths.begin()
        try:
            return run()
        except Exception as error:  # noqa: BLE001 - narrowed by code_of, which raises what it does not know
            code = code_of(error)
            at = spec.source.locate((*spec.route.steps, key))
            raise TemplateError(Problem(code, f"{key}: {text_of(error)}", at, hint_for(error, context))) from None


_HINTS = {
    "path": HINTS["template-syntax"],
    "when": "write an expression, as cluster.protected or not cluster.is_declared, without delimiters",
}


_AT_ONCE = 200
"""Parts of a text after which its size is looked at."""


class _Overlay(BaseLoader):
    """The user's templates over the stock ones, file by file."""

    def __init__(self, root: Path) -> None:
        self._roots = [root]
        stock = stock_templates()
        if (root / TEMPLATES).resolve() != stock.resolve():
            self._roots.append(stock.parent)

    def get_source(self, _: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if ".." in template.split("/") or template.startswith("/"):
            raise TemplateNotFound(template)
        for root in self._roots:
            if os.path.isfile(root / TEMPLATES / template):  # noqa: PTH113 - pathlib raises for a name that is too long
                path = f"{TEMPLATES}/{template}"
                return _short_enough(path, read(root, path).text), path, lambda: True
        raise TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        folders = [root / TEMPLATES for root in self._roots]
        return [path.relative_to(each).as_posix() for each in folders for path in each.rglob("*") if path.is_file()]


class _Checker:
    """Reads a template and those that it includes, and keeps what is wrong."""

    def __init__(self, sandbox: Sandbox, spec: ArtifactSpec) -> None:
        self._sandbox = sandbox
        self._spec = spec
        self._seen: set[str] = set()
        self.problems: list[Problem] = []

    def check(self, name: str, asked_by: Location | None = None) -> None:
        if name in self._seen:
            return
        self._seen.add(name)
        at = asked_by or self._spec.source.locate((*self._spec.route.steps, "template"))
        try:
            text, path, _ = _loaded(self._sandbox, name)
            tree = self._sandbox.parse(text, name, path)
            self._sandbox.get_template(name)
        except TemplateNotFound:
            close = nearest_name(name, self._sandbox.list_templates())
            self._add(
                "template-not-found", f"there is no template {name}", at, f"did you mean {close}?" if close else ""
            )
        except ModelError as error:
            self.problems.extend(error.problems)
        except UnencodedError as error:
            self._add("template-unencoded", error.message or "", Location(file_of(error), error.lineno), error.hint)
        except RefusedError as error:
            self._add("template-syntax", error.message or "", Location(file_of(error), error.lineno), error.hint)
        except TemplateSyntaxError as error:
            self._add("template-syntax", error.message or "", Location(file_of(error), error.lineno))
        except COMPILER_ERRORS as error:
            hint = "move what is inside into a file of its own, and include it"
            self._add("template-syntax", syntax_text(error), Location(f"{TEMPLATES}/{name}"), hint)
        else:
            self._check_tree(SyntaxTree(tree), path)

    def _check_tree(self, tree: SyntaxTree, path: str) -> None:
        for line in lone_bare_values(tree) if self._spec.format == "hcl" else ():
            self._add("template-unencoded", "a bare value that stands alone is no text in HCL", Location(path, line))
        for encoder, line in encoders_of(tree):
            if encoder not in (self._spec.format, "bare"):
                message = f"a value is encoded for {encoder}, but {self._spec.name} is {self._spec.format}"
                self._add("template-unencoded", message, Location(path, line))
        for node, name in tree.references():
            self.check(name, Location(path, node.lineno))

    def _add(self, code: str, message: str, at: Location, hint: str = "") -> None:
        self.problems.append(Problem(code, message, at, hint or HINTS[code]))


def _loaded(sandbox: Sandbox, name: str) -> tuple[str, str, object]:
    assert sandbox.loader is not None  # noqa: S101
    text, path, fresh = sandbox.loader.get_source(sandbox, name)
    return text, path or name, fresh


def _parts(template: Template, context: dict[str, object]) -> Iterator[str]:
    return template.root_render_func(template.new_context(context))


def _joined(parts: Iterable[str]) -> str:
    chunks: list[str] = []
    size = 0
    for chunk in parts:
        size += len(chunk)
        check_size(size)
        chunks.append(chunk)
    return "".join(chunks)


def _joined_at_once(parts: Iterator[str]) -> str:
    """As `_joined`, but the size is looked at now and then."""
    chunks: list[str] = []
    size = 0
    while some := list(islice(parts, _AT_ONCE)):
        chunk = "".join(some)
        size += len(chunk)
        check_size(size)
        chunks.append(chunk)
    return "".join(chunks)


def _short_enough(path: str, text: str) -> str:
    if len(text) <= TEMPLATE_LIMIT:
        return text
    message = f"got {len(text):,} characters, expected at most {TEMPLATE_LIMIT:,} in a template"
    raise ModelError(Problem("file-too-large", message, Location(path), "split it, and include its parts"))


def _first_of(
    look_up: Callable[[dict[str, object]], T] | None, ask_jinja: Callable[[dict[str, object]], T]
) -> Callable[[dict[str, object]], T]:
    if look_up is None:
        return ask_jinja

    def read(context: dict[str, object]) -> T:
        try:
            return look_up(context)
        except lookups.FAILURES:
            return ask_jinja(context)

    return read


def _text(artifact: PlannedArtifact, form: Format, body: str) -> str:
    return f"{_mark(form, artifact)}\n{body.rstrip()}\n"


def _mark(form: Format, artifact: PlannedArtifact) -> str:
    template, model = f"{TEMPLATES}/{artifact.spec.template}", artifact.target.route.path
    return form.comment(f"Generated by gitops_gen from {template} and {model}. DO NOT EDIT.")


def _broken(form: Format, error: ParseError, at: Location) -> Problem:
    where = f" at its line {error.line}" if error.line else ""
    message = f"the result is no {form.name}{where}: {error.reason}"
    return Problem("template-output", message, at, HINTS["template-output"])
