"""The roles of a project, their groups and their policies, as Argo CD's server checks them.

Part of argo-cd-object. The API server of Kubernetes takes any text, so that a policy that Argo CD never applies says so
nowhere; its own server then refuses each change of the project. Source: Argo CD v3.5.1,
pkg/apis/application/v1alpha1/types.go, validatePolicy, isValidAction, validateRoleName and validateGroupName;
util/rbac/rbac.go, ProjectScoped; assets/model.conf, by which a policy is a pattern of what is asked; linode/apl-core
#3105, for a pattern of resources.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.near_miss import nearest_name
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

    _Told: TypeAlias = tuple[Place, str, str, str]
    """Where something is wrong, of whom, what, and the next step."""

_RESOURCES = ("applications", "applicationsets", "clusters", "exec", "logs", "repositories")
_ACTIONS = ("get", "create", "update", "delete", "sync", "override")
_OF_A_RESOURCE = ("action/", "update/", "delete/")
"""How an action on a resource of an Application starts. Argo CD looks for it anywhere in the text."""
_PATTERN = "*?[{"
"""What makes an action a pattern of actions."""
_EFFECTS = ("allow", "deny")
_ANY = "*"
_NUMBER = 6
"""The parts of a policy."""
_REFUSED = "Argo CD's server refuses each change of such a project"
_IDLE = "the role gets nothing by it"
_UNTAKEN = frozenset('"\n\r\t')
"""What no name of a group may have in it."""
_ROLE_NAME = lazily(r"[a-zA-Z0-9](?:[-_a-zA-Z0-9]*[a-zA-Z0-9])?")
_FORM = "p, {subject}, applications, sync, {project}/*, allow"


def project_policies(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    """Yields the policies of an AppProject that give its roles nothing, and what Argo CD's server refuses of them."""
    for index, role in enumerate(list_at(manifest.value, "spec", "roles")):
        name = text_at(role, "name") or ""
        if any(map(has_template, (name, manifest.name))):
            continue
        place = manifest.place.down("spec", "roles", index)
        told = [*_of_name(name, place), *_of_groups(role, name, place), *_of_policies(role, name, manifest.name, place)]
        for at, who, what, hint in told:
            severity = by_mark(graph, manifest.place)
            cause = (
                f"{manifest}: {what.replace(f':{name}', ':')}"  # one slip in the subjects of many roles is told once
            )
            yield Finding(f"{manifest}: {who} {what}", at, hint, severity=severity, cause=cause)


def _of_name(name: str, place: Place) -> Iterator[_Told]:
    if name and _ROLE_NAME.fullmatch(name) is None:
        hint = "write letters, digits, - and _, with a letter or a digit at both ends"
        yield place / "name", f"got the role name {name!r}:", _REFUSED, hint


def _of_groups(role: object, name: str, place: Place) -> Iterator[_Told]:
    for number, group in enumerate(list_at(role, "groups")):
        wrong = _wrong_group(group) if isinstance(group, str) and not has_template(group) else None
        if wrong is not None:
            what, hint = wrong
            yield place.down("groups", number), f"a group of role {name}", f"{what}: {_REFUSED}", hint


def _wrong_group(group: str) -> tuple[str, str] | None:
    """Returns what is wrong with a group and what to do, or None."""
    stripped = group.strip()
    is_quoted = len(stripped) > 1 and stripped[0] == stripped[-1] == '"'
    if "," in stripped and not is_quoted:
        return f"has a comma, got {group}", f"quote it: '\"{stripped}\"'; or write one group an entry"
    inner = stripped[1:-1] if is_quoted else stripped
    if not inner:
        return "is empty", "name a group, or remove the entry"
    if not _UNTAKEN.isdisjoint(inner):
        return f"has a quote, a tab or a line break in it, got {group!r}", "leave that out"
    if group != stripped:
        return f"has a space at its end, got {group!r}", f"write {stripped}"
    return None


def _of_policies(role: object, name: str, project: str, place: Place) -> Iterator[_Told]:
    for number, policy in enumerate(list_at(role, "policies")):
        if not isinstance(policy, str) or has_template(policy):
            continue
        wrong = _wrong(policy, project, name)
        if wrong is not None:
            what, hint = wrong
            outcome = _REFUSED if _applies(policy, project, name) else _IDLE
            yield place.down("policies", number), f"the policy of role {name}", f"{what}: {outcome}", hint


def _applies(policy: str, project: str, role: str) -> bool:
    """Tells of a policy that is wrong whether it gives the role something all the same.

    A pattern for any project is one for what is in this one too, and a pattern for any resource one for each that a
    role can have; only the server does not take them.
    """
    parts = _parts(policy)
    if len(parts) != _NUMBER or parts[0] != "p":
        return False
    _, stated, resource, action, stands_for, effect = parts
    is_of_role = stated == f"proj:{project}:{role}" and effect in _EFFECTS
    is_of_project = stands_for.startswith((_ANY, f"{project}/"))
    is_action = _is_action(action) or any(each in action for each in _PATTERN)
    return is_of_role and is_of_project and is_action and resource in (*_RESOURCES, _ANY)


def _is_action(action: str) -> bool:
    return action in (*_ACTIONS, _ANY) or any(each in action for each in _OF_A_RESOURCE)


def _parts(policy: str) -> list[str]:
    return [each.strip() for each in policy.split(",")]


def _wrong(policy: str, project: str, role: str) -> tuple[str, str] | None:
    """Returns what is wrong with a policy and what to do, or None."""
    parts = _parts(policy)
    subject = f"proj:{project}:{role}"
    form = f"write it as in {_FORM.format(subject=subject, project=project)}"
    if len(parts) != _NUMBER or parts[0] != "p":
        return f"has {len(parts)} parts, expected p, subject, resource, action, object, effect", form
    _, stated, resource, action, stands_for, effect = parts
    if stated != subject:
        return f"has the subject {stated}, expected {subject}", f"write {subject}"
    if resource not in _RESOURCES:
        return f"has the resource {resource}, expected one of {', '.join(_RESOURCES)}", form
    if not _is_action(action):
        near = nearest_name(action, _ACTIONS)
        expected = f"has the action {action}, expected one of {', '.join(_ACTIONS)}, *, action/..."
        return expected, f"write {near}" if near else form
    if re.fullmatch(rf"{re.escape(project)}(?:/[*\w.-]+){{1,2}}", stands_for, re.ASCII) is None:
        expected = f"has the object {stands_for}, expected {project}/* or {project}/NAME"
        return expected, f"write {project}/*, or {project}/NAME"
    return None if effect in _EFFECTS else (f"has the effect {effect}, expected allow or deny", "write allow, or deny")
