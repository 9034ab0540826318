"""What comes before what: the operator, the store, the ExternalSecret, the workload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import URL, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "operator-order"
MYAPP = "argocd/applicationsets/myapp.yaml"
SECRETS = "environments/dev/clusters/myapp-dev-use1/apps/myapp/manifests/secrets.yaml"


def app(name: str, source: str, policy: str = "{}", annotations: str = "{}") -> str:
    """Returns an Application written by hand."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, annotations: {annotations}}}
spec:
  project: default
  source: {source}
  destination: {{name: here, namespace: web}}
  syncPolicy: {policy}
"""


def operator(annotations: str = "{}") -> str:
    source = "{repoURL: https://charts.external-secrets.io, chart: external-secrets, targetRevision: 2.9.0}"
    return app("eso", source, annotations=annotations)


def manifests(store: str = "0", external: str = "0", workload: str = "0", account: str = "0") -> str:
    """Returns a ServiceAccount, a store, an ExternalSecret and a workload, each in its wave."""
    return f"""\
apiVersion: v1
kind: ServiceAccount
metadata: {{name: web-eso, annotations: {{argocd.argoproj.io/sync-wave: "{account}"}}}}
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {{name: aws, annotations: {{argocd.argoproj.io/sync-wave: "{store}"}}}}
spec: {{provider: {{aws: {{auth: {{jwt: {{serviceAccountRef: {{name: web-eso}}}}}}}}}}}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{name: db, annotations: {{argocd.argoproj.io/sync-wave: "{external}"}}}}
spec: {{secretStoreRef: {{name: aws}}, target: {{name: credentials}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, annotations: {{argocd.argoproj.io/sync-wave: "{workload}"}}}}
spec:
  template:
    spec:
      containers: [{{name: web, env: [{{name: P, valueFrom: {{secretKeyRef: {{name: credentials, key: p}}}}}}]}}]
"""


WEB = f"{{repoURL: {URL}, path: web}}"
SKIP = "syncOptions: [SkipDryRunOnMissingResource=true]"


def test_the_six_clusters_are_clean() -> None:
    assert found_in_six_clusters(CODE, MYAPP) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("          - SkipDryRunOnMissingResource=true\n", ""), "it has no SkipDryRunOnMissingResource=true"),
        (("limit: 10", "limit: 0"), "it has no retry"),
    ],
)
def test_an_application_that_cannot_wait_for_the_operator_is_found(change: tuple[str, str], reason: str) -> None:
    first, *others = found_in_six_clusters(CODE, MYAPP, change)
    assert first == (
        f"output/{MYAPP}:104:7: error: myapp-dev-use1 brings SecretStore myapp-secrets-manager, whose kind "
        f"external-secrets-dev-use1 installs on myapp-dev-use1: {reason}, so its sync fails if it comes first\n"
        "hint: add SkipDryRunOnMissingResource=true to the sync options, and a retry that outlasts the operator's "
        "installation\n"
        "output/argocd/applicationsets/external-secrets.yaml:14:13: the Application that installs the operator"
    )
    assert len(others) == 5


@pytest.mark.parametrize(
    ("old", "new", "seconds"),
    [
        ("limit: 10", "limit: 1", "10"),
        ("maxDuration: 3m", "maxDuration: 3s", "30"),
        ("duration: 10s", "duration: 10ms", "10.23"),
        ("duration: 10s", 'duration: "0"', "0"),
        ("factor: 2", "factor: 0", "10"),
    ],
)
def test_retries_of_ours_that_are_over_before_the_operator_is_there_are_a_warning(
    old: str, new: str, seconds: str
) -> None:
    first, *others = found_in_six_clusters(CODE, MYAPP, (old, new))
    assert first.startswith(f"output/{MYAPP}:104:7: warning: myapp-dev-use1 brings SecretStore myapp-secrets-manager, ")
    assert f": its retries are over after {seconds} s, so its sync fails if it comes first\n" in first
    assert len(others) == 5


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("limit: 10", "limit: -1"),
        ("limit: 10", "limit: 3"),
        ("maxDuration: 3m", "maxDuration: 0"),
        ("factor: 2", "factor: 1"),
        ("          backoff:\n            duration: 10s\n            factor: 2\n            maxDuration: 3m\n", ""),
    ],
)
def test_retries_of_ours_that_take_a_minute_are_fine(old: str, new: str) -> None:
    assert found_in_six_clusters(CODE, MYAPP, (old, new)) == []


@pytest.mark.parametrize(
    ("policy", "eso", "web", "count"),
    [
        ("{}", "{}", "{}", 1),
        (f"{{{SKIP}}}", "{}", "{}", 1),
        (f"{{{SKIP}, automated: {{}}}}", "{}", "{}", 0),
        (f"{{{SKIP}, retry: {{limit: -1}}}}", "{}", "{}", 0),
        ("{automated: {}}", "{}", "{}", 1),
        ("{}", "{argocd.argoproj.io/sync-wave: '-1'}", "{argocd.argoproj.io/sync-wave: '0'}", 0),
        ("{}", "{argocd.argoproj.io/sync-wave: '1'}", "{argocd.argoproj.io/sync-wave: '0'}", 1),
    ],
)
def test_in_files_by_hand_it_is_a_warning_unless_it_waits_or_comes_later(
    tmp_path: Path, policy: str, eso: str, web: str, count: int
) -> None:
    files = {"eso.yaml": operator(eso), "web.yaml": app("web", WEB, policy, web), "web/x.yaml": manifests()}
    got = found(tmp_path, files, CODE)
    assert len(got) == count
    assert all(each.startswith("web.yaml:8:3: warning: web brings SecretStore aws, whose kind eso ") for each in got)


def test_objects_that_skip_the_dry_run_themselves_need_no_option(tmp_path: Path) -> None:
    skipping = manifests().replace(
        "annotations: {",
        "annotations: {argocd.argoproj.io/sync-options: 'Prune=false, SkipDryRunOnMissingResource=true', ",
    )
    files = {"eso.yaml": operator(), "web.yaml": app("web", WEB, "{automated: {}}"), "web/x.yaml": skipping}
    assert found(tmp_path, files, CODE) == []


def test_where_nothing_here_installs_the_operator_it_is_there_already(tmp_path: Path) -> None:
    assert found(tmp_path, {"web.yaml": app("web", WEB), "web/x.yaml": manifests()}, CODE) == []


def test_the_steps_of_one_set_put_the_operator_first(tmp_path: Path) -> None:
    text = f"""
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata: {{name: all}}
        spec:
          goTemplate: true
          generators: [list: {{elements: [{{name: eso, chart: external-secrets}}, {{name: web, path: web}}]}}]
          strategy: {{type: STRATEGY}}
          template:
            metadata: {{name: "{{{{ .name }}}}"}}
            spec: {{destination: {{name: here, namespace: web}}}}
          templatePatch: |
            spec:
              source:
                repoURL: {URL}
                {{{{ if hasKey . "chart" }}}}chart: {{{{ .chart }}}}{{{{ else }}}}path: {{{{ .path }}}}{{{{ end }}}}
        """
    files = {"set.yaml": text.replace("STRATEGY", "RollingSync"), "web/x.yaml": manifests()}
    assert found(tmp_path, files, CODE) == []
    assert len(found(tmp_path, {"set.yaml": text.replace("STRATEGY", "AllAtOnce")}, CODE)) == 1


@pytest.mark.parametrize(
    "waves", [("0", "0", "0", "0"), ("-2", "-1", "0", "-2"), ("-2", "-2", "-2", "-3"), ("+1", "1", "2", "0")]
)
def test_waves_in_their_order_are_fine(tmp_path: Path, waves: tuple[str, str, str, str]) -> None:
    assert found(tmp_path, {"web.yaml": app("web", WEB), "web/x.yaml": manifests(*waves)}, CODE) == []


@pytest.mark.parametrize(
    ("waves", "line", "first", "second"),
    [
        (("0", "-1", "0", "0"), 7, "SecretStore aws is in sync wave 0", "ExternalSecret db, which reads through it"),
        (("0", "0", "0", "1"), 3, "ServiceAccount web-eso is in sync wave 1", "SecretStore aws, which signs in as it"),
        (
            ("0", "1", "0", "0"),
            12,
            "ExternalSecret db is in sync wave 1",
            "Deployment web, which uses the Secret that it makes",
        ),
    ],
)
def test_what_comes_after_what_needs_it_waits_for_ever(
    tmp_path: Path, waves: tuple[str, str, str, str], line: int, first: str, second: str
) -> None:
    (got,) = found(tmp_path, {"web.yaml": app("web", WEB), "web/x.yaml": manifests(*waves)}, CODE)
    assert got.startswith(f"web/x.yaml:{line}:")
    assert f": error: {first}, and {second}, in wave " in got
    assert got.splitlines()[0].endswith(" on here: it must come earlier")


@pytest.mark.parametrize("reference", ["{name: web-eso, namespace: web}", "{name: web-eso}"])
def test_the_account_of_a_store_for_many_namespaces_comes_before_it(tmp_path: Path, reference: str) -> None:
    text = manifests("-1", "0", "1", "0").replace("kind: SecretStore", "kind: ClusterSecretStore")
    text = text.replace("serviceAccountRef: {name: web-eso}", f"serviceAccountRef: {reference}")
    text = text.replace("secretStoreRef: {name: aws}", "secretStoreRef: {name: aws, kind: ClusterSecretStore}")
    (got,) = found(tmp_path, {"web.yaml": app("web", WEB), "web/x.yaml": text}, CODE)
    assert (
        "ServiceAccount web-eso is in sync wave 0, and ClusterSecretStore aws, which signs in as it, in wave -1" in got
    )


def test_waves_count_inside_of_one_application_only(tmp_path: Path) -> None:
    start, store, rest = manifests("5", "0").split("---\n", 2)
    files = {
        "web.yaml": app("web", WEB),
        "web/x.yaml": start + "---\n" + rest,
        "stores.yaml": app("stores", f"{{repoURL: {URL}, path: stores}}"),
        "stores/x.yaml": store,
    }
    assert found(tmp_path, files, CODE) == []


def test_in_our_files_the_store_is_earlier_and_the_secret_before_the_chart() -> None:
    path = f"output/{SECRETS}"
    assert found_in_six_clusters(CODE, SECRETS, ('sync-wave: "-1"', 'sync-wave: "-2"')) == [
        (
            f"{path}:18:35: error: SecretStore myapp-secrets-manager is in sync wave -2, and ExternalSecret "
            "myapp-db-credentials, which reads through it, in wave -2 on myapp-dev-use1: it must come earlier\n"
            "hint: give SecretStore myapp-secrets-manager an earlier wave than ExternalSecret myapp-db-credentials\n"
            f"{path}:35:35: ExternalSecret myapp-db-credentials reads through it"
        ),
    ]
    assert found_in_six_clusters(CODE, SECRETS, ('sync-wave: "-1"', 'sync-wave: "0"')) == [
        (
            f"{path}:35:35: error: ExternalSecret myapp-db-credentials is in sync wave 0, the wave of the chart's "
            f"workload or "
            "later, on myapp-dev-use1: the pods start without their Secret\n"
            'hint: give it an earlier wave, as "-1"'
        ),
    ]


@pytest.mark.parametrize(
    ("code", "wave", "expected"),
    [
        (
            CODE,
            '"soon"',
            "the sync wave of SecretStore aws: got 'soon', expected a whole number; Argo CD takes it for wave 0",
        ),
        (CODE, "-1", None),
        ("invalid-name", "-1", "SecretStore aws: its annotation argocd.argoproj.io/sync-wave is no string"),
    ],
)
def test_a_wave_that_is_no_number_is_wave_zero(tmp_path: Path, code: str, wave: str, expected: str | None) -> None:
    """One that is no string is told once."""
    text = f"""
        apiVersion: external-secrets.io/v1
        kind: SecretStore
        metadata:
          name: aws
          annotations:
            argocd.argoproj.io/sync-wave: {wave}
        """
    told = found(tmp_path, {"web.yaml": app("web", WEB), "web/x.yaml": text}, code)
    assert [each.splitlines()[0] for each in told] == ([f"web/x.yaml:6:35: error: {expected}"] if expected else [])


def test_a_workload_is_found_by_each_way_to_use_a_secret(tmp_path: Path) -> None:
    ways = (
        "volumes: [{name: v, secret: {secretName: credentials}}]",
        "initContainers: [{name: i, envFrom: [{secretRef: {name: credentials}}]}]",
        "containers: [{name: c, envFrom: [{secretRef: {name: credentials}}]}]",
    )
    start = manifests("0", "1").partition("apiVersion: apps/v1")[0]
    for way in ways:
        for kind, pods in (("Deployment", "template: {spec: {%s}}"), ("Pod", "%s"), ("CronJob", CRON)):
            workload = f"apiVersion: x/v1\nkind: {kind}\nmetadata: {{name: w}}\nspec: {{{pods % way}}}\n"
            files = {"web.yaml": app("web", WEB), "web/x.yaml": start + workload}
            (got,) = found(tmp_path, files, CODE)
            assert f"and {kind} w, which uses the Secret that it makes, in wave 0" in got


CRON = "jobTemplate: {spec: {template: {spec: {%s}}}}"


@pytest.mark.parametrize(("operators", "own"), [("-1", ""), ("", "1")])
def test_an_application_without_a_wave_is_in_wave_zero(tmp_path: Path, operators: str, own: str) -> None:
    waves = [f'{{argocd.argoproj.io/sync-wave: "{wave}"}}' if wave else "{}" for wave in (operators, own)]
    files = {
        "eso.yaml": operator(waves[0]),
        "web.yaml": app("web", f"{{repoURL: {URL}, path: manifests}}", annotations=waves[1]),
        "manifests/all.yaml": manifests(),
    }
    assert found(tmp_path, files, CODE) == []


def test_waves_count_inside_of_one_phase_only(tmp_path: Path) -> None:
    text = manifests(account="5", store="6", external="7", workload="9").replace(
        'sync-wave: "9"', 'sync-wave: "1", argocd.argoproj.io/hook: PostSync'
    )
    files = {"web.yaml": app("web", f"{{repoURL: {URL}, path: manifests}}"), "manifests/all.yaml": text}
    assert found(tmp_path, files, CODE) == []


def test_a_secret_that_pods_may_be_without_may_come_after_them(tmp_path: Path) -> None:
    """Otherwise a pod waits for a Secret of a later wave, unless it is optional."""
    text = manifests(account="-3", store="-2", external="1")
    needed = "secretKeyRef: {name: credentials"
    files = {"web.yaml": app("web", f"{{repoURL: {URL}, path: manifests}}"), "manifests/all.yaml": text}
    assert len(found(tmp_path / "needed", files, CODE)) == 1
    assert text.count(needed) == 1
    files["manifests/all.yaml"] = text.replace(needed, f"{needed}, optional: true")
    assert found(tmp_path / "optional", files, CODE) == []


MIGRATION = """\
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {%s}}
spec:
  template:
    spec:
      containers: [{name: migrate, envFrom: [{secretRef: {name: credentials}}]}]
"""
PRE_SYNC = "argocd.argoproj.io/hook: PreSync"


@pytest.mark.parametrize("hook", [PRE_SYNC, 'helm.sh/hook: "pre-install, pre-upgrade"'])
def test_a_hook_that_needs_a_secret_of_the_sync_stops_the_first_one(tmp_path: Path, hook: str) -> None:
    files = {
        "web.yaml": app("web", f"{{repoURL: {URL}, path: manifests}}"),
        "manifests/all.yaml": manifests("-3", "-2", "1", "-4"),
        "manifests/job.yaml": MIGRATION % hook,
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/job.yaml:3:27: warning: Job migrate is a hook of PreSync, and ExternalSecret db none, so that "
            "it comes after it on here: Job migrate uses the Secret that it makes, and waits for it in the first sync\n"
            "hint: make ExternalSecret db a hook of PreSync, too, in an earlier wave, or Job migrate one of Sync in a "
            "later wave\n"
            "manifests/all.yaml:10:1: ExternalSecret db comes after all hooks of PreSync"
        )
    ]


@pytest.mark.parametrize(
    "hook", ["argocd.argoproj.io/hook: Sync", "argocd.argoproj.io/hook: PostSync", "helm.sh/hook: test"]
)
def test_a_hook_of_the_sync_or_after_it_may_need_a_secret_of_it(tmp_path: Path, hook: str) -> None:
    files = {
        "web.yaml": app("web", f"{{repoURL: {URL}, path: manifests}}"),
        "manifests/all.yaml": manifests("-3", "-2", "1", "-4"),
        "manifests/job.yaml": MIGRATION % hook,
    }
    assert found(tmp_path, files, CODE) == []


def test_a_hook_whose_secret_another_one_makes_waits_for_nothing(tmp_path: Path) -> None:
    again = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: early, annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/sync-wave: "-1"}}
spec: {secretStoreRef: {name: shared, kind: ClusterSecretStore}, target: {name: credentials}}
"""
    files = {
        "web.yaml": app("web", f"{{repoURL: {URL}, path: manifests}}"),
        "manifests/all.yaml": manifests("-3", "-2", "1", "-4"),
        "manifests/early.yaml": again,
        "manifests/job.yaml": MIGRATION % PRE_SYNC,
    }
    assert found(tmp_path, files, CODE) == []


def test_a_hook_that_reads_through_a_store_of_the_sync_stops_the_first_one(tmp_path: Path) -> None:
    text = manifests(external="7").replace('sync-wave: "7"', f'sync-wave: "7", {PRE_SYNC}')
    files = {"web.yaml": app("web", f"{{repoURL: {URL}, path: manifests}}"), "manifests/all.yaml": text}
    (got,) = found(tmp_path, files, CODE)
    assert "ExternalSecret db is a hook of PreSync, and SecretStore aws none" in got


def of_helm(weight: str, hook: str = "pre-install") -> str:
    return f'helm.sh/hook: {hook}, helm.sh/hook-weight: "{weight}"'


@pytest.mark.parametrize(
    ("external", "workload", "waves"),
    [
        ("-1", "0", None),
        ("0", "0", None),
        ("many", "0", None),
        ("1", "0", (1, 0)),
        ("0", "-1", (0, -1)),
    ],
)
def test_the_weight_of_a_hook_of_helm_is_its_wave(
    tmp_path: Path, external: str, workload: str, waves: tuple[int, int] | None
) -> None:
    secret = f"""\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{name: db, annotations: {{{of_helm(external)}}}}}
spec: {{secretStoreRef: {{name: shared, kind: ClusterSecretStore}}, target: {{name: credentials}}}}
"""
    files = {
        "web.yaml": app("web", f"{{repoURL: {URL}, path: manifests}}"),
        "manifests/all.yaml": secret,
        "manifests/job.yaml": MIGRATION % of_helm(workload),
    }
    late = (
        "manifests/all.yaml:3:22: error: ExternalSecret db is in sync wave {}, and Job migrate, which uses the Secret "
        "that it makes, in wave {} on here: it must come earlier"
    )
    told = [each.splitlines()[0] for each in found(tmp_path, files, CODE)]
    assert told == ([late.format(*waves)] if waves else [])


@pytest.mark.parametrize(
    ("secret", "job", "is_told"),
    [
        (of_helm("1", '"pre-install,pre-upgrade"'), of_helm("0", "pre-install"), True),
        (of_helm("1", "pre-upgrade"), f'{PRE_SYNC}, argocd.argoproj.io/sync-wave: "0"', True),
        ('argocd.argoproj.io/sync-wave: "1"', "argocd.argoproj.io/hook: Sync", True),
        (of_helm("1", "crd-install"), "{}", True),
        (of_helm("1", "pre-install"), of_helm("0", "test"), False),
        (of_helm("1", "test"), of_helm("0", "pre-install"), False),
        (f"{PRE_SYNC}, {of_helm('1', 'post-install')}", of_helm("0", "post-install"), False),
        (of_helm("1", "pre-install"), "argocd.argoproj.io/hook: Skip", False),
    ],
)
def test_hooks_are_of_one_phase_by_what_argo_cd_makes_of_them(
    tmp_path: Path, secret: str, job: str, *, is_told: bool
) -> None:
    """What is no hook is applied with the hooks of Sync; those of Helm do not count beside one of Argo CD."""
    text = f"""\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{name: db, annotations: {{{secret}}}}}
spec: {{secretStoreRef: {{name: shared, kind: ClusterSecretStore}}, target: {{name: credentials}}}}
"""
    files = {
        "web.yaml": app("web", f"{{repoURL: {URL}, path: manifests}}"),
        "manifests/all.yaml": text,
        "manifests/job.yaml": MIGRATION % job.strip("{}"),
    }
    told = [each.splitlines()[0].partition("error: ")[2] for each in found(tmp_path, files, CODE)]
    late = (
        "ExternalSecret db is in sync wave 1, and Job migrate, which uses the Secret that it makes, in wave 0 on here"
    )
    assert told == [f"{late}: it must come earlier"] * is_told


@pytest.mark.parametrize(
    ("annotations", "wave"),
    [
        ('argocd.argoproj.io/sync-wave: "3", helm.sh/hook-weight: "-5"', 3),
        ('argocd.argoproj.io/sync-wave: soon, helm.sh/hook-weight: "5"', 5),
        ('helm.sh/hook-weight: "+7"', 7),
    ],
)
def test_a_wave_of_argo_cd_counts_before_the_weight(tmp_path: Path, annotations: str, wave: int) -> None:
    """The weight counts without a hook, too, and where the wave is no number."""
    text = manifests("-3", "WAVE", "0", "-4").replace('argocd.argoproj.io/sync-wave: "WAVE"', annotations)
    files = {"web.yaml": app("web", f"{{repoURL: {URL}, path: manifests}}"), "manifests/all.yaml": text}
    told = [each.splitlines()[0].partition("error: ")[2] for each in found(tmp_path, files, CODE)]
    late = f"ExternalSecret db is in sync wave {wave}, and Deployment web, which uses the Secret that it makes, in wave"
    no_number = "the sync wave of ExternalSecret db: got 'soon', expected a whole number; Argo CD takes it for wave 5"
    assert told == [f"{late} 0 on here: it must come earlier", *[no_number] * ("soon" in annotations)]


def test_in_our_files_a_hook_of_pre_sync_comes_before_the_chart() -> None:
    """The store, the account and the ExternalSecret are hooks of Helm, in the order of their weights."""
    hook = (
        'argocd.argoproj.io/sync-wave: "-2"',
        'helm.sh/hook: pre-install,pre-upgrade\n    helm.sh/hook-weight: "-2"',
    )
    external = ('argocd.argoproj.io/sync-wave: "-1"', 'helm.sh/hook: pre-install\n    helm.sh/hook-weight: "1"')
    assert found_in_six_clusters(CODE, SECRETS, hook, hook, external) == []
