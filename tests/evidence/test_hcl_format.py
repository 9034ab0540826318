"""The style of variable files, held against the terraform command itself."""

from __future__ import annotations

import random
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.hcl import parse_hcl
from gitops_gen.evidence.hcl_format import formatted
from gitops_gen.evidence.hcl_plain import is_plain
from tests.tools.generated import real, wide
from tests.tools.terraform import requires_terraform

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GENERATED = [text for tree in (real(), wide()) for path, text in tree.files.items() if path.endswith(".tfvars")]

PLAIN = """\
# A comment.
a   = 1
bcd = "x"

list = [
  "one",
  "two",
]
map = {
  "key" = true
  other = null
}
"""


@pytest.mark.parametrize("text", GENERATED)
def test_a_generated_file_is_plain_and_stays_as_it_is(text: str) -> None:
    assert is_plain(text)
    assert formatted(text) == text


def test_a_plain_file_is_told_without_taking_it_apart() -> None:
    assert is_plain(PLAIN)
    assert formatted(PLAIN) == PLAIN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a   = 1", "a = 1"),
        ("a   = 1", "a    = 1"),
        ("a   = 1\nbcd =", "a     = 1\nbcd   ="),
        ("list = [", "list  = ["),
        ('  "one"', '"one"'),
        ('  "one"', '   "one"'),
        ("]\nmap", "  ]\nmap"),
        ("# A comment.", " # A comment."),
        ("# A comment.", "# A comment. "),
        ("\n\n", "\n  \n"),
        ("}\n", "}"),
        ('"x"', "x"),
        ('"x"', '"${x}"'),
        ('"x"', "[1,2]"),
    ],
)
def test_a_file_in_another_style_is_not_plain(old: str, new: str) -> None:
    assert old in PLAIN
    changed = PLAIN.replace(old, new)
    assert not is_plain(changed) or formatted(changed) == changed


@pytest.mark.parametrize("text", ["a = (1)\n", "a = x ? 1 : 2\n", 'a = "e\u0301"\n', "a = 1 + 1\n"])
def test_more_than_constants_is_not_judged(text: str) -> None:
    assert formatted(text) is None


@requires_terraform
@pytest.mark.parametrize("seed", range(4))
def test_files_at_random_come_out_as_terraform_writes_them(tmp_path: Path, seed: int) -> None:
    texts = [text for text in _texts(random.Random(seed), 60) if parse_hcl("x.tfvars", text)[1] is None]  # noqa: S311
    assert len(texts) > 30
    expected = _by_terraform(tmp_path, texts)
    assert [formatted(text) for text in texts] == expected
    assert [text for text, written in zip(texts, expected, strict=True) if is_plain(text) and text != written] == []


def _by_terraform(folder: Path, texts: list[str]) -> list[str]:
    paths = [folder / f"{index}.tfvars" for index in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode())
    command = shutil.which("terraform") or "terraform"
    subprocess.run([command, "fmt", "-no-color", str(folder)], check=True, capture_output=True, timeout=60)
    return [path.read_bytes().decode() for path in paths]


def _texts(chance: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        yield _Writer(chance).body(0)


class _Writer:
    """Writes a file as a person in a hurry does: with any spaces, comments anywhere, and a few levels."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._keys = 0

    def body(self, depth: int) -> str:
        return "".join(self._line(depth) for _ in range(self._chance.randint(1, 4)))

    def _line(self, depth: int) -> str:
        kind = self._chance.random()
        if kind < 0.12:
            return self._chance.choice(["\n", "   \n"])
        if kind < 0.2:
            return self._space() + self._chance.choice(["# note", "// note", "#note  "]) + "\n"
        if kind < 0.24:
            return f"{self._key(depth)}{self._space()}={self._space()}<<EOT\n  text\n x\nEOT\n"
        key = self._space() + self._key(depth) + self._space()
        return f"{key}={self._space()}{self._value(depth)}{self._comment()}\n"

    def _key(self, depth: int) -> str:
        self._keys += 1
        key = "k" * self._chance.randint(1, 6) + str(self._keys)
        return f'"{key}"' if depth and self._chance.random() < 0.3 else key

    def _value(self, depth: int) -> str:
        kind, space = self._chance.random(), self._space
        if kind < 0.35 or depth > 2:
            return self._chance.choice(
                ['"s"', "1", "true", "null", '"a longer text"', "[]", "{}", "-1", "1.5", '"a:b"']
            )
        if kind < 0.45:
            return f"[1,{space()}2]"
        if kind < 0.6:
            return f"{{{space()}a{space()}={space()}1,{space()}b:2{space()}}}"
        if kind < 0.8:
            items = (self._value(depth + 1) for _ in range(self._chance.randint(1, 3)))
            listed = "".join(f"{space()}{item}{space()},{self._comment()}\n" for item in items)
            return f"[{self._comment()}\n{listed}{space()}]"
        return f"{{{self._comment()}\n{self.body(depth + 1)}{space()}}}"

    def _comment(self) -> str:
        return self._chance.choice(["", "", "", "", f"{self._space()}# c", f"{self._space()}// cc  "])

    def _space(self) -> str:
        return self._chance.choice(["", " ", "  ", "   ", "\t"])
