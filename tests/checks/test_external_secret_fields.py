"""The fields of what External Secrets reads, and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, EXTERNAL_SECRET, SECRET_FILE, STORE, STORE_FILE, changed, operator
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-fields"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"


def test_a_typo_in_a_key_is_found_at_the_key(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("  refreshInterval:", "  refreshIntervall:"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:6:3: error: ExternalSecret db: spec.refreshIntervall: there is no field "
            "refreshIntervall\n"
            "hint: did you mean refreshInterval?"
        ),
    ]


def test_a_word_with_a_typo_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("creationPolicy: Owner", "creationPolicy: owner")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "44:21: error: ExternalSecret myapp-db-credentials: spec.target.creationPolicy: got 'owner', "
            "expected CreateOrMerge or Merge or None or Orphan or Owner\n"
            "hint: did you mean Owner?"
        ),
    ]


def test_a_number_for_a_text_is_found(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("refreshInterval: 1h0m0s", "refreshInterval: 3600"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:6:20: error: ExternalSecret db: spec.refreshInterval: got a number, "
            "expected a string\n"
            "hint: write a string"
        ),
    ]


def test_a_duration_that_go_does_not_read_is_found(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("refreshInterval: 1h0m0s", "refreshInterval: 1d"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:6:20: error: ExternalSecret db: spec.refreshInterval: got '1d', expected a "
            "duration in h, m, s or ms such as 1h30m; write 24h\n"
            "hint: write a duration as Go reads it, such as 1h0m0s"
        ),
    ]


def test_a_field_of_a_newer_version_is_found(tmp_path: Path) -> None:
    files = {
        **changed(
            SECRET_FILE,
            ("  refreshInterval:", "  refreshPolicy: OnChange\n  refreshInterval:"),
            ("external-secrets.io/v1", "external-secrets.io/v1beta1"),
        ),
        "apps/operator.yaml": operator("0.15.1"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:6:3: error: ExternalSecret db: spec.refreshPolicy: there is no field "
            "refreshPolicy before 0.16.0\n"
            "hint: remove it, or update the operator"
        ),
    ]


def test_where_the_version_is_not_known_it_may_have_the_field(tmp_path: Path) -> None:
    files = {
        **changed(SECRET_FILE, ("  refreshInterval:", "  refreshPolicy: OnChange\n  refreshInterval:")),
        "apps/operator.yaml": operator("0.*"),
    }
    assert found(tmp_path, files, CODE) == []


def test_where_the_version_is_not_known_a_slip_is_a_warning(tmp_path: Path) -> None:
    files = {
        **changed(SECRET_FILE, ("  refreshInterval:", "  refreshIntervall:")),
        "apps/operator.yaml": operator("3.0.0"),
    }
    (problem,) = found(tmp_path, files, CODE)
    assert problem.endswith("hint: did you mean refreshInterval?")
    assert problem.partition(": ExternalSecret")[0] == "manifests/secret.yaml:6:3: warning"


def test_where_the_version_is_not_known_another_field_may_be_a_new_one(tmp_path: Path) -> None:
    files = {
        **changed(SECRET_FILE, ("  refreshInterval:", "  fancy: true\n  refreshInterval:")),
        "apps/operator.yaml": operator("3.0.0"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:6:3: note: ExternalSecret db: spec.fancy: there is no field fancy up to "
            "version 2.9.0 of the operator\n"
            "hint: known here: data, dataFrom, refreshInterval, refreshPolicy, secretStoreRef, syncWindows, target"
        ),
    ]


def test_an_entry_without_a_key_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, changed(SECRET_FILE, ("        key: dev/web/db\n", "")), CODE) == [
        (
            "manifests/secret.yaml:14:7: error: ExternalSecret db: spec.data[0].remoteRef: key is missing\n"
            "hint: add key:"
        ),
    ]


def test_a_secret_key_with_a_space_is_found(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("secretKey: PASSWORD", "secretKey: PASS WORD"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:13:18: error: ExternalSecret db: spec.data[0].secretKey: got a space at "
            "character 5, expected letters, digits, hyphens, underscores and dots\n"
            "hint: rename the key"
        ),
    ]


def test_nothing_to_read_is_found(tmp_path: Path) -> None:
    files = {**BY_HAND, SECRET_FILE: EXTERNAL_SECRET.partition("  data:")[0]}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:5:1: error: ExternalSecret db: spec: neither data nor dataFrom says what to "
            "read\n"
            "hint: add data:"
        ),
    ]


def test_extract_and_find_at_once_are_found(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("  data:", "  dataFrom:\n    - extract: {key: a}\n      find: {path: b}\n  data:"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:13:7: error: ExternalSecret db: spec.dataFrom[0]: got extract and find, "
            "expected one of them\n"
            "hint: make an item of each"
        ),
    ]


def test_delete_without_owning_is_found(tmp_path: Path) -> None:
    files = changed(
        SECRET_FILE,
        ("    name: db\n  data", "    name: db\n    creationPolicy: Merge\n    deletionPolicy: Delete\n  data"),
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:13:21: error: ExternalSecret db: spec.target.deletionPolicy: Delete goes "
            "with creationPolicy Owner or Orphan, got Merge\n"
            "hint: write Retain"
        ),
    ]


def test_merge_without_making_is_found(tmp_path: Path) -> None:
    files = changed(
        SECRET_FILE,
        ("    name: db\n  data", "    name: db\n    creationPolicy: None\n    deletionPolicy: Merge\n  data"),
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:13:21: error: ExternalSecret db: spec.target.deletionPolicy: Merge needs a "
            "Secret to merge into, and creationPolicy None makes none\n"
            "hint: write Retain"
        ),
    ]


def test_a_target_with_a_capital_letter_is_found(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("    name: db\n  data", "    name: Db\n  data"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:11:11: error: ExternalSecret db: spec.target.name: got a capital letter at "
            "the start, expected lower case letters, digits, hyphens and dots\n"
            "hint: rename the Secret"
        ),
    ]


def test_a_type_that_the_operator_refuses_is_found(tmp_path: Path) -> None:
    files = changed(
        SECRET_FILE,
        ("    name: db\n  data", "    name: db\n    template: {type: bootstrap.kubernetes.io/token}\n  data"),
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:12:22: error: ExternalSecret db: spec.target.template.type: the operator "
            "refuses bootstrap.kubernetes.io/token\n"
            "hint: use another type"
        ),
    ]


def test_no_spec_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, {"store.yaml": STORE.partition("spec:")[0]}, CODE) == [
        ("store.yaml:1:1: error: SecretStore store: spec: there is no spec\nhint: add spec:"),
    ]


def test_a_field_that_must_be_there_is_told_once_where_it_stands_with_a_typo(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("      region: eu-west-1", "      regoin: eu-west-1"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:9:7: error: SecretStore store: spec.provider.aws.regoin: there is no field regoin, "
            "and region is missing\n"
            "hint: did you mean region?"
        ),
    ]


def _store_of(provider: str) -> dict[str, str]:
    """Returns the repository with a store of another provider, which is written in the flow style."""
    return {**BY_HAND, STORE_FILE: f"{STORE.partition('  provider:')[0]}  provider:\n    {provider}\n"}


@pytest.mark.parametrize(
    ("provider", "message"),
    [
        (
            "azurekv: {vaultURL: https://v.vault.azure.net, vaultUrl: https://v.vault.azure.net}",
            (
                "15: error: SecretStore store: spec.provider.azurekv.vaultURL: there is no field vaultURL\n"
                "hint: did you mean vaultUrl?"
            ),
        ),
        (
            "azurekv: {vaultUrl: https://v.vault.azure.net, authType: WorkLoadIdentity}",
            (
                "62: error: SecretStore store: spec.provider.azurekv.authType: got 'WorkLoadIdentity', expected "
                "ManagedIdentity or ServicePrincipal or WorkloadIdentity\n"
                "hint: did you mean WorkloadIdentity?"
            ),
        ),
        (
            "vault: {server: https://vault, auth: {kubernetes: {mountPath: kubernetes}}}",
            "43: error: SecretStore store: spec.provider.vault.auth.kubernetes: role is missing\nhint: add role:",
        ),
        (
            "gcpsm: {projectId: project}",
            (
                "13: error: SecretStore store: spec.provider.gcpsm.projectId: there is no field projectId\n"
                "hint: did you mean projectID?"
            ),
        ),
        (
            "onepassword: {connectHost: http://c, vaults: {a: one}, auth: {secretRef: {connectTokenSecretRef: {}}}}",
            (
                "54: error: SecretStore store: spec.provider.onepassword.vaults.a: got a string, expected a whole "
                "number\nhint: write a whole number"
            ),
        ),
        (
            "onepasswordSDK: {vault: a, environment: b, auth: {serviceAccountSecretRef: {name: t, key: k}}}",
            (
                "45: error: SecretStore store: spec.provider.onepasswordSDK.environment: there is a vault beside it, "
                "and a store reads one of the two\nhint: remove one of the two, or make a store for each"
            ),
        ),
        *(
            (
                f"onepasswordSDK: {{{place}auth: {{serviceAccountSecretRef: {{name: t, key: k}}}}}}",
                (
                    "5: error: SecretStore store: spec.provider.onepasswordSDK: it names neither a vault nor an "
                    "environment\nhint: name the vault: vault: ..."
                ),
            )
            for place in ("", "vault: '', ")
        ),
        (
            "azureKV: {vaultUrl: https://v.vault.azure.net}",
            (
                "5: error: SecretStore store: spec.provider.azureKV: there is no field azureKV\n"
                "hint: did you mean azurekv?"
            ),
        ),
    ],
)
def test_a_mistake_in_any_other_provider_is_found(tmp_path: Path, provider: str, message: str) -> None:
    assert found(tmp_path, _store_of(provider), CODE) == [f"manifests/store.yaml:7:{message}"]


@pytest.mark.parametrize(
    "provider",
    [
        "gitlab: {auth: {SecretRef: {accessToken: {name: token, key: token}}}, projectID: '1'}",
        "fake: {data: [{key: a, value: b, anything: c}]}",
        "onepasswordSDK: {environment: a, auth: {serviceAccountSecretRef: {name: t, key: k}}}",
        "onepasswordSDK: {vault: a, environment: ~, auth: {serviceAccountSecretRef: {name: t, key: k}}}",
        "vault: {server: https://vault, path: kv, version: v2, headers: {A: b}, auth: {tokenSecretRef: {name: t}}}",
        "webhook: {url: https://hook, result: {jsonPath: $.a}, headers: {A: b}}",
    ],
)
def test_a_provider_with_its_own_fields_is_well(tmp_path: Path, provider: str) -> None:
    assert found(tmp_path, _store_of(provider), CODE) == []


PUSH_SECRET = """\
apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata:
  name: push
  namespace: app
spec:
  refreshInterval: 1h0m0s
  updatePolicy: Replace
  deletionPolicy: Delete
  secretStoreRefs:
    - name: store
      kind: SecretStore
  selector:
    secret:
      name: db
  data:
    - match:
        secretKey: password
        remoteRef:
          remoteKey: app/db
          property: password
      metadata:
        anything: here
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "deletionPolicy: Delete",
            "deletionPolicy: Retain",
            (
                "9:19: error: PushSecret push: spec.deletionPolicy: got 'Retain', expected Delete or None\n"
                "hint: known here: Delete, None"
            ),
        ),
        (
            "secretStoreRefs:",
            "secretStoreRef:",
            (
                "10:3: error: PushSecret push: spec.secretStoreRef: there is no field secretStoreRef, "
                "and secretStoreRefs is missing\n"
                "hint: did you mean secretStoreRefs?"
            ),
        ),
        (
            "refreshInterval: 1h0m0s",
            "refreshInterval: 1d",
            (
                "7:20: error: PushSecret push: spec.refreshInterval: got '1d', expected a duration in h, m, s or ms "
                "such as 1h30m; write 24h\n"
                "hint: write a duration as Go reads it, such as 1h0m0s"
            ),
        ),
        (
            "          remoteKey: app/db",
            "          key: app/db",
            (
                "20:11: error: PushSecret push: spec.data[0].match.remoteRef.key: there is no field key\n"
                "hint: known here: property, remoteKey"
            ),
        ),
    ],
)
def test_a_mistake_in_a_push_secret_is_found(tmp_path: Path, old: str, new: str, message: str) -> None:
    push = PUSH_SECRET.replace(old, new)
    assert push != PUSH_SECRET
    assert f"manifests/push.yaml:{message}" in found(tmp_path, {**BY_HAND, "manifests/push.yaml": push}, CODE)


@pytest.mark.parametrize("selector", ["{}", "{secret: {}}", "{secret: {name: }}", "{secret: {name: ''}}"])
def test_a_push_secret_that_selects_nothing_is_found(tmp_path: Path, selector: str) -> None:
    push = PUSH_SECRET.replace("  selector:\n    secret:\n      name: db\n", f"  selector: {selector}\n")
    assert push != PUSH_SECRET
    (got,) = found(tmp_path, {**BY_HAND, "manifests/push.yaml": push}, CODE)
    assert got == (
        "manifests/push.yaml:13:3: error: PushSecret push: spec.selector: it names neither a Secret nor a generator, "
        "so that nothing is pushed\nhint: name the Secret: secret: {name: ...}"
    )


@pytest.mark.parametrize(
    "selector",
    ["{secret: {selector: {matchLabels: {a: b}}}}", "{generatorRef: {kind: Password, name: own}}"],
)
def test_a_push_secret_may_select_in_other_ways(tmp_path: Path, selector: str) -> None:
    push = PUSH_SECRET.replace("  selector:\n    secret:\n      name: db\n", f"  selector: {selector}\n")
    assert push != PUSH_SECRET
    assert found(tmp_path, {**BY_HAND, "manifests/push.yaml": push}, CODE) == []


def test_a_push_secret_is_well(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "manifests/push.yaml": PUSH_SECRET}, CODE) == []


def test_two_providers_are_found(tmp_path: Path) -> None:
    assert found(tmp_path, changed(STORE_FILE, ("    aws:", "    vault: {server: https://vault}\n    aws:")), CODE) == [
        (
            "manifests/store.yaml:6:3: error: SecretStore store: spec.provider: got vault and aws, expected "
            "one provider\n"
            "hint: make a store for each"
        ),
    ]


def test_no_provider_is_found(tmp_path: Path) -> None:
    files = {**BY_HAND, STORE_FILE: f"{STORE.partition('  provider:')[0]}  provider: {{}}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:6:3: error: SecretStore store: spec.provider: got none, expected one provider\n"
            "hint: write one, as aws"
        ),
    ]


def test_a_window_that_aws_does_not_take_is_found(tmp_path: Path) -> None:
    files = changed(
        STORE_FILE,
        (
            "      region: eu-west-1",
            (
                "      region: eu-west-1\n      secretsManager:\n"
                "        recoveryWindowInDays: 3\n        forceDeleteWithoutRecovery: true"
            ),
        ),
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:11:31: error: SecretStore store: "
            "spec.provider.aws.secretsManager.recoveryWindowInDays: forceDeleteWithoutRecovery leaves no window\n"
            "hint: remove one of the two"
        ),
        (
            "manifests/store.yaml:11:31: error: SecretStore store: "
            "spec.provider.aws.secretsManager.recoveryWindowInDays: got 3, expected 7 to 30\n"
            "hint: write 7 to 30"
        ),
    ]


def test_a_flag_of_the_service_account_that_is_no_flag_is_found() -> None:
    change = ("automountServiceAccountToken: false", "automountServiceAccountToken: falsex")
    assert found_in_six_clusters(CODE, SECRETS, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "10:31: error: ServiceAccount myapp-eso: automountServiceAccountToken: got a string, expected true "
            "or false\n"
            "hint: write true or false"
        ),
    ]


def test_a_generated_field_without_a_value_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("refreshPolicy: Periodic", "refreshPolicy:")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "37:17: error: ExternalSecret myapp-db-credentials: spec.refreshPolicy: got no value\n"
            "hint: write one, or remove the key"
        ),
    ]


def test_a_field_without_a_value_is_one_that_is_left_out(tmp_path: Path) -> None:
    assert found(tmp_path, changed(SECRET_FILE, ("    kind: SecretStore", "    kind:")), CODE) == []


def test_the_first_schema_of_all_is_not_judged(tmp_path: Path) -> None:
    files = {
        "secret.yaml": EXTERNAL_SECRET.replace("external-secrets.io/v1", "external-secrets.io/v1alpha1").replace(
            "refreshInterval", "refresh"
        )
    }
    assert found(tmp_path, files, CODE) == []


def test_a_template_is_somebody_elses_business(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("    kind: SecretStore", "    kind: '{{ .kind }}'"))
    assert found(tmp_path, files, CODE) == []


STORE_REF = "  secretStoreRef:\n    name: store\n    kind: SecretStore\n"


def test_a_secret_without_a_store_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, changed(SECRET_FILE, (STORE_REF, "")), CODE) == [
        (
            "manifests/secret.yaml:5:1: error: ExternalSecret db: spec: there is no secretStoreRef, and what has no "
            "sourceRef needs it\n"
            "hint: add secretStoreRef:"
        ),
    ]


def test_what_names_its_own_source_needs_no_store(tmp_path: Path) -> None:
    data = EXTERNAL_SECRET.index("  data:")
    generated = "  dataFrom:\n    - sourceRef: {generatorRef: {kind: Password, name: x}}\n"
    text = EXTERNAL_SECRET[:data].replace(STORE_REF, "") + generated
    assert found(tmp_path, {**BY_HAND, SECRET_FILE: text}, CODE) == []


def test_an_item_that_extracts_or_finds_may_name_a_store_of_its_own(tmp_path: Path) -> None:
    store = "sourceRef: {storeRef: {name: store, kind: SecretStore}}"
    items = f"  dataFrom:\n    - extract: {{key: a}}\n      {store}\n    - find: {{path: b}}\n      {store}\n  data:"
    assert found(tmp_path, changed(SECRET_FILE, ("  data:", items)), CODE) == []


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("{extract: {key: a}, sourceRef: {generatorRef: {kind: Password, name: x}}}", "got extract and sourceRef.gen"),
        ("{rewrite: [{regexp: {source: a, target: b}}]}", "got nothing, expected extract, find or sourceRef"),
        ("{sourceRef: {}}", "got nothing, expected storeRef or generatorRef"),
    ],
)
def test_an_item_that_the_webhook_refuses_is_found(tmp_path: Path, item: str, reason: str) -> None:
    (problem,) = found(tmp_path, changed(SECRET_FILE, ("  data:", f"  dataFrom:\n    - {item}\n  data:")), CODE)
    assert " error: " in problem
    assert reason in problem


def test_a_generator_for_an_entry_of_data_is_found(tmp_path: Path) -> None:
    source = "PASSWORD\n      sourceRef: {generatorRef: {kind: Password, name: x}}"
    assert found(tmp_path, changed(SECRET_FILE, ("PASSWORD", source)), CODE) == [
        (
            "manifests/secret.yaml:14:19: error: ExternalSecret db: spec.data[0].sourceRef.generatorRef: the operator "
            "asks no generator for an entry of data, and looks for a store without a name\n"
            "hint: name the generator in dataFrom:"
        ),
    ]


def test_a_kind_of_generator_that_no_operator_has_is_found(tmp_path: Path) -> None:
    item = "  dataFrom:\n    - sourceRef: {generatorRef: {kind: Pasword, name: x}}\n"
    [got] = found(tmp_path, {**BY_HAND, SECRET_FILE: EXTERNAL_SECRET + item}, CODE)
    assert "spec.dataFrom[0].sourceRef.generatorRef.kind: got 'Pasword', expected ACRAccessToken or " in got
    assert "hint: did you mean Password?" in got


@pytest.mark.parametrize(("number", "length"), [("1234abcd-12ab-34cd-56ef-123456", 30), ("", 0), ("a" * 65, 65)])
def test_the_id_of_a_version_that_secrets_manager_refuses_is_found(number: str, length: int) -> None:
    change = ('property: "password"', f'property: "password"\n        version: "uuid/{number}"')
    (got,) = found_in_six_clusters(CODE, SECRETS, change)
    assert f"got an id of {length} characters behind uuid/, expected 32 to 64" in got


@pytest.mark.parametrize("version", ["AWSPREVIOUS", "uuid/1234abcd-12ab-34cd-56ef-1234567890ab", "uuid/<id>", "3"])
def test_stages_ids_and_forms_of_a_version_are_fine(version: str) -> None:
    change = ('property: "password"', f'property: "password"\n        version: "{version}"')
    assert found_in_six_clusters(CODE, SECRETS, change) == []


def test_an_item_that_is_a_key_as_it_once_was_is_found(tmp_path: Path) -> None:
    files = changed(SECRET_FILE, ("  data:", "  dataFrom:\n    - key: prod/db\n  data:"))
    unknown, refused = sorted(found(tmp_path, files, CODE))
    assert refused.endswith("expected extract, find or sourceRef\nhint: write it below extract:")
    assert "spec.dataFrom[0].key: there is no field key" in unknown


def test_the_fields_of_a_cluster_external_secret_are_those_of_the_secrets_that_it_makes(tmp_path: Path) -> None:
    text = """\
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: {name: db}
spec:
  refreshTime: 1m
  namespaceSelectors: [{matchLabels: {a: b}}]
  namespaceSelectorz: []
  externalSecretSpec:
    secretStoreRef: {name: store, kind: ClusterSecretStore}
    dataFrom: [{extract: {key: a}}]
    refreshIntervall: 1h0m0s
"""
    beside, problem = found(tmp_path, {**BY_HAND, "manifests/all.yaml": text}, CODE)
    assert beside.startswith(
        "manifests/all.yaml:7:3: error: ClusterExternalSecret db: spec.namespaceSelectorz: there is no field "
    )
    assert problem.startswith(
        "manifests/all.yaml:11:5: error: ClusterExternalSecret db: spec.externalSecretSpec.refreshIntervall: there is "
        "no field refreshIntervall\n"
    )


def test_what_the_webhook_refuses_it_refuses_of_what_a_cluster_external_secret_makes(tmp_path: Path) -> None:
    text = """\
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: {name: db}
spec:
  externalSecretSpec:
    secretStoreRef: {name: store, kind: ClusterSecretStore}
    target: {creationPolicy: Merge, deletionPolicy: Delete}
"""
    nothing, policy = found(tmp_path, {**BY_HAND, "manifests/all.yaml": text}, CODE)
    assert nothing.startswith(
        "manifests/all.yaml:5:3: error: ClusterExternalSecret db: spec.externalSecretSpec: neither data nor dataFrom "
    )
    assert policy.startswith(
        "manifests/all.yaml:7:53: error: ClusterExternalSecret db: spec.externalSecretSpec.target.deletionPolicy: "
    )


def _with_part(part: str) -> dict[str, str]:
    written = f"  target:\n    template:\n      templateFrom:\n        - {{literal: 'a: b', target: {part}}}\n"
    return changed(SECRET_FILE, ("  target:\n", written))


@pytest.mark.parametrize("part", ["Labels", "labels", "Data"])
def test_a_template_makes_a_part_of_a_secret(tmp_path: Path, part: str) -> None:
    assert found(tmp_path, _with_part(part), CODE) == []


def test_a_template_that_makes_no_part_of_a_secret_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, _with_part("Label"), CODE) == [
        (
            "manifests/secret.yaml:13:37: error: ExternalSecret db: spec.target.template.templateFrom[0].target: "
            "got 'Label', expected Annotations or Data or Labels\nhint: did you mean Labels?"
        ),
    ]


def test_a_secret_that_is_made_by_its_kind_has_the_parts_of_one(tmp_path: Path) -> None:
    written = (
        "  target:\n    manifest: {apiVersion: v1, kind: Secret}\n    template:\n      templateFrom:\n"
        "        - {literal: 'a: b', target: spec.rules}\n"
    )
    (got,) = found(tmp_path, changed(SECRET_FILE, ("  target:\n", written)), CODE)
    assert "templateFrom[0].target: got 'spec.rules', expected Annotations or Data or Labels" in got


@pytest.mark.parametrize(
    ("manifest", "field", "column"),
    [("{apiVersion: '', kind: ConfigMap}", "apiVersion", 28), ("{apiVersion: v1, kind: ''}", "kind", 38)],
)
def test_an_object_of_no_kind_is_found(tmp_path: Path, manifest: str, field: str, column: int) -> None:
    files = changed(SECRET_FILE, ("  target:\n", f"  target:\n    manifest: {manifest}\n"))
    assert found(tmp_path, files, CODE) == [
        (
            f"manifests/secret.yaml:11:{column}: error: ExternalSecret db: spec.target.manifest.{field}: got nothing, "
            f"and the operator makes nothing of it\nhint: write the {field} of what it makes"
        ),
    ]


def test_what_a_template_makes_of_another_object_is_any_part(tmp_path: Path) -> None:
    written = (
        "  target:\n    manifest: {apiVersion: v1, kind: ConfigMap}\n    template:\n      templateFrom:\n"
        "        - {literal: 'a: b', target: spec.rules}\n"
    )
    assert found(tmp_path, changed(SECRET_FILE, ("  target:\n", written)), CODE) == []


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ .PASSWORT }}", "reads .PASSWORT, which no data give it\nhint: did you mean PASSWORD?"),
        ("{{ .cert | filterPEM .PASSWORD }}", "reads .cert, which no data give it\nhint: known here: PASSWORD"),
        ("{{ .PASSWORD }", "no Go template: "),
    ],
)
def test_a_template_that_gets_no_value_is_found(tmp_path: Path, template: str, said: str) -> None:
    written = f"  target:\n    template:\n      data:\n        DSN: 'db://{template}'\n"
    (problem,) = found(tmp_path, changed(SECRET_FILE, ("  target:\n", written)), CODE)
    assert problem.startswith(
        f"manifests/secret.yaml:13:14: error: ExternalSecret db: spec.target.template.data.DSN: {said}"
    )


@pytest.mark.parametrize(
    ("template", "more"),
    [
        ("{{ .PASSWORD | b64enc }}", ""),
        ('{{ index . "other" }}', ""),
        ('{{ if hasKey . "other" }}{{ .other }}{{ end }}', ""),
        ("{{ 1 }}", ""),
        ("{{ .other }}", "  dataFrom: [{extract: {key: dev/web/db}}]\n"),
    ],
)
def test_what_a_template_reads_is_judged_as_far_as_it_is_known(tmp_path: Path, template: str, more: str) -> None:
    written = f"{more}  target:\n    template:\n      data:\n        DSN: '{template}'\n"
    assert found(tmp_path, changed(SECRET_FILE, ("  target:\n", written)), CODE) == []


@pytest.mark.parametrize("version", ["AWSCURENT", "awsprevious"])
def test_a_stage_with_a_slip_is_found(tmp_path: Path, version: str) -> None:
    def problems(stage: str) -> list[str]:
        key = "        property: password\n"
        return found(tmp_path, changed(SECRET_FILE, (key, f"{key}        version: {stage}\n")), CODE)

    assert problems("AWSPENDING") == problems("blue") == []
    (problem,) = problems(version)
    assert f"got {version}, which is no stage of a secret\nhint: did you mean AWS" in problem


@pytest.mark.parametrize(
    ("role", "reason"),
    [
        (
            "arn:aws:iam::11112222333:role/reader",
            "got 11 digits, expected 12; leading zeros count, in the account of the ARN",
        ),
        (
            "arn:aws:iam:eu-west-1:111122223333:role/reader",
            "got the region 'eu-west-1', expected none: IAM has no regions",
        ),
    ],
)
def test_a_role_of_a_store_that_is_no_arn_is_found(tmp_path: Path, role: str, reason: str) -> None:
    files = changed(STORE_FILE, ("      auth:", f"      role: {role}\n      auth:"))
    assert found(tmp_path, files, CODE) == [
        (
            f"manifests/store.yaml:10:13: error: SecretStore store: spec.provider.aws.role: {reason}\n"
            "hint: write the ARN of the role that it takes on"
        ),
    ]


def test_a_role_that_a_store_takes_on_before_is_found_at_its_place(tmp_path: Path) -> None:
    roles = "      additionalRoles:\n      - arn:aws:iam::111122223333:user/reader\n      auth:"
    (finding,) = found(tmp_path, changed(STORE_FILE, ("      auth:", roles)), CODE)
    where = "manifests/store.yaml:11:9: error: SecretStore store: spec.provider.aws.additionalRoles[0]: "
    assert finding.startswith(where)


@pytest.mark.parametrize(
    "role",
    ["arn:aws:iam::ACCOUNT_ID:role/reader", "arn:aws:iam::${ACCOUNT}:role/reader", "reader"],
)
def test_what_may_stand_for_a_role_of_a_store_is_left_alone(tmp_path: Path, role: str) -> None:
    files = changed(STORE_FILE, ("      auth:", f"      role: {role}\n      auth:"))
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("refreshPolicy: Periodic", "refreshPolicy: CreatedOnce"),
        ("refreshInterval: 1h0m0s", "refreshInterval: 0s"),
    ],
)
def test_a_policy_and_an_interval_of_ours_that_part_are_a_warning(old: str, new: str) -> None:
    (told,) = found_in_six_clusters(CODE, SECRETS, (old, new))
    assert "warning: ExternalSecret myapp-db-credentials has refreshPolicy " in told
    assert told.endswith(f"output/{SECRETS}:38:20: the interval")


def test_a_policy_that_none_of_ours_looks_at_the_interval_with_is_meant(tmp_path: Path) -> None:
    text = MARK + EXTERNAL_SECRET.replace("  refreshInterval", "  refreshPolicy: OnChange\n  refreshInterval")
    assert not any("read again" in each for each in found(tmp_path, {**BY_HAND, SECRET_FILE: text}, CODE))


@pytest.mark.parametrize(
    ("key", "hint"),
    [("app.yaml", None), ("app.yml", "did you mean app.yaml?"), ("'{{ .Values.key }}'", None)],
)
def test_a_template_is_taken_from_a_key_that_its_config_map_has(tmp_path: Path, key: str, hint: str | None) -> None:
    item = f"{{configMap: {{name: tpl, items: [{{key: {key}}}]}}}}"
    files = {
        **BY_HAND,
        SECRET_FILE: EXTERNAL_SECRET + f"  target: {{template: {{templateFrom: [{item}]}}}}\n",
        "manifests/map.yaml": (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tpl, namespace: web}\ndata: {app.yaml: 'a: b'}\n"
        ),
    }
    got = [each for each in found(tmp_path, files, CODE) if "for a template" in each]
    assert [each.splitlines()[1] for each in got] == ([f"hint: {hint}"] if hint else [])
    assert found(tmp_path, {"manifests/map.yaml": files["manifests/map.yaml"].replace("tpl", "other")}, CODE) == []


TEMPLATED = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db}
spec:
  secretStoreRef: {name: store}
  target:
    template: {%s}
  data: [{secretKey: %s, remoteRef: {key: dev/web/db}}]
"""
READS_NOTHING = (
    "ExternalSecret db: its template reads nothing of what it fetches, so that nothing of it comes into the Secret"
)


@pytest.mark.parametrize(
    ("template", "is_told"),
    [
        ('data: {user: admin, password: ""}', True),
        ("data: {user: admin}, metadata: {labels: {app: web}}", True),
        ('data: {APP_USER: admin, APP_PASSWORD: ""}', True),
        ("data: {user: APP_USER}", False),
        ("data: {password: '{{ .PASSWORD }}'}", False),
        ("data: {user: admin}, mergePolicy: Merge", False),
        ("data: {user: admin}, templateFrom: [{configMap: {name: a, items: [{key: b}]}}]", False),
        ("data: {user: admin}, metadata: {annotations: {a: '{{ .PASSWORD }}'}}", False),
        ("data: {user: '<user>'}", False),
        ("data: {user: admin, password: '((password))'}", False),
        ("metadata: {labels: {app: web}}", False),
    ],
)
def test_a_template_that_reads_nothing_of_what_is_fetched_is_found(
    tmp_path: Path, template: str, is_told: bool
) -> None:
    """Source: external-secrets issue 2080."""
    expected = (
        f"manifests/secret.yaml:7:16: warning: {READS_NOTHING}\n"
        "hint: read it with {{ .PASSWORD }}, or set mergePolicy: Merge"
    )
    files = {**BY_HAND, "manifests/secret.yaml": TEMPLATED % (template, "PASSWORD")}
    assert found(tmp_path, files, CODE) == ([expected] if is_told else [])


def test_a_template_that_helm_has_filled_in_is_found(tmp_path: Path) -> None:
    """Source: external-secrets issues 1664 and 2703."""
    files = {
        **BY_HAND,
        "manifests/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "manifests/templates/secret.yaml": TEMPLATED % ('data: {password: "{{ .password }}"}', "db-password"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            f"manifests/templates/secret.yaml:7:5: warning: {READS_NOTHING}\n"
            'hint: Helm fills {{ }} in first: write {{ `{{ index . "db-password" }}` }}\n'
            "apps/web.yaml:14:13: the chart is rendered for this"
        )
    ]


@pytest.mark.parametrize("role", ["aon:aws:iam::111122223333:role/reader", "arnaws:iam::111122223333:role/reader"])
def test_an_arn_with_a_slip_in_its_start_stands_for_no_role(tmp_path: Path, role: str) -> None:
    files = changed(STORE_FILE, ("      auth:", f"      role: {role}\n      auth:"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:10:13: error: SecretStore store: spec.provider.aws.role: got no ARN, expected "
            "arn:<partition>:iam::<account>:role/<name>\n"
            "hint: write the ARN of the role that it takes on"
        ),
    ]


@pytest.mark.parametrize(
    ("more", "is_found"),
    [
        ("sessionTags: [{key: cluster, value: one}]\n      transitiveTagKeys: [clustr]", True),
        ("sessionTags: [{key: cluster, value: one}]\n      transitiveTagKeys: [Cluster]", False),
        ("sessionTags: []\n      transitiveTagKeys: [clustr]", False),
        (
            (
                "sessionTagsPolicy: Simple\n      sessionTags: [{key: cluster, value: one}]\n      "
                "transitiveTagKeys: [clustr]"
            ),
            False,
        ),
    ],
)
def test_a_transitive_tag_that_the_store_does_not_give_is_found(tmp_path: Path, more: str, is_found: bool) -> None:
    role = "arn:aws:iam::111122223333:role/reader"
    files = changed(STORE_FILE, ("      auth:", f"      role: {role}\n      {more}\n      auth:"))
    told = (
        "manifests/store.yaml:12:27: error: SecretStore store: spec.provider.aws.transitiveTagKeys[0]: got clustr, "
        "which is the key of none of its sessionTags, and STS refuses that\nhint: did you mean cluster?"
    )
    assert found(tmp_path, files, CODE) == ([told] if is_found else [])


@pytest.mark.parametrize(
    ("refs", "reason"),
    [
        ("[]", "10:3: error: PushSecret push: spec.secretStoreRefs: it names no store, so that nothing is pushed\n"),
        (
            "[{kind: SecretStore}]",
            (
                "10:21: error: PushSecret push: spec.secretStoreRefs[0]: it names no store, and selects none by its "
                "labels\n"
            ),
        ),
        ("[{kind: SecretStore, labelSelector: {matchLabels: {a: b}}}]", ""),
    ],
)
def test_a_push_secret_without_a_store_is_found(tmp_path: Path, refs: str, reason: str) -> None:
    """Source: external-secrets, pushsecret_controller.go, GetSecretStores."""
    start, end = PUSH_SECRET.index("  secretStoreRefs:"), PUSH_SECRET.index("  selector:")
    push = f"{PUSH_SECRET[:start]}  secretStoreRefs: {refs}\n{PUSH_SECRET[end:]}"
    got = found(tmp_path, {**BY_HAND, "manifests/push.yaml": push}, CODE)
    assert [each.partition("hint:")[0] for each in got] == ([f"manifests/push.yaml:{reason}"] if reason else [])


LEFT_OUT = """\
apiVersion: external-secrets.io/v1
kind: {kind}
metadata: {{name: quarry}}
spec:
  # (...)
  {field}
"""


@pytest.mark.parametrize(
    ("kind", "field", "missing"),
    [
        (
            "ExternalSecret",
            "data: [{secretKey: pump, remoteRef: {key: quarry/pump}}]",
            ["there is no secretStoreRef, and what has no sourceRef needs it"],
        ),
        ("ExternalSecret", "secretStoreRef: {name: depot}", ["neither data nor dataFrom says what to read"]),
        ("ClusterSecretStore", "controller: north", ["provider is missing"]),
    ],
)
def test_what_an_excerpt_leaves_out_is_a_note_unless_an_application_brings_it(
    tmp_path: Path, kind: str, field: str, missing: list[str]
) -> None:
    text = LEFT_OUT.format(kind=kind, field=field)
    told = found(tmp_path, {"docs/quarry.yaml": text}, CODE)
    left_out = ", in a file that leaves something out"
    assert [each.splitlines()[0] for each in told] == [
        f"docs/quarry.yaml:4:1: note: {kind} quarry: spec: {each}{left_out}" for each in missing
    ]
    brought = found(tmp_path, {**BY_HAND, "manifests/quarry.yaml": text}, CODE)
    assert [each.splitlines()[0] for each in brought if each.startswith("manifests/")] == [
        f"manifests/quarry.yaml:4:1: error: {kind} quarry: spec: {each}" for each in missing
    ]
