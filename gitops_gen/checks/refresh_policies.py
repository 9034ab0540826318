"""Generated ExternalSecrets whose policy and whose interval say two things of how often they are read.

The operator looks at the interval only where the policy is Periodic, and an interval of 0 reads once. Generated files
state both, of one fact: where the two part, while elsewhere they do not, one of them was changed by itself.

Part of external-secret-fields. Source: external-secrets v2.9.0, apis/externalsecrets/v1, ExternalSecretRefreshPolicy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import durations
from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.values import text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operators import OperatorObject

_POLICIES = {"Periodic": True, "CreatedOnce": False, "OnChange": False}
"""The policies, and whether the operator looks at the interval."""


def refresh_policies(graph: Graph) -> Iterator[Finding]:
    """Yields the few whose policy and interval part."""
    stated = {id(each.manifest.value): each for each in graph.operator_objects if _states_both(each)}
    odd = [each for each in stated.values() if _parts(each)]
    if odd and len(odd) < len(stated) - len(odd):
        yield from (_finding(each) for each in odd if graph.is_ours(each.manifest.place))


def _states_both(each: OperatorObject) -> bool:
    spec = each.manifest.value.get("spec") if each.manifest.kind == "ExternalSecret" else None
    return isinstance(spec, dict) and "refreshPolicy" in spec and "refreshInterval" in spec


def _parts(each: OperatorObject) -> bool:
    policy, interval = _both(each)
    nanoseconds = durations.parse(interval)
    return policy in _POLICIES and nanoseconds is not None and _POLICIES[policy] != (nanoseconds > 0)


def _both(each: OperatorObject) -> tuple[str, str]:
    policy, interval = (text_at(each.manifest.value, "spec", name) for name in ("refreshPolicy", "refreshInterval"))
    return policy or "", interval or ""


def _finding(each: OperatorObject) -> Finding:
    policy, interval = _both(each)
    return Finding(
        f"{each.manifest} has refreshPolicy {policy} and refreshInterval {interval}: by one of the two it is read "
        "again and again, by the other it is not",
        each.manifest.place.down("spec", "refreshPolicy"),
        "write Periodic for an interval, and CreatedOnce for 0s",
        related=((each.manifest.place.down("spec", "refreshInterval"), "the interval"),),
        severity=Severity.WARNING,
        cause=f"{each.manifest}: {policy} and {interval}",
        cluster=each.cluster,
    )
