"""Slips in the values of the operator's own chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import operator
from tests.checks.trees import URL, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "chart-values"
VALUES = "environments/production/apps/external-secrets/values.yaml"
ARN = "arn:aws:iam::444455556666:role/x"


@pytest.mark.parametrize(
    ("values", "place", "key", "meant"),
    [
        (f'serviceaccount: {{annotations: {{eks.amazonaws.com/role-arn: "{ARN}"}}}}', "3:1", "", "serviceAccount"),
        ("service_account: {name: eso}", "3:1", "", "serviceAccount"),
        ("serviceAccount: {annotation: {a: b}}", "3:18", "", "annotations"),
        (
            f'serviceAccount: {{annotations: {{eks.amazonaws.com/rolearn: "{ARN}"}}}}',
            "3:32",
            "serviceAccount.annotations.eks.amazonaws.com/rolearn",
            "eks.amazonaws.com/role-arn",
        ),
        ("instalCRDs: false", "3:1", "", None),
    ],
)
def test_a_slip_in_the_values_of_the_operator_is_a_warning(
    values: str, place: str, key: str, meant: str | None
) -> None:
    got = found_in_six_clusters(CODE, VALUES, ("installCRDs: true\n", f"installCRDs: true\n{values}\n"))
    who = "the chart external-secrets of external-secrets-production-use1"
    assert [each.splitlines()[:2] for each in got] == [
        [
            f"output/{VALUES}:{place}: warning: {who} reads no value {key or _key(values)}",
            f"hint: did you mean {meant}?",
        ]
    ] * (meant is not None)


def _key(values: str) -> str:
    head, _, rest = values.partition(": ")
    return f"serviceAccount.{rest.strip('{').partition(':')[0]}" if head == "serviceAccount" else head


def test_what_the_chart_has_and_what_is_no_slip_of_it_is_fine() -> None:
    account = "serviceAccount: {create: true, annotations: {eks.amazonaws.com/audience: a}}"
    values = f"webhook: {{create: true}}\npodLabels: {{}}\n{account}\n"
    assert found_in_six_clusters(CODE, VALUES, ("installCRDs: true\n", values)) == []


def test_of_a_chart_that_has_the_operator_for_a_part_its_key_leads_to_the_values(tmp_path: Path) -> None:
    files = {
        "app.yaml": (
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: eso, namespace: argocd}\n"
            "spec:\n  project: default\n  destination: {name: here, namespace: eso}\n"
            f"  source: {{repoURL: {URL}, path: eso, targetRevision: main, helm: {{valueFiles: [own.yaml]}}}}\n"
        ),
        "eso/Chart.yaml": (
            "apiVersion: v2\nname: eso\nversion: 0.1.0\n"
            "dependencies: [{name: external-secrets, version: 2.9.0, repository: https://charts.external-secrets.io}]\n"
        ),
        "eso/own.yaml": "external-secrets:\n  serviceaccount: {name: eso}\nserviceaccount: {name: eso}\n",
    }
    (got,) = found(tmp_path, files, CODE)
    assert got.startswith(
        "eso/own.yaml:2:3: warning: the chart eso of eso reads no value external-secrets.serviceaccount"
    )


@pytest.mark.parametrize("name", ["values", "valuesObject"])
def test_what_is_written_in_an_application_is_read_too(tmp_path: Path, name: str) -> None:
    inline = "\n        serviceaccount: {name: eso}\n"
    values = f"      values: |{inline}" if name == "values" else f"      valuesObject:{inline}"
    place = "17:7" if name == "values" else "18:9"
    assert found(tmp_path, {"apps/operator.yaml": operator(values=values)}, CODE) == [
        (
            f"apps/operator.yaml:{place}: warning: the chart external-secrets of external-secrets-one reads no value "
            "serviceaccount\nhint: did you mean serviceAccount?"
        )
    ]


SCHEMA = "the schema of the chart refuses it, and nothing of the release is rendered"


@pytest.mark.parametrize(
    ("values", "key", "got", "expected"),
    [
        ("{installCRDs: 'true'}", "installCRDs", "a string", "true or false"),
        ("{serviceAccount: {create: 1}}", "serviceAccount.create", "a number", "true or false"),
        ("{replicaCount: two}", "replicaCount", "a string", "a whole number"),
        ("{concurrent: true}", "concurrent", "true or false", "a whole number"),
    ],
)
def test_a_value_that_the_schema_of_the_chart_refuses_is_found(
    tmp_path: Path, values: str, key: str, got: str, expected: str
) -> None:
    files = {"apps/operator.yaml": operator(values=f"      valuesObject: {values}\n")}
    (told,) = found(tmp_path, files, CODE)
    place, _, message = told.partition(": error: ")
    assert place.startswith("apps/operator.yaml:17:")
    assert message == (
        f"the chart external-secrets of external-secrets-one: {key}: got {got}, expected {expected}; {SCHEMA}\n"
        f"hint: write {expected}"
    )


@pytest.mark.parametrize(
    ("version", "values"),
    [
        ("0.10.4", "      valuesObject: {installCRDs: 'true'}\n"),  # the chart had no schema yet
        (">=0.10.0", "      valuesObject: {installCRDs: 'true'}\n"),
        ("2.9.0", "      valuesObject: {installCRDs: null, replicaCount: 2.0, concurrent: 3}\n"),
        ("2.9.0", "      valuesObject: {installCRDs: '${CRDS}'}\n"),
        ("2.9.0", "      skipSchemaValidation: true\n      valuesObject: {installCRDs: 'true'}\n"),
    ],
)
def test_what_no_schema_refuses_is_fine(tmp_path: Path, version: str, values: str) -> None:
    assert found(tmp_path, {"apps/operator.yaml": operator(version, values=values)}, CODE) == []
