"""Tests of gitops_gen.evidence.fasttemplate."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.fasttemplate import render, tags
from gitops_gen.evidence.gotemplate import GoTemplateError

PARAMETERS = {
    "cluster": "c1",
    "metadata.labels.env": "prod",
    "path[0]": "apps",
    "count": 3,
    "empty": "",
    "text": "{{cluster}}",
}

RENDERED = {
    "no tag": ("a } b {{ c", "a } b {{ c"),
    "tag": ("{{cluster}}", "c1"),
    "tag with spaces, in text": ("-{{ cluster }}-{{\tcluster }}-", "-c1-c1-"),
    "dotted and numbered keys": ("{{metadata.labels.env}}/{{path[0]}}", "prod/apps"),
    "unknown tag stays": ("{{cluster}}-{{ irsaRoleArn }}", "c1-{{ irsaRoleArn }}"),
    "value that is no string stays": ("{{count}}", "{{count}}"),
    "empty value": ("a{{empty}}b", "ab"),
    "empty tag stays": ("{{}}{{ }}", "{{}}{{ }}"),
    "Go syntax stays": ("{{ .cluster }}", "{{ .cluster }}"),
    "value is not rendered again": ("{{text}}", "{{cluster}}"),
    "tag ends at the first braces": ("{{cluster}}}", "c1}"),
    "third brace belongs to the tag": ("{{{cluster}}", "{{{cluster}}"),
    "tag over two lines alone is no template": ("{{\ncluster}}", "{{\ncluster}}"),
    "tag over two lines beside another": ("{{\ncluster}}{{cluster}}", "c1c1"),
}


@pytest.mark.parametrize(("text", "expected"), RENDERED.values(), ids=RENDERED)
def test_tags_are_replaced(text: str, expected: str) -> None:
    assert render(text, PARAMETERS) == expected


def test_tag_that_is_not_closed_is_refused_beside_another() -> None:
    with pytest.raises(GoTemplateError) as caught:
        render("a {{cluster}} {{ b", PARAMETERS)
    assert (caught.value.reason, caught.value.offset) == ("invalid template: cannot find the end tag }}", 14)


def test_tags_of_a_text_are_told_once_and_without_spaces() -> None:
    assert tags("{{a}}-{{ b.c }}-{{a }}-{{}}") == ("a", "b.c")
    assert tags("{{a") == ()
