"""Generated variable files of clusters that nothing else of the tree knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.files import RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from gitops_gen.problems import Severity
from tests.checks.trees import shown
from tests.tools.generated import real

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN = "environments/staging/clusters/myapp-staging-usw2/myapp-staging-usw2.tfvars"
GONE = OWN.replace("usw2", "euw1")
SECRETS = "argocd/clusters/"


def variables() -> str:
    """The variable file of a seventh cluster, in another region."""
    text = real().files[OWN].replace("usw2", "euw1").replace("us-west-2", "eu-west-1")
    return text.replace("D4633E53DE1B", "D4633E53DE2B")


def with_gone(changes: Mapping[str, str] | None = None, *, without: str = "") -> list[str]:
    """What is told beside notes of the six clusters and the variable file of a seventh."""
    tree = real()
    files = {**tree.files, GONE: variables(), **(changes or {})}
    kept = {path: each for path, each in files.items() if not (without and path.startswith(without))}
    graph = Graph(RenderedFiles(tree.root, tree.folder, kept), (tree.folder,), repositories({tree.url: "."}))
    return [shown(each) for each in judge(graph).problems if each.severity is not Severity.NOTE]


def test_the_file_of_a_cluster_that_is_gone_is_told() -> None:
    (told,) = with_gone()
    assert told == (
        f"output/{GONE}:2:21: warning: the file makes roles for the cluster myapp-staging-euw1, on which no "
        "Application lands, and which no Secret declares\n"
        "hint: bring back the files of the cluster or, if it is gone on purpose: gitops-gen generate --prune\n"
        "output/argocd/clusters/dev/myapp-dev-use1.yaml:3:1: here is the Secret of another cluster"
    )


def test_a_file_without_roles_may_be_of_a_cluster_without_applications() -> None:
    text = variables().partition("eso_roles")[0]
    assert with_gone({GONE: f"{text}eso_roles = {{}}\n"}) == []


def test_where_no_secrets_are_the_cluster_is_registered_elsewhere_too() -> None:
    assert with_gone(without=SECRETS) == []


def test_a_file_that_we_did_not_make_is_none() -> None:
    told = with_gone({GONE: variables().partition("\n")[2]})
    assert not any("the file makes roles" in each for each in told)


def test_where_a_cluster_has_no_file_the_name_is_a_slip_and_told_there() -> None:
    told = with_gone(without=OWN)
    assert told
    assert not any("the file makes roles" in each for each in told)
