"""The variables of a build that an Application names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import application
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "argo-cd-object"


def tree(helm: str) -> dict[str, str]:
    return {"app.yaml": application(values=f"        {helm}\n"), "manifests/a.yaml": ""}


@pytest.mark.parametrize(
    ("helm", "column", "name", "hint"),
    [
        (
            "parameters: [{name: a, value: $ARGOCD_APPNAME}]",
            39,
            "ARGOCD_APPNAME",
            "did you mean ARGOCD_APP_NAME?",
        ),
        (
            "valueFiles: ['$ARGOCD_APP_NAMESPCE.yaml']",
            22,
            "ARGOCD_APP_NAMESPCE",
            "did you mean ARGOCD_APP_NAMESPACE?",
        ),
    ],
)
def test_a_variable_that_no_build_has_is_found(tmp_path: Path, helm: str, column: int, name: str, hint: str) -> None:
    assert found(tmp_path, tree(helm), CODE) == [
        (
            f"app.yaml:19:{column}: warning: Application web reads {name}, which is no variable of a build: nothing is "
            f"written in its place\nhint: {hint}"
        )
    ]


@pytest.mark.parametrize(
    "helm",
    [
        "parameters: [{name: a, value: $ARGOCD_APP_NAME-${KUBE_VERSION}}]",
        "parameters: [{name: a, value: $$ARGOCD_APPNAME}]",
        "parameters: [{name: a, value: $NAME}]",
        "valuesObject: {a: $ARGOCD_APPNAME}",
    ],
)
def test_what_a_build_has_and_what_it_does_not_fill_in_are_none(tmp_path: Path, helm: str) -> None:
    assert found(tmp_path, tree(helm), CODE) == []
