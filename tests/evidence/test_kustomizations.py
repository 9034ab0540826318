"""What kustomize patches is not judged as it stands in a file: patches, and the objects of Argo CD below them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.kustomizations import Kustomizations
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import BY_HAND, application
from tests.checks.trees import URL, found, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BASE = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd}}
spec:
  project: default
  source: {{repoURL: {URL}, path: to-be-patched, targetRevision: main}}
  destination: {{name: in-cluster, namespace: web}}
"""

PATCH = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec:
  source: {path: manifests}
"""

SECRET = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {{name: {name}}}\nspec: {{}}\n"

TREE = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": BASE,
    "manifests/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
}


def told(root: Path, files: Mapping[str, str]) -> list[str]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(dedent(text), encoding="utf-8")
    return [shown(each) for each in judge(Graph(Files(root), (".",), repositories({URL: "."}))).problems]


PATCHED = (
    "base/web.yaml:3:18: note: Application web is patched by {by}, which does not run here, so what it says then "
    "is not known\nhint: verify what it builds"
)

OVERLAYS = {
    "a patch by its path": "resources: [../base]\npatches: [{path: web.yaml}]\n",
    "an old patch": "bases: [../base]\npatchesStrategicMerge: [web.yaml]\n",
    "an inline patch": "resources: [../base]\npatches:\n  - patch: |\n"
    + "".join(f"      {line}\n" for line in PATCH.splitlines()),
    "a target": ("resources: [../base]\npatches: [{path: path.yaml, target: {kind: Application, name: w.b}}]\n"),
    "an old target": (
        "resources: [../base]\npatchesJson6902: [{path: path.yaml, target: {kind: Application, name: web}}]\n"
    ),
    "a pattern of Go's": ("resources: [../base]\npatches: [{path: path.yaml, target: {name: '\\pL+'}}]\n"),
    "a replacement": (
        "resources: [../base]\nreplacements:\n"
        "  - targets: [{select: {kind: Application}, fieldPaths: [spec.source.path]}]\n"
    ),
    "a replacement in a file": "resources: [../base]\nreplacements: [{path: copied.yaml}]\n",
}


@pytest.mark.parametrize("overlay", OVERLAYS.values(), ids=OVERLAYS)
def test_an_application_that_is_patched_and_its_patch_are_not_judged(tmp_path: Path, overlay: str) -> None:
    files = {**TREE, "prod/kustomization.yaml": overlay, "prod/path.yaml": "[]\n"}
    if "copied.yaml" in overlay:
        files["prod/copied.yaml"] = "targets: [{select: {kind: Application}, fieldPaths: [spec.source.path]}]\n"
    if "web.yaml" in overlay.replace("../base", ""):
        files["prod/web.yaml"] = PATCH
    assert told(tmp_path, files) == [PATCHED.format(by="prod/kustomization.yaml")]


def test_the_patch_of_a_component_counts_for_what_takes_it(tmp_path: Path) -> None:
    files = {
        **TREE,
        "part/kustomization.yaml": "kind: Component\npatches: [{path: web.yaml}]\n",
        "part/web.yaml": PATCH,
        "prod/kustomization.yaml": "resources: [../base]\ncomponents: [../part]\n",
    }
    assert told(tmp_path, files) == [PATCHED.format(by="prod/kustomization.yaml")]


OBJECT = PATCH.replace("name: web}", "name: web, namespace: argocd}")
OPERATION = "[{op: replace, path: /spec/source/path, value: manifests}]\n"
BY_TARGET = "resources: [../base]\npatches: [{path: patch.yaml, target: {kind: Application, name: web}}]\n"


@pytest.mark.parametrize(
    ("overlay", "patch"),
    [
        (OVERLAYS["a patch by its path"].replace("web.yaml", "patch.yaml"), OBJECT),
        (OVERLAYS["an old patch"].replace("web.yaml", "patch.yaml"), OBJECT),
        (BY_TARGET, PATCH),
        (BY_TARGET, OPERATION),
        (BY_TARGET.replace("patches", "patchesJson6902"), OPERATION),
    ],
)
def test_an_application_that_one_kustomization_patches_is_judged_as_it_comes_out(
    tmp_path: Path, overlay: str, patch: str
) -> None:
    files = {**TREE, "prod/kustomization.yaml": overlay, "prod/patch.yaml": patch}
    assert told(tmp_path, files) == []
    slip = patch.replace("manifests", "manifestz")
    (said,) = told(tmp_path, {"prod/patch.yaml": slip})
    place = "1:48" if patch == OPERATION else "5:18"
    assert said.startswith(f"prod/patch.yaml:{place}: error: web")


SET = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  syncPolicy: {{preserveResourcesOnDeletion: true}}
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators: [{{list: {{elements: [{{name: a}}]}}}}]
  template:
    metadata: {{name: 'web-{{{{.name}}}}'}}
    spec:
      project: default
      source: {{repoURL: {URL}, path: to-be-patched, targetRevision: main}}
      destination: {{name: in-cluster, namespace: web}}
"""


def test_a_set_that_one_kustomization_patches_is_judged_as_it_comes_out(tmp_path: Path) -> None:
    operation = "[{op: replace, path: /spec/template/spec/source/path, value: manifests}]\n"
    overlay = BY_TARGET.replace("kind: Application,", "kind: ApplicationSet,")
    files = {**TREE, "base/web.yaml": SET, "prod/kustomization.yaml": overlay, "prod/patch.yaml": operation}
    assert told(tmp_path, files) == []
    (said,) = told(tmp_path, {"prod/patch.yaml": operation.replace("manifests", "manifestz")})
    assert said.startswith("prod/patch.yaml:1:62: error: web-a")


def test_an_application_that_a_patch_takes_away_is_not_judged(tmp_path: Path) -> None:
    files = {**TREE, "prod/kustomization.yaml": BY_TARGET, "prod/patch.yaml": f"$patch: delete\n{PATCH}"}
    assert told(tmp_path, files) == []
    assert Graph(Files(tmp_path), (".",), repositories({URL: "."})).applications == ()


def test_of_an_application_that_two_overlays_patch_nobody_knows_which_is_meant(tmp_path: Path) -> None:
    files = {
        **TREE,
        **{f"{each}/kustomization.yaml": BY_TARGET for each in ("dev", "prod")},
        **{f"{each}/patch.yaml": PATCH for each in ("dev", "prod")},
    }
    assert told(tmp_path, files) == [PATCHED.format(by="dev/kustomization.yaml")]


ROOT = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: root, namespace: argocd}}
spec:
  project: default
  source: {{repoURL: {URL}, path: base, targetRevision: main, kustomize: {{STATED}}}}
  destination: {{name: in-cluster, namespace: argocd}}
"""
AT_MANIFESTS = "patches: [{target: {kind: Application}, patch: '[{op: add, path: /spec/source/path, value: %s}]'}]"


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ("namespace: argocd", "base/web.yaml:6:"),
        (AT_MANIFESTS % "manifests", None),
        (AT_MANIFESTS % "manifestz", "root.yaml:6:"),
        (AT_MANIFESTS.replace("Application", "AppProject") % "manifests", "base/web.yaml:6:"),
        ("namePrefix: a-", "base/web.yaml:6:"),
        ("namePrefix: a-, commonAnnotations: {a: b}", "base/web.yaml:6:"),
        (f"commonAnnotations: {{a: b}}, {AT_MANIFESTS % 'manifests'}", None),
        (f"version: v4.0.0, {AT_MANIFESTS % 'manifests'}", "base/web.yaml:3:"),
        ("components: [../part]", "base/web.yaml:3:"),
    ],
)
def test_an_application_is_judged_with_what_the_one_that_brings_it_states(
    tmp_path: Path, stated: str, problem: str | None
) -> None:
    files = {**TREE, "root.yaml": ROOT.replace("STATED", stated)}
    of_web = [each for each in told(tmp_path, files) if "web" in each.partition("\n")[0]]
    if stated == "namePrefix: a-":
        assert "a-web takes its manifests from to-be-patched" in of_web[0]
    assert [each.startswith(problem or "") for each in of_web] == ([] if problem is None else [True])
    if problem == "base/web.yaml:3:":
        assert "is patched by what root.yaml states of kustomize, which does not run here" in of_web[0]


FACTS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: facts}\ndata: {path: to-be-patched, other: elsewhere}\n"
COPYING = """\
resources: [../base, facts.yaml]
replacements:
  - source: {kind: ConfigMap, name: facts, fieldPath: data.path}
    targets: [{select: {kind: Application}, fieldPaths: [spec.source.path]}]
"""


@pytest.mark.parametrize(
    ("old", "new", "is_patched"),
    [
        ("", "", False),
        ("fieldPaths", "options: {create: true}, fieldPaths", True),
        ("data.path", "data.other", True),
        ("data.path", "data.gone", True),
        ("data.path", "'data.[path]'", True),
        ("data.path", "data.path, options: {delimiter: '-'}", True),
        ("spec.source.path", "spec.source.path, spec.source.repoURL", True),
        ("spec.source.path", "'spec.source.*'", True),
        ("name: facts", "name: gone", True),
        ("replacements", "patches: [{target: {kind: ConfigMap}, patch: '[]'}]\nreplacements", True),
    ],
)
def test_a_replacement_that_copies_what_is_there_already_changes_nothing(
    tmp_path: Path, old: str, new: str, *, is_patched: bool
) -> None:
    overlay = COPYING.replace(old, new, 1)
    files = {**TREE, "prod/kustomization.yaml": overlay, "prod/facts.yaml": FACTS}
    assert (PATCHED.format(by="prod/kustomization.yaml") in told(tmp_path, files)) is is_patched


def test_a_patch_of_what_is_further_down_counts_too(tmp_path: Path) -> None:
    files = {
        **TREE,
        "middle/kustomization.yml": "resources: [../base]\n",
        "prod/Kustomization": "resources: [../middle]\npatches: [{path: web.yaml}]\n",
        "prod/web.yaml": PATCH,
    }
    assert told(tmp_path, files) == [PATCHED.format(by="prod/Kustomization")]


@pytest.mark.parametrize(
    "overlay",
    [
        "resources: [../base]\n",
        "resources: [../other]\npatches: [{path: path.yaml, target: {kind: Application}}]\n",
        "resources: [../base]\npatches: [{path: path.yaml, target: {kind: Applica}}]\n",
        "resources: [../base, ../prod]\nnamespace: argocd\n",
        "- no\n",
    ],
    ids=["no patch", "of another folder", "of another kind", "in a circle", "no kustomization"],
)
def test_an_application_that_nobody_patches_is_judged(tmp_path: Path, overlay: str) -> None:
    files = {**TREE, "prod/kustomization.yaml": overlay, "other/kustomization.yaml": "resources: []\n"}
    (problem,) = found(tmp_path, files, "source-path")
    assert problem.startswith(
        "base/web.yaml:6:62: error: web takes its manifests from to-be-patched, which is not there\n"
        "hint: correct the path, or commit the folder"
    )


@pytest.mark.parametrize(
    ("overlays", "is_judged"),
    [
        ({"dev": "resources: [../base]\n"}, True),
        ({"dev": "resources: [../mid]\n", "mid": "resources: [../base]\n"}, True),
        ({"dev": "resources: [../base]\npatches: [{path: ../prod/patch.yaml}]\n"}, False),
        ({"dev": "resources: [../base]\ncomponents: [../part]\n", "part": "kind: Component\nPATCHES\n"}, False),
        ({"part": "kind: Component\nresources: [../base]\n"}, False),
        ({"all": "resources: [../prod]\n"}, False),
        ({"dev": "resources: [../other]\n"}, False),
    ],
)
def test_an_application_that_one_overlay_takes_as_it_is_is_judged_for_that_one(
    tmp_path: Path, overlays: Mapping[str, str], *, is_judged: bool
) -> None:
    patches = "patches: [{path: patch.yaml}]\n"
    files = {
        **TREE,
        "prod/kustomization.yaml": f"resources: [../base]\n{patches}",
        "prod/patch.yaml": PATCH,
        "part/patch.yaml": PATCH,
        **{f"{name}/kustomization.yaml": text.replace("PATCHES\n", patches) for name, text in overlays.items()},
    }
    problems = told(tmp_path, files)
    assert any("is patched by" in each for each in problems)
    assert any("web takes its manifests from to-be-patched" in each for each in problems) is is_judged


@pytest.mark.parametrize(("kind", "is_told"), [("AppProject", True), ("Rollout", False), ("AnalysisTemplate", False)])
def test_what_rollouts_have_is_no_object_of_argo_cd(tmp_path: Path, kind: str, *, is_told: bool) -> None:
    files = {
        "base/kustomization.yaml": "resources: [web.yaml]\n",
        "base/web.yaml": f"apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: web}}\nspec: {{}}\n",
        "prod/kustomization.yaml": "resources: [../base]\npatches: [{path: a.yaml, target: {name: web}}]\n",
        "prod/a.yaml": "[]\n",
    }
    assert any("is patched by prod/kustomization.yaml" in each for each in told(tmp_path, files)) is is_told


SELECTED = {
    "a replacement": "replacements: [{{targets: [{{select: {{kind: Application, labelSelector: '{}'}}}}]}}]\n",
    "a patch": "patches: [{{path: path.yaml, target: {{kind: Application, labelSelector: '{}'}}}}]\n",
}


@pytest.mark.parametrize("patch", SELECTED.values(), ids=SELECTED)
@pytest.mark.parametrize(
    ("selector", "more", "is_patched"),
    [
        ("team=a", "", True),
        ("team == a, tier!=web", "", True),
        ("team in (a, b)", "", True),
        ("team=b", "", False),
        ("team!=a", "", False),
        ("team in (a, b), tier=web", "", False),
        ("tier=web", "commonLabels: {tier: web}\n", True),
        ("tier=web", "labels: [{pairs: {tier: web}}]\n", True),
    ],
)
def test_a_patch_is_laid_over_what_its_labels_select(
    tmp_path: Path, patch: str, selector: str, more: str, *, is_patched: bool
) -> None:
    overlay = f"resources: [../base]\n{more}{patch.format(selector)}"
    labelled = BASE.replace("namespace: argocd", "namespace: argocd, labels: {team: a}")
    files = {**TREE, "base/web.yaml": labelled, "prod/kustomization.yaml": overlay, "prod/path.yaml": "[]\n"}
    (problem,) = told(tmp_path, files)
    assert ("is patched by prod/kustomization.yaml" in problem) is is_patched


def test_what_else_is_patched_is_judged_as_it_stands(tmp_path: Path) -> None:
    files = {
        "base/kustomization.yaml": "resources: [secret.yaml]\npatches: [{path: patch.yaml}]\n",
        "base/secret.yaml": SECRET.format(name="DB"),
        "base/patch.yaml": SECRET.format(name="Other"),
    }
    assert [each.partition(":")[0] for each in found(tmp_path, files, "invalid-name")] == ["base/secret.yaml"]


def test_a_patch_outside_of_the_tree_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(PATCH, encoding="utf-8")
    overlay = "resources: [../base]\npatches: [{path: ../../outside.yaml}, {path: /etc/hostname}]\n"
    files = {**TREE, "prod/kustomization.yaml": overlay}
    problems = told(tmp_path / "tree", files)
    assert [each.partition(": ")[0] for each in problems] == ["base/web.yaml:6:62"]


LEFT_OUT = (
    "side/off.yaml:6:62: {severity}: web takes its manifests from to-be-patched, which is not there{why}\n"
    "hint: correct the path, or commit the folder"
)
KUSTOMIZATIONS = {
    "beside it": {"side/kustomization.yaml": "resources: [web.yaml] # off.yaml\n"},
    "elsewhere": {"kustomization.yaml": "resources: [side/web.yaml]\n"},
}


@pytest.mark.parametrize("kustomization", KUSTOMIZATIONS.values(), ids=KUSTOMIZATIONS)
def test_what_is_wrong_in_a_file_that_kustomize_leaves_out_is_a_note(
    tmp_path: Path, kustomization: dict[str, str]
) -> None:
    files = {"side/off.yaml": BASE, "side/web.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"}
    (by,) = kustomization
    why = f" ({by} leaves the file out, so that it may not be in use)"
    assert found(tmp_path, files | kustomization, "source-path") == [LEFT_OUT.format(severity="note", why=why)]


TAKEN = {
    "nothing is taken from its folder": {"side/kustomization.yaml": "resources: [../other]\n"},
    "it is taken from elsewhere": {
        "side/kustomization.yaml": "resources: [web.yaml]\n",
        "kustomization.yaml": "resources: [side/off.yaml]\n",
    },
    "it is named for another use": {
        "side/kustomization.yaml": "resources: [web.yaml]\nconfigMapGenerator: [{name: a, files: [x=off.yaml]}]\n"
    },
    "an Application brings it": {
        "kustomization.yaml": "resources: [side/web.yaml]\n",
        "root.yaml": BASE.replace("to-be-patched", "side").replace("name: web,", "name: root,"),
    },
}


@pytest.mark.parametrize("files", TAKEN.values(), ids=TAKEN)
def test_what_is_wrong_in_a_file_that_may_be_taken_stays_what_it_is(tmp_path: Path, files: dict[str, str]) -> None:
    tree = {"side/off.yaml": BASE, "side/web.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"}
    assert found(tmp_path, tree | files, "source-path") == [LEFT_OUT.format(severity="error", why="")]


@pytest.mark.parametrize("is_patched", [True, False])
def test_kustomizations_that_take_each_other_in_many_ways_are_each_looked_at_once(
    tmp_path: Path, *, is_patched: bool
) -> None:
    """Two of each of 40 levels take both of the next: there are a million million ways down to the object."""
    levels = [f"resources: [../a{number}, ../b{number}]\n" for number in range(1, 40)]
    files = {f"{side}{number}/kustomization.yaml": text for number, text in enumerate(levels) for side in "ab"}
    patch = (
        f"patches: [{{path: patch.yaml, target: {{kind: Application, name: {'web' if is_patched else 'other'}}}}}]\n"
    )
    files |= {f"{side}39/kustomization.yaml": f"resources: [../base]\n{patch}" for side in "ab"}
    for path, text in {**files, **TREE}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    read = Files(tmp_path)
    file, kustomizations = read.get("base/web.yaml"), Kustomizations(read, [*files, *TREE])
    assert file is not None
    assert [kustomizations.take_as_written(each) for each in file.manifests] == [not is_patched]


def test_what_is_wrong_in_values_that_an_application_takes_stays_what_it_is(tmp_path: Path) -> None:
    """No kustomization lists the values of a chart, though the Application beside them may be listed."""
    secret = (
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: login}\nspec:\n"
        "  secretStoreRef: {name: store}\n  data: [{secretKey: a, remoteRef: {key: dev/web/login}}]\n"
    )
    files = {
        **BY_HAND,
        "manifests/login.yaml": secret,
        "apps/kustomization.yaml": "resources: [web.yaml]\n",
        "apps/web.yaml": application(values="        valueFiles: [../../apps/values.yaml]\n"),
        "apps/values.yaml": "existingSecret: logins\n",
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    }
    (told,) = found(tmp_path, files, "secret-reference")
    assert told.splitlines()[0] == (
        "apps/values.yaml:1:17: warning: a value of web reads the Secret logins, but no ExternalSecret makes it in "
        "namespace web of one"
    )
