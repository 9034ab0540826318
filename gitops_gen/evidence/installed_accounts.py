"""The ServiceAccounts of operators that somebody else than an Application installs: Flux, Terraform, k3s, or kustomize.

On which cluster is not known, so only their names are.
Source: external-secrets v2.9.0, deploy/charts/external-secrets/templates/_helpers.tpl; Flux, HelmRelease v2; k3s,
HelmChart v1; aws-ia/terraform-aws-eks-blueprints-addons, main.tf.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.inflated_operators import layers_of_entry, operator_entries
from gitops_gen.evidence.kustomizations import is_named_so
from gitops_gen.evidence.operators import account_of_release
from gitops_gen.evidence.stated_operators import is_release_of_flux
from gitops_gen.evidence.values import at, text_at
from gitops_gen.external_secrets import CHART_NAME
from gitops_gen.source import read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_BLUEPRINT = re.compile(r"\benable_external_secrets\s*=\s*true\b")
_OF_BLUEPRINT = "external-secrets-sa"
_RELEASE = re.compile(rf'\bchart\s*=\s*"(?:[^"\n]*/)?{CHART_NAME}"')
_QUOTED = re.compile(r'"(?=([^"\n]+)")')


def installed_accounts(graph: Graph) -> frozenset[str]:
    """Returns the names that the ServiceAccounts of such operators may have."""
    return frozenset((*_of_manifests(graph), *_of_kustomizations(graph), *_of_terraform(graph)))


def installs_operator(text: str) -> bool:
    """True for Terraform that installs the operator's chart."""
    return _RELEASE.search(text) is not None


def _of_manifests(graph: Graph) -> Iterator[str]:
    for manifest in graph.manifests:
        if is_release_of_flux(manifest):
            yield account_of_release(_flux_release(manifest), (at(manifest.value, "spec", "values"),))
        elif manifest.kind == "HelmChart" and _is_operator(text_at(manifest.value, "spec", "chart") or ""):
            text = text_at(manifest.value, "spec", "valuesContent") or ""
            yield account_of_release(manifest.name, read_documents("", text).values)


def _flux_release(manifest: Manifest) -> str:
    stated, target = text_at(manifest.value, "spec", "releaseName"), text_at(manifest.value, "spec", "targetNamespace")
    return stated or (f"{target}-{manifest.name}" if target else manifest.name)


def _is_operator(chart: str) -> bool:
    return chart.rpartition("/")[2] == CHART_NAME


def _of_kustomizations(graph: Graph) -> Iterator[str]:
    for path in filter(is_named_so, graph.paths):
        for _, entry in operator_entries(graph.files, path):
            layers = tuple(layers_of_entry(graph.files, path, entry))
            yield account_of_release(text_at(entry, "releaseName") or "release-name", layers)


def _of_terraform(graph: Graph) -> Iterator[str]:
    """Yields what may be the name in a file of Terraform that installs the chart: any text in quotes."""
    for path in graph.paths:
        file = graph.files.get(path) if path.endswith(".tf") else None
        if file is not None and _BLUEPRINT.search(file.text):
            yield _OF_BLUEPRINT
        if file is not None and installs_operator(file.text):
            yield from _QUOTED.findall(file.text)
