"""What a comparison says, as plain values: differences, resources, files, groups, what is destructive, the report.

Nothing here holds a secret: what looks like one is replaced by `Redacted` before a value is made, so no view of a
report can show it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping


REDACTED = "$redacted"
"""The one key of the map that stands for a redacted value in JSON; its value is the reason."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """Stands for a text that looks like a secret, on either side; the text itself is gone.

    Two with the same number stood for the same text, so that a secret that changes is a difference.
    """

    reason: str
    number: int = field(default=0, repr=False)

    def __str__(self) -> str:
        return f"(redacted: {self.reason})"


Scalar: TypeAlias = "str | int | float | bool | None"
Value: TypeAlias = "dict[str, Value] | list[Value] | Scalar | Redacted"
"""A document, or a part of one, as a reader of its format has it. It is read, never changed."""


@dataclass(frozen=True, slots=True)
class Element:
    """The element of a list that has these values: `[secretKey=DB_PASSWORD]`.

    The names lead into the element, by dots: `metadata.name`. The empty name is the element itself, in a list of
    texts.
    """

    identity: tuple[tuple[str, str | int], ...]

    def __str__(self) -> str:
        return "[" + ",".join(f"{name}={value}" if name else str(value) for name, value in self.identity) + "]"


Step: TypeAlias = "str | int | Element"
"""A key of a map, a position in a list, or an element of a list by its identity."""


class Kind(StrEnum):
    """What happened to a value, a resource or a file."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"
    """A resource of the same kind stands in its place, under another name or namespace."""
    SPLICED = "spliced"
    """Items of a list, or lines of a text, are replaced by others: `old` at `index` by `new`."""
    REORDERED = "reordered"
    """A list whose elements have an identity has another order; `new` has the old positions in the new order."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a difference lands; empty where it is not known, or is more than one."""

    environment: str = ""
    region: str = ""
    cluster: str = ""
    app: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One edit inside a document."""

    kind: Kind
    steps: tuple[Step, ...]
    old: Value = None
    new: Value = None
    index: int | None = None
    """Of what is added to a list, its position in the new one; of a splice, the position in the old one."""
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True, slots=True)
class Resource:
    """What a document is: a Kubernetes object by its identity, or, without one, a file of a kind.

    `kind` of the latter is in lower case: values, tfvars, release, runbook.
    """

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class Where:
    """A document of a file: the path below output/, and its position in the file."""

    path: str
    index: int


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that differs, with every difference."""

    kind: Kind
    resource: Resource
    place: Place
    old: Where | None
    new: Where | None
    differences: tuple[Difference, ...]
    was: Resource | None = None
    """Of a renamed resource, what it was."""
    is_text: bool = False
    """True where the document is the list of the lines of a file, as of a runbook."""

    @property
    def path(self) -> str:
        """The file that has it, or had it."""
        where = self.new or self.old
        return where.path if where else ""


class Formatting(StrEnum):
    """What differs in a text and not in its meaning."""

    COMMENT = "comment"
    ORDER = "order"
    STYLE = "quoting or spacing"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file whose text differs. `has_meaning` is False where only the formatting does."""

    kind: Kind
    path: str
    place: Place
    has_meaning: bool
    formatting: tuple[Formatting, ...] = ()
    order: tuple[int, ...] = ()
    """Where the documents that stay have another order: their old positions among each other, in the new order."""


@dataclass(frozen=True, slots=True)
class Outlier:
    """A cluster that a group leaves out, and the group of the same field that it is in instead; None: unchanged."""

    cluster: str
    instead: Group | None


@dataclass(frozen=True, slots=True)
class Member:
    """A difference of a group: the position of its change in the report, and the difference's in the change.

    `difference` is None where the whole resource was added or removed.
    """

    change: int
    difference: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Group:
    """Differences that are the same edit. What follows from the place, as the name of the cluster in an ARN, may
    differ: then the texts have <cluster>, <short name>, <environment>, <region> or <account> for it."""

    kind: Kind
    subject: str
    """What has the field: the kind of the resources, in the singular."""
    field: str
    """The field that differs; empty for whole resources."""
    old: Value
    new: Value
    members: tuple[Member, ...]
    environments: tuple[tuple[str, int], ...]
    """How many members each environment has, the most guarded one first; an empty name is outside of any."""
    outliers: tuple[Outlier, ...] = ()

    @property
    def clusters(self) -> tuple[str, ...]:
        """The clusters of the members, each once."""
        return tuple(dict.fromkeys(member.place.cluster for member in self.members if member.place.cluster))


@dataclass(frozen=True, slots=True)
class Destructive:
    """What takes something away or drops a guard, and what follows from it, for all places where it happens."""

    code: str
    what: str
    consequence: str
    places: tuple[Place, ...]
    names: tuple[str, ...]
    """What it happens to, one for each place."""


@dataclass(frozen=True, slots=True)
class Row:
    """An environment of the verdict: how many clusters of each region are touched, and how many there are."""

    environment: str
    is_guarded: bool
    """True where an Application of it is not synced by itself."""
    touched: Mapping[str, int]
    clusters: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """How much there is of everything. Of differences, an added or removed resource counts as one."""

    files: int = 0
    files_added: int = 0
    files_removed: int = 0
    formatting_only: int = 0
    resources_added: int = 0
    resources_removed: int = 0
    resources_changed: int = 0
    differences: int = 0
    redacted: int = 0
    clusters: int = 0
    """Clusters that are touched."""
    all_clusters: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What differs between two sets of rendered files."""

    summary: Summary = Summary()
    rows: tuple[Row, ...] = ()
    """The verdict: environments that are touched, the most guarded one first."""
    destructive: tuple[Destructive, ...] = ()
    groups: tuple[Group, ...] = ()
    """Every difference is in one of them, the largest group first."""
    changes: tuple[Change, ...] = ()
    files: tuple[FileChange, ...] = ()
    base: str = ""
    """What the old files are, as messages say it."""
    notes: tuple[str, ...] = ()
    """What a reader should know beside it, as that there was nothing at the base."""

    @property
    def is_empty(self) -> bool:
        """True if no file differs, not even in its formatting."""
        return not self.files

    @property
    def formatting(self) -> tuple[FileChange, ...]:
        """The files of which only the formatting differs."""
        return tuple(each for each in self.files if not each.has_meaning)
