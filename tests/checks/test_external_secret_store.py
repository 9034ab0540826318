"""The store that an ExternalSecret names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from gitops_gen.reports.verdict import by_cause
from tests.checks.by_hand import (
    BY_HAND,
    EXTERNAL_SECRET,
    GIT_SET,
    RELEASE,
    SECRET_FILE,
    STORE,
    STORE_FILE,
    application,
    changed,
)
from tests.checks.trees import MARK, URL, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-store"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
CLUSTER_STORE = STORE.replace("SecretStore", "ClusterSecretStore")
FROM_CLUSTER_STORE = EXTERNAL_SECRET.replace("kind: SecretStore", "kind: ClusterSecretStore")


def test_a_name_with_a_typo_is_found() -> None:
    change = ('secretStoreRef:\n    name: "myapp-secrets-manager"', 'secretStoreRef:\n    name: "myapp-secrets-manger"')
    assert found_in_six_clusters(CODE, SECRETS, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "40:11: error: ExternalSecret myapp-db-credentials reads from SecretStore myapp-secrets-manger, "
            "but there is none in namespace myapp of myapp-production-usw2\n"
            "hint: did you mean myapp-secrets-manager?\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "15:9: SecretStore myapp-secrets-manager is here"
        ),
    ]


def test_the_kind_of_a_store_of_that_name_is_told(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("kind: SecretStore", "kind: ClusterSecretStore"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:9:11: error: ExternalSecret db reads from ClusterSecretStore store, but "
            "there is none in one\n"
            "hint: store is a SecretStore: write kind: SecretStore\n"
            "manifests/store.yaml:4:9: SecretStore store is here"
        ),
    ]


def test_no_kind_means_secret_store(tmp_path: Path) -> None:
    assert found(tmp_path, changed(SECRET_FILE, ("    kind: SecretStore\n", "")), CODE) == []


def test_a_store_in_another_namespace_is_out_of_reach(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("name: store", "name: store\n  namespace: other"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:8:11: error: ExternalSecret db reads from SecretStore store, but there is "
            "none in namespace web of one\n"
            "hint: store is in namespace other, and a SecretStore serves only its own\n"
            "manifests/store.yaml:4:9: SecretStore store is here"
        ),
    ]


def test_where_all_is_seen_a_missing_store_is_an_error(tmp_path: Path) -> None:
    assert found(tmp_path, changed(SECRET_FILE, ("name: store", "name: vault")), CODE) == [
        (
            "manifests/secret.yaml:8:11: error: ExternalSecret db reads from SecretStore vault, but there is "
            "none in namespace web of one\n"
            "hint: bring the SecretStore vault there, or name the one that is"
        ),
    ]


def test_where_a_chart_may_bring_it_nobody_can_say(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("name: store", "name: vault"))
    files["apps/web.yaml"] = application(values="        releaseName: web\n")
    files["charts/web/Chart.yaml"] = "name: web\n"
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:8:11: note: ExternalSecret db reads from SecretStore vault, but none is seen "
            "in namespace web of one\n"
            "hint: bring the SecretStore vault there, or name the one that is"
        ),
    ]


def test_a_cluster_store_that_is_not_here_is_a_warning(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("name: store\n    kind: SecretStore", "name: vault\n    kind: ClusterSecretStore"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:8:11: warning: ExternalSecret db reads from ClusterSecretStore vault, but none is "
            "seen in one\n"
            "hint: bring the ClusterSecretStore vault there, or name the one that is"
        ),
    ]


def test_a_cluster_store_that_many_miss_is_one_cause(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("name: store\n    kind: SecretStore", "name: vault\n    kind: ClusterSecretStore"))
    files["manifests/more.yaml"] = files[SECRET_FILE].replace("name: db", "name: more")
    found(tmp_path, files, CODE)
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [len(each) for each in by_cause(judge(graph, select=[CODE]).problems)] == [2]


@pytest.mark.parametrize(("kind", "severity"), [("ClusterSecretStore", "note"), ("SecretStore", "warning")])
def test_where_the_operator_comes_from_elsewhere_a_store_may_too(tmp_path: Path, kind: str, severity: str) -> None:
    files = changed(SECRET_FILE, ("name: store\n    kind: SecretStore", f"name: vault\n    kind: {kind}"))
    del files["apps/operator.yaml"]
    (problem,) = found(tmp_path, files, CODE)
    assert problem.partition(": ExternalSecret")[0] == f"manifests/secret.yaml:8:11: {severity}"


KUSTOMIZED = {
    "apps/platform.yaml": application("platform", path="platform"),
    "platform/kustomization.yaml": "resources: [store.yaml]\n",
}


def test_where_kustomize_may_bring_a_cluster_store_nobody_can_say(tmp_path: Path) -> None:
    text = FROM_CLUSTER_STORE.replace("name: store", "name: vault")
    files = {**BY_HAND, **KUSTOMIZED, SECRET_FILE: f"{text}---\n{text.replace('name: db', 'name: cache')}"}
    first, second = found(tmp_path, files, CODE)
    assert (first, second.partition(":")[0]) == (
        (
            "manifests/secret.yaml:8:11: note: ExternalSecret db reads from ClusterSecretStore vault, but none is "
            "seen in one\n"
            "hint: bring the ClusterSecretStore vault there, or name the one that is"
        ),
        "manifests/secret.yaml",
    )


def test_a_store_in_a_file_that_kustomize_takes_is_there(tmp_path: Path) -> None:
    text = FROM_CLUSTER_STORE.replace("name: store", "name: vault")
    store = CLUSTER_STORE.replace("name: store", "name: vault")
    files = {**BY_HAND, **KUSTOMIZED, SECRET_FILE: text, "platform/store.yaml": store}
    assert found(tmp_path, files, CODE) == []


def test_a_store_that_is_only_alike_is_no_slip_where_another_may_be_there(tmp_path: Path) -> None:
    files = {**BY_HAND, **KUSTOMIZED, SECRET_FILE: EXTERNAL_SECRET.replace("name: store", "name: store-v2")}
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith("manifests/secret.yaml:8:11: note: ExternalSecret db reads from SecretStore store-v2")


def test_the_store_of_one_entry_is_found_too(tmp_path: Path) -> None:
    files = changed(
        SECRET_FILE,
        (
            "        property: password\n",
            "        property: password\n      sourceRef:\n        storeRef: {name: stor}\n",
        ),
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:18:26: error: ExternalSecret db reads from SecretStore stor, but there is "
            "none in namespace web of one\n"
            "hint: did you mean store?\n"
            "manifests/store.yaml:4:9: SecretStore store is here"
        ),
    ]


def test_a_generator_needs_no_store(tmp_path: Path) -> None:
    text = EXTERNAL_SECRET.replace("  secretStoreRef:\n    name: store\n    kind: SecretStore\n", "")
    generator = "\n    - sourceRef: {generatorRef: {kind: Password, name: any}}\n"
    password = "apiVersion: generators.external-secrets.io/v1alpha1\nkind: Password\nmetadata: {name: any}\n"
    own = {SECRET_FILE: text.partition("  data:")[0] + "  dataFrom:" + generator, "manifests/password.yaml": password}
    assert found(tmp_path, {**BY_HAND, **own}, CODE) == []


def test_a_cluster_store_that_lets_the_namespace_in_is_fine(tmp_path: Path) -> None:
    store = CLUSTER_STORE + "  conditions:\n    - namespaces: [api, web]\n"
    files = {**BY_HAND, STORE_FILE: store, SECRET_FILE: FROM_CLUSTER_STORE}
    assert found(tmp_path, files, CODE) == []


def test_a_pattern_of_namespaces_counts(tmp_path: Path) -> None:
    store = CLUSTER_STORE + "  conditions:\n    - namespaceRegexes: ['^w.b$']\n"
    files = {**BY_HAND, STORE_FILE: store, SECRET_FILE: FROM_CLUSTER_STORE}
    assert found(tmp_path, files, CODE) == []


def test_labels_of_namespaces_are_not_known_here(tmp_path: Path) -> None:
    store = CLUSTER_STORE + "  conditions:\n    - namespaceSelector: {matchLabels: {a: b}}\n"
    files = {**BY_HAND, STORE_FILE: store, SECRET_FILE: FROM_CLUSTER_STORE}
    assert found(tmp_path, files, CODE) == []


def test_a_cluster_store_that_keeps_the_namespace_out_is_found(tmp_path: Path) -> None:
    store = (
        CLUSTER_STORE
        + "  conditions:\n    - namespaces: [api]\n    - namespaceRegexes: ['^web-.*', '(?<broken']\n".replace(
            ", '(?<broken'", ""
        )
    )
    files = {**BY_HAND, STORE_FILE: store, SECRET_FILE: FROM_CLUSTER_STORE}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:8:11: error: ExternalSecret db is in namespace web, which the conditions of "
            "ClusterSecretStore store do not let in\n"
            "hint: add web to the conditions of the store, or use a SecretStore of the namespace\n"
            "manifests/store.yaml:15:5: the conditions"
        ),
    ]


def _closed_to(namespace: str) -> str:
    return CLUSTER_STORE + f"  conditions:\n    - namespaces: [{namespace}]\n"


def _of_two_argo_cds(**stores: str) -> dict[str, str]:
    """Returns one Application for each folder, which may each be for an Argo CD of its own, and a secret in prod."""
    apps = {f"apps/{each}.yaml": application(each, cluster="in-cluster", path=each) for each in ("dev", "prod")}
    secret = EXTERNAL_SECRET.replace("kind: SecretStore", "kind: ClusterSecretStore")
    return {**apps, **{f"{each}/store.yaml": text for each, text in stores.items()}, "prod/secret.yaml": secret}


def test_the_store_of_another_argo_cd_may_be_for_other_namespaces(tmp_path: Path) -> None:
    assert found(tmp_path, _of_two_argo_cds(dev=_closed_to("web-dev"), prod=_closed_to("web")), CODE) == []
    (problem,) = found(tmp_path, _of_two_argo_cds(dev=_closed_to("web"), prod=_closed_to("api")), CODE)
    assert problem.startswith(
        "prod/secret.yaml:8:11: error: ExternalSecret db is in namespace web, which the conditions of "
        "ClusterSecretStore store do not let in\n"
    )


def test_the_only_store_is_a_warning_where_it_may_be_of_another_argo_cd(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, _of_two_argo_cds(dev=_closed_to("api")), CODE)
    assert problem.startswith(
        "prod/secret.yaml:8:11: warning: ExternalSecret db is in namespace web, which the conditions of "
        "ClusterSecretStore store do not let in, if one Argo CD has both\n"
    )


def test_a_store_in_json_or_in_a_list_of_stores_is_there(tmp_path: Path) -> None:
    in_json = (
        '{"apiVersion": "external-secrets.io/v1", "kind": "SecretStore", "metadata": {"name": "store"}, '
        '"spec": {"provider": {"fake": {}}}}\n'
    )
    without = {path: text for path, text in BY_HAND.items() if path != STORE_FILE}
    in_list = f"apiVersion: external-secrets.io/v1\nkind: SecretStoreList\nitems:\n  - {in_json}"
    assert len(found(tmp_path, without, CODE)) == 1
    assert found(tmp_path, {**without, "manifests/store.json": in_json}, CODE) == []
    (tmp_path / "manifests/store.json").unlink()
    assert found(tmp_path, {**without, "manifests/stores.yaml": in_list}, CODE) == []


def shared(release: str = RELEASE, name: str = "{{ .application }}") -> dict[str, str]:
    """Returns a store for all namespaces that a generated set brings to the clusters of its releases."""
    store = CLUSTER_STORE.replace("name: store", "name: gate")
    store = store.replace("name: web-eso", "name: web-eso\n            namespace: web")
    return {
        **BY_HAND,
        SECRET_FILE: MARK.replace("/x.j2", "/own.j2") + FROM_CLUSTER_STORE.replace("name: store", "name: gate"),
        "gate/set.yaml": GIT_SET.replace("path: releases}", "path: gate}").replace("{{ .application }}", name),
        "gate/store.yaml": MARK.replace("/x.j2", "/store.j2") + store,
        "releases/one.yaml": release,
    }


def test_the_set_that_should_bring_a_store_is_told_beside_it(tmp_path: Path) -> None:
    assert found(tmp_path, shared(), CODE) == []
    (told,) = found(tmp_path, shared(RELEASE.replace("cluster: one", "cluster: two")), CODE)
    assert told == (
        "manifests/secret.yaml:9:11: error: ExternalSecret db reads from ClusterSecretStore gate, but there is none in "
        "one\n"
        "hint: bring the ClusterSecretStore gate there, or name the one that is\n"
        "gate/store.yaml:5:9: it is written here, and no Application brings it to the cluster\n"
        "gate/set.yaml:7:15: its Applications are made here"
    )


def test_a_store_of_a_set_that_cannot_be_expanded_is_not_missed(tmp_path: Path) -> None:
    assert found(tmp_path, shared(name="{{ .nothing }}"), CODE) == []


def test_what_the_template_of_a_store_makes_under_another_kind_is_told(tmp_path: Path) -> None:
    files = shared()
    files |= {"gate/two/store.yaml": files["gate/store.yaml"]}
    files["gate/store.yaml"] = files["gate/store.yaml"].replace("kind: Cluster", "kind: C1uster")
    (told,) = found(tmp_path, files, CODE)
    assert told.splitlines()[2:] == [
        "gate/store.yaml:5:9: C1usterSecretStore gate comes of the template that makes it elsewhere",
        "gate/set.yaml:7:15: its Applications are made here",
    ]


def test_an_application_without_a_cluster_misses_no_store(tmp_path: Path) -> None:
    files = shared()
    files["apps/web.yaml"] = files["apps/web.yaml"].replace("    name: one\n", "")
    assert found(tmp_path, files, CODE) == []


PUSH = """\
apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata: {name: push}
spec:
  secretStoreRefs: [{name: NAME, kind: SecretStore}]
  selector: {secret: {name: db}}
  data: [{match: {secretKey: a, remoteRef: {remoteKey: b}}}]
"""


def test_the_stores_that_a_push_secret_names_are_looked_for_too(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "manifests/push.yaml": PUSH.replace("NAME", "stroe")}, CODE) == [
        (
            "manifests/push.yaml:5:28: error: PushSecret push pushes to SecretStore stroe, but there is none in "
            "namespace web of one\n"
            "hint: did you mean store?\n"
            "manifests/store.yaml:4:9: SecretStore store is here"
        ),
    ]
    assert found(tmp_path, {**BY_HAND, "manifests/push.yaml": PUSH.replace("NAME", "store")}, CODE) == []


def test_a_push_secret_may_select_its_stores_by_labels(tmp_path: Path) -> None:
    push = PUSH.replace("{name: NAME, kind: SecretStore}", "{labelSelector: {matchLabels: {a: b}}}")
    assert found(tmp_path, {**BY_HAND, "manifests/push.yaml": push}, CODE) == []


UNSEEN = application("other", path="p").replace(URL, URL.replace("fleet", "other"))


@pytest.mark.parametrize(
    ("store", "hint"),
    [
        (STORE.replace("name: store", "name: store-of-web"), "did you mean store-of-web?"),
        (STORE.replace("name: store", "name: store\n  namespace: api"), "store is in namespace api, and a SecretStore"),
        (STORE.replace("name: store", "name: vault"), ""),
    ],
)
def test_a_store_that_is_alike_and_comes_with_the_secret_is_probably_meant(
    tmp_path: Path, store: str, hint: str
) -> None:
    secret = EXTERNAL_SECRET.replace("name: store", "name: store-of-webs2" if "of-web" in store else "name: store")
    [got] = found(tmp_path, {**BY_HAND, STORE_FILE: store, SECRET_FILE: secret, "apps/other.yaml": UNSEEN}, CODE)
    assert got.split(": ")[1] == ("warning" if hint else "note")
    assert f"hint: {hint}" in got


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("aws-secretsmanger", "aws-secretsmanager"),
        ("aws-secretsmanager", None),
        ("aws-secretsmanager-dev", None),
        ("vault", None),
        ("${STORE}-secretsmanager", None),
    ],
)
def test_a_slip_is_found_where_no_application_is_seen_to_bring_the_secret(
    tmp_path: Path, name: str, meant: str | None
) -> None:
    files = {
        "base/store.yaml": CLUSTER_STORE.replace("name: store", "name: aws-secretsmanager"),
        "base/secret.yaml": FROM_CLUSTER_STORE.replace("name: store", f"name: {name}"),
    }
    assert found(tmp_path, files, CODE) == (
        [
            (
                f"base/secret.yaml:8:11: warning: ExternalSecret db reads from ClusterSecretStore {name}, but no "
                f"ClusterSecretStore here has that name\nhint: did you mean {meant}?\n"
                f"base/store.yaml:4:9: ClusterSecretStore {meant} is here"
            )
        ]
        if meant
        else []
    )


def test_such_a_slip_may_be_of_a_store_that_an_application_brings(tmp_path: Path) -> None:
    secret = {"base/secret.yaml": EXTERNAL_SECRET.replace("name: store", "name: stores")}
    [told] = found(tmp_path, {**BY_HAND, **secret}, CODE)
    assert told.startswith("base/secret.yaml:8:11: warning: ExternalSecret db reads from SecretStore stores, but no ")


def with_a_store_that_nobody_brings(kind: str, store: str) -> dict[str, str]:
    """Returns a repository whose ExternalSecret names a kind of store, while a chart may bring one to the cluster."""
    files = changed(SECRET_FILE, ("kind: SecretStore", f"kind: {kind}"))
    del files[STORE_FILE]
    files["apps/web.yaml"] = application(values="        releaseName: web\n")
    return {**files, "bootstrap/store.yaml": store}


def test_a_cluster_store_of_that_name_that_no_application_brings_is_probably_meant(tmp_path: Path) -> None:
    assert found(tmp_path, with_a_store_that_nobody_brings("SecretStore", CLUSTER_STORE), CODE) == [
        (
            "manifests/secret.yaml:9:11: warning: ExternalSecret db reads from SecretStore store, but none is seen in "
            "namespace web of one\n"
            "hint: store is a ClusterSecretStore: write kind: ClusterSecretStore\n"
            "bootstrap/store.yaml:4:9: ClusterSecretStore store is here"
        )
    ]


def test_a_cluster_store_is_often_made_elsewhere_whatever_store_has_its_name(tmp_path: Path) -> None:
    [told] = found(tmp_path, with_a_store_that_nobody_brings("ClusterSecretStore", STORE), CODE)
    assert told.startswith("manifests/secret.yaml:8:11: note: ")
