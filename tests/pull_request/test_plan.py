"""The plan: what is done in which state, and that nothing is left to do afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_gen.forges.values import Comment
from gitops_gen.pull_request.marker import DraftBy, read_marker
from gitops_gen.pull_request.plan import marker_of, plan, plan_comment
from gitops_gen.pull_request.values import (
    Action,
    AskReview,
    Close,
    Delete,
    Edit,
    Label,
    Open,
    Push,
    Remove,
    Rewrite,
    Say,
    SetDraft,
    State,
    Stop,
    Text,
)
from tests.pull_request.states import BRANCH, FLEET, after, branch, desired, request

if TYPE_CHECKING:
    from gitops_gen.forges.values import PullRequest
    from gitops_gen.pull_request.values import Desired


def planned(wanted: Desired, state: State, *, take_over: bool = False) -> tuple[Action, ...]:
    return plan(wanted, state, fleet=FLEET, take_over=take_over)


def kinds(actions: tuple[Action, ...]) -> list[type]:
    return [type(action) for action in actions]


def current(wanted: Desired, left: DraftBy = DraftBy.NO, **changes: object) -> PullRequest:
    """Returns the pull request as the bot left it."""
    body = marker_of(wanted, left, FLEET).on(wanted.text.body)
    return request(**{"title": wanted.text.title, "body": body, "labels": wanted.text.labels, **changes})


def test_first_run_pushes_and_opens() -> None:
    wanted = desired(text=Text(title="t", body="b", labels=frozenset({"gitops-gen"}), reviewers=frozenset({"alice"})))
    push, opened = planned(wanted, State(branch=None, request=None))
    assert push == Push(BRANCH, "c2", None)
    assert isinstance(opened, Open)
    assert (opened.title, opened.labels, opened.reviewers) == ("t", frozenset({"gitops-gen"}), frozenset({"alice"}))
    assert read_marker(opened.body) == marker_of(wanted, DraftBy.NO, FLEET)


def test_nothing_is_done_where_all_is_as_wanted() -> None:
    assert planned(desired(), State(branch=branch("c2"), request=current(desired()))) == ()


def test_other_tree_is_pushed_with_the_lease_of_what_was_seen() -> None:
    assert planned(desired(), State(branch=branch("c1"), request=current(desired()))) == (Push(BRANCH, "c2", "c1"),)


def test_same_tree_on_a_commit_that_is_no_longer_in_the_base_is_pushed() -> None:
    there = branch("c2", is_on_base=False)
    assert kinds(planned(desired(), State(branch=there, request=current(desired())))) == [Push]


@pytest.mark.parametrize("wanted", [desired(), desired(None)], ids=["a difference", "none"])
def test_commit_of_a_person_stops_everything(wanted: Desired) -> None:
    state = State(branch=branch("c9", is_ours=False), request=request())
    assert planned(wanted, state) == (Stop(BRANCH, "c9"),)


def test_take_over_replaces_the_commit_of_a_person() -> None:
    state = State(branch=branch("c9", is_ours=False), request=current(desired()))
    assert planned(desired(), state, take_over=True) == (Push(BRANCH, "c2", "c9"),)


def test_take_over_never_deletes_what_a_person_added() -> None:
    state = State(branch=branch("c9", is_ours=False), request=request())
    assert kinds(planned(desired(None), state, take_over=True)) == [Close]


def test_branch_of_a_person_without_a_pull_request_is_left_alone_where_nothing_differs() -> None:
    assert planned(desired(None), State(branch=branch("c9", is_ours=False), request=None)) == ()


def test_branch_whose_commits_are_all_in_the_base_is_used() -> None:
    there = branch("c9", is_ours=False, is_merged=True)
    assert kinds(planned(desired(), State(branch=there, request=None))) == [Push, Open]


def test_pull_request_is_closed_before_its_branch_is_deleted() -> None:
    found = request()
    assert planned(desired(None), State(branch=branch("c1"), request=found)) == (Close(found), Delete(BRANCH, "c1"))


def test_branch_that_another_pull_request_needs_is_not_deleted() -> None:
    state = State(branch=branch("c1"), request=request(), is_shared=True)
    assert kinds(planned(desired(None), state)) == [Close]


def test_other_body_is_written_and_the_title_of_a_person_stays_otherwise() -> None:
    found = current(desired(), number=7)
    renamed = replace(found, title="what a person made of it")
    assert planned(desired(), State(branch=branch("c2"), request=renamed)) == ()
    other = desired(text=Text(title="t", body="b", labels=frozenset({"gitops-gen"}), reviewers=frozenset()))
    assert planned(other, State(branch=branch("c2"), request=renamed)) == (
        Edit(renamed, "t", marker_of(other, DraftBy.NO, FLEET).on("b")),
    )


def test_errors_make_a_draft_and_no_errors_make_it_ready() -> None:
    broken = desired(draft=True)
    first = planned(broken, State(branch=branch("c2"), request=current(desired())))
    assert kinds(first) == [Edit, SetDraft]
    there = current(broken, DraftBy.BOT, draft=True)
    assert planned(broken, State(branch=branch("c2"), request=there)) == ()
    ready, edit = planned(desired(), State(branch=branch("c2"), request=there))
    assert ready == SetDraft(there, draft=False)
    assert isinstance(edit, Edit)
    assert not edit.request.draft


def test_draft_of_a_person_stays_a_draft() -> None:
    assert planned(desired(), State(branch=branch("c2"), request=current(desired(), draft=True))) == ()
    broken = desired(draft=True)
    (edit,) = planned(broken, State(branch=branch("c2"), request=current(desired(), draft=True, body="old")))
    assert isinstance(edit, Edit)
    marker = read_marker(edit.body)
    assert marker is not None
    assert marker.draft is DraftBy.NO


def test_draft_that_the_service_refused_is_not_asked_for_again() -> None:
    broken = desired(draft=True)
    assert planned(broken, State(branch=branch("c2"), request=current(broken, DraftBy.REFUSED))) == ()


def with_reviewers(*names: str) -> Desired:
    text = Text(title="title", body="body", labels=frozenset({"gitops-gen"}), reviewers=frozenset(names))
    return desired(text=text)


def test_reviewers_are_asked_again_only_where_nobody_is_there() -> None:
    wanted = with_reviewers("alice", "bob")
    nobody = current(wanted)
    assert planned(wanted, State(branch=branch("c2"), request=nobody)) == (
        AskReview(nobody, frozenset({"alice", "bob"})),
    )
    one = current(wanted, reviewers=frozenset({"Alice"}))
    assert planned(wanted, State(branch=branch("c2"), request=one)) == ()


def test_new_owner_is_asked_and_the_author_never() -> None:
    there = current(with_reviewers("alice"), reviewers=frozenset({"alice"}))
    wanted = with_reviewers("alice", "bob", "BOT")
    edit, asked = planned(wanted, State(branch=branch("c2"), request=there))
    assert isinstance(edit, Edit)
    assert isinstance(asked, AskReview)
    assert asked.reviewers == {"bob"}


def test_labels_of_people_stay_and_those_of_the_bot_follow() -> None:
    found = replace(current(desired()), labels=frozenset({"urgent", "GitOps-Gen", "gitops-gen/dev", "gitops-generic"}))
    assert planned(desired(), State(branch=branch("c2"), request=found)) == (
        Label(found, frozenset(), frozenset({"gitops-gen/dev"})),
    )


@st.composite
def wants(draw: st.DrawFn) -> Desired:
    text = Text(
        title=draw(st.sampled_from(["a", "b"])),
        body=draw(st.sampled_from(["x", "y"])),
        labels=frozenset(draw(st.sets(st.sampled_from(["gitops-gen", "gitops-gen/dev"])))),
        reviewers=frozenset(draw(st.sets(st.sampled_from(["alice", "bob", "bot"])))),
    )
    commit = draw(st.sampled_from([None, "c1", "c2"]))
    return desired(commit, text=text, draft=draw(st.booleans()))


@st.composite
def states(draw: st.DrawFn) -> State:
    there = st.builds(
        branch, st.sampled_from(["c1", "c2", "c9"]), is_ours=st.booleans(), is_on_base=st.booleans(),
        is_merged=st.booleans(),
    )  # fmt: skip
    left = draw(wants())
    body = marker_of(left, draw(st.sampled_from(DraftBy)), FLEET).on(left.text.body)
    requests = st.builds(
        request,
        body=st.sampled_from([body, "of a person", f"> {body}"]),
        draft=st.booleans(),
        labels=st.frozensets(st.sampled_from(["urgent", "gitops-gen", "gitops-gen/dev"])),
        reviewers=st.frozensets(st.sampled_from(["alice", "bob", "carol"])),
    )
    return State(branch=draw(st.none() | there), request=draw(st.none() | requests), is_shared=draw(st.booleans()))


@settings(max_examples=200, deadline=None)
@given(wants(), states(), st.booleans(), st.data())
def test_from_any_state_the_second_run_does_nothing(
    wanted: Desired, state: State, take_over: bool, data: st.DataObject
) -> None:
    first = planned(wanted, state, take_over=take_over)
    if kinds(first) == [Stop]:
        assert not take_over
        return
    reached = after(state, first).request
    assert reached is None or Edit not in kinds(first) or reached.title == wanted.text.title
    assert planned(wanted, after(state, first), take_over=take_over) == ()
    # A run that ends early leaves a state from which the next one gets there as well.
    cut = after(state, first[: data.draw(st.integers(0, len(first)))])
    second = planned(wanted, cut, take_over=take_over)
    assert planned(wanted, after(cut, second), take_over=take_over) == ()


@settings(max_examples=100, deadline=None)
@given(wants(), states())
def test_branch_with_commits_of_a_person_is_never_written_unasked(wanted: Desired, state: State) -> None:
    written = [action for action in planned(wanted, state) if isinstance(action, Push | Delete)]
    assert not written or state.branch is None or state.branch.is_expendable


def note(number: int, body: str, author: str = "bot") -> Comment:
    return Comment(id=number, body=body, author=author)


def said(body: str) -> str:
    (action,) = plan_comment(3, body, (), fleet=FLEET)
    assert isinstance(action, Say)
    return action.body


def test_comment_is_added_once_and_then_edited_in_place() -> None:
    people = (note(1, "hello"), note(2, f"> {said('one')}"))
    assert plan_comment(3, "one", people, fleet=FLEET) == (Say(3, said("one")),)
    there = (*people, note(4, said("one")))
    assert plan_comment(3, "one", there, fleet=FLEET) == ()
    assert plan_comment(3, "two", there, fleet=FLEET) == (Rewrite(3, 4, said("two")),)


def test_comment_of_another_fleet_is_not_ours() -> None:
    other = note(4, said("one").replace("fleet=shop", "fleet=bank"))
    assert plan_comment(3, "one", (other,), fleet=FLEET) == (Say(3, said("one")),)


def test_second_comment_of_two_runs_at_once_is_deleted() -> None:
    there = (note(4, said("one")), note(5, said("one")), note(6, said("one"), "somebody"))
    assert plan_comment(3, "one", there, fleet=FLEET) == (Remove(3, 5),)


def test_comment_goes_where_nothing_differs_any_more() -> None:
    assert plan_comment(3, "", (), fleet=FLEET) == ()
    assert plan_comment(3, "", (note(4, said("one")), note(5, said("one"))), fleet=FLEET) == (
        Remove(3, 4),
        Remove(3, 5),
    )


def test_comment_whose_text_was_changed_by_github_line_ends_is_current() -> None:
    assert plan_comment(3, "one", (note(4, said("one").replace("\n", "\r\n")),), fleet=FLEET) == ()
