"""A role that External Secrets reads with may do what External Secrets does, and no more.

To read a secret by its name it calls GetSecretValue, and DescribeSecret where an ExternalSecret asks for metadata; to
find secrets it calls ListSecrets and BatchGetSecretValue. An action that it never calls, as ListSecretVersionIds, is
access that nobody will miss; one that writes can destroy a secret. A PushSecret writes, so that its actions are left.
Two of the first kind stand in the sample policy of External Secrets: by hand, they are a note, and so is a wildcard,
as Get*, that stands for actions that read only.

Fix: remove the action from the policy.

Source: external-secrets v2.9.0, providers/v1/aws/secretsmanager/secretsmanager.go; AWS, Service Authorization
Reference, the access levels of the actions of Secrets Manager.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.iam import action_matches
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.terraform import Role

_SERVICE = "secretsmanager:"
_READ = ("GetSecretValue", "DescribeSecret", "ListSecrets", "BatchGetSecretValue")
_WRITTEN = (
    *("CreateSecret", "PutSecretValue", "TagResource", "UntagResource", "DeleteSecret"),
    *("GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"),
    *("ReplicateSecretToRegions", "RemoveRegionsFromReplication"),
)
_NOT_CALLED = ("GetRandomPassword", "GetResourcePolicy", "ListSecretVersionIds", "ValidateResourcePolicy")
"""These read, or only check, and External Secrets never calls them to read."""
_WRITE = (
    *("CancelRotateSecret", "CreateSecret", "DeleteResourcePolicy", "DeleteSecret", "PutResourcePolicy"),
    *("PutSecretValue", "RemoveRegionsFromReplication", "ReplicateSecretToRegions", "RestoreSecret", "RotateSecret"),
    *("StopReplicationToReplica", "TagResource", "UntagResource", "UpdateSecret", "UpdateSecretVersionStage"),
)
"""All that is not reading: writing, tagging, and the management of permissions."""
_OF_THE_SAMPLE = ("secretsmanager:getresourcepolicy", "secretsmanager:listsecretversionids")
"""In the policy that the manual of External Secrets shows, and never called; actions have no case."""
_PUSH = ("PushSecret", "ClusterPushSecret")


def _run(graph: Graph) -> Iterator[Finding]:
    pushes = any(each.manifest.kind in _PUSH for each in graph.operator_objects)
    called = [f"{_SERVICE}{action}" for action in (*_READ, *(_WRITTEN if pushes else ()))]
    for cluster, role in graph.judged_roles:
        own = [each for each in dict.fromkeys(role.actions) if each.lower().startswith(_SERVICE)]
        for action in own:
            lenient = Severity.WARNING if graph.is_ours(role.place) else Severity.NOTE
            if not any(action_matches(action, each) for each in called):
                severity = lenient if action.lower() in _OF_THE_SAMPLE else Severity.WARNING
                yield _finding(cluster, role, action, "External Secrets never calls it", severity)
            elif pushes:
                continue
            elif _stands_for(action, _WRITE):
                yield _finding(cluster, role, action, "it may write secrets as well")
            elif _stands_for(action, _NOT_CALLED):
                yield _finding(cluster, role, action, "it stands for more than what External Secrets calls", lenient)


def _stands_for(pattern: str, actions: tuple[str, ...]) -> bool:
    return any(action_matches(pattern, f"{_SERVICE}{each}") for each in actions)


def _finding(cluster: str, role: Role, action: str, reason: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(
        f"role {role.name} may do {action}: {reason}",
        role.at("actions"),
        f"remove it; to read a secret, {_SERVICE}GetSecretValue is enough",
        severity=severity,
        cause=f"{role.key}: {action}",
        cluster=cluster,
    )


CHECK = Check("secret-actions", _run, __doc__)
