"""What a run leaves of its model is what the next one finds."""

from __future__ import annotations

import pytest

from gitops_gen.last_run.known_fleet import EnvironmentText, KnownFleet, decoded, encoded
from gitops_gen.model import Step
from gitops_gen.resolve.whole import Whole
from gitops_gen.templating.reads import Reads


@pytest.mark.parametrize("names", [None, frozenset(), frozenset({"a", "b"})])
def test_everything_is_read_back(names: frozenset[str] | None) -> None:
    steps = (Step(stage=0, automated=True), Step(stage=2, automated=False))
    known = KnownFleet(
        {"environments/dev.yaml": EnvironmentText('a: "\u00e9"\n', 2)},
        {
            "web": Whole("git", True, ("a", "b"), ("ServerSideApply=true",), steps),
            "job": Whole("list", False, (), (), ()),
        },
        {
            "a.j2": Reads(
                b"\0\1", ("x", "y"), None if names is None else ("f",), None if names is None else tuple(sorted(names))
            )
        },
        names,
    )
    assert decoded(encoded(known)) == known
