"""Clusters that Argo CD would not find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files, RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import GIT_SET, RELEASE
from tests.checks.trees import found, found_in_six_clusters
from tests.tools.generated import real

if TYPE_CHECKING:
    from pathlib import Path

CODE = "destination-declared"
MYAPP = "argocd/applicationsets/myapp.yaml"


def app(name: str, destination: str) -> str:
    """Returns an Application written by hand."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: default
  source: {{repoURL: https://example.com/x, path: p}}
  destination: {{{destination}}}
"""


def secret(name: str) -> str:
    """Returns the Secret of a cluster."""
    return f"""\
apiVersion: v1
kind: Secret
metadata: {{name: {name}, labels: {{argocd.argoproj.io/secret-type: cluster}}}}
stringData: {{name: {name}, server: 'https://{name}.example.com', config: '{{}}'}}
"""


def test_the_name_of_a_cluster_as_its_server_is_told_once(tmp_path: Path) -> None:
    """Here a variable file knows the cluster, and no Secret."""
    files = {"a.yaml": app("a", "server: prices"), "prices.tfvars": 'cluster_name = "prices"\n'}
    (got,) = found(tmp_path, files, CODE)
    assert "a lands on the server prices, which is the name of a cluster, expected its URL\n" in got


@pytest.mark.parametrize(
    ("server", "severity", "meant"),
    [
        ("in-cluster", "error", "name: in-cluster"),
        ("kubernetes.default.svc", "error", "server: https://kubernetes.default.svc"),
        ("api.example.com:6443", "warning", "server: https://api.example.com:6443"),
        ("staging", "warning", "name: staging"),
    ],
)
@pytest.mark.parametrize("others", [{}, {"prices.yaml": secret("prices")}], ids=["alone", "beside a Secret"])
def test_a_server_that_is_no_url_is_told_once(
    tmp_path: Path, server: str, severity: str, meant: str, others: dict[str, str]
) -> None:
    assert found(tmp_path, {"a.yaml": app("a", f"server: '{server}'"), **others}, CODE) == [
        (f"a.yaml:7:25: {severity}: a lands on the server {server}, expected a URL\nhint: write {meant}"),
    ]


ALMOST = "https://kubernetes.default.svcs"


def test_almost_the_server_of_the_own_cluster_is_a_slip(tmp_path: Path) -> None:
    told = f"a.yaml:7:25: warning: a lands on the server {ALMOST}, expected https://kubernetes.default.svc"
    assert found(tmp_path, {"a.yaml": app("a", f"server: {ALMOST}")}, CODE) == [
        f"{told}, Argo CD's own cluster\nhint: write server: https://kubernetes.default.svc"
    ]
    other = secret("other").replace("https://other.example.com", ALMOST)
    assert found(tmp_path, {"a.yaml": app("a", f"server: {ALMOST}"), "other.yaml": other}, CODE) == []


@pytest.mark.parametrize("server", ["https://kubernetes.default.svc/", "https://kubernetes.default", "https://1.2.3.4"])
def test_another_server_is_none_that_is_almost_the_own(tmp_path: Path, server: str) -> None:
    assert found(tmp_path, {"a.yaml": app("a", f"server: {server}")}, CODE) == []


@pytest.mark.parametrize(
    "server",
    ["arn:aws:eks:eu-west-1:111122223333:cluster/a", "<SERVER>", "${SERVER}", "CLUSTER_URL", "{{ .Values.server }}"],
)
def test_an_arn_and_what_is_filled_in_may_be_a_server(tmp_path: Path, server: str) -> None:
    assert found(tmp_path, {"a.yaml": app("a", f"server: '{server}'")}, CODE) == []


@pytest.mark.parametrize(
    ("url", "severity"),
    [("https://kubernetes.default.svc", "error"), ("https://api.example.com:6443", "warning")],
)
@pytest.mark.parametrize("others", [{}, {"prices.yaml": secret("prices")}], ids=["alone", "beside a Secret"])
def test_a_url_as_the_name_of_a_cluster_is_told_once(
    tmp_path: Path, url: str, severity: str, others: dict[str, str]
) -> None:
    files = {"a.yaml": app("a", f"name: '{url}'"), **others}
    assert found(tmp_path, files, CODE) == [
        (
            f"a.yaml:7:23: {severity}: a lands on the cluster of the name {url}, which is a URL\n"
            f"hint: write server: {url}"
        ),
    ]


def test_a_cluster_may_be_called_by_its_url(tmp_path: Path) -> None:
    url = "https://api.example.com:6443"
    named = secret("prices").replace("name: prices, server", f"name: '{url}', server")
    assert found(tmp_path, {"a.yaml": app("a", f"name: '{url}'"), "prices.yaml": named}, CODE) == []


@pytest.mark.parametrize(
    ("name", "severities"),
    [("prices", []), ("'{{ .name }}'", ["warning:"]), ("other", ["error:"])],
    ids=["it is this one", "it may be any", "it is another one"],
)
def test_the_secret_of_a_cluster_may_be_made_by_an_operator(tmp_path: Path, name: str, severities: list[str]) -> None:
    made = f"""\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{name: made, namespace: argocd}}
spec:
  target:
    template:
      metadata: {{labels: {{argocd.argoproj.io/secret-type: cluster}}}}
      data: {{name: {name}, server: '{{{{ .server }}}}', config: '{{{{ .config }}}}'}}
"""
    files = {"a.yaml": app("a", "name: prices"), "one.yaml": secret("pricey"), "made.yaml": made}
    got = [each for each in found(tmp_path, files, CODE) if "did you mean pricey?" in each]
    assert [each.split()[1] for each in got] == severities


@pytest.mark.parametrize(
    ("destination", "told"),
    [
        ("name: prices", []),
        ("server: 'https://prices.example.com'", []),
        ("name: other", ["no Secret here declares the cluster other"]),
    ],
)
def test_a_cluster_whose_secret_an_operator_makes_is_declared(
    tmp_path: Path, destination: str, told: list[str]
) -> None:
    made = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: made, namespace: argocd}
spec:
  target:
    template:
      metadata: {labels: {argocd.argoproj.io/secret-type: cluster}}
      data: {name: prices, server: 'https://prices.example.com', config: '{{ .config }}'}
"""
    files = {"a.yaml": app("a", destination), "made.yaml": made}
    assert found(tmp_path, files, CODE) == []
    problems = judge(Graph(Files(tmp_path), (".",), repositories({}))).problems
    assert [each.message.partition(" to Argo CD")[0] for each in problems if "no Secret here" in each.message] == told


def test_a_name_that_no_secret_and_no_tfvars_has_is_an_error_in_our_files() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('cluster: "myapp-dev-use1"', 'cluster: "myapp-dev-use3"')) == [
        (
            "output/argocd/applicationsets/myapp.yaml:15:22: error: myapp-dev-use1 lands on myapp-dev-use3, and no "
            "file here "
            "declares a cluster of that name\n"
            "hint: did you mean myapp-dev-use1?"
        ),
    ]


def test_a_cluster_with_a_tfvars_file_is_registered_elsewhere() -> None:
    removed = ("argocd.argoproj.io/secret-type: cluster", "argocd.argoproj.io/secret-type: repository")
    assert found_in_six_clusters(CODE, "argocd/clusters/dev/myapp-dev-use1.yaml", removed) == []


def test_clusters_that_nothing_declares_are_registered_elsewhere(tmp_path: Path) -> None:
    files = {"a.yaml": app("a", "name: blue"), "b.yaml": app("b", "server: https://red.example.com")}
    assert found(tmp_path, files, CODE) == []


def test_a_cluster_is_declared_in_base64_too(tmp_path: Path) -> None:
    encoded = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: x, labels: {argocd.argoproj.io/secret-type: cluster}}\n"
        "data: {name: Ymx1ZQ==, server: aHR0cHM6Ly9yZWQuZXhhbXBsZS5jb20=, config: e30=}\n"
    )
    files = {
        "a.yaml": app("a", "name: blue"),
        "b.yaml": app("b", "server: https://red.example.com"),
        "secret.yaml": secret("green"),
        "encoded.yaml": encoded,
    }
    assert found(tmp_path, files, CODE) == []
    files["encoded.yaml"] = encoded.replace("Ymx1ZQ==", "not base64")
    assert [each.partition(":7:")[0] for each in found(tmp_path, files, CODE)] == ["a.yaml", "b.yaml"]


def test_among_declared_clusters_one_that_is_not_is_a_note(tmp_path: Path) -> None:
    files = {
        "a.yaml": app("a", "name: blue"),
        "b.yaml": app("b", "server: https://red.example.com"),
        "c.yaml": app("c", "name: green"),
        "secret.yaml": secret("green"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:7:23: note: a lands on blue, and no file here declares a cluster of that name\n"
            "hint: verify its Secret together with these"
        ),
        (
            "b.yaml:7:25: note: b lands on https://red.example.com, and no file here declares a cluster of that "
            "server\n"
            "hint: verify its Secret together with these"
        ),
    ]


def test_where_variable_files_alone_name_clusters_it_is_told_once_that_no_secret_does(tmp_path: Path) -> None:
    files = {"a.yaml": app("a", "name: blue"), "c.yaml": app("c", "name: green")}
    files["green.tfvars"] = 'cluster_name = "green"\n'
    assert found(tmp_path, files, CODE) == []
    problems = judge(Graph(Files(tmp_path), (".",), repositories({}))).problems
    assert [each.message.partition(" to Argo CD")[0] for each in problems if "cluster" in each.message] == [
        "no Secret here declares the cluster blue",
        "no Secret here declares the cluster green",
    ]


@pytest.mark.parametrize("server", ["in-cluster", "kubernetes.default.svc"])
def test_a_server_that_is_no_url_is_not_said_to_be_unknown_too(tmp_path: Path, server: str) -> None:
    files = {"a.yaml": app("a", f"server: '{server}'")}
    assert len(found(tmp_path, files, CODE)) == 1
    problems = judge(Graph(Files(tmp_path), (".",), repositories({}))).problems
    assert [each.message for each in problems if "whether it is registered" in each.message] == []


def test_a_typo_of_a_declared_cluster_is_an_error_everywhere(tmp_path: Path) -> None:
    files = {"a.yaml": app("a", "name: prodution"), "secret.yaml": secret("production")}
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:7:23: error: a lands on prodution, and no file here declares a cluster of that name\n"
            "hint: did you mean production?\n"
            "secret.yaml:1:1: this one is declared"
        ),
    ]


def test_a_typo_of_what_other_applications_name_is_an_error_at_the_rarer(tmp_path: Path) -> None:
    files = {f"{number}.yaml": app(f"a{number}", "name: production") for number in range(3)}
    assert found(tmp_path, files | {"typo.yaml": app("typo", "name: productoin")}, CODE) == [
        (
            "typo.yaml:7:23: error: typo lands on productoin, and no file here declares a cluster of that name\n"
            "hint: did you mean production?"
        ),
    ]


def test_numbered_clusters_are_no_typos_of_each_other(tmp_path: Path) -> None:
    files = {f"{number}.yaml": app(f"a{number}", "name: prod-1") for number in range(3)}
    assert found(tmp_path, files | {"other.yaml": app("other", "name: prod-2")}, CODE) == []


def test_a_destination_without_a_cluster_is_found_and_the_local_one_is_always_there(tmp_path: Path) -> None:
    files = {
        "a.yaml": app("a", "namespace: web"),
        "b.yaml": app("b", "name: in-cluster"),
        "c.yaml": app("c", "server: 'https://kubernetes.default.svc'"),
        "secret.yaml": secret("green"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:7:16: error: a names no cluster, expected destination.name or destination.server\n"
            "hint: add destination.name, the name of the cluster in Argo CD"
        ),
    ]


def test_a_destination_of_which_an_excerpt_leaves_out_the_cluster_is_a_note(tmp_path: Path) -> None:
    text = app("a", "namespace: web").replace("  destination", "  # ...\n  destination")
    assert found(tmp_path, {"a.yaml": text, "secret.yaml": secret("green")}, CODE) == [
        (
            "a.yaml:8:16: note: a names no cluster, expected destination.name or destination.server, in a file that "
            "leaves something out\n"
            "hint: add destination.name, the name of the cluster in Argo CD"
        ),
    ]


def test_a_destination_that_is_no_map_is_told_once(tmp_path: Path) -> None:
    head, _, _ = app("a", "name: green").partition("  destination")
    files = {"a.yaml": f"{head}  destination: ...\n", "secret.yaml": secret("green")}
    assert found(tmp_path, files, CODE) == []
    assert found(tmp_path, files, "argo-cd-object") == [
        (
            "a.yaml:7:16: note: Application a: spec.destination: got a string, expected a map, in a file that leaves "
            "something out\n"
            "hint: write a map"
        ),
    ]


def test_a_destination_that_is_missing_altogether_is_told_once(tmp_path: Path) -> None:
    files = {"a.yaml": app("a", "name: green").rsplit("  destination", 1)[0], "secret.yaml": secret("green")}
    assert found(tmp_path, files, CODE) == []
    assert found(tmp_path, files, "argo-cd-object") == [
        "a.yaml:4:1: error: Application a: spec: destination is missing\nhint: add destination:",
    ]


def test_what_is_meant_is_a_cluster_that_is_declared() -> None:
    problems = found_in_six_clusters(CODE, MYAPP, ('name: "{{ .cluster }}"', 'name: "{{ .cluster }}-x"'))
    hints = [each.splitlines()[1] for each in problems]
    assert hints[:2] == ["hint: did you mean myapp-dev-use1?", "hint: did you mean myapp-dev-usw2?"]
    assert len(hints) == 6


@pytest.mark.parametrize(
    ("before", "after"),
    [("cluster_name ", "clustr_name  "), ('= "myapp-dev-use1"', '= "myapp-dev-usw2"')],
    ids=["for no cluster", "for another cluster"],
)
def test_a_variable_file_of_its_name_that_is_not_for_it_is_named(before: str, after: str) -> None:
    path = "environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars"
    secret_of_it = "argocd/clusters/dev/myapp-dev-use1.yaml"
    tree = real()
    assert before in tree.files[path]
    files = {**tree.files, path: tree.files[path].replace(before, after)}
    del files[secret_of_it]
    graph = Graph(RenderedFiles(tree.root, tree.folder, files), (tree.folder,), repositories({tree.url: "."}))
    (problem,) = judge(graph, select=[CODE]).problems
    assert f"output/{path}:1:1: this file has its name, and is not for it" in [
        f"{each.at}: {each.message}" for each in problem.related
    ]


def test_the_template_and_the_parameters_of_a_cluster_are_told_where_they_are_two_files(tmp_path: Path) -> None:
    known = {"clusters/one.yaml": secret("one")}
    files = {"web.yaml": GIT_SET.replace(".cluster", ".application"), "releases/one.yaml": RELEASE, **known}
    (got,) = found(tmp_path, files, CODE)
    assert got.splitlines()[-1] == "web.yaml:15:15: by this template"
    files = {"web.yaml": GIT_SET, "releases/one.yaml": RELEASE.replace("cluster: one", 'cluster: ""'), **known}
    (got,) = found(tmp_path, files, CODE)
    assert got.splitlines()[-1] == "releases/one.yaml:2:1: for these parameters"


def test_the_name_of_a_cluster_as_a_server_is_found_at_once_for_all_elements() -> None:
    first, *others = found_in_six_clusters(
        CODE, MYAPP, ('        name: "{{ .cluster }}"', '        server: "{{ .cluster }}"')
    )
    assert first == (
        f"output/{MYAPP}:15:22: error: myapp-dev-use1 lands on the server myapp-dev-use1, which is the name of a "
        "cluster, expected its URL\n"
        "hint: write name: myapp-dev-use1\n"
        "output/argocd/clusters/dev/myapp-dev-use1.yaml:3:1: the cluster of that name"
    )
    assert len(others) == 5
