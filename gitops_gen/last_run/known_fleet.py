"""What a run leaves of its model, so that the next one can answer the edit of a cluster from that cluster alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.resolve.whole import Whole
from gitops_gen.templating.reads import Reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitops_gen.artifacts import ArtifactSpec
    from gitops_gen.model import App
    from gitops_gen.templating.templates import Templates


class EnvironmentText(NamedTuple):
    """A file of environments/, as it was read."""

    text: str
    clusters: int
    """How many entries of clusters it has."""


class KnownFleet(NamedTuple):
    """What a run knew of the model and the templates."""

    environments: Mapping[str, EnvironmentText]
    """By path."""
    apps: Mapping[str, Whole]
    """What all releases of an app say together, by its name."""
    reads: Mapping[str, Reads]
    """What the templates read of which each cluster has a file."""
    shared: frozenset[str] | None
    """The attributes that may be read for any other file, or for those of another cluster; None if it may be any."""


def known_fleet(
    environments: Mapping[str, EnvironmentText],
    apps: Iterable[App],
    specs: Iterable[ArtifactSpec],
    templates: Templates,
) -> KnownFleet:
    """Returns what the next run may know."""
    shared: frozenset[str] | None = frozenset()
    reads: dict[str, Reads] = {}
    for spec in specs:
        is_of_cluster = "cluster" in spec.for_each
        if is_of_cluster:
            reads[spec.template] = templates.reads(spec.template)
        if shared is not None and not (is_of_cluster and templates.is_of_its_own(spec)):
            read = templates.attributes(spec)
            # What a file is made for decides about it, too.
            shared = None if read is None else shared | read | spec.for_each
    return KnownFleet(environments, {app.name: Whole.of(app) for app in apps}, reads, shared)


def encoded(known: KnownFleet) -> bytes:
    """Returns the bytes of what is known; `decoded` undoes it."""
    apps = {
        name: [*whole[:-1], [[step.stage, step.automated] for step in whole.steps]]
        for name, whole in known.apps.items()
    }
    reads = {name: [each.texts.hex(), each.names, each.of_fleet, each.attributes] for name, each in known.reads.items()}
    return json.dumps(
        [known.environments, apps, reads, None if known.shared is None else sorted(known.shared)]
    ).encode()


def decoded(data: bytes) -> KnownFleet:
    """Raises ValueError or TypeError for what is nothing that `encoded` returned."""
    environments, apps, reads, shared = json.loads(data)
    return KnownFleet(
        {path: EnvironmentText(*each) for path, each in environments.items()},
        {name: _whole(*each) for name, each in apps.items()},
        {name: _reads(*each) for name, each in reads.items()},
        None if shared is None else frozenset(shared),
    )


def _whole(
    generator: str, uses_chart: bool, parameters: list[str], sync_options: list[str], steps: list[tuple[int, bool]]
) -> Whole:
    from gitops_gen.model import Step

    found = tuple(Step(stage=stage, automated=automated) for stage, automated in steps)
    return Whole(generator, uses_chart, tuple(parameters), tuple(sync_options), found)


def _reads(texts: str, names: list[str], of_fleet: list[str] | None, attributes: list[str] | None) -> Reads:
    return Reads(bytes.fromhex(texts), tuple(names), _tuple(of_fleet), _tuple(attributes))


def _tuple(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
