"""The comment on a person's pull request: one, updated in place, gone when nothing differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tools.bot import Scene, scene
from tests.tools.hosting import Fault, Pull
from tests.tools.repository import commit_all, git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NUMBER = 40


@pytest.fixture(params=["github", "gitlab", "gitea"])
def person(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A pull request of a person, whose branch is checked out; it changes an account."""
    with scene(tmp_path, request.param) as found:
        git(found.checkout, "checkout", "--quiet", "-b", "feature")
        change(found, "111122223333", "111122223334")
        found.hosted.store.pulls[NUMBER] = Pull(NUMBER, "feature", "main", "Move dev", "please", author="carol")
        yield found


def change(found: Scene, old: str, new: str) -> None:
    found.edit("environments/dev.yaml", old, new)
    commit_all(found.checkout, "change the model")
    git(found.checkout, "push", "--quiet", str(found.bare), "HEAD:refs/heads/feature")


def bodies(found: Scene) -> list[str]:
    return [note.body for note in found.hosted.store.notes.values()]


def test_comment_is_made_kept_updated_and_removed(person: Scene) -> None:
    person.hosted.store.say(NUMBER, "what does it change?", "carol")
    answer = person.pr("comment", str(NUMBER))
    assert (answer.code, answer.err) == (0, f"done: comment on pull request {NUMBER}\n")
    _, said = bodies(person)
    assert said.startswith("<!-- gitops-gen comment fleet=shop digest=")
    assert "111122223333 -> 111122223334" in said
    writes = list(person.hosted.writes)
    assert person.pr("comment", str(NUMBER)).out.startswith("nothing to do: https://host/")
    assert person.hosted.writes == writes

    change(person, "111122223334", "111122223335")
    assert person.pr("comment", str(NUMBER)).code == 0
    assert len(bodies(person)) == 2
    assert "111122223333 -> 111122223335" in bodies(person)[1]

    change(person, "111122223335", "111122223333")
    assert person.pr("comment", str(NUMBER)).code == 0
    assert bodies(person) == ["what does it change?"]
    assert person.hosted.pushes == 0
    assert person.hosted.store.pulls[NUMBER].body == "please"


def test_what_came_to_the_base_since_is_not_told(person: Scene) -> None:
    git(person.checkout, "checkout", "--quiet", "main")
    person.edit("environments/production.yaml", "444455556666", "444455556667")
    person.push_base()
    git(person.checkout, "checkout", "--quiet", "feature")
    person.pr("comment", str(NUMBER))
    assert "444455556667" not in bodies(person)[0]


def test_dry_run_says_what_it_would_say(person: Scene) -> None:
    assert person.pr("comment", str(NUMBER), "--dry-run").out.startswith(f"would comment on pull request {NUMBER}\n")
    assert person.hosted.writes == []


def test_other_checkout_is_warned_of(person: Scene) -> None:
    git(person.checkout, "checkout", "--quiet", "main")
    answer = person.pr("comment", str(NUMBER))
    assert answer.err == f"warning: what is checked out is not pull request {NUMBER}\n"
    assert bodies(person) == []


def test_pull_request_that_is_not_there_is_told(person: Scene) -> None:
    answer = person.pr("comment", "99")
    assert answer.code == 4
    assert "request 99: the service answered 404" in answer.err


def test_comment_whose_answer_was_lost_is_not_made_twice(person: Scene) -> None:
    person.hosted.faults.append(Fault("lost", writes=True))
    assert person.pr("comment", str(NUMBER)).code == 0
    assert len(bodies(person)) == 1


def test_mentions_fences_and_comments_in_the_content_do_nothing(person: Scene) -> None:
    path = person.checkout / "environments/apps/web.yaml"
    path.write_text(
        path.read_text() + 'values:\n  note: "@everyone ```\\n/close <!-- gitops-gen comment --> </details>"\n'
    )
    commit_all(person.checkout, "say something")
    git(person.checkout, "push", "--quiet", str(person.bare), "HEAD:refs/heads/feature")
    person.pr("comment", str(NUMBER))
    (said,) = bodies(person)
    assert said.count("<details>") == outside(said).count("</details>")
    assert "@everyone" in said
    for sign in ("@everyone", "<!-- gitops-gen comment -->", "\n/close"):
        assert sign not in outside(said).partition("\n")[2]


def outside(text: str) -> str:
    """Returns a page without what stands in fences and code spans, read as CommonMark reads them."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines():
        ticks = line[: len(line) - len(line.lstrip("`"))]
        if fence:
            fence = "" if ticks and len(ticks) >= len(fence) and not line.strip("`") else fence
        elif len(ticks) >= 3:
            fence = ticks
        else:
            lines.append(line)
    return "\n".join(map(_without_spans, lines))


def _without_spans(line: str) -> str:
    kept, rest = "", line
    while "`" in rest:
        before, _, after = rest.partition("`")
        width = 1 + len(after) - len(after.lstrip("`"))
        inside, end, rest = after[width - 1 :].partition("`" * width)
        kept += before if end else before + inside
    return kept + rest
