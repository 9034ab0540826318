"""The pages about onboarding and removal against the code: every problem of the `cluster` commands is explained."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.tools.generated import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = ("edit/__init__.py", "eks.py", "guards.py", "model_file.py", "onboard.py", "removal.py")


def codes(module: str) -> Iterator[str]:
    """The first argument of every Problem that a module makes."""
    tree = ast.parse((PROJECT / "gitops_gen" / module).read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Problem":
            first = call.args[0]
            assert isinstance(first, ast.Constant), ast.unparse(call)
            yield str(first.value)


def test_every_problem_of_the_commands_is_explained_and_no_other() -> None:
    said = {code for module in MODULES for code in codes(module)}
    explained: set[str] = set()
    for page in ("onboarding", "removal"):
        text = (PROJECT / "docs" / f"{page}.md").read_text(encoding="utf-8").split("\n## Problems\n")[1]
        explained |= set(re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE))
    assert explained == said
