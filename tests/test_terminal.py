"""What is printed: plainly to a file, in colour on a terminal, and without what would colour it elsewhere."""

from __future__ import annotations

import io
import os
import sys

import click
import pytest

from gitops_gen import terminal
from gitops_gen.progress import progress


class Stream(io.TextIOWrapper):
    """A text stream that may be a terminal."""

    def __init__(self, encoding: str, *, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        """Tells what it was told to be."""
        return self._is_terminal

    @property
    def text(self) -> str:
        """What was written."""
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()


def printed(monkeypatch: pytest.MonkeyPatch, encoding: str, *, out: bool, err: bool) -> tuple[str, str]:
    """Returns what stands on both streams, each of which may be a terminal, after a line with colour."""
    streams = Stream(encoding, is_terminal=out), Stream(encoding, is_terminal=err)
    monkeypatch.setattr(sys, "stdout", streams[0])
    monkeypatch.setattr(sys, "stderr", streams[1])
    line = f"{terminal.style('é', fg='red', bold=True)}: told"
    terminal.echo([line])
    terminal.echo([line], err=True)
    return streams[0].text, streams[1].text


PLAIN = "é: told\n"
COLOURED = click.style("é", fg="red", bold=True) + ": told\n"


@pytest.mark.parametrize(
    ("out", "err", "expected"),
    [
        (False, False, (PLAIN, PLAIN)),
        (True, False, (COLOURED, PLAIN)),
        (False, True, (PLAIN, COLOURED)),
        (True, True, (COLOURED, COLOURED)),
    ],
)
def test_colour_is_on_terminals_alone(
    monkeypatch: pytest.MonkeyPatch,
    out: bool,
    err: bool,
    expected: tuple[str, str],
) -> None:
    assert printed(monkeypatch, "utf-8", out=out, err=err) == expected


def test_stream_with_the_wrong_encoding_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch, "ascii", out=False, err=False) == (PLAIN, PLAIN)


@pytest.mark.parametrize(
    ("encoding", "line", "shown"),
    [
        ("latin-1", "é costs 5 €", "é costs 5 \\u20ac\n"),
        ("utf-8", "é in \udcff.yaml", "é in \\udcff.yaml\n"),
    ],
)
@pytest.mark.parametrize("is_terminal", [False, True])
def test_what_a_stream_has_no_sign_for_is_written_as_its_number(
    monkeypatch: pytest.MonkeyPatch,
    encoding: str,
    line: str,
    shown: str,
    is_terminal: bool,
) -> None:
    stream = Stream(encoding, is_terminal=is_terminal)
    monkeypatch.setattr(sys, "stdout", stream)
    terminal.echo([line])
    assert isinstance(stream.buffer, io.BytesIO)
    assert stream.buffer.getvalue().decode(encoding) == shown


def test_what_colours_a_terminal_is_left_out_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream("utf-8", is_terminal=False)
    monkeypatch.setattr(sys, "stdout", stream)
    terminal.echo(["\033[31mof a file of somebody\033[0m"])
    assert stream.text == "of a file of somebody\n"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_nothing_is_printed_where_there_is_no_stream(monkeypatch: pytest.MonkeyPatch, stream: str) -> None:
    monkeypatch.setattr(sys, stream, None)
    assert terminal.is_watched() is False
    terminal.echo(["lost"], err=stream == "stderr")


class Bare:
    """What stands in for a stream, and takes texts: an editor or a notebook may have no more."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str | bytes) -> int:
        """Keeps a text. Click asks with no bytes at all whether it may write such."""
        self.text += text.decode() if isinstance(text, bytes) else text
        return len(text)

    def flush(self) -> None:
        """Has nothing to do."""


class Closing(Bare):
    """A stream that cannot tell any more what it is."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """Refuses, as a closed file does."""
        raise ValueError("I/O operation on closed file")


@pytest.mark.parametrize("stream", [Bare, Closing])
def test_stream_that_does_not_say_what_it_is_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
    stream: type[Bare],
) -> None:
    out, err = stream(), stream()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    terminal.echo([terminal.style("told", fg="red")])
    with progress("working", 1) as step:
        step()
    assert (terminal.is_watched(), out.text, err.text) == (False, "told\n", "")


def test_progress_is_not_shown_where_there_is_no_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with progress("working", 1) as step:
        step()


def test_reader_who_has_gone_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        terminal.echo(["lost", "lost"])
        terminal.echo(["lost"])
