"""Goes through a text of HCL from its start to its end, once."""

from __future__ import annotations

import re

from gitops_gen.evidence.hcl_texts import NotHclError

SPACE = re.compile(r"(?:[ \t\r]+|(?:#|//)[^\n]*|/\*.*?\*/)*", re.DOTALL)
SPACE_AND_LINES = re.compile(r"(?:\s+|(?:#|//)[^\n]*|/\*.*?\*/)*", re.DOTALL)
NAME = re.compile(r"[^\W\d][\w-]*")


class Scanner:
    """A text, and how far it is read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def is_at(self, text: str) -> bool:
        """Returns whether a text stands there."""
        return self.text.startswith(text, self.position)

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Passes over what fits a pattern."""
        found = pattern.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def match(self, pattern: re.Pattern[str]) -> str | None:
        """Passes over what fits a pattern, and returns it; None where nothing does."""
        found = pattern.match(self.text, self.position)
        if found is None:
            return None
        self.position = found.end()
        return found[0]

    def take(self, text: str) -> bool:
        """Passes over a text, and returns whether it is there."""
        if not self.text.startswith(text, self.position):
            return False
        self.position += len(text)
        return True

    def expect(self, text: str) -> None:
        """Passes over a text, with what is before it. Raises NotHclError where it is not there."""
        self.skip(SPACE_AND_LINES)
        if not self.take(text):
            raise NotHclError
