"""Every value that the generated files of Argo CD state is one that some rule misses when it changes, or harmless.

A sample is tried in each run, always the same; `make mutate` tries all of them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.checks.mutation import Bench, Harmless, Mutation
from tests.checks.scoring import argo_cd_mutations, score
from tests.tools.generated import real

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = os.environ.get("MUTATE") == "all"
EVERY = 1 if ALL else 9


FLAGS = ("true", "false")
POLICY = "a policy that a person sets for each place, and nothing else states; the diff of a pull request shows it"
ELEMENT = "spec.generators.list.elements"
HARMLESS = (
    Harmless("argocd/applicationsets/*", f"{ELEMENT}.automated", FLAGS, POLICY),
    Harmless("argocd/applicationsets/*", f"{ELEMENT}.prune", FLAGS, POLICY),
    Harmless("argocd/applicationsets/*", f"{ELEMENT}.selfHeal", FLAGS, POLICY),
    Harmless(
        "argocd/applicationsets/myapp.yaml",
        "spec.template.spec.sources.targetRevision",
        ("{{ .revision }}",),
        "it says the same: the revision of every element is main",
    ),
    Harmless("argocd/projects/*", "spec.description", ("*",), "a text for people"),
    Harmless("argocd/clusters/*", "type", ("Opaquex",), "nothing asks for the type of the Secret"),
    Harmless("argocd/clusters/*", "metadata.name", ("*x",), "nothing refers to the Secret by its own name"),
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(real())


@pytest.fixture(scope="module")
def mutations() -> list[Mutation]:
    return argo_cd_mutations(real())


def test_nothing_is_found_without_a_mutation(bench: Bench) -> None:
    assert bench.judged_unchanged == ()


def test_every_mutation_is_found_in_its_file_or_is_harmless(
    bench: Bench, mutations: list[Mutation], record_property: Callable[[str, object], None]
) -> None:
    result = score(bench, mutations[::EVERY], HARMLESS)
    record_property("mutations", f"six clusters, Argo CD:\n{result}")
    assert result.failures == []


def test_what_is_called_harmless_is_not_found(bench: Bench, mutations: list[Mutation]) -> None:
    for harmless in HARMLESS:
        covered = [each for each in mutations if harmless.covers(each)]
        assert covered, f"nothing mutates {harmless.where} of {harmless.path}"
        for mutation in covered if ALL else covered[:1]:
            assert bench.problems(mutation) == (), harmless.reason


def test_every_kind_of_mutation_is_tried(mutations: list[Mutation]) -> None:
    assert len(mutations) > 500
    tried = {(each.where, each.before, each.after) for each in mutations}
    assert {
        ("metadata.name", "myapp", "myappx"),
        ("spec.goTemplate", "true", "false"),
        (f"{ELEMENT}.automated", "true", "false"),
        (f"{ELEMENT}.cluster", "myapp-dev-use1", "myapp-dev-usw2"),
        ("spec.destinations.namespace", "external-secrets", "myapp"),
        ("stringData.name", "myapp-dev-use1", "myapp-dev-usw2"),
    } <= tried
