"""Parameters that are missing, unused, or no strings, and sets that Argo CD cannot expand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import GIT_SET, RELEASE
from tests.checks.trees import MARK, found, found_in_six_clusters, found_in_wide
from tests.tools.generated import real

if TYPE_CHECKING:
    from pathlib import Path

CODE = "applicationset-parameters"
MYAPP = "argocd/applicationsets/myapp.yaml"


def written(elements: str, name: str = "{{ .name }}", *, head: str = "", tail: str = "") -> str:
    """Returns an ApplicationSet written by hand."""
    return f"""\
{head}apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web}}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - list:
        elements: {elements}
  template:
    metadata: {{name: "{name}"}}
    spec: {{project: default, source: {{repoURL: x, path: p}}, destination: {{name: here}}}}
{tail}"""


def test_a_parameter_that_an_element_lacks_stops_the_set() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('            region: "us-west-2"\n', "")) == [
        (
            "output/argocd/applicationsets/myapp.yaml:80:17: error: ApplicationSet myapp cannot be expanded: the "
            "template "
            "uses region, which the element lacks, for myapp-dev-usw2; Argo CD changes no Application of the set until "
            "it "
            "can\n"
            "hint: add region to the element, or remove it from the template\n"
            "output/argocd/applicationsets/myapp.yaml:24:13: this element"
        ),
    ]


def test_what_argo_cd_refuses_is_said_in_its_words(tmp_path: Path) -> None:
    files = {"set.yaml": written("[{name: a}]", "{{ .name | nosuch }}")}
    assert found(tmp_path, files, CODE) == [
        (
            'set.yaml:11:22: error: ApplicationSet web cannot be expanded: function "nosuch" not defined, for a; Argo '
            "CD "
            "changes no Application of the set until it can\n"
            "hint: correct it; gitops-gen verify expands the set as Argo CD does\n"
            "set.yaml:9:20: this element"
        ),
    ]


UNKNOWN = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  goTemplate: {is_go}
  generators: [{generator}]
  template:
    metadata: {{name: '{{{{ .name }}}}', annotations: {{'{key}': a}}}}
    spec: {{project: default, source: {{repoURL: x, path: '{path}'}}, destination: {{name: here}}}}
{patch}"""


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("{{ .metadata.labels.example.com/path }}", "bad character U+002F"),
        ("{{ .metadata.labels.of-web }}", "bad character U+002D"),
        ("{{ .path.segments[1] }}", "bad character U+005B"),
        ("{{ folder .name }}", 'function "folder" not defined'),
        ("{{ if .name }}web", "unexpected EOF"),
    ],
)
def test_a_template_that_is_none_is_found_where_nobody_knows_the_elements(
    tmp_path: Path, path: str, reason: str
) -> None:
    sound = {"is_go": "true", "generator": "clusters: {}", "key": "a", "path": "web", "patch": ""}
    hint = "correct it; gitops-gen verify expands the set as Argo CD does"
    if "bad character" in reason:
        hint = 'write {{ index .labels "a-b/c" }} for a key with such a sign'
    if "[" in path:
        hint = "write {{ index .segments 1 }} for an item of a list"
    for field, where in (("path", "9:57"), ("key", f"8:{55 + len(path)}"), ("patch", "10:18")):
        text = f"  templatePatch: '{path}'\n" if field == "patch" else path
        assert found(tmp_path, {"set.yaml": UNKNOWN.format(**{**sound, field: text})}, CODE) == [
            (
                f"set.yaml:{where}: error: ApplicationSet web cannot be expanded: {reason}; Argo CD changes no "
                f"Application of the set until it can\nhint: {hint}"
            ),
        ]
    for other in ({"is_go": "false"}, {"generator": "list: {elements: []}"}, {"path": "{{ .metadata.labels.web }}"}):
        assert found(tmp_path, {"set.yaml": UNKNOWN.format(**{**sound, "path": path, **other})}, CODE) == []


def test_a_parameter_that_nothing_uses_is_an_error_in_our_files() -> None:
    spare = ('            region: "us-west-2"\n', '            region: "us-west-2"\n            spare: "x"\n')
    assert found_in_six_clusters(CODE, MYAPP, spare) == [
        (
            "output/argocd/applicationsets/myapp.yaml:28:13: error: ApplicationSet myapp has a parameter spare that no "
            "template of it uses\n"
            "hint: use spare in the template, or remove it from the elements"
        ),
    ]


def test_a_parameter_that_nothing_uses_is_a_warning_elsewhere_and_said_once(tmp_path: Path) -> None:
    assert found(tmp_path, {"set.yaml": written("[{name: a, spare: x}, {name: b, spare: z}]")}, CODE) == [
        (
            "set.yaml:9:30: warning: ApplicationSet web has a parameter spare that no template of it uses\n"
            "hint: use spare in the template, or remove it from the elements"
        ),
    ]


@pytest.mark.parametrize(
    ("generators", "name"),
    [
        ("list: {elements: [{name: a, env: dev}]}\n      selector: {matchLabels: {env: dev}}", "{{ .name }}"),
        (
            (
                "list: {elements: [{name: a, env: dev}]}\n      selector: {matchExpressions: [{key: env, operator: "
                "Exists}]}"
            ),
            "{{ .name }}",
        ),
        ("list: {elements: [{name: a, deep: {er: dev}}]}", "{{ .name }}-{{ .deep.er }}"),
        ("list: {elements: [{name: a, env: dev}]}", "{{ range $k, $v := . }}{{ $v }}{{ end }}"),
        (
            "matrix: {generators: [list: {elements: [{env: dev}]}, list: {elements: [{name: 'a-{{ .env }}'}]}]}",
            "{{ .name }}",
        ),
        (
            "merge: {mergeKeys: [env], generators: [list: {elements: [{name: a, env: dev}]}, list: {elements: []}]}",
            "{{ .name }}",
        ),
    ],
)
def test_a_parameter_is_used_by_selectors_generators_and_all_of_it(tmp_path: Path, generators: str, name: str) -> None:
    text = written("[]", name).replace("list:\n        elements: []", generators)
    assert found(tmp_path, {"set.yaml": text}, CODE) == []


def test_a_parameter_of_legacy_templates_is_used_by_its_tag(tmp_path: Path) -> None:
    text = written("[{name: a, spare: x, values: {env: dev}}]", "{{name}}-{{values.env}}")
    (got,) = found(tmp_path, {"set.yaml": text.replace("goTemplate: true", "goTemplate: false")}, CODE)
    assert got.startswith(
        "set.yaml:9:30: warning: ApplicationSet web has a parameter spare that no template of it uses"
    )


@pytest.mark.parametrize(
    ("number", "severity", "change"),
    [
        ("557702566877", "error", " and becomes 5.57702566877e+11 in a template"),
        ("1.10", "error", " and becomes 1.1 in a template"),
    ],
)
def test_a_number_that_a_template_prints_in_another_way_is_an_error(
    tmp_path: Path, number: str, severity: str, change: str
) -> None:
    assert found(tmp_path, {"set.yaml": written(f"[{{name: a, id: {number}}}]", "{{ .name }}-{{ .id }}")}, CODE) == [
        (
            f"set.yaml:9:34: {severity}: ApplicationSet web: id is the number {number}{change}\n"
            f'hint: quote it: id: "{number}"'
        ),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "{{ .name }}-{{ .id | int64 }}",
        "{{ .name }}-{{ int64 .id }}",
        "{{ .name }}-{{ printf '%.0f' .id }}",
        "{{ .name }}-{{ .id | toJson }}",
        "{{ .name }}-{{ if gt .id 3.0 }}large{{ end }}",
        "{{ .name }}-{{ add .id 1 }}",
    ],
)
def test_a_number_that_a_template_turns_into_what_is_meant_is_sound(tmp_path: Path, name: str) -> None:
    text = written("[{name: a, id: 557702566877}]", name.replace("'%.0f'", r"\"%.0f\""))
    assert found(tmp_path, {"set.yaml": text}, CODE) == []


def test_a_number_that_is_printed_as_it_is_written_is_sound(tmp_path: Path) -> None:
    text = written("[{name: a, id: 8080}]", "{{ .name }}-{{ .id }}")
    assert found(tmp_path, {"set.yaml": text}, CODE) == []


@pytest.mark.parametrize(
    "printed", [r"{{ printf \"%v\" .id }}", "{{ range .list }}{{ $.id }}{{ end }}", "{{ print .id }}"]
)
def test_a_number_that_comes_out_with_an_exponent_is_found_however_it_is_printed(tmp_path: Path, printed: str) -> None:
    text = written("[{name: a, id: 557702566877, list: [x]}]", f"{{{{ .name }}}}-{{{{ len .list }}}}{printed}")
    assert found(tmp_path, {"set.yaml": text}, CODE) == [
        (
            "set.yaml:9:34: error: ApplicationSet web: id is the number 557702566877 and becomes 5.57702566877e+11 in "
            'a template\nhint: quote it: id: "557702566877"'
        ),
    ]


def test_a_number_that_is_a_password_is_not_shown(tmp_path: Path) -> None:
    text = written("[{name: a, password: 557702566877}]", "{{ .name }}-{{ .password }}")
    assert found(tmp_path, {"set.yaml": text}, CODE) == [
        (
            "set.yaml:9:40: error: ApplicationSet web: password is the number *** and becomes *** in a template\n"
            "hint: quote it"
        ),
    ]


def test_a_number_in_our_own_file_for_a_git_generator_is_an_error(tmp_path: Path) -> None:
    files = {
        "set.yaml": written("[]", "{{ .name }}-{{ .port }}").replace(
            "list:\n        elements: []",
            "git: {repoURL: https://git.example.com/fleet.git, files: [{path: releases/a.yaml}]}",
        ),
        "releases/a.yaml": f"{MARK}name: a\nport: 8080\n",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "releases/a.yaml:3:7: error: ApplicationSet web: port is the number 8080, a float in a template\n"
            'hint: quote it: port: "8080"'
        ),
    ]


OF_FILES = "git: {repoURL: https://git.example.com/fleet.git, files: [{path: 'clusters/*.yaml'}]}"


def of_files(name: str) -> str:
    """Returns a set whose elements stand in files of their own."""
    return written("[]", name).replace("list:\n        elements: []", OF_FILES)


@pytest.mark.parametrize("printed", ["{{ .cluster.id }}", "{{- .cluster.id | quote -}}", "{{.cluster.id|toString}}"])
@pytest.mark.parametrize(("number", "becomes"), [("557702566877", "5.57702566877e+11"), ("1.10", "1.1")])
def test_a_number_in_a_file_of_a_git_generator_that_is_printed_in_another_way_is_an_error(
    tmp_path: Path, printed: str, number: str, becomes: str
) -> None:
    files = {"set.yaml": of_files(f"a-{printed}"), "clusters/a.yaml": f"cluster: {{id: {number}}}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            f"clusters/a.yaml:1:15: error: ApplicationSet web: id is the number {number} and becomes {becomes} in a "
            f'template\nhint: quote it: id: "{number}"\nset.yaml:10:5: the template of the set'
        ),
    ]


def test_a_number_in_a_file_changes_in_the_legacy_templates_too(tmp_path: Path) -> None:
    text = of_files("a-{{cluster.id}}").replace("goTemplate: true", "goTemplate: false")
    files = {"set.yaml": text, "clusters/a.yaml": "- cluster: {id: one}\n- cluster: {id: 1.10}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "clusters/a.yaml:2:17: error: ApplicationSet web: id is the number 1.10 and becomes 1.1 in a template\n"
            'hint: quote it: id: "1.10"\nset.yaml:10:5: the template of the set'
        ),
    ]


def test_a_number_in_a_file_that_is_a_password_is_not_shown(tmp_path: Path) -> None:
    files = {"set.yaml": of_files("a-{{ .password }}"), "clusters/a.yaml": "password: 557702566877\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "clusters/a.yaml:1:11: error: ApplicationSet web: password is the number *** and becomes *** in a "
            "template\nhint: quote it\nset.yaml:10:5: the template of the set"
        ),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a-{{ .id }}", "id: 8080\n"),
        ("a-{{ .id }}", "id: '1.10'\n"),
        ("a-{{ .name }}", "name: x\nid: 1.10\n"),
        ("a-{{ if gt .id 1.0 }}b{{ end }}", "id: 1.10\n"),
        ("a-{{ range .ports }}{{ .id }}{{ end }}", "ports: [{id: x}]\nid: 1.10\n"),
    ],
)
def test_a_number_in_a_file_that_comes_out_as_it_is_or_not_at_all_is_right(
    tmp_path: Path, name: str, content: str
) -> None:
    assert found(tmp_path, {"set.yaml": of_files(name), "clusters/a.yaml": content}, CODE) == []


def test_no_value_in_an_application_is_an_error(tmp_path: Path) -> None:
    text = written("[{name: a, region: x}, {name: b}]", "{{ .name }}-{{ .region }}")
    assert found(tmp_path, {"set.yaml": text.replace("missingkey=error", "missingkey=default")}, CODE) == [
        (
            "set.yaml:11:22: error: ApplicationSet web: metadata.name says <no value> for b-<no value>\n"
            "hint: add the parameter to the element, and set goTemplateOptions: [missingkey=error]\n"
            "set.yaml:9:42: this element lacks it"
        ),
    ]


def test_one_value_among_flags_that_is_no_flag_is_found() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('automated: "true"', 'automated: "yes"')) == [
        (
            "output/argocd/applicationsets/myapp.yaml:21:24: error: ApplicationSet myapp: automated is 'yes', and true "
            "or "
            "false in every other element\n"
            "hint: write true or false, as in the others"
        ),
    ]


def test_an_environment_may_be_called_true(tmp_path: Path) -> None:
    elements = "[{name: a, environment: 'true'}, {name: b, environment: 'true'}, {name: c, environment: dev}]"
    assert found(tmp_path, {"set.yaml": written(elements, "{{ .name }}-{{ .environment }}")}, CODE) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [('prune: "true"', 'prune: ""'), ('selfHeal: "true"', 'selfHeal: ""'), ('automated: "true"', "automated: null")],
)
def test_a_flag_of_one_element_that_says_nothing_is_found(old: str, new: str) -> None:
    (got,) = found_in_six_clusters(CODE, MYAPP, (old, new))
    key = new.partition(":")[0]
    assert f"ApplicationSet myapp: {key} is '', and true or false in every other element" in got


@pytest.mark.parametrize("value", ["''", "null"])
@pytest.mark.parametrize("key", ["automated", "prune"])
def test_a_flag_of_the_only_element_that_says_nothing_is_found(tmp_path: Path, key: str, value: str) -> None:
    patch = """\
  templatePatch: |
    {{- if eq .automated "true" }}
    spec:
      syncPolicy:
        automated:
          prune: {{ .prune }}
    {{- end }}
"""
    flags = {"automated": "'false'", "prune": "'true'", key: value}
    stated = ", ".join(f"{name}: {each}" for name, each in flags.items())
    text = written(f"[{{name: a, {stated}}}]", tail=patch)
    (got,) = found(tmp_path, {"set.yaml": MARK + text}, CODE)
    assert f"ApplicationSet web: {key} is '', and the template asks whether it is true" in got
    assert found(tmp_path, {"set.yaml": text}, CODE) == []


@pytest.mark.parametrize(
    ("key", "where"),
    [("application", "metadata.name"), ("project", "spec.project"), ("cluster", "spec.destination.name")],
)
def test_a_template_in_an_element_is_filled_in_by_nobody(key: str, where: str) -> None:
    text = real().files[MYAPP]
    value = re.search(f'{key}: "([^"{{]*)"', text)
    assert value is not None
    told = [
        each
        for each in found_in_six_clusters(CODE, MYAPP, (value[0], f'{key}: "{{{{ .{key} }}}}"'))
        if "nothing fills in" in each
    ]
    assert len(told) == 1
    assert f": error: {where} of " in told[0]
    assert told[0].endswith("in an element\nhint: write the value")


LEGACY = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web, namespace: argocd}
spec:
  generators:
    - matrix:
        generators:
          - list: {elements: [{stage: dev}]}
          - list:
              elements:
                - {name: a, space: 'web-{{env}}'}
                - {name: b, space: 'web-{{env}}'}
  template:
    metadata: {name: '{{name}}-{{stage}}'}
    spec:
      project: team
      source: {repoURL: https://git.example.com/web.git, path: ., targetRevision: main}
      destination: {name: here, namespace: '{{space}}'}
---
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: team, namespace: argocd}
spec: {sourceRepos: ['*'], destinations: [{name: here, namespace: web}]}
"""


def test_a_template_in_an_element_is_told_once_and_is_the_name_of_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, {"set.yaml": LEGACY}, CODE) == [
        (
            f"set.yaml:{line}:36: warning: spec.destination.namespace of {name}-dev is web-{{{{env}}}}: nothing fills "
            "in what stands in an element\nhint: write the value"
        )
        for line, name in ((11, "a"), (12, "b"))
    ]
    assert found(tmp_path, {"set.yaml": LEGACY}, "project-permits") == []
    assert found(tmp_path, {"set.yaml": LEGACY.replace("{{env}}", "{{stage}}")}, "project-permits") != []


def test_a_template_in_the_values_of_a_chart_may_be_meant_for_helm(tmp_path: Path) -> None:
    text = written("[{name: a, text: '{{ .Release.Name }}'}]").replace(
        "path: p", "path: p, helm: {values: '{{ .text }}'}"
    )
    assert found(tmp_path, {"set.yaml": text}, CODE) == []


COMPARING = """\
  templatePatch: |
    {{- if eq .automated "true" }}
    spec: {syncPolicy: {automated: {prune: {{ .prune }}}}}
    {{- end }}
"""


def test_what_a_generated_template_asks_whether_it_is_true_is_true_or_false(tmp_path: Path) -> None:
    text = written("[{name: a, automated: treu, prune: 'true'}]", tail=COMPARING)
    assert found(tmp_path, {"set.yaml": text}, CODE) == []
    assert found(tmp_path, {"set.yaml": MARK + text}, CODE) == [
        (
            "set.yaml:10:41: error: ApplicationSet web: automated is 'treu', and the template asks whether it is true\n"
            "hint: write true or false"
        ),
    ]
    assert found(tmp_path, {"set.yaml": MARK + text.replace("treu", "'false'")}, CODE) == []


FOUR = "myapp-dev-use1, myapp-dev-usw2, myapp-staging-use1 and 1 more"
TWO = "myapp-production-use1, myapp-production-usw2"


@pytest.mark.parametrize(
    ("old", "new", "who", "does", "said", "line"),
    [
        ("eq .automated", "ne .automated", TWO, "syncs by itself", "automated is false", "61:24"),
        ('"true" }}', '"True" }}', FOUR, "does not sync by itself", "automated is true", "21:24"),
        ("{{ .prune }}", "{{ not .prune }}", FOUR, "is synced without prune", "prune is true", "22:20"),
    ],
)
def test_a_generated_set_whose_template_does_not_do_as_its_parameters_say_is_found(
    old: str, new: str, who: str, does: str, said: str, line: str
) -> None:
    told = (
        f"output/{MYAPP}:114:18: error: {who} of ApplicationSet myapp {does}, and the parameter {said}\n"
        "hint: correct what the template makes of the parameter\n"
        f"output/{MYAPP}:{line}: {said}"
    )
    assert told in found_in_six_clusters(CODE, MYAPP, (old, new))


def test_what_the_steps_of_a_rollout_sync_has_a_rule_of_its_own() -> None:
    path, strategy = "argocd/applicationsets/payments.yaml", "    type: RollingSync\n"
    assert found_in_wide(CODE, path, (strategy, "")) == []
    assert found_in_wide("rolling-sync-steps", path, (strategy, "")) != []


def test_values_of_which_several_are_no_flags_are_none(tmp_path: Path) -> None:
    elements = "[{name: a, s: 'true'}, {name: b, s: slow}, {name: c, s: fast}, {name: d, s: 'false'}]"
    assert found(tmp_path, {"set.yaml": written(elements, "{{ .name }}-{{ .s }}")}, CODE) == []


GIT = written("[]").replace(
    "list:\n        elements: []", "git: {repoURL: https://git.example.com/fleet.git, files: [{path: a/*.yaml}]}"
)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (written("[]"), "10:19", "write its elements, or remove the set"),
        (written("[]").replace("elements", "elemnts"), "9:7", "write its elements, or remove the set"),
        (written("[]").replace("list:\n        elements: []", "{}"), "9:7", "write its elements, or remove the set"),
        (GIT, "9:64", "correct the paths of its files"),
    ],
)
def test_a_set_of_ours_that_makes_no_application_is_found(tmp_path: Path, text: str, message: str, hint: str) -> None:
    assert found(tmp_path, {"set.yaml": MARK + text}, CODE) == [
        (
            f"set.yaml:{message}: error: ApplicationSet web makes no Application: its generators give no element\n"
            f"hint: {hint}"
        )
    ]


IN_A_MATRIX = written("[]").replace(
    "list:\n        elements: []",
    "matrix:\n        generators:\n        - {list: {elements: [{a: b}]}}\n"
    "        - git: {repoURL: https://git.example.com/fleet.git, directories: [{path: a/*}]}",
)


@pytest.mark.parametrize(("text", "at"), [(written("[]"), None), (GIT, "8:64"), (IN_A_MATRIX, "11:74")])
def test_elsewhere_only_a_set_that_looks_for_files_is_a_note(tmp_path: Path, text: str, at: str | None) -> None:
    told = f"set.yaml:{at}: note: ApplicationSet web makes no Application: its generators give no element\n"
    hint = f"hint: correct the paths of its {'folders' if text == IN_A_MATRIX else 'files'}"
    problems = [each for each in found(tmp_path, {"set.yaml": text}, CODE) if "makes no" in each]
    assert problems == ([told + hint] if at else [])


def test_braces_in_a_pattern_for_folders_are_no_choice(tmp_path: Path) -> None:
    text = GIT.replace("files: [{path: a/*.yaml}]", "directories: [{path: '{a,b}/*'}]")
    (problem,) = found(tmp_path, {"set.yaml": text, "a/x/y.yaml": "a: 1\n"}, CODE)
    assert problem.endswith("\nhint: write one pattern for each: in those of folders, braces are no choice")


@pytest.mark.parametrize(("head", "severity"), [(MARK, "error"), ("", "warning")])
def test_a_list_where_the_others_have_a_string_is_found(tmp_path: Path, head: str, severity: str) -> None:
    text = written("[{name: a, at: x}, {name: b, at: [x]}]", "{{ .name }}-{{ .at }}", head=head)
    assert found(tmp_path, {"set.yaml": text}, CODE) == [
        (
            f"set.yaml:{9 + bool(head)}:52: {severity}: ApplicationSet web: at is a list, which a template prints in "
            "brackets, and a string elsewhere\n"
            "hint: write a string, as in the other elements"
        )
    ]
    both = written("[{name: a, at: [y]}, {name: b, at: [x]}]", "{{ .name }}-{{ .at }}", head=head)
    assert found(tmp_path, {"set.yaml": both}, CODE) == []


def test_a_parameter_in_a_file_of_its_own_names_the_set_too(tmp_path: Path) -> None:
    text = GIT.replace("fleet.git,", "fleet.git, revision: main,")
    assert found(tmp_path, {"set.yaml": MARK + text, "a/b.yaml": MARK + "name: a\nspare: b\n"}, CODE) == [
        (
            "a/b.yaml:3:1: error: ApplicationSet web has a parameter spare that no template of it uses\n"
            "hint: use spare in the template, or remove it from the elements\n"
            "set.yaml:11:5: the template of the set"
        )
    ]


def test_parameters_in_the_folder_of_another_cluster_are_found(tmp_path: Path) -> None:
    text = GIT_SET.replace("goTemplate: true", "goTemplate: true\n  goTemplateOptions: [missingkey=error]")
    files = {"web.yaml": text.replace("releases/*.yaml", "clusters/*/release.yaml")}
    for name in ("one", "two", "three"):
        files[f"clusters/{name}/release.yaml"] = RELEASE.replace("one", name)
        files[f"clusters/{name}/{name}.tfvars"] = f'cluster_name = "{name}"\n'
    assert found(tmp_path, files, CODE) == []
    files["clusters/two/release.yaml"] = RELEASE
    (tmp_path / "clusters/one/release.yaml").unlink()
    del files["clusters/one/release.yaml"]
    (got,) = found(tmp_path, {**files, "clusters/six/release.yaml": RELEASE.replace("one", "six")}, CODE)
    assert got.splitlines() == [
        "clusters/two/release.yaml:3:10: error: web-one lands on one, and its parameters stand in the folder of two",
        "hint: move the file into the folder of one, or write two",
        "web.yaml:16:15: by this template",
    ]


def test_a_flag_that_is_a_text_in_one_element_only_is_found(tmp_path: Path) -> None:
    patch = "  templatePatch: '{{ if .sync }}spec: {syncPolicy: {automated: {}}}{{ end }}'\n"
    elements = "[{name: a, sync: true}, {name: b, sync: 'false'}]"
    assert found(tmp_path, {"set.yaml": written(elements, tail=patch)}, CODE) == [
        (
            "set.yaml:9:59: warning: ApplicationSet web: sync is the text 'false', which a template takes for true, "
            "and no text in other elements\n"
            "hint: write sync: false, without quotes"
        ),
    ]
    texts = "[{name: a, sync: 'true'}, {name: b, sync: 'false'}]"
    assert found(tmp_path, {"set.yaml": written(texts, tail=patch)}, CODE) == []
    other = "[{name: a, sync: true}, {name: b, sync: [false]}]"
    assert found(tmp_path, {"set.yaml": written(other, tail=patch)}, CODE) == []


@pytest.mark.parametrize(
    "asked",
    ["{{ .sync }}", '{{ if eq (toString .sync) "true" }}a{{ end }}', "{{ if .other }}{{ .sync }}{{ end }}"],
)
def test_a_flag_that_is_only_printed_may_be_a_text(tmp_path: Path, asked: str) -> None:
    patch = f"  templatePatch: 'metadata: {{labels: {{sync: a{asked}{{{{ .other }}}}}}}}'\n"
    elements = "[{name: a, sync: true, other: true}, {name: b, sync: 'false', other: false}]"
    assert found(tmp_path, {"set.yaml": written(elements, tail=patch)}, CODE) == []


MATRIX_OF_FILES = """\
matrix:
        generators:
          - git: {repoURL: https://git.example.com/fleet.git, files: [{path: 'clusters/*.yaml'}]}
          - list: {elements: [{app: web}, {app: api}]}"""


def matrix_of_files(name: str, matrix: str = MATRIX_OF_FILES) -> str:
    """Returns a set whose elements are those of files, each with those of a list."""
    return written("[]", name).replace("list:\n        elements: []", matrix)


@pytest.mark.parametrize(
    "matrix",
    [
        MATRIX_OF_FILES,
        re.sub(r"(?s)(          - git.*?\n)(          - list.*)", r"\2\n\1", MATRIX_OF_FILES).rstrip(),
    ],
)
@pytest.mark.parametrize("others", [{"clusters/b.yaml": "cluster: {region: eu}\n"}, {}])
def test_the_file_of_a_matrix_that_lacks_a_key_is_the_other_end(
    tmp_path: Path, matrix: str, others: dict[str, str]
) -> None:
    text = matrix_of_files("{{ .app }}-{{ .cluster.region }}", matrix)
    files = {"set.yaml": text, "clusters/a.yaml": "cluster: {id: one}\n", **others}
    (got,) = found(tmp_path, files, CODE)
    assert "the template uses region, which the element lacks, for " in got
    assert got.splitlines()[-1] == "clusters/a.yaml:1:1: this element"


def test_where_the_list_of_a_matrix_lacks_the_key_its_element_is_the_other_end(tmp_path: Path) -> None:
    text = matrix_of_files("{{ .app }}-{{ .cluster.id }}").replace("{app: api}", "{ap: api}")
    got = found(tmp_path, {"set.yaml": text, "clusters/a.yaml": "cluster: {id: one}\n"}, CODE)[0]
    assert got.splitlines()[-1] == "set.yaml:11:43: this element"


def test_what_fills_in_the_second_generator_of_a_matrix_is_the_other_end(tmp_path: Path) -> None:
    second = "list: {elements: [{app: '{{ .cluster.region }}'}]}"
    text = matrix_of_files("{{ .app }}", MATRIX_OF_FILES.replace("list: {elements: [{app: web}, {app: api}]}", second))
    files = {"set.yaml": text, "clusters/a.yaml": "cluster: {region: a}\n", "clusters/b.yaml": "cluster: {id: b}\n"}
    (got,) = found(tmp_path, files, CODE)
    assert "the template uses region, which the element lacks; " in got
    assert got.splitlines()[-1] == "clusters/b.yaml:1:1: this element"


def test_of_a_template_that_is_not_there_no_policy_is_told() -> None:
    """Where the blocks behind the generators stand too far to the left, what is said is that, with names in it."""
    text = real().files[MYAPP]
    start = text.index("  syncPolicy:\n    preserve")
    moved = "".join(f"{line[2:]}\n" for line in text[start:].splitlines())
    told = found_in_six_clusters(CODE, MYAPP, (text[start:], moved))
    assert told != []
    assert not any("sync by itself" in each or ": error:  " in each for each in told)
