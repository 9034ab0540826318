"""Names of Applications: unique, valid, short, and made as the others are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen import kubernetes
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from tests.checks.by_hand import GIT_SET, RELEASE, application
from tests.checks.trees import MARK, URL, found, found_in_six_clusters
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

CODE = "application-name"
MYAPP = "argocd/applicationsets/myapp.yaml"
ESO = "argocd/applicationsets/external-secrets.yaml"

ODD = """\
output/argocd/applicationsets/{file}.yaml:{line}: error: the Application {name} on {cluster} is not named as \
ApplicationSet {set} names them: {set}- and the end of the cluster's name
hint: correct the name of the Application, or that of the set
output/argocd/applicationsets/{file}.yaml:5:9: the name of the set"""


def app(name: str, labels: str = "{}", *, namespace: str = "argocd") -> str:
    """Returns an Application written by hand."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: {namespace}
  labels: {labels}
spec: {{project: default, source: {{repoURL: x, path: p}}, destination: {{name: here, namespace: web}}}}
"""


def test_two_elements_that_make_one_name_are_found() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('"myapp-dev-usw2"', '"myapp-dev-use1"')) == [
        (
            "output/argocd/applicationsets/myapp.yaml:24:13: error: 2 Applications are called myapp-dev-use1\n"
            "hint: give each a name of its own; app, environment and region together make one\n"
            "output/argocd/applicationsets/myapp.yaml:14:13: the first one of that name"
        ),
        ODD.format(file="myapp", line="24:13", name="myapp-dev-use1", cluster="myapp-dev-usw2", set="myapp"),
    ]


def test_two_sets_that_make_one_name_are_found() -> None:
    assert found_in_six_clusters(CODE, ESO, ('"external-secrets-dev-use1"', '"myapp-dev-use1"')) == [
        ODD.format(
            file="external-secrets",
            line="14:13",
            name="myapp-dev-use1",
            cluster="myapp-dev-use1",
            set="external-secrets",
        ),
        (
            "output/argocd/applicationsets/myapp.yaml:14:13: error: 2 Applications are called myapp-dev-use1\n"
            "hint: give each a name of its own; app, environment and region together make one\n"
            "output/argocd/applicationsets/external-secrets.yaml:14:13: the first one of that name"
        ),
    ]


def test_applications_of_one_name_in_two_folders_may_be_of_two_argo_cds(tmp_path: Path) -> None:
    assert found(tmp_path, {"a/web.yaml": app("web"), "b/web.yaml": app("web")}, CODE) == []


DOUBLE = (
    "a/two.yaml:1:1: {}\n"
    "hint: give each a name of its own; app, environment and region together make one\n"
    "a/one.yaml:1:1: the first one of that name"
)
PAIR = {"a/one.yaml": app("web"), "a/two.yaml": app("web")}


def test_applications_of_one_name_in_one_folder_may_meet_unless_their_namespace_differs(tmp_path: Path) -> None:
    files = {**PAIR, "a/three.yaml": app("web", namespace="team")}
    assert found(tmp_path, files, CODE) == [
        DOUBLE.format("warning: 2 Applications are called web, if one Argo CD has both"),
    ]


def test_applications_of_one_name_in_one_folder_meet_beside_one_in_another(tmp_path: Path) -> None:
    assert found(tmp_path, {**PAIR, "0/web.yaml": app("web")}, CODE) == [
        DOUBLE.format("warning: 2 Applications are called web, if one Argo CD has both"),
    ]


@pytest.mark.parametrize(
    "together",
    [
        {"root.yaml": app("root").replace("repoURL: x, path: p", f"repoURL: {URL}, path: a")},
        {"a/kustomization.yaml": "resources: [one.yaml, two.yaml]\n"},
        {"b/kustomization.yaml": "resources: [../a/one.yaml, ../a/two.yaml]\n"},
    ],
    ids=["an Application brings both", "the kustomization beside them takes both", "another one takes both"],
)
def test_applications_of_one_name_that_come_together_are_found(tmp_path: Path, together: dict[str, str]) -> None:
    assert found(tmp_path, PAIR | together, CODE) == [DOUBLE.format("error: 2 Applications are called web")]


def root(path: str, *, cluster: str = "here") -> str:
    """Returns an Application that brings a folder of Applications."""
    made = app(f"root-{path}").replace("repoURL: x, path: p", f"repoURL: {URL}, path: {path}")
    return made.replace("name: here", f"name: {cluster}")


FOLDERS = {"a/web.yaml": app("web"), "b/web.yaml": app("web")}


def test_applications_of_one_name_that_two_of_one_argo_cd_bring_to_one_cluster_are_found(tmp_path: Path) -> None:
    roots = {"roots.yaml": f"{root('a')}\n---\n{root('b')}\n"}
    told = [
        (
            "b/web.yaml:1:1: error: 2 Applications are called web\n"
            "hint: give each a name of its own; app, environment and region together make one\n"
            "a/web.yaml:1:1: the first one of that name"
        )
    ]
    assert found(tmp_path, {**FOLDERS, **roots}, CODE) == told
    listed = {"r/a.yaml": root("a"), "r/b.yaml": root("b"), "r/kustomization.yaml": "resources: [a.yaml, b.yaml]\n"}
    assert found(tmp_path / "listed", {**FOLDERS, **listed}, CODE) == told


@pytest.mark.parametrize(
    "roots",
    [
        {"roots.yaml": f"{root('a')}\n---\n{root('b', cluster='there')}\n"},
        {"r/a.yaml": root("a"), "s/b.yaml": root("b")},
    ],
    ids=["to two clusters", "of two Argo CDs, maybe"],
)
def test_what_is_brought_to_two_clusters_or_argo_cds_may_have_one_name(tmp_path: Path, roots: dict[str, str]) -> None:
    assert found(tmp_path, {**FOLDERS, **roots}, CODE) == []


def test_applications_that_kustomize_names_apart_are_not_of_one_name(tmp_path: Path) -> None:
    folders = {**FOLDERS, "roots.yaml": f"{root('a')}\n---\n{root('b')}\n"}
    apart = {f"{each}/kustomization.yaml": f"nameSuffix: -{each}\nresources: [web.yaml]\n" for each in ("a", "b")}
    alike = {path: text.replace(": -b", ": -a") for path, text in apart.items()}
    assert found(tmp_path / "apart", folders | apart, CODE) == []
    listed = {**FOLDERS, "c/kustomization.yaml": "resources: [../a, ../b]\n", "root.yaml": root("c")}
    assert found(tmp_path / "listed", listed | apart, CODE) == []
    (problem,) = found(tmp_path / "alike", folders | alike, CODE)
    assert problem.startswith("b/web.yaml:1:1: error: 2 Applications are called web-a\n")
    spaces = {path: text.replace("nameSuffix: -", "namespace: team-") for path, text in apart.items()}
    assert found(tmp_path / "spaces", folders | spaces, CODE) == []


@pytest.mark.parametrize("taken", ["one", "two"])
def test_an_application_that_kustomize_leaves_out_meets_no_other(tmp_path: Path, taken: str) -> None:
    assert found(tmp_path, {**PAIR, "a/kustomization.yaml": f"resources: [{taken}.yaml]\n"}, CODE) == []


@pytest.mark.parametrize(
    ("name", "severity", "reason"),
    [
        ("Web", "error", "got a capital letter at the start, expected lower case letters, digits, hyphens and dots"),
        ("a" * 64, "warning", "got 64 characters, expected at most 63, the limit of a label"),
        ("a" * 254, "error", "got 254 characters, expected at most 253"),
    ],
)
def test_a_name_that_does_not_fit_is_found(tmp_path: Path, name: str, severity: str, reason: str) -> None:
    assert found(tmp_path, {"web.yaml": app(name)}, CODE) == [
        (
            f"web.yaml:4:9: {severity}: the Application {name}: {reason}\n"
            "hint: shorten or correct what the name is made of"
        ),
    ]


NAMELESS = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{{metadata}}}
spec:
  project: default
  source: {{repoURL: https://example.com/charts, chart: mill, targetRevision: 1.2.3}}
  destination: {{name: here, namespace: mill}}
"""


@pytest.mark.parametrize(
    ("metadata", "above", "expected"),
    [
        ("namespace: argocd", "", ["mill.yaml:3:11: error: an Application has no name\nhint: add metadata.name"]),
        ("generateName: mill-", "", []),
        (
            "namespace: argocd",
            "# (...)\n",
            [
                (
                    "mill.yaml:4:11: note: an Application has no name, in a file that leaves something out\n"
                    "hint: add metadata.name"
                ),
            ],
        ),
    ],
    ids=["no name", "a generated name", "an excerpt"],
)
def test_an_application_without_a_name_is_found_once(
    tmp_path: Path, metadata: str, above: str, expected: list[str]
) -> None:
    files = {"mill.yaml": above + NAMELESS.format(metadata=metadata)}
    assert found(tmp_path, files, CODE) == expected
    assert found(tmp_path, files, "release-name") == []


@pytest.mark.parametrize("name", ["12", "[mill]", "''"])
def test_a_name_that_is_none_is_told_once(tmp_path: Path, name: str) -> None:
    files = {"mill.yaml": NAMELESS.format(metadata=f"name: {name}, namespace: argocd")}
    assert found(tmp_path, files, CODE) == []
    assert [each.partition(": error: ")[0] for each in found(tmp_path, files, "invalid-name")] == ["mill.yaml:3:18"]


NAMELESS_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: mills, namespace: argocd}}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - list: {{elements: [{{river: elbe}}, {{river: oder}}]}}
  template: {template}
"""


def test_a_template_without_a_name_is_found_once(tmp_path: Path) -> None:
    spec = "spec: {project: default, source: {repoURL: x, path: p}, destination: {name: '{{.river}}', namespace: web}}"
    files = {"set.yaml": NAMELESS_SET.format(template=f"{{metadata: {{}}, {spec}}}")}
    assert found(tmp_path, files, CODE) == [
        (
            "set.yaml:9:24: error: the template of ApplicationSet mills has no name\n"
            "hint: add spec.template.metadata.name"
        ),
    ]


def test_a_name_of_a_template_that_is_no_text_is_told_once(tmp_path: Path) -> None:
    spec = "spec: {project: default, source: {repoURL: x, path: p}, destination: {name: '{{.river}}', namespace: web}}"
    files = {"set.yaml": NAMELESS_SET.format(template=f"{{metadata: {{name: 12}}, {spec}}}")}
    assert found(tmp_path, files, CODE) == []
    assert found(tmp_path, files, "argo-cd-object") == [
        (
            "set.yaml:9:31: error: ApplicationSet mills: spec.template.metadata.name: got a number, expected a string\n"
            "hint: write a string"
        ),
    ]


def test_a_name_that_a_parameter_leaves_empty_is_found_at_its_element(tmp_path: Path) -> None:
    spec = "spec: {project: default, source: {repoURL: x, path: p}, destination: {name: '{{.river}}', namespace: web}}"
    text = NAMELESS_SET.format(template=f"{{metadata: {{name: '{{{{.mill}}}}'}}, {spec}}}")
    text = text.replace("{river: elbe}", "{river: elbe, mill: ''}").replace("{river: oder}", "{river: oder, mill: x}")
    assert found(tmp_path, {"set.yaml": text}, CODE) == [
        (
            "set.yaml:8:25: error: the name of an Application of ApplicationSet mills is empty\n"
            "hint: correct what the name is made of"
        ),
    ]


@pytest.mark.parametrize("template", ["{}", "{spec: {project: default}}"])
def test_a_name_is_not_missed_where_all_metadata_are(tmp_path: Path, template: str) -> None:
    assert found(tmp_path, {"set.yaml": NAMELESS_SET.format(template=template)}, CODE) == []
    told = found(tmp_path, {"set.yaml": NAMELESS_SET.format(template=template)}, "argo-cd-object")
    assert sum("metadata is missing" in each for each in told) == 1


def test_a_name_that_was_not_filled_in_is_left_to_the_rule_of_templates(tmp_path: Path) -> None:
    assert found(tmp_path, {"web.yaml": app("'{{cluster}}'")}, CODE) == []
    assert found(tmp_path, {"skeleton/web.yaml": app("{{cookiecutter.name}}")}, CODE) == []


def test_a_label_that_is_no_label_value_is_found_where_it_is_stated() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('stage: "1"', 'stage: "1/2"')) == [
        (
            "output/argocd/applicationsets/myapp.yaml:18:20: error: the label stage of the Application myapp-dev-use1: "
            "got "
            "a slash at character 2, expected letters, digits, hyphens, underscores and dots\n"
            "hint: write a label value as a string: letters, digits, hyphens, underscores and dots, at most 63"
        ),
    ]


def test_a_label_that_is_no_string_is_found_once(tmp_path: Path) -> None:
    files = {"web.yaml": app("web", "{stage: 1}")}
    assert found(tmp_path, files, CODE) == []
    assert found(tmp_path, files, "invalid-name") == [
        'web.yaml:6:19: error: Application web: its label stage is no string\nhint: quote it: "1"',
    ]


def test_one_name_that_is_made_in_another_way_is_found_at_its_element() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('"myapp-dev-usw2"', '"myapp-dev-2"')) == [
        ODD.format(file="myapp", line="24:13", name="myapp-dev-2", cluster="myapp-dev-usw2", set="myapp"),
    ]


def test_two_names_that_are_exchanged_are_found_at_both_elements() -> None:
    changes = (
        ('application: "myapp-dev-usw2"', 'application: "kept"'),
        ('application: "myapp-production-use1"', 'application: "myapp-dev-usw2"'),
        ('application: "kept"', 'application: "myapp-production-use1"'),
    )
    path = "output/argocd/applicationsets/myapp.yaml"
    assert found_in_six_clusters(CODE, MYAPP, *changes) == [
        (
            f"{path}:24:13: error: the Application myapp-production-use1 lands on myapp-dev-usw2, and myapp-dev-usw2 "
            "lands on myapp-production-use1: the names are exchanged\n"
            "hint: name each after the cluster that it lands on\n"
            f"{path}:54:13: the Application on myapp-production-use1"
        ),
        (
            f"{path}:54:13: error: the Application myapp-dev-usw2 lands on myapp-production-use1, and "
            "myapp-production-use1 lands on myapp-dev-usw2: the names are exchanged\n"
            "hint: name each after the cluster that it lands on\n"
            f"{path}:24:13: the Application on myapp-dev-usw2"
        ),
    ]


@pytest.mark.parametrize(
    ("change", "name", "of"),
    [
        (('name: "{{ .application }}"', 'name: "{{ .application }}x"'), "myapp-dev-use1x", "myapp"),
        (('  name: "myapp"', '  name: "myaps"'), "myapp-dev-use1", "myaps"),
    ],
)
def test_a_typo_in_all_names_is_found_at_the_template(change: tuple[str, str], name: str, of: str) -> None:
    assert found_in_six_clusters(CODE, MYAPP, change) == [
        ODD.format(file="myapp", line="78:13", name=name, cluster="myapp-dev-use1", set=of),
    ]


@pytest.mark.parametrize("name", ["{{ .region }}-{{ .stage }}", "{{ .cluster }}.web"])
def test_names_that_follow_a_rule_of_their_own_are_none(name: str) -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('name: "{{ .application }}"', f'name: "{name}"')) == []


def test_the_template_of_a_name_is_told_beside_its_parameters_in_another_file(tmp_path: Path) -> None:
    files = {"web.yaml": GIT_SET.replace(".application }}", ".application }}/"), "releases/one.yaml": RELEASE}
    (got,) = found(tmp_path, files, CODE)
    assert got.splitlines()[-1] == "web.yaml:10:13: by this template"


def test_the_generators_of_both_applications_of_one_name_are_told(tmp_path: Path) -> None:
    other = GIT_SET.replace("name: web,", "name: shop,")
    told = found(tmp_path, {"shop.yaml": other, "web.yaml": GIT_SET, "releases/one.yaml": RELEASE}, CODE)
    (twice,) = [each for each in told if "2 Applications are called web-one" in each]
    assert twice.splitlines()[-2:] == [
        "web.yaml:7:15: made by these generators",
        "shop.yaml:7:15: made by these generators",
    ]


CLUSTERS = [f"atlas-regulated-workloads-of-the-whole-company-production-{each}" for each in ("euw1", "use1", "usw2")]


def of_long_clusters(root: Path, *names: str) -> list[str]:
    """Returns what is said of a generated set whose Applications on clusters with long names are called so."""
    elements = ", ".join(f"{{name: {name}, cluster: {each}}}" for name, each in zip(names, CLUSTERS, strict=False))
    text = f"""\
{MARK}apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: payments, namespace: argocd}}
spec:
  goTemplate: true
  generators: [list: {{elements: [{elements}]}}]
  template:
    metadata: {{name: "{{{{ .name }}}}"}}
    spec: {{project: default, source: {{repoURL: x, path: y}}, destination: {{name: "{{{{ .cluster }}}}"}}}}
"""
    return [each.splitlines()[0].partition("error: ")[2] for each in found(root, {"set.yaml": text}, CODE)]


def test_a_name_that_was_shortened_is_that_of_its_cluster(tmp_path: Path) -> None:
    one, two, three = (kubernetes.shorten(f"payments-{each.removeprefix('atlas-')}", 63) for each in CLUSTERS)
    assert of_long_clusters(tmp_path, one, two, three) == []
    slip = three[:-1] + ("1" if three[-1] == "0" else "0")
    (odd,) = of_long_clusters(tmp_path, one, two, slip)
    assert odd.startswith(f"the Application {slip} on {CLUSTERS[2]} is not named as ApplicationSet payments names them")
    assert of_long_clusters(tmp_path, two, one, three) == [
        f"the Application {two} lands on {CLUSTERS[0]}, and {one} lands on {CLUSTERS[1]}: the names are exchanged",
        f"the Application {one} lands on {CLUSTERS[1]}, and {two} lands on {CLUSTERS[0]}: the names are exchanged",
    ]


def test_the_parameters_of_a_name_with_a_slip_are_told_where_they_stand_in_another_file(tmp_path: Path) -> None:
    release, text = RELEASE.replace("web-one", "biling-one"), GIT_SET.replace("{name: web,", "{name: billing,")
    (told,) = found(tmp_path, {"set.yaml": text, "releases/one.yaml": release}, CODE)
    assert told.splitlines()[-1] == "releases/one.yaml:2:1: for these parameters"


@requires_helm
def test_a_chart_that_makes_two_of_one_name_is_found(tmp_path: Path) -> None:
    made = application("{{ .name }}", path="charts/{{ .path }}")
    files = {
        "root.yaml": application("root", path="charts/apps"),
        "charts/apps/Chart.yaml": "apiVersion: v2\nname: apps\nversion: 0.1.0\n",
        "charts/apps/values.yaml": "apps: [{name: api, path: a}, {name: api, path: b}, {name: root, path: apps}]\n",
        "charts/apps/templates/apps.yaml": f"{{{{- range .Values.apps }}}}\n---\n{made}{{{{- end }}}}\n",
    }
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith("charts/apps/templates/apps.yaml:3:1: error: 2 Applications are called api\n")
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [each.reason for each in (*graph.unknown, *graph.elsewhere) if "several releases" in each.reason] == []


@pytest.mark.parametrize(
    ("names", "odd"),
    [
        (("payments-euw1", "payments-use1"), None),
        (("payments-euw1", "payments-use7"), "payments-use7"),
        (("payments-euw2",), "payments-euw2"),
        (("payments-here", "payments-there"), None),
        (("payments-here",), None),
    ],
)
def test_among_few_names_one_that_differs_in_a_sign_is_found(
    tmp_path: Path, names: tuple[str, ...], odd: str | None
) -> None:
    got = of_long_clusters(tmp_path, *names)
    assert [each.split()[2] for each in got] == ([odd] if odd else [])
