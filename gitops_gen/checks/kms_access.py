"""The KMS keys that a role may use are keys of the regions whose secrets it reads, and the same on every cluster.

A secret that is encrypted with a customer-managed key needs kms:Decrypt on that key, which stands in the region of the
secret. No file says which key encrypts a secret, so what can be proved is this: a key is an ARN of a key, in the
partition of the role, in a region that the role reads; and roles that read the same secret use the same keys. A policy
by hand may be for other things too: there a key of another region is a warning, and one for any secret says nothing of
keys; nor does it say all, as the policy of a key may allow a role to use it: that one has no key where others have one
is a note. A key has an id that no other one has, but for the replicas of a multi-Region key in other regions of its
account: in a generated file, one id in two accounts, or in two regions, is a warning, and so is the one key of another
cluster's account where the same app has keys of its own account elsewhere, or all other roles beside it have, or one
that differs from another key's in a sign or two. So are several in one account, if the app has its own on the clusters
of others.

Fix: list the key of each secret's own region, on every cluster that reads the secret.

Source: AWS, secret encryption and decryption in Secrets Manager; AWS KMS, multi-Region keys, and ReplicateKey, which
makes no replica in another account, key policies, and "Specifying KMS keys in IAM policy statements", where an alias
is for actions on aliases only; external-secrets #390.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import check_kms_key_arn, parse_arn
from gitops_gen.aws.regions import partition_of
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.iam import has_wildcard
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from gitops_gen.aws.arns import Arn
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.terraform import Role, Tfvars


_KEY = "key/"
_ALIAS = ":alias/"
_FEW = 20
"""Keys that one role alone has, among which one with a slip is looked for."""
_SLIP = 2
"""Signs that differ in an id with a slip: one, or two that are exchanged."""
_REPLICATED = f"{_KEY}mrk-"
"""How a multi-Region key begins."""


class _Key(NamedTuple):
    """A key that a role may use."""

    tfvars: Tfvars
    role: Role
    number: int
    arn: Arn

    @property
    def stands_in(self) -> str:
        """The account and, of a key without replicas, the region."""
        account = f"account {self.arn.account}"
        return account if self.arn.resource.startswith(_REPLICATED) else f"{account} in {self.arn.region}"


def _run(graph: Graph) -> Iterator[Finding]:
    same_secrets: defaultdict[tuple[str, ...], list[tuple[Tfvars, Role]]] = defaultdict(list)
    by_id: defaultdict[str, list[_Key]] = defaultdict(list)
    wrong: set[int] = set()
    yield from _of_roles(graph, wrong)
    for tfvars in graph.tfvars:
        for role in tfvars.roles:
            if graph.is_ours(tfvars.place):
                for key in _keys_of(tfvars, role):
                    by_id[key.arn.resource].append(key)
            # Where somebody wrote a policy for any secret, the roles of two accounts have the same, for other secrets.
            is_sound = role.secret_arns and id(role) not in wrong
            if is_sound and not (role.lines and any("*" in each for each in role.secret_arns)):
                same_secrets[tuple(sorted(set(role.secret_arns)))].append((tfvars, role))
    told: set[int] = set()
    for pairs in same_secrets.values():
        for role, finding in _disagreement(pairs):
            told.add(id(role))
            yield finding
    for keys in by_id.values():
        yield from _in_two_places(keys, told)
    yield from _nearly_another(by_id, told)
    yield from _of_other_accounts(graph, [key for keys in by_id.values() for key in keys], told)


def _keys_of(tfvars: Tfvars, role: Role) -> Iterator[_Key]:
    for index, text in enumerate(role.kms_key_arns):
        arn = parse_arn(text)
        if arn is not None and not placeholders.in_key_id(arn.resource):
            yield _Key(tfvars, role, index, arn)


def _in_two_places(keys: list[_Key], told: Collection[int]) -> Iterator[Finding]:
    """A key stands in one place: the few that name another one than the many are told, if they were not `told`."""
    uses = Counter(key.stands_in for key in keys)
    if len(uses) < 2:
        return
    own = Counter(key.stands_in for key in keys if key.arn.account == key.tfvars.account)
    usual = max(uses, key=lambda place: (uses[place], own[place]))
    like = next(key for key in keys if key.stands_in == usual)
    for key in keys:
        if key.stands_in != usual and id(key.role) not in told:
            yield _doubtful(
                key,
                f" of {key.stands_in}, and elsewhere that key is in {usual}",
                f"write {usual}, or the id of the key that is meant",
                (like, f"the key is in {usual} here"),
            )


def _nearly_another(by_id: Mapping[str, Sequence[_Key]], told: Collection[int]) -> Iterator[Finding]:
    """Yields the id that one role alone has, and that is almost that of more: AWS draws them by lot."""
    alone = [keys[0] for keys in by_id.values() if len(keys) == 1]
    if len(alone) > _FEW or len(alone) == len(by_id):
        return
    halves = {half: keys[0] for keys in by_id.values() if len(keys) > 1 for half in _halves(keys[0].arn.resource)}
    for key in (each for each in alone if id(each.role) not in told):
        like = next((halves[half] for half in _halves(key.arn.resource) if half in halves), None)
        if like is not None and _differing(key.arn.resource, like.arn.resource) <= _SLIP:
            yield _doubtful(
                key,
                f", and others {like.arn.resource}: one has a slip",
                f"write {like.arn.resource}, if that is the key that is meant",
                (like, f"role {like.role.name} may use this one"),
            )


def _doubtful(key: _Key, why: str, hint: str, other: tuple[_Key, str]) -> Finding:
    """Returns the warning of a key that is probably another one, with what speaks for it."""
    like, said = other
    return Finding(
        f"role {key.role.name} may use {key.arn.resource}{why}",
        key.role.at("kms_key_arns", key.number),
        hint,
        related=((like.role.at("kms_key_arns", like.number), said),),
        severity=Severity.WARNING,
        cluster=key.tfvars.cluster,
    )


def _differing(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _halves(resource: str) -> tuple[tuple[str, int, str], ...]:
    """Returns both halves of an id, each with the length of the whole."""
    middle = (len(resource) + len(_KEY)) // 2
    return ("first", len(resource), resource[:middle]), ("second", len(resource), resource[middle:])


def _of_other_accounts(graph: Graph, keys: Sequence[_Key], told: Collection[int]) -> Iterator[Finding]:
    """Yields the keys of other clusters' accounts, where the same app elsewhere in the account has keys of its own."""
    fleet = {tfvars.account: tfvars for tfvars in reversed(graph.tfvars)} if keys else {}
    alike: defaultdict[tuple[str, str, str], list[_Key]] = defaultdict(list)
    in_file: defaultdict[str, list[_Key]] = defaultdict(list)
    for key in keys:
        alike[key.tfvars.account, key.role.namespace, key.role.service_account].append(key)
        in_file[key.tfvars.path].append(key)
    ids = {(key.arn.account, key.arn.resource) for key in keys if key.arn.account == key.tfvars.account}
    everywhere: defaultdict[tuple[str, str], list[_Key]] = defaultdict(list)
    for (_, namespace, name), found in alike.items():
        everywhere[namespace, name] += found
    for (account, namespace, name), found in alike.items():
        strange = [key for key in found if key.arn.account != account and key.arn.account in fleet]
        own = {key.tfvars.cluster for key in found if key.arn.account == account}
        elsewhere = [each for each in everywhere[namespace, name] if each.tfvars.account != account]
        for key in strange:
            who = _own_elsewhere(key, elsewhere, ids)
            if len(strange) == 1:
                beside = own - {key.tfvars.cluster}
                has = f"on {min(beside)} the same app has one" if beside else _who(key, in_file[key.tfvars.path], ids)
                who = f"{has} of its own account, {account}" if has else who
            if who and id(key.role) not in told:
                yield Finding(
                    f"role {key.role.name} may use a key of account {key.arn.account}, and {who}",
                    key.role.at("kms_key_arns", key.number),
                    "list the key that encrypts the secrets of this account",
                    related=((fleet[key.arn.account].place / "account_id", "the account is that of this cluster"),),
                    severity=Severity.WARNING,
                    cluster=key.tfvars.cluster,
                )


def _own_elsewhere(key: _Key, others: Sequence[_Key], ids: Collection[tuple[str, str]]) -> str:
    """Returns that an app has keys of their own on the clusters of other accounts, if nobody uses this one there."""
    is_own = all(each.arn.account == each.tfvars.account for each in others)
    number = len({each.tfvars.cluster for each in others})
    is_odd = number > 1 and is_own and (key.arn.account, key.arn.resource) not in ids
    return f"on {number} other clusters the same app has one of the cluster's own" if is_odd else ""


def _who(key: _Key, in_file: Sequence[_Key], ids: Collection[tuple[str, str]]) -> str:
    """Returns who else on the cluster has a key of its account, if that of the other account is one that is used there.

    A key that several roles of the cluster have, or that nobody has in its own account, is shared on purpose.
    """
    beside = [each for each in in_file if each.role is not key.role]
    is_own = bool(beside) and all(each.arn.account == key.tfvars.account for each in beside)
    return f"role {beside[0].role.name} has one" if is_own and (key.arn.account, key.arn.resource) in ids else ""


def _of_roles(graph: Graph, wrong: set[int]) -> Iterator[Finding]:
    """Yields what is wrong with a role by itself, and notes which those are: no other one is compared with them."""
    for cluster, role in graph.judged_roles:
        for finding in _of_one(cluster, role):
            wrong.add(id(role))
            yield finding


def _of_one(cluster: str, role: Role) -> Iterator[Finding]:
    parsed = [arn for text in role.secret_arns if (arn := parse_arn(text)) and _is_of_its_partition(arn)]
    regions, partitions = {arn.region for arn in parsed}, {arn.partition for arn in parsed}
    for index, text in enumerate(role.kms_key_arns):
        if role.lines and has_wildcard(text):
            continue  # a policy that somebody wrote by hand, for keys that have no name here
        if role.lines and _ALIAS in text and any(_ALIAS not in each for each in role.kms_key_arns):
            continue  # an alias beside its key is for other actions, as CreateAlias
        place = role.at("kms_key_arns", index)
        arn, reason = parse_arn(text), check_kms_key_arn(text)
        if reason is None and arn is not None and parsed and not regions & {arn.region, "*"}:
            reason = f"the key is in {arn.region}, but the secrets are in {', '.join(sorted(regions))}"
        if reason is None and arn is not None and parsed and not partitions & {arn.partition, "*"}:
            reason = f"the key is in partition {arn.partition}, but the secrets are in {', '.join(sorted(partitions))}"
        if reason is not None:
            yield Finding(
                f"role {role.name}: {reason}",
                place,
                "list the key of the secret's own region",
                related=((role.at("secret_arns"), "the secrets that the role reads"),),
                severity=Severity.WARNING if role.lines else Severity.ERROR,  # by hand, it may be for something else
                cluster=cluster,
            )


def _is_of_its_partition(arn: Arn) -> bool:
    """Tells whether an ARN is in the partition of its region, as far as both are stated; secret-access tells others."""
    partition = partition_of(arn.region)
    return partition is None or has_wildcard(arn.partition) or arn.partition == partition.name


def _disagreement(pairs: list[tuple[Tfvars, Role]]) -> Iterator[tuple[Role, Finding]]:
    """Roles that read the same secrets need the same keys; the few that differ from the many are named."""
    by_keys: defaultdict[tuple[str, ...], list[tuple[Tfvars, Role]]] = defaultdict(list)
    for tfvars, role in pairs:
        by_keys[tuple(sorted(set(role.kms_key_arns)))].append((tfvars, role))
    if len(by_keys) < 2:
        return
    usual = max(by_keys, key=lambda keys: (len(by_keys[keys]), len(keys)))
    like = by_keys[usual][0][1]
    for keys, found in by_keys.items():
        for tfvars, role in found if keys != usual else []:
            yield (
                role,
                Finding(
                    f"role {role.name} may use {', '.join(keys) or 'no key'}, but roles that read the same secrets use "
                    f"{', '.join(usual) or 'none'}",
                    role.at("kms_key_arns"),
                    "a secret has one key: list the same one for every role that reads it",
                    related=((like.place / "kms_key_arns", f"role {like.name} reads the same secrets"),),
                    severity=_weight(role, keys, usual),
                    cluster=tfvars.cluster,
                ),
            )


def _weight(role: Role, keys: Sequence[str], usual: Sequence[str]) -> Severity:
    """Returns how much other keys weigh: the policy of a key may allow a role by hand to use it, too."""
    if not role.lines:
        return Severity.ERROR
    return Severity.WARNING if keys and usual and set(keys).isdisjoint(usual) else Severity.NOTE


CHECK = Check("kms-access", _run, __doc__)
