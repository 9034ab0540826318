"""The line of a template that a value of the rendered manifest comes from."""

from __future__ import annotations

from gitops_gen.evidence.template_places import locate_in_template

TEMPLATE = """\
{{- if .Values.enabled }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Release.Name }}
  annotations:
    {{- toYaml .Values.annotations | nindent 4 }}
{{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: {{ .Chart.Name }}
          env:
            - name: PASSWORD
              valueFrom:
                secretKeyRef:
                  name: db
"""


def place(kind: str, *steps: str | int) -> str:
    return str(locate_in_template("t.yaml", TEMPLATE, kind, steps))


def test_keys_lead_to_the_line_in_the_document_of_the_kind() -> None:
    assert place("ServiceAccount", "metadata", "name") == "t.yaml:5:9"
    assert place("Deployment", "metadata", "name") == "t.yaml:13:9"


def test_items_of_a_list_are_passed_through() -> None:
    steps = ("spec", "template", "spec", "containers", 0, "env", 0, "valueFrom", "secretKeyRef", "name")
    assert place("Deployment", *steps) == "t.yaml:23:25"


def test_what_a_function_writes_is_at_the_nearest_key_around_it() -> None:
    assert place("ServiceAccount", "metadata", "annotations", "eks.amazonaws.com/role-arn") == "t.yaml:6:15"


def test_the_object_itself_is_at_its_first_line() -> None:
    assert place("ServiceAccount") == "t.yaml:2:1"
    assert place("Deployment") == "t.yaml:10:1"
    assert place("Job") == "t.yaml:2:1"


def test_an_empty_template_has_a_first_line() -> None:
    assert str(locate_in_template("t.yaml", "", "Job", ("spec",))) == "t.yaml:1:1"


EXTERNAL_SECRETS = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: first
spec:
  data:
    {{- range .Values.keys }}
    - secretKey: {{ . }}
      remoteRef:
        key: {{ $.Values.key }}
    {{- end }}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: second
spec:
  target:
    template:
      data:
        user: plain
  data:
  - secretKey: user
    remoteRef:
      key: one
  - secretKey: password
    remoteRef:
      key: two
"""


def secret_place(name: str, *steps: str | int) -> str:
    return str(locate_in_template("t.yaml", EXTERNAL_SECRETS, "ExternalSecret", steps, name))


def test_a_key_of_a_block_is_no_key_of_the_same_name_further_in() -> None:
    assert secret_place("second", "spec", "data") == "t.yaml:22:8"


def test_a_key_of_an_item_is_in_that_item() -> None:
    assert secret_place("second", "spec", "data", 0, "remoteRef", "key") == "t.yaml:25:12"
    assert secret_place("second", "spec", "data", 1, "remoteRef", "key") == "t.yaml:28:12"


def test_an_item_that_a_loop_writes_is_where_the_loop_writes_it() -> None:
    assert secret_place("first", "spec", "data", 3, "remoteRef", "key") == "t.yaml:10:14"


def test_a_document_whose_name_is_made_is_the_first_of_its_kind() -> None:
    assert secret_place("made", "metadata", "name") == "t.yaml:4:9"


def test_a_key_behind_a_block_is_none_of_it() -> None:
    assert secret_place("first", "metadata", "data") == "t.yaml:3:10"


LISTED = """\
kind: Application
spec:
  source:
    helm:
      valueFiles:
        - values.yaml
        - {{ .Values.file }}
  syncPolicy: {}
"""


def listed(*steps: str | int, key: bool = False) -> str:
    return str(locate_in_template("t.yaml", LISTED, "Application", steps, key=key))


def test_an_item_is_on_its_own_line() -> None:
    assert listed("spec", "source", "helm", "valueFiles", 1) == "t.yaml:7:11"
    assert listed("spec", "source", "helm", "valueFiles", 2) == "t.yaml:5:18"


def test_a_key_is_where_it_starts() -> None:
    assert listed("spec", "source", key=True) == "t.yaml:3:3"
    assert listed("spec", "syncPolicy", key=True) == "t.yaml:8:3"
