"""The dots in the name of a parameter of Helm, of which those in the key of an annotation have to be escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, application
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "chart-values"
ROLE = "arn:aws:iam::111122223333:role/reader"


def with_parameter(name: str) -> dict[str, str]:
    """Returns a repository whose Application gives its chart one parameter."""
    helm = f"        parameters:\n          - name: {name}\n            value: {ROLE}\n"
    return {
        **BY_HAND,
        "apps/web.yaml": application(values=helm),
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    }


def test_an_annotation_whose_dots_are_not_escaped_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, with_parameter("serviceAccount.annotations.eks.amazonaws.com/role-arn"), CODE) == [
        (
            "apps/web.yaml:20:19: warning: web gives its chart the parameter "
            "serviceAccount.annotations.eks.amazonaws.com/role-arn, in which each dot opens a map: it sets no "
            "eks.amazonaws.com/role-arn\n"
            r"hint: write serviceAccount.annotations.eks\.amazonaws\.com/role-arn"
        ),
    ]


def test_a_label_of_a_pod_is_found_too(tmp_path: Path) -> None:
    (text,) = found(tmp_path, with_parameter("podLabels.app.kubernetes.io/part-of"), CODE)
    assert text.endswith(r"hint: write podLabels.app\.kubernetes\.io/part-of")


def test_half_of_the_dots_is_not_enough(tmp_path: Path) -> None:
    name = r"serviceAccount.annotations.eks\.amazonaws.com/role-arn"
    (text,) = found(tmp_path, with_parameter(name), CODE)
    assert text.endswith(r"hint: write serviceAccount.annotations.eks\.amazonaws\.com/role-arn")


@pytest.mark.parametrize(
    "name",
    [
        r"serviceAccount.annotations.eks\.amazonaws\.com/role-arn",
        r"serviceAccount.annotations.operator.eks\.amazonaws\.com/role-arn",
        "serviceAccount.annotations.team/owner",
        "annotations.web.team/owner",
        "ingress.paths.example.com/a",
        "serviceAccount.name",
    ],
)
def test_what_may_be_meant_so_is_fine(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, with_parameter(name), CODE) == []


def test_a_set_whose_clusters_nobody_knows_is_told_once(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "apps/addons.yaml": f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: addons
  namespace: argocd
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  syncPolicy:
    preserveResourcesOnDeletion: true
  generators:
    - clusters: {{}}
  template:
    metadata:
      name: 'addons-{{{{ .name }}}}'
    spec:
      project: default
      destination:
        name: '{{{{ .name }}}}'
        namespace: dns
      source:
        repoURL: https://charts.example.com
        chart: external-dns
        targetRevision: 1.15.0
        helm:
          parameters:
            - name: serviceAccount.annotations.eks.amazonaws.com/role-arn
              value: {ROLE}
""",
    }
    (text,) = found(tmp_path, files, CODE)
    assert text.startswith("apps/addons.yaml:27:21: warning: ")
