"""The title of a pull request where it is what makes a draft: GitLab, Gitea and Forgejo."""

from __future__ import annotations

import re

GITLAB_DRAFT = "Draft:"
"""GitLab knows `[Draft]` and `(Draft)` as well (GitLab, "Draft merge requests")."""
GITEA_DRAFT = "WIP:"
"""The first of WORK_IN_PROGRESS_PREFIXES, whose default is `WIP:` and `[WIP]` (Gitea, "Configuration cheat sheet")."""

_MARKS = {
    GITLAB_DRAFT: re.compile(r"(?:(?:draft:|\[draft\]|\(draft\))\s*)+", re.IGNORECASE),
    GITEA_DRAFT: re.compile(r"(?:(?:wip:|\[wip\])\s*)+", re.IGNORECASE),
}


def is_draft(title: str, mark: str) -> bool:
    """Tells whether a title makes a draft. `mark` is the service's own, GITLAB_DRAFT or GITEA_DRAFT."""
    return _MARKS[mark].match(title) is not None


def without_mark(title: str, mark: str) -> str:
    """Returns a title that makes no draft."""
    return _MARKS[mark].sub("", title, count=1) if is_draft(title, mark) else title


def as_draft(title: str, mark: str) -> str:
    """Returns a title that makes a draft."""
    return f"{mark} {without_mark(title, mark)}"
