"""The role that a store's ServiceAccount is annotated with is declared in the tfvars of its own cluster.

A role is global in its account, and its trust policy names the OIDC provider of one cluster. So the annotation must
name a role of that cluster: same name, same account, same partition. A role of another cluster, a name with a typo
or another account's id gives "Not authorized to perform sts:AssumeRoleWithWebIdentity", or a role that never exists.
Which variable file is for a cluster its name says: where a destination has none, or no file has it, that is a note,
unless the tree is a generated one or the role stands in the file of another cluster. One with its name that is empty,
beside a generated store, has lost what it said. A store by hand may have a role that no generated file is to declare:
that is a note, unless one of them is almost it or trusts the account, or it is another cluster's. Where no variable
file says it, the role is looked for by its name in the Terraform of the tree: one in another account is told, and one
for the very ServiceAccount whose name is almost that of the annotation, which is a warning while some Terraform is not
read.

Fix: make the annotation and the role_name in the cluster's tfvars equal.

Source: the AWS documentation of IAM roles for service accounts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.aws.names import check_account_id
from gitops_gen.aws.regions import PARTITION_NAMES
from gitops_gen.cached_property import cached_property
from gitops_gen.checks.finding import Check, Finding, not_judged, template_of
from gitops_gen.evidence.applications import LOCAL_CLUSTER
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.readers import by_account
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.aws.arns import Arn
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.readers import Reader
    from gitops_gen.evidence.terraform import Role, Tfvars
    from gitops_gen.problems import Location


_ANY = ""
"""Any account: the last file that declares a role of a name."""


def _run(graph: Graph) -> Iterator[Finding]:
    misplaced = _Misplaced(graph)
    for reader, *_ in by_account(graph.readers, graph.is_ours):
        # An Application without a cluster is told by destination-declared.
        if reader.role_arn is not None and reader.deployment.cluster.name and not _is_malformed(reader):
            yield from _of_reader(graph, reader, reader.role_arn, misplaced)


def _is_malformed(reader: Reader) -> bool:
    """True for an annotation of a ServiceAccount of which service-account-role tells."""
    arn = reader.role_arn if reader.service_account is not None else None
    return arn is not None and (check_account_id(arn.account) is not None or arn.partition not in PARTITION_NAMES)


def _of_reader(graph: Graph, reader: Reader, arn: Arn, misplaced: _Misplaced) -> Iterator[Finding]:
    if reader.tfvars is None:
        # Without any variable file, the roles are made elsewhere, and a note says so of a generated store; with
        # some, this cluster's is missing.
        if graph.tfvars and misplaced.is_certain(reader, arn):
            found = misplaced.other_end(arn, reader.deployment.cluster.name)
            reason = "no tfvars file is for the cluster"
            yield _finding(reader, reason, (*found, *_landed(reader)), _FOR_CLUSTER)
        elif reader.named_role is not None or _near(reader) is not None:
            yield from _of_terraform(reader)
        elif graph.is_ours(reader.store.place) and (beside := _silent(graph, reader)) is not None:
            reason = "the variable file of the cluster says nothing"
            yield _finding(reader, reason, ((beside, "this file"),), _FOR_CLUSTER)
        elif graph.tfvars or graph.is_ours(reader.store.place):
            yield _unknown(reader)
    elif reader.stated_role is None and (_is_written(reader) or not reader.tfvars.is_whole):
        yield from _of_terraform(reader)
    elif reader.role is None or _has_path(reader, graph):
        yield _of_variables(graph, reader, reader.tfvars, misplaced.declared(arn))


def _of_variables(graph: Graph, reader: Reader, tfvars: Tfvars, elsewhere: tuple[tuple[Place, str], ...]) -> Finding:
    """Returns what is wrong with the annotation beside the roles of the cluster's variable file.

    `elsewhere` is the file that declares a role of that name for some cluster.
    """
    assert reader.role_arn is not None  # noqa: S101 - there is no role without an annotation
    if reader.named_role is not None:
        elsewhere = ()
    elif not elsewhere and _may_be_elsewhere(graph, reader, tfvars):
        what = f"{_name_of(reader)} is not among those of the generated variable file"
        found = _finding(reader, what, ((_roles_of(tfvars), "the roles of the cluster"),), _VERIFY)
        return found._replace(severity=Severity.NOTE)
    related = (*_other_end(reader, tfvars), *elsewhere, *(_landed(reader) if elsewhere else ()))
    return _finding(reader, _reason(reader, reader.role_arn, tfvars), related, _hint(reader, reader.role_arn, tfvars))


def _is_written(reader: Reader) -> bool:
    """True where the Terraform of the tree makes the role, or for the same ServiceAccount one of almost its name."""
    return reader.named_role is not None or _near(reader) is not None


def _may_be_elsewhere(graph: Graph, reader: Reader, tfvars: Tfvars) -> bool:
    """True for a store by hand beside a generated variable file, which has the roles of generated stores only."""
    if graph.is_ours(reader.store.place) or not graph.is_ours(tfvars.place):
        return False
    name = _name_of(reader)
    return not any(role.trusts(reader.subject) or is_typo(name, role.name) for role in tfvars.roles)


def _name_of(reader: Reader) -> str:
    return reader.role_arn.resource.removeprefix("role/") if reader.role_arn is not None else ""


def _silent(graph: Graph, reader: Reader) -> Place | None:
    """Returns the variable file with the name of the cluster, if nothing is in it."""
    beside = graph.variable_files_by_name.get(reader.deployment.cluster.name)
    is_silent = beside is not None and beside.hcl_problem is None and not beside.variables
    return Place(beside.path) if beside is not None and is_silent else None


def _near(reader: Reader) -> Role | None:
    """Returns a role of the Terraform for the ServiceAccount, with almost the name that is annotated."""
    return reader.found.near if reader.found is not None else None


def _of_terraform(reader: Reader) -> Iterator[Finding]:
    """Yields what is wrong with the name of a role, or with its account, beside the Terraform of the tree."""
    role, near, arn = reader.named_role, _near(reader), reader.role_arn
    if arn is None or (role is not None and reader.role is not None):
        return
    if role is not None and role.account not in ("", arn.account):
        reason = f"got account {arn.account}, expected {role.account}"
        yield _finding(reader, reason, ((role.at("service_account"), "the account of the role"),), _HINT)
    elif role is not None:
        reason = f"got {arn.resource}, expected role{role.path}{role.name}"
        yield _finding(reader, reason, ((role.at("path"), "the role"),), _HINT)
    elif near is not None:
        reason = (
            f"got role {_name_of(reader)}, which no Terraform here makes, expected {near.name}, which trusts "
            f"{near.subject}"
        )
        found = _finding(reader, reason, ((near.at("role_name"), "the role"),), _HINT)
        is_sure = reader.found is not None and reader.found.is_whole
        yield found if is_sure else found._replace(severity=Severity.WARNING)


def _landed(reader: Reader) -> tuple[tuple[Place, str], ...]:
    application, steps = reader.deployment.application, ("destination", "name")
    stated = (application.stated_at(*steps), "the Application lands there")
    return (stated, *template_of(application, "spec", *steps))


class _Misplaced:
    """The variable files that are probably meant for a cluster that has none: their cluster_name is the slip."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def other_end(self, role: Arn, cluster: str) -> tuple[tuple[Place | Location, str], ...]:
        """Returns the file that declares a role, for another cluster; or else one of its name, or for no cluster."""
        lost, beside = self._graph.lost_tfvars, self._graph.variable_files_by_name.get(cluster)
        of_its_name = next((each for each in lost if beside is not None and each[0].file == beside.path), None)
        if of_its_name is not None:
            return (of_its_name,)
        found = self._of(role)
        # One of its name for each account is nothing odd: that of another account is not the file that is meant.
        if beside is not None and (found is None or found.account not in ("", role.account)):
            return ((Place(beside.path), "this file has the name of the cluster, and is for another one"),)
        return self.declared(role) or lost[:1]

    def declared(self, role: Arn) -> tuple[tuple[Place, str], ...]:
        """Returns the file that declares a role for a cluster."""
        found = self._of(role)
        if found is None or found.cluster not in self._graph.clusters:
            return ()
        return ((found.place / "cluster_name", f"this file declares the role, for {found.cluster}"),)

    def is_certain(self, reader: Reader, role: Arn) -> bool:
        """True where a cluster has no variable file for certain: in a generated tree, and where its role is another's.

        Elsewhere a destination that is a server has no name, the name that Argo CD has for a cluster need not be that
        of EKS, and the file may be in another repository.
        """
        application = reader.deployment.application
        if any(self._graph.is_ours(each) for each in (reader.role_place, application.spec_place) if each is not None):
            return True
        found, cluster = self._of(role), reader.deployment.cluster
        is_named = cluster.secret is not None or application.cluster not in (None, LOCAL_CLUSTER)
        if found is None or not is_named:
            return False
        is_alike = found.cluster in cluster.name or cluster.name in found.cluster
        return found.cluster in self._graph.clusters or not is_alike

    def _of(self, role: Arn) -> Tfvars | None:
        """Returns the file that declares a role of that name, in its account if there is one."""
        name = role.resource.removeprefix("role/")
        return self._by_role.get((name, role.account)) or self._by_role.get((name, _ANY))

    @cached_property
    def _by_role(self) -> Mapping[tuple[str, str], Tfvars]:
        pairs = [(role.name, each) for each in self._graph.tfvars for role in each.roles]
        return {(name, account): each for name, each in pairs for account in (each.account, _ANY)}


def _has_path(reader: Reader, graph: Graph) -> bool:
    """Tells whether the ARN has a path that the module of generated variable files does not give the role."""
    if reader.role is None or reader.role_arn is None or reader.tfvars is None:
        return False
    return reader.role_arn.resource != f"role/{reader.role.name}" and graph.is_ours(reader.tfvars.place)


def _reason(reader: Reader, arn: Arn, tfvars: Tfvars) -> str:
    if reader.named_role is None:
        declared = ", ".join(sorted(role.name for role in tfvars.roles)) or "none"
        return f"got role {_name_of(reader)}, expected one that its tfvars declare: {declared}"
    if reader.role is not None:
        return f"got {arn.resource}, expected role/{reader.role.name}: the module gives roles no path"
    if tfvars.account not in ("", arn.account):
        return f"got account {arn.account}, expected {tfvars.account}"
    return f"got partition {arn.partition}, expected {tfvars.partition}"


def _hint(reader: Reader, arn: Arn, tfvars: Tfvars) -> str:
    """Returns the next step: which of the two is wrong nobody can say here, but for a path."""
    if reader.named_role is None:
        return _EQUAL
    if reader.role is not None:
        return f"write role/{reader.role.name} in the annotation"
    if tfvars.account not in ("", arn.account):
        return f"write {tfvars.account} in the annotation, or correct account_id"
    return f"write {tfvars.partition} in the annotation, or correct the region and the provider in the tfvars"


def _other_end(reader: Reader, tfvars: Tfvars) -> tuple[tuple[Place | Location, str], ...]:
    if reader.named_role is None:
        return ((_roles_of(tfvars), "the roles of the cluster"),)
    if tfvars.account and reader.role_arn is not None and reader.role_arn.account != tfvars.account:
        return ((tfvars.place / "account_id", "the account of the cluster"),)
    if reader.role is None:
        return ((tfvars.place / "oidc_provider_arn", "the provider of the cluster"),)
    return ((reader.named_role.at("role_name"), "the role"),)


def _roles_of(tfvars: Tfvars) -> Place | Location:
    """Returns where the roles of a cluster are stated."""
    stated = tfvars.roles[:1] if any(role.lines for role in tfvars.roles) else ()
    return stated[0].at("role_name") if stated else tfvars.place / "eso_roles"


def _unknown(reader: Reader) -> Finding:
    cluster = reader.deployment.cluster.name
    return Finding(
        f"the role of {reader.store} on {cluster}: no tfvars file is known to be for the cluster{not_judged(3)}",
        reader.deployment.application.stated_at("destination"),
        "verify its variable file together with these; its cluster_name is the name of the destination",
        severity=Severity.NOTE,
        cause="no tfvars file is known",
        cluster=cluster,
    )


_EQUAL = "make the annotation and role_name in the cluster's tfvars equal"
_HINT = "make the annotation and the ARN of the role in Terraform equal"
_FOR_CLUSTER = "bring the variable file of the cluster, with its name in cluster_name"
_VERIFY = "verify the Terraform that makes the role together with these, or correct the annotation"


def _finding(
    reader: Reader,
    reason: str,
    related: tuple[tuple[Place | Location, str], ...],
    hint: str,
) -> Finding:
    assert reader.role_place is not None  # noqa: S101 - there is no role without an annotation
    cluster = reader.deployment.cluster.name
    return Finding(
        f"the role of {reader.store} on {cluster}: {reason}{not_judged(3)}",
        reader.role_place,
        hint,
        related=related,
        cause=f"{reader.store}: role",
        cluster=cluster,
    )


CHECK = Check("role-declared", _run, __doc__)
