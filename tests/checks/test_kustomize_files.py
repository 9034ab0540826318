"""What a kustomization names, and is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from gitops_gen.reports.verdict import by_cause
from tests.checks.by_hand import application
from tests.checks.trees import MARK, URL, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "source-path"
OWN = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n"
HINT = "hint: correct the path, commit what it names, or take it off the list"


def tree(kustomization: str, **more: str) -> dict[str, str]:
    """Returns an Application, the kustomization of its folder and a file beside that."""
    files = {
        "a.yaml": application("a"),
        "manifests/kustomization.yaml": kustomization,
        "manifests/own.yaml": OWN,
        "base/kustomization.yaml": "resources: [own.yaml]\n",
        "base/own.yaml": OWN,
        "plain/own.yaml": OWN,
    }
    return {**files, **{path.replace("__", "/") + ".yaml": text for path, text in more.items()}}


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("resources: [own.yaml, gone.yaml]", "1:23", "gone.yaml"),
        ("resources: [own.yaml, ./more/gone.yml]", "1:23", "./more/gone.yml"),
        ("resources: [../bas]", "1:13", "../bas"),
        ("bases: [../bas/]", "1:9", "../bas/"),
        ("components: [../../manifests/x]", None, ""),
        ("generators: [secrets.yaml]", "1:14", "secrets.yaml"),
        ("patchesStrategicMerge: [gone.yaml, own.yaml]", "1:25", "gone.yaml"),
        ("patches: [{path: own.yaml}, {path: gone.yaml}]", "1:36", "gone.yaml"),
        ("configMapGenerator: [{name: a, files: [own.yaml, b=own.yaml, c=gone.txt]}]", "1:62", "gone.txt"),
        ("secretGenerator: [{name: a, envs: [gone.env]}]", "1:36", "gone.env"),
        ("secretGenerator: [{name: a, env: gone.env}]", "1:34", "gone.env"),
        ("helmCharts: [{name: a, repo: b, valuesFile: gone.yaml}]", "1:45", "gone.yaml"),
        ("helmCharts: [{name: a, repo: b, additionalValuesFiles: [own.yaml, gone.yaml]}]", "1:67", "gone.yaml"),
    ],
)
def test_what_a_kustomization_names_and_is_not_there_is_found(
    tmp_path: Path, text: str, place: str | None, name: str
) -> None:
    expected = (
        f"manifests/kustomization.yaml:{place}: error: manifests/kustomization.yaml takes {name}, which is not there: "
        f"kustomize builds nothing for a\n{HINT}"
    )
    assert found(tmp_path, tree(f"{text}\n"), CODE) == [expected] * (place is not None)


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("helmCharts: [{name: web}]", "1:21", "charts/web"),
        ("helmGlobals: {chartHome: ../helm}\nhelmCharts: [{name: wbe, version: 1.0.0}]", "2:21", "../helm/wbe"),
        ("helmGlobals: {chartHome: ../helm}\nhelmCharts: [{name: web}]", None, ""),
        ("helmCharts: [{name: web, repo: https://charts.example.org}]", None, ""),
        ("helmCharts: [{name: '${CHART}'}]", None, ""),
    ],
)
def test_a_chart_without_a_repository_lies_in_the_home_of_charts(
    tmp_path: Path, text: str, place: str | None, name: str
) -> None:
    files = {**tree(f"{text}\n"), "helm/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n"}
    expected = (
        f"manifests/kustomization.yaml:{place}: error: manifests/kustomization.yaml takes {name}, a chart without a "
        f"repo, which is not there: kustomize builds nothing for a\n{HINT}"
    )
    assert found(tmp_path, files, CODE) == [expected] * (place is not None)


def test_a_folder_without_a_kustomization_is_nothing_to_take(tmp_path: Path) -> None:
    assert found(tmp_path, tree("resources: [../base, ../plain]\n"), CODE) == [
        (
            "manifests/kustomization.yaml:1:22: error: manifests/kustomization.yaml takes ../plain, a folder without a "
            f"kustomization: kustomize builds nothing for a\n{HINT}"
        ),
    ]


def test_a_file_without_an_object_is_nothing_to_take(tmp_path: Path) -> None:
    files = {"manifests/values.yaml": "# of the chart\nreplicas: 1\n", "manifests/none.yaml": "# nothing\n"}
    text = "resources: [own.yaml, values.yaml, none.yaml]\nconfigurations: [values.yaml]\n"
    assert found(tmp_path, tree(text) | files, CODE) == [
        (
            "manifests/kustomization.yaml:1:23: error: manifests/kustomization.yaml takes values.yaml, which has no "
            f"object in it: kustomize builds nothing for a\n{HINT}"
        ),
    ]


@pytest.mark.parametrize(("text", "at"), [("resources:\n  - own.yaml\n  -\n", "3:4"), ("resources: ['']\n", "1:13")])
def test_an_empty_entry_is_refused(tmp_path: Path, text: str, at: str) -> None:
    (got,) = found(tmp_path, tree(text), CODE)
    path = "manifests/kustomization.yaml"
    assert got.startswith(f"{path}:{at}: error: {path} has an empty entry in resources: kustomize builds nothing for a")


UNBUILT = {
    **tree("resources: [own.yaml]\n"),
    "apps/base/kustomization.yaml": "resources: [own.yaml]\n",
    "apps/base/own.yaml": OWN,
    "apps/base/values.yaml": "replicas: 1\n",
}


@pytest.mark.parametrize(
    ("text", "at", "what", "hint"),
    [
        ("resources: [../base]", "1:13", "takes ../base, which is not there", "did you mean ../../base?"),
        ("resources: [../../bases]", "1:13", "takes ../../bases, which is not there", "did you mean ../../base?"),
        ("resources: [../../../bases/]", "1:13", "takes ../../../bases/, which is", "did you mean ../../../base?"),
        ("resources: [../../base/values.yaml]", "1:13", "takes ../../base/values.yaml, which has no object", "take it"),
        ("resources: [../../base, ]\nresuorces: []", "2:1", "has a field resuorces", "did you mean resources?"),
        ("apiVersion: kustmoize.config.k8s.io/v1beta1\nresources: [../../base]", "1:13", "has apiVersion kus", "write"),
        ("resources:\n  -", "2:4", "has an empty entry in resources", "take it off the list"),
    ],
)
def test_a_slip_in_what_nobody_is_seen_to_build_is_a_warning(
    tmp_path: Path, text: str, at: str, what: str, hint: str
) -> None:
    path = "apps/overlays/dev/kustomization.yaml"
    (got,) = found(tmp_path, UNBUILT | {path: text}, CODE)
    message, step = got.splitlines()
    assert message.startswith(f"{path}:{at}: warning: {path} {what}")
    assert message.endswith(": kustomize builds nothing of it")
    assert step.startswith(f"hint: {hint}")


@pytest.mark.parametrize("text", ["resources: []\n", "resources: [secret.yaml, ../gone]\n", "namePrefix: dev-\n"])
def test_what_nobody_is_seen_to_build_may_be_made_whole_before(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, UNBUILT | {"apps/overlays/dev/kustomization.yaml": text}, CODE) == []


def test_what_a_base_lacks_is_told_once_for_all_who_build_it(tmp_path: Path) -> None:
    files = tree(
        "resources: [../base]\n", b=application("b"), base__kustomization="resources: [gone.yaml, ../manifests]\n"
    )
    (got,) = found(tmp_path, files, CODE)
    assert got.startswith("base/kustomization.yaml:1:13: error: base/kustomization.yaml takes gone.yaml, which is not ")
    assert got.endswith(f"kustomize builds nothing for a, b\n{HINT}")


@pytest.mark.parametrize(
    "text",
    [
        "resources: [own.yaml, ../base, '../base/']",
        "resources: ['https://example.com/a.yaml', 'github.com/a/b//c?ref=v1', github.com/a/b, 'git@example.com:a/b']",
        "resources: ['${NAME}.yaml', '<name>.yaml', '/a.yaml', ../../elsewhere]",
        "patches: [{patch: '- {op: remove, path: /spec/a}', target: {kind: Deployment}}]",
        "patchesStrategicMerge: ['{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}']",
        "generators: ['{apiVersion: a/v1, kind: B, metadata: {name: a}}']",
        "configMapGenerator: [{name: a, literals: [x=gone.yaml]}]",
    ],
)
def test_what_is_there_or_comes_from_elsewhere_is_sound(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, tree(f"{text}\n"), CODE) == []


def test_what_nobody_builds_may_lack_what_it_names(tmp_path: Path) -> None:
    broken = tree("resources: [gone.yaml]\n")
    elsewhere = application("a").replace("targetRevision: main", "targetRevision: next")
    assert found(tmp_path, {**broken, "a.yaml": application("a", path="base")}, CODE) == []
    assert found(tmp_path, {**broken, "a.yaml": elsewhere}, CODE) == []
    assert found(tmp_path, {**broken, "a.yaml": application("a") + "      plugin: {name: render}\n"}, CODE) == []
    chart = "apiVersion: v2\nname: a\nversion: 1.0.0\n"
    assert found(tmp_path, {**broken, "manifests/Chart.yaml": chart}, CODE) == []
    modules = '[submodule "x"]\n\tpath = manifests/x\n\turl = https://git.example.com/x.git\n'
    assert found(tmp_path, {**tree("resources: [x/a.yaml, x]\n"), ".gitmodules": modules}, CODE) == []


@pytest.mark.parametrize(
    ("text", "at", "what", "hint"),
    [
        ("kind: Kustomizaton\n", "2:7", "is of kind Kustomizaton", "write Kustomization"),
        ("kind: [a]\n", "2:7", "is of kind ['a']", "write Kustomization"),
        (
            "apiVersion: kustomize.config.k8s.io/v1\n",
            "2:13",
            "has apiVersion kustomize.config.k8s.io/v1",
            "write kustomize.config.k8s.io/v1beta1",
        ),
        (
            "kind: Component\napiVersion: kustomize.config.k8s.io/v1beta1\n",
            "3:13",
            "has apiVersion kustomize.config.k8s.io/v1beta1",
            "write kustomize.config.k8s.io/v1alpha1",
        ),
        ("resource: [b.yaml]\n", "2:1", "has a field resource", "did you mean resources?"),
        ("namespaces: a\n", "2:1", "has a field namespaces", "did you mean namespace?"),
        (
            "helmCharts: [{repo: a, valueFile: b}]\n",
            "2:24",
            "has a field valueFile in helmCharts",
            "did you mean valuesFile?",
        ),
        (
            "configMapGenerator: [{name: a, literals: [a=b], behaviour: create}]\n",
            "2:49",
            "has a field behaviour in configMapGenerator",
            "did you mean behavior?",
        ),
        (
            "images: [{name: a, newtag: b, newNames: c}]\n",
            "2:31",
            "has a field newNames in images",
            "did you mean newName?",
        ),
        ("patches: [{patchs: a, target: {kind: A}}]\n", "2:12", "has a field patchs in patches", "did you mean patch?"),
    ],
)
def test_what_kustomize_does_not_take_for_a_kustomization_is_refused(
    tmp_path: Path, text: str, at: str, what: str, hint: str
) -> None:
    path = "manifests/kustomization.yaml"
    (got,) = found(tmp_path, tree(f"resources: [own.yaml]\n{text}"), CODE)
    assert got.splitlines() == [
        f"{path}:{at}: error: {path} {what}: kustomize builds nothing for a",
        f"hint: {hint}",
    ]


@pytest.mark.parametrize("text", ["NamePrefix: a-\n", "zzz: 1\n", "kind:\n", "apiVersion: ''\n", "labels: []\n"])
def test_what_kustomize_takes_or_may_know_one_day_is_not_refused(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, tree(f"resources: [own.yaml]\n{text}"), CODE) == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (MARK + "kind: Kustomization\nresources: []\n", True),
        (MARK + "labels: [{pairs: {a: b}}]\n", True),
        (MARK + "zzz: 1\nresources: [own.yaml]\n", True),
        ("kind: Kustomization\n", True),
        ("resources:\n", True),
        ("resources: []\n", False),
        ("namespace: a\n", False),
    ],
)
def test_a_kustomization_that_brings_nothing_is_refused(tmp_path: Path, text: str, *, is_found: bool) -> None:
    assert len(found(tmp_path, tree(text), CODE)) == is_found


BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: web}
"""
JSON_PATCH = "      - op: replace\n        path: /data\n"


def patched(patches: str, base: str = "resources: [own.yaml]\n") -> dict[str, str]:
    """Returns a kustomization with patches for what its base takes."""
    files = tree(f"resources: [../base]\npatches:\n{patches}", base__kustomization=base)
    return {**files, "base/own.yaml": BASE}


def merged(text: str) -> str:
    return f"  - patch: |\n      {{{text}}}\n"


def for_target(text: str) -> str:
    return f"  - target: {{{text}}}\n    patch: |\n{JSON_PATCH}"


WEB = "apiVersion: apps/v1, kind: Deployment, metadata: {name: web}"
SERVICE = "apiVersion: v1, kind: Service, metadata: {name: web"


@pytest.mark.parametrize(
    ("patch", "base"),
    [
        (merged(WEB), "resources: [own.yaml]\n"),
        (merged(WEB), "resources: [own.yaml]\nnamespace: moved\n"),
        (merged(f"{SERVICE}, namespace: web}}"), "resources: [own.yaml]\n"),
        (merged(f"{SERVICE}, namespace: moved}}"), "resources: [own.yaml]\nnamespace: moved\n"),
        (merged("apiVersion: v1, kind: ConfigMap, metadata: {name: a}"), "configMapGenerator: [{name: a}]\n"),
        (merged(WEB.replace("web", "gone")), "resources: [own.yaml, 'https://example.com/a.yaml']\n"),
        (merged(WEB.replace("web", "gone")), "resources: [own.yaml]\ntransformers: [own.yaml]\n"),
        (merged(WEB.replace("web", "x-web")), "resources: [own.yaml]\nnamePrefix: x-\n"),
        (merged(WEB.replace("web", "${NAME}")), "resources: [own.yaml]\n"),
        (for_target("kind: Deployment, name: web|api"), "resources: [own.yaml]\n"),
        (for_target("name: w.*"), "resources: [own.yaml]\n"),
        (for_target("kind: StatefulSet"), "resources: [own.yaml]\n"),
    ],
)
def test_a_patch_for_something_that_is_built_is_sound(tmp_path: Path, patch: str, base: str) -> None:
    assert found(tmp_path, patched(patch, base), CODE) == []


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        (WEB.replace("web", "wbe"), "Deployment wbe, which it does not build", "did you mean web?"),
        (
            "apiVersion: v1, kind: ConfigMap, metadata: {name: settings}",
            "ConfigMap settings, which it does not build",
            "name something that it builds, or remove it",
        ),
        (
            WEB.replace("apps/v1", "apps/v1beta1"),
            "Deployment web of apps/v1beta1, and it builds one of apps/v1",
            "write apps/v1",
        ),
        (
            f"{SERVICE}}}",
            "Service web without a namespace, and the one that it builds is in web",
            "write its namespace in the patch",
        ),
        (
            f"{SERVICE}, namespace: api}}",
            "Service web in namespace api, and the one that it builds is in web",
            "write its namespace in the patch",
        ),
    ],
)
def test_a_patch_that_is_laid_over_nothing_stops_the_build(tmp_path: Path, text: str, what: str, hint: str) -> None:
    """By kubectl kustomize 5.5: no matches for Id; failed to find unique target for patch."""
    assert found(tmp_path, patched(merged(text)), CODE) == [
        (
            "manifests/kustomization.yaml:3:12: error: manifests/kustomization.yaml has a patch for "
            f"{what}: kustomize builds nothing for a\nhint: {hint}"
        ),
    ]


@pytest.mark.parametrize(
    ("patch", "place", "what", "hint"),
    [
        (
            for_target("kind: Deployment") + "      - op: remove\n        path: /spec/a\n",
            "7:9",
            "for Deployment web: remove /spec/a: it has no /spec",
            "write a path that leads to something there, or add what is missing first",
        ),
        (
            "  - target: {kind: Deployment}\n    path: patch.yaml\n",
            "2:3",
            "for Deployment web: add /spec/template/a: it has no /spec/template",
            "write a path that leads to something there, or add what is missing first",
        ),
        (
            "  - path: patch.yaml\n",
            "3:5",
            "without a target, which says for which objects it is",
            "state the target",
        ),
    ],
)
def test_a_json_patch_that_cannot_be_laid_over_an_object_stops_the_build(
    tmp_path: Path, patch: str, place: str, what: str, hint: str
) -> None:
    """By kubectl kustomize 5.5: operation does not apply; must specify a target."""
    files = patched(patch)
    files["manifests/patch.yaml"] = "- {op: replace, path: /spec, value: {}}\n- {op: add, path: /spec/template/a}\n"
    at = "patch" if place == "2:3" else "kustomization"
    assert found(tmp_path, files, CODE) == [
        (
            f"manifests/{at}.yaml:{place}: error: manifests/kustomization.yaml has a patch {what}: kustomize builds "
            f"nothing for a\nhint: {hint}"
        ),
    ]


OBJECT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"


@pytest.mark.parametrize(
    ("stated", "patch", "place", "what", "hint"),
    [
        (
            "patches: [{path: patch.yaml}]\n",
            f"{OBJECT}spec: [a]\n",
            "patch.yaml:4:7",
            "for Deployment web: it has a map at spec, and the patch a list",
            "write what is wanted there as the object has it",
        ),
        (
            "patches: [{path: patch.yaml, target: {kind: Deployment}}]\n",
            f"{OBJECT}---\n{OBJECT}",
            "kustomization.yaml:2:11",
            "with a target and several objects, where it may be one",
            "write an entry for each",
        ),
        (
            "patchesJson6902: [{path: patch.yaml, target: {kind: Deployment}}]\n",
            "- {op: remove, path: /spec}\n",
            "kustomization.yaml:2:19",
            "with a target that has no name",
            "name the object in the target, or make it an entry of patches",
        ),
    ],
)
def test_a_patch_that_kustomize_cannot_lay_over_an_object_stops_the_build(
    tmp_path: Path, stated: str, patch: str, place: str, what: str, hint: str
) -> None:
    """By kubectl kustomize 5.5: wrong node kind; Multiple Strategic-Merge Patches; must specify the target name."""
    files = patched("")
    files["manifests/kustomization.yaml"] = files["manifests/kustomization.yaml"].splitlines()[0] + f"\n{stated}"
    files |= {"manifests/patch.yaml": patch, "base/own.yaml": f"{OBJECT}spec: {{replicas: 1}}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            f"manifests/{place}: error: manifests/kustomization.yaml has a patch {what}: kustomize builds nothing for a"
            f"\nhint: {hint}"
        ),
    ]


def test_what_stands_before_the_first_slash_of_an_operation_is_dropped(tmp_path: Path) -> None:
    """By kubectl kustomize 5.5, which adds replicas beside the spec."""
    files = patched("  - target: {kind: Deployment}\n    path: patch.yaml\n")
    operations = "- {op: add, path: spec/replicas, value: 1}\n- {op: add, path: /spec, value: {}}\n"
    files["manifests/patch.yaml"] = operations
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/patch.yaml:1:19: warning: manifests/kustomization.yaml has an operation for spec/replicas, "
            "which does not start with a slash: it is for /replicas\nhint: write /spec/replicas"
        ),
    ]


def test_a_target_that_selects_nothing_is_a_warning(tmp_path: Path) -> None:
    """By kubectl kustomize 5.5: what is built is the same without the patch."""
    assert found(tmp_path, patched(for_target("kind: Deployment, name: wbe")), CODE) == [
        (
            "manifests/kustomization.yaml:3:38: warning: manifests/kustomization.yaml has a patch for Deployment wbe, "
            "which it does not build: it changes nothing\nhint: did you mean web?"
        ),
    ]


@pytest.mark.parametrize(
    ("patch", "what", "outcome"),
    [
        (for_target("kind: Deployment, name: wbe"), "3:38: warning: manifests", "it changes nothing"),
        (merged(WEB.replace("web", "wbe")), "3:12: warning: manifests", "kustomize builds nothing of it"),
    ],
)
def test_a_patch_for_nothing_is_a_warning_where_nobody_is_seen_to_build_it(
    tmp_path: Path, patch: str, what: str, outcome: str
) -> None:
    files = {path: text for path, text in patched(patch).items() if path.startswith(("manifests/", "base/"))}
    (problem,) = found(tmp_path, files, CODE)
    assert problem == (
        f"manifests/kustomization.yaml:{what}/kustomization.yaml has a patch for Deployment wbe, which it does not "
        f"build: {outcome}\nhint: did you mean web?"
    )
    elsewhere = {"manifests/kustomization.yaml": f"resources: [https://example.com/base]\n{patch}"}
    assert found(tmp_path, elsewhere, CODE) == []


def test_the_patches_of_a_component_are_for_what_takes_it(tmp_path: Path) -> None:
    files = tree("resources: [own.yaml]\ncomponents: [../base]\n")
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [own.yaml]\npatches:\n"
    files["base/kustomization.yaml"] = component + merged(WEB)
    assert found(tmp_path, files, CODE) == []


FACTS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: facts}
data: {url: https://example.com, none: ""}
---
apiVersion: example.com/v1
kind: Site
metadata: {name: web}
spec: {url: to-be-copied, hosts: [a]}
"""
COPIED = "{kind: ConfigMap, name: facts, fieldPath: data.url}"
SITE = "{kind: Site, name: web}"


def copied(source: str, select: str = SITE, more: str = "", fields: str = "spec.url") -> str:
    return f"{{source: {source}, targets: [{{select: {select}, fieldPaths: [{fields}]{more}}}]}}"


def replaced(replacement: str, base: str = "resources: [own.yaml]\n", more: str = "") -> dict[str, str]:
    """Returns a kustomization with a replacement in what its base takes."""
    files = tree(f"resources: [../base]\n{more}replacements:\n  - {replacement}\n", base__kustomization=base)
    return {**files, "base/own.yaml": FACTS}


@pytest.mark.parametrize(
    ("replacement", "base", "more"),
    [
        (copied(COPIED), "resources: [own.yaml]\n", ""),
        (copied(COPIED, "{kind: Site}"), "resources: [own.yaml]\n", ""),
        (copied(COPIED, "{kind: Ingress}"), "resources: [own.yaml]\n", ""),
        (copied("{kind: ConfigMap, name: facts, fieldPath: data.none}"), "resources: [own.yaml]\n", ""),
        (copied("{kind: ConfigMap, name: facts}"), "resources: [own.yaml]\n", ""),
        (
            copied("{kind: ConfigMap, name: made, fieldPath: data.url}"),
            "resources: [own.yaml]\nconfigMapGenerator: [{name: made}]\n",
            "",
        ),
        (copied("{kind: ConfigMap, name: gone}"), "resources: [own.yaml, 'https://example.com/a.yaml']\n", ""),
        (copied("{kind: ConfigMap, name: '${NAME}'}"), "resources: [own.yaml]\n", ""),
        (copied(COPIED, more=", options: {create: true}", fields="spec.new"), "resources: [own.yaml]\n", ""),
        (copied(COPIED, more=", reject: [{name: web}]", fields="spec.new"), "resources: [own.yaml]\n", ""),
        (copied(COPIED, fields="'spec.hosts.[a=b].url'"), "resources: [own.yaml]\n", ""),
        (copied(COPIED, fields="spec.hosts.0"), "resources: [own.yaml]\n", ""),
        (copied(COPIED, "{name: web, labelSelector: a=b}", fields="spec.new"), "resources: [own.yaml]\n", ""),
        (copied(COPIED, fields="spec.new"), "resources: [own.yaml]\n", f"patches:\n{for_target('kind: Site')}"),
        ("{path: copied.yaml}", "resources: [own.yaml]\n", ""),
    ],
)
def test_a_replacement_of_what_is_built_is_sound(tmp_path: Path, replacement: str, base: str, more: str) -> None:
    files = {**replaced(replacement, base, more), "manifests/copied.yaml": f"- {copied(COPIED)}\n"}
    assert found(tmp_path, files, CODE) == []


NOT_BUILT = "name something that it builds, or remove it"


@pytest.mark.parametrize(
    ("replacement", "place", "what", "hint"),
    [
        (
            copied(COPIED.replace("facts", "fact")),
            "3:38",
            "from ConfigMap fact, which it does not build",
            "did you mean facts?",
        ),
        (
            copied(COPIED.replace("facts", "settings")),
            "3:38",
            "from ConfigMap settings, which it does not build",
            NOT_BUILT,
        ),
        (
            copied(COPIED.replace("data.url", "data.uri")),
            "3:56",
            "from data.uri of ConfigMap facts, which has no such field",
            "name a field that it has",
        ),
        (
            copied(COPIED, fields="spec.source.url"),
            "3:124",
            "into spec.source.url of Site web, which has no such field",
            "correct the path, or set options.create: true",
        ),
    ],
)
def test_a_replacement_from_or_into_what_is_not_there_stops_the_build(
    tmp_path: Path, replacement: str, place: str, what: str, hint: str
) -> None:
    """By kubectl kustomize 5.5: nothing selected by; fieldPath is missing for; unable to find field."""
    assert found(tmp_path, replaced(replacement), CODE) == [
        (
            f"manifests/kustomization.yaml:{place}: error: manifests/kustomization.yaml has a replacement {what}: "
            f"kustomize builds nothing for a\nhint: {hint}"
        ),
    ]


@pytest.mark.parametrize(
    ("select", "what", "hint"),
    [
        ("{kind: Site, name: wbe}", "Site wbe", "did you mean web?"),
        ("{name: shop}", "shop", NOT_BUILT),
        ("{kind: Sites}", "Sites", "did you mean Site?"),
    ],
)
def test_a_replacement_into_nothing_is_a_warning(tmp_path: Path, select: str, what: str, hint: str) -> None:
    """By kubectl kustomize 5.5: what is built is the same without the replacement."""
    (problem,) = found(tmp_path, replaced(copied(COPIED, select)), CODE)
    assert problem.endswith(
        f"warning: manifests/kustomization.yaml has a replacement into {what}, which it does not build: it changes "
        f"nothing\nhint: {hint}"
    )


@pytest.mark.parametrize("dashes", ["- ", ""])
def test_a_replacement_in_a_file_of_its_own_is_judged_there(tmp_path: Path, dashes: str) -> None:
    files = replaced("{path: copied.yaml}")
    files["manifests/copied.yaml"] = f"{dashes}{copied(COPIED.replace('facts', 'fact'))}\n"
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith(
        f"manifests/copied.yaml:1:{34 + len(dashes)}: error: manifests/kustomization.yaml has a replacement from "
        "ConfigMap fact, which"
    )


STORE = """\
apiVersion: external-secrets.io/v1
kind: KIND
metadata: {name: store}
spec: {provider: {aws: {service: SecretsManager, region: eu-west-1, auth: {jwt: {serviceAccountRef: REF}}}}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: eso}
"""


def stored(kind: str, reference: str, more: str = "") -> dict[str, str]:
    files = tree(f"namespace: shop\nresources: [own.yaml]\n{more}")
    return {**files, "manifests/own.yaml": STORE.replace("KIND", kind).replace("REF", reference)}


@pytest.mark.parametrize(
    ("kind", "reference", "more"),
    [
        ("SecretStore", "{name: eso}", ""),
        ("SecretStore", "{name: eso, namespace: shop}", ""),
        ("ClusterSecretStore", "{name: eso, namespace: shop}", ""),
        ("ClusterSecretStore", "{name: of-another-chart, namespace: web}", ""),
        ("SecretStore", "{name: eso, namespace: web}", f"patches:\n{for_target('kind: SecretStore')}"),
    ],
)
def test_a_store_goes_where_its_service_account_goes(tmp_path: Path, kind: str, reference: str, more: str) -> None:
    assert found(tmp_path, stored(kind, reference, more), CODE) == []


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("SecretStore", "error: SecretStore store names namespace web"),
        ("ClusterSecretStore", "warning: ClusterSecretStore store names ServiceAccount eso in web"),
    ],
)
def test_a_store_that_names_another_namespace_than_it_gets_is_told(tmp_path: Path, kind: str, named: str) -> None:
    (told,) = found(tmp_path, stored(kind, "{name: eso, namespace: web}"), CODE)
    assert told.startswith("manifests/own.yaml:4:")
    expected = f"{named}, and manifests/kustomization.yaml puts it into shop"
    assert told.partition(": ")[2].split("\n")[0] == expected


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("resources: [own.yaml, ../plain/own.yaml]", "1:23", "../plain/own.yaml"),
        ("patches: [{path: ../plain/own.yaml}]\nresources: [own.yaml]", "1:18", "../plain/own.yaml"),
        ("configMapGenerator: [{name: a, files: [b=../plain/own.yaml]}]", "1:40", "../plain/own.yaml"),
        ("resources: [../manifests/own.yaml, ../base]", None, ""),
    ],
)
def test_a_file_from_outside_of_the_folder_is_a_note(tmp_path: Path, text: str, place: str | None, name: str) -> None:
    """Source: kubernetes-sigs/kustomize issue 766."""
    expected = (
        f"manifests/kustomization.yaml:{place}: note: manifests/kustomization.yaml takes the file {name} from outside "
        "of its folder: kustomize builds nothing for a, unless the kustomize.buildOptions of Argo CD have "
        "LoadRestrictionsNone\n"
        "hint: take a folder with a kustomization instead, or move the file below this one"
    )
    files = tree(f"{text}\n")
    assert found(tmp_path / "restricted", files, CODE) == [expected] * (place is not None)
    settings = {"argocd/values.yaml": "kustomize.buildOptions: --load-restrictor LoadRestrictionsNone\n"}
    assert found(tmp_path / "open", {**files, **settings}, CODE) == []


def test_several_files_from_outside_of_one_folder_are_one_cause(tmp_path: Path) -> None:
    text = "resources: [own.yaml, ../plain/own.yaml, ../plain/more.yaml]\n"
    found(tmp_path, tree(text, plain__more=OWN.replace("name: a", "name: b")), CODE)
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert [len(each) for each in by_cause(judge(graph, select=[CODE]).problems)] == [2]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("images: [{name: a, newTag: 1.10}]", ("2:20", "images.0.newTag: got a number", "a string")),
        ("images: [{name: a, newTag: 2024-01-01}, {newTag: 12:30}, {newTag: 1e400}]", None),
        (
            "commonAnnotations: {a: true, b: 'true', c: null}",
            ("2:24", "commonAnnotations.a: got true or false", "a string"),
        ),
        ("labels: [{pairs: {a: 1}}]", ("2:22", "labels.0.pairs.a: got a number", "a string")),
        ("namespace: no", ("2:1", "namespace: got true or false", "a string")),
        ("helmCharts: [{name: a, repo: b, version: 1.0}]", ("2:33", "helmCharts.0.version: got a number", "a string")),
        ("patches: [own.yaml]", ("2:11", "patches.0: got a string", "a map")),
        (
            "configMapGenerator: [{name: a, literals: a=b}]",
            ("2:32", "configMapGenerator.0.literals: got a string", "a list"),
        ),
        ("replicas: [{count: '2'}]", ("2:13", "replicas.0.count: got a string", "a number")),
        (
            "generatorOptions: {immutable: 'true'}",
            ("2:31", "generatorOptions.immutable: got a string", "true or false"),
        ),
        ("patches: null\nlabels: [{pairs: null}]\nopenapi: {path: own.yaml}\nvars: []", None),
        ("sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Namespace]}}", None),
    ],
)
def test_what_kustomize_reads_as_another_type_stops_it(
    tmp_path: Path, text: str, told: tuple[str, str, str] | None
) -> None:
    path = "manifests/kustomization.yaml"
    expected: list[list[str]] = []
    if told is not None:
        place, got, kind = told
        what = f"has {got}, expected {kind}: kustomize builds nothing for a"
        hint = "put it into quotes" if kind == "a string" else f"write {kind}"
        expected.append([f"{path}:{place}: error: {path} {what}", f"hint: {hint}"])
    files = tree(f"resources: [own.yaml]\n{text}\n")
    assert [each.splitlines()[:2] for each in found(tmp_path, files, CODE)] == expected


def test_a_kustomization_that_something_fills_in_first_is_not_judged_by_its_types(tmp_path: Path) -> None:
    assert found(tmp_path, tree("resources: [own.yaml]\nnamespace: {{ namespace }}\n"), CODE) == []


MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("configMapGenerator: [{name: conf, literals: [a=b]}]", None),
        ("configMapGenerator: [{name: plain, behavior: merge, literals: [a=b]}]", None),
        ("configMapGenerator: [{name: plain, behavior: merge, namespace: default, literals: [a=b]}]", None),
        ("secretGenerator: [{name: plain, literals: [a=b]}]", None),
        (
            "configMapGenerator: [{name: plain, literals: [a=b]}]",
            "a generator of ConfigMap plain, which it takes already",
        ),
        (
            "configMapGenerator: [{name: plain, behavior: Merge, literals: [a=b]}]",
            "a generator of ConfigMap plain, which it takes already",
        ),
        ("configMapGenerator: [{name: plain, namespace: other, literals: [a=b]}]", None),
        (
            "configMapGenerator: [{name: plane, behavior: merge, literals: [a=b]}]",
            "a generator that is to merge ConfigMap plane, which it does not take",
        ),
        (
            "secretGenerator: [{name: plain, behavior: replace, literals: [a=b]}]",
            "a generator that is to replace Secret plain, which it does not take",
        ),
        (
            "configMapGenerator: [{name: plain, behavior: merge, namespace: other, literals: [a=b]}]",
            "a generator that is to merge ConfigMap plain in namespace other, which it does not take",
        ),
        (
            "configMapGenerator: [{name: two, literals: [a=b]}, {name: two, literals: [c=d]}]",
            "a generator of ConfigMap two, which it takes already",
        ),
        ("configMapGenerator: [{name: two, literals: [a=b]}, {name: two, behavior: merge, literals: [c=d]}]", None),
        (
            "patches: [{target: {kind: Config.*}, patch: '[]'}]\nconfigMapGenerator: [{name: plain, literals: [a=b]}]",
            None,
        ),
        ("components: [../part]\nconfigMapGenerator: [{name: plain, literals: [a=b]}]", None),
    ],
)
def test_a_generator_makes_what_is_not_there_or_changes_what_is(tmp_path: Path, text: str, told: str | None) -> None:
    part = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nlabels: []\n"
    files = tree(f"resources: [map.yaml]\n{text}\n", manifests__map=MAP, part__kustomization=part)
    path = "manifests/kustomization.yaml"
    heads = [each.splitlines()[0].partition(": ")[2] for each in found(tmp_path, files, CODE)]
    assert heads == ([f"error: {path} has {told}: kustomize builds nothing for a"] if told else [])


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("resources: [own.yaml, ../part]", "Component", "takes ../part, which is a Component, in resources"),
        ("resources: [own.yaml]\ncomponents: [../part]", "Component", None),
        ("components: [../part]", "Kustomization", "takes ../part, which is no Component, in components"),
        ("resources: [own.yaml, ../part]", "Kustomization", None),
    ],
)
def test_a_component_and_what_is_none_are_taken_in_lists_of_their_own(
    tmp_path: Path, text: str, kind: str, told: str | None
) -> None:
    path, version = "manifests/kustomization.yaml", "v1alpha1" if kind == "Component" else "v1beta1"
    part = f"apiVersion: kustomize.config.k8s.io/{version}\nkind: {kind}\nresources: [other.yaml]\n"
    files = tree(f"{text}\n", part__kustomization=part, part__other=MAP)
    heads = [each.splitlines()[0].partition(": ")[2] for each in found(tmp_path, files, CODE)]
    assert heads == ([f"error: {path} {told}: kustomize builds nothing for a"] if told else [])


WORKLOADS = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n---\n"
    "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: roll}\n"
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("replicas: [{name: web, count: 2}]", ""),
        ("replicas: [{name: web, count: 2}, {name: wbe, count: 2}]", "wbe"),
        ("replicas: [{name: roll, count: 2}]", "roll"),
        ("replicas: [{name: roll, count: 2}]\nconfigurations: [config.yaml]", ""),
        ("namePrefix: p-\nreplicas: [{name: web, count: 2}, {name: p-web, count: 2}]", ""),
        ("replicas: [{name: api, count: 2}]\npatches: [{path: rename.yaml, target: {kind: Deployment}}]", ""),
        (
            "patches: [{target: {kind: Job}, patch: '[{op: replace, path: /metadata/name}]'}]\nreplicas: [{name: z}]",
            "",
        ),
        ("replicas: [{name: api, count: 2}]\npatches: [{target: {kind: Deployment}, patch: '[]'}]", "api"),
        ("replicas: [{name: api, count: 2}]\nresources: [https://example.com/api.yaml]", ""),
    ],
)
def test_replicas_are_those_of_a_workload_that_is_built(tmp_path: Path, text: str, name: str) -> None:
    path, stated = "manifests/kustomization.yaml", "" if "resources:" in text else "resources: [work.yaml]\n"
    files = tree(
        f"{stated}{text}\n",
        manifests__work=WORKLOADS,
        manifests__config="replicas: [{path: spec/replicas, kind: Rollout}]\n",
        manifests__rename="- {op: replace, path: /metadata/name, value: api}\n" if "rename" in text else "- {}\n",
    )
    heads = [each.splitlines()[0].partition(": ")[2] for each in found(tmp_path, files, CODE)]
    what = f"error: {path} has replicas of {name}, which it does not build: kustomize builds nothing for a"
    assert heads == ([what] if name else [])


def test_a_folder_with_two_kustomizations_is_not_built(tmp_path: Path) -> None:
    files = {**tree("resources: [own.yaml]\n"), "manifests/kustomization.yml": "resources: [own.yaml]\n"}
    told = [each.splitlines()[0] for each in found(tmp_path, files, CODE)]
    path = "manifests/kustomization.yaml"
    assert (
        f"{path}:1:1: error: {path} has manifests/kustomization.yml beside it, of which kustomize takes one only: "
        in (told[0])
    )
