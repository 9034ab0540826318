"""What the generated values of one environment tell the chart of its secrets, and those of another do not."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.files import RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.trees import MARK, found_in_six_clusters, found_in_wide, shown
from tests.tools.generated import real

CODE = "secret-reference"
STAGING = "environments/staging/apps/myapp/values.yaml"
PRODUCTION = "environments/production/apps/myapp/values.yaml"
MANIFESTS = "output/environments/production/clusters/myapp-production-use1/apps/myapp/manifests/secrets.yaml"
TOLD = "output/environments/dev/apps/myapp/values.yaml"


def found_with(*paths: str) -> list[str]:
    """Returns what is found where the block of these values files is called otherwise."""
    tree = real()
    changed = {each: tree.files[each].replace("externalSecrets:", "externals:") for each in paths}
    files = RenderedFiles(tree.root, tree.folder, {**tree.files, **changed})
    graph = Graph(files, (tree.folder,), repositories({tree.url: "."}))
    return [shown(problem) for problem in judge(graph, select=[CODE]).problems]


def test_a_block_under_another_key_than_in_the_other_environments_is_found() -> None:
    first, second = found_in_six_clusters(CODE, PRODUCTION, ("externalSecrets:", "externalSecret:"))
    assert first == (
        f"output/{PRODUCTION}:2:1: warning: ExternalSecret myapp-db-credentials makes the Secret myapp-db-credentials, "
        "but the chart of myapp-production-use1 is not told of it under externalSecrets, as that of other releases is\n"
        "hint: tell the chart, or remove the ExternalSecret\n"
        f"{TOLD}:4:3: here another is told\n"
        f"{MANIFESTS}:43:11: the Secret is made here"
    )
    assert "myapp-production-usw2" in second


def test_a_list_under_another_key_is_found() -> None:
    assert len(found_in_six_clusters(CODE, PRODUCTION, ("  secrets:", "  secret:"))) == 2


def test_a_flag_that_the_others_have_is_missed() -> None:
    first, _ = found_in_six_clusters(CODE, PRODUCTION, ("  enabled: true\n", ""))
    assert first == (
        f"output/{PRODUCTION}:4:3: warning: the values of myapp-production-use1 do not say externalSecrets.enabled, "
        "true or false, as those of others do\n"
        "hint: write externalSecrets.enabled: true or false, without quotes\n"
        f"{TOLD}:4:3: here another says it"
    )


def test_where_most_environments_tell_is_where_it_is_missed() -> None:
    told = found_with(PRODUCTION)
    assert {each.partition(":")[0] for each in told} == {f"output/{PRODUCTION}"}
    assert {each.partition(":")[0] for each in found_with(PRODUCTION, STAGING)} == {TOLD}


def test_where_no_environment_tells_nothing_is_missed() -> None:
    tree = real()
    paths = tree.paths(end="/apps/myapp/values.yaml")
    changed = {each: tree.files[each].replace("  secrets:", "  secret:") for each in paths}
    files = RenderedFiles(tree.root, tree.folder, {**tree.files, **changed})
    graph = Graph(files, (tree.folder,), repositories({tree.url: "."}))
    assert judge(graph, select=[CODE]).problems == ()


def test_a_release_without_secrets_says_that_there_are_none() -> None:
    path = "environments/dev/apps/payment-reconciliation-service/values.yaml"
    told = found_in_wide(CODE, path, ("  secrets:\n    enabled: false\n", "  secrets: {}\n"))
    assert {each.splitlines()[1] for each in told} == {
        "hint: write global.secrets.enabled: true or false, without quotes"
    }
    assert {each.partition(":")[0].rpartition("generated/")[2] for each in told} == {path}


def test_a_flag_that_is_a_text_is_true_to_a_chart_whatever_it_says() -> None:
    path = "environments/dev/apps/payment-reconciliation-service/values.yaml"
    assert found_in_wide(CODE, path, ("enabled: false", 'enabled: "false"')) != []


@pytest.mark.parametrize(
    "left", ["", MARK, f"{MARK}# externalSecrets:\n", f"# {MARK}"], ids=["nothing", "mark", "comments", "no mark"]
)
def test_values_that_are_all_gone_are_missed_in_their_own_file(left: str) -> None:
    text = real().files[PRODUCTION]
    first, second = found_in_six_clusters(CODE, PRODUCTION, (text, left))
    assert first == (
        f"output/{PRODUCTION}: warning: ExternalSecret myapp-db-credentials makes the Secret "
        "myapp-db-credentials, but the chart of myapp-production-use1 is not told of it under externalSecrets, as that "
        "of other releases is\n"
        "hint: tell the chart, or remove the ExternalSecret\n"
        f"{TOLD}:4:3: here another is told\n"
        f"{MANIFESTS}:43:11: the Secret is made here"
    )
    assert "myapp-production-usw2" in second
