"""Every role of the tfvars is one that a ServiceAccount on its cluster uses, and its name is unique in its account.

A role that nothing uses still trusts whoever can make the ServiceAccount that it names. It is usually the trace of a
name that was changed on one side only. Two roles of one name in one account are one role, and the second terraform
apply takes it from the first; IAM compares the names without regard to case. In generated files, the key of a role
under eso_roles is the same on each cluster: it is the address in the state of Terraform, which for another one deletes
the role and makes it anew.

Fix: remove the entry from eso_roles, or make the annotation of the ServiceAccount name it.

Source: IAM, CreateRole: at most 64 characters, unique in the account without regard to case.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import parse_arn
from gitops_gen.aws.names import check_role_name
from gitops_gen.cached_property import cached_property
from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.checks.own_set import own_set
from gitops_gen.checks.silent_files import silent_files
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import at, text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.terraform import Role, Tfvars
    from gitops_gen.problems import Location


def _run(graph: Graph) -> Iterator[Finding]:
    # By name: where a second file for the cluster declares the same role, that is what is told.
    used = {(each.deployment.cluster.name, each.named_role.name) for each in graph.readers if each.named_role}
    first: dict[tuple[str, str], tuple[Tfvars, Role]] = {}
    accounts = _Accounts(graph)
    alike: defaultdict[tuple[str, str], list[tuple[Tfvars, Role]]] = defaultdict(list)
    for tfvars in graph.tfvars:
        for role in tfvars.roles:
            yield from _name(tfvars, role)
            alike[role.namespace, role.service_account].append((tfvars, role))
            before = first.setdefault((_account_of(tfvars, role), role.name.casefold()), (tfvars, role))
            if before[1] is not role and not _is_same_resource(tfvars, role, *before):
                yield _twice(tfvars, role, *before)
            if (tfvars.cluster, role.name) not in used and _is_known(graph, tfvars):
                yield _unused(graph, tfvars, role, accounts)
    for roles in alike.values():
        if len({role.key for _, role in roles}) > 1 and graph.is_ours(roles[0][1].place):
            yield from _odd_keys(roles)


def _account_of(tfvars: Tfvars, role: Role) -> str:
    """Returns the account of a role; where nothing says which it is, it is apart from those of other clusters."""
    provider = parse_arn(tfvars.provider_arn)
    stated = (tfvars.account, role.account, provider.account if provider is not None else "")
    return next(filter(None, stated), f"that of {tfvars.cluster}")


def _is_same_resource(tfvars: Tfvars, role: Role, other: Tfvars, before: Role) -> bool:
    """True for a resource that files for one cluster make: Terraform may load them together."""
    is_by_hand = bool(role.lines) and role.at("role_name") == before.at("role_name")
    return is_by_hand and tfvars.cluster == other.cluster


def _is_known(graph: Graph, tfvars: Tfvars) -> bool:
    """Tells whether all that may use a role of a cluster is here: otherwise nobody can say that nothing does."""
    cluster = graph.clusters.get(tfvars.cluster)
    if cluster is None or not all(expansion.is_whole for expansion in graph.expansions):
        return False
    if not graph.is_ours(tfvars.place):
        return not graph.unknown and all(cluster.is_seen(role.namespace) for role in tfvars.roles)
    # Generated roles are for generated stores: what charts bring is none of their business.
    return not any(_misses_manifests(graph, each) for each in cluster.deployments)


def _misses_manifests(graph: Graph, deployment: Deployment) -> bool:
    """True for an Application with manifests in another repository, or in what kustomize or a plugin builds."""
    return any(
        source.path is not None
        and at(source.value, "helm") is None
        and (graph.folder_of(source) is None or source in deployment.unseen)
        for source in deployment.application.sources
    )


def _name(tfvars: Tfvars, role: Role) -> Iterator[Finding]:
    reason = check_role_name(role.name)
    if reason is not None:
        hint = "shorten the name, in the annotation of the ServiceAccount too"
        yield Finding(f"role {role.name}: {reason}", role.at("role_name"), hint, cluster=tfvars.cluster)


def _twice(tfvars: Tfvars, role: Role, other: Tfvars, before: Role) -> Finding:
    is_copy = tfvars.path != other.path and tfvars.cluster == other.cluster
    copied = (
        f"two variable files are for {tfvars.cluster}: remove the one that is a copy, or name its own cluster in it"
    )
    return Finding(
        f"role {role.name} stands twice in account {_account_of(tfvars, role)}",
        role.at("role_name"),
        copied if is_copy else "put the cluster and the app into the name",
        related=((before.at("role_name"), "it stands here already"),),
        cluster=tfvars.cluster,
    )


def _odd_keys(roles: Sequence[tuple[Tfvars, Role]]) -> Iterator[Finding]:
    """Yields the roles of one ServiceAccount that stand under another key than on more clusters."""
    uses = Counter(role.key for _, role in roles)
    usual, number = uses.most_common(1)[0]
    like = next(role for _, role in roles if role.key == usual)
    for tfvars, role in roles:
        if uses[role.key] < number:
            yield Finding(
                f"role {role.name} stands under {role.key}, and on more clusters that of {role.subject} under {usual}",
                role.place,
                f"write {usual}: under another key, Terraform deletes the role and makes it anew",
                related=((like.place, f"under {usual}"),),
                severity=Severity.WARNING,
                on_key=True,
                cause=f"role under {role.key}",
                cluster=tfvars.cluster,
            )


def _unused(graph: Graph, tfvars: Tfvars, role: Role, accounts: _Accounts) -> Finding:
    return Finding(
        f"role {role.name} trusts {role.subject}, but no store on {tfvars.cluster} signs in with it",
        role.at("role_name"),
        "remove it from eso_roles, or annotate the ServiceAccount with it",
        related=tuple(_trusted(graph, tfvars, role, accounts)),
        severity=by_mark(graph, role.place),
        cause=f"unused role of {role.key}",
        cluster=tfvars.cluster,
    )


def _trusted(graph: Graph, tfvars: Tfvars, role: Role, accounts: _Accounts) -> Iterator[tuple[Place | Location, str]]:
    """Yields the ServiceAccount that a role trusts, or else one that nothing brings, and who might, or lost it."""
    cluster = graph.clusters[tfvars.cluster]
    found = cluster.find("ServiceAccount", role.namespace, role.service_account)
    readers = (each for deployment in cluster.deployments for each in deployment.readers)
    lost = next((each.service_account_place for each in readers if each.subject == role.subject), None)
    left = accounts.by_role.get((tfvars.account, role.name))
    if found is not None:
        yield found.place, "the ServiceAccount that it trusts"
    elif lost is not None:
        yield lost, "this store names the ServiceAccount, which is not there"
    elif left is not None:
        yield left.place, "this ServiceAccount names it, and no Application brings it to the cluster"
        yield from own_set(graph, left)
    else:
        for deployment in cluster.deployments:
            if deployment.application.namespace == role.namespace:
                yield from silent_files(graph, deployment)


class _Accounts:
    """The ServiceAccounts of all files, looked up where one is asked for."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def by_role(self) -> dict[tuple[str, str], Manifest]:
        """The first one that names each role, by the role's account and name."""
        found: dict[tuple[str, str], Manifest] = {}
        for each in self._graph.manifests:
            arn = parse_arn(text_at(each.annotations, ROLE_ANNOTATION) or "") if each.kind == "ServiceAccount" else None
            if arn is not None:
                found.setdefault((arn.account, arn.resource.rpartition("/")[2]), each)
        return found


CHECK = Check("role-unused", _run, __doc__)
