"""A chart has a version, or a range of versions, that Helm reads; a branch is not another one's name with a typo.

A chart source without targetRevision, or with one that is no semantic version, is refused by Argo CD, and so is a range
that no version is in; one with a hyphen for a dot is most likely a slip. Of a branch only the repository knows whether
it exists: a name that is one letter away from the one that the other sources of the same repository use is most likely
that one, and one with a slash at its end, a space or another character that git takes in no name cannot exist. What is
generated is of one revision, for git generators and sources alike, and an empty one is nobody's choice. A variable of a
build, such as $ARGOCD_APP_REVISION, stays as it is in a revision, in a patch of kustomize too. A revision that
Kargo promotes, or that a set tells its controller to leave alone, is only the first one: somebody else writes what is
meant.

Fix: write the version as the chart's repository lists it, and the branch as the other sources do.

Source: Argo CD v3.5.1, docs/user-guide/tracking_strategies.md and build-environment.md, and its issue 19459;
github.com/Masterminds/semver, whose ranges Helm reads; git-check-ref-format; Kargo, argocd-update.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, template_of_source
from gitops_gen.evidence.build_environment import BUILD_VARIABLE
from gitops_gen.evidence.git_generators import git_generators
from gitops_gen.evidence.leftovers import has_template, is_unfilled
from gitops_gen.evidence.repositories import normal_url
from gitops_gen.evidence.values import list_at, strings_at, text_at
from gitops_gen.near_miss import is_typo
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_PART = r"(?:0|[1-9][0-9]*|[xX*])"
_VERSION = rf"v?{_PART}(?:\.{_PART}){{0,2}}(?:-[0-9A-Za-z.-]++)?(?:\+[0-9A-Za-z.-]++)?"
_BOUND = rf"[<>=!~^]{{0,2}}\s*+{_VERSION}"
_BETWEEN = r"(?:\s*+(?:\|\||,)\s*+|\s++(?:-\s++)?+)"
_RANGE = lazily(rf"\s*+{_BOUND}(?:{_BETWEEN}{_BOUND})*+\s*+", re.ASCII)
"""Versions, each with how it is compared. A text is read in one way only: with several, a long one takes ages."""
_EXACT = lazily(r"v?[1-9]?[0-9](?:\.[1-9]?[0-9]){2}")
"""Nearly every version, which is soon told."""
_HYPHENATED = lazily(r"v?\d+(?:\.\d+-[1-9]\d*|-\d+\.\d+)")
"""A version with a hyphen for one of its two dots; 1.2-0 lets pre-releases in."""
_NO_REVISION = lazily(r"^/|/$|//|\.lock(?:/|$)|(?:^|/)\.|\.\.|\.$|@\{|^@$|[\x00-\x20\x7f~^:?*\[\\]")
"""What no name of a branch or tag has."""
_IMAGE = "oci://"
"""How the URL of an image begins, which Argo CD takes at a tag or a digest. Source: docs/user-guide/oci.md."""
_ALGORITHM = lazily(r"^sha(?:256|512):(?=[0-9a-f])")
_SEPARATOR = lazily(r"[/_]")
_PROMOTED = "kargo.akuity.io/authorized-stage"
"""The annotation by which an Application lets Kargo write its sources."""
_REVISION_PATH = lazily(r"[/.]spec(?:[/.]sources?(?:/[0-9]+|\[[0-9]*\]|\b.*\btargetRevision\b.*)?)?")
"""A path to the revision of a source, to the source, or to all of them."""
_EITHER = "all that has a space or a comma between holds at once: write || between what may be either"
_FEW = 2
"""A branch that so few sources use is no typo's measure."""


def _run(graph: Graph) -> Iterator[Finding]:
    branches: defaultdict[str, Counter[str]] = defaultdict(Counter)
    applications = [each for each in graph.applications if not _is_left_to_others(each)]
    sources = [(application, source) for application in applications for source in application.sources]
    for application, source in sources:
        if source.chart is not None:
            yield from _chart(application, source)
        elif source.revision == "" and graph.is_ours(application.spec_place):
            yield _empty(application, source)
        elif source.revision is not None:
            branches[normal_url(source.repo_url)][source.revision] += 1
            if BUILD_VARIABLE.match(source.revision):
                yield _of_a_build(application, source)
            elif not _is_revision(_without_algorithm(source)):
                yield _impossible(application, source)
    generated = _generated_at(graph)
    meant = {
        (url, revision): usual
        for url, counted in branches.items()
        for revision in counted
        for usual in counted
        if _is_measure(usual, revision, counted, generated.get(url, ())) and _is_slip(revision, usual)
    }
    yield from _differing(graph, branches, meant)
    first = _first_of(graph) if meant else {}
    for application, source in sources if meant else ():
        usual = meant.get((normal_url(source.repo_url), source.revision or ""))
        if source.chart is None and usual is not None:
            yield _typo(application, source, usual, first[normal_url(source.repo_url), usual])


def _of_a_build(application: Application, source: ApplicationSource) -> Finding:
    return Finding(
        f"{application.name} takes {source.repo_url} at {source.revision}, which Argo CD fills in for Helm only",
        application.stated_in(source, "targetRevision"),
        "write the branch, or let the parameter of a chart or of an ApplicationSet have it",
        severity=Severity.WARNING,
        related=template_of_source(application, source, "targetRevision"),
        cause=f"{source.revision} is no revision",
    )


def _is_measure(usual: str, revision: str, counted: Counter[str], generated: Collection[str]) -> bool:
    """Tells whether a branch is one that another is held against: many take it, or generated files are read at it."""
    if counted[usual] <= counted[revision]:
        return False
    return counted[usual] > _FEW or (usual in generated and revision not in generated)


def _generated_at(graph: Graph) -> Mapping[str, Collection[str]]:
    """Returns the branches of each repository that values and manifests of ours are read at."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for application in graph.applications:
        for source in application.sources if graph.is_ours(application.spec_place) else ():
            if not source.is_helm and source.revision:
                found[normal_url(source.repo_url)].add(source.revision)
    return found


def _is_left_to_others(application: Application) -> bool:
    """True where what stands in the file is the first revision only, which somebody else changes on the cluster."""
    if text_at(application.value, "metadata", "annotations", _PROMOTED):
        return True
    made = application.applicationset
    ignored = list_at(made.value, "spec", "ignoreApplicationDifferences") if made is not None else ()
    return any(
        _REVISION_PATH.fullmatch(path) is not None
        for each in ignored
        if text_at(each, "name") in (None, "", application.name)
        for path in (*strings_at(each, "jsonPointers"), *strings_at(each, "jqPathExpressions"))
    )


def _first_of(graph: Graph) -> Mapping[tuple[str, str], Place]:
    """Returns where a repository is first taken at each revision."""
    found: dict[tuple[str, str], Place] = {}
    for application in graph.applications:
        for source in application.sources:
            key = (normal_url(source.repo_url), source.revision or "")
            if source.chart is None and key not in found:
                found[key] = application.stated_in(source, "targetRevision")
    return found


def _differing(
    graph: Graph, branches: Mapping[str, Counter[str]], meant: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    """Yields a source of ours, for values or manifests, at another revision than the others of its repository.

    Those are the generated files, which are of one revision; `source-path` holds a chart against its values. Of two
    that are alike in number, the one that charts are taken at, too, is the usual one; `meant` are the slips that are
    told as such.
    """
    found: defaultdict[str, list[tuple[Application, ApplicationSource]]] = defaultdict(list)
    for application in graph.applications:
        for source in application.sources if graph.is_ours(application.spec_place) else ():
            if not source.is_helm:
                found[normal_url(source.repo_url)].append((application, source))
    usual_of: dict[str, str | None] = {}
    for url, pairs in found.items():
        uses = Counter(source.revision for _, source in pairs)
        usual = max(uses, key=lambda each: (uses[each], branches[url][each or ""]))
        usual_of[url] = usual
        other = next(pair for pair in pairs if pair[1].revision == usual)
        for application, source in pairs:
            if source.revision != usual and (url, source.revision or "") not in meant:
                yield Finding(
                    f"{application.name} takes generated files of {source.repo_url} at {source.revision}, and the "
                    f"other sources take them at {usual}",
                    _revision_place(application, source),
                    f"write {usual}",
                    related=((_revision_place(*other), f"taken at {usual}"),),
                    cause=f"{source.repo_url} at {source.revision}",
                    cluster=application.cluster or "",
                )

    for expansion in graph.expansions:
        if graph.is_ours(expansion.manifest.place):
            yield from _generated(expansion, usual_of)


def _revision_place(application: Application, source: ApplicationSource) -> Place:
    return application.spec_place.down(*application.steps_of(source), "targetRevision")


def _generated(expansion: Expansion, usual_of: Mapping[str, str | None]) -> Iterator[Finding]:
    """Yields a git generator that reads its elements at another revision than the generated files are read at."""
    for steps, git in git_generators(expansion.manifest.value):
        url, revision = text_at(git, "repoURL") or "", text_at(git, "revision")
        usual = usual_of.get(normal_url(url), revision)
        if git and usual != revision and not has_template(revision or ""):
            yield Finding(
                f"{expansion.manifest} takes its elements from {url} at {revision or 'no revision'}, and the other "
                f"sources take generated files at {usual}",
                expansion.manifest.place.down(*steps, "revision"),
                f"write {usual}",
            )


def _chart(application: Application, source: ApplicationSource) -> Iterator[Finding]:
    revision = source.revision or ""
    if _EXACT.fullmatch(revision):
        return
    if _HYPHENATED.fullmatch(revision):
        yield _hyphenated(application, source)
    from gitops_gen.checks.version_ranges import is_empty_range

    is_range = _RANGE.fullmatch(revision) is not None
    if is_unfilled(revision) or (is_range and not is_empty_range(revision)):
        return
    steps = ("targetRevision",) if source.revision is not None else ()
    what = "a range that no version is in" if is_range else "expected a version such as 1.2.3, or a range"
    yield Finding(
        f"{application.name} takes the chart {source.chart} at {revision or 'no version'}, {what}",
        application.stated_in(source, *steps),
        _EITHER if is_range else "write the version as the chart's repository lists it",
        related=template_of_source(application, source, *steps),
        cause=f"{source.chart} at {revision}",
        cluster=application.cluster or "",
    )


def _hyphenated(application: Application, source: ApplicationSource) -> Finding:
    revision = source.revision or ""
    return Finding(
        f"{application.name} takes the chart {source.chart} at {revision}, which to Helm is a part of a version with "
        "the name of a pre-release",
        application.stated_in(source, "targetRevision"),
        f"write {revision.replace('-', '.', 1)}, if that is what is meant",
        related=template_of_source(application, source, "targetRevision"),
        severity=Severity.WARNING,
        cause=f"{source.chart} at {revision}",
        cluster=application.cluster or "",
    )


def _empty(application: Application, source: ApplicationSource) -> Finding:
    return Finding(
        f"{application.name} takes {source.repo_url} at an empty revision, which is whatever is newest there",
        application.stated_in(source, "targetRevision"),
        "write the branch, tag or commit",
        related=template_of_source(application, source, "targetRevision"),
        cause=f"{source.repo_url} at none",
        cluster=application.cluster or "",
    )


def _is_slip(revision: str, usual: str) -> bool:
    """Tells whether one branch is another with a typo: a letter, the case, which git tells apart, or what is unseen."""
    return is_typo(revision, usual) or (revision != usual and _seen(revision) == _seen(usual))


def _seen(revision: str) -> str:
    """Returns what a reader tells two names apart by: no case, no quotes, and no space or sign that shows nothing.

    One separator is as good as another: release/1.2 and release-1.2 are most likely one.
    """
    shown = "".join(each for each in revision.casefold() if each.isprintable() and not each.isspace())
    return _SEPARATOR.sub("-", shown.strip("\"'"))


def _without_algorithm(source: ApplicationSource) -> str:
    """Returns a revision, but for how the digest of an image is made: sha256:0a1b of an image is one."""
    revision = source.revision or ""
    return _ALGORITHM.sub("", revision, count=1) if source.repo_url.startswith(_IMAGE) else revision


@lru_cache(maxsize=1024)
def _is_revision(text: str) -> bool:
    """Tells whether git can have a branch, tag or commit of that name, unless it is a range or not filled in yet."""
    is_unknown = is_unfilled(text) or "${" in text
    return is_unknown or not _NO_REVISION.search(text) or _RANGE.fullmatch(text) is not None


def _impossible(application: Application, source: ApplicationSource) -> Finding:
    return Finding(
        f"{application.name} takes {source.repo_url} at {source.revision}: no branch, tag or commit can be called so",
        application.stated_in(source, "targetRevision"),
        "write the branch, tag or commit",
        related=template_of_source(application, source, "targetRevision"),
        cause=f"{source.repo_url} at {source.revision}",
        cluster=application.cluster or "",
    )


def _typo(application: Application, source: ApplicationSource, usual: str, place: Place) -> Finding:
    return Finding(
        f"{application.name} takes {source.repo_url} at {source.revision}, and the other sources take it at {usual}",
        application.stated_in(source, "targetRevision"),
        f"write {usual}, if that is what is meant",
        related=((place, f"taken at {usual}"), *template_of_source(application, source, "targetRevision")),
        severity=Severity.WARNING,
        cause=f"{source.repo_url} at {source.revision}",
        cluster=application.cluster or "",
    )


CHECK = Check("source-revision", _run, __doc__)
