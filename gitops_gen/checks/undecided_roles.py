"""What cannot be said of the roles that ServiceAccounts name, where Terraform in the tree makes them, or may.

Nothing is told of a tree without Terraform for roles: they are made elsewhere, and nobody would expect otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.applicationsets import Unknown
from gitops_gen.evidence.permitted import is_covered, is_parameter, may_read_parameter
from gitops_gen.evidence.readers import AUDIENCE_ANNOTATION, DEFAULT_AUDIENCE
from gitops_gen.evidence.values import text_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.aws.arns import Arn
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.readers import Reader, RemoteRef
    from gitops_gen.evidence.terraform import Role

_MAKING = "kubernetes_service_account"
_HINT = "verify the Terraform that makes the role together with these, with the values of its variables"
_UNREAD = "a Deny, or a condition on more than subject and audience, is left to a person"


def undecided_roles(graph: Graph) -> Iterator[Unknown]:
    """Yields what is not judged of the chain behind each annotation, once for each annotation and cause."""
    told: set[tuple[object, str]] = set()
    accounts = _Accounts(graph)
    for reader in graph.readers:
        is_seen = reader.service_account is not None or reader.controller is not None
        found = _of_reader(graph, reader) if is_seen else accounts.of(reader)
        for each in found:
            if (each.place, each.reason) not in told:
                told.add((each.place, each.reason))
                yield each


class _Accounts:
    """The ServiceAccounts that Terraform makes, or installs with the operator, each with a role that it alone knows."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, str | None] = {}

    @cached_property
    def _texts(self) -> list[tuple[str, str]]:
        """The files that make ServiceAccounts, each with its text."""
        from gitops_gen.evidence.installed_accounts import installs_operator

        paths = (path for path in self._graph.paths if path.endswith(".tf"))
        texts = ((path, self._graph.files.content(path) or "") for path in paths)
        return [(path, text) for path, text in texts if _MAKING in text or installs_operator(text)]

    def of(self, reader: Reader) -> Iterator[Unknown]:
        """Yields that the ServiceAccount of a store is one of them."""
        name = reader.service_account_name or ""
        if name not in self._known:
            self._known[name] = next((path for path, text in self._texts if f'"{name}"' in text), None)
        path = self._known[name] if name else None
        if path is not None:
            reason = f"{path} seems to make the ServiceAccount {name} of {reader.store}: with which role is not known"
            yield Unknown(reader.service_account_place, reason, "ServiceAccounts that Terraform makes", _HINT)


def _of_reader(graph: Graph, reader: Reader) -> Iterator[Unknown]:
    role = reader.role if reader.role_arn is not None else None
    if role is not None:
        if role.trust is not None or role.possible_arns or role.possible_parameter_arns:
            yield from _of_role(reader, role)
    elif _is_nameless(reader):
        yield from _unnamed(graph, reader)


def _is_nameless(reader: Reader) -> bool:
    return reader.role_arn is not None and reader.named_role is None and bool(reader.deployment.cluster.name)


def _unnamed(graph: Graph, reader: Reader) -> Iterator[Unknown]:
    """Yields why the role is not known, unless role-declared has told of it."""
    place, found, tfvars = reader.role_place, reader.found, reader.tfvars
    is_told = bool(graph.tfvars) or graph.is_ours(reader.store.place) if tfvars is None else tfvars.is_whole
    if place is None or is_told:
        return
    if found is not None and found.doubt is not None:
        doubt = found.doubt
        yield Unknown(place, f"{doubt.reason}: {_behind(reader)}", doubt.cause, doubt.hint)
    elif found is None and tfvars is not None:
        reason = f"the Terraform that {tfvars.path} is for is not here: {_behind(reader)}"
        yield Unknown(place, reason, "Terraform that is not here", _HINT)


def _behind(reader: Reader) -> str:
    return f"whom the role of {reader.store} trusts, and what it may read, is not known"


def _of_role(reader: Reader, role: Role) -> Iterator[Unknown]:
    account, arn = reader.service_account, reader.role_arn
    assert arn is not None  # noqa: S101 - there is no role without its ARN
    trusts = role.trusts(reader.subject)
    stated = text_at(account.annotations, AUDIENCE_ANNOTATION) if account is not None else None
    audience = stated or DEFAULT_AUDIENCE
    takes = role.trust is None or role.trust.takes(reader.subject, audience)
    if trusts is None or (trusts and takes is None):
        yield Unknown(
            reader.service_account_place,
            f"whether role {role.name} at {role.at('role_name')} trusts {reader.subject} is not known: not all of its "
            "trust policy is read here",
            "trust policies that are not wholly read",
            f"{_HINT}; {_UNREAD}",
        )
    elif reader.reading_role is not None:
        yield from _of_secrets(reader, role, arn)
    elif reader.written_parameter_role is not None:
        yield from _of_parameters(reader, role)


def _of_secrets(reader: Reader, role: Role, arn: Arn) -> Iterator[Unknown]:
    where = (arn.partition, reader.region or "", arn.account)
    for name, ref in reader.secret_names if role.possible_arns else ():
        if not is_covered(role.secret_arns, where, name) and is_covered(role.possible_arns, where, name):
            yield _unread(role, name, ref, "secret_arns")


def _of_parameters(reader: Reader, role: Role) -> Iterator[Unknown]:
    for name, ref in reader.secret_names if role.possible_parameter_arns else ():
        if not any(is_parameter(arn, reader, name) for arn in role.parameter_arns) and may_read_parameter(
            role, reader, name
        ):
            yield _unread(role, name, ref, "parameter_arns")


def _unread(role: Role, name: str, ref: RemoteRef, field: str) -> Unknown:
    return Unknown(
        ref.place,
        f"whether role {role.name} may read {name} is not known: not all of its policies is read here, at "
        f"{role.at(field)}",
        "policies that are not wholly read",
        f"{_HINT}; {_UNREAD}",
    )
