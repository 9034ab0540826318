"""The options of a sync and of a comparison are spelled as Argo CD spells them.

Argo CD looks for the whole text, name and value: an option with a typo is ignored, and nothing says so, and so is an
annotation with one in its key. The namespace is then not created, or the dry run not skipped, and the sync fails for a
reason that seems to be another.

Fix: spell the option as the documentation does.

Source: Argo CD v3.5.1, docs/user-guide/sync-options.md, compare-options.md and diff-strategies.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import map_at, strings_at, text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_GROUP = "argoproj.io"
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
_USUAL = frozenset({f"{_PREFIX}sync-wave", ROLE_ANNOTATION})
"""What most objects are annotated with, if with anything: there is no option in it."""
_APPLICATIONS = {"Application": ("spec",), "ApplicationSet": ("spec", "template", "spec")}


def _run(graph: Graph) -> Iterator[Finding]:
    for manifest in (*graph.manifests, *graph.rendered):
        yield from _in_annotations(graph, manifest, ("metadata", "annotations"))
        if manifest.group == _GROUP and manifest.kind in _APPLICATIONS:
            steps = _APPLICATIONS[manifest.kind]
            yield from _in_policy(graph, manifest, (*steps, "syncPolicy", "syncOptions"))
            if manifest.kind == "ApplicationSet":
                yield from _in_annotations(graph, manifest, (*steps[:-1], "metadata", "annotations"))


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


def _in_annotations(graph: Graph, manifest: Manifest, steps: tuple[str, ...]) -> Iterator[Finding]:
    annotations = map_at(manifest.value, *steps)
    if _USUAL.issuperset(annotations):
        return
    for annotation in annotations:
        if "option" in annotation.casefold() and annotation not in _ANNOTATIONS:
            yield from _astray(graph, manifest, annotation, manifest.place.down(*steps, annotation))
    for annotation, known in _ANNOTATIONS.items():
        for option in (text_at(annotations, annotation) or "").split(","):
            if option.strip():
                yield from _option(graph, manifest, option.strip(), known, manifest.place.down(*steps, annotation))


def _astray(graph: Graph, manifest: Manifest, annotation: str, place: Place) -> Iterator[Finding]:
    """Yields an annotation with options whose key is almost that of Argo CD."""
    from gitops_gen.near_miss import is_typo

    written = annotation.casefold()
    meant = next(
        (each for each in _ANNOTATIONS if written == each or is_typo(written, each) or _is_elsewhere(written, each)),
        None,
    )
    if meant is not None:
        yield Finding(
            f"{manifest} has the annotation {annotation}, expected {meant}; its options are ignored",
            place,
            f"write {meant}",
            severity=by_mark(graph, place),
            on_key=True,
        )


def _is_elsewhere(annotation: str, meant: str) -> bool:
    """True for the name of an annotation of Argo CD behind almost its prefix: the ends of that are short words."""
    from gitops_gen.near_miss import nearest_name

    prefix, name = annotation.rpartition("/")[::2]
    return name == meant.removeprefix(_PREFIX) and nearest_name(prefix, (_PREFIX[:-1],)) is not None


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


CHECK = Check("sync-options", _run, __doc__)
