"""Folders, charts and values files that an Application names."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from gitops_gen.checks.source_files import AT_REVISION
from gitops_gen.evidence.files import Files, RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import Checkout, repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import application
from tests.checks.trees import MARK, URL, found, found_in_six_clusters, shown
from tests.tools.generated import real

if TYPE_CHECKING:
    from pathlib import Path

CODE = "source-path"
MYAPP = "argocd/applicationsets/myapp.yaml"
ESO = "argocd/applicationsets/external-secrets.yaml"
SET = f"output/{MYAPP}"
GONE = "that it is for or, if that is gone on purpose: gitops-gen generate --prune"


def app(*sources: str) -> str:
    """Returns an Application written by hand, of the sources."""
    listed = "\n".join(f"    - {source}" for source in sources)
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd}}
spec:
  project: default
  destination: {{name: here, namespace: web}}
  sources:
{listed}
"""


def test_the_six_clusters_are_clean() -> None:
    assert found_in_six_clusters(CODE, MYAPP) == []


def test_a_folder_that_is_not_there_is_found_for_each_element() -> None:
    first, *others = found_in_six_clusters(CODE, MYAPP, ("/apps/myapp/manifests", "/apps/myap/manifests"))
    assert first == (
        f"{SET}:103:17: error: myapp-dev-use1 takes its manifests from "
        "output/environments/dev/clusters/myapp-dev-use1/apps/myap/manifests, which is not there\n"
        "hint: correct the path, or commit the folder\n"
        f"{SET}:14:13: for these parameters"
    )
    assert len(others) == 5


@pytest.mark.parametrize(("path", "severity"), [("...", "note"), ("web", "error")])
def test_a_path_that_an_excerpt_leaves_out_is_a_note(tmp_path: Path, path: str, severity: str) -> None:
    text = app(f"repoURL: {URL}\n      path: {path}\n      targetRevision: main") + "  # ...\n"
    (got,) = found(tmp_path, {"docs/app.yaml": text}, CODE)
    left_out = ", in a file that leaves something out" if severity == "note" else ""
    assert got.splitlines()[0] == (
        f"docs/app.yaml:9:13: {severity}: web takes its manifests from {path}, which is not there{left_out}"
    )


def test_the_dry_source_of_a_hydrator_takes_a_folder_that_is_there(tmp_path: Path) -> None:
    sync = "syncSource: {targetBranch: env/dev, path: nowhere}"
    hydrator = f"sourceHydrator: {{drySource: {{repoURL: {URL}, path: web, targetRevision: main}}, {sync}}}"
    files = {"app.yaml": re.sub(r"sources:\n.*", hydrator, app("{}")), "web/map.yaml": "kind: ConfigMap\n"}
    assert found(tmp_path, files, CODE) == []
    (tmp_path / "web/map.yaml").rename(tmp_path / "map.yaml")
    (tmp_path / "web").rmdir()
    (got,) = found(tmp_path, {"app.yaml": files["app.yaml"]}, CODE)
    assert got.startswith("app.yaml:7:82: error: web takes its manifests from web, which is not there\n")


def test_an_absolute_path_is_none_of_the_repository(tmp_path: Path) -> None:
    files = {
        "apps/web.yaml": app(f"{{repoURL: {URL}, targetRevision: main, path: /web}}"),
        "web/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "apps/web.yaml:8:80: error: web takes its manifests from /web: Argo CD takes no absolute path\n"
            "hint: write web, from the root of the repository"
        )
    ]


def test_a_values_file_that_is_not_there_is_found(tmp_path: Path) -> None:
    files = {
        "app.yaml": app(
            f"{{repoURL: {URL}, path: chart, helm: {{valueFiles: [own.yaml, gone.yaml, $values/gone.yaml]}}}}",
            f"{{repoURL: {URL}, ref: values}}",
        ),
        "chart/Chart.yaml": "name: web",
        "chart/own.yaml": "",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:8:95: error: web reads the values file gone.yaml: chart/gone.yaml is not there\n"
            "hint: correct the path, or commit the file"
        ),
        (
            "app.yaml:8:106: error: web reads the values file $values/gone.yaml: gone.yaml is not there\n"
            "hint: correct the path, or commit the file"
        ),
    ]


def test_what_a_folder_that_is_not_there_lacks_is_told_with_the_folder(tmp_path: Path) -> None:
    helm = "{valueFiles: [values.yaml, env/prod.yaml, ../prod.yaml]}"
    files = {"app.yaml": app(f"{{repoURL: {URL}, path: charts/gone, helm: {helm}}}"), "charts/a/Chart.yaml": "name: a"}
    assert [each.splitlines()[0].split("error: ")[1] for each in found(tmp_path, files, CODE)] == [
        "web takes its manifests from charts/gone, which is not there",
        "web reads the values file ../prod.yaml: charts/prod.yaml is not there",
    ]


@pytest.mark.parametrize(
    "helm",
    [
        "{valueFiles: [gone.yaml], ignoreMissingValueFiles: true}",
        "{valueFiles: ['envs/*.yaml'], ignoreMissingValueFiles: true}",
        "{valueFiles: ['o*.yaml', '**/{own,other}.yaml']}",
        "{valueFiles: [https://example.com/values.yaml]}",
        "{valueFiles: ['/chart/own.yaml']}",
    ],
)
def test_what_need_not_be_there_or_is_not_on_disk_is_no_finding(tmp_path: Path, helm: str) -> None:
    files = {
        "app.yaml": app(
            f"{{repoURL: {URL}, path: chart, helm: {helm}}}", "{repoURL: https://other.example.com/x, ref: elsewhere}"
        ),
        "chart/Chart.yaml": "name: web",
        "chart/own.yaml": "",
    }
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    "stated", ["../../over.yaml", "/../over.yaml", "$values/../over.yaml", "$values/a/../../over.yaml"]
)
@pytest.mark.parametrize("more", ["", ", ignoreMissingValueFiles: true"])
def test_a_values_file_outside_of_its_repository_is_found_though_it_is_there(
    tmp_path: Path, stated: str, more: str
) -> None:
    files = {
        "app.yaml": app(
            f"{{repoURL: {URL}, path: chart, helm: {{valueFiles: [{stated}]{more}}}}}",
            f"{{repoURL: {URL}, ref: values}}",
        ),
        "clone/chart/Chart.yaml": "name: web",
        "over.yaml": "",
    }
    (got,) = found(tmp_path, files, CODE, "clone")
    assert got == (
        f"app.yaml:8:85: error: web reads the values file {stated}: it leaves the repository, where Argo CD reads "
        "nothing\nhint: commit the file to it, or add a source with a ref"
    )


def test_a_pattern_that_no_values_file_matches_is_found(tmp_path: Path) -> None:
    source = f"{{repoURL: {URL}, path: chart, helm: {{valueFiles: ['envs/*.yaml']}}}}"
    files = {"app.yaml": app(source), "chart/Chart.yaml": "name: web", "chart/own.yaml": "", "chart/envs/a/b.yaml": ""}
    (told,) = found(tmp_path, files, CODE)
    assert told.splitlines()[0].endswith(
        "error: web reads the values file envs/*.yaml: no file matches chart/envs/*.yaml"
    )


def test_braces_alone_are_part_of_the_name_of_a_values_file(tmp_path: Path) -> None:
    files = {
        "app.yaml": app(f"{{repoURL: {URL}, path: chart, helm: {{valueFiles: ['{{a,b}}.yaml']}}}}"),
        "chart/Chart.yaml": "name: web",
        "chart/a.yaml": "",
        "chart/b.yaml": "",
    }
    (got,) = found(tmp_path, files, CODE)
    assert "web reads the values file {a,b}.yaml: chart/{a,b}.yaml is not there" in got


def test_a_values_file_of_a_repository_that_is_not_here_is_a_note(tmp_path: Path) -> None:
    files = {
        "app.yaml": app(
            f"{{repoURL: {URL}, path: chart, helm: {{valueFiles: [$values/x.yaml]}}}}",
            "{repoURL: https://other.example.com/x, ref: values}",
        ),
        "chart/Chart.yaml": "name: web",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:8:85: note: web reads $values/x.yaml, and https://other.example.com/x is not on disk, so nobody "
            "can say whether it is there\n"
            "hint: say where the repository is: --repo https://other.example.com/x=PATH"
        ),
    ]


def test_a_ref_that_no_source_has_is_found() -> None:
    first, *others = found_in_six_clusters(CODE, MYAPP, ("ref: values", "ref: value"))
    assert first == (
        f"{SET}:95:17: error: myapp-dev-use1 reads the values file "
        "$values/output/environments/dev/apps/myapp/values.yaml: no source has ref: values; there is $value\n"
        "hint: add ref: values to the source of that repository\n"
        f"{SET}:14:13: for these parameters"
    )
    assert len(others) == 17


def test_a_folder_that_is_no_chart_is_found() -> None:
    got = found_in_six_clusters(CODE, MYAPP, ('path: "examples/charts/myapp"', 'path: "examples/charts"'))
    assert got == [
        f"{SET}:91:17: error: myapp-{place} renders examples/charts as a Helm chart, but there is no Chart.yaml in it\n"
        "hint: name the folder of the chart, or remove helm: from the source"
        for place in ("dev-use1", "dev-usw2", "production-use1", "production-usw2", "staging-use1", "staging-usw2")
    ]


def test_a_values_file_that_is_named_twice_is_found() -> None:
    first, *others = found_in_six_clusters(
        CODE, MYAPP, ("clusters/{{ .cluster }}/apps/myapp/values.yaml", "apps/myapp/values.yaml")
    )
    assert first == (
        f"{SET}:96:17: error: myapp-dev-use1 reads the values file "
        "$values/output/environments/dev/apps/myapp/values.yaml twice\n"
        "hint: name the file once, or the one that was meant\n"
        f"{SET}:95:17: the first time"
    )
    assert len(others) == 5


def test_a_folder_that_is_taken_twice_is_found(tmp_path: Path) -> None:
    files = {"app.yaml": app(f"{{repoURL: {URL}, path: web}}", f"{{repoURL: {URL}, path: web/}}"), "web/x.yaml": ""}
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:9:58: error: web takes web/ twice\n"
            "hint: name the folder once, or the one that was meant\n"
            "app.yaml:8:58: the first time"
        ),
    ]


def test_what_holds_for_many_clusters_must_not_overrule_what_holds_for_one(tmp_path: Path) -> None:
    files = {
        "app.yaml": app(
            f"{{repoURL: {URL}, path: chart, helm: {{valueFiles: [/clusters/here/v.yaml, /all.yaml, /hand.yaml]}}}}"
        ),
        "chart/Chart.yaml": "name: web",
        "clusters/here/v.yaml": MARK,
        "all.yaml": MARK,
        "hand.yaml": "",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:8:108: error: web reads all.yaml after clusters/here/v.yaml: what holds for many clusters "
            "overrules "
            "what holds for this one\n"
            "hint: name the file of the cluster last\n"
            "app.yaml:8:85: the file of the cluster"
        ),
    ]


def test_a_chart_repository_is_no_git_repository() -> None:
    git = "https://github.com/example/myapp-gitops.git"
    first, *others = found_in_six_clusters(CODE, ESO, ("https://charts.external-secrets.io", git))
    assert first == (
        f"output/{ESO}:91:20: error: external-secrets-dev-use1 takes the chart external-secrets from {git}, which is a "
        "git repository elsewhere\n"
        "hint: name the repository that has it\n"
        f"output/{ESO}:99:20: it is a git repository to external-secrets-dev-use1"
    )
    assert len(others) == 5
    first, *others = found_in_six_clusters(CODE, ESO, (git, "https://charts.external-secrets.io"))
    assert first == (
        f"output/{ESO}:99:20: error: external-secrets-dev-use1 takes files from git from "
        "https://charts.external-secrets.io, which is a chart repository elsewhere\n"
        "hint: name the repository that has it\n"
        f"output/{ESO}:91:20: it is a chart repository to external-secrets-dev-use1"
    )
    assert [": error: " in each for each in others].count(True) == 5


def test_the_set_that_takes_files_from_a_chart_repository_is_named_by_the_set_of_the_chart() -> None:
    tree = real()
    git, charts = "https://github.com/example/myapp-gitops.git", "https://charts.external-secrets.io"
    files = RenderedFiles(tree.root, tree.folder, tree.files | {MYAPP: tree.files[MYAPP].replace(git, charts)})
    first, *_ = judge(Graph(files, (tree.folder,), repositories({tree.url: "."})), select=[CODE]).problems
    assert first.at.path == f"output/{ESO}"
    assert [(each.at.path, each.message) for each in first.related] == [
        (f"output/{MYAPP}", "it is a git repository to myapp-dev-use1")
    ]


def test_the_operators_repository_has_one_chart() -> None:
    first, *others = found_in_six_clusters(CODE, ESO, ('chart: "external-secrets"', 'chart: "external-secret"'))
    assert first == (
        f"output/{ESO}:93:18: error: external-secrets-dev-use1 takes the chart external-secret from "
        "https://charts.external-secrets.io, where there is one chart, external-secrets\n"
        "hint: write external-secrets"
    )
    assert len(others) == 5


def test_of_a_url_that_is_used_as_both_the_rarer_use_is_the_mistake(tmp_path: Path) -> None:
    git = "https://git.example.com/elsewhere.git"
    files = {f"{name}.yaml": application(name, path="x").replace(URL, git) for name in ("a", "b")}
    files["chart.yaml"] = application("chart", path="x").replace(URL, git).replace("path: x", "chart: x")
    assert found(tmp_path, files, CODE) == [
        (
            f"chart.yaml:12:16: error: chart takes the chart x from {git}, which is a git repository elsewhere\n"
            "hint: name the repository that has it\n"
            "a.yaml:12:16: it is a git repository to a"
        )
    ]


def test_files_that_a_folder_excludes_are_not_brought(tmp_path: Path) -> None:
    broken = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_B}\n"
    files = {"a.yaml": application("a"), "manifests/own.yaml": broken, "manifests/not/other.yaml": broken}
    files["a.yaml"] = files["a.yaml"].replace("path: manifests", "path: manifests\n      directory: {recurse: true}")
    assert len(found(tmp_path, files, "duplicate-object")) == 1
    for field in ("exclude: not/*", "exclude: '{not/*,more/*}'", "include: own.yaml"):
        files["a.yaml"] = files["a.yaml"].partition("directory:")[0] + f"directory: {{recurse: true, {field}}}\n"
        assert found(tmp_path, files, "duplicate-object") == []


def test_a_file_that_argo_cd_is_told_to_pass_over_is_not_brought(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    files = {"a.yaml": application("a"), "manifests/own.yaml": text, "manifests/other.yaml": text}
    assert len(found(tmp_path, files, "duplicate-object")) == 1
    files["manifests/other.yaml"] = f"# +argocd:skip-file-rendering\n{text}"
    assert found(tmp_path, files, "duplicate-object") == []


ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"
RECURSING = application("a").replace("path: manifests", "path: manifests\n      directory: {recurse: true}")
KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [own.yaml]\n"


def test_a_chart_in_a_folder_that_is_taken_as_it_stands_is_told_once(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name }}-a\n"
    files = {
        "a.yaml": RECURSING,
        "manifests/chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        "manifests/chart/templates/note.yaml": "{{/* only a part */}}\n",
        "manifests/chart/templates/own.yaml": text,
        "manifests/chart/templates/plain.yaml": text.replace("{{ .Values.name }}-", "plain-"),
        "manifests/chart/templates/quoted.yaml": text.replace("{{ .Values.name }}-a", "'{{ .Values.name }}'"),
    }
    for code in ("invalid-name", "invalid-yaml", "template-leftover"):
        assert found(tmp_path, files, code) == []
    assert found(tmp_path, files, CODE) == [
        (
            f"manifests/chart/templates/{name}.yaml:1:1: error: a takes manifests/chart/templates/{name}.yaml as it "
            "stands, and it is a template of a chart, which nobody fills in: its sync fails\n"
            "hint: leave it out with directory.exclude, and give manifests/chart an Application of its own\n"
            "a.yaml:14:13: taken from here"
        )
        for name in ("own", "quoted")
    ]
    files["a.yaml"] = RECURSING.replace("recurse: true", "recurse: true, exclude: chart/**")
    assert found(tmp_path, files, CODE) == []


def test_a_chart_of_charts_that_is_taken_as_it_stands_brings_nothing(tmp_path: Path) -> None:
    chart = "apiVersion: v2\nname: a\nversion: 1.0.0\ndependencies: [{name: b, version: 1.0.0, repository: oci://x}]\n"
    files = {"a.yaml": RECURSING, "manifests/Chart.yaml": chart, "manifests/values.yaml": "b: {}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:15:7: error: a takes manifests as it stands, so that its chart is not rendered, and there is no "
            "object in it: nothing is deployed\n"
            "hint: remove directory: from the source"
        ),
    ]
    assert found(tmp_path, {**files, "manifests/own.yaml": ACCOUNT}, CODE) == []


def test_an_object_beside_a_chart_at_the_root_of_a_repository_is_brought(tmp_path: Path) -> None:
    chart = "apiVersion: v2\nname: a\nversion: 1.0.0\n"
    files = {"a.yaml": RECURSING.replace("path: manifests", "path: ."), "Chart.yaml": chart, "own.yaml": ACCOUNT}
    assert [each for each in found(tmp_path, files, CODE) if "nothing is deployed" in each] == []


def test_the_templates_of_a_chart_are_no_folder_to_take(tmp_path: Path) -> None:
    files = {
        "a.yaml": application("a", path="chart/templates"),
        "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
        "chart/templates/own.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\n",
    }
    (got,) = found(tmp_path, files, CODE)
    assert got.startswith("chart/templates/own.yaml:1:1: error: a takes chart/templates/own.yaml as it stands, and ")
    assert "\nhint: name the folder chart\n" in got


def test_a_kustomization_is_no_object_of_a_cluster(tmp_path: Path) -> None:
    """Argo CD takes a folder as it stands where the source says so, whatever is in it."""
    files = {"a.yaml": RECURSING, "manifests/kustomization.yaml": KUSTOMIZATION, "manifests/b/own.yaml": ACCOUNT}
    files["manifests/b/kustomization.yaml"] = KUSTOMIZATION
    for code in ("duplicate-object", "invalid-name"):
        assert found(tmp_path, files, code) == []
    assert found(tmp_path, files, CODE) == [
        (
            f"manifests{inner}/kustomization.yaml:1:1: error: a takes manifests{inner}/kustomization.yaml as it "
            "stands, and no cluster knows such an object: its sync fails\n"
            f"hint: {way_out}\n"
            "a.yaml:14:13: taken from here"
        )
        for inner, way_out in (
            ("/b", "leave it out with directory.exclude, and give manifests/b an Application of its own"),
            ("", "remove directory: from the source"),
        )
    ]
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [each.name for deployment in graph.deployments for each in deployment.manifests] == ["a"]
    files["a.yaml"] = RECURSING.replace("targetRevision: main", "targetRevision: next")
    assert [each for each in found(tmp_path, files, CODE) if "as it stands" in each] == []


VALUES = "replicas: 1\nextraObjects:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: a}\n"


@pytest.mark.parametrize(
    ("name", "text", "told", "way_out"),
    [
        (
            "values.yaml",
            VALUES,
            "not all in it are objects, as they seem to be",
            "leave it out with directory.exclude, or write # +argocd:skip-file-rendering into it",
        ),
        (
            "both.yaml",
            f"{ACCOUNT}---\nreplicas: 1\n",
            "not all in it are objects, as they seem to be",
            "leave it out with directory.exclude, or write # +argocd:skip-file-rendering into it",
        ),
        ("renovate.json", '{"extends": ["x"]}', "there is no object in it", "leave it out with directory.exclude"),
        ("tsconfig.json", "{\n  // strict\n}", "it is no JSON", "leave it out with directory.exclude"),
        ("more.json", '{\n  // c\n  "a": 1,\n  "b": 2\n}', "it is no JSON", "leave it out with directory.exclude"),
        (
            "comma.json",
            '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"},}',
            "it is no JSON",
            "leave it out with directory.exclude",
        ),
    ],
)
def test_argo_cd_stops_at_what_it_takes_for_an_object_and_is_none(
    tmp_path: Path, name: str, text: str, told: str, way_out: str
) -> None:
    files = {"a.yaml": RECURSING, "manifests/own.yaml": ACCOUNT, f"manifests/in/{name}": text}
    assert found(tmp_path, files, CODE) == [
        (
            f"manifests/in/{name}:1:1: error: a takes manifests/in/{name} as it stands, and {told}: its sync fails\n"
            f"hint: {way_out}\n"
            "a.yaml:14:13: taken from here"
        )
    ]
    files["a.yaml"] = RECURSING.replace("recurse: true", f"recurse: true, exclude: in/{name}")
    assert found(tmp_path, files, CODE) == []


def test_a_folder_of_no_stated_tool_may_be_that_of_a_plugin(tmp_path: Path) -> None:
    files = {"a.yaml": application("a"), "manifests/own.yaml": ACCOUNT, "manifests/package.json": "{}"}
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith(
        "manifests/package.json:1:1: warning: a takes manifests/package.json as it stands, and there is no object in "
        "it: its sync fails, unless a plugin builds the folder\n"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("values.yaml", "replicas: 1\n"),
        ("values.yaml", f"# +argocd:skip-file-rendering\n{VALUES}"),
        ("empty.yaml", f"---\n---\n{ACCOUNT}"),
        ("own.json", '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}'),
        ("notes.txt", VALUES),
    ],
)
def test_argo_cd_passes_over_what_it_takes_for_no_object(tmp_path: Path, name: str, text: str) -> None:
    files = {"a.yaml": RECURSING, "manifests/own.yaml": ACCOUNT, f"manifests/in/{name}": text}
    assert found(tmp_path, files, CODE) == []


NESTED = {"manifests/web/own.yaml": ACCOUNT, "manifests/README.md": "# Read me\n"}


@pytest.mark.parametrize("recurse", ["", "\n      directory: {recurse: false}"])
def test_a_folder_whose_manifests_stand_deeper_brings_nothing(tmp_path: Path, recurse: str) -> None:
    files = {"a.yaml": application("a").replace("path: manifests", f"path: manifests{recurse}"), **NESTED}
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:14:13: warning: a takes nothing from manifests: what is in its folders, such as "
            "manifests/web/own.yaml, is taken with directory.recurse only\n"
            "hint: set directory.recurse: true, or name the folder below it"
        ),
    ]


def test_an_application_that_brings_itself_alone_is_found(tmp_path: Path) -> None:
    files = {"manifests/a.yaml": application("a"), **NESTED}
    (got,) = found(tmp_path, files, CODE)
    assert got.startswith("manifests/a.yaml:14:13: warning: a takes nothing but itself from manifests: what is in its ")


@pytest.mark.parametrize(
    "more",
    [
        {"manifests/b.yaml": ACCOUNT},
        {"manifests/b.jsonnet": "{}"},
        {"manifests/kustomization.yaml": "resources: [web/own.yaml]\n"},
        {"manifests/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n"},
        {"manifests/web/own.yaml": "replicas: 1\n"},
        {"a.yaml": RECURSING},
        {"a.yaml": application("a").replace("targetRevision: main", "targetRevision: next")},
        {"a.yaml": application("a") + "      plugin: {name: render}\n"},
    ],
)
def test_a_folder_that_brings_something_or_is_made_otherwise_is_sound(tmp_path: Path, more: dict[str, str]) -> None:
    files = {"a.yaml": application("a"), **NESTED, **more}
    assert [each for each in found(tmp_path, files, CODE) if "takes nothing" in each] == []


def test_kustomize_wants_a_kustomization(tmp_path: Path) -> None:
    files = {"a.yaml": application("a") + "      kustomize: {namePrefix: a-}\n", "manifests/own.yaml": ACCOUNT}
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:14:13: error: a builds manifests with kustomize, but there is no kustomization.yaml in it\n"
            "hint: name the folder of the kustomization, or remove kustomize: from the source"
        ),
    ]
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [(each.manifests, len(each.unseen)) for each in graph.deployments] == [((), 1)]
    assert [each.reason for each in graph.elsewhere if "kustomize" in each.reason] == []
    assert found(tmp_path, {**files, "manifests/kustomization.yml": KUSTOMIZATION}, CODE) == []


def test_a_folder_with_empty_settings_of_helm_is_taken_as_it_stands(tmp_path: Path) -> None:
    single = application("a").replace("  sources:\n    - ", "  source:\n      ")
    files = {"a.yaml": single + "      helm: {}\n", "manifests/own.yaml": ACCOUNT}
    assert found(tmp_path, files, CODE) == []
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [each.name for deployment in graph.deployments for each in deployment.manifests] == ["a"]


def test_a_chart_beside_a_kustomization_is_built_with_kustomize(tmp_path: Path) -> None:
    files = {
        "a.yaml": application("a"),
        "manifests/Chart.yaml": "apiVersion: v2\nname: a\nversion: 1.0.0\n",
        "manifests/templates/own.yaml": ACCOUNT,
        "manifests/kustomization.yaml": KUSTOMIZATION,
    }
    assert found(tmp_path, files, CODE) == []
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [each.reason for each in graph.elsewhere if "built" in each.reason] == [
        "manifests is built by kustomize, which does not run here, so what it brings is not known"
    ]


def test_a_source_has_one_tool(tmp_path: Path) -> None:
    settings = "      directory: {recurse: true}\n      kustomize: {namePrefix: a-}\n"
    files = {"a.yaml": application("a") + settings, "manifests/kustomization.yaml": KUSTOMIZATION}
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:16:7: error: a states settings of directory and kustomize for one source: Argo CD takes one tool, "
            "and refuses it\n"
            "hint: keep the settings of the one that is meant\n"
            "a.yaml:15:18: the other one"
        ),
    ]


@pytest.mark.parametrize(
    ("options", "files", "builder"),
    [
        ("", {"manifests/kustomization.yaml": "transformers: [own.yaml]\nresources: [own.yaml]\n"}, "kustomize"),
        ("      plugin: {name: render}\n", {}, "a plugin"),
    ],
)
def test_what_another_tool_builds_is_not_guessed(
    tmp_path: Path, options: str, files: dict[str, str], builder: str
) -> None:
    files |= {"a.yaml": application("a") + options, "manifests/own.yaml": ACCOUNT}
    assert found(tmp_path, files, CODE) == []
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [each.manifests for each in graph.deployments] == [()]
    assert [each.reason for each in graph.elsewhere if "built" in each.reason] == [
        f"manifests is built by {builder}, which does not run here, so what it brings is not known"
    ]


@pytest.mark.parametrize(
    ("options", "is_run"),
    [
        ("", True),
        ("      directory: {recurse: true}\n", True),
        ("      directory: {exclude: '*.jsonnet'}\n", False),
        ("      directory: {include: '*.yaml'}\n", False),
    ],
)
def test_what_jsonnet_makes_is_not_guessed(tmp_path: Path, options: str, is_run: bool) -> None:
    files = {
        "a.yaml": application("a") + options,
        "manifests/own.yaml": ACCOUNT,
        "manifests/main.jsonnet": "import 'more.libsonnet'\n",
        "manifests/more.libsonnet": "{}\n",
    }
    assert found(tmp_path, files, CODE) == []
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [each.name for deployment in graph.deployments for each in deployment.manifests] == ["a"]
    told = "manifests/main.jsonnet is run by Jsonnet, which does not run here, so what it brings is not known"
    assert [each.reason for each in graph.elsewhere if "Jsonnet" in each.reason] == [told] * is_run
    assert [len(deployment.unseen) for deployment in graph.deployments] == [int(is_run)]


def test_values_of_a_repository_that_is_elsewhere_are_those_that_are_generated_here(tmp_path: Path) -> None:
    other = "    - repoURL: https://git.example.com/other.git\n      ref: values\n"
    values = f"        valueFiles: [$values/values/a.yaml]\n{other}"
    files = {"app.yaml": MARK + application("web", values=values), "values/a.yaml": f"{MARK}a: 1\n"}
    (*_, problem) = found(tmp_path, files, CODE)
    assert problem.startswith(
        "app.yaml:21:16: error: web reads $values/values/a.yaml from https://git.example.com/other.git, which is not "
        "on disk; but values/a.yaml is, and it is generated"
    )


def at_revision(text: str, revision: str) -> str:
    """Returns an Application that reads its own repository at another revision."""
    return text.replace("targetRevision: main", f"targetRevision: {revision}")


def test_a_folder_that_is_no_chart_may_be_one_at_another_revision(tmp_path: Path) -> None:
    here = application("web", path="charts", values="        releaseName: web\n")
    (got,) = found(tmp_path, {"app.yaml": here, "charts/web/values.yaml": "{}\n"}, CODE)
    assert got.startswith("app.yaml:17:13: error: web renders charts/web as a Helm chart, ")
    assert found(tmp_path, {"app.yaml": at_revision(here, "v1")}, CODE) == [
        (
            "app.yaml:17:13: note: web renders charts/web as a Helm chart, but there is no Chart.yaml in it, and there "
            "may be one at v1\n"
            "hint: check out that revision, and verify it"
        ),
    ]


def test_what_is_not_here_may_be_at_another_revision(tmp_path: Path) -> None:
    values = "        valueFiles: [more.yaml]\n"
    files = {
        "app.yaml": at_revision(application("web", path="rendered", values=values), "env/dev"),
        "charts/web/Chart.yaml": "name: web\nversion: 1.0.0\n",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:14:13: note: web takes its manifests from rendered, which is not here, and may be at env/dev\n"
            "hint: check out that revision, and verify it"
        ),
        (
            "app.yaml:19:22: note: web reads the values file more.yaml: charts/web/more.yaml is not here, and may be "
            "at env/dev\n"
            "hint: check out that revision, and verify it"
        ),
    ]


@pytest.mark.parametrize("revision", ["HEAD", "master", "refs/heads/main", "''"])
def test_a_main_revision_is_the_one_on_disk(tmp_path: Path, revision: str) -> None:
    files = {"app.yaml": at_revision(application("web", path="rendered"), revision)}
    (problem,) = found(tmp_path, files, CODE)
    assert "error: web takes its manifests from rendered, which is not there" in problem


def test_a_path_that_nobody_filled_in_is_told_where_the_template_is(tmp_path: Path) -> None:
    files = {"app.yaml": application("web", path="'{{ path }}'")}
    assert found(tmp_path, files, CODE) == []


def test_one_chart_may_be_released_twice_by_one_application(tmp_path: Path) -> None:
    release = "    - repoURL: {URL}\n      path: charts/web\n      helm: {{releaseName: {name}}}\n".format
    text = application("web").partition("    - repoURL")[0]
    chart = {"charts/web/Chart.yaml": "name: web\nversion: 1.0.0\n"}
    two = {**chart, "app.yaml": text + release(URL=URL, name="one") + release(URL=URL, name="two")}
    assert found(tmp_path, two, CODE) == []
    (problem,) = found(tmp_path, {"app.yaml": text + release(URL=URL, name="one") * 2}, CODE)
    assert "error: web takes charts/web twice" in problem


def test_the_file_of_a_parameter_that_is_not_there_is_found(tmp_path: Path) -> None:
    parameters = ", ".join(
        f"{{name: {name}, path: {path}}}"
        for name, path in (("a", "own.txt"), ("b", "gone.txt"), ("c", "/gone.txt"), ("d", "$values/own.txt"))
    )
    files = {
        "app.yaml": app(
            f"{{repoURL: {URL}, path: chart, helm: {{ignoreMissingValueFiles: true, fileParameters: [{parameters}]}}}}",
            f"{{repoURL: {URL}, ref: values}}",
        ),
        "chart/Chart.yaml": "name: web",
        "chart/own.txt": "own",
        "own.txt": "own",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:8:162: error: web reads the file gone.txt for its parameter b: chart/gone.txt is not there\n"
            "hint: correct the path, or commit the file"
        ),
        (
            "app.yaml:8:189: error: web reads the file /gone.txt for its parameter c: gone.txt is not there\n"
            "hint: correct the path, or commit the file"
        ),
    ]


def test_the_file_of_a_parameter_is_no_pattern_and_wants_its_source(tmp_path: Path) -> None:
    parameters = "{name: a, path: '*.txt'}, {name: b, path: $values/own.txt}, {name: c, path: https://example.com/x}"
    files = {
        "app.yaml": app(f"{{repoURL: {URL}, path: chart, helm: {{fileParameters: [{parameters}]}}}}"),
        "chart/Chart.yaml": "name: web",
        "chart/own.txt": "own",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:8:105: error: web reads the file *.txt for its parameter a: chart/*.txt is not there\n"
            "hint: correct the path, or commit the file"
        ),
        (
            "app.yaml:8:131: error: web reads the file $values/own.txt for its parameter b: no source has ref: values; "
            "there is none\n"
            "hint: add ref: values to the source of that repository"
        ),
    ]


def test_a_source_that_ignores_what_is_missing_goes_without_a_file_of_a_reference(tmp_path: Path) -> None:
    helm = "helm: {ignoreMissingValueFiles: true, valueFiles: [$values/a.yaml]}"
    one = app(f"{{repoURL: {URL}, path: chart, {helm}}}").replace("sources:\n    -", "source:\n   ")
    files = {"app.yaml": one, "chart/Chart.yaml": "name: web"}
    told = "web reads the values file $values/a.yaml: no source has ref: values; there is none"
    hint = "hint: add ref: values to the source of that repository"
    assert found(tmp_path, files, CODE) == [f"app.yaml:8:114: warning: {told}\n{hint}"]


def test_several_sources_have_no_reference_to_nothing(tmp_path: Path) -> None:
    values = "        ignoreMissingValueFiles: true\n        valueFiles: [$values/a.yaml]\n"
    files = {"app.yaml": application(path="charts", values=values), "charts/web/Chart.yaml": "name: web"}
    told = "web reads the values file $values/a.yaml: no source has ref: values; there is none"
    hint = "hint: add ref: values to the source of that repository"
    assert found(tmp_path, files, CODE) == [f"app.yaml:20:22: error: {told}\n{hint}"]


def test_the_file_of_a_parameter_may_be_at_another_revision(tmp_path: Path) -> None:
    values = "        fileParameters: [{name: rules, path: rules.txt}]\n"
    files = {
        "app.yaml": at_revision(application("web", path="charts", values=values), "env/dev"),
        "charts/web/Chart.yaml": "name: web\nversion: 1.0.0\n",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:19:46: note: web reads the file rules.txt for its parameter rules: charts/web/rules.txt is not "
            "here, and may be at env/dev\n"
            "hint: check out that revision, and verify it"
        ),
    ]


def including(include: str, *, folder: str = "manifests") -> str:
    directory = f"directory: {{recurse: true, include: '{include}'}}"
    return app(f"{{repoURL: {URL}, path: {folder}, targetRevision: main, {directory}}}")


@pytest.mark.parametrize(
    ("include", "hint"),
    [("*/a.yaml,*/b.yaml", "put several patterns into braces: {a,b}"), ("a.yaml", "correct the pattern")],
)
def test_an_include_that_matches_nothing_is_a_warning(tmp_path: Path, include: str, hint: str) -> None:
    assert found(tmp_path, {"app.yaml": including(include), "manifests/x/a.yaml": "a: 1\n"}, CODE) == [
        (
            f"app.yaml:8:127: warning: web takes nothing from manifests: its include {include} matches none of the "
            f"files\nhint: {hint}"
        ),
    ]


def test_an_include_of_several_lines_is_told_in_one(tmp_path: Path) -> None:
    files = {"app.yaml": including("a").replace("'a'", r'"a.yaml\nb.yaml\n"'), "manifests/a.yaml": "a: 1\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:8:127: warning: web takes nothing from manifests: its include a.yaml b.yaml matches none of the "
            "files\nhint: put several patterns into braces: {a,b}"
        ),
    ]


@pytest.mark.parametrize("include", ["{*/a.yaml,*/b.yaml}", "*.json", "{{ pattern }}", ""])
def test_an_include_that_matches_something_or_is_not_known_is_sound(tmp_path: Path, include: str) -> None:
    files = {"app.yaml": including(include), "manifests/x/a.yaml": "a: 1\n", "manifests/x/b.json": '{"kind": "x"}\n'}
    assert found(tmp_path, files, CODE) == []


def test_an_include_of_another_revision_or_of_an_empty_folder_is_not_judged(tmp_path: Path) -> None:
    files = {
        "app.yaml": at_revision(including("a.yaml"), "env/dev"),
        "b.yaml": including("a.yaml", folder="empty"),
        "manifests/x/a.yaml": "a: 1\n",
        "empty/.gitkeep": "",
    }
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize("path", ["$ARGOCD_APP_NAME/x.yaml", "x-${ARGOCD_APP_REVISION}.yaml", "$KUBE_VERSION.yaml"])
def test_a_path_with_a_variable_of_the_build_is_not_judged(tmp_path: Path, path: str) -> None:
    files = {
        "app.yaml": app(
            f"{{repoURL: {URL}, path: chart, helm: {{valueFiles: ['{path}'], "
            f"fileParameters: [{{name: a, path: '{path}'}}]}}}}"
        ),
        "chart/Chart.yaml": "name: web",
    }
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("x-$ARGOCD_APP_NAME.yaml", "chart/x-web.yaml"),
        ("/$ARGOCD_APP_SOURCE_PATH/x.yaml", "chart/x.yaml"),
        ("/x/$ARGOCD_APP_PROJECT_NAME.yaml", "x/default.yaml"),
    ],
)
def test_what_the_application_says_of_a_build_leads_to_a_file(tmp_path: Path, path: str, file: str) -> None:
    source = f"{{repoURL: {URL}, path: chart, helm: {{valueFiles: ['{path}']}}}}"
    files = {"app.yaml": app(source), "chart/Chart.yaml": "name: web", file: "a: b\n"}
    assert found(tmp_path, files, CODE) == []
    (tmp_path / file).unlink()
    (got,) = found(tmp_path, {"app.yaml": app(source)}, CODE)
    assert f"{file} is not there" in got


def test_the_name_of_an_application_in_another_namespace_is_not_known(tmp_path: Path) -> None:
    source = f"{{repoURL: {URL}, path: chart, helm: {{valueFiles: [x-$ARGOCD_APP_NAME.yaml]}}}}"
    files = {"app.yaml": app(source).replace("namespace: argocd", "namespace: apps"), "chart/Chart.yaml": "name: web"}
    assert found(tmp_path, files, CODE) == []


def test_written_applications_each_have_their_own_mistake(tmp_path: Path) -> None:
    files = {f"{name}.yaml": application(name, path=f"{name}-gone") for name in "ab"}
    found(tmp_path, files, CODE)
    problems = judge(Graph(Files(tmp_path), (".",), repositories({URL: "."})), select=[CODE]).problems
    assert [(each.cause, each.related) for each in problems] == [
        ("Application a: 0: path", ()),
        ("Application b: 0: path", ()),
    ]


def test_what_may_be_at_another_revision_is_one_cause(tmp_path: Path) -> None:
    files = {f"{name}.yaml": at_revision(application(name, path=f"{name}-gone"), "env/dev") for name in "ab"}
    found(tmp_path, files, CODE)
    problems = judge(Graph(Files(tmp_path), (".",), repositories({URL: "."})), select=[CODE]).problems
    assert [(str(each.severity), each.cause) for each in problems] == [("note", AT_REVISION), ("note", AT_REVISION)]


MODULES = '[submodule "x"]\n\tpath = vendor/x\n\turl = https://git.example.com/x.git\n'


def test_what_a_submodule_has_is_not_missing(tmp_path: Path) -> None:
    helm = f"{{repoURL: {URL}, path: chart, helm: {{valueFiles: [../vendor/x/values.yaml]}}}}"
    files = {
        "app.yaml": app(f"{{repoURL: {URL}, path: vendor/x/web}}", helm),
        "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    }
    assert [each.partition(": web ")[0] for each in found(tmp_path, files, CODE)] == [
        "app.yaml:8:58: error",
        "app.yaml:9:85: error",
    ]
    problems = found(tmp_path, {**files, ".gitmodules": MODULES}, CODE)
    assert [each.partition(": ")[2] for each in problems] == [
        (
            "note: web takes its manifests from vendor/x/web, which is not here, and belongs to a submodule\n"
            "hint: check out the submodules too, as Argo CD does"
        ),
        (
            "note: web reads the values file ../vendor/x/values.yaml: vendor/x/values.yaml is not here, and belongs to "
            "a submodule\nhint: check out the submodules too, as Argo CD does"
        ),
    ]


ELEMENT = re.compile(r"          - application: \"\S+-dev-use1\"\n(?:            .*\n)+")
UNREAD = "though others that templates/helm/values.yaml.j2 makes are read"
OWN = (
    '              - "$values/output/environments/{{ .environment }}/clusters/{{ .cluster }}/apps/myapp/values.yaml"\n'
)
OF_ENVIRONMENT = '              - "$values/output/environments/{{ .environment }}/apps/myapp/values.yaml"\n'


@pytest.mark.parametrize(
    ("old", "new", "count", "path"),
    [
        (OWN, "", 6, "environments/dev/clusters/myapp-dev-use1/apps/myapp/values.yaml"),
        (OWN, OWN.replace("apps/myapp/", "apps/external-secrets/"), 6, None),
        (OF_ENVIRONMENT, "", 3, "environments/dev/apps/myapp/values.yaml"),
    ],
)
def test_a_generated_values_file_that_its_application_does_not_read_is_found(
    old: str, new: str, count: int, path: str | None
) -> None:
    first, *others = found_in_six_clusters(CODE, MYAPP, (old, new))
    path = path or "environments/dev/clusters/myapp-dev-use1/apps/myapp/values.yaml"
    assert first == (
        f"output/{MYAPP}:95:15: error: no Application reads the values file output/{path}, {UNREAD}\n"
        f"hint: name it in valueFiles, or remove it if it is a copy\noutput/{path}: the file that is not read"
    )
    assert len(others) == count - 1


def test_a_generated_values_file_of_an_application_that_is_gone_may_be_left_over() -> None:
    tree = real()
    gone = ELEMENT.search(tree.files[ESO])
    assert gone is not None
    path = "output/environments/dev/clusters/myapp-dev-use1/apps/external-secrets/values.yaml"
    assert found_in_six_clusters(CODE, ESO, (gone[0], "")) == [
        (
            f"{path}: warning: no Application reads the values file {path}, {UNREAD}\n"
            "hint: bring back the Application that it is for or, if that is gone on purpose: gitops-gen generate "
            "--prune\n"
            f"output/{ESO}:76:7: the other Applications of it are made here"
        )
    ]


def test_who_reads_a_values_file_may_be_in_what_is_not_judged() -> None:
    tree = real()
    files = RenderedFiles(tree.root, tree.folder, tree.files)
    judged = (f"{tree.folder}/{MYAPP}", f"{tree.folder}/environments")
    graph = Graph(files, judged, repositories({tree.url: "."}))
    assert judge(graph, select=[CODE]).problems == ()


@pytest.mark.parametrize(("gone", "severity"), [("argocd/applicationsets/", "warning"), ("argocd/", "note")])
def test_where_no_application_is_left_the_generated_values_and_objects_say_so(gone: str, severity: str) -> None:
    tree = real()
    files = RenderedFiles(tree.root, tree.folder, {k: text for k, text in tree.files.items() if not k.startswith(gone)})
    problems = judge(Graph(files, (tree.folder,), repositories({tree.url: "."})), select=[CODE]).problems
    path = "output/environments/dev/apps/external-secrets/values.yaml"
    assert shown(problems[0]).splitlines()[:2] == [
        (
            f"{path}: {severity}: no Application is here that may read {path}, so that none of the chain behind it "
            "is judged"
        ),
        "hint: bring back the ApplicationSets, or verify them together with this",
    ]
    is_read = ("/values.yaml", "/manifests/secrets.yaml")
    assert {each.at.path for each in problems} == {f"output/{each}" for each in tree.files if each.endswith(is_read)}
    assert {each.cause for each in problems} == {"no Application"}


def test_where_no_application_is_left_it_is_known_only_of_what_is_wholly_judged(tmp_path: Path) -> None:
    tree = real()
    kept = {k: text for k, text in tree.files.items() if not k.startswith("argocd/applicationsets/")}
    graph = Graph(RenderedFiles(tree.root, tree.folder, kept), ("output/environments",), repositories({tree.url: "."}))
    assert judge(graph, select=[CODE]).problems == ()
    flux = {
        "release.yaml": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\n",
        "values.yaml": f"{MARK}a: b\n",
    }
    assert found(tmp_path, flux, CODE) == []


def test_what_is_left_of_a_cluster_that_is_gone_is_nobodys() -> None:
    tree = real()
    elements = [each[0] for path in (MYAPP, ESO) if (each := ELEMENT.search(tree.files[path]))]
    files = dict(tree.files)
    for path, element in zip((MYAPP, ESO), elements, strict=True):
        files[path] = files[path].replace(element, "")
    graph = Graph(RenderedFiles(tree.root, tree.folder, files), (tree.folder,), repositories({tree.url: "."}))
    assert judge(graph, select=[CODE]).problems == ()


def test_a_git_generator_of_another_repository_than_its_files_is_found(tmp_path: Path) -> None:
    text = """\
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata: {name: web, namespace: argocd}
        spec:
          goTemplate: true
          generators: [git: {repoURL: https://git.example.com/flet.git, revision: main, files: [{path: out/*/r.yaml}]}]
          template: {metadata: {name: a}, spec: {}}
        """
    files = {"set.yaml": MARK + dedent(text), "out/a/r.yaml": MARK + "a: b\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "set.yaml:7:31: error: ApplicationSet web takes its elements from https://git.example.com/flet.git, which "
            "is not on disk; but out/a/r.yaml is, and it is generated\n"
            "hint: name the repository of the generated files\n"
            "out/a/r.yaml: the file is here"
        )
    ]
    assert found(tmp_path, {"out/a/r.yaml": "a: b\n"}, CODE) == []


def in_a_folder_of_the_repository(root: Path, files: dict[str, str]) -> list[str]:
    """Returns what is found where only the folder `out`, which is `rendered` in the repository, is on disk."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(dedent(text), encoding="utf-8")
    graph = Graph(Files(root), (".",), repositories({URL: Checkout("out", "rendered")}))
    return [shown(problem) for problem in judge(graph, select=[CODE]).problems]


@pytest.mark.parametrize(("folder", "count"), [("rendered", 0), ("renderd", 1)])
def test_a_git_generator_of_another_folder_than_its_files_is_found(tmp_path: Path, folder: str, count: int) -> None:
    text = f"""\
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata: {{name: web, namespace: argocd}}
        spec:
          goTemplate: true
          generators: [git: {{repoURL: {URL}, revision: main, files: [{{path: {folder}/*/web/r.yaml}}]}}]
          template: {{metadata: {{name: a}}, spec: {{}}}}
        """
    files = {"set.yaml": MARK + dedent(text), "out/a/web/r.yaml": MARK + "a: b\n"}
    told = in_a_folder_of_the_repository(tmp_path, files)
    message = "ApplicationSet web takes its elements from renderd/*/web/r.yaml, which is not on disk; but"
    expected = (
        f"set.yaml:7:97: error: {message} out/a/web/r.yaml is, and it is generated\n"
        "hint: name the folder of the generated files\n"
        "out/a/web/r.yaml: the file is here"
    )
    assert told == [expected][:count]


def test_a_generated_manifest_beside_the_folder_of_its_application_is_found(tmp_path: Path) -> None:
    account, service = (
        f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: web}}\n" for kind in ("ServiceAccount", "Service")
    )
    files = {}
    for cluster in ("one", "two", "six"):
        files[f"apps/{cluster}.yaml"] = MARK + application(f"web-{cluster}", cluster=cluster, path=f"of/{cluster}/web")
        files[f"of/{cluster}/web/account.yaml"] = MARK + account
        files[f"of/{cluster}/web/service.yaml"] = MARK + service
    assert found(tmp_path, files, CODE) == []
    (tmp_path / "of/two/weeb").mkdir()
    (tmp_path / "of/two/web/account.yaml").rename(tmp_path / "of/two/weeb/account.yaml")
    assert found(tmp_path, {}, CODE) == [
        (
            "of/two/weeb/account.yaml: error: no Application takes of/two/weeb/account.yaml, though others that "
            "templates/x.j2 makes are taken\n"
            "hint: put it into the folder that the Application takes: gitops-gen generate does\n"
            "apps/two.yaml:8:3: web-two is made here"
        )
    ]


def test_what_is_left_of_a_cluster_that_is_gone_is_told_as_that(tmp_path: Path) -> None:
    files = {}
    for cluster in ("one", "two"):
        files[f"apps/{cluster}.yaml"] = MARK + application(f"web-{cluster}", cluster=cluster, path=f"of/{cluster}/web")
    account = f"{MARK}apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: web}}\n"
    files |= {f"of/{cluster}/web/account.yaml": account for cluster in ("one", "two", "six")}
    assert found(tmp_path, files, CODE) == [
        (
            "of/six/web/account.yaml: warning: no Application takes of/six/web/account.yaml, though others that "
            "templates/x.j2 makes are taken\n"
            f"hint: bring back the cluster {GONE}\n"
            "apps/one.yaml:8:3: the other Applications of it are made here"
        )
    ]


def test_what_is_left_of_an_application_that_is_gone_is_told_as_that(tmp_path: Path) -> None:
    files = {"apps/db-two.yaml": MARK + application("db-two", cluster="two", path="of/two/db")}
    account = f"{MARK}apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: web}}\n"
    for cluster in ("one", "six"):
        files[f"apps/{cluster}.yaml"] = MARK + application(f"web-{cluster}", cluster=cluster, path=f"of/{cluster}/web")
    files |= {f"of/{cluster}/web/account.yaml": account for cluster in ("one", "two", "six")}
    files["of/two/db/account.yaml"] = account.replace("name: web", "name: db").replace("x.yaml", "y.yaml")
    files["apps/db-two.yaml"] = files["apps/db-two.yaml"].replace("x.yaml", "y.yaml")
    assert [each.splitlines()[:2] for each in found(tmp_path, files, CODE)] == [
        [
            (
                "of/two/web/account.yaml: warning: no Application takes of/two/web/account.yaml, though others that "
                "templates/x.j2 makes are taken"
            ),
            f"hint: bring back the Application {GONE}",
        ]
    ]


def test_the_values_of_a_cluster_that_is_gone_are_told_as_that() -> None:
    tree = real()
    path = "environments/dev/clusters/myapp-dev-eun1/apps/myapp/values.yaml"
    files = {**tree.files, path: tree.files["environments/dev/clusters/myapp-dev-use1/apps/myapp/values.yaml"]}
    graph = Graph(RenderedFiles(tree.root, tree.folder, files), (tree.folder,), repositories({tree.url: "."}))
    assert [shown(each).splitlines()[:2] for each in judge(graph, select=[CODE]).problems] == [
        [
            f"output/{path}: warning: no Application reads the values file output/{path}, {UNREAD}",
            f"hint: bring back the cluster {GONE}",
        ]
    ]


def test_a_template_with_two_places_is_for_somebody_else_in_one_of_them(tmp_path: Path) -> None:
    account = f"{MARK}apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: web}}\n"
    files = {}
    for cluster in ("one", "two"):
        files[f"apps/{cluster}.yaml"] = MARK + application(f"web-{cluster}", cluster=cluster, path=f"of/{cluster}/web")
        files |= {f"of/{cluster}/{folder}/account.yaml": account for folder in ("web", "before")}
    assert found(tmp_path, files, CODE) == []


IN_A_MATRIX = """\
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata: {{name: web, namespace: argocd}}
    spec:
      goTemplate: true
      generators:
        - matrix:
            generators:
              - git: {{repoURL: {url}, revision: main, files: [{{path: {path}}}]}}
              - list: {{elements: [{{part: one}}]}}
      template: {{metadata: {{name: a}}, spec: {{}}}}
    """


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (URL, "renderd/*/web/r.yaml"),
        (URL.replace("fleet", "flet"), "rendered/*/web/r.yaml"),
    ],
    ids=["another folder", "another repository"],
)
def test_a_git_generator_in_a_matrix_reads_what_is_generated(tmp_path: Path, url: str, path: str) -> None:
    files = {"out/a/web/r.yaml": MARK + "a: b\n"}
    right = IN_A_MATRIX.format(url=URL, path="rendered/*/web/r.yaml")
    assert in_a_folder_of_the_repository(tmp_path, files | {"set.yaml": MARK + dedent(right)}) == []
    wrong = IN_A_MATRIX.format(url=url, path=path)
    (problem,) = in_a_folder_of_the_repository(tmp_path, files | {"set.yaml": MARK + dedent(wrong)})
    got = path if url == URL else url
    assert (
        f"error: ApplicationSet web takes its elements from {got}, which is not on disk; but out/a/web/r.yaml"
        in problem
    )


def test_a_values_file_in_another_folder_than_the_generated_one_is_found(tmp_path: Path) -> None:
    helm = "helm: {valueFiles: [$values/renderd/a/b/values.yaml]}"
    sources = (
        f"{{repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0, {helm}}}",
        f"{{repoURL: {URL}, targetRevision: main, ref: values}}",
    )
    files = {"web.yaml": MARK + app(*sources), "out/a/b/values.yaml": MARK + "a: b\n"}
    assert in_a_folder_of_the_repository(tmp_path, files)[0] == (
        "web.yaml:9:100: error: web reads the values file $values/renderd/a/b/values.yaml: it is not on disk, and "
        "out/a/b/values.yaml is, which is generated\nhint: name the generated file"
    )
    kept = {"web.yaml": app(*sources)}
    assert [each.split(": ")[1] for each in in_a_folder_of_the_repository(tmp_path, kept)] == ["note"]


def test_a_folder_beside_the_generated_one_is_found(tmp_path: Path) -> None:
    sources = (
        "{repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0}",
        f"{{repoURL: {URL}, targetRevision: main, path: Rendered/a/b/manifests}}",
    )
    files = {"web.yaml": MARK + app(*sources), "out/a/b/manifests/secrets.yaml": MARK + "# none\n"}
    assert in_a_folder_of_the_repository(tmp_path, files) == [
        (
            "web.yaml:10:80: error: web takes its manifests from Rendered/a/b/manifests, which is not on disk; but "
            "out/a/b/manifests is, and what is in it is generated\nhint: name the generated folder\n"
            "out/a/b/manifests: the folder is here"
        )
    ]


@pytest.mark.parametrize(
    ("application", "kept"), [(MARK, ""), ("", MARK)], ids=["a folder kept by hand", "an Application kept by hand"]
)
def test_a_folder_elsewhere_may_be_there_where_not_both_are_ours(tmp_path: Path, application: str, kept: str) -> None:
    source = f"{{repoURL: {URL}, targetRevision: main, path: apps/a/b/manifests}}"
    files = {"web.yaml": application + app(source), "out/a/b/manifests/secrets.yaml": f"{kept}# none\n"}
    assert in_a_folder_of_the_repository(tmp_path, files) == []


def test_values_of_another_set_are_found_where_they_are_named() -> None:
    own = "$values/output/environments/{{ .environment }}/clusters/{{ .cluster }}/apps/myapp/values.yaml"
    line = f'              - "{own}"\n'
    change = (line, f"{line}{line.replace('apps/myapp', 'apps/external-secrets')}")
    shared = found_in_six_clusters(CODE, MYAPP, change)
    read = "output/environments/dev/clusters/myapp-dev-use1/apps/external-secrets/values.yaml"
    assert len(shared) == 6
    assert shared[0] == (
        f"{SET}:97:17: warning: myapp-dev-use1 reads {read}, which is generated for the Applications of another set\n"
        "hint: name the file that is generated for this one\n"
        f"output/{ESO}:5:9: the set that it is for\n"
        f"{read}: the file"
    )


def test_values_that_their_own_set_does_not_read_are_another_sets_for_certain() -> None:
    tree = real()
    mine, theirs = "apps/myapp/values.yaml", "apps/external-secrets/values.yaml"
    sets = {MYAPP: tree.files[MYAPP].replace(mine, theirs), ESO: tree.files[ESO].replace(theirs, mine)}
    files = RenderedFiles(tree.root, tree.folder, {**tree.files, **sets})
    problems = judge(Graph(files, (tree.folder,), repositories({tree.url: "."})), select=[CODE]).problems
    assert {(each.at.path, each.severity.value) for each in problems} == {(SET, "error"), (f"output/{ESO}", "error")}


def test_the_manifests_of_another_set_are_found_where_they_are_named() -> None:
    text = real().files["environments/dev/clusters/myapp-dev-use1/apps/myapp/manifests/secrets.yaml"]
    moved = dict.fromkeys(real().paths(end="/apps/myapp/manifests/secrets.yaml"), text)
    tree = real()
    name = "environments/apps/myapp.yaml"
    changed = {path: text.replace(name, "environments/apps/external-secrets.yaml", 1) for path in moved}
    files = RenderedFiles(tree.root, tree.folder, {**tree.files, **changed})
    problems = judge(Graph(files, (tree.folder,), repositories({tree.url: "."})), select=[CODE]).problems
    assert [each.at.path for each in problems] == [SET] * 6
    assert problems[0].message.endswith("which is generated for the Applications of another set")


def test_two_sources_of_one_ref_are_found(tmp_path: Path) -> None:
    ref = f"{{repoURL: {URL}, targetRevision: main, ref: values}}"
    chart = "{repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0}"
    assert found(tmp_path, {"web.yaml": app(chart, ref, ref)}, CODE) == [
        (
            f"web.yaml:10:{len(ref)}: error: web has two sources with ref: values\n"
            "hint: remove one of the two, or name it otherwise\n"
            f"web.yaml:9:{len(ref)}: the first one"
        )
    ]


@pytest.mark.parametrize(("ref", "is_fine"), [("own_values-2", True), ("own.values", False), ("own/values", False)])
def test_a_ref_with_another_character_is_found(tmp_path: Path, ref: str, *, is_fine: bool) -> None:
    chart = "{repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0}"
    of_ref = f"{{repoURL: {URL}, targetRevision: main, ref: {ref}}}"
    got = found(tmp_path, {"web.yaml": app(chart, of_ref)}, CODE)
    told = f"error: web has a source with ref: {ref}, expected letters, digits, - and _\n"
    assert [told in each for each in got] == ([] if is_fine else [True])
    assert found(tmp_path, {"web.yaml": app(of_ref.replace("ref:", "path: ., ref:"))}, CODE) == []


def test_a_ref_of_a_chart_is_found_where_files_are_read_through_it(tmp_path: Path) -> None:
    other = "{repoURL: https://other.example.com, chart: base, targetRevision: 1.0.0, ref: base}"
    chart = "{repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0, helm: {valueFiles: [%s]}}"
    assert found(tmp_path, {"web.yaml": app(chart % "", other)}, CODE) == []
    told = "error: web reads files through ref: base of the chart base: only files in git can be referred to\n"
    assert told in found(tmp_path, {"web.yaml": app(chart % "$base/values.yaml", other)}, CODE)[0]


def test_the_only_source_of_a_list_has_no_references(tmp_path: Path) -> None:
    source = f"{{repoURL: {URL}, targetRevision: main, path: web, ref: own, helm: {{valueFiles: [$own/web/own.yaml]}}}}"
    files = {"web/Chart.yaml": "name: web\nversion: 1.0.0\n", "web/own.yaml": "", "app.yaml": app(source)}
    (got,) = found(tmp_path, files, CODE)
    assert "web reads the values file $own/web/own.yaml: it is the only source, and $own is of another one" in got
    assert "hint: write /web/own.yaml, from the root of its repository" in got
    assert (
        found(tmp_path, {**files, "app.yaml": app(source, f"{{repoURL: {URL}, ref: x, targetRevision: main}}")}, CODE)
        == []
    )


MORE = "{repoURL: https://git.example.com/x, targetRevision: z, ref: more}"


def apart(chart: str, values: str, more: str = MORE) -> str:
    """Returns an Application that takes a chart and its values from one repository, spelled in two ways."""
    helm = "helm: {valueFiles: [$values/own.yaml, $more/own.yaml]}"
    own = f"{{repoURL: '{URL}', targetRevision: {chart}, path: web, {helm}}}"
    return app(own, f"{{repoURL: {URL.removesuffix('.git')}, targetRevision: {values}, ref: values}}", more)


@pytest.mark.parametrize(("mark", "severity"), [(MARK, "error"), ("", "warning")])
def test_a_reference_to_the_own_repository_is_at_the_revision_of_the_source(
    tmp_path: Path, mark: str, severity: str
) -> None:
    """Argo CD: "cannot reference a different revision of the same repository"."""
    files = {"web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "own.yaml": ""}
    (got,) = _of_ref(found(tmp_path, {**files, "app.yaml": mark + apart("v1.0.0", "main")}, CODE))
    assert f"{severity}: web takes web at v1.0.0 and $values at main: of one repository, Argo CD takes both at" in got
    for chart, values in (("main", "main"), ("HEAD", "main"), ("main", "HEAD"), ("'{{ .x }}'", "main")):
        assert _of_ref(found(tmp_path, {"app.yaml": mark + apart(chart, values)}, CODE)) == []


def test_two_references_to_one_repository_are_at_one_revision(tmp_path: Path) -> None:
    """Argo CD: "cannot reference multiple revisions for the same repository", whatever the names stand for."""
    more = f"{{repoURL: {URL}, targetRevision: next, ref: more}}"
    text = apart("main", "main", more)
    told = _of_ref(found(tmp_path, {"app.yaml": text}, CODE))
    assert ["web takes web at main and $more at next" in each for each in told] == [False, True]
    for each in (text, text.replace(f"'{URL}'", "https://git.example.com/charts")):
        first, *_ = _of_ref(found(tmp_path, {"app.yaml": each}, CODE))
        assert "error: web takes $values at main and $more at next: of one repository, Argo CD takes both at" in first


def test_the_chart_of_a_generated_set_is_at_the_revision_of_its_values() -> None:
    first, *others = found_in_six_clusters(CODE, MYAPP, ('revision: "main"', 'revision: "v1.4.0"'))
    assert "error: myapp-dev-use1 takes examples/charts/myapp at v1.4.0 and $values at main" in first
    assert others == []


def _of_ref(found: list[str]) -> list[str]:
    return [each for each in found if "of one repository" in each]


@pytest.mark.parametrize(("mark", "severity"), [(MARK, "error"), ("", "warning")])
@pytest.mark.parametrize("chart", ["web ", "we\u200bb", "*", "web/", "a//b"])
def test_what_no_chart_is_called_is_found(tmp_path: Path, chart: str, mark: str, severity: str) -> None:
    source = f"{{repoURL: https://charts.example.com, chart: '{chart}', targetRevision: 1.0.0}}"
    (got,) = found(tmp_path, {"web.yaml": mark + app(source)}, CODE)
    assert f"{severity}: web takes the chart {chart!r}: no chart can be called so" in got


@pytest.mark.parametrize("chart", ["web", "team/web", "web_2.x", "{{ .chart }}", "$ARGOCD_ENV_CHART"])
def test_what_a_chart_may_be_called_is_fine(tmp_path: Path, chart: str) -> None:
    source = f"{{repoURL: https://charts.example.com, chart: '{chart}', targetRevision: 1.0.0}}"
    assert found(tmp_path, {"web.yaml": app(source)}, CODE) == []


@pytest.mark.parametrize(
    ("new", "count"),
    [
        ("{{ .cluster }}/apps/myapp/vals*", 12),
        ("{{ .cluster }}/apps/myapp/val*", 0),
        ("{ .cluster }/apps/myapp/values", 6),
    ],
)
def test_a_pattern_reads_what_it_matches(new: str, count: int) -> None:
    told = found_in_six_clusters(CODE, MYAPP, ("{{ .cluster }}/apps/myapp/values", new))
    assert sum(UNREAD in each for each in told) == sum("no file matches" in each for each in told)
    assert len(told) == count


def test_what_is_not_read_is_found_beside_values_that_are_not_on_disk() -> None:
    tree = real()
    assert OF_ENVIRONMENT in tree.files[MYAPP]
    elsewhere = '              - "$values/by-hand/{{ .region }}.yaml"\n'
    changed = {**tree.files, MYAPP: tree.files[MYAPP].replace(OF_ENVIRONMENT, elsewhere)}
    files = RenderedFiles(tree.root, tree.folder, changed)
    graph = Graph(files, (tree.folder,), repositories({tree.url: Checkout("output", "output")}))
    problems = judge(graph, select=[CODE]).problems
    assert [each.at.path for each in problems if UNREAD in each.message] == [SET] * 3


@pytest.mark.parametrize("path", ["..", "../web", "a/../../web"])
def test_a_path_that_leaves_the_repository_is_found(tmp_path: Path, path: str) -> None:
    (got,) = found(tmp_path, {"web.yaml": app(f"{{repoURL: https://x.example.com, path: '{path}'}}")}, CODE)
    assert f"error: web takes its manifests from {path}, which leaves the repository" in got


@pytest.mark.parametrize(("mark", "severity"), [(MARK, "error"), ("", "warning")])
@pytest.mark.parametrize("path", ["web ", "we\\u200bb", "web\\n", "\\u00a0web"])
def test_a_path_with_what_nobody_sees_is_found(tmp_path: Path, path: str, mark: str, severity: str) -> None:
    text = mark + app(f'{{repoURL: https://x.example.com, path: "{path}"}}')
    (got,) = found(tmp_path, {"web.yaml": text}, CODE)
    assert f"{severity}: web takes its manifests from " in got
    assert "with a space at an end, or a sign that nobody sees" in got


def test_a_values_file_with_what_nobody_sees_and_a_reference_in_the_middle_are_found() -> None:
    own = "$values/examples/values/myapp/{{ .environment }}.yaml"
    first, *_ = found_in_six_clusters(CODE, MYAPP, (own, f"./{own}"))
    assert f"./{own.replace('{{ .environment }}', 'dev')}: $values is a reference at the start of a path only" in first
    first, *_ = found_in_six_clusters(CODE, MYAPP, (own, f"{own} "))
    assert "dev.yaml ' has a space at an end, or a sign that nobody sees" in first


def test_a_reference_in_the_middle_may_be_that_of_any_source(tmp_path: Path) -> None:
    files = {
        "app.yaml": app(
            f"{{repoURL: {URL}, targetRevision: main, path: web, helm: {{valueFiles: [a/$second/web.yaml]}}}}",
            f"{{repoURL: {URL}, targetRevision: main, ref: first}}",
            f"{{repoURL: {URL}, targetRevision: main, ref: second}}",
        ),
        "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    }
    (got,) = found(tmp_path, files, CODE)
    assert (
        "a/$second/web.yaml: $second is a reference at the start of a path only\nhint: start the path with $second/"
        in got
    )


def test_a_pattern_that_matches_more_than_values_makes_no_values_of_the_others() -> None:
    new = "*use1/apps/myapp/*/secrets"
    told = found_in_six_clusters(CODE, MYAPP, ("{{ .cluster }}/apps/myapp/values", new))
    assert len(told) == 6
    assert [each for each in told if "/values.yaml, though" not in each] == []


def test_what_says_that_a_fork_is_the_repository_that_its_files_name_is_told(tmp_path: Path) -> None:
    other = URL.replace("fleet", "other")
    sources = f"{{repoURL: {other}, path: charts/web, helm: {{valueFiles: [$values/envs/one.yaml]}}}}"
    text = f"""\
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {{name: web, namespace: argocd}}
        spec:
          project: default
          sources: [{sources}, {{repoURL: {other}, ref: values}}]
          destination: {{name: one, namespace: web}}
        """
    files = {"apps/web.yaml": text, "envs/one.yaml": "", "charts/web/Chart.yaml": "name: web\nversion: 1.0.0\n"}
    [got] = found(tmp_path, files, CODE)
    assert f"envs/one.yaml is here: if this is that repository, say so with --repo {other}=." in got
    [unknown] = Graph(Files(tmp_path), (".",), repositories({URL: "."})).unknown
    assert unknown.hint == f"charts/web is here: if this is that repository, say so with --repo {other}=."


def test_the_only_source_has_no_references_where_it_is_a_chart(tmp_path: Path) -> None:
    source = "{repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0, ref: values, HELM}"
    text = app(source.replace("HELM", "helm: {valueFiles: [$values/web.yaml]}")).replace(
        "  sources:\n    - ", "  source: "
    )
    assert found(tmp_path, {"app.yaml": text, "web.yaml": "replicas: 1"}, CODE) == [
        (
            "app.yaml:7:117: error: web reads the values file $values/web.yaml: it is the only source, and $values is "
            "of another one of several\n"
            "hint: make it two sources: the chart, and the repository of the file with ref: values"
        ),
    ]


def with_components(stated: str) -> dict[str, str]:
    return {
        "a.yaml": f"{application('a')}      kustomize: {{{stated}}}\n",
        "manifests/kustomization.yaml": "resources: [own.yaml]\n",
        "manifests/own.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n",
        "parts/tls/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
    }


def test_a_component_that_a_source_states_and_is_not_there_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, with_components("components: [../parts/tls, ../parts/tsl, parts/tls]"), CODE) == [
        (
            f"a.yaml:15:{column}: error: a takes the component {name}, which is not there: kustomize builds nothing\n"
            "hint: correct the path, which starts in the folder of the source, or remove the component"
        )
        for column, name in ((46, "../parts/tsl"), (60, "parts/tls"))
    ]


@pytest.mark.parametrize(
    "stated",
    [
        "components: [../parts/tls, ../parts/tls/]",
        "components: [../gone], ignoreMissingComponents: true",
        "components: [../../elsewhere]",
        "components: ['https://example.com/parts?ref=v1', example.com/parts/tls, '../parts/*']",
    ],
)
def test_a_component_that_is_there_or_may_be_elsewhere_is_sound(tmp_path: Path, stated: str) -> None:
    assert found(tmp_path, with_components(stated), CODE) == []
    files = {"b.yaml": with_components("components: [../gone]")["a.yaml"].replace("main", "v1").replace(": a", ": b")}
    assert found(tmp_path, files, CODE, Checkout(".", "main")) == []


@pytest.mark.parametrize(
    ("path", "mark", "is_found"),
    [
        ("renderd/charts/web", MARK, True),
        ("erndered/charts/web", MARK, True),
        ("renderd/charts/shop", MARK, False),
        ("other/charts/web", MARK, False),
        ("renderd/charts/web", "", False),
    ],
)
def test_a_slip_in_the_folder_of_the_repository_that_is_on_disk_is_found(
    tmp_path: Path, path: str, mark: str, is_found: bool
) -> None:
    source = f"{{repoURL: {URL}, targetRevision: main, path: {path}}}"
    files = {"web.yaml": mark + app(source), "out/charts/web/Chart.yaml": "{apiVersion: v2, name: a, version: 1.0.0}\n"}
    told = (
        f"web.yaml:9:80: error: web takes its manifests from {path}, which is not on disk; but out/charts/web is\n"
        "hint: did you mean rendered/charts/web?\n"
        "out/charts/web: the folder is here"
    )
    got = in_a_folder_of_the_repository(tmp_path, files)
    assert got == ([told] if is_found else [])
