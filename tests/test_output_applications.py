"""The Applications that Argo CD makes of two fleets: everything that they name exists, and nothing else is allowed."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from gitops_gen.pipeline import render
from tests.tools import helm
from tests.tools.applicationsets import applications, elements, go, go_engine
from tests.tools.generated import documents, generated, real, wide
from tests.tools.parsed import at, lines_at, list_at, map_at, rows_at, text_at

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.applicationsets import Application
    from tests.tools.generated import Generated
    from tests.tools.parsed import Object

REGISTERED_ELSEWHERE = {"playground", "atlas-test-euc1", "atlas-staging-apne3", "atlas-china-cnnw1"}

# Protected, by the environment or by itself.
PROTECTED = {
    "myapp-production-use1",
    "myapp-production-usw2",
    "atlas-staging-apne3",
    "atlas-production-use1",
    "atlas-production-irl",
    "atlas-production-apse2",
    "atlas-regulated-workloads-production-usgw1",
    "atlas-regulated-workloads-production-usge1",
}

# What an app tightens beyond its place, and what a place says: prune and selfHeal where they are not both true.
NOT_AUTOMATED = {"web-dev-blue"}
SYNC = {
    "dashboards-test-euc1": (True, False),
    "external-secrets-test-euc1": (True, False),
    "external-secrets-china-cnn1": (False, True),
    "external-secrets-china-cnnw1": (False, True),
    "web-china-cnn1": (False, False),
    "web-china-cnnw1": (False, False),
}

NAMESPACE = ("", "Namespace")
CLUSTER_KINDS = {
    "external-secrets": {
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    },
    "monitoring": {("", "PersistentVolume"), ("rbac.authorization.k8s.io", "ClusterRole")},
}
"""The cluster-scoped kinds that are allowed beside Namespace where an app lands in this namespace."""

SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
LABEL_VALUE = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")


def test_there_is_an_application_for_each_release(fleet: Generated) -> None:
    expected = {path.rpartition("/")[0] for path in fleet.paths(end="/values.yaml") if "/clusters/" in path}
    assert sorted(each.folder for each in applications(fleet)) == sorted(expected)


def test_values_files_exist_from_the_farthest_to_the_nearest(fleet: Generated) -> None:
    for application in applications(fleet):
        files = application.values_files
        app, environment = application.app, application.labels["environment"]
        below = f"$values/{fleet.folder}/environments/{environment}"
        assert files[:2] == [
            f"{below}/apps/{app}/values.yaml",
            f"{below}/clusters/{application.destination['name']}/apps/{app}/values.yaml",
        ]
        for file in files:
            assert fleet.repository_file(file.removeprefix("$values/")) is not None, file


def test_a_file_kept_by_hand_comes_after_ours() -> None:
    kept = {each.name: each.values_files[2:] for each in applications(wide())}
    assert kept["web-production-use1"] == [
        "$values/overrides/production/web.yaml",
        "$values/overrides/us-east-1/atlas-production-use1.yaml",
    ]
    assert kept["payments-production-use1"] == []


def test_values_and_manifests_come_from_the_gitops_repository_at_its_revision(fleet: Generated) -> None:
    here = {"repoURL": fleet.url, "targetRevision": fleet.revision}
    for application in applications(fleet):
        _, values, *manifests = application.sources
        assert values == here | {"ref": "values"}
        folder = f"{fleet.folder}/{application.folder}/manifests"
        files = fleet.repository_folder(folder)
        assert manifests == ([here | {"path": folder}] if files else [])
        assert files in ((), (f"{application.folder}/manifests/secrets.yaml",))


def test_the_chart_is_of_the_release_s_own_source() -> None:
    charts = {each.name: each.sources[0] for each in applications(wide())}
    stated = {
        name: {key: value for key, value in charts[name].items() if key != "helm"}
        for name in ("external-secrets-dev-blue", "external-secrets-china-cnn1", "payments-staging-usw2")
    }
    assert stated == {
        "external-secrets-dev-blue": {
            "repoURL": "https://charts.external-secrets.io",
            "chart": "external-secrets",
            "targetRevision": "0.15.1",
        },
        "external-secrets-china-cnn1": {
            "repoURL": "registry.example.com/mirror/charts",
            "chart": "external-secrets",
            "targetRevision": "2.0.0",
        },
        "payments-staging-usw2": {
            "repoURL": "https://git.example.com/shop/payments.git",
            "path": "deploy/chart",
            "targetRevision": "release/1.5",
        },
    }


def test_the_operator_is_released_as_external_secrets_everywhere(fleet: Generated) -> None:
    operators = [each for each in applications(fleet) if each.app == "external-secrets"]
    assert {each.release_name for each in operators} == {"external-secrets"}
    assert {each.cluster for each in operators} == set(_environment_of_clusters(fleet))


def test_values_come_from_files_only(fleet: Generated) -> None:
    for application in applications(fleet):
        assert set(map_at(application.sources[0], "helm")) == {"releaseName", "valueFiles"}


def test_release_names_do_not_follow_the_application(fleet: Generated) -> None:
    expected = {"dashboards": "dash"}
    for application in applications(fleet):
        app = application.app
        assert application.release_name == expected.get(app, app)


def test_a_project_allows_exactly_what_its_applications_need(fleet: Generated) -> None:
    needed: defaultdict[str, _Needs] = defaultdict(_Needs)
    for application in applications(fleet):
        needed[application.project].add(application)
    for path, project in fleet.of_kind("AppProject").items():
        needs = needed[text_at(project, "metadata", "name")]
        spec = map_at(project, "spec")
        places = [(each["name"], each["namespace"]) for each in rows_at(spec, "destinations")]
        kinds = [(each["group"], each["kind"]) for each in rows_at(spec.get("clusterResourceWhitelist", []))]
        assert sorted(lines_at(spec, "sourceRepos")) == sorted(needs.repositories), path
        assert sorted(places) == sorted(needs.places), path
        assert sorted(kinds) == sorted(needs.kinds), path


def test_a_project_belongs_to_one_environment(fleet: Generated) -> None:
    environments: defaultdict[str, set[str]] = defaultdict(set)
    for application in applications(fleet):
        environments[application.project].add(application.labels["environment"])
    renamed = {"quality": {"test"}}
    assert environments == {name: renamed.get(name, {name}) for name in environments}


def test_every_destination_is_a_cluster_that_argo_cd_knows(fleet: Generated) -> None:
    declared = {text_at(found, "stringData", "name") for found in fleet.of_kind("Secret").values()}
    named = {each.cluster for each in applications(fleet)}
    assert named - declared == named & REGISTERED_ELSEWHERE
    assert declared <= named


def test_a_release_goes_to_its_cluster_and_namespace_by_name(fleet: Generated) -> None:
    environments = _environment_of_clusters(fleet)
    for application in applications(fleet):
        destination = application.destination
        assert list(destination) == ["name", "namespace"]
        assert environments[destination["name"]] == application.labels["environment"]


def test_names_fit_and_are_unique(fleet: Generated) -> None:
    names = [each.name for each in applications(fleet)]
    assert len(names) == len(set(names))
    for name in names:
        assert len(name) <= 63, name
        assert SUBDOMAIN.fullmatch(name), name
    for application in applications(fleet):
        assert len(application.release_name) <= 53
        for label in application.labels.values():
            assert len(label) <= 63, label
            assert LABEL_VALUE.fullmatch(label), label


def test_a_name_that_is_too_long_ends_in_a_hash_of_all_of_it() -> None:
    names = {each.cluster: each.name for each in _applications_of("payment-reconciliation-service")}
    assert names["atlas-regulated-workloads-production-usgw1"] == (
        "payment-reconciliation-service-regulated-workloads-pro-4b54a3d3"
    )
    assert names["atlas-regulated-workloads-production-usge1"] == (
        "payment-reconciliation-service-regulated-workloads-pro-aa1dc09e"
    )
    assert names["playground"] == "payment-reconciliation-service-playground"


def test_only_what_is_not_protected_syncs_by_itself(fleet: Generated) -> None:
    for application in applications(fleet):
        policy = application.sync_policy
        if application.app == "payments":
            assert "automated" not in policy
            continue
        is_manual = application.cluster in PROTECTED or application.name in NOT_AUTOMATED
        prune, self_heal = SYNC.get(application.name, (True, True))
        expected = {} if is_manual else {"automated": {"prune": prune, "selfHeal": self_heal}}
        assert policy == {"syncOptions": policy["syncOptions"], "retry": policy["retry"]} | expected


def test_a_rolling_app_goes_stage_by_stage_and_waits_for_a_person_where_it_is_protected() -> None:
    [found] = [each for path, each in wide().of_kind("ApplicationSet").items() if path.endswith("/payments.yaml")]
    strategy = map_at(found, "spec", "strategy")
    assert strategy["type"] == "RollingSync"
    steps = [map_at(step) for step in list_at(strategy, "rollingSync", "steps")]
    assert [[each.name for each in _applications_of("payments") if _matches(each, step)] for step in steps] == [
        ["payments-dev-blue", "payments-playground", "payments-test-euc1"],
        ["payments-staging-usw2"],
        ["payments-staging-apne3"],
        ["payments-production-use1", "payments-production-irl", "payments-production-apse2"],
        ["payments-china-cnn1", "payments-china-cnnw1"],
        ["payments-regulated-workloads-production-usgw1", "payments-regulated-workloads-production-usge1"],
    ]
    assert [step.get("maxUpdate") for step in steps] == [None, None, 0, 0, None, 0]


def test_only_a_rolling_app_has_a_strategy(fleet: Generated) -> None:
    for path, found in fleet.of_kind("ApplicationSet").items():
        spec = map_at(found, "spec")
        assert ("strategy" in spec) == path.endswith("/payments.yaml")
        assert ("templatePatch" in spec) != ("strategy" in spec)


def test_a_parameter_that_is_missing_is_an_error_and_a_lost_line_deletes_nothing(fleet: Generated) -> None:
    for path, found in fleet.of_kind("ApplicationSet").items():
        spec = map_at(found, "spec")
        assert spec["goTemplate"] is True, path
        assert spec["goTemplateOptions"] == ["missingkey=error"], path
        assert spec["syncPolicy"] == {"preserveResourcesOnDeletion": True}, path
        assert "finalizers" not in map_at(spec, "template", "metadata"), path


def test_every_element_has_the_parameters_that_are_used_and_no_other(fleet: Generated) -> None:
    for path, found in fleet.of_kind("ApplicationSet").items():
        spec = map_at(found, "spec")
        text = f"{spec['template']}{spec.get('templatePatch', '')}"
        used = set(re.findall(r"\.(\w+) ", "".join(re.findall(r"\{\{(.*?)\}\}", text))))
        for element in elements(spec, fleet):
            assert set(element) == used, path
            assert all(isinstance(value, str) for value in element.values()), element


def test_resources_wait_for_the_operator_and_for_their_namespace(fleet: Generated) -> None:
    for application in applications(fleet):
        policy = application.sync_policy
        assert {"CreateNamespace=true", "SkipDryRunOnMissingResource=true"} <= set(application.sync_options)
        # 10 + 20 + 40 + 80 + 160 + 5 x 180 seconds.
        assert policy["retry"] == {
            "limit": 10,
            "backoff": {"duration": "10s", "factor": 2, "maxDuration": "3m"},
        }


def test_sync_options_are_those_of_the_app() -> None:
    options = {each.app: each.sync_options[2:] for each in applications(wide())}
    assert options == {
        "dashboards": ["PruneLast=true", "PrunePropagationPolicy=background"],
        "external-secrets": ["ServerSideApply=true"],
        "payment-reconciliation-service": [],
        "payments": [],
        "web": [],
    }


@pytest.mark.parametrize(
    ("operator", "argocd", "server_side"),
    [
        ("0.18.2", "3.5.1", (False, False)),
        ("0.19.0", "3.5.1", (True, True)),
        ("0.19.0", "3.1.0", (True, True)),
        ("0.19.0", "3.0.12", (True, False)),
    ],
)
def test_definitions_too_large_for_client_side_apply_are_applied_and_compared_by_the_server(
    operator: str, argocd: str, server_side: tuple[bool, bool], project: Path
) -> None:
    _replace(project, '"2.9.0"', f'"{operator}"')
    _replace(project, '"3.5.1"', f'"{argocd}"')
    found = generated(project, url=real().url, revision="main", folder="output")
    [application, *_] = _applications_of("external-secrets", found)
    assert (
        "ServerSideApply=true" in application.sync_options,
        application.annotations == {"argocd.argoproj.io/compare-options": "ServerSideDiff=true"},
    ) == server_side


def test_what_one_release_says_stays_in_its_own_files(fleet: Generated) -> None:
    clusters = _environment_of_clusters(fleet)
    for path in fleet.paths(start="environments/"):
        others = clusters.keys() - set(path.split("/"))
        named = {each for each in others if re.search(rf"\b{re.escape(each)}\b", fleet.files[path])}
        assert named == set(), path


def test_files_in_git_give_the_same_applications_as_a_list(project: Path, wide_project: Path) -> None:
    for root, listed in ((project, real()), (wide_project, wide())):
        _replace(root, "argocd:\n", "argocd:\n  generator: git\n")
        found = generated(root, url=listed.url, revision=listed.revision, folder=listed.folder)
        assert len(found.paths(end="/release.yaml")) == len(applications(listed))
        assert _by_name(found) == _by_name(listed)


def test_the_tree_may_stand_at_the_root_of_its_repository(project: Path) -> None:
    _replace(project, "path: output", "path: .")
    texts = {each.path: each.text for each in render(project)}
    [found] = documents(texts["argocd/applicationsets/myapp.yaml"])
    sources = list_at(found, "spec", "template", "spec", "sources")
    assert at(sources, 0, "helm", "valueFiles", 0) == "$values/environments/{{ .environment }}/apps/myapp/values.yaml"
    assert at(sources, 2, "path") == "environments/{{ .environment }}/clusters/{{ .cluster }}/apps/myapp/manifests"


@helm.requires_helm
def test_go_s_own_engine_writes_what_we_take_it_to_write(fleet: Generated, tmp_path: Path) -> None:
    for path, found in fleet.of_kind("ApplicationSet").items():
        spec = map_at(found, "spec")
        texts = sorted(_strings(spec["template"])) + [str(spec.get("templatePatch", ""))]
        rows = elements(spec, fleet)
        written = [[text.strip() for text in row] for row in go_engine(texts, rows, tmp_path)]
        assert written == [[go(text, row).strip() for text in texts] for row in rows], path


class _Needs:
    """What the Applications of a project need."""

    def __init__(self) -> None:
        self.repositories: set[str] = set()
        self.places: set[tuple[str, str]] = set()

    def add(self, application: Application) -> None:
        destination = application.destination
        self.places.add((destination["name"], destination["namespace"]))
        self.repositories |= {text_at(source, "repoURL") for source in application.sources}

    @property
    def kinds(self) -> set[tuple[str, str]]:
        if not self.places:
            return set()
        return {NAMESPACE}.union(*(CLUSTER_KINDS.get(namespace, set()) for _, namespace in self.places))


def _applications_of(app: str, found: Generated | None = None) -> list[Application]:
    return [each for each in applications(found or wide()) if each.app == app]


def _by_name(found: Generated) -> list[Application]:
    return sorted(applications(found), key=lambda each: each.name)


def _environment_of_clusters(found: Generated) -> dict[str, str]:
    """The environment of each cluster, from the tfvars that every cluster has."""
    return {path.split("/")[3]: path.split("/")[1] for path in found.paths(end=".tfvars")}


def _matches(application: Application, step: Object) -> bool:
    wanted = list_at(step, "matchExpressions")
    assert {text_at(each, "operator") for each in wanted} == {"In"}
    return all(application.labels[text_at(each, "key")] in list_at(each, "values") for each in wanted)


def _strings(value: object) -> set[str]:
    match value:
        case str():
            return {value}
        case dict():
            return set().union(*map(_strings, value.values()))
        case list():
            return set().union(*map(_strings, value))
    return set()


def _replace(root: Path, old: str, new: str) -> None:
    file = root / "environments/fleet.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
