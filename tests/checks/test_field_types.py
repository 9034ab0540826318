"""The types of the fields of Kubernetes' own objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, application
from tests.checks.trees import MARK, found
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

CODE = "field-types"
FILE = "manifests/a.yaml"

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: web
          args: [serve]
          ports: [{containerPort: 80, name: http}]
          resources: {limits: {cpu: 1, memory: 1Gi}}
          env: [{name: DEBUG, value: "true"}, {name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}]
          livenessProbe: {httpGet: {path: /, port: http}, periodSeconds: 10}
      nodeSelector: {gpu: "true"}
"""


def tree(text: str) -> dict[str, str]:
    return {"apps/a.yaml": application(), FILE: text}


@pytest.mark.parametrize(
    "text",
    [
        DEPLOYMENT,
        DEPLOYMENT.replace("replicas: 2", "replicas: 2.0"),
        DEPLOYMENT.replace("replicas: 2", "replicas:"),
        DEPLOYMENT.replace("replicas: 2", "replicas: ${REPLICAS}"),
        DEPLOYMENT.replace("replicas: 2", "replicas: REPLICAS"),
        DEPLOYMENT.replace("replicas: 2", 'replicas: "{{ replicas }}"'),
        DEPLOYMENT.replace("apps/v1", "apps.example.com/v1").replace("replicas: 2", "replicas: many"),
        DEPLOYMENT.replace("port: http", "port: 80"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: '1', b: 12:30, c: }\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80, targetPort: http}]}\n",
    ],
)
def test_a_value_of_its_type_is_sound(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, tree(text), CODE) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "replicas: 2",
            "replicas: three",
            "5:13: spec.replicas: got a string, expected a whole number: write a whole number",
        ),
        (
            "replicas: 2",
            'replicas: "3"',
            "5:13: spec.replicas: got a string, expected a whole number: take the quotes off",
        ),
        (
            "replicas: 2",
            "replicas: 2.5",
            "5:13: spec.replicas: got a number, expected a whole number: write a whole number",
        ),
        (
            '{name: DEBUG, value: "true"}',
            "{name: DEBUG, value: true}",
            "17:38: CONTAINER.env.0.value: got true or false, expected a string: put quotes around it",
        ),
        (
            "containerPort: 80",
            "containerPort: http",
            "15:35: CONTAINER.ports.0.containerPort: got a string, expected a whole number: write a whole number",
        ),
        ("args: [serve]", "args: serve", "14:17: CONTAINER.args: got a string, expected a list: write a list"),
        (
            'gpu: "true"',
            "gpu: true",
            "19:27: spec.template.spec.nodeSelector.gpu: got true or false, expected a string: put quotes around it",
        ),
        (
            "periodSeconds: 10",
            "periodSeconds: 10s",
            "18:74: CONTAINER.livenessProbe.periodSeconds: got a string, expected a whole number: write a whole number",
        ),
    ],
)
def test_a_value_of_another_type_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in DEPLOYMENT
    at, what, reason, hint = told.replace("CONTAINER", "spec.template.spec.containers.0").split(": ")
    assert found(tmp_path, tree(DEPLOYMENT.replace(old, new)), CODE) == [
        f"{FILE}:{at}: error: Deployment web: {what}: {reason}\nhint: {hint}",
    ]


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ("ConfigMap", "data: {PORT: 8080}", "data.PORT: got a number, expected a string"),
        ("Secret", "stringData: {PORT: 8080}", "stringData.PORT: got a number, expected a string"),
        ("Service", "spec: {selector: {app: 1}}", "spec.selector.app: got a number, expected a string"),
        ("Service", 'spec: {ports: [{port: "80"}]}', "spec.ports.0.port: got a string, expected a whole number"),
        ("Pod", "spec: {containers: {name: a}}", "spec.containers: got a map, expected a list"),
    ],
)
def test_other_kinds_are_judged_too(tmp_path: Path, kind: str, body: str, told: str) -> None:
    text = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n{body}\n"
    (problem,) = found(tmp_path, tree(text), CODE)
    assert f": error: {kind} a: {told}\n" in problem


@requires_helm
def test_what_a_chart_renders_to_is_judged_at_its_template(tmp_path: Path) -> None:
    values = "        valuesObject: {replicas: three}\n"
    files = {
        "apps/a.yaml": application(values=values),
        "manifests/empty.yaml": "",
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/templates/web.yaml": DEPLOYMENT.replace("replicas: 2", "replicas: {{ .Values.replicas }}"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "charts/web/templates/web.yaml:5:13: error: Deployment web: spec.replicas: got a string, expected a whole "
            "number\nhint: write a whole number\napps/a.yaml:17:13: the chart is rendered for this"
        ),
    ]


@pytest.mark.parametrize(("severity", "mark"), [("warning", ""), ("error", MARK)], ids=["by hand", "generated"])
@pytest.mark.parametrize(
    ("kind", "key", "meant"),
    [("ConfigMap", "dtta", "data"), ("ConfigMap", "binarydata", "binaryData"), ("Secret", "stringdata", "stringData")],
)
def test_a_slip_in_a_field_of_what_holds_data_is_found(
    tmp_path: Path, severity: str, mark: str, kind: str, key: str, meant: str
) -> None:
    text = f"{mark}apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n{key}: {{a: b}}\n"
    line = 5 if mark else 4
    assert found(tmp_path, tree(text), CODE) == [
        f"{FILE}:{line}:1: {severity}: {kind} a: there is no field {key}\nhint: did you mean {meant}?"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: YQ==}\nsops: {version: 3.9.0}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n$patch: delete\n",
        "apiVersion: example.com/v1\nkind: Secret\nmetadata: {name: a}\ndate: {a: b}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n8080: a\n? [a]\n: b\n",
    ],
)
def test_what_tools_add_to_what_holds_data_is_no_slip(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, tree(text), CODE) == []


def fields_found(tmp_path: Path, text: str) -> list[str]:
    """Returns the first lines of what is found in a file, without its path."""
    return [each.splitlines()[0].removeprefix(f"{FILE}:") for each in found(tmp_path, tree(text), CODE)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  selector:", "  selctor:", "6:3: warning: Deployment web: spec: there is no field selctor"),
        ("  replicas:", "  Replicas:", "5:3: warning: Deployment web: spec: there is no field Replicas"),
        ("spec:\n  replicas", "sepc:\n  replicas", "4:1: warning: Deployment web: there is no field sepc"),
        ("  template:", "  templates:", "8:3: warning: Deployment web: spec: there is no field templates"),
        (
            "      containers:",
            "      contaners:",
            "11:7: warning: Deployment web: spec.template.spec: there is no field contaners",
        ),
        (
            "- name: web",
            "- nmae: web",
            "12:11: warning: Deployment web: spec.template.spec.containers.0: there is no field nmae",
        ),
        (
            "valueFrom:",
            "valuefrom:",
            "17:57: warning: Deployment web: spec.template.spec.containers.0.env.1: there is no field valuefrom",
        ),
        (
            "{path: /, port: http}",
            "{path: /, prot: http}",
            (
                "18:46: warning: Deployment web: spec.template.spec.containers.0.livenessProbe.httpGet: there is no "
                "field prot"
            ),
        ),
    ],
)
def test_a_slip_in_a_field_of_a_workload_is_found(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in DEPLOYMENT
    assert fields_found(tmp_path, DEPLOYMENT.replace(old, new, 1)) == [told]


def test_a_slip_in_a_generated_workload_is_an_error(tmp_path: Path) -> None:
    told = "7:3: error: Deployment web: spec: there is no field selctor"
    assert fields_found(tmp_path, MARK + DEPLOYMENT.replace("  selector:", "  selctor:")) == [told]


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("Service", "spec: {portss: [{port: 80}]}", "Service a: spec: there is no field portss"),
        (
            "Service",
            "spec: {ports: [{port: 80, targePort: http}]}",
            "Service a: spec.ports.0: there is no field targePort",
        ),
        ("Service", "spec: {selectr: {a: b}, ports: [{port: 80}]}", "Service a: spec: there is no field selectr"),
        ("Ingress", "spec: {rles: []}", "Ingress a: spec: there is no field rles"),
        (
            "Ingress",
            "spec: {rules: [{host: a, http: {path: []}}]}",
            "Ingress a: spec.rules.0.http: there is no field path",
        ),
    ],
)
def test_a_slip_in_a_field_of_what_leads_to_pods_is_found(tmp_path: Path, kind: str, text: str, told: str) -> None:
    version = {"Service": "v1", "Ingress": "networking.k8s.io/v1"}[kind]
    got = fields_found(tmp_path, f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n{text}\n")
    assert [each.partition("warning: ")[2] for each in got] == [told]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  replicas: 2", "  replicas: 2\n  somethingNew: 1"),
        ("  replicas: 2", "  replicas: 2\n  replicass: 2"),
        ("image: web", "image: web\n          os: linux"),
        ("apps/v1", "apps.example.com/v1"),
        ("  selector: {matchLabels: {app: web}}", "  selector: {matchExpressions: [{key: app, operator: Exists}]}"),
        ("{labels: {app: web}}", "{labels: {app: web, tier: front}}"),
    ],
)
def test_a_field_that_is_no_slip_may_be_one_of_a_newer_kubernetes(tmp_path: Path, old: str, new: str) -> None:
    assert old in DEPLOYMENT
    assert fields_found(tmp_path, DEPLOYMENT.replace(old, new, 1)) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "{labels: {app: web}}",
            "{labels: {app: wev}}",
            "6:28: warning: Deployment web selects pods with app: web, and gives them wev",
        ),
        ("{labels: {app: web}}", "{}", "6:28: warning: Deployment web selects pods with app: web, and gives them none"),
        ("  selector: {matchLabels: {app: web}}\n", "", "4:1: warning: Deployment web: spec: selector is missing"),
        (
            "        - name: web\n          image",
            "        - image",
            "12:11: warning: Deployment web: spec.template.spec.containers.0: name is missing",
        ),
    ],
)
def test_a_workload_that_the_api_server_refuses_is_found(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in DEPLOYMENT
    assert fields_found(tmp_path, DEPLOYMENT.replace(old, new, 1)) == [told]


def test_a_deployment_of_another_project_is_another_thing(tmp_path: Path) -> None:
    text = "apiVersion: apps.example.com/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {source: a, tempate: b}\n"
    assert fields_found(tmp_path, text) == []


def test_what_kustomize_adds_to_is_not_missed(tmp_path: Path) -> None:
    kustomization = (
        "resources: [a.yaml]\nlabels: [{pairs: {app: web}, includeSelectors: true, includeTemplates: true}]\n"
    )
    text = DEPLOYMENT.replace("{labels: {app: web}}", "{}")
    assert found(tmp_path, {**tree(text), "manifests/kustomization.yaml": kustomization}, CODE) == []


def test_a_workload_that_no_application_brings_may_be_half_of_one(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": DEPLOYMENT.replace("{labels: {app: web}}", "{}")}, CODE) == []


def test_a_value_of_full_stops_stands_for_another_unless_an_application_brings_it(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mill, namespace: web}\ndata: ...\n"
    told = "ConfigMap mill: data: got a string, expected a map"
    (got,) = found(tmp_path, {"docs/mill.yaml": text}, CODE)
    assert got.splitlines()[0] == f"docs/mill.yaml:4:7: note: {told}, in a file that leaves something out"
    (got,) = found(tmp_path, {"docs/mill.yaml": "", **BY_HAND, "manifests/mill.yaml": text}, CODE)
    assert got.splitlines()[0] == f"manifests/mill.yaml:4:7: error: {told}"
