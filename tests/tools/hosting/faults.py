"""What can go wrong between a client and a service, as values that a test puts into the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Fault:
    """One kind of trouble, for some requests."""

    kind: str
    """status: refused, and not carried out. lost: carried out, and the answer cut off in its middle. hang: no answer.
    html: an answer that is none."""
    status: int = 500
    times: int = 1
    """How many requests it hits; -1 for all."""
    skip: int = 0
    """How many matching requests go through before."""
    method: str = ""
    path: str = ""
    """A part of the path."""
    writes: bool = False
    """Only requests that write."""
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "something is wrong"

    def hits(self, method: str, path: str) -> bool:
        """Tells whether it hits a request, and counts."""
        fits = self.method in ("", method) and self.path in path and (method != "GET" or not self.writes)
        if not fits or self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True
