"""The role may read every secret that the ExternalSecrets of the store ask for, in the region that the store reads.

External Secrets calls GetSecretValue with the name of the secret. IAM compares the ARN, which has the region, the
account, the name and a hyphen with six characters that Secrets Manager chose. A pattern for another environment,
another region or another account, or one without room for those characters, gives AccessDeniedException. So does a
store that reads another service of AWS than the one whose secrets a generated role lists, or a parameter of Parameter
Store that is not among those. Where a store assumes another role after its own, that one has to read them: whether it
may be assumed, and what it may read where no Terraform of the tree makes it, is not known here: that is a note. One
that no statement of its trust policy lets anybody assume with sts:AssumeRole, or that only others may, is an error,
also where it is the role that the store has already: a role does not trust itself unless it says so. Where a policy by
hand says it by the default of a variable, a secret that it does not cover is a warning. What a policy by hand says of
Parameter Store is compared with the parameters that are read: a value takes GetParameter.

To find secrets takes ListSecrets, and BatchGetSecretValue for a path or tags; to find parameters, GetParametersByPath
or DescribeParameters; to read the tags of a secret, DescribeSecret, of a parameter, ListTagsForResource;
to push one, what creates and writes it, and to read it before. A role by hand, all of whose actions are known, that
lacks one is found too, and one that may not read what is pushed; of a generated role, that is a warning.

Fix: list arn:<partition>:secretsmanager:<region>:<account>:secret:<name>-?????? for each secret, and
arn:<partition>:ssm:<region>:<account>:parameter/<name> for each parameter.

Source: external-secrets v2.9.0, providers/v1/aws/secretsmanager/secretsmanager.go and
providers/v1/aws/parameterstore/parameterstore.go; Secrets Manager, CreateSecret; Systems Manager, PutParameter; AWS
Security Blog, "Announcing an update to IAM role trust policy behavior"; IAM, "Principal"; kubernetes-external-secrets
issue 791.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.alike import Sound
from gitops_gen.checks.finding import Check, Finding, not_judged
from gitops_gen.evidence.iam import exact_pattern
from gitops_gen.evidence.permitted import is_covered, is_parameter, may_read_parameter, parameters_of
from gitops_gen.evidence.readers import PARAMETER_STORE
from gitops_gen.evidence.values import map_at, text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.aws.arns import Arn
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.readers import Reader, RemoteRef
    from gitops_gen.evidence.terraform import Role

_AWS = ("spec", "provider", "aws")
_PUSH = "PushSecret"
_SECRETS_MANAGER = "SecretsManager"
_SERVICES = {PARAMETER_STORE: "ssm", "CertificateManager": "acm"}
"""The services beside Secrets Manager that a store can read, by what their ARNs call them."""


def _run(graph: Graph) -> Iterator[Finding]:
    sound = Sound()
    is_pushed = any(each.kind == _PUSH for each in (*graph.manifests, *graph.rendered))
    for reader in graph.readers:
        role, arn = reader.reading_role, reader.role_arn
        if role is not None and arn is not None:
            where = (arn.partition, reader.region or "", arn.account)
            patterns = (role.secret_arns, role.possible_arns)
            yield from sound.unless((reader.wanted, patterns), _of_reader, reader, role, where)
            yield from _of_needs(reader, role, is_known=not role.possible_arns)
            if is_pushed and not role.lines and graph.is_ours(role.place):
                yield from _of_pushes(reader, role)
        elif reader.trusted_role is not None:
            yield from _of_another_role(reader, reader.trusted_role)
            if graph.is_ours(reader.trusted_role.place):
                yield from _of_another_service(reader, reader.trusted_role)
                yield from _of_parameters(reader)
                if is_pushed and reader.parameter_role is not None:
                    yield from _of_pushes(reader, reader.parameter_role)
            elif reader.written_parameter_role is not None:
                role = reader.written_parameter_role
                yield from _of_written_parameters(reader, role)
                yield from _of_needs(reader, role, is_known=not role.possible_parameter_arns)


def _of_needs(reader: Reader, role: Role, *, is_known: bool) -> Iterator[Finding]:
    """Yields what a role by hand lacks of what is done with it beside reading by name, where its actions are known."""
    if role.actions and is_known:
        from gitops_gen.checks.secret_needs import lacking_actions, refused_pushes

        yield from lacking_actions(reader, role)
        yield from refused_pushes(reader, role)


def _of_pushes(reader: Reader, role: Role) -> Iterator[Finding]:
    """Yields what is pushed under a name that is not among those of a generated role."""
    from gitops_gen.checks.secret_needs import refused_pushes

    yield from refused_pushes(reader, role)


def _of_reader(reader: Reader, role: Role, where: tuple[str, str, str]) -> Iterator[Finding]:
    exact = frozenset(role.secret_arns)
    for name, ref in _read_with(role, reader):
        # Nearly every pattern is the very one that is expected; only the others are taken apart.
        if exact_pattern(*where, name) not in exact and not is_covered(role.secret_arns, where, name):
            if is_covered(role.possible_arns, where, name):
                continue  # cannot-say tells it
            yield _finding(reader, role, name, ref, _weight(role, where, name))


def _read_with(role: Role, reader: Reader) -> Iterator[tuple[str, RemoteRef]]:
    """Yields the secrets whose values are read; for a role of a variable file, those whose tags are read as well."""
    return (each for each in reader.secret_names if each[1].is_value or not role.lines)


def _weight(role: Role, where: tuple[str, str, str], name: str) -> Severity:
    """Returns how much it weighs that a secret is not covered: less where it may be, with other values of variables."""
    other = role.undefaulted
    is_possible = other is not None and is_covered((*other.secret_arns, *other.possible_arns), where, name)
    return Severity.WARNING if is_possible else Severity.ERROR


def _of_another_role(reader: Reader, role: Role) -> Iterator[Finding]:
    """Yields a store that assumes another role after that of its ServiceAccount, and what that one may not read."""
    assumed, other, arn = text_at(reader.store.value, *_AWS, "role"), reader.assumed_role, reader.assumed_arn
    if other is not None and arn is not None and text_at(reader.store.value, *_AWS, "service") == _SECRETS_MANAGER:
        where = (arn.partition, reader.region or "", arn.account)
        for name, ref in _read_with(other, reader):
            if not is_covered((*other.secret_arns, *other.possible_arns), where, name):
                yield _finding(reader, other, name, ref, _weight(other, where, name))
    is_read = other is not None and not other.possible_arns
    if assumed and other is not None and other.trust is not None and other.trust.is_assumable is False:
        is_itself = arn == reader.role_arn
        yield Finding(
            f"{reader.store} assumes {assumed} after {role.name}, and no statement of its trust policy lets anybody do "
            f"so with sts:AssumeRole{not_judged(6)}",
            reader.store.place.down(*_AWS, "role"),
            "remove it: the ServiceAccount has the role already"
            if is_itself
            else f"let {role.name} assume it, in the trust policy of {other.name}",
            related=((other.at("service_account"), "the trust policy"),),
            severity=Severity.ERROR if other.undefaulted is None else Severity.WARNING,
            cause=f"assumed: {assumed}",
            cluster=reader.deployment.cluster.name,
        )
    elif assumed and other is not None and _is_refused(other, arn, reader.role_arn):
        yield _of_other_assumers(reader, role, other, assumed)
    elif assumed:
        yield Finding(
            f"{reader.store} assumes {assumed} after {role.name}: whether it may"
            f"{' is' if is_read else ', and what it then may read, is'} not known here",
            reader.store.place.down(*_AWS, "role"),
            "see that the one may assume the other, or remove it",
            related=((role.at("role_name"), "the role of the ServiceAccount"),),
            severity=Severity.NOTE,
            cause=f"assumed: {assumed}",
            cluster=reader.deployment.cluster.name,
        )


def _is_refused(other: Role, arn: Arn | None, own: Arn | None) -> bool:
    """Tells whether the trust policy of a role names who may assume it, and not the role of the ServiceAccount."""
    if other.trust is None or arn is None or own is None:
        return False
    return other.trust.filled(arn).lets_assume(own) is False


def _of_other_assumers(reader: Reader, role: Role, other: Role, assumed: str) -> Finding:
    named = ", ".join(other.trust.assumers) if other.trust is not None else ""
    return Finding(
        f"{reader.store} assumes {assumed} after {role.name}, and its trust policy lets others do so: {named}"
        f"{not_judged(6)}",
        reader.store.place.down(*_AWS, "role"),
        f"let {role.name} assume it, in the trust policy of {other.name}",
        related=((other.at("service_account"), "the trust policy"),),
        severity=Severity.ERROR if other.undefaulted is None else Severity.WARNING,
        cause=f"assumed: {assumed}",
        cluster=reader.deployment.cluster.name,
    )


def _of_another_service(reader: Reader, role: Role) -> Iterator[Finding]:
    """Yields a store that reads a service of which a role of a generated variable file may read nothing."""
    provider = map_at(reader.store.value, *_AWS)
    service = text_at(provider, "service") or ""
    is_other = bool(role.actions or text_at(provider, "role"))  # a role by hand, or one that is assumed after this one
    if is_other or service not in _SERVICES or any(f":{_SERVICES[service]}:" in arn for arn in role.secret_arns):
        return
    yield Finding(
        f"{reader.store} reads {service}, and role {role.name} may read nothing of it{not_judged(6)}",
        reader.store.place.down(*_AWS, "service"),
        "write SecretsManager, or list what the role may read there",
        related=((role.at("secret_arns"), "what the role may read"),),
        cause=f"{reader.store}: service",
        cluster=reader.deployment.cluster.name,
    )


def _of_parameters(reader: Reader) -> Iterator[Finding]:
    """Yields the parameters of Parameter Store that a role may not read, though it may read others."""
    role = reader.parameter_role
    for name, ref in reader.secret_names if role is not None else ():
        if role is not None and not any(is_parameter(arn, reader, name) for arn in role.secret_arns):
            yield _finding(reader, role, name, ref, Severity.ERROR)


def _of_written_parameters(reader: Reader, role: Role) -> Iterator[Finding]:
    """Yields the parameters that a role by hand may not read; what it may be allowed to read, cannot-say tells."""
    for name, ref in _read_with(role, reader):
        if not may_read_parameter(role, reader, name):
            without = role.undefaulted
            is_possible = without is not None and may_read_parameter(without, reader, name)
            severity = Severity.WARNING if is_possible else Severity.ERROR
            yield _finding(reader, role, name, ref, severity, of_parameters=True)


def _finding(
    reader: Reader, role: Role, name: str, ref: RemoteRef, severity: Severity, *, of_parameters: bool = False
) -> Finding:
    what, field = ("parameter", "parameter_arns") if of_parameters else ("secret", "secret_arns")
    arns = parameters_of(role) if of_parameters else (*role.secret_arns, *role.possible_arns)
    return Finding(
        f"role {role.name} may not read {name} in {reader.region}: it may read {', '.join(arns) or 'nothing'}"
        f"{not_judged(6)}",
        ref.place,
        f"{f'allow the {what} in a policy' if role.lines else 'list the secret in secret_arns'} of the role, in the "
        "region that the store reads",
        related=(
            (role.at(field), "what the role may read"),
            (reader.store.place.down("spec", "provider", "aws", "region"), "the region that the store reads"),
        ),
        severity=severity,
        cause=f"{reader.store}: access",
        cluster=reader.deployment.cluster.name,
    )


CHECK = Check("secret-access", _run, __doc__)
