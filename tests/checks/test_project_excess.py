"""What a generated project permits, and none of its Applications needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.trees import MARK, found, found_in_six_clusters
from tests.tools.generated import real

if TYPE_CHECKING:
    from pathlib import Path

CODE = "project-permits"
DEV = "argocd/projects/dev.yaml"
OPERATOR = "argocd/applicationsets/external-secrets.yaml"
REMOVE = "hint: remove it: a project permits what its Applications need"
FIRST = '    - name: "myapp-dev-use1"\n      namespace: "external-secrets"\n'


def test_a_cluster_of_another_environment_is_found_with_who_lands_there() -> None:
    more = FIRST.replace("dev", "production")
    assert found_in_six_clusters(CODE, DEV, (FIRST, more + FIRST)) == [
        (
            f"output/{DEV}:13:7: warning: project dev permits namespace external-secrets of myapp-production-use1, "
            f"where none of its Applications lands\n{REMOVE}\n"
            "output/argocd/applicationsets/external-secrets.yaml:59:22: external-secrets-production-use1 lands there, "
            "of project production"
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        (
            FIRST,
            FIRST + FIRST.replace("external-secrets", "kube-system"),
            "15:7",
            "namespace kube-system of myapp-dev-use1, where none of its Applications lands",
        ),
        (
            'name: "myapp-dev-use1"',
            'name: "myapp-*"',
            "13:7",
            "namespace external-secrets of myapp-*, which is a pattern",
        ),
        (
            "sourceRepos:\n",
            'sourceRepos:\n    - "https://github.com/example/other.git"\n',
            "10:7",
            "the repository https://github.com/example/other.git, which none of its Applications comes from",
        ),
        ('"https://charts.external-secrets.io"', '"*"', "10:7", "the repositories *, which is a pattern"),
        (
            'kind: "ClusterRole"',
            'kind: "*"',
            "28:7",
            "cluster-scoped kinds * of rbac.authorization.k8s.io, which is a pattern",
        ),
    ],
)
def test_what_nobody_needs_is_found_in_a_generated_project(old: str, new: str, line: str, what: str) -> None:
    assert [each.partition("\n")[0] for each in found_in_six_clusters(CODE, DEV, (old, new))] == [
        f"output/{DEV}:{line}: warning: project dev permits {what}"
    ]


ONE_BY_ONE = "".join(
    f'    - name: "myapp-dev-{region}"\n      namespace: "{namespace}"\n'
    for region in ("use1", "usw2")
    for namespace in ("external-secrets", "myapp")
)


def in_braces(*regions: str) -> str:
    return f'    - name: "myapp-dev-{{{",".join(regions)}}}"\n      namespace: "{{external-secrets,myapp}}"\n'


def test_clusters_in_braces_are_each_named_and_no_pattern() -> None:
    assert found_in_six_clusters(CODE, DEV, (ONE_BY_ONE, in_braces("use1", "usw2"))) == []


def test_a_cluster_too_much_in_braces_is_found() -> None:
    assert found_in_six_clusters(CODE, DEV, (ONE_BY_ONE, in_braces("use1", "usw2", "euw1"))) == [
        (
            f"output/{DEV}:13:7: warning: project dev permits namespace {namespace} of myapp-dev-euw1, where none of "
            f"its Applications lands\n{REMOVE}"
        )
        for namespace in ("external-secrets", "myapp")
    ]


def test_what_all_generated_projects_have_is_meant() -> None:
    tree = real()
    projects = {
        path: tree.files[path].replace("  sourceRepos:\n", '  sourceRepos:\n    - "*"\n')
        for path in tree.paths(start="argocd/projects/")
    }
    files = RenderedFiles(tree.root, tree.folder, {**tree.files, **projects})
    graph = Graph(files, (tree.folder,), repositories({tree.url: "."}))
    assert judge(graph, select=[CODE]).problems == ()


def test_a_repository_that_nothing_comes_from_is_told_with_what_the_charts_come_from() -> None:
    more = ("sourceRepos:\n", 'sourceRepos:\n    - "https://github.com/example/other.git"\n')
    (told,) = found_in_six_clusters(CODE, DEV, more)
    assert told.splitlines()[2:] == [
        f"output/{OPERATOR}:91:20: external-secrets-dev-use1: https://charts.external-secrets.io",
        "output/argocd/applicationsets/myapp.yaml:89:20: myapp-dev-use1: https://github.com/example/myapp-gitops.git",
    ]


def test_the_namespace_that_a_set_left_for_another_one_is_found() -> None:
    told = found_in_six_clusters(CODE, OPERATOR, ('namespace: "external-secrets"', 'namespace: "myapp"'))
    assert len(told) == 6
    assert told[0].startswith(
        f"output/{DEV}:13:7: warning: project dev permits namespace external-secrets of myapp-dev-use1, where none of "
        f"its Applications lands\n{REMOVE}\n"
        f"output/{OPERATOR}:89:20: external-secrets-dev-use1 lands in namespace myapp\n"
    )


def test_a_project_kept_by_hand_may_permit_more() -> None:
    mark = real().files[DEV].partition("\n")[0]
    assert (
        found_in_six_clusters(CODE, DEV, (mark, "# kept by hand"), ('"https://charts.external-secrets.io"', '"*"'))
        == []
    )


def test_who_needs_it_may_be_in_what_is_not_judged() -> None:
    tree = real()
    files = RenderedFiles(tree.root, tree.folder, tree.files)
    judged = (f"{tree.folder}/argocd/projects", f"{tree.folder}/argocd/applicationsets/myapp.yaml")
    graph = Graph(files, judged, repositories({tree.url: "."}))
    assert [each.message for each in judge(graph, select=[CODE]).problems] == []


@pytest.mark.parametrize(
    ("group", "kind", "meant"),
    [
        ("networking.k8s.io", "IngressClas", "IngressClass of networking.k8s.io"),
        ("networking.k8s.io", "InrgessClass", "IngressClass of networking.k8s.io"),
        ("networking.k9s.io", "IngressClass", "IngressClass of networking.k8s.io"),
        ("networkin.k8s.io", "IngressClass", "IngressClass of networking.k8s.io"),
        ("networking.k8s.io", "IngressClass", ""),
        ("networking.istio.io", "IngressClass", ""),
        ("example.com", "ClusterRoles", ""),
    ],
)
def test_a_kind_with_a_slip_is_permitted_to_nobody(group: str, kind: str, meant: str) -> None:
    added = f'  clusterResourceWhitelist:\n    - group: "{group}"\n      kind: "{kind}"\n'
    told = (
        f"output/{DEV}:22:7: warning: project dev permits the cluster-scoped kind {kind} of {group}, which nothing "
        f"here knows; {meant} has nearly that name\n"
        f"hint: did you mean {meant}?"
    )
    got = found_in_six_clusters(CODE, DEV, ("  clusterResourceWhitelist:\n", added))
    assert got == ([told] if meant else [])


SET = """\
{mark}apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: {name}, namespace: argocd}}
spec:
  goTemplate: true
  generators: [list: {{elements: [{{cluster: one, project: dev}}, {{cluster: two, project: live}}]}}]
  template:
    metadata: {{name: "{name}-{{{{ .cluster }}}}"}}
    spec:
      project: "{{{{ .project }}}}"
      destination: {{name: "{{{{ .cluster }}}}", namespace: shop}}
      source: {{repoURL: https://git.example.com/{repository}.git, path: chart, targetRevision: main}}
"""
PROJECT = """\
{mark}apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: {name}, namespace: argocd}}
spec:
  sourceRepos: [https://git.example.com/billing.git, https://git.example.com/cart.git]
  destinations: [{{name: {cluster}, namespace: shop}}]
"""


@pytest.mark.parametrize(
    ("billing", "cart", "left"),
    [("billing", "cart", None), ("cart", "cart", "billing"), ("billing", "billing", "cart")],
)
def test_a_repository_that_all_permit_and_that_the_set_of_its_name_left_is_found(
    tmp_path: Path, billing: str, cart: str, left: str | None
) -> None:
    files = {
        "sets/billing.yaml": SET.format(mark=MARK, name="billing", repository=billing),
        "sets/cart.yaml": SET.format(mark=MARK, name="cart", repository=cart),
        "projects/dev.yaml": PROJECT.format(mark=MARK, name="dev", cluster="one"),
        "projects/live.yaml": PROJECT.format(mark=MARK, name="live", cluster="two"),
    }
    got = [each.partition("\n")[0].partition(": ")[2] for each in found(tmp_path, files, CODE)]
    told = "permits the repository https://git.example.com/{}.git, which none of its Applications comes from"
    expected = [f"warning: project {name} {told.format(left)}" for name in ("dev", "live")]
    assert [each for each in got if "the repository" in each] == (expected if left else [])
