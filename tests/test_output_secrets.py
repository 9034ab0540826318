"""The chain from a ServiceAccount to a secret, through the files of two fleets: manifests, values and tfvars agree."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pygohcl
import pytest

from gitops_gen.pipeline import render
from tests.tools.applicationsets import applications
from tests.tools.generated import documents, real, wide
from tests.tools.parsed import at, lines_at, list_at, map_at, text_at, texts_at
from tests.tools.releases import PLACES, releases, tfvars

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.applicationsets import Application
    from tests.tools.generated import Generated
    from tests.tools.parsed import Object


REMOTE_REF = {
    "0.15.1": ["conversionStrategy", "decodingStrategy", "metadataPolicy"],
    "1.3.2": ["conversionStrategy", "decodingStrategy", "metadataPolicy"],
    "2.0.0": ["conversionStrategy", "decodingStrategy", "metadataPolicy"],
    "2.3.0": ["conversionStrategy", "decodingStrategy", "metadataPolicy", "nullBytePolicy"],
    "2.9.0": ["conversionStrategy", "decodingStrategy", "metadataPolicy", "nullBytePolicy"],
}

ROLE_NAMES = {
    ("payments", "atlas-staging-usw2"): "Shop.Payments+reader@staging",
    (
        "payment-reconciliation-service",
        "atlas-regulated-workloads-production-usgw1",
    ): "atlas-regulated-workloads-production-usgw1-payment-15823b15-eso",
    (
        "payment-reconciliation-service",
        "atlas-regulated-workloads-production-usge1",
    ): "atlas-regulated-workloads-production-usge1-payment-6ced831e-eso",
}
"""Those that are stated, or too long: the others are <cluster>-<app>-eso."""

KMS_KEYS = {
    "atlas-production-use1": ["arn:aws:kms:us-east-1:444455556666:key/11111111-1111-4111-8111-111111111111"],
    "atlas-production-irl": ["arn:aws:kms:eu-west-1:444455556666:key/22222222-2222-4222-8222-222222222222"],
    "atlas-regulated-workloads-production-usgw1": [
        "arn:aws-us-gov:kms:us-gov-west-1:777788889999:key/mrk-0123456789abcdef0123456789abcdef"
    ],
    "atlas-regulated-workloads-production-usge1": [
        "arn:aws-us-gov:kms:us-gov-west-1:777788889999:key/mrk-0123456789abcdef0123456789abcdef"
    ],
}
OWN_KMS_KEY = "arn:aws:kms:us-east-1:444455556666:key/mrk-33333333333333333333333333333333"

WITHOUT_SECRETS = {"external-secrets", "web"}
SECRETS_VALUES_KEY = {"dashboards": None, "payment-reconciliation-service": ("global", "secrets")}


def test_every_cluster_is_one_that_is_listed_here() -> None:
    assert {*tfvars(real()), *tfvars(wide())} == set(PLACES)


def test_releases_with_secrets_are_those_whose_roles_are_declared(fleet: Generated) -> None:
    declared = {(app, cluster) for cluster, found in tfvars(fleet).items() for app in map_at(found, "eso_roles")}
    assert {(each.application.app, each.application.cluster) for each in releases(fleet)} == declared


def test_an_app_has_secrets_where_the_model_says_so() -> None:
    found = defaultdict(set)
    for release in releases(wide()):
        found[release.application.app].add(release.application.cluster)
    productions = {"atlas-production-use1", "atlas-production-irl", "atlas-production-apse2"}
    regulated = {"atlas-regulated-workloads-production-usgw1", "atlas-regulated-workloads-production-usge1"}
    staging = {"atlas-staging-usw2", "atlas-staging-apne3"}
    assert found == {
        "payment-reconciliation-service": productions | regulated,
        "payments": productions
        | regulated
        | staging
        | {"atlas-dev-blue", "playground", "atlas-test-euc1", "atlas-china-cnn1"},
        "dashboards": productions | staging | {"atlas-test-euc1"},
    }


def test_manifests_without_secrets_say_so_and_keep_their_folder(fleet: Generated) -> None:
    with_secrets = {f"{each.application.folder}/manifests/secrets.yaml" for each in releases(fleet)}
    for path in fleet.paths(end="/manifests/secrets.yaml"):
        if path not in with_secrets:
            _mark, note = fleet.files[path].splitlines()
            assert (
                note == "# Secrets are not enabled here. The file keeps the folder that the ApplicationSet points to."
            )


def test_the_objects_of_a_release_stand_in_its_namespace_in_the_order_of_their_waves(fleet: Generated) -> None:
    for release in releases(fleet):
        objects = [release.account, release.store, *release.secrets]
        assert {text_at(each, "metadata", "namespace") for each in objects} == {
            release.application.destination["namespace"]
        }
        waves = [text_at(each, "metadata", "annotations", "argocd.argoproj.io/sync-wave") for each in objects]
        assert waves == ["-2", "-2", *["-1" for _ in release.secrets]]


def test_a_dedicated_service_account_carries_the_role_of_its_own_cluster(fleet: Generated) -> None:
    for release in releases(fleet):
        application, place = release.application, release.place
        role = ROLE_NAMES.get((application.app, application.cluster), f"{application.cluster}-{application.app}-eso")
        assert release.account == {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {
                "name": f"{application.app}-eso",
                "namespace": application.destination["namespace"],
                "annotations": {
                    "eks.amazonaws.com/role-arn": f"arn:{place.partition}:iam::{place.account}:role/{role}",
                    "argocd.argoproj.io/sync-wave": "-2",
                },
            },
            "automountServiceAccountToken": False,
        }


def test_no_other_manifest_and_no_chart_is_told_of_a_role(fleet: Generated) -> None:
    for path in fleet.paths(start="environments/", end="/values.yaml"):
        assert ":role/" not in fleet.files[path], path
        assert "role-arn" not in fleet.files[path], path


def test_the_role_trusts_the_service_account_that_the_store_names(fleet: Generated) -> None:
    for release in releases(fleet):
        name = text_at(release.account, "metadata", "name")
        jwt = map_at(release.store, "spec", "provider", "aws", "auth", "jwt")
        assert jwt == {"serviceAccountRef": {"name": name}}
        assert release.role["service_account"] == name
        assert release.role["namespace"] == text_at(release.account, "metadata", "namespace")
        arn = text_at(release.account, "metadata", "annotations", "eks.amazonaws.com/role-arn")
        assert arn.split("/")[-1] == release.role["role_name"]


def test_the_store_reads_secrets_manager_of_the_region_that_the_place_says(fleet: Generated) -> None:
    for release in releases(fleet):
        aws = map_at(release.store, "spec", "provider", "aws")
        assert map_at(release.store, "spec") == {"provider": {"aws": aws}}
        assert aws == {"service": "SecretsManager", "region": release.place.secrets_region, "auth": aws["auth"]}


def test_the_role_reads_exactly_the_secrets_that_are_asked_for(fleet: Generated) -> None:
    for release in releases(fleet):
        place = release.place
        start = f"arn:{place.partition}:secretsmanager:{place.secrets_region}:{place.account}:secret"
        keys = {each["key"] for each in release.remote_refs}
        assert sorted(lines_at(release.role, "secret_arns")) == sorted(f"{start}:{key}-??????" for key in keys)


def test_secrets_lie_below_the_prefix_of_the_environment(fleet: Generated) -> None:
    for release in releases(fleet):
        for each in release.remote_refs:
            assert each["key"].startswith(f"{release.place.prefix}/"), each


def test_the_role_decrypts_with_the_keys_of_the_place_and_of_the_secret(fleet: Generated) -> None:
    for release in releases(fleet):
        expected = KMS_KEYS.get(release.application.cluster, [])
        if (release.application.app, release.application.cluster) == ("payments", "atlas-production-use1"):
            expected = [*expected, OWN_KMS_KEY]
        assert lines_at(release.role, "kms_key_arns") == expected
        for arn in expected:
            assert arn.split(":")[3] == release.place.secrets_region


def typed(name: str | None) -> dict[str, object]:
    """What the target of an ExternalSecret has that makes a Secret of a type."""
    kind = {"dash-registry": "kubernetes.io/dockerconfigjson"}.get(name or "")
    return {"template": {"engineVersion": "v2", "mergePolicy": "Replace", "type": kind}} if kind else {}


def test_an_external_secret_spells_out_what_the_operator_would_add(fleet: Generated) -> None:
    for release in releases(fleet):
        operator = release.place.operator
        for secret in release.secrets:
            name = text_at(secret, "metadata", "name")
            spec = map_at(secret, "spec")
            interval = text_at(spec, "refreshInterval")
            policy = (
                {} if operator == "0.15.1" else {"refreshPolicy": "CreatedOnce" if interval == "0s" else "Periodic"}
            )
            assert {key: value for key, value in spec.items() if key != "data"} == policy | {
                "refreshInterval": interval,
                "secretStoreRef": {"name": text_at(release.store, "metadata", "name"), "kind": "SecretStore"},
                "target": {"name": name, "creationPolicy": "Owner", "deletionPolicy": "Retain"} | typed(name),
            }
        for each in release.remote_refs:
            assert [key for key in each if key not in ("key", "property", "version")] == REMOTE_REF[operator]


def test_the_api_version_is_one_that_the_operator_of_the_cluster_serves(fleet: Generated) -> None:
    for release in releases(fleet):
        expected = "external-secrets.io/v1beta1" if release.place.operator == "0.15.1" else "external-secrets.io/v1"
        assert {text_at(each, "apiVersion") for each in (release.store, *release.secrets)} == {expected}


def test_the_operator_is_installed_in_the_version_that_its_resources_are_written_for(fleet: Generated) -> None:
    for application in applications(fleet):
        if application.app == "external-secrets":
            assert application.sources[0]["targetRevision"] == PLACES[application.cluster].operator


def test_several_secrets_in_one_target_and_every_kind_of_key() -> None:
    [release] = [each for each in releases(wide()) if each.application.name == "payments-production-use1"]
    spelled = {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}
    spelled |= {"nullBytePolicy": "Ignore"}
    database, key = "production/shared/database", "production/payments/signing-key"
    assert {text_at(each, "metadata", "name"): list_at(each, "spec", "data") for each in release.secrets} == {
        "payments-bootstrap": [
            {
                "secretKey": "ADMIN_PASSWORD",
                "remoteRef": {"key": "production/payments/bootstrap", "property": "password"} | spelled,
            }
        ],
        "payments-database": [
            {"secretKey": "USERNAME", "remoteRef": {"key": database, "property": "username"} | spelled},
            {"secretKey": "PASSWORD", "remoteRef": {"key": database, "property": "password"} | spelled},
            {"secretKey": "DSN", "remoteRef": {"key": database, "property": "replicas.0.dsn"} | spelled},
            {"secretKey": "CA_CERTIFICATE", "remoteRef": {"key": "production/payments/database-ca"} | spelled},
        ],
        "payments-signing-key": [
            {
                "secretKey": "key.pem",
                "remoteRef": {"key": key, "property": "private", "version": "AWSPENDING"}
                | spelled
                | {"decodingStrategy": "Base64"},
            },
            {
                "secretKey": "previous.pem",
                "remoteRef": {"key": key, "version": "uuid/8f2e1c7a-58d4-4b5c-9a3e-0d6f7b1c2a39"}
                | spelled
                | {"decodingStrategy": "Auto"},
            },
        ],
    }


def test_the_nearest_refresh_interval_counts() -> None:
    found = {
        (each.application.cluster, text_at(secret, "metadata", "name")): text_at(secret, "spec", "refreshInterval")
        for each in releases(wide())
        for secret in each.secrets
    }
    assert {found[cluster, "payments-database"] for cluster in ("atlas-dev-blue", "playground")} == {"5m0s"}
    assert found["atlas-staging-usw2", "payments-database"] == "45m0s"
    assert found["atlas-production-use1", "payments-database"] == "15m0s"
    assert {value for (_, name), value in found.items() if name == "payments-signing-key"} == {"36h0m0s"}
    assert {value for (_, name), value in found.items() if name == "payments-bootstrap"} == {"0s"}
    assert ("atlas-test-euc1", "payments-bootstrap") not in found


def test_a_secret_that_is_consumed_once_says_what_a_rotation_needs() -> None:
    note = "# The software reads this secret at its first start only: after a rotation, change it in the software too."
    text = wide().files["environments/staging/clusters/atlas-staging-usw2/apps/payments/manifests/secrets.yaml"]
    by_name = {re.findall(r'name: "([^"]+)"', part)[0]: part for part in text.split("---\n")}
    assert {name for name, part in by_name.items() if note in part} == {"payments-bootstrap"}


def test_the_chart_is_told_the_secrets_that_are_made(fleet: Generated) -> None:
    with_secrets = {each.application.name: each for each in releases(fleet)}
    for application in applications(fleet):
        if application.app in WITHOUT_SECRETS:
            continue
        values = _values(application, fleet)
        steps = SECRETS_VALUES_KEY.get(application.app, ("externalSecrets",))
        if steps is None:
            assert values == {}
            continue
        told = map_at(values, *steps)
        release = with_secrets.get(application.name)
        assert told["enabled"] is (release is not None)
        if release:
            assert told["secrets"] == [
                {
                    "name": text_at(secret, "spec", "target", "name"),
                    "keys": [text_at(datum, "secretKey") for datum in list_at(secret, "spec", "data")],
                    "reload": text_at(secret, "metadata", "name") != "payments-bootstrap",
                }
                for secret in release.secrets
            ]


def test_nothing_is_made_twice_in_a_namespace(fleet: Generated) -> None:
    made = Counter(
        (release.application.cluster, text_at(each, "kind"), *_namespaced(each))
        for release in releases(fleet)
        for each in (release.account, release.store, *release.secrets)
    )
    assert set(made.values()) == {1}


def test_a_role_name_fits_and_is_unique_in_its_account(fleet: Generated) -> None:
    names = Counter((each.place.account, text_at(each.role, "role_name").casefold()) for each in releases(fleet))
    assert set(names.values()) == {1}
    assert max(len(name) for _, name in names) <= 64


def test_the_facts_of_a_cluster_agree_with_each_other(fleet: Generated) -> None:
    for cluster, found in tfvars(fleet).items():
        place = PLACES[cluster]
        suffix = {"aws-cn": "amazonaws.com.cn"}.get(place.partition, "amazonaws.com")
        provider = text_at(found, "oidc_provider")
        host, _, issuer = provider.partition("/id/")
        assert {key: value for key, value in found.items() if key != "eso_roles"} == {
            "cluster_name": cluster,
            "env": _environment(cluster, fleet),
            "account_id": place.account,
            "aws_region": place.region,
            "oidc_provider": provider,
            "oidc_provider_arn": f"arn:{place.partition}:iam::{place.account}:oidc-provider/{provider}",
        }
        assert host == f"oidc.eks.{place.region}.{suffix}"
        assert re.fullmatch(r"[0-9A-Z]{32}", issuer)
    providers = [text_at(each, "oidc_provider") for each in tfvars(fleet).values()]
    assert len(set(providers)) == len(providers)


def test_a_cluster_secret_reaches_the_cluster_through_its_own_partition(fleet: Generated) -> None:
    for path, found in fleet.of_kind("Secret").items():
        cluster = text_at(found, "stringData", "name")
        place = PLACES[cluster]
        assert texts_at(found, "metadata", "labels") == {
            "argocd.argoproj.io/secret-type": "cluster",
            "environment": path.split("/")[2],
            "region": place.region,
            "account": place.account,
        }
        auth = texts_at(json.loads(text_at(found, "stringData", "config")), "awsAuthConfig")
        assert auth["clusterName"] == cluster
        assert auth.get("roleARN", f"arn:{place.partition}:").startswith(f"arn:{place.partition}:")


def test_no_file_has_a_pattern_wider_than_one_secret(fleet: Generated) -> None:
    for path in fleet.paths(start="environments/"):
        assert not re.search(r"arn:[^\s\"]*\*", fleet.files[path]), path


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("0123", "myapp-production-use1-0123-eso"),
        ("null", "myapp-production-use1-null-eso"),
        ("b" * 38, f"myapp-production-use1-{'b' * 38}-eso"),
        ("b" * 39, f"myapp-production-use1-{'b' * 29}-598dbc1b-eso"),
    ],
)
def test_an_app_of_an_odd_name_gets_a_chain_of_its_own(name: str, role: str, project: Path) -> None:
    apps = project / "environments" / "apps"
    text = (apps / "myapp.yaml").read_text(encoding="utf-8")
    (apps / f"{name}.yaml").write_text(text.replace("target: myapp-", f"target: {name}-"), encoding="utf-8")
    files = {each.path: each.text for each in render(project)}
    folder = "environments/production/clusters/myapp-production-use1"
    account, store, _ = documents(files[f"{folder}/apps/{name}/manifests/secrets.yaml"])
    arn = texts_at(account, "metadata", "annotations")["eks.amazonaws.com/role-arn"]
    assert arn == f"arn:aws:iam::444455556666:role/{role}"
    assert at(store, "spec", "provider", "aws", "auth", "jwt", "serviceAccountRef") == {"name": f"{name}-eso"}
    found = map_at(pygohcl.loads(files[f"{folder}/myapp-production-use1.tfvars"]), "eso_roles", name)
    assert (found["role_name"], found["service_account"]) == (role, f"{name}-eso")


def _namespaced(found: Object) -> tuple[str, str]:
    return text_at(found, "metadata", "namespace"), text_at(found, "metadata", "name")


def _environment(cluster: str, found: Generated) -> str:
    [path] = found.paths(end=f"/{cluster}.tfvars")
    return path.split("/")[1]


def _values(application: Application, found: Generated) -> Object:
    """Returns our own values of a release, merged as Helm does; none of the two files has a null there."""
    merged: Object = {}
    for file in application.values_files[:2]:
        [values] = documents(found.files[file.removeprefix(f"$values/{found.folder}/")])
        merged = _merged(merged, map_at(values))
    return merged


def _merged(below: Object, over: Object) -> Object:
    merged = dict(below)
    for key, value in over.items():
        under = merged.get(key)
        merged[key] = _merged(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged
