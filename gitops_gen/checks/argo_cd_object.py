"""Applications, ApplicationSets and AppProjects have the fields and types that Argo CD reads, in its own namespace.

The API server refuses a kind or a version that it does not know, and a value of a wrong type: a boolean field of an
ApplicationSet cannot be a template. It drops a field that it does not know, and Argo CD goes on without it, also in a
template patch, and in a generator: clusters with a selectors for a selector are all clusters. An Application has one
destination by name or by server, and each of its sources a repository and a path or a chart; among several, one may
have a ref instead, and a source beside sources is read by nobody. An object with a finalizer that looks like one of
Argo CD, and is none, can never be deleted. A policy of a project is for a role of it and for what is in it, and its
windows have a schedule and a duration. A difference to ignore is of a kind in its group, and named by a JSON pointer,
which begins with a slash and writes one in a key as ~1, or by jq, with which nothing is compared where a bracket of it
is not closed. What is hydrated goes to a folder below the root of its branch. In the place of a variable of the build
that there is not, as $ARGOCD_APPNAME, nothing is written. A pattern by which a generator picks repositories or pull
requests is one of Go, and it names the service that has them; the ConfigMap that a generator of a plugin or of
decisions on clusters names has what Argo CD reads of it.

Fix: write the field as Argo CD's specification has it.

Source: Argo CD v3.5.1, docs/operator-manual/{application,applicationset,project}.yaml and the types behind them;
docs/user-guide/app_deletion.md for the finalizers, diffing.md for what is ignored, multiple_sources.md; RFC 6901 for
the pointers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from gitops_gen import argo_cd_shapes
from gitops_gen.checks.application_specs import lacking_sources, made_by_sets, refused_specs, unread_source
from gitops_gen.checks.build_variables import build_variables
from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.evidence.values import at, list_at, map_at
from gitops_gen.kinds import ARGO_GROUP
from gitops_gen.near_miss import is_one_edit, is_typo, nearest_name
from gitops_gen.problems import Severity
from gitops_gen.shapes import Misfit, misfits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.shapes import Shape, Steps

_API_VERSION = "argoproj.io/v1alpha1"
_SHAPES = {
    "Application": argo_cd_shapes.APPLICATION_SPEC,
    "ApplicationSet": argo_cd_shapes.APPLICATIONSET_SPEC,
    "AppProject": argo_cd_shapes.APP_PROJECT_SPEC,
}
_IGNORED: Mapping[str, tuple[Steps, ...]] = {
    "Application": (("spec", "ignoreDifferences"),),
    "ApplicationSet": (("spec", "template", "spec", "ignoreDifferences"), ("spec", "ignoreApplicationDifferences")),
}
"""Where differences to ignore are listed."""
_JUDGED = 2
"""How many levels of generators the API server judges."""
_ASKING = frozenset({"clusterDecisionResource", "pullRequest", "scmProvider"})
"""The generators that ask one of several things, which they have to name."""
_CASCADE = "resources-finalizer.argocd.argoproj.io"
_FINALIZERS = frozenset(
    {
        *(_CASCADE, f"{_CASCADE}/foreground", f"{_CASCADE}/background"),
        *(f"{hook}-delete-finalizer.argocd.argoproj.io" for hook in ("pre", "post")),
        *(f"{hook}-delete-finalizer.argocd.argoproj.io/cleanup" for hook in ("pre", "post")),
    }
)
"""Those that the controllers of Argo CD remove when they are done."""
_OWN_FINALIZER = ("argocd", "argoproj")
"""In the name of what belongs to Argo CD, and to nobody else that would remove it."""


def _run(graph: Graph) -> Iterator[Finding]:
    written = (*graph.manifests, *graph.rendered)
    own = [each for each in written if each.group == ARGO_GROUP and each.kind in _SHAPES]
    in_argo_cd = own + list(graph.cluster_secrets.values())
    namespaces = _namespaces(in_argo_cd)
    for manifest in written:
        if manifest.group == ARGO_GROUP or manifest.kind in _SHAPES:
            yield from _kind(graph, manifest)
    for manifest in in_argo_cd:
        yield from _namespace(graph, manifest, namespaces)
    yield from _duplicates(graph, in_argo_cd)
    made = made_by_sets(graph)
    for manifest in own:
        if manifest.value.get("spec") is None and _is_complete(graph, manifest):
            yield Finding(f"{manifest} has no spec", manifest.place, "add spec:", on_key=True)
        if not _is_broken(graph, manifest):
            yield from (_misfit(graph, manifest, each) for each in _misfits(manifest))
        yield from _finalizers(graph, manifest)
        yield from _differences(graph, manifest)
        yield from build_variables(manifest)
        if manifest.kind == "AppProject":
            yield from _of_project(graph, manifest)
        yield from refused_specs(manifest, made)
        yield from unread_source(manifest)
        yield from (_of_excerpt(graph, manifest, each) for each in lacking_sources(graph, manifest, made))
    yield from _configs(graph, written)
    for expansion in graph.expansions:
        for patch in expansion.patches:
            yield from _patch(graph, expansion.manifest, patch)


def _configs(graph: Graph, written: Sequence[Manifest]) -> Iterator[Finding]:
    """Yields what is wrong with the ConfigMaps that generators read."""
    asking = [each.manifest for each in graph.expansions if not each.is_whole]
    if asking:
        from gitops_gen.checks.generator_configs import generator_configs

        configs = [each for each in written if each.kind == "ConfigMap"]
        for manifest in asking:
            yield from generator_configs(graph, manifest, configs)


def _of_project(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    """Yields what is wrong with the roles and the sync windows of an AppProject."""
    if list_at(manifest.value, "spec", "roles"):
        from gitops_gen.checks.project_policies import project_policies

        yield from project_policies(graph, manifest)
    if list_at(manifest.value, "spec", "syncWindows"):
        from gitops_gen.checks.project_windows import project_windows

        yield from project_windows(graph, manifest)


def _is_complete(graph: Graph, manifest: Manifest) -> bool:
    """True for an object that nobody adds to: a generated one, or one that an Application brings as it stands."""
    place = manifest.place
    return graph.is_ours(place) or (place in graph.brought and not graph.is_for_kustomize(place.file))


def _is_broken(graph: Graph, manifest: Manifest) -> bool:
    """True for an object of a file some of which is no YAML; a template never is, and what it renders to is."""
    file = None if manifest.place.rendering else graph.files.get(manifest.place.file)
    return file is not None and file.is_broken


def _of_excerpt(graph: Graph, manifest: Manifest, finding: Finding) -> Finding:
    """Returns what is missing as a note in an excerpt."""
    from gitops_gen.checks.excerpts import of_excerpt

    return of_excerpt(graph, manifest.place, finding)


def _kind(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    """Yields what is wrong with apiVersion and kind. The group has other kinds too, as those of Argo Workflows."""
    if manifest.kind in _SHAPES and manifest.api_version != _API_VERSION:
        if manifest.group == ARGO_GROUP or graph.is_ours(manifest.place):
            yield Finding(
                f"{manifest} has apiVersion {manifest.api_version}, expected {_API_VERSION}",
                manifest.place / "apiVersion",
                f"write {_API_VERSION}",
            )
    elif manifest.kind not in _SHAPES:
        meant = next((kind for kind in _SHAPES if _is_slip(manifest.kind, kind)), None)
        if meant is not None or graph.is_ours(manifest.place):
            yield Finding(
                f"Argo CD has no kind {manifest.kind}, expected {' or '.join(_SHAPES)}",
                manifest.place / "kind",
                f"did you mean {meant}?" if meant else "write one of them",
            )


def _is_slip(kind: str, meant: str) -> bool:
    """Tells whether a kind is another one with a letter too much, too little or wrong, whatever the case."""
    return is_one_edit(kind.casefold(), meant.casefold())


def _namespaces(manifests: list[Manifest]) -> list[str | None]:
    """Returns the namespaces of Argo CD: the usual one first, and those of others, with objects of as many kinds."""
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in manifests:
        if each.namespace:
            kinds[each.namespace][each.kind] += 1
    usual = max(kinds, key=lambda namespace: kinds[namespace].total(), default=None)
    if len(kinds) < 2 or usual is None or len(kinds[usual]) < 2:
        return [usual]
    return [usual, *(each for each in kinds if each != usual and kinds[each].keys() >= kinds[usual].keys())]


def _namespace(graph: Graph, manifest: Manifest, namespaces: list[str | None]) -> Iterator[Finding]:
    """Yields an object outside of the namespaces of Argo CD; of somebody else's, one with a slip in the usual one."""
    usual, stated = namespaces[0], manifest.namespace
    is_ours = graph.is_ours(manifest.place)
    if stated not in namespaces and (is_ours or (stated is not None and usual is not None and is_typo(stated, usual))):
        where = f"namespace {stated}" if stated else "no namespace"
        yield Finding(
            f"{manifest} is in {where}, where Argo CD does not look; the others are in {usual}",
            manifest.place.down("metadata", "namespace"),
            f"write {usual}, the namespace of Argo CD",
            severity=by_mark(graph, manifest.place),
        )


def _duplicates(graph: Graph, manifests: list[Manifest]) -> Iterator[Finding]:
    """Yields an object of ours that has the kind and the name of another: the API server keeps the last one only."""
    first: dict[tuple[str, str | None, str], Manifest] = {}
    for manifest in manifests:
        other = first.setdefault((manifest.kind, manifest.namespace, manifest.name), manifest)
        if other is not manifest and graph.is_ours(manifest.place) and graph.is_ours(other.place):
            yield Finding(
                f"two objects are called {manifest}",
                manifest.place.down("metadata", "name"),
                "give each a name of its own",
                related=((other.place.down("metadata", "name"), "the other one"),),
            )


def _misfits(manifest: Manifest) -> Iterator[Misfit]:
    yield from misfits(manifest.value.get("spec"), _SHAPES[manifest.kind], None, ("spec",))
    if manifest.kind == "ApplicationSet":
        yield from _of_generators(list_at(manifest.value, "spec", "generators"), ("spec", "generators"))


def _of_generators(generators: Sequence[object], steps: Steps, depth: int = 0) -> Iterator[Misfit]:
    """Yields what does not fit in generators, and in those of a matrix or a merge.

    From the third level on the API server takes anything, and the controller reads the fields that it knows, in any
    case of their letters.
    """
    for index, generator in enumerate(generators):
        if generator is None and depth < _JUDGED:
            yield Misfit((*steps, index), "got no value", "write one, or remove the item", is_type=True)
        yield from _beside(map_at(generator), (*steps, index))
        for kind, shape in argo_cd_shapes.GENERATORS.items():
            inner, here = at(generator, kind), (*steps, index, kind)
            for misfit in misfits(inner, shape, None, here):
                if depth < _JUDGED or _is_unread(misfit, shape):
                    yield misfit
            if isinstance(inner, dict) and kind in _ASKING:
                from gitops_gen.checks.unusable_generators import unusable

                yield from unusable(kind, inner, here)
            yield from _of_generators(list_at(inner, "generators"), (*here, "generators"), depth + 1)


def _beside(entry: Mapping[str, object], steps: Steps) -> Iterator[Misfit]:
    """Yields the fields that stand beside their generator."""
    for key in entry:
        if key not in argo_cd_shapes.OF_ENTRY and (holder := argo_cd_shapes.generator_beside(key, entry)):
            reason = f"there is no field {key} beside {holder}"
            yield Misfit((*steps, key), reason, f"indent it as a field of {holder}", on_key=True)


def _is_unread(misfit: Misfit, shape: Shape) -> bool:
    name = str(misfit.steps[-1]).casefold()
    return misfit.on_key and not misfit.missing and name not in {each.casefold() for each in shape.fields or ()}


def _misfit(graph: Graph, manifest: Manifest, misfit: Misfit) -> Finding:
    # A field that is not known here may be one of a newer Argo CD; a type does not change.
    is_certain = not misfit.on_key or graph.is_ours(manifest.place) or misfit.is_type
    outside = _outside(manifest, misfit)
    is_outside = ", which stands outside of it" if outside else ""
    finding = Finding(
        f"{manifest}: {'.'.join(map(str, misfit.steps))}: {misfit.reason}{is_outside}",
        manifest.place.down(*(outside or misfit.steps)),
        "indent it as a field of spec" if outside else misfit.hint,
        severity=Severity.ERROR if is_certain else Severity.WARNING,
        on_key=misfit.on_key,
    )
    from gitops_gen.evidence.forms import is_left_out

    is_open = misfit.missing or is_left_out(at(manifest.value, *misfit.steps))
    return _of_excerpt(graph, manifest, finding) if is_open and not outside else finding


def _outside(manifest: Manifest, misfit: Misfit) -> Steps | None:
    """Returns where a field stands that is missing in the spec: in the metadata, or beside the two."""
    if misfit.steps != ("spec",) or not misfit.missing:
        return None
    places: tuple[Steps, ...] = ((misfit.missing,), ("metadata", misfit.missing))
    return next((each for each in places if at(manifest.value, *each) is not None), None)


def _patch(graph: Graph, manifest: Manifest, patch: Mapping[str, object]) -> Iterator[Finding]:
    """Yields the fields of a template patch that no Application has: they change nothing, and nothing says so.

    A map is laid over that of the template, so that it need not be whole. A list replaces the template's, and what
    an item of it lacks is missing. Source: argoproj/argo-cd v3.5.1, applicationset/controllers/template/patch.go,
    applyTemplatePatch, which merges strategically.
    """
    for misfit in misfits(patch, argo_cd_shapes.APPLICATION_PATCH, None):
        is_partial_map = misfit.missing and not any(isinstance(step, int) for step in misfit.steps)
        if misfit.on_key and not is_partial_map:
            yield Finding(
                f"{manifest}: the template patch: {'.'.join(map(str, misfit.steps))}: {misfit.reason}",
                manifest.place.down("spec", "templatePatch"),
                misfit.hint,
                severity=by_mark(graph, manifest.place),
            )


def _finalizers(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    """Yields the finalizers that nobody removes, of an object and of the Applications that a template makes."""
    for steps, what in ((), str(manifest)), (("spec", "template"), f"an Application of {manifest}"):
        for index, finalizer in enumerate(list_at(manifest.value, *steps, "metadata", "finalizers")):
            if not isinstance(finalizer, str) or finalizer in _FINALIZERS or is_unfilled(finalizer):
                continue
            if any(each in finalizer for each in _OWN_FINALIZER) or any(
                is_typo(finalizer, each) for each in _FINALIZERS
            ):
                meant = nearest_name(finalizer, _FINALIZERS)
                yield Finding(
                    f"{what} has the finalizer {finalizer}, which Argo CD does not know and never removes: it cannot "
                    "be deleted",
                    manifest.place.down(*steps, "metadata", "finalizers", index),
                    f"did you mean {meant}?" if meant else f"write {_CASCADE}, or remove it",
                    severity=by_mark(graph, manifest.place),
                    cause=f"finalizer {finalizer}",
                )


def _differences(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    for steps in _IGNORED.get(manifest.kind, ()):
        if list_at(manifest.value, *steps):
            from gitops_gen.checks.ignored_differences import ignored_differences

            yield from ignored_differences(graph, manifest, steps)


CHECK = Check("argo-cd-object", _run, __doc__, is_of_object=True)
