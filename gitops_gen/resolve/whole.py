"""What only all releases of an app say together: one cluster's entry does not tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gitops_gen.model import App, Step


class Whole(NamedTuple):
    """The facts of an app that follow from its releases."""

    generator: str
    uses_chart: bool
    parameters: tuple[str, ...]
    sync_options: tuple[str, ...]
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, app: App) -> Whole:
        """Returns what the releases of an app came to."""
        return cls(app.generator, app.uses_chart, app.parameters, app.sync_options, app.steps)
