"""Files of two states of one model, mixed as a merge or a revert of one file leaves them: the odd one is found."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.checks.mutation import Bench, Mutation
from tests.tools.generated import PROJECT, Generated, generated, real

if TYPE_CHECKING:
    from pathlib import Path

APP, DEV, FLEET = "environments/apps/myapp.yaml", "environments/dev.yaml", "environments/fleet.yaml"
MADE_ANEW = ("EXAMPLED539D4633E53DE1B51EXAMPLE", "0123456789ABCDEF0123456789ABCDEF")
"""The id of a cluster, and the one that EKS gives it when it is made again."""


@pytest.mark.parametrize(
    ("model", "old", "new"),
    [
        (APP, "namespace: myapp\n", "namespace: shop\n"),
        (APP, "DB_PASSWORD: password", "DATABASE_PASSWORD: password"),
        (APP, "  db-password:", "  database:"),
        (DEV, "account_id:", "secrets: {prefix: development}\naccount_id:"),
        (DEV, "account_id:", "project: developers\naccount_id:"),
        (DEV, *MADE_ANEW),
        (FLEET, 'version: "3.5.1"', 'version: "3.5.1"\n  namespace: gitops'),
    ],
    ids=["namespace", "key", "path", "prefix", "project", "made anew", "Argo CD"],
)
def test_each_file_of_one_state_is_found_in_the_other(tmp_path: Path, model: str, old: str, new: str) -> None:
    before, after = real(), _changed(tmp_path, model, old, new)
    changed = [path for path in before.files if after.files.get(path) != before.files[path] and _is_linked(path)]
    assert before.files.keys() == after.files.keys()
    assert len(changed) > 1
    for tree, other in ((before, after), (after, before)):
        bench = Bench(tree)
        assert bench.judged_unchanged == ()
        for path in changed:
            problems = bench.problems(Mutation(path, 1, (), "", "", other.files[path]))
            assert problems, f"{path} of the other state is not found"
            assert bench.points_at(Mutation(path, 1, (), "", "", other.files[path]), problems), path


def _is_linked(path: str) -> bool:
    return not path.endswith(".md")  # prose is for people


def _changed(root: Path, model: str, old: str, new: str) -> Generated:
    """Returns the files of the six clusters after a change of the model."""
    shutil.copytree(PROJECT / "environments", root / "environments")
    shutil.copytree(PROJECT / "examples", root / "examples")
    text = (root / model).read_text(encoding="utf-8")
    assert old in text
    (root / model).write_text(text.replace(old, new), encoding="utf-8")
    tree = real()
    return generated(root, url=tree.url, revision=tree.revision, folder=tree.folder)
