"""Brackets of jq expressions."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.jq_brackets import unbalanced


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('.spec.containers[] | select(.name == "x"', "( is not closed"),
        (".spec.containers[", "[ is not closed"),
        (".a | {b: .c", "{ is not closed"),
        (".a)", ") closes nothing"),
        (".a[(.b])", "] closes nothing"),
        ('.metadata.annotations["a/b]', '" is not closed'),
        ('.a["b\\"]', '" is not closed'),
    ],
)
def test_what_has_no_other_one_is_told(text: str, expected: str) -> None:
    assert unbalanced(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".spec.replicas",
        '.metadata.annotations."a/b"',
        ".webhooks[]?.clientConfig.caBundle",
        '.spec.template.spec.containers[] | select(.name == "x" or (.image | test("^a(b"))) | .image',
        '.data | to_entries[] | select(.key | startswith("[")) | .value',
        '.a["b\\"]"]',
        '"\\(.a"',
        ".a # (",
    ],
)
def test_what_is_whole_or_not_judged_is_not_told(text: str) -> None:
    assert unbalanced(text) is None
