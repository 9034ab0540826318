"""The commands that onboard a cluster, take one away, list and show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gitops_gen.commands.answers import command_line, reported, unknown_name, usage_error
from gitops_gen.terminal import echo

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from gitops_gen.load import Loaded
    from gitops_gen.model import Cluster
    from gitops_gen.removal import Removal

CLEAN, NO = 0, 1

_FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How the answer is written."
)


@click.group()
def cluster() -> None:
    """Onboard a cluster, take one away, list and show them."""


@cluster.command(
    epilog="""\b
Examples:
  gitops-gen cluster add --environment dev --region eu-west-1 --oidc-id ID
  gitops-gen cluster add --environment dev --oidc-id https://oidc.eks...
  aws eks describe-cluster --name NAME |
    gitops-gen cluster add --environment dev --describe -
  gitops-gen cluster add --environment dev --eks NAME --profile P --generate

\b
Exit codes: 0 added; 1 the entry would break the model, or there is no safe place
for it: nothing has changed; 2 wrong usage; 4 AWS refused.
"""
)
@click.option("--environment", metavar="E", help="The environment: a file of environments/.")
@click.option("--region", metavar="R", help="The AWS region.")
@click.option("--oidc-id", metavar="ID", help="The cluster's OIDC id, or its issuer URL, which tells the region too.")
@click.option("--name", metavar="N", help="The name in EKS, if it is not <fleet>-<environment>-<region code>.")
@click.option("--account-id", metavar="A", help="The AWS account, if it is not the environment's.")
@click.option("--server", metavar="URL", help="The API endpoint; with --ca-data, the cluster Secret is generated.")
@click.option("--ca-data", metavar="B64", help="The certificate authority of the endpoint, base64, as EKS gives it.")
@click.option(
    "--describe",
    metavar="FILE",
    type=click.File(encoding="utf-8"),
    help="Take the facts from the JSON of `aws eks describe-cluster`; - reads standard input.",
)
@click.option("--eks", metavar="NAME", help="Ask EKS for the facts of this cluster. Needs gitops-gen[aws].")
@click.option("--profile", metavar="P", help="The profile with which EKS is asked.")
@click.option("--generate", "generates", is_flag=True, help="Bring output/ up to date too.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.pass_obj
def add(
    root: Path,
    /,
    *,
    describe: TextIO | None,
    eks: str | None,
    profile: str | None,
    generates: bool,
    dry_run: bool,
    **options: str | None,
) -> int:
    """Onboard a cluster: add its entry to environments/.

    The edit only inserts; every line that is there stays as it is. What is missing is asked for on a terminal; the
    environment is not, where the account is that of one alone. What follows from the place of the cluster, such as
    its account, is not written again.
    """
    if profile is not None and eks is None:
        raise click.UsageError("--profile is for asking EKS: name the cluster with --eks")

    def answer() -> int:
        from gitops_gen.belonging import placed
        from gitops_gen.commands.onboarding import onboard, stated_facts
        from gitops_gen.commands.questions import check_environment, completed
        from gitops_gen.load import load_with_warnings

        loaded = load_with_warnings(root)
        facts = placed(stated_facts(options, describe, eks, profile), loaded)
        check_environment(facts, loaded)
        return onboard(root, loaded, completed(facts, loaded), generates=generates, dry_run=dry_run)

    return reported(answer)


@cluster.command(
    epilog="""\b
Examples:
  gitops-gen cluster remove myapp-dev-use1 --dry-run
  gitops-gen cluster remove myapp-production-use1 --confirm myapp-production-use1

\b
Exit codes: 0 removed; 1 refused, since a guard is missing or nobody confirmed it:
nothing has changed; 2 wrong usage.
"""
)
@click.argument("name")
@click.option("--confirm", metavar="NAME", help="The cluster's name once more; a protected one wants it.")
@click.option("--dry-run", is_flag=True, help="Say what would follow, and change nothing.")
@click.pass_obj
def remove(root: Path, *, name: str, confirm: str | None, dry_run: bool) -> int:
    """Take a cluster away: say what follows, then take out its entry.

    The entry goes with the comments that belong to it. It is refused as long as the last commit of output/ lacks a
    guard without which Argo CD would delete what runs on the cluster.
    """

    def answer() -> int:
        from gitops_gen.load import load_with_warnings
        from gitops_gen.removal import plan_removal, refuse_unguarded
        from gitops_gen.reports.removal import consequence_lines

        loaded = load_with_warnings(root)
        removal = plan_removal(root, loaded, _named(loaded, name))
        echo(consequence_lines(removal))
        refuse_unguarded(removal)
        return _remove(root, removal, confirm, dry_run=dry_run)

    return reported(answer)


@cluster.command(
    "list",
    epilog="""\b
Examples:
  gitops-gen cluster list
  gitops-gen cluster list --environment production --format json
  gitops-gen cluster list --by region
""",
)
@click.option("--environment", "environments", multiple=True, metavar="E", help="Only its clusters. May be repeated.")
@click.option("--region", "regions", multiple=True, metavar="R", help="Only its clusters. May be repeated.")
@click.option("--account", "accounts", multiple=True, metavar="A", help="Only its clusters. May be repeated.")
@click.option(
    "--by",
    type=click.Choice(["environment", "region", "account"]),
    default="environment",
    help="What they are ordered by; environments stand in the order of their stages.",
)
@_FORMAT
@click.pass_obj
def list_(
    root: Path,
    *,
    environments: tuple[str, ...],
    regions: tuple[str, ...],
    accounts: tuple[str, ...],
    by: str,
    form: str,
) -> int:
    """List the clusters, with the line of the model where each is written."""

    def answer() -> int:
        from gitops_gen.load import load_with_warnings
        from gitops_gen.reports.clusters import list_json, list_lines

        loaded = load_with_warnings(root)
        names = [each.name for each in loaded.fleet.environments]
        for name in environments:
            if name not in names:
                raise unknown_name("environment", name, names)
        _check_regions(regions, loaded)
        found = [
            each
            for each in loaded.fleet.clusters
            if _takes(environments, each.environment.name)
            and _takes(regions, each.region.name)
            and _takes(accounts, each.account.id)
        ]
        found.sort(key=_ORDERS[by])
        echo([list_json(loaded, found)] if form == "json" else list_lines(loaded, found))
        if not found:
            click.echo("there is no such cluster", err=True)
        return CLEAN

    return reported(answer, form)


@cluster.command(
    epilog="""\b
Examples:
  gitops-gen cluster show myapp-production-use1
  gitops-gen cluster show myapp-production-use1 --format json
"""
)
@click.argument("name")
@_FORMAT
@click.pass_obj
def show(root: Path, *, name: str, form: str) -> int:
    """Show every fact of a cluster, with the line that it comes from or the rule that derived it."""

    def answer() -> int:
        from gitops_gen.facts import facts_of
        from gitops_gen.load import load_with_warnings
        from gitops_gen.reports.clusters import show_json, show_lines

        loaded = load_with_warnings(root)
        facts = facts_of(loaded, _named(loaded, name))
        echo([show_json(name, facts)] if form == "json" else show_lines(facts))
        return CLEAN

    return reported(answer, form)


def _remove(root: Path, removal: Removal, confirm: str | None, *, dry_run: bool) -> int:
    from gitops_gen.commands.questions import confirmed_name
    from gitops_gen.model_file import replace_text
    from gitops_gen.removal import refuse_unconfirmed

    if dry_run:
        click.echo("nothing was changed", err=True)
        return CLEAN
    if confirm is None and (removal.is_protected or removal.is_unknown):
        confirm = confirmed_name("to take it away, type the cluster's name")
    refuse_unconfirmed(removal, confirm)
    replace_text(root, removal.at.path, old=removal.old, new=removal.new)
    click.echo(f"{removal.at.path} is written", err=True)
    words = ("generate", "--prune") if removal.outcome.kept else ("generate",)
    click.echo(f"next: {command_line(root, *words)}", err=True)
    return CLEAN


def _named(loaded: Loaded, name: str) -> Cluster:
    for each in loaded.fleet.clusters:
        if each.name == name:
            return each
    known = [each.name for each in loaded.fleet.clusters]
    raise unknown_name("cluster", name, known)


def _check_regions(asked: tuple[str, ...], loaded: Loaded) -> None:
    """Raises click.UsageError for what is no region; one of AWS may just have no cluster."""
    from gitops_gen.aws.regions import check_region

    known = {each.region.name for each in loaded.fleet.clusters}
    for region in asked:
        reason = check_region(region) if region not in known else None
        if reason is not None:
            raise usage_error(f"--region: {reason}")


def _takes(asked: tuple[str, ...], value: str) -> bool:
    return not asked or value in asked


_ORDERS = {
    "environment": lambda cluster: (cluster.environment.stage, cluster.environment.name),
    "region": lambda cluster: cluster.region.name,
    "account": lambda cluster: cluster.account.id,
}
