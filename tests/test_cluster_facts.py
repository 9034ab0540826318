"""`cluster list` and `cluster show`: the fleet at a glance, and every fact of a cluster with where it comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gitops_gen.data_classes import fields_of
from gitops_gen.facts import facts_of
from gitops_gen.load import load_with_warnings
from gitops_gen.model import Cluster, Release
from tests.tools.command import gitops_gen
from tests.tools.fleets import write

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_gen.facts import Fact

NAME = "myapp-production-use1"
ID = "EXAMPLED539D4633E53DE1B99EXAMPLE"
ISSUER = f"oidc.eks.us-east-1.amazonaws.com/id/{ID}"
ROLE = "arn:aws:iam::111122223333:role/argocd"
KEY = "arn:aws:kms:us-west-2:111122223333:key/11111111-2222-3333-4444-555555555555"


def facts(root: Path, name: str) -> dict[str, Fact]:
    loaded = load_with_warnings(root)
    found = facts_of(loaded, next(each for each in loaded.fleet.clusters if each.name == name))
    assert len({fact.name for fact in found}) == len(found)
    return {fact.name: fact for fact in found}


def origins(root: Path, name: str = "shop-dev-use1") -> dict[str, tuple[object, str]]:
    """Returns value and origin of each fact, the origin without its column."""
    return {
        fact.name: (fact.value, f"{fact.at.path}:{fact.at.line}" if fact.at else fact.rule)
        for fact in facts(root, name).values()
    }


# --- list


def test_all_clusters_are_listed_in_the_order_of_their_stages(project: Path) -> None:
    answer = gitops_gen(project, "cluster", "list")
    assert (answer.code, answer.err) == (0, "")
    heading, *rows = answer.out.splitlines()
    assert heading == (
        "NAME                   ENVIRONMENT  REGION     ACCOUNT       PROTECTED  APPS                     WHERE"
    )
    assert rows[0] == (
        "myapp-dev-use1         dev          us-east-1  557702566877  no         external-secrets, myapp  "
        "environments/dev.yaml:8"
    )
    assert [(row.split()[0], row.split()[4], row.split()[-1]) for row in rows] == [
        ("myapp-dev-use1", "no", "environments/dev.yaml:8"),
        ("myapp-dev-usw2", "no", "environments/dev.yaml:12"),
        ("myapp-staging-use1", "no", "environments/staging.yaml:8"),
        ("myapp-staging-usw2", "no", "environments/staging.yaml:12"),
        ("myapp-production-use1", "yes", "environments/production.yaml:9"),
        ("myapp-production-usw2", "yes", "environments/production.yaml:13"),
    ]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--environment", "dev"], ["dev-use1", "dev-usw2"]),
        (["--region", "us-west-2"], ["dev-usw2", "staging-usw2", "production-usw2"]),
        (["--account", "444455556666", "--region", "us-east-1"], ["production-use1"]),
        (["--environment", "dev", "--environment", "staging", "--region", "us-east-1"], ["dev-use1", "staging-use1"]),
        (["--region", "eu-west-1"], []),
        (
            ["--by", "region"],
            ["dev-use1", "staging-use1", "production-use1", "dev-usw2", "staging-usw2", "production-usw2"],
        ),
        (
            ["--by", "account"],
            ["staging-use1", "staging-usw2", "production-use1", "production-usw2", "dev-use1", "dev-usw2"],
        ),
    ],
)
def test_clusters_are_chosen_and_ordered_by_place(project: Path, options: list[str], names: list[str]) -> None:
    answer = gitops_gen(project, "cluster", "list", *options)
    assert [line.split()[0] for line in answer.out.splitlines()[1:]] == [f"myapp-{name}" for name in names]


def test_an_environment_that_does_not_exist_is_wrong_usage(project: Path) -> None:
    answer = gitops_gen(project, "cluster", "list", "--environment", "dve")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[-1] == "Error: there is no environment dve; did you mean dev?"


def test_a_region_that_does_not_exist_is_wrong_usage(project: Path) -> None:
    answer = gitops_gen(project, "cluster", "list", "--region", "us-esat-1")
    assert (answer.code, answer.out) == (2, "")
    reason = "got 'us-esat-1', expected a region of AWS; did you mean us-east-1?"
    assert answer.err.splitlines()[-1] == f"Error: --region: {reason}"


def test_a_place_without_a_cluster_says_so(project: Path) -> None:
    answer = gitops_gen(project, "cluster", "list", "--region", "eu-west-1")
    assert (answer.code, answer.err) == (0, "there is no such cluster\n")


def test_a_cluster_is_listed_for_machines(project: Path) -> None:
    answer = gitops_gen(
        project, "cluster", "list", "--environment", "production", "--region", "us-east-1", "--format", "json"
    )
    assert json.loads(answer.out) == {
        "clusters": [
            {
                "name": NAME,
                "environment": "production",
                "stage": 3,
                "region": "us-east-1",
                "account_id": "444455556666",
                "protected": True,
                "oidc_id": "EXAMPLED539D4633E53DE1B71EXAMPLE",
                "is_declared": True,
                "apps": ["external-secrets", "myapp"],
                "path": "environments/production.yaml",
                "line": 9,
                "column": 5,
            }
        ]
    }


def test_problems_of_the_model_are_told_in_the_form_that_was_asked_for(project: Path) -> None:
    (project / "environments/dev.yaml").write_text("stage: one\n")
    answer = gitops_gen(project, "cluster", "list", "--format", "json")
    assert (answer.code, answer.err) == (1, "")
    assert [problem["code"] for problem in json.loads(answer.out)["problems"]] == ["wrong-type"]


# --- show


FLEET = """\
name: shop
gitops_repo:
  url: https://github.com/example/shop-gitops.git
argocd:
  version: "3.5.1"
external_secrets:
  version: "2.9.0"
region_codes:
  us-east-1: east
"""

PLACE = f"""\
account_id: "111122223333"
stage: 2
project: team
protected: false
argocd_role_arn: {ROLE}
sync:
  automated: false
  prune: true
secrets:
  prefix: team
  refresh_interval: 5m
clusters:
  - region: us-east-1
    oidc_id: {ID}
    name: shop-dev-use1
    server: https://example.com
    ca_data: QUJD
    sync:
      prune: false
    secrets:
      region: us-west-2
"""

BARE_PLACE = f"""\
account_id: "111122223333"
external_secrets:
clusters:
  - region: us-east-2
    oidc_id: {ID}
"""

APP = f"""\
namespace: front
source:
  repo_url: https://github.com/example/shop-gitops.git
  path: charts/web
  revision: main
values:
  replicas: 1
  image:
    tag: a
  gone: true
environments:
  dev:
    values:
      image:
        tag: b
      gone:
clusters:
  shop-dev-use1:
    role_name: reader
    sync:
      prune: false
    values:
      hosts: [x]
secrets:
  db:
    target: db
    keys:
      PASSWORD: password
    refresh_interval: 5m
    kms_key_arn: {KEY}
  token:
    keys:
      TOKEN: {{}}
    consumed_once: true
"""


def shop(root: Path, *, place: str = PLACE, **apps: str) -> Path:
    files = {"environments/fleet.yaml": FLEET, "environments/dev.yaml": place}
    return write(root, files | {f"environments/apps/{name}.yaml": text for name, text in apps.items()})


def test_every_fact_of_a_place_says_who_states_it(tmp_path: Path) -> None:
    assert origins(shop(tmp_path)) == {
        "name": ("shop-dev-use1", "environments/dev.yaml:15"),
        "short_name": ("dev-use1", "the name without the leading fleet name; Applications carry it"),
        "environment": ("dev", "the name of environments/dev.yaml"),
        "stage": (2, "environments/dev.yaml:2"),
        "project": ("team", "environments/dev.yaml:3"),
        "protected": (False, "environments/dev.yaml:4"),
        "region": ("us-east-1", "environments/dev.yaml:13"),
        "region_code": ("east", "environments/fleet.yaml:9"),
        "partition": ("aws", "the partition of the region"),
        "account_id": ("111122223333", "environments/dev.yaml:1"),
        "oidc_id": (ID, "environments/dev.yaml:14"),
        "oidc_provider": (ISSUER, "the issuer of the region, /id/ and the OIDC id"),
        "oidc_provider_arn": (
            f"arn:aws:iam::111122223333:oidc-provider/{ISSUER}",
            "that issuer, as IAM knows it in the account",
        ),
        "sync.automated": (False, "environments/dev.yaml:7"),
        "sync.prune": (False, "environments/dev.yaml:19"),
        "sync.self_heal": (True, "the default"),
        "external_secrets.version": ("2.9.0", "environments/fleet.yaml:7"),
        "secrets.enabled": (True, "the default"),
        "secrets.prefix": ("team", "environments/dev.yaml:10"),
        "secrets.region": ("us-west-2", "environments/dev.yaml:21"),
        "secrets.refresh_interval": ("5m0s", "environments/dev.yaml:11"),
        "secrets.kms_key_arn": (None, "the key aws/secretsmanager"),
        "server": ("https://example.com", "environments/dev.yaml:16"),
        "ca_data": ("QUJD", "environments/dev.yaml:17"),
        "argocd_role_arn": (ROLE, "environments/dev.yaml:5"),
        "is_declared": (True, "the cluster Secret is generated where server and ca_data are stated"),
    }


def test_every_fact_of_a_place_that_nobody_states_says_its_rule(tmp_path: Path) -> None:
    found = origins(shop(tmp_path, place=BARE_PLACE), "shop-dev-use2")
    rules = {name: rule for name, (_, rule) in found.items() if not rule.startswith("environments/")}
    assert rules == {
        "name": "<fleet>-<environment>-<region code>",
        "short_name": "the name without the leading fleet name; Applications carry it",
        "environment": "the name of environments/dev.yaml",
        "stage": "the default",
        "project": "the environment's name",
        "protected": "the default",
        "region_code": "two letters, g for gov, the initials of the direction, the number",
        "partition": "the partition of the region",
        "oidc_provider": "the issuer of the region, /id/ and the OIDC id",
        "oidc_provider_arn": "that issuer, as IAM knows it in the account",
        "sync.automated": "the default",
        "sync.prune": "the default",
        "sync.self_heal": "the default",
        "external_secrets.version": "not stated",
        "secrets.enabled": "the default",
        "secrets.prefix": "the environment's name",
        "secrets.region": "the cluster's own region",
        "secrets.refresh_interval": "the default",
        "secrets.kms_key_arn": "the key aws/secretsmanager",
        "server": "not stated: the cluster is registered with Argo CD elsewhere",
        "ca_data": "not stated: the cluster is registered with Argo CD elsewhere",
        "argocd_role_arn": "not stated: Argo CD goes as itself",
        "is_declared": "the cluster Secret is generated where server and ca_data are stated",
    }


def test_a_fact_that_null_removes_points_at_the_null(tmp_path: Path) -> None:
    place = BARE_PLACE.replace("external_secrets:", "external_secrets: {version: }")
    found = facts(shop(tmp_path, place=place), "shop-dev-use2")["external_secrets.version"]
    assert (found.value, found.origin) == (None, "environments/dev.yaml:2:29: null: not stated")


def test_what_protection_decides_points_at_the_protection(tmp_path: Path) -> None:
    place = BARE_PLACE.replace("external_secrets:", "protected: true")
    found = facts(shop(tmp_path, place=place), "shop-dev-use2")["sync.automated"]
    assert (found.value, found.origin) == (False, "environments/dev.yaml:2:12: no automated sync where protected")


def test_every_fact_of_a_release_says_who_states_it(tmp_path: Path) -> None:
    every = origins(shop(tmp_path, web=APP))
    found = {name.removeprefix("web."): fact for name, fact in every.items() if name.startswith("web.")}
    file, told = "environments/apps/web.yaml", "what the chart is told of its secrets"
    path = "arn:aws:secretsmanager:us-west-2:111122223333:secret:team/web/"
    listed = [
        {"name": "db", "keys": ["PASSWORD"], "reload": True},
        {"name": "web-token", "keys": ["TOKEN"], "reload": False},
    ]
    assert found == {
        "application": ("web-dev-use1", "<app>-<cluster without the leading fleet name>, shortened to 63 characters"),
        "namespace": ("front", f"{file}:1"),
        "release_name": ("web", "the app's name"),
        "source.repo_url": ("https://github.com/example/shop-gitops.git", f"{file}:3"),
        "source.path": ("charts/web", f"{file}:4"),
        "source.revision": ("main", f"{file}:5"),
        "sync.automated": (False, "the cluster's sync.automated"),
        "sync.prune": (False, f"{file}:21"),
        "sync.self_heal": (True, "the cluster's sync.self_heal"),
        "values.replicas": (1, f"{file}:7"),
        "values.image.tag": ("b", f"{file}:15"),
        "values.hosts": ('["x"]', f"{file}:23"),
        "values.externalSecrets.enabled": (True, told),
        "values.externalSecrets.secrets": (json.dumps(listed), told),
        "secrets_enabled": (True, "the default"),
        "service_account": ("web-eso", "<app>-eso: never the pod's own, so that the pods get no credentials of AWS"),
        "store": ("web-secrets-manager", "<app>-secrets-manager"),
        "role_name": ("reader", f"{file}:19"),
        "role_arn": ("arn:aws:iam::111122223333:role/reader", "the role in the cluster's account"),
        "trust_subject": ("system:serviceaccount:front:web-eso", "the ServiceAccount that the SecretStore names"),
        "secret_arns": (
            (f"{path}db-??????", f"{path}token-??????"),
            "the secrets below, with six characters that AWS adds",
        ),
        "kms_key_arns": ((KEY,), "the keys of the secrets below"),
        "api_version": ("external-secrets.io/v1", "External Secrets 2.9.0 serves external-secrets.io/v1"),
        "secrets.db.refresh_interval": ("5m0s", f"{file}:29"),
        "secrets.db.consumed_once": (False, "the default"),
        "secrets.db.type": ("Opaque", "the default"),
        "secrets.db.PASSWORD": ("team/web/db password", f"{file}:28"),
        "secrets.web-token.refresh_interval": ("5m0s", "the cluster's secrets.refresh_interval"),
        "secrets.web-token.consumed_once": (True, f"{file}:34"),
        "secrets.web-token.type": ("Opaque", "the default"),
        "secrets.web-token.TOKEN": ("team/web/token", f"{file}:33"),
    }


def test_the_operators_revision_points_at_the_version_that_decides_it(tmp_path: Path) -> None:
    operator = "source: {repo_url: https://charts.external-secrets.io, chart: external-secrets}\n"
    found = facts(shop(tmp_path, eso=operator), "shop-dev-use1")["eso.source.revision"]
    expected = "environments/fleet.yaml:7:12: the operator's chart has the operator's version"
    assert (found.value, found.origin) == ("2.9.0", expected)


def test_secrets_that_the_place_turns_off_say_so(tmp_path: Path) -> None:
    found = origins(shop(tmp_path, place=PLACE.replace("prefix: team", "enabled: false"), web=APP))
    assert found["secrets.enabled"] == (False, "environments/dev.yaml:10")
    assert found["web.secrets_enabled"] == (False, "the cluster's secrets.enabled")
    assert "web.role_name" not in found


def test_a_line_that_is_named_holds_the_value(project: Path) -> None:
    loaded = load_with_warnings(project)
    for each in loaded.fleet.clusters:
        for fact in facts_of(loaded, each):
            if fact.at is not None and not fact.rule and isinstance(fact.value, str) and fact.value != "1h0m0s":
                line = (project / fact.at.path).read_text().splitlines()[fact.at.line - 1]
                assert line[fact.at.column - 1 :].strip("\"'").startswith(fact.value), fact


CLUSTER_FACTS = {
    "environment": {"environment", "stage", "project", "protected", "secrets.prefix"},
    "region": {"region", "region_code", "partition"},
    "account": {"account_id"},
    "sync": {"sync.automated", "sync.prune", "sync.self_heal"},
    "external_secrets_version": {"external_secrets.version"},
    "secrets_enabled": {"secrets.enabled"},
    "secrets_region": {"secrets.region"},
    "refresh_interval": {"secrets.refresh_interval"},
    "kms_key_arn": {"secrets.kms_key_arn"},
    "argocd_config": {"server", "ca_data", "argocd_role_arn"},
}
"""Under which names the parts of a cluster are shown, where the name is another one."""

RELEASE_FACTS = {
    "app": {"namespace", "release_name", "service_account", "store"},
    "source": {"source.repo_url", "source.path", "source.revision"},
    "sync": {"sync.automated"},
    "secrets": {"secret_arns", "kms_key_arns", "secrets.myapp-db-credentials.DB_PASSWORD"},
    "values": {"values.replicaCount"},
    "stated_role_name": {"role_name"},
    "has_secrets": {"secrets_enabled"},
    "has_refresh_policy": {"api_version"},
    "parameters": {"application", "source.revision", "sync.automated"},
}


def parts(kind: type[Cluster | Release]) -> set[str]:
    """Returns the fields and properties of a class of the model."""
    properties = {
        name for name, value in vars(kind).items() if isinstance(value, property) and not name.startswith("_")
    }
    return {*fields_of(kind)} | properties


@pytest.mark.parametrize(
    ("kind", "shown_as", "prefix", "others"),
    [(Cluster, CLUSTER_FACTS, "", {"route"}), (Release, RELEASE_FACTS, "myapp.", {"cluster"})],
)
def test_no_part_of_the_model_is_left_out(
    project: Path, kind: type[Cluster | Release], shown_as: dict[str, set[str]], prefix: str, others: set[str]
) -> None:
    shown = {name.removeprefix(prefix) for name in facts(project, NAME) if name.startswith(prefix)}
    for part in parts(kind) - others:
        assert shown_as.get(part, {part}) <= shown, part


def test_facts_are_shown_in_columns(tmp_path: Path) -> None:
    lines = gitops_gen(shop(tmp_path), "cluster", "show", "shop-dev-use1").out.splitlines()
    role = f"{'argocd_role_arn':24}  {ROLE:37}  environments/dev.yaml:5:18"
    assert lines[:6] + [line for line in lines if line.startswith(("oidc_provider ", "argocd", "secrets.kms"))] == [
        f"{'name':24}  {'shop-dev-use1':37}  environments/dev.yaml:15:11",
        f"{'short_name':24}  {'dev-use1':37}  the name without the leading fleet name; Applications carry it",
        f"{'environment':24}  {'dev':37}  the name of environments/dev.yaml",
        f"{'stage':24}  {'2':37}  environments/dev.yaml:2:8",
        f"{'project':24}  {'team':37}  environments/dev.yaml:3:10",
        f"{'protected':24}  {'false':37}  environments/dev.yaml:4:12",
        f"{'oidc_provider':24}  {ISSUER}  the issuer of the region, /id/ and the OIDC id",
        f"{'secrets.kms_key_arn':24}  {'none':37}  the key aws/secretsmanager",
        role,
    ]


def test_a_long_certificate_is_shortened_for_people_and_whole_for_machines(tmp_path: Path) -> None:
    data = "QUJD" * 100
    shop(tmp_path, place=PLACE.replace("QUJD", data))
    shown = gitops_gen(tmp_path, "cluster", "show", "shop-dev-use1").out
    assert "  QUJDQUJDQUJDQUJDQUJD... (400 characters)  " in shown
    answer = json.loads(gitops_gen(tmp_path, "cluster", "show", "shop-dev-use1", "--format", "json").out)
    [found] = [fact for fact in answer["facts"] if fact["name"] == "ca_data"]
    assert (answer["cluster"], found) == (
        "shop-dev-use1",
        {"name": "ca_data", "value": data, "path": "environments/dev.yaml", "line": 17, "column": 14, "rule": None},
    )


def test_a_cluster_that_does_not_exist_names_the_one_that_is_meant(project: Path) -> None:
    answer = gitops_gen(project, "cluster", "show", "myapp-production")
    assert answer.code == 2
    assert answer.err.splitlines()[-1].startswith("Error: there is no cluster myapp-production; ")
