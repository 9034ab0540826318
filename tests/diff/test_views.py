"""What a person reads of telling changes, in each form, as reviewed."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import click
import jsonschema_rs
import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from gitops_gen.diff import compare
from gitops_gen.reports.diff_html import diff_html
from gitops_gen.reports.diff_json import diff_json
from gitops_gen.reports.diff_text import diff_lines
from gitops_gen.reports.markdown import COMMENT, blocks, fitted
from gitops_gen.schema import schema_of
from tests.tools.edited_fleets import atlas, everywhere, six

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion

    from gitops_gen.diff import Report

_STAGING = """  - region: us-west-2
    oidc_id: EXAMPLED539D4633E53DE1B62EXAMPLE
    server: https://EXAMPLED539D4633E53DE1B62EXAMPLE.gr7.us-west-2.eks.amazonaws.com
    ca_data: ZXhhbXBsZQ==
"""
_FLEET = "environments/fleet.yaml"
_INTERVAL = (_FLEET, "refresh_interval: 1h", "refresh_interval: 30m")
_OPERATOR = (_FLEET, 'version: "2.9.0"', 'version: "0.16.2"')

CHANGES: dict[str, Callable[[], tuple[dict[str, str], dict[str, str]]]] = {
    "another-interval": lambda: (six(), six(_INTERVAL)),
    "a-cluster-less": lambda: (six(), six(("environments/staging.yaml", _STAGING, ""))),
    "a-cluster-more": lambda: (six(("environments/staging.yaml", _STAGING, "")), six()),
    "another-namespace": lambda: (six(), six(("environments/apps/myapp.yaml", "namespace: myapp", "namespace: shop"))),
    "another-operator": lambda: (six(), six(_OPERATOR)),
    "another-name-of-the-fleet": lambda: (six(), six((_FLEET, "name: myapp", "name: shop"))),
    "a-guard-less": lambda: (six(), everywhere(six(), "preserveResourcesOnDeletion: true", "deletionOrder: Reverse")),
    "wide-another-interval": lambda: (
        atlas(),
        atlas((_FLEET, "refresh_interval: 45m", "refresh_interval: 30m")),
    ),
    "wide-from-nothing": lambda: ({}, atlas()),
    "another-spelling": lambda: (six(), everywhere(six(), '"myapp"', "myapp", where=lambda path: ".yaml" in path)),
}
FORMS: dict[str, Callable[[Report], str]] = {
    "txt": lambda report: click.unstyle("\n".join(diff_lines(report, everything="gitops-gen diff --format html"))),
    "md": lambda report: fitted(blocks(report), COMMENT, where="All of it: `gitops-gen diff --format html`"),
    "json": diff_json,
    "html": diff_html,
}
IN_EVERY_FORM = ("another-interval", "a-guard-less")


class _AsFile(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@cache
def report_of(change: str) -> Report:
    old, new = CHANGES[change]()
    return compare(old, new, base="HEAD (1a2b3c4)")


@pytest.mark.parametrize(
    ("change", "form"),
    [(change, form) for change in CHANGES for form in FORMS if form in ("txt", "md") or change in IN_EVERY_FORM],
)
def test_a_change_reads_as_reviewed(change: str, form: str, snapshot: SnapshotAssertion) -> None:
    assert FORMS[form](report_of(change)) == snapshot(extension_class=_AsFile)


@pytest.mark.parametrize("change", CHANGES)
def test_the_json_is_what_its_schema_says(change: str) -> None:
    validator = jsonschema_rs.validator_for(schema_of("diff"))

    errors = [str(error) for error in validator.iter_errors(json.loads(diff_json(report_of(change))))]

    assert errors == []


@pytest.mark.parametrize("change", CHANGES)
def test_every_difference_is_in_one_group(change: str) -> None:
    report = report_of(change)
    members = [(member.change, member.difference) for group in report.groups for member in group.members]

    assert len(members) == len(set(members)) == report.summary.differences


@pytest.mark.parametrize("change", CHANGES)
def test_the_page_shows_every_change_and_names_every_file_that_stands_alone(change: str) -> None:
    report = report_of(change)

    page = diff_html(report)

    assert [each.path for each in report.changes if each.path not in page] == []
    assert [each.path for each in report.formatting if each.path not in page] == []


def test_the_page_is_one_file_and_takes_no_text_for_markup() -> None:
    old = {"environments/dev/clusters/c1/runbook.md": "a\n"}
    new = {"environments/dev/clusters/c1/runbook.md": "<script>alert(1)</script> &amp; <b>\n"}

    page = diff_html(compare(old, new, base="<HEAD>"))

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &lt;b&gt;" in page
    assert "<script" not in page
    assert "against &lt;HEAD&gt;" in page
    assert not any(word in page for word in ("src=", "http:", "https:", "@import", "url("))


def test_one_change_over_a_thousand_clusters_is_one_screen_and_one_comment() -> None:
    old = dict(_thousand("1h0m0s"))
    new = dict(_thousand("30m0s"))

    report = compare(old, new)
    screen, page = FORMS["txt"](report), FORMS["md"](report)

    assert screen.count("\n") < 24
    assert len(page) < 10_000
    assert "1h0m0s -> 30m0s in 1,000 ExternalSecrets: live 500, dev 500" in screen


def _thousand(interval: str) -> list[tuple[str, str]]:
    files = []
    for number in range(1_000):
        environment = ("dev", "live")[number % 2]
        folder = f"environments/{environment}/clusters/c{number}"
        facts = f'cluster_name = "c{number}"\nenv = "{environment}"\naws_region = "us-east-{number % 4}"\n'
        files.append((f"{folder}/c{number}.tfvars", facts))
        manifest = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: db\n"
        files.append((f"{folder}/apps/web/manifests/a.yaml", f"{manifest}spec:\n  refreshInterval: {interval}\n"))
    parameters = "cluster: c{0}\nenvironment: {1}\napplication: web-c{0}\nstage: '{0}'\n"
    files.append(("environments/dev/clusters/c0/apps/web/release.yaml", parameters.format(0, "dev")))
    files.append(("environments/live/clusters/c1/apps/web/release.yaml", parameters.format(1, "live")))
    return files
