"""The edit of some clusters' entries is answered from them alone where a whole run would do the same; only there."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_gen.last_run import Done, shortcut, state
from gitops_gen.last_run.unchanged import trusted_state, up_to_date
from gitops_gen.load import NOTHING_READ, load_with_warnings
from gitops_gen.outcome import Outcome
from gitops_gen.pipeline import generate, open_project
from gitops_gen.problems import GitopsGenError, Location, Problem, Severity
from gitops_gen.yaml_reader import builder
from gitops_gen.yaml_reader.builder import build
from tests.tools.fleets import app, cluster, environment, model, oidc_id, write
from tests.tools.random_fleets import random_fleets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.load import Loaded, Written
    from gitops_gen.model import Fleet
    from gitops_gen.resolve.findings import Findings
    from gitops_gen.resolve.whole import Whole
    from gitops_gen.yaml_reader.builder import Builder
    from tests.tools.fleets import Files

DEV, LIVE = "environments/dev.yaml", "environments/live.yaml"
WEB = "environments/apps/web.yaml"
ENDPOINT = {"server": "https://x.example.com", "ca_data": "ZXhhbXBsZQ=="}


def fleet() -> Files:
    """Two environments of three clusters each, an app with secrets, and one without."""
    return model(
        environments={
            "dev": environment(*(cluster(each, name=f"d-{each}", **ENDPOINT) for each in (1, 2, 3))),
            "live": environment(
                *(cluster(each, name=f"l-{each}", **ENDPOINT) for each in (4, 5, 6)),
                account_id="444455556666",
                stage=2,
                protected=True,
            ),
        },
        apps={
            "web": app(secrets={"db": {"keys": {"PASSWORD": "password"}}}),
            "job": app(clusters={"d-2": {"values": {"a": 1}}, "l-4": {"deploy": False}}),
        },
    )


def content(root: Path) -> dict[str, bytes]:
    """The files of the output folder."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted((root / "output").rglob("*"))
        if path.is_file()
    }


def whole_run(root: Path) -> tuple[Outcome | str, tuple[object, ...]]:
    """What a run does that knows nothing of the last one, and its warnings."""
    shutil.rmtree(root / state.FOLDER, ignore_errors=True)
    try:
        project = open_project(root)
        return generate(project), project.warnings
    except GitopsGenError as error:
        return str(error), ()


def short(root: Path) -> Done | None:
    """Takes the short way, if it is open, and holds what it does against a whole run."""
    forgets = root.parent / "forgets"
    shutil.rmtree(forgets, ignore_errors=True)
    shutil.copytree(root, forgets)
    done = shortcut(root)
    if done is not None:
        assert (done.outcome, tuple(done.warnings)) == whole_run(forgets)
        assert content(root) == content(forgets)
    return done


def check_short(root: Path) -> Done:
    """As `short`, where the way must be open."""
    done = short(root)
    assert done is not None
    return done


def settle() -> None:
    """Lets the clock of the file system go on, so that nothing could change without a trace."""
    time.sleep(0.03)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = write(tmp_path / "remembers", fleet())
    settle()
    whole_run(found)
    settle()
    return found


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text()
    assert text.count(old) == 1
    (root / path).write_text(text.replace(old, new))


def line_after(root: Path, path: str, number: int, *lines: str) -> None:
    """Adds lines to the entry of the cluster with a number."""
    found = f'"{oidc_id(number)}"\n'
    edit(root, path, found, found + "".join(f"    {line}\n" for line in lines))


def test_a_new_oidc_id_makes_the_files_of_its_cluster(root: Path) -> None:
    edit(root, DEV, oidc_id(2), oidc_id(9))
    done = check_short(root)
    assert [each.path for each in done.outcome.changes] == ["environments/dev/clusters/d-2/d-2.tfvars"]
    settle()
    assert shortcut(root) == Done(Outcome((), (), done.outcome.files), ())


def test_one_edit_after_the_other(root: Path) -> None:
    for number in (9, 10, 11):
        edit(root, DEV, oidc_id(2 if number == 9 else number - 1), oidc_id(number))
        check_short(root)
    edit(root, LIVE, oidc_id(6), oidc_id(12))
    check_short(root)
    assert content(root) == content(root.parent / "forgets")


def test_edits_in_two_environments(root: Path) -> None:
    edit(root, DEV, oidc_id(1), oidc_id(9))
    edit(root, DEV, oidc_id(3), oidc_id(10))
    edit(root, LIVE, oidc_id(5), oidc_id(11))
    assert len(check_short(root).outcome.changes) == 3


def test_an_edit_back(root: Path) -> None:
    before = content(root)
    edit(root, DEV, oidc_id(2), oidc_id(9))
    check_short(root)
    edit(root, DEV, oidc_id(9), oidc_id(2))
    check_short(root)
    assert content(root) == before


@pytest.mark.parametrize(
    "lines",
    [
        ("# a comment",),
        ("secrets:", "  refresh_interval: 5m"),
        ("secrets: {refresh_interval: 5m}",),
        ("secrets:", f"  kms_key_arn: arn:aws:kms:us-east-1:111122223333:key/mrk-{'a' * 32}"),
        ("argocd_role_arn: arn:aws:iam::111122223333:role/argocd",),
        ('account_id: "999988887777"',),
        ('account_id: "111122223333"',),
        ("protected: false",),
        ("sync: {}",),
    ],
    ids=" ".join,
)
def test_lines_that_concern_one_cluster(root: Path, lines: tuple[str, ...]) -> None:
    line_after(root, DEV, 2, *lines)
    check_short(root)


@pytest.mark.parametrize(
    "lines",
    [
        ('account_id: "444455556666"',),
        ("protected: true",),
        ("sync: {prune: false}",),
        ("secrets: {enabled: false}",),
        ("secrets: {region: us-west-2}",),
        ("external_secrets: {version: 2.3.0}",),
        ("refresh: 5m",),
        ("secrets: {refresh_interval: 5}",),
        ("- region",),
        ("argocd_role_arn: >-", "  arn:aws:iam::111122223333:role/argocd"),
    ],
    ids=lambda lines: lines[0],
)
def test_lines_that_take_a_whole_run(root: Path, lines: tuple[str, ...]) -> None:
    before = content(root)
    line_after(root, DEV, 2, *lines)
    assert shortcut(root) is None
    assert content(root) == before


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (DEV, oidc_id(2), oidc_id(3)),
        (DEV, oidc_id(2), oidc_id(5)),
        (DEV, 'name: "d-2"', 'name: "d-9"'),
        (DEV, 'account_id: "111122223333"', 'account_id: "111122220000"'),
        (DEV, "clusters:", "stage: 1\nclusters:"),
        (DEV, "clusters:", "# all\nclusters:"),
        (LIVE, "stage: 2", "stage: 3"),
        (WEB, '"password"', '"another"'),
        ("environments/fleet.yaml", '"3.5.1"', '"3.5.2"'),
    ],
)
def test_edits_that_take_a_whole_run(root: Path, path: str, old: str, new: str) -> None:
    before = content(root)
    edit(root, path, old, new)
    assert shortcut(root) is None
    assert content(root) == before


@pytest.mark.parametrize(
    ("before", "old", "new"),
    [
        ({1: "&a 1", 2: "&a 2", 3: "*a"}, "&a 2", "2"),
        ({1: "&a 1", 3: "*a"}, "&a 1", "1"),
        ({1: "&a 1", 2: "*a", 3: "*a"}, "&a 1", "&a 2"),
    ],
    ids=["defined anew", "gone", "another"],
)
def test_an_anchor_that_comes_or_goes_takes_a_whole_run(root: Path, before: dict[int, str], old: str, new: str) -> None:
    for number, role in before.items():
        mark, _, name = role.rpartition(" ")
        name = name if name.startswith("*") else f"arn:aws:iam::111122223333:role/{name}"
        line_after(root, DEV, number, f"argocd_role_arn: {mark} {name}")
    settle()
    assert isinstance(whole_run(root)[0], Outcome)
    settle()
    anchor, _, name = new.rpartition(" ")
    found = old.replace(" ", " arn:aws:iam::111122223333:role/")
    edit(root, DEV, found, f"{anchor} arn:aws:iam::111122223333:role/{name}".strip())
    assert shortcut(root) is None


@pytest.mark.parametrize(
    ("path", "old", "new", "line"),
    [
        (LIVE, f'"{oidc_id(5)}"', f'"\\x30{oidc_id(9)[1:]}"', None),
        (LIVE, '"444455556666"', '"44445555666\\x36"', 'account_id: "444455556666"'),
        (
            "environments/fleet.yaml",
            'name: "shop"',
            'name: "shop"\naccount_id: "00001111222\\x32"',
            'account_id: "000011112222"',
        ),
    ],
)
def test_what_is_spelled_in_another_way_takes_a_whole_run(
    root: Path, path: str, old: str, new: str, line: str | None
) -> None:
    edit(root, path, old, new)
    settle()
    assert isinstance(whole_run(root)[0], Outcome)
    settle()
    if line is None:
        edit(root, DEV, oidc_id(2), oidc_id(9))
    else:
        line_after(root, DEV, 2, line)
    assert shortcut(root) is None


def test_a_folder_in_the_place_of_a_file_takes_a_whole_run(root: Path) -> None:
    (root / DEV).unlink()
    (root / DEV).mkdir()
    assert shortcut(root) is None


def test_another_cluster_takes_a_whole_run(root: Path) -> None:
    path = root / DEV
    path.write_text(path.read_text() + f"  - region: us-west-2\n    oidc_id: {oidc_id(9)}\n")
    assert shortcut(root) is None


def test_another_order_takes_a_whole_run(root: Path) -> None:
    path, parts = root / DEV, (root / DEV).read_text().split("  - ")
    path.write_text("  - ".join([parts[0], parts[2], parts[1], parts[3]]))
    assert shortcut(root) is None


def test_another_file_takes_a_whole_run(root: Path) -> None:
    edit(root, DEV, oidc_id(2), oidc_id(9))
    (root / "environments/test.yaml").write_text('account_id: "000011112222"\n')
    assert shortcut(root) is None


def make_settled(root: Path, files: Files) -> None:
    """Has the project made anew from other model files."""
    write(root, files)
    settle()
    assert isinstance(whole_run(root)[0], Outcome)
    settle()


def change_accounts(root: Path, path: str, number: int, old: str, new: str) -> None:
    """Has two clusters of an environment, one after the other, change their accounts."""
    parts = (root / path).read_text().split("  - ")
    assert (parts[number].count(old), parts[number + 1].count(new)) == (1, 1)
    parts[number] = parts[number].replace(old, new)
    parts[number + 1] = parts[number + 1].replace(new, old)
    (root / path).write_text("  - ".join(parts))


def test_two_clusters_that_change_accounts_may_meet_another_there(root: Path) -> None:
    accounts = {1: "900000000001", 2: "900000000002", 3: "900000000002"}
    clusters = [cluster(number, name=f"d-{number}", account_id=account) for number, account in accounts.items()]
    roles: dict[str, object] = {"d-1": {"role_name": "one"}, "d-3": {"role_name": "one"}}
    web = app(secrets={"db": {"keys": {"PASSWORD": "password"}}}, clusters=roles)
    make_settled(root, {DEV: environment(*clusters), "environments/apps/web.yaml": web})
    change_accounts(root, DEV, 1, "900000000001", "900000000002")
    assert shortcut(root) is None
    assert "duplicate-role: the role one in account 900000000002 stands twice" in str(whole_run(root)[0])


def test_a_name_that_brings_another_app_takes_a_whole_run(root: Path) -> None:
    edit(root, LIVE, 'name: "l-4"', 'name: "l-9"')
    assert shortcut(root) is None
    assert "unknown-cluster: there is no cluster l-4" in str(whole_run(root)[0])


def test_what_is_edited_while_the_models_are_read_waits_for_the_next_run(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_and_edit(
        where: Path,
        texts: Mapping[str, str],
        known: Mapping[str, Whole],
        before: Mapping[str, Written[Any]] = NOTHING_READ,
    ) -> Loaded:
        loaded = load_with_warnings(where, texts, known, before)
        for path, old, new in (("environments/fleet.yaml", '"3.5.1"', '"3.5.2"'), (WEB, '"password"', '"another"')):
            (root / path).write_text((root / path).read_text().replace(old, new))
        return loaded

    monkeypatch.setattr("gitops_gen.last_run.small_change.load_with_warnings", load_and_edit)
    edit(root, DEV, oidc_id(2), oidc_id(9))
    done = shortcut(root)
    assert done is not None
    assert [each.path for each in done.outcome.changes] == ["environments/dev/clusters/d-2/d-2.tfvars"]
    assert shortcut(root) is None


def test_what_is_not_edited_is_read_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noting(path: str, text: str) -> Builder:
        read.append(path)
        return build(path, text)

    monkeypatch.setattr(builder, "build", noting)
    edit(root, DEV, oidc_id(2), oidc_id(9))
    assert shortcut(root) is not None
    assert [read.count(path) for path in (WEB, "environments/fleet.yaml", DEV)] == [1, 1, 2]


def own_template(root: Path, *lines: str, for_each: str, text: str) -> None:
    (root / "templates").mkdir(exist_ok=True)
    said = [f"for_each: {for_each}", "template: own.md.j2", "format: markdown", *lines]
    (root / "templates/artifacts.yaml").write_text("- name: own\n" + "".join(f"  {line}\n" for line in said))
    (root / "templates/own.md.j2").write_text(text + "\n")
    settle()
    whole_run(root)
    settle()


@pytest.mark.parametrize(
    ("for_each", "path", "text"),
    [
        (
            "environment",
            "<%= environment.name %>.md",
            "<% for each in clusters %><%= each.oidc_id | markdown %><% endfor %>",
        ),
        (
            "environment",
            "<%= environment.name %>.md",
            '<%= (clusters | map(attribute="oidc_id") | list)[0] | markdown %>',
        ),
        ("environment", "<%= environment.name %>.md", '<%= (clusters | first)["oidc_id"] | markdown %>'),
        ("none", "all.md", '<% set name = "oidc_" ~ "id" %><%= (fleet.clusters | first)[name] | markdown %>'),
        ("none", "<%= clusters[1].oidc_id %>.md", "text"),
        ("app", "<%= app.name %>.md", "<%= releases[1].cluster.oidc_provider | markdown %>"),
        (
            "cluster",
            "<%= cluster.name %>.md",
            "<% for each in fleet.clusters %><%= each.oidc_id | markdown %><% endfor %>",
        ),
        ("cluster", "<%= cluster.oidc_id %>.md", "text"),
        ("none", "all.md", '<%= (clusters | sort(attribute="oidc_id,name") | first).name | markdown %>'),
        ("none", "all.md", '<%= (clusters | sort(attribute="name,oidc_id") | first).name | markdown %>'),
        ("cluster", "<%= cluster.name %>-<%= fleet.clusters[1].oidc_id %>.md", "text"),
    ],
)
def test_a_template_of_other_files_that_reads_it_takes_a_whole_run(
    root: Path, for_each: str, path: str, text: str
) -> None:
    own_template(root, f"path: {path}", for_each=for_each, text=text)
    edit(root, DEV, oidc_id(2), oidc_id(9))
    before = content(root)
    assert shortcut(root) is None
    assert content(root) == before


def test_an_account_that_tells_what_clusters_read_apart_takes_a_whole_run(root: Path) -> None:
    text = "<% for each in releases.secret_sources %><%= each.path | markdown %><% endfor %>"
    own_template(root, "path: <%= environment.name %>.md", for_each="environment", text=text)
    line_after(root, DEV, 2, 'account_id: "999988887777"')
    assert shortcut(root) is None


def test_a_condition_that_reads_it_takes_a_whole_run(root: Path) -> None:
    condition = f'when: clusters[1].oidc_id == "{oidc_id(9)}"'
    own_template(root, "path: all.md", condition, for_each="none", text="text")
    edit(root, DEV, oidc_id(2), oidc_id(9))
    assert shortcut(root) is None


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ('cluster.name == "d-3"', "<% for each in fleet.clusters %><%= each.oidc_id | markdown %><% endfor %>"),
        (f'cluster.name == "d-3" and fleet.clusters[1].oidc_id == "{oidc_id(2)}"', "text"),
    ],
    ids=["the template", "the condition"],
)
def test_a_file_of_another_cluster_alone_that_reads_it_takes_a_whole_run(root: Path, condition: str, text: str) -> None:
    own_template(root, "path: <%= cluster.name %>.md", f"when: '{condition}'", for_each="cluster", text=text)
    edit(root, DEV, oidc_id(2), oidc_id(9))
    assert shortcut(root) is None


def test_an_account_that_has_a_file_of_its_own_takes_a_whole_run(root: Path) -> None:
    own_template(root, "path: <%= account.id %>.md", for_each="account", text="text")
    line_after(root, DEV, 2, 'account_id: "999988887777"')
    assert shortcut(root) is None


def test_an_edit_of_a_template_behind_a_linked_folder_is_seen(root: Path) -> None:
    (root / "shared").mkdir()
    (root / "templates").mkdir()
    (root / "templates/linked").symlink_to("../shared")
    (root / "templates/back").symlink_to(".")
    (root / "shared/own.md.j2").write_text("one\n")
    said = "- name: own\n  for_each: none\n  template: linked/own.md.j2\n  format: markdown\n  path: all.md\n"
    (root / "templates/artifacts.yaml").write_text(said)
    settle()
    assert isinstance(whole_run(root)[0], Outcome)
    settle()
    assert shortcut(root) is not None
    (root / "shared/own.md.j2").write_text("two\n")
    assert shortcut(root) is None


def test_a_condition_of_its_own_files_that_comes_true_takes_a_whole_run(root: Path) -> None:
    condition = f'when: cluster.oidc_id == "{oidc_id(9)}"'
    own_template(root, "path: <%= cluster.name %>.md", condition, for_each="cluster", text="text")
    edit(root, DEV, oidc_id(2), oidc_id(9))
    assert shortcut(root) is None


def test_a_template_that_reads_something_else_does_not(root: Path) -> None:
    text = "<% for each in fleet.clusters %><%= each.name | markdown %><%= each.region.name | markdown %><% endfor %>"
    own_template(root, "path: all.md", for_each="none", text=text)
    edit(root, DEV, oidc_id(2), oidc_id(9))
    check_short(root)


def test_an_edited_file_of_the_cluster_is_made_again(root: Path) -> None:
    path = root / "output/environments/dev/clusters/d-2/runbook.md"
    path.write_text(path.read_text() + "more\n")
    edit(root, DEV, oidc_id(2), oidc_id(9))
    found = [each.path for each in check_short(root).outcome.changes]
    assert found == [f"environments/dev/clusters/d-2/{name}" for name in ("d-2.tfvars", "runbook.md")]


def test_an_edited_file_of_a_cluster_that_is_as_it_was_is_made_again(root: Path) -> None:
    path = root / "output/environments/dev/clusters/d-2/runbook.md"
    path.write_text(path.read_text() + "more\n")
    line_after(root, DEV, 2, "# a comment")
    assert [each.path for each in check_short(root).outcome.changes] == ["environments/dev/clusters/d-2/runbook.md"]


def test_a_touched_file_of_another_cluster_is_looked_at(root: Path) -> None:
    (root / "output/environments/dev/clusters/d-3/runbook.md").touch()
    edit(root, DEV, oidc_id(2), oidc_id(9))
    check_short(root)


@pytest.mark.parametrize("kind", ["edited", "gone", "more"])
def test_an_output_that_is_not_as_it_was_takes_a_whole_run(root: Path, kind: str) -> None:
    path = root / "output/environments/dev/clusters/d-3/runbook.md"
    edit(root, DEV, oidc_id(2), oidc_id(9))
    match kind:
        case "edited":
            path.write_text(path.read_text() + "more\n")
        case "gone":
            path.unlink()
        case _:
            (path.parent / "notes.md").write_text("a note\n")
    before = content(root)
    assert shortcut(root) is None
    assert content(root) == before


def warn(root: Path) -> None:
    path = root / WEB
    path.write_text(path.read_text().replace("db:", "api-secret:"))
    settle()
    assert [each.code for each in whole_run(root)[1]] == ["secret-path-end"]  # type: ignore[attr-defined]
    settle()


def test_warnings_are_told_again(root: Path) -> None:
    warn(root)
    line_after(root, DEV, 2, "# a comment")
    assert [each.code for each in check_short(root).warnings] == ["secret-path-end"]


def test_a_warning_in_a_file_whose_lines_move_takes_a_whole_run(root: Path) -> None:
    found = state.read_state(root)
    assert found is not None
    at = Location(DEV, 7, 5)
    warning = Problem("code", "message", at, severity=Severity.WARNING)
    state.write_state(root, found._replace(warnings=(warning,)))
    edit(root, DEV, oidc_id(2), oidc_id(9))
    done = shortcut(root)
    assert done is not None
    assert tuple(done.warnings) == (warning,)
    line_after(root, DEV, 9, "# a comment")
    assert shortcut(root) is None


def test_another_warning_takes_a_whole_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def warn_of_nine(found: Fleet, findings: Findings) -> None:
        for each in found.clusters:
            if each.oidc_id == oidc_id(9):
                findings.warn("code", "nine", each.route, hint="choose another")

    monkeypatch.setattr("gitops_gen.resolve.check_sizes", warn_of_nine)
    edit(root, DEV, oidc_id(2), oidc_id(10))
    check_short(root)
    edit(root, DEV, oidc_id(10), oidc_id(9))
    assert shortcut(root) is None


def test_the_account_of_the_fleet_takes_a_whole_run(root: Path) -> None:
    edit(root, "environments/fleet.yaml", 'name: "shop"', 'name: "shop"\naccount_id: "000011112222"')
    edit(root, LIVE, 'account_id: "444455556666"\n', "")
    settle()
    assert isinstance(whole_run(root)[0], Outcome)
    line_after(root, DEV, 2, 'account_id: "000011112222"')
    assert shortcut(root) is None
    assert "belongs to live, which is protected" in str(whole_run(root)[0])


def test_after_it_nothing_is_left_to_do(root: Path) -> None:
    edit(root, DEV, oidc_id(2), oidc_id(9))
    settle()
    check_short(root)
    found = trusted_state(root)
    assert found is not None
    assert up_to_date(root, found)


def test_a_state_that_another_run_replaced_is_not_used(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(root, DEV, oidc_id(2), oidc_id(9))
    monkeypatch.setattr("gitops_gen.last_run.small_change.stamp_of", lambda _: b"another")
    before = content(root)
    assert shortcut(root) is None
    assert content(root) == before


FACTS = (
    *("", "# a comment", "secrets: {refresh_interval: 7m}", 'account_id: "900000000007"', "sync: {}"),
    *("protected: false", "secrets: {enabled: false}", 'account_id: "000000000001"', "sync: {prune: false}"),
)
"""What may be added to an entry. Most of it concerns no other file."""


@settings(max_examples=20, deadline=None)
@given(files=random_fleets(), seed=st.integers(0, 2**16))
def test_whatever_is_edited_a_whole_run_would_do_the_same(files: Files, seed: int) -> None:
    folder = Path(mkdtemp())
    try:
        root = write(folder / "remembers", files)
        settle()
        whole_run(root)
        for _ in edits(root, random.Random(seed)):  # noqa: S311 - which edits, is no secret
            if short(root) is None:
                whole_run(root)
    finally:
        shutil.rmtree(folder)


def edits(root: Path, chance: random.Random) -> Iterator[None]:
    """Gives a cluster another OIDC id, and perhaps another fact, a few times."""
    paths = [path for path in sorted((root / "environments").glob("*.yaml")) if "oidc_id" in path.read_text()]
    for number in range(3 if paths else 0):
        path = chance.choice(paths)
        entries = path.read_text().split("  - region")
        index = chance.randrange(1, len(entries))
        old = next(line for line in entries[index].splitlines() if "oidc_id" in line)
        fact = chance.choice([fact for fact in FACTS if not fact or fact.split(":")[0] not in entries[index]])
        new = [f'    oidc_id: "{oidc_id(100 + number)}"', *([f"    {fact}"] if fact else [])]
        entries[index] = entries[index].replace(old, "\n".join(new))
        path.write_text("  - region".join(entries))
        settle()
        yield
