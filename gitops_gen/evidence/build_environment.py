"""The variables that Argo CD fills into the parameters of a chart, and into the paths of its files.

Source: argoproj/argo-cd v3.5.1, docs/user-guide/build-environment.md; pkg/apis/application/v1alpha1/types.go, Envsubst;
Go, os.Expand: a variable that nobody knows is empty, and two dollars are one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BUILD_VARIABLE = lazily(r"\$\{?(?:ARGOCD_|KUBE_)")
"""What Argo CD fills in for a build."""

_VARIABLE = lazily(
    r"\$(?:\{(?!ARGOCD_|KUBE_)(?P<braced>[^}]+)\}|\{\}|\{(?![^}]*\})|(?P<sign>[*#$@!?0-9-])"
    r"|(?!ARGOCD_|KUBE_)[A-Za-z_][A-Za-z0-9_]*)"
)
"""A variable, or a brace that is none, which is dropped, too. A dollar before anything else stays."""


_KNOWN = lazily(r"(?<!\$)\$(?:\{(?P<braced>ARGOCD_\w+)\}|(?P<bare>ARGOCD_\w+))")
_OF_HELM = (("parameters", "value"), ("fileParameters", "path"), ("valueFiles", None))
"""What Argo CD fills in of the settings of Helm: lists of texts, or of maps with one."""


def with_variables(
    source: Mapping[str, object], variables: Callable[[Mapping[str, object]], Mapping[str, str]]
) -> Mapping[str, object]:
    """Returns a source with the variables that are known filled into the settings of Helm; itself, where it names none.

    A path that begins with a variable stays: among several sources, Argo CD takes that for a reference.
    """
    helm = source.get("helm")
    if not isinstance(helm, dict):
        return source
    named = [each for each in _OF_HELM if any(_names_one(item, each[1]) for item in _listed(helm, each[0]))]
    if not named:
        return source
    known = variables(source)
    found = {name: [_with(item, field, known) for item in _listed(helm, name)] for name, field in named}
    return {**source, "helm": {**helm, **found}}


def _listed(helm: Mapping[str, object], name: str) -> list[object]:
    found = helm.get(name)
    return found if isinstance(found, list) else []


def _names_one(item: object, field: str | None) -> bool:
    text = item.get(field) if isinstance(item, dict) and field else item
    if not isinstance(text, str) or (field != "value" and text.startswith("$")):
        return False
    return "$" in text and _KNOWN.search(text) is not None


def _with(item: object, field: str | None, known: Mapping[str, str]) -> object:
    if not _names_one(item, field):
        return item
    if isinstance(item, dict) and field:
        return {**item, field: _replaced(str(item[field]), known)}
    return _replaced(str(item), known)


def _replaced(text: str, known: Mapping[str, str]) -> str:
    return _KNOWN.sub(lambda each: known.get(each["braced"] or each["bare"], each[0]), text)


def filled(text: str) -> str:
    """Returns a text as a build reads it, but for the variables of that build, which stay."""
    return _VARIABLE.sub(lambda each: "$" if "$" in (each["braced"], each["sign"]) else "", text)
