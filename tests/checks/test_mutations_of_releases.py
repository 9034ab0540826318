"""Every value of a release, and of a cluster's variable file, is missed by some rule when it changes, or is harmless.

A sample is tried in each run, always the same; `make mutate` tries all of them.
"""

from __future__ import annotations

import os

import pytest

from tests.checks.mutation import Bench, Harmless, Mutation, digit_mutations, hcl_mutations, yaml_mutations
from tests.tools.generated import real

ALL = os.environ.get("MUTATE") == "all"
EVERY = 1 if ALL else 5

CHOICE = "a choice of the app, and nothing else states it; the diff of a pull request shows it"
SECRETS = "*/myapp/manifests/secrets.yaml"
HARMLESS = (
    Harmless("*/external-secrets/values.yaml", "installCRDs", ("truex",), "for a template of Helm every text is true"),
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
    Harmless(
        SECRETS,
        "spec.data.remoteRef.property",
        ("passwordx",),
        "only Secrets Manager knows the properties of the JSON value; generate --check sees the difference",
    ),
)


def _kind(path: str) -> str:
    """Returns what files are made by one template for: those are siblings."""
    return "tfvars" if path.endswith(".tfvars") else path[path.index("/apps/") :]


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(real())


@pytest.fixture(scope="module")
def mutations() -> list[Mutation]:
    tree = real()
    # Prose is read by people: verify has nothing to say of it.
    paths = [path for path in tree.paths(start="environments/") if not path.endswith(".md")]
    found: list[Mutation] = []
    for path in paths:
        enumerate_all = hcl_mutations if path.endswith(".tfvars") else yaml_mutations
        siblings = [tree.files[each] for each in paths if each != path and _kind(each) == _kind(path)]
        found += enumerate_all(path, tree.files[path], siblings)
        found += digit_mutations(path, tree.files[path])
    return found


def test_every_mutation_is_found_in_its_file_or_at_the_other_end(bench: Bench, mutations: list[Mutation]) -> None:
    survivors, elsewhere = [], []
    for mutation in mutations[::EVERY]:
        problems = bench.problems(mutation)
        if not problems and not any(each.covers(mutation) for each in HARMLESS):
            survivors.append(str(mutation))
        elif problems and not bench.points_at(mutation, problems[:1]):
            elsewhere.append(f"{mutation}: {problems[0].at}: {problems[0].code}")
    assert (survivors, elsewhere) == ([], [])


@pytest.mark.parametrize("harmless", HARMLESS, ids=lambda each: f"{each.where} {each.after[0]}")
def test_what_is_called_harmless_is_not_found(bench: Bench, mutations: list[Mutation], harmless: Harmless) -> None:
    covered = next(each for each in mutations if harmless.covers(each))
    assert bench.problems(covered) == ()
