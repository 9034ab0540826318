"""How large values of Terraform are, by what is in them."""

from __future__ import annotations


def is_of_size(value: object, most: int) -> bool:
    """True for a value with no more than so many others in it, each counted as often as it is there."""
    counted = 0
    waiting = [value]
    while waiting:
        each = waiting.pop()
        counted += 1
        if isinstance(each, list):
            counted += len(each)
            if counted <= most:
                waiting += [item for item in each if isinstance(item, list | dict)]
        elif isinstance(each, dict):
            counted += len(each)
            if counted <= most:
                waiting += [item for item in each.values() if isinstance(item, list | dict)]
        if counted > most:
            return False
    return True
