"""What an AppProject permits, and what its Applications need."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.project_extras import ProjectExtras
from gitops_gen.evidence.projects import Destination, Project
from gitops_gen.evidence.repositories import repositories
from tests.checks.by_hand import GIT_SET, RELEASE, application
from tests.checks.trees import MARK, URL, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "project-permits"
MYAPP = "argocd/applicationsets/myapp.yaml"
ESO = "argocd/applicationsets/external-secrets.yaml"
DEV = "argocd/projects/dev.yaml"
SET = f"output/{MYAPP}"

PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: {name}, namespace: argocd}}
spec:
  sourceRepos: {repos}
  destinations: {destinations}
  clusterResourceWhitelist: {kinds}
"""

APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd, labels: {labels}}}
spec:
  project: {project}
  source: {{repoURL: {url}, path: web}}
  destination: {{name: here, namespace: web}}
"""


def project(
    name: str = "team", repos: str = "['*']", destinations: str = "[{name: '*', namespace: '*'}]", kinds: str = "[]"
) -> str:
    return PROJECT.format(name=name, repos=repos, destinations=destinations, kinds=kinds)


def app(project: str = "team", labels: str = "{}") -> str:
    return APP.format(project=project, labels=labels, url=URL)


def test_the_six_clusters_are_clean() -> None:
    assert found_in_six_clusters(CODE, MYAPP) == []


def test_a_project_that_is_not_there_is_an_error_in_our_files() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('project: "dev"', 'project: "deve"')) == [
        (
            f"{SET}:19:22: error: myapp-dev-use1 is in project deve: there is no such AppProject\n"
            "hint: did you mean dev?\n"
            "output/argocd/projects/dev.yaml:5:9: there is this one"
        ),
    ]


def test_elsewhere_a_project_that_is_not_there_is_a_note_and_said_once(tmp_path: Path) -> None:
    files = {"a.yaml": app("platform"), "b.yaml": app("platform").replace("name: web,", "name: web2,", 1)}
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:5:12: note: web is in project platform: no AppProject of that name is among these files, so nobody "
            "can "
            "say what it permits\n"
            "hint: verify its file together with these"
        ),
    ]


def test_a_project_that_kustomize_patches_is_here_though_nobody_knows_what_it_permits(tmp_path: Path) -> None:
    files = {
        "a.yaml": app("platform"),
        "base/project.yaml": (
            "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: platform}\nspec: {}\n"
        ),
        "base/kustomization.yaml": "resources: [project.yaml]\npatches: [{path: p.yaml, target: {kind: AppProject}}]\n",
        "base/p.yaml": "- {op: test, path: /spec, value: {a: b}}\n",
    }
    assert found(tmp_path, files, CODE) == []


def test_a_project_that_kustomize_patches_permits_what_it_comes_out_with(tmp_path: Path) -> None:
    files = {
        "a.yaml": app("platform"),
        "base/project.yaml": project("platform").replace("sourceRepos", "sourceNamespaces"),
        "base/kustomization.yaml": "resources: [project.yaml]\npatches: [{path: p.yaml, target: {kind: AppProject}}]\n",
        "base/p.yaml": "- {op: add, path: /spec/sourceRepos, value: ['*']}\n",
    }
    assert found(tmp_path, files, CODE) == []
    files["base/p.yaml"] = "- {op: add, path: /spec/sourceRepos, value: ['https://example.com']}\n"
    (said,) = found(tmp_path, files, CODE)
    assert said.endswith("base/p.yaml:1:45: what the project permits")


def test_a_typo_of_a_project_is_an_error_everywhere(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": app("plaform"), "project.yaml": project("platform")}, CODE) == [
        (
            "a.yaml:5:12: error: web is in project plaform: there is no such AppProject\n"
            "hint: did you mean platform?\n"
            "project.yaml:3:18: there is this one"
        ),
    ]


@pytest.mark.parametrize("name", ["default", "''"])
def test_the_default_project_permits_everything_unless_it_is_restricted(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, {"a.yaml": app(name)}, CODE) == []
    restricted = {"project.yaml": project("default", repos="[]")}
    (got,) = found(tmp_path, restricted, CODE)
    assert got.startswith(f"a.yaml:6:21: error: web comes from {URL}, which project ")


def test_an_application_of_ours_that_names_no_project_is_found() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('project: "dev"', 'project: ""')) == [
        (
            f"{SET}:19:22: error: myapp-dev-use1 names no project, so it is in project default, which is nobody's\n"
            "hint: put it in project dev"
        )
    ]


def test_the_project_of_another_environment_is_found_with_what_it_does_not_permit() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('project: "dev"', 'project: "staging"')) == [
        (
            f"{SET}:19:22: error: myapp-dev-use1 is of environment dev, but in project staging, which is that of "
            f"another "
            "environment\n"
            "hint: put it in project dev\n"
            "output/argocd/projects/staging.yaml:2:1: the project that it is in"
        ),
        (
            f"{SET}:87:20: error: myapp-dev-use1 lands in namespace myapp of myapp-dev-use1, which project staging "
            f"does not "
            "permit; it permits external-secrets of myapp-staging-use1, myapp of myapp-staging-use1, external-secrets "
            "of "
            "myapp-staging-usw2, myapp of myapp-staging-usw2\n"
            "hint: correct the destination, or add it to the destinations of the project\n"
            "output/argocd/projects/staging.yaml:13:5: what the project permits"
        ),
    ]


def test_the_project_of_one_environment_for_all_is_a_warning_in_files_by_hand(tmp_path: Path) -> None:
    elements = "[{name: a, env: dev}, {name: b, env: production}]"
    text = f"""
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata: {{name: web, namespace: argocd}}
        spec:
          generators: [list: {{elements: {elements}}}]
          template:
            metadata: {{name: "{{{{name}}}}"}}
            spec:
              project: production
              source: {{repoURL: https://example.com/x, path: p}}
              destination: {{name: "{{{{name}}}}", namespace: web}}
        """
    assert found(tmp_path, {"set.yaml": text, "p.yaml": project("production")}, CODE) == [
        (
            "set.yaml:9:16: warning: a is of environment dev, but in project production, which is that of another "
            "environment\n"
            "hint: put it in project dev\n"
            "p.yaml:1:1: the project that it is in"
        ),
    ]


def test_a_project_for_several_environments_is_fine(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": app("team", "{env: dev}"), "p.yaml": project()}, CODE) == []


def test_a_namespace_that_is_not_permitted_is_found() -> None:
    first, *others = found_in_six_clusters(CODE, MYAPP, ('namespace: "myapp"', 'namespace: "other"'))
    assert first == (
        f"{SET}:87:20: error: myapp-dev-use1 lands in namespace other of myapp-dev-use1, which project dev does not "
        "permit; it permits external-secrets of myapp-dev-use1, myapp of myapp-dev-use1, external-secrets of "
        "myapp-dev-usw2, myapp of myapp-dev-usw2\n"
        "hint: correct the destination, or add it to the destinations of the project\n"
        "output/argocd/projects/dev.yaml:13:5: what the project permits"
    )
    assert len(others) == 5


def test_a_destination_without_a_namespace_needs_one_that_is_permitted_too(tmp_path: Path) -> None:
    files = {
        "a.yaml": app().replace(", namespace: web}", "}"),
        "project.yaml": project(destinations="[{name: here, namespace: web}]"),
    }
    (problem,) = found(tmp_path, files, CODE)
    assert problem.splitlines()[0] == (
        "a.yaml:7:3: error: web lands without a namespace on here, which project team does not permit; it permits web "
        "of here"
    )


def test_a_project_that_is_named_in_another_file_is_the_other_end(tmp_path: Path) -> None:
    text = f"""
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata: {{name: web, namespace: argocd}}
        spec:
          goTemplate: true
          generators: [git: {{repoURL: {URL}, revision: main, files: [{{path: out/*.yaml}}]}}]
          template:
            metadata: {{name: web}}
            spec:
              project: "{{{{ .project }}}}"
              source: {{repoURL: {URL}, path: web}}
              destination: {{name: here, namespace: web}}
        """
    projects = project(destinations="[{name: here, namespace: other}]")
    files = {"set.yaml": text, "p.yaml": projects, "out/a.yaml": "project: team\n", "web/x.yaml": ""}
    (got,) = found(tmp_path, files, CODE)
    assert got.splitlines()[-1] == "out/a.yaml:1:10: its project is named here"


def test_the_template_of_a_namespace_is_told_beside_its_parameter_in_another_file(tmp_path: Path) -> None:
    text = GIT_SET.replace("project: default", "project: team").replace("namespace: web", 'namespace: "{{ .cluster }}"')
    projects = project(destinations="[{name: one, namespace: web}]")
    (got,) = found(tmp_path, {"set.yaml": text, "p.yaml": projects, "releases/one.yaml": RELEASE}, CODE)
    assert got.splitlines()[0].startswith("releases/one.yaml:3:10: error: web-one lands in namespace one of one, which")
    assert got.splitlines()[-1] == "set.yaml:16:20: by this template"


def test_a_namespace_that_an_object_states_itself_must_be_permitted_too(tmp_path: Path) -> None:
    files = {
        "app.yaml": app(),
        "project.yaml": project(destinations="[{name: here, namespace: web}]"),
        "web/x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: kube-system}\n",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "web/x.yaml:3:32: error: web lands in namespace kube-system of here, which project team does not permit; "
            "it "
            "permits web of here\n"
            "hint: correct the destination, or add it to the destinations of the project\n"
            "project.yaml:6:17: what the project permits"
        ),
    ]


def test_what_a_chart_would_bring_that_is_not_there_is_not_taken_from_its_folder(tmp_path: Path) -> None:
    files = {
        "web/app.yaml": app().replace("path: web}", "path: web, helm: {valueFiles: [values.yaml]}}"),
        "web/values.yaml": "replicas: 1\n",
        "project.yaml": project(destinations="[{name: here, namespace: web}]"),
    }
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    ("destination", "count"),
    [
        ("{name: in-cluster, namespace: web}", 0),
        ("{server: https://kubernetes.default.svc, namespace: web}", 0),
        ("{name: other, namespace: web}", 1),
    ],
)
def test_the_local_cluster_is_known_by_name_and_server(tmp_path: Path, destination: str, count: int) -> None:
    files = {
        "app.yaml": app().replace("name: here, namespace", "server: https://kubernetes.default.svc, namespace"),
        "project.yaml": project(destinations=f"[{destination}]"),
        "web/x.yaml": "",
    }
    assert len(found(tmp_path, files, CODE)) == count


@pytest.mark.parametrize("name", ["'{{project}}'", "<no value>"])
def test_a_project_that_was_not_filled_in_is_left_to_the_rules_of_templates(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, {"a.yaml": app(name), "project.yaml": project()}, CODE) == []


def test_a_destination_by_server_is_not_judged_where_the_server_is_not_known(tmp_path: Path) -> None:
    by_server = project(destinations="[{server: https://prod, namespace: web}]")
    files = {"app.yaml": app(), "project.yaml": by_server, "web/x.yaml": ""}
    assert found(tmp_path, files, CODE) == []
    secret = """
        apiVersion: v1
        kind: Secret
        metadata: {name: x, labels: {argocd.argoproj.io/secret-type: cluster}}
        stringData: {name: here, server: https://dev}
        """
    (got,) = found(tmp_path, {"secret.yaml": secret}, CODE)
    assert got.startswith(
        "app.yaml:7:40: error: web lands in namespace web of here, which project team does not permit;"
    )


def test_a_repository_that_is_not_permitted_is_found() -> None:
    assert found_in_six_clusters(CODE, DEV, ('    - "https://charts.external-secrets.io"\n', "")) == [
        f"output/{ESO}:91:20: error: external-secrets-dev-{place} comes from https://charts.external-secrets.io, which "
        "project dev does not permit\n"
        "hint: correct the repository, or add it to the sourceRepos of the project\n"
        "output/argocd/projects/dev.yaml:10:5: what the project permits"
        for place in ("use1", "usw2")
    ]


def test_a_namespace_that_is_created_needs_the_kind_namespace() -> None:
    got = found_in_six_clusters(CODE, DEV, ('    - group: ""\n      kind: "Namespace"\n', ""))
    assert got == [
        f"output/{path}:{line}: error: {name} needs Namespace, since it has CreateNamespace=true, and project dev does "
        "not permit that cluster-scoped kind\n"
        "hint: add it to the clusterResourceWhitelist of the project\n"
        "output/argocd/projects/dev.yaml:22:5: what the project permits"
        for path, line, name in (
            (ESO, "104:11", "external-secrets-dev-use1"),
            (ESO, "104:11", "external-secrets-dev-usw2"),
            (MYAPP, "106:11", "myapp-dev-use1"),
            (MYAPP, "106:11", "myapp-dev-usw2"),
        )
    ]


CREATING = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd}}
spec:
  project: team
  source: {{repoURL: {url}, path: web}}
  destination: {{server: {server}, namespace: {namespace}}}
  syncPolicy: {{syncOptions: [CreateNamespace=true]}}
"""
LOCAL = "https://kubernetes.default.svc"


def test_elsewhere_a_namespace_may_be_there_already(tmp_path: Path) -> None:
    files = {"app.yaml": CREATING.format(url=URL, server=LOCAL, namespace="web"), "project.yaml": project()}
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:8:29: warning: web needs Namespace, since it has CreateNamespace=true and web may not be there "
            "yet, and project team does not permit that cluster-scoped kind\n"
            "hint: add it to the clusterResourceWhitelist of the project\n"
            "project.yaml:7:29: what the project permits"
        )
    ]


@pytest.mark.parametrize(
    ("server", "namespace", "file", "is_told"),
    [
        (LOCAL, "argocd", "", False),
        ("https://one.example.com", "argocd", "", True),
        (LOCAL, "kube-system", "", False),
        (LOCAL, "web", "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n", False),
        (LOCAL, "web", "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n", True),
    ],
)
def test_elsewhere_a_namespace_that_is_there_is_not_made(
    tmp_path: Path, server: str, namespace: str, file: str, is_told: bool
) -> None:
    text = CREATING.format(url=URL, server=server, namespace=namespace)
    files = {"app.yaml": text, "project.yaml": project(), "install/namespaces.yaml": file}
    assert bool(found(tmp_path, files, CODE)) is is_told


@pytest.mark.parametrize(
    "kind", ["ValidatingWebhookConfiguration", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"]
)
def test_the_operators_chart_needs_its_cluster_scoped_kinds(kind: str) -> None:
    first, *others = found_in_six_clusters(CODE, DEV, (f'kind: "{kind}"\n', 'kind: "Other"\n'))
    assert first.startswith(f"output/{ESO}:93:18: error: external-secrets-dev-use1 needs {kind} of ")
    assert len(others) == 1


@pytest.mark.parametrize(
    ("values", "needed"),
    [
        ("{}", ["ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "ValidatingWebhookConfiguration"]),
        ("{installCRDs: false, webhook: {create: false}}", ["ClusterRole", "ClusterRoleBinding"]),
        ("{scopedRBAC: true}", ["CustomResourceDefinition", "ValidatingWebhookConfiguration"]),
    ],
)
def test_what_the_operators_values_switch_off_is_not_needed(tmp_path: Path, values: str, needed: list[str]) -> None:
    source = "source: {{repoURL: https://charts.external-secrets.io, chart: external-secrets, targetRevision: 2.9.0, "
    text = APP.replace("source: {{repoURL: {url}, path: web", f"{source}helm: {{{{valuesObject: {{values}}}}}}")
    files = {"app.yaml": text.format(project="team", labels="{}", values=values), "project.yaml": project()}
    assert sorted(each.split(" needs ")[1].split(" of ")[0] for each in found(tmp_path, files, CODE)) == needed


@pytest.mark.parametrize(
    ("kinds", "count"),
    [
        ("[]", 1),
        ("[{group: rbac.authorization.k8s.io, kind: ClusterRole}]", 0),
        ("[{group: rbac.authorization.k8s.io, kind: ClusterRole, name: other-*}]", 1),
        ("[{group: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}]", 0),
    ],
)
def test_a_cluster_scoped_object_must_be_permitted(tmp_path: Path, kinds: str, count: int) -> None:
    files = {
        "app.yaml": app(),
        "project.yaml": project(kinds=kinds),
        "web/x.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\n",
    }
    expected = (
        "web/x.yaml:1:1: error: web needs ClusterRole of rbac.authorization.k8s.io, for reader, and project team does "
        "not permit that cluster-scoped kind\n"
        "hint: add it to the clusterResourceWhitelist of the project\n"
        "project.yaml:7:29: what the project permits"
    )
    assert found(tmp_path, files, CODE) == [expected] * count


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        ("cert-manager.io", "ClusterIssuer"),
        ("gateway.networking.k8s.io", "GatewayClass"),
        ("generators.external-secrets.io", "ClusterGenerator"),
        ("kyverno.io", "ClusterPolicy"),
        ("snapshot.storage.k8s.io", "VolumeSnapshotClass"),
    ],
)
def test_a_cluster_scoped_object_of_an_operator_must_be_permitted(tmp_path: Path, group: str, kind: str) -> None:
    files = {
        "app.yaml": app(),
        "project.yaml": project(kinds="[]"),
        "web/x.yaml": f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: x}}\n",
    }
    told = f"web/x.yaml:1:1: error: web needs {kind} of {group}, for x, and project team does not permit that"
    assert [each.partition(" cluster-scoped kind")[0] for each in found(tmp_path, files, CODE)] == [told]


def test_a_namespaced_kind_that_the_project_forbids_is_found(tmp_path: Path) -> None:
    files = {
        "app.yaml": app(),
        "project.yaml": project() + "  namespaceResourceBlacklist: [{group: '', kind: ConfigMap}]\n",
        "web/x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: web}\n",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "web/x.yaml:2:7: error: web brings ConfigMap x, and project team does not permit ConfigMap\n"
            "hint: add the kind to the namespaceResourceWhitelist of the project, or take it off its blacklist\n"
            "project.yaml:5:3: what the project permits"
        ),
    ]


def test_a_kind_that_surely_has_a_namespace_need_not_state_it_nor_one_that_is_permitted_nowhere(tmp_path: Path) -> None:
    secret = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x}\n"
    files = {
        "app.yaml": app(),
        "project.yaml": project() + "  namespaceResourceWhitelist: [{group: '', kind: ConfigMap}]\n",
        "web/x.yaml": secret,
        "web/y.yaml": "apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: w}\n",
    }
    assert found(tmp_path, files, CODE) == [
        (
            "web/x.yaml:2:7: error: web brings ExternalSecret x, and project team does not permit ExternalSecret\n"
            "hint: add the kind to the namespaceResourceWhitelist of the project, or take it off its blacklist\n"
            "project.yaml:5:3: what the project permits"
        ),
        (
            "web/y.yaml:2:7: error: web brings NodePool w, and project team does not permit NodePool\n"
            "hint: add the kind to the whitelist for its scope, cluster or namespace, of the project, or take it off "
            "its blacklist\n"
            "project.yaml:5:3: what the project permits"
        ),
    ]


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ("namespaceResourceWhitelist: [{group: '', kind: ConfigMap}]", 1),
        ("namespaceResourceWhitelist: [{group: monitoring.coreos.com, kind: '*'}]", 0),
        ("namespaceResourceBlacklist: [{group: '*', kind: ServiceMonitor}]", 1),
        ("namespaceResourceBlacklist: [{group: '*', kind: Secret}]", 0),
    ],
)
@pytest.mark.parametrize(
    ("kinds", "is_listed"), [("[{group: '', kind: Namespace}]", False), ("[{group: '*', kind: '*'}]", True)]
)
def test_a_kind_that_is_permitted_neither_with_nor_without_a_namespace_is_found(
    tmp_path: Path, more: str, count: int, kinds: str, is_listed: bool
) -> None:
    files = {
        "app.yaml": app(),
        "project.yaml": project(kinds=kinds) + f"  {more}\n",
        "web/x.yaml": "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: x}\n",
    }
    expected = "web/x.yaml:2:7: error: web brings ServiceMonitor x, and project team does not permit ServiceMonitor"
    told = [each.splitlines()[0] for each in found(tmp_path, files, CODE)]
    assert told == ([] if is_listed else [expected] * count)


@pytest.mark.parametrize("file", ["", "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"])
def test_a_namespace_whose_labels_argo_cd_keeps_must_be_permitted_wherever_it_comes_from(
    tmp_path: Path, file: str
) -> None:
    text = CREATING.format(url=URL, server=LOCAL, namespace="web")
    text = text.replace("CreateNamespace=true]", "CreateNamespace=true], managedNamespaceMetadata: {labels: {a: b}}")
    files = {"app.yaml": text, "project.yaml": project(), "install/namespaces.yaml": file}
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:8:29: error: web needs Namespace, since it has CreateNamespace=true, and project team does not "
            "permit that cluster-scoped kind\n"
            "hint: add it to the clusterResourceWhitelist of the project\n"
            "project.yaml:7:29: what the project permits"
        )
    ]


REPOSITORY = """\
apiVersion: v1
kind: Secret
metadata: {name: web-repository, labels: {argocd.argoproj.io/secret-type: repository}}
stringData: {type: git, project: PROJECT, url: ADDRESS}
"""

CLUSTER = """\
apiVersion: v1
kind: Secret
metadata: {name: here, namespace: argocd, labels: {argocd.argoproj.io/secret-type: cluster}}
stringData: {name: here, server: 'https://1.2.3.4', project: team, config: '{}'}
"""


def of_repository(project: str, address: str = URL) -> str:
    return REPOSITORY.replace("PROJECT", project).replace("ADDRESS", address)


@pytest.mark.parametrize("made", ["Secret", "ExternalSecret", "SealedSecret"])
def test_a_repository_whose_secret_names_the_project_is_permitted(tmp_path: Path, made: str) -> None:
    secrets = {
        "Secret": of_repository("team", URL.removesuffix(".git")),
        "ExternalSecret": f"""\
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {{name: web-repository, namespace: argocd}}
            spec:
              target:
                template:
                  metadata: {{labels: {{argocd.argoproj.io/secret-type: repository}}}}
                  data: {{project: team, url: '{URL}', password: '{{{{ .password }}}}'}}
            """,
        "SealedSecret": f"""\
            apiVersion: bitnami.com/v1alpha1
            kind: SealedSecret
            metadata: {{name: web-repository, namespace: argocd}}
            spec:
              encryptedData: {{password: AgBy3i4OJSWK}}
              template:
                metadata: {{labels: {{argocd.argoproj.io/secret-type: repository}}}}
                data: {{project: team, url: '{URL}'}}
            """,
    }
    files = {"a.yaml": app(), "project.yaml": project(repos="[]"), "secret.yaml": secrets[made]}
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    "secret",
    [
        of_repository("other"),
        of_repository("''"),
        of_repository("team", "https://git.example.com/another.git"),
        of_repository("team").replace("name: web-repository", "name: web-repository, namespace: elsewhere"),
        of_repository("team").replace("secret-type: repository", "secret-type: repo-creds"),
    ],
    ids=["another project", "no project", "another repository", "another Argo CD", "credentials only"],
)
def test_another_secret_permits_nothing(tmp_path: Path, secret: str) -> None:
    (got,) = found(tmp_path, {"a.yaml": app(), "project.yaml": project(repos="[]"), "secret.yaml": secret}, CODE)
    assert got.startswith(f"a.yaml:6:21: error: web comes from {URL}, which project team does not permit\n")


@pytest.mark.parametrize(
    "secret",
    [
        of_repository("'ENC[AES256_GCM,data:kq0=,iv:x,tag:y,type:str]'"),
        of_repository("team", "'<path:secret/data/argocd#url>'"),
        of_repository("'<project>'"),
        """\
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: web-repository, namespace: argocd, labels: {argocd.argoproj.io/secret-type: repository}}
        spec: {dataFrom: [{extract: {key: repository}}]}
        """,
    ],
    ids=["encrypted", "a path of a plugin", "a placeholder", "all from the provider"],
)
def test_where_the_secret_of_a_repository_cannot_be_read_it_may_permit_it(tmp_path: Path, secret: str) -> None:
    files = {"a.yaml": app(), "project.yaml": project(repos="[]", destinations="[]"), "secret.yaml": secret}
    destination, repository = found(tmp_path, files, CODE)
    assert destination.startswith(
        "a.yaml:7:40: error: web lands in namespace web of here, which project team does not "
    )
    assert repository.startswith(f"a.yaml:6:21: warning: web comes from {URL}, which project team does not permit\n")


def test_a_cluster_whose_secret_names_the_project_is_permitted_in_the_namespaces_that_it_names(tmp_path: Path) -> None:
    files = {"a.yaml": app(), "project.yaml": project(destinations="[]"), "secret.yaml": CLUSTER}
    assert found(tmp_path, files, CODE) == []
    files["secret.yaml"] = CLUSTER.replace("project: team", "project: team, namespaces: 'db, web'")
    assert found(tmp_path, files, CODE) == []
    files["secret.yaml"] = CLUSTER.replace("project: team", "project: team, namespaces: db")
    (got,) = found(tmp_path, files, CODE)
    assert "does not permit; it permits db of https://1.2.3.4\n" in got


SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm, namespace: argocd}
data:
  globalProjects: |
    - projectName: everybody
      labelSelector:
        matchExpressions: [{key: inherits, operator: In, values: [everything]}]
"""


def test_what_a_global_project_permits_is_permitted_to_those_that_inherit_from_it(tmp_path: Path) -> None:
    inheriting = project(repos="[]", destinations="[]").replace("argocd}", "argocd, labels: {inherits: everything}}", 1)
    files = {
        "a.yaml": app(),
        "project.yaml": inheriting,
        "everybody.yaml": project("everybody"),
        "settings.yaml": SETTINGS,
    }
    assert found(tmp_path, files, CODE) == []
    files["project.yaml"] = inheriting.replace("inherits: everything", "inherits: nothing")
    assert [each.split("\n")[0].split(": ")[1] for each in found(tmp_path, files, CODE)] == ["error", "error"]


def test_what_is_added_to_a_project_is_looked_for_once_for_all_its_applications(tmp_path: Path) -> None:
    for path, text in {"project.yaml": project(destinations="[]"), "secret.yaml": CLUSTER}.items():
        (tmp_path / path).write_text(dedent(text), encoding="utf-8")
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    extras, plain = ProjectExtras(graph), Project(graph.projects["team"])
    assert extras.widened(plain).destinations == (Destination("", "https://1.2.3.4", "*"),)
    assert extras.widened(plain) is extras.widened(plain)


def test_a_global_project_that_is_not_here_may_permit_everything(tmp_path: Path) -> None:
    inheriting = project(repos="[]").replace("argocd}", "argocd, labels: {inherits: everything}}", 1)
    (got,) = found(tmp_path, {"a.yaml": app(), "project.yaml": inheriting, "settings.yaml": SETTINGS}, CODE)
    assert got.startswith(f"a.yaml:6:21: warning: web comes from {URL}, which project team does not permit\n")


@pytest.mark.parametrize(
    ("lists", "entry"),
    [
        ({"repos": "['https://git.example.com/<you>/web.git']"}, "https://git.example.com/<you>/web.git of its source"),
        ({"destinations": "[{name: '<cluster>', namespace: '*'}]"}, "<cluster> of its destinations"),
        ({"destinations": "[{name: here, namespace: YOUR_NAMESPACE}]"}, "YOUR_NAMESPACE of its destinations"),
    ],
    ids=["a repository", "a cluster", "a namespace"],
)
def test_a_list_with_a_placeholder_may_permit_what_is_filled_in(
    tmp_path: Path, lists: dict[str, str], entry: str
) -> None:
    (got,) = found(tmp_path, {"a.yaml": app(), "project.yaml": project(**lists)}, CODE)
    assert ": warning: web " in got
    assert f", unless {entry}" in got


def test_a_list_with_a_placeholder_in_a_set_of_clusters_may_permit_what_is_filled_in(tmp_path: Path) -> None:
    web = GIT_SET.removeprefix(MARK).replace("project: default", "project: team")
    web = web.replace(
        f"[git: {{repoURL: {URL}, revision: main, files: [{{path: releases/*.yaml}}]}}]", "[clusters: {}]"
    )
    web = web.replace("application }}", "name }}").replace("cluster }}", "name }}")
    files = {"web.yaml": web, "project.yaml": project(repos="['https://git.example.com/<you>/web.git']")}
    (got,) = found(tmp_path, files, CODE)
    assert got.startswith("web.yaml:")
    assert ": warning: the Applications of ApplicationSet web come from " in got


def test_a_generated_list_has_no_placeholder(tmp_path: Path) -> None:
    files = {"a.yaml": app(), "project.yaml": MARK + project(repos="['https://git.example.com/<you>/web.git']")}
    assert [each.split()[1] for each in found(tmp_path, files, CODE)] == ["error:"]


HERE, THERE = (project(destinations=f"[{{name: {name}, namespace: '*'}}]") for name in ("here", "there"))


@pytest.mark.parametrize(
    ("projects", "place"),
    [
        ({"dev/project.yaml": HERE, "prod/project.yaml": THERE}, None),
        ({"dev/project.yaml": THERE, "prod/project.yaml": HERE}, "dev/project.yaml"),
        ({"dev/apps/project.yaml": HERE, "dev/project.yaml": THERE}, None),
        ({"a/project.yaml": HERE, "b/project.yaml": THERE}, None),
        ({"a/project.yaml": THERE, "b/project.yaml": THERE}, "a/project.yaml"),
    ],
    ids=["the nearest permits it", "the nearest does not", "beside it", "two as near", "two alike"],
)
def test_of_projects_of_one_name_the_nearest_counts(
    tmp_path: Path, projects: dict[str, str], place: str | None
) -> None:
    problems = found(tmp_path, {**projects, "dev/apps/web.yaml": app()}, CODE)
    assert [each.partition(", which project")[0] for each in problems] == (
        ["dev/apps/web.yaml:7:40: error: web lands in namespace web of here"] if place else []
    )
    assert all(f"\n{place}:" in each for each in problems)


def test_an_element_in_the_project_that_is_nobodys_is_a_warning_where_the_others_have_one() -> None:
    (told,) = found_in_six_clusters(CODE, MYAPP, ('project: "dev"', 'project: "default"'))
    assert told == (
        f"output/{MYAPP}:19:22: warning: myapp-dev-use1 is in project default, which is nobody's, and myapp-dev-usw2 "
        "of the same set is in project dev\n"
        "hint: put it in the project of its environment\n"
        f"output/{MYAPP}:29:22: the project of myapp-dev-usw2"
    )


def test_a_whole_set_may_be_in_the_project_that_is_nobodys() -> None:
    problems = found_in_six_clusters(CODE, MYAPP, ('project: "{{ .project }}"', "project: default"))
    assert [each for each in problems if "nobody" in each] == []


def test_the_project_that_lost_its_applications_with_its_name_is_named() -> None:
    path = "argocd/projects/dev.yaml"
    first, *_ = found_in_six_clusters(CODE, path, ('name: "dev"', 'name: "workbench"'))
    assert "is in project dev: there is no such AppProject" in first
    assert first.splitlines()[-1] == f"output/{path}:5:9: no Application is in this one, which is for the cluster"


def test_the_template_of_a_repository_is_told_beside_its_parameter_in_another_file(tmp_path: Path) -> None:
    web = GIT_SET.replace("project: default", "project: team")
    web = web.replace(f"source: {{repoURL: {URL}", "source: {repoURL: '{{ .cluster }}'")
    team = PROJECT.format(name="team", repos=f"['{URL}']", destinations="[{name: '*', namespace: '*'}]", kinds="[]")
    told = found(tmp_path, {"web.yaml": web, "releases/one.yaml": RELEASE, "team.yaml": team}, CODE)
    (got,) = [each for each in told if "web-one comes from one" in each]
    assert got.startswith("releases/one.yaml:3:10: error: ")
    assert got.splitlines()[-1] == "web.yaml:13:25: by this template"


@pytest.mark.parametrize(
    ("project", "expected"), [("defualt", "warning"), ("deafult", "warning"), ("default", ""), ("other", "note")]
)
def test_a_slip_in_the_project_that_is_always_there_is_a_warning(tmp_path: Path, project: str, expected: str) -> None:
    files = {"apps/web.yaml": application().replace("project: default", f"project: {project}")}
    problems = found(tmp_path, files, CODE)
    assert [each.split(": ")[1] for each in problems] == ([expected] if expected else [])
    assert all("did you mean default?" in each for each in problems if expected == "warning")
