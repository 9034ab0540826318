"""What is wrong with a ServiceAccount that several stores sign in as, or with its role, is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from gitops_gen.problems import Severity
from tests.checks.by_hand import ACCOUNT_FILE, BY_HAND, SECRET_FILE, STORE_FILE, TFVARS_FILE, changed
from tests.checks.trees import MARK, URL, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ARN = "arn:aws:iam::111122223333:role/one-web-eso"
OTHERS = {
    "manifests/a.yaml": BY_HAND[STORE_FILE].replace("name: store", "name: second"),
    "manifests/b.yaml": BY_HAND[SECRET_FILE].replace("name: store", "name: second").replace("name: db", "name: other"),
}
CHAIN = ("service-account-role", "role-declared", "trust-subject", "external-secret-fields")


def told(root: Path, files: Mapping[str, str]) -> list[str]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    verdict = judge(Graph(Files(root), (".",), repositories({URL: "."})), select=CHAIN)
    return [shown(each) for each in verdict.problems if each.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (ACCOUNT_FILE, "111122223333", "111122223334", "the role of SecretStore second on one: got account 1111"),
        (ACCOUNT_FILE, "111122223333", "11112222333", "ServiceAccount web-eso of SecretStore second on one: eks"),
        (ACCOUNT_FILE, "one-web-eso", "one-wed-eso", "the role of SecretStore second on one: got role one-wed-eso"),
        (ACCOUNT_FILE, ARN, "one", "ServiceAccount web-eso of SecretStore second on one: eks.amazonaws.com/role-arn"),
        (TFVARS_FILE, '"web-eso"', '"wed-eso"', "role one-web-eso trusts system:serviceaccount:web:wed-eso, expected "),
        (TFVARS_FILE, '"one"', '"won"', "the role of SecretStore second on one: no tfvars file is for the cluster"),
    ],
)
def test_one_wrong_thing_behind_two_stores_is_one_finding(
    tmp_path: Path, path: str, old: str, new: str, expected: str
) -> None:
    files = {**changed(path, (old, new)), **OTHERS}
    for each in (ACCOUNT_FILE, TFVARS_FILE):
        files[each] = MARK + files[each]
    (got,) = told(tmp_path, files)
    assert got.partition("error: ")[2].startswith(expected)


def test_the_other_stores_are_named_where_the_annotation_is_wrong(tmp_path: Path) -> None:
    (got,) = told(tmp_path, {**changed(ACCOUNT_FILE, (ARN, "one")), **OTHERS})
    assert got.splitlines()[2:] == [
        "manifests/a.yaml:13:19: the store signs in as it here",
        "manifests/store.yaml:13:19: SecretStore store does, too",
    ]


def test_a_generated_store_speaks_first(tmp_path: Path) -> None:
    files = {**changed(ACCOUNT_FILE, ("one-web-eso", "elsewhere")), **OTHERS}
    for each in (STORE_FILE, TFVARS_FILE):
        files[each] = MARK + files[each]
    (got,) = told(tmp_path, files)
    assert ": error: the role of SecretStore store on one: got role elsewhere" in got


def test_two_accounts_with_one_role_are_wrong_each_for_itself(tmp_path: Path) -> None:
    account = BY_HAND[ACCOUNT_FILE].replace("name: web-eso", "name: other")
    stores = {path: text.replace("name: web-eso", "name: other") for path, text in OTHERS.items()}
    files = {**changed(ACCOUNT_FILE, ("111122223333", "111122223334")), **stores}
    files["manifests/c.yaml"] = account.replace("111122223333", "111122223334")
    assert len(told(tmp_path, files)) == 2
