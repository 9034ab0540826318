"""What a role may read of what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, PARAMETER, SECRET_FILE, STORE_FILE, TFVARS_FILE, changed, with_parameters
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "secret-access"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
TFVARS_OF_IT = "environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars"


def test_the_secret_of_another_environment_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ('key: "production/', 'key: "staging/')) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "49:14: error: role myapp-production-usw2-myapp-eso may not read staging/myapp/db-password in "
            "us-east-1: it may read "
            "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-??????; not "
            "judged behind it: the KMS keys that it may use\n"
            "hint: list the secret in secret_arns of the role, in the region that the store reads\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:14:19: "
            "what the role may read\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "23:15: the region that the store reads"
        ),
    ]


def test_another_region_of_the_store_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ('region: "us-east-1"', 'region: "us-west-2"')) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "49:14: error: role myapp-production-usw2-myapp-eso may not read production/myapp/db-password in "
            "us-west-2: it may read "
            "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-??????; not "
            "judged behind it: the KMS keys that it may use\n"
            "hint: list the secret in secret_arns of the role, in the region that the store reads\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:14:19: "
            "what the role may read\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "23:15: the region that the store reads"
        ),
    ]


def test_a_pattern_with_a_typo_is_found_at_the_key() -> None:
    change = ("myapp/db-password-??????", "myapp/db-passwort-??????")
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "49:14: error: role myapp-production-usw2-myapp-eso may not read production/myapp/db-password in "
            "us-east-1: it may read "
            "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-passwort-??????; not "
            "judged behind it: the KMS keys that it may use\n"
            "hint: list the secret in secret_arns of the role, in the region that the store reads\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:14:19: "
            "what the role may read\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "23:15: the region that the store reads"
        ),
    ]


def test_a_pattern_without_room_for_the_random_end_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, changed(TFVARS_FILE, ("db-??????", "db")), CODE) == [
        (
            "manifests/secret.yaml:15:14: error: role one-web-eso may not read dev/web/db in eu-west-1: it may "
            "read arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db; not judged behind it: the "
            "KMS keys that it may use\n"
            "hint: list the secret in secret_arns of the role, in the region that the store reads\n"
            "terraform/one.tfvars:13:19: what the role may read\n"
            "manifests/store.yaml:9:15: the region that the store reads"
        ),
    ]


def test_a_star_reaches_the_random_end(tmp_path: Path) -> None:
    assert found(tmp_path, changed(TFVARS_FILE, ("db-??????", "*")), CODE) == []


def test_the_prefix_of_the_store_counts(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("      region: eu-west-1", "      region: eu-west-1\n      prefix: prod/"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:15:14: error: role one-web-eso may not read prod/dev/web/db in eu-west-1: "
            "it may read arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db-??????; not judged "
            "behind it: the KMS keys that it may use\n"
            "hint: list the secret in secret_arns of the role, in the region that the store reads\n"
            "terraform/one.tfvars:13:19: what the role may read\n"
            "manifests/store.yaml:9:15: the region that the store reads"
        ),
    ]


def test_an_arn_as_the_key_is_compared_as_it_is(tmp_path: Path) -> None:
    files = changed(
        SECRET_FILE, ("key: dev/web/db", "key: arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db-AbCdEf")
    )
    assert found(tmp_path, files, CODE) == []


def test_data_from_is_judged_too(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("  data:", "  dataFrom:\n    - extract: {key: dev/web/other}\n  data:"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:13:22: error: role one-web-eso may not read dev/web/other in eu-west-1: it "
            "may read arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db-??????; not judged "
            "behind it: the KMS keys that it may use\n"
            "hint: list the secret in secret_arns of the role, in the region that the store reads\n"
            "terraform/one.tfvars:13:19: what the role may read\n"
            "manifests/store.yaml:9:15: the region that the store reads"
        ),
    ]


def test_what_another_store_reads_is_not_judged_by_this_role(tmp_path: Path) -> None:
    files = changed(
        SECRET_FILE,
        (
            "        key: dev/web/db\n        property: password",
            "        key: other\n      sourceRef: {storeRef: {name: vault}}",
        ),
    )
    assert found(tmp_path, files, CODE) == []


def test_parameter_store_has_other_rules(tmp_path: Path) -> None:
    files = changed(
        STORE_FILE,
        ("service: SecretsManager", "service: ParameterStore"),
    )
    assert found(tmp_path, {**files, SECRET_FILE: files[SECRET_FILE].replace("dev/web", "/dev/web")}, CODE) == []


def test_a_store_that_assumes_another_role_is_not_judged_by_this_one_and_that_is_told(tmp_path: Path) -> None:
    files = changed(
        STORE_FILE,
        ("service: SecretsManager", "service: SecretsManager\n      role: arn:aws:iam::999988887777:role/reader"),
        ("region: eu-west-1", "region: us-east-1"),
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:9:13: note: SecretStore store assumes arn:aws:iam::999988887777:role/reader after "
            "one-web-eso: whether it may, and what it then may read, is not known here\n"
            "hint: see that the one may assume the other, or remove it\n"
            "terraform/one.tfvars:10:23: the role of the ServiceAccount"
        )
    ]


def test_behind_a_broken_trust_nothing_is_judged(tmp_path: Path) -> None:
    files = changed(
        TFVARS_FILE, ('namespace       = "web"', 'namespace       = "eso"'), ("dev/web/db", "dev/web/other")
    )
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize("service", ["ParameterStore", "CertificateManager"])
def test_a_generated_role_reads_nothing_of_another_service(service: str) -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("service: SecretsManager", f"service: {service}")) == [
        (
            f"output/{SECRETS}:22:16: error: SecretStore myapp-secrets-manager reads {service}, and role "
            "myapp-production-usw2-myapp-eso may read nothing of it; not judged behind it: the KMS keys that it may "
            "use\n"
            "hint: write SecretsManager, or list what the role may read there\n"
            f"output/{TFVARS_OF_IT}:14:19: what the role may read"
        ),
    ]


def test_a_role_by_hand_may_read_another_service(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("SecretsManager", "ParameterStore"))
    assert found(tmp_path, {**files, SECRET_FILE: files[SECRET_FILE].replace("dev/web", "/dev/web")}, CODE) == []


@pytest.mark.parametrize("key", ["/dev/web/flags", "/dev/web/flags:3", PARAMETER])
def test_a_parameter_is_covered_by_its_arn(tmp_path: Path, key: str) -> None:
    assert found(tmp_path, with_parameters(("key: /dev/web/flags", f"key: {key}")), CODE) == []


@pytest.mark.parametrize(
    ("change", "name", "region"),
    [
        (("key: /dev/web/flags", "key: /dev/web/flag"), "/dev/web/flag", "eu-west-1"),
        (("region: eu-west-1", "region: eu-west-2"), "/dev/web/flags", "eu-west-2"),
    ],
)
def test_a_parameter_that_is_not_listed_is_found(
    tmp_path: Path, change: tuple[str, str], name: str, region: str
) -> None:
    (told,) = found(tmp_path, with_parameters(change), CODE)
    said = f"role one-web-eso may not read {name} in {region}: it may read {PARAMETER}"
    assert told.startswith(f"manifests/parameters.yaml:29:14: error: {said}")


def test_a_store_that_assumes_another_role_does_not_read_parameters_by_its_own(tmp_path: Path) -> None:
    role = "service: ParameterStore\n      role: arn:aws:iam::999988887777:role/reader"
    files = with_parameters(("service: ParameterStore", role), ("/dev/web/flags", "/dev/web/flag"))
    (told,) = found(tmp_path, files, CODE)
    assert "note: SecretStore parameters assumes arn:aws:iam::999988887777:role/reader after one-web-eso" in told


def pushing_with_ours(name: str) -> dict[str, str]:
    """Returns the repository with a generated variable file, and a PushSecret under a name."""
    push = f"""\
        apiVersion: external-secrets.io/v1alpha1
        kind: PushSecret
        metadata: {{name: out}}
        spec:
          secretStoreRefs: [{{name: store}}]
          selector: {{secret: {{name: db}}}}
          data:
            - match: {{secretKey: PASSWORD, remoteRef: {{remoteKey: {name}}}}}
        """
    return {**BY_HAND, TFVARS_FILE: MARK + BY_HAND[TFVARS_FILE], "manifests/push.yaml": push}


def test_a_generated_role_that_may_not_read_what_is_pushed_is_a_warning(tmp_path: Path) -> None:
    """Source: external-secrets, secretsmanager.go, PushSecret: it reads what is there before it writes."""
    assert found(tmp_path / "listed", pushing_with_ours("dev/web/db"), CODE) == []
    assert found(tmp_path / "not", pushing_with_ours("dev/web/bd"), CODE) == [
        (
            "manifests/push.yaml:8:59: warning: PushSecret out pushes dev/web/bd with SecretStore store, and role "
            "one-web-eso may not read it, as the operator does before it writes\n"
            "hint: allow that name in the policies of the role, to read and to write, in the region of the store\n"
            "terraform/one.tfvars:14:19: what the role may read"
        )
    ]
