"""What a role may read beyond what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import SECRET_FILE, STORE_FILE, TFVARS_FILE, application, changed, with_parameters
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "secret-access-excess"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
TFVARS_OF_IT = "environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars"
OTHER = '"arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/x-??????",'


def test_a_pattern_that_nothing_asks_for_is_an_error_in_a_generated_file() -> None:
    change = ("secret_arns = [", f"secret_arns = [\n      {OTHER}")
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:15:7: "
            "error: role myapp-production-usw2-myapp-eso may read "
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/x-??????, which nothing asks for; "
            "SecretStore myapp-secrets-manager asks for production/myapp/db-password\n"
            "hint: remove the pattern, or correct the name on the side that is wrong\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "12:1: SecretStore myapp-secrets-manager signs in with the role"
        ),
    ]


def test_it_is_a_warning_elsewhere(tmp_path: Path) -> None:
    files = changed(TFVARS_FILE, ("secret_arns = [", f"secret_arns = [\n      {OTHER}"))
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/one.tfvars:14:7: warning: role one-web-eso may read "
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/x-??????, which nothing asks for; "
            "SecretStore store asks for dev/web/db\n"
            "hint: remove the pattern, or correct the name on the side that is wrong\n"
            "manifests/store.yaml:1:1: SecretStore store signs in with the role"
        ),
    ]


def test_an_open_region_is_found() -> None:
    change = ("secretsmanager:us-east-1:", "secretsmanager:*:")
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:15:7: "
            "error: role myapp-production-usw2-myapp-eso may read "
            "arn:aws:secretsmanager:*:444455556666:secret:production/myapp/db-password-??????: a wildcard "
            "where the value is known\n"
            "hint: name the region, the account and the secret, with -?????? at the end"
        ),
    ]


WHERE = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:"


@pytest.mark.parametrize(
    ("pattern", "severity"),
    [
        (f"{WHERE}dev/web/*", "note"),
        (f"{WHERE}dev/web/db-*", "note"),
        (f"{WHERE}*", "warning"),
        (f"{WHERE}*/web/db-??????", "warning"),
        (f"{WHERE.replace('eu-west-1', '*')}dev/web/*", "warning"),
        (f"{WHERE.replace('111122223333', '*')}dev/web/*", "warning"),
        ("*", "warning"),
    ],
)
def test_by_hand_names_that_begin_alike_may_be_given_together(tmp_path: Path, pattern: str, severity: str) -> None:
    (told,) = found(tmp_path, changed(TFVARS_FILE, (f"{WHERE}dev/web/db-??????", pattern)), CODE)
    assert f"{severity}: role one-web-eso may read {pattern}: a wildcard where the value is known\n" in told


def test_in_a_generated_file_they_may_not() -> None:
    change = ("production/myapp/db-password-??????", "production/myapp/*")
    (told,) = found_in_six_clusters(CODE, TFVARS_OF_IT, change)
    assert "error: role myapp-production-usw2-myapp-eso may read" in told


def test_where_a_chart_may_ask_nothing_is_in_excess(tmp_path: Path) -> None:
    files = changed(TFVARS_FILE, ("secret_arns = [", f"secret_arns = [\n      {OTHER}"))
    files |= {"apps/web.yaml": application(values="        releaseName: web\n"), "charts/web/Chart.yaml": "name: web\n"}
    assert found(tmp_path, files, CODE) == []


BY_HAND_ASKED = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: try, namespace: web}
spec:
  secretStoreRef: {name: %s}
  data: [{secretKey: a, remoteRef: {key: dev/x}}]
"""


@pytest.mark.parametrize(("store", "is_told"), [("store", False), ("other", True)])
def test_what_an_external_secret_that_no_application_brings_asks_for_is_not_known(
    tmp_path: Path, store: str, is_told: bool
) -> None:
    """Somebody may apply it by hand, as an example."""
    files = changed(TFVARS_FILE, ("secret_arns = [", f"secret_arns = [\n      {OTHER}"))
    told = found(tmp_path, {**files, "examples/try.yaml": BY_HAND_ASKED % store}, CODE)
    assert [each for each in told if "which nothing asks for" not in each] == []
    assert bool(told) is is_told


def test_a_key_that_moved_away_leaves_its_pattern_behind() -> None:
    change = ('key: "production/myapp/db-password"', 'key: "production/myapp/db-user"')
    assert found_in_six_clusters(CODE, SECRETS, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:15:7: "
            "error: role myapp-production-usw2-myapp-eso may read "
            "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-??????, which "
            "nothing asks for; SecretStore myapp-secrets-manager asks for production/myapp/db-user\n"
            "hint: remove the pattern, or correct the name on the side that is wrong\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "12:1: SecretStore myapp-secrets-manager signs in with the role"
        ),
    ]


def test_a_store_of_parameters_asks_beside_that_of_secrets(tmp_path: Path) -> None:
    assert found(tmp_path, with_parameters(), CODE) == []


def test_a_parameter_that_nothing_asks_for_is_found(tmp_path: Path) -> None:
    listed = "arn:aws:ssm:eu-west-1:111122223333:parameter/dev/web/flag"
    assert found(tmp_path, with_parameters(listed=listed), CODE) == [
        (
            f"terraform/one.tfvars:15:7: error: role one-web-eso may read {listed}, which nothing asks for; "
            "SecretStore parameters asks for /dev/web/flags\n"
            "hint: remove the pattern, or correct the name on the side that is wrong\n"
            "manifests/parameters.yaml:1:1: SecretStore parameters signs in with the role"
        ),
    ]


FOUND = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: all}
spec:
  secretStoreRef: {name: store}
  dataFrom:
    - find: {path: dev/web, name: {regexp: db}}
"""


@pytest.mark.parametrize("mark", ["", MARK])
@pytest.mark.parametrize(
    ("pattern", "is_open"),
    [("dev/web/*", False), ("dev/web/db*", False), ("*", True), ("other/*", True)],
)
def test_what_is_found_by_its_name_needs_a_wildcard(tmp_path: Path, pattern: str, mark: str, is_open: bool) -> None:
    """Source: domain.md, 1.1: dataFrom.find; what it finds is read, whatever it is called."""
    files = changed(TFVARS_FILE, (f"{WHERE}dev/web/db-??????", f"{WHERE}{pattern}"))
    files[TFVARS_FILE] = mark + files[TFVARS_FILE]
    told = found(tmp_path, {**files, "manifests/all.yaml": FOUND}, CODE)
    assert any("a wildcard where" in each for each in told) is is_open


def test_what_is_found_alone_is_asked_for(tmp_path: Path) -> None:
    files = changed(TFVARS_FILE, (f"{WHERE}dev/web/db-??????", f"{WHERE}dev/web/*"))
    assert found(tmp_path, {**files, SECRET_FILE: FOUND}, CODE) == []


def test_what_is_pushed_is_asked_for(tmp_path: Path) -> None:
    """The operator reads a secret before it writes it. Source: external-secrets, secretsmanager.go, PushSecret."""
    push = """\
        apiVersion: external-secrets.io/v1alpha1
        kind: PushSecret
        metadata: {name: out}
        spec:
          secretStoreRefs: [{name: store}]
          selector: {secret: {name: db}}
          data:
            - match: {secretKey: PASSWORD, remoteRef: {remoteKey: dev/web/copy}}
        """
    added = f'secret_arns = [\n      "{WHERE}dev/web/copy-??????",'
    files = changed(TFVARS_FILE, ("secret_arns = [", added))
    assert found(tmp_path / "pushed", {**files, "manifests/push.yaml": push}, CODE) == []
    assert len(found(tmp_path / "not", files, CODE)) == 1


def test_where_nothing_is_seen_to_read_with_a_generated_role_a_search_may_need_its_wildcard(tmp_path: Path) -> None:
    """The set that brings the store may be broken: that is told, and no more."""
    files = changed(TFVARS_FILE, (f"{WHERE}dev/web/db-??????", f"{WHERE}dev/web/*"))
    files[TFVARS_FILE] = MARK + files[TFVARS_FILE]
    del files[SECRET_FILE], files[STORE_FILE]
    assert found(tmp_path / "bounded", files, CODE) == []
    files[TFVARS_FILE] = files[TFVARS_FILE].replace("dev/web/*", "*")
    assert len(found(tmp_path / "open", files, CODE)) == 1
