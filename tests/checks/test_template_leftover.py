"""Templates that nobody fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import ACCOUNT_FILE, BY_HAND, SECRET_FILE, changed
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "template-leftover"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"


def test_a_parameter_that_nobody_filled_in_is_found(tmp_path: Path) -> None:
    files = changed(ACCOUNT_FILE, ("arn:aws:iam::111122223333:role/one-web-eso", "'{{irsaRoleArn}}'"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/account.yaml:6:33: warning: metadata.annotations.eks.amazonaws.com/role-arn has {{ in "
            "it, and no engine fills it in here\n"
            "hint: write the value"
        ),
    ]


def test_it_is_an_error_in_a_generated_file() -> None:
    change = ('property: "password"', 'property: "<%= property %>"')
    assert found_in_six_clusters(CODE, SECRETS, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "50:19: error: spec.data.0.remoteRef.property has <% in it, and no engine fills it in here\n"
            "hint: write the value"
        ),
    ]


def test_what_go_prints_for_nothing_is_found_anywhere(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: example.com/v1\nkind: Any\nspec: {x: [<no value>, '%!d(string=x)']}\n"}
    assert found(tmp_path, files, CODE) == [
        ("a.yaml:3:12: error: spec.x.0 has <no value> in it, and no engine fills it in here\nhint: write the value"),
        ("a.yaml:3:24: error: spec.x.1 has %!d( in it, and no engine fills it in here\nhint: write the value"),
    ]


def test_a_template_in_a_name_is_found_in_any_kind(tmp_path: Path) -> None:
    files = {**BY_HAND, "manifests/a.yaml": "apiVersion: example.com/v1\nkind: Any\nmetadata: {name: 'web-${ENV}'}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/a.yaml:3:18: warning: metadata.name has ${ in it, and no engine fills it in here\n"
            "hint: write the value"
        ),
    ]


def test_where_nobody_applies_a_file_another_tool_may_fill_it_in(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: 'web-${ENV}'}\n"}
    assert found(tmp_path, files, CODE) == []


STORE = """
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: a, namespace: web}
spec: {provider: {aws: {service: SecretsManager, region: "%s"}}}
"""


def test_no_rule_judges_what_another_tool_fills_in_first(tmp_path: Path) -> None:
    """Flux does, by the variables of a Kustomization."""
    for region, count in (("${REGION}", 0), ("eu-${REGION}", 0), ("nowhere", 1)):
        assert len(found(tmp_path, {"flux/store.yaml": STORE % region}, "store-region")) == count


def test_what_argo_cd_takes_as_it_is_and_what_we_made_is_judged(tmp_path: Path) -> None:
    ours = {"a.yaml": f"{MARK}{STORE.lstrip() % '${REGION}'}"}
    brought = {**BY_HAND, "manifests/another.yaml": STORE % "${REGION}"}
    assert len(found(tmp_path / "ours", ours, "store-region")) == 1
    assert len(found(tmp_path / "brought", brought, "store-region")) == 1


def test_an_application_set_is_made_of_templates() -> None:
    change = ('path: "examples', 'path: "{{ .x }}examples')
    assert found_in_six_clusters(CODE, "argocd/applicationsets/myapp.yaml", change) == []


def test_the_template_of_an_external_secret_is_one(tmp_path: Path) -> None:
    files = changed(
        SECRET_FILE, ("    name: db\n  data", "    name: db\n    template: {data: {url: '{{ .PASSWORD }}'}}\n  data")
    )
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    ("stated", "steps"),
    [
        ("    template: {mergePolicy: '{{ .x }}'}\n  data", "spec.target.template.mergePolicy"),
        ("    template: {type: '{{ .x }}', data: {url: '{{ .PASSWORD }}'}}\n  data", "spec.target.template.type"),
        (
            "    template: {templateFrom: [{literal: 'a: {{ .b }}', target: '{{ .x }}'}]}\n  data",
            "spec.target.template.templateFrom.0.target",
        ),
        (
            (
                "  dataFrom:\n    - extract: {key: a, conversionStrategy: '{{ .x }}'}\n"
                "      rewrite: [{transform: {template: '{{ .value }}'}}]\n  data"
            ),
            "spec.dataFrom.0.extract.conversionStrategy",
        ),
    ],
)
def test_what_is_no_text_that_an_external_secret_makes_is_none(tmp_path: Path, stated: str, steps: str) -> None:
    (told,) = found(tmp_path, changed(SECRET_FILE, ("    name: db\n  data", f"    name: db\n{stated}")), CODE)
    assert f": warning: {steps} has {{{{ in it, and no engine fills it in here\n" in told


def test_a_key_of_an_external_secret_is_none(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("key: dev/web/db", "key: '{{ env }}/web/db'"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:15:14: warning: spec.data.0.remoteRef.key has {{ in it, and no engine fills "
            "it in here\n"
            "hint: write the value"
        ),
    ]


def test_data_of_a_config_map_may_be_anything(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '{{ y }}'}\n",
    }
    assert found(tmp_path, files, CODE) == []


def test_the_spec_of_another_operator_may_be_anything(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/a.yaml": (
            "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: a}\nspec: {x: '{{ request.object }}'}\n"
        ),
    }
    assert found(tmp_path, files, CODE) == []


def test_an_annotation_may_be_anything(tmp_path: Path) -> None:
    files = changed(
        ACCOUNT_FILE, ("  annotations:\n", "  annotations:\n    vault.hashicorp.com/template: '{{ with secret }}'\n")
    )
    assert found(tmp_path, files, CODE) == []


def test_the_values_of_a_chart_may_be_templates(tmp_path: Path) -> None:
    files = {"values.yaml": MARK + "host: '{{ .Release.Name }}.example.com'\n"}
    assert found(tmp_path, files, CODE) == []


def test_nothing_in_generated_values_is_what_an_engine_failed_at(tmp_path: Path) -> None:
    assert found(tmp_path, {"values.yaml": MARK + "host: <no value>\n"}, CODE) == [
        ("values.yaml:2:7: error: host has <no value> in it, and no engine fills it in here\nhint: write the value"),
    ]


def test_a_variable_file_is_filled_in_by_nobody(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": 'a = "{{ x }}"\nb = "$${x}"\n'}, CODE) == [
        ("a.tfvars:1:5: warning: a has {{ in it, and no engine fills it in here\nhint: write the value"),
        ("a.tfvars:2:5: warning: b has ${ in it, and no engine fills it in here\nhint: write the value"),
    ]


def test_a_webhook_is_told_by_a_template_what_to_ask(tmp_path: Path) -> None:
    text = """\
        apiVersion: external-secrets.io/v1
        kind: {kind}
        metadata:
          name: vaultwarden
          namespace: web
        spec:
          provider:
            {provider}
        """
    url = 'webhook: {url: "http://cli/object/{{ .remoteRef.key }}", result: {jsonPath: "$.{{ .remoteRef.property }}"}}'
    fake = "fake: {data: [{key: /greeting, value: 'Hello {{ name }}'}]}"
    for kind in ("SecretStore", "ClusterSecretStore"):
        for provider in (url, fake):
            files = {**BY_HAND, "manifests/a.yaml": text.replace("{kind}", kind).replace("{provider}", provider)}
            assert found(tmp_path, files, CODE) == []


def test_a_script_may_ask_for_what_an_engine_prints(tmp_path: Path) -> None:
    script = "kubectl get job web -o go-template='{{.status.active}}'\\n[ \"$found\" = '<no value>' ]"
    files = {
        "manifests/job.yaml": f"""\
            apiVersion: batch/v1
            kind: Job
            metadata: {{name: wait}}
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: wait
                      command: [sh, -c, "test $found = '<no value>'"]
                      env: [{{name: SCRIPT, value: "{script.replace(chr(34), chr(92) + chr(34))}"}}]
            """
    }
    assert found(tmp_path, {**BY_HAND, **files}, CODE) == []


def test_a_definition_describes_what_an_engine_prints(tmp_path: Path) -> None:
    files = {
        "a.yaml": """\
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.example.com}
            spec: {versions: [{schema: {openAPIV3Schema: {description: "An empty one is printed as <nil>."}}}]}
            """
    }
    assert found(tmp_path, files, CODE) == []
