"""A run after the edit of some clusters' entries: it makes the files of these, and leaves all others as they are.

That is only done where it is proved that a whole run would do the same. The model is read with these clusters alone,
as it was and as it is. What was is held against the last run: the key of each file must come out as it did then. And
of what differs, nothing may be read by a template that other files are made from, or decide about another cluster.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gitops_gen.artifacts import load_specs
from gitops_gen.data_classes import replaced
from gitops_gen.last_run.changed_facts import OF_ONE_CLUSTER, changed_facts
from gitops_gen.last_run.incremental import signature_after
from gitops_gen.last_run.keys import Keys
from gitops_gen.last_run.known_fleet import decoded, encoded
from gitops_gen.last_run.small_edit import small_edit
from gitops_gen.last_run.state import Known, stamp_of, with_files, write_state
from gitops_gen.last_run.unchanged import are_content, are_listed, signed_again
from gitops_gen.load import load_with_warnings
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.outcome import Outcome
from gitops_gen.plan import Plan, make_plan
from gitops_gen.problems import GitopsGenError
from gitops_gen.staging import put_all
from gitops_gen.templating.templates import Templates
from gitops_gen.tree import Tree, transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from gitops_gen.artifacts import ArtifactSpec
    from gitops_gen.last_run.known_fleet import KnownFleet
    from gitops_gen.last_run.small_edit import SmallEdit
    from gitops_gen.last_run.state import State
    from gitops_gen.load import Loaded
    from gitops_gen.plan import PlannedArtifact
    from gitops_gen.problems import Problem
    from gitops_gen.signatures import Signatures
    from gitops_gen.tree import Staged


def small_change(
    root: Path, state: State, stamp: bytes, folder: str = "output", on_wait: Callable[[], None] = lambda: None
) -> Outcome | None:
    """Brings the output up to date; None if it takes a whole run, which then also says what is wrong.

    `state` is what the last run left, and `stamp` what `stamp_of` said before it was read. The warnings of the model
    are those of the state.
    """
    if not state.fleet or not state.folders.paths:
        return None
    try:
        planned = _planned(root, state)
        return None if planned is None else _Run(Tree(root, folder), state, planned).done(stamp, on_wait)
    except GitopsGenError:
        return None


class _Planned(NamedTuple):
    """The files of the clusters whose entries were edited."""

    plan: Plan
    templates: Templates
    keys: Mapping[int, bytes]
    """By the number of the file in the state."""
    inputs: Signatures
    known: KnownFleet
    """What the next run may know."""


def _planned(root: Path, state: State) -> _Planned | None:
    """Returns what is to be made, if nothing else is. Raises GitopsGenError for what is wrong."""
    known = decoded(bytes(state.fleet))
    edit = small_edit(root, state.inputs, known.environments)
    if edit is None:
        return None
    old = load_with_warnings(root, edit.old, known.apps)
    # What is the same in both is read once, so that nobody can edit it in between.
    new = load_with_warnings(root, edit.new, known.apps, old.written.files)
    if not (_is_small(edit, old, new, known.shared) and _warns_as_before(edit, old, new, state.warnings)):
        return None
    templates = Templates(root, known.reads)
    specs = [spec for spec in load_specs(root) if "cluster" in spec.for_each]
    keys, plan = _keys(old, specs, templates, state), make_plan(new.fleet, specs, templates)
    if keys is None or [each.path for each in plan.artifacts] != [state.files.paths[number] for number in keys]:
        return None
    found = Keys(new.fleet, templates, state.code)
    now = {
        number: key for number, each in zip(keys, plan.artifacts, strict=True) if (key := found.of(each)) is not None
    }
    return _Planned(plan, templates, now, edit.inputs, known._replace(environments=edit.environments))


def _is_small(edit: SmallEdit, old: Loaded, new: Loaded, shared: frozenset[str] | None) -> bool:
    """Tells whether nothing follows from the edit but for the files of its clusters."""
    facts = changed_facts(old.fleet, new.fleet)
    if facts is None or shared is None or facts & shared or not facts <= OF_ONE_CLUSTER:
        return False
    pairs = [*zip(old.fleet.clusters, new.fleet.clusters, strict=True)]
    ids = {now.oidc_id for before, now in pairs if now.oidc_id != before.oidc_id}
    accounts = {now.account.id for before, now in pairs if now.account.id != before.account.id}
    if any(map(edit.has_elsewhere, ids | accounts)):
        return False
    fleet = new.written.fleet.source.text if accounts else ""
    return "\\" not in fleet and not any(account in fleet for account in accounts)


def _warns_as_before(edit: SmallEdit, old: Loaded, new: Loaded, warnings: Sequence[Problem]) -> bool:
    places = {place.path for each in warnings for place in (each.at, *(related.at for related in each.related))}
    return old.warnings == new.warnings and edit.moved.isdisjoint(places)


def _keys(old: Loaded, specs: Sequence[ArtifactSpec], templates: Templates, state: State) -> Mapping[int, bytes] | None:
    """Returns the keys of the files by their number in the state, or None if the last run says otherwise."""
    keys, found = Keys(old.fleet, templates, state.code), {}
    numbers = {path: number for number, path in enumerate(state.files.paths)}
    for each in make_plan(old.fleet, specs, templates).artifacts:
        key, number = keys.of(each), numbers.get(each.path)
        if key is None or number is None or key != state.key(number):
            return None
        found[number] = key
    return found


class _Run:
    """The files of a plan brought up to date, beside others that stay as they are."""

    def __init__(self, tree: Tree, state: State, planned: _Planned) -> None:
        self._tree = tree
        self._output = tree.on_disk("").rstrip("/")
        self._state = state
        self._planned = planned

    def done(self, stamp: bytes, on_wait: Callable[[], None]) -> Outcome | None:
        """Returns what was done; None, and nothing was, if the output is not as it was. Raises OutputError."""
        state, started = self._state, time.time_ns()
        folders = state.folders.stale(self._output)
        if not are_listed(self._output, state, folders):
            return None
        with transaction(self._tree, on_wait) as writing:
            stale = set(state.files.stale(self._output))
            others = stale - self._planned.keys.keys()
            if stamp_of(self._tree.root) != stamp or not are_content(self._output, state, others):
                return None
            todo = self._todo(stale)
            plan = replaced(self._planned.plan, artifacts=tuple(todo.values()))
            put_all(writing, plan, self._planned.templates, jobs=1, on_file=lambda: None)
            result = writing.commit(None)
            self._state = signed_again(self._output, state, folders, others, started)
            writing.afterwards = lambda: self._leave(todo, writing.staged, started)
        return Outcome(result.changes, result.kept, len(state.files.paths), staged=writing.staged)

    def _todo(self, stale: set[int]) -> Mapping[int, PlannedArtifact]:
        """Returns the files to be made, by number."""
        pairs = zip(self._planned.keys.items(), self._planned.plan.artifacts, strict=True)
        return {number: each for (number, key), each in pairs if number in stale or key != self._state.key(number)}

    def _leave(self, todo: Mapping[int, PlannedArtifact], staged: Mapping[str, Staged], started: int) -> None:
        files = {number: self._known(number, staged[each.path], started) for number, each in todo.items()}
        # The folders have changed just now; the next run lists them once.
        state = with_files(self._state, files)
        write_state(self._tree.root, state._replace(inputs=self._planned.inputs, fleet=encoded(self._planned.known)))

    def _known(self, number: int, staged: Staged, started: int) -> Known:
        path = f"{self._output}/{self._state.files.paths[number]}"
        return Known(self._planned.keys[number], staged.content, signature_after(path, staged.written, started))
