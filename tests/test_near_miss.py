"""Which name was probably meant, and when a name is certainly a typo of another."""

from __future__ import annotations

import pytest

from gitops_gen.near_miss import is_typo


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("mainx", "main"),
        ("mai", "main"),
        ("mian", "main"),
        ("maim", "main"),
        ("xmain", "main"),
        ("external-secretsx", "external-secrets"),
        ("myapp-develp-use1", "myapp-develop-use1"),
        ("charts/myap", "charts/myapp"),
        ("databsae", "database"),
        ("datadase", "database"),
        ("ues1", "use1"),
        ("usee1", "use1"),
    ],
)
def test_one_letter_in_one_long_word_is_a_typo(name: str, meant: str) -> None:
    assert is_typo(name, meant)
    assert is_typo(meant, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("main", "main"),
        ("prod-1", "prod-2"),
        ("release1", "release2"),
        ("release", "release1"),
        ("use12", "use21"),
        ("eu-a", "eu-b"),
        ("dev", "dex"),
        ("blue", "green"),
        ("main", "maintain"),
        ("maybe-other", "maybee-others"),
        ("a-main", "main"),
        ("teama", "teamb"),
        ("clusterA", "clusterC"),
        ("axisx", "axisy"),
        ("prod-use1", "prod-usw1"),
        ("euw1", "eus1"),
    ],
)
def test_what_may_be_two_names_is_no_typo(name: str, other: str) -> None:
    assert not is_typo(name, other)
    assert not is_typo(other, name)
