"""What is taken away from a generated file, misspelt or made of another type is missed by some rule, or is harmless.

A sample is tried in each run, always the same; `make mutate` tries all of them.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.checks.harmless_structure import REAL, WIDE
from tests.checks.mutation import Bench, Kind, Mutation
from tests.checks.scoring import sample, score, structure_mutations
from tests.tools.generated import PROJECT, real, wide

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = os.environ.get("MUTATE") == "all"

FLEETS = {"six clusters": (real, REAL, 45), "wide": (wide, WIDE, 60)}
"""Of each fleet its files, what is harmless in them, and how many mutations of a kind a sample has."""
KINDS = tuple(kind for kind in Kind if kind is not Kind.VALUE)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FLEETS)
def test_what_is_gone_or_misspelt_is_found_first_in_its_place_and_by_a_rule_that_fits(
    name: str, kind: Kind, record_property: Callable[[str, object], None]
) -> None:
    harmless, size = FLEETS[name][1:]
    mutations = [each for each in mutations_of(name) if each.kind is kind]
    result = score(bench_of(name), mutations if ALL else sample(mutations, size), harmless)
    record_property("mutations", f"{name}:\n{result}")
    assert result.failures == []


@cache
def bench_of(name: str) -> Bench:
    return Bench(FLEETS[name][0]())


@cache
def mutations_of(name: str) -> list[Mutation]:
    return structure_mutations(FLEETS[name][0]())


@pytest.mark.parametrize("name", FLEETS)
def test_each_reason_is_one_of_something(name: str) -> None:
    mutations = mutations_of(name)
    idle = [f"{each.where} of {each.path}" for each in FLEETS[name][1] if not any(map(each.covers, mutations))]
    assert idle == []


def test_a_sample_is_always_the_same_and_of_every_kind_of_file() -> None:
    removed = [each for each in mutations_of("six clusters") if each.kind is Kind.KEY_REMOVED]
    found = sample(removed, 45)
    assert found == sample(removed, 45)
    assert {each.path.rpartition("/")[2] for each in found} == {each.path.rpartition("/")[2] for each in removed}


def test_every_gap_is_named_in_the_docs() -> None:
    text = " ".join((PROJECT / "docs/verify.md").read_text(encoding="utf-8").split())
    assert [each.reason for each in (*REAL, *WIDE) if each.is_gap and each.reason not in text] == []
