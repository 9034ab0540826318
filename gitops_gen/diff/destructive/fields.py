"""Fields whose change takes something away: destinations, guards, roles, subjects. One rule, one entry of the table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.diff.destructive.finding import Finding
from gitops_gen.diff.destructive.leaves import MISSING, Leaf, leaves
from gitops_gen.diff.fields import field_of
from gitops_gen.diff.values import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gitops_gen.diff.values import Change


@dataclass(frozen=True, slots=True)
class Rule:
    """A field of a kind of resource, and what follows where it changes so."""

    code: str
    kinds: tuple[str, ...]
    """The kinds of resources; none: any."""
    field: re.Pattern[str]
    what: str
    consequence: str
    when: Callable[[Leaf], bool] = lambda leaf: leaf.old is not MISSING


def _rule(code: str, kinds: str, field: str, what: str, consequence: str, **more: Callable[[Leaf], bool]) -> Rule:
    return Rule(code, tuple(kinds.split()), re.compile(field), what, consequence, **more)


def _becomes(*values: object) -> Callable[[Leaf], bool]:
    return lambda leaf: leaf.new in values and leaf.old not in values


def _was(*values: object) -> Callable[[Leaf], bool]:
    return lambda leaf: leaf.old in values and leaf.new not in values


def _is_gone(leaf: Leaf) -> bool:
    return leaf.new is MISSING


def _says(*words: str) -> Callable[[Leaf], bool]:
    """True where a text changes in a line that has one of the words."""

    def changes(leaf: Leaf) -> bool:
        old, new = (set(str("" if each is MISSING else each).splitlines()) for each in (leaf.old, leaf.new))
        return any(word in line for line in old ^ new for word in words)

    return changes


_GUARDS = (
    "Prune=false",
    "Delete=false",
    "Prune=confirm",
    "Delete=confirm",
    "PruneLast=true",
    "FailOnSharedResource=true",
)


def _drops_option(leaf: Leaf) -> bool:
    old, new = (str("" if each is MISSING else each) for each in (leaf.old, leaf.new))
    return any(guard in old and guard not in new for guard in _GUARDS)


_SPEC = r"(?:spec\.template\.)?spec\."
_APPLICATIONS = "Application ApplicationSet"

RULES: tuple[Rule, ...] = (
    _rule(
        "guard-dropped", "ApplicationSet", r"spec\.syncPolicy\.preserveResourcesOnDeletion",
        "preserveResourcesOnDeletion dropped",
        "when an Application goes, everything that it installed is deleted with it", when=_was(True),
    ),
    _rule(
        "guard-dropped", "ApplicationSet", r"spec\.syncPolicy\.applicationsSync", "applicationsSync loosened",
        "an Application whose element goes is deleted", when=_was("create-only", "create-update"),
    ),
    _rule(
        "guard-dropped", _APPLICATIONS, r"(?:spec\.template\.)?metadata\.finalizers.*", "resources finalizer added",
        "when the Application goes, everything that it installed is deleted with it",
        when=lambda leaf: leaf.old is MISSING and str(leaf.new).startswith("resources-finalizer"),
    ),
    _rule(
        "guard-dropped", _APPLICATIONS, _SPEC + r"syncPolicy\.automated\.prune", "automated pruning turned on",
        "Argo CD deletes what is no longer in git, without being asked", when=_becomes(True),
    ),
    _rule(
        "guard-dropped", _APPLICATIONS, _SPEC + r"syncPolicy\.automated\.allowEmpty", "allowEmpty turned on",
        "Argo CD deletes everything if git has nothing any more", when=_becomes(True),
    ),
    _rule(
        "guard-dropped", _APPLICATIONS, _SPEC + r"syncPolicy\.syncOptions.*", "sync option dropped",
        "what the option held back, Argo CD does from now on", when=_drops_option,
    ),
    _rule(
        "guard-dropped", "", r'metadata\.annotations\["argocd\.argoproj\.io/sync-options"\]', "sync option dropped",
        "what the option held back, Argo CD does from now on", when=_drops_option,
    ),
    _rule(
        "template-patch-changed", "ApplicationSet", r"spec\.templatePatch",
        "patch of every Application changed in what is guarded",
        "read the lines: they decide where each Application lands and what Argo CD deletes by itself",
        when=_says("prune", "automated", "allowEmpty", "finalizer", "destination", "namespace", "project"),
    ),
    _rule(
        "application-renamed", "ApplicationSet", r"spec\.template\.metadata\.name", "name of every Application changed",
        "Argo CD deletes every Application and makes another one; without preserveResourcesOnDeletion, with everything "
        "that it installed",
    ),
    _rule(
        "namespace-changed", _APPLICATIONS, _SPEC + r"destination\.namespace", "namespace of the destination changed",
        "the app is installed again in the new namespace; what is in the old one stays unless Argo CD prunes it, and "
        "roles that trust its ServiceAccount do no longer",
    ),
    _rule(
        "destination-changed", _APPLICATIONS, _SPEC + r"destination\.(?:name|server)", "destination changed",
        "the app is installed elsewhere; where it was it stays, and nothing manages it any more",
    ),
    _rule(
        "project-changed", _APPLICATIONS, _SPEC + r"project", "project changed",
        "what the new project does not permit is refused, and the Application stops syncing",
    ),
    _rule(
        "guard-dropped", "AppProject",
        r"spec\.(?:sourceRepos|destinations|clusterResourceWhitelist|sourceNamespaces).*",
        "project opened to everything", "any Application of the project may do what only a few were permitted to",
        when=lambda leaf: leaf.new in ("*", "**") and leaf.old is MISSING,
    ),
    _rule(
        "guard-dropped", "AppProject", r"spec\.(?:syncWindows|clusterResourceBlacklist|namespaceResourceBlacklist).*",
        "restriction of the project dropped", "what it forbade is permitted", when=_is_gone,
    ),
    _rule(
        "destination-changed", "Secret", r"(?:stringData|data)\.server", "endpoint of the cluster changed",
        "everything that is deployed to the cluster goes to the new endpoint",
    ),
    _rule(
        "role-changed", "Secret", r"(?:stringData|data)\.config", "sign-in of Argo CD to the cluster changed",
        "if the cluster refuses it, Argo CD syncs nothing to it",
    ),
    _rule(
        "role-changed", "ServiceAccount", r'metadata\.annotations\["eks\.amazonaws\.com/role-arn"\]', "role changed",
        "what signs in as the ServiceAccount gets the permissions of the new role; if it does not trust it, none",
    ),
    _rule(
        "subject-changed", "SecretStore ClusterSecretStore", r"spec\.provider\.aws\.auth\..*",
        "sign-in of the store changed", "secrets are refreshed only if the role trusts the new subject",
    ),
    _rule(
        "role-changed", "SecretStore ClusterSecretStore", r"spec\.provider\.aws\.(?:role|additionalRoles.*)",
        "role of the store changed", "secrets are refreshed only if the new role may read them",
        when=lambda _: True,
    ),
    _rule(
        "store-changed", "SecretStore ClusterSecretStore", r"spec\.provider\.aws\.(?:region|service|prefix)",
        "place that the store reads from changed", "a secret that is not there is no longer refreshed",
        when=lambda _: True,
    ),
    _rule(
        "store-changed", "ExternalSecret", r"spec\.secretStoreRef\..*", "store changed",
        "a secret that the new store cannot read is no longer refreshed",
    ),
    _rule(
        "target-changed", "ExternalSecret", r"spec\.target\.name", "name of the Secret changed",
        "what reads the Secret under its old name is no longer refreshed, or does not find it",
    ),
    _rule(
        "target-changed", "ExternalSecret", r"spec\.target\.template\.type", "type of the Secret changed",
        "Kubernetes changes no type: the Secret is no longer refreshed until it is deleted, and made anew",
        when=lambda _: True,
    ),
    _rule(
        "key-removed", "ExternalSecret", r"spec\.data\[secretKey=[^\]]*\]\.secretKey", "key removed from the Secret",
        "what reads the key does not find it any more", when=_is_gone,
    ),
    _rule(
        "guard-dropped", "ExternalSecret", r"spec\.target\.deletionPolicy", "deletionPolicy Retain dropped",
        "when the secret is gone at its provider, the Secret is deleted, or its keys are", when=_was("Retain"),
    ),
    _rule(
        "role-removed", "tfvars", r"eso_roles.*\.role_name", "role removed",
        "terraform apply destroys the role, and the secrets that it reads are no longer refreshed", when=_is_gone,
    ),
    _rule(
        "role-changed", "tfvars", r"eso_roles.*\.role_name", "name of a role changed",
        "terraform apply destroys the old role and makes the new one; until both sides agree no secret is refreshed",
        when=lambda leaf: MISSING not in (leaf.old, leaf.new),
    ),
    _rule(
        "subject-changed", "tfvars", r"eso_roles.*\.(?:namespace|service_account)", "trusted subject of a role changed",
        "after terraform apply the role trusts the new ServiceAccount only",
        when=lambda leaf: MISSING not in (leaf.old, leaf.new),
    ),
    _rule(
        "subject-changed", "tfvars", r"oidc_provider(?:_arn)?", "OIDC provider changed",
        "after terraform apply the roles trust the new issuer only; if it is not the cluster's, no secret is refreshed",
    ),
    _rule(
        "role-changed", "tfvars", r"account_id", "account changed",
        "roles are made in the new account; those in the old one stay",
    ),
    _rule(
        "permission-removed", "tfvars",
        r"eso_roles.*\.(?:secret_arns|kms_key_arns)\[\D.*", "permission of a role removed",
        "after terraform apply the role may no longer read it, and a secret that needs it is no longer refreshed",
        when=_is_gone,
    ),
)  # fmt: skip
"""What is destructive, by field. Removed roles are told once: by their name."""


def field_findings(changes: Sequence[Change]) -> Iterator[Finding]:
    """Yields the fields of changed resources whose change is destructive."""
    for change in changes:
        if change.kind in (Kind.ADDED, Kind.REMOVED):
            continue
        rules = [rule for rule in RULES if not rule.kinds or change.resource.kind in rule.kinds]
        for difference in change.differences if rules else ():
            for leaf in leaves(difference):
                yield from _of_leaf(rules, leaf, change)


def _of_leaf(rules: Sequence[Rule], leaf: Leaf, change: Change) -> Iterator[Finding]:
    field = field_of(leaf.steps)
    for rule in rules:
        if rule.field.fullmatch(field) and rule.when(leaf):
            yield Finding(rule.code, f"{rule.what}{_edit(leaf)}", rule.consequence, _name(leaf, change), leaf.place)


def _name(leaf: Leaf, change: Change) -> str:
    cluster = leaf.place.cluster
    if not change.resource.api_version:
        return cluster or change.path
    return f"{change.resource} on {cluster}" if cluster and change.resource.name != cluster else str(change.resource)


def _edit(leaf: Leaf) -> str:
    old, new = _short(leaf.old), _short(leaf.new)
    if old and new:
        return f": {old} -> {new}"
    return f": {old or new}" if old or new else ""


def _short(value: object) -> str:
    text = "" if value is MISSING or isinstance(value, bool) else str(value)
    return text if len(text) <= 120 and "\n" not in text else ""
