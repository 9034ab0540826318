"""The variables that Argo CD fills into the parameters of a chart, and into the paths of its files.

Source: argoproj/argo-cd v3.5.1, docs/user-guide/build-environment.md; pkg/apis/application/v1alpha1/types.go, Envsubst;
Go, os.Expand: a variable that nobody knows is empty, and two dollars are one.
"""

from __future__ import annotations

from gitops_gen.patterns import lazily

BUILD_VARIABLE = lazily(r"\$\{?(?:ARGOCD_|KUBE_)")
"""What Argo CD fills in for a build."""

_VARIABLE = lazily(
    r"\$(?:\{(?!ARGOCD_|KUBE_)(?P<braced>[^}]+)\}|\{\}|\{(?![^}]*\})|(?P<sign>[*#$@!?0-9-])"
    r"|(?!ARGOCD_|KUBE_)[A-Za-z_][A-Za-z0-9_]*)"
)
"""A variable, or a brace that is none, which is dropped, too. A dollar before anything else stays."""


def filled(text: str) -> str:
    """Returns a text as a build reads it, but for the variables of that build, which stay."""
    return _VARIABLE.sub(lambda each: "$" if "$" in (each["braced"], each["sign"]) else "", text)
