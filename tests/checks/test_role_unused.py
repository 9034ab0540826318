"""Roles of the variable files that nothing uses, or that are not unique."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.files import RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import (
    ACCOUNT_FILE,
    BY_HAND,
    SERVICE_ACCOUNT,
    STORE_FILE,
    TFVARS,
    TFVARS_FILE,
    application,
)
from tests.checks.trees import MARK, found, found_in_six_clusters, found_in_wide, shown
from tests.tools.generated import real, wide

if TYPE_CHECKING:
    from pathlib import Path

CODE = "role-unused"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
GONE = (
    """          - application: "myapp-dev-use1"
            cluster: "myapp-dev-use1"
            environment: "dev"
            region: "us-east-1"
            stage: "1"
            project: "dev"
            revision: "main"
            automated: "true"
            prune: "true"
            selfHeal: "true"
""",
    "",
)


def test_a_role_that_no_store_signs_in_with_is_found() -> None:
    change = ("role/myapp-production-usw2-myapp-eso", "role/other")
    assert found_in_six_clusters(CODE, SECRETS, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:11:23: "
            "error: role myapp-production-usw2-myapp-eso trusts system:serviceaccount:myapp:myapp-eso, but no "
            "store on myapp-production-usw2 signs in with it\n"
            "hint: remove it from eso_roles, or annotate the ServiceAccount with it\n"
            f"output/{SECRETS}:2:1: the ServiceAccount that it trusts"
        ),
    ]


def test_it_is_a_warning_elsewhere(tmp_path: Path) -> None:
    files = {path: text for path, text in BY_HAND.items() if path not in (STORE_FILE, "apps/operator.yaml")}
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/one.tfvars:10:23: warning: role one-web-eso trusts system:serviceaccount:web:web-eso, "
            "but no store on one signs in with it\n"
            "hint: remove it from eso_roles, or annotate the ServiceAccount with it\n"
            "manifests/account.yaml:1:1: the ServiceAccount that it trusts"
        ),
    ]


def test_where_a_chart_may_use_it_nothing_is_said(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "apps/web.yaml": application(values="        releaseName: web\n"),
        "charts/web/Chart.yaml": "name: web\n",
    }
    del files[STORE_FILE]
    assert found(tmp_path, files, CODE) == []


def test_one_name_twice_in_an_account_is_found_whatever_its_case(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "terraform/two.tfvars": TFVARS.replace('"one-web-eso"', '"One-Web-ESO"').replace('"one"', '"two"'),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/two.tfvars:10:23: error: role One-Web-ESO stands twice in account 111122223333\n"
            "hint: put the cluster and the app into the name\n"
            "terraform/one.tfvars:10:23: it stands here already"
        ),
    ]


def test_a_name_that_is_too_long_is_found(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        TFVARS_FILE: TFVARS.replace("one-web-eso", "x" * 65),
        ACCOUNT_FILE: SERVICE_ACCOUNT.replace("one-web-eso", "x" * 65),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/one.tfvars:10:23: error: role "
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: got 65 characters, expected at "
            "most 64\n"
            "hint: shorten the name, in the annotation of the ServiceAccount too"
        ),
    ]


def test_a_cluster_that_is_not_here_is_not_judged(tmp_path: Path) -> None:
    assert found(tmp_path, {TFVARS_FILE: TFVARS}, CODE) == []


def test_a_role_whose_application_is_gone_names_its_account_and_its_set() -> None:
    assert found_in_six_clusters(CODE, "argocd/applicationsets/myapp.yaml", GONE) == [
        (
            "output/environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars:11:23: error: role "
            "myapp-dev-use1-myapp-eso trusts system:serviceaccount:myapp:myapp-eso, but no store on myapp-dev-use1 "
            "signs in with it\n"
            "hint: remove it from eso_roles, or annotate the ServiceAccount with it\n"
            "output/environments/dev/clusters/myapp-dev-use1/apps/myapp/manifests/secrets.yaml:2:1: this "
            "ServiceAccount names it, and no Application brings it to the cluster\n"
            "output/argocd/applicationsets/myapp.yaml:12:5: its Applications are made here"
        )
    ]


def test_a_role_of_a_second_file_for_its_cluster_is_declared_twice_and_not_unused() -> None:
    tree = real()
    path = "environments/production/clusters/myapp-production-use1/myapp-production-use1.tfvars"
    files = RenderedFiles(tree.root, tree.folder, {**tree.files, "environments/a.tfvars": tree.files[path]})
    graph = Graph(files, (tree.folder,), repositories({tree.url: "."}))
    assert [shown(each).splitlines()[:2] for each in judge(graph, select=[CODE]).problems] == [
        [
            f"output/{path}:11:23: error: role myapp-production-use1-myapp-eso stands twice in account 444455556666",
            (
                "hint: two variable files are for myapp-production-use1: remove the one that is a copy, or name its "
                "own cluster in it"
            ),
        ]
    ]


def test_the_manifests_that_lost_the_account_of_a_role_are_named() -> None:
    path = "environments/production/clusters/atlas-production-irl/apps/dashboards/manifests/secrets.yaml"
    text = wide().files[path]
    (told,) = found_in_wide(CODE, path, (text, text.splitlines(keepends=True)[0]))
    where, _, *ends = told.splitlines()
    assert "role atlas-production-irl-dashboards-eso trusts system:serviceaccount:monitoring:dashboards-eso, " in where
    assert ends == [f"platform/generated/{path}: this file brings nothing"]


def test_a_store_whose_account_is_gone_is_the_other_end_of_its_role() -> None:
    _, _, others = real().files[SECRETS].partition("---\n")
    (told,) = found_in_six_clusters(CODE, SECRETS, (real().files[SECRETS], others))
    where, _, *ends = told.splitlines()
    assert "role myapp-production-usw2-myapp-eso trusts system:serviceaccount:myapp:myapp-eso, " in where
    assert ends == [f"output/{SECRETS}:16:19: this store names the ServiceAccount, which is not there"]


def test_an_account_that_names_the_role_of_another_aws_account_is_not_the_one_that_is_missing(tmp_path: Path) -> None:
    files = {path: text for path, text in BY_HAND.items() if path not in (STORE_FILE, ACCOUNT_FILE)}
    (told,) = found(tmp_path, {**files, "left/account.yaml": SERVICE_ACCOUNT}, CODE)
    assert told.splitlines()[2].startswith("left/account.yaml:1:1: this ServiceAccount names it")
    (told,) = found(
        tmp_path, {**files, "left/account.yaml": SERVICE_ACCOUNT.replace("111122223333", "444455556666")}, CODE
    )
    assert len(told.splitlines()) == 2


def test_a_role_under_another_key_than_on_more_clusters_is_a_warning() -> None:
    path = "environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars"
    assert found_in_six_clusters(CODE, path, ('"myapp" = {', '"my-app" = {')) == [
        (
            f"output/{path}:10:3: warning: role myapp-production-usw2-myapp-eso stands under my-app, and on more "
            "clusters that of system:serviceaccount:myapp:myapp-eso under myapp\n"
            "hint: write myapp: under another key, Terraform deletes the role and makes it anew\n"
            "output/environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars:10:13: under myapp"
        )
    ]


def test_what_kustomize_builds_may_use_a_generated_role(tmp_path: Path) -> None:
    generated = {**BY_HAND, TFVARS_FILE: MARK + BY_HAND[TFVARS_FILE]}
    built = {"manifests/kustomization.yaml": "resources: [account.yaml, store.yaml, secret.yaml]\n"}
    assert found(tmp_path, {**generated, **built}, CODE) == []
