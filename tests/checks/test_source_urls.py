"""URLs that nobody can ask."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import application
from tests.checks.trees import MARK, URL, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "source-path"


def app(url: str) -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd}}
spec: {{project: default, destination: {{name: here}}, source: {{path: a, targetRevision: main, repoURL: "{url}"}}}}
"""


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("htps://example.com/a.git", "htps://example.com/a.git: got the scheme htps, expected https"),
        ("xhttps://example.com/a", "xhttps://example.com/a: got the scheme xhttps, expected https"),
        ("https://example.com/a.git ", "https://example.com/a.git with white space around it"),
    ],
)
def test_a_url_with_a_slip_that_no_client_takes_is_found(tmp_path: Path, url: str, reason: str) -> None:
    (got,) = found(tmp_path, {"app.yaml": app(url)}, CODE)
    assert got == f"app.yaml:4:102: error: web takes {reason}\nhint: correct the URL"


@pytest.mark.parametrize(
    "url",
    ["git@example.com:a.git", "HTTPS://example.com/a", "s3://bucket/a", "registry.example.com/a", "https://a/b//c"],
)
def test_other_urls_are_nobodys_business_here(tmp_path: Path, url: str) -> None:
    assert found(tmp_path, {"app.yaml": app(url)}, CODE) == []


CHART = app("oci://registry.example.com/charts").replace("path: a", "chart: web")


def test_a_chart_behind_the_url_of_an_image_is_passed_over(tmp_path: Path) -> None:
    assert found(tmp_path, {"app.yaml": CHART}, CODE) == [
        (
            "app.yaml:4:105: warning: web takes the chart web from oci://registry.example.com/charts: Argo CD takes "
            "what has oci:// by its URL alone, and passes over the chart\n"
            "hint: write registry.example.com/charts, which is a registry of charts to Argo CD"
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        CHART.replace("oci://", ""),
        CHART.replace("charts", "charts/web"),
        CHART.replace("chart: web", "path: ."),
    ],
)
def test_a_chart_that_a_url_leads_to_is_none_to_pass_over(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"app.yaml": text}, CODE) == []


def test_the_url_of_a_git_generator_is_judged_too(tmp_path: Path) -> None:
    text = """\
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata: {name: web, namespace: argocd}
        spec:
          generators: [git: {repoURL: ttps://git.example.com/a.git, revision: main, files: [{path: a/*.yaml}]}]
          template: {metadata: {name: a}, spec: {}}
        """
    (got,) = found(tmp_path, {"set.yaml": dedent(text)}, CODE)
    message = "ApplicationSet web takes ttps://git.example.com/a.git: got the scheme ttps, expected https"
    assert got == f"set.yaml:5:31: error: {message}\nhint: correct the URL"


@pytest.mark.parametrize(
    ("change", "is_found"),
    [
        (("https://", "http://"), True),
        ((".git", ".git/"), True),
        ((".git", ""), False),
        (("git.example", "GIT.example"), False),
    ],
)
def test_a_git_generator_of_ours_spells_the_repository_of_its_sources_as_they_do(
    tmp_path: Path, change: tuple[str, str], is_found: bool
) -> None:
    text = """\
        apiVersion: argoproj.io/v1alpha1
        kind: ApplicationSet
        metadata: {{name: web, namespace: argocd}}
        spec:
          goTemplate: true
          goTemplateOptions: [missingkey=error]
          generators: [git: {{repoURL: "{url}", revision: main, files: [{{path: a/*.yaml}}]}}]
          syncPolicy: {{preserveResourcesOnDeletion: true}}
          template:
            metadata: {{name: "{{{{ .name }}}}"}}
            spec:
              project: default
              destination: {{name: here}}
              source: {{repoURL: "{source}", targetRevision: main, path: b}}
        """
    url = URL.replace(*change)
    files = {
        "set.yaml": MARK + dedent(text).format(url=url, source=URL),
        "a/one.yaml": MARK + "name: one\n",
        "b/x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
    }
    message = (
        f"set.yaml:8:31: warning: ApplicationSet web looks for files in {url}, and takes its sources from {URL}: to "
        "Argo CD that is another repository, with credentials of its own\n"
        f"hint: write {URL}\nset.yaml:15:25: a source"
    )
    assert found(tmp_path, files, CODE) == ([message] if is_found else [])


@pytest.mark.parametrize(
    ("url", "is_found"),
    [
        ("git@git.example.com:flet.git", True),
        ("https://git.example.com/fleets.git", False),
        ("https://git.example.com/apps.git", False),
        ("https://git.example.com/fleet", False),
    ],
)
@pytest.mark.parametrize("change", ["", "folder", "others", "twice"])
def test_a_slip_in_the_url_of_the_repository_on_disk(tmp_path: Path, url: str, change: str, *, is_found: bool) -> None:
    files = {
        "web.yaml": application("web", path="other" if change == "folder" else "manifests").replace(URL, url),
        "manifests/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    }
    if change != "others":
        files["api.yaml"] = application("api")
    if change == "twice":
        files["job.yaml"] = application("job").replace(URL, url)
    stated = [each for each in found(tmp_path, files, CODE) if "names" in each]
    assert stated == (
        [
            (
                f"web.yaml:12:16: warning: web takes manifests from {url}, which no other source here names\n"
                f"hint: did you mean {URL}? manifests is there\n"
                "api.yaml:12:16: api names it"
            )
        ]
        if is_found and not change
        else []
    )
