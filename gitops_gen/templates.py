"""The templates of a project: the stock ones under the user's own, checked before use, each compiled once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from jinja2 import BaseLoader, Template, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.meta import find_referenced_templates

from gitops_gen.artifacts import TEMPLATES, stock_templates
from gitops_gen.formats import FORMATS, Format, ParseError
from gitops_gen.problems import Location, ModelError, Problem, TemplateError, in_order
from gitops_gen.sandbox import PathSandbox, Sandbox, UnencodedError, check_size, encoders_of
from gitops_gen.source import read
from gitops_gen.template_errors import EXPECTED_ERRORS, HINTS, code_of, explain_failure, file_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jinja2 import Environment

    from gitops_gen.artifacts import ArtifactSpec
    from gitops_gen.plan import PlannedArtifact

T = TypeVar("T")


class Templates:
    """The templates of a project. One object serves a whole run: each template is compiled once."""

    def __init__(self, root: Path) -> None:
        self._sandbox = Sandbox(_Overlay(root))
        self._compiled: dict[str, Template] = {}

    def check(self, spec: ArtifactSpec) -> None:
        """Raises TemplateError if a template, or one that it includes, cannot be used for the spec's format."""
        checker = _Checker(self._sandbox, spec)
        checker.check(spec.template)
        if checker.problems:
            raise TemplateError(*in_order(checker.problems))

    def path_of(self, spec: ArtifactSpec) -> Callable[[dict[str, object]], str]:
        """Returns what makes a spec's path from a context."""
        template = self._expression(spec, "path", lambda: PathSandbox().from_string(spec.path))
        return lambda context: self._guarded(spec, "path", lambda: template.render(context))

    def condition_of(self, spec: ArtifactSpec) -> Callable[[dict[str, object]], bool]:
        """Returns what tells from a context whether the spec makes a file for it."""
        if spec.when is None:
            return lambda _: True
        text = spec.when
        compiled = self._expression(
            spec, "when", lambda: self._sandbox.compile_expression(text, undefined_to_none=False)
        )
        return lambda context: self._guarded(spec, "when", lambda: bool(compiled(context)))

    def render(self, artifact: PlannedArtifact, context: dict[str, object]) -> str:
        """Returns the text of a file. Raises TemplateError."""
        spec = artifact.spec
        template = self._compiled.get(spec.template)
        if template is None:
            template = self._compiled[spec.template] = self._sandbox.get_template(spec.template)
        body = self._run(template, context)
        form = FORMATS[spec.format]
        text = f"{_mark(form, artifact)}\n{body.rstrip()}\n"
        try:
            form.parse(text)
        except ParseError as error:
            raise TemplateError(_broken(artifact, form, error)) from None
        return text

    def _run(self, template: Template, context: dict[str, object]) -> str:
        self._sandbox.begin()
        chunks: list[str] = []
        size = 0
        try:
            for chunk in template.root_render_func(template.new_context(context)):
                size += len(chunk)
                check_size(size)
                chunks.append(chunk)
        except Exception as error:  # noqa: BLE001 - narrowed by explain_failure, which raises what it does not know
            explain_failure(error, template.name or "")
        return "".join(chunks)

    @staticmethod
    def _expression(spec: ArtifactSpec, key: str, compile_it: Callable[[], T]) -> T:
        try:
            return compile_it()
        except TemplateSyntaxError as error:
            at = spec.source.locate((*spec.route.steps, key))
            problem = Problem("template-syntax", f"{key}: {error.message}", at, "see the page on templates in the docs")
            raise TemplateError(problem) from None

    def _guarded(self, spec: ArtifactSpec, key: str, run: Callable[[], T]) -> T:
        self._sandbox.begin()
        try:
            return run()
        except EXPECTED_ERRORS as error:
            at = spec.source.locate((*spec.route.steps, key))
            code = code_of(error)
            raise TemplateError(Problem(code, f"{key}: {text_of(error)}", at, HINTS[code])) from None


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
            if (root / TEMPLATES / template).is_file():
                path = f"{TEMPLATES}/{template}"
                return read(root, path).text, path, lambda: True
        raise TemplateNotFound(template)


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
        except TemplateNotFound:
            self._add("template-not-found", f"there is no template {name}", at)
        except ModelError as error:
            self.problems.extend(error.problems)
        except UnencodedError as error:
            self._add("template-unencoded", error.message or "", Location(file_of(error), error.lineno))
        except TemplateSyntaxError as error:
            self._add("template-syntax", error.message or "", Location(file_of(error), error.lineno))
        else:
            self._check_tree(tree, path)

    def _check_tree(self, tree: nodes.Template, path: str) -> None:
        for encoder, line in encoders_of(tree):
            if encoder not in (self._spec.format, "bare"):
                message = f"a value is encoded for {encoder}, but {self._spec.name} is {self._spec.format}"
                self._add("template-unencoded", message, Location(path, line))
        for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
            for name in find_referenced_templates(nodes.Template([node])):
                if name is not None:
                    self.check(name, Location(path, node.lineno))

    def _add(self, code: str, message: str, at: Location) -> None:
        self.problems.append(Problem(code, message, at, HINTS[code]))


def _loaded(sandbox: Sandbox, name: str) -> tuple[str, str, object]:
    assert sandbox.loader is not None  # noqa: S101
    text, path, fresh = sandbox.loader.get_source(sandbox, name)
    return text, path or name, fresh


def _mark(form: Format, artifact: PlannedArtifact) -> str:
    template, model = f"{TEMPLATES}/{artifact.spec.template}", artifact.target.route.path
    return form.comment(f"Generated by gitops_gen from {template} and {model}. DO NOT EDIT.")


def _broken(artifact: PlannedArtifact, form: Format, error: ParseError) -> Problem:
    where = f" at line {error.line} of the result" if error.line else ""
    message = f"the result is no {form.name}{where}: {error.reason}"
    at = Location(f"{TEMPLATES}/{artifact.spec.template}")
    return Problem("template-output", message, at, HINTS["template-output"])
