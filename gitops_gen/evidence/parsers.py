"""What the files of one run are read with: what many of them have in common is read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from gitops_gen.evidence.hcl import WORD, plain_variables
from gitops_gen.yaml_reader.shared import SharedReader
from gitops_gen.yaml_reader.skeletons import SkeletonReader, UnsharedError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Parsers:
    """The readers of a run. Values are shared between files, so they are read, not changed."""

    def __init__(self) -> None:
        self.yaml = SharedReader()
        self._hcl = SkeletonReader(plain_variables, WORD)

    def variables(self, text: str) -> Mapping[str, object] | None:
        """Returns the variables of a plain tfvars file, or None for one that has to be read by itself."""
        try:
            return cast("Mapping[str, object]", self._hcl.read(text))
        except UnsharedError:
            return None
