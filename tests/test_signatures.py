"""A signature is kept only if no later change of the file could leave it as it is."""

from __future__ import annotations

import os

import pytest

from gitops_gen.signatures import UNKNOWN, Signature, Signatures, inode_of, settled

SECOND = 1_000_000_000
NOW = 1_800_000_000 * SECOND


@pytest.mark.parametrize(
    ("age", "is_kept"), [(20_000_001, True), (20_000_000, False), (1, False), (0, False), (-5 * SECOND, False)]
)
def test_a_signature_younger_than_a_tick_is_not_kept(age: int, is_kept: bool) -> None:
    signature: Signature = (NOW + 7 - age, 10, 42)
    assert settled(signature, NOW + 7) == (signature if is_kept else UNKNOWN)


@pytest.mark.parametrize(("age", "is_kept"), [(3 * SECOND, True), (2 * SECOND, False), (SECOND, False)])
def test_a_clock_that_counts_in_seconds_has_a_longer_tick(age: int, is_kept: bool) -> None:
    signature: Signature = (NOW - age, 10, 42)
    assert settled(signature, NOW) == (signature if is_kept else UNKNOWN)


def test_an_inode_of_64_bits_has_its_place() -> None:
    status = os.stat_result((0o100644, 2**64 - 5, 1, 1, 0, 0, 10, 0, 0, 0))
    signature: Signature = (1, 2, inode_of(status))
    assert list(Signatures.of({"a": signature}).rows()) == [("a", signature)]
