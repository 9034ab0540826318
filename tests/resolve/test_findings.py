"""What is found is located, told once, and found without looking through the whole fleet for each cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from gitops_gen.problems import Location, Problem, Route
from gitops_gen.resolve.findings import Findings
from gitops_gen.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PATH = "environments/dev.yaml"
TEXT = """\
stage: 1
clusters:
  - region: us-east-1
  - region: eu-west-1
    eso: {namespace: operators}
"""


def findings() -> Findings:
    return Findings({PATH: Source(PATH, TEXT)})


@pytest.mark.parametrize(
    ("steps", "is_written"),
    [
        (("clusters",), True),
        (("clusters", 1, "eso", "namespace"), True),
        (("clusters", 0, "eso"), False),
        (("clusters", 2), False),
        (("clusters", "eso"), False),
        (("clusters", 0, "region", 0), False),
        (("stage", "eso"), False),
    ],
)
def test_the_first_route_at_which_something_is_written_is_taken(steps: tuple[str | int, ...], is_written: bool) -> None:
    route, last = Route(PATH, steps), Route(PATH, ("none",))
    assert findings().stated(route, last) == (route if is_written else last)


def test_of_a_list_one_item_is_looked_at() -> None:
    class Clusters(list[object]):
        """As many as there are: nobody may go through them for each of them."""

        def __iter__(self) -> Iterator[object]:
            raise AssertionError("all items are gone through")

    class Read:
        data = {"clusters": Clusters([{"region": "us-east-1"}])}  # noqa: RUF012 - nobody changes it

    sources = cast("Mapping[str, Source]", {PATH: Read})
    route = Route(PATH, ("clusters", 0, "region"))
    assert Findings(sources).stated(route, Route(PATH)) == route


def test_one_mistake_that_hits_many_is_told_once_with_the_names_of_some() -> None:
    found = findings()
    for number in [*range(9), 3, 5]:
        found.add("code", "this is wrong for {hits}", Route(PATH, ("stage",)), hint="mend it", hits=f"c{number}")
    assert found.problems == (
        Problem("code", "this is wrong for c0, c1, c2 and 6 more", Location(PATH, 1, 8), "mend it"),
    )
