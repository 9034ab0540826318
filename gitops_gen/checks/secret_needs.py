"""What a role lacks of what External Secrets does with it beside reading secrets by their names.

Part of secret-access. Source: external-secrets v2.9.0, providers/v1/aws/secretsmanager/secretsmanager.go; Secrets
Manager, BatchGetSecretValue, which with filters needs ListSecrets too, and CreateSecret, which with tags needs
TagResource; the notes on release 0.12.1 of External Secrets; providers/v1/aws/parameterstore/parameterstore.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.iam import action_matches
from gitops_gen.evidence.operators import operator_of
from gitops_gen.evidence.permitted import is_covered, is_parameter, parameters_of
from gitops_gen.evidence.readers import PARAMETER_STORE
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.kinds import CLUSTER_STORE
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.readers import Reader
    from gitops_gen.evidence.terraform import Role

_SERVICE = "secretsmanager:"
_AWS = ("spec", "provider", "aws")
_NAMESPACE = (*_AWS, "auth", "jwt", "serviceAccountRef", "namespace")
"""Where a ClusterSecretStore names the namespace that it signs in from for all."""
_BATCHES = (0, 12, 0)
"""The first version that finds in batches."""
_WRITING_SECRETS = tuple(
    f"{_SERVICE}{name}"
    for name in ("DescribeSecret", "GetSecretValue", "CreateSecret", "PutSecretValue", "TagResource")
)
_PATH, _DESCRIBE, _PARAMETER_TAGS = "ssm:GetParametersByPath", "ssm:DescribeParameters", "ssm:ListTagsForResource"
_WRITING_PARAMETERS = ("ssm:GetParameter", _PARAMETER_TAGS, "ssm:PutParameter")
_OF_METADATA = {
    "resourcePolicy": ("GetResourcePolicy", "PutResourcePolicy"),
    "replicationLocations": ("ReplicateSecretToRegions",),
}
"""What it takes to write what a PushSecret says of a secret, by its field."""
_REMOTE_KEY = ("match", "remoteRef", "remoteKey")
_MAY = "what the role may read"


class _Push(NamedTuple):
    """A PushSecret that names the store of a reader, and where."""

    manifest: Manifest
    reader: Reader
    place: Place


class _Need(NamedTuple):
    """What somebody asks for, and the actions that it needs."""

    asking: str
    place: Place
    actions: tuple[str, ...]
    instead: str = ""
    """An action that does in the place of them all."""


def lacking_actions(reader: Reader, role: Role) -> Iterator[Finding]:
    """Yields what is asked for with a role, all of whose actions are known, and it may not do."""
    for need in (*_read(reader), *map(_need, _pushes(reader))):
        lacks = [each for each in need.actions if not any(action_matches(own, each) for own in role.actions)]
        if lacks and not any(action_matches(own, need.instead) for own in role.actions if need.instead):
            yield Finding(
                f"{need.asking}, and role {role.name} may not do {' and '.join(lacks)}",
                need.place,
                f"allow {lacks[0]} in a policy of the role",
                related=((role.at("actions"), "what the role may do"),),
                severity=Severity.ERROR if role.undefaulted is None else Severity.WARNING,
                cause=f"{reader.store}: {need.asking}: {lacks}",
                cluster=reader.deployment.cluster.name,
            )


def refused_pushes(reader: Reader, role: Role) -> Iterator[Finding]:
    """Yields what is pushed under a name that a role may not read, as the operator does before it writes.

    Of a generated role, a module may let it read more than its variable file lists.
    """
    field = "parameter_arns" if role.lines and _is_of_parameters(reader) else "secret_arns"
    is_certain = role.lines and role.undefaulted is None
    for pushed in pushed_secrets(reader):
        if not _may_read(reader, role, pushed.name):
            yield Finding(
                f"{pushed.manifest} pushes {pushed.name} with {reader.store}, and role {role.name} may not read it, "
                "as the operator does before it writes",
                pushed.place,
                "allow that name in the policies of the role, to read and to write, in the region of the store",
                related=((role.at(field), _MAY),),
                severity=Severity.ERROR if is_certain else Severity.WARNING,
                cause=f"{reader.store}: {pushed.manifest}: {pushed.name}",
                cluster=reader.deployment.cluster.name,
            )


class PushedSecret(NamedTuple):
    """What a PushSecret writes with the store of a reader: its name, with the prefix of the store, and where."""

    manifest: Manifest
    name: str
    place: Place


def pushed_secrets(reader: Reader) -> Iterator[PushedSecret]:
    """Yields what PushSecrets write with the store of a reader."""
    prefix = text_at(reader.store.value, *_AWS, "prefix") or ""
    for push in _pushes(reader):
        for index, item in enumerate(list_at(push.manifest.value, "spec", "data")):
            key = text_at(item, *_REMOTE_KEY)
            if key:
                place = push.manifest.place.down("spec", "data", index, *_REMOTE_KEY)
                yield PushedSecret(push.manifest, f"{prefix}{key}", place)


def _may_read(reader: Reader, role: Role, name: str) -> bool:
    if _is_of_parameters(reader):
        return any(is_parameter(arn, reader, name) for arn in (parameters_of(role) if role.lines else role.secret_arns))
    arn = reader.role_arn
    where = (arn.partition, reader.region or "", arn.account) if arn is not None else ("", "", "")
    return is_covered((*role.secret_arns, *role.possible_arns), where, name)


def _is_of_parameters(reader: Reader) -> bool:
    return text_at(reader.store.value, *_AWS, "service") == PARAMETER_STORE


def _read(reader: Reader) -> Iterator[_Need]:
    tags = _PARAMETER_TAGS if _is_of_parameters(reader) else f"{_SERVICE}DescribeSecret"
    for manifest in reader.external_secrets:
        for index, item in enumerate(list_at(manifest.value, "spec", "dataFrom")):
            if at(item, "find") is not None and at(item, "sourceRef", "storeRef") is None:
                place = manifest.place.down("spec", "dataFrom", index, "find")
                yield _finding(reader, f"{manifest} finds secrets", place, at(item, "find"))
        for steps in (("data", "remoteRef"), ("dataFrom", "extract")):
            for index, item in enumerate(list_at(manifest.value, "spec", steps[0])):
                if text_at(item, steps[1], "metadataPolicy") == "Fetch" and at(item, "sourceRef", "storeRef") is None:
                    place = manifest.place.down("spec", steps[0], index, steps[1], "metadataPolicy")
                    yield _Need(f"{manifest} reads the tags of a secret", place, (tags,))


def _finding(reader: Reader, asking: str, place: Place, find: object) -> _Need:
    """Returns the actions that find secrets: one after the other by their names, in batches by a path or by tags.

    Parameters are found by their path; where that is refused, and by tags, they are described.
    """
    is_named = at(find, "name") is not None
    if _is_of_parameters(reader):
        return _Need(asking, place, (_PATH,), instead=_DESCRIBE) if is_named else _Need(asking, place, (_DESCRIBE,))
    operator = operator_of(reader.deployment.cluster)
    is_old = operator is not None and operator.numbers < _BATCHES
    by_name = is_named and at(find, "path") is None
    batch = () if by_name or is_old else (f"{_SERVICE}BatchGetSecretValue",)
    return _Need(asking, place, (f"{_SERVICE}ListSecrets", *batch))


def _pushes(reader: Reader) -> Iterator[_Push]:
    for deployment in reader.deployment.cluster.deployments:
        for manifest in deployment.push_secrets:
            for index, ref in enumerate(list_at(manifest.value, "spec", "secretStoreRefs")):
                if _is_of(reader, ref, deployment.namespace_of(manifest)):
                    yield _Push(manifest, reader, manifest.place.down("spec", "secretStoreRefs", index))


def _need(push: _Push) -> _Need:
    """Returns the actions with which a store pushes; to put tags on a parameter takes one more, where there are any."""
    is_of_parameters = _is_of_parameters(push.reader)
    names = _WRITING_PARAMETERS if is_of_parameters else _WRITING_SECRETS
    if not is_of_parameters:
        items = list_at(push.manifest.value, "spec", "data")
        stated = {field for item in items for field, value in map_at(item, "metadata", "spec").items() if value}
        names += tuple(f"{_SERVICE}{each}" for field in _OF_METADATA if field in stated for each in _OF_METADATA[field])
    if text_at(push.manifest.value, "spec", "deletionPolicy") == "Delete":
        names = (*names, "ssm:DeleteParameter" if is_of_parameters else f"{_SERVICE}DeleteSecret")
    return _Need(f"{push.manifest} pushes with {push.reader.store}", push.place, names)


def _is_of(reader: Reader, ref: object, namespace: str) -> bool:
    """Tells whether what a PushSecret of a namespace names is the store of a reader, which signs in for it."""
    if (text_at(ref, "kind") or "SecretStore", text_at(ref, "name")) != (reader.store.kind, reader.store.name):
        return False
    is_for_all = reader.store.kind == CLUSTER_STORE and text_at(reader.store.value, *_NAMESPACE) is not None
    return is_for_all or reader.namespace == namespace
