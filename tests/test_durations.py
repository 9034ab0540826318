"""Durations as Go reads and prints them."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gitops_gen import durations

MICROSECOND = 1_000
MILLISECOND = 1_000_000
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
MOST = 2**63 - 1
EXPECTED = "expected a duration in h, m, s or ms such as 1h30m"

DURATION_TEXTS = st.from_regex(r"-?([0-9]{1,4}(\.[0-9]{0,12})?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)){1,4}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0),
        ("-0", 0),
        ("0s", 0),
        ("1h30m", 90 * MINUTE),
        ("1h", HOUR),
        ("+5s", 5 * SECOND),
        ("-1.5h", -90 * MINUTE),
        ("1.5s", 1_500 * MILLISECOND),
        (".5s", 500 * MILLISECOND),
        ("5.s", 5 * SECOND),
        ("100ms", 100 * MILLISECOND),
        ("10us", 10 * MICROSECOND),
        ("10\u00b5s", 10 * MICROSECOND),
        ("10\u03bcs", 10 * MICROSECOND),
        ("1m1ms1s", MINUTE + MILLISECOND + SECOND),
        ("0.5ns", 0),
        ("2562047h47m16.854775807s", MOST),
        ("-9223372036854775808ns", -MOST - 1),
        ("0.333333333333333333333333h", 20 * MINUTE),
        ("0.635841643974722193090h", 2_289_029_918_308),
        ("00000000000000000000000000001h", HOUR),
    ],
)
def test_what_go_accepts_is_read(text: str, nanoseconds: int) -> None:
    assert durations.parse(text) == nanoseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "-",
        "s",
        ".s",
        "1",
        "1d",
        "1w",
        "1H",
        "1 h",
        "1h ",
        "1h\n",
        "1h30",
        "1,5h",
        "1.5.5s",
        "--1s",
        "00",
        "1e3s",
        "\u0661s",
        "9223372036854775808ns",
        "-9223372036854775809ns",
        "99999999999999999999ns",
        "-9223372036854775808ns1ns",
        "3000000h",
        "2562047h47m16.854775808s",
        f"{'9' * 5000}s",
    ],
)
def test_what_go_refuses_is_not_read(text: str) -> None:
    assert durations.parse(text) is None


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0s"),
        (1, "1ns"),
        (1_100, "1.1\u00b5s"),
        (100 * MILLISECOND, "100ms"),
        (2_200_000, "2.2ms"),
        (SECOND - 1, "999.999999ms"),
        (1_500 * MILLISECOND, "1.5s"),
        (45 * SECOND, "45s"),
        (MINUTE, "1m0s"),
        (30 * MINUTE, "30m0s"),
        (HOUR, "1h0m0s"),
        (24 * HOUR, "24h0m0s"),
        (4 * MINUTE + 5_001 * MILLISECOND, "4m5.001s"),
        (5 * HOUR + 6 * MINUTE + 7_001 * MILLISECOND, "5h6m7.001s"),
        (MOST, "2562047h47m16.854775807s"),
        (-MOST - 1, "-2562047h47m16.854775808s"),
        (-1, "-1ns"),
    ],
)
def test_a_duration_is_printed_as_go_prints_it(nanoseconds: int, text: str) -> None:
    assert durations.format_duration(nanoseconds) == text


@given(st.integers(min_value=-MOST - 1, max_value=MOST))
@example(MOST)
@example(-MOST - 1)
def test_what_is_printed_is_read_back(nanoseconds: int) -> None:
    assert durations.parse(durations.format_duration(nanoseconds)) == nanoseconds


@given(DURATION_TEXTS)
def test_the_canonical_form_of_the_canonical_form_is_itself(text: str) -> None:
    once = durations.canonical(text)
    assert once is not None
    assert durations.canonical(once) == once
    assert durations.parse(once) == durations.parse(text)


def test_the_canonical_form_is_what_the_api_server_shows() -> None:
    assert durations.canonical("1h") == "1h0m0s"
    assert durations.canonical("90m") == "1h30m0s"
    assert durations.canonical("0") == "0s"


def test_what_go_refuses_has_no_canonical_form() -> None:
    assert durations.canonical("1d") is None


@pytest.mark.parametrize("text", ["1h", "1h30m", "0s", "0", "1.5s", "1h0m0s", "250ms"])
def test_a_duration_is_fine(text: str) -> None:
    assert durations.check_duration(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1d", f"got '1d', {EXPECTED}; write 24h"),
        ("2w", f"got '2w', {EXPECTED}; write 336h"),
        ("1d12h", f"got '1d12h', {EXPECTED}; write 36h"),
        ("3 days", f"got '3 days', {EXPECTED}; write 72h"),
        ("1H", f"got '1H', {EXPECTED}; write 1h"),
        ("1h 10min", f"got '1h 10min', {EXPECTED}; write 1h10m"),
        ("10 seconds", f"got '10 seconds', {EXPECTED}; write 10s"),
        ("2hours", f"got '2hours', {EXPECTED}; write 2h"),
        ("3600", f"got '3600', {EXPECTED}; a number needs a unit: write 3600s for seconds"),
        ("1h30", f"got '1h30', {EXPECTED}; a number needs a unit: write 1h30s for seconds"),
        ("1.5d", f"got '1.5d', {EXPECTED}"),
        ("-1d", f"got '-1d', {EXPECTED}"),
        ("3000000h", f"got '3000000h', {EXPECTED}"),
        ("hourly", f"got 'hourly', {EXPECTED}"),
        ("1 µs", f"got '1 µs', {EXPECTED}"),
        ("0.0001", f"got '0.0001', {EXPECTED}"),
        ("1h\n", f"got '1h\\n', {EXPECTED}; write 1h"),
        ("-1ns", "got the negative duration '-1ns', expected 0s or more"),
        ("-1h", "got the negative duration '-1h', expected 0s or more"),
        ("", "got an empty text, expected 1 to 64 characters"),
        ("9" * 65, "got 65 characters, expected at most 64"),
    ],
)
def test_what_is_no_duration_says_what_to_write(text: str, reason: str) -> None:
    assert durations.check_duration(text) == reason


@given(st.text(alphabet="0123456789.-dwhms µDHM ayseckin", max_size=12))
@example("12 days")
@example("1 µs")
@example("0.0001")
def test_what_we_say_to_write_is_accepted(text: str) -> None:
    written = re.search(r"write (\S+)", durations.check_duration(text) or "")
    assert written is None or durations.check_duration(written[1]) is None
