"""The same edit in many places is told once, with how often, where, and who stands out."""

from __future__ import annotations

import pytest

from gitops_gen.diff import compare
from gitops_gen.diff.values import Kind
from gitops_gen.reports.diff_words import outliers, sentence
from tests.tools.edited_fleets import everywhere, six

SECRETS = "/secrets.yaml"


def told(old: dict[str, str], new: dict[str, str]) -> list[str]:
    return [" ".join(part for part in sentence(group) if part) for group in compare(old, new).groups]


def test_equal_edits_are_counted_by_environment_the_most_guarded_first() -> None:
    assert told(six(), everywhere(six(), "refreshInterval: 1h0m0s", "refreshInterval: 30m0s")) == [
        "spec.refreshInterval 1h0m0s -> 30m0s in 6 ExternalSecrets: production 2, staging 2, dev 2"
    ]


def test_who_is_left_out_is_named_with_what_is_there() -> None:
    new = everywhere(six(), "refreshInterval: 1h0m0s", "refreshInterval: 30m0s", where=lambda path: "usw2" in path)
    new = everywhere(new, "refreshInterval: 1h0m0s", "refreshInterval: 30m0s", where=lambda path: "dev-use1" in path)
    new = everywhere(new, "refreshInterval: 1h0m0s", "refreshInterval: 5m0s", where=lambda path: "staging-u" in path)

    first, second = compare(six(), new).groups

    assert outliers(first) == "not in myapp-production-use1 (unchanged), myapp-staging-use1 (1h0m0s -> 5m0s)"
    assert len(first.members) == 4
    assert (outliers(second), second.clusters) == ("", ("myapp-staging-use1",))


def test_what_follows_from_the_place_does_not_part_a_group() -> None:
    new = everywhere(six(), "-myapp-eso", "-myapp", where=lambda path: path.endswith(SECRETS))

    assert told(six(), new) == [
        (
            'metadata.annotations["eks.amazonaws.com/role-arn"] arn:aws:iam::<account>:role/<cluster>-myapp-eso -> '
            "arn:aws:iam::<account>:role/<cluster>-myapp in 6 ServiceAccounts: production 2, staging 2, dev 2"
        )
    ]


def test_what_is_equal_to_the_letter_is_not_parted_by_the_place() -> None:
    # For half of the clusters us-east-1 is their own region; the edit is the same for all of them.
    new = everywhere(six(), 'region: "us-east-1"', 'region: "eu-west-1"', where=lambda path: path.endswith(SECRETS))

    assert told(six(), new) == [
        "spec.provider.aws.region us-east-1 -> eu-west-1 in 6 SecretStores: production 2, staging 2, dev 2"
    ]


def test_parameters_of_an_applicationset_are_counted_as_applications() -> None:
    new = everywhere(six(), 'revision: "main"', 'revision: "v2"')

    assert told(six(), new) == ["revision main -> v2 in 6 Applications: production 2, staging 2, dev 2"]


def test_whole_resources_are_told_by_what_they_are_called() -> None:
    files = six()
    new = {path: text for path, text in files.items() if not path.endswith((SECRETS, "runbook.md"))}

    assert told(files, new) == [
        "removed 6 ExternalSecrets: production 2, staging 2, dev 2 (ExternalSecret myapp/myapp-db-credentials)",
        "removed 6 SecretStores: production 2, staging 2, dev 2 (SecretStore myapp/myapp-secrets-manager)",
        "removed 6 ServiceAccounts: production 2, staging 2, dev 2 (ServiceAccount myapp/myapp-eso)",
        "removed 6 runbook files: production 2, staging 2, dev 2",
    ]


def test_a_file_of_an_environment_lands_on_its_clusters() -> None:
    path = "environments/production/apps/myapp/values.yaml"
    report = compare(six(), everywhere(six(), "replicaCount: 4", "replicaCount: 6", where=lambda each: each == path))

    assert [(row.environment, dict(row.touched)) for row in report.rows] == [
        ("production", {"us-east-1": 1, "us-west-2": 1})
    ]
    assert report.summary.clusters == 2
    assert [group.environments for group in report.groups] == [(("production", 1),)]


def test_a_template_of_an_applicationset_lands_on_all_its_clusters_and_an_element_on_its_own() -> None:
    myapp = "argocd/applicationsets/myapp.yaml"
    all_of_it = everywhere(six(), "limit: 10", "limit: 9", where=lambda path: path == myapp)
    one = everywhere(six(), 'stage: "2"', 'stage: "4"', where=lambda path: path == myapp)

    assert compare(six(), all_of_it).summary.clusters == 6
    assert [row.environment for row in compare(six(), one).rows] == ["staging"]


@pytest.mark.parametrize(
    ("path", "cluster"),
    [
        ("environments/dev/clusters/c1/apps/web/values.yaml", "c1"),
        ("environments/dev/apps/web/values.yaml", ""),
        ("argocd/clusters/dev/web.yaml", "web"),
        ("elsewhere/c1.yaml", "c1"),
    ],
)
def test_an_app_that_is_called_as_a_cluster_is_does_not_move_a_file(path: str, cluster: str) -> None:
    tfvars = 'cluster_name = "web"\nenv = "dev"\naws_region = "us-east-1"\n'
    other = tfvars.replace('"web"', '"c1"')
    old = {"environments/dev/clusters/web/web.tfvars": tfvars, "environments/dev/clusters/c1/c1.tfvars": other}

    (change,) = compare({**old, path: "a: 1\n"}, {**old, path: "a: 2\n"}).changes

    assert (change.kind, change.place.cluster) == (Kind.CHANGED, cluster)


def test_a_replacement_never_hides_what_differs() -> None:
    name = "environments/{0}/clusters/c-{0}/{1}"
    facts = 'cluster_name = "c-{0}"\nenv = "{0}"\naws_region = "us-east-1"\n'
    files = {name.format(each, f"c-{each}.tfvars"): facts.format(each) for each in ("dev", "live")}
    old = files | {name.format(each, "values.yaml"): f"a: x-{each}\n" for each in ("dev", "live")}
    new = files | {name.format(each, "values.yaml"): f"a: x-c-{each}\n" for each in ("dev", "live")}

    assert told(old, new) == ["a x-<environment> -> x-<cluster> in 2 values files: dev 1, live 1"]
    assert told(old, old | {name.format("dev", "values.yaml"): "a: x-<environment>\n"}) == [
        "a x-dev -> x-<environment> in 1 values file on c-dev"
    ]


def test_secrets_that_change_everywhere_are_one_group() -> None:
    name = "environments/dev/clusters/c{0}/{1}"
    facts = 'cluster_name = "c{0}"\nenv = "dev"\naws_region = "us-east-1"\n'
    files = {name.format(number, f"c{number}.tfvars"): facts.format(number) for number in range(3)}
    old = files | {name.format(number, "values.yaml"): f"password: one {number}!\n" for number in range(3)}
    new = files | {name.format(number, "values.yaml"): f"password: two {number}!\n" for number in range(3)}

    hidden = "(redacted: is a password in plain text)"
    assert told(old, new) == [f"password {hidden} -> {hidden} in 3 values files: dev 3"]
