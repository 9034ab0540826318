"""Versions of charts, and branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.repositories import Checkout
from tests.checks.by_hand import GIT_SET, RELEASE
from tests.checks.trees import MARK, URL, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "source-revision"
MYAPP = "argocd/applicationsets/myapp.yaml"
ESO = "argocd/applicationsets/external-secrets.yaml"
GIT = "https://github.com/example/myapp-gitops.git"


def app(name: str, source: str) -> str:
    """Returns an Application written by hand."""
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec: {{project: default, destination: {{name: here}}, source: {{repoURL: https://example.com/x, {source}}}}}
"""


@pytest.mark.parametrize(
    "version",
    ["1.2.3", "v1.2.3", "1.2", "1", "1.2.x", "*", "1.2.3-rc.1+build", "^1.2", "~1.2.3", ">=1.0.0 <2.0.0", "1.x || 2.x"]
    + ["1.2 - 1.4", ">= 1.2, < 2", "=1.2.3", "!=1.2.3"],
)
def test_a_version_or_a_range_is_fine(tmp_path: Path, version: str) -> None:
    assert found(tmp_path, {"app.yaml": app("web", f"chart: web, targetRevision: '{version}'")}, CODE) == []


@pytest.mark.parametrize("version", ["1.2.3-", "1.2.3 -", "1.2.3,", "1.2.3 ||", "1.2 -1.4", "1.2- ,", ",1"])
def test_a_version_with_a_sign_that_leads_to_no_other_is_found(tmp_path: Path, version: str) -> None:
    (problem,) = found(tmp_path, {"app.yaml": app("web", f"chart: web, targetRevision: '{version}'")}, CODE)
    assert f"at {version}, expected a version such as 1.2.3, or a range\n" in problem


@pytest.mark.parametrize(
    ("version", "is_empty"),
    [
        *((each, True) for each in ("0.1 8.2", "1.2.3, 1.2.4", ">2 <1", ">1.2.3 <1.2.3", ">=2 <=1.9", "3 - 2", ">1 1")),
        *((each, True) for each in ("~1.2 ~1.3", "^1 ^2", "^0.2 0.3", "^0.0.3 0.0.4", "=1.0.0 1.1", "<0.0.0 || 1 2")),
        *((each, False) for each in ("0.1 || 8.2", "1 1.2 1.2.3", ">1 <3", ">=1.2.3 <=1.2.3", "2 - 2", "~1 ~1.3", "*")),
        *(
            (each, False)
            for each in ("^1 1.9", "^0 0.3", "^0.0 0.0.9", "~0.0.0 5", ">1.2 <1.4", "<=1 1.9", "!=1 1", "x 2")
        ),
        *((each, False) for each in (">2.0.0-0 <2.0.0", ">= 1.2, < 2", "1.x.3 1.4")),
    ],
)
def test_a_range_that_no_version_is_in_is_found(tmp_path: Path, version: str, *, is_empty: bool) -> None:
    got = found(tmp_path, {"app.yaml": app("web", f"chart: web, targetRevision: '{version}'")}, CODE)
    assert (
        got
        == [
            (
                f"app.yaml:4:122: error: web takes the chart web at {version}, a range that no version is in\n"
                "hint: all that has a space or a comma between holds at once: write || between what may be either"
            )
        ]
        * is_empty
    )


@pytest.mark.parametrize("version", ["2.9.0x", "main", "1.2.3.4", "01.2.3", "HEAD", "1..2"])
def test_what_helm_reads_as_no_version_is_found(tmp_path: Path, version: str) -> None:
    assert found(tmp_path, {"app.yaml": app("web", f"chart: web, targetRevision: '{version}'")}, CODE) == [
        (
            f"app.yaml:4:122: error: web takes the chart web at {version}, expected a version such as 1.2.3, or a "
            f"range\n"
            "hint: write the version as the chart's repository lists it"
        ),
    ]


def test_a_chart_without_a_version_is_found(tmp_path: Path) -> None:
    (got,) = found(tmp_path, {"app.yaml": app("web", "chart: web")}, CODE)
    assert "web takes the chart web at no version, expected a version such as 1.2.3" in got


LEAVING = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web, namespace: argocd}
spec:
  goTemplate: true
  ignoreApplicationDifferences: [IGNORED]
  generators: [{list: {elements: [{stage: test}]}}]
  template:
    metadata: {name: 'web-{{.stage}}'}
    spec:
      project: default
      source: {repoURL: https://example.com/x, chart: web, targetRevision: placeholder}
      destination: {name: here}
"""


@pytest.mark.parametrize(
    ("ignored", "is_found"),
    [
        ("{jqPathExpressions: [.spec.source.targetRevision]}", False),
        ("{jsonPointers: [/spec/sources/0/targetRevision]}", False),
        ("{name: web-test, jsonPointers: [/spec/source]}", False),
        ("{jsonPointers: [/spec]}", False),
        ("{jsonPointers: [/spec/sources/0]}", False),
        ("{jqPathExpressions: ['.spec.sources[]']}", False),
        ("{jqPathExpressions: ['.spec.sources[] | select(.chart == \"web\").targetRevision']}", False),
        ("{name: web-prod, jsonPointers: [/spec/source]}", True),
        ("{jsonPointers: [/spec/syncPolicy]}", True),
        ("{jsonPointers: [/spec/sources/0/ref]}", True),
        ("{jqPathExpressions: ['.spec.sources[0].helm']}", True),
        ("{jqPathExpressions: [.spec.source.helm.values]}", True),
        ("", True),
    ],
)
def test_a_revision_that_a_set_leaves_alone_is_the_first_one_only(tmp_path: Path, ignored: str, is_found: bool) -> None:
    assert bool(found(tmp_path, {"set.yaml": LEAVING.replace("IGNORED", ignored)}, CODE)) is is_found


def test_a_revision_that_kargo_promotes_is_the_first_one_only(tmp_path: Path) -> None:
    text = app("web", "chart: web, targetRevision: placeholder")
    promoted = text.replace("argocd}", "argocd, annotations: {kargo.akuity.io/authorized-stage: 'web:test'}}", 1)
    assert found(tmp_path, {"app.yaml": promoted}, CODE) == []
    assert len(found(tmp_path, {"app.yaml": text}, CODE)) == 1


@pytest.mark.parametrize("part", ["1   ", "1-", "1 - ", "1 || "])
def test_what_is_almost_a_long_range_is_read_in_one_way(tmp_path: Path, part: str) -> None:
    """In each way that it may be read in, it would take longer than anybody waits."""
    (got,) = found(tmp_path, {"app.yaml": app("web", f"chart: web, targetRevision: {part * 30}x!")}, CODE)
    assert ", expected a version such as 1.2.3, or a range\n" in got


def test_a_version_with_a_typo_is_found_at_its_element() -> None:
    assert found_in_six_clusters(CODE, ESO, ('revision: "2.9.0"', 'revision: "2.9.o"')) == [
        (
            f"output/{ESO}:20:23: error: external-secrets-dev-use1 takes the chart external-secrets at 2.9.o, expected "
            f"a "
            "version such as 1.2.3, or a range\n"
            "hint: write the version as the chart's repository lists it"
        ),
    ]


def test_a_branch_a_letter_away_from_the_usual_one_is_a_warning() -> None:
    assert found_in_six_clusters(CODE, MYAPP, ('revision: "main"', 'revision: "mian"')) == [
        (
            f"output/{MYAPP}:20:23: warning: myapp-dev-use1 takes {GIT} at mian, and the other sources take it at "
            f"main\n"
            "hint: write main, if that is what is meant\n"
            "output/argocd/applicationsets/external-secrets.yaml:100:27: taken at main"
        ),
    ]


@pytest.mark.parametrize("revision", ["main/", "/main", "main.", "ma in", "a..b", "release-*", "a.lock", "a~1", "@"])
def test_what_no_branch_tag_or_commit_is_called_is_found(tmp_path: Path, revision: str) -> None:
    (got,) = found(tmp_path, {"app.yaml": app("web", f"path: a, targetRevision: '{revision}'")}, CODE)
    message = f"web takes https://example.com/x at {revision}: no branch, tag or commit can be called so"
    assert got.splitlines()[0].partition(": ")[2] == f"error: {message}"


@pytest.mark.parametrize(
    "revision",
    ["HEAD", "refs/heads/a/b", "v1.2", "^1.2", ">=1.0.0 <2.0.0", "*", "a@b", "<branch>", "${BRANCH}", "{{ .branch }}"],
)
def test_what_git_or_a_range_may_be_called_is_fine(tmp_path: Path, revision: str) -> None:
    assert found(tmp_path, {"app.yaml": app("web", f"path: a, targetRevision: '{revision}'")}, CODE) == []


@pytest.mark.parametrize("revision", ["$ARGOCD_APP_REVISION", "$ARGOCD_APP_SOURCE_TARGET_REVISION"])
def test_a_variable_of_a_build_is_no_revision_and_means_what_is_on_disk(tmp_path: Path, revision: str) -> None:
    (got,) = found(tmp_path, {"app.yaml": app("web", f"path: a, targetRevision: '{revision}'")}, CODE)
    message = f"web takes https://example.com/x at {revision}, which Argo CD fills in for Helm only"
    assert got.splitlines()[0].partition(": ")[2] == f"warning: {message}"
    assert Checkout(".", branch="trunk").is_of(revision)
    assert not Checkout(".", branch="trunk").is_of("$BRANCH")


def test_a_branch_that_differs_in_its_case_only_is_a_warning() -> None:
    (got,) = found_in_six_clusters(CODE, MYAPP, ('revision: "main"', 'revision: "MAIN"'))
    assert "warning: myapp-dev-use1 takes" in got


def test_generated_files_are_held_against_each_other_and_a_chart_is_not() -> None:
    """A chart beside its values is held against them by source-path."""
    assert found_in_six_clusters(CODE, MYAPP, ('revision: "main"', 'revision: "v1.4.0"')) == []
    first, *others = found_in_six_clusters(
        CODE,
        MYAPP,
        ('targetRevision: "main"\n          ref: values', 'targetRevision: "v1.4.0"\n          ref: values'),
    )
    assert first == (
        f"output/{MYAPP}:99:27: error: myapp-dev-use1 takes generated files of {GIT} at v1.4.0, and the other sources "
        "take them at main\n"
        "hint: write main\n"
        f"output/{ESO}:100:27: taken at main"
    )
    assert len(others) == 5


def test_two_branches_of_a_repository_by_hand_are_fine(tmp_path: Path) -> None:
    files = {f"{number}.yaml": app(f"web{number}", "path: web, targetRevision: main") for number in range(4)}
    assert found(tmp_path, files | {"next.yaml": app("next", "path: web, targetRevision: next")}, CODE) == []


SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web, namespace: argocd}
spec:
  goTemplate: true
  generators: [git: {repoURL: https://git.example.com/fleet.git, revision: main, files: [{path: out/*/r.yaml}]}]
  template:
    metadata: {name: "{{ .name }}"}
    spec:
      project: default
      destination: {name: here}
      source: {repoURL: https://git.example.com/fleet.git, targetRevision: main, path: web}
"""


@pytest.mark.parametrize(("new", "got"), [("revision: man,", "man"), ("", "no revision")])
def test_a_git_generator_reads_what_is_generated_at_the_revision_of_the_sources(
    tmp_path: Path, new: str, got: str
) -> None:
    files = {"set.yaml": MARK + SET, "out/a/r.yaml": MARK + "name: a\n"}
    assert found(tmp_path, files, CODE) == []
    files["set.yaml"] = files["set.yaml"].replace("revision: main,", new, 1)
    (problem,) = found(tmp_path, files, CODE)
    assert problem.partition(": ")[2] == (
        f"error: ApplicationSet web takes its elements from https://git.example.com/fleet.git at {got}, and the other "
        "sources take generated files at main\n"
        "hint: write main"
    )
    files["set.yaml"] = files["set.yaml"].removeprefix(MARK)
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize("kind", ["matrix", "merge"])
def test_a_git_generator_inside_of_another_reads_at_the_revision_of_the_sources(tmp_path: Path, kind: str) -> None:
    inner = "git: {repoURL: https://git.example.com/fleet.git, revision: main, files: [{path: out/*/r.yaml}]}"
    keys = "mergeKeys: [name], " if kind == "merge" else ""
    nested = f"{kind}: {{{keys}generators: [{inner}, list: {{elements: [{{name: a, part: one}}]}}]}}"
    files = {"set.yaml": MARK + SET.replace(inner, nested), "out/a/r.yaml": MARK + "name: a\n"}
    assert found(tmp_path, files, CODE) == []
    files["set.yaml"] = files["set.yaml"].replace("revision: main,", "revision: man,", 1)
    (problem,) = found(tmp_path, files, CODE)
    assert (
        ": error: ApplicationSet web takes its elements from https://git.example.com/fleet.git at man, and" in problem
    )


def test_an_empty_revision_of_ours_is_found() -> None:
    first, *_ = found_in_six_clusters(CODE, MYAPP, ('revision: "main"', 'revision: ""'))
    assert first == (
        f"output/{MYAPP}:20:23: error: myapp-dev-use1 takes {GIT} at an empty revision, which is whatever is newest "
        "there\n"
        "hint: write the branch, tag or commit"
    )


@pytest.mark.parametrize("unseen", ["v3\\u200b", "v3\\u00a0", "v3 "])
def test_a_branch_that_looks_like_the_usual_one_is_told(tmp_path: Path, unseen: str) -> None:
    files = {f"{name}.yaml": app(name, "path: a, targetRevision: v3") for name in ("a", "b", "c")}
    (got,) = found(tmp_path, {**files, "d.yaml": app("d", f'path: a, targetRevision: "{unseen}"')}, CODE)
    assert got.startswith("d.yaml:")
    assert got.splitlines()[0].endswith("and the other sources take it at v3")


def test_a_version_with_a_space_that_helm_does_not_read_is_found(tmp_path: Path) -> None:
    (got,) = found(tmp_path, {"app.yaml": app("web", 'chart: web, targetRevision: "1.2.3\\u00a0"')}, CODE)
    assert "expected a version such as 1.2.3, or a range" in got


def test_the_template_of_a_version_is_told_beside_its_parameters_in_another_file(tmp_path: Path) -> None:
    chart = "{repoURL: https://charts.example.com, targetRevision: '{{ .cluster }}', chart: web}"
    text = GIT_SET.replace(f"{{repoURL: {URL}, targetRevision: main, path: releases}}", chart)
    (got,) = found(tmp_path, {"web.yaml": text, "releases/one.yaml": RELEASE}, CODE)
    assert got.startswith("releases/one.yaml:3:10: error: web-one takes the chart web at one")
    assert got.splitlines()[-1] == "web.yaml:13:69: by this template"


SMALL = """\
{mark}apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd}}
spec:
  project: default
  destination: {{name: here}}
  sources:
    - {{repoURL: {url}, targetRevision: main, path: charts/web, helm: {{}}}}
    - {{repoURL: {url}, targetRevision: main, ref: values}}
    - {{repoURL: {url}, targetRevision: {revision}, path: manifests}}
"""


@pytest.mark.parametrize("revision", ["mani", "Main", "dev", "'\"main\"'"])
def test_generated_files_are_of_one_revision_in_a_small_fleet_too(tmp_path: Path, revision: str) -> None:
    assert found(tmp_path, {"web.yaml": SMALL.format(mark=MARK, url=URL, revision="main")}, CODE) == []
    (told,) = found(tmp_path, {"web.yaml": SMALL.format(mark=MARK, url=URL, revision=revision)}, CODE)
    assert told.startswith("web.yaml:11:")


def test_the_branch_of_a_chart_is_held_against_that_of_the_generated_files_beside_it(tmp_path: Path) -> None:
    text = SMALL.format(mark=MARK, url=URL, revision="main")
    slip = text.replace("targetRevision: main, path: charts/web", "targetRevision: mian, path: charts/web")
    slip = slip.replace("helm: {}", "helm: {releaseName: web}")
    (told,) = found(tmp_path, {"web.yaml": slip}, CODE)
    assert f"warning: web takes {URL} at mian, and the other sources take it at main" in told
    assert found(tmp_path, {"web.yaml": slip.replace("mian", "v1.2.3")}, CODE) == []


def test_a_branch_in_quotes_is_the_one_without() -> None:
    (told, *_) = found_in_six_clusters(CODE, MYAPP, ("{{ .revision }}", "{{ .revision | squote }}"))
    assert "takes https://github.com/example/myapp-gitops.git at 'main', and the other sources take it at main" in told


def test_a_branch_with_another_separator_is_most_likely_the_usual_one(tmp_path: Path) -> None:
    usual = [SMALL.format(mark="", url=URL, revision="main").replace("main", "release/1.2")]
    other = SMALL.format(mark="", url=URL, revision="release-1.2").replace(": main", ": release/1.2")
    files = {"a.yaml": usual[0].replace("name: web", "name: a"), "web.yaml": other}
    (told,) = found(tmp_path, files, CODE)
    assert "at release-1.2, and the other sources take it at release/1.2" in told


@pytest.mark.parametrize(("version", "meant"), [("2-9.0", "2.9.0"), ("v2.9-1", "v2.9.1")])
def test_a_version_with_a_hyphen_for_a_dot_is_a_warning(tmp_path: Path, version: str, meant: str) -> None:
    (told,) = found(tmp_path, {"app.yaml": app("web", f"chart: web, targetRevision: {version}")}, CODE)
    assert f"warning: web takes the chart web at {version}, which to Helm is a part of a version" in told
    assert told.endswith(f"hint: write {meant}, if that is what is meant")


@pytest.mark.parametrize(
    ("url", "revision", "is_fine"),
    [
        ("oci://registry.example.com/web", f"sha256:{'0a1b' * 16}", True),
        ("oci://registry.example.com/web", f"sha512:{'0a1b' * 32}", True),
        ("oci://registry.example.com/web", "1.16.1", True),
        ("oci://registry.example.com/web", "1.16:1", False),
        ("oci://registry.example.com/web", "sha256:", False),
        ("https://git.example.com/web", f"sha256:{'0a1b' * 16}", False),
    ],
)
def test_an_image_is_taken_at_a_tag_or_a_digest(tmp_path: Path, url: str, revision: str, *, is_fine: bool) -> None:
    text = app("web", f"path: ., targetRevision: '{revision}'").replace("https://example.com/x", url)
    told = [each.splitlines()[0].partition(": ")[2] for each in found(tmp_path, {"app.yaml": text}, CODE)]
    assert told == [f"error: web takes {url} at {revision}: no branch, tag or commit can be called so"] * (not is_fine)
