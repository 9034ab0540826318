"""Git on a repository that is only read: what git makes, objects and index, goes into a temporary folder.

The branch that is checked out, the index, the refs and the object store of the repository stay byte for byte as they
are, also when a run is killed. The word is git's own, for objects that are received and not yet accepted.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gitops_gen.git import blobs_in, entries_in
from gitops_gen.problems import GitError, Location, Problem
from gitops_gen.remote import Credentials, Remote, scrubbed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gitops_gen.git import Entry

REMOTE = "gitops-gen"
"""The name under which git knows the remote for the time of a run; it stands in no file."""

_LONGEST = 900
"""Seconds that one git command may take."""
_FOREIGN = ("GIT_TRACE", "GIT_CURL_VERBOSE", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_COMMON_DIR")  # fmt: skip
"""What the caller, a git hook say, may have set for another repository, and what would print headers."""
_PASSING = ("stale info", "cannot lock ref", "fetch first", "RPC failed", "unexpected disconnect", "early EOF",
            "returned error: 5", "Empty reply", "reset by peer")  # fmt: skip
"""In git's own words: another push was faster, or the connection broke, and the remote is to be looked at again."""
_REASONS = 6
"""Lines of git's own words that are shown."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its own id, its tree, its parents, and the object as git keeps it."""

    id: str
    tree: str
    parents: tuple[str, ...]
    raw: bytes


@contextmanager
def quarantine(repository: Path, remote: Remote, *, timeout: float) -> Iterator[Quarantine]:
    """Gives the block git on a repository. `timeout` is in seconds: how long a web remote may be silent."""
    with TemporaryDirectory(prefix="gitops-gen-") as folder:
        yield Quarantine(repository, Path(folder), remote, timeout)


class Quarantine:
    """Git on one repository and one remote of it. Made by `quarantine`; every method raises GitError."""

    def __init__(self, repository: Path, folder: Path, remote: Remote, timeout: float) -> None:
        self.remote = remote
        self._repository = repository
        self._folder = folder
        self.environment = _environment(folder, remote, timeout)
        self._lend_objects()

    def ask(self, *arguments: str, stdin: bytes = b"", also: Mapping[str, str] | None = None) -> bytes:
        """Returns what a git command prints. `also` is laid over its environment."""
        done = self._run(*arguments, stdin=stdin, also=also)
        if done.returncode != 0:
            raise self._refused(arguments[0], done.stderr)
        return done.stdout

    def says_yes(self, *arguments: str) -> bool:
        """Tells whether a git command succeeds."""
        return self._run(*arguments).returncode == 0

    def word(self, *arguments: str) -> str:
        """Returns the one line that a git command prints."""
        return self.ask(*arguments).decode().strip()

    def branches(self) -> tuple[Mapping[str, str], str | None]:
        """Returns the branches of the remote with their commits, and the name of its default branch."""
        heads: dict[str, str] = {}
        default = None
        listed = self.ask("ls-remote", "--symref", REMOTE, "HEAD", "refs/heads/*").decode("utf-8", "surrogateescape")
        for line in listed.splitlines():
            left, _, name = line.partition("\t")
            if left.startswith("ref: refs/heads/") and name == "HEAD":
                default = left.removeprefix("ref: refs/heads/")
            elif name.startswith("refs/heads/"):
                heads[name.removeprefix("refs/heads/")] = left
        return heads, default

    def fetch(self, commits: Iterable[str], *, depth: int | None = None) -> None:
        """Brings commits of the remote that are not here. With `depth`, no more of their history than that."""
        missing = [commit for commit in dict.fromkeys(commits) if not self.has(commit)]
        if missing:
            deep = () if depth is None else (f"--depth={depth}",)
            quiet = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=")
            self.ask("fetch", *quiet, *deep, REMOTE, *missing)

    def has(self, commit: str) -> bool:
        """Tells whether a commit is here."""
        return self.says_yes("cat-file", "-e", f"{commit}^{{commit}}")

    def commit(self, name: str) -> Commit:
        """Returns a commit."""
        raw = self.ask("cat-file", "commit", name)
        head = raw.split(b"\n\n", 1)[0].decode("utf-8", "replace").splitlines()
        parents = tuple(line.removeprefix("parent ") for line in head if line.startswith("parent "))
        return Commit(self.word("rev-parse", f"{name}^{{commit}}"), head[0].removeprefix("tree "), parents, raw)

    def files(self, commit: str, folder: str) -> Mapping[str, Entry]:
        """Returns what a commit has below a folder, by path relative to it. "" is the root of the repository."""
        place = f"{commit}:{folder}"
        if folder and not self.says_yes("cat-file", "-e", place):
            return {}
        return entries_in(self.ask("ls-tree", "-r", "-z", "--full-tree", place))

    def blobs(self, objects: Iterable[str]) -> Mapping[str, bytes]:
        """Returns the contents of files by their object ids."""
        wanted = list(dict.fromkeys(objects))
        answer = self.ask("cat-file", "--batch", stdin="".join(f"{each}\n" for each in wanted).encode())
        return dict(zip(wanted, blobs_in(answer), strict=True))

    def store(self, texts: Iterable[bytes]) -> tuple[str, ...]:
        """Keeps texts as objects, as they are, and returns their ids."""
        folder = self._folder / "texts"
        folder.mkdir(exist_ok=True)
        paths = [self._written(folder / str(number), text) for number, text in enumerate(texts)]
        listed = "".join(f"{path}\n" for path in paths).encode()
        return tuple(self.ask("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listed).decode().split())

    def push(self, branch: str, commit: str | None, *, seen: str | None) -> None:
        """Sets a branch of the remote, or deletes it (None), if it still is at the commit that was seen there."""
        lease = f"--force-with-lease=refs/heads/{branch}:{seen or ''}"
        # No hook of the person's: it would find the repository as it is, without the commit.
        self.ask("push", "--quiet", "--no-verify", lease, REMOTE, f"{commit or ''}:refs/heads/{branch}")

    def _run(
        self, *arguments: str, stdin: bytes = b"", also: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                ["git", *arguments],
                cwd=self._repository,
                env={**self.environment, **(also or {})},
                input=stdin,
                capture_output=True,
                check=False,
                timeout=_LONGEST,
            )
        except OSError as error:
            raise _cannot_run(error) from error
        except subprocess.TimeoutExpired:
            raise self._refused(arguments[0], f"no answer within {_LONGEST} seconds".encode()) from None

    def _refused(self, command: str, words: bytes) -> GitError:
        secrets = self.remote.credentials.secrets if self.remote.credentials else ()
        said = scrubbed(words.decode("utf-8", "replace"), secrets)
        lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("hint:")]
        problem = Problem(
            "git-refused",
            f"git {command}: {' / '.join(lines[-_REASONS:]) or 'failed without a word'}",
            Location(scrubbed(self.remote.url, secrets)),
            _hint(said, self.remote),
        )
        return GitError(problem, may_pass=any(word in said for word in _PASSING))

    def _lend_objects(self) -> None:
        information = self._folder / "objects" / "info"
        information.mkdir(parents=True)
        asked = {name: value for name, value in self.environment.items() if name != "GIT_OBJECT_DIRECTORY"}
        done = subprocess.run(
            ["git", "rev-parse", "--git-path", "objects"],
            cwd=self._repository,
            env=asked,
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            raise self._refused("rev-parse", done.stderr)
        objects = (self._repository / os.fsdecode(done.stdout.rstrip(b"\n"))).resolve()
        (information / "alternates").write_bytes(os.fsencode(objects) + b"\n")

    @staticmethod
    def _written(path: Path, text: bytes) -> Path:
        path.write_bytes(text)
        return path


def _environment(folder: Path, remote: Remote, timeout: float) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {
        "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        **kept,
        **_settings(kept, remote, timeout),
        "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
        "GIT_INDEX_FILE": str(folder / "index"),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
        **({"GIT_ASKPASS": ""} if remote.credentials else {}),
    }


def _settings(environment: Mapping[str, str], remote: Remote, timeout: float) -> dict[str, str]:
    """Returns git's configuration as environment variables: there no other process's arguments and no file show it."""
    stated = [
        (f"remote.{REMOTE}.url", remote.url),
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("core.fsmonitor", "false"),
        ("core.splitIndex", "false"),
        ("i18n.commitEncoding", "UTF-8"),
        ("http.lowSpeedLimit", "1"),
        ("http.lowSpeedTime", str(max(1, round(timeout)))),
        *_sign_in(remote.url, remote.credentials),
    ]
    first = int(environment.get("GIT_CONFIG_COUNT", "0") or 0)
    numbered = list(enumerate(stated, first))
    return {
        "GIT_CONFIG_COUNT": str(first + len(stated)),
        **{f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in numbered},
        **{f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in numbered},
    }


def _sign_in(url: str, credentials: Credentials | None) -> Iterator[tuple[str, str]]:
    """Yields the settings that sign git in. Without a helper: one that stores would write the token to disk."""
    if credentials is not None:
        yield "credential.helper", ""
        # The empty one forgets a header that a CI left in the repository: two of them are refused.
        yield f"http.{url}.extraHeader", ""
        yield f"http.{url}.extraHeader", f"Authorization: {credentials.header}"


def _hint(said: str, remote: Remote) -> str:
    if "stale info" in said or "fetch first" in said:
        return "somebody pushed to the branch meanwhile; run the command again"
    if "cannot lock ref" in said:
        return "another push is under way; run the command again"
    if "pre-receive hook declined" in said or "protected branch" in said:
        return "a rule of the repository forbids it: allow the bot's branch there, or name another with --branch"
    if any(word in said for word in ("Authentication failed", "could not read Username", "403", "401", "Permission")):
        how = "see whether the token may write to the repository" if remote.is_web else "see whether the key may push"
        return f"{how}; then run the command again"
    return "see whether git can reach the remote; then run the command again"


def _cannot_run(error: OSError) -> GitError:
    return GitError(Problem("git-missing", f"git cannot be started: {error.strerror}", Location("git"), "install git"))
