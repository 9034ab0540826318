"""Every request of the bot, and every answer of the server that the tests use, held against the published APIs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from gitops_gen.forges import connect
from gitops_gen.forges.addresses import Address, Service
from gitops_gen.forges.values import Draft
from tests.forges import descriptions
from tests.tools.hosting import hosting
from tests.tools.hosting.server import PROJECT, TOKEN
from tests.tools.repository import git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.hosting.server import Asked

TYPES = {"StrictStr": str, "StrictInt": int, "StrictBool": bool}


def everything(service: str, folder: Path) -> list[Asked]:
    """Does all that an adapter can do, and returns what was asked and answered."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    for branch in ("main", "bot"):
        git(folder, "checkout", "--quiet", "-b", branch) if branch == "bot" else None
        git(folder, "commit", "--quiet", "--allow-empty", "--message", branch)
    with hosting(service, folder) as hosted:
        forge = connect(Address(Service(service), hosted.url, PROJECT, TOKEN, "T"), timeout=5, longest_wait=1)
        made = forge.open(Draft(branch="bot", base="main", title="t", body="b", draft=True))
        (made,) = forge.open_pull_requests("bot")
        assert (made.title, made.body, made.draft, made.author) == ("t", "b", True, "bot")
        forge.edit(made, "t2", "b2")
        made = forge.pull_request(made.number)
        forge.set_draft(made, draft=False)
        assert not forge.pull_request(made.number).draft
        forge.label(made, frozenset({"one", "two"}), frozenset())
        forge.label(made, frozenset(), frozenset({"two"}))
        forge.ask_review(made, frozenset({"alice"}))
        made = forge.pull_request(made.number)
        assert (made.title, made.labels, made.reviewers) == ("t2", frozenset({"one"}), frozenset({"alice"}))
        forge.comment(made.number, "hello")
        (said,) = forge.comments(made.number)
        forge.rewrite(made.number, said.id, "bye")
        assert [each.body for each in forge.comments(made.number)] == ["bye"]
        forge.remove(made.number, said.id)
        assert forge.comments(made.number) == ()
        forge.close(made)
        assert forge.open_pull_requests("bot") == ()
        return hosted.asked


def test_gitlab_does_all_of_it(tmp_path: Path) -> None:
    # No registry has a package with GitLab's description; python-gitlab makes the requests.
    assert {each.status for each in everything("gitlab", tmp_path)} <= {200, 201, 204}


def test_github_is_asked_and_answers_as_it_publishes(tmp_path: Path) -> None:
    sent, answered = descriptions.github(is_whole=True), descriptions.github(is_whole=False)
    for asked in everything("github", tmp_path):
        if asked.path != "/api/graphql":
            _check_request(sent, asked)
            _check_answer(answered, asked)


def _check_request(description: dict[str, Any], asked: Asked) -> None:
    operation = _operation(description["paths"], asked)
    known = {_resolved(description, each)["name"] for each in operation.get("parameters", ())}
    assert asked.query.keys() <= known, (asked.path, asked.query)
    if asked.body is not None:
        _assert_valid(description, operation["requestBody"]["content"]["application/json"]["schema"], asked.body)


def _check_answer(description: dict[str, Any], asked: Asked) -> None:
    operation = _operation(description["paths"], asked)
    answer = _resolved(description, operation["responses"][str(asked.status)])
    if asked.answer is not None:
        _assert_valid(description, answer["content"]["application/json"]["schema"], asked.answer)


def _operation(paths: dict[str, Any], asked: Asked) -> dict[str, Any]:
    path = asked.path.removeprefix("/api/v3")
    fitting = [each for each in paths if re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", each), path)]
    exact = min(fitting, key=lambda each: each.count("{"))
    found: dict[str, Any] = paths[exact][asked.method.lower()]
    return found


def _resolved(description: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = value
    while "$ref" in found:
        target: Any = description
        for step in found["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        found = target
    return found


def _assert_valid(description: dict[str, Any], schema: dict[str, Any], value: object) -> None:
    whole = {"components": {"schemas": description["components"]["schemas"]}, **schema}
    errors = jsonschema_rs.Draft202012Validator(whole).iter_errors(value)
    assert [f"{error.instance_path}: {error.message}" for error in errors] == []


GITEA_MODELS = {
    ("POST", "/repos/{owner}/{repo}/pulls"): ("create_pull_request_option", "pull_request"),
    ("GET", "/repos/{owner}/{repo}/pulls"): (None, "pull_request"),
    ("GET", "/repos/{owner}/{repo}/pulls/{index}"): (None, "pull_request"),
    ("PATCH", "/repos/{owner}/{repo}/pulls/{index}"): ("edit_pull_request_option", "pull_request"),
    ("GET", "/repos/{owner}/{repo}/pulls/{index}/reviews"): (None, "pull_review"),
    ("POST", "/repos/{owner}/{repo}/pulls/{index}/requested_reviewers"): ("pull_review_request_options", "pull_review"),
    ("GET", "/repos/{owner}/{repo}/labels"): (None, "label"),
    ("POST", "/repos/{owner}/{repo}/labels"): ("create_label_option", "label"),
    ("POST", "/repos/{owner}/{repo}/issues/{index}/labels"): ("issue_labels_option", "label"),
    ("DELETE", "/repos/{owner}/{repo}/issues/{index}/labels/{id}"): (None, None),
    ("GET", "/repos/{owner}/{repo}/issues/{index}/comments"): (None, "comment"),
    ("POST", "/repos/{owner}/{repo}/issues/{index}/comments"): ("create_issue_comment_option", "comment"),
    ("PATCH", "/repos/{owner}/{repo}/issues/comments/{id}"): ("edit_issue_comment_option", "comment"),
    ("DELETE", "/repos/{owner}/{repo}/issues/comments/{id}"): (None, None),
}


@pytest.mark.parametrize("service", ["gitea", "forgejo"])
def test_gitea_is_asked_and_answers_as_it_publishes(service: str, tmp_path: Path) -> None:
    description = descriptions.gitea()
    for asked in everything(service, tmp_path):
        path = asked.path.removeprefix("/api/v1")
        fitting = [each for each in GITEA_MODELS if each[0] == asked.method and _fits(each[1], path)]
        operation = min(fitting, key=lambda each: each[1].count("{"))
        assert operation in description.operations
        sent, answered = GITEA_MODELS[operation]
        if asked.body is not None:
            assert sent is not None
            _check_fields(description.fields(sent), asked.body)
        for each in asked.answer if isinstance(asked.answer, list) else [asked.answer]:
            if each is not None and answered is not None:
                _check_fields(description.fields(answered), each)


def _fits(pattern: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", pattern), path) is not None


def _check_fields(fields: dict[str, str], value: dict[str, Any]) -> None:
    assert value.keys() <= fields.keys()
    for name, found in value.items():
        kind = fields[name].removeprefix("Optional[").removesuffix("]")
        expected = list if kind.startswith("List[") else TYPES.get(kind, object)
        assert isinstance(found, expected), (name, kind, found)
