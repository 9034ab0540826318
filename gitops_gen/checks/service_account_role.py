"""The ServiceAccount of a store carries the annotation eks.amazonaws.com/role-arn, and it is the ARN of a role.

External Secrets reads the role from this annotation; without it the store fails with "an IAM role must be
associated with service account". A template that was not filled in, an empty string and an ARN of something else
all end the same way: the role cannot be assumed, and it is found out at run time. In other people's files a form that
somebody fills in, such as <ACCOUNT_ID> or REPLACE_ME, is a warning. So is an ARN of another shape that an account has
which no store signs in as, be it annotated in an object or in the values of a chart; and a role of such an account that
is of another AWS account than the cluster. One of another partition is an error.

Fix: annotate arn:<partition>:iam::<account>:role/<name> of the role in the cluster's tfvars.

Source: external-secrets v2.9.0, providers/v1/aws/auth/auth.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.aws.arns import check_role_arn
from gitops_gen.checks.finding import Check, Finding, by_mark, not_judged
from gitops_gen.checks.other_accounts import other_accounts
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.readers import ROLE_ANNOTATION, by_account
from gitops_gen.evidence.values import at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.readers import Reader


def _run(graph: Graph) -> Iterator[Finding]:
    from gitops_gen.checks.annotated_roles import annotated_roles

    told: set[Place] = set()
    sound: set[object] = set()
    for finding in _of_readers(graph, sound):
        if isinstance(finding.place, Place):
            told.add(finding.place)
        yield finding
    yield from annotated_roles(graph, told, sound)
    yield from other_accounts(graph)


def _of_readers(graph: Graph, sound: set[object]) -> Iterator[Finding]:
    """Yields what is wrong with the accounts of stores, and notes the annotations that are sound."""
    for reader, *others in by_account(graph.readers, graph.is_ours):
        account = reader.service_account
        if account is None:
            continue
        value = at(account.annotations, ROLE_ANNOTATION)
        reason = _reason(value)
        if reason is not None:
            yield Finding(
                f"{account} of {reader.store} on {reader.deployment.cluster.name}: {reason}{not_judged(2)}",
                _place(account, value),
                f"annotate {ROLE_ANNOTATION} with the ARN of the role that reads the secrets",
                related=(
                    (reader.service_account_place, "the store signs in as it here"),
                    *((each.service_account_place, f"{each.store} does, too") for each in others),
                ),
                severity=_weight(graph, reader, value),
                cause=f"{account}: {reason}",
                cluster=reader.deployment.cluster.name,
            )
        else:
            sound.add(value)


def _weight(graph: Graph, reader: Reader, value: object) -> Severity:
    """Returns how much a wrong value weighs: less where somebody fills it in before the files are used."""
    if isinstance(value, str) and placeholders.in_role_arn(value):
        return by_mark(graph, reader.store.place, reader.deployment.application.place)
    return Severity.ERROR


def _reason(value: object) -> str | None:
    if value is None:
        return f"there is no annotation {ROLE_ANNOTATION}"
    if not isinstance(value, str):
        return f"{ROLE_ANNOTATION} is no string"
    if not value:
        return f"{ROLE_ANNOTATION} is empty"
    if "{{" in value:
        return f"{ROLE_ANNOTATION} still has a template in it: {value}"
    reason = check_role_arn(value)
    return f"{ROLE_ANNOTATION}: {reason}" if reason else None


def _place(account: Manifest, value: object) -> Place:
    steps = ("metadata", "annotations", ROLE_ANNOTATION) if value is not None else ("metadata",)
    return account.place.down(*steps)


CHECK = Check("service-account-role", _run, __doc__)
