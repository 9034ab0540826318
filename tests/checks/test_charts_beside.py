"""A chart that needs charts of folders beside it is rendered as Argo CD does, which has Helm put them into charts/."""

from __future__ import annotations

import shutil
import tempfile
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence import helm
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.repositories import Checkout, repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import BY_HAND, application
from tests.checks.test_chart_rendering import CHART, tree
from tests.checks.trees import URL, found, shown
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gitops_gen.evidence.files import Manifest

pytestmark = requires_helm

WEB = "charts/web/Chart.yaml"
BASE = "charts/base/Chart.yaml"
NEEDS_BASE = (
    CHART[WEB]
    + """\
dependencies:
  - name: base
    version: ^1.0.0
    repository: file://../base
"""
)
BESIDE = {
    WEB: NEEDS_BASE,
    BASE: "apiVersion: v2\nname: base\nversion: 1.2.0\n",
    "charts/base/values.yaml": "account: base\nstore: store\n",
    "charts/base/templates/account.yaml": """\
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: {{ .Values.account }}
        """,
    "charts/base/templates/secret.yaml": """\
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata:
          name: base
        spec:
          refreshInterval: 1h0m0s
          secretStoreRef:
            name: {{ .Values.store }}
            kind: SecretStore
          target:
            name: base
          data:
            - secretKey: PASSWORD
              remoteRef:
                key: dev/web/db
                property: password
        """,
}
AT_CHART = "apps/web.yaml:17:13: the chart"


def umbrella(values: str = "        releaseName: web\n", **files: str) -> dict[str, str]:
    """The repository kept by hand, with a chart that needs another one beside it."""
    return tree(values, **{**BESIDE, **files})


def needs(*lines: str) -> dict[str, str]:
    """The Chart.yaml of a chart that needs another one, said in other words."""
    return {WEB: CHART[WEB] + "dependencies:\n  - " + "\n    ".join(lines) + "\n"}


def written(root: Path, files: Mapping[str, str]) -> Graph:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return Graph(Files(root), (".",), repositories({URL: "."}))


def rendered(graph: Graph) -> list[str]:
    return [str(each) for each in graph.rendered]


def account(graph: Graph) -> Manifest:
    (found,) = (each for each in graph.rendered if each.kind == "ServiceAccount")
    return found


def unknown(graph: Graph) -> list[str]:
    return [each.reason for each in graph.elsewhere if "charts/web" in each.reason]


WHOLE = ["ServiceAccount base", "ExternalSecret base", "Deployment web"]


def test_all_is_sound_where_both_charts_are(tmp_path: Path) -> None:
    graph = written(tmp_path, umbrella())
    assert [(each.kind, each.name, each.place.file) for each in graph.rendered] == [
        ("ServiceAccount", "base", "charts/base/templates/account.yaml"),
        ("ExternalSecret", "base", "charts/base/templates/secret.yaml"),
        ("Deployment", "web", "charts/web/templates/deployment.yaml"),
    ]
    assert unknown(graph) == []
    assert [shown(each) for each in judge(graph).problems if each.code != "cannot-say"] == []


def test_values_for_the_chart_beside_stand_below_its_name(tmp_path: Path) -> None:
    graph = written(tmp_path, umbrella("        valuesObject: {base: {account: shop}}\n"))
    assert account(graph).name == "shop"


def test_an_external_secret_of_the_chart_beside_is_judged_and_found_in_its_template(tmp_path: Path) -> None:
    files = umbrella("        valuesObject: {base: {store: stor}}\n")
    assert found(tmp_path, files, "external-secret-store") == [
        (
            "charts/base/templates/secret.yaml:8:11: error: ExternalSecret base reads from SecretStore stor, but "
            "there is none in namespace web of one\n"
            "hint: did you mean store?\n"
            "manifests/store.yaml:4:9: SecretStore store is here\n"
            "apps/web.yaml:17:13: the chart is rendered for this"
        )
    ]


CHAIN = """\
        valuesObject:
          base:
            account: web-eso
            role: arn:aws:iam::111122223333:role/one-web-eso
            key: dev/web/db # below base
"""
ACCOUNT = "charts/base/templates/account.yaml"
SECRET = "charts/base/templates/secret.yaml"


def chain(old: str = "", new: str = "") -> dict[str, str]:
    """The account of the store, and what the store reads, come from the chart beside; with one text changed."""
    files = umbrella(CHAIN)
    files[ACCOUNT] = dedent(files[ACCOUNT]) + "  annotations:\n    eks.amazonaws.com/role-arn: {{ .Values.role }}\n"
    files[SECRET] = files[SECRET].replace("key: dev/web/db", "key: {{ .Values.key }}")
    del files["manifests/account.yaml"]
    for path, text in files.items():
        files[path] = text.replace(old, new) if old else text
    return files


def test_the_chain_from_store_to_secret_may_go_through_the_chart_beside(tmp_path: Path) -> None:
    graph = written(tmp_path, chain())
    (reader,) = graph.readers
    assert reader.service_account is not None
    assert (reader.service_account.place.file, [each.place.file for each in reader.external_secrets]) == (
        ACCOUNT,
        ["manifests/secret.yaml", SECRET],
    )
    assert [shown(each) for each in judge(graph).problems if each.code != "cannot-say"] == []


ROLE = "role: arn:aws:iam::111122223333:role/one-web-eso"
RENDERED = "apps/web.yaml:17:13: the chart is rendered for this"
LINKS = [
    pytest.param(
        ("account: web-eso", "account: web-es"),
        "store-service-account",
        "manifests/store.yaml:13:19: warning: SecretStore store signs in as web-eso, but no ServiceAccount web-eso is "
        "seen in namespace web of one; not judged behind it: its role annotation, the role in the cluster's tfvars, "
        "the trusted subject, the OIDC provider, the secrets that the role may read, the KMS keys that it may use\n"
        "hint: bring the ServiceAccount web-eso to namespace web, or name the one that is there",
        id="account",
    ),
    pytest.param(
        (ROLE, "role: null"),
        "service-account-role",
        f"{ACCOUNT}:3:10: error: ServiceAccount web-eso of SecretStore store on one: there is no annotation "
        "eks.amazonaws.com/role-arn; not judged behind it: the role in the cluster's tfvars, the trusted subject, the "
        "OIDC provider, the secrets that the role may read, the KMS keys that it may use\n"
        "hint: annotate eks.amazonaws.com/role-arn with the ARN of the role that reads the secrets\n"
        f"manifests/store.yaml:13:19: the store signs in as it here\n{RENDERED}",
        id="annotation",
    ),
    pytest.param(
        (ROLE, ROLE.replace("one", "two")),
        "role-declared",
        f"{ACCOUNT}:6:33: error: the role of SecretStore store on one: got role two-web-eso, expected one that its "
        "tfvars declare: one-web-eso; not judged behind it: the trusted subject, the OIDC provider, the secrets that "
        "the role may read, the KMS keys that it may use\n"
        "hint: make the annotation and role_name in the cluster's tfvars equal\n"
        f"terraform/one.tfvars:8:13: the roles of the cluster\n{RENDERED}",
        id="role",
    ),
    pytest.param(
        ('namespace       = "web"', 'namespace       = "shop"'),
        "trust-subject",
        "terraform/one.tfvars:11:23: error: role one-web-eso trusts system:serviceaccount:shop:web-eso, expected "
        "system:serviceaccount:web:web-eso, which SecretStore store signs in as; not judged behind it: the OIDC "
        "provider, the secrets that the role may read, the KMS keys that it may use\n"
        "hint: make namespace of the role and of the store equal\n"
        "manifests/store.yaml:3:1: SecretStore store signs in as web-eso here\n"
        "charts/base/templates/account.yaml:6:33: the account is annotated with the role here\n"
        "apps/web.yaml:17:13: the chart is rendered for this",
        id="trust",
    ),
    pytest.param(
        ("dev/web/db # below base", "prod/web/db"),
        "secret-access",
        f"{SECRET}:15:14: error: role one-web-eso may not read prod/web/db in eu-west-1: it may read "
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db-??????; not judged behind it: the KMS keys "
        "that it may use\n"
        "hint: list the secret in secret_arns of the role, in the region that the store reads\n"
        "terraform/one.tfvars:13:19: what the role may read\n"
        f"manifests/store.yaml:9:15: the region that the store reads\n{RENDERED}",
        id="secret",
    ),
]


@pytest.mark.parametrize(("change", "code", "expected"), LINKS)
def test_each_link_of_it_is_judged(tmp_path: Path, change: tuple[str, str], code: str, expected: str) -> None:
    assert found(tmp_path, chain(*change), code) == [expected]


def test_a_template_of_the_chart_beside_that_fails_is_told_there(tmp_path: Path) -> None:
    failing = {"charts/base/templates/failing.yaml": 'a: {{ required "name it" .Values.none }}\n'}
    assert found(tmp_path, umbrella(**failing), "chart-rendering") == [
        (
            "charts/base/templates/failing.yaml:1:7: error: Helm refuses the chart charts/web of web: execution "
            "error at (web/charts/base/templates/failing.yaml:1:6): name it\n"
            "hint: correct what Helm names; helm template with the same values says the same\n" + AT_CHART
        )
    ]


def test_a_chart_beside_that_the_values_switch_off_brings_nothing(tmp_path: Path) -> None:
    crd = {"charts/base/crds/thing.yaml": "apiVersion: v1\nkind: Thing\nmetadata: {name: t}\n"}
    stated = ("name: base", "version: ^1.0.0", "repository: file://../base", "condition: base.enabled")
    for values, whole in (("{}", [*WHOLE]), ("{base: {enabled: false}}", WHOLE[2:])):
        graph = written(tmp_path, umbrella(f"        valuesObject: {values}\n", **needs(*stated), **crd))
        assert rendered(graph) == whole
        (web,) = (each for each in graph.deployments if each.application.name == "web")
        assert ("Thing t" in map(str, web.manifests)) is (whole == WHOLE)


def test_a_chart_beside_is_taken_twice_by_two_names(tmp_path: Path) -> None:
    two = (
        "  - {name: base, version: 1.x, repository: file://../base, alias: one}\n"
        "  - {name: base, version: '*', repository: file://../base, alias: two}\n"
    )
    values = "        valuesObject: {one: {account: first}, two: {account: second}}\n"
    graph = written(tmp_path, umbrella(values, **{WEB: f"{CHART[WEB]}dependencies:\n{two}"}))
    accounts = [each for each in graph.rendered if each.kind == "ServiceAccount"]
    assert [(each.name, each.place) for each in accounts] == [
        ("first", Place(ACCOUNT, 0, (), 1)),
        ("second", Place(ACCOUNT, 1, (), 1)),
    ]


def test_two_charts_beside_may_have_one_name(tmp_path: Path) -> None:
    two = (
        "  - {name: base, version: 1.x, repository: file://../base, alias: one}\n"
        "  - {name: base, version: 2.x, repository: file://../next, alias: two}\n"
    )
    next_one = {"charts/next/Chart.yaml": BESIDE[BASE].replace("1.2.0", "2.0.0")}
    next_one["charts/next/templates/map.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: next}\n"
    graph = written(tmp_path, umbrella(**{WEB: f"{CHART[WEB]}dependencies:\n{two}"}, **next_one))
    assert rendered(graph) == ["ServiceAccount base", "ExternalSecret base", "ConfigMap next", "Deployment web"]


def test_values_of_the_chart_beside_are_imported(tmp_path: Path) -> None:
    stated = ("name: base", "version: 1.2.0", "repository: file://../base", "import-values: [exported]")
    exported = {"charts/base/values.yaml": "account: base\nstore: store\nexports: {exported: {account: imported}}\n"}
    plain = {"charts/web/values.yaml": "secret: db\nreplicas: 1\n"}
    graph = written(tmp_path, umbrella(**needs(*stated), **exported, **plain))
    (pod,) = (each.value["spec"] for each in graph.rendered if each.kind == "Deployment")
    assert isinstance(pod, dict)
    assert pod["template"]["spec"]["serviceAccountName"] == "imported"


def test_a_chart_of_the_first_version_says_what_it_needs_in_a_file_of_its_own(tmp_path: Path) -> None:
    text = "dependencies:\n  - name: base\n    version: ^1.0.0\n    repository: file://../base\n"
    files = umbrella(**{WEB: CHART[WEB].replace("v2", "v1"), "charts/web/requirements.yaml": text})
    assert rendered(written(tmp_path, files)) == WHOLE

    files["charts/web/requirements.yaml"] = text.replace("^1.0.0", "^2.0.0")
    (got,) = found(tmp_path, files, "chart-rendering")
    assert got.startswith(
        "charts/web/requirements.yaml:3:14: error: Helm refuses the chart charts/web of web: its chart "
    )


def test_the_chart_may_be_the_root_of_the_repository_and_the_other_one_inside_of_it(tmp_path: Path) -> None:
    chart = {path.removeprefix("charts/web/"): text for path, text in CHART.items()}
    chart["Chart.yaml"] += "dependencies: [{name: base, version: ^1.0.0, repository: file://charts-beside/base}]\n"
    base = {path.replace("charts/", "charts-beside/"): text for path, text in BESIDE.items() if path != WEB}
    app = application(values="        releaseName: web\n").replace("path: charts/web", "path: .")
    ignored = {".helmignore": "apps/\nmanifests/\nterraform/\n"}
    graph = written(tmp_path, {**BY_HAND, "apps/web.yaml": app, **chart, **base, **ignored})
    assert [(str(each), each.place.file) for each in graph.rendered] == [
        ("ServiceAccount base", "charts-beside/base/templates/account.yaml"),
        ("ExternalSecret base", "charts-beside/base/templates/secret.yaml"),
        ("Deployment web", "templates/deployment.yaml"),
    ]


def test_the_chart_may_lie_inside_of_the_one_that_it_needs(tmp_path: Path) -> None:
    inside = {path.replace("charts/web/", "charts/base/examples/web/"): text for path, text in CHART.items()}
    inside["charts/base/examples/web/Chart.yaml"] = NEEDS_BASE.replace("file://../base", "file://../..")
    app = application(values="        releaseName: web\n").replace("charts/web", "charts/base/examples/web")
    base = {path: text for path, text in BESIDE.items() if path != WEB}
    graph = written(tmp_path, {**BY_HAND, **base, **inside, "apps/web.yaml": app})
    assert rendered(graph) == WHOLE


CHANGES = [
    pytest.param(
        needs("name: base", "version: ^1.0.0", "repository: file://../bas"),
        "charts/web/Chart.yaml:7:17: error: Helm refuses the chart charts/web of web: its chart base is taken from "
        "charts/bas, which is not there\n"
        "hint: correct the path, or commit the chart\n" + AT_CHART,
        id="no folder",
    ),
    pytest.param(
        needs("name: base", "version: ^1.0.0", "repository: file://../../../base"),
        "charts/web/Chart.yaml:7:17: error: Helm refuses the chart charts/web of web: its chart base is taken from "
        "../../../base, which leaves the repository\n"
        "hint: bring the chart into the repository\n" + AT_CHART,
        id="outside",
    ),
    pytest.param(
        needs("name: base", "version: ^1.0.0", "repository: file:///charts/base"),
        "charts/web/Chart.yaml:7:17: error: Helm refuses the chart charts/web of web: its chart base is taken from "
        "/charts/base, an absolute path\n"
        "hint: write the path from the folder of this chart\n" + AT_CHART,
        id="absolute",
    ),
    pytest.param(
        needs("name: base", "version: ^1.0.0", "repository: file://../base/Chart.yaml"),
        "charts/web/Chart.yaml:7:17: error: Helm refuses the chart charts/web of web: its chart base is taken from "
        "charts/base/Chart.yaml, which is a file\n"
        "hint: name the folder of a chart\n" + AT_CHART,
        id="file",
    ),
    pytest.param(
        needs("name: base", "version: ^1.0.0", "repository: file://../../manifests"),
        "charts/web/Chart.yaml:7:17: error: Helm refuses the chart charts/web of web: its chart base is taken from "
        "manifests, in which there is no Chart.yaml\n"
        "hint: name the folder of a chart\n" + AT_CHART,
        id="no chart",
    ),
    pytest.param(
        needs("name: base", "version: ^2.0.0", "repository: file://../base"),
        "charts/web/Chart.yaml:6:14: error: Helm refuses the chart charts/web of web: its chart base: got version "
        "1.2.0 in charts/base, expected ^2.0.0\n"
        "hint: write a range of versions that 1.2.0 is in, or correct the version of that chart\n"
        "charts/base/Chart.yaml:3:10: its version\n" + AT_CHART,
        id="version",
    ),
    pytest.param(
        needs("name: basis", "version: ^1.0.0", "repository: file://../base"),
        "charts/web/Chart.yaml:5:11: error: Helm refuses the chart charts/web of web: its chart basis: got a chart "
        "named base in charts/base, expected basis\n"
        "hint: write name: base, and alias: basis if its values stand there\n"
        "charts/base/Chart.yaml:2:7: its name\n" + AT_CHART,
        id="name",
    ),
    pytest.param(
        needs("name: base", "version: ^1.0.0", "repository: ../base"),
        "charts/web/Chart.yaml:7:17: error: Helm refuses the chart charts/web of web: its chart base is taken from "
        "../base, which is no URL\n"
        "hint: for a folder, write file://../base\n" + AT_CHART,
        id="no URL",
    ),
    pytest.param(
        needs("name: base", "version: ^1.0.0"),
        "charts/web/Chart.yaml:5:11: error: Helm refuses the chart charts/web of web: its chart base has no "
        "repository, and is not in charts/\n"
        "hint: say where it is, or commit it there\n" + AT_CHART,
        id="no repository",
    ),
    pytest.param(
        needs("name: base", "version: latest", "repository: file://../base"),
        "charts/web/Chart.yaml:6:14: error: Helm refuses the chart charts/web of web: dependency \"base\" has an "
        "invalid version/constraint format: improper constraint: \"latest\"\n"
        "hint: helm dependency build charts/web says the same\n" + AT_CHART,
        id="no range",
    ),
    pytest.param(
        {BASE: "apiVersion: v2\nname: base\nversion: one\n"},
        "charts/web/Chart.yaml:7:17: error: Helm refuses the chart charts/web of web: its chart base in charts/base "
        "is none: validation: chart.metadata.version \"one\" is invalid\n"
        "hint: correct that chart\n"
        "charts/base/Chart.yaml:1:1: the chart\n" + AT_CHART,
        id="broken chart",
    ),
    pytest.param(
        {"charts/web/.helmignore": "*.tgz\n"},
        "charts/web/Chart.yaml:5:11: error: Helm refuses the chart charts/web of web: its chart base is not in "
        "charts/ after helm dependency build: .helmignore leaves it out\n"
        "hint: take the pattern for it out of .helmignore\n" + AT_CHART,
        id="ignored",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_what_helm_refuses_to_build_is_told_with_got_and_expected(
    tmp_path: Path, change: Mapping[str, str], expected: str
) -> None:
    assert found(tmp_path, umbrella(**change), "chart-rendering") == [expected]
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "."}))
    assert (rendered(graph), unknown(graph)) == ([], [])


def locked(root: Path, version: str = "1.2.0", **files: str) -> str:
    """The lock that Helm itself writes where the chart beside has a version."""
    copy = root / "locking"
    written(copy, {**umbrella(**files), BASE: BESIDE[BASE].replace("1.2.0", version)})
    helm.build_dependencies(copy / "charts/web")
    text = (copy / "charts/web/Chart.lock").read_text(encoding="utf-8")
    shutil.rmtree(copy)
    return text


def test_a_lock_that_agrees_is_none_to_speak_of(tmp_path: Path) -> None:
    files = umbrella(**{"charts/web/Chart.lock": locked(tmp_path)})
    assert found(tmp_path, files, "chart-rendering") == []
    assert rendered(written(tmp_path, files)) == WHOLE


def test_a_lock_with_an_older_version_of_the_chart_beside_is_told_there(tmp_path: Path) -> None:
    files = umbrella(**{"charts/web/Chart.lock": locked(tmp_path, "1.1.0")})
    assert found(tmp_path, files, "chart-rendering") == [
        (
            "charts/web/Chart.lock:4:12: error: Helm refuses the chart charts/web of web: its chart base: got version "
            "1.2.0 in charts/base, expected 1.1.0, as charts/web/Chart.lock says\n"
            "hint: run helm dependency update charts/web, and commit the lock\n"
            "charts/base/Chart.yaml:3:10: its version\n" + AT_CHART
        )
    ]


def test_of_several_in_a_lock_the_one_is_told(tmp_path: Path) -> None:
    more = {"charts/more/Chart.yaml": "apiVersion: v2\nname: more\nversion: 0.1.0\n"}
    stated = NEEDS_BASE.replace("  - ", "  - {name: more, version: 0.1.0, repository: file://../more}\n  - ")
    lock = {"charts/web/Chart.lock": locked(tmp_path, "1.1.0", **more, **{WEB: stated})}
    (got,) = found(tmp_path, umbrella(**more, **lock, **{WEB: stated}), "chart-rendering")
    assert got.startswith("charts/web/Chart.lock:7:12: error: ")
    assert "its chart base: got version 1.2.0 in charts/base, expected 1.1.0, as charts/web/Chart.lock says" in got


def test_a_lock_of_another_range_is_told(tmp_path: Path) -> None:
    changed = needs("name: base", "version: ~1.2.0", "repository: file://../base")
    files = umbrella(**{"charts/web/Chart.lock": locked(tmp_path)}, **changed)
    assert found(tmp_path, files, "chart-rendering") == [
        (
            "charts/web/Chart.lock:1:1: error: Helm refuses the chart charts/web of web: the lock file (Chart.lock) "
            "is out of sync with the dependencies file (Chart.yaml). Please update the dependencies with 'helm "
            "dependency update'\n"
            "hint: run helm dependency update charts/web, and commit the lock\n"
            "charts/web/Chart.yaml:5:3: what it needs\n" + AT_CHART
        )
    ]


def test_where_all_is_in_charts_helm_builds_nothing_and_takes_that(tmp_path: Path) -> None:
    """Argo CD runs helm dependency build only where helm template misses a chart: a copy may be an old one."""
    in_charts = {
        path.replace("charts/base/", "charts/web/charts/base/"): text for path, text in BESIDE.items() if path != WEB
    }
    in_charts["charts/web/charts/base/values.yaml"] = "account: copied\nstore: store\n"
    graph = written(tmp_path, umbrella(**in_charts))
    assert account(graph).name == "copied"
    assert account(graph).place.file == "charts/web/charts/base/templates/account.yaml"

    gone = umbrella(**needs("name: base", "version: ^3.0.0", "repository: file://../gone"), **in_charts)
    assert account(written(tmp_path, gone)).name == "copied"


def test_an_archive_in_charts_is_taken_as_it_is_there(tmp_path: Path) -> None:
    written(tmp_path, umbrella(**{"charts/base/values.yaml": "account: archived\nstore: store\n"}))
    (tmp_path / "charts/web/charts").mkdir()
    helm.packed(tmp_path / "charts/base", tmp_path / "charts/web/charts")
    graph = written(tmp_path, umbrella())
    assert (account(graph).name, account(graph).place.file) == ("archived", WEB)


def test_one_without_a_repository_has_to_be_a_folder_in_charts_where_helm_builds(tmp_path: Path) -> None:
    stated = NEEDS_BASE + "  - {name: own, version: 0.1.0}\n"
    own = {"charts/web/charts/own/Chart.yaml": "apiVersion: v2\nname: own\nversion: 0.1.0\n"}
    assert rendered(written(tmp_path / "folder", umbrella(**{WEB: stated}, **own))) == WHOLE

    root = tmp_path / "archive"
    written(root, umbrella(**{WEB: stated}))
    (root / "charts/web/charts").mkdir()
    helm.packed(tmp_path / "folder/charts/web/charts/own", root / "charts/web/charts")
    assert found(root, umbrella(**{WEB: stated}), "chart-rendering") == [
        (
            "charts/web/Chart.yaml:8:26: error: Helm refuses the chart charts/web of web: directory "
            "charts/web/charts/own not found\n"
            "hint: helm dependency build charts/web says the same\n" + AT_CHART
        )
    ]


def test_where_one_is_missing_helm_builds_all_that_lies_beside(tmp_path: Path) -> None:
    """What is in charts/ as an archive makes way for what is beside."""
    written(tmp_path, umbrella(**{"charts/base/values.yaml": "account: archived\nstore: store\n"}))
    (tmp_path / "charts/web/charts").mkdir()
    helm.packed(tmp_path / "charts/base", tmp_path / "charts/web/charts")
    more = {"charts/more/Chart.yaml": "apiVersion: v2\nname: more\nversion: 0.1.0\n"}
    stated = NEEDS_BASE + "  - {name: more, version: 0.1.0, repository: file://../more}\n"
    assert account(written(tmp_path, umbrella(**{WEB: stated}, **more))).name == "base"


def test_the_folder_of_one_may_be_that_in_charts(tmp_path: Path) -> None:
    """As many people write it: then Helm has nothing to build, and where it builds another one, both are there."""
    inside = {path.replace("charts/base", "charts/web/charts/base"): text for path, text in BESIDE.items()}
    inside[WEB] = NEEDS_BASE.replace("file://../base", "file://charts/base")
    assert rendered(written(tmp_path, tree(**inside))) == WHOLE

    more = {"charts/more/Chart.yaml": "apiVersion: v2\nname: more\nversion: 0.1.0\n"}
    inside[WEB] += "  - {name: more, version: 0.1.0, repository: file://../more}\n"
    graph = written(tmp_path, tree(**inside, **more))
    assert (rendered(graph), account(graph).place.file) == (
        WHOLE,
        "charts/web/charts/base/templates/account.yaml",
    )


DEEP = {
    "charts/deep/Chart.yaml": "apiVersion: v2\nname: deep\nversion: 1.0.0\n",
    "charts/deep/templates/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deep}\n",
}
NEEDS_DEEP = (
    BESIDE[BASE]
    + """\
dependencies:
  - name: deep
    version: 1.0.0
    repository: https://charts.example.com
    condition: deep.enabled,global.deep
    tags: [deep, both]
"""
)


def test_what_the_chart_beside_needs_itself_is_not_built_and_what_is_in_its_charts_is_there(tmp_path: Path) -> None:
    """Helm packs the chart beside as it lies there."""
    beside = {BASE: NEEDS_DEEP.replace("https://charts.example.com", "file://../deep")}
    assert rendered(written(tmp_path, umbrella(**DEEP, **beside))) == WHOLE

    in_charts = {path.replace("charts/deep", "charts/base/charts/of-deep"): text for path, text in DEEP.items()}
    graph = written(tmp_path, umbrella(**beside, **in_charts))
    assert rendered(graph) == ["ConfigMap deep", *WHOLE]
    assert [each.place.file for each in graph.rendered if each.kind == "ConfigMap"] == [
        "charts/base/charts/of-deep/templates/map.yaml"
    ]


LEFT_OUT = (
    "charts/base/Chart.yaml:5:11: warning: Helm renders the chart charts/web of web without deep, which its part "
    "charts/base needs, and has not in its charts/\n"
    "hint: run helm dependency build charts/base and commit its charts/, or let the whole chart need deep\n" + AT_CHART
)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("{}", [LEFT_OUT]),
        ("{base: {deep: {enabled: false}}}", []),
        ("{base: {deep: {enabled: 'false'}}}", [LEFT_OUT]),
        ("{base: {deep: {enabled: true}}, global: {deep: false}}", [LEFT_OUT]),
        ("{global: {deep: false}}", []),
        ("{tags: {deep: false}}", []),
        ("{tags: {deep: false, both: true}}", [LEFT_OUT]),
        ("{tags: {deep: true}, base: {deep: {enabled: false}}}", []),
        ("{deep: {enabled: false}}", [LEFT_OUT]),
    ],
)
def test_what_the_chart_beside_needs_and_has_not_is_told_unless_the_values_switch_it_off(
    tmp_path: Path, values: str, expected: list[str]
) -> None:
    files = umbrella(f"        valuesObject: {values}\n", **{BASE: NEEDS_DEEP}, **DEEP)
    assert found(tmp_path, files, "chart-rendering") == expected

    # Where it is there, Helm renders it just where it is told here.
    in_charts = {path.replace("charts/deep", "charts/base/charts/deep"): text for path, text in DEEP.items()}
    assert ("ConfigMap deep" in rendered(written(tmp_path, in_charts))) is bool(expected)


@pytest.mark.parametrize(
    ("condition", "tags", "expected"),
    [
        ("none.enabled,deep.enabled", "", []),
        ("none.enabled, deep.enabled", "", [LEFT_OUT]),  # to Helm, the space is part of the name
        ("", "{}", []),
        ("", "{deep: true}", [LEFT_OUT]),
    ],
)
def test_the_values_of_the_chart_beside_switch_off_what_it_needs_itself(
    tmp_path: Path, condition: str, tags: str, expected: list[str]
) -> None:
    beside = {
        BASE: NEEDS_DEEP.replace("deep.enabled,global.deep", f"'{condition}'").replace("[deep, both]", "[deep]"),
        "charts/base/values.yaml": "account: base\nstore: store\n"
        + ("deep: {enabled: false}\n" if condition else "tags: {deep: false}\n"),
    }
    values = f"        valuesObject: {{tags: {tags}}}\n" if tags else "        releaseName: web\n"
    assert found(tmp_path, umbrella(values, **beside), "chart-rendering") == expected
    in_charts = {path.replace("charts/deep", "charts/base/charts/deep"): text for path, text in DEEP.items()}
    assert ("ConfigMap deep" in rendered(written(tmp_path, in_charts))) is bool(expected)


def test_what_the_chart_beside_needs_is_told_of_one_that_is_used_only(tmp_path: Path) -> None:
    stated = ("name: base", "version: ^1.0.0", "repository: file://../base", "alias: db", "condition: db.enabled")
    for values, expected in (
        ("{}", [LEFT_OUT]),
        ("{db: {deep: {enabled: false}}}", []),
        ("{db: {enabled: false}}", []),
    ):
        files = umbrella(f"        valuesObject: {values}\n", **{BASE: NEEDS_DEEP}, **needs(*stated))
        assert found(tmp_path, files, "chart-rendering") == expected


def test_what_a_part_in_charts_needs_and_has_not_is_told(tmp_path: Path) -> None:
    part = {"charts/web/charts/base/Chart.yaml": NEEDS_DEEP}
    assert found(tmp_path, tree(**part), "chart-rendering") == [
        LEFT_OUT.replace("charts/base", "charts/web/charts/base")
    ]
    stated = CHART[WEB] + "dependencies: [{name: base, version: 1.2.0, alias: db}]\n"
    for values, expected in (("{base: {deep: {enabled: false}}}", 1), ("{db: {deep: {enabled: false}}}", 0)):
        files = tree(f"        valuesObject: {values}\n", **{WEB: stated})
        assert len(found(tmp_path, files, "chart-rendering")) == expected

    found(tmp_path, tree(), "chart-rendering")
    nested = {"charts/web/charts/base/charts/deep/Chart.yaml": DEEP["charts/deep/Chart.yaml"]}
    assert found(tmp_path, nested, "chart-rendering") == []

    nested["charts/web/charts/base/charts/deep/Chart.yaml"] += "dependencies: [{name: deeper, version: 1.0.0}]\n"
    (got,) = found(tmp_path, nested, "chart-rendering")
    assert got.startswith("charts/web/charts/base/charts/deep/Chart.yaml:4:23: warning: Helm renders the chart ")


def test_what_the_whole_chart_needs_too_is_not_left_out(tmp_path: Path) -> None:
    both = NEEDS_BASE + "  - {name: deep, version: 1.0.0, repository: file://../deep}\n"
    files = umbrella(**{BASE: NEEDS_DEEP, WEB: both}, **DEEP)
    assert found(tmp_path, files, "chart-rendering") == []
    assert rendered(written(tmp_path, files)) == [*WHOLE[:2], "ConfigMap deep", *WHOLE[2:]]


def test_a_library_that_no_template_misses_is_none_to_speak_of(tmp_path: Path) -> None:
    library = {"charts/deep/Chart.yaml": f"{DEEP['charts/deep/Chart.yaml']}type: library\n"}
    beside = {BASE: NEEDS_DEEP.replace("https://charts.example.com", "file://../deep")}
    assert found(tmp_path, umbrella(**beside, **library), "chart-rendering") == []

    calling = {"charts/base/templates/map.yaml": 'a: {{ include "deep.name" . }}\n'}
    (got,) = found(tmp_path, calling, "chart-rendering")
    assert "charts/base/Chart.yaml:5:11: Helm leaves deep out, which is not there" in got


def test_a_template_that_fails_for_want_of_it_names_it(tmp_path: Path) -> None:
    calling = {"charts/base/templates/map.yaml": 'a: {{ include "deep.name" . }}\n'}
    (got, *others) = found(tmp_path, umbrella(**{BASE: NEEDS_DEEP}, **calling), "chart-rendering")
    assert others == []
    assert got.startswith("charts/base/templates/map.yaml:1:7: error: Helm refuses the chart charts/web of web: ")
    assert got.splitlines()[2:] == [
        "charts/base/Chart.yaml:5:11: Helm leaves deep out, which is not there",
        AT_CHART,
    ]

    elsewhere = {"charts/base/templates/map.yaml": "", "charts/web/templates/map.yaml": "a: {{ .Values.none.first }}\n"}
    (got,) = found(tmp_path, elsewhere, "chart-rendering")
    assert got.splitlines()[2:] == [AT_CHART]


def test_a_chart_that_needs_one_of_a_repository_too_is_not_rendered(tmp_path: Path) -> None:
    stated = NEEDS_BASE + "  - {name: redis, version: 1.0.0, repository: https://charts.example.com}\n"
    graph = written(tmp_path, umbrella(**{WEB: stated}))
    assert (rendered(graph), unknown(graph)) == (
        [],
        ["the chart charts/web needs redis, which is not in its charts/ until helm dependency build has run"],
    )
    assert [each for deployment in graph.deployments for each in deployment.failures] == []

    wrong = umbrella(**{WEB: stated.replace("^1.0.0", "^2.0.0")})
    (got,) = found(tmp_path, wrong, "chart-rendering")
    assert "its chart base: got version 1.2.0 in charts/base, expected ^2.0.0" in got


def test_of_a_chart_that_is_needed_twice_only_the_range_that_it_is_not_in_is_told(tmp_path: Path) -> None:
    stated = NEEDS_BASE + "  - {name: base, alias: other, version: ^2.0.0, repository: file://../base}\n"
    (got,) = found(tmp_path, umbrella(**{WEB: stated}), "chart-rendering")
    assert "its chart base: got version 1.2.0 in charts/base, expected ^2.0.0" in got


def test_where_some_is_fetched_the_lock_is_not_asked_and_nothing_of_the_tree_changes(tmp_path: Path) -> None:
    stated = NEEDS_BASE + "  - {name: redis, version: 1.0.0, repository: https://charts.example.com}\n"
    graph = written(tmp_path, umbrella(**{WEB: stated, "charts/web/Chart.lock": locked(tmp_path, "1.1.0")}))
    before = content(tmp_path)
    assert [each for deployment in graph.deployments for each in deployment.failures] == []
    assert content(tmp_path) == before


def test_where_all_is_fetched_nothing_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helm, "build_dependencies", None)
    files = umbrella(**needs("name: redis", "version: 1.0.0", "repository: oci://registry.example.com/charts"))
    assert unknown(written(tmp_path, files)) == [
        "the chart charts/web needs redis, which is not in its charts/ until helm dependency build has run"
    ]


def test_where_the_one_of_a_repository_is_in_charts_helm_fetches_it_anew(tmp_path: Path) -> None:
    stated = NEEDS_BASE + "  - {name: redis, version: 1.x, repository: https://charts.example.com}\n"
    redis = {"charts/web/charts/redis/Chart.yaml": "apiVersion: v2\nname: redis\nversion: 1.0.0\n"}
    graph = written(tmp_path, umbrella(**{WEB: stated}, **redis))
    assert unknown(graph) == [
        "the chart charts/web needs redis, which helm dependency build fetches anew, as not all is in charts/"
    ]


def test_what_a_template_of_the_chart_beside_asks_its_cluster_is_not_known(tmp_path: Path) -> None:
    asking = {"charts/base/templates/asking.yaml": "a: {{ .Capabilities.KubeVersion }}\n"}
    graph = written(tmp_path, umbrella(**asking))
    assert rendered(graph) == WHOLE
    assert unknown(graph) == [
        (
            "the chart charts/web asks what its cluster serves (.Capabilities), and needs that for "
            "charts/base/templates/asking.yaml"
        )
    ]


def test_what_the_schema_of_the_chart_beside_refuses_is_told(tmp_path: Path) -> None:
    schema = {"charts/base/values.schema.json": '{"properties": {"account": {"type": "integer"}}}'}
    (got,) = found(tmp_path, umbrella(**schema), "chart-rendering")
    assert got.splitlines()[0] == (
        "apps/web.yaml:15:7: error: Helm refuses the chart charts/web of web: values don't meet the specifications of "
        "the schema(s) in the following chart(s): base: - at '/account': got string, want integer"
    )


def test_at_another_revision_the_chart_beside_may_be_there(tmp_path: Path) -> None:
    files = umbrella(**needs("name: base", "version: ^1.0.0", "repository: file://../bas"))
    files["apps/web.yaml"] = files["apps/web.yaml"].replace("targetRevision: main", "targetRevision: web-1.0.0")
    (got,) = found(tmp_path, files, "chart-rendering")
    assert got.split("\n")[:2] == [
        (
            "charts/web/Chart.yaml:7:17: note: Helm refuses the chart charts/web of web: its chart base is taken from "
            "charts/bas, which is not there, as it is here; Argo CD reads it at web-1.0.0"
        ),
        "hint: check out that revision, and verify it",
    ]


def test_a_submodule_may_be_checked_out_by_argo_cd(tmp_path: Path) -> None:
    files = umbrella(**needs("name: base", "version: ^1.0.0", "repository: file://../../shared/base"))
    files[".gitmodules"] = '[submodule "shared"]\n\tpath = shared\n\turl = https://git.example.com/shared.git\n'
    assert found(tmp_path, files, "chart-rendering") == []
    assert unknown(written(tmp_path, files)) == [
        "the chart charts/web needs base in shared/base, which is of a submodule that is not checked out"
    ]


def test_what_lies_above_the_folder_that_verify_runs_in_is_not_here(tmp_path: Path) -> None:
    files = umbrella(**needs("name: base", "version: ^1.0.0", "repository: file://../../../base"))
    files = {path: text.replace("path: charts/web", "path: fleet/charts/web") for path, text in files.items()}
    written(tmp_path, files)
    graph = Graph(Files(tmp_path), (".",), repositories({URL: Checkout(".", "fleet")}))
    assert unknown(graph) == ["the chart charts/web needs base in base, which is not on disk"]


def test_a_repository_below_the_folder_that_verify_runs_in_is_left_by_the_way_to_its_root(tmp_path: Path) -> None:
    files = umbrella(**needs("name: base", "version: ^1.0.0", "repository: file://../../../base"))
    written(tmp_path, {f"fleet/{path}": text for path, text in files.items()})
    written(tmp_path, {path.replace("charts/base", "base"): text for path, text in BESIDE.items() if path != WEB})
    graph = Graph(Files(tmp_path), (".",), repositories({URL: "fleet"}))
    (got,) = (each for each in judge(graph, select=["chart-rendering"]).problems)
    assert "its chart base is taken from ../../../base, which leaves the repository" in got.message


def test_nothing_of_the_tree_changes_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch, root = tmp_path / "scratch", tmp_path / "root"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    in_charts = {"charts/web/charts/own/Chart.yaml": "apiVersion: v2\nname: own\nversion: 1.0.0\n"}
    graph = written(root, umbrella(**in_charts))
    # An archive that Helm takes out of charts/, since the chart does not need it.
    helm.packed(root / "charts/base", root / "charts/web/charts")
    for path in (BASE, WEB):
        (root / path).write_text(umbrella()[path].replace("name: base", "name: other"), encoding="utf-8")
    before = content(root)
    assert rendered(graph) == WHOLE
    assert (content(root), list(scratch.iterdir())) == (before, [])


def test_a_run_that_is_stopped_meanwhile_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch, root = tmp_path / "scratch", tmp_path / "root"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    graph = written(root, umbrella())
    before = content(root)
    met: list[Path] = []

    def stop(folder: Path) -> None:
        met.append(folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(helm, "build_dependencies", stop)
    with pytest.raises(KeyboardInterrupt):
        graph.join()
    assert [scratch in each.parents for each in met] == [True]
    assert (content(root), list(scratch.iterdir())) == (before, [])


def test_where_nothing_can_be_written_it_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    assert unknown(written(tmp_path, umbrella())) == [
        "the chart charts/web needs charts beside it, which cannot be copied here: No such file or directory"
    ]


def content(root: Path) -> dict[str, bytes]:
    return {each.relative_to(root).as_posix(): each.read_bytes() for each in root.rglob("*") if each.is_file()}
