"""The variables that Argo CD fills in for a build."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.build_environment import filled, with_variables


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("none", "none"),
        ("a-$NAME-b", "a--b"),
        ("a-${NAME}b", "a-b"),
        ("${any name}", ""),
        ("$$NAME", "$NAME"),
        ("$$$NAME", "$"),
        ("${$}NAME", "$NAME"),
        ("$1NAME", "NAME"),
        ("$-x", "x"),
        ("$.x and $", "$.x and $"),
        ("a${}b", "ab"),
        ("a${NAME", "aNAME"),
        ("$ARGOCD_APP_NAME and ${KUBE_VERSION}", "$ARGOCD_APP_NAME and ${KUBE_VERSION}"),
    ],
)
def test_a_variable_that_nobody_knows_is_empty(text: str, expected: str) -> None:
    """Go, os.Expand, and the rows of TestEnv_Envsubst in pkg/apis/application/v1alpha1/types_test.go."""
    assert filled(text) == expected


def test_what_the_application_says_itself_is_filled_into_the_settings_of_helm() -> None:
    known = {"ARGOCD_APP_NAME": "web"}
    helm = {
        "parameters": [{"name": "a", "value": "$ARGOCD_APP_NAME-$ARGOCD_APP_REVISION"}, {"name": "b", "value": 1}],
        "fileParameters": [{"name": "c", "path": "x/${ARGOCD_APP_NAME}"}],
        "valueFiles": ["$ARGOCD_APP_NAME.yaml", "$values/$ARGOCD_APP_NAME.yaml", "x-$ARGOCD_APP_NAME.yaml"],
        "values": "$ARGOCD_APP_NAME",
    }
    assert with_variables({"path": "a", "helm": helm}, lambda _: known) == {
        "path": "a",
        "helm": {
            "parameters": [{"name": "a", "value": "web-$ARGOCD_APP_REVISION"}, {"name": "b", "value": 1}],
            "fileParameters": [{"name": "c", "path": "x/web"}],
            "valueFiles": ["$ARGOCD_APP_NAME.yaml", "$values/$ARGOCD_APP_NAME.yaml", "x-web.yaml"],
            "values": "$ARGOCD_APP_NAME",
        },
    }


@pytest.mark.parametrize("value", ["$$ARGOCD_APP_NAME", "$NAME", "$ARGOCD_APP_NAMES", 1])
def test_a_source_that_names_no_such_variable_stays_as_it_is(value: object) -> None:
    source = {"helm": {"parameters": [{"name": "a", "value": value}], "valueFiles": None}}
    assert with_variables(source, lambda _: {"ARGOCD_APP_NAME": "web"}) == source
