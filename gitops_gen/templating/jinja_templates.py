"""The templates of a project as Jinja reads them: checked before use, each compiled once, rendered in its sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from jinja2 import BaseLoader, Template, TemplateNotFound

from gitops_gen.cached_property import cached_property
from gitops_gen.formats import FORMATS, Format, ParseError
from gitops_gen.problems import Problem, TemplateError
from gitops_gen.templating import lookups
from gitops_gen.templating.checks import check_template, loaded
from gitops_gen.templating.errors import (
    COMPILER_ERRORS,
    HINTS,
    code_of,
    explain_failure,
    hint_for,
    line_of,
    line_that_wrote,
    syntax_text,
    text_of,
)
from gitops_gen.templating.file_text import file_text, joined, joined_at_once
from gitops_gen.templating.lookup_syntax import condition_in, condition_tree, path_in
from gitops_gen.templating.sandbox import PathSandbox, Sandbox
from gitops_gen.templating.substitutions import RefusedError
from gitops_gen.templating.swift import SwiftSandbox
from gitops_gen.templating.syntax_reads import attributes_of, reads_of
from gitops_gen.templating.syntax_tree import SyntaxTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment

    from gitops_gen.artifacts import ArtifactSpec
    from gitops_gen.plan import PlannedArtifact
    from gitops_gen.problems import Location
    from gitops_gen.templating.metering import NestedTemplate
    from gitops_gen.templating.readback import ReadBack
    from gitops_gen.templating.reads import Reads
    from gitops_gen.templating.texts import TemplateTexts

T = TypeVar("T")


class JinjaTemplates:
    """The templates of a project. One object serves a whole run: each template is compiled once."""

    def __init__(self, texts: TemplateTexts, read_back: ReadBack) -> None:
        self._loader = TextLoader(texts)
        self._sandbox = SwiftSandbox(self._loader)
        self._paths = PathSandbox()
        self._compiled: dict[str, NestedTemplate] = {}
        self._read_back = read_back

    def check(self, spec: ArtifactSpec) -> None:
        """Raises TemplateError if a template, or one that it includes, cannot be used for the spec's format."""
        check_template(self._sandbox, spec)

    def reads(self, template: str) -> Reads:
        """Returns what a template reads. It must have been checked."""
        return reads_of(template, self._parsed)

    def attributes_of_path(self, text: str) -> set[str] | None:
        """Returns the names of the attributes that a path may read; None if it may be any."""
        return attributes_of(SyntaxTree(self._paths.parse(text)))

    def attributes_of_condition(self, text: str) -> set[str] | None:
        """As `attributes_of_path`, of a condition."""
        return attributes_of(SyntaxTree(condition_tree(self._sandbox, text)))

    def _parsed(self, name: str) -> tuple[str, SyntaxTree]:
        text, path = loaded(self._sandbox, name)
        return text, SyntaxTree(self._sandbox.parse(text, name, path))

    def path_of(self, spec: ArtifactSpec) -> Callable[[dict[str, object]], str]:
        """Returns what makes a spec's path from a context."""
        template = self._expression(spec, "path", lambda: self._paths.from_string(spec.path))

        def ask_jinja(context: dict[str, object]) -> str:
            return self._guarded(spec, "path", context, lambda: joined(_parts(template, context)))

        path = path_in(self._paths, spec.path)
        return ask_jinja if path is None else lookups.first_of(lookups.path_of(path), lambda: ask_jinja)

    def condition_of(self, spec: ArtifactSpec) -> Callable[[dict[str, object]], bool]:
        """Returns what tells from a context whether the spec, which has a condition, makes a file for it."""
        text = spec.when or ""
        compiled = self._expression(
            spec, "when", lambda: self._sandbox.compile_expression(text, undefined_to_none=False)
        )

        def ask_jinja(context: dict[str, object]) -> bool:
            return self._guarded(spec, "when", context, lambda: bool(compiled(context)))

        condition = condition_in(self._sandbox, text)
        return ask_jinja if condition is None else lookups.first_of(lookups.condition_of(condition), lambda: ask_jinja)

    def render(self, artifact: PlannedArtifact, context: dict[str, object]) -> str:
        """Returns the text of a file. Raises TemplateError."""
        try:
            return self.rendered_swiftly(artifact, context)
        except Exception:  # noqa: BLE001 - whatever it is, it happens once more, where its line is known
            return self.rendered_carefully(artifact, context)

    def rendered_swiftly(self, artifact: PlannedArtifact, context: dict[str, object]) -> str:
        """As `render`, but an error may be anything, and does not say where it is."""
        spec = artifact.spec
        template = self._compiled.get(spec.template)
        if template is None:
            template = cast("NestedTemplate", self._sandbox.get_template(spec.template))
            self._compiled[spec.template] = template
        form = FORMATS[spec.format]
        self._sandbox.begin(form.name)
        parts = template.outermost_parts(template.new_context(context))
        text = file_text(artifact, form, joined_at_once(parts))
        self._read_back.check(form, text)
        return text

    def rendered_carefully(self, artifact: PlannedArtifact, context: dict[str, object]) -> str:
        """As `render`, in the sandbox that knows each line."""
        form, template = FORMATS[artifact.spec.format], self._careful.get_template(artifact.spec.template)
        text = file_text(artifact, form, self._run(template, form, context))
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
        return Sandbox(self._loader)

    def _run(self, template: Template, form: Format, context: dict[str, object]) -> str:
        self._careful.begin(form.name)
        parts = _parts(template, context)
        try:
            return joined(parts)
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


class TextLoader(BaseLoader):
    """Gives Jinja the texts of a project."""

    def __init__(self, texts: TemplateTexts) -> None:
        self._texts = texts

    def get_source(self, _: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        found = self._texts.get(template)
        if found is None:
            raise TemplateNotFound(template)
        return found.text, found.path, lambda: True

    def list_templates(self) -> list[str]:
        return self._texts.names()


_HINTS = {
    "path": HINTS["template-syntax"],
    "when": "write an expression, as cluster.protected or not cluster.is_declared, without delimiters",
}


def _parts(template: Template, context: dict[str, object]) -> Iterator[str]:
    return template.root_render_func(template.new_context(context))


def _broken(form: Format, error: ParseError, at: Location) -> Problem:
    where = f" at its line {error.line}" if error.line else ""
    message = f"the result is no {form.name}{where}: {error.reason}"
    return Problem("template-output", message, at, HINTS["template-output"])
