"""What `cluster add` does with the facts that it has: it says what follows, and writes the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gitops_gen.commands.answers import command_line, report
from gitops_gen.terminal import echo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import TextIO

    from gitops_gen.load import Loaded
    from gitops_gen.onboard import Facts, Onboarding
    from gitops_gen.pipeline import Project
    from gitops_gen.problems import Problem

CLEAN, NO = 0, 1


def stated_facts(
    options: Mapping[str, str | None], describe: TextIO | None, eks: str | None, profile: str | None
) -> Facts:
    """Returns what the options say, and what the sources say that they name.

    Raises FactsError where two of them differ, and EksError.
    """
    from gitops_gen.eks import ask, read_description
    from gitops_gen.onboard import Known, issuer_facts, together

    stated = {
        name: Known(value, f"--{name.replace('_', '-')}")
        for name, value in options.items()
        if value and name != "oidc_id"
    }
    sources: list[Facts] = [stated]
    if options["oidc_id"]:
        sources.append(issuer_facts(options["oidc_id"], "--oidc-id"))
    if describe is not None:
        origin = "standard input" if describe.name == "<stdin>" else str(describe.name)
        sources.append(read_description(describe.read(), origin))
    if eks is not None:
        sources.append(ask(eks, region=options["region"], profile=profile))
    return together(*sources)


def onboard(root: Path, loaded: Loaded, facts: Facts, *, generates: bool, dry_run: bool) -> int:
    """Adds the entry that complete facts come to, and returns the exit code.

    Raises ModelError, TemplateError or OutputError for what stood in the way before.
    """
    from gitops_gen.belonging import doubts
    from gitops_gen.edit import EditError
    from gitops_gen.onboard import onboarding, undeclared

    try:
        prepared = onboarding(root, loaded, facts)
    except EditError as error:
        report(error)
        _print_entry(loaded, facts)
        return NO
    doubtful = [f"look again: {doubt}" for doubt in doubts(facts, loaded)]
    project = _project(root, prepared, doubtful)
    if project is None:
        return NO
    _print_plan(project, prepared)
    echo(doubtful, err=True)
    if undeclared(facts, loaded):
        click.echo(
            "server and ca_data are left out: no cluster around states them; --server and --ca-data do", err=True
        )
    if dry_run:
        click.echo("nothing was changed", err=True)
        return CLEAN
    return _write(root, project, prepared, generates=generates)


def _print_entry(loaded: Loaded, facts: Facts) -> None:
    from gitops_gen.edit.spelling import Spelling
    from gitops_gen.onboard import entry_of

    echo(Spelling().lines(entry_of(facts, loaded), "  - "))


def _project(root: Path, prepared: Onboarding, doubtful: Iterable[str]) -> Project | None:
    """Returns the project with the new entry, or None if the entry breaks it, which is reported, with the doubts."""
    from gitops_gen.onboard import changed_lines
    from gitops_gen.pipeline import open_project
    from gitops_gen.problems import ModelError, in_order

    try:
        return open_project(root, texts={prepared.path: prepared.new})
    except ModelError as error:
        report(ModelError(*in_order(_at_the_entry(problem, prepared) for problem in error.problems)))
        echo(doubtful, err=True)
        click.echo(f"nothing was changed; these are the lines of {prepared.path} with this in it:", err=True)
        echo(changed_lines(prepared.old, prepared.new), err=True)
        return None


def _at_the_entry(problem: Problem, prepared: Onboarding) -> Problem:
    """Returns a problem of two places that have the same name as one at the new entry, if one of them is that."""
    from gitops_gen.problems import STANDS_ALREADY, Related

    match problem.related:
        case (Related(at=at, message=message),) if message == STANDS_ALREADY and prepared.has_added(at):
            return problem._replace(at=at, related=(Related(problem.at, message),))
    return problem


def _print_plan(project: Project, prepared: Onboarding) -> None:
    from gitops_gen.pipeline import check
    from gitops_gen.reports.clusters import entry_lines, outcome_lines
    from gitops_gen.reports.problem_lines import problem_lines

    echo(problem_lines(project.warnings), err=True)
    echo(entry_lines(prepared, project.plan.fleet))
    echo(outcome_lines(check(project), project.tree.folder))


def _write(root: Path, project: Project, prepared: Onboarding, *, generates: bool) -> int:
    from gitops_gen.model_file import replace_text
    from gitops_gen.pipeline import generate
    from gitops_gen.reports.text import generate_lines, generate_notes

    replace_text(root, prepared.path, old=prepared.old, new=prepared.new)
    click.echo(f"{prepared.path} is written", err=True)
    if not generates:
        click.echo(f"next: {command_line(root, 'generate')}", err=True)
        return CLEAN
    outcome, folder = generate(project), project.tree.folder
    *_, last = generate_lines(outcome, folder)
    click.echo(last, err=True)
    echo(generate_notes(outcome, folder, command_line(root, "generate")), err=True)
    return CLEAN
