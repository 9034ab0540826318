"""The policies of the roles of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from gitops_gen.reports.verdict import by_cause
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
WITH_ROLE = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: team-a, namespace: argocd}}
spec:
  roles:
    - {role}
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
            "p, proj:team-a:ci, applications, synch, team-a/*, allow",
            "the action synch, expected one of get, create, update, delete, sync, override, *, action/...",
            "hint: write sync",
        ),
        (
            "p, proj:team-a:ci, applicationsets, '*', team-a/*, allow",
            "the action '*', expected one of get, create, update, delete, sync, override, *, action/...",
            FORM,
        ),
        (
            "p, proj:team-a:ci, applications, get, */*, allow",
            "the object */*, expected team-a/* or team-a/NAME",
            "hint: write team-a/*, or team-a/NAME",
        ),
        (
            "p, proj:team-a:ci, applications, get, team/*, allow",
            "the object team/*, expected team-a/* or team-a/NAME",
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
    outcome = REFUSED if "*/*" in policy or "'*'" in policy else IDLE
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
        ("p, proj:team-a:ci, applications, s*, team-a/*, allow", REFUSED),
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
        "p, proj:team-a:ci, applicationsets, *, team-a/*, allow",
        "p, proj:team-a:ci, applications, update/*, team-a/*, allow",
        "p, proj:team-a:ci, applications, delete/apps/Deployment/*, team-a/*, deny",
        "p, proj:{{ .name }}:ci, applications, get, team-a/*, allow",
    ],
)
def test_a_policy_of_a_role_for_what_is_in_its_project_is_sound(tmp_path: Path, policy: str) -> None:
    assert found(tmp_path, {"project.yaml": PROJECT.format(role="ci", policy=policy)}, CODE) == []


@pytest.mark.parametrize(
    ("role", "message", "hint"),
    [
        (
            "{name: ci bot}",
            "got the role name 'ci bot'",
            "write letters, digits, - and _, with a letter or a digit at both ends",
        ),
        (
            "{name: ci-}",
            "got the role name 'ci-'",
            "write letters, digits, - and _, with a letter or a digit at both ends",
        ),
        (
            "{name: ci, groups: ['team-a,team-b']}",
            "a group of role ci has a comma, got team-a,team-b",
            "quote it: '\"team-a,team-b\"'; or write one group an entry",
        ),
        ("{name: ci, groups: ['']}", "a group of role ci is empty", "name a group, or remove the entry"),
        ("{name: ci, groups: [' \"\" ']}", "a group of role ci is empty", "name a group, or remove the entry"),
        (
            "{name: ci, groups: ['team\"a']}",
            "a group of role ci has a quote, a tab or a line break in it, got 'team\"a'",
            "leave that out",
        ),
        ("{name: ci, groups: ['team-a ']}", "a group of role ci has a space at its end, got 'team-a '", "write team-a"),
    ],
)
def test_a_name_that_argo_cd_does_not_take_is_found(tmp_path: Path, role: str, message: str, hint: str) -> None:
    (got,) = found(tmp_path, {"project.yaml": WITH_ROLE.format(role=role)}, CODE)
    place, _, told = got.partition(": warning: ")
    assert place.partition(":")[0] == "project.yaml"
    assert told == f"AppProject team-a: {message}: {REFUSED}\nhint: {hint}"


@pytest.mark.parametrize(
    "role",
    [
        "{name: CI_bot-2, groups: ['team a', 'org:team-a']}",
        """{name: c, groups: ['"cn=team,dc=org"', '{{ .values.group }}, x']}""",
    ],
)
def test_a_name_that_argo_cd_takes_is_sound(tmp_path: Path, role: str) -> None:
    assert found(tmp_path, {"project.yaml": WITH_ROLE.format(role=role)}, CODE) == []


def test_only_what_is_wrong_in_the_same_way_is_one_cause(tmp_path: Path) -> None:
    policy = '"p, proj:team-a:{0}, projects, get, team-a/*, allow", "p, proj:team:{0}, logs, get, team-a/*, allow"'
    roles = (f"{{name: {each}, policies: [{policy.format(each)}], groups: ['ou=x,dc=y']}}" for each in ("ci", "cd"))
    text = WITH_ROLE.format(role="\n    - ".join(roles))
    (tmp_path / "project.yaml").write_text(text, encoding="utf-8")
    problems = judge(Graph(Files(tmp_path), (".",), repositories({})), select=[CODE]).problems
    assert [[each.at.line for each in group] for group in by_cause(problems)] == [[6, 7]] * 3
