"""The `cluster` commands at a terminal: what is asked, with which choices, and what an answer does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tools.command import gitops_gen
from tests.tools.repository import commit_all
from tests.tools.terminal import at_terminal

if TYPE_CHECKING:
    from pathlib import Path

ID = "EXAMPLED539D4633E53DE1B99EXAMPLE"
FIND = "aws eks describe-cluster --name NAME --query\ncluster.identity.oidc.issuer --output text"
OIDC_ID = "32 capital letters and digits: give the id only, the part after /id/"
ENVIRONMENTS = "a file of environments/: dev, production, staging\n"


def test_missing_facts_are_asked_for_with_their_choices(project: Path) -> None:
    answers = [("environment: ", "dev"), ("region: ", "eu-west-1"), ("oidc-id: ", ID)]
    dialogue = at_terminal(project, ["cluster", "add"], answers)
    assert dialogue.code == 0, dialogue.screen
    asked, _, rest = dialogue.screen.partition("environments/dev.yaml:16: myapp-dev-euw1\n")
    regions = asked.split("the AWS region of the cluster: ")[1].split("\nregion: ")[0].replace("\n", " ").split(", ")
    assert regions[:4] == ["us-east-1", "us-west-2", "af-south-1", "ap-east-1"]
    assert len(regions) == len(set(regions)) > 40
    assert asked.startswith(f"{ENVIRONMENTS}environment: dev\nthe AWS region of the cluster: us-east-1, ")
    assert asked.endswith(f"region: eu-west-1\nthe OIDC id or the issuer, from {FIND}\noidc-id: {ID}\n")
    assert rest.endswith("environments/dev.yaml is written\nnext: gitops-gen -C ROOT generate\n")
    assert (project / "environments/dev.yaml").read_text().endswith(f"  - region: eu-west-1\n    oidc_id: {ID}\n")


def test_a_wrong_answer_is_explained_and_asked_for_again(project: Path) -> None:
    stated = ["cluster", "add", "--environment", "dev", "--dry-run"]
    answers = [("region: ", "us-esat-1"), ("region: ", "eu-west-1a"), ("region: ", "eu-west-1")]
    answers += [("oidc-id: ", "https://example.com/id/1"), ("oidc-id: ", ID.lower()), ("oidc-id: ", ID)]
    dialogue = at_terminal(project, stated, answers)
    assert dialogue.code == 0, dialogue.screen
    assert [line for line in dialogue.screen.splitlines() if line.startswith("Error: ")] == [
        "Error: got 'us-esat-1', expected a region of AWS; did you mean us-east-1?",
        "Error: got the availability zone 'eu-west-1a', expected its region eu-west-1",
        "Error: got 'https://example.com/id/1', expected an issuer such as https://oidc.eks.us-east-1.amazonaws.com/id/<id>",
        f"Error: got a lower case letter at the start, expected {OIDC_ID}",
    ]


def test_an_issuer_as_the_answer_must_be_of_the_region(project: Path) -> None:
    stated = ["cluster", "add", "--environment", "dev", "--region", "eu-west-1"]
    answers = [("oidc-id: ", f"https://oidc.eks.eu-west-2.amazonaws.com/id/{ID}")]
    dialogue = at_terminal(project, stated, answers)
    issuer = "the issuer in the answer"
    assert dialogue.code == 1
    assert dialogue.screen.splitlines()[-2:] == [
        f"{issuer}: facts-disagree: region: --region says eu-west-1, {issuer} says eu-west-2",
        "  hint: give the facts of one cluster, or leave out what the other source tells",
    ]


def test_an_account_is_asked_for_where_nobody_states_one(project: Path) -> None:
    (project / "environments/lab.yaml").write_text("stage: 1\n")
    stated = ["cluster", "add", "--environment", "lab", "--region", "eu-west-1", "--oidc-id", ID, "--dry-run"]
    dialogue = at_terminal(project, stated, [("account-id: ", "12"), ("account-id: ", "012345678901")])
    assert dialogue.code == 0, dialogue.screen
    assert dialogue.screen.startswith(
        "the AWS account, 12 digits: 557702566877 (dev), 111122223333 (staging), 444455556666 (production)\n"
        "account-id: 12\nError: got 2 digits, expected 12; leading zeros count\naccount-id: 012345678901\n"
        f"environments/lab.yaml:3: myapp-lab-euw1\n+clusters:\n+  - region: eu-west-1\n+    oidc_id: {ID}\n"
        '+    account_id: "012345678901"\n'
    )


def test_a_second_cluster_in_one_place_is_asked_for_its_name(project: Path) -> None:
    stated = ["cluster", "add", "--environment", "dev", "--region", "us-east-1", "--oidc-id", ID, "--dry-run"]
    dialogue = at_terminal(project, stated, [("name: ", "myapp-dev-usw2"), ("name: ", "blue")])
    assert dialogue.code == 0, dialogue.screen
    assert dialogue.screen.startswith(
        "myapp-dev-use1 is there already; a second cluster in its place needs a name of its own\n"
        "the cluster's name in EKS\nname: myapp-dev-usw2\nError: myapp-dev-usw2 is there already\nname: blue\n"
        "environments/dev.yaml:16: blue\n"
    )


def test_a_protected_cluster_goes_when_its_name_is_typed(project: Path) -> None:
    assert gitops_gen(project, "generate").code == 0
    commit_all(project)
    name = "myapp-production-use1"
    question = "to take it away, type the cluster's name: "
    wrong = at_terminal(project, ["cluster", "remove", name], [(question, "yes")])
    assert wrong.code == 1
    assert wrong.screen.splitlines()[-2].endswith(f"not-confirmed: got yes as the name to confirm, expected {name}")
    right = at_terminal(project, ["cluster", "remove", name], [(question, name)])
    assert right.code == 0
    assert right.screen.endswith("environments/production.yaml is written\nnext: gitops-gen -C ROOT generate --prune\n")
