"""A store that reads AWS names a region of AWS, and where it is not the cluster's, the role says that this is meant.

A region with a typo has no endpoint, and nothing syncs. A store that is fixed to one region makes an outage there an
outage of every cluster; that can be a decision, and a role whose patterns name the same region shows that it is one.
Without such a pattern it is more likely copied from another cluster. A region of another partition of AWS than the role
is one in which nobody can assume it.

Fix: name the region whose Secrets Manager holds the secrets: the cluster's, or the one that the role may read.

Source: botocore, endpoints of Secrets Manager; external-secrets v2.9.0, secretstore_aws_types.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.aws.arns import parse_arn
from gitops_gen.aws.regions import check_region, is_known_region, region_code, without_fips
from gitops_gen.checks.finding import Check, Finding, not_judged
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import map_at, text_at
from gitops_gen.kinds import STORE_KINDS
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operators import OperatorObject
    from gitops_gen.evidence.readers import Reader
    from gitops_gen.evidence.terraform import Tfvars

_AWS = ("spec", "provider", "aws")


def _run(graph: Graph) -> Iterator[Finding]:
    for each in graph.operator_objects:
        region = text_at(map_at(each.manifest.value, *_AWS), "region")
        if each.manifest.kind in STORE_KINDS and region is not None and not is_known_region(without_fips(region)):
            is_alone = each.deployment is None and not graph.is_ours(each.manifest.place)
            if not (is_alone and has_template(region)):  # template-leftover tells of it
                yield _unknown(each, region, is_form=is_alone and placeholders.in_name(region))
    for reader in graph.readers:
        tfvars, arn = reader.tfvars, reader.role_arn
        if arn is not None and reader.other_partition is not None:
            yield _of_another_partition(reader, arn.partition, reader.other_partition)
        elif tfvars is not None and _is_elsewhere(reader, tfvars) and not _is_meant(reader, tfvars):
            yield _elsewhere(reader, tfvars)


def _of_another_partition(reader: Reader, of_role: str, of_region: str) -> Finding:
    place, region = reader.role_place, reader.region
    assert place is not None  # noqa: S101 - there is no role without an annotation
    return Finding(
        f"{reader.store} on {reader.deployment.cluster.name} reads {region}, which is in partition {of_region}, "
        f"with a role in {of_role}{not_judged(5)}",
        reader.store.place.down(*_AWS, "region"),
        f"name a region of {of_role}, or the role of {of_region}",
        related=((place, "the role"),),
        cause=f"{reader.store}: {region}",
        cluster=reader.deployment.cluster.name,
    )


def _unknown(each: OperatorObject, region: str, *, is_form: bool) -> Finding:
    # AWS names its regions by points of the compass; one that has such a name may be new.
    is_possible = region_code(region) is not None
    return Finding(
        f"{each.manifest}: {check_region(region)}",
        each.manifest.place.down(*_AWS, "region"),
        "if AWS has opened it since, this is sound" if is_possible else "name the region that holds the secrets",
        severity=Severity.NOTE if is_form else Severity.WARNING if is_possible else Severity.ERROR,
        cause=f"{each.manifest}: {region}",
        cluster=each.cluster,
    )


def _is_elsewhere(reader: Reader, tfvars: Tfvars) -> bool:
    region = reader.region
    return region is not None and bool(tfvars.region) and region != tfvars.region and is_known_region(region)


def _is_meant(reader: Reader, tfvars: Tfvars) -> bool:
    """Tells whether a role says so. What breaks the chain to the role, or its patterns, is for the chain to tell."""
    if reader.role is None:
        return bool(tfvars.roles)
    return "*" not in {arn.region for text in reader.role.secret_arns if (arn := parse_arn(text))}


def _elsewhere(reader: Reader, tfvars: Tfvars) -> Finding:
    return Finding(
        f"{reader.store} on {reader.deployment.cluster.name} reads {reader.region}, but the cluster is in "
        f"{tfvars.region}, and no role says that this is meant",
        reader.store.place.down(*_AWS, "region"),
        f"write {tfvars.region}, or name {reader.region} in the secret_arns of the role",
        related=((tfvars.place / "aws_region", "the cluster's region"),),
        severity=Severity.WARNING,
        cause=f"{reader.store}: {reader.region}",
        cluster=reader.deployment.cluster.name,
    )


CHECK = Check("store-region", _run, __doc__)
