"""How large a thing may be that a template makes: exactly at each limit, and one beyond."""

from __future__ import annotations

from itertools import repeat

import pytest
from jinja2 import StrictUndefined, UndefinedError

from gitops_gen.templating.bounds import (
    NUMBER_LIMIT,
    SIZE_LIMIT,
    TooMuchError,
    check_bits,
    check_operation,
    check_size,
    check_written,
    joined,
    plain_text,
)

LARGEST = 2**NUMBER_LIMIT - 1
TOO_LONG = r"^a text or list of 8,388,609 items, more than 8,388,608$"


def test_a_text_may_have_as_many_characters_as_a_file() -> None:
    check_size(SIZE_LIMIT)
    with pytest.raises(TooMuchError, match=TOO_LONG):
        check_size(SIZE_LIMIT + 1)


@pytest.mark.parametrize("text", ["a" * (SIZE_LIMIT - 1), ["a"] * (SIZE_LIMIT - 1), ("a",) * (SIZE_LIMIT - 1)])
def test_a_sum_of_texts_or_lists_is_held_to_the_limit(text: str | list[str] | tuple[str, ...]) -> None:
    check_operation("+", text, text[:1])
    check_operation("+", text[:1], text)
    with pytest.raises(TooMuchError, match=TOO_LONG):
        check_operation("+", text, text[:2])


@pytest.mark.parametrize(
    ("left", "right"), [("ab", SIZE_LIMIT // 2), (SIZE_LIMIT // 2, "ab"), ([1, 2], SIZE_LIMIT // 2)]
)
def test_a_repeated_text_or_list_is_held_to_the_limit(left: object, right: object) -> None:
    check_operation("*", left, right)
    more = [each + 1 if isinstance(each, int) else each for each in (left, right)]
    with pytest.raises(TooMuchError, match=r"^a text or list of 8,388,610 items"):
        check_operation("*", *more)


def test_to_repeat_nothing_or_a_negative_number_of_times_is_fine() -> None:
    check_operation("*", "", 10**100)
    check_operation("*", "ab", -(10**100))


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "//", "%"])
def test_numbers_that_a_template_calculates_with_are_held_to_their_limit(operator: str) -> None:
    check_operation(operator, LARGEST, 1)
    check_operation(operator, 1, -LARGEST)
    for left, right in ((LARGEST + 1, 1), (1, LARGEST + 1), (-LARGEST - 1, 1)):
        with pytest.raises(TooMuchError, match=r"^a number of 1,025 bits, more than 1,024$"):
            check_operation(operator, left, right)


def test_a_power_is_held_to_the_limit_before_it_is_calculated() -> None:
    check_operation("**", 2, 512)
    check_operation("**", 2, -(10**100))
    check_operation("**", 0, 10**100)
    with pytest.raises(TooMuchError, match=r"^a number of 1,026 bits"):
        check_operation("**", 2, 513)
    with pytest.raises(TooMuchError):
        check_operation("**", 3, 10**100)


def test_bits_are_counted_exactly() -> None:
    check_bits(NUMBER_LIMIT)
    with pytest.raises(TooMuchError):
        check_bits(NUMBER_LIMIT + 1)


def test_what_is_written_counts_as_often_as_it_stands_there() -> None:
    value: object = "a"
    for _ in range(10):
        value = [value, value]
    check_written(value)
    for _ in range(40):
        value = [value, value]
    with pytest.raises(TooMuchError):
        check_written(value)


def test_nested_values_are_counted_with_their_texts_keys_and_indents() -> None:
    length = SIZE_LIMIT - 2
    fitting: list[object] = [["a" * length], ("a" * length,), {"a" * length: 1}, {"a": "a" * (length - 1)}]
    for value in fitting:
        check_written(value)
    larger: list[object] = [["a" * (length + 1)], {"a" * (length + 1): 1}, {"a" * length: "a"}, [["a" * (length - 3)]]]
    for value in larger:
        with pytest.raises(TooMuchError):
            check_written(value)


def test_a_value_that_is_no_container_is_not_counted() -> None:
    check_written("a" * (SIZE_LIMIT + 1))
    check_written(None)


@pytest.mark.parametrize(("value", "text"), [("", ""), ("a", "a"), (1, "1"), (-1.5, "-1.5")])
def test_texts_and_numbers_become_text(value: object, text: str) -> None:
    assert plain_text(value) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "null"), (True, "a bool"), ([], "a list"), ({}, "a dict"), (object(), "a object"), (print, "a builtin")],
)
def test_nothing_else_becomes_text(value: object, shown: str) -> None:
    with pytest.raises(TypeError) as caught:
        plain_text(value)
    assert str(caught.value).startswith(f"got {shown}")
    assert str(caught.value).endswith(", expected a text or a number")


def test_an_undefined_value_says_its_own_name() -> None:
    with pytest.raises(UndefinedError, match=r"^'clusterr' is undefined$"):
        joined(["a", StrictUndefined(name="clusterr")])


def test_texts_are_joined_up_to_the_limit() -> None:
    assert joined(["a", 1, "b"], ", ") == "a, 1, b"
    assert joined([]) == ""
    half = "a" * (SIZE_LIMIT // 2)
    assert len(joined([half, half])) == SIZE_LIMIT
    with pytest.raises(TooMuchError, match=TOO_LONG):
        joined([half, half, "a"])
    with pytest.raises(TooMuchError):
        joined(repeat("", 4), half)
    assert len(joined(repeat("", 3), half)) == SIZE_LIMIT
