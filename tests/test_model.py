"""Derived facts: each name, ARN, host and path, and the limit that it keeps."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops_gen.data_classes import fields_of, replaced
from gitops_gen.model import (
    NO_RELEASES,
    ArgoCd,
    ClusterResource,
    Destination,
    ExternalSecret,
    GitopsRepo,
    Releases,
    SecretData,
    Secrets,
    SecretSource,
    SecretTarget,
)
from tests.tools import fleets

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_gen.model import Fleet, Release

OIDC = fleets.oidc_id(1)


def one(
    root: Path,
    cluster: fleets.Facts | None = None,
    environment: fleets.Facts | None = None,
    fleet: fleets.Facts | None = None,
    name: str = "web",
    **app: object,
) -> Release:
    """The one release of a fleet of one cluster."""
    files = fleets.model(
        fleet=fleet,
        environments={"dev": fleets.environment(fleets.cluster(**(cluster or {})), **(environment or {}))},
        apps={name: fleets.app(**{"secrets": fleets.SECRETS, **app})},
    )
    return fleets.release_of(fleets.load_files(root, files), name)


# Places.


@pytest.mark.parametrize(
    ("region", "code", "partition", "host"),
    [
        ("us-west-2", None, "aws", "oidc.eks.us-west-2.amazonaws.com"),
        ("cn-north-1", None, "aws-cn", "oidc.eks.cn-north-1.amazonaws.com.cn"),
        ("us-gov-east-1", None, "aws-us-gov", "oidc.eks.us-gov-east-1.amazonaws.com"),
        ("eusc-de-east-1", "de1", "aws-eusc", "oidc.eks.eusc-de-east-1.amazonaws.eu"),
        ("us-iso-east-1", "iso1", "aws-iso", "oidc.eks.us-iso-east-1.c2s.ic.gov"),
        ("us-isob-east-1", "isob1", "aws-iso-b", "oidc.eks.us-isob-east-1.sc2s.sgov.gov"),
        ("eu-isoe-west-1", "isoe1", "aws-iso-e", "oidc.eks.eu-isoe-west-1.cloud.adc-e.uk"),
        ("us-isof-south-1", "isof1", "aws-iso-f", "oidc.eks.us-isof-south-1.csp.hci.ic.gov"),
    ],
)
def test_every_arn_and_host_is_of_the_partition_of_the_region(
    tmp_path: Path, region: str, code: str | None, partition: str, host: str
) -> None:
    release = one(tmp_path, {"region": region}, fleet={"region_codes": {region: code}} if code else {})
    cluster, account = release.cluster, fleets.ACCOUNT
    assert cluster.region.partition.name == partition
    assert cluster.oidc_provider == f"{host}/id/{OIDC}"
    assert cluster.oidc_provider_arn == f"arn:{partition}:iam::{account}:oidc-provider/{host}/id/{OIDC}"
    assert release.role_arn == f"arn:{partition}:iam::{account}:role/{cluster.name}-web-eso"
    assert release.secret_arns == (
        f"arn:{partition}:secretsmanager:{region}:{account}:secret:dev/web/db-password-??????",
    )


def test_arns_name_the_account_of_the_cluster_and_the_region_that_is_read(tmp_path: Path) -> None:
    release = one(
        tmp_path,
        {"account_id": "012345678901", "region": "eu-west-1", "secrets": {"region": "us-east-1"}},
        {"secrets": {"prefix": "live"}},
    )
    assert release.secret_arns == ("arn:aws:secretsmanager:us-east-1:012345678901:secret:live/web/db-password-??????",)
    assert release.role_arn == "arn:aws:iam::012345678901:role/shop-dev-euw1-web-eso"
    assert release.cluster.oidc_provider.startswith("oidc.eks.eu-west-1.amazonaws.com/id/")


@pytest.mark.parametrize("role", [None, "arn:aws:iam::111122223333:role/argocd"])
def test_the_configuration_of_a_cluster_is_json_and_holds_no_credential(tmp_path: Path, role: str | None) -> None:
    endpoint: fleets.Facts = {"server": "https://example.com", "ca_data": "ZXhhbXBsZQ==", "name": "blue"}
    cluster = one(tmp_path, {**endpoint, "argocd_role_arn": role}).cluster
    auth = {"clusterName": "blue"} if role is None else {"clusterName": "blue", "roleARN": role}
    assert json.loads(cluster.argocd_config) == {
        "awsAuthConfig": auth,
        "tlsClientConfig": {"caData": "ZXhhbXBsZQ==", "insecure": False},
    }
    assert "\n" not in cluster.argocd_config


def test_a_cluster_is_declared_with_both_the_endpoint_and_its_certificate(tmp_path: Path) -> None:
    cluster = one(tmp_path).cluster
    assert not cluster.is_declared
    assert not replaced(cluster, server="https://example.com").is_declared
    assert not replaced(cluster, ca_data="ZQ==").is_declared
    assert replaced(cluster, server="https://example.com", ca_data="ZQ==").is_declared


@pytest.mark.parametrize(("path", "at"), [("output", "output/a/b"), (".", "a/b"), ("gen/out", "gen/out/a/b")])
def test_a_file_stands_below_the_folder_of_the_repository(tmp_path: Path, path: str, at: str) -> None:
    files = fleets.model(fleet={"gitops_repo": {"path": path, "revision": "release"}})
    repo = fleets.load_files(tmp_path, files).repo
    assert repo == GitopsRepo(url=fleets.REPO, revision="release", path=path)
    assert repo.at("a/b") == at


def test_the_repository_has_its_defaults(tmp_path: Path) -> None:
    fleet = fleets.load_files(tmp_path, fleets.model())
    assert fleet.repo == GitopsRepo(url=fleets.REPO, revision="main", path="output")
    assert fleet.argocd == ArgoCd(version="3.5.1", namespace="argocd", generator="auto")
    assert (fleet.name, fleet.environments, fleet.clusters, fleet.apps, fleet.releases) == ("shop", (), (), (), ())
    assert fleet.route.path == "environments/fleet.yaml"


@pytest.mark.parametrize(
    ("version", "stable"),
    [("2.14.21", False), ("3.0.99", False), ("3.1.0", True), ("3.5.1", True), ("10.0.0", True)],
)
def test_server_side_diff_is_stable_from_3_1_on(version: str, *, stable: bool) -> None:
    assert ArgoCd(version=version, namespace="argocd", generator="auto").has_stable_server_side_diff is stable


@pytest.mark.parametrize(("version", "instance"), [("2.14.21", "web-dev-use1"), ("3.0.0", "front"), ("3.5.1", "front")])
def test_before_argo_cd_3_the_instance_label_is_the_applications(tmp_path: Path, version: str, instance: str) -> None:
    argocd = ArgoCd(version=version, namespace="argocd", generator="auto")
    assert argocd.instance_of(one(tmp_path, release_name="front")) == instance


# Names of a release.


def test_an_application_is_called_by_its_app_and_the_short_name_of_its_cluster(tmp_path: Path) -> None:
    assert one(tmp_path / "a").application == "web-dev-use1"
    assert one(tmp_path / "b", {"name": "blue"}).application == "web-blue"
    assert one(tmp_path / "c", {"name": "shop-blue"}).application == "web-blue"


@pytest.mark.parametrize(("length", "shortened"), [(59, False), (60, True), (100, True)])
def test_an_application_has_at_most_63_characters(tmp_path: Path, length: int, *, shortened: bool) -> None:
    cluster = "c" * length
    found = one(tmp_path, {"name": cluster}).application
    if not shortened:
        assert found == f"web-{cluster}"
        assert len(found) == 63
        return
    assert re.fullmatch(r"web-c{50}-[0-9a-f]{8}", found)
    assert len(found) == 63


@pytest.mark.parametrize(("length", "shortened"), [(56, False), (57, True), (100, True)])
def test_a_role_has_at_most_64_characters_and_keeps_its_end(tmp_path: Path, length: int, *, shortened: bool) -> None:
    cluster = "c" * length
    found = one(tmp_path, {"name": cluster}).role_name
    if not shortened:
        assert found == f"{cluster}-web-eso"
        assert len(found) == 64
        return
    assert re.fullmatch(r"c{51}-[0-9a-f]{8}-eso", found)
    assert len(found) == 64


def test_what_is_shortened_is_the_same_in_every_run_and_tells_long_names_apart(tmp_path: Path) -> None:
    names = {one(tmp_path / end, {"name": "c" * 99 + end}).role_name for end in "ab"}
    assert len(names) == 2
    assert one(tmp_path / "c", {"name": "c" * 99 + "a"}).role_name in names
    assert one(tmp_path / "d", {"name": "c" * 100}).application == f"web-{'c' * 50}-115cb396"


@pytest.mark.parametrize("role", ["web", "r" * 64, "a+b=c,d.e@f_g-h"])
def test_a_stated_role_is_taken_as_it_is(tmp_path: Path, role: str) -> None:
    release = one(tmp_path, role_name=role)
    assert release.stated_role_name == release.role_name == role
    assert release.role_arn == f"arn:aws:iam::{fleets.ACCOUNT}:role/{role}"


def test_a_role_trusts_the_service_account_of_the_app_in_its_namespace(tmp_path: Path) -> None:
    release = one(tmp_path, namespace="front", release_name="other")
    assert release.app.service_account == "web-eso"
    assert release.app.store == "web-secrets-manager"
    assert release.trust_subject == "system:serviceaccount:front:web-eso"


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.from_regex(r"[a-z0-9]([-a-z0-9]{0,98}[a-z0-9])?", fullmatch=True),
    st.from_regex(r"[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?", fullmatch=True),
)
def test_every_name_keeps_its_limit_and_its_grammar(tmp_path: Path, cluster: str, app: str) -> None:
    release = one(tmp_path, {"name": cluster}, name=app)
    (tmp_path / f"environments/apps/{app}.yaml").unlink()
    label = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
    assert label.fullmatch(release.application)
    assert label.fullmatch(release.app.service_account)
    assert len(release.app.store) <= 253
    assert re.fullmatch(r"[a-z0-9-]{1,64}", release.role_name)
    assert release.role_name.endswith("-eso")


# Secrets.


DATA = SecretData(key="K", path="dev/web/a", property="p", version=None, decoding="None")
ONCE = replaced(DATA, consumed_once=True)


def secret(name: str, *data: SecretData, interval: str = "1h0m0s") -> ExternalSecret:
    return ExternalSecret(name=name, refresh_interval=interval, data=data)


def test_a_chart_without_secrets_is_told_that_they_are_off() -> None:
    assert Secrets().helm_values == {"enabled": False}


def test_secrets_follow_a_rotation_unless_each_is_read_at_a_first_start_only() -> None:
    assert not Secrets().follow_a_rotation
    assert not Secrets(external_secrets=(secret("a", ONCE), secret("b", ONCE))).follow_a_rotation
    assert Secrets(external_secrets=(secret("a", ONCE), secret("b", DATA))).follow_a_rotation


def test_a_chart_is_told_its_secrets_their_keys_and_whether_a_rotation_restarts_it() -> None:
    secrets = Secrets(
        external_secrets=(secret("a", DATA, replaced(DATA, key="L")), secret("b", replaced(ONCE, key="M")))
    )
    assert secrets.helm_values == {
        "enabled": True,
        "secrets": [
            {"name": "a", "keys": ["K", "L"], "reload": True},
            {"name": "b", "keys": ["M"], "reload": False},
        ],
    }


def test_paths_stand_once_and_in_order() -> None:
    secrets = Secrets(
        external_secrets=(
            secret("a", replaced(DATA, path="dev/web/z"), DATA),
            secret("b", replaced(DATA, key="L"), replaced(DATA, path="dev/web/m")),
        )
    )
    assert secrets.paths == ("dev/web/a", "dev/web/m", "dev/web/z")


@pytest.mark.parametrize(("interval", "once"), [("0s", True), ("1s", False), ("1h0m0s", False)])
def test_an_interval_of_nothing_reads_once(interval: str, *, once: bool) -> None:
    assert secret("a", DATA, interval=interval).is_read_once is once


# What the operator on the cluster understands.


@pytest.mark.parametrize(
    ("version", "api_version", "fields", "policy"),
    [
        ("0.9.13", "v1beta1", 3, False),
        ("0.15.1", "v1beta1", 3, False),
        ("0.16.0", "v1", 3, True),
        ("0.17.0", "v1", 3, True),
        ("2.2.0", "v1", 3, True),
        ("2.3.0", "v1", 4, True),
        ("2.9.0", "v1", 4, True),
    ],
)
def test_a_release_is_written_for_the_operator_of_its_cluster(
    tmp_path: Path, version: str, api_version: str, fields: int, *, policy: bool
) -> None:
    release = one(tmp_path, {"external_secrets": {"version": version}})
    assert release.api_version == f"external-secrets.io/{api_version}"
    assert release.has_refresh_policy is policy
    every = (
        ("conversionStrategy", "Default"),
        ("decodingStrategy", "None"),
        ("metadataPolicy", "None"),
        ("nullBytePolicy", "Ignore"),
    )
    assert release.remote_ref(DATA) == every[:fields]


@pytest.mark.parametrize("decoding", ["None", "Base64", "Base64URL", "Auto"])
def test_the_decoding_of_a_key_is_that_of_its_reference(tmp_path: Path, decoding: str) -> None:
    found = dict(one(tmp_path).remote_ref(replaced(DATA, decoding=decoding)))
    assert found["decodingStrategy"] == decoding
    assert found["conversionStrategy"] == "Default"


def test_a_cluster_without_an_operator_has_no_answer(tmp_path: Path) -> None:
    release = one(tmp_path, fleet={"external_secrets": None}, secrets=None)
    for ask in (lambda: release.api_version, lambda: release.has_refresh_policy, lambda: release.remote_ref(DATA)):
        with pytest.raises(ValueError, match=r"^shop-dev-use1 states no external_secrets\.version$"):
            ask()


# Parameters.


def test_the_element_of_a_release_has_every_parameter_as_text(tmp_path: Path) -> None:
    release = one(tmp_path, environment={"stage": 12, "project": "live", "sync": {"prune": False}})
    assert release.parameters == {
        "application": "web-dev-use1",
        "cluster": "shop-dev-use1",
        "environment": "dev",
        "region": "us-east-1",
        "stage": "12",
        "project": "live",
        "revision": "main",
        "automated": "true",
        "prune": "false",
        "selfHeal": "true",
    }


def test_a_parameter_that_a_source_does_not_have_is_empty(tmp_path: Path) -> None:
    release = one(tmp_path)
    asked = replaced(release, app=replaced(release.app, parameters=("chart", "chartPath", "repoURL")))
    assert asked.parameters == {"chart": "", "chartPath": "charts/web", "repoURL": fleets.REPO}


@pytest.mark.parametrize("field", ["automated", "prune", "self_heal"])
def test_each_flag_has_its_own_parameter(tmp_path: Path, field: str) -> None:
    flags = {"automated": "true", "prune": "true", "selfHeal": "true"}
    flags["selfHeal" if field == "self_heal" else field] = "false"
    parameters = one(tmp_path, sync={field: False}).parameters
    assert {name: parameters[name] for name in flags} == flags


def test_values_files_are_named_by_the_parameters_of_the_release(tmp_path: Path) -> None:
    app = one(tmp_path, values_files=["a/{environment}.yaml", "{region}/{cluster}/{cluster}.yaml", "plain"]).app
    assert app.values_file_patterns == (
        "a/{{ .environment }}.yaml",
        "{{ .region }}/{{ .cluster }}/{{ .cluster }}.yaml",
        "plain",
    )


@pytest.mark.parametrize(
    ("options", "needed"),
    [([], False), (["ServerSideApply=true"], True), (["ServerSideApply=false"], False), (["Replace=true"], False)],
)
def test_server_side_apply_is_asked_for_by_its_option(tmp_path: Path, options: list[str], *, needed: bool) -> None:
    assert one(tmp_path, sync_options=options).app.needs_server_side_apply is needed


# Releases together.


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """Two apps in one namespace and one in another, on two clusters."""
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster(1, name="z"), fleets.cluster(2, name="a"))},
        apps={
            "web": fleets.app(
                namespace="front", secrets=fleets.SECRETS, cluster_resources=[{"group": "b", "kind": "B"}]
            ),
            "api": fleets.chart_app(namespace="back"),
            "job": fleets.app(
                namespace="back",
                clusters={"z": {"deploy": False}},
                cluster_resources=[
                    {"kind": "Namespace"},
                    {"group": "b", "kind": "A"},
                    {"group": "a", "kind": "Z"},
                    {"group": "b", "kind": "B"},
                    {"kind": "Node"},
                ],
            ),
        },
    )
    return fleets.load_files(tmp_path, files)


def test_releases_land_in_each_namespace_of_each_cluster_once(fleet: Fleet) -> None:
    assert Releases(fleet.releases).destinations == (
        Destination(cluster="z", namespace="back"),
        Destination(cluster="z", namespace="front"),
        Destination(cluster="a", namespace="back"),
        Destination(cluster="a", namespace="front"),
    )
    assert NO_RELEASES.destinations == ()


def test_releases_come_from_each_repository_once(fleet: Fleet) -> None:
    assert Releases(fleet.releases).repositories == ("https://charts.example.com", fleets.REPO)
    assert NO_RELEASES.repositories == ()


def test_repositories_stand_with_the_one_of_the_generated_tree_whatever_its_case(fleet: Fleet) -> None:
    releases = Releases(fleet.releases)
    own = replaced(fleet.repo, url="https://a.example.com/own.git")
    assert releases.repositories_with(own) == (own.url, "https://charts.example.com", fleets.REPO)
    assert releases.repositories_with(replaced(own, url=fleets.REPO.upper())) == releases.repositories
    assert NO_RELEASES.repositories_with(own) == (own.url,)


def test_releases_need_a_namespace_and_the_kinds_that_their_apps_state(fleet: Fleet) -> None:
    def kinds(releases: Releases) -> list[tuple[str, str]]:
        return [(each.group, each.kind) for each in releases.cluster_resources]

    assert kinds(Releases(fleet.releases)) == [("", "Namespace"), ("", "Node"), ("a", "Z"), ("b", "A"), ("b", "B")]
    assert kinds(Releases(each for each in fleet.releases if each.app.name == "api")) == [("", "Namespace")]
    assert NO_RELEASES.cluster_resources == (ClusterResource(group="", kind="Namespace"),)


def test_releases_with_secrets_are_those_that_read_one(fleet: Fleet) -> None:
    found = Releases(fleet.releases).with_secrets
    assert [(each.app.name, each.cluster.name) for each in found] == [("web", "z"), ("web", "a")]
    assert isinstance(found, Releases)
    assert not NO_RELEASES.with_secrets


def test_a_source_stands_once_whoever_reads_it_and_knows_what_it_fills(tmp_path: Path) -> None:
    key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    shared = {"path": "shared/db", "keys": {"A": "a"}}
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster())},
        apps={
            "web": fleets.app(secrets={"db": {**shared, "consumed_once": True}, "whole": {"keys": {"B": {}}}}),
            "api": fleets.app(secrets={"db": {"path": "shared/db", "keys": {"P": "p"}, "kms_key_arn": key}}),
        },
    )
    releases = Releases(fleets.load_files(tmp_path, files).releases)
    targets = {
        secret.name: SecretTarget(app=release.app, secret=secret)
        for release in releases
        for secret in release.secrets.external_secrets
    }
    db, whole = releases.secret_sources
    assert db == SecretSource(
        region="us-east-1",
        path="dev/shared/db",
        properties=("a", "p"),
        kms_key_arn=key,
        targets=(targets["api-db"], targets["web-db"]),
        consumed_once=True,
    )
    assert db.apps == ("api", "web")
    assert whole == SecretSource(
        region="us-east-1", path="dev/web/whole", properties=(), kms_key_arn=None, targets=(targets["web-whole"],)
    )


def test_a_source_of_two_regions_is_two(tmp_path: Path) -> None:
    clusters = (fleets.cluster(1), fleets.cluster(2, region="us-west-2"))
    files = fleets.model(
        environments={"dev": fleets.environment(*clusters)}, apps={"web": fleets.app(secrets=fleets.SECRETS)}
    )
    sources = Releases(fleets.load_files(tmp_path, files).releases).secret_sources
    assert [each.region for each in sources] == ["us-east-1", "us-west-2"]


def test_a_fleet_cannot_be_changed(fleet: Fleet) -> None:
    for value in (fleet, fleet.repo, fleet.environments[0], fleet.clusters[0], fleet.apps[0], fleet.releases[0]):
        with pytest.raises(AttributeError, match="cannot set"):
            setattr(value, fields_of(type(value))[0], "other")
        assert not hasattr(value, "__dict__")
