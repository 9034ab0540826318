"""A fleet in a repository that is hosted on loopback, and the bot run on it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.tools.command import Answer, gitops_gen
from tests.tools.fleets import app, cluster, environment, model, write
from tests.tools.hosting import Hosting, hosting
from tests.tools.hosting.server import TOKEN
from tests.tools.repository import commit_all, git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BRANCH = "gitops-gen/shop/main"
TOKENS = {"github": "GH_TOKEN", "gitlab": "GITLAB_TOKEN", "gitea": "GITEA_TOKEN", "forgejo": "FORGEJO_TOKEN"}
_CLEARED = ("GITHUB_", "GITLAB_", "GITEA_", "FORGEJO_", "GH_", "CI_", "GIT_")


@dataclass(frozen=True)
class Scene:
    """A service, the bare repository behind it, and a checkout with the fleet called shop."""

    hosted: Hosting
    bare: Path
    checkout: Path

    def pr(self, *arguments: str, tokens: dict[str, str] | None = None, root: Path | None = None) -> Answer:
        """Runs `gitops-gen pr`."""
        service = self.hosted.service
        given = {TOKENS[service]: TOKEN} if tokens is None else tokens
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_CLEARED)}
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        with patch.dict(os.environ, {**kept, **quiet, **given}, clear=True):
            return gitops_gen(root or self.checkout, "pr", *arguments, "--service", service, "--timeout", "1")

    def edit(self, path: str, old: str, new: str) -> None:
        """Changes a file of the checkout."""
        file = self.checkout / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    def push_base(self, message: str = "change the model") -> str:
        """Commits everything of the checkout and pushes it to main."""
        commit_all(self.checkout, message)
        git(self.checkout, "push", "--quiet", str(self.bare), "HEAD:refs/heads/main")
        return self.at("main")

    def at(self, revision: str) -> str:
        """Returns the commit that the remote has at a revision."""
        return git(self.bare, "rev-parse", revision).strip()

    def shown(self, revision: str, path: str) -> str:
        """Returns a file of the remote."""
        return git(self.bare, "show", f"{revision}:{path}")

    def branches(self) -> list[str]:
        """Returns the branches of the remote."""
        return git(self.bare, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    def commit_of_a_person(self, branch: str = BRANCH, path: str = "note.txt") -> str:
        """Puts a person's commit onto a branch of the remote, and returns it."""
        folder = self.bare.parent / "person"
        git(self.bare.parent, "clone", "--quiet", "--branch", branch, str(self.bare), str(folder))
        (folder / path).write_text("by hand\n", encoding="utf-8")
        commit_all(folder, "by hand")
        git(folder, "push", "--quiet", "origin", f"HEAD:{branch}")
        shutil.rmtree(folder)
        return self.at(branch)


def shop(**production: object) -> dict[str, object]:
    """Returns the files of a small fleet with two environments."""
    return dict(
        model(
            environments={
                "dev": environment(cluster(1), account_id="111122223333"),
                "production": environment(cluster(2), account_id="444455556666", **production),
            },
            apps={"web": app(secrets={"db": {"target": "db", "keys": {"PASSWORD": "password"}}})},
        )
    )


@contextmanager
def scene(folder: Path, service: str = "github", *, is_generated: bool = True, **production: object) -> Iterator[Scene]:
    """Gives the block a scene. With `is_generated` the output is committed, and the bot has nothing to do."""
    bare, checkout = folder / "gitops.git", folder / "checkout"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    write(checkout, shop(**production))
    write(checkout, {"charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n"})
    if is_generated:
        assert gitops_gen(checkout, "generate").code == 0
    with hosting(service, bare) as hosted:
        here = Scene(hosted, bare, checkout)
        here.push_base("start")
        git(checkout, "remote", "add", "origin", hosted.remote)
        yield here
