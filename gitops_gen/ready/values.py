"""A template that is ready to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gitops_gen.ready.runtime import Context, Runtime
    from gitops_gen.template_reads import Reads


class Ready(NamedTuple):
    """What is known of a template, without reading it. The digest in `reads` says of which text that holds."""

    reads: Reads
    formats: tuple[str, ...]
    """The formats for which it was found to be right: nothing is written that is encoded for another."""
    root: Callable[[Context, object, Runtime], Iterator[str]]
    """Yields the parts of its text."""
