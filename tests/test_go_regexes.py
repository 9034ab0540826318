"""What Go takes for a regular expression."""

from __future__ import annotations

import pytest

from gitops_gen.go_regexes import check_regex, unknown_group


@pytest.mark.parametrize(
    "pattern",
    [
        *("", "a", "a*", "(a)", "(?:a|b)+?", "(?P<x>a)", "(?<x>a)", "(?i)a", "(?i-s:a)", "(|a)*", "()", "a||b"),
        *("[a-z]", "[]a]", "[^]a]", "[a-]", "[-a]", r"[\w-]", "[[:alpha:]-]", "[[a]", "[[:alpha:][:digit:]]", "[.-_]"),
        *(r"\pL\p{Greek}\PN", r"\x{10FFFF}", r"\Qa(*\E", r"\Qa(", r"\077", r"\12", r"\_\-\/", r"[a\-z]", r"[\d\-x]"),
        *("a{2}", "a{2,}", "a{,2}", "a{", "{a}", "a{1000}", "^*", r"\b+", "x*?y+?z??", "a{2}?", "$^", "é+"),
    ],
)
def test_what_go_compiles_is_fine(pattern: str) -> None:
    assert check_regex(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        *((each, f"{each[0]} has nothing to repeat") for each in ("*", "+a", "?")),
        *((each, "* has nothing to repeat") for each in ("a|*", "(*a)")),
        *((each, "* repeats a repetition") for each in ("a**", "a?*", "a{2}*")),
        ("a*+", "+ repeats a repetition"),
        ("a{2}{3}", "{3} repeats a repetition"),
        ("a{1001}", "{1001} is no count of repetitions"),
        ("a{3,2}", "{3,2} is no count of repetitions"),
        ("(a", "a ( has no )"),
        ("a)", "a ) has no ("),
        *((each, "a [ has no ]") for each in ("[", "[a", "[]", "[^]", "a[b-")),
        *(
            (f"{each}a)", f"it does not know {f'{each}a)'[:4]}")
            for each in ("(?=", "(?!", "(?<=", "(?<!", "(?>", "(?#")
        ),
        ("(?P=x)", "it does not know (?P="),
        ("(?P<x>a)(?P<x>b)", "two groups are called x"),
        *((rf"a\{each}", rf"it does not know \{each}") for each in "189ZhkKue"),
        ("a\\", "it does not know \\"),
        ("[z-a]", "z-a is no range"),
        (r"[a-\d]", r"a-\d is no range"),
        ("[[:foo:]]", "it does not know [:foo:]"),
    ],
)
def test_what_it_does_not_is_refused(pattern: str, reason: str) -> None:
    assert check_regex(pattern) == f"no regular expression of Go: {reason}"


@pytest.mark.parametrize(
    ("pattern", "replacement", "unknown"),
    [
        ("^(.*)$", "db_$1", None),
        ("^(.*)$", "db_$0", None),
        ("^(.*)$", "db_$4", "$4"),
        ("^(.*)$", "${1}_db", None),
        ("^(.*)$", "$1_db", "$1_db"),
        ("^(.*)$", "$$4 and $", None),
        ("^(?P<name>.*)$", "db_$name", None),
        ("^(?P<name>.*)$", "db_$nam", "$nam"),
        ("^(?:a|b)(c)[(]\\($", "$2", "$2"),
        ("^(.*)$", "${PREFIX}_$1", None),
        ("(", "$1", None),
    ],
)
def test_a_group_that_the_expression_does_not_have_is_an_empty_text(
    pattern: str, replacement: str, unknown: str | None
) -> None:
    assert unknown_group(pattern, replacement) == unknown
