"""The key of a planned file: a digest of all that its text follows from, and of nothing else.

That is its template with those that it includes, the facts of its context that the template reads, its format, its
path, the model file that its first line names, and the code that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING

from gitops_gen import model
from gitops_gen.aws.regions import Partition
from gitops_gen.data_classes import fields_of, is_frozen
from gitops_gen.digests import blake2b
from gitops_gen.problems import Route
from gitops_gen.targets import FACTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gitops_gen.model import Fleet
    from gitops_gen.plan import PlannedArtifact
    from gitops_gen.templating.reads import Reads
    from gitops_gen.templating.templates import Templates

KEY_SIZE = 16
"""Bytes of a key."""

_PLAIN = (str, int, float, type(None), list, dict)
"""What Python writes out unmistakably and in one go: what YAML can say."""

_SHARED = (
    *(model.GitopsRepo, model.ArgoCd, model.Environment, model.Region, model.Account, model.Cluster),
    *(model.App, model.Release, model.Secrets),
)
"""Values that many others hold: written as a digest, which is worked out once."""


class Keys:
    """The keys of the files of one run."""

    def __init__(self, fleet: Fleet, templates: Templates, code: str) -> None:
        self._fleet = fleet
        self._templates = templates
        self._code = code
        self._digests: dict[int, str] = {}
        self._readers: dict[type, Callable[[object], tuple[object, ...]]] = {}
        self._starts: dict[tuple[str, str], tuple[str | None, tuple[str, ...]]] = {}

    def of(self, planned: PlannedArtifact) -> bytes | None:
        """Returns the key of a file; None for one that must be made anew each time.

        Such a template reads where things are written in the model.
        """
        spec, target = planned.spec, planned.target
        known_start = self._starts.get((spec.name, spec.template))
        if known_start is None:
            known_start = self._starts[spec.name, spec.template] = self._start_of(planned)
        start, names = known_start
        if start is None:
            return None
        values = [value for name in names if (value := getattr(target, name)) is not None]
        digests = self._digests
        texts = [digests.get(id(value)) or self._text(value) for value in values]
        written = "\n".join((start, planned.path, target.route.path, *texts))
        return blake2b(written.encode("utf-8", "surrogatepass"), digest_size=KEY_SIZE).digest()

    def _start_of(self, planned: PlannedArtifact) -> tuple[str | None, tuple[str, ...]]:
        """Returns what the keys of one spec begin with, and the names of what follows; None for one without keys."""
        reads = self._templates.reads(planned.spec.template)
        if reads.routes:
            return None, ()
        return self._start(planned, reads), tuple(name for name in reads.names if name in FACTS)

    def _start(self, planned: PlannedArtifact, reads: Reads) -> str:
        """Returns what the keys of one spec have in common."""
        fleet: object = ()
        if "fleet" in reads.names:
            names = reads.of_fleet
            fleet = self._fleet if names is None else tuple(getattr(self._fleet, name, None) for name in names)
        spec = planned.spec
        return "\n".join((self._code, reads.texts.hex(), spec.template, spec.format, *reads.names, self._text(fleet)))

    def _text(self, value: object) -> str:
        """Returns a text that two values have in common only if no template can tell them apart, but by a route."""
        kind = value.__class__
        if kind in _SHARED:
            return self._digest(value)
        if kind in _PLAIN or kind is bool:
            return repr(value)
        if isinstance(value, tuple):
            return f"{kind.__name__}({','.join(map(self._text, value))})"
        if isinstance(value, Mapping):
            return f"map({','.join(f'{key!r}:{self._text(inner)}' for key, inner in value.items())})"
        if isinstance(value, Route):
            return repr(value.path)
        return self._written_out(value)

    def _digest(self, value: object) -> str:
        found = self._digests.get(id(value))
        if found is None:
            text = self._written_out(value).encode("utf-8", "surrogatepass")
            found = self._digests[id(value)] = blake2b(text, digest_size=KEY_SIZE).hexdigest()
        return found

    def _written_out(self, value: object) -> str:
        kind = value.__class__
        read = self._readers.get(kind)
        if read is None:
            read = self._readers[kind] = _reader_of(kind)
        return f"{kind.__name__}({','.join(map(self._text, read(value)))})"


def _reader_of(kind: type) -> Callable[[object], tuple[object, ...]]:
    """Returns what reads all fields of a value. Raises TypeError for what is no value of the model."""
    if kind not in _VALUES:
        raise TypeError(f"a {kind.__name__} is no value of the model")
    names = fields_of(kind)
    if len(names) == 1:
        return lambda value: (getattr(value, names[0]),)
    return attrgetter(*names)


_VALUES = frozenset(
    value for value in (Partition, *vars(model).values()) if isinstance(value, type) and is_frozen(value)
)
