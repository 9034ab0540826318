"""The line of environments/ that a finding in a generated file names."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest

from gitops_gen.model_lines import _KEY, _LAST, GENERATED_FROM, _named
from gitops_gen.pipeline import open_project, prove
from gitops_gen.proof import verify
from tests.tools.generated import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

CLUSTER = "output/environments/dev/clusters/myapp-dev-use1"
TFVARS = f"{CLUSTER}/myapp-dev-use1.tfvars"
SECRETS = f"{CLUSTER}/apps/myapp/manifests/secrets.yaml"
SET = "output/argocd/applicationsets/myapp.yaml"
REGISTRATION = "output/argocd/clusters/dev/myapp-dev-use1.yaml"
CHAIN = ("role-declared", "trust-subject", "secret-access", "oidc-provider", "project-permits", "place-labels")
ISSUER = "EXAMPLED539D4633E53DE1B51EXAMPLE.gr7.us-east-1.eks.amazonaws.com"
APP, DEV = "environments/apps/myapp.yaml", "environments/dev.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of this repository's fleet with its output, chart and module, to be changed."""
    for folder in ("environments", "output", "examples"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    return tmp_path


def change(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def lines(root: Path) -> list[tuple[str, str]]:
    """Returns the code of each problem that is no note, and the place in the model that it names."""
    problems = verify(root, select=("cluster-registration", "source-path", "secret-reference", *CHAIN)).problems
    return [
        (each.code, str(related.at))
        for each in problems
        for related in each.related
        if each.severity != "note" and related.message == GENERATED_FROM
    ]


def line_of(path: str, text: str) -> int:
    """Returns the number of the only line of a model file that has a text."""
    (number,) = (
        number for number, line in enumerate((PROJECT / path).read_text("utf-8").splitlines(), 1) if text in line
    )
    return number


def test_a_value_of_the_line_is_where_it_is_stated(root: Path) -> None:
    change(root, SET, "examples/charts/myapp", "examples/charts/mapp")
    change(root, APP, "examples/charts/myapp", "examples/charts/mapp")
    place = f"{APP}:{line_of(APP, 'path: examples')}:9"
    assert set(lines(root)) == {("source-path", place)}


def test_a_file_of_the_model_that_is_gone_is_told_with_the_way_on(root: Path) -> None:
    """An app that is taken away leaves its ApplicationSet until that is pruned, and no values of dev."""
    (root / APP).unlink()
    shutil.rmtree(root / "output/environments/dev/apps/myapp")
    found = [each for each in verify(root, select=("source-path",)).problems if each.severity == "error"]
    assert {(str(related.at), related.message) for each in found for related in each.related[-2:]} == {
        (APP, "it was generated from this, which is gone; what is left of it goes with: gitops-gen generate --prune"),
        ("templates/argocd/applicationset.yaml.j2", "by this template"),
    }


def test_what_another_repository_is_made_from_is_not_called_gone(root: Path) -> None:
    shutil.rmtree(root / "environments")
    change(root, TFVARS, 'account_id        = "557702566877"', 'account_id        = "557702566878"')
    assert ("oidc-provider", DEV) in lines(root)


def test_the_part_of_a_value_that_is_spoken_of_is_where_it_is_stated(root: Path) -> None:
    change(root, TFVARS, 'account_id        = "557702566877"', 'account_id        = "557702566878"')
    account = f"{DEV}:{line_of(DEV, 'account_id')}:13"
    entry = f"{DEV}:{line_of(DEV, '- region: us-east-1')}:5"
    assert sorted(lines(root)) == [
        ("cluster-registration", account),
        ("oidc-provider", entry),
        ("place-labels", account),
        ("role-declared", APP),
    ]


def test_the_key_of_the_line_is_where_it_is_stated(root: Path) -> None:
    change(root, REGISTRATION, "EXAMPLED539D4633E53DE1B51EXAMPLE.gr7", "EXAMPLED539D4633E53DE1B59EXAMPLE.gr7")
    server = (PROJECT / DEV).read_text("utf-8").splitlines().index("    server: https://" + ISSUER) + 1
    assert lines(root) == [("cluster-registration", f"{DEV}:{server}:13")]


def test_a_name_that_the_line_says_is_where_it_is_stated(root: Path) -> None:
    change(root, SECRETS, "DB_PASSWORD", "DB_PASSWORT")
    assert lines(root) == [("secret-reference", f"{APP}:{line_of(APP, 'DB_PASSWORD:')}:20")]


def test_a_path_that_nobody_states_is_not_that_of_the_chart(root: Path) -> None:
    change(root, SET, "apps/myapp/manifests", "apps/myapp/manifest")
    assert set(lines(root)) == {("source-path", APP)}


def test_what_is_of_a_cluster_is_its_entry(root: Path) -> None:
    change(root, TFVARS, 'namespace       = "myapp"', 'namespace       = "external-secrets"')
    assert lines(root) == [("trust-subject", f"{DEV}:{line_of(DEV, '- region: us-east-1')}:5")]


def test_what_nobody_states_names_the_file_alone(root: Path) -> None:
    change(root, SECRETS, '"dev/myapp/db-password"', '"dev/myapp/db-passwort"')
    assert lines(root) == [("secret-access", APP)]


def test_without_a_sound_model_the_file_alone_is_named(root: Path) -> None:
    change(root, TFVARS, 'namespace       = "myapp"', 'namespace       = "external-secrets"')
    (root / DEV).write_text("stage: [\n", encoding="utf-8")
    assert lines(root) == [("trust-subject", DEV)]


def test_the_line_is_named_before_anything_is_written(root: Path) -> None:
    change(root, APP, "examples/charts/myapp", "examples/charts/mapp")
    place = f"{APP}:{line_of(APP, 'path: examples')}:9"
    related = [each for problem in prove(open_project(root)).problems for each in problem.related]
    assert {str(each.at) for each in related if each.message == GENERATED_FROM} == {place}


@pytest.mark.parametrize("line", ["-" * 100_000 + "}", "  " + "a-" * 50_000 + "}", "x: " + "a-" * 50_000 + "}"])
def test_a_long_line_takes_no_long_time(line: str) -> None:
    # A try of each part of it, for each of them, takes minutes.
    started = time.perf_counter()
    assert _named((), line, (_KEY, _LAST)) is None
    assert time.perf_counter() - started < 10
