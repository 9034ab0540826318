"""`cluster add`: the entry, the files that follow, what is refused, and that nothing else changes."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gitops_gen.load import load
from gitops_gen.model_file import read_text, replace_text
from gitops_gen.problems import ModelError
from tests.tools.command import Answer, gitops_gen
from tests.tools.generated import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

STYLES = Path(__file__).parent / "examples" / "styles"
ID = "EXAMPLED539D4633E53DE1B99EXAMPLE"
ISSUER = f"https://oidc.eks.eu-west-1.amazonaws.com/id/{ID}"
NEW = ("--environment", "production", "--region", "eu-west-1", "--oidc-id", ID)
FIND = "aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer --output text"

ENTRY = f"  - region: eu-west-1\n    oidc_id: {ID}\n"
PLAN = f"""\
environments/production.yaml:17: myapp-production-euw1
+  - region: eu-west-1
+    oidc_id: {ID}
changes  output/argocd/applicationsets/external-secrets.yaml
changes  output/argocd/applicationsets/myapp.yaml
changes  output/argocd/projects/production.yaml
appears  output/environments/production/clusters/myapp-production-euw1/apps/external-secrets/values.yaml
appears  output/environments/production/clusters/myapp-production-euw1/apps/myapp/manifests/secrets.yaml
appears  output/environments/production/clusters/myapp-production-euw1/apps/myapp/values.yaml
appears  output/environments/production/clusters/myapp-production-euw1/myapp-production-euw1.tfvars
appears  output/environments/production/clusters/myapp-production-euw1/runbook.md
in output/: 3 change, 5 appear
"""


@pytest.fixture
def generated(project: Path) -> Path:
    """The repository's own fleet with its output."""
    assert gitops_gen(project, "generate").code == 0
    return project


def add(root: Path, *arguments: str) -> Answer:
    return gitops_gen(root, "cluster", "add", *arguments)


def texts(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("environments", "output")
        for path in (root / folder).rglob("*")
        if path.is_file()
    }


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def description(**facts: object) -> dict[str, object]:
    """The answer of `aws eks describe-cluster`."""
    cluster = {
        "name": "myapp-production-euw1",
        "arn": "arn:aws:eks:eu-west-1:444455556666:cluster/myapp-production-euw1",
        "version": "1.34",
        "endpoint": f"https://{ID}.gr7.eu-west-1.eks.amazonaws.com",
        "identity": {"oidc": {"issuer": ISSUER}},
        "status": "ACTIVE",
        "certificateAuthority": {"data": "ZXhhbXBsZQ=="},
    }
    return {"cluster": cluster | facts}


def described(root: Path, **facts: object) -> str:
    """Writes the answer of EKS beside the project and returns the file."""
    file = root.parent / "cluster.json"
    file.write_text(json.dumps(description(**facts)), encoding="utf-8")
    return str(file)


# --- what happens


def test_an_entry_is_added_and_what_follows_is_said(generated: Path) -> None:
    before = texts(generated)
    answer = add(generated, *NEW)
    next_step = "environments/production.yaml is written\nnext: gitops-gen -C ROOT generate\n"
    assert answer == Answer(0, PLAN, next_step)
    old = before["environments/production.yaml"]
    assert texts(generated) == {**before, "environments/production.yaml": old + ENTRY.encode()}


def test_a_dry_run_says_the_same_and_changes_nothing(generated: Path) -> None:
    before = texts(generated)
    assert add(generated, *NEW, "--dry-run") == Answer(0, PLAN, "nothing was changed\n")
    assert texts(generated) == before


def test_generate_makes_exactly_the_files_that_were_announced(generated: Path) -> None:
    before = texts(generated)
    answer = add(generated, *NEW, "--generate")
    done = "environments/production.yaml is written\noutput/ is up to date: 3 changed, 5 added; 52 files in all\n"
    assert answer == Answer(0, PLAN, done)
    announced = [line.split()[1] for line in PLAN.splitlines() if line.startswith(("changes", "appears"))]
    assert changed(before, texts(generated)) == sorted(["environments/production.yaml", *announced])
    assert gitops_gen(generated, "generate", "--check").code == 0


def test_under_the_git_file_generator_no_applicationset_changes(generated: Path) -> None:
    fleet = generated / "environments/fleet.yaml"
    fleet.write_text(fleet.read_text().replace('version: "3.5.1"', 'version: "3.5.1"\n  generator: git'))
    assert gitops_gen(generated, "generate", "--prune").code == 0
    before = texts(generated)
    assert add(generated, *NEW, "--generate").code == 0
    own = "output/environments/production/clusters/myapp-production-euw1/"
    spanning = {"environments/production.yaml", "output/argocd/projects/production.yaml"}
    assert {path for path in changed(before, texts(generated)) if not path.startswith(own)} == spanning


@pytest.mark.parametrize("name", sorted(path.name for path in STYLES.iterdir()))
def test_a_cluster_is_onboarded_whatever_the_style_of_the_file(project: Path, name: str) -> None:
    file = project / "environments/production.yaml"
    file.write_bytes((STYLES / name / "before.yaml").read_bytes())
    before = load(project).clusters
    answer = add(project, "--environment", "production", "--region", "ap-southeast-2", "--oidc-id", ID, "--generate")
    assert answer.code == 0, answer.err
    assert file.read_bytes() == (STYLES / name / "added.yaml").read_bytes().replace(
        b"EXAMPLED539D4633E53DE1B79EXAMPLE", ID.encode()
    )
    after = {each.name for each in load(project).clusters}
    assert after == {*(each.name for each in before), "myapp-production-apse2"}


@pytest.mark.parametrize("name", ["comments-inside-entries", "json-over-lines", "missing", "anchors-and-merges"])
def test_what_is_generated_for_it_agrees(project: Path, name: str) -> None:
    (project / "environments/production.yaml").write_bytes((STYLES / name / "before.yaml").read_bytes())
    shutil.copytree(PROJECT / "examples", project / "examples")
    before = {each.name for each in load(project).clusters}
    assert add(project, *NEW, "--generate").code == 0
    assert {each.name for each in load(project).clusters} == {*before, "myapp-production-euw1"}
    answer = gitops_gen(project, "verify")
    assert (answer.code, answer.out.splitlines()[-1].split(":")[0]) == (0, "nothing is broken")


def test_facts_that_follow_from_the_place_are_not_written_again(project: Path) -> None:
    derived = ("--name", "myapp-production-euw1", "--account-id", "444455556666")
    assert add(project, *NEW, *derived).code == 0
    assert (project / "environments/production.yaml").read_text().endswith(ENTRY)


def test_facts_that_differ_from_the_place_are_written(project: Path) -> None:
    others = ("--name", "blue", "--account-id", "012345678901", "--server", "https://example.com", "--ca-data", "AAAA")
    answer = add(project, *NEW, *others)
    assert answer.code == 0
    assert answer.out.splitlines()[:7] == [
        "environments/production.yaml:17: blue",
        "+  - region: eu-west-1",
        "+    name: blue",
        f"+    oidc_id: {ID}",
        '+    account_id: "012345678901"',
        "+    server: https://example.com",
        "+    ca_data: AAAA",
    ]


def test_the_issuer_says_the_region_too(project: Path) -> None:
    assert add(project, "--environment", "production", "--oidc-id", ISSUER).code == 0
    assert (project / "environments/production.yaml").read_text().endswith(ENTRY)


def test_an_issuer_without_its_scheme_is_understood(project: Path) -> None:
    assert add(project, "--environment", "production", "--oidc-id", ISSUER.removeprefix("https://")).code == 0


def test_the_answer_of_eks_tells_everything_in_an_environment_that_is_named(project: Path) -> None:
    answer = add(project, "--environment", "production", "--describe", described(project))
    assert answer.code == 0
    assert (
        (project / "environments/production.yaml")
        .read_text()
        .endswith(f"{ENTRY}    server: https://{ID}.gr7.eu-west-1.eks.amazonaws.com\n    ca_data: ZXhhbXBsZQ==\n")
    )


STAGING = "arn:aws:eks:eu-west-1:111122223333:cluster/blue"


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({}, "environments/production.yaml"),
        ({"name": "blue", "arn": STAGING}, "environments/staging.yaml"),
        ({"name": "myapp-staging-euw1", "arn": STAGING}, "environments/staging.yaml"),
    ],
)
def test_the_account_tells_the_environment_that_alone_has_it(
    project: Path, facts: Mapping[str, object], path: str
) -> None:
    answer = add(project, "--describe", described(project, **facts), "--dry-run")
    assert answer.code == 0, answer.err
    assert answer.out.startswith(f"{path}:")
    assert answer.err == "nothing was changed\n"


@pytest.mark.parametrize(
    ("facts", "hint"),
    [
        ({"name": "blue"}, "; account 444455556666 is that of production"),
        ({"name": "myapp-dev-euw1", "arn": STAGING}, "; account 111122223333 is that of staging"),
        ({"name": "blue", "arn": "arn:aws:eks:eu-west-1:012345678901:cluster/blue"}, ""),
    ],
    ids=["a protected one is named", "the name says another", "nobody's account"],
)
def test_the_environment_is_asked_for_where_it_is_not_certain(
    project: Path, facts: Mapping[str, object], hint: str
) -> None:
    answer = add(project, "--describe", described(project, **facts))
    assert answer.code == 2
    assert answer.err.splitlines()[4:] == [f"  --environment: a file of environments/{hint}"]


def test_an_account_of_two_environments_does_not_tell_which(project: Path) -> None:
    file = project / "environments/dev.yaml"
    file.write_text(file.read_text().replace("557702566877", "111122223333"))
    answer = add(project, "--describe", described(project, name="blue", arn=STAGING))
    hint = "; account 111122223333 is that of dev and staging"
    assert answer.err.splitlines()[4:] == [f"  --environment: a file of environments/{hint}"]


@pytest.mark.parametrize(
    ("stated", "doubt"),
    [
        (("--account-id", "111122223333"), "account 111122223333 is that of staging, and dev has no cluster in it yet"),
        (("--name", "myapp-staging-euw1"), "myapp-staging-euw1 is what a cluster of staging in eu-west-1 is called"),
        (("--name", "myapp-dev-euw2"), "myapp-dev-euw2 is what a cluster of dev in eu-west-2 is called"),
    ],
    ids=["account", "environment", "region"],
)
def test_what_speaks_against_the_place_is_told(project: Path, stated: tuple[str, ...], doubt: str) -> None:
    answer = add(project, "--environment", "dev", "--region", "eu-west-1", *stated, "--oidc-id", ID, "--dry-run")
    assert answer.code == 0
    assert [line.split(", and this one")[0] for line in answer.err.splitlines()] == [
        f"look again: {doubt}",
        "nothing was changed",
    ]


def test_what_speaks_against_the_place_is_told_beside_the_errors_that_follow_from_it(project: Path) -> None:
    answer = add(project, *NEW, "--account-id", "111122223333")
    assert answer.code == 1
    assert ": protected-account: " in answer.err
    doubt = "look again: account 111122223333 is that of staging, and production has no cluster in it yet"
    assert doubt in answer.err.splitlines()


def test_the_answer_of_eks_is_read_from_standard_input_and_without_its_outer_map(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "input").write_text(json.dumps(description()["cluster"]))
    with (tmp_path / "input").open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert add(project, "--environment", "production", "--describe", "-").code == 0


def test_where_clusters_are_registered_elsewhere_a_new_one_is_too(project: Path) -> None:
    file = project / "environments/production.yaml"
    kept = [
        line for line in file.read_text().splitlines(keepends=True) if not line.strip().startswith(("server", "ca_"))
    ]
    file.write_text("".join(kept))
    answer = add(project, "--environment", "production", "--describe", described(project), "--dry-run")
    assert answer.out.splitlines()[1:3] == ["+  - region: eu-west-1", f"+    oidc_id: {ID}"]
    left_out = "server and ca_data are left out: no cluster around states them; --server and --ca-data do\n"
    assert answer.err == f"{left_out}nothing was changed\n"


def test_permissions_and_a_link_to_the_file_stay(project: Path) -> None:
    file, real = project / "environments/production.yaml", project / "elsewhere.yaml"
    file.rename(real)
    file.symlink_to(real)
    real.chmod(0o640)
    assert add(project, *NEW).code == 0
    assert file.is_symlink()
    assert real.read_text().endswith(ENTRY)
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [path.name for path in (project / "environments").iterdir() if path.name.startswith(".")] == []


# --- mistakes


def problem_of(answer: Answer) -> list[str]:
    assert answer.code == 1
    assert answer.out == ""
    return answer.err.splitlines()


def entry(region: str = "eu-west-1", oidc_id: str = ID, **facts: str) -> str:
    return "".join(
        [f"  - region: {region}\n    oidc_id: {oidc_id}\n", *(f"    {key}: {value}\n" for key, value in facts.items())]
    )


MISTAKES = {
    "a cluster that is there already": (
        "production",
        entry("us-east-1"),
        ("--region", "us-east-1", "--oidc-id", ID),
        "environments/production.yaml:17:5: duplicate-cluster: the cluster myapp-production-use1 ",
    ),
    "a region that does not exist": (
        "production",
        entry("us-esat-1"),
        ("--region", "us-esat-1", "--oidc-id", ID),
        "environments/production.yaml:17:13: unknown-region: got 'us-esat-1', ",
    ),
    "an OIDC id that another cluster has": (
        "production",
        entry(oidc_id="EXAMPLED539D4633E53DE1B51EXAMPLE"),
        ("--region", "eu-west-1", "--oidc-id", "EXAMPLED539D4633E53DE1B51EXAMPLE"),
        "environments/production.yaml:18:14: duplicate-oidc-id: the OIDC id EXAMPLED539D4633E53DE1B51EXAMPLE ",
    ),
    "an account that a protected environment owns": (
        "dev",
        entry(account_id='"444455556666"'),
        ("--region", "eu-west-1", "--oidc-id", ID, "--account-id", "444455556666"),
        "environments/dev.yaml:18:17: protected-account: myapp-dev-euw1: account 444455556666 belongs to production, ",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_by_hand_is_found_by_generate_at_its_line(project: Path, mistake: str) -> None:
    environment, written, _, expected = MISTAKES[mistake]
    file = project / f"environments/{environment}.yaml"
    file.write_text(file.read_text() + written)
    assert problem_of(gitops_gen(project, "generate"))[0].startswith(expected)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_command_is_found_at_the_same_line_and_changes_nothing(project: Path, mistake: str) -> None:
    environment, written, options, expected = MISTAKES[mistake]
    before = texts(project)
    lines = problem_of(add(project, "--environment", environment, *options))
    assert lines[0].startswith(expected)
    note = f"nothing was changed; these are the lines of environments/{environment}.yaml with this in it:"
    assert lines[lines.index(note) + 1 :] == [f"+{line}" for line in written.splitlines()]
    assert texts(project) == before


def test_an_oidc_id_of_a_later_environment_is_told_at_the_entry_by_hand_too(project: Path) -> None:
    file = project / "environments/dev.yaml"
    file.write_text(file.read_text() + entry(oidc_id="EXAMPLED539D4633E53DE1B71EXAMPLE"))
    assert problem_of(gitops_gen(project, "generate"))[:2] == [
        (
            "environments/dev.yaml:17:14: duplicate-oidc-id: the OIDC id EXAMPLED539D4633E53DE1B71EXAMPLE "
            "stands twice: for myapp-production-use1 and for myapp-dev-euw1"
        ),
        "  environments/production.yaml:10:14: it stands here already",
    ]


@pytest.mark.parametrize("cluster", ["use1", "usw2"])
def test_an_oidc_id_of_any_other_cluster_is_told_at_the_new_entry(project: Path, cluster: str) -> None:
    taken = {"use1": "EXAMPLED539D4633E53DE1B71EXAMPLE", "usw2": "EXAMPLED539D4633E53DE1B72EXAMPLE"}[cluster]
    lines = problem_of(add(project, "--environment", "dev", "--region", "eu-west-1", "--oidc-id", taken))
    assert lines[0].startswith(f"environments/dev.yaml:17:14: duplicate-oidc-id: the OIDC id {taken} stands twice: ")
    assert lines[1].startswith("  environments/production.yaml:1")


def test_facts_that_are_missing_are_all_named_where_nobody_can_be_asked(project: Path) -> None:
    answer = add(project)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "Usage: gitops-gen cluster add [OPTIONS]\n"
        "Try 'gitops-gen cluster add --help' for help.\n\n"
        "Error: not stated, and there is no terminal to ask at:\n"
        "  --environment: a file of environments/\n"
        "  --region: the AWS region of the cluster\n"
        f"  --oidc-id: the OIDC id or the issuer, from {FIND}\n"
    )


def test_an_account_that_nobody_states_is_missing(project: Path) -> None:
    file = project / "environments/dev.yaml"
    file.write_text("stage: 1\n")
    answer = add(project, "--environment", "dev", "--region", "eu-west-1", "--oidc-id", ID)
    assert answer.code == 2
    assert answer.err.splitlines()[3:] == [
        "Error: not stated, and there is no terminal to ask at:",
        "  --account-id: the AWS account, 12 digits",
    ]


def test_an_environment_that_does_not_exist_names_the_one_that_is_meant(project: Path) -> None:
    answer = add(project, "--environment", "prod", "--region", "eu-west-1", "--oidc-id", ID)
    assert answer.code == 2
    assert answer.err.splitlines()[-1] == "Error: there is no environment prod; did you mean production?"


def test_facts_that_disagree_are_all_told(project: Path) -> None:
    file = described(project, name="blue")
    stated = ("--region", "us-east-1", "--account-id", "111122223333", "--name", "green")
    lines = problem_of(add(project, "--environment", "production", *stated, "--describe", file))
    hint = "  hint: give the facts of one cluster, or leave out what the other source tells"
    assert [line.replace(file, "FILE") for line in lines] == [
        "FILE: facts-disagree: name: --name says green, FILE says blue",
        hint,
        "FILE: facts-disagree: region: --region says us-east-1, FILE says eu-west-1",
        hint,
        "FILE: facts-disagree: account_id: --account-id says 111122223333, FILE says 444455556666",
        hint,
    ]


@pytest.mark.parametrize(
    "issuer",
    [
        "https://example.com/id/ABC",
        "https://oidc.eks.us-east-1.amazonaws.com.cn/id/ABC",
        "https://oidc.eks.us-east-1.amazonaws.com/ABC",
        "https://oidc.eks.atlantis.amazonaws.com/id/ABC",
    ],
)
def test_what_is_no_issuer_of_eks_is_refused(project: Path, issuer: str) -> None:
    lines = problem_of(add(project, "--environment", "production", "--oidc-id", issuer))
    expected = "expected an issuer such as https://oidc.eks.us-east-1.amazonaws.com/id/<id>"
    assert lines == [f"--oidc-id: oidc-issuer: got {issuer!r}, {expected}", f"  hint: find it with: {FIND}"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", "is JSON, but no answer of EKS"),
        (
            json.dumps({"cluster": {"name": "blue", "status": "CREATING"}}),
            "does not say arn, endpoint, certificateAuthority.data, identity.oidc.issuer; the cluster is CREATING",
        ),
        (json.dumps(description(arn="blue")), "got the ARN 'blue'"),
    ],
)
def test_an_answer_of_eks_that_cannot_be_used_is_refused(project: Path, content: str, message: str) -> None:
    file = project.parent / "cluster.json"
    file.write_text(content)
    lines = problem_of(add(project, "--environment", "production", "--describe", str(file)))
    hint = "  hint: give the output of: aws eks describe-cluster --name NAME --output json"
    assert [line.replace(str(file), "FILE") for line in lines] == [f"FILE: eks-answer: {message}", hint]


def test_where_there_is_no_safe_place_the_entry_is_printed_to_paste(project: Path) -> None:
    file = project / "environments/dev.yaml"
    file.write_text('account_id: "557702566877"\nclusters: null\n')
    before = texts(project)
    answer = add(project, "--environment", "dev", "--region", "eu-west-1", "--oidc-id", ID)
    assert answer == Answer(
        1,
        ENTRY,
        "environments/dev.yaml:2:1: unsafe-edit: the entry cannot be added safely: "
        "clusters is written as null, and no list can follow that\n"
        "  hint: add the entry by hand, as it is printed below: generate checks it just as well\n",
    )
    assert texts(project) == before


def test_a_model_that_is_already_broken_is_told_first(project: Path) -> None:
    (project / "environments/staging.yaml").write_text("stage: 1\nstage: 2\n")
    assert problem_of(add(project, *NEW))[0].startswith("environments/staging.yaml:2:1: duplicate-key: ")


def test_a_profile_without_a_cluster_to_ask_for_is_wrong_usage(project: Path) -> None:
    answer = add(project, *NEW, "--profile", "p")
    assert answer.code == 2
    assert answer.err.splitlines()[-1] == "Error: --profile is for asking EKS: name the cluster with --eks"


def test_a_disk_that_refuses_leaves_the_file_as_it_was(project: Path) -> None:
    before = texts(project)
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100));"
        "from gitops_gen.cli import run; sys.exit(run(sys.argv[1:]))"
    )
    words = [sys.executable, "-c", limited, "-C", str(project), "cluster", "add", *NEW]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()) == (
        1,
        [
            "environments/production.yaml: unwritable-file: cannot be written: File too large",
            "  hint: look at the disk, and at the permissions of the file and its folder",
        ],
    )
    assert texts(project) == before


def test_a_file_that_somebody_else_saves_meanwhile_is_not_overwritten(project: Path) -> None:
    path = "environments/production.yaml"
    old = read_text(project, path)
    (project / path).write_text(f"{old}# saved\n")
    with pytest.raises(ModelError, match="changed-meanwhile: has changed since it was read"):
        replace_text(project, path, old=old, new="")
    assert (project / path).read_text() == f"{old}# saved\n"
