"""The mutations of the wide fleet: thirteen clusters in three partitions, five apps, nearly all that a model can say.

A sample is tried in each run, always the same; `make mutate` tries all of them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.checks.mutation import Bench, Harmless
from tests.checks.scoring import argo_cd_mutations, release_mutations, score
from tests.tools.generated import wide

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = os.environ.get("MUTATE") == "all"
EVERY = 1 if ALL else 53

ANY = ("*",)
FLAGS = ("true", "false")
ELEMENT = "spec.generators.list.elements"
SOURCE = "spec.template.spec.sources"
SETS = "argocd/applicationsets/*"
SECRETS = "*/manifests/secrets.yaml"
POLICY = "a policy that a person sets for each place, and nothing else states; the diff of a pull request shows it"
CHOICE = "a choice of the app, and nothing else states it; the diff of a pull request shows it"
PROVIDER = "only Secrets Manager knows what is in a secret, and which versions it has"
REPOSITORY = "only the repository of the chart, which is not here, knows what there is"
PROSE = "a text for people"

ARGO_CD = (
    *(Harmless(SETS, f"{ELEMENT}.{flag}", FLAGS, POLICY) for flag in ("automated", "prune", "selfHeal")),
    Harmless(SETS, f"{ELEMENT}.revision", ("[0-9]*",), "a version of the chart that exists as well as the other"),
    Harmless("argocd/applicationsets/payments.yaml", f"{ELEMENT}.revision", ANY, REPOSITORY),
    *(Harmless(SETS, f"{SOURCE}.{field}", ANY, REPOSITORY) for field in ("chart", "path", "helm.releaseName")),
    Harmless(SETS, f"{SOURCE}.targetRevision", ("{{ .revision }}",), "the revision of every element is the same"),
    Harmless(SETS, f"{SOURCE}.targetRevision", ("{{ .revision }}x",), REPOSITORY),
    Harmless("argocd/projects/*", "spec.description", ANY, PROSE),
    Harmless("argocd/projects/*", "spec.clusterResourceWhitelist.*", ANY, REPOSITORY),
    Harmless("argocd/projects/lab.yaml", "*", ANY, "an environment without clusters: no Application is in its project"),
    Harmless("argocd/clusters/*", "type", ANY, "nothing asks for the type of the Secret"),
    Harmless("argocd/clusters/*", "metadata.name", ANY, "nothing refers to the Secret by its own name"),
)
RELEASES = (
    Harmless("*/apps/web/values.yaml", "*", ANY, CHOICE),
    Harmless("*/external-secrets/values.yaml", "concurrent", ("[0-9]*",), CHOICE),
    *(
        Harmless("*/values.yaml", f"{told}.{field}", ("true*", "false*"), CHOICE)
        for told in ("externalSecrets", "global.secrets")
        for field in ("secrets.reload", "enabled")
    ),
    Harmless(SECRETS, "spec.data.remoteRef.property", ANY, PROVIDER),
    Harmless(SECRETS, "spec.data.remoteRef.version", ANY, PROVIDER),
    Harmless(SECRETS, "spec.data.remoteRef.key", ANY, "another secret that the role reads too, and that is asked for"),
    Harmless(SECRETS, "spec.data.remoteRef.decodingStrategy", ANY, CHOICE),
    Harmless(SECRETS, "spec.refreshInterval", ANY, CHOICE),
    Harmless(SECRETS, "spec.refreshPolicy", ("Periodic", "CreatedOnce", "OnChange"), CHOICE),
    Harmless(SECRETS, "automountServiceAccountToken", ("true",), "no pod runs as the account; that is another rule"),
    Harmless(SECRETS, "metadata.name", ANY, "an ExternalSecret whose target keeps its name"),
    Harmless("*/dashboards/*", "spec.target.name", ANY, "its values are kept by hand, elsewhere"),
    Harmless("*/dashboards/*", "spec.data.secretKey", ANY, "its values are kept by hand, elsewhere"),
    Harmless(SECRETS, "metadata.annotations.argocd.argoproj.io/sync-wave", ("-3",), "still before what needs it"),
    Harmless("*.tfvars", "eso_roles.*.kms_key_arns", ANY, "no file says which key encrypts a secret"),
)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(wide())


def test_nothing_is_found_without_a_mutation(bench: Bench) -> None:
    assert bench.judged_unchanged == ()


def test_mutations_of_argo_cds_own_files(bench: Bench, record_property: Callable[[str, object], None]) -> None:
    result = score(bench, argo_cd_mutations(wide())[::EVERY], ARGO_CD)
    record_property("mutations", f"wide, Argo CD:\n{result}")
    assert result.failures == []


def test_mutations_of_releases(bench: Bench, record_property: Callable[[str, object], None]) -> None:
    result = score(bench, release_mutations(wide())[::EVERY], RELEASES)
    record_property("mutations", f"wide, releases:\n{result}")
    assert result.failures == []
