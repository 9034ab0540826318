"""Where a git remote is: its URL taken apart, and the credentials for it, kept out of every text that is shown."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

HIDDEN = "***"

_SCP_LIKE = re.compile(r"(?:[^@/\s]+@)?(?P<host>\[[^]]+\]|[^/:\s]+):(?P<path>(?!//).+)", re.DOTALL)
"""user@host:path, which git takes for ssh (git-fetch, "Git URLs")."""
_WEB = ("http", "https")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and a password or token for a web remote. Neither stands in its repr."""

    user: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def header(self) -> str:
        """The value of the Authorization header (RFC 7617)."""
        return f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every spelling in which the password could show up."""
        return spellings(self.password, user=self.user)


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote repository."""

    url: str
    """As git is given it, without a password."""
    scheme: str
    """https, http, ssh, git, or file for a path on this machine."""
    host: str
    """With the port, where one is stated; empty for a path on this machine."""
    path: str
    """What follows the host, without slashes around it and without `.git`."""
    credentials: Credentials | None = None

    @property
    def is_web(self) -> bool:
        """True where git speaks HTTP, so that a token can sign it in."""
        return self.scheme in _WEB

    @property
    def hostname(self) -> str:
        """The host without the port."""
        return self.host.rsplit(":", 1)[0] if re.search(r":\d+$", self.host) else self.host

    @property
    def origin(self) -> str:
        """Scheme and host of the web page of the service; https where git speaks ssh, whose port is another."""
        return f"{self.scheme}://{self.host}" if self.is_web else f"https://{self.hostname}"

    def signed_in(self, credentials: Credentials) -> Remote:
        """Returns the remote with credentials; those that its URL states stay."""
        return self if self.credentials or not self.is_web else replace(self, credentials=credentials)


def read_remote(url: str) -> Remote:
    """Returns a remote by its URL: https, http, ssh, scp-like, file, or a path. Never fails: the rest is a path."""
    parts = urlsplit(url) if "://" in url else None
    if parts is not None and parts.scheme in (*_WEB, "ssh", "git", "git+ssh"):
        host = parts.netloc.rpartition("@")[2]
        if parts.scheme not in _WEB:
            return Remote(url, "ssh" if "ssh" in parts.scheme else "git", host, _repository(parts.path))
        bare = parts._replace(netloc=host).geturl()
        return Remote(bare, parts.scheme, host, _repository(parts.path), _stated(parts.username, parts.password))
    found = None if parts is not None else _SCP_LIKE.fullmatch(url)
    if found is not None:
        return Remote(url, "ssh", found["host"], _repository(found["path"]))
    return Remote(url, "file", "", _repository(url.removeprefix("file://")))


def spellings(secret: str, *, user: str = "") -> tuple[str, ...]:
    """Returns the forms in which a secret can stand in a text: plain, in a URL, and in base64 as HTTP carries it."""
    forms = {secret, quote(secret, safe=""), *(_encoded(f"{name}:{secret}") for name in {user, ""}), _encoded(secret)}
    return tuple(sorted((form for form in forms if form), key=len, reverse=True))


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """Returns a text without secrets, and without the password of any URL in it."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return re.sub(r"(?<=://)[^/@\s]+@", f"{HIDDEN}@", text)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode().rstrip("=")


def _stated(user: str | None, password: str | None) -> Credentials | None:
    if not user:
        return None
    return Credentials(unquote(user), unquote(password or ""))


def _repository(path: str) -> str:
    return path.strip("/").removesuffix(".git").rstrip("/")
