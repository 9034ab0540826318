"""A run in rounds: look, plan, apply; and once more where another run, or a fault, came in between.

After a write whose answer was lost nobody knows whether it was done. The next round looks, and plans only what is
still missing: so nothing is done twice.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.diff import compare
from gitops_gen.diff.subjects import plural
from gitops_gen.forges.faults import ForgeError
from gitops_gen.problems import GitError
from gitops_gen.pull_request.applying import apply
from gitops_gen.pull_request.content import content_of
from gitops_gen.pull_request.labels import labels_of
from gitops_gen.pull_request.page import comment_blocks, page, request_blocks, title_of
from gitops_gen.pull_request.plan import plan, plan_comment
from gitops_gen.pull_request.proposal import propose
from gitops_gen.pull_request.state import Names, look, state_of
from gitops_gen.pull_request.values import Desired, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from gitops_gen.diff.values import Report
    from gitops_gen.forges.values import PullRequest
    from gitops_gen.pull_request.bot import Bot
    from gitops_gen.pull_request.content import Content
    from gitops_gen.pull_request.proposal import Proposal
    from gitops_gen.pull_request.values import Action
    from gitops_gen.reports.markdown import Block

ROUNDS = 3
_PAUSE = 0.5
"""Seconds before the second round; before the third twice as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run planned, and did unless it was dry."""

    base: str
    actions: tuple[Action, ...]
    """Of every round, in order."""
    url: str | None
    """The page of the pull request, if there is one."""
    report: tuple[Block, ...]
    """The whole page, of which the service got what fits."""
    notes: tuple[str, ...]


class Run:
    """One run of a bot. `done` is told each action that was carried out."""

    def __init__(self, bot: Bot, done: Callable[[Action], None]) -> None:
        self._bot = bot
        self._done = done
        self._actions: list[Action] = []
        self._opened = ""

    def pull_request(self) -> Ran:
        """Brings the bot's own pull request to what the model says. Raises GitopsGenError."""
        return self._in_rounds(self._propose)

    def comment(self, number: int) -> Ran:
        """Brings the comment on a person's pull request to what the model changes. Raises GitopsGenError."""
        return self._in_rounds(lambda: self._comment(number))

    def _in_rounds(self, step: Callable[[], Ran]) -> Ran:
        for number in range(ROUNDS - 1):
            try:
                return step()
            except (ForgeError, GitError) as error:
                if not error.may_pass:
                    raise
                time.sleep(_PAUSE * 2**number)
        return step()

    def _propose(self) -> Ran:
        bot, seen = self._bot, look(self._bot.git)
        base_name = seen.base(bot.options.base, bot.fleet.repo.revision)
        names = Names(bot.options.branch or f"gitops-gen/{bot.fleet.name}/{base_name}", base_name)
        bot.git.fetch(
            (seen.heads[name] for name in (names.base, names.branch) if name in seen.heads), depth=bot.place.depth
        )
        base = bot.git.commit(seen.heads[base_name])
        proposal = propose(bot.git, bot.place, base, bot.made, f"Bring {_what(bot)} up to date with the model")
        report = _report(proposal.content, names.base)
        blocks = request_blocks(report, bot.made.verdict, names.base)
        desired = _desired(bot, names, proposal, report, page(blocks, bot.forge.limit, names.base))
        state = state_of(bot.git, bot.forge, names, seen, base)
        self._carry_out(plan(desired, state, fleet=bot.fleet.name, take_over=bot.options.take_over))
        return self._ran(names.base, state.request, blocks, ())

    def _comment(self, number: int) -> Ran:
        bot, seen = self._bot, look(self._bot.git)
        request = bot.forge.pull_request(number)
        stated = request.base if bot.place.model else bot.options.base
        base_name = seen.base(stated, bot.fleet.repo.revision)
        base, notes = self._fork(seen.heads[base_name], request)
        content = content_of(bot.git, base, bot.place.folder, bot.made.texts, bot.made.may_prune)
        report = _report(content, base_name)
        blocks = comment_blocks(report, bot.made.verdict, base_name)
        has_news = not report.is_empty or bot.made.is_broken
        body = page(blocks, bot.forge.limit, base_name) if has_news else ""
        comments = bot.forge.comments(number)
        self._carry_out(plan_comment(number, body, comments, fleet=bot.fleet.name))
        return self._ran(base_name, request, blocks, notes)

    def _fork(self, tip: str, request: PullRequest) -> tuple[str, tuple[str, ...]]:
        """Returns the commit from which the pull request went off, so that what came to the base since is not told."""
        bot = self._bot
        bot.git.fetch([tip], depth=bot.place.depth)
        if not bot.place.model:
            return tip, ()
        head = bot.git.commit("HEAD")
        is_checked_out = request.head in (head.id, *head.parents)
        notes = () if is_checked_out else (f"what is checked out is not pull request {request.number}",)
        known = bot.git.says_yes("merge-base", "HEAD", tip)
        return (bot.git.word("merge-base", "HEAD", tip) if known else tip), notes

    def _carry_out(self, actions: tuple[Action, ...]) -> None:
        if self._bot.options.dry_run:
            self._actions += actions
            return
        apply(actions, self._bot.git, self._bot.forge, self._note)

    def _note(self, action: Action, url: str) -> None:
        self._actions.append(action)
        self._opened = url or self._opened
        self._done(action)

    def _ran(self, base: str, request: PullRequest | None, blocks: tuple[Block, ...], notes: tuple[str, ...]) -> Ran:
        url = self._opened or (request.url if request else None)
        return Ran(base=base, actions=tuple(self._actions), url=url, report=blocks, notes=notes)


def _report(content: Content, base: str) -> Report:
    kept = len(content.kept)
    note = f"{plural('file', kept)} no longer planned, and left alone: a protected environment may need it (--prune)"
    return compare(content.old, content.new, base=base, notes=(note,) if kept else ())


def _what(bot: Bot) -> str:
    return f"{bot.place.folder or 'the output'} of {bot.fleet.name}"


def _desired(bot: Bot, names: Names, proposal: Proposal, report: Report, body: str) -> Desired:
    text = Text(
        title=title_of(report, _what(bot)),
        body=body,
        labels=labels_of(report, is_broken=bot.made.is_broken),
        reviewers=_reviewers(bot, report),
    )
    return Desired(
        branch=names.branch,
        base=names.base,
        commit=proposal.commit,
        tree=proposal.tree,
        text=text,
        draft=bot.made.is_broken,
    )


def _reviewers(bot: Bot, report: Report) -> frozenset[str]:
    """Returns the owners of the environments that are touched."""
    touched = {row.environment for row in report.rows}
    environments = (each for each in bot.fleet.environments if each.name in touched)
    return frozenset(owner for each in environments for owner in each.owners)
