"""The runbook of a cluster: exact commands in the names of the other generated files, and no value of any secret."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from gitops_gen.pipeline import render
from tests.tools.fleets import app, cluster, environment, model, write
from tests.tools.generated import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.fleets import Facts
    from tests.tools.generated import Generated

KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
ENDING = "/runbook.md"


def runbook(root: Path, *, fleet: Facts | None = None, **facts: object) -> str:
    """Returns the runbook of the one cluster of a fleet, whose one app has these facts."""
    files = model(fleet=fleet, environments={"dev": environment(cluster())}, apps={"web": app(**facts)})
    [found] = [each.text for each in render(write(root, files)) if each.path.endswith(ENDING)]
    return found


def secrets(**facts: object) -> Facts:
    return {"db-password": {"target": "db", "keys": {"DB_PASSWORD": "password"}, **facts}}


def commands(text: str) -> list[str]:
    """Returns the lines of the shell blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def starting(text: str, start: str) -> list[str]:
    return [line for line in commands(text) if line.startswith(start)]


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n")[1].partition("\n## ")[0]


def named(lines: list[str], pattern: str) -> set[str]:
    return {name for line in lines for name in re.findall(pattern, line)}


def test_every_name_in_it_is_one_of_the_other_generated_files(fleet: Generated) -> None:
    for path in fleet.paths(start="environments/", end=ENDING):
        lines = commands(fleet.files[path])
        folder = path.removesuffix(ENDING)
        name = folder.rsplit("/", 1)[1]
        manifests = "\n".join(fleet.files[each] for each in fleet.paths(start=f"{folder}/apps/", end="/secrets.yaml"))
        tfvars = fleet.files[f"{folder}/{name}.tfvars"]
        assert named(lines, r"--(?:context|alias) (\S+)") == {name}
        assert named(lines, r"-n (\S+)") == set(re.findall(r'^  namespace: "(.*)"$', manifests, re.MULTILINE))
        assert named(lines, r"--(?:secret-id|name) (\S+/\S+)") == set(
            re.findall(r'^        key: "(.*)"$', manifests, re.MULTILINE)
        )
        assert named(lines, r"--role-name (\S+)") == set(re.findall(r'^    role_name += "(.*)"$', tfvars, re.MULTILINE))
        external = {
            each.group(1) for each in re.finditer(r'kind: ExternalSecret\nmetadata:\n  name: "(.*)"', manifests)
        }
        assert named(lines, r"externalsecret[/ ](\S+)") == external
        assert named(lines, r"describe secretstore (\S+)") == set(
            re.findall(r'kind: SecretStore\nmetadata:\n  name: "(.*)"', manifests)
        )


def test_every_command_is_one_that_a_shell_understands(fleet: Generated) -> None:
    lines = {line for path in fleet.paths(start="environments/", end=ENDING) for line in commands(fleet.files[path])}
    assert {line.split()[0] for line in lines} == {"aws", "kubectl", "grafana"}
    done = subprocess.run(["bash", "-n"], input="\n".join(sorted(lines)), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_command_holds_a_value(fleet: Generated) -> None:
    for path in fleet.paths(start="environments/", end=ENDING):
        values = named(commands(fleet.files[path]), r"--secret-string (\S+)")
        assert values <= {"file://value.json"}


def test_a_secret_is_created_where_its_store_reads_it_and_says_its_properties(tmp_path: Path) -> None:
    text = runbook(tmp_path, secrets={"db": {"keys": {"USER": "user", "PASS": "a.b\\.c*", "HOST": "user"}}})
    assert section(text, "Create the secrets").split("\n### ")[1] == (
        "`dev/web/db`\n\nFor `web`. The value is one JSON object with the properties:\n\n"
        "- a.b\\\\.c\\*\n- user\n\n```sh\n"
        "aws secretsmanager describe-secret --region us-east-1 --secret-id dev/web/db\n"
        "aws secretsmanager create-secret --region us-east-1 --name dev/web/db --secret-string file://value.json\n```\n"
    )


def test_a_secret_that_is_taken_whole_says_so(tmp_path: Path) -> None:
    text = runbook(tmp_path, secrets={"token": {"keys": {"TOKEN": {}}}})
    assert "\nFor `web`. The value is taken whole, as it is.\n" in text


def test_each_secret_is_encrypted_with_its_own_key(tmp_path: Path) -> None:
    own = {"plain": {"keys": {"A": "a"}}, "sealed": {"keys": {"B": "b"}, "kms_key_arn": KEY}}
    create = "aws secretsmanager create-secret --region us-east-1 --name"
    assert starting(runbook(tmp_path, secrets=own), create) == [
        f"{create} dev/web/plain --secret-string file://value.json",
        f"{create} dev/web/sealed --kms-key-id {KEY} --secret-string file://value.json",
    ]


def test_the_key_of_the_place_encrypts_what_states_none(tmp_path: Path) -> None:
    text = runbook(tmp_path, fleet={"secrets": {"kms_key_arn": KEY}}, secrets=secrets())
    assert f"--name dev/web/db-password --kms-key-id {KEY} " in text


def test_a_cluster_without_secrets_has_nothing_to_do(tmp_path: Path) -> None:
    text = runbook(tmp_path)
    assert text.endswith("No app reads a secret here: there is nothing to create, to check or to rotate.\n")
    assert starting(text, "kubectl") == []


def test_what_is_read_only_once_by_the_software_warns_and_asks_for_no_restart(tmp_path: Path) -> None:
    text = runbook(tmp_path, secrets=secrets(consumed_once=True))
    assert "**A restart is not enough for `dev/web/db-password`.**" in section(text, "Rotate")
    assert commands(section(text, "What must restart")) == []


def test_one_secret_of_two_that_is_read_only_once_leaves_the_restart_for_the_other(tmp_path: Path) -> None:
    both = secrets(consumed_once=True) | {"token": {"keys": {"TOKEN": "token"}}}
    text = runbook(tmp_path, secrets=both)
    assert text.count("**A restart is not enough for ") == 1
    assert len(commands(section(text, "What must restart"))) == 2


def test_what_is_read_only_once_warns_in_a_kubernetes_secret_that_it_shares_with_another(tmp_path: Path) -> None:
    shared = secrets(consumed_once=True) | {"token": {"target": "db", "keys": {"TOKEN": "token"}}}
    text = runbook(tmp_path, secrets=shared)
    _, password, token = section(text, "Rotate").split("\n### ")
    assert "**A restart is not enough for `dev/web/db-password`.**" in password
    assert "A restart is not enough" not in token
    assert len(commands(section(text, "What must restart"))) == 2


def test_a_secret_that_two_apps_read_is_created_and_rotated_once(tmp_path: Path) -> None:
    shared = {"path": "shared/smtp", "keys": {"URL": "url"}}
    apps = {
        "web": app(secrets={"mail": shared}),
        "api": app(secrets={"smtp": {**shared, "keys": {"USER": "user"}}}),
    }
    files = model(environments={"dev": environment(cluster())}, apps=apps)
    [text] = [each.text for each in render(write(tmp_path, files)) if each.path.endswith(ENDING)]
    _, created = section(text, "Create the secrets").split("\n### ")
    start = "`dev/shared/smtp`\n\nFor `api` `web`. The value is one JSON object with the properties:\n\n"
    assert created.startswith(f"{start}- url\n- user\n\n")
    rotate = section(text, "Rotate")
    assert len(starting(rotate, "aws secretsmanager put-secret-value")) == 1
    assert named(starting(rotate, "kubectl"), r"-n (\S+ annotate externalsecret \S+)") == {
        "api annotate externalsecret api-smtp",
        "web annotate externalsecret web-mail",
    }


def test_what_the_operator_reads_only_once_is_deleted_to_be_read_again(tmp_path: Path) -> None:
    text = runbook(tmp_path, secrets=secrets(refresh_interval="0s"))
    assert commands(section(text, "Rotate"))[1:] == ["kubectl --context shop-dev-use1 -n web delete secret db"]


def test_a_secret_that_fills_two_kubernetes_secrets_refreshes_both(tmp_path: Path) -> None:
    twice = secrets() | {"again": {"target": "copy", "keys": {"PASSWORD": "password"}, "path": "web/db-password"}}
    text = runbook(tmp_path, secrets=twice)
    assert section(text, "Rotate").count("\n### ") == 1
    assert named(starting(text, "kubectl"), r"annotate externalsecret (\S+)") == {"db", "copy"}


@pytest.mark.parametrize(("version", "instance"), [("3.5.1", "site"), ("2.14.21", "web-dev-use1")])
def test_the_label_of_a_restart_is_what_argo_cd_leaves_on_the_workload(
    tmp_path: Path, version: str, instance: str
) -> None:
    text = runbook(tmp_path, fleet={"argocd": {"version": version}}, release_name="site", secrets=secrets())
    assert named(starting(text, "kubectl"), r"-l app\.kubernetes\.io/instance=(\S+)") == {instance}


def test_a_role_may_have_any_name_that_iam_takes(tmp_path: Path) -> None:
    name = "read,one+two=three@four.five_six"
    text = runbook(tmp_path, secrets=secrets(), role_name=name)
    [line] = starting(text, "aws iam get-role")
    printed = subprocess.run(["bash", "-c", f"printf '%s\n' {line}"], capture_output=True, text=True, check=True)
    assert printed.stdout.split("\n")[4] == name


def test_the_lesson_of_grafana_is_told_on_every_cluster_with_secrets() -> None:
    path = PROJECT / "output/environments/production/clusters/myapp-production-use1/runbook.md"
    lesson = section(path.read_text(encoding="utf-8"), "Software that reads its credential only once")
    assert "`GF_SECURITY_ADMIN_PASSWORD`" in lesson
    assert commands(lesson) == ["grafana cli admin reset-admin-password --password-from-stdin"]


def test_it_is_clean_markdown(fleet: Generated) -> None:
    for path in fleet.paths(start="environments/", end=ENDING):
        text = fleet.files[path]
        assert "\n\n\n" not in text, path
        assert len(re.findall(r"^# ", text, re.MULTILINE)) >= 1, path
        assert text.count("```") % 2 == 0, path
        for heading in re.finditer(r"^#{1,3} .*$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE):
            before, after = text.split(f"{heading.group()}\n", 1)
            assert before.endswith("\n\n"), (path, heading.group())
            assert after.startswith("\n"), (path, heading.group())
