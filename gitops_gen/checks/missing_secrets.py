"""Secrets, and keys of them, that are read and not made, or made and not told: what is said of them.

Part of secret-reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark, if_together
from gitops_gen.checks.foreign_files import named_astray
from gitops_gen.checks.silent_files import silent_files
from gitops_gen.checks.untold_secrets import generated_values
from gitops_gen.evidence.companions import are_together
from gitops_gen.evidence.secret_targets import keys_of, keys_of_one
from gitops_gen.near_miss import is_slip, near_miss
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.secret_references import SecretReference
    from gitops_gen.evidence.secret_targets import SecretTarget, Targets
    from gitops_gen.evidence.told_secrets import ToldSecret, ToldSecrets


class MissingSecrets:
    """What is said of what one Application reads and nothing makes, and of what its chart is not told."""

    def __init__(self, graph: Graph, cluster: ClusterEvidence, deployment: Deployment, targets: Targets) -> None:
        self._graph, self._cluster, self._deployment, self._targets = graph, cluster, deployment, targets

    def unnamed(self, manifest: Manifest, place: Place) -> Finding:
        """Tells of a reference of a workload that names no Secret, or no key."""
        what = "a key of a Secret" if place.steps[-1] == "key" else "a Secret"
        return Finding(
            f"{manifest} reads {what}, and does not say which: {place.steps[-1]} is empty",
            place,
            "name it, or leave the whole reference out: the API server refuses one without",
            cause=f"{manifest}: {'.'.join(map(str, place.steps))} is empty",
            cluster=self._cluster.name,
        )

    def no_secret(
        self,
        reference: SecretReference,
        namespace: str,
        meant: SecretTarget | None,
        who: str,
        told: ToldSecrets | None = None,
    ) -> Finding:
        """Tells of a Secret that is read, or told of, and that no ExternalSecret makes."""
        place, named = reference.place, reference.name or "without a name"
        laid_over = self._laid_over(place, told) if meant is None else ()
        return Finding(
            f"{who} reads the Secret {named}, but no ExternalSecret makes it in namespace {namespace} of "
            f"{self._cluster.name}",
            place,
            f"did you mean {meant.name}?" if meant else "name the target of an ExternalSecret, or remove it",
            related=(
                *self._other_ends(meant),
                *_flag_elsewhere(place, told),
                *laid_over,
                *self._astray(place, meant),
                *(silent_files(self._graph, self._deployment) if meant is None else ()),
            ),
            severity=by_mark(self._graph, place),
            cause=f"{who}: {reference.name}",
            cluster=self._cluster.name,
        )

    def out_of_reach(self, reference: SecretReference, namespace: str, made: SecretTarget, who: str) -> Finding:
        """Tells of a Secret that is made in another namespace than the one in which it is read."""
        return Finding(
            f"{who} reads the Secret {reference.name} in namespace {namespace}, and {made.manifest} makes it in "
            f"namespace {made.namespace} of {self._cluster.name}",
            reference.place,
            "bring both to one namespace, unless something copies the Secret",
            related=(
                (made.place, "the Secret is made here"),
                (self._deployment.application.stated_at("destination", "namespace"), "the Application lands here"),
            ),
            severity=Severity.WARNING,
            cause=f"{who}: {reference.name} in another namespace",
            cluster=self._cluster.name,
        )

    def lost(self, reference: SecretReference, namespace: str, other: tuple[str, Manifest], who: str) -> Finding:
        """Tells of a Secret that the Application makes on other clusters; `other` is one of them, and what makes it."""
        cluster, manifest = other
        return Finding(
            f"{who} reads the Secret {reference.name}, and no ExternalSecret makes it in namespace {namespace} of "
            f"{self._cluster.name}, as on other clusters",
            reference.place,
            "bring the ExternalSecret back, or see that something else makes the Secret",
            related=(
                (manifest.place, f"it is made here on {cluster}"),
                *self._made_beside(),
            ),
            severity=Severity.WARNING,
            cause=f"{who}: {reference.name} is lost",
            cluster=self._cluster.name,
        )

    def _made_beside(self) -> Iterator[tuple[Place, str]]:
        """Yields where the other Secrets of the Application are made: the one that is lost was most likely there."""
        made = (each.place for each in self._deployment.external_secrets)
        yield from ((place, "others are made here") for place in {each.file: each for each in made}.values())

    def no_key(self, reference: SecretReference, made: list[SecretTarget], who: str) -> Iterator[Finding]:
        """Tells of a key that no maker of its Secret gives it; of nothing where another Argo CD may."""
        # The Argo CD of another cluster has Secrets of its own.
        application = self._deployment.application
        own = [each for each in made if are_together(self._graph, application, each.deployment.application)]
        keys = keys_of(own or made)
        # Where another Argo CD may have what makes it, only a slip is told.
        if keys is not None and (own or any(_is_slip_of_key(reference.key or "", each) for each in keys)):
            giver = (own or made)[0].manifest
            yield Finding(
                f"{who} reads the key {reference.key} of the Secret {reference.name}, but {giver} gives it "
                f"{', '.join(sorted(keys)) or 'none'}{if_together(is_certain=bool(own))}",
                reference.key_place,
                near_miss(reference.key or "", keys),
                related=((giver.place.down("spec", "data"), "its keys"),),
                severity=Severity.ERROR if own else Severity.WARNING,
                cause=f"{who}: {reference.name} {reference.key}",
                cluster=self._cluster.name,
            )

    def not_told(self, told: ToldSecrets, target: SecretTarget) -> Finding:
        """Tells of a Secret that is made, and that the chart is not told of."""
        own: tuple[tuple[Place, str], ...] = ()
        hint = "tell the chart, or remove the ExternalSecret"
        if told.denied_at is not None:
            own = ((told.denied_at, "the chart itself says that there are none, and nobody otherwise"),)
            hint = f"write {'.'.join(map(str, told.denied_at.steps))}: true"
        return Finding(
            f"{target.manifest} makes the Secret {target.name}, but the chart of "
            f"{self._deployment.application.name} is not told of it",
            told.place,
            hint,
            related=(
                (target.place, "the Secret is made here"),
                *own,
                *(self._laid_over(told.place, told) if told.is_enabled and told.secrets else ()),
                *self._astray(told.place, target),
            ),
            cause=f"{target.name} is not told",
            cluster=self._cluster.name,
        )

    def untold_key(self, told: ToldSecret, key: str, giver: SecretTarget) -> Finding:
        """Tells of a key that a Secret has, and that the chart is not told of."""
        return Finding(
            f"the chart is not told of the key {key} of the Secret {told.name}, which {giver.manifest} makes",
            told.place / "keys",
            f"add {key} to the keys, or remove it from the ExternalSecret",
            related=((giver.place, "the Secret is made here"), *self._laid_over(giver.place, told)),
            cause=f"{told.name}: {key} is not told",
            cluster=self._cluster.name,
        )

    def giver_of(self, keys: tuple[str, ...]) -> SecretTarget | None:
        """Returns the Secret of the Application that has all of some keys: theirs went into it."""
        return next(
            (each for each in self._targets.of(self._deployment) if keys and {*keys} <= (keys_of_one(each) or set())),
            None,
        )

    def _other_ends(self, meant: SecretTarget | None) -> tuple[tuple[Place, str], ...]:
        """Returns the Secret that is meant, or else what of the Application may bring it, or does not bring it."""
        application = self._deployment.application
        if meant is not None:
            landing = application.stated_at("destination", "namespace"), "the Application lands here"
            is_apart = meant.namespace != application.namespace
            return ((meant.place, f"{meant.manifest} makes {meant.name}"), *((landing,) if is_apart else ()))
        if not self._deployment.unseen:
            return ((application.spec_place / "sources", "none of the sources brings it"),)
        places = (application.source_place(source) / "repoURL" for source in self._deployment.unseen)
        return tuple((place, "what this source brings is not known") for place in places)

    def _laid_over(self, place: Place, told: ToldSecret | ToldSecrets | None) -> tuple[tuple[Place, str], ...]:
        """Returns the last generated values of the release, which leave to others what the chart is told."""
        layers = generated_values(self._graph, self._deployment)
        if told is None or not layers or layers[-1].file in (place.file, told.place.file):
            return ()
        return ((layers[-1], "these values are laid over it, and do not say otherwise"),)

    def _astray(self, place: Place, target: SecretTarget | None) -> tuple[tuple[Place, str], ...]:
        """Returns where the Application names values or manifests of another one, which is why they disagree."""
        files = (place.file, *((target.place.file,) if target is not None else ()))
        return named_astray(self._graph, self._deployment, *files)


def _flag_elsewhere(place: Place, told: ToldSecrets | None) -> tuple[tuple[Place, str], ...]:
    """Returns where the chart is told that there are Secrets, if the file that names them is another one."""
    if told is None or told.place.file == place.file:
        return ()
    return ((told.place, "here the chart is told that there are some"),)


def _is_slip_of_key(key: str, meant: str) -> bool:
    """Returns whether a key is probably another one, with a letter wrong, or with other signs between its words."""
    one, other = ("".join(filter(str.isalnum, each)).casefold() for each in (key, meant))
    return one == other or is_slip(key, meant)
