"""Tests of gitops_gen.evidence.iam."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.evidence.iam import covers, covers_ended, covers_secret, has_wildcard

ARN = "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-AbCdEf"
PLACE = {"partition": "aws", "region": "us-east-1", "account": "444455556666"}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (ARN, True),
        ("*", True),
        ("arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-??????", True),
        ("arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/*", True),
        ("arn:aws:secretsmanager:*:444455556666:secret:production/myapp/db-password-??????", True),
        ("arn:*:secretsmanager:us-east-1:444455556666:secret:*", True),
        ("arn:aws:secretsmanager:us-east-1:444455556666:*", True),
        ("arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-?????", False),
        ("arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password", False),
        ("arn:aws:secretsmanager:us-west-2:444455556666:secret:production/myapp/db-password-??????", False),
        ("arn:aws:secretsmanager:us-east-1:111122223333:secret:production/myapp/db-password-??????", False),
        ("arn:aws-cn:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-??????", False),
        ("arn:aws:secretsmanager:us-east-1:444455556666:secret:Production/myapp/db-password-??????", False),
        ("arn:aws:secretsmanager:us-east-1:*", True),
        ("arn:aws:secretsmanager:*:secret:production/*", True),
        ("arn:aws:*", True),
        ("arn:aws:secretsmanager:us-*-1:secret:production/*", False),
        ("arn:aws:secretsmanager:us-west-*:secret:production/*", False),
        ("arn:aws:ssm:*", False),
        ("arn:aws:secretsmanager:?:secret:production/*", False),
        ("arn:aws:secretsmanager:us-eas?-1:444455556666:secret:production/*", True),
        ("arn:aws:secretsmanager:us-*-1:444455556666:secret:production/*", True),
        ("arn:a?:secretsmanager:us-east-1:444455556666:secret:production/*", False),
        ("arn:aws:secretsmanager:us-east-1?444455556666:secret:production/*", False),
        ("arn:aws:secretsmanager:us-east-1:444455556666:secret?production/*", True),
        ("arn:aws:secretsmanager:us-east-1:444455556666?secret:production/*", False),
        ("", False),
    ],
)
def test_a_resource_covers_an_arn_part_by_part(pattern: str, expected: bool) -> None:
    assert covers(pattern, ARN) is expected


def test_a_dot_in_a_pattern_is_a_dot() -> None:
    assert not covers("arn:aws:iam::1:role/a.b", "arn:aws:iam::1:role/axb")


def test_a_secret_is_covered_with_the_suffix_that_nobody_chose() -> None:
    exact = "arn:aws:secretsmanager:us-east-1:444455556666:secret:dev/db-??????"

    assert covers_secret(exact, name="dev/db", **PLACE)
    assert not covers_secret(exact, name="dev/db-old", **PLACE)
    assert not covers_secret(exact.removesuffix("-??????"), name="dev/db", **PLACE)


def test_the_arn_of_a_secret_with_the_end_that_it_has_covers_it() -> None:
    arn = "arn:aws:secretsmanager:us-east-1:444455556666:secret:dev/db"

    assert covers_secret(f"{arn}-a1B2c3", name="dev/db", **PLACE)
    assert covers_ended(f"{arn}-a1B2c3", arn)
    assert not covers_secret(f"{arn}-a1B2c3", name="dev/db-old", **PLACE)
    assert not covers_secret(f"{arn}-secret", name="dev/db-secret", **PLACE)
    assert not covers_secret(f"{arn}-a1B2c", name="dev/db", **PLACE)


def test_a_wildcard_is_a_star_or_a_question_mark() -> None:
    assert [has_wildcard(text) for text in ("a*", "a?", "a", "")] == [True, True, False, False]


def _matches(pattern: str, text: str) -> bool:
    """An independent matcher: the table of all prefixes, filled row by row."""
    row = [True] + [False] * len(text)
    for position, character in enumerate(pattern):
        is_last = pattern[position + 1 : position + 2] in ("", ":")
        is_far = pattern.count(":", 0, position) >= 5 or (character == "*" and is_last)
        before, row = row, [row[0] and character == "*"] + [False] * len(text)
        for index, each in enumerate(text):
            may_be = is_far or each != ":"
            if character == "*":
                row[index + 1] = (row[index] and may_be) or before[index + 1]
            else:
                row[index + 1] = before[index] and (character == each or (character == "?" and may_be))
    return row[-1]


_PART = st.text("ab*?", max_size=6)
_PLAIN = st.text("ab:", max_size=6)
_ARN = st.tuples(st.lists(st.text("ab", max_size=3), min_size=5, max_size=5), _PLAIN).map(
    lambda drawn: ":".join([*drawn[0], drawn[1]])
)


@given(
    st.lists(_PART, min_size=5, max_size=5),
    st.text("ab*?:", max_size=8),
    st.lists(st.text("ab", max_size=5), min_size=5, max_size=5),
    _PLAIN,
)
def test_the_matcher_agrees_with_one_that_is_made_in_another_way(
    parts: list[str], resource: str, arn_parts: list[str], arn_resource: str
) -> None:
    pattern, arn = ":".join([*parts, resource]), ":".join([*arn_parts, arn_resource])

    assert covers(pattern, arn) is _matches(pattern, arn)


@st.composite
def _arns_with_patterns(draw: st.DrawFn) -> tuple[str, str]:
    """An ARN, and a pattern for it: wildcards in the place of one character, or of some, and now and then a slip."""
    arn = draw(_ARN)
    pattern, at = "", 0
    while at < len(arn):
        length = draw(st.integers(1, 4))
        written = draw(st.sampled_from((*[arn[at : at + length]] * 3, "*", "?" * length, "?", "a")))
        pattern, at = pattern + written, at + length
    return pattern, arn


@given(_arns_with_patterns())
def test_it_agrees_over_patterns_that_are_made_of_the_arn(drawn: tuple[str, str]) -> None:
    pattern, arn = drawn

    assert covers(pattern, arn) is _matches(pattern, arn)
