"""What is put into columns is what comes out of them."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.tree import Change, ChangeKind, Obstacle, Staged
from gitops_gen.tree.columns import StagedColumns

PATHS = st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=5)
KINDS = st.none() | st.tuples(st.sampled_from(ChangeKind), st.none() | st.sampled_from(Obstacle))
WRITTEN = st.none() | st.tuples(st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1))


@given(paths=PATHS, data=st.data())
def test_rows_are_what_was_added(paths: list[str], data: st.DataObject) -> None:
    columns, expected = StagedColumns(), []
    for path in paths:
        kind = data.draw(KINDS)
        change = None if kind is None else Change(kind[0], path, kind[1])
        staged = Staged(change, data.draw(st.binary(min_size=16, max_size=16)), data.draw(WRITTEN))
        columns.add(staged)
        expected.append((path, staged))
    assert list(pickle.loads(pickle.dumps(columns)).rows(paths)) == expected  # noqa: S301
