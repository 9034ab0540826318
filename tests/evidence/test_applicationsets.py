"""ApplicationSets expanded offline: what Argo CD would make of them, what it would refuse, and what nobody can say."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.applicationsets import Expansion, expand
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.repositories import Checkout, repositories
from gitops_gen.evidence.values import at

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://git.example.com/fleet.git"
ELSEWHERE = "https://git.example.com/other.git"

TEMPLATE = """
metadata:
  name: '{{ .name }}'
spec:
  project: default
  destination: {name: here, namespace: web}
  source: {repoURL: https://git.example.com/fleet.git, path: web}
"""


def expanded(
    root: Path,
    generators: str,
    template: str = TEMPLATE,
    *,
    head: str = "goTemplate: true",
    tail: str = "",
    folder: str | Checkout = ".",
) -> Expansion:
    """Expands a set of these generators; strict Go templates, unless `head` says otherwise.

    The repository URL is in the folder.
    """
    strict = "goTemplateOptions: [missingkey=error]" if head == "goTemplate: true" else ""
    spec = "\n".join((head, strict, f"generators:\n{_in(generators)}", f"template:\n{_in(template)}", dedent(tail)))
    return expanded_file(root, f"metadata: {{name: web, namespace: argocd}}\nspec:\n{_in(spec)}", folder)


def expanded_file(root: Path, text: str, folder: str | Checkout = ".", mark: str = "") -> Expansion:
    """Expands the one ApplicationSet of a text, in a file that starts with a mark."""
    (root / "set.yaml").write_text(
        f"{mark}apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n{text}", encoding="utf-8"
    )
    files = Files(root)
    file = files.get("set.yaml")
    assert file is not None
    (manifest,) = file.manifests
    assert not file.documents.problems
    return expand(manifest, files, repositories({URL: folder}))


def _in(text: str) -> str:
    return indent(dedent(text).strip("\n"), "  ")


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(dedent(text), encoding="utf-8")


def names(found: Expansion) -> list[str]:
    """Returns the names of the Applications of a set that is known as a whole."""
    assert (found.failures, found.unknown) == ((), ())
    return [each.name for each in found.applications]


def failures(found: Expansion) -> list[tuple[str, str, tuple[str, ...]]]:
    assert found.unknown == ()
    return [(_where(each.place.steps), each.reason, each.elements) for each in found.failures]


def unknown(found: Expansion) -> list[tuple[str, str]]:
    assert found.failures == ()
    return [(_where(each.place.steps), each.reason) for each in found.unknown]


def _where(steps: tuple[str | int, ...]) -> str:
    return ".".join(map(str, steps))


# The list generator.


def test_each_element_of_a_list_makes_an_application_at_its_place(tmp_path: Path) -> None:
    found = expanded(tmp_path, "- list: {elements: [{name: a}, {name: b}]}")
    assert names(found) == ["a", "b"]
    assert [_where(each.place.steps) for each in found.applications] == [
        "spec.generators.0.list.elements.0",
        "spec.generators.0.list.elements.1",
    ]
    assert found.applications[1].value == {
        "metadata": {"name": "b"},
        "spec": {
            "project": "default",
            "destination": {"name": "here", "namespace": "web"},
            "source": {"repoURL": URL, "path": "web"},
        },
    }


def test_nested_parameters_and_numbers_are_those_of_go(tmp_path: Path) -> None:
    template = "metadata: {name: '{{ .a.b }}', labels: {account: '{{ .id }}', port: '{{ .port }}'}}\nspec: {}"
    found = expanded(tmp_path, "- list: {elements: [{a: {b: deep}, id: 557702566877, port: 8080}]}", template)
    assert names(found) == ["deep"]
    assert found.applications[0].labels == {"account": "5.57702566877e+11", "port": "8080"}


def test_keys_of_maps_are_templates_too(tmp_path: Path) -> None:
    template = "metadata: {name: x, labels: {'{{ .name }}': 'yes'}}\nspec: {}"
    assert expanded(tmp_path, "- list: {elements: [{name: a}]}", template).applications[0].labels == {"a": "yes"}


def test_what_holds_no_template_is_shared_and_not_copied(tmp_path: Path) -> None:
    first, second = expanded(tmp_path, "- list: {elements: [{name: a}, {name: b}]}").applications
    assert first.value["spec"] is second.value["spec"]


def test_a_template_of_an_element_without_parameters_stays_as_it_is(tmp_path: Path) -> None:
    assert names(expanded(tmp_path, "- list: {elements: [{}]}")) == ["{{ .name }}"]


def test_a_parameter_that_some_elements_lack_is_one_failure_that_names_them(tmp_path: Path) -> None:
    elements = "[{name: a, x: '1'}, {name: b}, {name: c}, {name: d}, {name: e}]"
    found = expanded(
        tmp_path, f"- list: {{elements: {elements}}}", "metadata: {name: '{{ .name }}-{{ .x }}'}\nspec: {}"
    )
    assert [each.name for each in found.applications] == ["a-1"]
    assert failures(found) == [
        ("spec.template.metadata.name", 'map has no entry for key "x"', ("b", "c", "d", "e")),
    ]
    assert not found.is_whole


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ("missingkey=error, missingkey=default", ["<no value>"]),
        ("missingkey=zero, missingkey=invalid", ["<no value>"]),
        ("missingkey=default, missingkey=zero", ["<no value>"]),
    ],
)
def test_of_several_options_the_last_counts(tmp_path: Path, options: str, shown: list[str]) -> None:
    found = expanded(
        tmp_path, "- list: {elements: [{other: a}]}", head=f"goTemplate: true\ngoTemplateOptions: [{options}]"
    )
    assert [each.name for each in found.applications] == shown
    assert found.failures == ()


@pytest.mark.parametrize("option", ["missingKey=error", "missingkey = error", "missingkey=errors", "missingkey", ""])
def test_an_option_that_go_does_not_know_is_refused(tmp_path: Path, option: str) -> None:
    """Go, text/template/option.go, setOption, panics."""
    head = f"goTemplate: true\ngoTemplateOptions: [missingkey=zero, '{option}']"
    found = expanded(tmp_path, "- list: {elements: [{name: a}]}", head=head)
    expected = "missingkey=default, missingkey=invalid, missingkey=zero, missingkey=error"
    reason = f"got the option {option!r}, expected one of {expected}"
    assert failures(found) == [("spec.goTemplateOptions.1", reason, ("a",))]


def test_a_legacy_set_has_no_options(tmp_path: Path) -> None:
    head = "goTemplate: false\ngoTemplateOptions: [any]"
    found = expanded(tmp_path, "- list: {elements: [{name: a}]}", "metadata: {name: '{{name}}'}", head=head)
    assert names(found) == ["a"]


def test_what_is_made_of_the_zero_of_a_missing_parameter_is_unknown(tmp_path: Path) -> None:
    head = "goTemplate: true\ngoTemplateOptions: [missingkey=zero]"
    elements = "- list: {elements: [{name: a}, {other: b}]}"
    found = expanded(tmp_path, elements, "metadata: {name: '{{ .name | lower }}'}", head=head)
    assert [each.name for each in found.applications] == ["a"]
    reason = 'map has no entry for key "name"; what the option missingkey=zero makes of that is not known here'
    assert unknown(found) == [("spec.template.metadata.name", f"{reason} (for element 1)")]


def test_without_missingkey_error_a_missing_parameter_is_no_value(tmp_path: Path) -> None:
    head = "goTemplate: true\ngoTemplateOptions: []"
    found = expanded(tmp_path, "- list: {elements: [{other: a}]}", head=head)
    assert names(found) == ["<no value>"]


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ("{application: app, name: m, cluster: c}", "app"),
        ("{name: m, cluster: c}", "m"),
        ("{cluster: c}", "c"),
        ("{path.basename: folder}", "folder"),
        ("{path: {path: some/folder}}", "some/folder"),
        ("{path: x, other: y}", "element 0"),
    ],
)
def test_a_failure_names_the_element_by_what_a_person_knows_it_by(tmp_path: Path, element: str, shown: str) -> None:
    found = expanded(tmp_path, f"- list: {{elements: [{element}]}}", "metadata: {name: '{{ .gone }}'}\nspec: {}")
    assert failures(found) == [("spec.template.metadata.name", 'map has no entry for key "gone"', (shown,))]


def test_an_element_that_is_no_map_is_refused(tmp_path: Path) -> None:
    found = expanded(tmp_path, "- list: {elements: [a]}")
    assert failures(found) == [("spec.generators.0.list.elements.0", "the element is no map", ())]


@pytest.mark.parametrize(
    ("generator", "place", "field"),
    [
        ("list: {elements: {cluster: a}}", "list.elements", "elements"),
        (f"git: {{repoURL: {URL}, directories: {{path: '*'}}}}", "git.directories", "directories"),
        (f"git: {{repoURL: {URL}, files: one.yaml}}", "git.files", "files"),
        ("matrix: {generators: {list: {}}}", "matrix.generators", "generators"),
        ("merge: {mergeKeys: name, generators: []}", "merge.mergeKeys", "mergeKeys"),
        ("merge: {mergeKeys: [name], generators: {list: {}}}", "merge.generators", "generators"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path: Path, generator: str, place: str, field: str) -> None:
    found = expanded(tmp_path, f"- {generator}")
    assert failures(found) == [(f"spec.generators.0.{place}", f"{field} is no list", ())]


def test_a_function_that_nobody_can_foretell_is_unknown_for_each_element(tmp_path: Path) -> None:
    template = "metadata: {name: '{{ .name }}-{{ randAlphaNum 3 }}'}\nspec: {}"
    found = expanded(tmp_path, "- list: {elements: [{name: a}, {name: b}]}", template)
    ((where, reason),) = unknown(found)
    assert where == "spec.template.metadata.name"
    assert reason.endswith("(for a, b)")


# The legacy templates.


LEGACY = "goTemplate: false"
LEGACY_TEMPLATE = "metadata: {name: '{{name}}', labels: {a: '{{values.a}}', b: '{{ b }}'}}\nspec: {}"


def test_legacy_tags_are_flat_and_an_unknown_one_stays(tmp_path: Path) -> None:
    elements = "[{name: x, values: {a: one}, b: two}, {name: z}]"
    found = expanded(tmp_path, f"- list: {{elements: {elements}}}", LEGACY_TEMPLATE, head=LEGACY)
    assert names(found) == ["x", "z"]
    assert [each.labels for each in found.applications] == [
        {"a": "one", "b": "two"},
        {"a": "{{values.a}}", "b": "{{ b }}"},
    ]


@pytest.mark.parametrize(
    ("element", "where", "what"),
    [
        ("{name: x, b: 1}", "b", "b"),
        ("{name: x, b: true}", "b", "b"),
        ("{name: x, b: {c: d}}", "b", "b"),
        ("{name: x, values: {a: 1}}", "values.a", "a"),
    ],
)
def test_a_legacy_parameter_that_is_no_string_is_refused(tmp_path: Path, element: str, where: str, what: str) -> None:
    found = expanded(tmp_path, f"- list: {{elements: [{element}]}}", LEGACY_TEMPLATE, head=LEGACY)
    reason = f"{what} is no string, and without goTemplate: true every value must be one"
    assert failures(found) == [(f"spec.generators.0.list.elements.0.{where}", reason, ())]


@pytest.mark.parametrize("values", ["text", "null", "[a]", "true"])
def test_legacy_values_that_are_no_map_are_refused(tmp_path: Path, values: str) -> None:
    """Argo CD, applicationset/generators/list.go: "error parsing values map"."""
    found = expanded(tmp_path, f"- list: {{elements: [{{values: {values}}}]}}", LEGACY_TEMPLATE, head=LEGACY)
    reason = "values is no map, and without goTemplate: true it must be one"
    assert failures(found) == [("spec.generators.0.list.elements.0.values", reason, ())]


def test_a_template_patch_of_a_legacy_set_is_unknown(tmp_path: Path) -> None:
    found = expanded(
        tmp_path, "- list: {elements: [{name: x}]}", LEGACY_TEMPLATE, head=LEGACY, tail="templatePatch: 'spec: {}'"
    )
    reason = "a templatePatch without goTemplate: true is not supported by Argo CD (for x)"
    assert unknown(found) == [("spec.templatePatch", reason)]


@pytest.mark.parametrize(
    ("generators", "template", "hint"),
    [
        ("- clusters: {}", TEMPLATE, "ask Argo CD: argocd appset generate set.yaml"),
        (
            "- list: {elements: [{name: x}]}",
            TEMPLATE.replace(".name", "now"),
            "ask Argo CD: argocd appset generate set.yaml",
        ),
        (
            f"- git: {{repoURL: {ELSEWHERE}, directories: [{{path: '*'}}]}}",
            TEMPLATE,
            "say where a repository is with --repo URL=PATH; what asks a cluster or a service stays unknown",
        ),
    ],
)
def test_what_cannot_be_said_ends_with_who_knows_it(tmp_path: Path, generators: str, template: str, hint: str) -> None:
    assert [each.hint for each in expanded(tmp_path, generators, template).unknown] == [hint]


# Matrix and merge.


def test_a_matrix_makes_every_pair_and_fills_the_second_with_the_first(tmp_path: Path) -> None:
    generators = """
    - matrix:
        generators:
          - list: {elements: [{cluster: a}, {cluster: b}]}
          - list: {elements: [{name: '{{ .cluster }}-web'}, {name: '{{ .cluster }}-db'}]}
    """
    assert names(expanded(tmp_path, generators)) == ["a-web", "a-db", "b-web", "b-db"]


@pytest.mark.parametrize(
    ("generators", "where"),
    [
        (
            """
            - matrix:
                generators:
                  - list: {elements: [{name: web, url: one}]}
                  - matrix:
                      generators:
                        - list: {elements: [{zone: a}]}
                        - list: {elements: [{region: b}]}
            """,
            "matrix.generators.0.list.elements.0.url",
        ),
        (
            """
            - merge:
                mergeKeys: [name]
                generators:
                  - list: {elements: [{name: web, url: one}]}
                  - list: {elements: [{name: web, url: two}]}
            """,
            "merge.generators.1.list.elements.0.url",
        ),
        ("- list: {elements: [{name: web, url: one}]}", "list.elements.0.url"),
    ],
)
def test_a_parameter_is_where_the_generator_has_it_whose_value_stands(
    tmp_path: Path, generators: str, where: str
) -> None:
    template = "metadata: {name: '{{ .name }}'}\nspec: {destination: {server: '{{ .url }}', name: '{{ .region }}'}}"
    if "region" not in generators:
        template = template.replace(", name: '{{ .region }}'", "")
    (application,) = expanded(tmp_path, generators, template).applications
    assert _where(application.stated_at("destination", "server").steps) == f"spec.generators.0.{where}"
    if "region" in generators:
        place = application.stated_at("destination", "name")
        assert _where(place.steps) == (
            "spec.generators.0.matrix.generators.1.matrix.generators.1.list.elements.0.region"
        )


def test_in_a_matrix_the_first_generator_overrides_the_second_map_by_map(tmp_path: Path) -> None:
    """Argo CD's example of stages that override what holds for all."""
    write(
        tmp_path,
        {
            "stages/test.yaml": "{name: test, cpu: 100m, debug: true, more: {a: '1'}}",
            "stages/production.yaml": "{name: production, memory: 512Mi, debug: false}",
            "global.yaml": "{cpu: 200m, memory: 256Mi, debug: true, more: {a: '0', b: '2'}}",
        },
    )
    generators = f"""
    - matrix:
        generators:
          - git: {{repoURL: {URL}, files: [{{path: stages/*.yaml}}]}}
          - git: {{repoURL: {URL}, files: [{{path: global.yaml}}], pathParamPrefix: all}}
    """
    found = expanded(tmp_path, generators)
    assert names(found) == ["production", "test"]
    told = ("cpu", "memory", "debug", "more")
    assert [{key: each.parameters[key] for key in told} for each in found.elements] == [
        {"cpu": "200m", "memory": "512Mi", "debug": False, "more": {"a": "0", "b": "2"}},
        {"cpu": "100m", "memory": "256Mi", "debug": True, "more": {"a": "1", "b": "2"}},
    ]


def test_a_legacy_matrix_makes_every_pair_of_flat_parameters(tmp_path: Path) -> None:
    generators = """
    - matrix:
        generators:
          - list: {elements: [{name: a, region: x}]}
          - list: {elements: [{region: x, b: '{{name}}1'}, {region: x, b: two}]}
    """
    found = expanded(tmp_path, generators, LEGACY_TEMPLATE, head=LEGACY)
    assert [each.parameters for each in found.elements] == [
        {"name": "a", "region": "x", "b": "a1"},
        {"name": "a", "region": "x", "b": "two"},
    ]


def test_where_legacy_generators_meet_every_parameter_becomes_a_text(tmp_path: Path) -> None:
    one, other = "list: {elementsYaml: '[{a: 1, m: {b: c}, l: [d, null]}]'}", "list: {elements: [{a: '1', e: f}]}"
    expected = [{"a": "1", "m": "map[b:c]", "l": "[d <nil>]", "e": "f"}]
    for combined in ("matrix: {", "merge: {mergeKeys: [z], "):
        generators = f"- {combined}generators: [{{{one}}}, {{{other}}}]}}"
        found = expanded(tmp_path, generators, LEGACY_TEMPLATE, head=LEGACY)
        assert [each.parameters for each in found.elements] == expected


def test_a_matrix_in_a_matrix_is_filled_in_once_from_outside_and_once_from_inside(tmp_path: Path) -> None:
    """What the outer first generator tells may look like a template of the inner matrix, and is one then."""
    inner = "matrix: {generators: [list: {elements: [{b: '2'}]}, list: {elements: [{c: '{{a}}-{{b}}'}]}]}"
    generators = f"- matrix: {{generators: [list: {{elements: [{{a: '{{{{b}}}}{{{{a}}}}'}}]}}, {{{inner}}}]}}"
    found = expanded(tmp_path, generators, LEGACY_TEMPLATE, head=LEGACY)
    assert found.elements[0].parameters == {"a": "{{b}}{{a}}", "b": "2", "c": "2{{a}}-2"}


def test_a_null_of_the_second_generator_of_a_matrix_is_dropped_where_the_first_fills_it(tmp_path: Path) -> None:
    generators = "- matrix: {generators: [list: {elements: [{name: a}]}, list: {elements: [{b: null, l: [null]}]}]}"
    assert [each.parameters for each in expanded(tmp_path, generators).elements] == [{"name": "a", "l": [None]}]


def test_a_legacy_matrix_refuses_two_values_for_one_key(tmp_path: Path) -> None:
    generators = """
    - matrix:
        generators:
          - list: {elements: [{name: a, region: x}]}
          - list: {elements: [{region: z}]}
    """
    found = expanded(tmp_path, generators, LEGACY_TEMPLATE, head=LEGACY)
    reason = "both generators of the matrix have region, and its values differ"
    where = "spec.generators.0.matrix.generators.1.list.elements.0"
    assert failures(found) == [(where, reason, ())]


def test_a_matrix_in_a_matrix_is_the_deepest(tmp_path: Path) -> None:
    inner = "matrix: {generators: [list: {elements: [{a: '1'}]}, list: {elements: [{b: '2'}]}]}"
    generators = f"- matrix: {{generators: [{{{inner}}}, list: {{elements: [{{name: x}}]}}]}}"
    found = expanded(tmp_path, generators)
    assert names(found) == ["x"]
    assert found.elements[0].parameters == {"a": "1", "b": "2", "name": "x"}
    deeper = (
        f"- matrix: {{generators: [{{matrix: {{generators: [{{{inner}}}, {{{inner}}}]}}}}, list: {{elements: []}}]}}"
    )
    reason = "a matrix or a merge may be nested once only"
    where = "spec.generators.0.matrix.generators.0.matrix.generators.0"
    assert failures(expanded(tmp_path, deeper)) == [(where, reason, ())]


@pytest.mark.parametrize(
    ("generator", "reason"),
    [
        ("matrix: {generators: [list: {elements: []}]}", "got 1 generators, expected exactly two in a matrix"),
        (
            "merge: {mergeKeys: [a], generators: [list: {elements: []}]}",
            "got 1 generators, expected at least two in a merge",
        ),
        ("merge: {generators: [list: {elements: []}, list: {elements: []}]}", "a merge needs mergeKeys"),
    ],
)
def test_a_matrix_or_a_merge_with_too_little_is_refused(tmp_path: Path, generator: str, reason: str) -> None:
    ((_, found, _),) = failures(expanded(tmp_path, f"- {generator}"))
    assert found == reason


def test_two_generators_in_one_entry_are_both_used_but_not_inside_of_a_matrix(tmp_path: Path) -> None:
    write(tmp_path, {"apps/b.yaml": "name: b"})
    both = f"list: {{elements: [{{name: a}}]}}, git: {{repoURL: {URL}, files: [{{path: apps/b.yaml}}]}}"
    assert names(expanded(tmp_path, f"- {{{both}}}")) == ["a", "b"]
    found = expanded(tmp_path, f"- matrix: {{generators: [{{{both}}}, list: {{elements: [{{x: y}}]}}]}}")
    reason = "got 2 generators, expected one in each entry of a matrix or a merge"
    assert failures(found) == [("spec.generators.0.matrix.generators.0", reason, ())]


MERGE = """
- merge:
    mergeKeys: [server]
    generators:
      - list: {elements: [{name: a, server: x, kafka: 'no'}, {name: b, server: 'y', kafka: 'no', more: {c: d}}]}
      - list: {elements: [{server: 'y', kafka: 'yes', more: {e: f}}, {server: z, kafka: 'yes'}]}
      - list: {elements: [{server: x, redis: 'yes'}]}
"""


def test_a_merge_lays_later_generators_over_the_first_by_its_keys(tmp_path: Path) -> None:
    found = expanded(tmp_path, MERGE)
    assert names(found) == ["a", "b"]
    assert [each.parameters for each in found.elements] == [
        {"name": "a", "server": "x", "kafka": "no", "redis": "yes"},
        {"name": "b", "server": "y", "kafka": "yes", "more": {"c": "d", "e": "f"}},
    ]


def test_a_merge_without_go_templates_replaces_key_by_key(tmp_path: Path) -> None:
    generators = """
    - merge:
        mergeKeys: [values.selector]
        generators:
          - list: {elements: [{name: a, values: {selector: x, kafka: 'no'}}]}
          - list: {elements: [{name: other, values: {selector: x}}]}
    """
    found = expanded(tmp_path, generators, LEGACY_TEMPLATE, head=LEGACY)
    assert [each.parameters for each in found.elements] == [
        {"name": "other", "values.selector": "x", "values.kafka": "no"},
    ]


def test_merge_keys_that_are_not_unique_are_refused(tmp_path: Path) -> None:
    generators = """
    - merge:
        mergeKeys: [server]
        generators:
          - list: {elements: [{name: a, server: x}]}
          - list: {elements: [{server: x}, {server: x}]}
    """
    reason = 'two elements of one generator have the same merge keys {"server":"x"}; they must be unique'
    where = "spec.generators.0.merge.generators.1.list.elements.1"
    assert failures(expanded(tmp_path, generators)) == [(where, reason, ())]


@pytest.mark.parametrize(
    ("one", "other", "is_equal"),
    [
        ("1", "1.0", True),
        ("1000.0", "1000", True),
        ("[1, {a: 2}]", "[1.0, {a: 2.0}]", True),
        ("{a: 1, b: x}", "{b: x, a: 1}", True),
        ("1", "'1'", False),
        ("1", "true", False),
        ("null", "''", False),
    ],
)
def test_merge_keys_are_equal_as_json_of_go_is(tmp_path: Path, one: str, other: str, *, is_equal: bool) -> None:
    lists = f"[list: {{elements: [{{name: a, id: {one}}}]}}, list: {{elements: [{{id: {other}, name: b}}]}}]"
    found = expanded(tmp_path, f"- merge: {{mergeKeys: [id], generators: {lists}}}")
    assert names(found) == ["b" if is_equal else "a"]


def test_elements_without_the_merge_key_are_equal_in_it(tmp_path: Path) -> None:
    """Argo CD's issue 12849: what neither has is null in both."""
    lists = "[list: {elements: [{name: a}]}, list: {elements: [{more: b}]}]"
    found = expanded(tmp_path, f"- merge: {{mergeKeys: [id], generators: {lists}}}")
    assert [each.parameters for each in found.elements] == [{"name": "a", "more": "b"}]


def test_a_nested_merge_key_is_not_looked_up_under_go_templates(tmp_path: Path) -> None:
    generators = """
    - merge:
        mergeKeys: [values.selector]
        generators:
          - list: {elements: [{name: a, values: {selector: x}}, {name: b, values: {selector: y}}]}
          - list: {elements: []}
    """
    ((_, reason, _),) = failures(expanded(tmp_path, generators))
    assert (
        reason == 'two elements of one generator have the same merge keys {"values.selector":null}; they must be unique'
    )


@pytest.mark.parametrize(
    ("first", "second", "over", "key"),
    [
        ("{cfg: {x: '1'}}", "[{name: a}, {name: b}]", "{cfg: {x: '2'}}", "cfg"),
        ("{cfg: {in: {x: '1'}}}", "[{name: a, cfg: {y: '1'}}, {name: b, cfg: {}}]", "{cfg: {in: {z: '2'}}}", "in"),
        ("{cfg: {x: '1'}}", "[{name: a}, {name: b}]", "{cfg: {x: '1'}}", None),
        ("{cfg: {x: '1'}}", "[{name: a}, {name: b}]", "{other: {x: '2'}}", None),
        ("{cfg: {x: '1'}}", "[{name: a, cfg: {}}, {name: b, cfg: {}}]", "{cfg: {x: '2'}}", None),
        ("{cfg: {x: '1'}}", "[{name: a}]", "{cfg: {x: '2'}}", None),
        ("{cfg: text}", "[{name: a}, {name: b}]", "{cfg: other}", None),
    ],
)
def test_a_merge_that_changes_a_map_which_elements_of_a_matrix_share_is_unknown(
    tmp_path: Path, first: str, second: str, over: str, key: str | None
) -> None:
    """In Argo CD the change for one element is one for all of them."""
    matrix = f"matrix: {{generators: [list: {{elements: [{first}]}}, list: {{elements: {second}}}]}}"
    changed = over.replace("{", "{name: a, ", 1)
    generators = f"- merge: {{mergeKeys: [name], generators: [{{{matrix}}}, list: {{elements: [{changed}]}}]}}"
    found = expanded(tmp_path, generators)
    reason = f"the merge changes {key}, a map that elements of the matrix share in Argo CD"
    assert unknown(found) == ([("spec.generators.0.merge", reason)] if key else [])


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("{k: x, v: {a: b}}", "{k: x, v: text}", "two generators give v values of different kinds"),
        ("{k: x, v: [a]}", "{k: x, v: text}", "two generators give v values of different kinds"),
        ("{k: x, v: [a]}", "{k: x, v: []}", "one generator empties the list v of another"),
    ],
)
def test_values_that_nobody_merges_the_same_way_twice_are_unknown(
    tmp_path: Path, first: str, second: str, reason: str
) -> None:
    lists = f"[list: {{elements: [{first}]}}, list: {{elements: [{second}]}}]"
    found = expanded(tmp_path, f"- merge: {{mergeKeys: [k], generators: {lists}}}")
    assert unknown(found) == [("spec.generators.0.merge", reason)]


# The git generator.


CONFIG = "applicationset/cluster-config/engineering"


def test_git_files_are_the_parameters_with_the_path_beside_them(tmp_path: Path) -> None:
    """Argo CD's example of a file for each cluster."""
    write(
        tmp_path,
        {
            f"{CONFIG}/dev/config.json": '{"asset": "1", "cluster": {"name": "engineering-dev"}}',
            f"{CONFIG}/prod_1/config.json": '{"asset": "2", "cluster": {"name": "engineering-prod"}}',
            f"{CONFIG}/prod_1/other.json": "{}",
        },
    )
    generators = f"- git: {{repoURL: {URL}, files: [{{path: '{CONFIG}/*/config.json'}}]}}"
    found = expanded(tmp_path, generators, "metadata: {name: '{{ .cluster.name }}'}\nspec: {}")
    assert names(found) == ["engineering-dev", "engineering-prod"]
    assert found.elements[1].parameters == {
        "asset": "2",
        "cluster": {"name": "engineering-prod"},
        "path": {
            "path": f"{CONFIG}/prod_1",
            "basename": "prod_1",
            "basenameNormalized": "prod-1",
            "filename": "config.json",
            "filenameNormalized": "config.json",
            "segments": ["applicationset", "cluster-config", "engineering", "prod_1"],
        },
    }
    assert found.elements[1].place.file == f"{CONFIG}/prod_1/config.json"


def test_git_files_are_flat_for_legacy_templates(tmp_path: Path) -> None:
    write(tmp_path, {"a_b/c.yaml": "{m: 1.5, t: true, none: null, list: [x, {k: z}], empty: {}}"})
    generators = f"- git: {{repoURL: {URL}, files: [{{path: a_b/c.yaml}}], values: {{v: '{{{{m}}}}-{{{{path}}}}'}}}}"
    found = expanded(tmp_path, generators, "metadata: {name: x}\nspec: {}", head=LEGACY)
    assert found.elements[0].parameters == {
        "m": "1.5",
        "t": "true",
        "none": "<nil>",
        "list.0": "x",
        "list.1.k": "z",
        "path": "a_b",
        "path.basename": "a_b",
        "path.basenameNormalized": "a-b",
        "path.filename": "c.yaml",
        "path.filenameNormalized": "c.yaml",
        "path[0]": "a_b",
        "values.v": "1.5-a_b",
    }


def test_a_git_file_with_a_list_makes_an_element_of_each_and_an_empty_one_makes_one(tmp_path: Path) -> None:
    write(tmp_path, {"x/many.yaml": "[{m: a}, null]", "x/none.yaml": ""})
    generators = f"- git: {{repoURL: {URL}, files: [{{path: x/*.yaml}}], values: {{at: '{{{{ .path.filename }}}}'}}}}"
    found = expanded(tmp_path, generators, "metadata: {name: '{{ .values.at }}'}\nspec: {}")
    assert names(found) == ["many.yaml", "many.yaml", "none.yaml"]
    assert [(each.place.file, each.place.steps) for each in found.elements] == [
        ("x/many.yaml", (0,)),
        ("x/many.yaml", (1,)),
        ("x/none.yaml", ()),
    ]


def test_a_git_file_that_is_no_map_is_refused_and_so_is_one_that_is_no_yaml(tmp_path: Path) -> None:
    write(tmp_path, {"x/text.yaml": "just text", "y/broken.yaml": "a: [1"})
    refused = expanded(tmp_path, f"- git: {{repoURL: {URL}, files: [{{path: x/text.yaml}}]}}")
    assert failures(refused) == [("", "x/text.yaml holds no map, and no list of maps", ())]
    broken = expanded(tmp_path, f"- git: {{repoURL: {URL}, files: [{{path: y/broken.yaml}}]}}")
    ((where, reason, _),) = failures(broken)
    assert where == "spec.generators.0.git.files"
    assert reason.startswith("y/broken.yaml cannot be read: ")


def test_of_a_git_file_with_another_document_that_is_no_yaml_nobody_can_say(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "{a: b}\n---\nb: ["})
    ((where, reason),) = unknown(expanded(tmp_path, f"- git: {{repoURL: {URL}, files: [{{path: a.yaml}}]}}"))
    assert where == "spec.generators.0.git.files"
    assert reason.startswith("a.yaml cannot be read: ")


def test_git_files_that_only_one_of_argo_cds_two_globs_finds_are_unknown(tmp_path: Path) -> None:
    write(tmp_path, {"c/one/values.yaml": "{name: a}", "c/one/sub/values.yaml": "{name: b}"})
    found = expanded(tmp_path, f"- git: {{repoURL: {URL}, files: [{{path: c/*/values.yaml}}]}}")
    reason = "which files match depends on whether Argo CD runs with --enable-new-git-file-globbing"
    assert unknown(found) == [("spec.generators.0.git.files", reason)]


def test_git_has_nothing_behind_a_link_to_a_folder(tmp_path: Path) -> None:
    """Git keeps a link as one file; the newer of Argo CD's globs follows one that stands before the first wildcard."""
    write(tmp_path, {"apps/a/x.yaml": "{name: a}", "apps/a/b/x.yaml": ""})
    (tmp_path / "link").symlink_to("apps")
    (tmp_path / "apps/file.yaml").symlink_to("a/x.yaml")
    folders = expanded(tmp_path, f"- git: {{repoURL: {URL}, directories: [{{path: link/*}}, {{path: link/a/*}}]}}")
    assert names(folders) == []
    (unknown,) = expanded(tmp_path, f"- git: {{repoURL: {URL}, files: [{{path: link/a/x.yaml}}]}}").unknown
    assert unknown.reason == "which files match depends on whether Argo CD runs with --enable-new-git-file-globbing"
    assert names(expanded(tmp_path, f"- git: {{repoURL: {URL}, files: [{{path: apps/f*.yaml}}]}}")) == ["a"]


def test_git_files_that_are_excluded_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, {"c/a.yaml": "{name: a}", "c/b.yaml": "{name: b}"})
    paths = "[{path: c/*.yaml}, {path: c/b.yaml, exclude: true}]"
    assert names(expanded(tmp_path, f"- git: {{repoURL: {URL}, files: {paths}}}")) == ["a"]


def test_git_folders_are_those_that_match_and_hidden_ones_are_none(tmp_path: Path) -> None:
    """Argo CD's example of add-ons, of which one is excluded."""
    write(
        tmp_path,
        {
            "addons/argo-workflows/kustomization.yaml": "",
            "addons/prometheus_operator/templates/x.yaml": "",
            "addons/helm-guestbook/Chart.yaml": "",
            "addons/.hidden/x.yaml": "",
            "addons/file.yaml": "",
        },
    )
    folders = "[{path: addons/*}, {path: addons/helm-guestbook, exclude: true}]"
    template = (
        "metadata: {name: '{{ .path.basenameNormalized }}', labels: {s: '{{ index .path.segments 0 }}'}}\nspec: {}"
    )
    found = expanded(tmp_path, f"- git: {{repoURL: {URL}, directories: {folders}}}", template)
    assert names(found) == ["argo-workflows", "prometheus-operator"]
    assert found.applications[0].labels == {"s": "addons"}
    assert found.elements[1].parameters == {
        "path": {
            "path": "addons/prometheus_operator",
            "basename": "prometheus_operator",
            "basenameNormalized": "prometheus-operator",
            "segments": ["addons", "prometheus_operator"],
        }
    }


def test_a_repository_in_a_folder_has_paths_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, {"clone/apps/a/x.yaml": "{name: a}", "apps/b/x.yaml": "{name: b}"})
    files = expanded(tmp_path, f"- git: {{repoURL: {URL}, files: [{{path: apps/*/x.yaml}}]}}", folder="clone")
    assert (names(files), files.elements[0].place.file) == (["a"], "clone/apps/a/x.yaml")
    template = "metadata: {name: '{{ .path.path }}'}\nspec: {}"
    folders = expanded(tmp_path, f"- git: {{repoURL: {URL}, directories: [{{path: '*'}}]}}", template, folder="clone")
    assert names(folders) == ["apps"]


def test_folders_come_before_files_where_both_are_stated(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.yaml": "{name: file}"})
    generators = f"- git: {{repoURL: {URL}, files: [{{path: a/x.yaml}}], directories: [{{path: '*'}}]}}"
    assert names(expanded(tmp_path, generators, "metadata: {name: '{{ .path.path }}'}\nspec: {}")) == ["a"]


def test_the_root_of_a_repository_has_its_folders(tmp_path: Path) -> None:
    write(tmp_path, {"apps/x.yaml": "", "donotdeploy/x.yaml": ""})
    generators = f"- git: {{repoURL: {URL}, directories: [{{path: '*'}}, {{path: donotdeploy, exclude: true}}]}}"
    assert names(expanded(tmp_path, generators, "metadata: {name: '{{ .path.basename }}'}\nspec: {}")) == ["apps"]


def test_two_git_generators_keep_their_paths_apart_by_prefix(tmp_path: Path) -> None:
    """Argo CD's example of apps and the targets that each of them goes to."""
    write(
        tmp_path,
        {
            "apps/app-one.json": '{"appName": "one"}',
            "apps/app-two.json": '{"appName": "two"}',
            "targets/one/east.json": '{"cluster": "c1"}',
            "targets/one/west.json": '{"cluster": "c2"}',
            "targets/two/east.json": '{"cluster": "c3"}',
        },
    )
    targets = "targets/{{ .appName }}/*.json"
    generators = f"""
    - matrix:
        generators:
          - git: {{repoURL: {URL}, files: [{{path: apps/*.json}}], pathParamPrefix: app}}
          - git: {{repoURL: {URL}, files: [{{path: '{targets}'}}], pathParamPrefix: target}}
    """
    template = "metadata: {name: '{{ .app.path.filename }}-{{ .target.path.path }}-{{ .cluster }}'}\nspec: {}"
    assert names(expanded(tmp_path, generators, template)) == [
        "app-one.json-targets/one-c1",
        "app-one.json-targets/one-c2",
        "app-two.json-targets/two-c3",
    ]


def test_the_values_of_two_git_generators_are_put_together(tmp_path: Path) -> None:
    """Both are a map[string]string, which mergo merges; in a matrix, the first generator's value stands."""
    write(tmp_path, {"apps/a/x.yaml": "", "zones/b/x.yaml": ""})
    one, other = (f"git: {{repoURL: {URL}, directories: [{{path: {each}/*}}]" for each in ("apps", "zones"))
    values = ("values: {both: first, one: '1'}", "pathParamPrefix: z, values: {both: second, two: '2'}")
    template = "metadata: {name: '{{ .path.basename }}-{{ .z.path.basename }}'}"
    found = expanded(tmp_path, f"- matrix: {{generators: [{one}, {values[0]}}}, {other}, {values[1]}}}]}}", template)
    assert names(found) == ["a-b"]
    assert found.elements[0].parameters["values"] == {"both": "first", "one": "1", "two": "2"}


@pytest.mark.parametrize("options", ["missingkey=error", "missingkey=default"])
def test_the_values_of_the_second_generator_of_a_matrix_are_of_the_first_or_of_its_own(
    tmp_path: Path, options: str
) -> None:
    """Argo CD fills in what reads nothing but the first generator (27830), and leaves the rest for later (26696)."""
    write(tmp_path, {"addons/a/x.yaml": "", "addons/b/x.yaml": ""})
    values = "{own: '{{ .path.basename }}', given: '{{ .cluster }}', none: plain, '{{ .cluster }}': '{{ .path.path }}'}"
    generators = f"""
    - matrix:
        generators:
          - list: {{elements: [{{cluster: c1}}]}}
          - git: {{repoURL: {URL}, directories: [{{path: addons/*}}], values: {values}}}
    """
    head = f"goTemplate: true\ngoTemplateOptions: [{options}]"
    found = expanded(tmp_path, generators, "metadata: {name: '{{ .path.basename }}-{{ .values.given }}'}", head=head)
    assert names(found) == ["a-c1", "b-c1"]
    assert found.elements[1].parameters["values"] == {"own": "b", "given": "c1", "none": "plain", "c1": "addons/b"}


def test_a_value_that_reads_both_generators_of_a_matrix_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"addons/a/x.yaml": ""})
    values = "{both: '{{ .cluster }}-{{ .path.basename }}'}"
    generators = f"""
    - matrix:
        generators:
          - list: {{elements: [{{cluster: c1}}]}}
          - git: {{repoURL: {URL}, directories: [{{path: addons/*}}], values: {values}}}
    """
    where = "spec.generators.0.matrix.generators.1.git.values.both"
    assert failures(expanded(tmp_path, generators)) == [(where, 'map has no entry for key "cluster"', ())]


def test_legacy_values_of_the_second_generator_of_a_matrix_are_of_both(tmp_path: Path) -> None:
    write(tmp_path, {"addons/a/x.yaml": ""})
    values = "{a: '{{cluster}}-{{path.basename}}'}"
    generators = f"""
    - matrix:
        generators:
          - list: {{elements: [{{cluster: c1}}]}}
          - git: {{repoURL: {URL}, directories: [{{path: addons/*}}], values: {values}}}
    """
    found = expanded(tmp_path, generators, LEGACY_TEMPLATE, head=LEGACY)
    assert found.elements[0].parameters["values.a"] == "c1-a"


def test_a_git_generator_of_a_repository_that_is_not_here_is_unknown(tmp_path: Path) -> None:
    found = expanded(
        tmp_path, f"- git: {{repoURL: {ELSEWHERE}, files: [{{path: x}}]}}\n- list: {{elements: [{{name: a}}]}}"
    )
    reason = f"{ELSEWHERE} is not on disk, so what the git generator finds is not known"
    assert unknown(found) == [("spec.generators.0.git.repoURL", reason)]
    assert [each.name for each in found.applications] == ["a"]
    assert not found.is_whole


@pytest.mark.parametrize(
    ("branch", "revision", "is_known"),
    [
        ("work", "HEAD", True),
        ("work", "main", True),
        ("work", "work", True),
        ("work", "other", False),
        ("work", "v1.0", False),
        ("", "other", True),
    ],
)
def test_a_git_generator_of_another_branch_than_the_one_on_disk_is_unknown(
    tmp_path: Path, branch: str, revision: str, *, is_known: bool
) -> None:
    write(tmp_path, {"apps/a/x.yaml": ""})
    generators = f"- git: {{repoURL: {URL}, revision: {revision}, directories: [{{path: apps/*}}]}}"
    found = expanded(tmp_path, generators, "metadata: {name: a}\nspec: {}", folder=Checkout(".", branch=branch))
    reason = f"{branch} is on disk and not {revision}, so what the git generator finds is not known"
    assert unknown(found) == ([] if is_known else [("spec.generators.0.git.revision", reason)])
    assert len(found.applications) == is_known


def test_what_we_made_is_of_the_branch_that_it_names(tmp_path: Path) -> None:
    write(tmp_path, {"apps/a/x.yaml": ""})
    text = f"""
    metadata: {{name: web}}
    spec:
      generators:
      - git: {{repoURL: {URL}, revision: other, directories: [{{path: apps/*}}]}}
      template: {{metadata: {{name: a}}, spec: {{}}}}
    """
    mark = "# Generated by gitops_gen from templates/a.j2 and environments/fleet.yaml. DO NOT EDIT.\n"
    assert names(expanded_file(tmp_path, dedent(text).lstrip("\n"), Checkout(".", branch="work"), mark)) == ["a"]


def test_a_git_generator_without_files_and_directories_is_refused(tmp_path: Path) -> None:
    found = expanded(tmp_path, f"- git: {{repoURL: {URL}}}")
    assert failures(found) == [("spec.generators.0.git", "a git generator has files or directories", ())]


@pytest.mark.parametrize(
    ("generator", "place", "reason"),
    [
        ("lit: {elements: []}", "lit", "there is no generator lit, expected list"),
        ("GIT: {}", "GIT", "there is no generator GIT, expected git"),
        ("git: {files: [{path: a}]}", "git", "got no repoURL, expected the repository of the git generator"),
        (
            f"git: {{repoURL: {URL}, files: [{{pth: a}}]}}",
            "git.files.0",
            "got no path, expected one in each entry of a git generator",
        ),
    ],
)
def test_a_generator_with_a_slip_makes_nothing(tmp_path: Path, generator: str, place: str, reason: str) -> None:
    found = expanded(tmp_path, f"- {generator}")
    assert failures(found) == [(f"spec.generators.0.{place}", reason, ())]


def test_elements_of_yaml_come_from_a_file_by_a_matrix(tmp_path: Path) -> None:
    """Argo CD's example of components that a file lists."""
    write(tmp_path, {"list.yaml": "key: {components: [{name: one, chart: podinfo}, {name: two, chart: podinfo}]}"})
    generators = f"""
    - matrix:
        generators:
          - git: {{repoURL: {URL}, files: [{{path: list.yaml}}]}}
          - list: {{elements: [], elementsYaml: '{{{{ .key.components | toJson }}}}'}}
    """
    template = "metadata: {name: '{{ .name }}-{{ .chart }}'}\nspec: {}"
    assert names(expanded(tmp_path, generators, template)) == ["one-podinfo", "two-podinfo"]


def test_elements_of_yaml_that_cannot_be_read_are_unknown(tmp_path: Path) -> None:
    ((where, reason),) = unknown(expanded(tmp_path, "- list: {elementsYaml: '[{yes: a}]'}"))
    assert where == "spec.generators.0.list.elementsYaml"
    assert reason.startswith("elementsYaml cannot be read: yes is ambiguous")


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes", "true"), ("off", "false"), ("y", "true"), ("N", "false"), ("0755", "493"), ("1e3", "1000")],
)
def test_what_readers_disagree_on_is_what_argo_cd_reads(tmp_path: Path, text: str, value: str) -> None:
    write(tmp_path, {"y/a.yaml": f"a: {text}\n"})
    for generator in (
        f"- git: {{repoURL: {URL}, files: [{{path: y/a.yaml}}]}}",
        f"- list: {{elementsYaml: '[{{a: {text}}}]'}}",
    ):
        found = expanded(tmp_path, generator, "metadata: {name: 'x-{{ .a }}'}\nspec: {}")
        assert unknown(found) == []
        assert [each.name for each in found.applications] == [f"x-{value}"]


def test_elements_of_yaml_may_be_none_at_all(tmp_path: Path) -> None:
    generators = "- list: {elements: [{name: a}], elementsYaml: 'null'}\n- list: {elementsYaml: '[null]'}"
    found = expanded(tmp_path, generators)
    assert names(found) == ["a", "{{ .name }}"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a: {n: b}", "n"),
        ("N : b", "N"),
        ("- Y: b", "Y"),
        ("a: y # so", None),
        ("a: 'y'", None),
        ('"y": "n"', None),
        ("a: by y, for n\nb: y-n\nc: yn", None),
    ],
)
def test_a_bare_y_or_n_for_a_key_is_unknown(tmp_path: Path, text: str, key: str | None) -> None:
    """By sigs.k8s.io/yaml the keys are true and false."""
    write(tmp_path, {"y/a.yaml": text})
    template = "metadata: {name: a}\nspec: {}"
    found = expanded(tmp_path, f"- git: {{repoURL: {URL}, files: [{{path: y/a.yaml}}]}}", template)
    reason = f"{key} is ambiguous: some YAML readers take it for true or false, some for a string"
    expected = [("spec.generators.0.git.files", f"y/a.yaml cannot be read: {reason}")] if key else []
    assert unknown(found) == expected


def test_a_bare_y_for_a_key_in_a_text_of_the_set_is_unknown(tmp_path: Path) -> None:
    reason = "cannot be read: y is ambiguous: some YAML readers take it for true or false, some for a string"
    (found,) = unknown(expanded(tmp_path, "- list: {elementsYaml: '[{name: a, y: b}]'}"))
    assert found == ("spec.generators.0.list.elementsYaml", f"elementsYaml {reason}")
    patch = "templatePatch: 'metadata: {labels: { {{ .name }}: a}}'"
    (found,) = unknown(expanded(tmp_path, "- list: {elements: [{name: 'y'}]}", tail=patch))
    assert found == ("spec.templatePatch", f"the patch {reason} (for y)")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: b", "elementsYaml is no list"),
        ("[a]", "an element of elementsYaml is no map"),
        ("[a", "elementsYaml cannot be read: the text ends inside of brackets"),
    ],
)
def test_elements_of_yaml_that_are_none_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    found = expanded(tmp_path, f"- list: {{elementsYaml: '{text}'}}")
    assert failures(found) == [("spec.generators.0.list.elementsYaml", reason, ())]


# Selectors.


ENVIRONMENTS = "list: {elements: [{name: a, env: dev, n: 1}, {name: b, env: prod, up: true, deep: {x: z}}, {name: c}]}"


@pytest.mark.parametrize(
    ("selector", "kept"),
    [
        ("{matchLabels: {env: prod}}", ["b"]),
        ("{matchLabels: {env: prod, name: a}}", []),
        ("{matchLabels: {n: '1'}}", ["a"]),
        ("{matchLabels: {up: 'true'}}", ["b"]),
        ("{matchLabels: {deep.x: z}}", ["b"]),
        ("{matchExpressions: [{key: env, operator: In, values: [dev, prod]}]}", ["a", "b"]),
        ("{matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}", ["b", "c"]),
        ("{matchExpressions: [{key: env, operator: Exists}]}", ["a", "b"]),
        ("{matchExpressions: [{key: env, operator: DoesNotExist}]}", ["c"]),
        ("{}", ["a", "b", "c"]),
    ],
)
def test_a_selector_keeps_the_elements_whose_flat_parameters_match(
    tmp_path: Path, selector: str, kept: list[str]
) -> None:
    assert names(expanded(tmp_path, f"- {{{ENVIRONMENTS}, selector: {selector}}}")) == kept


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("{key: a, operator: Equals}", "got the operator Equals, expected In, NotIn, Exists or DoesNotExist"),
        ("{key: a, operator: In, values: []}", "In needs at least one value"),
    ],
)
def test_a_selector_that_kubernetes_refuses_is_refused(tmp_path: Path, expression: str, reason: str) -> None:
    found = expanded(tmp_path, f"- {{{ENVIRONMENTS}, selector: {{matchExpressions: [{expression}]}}}}")
    assert failures(found) == [("spec.generators.0.selector.matchExpressions.0", reason, ())]


@pytest.mark.parametrize(
    ("selector", "where"),
    [
        ("{matchLabels: {'path[0]': apps}}", "matchLabels.path[0]"),
        ("{matchLabels: {'a b': c}}", "matchLabels.a b"),
        ("{matchExpressions: [{key: a/b/c, operator: Exists}]}", "matchExpressions.0.key"),
        ("{matchExpressions: [{key: '{{ .a }}', operator: Exists}]}", "matchExpressions.0.key"),
        ("{matchExpressions: [{operator: Exists}]}", "matchExpressions.0.key"),
    ],
)
def test_a_selector_asks_for_nothing_but_keys_of_labels(tmp_path: Path, selector: str, where: str) -> None:
    """Argo CD, applicationset/utils/selector.go, validateLabelKey; the values of its selectors may be anything."""
    ((found, reason, _),) = failures(expanded(tmp_path, f"- {{{ENVIRONMENTS}, selector: {selector}}}"))
    assert found == f"spec.generators.0.selector.{where}"
    assert reason.startswith("the key is none of a label: ")


def test_a_selector_compares_with_values_that_no_label_may_have(tmp_path: Path) -> None:
    url = "https://a-cluster-whose-endpoint-is-longer-than-the-value-of-a-label.example.com"
    elements = f"[{{name: a, server: '{url}'}}, {{name: b, server: x}}]"
    selector = f"{{matchLabels: {{server: '{url}'}}}}"
    assert names(expanded(tmp_path, f"- {{list: {{elements: {elements}}}, selector: {selector}}}")) == ["a"]


def test_a_selector_is_refused_where_it_has_nothing_to_select_too(tmp_path: Path) -> None:
    expressions = "{matchLabels: {a: b}, matchExpressions: [{key: a, operator: In}]}"
    found = expanded(tmp_path, f"- {{list: {{elements: []}}, selector: {expressions}}}")
    where = "spec.generators.0.selector.matchExpressions.0"
    assert failures(found) == [(where, "In needs at least one value", ())]


def test_exists_takes_no_values(tmp_path: Path) -> None:
    expression = "{key: a, operator: Exists, values: [x]}"
    found = expanded(tmp_path, f"- {{{ENVIRONMENTS}, selector: {{matchExpressions: [{expression}]}}}}")
    assert failures(found) == [("spec.generators.0.selector.matchExpressions.0.values", "Exists takes no values", ())]


def test_a_selector_of_a_child_keeps_its_elements_before_they_are_combined(tmp_path: Path) -> None:
    child = f"{{{ENVIRONMENTS}, selector: {{matchLabels: {{env: dev}}}}}}"
    found = expanded(tmp_path, f"- matrix: {{generators: [{child}, list: {{elements: [{{x: y}}]}}]}}")
    assert names(found) == ["a"]


def test_the_selector_of_the_second_generator_of_a_matrix_is_no_template(tmp_path: Path) -> None:
    """Argo CD, generator_spec_processor.go, Transform: it reads the selector before it fills in the generator."""
    first = "list: {elements: [{wanted: dev}]}"
    second = f"{{{ENVIRONMENTS}, selector: {{matchLabels: {{env: '{{{{ .wanted }}}}'}}}}}}"
    assert names(expanded(tmp_path, f"- matrix: {{generators: [{first}, {second}]}}")) == []
    literal = f"{{{ENVIRONMENTS}, selector: {{matchLabels: {{env: dev}}}}}}"
    assert names(expanded(tmp_path, f"- matrix: {{generators: [{first}, {literal}]}}")) == ["a"]


def test_a_selector_on_what_argo_cd_does_not_flatten_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.yaml": "{name: a}"})
    git = f"git: {{repoURL: {URL}, files: [{{path: a/x.yaml}}], values: {{env: dev}}}}"
    found = expanded(tmp_path, f"- {{{git}, selector: {{matchLabels: {{values.env: dev}}}}}}")
    reason = "the selector asks for values.env, which is a list or a map that Argo CD does not flatten"
    assert unknown(found) == [("spec.generators.0.selector", reason)]


# Templates of generators, and patches.


def test_the_template_of_a_generator_wins_where_it_says_something(tmp_path: Path) -> None:
    """Argo CD's example of a template override."""
    generators = """
    - list:
        elements: [{name: a}]
        template:
          metadata: {}
          spec:
            project: ''
            source: {path: override/{{ .name }}, targetRevision: HEAD}
            destination: {}
    - list: {elements: [{name: b}]}
    """
    found = expanded(tmp_path, generators.replace("override/{{ .name }}", "'override/{{ .name }}'"))
    assert names(found) == ["a", "b"]
    assert [each.value["spec"] for each in found.applications] == [
        {
            "project": "default",
            "source": {"repoURL": URL, "path": "override/a", "targetRevision": "HEAD"},
            "destination": {"name": "here", "namespace": "web"},
        },
        {
            "project": "default",
            "source": {"repoURL": URL, "path": "web"},
            "destination": {"name": "here", "namespace": "web"},
        },
    ]


@pytest.mark.parametrize(("own", "expected"), [("{a: {b: 1}}", {"a": {"b": 1}}), ("{}", {})])
def test_the_values_object_of_a_generator_stands_alone(tmp_path: Path, own: str, expected: dict[str, object]) -> None:
    source = f"{{helm: {{valuesObject: {own}}}}}"
    generators = f"- list: {{elements: [{{name: a}}], template: {{spec: {{source: {source}}}}}}}"
    template = "metadata: {name: a}\nspec: {source: {helm: {releaseName: r, valuesObject: {a: {c: 2}, d: 3}}}}"
    (application,) = expanded(tmp_path, generators, template).applications
    assert application.value["spec"] == {"source": {"helm": {"releaseName": "r", "valuesObject": expected}}}


def test_the_template_of_a_child_generator_is_not_used(tmp_path: Path) -> None:
    child = "list: {elements: [{name: a}], template: {metadata: {name: child}}}"
    generators = f"- matrix: {{generators: [{{{child}}}, list: {{elements: [{{x: y}}]}}]}}"
    assert names(expanded(tmp_path, generators)) == ["a"]


def test_a_template_patch_changes_what_no_string_can_say(tmp_path: Path) -> None:
    patch = """
    templatePatch: |
      metadata:
        finalizers: [b, c]
      spec:
        project: other
        source:
          helm: {valueFiles: [{{ range .files }}{{ . }},{{ end }}]}
          path: null
        {{- if eq .automated "true" }}
        syncPolicy: {automated: {prune: {{ .prune }}}}
        {{- end }}
    """
    template = (
        "metadata: {name: '{{ .name }}', finalizers: [a, b]}\nspec: {project: default, source: {path: web, repoURL: x}}"
    )
    elements = "[{name: a, automated: 'true', prune: 'false', files: [x, z]}, {name: b, automated: 'no', files: []}]"
    found = expanded(tmp_path, f"- list: {{elements: {elements}}}", template, tail=patch)
    assert names(found) == ["a", "b"]
    assert [each.value for each in found.applications] == [
        {
            "metadata": {"name": "a", "finalizers": ["a", "b", "c"]},
            "spec": {
                "project": "default",
                "source": {"repoURL": "x", "helm": {"valueFiles": ["x", "z"]}},
                "syncPolicy": {"automated": {"prune": False}},
            },
        },
        {
            "metadata": {"name": "b", "finalizers": ["a", "b", "c"]},
            "spec": {"project": "default", "source": {"repoURL": "x", "helm": {"valueFiles": []}}},
        },
    ]
    assert found.applications[0].is_automated
    assert not found.applications[1].is_automated


def test_an_empty_patch_changes_nothing_and_an_empty_spec_clears_it(tmp_path: Path) -> None:
    one = "- list: {elements: [{name: a}]}"
    assert "source" in expanded(tmp_path, one, tail="templatePatch: ''").applications[0].value["spec"]  # type: ignore[operator]
    cleared = expanded(tmp_path, one, tail="templatePatch: 'spec:'")
    assert cleared.applications[0].value["spec"] == {"project": "default"}


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ("just text", "the patch is no map: just text"),
        (
            "spec: {syncPolicy: {automated: {prune: '{{ .name }}'}}}",
            "the patch does not fit an Application: spec.syncPolicy.automated.prune: got a string, ",
        ),
        ("spec: [", "the patch cannot be read: "),
    ],
)
def test_a_patch_that_argo_cd_refuses_is_refused(tmp_path: Path, patch: str, reason: str) -> None:
    found = expanded(tmp_path, "- list: {elements: [{name: a}]}", tail=f"templatePatch: |-\n  {patch}")
    ((where, got, elements),) = failures(found)
    assert (where, elements) == ("spec.templatePatch", ("a",))
    assert got.startswith(reason)


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ("{b: 2}", {"a": {"x": 1}, "l": [1], "b": 2}),
        ("{a: text, l: null}", {"a": "text"}),
        ("{new: {x: 1}, more: [2]}", {"a": {"x": 1}, "l": [1], "new": {"x": 1}, "more": [2]}),
        ("{a: {z: 2}}", "a"),
        ("{l: [2]}", "l"),
    ],
)
def test_a_patch_that_goes_into_what_the_values_object_has_is_unknown(
    tmp_path: Path, patch: str, expected: object
) -> None:
    template = "metadata: {name: a}\nspec: {source: {helm: {valuesObject: {a: {x: 1}, l: [1]}}}}"
    tail = f"templatePatch: 'spec: {{source: {{helm: {{valuesObject: {patch}}}}}}}'"
    found = expanded(tmp_path, "- list: {elements: [{name: a}]}", template, tail=tail)
    if isinstance(expected, str):
        reason = f"the patch changes {expected} of valuesObject, which not every Argo CD can (for a)"
        assert unknown(found) == [("spec.templatePatch", reason)]
    else:
        (application,) = found.applications
        assert at(application.value, "spec", "source", "helm", "valuesObject") == expected


def test_a_patch_that_starts_with_a_brace_is_json(tmp_path: Path) -> None:
    """In a patch of YAML, `yes` is true and a tab is none; in one of JSON, both are what they are."""
    one = "- list: {elements: [{name: a}]}"
    patch = 'templatePatch: |\n  {"metadata":\n  \t{"labels": {"is": "yes", "y": "{{ .name }}"}}}'
    assert expanded(tmp_path, one, tail=patch).applications[0].labels == {"is": "yes", "y": "a"}
    ((where, reason, _),) = failures(expanded(tmp_path, one, tail="templatePatch: '{spec: {project: x}}'"))
    assert where == "spec.templatePatch"
    assert reason.startswith("the patch starts with a brace, so it is read as JSON, and is none: ")


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ("[{op: replace, path: /spec/project, value: x}]", "the patch is a list, a JSON patch"),
        ("spec: {$patch: replace}", "the patch has $patch, a directive of a strategic merge"),
        ("spec: {$retainKeys: [source]}", "the patch has $retainKeys, a directive of a strategic merge"),
    ],
)
def test_a_patch_of_another_kind_is_unknown(tmp_path: Path, patch: str, reason: str) -> None:
    found = expanded(tmp_path, "- list: {elements: [{name: a}]}", tail=f"templatePatch: |-\n  {patch}")
    assert unknown(found) == [("spec.templatePatch", f"{reason} (for a)")]


def test_a_patch_that_yaml_readers_read_in_two_ways_is_what_argo_cd_reads(tmp_path: Path) -> None:
    patch = "templatePatch: 'spec: {syncPolicy: {automated: {prune: yes}}}'"
    found = expanded(tmp_path, "- list: {elements: [{name: a}]}", tail=patch)
    assert unknown(found) == []
    (application,) = found.applications
    assert at(application.value, "spec", "syncPolicy", "automated", "prune") is True


def test_a_patch_with_a_key_that_readers_disagree_on_is_unknown(tmp_path: Path) -> None:
    patch = "templatePatch: 'metadata: {labels: {yes: a}}'"
    ((where, reason),) = unknown(expanded(tmp_path, "- list: {elements: [{name: a}]}", tail=patch))
    assert where == "spec.templatePatch"
    assert reason.startswith("the patch cannot be read: yes is ambiguous")


# What no file tells.


@pytest.mark.parametrize("kind", ["clusters", "scmProvider", "pullRequest", "clusterDecisionResource", "plugin"])
def test_a_generator_that_asks_a_cluster_or_a_service_is_unknown(tmp_path: Path, kind: str) -> None:
    reason = f"the {kind} generator asks a cluster or a service"
    assert unknown(expanded(tmp_path, f"- {kind}: {{}}")) == [(f"spec.generators.0.{kind}", reason)]
    inside = f"- matrix: {{generators: [list: {{elements: [{{name: a}}]}}, {kind}: {{}}]}}"
    assert unknown(expanded(tmp_path, inside)) == [(f"spec.generators.0.matrix.generators.1.{kind}", reason)]


def test_a_generator_that_nobody_knows_is_unknown_and_none_is_refused(tmp_path: Path) -> None:
    assert unknown(expanded(tmp_path, "- oci: {}")) == [
        ("spec.generators.0.oci", "the generator oci is not known here")
    ]
    reason = "Argo CD makes nothing of it: it has none of list, git, matrix, merge"
    assert unknown(expanded(tmp_path, "- {}")) == [("spec.generators.0", reason)]


def test_a_set_of_anything_else_is_not_trusted_with_a_shape(tmp_path: Path) -> None:
    for spec in ("spec: text", "spec: {generators: text}", "spec: {generators: [{list: text}], template: []}", ""):
        assert expanded_file(tmp_path, f"metadata: {{name: x}}\n{spec}").applications == ()


@pytest.mark.parametrize("path", ["{}", "{a: b}"])
def test_an_element_with_a_map_for_a_path_is_known_by_its_number(tmp_path: Path, path: str) -> None:
    expansion = expanded(tmp_path, f"- list: {{elements: [{{path: {path}}}]}}")
    assert list(map(str, expansion.elements)) == ["element 0"]
