"""Where a new cluster belongs by what is known of it, and what of that speaks against the place that it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.aws.regions import REGIONS
from gitops_gen.onboard import Known, stated_account
from gitops_gen.resolve.places import code_of, default_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.load import Loaded
    from gitops_gen.onboard import Facts


def placed(facts: Facts, loaded: Loaded) -> Facts:
    """Returns the facts with the environment, where the account is that of one environment alone.

    In a protected one nobody puts a cluster without having named it, unless the cluster is called as one of it is.
    """
    owner = None if "environment" in facts else _owner(facts, loaded)
    if owner is None:
        return facts
    return {"environment": Known(owner, f"the account {facts['account_id'].value}"), **facts}


def _owner(facts: Facts, loaded: Loaded) -> str | None:
    owners = owners_of(facts["account_id"].value, loaded) if "account_id" in facts else ()
    place = _place_by_name(facts, loaded)
    if len(owners) != 1:
        return None
    is_doubtful = _is_protected(owners[0], loaded) if place is None else place[0] != owners[0]
    return None if is_doubtful else owners[0]


def owners_of(account: str, loaded: Loaded) -> tuple[str, ...]:
    """Returns the environments that state an account, or have a cluster in it."""
    stated = {each.name for each in loaded.written.environments if stated_account(each, loaded) == account}
    stated |= {each.environment.name for each in loaded.fleet.clusters if each.account.id == account}
    return tuple(sorted(stated))


def doubts(facts: Facts, loaded: Loaded) -> Iterator[str]:
    """Yields what speaks against the place of a cluster, from complete facts."""
    environment, region = facts["environment"].value, facts["region"].value
    if "account_id" in facts:
        account = facts["account_id"].value
        owners = owners_of(account, loaded)
        if owners and environment not in owners:
            yield f"account {account} is that of {' and '.join(owners)}, and {environment} has no cluster in it yet"
    place = _place_by_name(facts, loaded)
    if place is not None and place != (environment, region):
        name, (of, where) = facts["name"].value, place
        yield f"{name} is what a cluster of {of} in {where} is called, and this one is of {environment} in {region}"


def _place_by_name(facts: Facts, loaded: Loaded) -> tuple[str, str] | None:
    """Returns the environment and the region of which a cluster is called so that states no name."""
    name = facts["name"].value if "name" in facts else None
    fleet = loaded.written.fleet.entry
    codes = {region: code_of(region, fleet) for region in (*fleet.region_codes, *REGIONS)}
    places = (
        (each.name, region, code) for each in loaded.written.environments for region, code in codes.items() if code
    )
    found = {(of, region) for of, region, code in places if default_name(loaded.fleet.name, of, code) == name}
    return found.pop() if len(found) == 1 else None


def _is_protected(environment: str, loaded: Loaded) -> bool:
    return any(each.name == environment and each.protected for each in loaded.fleet.environments)
