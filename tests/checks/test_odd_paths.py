"""The secrets of another environment that both sides agree on."""

from __future__ import annotations

from gitops_gen.evidence.files import RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.trees import shown
from tests.tools.generated import wide

CLUSTER = "environments/staging/clusters/atlas-staging-usw2"
SECRETS = f"{CLUSTER}/apps/payments/manifests/secrets.yaml"
TFVARS = f"{CLUSTER}/atlas-staging-usw2.tfvars"


def found(*changes: tuple[str, str]) -> list[str]:
    """Returns what is said of a cluster of the wide fleet that reads other secrets, and whose role may."""
    tree = wide()
    changed = {path: tree.files[path] for path in (SECRETS, TFVARS)}
    for old, new in changes:
        assert all(old in text for text in changed.values())
        changed = {path: text.replace(old, new) for path, text in changed.items()}
    files = RenderedFiles(tree.root, tree.folder, {**tree.files, **changed})
    graph = Graph(files, (tree.folder,), repositories({tree.url: "."}))
    return [shown(problem) for problem in judge(graph, select=["secret-access", "secret-access-excess"]).problems]


def test_a_secret_of_another_environment_is_found_though_the_role_may_read_it() -> None:
    (problem,) = found(("staging/payments/database-ca", "production/payments/database-ca"))
    first, hint, role, other = problem.splitlines()
    assert first.startswith(f"platform/generated/{SECRETS}:")
    assert first.endswith(
        ": warning: SecretStore payments-secrets-manager on atlas-staging-usw2, of environment staging, reads "
        "production/payments/database-ca, which is one of environment production"
    )
    assert hint == "hint: write staging/payments/database-ca, here and in secret_arns of the role"
    assert role.startswith(f"platform/generated/{TFVARS}:")
    assert role.endswith("may read it")
    assert other.endswith(": environment production reads it here")


def test_a_secret_under_a_name_that_no_other_environment_reads_is_nobody_elses() -> None:
    assert found(("staging/payments/database-ca", "production/payments/certificate")) == []
    assert found(("staging/payments/database-ca", "shared/database-ca")) == []


def test_one_folder_for_two_environments_is_meant() -> None:
    assert found(("staging/payments/", "production/payments/"), ("staging/shared/", "production/shared/")) == []
    assert len(found(("staging/payments/", "production/payments/"))) == 3
