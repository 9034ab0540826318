"""The grammar of the small strings of the model that no standard names: repository URLs, paths, versions, keys.

Every check returns the reason why a text is refused, or None.
"""

from __future__ import annotations

import re

_VERSION = re.compile(r"[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}")
_USER = r"[A-Za-z0-9._%+-]+"
_HOST = r"[A-Za-z0-9._-]+"
# No braces: a URL and a revision stand in templates of Argo CD, which would evaluate them.
_URL_PATH = r"[!-z|~]"
_REVISION = re.compile(r"[!-z|~]+")
_GIT_URL = re.compile(
    rf"(?:https?|ssh|oci)://(?:{_USER}@)?{_HOST}(?::[0-9]+)?(?:/{_URL_PATH}*)?|{_USER}@{_HOST}:{_URL_PATH}+"
)
_BARE_REGISTRY = re.compile(r"[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::[0-9]+)?(?:/[A-Za-z0-9_./-]+)?")
# In ssh://git@host, git is no more than a name.
_CREDENTIAL = re.compile(r"https?://[^/\s]*@|[a-z]+://[^/\s]*:[^/\s]*@")
_PATH_PART = re.compile(r"[A-Za-z0-9._@+=-]+")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_DOTTED_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*")
_OWNER = re.compile(r"(?:team:)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_])?")
_SYNC_OPTION = re.compile(r"[A-Z][A-Za-z]*=[A-Za-z]+")

PLACEHOLDERS = ("cluster", "environment", "region")


def check_argo_cd_version(text: str) -> str | None:
    """Refuses what is not MAJOR.MINOR.PATCH, and what is older than 2.10.0, the first to know templatePatch.

    Source: Argo CD, operator-manual/applicationset/Template.md.
    """
    if not _VERSION.fullmatch(text):
        return f"got {text!r}, expected a version such as 3.5.1"
    if tuple(int(part) for part in text.split(".")[:2]) < (2, 10):
        return f"got {text}, expected 2.10.0 or newer: older ones do not know templatePatch of an ApplicationSet"
    return None


def check_repository_url(text: str) -> str | None:
    """Refuses what Argo CD cannot fetch from, and a URL that carries a credential."""
    if _CREDENTIAL.match(text):
        return "the URL carries a credential; expected one without, since it is written into every ApplicationSet"
    if _GIT_URL.fullmatch(text) or _BARE_REGISTRY.fullmatch(text):
        return None
    return f"got {text!r}, expected a URL such as https://github.com/example/repo.git"


def check_git_url(text: str) -> str | None:
    """As a repository, but one that git can fetch from: without a scheme, git takes a name for a folder.

    Source: git, git-clone, GIT URLS; Argo CD's NormalizeGitURL adds no scheme but ssh.
    """
    if not _CREDENTIAL.match(text) and not _GIT_URL.fullmatch(text) and _BARE_REGISTRY.fullmatch(text):
        return f"got {text!r}, which git takes for a folder; expected a URL with its scheme, such as https://{text}"
    return check_repository_url(text)


def check_relative_path(text: str) -> str | None:
    """Refuses a path that is absolute, leaves its root, or has characters that need quoting somewhere."""
    if text.startswith("/"):
        return f"got the absolute path {text!r}, expected one relative to the root of the repository"
    parts = text.split("/")
    if ".." in parts:
        return f"got {text!r}, which leaves the repository"
    if text != "." and not all(part != "." and _PATH_PART.fullmatch(part) for part in parts):
        return f"got {text!r}, expected folders of letters, digits and ._@+=- joined by single slashes"
    return None


def check_values_file(text: str) -> str | None:
    """As a relative path, in which {environment}, {cluster} and {region} stand for the release's own."""
    for name in _PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            return f"got {{{name}}} in {text!r}, expected one of {', '.join(f'{{{known}}}' for known in PLACEHOLDERS)}"
    return check_relative_path(_PLACEHOLDER.sub("x", text))


def check_dotted_key(text: str) -> str | None:
    """Refuses what is not a path of map keys, as image.tag."""
    return None if _DOTTED_KEY.fullmatch(text) else f"got {text!r}, expected keys joined by dots, as image.tag"


def check_revision(text: str) -> str | None:
    """Refuses what is no branch, tag, commit or chart version: white space, and braces, which a template would read."""
    return None if _REVISION.fullmatch(text) else f"got {text!r}, expected a branch, tag, commit or chart version"


def check_sync_option(text: str) -> str | None:
    """Refuses what is not an Argo CD sync option, Name=value."""
    return None if _SYNC_OPTION.fullmatch(text) else f"got {text!r}, expected an option such as ServerSideApply=true"


def check_owner(text: str) -> str | None:
    """Refuses what is no login of a hosting service, and no team of one, team:NAME."""
    return None if _OWNER.fullmatch(text) else f"got {text!r}, expected a login without @, or team:NAME"
