"""URLs of repositories that no client of git or Helm can ask.

Part of source-path. Argo CD compares URLs without white space and case, and hands them to git as they are written.
Source: argoproj/argo-cd v3.5.1, util/git/git.go, NormalizeGitURL, and util/git/client.go.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, template_of_source
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.near_miss import is_typo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*)://")
_SCHEMES = ("file", "git", "http", "https", "oci", "ssh")


def source_urls(graph: Graph) -> Iterator[Finding]:
    """Yields the URLs of sources and of git generators that have a slip in their scheme, or white space around them."""
    for application in graph.applications:
        for source in application.sources:
            reason = _reason(source.repo_url)
            if reason is not None:
                place = application.stated_in(source, "repoURL")
                cause, cluster = f"URL {source.repo_url}", application.cluster or ""
                related = template_of_source(application, source, "repoURL")
                yield Finding(
                    f"{application.name} {reason}", place, "correct the URL", related, cause=cause, cluster=cluster
                )
    for expansion in graph.expansions:
        for index, generator in enumerate(list_at(expansion.manifest.value, "spec", "generators")):
            reason = _reason(text_at(generator, "git", "repoURL") or "")
            if reason is not None:
                place = expansion.manifest.place.down("spec", "generators", index, "git", "repoURL")
                yield Finding(f"{expansion.manifest} {reason}", place, "correct the URL")


@lru_cache(maxsize=1024)
def _reason(url: str) -> str | None:
    if url != url.strip():
        return f"takes {url.strip()} with white space around it"
    found = _SCHEME.match(url)
    scheme = found[1].lower() if found else ""
    if scheme and scheme not in _SCHEMES:
        meant = next((each for each in _SCHEMES if is_typo(scheme, each)), None)
        if meant is not None:
            return f"takes {url}: got the scheme {scheme}, expected {meant}"
    return None
