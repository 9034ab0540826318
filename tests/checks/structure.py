"""Mutations of the structure of generated files: what is taken away, misspelt, or of another type.

`yaml_structure` and `hcl_structure` enumerate those of one file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from gitops_gen.evidence.hcl_format import formatted
from tests.checks.mutation import Kind, Mutation, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMBER_OR_FLAG = re.compile(r"-?[0-9]+(?:\.[0-9]+)?|true|false")
_ATTRIBUTE = re.compile(r'^\s*"?(?P<name>[\w./-]+)"?\s*=\s*(?P<value>.*?)\s*$')
_STRING = re.compile(r'"(?P<value>(?:[^"\\]|\\.)*)"')


def yaml_structure(path: str, text: str) -> Iterator[Mutation]:
    """Yields what may be taken away from a YAML file, the keys with a letter less, and the values of another type."""
    file = _File(path, text)
    documents = [node for node in yaml.compose_all(text, Loader=yaml.CSafeLoader) if node is not None]
    parts = [_Part(node.start_mark.index, _end(node, text)) for node in documents]
    if len(documents) > 1:
        for index, node in enumerate(documents):
            yield file.without(Kind.DOCUMENT_REMOVED, (index,), _kind(node), parts, index, nothing="")
    for index, node in enumerate(documents):
        yield from _below(node, (index,) if index else (), file)
    yield file.removed()


def hcl_structure(path: str, text: str) -> Iterator[Mutation]:
    """As `yaml_structure`, for a variable file. The steps are the names of the attributes around.

    What is left is written as `terraform fmt` does: that a line is out of place is not what is to be found.
    """
    file = _File(path, text)
    around: list[str] = []
    start = 0
    for line in text.splitlines(keepends=True):
        attribute = _ATTRIBUTE.match(line)
        if attribute:
            around.append(attribute["name"])
            yield from _of_attribute(file, attribute, start, tuple(around))
        else:
            yield from _of_item(file, line, start, tuple(around))
        if line.strip().rstrip(",") in ("}", "]") or (attribute and not line.rstrip().endswith(("{", "["))):
            around.pop()
        start += len(line)
    yield file.removed()


@dataclass(frozen=True)
class _Part:
    """Where a key with its value, an item or a document stands in the text."""

    start: int
    end: int


@dataclass(frozen=True)
class _File:
    path: str
    text: str

    def changed(self, kind: Kind, steps: Steps, before: str, after: str, part: _Part, written: str) -> Mutation:
        """Returns the mutation that writes something else where a part stands."""
        text = self.text[: part.start] + written + self.text[part.end :]
        if self.path.endswith(".tfvars"):
            text = formatted(text) or text
        line = self.text.count("\n", 0, part.start) + 1
        return Mutation(self.path, line, steps, before, after, text, kind)

    def without(
        self, kind: Kind, steps: Steps, before: str, parts: Sequence[_Part], index: int, *, nothing: str
    ) -> Mutation:
        """Returns the mutation that takes one of some parts away, with what separates it from the next one."""
        part = parts[index]
        if len(parts) == 1:
            return self.changed(kind, steps, before, "", part, nothing)
        if index + 1 < len(parts):
            return self.changed(kind, steps, before, "", _Part(part.start, parts[index + 1].start), "")
        return self.changed(kind, steps, before, "", _Part(parts[index - 1].end, part.end), "")

    def of_another_type(self, steps: Steps, value: str, part: _Part, *, is_text: bool) -> Iterator[Mutation]:
        """Yields the mutations that write a text as a number or a flag, these as a text, and null."""
        number = value if _NUMBER_OR_FLAG.fullmatch(value) else "1"
        after = number if is_text else _double(value)
        yield self.changed(Kind.TYPE_CHANGED, steps, value, after, part, after)
        yield self.changed(Kind.MADE_NULL, steps, value, "null", part, "null")

    def removed(self) -> Mutation:
        """Returns the mutation that takes the whole file away."""
        return Mutation(self.path, 1, (), self.path, "", None, Kind.FILE_REMOVED)


def _below(node: yaml.Node, steps: Steps, file: _File) -> Iterator[Mutation]:
    if isinstance(node, yaml.MappingNode):
        parts = [_Part(key.start_mark.index, _end(value, file.text)) for key, value in node.value]
        names = {key.value for key, _ in node.value}
        for index, (key, value) in enumerate(node.value):
            below = (*steps, key.value)
            stated = f"{key.value}: {value.value}" if isinstance(value, yaml.ScalarNode) else key.value
            yield file.without(Kind.KEY_REMOVED, below, stated, parts, index, nothing="{}")
            misspelt = _misspelt(key.value, names)
            quoted = _Part(key.start_mark.index, key.end_mark.index)
            yield file.changed(Kind.KEY_MISSPELT, below, key.value, misspelt, quoted, _double(misspelt))
            yield from _below(value, below, file)
    elif isinstance(node, yaml.SequenceNode):
        parts = [_Part(_item_start(item, node, file.text), _end(item, file.text)) for item in node.value]
        for index, item in enumerate(node.value):
            yield file.without(Kind.ITEM_REMOVED, (*steps, index), _shown(item), parts, index, nothing="[]")
            yield from _below(item, (*steps, index), file)
    elif isinstance(node, yaml.ScalarNode):
        part = _Part(node.start_mark.index, _end(node, file.text))
        if node.tag != "tag:yaml.org,2002:null":
            yield from file.of_another_type(steps, node.value, part, is_text=node.tag == "tag:yaml.org,2002:str")


def _of_attribute(file: _File, found: re.Match[str], start: int, steps: Steps) -> Iterator[Mutation]:
    name = found["name"]
    yield file.changed(Kind.KEY_REMOVED, steps, name, "", _Part(start, _block_end(file.text, start)), "")
    misspelt = _misspelt(name, {name})
    written = _Part(start + found.start("name"), start + found.end("name"))
    yield file.changed(Kind.KEY_MISSPELT, steps, name, misspelt, written, misspelt)
    value = _STRING.fullmatch(found["value"])
    if value:
        part = _Part(start + found.start("value"), start + found.end("value"))
        yield from file.of_another_type(steps, value["value"], part, is_text=True)


def _of_item(file: _File, line: str, start: int, around: Steps) -> Iterator[Mutation]:
    found = _STRING.search(line)
    if found and around:
        steps = (*around, file.text.count("\n", file.text.rindex("[\n", 0, start), start) - 1)
        yield file.changed(Kind.ITEM_REMOVED, steps, found["value"], "", _Part(start, start + len(line)), "")
        part = _Part(start + found.start(), start + found.end())
        yield from file.of_another_type(steps, found["value"], part, is_text=True)


def _block_end(text: str, start: int) -> int:
    """Returns where the lines of an attribute end, with those of the block that it opens."""
    end, depth = start, 0
    while True:
        line = text[end : text.index("\n", end) + 1]
        end += len(line)
        depth += line.rstrip().endswith(("{", "[")) - (line.strip().rstrip(",") in ("}", "]"))
        if depth == 0:
            return end


def _misspelt(name: str, taken: set[str]) -> str:
    """Returns a name with its middle letter left out, or with one more where it is short."""
    letters = [index for index, letter in enumerate(name) if letter.isalnum()]
    middle = letters[len(letters) // 2] if len(letters) > 2 else None
    shorter = name if middle is None else name[:middle] + name[middle + 1 :]
    return f"{name}x" if shorter in taken else shorter


def _double(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _end(node: yaml.Node, text: str) -> int:
    """Returns where the last letter of a node stands: the reader's end of a block is the start of what follows."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last, text)
    start = node.start_mark.index
    return int(start + len(text[start : node.end_mark.index].rstrip()))


def _item_start(item: yaml.Node, sequence: yaml.SequenceNode, text: str) -> int:
    start = item.start_mark.index
    return int(start if sequence.flow_style else text.rindex("-", 0, start))


def _shown(item: yaml.Node) -> str:
    """Returns a word for an item: its value, or that of its first key."""
    if isinstance(item, yaml.ScalarNode):
        return str(item.value)
    return _shown(item.value[0][1]) if isinstance(item, yaml.MappingNode) and item.value else "..."


def _kind(document: yaml.Node) -> str:
    pairs = document.value if isinstance(document, yaml.MappingNode) else []
    return next((value.value for key, value in pairs if key.value == "kind"), "")
