"""The example chart, rendered by Helm from the values that the generator and CI write for it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.tools import helm

pytestmark = helm.requires_helm

CHART = Path(__file__).parent.parent / "examples" / "charts" / "myapp"
RELOAD = "secret.reloader.stakater.com/reload"

ONE_SECRET = """\
replicaCount: 4
externalSecrets:
  enabled: true
  secrets:
    - name: "myapp-db-credentials"
      keys:
        - "DB_PASSWORD"
      reload: true
"""

LABELS = {
    "app.kubernetes.io/name": "myapp",
    "app.kubernetes.io/instance": "myapp",
    "app.kubernetes.io/version": "1.0.0",
    "app.kubernetes.io/managed-by": "Helm",
    "helm.sh/chart": "myapp-0.1.0",
}
SELECTOR = {"app.kubernetes.io/name": "myapp", "app.kubernetes.io/instance": "myapp"}


def test_one_secret_gives_this_deployment(tmp_path: Path) -> None:
    assert _deployment(tmp_path, ONE_SECRET) == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "myapp", "labels": LABELS, "annotations": {RELOAD: "myapp-db-credentials"}},
        "spec": {
            "replicas": 4,
            "selector": {"matchLabels": SELECTOR},
            "template": {
                "metadata": {"labels": SELECTOR},
                "spec": {
                    "serviceAccountName": "myapp",
                    "automountServiceAccountToken": False,
                    "securityContext": {
                        "runAsNonRoot": True,
                        "runAsUser": 10001,
                        "runAsGroup": 10001,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    "containers": [
                        {
                            "name": "myapp",
                            "image": "registry.example.com/myapp:1.0.0",
                            "imagePullPolicy": "IfNotPresent",
                            "env": [_from_secret("DB_PASSWORD", "myapp-db-credentials")],
                            "ports": [{"name": "http", "containerPort": 8080}],
                            "readinessProbe": {
                                "httpGet": {"path": "/health", "port": "http"},
                                "periodSeconds": 5,
                            },
                            "livenessProbe": {
                                "httpGet": {"path": "/health", "port": "http"},
                                "initialDelaySeconds": 10,
                                "periodSeconds": 10,
                            },
                            "resources": {
                                "requests": {"cpu": "100m", "memory": "128Mi"},
                                "limits": {"memory": "256Mi"},
                            },
                            "securityContext": {
                                "allowPrivilegeEscalation": False,
                                "readOnlyRootFilesystem": True,
                                "capabilities": {"drop": ["ALL"]},
                            },
                            "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108
                        }
                    ],
                    "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}],
                },
            },
        },
    }


def test_the_pod_has_its_own_account_without_a_role_and_a_service_in_front(tmp_path: Path) -> None:
    account, service, deployment = _render(tmp_path, ONE_SECRET)
    assert account == {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "myapp", "labels": LABELS},
        "automountServiceAccountToken": False,
    }
    assert service == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "myapp", "labels": LABELS},
        "spec": {
            "type": "ClusterIP",
            "selector": SELECTOR,
            "ports": [{"name": "http", "port": 80, "targetPort": "http"}],
        },
    }
    assert deployment["kind"] == "Deployment"


def test_no_values_file_gives_two_pods_that_read_no_secret(tmp_path: Path) -> None:
    deployment = _deployment(tmp_path)
    assert _at(deployment, "metadata") == {"name": "myapp", "labels": LABELS}
    assert _at(deployment, "spec", "replicas") == 2
    assert _env(deployment) == []


def test_an_empty_values_file_changes_nothing(tmp_path: Path) -> None:
    assert _render(tmp_path, "", "# only a comment\n") == _render(tmp_path)


def test_disabled_secrets_are_neither_read_nor_watched(tmp_path: Path) -> None:
    deployment = _deployment(tmp_path, ONE_SECRET, "externalSecrets: {enabled: false}")
    assert _env(deployment) == []
    assert _at(deployment, "metadata") == {"name": "myapp", "labels": LABELS}


def test_listed_secrets_stay_off_until_they_are_enabled(tmp_path: Path) -> None:
    assert _env(_deployment(tmp_path, ONE_SECRET.replace("  enabled: true\n", ""))) == []


TWO_SECRETS = """\
externalSecrets:
  enabled: true
  secrets:
    - name: myapp-db-credentials
      keys: [DB_USER, DB_PASSWORD]
      reload: true
    - name: myapp-api-keys
      keys: [API_KEY, _2ND_KEY]
      reload: true
"""


def test_two_secrets_give_every_key_and_restart_on_either(tmp_path: Path) -> None:
    deployment = _deployment(tmp_path, TWO_SECRETS)
    assert _env(deployment) == [
        _from_secret("DB_USER", "myapp-db-credentials"),
        _from_secret("DB_PASSWORD", "myapp-db-credentials"),
        _from_secret("API_KEY", "myapp-api-keys"),
        _from_secret("_2ND_KEY", "myapp-api-keys"),
    ]
    assert _at(deployment, "metadata", "annotations") == {RELOAD: "myapp-db-credentials,myapp-api-keys"}


def test_a_secret_that_is_read_once_does_not_restart_the_pods(tmp_path: Path) -> None:
    deployment = _deployment(tmp_path, ONE_SECRET.replace("reload: true", "reload: false"))
    assert _env(deployment) == [_from_secret("DB_PASSWORD", "myapp-db-credentials")]
    assert _at(deployment, "metadata") == {"name": "myapp", "labels": LABELS}


def test_of_two_secrets_only_the_reloaded_one_is_watched(tmp_path: Path) -> None:
    deployment = _deployment(tmp_path, TWO_SECRETS.replace("reload: true", "reload: false", 1))
    assert _at(deployment, "metadata", "annotations") == {RELOAD: "myapp-api-keys"}


def test_strings_that_look_like_other_things_arrive_as_they_are(tmp_path: Path) -> None:
    values = {
        "A": "0123",
        "B": "no",
        "C": "1e3",
        "D": "557702566877",
        "E": "",
        "F": "~",
        "G": "a: b\n- c # d",
    }
    env = _env(_deployment(tmp_path, json.dumps({"env": values})))
    assert env == [{"name": name, "value": value} for name, value in values.items()]


def test_plain_variables_stand_before_those_from_secrets(tmp_path: Path) -> None:
    assert _env(_deployment(tmp_path, ONE_SECRET, 'env: {"Z": last, "A": first}')) == [
        {"name": "A", "value": "first"},
        {"name": "Z", "value": "last"},
        _from_secret("DB_PASSWORD", "myapp-db-credentials"),
    ]


def test_a_variable_name_that_looks_like_a_boolean_stays_a_name(tmp_path: Path) -> None:
    values = ONE_SECRET.replace("DB_PASSWORD", "ON") + 'env: {"NO": "x"}\n'
    assert _env(_deployment(tmp_path, values)) == [
        {"name": "NO", "value": "x"},
        _from_secret("ON", "myapp-db-credentials"),
    ]


def test_the_tag_that_ci_writes_into_a_later_file_is_used(tmp_path: Path) -> None:
    deployment = _deployment(tmp_path, ONE_SECRET, 'image:\n  tag: "1.10"\n')
    (container,) = _containers(deployment)
    assert container["image"] == "registry.example.com/myapp:1.10"
    assert _at(deployment, "spec", "replicas") == 4


@pytest.mark.parametrize(
    ("release", "values", "name"),
    [
        ("myapp-production-use1", "", "myapp-production-use1"),
        ("production-use1", "", "production-use1-myapp"),
        ("myapp", "nameOverride: web", "myapp-web"),
        ("web-1", "nameOverride: web", "web-1"),
        ("myapp", "fullnameOverride: other", "other"),
        ("myapp", f"fullnameOverride: {'a' * 62}-b", "a" * 62),
    ],
)
def test_objects_are_named_after_the_release(tmp_path: Path, release: str, values: str, name: str) -> None:
    objects = _render(tmp_path, values, release=release)
    assert [_at(item, "metadata", "name") for item in objects] == [name, name, name]
    assert _at(objects[2], "spec", "template", "spec", "serviceAccountName") == name


@pytest.mark.parametrize(
    ("values", "account"),
    [
        ("serviceAccount: {create: false}", "default"),
        ("serviceAccount: {create: false, name: shared}", "shared"),
    ],
)
def test_an_account_made_elsewhere_is_used_and_not_created(tmp_path: Path, values: str, account: str) -> None:
    service, deployment = _render(tmp_path, values)
    assert [service["kind"], deployment["kind"]] == ["Service", "Deployment"]
    assert _at(deployment, "spec", "template", "spec", "serviceAccountName") == account


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ('replicaCount: "4"', "at '/replicaCount': got string, want integer"),
        ("replicaCounts: 4", "at '': additional properties 'replicaCounts' not allowed"),
        ("image: {tag: 1.10}", "at '/image/tag': got number, want string"),
        ("env: {PORT: 0123}", "at '/env/PORT': got number, want string"),
        ("env: {FLAG: no}", "at '/env/FLAG': got boolean, want string"),
        ("env: {NO: x}", "invalid propertyName 'false'"),
        ("env: {a-b: x}", "invalid propertyName 'a-b'"),
        ("env: null", "at '': missing property 'env'"),
        ('externalSecrets: {enabled: "true"}', "at '/externalSecrets/enabled': got string, want boolean"),
        (
            "externalSecrets: {irsaRoleArn: x}",
            "at '/externalSecrets': additional properties 'irsaRoleArn' not allowed",
        ),
        (
            "externalSecrets: {secrets: [{name: a, keys: [B]}]}",
            "at '/externalSecrets/secrets/0': missing property 'reload'",
        ),
        (
            "externalSecrets: {secrets: [{name: a, keys: [B], reload: true, key: C}]}",
            "at '/externalSecrets/secrets/0': additional properties 'key' not allowed",
        ),
        (
            "externalSecrets: {secrets: [{name: a, keys: [], reload: true}]}",
            "at '/externalSecrets/secrets/0/keys': minItems: got 0, want 1",
        ),
        (
            "externalSecrets: {secrets: [{name: a, keys: [db-password], reload: true}]}",
            "at '/externalSecrets/secrets/0/keys/0': 'db-password' does not match pattern",
        ),
        (
            "externalSecrets: {secrets: [{name: A_b, keys: [B], reload: true}]}",
            "at '/externalSecrets/secrets/0/name': 'A_b' does not match pattern",
        ),
        (
            "serviceAccount: {annotations: {eks.amazonaws.com/role-arn: x}}",
            "at '/serviceAccount': additional properties 'annotations' not allowed",
        ),
    ],
)
def test_values_that_the_schema_does_not_know_are_refused(tmp_path: Path, values: str, message: str) -> None:
    with pytest.raises(helm.HelmError, match=re.escape(message)):
        _render(tmp_path, values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            TWO_SECRETS.replace("API_KEY", "DB_USER"),
            "DB_USER comes from myapp-db-credentials and from myapp-api-keys: keep one",
        ),
        (
            ONE_SECRET + "env: {DB_PASSWORD: x}",
            "DB_PASSWORD comes from env and from myapp-db-credentials: keep one",
        ),
    ],
)
def test_one_variable_from_two_places_is_refused(tmp_path: Path, values: str, message: str) -> None:
    with pytest.raises(helm.HelmError, match=f"environment variable {message}"):
        _render(tmp_path, values)


def test_later_files_win_maps_merge_and_lists_replace(tmp_path: Path) -> None:
    deployment = _deployment(
        tmp_path,
        TWO_SECRETS + "env: {KEPT: a, CHANGED: a}\n",
        "env: {CHANGED: b}",
        "externalSecrets: {secrets: [{name: only, keys: [ONE], reload: true}]}",
    )
    assert _env(deployment) == [
        {"name": "CHANGED", "value": "b"},
        {"name": "KEPT", "value": "a"},
        _from_secret("ONE", "only"),
    ]


def test_null_removes_a_key_that_the_chart_itself_has(tmp_path: Path) -> None:
    (container,) = _containers(_deployment(tmp_path, 'image: {tag: "2"}', "image: {tag: null}"))
    assert container["image"] == "registry.example.com/myapp:1.0.0"


def test_null_over_a_key_of_another_values_file_stays_null(tmp_path: Path) -> None:
    with pytest.raises(helm.HelmError, match="at '/env/ADDED': got null, want string"):
        _render(tmp_path, "env: {ADDED: a}", "env: {ADDED: null}")


@pytest.mark.parametrize("values", ["- a\n", "replicaCount: [\n", "a\n"])
def test_a_values_file_that_is_no_mapping_is_named(tmp_path: Path, values: str) -> None:
    with pytest.raises(helm.HelmError, match=r"^\S*/values-1\.yaml: cannot load values\.yaml: cannot unmarshal"):
        _render(tmp_path, ONE_SECRET, values)


def test_a_release_name_that_helm_does_not_take_is_refused(tmp_path: Path) -> None:
    with pytest.raises(helm.HelmError, match="must not be longer than 53"):
        _render(tmp_path, release="m" * 54)


def test_the_engine_is_of_the_helm_line_that_argo_cd_renders_with() -> None:
    assert re.match(r"v4\.2\.\d+$", helm.version())


def _from_secret(key: str, secret: str) -> dict[str, object]:
    return {"name": key, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def _deployment(tmp_path: Path, *texts: str) -> dict[str, object]:
    return _render(tmp_path, *texts)[-1]


def _render(tmp_path: Path, *texts: str, release: str = "myapp") -> list[dict[str, object]]:
    files = [tmp_path / f"values-{index}.yaml" for index in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    return helm.render(CHART, release=release, namespace="myapp", values_files=files)


def _env(deployment: dict[str, object]) -> list[object]:
    (container,) = _containers(deployment)
    env = container.get("env", [])
    assert isinstance(env, list)
    return env


def _containers(deployment: dict[str, object]) -> list[dict[str, object]]:
    containers = _at(deployment, "spec", "template", "spec", "containers")
    assert isinstance(containers, list)
    return containers


def _at(value: object, *keys: str) -> object:
    for key in keys:
        assert isinstance(value, dict)
        value = value[key]
    return value
