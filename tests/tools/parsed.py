"""Reading parsed YAML, JSON and HCL in tests: what is not there, or is something else, fails the test."""

from __future__ import annotations

from typing import TypeAlias

Object: TypeAlias = "dict[str, object]"


def at(value: object, *steps: str | int) -> object:
    """Returns what stands at the end of the steps."""
    for step in steps:
        if isinstance(step, int):
            assert isinstance(value, list), f"{value!r} has no item {step}"
            value = value[step]
        else:
            assert isinstance(value, dict), f"{value!r} has no key {step}"
            assert step in value, f"{step} is not among {', '.join(map(str, value))}"
            value = value[step]
    return value


def text_at(value: object, *steps: str | int) -> str:
    """Returns the text at the end of the steps."""
    found = at(value, *steps)
    assert isinstance(found, str), f"{found!r} is no text"
    return found


def map_at(value: object, *steps: str | int) -> Object:
    """Returns the map at the end of the steps."""
    found = at(value, *steps)
    assert isinstance(found, dict), f"{found!r} is no map"
    return found


def texts_at(value: object, *steps: str | int) -> dict[str, str]:
    """Returns the map at the end of the steps, in which everything is text."""
    return {key: text_at(item) for key, item in map_at(value, *steps).items()}


def list_at(value: object, *steps: str | int) -> list[object]:
    """Returns the list at the end of the steps."""
    found = at(value, *steps)
    assert isinstance(found, list), f"{found!r} is no list"
    return found


def rows_at(value: object, *steps: str | int) -> list[dict[str, str]]:
    """Returns the list at the end of the steps: of maps in which everything is text."""
    return [texts_at(item) for item in list_at(value, *steps)]


def lines_at(value: object, *steps: str | int) -> list[str]:
    """Returns the list at the end of the steps: of texts."""
    return [text_at(item) for item in list_at(value, *steps)]
