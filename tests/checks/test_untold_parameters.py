"""What templates read of a set whose elements nobody knows, and no generator of it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

GO = "applicationset-parameters"
LEGACY = "applicationset-go-template"
LIST = "{list: {elements: [{app: web, version: '1'}, {app: api, verson: '2'}]}}"
CLUSTERS = "{clusters: {selector: {matchLabels: {env: dev}}, values: {revision: main}}}"
GIT = "{git: {repoURL: https://git.example.com/other, revision: main, %s}}"
FOLDERS = GIT % "directories: [{path: 'apps/*'}]"
FILES = GIT % "files: [{path: 'apps/*/config.yaml'}]"
LEGACY_SWITCH = "goTemplate: false"
GO_SWITCH = "goTemplate: true\n  goTemplateOptions: [missingkey=error]"


def written(generator: str, text: str, *, switch: str = GO_SWITCH, more: str = "", patch: str = "") -> dict[str, str]:
    """Returns a set with a text as the path of its source."""
    template = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web}}
spec:
  {switch}
  generators: [{generator}]
  template:
    metadata: {{name: fixed}}
    spec:
      project: default
      source: {{repoURL: https://git.example.com/apps, path: '{text}'{more}}}
      destination: {{name: here}}
{patch}"""
    return {"set.yaml": template}


def messages(root: Path, files: dict[str, str], code: str) -> list[str]:
    return [each.partition("\n")[0].partition(": ")[2] for each in found(root, files, code)]


def test_a_parameter_that_no_generator_gives_is_told_with_the_one_that_is_meant(tmp_path: Path) -> None:
    assert found(tmp_path, written(CLUSTERS, "{{ .values.revison }}"), GO) == [
        (
            "set.yaml:12:61: error: ApplicationSet web cannot be expanded: the template uses values.revison, which no "
            "generator of it gives; Argo CD changes no Application of the set until it can\n"
            "hint: did you mean values.revision?\n"
            "set.yaml:7:27: this lacks it"
        ),
    ]


@pytest.mark.parametrize(
    ("generator", "text"),
    [
        (CLUSTERS, "{{ .metadata.label }}"),
        (CLUSTERS, '{{ index .metadata.label "env" }}'),
        (CLUSTERS, "{{ .nameNormalised }}"),
        (f"{{matrix: {{generators: [{CLUSTERS}, {FOLDERS}]}}}}", "{{ .path.basname }}"),
        (f"{{matrix: {{generators: [{CLUSTERS}, {FILES}]}}}}", "{{ .path.filenam }}"),
        (f"{{matrix: {{generators: [{CLUSTERS}, {LIST}]}}}}", "{{ .version }}"),
        ("{pullRequest: {github: {owner: a, repo: b}}}", "{{ .branch_slag }}"),
        ("{scmProvider: {github: {organization: a}}}", "{{ .repositry }}"),
        (FOLDERS, "{{ .app }}"),
        ("{clusters: {flatList: true}}", "{{ .cluster }}"),
    ],
)
def test_what_no_generator_gives_is_an_error(tmp_path: Path, generator: str, text: str) -> None:
    got = messages(tmp_path, written(generator, text), GO)
    assert [each for each in got if each.startswith("error: ApplicationSet web cannot be expanded: the template uses")]


@pytest.mark.parametrize(
    ("generator", "text"),
    [
        (CLUSTERS, '{{ .name }}{{ .server }}{{ index .metadata.labels "a/b" }}{{ .values.revision }}'),
        (CLUSTERS, '{{ if hasKey . "extra" }}{{ .extra }}{{ end }}'),
        (CLUSTERS, '{{ dig "values" "x" "y" . }}'),
        (FILES, "{{ .anything.below }}{{ .path.segments }}{{ .path.filename }}"),
        (f"{{matrix: {{generators: [{CLUSTERS}, {FILES}]}}}}", "{{ .anything }}"),
        (GIT % "directories: [{path: a}], pathParamPrefix: app", "{{ .app.path.basename }}"),
        ("{plugin: {configMapRef: {name: x}}}", "{{ .whatever }}"),
        (f"{{merge: {{mergeKeys: [server], generators: [{CLUSTERS}, {CLUSTERS}]}}}}", "{{ .values.revision }}"),
        ("{clusters: {flatList: true}}", "{{ range .clusters }}{{ .name }}{{ end }}"),
        ("{clusters: {flatList: true, values: {up: '{{ .name }}'}}}", "{{ range .clusters }}{{ .values.up }}{{ end }}"),
        ("{pullRequest: {github: {owner: a, repo: b}}}", '{{ .head_short_sha_7 }}{{ join "," .labels }}'),
    ],
)
def test_what_a_generator_gives_is_not_told(tmp_path: Path, generator: str, text: str) -> None:
    assert messages(tmp_path, written(generator, text), GO) == []


def test_what_a_newer_argo_cd_may_give_is_a_warning(tmp_path: Path) -> None:
    assert messages(tmp_path, written(CLUSTERS, "{{ .shard }}"), GO) == [
        "warning: ApplicationSet web: the template uses shard, which no generator of it gives, as far as is known here"
    ]


def test_a_template_patch_and_a_template_of_a_generator_are_read_too(tmp_path: Path) -> None:
    patch = "  templatePatch: '{{ .naem }}'\n"
    own = "{clusters: {template: {metadata: {}, spec: {project: '{{ .serve }}', destination: {}}}}}"
    got = found(tmp_path, written(own, "p", patch=patch), GO)
    assert [each.partition(": error")[0] for each in got] == ["set.yaml:7:69", "set.yaml:14:18"]


def test_a_text_that_a_generator_lays_another_over_is_not_read(tmp_path: Path) -> None:
    own = "{clusters: {template: {metadata: {}, spec: {project: x, source: {path: a}, destination: {}}}}}"
    assert messages(tmp_path, written(own, "{{ .naem }}"), GO) == []


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("values.revison", "error: ApplicationSet web: {{values.revison}} stays in the Application as it is"),
        ("metadata.label.env", "error: ApplicationSet web: {{metadata.label.env}} stays in the Application as it is"),
        ("shard", "warning: ApplicationSet web: {{shard}} stays in the Application as it is"),
    ],
)
def test_a_legacy_tag_that_no_generator_gives_stays(tmp_path: Path, tag: str, told: str) -> None:
    files = written(CLUSTERS, f"{{{{{tag}}}}}", switch=LEGACY_SWITCH)
    assert f"{told}: no generator of it gives {tag}" in messages(tmp_path, files, LEGACY)


@pytest.mark.parametrize("tag", ["name", "values.revision", "metadata.annotations.a.b/c", "server"])
def test_a_legacy_tag_that_a_generator_gives_is_filled_in(tmp_path: Path, tag: str) -> None:
    got = messages(tmp_path, written(CLUSTERS, f"{{{{{tag}}}}}", switch=LEGACY_SWITCH), LEGACY)
    assert not [each for each in got if "no generator" in each]


def test_a_legacy_tag_in_the_values_of_a_chart_may_be_meant_for_the_chart(tmp_path: Path) -> None:
    more = ", helm: {values: \"a: '{{inputs.x}}'\\nb: '{{other}}'\\nc: '{{values.revison}}'\"}"
    got = messages(tmp_path, written(CLUSTERS, "p", switch=LEGACY_SWITCH, more=more), LEGACY)
    assert [each for each in got if "no generator" in each] == [
        (
            "error: ApplicationSet web: {{values.revison}} stays in the Application as it is: no generator of it gives "
            "values.revison"
        ),
        "warning: ApplicationSet web: {{other}} is handed on as it is: no generator of it gives other",
    ]


def test_a_key_that_a_generator_of_a_merge_does_not_give_is_told(tmp_path: Path) -> None:
    merge = f"{{merge: {{mergeKeys: [serverr], generators: [{CLUSTERS}, {CLUSTERS}]}}}}"
    assert found(tmp_path, written(merge, "p"), GO) == [
        (
            "set.yaml:7:37: error: ApplicationSet web merges by serverr, which generator 1 in it does not give\n"
            "hint: name a parameter that all generators of the merge give\n"
            "set.yaml:7:71: this generator"
        ),
    ]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("{{ .values.revison }}", True),
        ("a-{{- .nmae -}}-b", True),
        ("{{ .values.revision }}", False),
        ('{{ default "main" .values.revison }}', False),
        ('{{ .values.revison | default "main" }}', False),
        ("{{ if .values.revison }}{{ .name }}{{ end }}", False),
        ("{{ if .values.revison }}{{ .values.revison }}{{ end }}", False),
        ('{{ if eq .name "a" }}{{ .values.revison }}{{ end }}', False),
    ],
)
def test_without_missingkey_what_is_written_as_it_is_is_told(tmp_path: Path, text: str, *, is_told: bool) -> None:
    got = messages(tmp_path, written(CLUSTERS, text, switch="goTemplate: true"), GO)
    assert bool(got) == is_told
    for each in got:
        assert each.startswith("error: ApplicationSet web: the template uses ")
        assert each.endswith(
            ", which no generator of it gives; without missingkey=error, <no value> stands in its place"
        )


@pytest.mark.parametrize(
    "generator",
    [
        "{clusters: {values: {a: '%s'}}}",
        f"{{matrix: {{generators: [{FOLDERS}, {{clusters: {{values: {{a: '%s'}}}}}}]}}}}",
    ],
)
@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ('{{ index .metadata.annotations "a.b/c" }}', False),
        ("{{ .metadata.annotations.a.b/c }}", True),
        ("{{ indx .metadata.annotations }}", True),
    ],
)
def test_a_value_of_a_generator_is_a_template_too(tmp_path: Path, generator: str, text: str, *, is_told: bool) -> None:
    got = messages(tmp_path, written(generator % text, "{{ .values.a }}"), GO)
    assert any("cannot be expanded" in each for each in got) == is_told


def test_what_the_values_of_a_generator_read_is_given(tmp_path: Path) -> None:
    own = "{clusters: {values: {a: '%s'}}}"
    (problem,) = messages(tmp_path, written(own % '{{ index .metadata.annotation "a/b" }}', "{{ .values.a }}"), GO)
    assert problem.startswith(
        "error: ApplicationSet web cannot be expanded: the template uses metadata.annotation, which"
    )
    assert messages(tmp_path, written(own % "{{ .nameNormalized }}", "{{ .values.a }}"), GO) == []


PLUGIN = "{plugin: {configMapRef: {name: own}, input: {parameters: {branch: main, list: [a]}}, values: {size: s}}}"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("{{ .values.siz }}", "values.siz"),
        ("{{ .generator.inputs }}", "generator.inputs"),
    ],
)
def test_what_a_plugin_cannot_tell_is_found(tmp_path: Path, text: str, missing: str) -> None:
    """What Argo CD adds to the answer of a plugin replaces what the answer has under these names."""
    (got,) = messages(tmp_path, written(PLUGIN, text), GO)
    assert f"the template uses {missing}, which no generator of it gives" in got


@pytest.mark.parametrize(
    "text",
    [
        "{{ .values.size }}",
        "{{ .any.thing }}",
        "{{ .generator.input.parameters.branch }}",
        '{{ index .generator.input.parameters "branch" }}',
        "{{ index .generator.input.parameters.list 0 }}",
    ],
)
def test_what_a_plugin_may_tell_is_fine(tmp_path: Path, text: str) -> None:
    assert messages(tmp_path, written(PLUGIN, text), GO) == []


def test_of_what_a_plugin_tells_a_legacy_template_any_name_may_be(tmp_path: Path) -> None:
    """It is flat there: values.other of the answer stands beside values.size of the set."""
    assert messages(tmp_path, written(PLUGIN, "{{ values.other }}", switch=LEGACY_SWITCH), LEGACY)[1:] == []


def test_a_plugin_without_values_may_tell_some(tmp_path: Path) -> None:
    assert messages(tmp_path, written("{plugin: {configMapRef: {name: own}}}", "{{ .values.size }}"), GO) == []


def of_matrix(first: str, second: str) -> str:
    return f"{{matrix: {{generators: [{first}, {second}]}}}}"


@pytest.mark.parametrize("text", ["{{ .values.other }}", "{{ .generator.name }}"])
def test_a_file_beside_a_plugin_may_have_what_is_the_plugins_own(tmp_path: Path, text: str) -> None:
    """Of two that have values, a matrix keeps those of the first."""
    assert messages(tmp_path, written(of_matrix(FILES, PLUGIN), text), GO) == []


def test_what_two_that_tell_anything_cannot_have_is_found(tmp_path: Path) -> None:
    (got,) = messages(tmp_path, written(of_matrix(FILES, FILES), "{{ .path.file }}"), GO)
    assert "the template uses path.file, which no generator of it gives" in got


OF_ENVIRONMENT = "{clusters: {selector: {matchLabels: {env: '%s'}}}}"


@pytest.mark.parametrize(
    ("generator", "switch", "read"),
    [
        (of_matrix(OF_ENVIRONMENT % "{{ .path.basename }}", FOLDERS), GO_SWITCH, "path.basename"),
        (of_matrix(OF_ENVIRONMENT % "{{path.basename}}", FOLDERS), LEGACY_SWITCH, "path.basename"),
        (of_matrix(GIT % "files: [{path: '{{ .name }}/*.json'}]", CLUSTERS), GO_SWITCH, "name"),
        (of_matrix(GIT % "files: [{path: '{{ .app }}/*.json'}]", "{list: {elements: [{app: web}]}}"), GO_SWITCH, "app"),
    ],
)
def test_the_first_of_a_matrix_cannot_read_the_second(tmp_path: Path, generator: str, switch: str, read: str) -> None:
    assert messages(tmp_path, written(generator, "fixed", switch=switch), GO)[:1] == [
        (
            f"warning: ApplicationSet web: the first generator of a matrix reads {read}, which the second one gives: "
            "Argo CD fills in the second one only"
        )
    ]


@pytest.mark.parametrize(
    "generator",
    [
        of_matrix(FOLDERS, OF_ENVIRONMENT % "{{ .path.basename }}"),
        of_matrix("{clusters: {values: {path: '{{ .name }}'}}}", CLUSTERS),
        of_matrix(OF_ENVIRONMENT % "{{ .stage }}", FILES),
        of_matrix(FOLDERS, of_matrix(OF_ENVIRONMENT % "{{ .path.basename }}", "{list: {elements: [{app: web}]}}")),
        of_matrix(of_matrix(FOLDERS, OF_ENVIRONMENT % "{{ .path.basename }}"), FOLDERS),
        of_matrix("{list: {elements: [{app: '{{ .name }}'}]}}", CLUSTERS),
    ],
)
def test_what_else_a_generator_of_a_matrix_reads_is_fine(tmp_path: Path, generator: str) -> None:
    told = messages(tmp_path, written(generator, "fixed"), GO)
    assert [each for each in told if "reads" in each] == []
