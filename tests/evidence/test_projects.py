"""What an AppProject permits, by the rules of Argo CD."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.files import Manifest
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.projects import Project


def project(**spec: object) -> Project:
    return Project(Manifest({"kind": "AppProject", "spec": spec}, Place("project.yaml")))


def of_destinations(*destinations: tuple[str, str, str]) -> Project:
    fields = ("name", "server", "namespace")
    stated = [{field: part for field, part in zip(fields, each, strict=True) if part} for each in destinations]
    return project(destinations=stated)


HERE = ("prod", "https://prod", "web")


@pytest.mark.parametrize(
    ("destinations", "is_permitted"),
    [
        ([("prod", "", "web")], True),
        ([("", "https://prod", "web")], True),
        ([("other", "https://prod", "web")], True),
        ([("prod", "", "db")], False),
        ([("dev", "", "web")], False),
        ([("", "", "web")], False),
        ([], False),
        ([("*", "", "*")], True),
        ([("pr*", "", "w?b")], True),
        ([("", "*", "{web,db}")], True),
        ([("prod", "", "!kube-*")], True),
        ([("prod", "", "*"), ("", "https://prod", "!web")], False),
        ([("prod", "", "*"), ("prod", "", "!web")], None),
        ([("prod", "", "*"), ("!prod", "", "db")], None),
        ([("prod", "", "*"), ("!prod", "https://prod", "!web")], False),
        ([("!prod", "", "*")], False),
        ([("!dev", "", "*")], True),
        ([("prod", "", "web"), ("", "!https://prod", "*")], False),
    ],
)
def test_a_destination_is_permitted_by_name_or_server_and_namespace(
    destinations: list[tuple[str, str, str]], *, is_permitted: bool | None
) -> None:
    assert of_destinations(*destinations).permits_destination(*HERE) is is_permitted


LOCAL = "https://kubernetes.default.svc"
TEST = "https://test-server"
EKS = "https://ABC.gr7.ap-southeast-1.eks.amazonaws.com"


@pytest.mark.parametrize(
    ("destinations", "server", "namespace", "is_permitted"),
    [
        ([(f"!{LOCAL}", "default")], LOCAL, "default", False),
        ([(LOCAL, "!default")], LOCAL, "kube-system", True),
        ([("!https://my-cluster", "default")], LOCAL, "default", True),
        ([(f"!{LOCAL}", "*")], LOCAL, "kube-system", False),
        ([("!https://*.default.svc", "default")], LOCAL, "default", False),
        ([("!https://team1-*", "default")], TEST, "default", True),
        ([(LOCAL, "!test-*")], LOCAL, "test-foo", False),
        ([(LOCAL, "!test-*")], LOCAL, "test", True),
        ([("*", "kube-system"), ("*", "!kube-system")], LOCAL, "kube-system", False),
        ([("*", "*"), ("*", "!kube-system")], LOCAL, "kube-system", False),
        ([(LOCAL, "*"), (f"!{LOCAL}", "*")], LOCAL, "kube-system", False),
        ([("*", "*"), (f"!{LOCAL}", "kube-system")], LOCAL, "kube-system", False),
        ([("*", "*"), (f"!{LOCAL}", "kube-system"), ("*", "!kube-system")], LOCAL, "default", True),
        ([("*", "*"), (f"!{LOCAL}", "kube-system"), ("*", "!kube-system")], TEST, "kube-system", False),
        ([("*", "test"), (f"!{TEST}", "other")], TEST, "test", True),
        ([("*", "*"), (TEST, "!other")], "https://other-test-server", "other", True),
        ([(LOCAL, "!{kube-system,argocd}"), (EKS, "*")], EKS, "kube-system", True),
        ([("https://team1-*", "default")], TEST, "default", False),
        ([(LOCAL, "test-*")], LOCAL, "test", False),
    ],
)
def test_what_denies_a_server_does_so_in_its_namespaces_and_the_other_way_round(
    destinations: list[tuple[str, str]], server: str, namespace: str, *, is_permitted: bool
) -> None:
    """Argo CD, types_test.go: IsDestinationPermitted and IsNegatedDestinationPermitted."""
    found = of_destinations(*(("", *each) for each in destinations))
    assert found.permits_destination("a-cluster", server, namespace) is is_permitted


@pytest.mark.parametrize(
    ("destination", "by_name", "by_server"),
    [
        (("prod", "", "web"), True, None),
        (("", "https://prod", "web"), None, True),
        (("", "https://*", "web"), None, True),
        (("prod", "", "db"), False, False),
        (("dev", "", "web"), False, None),
        (("!dev", "", "*"), True, None),
        (("!prod", "", "*"), False, None),
        (("", "!https://prod", "web"), None, False),
        (("prod", "https://*", "!web"), False, False),
    ],
)
def test_what_depends_on_a_name_or_server_that_is_not_known_is_neither(
    destination: tuple[str, str, str], *, by_name: bool | None, by_server: bool | None
) -> None:
    found = of_destinations(destination)
    assert found.permits_destination("prod", None, "web") is by_name
    assert found.permits_destination(None, "https://prod", "web") is by_server


def test_a_thousand_clusters_are_looked_up_and_not_gone_through() -> None:
    found = of_destinations(*((f"c{number}", "", "web") for number in range(1000)))
    assert found.permits_destination("c999", None, "web") is True
    assert found.permits_destination("c1000", None, "web") is False
    assert found._patterns == ()


URL = "https://git.example.com/Team/fleet.git"


@pytest.mark.parametrize(
    ("patterns", "is_permitted"),
    [
        (["*"], True),
        (["https://git.example.com/team/fleet"], True),
        (["https://git.example.com/team/*"], True),
        (["https://git.example.com/*"], False),
        (["https://git.example.com/**"], True),
        (["https://other.example.com/team/fleet.git"], False),
        (["*", "!https://git.example.com/team/fleet.git"], False),
        (["!https://git.example.com/team/other.git"], True),
        (["!https://git.example.com/team/*", "*"], False),
        (["https://git.example.com/{team,other}/*"], False),
        (["*", "!https://git.example.com/{team,other}/*"], True),
        (["https://git.example.com/[st]eam/f?eet"], True),
        (["!*"], True),
        ([], False),
    ],
)
def test_a_repository_is_permitted_however_it_is_spelled(patterns: list[str], *, is_permitted: bool) -> None:
    assert project(sourceRepos=patterns).permits_repository(URL) is is_permitted


@pytest.mark.parametrize(
    ("patterns", "url", "is_permitted"),
    [
        (["ssh://git@GITHUB.com:argoproj/test"], "ssh://git@github.com:argoproj/test", True),
        (["https://github.com/argoproj/*.git"], "https://github.com/argoproj1/test2.git", False),
        (["https://github.com/argoproj/foo"], "https://github.com/argoproj/foo1", False),
        (["https://gitlab.com/group/*"], "https://gitlab.com/group/repo/owner", False),
        (["https://gitlab.com/group/*/*"], "https://gitlab.com/group/repo/owner", True),
        (["https://gitlab.com/group/*/*/*"], "https://gitlab.com/group/sub-group/repo/owner", True),
        (["https://gitlab.com/group/**"], "https://gitlab.com/group/sub-group/repo/owner", True),
        (["!https://github.com/argoproj/test.git"], "https://github.com/argoproj/test.git", False),
        (["!ssh://git@GITHUB.com:argoproj/test"], "ssh://git@github.com:argoproj/test", False),
        (["https://a.com/1", "!https://a.com/2.git"], "https://a.com/2.git", False),
        (["!https://github.com/argoproj/foo*"], "https://github.com/argoproj/foo1", False),
        (["!https://gitlab.com/group/*/*"], "https://gitlab.com/group/repo/owner", False),
        (["!https://gitlab.com/group/**"], "https://gitlab.com/group/sub-group/repo/owner", False),
        (["!https://github.com/argoproj/*.git", "*"], "https://github.com/argoproj1/test2.git", True),
    ],
)
def test_a_pattern_of_repositories_stays_between_slashes(patterns: list[str], url: str, *, is_permitted: bool) -> None:
    """Argo CD, types_test.go: IsSourcePermitted and IsNegatedSourcePermitted."""
    assert project(sourceRepos=patterns).permits_repository(url) is is_permitted


RBAC = "rbac.authorization.k8s.io"


@pytest.mark.parametrize(
    ("spec", "is_permitted"),
    [
        ({}, False),
        ({"clusterResourceWhitelist": [{"group": "*", "kind": "*"}]}, True),
        ({"clusterResourceWhitelist": [{"group": RBAC, "kind": "ClusterRole"}]}, True),
        ({"clusterResourceWhitelist": [{"group": RBAC, "kind": "Cluster*"}]}, True),
        ({"clusterResourceWhitelist": [{"group": "", "kind": "ClusterRole"}]}, False),
        ({"clusterResourceWhitelist": [{"group": RBAC, "kind": "ClusterRole", "name": "web-*"}]}, True),
        ({"clusterResourceWhitelist": [{"group": RBAC, "kind": "ClusterRole", "name": "db-*"}]}, False),
        (
            {
                "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
                "clusterResourceBlacklist": [{"group": RBAC, "kind": "ClusterRole"}],
            },
            False,
        ),
    ],
)
def test_a_cluster_scoped_kind_is_permitted_only_where_it_is_listed(
    spec: dict[str, object], *, is_permitted: bool
) -> None:
    assert project(**spec).permits_cluster_kind(RBAC, "ClusterRole", "web-reader") is is_permitted


def test_a_name_that_is_not_known_is_taken_for_permitted() -> None:
    found = project(clusterResourceWhitelist=[{"group": RBAC, "kind": "ClusterRole", "name": "db-*"}])
    assert found.permits_cluster_kind(RBAC, "ClusterRole", None)


@pytest.mark.parametrize(
    ("spec", "is_permitted"),
    [
        ({}, True),
        ({"namespaceResourceWhitelist": []}, False),
        ({"namespaceResourceWhitelist": [{"group": "apps", "kind": "Deployment"}]}, True),
        ({"namespaceResourceBlacklist": [{"group": "apps", "kind": "*"}]}, False),
    ],
)
def test_a_namespaced_kind_is_permitted_unless_a_list_says_otherwise(
    spec: dict[str, object], *, is_permitted: bool
) -> None:
    assert project(**spec).permits_namespaced_kind("apps", "Deployment") is is_permitted


def test_clusters_named_in_braces_are_looked_up_too() -> None:
    names = ",".join(f"{number}" for number in range(1000))
    found = of_destinations((f"dev-{{{names}}}", "", "{web,db}"))
    assert [found.permits_destination("dev-999", None, namespace) for namespace in ("web", "db", "kube-system")] == [
        True,
        True,
        False,
    ]
    assert found.permits_destination("dev-1000", None, "web") is False
    assert found.permits_destination("dev-", None, "web") is False
    assert found._patterns == ()


@pytest.mark.parametrize("name", ["{a,b}-{c,d}", "{a,{b,c}}", "a{b\\,c}", "a{b,c*}", "!{a,b}"])
def test_braces_that_are_no_plain_list_are_a_pattern(name: str) -> None:
    assert of_destinations((name, "", "web"))._patterns == ((name, "", "web"),)
