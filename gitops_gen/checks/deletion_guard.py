"""A line that leaves an ApplicationSet does not take what runs on a cluster with it.

When an element goes, or the name template changes, or a generator returns nothing for a moment, Argo CD deletes the
Applications, and each deletes everything that it installed: for an operator, its CustomResourceDefinitions, with them
all their objects, and with those the Secrets that they own. preserveResourcesOnDeletion: true deletes the Application
only. A resources-finalizer in the template turns that off again. In a file without our mark, a set for pull requests
may delete: what is made for one is to go with it; and one that says false by itself is a note, as that is what Argo CD
does anyway: somebody has decided it.

Fix: set spec.syncPolicy.preserveResourcesOnDeletion: true, and remove the finalizer from the template.

Source: Argo CD v3.5.1, docs/operator-manual/applicationset/Application-Deletion.md; applicationset/utils/utils.go,
RenderTemplateParams; argo-cd issues 18480, 18780 and 9227.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.values import at, list_at, map_at, strings_at, text_at
from gitops_gen.kinds import FINALIZER
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_NEVER_DELETES = ("create-only", "create-update")


def _run(graph: Graph) -> Iterator[Finding]:
    for expansion in graph.expansions:
        manifest = expansion.manifest
        severity = by_mark(graph, manifest.place)
        if not graph.is_ours(manifest.place) and _is_for_pull_requests(manifest):
            continue
        finalizers = strings_at(manifest.value, "spec", "template", "metadata", "finalizers")
        if any(each.startswith(FINALIZER) for each in finalizers):
            yield _finalizer(manifest, severity)
        elif not _is_guarded(manifest, is_ours=graph.is_ours(manifest.place)):
            yield _unguarded(manifest, severity)


def _is_guarded(manifest: Manifest, *, is_ours: bool) -> bool:
    if at(manifest.value, "spec", "syncPolicy", "preserveResourcesOnDeletion") is True:
        return True
    return not is_ours and _never_deletes(manifest)


def _never_deletes(manifest: Manifest) -> bool:
    """True for a set that leaves its Applications where they are while it is there itself."""
    return text_at(manifest.value, "spec", "syncPolicy", "applicationsSync") in _NEVER_DELETES


def _is_for_pull_requests(manifest: Manifest) -> bool:
    """True for a set whose every generator, or a part of it, looks for pull requests."""
    generators = list_at(manifest.value, "spec", "generators")
    return bool(generators) and all(_has_pull_requests(each) for each in generators)


def _has_pull_requests(generator: object) -> bool:
    parts = (*list_at(generator, "matrix", "generators"), *list_at(generator, "merge", "generators"))
    return "pullRequest" in map_at(generator) or any(_has_pull_requests(each) for each in parts)


def _finalizer(manifest: Manifest, severity: Severity) -> Finding:
    when = "the set is deleted" if _never_deletes(manifest) else "an element goes"
    return Finding(
        f"the template of {manifest} has the finalizer {FINALIZER}: when {when}, everything that its "
        "Application installed is deleted",
        manifest.place.down("spec", "template", "metadata", "finalizers"),
        "remove the finalizer from the template",
        severity=severity,
        cause="finalizer in the template",
    )


def _unguarded(manifest: Manifest, severity: Severity) -> Finding:
    value = at(manifest.value, "spec", "syncPolicy", "preserveResourcesOnDeletion")
    stated = value is not None
    if value is False and severity is Severity.WARNING:
        severity = Severity.NOTE
    steps = ("syncPolicy", "preserveResourcesOnDeletion") if stated else ()
    return Finding(
        f"{manifest} does not preserve resources on deletion: when an element goes, everything that its Application "
        "installed is deleted",
        manifest.place.down("spec", *steps),
        "set spec.syncPolicy.preserveResourcesOnDeletion: true",
        severity=severity,
        on_key=not stated,
        cause="not preserved on deletion",
    )


CHECK = Check("deletion-guard", _run, __doc__)
