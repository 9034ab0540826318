"""Tests of `gitops-gen verify`, `gitops-gen checks` and `gitops-gen generate --verify`."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from gitops_gen.checks import CHECKS
from tests.tools.command import gitops_gen
from tests.tools.generated import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_gen.checks import Listed

TFVARS = "output/environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars"
WRONG = ('namespace       = "myapp"', 'namespace       = "external-secrets"')
BROKEN = (
    f"{TFVARS}:12:23: trust-subject: role myapp-dev-use1-myapp-eso trusts "
    "system:serviceaccount:external-secrets:myapp-eso, expected system:serviceaccount:myapp:myapp-eso, which "
    "SecretStore myapp-secrets-manager signs in as; not judged behind it: the OIDC provider, the secrets that the role "
    "may read, the KMS keys that it may use\n"
    '  12 |     namespace       = "external-secrets"\n'
    "     |                       ^\n"
    "  output/environments/dev/clusters/myapp-dev-use1/apps/myapp/manifests/secrets.yaml:16:14: "
    "SecretStore myapp-secrets-manager signs in as myapp-eso here\n"
    "  environments/dev.yaml:8:5: it is generated from this\n"
    "  templates/terraform/cluster.tfvars.j2: by this template\n"
    "  hint: make namespace of the role and of the store equal\n"
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of this repository's fleet with its output, chart and module, to be changed."""
    root = tmp_path / "repository"
    for folder in ("environments", "output", "examples"):
        shutil.copytree(PROJECT / folder, root / folder)
    return root


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_sound_tree_is_proved(repository: Path) -> None:
    files = sum(path.is_file() for path in (repository / "output").rglob("*"))

    answer = gitops_gen(repository, "verify")

    *notes, summary = answer.out.splitlines()
    assert (answer.code, summary.partition(";")[0], answer.err) == (
        0,
        f"nothing is broken: {files} files, 12 Applications on 6 clusters",
        "",
    )
    assert [line for line in notes if ": note: cannot-say: the chart " not in line and "  hint: " not in line] == []


def test_where_there_is_no_file_nothing_is_proved(repository: Path) -> None:
    shutil.rmtree(repository / "output")
    (repository / "empty").mkdir()

    answers = (
        gitops_gen(repository, "verify"),
        gitops_gen(repository, "verify", "empty"),
        gitops_gen(repository / "empty", "verify"),
    )

    assert [(answer.code, answer.out, answer.err.rpartition("Error: ")[2]) for answer in answers] == [
        (2, "", "there is no file to judge in output/; gitops-gen generate makes them\n"),
        (2, "", "there is no file to judge in empty\n"),
        (2, "", "there is no file to judge here; run this in the right folder, or name it with -C\n"),
    ]


@pytest.mark.parametrize("folder", ["environments", "environments/apps", "templates"])
def test_in_the_folder_of_the_model_nothing_is_proved(repository: Path, folder: str) -> None:
    (repository / folder).mkdir(exist_ok=True)

    answer = gitops_gen(repository / folder, "verify")

    name = folder.rpartition("/")[2]
    told = (2, "", f"{name}/ is what a fleet is made from; verify what was made, with -C {repository}\n")
    assert (answer.code, answer.out, answer.err.rpartition("Error: ")[2]) == told
    named = gitops_gen(repository, "verify", folder)
    assert (named.code, named.out, named.err.rpartition("Error: ")[2].replace("ROOT", str(repository))) == told
    assert gitops_gen(repository, "verify", folder, "output").code == 0


def test_the_folder_to_give_is_told_as_a_shell_takes_it(repository: Path) -> None:
    project = repository.rename(repository.with_name(f"{repository.name} of mine"))

    answer = gitops_gen(project, "verify", "environments")

    told = "environments/ is what a fleet is made from; verify what was made, with -C 'ROOT'\n"
    assert (answer.code, answer.err.rpartition("Error: ")[2]) == (2, told)


def test_below_the_output_folder_all_is_judged(repository: Path) -> None:
    assert gitops_gen(repository / "output", "verify").code == 0


def test_a_broken_link_is_told_with_both_ends(repository: Path) -> None:
    change(repository / TFVARS, *WRONG)

    answer = gitops_gen(repository, "verify", "--select", "trust-subject")

    assert answer.code == 1
    assert answer.out.startswith(BROKEN)
    assert answer.out.splitlines()[-1].startswith("1 error in ")


def test_json_has_the_problem_in_the_form_that_every_command_has(repository: Path) -> None:
    change(repository / TFVARS, *WRONG)

    answer = gitops_gen(repository, "verify", "--select", "trust-subject", "--format", "json")

    [problem] = json.loads(answer.out)["problems"]
    assert (answer.code, problem["code"], problem["path"], problem["line"]) == (1, "trust-subject", TFVARS, 12)


@pytest.mark.parametrize("form", ["sarif", "junit", "github"])
def test_every_other_form_names_the_rule_and_the_file(repository: Path, form: str) -> None:
    change(repository / TFVARS, *WRONG)

    answer = gitops_gen(repository, "verify", "--select", "trust-subject", "--format", form)

    assert answer.code == 1
    assert "trust-subject" in answer.out
    assert TFVARS in answer.out


def test_a_rule_can_be_left_out(repository: Path) -> None:
    change(repository / TFVARS, *WRONG)

    answer = gitops_gen(repository, "verify", "--ignore", "trust-subject", "--format", "json")

    assert "trust-subject" not in {problem["code"] for problem in json.loads(answer.out)["problems"]}


def test_a_waiver_takes_a_finding_away_until_it_expires(repository: Path) -> None:
    change(repository / TFVARS, *WRONG)
    waivers = repository / "environments/waivers.yaml"
    waivers.write_text('- {code: trust-subject, reason: it moves, expires: "2999-01-31"}\n', encoding="utf-8")

    assert gitops_gen(repository, "verify", "--select", "trust-subject").code == 0

    change(waivers, "2999", "1999")
    answer = gitops_gen(repository, "verify", "--select", "trust-subject")
    assert answer.code == 1
    assert "environments/waivers.yaml:1:3: warning: waiver-expired: the waiver of trust-subject expired" in answer.out


WRONG_WAIVERS = (
    "environments/waivers.yaml:1:10: unknown-code: there is no rule trust-subjct\n"
    "  hint: did you mean trust-subject?\n"
    "environments/waivers.yaml:2:13: wrong-value: expires: got '31.01.2999', expected a day such as 2027-01-31\n"
    "  hint: write it as year-month-day\n"
)


def test_waivers_that_cannot_be_used_are_told_as_mistakes_of_the_file(repository: Path) -> None:
    text = '- {code: trust-subjct, reason: it moves,\n   expires: "31.01.2999"}\n'
    (repository / "environments/waivers.yaml").write_text(text, encoding="utf-8")

    answer = gitops_gen(repository, "verify")

    assert (answer.code, answer.out, answer.err) == (1, "", WRONG_WAIVERS)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("json", '"code": "empty-file"'),
        ("sarif", '"ruleId": "empty-file"'),
        ("junit", '<failure type="empty-file" message="holds no value">'),
        ("github", "::error file=environments/waivers.yaml,title=empty-file::holds no value"),
    ],
)
def test_waivers_that_cannot_be_used_are_told_to_machines(repository: Path, form: str, told: str) -> None:
    (repository / "environments/waivers.yaml").write_text("", encoding="utf-8")

    answer = gitops_gen(repository, "verify", "--format", form)

    assert (answer.code, told in answer.out, answer.err) == (1, True, "")


def test_what_no_rule_decides_can_be_accepted(repository: Path) -> None:
    accepted = '- {code: cannot-say, reason: it is in another repository, expires: "2999-01-31"}\n'
    (repository / "environments/waivers.yaml").write_text(accepted, encoding="utf-8")

    answer = gitops_gen(repository, "verify")

    assert (answer.code, "cannot-say" in answer.out, answer.err) == (0, False, "")


def test_rules_joined_by_commas_are_asked_for_one_by_one(repository: Path) -> None:
    answer = gitops_gen(repository, "verify", "--select", "trust-subject,role-unused")

    message = "Error: got trust-subject,role-unused, expected one rule: give them one by one\n"
    assert (answer.code, answer.err[-len(message) :]) == (2, message)


def test_a_conflict_in_a_generated_file_is_not_resolved_in_it(repository: Path) -> None:
    change(repository / "output/argocd/projects/dev.yaml", "spec:\n", "<<<<<<< HEAD\nspec:\n")

    answer = gitops_gen(repository, "verify", "--select", "invalid-yaml")

    assert answer.code == 1
    assert "invalid-yaml: a merge conflict is not resolved\n" in answer.out
    assert "  hint: run gitops-gen generate: it makes the file anew from the model\n" in answer.out


def test_strict_counts_warnings(repository: Path) -> None:
    waivers = '- {code: trust-subject, reason: it moves, expires: "1999-01-31"}\n'
    (repository / "environments/waivers.yaml").write_text(waivers, encoding="utf-8")

    assert gitops_gen(repository, "verify").code == 0
    assert gitops_gen(repository, "verify", "--strict").code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["verify", "--select", "trust-subjekt"], "there is no rule trust-subjekt; did you mean trust-subject?"),
        (
            ["verify", "--select", "trust-subject", "--ignore", "trust-subject"],
            "no rule is left to judge by: --ignore takes out all that --select names",
        ),
        (["verify", "outptu"], "there is no outptu"),
        (["verify", "x" * 300], f"there is no {'x' * 300}"),
        (["verify", "--waivers", "x/" * 3000], f"there is no {'x/' * 3000}"),
        (["verify", "--repo", "here"], "got --repo here, expected URL=PATH"),
        (["verify", ".."], ".. is outside of ROOT; run from a folder above both, or give it with -C"),
        (["checks", "role-unsed"], "there is no rule role-unsed; did you mean role-unused?"),
    ],
)
def test_wrong_usage_is_told_with_the_next_step(repository: Path, arguments: list[str], message: str) -> None:
    answer = gitops_gen(repository, *arguments)

    assert answer.code == 2
    assert message in " ".join(answer.err.split())


def test_output_that_is_a_link_to_the_outside_is_told_and_not_passed_over(repository: Path) -> None:
    outside = repository.parent / "outside"
    (repository / "output").rename(outside)
    (repository / "output").symlink_to(outside)
    answer = gitops_gen(repository, "verify")
    assert answer.code == 2
    assert "output is outside of ROOT; run from a folder above both" in " ".join(answer.err.split())

    outside.rename(repository / "made")
    (repository / "output").unlink()
    (repository / "output").symlink_to("made")
    assert gitops_gen(repository, "verify").code == 0


def test_path_whose_links_lead_in_a_circle_is_none(repository: Path) -> None:
    (repository / "circle").symlink_to("circle")
    answer = gitops_gen(repository, "verify", "circle")
    assert (answer.code, answer.err.splitlines()[-1]) == (2, "Error: there is no circle")


def test_a_repository_elsewhere_on_disk_is_read_where_it_is_said_to_be(repository: Path) -> None:
    set_text = """\
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata: {name: a, namespace: argocd}
    spec:
      project: default
      destination: {name: in-cluster, namespace: a}
      source: {repoURL: "https://git.example.com/charts.git", path: charts/missing, targetRevision: main}
    """
    (repository / "apps").mkdir()
    (repository / "apps/a.yaml").write_text(set_text, encoding="utf-8")

    unknown = gitops_gen(repository, "verify", "apps", "--format", "json")
    known = gitops_gen(
        repository, "verify", "apps", "--format", "json", "--repo", "https://git.example.com/charts.git=examples"
    )

    assert ("cannot-say", "note") in {(each["code"], each["severity"]) for each in json.loads(unknown.out)["problems"]}
    assert "source-path" in {each["code"] for each in json.loads(known.out)["problems"]}


@pytest.mark.parametrize("generator", ["list", "git"])
@pytest.mark.parametrize("folder", [".", "deep/down", "team/platform/output"])
def test_the_chain_is_followed_wherever_the_tree_stands_in_its_repository(
    repository: Path, folder: str, generator: str
) -> None:
    fleet = repository / "environments/fleet.yaml"
    change(fleet, "path: output", f"path: {folder}")
    change(fleet, 'version: "3.5.1"', f'version: "3.5.1"\n  generator: {generator}')
    assert gitops_gen(repository, "generate").code == 0
    # The chart is not in a tree that is the root of its repository, nor here where only a folder of that is.
    told = gitops_gen(repository, "verify").out.splitlines()[-1].partition(";")[0]
    assert told.endswith(" 12 Applications on 6 clusters")

    change(repository / TFVARS, *WRONG)

    answer = gitops_gen(repository, "verify", "--select", "trust-subject")
    assert answer.code == 1
    assert answer.out.startswith(BROKEN)


def test_generate_verify_writes_nothing_that_has_an_error(repository: Path) -> None:
    template = PROJECT / "templates/terraform/cluster.tfvars.j2"
    own = repository / "templates/terraform/cluster.tfvars.j2"
    own.parent.mkdir(parents=True)
    text = template.read_text(encoding="utf-8")
    own.write_text(text.replace("release.app.namespace | hcl", '"external-secrets" | hcl'), encoding="utf-8")
    before = {path: path.read_bytes() for path in (repository / "output").rglob("*") if path.is_file()}

    answer = gitops_gen(repository, "generate", "--verify")

    assert answer.code == 1
    assert "trust-subject" in answer.err
    assert "(in 6 of 6 clusters)" in answer.err
    assert '  12 |     namespace       = "external-secrets"\n     |                       ^\n' in answer.err
    assert before == {path: path.read_bytes() for path in (repository / "output").rglob("*") if path.is_file()}


def test_one_mistake_of_a_template_is_told_once_for_all_its_files(repository: Path) -> None:
    own = repository / "templates/terraform/cluster.tfvars.j2"
    own.parent.mkdir(parents=True)
    own.write_text("cluster = <%= cluster.name | hcl %>\nowner   = platform\n", encoding="utf-8")

    answer = gitops_gen(repository, "generate", "--verify")

    assert answer.code == 1
    first, line, *_ = answer.err.split("\n")
    assert first == (
        "output/environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars:3:11: invalid-hcl: got platform, "
        "expected a constant"
    )
    assert line == "  3 | owner   = platform"
    assert answer.err.count("invalid-hcl") == 1


def test_generate_verify_writes_what_is_proved(repository: Path) -> None:
    shutil.rmtree(repository / "output")

    answer = gitops_gen(repository, "generate", "--verify")

    assert answer.code == 0
    assert gitops_gen(repository, "verify").code == 0


def test_checks_lists_every_rule_and_explains_one(repository: Path) -> None:
    listed = gitops_gen(repository, "checks")
    explained = gitops_gen(repository, "checks", "trust-subject")

    assert [line.split()[0] for line in listed.out.splitlines()] == [*(check.code for check in CHECKS), "cannot-say"]
    assert explained.out.startswith("trust-subject: The role trusts exactly the ServiceAccount")
    assert "Fix: " in explained.out


def test_checks_explains_what_no_rule_decides(repository: Path) -> None:
    explained = gitops_gen(repository, "checks", "cannot-say")

    assert (explained.code, explained.err) == (0, "")
    assert explained.out.startswith("cannot-say: What the files alone do not decide is a note: ")
    assert "--ignore cannot-say" in explained.out


@pytest.mark.parametrize("listed", CHECKS, ids=lambda listed: listed.code)
def test_every_rule_is_there_by_its_code_and_explains_the_failure_the_fix_and_its_source(listed: Listed) -> None:
    check = listed.load()
    explanation = check.explanation

    assert check.code == listed.code
    assert "\nFix: " in explanation
    assert "\nSource: " in explanation


def test_every_rule_is_listed_once() -> None:
    folder = PROJECT / "gitops_gen" / "checks"
    modules = [path.stem for path in folder.glob("*.py") if "\nCHECK = " in path.read_text()]

    assert sorted(check.code.replace("-", "_") for check in CHECKS) == sorted(modules)


def test_a_repository_below_and_a_folder_of_one_know_their_origin(tmp_path: Path) -> None:
    url = "https://git.example.com/shop.git"
    application = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: argocd}}
spec:
  project: default
  destination: {{name: in-cluster, namespace: web}}
  source: {{repoURL: {url}, targetRevision: release, path: apps/missing}}
"""
    shop = tmp_path / "shop"
    (shop / "apps").mkdir(parents=True)
    (shop / "apps/web.yaml").write_text(application, encoding="utf-8")
    for command in (["init", "--quiet", "--initial-branch=release"], ["remote", "add", "origin", url]):
        subprocess.run(["git", *command], cwd=shop, check=True)

    for root, arguments, path in (
        (shop, [], "apps/web.yaml"),
        (tmp_path, ["shop"], "shop/apps/web.yaml"),
        (shop / "apps", [], "web.yaml"),
    ):
        answer = gitops_gen(root, "verify", *arguments)
        assert answer.code == 1
        assert answer.out.startswith(f"{path}:7:86: source-path: web takes its manifests from ")
