"""YAML files that cannot be read, or not in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, application
from tests.checks.trees import URL, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "invalid-yaml"
VALUES = "environments/production/apps/myapp/values.yaml"


def test_every_problem_of_a_file_is_told(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": "a: 1\nb: 2\na: 3\nc: *nowhere\n"}, CODE) == [
        (
            "a.yaml:4:4: error: the alias *nowhere has no anchor &nowhere before it\n"
            'hint: write &nowhere where its value is; or quote it: "*nowhere"'
        ),
        ("a.yaml:3:1: warning: the key a is already there\nhint: remove one of the two\na.yaml:1:1: the first one"),
    ]


def test_a_syntax_error_ends_the_file(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": "a: [1\nb: 2\n"}, CODE) == [
        (
            "a.yaml:2:2: error: expected a comma or ] in the list\n"
            "hint: close the list with ]\n"
            "a.yaml:1:4: it opens here"
        ),
    ]


TEMPLATE = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ template "a.name" . }}-init\n'


def test_a_file_that_argo_cd_is_told_to_pass_over_need_be_no_yaml(tmp_path: Path) -> None:
    files = {"a.yaml": application("a"), "manifests/other.yaml": TEMPLATE}
    assert [each.partition("\n")[0] for each in found(tmp_path, files, CODE)] == [
        "manifests/other.yaml:4:34: error: expected the end of the value"
    ]
    files["manifests/other.yaml"] = f"# +argocd:skip-file-rendering\n{TEMPLATE}"
    assert found(tmp_path, files, CODE) == []


UNFILLED = "app: {{ name }}\n{% if web %}\n  - web\n{% endif %}\n"
NAMED_OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n"


@pytest.mark.parametrize(
    ("text", "severity"),
    [(UNFILLED, "note"), (f"# apiVersion: kind: metadata:\n{UNFILLED}", "error"), (NAMED_OBJECT + UNFILLED, "error")],
)
def test_what_argo_cd_takes_for_no_object_it_need_not_read(tmp_path: Path, text: str, severity: str) -> None:
    files = {"a.yaml": application("a"), "manifests/other.yaml": text}
    assert found(tmp_path, files, CODE)[0].split(": ")[1] == severity


def test_values_that_argo_cd_passes_over_are_still_read_by_helm(tmp_path: Path) -> None:
    files = {
        "a.yaml": application("a", path="web"),
        "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "web/values.yaml": "# +argocd:skip-file-rendering\na: {{ b\n",
    }
    assert [each.partition(": ")[0] for each in found(tmp_path, files, CODE)] == [
        "web/values.yaml:3:1",
        "web/values.yaml:2:5",
    ]


def test_a_key_twice_in_a_generated_file_is_found() -> None:
    change = ("externalSecrets:", "replicaCount: 3\nexternalSecrets:")
    assert found_in_six_clusters(CODE, VALUES, change) == [
        (
            "output/environments/production/apps/myapp/values.yaml:3:1: error: the key replicaCount is already "
            "there\n"
            "hint: run gitops-gen generate: it makes the file anew from the model\n"
            "output/environments/production/apps/myapp/values.yaml:2:1: the first one"
        ),
    ]


def test_a_port_as_a_key_is_a_string_to_what_reads_the_file(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": "80: web\n", "values.yaml": "tcp:\n  8080: shop/web:80\n"}, CODE) == []


def test_another_number_as_a_key_is_a_warning_where_somebody_else_writes(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": "1.10: web\n", "values.yaml": "1.10: web\n"}, CODE) == [
        'values.yaml:1:1: warning: the key 1.10 is a number, expected a string\nhint: quote it: "1.10"'
    ]


def test_a_tag_of_another_tool_is_a_warning(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": "a: !Ref b\n"}, CODE) == []


def test_a_template_of_a_chart_is_no_yaml(tmp_path: Path) -> None:
    files = {"web/Chart.yaml": "name: web\n", "web/templates/sub/a.yaml": "{{ if .x }}\na: [\n"}
    assert found(tmp_path, files, CODE) == []


def test_a_folder_called_templates_without_a_chart_is_read(tmp_path: Path) -> None:
    assert found(tmp_path, {"web/templates/a.yaml": "a: [\n"}, CODE) == [
        (
            "web/templates/a.yaml:2:1: error: the text ends inside of brackets\nhint: close them with ] or }\n"
            "web/templates/a.yaml:1:4: it opens here"
        ),
    ]


def test_a_file_that_an_engine_fills_in_first_is_not_judged(tmp_path: Path) -> None:
    assert found(tmp_path, {"helmfile.yaml": "{{ if x }}\na: [\n{{ end }}\n"}, CODE) == []


@pytest.mark.parametrize(
    "statement", ["{% if tls %}", "<% if tls %>", "<#if tls>", "</#if>", "<@macro/>", "{{ if .tls }}"]
)
def test_an_object_that_an_engine_makes_is_told_as_not_known(tmp_path: Path, statement: str) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n{statement}\ndata: {{a: b}}\n"
    assert found(tmp_path, {"map.yaml": text}, CODE) == [
        (
            "map.yaml:1:1: note: it becomes YAML when an engine of templates has filled it in: what it says then is "
            "not known\n"
            "hint: verify what the engine makes of it"
        )
    ]
    assert found(tmp_path, {"map.yaml": text}, "invalid-name") == []


@pytest.mark.parametrize("line", ["  name: #@ data.values.name", "#@ if data.values.tls:", "  - #@ data.values.name"])
def test_what_ytt_fills_in_is_told_as_not_known(tmp_path: Path, line: str) -> None:
    text = f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n{line}\nspec: {{}}\n"
    assert [each.partition(" note: ")[0] for each in found(tmp_path, {"app.yaml": text}, CODE)] == ["app.yaml:1:1:"]
    assert found(tmp_path, {"app.yaml": text}, "argo-cd-object") == []


@pytest.mark.parametrize(
    "lines",
    [
        "  name: {{< .Values.name | quote >}}",
        "  name: web\n  {{<- if .Values.tls >}}\n  labels: {a: b}\n  {{<- end >}}",
        "{{<- $name := .Values.name >}}\n  name: web",
    ],
)
def test_what_gomplate_fills_in_between_its_own_marks_is_told_as_not_known(tmp_path: Path, lines: str) -> None:
    text = f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n{lines}\nspec: {{}}\n"
    assert [each.partition(" note: ")[0] for each in found(tmp_path, {"app.yaml": text}, CODE)] == ["app.yaml:1:1:"]
    assert found(tmp_path, {"app.yaml": text}, "argo-cd-object") == []


def test_a_shortcode_of_hugo_in_a_text_is_no_form(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Web}\ndata:\n  a.md: |\n    {{< figure a.png >}}\n"
    assert found(tmp_path, {"map.yaml": text}, CODE) == []
    assert len(found(tmp_path, {"map.yaml": text}, "invalid-name")) == 1


def test_a_comment_that_ytt_does_not_read_is_a_comment(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Web} #@param name\n# see a#@ b\n"
    assert found(tmp_path, {"map.yaml": text}, CODE) == []
    assert len(found(tmp_path, {"map.yaml": text}, "invalid-name")) == 1


def test_a_template_that_is_applied_as_it_is_is_judged(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/extra.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n{{ x }}: [\n",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/extra.yaml:5:1: error: the key is a map, expected a string\n"
            'hint: use a string; if it is a template, quote all of it: "{{ name }}"'
        ),
        (
            "manifests/extra.yaml:6:1: error: the text ends inside of brackets\nhint: close them with ] or }\n"
            "manifests/extra.yaml:5:10: it opens here"
        ),
    ]


def test_a_hidden_file_is_somebody_elses(tmp_path: Path) -> None:
    assert found(tmp_path, {".github/workflows/a.yaml": "a: [\n"}, CODE) == []


BARE = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\nautomountServiceAccountToken: {{ mount }}\n"


def test_a_template_without_quotes_is_an_error_in_a_file_that_is_applied(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "manifests/extra.yaml": BARE}, CODE) == [
        (
            "manifests/extra.yaml:4:32: error: the key is a map, expected a string\n"
            'hint: use a string; if it is a template, quote all of it: "{{ name }}"'
        ),
    ]


def test_a_list_behind_an_alias_is_no_key_either(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: &x [1], *x : b}\n"
    (problem,) = found(tmp_path, {**BY_HAND, "manifests/extra.yaml": text}, CODE)
    assert problem.startswith("manifests/extra.yaml:4:19: error: the key *x is a list, expected a string")


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("{{- if tls }}", "4:13: error: expected a value"),
        ("{{ if tls }}", "4:12: error: the key is a map, expected a string"),
    ],
)
def test_a_block_of_a_template_in_a_file_that_is_applied_is_told_once(tmp_path: Path, block: str, message: str) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n          {block}\n          name: web\n"
    assert found(tmp_path, {**BY_HAND, "manifests/extra.yaml": text}, CODE) == [
        (
            f"manifests/extra.yaml:{message}\n"
            "hint: a template is a text to YAML: quote it; in an ApplicationSet, what a condition is for goes into "
            "templatePatch"
        ),
    ]


def test_other_rules_say_nothing_of_a_template_without_quotes(tmp_path: Path) -> None:
    texts = {
        "set.yaml": (
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a, namespace: argocd}\nspec:\n"
            "  project: {{ project }}\n  source: {repoURL: https://example.com/x, path: p}\n"
            "  destination: {name: in-cluster}\n"
        )
    }
    assert found(tmp_path, texts, "argo-cd-object") == []
    assert found(tmp_path, texts, CODE) == [
        (
            "set.yaml:5:13: warning: the key is a map, expected a string\n"
            'hint: use a string; if it is a template, quote all of it: "{{ name }}"'
        ),
    ]


def test_what_else_is_wrong_in_its_line_is_told(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ name }}, namespace: {a: b}}\n"
    assert found(tmp_path, {"map.yaml": text}, "invalid-name") == [
        "map.yaml:3:41: error: ConfigMap: the namespace is no string\nhint: write it as a text",
    ]


def test_a_skeleton_of_backstage_is_filled_in_first(tmp_path: Path) -> None:
    text = """\
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: ${{ values.name }}-config, namespace: web}
        """
    (problem,) = found(tmp_path, {"skeleton/config.yaml": text}, CODE)
    assert problem.startswith("skeleton/config.yaml:1:1: note: it becomes YAML when an engine of templates has filled")


def test_a_file_of_a_template_for_projects_is_filled_in_first(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web-{{ cookiecutter.app }}}\n"
    sound = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ cookiecutter.app }}'}\n"
    files = {"{{ cookiecutter.app }}/map.yaml": text, "{{ cookiecutter.app }}/sound.yaml": sound}
    assert [each.partition(" it becomes")[0] for each in found(tmp_path, files, CODE)] == [
        "{{ cookiecutter.app }}/map.yaml:1:1: note:",
        "{{ cookiecutter.app }}/sound.yaml:1:1: note:",
    ]
    assert found(tmp_path, files, "template-leftover") == []


@pytest.mark.parametrize("folder", ["roles/web/templates", "ansible/roles/web/templates/apps"])
def test_a_template_of_a_role_of_ansible_is_filled_in_first(tmp_path: Path, folder: str) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ name }}', namespace: web}\n"
    sound = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: web}\n"
    files = {f"{folder}/map.yaml": text, f"{folder}/sound.yaml": sound}
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith(
        f"{folder}/map.yaml:1:1: note: it becomes YAML when an engine of templates has filled it "
    )
    assert found(tmp_path, files, "template-leftover") == []


@pytest.mark.parametrize(
    "name", ["{{ name }}-web", "web-{{name | lower}}: x", "@NAME@", "%NAME%", "[[ .Name ]]", "a\n%{ if tls ~}"]
)
def test_a_name_that_is_filled_in_first_is_told_as_not_known(tmp_path: Path, name: str) -> None:
    files = {"map.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"}
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith("map.yaml:1:1: note: it becomes YAML when an engine of templates has filled it in: ")
    assert found(tmp_path, files, "invalid-name") == []


@pytest.mark.parametrize("name", ["{{ $labels.name }} web", "web: x", "@name", "100%: a%: b", "[[a]: b"])
def test_what_is_no_name_to_fill_in_is_broken(tmp_path: Path, name: str) -> None:
    problems = found(tmp_path, {"map.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"}, CODE)
    assert any(": error: " in each for each in problems)


@pytest.mark.parametrize("lines", ["a: b\n    <ISSUER_1>", "<ISSUER_1>\n    <ISSUER_2>\n    a: b"])
def test_a_line_that_a_placeholder_stands_for_is_a_form(tmp_path: Path, lines: str) -> None:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  annotations:\n    {lines}\n"
    assert found(tmp_path / "form", {"map.yaml": text}, CODE) == [
        (
            "map.yaml:1:1: note: it becomes YAML when an engine of templates has filled it in: what it says then is "
            "not known\n"
            "hint: verify what the engine makes of it"
        )
    ]
    assert found(tmp_path / "slip", {"map.yaml": text.replace("<", "").replace(">", "")}, CODE) != []
    files = {"app.yaml": APPLICATION.format(url=URL, more=""), "web/map.yaml": text}
    problems = found(tmp_path / "applied", files, CODE)
    assert [each.partition(":")[0] for each in problems] == ["web/map.yaml"]
    assert ": error: " in problems[0]


APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd}}
spec:
  project: default
  source: {{repoURL: {url}, path: web{more}}}
  destination: {{name: in-cluster, namespace: web}}
"""


def test_a_name_that_nobody_fills_in_before_argo_cd_or_helm_reads_it_is_an_error(tmp_path: Path) -> None:
    files = {
        "app.yaml": APPLICATION.format(url=URL, more=""),
        "web/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ name }}-web\n",
    }
    problems = found(tmp_path, files, CODE)
    assert problems[0].startswith("web/map.yaml:4:19: error: expected the end of the value\n")
    (tmp_path / "web/map.yaml").unlink()
    files = {
        "app.yaml": APPLICATION.format(url=URL, more=", helm: {valueFiles: [own.yaml]}"),
        "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "web/own.yaml": "title: {{ name }}-web\n",
    }
    problems = found(tmp_path, files, CODE)
    assert problems[0].startswith("web/own.yaml:1:18: error: expected the end of the value\n")


@pytest.mark.parametrize("line", ["  ...", "  \u2026", "  ... "])
def test_what_a_line_of_full_stops_breaks_is_an_excerpt_unless_something_reads_it(tmp_path: Path, line: str) -> None:
    text = f"apiVersion: example.com/v1\nkind: Mill\nmetadata: {{name: a}}\nspec:\n{line}\n  wheels: 3\n"
    assert found(tmp_path, {"docs/mill.yaml": text}, CODE) == [
        (
            "docs/mill.yaml:6:9: note: it leaves something out, and is no YAML without: what it says is not known\n"
            "hint: comment out the line of full stops, or write what it stands for"
        ),
    ]
    root = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: root, namespace: argocd}}
spec: {{project: default, source: {{repoURL: {URL}, path: docs}}, destination: {{name: in-cluster}}}}
"""
    (told,) = found(tmp_path, {"root.yaml": root}, CODE)
    assert told.startswith("docs/mill.yaml:6:9: error: a colon cannot stand here\n")


def test_a_line_of_full_stops_is_told_where_the_reader_stops_at_it_beside_what_else_is_wrong(tmp_path: Path) -> None:
    text = "wheels: 3\nwheels: 4\n---\nkind: Mill\nspec:\n  stones: [1, 2]\n  ...\n  wheels: 3\n"
    assert found(tmp_path, {"docs/mill.yaml": text}, CODE) == [
        (
            "docs/mill.yaml:2:1: warning: the key wheels is already there\n"
            "hint: remove one of the two\n"
            "docs/mill.yaml:1:1: the first one"
        ),
        (
            "docs/mill.yaml:7:3: note: it leaves something out, and is no YAML without: what it says is not known\n"
            "hint: comment out the line of full stops, or write what it stands for"
        ),
    ]
