"""What the model renders, and what verify says of it: the bot goes on with errors, but never with a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from gitops_gen.checks.secret_in_file import CHECK as SECRETS
from gitops_gen.pipeline import Project, prune_rule
from gitops_gen.problems import GitopsGenError, Severity
from gitops_gen.proof import verify_rendered
from gitops_gen.render import render_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gitops_gen.judge import Verdict


class SecretError(GitopsGenError):
    """What looks like a secret is among what would go to git."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Rendered:
    """The output as the model as it stands says it, by path below the output folder."""

    texts: Mapping[str, str]
    verdict: Verdict
    may_prune: Callable[[str], bool]

    @property
    def is_broken(self) -> bool:
        """True where verify finds an error."""
        return not self.verdict.is_clean(strict=False)


def rendered(project: Project, *, prune: bool) -> Rendered:
    """Renders and proves the whole model. Raises TemplateError, ModelError or SecretError."""
    texts = {artifact.path: artifact.text for artifact in render_all(project.plan, project.templates)}
    verdict = verify_rendered(project.tree.root, texts, output=project.tree.folder)
    _refuse_secrets(verdict)
    return Rendered(texts, verdict, prune_rule(project.plan, prune=prune))


def _refuse_secrets(verdict: Verdict) -> None:
    """A warning stops the bot as well: what is pushed cannot be taken back. What is accepted is a waiver."""
    found = [each for each in verdict.problems if each.code == SECRETS.code and each.severity is not Severity.NOTE]
    if found:
        raise SecretError(*found)
