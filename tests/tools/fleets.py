"""Fleets for tests: the files of a model as values, small builders for them, and the folder that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from gitops_gen.formats import encode_yaml
from gitops_gen.load import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gitops_gen.model import Cluster, Fleet, Release

T = TypeVar("T")

Facts: TypeAlias = "dict[str, object]"
Files: TypeAlias = "dict[str, Facts]"
"""The content of each file of a model, by its path relative to the root of the project."""

REPO = "https://github.com/example/shop-gitops.git"
ACCOUNT = "111122223333"

SECRETS: Facts = {"db-password": {"target": "db", "keys": {"DB_PASSWORD": "password"}}}
"""One secret, in the short form that most apps use."""


def model(
    *,
    fleet: Facts | None = None,
    environments: Mapping[str, Facts] | None = None,
    apps: Mapping[str, Facts] | None = None,
) -> Files:
    """Returns the files of a fleet called shop; `fleet` is laid over what fleet.yaml has to say."""
    facts: Facts = {
        "name": "shop",
        "gitops_repo": {"url": REPO},
        "argocd": {"version": "3.5.1"},
        "external_secrets": {"version": "2.9.0"},
    }
    files: Files = {"environments/fleet.yaml": over(facts, fleet or {})}
    files |= {f"environments/{name}.yaml": facts for name, facts in (environments or {}).items()}
    files |= {f"environments/apps/{name}.yaml": facts for name, facts in (apps or {}).items()}
    return files


def environment(*clusters: Facts, account_id: object = ACCOUNT, **facts: object) -> Facts:
    """Returns the facts of an environment in ACCOUNT; None for `account_id` states no account."""
    account = {} if account_id is None else {"account_id": account_id}
    return {**account, **facts, "clusters": list(clusters)}


def cluster(number: int = 1, region: str = "us-east-1", /, **facts: object) -> Facts:
    """Returns the facts of a cluster; the number tells its OIDC id from the others'."""
    return {"region": region, "oidc_id": oidc_id(number), **facts}


def oidc_id(number: int) -> str:
    """Returns an OIDC id of its own for each number."""
    return f"{number:032X}"


def app(**facts: object) -> Facts:
    """Returns the facts of an app with a chart in the gitops repository."""
    return {"source": {"repo_url": REPO, "path": "charts/web", "revision": "main"}, **facts}


def chart_app(chart: str = "nginx", revision: str | None = "1.2.3", **facts: object) -> Facts:
    """Returns the facts of an app whose chart is in a chart repository."""
    source: Facts = {"repo_url": "https://charts.example.com", "chart": chart}
    return {"source": source if revision is None else {**source, "revision": revision}, **facts}


def over(below: Facts, facts: Mapping[str, object]) -> Facts:
    """Returns the facts laid over others, map by map."""
    merged = dict(below)
    for name, fact in facts.items():
        under = merged.get(name)
        merged[name] = over(under, fact) if isinstance(under, dict) and isinstance(fact, dict) else fact
    return merged


def write(root: Path, files: Mapping[str, object]) -> Path:
    """Writes the files and returns the root. A text is written as it is, a value as YAML."""
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else as_yaml(content), encoding="utf-8", newline="\n")
    return root


def as_yaml(value: object) -> str:
    """Returns a value as a YAML file."""
    return encode_yaml(value) + "\n"


def load_files(root: Path, files: Mapping[str, object]) -> Fleet:
    """Writes the files and loads the fleet that they describe."""
    return load(write(root, files))


def release_of(fleet: Fleet, app: str = "web", cluster: str | None = None) -> Release:
    """Returns the release of an app: the only one, or the one on the cluster."""
    return _only(each for each in fleet.releases if each.app.name == app and cluster in (None, each.cluster.name))


def cluster_of(fleet: Fleet, name: str | None = None) -> Cluster:
    """Returns a cluster: the only one, or the one with the name."""
    return _only(each for each in fleet.clusters if name in (None, each.name))


def _only(found: Iterable[T]) -> T:
    (only,) = found
    return only
