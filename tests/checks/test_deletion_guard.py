"""ApplicationSets that would take what runs on a cluster with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "deletion-guard"
MYAPP = "argocd/applicationsets/myapp.yaml"

BY_HAND = """
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web}}
spec:
  syncPolicy: {policy}
  generators: []
  template:
    metadata: {{name: web, finalizers: {finalizers}}}
    spec: {{}}
"""


def test_a_set_that_does_not_preserve_is_an_error_in_our_files() -> None:
    off = ("preserveResourcesOnDeletion: true", "preserveResourcesOnDeletion: false")
    assert found_in_six_clusters(CODE, MYAPP, off) == [
        (
            "output/argocd/applicationsets/myapp.yaml:75:34: error: ApplicationSet myapp does not preserve resources "
            "on "
            "deletion: when an element goes, everything that its Application installed is deleted\n"
            "hint: set spec.syncPolicy.preserveResourcesOnDeletion: true"
        ),
    ]


def test_a_finalizer_in_the_template_undoes_the_guard() -> None:
    finalizer = (
        "      labels:",
        "      finalizers: [resources-finalizer.argocd.argoproj.io/background]\n      labels:",
    )
    assert found_in_six_clusters(CODE, MYAPP, finalizer) == [
        (
            "output/argocd/applicationsets/myapp.yaml:79:19: error: the template of ApplicationSet myapp has the "
            "finalizer "
            "resources-finalizer.argocd.argoproj.io: when an element goes, everything that its Application installed "
            "is "
            "deleted\n"
            "hint: remove the finalizer from the template"
        ),
    ]


@pytest.mark.parametrize(
    ("policy", "finalizers", "line"),
    [
        ("{preserveResourcesOnDeletion: true}", "[]", None),
        ("{preserveResourcesOnDeletion: true}", "[other.example.com/x]", None),
        ("{applicationsSync: create-only}", "[]", None),
        ("{applicationsSync: create-update}", "[]", None),
        ("{applicationsSync: create-delete}", "[]", "set.yaml:4:1"),
        ("{}", "[]", "set.yaml:4:1"),
        ("{applicationsSync: create-only}", "[resources-finalizer.argocd.argoproj.io]", "set.yaml:8:39"),
    ],
)
def test_elsewhere_it_is_a_warning_unless_applications_are_never_deleted(
    tmp_path: Path, policy: str, finalizers: str, line: str | None
) -> None:
    got = found(tmp_path, {"set.yaml": BY_HAND.format(policy=policy, finalizers=finalizers)}, CODE)
    assert [each.partition(": ")[0] for each in got] == ([line] if line else [])
    assert all(": warning: " in each for each in got)


def test_a_set_of_somebody_else_that_says_false_is_a_note(tmp_path: Path) -> None:
    policy = "{preserveResourcesOnDeletion: false}"
    assert found(tmp_path, {"set.yaml": BY_HAND.format(policy=policy, finalizers="[]")}, CODE) == [
        (
            "set.yaml:5:45: note: ApplicationSet web does not preserve resources on deletion: when an element goes, "
            "everything that its Application installed is deleted\n"
            "hint: set spec.syncPolicy.preserveResourcesOnDeletion: true"
        )
    ]


def test_a_finalizer_where_applications_are_never_deleted_is_of_the_set_that_goes(tmp_path: Path) -> None:
    policy, finalizers = "{applicationsSync: create-update}", "[resources-finalizer.argocd.argoproj.io]"
    assert found(tmp_path, {"set.yaml": BY_HAND.format(policy=policy, finalizers=finalizers)}, CODE) == [
        (
            "set.yaml:8:39: warning: the template of ApplicationSet web has the finalizer "
            "resources-finalizer.argocd.argoproj.io: when the set is deleted, everything that its Application "
            "installed is deleted\nhint: remove the finalizer from the template"
        )
    ]


@pytest.mark.parametrize(
    ("generators", "number"),
    [
        ("[{pullRequest: {github: {owner: a, repo: b}}}]", 0),
        ("[{matrix: {generators: [{list: {elements: [{a: b}]}}, {pullRequest: {github: {owner: a, repo: b}}}]}}]", 0),
        ("[{pullRequest: {github: {owner: a, repo: b}}}, {list: {elements: [{a: b}]}}]", 1),
    ],
)
def test_what_is_made_for_a_pull_request_goes_with_it(tmp_path: Path, generators: str, number: int) -> None:
    text = BY_HAND.format(policy="{}", finalizers="[resources-finalizer.argocd.argoproj.io]")
    start, _, rest = text.partition("  generators:")
    files = {"set.yaml": f"{start}  generators: {generators}\n{rest.partition(chr(10))[2]}"}
    assert len(found(tmp_path, files, CODE)) == number
