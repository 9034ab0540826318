"""A pattern that is compiled at its first use does what the compiled one does, and costs nothing before."""

from __future__ import annotations

import re

import pytest

from gitops_gen.patterns import lazily

TEXT = "one two  three"


def test_each_method_answers_as_the_compiled_pattern() -> None:
    lazy, compiled = lazily(r"(\w+)(\s*)", re.IGNORECASE), re.compile(r"(\w+)(\s*)", re.IGNORECASE)

    def answers(pattern: re.Pattern[str]) -> list[object]:
        return [
            [each.span(2) for each in pattern.finditer(TEXT)],
            [
                each and each.groups()
                for each in (pattern.match(TEXT, 4), pattern.search(TEXT), pattern.fullmatch("ONE"))
            ],
            pattern.findall(TEXT),
            pattern.split(TEXT),
            pattern.sub(r"\1.", TEXT),
            pattern.subn("", TEXT, count=2),
        ]

    assert answers(lazy) == answers(compiled)
    assert (lazy.pattern, lazy.flags) == (r"(\w+)(\s*)", re.IGNORECASE)


def test_it_is_compiled_at_the_first_use_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_it = re.compile

    def noted(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_it(pattern, flags)

    monkeypatch.setattr(re, "compile", noted)
    pattern = lazily("a+")
    assert compiled == []
    assert [bool(pattern.search(text)) for text in ("caat", "b")] == [True, False]
    assert pattern.sub("o", "caat") == "cot"
    assert compiled == ["a+"]


def test_what_no_pattern_has_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="serach"):
        _ = lazily("a").serach  # type: ignore[attr-defined]
