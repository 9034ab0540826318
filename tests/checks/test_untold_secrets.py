"""What the generated values of one environment tell the chart of its secrets, and those of another do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import BY_HAND
from tests.checks.trees import MARK, URL, found, found_in_six_clusters, found_in_wide, shown
from tests.tools.generated import real
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

CODE = "secret-reference"
STAGING = "environments/staging/apps/myapp/values.yaml"
PRODUCTION = "environments/production/apps/myapp/values.yaml"
MANIFESTS = "output/environments/production/clusters/myapp-production-use1/apps/myapp/manifests/secrets.yaml"
TOLD = "output/environments/dev/apps/myapp/values.yaml"


def found_with(*paths: str) -> list[str]:
    """Returns what is found where the block of these values files is called otherwise."""
    return found_in_texts({each: real().files[each].replace("externalSecrets:", "externals:") for each in paths})


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
    told = found_in_six_clusters(CODE, PRODUCTION, ("  secrets:", "  secret:"))
    block = f"output/{PRODUCTION}:4:3: warning: ExternalSecret myapp-db-credentials makes the Secret"
    assert [each.startswith(block) for each in told] == [True, True]


def test_a_flag_that_the_chart_itself_has_otherwise_is_missed() -> None:
    first, _ = found_in_six_clusters(CODE, PRODUCTION, ("  enabled: true\n", ""))
    assert first == (
        f"output/{PRODUCTION}:5:5: error: ExternalSecret myapp-db-credentials makes the Secret myapp-db-credentials, "
        "but the chart of myapp-production-use1 is not told of it\n"
        "hint: write externalSecrets.enabled: true\n"
        f"{MANIFESTS}:43:11: the Secret is made here\n"
        "examples/charts/myapp/values.yaml:31:12: the chart itself says that there are none, and nobody otherwise"
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


def test_what_one_cluster_says_of_its_own_is_not_where_the_others_are_told() -> None:
    own = "environments/dev/clusters/myapp-dev-use1/apps/myapp/values.yaml"
    block = real().files[STAGING].partition("externalSecrets:")[2]
    added = {own: f"{MARK}externalSecrets:{block}", PRODUCTION: real().files[PRODUCTION].partition("externalSec")[0]}
    told = found_in_texts(added)
    assert [each.partition(": ")[0] for each in told] == [f"output/{PRODUCTION}:2:1"] * 2


def test_a_secret_of_another_template_is_not_missed() -> None:
    path = MANIFESTS.removeprefix("output/").replace("secrets.yaml", "own.yaml")
    pulling = (
        real().files[MANIFESTS.removeprefix("output/")].rpartition("---\n")[2].replace("db-credentials", "pulling")
    )
    text = f"{MARK.replace('x.j2', 'own.j2')}{pulling}"
    told = found_in_texts({path: text, PRODUCTION: real().files[PRODUCTION].replace("externalSecrets:", "externals:")})
    assert [each.partition(" makes")[0].rpartition(" ")[2] for each in told] == ["myapp-db-credentials"] * 2


def found_in_texts(added: dict[str, str]) -> list[str]:
    """Returns what is found with some files more, or others."""
    tree = real()
    files = RenderedFiles(tree.root, tree.folder, {**tree.files, **added})
    graph = Graph(files, (tree.folder,), repositories({tree.url: "."}))
    return [shown(problem) for problem in judge(graph, select=[CODE]).problems]


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


APP = """\
{mark}apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  goTemplate: true
  generators: [list: {{elements: [{{name: web}}]}}]
  template:
    metadata: {{name: "{{{{ .name }}}}"}}
    spec:
      project: default
      destination: {{name: one, namespace: web}}
      sources:
        - repoURL: {url}
          targetRevision: main
          path: charts/web
          helm: {{valueFiles: [/values/web.yaml]}}
        - {{repoURL: {url}, targetRevision: main, path: manifests}}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          env:
          {{- range .Values.told.secrets }}{{ if $.Values.told.enabled }}
            - {name: P, valueFrom: {secretKeyRef: {name: {{ .name }}, key: PASSWORD}}}
          {{- end }}{{ end }}
"""


def alone(values: str, chart: str = "told: {enabled: false, secrets: []}\n") -> dict[str, str]:
    """Returns one release, whose chart is in the tree and can be told of secrets."""
    return {
        **BY_HAND,
        "apps/web.yaml": APP.format(mark=MARK, url=URL),
        "values/web.yaml": f"{MARK}{values}",
        "charts/web/Chart.yaml": "{apiVersion: v2, name: web, version: 1.0.0}\n",
        "charts/web/values.yaml": chart,
        "charts/web/templates/deployment.yaml": DEPLOYMENT,
    }


def test_a_flag_that_no_chart_says_otherwise_need_not_be_there_where_a_release_is_alone(tmp_path: Path) -> None:
    told = "told: {{{}secrets: [{{name: db, keys: [PASSWORD]}}]}}\n"
    assert found(tmp_path, alone(told.format("enabled: true, ")), CODE) == []
    assert found(tmp_path, alone(told.format(""), "told: {secrets: []}\n"), CODE) == []
    assert len(found(tmp_path, alone(told.format("")), CODE)) == 1


UNTOLD_ALONE = (
    "values/web.yaml:2:1: warning: ExternalSecret db makes the Secret db, but the chart of web is not told of it "
    "under told, as it can be\n"
    "hint: tell the chart, or remove the ExternalSecret\n"
    "charts/web/values.yaml:1:7: here the chart says that there are none\n"
    "manifests/secret.yaml:11:11: the Secret is made here"
)
"""Of a chart that is told nothing, and says by its own values that it can be."""


@requires_helm
def test_a_chart_that_can_be_told_and_is_not_is_found_where_it_is_alone(tmp_path: Path) -> None:
    (missed,) = found(tmp_path, alone("replicas: 1\n"), CODE)
    assert missed == UNTOLD_ALONE
    reads = DEPLOYMENT.replace("{{ .name }}", "db").replace("range .Values.told.secrets", "range tuple 1")
    reads = reads.replace("if $.Values.told.enabled", "if true")
    assert found(tmp_path, {**alone("replicas: 1\n"), "charts/web/templates/deployment.yaml": reads}, CODE) == []


@requires_helm
def test_a_list_that_moved_out_of_the_block_that_the_chart_knows_is_found(tmp_path: Path) -> None:
    moved = "told:\n  enabled: true\nsecrets: [{name: db, keys: [PASSWORD]}]\n"
    (missed,) = found(tmp_path, alone(moved), CODE)
    assert missed == UNTOLD_ALONE
    other = "told: {enabled: false, secrets: []}\nmore: {enabled: false, secrets: []}\n"
    told = "more: {enabled: true, secrets: [{name: db, keys: [PASSWORD]}]}\n"
    assert found(tmp_path, alone(told, other), CODE) == []


def test_what_all_but_one_miss_is_missed_in_the_values_that_they_share(tmp_path: Path) -> None:
    text = APP.format(mark=MARK, url=URL).replace("{name: web}]", "{name: one}, {name: two}, {name: six}]")
    text = text.replace("name: one, namespace", 'name: "{{ .name }}", namespace')
    text = text.replace(
        "valueFiles: [/values/web.yaml]", 'valueFiles: [/values/web.yaml, "/values/{{ .name }}/own.yaml"]'
    )
    told = f"{MARK}told: {{enabled: true, secrets: [{{name: db, keys: [PASSWORD]}}]}}\n"
    files = {**alone("replicas: 1\n"), "apps/web.yaml": text, "values/one/own.yaml": told}
    files |= {"values/two/own.yaml": MARK, "values/six/own.yaml": MARK}
    missed = found(tmp_path, files, CODE)
    assert [each.partition(" warning: ")[0] for each in missed] == ["values/web.yaml:2:1:"] * 2
    assert all("values/one/own.yaml:2:7: here another is told" in each for each in missed)


def test_values_that_are_laid_over_those_that_tell_of_others_are_named_too(tmp_path: Path) -> None:
    files = alone("told: {enabled: true, secrets: [{name: db, keys: [PASSWORD]}]}\n")
    files["apps/web.yaml"] = files["apps/web.yaml"].replace("web.yaml]", "web.yaml, /values/one.yaml]")
    files |= {"values/one.yaml": f"{MARK}replicas: 1\n"}
    files["manifests/more.yaml"] = files["manifests/secret.yaml"].replace("name: db\n", "name: more\n")
    (missed,) = found(tmp_path, files, CODE)
    assert missed.splitlines()[-1] == "values/one.yaml:2:1: these values are laid over it, and do not say otherwise"


def test_a_separator_at_the_end_of_values_starts_nothing() -> None:
    text = real().files[PRODUCTION]
    assert found_in_texts({PRODUCTION: f"{text}---\n"}) == []
