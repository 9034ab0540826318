"""What a person at a terminal is asked of a cluster that is onboarded, with the choices shown; elsewhere an error."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from gitops_gen.aws.names import check_account_id, check_cluster_name, check_oidc_id
from gitops_gen.aws.regions import REGIONS, check_region
from gitops_gen.near_miss import near_miss
from gitops_gen.onboard import FactsError, Known, derived_name, issuer_facts, lacking, together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gitops_gen.load import Loaded
    from gitops_gen.onboard import Facts

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class _Question:
    """How a fact is asked for: the option that gives it, what to answer, the choices, and what refuses an answer."""

    option: str
    hint: str
    choices: Callable[[Loaded], tuple[str, ...]]
    check: Callable[[str, Loaded], str | None]


def completed(facts: Facts, loaded: Loaded) -> Facts:
    """Returns the facts with those that are missing, as a person at the terminal gives them.

    Raises click.UsageError where nobody can be asked, with every option that is missing.
    """
    if not _somebody_is_there():
        _refuse_missing(facts, loaded)
        return facts
    while missing := lacking(facts, loaded):
        facts = together(facts, _asked(missing[0], loaded))
    return _with_name(facts, loaded)


def check_environment(facts: Facts, loaded: Loaded) -> None:
    """Raises click.UsageError for an environment that does not exist."""
    known = facts.get("environment")
    reason = _check_environment(known.value, loaded) if known else None
    if reason is not None:
        raise click.UsageError(reason)


def confirmed_name(question: str) -> str | None:
    """Returns the name that a person types to confirm, or None where nobody can be asked."""
    return str(click.prompt(question, err=True)) if _somebody_is_there() else None


def _somebody_is_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _refuse_missing(facts: Facts, loaded: Loaded) -> None:
    missing = lacking(facts, loaded)
    if missing:
        lines = [
            f"  {_QUESTIONS[name].option}: {_QUESTIONS[name].hint}{_owners(name, facts, loaded)}" for name in missing
        ]
        raise click.UsageError("\n".join(["not stated, and there is no terminal to ask at:", *lines]))


def _owners(name: str, facts: Facts, loaded: Loaded) -> str:
    """Returns whose account a cluster is in that has no environment yet, as the end of a line."""
    from gitops_gen.belonging import owners_of

    account = facts["account_id"].value if name == "environment" and "account_id" in facts else ""
    owners = owners_of(account, loaded) if account else ()
    return f"; account {account} is that of {' and '.join(owners)}" if owners else ""


def _asked(name: str, loaded: Loaded) -> Facts:
    question = _QUESTIONS[name]
    choices = question.choices(loaded)
    shown = f"{question.hint}: {', '.join(choices)}" if choices else question.hint
    for line in wrap(shown, _WIDTH, break_on_hyphens=False):
        click.echo(line, err=True)

    def checked(answer: str) -> str:
        reason = question.check(answer.strip(), loaded)
        if reason is not None:
            raise click.BadParameter(reason)
        return answer.strip()

    answer = click.prompt(question.option.removeprefix("--"), value_proc=checked, err=True)
    return issuer_facts(answer, "the answer") if name == "oidc_id" else {name: Known(answer, "the answer")}


def _with_name(facts: Facts, loaded: Loaded) -> Facts:
    """Asks for a name where the derived one is another cluster's."""
    derived = derived_name(facts, loaded)
    if "name" in facts or derived not in {cluster.name for cluster in loaded.fleet.clusters}:
        return facts
    click.echo(f"{derived} is there already; a second cluster in its place needs a name of its own", err=True)
    return {**facts, **_asked("name", loaded)}


def _check_environment(answer: str, loaded: Loaded) -> str | None:
    known = [each.name for each in loaded.written.environments]
    return None if answer in known else f"there is no environment {answer}; {near_miss(answer, known)}"


def _check_region(answer: str, loaded: Loaded) -> str | None:
    return None if answer in loaded.written.fleet.entry.region_codes else check_region(answer)


def _check_issuer(answer: str, _: Loaded) -> str | None:
    try:
        return check_oidc_id(issuer_facts(answer, "the answer")["oidc_id"].value)
    except FactsError as error:
        return error.problems[0].message


def _check_name(answer: str, loaded: Loaded) -> str | None:
    if answer in {cluster.name for cluster in loaded.fleet.clusters}:
        return f"{answer} is there already"
    return check_cluster_name(answer)


def _environments(loaded: Loaded) -> tuple[str, ...]:
    return tuple(each.name for each in loaded.written.environments)


def _regions(loaded: Loaded) -> tuple[str, ...]:
    """Returns the regions of the fleet, and then the others."""
    used = sorted({cluster.region.name for cluster in loaded.fleet.clusters})
    return tuple(dict.fromkeys([*used, *loaded.written.fleet.entry.region_codes, *REGIONS]))


def _accounts(loaded: Loaded) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{each.account.id} ({each.environment.name})" for each in loaded.fleet.clusters))


def _nothing(_: Loaded) -> tuple[str, ...]:
    return ()


_FIND_ISSUER = "aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer --output text"

_QUESTIONS: Mapping[str, _Question] = {
    "environment": _Question("--environment", "a file of environments/", _environments, _check_environment),
    "region": _Question("--region", "the AWS region of the cluster", _regions, _check_region),
    "oidc_id": _Question("--oidc-id", f"the OIDC id or the issuer, from {_FIND_ISSUER}", _nothing, _check_issuer),
    "account_id": _Question(
        "--account-id", "the AWS account, 12 digits", _accounts, lambda answer, _: check_account_id(answer)
    ),
    "name": _Question("--name", "the cluster's name in EKS", _nothing, _check_name),
}
