"""Go durations, as Argo CD and External Secrets Operator read and print them.

Source: the documentation of Go's time.ParseDuration and time.Duration.String. A duration is a whole number
of nanoseconds that fits in 64 bits.
"""

from __future__ import annotations

from gitops_gen.characters import check_length
from gitops_gen.patterns import lazily

_NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "\u00b5s": 1_000,  # the micro sign, which Go prints
    "\u03bcs": 1_000,  # the Greek letter mu, which looks the same
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
SECOND = _NANOSECONDS["s"]
"""A second, in nanoseconds."""
_USUAL = frozenset("hms")
_FEW_DIGITS = 6
_MOST = 2**63
_TEXT_LIMIT = 64

_TERM = lazily(rf"(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))({'|'.join(_NANOSECONDS)})")
_DURATION = lazily(rf"([-+]?)((?:{_TERM.pattern})+|0)")
_LONG_UNIT = lazily(r"(?<![0-9.])([0-9]+)([dw])")
_HOURS = {"d": 24, "w": 7 * 24}
_SPELLED_UNITS = lazily(r"(?<=[0-9])([wdhms])(?:eeks?|ays?|(?:ou)?rs?|in(?:ute)?s?|ec(?:ond)?s?)")


def parse(text: str) -> int | None:
    """Returns the duration in nanoseconds, or None for what Go does not accept, overflow among it."""
    amount, unit = text[:-1], text[-1:]
    if unit in _USUAL and len(amount) <= _FEW_DIGITS and amount.isascii() and amount.isdecimal():
        return int(amount) * _NANOSECONDS[unit]  # nearly always
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    total = _total(found[2])
    if total is None:
        return None
    if found[1] == "-":
        return -total
    return total if total < _MOST else None


def format_duration(nanoseconds: int) -> str:
    """Returns the duration as Go prints it: 1h0m0s, 30m0s, 1.5s, 100ms, 0s."""
    if nanoseconds < 0:
        return f"-{format_duration(-nanoseconds)}"
    if 0 < nanoseconds < SECOND:
        return _below_a_second(nanoseconds)
    minutes, rest = divmod(nanoseconds, _NANOSECONDS["m"])
    seconds = f"{_decimal(rest, SECOND)}s"
    if not minutes:
        return seconds
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes}m{seconds}" if hours else f"{minutes}m{seconds}"


def canonical(text: str) -> str | None:
    """Returns the duration as Go would print it, or None for what Go does not accept."""
    nanoseconds = parse(text)
    return None if nanoseconds is None else format_duration(nanoseconds)


def check_duration(text: str) -> str | None:
    """Refuses what Go does not accept as a duration, and what no field of ours can mean.

    That is a negative one, and one below a millisecond, which Go would print with a letter that is not ASCII.
    """
    if reason := check_length(text, _TEXT_LIMIT):
        return reason
    nanoseconds = parse(text)
    if nanoseconds is None:
        return f"got {text!r}, expected a duration in h, m, s or ms such as 1h30m{_advice(text)}"
    if 0 < nanoseconds < _NANOSECONDS["ms"]:
        return f"got {text!r}, expected 0s, or 1ms or more"
    return f"got the negative duration {text!r}, expected 0s or more" if nanoseconds < 0 else None


def _total(terms: str) -> int | None:
    total = 0
    for whole, after_whole, alone, unit in _TERM.findall(terms):
        value = _value(whole, after_whole or alone, _NANOSECONDS[unit])
        if value is None or total + value > _MOST:
            return None
        total += value
    return total


def _value(whole: str, decimals: str, unit: int) -> int | None:
    digits = whole.lstrip("0")
    if len(digits) > len(str(_MOST)):
        return None
    return int(digits or "0") * unit + _fraction(decimals, unit)


def _fraction(decimals: str, unit: int) -> int:
    value, scale = 0, 1.0
    for digit in decimals:
        # Go drops the digits that do not fit in 64 bits; so do we, to agree on the last nanosecond.
        if value > (_MOST - 1) // 10:
            break
        value = value * 10 + int(digit)
        scale *= 10
    # Floating point on purpose: Go computes it so, and truncates.
    return int(float(value) * (unit / scale))


def _below_a_second(nanoseconds: int) -> str:
    for unit in ("ms", "\u00b5s"):
        if nanoseconds >= _NANOSECONDS[unit]:
            return f"{_decimal(nanoseconds, _NANOSECONDS[unit])}{unit}"
    return f"{nanoseconds}ns"


def _decimal(nanoseconds: int, unit: int) -> str:
    whole, rest = divmod(nanoseconds, unit)
    digits = str(rest).zfill(len(str(unit)) - 1).rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)


def _advice(text: str) -> str:
    plain = "".join(text.lower().split())
    if plain.startswith("-"):
        return ""
    if plain[-1:].isdigit() and _may_be_written(f"{plain}s"):
        return f"; a number needs a unit: write {plain}s for seconds"
    plain = _SPELLED_UNITS.sub(lambda found: found[1], plain)
    plain = _LONG_UNIT.sub(lambda found: f"{int(found[1]) * _HOURS[found[2]]}h", plain)
    meant = canonical(plain) if _may_be_written(plain) else None
    return f"; write {_short(meant)}" if meant else ""


def _may_be_written(text: str) -> bool:
    """True for a duration that is not refused."""
    nanoseconds = parse(text)
    return nanoseconds is not None and (nanoseconds == 0 or nanoseconds >= _NANOSECONDS["ms"])


def _short(duration: str) -> str:
    for zero in ("m0s", "h0m"):
        if duration.endswith(zero):
            duration = duration[:-2]
    return duration
