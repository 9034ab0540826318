"""What was sealed is read back, and nothing else is."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.sealed_file import body_of, replace, sealed, start_of_body

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"kind 1\n"


def written(*body: bytes | array[int]) -> bytes:
    return b"".join(map(bytes, sealed(MAGIC, body)))


def test_a_body_is_read_back(tmp_path: Path) -> None:
    numbers = array("q", [1, -2, 2**62])
    replace(f"{tmp_path}/file", sealed(MAGIC, [b"text", numbers, b""]))
    data = (tmp_path / "file").read_bytes()
    assert bytes(body_of(MAGIC, data)) == data[start_of_body(MAGIC) :] == b"text" + numbers.tobytes()


@given(st.binary(max_size=40), st.data())
def test_no_damage_is_read(body: bytes, data: st.DataObject) -> None:
    whole = written(body)
    at, bits = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(1, 255))
    flipped = bytearray(whole)
    flipped[at] ^= bits
    for damaged in (bytes(flipped), whole[:at], whole + whole[at:]):
        with pytest.raises(ValueError, match=r"^damaged, or of another version$"):
            body_of(MAGIC, damaged)


def test_another_kind_is_not_read() -> None:
    with pytest.raises(ValueError, match=r"^damaged, or of another version$"):
        body_of(b"kind 2\n", written(b"text"))
