"""The role of the annotation among the roles of the cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import ACCOUNT_FILE, BY_HAND, STORE_FILE, TFVARS_FILE, application, changed
from tests.checks.trees import MARK, found, found_in_six_clusters
from tests.tools.generated import real

if TYPE_CHECKING:
    from pathlib import Path

CODE = "role-declared"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
TFVARS_OF_IT = "environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars"


def test_a_role_of_the_sibling_cluster_is_found() -> None:
    change = ("role/myapp-production-usw2-myapp-eso", "role/myapp-production-use1-myapp-eso")
    assert found_in_six_clusters(CODE, SECRETS, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "8:33: error: the role of SecretStore myapp-secrets-manager on myapp-production-usw2: got role "
            "myapp-production-use1-myapp-eso, expected one that its tfvars declare: "
            "myapp-production-usw2-myapp-eso; not judged behind it: the trusted subject, the OIDC provider, "
            "the secrets that the role may read, the KMS keys that it may use\n"
            "hint: make the annotation and role_name in the cluster's tfvars equal\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:9:13: "
            "the roles of the cluster\n"
            "output/environments/production/clusters/myapp-production-use1/myapp-production-use1.tfvars:2:21: "
            "this file declares the role, for myapp-production-use1\n"
            "output/argocd/applicationsets/myapp.yaml:65:22: the Application lands there"
        ),
    ]


def test_a_role_in_another_account_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("iam::444455556666", "iam::557702566877")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "8:33: error: the role of SecretStore myapp-secrets-manager on myapp-production-usw2: got account "
            "557702566877, expected 444455556666; not judged behind it: the trusted subject, the OIDC "
            "provider, the secrets that the role may read, the KMS keys that it may use\n"
            "hint: write 444455556666 in the annotation, or correct account_id\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:4:21: "
            "the account of the cluster"
        ),
    ]


def test_another_account_of_the_cluster_is_found_with_its_place() -> None:
    change = ('account_id        = "444455556666"', 'account_id        = "444455556667"')
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "8:33: error: the role of SecretStore myapp-secrets-manager on myapp-production-usw2: got account "
            "444455556666, expected 444455556667; not judged behind it: the trusted subject, the OIDC "
            "provider, the secrets that the role may read, the KMS keys that it may use\n"
            "hint: write 444455556667 in the annotation, or correct account_id\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:4:21: "
            "the account of the cluster"
        ),
    ]


def test_a_role_in_another_partition_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("arn:aws:iam", "arn:aws-cn:iam")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "8:33: error: the role of SecretStore myapp-secrets-manager on myapp-production-usw2: got "
            "partition aws-cn, expected aws; not judged behind it: the trusted subject, the OIDC provider, the "
            "secrets that the role may read, the KMS keys that it may use\n"
            "hint: write aws in the annotation, or correct the region and the provider in the tfvars\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:7:21: "
            "the provider of the cluster"
        ),
    ]


def test_a_provider_of_another_partition_says_nothing_of_the_annotation() -> None:
    change = ('= "arn:aws:iam', '= "arn:aws-cn:iam')
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == []


def test_a_path_that_the_module_does_not_give_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, (":role/", ":role/team/")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "8:33: error: the role of SecretStore myapp-secrets-manager on myapp-production-usw2: got "
            "role/team/myapp-production-usw2-myapp-eso, expected role/myapp-production-usw2-myapp-eso: the "
            "module gives roles no path; not judged behind it: the trusted subject, the OIDC provider, the "
            "secrets that the role may read, the KMS keys that it may use\n"
            "hint: write role/myapp-production-usw2-myapp-eso in the annotation\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:11:23: "
            "the role"
        ),
    ]


def test_a_renamed_role_is_found_at_the_annotation() -> None:
    change = ('role_name       = "myapp-', 'role_name       = "your-')
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "8:33: error: the role of SecretStore myapp-secrets-manager on myapp-production-usw2: got role "
            "myapp-production-usw2-myapp-eso, expected one that its tfvars declare: "
            "your-production-usw2-myapp-eso; not judged behind it: the trusted subject, the OIDC provider, the "
            "secrets that the role may read, the KMS keys that it may use\n"
            "hint: make the annotation and role_name in the cluster's tfvars equal\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:9:13: "
            "the roles of the cluster"
        ),
    ]


def test_a_variable_file_for_no_cluster_is_named(tmp_path: Path) -> None:
    files = changed(TFVARS_FILE, ('cluster_name      = "one"', 'cluster_name      = "won"'))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/account.yaml:6:33: error: the role of SecretStore store on one: no tfvars file is for "
            "the cluster; not judged behind it: the trusted subject, the OIDC provider, the secrets that the "
            "role may read, the KMS keys that it may use\n"
            "hint: bring the variable file of the cluster, with its name in cluster_name\n"
            "terraform/one.tfvars:1:21: this file is for won, which is no cluster\n"
            "apps/web.yaml:9:11: the Application lands there"
        ),
    ]


def test_without_any_variable_file_roles_are_made_elsewhere(tmp_path: Path) -> None:
    files = {path: text for path, text in BY_HAND.items() if not path.endswith(".tfvars")}
    assert found(tmp_path, files, CODE) == []


def test_a_variable_file_that_names_another_cluster_is_named() -> None:
    path = "environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars"
    change = ('"myapp-dev-use1"', '"myapp-dev-usw2"')
    told = found_in_six_clusters(CODE, path, change)
    assert [line for each in told for line in each.splitlines() if "this file" in line] == [
        f"output/{path}:2:21: this file declares the role, for myapp-dev-usw2"
    ]


NOT_KNOWN = (
    "no tfvars file is known to be for the cluster; not judged behind it: the trusted subject, the OIDC provider, the "
    "secrets that the role may read, the KMS keys that it may use\n"
    "hint: verify its variable file together with these; its cluster_name is the name of the destination"
)


@pytest.mark.parametrize(
    ("destination", "cluster_name", "role"),
    [
        ("server: https://one.example.com", "one", "one-web-eso"),
        ("server: https://kubernetes.default.svc", "one", "one-web-eso"),
        ("name: in-cluster", "one", "one-web-eso"),
        ("name: one", "acme-one", "one-web-eso"),
        ("name: eks-won", "won", "one-web-eso"),
        ("name: one", "won", "another"),
    ],
)
def test_elsewhere_a_file_that_no_name_leads_to_is_not_known(
    tmp_path: Path, destination: str, cluster_name: str, role: str
) -> None:
    files = changed(
        TFVARS_FILE,
        ('cluster_name      = "one"', f'cluster_name      = "{cluster_name}"'),
        ('role_name       = "one-web-eso"', f'role_name       = "{role}"'),
    )
    files = {path: text.replace("name: one\n", f"{destination}\n") for path, text in files.items()}
    (problem,) = found(tmp_path, files, CODE)
    where = {"server: https://kubernetes.default.svc": "in-cluster"}.get(destination, destination.partition(": ")[2])
    assert problem == f"apps/web.yaml:9:5: note: the role of SecretStore store on {where}: {NOT_KNOWN}"


def test_an_application_without_a_cluster_is_the_business_of_another_rule() -> None:
    path = "argocd/applicationsets/myapp.yaml"
    assert found_in_six_clusters(CODE, path, ('        name: "{{ .cluster }}"\n', "")) == []


def test_the_variable_file_that_has_the_name_of_the_cluster_and_is_for_another_is_named() -> None:
    path = "environments/production/clusters/myapp-production-{0}/myapp-production-{0}.tfvars"
    tree = real()
    texts = {**tree.files, path.format("usw2"): tree.files[path.format("use1")]}
    files = RenderedFiles(tree.root, tree.folder, texts)
    graph = Graph(files, (tree.folder,), repositories({tree.url: "."}))
    (got,) = judge(graph, select=[CODE]).problems
    assert str(got.related[0].at) == f"output/{path.format('usw2')}:1:1"
    assert got.related[0].message == "this file has the name of the cluster, and is for another one"


def test_of_roles_of_one_name_in_two_accounts_that_of_the_own_account_is_named(tmp_path: Path) -> None:
    own = changed(TFVARS_FILE, ('cluster_name      = "one"', 'cluster_name      = "two"'))
    other = BY_HAND[TFVARS_FILE].replace('"one"', '"two"').replace("111122223333", "444455556666")
    files = {**own, STORE_FILE: MARK + own[STORE_FILE], ACCOUNT_FILE: MARK + own[ACCOUNT_FILE]}
    files |= {"apps/two.yaml": application("two", cluster="two", path="two"), "terraform/two.tfvars": other}
    (told,) = found(tmp_path, files, CODE)
    assert "terraform/one.tfvars:1:21: this file declares the role, for two" in told


def test_of_a_generated_store_without_any_variable_file_a_note_says_so(tmp_path: Path) -> None:
    files = {path: text for path, text in BY_HAND.items() if not path.endswith(".tfvars")}
    files[STORE_FILE] = MARK + files[STORE_FILE]
    (got,) = found(tmp_path, files, CODE)
    assert f": note: the role of SecretStore store on one: {NOT_KNOWN}" in got


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", MARK])
def test_the_only_variable_file_that_is_empty_is_found_beside_a_generated_store(tmp_path: Path, text: str) -> None:
    generated = {**BY_HAND, STORE_FILE: MARK + BY_HAND[STORE_FILE], TFVARS_FILE: text}
    assert found(tmp_path, generated, CODE) == [
        (
            "manifests/account.yaml:6:33: error: the role of SecretStore store on one: the variable file of the "
            "cluster says nothing; not judged behind it: the trusted subject, the OIDC provider, the secrets that the "
            "role may read, the KMS keys that it may use\n"
            "hint: bring the variable file of the cluster, with its name in cluster_name\n"
            "terraform/one.tfvars:1:1: this file"
        )
    ]
    assert found(tmp_path, {**BY_HAND, TFVARS_FILE: text}, CODE) == []
