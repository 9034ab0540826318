"""Names of Helm releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import GIT_SET, RELEASE, application
from tests.checks.trees import URL, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "release-name"
MYAPP = "argocd/applicationsets/myapp.yaml"
ESO = "argocd/applicationsets/external-secrets.yaml"


def app(name: str, source: str, *, cluster: str = "name: here", namespace: str = "web") -> str:
    """Returns an Application written by hand."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: default
  source: {source}
  destination: {{{cluster}, namespace: {namespace}}}
"""


CHART = "{repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0"

IN_GIT = f"{{repoURL: '{URL}', path: m}}"
STORE = """\
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: store}
spec: {provider: {aws: {service: SecretsManager, region: eu-west-1}}}
"""


def test_a_release_name_that_helm_refuses_is_found_on_each_cluster() -> None:
    assert (
        found_in_six_clusters(CODE, MYAPP, ('releaseName: "myapp"', 'releaseName: "My_app"'))
        == [
            (
                "output/argocd/applicationsets/myapp.yaml:93:26: error: the Helm release My_app: got a capital letter "
                "at the "
                "start, expected lower case letters, digits, hyphens and dots\n"
                "hint: set helm.releaseName to a shorter or corrected name"
            ),
        ]
        * 6
    )


def test_without_a_release_name_that_of_the_application_counts(tmp_path: Path) -> None:
    name = "a" * 54
    assert found(tmp_path, {"web.yaml": app(name, f"{CHART}}}")}, CODE) == [
        (
            f"web.yaml:1:1: error: the Helm release {name}, which is the Application's name, as there is no "
            f"releaseName: "
            "got 54 characters, expected at most 53\n"
            "hint: set helm.releaseName to a shorter or corrected name"
        ),
    ]
    assert found(tmp_path, {"web.yaml": app(name, f"{CHART}, helm: {{releaseName: web}}}}")}, CODE) == []
    assert found(tmp_path, {"web.yaml": app(name, "{repoURL: x, path: manifests}")}, CODE) == []


def test_a_chart_in_git_that_the_source_does_not_call_one_has_a_release_too(tmp_path: Path) -> None:
    name = "a" * 54
    files = {
        "web.yaml": app(name, f"{{repoURL: {URL}, path: charts/web}}"),
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    }
    assert found(tmp_path / "chart", files, CODE) == [
        (
            f"web.yaml:1:1: error: the Helm release {name}, which is the Application's name, as there is no "
            "releaseName: got 54 characters, expected at most 53\n"
            "hint: set helm.releaseName to a shorter or corrected name"
        ),
    ]
    taken = app(name, f"{{repoURL: {URL}, path: charts/web, directory: {{recurse: true}}}}")
    assert found(tmp_path / "folder", {**files, "web.yaml": taken}, CODE) == []


def test_a_name_that_was_not_filled_in_is_left_to_the_rules_of_templates(tmp_path: Path) -> None:
    assert found(tmp_path, {"web.yaml": app("web", f"{CHART}, helm: {{releaseName: '{{{{name}}}}'}}}}")}, CODE) == []


def test_the_operator_without_a_release_name_is_found() -> None:
    first, *others = found_in_six_clusters(CODE, ESO, ('            releaseName: "external-secrets"\n', ""))
    assert first == (
        "output/argocd/applicationsets/external-secrets.yaml:93:18: warning: the operator's release has no "
        "releaseName, "
        "so it is called external-secrets-dev-use1, and its controller's ServiceAccount external-secrets-dev-use1, not "
        "external-secrets\n"
        "hint: set helm.releaseName: external-secrets"
    )
    assert len(others) == 5


@pytest.mark.parametrize(
    ("old", "new"), [('            releaseName: "myapp"\n', ""), ('"myapp"', '""'), ('"myapp"', "")]
)
def test_a_generated_set_without_the_release_name_that_others_have_is_found(old: str, new: str) -> None:
    old, new = (each if "\n" in old else f"            releaseName: {each}" for each in (old, new))
    (got,) = found_in_six_clusters(CODE, MYAPP, (old, new))
    assert got.splitlines()[0] == (
        f"output/{MYAPP}:92:11: warning: ApplicationSet myapp has no releaseName, which others of its template have: "
        "each release is called as its Application, and so is all that its chart makes"
    )


def test_an_empty_release_name_of_the_operator_is_none() -> None:
    got, *_ = found_in_six_clusters(CODE, ESO, ('releaseName: "external-secrets"', 'releaseName: ""'))
    assert " warning: the operator's release has no releaseName, so it is called external-secrets-dev-use1" in got


@pytest.mark.parametrize(
    ("helm", "count"),
    [
        ("{}", 1),
        ("{releaseName: eso}", 0),
        ("{valuesObject: {fullnameOverride: external-secrets}}", 0),
        ("{values: 'serviceAccount: {name: external-secrets}'}", 0),
        ("{values: 'serviceAccount: {create: true}'}", 1),
    ],
)
def test_the_operators_service_account_may_be_named_in_its_values(tmp_path: Path, helm: str, count: int) -> None:
    source = "{repoURL: https://charts.external-secrets.io, chart: external-secrets, targetRevision: 2.9.0, helm: %s}"
    files = {"eso.yaml": app("eso-dev", source % helm), "store.yaml": app("stores", IN_GIT), "m/store.yaml": STORE}
    got = found(tmp_path, files, CODE)
    assert len(got) == count
    assert all("its controller's ServiceAccount eso-dev-external-secrets, not external-secrets" in each for each in got)


@pytest.mark.parametrize(
    ("helm", "provider", "count"),
    [
        ("{}", "vault: {server: https://vault}", 0),
        ("{}", "aws: {service: SecretsManager, region: eu-west-1, auth: {jwt: {}}}", 0),
        ("{}", "aws: {service: SecretsManager, region: eu-west-1}", 1),
        ("{values: 'serviceAccount: {annotations: {eks.amazonaws.com/role-arn: x}}'}", "vault: {server: a}", 1),
    ],
)
def test_the_name_of_the_operators_account_matters_where_aws_knows_it(
    tmp_path: Path, helm: str, provider: str, count: int
) -> None:
    source = "{repoURL: https://charts.external-secrets.io, chart: external-secrets, targetRevision: 2.9.0, helm: %s}"
    files = {
        "eso.yaml": app("eso-dev", source % helm),
        "store.yaml": app("stores", IN_GIT),
        "m/store.yaml": STORE.replace("aws: {service: SecretsManager, region: eu-west-1}", provider),
    }
    assert len(found(tmp_path, files, CODE)) == count


def test_two_releases_of_one_chart_with_one_name_are_found(tmp_path: Path) -> None:
    named = f"{CHART}, helm: {{releaseName: web}}}}"
    files = {"a.yaml": app("one", named), "b.yaml": app("two", named), "c.yaml": app("three", named, namespace="db")}
    assert found(tmp_path, files, CODE) == [
        (
            "b.yaml:6:104: error: two Helm releases of web are called web in namespace web of here: one and two\n"
            "hint: give each release a name, or a namespace, of its own\n"
            "a.yaml:6:104: the other one"
        ),
    ]


def test_two_releases_of_a_set_that_reads_files_name_those(tmp_path: Path) -> None:
    source = "{repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0, helm: {releaseName: web}}"
    files = {
        "web.yaml": GIT_SET.replace(f"{{repoURL: {URL}, targetRevision: main, path: releases}}", source),
        "releases/one.yaml": RELEASE,
        "releases/two.yaml": RELEASE.replace("web-one", "web-two"),
    }
    (problem,) = found(tmp_path, files, CODE)
    assert problem.splitlines()[-2:] == [
        "releases/one.yaml:2:1: web-one is made of these parameters",
        "releases/two.yaml:2:1: web-two is made of these parameters",
    ]


def test_the_template_without_a_release_name_is_told_beside_its_parameters_in_another_file(tmp_path: Path) -> None:
    source = "{repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0, helm: {skipCrds: true}}"
    files = {
        "web.yaml": GIT_SET.replace(f"{{repoURL: {URL}, targetRevision: main, path: releases}}", source),
        "releases/one.yaml": RELEASE.replace("web-one", "web-" + 50 * "e"),
    }
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith("releases/one.yaml:2:1: error: the Helm release web-eee")
    assert problem.splitlines()[-1].startswith("web.yaml:")
    assert problem.endswith(": by this template")


@pytest.mark.parametrize(
    ("template", "count"),
    [
        ("kind: ConfigMap, metadata: {name: '{{ .Values.of }}'}", 0),
        ("kind: ConfigMap, metadata: {name: '{{ .Release.Name }}'}", 1),
        ("kind: ConfigMap, metadata: {name: '{{ .Values.of }}', namespace: '{{ .Values.gone.of }}'}", 1),
        ("kind: Service, metadata: {name: '{{ .Values.of }}'}, spec: {selector: {app: '{{ .Release.Name }}'}}", 1),
        ("kind: Service, metadata: {name: '{{ .Values.of }}'}, spec: {selector: {app: '{{ .Values.of }}'}}", 0),
    ],
)
def test_releases_of_a_chart_of_the_tree_are_compared_by_what_they_make(
    tmp_path: Path, template: str, count: int
) -> None:
    source = f"{{repoURL: '{URL}', path: chart, helm: {{releaseName: web, valuesObject: {{of: NAME}}}}}}"
    files = {
        **{f"{name}.yaml": app(name, source.replace("NAME", name)) for name in ("one", "two")},
        "chart/Chart.yaml": "{apiVersion: v2, name: chart, version: 1.0.0}\n",
        "chart/templates/made.yaml": f"{{apiVersion: v1, {template}}}\n",
    }
    assert len(found(tmp_path, files, CODE)) == count


def test_two_sources_of_one_application_may_make_one_release(tmp_path: Path) -> None:
    source = "{repoURL: https://charts.example.com, chart: web, targetRevision: 1.0.0, helm: {releaseName: web}}"
    text = app("web", "SOURCE").replace("source: SOURCE", f"sources: [{source}, {source}]")
    (problem,) = found(tmp_path, {"web.yaml": text}, CODE)
    assert ": error: two Helm releases of web are called web in namespace web of here: web and web\n" in problem


def test_in_cluster_may_be_another_cluster_in_another_folder(tmp_path: Path) -> None:
    local = app("web", f"{CHART}, helm: {{releaseName: web}}}}", cluster="server: https://kubernetes.default.svc")
    assert found(tmp_path, {"a/web.yaml": local, "b/web.yaml": local}, CODE) == []
    (problem,) = found(tmp_path, {"a/more.yaml": local.replace("name: web,", "name: more,", 1)}, CODE)
    assert ": error: two Helm releases of web" in problem


def test_two_applications_in_one_folder_may_be_for_two_clusters_with_an_argo_cd_each(tmp_path: Path) -> None:
    local = app("web-dev", f"{CHART}, helm: {{releaseName: web}}}}", cluster="server: https://kubernetes.default.svc")
    files = {"apps/dev.yaml": local, "apps/prod.yaml": local.replace("web-dev", "web-prod")}
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith(
        "apps/prod.yaml:6:104: warning: two Helm releases of web are called web in namespace web of in-cluster: "
        "web-dev and web-prod, if one Argo CD has both\n"
    )
    (problem,) = found(tmp_path, {"apps.yaml": application("apps", path="apps")}, CODE)
    assert ": error: two Helm releases of web" in problem


def test_releases_in_one_folder_are_compared_beside_one_in_another(tmp_path: Path) -> None:
    local = app("web-dev", f"{CHART}, helm: {{releaseName: web}}}}", cluster="server: https://kubernetes.default.svc")
    one, two = local.replace("web-dev", "one"), local.replace("web-dev", "two")
    (problem,) = found(tmp_path, {"a/dev.yaml": local, "b/one.yaml": one, "b/two.yaml": two}, CODE)
    assert problem.startswith("b/two.yaml:6:104: warning: two Helm releases of web are called web in namespace web of ")
    assert problem.endswith("\nb/one.yaml:6:104: the other one")


@pytest.mark.parametrize("folder", ["a", "b"])
def test_an_application_that_is_written_twice_has_one_release(tmp_path: Path, folder: str) -> None:
    source = f"{CHART}, helm: {{releaseName: web}}}}"
    files = {"a/web.yaml": app("web", source), f"{folder}/copy.yaml": app("web", source)}
    assert found(tmp_path, files, CODE) == []
    assert len(found(tmp_path, files, "application-name")) == (folder == "a")


def test_a_release_name_a_letter_away_from_its_chart_is_a_warning() -> None:
    assert (
        found_in_six_clusters(CODE, MYAPP, ('releaseName: "myapp"', 'releaseName: "myap"'))
        == [
            (
                "output/argocd/applicationsets/myapp.yaml:93:26: warning: the Helm release is called myap, one letter "
                "away from "
                "its chart myapp\n"
                "hint: write myapp, if that is what is meant"
            ),
        ]
        * 6
    )


def test_releases_on_clusters_that_nobody_names_are_not_compared(tmp_path: Path) -> None:
    one = application("web", values="        releaseName: web\n").replace("    name: one\n", "")
    assert found(tmp_path, {"a/web.yaml": one, "b/web.yaml": one}, CODE) == []


@pytest.mark.parametrize(("folder", "count"), [("charts/api", 0), ("charts/apis", 1)])
def test_a_chart_that_is_not_there_is_no_measure_of_the_name_of_its_release(
    tmp_path: Path, folder: str, count: int
) -> None:
    source = f"{{repoURL: '{URL}', path: charts/apis, helm: {{releaseName: api}}}}"
    files = {"app.yaml": app("first", source), f"{folder}/Chart.yaml": "apiVersion: v2\nname: api\nversion: 0.1.0\n"}
    assert len(found(tmp_path, files, CODE)) == count


@pytest.mark.parametrize(("namespace", "count"), [("cart", 0), ("shop", 1)])
def test_a_release_that_is_called_as_its_namespace_is_no_slip_of_the_charts_folder(
    tmp_path: Path, namespace: str, count: int
) -> None:
    source = f"{{repoURL: '{URL}', path: chart, targetRevision: main, helm: {{releaseName: cart}}}}"
    files = {
        "apps/cart.yaml": app("cart-one", source, namespace=namespace),
        "chart/Chart.yaml": "{apiVersion: v2, name: basket, version: 1.0.0}\n",
    }
    assert len(found(tmp_path, files, CODE)) == count


def test_a_release_that_is_called_as_its_applicationset_is_no_slip_of_the_charts_folder() -> None:
    change = ('path: "examples/charts/myapp"', 'path: "examples/charts/mapp"')
    assert [each for each in found_in_six_clusters(CODE, MYAPP, change) if "one letter away" in each] == []


@pytest.mark.parametrize(("name", "count"), [("cart", 0), ("shop", 1)])
def test_a_release_that_is_called_as_its_application_is_no_slip_of_the_charts_folder(
    tmp_path: Path, name: str, count: int
) -> None:
    source = f"{{repoURL: '{URL}', path: chart, targetRevision: main, helm: {{releaseName: cart}}}}"
    files = {
        "apps/cart.yaml": app(name, source, namespace="a"),
        "chart/Chart.yaml": "{apiVersion: v2, name: basket, version: 1.0.0}\n",
    }
    assert len(found(tmp_path, files, CODE)) == count
