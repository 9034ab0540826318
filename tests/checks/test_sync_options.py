"""Options that Argo CD would ignore."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "sync-options"
MYAPP = "argocd/applicationsets/myapp.yaml"
ESO = "argocd/applicationsets/external-secrets.yaml"

APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, annotations: {annotations}}}
spec: {{syncPolicy: {{syncOptions: {options}}}}}
"""
SYNC = "argocd.argoproj.io/sync-options"
COMPARE = "argocd.argoproj.io/compare-options"


def of(root: Path, options: str = "[]", annotations: str = "{}") -> list[str]:
    return found(root, {"app.yaml": APP.format(options=options, annotations=annotations)}, CODE)


@pytest.mark.parametrize(
    "options",
    [
        "[CreateNamespace=true, ServerSideApply=false, PrunePropagationPolicy=orphan, Prune=confirm, Validate=false]",
        "['{{ .option }}']",
        "[]",
    ],
)
def test_options_that_argo_cd_knows_are_fine(tmp_path: Path, options: str) -> None:
    assert of(tmp_path, options) == []


@pytest.mark.parametrize(
    "annotations",
    [
        f"{{{SYNC}: 'Prune=false, Delete=confirm'}}",
        f"{{{COMPARE}: 'IgnoreExtraneous,ServerSideDiff=true'}}",
        f"{{{COMPARE}: 'ServerSideDiff=true,IncludeMutationWebhook=true'}}",
    ],
)
def test_annotations_that_argo_cd_knows_are_fine(tmp_path: Path, annotations: str) -> None:
    assert of(tmp_path, annotations=annotations) == []


def test_an_option_of_a_comparison_is_none_of_a_sync(tmp_path: Path) -> None:
    assert of(tmp_path, "[ServerSideDiff=true]", f"{{{COMPARE}: Prune=false}}") == [
        (
            "app.yaml:3:73: warning: Application web has the option Prune=false, which Argo CD does not look for here; "
            "it is ignored\n"
            f"hint: write it in the annotation {SYNC}"
        ),
        (
            "app.yaml:4:35: warning: Application web has the option ServerSideDiff=true, which Argo CD does not look "
            "for here; it is ignored\n"
            f"hint: write it in the annotation {COMPARE}"
        ),
    ]


def test_a_value_with_a_typo_is_an_error_everywhere(tmp_path: Path) -> None:
    assert of(tmp_path, "[CreateNamespace=ture]") == [
        (
            "app.yaml:4:35: error: Application web has the option CreateNamespace=ture, expected CreateNamespace=false "
            "or "
            "CreateNamespace=true; it is ignored\n"
            "hint: write one of them"
        ),
    ]


def test_a_name_with_a_typo_is_a_warning_elsewhere_and_an_error_in_our_files(tmp_path: Path) -> None:
    assert of(tmp_path, "[CreateNamspace=true]") == [
        (
            "app.yaml:4:35: warning: Application web has the option CreateNamspace=true, which Argo CD does not know; "
            "it is "
            "ignored\n"
            "hint: did you mean CreateNamespace?"
        ),
    ]
    assert found_in_six_clusters(CODE, MYAPP, ("CreateNamespace=true", "CreateNamespac=true")) == [
        (
            f"output/{MYAPP}:106:13: error: ApplicationSet myapp has the option CreateNamespac=true, which Argo CD "
            f"does not "
            "know; it is ignored\n"
            "hint: did you mean CreateNamespace?"
        ),
    ]


def test_an_option_that_stands_twice_is_found() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ("CreateNamespace=true", "SkipDryRunOnMissingResource=true")) == [
        (
            f"output/{MYAPP}:107:13: error: ApplicationSet myapp has the option SkipDryRunOnMissingResource twice\n"
            "hint: write it once, or the option that was meant\n"
            f"output/{MYAPP}:106:13: the first time"
        ),
    ]


def test_the_annotations_of_a_template_and_of_any_object_are_read_too(tmp_path: Path) -> None:
    assert found_in_six_clusters(CODE, ESO, ("ServerSideDiff=true", "ServerSideDif=true")) == [
        (
            f"output/{ESO}:84:45: error: ApplicationSet external-secrets has the option ServerSideDif=true, which Argo "
            f"CD "
            "does not know; it is ignored\n"
            "hint: did you mean ServerSideDiff?"
        ),
    ]
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x, annotations: {{{SYNC}: 'Prune=fals'}}}}\n"
    assert found(tmp_path, {"x.yaml": text}, CODE) == [
        (
            "x.yaml:3:68: error: ConfigMap x has the option Prune=fals, expected Prune=confirm or Prune=false or "
            "Prune=true; "
            "it is ignored\n"
            "hint: write one of them"
        ),
    ]


@pytest.mark.parametrize(
    "key",
    [
        "argocd.argoproj.i/compare-options",
        "argocd.argoproj.io/comare-options",
        "argocd.argoproj.io/compare-option",
        "argocd.argoproj.io/compare-optionx",
        "ArgoCD.argoproj.io/Compare-Options",
    ],
)
def test_an_annotation_with_a_slip_in_its_key_is_found(key: str) -> None:
    assert found_in_six_clusters(CODE, ESO, (COMPARE, key)) == [
        (
            f"output/{ESO}:84:9: error: ApplicationSet external-secrets has the annotation {key}, expected {COMPARE}; "
            "its options are ignored\n"
            f"hint: write {COMPARE}"
        ),
    ]


def test_the_options_of_others_are_theirs(tmp_path: Path) -> None:
    assert of(tmp_path, annotations="{example.com/compare-options: x, argocd.argoproj.io/refresh: hard}") == []


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("argocd.argoproj.io/sync-waves", "sync-wave"),
        ("argocd.argoproj.io/syncwave", "sync-wave"),
        ("argocd.argoproj.io/sync_wave", "sync-wave"),
        ("argocd.argoprj.io/sync-wave", "sync-wave"),
        ("argocd.argoproj.io/manifest-generated-paths", "manifest-generate-paths"),
        ("argocd.argoproj.io/skip-reconcil", "skip-reconcile"),
        ("argocd.argoproj.io/hooks", "hook"),
        ("argocd.argoproj.io/hook-deletepolicy", "hook-delete-policy"),
    ],
)
def test_any_annotation_for_argo_cd_with_a_slip_in_its_key_is_found(tmp_path: Path, key: str, meant: str) -> None:
    [got] = of(tmp_path, annotations=f"{{{key}: '1'}}")
    prefix = "argocd.argoproj.io/"
    assert got == (
        f"app.yaml:3:37: warning: Application web has the annotation {key}, expected {prefix}{meant}; it is ignored\n"
        f"hint: write {prefix}{meant}"
    )


@pytest.mark.parametrize(
    "key",
    [
        *("argocd.argoproj.io/tracking-id", "argocd.argoproj.io/refresh", "workflows.argoproj.io/hook"),
        *("link.argocd.argoproj.io/external-link", "argocd-image-updater.argoproj.io/image-list", "helm.sh/hook"),
        *("notifications.argoproj.io/subscribe.on-sync-failed.slack", "argocd.argoproj.io/ignore-resource-updates"),
    ],
)
def test_an_annotation_of_something_else_is_well(tmp_path: Path, key: str) -> None:
    assert of(tmp_path, annotations=f"{{{key}: 'x'}}") == []


HOOK = "argocd.argoproj.io/hook"


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        (f"{{{HOOK}: PreSynch}}", f"error: Application web has {HOOK}: PreSynch, which Argo CD does not know; n"),
        (f"{{{HOOK}: postsync}}", f"error: Application web has {HOOK}: postsync, which Argo CD does not know; n"),
        (f"{{{HOOK}: pre-install}}", f"warning: Application web has {HOOK}: pre-install, which Argo CD does not know"),
        (f"{{{HOOK}: 'Sync, Syncs'}}", f"warning: Application web has {HOOK}: Syncs, which Argo CD does not know"),
        (f"{{{HOOK}: Post, helm.sh/hook: post-install}}", f"warning: Application web has {HOOK}: Post, which Argo CD"),
        (f"{{{HOOK}-delete-policy: HookSuceeded}}", f"warning: Application web has {HOOK}-delete-policy: HookSu"),
    ],
)
def test_a_hook_that_argo_cd_does_not_know_is_found(tmp_path: Path, annotations: str, message: str) -> None:
    [got] = of(tmp_path, annotations=annotations)
    assert got.startswith(f"app.yaml:3:{got.split(':')[2]}: {message}")


@pytest.mark.parametrize(
    "annotations",
    [
        f"{{{HOOK}: 'PreSync,PostDelete', {HOOK}-delete-policy: 'BeforeHookCreation, HookSucceeded'}}",
        f"{{{HOOK}: '{{{{ .hook }}}}'}}",
        f"{{{HOOK}: Skip, helm.sh/hook: anything}}",
        f"{{{HOOK}: PreSync, {HOOK}-delete-policy: Never}}",
    ],
)
def test_a_hook_that_argo_cd_knows_is_fine(tmp_path: Path, annotations: str) -> None:
    assert of(tmp_path, annotations=annotations) == []


def test_options_under_an_annotation_that_argo_cd_does_not_read_are_found(tmp_path: Path) -> None:
    [got] = of(tmp_path, annotations="{argocd.argoproj.io/diff-options: IgnoreExtraneous}")
    assert got.endswith(f"expected {COMPARE}; its options are ignored\nhint: write {COMPARE}")
    assert of(tmp_path, annotations="{argocd.argoproj.io/my-options: anything}") == []


@pytest.mark.parametrize(
    ("wave", "is_told"),
    [("'5'", False), ("'-1'", False), ("'+2'", False), ("'{{ .wave }}'", False), ("first", True), ("'1.5'", True)],
)
def test_a_wave_that_is_no_whole_number_is_a_warning(tmp_path: Path, wave: str, *, is_told: bool) -> None:
    assert (
        of(tmp_path, annotations=f"{{argocd.argoproj.io/sync-wave: {wave}}}")
        == [
            (
                "app.yaml:3:67: warning: Application web has argocd.argoproj.io/sync-wave: "
                f"{wave.strip(chr(39))}, which is no whole number: it is in wave 0\nhint: write a whole number, as text"
            )
        ]
        * is_told
    )


def test_where_helm_gives_a_weight_a_wave_that_is_no_number_is_that(tmp_path: Path) -> None:
    [got] = of(tmp_path, annotations="{argocd.argoproj.io/sync-wave: first, helm.sh/hook-weight: '-4'}")
    assert got.splitlines()[0].endswith("which is no whole number: it is in wave -4")


ANNOTATING = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec:
  source: {kustomize: {commonAnnotations: {argocd.argoproj.io/sync-options: SkipDryRunOnMissingResources=true}}}
---
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: shop}
spec:
  template:
    spec:
      sources:
        - {kustomize: {namePrefix: a}}
        - {kustomize: {commonAnnotations: {argocd.argoproj.io/sync-option: Prune=false}}}
"""


def test_what_a_source_has_kustomize_annotate_with_is_judged(tmp_path: Path) -> None:
    assert found(tmp_path, {"apps.yaml": ANNOTATING}, CODE) == [
        (
            "apps.yaml:5:77: warning: Application web has the option SkipDryRunOnMissingResources=true, which Argo CD "
            "does not know; it is ignored\n"
            "hint: did you mean SkipDryRunOnMissingResource?"
        ),
        (
            "apps.yaml:15:44: warning: ApplicationSet shop has the annotation argocd.argoproj.io/sync-option, expected "
            "argocd.argoproj.io/sync-options; its options are ignored\n"
            "hint: write argocd.argoproj.io/sync-options"
        ),
    ]
