"""The regular expressions and templates in what External Secrets reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, SECRET_FILE, STORE, STORE_FILE, changed, operator
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-fields"
NO_REGEX = "no regular expression of Go"


def said(tmp_path: Path, spec: str, version: str = "2.9.0") -> list[str]:
    """What is said of an ExternalSecret with more in its spec, from the field on."""
    files = {**changed(SECRET_FILE, ("  target:\n    name: db\n", spec)), "apps/operator.yaml": operator(version)}
    problems = (problem.partition("\n")[0] for problem in found(tmp_path, files, CODE))
    return [problem.partition(" error: ExternalSecret db: spec.")[2] or problem for problem in problems]


def template(**fields: str) -> str:
    """A template of the ExternalSecret."""
    return "  target:\n    template:\n" + "".join(f"      {name}: {value}\n" for name, value in fields.items())


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (
            "{extract: {key: a}, rewrite: [{regexp: {source: '(?!a)b', target: c}}]}",
            f"rewrite[0].regexp.source: {NO_REGEX}: it does not know (?!a",
        ),
        ("{find: {name: {regexp: '*'}}}", f"find.name.regexp: {NO_REGEX}: * has nothing to repeat"),
        (
            "{extract: {key: a}, rewrite: [{transform: {template: '{{ .value | uper }}'}}]}",
            "rewrite[0].transform.template: the operator has no function uper",
        ),
        (
            "{extract: {key: a}, rewrite: [{regexp: {source: '^(.*)$', target: 'db_$4'}}]}",
            "rewrite[0].regexp.target: $4 is no group of the source, so that nothing stands for it",
        ),
        (
            "{extract: {key: a}, rewrite: [{merge: {strategy: JSON}}]}",
            "rewrite[0].merge: into is missing, and JSON goes to one key",
        ),
    ],
)
def test_what_the_operator_cannot_do_with_what_it_finds_is_told(tmp_path: Path, item: str, reason: str) -> None:
    assert said(tmp_path, f"  dataFrom: [{item}]\n") == [f"dataFrom[0].{reason}"]


@pytest.mark.parametrize(
    "item",
    [
        "{find: {name: {regexp: '^[^/]+/(?P<name>[a-z]+)$'}}}",
        "{extract: {key: a}, rewrite: [{regexp: {source: 'exp-(.*?)-ression', target: 'with-${1}-groups'}}]}",
        '{extract: {key: a}, rewrite: [{transform: {template: \'ENV_{{ .value | upper | replace "-" "_" }}\'}}]}',
        "{extract: {key: a}, rewrite: [{merge: {strategy: JSON, into: all}}]}",
        "{find: {name: {regexp: '{{ .Values.pattern }}*'}}}",
    ],
)
def test_what_it_can_do_is_not(tmp_path: Path, item: str) -> None:
    assert said(tmp_path, f"  dataFrom: [{item}]\n") == []


@pytest.mark.parametrize(
    ("fields", "steps"),
    [
        ({"metadata": "{labels: {who: '{{ .USER }}'}}"}, "metadata.labels.who"),
        ({"metadata": "{annotations: {who: '{{ .USER }}'}}"}, "metadata.annotations.who"),
        ({"templateFrom": "[{literal: 'who: {{ .USER }}'}]"}, "templateFrom[0].literal"),
        ({"data": "{who: '{{ .USER }}'}"}, "data.who"),
    ],
)
def test_a_key_that_no_data_give_is_found_wherever_a_template_is(
    tmp_path: Path, fields: dict[str, str], steps: str
) -> None:
    assert said(tmp_path, template(**fields)) == [f"target.template.{steps}: reads .USER, which no data give it"]


def test_templates_of_known_keys_and_functions_are_fine(tmp_path: Path) -> None:
    fields = {
        "metadata": "{labels: {who: '{{ .PASSWORD | sha256sum | trunc 8 }}'}, annotations: {plain: text}}",
        "templateFrom": "[{literal: 'all: {{ . | toYaml | quote }}'}, {configMap: {name: a, items: [{key: b}]}}]",
        "data": "{store: '{{ .PASSWORD | pemTruststoreToPKCS12 }}', chain: '{{ filterCertChain \"leaf\" .PASSWORD }}'}",
    }
    assert said(tmp_path, template(**fields)) == []


@pytest.mark.parametrize("name", ["env", "base64encode", "normalize", "filterPEMServer"])
def test_a_function_that_the_operator_has_not_is_found(tmp_path: Path, name: str) -> None:
    field = template(data=f"{{a: '{{{{ .PASSWORD | {name} }}}}'}}")
    assert said(tmp_path, field) == [f"target.template.data.a: the operator has no function {name}"]


def test_a_newer_operator_may_have_more_functions(tmp_path: Path) -> None:
    (slip,) = said(tmp_path / "slip", template(data="{a: '{{ .PASSWORD | toYaaml }}'}"), "3.0.0")
    (other,) = said(tmp_path / "other", template(data="{a: '{{ .PASSWORD | toToml }}'}"), "3.0.0")
    assert "warning: ExternalSecret db: spec.target.template.data.a: the operator has no function toYaaml up to" in slip
    assert "note: ExternalSecret db: spec.target.template.data.a: the operator has no function toToml up to" in other


def test_the_expression_of_a_namespace_is_read_as_go_does(tmp_path: Path) -> None:
    store = (
        STORE.replace("kind: SecretStore", "kind: ClusterSecretStore") + "  conditions: [{namespaceRegexes: ['a(']}]\n"
    )
    (problem,) = found(tmp_path, {**BY_HAND, STORE_FILE: store}, CODE)
    assert (
        f"error: ClusterSecretStore store: spec.conditions[0].namespaceRegexes[0]: {NO_REGEX}: a ( has no )" in problem
    )


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("dataTo: [{}]", "spec.dataTo[0]: storeRef names no store\n"),
        ("dataTo: [{storeRef: {kind: SecretStore}}]", "spec.dataTo[0]: storeRef names no store\n"),
        (
            "dataTo: [{storeRef: {name: store}, remoteKey: a, rewrite: [{regexp: {source: a, target: b}}]}]",
            "spec.dataTo[0].rewrite: remoteKey takes all keys to one place, so that none is rewritten\n",
        ),
        (
            "dataTo: [{storeRef: {name: store}, match: {regexp: '[a(b'}}]",
            f"spec.dataTo[0].match.regexp: {NO_REGEX}: a [ has no ]\n",
        ),
        ("template: {data: {a: '{{ .best-a }}'}}", "spec.template.data.a: no Go template: bad character U+002D\n"),
    ],
)
def test_the_texts_of_a_push_secret_are_judged(tmp_path: Path, field: str, reason: str) -> None:
    push = (
        "apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: out}\nspec:\n"
        f"  secretStoreRefs: [{{name: store}}]\n  selector: {{secret: {{name: db}}}}\n  {field}\n"
    )
    (problem,) = found(tmp_path, {**BY_HAND, "manifests/push.yaml": push}, CODE)
    assert "error: PushSecret out: " in problem
    assert reason in problem
