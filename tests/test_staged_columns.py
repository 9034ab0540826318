"""What is put into columns is what comes out of them."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.tree import Change, ChangeKind, Obstacle, Staged, Written
from gitops_gen.tree.columns import StagedColumns, StagedFiles

KINDS = st.none() | st.tuples(st.sampled_from(ChangeKind), st.none() | st.sampled_from(Obstacle))
POSITIVE = st.integers(1, 2**63 - 1)
WRITTEN = st.none() | st.builds(Written, POSITIVE, POSITIVE, POSITIVE, POSITIVE)
DIGESTS = st.binary(min_size=16, max_size=16)
PATHS = st.text(min_size=1, max_size=3)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Staged]:
    """Returns answers of `stage` by path."""
    return {
        path: Staged(
            None if (kind := draw(KINDS)) is None else Change(kind[0], path, kind[1]),
            draw(DIGESTS),
            draw(WRITTEN),
            draw(st.booleans()),
            draw(st.none() | DIGESTS.filter(any)),
        )
        for path in draw(st.lists(PATHS, unique=True, max_size=5))
    }


@given(found=answers(), cut=st.integers(0, 5))
def test_what_was_staged_here_and_elsewhere_is_what_was_added(found: dict[str, Staged], cut: int) -> None:
    here, elsewhere, files = list(found.items())[:cut], list(found.items())[cut:], StagedFiles()
    for path, staged in here:
        files.add(path, staged)
    columns = StagedColumns()
    for _, staged in elsewhere:
        columns.add(staged)
    sent = pickle.loads(pickle.dumps(columns))  # noqa: S301
    changes = list(files.extend([path for path, _ in elsewhere], sent))
    assert changes == [staged.change for _, staged in elsewhere if staged.change is not None]
    assert dict(files) == found
    assert {path: files.is_fresh(path) for path in files} == {path: each.is_fresh for path, each in found.items()}
    signatures = [files.columns.signature(number) for number in range(len(files))]
    assert signatures == [each.written[:3] if each.written else (0, 0, 0) for each in found.values()]
