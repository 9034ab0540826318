"""Letters that only look right, and signs that show nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "strange-characters"


@pytest.mark.parametrize(
    ("text", "at", "name"),
    [
        ("n\u0430me: x\n", "2:2", "U+0430, cyrillic small letter a, which looks like a Latin letter"),
        ("name: \u0441lust\u0435r\n", "2:7", "U+0441, cyrillic small letter es, which looks like a Latin letter"),
        ("name: x\u03bf\n", "2:8", "U+03BF, greek small letter omicron, which looks like a Latin letter"),
        ("na\u200bme: x\n", "2:3", "U+200B, zero width space, which nobody sees"),
        ("name: x\u200d\n", "2:8", "U+200D, zero width joiner, which nobody sees"),
        ("  \u00a0name: x\n", "2:3", "U+00A0, no-break space, which nobody sees"),
        ('name: "x\u00a0"\n', "2:9", "U+00A0, no-break space, which nobody sees"),
        ("name: \u3000x\n", "2:7", "U+3000, ideographic space, which nobody sees"),
        ("name: x\u00a0\n", "2:8", "U+00A0, no-break space, which nobody sees"),
    ],
)
def test_what_only_looks_right_is_told(tmp_path: Path, text: str, at: str, name: str) -> None:
    (told, *_) = found(tmp_path, {"a.yaml": MARK + text}, CODE)
    assert told == f"a.yaml:{at}: warning: got the character {name}\nhint: type the word anew"


def test_a_variable_file_is_judged(tmp_path: Path) -> None:
    (told,) = found(tmp_path, {"a.tfvars": f'{MARK}\u0435nv = "dev"\nregion = "x"\n'}, CODE)
    assert told.startswith("a.tfvars:2:1: warning: got the character U+0435")


@pytest.mark.parametrize(
    "text",
    [
        "name: \u0441\u043e\u0441\u043d\u0430\n",
        "name: API-\u0441\u0435\u0440\u0432\u0435\u0440\n",
        "name: IP\u0430\u0434\u0440\u0435\u0441\n",
        "name: \u00b5Service M\u00fcnchen\n",
        "text: Attention\u00a0: 5\u00a0km\n",
        "text: \U0001f468\u200d\U0001f469 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\n",
        "# n\u0430me\n",
    ],
)
def test_what_is_of_another_alphabet_is_fine(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"a.yaml": MARK + text}, CODE) == []


def test_somebody_elses_files_are_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": "n\u0430me: x\n"}, CODE) == []
