"""The templates of a chart that ask what its cluster serves: what they make, only that cluster knows.

Argo CD gives Helm the version and the APIs of the cluster that an Application lands on; Helm's engine, without one,
takes its own. A template asks if it says so itself, or includes one that does.

Source: argoproj/argo-cd v3.5.1, reposerver/repository/repository.go, helmTemplate; Helm, "Built-in Objects".
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_COMMENT = lazily(r"\{\{-?\s*/\*.*?\*/\s*-?\}\}", re.DOTALL)
_CAPABILITIES = r"Capabilities\b"
_DEFINE = lazily(r"""\{\{-?\s*define\s+["`](?P<name>[^"`]+)["`]""")
_INCLUDE = lazily(r"""\b(?:include|template)\s+(?:["`](?P<name>[^"`]+)["`]|\((?P<made>[^{}]*))""")
_FILE = lazily(r'"/?(?P<path>[^"]+\.\w+)"')
_ANY = "?"
"""What is included by a name that a template makes up, which may be any."""
_TEMPLATES = "/templates/"
_CHARTS = "/charts/"
_ARCHIVE = ".tgz"
_MOST = 20_000_000
"""Bytes of an archive that are looked through; there is none of a chart that is so large."""


class Asking(NamedTuple):
    """The templates of a chart that ask, each from templates/ on."""

    own: frozenset[str] = frozenset()
    of_parts: frozenset[str] = frozenset()
    """Those of the charts below it, which may have other names there."""

    def covers(self, name: str) -> bool:
        """Tells whether a template asks, by the name that Helm gives it, that of the chart in front."""
        head, _, tail = name.rpartition(_TEMPLATES)
        return f"templates/{tail}" in (self.of_parts if _CHARTS in f"{head}/" else self.own)


class _Text(NamedTuple):
    """A template, or what is defined in one."""

    file: str
    name: str | None
    text: str
    is_part: bool


def asking(folder: Path, asked: str = _CAPABILITIES, *, or_undefined: bool = False) -> Asking:
    """Returns which templates of a chart on disk ask, those of the charts in its charts/ too.

    `asked` is a pattern of what they ask for; `or_undefined` counts those, too, that include what may be defined
    nowhere here.
    """
    raw = [(path, content.decode(errors="replace"), is_part) for path, content, is_part in _templates(folder)]
    if not or_undefined and not any(re.search(asked, content) for _, content, _ in raw):
        return Asking()
    texts = [text for path, content, is_part in raw for text in _parts(path, content, is_part)]
    said = re.compile(rf"\{{\{{[^{{}}]*(?:{asked})")
    first = {index for index, each in enumerate(texts) if said.search(each.text)}
    first |= _undefined(texts) if or_undefined else set()
    found = [texts[index] for index in _asking(texts, first)]
    own = frozenset(each.file for each in found if not each.is_part)
    return Asking(own, frozenset(each.file for each in found if each.is_part))


def _undefined(texts: Sequence[_Text]) -> set[int]:
    """Returns the texts that include what none of them is, or what a template makes up the name of."""
    known = {name for each in texts for name in (each.name, posixpath.basename(each.file))}
    return {
        index
        for index, text in enumerate(texts)
        if any(_included(each) not in known for each in _INCLUDE.finditer(text.text))
    }


def _asking(texts: Sequence[_Text], first: set[int]) -> set[int]:
    """Returns which texts ask: those that say so, and then those that include one of these."""
    asks = set(first)
    if not asks:
        return asks
    includers = _includers(texts)
    waiting = [*first, *includers[_ANY]]
    while waiting:
        index = waiting.pop()
        asks.add(index)
        of_name, of_file = includers[texts[index].name or ""], includers[posixpath.basename(texts[index].file)]
        waiting += [each for each in (*of_name, *of_file) if each not in asks]
    return asks


def _includers(texts: Sequence[_Text]) -> Mapping[str, Sequence[int]]:
    """Returns the texts that include one of a name, or the file of a name."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(texts):
        for each in _INCLUDE.finditer(text.text):
            found[_included(each)].append(index)
    return found


def _included(found: re.Match[str]) -> str:
    """Returns what is included: what a definition is called, or a file."""
    path = None if found["name"] else _FILE.search(found["made"])
    return found["name"] or (posixpath.basename(path["path"]) if path else _ANY)


def _templates(folder: Path) -> Iterator[tuple[str, bytes, bool]]:
    """Yields the templates of a chart and of those below it: the path from templates/ on, and what is in them."""
    for path in (*(folder / "templates").rglob("*"), *(folder / "charts").rglob("*")):
        inside = f"/{path.relative_to(folder).as_posix()}"
        is_part = inside.startswith(_CHARTS)
        if not path.is_file():
            continue
        if _TEMPLATES in inside:
            yield _tail(inside), path.read_bytes(), is_part
        elif is_part and inside.endswith(_ARCHIVE):
            yield from _archived(path)


def _archived(path: Path) -> Iterator[tuple[str, bytes, bool]]:
    import io
    import tarfile

    try:
        with tarfile.open(fileobj=io.BytesIO(path.read_bytes()), mode="r:gz") as archive:
            left = _MOST
            for member in archive:
                left -= member.size
                if left < 0:
                    return
                if member.isfile() and _TEMPLATES in member.name:
                    content = archive.extractfile(member)
                    yield _tail(member.name), content.read() if content else b"", True
    except (tarfile.TarError, OSError, EOFError):
        return  # Helm says what is wrong with it


def _tail(path: str) -> str:
    return f"templates/{path.rpartition(_TEMPLATES)[2]}"


def _parts(path: str, text: str, is_part: bool) -> Iterator[_Text]:
    """Yields what stands before the first definition, and each of them with what follows it."""
    text = _COMMENT.sub("", text)
    found = list(_DEFINE.finditer(text))
    ends = [*(each.start() for each in found), len(text)]
    yield _Text(path, None, text[: ends[0]], is_part)
    for index, each in enumerate(found):
        yield _Text(path, each["name"], text[each.start() : ends[index + 1]], is_part)
