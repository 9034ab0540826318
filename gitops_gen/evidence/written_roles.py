"""The roles that the Terraform of a tree makes, found by the ARN that a ServiceAccount is annotated with.

A role is taken for the one that is named if its name is that one, beyond doubt: written, or made of constants, and in
the account of the ARN as far as the account is known. What leaves a doubt is said, and never guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.applications import LOCAL_CLUSTER
from gitops_gen.evidence.terraform_unknowns import GENERATED, HOLE
from gitops_gen.evidence.trust import fill, matches
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import is_typo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.aws.arns import Arn
    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.readers import Reader
    from gitops_gen.evidence.terraform import Role
    from gitops_gen.evidence.terraform_roles import Unread
    from gitops_gen.evidence.terraform_roots import Roots

_SUFFIX = 26
"""Characters that Terraform puts behind a prefix. Source: terraform-plugin-sdk, helper/id, UniqueIDSuffixLength."""
_MANY = 50
"""Roles for one ServiceAccount among which nobody can tell which one was meant."""
_SHOWN = 3
_EXAMPLES = frozenset({"123456789012", "000000000000", "111111111111", "999999999999"})
"""Accounts that people write where somebody is to write his own."""


class Doubt(NamedTuple):
    """Why nobody can say which role is named, or what it says."""

    cause: str
    reason: str
    hint: str = "verify the Terraform that makes the role together with these"


class Found(NamedTuple):
    """What a tree makes of an ARN."""

    role: Role | None = None
    near: Role | None = None
    """A role for the very ServiceAccount that has almost the name, where none has it."""
    doubt: Doubt | None = None
    is_whole: bool = True
    """False if there is Terraform that is not read."""


class _Known(NamedTuple):
    role: Role
    cluster: str
    """The cluster that the variable file names with which it is made; empty for none."""


class WrittenRoles:
    """The roles of a tree by name. Nothing is read before somebody asks for a role."""

    def __init__(self, roots: Roots, clusters: Mapping[str, ClusterEvidence]) -> None:
        self._roots = roots
        self._clusters = clusters

    def find(self, reader: Reader, arn: Arn, subject: str) -> Found:
        """Returns the role that the ServiceAccount of a reader is annotated with."""
        name = arn.resource.rpartition("/")[2]
        alike = [each.role for each in self._named(name) if self._is_usable(each, reader)]
        own = [each for each in alike if each.account in ("", arn.account)]
        if own:
            return self._one([each for each in own if each.is_in(arn)] or own, name, arn, subject)
        if alike:
            return self._of_another_account(alike, name, arn)
        near = None if self._is_unsure else self._almost(name, arn, subject)
        if near is not None:
            return Found(near=near, is_whole=not self._unread)
        return Found(doubt=self._doubt(name, subject))

    def _one(self, roles: Sequence[Role], name: str, arn: Arn, subject: str) -> Found:
        role = _filled(roles[0], arn)
        file = role.place.file
        if self._roots.is_given_policies(name, file) or (
            not any(_said(role)[1:]) and self._roots.may_be_given_policies(file)
        ):
            role = role.with_more
        if any(_said(_filled(each, arn)) != _said(_filled(roles[0], arn)) for each in roles):
            reason = f"the Terraform here makes several roles {name}: {_listed(roles)}"
            return Found(doubt=Doubt("several roles of one name", reason, "state the account of each"))
        if role.undefaulted is not None and len(self._accounts_of[name]) > 1:
            reason = (
                f"the role {name} at {role.at('role_name')} is made by defaults of variables, and is named in "
                f"{len(self._accounts_of[name])} accounts"
            )
            return Found(doubt=Doubt("values of variables that are not here", reason))
        if not role.account and len(self._accounts_of[name]) > 1:  # it may be the one of any of these
            if role.trusts(subject) is False:
                reason = (
                    f"the role {name} at {role.at('role_name')} does not trust {subject}, and is named in "
                    f"{len(self._accounts_of[name])} accounts, of which one may have another"
                )
                return Found(doubt=Doubt("roles of other accounts", reason))
            role = role.with_more
        return Found(role)

    def _of_another_account(self, roles: Sequence[Role], name: str, arn: Arn) -> Found:
        role = roles[0]
        is_used = any(each.account in self._accounts_of[name] for each in roles)
        is_written = role.undefaulted is None or role.undefaulted.account == role.account
        if len(roles) == 1 and is_written and not is_used and _EXAMPLES.isdisjoint((role.account, arn.account)):
            return Found(_filled(role, arn))
        accounts = ", ".join(sorted({each.account for each in roles}))
        reason = f"the Terraform here makes {name} in account {accounts}, not in {arn.account}: {_listed(roles)}"
        return Found(doubt=Doubt("roles of other accounts", reason))

    def _almost(self, name: str, arn: Arn, subject: str) -> Role | None:
        """Returns a role for the subject with almost the name, where every name is known."""
        roles = self._by_subject.get(subject, ())
        found = [] if len(roles) > _MANY else [each for each in roles if is_typo(name, each.role.name)]
        if len(found) != 1 or found[0].cluster:
            return None
        role = found[0].role
        is_written = role.undefaulted is None or role.undefaulted.name == role.name
        is_free = role.account in ("", arn.account) and role.name not in self._accounts_of
        return _filled(role, arn) if is_written and is_free else None

    def _doubt(self, name: str, subject: str) -> Doubt:
        for role in self._unnamed:
            if matches(role.name.replace(GENERATED, HOLE), name, is_pattern=False) is not False:
                reason = f"the role {name} may be the one at {role.at('role_name')}, whose name only Terraform knows"
                return Doubt("names of roles that only Terraform knows", reason)
        unread = self._unread
        if unread:
            more = f" and {len(unread) - 1} more" if len(unread) > 1 else ""
            reason = (
                f"no role {name} is seen in the Terraform here, of which some is not read: {unread[0].what} "
                f"at {unread[0].at}{more}"
            )
            return Doubt("roles of modules that are not here", reason)
        trusting = [each.role for each in self._by_subject.get(subject, ())]
        other = f", and {trusting[0].name} at {trusting[0].at('role_name')} trusts {subject}" if trusting else ""
        return Doubt("roles that are made elsewhere", f"no role {name} is in the Terraform here{other}")

    def _named(self, name: str) -> Sequence[_Known]:
        found = self._by_name.get(name)
        if found is None and re.fullmatch(rf"[0-9a-f]{{{_SUFFIX}}}", name[-_SUFFIX:]):
            found = self._by_name.get(f"{name[:-_SUFFIX]}{GENERATED}")
        return found or ()

    def _is_usable(self, known: _Known, reader: Reader) -> bool:
        """True unless the role is one of another cluster, by the variable file that it is made with."""
        cluster, application = reader.deployment.cluster, reader.deployment.application
        if known.cluster in ("", cluster.name):
            return True
        if known.cluster in self._clusters:
            return False
        is_named = cluster.secret is not None or application.cluster not in (None, LOCAL_CLUSTER)
        return not is_named or known.cluster in cluster.name or cluster.name in known.cluster

    @cached_property
    def _is_unsure(self) -> bool:
        """True if there may be roles of any name."""
        return any(role.name == HOLE for role in self._unnamed)

    @cached_property
    def _found(self) -> tuple[Sequence[_Known], Sequence[Unread]]:
        runs = tuple(self._roots.runs())
        known = [_Known(each.role, run.cluster) for run in runs for each in run.made.candidates]
        return known, [each for run in runs for each in run.made.unread]

    @property
    def _unread(self) -> Sequence[Unread]:
        return self._found[1]

    @cached_property
    def _by_name(self) -> Mapping[str, list[_Known]]:
        found: defaultdict[str, list[_Known]] = defaultdict(list)
        for each in self._found[0]:
            if HOLE not in each.role.name:
                found[each.role.name].append(each)
        return dict(found)

    @cached_property
    def _unnamed(self) -> Sequence[Role]:
        """The roles whose name is not wholly known, one for each pattern; those of which more is known first."""
        found: dict[str, Role] = {}
        for each in self._found[0]:
            if HOLE in each.role.name or GENERATED in each.role.name:
                found.setdefault(each.role.name, each.role)
        return sorted(found.values(), key=lambda role: -len(role.name))

    @cached_property
    def _by_subject(self) -> Mapping[str, list[_Known]]:
        found: defaultdict[str, list[_Known]] = defaultdict(list)
        for each in self._found[0]:
            trust, name = each.role.trust, each.role.name
            if HOLE not in name and GENERATED not in name and trust is not None:
                for subject in trust.subjects:
                    found[subject].append(each)
        return found

    @cached_property
    def _accounts_of(self) -> Mapping[str, set[str]]:
        """The accounts in which ServiceAccounts of stores name a role, by its name."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for reader in self._readers():
            if reader.role_arn is not None:
                found[reader.role_arn.resource.rpartition("/")[2]].add(reader.role_arn.account)
        return found

    def _readers(self) -> Iterator[Reader]:
        for cluster in self._clusters.values():
            for deployment in cluster.deployments:
                yield from deployment.readers


def _said(role: Role) -> tuple[object, ...]:
    read = (role.secret_arns, role.possible_arns, role.parameter_arns, role.possible_parameter_arns)
    return role.trust, *read, role.kms_key_arns, role.actions


def _filled(role: Role, arn: Arn) -> Role:
    """Returns a role with the account and the partition of its ARN where they are meant."""
    return role._replace(
        name=arn.resource.rpartition("/")[2] if GENERATED in role.name else role.name,
        trust=role.trust and role.trust.filled(arn),
        secret_arns=tuple(fill(each, arn) for each in role.secret_arns),
        possible_arns=tuple(fill(each, arn) for each in role.possible_arns),
        parameter_arns=tuple(fill(each, arn) for each in role.parameter_arns),
        possible_parameter_arns=tuple(fill(each, arn) for each in role.possible_parameter_arns),
        kms_key_arns=tuple(fill(each, arn) for each in role.kms_key_arns),
        undefaulted=role.undefaulted and _filled(role.undefaulted, arn),
    )


def _listed(roles: Sequence[Role]) -> str:
    places = sorted({str(each.at("role_name")) for each in roles})
    return ", ".join(places[:_SHOWN]) + (f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else "")
