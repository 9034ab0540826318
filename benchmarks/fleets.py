"""The fleets that are measured: made up, with as many clusters and apps as asked for, and the edits made to them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[1]

ENVIRONMENTS = {"dev": "557702566877", "staging": "111122223333", "production": "444455556666"}
"""The environments in the order of their stages, and the account of each."""

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2", "ap-northeast-1")
SECRETS = 8
"""Secrets of each app but the operator, which has none."""

OIDC_ID = 32
"""Characters of an OIDC id."""

EDITED_CLUSTER = "bench-dev-00000"
"""The cluster of which one fact is changed."""

_TEMPLATE = "templates/terraform/cluster.tfvars.j2"
"""The template that is changed: it makes one file for each cluster."""

_REPOSITORY = "https://github.com/example/bench-gitops.git"
_FLEET = f"""\
name: bench
gitops_repo:
  url: {_REPOSITORY}
argocd:
  version: "3.5.1"
external_secrets:
  version: "2.9.0"
secrets:
  region: us-east-1
"""
_OPERATOR = """\
namespace: external-secrets
source:
  repo_url: https://charts.external-secrets.io
  chart: external-secrets
values:
  installCRDs: true
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a fleet is. The operator comes on top of its apps."""

    clusters: int
    apps: int = 1

    @classmethod
    def read(cls, text: str) -> Shape:
        """Returns the shape that a text such as 1000 or 1000x5 stands for. Raises ValueError."""
        clusters, _, apps = text.partition("x")
        shape = cls(int(clusters), int(apps or 1))
        if shape.clusters < len(ENVIRONMENTS) or shape.apps < 1:
            raise ValueError(f"got {text}, expected at least {len(ENVIRONMENTS)} clusters and one app")
        return shape

    def __str__(self) -> str:
        return f"{self.clusters:,} clusters" + (f", {self.apps} apps" if self.apps > 1 else "")


def write_fleet(root: Path, shape: Shape) -> None:
    """Writes the model of a fleet, and a copy of one stock template, so that it can be edited."""
    apps = root / "environments" / "apps"
    apps.mkdir(parents=True)
    _write(root / "environments" / "fleet.yaml", _FLEET)
    _write(apps / "external-secrets.yaml", _OPERATOR)
    for number in range(shape.apps):
        _write(apps / f"{_app_name(number)}.yaml", _app(_app_name(number)))
        shutil.copytree(PROJECT / "examples" / "charts" / "myapp", root / "charts" / _app_name(number))
    for stage, environment in enumerate(ENVIRONMENTS):
        _write(root / "environments" / f"{environment}.yaml", _environment(environment, stage, shape.clusters))
    (root / _TEMPLATE).parent.mkdir(parents=True)
    shutil.copy(PROJECT / _TEMPLATE, root / _TEMPLATE)


def edit_cluster(root: Path, turn: int) -> None:
    """Gives the first cluster another OIDC id at each turn, and the endpoint that goes with it."""
    path = root / "environments" / "dev.yaml"
    before, key, after = path.read_text(encoding="utf-8").partition("    oidc_id: ")
    oidc_id = after[:OIDC_ID]
    _write(path, before + key + after.replace(oidc_id, f"EDITED{turn:026d}", 2))


def edit_template(root: Path, turn: int) -> None:
    """Changes what one template writes for every cluster, to something else at each turn."""
    text = (PROJECT / _TEMPLATE).read_text(encoding="utf-8")
    _write(root / _TEMPLATE, f"{text}# edited: {turn}\n")


def restore_template(root: Path) -> None:
    """Takes back what `edit_template` did: the fleet uses the stock template again."""
    (root / _TEMPLATE).unlink()


def _environment(name: str, stage: int, clusters: int) -> str:
    numbers = range(stage, clusters, len(ENVIRONMENTS))
    entries = "".join(_cluster(name, number, REGIONS[index % len(REGIONS)]) for index, number in enumerate(numbers))
    facts = (
        f"stage: {stage + 1}",
        f"protected: {'true' if name == 'production' else 'false'}",
        f'account_id: "{ENVIRONMENTS[name]}"',
        "clusters:",
    )
    return "\n".join(facts) + f"\n{entries}"


def _cluster(environment: str, number: int, region: str) -> str:
    oidc_id = f"EXAMPLE{number:025d}"
    return f"""\
  - name: bench-{environment}-{number:05d}
    region: {region}
    oidc_id: {oidc_id}
    server: https://{oidc_id}.gr7.{region}.eks.amazonaws.com
    ca_data: ZXhhbXBsZQ==
"""


def _app_name(number: int) -> str:
    return f"app-{number}" if number else "app"


def _app(name: str) -> str:
    return "\n".join(_app_lines(name)) + "\n"


def _app_lines(name: str) -> Iterator[str]:
    yield f"namespace: {name}"
    yield "source:"
    yield f"  repo_url: {_REPOSITORY}"
    yield f"  path: charts/{name}"
    yield "  revision: main"
    yield "values:"
    yield "  replicaCount: 2"
    yield "secrets:"
    for number in range(SECRETS):
        yield f"  secret-{number}:"
        yield f"    target: {name}-secret-{number}"
        yield "    keys:"
        yield f"      KEY_{number}: password"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
