"""What the generated values of most releases of a set tell the chart about its secrets, and those of others do not.

Under which key of the values a chart learns its secrets is up to the chart, so where a whole block is gone or misspelt
there is nothing left to hold against the ExternalSecrets. But all releases of a set have one chart: where it is told
under that key in one environment, it looks there in the others, and finds that there are none where there are none.

Part of secret-reference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.checks.finding import Finding
from gitops_gen.data_classes import entity, field
from gitops_gen.evidence.chart_values import own_values
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.readers import target_name
from gitops_gen.evidence.secret_references import WORKLOADS, workload_references
from gitops_gen.evidence.secret_targets import SecretTarget
from gitops_gen.evidence.told_secrets import told_paths, told_secrets, untold_paths
from gitops_gen.evidence.values import at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.secret_references import Layer

Steps: TypeAlias = tuple[str, ...]

_FLAG, _LIST = "enabled", "secrets"
_AS_OTHERS, _AS_CAN_BE = "as that of other releases is", "as it can be"
_TELLING = {_AS_OTHERS: "here another is told", _AS_CAN_BE: "here the chart says that there are none"}
"""What the other place is, by why a chart should be told."""


@entity
class _Set:
    """The releases of one set, each with where its values tell of secrets, and the generated files that do."""

    releases: list[tuple[Deployment, Mapping[Steps, Place]]] = field(default_factory=list)
    told: defaultdict[Steps, dict[str, Place]] = field(default_factory=lambda: defaultdict(dict))


def untold_secrets(graph: Graph) -> Iterator[Finding]:
    """Yields what a release does not tell its chart, though most other releases of the set do."""
    paths = _Paths(graph)
    for each in _sets(graph, paths).values():
        found = tuple(_unlike_others(graph, each))
        yield from found
        if not found:
            yield from _silent(graph, each, paths)


def _unlike_others(graph: Graph, releases: _Set) -> Iterator[Finding]:
    """Yields what a release does not tell its chart under the key under which most tell it."""
    flagged = {steps: _flagged(graph, releases, steps) for steps in releases.told}
    if flagged:
        steps = max(flagged, key=lambda steps: len({*flagged[steps], *releases.told[steps]}))
        yield from _untold(graph, releases, steps, {**releases.told[steps], **flagged[steps]})
        yield from _unflagged(graph, releases, steps, flagged[steps])
        yield from _unlisted(graph, releases, steps)


def _silent(graph: Graph, releases: _Set, paths: _Paths) -> Iterator[Finding]:
    """Yields the secrets that a release tells its chart nowhere where the chart itself says that it can be told.

    What it renders to says whether it reads them all the same, by names that it knows.
    """
    for deployment, told in releases.releases:
        if deployment.external_secrets and any(each.place.rendering for each in deployment.manifests):
            known = [(layer, steps) for layer in own_values(graph, deployment) for steps in paths.untold_in(layer)]
            if any(steps in told for _, steps in known):
                continue
            read = read_by_workloads(deployment)
            own = [each for each in deployment.external_secrets if target_name(each) not in read]
            layer, steps = next(iter(known), (None, ()))
            places = generated_values(graph, deployment)
            if layer is not None and places:
                yield from _not_told(deployment, own, places[0], steps, layer.place, _AS_CAN_BE)


def read_by_workloads(deployment: Deployment) -> set[str]:
    """Returns the names of the Secrets that the workloads of a release read."""
    workloads = (each for each in deployment.manifests if each.kind in WORKLOADS)
    return {reference.name for each in workloads for reference in workload_references(each)}


class _Paths:
    """Where values tell of secrets, each file looked at once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[Place, tuple[Steps, ...]] = {}
        self._untold: dict[Place, tuple[Steps, ...]] = {}

    def of(self, deployment: Deployment) -> Mapping[Steps, Place]:
        """Returns the paths of a release, each with the last layer that has it."""
        return {steps: layer.place for layer in self._graph.layers_of(deployment) for steps in self._in(layer)}

    def untold_in(self, layer: Layer) -> tuple[Steps, ...]:
        """Returns where the own values of a chart say that there are no secrets, and may be told of some."""
        if layer.place not in self._untold:
            self._untold[layer.place] = tuple(untold_paths(layer.value))
        return self._untold[layer.place]

    def _in(self, layer: Layer) -> tuple[Steps, ...]:
        if layer.place.steps:
            return tuple(told_paths(layer.value))  # another value of the same place for each element
        if layer.place not in self._known:
            self._known[layer.place] = tuple(told_paths(layer.value))
        return self._known[layer.place]


def _sets(graph: Graph, paths: _Paths) -> Mapping[Place, _Set]:
    """Returns our own sets of releases, by where each is written."""
    found: defaultdict[Place, _Set] = defaultdict(_Set)
    for deployment in graph.deployments:
        application = deployment.application
        if application.applicationset is not None and graph.is_ours(application.spec_place):
            each, own = found[application.spec_place], paths.of(deployment)
            each.releases.append((deployment, own))
            for steps, place in own.items() if deployment.external_secrets else ():
                if graph.is_ours(place):
                    each.told[steps].setdefault(place.file, place)
    return found


def _flagged(graph: Graph, releases: _Set, steps: Steps) -> Mapping[str, Place]:
    """Returns the files with a flag that says whether there are secrets."""
    layers = (layer for deployment, _ in releases.releases for layer in graph.layers_of(deployment))
    return {each.place.file: each.place for each in layers if isinstance(at(each.value, *steps, _FLAG), bool)}


def _untold(graph: Graph, releases: _Set, steps: Steps, said: Mapping[str, Place]) -> Iterator[Finding]:
    """Yields the secrets that are not told, unless more files do not tell than do: then nobody can say which err."""
    told = _usual(releases, steps)
    silent = [each for each, own in releases.releases if each.external_secrets and steps not in own]
    templates = _templates_told(graph, releases, steps) if silent else set()
    shared = _shared(graph, silent) if len(releases.told[steps]) == 1 else None
    places = [_damaged(graph, each, steps) or shared or _alike(graph, each, told) for each in silent]
    if len({place.file for place in places if place is not None}) <= len(said):
        for deployment, place in zip(silent, places, strict=True):
            if place is not None:
                own = (each for each in deployment.external_secrets if graph.template_of(each.place) in templates)
                yield from _not_told(deployment, own, place, steps, told)


def _damaged(graph: Graph, deployment: Deployment, steps: Steps) -> Place | None:
    """Returns the generated block that says that there are secrets, and has lost their list."""
    layers = [each for each in graph.layers_of(deployment) if graph.is_ours(each.place)]
    flagged = (each.place for each in reversed(layers) if at(each.value, *steps, _FLAG) is True)
    return next((place.down(*steps) for place in flagged), None)


def _shared(graph: Graph, silent: Sequence[Deployment]) -> Place | None:
    """Returns the last generated values that several releases share: what is missed in all was most likely there."""
    read = [generated_values(graph, each) for each in silent]
    common = {place.file for place in read[0]}.intersection(*({p.file for p in each} for each in read)) if read else {}
    found = [place for place in read[0] if place.file in common] if len(read) > 1 else []
    return found[-1] if found else None


def _usual(releases: _Set, steps: Steps) -> Place:
    """Returns where a chart is told, as deep in the tree as most are: a few clusters may say something of their own."""
    depths = Counter(own[steps].file.count("/") for _, own in releases.releases if steps in own)
    places = releases.told[steps].values()
    return max(places, key=lambda place: depths[place.file.count("/")])


def _templates_told(graph: Graph, releases: _Set, steps: Steps) -> set[str | None]:
    """Returns the templates that those secrets come of that charts are told of: others are for somebody else."""
    telling = [each for each, own in releases.releases if steps in own]
    told = (one for each in telling for one in told_secrets(graph.layers_of(each), (steps,)))
    names = {secret.name for each in told for secret in each.secrets}
    made = [each for deployment in telling for each in deployment.external_secrets]
    return {graph.template_of(each.place) for each in made if target_name(each) in names} or {
        graph.template_of(each.place) for each in made
    }


def _unflagged(graph: Graph, releases: _Set, steps: Steps, flagged: Mapping[str, Place]) -> Iterator[Finding]:
    """Yields the releases without a flag, where most others have one: the chart's own may say something else."""
    silent = [each for each in releases.releases if not _is_flagged(graph, *each, steps)]
    other = next(iter(flagged.values()), None)
    if other is None or not silent:
        return
    places = [_place_of_flag(graph, each, own.get(steps), steps) or _alike(graph, each, other) for each, own in silent]
    if len({place.file for place in places if place is not None}) <= len(flagged):
        for (deployment, own), place in zip(silent, places, strict=True):
            if place is not None and (steps in own or not deployment.external_secrets):
                yield _without_flag(deployment, place, steps, other)


def _unlisted(graph: Graph, releases: _Set, steps: Steps) -> Iterator[Finding]:
    """Yields the releases without secrets that tell their chart that there are some: others list theirs beside it."""
    other = next(iter(releases.told[steps].values()), None)
    for deployment, own in releases.releases if other is not None else ():
        is_known = all(each.path is not None and graph.files.is_file(each.path) for each in deployment.values_files)
        place = _flag_alone(graph, deployment, steps) if is_known and steps not in own else None
        if other is not None and place is not None and not deployment.external_secrets and graph.is_ours(place):
            yield _without_list(deployment, place, steps, other)


def _flag_alone(graph: Graph, deployment: Deployment, steps: Steps) -> Place | None:
    """Returns the values that say that there are secrets, where none list any."""
    layers = graph.layers_of(deployment)
    flags = [each for each in layers if at(each.value, *steps, _FLAG) is not None]
    is_listed = any(at(each.value, *steps, _LIST) is not None for each in layers)
    return flags[-1].place if flags and not is_listed and at(flags[-1].value, *steps, _FLAG) is True else None


def _without_list(deployment: Deployment, place: Place, steps: Steps, other: Place) -> Finding:
    return Finding(
        f"the values of {deployment.application.name} say {'.'.join((*steps, _FLAG))}: true, and list no secrets, as "
        "those of others do",
        place.down(*steps, _FLAG),
        "list the secrets, or write false",
        related=((other.down(*steps), "here another lists them"),),
        severity=Severity.WARNING,
        cause="no list of secrets",
        cluster=deployment.cluster.name,
    )


def _place_of_flag(graph: Graph, deployment: Deployment, told: Place | None, steps: Steps) -> Place | None:
    """Returns where a flag stands that is neither true nor false, or else the block that lacks it."""
    stated = [each for each in graph.layers_of(deployment) if at(each.value, *steps, _FLAG) is not None]
    if stated:
        return stated[-1].place.down(*steps, _FLAG)
    return told.down(*steps) if told is not None else None


def _is_flagged(graph: Graph, deployment: Deployment, own: Mapping[Steps, Place], steps: Steps) -> bool:
    """Tells whether a flag is there, or the chart's own one is told by another rule, as it denies what is listed."""
    stated = [at(layer.value, *steps, _FLAG) for layer in graph.layers_of(deployment)]
    flag = next((each for each in reversed(stated) if each is not None), None)
    if flag is None and steps in own:
        return any(at(each.value, *steps, _FLAG) is False for each in own_values(graph, deployment))
    return isinstance(flag, bool)


def _not_told(
    deployment: Deployment,
    own: Iterable[Manifest],
    place: Place,
    steps: Steps,
    told: Place,
    why: str = _AS_OTHERS,
) -> Iterator[Finding]:
    for manifest in own:
        if at(manifest.value, "spec", "target", "manifest") is None:
            target = SecretTarget(deployment, manifest, deployment.namespace_of(manifest))
            yield Finding(
                f"{manifest} makes the Secret {target.name}, but the chart of {deployment.application.name} is not "
                f"told of it under {'.'.join(steps)}, {why}",
                place,
                "tell the chart, or remove the ExternalSecret",
                related=(
                    (told.down(*steps), _TELLING[why]),
                    (target.place, "the Secret is made here"),
                ),
                severity=Severity.WARNING,
                cause=f"{target.name} is not told",
                cluster=deployment.cluster.name,
            )


def _without_flag(deployment: Deployment, place: Place, steps: Steps, other: Place) -> Finding:
    flag = ".".join((*steps, _FLAG))
    return Finding(
        f"the values of {deployment.application.name} do not say {flag}, true or false, as those of others do",
        place,
        f"write {flag}: true or false, without quotes",
        related=((other.down(*steps), "here another says it"),),
        severity=Severity.WARNING,
        cause=f"no {flag}",
        cluster=deployment.cluster.name,
    )


def _alike(graph: Graph, deployment: Deployment, told: Place) -> Place | None:
    """Returns the generated values that are as deep in the tree as those that tell, or else the last ones."""
    found = generated_values(graph, deployment)
    depth = told.file.count("/")
    return next((each for each in found if each.file.count("/") == depth), found[-1] if found else None)


def generated_values(graph: Graph, deployment: Deployment) -> tuple[Place, ...]:
    """Returns where the generated values of a release are, in the order in which each is laid over the one before.

    A file that is all gone, with its mark or without it, is no layer, but it is what the release reads.
    """
    named = [each.path for each in deployment.values_files if each.path is not None]
    files = [Place(path) for path in named if graph.is_ours(Place(path)) or _is_empty(graph, path)]
    written = [each.place for each in graph.layers_of(deployment) if each.place.steps and graph.is_ours(each.place)]
    return (*files, *written)


def _is_empty(graph: Graph, path: str) -> bool:
    """True for a file that says nothing: its mark may be gone with what it said."""
    file = graph.files.get(path)
    return file is not None and not file.documents.values
