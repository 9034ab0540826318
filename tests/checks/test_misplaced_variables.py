"""Generated variable files that stand where another cluster's belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "tfvars-variables"
MOVE = "hint: move it to the folder of its cluster, or generate it again"
TEXT = """\
cluster_name      = "{}"
env               = "dev"
account_id        = "111122223333"
aws_region        = "us-east-1"
oidc_provider     = "x"
oidc_provider_arn = "y"
eso_roles         = {{}}
"""


def variables(cluster: str) -> str:
    return MARK + TEXT.format(cluster)


def test_two_files_that_are_exchanged_are_found(tmp_path: Path) -> None:
    files = {"clusters/a/a.tfvars": variables("b"), "clusters/b/b.tfvars": variables("a")}
    assert found(tmp_path, files, CODE) == [
        (
            f"clusters/a/a.tfvars:2:21: error: the file is for the cluster b, and its path is that of a\n{MOVE}\n"
            "clusters/b/b.tfvars:2:21: this file is for a"
        ),
        (
            f"clusters/b/b.tfvars:2:21: error: the file is for the cluster a, and its path is that of b\n{MOVE}\n"
            "clusters/a/a.tfvars:2:21: this file is for b"
        ),
    ]


def test_a_copy_under_another_name_is_found(tmp_path: Path) -> None:
    files = {f"clusters/{each}/{each}.tfvars": variables(each) for each in ("a", "b")}
    assert found(tmp_path, {**files, "clusters/c/c.tfvars": variables("a")}, CODE) == [
        (
            "clusters/c/c.tfvars:2:21: error: the file is for the cluster a, which its path does not name, as others "
            f"do\n{MOVE}\nclusters/a/a.tfvars:2:21: this file is for a"
        )
    ]


def test_paths_of_another_rule_and_files_kept_by_hand_are_none(tmp_path: Path) -> None:
    files = {"dev/east.tfvars": variables("a"), "dev/west.tfvars": variables("b"), "b/x.tfvars": TEXT.format("a")}
    assert found(tmp_path, files, CODE) == []


SOUND = {f"dev/{each}/{each}.tfvars": variables(each) for each in ("a", "b", "c")}


@pytest.mark.parametrize("folder", ["dev/b", "dev", "Dev/a", "prod/a"])
def test_a_file_that_is_moved_is_found_by_where_the_others_are(tmp_path: Path, folder: str) -> None:
    moved = {**SOUND, f"{folder}/a.tfvars": SOUND["dev/a/a.tfvars"]}
    del moved["dev/a/a.tfvars"]
    assert found(tmp_path, moved, CODE) == [
        (
            f"{folder}/a.tfvars:2:21: error: the file of a stands in {folder}, and the others of its kind in "
            f"<environment>/<cluster>\n{MOVE}\ndev/b/b.tfvars:2:21: this one, for example"
        )
    ]


def test_the_folder_of_an_environment_that_is_not_known_is_none_of_another(tmp_path: Path) -> None:
    """By terraform plan 1.11.4, the first is dev too; what it comes to is not worked out."""
    for value in ('["dev"][0]', "null"):
        files = {**SOUND, "dev/a/a.tfvars": SOUND["dev/a/a.tfvars"].replace('"dev"', value)}
        assert not any("stands in" in each for each in found(tmp_path, files, CODE))


def test_a_second_file_a_path_of_another_kind_and_a_cluster_called_as_its_environment_are_none(tmp_path: Path) -> None:
    files = {**SOUND, "dev/a.tfvars": variables("a"), "west/plans/d.tfvars": variables("d")}
    files["dev/dev/dev.tfvars"] = variables("dev")
    assert found(tmp_path, files, CODE) == []


def test_a_file_with_another_name_in_its_own_folder_is_told_by_its_name(tmp_path: Path) -> None:
    renamed = {**SOUND, "dev/a/ax.tfvars": SOUND["dev/a/a.tfvars"]}
    del renamed["dev/a/a.tfvars"]
    assert found(tmp_path, renamed, CODE) == [
        (
            "dev/a/ax.tfvars:2:21: error: the file of a is called ax.tfvars, and the others of its kind are called "
            "after their cluster\nhint: call it a.tfvars, or generate it again\n"
            "dev/b/b.tfvars:2:21: this one, for example"
        )
    ]
