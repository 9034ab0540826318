"""The policies of the roles of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "argo-cd-object"
PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: team-a, namespace: argocd}}
spec:
  roles:
    - name: {role}
      policies:
        - "{policy}"
"""
IDLE, REFUSED = "the role gets nothing by it", "Argo CD's server refuses each change of such a project"
FORM = "hint: write it as in p, proj:team-a:ci, applications, sync, team-a/*, allow"


@pytest.mark.parametrize(
    ("policy", "what", "hint"),
    [
        (
            "p, role:ci, applications, get, team-a/*, allow",
            "the subject role:ci, expected proj:team-a:ci",
            "hint: write proj:team-a:ci",
        ),
        (
            "p, proj:team-b:ci, applications, get, team-a/*, allow",
            "the subject proj:team-b:ci, expected proj:team-a:ci",
            "hint: write proj:team-a:ci",
        ),
        (
            "p, proj:team-a:ci, applications, get, sync, team-a/*, allow",
            "7 parts, expected p, subject, resource, action, object, effect",
            FORM,
        ),
        (
            "g, proj:team-a:ci, applications, get, team-a/*, allow",
            "6 parts, expected p, subject, resource, action, object, effect",
            FORM,
        ),
        (
            "p, proj:team-a:ci, services, get, team-a/*, allow",
            "the resource services, expected one of applications, applicationsets, clusters, exec, logs, repositories",
            FORM,
        ),
        (
            "p, proj:team-a:ci, applications, get, */*, allow",
            "the object */*, expected one of team-a/",
            "hint: write team-a/*, or team-a/NAME",
        ),
        (
            "p, proj:team-a:ci, applications, get, team/*, allow",
            "the object team/*, expected one of team-a/",
            "hint: write team-a/*, or team-a/NAME",
        ),
        (
            "p, proj:team-a:ci, applications, get, team-a/*, permit",
            "the effect permit, expected allow or deny",
            "hint: write allow, or deny",
        ),
    ],
)
def test_a_policy_that_argo_cd_does_not_take_is_found(tmp_path: Path, policy: str, what: str, hint: str) -> None:
    outcome = REFUSED if "*/*" in policy else IDLE
    assert found(tmp_path, {"project.yaml": PROJECT.format(role="ci", policy=policy)}, CODE) == [
        f"project.yaml:8:11: warning: AppProject team-a: the policy of role ci has {what}: {outcome}\n{hint}"
    ]


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        ("p, proj:team-a:ci, *, *, team-a/*, allow", REFUSED),
        ("p, proj:team-a:ci, *, get, */*, allow", REFUSED),
        ("p, proj:team-a:ci, *, get, team-b/*, allow", IDLE),
        ("p, proj:team-b:ci, *, get, team-a/*, allow", IDLE),
        ("p, proj:team-a:ci, services, get, */*, allow", IDLE),
    ],
)
def test_a_pattern_for_any_resource_gives_the_role_something(tmp_path: Path, policy: str, outcome: str) -> None:
    (got,) = found(tmp_path, {"project.yaml": PROJECT.format(role="ci", policy=policy)}, CODE)
    assert got.splitlines()[0].endswith(f": {outcome}")


@pytest.mark.parametrize(
    "policy",
    [
        "p, proj:team-a:ci, applications, sync, team-a/*, allow",
        "p,  proj:team-a:ci,logs , get, team-a/web/api-*, deny",
        "p, proj:team-a:ci, applications, action/apps/Deployment/restart, team-a/web, allow",
        "p, proj:team-a:ci, applicationsets, '*', team-a/*, allow",
        "p, proj:{{ .name }}:ci, applications, get, team-a/*, allow",
    ],
)
def test_a_policy_of_a_role_for_what_is_in_its_project_is_sound(tmp_path: Path, policy: str) -> None:
    assert found(tmp_path, {"project.yaml": PROJECT.format(role="ci", policy=policy)}, CODE) == []
