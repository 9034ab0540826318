"""apiVersions of Kubernetes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "api-version"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"


def test_a_version_that_is_gone_is_found(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}\n"}
    assert found(tmp_path, files, CODE) == [
        ("a.yaml:1:13: warning: Deployment a: got extensions/v1beta1, expected apps/v1\nhint: write apps/v1"),
    ]


def test_a_version_that_never_was_is_an_error(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: apps/v2\nkind: Deployment\nmetadata: {name: a}\n"}
    assert found(tmp_path, files, CODE) == [
        ("a.yaml:1:13: error: Deployment a: got apps/v2, expected apps/v1\nhint: write apps/v1"),
    ]


def test_a_version_with_a_typo_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("apiVersion: v1\n", "apiVersion: v1x\n")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "2:13: error: ServiceAccount myapp-eso: got v1x, expected v1\n"
            "hint: write v1"
        ),
    ]


def test_two_versions_may_be_served(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n"}
    assert found(tmp_path, files, CODE) == []


def test_a_kind_of_another_group_is_another_kind(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: apigateway.example.com/v1\nkind: Deployment\nmetadata: {name: a}\n"}
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize("version", ["kubernetes.io/tls", "iam.example.com/v1"])
def test_an_account_with_a_role_of_aws_is_one_of_kubernetes_whatever_its_group(tmp_path: Path, version: str) -> None:
    account = f"""
    apiVersion: {version}
    kind: ServiceAccount
    metadata:
      name: a
      annotations: {{eks.amazonaws.com/role-arn: "arn:aws:iam::111122223333:role/a"}}
    """
    assert found(tmp_path, {"a.yaml": account}, CODE) == [
        f"a.yaml:1:13: error: ServiceAccount a: got {version}, expected v1\nhint: write v1"
    ]
    assert found(tmp_path, {"a.yaml": account.replace("eks.amazonaws.com", "iam.example.com")}, CODE) == []


@pytest.mark.parametrize("version", ["apps/v1/", "app/v1", "v1/"])
def test_a_group_without_a_dot_is_nobody_elses(tmp_path: Path, version: str) -> None:
    files = {"a.yaml": f"apiVersion: {version}\nkind: Deployment\nmetadata: {{name: a}}\n"}
    assert found(tmp_path, files, CODE) == [
        f"a.yaml:1:13: error: Deployment a: got {version}, expected apps/v1\nhint: write apps/v1"
    ]


@pytest.mark.parametrize("group", ["networking.k9s.io", "networkingk8s.io", "networking.8ks.io", "networking.k8s.iox"])
def test_a_group_with_a_slip_in_a_digit_or_a_dot_is_found(tmp_path: Path, group: str) -> None:
    files = {"a.yaml": f"apiVersion: {group}/v1\nkind: NetworkPolicy\nmetadata: {{name: a}}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            f"a.yaml:1:13: error: NetworkPolicy a: got {group}/v1, expected networking.k8s.io/v1\n"
            "hint: write networking.k8s.io/v1"
        )
    ]


@pytest.mark.parametrize("group", ["crd.projectcalico.org", "networking.gke.io", "policy.networking.k8s.io"])
def test_a_group_that_is_somebody_elses_is_no_slip(tmp_path: Path, group: str) -> None:
    files = {"a.yaml": f"apiVersion: {group}/v1\nkind: NetworkPolicy\nmetadata: {{name: a}}\n"}
    assert found(tmp_path, files, CODE) == []


def test_a_kind_of_another_group_of_kubernetes_is_found(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: networking.k8s.io/v1\nkind: ResourceQuota\nmetadata: {name: a}\n"}
    assert found(tmp_path, files, CODE) == [
        "a.yaml:1:13: error: ResourceQuota a: got networking.k8s.io/v1, expected v1\nhint: write v1"
    ]


def test_a_template_of_a_chart_is_not_judged(tmp_path: Path) -> None:
    files = {"web/Chart.yaml": "name: web\n", "web/templates/a.yaml": "apiVersion: v2\nkind: Secret\n"}
    assert found(tmp_path, files, CODE) == []


OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        (
            "apiVersion:",
            "apiVesion:",
            "2:1: error: the object a has kind ConfigMap, but no apiVersion",
            "apiVersion: v1",
        ),
        ("apiVersion: v1\n", "", "2:1: error: the object a has kind ConfigMap, but no apiVersion", "apiVersion: v1"),
        (
            "apiVersion: v1",
            "apiVersion: [v1]",
            "2:1: error: the object a has kind ConfigMap, but no apiVersion",
            "apiVersion: v1",
        ),
        ("kind:", "kid:", "3:1: error: the object a has apiVersion v1, but no kind", "kind:"),
        ("kind: ConfigMap\n", "", "2:1: error: the object a has apiVersion v1, but no kind", "kind:"),
        ("kind: ConfigMap", "kind: ''", "3:1: error: the object a has apiVersion v1, but no kind", "kind:"),
    ],
)
def test_an_object_of_ours_that_is_only_half_of_one_is_found(
    tmp_path: Path, old: str, new: str, message: str, hint: str
) -> None:
    text = OBJECT.replace(old, new)
    assert found(tmp_path, {"a.yaml": MARK + text}, CODE) == [f"a.yaml:{message}\nhint: write {hint}"]
    assert found(tmp_path, {"a.yaml": text}, CODE) == []


TAKES = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: root}
spec:
  project: default
  destination: {name: in-cluster, namespace: argocd}
  source: {repoURL: https://git.example.com/fleet.git, targetRevision: main, path: apps}
"""


@pytest.mark.parametrize(
    ("version", "kind", "message"),
    [
        ("ResourceQuota", "v1", "1:13: warning: v1 a: Kubernetes has no kind v1 in ResourceQuota"),
        ("v2", "Widget", "1:13: warning: Widget a: Kubernetes has no kind Widget in v2"),
        ("v1", "belt", "2:7: warning: belt a: Kubernetes has no kind belt in v1"),
        ("batch/v1", "Widget", "2:7: warning: Widget a: Kubernetes has no kind Widget in batch/v1"),
    ],
)
def test_a_kind_of_no_group_is_found_in_what_an_application_brings(
    tmp_path: Path, version: str, kind: str, message: str
) -> None:
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n"
    files = {"root.yaml": TAKES, "apps/a.yaml": text, "more/b.yaml": text}
    (got,) = found(tmp_path, files, CODE)
    assert got.splitlines()[0] == f"apps/a.yaml:{message}"


@pytest.mark.parametrize("version", ["v1", "networking.k8s.io/v1", "apps/v1"])
def test_a_list_of_a_kind_is_of_its_group(tmp_path: Path, version: str) -> None:
    text = f"apiVersion: {version}\nkind: ThingList\nmetadata: {{}}\n"
    assert found(tmp_path, {"root.yaml": TAKES, "apps/a.yaml": text}, CODE) == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("tapiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", "1:1"),
        ("kind: ConfigMap\nmetadata: {name: a}\n", "1:1"),
        ("apiVersion: v1\nkind: List\nitems: []\n---\nkind: ConfigMap\nmetadata: {name: a}\n", "5:1"),
    ],
)
def test_half_an_object_that_an_application_takes_as_it_stands_is_found(tmp_path: Path, text: str, at: str) -> None:
    assert found(tmp_path, {"root.yaml": TAKES, "apps/a.yaml": text, "more/a.yaml": text}, CODE) == [
        f"apps/a.yaml:{at}: error: the object a has kind ConfigMap, but no apiVersion\nhint: write apiVersion: v1"
    ]


@pytest.mark.parametrize("line", ["knid: ConfigMap\n", ""])
def test_an_object_without_a_kind_that_an_application_passes_over_is_a_warning(tmp_path: Path, line: str) -> None:
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"
    files = {"root.yaml": TAKES, "apps/b.yaml": other, "apps/a.yaml": f"apiVersion: v1\n{line}metadata: {{name: a}}\n"}
    (got,) = found(tmp_path, files, CODE)
    assert got.splitlines()[0].endswith(": warning: the object a has apiVersion v1, but no kind")
    files["apps/a.yaml"] = "apiVersion: v2\nname: a\nmetadata: {name: a}\n".replace("v2", "1.0")
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nmetadata: {name: a}\n",  # source-path tells it
        "kind: ConfigMap\nmetadata: {labels: {a: b}}\n",
        "a: b\n",
        "# +argocd:skip-file-rendering\nkind: ConfigMap\nmetadata: {name: a}\n",
    ],
)
def test_what_argo_cd_does_not_take_for_an_object_is_no_half_of_one(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"root.yaml": TAKES, "apps/a.yaml": text}, CODE) == []


@pytest.mark.parametrize("document", ["{}", "a: b", "- a", "text", "kind: X", "apiVersion: v1", "metadata: {name: a}"])
def test_a_document_that_is_no_object_is_found_beside_one_of_ours(tmp_path: Path, document: str) -> None:
    assert found(tmp_path, {"a.yaml": f"{MARK}{OBJECT}---\n{document}\n"}, CODE) == [
        (
            "a.yaml:6:1: error: the document beside ConfigMap a is no object, for want of an apiVersion and a kind: "
            "Argo CD stops at it\n"
            "hint: remove the document, or write what is missing\n"
            "a.yaml:2:1: the object beside it"
        ),
    ]
    assert found(tmp_path, {"a.yaml": f"{OBJECT}---\n{document}\n"}, CODE) == []


@pytest.mark.parametrize("document", ["", "# nothing", "null", "---"])
def test_an_empty_document_is_passed_over(tmp_path: Path, document: str) -> None:
    assert found(tmp_path, {"a.yaml": f"{MARK}{OBJECT}---\n{document}\n"}, CODE) == []


@pytest.mark.parametrize("text", ["kind: DaemonSet\nmetadata: {x: z}\n", "apiVersion: 2\nreplicas: 1\n", "a: b\n"])
def test_values_are_no_half_of_an_object(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"a.yaml": MARK + text}, CODE) == []


def test_an_empty_version_of_a_known_kind_is_told_once(tmp_path: Path) -> None:
    text = OBJECT.replace("v1", "''")
    assert found(tmp_path, {"a.yaml": MARK + text}, CODE) == [
        "a.yaml:2:13: error: ConfigMap a: got , expected v1\nhint: write v1"
    ]


@pytest.mark.parametrize(
    ("kind", "meant"), [("a/b", "apps/v1"), ("Deploment", "Deployment"), ("statefulset", "StatefulSet"), ("Widget", "")]
)
def test_a_kind_of_kubernetes_with_a_slip_is_found(tmp_path: Path, kind: str, meant: str) -> None:
    text = f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: a}}\n"
    expected = (
        [f"a.yaml:2:7: error: {kind} a: apps/v1 has no kind {kind}\nhint: did you mean {meant}?"] if meant else []
    )
    assert found(tmp_path, {"a.yaml": text}, CODE) == expected


@pytest.mark.parametrize("group", ["netwokring.k8s.io", "networkin.k8s.io", "Networking.K8s.io"])
def test_a_group_of_kubernetes_with_a_slip_is_found(tmp_path: Path, group: str) -> None:
    files = {"a.yaml": f"apiVersion: {group}/v1\nkind: NetworkPolicy\nmetadata: {{name: a}}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            f"a.yaml:1:13: error: NetworkPolicy a: got {group}/v1, expected networking.k8s.io/v1\n"
            "hint: write networking.k8s.io/v1"
        ),
    ]


def test_a_group_of_another_project_is_its_own(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n"}
    assert found(tmp_path, files, CODE) == []
