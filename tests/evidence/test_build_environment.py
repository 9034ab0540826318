"""The variables that Argo CD fills in for a build."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.build_environment import filled


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
