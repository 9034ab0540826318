"""`cluster remove`: what it says beforehand, what it refuses, and the one entry that it takes out."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gitops_gen.load import load
from tests.tools.command import Answer, gitops_gen
from tests.tools.generated import PROJECT
from tests.tools.repository import commit_all, git

if TYPE_CHECKING:
    from collections.abc import Mapping

SETS = "output/argocd/applicationsets"
TFVARS = "output/environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars"
DEV, PRODUCTION = "myapp-dev-use1", "myapp-production-use1"
GUARD = "    preserveResourcesOnDeletion: true\n"
EXAMPLES = Path(__file__).parent / "examples"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's own fleet with its output, all of it committed."""
    root = tmp_path_factory.mktemp("prepared")
    shutil.copytree(PROJECT / "environments", root / "environments")
    assert gitops_gen(root, "generate").code == 0
    commit_all(root)
    return root


@pytest.fixture
def committed(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return shutil.copytree(prepared, tmp_path / "committed")


def remove(root: Path, *arguments: str) -> Answer:
    return gitops_gen(root, "cluster", "remove", *arguments)


def head(root: Path) -> str:
    return git(root, "rev-parse", "--short", "HEAD").strip()


def settled(text: str, root: Path) -> str:
    """Returns what was printed without what differs from run to run, and from template to template."""
    return re.sub(r"(applicationsets/\S+\.yaml):\d+:\d+", r"\1:LINE", text.replace(head(root), "REVISION"))


def section(text: str, title: str) -> list[str]:
    """Returns the lines below a title."""
    found = re.search(rf"^{title}:\n((?:  .*\n)*)", text, re.MULTILINE)
    assert found, text
    return [line.removeprefix("  ") for line in found[1].splitlines()]


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def models(root: Path) -> Mapping[str, bytes]:
    return {str(path): path.read_bytes() for path in (root / "environments").rglob("*.yaml")}


# --- what follows


def test_everything_that_follows_is_said_before_it_happens(committed: Path) -> None:
    answer = remove(committed, DEV)
    assert answer.code == 0
    assert settled(answer.out, committed) == (EXAMPLES / "cluster-remove.txt").read_text(encoding="utf-8")


def test_the_entry_goes_and_nothing_else_in_the_model(committed: Path) -> None:
    answer = remove(committed, DEV)
    assert (answer.code, answer.err) == (
        0,
        "environments/dev.yaml is written\nnext: gitops-gen -C ROOT generate\n",
    )
    assert git(committed, "diff", "--numstat").split() == ["0", "4", "environments/dev.yaml"]
    assert [each.name for each in load(committed).clusters if each.environment.name == "dev"] == ["myapp-dev-usw2"]


def test_generate_then_does_what_was_announced(committed: Path) -> None:
    announced = section(remove(committed, DEV).out, "Files")
    assert gitops_gen(committed, "generate").code == 0
    done = [line.split() for line in git(committed, "status", "--porcelain", "--", "output").splitlines()]
    words = {"M": "changes ", "D": "goes    "}
    assert sorted(f"{words[kind]} {path}" for kind, path in done) == sorted(announced[:-1])


def test_a_dry_run_changes_nothing(committed: Path) -> None:
    answer = remove(committed, PRODUCTION, "--dry-run")
    assert (answer.code, answer.err) == (0, "nothing was changed\n")
    assert git(committed, "status", "--porcelain") == ""


def test_what_may_be_a_protected_environments_goes_only_when_pruned(committed: Path) -> None:
    answer = remove(committed, PRODUCTION, "--confirm", PRODUCTION)
    assert answer.err.splitlines()[-1] == "next: gitops-gen -C ROOT generate --prune"
    files = section(answer.out, "Files")
    start = files.index("and only with generate --prune, since they may be a protected environment's:")
    assert len(files[start + 1 :]) == 6
    assert "       gitops-gen generate --prune" in answer.out.splitlines()


def test_secrets_that_nobody_else_reads_can_go_too(committed: Path) -> None:
    assert remove(committed, DEV).code == 0
    steps = section(remove(committed, "myapp-dev-usw2").out, "To clean up, in this order")
    at = steps.index("6. The secrets that no other release reads, if nobody outside of this fleet does:")
    assert steps[at + 1] == (
        "     aws secretsmanager delete-secret --region us-east-1 --secret-id dev/myapp/db-password "
        "--recovery-window-in-days 30"
    )


def test_a_cluster_that_was_never_rolled_out_has_no_application_to_lose(committed: Path) -> None:
    new = ("--environment", "dev", "--region", "eu-west-1", "--oidc-id", "EXAMPLED539D4633E53DE1B99EXAMPLE")
    assert gitops_gen(committed, "cluster", "add", *new).code == 0
    answer = remove(committed, "myapp-dev-euw1")
    assert answer.code == 0
    assert applications(answer, committed) == ["none: at HEAD (REVISION) no ApplicationSet has the cluster"]
    assert git(committed, "status", "--porcelain") == ""
    tfvars = "output/environments/dev/clusters/myapp-dev-euw1/myapp-dev-euw1.tfvars"
    assert f"keep a copy of {tfvars} as myapp-dev-euw1.tfvars before you generate" in answer.out


GOES = [
    f"external-secrets-dev-use1 goes; its resources are preserved (HEAD, REVISION: {SETS}/external-secrets.yaml:LINE)",
    f"myapp-dev-use1 goes; its resources are preserved (HEAD, REVISION: {SETS}/myapp.yaml:LINE)",
]


def applications(answer: Answer, repository: Path) -> list[str]:
    return section(settled(answer.out, repository), "Applications")


def test_under_the_git_file_generator_the_applications_are_found_in_their_files(committed: Path) -> None:
    edit(committed, "environments/fleet.yaml", 'version: "3.5.1"', 'version: "3.5.1"\n  generator: git')
    assert gitops_gen(committed, "generate", "--prune").code == 0
    commit_all(committed)
    assert applications(remove(committed, DEV), committed) == GOES


def test_an_applicationset_that_deletes_no_application_says_that_they_stay(committed: Path) -> None:
    edit(committed, f"{SETS}/myapp.yaml", GUARD, f"{GUARD}    applicationsSync: create-update\n")
    commit_all(committed)
    answer = remove(committed, DEV)
    stays = GOES[1].replace("goes", "stays, as applicationsSync says, until you delete it")
    assert applications(answer, committed) == [GOES[0], stays]
    assert "       argocd app delete myapp-dev-use1 --cascade=false" in answer.out.splitlines()


def test_the_guard_is_shown_at_its_line(committed: Path) -> None:
    lines = (committed / SETS / "myapp.yaml").read_text().splitlines()
    at = lines.index(GUARD.rstrip()) + 1
    assert f"{SETS}/myapp.yaml:{at}:5)" in remove(committed, DEV).out


def test_the_output_may_be_a_repository_of_its_own(project: Path) -> None:
    assert gitops_gen(project, "generate").code == 0
    commit_all(project / "output")
    answer = remove(project, DEV)
    assert applications(answer, project / "output") == GOES
    assert printed_tfvars(answer, project) == (project / TFVARS).read_text()


def test_the_project_may_stand_in_a_folder_of_the_repository(project: Path) -> None:
    assert gitops_gen(project, "generate").code == 0
    commit_all(project.parent)
    answer = remove(project, DEV)
    assert applications(answer, project) == GOES
    assert printed_tfvars(answer, project) == (project / TFVARS).read_text()


def printed_tfvars(answer: Answer, root: Path) -> str:
    """Returns what the command prints that gets the variables of the roles back."""
    found = re.search(r"(git .*) > myapp-dev-use1\.tfvars\n", answer.out)
    assert found, answer.out
    return subprocess.run(shlex.split(found[1]), cwd=root, text=True, capture_output=True, check=True).stdout


# --- what is refused


def test_a_protected_cluster_is_not_taken_away_unless_it_is_named(committed: Path) -> None:
    before = models(committed)
    answer = remove(committed, PRODUCTION)
    assert (answer.code, answer.err.splitlines()) == (
        1,
        [
            f"environments/production.yaml:9:5: not-confirmed: {PRODUCTION} is protected",
            f"  hint: give the name: --confirm {PRODUCTION}",
        ],
    )
    assert models(committed) == before


@pytest.mark.parametrize(
    ("name", "at"), [(DEV, "environments/dev.yaml:8:5"), (PRODUCTION, "environments/production.yaml:9:5")]
)
def test_another_name_confirms_nothing(committed: Path, name: str, at: str) -> None:
    before = models(committed)
    answer = remove(committed, name, "--confirm", "myapp-production-usw2")
    got = "got myapp-production-usw2 as the name to confirm"
    assert (answer.code, answer.err.splitlines()) == (
        1,
        [f"{at}: not-confirmed: {got}, expected {name}", f"  hint: give the name: --confirm {name}"],
    )
    assert models(committed) == before


def test_a_cluster_that_protects_itself_wants_its_name_too(committed: Path) -> None:
    edit(committed, "environments/dev.yaml", "  - region: us-east-1\n", "  - region: us-east-1\n    protected: true\n")
    assert remove(committed, DEV).err.startswith(f"environments/dev.yaml:8:5: not-confirmed: {DEV} is protected\n")


HINT = "  hint: generate, commit and roll out the guard first; once Argo CD has it, run this again"
FINALIZER = "resources-finalizer.argocd.argoproj.io"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            GUARD,
            "    preserveResourcesOnDeletion: false\n",
            "preserveResourcesOnDeletion is not true: with an Application, all that it deployed is deleted",
        ),
        (
            f"  syncPolicy:\n{GUARD}",
            "",
            "preserveResourcesOnDeletion is not true: with an Application, all that it deployed is deleted",
        ),
        (
            '      name: "{{ .application }}"\n',
            f'      name: "{{{{ .application }}}}"\n      finalizers:\n        - {FINALIZER}/background\n',
            f"{FINALIZER} stands in the template: with an Application, all that it deployed is deleted",
        ),
        (
            "  templatePatch: |\n",
            f"  templatePatch: |\n    metadata: {{finalizers: [{FINALIZER}]}}\n",
            f"{FINALIZER} stands in the template: with an Application, all that it deployed is deleted",
        ),
    ],
    ids=["switched off", "left out", "finalizer in the template", "finalizer in the patch"],
)
def test_a_guard_that_is_missing_at_head_refuses_even_a_confirmed_removal(
    committed: Path, old: str, new: str, message: str
) -> None:
    good = (committed / SETS / "myapp.yaml").read_text()
    edit(committed, f"{SETS}/myapp.yaml", old, new)
    commit_all(committed)
    (committed / SETS / "myapp.yaml").write_text(good)
    before = models(committed)
    answer = remove(committed, PRODUCTION, "--confirm", PRODUCTION)
    assert answer.code == 1
    found = answer.err.splitlines()
    assert [re.sub(r":\d+:\d+:", ":", found[0], count=1), found[1:]] == [
        f"{SETS}/myapp.yaml: guard-missing: ApplicationSet myapp, at HEAD: {message}",
        [HINT],
    ]
    assert "WOULD BE DELETED" in section(answer.out, "Applications")[1]
    assert section(answer.out, "What stays on the cluster")[0].endswith(
        "a guard is missing, as said above; with it, this would:"
    )
    assert models(committed) == before


def test_a_guard_that_is_rolled_out_admits_the_removal_though_the_disk_lacks_it(committed: Path) -> None:
    edit(committed, f"{SETS}/myapp.yaml", GUARD, "    preserveResourcesOnDeletion: false\n")
    assert remove(committed, DEV).code == 0


def test_a_generator_that_only_argo_cd_understands_may_make_something_for_the_cluster(committed: Path) -> None:
    (committed / SETS / "others.yaml").write_text(
        "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: others}\n"
        "spec:\n  generators: [{clusters: {}}]\n  template: {metadata: {name: '{{name}}'}}\n"
    )
    commit_all(committed)
    answer = remove(committed, DEV)
    assert answer.code == 1
    assert answer.err.splitlines()[0].startswith(
        f"{SETS}/others.yaml:4:1: guard-missing: ApplicationSet others, at HEAD"
    )
    assert section(answer.out, "Applications")[2].startswith("whatever ApplicationSet others makes of it goes; ")


@pytest.mark.parametrize("is_repository", [False, True])
def test_where_no_output_is_committed_the_name_is_wanted(project: Path, is_repository: bool) -> None:
    if is_repository:
        commit_all(project)
    assert gitops_gen(project, "generate").code == 0
    answer = remove(project, DEV)
    unknown = "is not committed to git, so nobody can say whether"
    assert (answer.code, answer.err.splitlines()) == (
        1,
        [
            f"environments/dev.yaml:8:5: not-confirmed: output/ {unknown} {DEV} is guarded",
            f"  hint: commit output/; then run this again; or, if nothing runs there, --confirm {DEV}",
        ],
    )
    assert section(answer.out, "Applications") == [
        "output/ is not committed to git: which Applications there are, and how guarded, is not known",
        "external-secrets-dev-use1, by the model",
        "myapp-dev-use1, by the model",
    ]
    assert remove(project, DEV, "--confirm", DEV).code == 0


def test_without_git_it_is_told_that_nobody_can_say(
    committed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("git") is None
    answer = remove(committed, DEV)
    why = "git is not installed, or not on the PATH"
    assert answer.err.splitlines() == [
        f"environments/dev.yaml:8:5: not-confirmed: {why}, so nobody can say whether {DEV} is guarded",
        f"  hint: install git; then run this again; or, if nothing runs there, --confirm {DEV}",
    ]
    assert section(answer.out, "Applications")[0] == (
        f"{why}: which Applications there are, and how guarded, is not known"
    )


def test_a_cluster_of_which_an_app_still_speaks_is_refused_at_that_line(committed: Path) -> None:
    edit(
        committed, "environments/apps/myapp.yaml", "secrets:\n", f"clusters:\n  {DEV}:\n    deploy: true\n\nsecrets:\n"
    )
    before = models(committed)
    assert remove(committed, DEV) == Answer(
        1,
        "",
        f"environments/apps/myapp.yaml:22:3: cluster-in-use: myapp still says what differs on {DEV}\n"
        "  hint: take this block out first: without the cluster it names nothing\n",
    )
    assert models(committed) == before


def test_an_entry_whose_anchor_others_use_is_not_taken_out(committed: Path) -> None:
    edit(committed, "environments/dev.yaml", "  - region: us-east-1\n", "  - &east\n    region: us-east-1\n")
    edit(committed, "environments/dev.yaml", "  - region: us-west-2\n", "  - <<: *east\n    region: us-west-2\n")
    answer = remove(committed, DEV)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.splitlines()[0].startswith("environments/dev.yaml:8:5: unsafe-edit: ")


def test_a_cluster_that_does_not_exist_names_the_one_that_is_meant(committed: Path) -> None:
    answer = remove(committed, "myapp-dev-usw1")
    assert answer.code == 2
    assert answer.err.splitlines()[-1].startswith("Error: there is no cluster myapp-dev-usw1; did you mean ")
