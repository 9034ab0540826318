"""Every value of a release, and of a cluster's variable file, is missed by some rule when it changes, or is harmless.

A sample is tried in each run, always the same; `make mutate` tries all of them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.checks.mutation import Bench, Harmless, Mutation
from tests.checks.scoring import release_mutations, score
from tests.tools.generated import real

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = os.environ.get("MUTATE") == "all"
EVERY = 1 if ALL else 5

CHOICE = "a choice of the app, and nothing else states it; the diff of a pull request shows it"
SECRETS = "*/myapp/manifests/secrets.yaml"
HARMLESS = (
    Harmless("*/myapp/values.yaml", "replicaCount", ("[0-9]",), CHOICE),
    Harmless("*/myapp/values.yaml", "externalSecrets.secrets.reload", ("false",), CHOICE),
    Harmless(
        SECRETS,
        "metadata.annotations.argocd.argoproj.io/sync-wave",
        ("-3",),
        "the ServiceAccount still comes before the store, the ExternalSecret and the workload",
    ),
    Harmless(SECRETS, "automountServiceAccountToken", ("true",), "no pod runs as the account; that is another rule"),
    Harmless(SECRETS, "metadata.name", ("myapp-db-credentialsx", "myapp-secrets-manager"), "its target keeps its name"),
    Harmless(SECRETS, "spec.refreshInterval", ("1h0m1s",), CHOICE),
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(real())


@pytest.fixture(scope="module")
def mutations() -> list[Mutation]:
    return release_mutations(real())


def test_every_mutation_is_found_in_its_file_or_at_the_other_end(
    bench: Bench, mutations: list[Mutation], record_property: Callable[[str, object], None]
) -> None:
    result = score(bench, mutations[::EVERY], HARMLESS)
    record_property("mutations", f"six clusters, releases:\n{result}")
    assert result.failures == []


@pytest.mark.parametrize("harmless", HARMLESS, ids=lambda each: f"{each.where} {each.after[0]}")
def test_what_is_called_harmless_is_not_found(bench: Bench, mutations: list[Mutation], harmless: Harmless) -> None:
    covered = next(each for each in mutations if harmless.covers(each))
    assert bench.problems(covered) == ()
