"""What a template reads of its context: a file is made anew when that changes, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.data_classes import frozen
from gitops_gen.digests import blake2b

if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen
class Reads:
    """What a template and those that it includes read."""

    texts: bytes
    """A digest of their texts."""
    names: tuple[str, ...]
    """The names that are read, sorted: those of the context, and some that the template gives itself."""
    of_fleet: tuple[str, ...] | None
    """The facts of `fleet` that are read, sorted; None if it may be any of them."""
    attributes: tuple[str, ...] | None
    """The names of all attributes that may be read, of whatever, sorted; None if it may be any."""

    @property
    def routes(self) -> bool:
        """True if it may read where something is written in the model, which moves when lines are added above."""
        return self.attributes is None or "route" in self.attributes


def digest_of_texts(texts: Iterable[str]) -> bytes:
    """Returns the digest of the texts of a template and of those that it includes, in the order of their reading."""
    digest = blake2b(digest_size=16)
    for text in texts:
        digest.update(blake2b(text.encode(), digest_size=16).digest())
    return digest.digest()
