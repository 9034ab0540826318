"""Clusters for people and for machines: the table, every fact of one, and what onboarding one comes to."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.onboard import changed_lines
from gitops_gen.source import Source
from gitops_gen.tree import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.facts import Fact
    from gitops_gen.facts.origins import FactValue
    from gitops_gen.load import Loaded
    from gitops_gen.model import Cluster, Fleet
    from gitops_gen.onboard import Onboarding
    from gitops_gen.outcome import Outcome

_HEADINGS = ("NAME", "ENVIRONMENT", "REGION", "ACCOUNT", "PROTECTED", "APPS", "WHERE")
_WIDEST_VALUE = 60
_SHORTENED = frozenset({"ca_data"})
_VERBS = {ChangeKind.MISSING: "appears", ChangeKind.CHANGED: "changes", ChangeKind.ORPHANED: "goes"}


def list_lines(loaded: Loaded, clusters: Sequence[Cluster]) -> Iterator[str]:
    """Yields a table of clusters, a line each, and the line of the model where each is written."""
    apps = _apps(loaded.fleet)
    rows = [_HEADINGS, *(_row(loaded, cluster, apps[cluster.name]) for cluster in clusters)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def list_json(loaded: Loaded, clusters: Sequence[Cluster]) -> str:
    """Returns `{"clusters": [...]}`."""
    apps = _apps(loaded.fleet)
    return _dump({"clusters": [_cluster(loaded, cluster, apps[cluster.name]) for cluster in clusters]})


def show_lines(facts: Sequence[Fact]) -> Iterator[str]:
    """Yields a line for each fact: its name, its value, and where it comes from."""
    rows = [(fact.name, _value(fact), fact.origin) for fact in facts]
    names = max(len(name) for name, _, _ in rows)
    values = max(len(value) for _, value, _ in rows if len(value) <= _WIDEST_VALUE)
    for name, value, origin in rows:
        yield f"{name:{names}}  {value:{values}}  {origin}"


def show_json(cluster: str, facts: Iterable[Fact]) -> str:
    """Returns `{"cluster": NAME, "facts": [{"name", "value", "path", "line", "column", "rule"}]}`."""
    return _dump({"cluster": cluster, "facts": [_fact(fact) for fact in facts]})


def entry_lines(onboarding: Onboarding, fleet: Fleet) -> Iterator[str]:
    """Yields where an entry goes, the name that the cluster has in the fleet with it, and what changes in the file."""
    cluster = [each for each in fleet.clusters if each.route.path == onboarding.path][-1]
    added = Source(onboarding.path, onboarding.new.removeprefix("\ufeff"))
    yield f"{onboarding.path}:{added.locate(cluster.route.steps).line}: {cluster.name}"
    yield from changed_lines(onboarding.old, onboarding.new)


def outcome_lines(outcome: Outcome, folder: str) -> Iterator[str]:
    """Yields what `generate` will do with each file, and how many there are of each kind."""
    changes = [change for change in outcome.changes if change.kind in _VERBS and change.path not in outcome.kept]
    for change in changes:
        yield f"{_VERBS[change.kind]:8} {folder}/{change.path}"
    verbs = [_VERBS[change.kind] for change in changes]
    counts = [
        f"{verbs.count(verb)} {verb if verbs.count(verb) == 1 else _PLURALS[verb]}" for verb in dict.fromkeys(verbs)
    ]
    yield f"in {folder}/: {', '.join(counts) or 'no file changes'}"


_PLURALS = {"appears": "appear", "changes": "change", "goes": "go"}


def _row(loaded: Loaded, cluster: Cluster, apps: Sequence[str]) -> tuple[str, ...]:
    at = loaded.written.sources[cluster.route.path].locate(cluster.route.steps)
    protected = "yes" if cluster.protected else "no"
    place = (cluster.environment.name, cluster.region.name, cluster.account.id)
    return (cluster.name, *place, protected, ", ".join(apps) or "none", f"{at.path}:{at.line}")


def _cluster(loaded: Loaded, cluster: Cluster, apps: Sequence[str]) -> dict[str, object]:
    at = loaded.written.sources[cluster.route.path].locate(cluster.route.steps)
    return {
        "name": cluster.name,
        "environment": cluster.environment.name,
        "stage": cluster.environment.stage,
        "region": cluster.region.name,
        "account_id": cluster.account.id,
        "protected": cluster.protected,
        "oidc_id": cluster.oidc_id,
        "is_declared": cluster.is_declared,
        "apps": list(apps),
        "path": at.path,
        "line": at.line,
        "column": at.column,
    }


def _apps(fleet: Fleet) -> Mapping[str, Sequence[str]]:
    """Returns the names of the apps on each cluster."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for release in fleet.releases:
        found[release.cluster.name].append(release.app.name)
    return found


def _value(fact: Fact) -> str:
    text = _text(fact.value)
    return f"{text[:20]}... ({len(text)} characters)" if fact.name in _SHORTENED and len(text) > _WIDEST_VALUE else text


def _text(value: FactValue) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "none" if value is None else str(value)


def _fact(fact: Fact) -> dict[str, object]:
    at = fact.at
    return {
        "name": fact.name,
        "value": list(fact.value) if isinstance(fact.value, tuple) else fact.value,
        "path": at.path if at else None,
        "line": at.line if at else None,
        "column": at.column if at else None,
        "rule": fact.rule or None,
    }


def _dump(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
