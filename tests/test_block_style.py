"""Texts in block style are told as libyaml tells them, and no other text is told."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops_gen.yaml_reader.block_style import _Lines, block_events
from gitops_gen.yaml_reader.events import tell
from tests.tools.generated import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gitops_gen.yaml_reader.events import Event

    Events: TypeAlias = "list[tuple[object, ...]]"
    WithLibyaml: TypeAlias = "Callable[[str], Events]"

PLAIN = [
    "x",
    "a b",
    "012",
    "-1",
    "~",
    "null",
    "no",
    "a:b",
    "x#y",
    "<<",
    "=",
    "$x",
    "https://x/y?z=1",
    ".5",
    "it's",
    "a,b",
]
ODD = [
    *("- x", "a: b", "a:", "x #", "#", "-", "?", "? x", "*a", "&a x", "!!str x", "!x", "%x", "@x", "`x", "{", "[", "]"),
    *("{a: b}", "[a, b: c]", "[a,b]", "[a, ]", "[ a ]", "[- x]", "> ", ">-", "|+", "|2", "| ", '"x', '"x"y', '"\\n"'),
    *("'it''s'", "'x", "x\ty", "\tx", "é", "x\r", "---", "--- x", ": x", ",x", "}", "x ", ""),
]
VALUES = ['"x y"', "'x: #y'", '""', "{}", "[]", "[a, 'b, c', \"d\"]", "[1]"]
KEYS = ["a", "b", "c", "k8s.io/name", "true", "y", "null", "_x", "a-b", "on"]
ODD_KEYS = ["1", '"q"', "a b", "-a", "<<", "é", "?", "a:"]


class Told:
    """All that a listener is told, with its marks."""

    def __init__(self) -> None:
        self.events: list[tuple[object, ...]] = []

    def document(self, event: Event) -> None:
        self.events.append(("document", *_mark(event)))

    def scalar(self, event: Event) -> None:
        self.events.append(("scalar", *_mark(event), event.value, event.style, event.tag, event.anchor))

    def alias(self, event: Event) -> None:
        self.events.append(("alias", *_mark(event), event.anchor))

    def mapping(self, event: Event) -> None:
        self.events.append(("mapping", *_mark(event), event.tag, event.anchor))

    def sequence(self, event: Event) -> None:
        self.events.append(("sequence", *_mark(event), event.tag, event.anchor))

    def end(self, _: Event) -> None:
        self.events.append(("end",))


def _mark(event: Event) -> tuple[int, int, int]:
    mark = event.start_mark
    return mark.index, mark.line, mark.column


@pytest.fixture
def with_libyaml(monkeypatch: pytest.MonkeyPatch) -> WithLibyaml:
    """What libyaml tells of a text."""

    def told(text: str) -> Events:
        with monkeypatch.context() as patched:
            patched.setattr("gitops_gen.yaml_reader.events.block_events", lambda _: None)
            return _told(text)

    return told


def _told(text: str) -> Events:
    listener = Told()
    tell(text, listener)
    return listener.events


def _block(random: Random, depth: int) -> list[str]:
    """Some lines of a map or a list."""
    lines: list[str] = []
    is_list = random.random() < 0.4
    for key in random.sample(KEYS, random.randint(1, 3)):
        start = "- " if is_list else f"{_either(random, [key], ODD_KEYS)}:{' ' * random.choice([1, 1, 1, 2])}"
        kind = random.random()
        if depth and kind < 0.5:
            inner = _block(random, depth - 1)
            is_inner_list = inner[0].startswith("-")
            if is_list and not is_inner_list:
                lines += [f"- {inner[0]}", *_deeper(inner[1:], 2)]
            else:
                lines += [start.rstrip(), *_deeper(inner, random.choice([0, 1, 2, 2, 4]))]
        elif kind < 0.6:
            lines += [f"{start}{random.choice(['|', '|-'])}", *_deeper(_literal(random), random.choice([1, 2, 3]))]
        elif kind < 0.7:
            lines.append(start.rstrip())
        else:
            lines.append(start + _either(random, [*PLAIN, *VALUES], ODD))
    return lines


def _either(random: Random, usual: list[str], odd: list[str]) -> str:
    return random.choice(odd if random.random() < 0.03 else usual)


def _literal(random: Random) -> list[str]:
    return [random.choice(["x", "- x: y", "# x", "  deeper", "", "x  ", "---"]) for _ in range(random.randint(1, 4))]


def _deeper(lines: list[str], by: int) -> list[str]:
    return [f"{' ' * by}{line}" if line else line for line in lines]


def _decorated(random: Random, lines: list[str]) -> str:
    """Puts comments and empty lines between some, and perhaps a slip anywhere."""
    decorated: list[str] = ["---"] * (random.random() < 0.2)
    for line in lines:
        if random.random() < 0.1:
            decorated.append(random.choice(["", "# x", "    # x", "---", " "]))
        decorated.append(f"{line}{random.choice(['  # x', ' #', '# x'])}" if random.random() < 0.1 else line)
    text = "\n".join(decorated) + "\n" * random.choice([0, 1, 1, 1, 1, 2])
    if random.random() < 0.4:
        at = random.randrange(len(text) + 1)
        text = (
            text[:at]
            + random.choice(["", " ", "\n", ":", "#", "-", "x", '"', "  "])
            + text[at + random.randint(0, 2) :]
        )
    return text


@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), depth=st.integers(0, 4))
def test_what_is_told_is_what_libyaml_tells(with_libyaml: WithLibyaml, seed: int, depth: int) -> None:
    random = Random(seed)  # noqa: S311 - it makes texts
    text = _decorated(random, _block(random, depth))
    if block_events(text) is not None:
        assert _told(text) == with_libyaml(text)


@pytest.mark.parametrize(
    "text",
    [
        "# nothing\n",
        "",
        "a:\n",
        "a:\nb:\n- x\n- y:\n  - z\n  w: 1\n",
        "  a: 1\n  b: 2\n",
        "---\n{}\n",
        "---\na: 1\n---\n- b\n",
        "# x\n---\na: |\n  x\n\n    y\n\n\nb: |-\n  z\n",
        "- |\n x\n- 'y'  # z\n",
        "a: [x, \"y, z\", 'w']\nb: []\n",
        "a: 1\na: 2\n",
        "on: no\n",
    ],
)
def test_block_style_is_told_without_libyaml(with_libyaml: WithLibyaml, text: str) -> None:
    assert block_events(text) is not None or not text
    assert _told(text) == with_libyaml(text)


@pytest.mark.parametrize(
    "text",
    [
        *(f"a: {value}\n" for value in ODD if value.strip(" ") not in ("", "#", "x #", "x")),
        *(f"{key}: x\n" for key in ODD_KEYS),
        "a: 1",
        "a: x\n  y\n",
        "a: x\n  b: y\n",
        "a: 1\n b: 2\n",
        "  a: 1\nb: 2\n",
        "- a\nb: 1\n",
        "a: 1\n- b\n",
        "a:\n  - x\n - y\n",
        "- - a\n",
        "-\n  a: 1\n",
        "x\n",
        "{}\na: 1\n",
        "---\n",
        "---\n---\na: 1\n",
        "a: |\n\n  x\n",
        "a: |\nb: 1\n",
        "a: |\n  x\n   \n",
        f"{' ' * 61}a: 1\n",
        f"{'a' * 101}: 1\n",
        "\ufeffa: 1\n",
    ],
)
def test_what_is_not_in_block_style_is_left_to_libyaml(text: str) -> None:
    assert block_events(text) is None


def test_a_long_text_is_left_to_libyaml() -> None:
    line = "- a: 1\n"
    assert block_events(line * (65_536 // len(line))) is not None
    assert block_events(line * (65_536 // len(line) + 1)) is None


def test_the_lines_before_a_literal_text_are_not_passed_again() -> None:
    passed = 0

    class Lines(list[str]):
        def __iter__(self) -> Iterator[str]:
            nonlocal passed
            for line in super().__iter__():
                passed += 1
                yield line

    reader = _Lines("- |\n x\n" * 100)
    reader._lines = Lines(reader._lines)

    assert len(reader.events()) == 103
    assert passed <= 2 * len(reader._lines)


@pytest.mark.parametrize("folder", ["environments", "output", "templates"])
def test_what_is_written_and_rendered_here_is_in_block_style(with_libyaml: WithLibyaml, folder: str) -> None:
    texts = [path.read_text() for path in sorted((PROJECT / folder).rglob("*.yaml"))]
    assert texts
    for text in texts:
        assert block_events(text) is not None
        assert _told(text) == with_libyaml(text)
