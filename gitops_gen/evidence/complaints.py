"""What Helm says of a chart that it does not render: which line is meant, and what of it may be shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.charts import CHART
from gitops_gen.evidence.values import text_at
from gitops_gen.problems import Location
from gitops_gen.secrets_guard import HIDDEN, is_secret_key
from gitops_gen.source import UNREADABLE

if TYPE_CHECKING:
    from gitops_gen.evidence.files import File, Files
    from gitops_gen.evidence.whole_charts import WholeChart

_AT_LINE = re.compile(r"(?P<path>[^\s():]+/templates/[^\s():]+):(?P<line>\d+)(?::(?P<column>\d+))?")
"""Where Helm stops; of several places the last, which the others include."""
_OF_FILE = re.compile(r"cannot load (?P<file>[\w.-]+):|validation: chart\.metadata")
"""What Helm says of a file of a chart that is no template: by its name, or of what Chart.yaml says."""
_A_TEMPLATE = re.compile(r"[^\s():]+/templates/[^\s():]+")
_UNDEFINED = 'no template "'
"""What Helm says of a template that includes what is defined nowhere."""
_OF_SCHEMA = "meet the specifications of the schema"
_ELSEWHERE = re.compile(r'failing loading "https?://')
"""What Helm says of a schema, a part of which another host has."""
_REFUSING = re.compile(r"^(\S+):$", re.MULTILINE)
"""A chart whose schema refuses its values."""
_REFUSED = re.compile(
    r"(?P<before>at '(?:[^'/]*/)*(?P<key>[^'/]*)': (?:\w+: got )?)"
    r"(?:'.*?'(?= (?:does not match|is not)\b)|[-0-9][^ ,]*)"
)
"""What Helm tells of a value that a schema refuses, where it shows the value."""


class Complaint:
    """A message of Helm about a chart of the tree."""

    def __init__(self, message: str, chart: WholeChart, files: Files) -> None:
        self._message = message
        self._chart = chart
        self._files = files
        self._lines = [Location(chart.path_of(each["path"]), *_line_of(each)) for each in _AT_LINE.finditer(message)]

    @property
    def reason(self) -> str:
        """The message in one line, without values of keys that a secret is usually called."""
        return _REFUSED.sub(_without_secret, " ".join(self._message.split()))

    @property
    def names(self) -> list[str]:
        """The templates that the message names."""
        return _A_TEMPLATE.findall(self._message)

    @property
    def is_undefined(self) -> bool:
        """True if a template includes what is defined nowhere."""
        return _UNDEFINED in self._message

    @property
    def paths(self) -> set[str]:
        """Where the templates would be on disk that the message names."""
        return {each.path for each in self._lines}

    @property
    def at(self) -> Location | None:
        """The line that Helm stops at, if it names one of a file that is on disk."""
        there = [each for each in self._lines if self._files.is_file(each.path)]
        return there[-1] if there else self._unloaded()

    def _unloaded(self) -> Location | None:
        """Returns where a file of the chart is wrong that Helm does not load the chart with."""
        found = _OF_FILE.match(self._message)
        file = self._file(found["file"] or CHART) if found else None
        if file is None:
            return None
        return next((each.at for each in file.documents.problems if each.code == UNREADABLE), Location(file.path))

    @property
    def is_of_schema(self) -> bool:
        """True if a schema refuses the values, that of the chart or of one in it."""
        return _OF_SCHEMA in self._message

    @property
    def is_of_schema_elsewhere(self) -> bool:
        """True if a schema is in part on another host, which the engine does not ask."""
        return self.is_of_schema and _ELSEWHERE.search(self._message) is not None

    @property
    def is_of_own_schema(self) -> bool:
        """True if the schema of the chart refuses the values, and none of a chart in it does."""
        file = self._file(CHART)
        names = {text_at(value, "name") for value in (file.documents.values if file is not None else ())}
        return self.is_of_schema and names.issuperset(_REFUSING.findall(self._message))

    def _file(self, name: str) -> File | None:
        return self._files.get(self._chart.path_of(f"/{name}"))


def _line_of(found: re.Match[str]) -> tuple[int, int]:
    return int(found["line"]), int(found["column"]) + 1 if found["column"] else 0


def _without_secret(refused: re.Match[str]) -> str:
    return f"{refused['before']}{HIDDEN}" if is_secret_key(refused["key"]) else refused[0]
