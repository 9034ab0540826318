"""Clusters that are registered unlike the others of a generated tree, in what only AWS knows: an id, or a role.

EKS gives a cluster one id, for its endpoint and for its OIDC issuer, though nothing promises that. Where the other
clusters have it so, a cluster with two ids was most likely made anew, and only one of its files was told. A certificate
authority, and the successor beside it while the two are exchanged, is that of one cluster.

Part of cluster-registration. Source: aws/aws-cli, awscli/examples/eks/describe-cluster.rst, for the id; Amazon EKS,
CreateCertificateAuthority; Amazon EKS, "Cluster API server endpoint".
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from gitops_gen.aws.names import check_oidc_id
from gitops_gen.checks.cluster_config import authority_of, role_of
from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.values import secret_text
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.terraform import Tfvars

ENDPOINT = re.compile(
    r"https://(?P<id>[0-9A-Za-z]+)(?:\.[0-9a-z-]+)?\.(?P<region>[a-z0-9-]+)"
    r"\.(?:eks\.(?P<domain>[^/:]+)|(?P<dual_stack>api\.[^/:]+))(?::443)?/?"
)
"""The endpoint of a cluster of EKS: of one with IPv4, or of one with IPv6 that was made after October 2024."""
_CERTIFICATE = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"
"""How a certificate in PEM begins, in base64: anything else stands for one that is filled in later."""
_SHORTEST = 400
"""Characters that a certificate has at the least: a shorter one is an example."""
_FEW = 2
"""So few clusters are no measure for the others."""


class _Ids(NamedTuple):
    """The two ids of a registered cluster."""

    manifest: Manifest
    tfvars: Tfvars
    endpoint: str
    issuer: str


def unusual_registrations(
    generated: Sequence[Manifest], by_cluster: Mapping[str, Tfvars], by_id: Mapping[str, Tfvars]
) -> Iterator[Finding]:
    """Yields the generated Secrets of clusters that are unlike the others; `by_id` says whose an issuer's id is."""
    yield from _ids(generated, by_cluster, by_id)
    yield from _roles(generated)
    yield from _authorities(generated)


def id_of(tfvars: Tfvars) -> str:
    """Returns the id of the OIDC issuer of a cluster."""
    return tfvars.provider.rpartition("/")[2].upper()


def is_almost(one: str, other: str) -> bool:
    """True if two ids differ in one character, or in two that are exchanged, or one of them lacks one."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        differing = [index for index in range(len(short)) if short[index] != long[index]]
        ends = slice(differing[0], differing[-1] + 1) if differing else slice(0)
        return len(differing) == 1 or (len(short[ends]) == 2 and short[ends] == long[ends][::-1])
    return any(long[:index] + long[index + 1 :] == short for index in range(len(long)))


def _ids(
    generated: Sequence[Manifest], by_cluster: Mapping[str, Tfvars], by_id: Mapping[str, Tfvars]
) -> Iterator[Finding]:
    known = [each for manifest in generated if (each := _ids_of(manifest, by_cluster)) is not None]
    strange = [each for each in known if each.endpoint != each.issuer]
    alike = len(known) - len(strange)
    if alike < _FEW or alike <= len(strange):
        return
    for each in strange:
        if each.endpoint not in by_id and not is_almost(each.endpoint, each.issuer):
            yield Finding(
                f"the server of {each.tfvars.cluster}: got the id {each.endpoint}, and that of its OIDC issuer is "
                f"{each.issuer}; the other clusters have one id for both",
                each.manifest.place.down("stringData", "server"),
                "take both from: aws eks describe-cluster --name NAME",
                related=((each.tfvars.place / "oidc_provider", "the issuer of the cluster"),),
                severity=Severity.WARNING,
                cluster=each.tfvars.cluster,
            )


def _ids_of(manifest: Manifest, by_cluster: Mapping[str, Tfvars]) -> _Ids | None:
    tfvars = by_cluster.get(secret_text(manifest.value, "name") or "")
    found = ENDPOINT.fullmatch(secret_text(manifest.value, "server") or "")
    if tfvars is None or found is None:
        return None
    ids = _Ids(manifest, tfvars, found["id"].upper(), id_of(tfvars))
    return ids if check_oidc_id(ids.endpoint) is None and check_oidc_id(ids.issuer) is None else None


def _roles(generated: Sequence[Manifest]) -> Iterator[Finding]:
    """Yields a role with the name of another one but for a letter, which more clusters have."""
    named = [(manifest, name) for manifest in generated if (name := role_of(manifest)) is not None]
    uses = Counter(name for _, name in named)
    if len(uses) < 2:
        return
    usual, number = uses.most_common(1)[0]
    slips = {name for name in uses if uses[name] < number and number > _FEW and is_typo(name, usual)}
    like = next(manifest for manifest, name in named if name == usual)
    for manifest, name in named:
        if name in slips:
            cluster = secret_text(manifest.value, "name") or ""
            yield Finding(
                f"the config of {cluster}: got {name}, and the other clusters have {usual}",
                manifest.place.down("stringData", "config"),
                f"write {usual}, if that is what is meant",
                related=((like.place.down("stringData", "config"), f"{usual} is here"),),
                severity=Severity.WARNING,
                cluster=cluster,
            )


def _authorities(generated: Sequence[Manifest]) -> Iterator[Finding]:
    """Yields a cluster of EKS with the certificate authority of another one: each has its own."""
    first: dict[str, Manifest] = {}
    for manifest in generated:
        authority = authority_of(manifest)
        is_real = authority.startswith(_CERTIFICATE) and len(authority) > _SHORTEST
        if is_real and ENDPOINT.fullmatch(secret_text(manifest.value, "server") or ""):
            other = first.setdefault(authority, manifest)
            name, others = (secret_text(each.value, "name") or "" for each in (manifest, other))
            if name != others:
                yield Finding(
                    f"the config of {name}: got the caData of {others}, and EKS makes an authority for each cluster",
                    manifest.place.down("stringData", "config"),
                    "take it from: aws eks describe-cluster --name NAME --query cluster.certificateAuthority.data",
                    related=((other.place.down("stringData", "config"), f"{others} has it here"),),
                    cluster=name,
                )
