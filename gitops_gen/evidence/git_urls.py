"""The URL of a git repository as Argo CD compares it.

Source: argoproj/argo-cd v3.5.1, util/git/git.go, NormalizeGitURL; Go's net/url, which it reads and writes it with.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gitops_gen.patterns import lazily

_HTTPS = "https://"
_AS_WRITTEN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.~/")
"""What Go writes as it was, wherever it stands behind the scheme."""
_OF_SSH = lazily(r"[^/:]*?@[^@]+")
_URL = lazily(r"(?P<start>[a-z][a-z0-9+.-]*://(?P<host>[^/?#]*))?(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL)
_HOST = lazily(r"(?:.*@)?(?:(?:[a-z0-9\-_.~!$&'()*+,;=<>\"]|[^\x00-\x7f])*|\[[0-9a-f:.]+\])(?::[0-9]*)?")
_PATH = lazily(r"(?:[^%]|%[0-9a-f]{2})*", re.DOTALL)
_UNESCAPED = lazily(r"[a-z0-9\-_.~!$&'()*+,;=:@/\[\]%]*")
"""A path that Go writes as it was: one with anything else in it is escaped as a whole."""
_KEPT = "/$&+,:;=@"
"""What is not escaped even then, beside letters, digits and -_.~."""


@lru_cache(maxsize=1024)
def normal_git_url(url: str) -> str:
    """Returns a URL in lower case, without .git, and without ssh:// and a colon for SSH.

    Of what is no URL to Go, nothing is left.
    """
    text = url.strip().lower()
    if text.startswith(_HTTPS) and _AS_WRITTEN.issuperset(text.removeprefix(_HTTPS)):
        return text.removesuffix(".git")  # nearly always
    if not text.startswith("ssh://") and _OF_SSH.fullmatch(text):
        text = f"ssh://{text.replace(':', '/', 1)}"
    return _as_go_writes(text.removesuffix(".git")).removeprefix("ssh://")


def _as_go_writes(url: str) -> str:
    """Returns a URL that Go has read and written again. In a pattern with braces, the stars are escaped too."""
    found = _URL.fullmatch(url)
    if found is None or not _HOST.fullmatch(found["host"] or "") or not _PATH.fullmatch(found["path"]):
        return ""
    path = found["path"]
    if not _UNESCAPED.fullmatch(path):
        from urllib.parse import quote, unquote

        path = quote(unquote(path), safe=_KEPT)
    return f"{found['start'] or ''}{path}{found['rest']}"
