"""ExternalSecrets in folders of one that is taken without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, SECRET_FILE, application
from tests.checks.trees import MARK, URL, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "source-path"
API = BY_HAND[SECRET_FILE].replace("name: db", "name: api")
INNER = "manifests/more/api.yaml"
TREE = {**BY_HAND, INNER: API}
RECURSING = application().replace("path: manifests", "path: manifests\n      directory: {recurse: true}")
SET_ELSEWHERE = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: all, namespace: argocd}}
spec:
  generators: [clusters: {{}}]
  template:
    metadata: {{name: "{{{{name}}}}"}}
    spec:
      project: default
      source: {{repoURL: {URL}, targetRevision: main, path: manifests/more}}
      destination: {{server: "{{{{server}}}}", namespace: web}}
"""


def test_an_external_secret_in_a_folder_of_the_one_that_is_taken_is_told(tmp_path: Path) -> None:
    (told,) = found(tmp_path, TREE, CODE)
    assert told == (
        f"{INNER}:4:9: warning: web takes what is in manifests, and not the folder in it with ExternalSecret api, "
        "which no Application applies\nhint: set directory.recurse: true, or move it to manifests\n"
        "apps/web.yaml:14:13: the folder is taken here"
    )


def test_it_is_told_once_however_many_take_the_folder(tmp_path: Path) -> None:
    assert len(found(tmp_path, {**TREE, "apps/other.yaml": application("other")}, CODE)) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"apps/web.yaml": RECURSING},
        {"apps/web.yaml": RECURSING.replace("recurse: true", "exclude: more/*")},
        {"apps/more.yaml": application("more", path="manifests/more")},
        {"apps/set.yaml": SET_ELSEWHERE},
        {"manifests/more/kustomization.yaml": "resources: [api.yaml]\n"},
        {"manifests/more/Chart.yaml": "name: api\n"},
        {INNER: MARK + API},
        {INNER: f"# +argocd:skip-file-rendering\n{API}"},
        {"flux.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n"},
    ],
)
def test_what_is_taken_or_may_be_is_none(tmp_path: Path, more: dict[str, str]) -> None:
    assert not any("which no Application applies" in each for each in found(tmp_path, {**TREE, **more}, CODE))


def test_where_nothing_of_the_operator_is_taken_nobody_can_say(tmp_path: Path) -> None:
    own = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    assert found(tmp_path, {"web.yaml": application(), "manifests/own.yaml": own, INNER: API}, CODE) == []
