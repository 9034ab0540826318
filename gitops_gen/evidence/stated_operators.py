"""The versions of External Secrets that a tree installs with something else than Argo CD.

Many install the operator with the cluster, by Terraform, and have Argo CD bring only what the operator reads; others
have kustomize inflate its chart, or Flux, Rancher's Fleet or k3s install it. Source: Terraform, provider
hashicorp/helm, helm_release; aws-ia/terraform-aws-eks-blueprints-addons, external_secrets; kubernetes-sigs/kustomize,
helmCharts; Flux, HelmRelease; Fleet, fleet.yaml; k3s, HelmChart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.charts import is_hidden
from gitops_gen.evidence.hcl_files import parse
from gitops_gen.evidence.hcl_texts import NotHclError
from gitops_gen.evidence.hcl_tree import Literal, Object, Reference
from gitops_gen.evidence.inflated_operators import operator_entries
from gitops_gen.evidence.kustomizations import is_named_so
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.retired import retired_folder
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.external_secrets import CHART_NAME, OLDEST_VERSION, parse_version
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from gitops_gen.evidence.files import Files, Manifest
    from gitops_gen.evidence.hcl_tree import Block, Expression

_TERRAFORM = ".tf"
_ADDON = "external_secrets"
_CHART_OF_FLUX = ("spec", "chart", "spec")
_FLEET = ("fleet.yaml", "fleet.yml")
_HELM, _VERSION = "helm", "version"
_SERVES_OLD = "unsafeServeV1Beta1"
"""A value of the chart by which it serves v1beta1 on."""


class StatedOperator(NamedTuple):
    """An operator that the tree installs, and where its version is stated."""

    version: str
    place: Place | Location


def stated_operators(
    files: Files, paths: Iterable[str], manifests: Iterable[Manifest], asked: Collection[str]
) -> tuple[StatedOperator, ...]:
    """Returns the operators of a tree; none where one of them has a version that nobody can say from here."""
    own = [path for path in paths if not is_hidden(path) and retired_folder(path, asked) is None]
    found = [
        *(each for path in own for each in _of_file(files, path)),
        *(each for manifest in manifests for each in (*_of_flux(manifest), *_of_k3s(manifest))),
    ]
    oldest = parse_version(OLDEST_VERSION) or (0, 0, 0)
    numbers = [parse_version(each.version.removeprefix("v")) for each in found]
    return tuple(found) if all(each and each >= oldest for each in numbers) else ()


def _of_file(files: Files, path: str) -> Iterator[StatedOperator]:
    is_terraform, is_kustomization = path.endswith(_TERRAFORM), is_named_so(path)
    is_bundle = path.rpartition("/")[2] in _FLEET
    text = (files.content(path) or "") if is_terraform or is_kustomization or is_bundle else ""
    if not (CHART_NAME in text or _ADDON in text):
        return
    if _SERVES_OLD in text:
        yield StatedOperator("", Location(path))
    elif is_kustomization:
        for place, entry in operator_entries(files, path):
            yield StatedOperator(text_at(entry, "version") or "", place / "version")
    elif is_bundle:
        yield from _of_fleet(files, path)
    else:
        yield from _of_terraform(path, text)


def _of_fleet(files: Files, path: str) -> Iterator[StatedOperator]:
    """Yields what a bundle of Fleet installs, each of the versions that it has for some clusters."""
    file = files.get(path)
    bundle = next((each for each in file.documents.values if each), None) if file is not None else None
    if not _is_chart(text_at(bundle, _HELM, "chart")):
        return
    yield StatedOperator(text_at(bundle, _HELM, _VERSION) or "", Place(path).down(_HELM, _VERSION))
    for index, each in enumerate(list_at(bundle, "targetCustomizations")):
        version = text_at(each, _HELM, _VERSION)
        if version is not None:
            place = Place(path).down("targetCustomizations", index, _HELM, _VERSION)
            yield StatedOperator(version, place)


def _of_k3s(manifest: Manifest) -> Iterator[StatedOperator]:
    if manifest.kind == "HelmChart" and _is_chart(text_at(manifest.value, "spec", "chart")):
        version = text_at(manifest.value, "spec", _VERSION) or ""
        yield StatedOperator(version, manifest.place.down("spec", _VERSION))


def _is_chart(name: str | None) -> bool:
    """True for the operator's chart, by its name in a repository or by its URL."""
    return name is not None and name.rpartition("/")[2] == CHART_NAME


def _of_terraform(path: str, text: str) -> Iterator[StatedOperator]:
    try:
        body = parse(text)
    except NotHclError:
        return
    for block, version in _versions(body):
        start, stated = (version.start, str(version.value)) if isinstance(version, Literal) else (block.start, "")
        yield StatedOperator(stated, Location(path, text.count("\n", 0, start) + 1, 1))


def _versions(body: Block) -> Iterator[tuple[Block, Expression | None]]:
    """Yields each block that installs the operator, with what it says of the version."""
    for release in body.of("resource", "helm_release"):
        chart = release.attributes.get("chart")
        if isinstance(chart, Literal) and _is_chart(str(chart.value)):
            yield release, release.attributes.get("version")
    for module in body.of("module"):
        addon = module.attributes.get(_ADDON)
        if isinstance(addon, Object):
            yield module, next((value for key, value in addon.items if _name(key) == "chart_version"), None)


def _name(key: Expression) -> str:
    return str(key.value) if isinstance(key, Literal) else ".".join(key.steps) if isinstance(key, Reference) else ""


def _of_flux(manifest: Manifest) -> Iterator[StatedOperator]:
    if is_release_of_flux(manifest):
        version = text_at(manifest.value, *_CHART_OF_FLUX, "version") or ""
        yield StatedOperator(version, manifest.place.down(*_CHART_OF_FLUX, "version"))


def is_release_of_flux(manifest: Manifest) -> bool:
    """True for what has Flux install the chart of the operator."""
    return manifest.kind == "HelmRelease" and text_at(manifest.value, *_CHART_OF_FLUX, "chart") == CHART_NAME
