"""The templates of a project: those that ship with the package are ready to run, all others are left to Jinja.

A template is known by its text, wherever it stands: a stock one that somebody edited is no stock one any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.formats import FORMATS
from gitops_gen.problems import ModelError
from gitops_gen.templating import lookups
from gitops_gen.templating.file_text import file_text, joined_at_once
from gitops_gen.templating.readback import ReadBack
from gitops_gen.templating.reads import digest_of_texts
from gitops_gen.templating.runtime import Runtime
from gitops_gen.templating.stock import CONDITIONS, PATHS, TEMPLATES
from gitops_gen.templating.texts import TemplateTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from gitops_gen.artifacts import ArtifactSpec
    from gitops_gen.plan import PlannedArtifact
    from gitops_gen.problems import Problem
    from gitops_gen.templating.jinja_templates import JinjaTemplates
    from gitops_gen.templating.reads import Reads
    from gitops_gen.templating.runtime import Ready


LONELY_FACTS = frozenset({"name", "repo", "argocd", "environments", "environment_values", "apps", "route"})
"""The facts of a fleet that lead to no cluster."""


class Templates:
    """The templates of a project. One object serves a whole run: each template is read and compiled once.

    `known` says what some of them read, if all have been checked before and are as they were then.
    """

    def __init__(self, root: Path, known: Mapping[str, Reads] | None = None) -> None:
        self._texts = TemplateTexts(root)
        self._runtime = Runtime()
        self._ready: dict[str, Ready | None] = {}
        self._are_checked = known is not None
        self._reads = dict(known or {})
        self._read_back = ReadBack()

    def check(self, spec: ArtifactSpec) -> None:
        """Raises TemplateError if a template, or one that it includes, cannot be used for the spec's format."""
        if not self._are_checked and self._ready_for(spec) is None:
            self.jinja.check(spec)

    def unused(self) -> list[Problem]:
        """Returns a warning for each template that was meant to replace a stock one, and does not.

        Every spec must have been checked.
        """
        return self._texts.unused()

    def reads(self, template: str) -> Reads:
        """Returns what a template reads. It must have been checked."""
        found = self._reads.get(template)
        if found is None:
            ready = self._ready_of(template)
            found = self._reads[template] = self.jinja.reads(template) if ready is None else ready.reads
        return found

    def is_of_its_own(self, spec: ArtifactSpec) -> bool:
        """Tells whether the files of a spec that is made for clusters follow from their own cluster alone."""
        of_fleet = self.reads(spec.template).of_fleet
        if of_fleet is None or not LONELY_FACTS.issuperset(of_fleet):
            return False
        condition = "" if spec.when is None else spec.when
        return "fleet" not in spec.path and "fleet" not in condition

    def attributes(self, spec: ArtifactSpec) -> frozenset[str] | None:
        """Returns the names of the attributes that the files of a spec may follow from; None if it may be any."""
        found = [self.reads(spec.template).attributes, self._attributes_of_path(spec.path)]
        found += [] if spec.when is None else [self._attributes_of_condition(spec.when)]
        known = [name for some in found if some is not None for name in some]
        return None if None in found else frozenset(known)

    def _attributes_of_path(self, text: str) -> Iterable[str] | None:
        path = PATHS.get(text)
        return self.jinja.attributes_of_path(text) if path is None else lookups.attributes_in_path(path)

    def _attributes_of_condition(self, text: str) -> Iterable[str] | None:
        condition = CONDITIONS.get(text)
        return self.jinja.attributes_of_condition(text) if condition is None else condition.names[1:]

    def path_of(self, spec: ArtifactSpec) -> Callable[[dict[str, object]], str]:
        """Returns what makes a spec's path from a context."""
        path = PATHS.get(spec.path)
        if path is None:
            return self.jinja.path_of(spec)
        return lookups.first_of(lookups.path_of(path), lambda: self.jinja.path_of(spec))

    def condition_of(self, spec: ArtifactSpec) -> Callable[[dict[str, object]], bool]:
        """Returns what tells from a context whether the spec makes a file for it."""
        if spec.when is None:
            return lambda _: True
        condition = CONDITIONS.get(spec.when)
        if condition is None:
            return self.jinja.condition_of(spec)
        return lookups.first_of(lookups.condition_of(condition), lambda: self.jinja.condition_of(spec))

    def render(self, artifact: PlannedArtifact, context: dict[str, object]) -> str:
        """Returns the text of a file. Raises TemplateError."""
        ready = self._ready_for(artifact.spec)
        if ready is None:
            return self.jinja.render(artifact, context)
        try:
            return self.rendered_ready(ready, artifact, context)
        except Exception:  # noqa: BLE001 - whatever it is, it happens once more in Jinja, which tells it
            return self.jinja.render(artifact, context)

    def rendered_ready(self, ready: Ready, artifact: PlannedArtifact, context: dict[str, object]) -> str:
        """As `render`, by what is ready. An error may be anything."""
        form = FORMATS[artifact.spec.format]
        parts = self._runtime.parts(ready, form.name, context)
        text = file_text(artifact, form, joined_at_once(parts))
        self._read_back.check(form, text)
        return text

    @cached_property
    def jinja(self) -> JinjaTemplates:
        """The same templates, as Jinja reads them."""
        from gitops_gen.templating.jinja_templates import JinjaTemplates

        return JinjaTemplates(self._texts, self._read_back)

    def _ready_for(self, spec: ArtifactSpec) -> Ready | None:
        """Returns the template of a spec if it is ready, and was found to be right for the format."""
        ready = self._ready_of(spec.template)
        return ready if ready is not None and spec.format in ready.formats else None

    def _ready_of(self, template: str) -> Ready | None:
        if template not in self._ready:
            self._ready[template] = self._look_for(template)
        return self._ready[template]

    def _look_for(self, template: str) -> Ready | None:
        ready = TEMPLATES.get(template)
        if ready is None:
            return None
        try:
            found = self._texts.get(template)
        except ModelError:
            return None  # Jinja comes upon it once more, and tells it
        return ready if found is not None and digest_of_texts([found.text]) == ready.reads.texts else None
