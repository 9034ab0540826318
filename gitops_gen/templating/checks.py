"""Whether a template, with those that it includes, can be used for a spec: what is wrong, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import TemplateNotFound, TemplateSyntaxError

from gitops_gen.artifacts import TEMPLATES
from gitops_gen.near_miss import nearest_name
from gitops_gen.problems import Location, ModelError, Problem, TemplateError, in_order
from gitops_gen.templating.errors import COMPILER_ERRORS, ENCODER, HINTS, delimited_text, file_of, syntax_text
from gitops_gen.templating.file_text import MARK
from gitops_gen.templating.metering import lone_bare_values
from gitops_gen.templating.substitutions import RefusedError, UnencodedError, encoders_of
from gitops_gen.templating.syntax_tree import SyntaxTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.artifacts import ArtifactSpec
    from gitops_gen.templating.sandbox import Sandbox


def check_template(sandbox: Sandbox, spec: ArtifactSpec) -> None:
    """Raises TemplateError if the template of a spec, or one that it includes, cannot be used for the spec's format."""
    checker = _Checker(sandbox, spec)
    checker.check(spec.template)
    if checker.problems:
        raise TemplateError(*in_order(checker.problems))


def misencoded(tree: SyntaxTree, spec: ArtifactSpec) -> Iterator[tuple[str, int]]:
    """Yields what a template writes that is not encoded for the format of a spec: what is wrong, and the line."""
    for line in lone_bare_values(tree) if spec.format == "hcl" else ():
        yield "a bare value that stands alone is no text in HCL", line
    for encoder, line in encoders_of(tree):
        if encoder not in (spec.format, "bare"):
            yield f"a value is encoded for {encoder}, but {spec.name} is {spec.format}", line


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
            text, path = loaded(self._sandbox, name)
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
            for line in error.lines or (error.lineno,):
                self._add("template-unencoded", error.message or "", Location(file_of(error), line), error.hint)
        except RefusedError as error:
            self._add("template-syntax", error.message or "", Location(file_of(error), error.lineno), error.hint)
        except TemplateSyntaxError as error:
            self._add("template-syntax", delimited_text(error), Location(file_of(error), error.lineno))
        except COMPILER_ERRORS as error:
            hint = "move what is inside into a file of its own, and include it"
            self._add("template-syntax", syntax_text(error), Location(f"{TEMPLATES}/{name}"), hint)
        else:
            self._check_mark(text, path)
            self._check_tree(SyntaxTree(tree), path)

    def _check_mark(self, text: str, path: str) -> None:
        for line, written in enumerate(text.splitlines(), 1):
            if MARK in written:
                self._add(
                    "template-mark", "the template writes the first line of a generated file", Location(path, line)
                )

    def _check_tree(self, tree: SyntaxTree, path: str) -> None:
        for message, line in misencoded(tree, self._spec):
            self._add("template-unencoded", message, Location(path, line))
        for node, name in tree.references():
            self.check(name, Location(path, node.lineno))

    def _add(self, code: str, message: str, at: Location, hint: str = "") -> None:
        hint = hint or HINTS[code].replace(ENCODER, self._spec.format)
        self.problems.append(Problem(code, message, at, hint))


def loaded(sandbox: Sandbox, name: str) -> tuple[str, str]:
    """Returns the text and the path of a template. Raises TemplateNotFound or ModelError."""
    assert sandbox.loader is not None  # noqa: S101 - each of ours is made with one
    text, path, _ = sandbox.loader.get_source(sandbox, name)
    return text, path or name
