"""Charts of the tree are rendered with their values by Helm's own engine, and the result is judged too."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence import helm
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.evidence.values import at
from gitops_gen.judge import judge
from tests.checks.by_hand import BY_HAND, application
from tests.checks.trees import URL, found, shown
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "charts/web/values.yaml": "account: web\nsecret: db\nreplicas: 1\n",
    "charts/web/templates/_names.tpl": '{{- define "account" }}{{ .Values.account }}{{ end }}\n',
    "charts/web/templates/NOTES.txt": "Have: fun\n",
    "charts/web/templates/deployment.yaml": """\
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{ .Release.Name }}, annotations: {secret.reloader.stakater.com/reload: db}}
        spec:
          replicas: {{ .Values.replicas }}
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              serviceAccountName: {{ include "account" . }}
              containers:
                - name: web
                  env:
                    - name: PASSWORD
                      valueFrom:
                        secretKeyRef:
                          name: {{ .Values.secret }}
                          key: PASSWORD
        """,
}


def tree(values: str = "        releaseName: web\n", **charts: str) -> dict[str, str]:
    """The repository kept by hand, with a chart beside its manifests."""
    options = ("SkipDryRunOnMissingResource=true",)
    return {**BY_HAND, "apps/web.yaml": application(options=options, values=values), **CHART, **charts}


def graph(root: Path) -> Graph:
    return Graph(Files(root), (".",), repositories({URL: "."}))


@requires_helm
@pytest.mark.parametrize("given", ["        valueFiles: [more.yaml]\n", "        values: |\n{text}"])
def test_each_document_of_values_is_laid_over_the_one_before(tmp_path: Path, given: str) -> None:
    more = "a: {b: 1}\n--- \na: {c: 2}\n---\n# nothing\n---\na: {b: 3}\nd: null\n"
    values = given.format(text="".join(f"          {line}\n" for line in more.splitlines()))
    says = "{{ fail (toJson .Values) }}\n"
    files = tree(values, **{"charts/web/templates/says.yaml": says, "charts/web/more.yaml": more})

    (told,) = found(tmp_path, files, "chart-rendering")

    assert '{"a":{"b":3,"c":2},"account":"web","d":null,"replicas":1,"secret":"db"}' in told


@requires_helm
def test_nothing_is_said_of_a_sound_chart(tmp_path: Path) -> None:
    assert found(tmp_path, tree(), "chart-rendering") == []
    (web,) = (each for each in graph(tmp_path).deployments if each.application.name == "web")
    assert [str(each) for each in web.manifests if each.place.rendering] == ["Deployment web"]
    assert [shown(each) for each in judge(graph(tmp_path)).problems if each.code != "cannot-say"] == []


@requires_helm
def test_a_rendered_pod_that_runs_as_the_account_of_the_store_is_found_in_its_template(tmp_path: Path) -> None:
    values = "        valuesObject: {account: web-eso}\n"
    assert found(tmp_path, tree(values), "store-service-account") == [
        (
            "charts/web/templates/deployment.yaml:10:27: warning: Deployment web runs as web-eso, which SecretStore "
            "store signs in as: its pods receive the role and can read the secrets by themselves\n"
            "hint: give the store a ServiceAccount of its own\n"
            "manifests/store.yaml:13:19: the store signs in as it here\n"
            "apps/web.yaml:17:13: the chart is rendered for this"
        )
    ]


@requires_helm
def test_a_rendered_pod_that_reads_another_key_is_found(tmp_path: Path) -> None:
    path = "charts/web/templates/deployment.yaml"
    changed = tree(**{path: CHART[path].replace("key: PASSWORD", "key: PASWORD")})
    assert found(tmp_path, changed, "secret-reference") == [
        (
            "charts/web/templates/deployment.yaml:18:24: error: Deployment web reads the key PASWORD of the Secret "
            "db, but ExternalSecret db gives it PASSWORD\n"
            "hint: did you mean PASSWORD?\n"
            "manifests/secret.yaml:13:5: its keys\n"
            "apps/web.yaml:17:13: the chart is rendered for this"
        )
    ]


@requires_helm
@pytest.mark.parametrize("key", ["TOKEN", "{{ .Values.database.userKey }}", "{{ .Values.key }}"])
def test_a_rendered_pod_that_reads_another_key_of_a_secret_that_values_name_is_found(tmp_path: Path, key: str) -> None:
    path, named = "charts/web/templates/deployment.yaml", "{{ .Values.database.secretName }}"
    template = CHART[path].replace("{{ .Values.secret }}", named).replace("key: PASSWORD", f"key: {key}")
    values = "        valuesObject: {key: TOKEN, database: {secretName: db, passwordKey: PASSWORD}}\n"
    own = {path: template, "charts/web/values.yaml": "account: web\nreplicas: 1\ndatabase: {userKey: TOKEN}\n"}
    (problem,) = found(tmp_path, tree(values, **own), "secret-reference")
    assert problem.startswith(
        "charts/web/templates/deployment.yaml:18:24: error: Deployment web reads the key TOKEN of the Secret db, but "
        "ExternalSecret db gives it PASSWORD\n"
    )


@requires_helm
def test_a_key_that_values_name_wrongly_is_told_at_the_values_alone(tmp_path: Path) -> None:
    path, key = "charts/web/templates/deployment.yaml", "{{ .Values.database.passwordKey }}"
    values = "        valuesObject: {database: {existingSecret: db, passwordKey: TOKEN}}\n"
    changed = tree(values, **{path: CHART[path].replace("key: PASSWORD", f"key: {key}")})
    (problem,) = found(tmp_path, changed, "secret-reference")
    assert problem.startswith("apps/web.yaml:19:68: error: a value of web reads the key TOKEN of the Secret db")


@requires_helm
@pytest.mark.parametrize(
    ("values", "where", "what"),
    [
        ('{secret: ""}', "17:25", "a Secret, and does not say which: name is empty"),
        ('{key: ""}', "18:24", "a key of a Secret, and does not say which: key is empty"),
        ('{from: ""}', "20:26", "a Secret, and does not say which: name is empty"),
        ("{mounted: null}", "22:19", "a Secret, and does not say which: secretName is empty"),
    ],
)
def test_a_rendered_pod_that_does_not_say_what_it_reads_is_found(
    tmp_path: Path, values: str, where: str, what: str
) -> None:
    path = "charts/web/templates/deployment.yaml"
    more = """\
                  envFrom:
                    - secretRef: {name: {{ .Values.from }}}
              volumes:
                - secret: {secretName: {{ .Values.mounted }}}
        """
    own = "{account: web, replicas: 1, secret: db, key: PASSWORD, from: db, mounted: db}\n"
    template = CHART[path].replace("key: PASSWORD", "key: {{ .Values.key }}").rstrip(" ") + more
    sound = {path: template, "charts/web/values.yaml": own}
    assert found(tmp_path, tree(**sound), "secret-reference") == []
    (problem,) = found(tmp_path, tree(f"        valuesObject: {values}\n", **sound), "secret-reference")
    assert problem == (
        f"{path}:{where}: error: Deployment web reads {what}\n"
        "hint: name it, or leave the whole reference out: the API server refuses one without\n"
        "apps/web.yaml:17:13: the chart is rendered for this"
    )


@requires_helm
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "apiVersion: apps/v1",
            "apiVersion: {{ .Values.group }}/v1",
            "1:13: error: Deployment web: got app/v1, expected apps/v1",
        ),
        ("kind: Deployment", "kind: Deploymnt", "2:7: error: Deploymnt web: apps/v1 has no kind Deploymnt"),
    ],
)
def test_an_object_that_kubernetes_does_not_serve_is_found_where_it_is_rendered(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = "charts/web/templates/deployment.yaml"
    changed = {path: CHART[path].replace(old, new), "charts/web/values.yaml": "group: app\n"}
    second = application("second", cluster="two", values="        releaseName: web\n        valuesObject: {a: 1}\n")
    (problem,) = found(tmp_path, tree(**changed, **{"apps/second.yaml": second}), "api-version")
    assert problem.startswith(f"{path}:{said}\n")


@requires_helm
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "Chart.yaml",
            "apiVersion: v2\nversion: 0.1.0\n",
            ": error: Helm refuses the chart charts/web of web: validation",
        ),
        (
            "Chart.yaml",
            "apiVersion: v2\nname: web\nversion: new\n",
            ": error: Helm refuses the chart charts/web of web: ",
        ),
        (
            "Chart.yaml",
            "name: web\n  version: 1\n",
            ":2:10: error: Helm refuses the chart charts/web of web: cannot load",
        ),
        ("values.yaml", "secret: db\n  a: b\n", ":2:4: error: Helm refuses the chart charts/web of web: cannot load"),
    ],
)
def test_a_file_of_a_chart_that_helm_does_not_load_is_told_there(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    (problem,) = found(tmp_path, tree(**{f"charts/web/{name}": text}), "chart-rendering")
    assert problem.startswith(f"charts/web/{name}{said}")
    assert problem.endswith("apps/web.yaml:17:13: the chart")


@requires_helm
def test_a_values_file_that_lost_what_it_said_is_named_with_what_the_chart_says_then(tmp_path: Path) -> None:
    path = "charts/web/templates/deployment.yaml"
    values = "        valueFiles: [/values/all.yaml, /values/one.yaml]\n"
    changed = {
        path: CHART[path].replace("key: PASSWORD", "key: {{ .Values.key }}"),
        "charts/web/values.yaml": "{account: web, replicas: 1, secret: db, key: password}\n",
        "values/all.yaml": "# nothing\n",
        "values/one.yaml": "replicas: 2\n",
    }
    (problem,) = found(tmp_path, tree(values, **changed), "secret-reference")
    assert problem.splitlines()[-3:] == [
        "apps/web.yaml:17:13: the chart is rendered for this",
        "values/one.yaml: with these values",
        "values/all.yaml: this values file says nothing",
    ]
    (tmp_path / "values/all.yaml").write_text("{}\n")
    (problem,) = found(tmp_path, {}, "secret-reference")
    assert problem.splitlines()[-1] == "values/one.yaml: with these values"


@requires_helm
def test_a_values_file_and_parameters_are_laid_over_the_chart_in_the_order_of_argo_cd(tmp_path: Path) -> None:
    values = """\
        releaseName: shop
        valueFiles: [own.yaml]
        valuesObject: {secret: second}
        parameters:
          - {name: account, value: "third,fourth"}
"""
    found(tmp_path, tree(values, **{"charts/web/own.yaml": "secret: first\naccount: first\n"}), "chart-rendering")
    (web,) = (each for each in graph(tmp_path).rendered)
    spec = web.value["spec"]
    assert isinstance(spec, dict)
    pod = spec["template"]["spec"]
    assert (web.name, pod["serviceAccountName"]) == ("shop", "third,fourth")
    assert pod["containers"][0]["env"][0]["valueFrom"]["secretKeyRef"]["name"] == "second"


OVERRIDES = {
    "charts/web/.argocd-source.yaml": "helm: {parameters: [{name: replicas, value: '3'}], releaseName: all}\n",
    "charts/web/.argocd-source-web.yaml": """\
        helm:
          releaseName: null
          valuesObject: {secret: other}
          parameters: [{name: account, value: 'true', forcestring: true}]
        path: elsewhere
        """,
    "charts/web/.argocd-source-other.yaml": "helm: {releaseName: other}\n",
}


@requires_helm
def test_what_files_beside_a_chart_say_of_its_source_is_laid_over_it(tmp_path: Path) -> None:
    """As Argo CD Image Updater writes them: a list stands alone, and a null takes a setting away."""
    values = "        releaseName: shop\n        valuesObject: {account: own}\n"
    assert found(tmp_path, tree(values, **OVERRIDES), "chart-rendering") == []
    (web,) = (each for each in graph(tmp_path).rendered)
    assert (web.name, at(web.value, "spec", "replicas")) == ("web", 1)
    pod = at(web.value, "spec", "template", "spec")
    assert at(pod, "serviceAccountName") is True  # the template does not quote it
    assert at(pod, "containers", 0, "env", 0, "valueFrom", "secretKeyRef", "name") == "other"


@pytest.mark.parametrize(
    "text", ["helm: {valueFiles: [x.yaml]}", "helm: {fileParameters: [{name: a, path: b}]}", "", "a: [", "[]"]
)
def test_a_file_beside_a_chart_that_changes_which_files_it_reads_leaves_it_unknown(tmp_path: Path, text: str) -> None:
    found(tmp_path, tree(**{"charts/web/.argocd-source.yaml": text}), "chart-rendering")
    reason = "charts/web/.argocd-source.yaml changes what web says of charts/web, so what it brings is not known"
    assert [each.reason for each in graph(tmp_path).elsewhere if "charts/web" in each.reason] == [reason]


@requires_helm
def test_variables_that_nobody_knows_are_empty_in_parameters_and_stay_in_values(tmp_path: Path) -> None:
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, labels: {{ .Values.labels | toJson }}}\n"
    values = """\
        parameters: [{name: labels.a, value: a$$b$C-1}, {name: labels.b, value: '${D}7', forceString: true}]
        valuesObject: {labels: {c: $ARGOCD_APP_NAME}}
"""
    found(tmp_path, tree(values, **{"charts/web/templates/x.yaml": template}), "chart-rendering")
    (labels,) = (at(each.value, "metadata", "labels") for each in graph(tmp_path).rendered if each.kind == "ConfigMap")
    assert labels == {"a": "a$b-1", "b": "7", "c": "$ARGOCD_APP_NAME"}


@requires_helm
def test_a_chart_is_rendered_for_the_namespace_that_the_source_states(tmp_path: Path) -> None:
    """The namespace of the source is that of the release; what states none lands in that of the Application."""
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: {{ .Release.Namespace }}}\n"
    values = "        namespace: other\n"
    found(tmp_path, tree(values, **{"charts/web/templates/x.yaml": template}), "chart-rendering")
    assert {each.kind: each.namespace for each in graph(tmp_path).rendered} == {
        "ConfigMap": "other",
        "Deployment": None,
    }


@requires_helm
def test_a_template_that_fails_is_told_where_helm_says(tmp_path: Path) -> None:
    failing = 'a: {{ required "name the secret" .Values.none }}\n'
    assert found(tmp_path, tree(**{"charts/web/templates/failing.yaml": failing}), "chart-rendering") == [
        (
            "charts/web/templates/failing.yaml:1:7: error: Helm refuses the chart charts/web of web: execution "
            "error at (web/templates/failing.yaml:1:6): name the secret\n"
            "hint: correct what Helm names; helm template with the same values says the same\n"
            "apps/web.yaml:17:13: the chart"
        )
    ]


@requires_helm
@pytest.mark.parametrize(
    ("failing", "place"),
    [
        ("a: 1\nb: {{ .Values.none.first }}\n", "charts/web/templates/failing.yaml:2:14"),
        ('b: {{ include "nobody" . }}\n', "charts/web/templates/failing.yaml:1:7"),
        ('b: {{ index .Values.none "a" }}\n', "charts/web/templates/failing.yaml:1:7"),
        ('b: {{ include "failing" . }}\n', "charts/web/templates/_failing.tpl:2:11"),
        ("b: {{ if }}\n", "charts/web/templates/failing.yaml:1"),
    ],
)
def test_what_a_template_stops_at_is_told_at_its_line(tmp_path: Path, failing: str, place: str) -> None:
    included = '{{ define "failing" }}\n{{ .Values.none.first }}{{ end }}\n'
    files = {"charts/web/templates/failing.yaml": failing, "charts/web/templates/_failing.tpl": included}
    (got,) = found(tmp_path, tree(**files), "chart-rendering")
    assert got.startswith(f"{place}: error: Helm refuses the chart charts/web of web: ")


@requires_helm
def test_what_stops_in_an_archive_is_told_where_the_chart_is_named(tmp_path: Path) -> None:
    part = {
        "part/Chart.yaml": "apiVersion: v2\nname: part\nversion: 0.1.0\n",
        "part/templates/a.yaml": "{{ fail `x` }}\n",
    }
    found(tmp_path, tree(**part), "chart-rendering")
    (tmp_path / "charts/web/charts").mkdir()
    helm.packed(tmp_path / "part", tmp_path / "charts/web/charts")
    (got,) = found(tmp_path, tree(), "chart-rendering")
    assert got.startswith("apps/web.yaml:15:7: error: Helm refuses the chart charts/web of web: execution error at ")


@requires_helm
def test_the_values_that_a_chart_is_refused_with_are_named(tmp_path: Path) -> None:
    failing = "a: {{ .Values.many.first }}\n"
    files = tree(
        values="        valueFiles: [../../values/web.yaml]\n", **{"charts/web/templates/failing.yaml": failing}
    )
    (got,) = found(tmp_path, {**files, "values/web.yaml": "many: []\n"}, "chart-rendering")
    assert got.splitlines()[-2:] == ["apps/web.yaml:17:13: the chart", "values/web.yaml: with these values"]


@requires_helm
@pytest.mark.parametrize(
    "schema",
    ['{"type": "objct"}', '{"type": object}', '{"type": "object"', '{"properties": {"replicas": {"minimum": null}}}'],
)
def test_a_schema_that_is_none_is_found_where_it_stands(tmp_path: Path, schema: str) -> None:
    path = "charts/web/values.schema.json"
    (told,) = found(tmp_path, tree(**{path: schema}), "chart-rendering")
    assert told.startswith(f"{path}: error: Helm refuses the chart charts/web of web: values don't meet")
    assert "apps/web.yaml:17:13: the chart" in told.splitlines()


@requires_helm
def test_what_a_schema_refuses_by_a_keyword_that_is_not_known_here_is_told_as_helm_does(tmp_path: Path) -> None:
    values = "        releaseName: web\n        valueFiles: [own.yaml]\n"
    schema = '{"properties": {"account": {"if": {"const": "web"}, "then": {"const": "shop"}}}}'
    chart = {"charts/web/own.yaml": "replicas: 2\n", "charts/web/values.schema.json": schema}
    (told,) = found(tmp_path, tree(values, **chart), "chart-rendering")
    assert "Helm refuses the chart charts/web of web: values don't meet the specifications of the schema(s)" in told


@requires_helm
def test_nobody_says_what_a_chart_brings_whose_schema_is_skipped_and_refuses_the_values(tmp_path: Path) -> None:
    """Argo CD gives Helm --skip-schema-validation, which its engine here has not."""
    values = "        skipSchemaValidation: {}\n        valuesObject: {{replicas: {}}}\n"
    schema = {"charts/web/values.schema.json": '{"properties": {"replicas": {"type": "number"}}}'}
    assert found(tmp_path, tree(values.format("true", "two"), **schema), "chart-rendering") == []
    reason = "the chart charts/web is not rendered, since its schema, which is skipped, refuses the values"
    assert [each.reason for each in graph(tmp_path).elsewhere if "charts/web" in each.reason] == [reason]
    found(tmp_path, tree(values.format("true", "2"), **schema), "chart-rendering")
    assert [each.kind for each in graph(tmp_path).rendered] == ["Deployment"]
    (refused,) = found(tmp_path, tree(values.format("false", "two"), **schema), "chart-values")
    assert "replicas" in refused


@requires_helm
def test_nobody_says_what_a_chart_brings_whose_schema_refers_to_another_host(tmp_path: Path) -> None:
    """Helm asks that host, which nothing here does."""
    schema = '{"properties": {"replicas": {"$ref": "https://schemas.example.com/all.json#/definitions/Count"}}}'
    files = tree(**{"charts/web/values.schema.json": schema})
    assert found(tmp_path, files, "chart-rendering") == []
    reason = "the chart charts/web is not rendered, since a schema of it is in part on another host"
    assert [each.reason for each in graph(tmp_path).elsewhere if "charts/web" in each.reason] == [reason]


@requires_helm
def test_a_file_that_a_schema_refers_to_is_never_there(tmp_path: Path) -> None:
    """To Helm the schema lies at the root of the file system, whatever chart it is of."""
    schema = {"charts/web/values.schema.json": '{"$ref": "schemas/all.json"}', "charts/web/schemas/all.json": "{}"}
    (told,) = found(tmp_path, tree(**schema), "chart-rendering")
    assert 'failing loading "file:///schemas/all.json"' in told


@requires_helm
def test_the_engine_reaches_no_host(tmp_path: Path) -> None:
    schema = '{"$ref": "http://schemas.example.com/all.json"}'
    found(tmp_path, tree(**{"charts/web/values.schema.json": schema}), "chart-rendering")
    with pytest.raises(helm.HelmRefusalError, match=r"proxyconnect tcp: dial tcp 127\.0\.0\.1:0"):
        helm.render(tmp_path / "charts" / "web", {}, release="web", namespace="web")


@requires_helm
def test_at_another_revision_the_template_may_not_fail_and_a_parameter_does(tmp_path: Path) -> None:
    values = "        parameters: [{name: secret, value: '{{secret}}'}]\n"
    files = tree(values, **{"charts/web/templates/failing.yaml": 'a: {{ required "name the secret" .Values.none }}\n'})
    files["apps/web.yaml"] = files["apps/web.yaml"].replace("targetRevision: main", "targetRevision: web-1.0.0")
    parameter, template = found(tmp_path, files, "chart-rendering")
    assert parameter.startswith("apps/web.yaml:19:22: error: Helm refuses the chart charts/web of web: its parameter ")
    assert template.split("\n")[:2] == [
        (
            "charts/web/templates/failing.yaml:1:7: note: Helm refuses the chart charts/web of web: execution error at "
            "(web/templates/failing.yaml:1:6): name the secret, as it is here; Argo CD reads it at web-1.0.0"
        ),
        "hint: check out that revision, and verify it",
    ]


@requires_helm
def test_a_result_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    broken = "kind: x\n  name: y\n"
    (problem,) = found(tmp_path, tree(**{"charts/web/templates/broken.yaml": broken}), "chart-rendering")
    assert problem.startswith(
        "charts/web/templates/broken.yaml: error: Helm refuses the chart charts/web of web: "
        "charts/web/templates/broken.yaml renders to what is no YAML, at line 2 of it: "
    )


@requires_helm
@pytest.mark.parametrize(("line", "field"), [("kind: Deployment", "kind"), ("apiVersion: apps/v1", "apiVersion")])
def test_an_object_without_what_argo_cd_knows_it_by_is_told(tmp_path: Path, line: str, field: str) -> None:
    path = "charts/web/templates/deployment.yaml"
    changed = tree(**{path: CHART[path].replace(line, "data: {}"), "charts/web/templates/none.yaml": "{}\n---\n"})
    (told,) = found(tmp_path, changed, "chart-rendering")
    assert told.splitlines()[:2] == [
        f"{path}: error: Helm refuses the chart charts/web of web: {path} renders to an object without {field}",
        "hint: write apiVersion and kind in the template: Argo CD stops at what has not both",
    ]


@requires_helm
def test_documents_are_separated_as_helm_does(tmp_path: Path) -> None:
    """A template that trims the spaces behind a separator leaves a document on its line."""
    template = (
        '{{- range list "a" "b" }}\n{{- $name := . -}}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n'
        "  name: {{ $name }}\ndata:\n  key: |\n    -----BEGIN\n---\n{{- end }}\n"
    )
    files = {**tree(), "charts/web/templates/maps.yaml": template}
    assert found(tmp_path, files, "chart-rendering") == []
    maps = [each for each in graph(tmp_path).rendered if each.kind == "ConfigMap"]
    assert [(each.name, each.value["data"]) for each in maps] == [
        ("a", {"key": "-----BEGIN\n"}),
        ("b", {"key": "-----BEGIN\n"}),
    ]


@requires_helm
def test_a_parameter_that_helm_refuses_is_told_and_the_rest_is_judged(tmp_path: Path) -> None:
    values = """\
        parameters:
          - {name: secret, value: "{{secret}}"}
          - {name: account, value: web-eso}
"""
    assert found(tmp_path, tree(values), "chart-rendering") == [
        (
            'apps/web.yaml:20:13: error: Helm refuses the chart charts/web of web: its parameter secret: key "}" '
            "has no value\nhint: correct what Helm names; helm template with the same values says the same\n"
            "apps/web.yaml:17:13: the chart"
        )
    ]
    assert len(found(tmp_path, tree(values), "store-service-account")) == 1


@requires_helm
def test_hooks_of_tests_are_not_brought_and_those_of_a_sync_are(tmp_path: Path) -> None:
    hook = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  annotations: {{helm.sh/hook: {hook}}}\n"
    files = {
        f"charts/web/templates/{hook_name}.yaml": hook.format(name=hook_name, hook=hook_name)
        for hook_name in ("test", "pre-install")
    }
    found(tmp_path, tree(**files), "chart-rendering")
    assert [each.name for each in graph(tmp_path).rendered if each.kind == "Pod"] == ["pre-install"]


@requires_helm
def test_definitions_of_a_chart_are_brought_unless_the_application_skips_them(tmp_path: Path) -> None:
    crd = {"charts/web/crds/thing.yaml": "apiVersion: v1\nkind: Thing\nmetadata: {name: t}\n"}
    for values, expected in (("releaseName: web", ["t"]), ("skipCrds: true", [])):
        found(tmp_path, tree(f"        {values}\n", **crd), "chart-rendering")
        web = next(each for each in graph(tmp_path).deployments if each.application.name == "web")
        assert [each.name for each in web.manifests if each.kind == "Thing"] == expected


PART = {"charts/web/charts/part/Chart.yaml": "apiVersion: v2\nname: part\nversion: 0.1.0\n"}
"""A chart in the charts/ of the other one."""


@requires_helm
@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("{name: part, version: 0.1.0}", {"part"}),
        ("{name: part, version: 0.1.0, alias: called}", {"called"}),
        ("{name: part, version: 0.1.0, alias: one}, {name: part, version: 0.1.0, alias: two}", {"one", "two"}),
        ("{name: part, version: 9.0.0, alias: called}", {"part"}),
    ],
)
def test_what_a_part_brings_is_in_its_folder_whatever_it_is_called(
    tmp_path: Path, stated: str, names: set[str]
) -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: {{ .Chart.Name }}}\n"
    thing = "apiVersion: v1\nkind: Thing\nmetadata: {name: t}\n"
    inner = "charts/web/charts/of-part/charts/inner"
    files = {
        "charts/web/Chart.yaml": CHART["charts/web/Chart.yaml"] + f"dependencies: [{stated}]\n",
        "charts/web/charts/of-part/Chart.yaml": PART["charts/web/charts/part/Chart.yaml"],
        "charts/web/charts/of-part/templates/account.yaml": account,
        f"{inner}/Chart.yaml": "apiVersion: v2\nname: inner\nversion: 0.1.0\n",
        f"{inner}/templates/account.yaml": account,
        f"{inner}/crds/thing.yaml": thing,
    }
    assert found(tmp_path, tree(**files), "chart-rendering") == []
    web = next(each for each in graph(tmp_path).deployments if each.application.name == "web")
    accounts = {(each.name, each.place.file) for each in web.manifests if each.kind == "ServiceAccount"}
    assert accounts - {("web-eso", "manifests/account.yaml")} == {
        *((name, "charts/web/charts/of-part/templates/account.yaml") for name in names),
        ("inner", f"{inner}/templates/account.yaml"),
    }
    assert [each.place.file for each in web.manifests if each.kind == "Thing"] == [f"{inner}/crds/thing.yaml"]


@requires_helm
def test_definitions_of_a_part_are_brought_unless_the_values_switch_it_off(tmp_path: Path) -> None:
    needs = "dependencies: [{name: part, version: 0.1.0, condition: part.enabled}]\n"
    changed = {"charts/web/Chart.yaml": CHART["charts/web/Chart.yaml"] + needs}
    crd = {"charts/web/charts/part/crds/thing.yaml": "apiVersion: v1\nkind: Thing\nmetadata: {name: t}\n"}
    for values, expected in (("releaseName: web", ["t"]), ("valuesObject: {part: {enabled: false}}", [])):
        found(tmp_path, tree(f"        {values}\n", **PART, **changed, **crd), "chart-rendering")
        web = next(each for each in graph(tmp_path).deployments if each.application.name == "web")
        assert [each.name for each in web.manifests if each.kind == "Thing"] == expected


@requires_helm
def test_what_the_schema_of_a_part_refuses_is_told_here(tmp_path: Path) -> None:
    """What that of the chart itself refuses, chart-values tells with the value."""
    schema = '{"properties": {"replicas": {"type": "string"}}}'
    part = {"charts/web/charts/part/values.yaml": "replicas: 1\n", "charts/web/charts/part/values.schema.json": schema}
    assert found(tmp_path, tree(**PART, **part), "chart-rendering") == [
        (
            "apps/web.yaml:15:7: error: Helm refuses the chart charts/web of web: values don't meet the "
            "specifications of the schema(s) in the following chart(s): part: - at '/replicas': got number, want "
            "string\n"
            "hint: correct what Helm names; helm template with the same values says the same\n"
            "apps/web.yaml:17:13: the chart"
        )
    ]
    own = tree(**{"charts/web/values.schema.json": schema})
    assert found(tmp_path / "own", own, "chart-rendering") == []


@requires_helm
@pytest.mark.parametrize(
    ("values", "chart", "reason"),
    [
        (
            "        releaseName: web\n",
            "dependencies: [{name: base, version: 1.0.0, repository: https://charts.example.com}]\n",
            "the chart charts/web needs base, which is not in its charts/ until helm dependency build has run",
        ),
        (
            "        valueFiles: [none.yaml]\n",
            "",
            "the chart charts/web is not rendered, since the values file none.yaml is not here",
        ),
        (
            "        valueFiles: ['none-*.yaml']\n",
            "",
            "the chart charts/web is not rendered, since its values files are those that match none-*.yaml",
        ),
        (
            "        parameters: [{name: account, value: $ARGOCD_APP_REVISION}]\n",
            "",
            "the chart charts/web is given variables of the build, which only Argo CD knows",
        ),
        (
            "        fileParameters: [{name: account, path: 'x-${KUBE_VERSION}'}]\n",
            "",
            "the chart charts/web is given variables of the build, which only Argo CD knows",
        ),
    ],
)
def test_a_chart_that_cannot_be_rendered_offline_is_told(tmp_path: Path, values: str, chart: str, reason: str) -> None:
    changed = CHART["charts/web/Chart.yaml"] + chart
    found(tmp_path, tree(values, **{"charts/web/Chart.yaml": changed}), "chart-rendering")
    assert [each.reason for each in graph(tmp_path).elsewhere if "charts/web" in each.reason] == [reason]


@requires_helm
def test_a_values_file_that_need_not_be_there_is_passed_over(tmp_path: Path) -> None:
    values = "        valueFiles: [none.yaml]\n        ignoreMissingValueFiles: true\n"
    found(tmp_path, tree(values), "chart-rendering")
    assert [str(each) for each in graph(tmp_path).rendered] == ["Deployment web"]


@requires_helm
def test_equal_releases_on_two_clusters_are_rendered_once(tmp_path: Path) -> None:
    second = application("web-two", cluster="two", values="        releaseName: web\n")
    found(tmp_path, tree(**{"apps/two.yaml": second}), "chart-rendering")
    read = graph(tmp_path)
    assert len(read.rendered) == 1
    assert sum(bool(each.manifests and each.manifests[-1].place.rendering) for each in read.deployments) == 2


def test_without_the_engine_the_chart_is_told_and_nothing_of_it_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gitops_gen.evidence.helm.process.is_installed", lambda: False)
    found(tmp_path, tree(), "chart-rendering")
    read = graph(tmp_path)
    assert read.rendered == ()
    assert [each.reason for each in read.elsewhere if "charts/web" in each.reason] == [
        ("the chart charts/web is not rendered, for want of Helm's engine: python -m pip install 'gitops-gen[helm]'")
    ]


@requires_helm
@pytest.mark.parametrize(
    ("value", "is_text", "expected"),
    [
        ("007", False, "007"),
        ("7", False, 7),
        ("7", True, "7"),
        ("null", False, None),
        ("a,b", False, "a,b"),
        ("a\\,b", False, "a,b"),
        ("{a,b}", False, ["a", "b"]),
    ],
)
def test_a_parameter_has_the_type_that_set_gives_it(value: str, is_text: bool, expected: object) -> None:
    assert helm.read_parameter("a.b", value, is_text=is_text) == {"a": {"b": expected}}


APP_OF_APPS = {
    "root/Chart.yaml": "apiVersion: v2\nname: root\nversion: 0.1.0\n",
    "root/values.yaml": "namespace: web\n",
    "root/templates/apps.yaml": f"""\
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata:
          name: root
          namespace: argocd
        spec:
          project: default
          destination: {{name: one, namespace: argocd}}
          source: {{repoURL: {URL}, path: root}}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata:
          name: web
          namespace: argocd
        spec:
          goTemplate: true
          goTemplateOptions: [missingkey=error]
          generators:
            - list:
                elements: [{{cluster: one}}]
          syncPolicy: {{preserveResourcesOnDeletion: true}}
          template:
            metadata: {{name: "web-{{{{ "{{{{" }}}}.cluster}}}}"}}
            spec:
              project: default
              destination: {{name: one, namespace: {{{{ .Values.namespace }}}}}}
              source: {{repoURL: {URL}, path: {{{{ .Values.path | default "manifests" }}}}}}
        """,
    "apps/root.yaml": application("root", namespace="argocd", path="root"),
}


@requires_helm
def test_applications_that_a_chart_renders_to_are_followed(tmp_path: Path) -> None:
    files = {path: text for path, text in BY_HAND.items() if path != "apps/web.yaml"} | APP_OF_APPS
    assert found(tmp_path, files, "source-path") == []
    read = graph(tmp_path)
    assert [each.application.name for each in read.deployments] == ["external-secrets-one", "root", "web-one"]
    assert [str(each) for each in read.deployments[-1].external_secrets] == ["ExternalSecret db"]
    (reader,) = read.readers
    assert reader.trusted_role is not None


@requires_helm
def test_a_broken_application_of_a_chart_is_found_in_its_template(tmp_path: Path) -> None:
    files = {**BY_HAND, **APP_OF_APPS, "root/values.yaml": "namespace: web\npath: none\n"}
    assert found(tmp_path, files, "source-path") == [
        (
            "root/templates/apps.yaml:28:15: error: web-one takes its manifests from none, which is not there\n"
            "hint: correct the path, or commit the folder\n"
            "root/templates/apps.yaml:21:19: for these parameters\n"
            "apps/root.yaml:14:13: the chart is rendered for this"
        )
    ]


@requires_helm
def test_a_secret_that_the_schema_refuses_is_not_shown(tmp_path: Path) -> None:
    schema = (
        '{"properties": {"db": {"properties": {"password": {"pattern": "^x", "minLength": 99}}},'
        ' "pwd": {"maximum": 3}, "account": {"pattern": "^x"}}}'
    )
    values = "        parameters: [{name: replicas, value: '1'}]\n"
    own = "db: {password: it's hunter2 is not it}\npwd: 98765432\naccount: web\n"
    files = tree(values, **{"charts/web/values.yaml": own, "charts/web/values.schema.json": schema})
    (problem,) = found(tmp_path, files, "chart-rendering")
    told = problem.partition("\n")[0].partition("chart(s): ")[2]
    assert sorted(told.split(" - ")) == [
        "at '/account': 'web' does not match pattern '^x'",
        "at '/db/password': *** does not match pattern '^x'",
        "at '/db/password': minLength: got ***, want 99",
        "at '/db/password': validation failed",
        "at '/pwd': maximum: got ***, want 3",
        "web:",
    ]


@requires_helm
def test_what_helm_warns_of_is_not_printed_with_a_value(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    values = "        valuesObject: {secret: {hidden: s3cr3t}}\n"
    found(
        tmp_path,
        tree(values, **{"charts/web/values.yaml": "account: web\nreplicas: 1\nsecret: s3cr3t\n"}),
        "invalid-hcl",
    )
    assert [each.name for each in graph(tmp_path).rendered] == ["web"]
    assert capfd.readouterr() == ("", "")


def pod_of(root: Path) -> dict[str, object]:
    """Returns what the one rendered Deployment says of its account and its Secret."""
    (web,) = graph(root).rendered
    spec = web.value["spec"]
    assert isinstance(spec, dict)
    pod = spec["template"]["spec"]
    key = pod["containers"][0]["env"][0]["valueFrom"]["secretKeyRef"]
    return {"account": pod["serviceAccountName"], "secret": key["name"]}


@requires_helm
def test_the_content_of_a_file_is_laid_over_all_other_parameters(tmp_path: Path) -> None:
    values = """\
        fileParameters: [{name: secret, path: files/name.txt}, {name: account, path: /account.txt}]
        parameters: [{name: secret, value: second}, {name: account, value: third, forceString: true}]
"""
    files = {"charts/web/files/name.txt": "of-a-file", "account.txt": "a,b"}
    assert found(tmp_path, tree(values, **files), "chart-rendering") == []
    assert pod_of(tmp_path) == {"account": "a,b", "secret": "of-a-file"}


@requires_helm
@pytest.mark.parametrize(
    ("name", "value", "list_"),
    [
        ("list[1]", "z", '["a","z",{"c":[1,2]}]'),
        ("list[0].b", "z", '[{"b":"z"},"b",{"c":[1,2]}]'),
        ("list[2].c", "{z}", '["a","b",{"c":["z"]}]'),
        ("list[2].c[0]", "NULL", '["a","b",{"c":[null,2]}]'),
        ("list[2].c[2]", "3", '["a","b",{"c":[1,2,3]}]'),
        ("list[1]", "null", '["a",null,{"c":[1,2]}]'),
        ("list[4]", "z", '["a","b",{"c":[1,2]},null,"z"]'),
        ("list", "{z}", '["z"]'),
    ],
)
def test_a_parameter_replaces_what_it_names_and_leaves_all_else(
    tmp_path: Path, name: str, value: str, list_: str
) -> None:
    values = f"        parameters: [{{name: '{name}', value: '{value}'}}]\n"
    values += "        values: |\n          list: [a, b, {c: [1, 2]}]\n"
    (told,) = found(
        tmp_path,
        tree(values, **{"charts/web/templates/says.yaml": "{{ fail (toJson .Values.list) }}"}),
        "chart-rendering",
    )
    assert told.splitlines()[0].endswith(f"): {list_}")


@requires_helm
@pytest.mark.parametrize(
    ("name", "below", "reason"),
    [
        ("image.tag", "image: null", "image is null, expected a map"),
        ("image.tag", "image: {tag: 1}", None),
        ("image.tag", "image: web", "image is a string, expected a map"),
        ("image.tag", "other: null", None),
        ("list[0]", "list: null", "list is null, expected a list"),
        ("list[0].a", "list: {a: 1}", "list is a map, expected a list"),
        ("list[0].a.b", "list: [{a: [1]}]", "list[0].a is a list, expected a map"),
        ("list[0][1]", "list: [null]", None),
        ("list[0][1]", "list: [1]", "list[0] is a number, expected a list"),
    ],
)
def test_a_parameter_below_what_is_no_map_is_refused(tmp_path: Path, name: str, below: str, reason: str | None) -> None:
    """What the chart says itself is not below a parameter: Helm merges that later."""
    values = f"        parameters: [{{name: '{name}', value: '1'}}]\n        valueFiles: [own.yaml]\n"
    files = {
        "charts/web/own.yaml": f"{below}\n",
        "charts/web/values.yaml": f"{CHART['charts/web/values.yaml']}image: x\n",
    }
    told = [each.splitlines()[0] for each in found(tmp_path, tree(values, **files), "chart-rendering")]
    says = f"Helm refuses the chart charts/web of web: its parameter {name}: unable to parse key: {reason}"
    assert [each.partition("error: ")[2] for each in told] == ([says] if reason else [])
    assert [each.kind for each in graph(tmp_path).rendered] == ["Deployment"]  # all else is judged


@requires_helm
def test_a_parameter_that_is_a_text_is_laid_over_one_that_has_a_type(tmp_path: Path) -> None:
    values = """\
        parameters: [{name: secret, value: text, forceString: true}, {name: secret, value: typed}]
"""
    assert found(tmp_path, tree(values), "chart-rendering") == []
    assert pod_of(tmp_path) == {"account": "web", "secret": "text"}


@requires_helm
@pytest.mark.parametrize("content", [None, b"\xff\xfe\0"])
def test_a_chart_that_is_given_a_file_that_is_not_here_or_no_text_is_not_rendered(
    tmp_path: Path, content: bytes | None
) -> None:
    (tmp_path / "charts/web").mkdir(parents=True)
    if content is not None:
        (tmp_path / "charts/web/key.bin").write_bytes(content)
    values = "        fileParameters: [{name: secret, path: key.bin}]\n"
    assert found(tmp_path, tree(values), "chart-rendering") == []
    read = graph(tmp_path)
    assert read.rendered == ()
    assert [each.reason for each in read.elsewhere if "charts/web" in each.reason] == [
        "the chart charts/web is not rendered, since key.bin is not here, or no text",
    ]


@requires_helm
def test_a_parameter_of_an_element_leaves_the_others(tmp_path: Path) -> None:
    template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hosts}\ndata: {{ toJson .Values.hosts }}\n"
    changed = {
        "charts/web/templates/deployment.yaml": template,
        "charts/web/own.yaml": "hosts: {list: [{name: a, port: '1'}, {name: b}], whole: [c, d]}\n",
        "charts/web/port.txt": "80",
    }
    values = """\
        valueFiles: [own.yaml]
        parameters:
          - {name: "hosts.list[0].name", value: x}
          - {name: "hosts.list[2].name", value: z}
          - {name: "hosts.whole", value: "{e}"}
        fileParameters: [{name: "hosts.list[1].port", path: port.txt}]
"""
    assert found(tmp_path, tree(values, **changed), "chart-rendering") == []
    (hosts,) = graph(tmp_path).rendered
    assert hosts.value["data"] == {
        "list": [{"name": "x", "port": "1"}, {"name": "b", "port": "80"}, {"name": "z"}],
        "whole": ["e"],
    }


@requires_helm
def test_the_name_of_a_file_parameter_that_helm_refuses_is_told(tmp_path: Path) -> None:
    values = "        fileParameters: [{name: 'a[x]', path: Chart.yaml}]\n"
    assert found(tmp_path, tree(values), "chart-rendering") == [
        (
            "apps/web.yaml:19:25: error: Helm refuses the chart charts/web of web: its parameter a[x]: error parsing "
            'index: strconv.Atoi: parsing "x": invalid syntax\n'
            "hint: correct what Helm names; helm template with the same values says the same\n"
            "apps/web.yaml:17:13: the chart"
        ),
    ]


WHO = "the chart charts/web asks what its cluster serves (.Capabilities), and needs that for"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def asked(root: Path, **templates: str) -> tuple[list[str], list[str]]:
    """Returns which objects of a chart with more templates are known, and what is said of the others."""
    assert (
        found(root, tree(**{f"charts/web/{path}": text for path, text in templates.items()}), "chart-rendering") == []
    )
    read = graph(root)
    return [str(each) for each in read.rendered], [each.reason for each in read.elsewhere if "/web" in each.reason]


@requires_helm
@pytest.mark.parametrize(
    "text",
    [
        "{{ if .Capabilities.APIVersions.Has `example.com/v1` }}\n%{{ end }}",
        "{{ $root := . }}{{ if semverCompare `>=1.20-0` $root.Capabilities.KubeVersion.Version }}\n%{{ end }}",
        "%data: {v: {{ include `version` . }}}\n",
        "%data: {v: {{ include (print `ver` `sion`) . }}}\n",
        "%data: {v: {{ include `through` . | quote }}}\n",
    ],
)
def test_what_a_template_makes_of_what_the_cluster_serves_is_not_known(tmp_path: Path, text: str) -> None:
    helpers = (
        "{{ define `version` }}{{ .Capabilities.KubeVersion.Major }}{{ end }}\n"
        "{{ define `through` }}{{ template `version` . }}{{ end }}\n{{ define `sound` }}x{{ end }}\n"
    )
    templates = {
        "templates/_more.tpl": helpers,
        "templates/asks.yaml": text.replace("%", MAP),
        "templates/sound.yaml": MAP.replace("name: a", "name: {{ include `sound` . }}"),
    }
    assert asked(tmp_path, **templates) == (["Deployment web", "ConfigMap x"], [f"{WHO} templates/asks.yaml"])


@requires_helm
@pytest.mark.parametrize(
    "text", ["{{/* as .Capabilities says */}}\n%", "%data: {about: Capabilities}\n", "# .Capabilities\n%"]
)
def test_the_word_alone_asks_nothing(tmp_path: Path, text: str) -> None:
    told = asked(tmp_path, **{"templates/plain.yaml": text.replace("%", MAP)})
    assert told == (["Deployment web", "ConfigMap a"], [])


@requires_helm
def test_a_checksum_of_a_template_that_asks_asks_as_well(tmp_path: Path) -> None:
    checksum = "annotations: {of: '{{ include (print $.Template.BasePath \"/%.yaml\") . | sha256sum }}'}"
    templates = {
        "templates/asks.yaml": f"{MAP}data: {{v: '{{{{ .Capabilities.KubeVersion.Version }}}}'}}\n",
        "templates/sum.yaml": MAP.replace("name: a", f"name: sum, {checksum.replace('%', 'asks')}"),
        "templates/other.yaml": MAP.replace("name: a", f"name: other, {checksum.replace('%', 'deployment')}"),
    }
    told = asked(tmp_path, **templates)
    assert told == (["Deployment web", "ConfigMap other"], [f"{WHO} templates/asks.yaml, templates/sum.yaml"])


@requires_helm
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_part_of_a_chart_asks_for_itself(tmp_path: Path, is_packed: bool) -> None:
    part = {
        "Chart.yaml": "apiVersion: v2\nname: part\nversion: 0.1.0\n",
        "templates/deployment.yaml": f"{MAP}data: {{v: '{{{{ .Capabilities.KubeVersion.Version }}}}'}}\n",
    }
    if is_packed:
        (tmp_path / "charts/web/charts").mkdir(parents=True)
        with tarfile.open(tmp_path / "charts/web/charts/part-0.1.0.tgz", "w:gz") as archive:
            for path, text in part.items():
                member = tarfile.TarInfo(f"part/{path}")
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text.encode()))
        told = asked(tmp_path)
    else:
        told = asked(tmp_path, **{f"charts/part/{path}": text for path, text in part.items()})
    assert told == (["Deployment web"], [f"{WHO} charts/part/templates/deployment.yaml"])


@requires_helm
def test_a_refusal_that_hangs_on_the_cluster_is_none(tmp_path: Path) -> None:
    refusing = "{{ if not (.Capabilities.APIVersions.Has `example.com/v1`) }}{{ fail `first the operator` }}{{ end }}\n"
    assert asked(tmp_path, **{"templates/first.yaml": refusing}) == ([], [f"{WHO} templates/first.yaml"])
    assert [each.hint for each in graph(tmp_path).elsewhere if WHO in each.reason] == [
        "render it for the cluster: helm template --kube-version=VERSION --api-versions=VERSIONS"
    ]


@requires_helm
def test_many_templates_that_ask_are_told_by_three(tmp_path: Path) -> None:
    text = "# {{ .Capabilities.HelmVersion.Version }}\n"
    told = asked(tmp_path, **{f"templates/{name}.yaml": text for name in "abcde"})
    named = ", ".join(f"templates/{name}.yaml" for name in "abc")
    assert told == (["Deployment web"], [f"{WHO} {named} and 2 more"])


@requires_helm
def test_the_values_are_named_where_an_object_has_no_version_for_them(tmp_path: Path) -> None:
    path = "charts/web/templates/deployment.yaml"
    given = {path: CHART[path].replace("apiVersion: apps/v1", "apiVersion: {{ .Values.version }}")}
    files = tree(values="        valueFiles: [../../values/web.yaml]\n", **given)
    (told,) = found(tmp_path, {**files, "values/web.yaml": "version: 1\n"}, "chart-rendering")
    assert told.splitlines()[-2:] == ["apps/web.yaml:17:13: the chart", "values/web.yaml: with these values"]
