"""The cluster that an Application names is one that Argo CD knows.

Argo CD finds a cluster by the name in its Secret. Where no Secret has the name, the Application is stuck with "there
are no clusters with this name", and nothing else says so. A cluster may be registered elsewhere, by hand or by
Terraform: then it is known here by its variable file. So may it be by an ExternalSecret or a SealedSecret with the
label in its template; beside one that does not say which cluster it is for, a name with a typo is a warning. The name
of a cluster as its server, or a host without https://, is no cluster at all, and neither is a URL as its name. A server
that is one letter from that of Argo CD's own cluster, https://kubernetes.default.svc, is a slip where no Secret has it.

Fix: correct the name, or register the cluster: argocd cluster add, or a Secret with the label
argocd.argoproj.io/secret-type: cluster.

Source: Argo CD v3.5.1, docs/operator-manual/declarative-setup.md, clusters; util/argo/argo.go, ValidateDestination.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.checks.finding import Check, Finding, by_mark, parameters_of, template_of
from gitops_gen.evidence.applications import HOST, LOCAL_CLUSTER, LOCAL_SERVER
from gitops_gen.evidence.argo_cd_secrets import made_clusters
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import at, secret_text
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.near_miss import Names

_SERVER = ("spec", "destination", "server")
_LOCAL_HOST = LOCAL_SERVER.removeprefix("https://")


def _run(graph: Graph) -> Iterator[Finding]:
    made = _Made(graph)
    names = _known_names(graph)
    servers = {
        server: manifest.place
        for manifest in graph.cluster_secrets.values()
        if (server := secret_text(manifest.value, "server"))
    }
    yield from _names_as_servers(graph, names, servers)
    yield from _urls_as_names(graph, names)
    yield from _hosts_as_servers(graph, {*names, *servers})
    yield from _almost_local(graph, {*names, *servers})
    by_name = _Declared("name", names, {*graph.clusters} - {LOCAL_CLUSTER})
    by_server = _Declared("server", servers)
    for cluster in graph.clusters.values():
        application = cluster.deployments[0].application
        if cluster.secret is not None or application.is_local or is_unfilled(cluster.name):
            continue
        if application.cluster is not None:
            if cluster.tfvars is None and not _is_url(cluster.name):
                yield from _undeclared(graph, cluster, by_name, made.names)
        elif application.server is not None:
            if application.server not in names and not HOST.fullmatch(application.server):
                yield from _undeclared(graph, cluster, by_server, made.servers)
        elif application.spec_place.rendering or isinstance(at(application.value, "spec", "destination"), dict):
            from gitops_gen.checks.excerpts import of_excerpt

            # A destination that is no map, or missing altogether, is for argo-cd-object.
            yield of_excerpt(graph, application.place, _without(cluster))


def _names_as_servers(graph: Graph, names: Mapping[str, Place], servers: Collection[str]) -> Iterator[Finding]:
    """Yields the Applications that state the name of a cluster under `server`, where Argo CD expects its URL."""
    for application in graph.applications:
        server = application.server
        if server is not None and application.cluster is None and server in names and server not in servers:
            yield Finding(
                f"{application.name} lands on the server {server}, which is the name of a cluster, expected its URL",
                application.stated_at("destination", "server"),
                f"write name: {server}",
                related=((names[server], "the cluster of that name"), *template_of(application, *_SERVER)),
                cause=f"{application.written_as}: a name as server",
                cluster=server,
            )


def _urls_as_names(graph: Graph, names: Collection[str]) -> Iterator[Finding]:
    """Yields the Applications that state the URL of a cluster under `name`, where no cluster is called so."""
    for application in graph.applications:
        name = application.cluster
        if name is not None and _is_url(name) and name not in names and not is_unfilled(name):
            steps = ("spec", "destination", "name")
            yield Finding(
                f"{application.name} lands on the cluster of the name {name}, which is a URL",
                application.stated_at("destination", "name"),
                f"write server: {name}",
                related=template_of(application, *steps),
                # The own cluster of Argo CD has a name already; another one may be called by its URL elsewhere.
                severity=Severity.ERROR if name == LOCAL_SERVER else by_mark(graph, application.spec_place),
                cause=f"{application.written_as}: a URL as name",
                cluster=name,
            )


def _hosts_as_servers(graph: Graph, known: Collection[str]) -> Iterator[Finding]:
    """Yields the Applications whose server is no URL, where nothing here is called so: no cluster has such a server."""
    for application in graph.applications:
        server = application.server
        if server is None or application.cluster is not None or server in known or not HOST.fullmatch(server):
            continue
        is_local = server in (LOCAL_CLUSTER, _LOCAL_HOST)
        yield Finding(
            f"{application.name} lands on the server {server}, expected a URL",
            application.stated_at("destination", "server"),
            f"write server: https://{server}" if "." in server else f"write name: {server}",
            related=template_of(application, *_SERVER),
            # Which text in a file by hand is filled in before it is used, nobody knows for certain.
            severity=Severity.ERROR if is_local else by_mark(graph, application.spec_place),
            cause=f"{application.written_as}: no URL as server",
            cluster=server,
        )


def _almost_local(graph: Graph, known: Collection[str]) -> Iterator[Finding]:
    """Yields the Applications whose server is one letter from that of Argo CD's own cluster, where no other has it."""
    for application in graph.applications:
        server = application.server
        if server is None or server in known or HOST.fullmatch(server) or server.rstrip("/") == LOCAL_SERVER:
            continue
        if is_typo(server, LOCAL_SERVER):
            yield Finding(
                f"{application.name} lands on the server {server}, expected {LOCAL_SERVER}, Argo CD's own cluster",
                application.stated_at("destination", "server"),
                f"write server: {LOCAL_SERVER}",
                related=template_of(application, *_SERVER),
                severity=by_mark(graph, application.spec_place),
                cause=f"{application.written_as}: almost the local server",
                cluster=server,
            )


def _is_url(name: str) -> bool:
    return name.startswith(("https://", "http://"))


class _Made:
    """What makes the Secrets of clusters, looked up where a cluster has none: an ExternalSecret, a SealedSecret."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def names(self) -> frozenset[str | None]:
        """The names of those clusters; None among them for one that somebody fills in."""
        return self._of("name")

    @cached_property
    def servers(self) -> frozenset[str | None]:
        """The servers of those clusters, as their names."""
        return self._of("server")

    def _of(self, field: str) -> frozenset[str | None]:
        return made_clusters((*self._graph.manifests, *self._graph.rendered), field)


def _known_names(graph: Graph) -> dict[str, Place]:
    known = {tfvars.cluster: tfvars.place for tfvars in graph.tfvars}
    known |= {name: manifest.place for name, manifest in graph.cluster_secrets.items()}
    return known


class _Declared:
    """The clusters that are declared, by one field of them: by their names, or by their servers."""

    def __init__(self, field: str, places: Mapping[str, Place], named: Collection[str] = ()) -> None:
        """`named` are those that Applications name, be they declared or not."""
        self.field = field
        self.places = places
        self._named = named

    @cached_property
    def names(self) -> Names:
        """What an unknown one may be meant for; where none is declared, those that are named."""
        from gitops_gen.near_miss import Names

        return Names(self.places) if self.places else self.all

    @cached_property
    def all(self) -> Names:
        """What an unknown one may be a typo of."""
        from gitops_gen.near_miss import Names

        return Names([*self.places, *self._named])


def _undeclared(
    graph: Graph, cluster: ClusterEvidence, declared: _Declared, made: Collection[str | None]
) -> Iterator[Finding]:
    """Yields an error for a name that is a typo, and for one in our own files; a note where others are declared.

    `made` are the clusters whose Secrets an operator makes. Where nobody can name one of them, a typo is a warning.
    Where no Secret declares any cluster, those are registered elsewhere: cannot-say tells it, and this is no finding.
    """
    if cluster.name in made:
        return
    from gitops_gen.near_miss import near_miss

    application = cluster.deployments[0].application
    field, known = declared.field, declared.places
    meant = next((each for each in declared.all.meant_by(cluster.name) if _is_rarer(graph, cluster, each)), None)
    steps = ("spec", "destination", field)
    is_error = meant is not None or (graph.is_ours(application.place) and bool(known))
    likely = [meant] if meant is not None else declared.names
    if is_error or (known and graph.cluster_secrets):
        related = ((known[meant], "this one is declared"),) if meant is not None and meant in known else ()
        yield Finding(
            f"{_landing(cluster)} on {cluster.name}, and no file here declares a cluster of that {field}",
            application.stated_at("destination", field),
            near_miss(cluster.name, likely) if is_error else "verify its Secret together with these",
            related=(*related, *(_lost(graph, cluster) if is_error else ()), *template_of(application, *steps)),
            severity=(Severity.WARNING if None in made else Severity.ERROR) if is_error else Severity.NOTE,
            cause="" if is_error else "clusters registered elsewhere",
            cluster=cluster.name,
        )


def _lost(graph: Graph, cluster: ClusterEvidence) -> tuple[tuple[Place, str], ...]:
    """Returns a variable file that is probably meant for a cluster: one of its name, or else one for no cluster."""
    named = graph.variable_files_by_name.get(cluster.name)
    if named is None:
        return graph.lost_tfvars[:1]
    return ((Place(named.path), "this file has its name, and is not for it"),)


def _landing(cluster: ClusterEvidence) -> str:
    count = len(cluster.deployments)
    return f"{cluster.deployments[0].application.name} lands" if count == 1 else f"{count} Applications land"


def _is_rarer(graph: Graph, cluster: ClusterEvidence, other: str) -> bool:
    """True if fewer Applications land on the one than on the other: the typo is the rarer."""
    found = graph.clusters.get(other)
    return found is None or found.secret is not None or len(found.deployments) > len(cluster.deployments)


def _without(cluster: ClusterEvidence) -> Finding:
    application = cluster.deployments[0].application
    return Finding(
        f"{application.name} names no cluster, expected destination.name or destination.server",
        application.spec_place / "destination",
        "add destination.name, the name of the cluster in Argo CD",
        related=parameters_of(application),
    )


CHECK = Check("destination-declared", _run, __doc__)
