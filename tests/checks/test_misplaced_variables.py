"""Generated variable files that stand where another cluster's belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
