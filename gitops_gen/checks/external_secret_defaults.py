"""An ExternalSecret spells out what the API server would fill in, and nothing that the operator's version lacks.

The API server adds defaults to an object, inside of lists too, and drops fields that its CRD does not have. Argo CD
then compares what is in git with what is on the cluster: with ServerSideApply and without ServerSideDiff, the two
differ for ever and the Application stays OutOfSync. From 0.20.0 to 1.1.0 the operator also writes refreshInterval
back as Go prints it, so that 1h becomes 1h0m0s, which shows in every way of comparing.

Fix: write the fields with their defaults, durations as 1h0m0s, and no field that the version does not have. It is not
status.refreshTime: Argo CD does not compare the status.

Source: the CRDs of external-secrets at each tag; #5670, #6398, #6797; Argo CD, diff strategies.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gitops_gen import durations
from gitops_gen.checks.alike import each_unlike
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.external_secrets import GROUP, filled_in, remote_ref_defaults, rewrites_intervals
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operators import OperatorObject
    from gitops_gen.evidence.places import Place
    from gitops_gen.shapes import Steps

_TARGET = (("creationPolicy", "Owner"), ("deletionPolicy", "Retain"))
_NOT_OF_FIND = "metadataPolicy"
_POLICIES = ("conversionStrategy", "decodingStrategy", "metadataPolicy", "nullBytePolicy")
_COMPARE = "argocd.argoproj.io/compare-options"


def _run(graph: Graph) -> Iterator[Finding]:
    def alike(each: OperatorObject) -> Hashable:
        is_ours = graph.is_ours(each.manifest.place)
        return id(each.manifest.value), each.version, is_ours, is_ours or _shows_defaults(each)

    yield from each_unlike(graph.operator_objects, alike, partial(_of_object, graph))


def _of_object(graph: Graph, each: OperatorObject) -> Iterator[Finding]:
    if each.manifest.kind == "ExternalSecret" and each.manifest.group == GROUP:
        is_ours = graph.is_ours(each.manifest.place)
        if is_ours or _shows_defaults(each):
            yield from _omitted(each, is_ours=is_ours)
        yield from _pruned(each, is_ours=is_ours)
        yield from _interval(each, is_ours=is_ours)


def _shows_defaults(each: OperatorObject) -> bool:
    """Tells whether Argo CD compares in the way in which a default inside of a list shows as a difference."""
    if each.deployment is None or each.operator is None:
        return False
    application = each.deployment.application
    compare = text_at(application.value, "metadata", "annotations", _COMPARE) or ""
    return "ServerSideApply=true" in application.sync_options and "ServerSideDiff=true" not in compare


def _omitted(each: OperatorObject, *, is_ours: bool) -> Iterator[Finding]:
    """Yields each default that is left out; somebody else, who may have left out all, adds those of a place at once."""
    of_place: dict[Steps, list[tuple[str, str]]] = {}
    for steps, field, default in _missing(each, is_ours=is_ours):
        of_place.setdefault(steps, []).append((field, default))
    for steps, pairs in of_place.items():
        if not is_ours and len(pairs) > 1:
            fields = ", ".join(field for field, _ in pairs)
            message = f"{_path(steps)} leaves out {fields}; the API server adds them, which Argo CD shows as drift"
            hint = f"write {', '.join(f'{field}: {default}' for field, default in pairs)}"
            yield _finding(each, steps, message, hint, is_ours=False)
            continue
        for field, default in pairs:
            message = (
                f"{_path((*steps, field))} is left out; the API server{_before(each, field)} adds {default}, which "
                "Argo CD shows as drift"
            )
            yield _finding(each, steps, message, f"write {field}: {default}", is_ours=is_ours)


def _before(each: OperatorObject, field: str) -> str:
    return " before 2.9.0" if each.version is None and field in _POLICIES else ""


def _missing(each: OperatorObject, *, is_ours: bool) -> Iterator[tuple[Steps, str, str]]:
    spec, defaults = map_at(each.manifest.value, "spec"), filled_in(each.version)
    for field, default in _TARGET:
        # A default outside of a list shows in no way of comparing; that it is written is a rule of generated files.
        if is_ours and at(spec, "target", field) is None:
            yield ("spec", "target"), field, default
    for steps, value in _references(spec):
        for field, default in defaults:
            if field not in value and not (field == _NOT_OF_FIND and steps[-1] == "find"):
                yield steps, field, default


def _references(spec: Mapping[str, object]) -> Iterator[tuple[Steps, Mapping[str, object]]]:
    for index, item in enumerate(list_at(spec, "data")):
        ref = at(item, "remoteRef")
        if isinstance(ref, dict):
            yield ("spec", "data", index, "remoteRef"), ref
    for index, item in enumerate(list_at(spec, "dataFrom")):
        for step in ("extract", "find"):
            ref = at(item, step)
            if isinstance(ref, dict):
                yield ("spec", "dataFrom", index, step), ref


def _pruned(each: OperatorObject, *, is_ours: bool) -> Iterator[Finding]:
    if each.version is None:
        return
    known = dict(remote_ref_defaults(each.version))
    for steps, value in _references(map_at(each.manifest.value, "spec")):
        for field in _POLICIES:
            if field in value and field not in known:
                message = f"{_path(steps)}.{field} is a field that External Secrets {each.version} does not have"
                yield _finding(each, (*steps, field), message, f"remove {field}", is_ours=is_ours)


def _interval(each: OperatorObject, *, is_ours: bool) -> Iterator[Finding]:
    stated = text_at(each.manifest.value, "spec", "refreshInterval") or ""
    printed = durations.canonical(stated)
    if printed is None or printed == stated:
        return
    if is_ours or (each.version is not None and rewrites_intervals(each.version)):
        message = f"refreshInterval is {stated}, which Go prints as {printed}; Argo CD may show that as drift"
        yield _finding(each, ("spec", "refreshInterval"), message, f"write {printed}", is_ours=is_ours)


def _path(steps: Steps) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".spec.")


def _finding(each: OperatorObject, steps: Steps, message: str, hint: str, *, is_ours: bool) -> Finding:
    return Finding(
        f"{each.manifest}: {message}",
        each.manifest.place.down(*steps),
        hint,
        related=_version(each) if "remoteRef" in steps or "dataFrom" in steps else (),
        severity=Severity.ERROR if is_ours else Severity.WARNING,
        on_key=True,
        cause=f"{each.manifest}: {message}" if is_ours else hint,
        cluster=each.cluster,
    )


def _version(each: OperatorObject) -> tuple[tuple[Place, str], ...]:
    """Returns where the version of the operator is stated, which decides what the fields are."""
    if each.operator is None:
        return ()
    stated = (chart.place for chart in each.operator.deployment.operators)
    return tuple((place, f"External Secrets is {each.operator.version} here") for place in stated)


CHECK = Check("external-secret-defaults", _run, __doc__)
