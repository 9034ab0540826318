"""Labels that say where something is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, found, found_in_six_clusters
from tests.tools.generated import real

if TYPE_CHECKING:
    from pathlib import Path

CODE = "place-labels"
MYAPP = "argocd/applicationsets/myapp.yaml"
ESO = "argocd/applicationsets/external-secrets.yaml"
SECRET = "argocd/clusters/dev/myapp-dev-use1.yaml"
TFVARS = "output/environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars"
HINT = "hint: make the label and the tfvars equal"

APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, labels: {labels}}}
spec: {{project: default, source: {{repoURL: x, path: p}}, destination: {{name: here}}}}
"""


def test_the_six_clusters_are_clean() -> None:
    assert found_in_six_clusters(CODE, MYAPP) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ('environment: "dev"', 'environment: "staging"', "16:26", "environment: got staging, expected dev"),
        ('region: "us-east-1"', 'region: "us-east-2"', "17:21", "region: got us-east-2, expected us-east-1"),
    ],
)
def test_a_label_of_an_application_that_is_not_its_clusters_is_found(
    old: str, new: str, place: str, message: str
) -> None:
    (got,) = found_in_six_clusters(CODE, MYAPP, (old, new))
    start = f"output/{MYAPP}:{place}: error: myapp-dev-use1 on myapp-dev-use1 has the label {message}, as in the "
    assert got.startswith(f"{start}cluster's tfvars\n{HINT}\n{TFVARS}:")
    assert got.endswith(": the tfvars of the cluster")


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ('environment: "dev"', 'environment: "prod"', "10:18", "environment: got prod, expected dev"),
        ('region: "us-east-1"', 'region: "eu-west-1"', "11:13", "region: got eu-west-1, expected us-east-1"),
        ("557702566877", "557702566878", "12:14", "account: got 557702566878, expected 557702566877"),
    ],
)
def test_a_label_of_a_secret_that_is_not_its_clusters_is_found(old: str, new: str, place: str, message: str) -> None:
    (got,) = found_in_six_clusters(CODE, SECRET, (old, new))
    assert got.startswith(
        f"output/{SECRET}:{place}: error: Secret myapp-dev-use1 on myapp-dev-use1 has the label {message}, as in "
    )


def test_a_stage_that_differs_from_the_other_applications_is_found() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('stage: "1"', 'stage: "3"')) == [
        (
            f"output/{MYAPP}:18:20: error: myapp-dev-use1 on myapp-dev-use1 has the label stage: got 3, and "
            "external-secrets-dev-use1 on the same cluster has 1\n"
            "hint: make the two labels equal\n"
            f"output/{ESO}:18:20: the label of external-secrets-dev-use1"
        ),
    ]


def test_a_stage_is_compared_where_the_first_application_has_none(tmp_path: Path) -> None:
    stages = {"a": "{}", "b": '{stage: "1"}', "c": '{stage: "2"}'}
    files = {f"{name}.yaml": MARK + APP.format(name=name, labels=labels) for name, labels in stages.items()}
    (got,) = found(tmp_path, files, CODE)
    assert got.splitlines() == [
        "c.yaml:4:37: error: c on here has the label stage: got 2, and b on the same cluster has 1",
        "hint: make the two labels equal",
        "b.yaml:4:37: the label of b",
    ]


def test_by_hand_it_is_a_warning_and_labels_without_a_variable_are_anybodys(tmp_path: Path) -> None:
    files = {
        "a.yaml": APP.format(name="a", labels="{env: prod, stage: '1', team: x}"),
        "b.yaml": APP.format(name="b", labels="{env: production, stage: '2'}"),
        "here.tfvars": 'cluster_name = "here"\nenv = "production"\n',
    }
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:3:35: warning: a on here has the label env: got prod, expected production, as in the cluster's "
            "tfvars\n"
            f"{HINT}\n"
            "here.tfvars:2:7: the tfvars of the cluster"
        ),
    ]


def test_a_cluster_without_tfvars_has_no_measure(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": APP.format(name="a", labels="{env: prod}")}, CODE) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (
            MYAPP,
            '        environment: "{{',
            '        envirnment: "{{',
            (
                "80:9: error: ApplicationSet myapp has the label envirnment, expected environment\n"
                "hint: did you mean environment?"
            ),
        ),
        (
            MYAPP,
            '        stage: "{{ .stage }}"\n',
            "",
            (
                "79:7: warning: ApplicationSet myapp has no label stage, which others of its kind have\n"
                "hint: add stage to the labels"
            ),
        ),
        (
            SECRET,
            "    region:",
            "    REGION:",
            "11:5: error: Secret myapp-dev-use1 has the label REGION, expected region\nhint: did you mean region?",
        ),
        (
            SECRET,
            '    account: "557702566877"\n',
            "",
            (
                "8:3: warning: Secret myapp-dev-use1 has no label account, which others of its kind have\n"
                "hint: add account to the labels"
            ),
        ),
    ],
)
def test_a_label_that_is_missing_or_misspelt_in_our_files_is_found(path: str, old: str, new: str, message: str) -> None:
    assert found_in_six_clusters(CODE, path, (old, new)) == [f"output/{path}:{message}"]


def test_a_label_whose_value_is_in_a_file_of_its_own_names_its_template_too(tmp_path: Path) -> None:
    text = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web, namespace: argocd}
spec:
  goTemplate: true
  generators: [git: {repoURL: https://git.example.com/fleet.git, revision: main, files: [{path: out/*.yaml}]}]
  template:
    metadata: {name: web, labels: {region: "{{ .region }}"}}
    spec: {project: default, source: {repoURL: x, path: p}, destination: {name: one}}
"""
    files = {
        "set.yaml": text,
        "out/a.yaml": "region: eu-west-1\n",
        "one.tfvars": 'cluster_name = "one"\naws_region = "eu-west-2"\n',
    }
    (got,) = found(tmp_path, files, CODE)
    assert got.splitlines()[2:] == [
        "one.tfvars:2:14: the tfvars of the cluster",
        "set.yaml:8:44: the template of the label",
    ]


def test_a_label_of_ours_that_is_null_is_one_that_is_missing() -> None:
    label = ('        environment: "{{ .environment }}"', "        environment:")
    assert found_in_six_clusters(CODE, MYAPP, label) == [
        (
            f"output/{MYAPP}:79:7: warning: ApplicationSet myapp has no label environment, which others of its kind "
            "have\n"
            "hint: add environment to the labels"
        )
    ]


def test_applications_without_a_cluster_are_not_on_one(tmp_path: Path) -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('        name: "{{ .cluster }}"\n', "")) == []


def test_a_set_needs_no_label_that_only_secrets_of_its_template_have() -> None:
    text, template = real().files[MYAPP], "templates/argocd/applicationset.yaml.j2"
    of_both = text.replace(template, "templates/both.yaml.j2") + "---\n" + real().files[SECRET].replace("use1", "use3")
    assert found_in_six_clusters(CODE, MYAPP, (text, of_both)) == []
