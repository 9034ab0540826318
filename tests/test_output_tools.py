"""The generated files of two fleets in the hands of the real tools: the CRDs' schemas, Helm and Terraform."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from tests.tools import helm, terraform
from tests.tools.applicationsets import applications
from tests.tools.generated import PROJECT, documents, generated, real, wide
from tests.tools.parsed import at, lines_at, list_at, map_at, text_at, texts_at
from tests.tools.releases import PLACES, releases, tfvars
from tests.tools.yaml_readers import canonical

if TYPE_CHECKING:
    from tests.tools.generated import Generated
    from tests.tools.parsed import Object
    from tests.tools.terraform import Configuration

needs_schemas = pytest.mark.skipif(
    "GITOPS_GEN_SCHEMAS" not in os.environ,
    reason="GITOPS_GEN_SCHEMAS names no folder of JSON Schemas, <product>-v<version>/<group>/<kind>_<version>.json",
)

ARGOCD_VERSIONS = ("2.14.21", "3.3.14", "3.5.1")

OPERATOR_SCHEMAS = {
    "0.9.13": "0.9.13",
    "0.15.1": "0.15.1",
    "0.16.2": "0.16.2",
    "0.19.2": "0.19.2",
    "0.20.4": "0.20.4",
    "1.3.2": "1.3.2",
    "2.0.0": "2.0.0",
    "2.3.0": "2.9.0",
    "2.6.0": "2.9.0",
    "2.9.0": "2.9.0",
}
"""Versions of the operator, and the one whose schemas are held against what is generated for each.

There are none of 2.3.0 and 2.6.0; what is generated for them is what 2.9.0 knows.
"""

CORE_KINDS = {"Secret", "ServiceAccount"}

CHART = PROJECT / "examples" / "charts" / "myapp"
TERRAFORM = PROJECT / "examples" / "terraform"


@needs_schemas
@pytest.mark.parametrize("version", ARGOCD_VERSIONS)
def test_argo_cd_takes_its_objects_and_the_applications_that_it_makes(version: str, fleet: Generated) -> None:
    objects = [*fleet.of_kind("ApplicationSet").values(), *fleet.of_kind("AppProject").values()]
    for found in objects:
        _validate(found, f"argocd-v{version}")
    for application in applications(fleet):
        made = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application"} | application.document
        _validate(made, f"argocd-v{version}")


@needs_schemas
def test_the_operator_of_each_cluster_takes_its_objects() -> None:
    for release in releases(wide()):
        for found in (release.store, *release.secrets):
            _validate(found, f"eso-v{OPERATOR_SCHEMAS[release.place.operator]}")


@needs_schemas
@pytest.mark.parametrize("version", OPERATOR_SCHEMAS)
def test_every_version_of_the_operator_takes_its_objects_and_adds_nothing(version: str, project: Path) -> None:
    found = _with_operator(version, project)
    assert len(releases(found)) == 6
    for release in releases(found):
        for each in (release.store, *release.secrets):
            schema = _validate(each, f"eso-v{OPERATOR_SCHEMAS[version]}")
            if each["kind"] == "ExternalSecret":
                assert _with_defaults(each, schema) == each


@pytest.mark.parametrize(
    ("version", "api_version", "has_refresh_policy", "has_null_byte_policy"),
    [
        ("0.9.13", "v1beta1", False, False),
        ("0.15.1", "v1beta1", False, False),
        ("0.16.0", "v1", True, False),
        ("0.16.2", "v1", True, False),
        ("0.19.2", "v1", True, False),
        ("0.20.4", "v1", True, False),
        ("1.3.2", "v1", True, False),
        ("2.0.0", "v1", True, False),
        ("2.2.9", "v1", True, False),
        ("2.3.0", "v1", True, True),
        ("2.6.0", "v1", True, True),
        ("2.9.0", "v1", True, True),
    ],
)
def test_what_is_written_follows_the_version_of_the_operator(
    version: str, api_version: str, has_refresh_policy: bool, has_null_byte_policy: bool, project: Path
) -> None:
    release, *_ = releases(_with_operator(version, project))
    [secret] = release.secrets
    assert (release.store["apiVersion"], secret["apiVersion"]) == (f"external-secrets.io/{api_version}",) * 2
    assert ("refreshPolicy" in map_at(secret, "spec")) is has_refresh_policy
    assert ("nullBytePolicy" in release.remote_refs[0]) is has_null_byte_policy


def test_there_is_no_kind_beside_those_that_are_checked(fleet: Generated) -> None:
    kinds = {text_at(found, "kind") for _, found in fleet.objects()}
    assert kinds == CORE_KINDS | {"AppProject", "ApplicationSet", "SecretStore", "ExternalSecret"}


@helm.requires_helm
def test_the_chart_gets_the_secrets_that_external_secrets_makes(tmp_path: Path) -> None:
    replicas = {"dev": 1, "staging": 2, "production": 4}
    by_name = {each.application.name: each for each in releases(real())}
    found = [each for each in applications(real()) if each.app == "myapp"]
    assert len(found) == 6
    for application in found:
        objects = helm.render(
            CHART,
            release=application.release_name,
            namespace=application.destination["namespace"],
            values_files=_on_disk(application.values_files, real(), tmp_path),
        )
        [deployment] = [each for each in objects if each["kind"] == "Deployment"]
        pod = map_at(deployment, "spec", "template", "spec")
        [container] = list_at(pod, "containers")
        [secret] = by_name[application.name].secrets
        target = text_at(secret, "spec", "target", "name")
        assert at(deployment, "spec", "replicas") == replicas[application.labels["environment"]]
        assert at(container, "env") == [
            {"name": key, "valueFrom": {"secretKeyRef": {"name": target, "key": key}}}
            for key in (text_at(datum, "secretKey") for datum in list_at(secret, "spec", "data"))
        ]
        assert [text_at(each, "name") for each in list_at(container, "env")] == ["DB_PASSWORD"]
        assert texts_at(deployment, "metadata", "annotations") == {"secret.reloader.stakater.com/reload": target}
        assert at(container, "image") == "registry.example.com/myapp:1.0.0"
        # The pods have an account of their own, without the role.
        [account] = [each for each in objects if each["kind"] == "ServiceAccount"]
        assert at(pod, "serviceAccountName") == at(account, "metadata", "name") != f"{application.app}-eso"
        assert "annotations" not in map_at(account, "metadata")
        assert {text_at(each, "kind") for each in objects} == {"Deployment", "Service", "ServiceAccount"}


@helm.requires_helm
def test_helm_merges_our_files_as_the_model_says(tmp_path: Path) -> None:
    (tmp_path / "chart" / "templates").mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("{apiVersion: v2, name: web, version: 0.0.0}", encoding="utf-8")
    defaults = {"service": {"type": "ClusterIP"}, "resources": {"limits": {"memory": "64Mi"}}, "debug": True}
    (tmp_path / "chart" / "values.yaml").write_text(json.dumps(defaults), encoding="utf-8")
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {values: {{ toJson .Values | quote }}}\n"
    (tmp_path / "chart" / "templates" / "values.yaml").write_text(template, encoding="utf-8")
    [application] = [each for each in applications(wide()) if each.name == "web-production-apse2"]
    files = _on_disk(application.values_files, wide(), tmp_path)
    [found] = helm.render(tmp_path / "chart", release="web", namespace="web", values_files=files)
    values = map_at(json.loads(text_at(found, "data", "values")))
    [written] = documents((wide().root / "environments/apps/web.yaml").read_text(encoding="utf-8"))
    # Helm takes a null out where the chart has a default, as for resources; elsewhere the chart sees the null.
    expected = map_at(written, "values") | {
        "service": {"type": "ClusterIP", "ports": [443], "labels": {"tier": None, "owner": "shop", "region": "sydney"}},
        "debug": False,
        "strings": map_at(written, "values", "strings") | {"boolean": "yes"},
        "image": {"repository": "registry.example.com/web", "tag": "1.0.0"},
        "canary": False,
    }
    del expected["resources"]
    assert canonical(values) == canonical(expected)


def test_account_ids_keep_their_leading_zeros(fleet: Generated) -> None:
    found = {cluster: each["account_id"] for cluster, each in tfvars(fleet).items()}
    assert found == {cluster: PLACES[cluster].account for cluster in found}


@terraform.requires_terraform
def test_terraform_would_format_nothing_differently(tmp_path: Path) -> None:
    for found in (real(), wide()):
        for path in found.paths(end=".tfvars"):
            (tmp_path / path.rpartition("/")[2]).write_text(found.files[path], encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == len(PLACES)
    assert terraform.fmt_difference(tmp_path) == ""


@terraform.requires_terraform
@pytest.mark.parametrize(
    "cluster",
    [
        "myapp-production-usw2",
        "atlas-production-use1",
        "atlas-regulated-workloads-production-usge1",
        "atlas-china-cnn1",
    ],
)
def test_the_planned_roles_are_those_that_the_manifests_ask_for(cluster: str, documents_module: Configuration) -> None:
    found = real() if cluster.startswith("myapp-") else wide()
    [path] = found.paths(end=f"/{cluster}.tfvars")
    plan = documents_module.plan(found.files[path])
    assert plan.diagnostics == ()
    planned = map_at(plan.outputs["roles"])
    here = [each for each in releases(found) if each.application.cluster == cluster]
    assert set(planned) == {each.application.app for each in here}
    for release in here:
        role = map_at(planned[release.application.app])
        metadata = map_at(release.account, "metadata")
        assert role["arn"] == at(metadata, "annotations", "eks.amazonaws.com/role-arn")
        provider = text_at(tfvars(found)[cluster], "oidc_provider")
        [trust] = list_at(json.loads(text_at(role, "trust_policy")), "Statement")
        assert at(trust, "Principal") == {"Federated": tfvars(found)[cluster]["oidc_provider_arn"]}
        assert at(trust, "Condition") == {
            "StringEquals": {
                f"{provider}:aud": "sts.amazonaws.com",
                f"{provider}:sub": f"system:serviceaccount:{metadata['namespace']}:{metadata['name']}",
            }
        }
        region = text_at(release.store, "spec", "provider", "aws", "region")
        read, *decrypt = list_at(json.loads(text_at(role, "permissions_policy")), "Statement")
        assert at(read, "Action") == "secretsmanager:GetSecretValue"
        arns = [arn.split(":") for arn in lines_at(read, "Resource")]
        assert {arn[3] for arn in arns} == {region}
        assert {arn[6] for arn in arns} == {f"{each['key']}-??????" for each in release.remote_refs}
        keys = lines_at(release.role, "kms_key_arns")
        assert [at(each, "Resource") for each in decrypt] == ([keys] if keys else [])
        for each in decrypt:
            assert at(each, "Action") == "kms:Decrypt"
            via = at(each, "Condition", "StringEquals", "kms:ViaService")
            assert via == [f"secretsmanager.{region}.amazonaws.com"]


@pytest.fixture(scope="module")
def documents_module(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    source = TERRAFORM / "modules" / "eso-role-documents"
    return terraform.Configuration.copied(source, tmp_path_factory.mktemp("documents") / "module")


def _with_operator(version: str, project: Path) -> Generated:
    file = project / "environments" / "fleet.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count('version: "2.9.0"') == 1
    file.write_text(text.replace('version: "2.9.0"', f'version: "{version}"'), encoding="utf-8")
    return generated(project, url=real().url, revision="main", folder="output")


def _validate(found: Object, product: str) -> Object:
    """Holds an object against the schema of its kind, in which unknown fields are refused. Returns the schema."""
    group, _, version = text_at(found, "apiVersion").partition("/")
    schema, validator = _validator(f"{product}/{group}/{text_at(found, 'kind').lower()}_{version}.json")
    errors = [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(found)]
    assert errors == [], text_at(found, "metadata", "name")
    return schema


@cache
def _validator(path: str) -> tuple[Object, jsonschema_rs.Validator]:
    schema = json.loads((Path(os.environ["GITOPS_GEN_SCHEMAS"]) / path).read_text(encoding="utf-8"))
    return schema, jsonschema_rs.validator_for(schema)


def _with_defaults(value: object, schema: Object) -> object:
    """Returns a value as the API server stores it: with the defaults of the schema, where their parent is there."""
    if isinstance(value, list):
        return [_with_defaults(item, map_at(schema, "items")) for item in value]
    if not isinstance(value, dict):
        return value
    fields = {name: map_at(field) for name, field in map_at(schema.get("properties", {})).items()}
    stored = {name: field["default"] for name, field in fields.items() if "default" in field} | value
    return {name: _with_defaults(item, fields.get(name, {})) for name, item in stored.items()}


def _on_disk(values_files: list[str], found: Generated, folder: Path) -> list[Path]:
    """Writes values files as Argo CD would find them in a clone, in their order."""
    paths = []
    for file in values_files:
        path = folder / "clone" / file.removeprefix("$values/")
        text = found.repository_file(file.removeprefix("$values/"))
        assert text is not None, file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths
