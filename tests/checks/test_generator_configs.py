"""The ConfigMaps that generators of a plugin and of decisions on clusters read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "argo-cd-object"
SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: previews
  namespace: argocd
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - {generator}
  template:
    metadata:
      name: "{{{{ .name }}}}"
    spec:
      project: default
      source:
        repoURL: https://github.com/shop/api.git
        path: deploy
      destination:
        name: one
"""
PLUGIN = "plugin: {configMapRef: {name: preview-plugin}}"
DECISIONS = "clusterDecisionResource: {configMapRef: preview-plugin, name: all}"
INNER = f"matrix: {{generators: [{{{PLUGIN}}}, {{list: {{elements: [{{a: b}}]}}}}]}}"
CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: preview-plugin
  namespace: argocd
data:
  {data}
"""
OF_PLUGIN = 'baseUrl: http://previews.argocd\n  token: $previews:token\n  requestTimeout: "30"'
OF_DECISIONS = "apiVersion: example.org/v1\n  kind: decisions\n  matchKey: clusterName"


def told(root: Path, generator: str, config: str) -> list[str]:
    """Returns what is said of a set, and of the ConfigMap of its generator."""
    return found(root, {"argocd/set.yaml": SET.format(generator=generator), "argocd/config.yaml": config}, CODE)


@pytest.mark.parametrize(("generator", "data"), [(PLUGIN, OF_PLUGIN), (INNER, OF_PLUGIN), (DECISIONS, OF_DECISIONS)])
def test_what_has_all_that_is_read_is_fine(tmp_path: Path, generator: str, data: str) -> None:
    assert told(tmp_path, generator, CONFIG.format(data=data)) == []


def test_a_config_that_nothing_here_is_like_may_be_anywhere(tmp_path: Path) -> None:
    assert told(tmp_path, PLUGIN, CONFIG.format(data=OF_PLUGIN).replace("preview-plugin", "settings")) == []


@pytest.mark.parametrize(
    ("generator", "at"),
    [(PLUGIN, "10:37"), (INNER, "10:60"), (DECISIONS, "10:47")],
)
def test_a_slip_in_its_name_is_found(tmp_path: Path, generator: str, at: str) -> None:
    data = OF_DECISIONS if generator is DECISIONS else OF_PLUGIN
    assert told(
        tmp_path, generator.replace("plugin}", "plugn}").replace("plugin,", "plugn,"), CONFIG.format(data=data)
    ) == [
        (
            f"argocd/set.yaml:{at}: warning: ApplicationSet previews: its generator reads the ConfigMap "
            "preview-plugn, and no ConfigMap here has that name\nhint: did you mean preview-plugin?\n"
            "argocd/config.yaml:4:9: ConfigMap preview-plugin is here"
        )
    ]


def test_one_in_another_namespace_is_not_read(tmp_path: Path) -> None:
    config = CONFIG.format(data=OF_PLUGIN).replace("namespace: argocd", "namespace: argo")
    assert told(tmp_path, PLUGIN, config) == [
        (
            "argocd/set.yaml:10:37: warning: ApplicationSet previews: its generator reads the ConfigMap "
            "preview-plugin in namespace argocd, and it is in namespace argo\nhint: bring it to namespace argocd\n"
            "argocd/config.yaml:5:14: it is here"
        )
    ]


@pytest.mark.parametrize(
    ("generator", "data", "at", "what", "hint"),
    [
        (PLUGIN, OF_PLUGIN.replace("baseUrl", "baseURL"), "6:1", "has no baseUrl", "write baseUrl for baseURL"),
        (PLUGIN, OF_PLUGIN.replace("token: $previews:token", "a: b"), "6:1", "has no token", "add token"),
        (
            *(PLUGIN, OF_PLUGIN.replace("$prev", "prev"), "8:10"),
            *("has the token previews:token, which names no key of a Secret", "write $SECRET:KEY"),
        ),
        (
            *(PLUGIN, OF_PLUGIN.replace('"30"', "30s"), "9:19"),
            *("has the requestTimeout 30s, which is no whole number", "write it in seconds"),
        ),
        (DECISIONS, OF_DECISIONS.replace("kind:", "kinds:"), "6:1", "has no kind", "write kind for kinds"),
        (
            *(DECISIONS, OF_DECISIONS.replace("example.org/v1", "v1"), "7:15"),
            *("has the apiVersion v1, which has no group", "write GROUP/VERSION"),
        ),
        (DECISIONS, OF_DECISIONS.replace("matchKey", "match"), "6:1", "has no matchKey", "write matchKey for match"),
    ],
)
def test_what_it_lacks_is_found(tmp_path: Path, generator: str, data: str, at: str, what: str, hint: str) -> None:
    assert told(tmp_path, generator, CONFIG.format(data=data)) == [
        (
            f"argocd/config.yaml:{at}: warning: ConfigMap preview-plugin {what}: ApplicationSet previews makes "
            f"nothing\nhint: {hint}\n"
            f"argocd/set.yaml:{'10:37' if generator is PLUGIN else '10:47'}: its generator reads it here"
        )
    ]


@pytest.mark.parametrize(
    "config",
    [
        CONFIG.format(data="{{ toYaml .Values.plugin }}: a"),
        CONFIG.format(data=OF_PLUGIN.replace("$previews:token", "'{{ .token }}'")),
        CONFIG.partition("data:")[0],
    ],
)
def test_what_something_else_fills_in_is_not_judged(tmp_path: Path, config: str) -> None:
    assert told(tmp_path, PLUGIN, config) == []
