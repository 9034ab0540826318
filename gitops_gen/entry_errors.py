"""Pydantic's complaints in the words of the model: a code, what was found, what was expected, and where."""

from __future__ import annotations

import re
import types
from typing import TYPE_CHECKING, TypeAlias, Union, get_args, get_origin

from gitops_gen.entries import Entry
from gitops_gen.near_miss import near_miss, nearest_name
from gitops_gen.problems import Problem
from gitops_gen.secrets_guard import is_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from gitops_gen.source import Source

_Steps: TypeAlias = tuple[str | int, ...]

_EXPECTED = {
    "string_type": "a string",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
}


_SPELLED = {
    "bool_type": ", without quotes",
    "int_type": ", without quotes",
    "list_type": ": each entry on a line of its own after a hyphen, or [] for none",
    "dict_type": ": keys on lines of their own, deeper than the key above",
    "model_type": ": keys on lines of their own, deeper than the key above",
}
"""How YAML has what is expected, where a person may not know."""


def explain(error: ValidationError, entry: type[object], source: Source) -> Iterator[Problem]:
    """Yields one problem for each place that `entry` refuses in `source`."""
    refused: dict[_Steps, ErrorDetails] = {}
    for details in error.errors(include_url=False):
        refused.setdefault(_steps(details, source.salvaged), details)
    misspelt = {
        (*steps[:-1], nearest_name(str(steps[-1]), _fields(entry, steps[:-1])))
        for steps, details in refused.items()
        if details["type"] == "extra_forbidden"
    }
    for steps, details in refused.items():
        is_misspelt = details["type"] == "missing" and steps in misspelt
        if not is_misspelt and not _has_inner(steps, details, refused):
            yield _problem(details, steps, entry, source)


def describe(value: object, key: str = "") -> str:
    """Returns what a person sees in the file: the kind of a value and, if it is a scalar and no secret, the value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, str | int | float) and is_hidden(value, key):
        return "a string" if isinstance(value, str) else "a number"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the string {value!r}" if len(value) <= 60 else f"a string of {len(value)} characters"
    return "a list" if isinstance(value, list) else "a map"


def _steps(details: ErrorDetails, data: object) -> _Steps:
    """Drops from pydantic's location what is no key or index of the document: the names of union members."""
    loc = details["loc"]
    steps: list[str | int] = []
    for position, step in enumerate(loc):
        is_missing = details["type"] == "missing" and position == len(loc) - 1
        if isinstance(data, dict) and (step in data or is_missing):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            continue
        steps.append(step)
    return tuple(steps)


def _has_inner(steps: _Steps, details: ErrorDetails, refused: Iterable[_Steps]) -> bool:
    """True where a value is refused as one member of a union, and what is wrong inside of it is told as another."""
    return details["type"] not in ("missing", "extra_forbidden") and any(
        len(each) > len(steps) and each[: len(steps)] == steps for each in refused
    )


def _problem(details: ErrorDetails, steps: _Steps, entry: type[object], source: Source) -> Problem:
    kind = details["type"]
    name = _name(steps)
    if kind == "extra_forbidden":
        at = source.locate(steps, key=True)
        return Problem("unknown-key", f"{name} is not known here", at, near_miss(name, _fields(entry, steps[:-1])))
    if kind == "missing":
        at = source.locate(steps[:-1])
        return Problem("missing-key", f"{name} is missing", at, f"add {name}: to this block")
    if kind == "string_type" and type(details["input"]) in (int, float):
        return _unquoted(details["input"], steps, entry, source)
    value = details["input"]
    at = source.locate(steps)
    if kind in _EXPECTED:
        message = f"{name}: got {describe(value, name)}, expected {_EXPECTED[kind]}"
        spelled = _SPELLED.get(kind, "") if steps else ""
        return Problem("wrong-type", message, at, f"write {_EXPECTED[kind]} here{spelled}")
    context = details.get("ctx", {})
    if "reason" in context:
        return Problem(kind, f"{name}: {context['reason']}", at, _HINTS.get(kind, ""))
    expected, hint = _limit(details, value)
    return Problem("wrong-value", f"{name}: got {describe(value, name)}, expected {expected}", at, hint)


def _name(steps: _Steps) -> str:
    """Returns what a message calls the place."""
    if not steps:
        return "the file"
    if isinstance(steps[-1], str):
        return steps[-1]
    return f"an entry of {steps[-2]}" if len(steps) > 1 else "an entry"


def _unquoted(value: object, steps: _Steps, entry: type[object], source: Source) -> Problem:
    # As it is written: as a number, 1.10 is 1.1.
    text = source.written(steps)
    name = _name(steps)
    reason = _reason_against(text, steps, entry, source.salvaged)
    shown, hint = f"the number {text}", f'quote it: "{text}"'
    if is_hidden(value, name):
        shown, hint = "a number", "quote it"
    hint = f"quote it, and then: {reason}" if reason else hint
    return Problem("unquoted-string", f"{name}: got {shown}, expected a string", source.locate(steps), hint)


def _reason_against(text: str, steps: _Steps, entry: type[object], data: object) -> str | None:
    """Returns what would be wrong with a text in the place that the steps lead to."""
    from pydantic import TypeAdapter, ValidationError

    try:
        TypeAdapter(entry).validate_python(_put(text, steps, data))
    except ValidationError as error:
        found = [each for each in error.errors(include_url=False) if _steps(each, data) == steps]
        return found[0].get("ctx", {}).get("reason") if found else None
    return None


def _put(value: object, steps: _Steps, data: object) -> object:
    """Returns a copy of the data with another value in the place that the steps lead to."""
    if not steps:
        return value
    if isinstance(data, list):
        return [_put(value, steps[1:], each) if index == steps[0] else each for index, each in enumerate(data)]
    assert isinstance(data, dict)  # noqa: S101
    return {**data, steps[0]: _put(value, steps[1:], data[steps[0]])}


def _limit(details: ErrorDetails, value: object) -> tuple[str, str]:
    """Returns what is expected in the place of a value that has the right type, and the hint."""
    context = details.get("ctx", {})
    match details["type"]:
        case "literal_error":
            close = nearest_name(str(value), re.findall("'([^']*)'", context["expected"]))
            return context["expected"], f"did you mean {close}?" if close else "choose one of these"
        case "greater_than_equal":
            return f"{context['ge']} or more", "correct the number"
        case "less_than_equal":
            return f"at most {context['le']}", "correct the number"
        case "string_too_short":
            return "some text", "write it, or remove the key"
        case "string_pattern_mismatch":
            return f"a text of the form {context['pattern']}", "the docs say what it stands for"
    return _lower_first(details["msg"]), "the docs say what it stands for"


_HINTS = {
    "account-id": "find it with: aws sts get-caller-identity",
    "oidc-id": "find it with: aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer",
    "kubernetes-name": "use lower-case letters, digits and hyphens",
    "cluster-name": "use at most 100 lower-case letters, digits and hyphens",
    "release-name": "Helm takes at most 53 lower-case letters, digits and hyphens",
    "role-name": "IAM takes at most 64 letters, digits and +=,.@_-",
    "role-arn": "write it as arn:<partition>:iam::<account>:role/<name>",
    "kms-key-arn": "write it as arn:<partition>:kms:<region>:<account>:key/<id>",
    "secret-path": "a name in Secrets Manager is <prefix>/<path>, of letters, digits and /_+=.@-",
    "owner-name": "write the login as the service shows it, without @; a team of it as team:NAME",
    "duration": "write it as Go does, such as 1h, 30m or 1h30m",
    "external-secrets-version": "write the version of the operator's chart that runs on the clusters, as 2.9.0",
    "version": "write the version of the Argo CD that runs, as 3.5.1, without a leading v",
    "server-url": "find it with: aws eks describe-cluster --name NAME --query cluster.endpoint",
    "ca-data": "find it with: aws eks describe-cluster --name NAME --query cluster.certificateAuthority.data",
    "repository-url": "write the URL as Argo CD knows it; its credential stays in Argo CD, not in git",
    "repository-path": "write it relative to the root of the repository",
    "values-file": "write it relative to the root of the gitops repository",
    "dotted-key": "name the keys from the top of the values, joined by dots",
    "revision": "write it as git or the chart repository knows it, such as main or 1.2.3",
    "api-group": "write the group alone, without a version, as rbac.authorization.k8s.io",
    "resource-kind": "write it as Kubernetes does, as ClusterRole",
    "sync-option": "see Argo CD's documentation of sync options",
}


def _fields(entry: object, steps: Sequence[str | int]) -> Iterable[str]:
    """Returns the keys that are known in the block that the steps lead to."""
    known = entry
    for step in steps:
        known = _inner(known, step)
    model = _model_of(known)
    return model.model_fields if model else ()


def _inner(known: object, step: str | int) -> object:
    model = _model_of(known)
    if model is not None and isinstance(step, str):
        field = model.model_fields.get(step)
        return field.annotation if field else None
    for candidate in _members(known):
        if get_origin(candidate) in (list, dict):
            return get_args(candidate)[-1]
    return None


def _model_of(known: object) -> type[Entry] | None:
    for candidate in _members(known):
        if isinstance(candidate, type) and issubclass(candidate, Entry):
            return candidate
    return None


def _members(known: object) -> tuple[object, ...]:
    return get_args(known) if get_origin(known) in (Union, types.UnionType) else (known,)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
