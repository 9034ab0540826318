"""Pydantic's complaints in the words of the model: a code, what was found, what was expected, and where."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Union, get_args, get_origin

from gitops_gen.entries import Entry
from gitops_gen.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from gitops_gen.problems import Location
    from gitops_gen.source import Source

_EXPECTED = {
    "string_type": "a string",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
}


def explain(error: ValidationError, entry: object, source: Source) -> Iterator[Problem]:
    """Yields one problem for each place that `entry` refuses in `source`."""
    seen: set[tuple[str | int, ...]] = set()
    for details in error.errors(include_url=False):
        steps = _steps(details["loc"], source.data)
        if steps not in seen:
            seen.add(steps)
            yield _problem(details, steps, entry, source)


def near_miss(name: str, known: Iterable[str]) -> str:
    """Returns the hint for an unknown name: the nearest known one, or all of them."""
    from difflib import get_close_matches

    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return f"known here: {', '.join(names)}" if names else "there is none yet"


def describe(value: object) -> str:
    """Returns what a person sees in the file: the kind of a value and, for scalars, the value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the string {value!r}" if len(value) <= 60 else f"a string of {len(value)} characters"
    return "a list" if isinstance(value, list) else "a map"


def _steps(loc: Sequence[str | int], data: object) -> tuple[str | int, ...]:
    """Drops from pydantic's location what is no key or index of the document: the names of union members."""
    steps: list[str | int] = []
    for position, step in enumerate(loc):
        if isinstance(data, dict) and (step in data or position == len(loc) - 1):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            continue
        steps.append(step)
    return tuple(steps)


def _problem(details: ErrorDetails, steps: tuple[str | int, ...], entry: object, source: Source) -> Problem:
    kind = details["type"]
    name = steps[-1] if steps else ""
    if kind == "extra_forbidden":
        at = source.locate(steps, key=True)
        return Problem("unknown-key", f"{name} is not known here", at, near_miss(str(name), _fields(entry, steps[:-1])))
    if kind == "missing":
        at = source.locate(steps[:-1])
        return Problem("missing-key", f"{name} is missing", at, f"add {name}: to this block")
    value = details["input"]
    at = source.locate(steps)
    if kind in _EXPECTED:
        return _wrong_type(value, _EXPECTED[kind], str(name), at, steps)
    if kind == "literal_error":
        expected = details["ctx"]["expected"]
        return Problem("wrong-value", f"{name}: got {describe(value)}, expected {expected}", at, "choose one of these")
    if "ctx" in details and "reason" in details["ctx"]:
        return Problem(kind, f"{name}: {details['ctx']['reason']}", at, _HINTS.get(kind, ""))
    return Problem("wrong-value", f"{name}: got {describe(value)}: {_lower_first(details['msg'])}", at, "")


_HINTS = {
    "account-id": "find it with: aws sts get-caller-identity",
    "oidc-id": "find it with: aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer",
    "kubernetes-name": "use lower-case letters, digits and hyphens",
    "release-name": "Helm takes at most 53 lower-case letters, digits and hyphens",
    "role-name": "IAM takes at most 64 letters, digits and +=,.@_-",
    "role-arn": "write it as arn:<partition>:iam::<account>:role/<name>",
    "kms-key-arn": "write it as arn:<partition>:kms:<region>:<account>:key/<id>",
    "secret-path": "Secrets Manager takes letters, digits and /_+=.@-",
    "duration": "write it as Go does, such as 1h, 30m or 1h30m",
    "external-secrets-version": "write it as 2.9.0, without a leading v",
    "version": "write it as 3.5.1, without a leading v",
    "server-url": "find it with: aws eks describe-cluster --name NAME --query cluster.endpoint",
    "ca-data": "find it with: aws eks describe-cluster --name NAME --query cluster.certificateAuthority.data",
    "repository-url": "keep credentials in Argo CD, not in git",
    "repository-path": "write it relative to the root of the repository",
    "values-file": "write it relative to the root of the gitops repository",
    "dotted-key": "name the keys from the top of the values, joined by dots",
    "sync-option": "see Argo CD's documentation of sync options",
}


def _wrong_type(value: object, expected: str, name: str, at: Location, steps: tuple[str | int, ...]) -> Problem:
    where = name if isinstance(steps[-1] if steps else "", str) and name else "the entry"
    message = f"{where}: got {describe(value)}, expected {expected}"
    if expected == "a string" and isinstance(value, int | float) and not isinstance(value, bool):
        return Problem("unquoted-string", message, at, f'quote it: "{value}"')
    return Problem("wrong-type", message, at, f"write {expected} here")


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
