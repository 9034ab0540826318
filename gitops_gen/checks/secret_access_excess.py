"""A role may read exactly the secrets that are asked for: no other one, no other environment's, no open pattern.

A pattern that nothing asks for is access that nobody will miss, or the trace of a name that changed on one side only. A
* where the value is known reaches secrets that do not exist yet, and in a shared account those of another environment;
what is found by a path or a name is not known, so that a pattern for what lies there is meant. What is pushed is asked
for, too, and what an ExternalSecret asks for that no Application brings is not known: somebody may apply it by hand. In
Terraform that somebody wrote by hand, one behind the start of a name is a note: many give an app all that begins with
its name, and mean it. In generated files, a secret that lies where another environment has its own is a
warning, though both sides agree.

Fix: remove the pattern, or name the secret, its region and its account exactly, with -?????? at the end.

Source: AWS, security best practices in IAM (least privilege); Secrets Manager, CreateSecret.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import parse_arn
from gitops_gen.aws.regions import partition_of
from gitops_gen.checks.alike import Sound
from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.checks.odd_paths import odd_paths
from gitops_gen.evidence.iam import covers, covers_ended, covers_secret, exact_pattern, has_wildcard
from gitops_gen.evidence.permitted import is_covered, is_parameter
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.external_secrets import GROUP
from gitops_gen.kinds import CLUSTER_STORE
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.readers import Reader
    from gitops_gen.evidence.terraform import Role

_ANY_SUFFIX = "-??????"
_RESOURCE = "secret:"
"""How the resource of the ARN of a secret starts."""


def _run(graph: Graph) -> Iterator[Finding]:
    readers: defaultdict[Place, list[Reader]] = defaultdict(list)
    for reader in graph.readers:
        role = reader.reading_role or reader.parameter_role
        if role is not None:
            readers[role.place].append(reader)
    sound, named = Sound(), _NamedElsewhere(graph)
    for _, role in graph.judged_roles:
        yield from _open_parts(graph, role, readers.get(role.place, []))
        if role.place in readers and _is_seen(graph, readers[role.place]):
            key = (role.secret_arns, *(each.wanted for each in readers[role.place]))
            yield from sound.unless(key, _unused, graph, role, readers[role.place], named)
    yield from odd_paths(graph)


def _is_seen(graph: Graph, readers: list[Reader]) -> bool:
    """Tells whether all that may ask is known: with generated files it is, else a chart may bring more.

    Where one of those stops being YAML, it is not. A ClusterSecretStore is asked from any namespace, wherever its
    ServiceAccount is.
    """
    if any(graph.is_cut_short(each.deployment) for each in readers):
        return False
    cluster = readers[0].deployment.cluster
    is_ours = all(graph.is_ours(each.store.place) for each in readers)
    namespaces = {None if each.store.kind == CLUSTER_STORE else each.namespace for each in readers}
    return is_ours or all(map(cluster.is_seen, namespaces))


def _open_parts(graph: Graph, role: Role, readers: list[Reader]) -> Iterator[Finding]:
    # Of a generated role that nothing is seen to read with, a link before it is told: a search may stand behind that.
    may_search = not readers and graph.is_ours(role.place)
    for index, pattern in enumerate(role.secret_arns):
        if has_wildcard(pattern.removesuffix(_ANY_SUFFIX)) and not _is_of_search(pattern, readers):
            if may_search and _is_bounded(pattern):
                continue
            place = role.at("secret_arns", index)
            yield Finding(
                f"role {role.name} may read {pattern}: a wildcard where the value is known",
                place,
                f"name the region, the account and the secret, with {_ANY_SUFFIX} at the end",
                severity=_severity(graph, role, pattern),
                cause=f"wildcard in {role.key}",
            )


def _is_of_search(pattern: str, readers: list[Reader]) -> bool:
    """Tells whether a pattern is for what an ExternalSecret finds."""
    from gitops_gen.evidence.found_secrets import may_be_found

    return any(may_be_found(pattern, each) for each in readers)


def _severity(graph: Graph, role: Role, pattern: str) -> Severity:
    """Returns how much a wildcard weighs: less where somebody chose the start of the names that it is for."""
    is_ours = graph.is_ours(role.place)
    return Severity.NOTE if not is_ours and _is_bounded(pattern) else by_mark(graph, role.place)


def _is_bounded(pattern: str) -> bool:
    """True for a pattern that states the start of the names, and all that is before them."""
    arn = parse_arn(pattern)
    if arn is None or any(map(has_wildcard, arn[:-1])):
        return False
    return not has_wildcard(arn.resource.removeprefix(_RESOURCE)[:1])


class _NamedElsewhere:
    """The stores that are asked in a way that is not followed.

    These are those that an item names of an ExternalSecret which reads another store, and those that an ExternalSecret
    names which no Application brings.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._stores: dict[int, set[tuple[str, str | None]]] = {}
        self._by_hand: set[tuple[str, str | None]] | None = None

    def has(self, reader: Reader) -> bool:
        """Tells whether the store of a reader is one of them."""
        cluster, store = reader.deployment.cluster, reader.store
        if id(cluster) not in self._stores:
            self._stores[id(cluster)] = {_named(ref) for each in cluster.deployments for ref in _item_stores(each)}
        return (store.kind, store.name) in self._stores[id(cluster)] or self._is_asked_by_hand(reader)

    def _is_asked_by_hand(self, reader: Reader) -> bool:
        """Tells for a store of somebody else's files: in generated ones, what no Application brings is a mistake."""
        if self._graph.is_ours(reader.store.place):
            return False
        if self._by_hand is None:
            self._by_hand = {
                _named(map_at(each.value, "spec", "secretStoreRef"))
                for each in self._graph.manifests
                if each.kind == "ExternalSecret" and each.group == GROUP and each.place not in self._graph.brought
            }
        return (reader.store.kind, reader.store.name) in self._by_hand


def _named(ref: object) -> tuple[str, str | None]:
    return text_at(ref, "kind") or "SecretStore", text_at(ref, "name")


def _item_stores(deployment: Deployment) -> Iterator[object]:
    for manifest in deployment.external_secrets:
        for name in ("data", "dataFrom"):
            for item in list_at(manifest.value, "spec", name):
                ref = at(item, "sourceRef", "storeRef")
                if ref is not None:
                    yield ref


def _unused(graph: Graph, role: Role, readers: list[Reader], named: _NamedElsewhere) -> Iterator[Finding]:
    of_secrets = [reader for reader in readers if reader.reading_role is not None]
    exact = {exact_pattern(*_where(reader), name) for reader in of_secrets for name, _ in reader.secret_names}
    for index, pattern in enumerate(role.secret_arns):
        if pattern in exact or any(_is_asked_for(pattern, reader) for reader in readers):
            continue
        if any(_is_of_another_partition(pattern, role, reader) for reader in of_secrets):
            continue  # secret-access tells it
        if _is_of_search(pattern, readers) or any(_is_pushed(pattern, reader) for reader in readers):
            continue
        if any(map(named.has, readers)):
            return  # what those ask for is not read here
        place, reader = role.at("secret_arns", index), _likely_reader(pattern, readers)
        names = sorted({name for each in readers if each.store is reader.store for name, _ in each.secret_names})
        yield Finding(
            f"role {role.name} may read {pattern}, which nothing asks for; {reader.store} asks for "
            f"{', '.join(names) or 'nothing'}",
            place,
            "remove the pattern, or correct the name on the side that is wrong",
            related=((reader.store.place, f"{reader.store} signs in with the role"),),
            severity=by_mark(graph, role.place),
            cause=f"excess in {role.key}",
            cluster=reader.deployment.cluster.name,
        )


def _likely_reader(pattern: str, readers: list[Reader]) -> Reader:
    """Returns who would ask for it: of several stores, the first that reads the service that it is of."""
    arn = parse_arn(pattern)
    of_parameters = arn is not None and arn.service == "ssm"
    return next((each for each in readers if (each.parameter_role is not None) == of_parameters), readers[0])


def _is_asked_for(pattern: str, reader: Reader) -> bool:
    if reader.parameter_role is not None:
        return any(is_parameter(pattern, reader, name) for name, _ in reader.secret_names)
    partition, region, account = _where(reader)
    return any(
        covers_secret(pattern, partition=partition, region=region, account=account, name=name)
        or (name.startswith("arn:") and (covers(pattern, name) or covers_ended(pattern, name)))
        for name, _ in reader.secret_names
    )


def _is_pushed(pattern: str, reader: Reader) -> bool:
    """Tells whether a pattern is for a secret that is written, which the operator reads before."""
    if not any(each.push_secrets for each in reader.deployment.cluster.deployments):
        return False
    from gitops_gen.checks.secret_needs import pushed_secrets

    names = (each.name for each in pushed_secrets(reader))
    if reader.parameter_role is not None:
        return any(is_parameter(pattern, reader, name) for name in names)
    return any(is_covered([pattern], _where(reader), name) for name in names)


def _is_of_another_partition(pattern: str, role: Role, reader: Reader) -> bool:
    """Tells whether a secret that the role may not read would be covered by a pattern, were its partition the role's.

    So it is with a region of another partition.
    """
    arn, where = parse_arn(pattern), _where(reader)
    if arn is None or not (_is_other(arn.partition, where[0]) or _is_other(_partition_of(arn.region), where[0])):
        return False
    meant = ":".join(("arn", *arn._replace(partition=where[0], region=where[1])))
    may_read = (*role.secret_arns, *role.possible_arns)
    names = (name for name, ref in reader.secret_names if ref.is_value)
    return any(is_covered([meant], where, name) and not is_covered(may_read, where, name) for name in names)


def _is_other(partition: str, expected: str) -> bool:
    return bool(partition) and not has_wildcard(partition) and partition != expected


def _partition_of(region: str) -> str:
    found = partition_of(region)
    return "" if found is None else found.name


def _where(reader: Reader) -> tuple[str, str, str]:
    arn = reader.role_arn
    return (arn.partition if arn else "", reader.region or "", arn.account if arn else "")


CHECK = Check("secret-access-excess", _run, __doc__)
