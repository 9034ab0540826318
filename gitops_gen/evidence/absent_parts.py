"""The charts of repositories that a chart needs and has not on disk: what its own templates bring is known without.

Helm lays the values of a chart below those that the one around it states for it, and lets all of them use each other's
definitions. A template that asks for neither renders to the same without them. Which of them the values switch off,
Helm fetches and leaves out.

Source: Helm v4.2.3, pkg/chart/common/util/coalesce.go, coalesceDeps; pkg/chart/v2/util/dependencies.go,
processDependencyEnabled and processImportValues; pkg/engine/engine.go, recAllTpls.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence import helm
from gitops_gen.evidence.capabilities import Asking, asking
from gitops_gen.evidence.charts import TEMPLATES, path_in
from gitops_gen.evidence.left_out import LeftOut
from gitops_gen.evidence.places import Place
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from gitops_gen.evidence.complaints import Complaint
    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.helm import Needs


class AbsentParts(NamedTuple):
    """The charts that a chart needs and has not."""

    folder: str
    """Where the chart is."""
    parts: Sequence[LeftOut]
    readers: Asking
    """The templates of the chart that ask for what is in them."""

    def left_open(self, values: Mapping[str, object], templates: Iterable[str]) -> tuple[str, Collection[str]]:
        """Returns what nobody can say of a release, if anything, and the templates of which that holds."""
        wanted = [each.dependency for each in self.parts if each.is_wanted(values)]
        readers = set(filter(self.readers.covers, templates)) if wanted else set()
        names = ", ".join(sorted(each.partition("/")[2] for each in readers))
        reason = helm.not_built(self.folder, wanted) if wanted else ""
        return f"{reason}, and asks for what is in it in {names}" if names else reason, readers

    def left_open_by(self, complaint: Complaint) -> str:
        """Returns what nobody can say of a release that Helm refuses, if that may be for want of them."""
        is_for_want = complaint.is_undefined or complaint.is_of_schema or any(map(self.readers.covers, complaint.names))
        return helm.not_built(self.folder, [each.dependency for each in self.parts]) if is_for_want else ""


def absent_parts(files: Files, folder: str, needs: Needs) -> AbsentParts | None:
    """Returns what a chart has not that has templates of its own; None where nothing of it is known without.

    That is so where it has some of them, which Helm fetches anew, and where it takes values from them.
    """
    is_known = not needs.there and not any(each.imports_values for each in needs.missing)
    if not is_known or not any(True for _ in files.under(path_in(folder, TEMPLATES))):
        return None
    called = "|".join(re.escape(each.alias or each.name) for each in needs.missing)
    asked = rf"\.Subcharts\b|\.Values(?!\.[A-Za-z_]|\w)|\.Values\.(?:{called})\b|\btpl\b"
    parts = [LeftOut(each, folder, (), Place(folder), is_library=False, values=None) for each in needs.missing]
    return AbsentParts(folder, parts, asking(files.root / folder, asked, or_undefined=True))
