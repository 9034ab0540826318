"""What a workload or a chart is told to read from a Kubernetes Secret is there: the Secret, and the key.

A pod whose secretKeyRef names a Secret or a key that does not exist stays at CreateContainerConfigError. The names are
written twice, in the ExternalSecret and in the values or the pod, so one of them is easily forgotten. A Secret can also
come from a chart or from a person, so a name that no ExternalSecret makes is wrong only where it is almost one, or
where a generated file says that it is one of ours. One of that very name in almost that namespace is a warning, and so
is a key that is almost one where another Argo CD may have what makes the Secret. A short name counts as almost one only
where other values of the chart have that at the same place. Where generated values tell the chart of its Secrets in one
environment, they do so in each; and a chart in the tree whose own values say that it can be told of some is told. A pod
that does not say which Secret or key it reads, as where a template writes an empty value, is refused. A Secret that
images are pulled with is of a type for that, and one that an Ingress is served with has tls.crt and tls.key. A Secret
that the Secrets Store CSI driver makes is read by its name and its keys, and its SecretProviderClass is mounted by its
own; each of those keys comes of a file that the provider of AWS mounts. What a PushSecret selects is read as well, also
by its template. A key that generated values tell of twice is a warning: of two variables of one name, a container has
the last, and server-side apply refuses them. So is a Secret that a generated set makes on most other clusters, and not
on one on which it makes others.

Fix: write the target of the ExternalSecret, which is its own name unless it says otherwise, and one of its keys.

Source: Kubernetes, "Using Secrets as environment variables", and pkg/apis/core/validation; Helm, values files: maps
merge, lists replace; Secrets Store CSI driver, "Sync as Kubernetes Secret"; external-secrets, pull request 3480.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, partial
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.cached_property import cached_property
from gitops_gen.checks.alike import each_unlike
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.checks.typed_secrets import INGRESS, typed_secrets
from gitops_gen.checks.untold_secrets import read_by_workloads, untold_secrets
from gitops_gen.evidence import chart_values
from gitops_gen.evidence.readers import store_ref, target_name
from gitops_gen.evidence.secret_references import (
    WORKLOADS,
    Layer,
    SecretReference,
    pushed_references,
    references_in,
    unnamed_references,
    workload_references,
)
from gitops_gen.evidence.secret_targets import SecretTarget, keys_of, keys_of_one, targets_on
from gitops_gen.evidence.told_secrets import ToldSecret, ToldSecrets, told_paths, told_secrets
from gitops_gen.evidence.values import decides, map_at, text_at
from gitops_gen.kinds import DRIVER_CLASS
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping

    from gitops_gen.checks.missing_secrets import MissingSecrets
    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.secret_targets import Targets

    _MadeBySets: TypeAlias = "Mapping[Place, Mapping[str, Mapping[str, Manifest]]]"
    """By where a set is written and the name of a Secret: on which clusters it is made, and by what."""

_DECIDING = frozenset({"ExternalSecret", "PushSecret", "Secret", DRIVER_CLASS, INGRESS, *WORKLOADS})
"""The kinds that make a Secret, or read one."""


_SEVERAL = 2
"""Clusters on which a release makes a Secret, before one without it is odd."""


class _Told(NamedTuple):
    """What a layer of values, or a workload, says by itself: found once, however many releases it is for."""

    references: tuple[SecretReference, ...]
    paths: tuple[tuple[str, ...], ...] = ()
    unnamed: tuple[Place, ...] = ()


def _run(graph: Graph) -> Iterator[Finding]:
    known: dict[Place, _Told] = {}
    made = cache(partial(_made_by_sets, graph))
    yield from each_unlike(graph.clusters.values(), partial(_alike, graph), partial(_on_cluster, graph, known, made))
    yield from untold_secrets(graph)


def _alike(graph: Graph, cluster: ClusterEvidence) -> Hashable:
    """Returns all that decides whether the references on a cluster are right: the Secrets, and who reads them."""
    return tuple(
        (
            each.application.namespace,
            tuple((id(one.value), one.place.rendering > 0) for one in each.manifests if one.kind in _DECIDING),
            tuple((id(one.value), one.place.steps, graph.is_ours(one.place)) for one in graph.layers_of(each)),
        )
        for each in cluster.deployments
    )


def _made_by_sets(graph: Graph) -> _MadeBySets:
    """Returns the Secrets that the releases of our own sets make."""
    found: defaultdict[Place, defaultdict[str, dict[str, Manifest]]] = defaultdict(lambda: defaultdict(dict))
    for deployment in graph.deployments:
        place = deployment.application.spec_place
        if deployment.application.applicationset is not None and graph.is_ours(place):
            for manifest in deployment.external_secrets:
                found[place][target_name(manifest)].setdefault(deployment.cluster.name, manifest)
    return found


def _on_cluster(
    graph: Graph,
    known: dict[Place, _Told],
    made: Callable[[], _MadeBySets],
    cluster: ClusterEvidence,
) -> Iterator[Finding]:
    targets = targets_on(cluster)
    for deployment in cluster.deployments:
        is_unseen = deployment.unseen and not targets.of(deployment) and _is_built(graph, deployment)
        if is_unseen or (not targets and (deployment.unseen or deployment.missing)):
            continue  # the ExternalSecrets are in what is not seen
        judge = _Judge(graph, cluster, deployment, targets, known, made)
        yield from judge.values()
        yield from judge.workloads()
        yield from judge.pushed()
        yield from typed_secrets(graph, deployment, targets)
    if any(each.kind == DRIVER_CLASS for deployment in cluster.deployments for each in deployment.manifests):
        from gitops_gen.checks.driver_secrets import driver_secrets

        yield from driver_secrets(graph, cluster, targets)


def _is_built(graph: Graph, deployment: Deployment) -> bool:
    """True where kustomize or a plugin builds a folder that is here, whatever it makes of what lies in it."""
    return any(graph.folder_of(source) is not None for source in deployment.unseen)


class _Judge:
    """Judges what one Application refers to."""

    def __init__(
        self,
        graph: Graph,
        cluster: ClusterEvidence,
        deployment: Deployment,
        targets: Targets,
        known: dict[Place, _Told],
        made: Callable[[], _MadeBySets],
    ) -> None:
        self.graph = graph
        self.cluster = cluster
        self.deployment = deployment
        self.targets = targets
        self.known = known
        self._made_by_sets = made
        self._in_values: set[tuple[str, str | None]] = set()

    @cached_property
    def missing(self) -> MissingSecrets:
        """What is said of what is read, and is not made."""
        from gitops_gen.checks.missing_secrets import MissingSecrets

        return MissingSecrets(self.graph, self.cluster, self.deployment, self.targets)

    def workloads(self) -> Iterator[Finding]:
        for manifest in self.deployment.manifests:
            if manifest.kind in WORKLOADS:
                if manifest.place not in self.known:
                    self.known[manifest.place] = _Told(
                        workload_references(manifest), unnamed=unnamed_references(manifest)
                    )
                yield from (self.missing.unnamed(manifest, place) for place in self.known[manifest.place].unnamed)
                for reference in self.known[manifest.place].references:
                    if not (manifest.place.rendering and self._is_judged(reference)):
                        yield from self._reference(reference, self.deployment.namespace_of(manifest), str(manifest))

    def pushed(self) -> Iterator[Finding]:
        for manifest in self.deployment.push_secrets:
            namespace = self.deployment.namespace_of(manifest)
            for reference in (*pushed_references(manifest), *_pushed_by_templates(manifest)):
                if reference.key is None or (namespace, reference.name) in self.targets:
                    yield from self._reference(reference, namespace, str(manifest))

    def _is_judged(self, reference: SecretReference) -> bool:
        """Tells whether what a chart renders is what its values say: then they are where it is wrong."""
        return not self._in_values.isdisjoint({(reference.name, None), (reference.name, reference.key)})

    def values(self) -> Iterator[Finding]:
        layers = self.graph.layers_of(self.deployment)
        found = [self._of_layer(layer) for layer in layers]
        namespace = self.deployment.application.namespace or ""
        own_values = partial(chart_values.own_values, self.graph, self.deployment)
        for told in told_secrets(layers, (path for each in found for path in each.paths), own_values):
            for secret in told.secrets:
                is_made = (namespace, secret.name) in self.targets
                self._in_values.update((secret.name, key) for key in (secret.keys if is_made else (None,)))
            yield from self._told(told, namespace)
        for index, (layer, each) in enumerate(zip(layers, found, strict=True)):
            for reference in each.references:
                if not _is_overridden(reference, layer, layers[index + 1 :]):
                    # Of a Secret that is made, the values say no more than its name: the workload says which key.
                    if reference.key is not None or (namespace, reference.name) not in self.targets:
                        self._in_values.add((reference.name, reference.key))
                    who = f"a value of {self.deployment.application.name}"
                    yield from self._reference(reference, namespace, who, layer)

    def _of_layer(self, layer: Layer) -> _Told:
        # What is written in an Application is its own; a template makes another value of the same place.
        told = None if layer.place.steps else self.known.get(layer.place)
        if told is None:
            references = tuple(references_in(layer.value, layer.place))
            told = self.known[layer.place] = _Told(references, tuple(told_paths(layer.value)))
        return told

    def _reference(
        self, reference: SecretReference, namespace: str, who: str, layer: Layer | None = None
    ) -> Iterator[Finding]:
        made = self.targets.get((namespace, reference.name))
        if made is not None:
            keys = self.targets.keys_given(namespace, reference.name) if reference.key is not None else None
            if keys is not None and reference.key not in keys:
                yield from self.missing.no_key(reference, made, who)
        elif not self.cluster.find("Secret", namespace, reference.name):
            meant = self.targets.meant_by(reference.name, namespace)
            if meant is None and layer is not None:
                meant = self._as_elsewhere(reference, namespace, layer)
            # The same Application makes it in a namespace that its pods do not run in, or one in almost theirs.
            elsewhere = self.targets.named(reference.name, self.deployment) if meant is None else None
            elsewhere = elsewhere or (self.targets.astray(reference.name, namespace) if meant is None else None)
            if meant is not None:
                yield self.missing.no_secret(reference, namespace, meant, who)
            elif elsewhere is not None:
                yield self.missing.out_of_reach(reference, namespace, elsewhere, who)
            elif layer is None and self.deployment.external_secrets:
                yield from self._lost(reference, namespace, who)

    def _lost(self, reference: SecretReference, namespace: str, who: str) -> Iterator[Finding]:
        """Yields a Secret that the set makes on most other clusters, and not here, where it makes others."""
        made = self._made_by_sets().get(self.deployment.application.spec_place, {})
        clusters = {name for each in made.values() for name in each}
        others = made.get(reference.name, {})
        if self.cluster.name not in others and len(others) >= _SEVERAL and 2 * len(others) > len(clusters):
            yield self.missing.lost(reference, namespace, next(iter(others.items())), who)

    def _told(self, told: ToldSecrets, namespace: str) -> Iterator[Finding]:
        is_ours = self.graph.is_ours(told.place)
        secrets = told.secrets if told.is_enabled else ()
        if is_ours:
            yield from self._told_twice(secrets)
        names = {each.name for each in secrets}
        untold = self._untold(names) if is_ours else []
        for each in secrets:
            made = self.targets.get((namespace, each.name))
            if made is not None:
                yield from self._told_keys(each, made, is_ours=is_ours)
                continue
            meant = self.targets.meant_by(each.name, namespace)
            # A target that nobody is told of is probably this one, under another name: one mistake, told once.
            other = meant if meant in untold else next(iter(untold), None)
            if other is not None:
                untold.remove(other)
            if is_ours or meant is not None:
                likely = meant or other or self.missing.giver_of(each.keys)
                place = each.place / "name"
                yield self.missing.no_secret(
                    SecretReference(each.name, None, place, place), namespace, likely, "the chart", told
                )
        yield from (self.missing.not_told(told, target) for target in untold)

    def _told_twice(self, secrets: Iterable[ToldSecret]) -> Iterator[Finding]:
        """Yields each entry that tells the chart of a key again: a container has a variable of a name once."""
        first: dict[tuple[str, str], Place] = {}
        for secret in secrets:
            places = [(key, secret.place.down("keys", index)) for index, key in enumerate(secret.keys)]
            firsts = [first.setdefault((secret.name, key), place) for key, place in places]
            again = next((pair for pair in zip(places, firsts, strict=True) if pair[1] is not pair[0][1]), None)
            if again is not None:
                (key, place), other = again
                yield Finding(
                    f"the chart of {self.deployment.application.name} is told of the key {key} of the Secret "
                    f"{secret.name} twice",
                    place,
                    "tell it once, or of the one that was meant",
                    related=((other, "the first time"),),
                    severity=Severity.WARNING,
                    cause=f"{secret.name}: {key} is told twice",
                    cluster=self.cluster.name,
                )

    def _told_keys(self, told: ToldSecret, made: list[SecretTarget], *, is_ours: bool) -> Iterator[Finding]:
        keys = keys_of(made)
        if keys is None:
            return
        unknown = [(index, key) for index, key in enumerate(told.keys) if key not in keys]
        for index, key in unknown:
            place = told.place.down("keys", index)
            yield from self.missing.no_key(SecretReference(told.name, key, place, place), made, "the chart")
        for key in sorted(keys - {*told.keys})[len(unknown) :] if is_ours else ():
            giver = next(each for each in made if key in (keys_of_one(each) or ()))
            yield self.missing.untold_key(told, key, giver)

    def _untold(self, names: Collection[str]) -> list[SecretTarget]:
        """Returns the Secrets that a chart should be told of, and is not.

        What comes of another template than those that it is told of, or of another store, is for somebody else. So is
        what a PushSecret of the Application selects. What its workloads read by itself it knows.
        """
        pushed = {reference.name for each in self.deployment.push_secrets for reference in pushed_references(each)}
        own = [each for each in self.targets.of(self.deployment) if each.name not in pushed]
        origins = {self._origin(each) for each in own if each.name in names}
        untold = [each for each in own if each.name not in names and (not origins or self._origin(each) in origins)]
        read = read_by_workloads(self.deployment) if untold else ()
        return [each for each in untold if each.name not in read]

    def _origin(self, target: SecretTarget) -> tuple[str | None, tuple[str, str]]:
        """Returns the template that a Secret comes of, and the store that it is read from."""
        return self.graph.template_of(target.manifest.place), store_ref(target.manifest)

    def _as_elsewhere(self, reference: SecretReference, namespace: str, layer: Layer) -> SecretTarget | None:
        """Returns the target one letter from a name, if values of the chart elsewhere name it at the same place.

        Then a short word is none that tells two names apart.
        """
        near = self.targets.one_edit_from(reference.name, namespace)
        steps = reference.place.steps[len(layer.place.steps) :]
        names = {text_at(each.value, *steps) for each in self._values_elsewhere()} if near else ()
        return next((each for each in near if each.name in names), None)

    def _values_elsewhere(self) -> Iterator[Layer]:
        """Yields the values of the other releases of the set, and those of the chart itself."""
        place = self.deployment.application.spec_place
        yield from chart_values.own_values(self.graph, self.deployment)
        for each in self.graph.deployments:
            if each is not self.deployment and each.application.spec_place == place:
                yield from self.graph.layers_of(each)


def _pushed_by_templates(manifest: Manifest) -> Iterator[SecretReference]:
    """Yields each key that the template of a PushSecret cannot be without, of the Secret that it selects."""
    spec, place = map_at(manifest.value, "spec"), manifest.place / "spec"
    name, named = text_at(spec, "selector", "secret", "name"), place.down("selector", "secret", "name")
    for step, text in map_at(spec, "template", "data").items():
        if name and isinstance(text, str):
            from gitops_gen.checks.secret_templates import keys_needed

            for key in keys_needed(text):
                yield SecretReference(name, key, named, place.down("template", "data", step))


def _is_overridden(reference: SecretReference, layer: Layer, later: tuple[Layer, ...]) -> bool:
    """Returns whether values that are laid over a layer say otherwise at the same place, or take it away.

    A list replaces a list.
    """
    steps = reference.place.steps[len(layer.place.steps) :]
    whole = next((index for index, step in enumerate(steps) if isinstance(step, int)), len(steps))
    return any(decides(each.value, *steps[:whole]) for each in later)


CHECK = Check("secret-reference", _run, __doc__)
