"""The policies of the roles of a project, as Argo CD's server checks them.

Part of argo-cd-object. The API server of Kubernetes takes any text, so that a policy that Argo CD never applies says so
nowhere; its own server then refuses each change of the project. Source: Argo CD v3.5.1,
pkg/apis/application/v1alpha1/types.go, validatePolicy; util/rbac/rbac.go, ProjectScoped; assets/model.conf, by which a
policy is a pattern of what is asked; linode/apl-core #3105, for a pattern of resources.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import list_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_RESOURCES = ("applications", "applicationsets", "clusters", "exec", "logs", "repositories")
_EFFECTS = ("allow", "deny")
_ANY = "*"
_NUMBER = 6
"""The parts of a policy."""
_REFUSED = "Argo CD's server refuses each change of such a project"
_IDLE = "the role gets nothing by it"
_FORM = "p, {subject}, applications, sync, {project}/*, allow"


def project_policies(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    """Yields the policies of an AppProject that give its roles nothing, or that Argo CD's server refuses."""
    for index, role in enumerate(list_at(manifest.value, "spec", "roles")):
        name = text_at(role, "name") or ""
        for number, policy in enumerate(list_at(role, "policies")):
            if not isinstance(policy, str) or any(map(has_template, (policy, name, manifest.name))):
                continue
            wrong = _wrong(policy, manifest.name, name)
            if wrong is not None:
                what, hint = wrong
                applies = _applies(policy, manifest.name, name)
                yield Finding(
                    f"{manifest}: the policy of role {name} {what}: {_REFUSED if applies else _IDLE}",
                    manifest.place.down("spec", "roles", index, "policies", number),
                    hint,
                    severity=by_mark(graph, manifest.place),
                    cause=f"policies of {manifest}",
                )


def _applies(policy: str, project: str, role: str) -> bool:
    """Tells of a policy that is wrong whether it gives the role something all the same.

    A pattern for any project is one for what is in this one too, and a pattern for any resource one for each that a
    role can have; only the server does not take them.
    """
    parts = _parts(policy)
    if len(parts) != _NUMBER or parts[0] != "p":
        return False
    _, stated, resource, _, stands_for, effect = parts
    is_of_role = stated == f"proj:{project}:{role}" and effect in _EFFECTS
    is_of_project = stands_for.startswith((_ANY, f"{project}/"))
    return is_of_role and is_of_project and resource in (*_RESOURCES, _ANY)


def _parts(policy: str) -> list[str]:
    return [each.strip() for each in policy.split(",")]


def _wrong(policy: str, project: str, role: str) -> tuple[str, str] | None:
    """Returns what is wrong with a policy and what to do, or None."""
    parts = _parts(policy)
    subject = f"proj:{project}:{role}"
    form = f"write it as in {_FORM.format(subject=subject, project=project)}"
    if len(parts) != _NUMBER or parts[0] != "p":
        return f"has {len(parts)} parts, expected p, subject, resource, action, object, effect", form
    _, stated, resource, _, stands_for, effect = parts
    if stated != subject:
        return f"has the subject {stated}, expected {subject}", f"write {subject}"
    if resource not in _RESOURCES:
        return f"has the resource {resource}, expected one of {', '.join(_RESOURCES)}", form
    if re.fullmatch(rf"{re.escape(project)}(?:/[*\w.-]+){{1,2}}", stands_for, re.ASCII) is None:
        return f"has the object {stands_for}, expected one of {project}/", f"write {project}/*, or {project}/NAME"
    return None if effect in _EFFECTS else (f"has the effect {effect}, expected allow or deny", "write allow, or deny")
