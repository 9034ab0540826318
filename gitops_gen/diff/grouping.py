"""Differences to groups: the same edit in many places is told once, with how often and where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.diff.differences import has_meaning
from gitops_gen.diff.fields import field_of
from gitops_gen.diff.masking import has_redacted
from gitops_gen.diff.outliers import with_outliers
from gitops_gen.diff.sameness import token
from gitops_gen.diff.subjects import APPLICATION, subject_of
from gitops_gen.diff.values import Group, Kind, Member

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gitops_gen.diff.atlas import Atlas
    from gitops_gen.diff.likeness import Likeness
    from gitops_gen.diff.values import Change, Step, Value

Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """A difference, or a whole resource, with what it has in common with others."""

    kind: Kind
    noun: str
    steps: tuple[Step, ...]
    old: Value
    new: Value
    member: Member


def groups(changes: Sequence[Change], paths: Sequence[str], atlas: Atlas, likeness: Likeness) -> tuple[Group, ...]:
    """Returns the groups of all differences, the largest first. Each difference is in one of them.

    `paths` are the new files: who has the same file and is not in a group stands out.
    """
    edits = [edit for index, change in enumerate(changes) for edit in _edits(index, change)]
    alike = [_group(kept, atlas, likeness) for kept in _alike(edits, likeness)]
    found = with_outliers(alike, changes, paths, atlas)
    return tuple(sorted(found, key=lambda group: (-len(group.members), group.subject, group.field, str(group.kind))))


def _edits(index: int, change: Change) -> Iterator[_Edit]:
    if change.kind in (Kind.ADDED, Kind.REMOVED):
        noun = subject_of(change, None).noun
        # What a whole resource is called tells which one it is; what is in it may differ from place to place.
        name = _name(change, noun)
        old, new = (name, None) if change.kind is Kind.REMOVED else (None, name)
        yield _Edit(change.kind, noun, (), old, new, Member(index, None, change.place))
        return
    for number, difference in enumerate(change.differences):
        if not has_meaning(difference):
            continue
        subject = subject_of(change, difference)
        member = Member(index, number, difference.place)
        old, new = difference.old, difference.new
        if not subject.steps and isinstance(old or new, dict):
            old, new = _named(old), _named(new)
        yield _Edit(difference.kind, subject.noun, subject.steps, old, new, member)


def _name(change: Change, noun: str) -> Value:
    if change.resource.api_version:
        return str(change.resource)
    (whole,) = change.differences
    return _named(whole.old if change.kind is Kind.REMOVED else whole.new) if noun == APPLICATION else change.path


def _named(element: Value) -> Value:
    """Returns what a whole element of an ApplicationSet is called."""
    return element.get("application") or element.get("cluster") if isinstance(element, dict) else element


def _alike(edits: Iterable[_Edit], likeness: Likeness) -> Iterator[list[_Edit]]:
    """Yields the edits that are the same.

    First to the letter. Then what follows from the place: two edits that differ only in the name of their own cluster
    are the same, unless that would part what is the same to the letter.
    """
    exact: dict[Key, list[_Edit]] = defaultdict(list)
    for edit in edits:
        exact[_key(edit)].append(edit)
    merged: dict[Key, list[_Edit]] = defaultdict(list)
    for key, same in exact.items():
        general = {_key(_general(edit, likeness)) for edit in same}
        merged[("", *general.pop()) if len(general) == 1 else key].extend(same)
    yield from merged.values()


def _key(edit: _Edit) -> Key:
    return (str(edit.kind), edit.noun, field_of(edit.steps), token(edit.old), token(edit.new))


def _general(edit: _Edit, likeness: Likeness) -> _Edit:
    place = edit.member.place
    old, new = likeness.value(edit.old, place), likeness.value(edit.new, place)
    # What differs must not go with the replacement; of two secrets nothing is seen anyhow.
    if token(old) == token(new) and not has_redacted(old):
        old, new = edit.old, edit.new
    return _Edit(edit.kind, edit.noun, likeness.steps(edit.steps, place), old, new, edit.member)


def _group(edits: list[_Edit], atlas: Atlas, likeness: Likeness) -> Group:
    shown = edits[0] if len({_key(edit) for edit in edits}) == 1 else _general(edits[0], likeness)
    counts: dict[str, int] = defaultdict(int)
    for edit in edits:
        counts[edit.member.place.environment] += 1
    return Group(
        kind=shown.kind,
        subject=shown.noun,
        field=field_of(shown.steps),
        old=shown.old,
        new=shown.new,
        members=tuple(edit.member for edit in edits),
        environments=tuple(sorted(counts.items(), key=lambda each: (atlas.rank(each[0]), each[0]))),
    )
