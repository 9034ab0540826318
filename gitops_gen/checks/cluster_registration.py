"""The Secret that registers a cluster with Argo CD is complete, and speaks of that cluster only.

Argo CD reads name, server and config of every Secret with the label argocd.argoproj.io/secret-type: cluster; without
the label it is any Secret. Where server or config is that of another cluster, Applications are synced to the wrong one;
where config is no JSON, or has a value of another type than Argo CD reads, as env in a list, it knows no such cluster;
only its own cluster needs none, one behind a proxy without TLS, and one that the EKS capability for Argo CD knows by
its ARN, which is in the account and the region of the cluster. A role of another partition of AWS than the cluster's
can never be assumed. One of another account is a warning: the cluster may let such a role in, by an access entry or
aws-auth, but a mistyped account looks the same. So is an endpoint whose id is almost that of the OIDC issuer, since EKS
gives a cluster one id for both; one with the id of another cluster's issuer is that cluster's. In generated files any
other id is a warning too, where the endpoints of the other clusters have the id of the issuer: one of the two is most
likely of a cluster that is gone. A generated role that is a letter away from the one that most clusters have is a
warning. The authority of another cluster of EKS is an error there. A server that is a letter away from that of Argo
CD's own cluster, https://kubernetes.default.svc, has a slip. In a file without our mark, two with one server are a
warning, since a tree may be for several Argo CDs. A generated config has an authority for the endpoint, a way to sign
in, and no key that Argo CD does not read. Values under data are base64. A label with a slip, of a repository or of what
an ExternalSecret makes, too, is a warning: Argo CD passes over the Secret. The Secret is of no type that asks for other
keys than these. A file that has the name of a cluster, among the generated Secrets of others, registers it.

Fix: take server and certificate from `aws eks describe-cluster`, and name the cluster and a role of its account in
awsAuthConfig.

Source: Argo CD v3.5.1, docs/operator-manual/declarative-setup.md, clusters and EKS; Amazon EKS, DescribeCluster
and "Cluster API server endpoint"; Amazon EKS, "Register target clusters" of the capability for Argo CD; Kubernetes,
ValidateSecret.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import check_cluster_arn, parse_arn
from gitops_gen.aws.endpoints import check_server_url
from gitops_gen.aws.regions import partition_of
from gitops_gen.checks.cluster_config import EKS_HOST, config_of
from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.checks.lost_registrations import lost_registrations
from gitops_gen.checks.misspelt_types import misspelt_types
from gitops_gen.checks.unusual_registrations import ENDPOINT, id_of, is_almost, unusual_registrations
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.applications import LOCAL_SERVER
from gitops_gen.evidence.argo_cd_secrets import CLUSTER, makes_secret, secret_type
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import map_at, secret_text, text_at
from gitops_gen.kubernetes import ARGO_CD_SECRET_TYPE
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import Names, is_typo, near_miss
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.terraform import Tfvars

_ARN = "arn:"
"""How the server of a cluster starts that the EKS capability for Argo CD knows by its ARN."""
_PLAIN = "http://"
"""How the server of a cluster starts that is reached without TLS, as by a proxy beside Argo CD that signs in itself."""
_FIELDS = frozenset({"apiVersion", "data", "immutable", "kind", "metadata", "stringData", "type"})
"""The fields of a Secret."""
_NEEDING_MORE = {
    "kubernetes.io/basic-auth": "username or password",
    "kubernetes.io/dockercfg": ".dockercfg",
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
    "kubernetes.io/service-account-token": "the name of a ServiceAccount",
    "kubernetes.io/ssh-auth": "ssh-privatekey",
    "kubernetes.io/tls": "tls.crt and tls.key",
}
"""The types of a Secret that ask for what that of a cluster does not have."""


class _Known(NamedTuple):
    """What registrations are held against."""

    by_cluster: dict[str, Tfvars]
    by_id: dict[str, Tfvars]
    names: Names
    """Those of the clusters that have a variable file."""
    servers: dict[str, Place]
    """Those of the registrations that were judged."""


def _run(graph: Graph) -> Iterator[Finding]:
    by_cluster = {tfvars.cluster: tfvars for tfvars in graph.tfvars}
    known = _Known(by_cluster, _by_id(graph), Names(by_cluster), {})
    generated: list[Manifest] = []
    for manifest in graph.manifests:
        label = secret_type(manifest)
        if label == CLUSTER and makes_secret(manifest) and not graph.is_ours(manifest.place):
            continue  # what an ExternalSecret or the like makes has the labels of that
        if label == CLUSTER:
            yield from _kind(manifest)
            yield from _registration(graph, manifest, known)
            if graph.is_ours(manifest.place):
                generated.append(manifest)
        elif _looks_like_one(manifest):
            yield _without_label(graph, manifest, label)
        elif label is not None or makes_secret(manifest):
            yield from misspelt_types(manifest)
    yield from unusual_registrations(generated, by_cluster, known.by_id)
    yield from lost_registrations(graph, generated)


def _by_id(graph: Graph) -> dict[str, Tfvars]:
    """Returns whose each id of an OIDC issuer is; one that two clusters share is nobody's."""
    found: defaultdict[str, dict[str, Tfvars]] = defaultdict(dict)
    for tfvars in graph.tfvars:
        found[id_of(tfvars)].setdefault(tfvars.cluster, tfvars)
    return {each: next(iter(owners.values())) for each, owners in found.items() if each and len(owners) == 1}


def _kind(manifest: Manifest) -> Iterator[Finding]:
    for field, got, expected in (("apiVersion", manifest.api_version, "v1"), ("kind", manifest.kind, "Secret")):
        if got != expected:
            yield Finding(
                f"{manifest} carries the label of a cluster's Secret, but its {field} is {got}, expected {expected}",
                manifest.place / field,
                f"write {expected}",
            )


def _looks_like_one(manifest: Manifest) -> bool:
    return manifest.kind == "Secret" and {"name", "server", "config"} <= map_at(manifest.value, "stringData").keys()


def _without_label(graph: Graph, manifest: Manifest, label: str | None) -> Finding:
    return Finding(
        f"{manifest} has name, server and config of a cluster, but the label {ARGO_CD_SECRET_TYPE} is "
        f"{label or 'missing'}, expected cluster: Argo CD does not read it",
        manifest.place.down("metadata", "labels", ARGO_CD_SECRET_TYPE),
        f"write {ARGO_CD_SECRET_TYPE}: cluster",
        severity=by_mark(graph, manifest.place),
    )


def _registration(graph: Graph, manifest: Manifest, known: _Known) -> Iterator[Finding]:
    data, place = map_at(manifest.value, "stringData"), manifest.place / "stringData"
    yield from _shape(manifest)
    if not text_at(data, "name") and graph.is_ours(manifest.place) and not map_at(manifest.value, "data"):
        yield _without_name(manifest)
    if not data:
        if graph.is_ours(manifest.place):
            yield from _not_encoded(manifest)
        return  # the base64 of `data` belongs to somebody else's tool
    name, server = secret_text(manifest.value, "name") or "", secret_text(manifest.value, "server") or ""
    tfvars = known.by_cluster.get(name)
    yield from _name(graph, manifest, name, known)
    yield from _server(graph, manifest, name, server, (tfvars, _owner(server, tfvars, known.by_id)))
    is_ours = graph.is_ours(manifest.place)
    is_form = _is_form(server, is_ours=is_ours)
    is_for_any = not is_ours and (server in ("", LOCAL_SERVER) or is_form)
    first = place / "server" if is_for_any else known.servers.setdefault(server, place / "server")
    if first != place / "server":
        yield Finding(
            f"two clusters are registered with the server {server}",
            place / "server",
            "give each cluster its own server",
            severity=Severity.ERROR if is_ours else Severity.WARNING,
            related=((first, "the other one"),),
            cluster=name,
        )
    needs_none = server == LOCAL_SERVER or is_form or server.startswith((_ARN, _PLAIN))
    if "config" in data or not needs_none:
        yield from config_of(graph, manifest, name or server, tfvars)


def _is_form(server: str, *, is_ours: bool) -> bool:
    """Tells whether a server is one that somebody has still to fill in: in a generated file, less is."""
    return placeholders.in_url(server) if is_ours else placeholders.in_server(server)


def _shape(manifest: Manifest) -> Iterator[Finding]:
    """Yields a field that no Secret has, and a type that is no text: the API server refuses it, or drops it."""
    for field in manifest.value.keys() - _FIELDS:
        hint = near_miss(field, _FIELDS)
        yield Finding(f"{manifest}: there is no field {field}", manifest.place / field, hint, on_key=True)
    kind = manifest.value.get("type")
    if kind is not None and not isinstance(kind, str):
        yield Finding(f"{manifest}: its type is no string", manifest.place / "type", "write type: Opaque")
    elif kind in _NEEDING_MORE:
        reason = f"the API server refuses a Secret of type {kind} without {_NEEDING_MORE[kind]}"
        yield Finding(f"{manifest}: {reason}", manifest.place / "type", "write type: Opaque")


def _not_encoded(manifest: Manifest) -> Iterator[Finding]:
    """Yields a value of `data` that is written as it is: the API server refuses what is no base64."""
    for key, value in map_at(manifest.value, "data").items():
        if not isinstance(value, str) or not _is_base64(value):
            yield Finding(
                f"{manifest}: its {key} is no base64, as values of data are",
                manifest.place.down("data", key),
                "write stringData instead of data",
            )
            return


def _is_base64(text: str) -> bool:
    from base64 import b64decode

    try:
        b64decode("".join(text.split()), validate=True)
    except ValueError:
        return False
    return True


def _without_name(manifest: Manifest) -> Finding:
    return Finding(
        f"{manifest} carries the label of a cluster's Secret, but has no stringData.name: no Application finds it",
        manifest.place.down("stringData", "name"),
        "write the name of the cluster",
    )


def _name(graph: Graph, manifest: Manifest, name: str, known: _Known) -> Iterator[Finding]:
    if not name or name in known.by_cluster or not graph.is_ours(manifest.place):
        return
    lost = graph.lost_tfvars
    if name in graph.clusters and lost:
        yield Finding(
            f"{manifest} registers the cluster {name}, for which there is no tfvars file; one is for another that no "
            "Application lands on",
            manifest.place.down("stringData", "name"),
            "correct the cluster_name of the file",
            related=lost[:1],
            cluster=name,
        )
    elif name not in graph.clusters and known.by_cluster:
        file = graph.variable_files_by_name.get(name)
        yield Finding(
            f"{manifest} registers the cluster {name}, for which there is no tfvars file and no Application",
            manifest.place.down("stringData", "name"),
            near_miss(name, known.names) if file is None else "bring back what the files of the cluster said",
            related=((Place(file.path) / "cluster_name", "its file is of another cluster"),)
            if file is not None
            else (),
            cluster=name,
        )


def _owner(server: str, tfvars: Tfvars | None, by_id: dict[str, Tfvars]) -> Tfvars | None:
    """Returns the other cluster whose endpoint a server is, by the id that EKS gave it."""
    found = ENDPOINT.fullmatch(server)
    owner = by_id.get(found["id"].upper()) if found is not None else None
    return owner if owner is not None and tfvars is not None and owner.cluster != tfvars.cluster else None


def _server(
    graph: Graph, manifest: Manifest, name: str, server: str, known: tuple[Tfvars | None, Tfvars | None]
) -> Iterator[Finding]:
    """Yields what is wrong with a server; `known` are the variables of its cluster, and of the one that it leads to."""
    tfvars, owner = known
    is_form = _is_form(server, is_ours=graph.is_ours(manifest.place))
    is_form = is_form or (server.startswith(_ARN) and placeholders.in_role_arn(server))
    reason = None if is_form else _wrong_server(server, tfvars)
    if owner is not None:
        reason = f"got the endpoint of {owner.cluster}, by its id"
    if reason is None and graph.is_ours(manifest.place):
        reason = check_server_url(server)
    slip = None if reason or tfvars is None else _slip_of_id(server, tfvars)
    if reason is None and is_typo(server, LOCAL_SERVER):
        yield _almost_local(graph, manifest, name, server)
        return
    if reason is not None or slip is not None:
        field = "arn" if server.startswith(_ARN) and not graph.is_ours(manifest.place) else "endpoint"
        yield Finding(
            f"the server of {name}: {reason or slip}",
            manifest.place.down("stringData", "server"),
            f"take it from: aws eks describe-cluster --name NAME --query cluster.{field}",
            related=(
                *(((owner.place / "oidc_provider", f"the id is that of {owner.cluster}"),) if owner else ()),
                *(((tfvars.place, "the tfvars of the cluster"),) if tfvars else ()),
            ),
            severity=Severity.ERROR if reason is not None else Severity.WARNING,
            cluster=name,
        )


def _almost_local(graph: Graph, manifest: Manifest, name: str, server: str) -> Finding:
    return Finding(
        f"the server of {name}: got {server}, expected {LOCAL_SERVER}, Argo CD's own cluster",
        manifest.place.down("stringData", "server"),
        f"write {LOCAL_SERVER}, or take it from: aws eks describe-cluster --name NAME --query cluster.endpoint",
        severity=by_mark(graph, manifest.place),
        cluster=name,
    )


def _slip_of_id(server: str, tfvars: Tfvars) -> str | None:
    """Tells of an endpoint whose id is that of the cluster's OIDC issuer but for a slip: EKS gives both one."""
    found = ENDPOINT.fullmatch(server)
    own = id_of(tfvars)
    if found is None or not is_almost(found["id"].upper(), own):
        return None
    return f"got the id {found['id']}, and that of its OIDC issuer is {own}"


def _wrong_server(server: str, tfvars: Tfvars | None) -> str | None:
    if not server:
        return "there is none"
    if server.startswith(_ARN):
        return check_cluster_arn(server) or (_unlike(server, tfvars) if tfvars is not None else None)
    if not EKS_HOST.search(server):
        return None  # a private endpoint, or a cluster that is not of EKS
    found = ENDPOINT.fullmatch(server)
    partition = partition_of(found["region"]) if found else None
    if found is None or partition is None:
        return f"got {server}, expected https://<id>.<part>.<region>.eks.<domain>"
    domain, expected = found["domain"], partition.dns_suffix
    if domain is None:
        domain, expected = found["dual_stack"], partition.dual_stack_suffix
    if domain != expected:
        return f"got the domain {domain}, expected {expected}"
    if tfvars is not None and tfvars.region and found["region"] != tfvars.region:
        return f"got the region {found['region']}, expected {tfvars.region}"
    return None


def _unlike(server: str, tfvars: Tfvars) -> str | None:
    """Tells of the ARN of a cluster that is in another account or region than its variables say."""
    arn = parse_arn(server)
    if arn is None:
        return None
    if tfvars.account not in ("", arn.account):
        return f"got the account {arn.account}, expected {tfvars.account}"
    return f"got the region {arn.region}, expected {tfvars.region}" if tfvars.region not in ("", arn.region) else None


CHECK = Check("cluster-registration", _run, __doc__)
