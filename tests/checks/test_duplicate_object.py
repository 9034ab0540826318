"""Objects that stand twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import BY_HAND, application
from tests.checks.trees import URL, found, found_in_six_clusters
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

CODE = "duplicate-object"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
FIRST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: one}\n"


def test_an_object_of_two_applications_is_found(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/a.yaml": FIRST,
        "apps/api.yaml": application("api", path="more"),
        "more/a.yaml": FIRST.replace("one", "two"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/a.yaml:3:18: error: ConfigMap a stands twice on one in namespace web, from api and web\n"
            "hint: remove one of the two, or give one another name or namespace\n"
            "more/a.yaml:3:18: it stands here already\n"
            "apps/api.yaml:12:5: brought from here\n"
            "apps/web.yaml:12:5: brought from here"
        ),
    ]


def test_two_applications_that_take_the_same_files_are_one_finding(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "apps/web.yaml": application(),
        "apps/api.yaml": application("api"),
        "manifests/a.yaml": FIRST,
        "manifests/b.yaml": FIRST.replace("name: a", "name: b"),
    }
    more = [path for path in files if path.startswith("manifests/")]
    assert found(tmp_path, files, CODE) == [
        (
            "apps/web.yaml:14:13: warning: api and web bring the same files to one: ConfigMap a and "
            f"{len(more) - 1} more objects\n"
            "hint: remove one of the two, or name another folder in one\n"
            "apps/api.yaml:14:13: the other one\n"
            "manifests/a.yaml:3:18: one of the objects"
        ),
    ]


def test_elements_that_take_the_same_files_are_one_finding(tmp_path: Path) -> None:
    elements = "[{name: api}, {name: web}]"
    files = {
        "set.yaml": f"""
            apiVersion: argoproj.io/v1alpha1
            kind: ApplicationSet
            metadata: {{name: all, namespace: argocd}}
            spec:
              goTemplate: true
              generators: [{{list: {{elements: {elements}}}}}]
              template:
                metadata: {{name: '{{{{ .name }}}}'}}
                spec:
                  project: default
                  source: {{repoURL: {URL}, targetRevision: main, path: manifests}}
                  destination: {{server: 'https://kubernetes.default.svc', namespace: web}}
            """,
        "manifests/a.yaml": FIRST,
    }
    (problem,) = found(tmp_path, files, CODE)
    assert problem.splitlines() == [
        "set.yaml:11:88: warning: api and web bring the same files to in-cluster: ConfigMap a",
        "hint: remove one of the two, or name another folder in one",
        "manifests/a.yaml:3:18: one of the objects",
    ]


def test_the_same_text_twice_is_a_warning_elsewhere(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "manifests/a.yaml": FIRST, "manifests/b.yaml": FIRST}, CODE) == [
        (
            "manifests/b.yaml:3:18: warning: ConfigMap a stands twice on one in namespace web, from web\n"
            "hint: remove one of the two, or give one another name or namespace\n"
            "manifests/a.yaml:3:18: it stands here already"
        ),
    ]


def test_an_object_that_replaces_one_of_another_source_is_a_warning_elsewhere(tmp_path: Path) -> None:
    """Argo CD applies that of the last source, and says so in its documentation."""
    more = f"    - repoURL: {URL}\n      targetRevision: main\n      path: more\n"
    files = {
        **BY_HAND,
        "apps/web.yaml": application(options=("SkipDryRunOnMissingResource=true",)).replace(
            "  syncPolicy:", f"{more}  syncPolicy:"
        ),
        "manifests/a.yaml": FIRST,
        "more/a.yaml": FIRST.replace("one", "two"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "more/a.yaml:3:18: warning: ConfigMap a stands twice on one in namespace web, from web\n"
            "hint: remove one of the two, or give one another name or namespace\n"
            "manifests/a.yaml:3:18: it stands here already"
        ),
    ]


def test_two_objects_of_one_name_in_a_folder_are_an_error(tmp_path: Path) -> None:
    files = {**BY_HAND, "manifests/a.yaml": FIRST, "manifests/b.yaml": FIRST.replace("one", "two")}
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith("manifests/b.yaml:3:18: error: ConfigMap a stands twice on one in namespace web, from")


def test_another_namespace_makes_another_object(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/a.yaml": FIRST,
        "manifests/b.yaml": FIRST.replace("name: a", "name: a, namespace: other"),
    }
    assert found(tmp_path, files, CODE) == []


def test_another_cluster_makes_another_object(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/a.yaml": FIRST,
        "apps/api.yaml": application("api", cluster="two", path="more"),
        "more/a.yaml": FIRST,
    }
    assert found(tmp_path, files, CODE) == []


def test_another_group_makes_another_object(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "manifests/a.yaml": FIRST,
        "manifests/b.yaml": FIRST.replace("apiVersion: v1", "apiVersion: example.com/v1"),
    }
    assert found(tmp_path, files, CODE) == []


def test_objects_that_the_api_server_names_are_several(tmp_path: Path) -> None:
    job = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: migrate-}\nspec: {backoffLimit: 1}\n"
    files = {**BY_HAND, "manifests/before.yaml": job, "manifests/after.yaml": job.replace("1}", "2}")}
    assert found(tmp_path, files, CODE) == []


def test_what_has_no_name_is_nothing_twice(tmp_path: Path) -> None:
    nameless = FIRST.replace("name: a", "labels: {x: z}")
    files = {**BY_HAND, "manifests/a.yaml": nameless, "manifests/b.yaml": nameless.replace("one", "two")}
    assert found(tmp_path, files, CODE) == []


def test_a_cluster_role_is_one_in_every_namespace(tmp_path: Path) -> None:
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n"
    files = {**BY_HAND, "manifests/a.yaml": role + "rules: []\n", "more/a.yaml": role}
    files["apps/api.yaml"] = application("api", namespace="api", path="more")
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/a.yaml:3:18: error: ClusterRole a stands twice on one, from api and web\n"
            "hint: remove one of the two, or give one another name or namespace\n"
            "more/a.yaml:3:18: it stands here already\n"
            "apps/api.yaml:12:5: brought from here\n"
            "apps/web.yaml:12:5: brought from here"
        ),
    ]


def test_a_generated_object_twice_is_an_error() -> None:
    assert found_in_six_clusters(
        CODE,
        SECRETS,
        ('name: "myapp-secrets-manager"\n  namespace', 'name: "myapp-eso"\n  namespace'),
        ("kind: SecretStore\nmetadata", "kind: ServiceAccount\nmetadata"),
        ("apiVersion: external-secrets.io/v1", "apiVersion: v1"),
    ) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "15:9: error: ServiceAccount myapp-eso stands twice on myapp-production-usw2 in namespace myapp, "
            "from myapp-production-usw2\n"
            "hint: remove one of the two, or give one another name or namespace\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "5:9: it stands here already"
        ),
    ]


def test_a_generated_object_of_argo_cd_twice_is_found() -> None:
    change = ('name: "dev"', 'name: "staging"')
    assert found_in_six_clusters(CODE, "argocd/projects/dev.yaml", change) == [
        (
            "output/argocd/projects/staging.yaml:5:9: error: AppProject staging stands twice\n"
            "hint: remove one of the two, or rename it\n"
            "output/argocd/projects/dev.yaml:5:9: it stands here already"
        ),
    ]


def local(name: str, path: str) -> str:
    """Returns an Application for the cluster that its Argo CD runs on."""
    return application(name, path=path).replace("    name: one\n", "    server: https://kubernetes.default.svc\n")


ENVIRONMENTS = {
    "apps/dev.yaml": local("web-dev", "dev"),
    "apps/prod.yaml": local("web-prod", "prod"),
    "dev/a.yaml": FIRST,
    "prod/a.yaml": FIRST.replace("one", "two"),
}


def test_in_cluster_may_be_two_clusters_with_an_argo_cd_each(tmp_path: Path) -> None:
    assert found(tmp_path, ENVIRONMENTS, CODE) == [
        (
            "prod/a.yaml:3:18: warning: ConfigMap a stands twice on in-cluster in namespace web, from web-dev and "
            "web-prod, if one Argo CD has both\n"
            "hint: remove one of the two, or give one another name or namespace\n"
            "dev/a.yaml:3:18: it stands here already\n"
            "apps/dev.yaml:12:5: brought from here\n"
            "apps/prod.yaml:12:5: brought from here"
        ),
    ]


def test_whether_one_argo_cd_has_two_applications_is_asked_once_for_all_their_objects(tmp_path: Path) -> None:
    more = {f"{place}/b.yaml": FIRST.replace("name: a", "name: b") for place in ("dev", "prod")}
    assert len(found(tmp_path, ENVIRONMENTS | more, CODE)) == len(more)
    problems = judge(Graph(Files(tmp_path), (".",), repositories({URL: "."})), select=[CODE]).problems
    assert {each.cause for each in problems} == {"objects of web-dev twice"}


def test_what_one_application_brings_is_of_one_argo_cd(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, {**ENVIRONMENTS, "root.yaml": local("root", "apps")}, CODE)
    assert problem.startswith("prod/a.yaml:3:18: error: ConfigMap a stands twice on in-cluster in namespace web, from")


def test_two_applications_of_one_name_are_one_or_of_two_argo_cds(tmp_path: Path) -> None:
    files = {
        "dev/web.yaml": local("web", "manifests/dev"),
        "prod/web.yaml": local("web", "manifests/prod"),
        "manifests/dev/a.yaml": FIRST,
        "manifests/prod/a.yaml": FIRST.replace("one", "two"),
    }
    assert found(tmp_path, files, CODE) == []


def test_what_lands_in_a_namespace_that_is_not_filled_in_is_not_one(tmp_path: Path) -> None:
    files = {path: text.replace("namespace: web", "namespace: '{{space}}'") for path, text in ENVIRONMENTS.items()}
    assert found(tmp_path, files, CODE) == []


@requires_helm
def test_applications_that_two_roots_render_alike_are_told_for_the_roots(tmp_path: Path) -> None:
    chart = {"charts/apps/Chart.yaml": "apiVersion: v2\nname: apps\nversion: 0.1.0\n"}
    chart |= {f"charts/apps/templates/{name}.yaml": local(name, f"manifests/{name}") for name in ("api", "web")}
    roots = {f"{name}.yaml": local(name, "charts/apps") for name in ("root-dev", "root-prod")}
    assert found(tmp_path, chart | roots, CODE) == [
        (
            "root-prod.yaml:14:13: warning: root-dev and root-prod bring the same files to in-cluster: Application api "
            "and 1 more object, if one Argo CD has both\n"
            "hint: remove one of the two, or name another folder in one\n"
            "root-dev.yaml:14:13: the other one\n"
            "charts/apps/templates/api.yaml:4:9: one of the objects\n"
            "root-prod.yaml:14:13: the chart is rendered for this"
        )
    ]
    apart = {f"clusters/{name}/root.yaml": local("root", "charts/apps") for name in ("dev", "prod")}
    assert found(tmp_path / "apart", chart | apart, CODE) == []


def test_an_application_that_a_link_leads_to_is_one(tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to("apps/dev.yaml")
    assert found(tmp_path, {path: ENVIRONMENTS[path] for path in ("apps/dev.yaml", "dev/a.yaml")}, CODE) == []


PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: team, namespace: argocd}
spec: {sourceRepos: ['*']}
"""
OTHER = PROJECT.replace("'*'", "'https://git.example.com/*'")


def test_two_projects_of_one_name_in_a_folder_are_a_warning(tmp_path: Path) -> None:
    assert found(tmp_path, {"projects/a.yaml": PROJECT, "projects/b.yaml": OTHER}, CODE) == [
        (
            "projects/b.yaml:3:18: warning: AppProject team stands twice, and the one that is applied last wins, if "
            "one Argo CD has both\n"
            "hint: remove one of the two, or rename it\n"
            "projects/a.yaml:3:18: it stands here already"
        ),
    ]


def test_two_projects_of_one_name_may_be_for_two_argo_cds(tmp_path: Path) -> None:
    assert found(tmp_path, {"dev/a.yaml": PROJECT, "prod/a.yaml": OTHER}, CODE) == []
    assert found(tmp_path, {"a.yaml": PROJECT, "b.yaml": PROJECT}, CODE) == []
    assert found(tmp_path, {"a.yaml": PROJECT, "b.yaml": OTHER.replace("argocd", "argocd-2")}, CODE) == []
    left_out = {"kustomization.yaml": "resources: [a.yaml]\n", "a.yaml": PROJECT, "b.yaml": OTHER}
    assert found(tmp_path, left_out, CODE) == []


def test_two_projects_of_one_name_that_an_application_brings_are_told_once(tmp_path: Path) -> None:
    files = {"projects/a.yaml": PROJECT, "projects/b.yaml": OTHER, "apps.yaml": application("a", path="projects")}
    (problem,) = found(tmp_path, files, CODE)
    assert "stands twice on one in namespace argocd, from a" in problem


@requires_helm
def test_both_values_files_of_one_object_of_a_chart_are_named(tmp_path: Path) -> None:
    values = "        releaseName: web\n        valueFiles: [/values/{name}.yaml]\n"
    files = {
        **BY_HAND,
        "apps/web.yaml": application(values=values.format(name="web")),
        "apps/api.yaml": application("api", path="more", values=values.format(name="api")),
        "more/a.yaml": FIRST,
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Values.name }}}\n",
        "values/web.yaml": "name: b\n",
        "values/api.yaml": "name: b\n",
    }
    (told,) = found(tmp_path, files, CODE)
    assert [each for each in told.splitlines() if "values" in each] == [
        "values/web.yaml: with these values",
        "values/api.yaml: with these values",
    ]
