"""The variables of a build that an Application names for Helm, and that Argo CD has not: it writes nothing there.

What begins with ARGOCD_ENV_ is for plugins only. Others than those of a build are empty, too, and may be meant so.

Part of argo-cd-object. Source: argoproj/argo-cd v3.5.1, docs/user-guide/build-environment.md; reposerver/repository/
repository.go, newEnv and helmTemplate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.values import at, list_at, texts_in
from gitops_gen.near_miss import near_miss
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.shapes import Steps

_KNOWN = frozenset(
    {
        *("ARGOCD_APP_NAME", "ARGOCD_APP_NAMESPACE", "ARGOCD_APP_PROJECT_NAME", "ARGOCD_APP_REVISION"),
        *("ARGOCD_APP_REVISION_SHORT", "ARGOCD_APP_REVISION_SHORT_8", "ARGOCD_APP_SOURCE_PATH"),
        *("ARGOCD_APP_SOURCE_REPO_URL", "ARGOCD_APP_SOURCE_TARGET_REVISION", "KUBE_VERSION", "KUBE_API_VERSIONS"),
    }
)
_NAMED = lazily(r"(?<!\$)(?:\$\$)*\$(?:\{(?P<braced>(?:ARGOCD|KUBE)_\w*)\}|(?P<bare>(?:ARGOCD|KUBE)_\w*))")
_FILLED = ("parameters", "fileParameters", "valueFiles")
_SPECS: dict[str, Steps] = {"Application": ("spec",), "ApplicationSet": ("spec", "template", "spec")}


def build_variables(manifest: Manifest) -> Iterator[Finding]:
    """Yields each variable of a build that there is not, in what Argo CD fills in for Helm."""
    spec = _SPECS.get(manifest.kind)
    if spec is None:
        return
    listed = range(len(list_at(manifest.value, *spec, "sources")))
    sources = [(*spec, "source"), *((*spec, "sources", each) for each in listed)]
    for helm in ((*each, "helm") for each in sources):
        for text, steps in texts_in({name: at(manifest.value, *helm, name) for name in _FILLED}):
            for found in _NAMED.finditer(text):
                name = found["braced"] or found["bare"]
                if name not in _KNOWN:
                    yield _unknown(manifest, name, (*helm, *steps))


def _unknown(manifest: Manifest, name: str, steps: Steps) -> Finding:
    return Finding(
        f"{manifest} reads {name}, which is no variable of a build: nothing is written in its place",
        manifest.place.down(*steps),
        near_miss(name, _KNOWN),
        severity=Severity.WARNING,
        cause=f"no variable {name}",
    )
