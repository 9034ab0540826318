"""What comes of a kustomization that only gathers objects is known without kustomize."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from tests.checks.by_hand import EXTERNAL_SECRET, STORE, application
from tests.checks.trees import URL, found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CODE = "external-secret-store"
SLIP = EXTERNAL_SECRET.replace("    name: store", "    name: stroe")
TYPE = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"


def tree(kustomization: str, **more: str) -> dict[str, str]:
    """Returns an Application whose folder kustomize builds: a store, and an ExternalSecret with a slip in its name."""
    files = {
        "apps/web.yaml": application(path="overlay"),
        "overlay/kustomization.yaml": kustomization,
        "overlay/secret.yaml": SLIP,
        "base/kustomization.yaml": "resources: [store.yaml]\n",
        "base/store.yaml": STORE,
    }
    return {**files, **{path.replace("__", "/") + ".yaml": text for path, text in more.items()}}


def told(root: Path, files: Mapping[str, str]) -> list[str]:
    """Returns what is certain of the store, without the hints, and what of the folder only kustomize knows.

    That no store of the tree has the name is a warning, of whatever file.
    """
    said = [each.splitlines()[0] for each in found(root, files, CODE) if ": error: " in each]
    graph = Graph(Files(root), (".",), repositories({URL: "."}))
    return said + [each.reason for each in graph.elsewhere if "kustomize" in each.reason]


GATHERING = "resources: [secret.yaml, ../base]\n"
NO_STORE = (
    "overlay/secret.yaml:8:11: error: ExternalSecret db reads from SecretStore stroe, but there is none in namespace"
)
UNKNOWN = "overlay is built by kustomize, which does not run here, so what it brings is not known"


@pytest.mark.parametrize(
    "text",
    [
        GATHERING,
        f"{TYPE}bases: [../base]\nresources: [secret.yaml]\n",
        f"{GATHERING}images: [{{name: web, newTag: '2'}}]\nlabels: [{{pairs: {{a: b}}}}]\ncommonLabels: {{c: d}}\n",
        f"{GATHERING}namespace: web\n",
    ],
)
def test_what_is_only_gathered_is_judged(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, tree(text)) == [f"{NO_STORE} web of one"]


def test_what_a_kustomization_puts_into_a_namespace_lands_there(tmp_path: Path) -> None:
    files = tree(f"{GATHERING}namespace: shop\n")
    files["overlay/secret.yaml"] = SLIP.replace("  name: db\nspec", "  name: db\n  namespace: other\nspec")
    assert told(tmp_path, files) == [f"{NO_STORE.replace(':8:', ':9:')} shop of one"]


@pytest.mark.parametrize(
    "text",
    [
        f"{GATHERING}patches: [{{path: secret.yaml}}]\n",
        f"{GATHERING}namePrefix: dev-\n",
        f"{GATHERING}commonAnnotations: {{a: b}}\n",
        f"{GATHERING}secretGenerator: [{{name: a, literals: [b=c]}}]\n",
        f"{GATHERING}helmCharts: [{{name: a}}]\n",
        f"{GATHERING}components: [../base]\n",
        "resources: [secret.yaml, ../base, 'https://example.com/a.yaml']\n",
        "resources: [secret.yaml, ../base, github.com/a/b]\n",
        "resources: [secret.yaml, ../base, ../../elsewhere]\n",
        "resources: [secret.yaml, ../base, values.yaml]\n",
        "resources: [secret.yaml, ../base, twice.yaml]\n",
        "resources: [secret.yaml, ../base, form.yaml]\n",
        "resources: [secret.yaml, ../base, config.yaml]\n",
        f"{GATHERING}namespace: shop\nbases: [../namespace]\n",
    ],
)
def test_what_only_kustomize_knows_is_not_judged(tmp_path: Path, text: str) -> None:
    more = {
        "overlay/values.yaml": "replicas: 1\n",
        "overlay/twice.yaml": STORE,
        "overlay/form.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: {{ name }}}\n",
        "overlay/config.yaml": f"{TYPE}metadata: {{name: a}}\n",
        "namespace/kustomization.yaml": "resources: [own.yaml]\n",
        "namespace/own.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n",
    }
    assert told(tmp_path, tree(text) | more) == [UNKNOWN]


def test_what_an_application_has_kustomize_change_is_not_judged(tmp_path: Path) -> None:
    changed = application(path="overlay") + "      kustomize: {namePrefix: dev-}\n"
    assert told(tmp_path, tree(GATHERING, apps__web=changed)) == [UNKNOWN]


def test_kustomizations_that_name_each_other_are_not_judged(tmp_path: Path) -> None:
    files = tree(GATHERING, base__kustomization="resources: [store.yaml, ../overlay]\n")
    assert told(tmp_path, files) == [UNKNOWN]


def test_applications_that_are_gathered_are_followed(tmp_path: Path) -> None:
    files = {
        **tree(GATHERING),
        "root.yaml": application("root", namespace="argocd", path="apps"),
        "apps/kustomization.yaml": "namespace: argocd\nresources: [web.yaml]\n",
    }
    files["apps/web.yaml"] = files["apps/web.yaml"].replace("  namespace: argocd\nspec", "spec")
    assert told(tmp_path, files) == [f"{NO_STORE} web of one"]
    assert found(tmp_path, files, "application-name") == []
