"""A tree for several Argo CDs, such as one for each environment, each on its own cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.trees import URL, found, shown
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOCAL = "server: https://kubernetes.default.svc"


def app(path: str, name: str = "web", destination: str = LOCAL, project: str = "team") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: {project}
  source: {{repoURL: {URL}, path: {path}, targetRevision: main}}
  destination: {{{destination}, namespace: web}}
"""


def project(namespace: str) -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: team, namespace: argocd}}
spec:
  sourceRepos: ['*']
  destinations: [{{server: '*', namespace: {namespace}}}]
"""


CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {place: %s}\n"

TREE = {
    "clusters/dev/apps/web.yaml": app("manifests/dev"),
    "clusters/prod/apps/web.yaml": app("manifests/prod"),
    "clusters/dev/project.yaml": project("web"),
    "clusters/prod/project.yaml": project("web"),
    "manifests/dev/config.yaml": CONFIG % "dev",
    "manifests/prod/config.yaml": CONFIG % "prod",
}


ROOT = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: %s, namespace: argocd}
spec:
  project: default
  source: {repoURL: %s, path: root, targetRevision: main, helm: {valuesObject: {path: %s}}}
  destination: {server: https://kubernetes.default.svc, namespace: argocd}
"""

PARENTS = {
    "root/Chart.yaml": "apiVersion: v2\nname: root\nversion: 0.1.0\n",
    "root/values.yaml": "path: none\n",
    "root/templates/web.yaml": app("{{ .Values.path }}", project="default"),
    "manifests/dev/config.yaml": CONFIG % "dev",
}
"""A chart that each cluster's Argo CD brings its Applications with."""


def read(root: Path, files: Mapping[str, str]) -> Graph:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return Graph(Files(root), (".",), repositories({URL: "."}))


def told(root: Path, files: Mapping[str, str]) -> list[str]:
    """Returns what is said of the names and the paths of Applications, and what cannot be said."""
    codes = ("source-path", "application-name", "cannot-say")
    return [shown(each) for each in judge(read(root, files)).problems if each.code in codes]


def test_applications_of_one_name_in_two_folders_are_of_two_argo_cds(tmp_path: Path) -> None:
    graph = read(tmp_path, TREE)
    assert {name: len(each.deployments) for name, each in graph.clusters.items()} == {
        "in-cluster of dev": 1,
        "in-cluster of prod": 1,
    }
    assert [shown(each) for each in judge(graph).problems] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"clusters/prod/apps/web.yaml": app("manifests/prod", "web2")},
        {"clusters/prod/apps/web.yaml": app("manifests/prod", destination="name: one")},
        {"clusters/prod/apps/web.yaml": "", "clusters/dev/apps/copy.yaml": app("manifests/prod")},
        {"clusters/prod/apps/web.yaml": "", "clusters/dev/apps/more/web.yaml": app("manifests/prod")},
    ],
    ids=["another name", "another cluster", "another file of the folder", "a folder below"],
)
def test_where_nothing_says_that_there_are_several_there_is_one(tmp_path: Path, changes: dict[str, str]) -> None:
    assert "in-cluster" in read(tmp_path, {**TREE, **changes}).clusters


BESIDE = {
    "apps/web-dev.yaml": app("manifests/dev", project="default"),
    "apps/web-prod.yaml": app("manifests/prod", project="default"),
    "manifests/dev/config.yaml": CONFIG % "dev",
    "manifests/prod/config.yaml": CONFIG % "prod",
}
"""As `TREE`, in files beside each other that are called after the Application."""


@pytest.mark.parametrize(
    ("names", "instances"),
    [
        (("web-dev", "web-prod"), ["dev", "prod"]),
        (("eu_web", "us_web"), ["eu", "us"]),
        (("dev", "prod"), ["dev", "prod"]),
        (("root.staging", "root.live"), ["staging", "live"]),
        (("one", "two"), []),
        (("root-one", "root-two"), []),
        (("web", "web-prod"), []),
        (("dev-a", "prod-b"), []),
    ],
)
def test_applications_of_one_name_in_one_folder_are_of_two_argo_cds_by_the_names_of_their_files(
    tmp_path: Path, names: tuple[str, str], instances: list[str]
) -> None:
    texts = (BESIDE[f"apps/web-{each}.yaml"] for each in ("dev", "prod"))
    files = {f"apps/{name}.yaml": text for name, text in zip(names, texts, strict=True)}
    others = {path: text for path, text in BESIDE.items() if path not in ("apps/web-dev.yaml", "apps/web-prod.yaml")}
    graph = read(tmp_path, files | others)
    assert set(graph.clusters) == ({f"in-cluster of {each}" for each in instances} or {"in-cluster"})
    codes = [each.code for each in judge(graph).problems]
    assert codes == ([] if instances else ["application-name"])


STAGES = {
    f"envs/{stage}/{name}.yaml": app(f"manifests/{stage}", f"{name}-{stage}", project="default").replace(
        "namespace: web", f"namespace: {name}"
    )
    for stage in ("dev", "prod")
    for name in ("api", "web")
}
MANIFESTS = {path: text for path, text in TREE.items() if path.startswith("manifests/")}


def test_folders_of_stages_with_applications_called_alike_have_an_argo_cd_each(tmp_path: Path) -> None:
    roots = {
        f"root-{stage}.yaml": app(f"envs/{stage}", f"root-{stage}", project="default") for stage in ("dev", "prod")
    }
    graph = read(tmp_path, STAGES | MANIFESTS | roots)
    assert [name for name in graph.clusters if name != "in-cluster"] == ["in-cluster of dev", "in-cluster of prod"]
    assert [shown(each) for each in judge(graph).problems] == []


SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: stages, namespace: argocd}
spec: {generators: [{git: {repoURL: %s, revision: main, directories: [{path: 'envs/*'}]}}], template: {}}
"""


LIST = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: stages, namespace: argocd}
spec:
  generators: [{list: {elements: [{stage: dev}, {stage: prod}]}}]
  template:
    metadata: {name: 'root-{{stage}}'}
    spec:
      project: default
      source: {repoURL: %s, path: 'envs/{{stage}}', targetRevision: main}
      destination: {server: https://kubernetes.default.svc, namespace: argocd}
"""


@pytest.mark.parametrize(
    "changes",
    [
        {"envs/dev/api.yaml": "", "envs/prod/api.yaml": ""},
        {"envs/dev/api.yaml": STAGES["envs/dev/api.yaml"].replace("namespace: api", "namespace: api-dev")},
        {"root.yaml": app("envs", "root", project="default")},
        {"root.yaml": app(".", "root", project="default")},
        {"set.yaml": SET % URL},
        {"set.yaml": LIST % URL},
    ],
    ids=[
        "one pair",
        "a namespace of its own",
        "an Application takes both",
        "or all",
        "a set looks for both",
        "or takes",
    ],
)
def test_folders_of_stages_may_be_of_one_argo_cd(tmp_path: Path, changes: dict[str, str]) -> None:
    graph = read(tmp_path, STAGES | MANIFESTS | changes)
    assert "in-cluster of dev" not in graph.clusters
    assert "duplicate-object" in {each.code for each in judge(graph).problems}


CHAINED = {
    "root.yaml": app("apps", "root", project="default"),
    "apps/web.yaml": app("manifests/dev", project="default"),
    "apps/more.yaml": app("extra", "more", project="default"),
    "extra/web.yaml": app("manifests/prod", project="default"),
}
"""Two Applications of one name, and the folder of the second is taken by one that is brought with the first."""


def test_what_an_application_brings_that_is_brought_with_another_one_is_of_its_argo_cd(tmp_path: Path) -> None:
    graph = read(tmp_path, CHAINED | MANIFESTS)
    assert set(graph.clusters) == {"in-cluster"}
    assert [shown(each) for each in judge(graph).problems if each.code == "application-name"] == [
        (
            "extra/web.yaml:1:1: error: 2 Applications are called web\n"
            "hint: give each a name of its own; app, environment and region together make one\n"
            "apps/web.yaml:1:1: the first one of that name"
        )
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"root.yaml": ""},
        {"apps/more.yaml": app("others", "more", project="default")},
        {"apps/more.yaml": app("extra", "more", "name: one", project="default")},
        {"apps/more.yaml": "", "more.yaml": app("extra", "more", project="default")},
    ],
    ids=["nothing takes the folder", "another folder", "on another cluster", "beside no one of that name"],
)
def test_a_folder_that_nothing_of_an_argo_cd_takes_may_be_of_another(tmp_path: Path, changes: dict[str, str]) -> None:
    assert "in-cluster of extra" in read(tmp_path, CHAINED | MANIFESTS | changes).clusters


def test_where_one_application_brings_the_files_of_two_it_is_an_error(tmp_path: Path) -> None:
    files = BESIDE | {"root.yaml": app("apps", "root", project="default")}
    assert [shown(each).partition(" Applications")[0] for each in judge(read(tmp_path, files)).problems] == [
        "apps/web-prod.yaml:1:1: error: 2"
    ]


def test_two_applications_of_one_argo_cd_that_bring_one_object_are_found(tmp_path: Path) -> None:
    files = {**TREE, "clusters/prod/apps/more.yaml": app("manifests/dev", "more")}
    assert found(tmp_path, files, "duplicate-object") == [
        (
            "manifests/prod/config.yaml:3:18: error: ConfigMap web stands twice on in-cluster of prod in namespace "
            "web, from more and web\n"
            "hint: remove one of the two, or give one another name or namespace\n"
            "manifests/dev/config.yaml:3:18: it stands here already\n"
            "clusters/prod/apps/more.yaml:4:1: brought from here\n"
            "clusters/prod/apps/web.yaml:4:1: brought from here"
        )
    ]


def test_each_argo_cd_has_its_own_project(tmp_path: Path) -> None:
    files = {**TREE, "clusters/dev/project.yaml": project("other")}
    (problem,) = found(tmp_path, files, "project-permits")
    assert problem.startswith("clusters/dev/apps/web.yaml:7:68: error: web lands in namespace web of in-cluster")


def test_a_project_of_all_is_that_of_each_and_one_that_may_be_of_any_is_not_judged(tmp_path: Path) -> None:
    shared = {path: text for path, text in TREE.items() if not path.endswith("project.yaml")}
    of_all = found(tmp_path / "all", {**shared, "project.yaml": project("other")}, "project-permits")
    assert [each.partition(":")[0] for each in of_all] == ["clusters/dev/apps/web.yaml", "clusters/prod/apps/web.yaml"]
    files = {**TREE, "apps/more.yaml": app("manifests/dev", "more")}
    files |= {path: project("other") for path in ("clusters/dev/project.yaml", "clusters/prod/project.yaml")}
    of_any = found(tmp_path / "any", files, "project-permits")
    assert [each.partition(":")[0] for each in of_any] == ["clusters/dev/apps/web.yaml", "clusters/prod/apps/web.yaml"]


def test_what_is_in_nobodys_folder_may_come_to_each(tmp_path: Path) -> None:
    secret = (
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: db}\n"
        "spec:\n  secretStoreRef: {name: vault, kind: SecretStore}\n  data: [{secretKey: a, remoteRef: {key: b}}]\n"
    )
    files = {**TREE, "manifests/dev/secret.yaml": secret}
    (problem,) = found(tmp_path, files, "external-secret-store")
    assert problem.startswith("manifests/dev/secret.yaml:5:26: note: ExternalSecret db reads from SecretStore vault")


@requires_helm
def test_what_one_chart_brings_to_each_argo_cd_is_judged_for_each(tmp_path: Path) -> None:
    roots = {
        "clusters/dev/root.yaml": ROOT % ("root", URL, "manifests/dev"),
        "clusters/prod/root.yaml": ROOT % ("root", URL, "manifests/prod"),
    }
    assert told(tmp_path, {**PARENTS, **roots}) == [
        (
            "root/templates/web.yaml:6:11: error: web takes its manifests from manifests/prod, which is not there\n"
            "hint: correct the path, or commit the folder\n"
            "clusters/prod/root.yaml:6:62: the chart is rendered for this"
        )
    ]


@requires_helm
def test_a_chart_in_a_chart_is_of_the_argo_cd_of_the_first_of_them(tmp_path: Path) -> None:
    inner = {
        "inner/Chart.yaml": "apiVersion: v2\nname: inner\nversion: 0.1.0\n",
        "inner/templates/web.yaml": PARENTS["root/templates/web.yaml"],
        "root/templates/web.yaml": ROOT % ("inner", URL, "{{ .Values.path }}"),
    }
    inner["root/templates/web.yaml"] = inner["root/templates/web.yaml"].replace("path: root", "path: inner")
    roots = {
        "clusters/dev/root.yaml": ROOT % ("root", URL, "manifests/dev"),
        "clusters/prod/root.yaml": ROOT % ("root", URL, "manifests/prod"),
    }
    (problem,) = told(tmp_path, {**PARENTS, **inner, **roots})
    assert problem.startswith("inner/templates/web.yaml:6:11: error: web takes its manifests from manifests/prod")


@requires_helm
def test_what_a_chart_brings_once_more_is_told_where_nothing_says_that_there_are_two_argo_cds(tmp_path: Path) -> None:
    roots = {
        "apps/dev.yaml": ROOT % ("dev", URL, "manifests/dev"),
        "apps/prod.yaml": ROOT % ("prod", URL, "manifests/prod"),
    }
    assert told(tmp_path, {**PARENTS, **roots}) == [
        (
            "root/templates/web.yaml:3:11: note: several releases of one chart bring Application web, and what it says "
            "in the first is judged alone\n"
            "hint: verify the files of each environment by themselves"
        )
    ]
