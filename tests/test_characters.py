"""The words for what is wrong with a text: how many characters, or which one and where."""

from __future__ import annotations

import re

import pytest

from gitops_gen.characters import check_characters, check_length

NOT_A_LETTER_A = re.compile(r"[^a]")


def test_a_text_within_the_limit_is_fine() -> None:
    assert check_length("a", 3) is None
    assert check_length("aaa", 3) is None


def test_an_empty_text_is_refused() -> None:
    assert check_length("", 3) == "got an empty text, expected 1 to 3 characters"


def test_a_text_over_the_limit_says_how_long_it_is() -> None:
    assert check_length("aaaa", 3) == "got 4 characters, expected at most 3"


def test_a_text_of_wanted_characters_is_fine() -> None:
    assert check_characters("aaa", NOT_A_LETTER_A, "only a") is None


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("B", "a capital letter"),
        ("b", "a lower case letter"),
        ("7", "a digit"),
        (" ", "a space"),
        ("\t", "a tab"),
        ("\n", "a line break"),
        ("\r", "a carriage return"),
        ("-", "a hyphen"),
        ("_", "an underscore"),
        (".", "a dot"),
        ("/", "a slash"),
        (":", "a colon"),
        ("%", "the character '%'"),
        ("\x1b", "the character '\\x1b'"),
        ("é", "'é', which is not ASCII,"),
        ("٣", "'٣', which is not ASCII,"),
        ("\u202e", "'\\u202e', which is not ASCII,"),
    ],
)
def test_the_unwanted_character_is_called_by_its_name(character: str, name: str) -> None:
    text = f"aa{character}a"
    assert check_characters(text, NOT_A_LETTER_A, "only a") == f"got {name} at character 3, expected only a"


def test_the_first_and_the_last_place_have_names() -> None:
    assert check_characters("baa", NOT_A_LETTER_A, "a") == "got a lower case letter at the start, expected a"
    assert check_characters("aab", NOT_A_LETTER_A, "a") == "got a lower case letter at the end, expected a"


def test_only_the_first_unwanted_character_is_named() -> None:
    assert check_characters("a-_", NOT_A_LETTER_A, "a") == "got a hyphen at character 2, expected a"
