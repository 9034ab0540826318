"""Makes the module of the stock templates that are ready to run, from the templates.

    python -m gitops_gen.ready.making_templates

Jinja reads them, the sandbox checks them, and its swift compiler writes them as Python: what a run does with a template
that is not ready. A template that includes others, or asks for what `runtime` does not have, is left to Jinja.
"""

from __future__ import annotations

import ast
import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen.artifacts import load_specs, stock_templates
from gitops_gen.data_classes import replaced
from gitops_gen.formats import FORMATS
from gitops_gen.ready.python_code import function_of
from gitops_gen.templating.checks import loaded, misencoded
from gitops_gen.templating.jinja_templates import TextLoader
from gitops_gen.templating.lookup_syntax import condition_in, path_in
from gitops_gen.templating.reads import digest_of_texts
from gitops_gen.templating.sandbox import PathSandbox
from gitops_gen.templating.swift import SwiftSandbox
from gitops_gen.templating.syntax_reads import reads_of
from gitops_gen.templating.syntax_tree import SyntaxTree
from gitops_gen.templating.texts import TemplateTexts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gitops_gen.artifacts import ArtifactSpec

MODULE = Path(__file__).parents[1] / "templating" / "stock.py"

_HEAD = f'''"""The stock templates as Python, with what was found when they were checked.

Made by `make ready`, with Jinja {version("jinja2")}.
"""
# mypy: ignore-errors

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.templating.lookups import Condition
from gitops_gen.templating.reads import Reads
from gitops_gen.templating.runtime import Ready

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.templating.lookups import Path
'''


def ready_module() -> str:
    """Returns the module, as text."""
    specs = _specs()
    sandbox = SwiftSandbox(TextLoader(TemplateTexts(stock_templates().parent)))
    made = {spec.template: found for spec in specs if (found := _made(sandbox, spec)) is not None}
    paths = {spec.path: path_in(PathSandbox(), spec.path) for spec in specs}
    conditions = {spec.when: condition_in(sandbox, spec.when) for spec in specs if spec.when is not None}
    return "\n".join(
        (
            _HEAD,
            *(f"\n{code}\n" for code, _ in made.values()),
            *_table("TEMPLATES", "Ready", {name: value for name, (_, value) in made.items()}),
            *_table("PATHS", "Path", {text: repr(path) for text, path in paths.items() if path is not None}),
            *_table("CONDITIONS", "Condition", {text: repr(each) for text, each in conditions.items() if each}),
        )
    )


def _specs() -> tuple[ArtifactSpec, ...]:
    return load_specs(stock_templates().parent)


def _table(name: str, kind: str, rows: Mapping[str, str]) -> Iterable[str]:
    return (f"\n{name}: Mapping[str, {kind}] = {{", *(f"    {key!r}: {value}," for key, value in rows.items()), "}")


def _made(sandbox: SwiftSandbox, spec: ArtifactSpec) -> tuple[str, str] | None:
    """Returns the function that a template becomes, and what is known of it; both as Python."""
    name = re.sub(r"\W", "_", spec.template)
    text, path = loaded(sandbox, spec.template)
    tree = SyntaxTree(sandbox.parse(text, spec.template, path))
    source = sandbox.compile(text, spec.template, path, raw=True)
    code = function_of(source, name)
    if code is None or any(tree.references()):
        return None
    reads = reads_of(spec.template, lambda _: (text, tree))
    return code, f"Ready({reads!r}, {tuple(_formats(tree, spec))!r}, {name})"


def _formats(tree: SyntaxTree, spec: ArtifactSpec) -> Iterator[str]:
    yield from (form for form in FORMATS if not any(misencoded(tree, replaced(spec, format=form))))


def is_by_another_jinja(module: str) -> bool:
    """Tells whether a module was made with another version of Jinja, whose compiler may write the same otherwise."""
    return f"with Jinja {version('jinja2')}." not in module


def is_same(first: str, second: str) -> bool:
    """Tells whether two modules are the same to Python: each version of it writes a tree out a little differently."""
    return ast.dump(ast.parse(first)) == ast.dump(ast.parse(second))


def is_of_these_templates(module: str) -> bool:
    """Tells whether a module was made from the texts that the stock templates have now."""
    texts = TemplateTexts(stock_templates().parent)
    digests = [digest_of_texts([found.text]) for spec in _specs() if (found := texts.get(spec.template)) is not None]
    return all(repr(digest) in module for digest in digests)


def main() -> None:
    """Makes the module, unless it would say the same."""
    found, made = MODULE.read_text(encoding="utf-8"), ready_module()
    if is_same(found, made) or (is_by_another_jinja(found) and is_of_these_templates(found)):
        return
    MODULE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
