"""Keys with a slip in the items of a list in values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import application
from tests.checks.test_odd_values import CODE, tree
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

ENV = "env:\n  - {name: A, value: a}\n  - name: B\n    vlaue: b\n  - {name: C, value: c}\n"
FILE = "values/dev.yaml"
TOLD = f"""\
{FILE}:4:5: warning: an item of a list in the values has vlaue, where others have value
hint: did you mean value?"""


def test_a_key_with_a_slip_is_found_by_the_other_items(tmp_path: Path) -> None:
    assert found(tmp_path, tree(ENV), CODE) == [TOLD]


def test_it_is_found_whatever_the_chart_is_and_in_lists_in_lists(tmp_path: Path) -> None:
    data = "x:\n  - data:\n      - {key: A, remoteRef: {key: a}}\n      - key: B\n        remoteref: {key: b}\n"
    elsewhere = application(values="        valueFiles: [/values/dev.yaml]\n").replace("charts/web", "charts/gone")
    files = tree(f"{data}      - {{key: C, remoteRef: {{key: c}}}}\n") | {"apps/web.yaml": elsewhere}
    assert found(tmp_path, files, CODE) == [
        (
            f"{FILE}:5:9: warning: an item of a list in the values has remoteref, where others have remoteRef\n"
            "hint: did you mean remoteRef?"
        )
    ]


def test_of_two_items_the_other_values_say_which_is_right(tmp_path: Path) -> None:
    two = "env:\n  - {name: A, vlaue: a}\n  - {name: B, value: b}\n"
    assert found(tmp_path, tree(two), CODE) == []
    (got,) = found(tmp_path, tree(f"{two}more:\n  - {{name: C, value: c}}\n"), CODE)
    assert got.startswith(f"{FILE}:2:15: warning: an item of a list in the values has vlaue, ")


@pytest.mark.parametrize(
    "given",
    [
        ENV.replace("vlaue", "values"),
        ENV.replace("vlaue", "other"),
        ENV.replace("    vlaue: b", "    value: b\n    vlaue: b"),
        ENV.replace("  - {name: C, value: c}\n", "  - C\n"),
    ],
)
def test_another_key_and_items_of_another_kind_are_none(tmp_path: Path, given: str) -> None:
    assert found(tmp_path, tree(given), CODE) == []


def test_a_key_that_a_template_reads_is_none(tmp_path: Path) -> None:
    template = "{{ range .Values.env }}{{ .value | default .vlaue }}{{ end }}"
    assert found(tmp_path, tree(ENV, charts__web__templates__b=template), CODE) == []
