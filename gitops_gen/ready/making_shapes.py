"""Makes the module of the shapes of the entries, from the entries: pydantic's classes stay the only definition.

python -m gitops_gen.ready.making_shapes
"""

from __future__ import annotations

import re
import types
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MinLen
from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from gitops_gen.artifact_entries import ArtifactEntry
from gitops_gen.entries import AppEntry, Entry, EnvironmentEntry, FleetEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HEAD = '''"""The shapes of the entries: a file that fits needs no pydantic. Made from `entries` by `make ready`."""

from __future__ import annotations

from gitops_gen import durations, external_secrets, grammar, kubernetes
from gitops_gen.aws import arns, endpoints, names
from gitops_gen.block_shapes import (
    anything, block, either, flag, listed, mapped, maybe, one_of, text, text_of, whole_number
)
'''

MODULE = Path(__file__).parents[1] / "entry_shapes.py"

_FILES = (FleetEntry, EnvironmentEntry, AppEntry, ArtifactEntry)
"""The entries of whole files, or of their items."""


def shapes_module() -> str:
    """Returns the module, as text. Raises TypeError for an entry that says what no shape can say."""
    made: dict[str, str] = {}
    for entry in _FILES:
        _add(entry, made)
    return "\n".join((_HEAD, *(f"{name} = {shape}\n" for name, shape in made.items())))


def shape_of(field: FieldInfo, made: dict[str, str] | None = None) -> str:
    """Returns the shape of a field. `made` takes those of the blocks that stand in it. Raises TypeError."""
    return _Maker({} if made is None else made).of(field.annotation, field.metadata)


def _add(entry: type[Entry], made: dict[str, str]) -> str:
    """Adds the shape of an entry, after those of the blocks that stand in it, and returns its name."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", entry.__name__).upper()
    if name not in made:
        fields = entry.model_fields.items()
        needed = [_line(key, field, made) for key, field in fields if field.is_required()]
        others = [_line(key, field, made) for key, field in fields if not field.is_required()]
        made[name] = "\n".join(("block(", "    {", *needed, "    },", "    {", *others, "    },", ")"))
    return name


def _line(key: str, field: FieldInfo, made: dict[str, str]) -> str:
    shape = shape_of(field, made)
    default = field.get_default(call_default_factory=True)
    return f"        {key!r}: {shape}," if field.is_required() else f"        {key!r}: ({shape}, {default!r}),"


class _Maker:
    """Writes the shape of a type."""

    def __init__(self, made: dict[str, str]) -> None:
        self._made = made

    def of(self, kind: object, rules: Sequence[object]) -> str:
        if get_origin(kind) is Annotated:
            inner, *more = get_args(kind)
            return self.of(inner, (*rules, *_rules_in(more)))
        if get_origin(kind) in (Union, types.UnionType):
            return self._union(get_args(kind), rules)
        if kind is str:
            return _text(rules)
        if kind is int:
            return _whole_number(rules)
        if rules:
            raise TypeError(f"no shape says {rules} of {kind}")
        return self._plain(kind)

    def _plain(self, kind: object) -> str:
        arguments = get_args(kind)
        if kind is bool:
            return "flag"
        if kind is object:
            return "anything"
        if get_origin(kind) is Literal:
            return f"one_of({', '.join(map(repr, arguments))})"
        if get_origin(kind) is list:
            return f"listed({self.of(arguments[0], ())})"
        if get_origin(kind) is dict and arguments[0] is str:
            return f"mapped({self.of(arguments[1], ())})"
        if isinstance(kind, type) and issubclass(kind, Entry):
            return _add(kind, self._made)
        raise TypeError(f"no shape says {kind}")

    def _union(self, kinds: Sequence[object], rules: Sequence[object]) -> str:
        shapes = ", ".join(self.of(kind, rules) for kind in kinds if kind is not types.NoneType)
        return f"{'maybe' if types.NoneType in kinds else 'either'}({shapes})"


def _rules_in(metadata: Sequence[object]) -> Iterator[object]:
    for each in metadata:
        if isinstance(each, FieldInfo):
            yield from each.metadata
        else:
            yield each


def _whole_number(rules: Sequence[object]) -> str:
    match rules:
        case [Ge(ge=least), Le(le=most)]:
            return f"whole_number({least!r}, {most!r})"
    raise TypeError(f"no shape says {rules} of a whole number")


def _text(rules: Sequence[object]) -> str:
    said: list[str] = []
    for rule in rules:
        if isinstance(rule, AfterValidator) and isinstance(rule.func, partial) and len(rules) == 1:
            check = rule.func.args[1]
            return f"text({check.__module__.rsplit('.', 1)[1]}.{check.__qualname__})"
        if isinstance(rule, MinLen):
            said.append(f"least={rule.min_length}")
        elif isinstance(pattern := getattr(rule, "pattern", None), str) and pattern[0] + pattern[-1] == "^$":
            said.append(f"pattern={pattern!r}")
        else:
            raise TypeError(f"no shape says {rule} of a text")
    return f"text_of({', '.join(said)})"


if __name__ == "__main__":
    MODULE.write_text(shapes_module(), encoding="utf-8")
