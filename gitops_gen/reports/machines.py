"""Problems in the forms that machines read, whichever command found them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from gitops_gen.problems import Problem


def for_machines(problems: Collection[Problem], form: str) -> str | None:
    """Returns problems in the form of a name; None for a form that people read."""
    match form:
        case "json":
            from gitops_gen.reports.json import problems_json

            return problems_json(problems)
        case "sarif":
            from gitops_gen.explanations import explanations
            from gitops_gen.reports.sarif import sarif

            return sarif(problems, explanations())
        case "junit":
            from gitops_gen.explanations import explanations
            from gitops_gen.reports.junit import junit

            return junit(problems, explanations())
        case "github":
            from gitops_gen.reports.github import github_lines

            return "\n".join(github_lines(problems))
        case _:
            return None
