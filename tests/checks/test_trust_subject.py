"""The ServiceAccount and the audience that a role trusts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.evidence.files import File
from tests.checks.by_hand import ACCOUNT_FILE, BY_HAND, STORE_FILE, TFVARS_FILE, changed
from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "trust-subject"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
TFVARS_OF_IT = "environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars"


def test_the_namespace_of_the_operator_is_found() -> None:
    change = ('namespace       = "myapp"', 'namespace       = "external-secrets"')
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:12:23: "
            "error: role myapp-production-usw2-myapp-eso trusts "
            "system:serviceaccount:external-secrets:myapp-eso, expected system:serviceaccount:myapp:myapp-eso, "
            "which SecretStore myapp-secrets-manager signs in as; not judged behind it: the OIDC provider, the "
            "secrets that the role may read, the KMS keys that it may use\n"
            "hint: make namespace of the role and of the store equal\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "16:14: SecretStore myapp-secrets-manager signs in as myapp-eso here"
        ),
    ]


def test_another_service_account_is_found() -> None:
    change = ('service_account = "myapp-eso"', 'service_account = "myapp"')
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:13:23: "
            "error: role myapp-production-usw2-myapp-eso trusts system:serviceaccount:myapp:myapp, expected "
            "system:serviceaccount:myapp:myapp-eso, which SecretStore myapp-secrets-manager signs in as; not "
            "judged behind it: the OIDC provider, the secrets that the role may read, the KMS keys that it may "
            "use\n"
            "hint: make service_account of the role and of the store equal\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "27:19: SecretStore myapp-secrets-manager signs in as myapp-eso here"
        ),
    ]


def test_another_audience_of_the_account_is_found(tmp_path: Path) -> None:
    files = changed(ACCOUNT_FILE, ("  annotations:\n", "  annotations:\n    eks.amazonaws.com/audience: vault\n"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/account.yaml:6:33: error: ServiceAccount web-eso asks for a token for audience vault, "
            "but the role trusts sts.amazonaws.com\n"
            "hint: remove eks.amazonaws.com/audience"
        ),
    ]


def test_the_default_audience_may_be_spelled_out(tmp_path: Path) -> None:
    files = changed(
        ACCOUNT_FILE, ("  annotations:\n", "  annotations:\n    eks.amazonaws.com/audience: sts.amazonaws.com\n")
    )
    assert found(tmp_path, files, CODE) == []


def test_one_more_audience_of_the_store_is_a_warning(tmp_path: Path) -> None:
    files = changed(
        STORE_FILE, ("            name: web-eso\n", "            name: web-eso\n            audiences: [vault]\n")
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:14:24: warning: SecretStore store asks for a token for vault too, which the "
            "role does not trust\n"
            "hint: remove audiences: sts.amazonaws.com is always among them"
        ),
    ]


def test_a_role_that_is_not_declared_is_not_judged(tmp_path: Path) -> None:
    assert found(tmp_path, changed(ACCOUNT_FILE, ("role/one-web-eso", "role/two-web-eso")), CODE) == []


def test_a_role_in_a_variable_file_in_json_is_found(tmp_path: Path) -> None:
    variables = File(TFVARS_FILE, BY_HAND[TFVARS_FILE]).variables
    text = json.dumps(variables, indent=2)
    files = {path: each for path, each in BY_HAND.items() if path != TFVARS_FILE}
    assert found(tmp_path, {**files, f"{TFVARS_FILE}.json": text}, CODE) == []
    wrong = text.replace('"namespace": "web"', '"namespace": "api"')
    (problem,) = found(tmp_path, {**files, f"{TFVARS_FILE}.json": wrong}, CODE)
    assert problem.startswith(
        f"{TFVARS_FILE}.json:9:20: error: role one-web-eso trusts system:serviceaccount:api:web-eso, expected "
        "system:serviceaccount:web:web-eso"
    )


def test_of_a_store_for_all_namespaces_that_of_its_account_and_the_account_are_the_other_ends(tmp_path: Path) -> None:
    files = changed(TFVARS_FILE, ('namespace       = "web"', 'namespace       = "shop"'))
    store = files[STORE_FILE].replace("kind: SecretStore", "kind: ClusterSecretStore")
    files[STORE_FILE] = store.replace("name: web-eso", "name: web-eso\n            namespace: web")
    (told,) = found(tmp_path, files, CODE)
    assert told.splitlines()[2:] == [
        "manifests/store.yaml:14:24: ClusterSecretStore store signs in as web-eso here",
        "manifests/account.yaml:6:33: the account is annotated with the role here",
    ]
