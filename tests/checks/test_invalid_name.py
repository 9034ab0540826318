"""Names, labels and annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, GIT_SET, RELEASE, application
from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "invalid-name"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"


def config_map(metadata: str) -> dict[str, str]:
    """Returns a file with an object of that metadata."""
    return {"a.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {metadata}\n"}


def test_a_name_with_a_capital_letter_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: Web}"), CODE) == [
        (
            "a.yaml:3:18: error: ConfigMap Web: its name: got a capital letter at the start, expected lower "
            "case letters, digits, hyphens and dots\n"
            "hint: rename it, and what refers to it"
        ),
    ]


def test_a_name_that_is_a_number_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: 80}"), CODE) == [
        ('a.yaml:3:18: error: ConfigMap: the name is no string\nhint: quote it: "80"'),
    ]


def test_a_namespace_with_a_dot_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: a, namespace: a.b}"), CODE) == [
        (
            "a.yaml:3:32: error: ConfigMap a: its namespace: got a dot at character 2, expected lower case "
            "letters, digits and hyphens\n"
            "hint: correct the namespace"
        ),
    ]


def test_a_label_that_is_a_boolean_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: a, labels: {x: true}}"), CODE) == [
        ('a.yaml:3:33: error: ConfigMap a: its label x is no string\nhint: quote it: "true"'),
    ]


def test_an_annotation_that_is_a_number_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: a, annotations: {x: 1}}"), CODE) == [
        ('a.yaml:3:38: error: ConfigMap a: its annotation x is no string\nhint: quote it: "1"'),
    ]


def test_what_is_to_be_quoted_is_shown_as_it_is_written(tmp_path: Path) -> None:
    """To the readers of Argo CD and kubectl yes is true, and 0755 is 493."""
    assert found(tmp_path, config_map("{name: 0755, labels: {x: yes}}"), CODE) == [
        'a.yaml:3:18: error: ConfigMap: the name is no string\nhint: quote it: "0755"',
        'a.yaml:3:36: error: ConfigMap: its label x is no string\nhint: quote it: "yes"',
    ]


def test_what_an_application_brings_has_a_name_or_asks_for_one(tmp_path: Path) -> None:
    """A file that nobody is seen to apply may be a patch, or half of an object."""
    text = "apiVersion: batch/v1\nkind: Job\nmetadata: {labels: {x: z}}\n"
    files = {**BY_HAND, "elsewhere/job.yaml": text, "manifests/job.yaml": text}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/job.yaml:3:1: error: Job: there is no name\n"
            "hint: give it a name, or keep it out of what the Application brings"
        ),
    ]
    files["manifests/job.yaml"] = text.replace("{labels", "{generateName: job-, labels")
    assert found(tmp_path, files, CODE) == []


def test_a_list_needs_no_name(tmp_path: Path) -> None:
    """Argo CD passes over one with nothing in it."""
    text = "apiVersion: v1\nkind: ConfigMapList\nitems:\n"
    item = "  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n"
    files = {**BY_HAND, "manifests/empty.yaml": text, "manifests/one.yaml": text + item}
    assert found(tmp_path, files, CODE) == []


def test_an_arn_is_no_label(tmp_path: Path) -> None:
    files = config_map("{name: a, labels: {role: 'arn:aws:iam::111122223333:role/x'}}")
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:3:36: error: ConfigMap a: its label role: got a colon at character 4, expected letters, "
            "digits, hyphens, underscores and dots\n"
            "hint: correct the label"
        ),
    ]


def test_a_key_with_two_slashes_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: a, annotations: {a/b/c: x}}"), CODE) == [
        (
            "a.yaml:3:42: error: ConfigMap a: its annotation a/b/c: got a slash at character 2, expected lower "
            "case letters, digits, hyphens and dots, before the slash\n"
            "hint: correct the annotation"
        ),
    ]


def test_a_key_without_a_name_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: a, labels: {a/: x}}"), CODE) == [
        (
            "a.yaml:3:34: error: ConfigMap a: its label a/: got no name, expected one of at most 63 characters\n"
            "hint: correct the label"
        ),
    ]


def test_labels_that_are_no_map_are_found(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: a, labels: [x]}"), CODE) == [
        ("a.yaml:3:29: error: ConfigMap a: its labels are no map\nhint: write them as key: value"),
    ]


@pytest.mark.parametrize("text", ["<issuer>", "<ISSUER_1> <ISSUER_2>"])
def test_a_placeholder_for_annotations_is_filled_in_unless_somebody_applies_it(tmp_path: Path, text: str) -> None:
    files = config_map(f"{{name: a, annotations: {text}}}")
    assert found(tmp_path / "form", files, CODE) == []
    assert found(tmp_path / "applied", {**BY_HAND, "manifests/a.yaml": files["a.yaml"]}, CODE) == [
        ("manifests/a.yaml:3:34: error: ConfigMap a: its annotations are no map\nhint: write them as key: value"),
    ]


def test_an_annotation_may_have_capital_letters_before_its_slash_and_a_label_may_not(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: a, annotations: {Team.Example.com/Owner: x}}"), CODE) == []
    (got,) = found(tmp_path, config_map("{name: a, labels: {Team.Example.com/Owner: x}}"), CODE)
    assert got.startswith("a.yaml:3:54: error: ConfigMap a: its label Team.Example.com/Owner: got a capital letter at ")


def test_annotations_may_be_too_large(tmp_path: Path) -> None:
    assert found(tmp_path, config_map(f"{{name: a, annotations: {{x: {'y' * 300_000}}}}}"), CODE) == [
        (
            "a.yaml:3:34: error: ConfigMap a: its annotations have 300,001 bytes, expected at most 262,144\n"
            "hint: make them shorter"
        ),
    ]


def test_a_service_is_a_dns_label(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a.b}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:3:18: error: Service a.b: its name: got a dot at character 2, expected lower case letters, "
            "digits and hyphens\n"
            "hint: rename it, and what refers to it"
        ),
    ]


def test_a_cluster_role_may_have_colons(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'system:A'}\n"}
    assert found(tmp_path, files, CODE) == []


def test_the_labels_of_pods_are_judged_too(tmp_path: Path) -> None:
    files = {
        "a.yaml": (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"
            "spec: {template: {metadata: {labels: {v: 1.0}}}}\n"
        )
    }
    assert found(tmp_path, files, CODE) == [
        ('a.yaml:4:42: error: Deployment a: its label v is no string\nhint: quote it: "1.0"'),
    ]


def test_what_nobody_applies_and_nobody_knows_may_be_no_object(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: backstage.io/v1\nkind: Component\nmetadata: {name: My_App}\n"}
    assert found(tmp_path, files, CODE) == []


def test_what_an_application_brings_is_an_object(tmp_path: Path) -> None:
    files = {**BY_HAND, "manifests/a.yaml": "apiVersion: backstage.io/v1\nkind: Component\nmetadata: {name: My_App}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/a.yaml:3:18: error: Component My_App: its name: got a capital letter at the start, "
            "expected lower case letters, digits, hyphens and dots\n"
            "hint: rename it, and what refers to it"
        ),
    ]


def test_a_template_is_the_business_of_another_rule(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: '{{ .name }}'}"), CODE) == []


def test_a_template_of_a_chart_is_not_judged(tmp_path: Path) -> None:
    files = {"web/Chart.yaml": "name: web\n", "web/templates/a.yaml": config_map("{name: Web}")["a.yaml"]}
    assert found(tmp_path, files, CODE) == []


def test_a_generated_object_without_a_name_is_found() -> None:
    assert found_in_six_clusters(CODE, "argocd/projects/dev.yaml", ('  name: "dev"\n', "")) == [
        ("output/argocd/projects/dev.yaml:4:1: error: AppProject: there is no name\nhint: give it a name"),
    ]


FORM = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: <team>-limits}\n"


def test_a_form_that_somebody_fills_in_first_has_no_name_yet(tmp_path: Path) -> None:
    assert found(tmp_path, {"forms/limits.yaml": FORM}, CODE) == []


def test_a_placeholder_in_a_file_that_is_applied_is_an_error(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "manifests/limits.yaml": FORM}, CODE) == [
        (
            "manifests/limits.yaml:3:18: error: ConfigMap <team>-limits: its name: got the character '<' at the "
            "start, expected lower case letters, digits, hyphens and dots\n"
            "hint: rename it, and what refers to it"
        ),
    ]


def test_a_field_of_the_metadata_with_a_slip_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: web, namepace: web}"), CODE) == [
        ("a.yaml:3:23: error: ConfigMap web: there is no field metadata.namepace\nhint: did you mean namespace?"),
    ]


def test_another_field_of_the_metadata_may_be_of_a_former_version(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: web, clusterName: one}"), CODE) == []


def test_openshift_takes_other_names(tmp_path: Path) -> None:
    names = {"user": ("Group", "Cluster_Admins"), "image": ("ImageStreamTag", "ubi:latest")}
    files = {
        f"manifests/{kind}.yaml": f"apiVersion: {group}.openshift.io/v1\nkind: {kind}\nmetadata: {{name: '{name}'}}\n"
        for group, (kind, name) in names.items()
    }
    assert found(tmp_path, {**BY_HAND, **files}, CODE) == []


def test_a_name_in_capitals_is_a_form_unless_somebody_applies_it(tmp_path: Path) -> None:
    assert found(tmp_path / "form", config_map("{name: MY_APP, namespace: NAMESPACE}"), CODE) == []
    assert found(tmp_path / "namespace", config_map("{name: a, namespace: <namespace>}"), CODE) == []
    files = {"manifests/a.yaml": config_map("{name: MY_APP}")["a.yaml"]}
    (problem,) = found(tmp_path / "applied", {**BY_HAND, **files}, CODE)
    assert problem.startswith("manifests/a.yaml:3:18: error: ConfigMap MY_APP: its name: got a capital letter")


@pytest.mark.parametrize(
    ("field", "hint"),
    [("NAMESPACE", "did you mean namespace?"), ("spec", "remove it, or write it where it belongs")],
)
def test_a_field_of_the_metadata_that_no_object_has_is_found_in_a_generated_file(field: str, hint: str) -> None:
    (got,) = found_in_six_clusters(CODE, SECRETS, ('  namespace: "myapp"', f'  {field}: "myapp"'))
    assert got == (
        f"output/{SECRETS}:6:3: error: ServiceAccount myapp-eso: there is no field metadata.{field}\nhint: {hint}"
    )


def test_a_field_of_the_metadata_may_be_another_tools_elsewhere(tmp_path: Path) -> None:
    assert found(tmp_path, config_map("{name: web, title: Web, 1: x}"), CODE) == []


CREATE = ["CreateNamespace=true"]


def test_a_namespace_that_argo_cd_cannot_make_is_found(tmp_path: Path) -> None:
    files = {"app.yaml": application(namespace="'*'", options=CREATE)}
    assert found(tmp_path, files, CODE) == [
        (
            "app.yaml:10:16: error: web: the namespace that CreateNamespace=true makes: got the character '*' at the "
            "start, expected lower case letters, digits and hyphens\n"
            "hint: correct the namespace"
        ),
    ]


def test_a_namespace_that_nobody_makes_or_that_is_filled_in_first_is_not_judged(tmp_path: Path) -> None:
    filled = ("NAMESPACE", "$ARGOCD_APP_NAME", "<namespace>", "'{{ namespace }}'")
    files = {f"app{number}.yaml": application(namespace=each, options=CREATE) for number, each in enumerate(filled)}
    files["app.yaml"] = application(namespace="'*'", options=["ServerSideApply=true"])
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize("what", ["label", "annotation"])
def test_what_the_applications_of_a_set_are_labelled_and_annotated_with_is_judged(tmp_path: Path, what: str) -> None:
    entries = f"      {what}s: {{a/v\u0435r: x, '{{{{ .k }}}}': v, b: z}}\n"
    labelled = GIT_SET.replace("    metadata:\n", f"    metadata:\n{entries}")
    (told,) = found(tmp_path, {"web.yaml": labelled, "releases/one.yaml": RELEASE}, CODE)
    assert (
        f": error: ApplicationSet web: its {what} a/v\u0435r: got '\u0435', which is not ASCII, at character 2" in told
    )
