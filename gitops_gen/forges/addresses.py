"""Which hosting service a remote belongs to, where its API is, and which token is for it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gitops_gen.forges.faults import ForgeError
from gitops_gen.problems import Location, Problem
from gitops_gen.remote import scrubbed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.remote import Remote


class Service(StrEnum):
    """A kind of hosting service."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"
    FORGEJO = "forgejo"


TOKENS: Mapping[Service, tuple[str, ...]] = {
    Service.GITHUB: ("GH_TOKEN", "GITHUB_TOKEN"),
    Service.GITLAB: ("GITLAB_TOKEN", "CI_JOB_TOKEN"),
    Service.GITEA: ("GITEA_TOKEN", "GITHUB_TOKEN"),
    Service.FORGEJO: ("FORGEJO_TOKEN", "GITEA_TOKEN", "GITHUB_TOKEN"),
}
"""The environment variables that carry a token, the first that is set wins; Actions of Gitea calls it GITHUB_TOKEN."""

_API_PATH = re.compile(r"/api/v[0-9]$")
_PUBLIC: Mapping[str, Service] = {
    "github.com": Service.GITHUB,
    "gitlab.com": Service.GITLAB,
    "gitea.com": Service.GITEA,
    "codeberg.org": Service.FORGEJO,
}
_SERVERS: Mapping[str, Service] = {
    "FORGEJO_SERVER_URL": Service.FORGEJO,
    "GITEA_SERVER_URL": Service.GITEA,
    "CI_SERVER_URL": Service.GITLAB,
    "GITHUB_SERVER_URL": Service.GITHUB,
}
"""Where a CI names its own service. Gitea's Actions sets GITHUB_SERVER_URL too, and GITEA_ACTIONS beside it."""


@dataclass(frozen=True, slots=True)
class Address:
    """A repository on a hosting service, and the token for it."""

    service: Service
    base: str
    """The web address of the service, without a slash at its end."""
    project: str
    """owner/name; on GitLab with every group above it."""
    token: str = field(repr=False)
    token_from: str
    """The environment variable that the token was in."""
    api: str | None = None
    """The address of the API, where it is not where the service usually has it."""

    @property
    def place(self) -> str:
        """The repository, as messages name it."""
        return f"{self.base}/{self.project}"


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person says of the service, where the remote does not tell."""

    service: Service | None = None
    base: str | None = None
    project: str | None = None


def find_address(remote: Remote, stated: Stated, environment: Mapping[str, str] = os.environ) -> Address:
    """Returns where a remote is hosted. Raises ForgeError where that, or the token, is not known."""
    base = _base(remote, stated)
    service = stated.service or _service(base, environment)
    project = stated.project or _project(remote, base)
    if service is None or not base:
        raise _unknown_service(remote)
    if not re.fullmatch(r"[^/\s]+(?:/[^/\s]+)+", project):
        raise _unknown_project(remote, project)
    token_from = next((name for name in TOKENS[service] if environment.get(name)), None)
    if token_from is None:
        raise _no_token(service, base)
    return Address(
        service, base, project, environment[token_from].strip(), token_from, _api(service, base, environment)
    )


def _base(remote: Remote, stated: Stated) -> str:
    """Returns the web address. What is stated may be that of the API, as some tools want it."""
    if stated.base:
        bare = _API_PATH.sub("", stated.base.rstrip("/"))
        return "https://github.com" if bare == "https://api.github.com" else bare
    return remote.origin if remote.host else ""


def _api(service: Service, base: str, environment: Mapping[str, str]) -> str | None:
    """Returns what a CI says of its own service's API; GitHub's Actions does."""
    is_its_own = environment.get("GITHUB_SERVER_URL", "").rstrip("/") == base
    return environment.get("GITHUB_API_URL") if service is Service.GITHUB and is_its_own else None


def _service(base: str, environment: Mapping[str, str]) -> Service | None:
    host = urlsplit(base).netloc
    name = urlsplit(base).hostname or ""
    if name in _PUBLIC:
        return _PUBLIC[name]
    for variable, service in _SERVERS.items():
        if host and urlsplit(environment.get(variable, "")).netloc == host:
            is_gitea = service is Service.GITHUB and environment.get("GITEA_ACTIONS") == "true"
            return Service.GITEA if is_gitea else service
    return next((service for service in Service if service.value in re.split(r"[.-]", name)), None)


def _project(remote: Remote, base: str) -> str:
    """Returns the path of the repository on its service, which may itself be served below a path."""
    below = urlsplit(base).path.strip("/")
    return remote.path.removeprefix(f"{below}/") if below and remote.is_web else remote.path


def _unknown_service(remote: Remote) -> ForgeError:
    hint = (
        f"name it with --service {'|'.join(Service)}; if the address of its web page is not that of the remote, "
        "with --service-url too"
    )
    return ForgeError(Problem("unknown-service", "no hosting service is known for this remote", _at(remote), hint))


def _unknown_project(remote: Remote, project: str) -> ForgeError:
    message = f"got {project or 'nothing'} for the repository on the service, expected owner/name"
    hint = "name it with --project owner/name"
    return ForgeError(Problem("unknown-project", message, _at(remote), hint))


def _at(remote: Remote) -> Location:
    return Location(scrubbed(remote.url, ()))


def _no_token(service: Service, base: str) -> ForgeError:
    message = f"there is no token for {service.value}: none of {', '.join(TOKENS[service])} is set"
    hint = "put one into the environment that may write contents and pull requests"
    return ForgeError(Problem("no-token", message, Location(base), hint))
