"""What comes of a kustomization that only gathers objects is known without kustomize."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.evidence.values import at
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
    return said + [each.reason for each in graph.elsewhere if "kustomiz" in each.reason]


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
        f"{GATHERING}commonAnnotations: {{a: b}}\n",
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
        f"{GATHERING}patches: [{{path: gone.yaml}}]\n",
        f"{GATHERING}patches: [{{patch: 'a: b'}}]\n",
        f"{GATHERING}patches: [{{target: {{kind: S.*}}, patch: '[{{op: add, path: /metadata/name, value: a}}]'}}]\n",
        f"{GATHERING}commonAnnotations: {{a: [b]}}\n",
        f"{GATHERING}commonAnnotations: [a]\n",
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
        f"{GATHERING}namespace: shop\nbases: [../namespace, ../namespace/other]\n",
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
        "namespace/other/kustomization.yaml": "resources: [own.yaml]\n",
        "namespace/other/own.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n",
    }
    assert told(tmp_path, tree(text) | more) == [UNKNOWN]


def settings(stated: str) -> str:
    return f"{application(path='overlay')}      kustomize: {{{stated}}}\n"


OPERATIONS = "[{target: {kind: ExternalSecret}, patch: '[{op: replace, path: /spec/secretStoreRef/name, value: %s}]'}]"


@pytest.mark.parametrize(
    ("stated", "reasons"),
    [
        ("images: [a=b:1], replicas: [{name: a, count: 2}], commonLabels: {a: b}", [f"{NO_STORE} web of one"]),
        ("namespace: shop", [f"{NO_STORE} shop of one"]),
        (f"patches: {OPERATIONS % 'store'}", []),
        ("patches: [{path: patch.yaml}]", []),
        ("namePrefix: '', commonAnnotations: {}", [f"{NO_STORE} web of one"]),
        ("commonAnnotations: {a: b}", [f"{NO_STORE} web of one"]),
        ("commonAnnotations: {a: $ARGOCD_APP_NAME}", [f"{NO_STORE} web of one"]),
        ("commonAnnotations: {a: $ARGOCD_APP_NAME}, commonAnnotationsEnvsubst: true", [UNKNOWN]),
        ("components: [../base]", [UNKNOWN]),
        ("version: v4.0.0", [UNKNOWN]),
        ("patches: [{path: gone.yaml}]", [UNKNOWN]),
    ],
)
def test_what_an_application_has_kustomize_change_is_judged_with_that(
    tmp_path: Path, stated: str, reasons: list[str]
) -> None:
    assert told(tmp_path, tree(GATHERING, apps__web=settings(stated), overlay__patch=PATCH)) == reasons


def test_a_namespace_that_an_application_states_stands_in_place_of_the_one_there(tmp_path: Path) -> None:
    files = tree(f"{GATHERING}namespace: shop\n", apps__web=settings("namespace: own"))
    assert told(tmp_path, files) == [f"{NO_STORE} own of one"]


def test_patches_of_an_application_come_after_those_there_and_a_slip_is_told_in_them(tmp_path: Path) -> None:
    text = f"{GATHERING}patches: [{{path: patch.yaml}}]\n"
    files = tree(text, apps__web=settings(f"patches: {OPERATIONS % 'tsore'}"), overlay__patch=PATCH)
    (said,) = told(tmp_path, files)
    assert said.startswith("apps/web.yaml:15:62: error: ExternalSecret db reads from SecretStore tsore")
    assert told(tmp_path, {"apps/web.yaml": application(path="overlay")}) == []


def test_a_label_that_is_there_already_is_not_known_to_be_taken(tmp_path: Path) -> None:
    text = f"{GATHERING}commonLabels: {{a: b}}\n"
    assert told(tmp_path, tree(text, apps__web=settings("commonLabels: {a: c}"))) == [UNKNOWN]


ROLE = "eks.amazonaws.com/role-arn"


def annotated(root: Path, text: str, stated: str = "") -> list[tuple[str, dict[str, object], list[str]]]:
    """Returns the annotations of each object that the Application brings, and where each is written."""
    account = f"apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: web, annotations: {{{ROLE}: a, c: d}}}}\n"
    files = tree(f"resources: [account.yaml, ../base]\n{text}", apps__web=settings(stated), overlay__account=account)
    told(root, files)
    (web,) = Graph(Files(root), (".",), repositories({URL: "."})).deployments
    at_each = (
        (each, each.place.down("metadata", "annotations", key).origin)
        for each in web.manifests
        for key in each.annotations
    )
    places: dict[str, list[str]] = {}
    for each, place in at_each:
        places.setdefault(each.kind, []).append(f"{place.file} {'.'.join(map(str, place.steps))}")
    return [(each.kind, dict(each.annotations), places.get(each.kind, [])) for each in web.manifests]


def test_annotations_of_a_kustomization_and_of_an_application_are_those_of_each_object(tmp_path: Path) -> None:
    own, added = (
        "overlay/kustomization.yaml commonAnnotations",
        "apps/web.yaml spec.sources.0.kustomize.commonAnnotations",
    )
    kept = "overlay/account.yaml metadata.annotations"
    assert annotated(tmp_path, f"commonAnnotations: {{{ROLE}: b, e: f}}\n", "commonAnnotations: {g: h}") == [
        (
            "ServiceAccount",
            {ROLE: "b", "c": "d", "e": "f", "g": "h"},
            [f"{own}.{ROLE}", f"{kept}.c", f"{own}.e", f"{added}.g"],
        ),
        ("SecretStore", {ROLE: "b", "e": "f", "g": "h"}, [f"{own}.{ROLE}", f"{own}.e", f"{added}.g"]),
    ]


def test_an_annotation_that_is_there_already_is_taken_if_it_is_forced(tmp_path: Path) -> None:
    text, stated = "commonAnnotations: {a: b}\n", "commonAnnotations: {a: c}"
    assert annotated(tmp_path, text, stated) == []
    assert annotated(tmp_path, text, f"{stated}, forceCommonAnnotations: true")[1] == (
        "SecretStore",
        {"a": "c"},
        ["apps/web.yaml spec.sources.0.kustomize.commonAnnotations.a"],
    )


def test_a_patch_that_comes_late_stands_in_place_of_an_annotation(tmp_path: Path) -> None:
    text = (
        "commonAnnotations: {a: b}\n"
        "patches: [{target: {kind: SecretStore}, patch: '[{op: add, path: /metadata/annotations, value: {a: c}}]'}]\n"
        "patchesJson6902: [{target: {version: v1, kind: ServiceAccount, name: web}, "
        "patch: '[{op: replace, path: /metadata/annotations/a, value: d}]'}]\n"
    )
    assert [(kind, stated["a"]) for kind, stated, _ in annotated(tmp_path, text)] == [
        ("ServiceAccount", "d"),
        ("SecretStore", "b"),
    ]


def brought(root: Path, files: Mapping[str, str]) -> list[str]:
    """Returns the objects that the Application brings, as far as what they say is known."""
    told(root, files)
    (web,) = Graph(Files(root), (".",), repositories({URL: "."})).deployments
    return sorted(map(str, web.manifests))


def test_what_a_kustomization_renames_is_called_so_and_what_names_it_in_other_kinds_is_not(tmp_path: Path) -> None:
    """By kubectl kustomize 5.5: a store has another name then, and an ExternalSecret goes on naming the old one."""
    files = tree(f"{GATHERING}namePrefix: dev-\nnameSuffix: -v1\n", overlay__secret=EXTERNAL_SECRET)
    assert brought(tmp_path, files) == ["ExternalSecret dev-db-v1", "SecretStore dev-store-v1"]
    assert [each.splitlines()[0] for each in found(tmp_path, files, CODE)] == [
        (
            "overlay/secret.yaml:8:11: warning: ExternalSecret dev-db-v1 reads from SecretStore store, but none is "
            "seen in namespace web of one"
        )
    ]


def test_what_an_application_states_of_names_stands_in_place_of_what_is_there(tmp_path: Path) -> None:
    files = tree(f"{GATHERING}namePrefix: dev-\n", apps__web=settings("namePrefix: own-, nameSuffix: -v1"))
    assert brought(tmp_path, files) == ["ExternalSecret own-db-v1", "SecretStore own-store-v1"]


def test_of_what_may_name_an_object_that_is_renamed_it_is_not_known(tmp_path: Path) -> None:
    files = tree(
        f"{GATHERING.replace(']', ', own.yaml]')}namePrefix: dev-\n",
        overlay__own=(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n---\n"
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: one}\n---\n"
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: two}\nsecrets: [{name: a}]\n---\n"
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"
        ),
    )
    assert brought(tmp_path, files) == [
        "ExternalSecret dev-db",
        "Namespace web",
        "SecretStore dev-store",
        "ServiceAccount dev-one",
    ]


@pytest.mark.parametrize(
    ("name", "is_target", "is_selected"),
    [
        ("db", True, True),
        ("a-db", True, False),
        ("b-a-db", True, True),
        ("db", False, True),
        ("a-db", False, True),
        ("b-a-db", False, True),
        ("b-db", False, False),
    ],
)
def test_a_patch_goes_by_the_names_that_an_object_has_had(
    tmp_path: Path, name: str, *, is_target: bool, is_selected: bool
) -> None:
    """By kubectl kustomize 5.5: a target by the first and the last, the patch's own name by any."""
    target = f", target: {{kind: ExternalSecret, name: {name}}}" if is_target else ""
    own = PATCH.replace("name: store", "name: other").replace("name: db", f"name: {'x' if is_target else name}")
    files = tree(
        f"resources: [inner]\npatches: [{{path: patch.yaml{target}}}]\n",
        overlay__patch=own,
        overlay__inner__kustomization="resources: [inmost]\nnamePrefix: b-\n",
        overlay__inner__inmost__kustomization="resources: [secret.yaml]\nnamePrefix: a-\n",
        overlay__inner__inmost__secret=SLIP,
    )
    told(tmp_path, files)
    (web,) = Graph(Files(tmp_path), (".",), repositories({URL: "."})).deployments
    read = [at(each.value, "spec", "secretStoreRef", "name") for each in web.manifests]
    assert read == (["other"] if is_selected else ["stroe"] if is_target else [])


@pytest.mark.parametrize(
    ("metadata", "is_forgotten"),
    [
        ("annotations: null", True),
        ("annotations: {$patch: delete}", True),
        ("$patch: replace", True),
        ("annotations: {a: null}", False),
    ],
)
def test_with_all_annotations_kustomize_loses_what_an_object_was_called(
    tmp_path: Path, metadata: str, *, is_forgotten: bool
) -> None:
    """By kubectl kustomize 5.5, which keeps that in annotations: no matches for Id."""
    overlay = "resources: [inner]\nnamespace: shop\npatches: [{path: first.yaml}, {path: patch.yaml}]\n"
    files = tree(
        overlay,
        overlay__first=PATCH.replace("name: db", f"name: db, namespace: web, {metadata}").partition("spec")[0],
        overlay__patch=PATCH,
        overlay__inner__kustomization="resources: [secret.yaml]\nnamespace: web\n",
        overlay__inner__secret=SLIP,
    )
    assert (UNKNOWN in told(tmp_path, files)) is is_forgotten


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


def json_patch(*operations: str, target: str = "kind: ExternalSecret, name: db", field: str = "patches") -> str:
    """Returns a kustomization that gathers, and lays a JSON Patch over what it selects."""
    listed = "".join(f"      - {{{each}}}\n" for each in operations)
    return f"{GATHERING}{field}:\n  - target: {{{target}}}\n    patch: |\n{listed}"


MENDED = "op: replace, path: /spec/secretStoreRef/name, value: store"


@pytest.mark.parametrize("field", ["patches", "patchesJson6902"])
def test_what_a_json_patch_makes_of_an_object_is_judged(tmp_path: Path, field: str) -> None:
    assert told(tmp_path, tree(json_patch(MENDED, field=field))) == []
    assert told(tmp_path, tree(json_patch(MENDED, target="name: d|o", field=field))) == [f"{NO_STORE} web of one"]


@pytest.mark.parametrize(
    ("target", "is_selected"),
    [
        ("group: external-secrets.io, version: v1", True),
        ("version: v1beta1", False),
        ("kind: External.*, name: d.", True),
        ("namespace: web", True),
        ("namespace: default", True),
        ("namespace: other", False),
        ("labelSelector: a=b", False),
        ("annotationSelector: a!=b", True),
    ],
)
def test_a_target_selects_by_patterns_of_all_of_a_name(tmp_path: Path, target: str, *, is_selected: bool) -> None:
    """By kubectl kustomize 5.5. An object is selected by its namespace before and after."""
    text = json_patch(MENDED, target=f"kind: ExternalSecret, {target}").replace("../base", "../base, inner")
    files = tree(text.replace("secret.yaml, ", ""))
    files["overlay/inner/kustomization.yaml"] = "resources: [secret.yaml]\nnamespace: web\n"
    files["overlay/inner/secret.yaml"] = files.pop("overlay/secret.yaml")
    assert (told(tmp_path, files) == []) is is_selected


def test_a_selector_that_only_kustomize_reads_leaves_that_object_unknown(tmp_path: Path) -> None:
    (reason,) = told(tmp_path, tree(json_patch(MENDED, target="kind: ExternalSecret, labelSelector: 'a in (b, c)'")))
    assert reason == (
        "ExternalSecret db is patched by overlay/kustomization.yaml, which does not run here, so what it says then is "
        "not known"
    )


PATCH = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db}
spec: {secretStoreRef: {name: store}}
"""
INLINE = "".join(f"      {line}\n" for line in PATCH.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "patches: [{path: patch.yaml}]\n",
        "patchesStrategicMerge: [patch.yaml]\n",
        f"patches:\n  - patch: |\n{INLINE}",
        f"patchesStrategicMerge:\n  - |\n{INLINE}",
        "patches: [{path: patch.yaml, target: {kind: External.*}}]\n",
    ],
)
def test_what_a_patch_that_looks_like_an_object_makes_of_one_is_judged(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, tree(GATHERING + text, overlay__patch=PATCH)) == []
    (web,) = Graph(Files(tmp_path), (".",), repositories({URL: "."})).deployments
    assert sorted(map(str, web.manifests)) == ["ExternalSecret db", "SecretStore store"]


def test_a_slip_in_a_patch_is_told_there(tmp_path: Path) -> None:
    slip = PATCH.replace("name: store", "name: tsore")
    patched = NO_STORE.replace("stroe", "tsore").replace("overlay/secret.yaml:8:11", "{}") + " web of one"
    assert told(tmp_path, tree(f"{GATHERING}patches: [{{path: patch.yaml}}]\n", overlay__patch=slip)) == [
        patched.format("overlay/patch.yaml:4:31")
    ]
    inline = f"{GATHERING}patches:\n  - patch: |\n{INLINE.replace('name: store', 'name: tsore')}"
    assert told(tmp_path, tree(inline)) == [patched.format("overlay/kustomization.yaml:7:37")]
    store = (
        "      ---\n      {apiVersion: external-secrets.io/v1, kind: SecretStore, metadata: {name: store}, spec: {}}\n"
    )
    two = f"{inline}{store}"
    assert told(tmp_path, tree(two)) == [patched.format("overlay/kustomization.yaml:3:5")]
    other = PATCH.replace("{secretStoreRef: {name: store}}", "{refreshInterval: 1h}")
    assert told(
        tmp_path,
        {"overlay/kustomization.yaml": f"{GATHERING}patches: [{{path: patch.yaml}}]\n"} | {"overlay/patch.yaml": other},
    ) == [f"{NO_STORE} web of one"]


def test_a_slip_in_an_operation_is_told_there(tmp_path: Path) -> None:
    slip = "- {op: replace, path: /spec/secretStoreRef/name, value: tsore}\n"
    text = f"{GATHERING}patches: [{{path: patch.yaml, target: {{kind: ExternalSecret}}}}]\n"
    (said,) = told(tmp_path, tree(text, overlay__patch=slip))
    assert said.startswith("overlay/patch.yaml:1:57: error: ExternalSecret db reads from SecretStore tsore")
    inline = f"{GATHERING}patches:\n  - target: {{kind: ExternalSecret}}\n    patch: |-\n\n      # one\n      {slip}"
    (said,) = told(tmp_path, tree(inline))
    assert said.startswith("overlay/kustomization.yaml:7:63: error: ExternalSecret db reads from SecretStore tsore")


def test_each_overlay_of_one_base_is_judged_as_it_patches_it(tmp_path: Path) -> None:
    patch = PATCH.replace("{secretStoreRef: {name: store}}", "{refreshPolicy: Once}")
    overlay = "resources: [../overlay]\npatches: [{path: patch.yaml}]\n"
    files = {
        **tree(GATHERING.replace("name: stroe", "name: store")),
        "overlay/secret.yaml": EXTERNAL_SECRET,
        "apps/web.yaml": application("one", path="a", namespace="one"),
        "apps/two.yaml": application("two", path="b", namespace="two"),
        **{f"{each}/kustomization.yaml": overlay for each in "ab"},
        "a/patch.yaml": patch,
        "b/patch.yaml": patch.replace("Once", "CreatedOnce"),
    }
    assert [each.split(" ")[0] for each in found(tmp_path, files, "external-secret-fields")] == ["a/patch.yaml:4:23:"]
    swapped = {"b/patch.yaml": patch, "a/patch.yaml": files["b/patch.yaml"]}
    assert [each.split(" ")[0] for each in found(tmp_path, swapped, "external-secret-fields")] == ["b/patch.yaml:4:23:"]


def test_a_patch_may_take_an_object_away(tmp_path: Path) -> None:
    patch = "$patch: delete\n" + PATCH
    assert told(tmp_path, tree(f"{GATHERING}patches: [{{path: patch.yaml}}]\n", overlay__patch=patch)) == []
    (web,) = Graph(Files(tmp_path), (".",), repositories({URL: "."})).deployments
    assert [str(each) for each in web.manifests] == ["SecretStore store"]


@pytest.mark.parametrize(
    ("old", "new", "is_told"),
    [
        ("metadata: {name: db}", "metadata: {name: other}", True),
        ("external-secrets.io/v1", "external-secrets.io/v1beta1", True),
        ("name: db", "name: db, namespace: other", True),
        ("name: db", "name: db, namespace: default", False),
        ("name: db", "name: db, $patch: delete", True),
    ],
)
def test_a_patch_is_for_the_object_of_its_version_name_and_namespace(
    tmp_path: Path, old: str, new: str, *, is_told: bool
) -> None:
    """By kubectl kustomize 5.5: no matches for Id."""
    files = tree(f"{GATHERING}patches: [{{path: patch.yaml}}]\n", overlay__patch=PATCH.replace(old, new))
    assert bool(told(tmp_path, files)) is is_told


def test_an_object_of_which_a_patch_leaves_nobody_knows_what_is_unknown_and_the_others_not(tmp_path: Path) -> None:
    files = tree(f"{GATHERING}patches: [{{path: patch.yaml}}]\n", overlay__patch=f"{PATCH}  $retainKeys: []\n")
    files["overlay/patch.yaml"] = PATCH.replace("spec: {", "spec: {$retainKeys: [], ")
    reason = (
        "ExternalSecret db is patched by overlay/kustomization.yaml, which does not run here, so what it says then is "
        "not known"
    )
    assert told(tmp_path, files) == [reason]
    (web,) = Graph(Files(tmp_path), (".",), repositories({URL: "."})).deployments
    assert ([str(each) for each in web.manifests], len(web.unseen)) == (["SecretStore store"], 1)


def test_a_label_of_a_patch_with_a_target_is_a_text_and_a_null_there_is_not_known(tmp_path: Path) -> None:
    """By kubectl kustomize 5.5, which makes the text null of it."""
    text = f"{GATHERING}patches: [{{path: patch.yaml, target: {{kind: ExternalSecret}}}}]\n"
    files = tree(text, overlay__patch=PATCH.replace("name: db", "name: other, labels: {a: 1}"))
    assert told(tmp_path, files) == []
    (web,) = Graph(Files(tmp_path), (".",), repositories({URL: "."})).deployments
    assert {at(each.value, "metadata", "labels", "a") for each in web.manifests} == {"1", None}
    (reason,) = told(tmp_path, {"overlay/patch.yaml": PATCH.replace("name: db", "name: db, labels: {a: null}")})
    assert reason.startswith("ExternalSecret db is patched by")


def test_an_annotation_is_a_text_after_a_patch_and_labels_are_there_where_a_kustomization_gives_some(
    tmp_path: Path,
) -> None:
    """By kubectl kustomize 5.5."""
    adding = [f"op: add, path: /metadata/{each}/x, value: 1" for each in ("annotations", "labels")]
    files = tree(f"{json_patch(*adding, field='patchesJson6902')}labels: [{{pairs: {{a: b}}}}]\n")
    told(tmp_path, files)
    (web,) = Graph(Files(tmp_path), (".",), repositories({URL: "."})).deployments
    (secret,) = (each for each in web.manifests if each.kind == "ExternalSecret")
    assert (secret.annotations, at(secret.value, "metadata", "labels")) == ({"x": "1"}, {"x": 1})


def test_a_namespace_gets_the_name_of_the_one_that_all_is_put_into(tmp_path: Path) -> None:
    """By kubectl kustomize 5.5; a patch of the same kustomization knows it by its old name."""
    files = tree(
        "resources: [own.yaml]\nnamespace: shop\npatches: [{path: patch.yaml}]\n",
        overlay__own="apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n",
        overlay__patch="apiVersion: v1\nkind: Namespace\nmetadata: {name: web, labels: {a: b}}\n",
    )
    told(tmp_path, files)
    (web,) = Graph(Files(tmp_path), (".",), repositories({URL: "."})).deployments
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"a": "b"}}}
    assert [each.value for each in web.manifests] == [namespace]
