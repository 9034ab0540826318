"""No view of a diff shows a secret, wherever it stands and on whichever side."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from gitops_gen.diff import compare
from gitops_gen.diff.values import Kind, Redacted
from tests.diff.test_views import FORMS

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "AKIA" + "Z7Q3M5X9C2V8B4N6"
TOKEN = "ghp_" + "a8Kd93jfLq02mXzP7vTn4RbY6wEs1cUh5GoI"
PASSWORD = "correct horse battery 9"
HIDDEN = (KEY, TOKEN, PASSWORD, "aHVudGVyMjI=", "hunter22")

_SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n"
PLACES: dict[str, tuple[str, str]] = {
    "a value of Helm": ("environments/dev/apps/web/values.yaml", f"db:\n  password: {PASSWORD}\n"),
    "a key of a map": ("environments/dev/apps/web/values.yaml", f"{KEY}: on\n"),
    "an environment variable": ("values.yaml", f"env:\n  - name: API_TOKEN\n    value: {TOKEN}\n"),
    "the name of an element": ("values.yaml", f"env:\n  - name: {KEY}\n    value: a\n"),
    "a Secret": ("argocd/secret.yaml", f"{_SECRET}data:\n  a: aHVudGVyMjI=\n"),
    "a Secret in plain text": ("argocd/secret.yaml", f"{_SECRET}stringData:\n  a: hunter22\n"),
    "a Secret that is no YAML": ("argocd/secret.yaml", f"{_SECRET}data:\n  a: [hunter22\n"),
    "a Secret in a list": (
        "argocd/secret.yaml",
        "apiVersion: v1\nkind: List\nitems:\n  - kind: Secret\n    data: {a: hunter22}\n",
    ),
    "the configuration of a cluster": (
        "argocd/clusters/dev/c1.yaml",
        (
            f"{_SECRET}  labels: {{argocd.argoproj.io/secret-type: cluster}}\n"
            'stringData:\n  server: https://a\n  config: \'{"bearerToken": "hunter22"}\'\n'
        ),
    ),
    "the name of an object": ("a.yaml", f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {KEY}\n"),
    "a label": ("a.yaml", f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    b: {TOKEN}\n"),
    "a text inside of a text": ("a.yaml", f"config: |\n  user: a\n  password: {KEY}\n"),
    "an argument": ("a.yaml", f"args:\n  - --token={TOKEN}\n"),
    "a URL": ("a.yaml", "url: https://user:hunter22@example.com/a\n"),
    "a number under the key of a password": ("a.yaml", "password: 8423964417\n"),
    "tfvars": ("environments/dev/clusters/c1/c1.tfvars", f'token = "{TOKEN}"\n'),
    "tfvars that are no HCL": ("environments/dev/clusters/c1/c1.tfvars", f'token = "{TOKEN}\n'),
    "a runbook": ("environments/dev/clusters/c1/runbook.md", f"export AWS_ACCESS_KEY_ID={KEY}\n"),
    "a path": (f"environments/dev/clusters/{KEY}/values.yaml", "a: 1\n"),
    "an element of an ApplicationSet": (
        "argocd/applicationsets/web.yaml",
        (
            "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: web\nspec:\n  generators:\n"
            f"    - list:\n        elements:\n          - application: {KEY}\n            cluster: {TOKEN}\n"
            "            environment: dev\n            region: a\n"
        ),
    ),
    "the name of a cluster in tfvars": ("c1.tfvars", f'cluster_name = "{KEY}"\nenv = "{TOKEN}"\n'),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("where", PLACES)
def test_a_secret_is_shown_in_no_form(where: str, form: str) -> None:
    path, text = PLACES[where]
    other = text
    for hidden in (*HIDDEN, "8423964417"):
        other = other.replace(hidden, "plain")
    sides: tuple[Mapping[str, str], ...] = ({}, {path: text}, {path: other}, {path: f"{text}# more\n"})

    for old, new in product(sides, sides):
        shown = FORMS[form](compare(old, new))
        assert [hidden for hidden in (*HIDDEN, "8423964417") if hidden in shown] == [], shown


def test_a_secret_that_changes_is_a_difference() -> None:
    old, new = {"values.yaml": f"password: {PASSWORD}\n"}, {"values.yaml": f"password: {PASSWORD}!\n"}

    (change,) = compare(old, new).changes

    (difference,) = change.differences
    assert (difference.kind, difference.steps) == (Kind.CHANGED, ("password",))
    assert isinstance(difference.old, Redacted)
    assert difference.old != difference.new
    assert str(difference.old) == str(difference.new) == "(redacted: is a password in plain text)"


def test_a_secret_that_stays_is_none() -> None:
    text = f"password: {PASSWORD}\na: "

    (change,) = compare({"values.yaml": f"{text}1\n"}, {"values.yaml": f"{text}2\n"}).changes

    assert [each.steps for each in change.differences] == [("a",)]


def test_redacted_differences_are_counted_and_said() -> None:
    report = compare({"values.yaml": "a: 1\n"}, {"values.yaml": f"a: 1\npassword: {PASSWORD}\n"})

    assert report.summary.redacted == 1
    assert "1 difference with a value that looks like a secret: it is not shown" in FORMS["txt"](report)


def test_the_registration_of_a_cluster_is_shown_where_it_has_no_credential() -> None:
    manifest = (
        f"{_SECRET}  labels: {{argocd.argoproj.io/secret-type: cluster}}\nstringData:\n  server: https://one\n"
        '  config: \'{"awsAuthConfig": {"clusterName": "c1"}}\'\n'
    )
    old = {"argocd/clusters/dev/c1.yaml": manifest}
    new = {path: text.replace("one", "two").replace('"c1"', '"c2"') for path, text in old.items()}

    shown = FORMS["txt"](compare(old, new))

    assert "https://one -> https://two" in shown
    assert '{"awsAuthConfig": {"clusterName": "c2"}}' in shown
