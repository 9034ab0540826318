"""What is not judged again, since its likes are sound, would have been found sound."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gitops_gen.checks.alike import Sound, each_unlike
from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.places import Place
from tests.checks.mutation import Bench
from tests.checks.scoring import argo_cd_mutations, release_mutations
from tests.tools.generated import real, wide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.tools.generated import Generated

SHARE = 1 if os.environ.get("MUTATE") == "all" else 8
"""Of the mutations below, every so many are tried in each run, always the same."""


def test_an_item_is_judged_until_one_like_it_is_sound() -> None:
    judged = []

    def judge(item: str) -> Iterator[Finding]:
        judged.append(item)
        if item.startswith("bad"):
            yield Finding(item, Place("a.yaml"), "mend it")

    items = ["good 1", "bad 1", "good 2", "bad 2", "else 3"]
    found = each_unlike(items, lambda item: item.partition(" ")[0], judge)
    assert [each.message for each in found] == ["bad 1", "bad 2"]
    assert judged == ["good 1", "bad 1", "bad 2", "else 3"]


def _always(
    _self: Sound, _key: object, judge: Callable[..., Iterable[Finding]], *args: object, **kwargs: object
) -> tuple[Finding, ...]:
    return tuple(judge(*args, **kwargs))


@pytest.mark.parametrize(("fleet", "every"), [(real, 5), (wide, 40)], ids=["six clusters", "wide"])
def test_of_all_mutations_the_same_is_found_if_everything_is_judged(
    fleet: Callable[[], Generated], every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = fleet()
    bench = Bench(tree)
    mutations = [*argo_cd_mutations(tree), *release_mutations(tree)][:: every * SHARE]
    found = [bench.problems(each) for each in mutations]
    monkeypatch.setattr(Sound, "unless", _always)
    assert found == [bench.problems(each) for each in mutations]
