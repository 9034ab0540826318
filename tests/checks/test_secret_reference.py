"""The Secrets that workloads and charts read."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, EXTERNAL_SECRET, SECRET_FILE, SERVICE_ACCOUNT, application, changed
from tests.checks.trees import MARK, URL, found, found_in_six_clusters, found_in_wide
from tests.tools.generated import real
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

CODE = "secret-reference"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
VALUES = "environments/production/apps/myapp/values.yaml"
VALUES_FILES = """\
        ignoreMissingValueFiles: true
        valueFiles: [/values/a.yaml, /values/b.yaml]
"""


READS_USER = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, env: [
  {name: A, valueFrom: {secretKeyRef: {name: db, key: USER}}}]}]}}}
"""


@pytest.mark.parametrize("policy", ["Merge", "CreateOrMerge"])
def test_a_secret_that_is_only_added_to_may_have_other_keys(tmp_path: Path, policy: str) -> None:
    files = changed(
        SECRET_FILE, ("  target:\n    name: db\n", f"  target:\n    name: db\n    creationPolicy: {policy}\n")
    )
    assert found(tmp_path, {**files, "manifests/reading.yaml": READS_USER}, CODE) == []


def test_the_secret_of_another_argo_cd_says_nothing_of_the_keys_here(tmp_path: Path) -> None:
    secret = BY_HAND[SECRET_FILE]
    files = {
        "apps/dev.yaml": application("web-dev", cluster="in-cluster", path="dev"),
        "apps/prod.yaml": application("web-prod", cluster="in-cluster", path="prod"),
        "dev/secret.yaml": secret,
        "prod/web.yaml": READS_USER,
    }
    assert found(tmp_path, files, CODE) == []
    (problem,) = found(tmp_path, {**files, "prod/secret.yaml": secret}, CODE)
    assert problem.startswith(
        "prod/web.yaml:5:55: error: Deployment web reads the key USER of the Secret db, but ExternalSecret db gives it "
        "PASSWORD\n"
    )


def test_a_workload_that_reads_a_key_that_is_there_is_fine(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: PASSWORD}}}]
    """
    assert found(tmp_path, {**BY_HAND, "manifests/workload.yaml": workload}, CODE) == []


def test_a_key_that_is_not_there_is_found_at_the_workload(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: PASWORD}}}]
    """
    assert found(tmp_path, {**BY_HAND, "manifests/workload.yaml": workload}, CODE) == [
        (
            "manifests/workload.yaml:9:69: error: Deployment web reads the key PASWORD of the Secret db, but "
            "ExternalSecret db gives it PASSWORD\n"
            "hint: did you mean PASSWORD?\n"
            "manifests/secret.yaml:13:5: its keys"
        ),
    ]


def pushing(secret: str, key: str) -> dict[str, str]:
    """Returns the repository with a PushSecret of a key of a Secret."""
    return {
        **BY_HAND,
        "manifests/push.yaml": f"""\
            apiVersion: external-secrets.io/v1alpha1
            kind: PushSecret
            metadata: {{name: out}}
            spec:
              secretStoreRefs: [{{name: store}}]
              selector: {{secret: {{name: {secret}}}}}
              data:
                - match: {{secretKey: {key}, remoteRef: {{remoteKey: dev/web/db}}}}
            """,
    }


def test_a_key_that_is_pushed_is_in_its_secret(tmp_path: Path) -> None:
    assert found(tmp_path / "sound", pushing("db", "PASSWORD"), CODE) == []
    assert found(tmp_path / "by-somebody-else", pushing("certificate", "tls.crt"), CODE) == []
    assert found(tmp_path / "slip", pushing("db", "PASWORD"), CODE) == [
        (
            "manifests/push.yaml:8:26: error: PushSecret out reads the key PASWORD of the Secret db, but "
            "ExternalSecret db gives it PASSWORD\n"
            "hint: did you mean PASSWORD?\n"
            "manifests/secret.yaml:13:5: its keys"
        )
    ]


@pytest.mark.parametrize(
    ("template", "count"),
    [
        ("{data: {both: '{{ .PASSWORD }}'}}", 0),
        ("{templateFrom: [{configMap: {name: a, items: [{key: both}]}}]}", 0),
        ("{data: {other: '{{ .PASSWORD }}'}}", 1),
    ],
)
def test_a_key_that_the_template_of_what_pushes_it_makes_need_not_be_in_its_secret(
    tmp_path: Path, template: str, count: int
) -> None:
    files = pushing("db", "both")
    (path,) = (each for each, text in files.items() if "kind: PushSecret" in text)
    text = files[path].replace("spec:\n", f"spec:\n              template: {template}\n", 1)
    assert len(found(tmp_path, {**files, path: text}, CODE)) == count


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("{{ .PASSWORD }}", ""),
        ('{{ if hasKey . "host" }}{{ .host }}{{ end }}', ""),
        ("constant", ""),
        ("{{ .endpoint }}", "endpoint"),
    ],
)
def test_a_key_that_the_template_of_what_pushes_it_reads_is_in_its_secret(
    tmp_path: Path, text: str, missing: str
) -> None:
    """Source: external-secrets, pull request 3480."""
    files = pushing("db", "both")
    (path,) = (each for each, content in files.items() if "kind: PushSecret" in content)
    template = f"template: {{data: {{both: '{text}'}}}}"
    files[path] = files[path].replace("spec:\n", f"spec:\n              {template}\n", 1)
    expected = (
        f"manifests/push.yaml:5:27: error: PushSecret out reads the key {missing} of the Secret db, but ExternalSecret "
        "db gives it PASSWORD\n"
        "hint: known here: PASSWORD\n"
        "manifests/secret.yaml:13:5: its keys"
    )
    assert found(tmp_path, files, CODE) == ([expected] if missing else [])


def test_an_optional_key_need_not_be_there(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: PASWORD, optional: true}}}]
    """
    assert found(tmp_path, {**BY_HAND, "manifests/workload.yaml": workload}, CODE) == []


def test_the_keys_of_data_from_are_known_to_the_provider_only(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: ANY}}}]
    """
    files = {
        **changed(SECRET_FILE, ("  data:", "  dataFrom: [{extract: {key: a}}]\n  data:")),
        "manifests/workload.yaml": workload,
    }
    assert found(tmp_path, files, CODE) == []


def test_a_template_replaces_the_keys(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: PASSWORD}}}]
    """
    files = {
        **changed(SECRET_FILE, ("    name: db\n  data", "    name: db\n    template: {data: {url: x}}\n  data")),
        "manifests/workload.yaml": workload,
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/workload.yaml:9:69: error: Deployment web reads the key PASSWORD of the Secret db, but "
            "ExternalSecret db gives it url\n"
            "hint: known here: url\n"
            "manifests/secret.yaml:14:5: its keys"
        ),
    ]


def test_a_merged_template_adds_to_the_keys(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: PASSWORD}}}]
    """
    files = {
        **changed(
            SECRET_FILE,
            ("    name: db\n  data", "    name: db\n    template: {mergePolicy: Merge, data: {url: x}}\n  data"),
        ),
        "manifests/workload.yaml": workload,
    }
    assert found(tmp_path, files, CODE) == []


def test_the_name_of_the_external_secret_is_not_the_name_of_its_target(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: PASSWORD}}}]
    """
    files = {
        **changed(SECRET_FILE, ("    name: db\n  data", "    name: credentials\n  data")),
        "manifests/workload.yaml": workload,
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/workload.yaml:9:60: warning: Deployment web reads the Secret db, but no ExternalSecret "
            "makes it in namespace web of one\n"
            "hint: did you mean credentials?\n"
            "manifests/secret.yaml:11:11: ExternalSecret db makes credentials"
        ),
    ]


def test_a_name_with_a_slip_is_a_warning_in_a_file_kept_by_hand(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: web-credential, key: PASSWORD}}}]
    """
    files = {
        **changed(SECRET_FILE, ("    name: db\n  data", "    name: web-credentials\n  data")),
        "manifests/workload.yaml": workload,
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/workload.yaml:9:60: warning: Deployment web reads the Secret web-credential, but no "
            "ExternalSecret makes it in namespace web of one\n"
            "hint: did you mean web-credentials?\n"
            "manifests/secret.yaml:11:11: ExternalSecret db makes web-credentials"
        ),
    ]


def test_the_namespace_is_that_of_the_workload(tmp_path: Path) -> None:
    here = ("metadata:\n  name: db\n", "metadata:\n  name: db\n  namespace: shop\n")
    files = changed(SECRET_FILE, here, ("    name: db\n  data", "    name: web-credentials\n  data"))
    files["manifests/workload.yaml"] = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: web-credential, key: PASSWORD}}}]
    """
    (problem,) = found(tmp_path, files, CODE)
    assert "no ExternalSecret makes it in namespace shop of one\n" in problem


def test_another_name_may_come_from_anywhere(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: other, key: PASSWORD}}}]
    """
    assert found(tmp_path, {**BY_HAND, "manifests/workload.yaml": workload}, CODE) == []


def test_a_secret_that_the_same_application_makes_in_another_namespace_is_a_warning(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: other}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: PASSWORD}}}]
    """
    assert found(tmp_path, {**BY_HAND, "manifests/workload.yaml": workload}, CODE) == [
        (
            "manifests/workload.yaml:9:60: warning: Deployment web reads the Secret db in namespace other, and "
            "ExternalSecret db makes it in namespace web of one\n"
            "hint: bring both to one namespace, unless something copies the Secret\n"
            "manifests/secret.yaml:11:11: the Secret is made here\n"
            "apps/web.yaml:10:16: the Application lands here"
        ),
    ]


def test_a_secret_in_git_is_there(tmp_path: Path) -> None:
    workload = """\
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
            - name: web
              env: [{name: P, valueFrom: {secretKeyRef: {name: web-credential, key: PASSWORD}}}]
    """
    secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: web-credential}\n"
    files = {
        **changed(SECRET_FILE, ("    name: db\n  data", "    name: web-credentials\n  data")),
        "manifests/workload.yaml": dedent(workload) + secret,
    }
    assert found(tmp_path, files, CODE) == []


def test_the_items_of_a_volume_are_keys(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/workload.yaml": (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n"
            "spec: {volumes: [{secret: {secretName: db, items: [{key: USER, path: x}]}}]}\n"
        ),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/workload.yaml:4:58: error: Pod web reads the key USER of the Secret db, but "
            "ExternalSecret db gives it PASSWORD\n"
            "hint: known here: PASSWORD\n"
            "manifests/secret.yaml:13:5: its keys"
        ),
    ]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("imagePullSecrets: [{name: database-regstry}]", "reads the Secret database-regstry, but"),
        (
            "volumes: [{projected: {sources: [{secret: {name: database-registr}}]}}]",
            "reads the Secret database-registr, but",
        ),
        (
            "volumes: [{projected: {sources: [{secret: {name: database-registry, items: [{key: USER, path: x}]}}]}}]",
            "reads the key USER of the Secret database-registry",
        ),
    ],
)
def test_a_secret_for_images_and_one_of_a_projected_volume_are_read_too(
    tmp_path: Path, spec: str, message: str
) -> None:
    secret = BY_HAND[SECRET_FILE].replace("name: db", "name: database-registry")
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {SPEC}\n"
    files = {**BY_HAND, SECRET_FILE: secret, "manifests/workload.yaml": pod.replace("SPEC", spec)}
    (got,) = found(tmp_path, files, CODE)
    assert f"Pod web {message}" in got
    right = spec.replace("regstry", "registry").replace("registr}", "registry}").replace("USER", "PASSWORD")
    typed = secret.replace("  target:\n", "  target:\n    template: {type: kubernetes.io/dockerconfigjson}\n")
    files = {**files, SECRET_FILE: typed, "manifests/workload.yaml": pod.replace("SPEC", right)}
    assert found(tmp_path, files, CODE) == []


def test_a_secret_for_images_is_of_a_type_for_them(tmp_path: Path) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {imagePullSecrets: [{name: db}]}\n"
    files = {**BY_HAND, "manifests/workload.yaml": pod}
    (got,) = found(tmp_path, files, CODE)
    first, *others = got.splitlines()
    assert first == (
        "manifests/secret.yaml:11:11: warning: ExternalSecret db makes the Secret db of type Opaque, and Pod web is to "
        "pull its images with it: the kubelet passes over one of that type"
    )
    assert others == [
        "hint: write type: kubernetes.io/dockerconfigjson in spec.target.template",
        "manifests/workload.yaml:4:34: Pod web names it here",
    ]
    (got,) = found(tmp_path, {**files, SECRET_FILE: MARK + files[SECRET_FILE]}, CODE)
    assert ": error: ExternalSecret db makes" in got
    added = changed(SECRET_FILE, ("    name: db\n", "    name: db\n    creationPolicy: Merge\n"))[SECRET_FILE]
    assert found(tmp_path, {**files, SECRET_FILE: added}, CODE) == []


@pytest.mark.parametrize(
    ("key", "is_found"), [("secretKey: tls.crt", False), ("secretKey: tls.cert", True), ("secretKey: PASSWORD", True)]
)
def test_a_secret_that_an_ingress_is_served_with_has_its_two_keys(tmp_path: Path, key: str, *, is_found: bool) -> None:
    ingress = (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\n"
        "spec: {tls: [{hosts: [a.example.com], secretName: db}]}\n"
    )
    secret = EXTERNAL_SECRET.replace("secretKey: PASSWORD", key)
    secret += "    - secretKey: tls.key\n      remoteRef:\n        key: dev/web/db\n        property: key\n"
    got = found(tmp_path, {**BY_HAND, SECRET_FILE: secret, "manifests/ingress.yaml": ingress}, CODE)
    assert len(got) == is_found
    assert all("ExternalSecret db gives the Secret db no tls.crt, and Ingress web is served with it" in e for e in got)


def test_a_value_of_a_chart_is_judged_by_its_shape(tmp_path: Path) -> None:
    files = {**BY_HAND, "apps/web.yaml": application(values=VALUES_FILES), "charts/web/Chart.yaml": "name: web\n"}
    files["values/a.yaml"] = "auth:\n  existingSecret: db\n  passwordRef:\n    secretKeyRef: {name: db, key: USER}\n"
    assert found(tmp_path, files, CODE) == [
        (
            "values/a.yaml:4:35: error: a value of web reads the key USER of the Secret db, but ExternalSecret "
            "db gives it PASSWORD\n"
            "hint: known here: PASSWORD\n"
            "manifests/secret.yaml:13:5: its keys"
        ),
    ]


def test_what_a_later_file_overrides_is_not_judged(tmp_path: Path) -> None:
    files = {**BY_HAND, "apps/web.yaml": application(values=VALUES_FILES), "charts/web/Chart.yaml": "name: web\n"}
    files["values/a.yaml"] = "ref:\n  secretKeyRef: {name: db, key: USER}\n"
    files["values/b.yaml"] = "ref:\n  secretKeyRef: {name: other, key: X}\n"
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize("later", ["ref: ~", "ref: {secretKeyRef: ~}", "ref: none", "{}", "~"])
def test_what_a_later_file_takes_away_with_null_is_not_judged(tmp_path: Path, later: str) -> None:
    files = {**BY_HAND, "apps/web.yaml": application(values=VALUES_FILES), "charts/web/Chart.yaml": "name: web\n"}
    files["values/a.yaml"] = "ref:\n  secretKeyRef: {name: db, key: USER}\n"
    files["values/b.yaml"] = f"{later}\n"
    assert len(found(tmp_path, files, CODE)) == (1 if later in ("{}", "~") else 0)


@pytest.mark.parametrize(
    "null", ["externalSecrets: ~", "externalSecrets: {secrets: ~}", "externalSecrets: {enabled: ~}"]
)
def test_a_chart_is_not_told_of_what_later_values_take_away_with_null(null: str) -> None:
    path = "environments/production/clusters/myapp-production-use1/apps/myapp/values.yaml"
    (got,) = found_in_six_clusters(CODE, path, ("{}\n", f"{null}\n"))
    assert got.splitlines()[0].endswith(
        "error: ExternalSecret myapp-db-credentials makes the Secret myapp-db-credentials, but the chart of "
        "myapp-production-use1 is not told of it"
    )


def test_a_list_of_a_later_file_replaces_the_whole_list(tmp_path: Path) -> None:
    files = {**BY_HAND, "apps/web.yaml": application(values=VALUES_FILES), "charts/web/Chart.yaml": "name: web\n"}
    files["values/a.yaml"] = "env:\n  - valueFrom:\n      secretKeyRef: {name: db, key: USER}\n"
    files["values/b.yaml"] = "env: []\n"
    assert found(tmp_path, files, CODE) == []


def test_values_in_the_application_are_judged_too(tmp_path: Path) -> None:
    files = {**BY_HAND, "charts/web/Chart.yaml": "name: web\n"}
    files["apps/web.yaml"] = application(
        values="        valuesObject: {envFrom: [{secretRef: {name: db}}], ref: {secretKeyRef: {name: db, key: X}}}\n"
    )
    assert found(tmp_path, files, CODE) == [
        (
            "apps/web.yaml:19:96: error: a value of web reads the key X of the Secret db, but ExternalSecret "
            "db gives it PASSWORD\n"
            "hint: known here: PASSWORD\n"
            "manifests/secret.yaml:13:5: its keys"
        ),
    ]


def test_a_told_name_that_nothing_makes_is_found_in_a_generated_file() -> None:
    change = ('- name: "myapp-db-credentials"', '- name: "myapp-database"')
    assert found_in_six_clusters(CODE, VALUES, change) == [
        (
            "output/environments/production/apps/myapp/values.yaml:6:13: error: the chart reads the Secret "
            "myapp-database, but no ExternalSecret makes it in namespace myapp of myapp-production-use1\n"
            "hint: did you mean myapp-db-credentials?\n"
            "output/environments/production/clusters/myapp-production-use1/apps/myapp/manifests/secrets.yaml:"
            "43:11: ExternalSecret myapp-db-credentials makes myapp-db-credentials"
        ),
        (
            "output/environments/production/apps/myapp/values.yaml:6:13: error: the chart reads the Secret "
            "myapp-database, but no ExternalSecret makes it in namespace myapp of myapp-production-usw2\n"
            "hint: did you mean myapp-db-credentials?\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "43:11: ExternalSecret myapp-db-credentials makes myapp-db-credentials"
        ),
    ]


def test_a_told_key_that_is_not_there_is_found() -> None:
    assert found_in_six_clusters(CODE, VALUES, ('- "DB_PASSWORD"', '- "DB_PASSWORT"')) == [
        (
            "output/environments/production/apps/myapp/values.yaml:8:11: error: the chart reads the key "
            "DB_PASSWORT of the Secret myapp-db-credentials, but ExternalSecret myapp-db-credentials gives it "
            "DB_PASSWORD\n"
            "hint: did you mean DB_PASSWORD?\n"
            "output/environments/production/clusters/myapp-production-use1/apps/myapp/manifests/secrets.yaml:"
            "47:5: its keys"
        ),
        (
            "output/environments/production/apps/myapp/values.yaml:8:11: error: the chart reads the key "
            "DB_PASSWORT of the Secret myapp-db-credentials, but ExternalSecret myapp-db-credentials gives it "
            "DB_PASSWORD\n"
            "hint: did you mean DB_PASSWORD?\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "47:5: its keys"
        ),
    ]


def test_a_chart_that_is_not_told_is_found() -> None:
    assert found_in_six_clusters(CODE, VALUES, ("enabled: true", "enabled: false")) == [
        (
            "output/environments/production/apps/myapp/values.yaml:4:12: error: ExternalSecret "
            "myapp-db-credentials makes the Secret myapp-db-credentials, but the chart of "
            "myapp-production-use1 is not told of it\n"
            "hint: tell the chart, or remove the ExternalSecret\n"
            "output/environments/production/clusters/myapp-production-use1/apps/myapp/manifests/secrets.yaml:"
            "43:11: the Secret is made here"
        ),
        (
            "output/environments/production/apps/myapp/values.yaml:4:12: error: ExternalSecret "
            "myapp-db-credentials makes the Secret myapp-db-credentials, but the chart of "
            "myapp-production-usw2 is not told of it\n"
            "hint: tell the chart, or remove the ExternalSecret\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "43:11: the Secret is made here"
        ),
    ]


def test_what_comes_of_another_template_or_store_than_what_a_chart_is_told_of_is_for_somebody_else(
    tmp_path: Path,
) -> None:
    secret = BY_HAND[SECRET_FILE]
    told = "externalSecrets: {enabled: true, secrets: [{name: db, keys: [PASSWORD]}]}\n"
    files = {
        **BY_HAND,
        "apps/web.yaml": application(values="        valueFiles: [/values/a.yaml]\n"),
        "values/a.yaml": f"{MARK}{told}",
        "charts/web/Chart.yaml": "{apiVersion: v2, name: web, version: 1.0.0}\n",
        SECRET_FILE: f"{MARK}{secret}",
    }
    pulling = secret.replace("name: db\n", "name: pulling\n")
    by_hand, same, other = pulling, f"{MARK}{pulling}", f"{MARK.replace('/x.j2', '/own.j2')}{pulling}"
    assert found(tmp_path, {**files, "manifests/pulling.yaml": by_hand}, CODE) == []
    assert found(tmp_path, {**files, "manifests/pulling.yaml": other}, CODE) == []
    of_another_store = f"{MARK}{pulling.replace('name: store', 'name: parameters')}"
    assert found(tmp_path, {**files, "manifests/pulling.yaml": of_another_store}, CODE) == []
    (problem,) = found(tmp_path, {**files, "manifests/pulling.yaml": same}, CODE)
    assert "ExternalSecret pulling makes the Secret pulling, but the chart of web is not told of it" in problem
    pushing_it = pushing("pulling", "PASSWORD")["manifests/push.yaml"]
    assert found(tmp_path, {**files, "manifests/pulling.yaml": same, "manifests/push.yaml": pushing_it}, CODE) == []


@requires_helm
@pytest.mark.parametrize("target", ["db", "credentials"])
def test_a_chart_that_reads_a_secret_by_a_name_of_its_own_need_not_be_told_of_it(tmp_path: Path, target: str) -> None:
    secret = BY_HAND[SECRET_FILE]
    made = secret.replace("target:\n    name: db", f"target:\n    name: {target}")
    told = "externalSecrets: {enabled: true, secrets: [{name: db, keys: [PASSWORD]}]}\n"
    files = {
        **BY_HAND,
        "apps/web.yaml": application(values="        valueFiles: [/values/a.yaml]\n"),
        "values/a.yaml": f"{MARK}{told}",
        "charts/web/Chart.yaml": "{apiVersion: v2, name: web, version: 1.0.0}\n",
        "charts/web/templates/pod.yaml": """\
            apiVersion: v1
            kind: Pod
            metadata: {name: web}
            spec:
              containers: [{name: web, image: web, envFrom: [{secretRef: {name: pulling}}]}]
            """,
        SECRET_FILE: f"{MARK}{made}",
        "manifests/pulling.yaml": f"{MARK}{secret.replace('name: db', 'name: pulling')}",
    }
    problems = found(tmp_path, files, CODE)
    assert [problem.splitlines()[0] for problem in problems] == (
        []
        if target == "db"
        else [
            (
                "values/a.yaml:2:51: error: the chart reads the Secret db, but no ExternalSecret makes it in namespace "
                "web of one"
            )
        ]
    )


@pytest.mark.parametrize(
    ("again", "line"),
    [('        - "DB_PASSWORD"\n', 9), ('    - name: "myapp-db-credentials"\n      keys: ["DB_PASSWORD"]\n', 10)],
)
def test_a_key_that_a_chart_is_told_of_twice_is_a_warning(again: str, line: int) -> None:
    path = "environments/dev/apps/myapp/values.yaml"
    change = ('        - "DB_PASSWORD"\n', f'        - "DB_PASSWORD"\n{again}')
    told = found_in_six_clusters(CODE, path, change)
    assert told[0].startswith(f"output/{path}:{line}:")
    assert "warning: the chart of myapp-dev-use1 is told of the key DB_PASSWORD of the Secret myapp-" in told[0]


def test_a_renamed_target_is_found_from_the_other_end() -> None:
    change = ('target:\n    name: "myapp-db-credentials"', 'target:\n    name: "db"')
    assert found_in_six_clusters(CODE, SECRETS, change) == [
        (
            "output/environments/production/apps/myapp/values.yaml:6:13: error: the chart reads the Secret "
            "myapp-db-credentials, but no ExternalSecret makes it in namespace myapp of myapp-production-usw2\n"
            "hint: did you mean db?\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "43:11: ExternalSecret myapp-db-credentials makes db"
        ),
    ]


IRELAND = "environments/production/clusters/atlas-production-irl/apps"


def test_a_told_secret_whose_keys_went_into_another_one_is_found_from_both_ends() -> None:
    path = f"{IRELAND}/payments/manifests/secrets.yaml"
    change = ('target:\n    name: "payments-signing-key"', 'target:\n    name: "payments-bootstrap"')
    (told,) = [each for each in found_in_wide(CODE, path, change) if "no ExternalSecret makes it" in each]
    where, hint, *ends = told.splitlines()
    assert where.endswith(
        "the chart reads the Secret payments-signing-key, but no ExternalSecret makes it in namespace payments of "
        "atlas-production-irl"
    )
    assert hint == "hint: did you mean payments-bootstrap?"
    assert [each.partition(": ")[2] for each in ends] == [
        "ExternalSecret payments-signing-key makes payments-bootstrap"
    ]


def test_a_key_that_another_application_gives_a_secret_is_found_at_its_external_secret() -> None:
    path, ledger = f"{IRELAND}/payments/manifests/secrets.yaml", "payment-reconciliation-service-ledger"
    change = ('target:\n    name: "payments-signing-key"', f'target:\n    name: "{ledger}"')
    (told,) = [each for each in found_in_wide(CODE, path, change) if "not told of the key key.pem" in each]
    where, _, end, over = told.splitlines()
    assert over.endswith(
        "payment-reconciliation-service/values.yaml:2:1: these values are laid over it, and do not say otherwise"
    )
    assert where.endswith(
        f"the chart is not told of the key key.pem of the Secret {ledger}, which ExternalSecret payments-signing-key "
        "makes"
    )
    assert end.startswith(f"platform/generated/{path}:")


@pytest.mark.parametrize("key", ["passwordKey", "existingSecretPasswordKey", "secretKey"])
def test_a_key_beside_the_name_of_its_secret_is_judged(tmp_path: Path, key: str) -> None:
    def problems(named: str) -> list[str]:
        values = f"        valuesObject:\n          admin: {{existingSecret: db, {key}: {named}}}\n"
        return found(tmp_path, {**BY_HAND, "apps/web.yaml": application(values=values)}, CODE)

    assert problems("PASSWORD") == []
    (problem,) = problems("PASWORD")
    assert problem.startswith("apps/web.yaml:20:")
    assert "reads the key PASWORD of the Secret db, but ExternalSecret db gives it PASSWORD" in problem


def test_a_short_name_with_a_slip_is_found_where_the_values_of_the_chart_have_it_right(tmp_path: Path) -> None:
    def problems(name: str, own: str) -> list[str]:
        values = f"        valuesObject:\n          database: {{secretName: {name}}}\n"
        chart = {"charts/web/Chart.yaml": "name: web\n", "charts/web/values.yaml": own}
        return found(tmp_path, {**BY_HAND, "apps/web.yaml": application(values=values), **chart}, CODE)

    own = "database: {secretName: db}\n"
    assert problems("bd", "database: {secretName: other}\n") == []
    assert problems("bd", "database: {secretName: {db: db}}\n") == []
    assert problems("elsewhere", own) == []
    (problem,) = problems("bd", own)
    assert problem == (
        "apps/web.yaml:20:34: warning: a value of web reads the Secret bd, but no ExternalSecret makes it in namespace "
        "web of one\nhint: did you mean db?\nmanifests/secret.yaml:11:11: ExternalSecret db makes db"
    )


SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web, namespace: argocd}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators: [list: {elements: [{cluster: one}, {cluster: two}]}]
  template:
    metadata: {name: "{{ .cluster }}"}
    spec:
      project: default
      destination: {name: "{{ .cluster }}", namespace: web}
      sources:
        - {repoURL: https://git.example.com/fleet.git, path: manifests}
        - repoURL: https://git.example.com/fleet.git
          path: charts/web
          helm: {valueFiles: ["/values/{{ .cluster }}.yaml"]}
"""


def test_a_short_name_with_a_slip_is_found_where_other_clusters_have_it_right(tmp_path: Path) -> None:
    files = {
        "apps/web.yaml": SET,
        "values/one.yaml": "database: {secretName: dbx}\n",
        "values/two.yaml": "database: {secretName: db}\n",
    }
    (problem,) = found(tmp_path, {**BY_HAND, **files}, CODE)
    assert problem.startswith(
        "values/one.yaml:1:24: warning: a value of one reads the Secret dbx, but no ExternalSecret "
    )


CHART = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: default
  destination: {name: one, namespace: web}
  sources:
    - repoURL: https://git.example.com/fleet.git
      path: charts/web
      helm: {valueFiles: [/values/all.yaml, /values/one.yaml]}
    - repoURL: https://git.example.com/fleet.git
      path: manifests
"""
TOLD = "externalSecrets:\n  enabled: true\n  secrets:\n    - name: db\n      keys: [PASSWORD]\n"


def test_a_chart_that_is_told_of_secrets_where_there_are_none_is_found(tmp_path: Path) -> None:
    files = {
        "apps/web.yaml": MARK + CHART,
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "values/all.yaml": MARK + TOLD,
        "values/one.yaml": MARK + "externalSecrets:\n  enabled: false\n",
        "manifests/x.yaml": MARK,
    }
    assert found(tmp_path, files, CODE) == []
    files["values/one.yaml"] = MARK + "externalSecrets:\n  enabled: true\n"
    assert found(tmp_path, files, CODE) == [
        (
            "values/all.yaml:5:13: error: the chart reads the Secret db, but no ExternalSecret makes it in namespace "
            "web of one\n"
            "hint: name the target of an ExternalSecret, or remove it\n"
            "apps/web.yaml:9:5: none of the sources brings it\n"
            "values/one.yaml:3:12: here the chart is told that there are some\n"
            "manifests/x.yaml: this file brings nothing"
        )
    ]
    files["values/one.yaml"] = MARK + "externalSecrets: {}\n"
    (got,) = found(tmp_path, files, CODE)
    assert got.splitlines()[-2] == "values/one.yaml:2:1: these values are laid over it, and do not say otherwise"
    del files["manifests/x.yaml"]
    (tmp_path / "manifests/x.yaml").unlink()
    (tmp_path / "manifests").rmdir()
    assert found(tmp_path, files, CODE) == []


def test_a_chart_that_is_told_of_no_secret_in_an_empty_list_is_found() -> None:
    listed = """  secrets:
    - name: "myapp-db-credentials"
      keys:
        - "DB_PASSWORD"
      reload: true
"""
    assert found_in_six_clusters(CODE, VALUES, (listed, "  secrets: []\n"))[:1] == [
        (
            "output/environments/production/apps/myapp/values.yaml:4:12: error: ExternalSecret "
            "myapp-db-credentials makes the Secret myapp-db-credentials, but the chart of "
            "myapp-production-use1 is not told of it\n"
            "hint: tell the chart, or remove the ExternalSecret\n"
            "output/environments/production/clusters/myapp-production-use1/apps/myapp/manifests/secrets.yaml:"
            "43:11: the Secret is made here"
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "- name: ",
            "- nam: ",
            "6:7: error: the chart reads the Secret without a name, but no ExternalSecret makes it",
        ),
        ("keys:", "key:", "6:7: error: the chart is not told of the key DB_PASSWORD of the Secret"),
    ],
)
def test_an_item_that_tells_of_a_secret_with_a_slip_in_a_key_is_found(old: str, new: str, message: str) -> None:
    assert found_in_six_clusters(CODE, VALUES, (old, new))[0].startswith(f"output/{VALUES}:{message}")


def test_values_of_another_application_are_named_where_the_set_takes_them() -> None:
    own = "$values/output/environments/{{ .environment }}/apps/external-secrets/values.yaml"
    other = f'{own}"\n              - "{own.replace("external-secrets", "myapp")}'
    first = found_in_six_clusters(CODE, "argocd/applicationsets/external-secrets.yaml", (own, other))[0]
    assert "the chart reads the Secret myapp-db-credentials, but no ExternalSecret makes it" in first
    assert first.splitlines()[-1] == (
        "output/argocd/applicationsets/external-secrets.yaml:98:17: the Application names a file of another one here"
    )


@pytest.mark.parametrize("left", ["", MARK, f"# {MARK}"], ids=["nothing", "the mark", "comments"])
def test_the_manifests_that_bring_nothing_any_more_are_named(left: str) -> None:
    path = "environments/production/clusters/myapp-production-use1/apps/myapp/manifests/secrets.yaml"
    (got,) = found_in_six_clusters(CODE, path, (real().files[path], left))
    assert got.startswith(f"output/{VALUES}:6:13: error: the chart reads the Secret myapp-db-credentials")
    assert f"output/{path}: this file brings nothing" in got.splitlines()


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("values: |\n              externalSecrets:\n                enabled: false\n", "96:26"),
        ("parameters:\n              - name: externalSecrets.enabled\n                value: 'false'\n", "95:17"),
    ],
)
def test_what_is_written_into_a_generated_set_wins_over_its_files(written: str, at: str) -> None:
    path, name = "argocd/applicationsets/myapp.yaml", '            releaseName: "myapp"\n'
    first, *others = found_in_six_clusters(CODE, path, (name, f"{name}            {written}"))
    assert first.splitlines()[0] == (
        f"output/{path}:{at}: error: ExternalSecret myapp-db-credentials makes the Secret myapp-db-credentials, but "
        "the chart of myapp-dev-use1 is not told of it"
    )
    assert len(others) == 5


@pytest.mark.parametrize("value", ["true", "True"])
def test_parameters_in_a_generated_set_that_say_the_same_are_fine(value: str) -> None:
    path, name = "argocd/applicationsets/myapp.yaml", '            releaseName: "myapp"\n'
    same = f"            parameters:\n              - name: externalSecrets.enabled\n                value: '{value}'\n"
    assert found_in_six_clusters(CODE, path, (name, name + same)) == []


def test_a_chart_that_is_told_that_there_are_secrets_and_of_none_is_found() -> None:
    path = "environments/dev/apps/payment-reconciliation-service/values.yaml"
    problems = found_in_wide(CODE, path, ("enabled: false", "enabled: true"))
    assert [each.partition("hint")[0] for each in problems] == [
        (
            f"platform/generated/{path}:4:14: warning: the values of payment-reconciliation-service-{cluster} say "
            "global.secrets.enabled: true, and list no secrets, as those of others do\n"
        )
        for cluster in ("dev-blue", "dev-green", "playground")
    ]


def test_an_application_that_lands_apart_from_its_secrets_is_named_too() -> None:
    path = "argocd/applicationsets/myapp.yaml"
    first, *_ = found_in_six_clusters(
        CODE, path, ('namespace: "myapp"\n      sources', 'namespace: "shop"\n      sources')
    )
    assert "no ExternalSecret makes it in namespace shop of " in first
    assert first.splitlines()[-1] == f"output/{path}:87:20: the Application lands here"


def test_a_name_in_another_case_is_most_likely_the_one_that_is_made(tmp_path: Path) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {volumes: [{secret: {secretName: DB}}]}\n"
    (got,) = found(tmp_path, {**BY_HAND, "manifests/workload.yaml": pod}, CODE)
    assert got.splitlines()[1] == "hint: did you mean db?"


def test_a_secret_may_be_among_what_kustomize_builds_beside_an_app_that_is_seen(tmp_path: Path) -> None:
    told = "externalSecrets: {enabled: true, secrets: [{name: db, keys: [PASSWORD]}]}\n"
    files = {
        **BY_HAND,
        "apps/web.yaml": application(values="        valueFiles: [/values/a.yaml]\n"),
        "values/a.yaml": f"{MARK}{told}",
        "charts/web/Chart.yaml": "{apiVersion: v2, name: web, version: 1.0.0}\n",
        "apps/other.yaml": application("other", namespace="other", path="other"),
        "other/secret.yaml": BY_HAND[SECRET_FILE].replace("name: db\n", "name: else\n"),
        "manifests/kustomization.yaml": "resources: [account.yaml, store.yaml, secret.yaml]\n",
    }
    assert found(tmp_path, files, CODE) == []


READER = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: %s}}}]
"""


def apart(key: str, made_in: str = "web", read_in: str = "web") -> dict[str, str]:
    """Returns two Applications of the local cluster, one with an ExternalSecret and one that reads its Secret."""
    return {
        "apps/web.yaml": application("web-one", cluster="in-cluster"),
        "apps/reader.yaml": application("reader-one", cluster="in-cluster", path="reader").replace(
            "namespace: web", f"namespace: {read_in}"
        ),
        "manifests/secret.yaml": BY_HAND[SECRET_FILE].replace(
            "  name: db\nspec", f"  name: db\n  namespace: {made_in}\nspec"
        ),
        "reader/web.yaml": READER % key,
    }


@pytest.mark.parametrize("key", ["PASWORD", "pass-word"])
def test_a_slip_in_a_key_is_a_warning_where_another_argo_cd_may_have_the_secret(tmp_path: Path, key: str) -> None:
    (problem,) = found(tmp_path, apart(key), CODE)
    assert problem.startswith(
        f"reader/web.yaml:9:69: warning: Deployment web reads the key {key} of the Secret db, but ExternalSecret db "
        "gives it PASSWORD, if one Argo CD has both\n"
    )


@pytest.mark.parametrize("key", ["PASSWORD", "USER"])
def test_another_key_may_come_from_what_another_argo_cd_has(tmp_path: Path, key: str) -> None:
    assert found(tmp_path, apart(key), CODE) == []


def test_a_secret_that_is_made_in_almost_the_namespace_is_a_warning(tmp_path: Path) -> None:
    assert found(tmp_path, apart("PASSWORD", "identitys", "identity"), CODE) == [
        (
            "reader/web.yaml:9:60: warning: Deployment web reads the Secret db in namespace identity, and "
            "ExternalSecret db makes it in namespace identitys of in-cluster\n"
            "hint: bring both to one namespace, unless something copies the Secret\n"
            "manifests/secret.yaml:12:11: the Secret is made here\n"
            "apps/reader.yaml:10:16: the Application lands here"
        ),
    ]


@pytest.mark.parametrize("namespace", ["webs", "front", "identity-2"])
def test_a_secret_of_another_namespace_is_for_somebody_else(tmp_path: Path, namespace: str) -> None:
    assert found(tmp_path, apart("PASSWORD", namespace, "identity-1"), CODE) == []


THREE = f"""\
{MARK}apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  goTemplate: true
  generators: [list: {{elements: [{{cluster: one}}, {{cluster: two}}, {{cluster: three}}]}}]
  template:
    metadata:
      name: "web-{{{{ .cluster }}}}"
    spec:
      project: default
      destination: {{name: "{{{{ .cluster }}}}", namespace: web}}
      sources:
        - {{repoURL: {URL}, targetRevision: main, path: "on/{{{{ .cluster }}}}"}}
        - {{repoURL: {URL}, targetRevision: main, path: pods}}
"""
CLUSTERS = ("one", "two", "three")


def on_three(*lacking: str, without: str = "") -> dict[str, str]:
    """Two Secrets on three clusters, of which some lack the second one, and a pod that reads it on each."""
    second = EXTERNAL_SECRET.replace("name: db", "name: flags")
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n"
    spec = "spec: {containers: [{name: web, image: web, envFrom: [{secretRef: {name: flags}}]}]}\n"
    return {
        "set.yaml": THREE,
        "pods/pod.yaml": pod + spec,
        **{f"on/{each}/db.yaml": MARK + EXTERNAL_SECRET for each in CLUSTERS if each != without},
        **{f"on/{each}/flags.yaml": MARK + second for each in CLUSTERS if each not in lacking},
    }


def test_a_secret_that_a_set_makes_on_all_clusters_but_one_is_a_warning(tmp_path: Path) -> None:
    assert found(tmp_path / "all", on_three(), CODE) == []
    assert found(tmp_path / "but-two", on_three("two"), CODE) == [
        (
            "pods/pod.yaml:4:74: warning: Pod web reads the Secret flags, and no ExternalSecret makes it in namespace "
            "web of two, as on other clusters\n"
            "hint: bring the ExternalSecret back, or see that something else makes the Secret\n"
            "on/one/flags.yaml:2:1: it is made here on one\n"
            "on/two/db.yaml:2:1: others are made here"
        )
    ]


def test_a_secret_that_a_set_makes_on_few_clusters_may_come_from_elsewhere_on_the_others(tmp_path: Path) -> None:
    assert found(tmp_path / "on-one", on_three("one", "two"), CODE) == []
    nothing = {**on_three("two", without="two"), "on/two/other.yaml": f"{MARK}{SERVICE_ACCOUNT}"}
    assert found(tmp_path / "without", nothing, CODE) == []
