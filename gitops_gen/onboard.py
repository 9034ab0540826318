"""From what is known of a new cluster to the one entry that onboards it, and the text of the file that gets it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.aws.arns import oidc_host
from gitops_gen.aws.regions import partition_of
from gitops_gen.edit import insert_cluster
from gitops_gen.model_file import read_text
from gitops_gen.problems import GitopsGenError, Location, Problem, Route
from gitops_gen.resolve.levels import Level, nearest
from gitops_gen.resolve.places import code_of, default_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gitops_gen.entries import EnvironmentEntry
    from gitops_gen.load import Loaded, Written

_ISSUER = re.compile(r"(?:https://)?(?P<host>[a-z0-9.-]+)/id/(?P<id>[^/\s]+)/?")
_ISSUER_HOST = re.compile(r"oidc\.eks\.(?P<region>[a-z0-9-]+)\.[a-z0-9.-]+")


class FactsError(GitopsGenError):
    """What is said of a cluster cannot be used, or contradicts itself."""


@dataclass(frozen=True, slots=True)
class Known:
    """A fact of a cluster, and who says so: an option, a file, or EKS."""

    value: str
    origin: str


Facts: TypeAlias = "Mapping[str, Known]"
"""What is known of a cluster, by name: environment, region, name, oidc_id, account_id, server, ca_data."""

ENTRY_KEYS = ("region", "name", "oidc_id", "account_id", "server", "ca_data")
"""The keys of an entry that facts become, in the order in which they are written."""


@dataclass(frozen=True, slots=True)
class Onboarding:
    """An entry that is ready to be written: where, and how the file reads before and after."""

    path: str
    entry: Mapping[str, str]
    old: str
    new: str

    def has_added(self, at: Location) -> bool:
        """True if a place is in the lines that are new."""
        before, after = self.old.splitlines(), self.new.splitlines()
        start = _common(before, after)
        end = len(after) - _common(before[start:][::-1], after[start:][::-1])
        return at.path == self.path and start < at.line <= end


def issuer_facts(text: str, origin: str) -> Facts:
    """Returns what an OIDC id says, or an issuer, with or without https://: the region too. Raises FactsError."""
    if "/" not in text:
        return {"oidc_id": Known(text, origin)}
    issuer = _ISSUER.fullmatch(text.strip())
    host = _ISSUER_HOST.fullmatch(issuer["host"]) if issuer else None
    if issuer is None or host is None or not _is_issuer_host(issuer["host"], host["region"]):
        message = f"got {text!r}, expected an issuer such as https://oidc.eks.us-east-1.amazonaws.com/id/<id>"
        hint = "find it with: aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer --output text"
        raise FactsError(Problem("oidc-issuer", message, Location(origin), hint))
    return {"oidc_id": Known(issuer["id"], origin), "region": Known(host["region"], f"the issuer in {origin}")}


def together(*sources: Facts) -> Facts:
    """Returns all facts as one. Raises FactsError with every fact on which two of them differ."""
    found: dict[str, Known] = {}
    problems: list[Problem] = []
    for source in sources:
        for name, known in source.items():
            first = found.setdefault(name, known)
            if first.value != known.value:
                problems.append(_disagreement(name, first, known))
    if problems:
        raise FactsError(*problems)
    return found


def lacking(facts: Facts, loaded: Loaded) -> tuple[str, ...]:
    """Returns the facts without which there is no entry, in the order in which a person would be asked."""
    names = [name for name in ("environment", "region", "oidc_id") if name not in facts]
    environment = environment_of(facts, loaded)
    if environment is not None and "account_id" not in facts and stated_account(environment, loaded) is None:
        names.append("account_id")
    return tuple(names)


def environment_of(facts: Facts, loaded: Loaded) -> Written[EnvironmentEntry] | None:
    """Returns the environment that the facts name, if there is one."""
    known = facts.get("environment")
    return next((each for each in loaded.written.environments if known and each.name == known.value), None)


def stated_account(environment: Written[EnvironmentEntry], loaded: Loaded) -> str | None:
    """Returns the account that a cluster of the environment has unless it states another."""
    fleet = loaded.written.fleet
    levels = (Level(environment.entry, Route(environment.source.path)), Level(fleet.entry, Route(fleet.source.path)))
    stated = nearest(str, "account_id", levels)
    return stated.value if stated else None


def derived_name(facts: Facts, loaded: Loaded) -> str | None:
    """Returns what the cluster is called unless it states a name; None where the region has no short code."""
    code = code_of(facts["region"].value, loaded.written.fleet.entry)
    return default_name(loaded.fleet.name, facts["environment"].value, code) if code else None


def onboarding(root: Path, loaded: Loaded, facts: Facts) -> Onboarding:
    """Returns the entry of a cluster and the file with it. The facts are complete, and nothing is written.

    Raises ModelError and EditError.
    """
    environment = environment_of(facts, loaded)
    assert environment is not None, "the facts are complete"  # noqa: S101
    path = environment.source.path
    entry = entry_of(facts, loaded)
    old = read_text(root, path)
    return Onboarding(path, entry, old, insert_cluster(path, old, entry))


def entry_of(facts: Facts, loaded: Loaded) -> Mapping[str, str]:
    """Returns the entry that the facts come to: what follows from its place is not written again."""
    environment = environment_of(facts, loaded)
    assert environment is not None, "the facts are complete"  # noqa: S101
    derived = {"name": derived_name(facts, loaded), "account_id": stated_account(environment, loaded)}
    left_out = {name for name, value in derived.items() if name in facts and facts[name].value == value}
    left_out |= set(undeclared(facts, loaded))
    return {key: facts[key].value for key in ENTRY_KEYS if key in facts and key not in left_out}


def undeclared(facts: Facts, loaded: Loaded) -> tuple[str, ...]:
    """Returns the facts for a cluster Secret that nobody asked for, where the clusters around have none.

    Such clusters are registered with Argo CD by somebody else, and so, it is assumed, will this one be.
    """
    unasked = tuple(name for name in ("server", "ca_data") if name in facts and not facts[name].origin.startswith("--"))
    environment = facts["environment"].value
    beside = [cluster for cluster in loaded.fleet.clusters if cluster.environment.name == environment]
    around = beside or loaded.fleet.clusters
    return unasked if around and not any(cluster.is_declared for cluster in around) else ()


def changed_lines(old: str, new: str) -> Iterator[str]:
    """Yields the lines in which two texts differ, old ones after `-`, new ones after `+`."""
    before, after = old.splitlines(), new.splitlines()
    start = _common(before, after)
    end = min(_common(before[::-1], after[::-1]), len(before) - start, len(after) - start)
    yield from (f"-{line}" for line in before[start : len(before) - end])
    yield from (f"+{line}" for line in after[start : len(after) - end])


def _is_issuer_host(host: str, region: str) -> bool:
    partition = partition_of(region)
    return partition is not None and host == oidc_host(partition, region)


def _disagreement(name: str, first: Known, second: Known) -> Problem:
    message = f"{name}: {first.origin} says {first.value}, {second.origin} says {second.value}"
    hint = "give the facts of one cluster, or leave out what the other source tells"
    return Problem("facts-disagree", message, Location(second.origin), hint)


def _common(first: list[str], second: list[str]) -> int:
    """Returns how many lines two texts have in common from the first one on."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count
