"""The roles that the Terraform files of one folder make, with the values of its variables.

Read are aws_iam_role with its trust, and what aws_iam_role_policy, aws_iam_role_policy_attachment and its own policies
let it do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.hcl_tree import Block, Literal, Reference
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.terraform import Role
from gitops_gen.evidence.terraform_attachments import Attachments
from gitops_gen.evidence.terraform_conversion import converted
from gitops_gen.evidence.terraform_mentions import EXCLUSIVE, ROLE, SEVERAL, Mentions, PolicyGivers
from gitops_gen.evidence.terraform_policies import (
    ANYTHING,
    Granted,
    granted_by,
    granted_by_arns,
    statements_of,
    texts,
)
from gitops_gen.evidence.terraform_unknowns import ACCOUNT, GENERATED, HOLE, is_open
from gitops_gen.evidence.terraform_values import Policy, Scope
from gitops_gen.evidence.trust import WEB_IDENTITY, Trust, trust_of
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.hcl_tree import Expression
    from gitops_gen.evidence.terraform_policies import Statements
    from gitops_gen.evidence.terraform_surroundings import Surroundings

_SUBJECT = "system:serviceaccount:"
_NAMES = ("name", "name_prefix")
_ROOT = Literal("/", 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A block with the file in which it stands."""

    path: str
    text: str
    block: Block

    def line(self, needle: str) -> Location:
        """Returns the first line in the block that has a text, as far as one can see; else where it starts."""
        found = self.text.find(needle, self.text.find("{", self.block.start), self.block.end)
        return Location(self.path, self.text.count("\n", 0, found if found >= 0 else self.block.start) + 1, 1)


class Candidate(NamedTuple):
    """A role that a configuration makes, as far as that is known."""

    role: Role
    """Its name may have a HOLE, or what Terraform puts behind a prefix."""
    address: str
    """What Terraform calls it: equal for the same role made with other values."""
    is_known: bool
    """True if all of it is."""
    is_for_service_accounts: bool | None
    """Whether it is for web identities; None where its trust is not known."""


class Module:
    """The files of one folder, with the values of its variables."""

    def __init__(
        self,
        parts: Sequence[Part],
        variables: Mapping[str, object],
        around: Surroundings,
        part_of: Callable[[Block], Part],
        folder: str,
        read: Callable[[str], str | None],
    ) -> None:
        self._part_of = part_of
        self.body = Block("", (), {}, tuple(block for part in parts for block in part.block.blocks))
        never_null = _never_null(self.body)
        stated = {name: value for name, value in variables.items() if value is not None or name not in never_null}
        self.scope = Scope(_typed(self.body, {**defaults(self.body), **stated}), self.body, {}, around, folder, read)

    def parts(self, *types: str) -> Iterator[Part]:
        """Yields the blocks of a type."""
        return (self._part_of(each) for each in self.body.of(*types))

    def resources(self, kind: str) -> Iterator[Part]:
        """Yields the resources of a type; Terraform refuses one without a name."""
        return (each for each in self.parts("resource", kind) if len(each.block.labels) > 1)

    @cached_property
    def policy_givers(self) -> PolicyGivers:
        """What gives policies to what its modules make."""
        return PolicyGivers(self.body)

    def candidate(self, part: Part, scope: Scope, key: str, number: int, address: str, *, is_known: bool) -> Candidate:
        """Returns one instance of a role."""
        block, label = part.block, part.block.labels[1]
        name = role_name(scope, block)
        written = block.attributes.get("assume_role_policy")
        statements = statements_of(scope, written)
        trust = trust_of(statements)
        given = list(self._given(part, scope, key, name))
        granted = Granted()
        for _, each in given:
            granted |= each
        if self._may_have_more(block, name):
            granted |= ANYTHING
        subject = _subject(statements or ())
        is_one = subject is not None and not is_open(name) and GENERATED not in name
        place = Place(part.path, 0, block.labels, number)
        role = role_for(name, trust, granted, place, f"{label}[{key}]" if key else label)
        account, path = scope.around.account, scope.value(block.attributes.get("path", _ROOT))
        own = account if account.isdecimal() and "provider" not in block.attributes else ""
        role = role._replace(
            account=role.account or (account if account.isdecimal() else ""),
            provider_account=own,
            path=path if isinstance(path, str) and not is_open(path) else "",
        )
        lines = self._lines(part, written, given)
        if "provider" in block.attributes:  # it is in the account of another provider
            role = _of_elsewhere(role)
        return Candidate(
            role._replace(lines=lines),
            f"{address}{ROLE}.{label}[{key}]",
            is_known=is_known and is_one and granted.is_known,
            is_for_service_accounts=None if statements is None else any(map(_is_trust, statements)),
        )

    def _lines(
        self, part: Part, trust: Expression | None, given: Sequence[tuple[Part, Granted]]
    ) -> Mapping[str, Location]:
        trusting = self._document(trust) or part
        reading = next((each for each, found in given if found.secrets), given[0][0] if given else part)
        document = self._document(reading.block.attributes.get("policy")) or reading
        of_parameters = next((each for each, found in given if found.parameters), reading)
        subject, resource = trusting.line(_SUBJECT), document.line("esource")
        parameters = self._document(of_parameters.block.attributes.get("policy")) or of_parameters
        return {
            "role_name": part.line("name"),
            "path": part.line("path"),
            "namespace": subject,
            "service_account": subject,
            "secret_arns": resource,
            "parameter_arns": parameters.line("esource"),
            "kms_key_arns": resource,
            "actions": document.line("ction"),
        }

    def _document(self, expression: Expression | None) -> Part | None:
        """Returns the policy document that an expression refers to."""
        if not isinstance(expression, Reference) or expression.steps[:2] != ("data", "aws_iam_policy_document"):
            return None
        return next(self.parts(*expression.steps[:3]), None)

    def _given(self, role: Part, scope: Scope, key: str, name: str) -> Iterator[tuple[Part, Granted]]:
        """Yields the policies of a role with what they allow."""
        for each in role.block.of("inline_policy"):
            yield role, granted_by(statements_of(scope, each.attributes.get("policy")))
        managed = scope.value(role.block.attributes.get("managed_policy_arns"))
        if "managed_policy_arns" in role.block.attributes:
            yield role, granted_by_arns(managed if isinstance(managed, list) else [managed])
        label = role.block.labels[1]
        for one in self._inline.of(label, key, name):
            statements = statements_of(one.scope, one.part.block.attributes.get("policy"))
            yield one.part, _if_sure(granted_by(statements), is_sure=one.is_sure)
        for attachments in (self._attached, self._attached_to_several):
            for one in attachments.of(label, key, name):
                policy = one.scope.value(one.part.block.attributes.get("policy_arn"))
                of = self._part_of(policy.block) if isinstance(policy, Policy) else one.part
                yield of, _if_sure(granted_by_arns([policy]), is_sure=one.is_sure)
        for one in self._attached_alone.of(label, key, name):
            policies = one.scope.value(one.part.block.attributes.get("policy_arns"))
            granted = granted_by_arns(policies if isinstance(policies, list) else [policies])
            yield one.part, _if_sure(granted, is_sure=one.is_sure)

    def _may_have_more(self, role: Block, name: str) -> bool:
        """True for a role that may have policies besides those that are given to it in the usual way.

        It may name them itself, one resource may give a policy to several roles, a role may be named as a text, and a
        module that gets its name may add to it.
        """
        label = role.labels[1]
        return (
            bool(role.of("dynamic"))
            or self._named_for_several.may_be(label)
            or label in self._named_in_calls.names
            or self._inline.may_be_for(name)
            or self._attached.may_be_for(name)
            or self._attached_alone.may_be_for(name)
        )

    @cached_property
    def _inline(self) -> Attachments:
        return Attachments(self.resources("aws_iam_role_policy"), "role", self.scope)

    @cached_property
    def _attached(self) -> Attachments:
        return Attachments(self.resources("aws_iam_role_policy_attachment"), "role", self.scope)

    @cached_property
    def _attached_to_several(self) -> Attachments:
        return Attachments(self.resources(SEVERAL), "roles", self.scope)

    @cached_property
    def _attached_alone(self) -> Attachments:
        return Attachments(self.resources(EXCLUSIVE), "role_name", self.scope)

    @cached_property
    def _named_for_several(self) -> Mentions:
        return Mentions(ROLE, self._attached_to_several.others)

    @cached_property
    def _named_in_calls(self) -> Mentions:
        return Mentions(ROLE, (each for call in self.body.of("module") for each in call.attributes.values()))


def role_name(scope: Scope, block: Block) -> str:
    """Returns the name of a role; Terraform makes one where there is a prefix, or none.

    Source: terraform-provider-aws, internal/create/naming.go: a prefix, or terraform-, with 26 characters behind it.
    """
    name, prefix = (scope.value(block.attributes.get(each)) if each in block.attributes else None for each in _NAMES)
    if name in (None, ""):
        start = prefix if prefix not in (None, "") else "terraform-"
        return f"{start}{GENERATED}" if isinstance(start, str) else HOLE
    return name if isinstance(name, str) else HOLE


def role_for(name: str, trust: Trust, granted: Granted, place: Place, key: str) -> Role:
    """Returns a role; a ServiceAccount is named where it trusts exactly one."""
    one = trust.subjects[0] if len(trust.subjects) == 1 else ""
    namespace, _, account = one.removeprefix(_SUBJECT).partition(":") if one.startswith(_SUBJECT) else ("", "", "")
    return Role(
        key=key,
        name=name,
        namespace=namespace,
        service_account=account,
        secret_arns=granted.secrets,
        kms_key_arns=granted.keys,
        place=place,
        actions=granted.actions,
        trust=trust,
        possible_arns=tuple(dict.fromkeys(granted.possible)),
        parameter_arns=granted.parameters,
        possible_parameter_arns=tuple(dict.fromkeys(granted.possible_parameters)),
        account=trust.account,
    )


def _if_sure(granted: Granted, *, is_sure: bool) -> Granted:
    return granted if is_sure else granted.unsure


def _of_elsewhere(role: Role) -> Role:
    secrets, possible = _in_any_account(role.secret_arns, role.possible_arns)
    parameters, possible_parameters = _in_any_account(role.parameter_arns, role.possible_parameter_arns)
    return role._replace(
        secret_arns=secrets,
        possible_arns=possible,
        parameter_arns=parameters,
        possible_parameter_arns=possible_parameters,
    )


def _in_any_account(known: tuple[str, ...], possible: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns the patterns that name no account of the configuration, and the others, which may be of any account."""
    unsure = tuple(each.replace(ACCOUNT, "*") for each in known if ACCOUNT in each)
    sure = tuple(each for each in known if ACCOUNT not in each)
    return sure, (*(each.replace(ACCOUNT, "*") for each in possible), *unsure)


def defaults(body: Block) -> dict[str, object]:
    """Returns the defaults of the variables that a module declares."""
    variables = (each for each in body.of("variable") if each.labels and "default" in each.attributes)
    return {each.labels[0]: _NOTHING.value(each.attributes["default"]) for each in variables}


def _typed(body: Block, values: Mapping[str, object]) -> dict[str, object]:
    """Returns the values of variables as these have them, by their types."""
    types = {each.labels[0]: each.attributes.get("type") for each in body.of("variable") if each.labels}
    return {name: converted(value, types.get(name), _NOTHING.value) for name, value in values.items()}


_NOTHING = Scope({}, Block("", (), {}, ()))
"""Where nothing can be referred to."""


def _never_null(body: Block) -> set[str]:
    """Returns the variables for which null is their default. Source: Terraform, "variable block", nullable."""
    stated = ((each.labels[0], each.attributes.get("nullable")) for each in body.of("variable") if each.labels)
    return {name for name, value in stated if isinstance(value, Literal) and value.value is False}


def _is_trust(statement: Mapping[str, object]) -> bool:
    return WEB_IDENTITY in texts(statement.get("Action"))


def _subject(statements: Statements) -> str | None:
    """Returns the one subject that is trusted, if it is exact."""
    found = trust_of([each for each in statements if _is_trust(each)]).subjects
    one = found[0] if len(found) == 1 else ""
    return one if one.startswith(_SUBJECT) and not {"*", "?", HOLE} & set(one) else None
