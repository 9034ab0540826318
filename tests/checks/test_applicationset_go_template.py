"""Templates of an ApplicationSet that would leave a mistake in the Application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "applicationset-go-template"
MYAPP = "argocd/applicationsets/myapp.yaml"

LEGACY = """
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: eso}
spec:
  generators:
    - list:
        elements:
          - cluster: dev
          - {cluster: production, role: arn}
  template:
    metadata:
      name: "eso-{{cluster}}"
    spec:
      project: default
      source: {repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0}
      destination: {name: "{{cluster}}", namespace: web}
"""
WITH_ROLE = LEGACY.replace("namespace: web", 'namespace: "{{ role }}"')
IN_INFO = LEGACY.replace("destination:", 'info: [{name: role, value: "{{ role }}"}]\n      destination:')

NO_GO_TEMPLATE = """\
set.yaml:4:1: {severity}: ApplicationSet eso has no goTemplate: true: a parameter that an element lacks stays in the \
Application as a literal such as {{{{cluster}}}}
hint: set goTemplate: true and goTemplateOptions: [missingkey=error], and write {{{{ .name }}}} for {{{{name}}}}"""


def test_the_six_clusters_are_clean() -> None:
    assert found_in_six_clusters(CODE, MYAPP) == []


@pytest.mark.parametrize(("mark", "severity"), [("", "warning"), (MARK, "error")])
def test_a_legacy_set_is_an_error_in_our_files_only(tmp_path: Path, mark: str, severity: str) -> None:
    (got,) = found(tmp_path, {"set.yaml": mark + LEGACY.lstrip()}, CODE)
    expected = NO_GO_TEMPLATE.format(severity=severity)
    assert got == (expected.replace("set.yaml:4:1", "set.yaml:5:1") if mark else expected)


def test_a_tag_that_an_element_lacks_is_an_error_everywhere(tmp_path: Path) -> None:
    assert found(tmp_path, {"set.yaml": WITH_ROLE}, CODE) == [
        (
            "set.yaml:16:53: error: ApplicationSet eso: {{role}} stays in the Application as it is: there is no "
            "parameter role for dev\n"
            "hint: add role to every element, or remove it from the template\n"
            "set.yaml:8:13: this element lacks it"
        ),
        NO_GO_TEMPLATE.format(severity="warning"),
    ]


def test_an_element_that_lacks_it_in_each_combination_is_named_once(tmp_path: Path) -> None:
    text = (
        WITH_ROLE[: WITH_ROLE.index("    - list:")]
        + (
            "    - matrix:\n"
            "        generators: [list: {elements: [{cluster: dev}]}, list: {elements: [{app: api}, {app: web}]}]\n"
        )
        + WITH_ROLE[WITH_ROLE.index("  template:") :].replace("eso-{{cluster}}", "{{app}}-{{cluster}}")
    )
    [told] = (each for each in found(tmp_path, {"set.yaml": text}, CODE) if "role" in each)
    assert told.splitlines()[0].endswith(": there is no parameter role for dev")


def test_go_templates_that_are_not_switched_on_are_an_error_everywhere(tmp_path: Path) -> None:
    text = LEGACY.replace("{{cluster}}", "{{ .cluster }}")
    assert found(tmp_path, {"set.yaml": text}, CODE) == [
        (
            "set.yaml:12:13: error: ApplicationSet eso has no goTemplate: true, but its templates are Go's: "
            "{{.cluster}} "
            "stays in each Application as it is\n"
            "hint: set goTemplate: true and goTemplateOptions: [missingkey=error]\n"
            "set.yaml:4:1: the templates are chosen here"
        ),
    ]


def test_a_set_without_any_template_needs_neither(tmp_path: Path) -> None:
    assert found(tmp_path, {"set.yaml": LEGACY.replace("{{cluster}}", "dev")}, CODE) == []


def test_a_missing_key_that_is_no_error_is_found() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ("missingkey=error", "missingkey=zero")) == [
        (
            "output/argocd/applicationsets/myapp.yaml:8:3: error: ApplicationSet myapp has no missingkey=error: where "
            "an "
            "element lacks a parameter, a template writes <no value>\n"
            "hint: set goTemplateOptions: [missingkey=error]"
        ),
    ]


def quiet(name: str, elements: str = "[{name: a, sync: yes-please}, {name: b}]") -> str:
    """Returns a set of Go templates in which a missing parameter is no error."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web}}
spec:
  goTemplate: true
  generators:
    - list:
        elements: {elements}
  template:
    metadata: {{name: "{name}"}}
    spec: {{project: default, source: {{repoURL: x, path: p}}, destination: {{name: here}}}}
"""


@pytest.mark.parametrize(
    "asks", ["{{ if .sync }}-s{{ end }}", "{{ with .sync }}-s{{ end }}", "{{ .sync | default `n` }}"]
)
def test_a_set_that_asks_whether_a_parameter_is_there_needs_missing_keys_to_be_no_error(
    tmp_path: Path, asks: str
) -> None:
    assert found(tmp_path, {"set.yaml": quiet("x-{{ .name }}" + asks)}, CODE) == []


@pytest.mark.parametrize("asks", ["", "{{ if .snyc }}-s{{ end }}"])
def test_a_set_that_asks_for_none_or_for_one_that_no_element_has_is_better_off_with_an_error(
    tmp_path: Path, asks: str
) -> None:
    assert found(tmp_path, {"set.yaml": quiet("x-{{ .name }}" + asks)}, CODE) == [
        (
            "set.yaml:5:3: warning: ApplicationSet web has no missingkey=error: where an element lacks a parameter, a "
            "template writes <no value>\nhint: set goTemplateOptions: [missingkey=error]"
        ),
    ]


def test_sections_of_mustache_are_told_once(tmp_path: Path) -> None:
    value = "{{#eq cluster 'dev'}}yes{{/eq}}{{^eq cluster 'dev'}}no{{/eq}}"
    text = LEGACY.replace("namespace: web", f'namespace: "{value}"')
    assert found(tmp_path, {"set.yaml": text}, CODE) == [
        (
            "set.yaml:16:53: error: ApplicationSet eso: {{#eq cluster 'dev'}} stays in each Application as it is: "
            "Argo CD's templates have no sections\n"
            'hint: set goTemplate: true, and write a template of Go: {{ if eq .name "value" }}'
        ),
        NO_GO_TEMPLATE.format(severity="warning"),
    ]


@pytest.mark.parametrize("value", ["{{ role }}", "{{ .role }}", "{{#eq cluster 'dev'}}yes{{/eq}}"])
@pytest.mark.parametrize(("mark", "severity"), [("", "warning"), (MARK, "error")])
def test_what_argo_cd_only_shows_breaks_nothing(tmp_path: Path, mark: str, severity: str, value: str) -> None:
    text = mark + IN_INFO.lstrip().replace("{{ role }}", value)
    (told,) = (each for each in found(tmp_path, {"set.yaml": text}, CODE) if ":34: " in each)
    assert told.split(" ")[1] == f"{severity}:"


HANDED_ON = LEGACY.replace("targetRevision: 1.0.0}", "targetRevision: 1.0.0, helm: {valuesObject: {VALUES}}}")


def of_values(tmp_path: Path, values: str) -> list[str]:
    """Returns what is said of a legacy set beyond that it is one, with such values for its chart."""
    got = found(tmp_path, {"set.yaml": HANDED_ON.replace("{VALUES}", values)}, CODE)
    return [each for each in got if each != NO_GO_TEMPLATE.format(severity="warning")]


@pytest.mark.parametrize(
    "values",
    [
        '{legendFormat: "{{pod}}"}',
        '{alerts: [{summary: "{{instance}} of {{cluster}} is down"}]}',
        '{rules: [{annotations: {message: "{{ $labels.instance }} is down: {{ $value | humanize }}"}}]}',
        '{host: "{{ .Release.Name }}.{{ .Values.domain }}"}',
        '{fqdnTemplate: "{{ .Name }}.example.com"}',
        '{users: [{username: "system:node:{{EC2PrivateDNSName}}"}]}',
        '{args: ["{{inputs.parameters.message}}"]}',
        '{page: "{{#each items}}{{/each}}"}',
    ],
)
def test_what_the_chart_or_its_app_fills_in_is_left_to_it(tmp_path: Path, values: str) -> None:
    assert of_values(tmp_path, values) == []


def test_a_long_rule_beside_a_tag_is_looked_through_once(tmp_path: Path) -> None:
    """From each of its hyphens on, it would take a minute."""
    assert len(of_values(tmp_path, f'{{page: "{"-" * 3000} {{{{pod}}}}\\nx"}}')) == 1


def test_a_tag_in_values_that_no_element_has_may_be_meant_for_the_chart(tmp_path: Path) -> None:
    assert of_values(tmp_path, '{greeting: "Hello {{visitor}}"}') == [
        (
            "set.yaml:15:120: warning: ApplicationSet eso: {{visitor}} is handed on as it is: there is no parameter "
            "visitor for dev, production\n"
            "hint: add visitor to every element, unless what is installed fills it in\n"
            "set.yaml:8:13: this element lacks it"
        ),
    ]


@pytest.mark.parametrize(
    "values",
    [
        '{role: "{{role}}"}',
        '{name: "{{clutser}}"}',
        '{serviceAccount: {annotations: {eks.amazonaws.com/role-arn: "{{irsaRoleArn}}"}}}',
        '{policy: "arn:aws:iam::{{account}}:policy/web"}',
        '{name: "{{ .cluster }}"}',
    ],
)
def test_a_parameter_that_is_meant_is_an_error_in_values_too(tmp_path: Path, values: str) -> None:
    (problem,) = (each for each in of_values(tmp_path, values) if " error: " in each)
    assert "stays in" in problem


def test_a_comment_in_values_is_none_of_the_template(tmp_path: Path) -> None:
    text = LEGACY.replace(
        "      destination:",
        """\
      sources:
        - repoURL: https://charts.example.com
          chart: web
          targetRevision: 1.0.0
          helm:
            values: |
              cluster: "{{cluster}}"
              # role: "{{role}}"
      destination:""",
    )
    assert found(tmp_path, {"set.yaml": text}, CODE) == [NO_GO_TEMPLATE.format(severity="warning")]


@pytest.mark.parametrize(
    ("helm", "severity"),
    [
        ("valueFiles: ['envs/{{stage}}.yaml']", "error"),
        ("releaseName: 'web-{{stage}}'", "error"),
        ("values: 'namespace: {{stage}}'", "warning"),
        ("valuesObject: {namespace: '{{stage}}'}", "warning"),
    ],
)
def test_what_argo_cd_itself_reads_of_the_settings_of_helm_is_no_text_for_the_chart(
    tmp_path: Path, helm: str, severity: str
) -> None:
    text = LEGACY.replace("targetRevision: 1.0.0}", f"targetRevision: 1.0.0, helm: {{{helm}}}}}")
    got = [each for each in found(tmp_path, {"set.yaml": text}, CODE) if "no parameter stage for dev, prod" in each]
    assert [each.split(": ")[1] for each in got] == [severity]


FORM = LEGACY.replace("chart: web", "chart: '{{CHART}}'").replace("cluster: dev", "{cluster: dev, role: '{{ROLE}}'}")


def test_a_set_whose_elements_have_tags_may_be_filled_in_by_another_tool(tmp_path: Path) -> None:
    got = found(tmp_path, {"set.yaml": FORM}, CODE)
    assert [each for each in got if "stays" in each and "literal" not in each] == [
        (
            "set.yaml:8:34: warning: ApplicationSet eso: {{ROLE}} stays as it is: Argo CD fills in nothing in the "
            "elements of a list\n"
            "hint: write the value, unless another tool fills the file in first"
        ),
        (
            "set.yaml:15:60: warning: ApplicationSet eso: {{CHART}} stays in the Application as it is: there is no "
            "parameter CHART for dev, production\n"
            "hint: add CHART to every element, unless another tool fills the file in first\n"
            "set.yaml:8:13: this element lacks it"
        ),
    ]


def test_a_slip_in_such_a_set_is_an_error_all_the_same(tmp_path: Path) -> None:
    files = {"set.yaml": FORM.replace("namespace: web", "namespace: '{{clustr}}'")}
    assert [each for each in found(tmp_path, files, CODE) if ": error: " in each and "{{clustr}} stays" in each]


def test_what_a_matrix_fills_in_in_an_element_is_no_tag_that_stays(tmp_path: Path) -> None:
    lists = "[{list: {elements: [{cluster: dev}]}}, {list: {elements: [{role: '{{cluster}}-eso'}]}}]"
    text = WITH_ROLE.replace(
        WITH_ROLE[WITH_ROLE.index("    - list") : WITH_ROLE.index("  template")],
        f"    - matrix: {{generators: {lists}}}\n",
    )
    assert not [each for each in found(tmp_path, {"set.yaml": text}, CODE) if "stays as it is" in each]
