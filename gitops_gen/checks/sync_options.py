"""The options of a sync and of a comparison are spelled as Argo CD spells them.

Argo CD looks for the whole text, name and value: an option with a typo is ignored, and nothing says so, and so is an
annotation with one in its key, be it one that kustomize adds to all objects of a source. The namespace is then not
created, or the dry run not skipped, and the sync fails for a reason that seems to be another. An object with a hook
that Argo CD does not know is applied in no phase, and never is there. A sync wave that is no whole number is wave 0,
or the weight of Helm's hook.

Fix: spell the option as the documentation does.

Source: Argo CD v3.5.1, docs/user-guide/sync-options.md, compare-options.md, diff-strategies.md and sync-waves.md;
gitops-engine, pkg/sync/hook/hook.go, pkg/sync/sync_phase.go and pkg/sync/syncwaves/waves.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import list_at, map_at, strings_at, text_at
from gitops_gen.kinds import ARGO_GROUP
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_TEMPLATED = "{{"
_FLAG = frozenset({"true", "false"})
_ON = frozenset({"true"})
_CONFIRM = frozenset({"false", "confirm", "true"})

_SYNC: Mapping[str, frozenset[str]] = {
    "ApplyOutOfSyncOnly": _FLAG,
    "ClientSideApplyMigration": _FLAG,
    "CreateNamespace": _FLAG,
    "Delete": _CONFIRM,
    "FailOnSharedResource": _FLAG,
    "Force": _FLAG,
    "Prune": _CONFIRM,
    "PruneLast": _FLAG,
    "PrunePropagationPolicy": frozenset({"foreground", "background", "orphan"}),
    "Replace": _FLAG,
    "RespectIgnoreDifferences": _FLAG,
    "ServerSideApply": _FLAG,
    "SkipDryRunOnMissingResource": _FLAG,
    "Validate": _FLAG,
}
_COMPARE: Mapping[str, frozenset[str]] = {
    "IgnoreExtraneous": frozenset({""}),
    "IncludeMutationWebhook": _ON,
    "ServerSideDiff": _FLAG,
}
_PREFIX = "argocd.argoproj.io/"
_ANNOTATIONS = {f"{_PREFIX}sync-options": _SYNC, f"{_PREFIX}compare-options": _COMPARE}
_HOOK = f"{_PREFIX}hook"
_DELETE_POLICY = f"{_PREFIX}hook-delete-policy"
_OF_HELM = "helm.sh/hook"
"""What Argo CD goes by where it knows none of its own."""
_WORDS = {
    _HOOK: frozenset({"PreSync", "Sync", "PostSync", "SyncFail", "PreDelete", "PostDelete", "Skip"}),
    _DELETE_POLICY: frozenset({"HookSucceeded", "HookFailed", "BeforeHookCreation", "Never"}),
}
"""What Argo CD knows; `Never` only one after 3.5. Source: gitops-engine, pkg/sync/common/types.go; argo-cd #28516."""
_KEYS = (
    *_ANNOTATIONS,
    *_WORDS,
    *(f"{_PREFIX}{name}" for name in ("ignore-healthcheck", "manifest-generate-paths", "skip-reconcile", "sync-wave")),
)
"""The annotations that people write for Argo CD to read; source: docs/user-guide/annotations-and-labels.md."""
_MARKS = ("option", "argo")
"""What the key of one of them has, with a slip elsewhere."""
_WAVE = f"{_PREFIX}sync-wave"
_WHOLE = re.compile(r"[+-]?[0-9]+", re.ASCII)
_USUAL = frozenset({_WAVE, ROLE_ANNOTATION})
"""What most objects are annotated with, if with anything: there is no option in it."""
_APPLICATIONS = {"Application": ("spec",), "ApplicationSet": ("spec", "template", "spec")}
_ADDED = ("kustomize", "commonAnnotations")
"""Where a source says what kustomize annotates each object with."""


def _run(graph: Graph) -> Iterator[Finding]:
    for manifest in (*graph.manifests, *graph.rendered):
        yield from _in_annotations(graph, manifest, ("metadata", "annotations"))
        if manifest.group == ARGO_GROUP and manifest.kind in _APPLICATIONS:
            steps = _APPLICATIONS[manifest.kind]
            yield from _in_policy(graph, manifest, (*steps, "syncPolicy", "syncOptions"))
            for source in _sources(manifest, steps):
                yield from _in_annotations(graph, manifest, (*source, *_ADDED))
            if manifest.kind == "ApplicationSet":
                yield from _in_annotations(graph, manifest, (*steps[:-1], "metadata", "annotations"))


def _sources(manifest: Manifest, steps: tuple[str, ...]) -> Iterator[tuple[str | int, ...]]:
    """Yields the steps that lead to the sources that add annotations."""
    sources: list[tuple[str | int, ...]] = [(*steps, "source")]
    sources += [(*steps, "sources", index) for index in range(len(list_at(manifest.value, *steps, "sources")))]
    for source in sources:
        if map_at(manifest.value, *source, *_ADDED):
            yield source


def _in_policy(graph: Graph, manifest: Manifest, steps: tuple[str, ...]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, option in enumerate(strings_at(manifest.value, *steps)):
        place = manifest.place.down(*steps, index)
        yield from _option(graph, manifest, option, _SYNC, place)
        name = option.partition("=")[0]
        if first.setdefault(name, index) != index:
            yield Finding(
                f"{manifest} has the option {name} twice",
                place,
                "write it once, or the option that was meant",
                related=((manifest.place.down(*steps, first[name]), "the first time"),),
                severity=by_mark(graph, place),
                cause=f"option {name} twice",
            )


def _in_annotations(graph: Graph, manifest: Manifest, steps: tuple[str | int, ...]) -> Iterator[Finding]:
    annotations = map_at(manifest.value, *steps)
    yield from _wave(graph, manifest, annotations, manifest.place.down(*steps, _WAVE))
    if _USUAL.issuperset(annotations):
        return
    for annotation in annotations:
        if annotation not in _KEYS and any(mark in annotation.casefold() for mark in _MARKS):
            yield from _astray(graph, manifest, annotation, manifest.place.down(*steps, annotation))
    for annotation, words in _WORDS.items():
        stated = text_at(annotations, annotation) or ""
        yield from _words(graph, manifest, stated, words, manifest.place.down(*steps, annotation))
    for annotation, known in _ANNOTATIONS.items():
        for option in (text_at(annotations, annotation) or "").split(","):
            if option.strip():
                yield from _option(graph, manifest, option.strip(), known, manifest.place.down(*steps, annotation))


def _wave(graph: Graph, manifest: Manifest, annotations: Mapping[str, object], place: Place) -> Iterator[Finding]:
    """Yields a wave that is no whole number: Argo CD passes over it, without a word."""
    stated = text_at(annotations, _WAVE) or "0"
    if _WHOLE.fullmatch(stated) is None and not has_template(stated):
        from gitops_gen.evidence.sync_waves import wave_of

        yield Finding(
            f"{manifest} has {_WAVE}: {stated}, which is no whole number: it is in wave {wave_of(annotations)}",
            place,
            "write a whole number, as text",
            severity=by_mark(graph, place),
            cause=f"{_WAVE}: {stated}",
        )


def _words(graph: Graph, manifest: Manifest, stated: str, known: frozenset[str], place: Place) -> Iterator[Finding]:
    """Yields the hooks, or what is done with one in the end, that Argo CD does not know."""
    written = [word for each in stated.split(",") if (word := each.strip())]
    unknown = next((each for each in written if each not in known), None)
    if unknown is None or _TEMPLATED in stated:
        return
    from gitops_gen.near_miss import is_typo, near_miss

    is_slip = any(unknown.casefold() == each.casefold() or is_typo(unknown, each) for each in known)
    annotations = map_at(manifest.value, *place.steps[:-1])
    is_nowhere = place.steps[-1] == _HOOK and known.isdisjoint(written) and _OF_HELM not in annotations
    what = "no phase applies it" if is_nowhere else "it is ignored"
    yield Finding(
        f"{manifest} has {place.steps[-1]}: {unknown}, which Argo CD does not know; {what}",
        place,
        near_miss(unknown, known),
        severity=Severity.ERROR if is_slip and is_nowhere else by_mark(graph, place),
        cause=f"{place.steps[-1]}: {unknown}",
    )


def _astray(graph: Graph, manifest: Manifest, annotation: str, place: Place) -> Iterator[Finding]:
    """Yields an annotation with options whose key is almost that of Argo CD."""
    from gitops_gen.near_miss import is_typo

    written = annotation.casefold().replace("_", "-")
    meant = next(
        (each for each in _KEYS if written == each or is_typo(written, each) or _is_elsewhere(written, each)),
        _holder(manifest, annotation, place) if annotation.startswith(_PREFIX) else None,
    )
    if meant is not None:
        what = "its options are" if meant in _ANNOTATIONS else "it is"
        yield Finding(
            f"{manifest} has the annotation {annotation}, expected {meant}; {what} ignored",
            place,
            f"write {meant}",
            severity=by_mark(graph, place),
            on_key=True,
        )


def _holder(manifest: Manifest, annotation: str, place: Place) -> str | None:
    """Returns the annotation whose options another one has that Argo CD does not read, such as diff-options."""
    value = text_at(map_at(manifest.value, *place.steps[:-1]), annotation) or ""
    names = {each.strip().partition("=")[0] for each in value.split(",")}
    return next((each for each, known in _ANNOTATIONS.items() if names <= known.keys()), None)


def _is_elsewhere(annotation: str, meant: str) -> bool:
    """True for the name of an annotation of Argo CD behind almost its prefix: the ends of that are short words."""
    from gitops_gen.near_miss import nearest_name

    prefix, name = annotation.rpartition("/")[::2]
    if name != meant.removeprefix(_PREFIX) or nearest_name(prefix, (_PREFIX[:-1],)) is None:
        return False
    # Other projects of Argo have a prefix that ends in the same way.
    project, _, rest = prefix.partition(".")
    own, _, ending = _PREFIX[:-1].partition(".")
    return rest != ending or nearest_name(project, (own,)) is not None


def _option(
    graph: Graph, manifest: Manifest, option: str, known: Mapping[str, frozenset[str]], place: Place
) -> Iterator[Finding]:
    name, _, value = option.partition("=")
    if value in known.get(name, ()) or _TEMPLATED in option:
        return
    from gitops_gen.near_miss import near_miss

    if name in known:
        what = f"expected {' or '.join(f'{name}={each}' if each else name for each in sorted(known[name]))}"
        hint, is_certain = "write one of them", True
    else:
        what, hint = "which Argo CD does not know", near_miss(name, known)
        elsewhere = next((each for each, options in _ANNOTATIONS.items() if name in options), None)
        if elsewhere is not None:
            what, hint = "which Argo CD does not look for here", f"write it in the annotation {elsewhere}"
        # A newer Argo CD may know more options.
        is_certain = graph.is_ours(place)
    yield Finding(
        f"{manifest} has the option {option}, {what}; it is ignored",
        place,
        hint,
        severity=Severity.ERROR if is_certain else Severity.WARNING,
        cause=f"option {option}",
    )


CHECK = Check("sync-options", _run, __doc__, is_of_object=True)
