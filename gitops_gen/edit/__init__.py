"""Edits of the list of clusters in an environment's file: text in, text out, and what is kept stays byte for byte.

ruamel.yaml says where things stand; the text is spliced there and never dumped. Every edit is read again and held
against the old model before it is returned. What cannot be edited safely is refused, and nothing has changed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.edit.deletion import deletions
from gitops_gen.edit.insertion import insertions
from gitops_gen.edit.listing import UnsafeEditError, find_listing
from gitops_gen.plain_text import BYTE_ORDER_MARK
from gitops_gen.problems import GitopsGenError, ModelError, Problem
from gitops_gen.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitops_gen.yaml_reader.limits import Value


class EditError(GitopsGenError):
    """A model file cannot be edited safely. Nothing has changed."""


def insert_cluster(path: str, text: str, entry: Mapping[str, str]) -> str:
    """Returns the text of an environment's file with one more cluster at the end of its list.

    The old text is a subsequence of the new one, and reading the new one gives the old value plus the entry.
    Raises ModelError if the text is no model file, EditError if there is no such edit.
    """
    old = Source(path, text.removeprefix(BYTE_ORDER_MARK))
    expected = _changed(old, [*_clusters(old), dict(entry)])
    try:
        edited = insertions(old.text, find_listing(old.text), entry)
        return _mark_of(text) + _first_that_reads_as(expected, path, edited)
    except UnsafeEditError as error:
        hint = "add the entry by hand, as it is printed below: generate checks it just as well"
        raise EditError(_problem(old, f"the entry cannot be added safely: {error}", hint)) from None


def remove_cluster(path: str, text: str, index: int) -> str:
    """Returns the text of an environment's file without one cluster of its list, counted from 0.

    The entry goes with the comments that belong to it: those on its lines, between them, and directly above it.
    Raises ModelError if the text is no model file, EditError if the entry cannot be taken out alone.
    """
    old = Source(path, text.removeprefix(BYTE_ORDER_MARK))
    clusters = _clusters(old)
    expected = _changed(old, [*clusters[:index], *clusters[index + 1 :]])
    try:
        edited = deletions(old.text, find_listing(old.text), index)
        return _mark_of(text) + _first_that_reads_as(expected, path, edited)
    except UnsafeEditError as error:
        message = f"the entry cannot be taken out safely: {error}"
        problem = _problem(old, message, "take it out by hand: generate says what then is wrong", index)
        raise EditError(problem) from None


def _clusters(source: Source) -> list[Value]:
    data = source.data
    clusters = data.get("clusters") if isinstance(data, dict) else None
    return clusters if isinstance(clusters, list) else []


def _changed(source: Source, clusters: list[Value]) -> str:
    data = source.data
    return _canonical({**(data if isinstance(data, dict) else {}), "clusters": clusters})


def _canonical(value: Value) -> str:
    """Returns what tells two values apart, by type and order too. No cluster at all has more than one spelling."""
    if isinstance(value, dict) and not value.get("clusters"):
        value = {**value, "clusters": None}
    return json.dumps(value)


def _first_that_reads_as(expected: str, path: str, texts: Iterable[str]) -> str:
    reason = "the rest of the file would read differently"
    for text in texts:
        try:
            if _canonical(Source(path, text).data) == expected:
                return text
        except ModelError as error:
            reason = f"the rest of the file could not be read: {error.problems[0].message}"
    raise UnsafeEditError(reason)


def _mark_of(text: str) -> str:
    return BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""


def _problem(source: Source, message: str, hint: str, index: int | None = None) -> Problem:
    steps = ("clusters",) if index is None else ("clusters", index)
    return Problem("unsafe-edit", message, source.locate(steps, key=True), hint)
