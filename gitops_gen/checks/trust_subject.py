"""The role trusts exactly the ServiceAccount that the store signs in as, with the audience that its token carries.

A namespaced store signs in as a ServiceAccount of its own namespace. So the trust policy must name
system:serviceaccount:<namespace of the store>:<ServiceAccount>, never the namespace of the operator and never the pod's
own account. The audience is sts.amazonaws.com unless the ServiceAccount says otherwise, and the module trusts that one;
a trust policy by hand says itself which. The account may be that of the operator, which a store names, or reads as
where it has no auth: the values of the operator's chart say its role. A difference gives "Not authorized to perform
sts:AssumeRoleWithWebIdentity". Where a role by hand says it by the default of a variable, that is a warning.

A trust policy by hand that asks for no subject, or for one with a * in it, lets in more than that ServiceAccount: a
warning, and a note where all that it lets in are of the same namespace.

Fix: make namespace and service_account of the role in the tfvars equal to those of the store, and name them in full.

Source: external-secrets v2.9.0, providers/v1/aws/auth/auth.go and token_fetcher.go; external-secrets #1936.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, not_judged
from gitops_gen.evidence.readers import AUDIENCE_ANNOTATION, DEFAULT_AUDIENCE, by_account
from gitops_gen.evidence.values import at, list_at
from gitops_gen.kinds import CLUSTER_STORE
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.readers import Reader
    from gitops_gen.evidence.terraform import Role
    from gitops_gen.evidence.trust import Trust

_SUBJECT = lazily(r"system:serviceaccount:[^:/ ]+:[^:/ ]+")


def _run(graph: Graph) -> Iterator[Finding]:
    by_hand: defaultdict[Place, list[Reader]] = defaultdict(list)
    for readers in by_account(graph.readers, graph.is_ours):
        reader = readers[0]
        if reader.role is not None:
            trusts = reader.role.trusts(reader.subject)
            if trusts is False:
                yield _wrong_subject(reader, reader.role)
            if reader.role.trust is None:
                yield from _audience(reader)
                for each in readers:
                    yield from _more_audiences(each)
            elif trusts:
                yield from _written_audience(reader, reader.role.trust)
                by_hand[reader.role.place].append(reader)
    for readers in by_hand.values():
        yield from _openings(readers)


def _wrong_subject(reader: Reader, role: Role) -> Finding:
    step = "namespace" if role.namespace != reader.namespace else "service_account"
    signs_in = reader.service_account_place
    if step == "namespace":
        of_store = reader.store.place.down("metadata", "namespace")
        signs_in = of_store if reader.store.kind != CLUSTER_STORE else reader.service_account_namespace_place
    account, trust = reader.role_place, role.trust
    is_denied = trust is not None and trust.denies(reader.subject) is True
    is_apart = account is not None and account.file != reader.store.place.file
    return Finding(
        f"role {role.name} {_got(role, is_denied=is_denied)} {reader.subject}, which {reader.store} signs in as"
        f"{not_judged(4)}",
        role.at(step),
        _hint(reader, role, step, is_denied=is_denied),
        related=(
            (signs_in, _signs_in(reader)),
            *(((account, "the account is annotated with the role here"),) if account is not None and is_apart else ()),
        ),
        severity=Severity.WARNING if _may_trust(role, reader.subject) else Severity.ERROR,
        cause=f"{reader.store}: trust",
        cluster=reader.deployment.cluster.name,
    )


def _got(role: Role, *, is_denied: bool) -> str:
    return "denies" if is_denied else f"trusts {role.subject}, expected"


def _hint(reader: Reader, role: Role, step: str, *, is_denied: bool) -> str:
    """Returns the next step: by hand, what is wrong may be another part than one of the two in the subject."""
    if is_denied:
        return f"take {reader.subject} out of the Deny in its trust policy"
    if role.trust is not None and not role.trust.subjects:
        return f"allow sts:AssumeRoleWithWebIdentity to the OIDC provider of the cluster, for {reader.subject}"
    if role.trust is not None and not any(map(_SUBJECT.fullmatch, role.trust.subjects)):
        return f"write {reader.subject}"
    return f"make {step} of the role and of the store equal"


def _signs_in(reader: Reader) -> str:
    if reader.identity is not None:
        return f"{reader.store} has no auth, and reads as the operator"
    return f"{reader.store} signs in as {reader.service_account_name} here"


def _may_trust(role: Role, subject: str) -> bool:
    """Tells whether a role may trust a subject with other values of its variables than their defaults."""
    return role.undefaulted is not None and role.undefaulted.trusts(subject) is not False


def _written_audience(reader: Reader, trust: Trust) -> Iterator[Finding]:
    """Yields an audience that a trust policy by hand does not name, where it names any."""
    own, role, account = reader.service_account, reader.role, f"ServiceAccount {reader.service_account_name}"
    made = own.place if own is not None else reader.role_place
    if made is None or role is None:
        return
    audience, stated = reader.audience or (DEFAULT_AUDIENCE, made)
    if trust.takes(reader.subject, audience) is False:
        yield Finding(
            f"{account} asks for a token for audience {audience}, but role {role.name} trusts "
            f"{', '.join(trust.audiences)}",
            role.at("service_account"),
            f"trust {audience}, or say with {AUDIENCE_ANNOTATION} for whom the token is",
            related=((stated, "the ServiceAccount"),),
            severity=Severity.ERROR if role.undefaulted is None else Severity.WARNING,
            cause=f"{account}: audience",
            cluster=reader.deployment.cluster.name,
        )


def _openings(readers: Sequence[Reader]) -> Iterator[Finding]:
    """Yields each part of a trust policy by hand by which others than some readers could assume the role, too."""
    role = readers[0].role
    trust = role.trust if role is not None else None
    if role is None or trust is None:
        return
    subjects = {each.subject: each.namespace for each in readers}
    stores = f"{readers[0].store} signs in as" if len(subjects) == 1 else "stores sign in as"
    for pattern in dict.fromkeys(each for subject in subjects for each in trust.openings(subject)):
        is_of_one = all(pattern.startswith(f"system:serviceaccount:{namespace}:") for namespace in subjects.values())
        yield Finding(
            f"role {role.name} trusts {pattern or 'every ServiceAccount of the cluster'}, expected "
            f"{', '.join(subjects)}, which {stores}",
            role.at("service_account"),
            "ask for the whole subject, with StringEquals",
            severity=Severity.NOTE if is_of_one else Severity.WARNING,
            cause=f"{role.key}: {pattern}",
            cluster=readers[0].deployment.cluster.name,
        )


def _audience(reader: Reader) -> Iterator[Finding]:
    account = reader.service_account
    if account is None:
        return
    stated = at(account.annotations, AUDIENCE_ANNOTATION)
    if stated is not None and stated != DEFAULT_AUDIENCE:
        yield Finding(
            f"{account} asks for a token for audience {stated}, but the role trusts {DEFAULT_AUDIENCE}",
            account.place.down("metadata", "annotations", AUDIENCE_ANNOTATION),
            f"remove {AUDIENCE_ANNOTATION}",
            cause=f"{account}: audience",
            cluster=reader.deployment.cluster.name,
        )


def _more_audiences(reader: Reader) -> Iterator[Finding]:
    """Yields the audiences that a store names beside that of its ServiceAccount."""
    ref = ("spec", "provider", "aws", "auth", "jwt", "serviceAccountRef", "audiences")
    more = [each for each in list_at(reader.store.value, *ref) if each != DEFAULT_AUDIENCE]
    if more:
        yield Finding(
            f"{reader.store} asks for a token for {', '.join(map(str, more))} too, which the role does not trust",
            reader.store.place.down(*ref),
            f"remove audiences: {DEFAULT_AUDIENCE} is always among them",
            severity=Severity.WARNING,
            cause=f"{reader.store}: audiences",
            cluster=reader.deployment.cluster.name,
        )


CHECK = Check("trust-subject", _run, __doc__)
