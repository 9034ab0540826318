"""What the files of one run are read with: what many of them have in common is read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from gitops_gen.cached_property import cached_property

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.yaml_reader.shared import SharedReader
    from gitops_gen.yaml_reader.skeletons import SkeletonReader


class Parsers:
    """The readers of a run. Values are shared between files, so they are read, not changed.

    None is loaded before it is asked: another process may have read all files.
    """

    @cached_property
    def yaml(self) -> SharedReader:
        """The reader of YAML."""
        from gitops_gen.yaml_reader.shared import SharedReader

        return SharedReader()

    @cached_property
    def _hcl(self) -> SkeletonReader:
        from gitops_gen.evidence.hcl import WORD, plain_variables
        from gitops_gen.yaml_reader.skeletons import SkeletonReader

        return SkeletonReader(plain_variables, WORD)

    def variables(self, text: str) -> Mapping[str, object] | None:
        """Returns the variables of a plain tfvars file, or None for one that has to be read by itself."""
        from gitops_gen.yaml_reader.skeletons import UnsharedError

        try:
            return cast("Mapping[str, object]", self._hcl.read(text))
        except UnsharedError:
            return None
