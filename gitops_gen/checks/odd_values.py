"""Values with a slip in their key: one that no template reads, where another is meant.

Part of chart-values. Helm says nothing of a value that no template reads, and prints nothing for one that none states.
Each by itself is common; together, under names a letter apart, they are one mistake. So is one right behind the block
that it belongs into, as far to the left. A chart that hands its values on as a whole, to a template of another chart or
as a text, may read any of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.chart_values import text_layers
from gitops_gen.evidence.charts import CHART, TEMPLATES, VALUES, path_in
from gitops_gen.evidence.files import YAML_ENDINGS
from gitops_gen.evidence.leaves import leaves
from gitops_gen.evidence.secret_references import Layer
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.near_miss import is_typo
from gitops_gen.patterns import lazily
from gitops_gen.problems import Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.leaves import Steps
    from gitops_gen.evidence.places import Place

_READ = lazily(r"\.Values((?:\.[A-Za-z_]\w*)+)")
_WHOLE = lazily(r"\.Values(?!\.[A-Za-z_]|\w)")
_ACTION = lazily(r"{{.*?}}", re.DOTALL)
_ASKING = lazily(r"\b(if|with|range|default|coalesce|ternary|and|or|not|empty|hasKey|dig|get|required|kindIs|eq|ne)\b")
"""What an action has that asks whether a value is there, or has another one for it."""
_TEST = lazily(r"{{-?\s*(?:else\s+)?if\s(?:\s|[()]|\b(?:and|or|not)\b|\$?(?:\.\w+)+)+-?}}")
"""An action that asks whether some values are true, and nothing else of them."""
_NAME = lazily(r"[A-Za-z_]\w*")
"""What a template can read behind a dot."""
_COMMENT = lazily(r"{{-?\s*/\*.*?\*/\s*-?}}|^[ \t]*#[^\n]*", re.DOTALL | re.MULTILINE)
_STATING = (*YAML_ENDINGS, ".json", ".tf", ".tfvars", ".tpl", ".jsonnet", ".sh")


def odd_values(
    graph: Graph, by_folder: Mapping[str, Sequence[tuple[Deployment, ApplicationSource]]]
) -> Iterator[Finding]:
    """Yields the slips in charts, each with the Applications that take it, and in what these give it."""
    for folder, taken in by_folder.items():
        chart = _Chart(graph, folder)
        if chart.is_read_here:
            every = (each for deployment, source in taken for each in _layers(graph, deployment, source))
            # What an environment has in common is one object to all its Applications.
            layers = list({id(each.value): each for each in every}.values())
            files = [each.path for deployment, _ in taken for each in deployment.values_files]
            if all(path is not None and graph.files.is_file(path) for path in files):
                yield from chart.of_templates(layers)
            yield from chart.of_layers(layers)
            flags = chart.flags_given_as_text(layers)
            if flags:
                from gitops_gen.checks.text_flags import text_flags

                yield from text_flags(graph, folder, flags, taken)


def _layers(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Layer]:
    """Yields what an Application gives a chart, in whatever order; of a parameter, that it is stated."""
    yield from graph.layers_of(deployment)
    yield from text_layers(deployment, source)
    place = deployment.application.source_place(source) / "helm"
    for index, parameter in enumerate(list_at(source.value, "helm", "parameters")):
        nested: object = ""
        for step in reversed((text_at(parameter, "name") or "").split(".")):
            nested = {step: nested}
        yield Layer(nested, place.down("parameters", index))


class _Chart:
    """A chart of the tree: its values, and what its templates read of them."""

    def __init__(self, graph: Graph, folder: str) -> None:
        self._graph = graph
        self.folder = folder
        start = path_in(folder, TEMPLATES)
        files = (graph.files.get(path) for path in graph.files.under(start))
        self._templates = [(each.path, _COMMENT.sub(_blank, each.text)) for each in files if each is not None]
        self._text = "\n".join(text for _, text in self._templates)
        own = graph.files.get(path_in(folder, VALUES))
        self._own = _joined(own.documents.values) if own is not None else None

    @cached_property
    def _words(self) -> frozenset[str]:
        """All words of the templates."""
        return frozenset(re.findall(r"\w+", self._text))

    @property
    def is_read_here(self) -> bool:
        """True if its own templates read its values, each by its name, and nothing else does."""
        file = self._graph.files.get(path_in(self.folder, CHART))
        has_parts = file is None or list_at(next(iter(file.documents.values), None), "dependencies")
        is_alone = not has_parts and not self._graph.files.is_folder(path_in(self.folder, "charts"))
        return is_alone and isinstance(self._own, dict) and _WHOLE.search(self._text) is None

    def of_templates(self, layers: Sequence[Layer]) -> Iterator[Finding]:
        """Yields what a template reads and nobody states, beside what is stated and nobody reads."""
        stated = [self._own, *(each.value for each in layers)]
        told: set[tuple[str, ...]] = set()
        for path, text in self._templates:
            for match in _READ.finditer(text):
                steps = tuple(match[1].split(".")[1:])
                missing = next((n for n in range(len(steps)) if not _has(stated, steps[: n + 1])), None)
                if missing is None or steps[: missing + 1] in told:
                    continue
                parent, key = steps[:missing], steps[missing]
                told.add((*parent, key))
                meant = self._unread_like(key, parent, stated)
                if meant is not None and not self._is_said_elsewhere(key):
                    start = match.start(1) + len("".join(f".{each}" for each in parent)) + 1
                    at_key = Location(path, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
                    yield self._of_template(at_key, parent, key, meant)

    def _unread_like(self, key: str, parent: tuple[str, ...], stated: Sequence[object]) -> str | None:
        """Returns the value beside one that is read for which it is a slip.

        That is one for which no template has a word; or any, where what is read is printed without a question.
        """
        if self._is_handed_on(parent):
            return None
        names = {name for value in stated for name in _keys(at(value, *parent))}
        found = [name for name in names if is_typo(key, name)]
        if len(found) != 1 or (found[0] in self._words and not self._is_printed((*parent, key))):
            return None
        return found[0]

    def _is_printed(self, steps: tuple[str, ...]) -> bool:
        """True if every action that reads a value prints it, with nothing to stand in for it."""
        read = re.compile(rf"\.Values\.{re.escape('.'.join(steps))}(?!\w)")
        actions = [each for each in _ACTION.findall(self._text) if read.search(each)]
        return bool(actions) and not any(map(_ASKING.search, actions))

    def _is_handed_on(self, parent: tuple[str, ...]) -> bool:
        """True if a template reads a map as a whole, so that whoever gets it may read any of it."""
        return bool(parent) and re.search(rf"\.Values\.{re.escape('.'.join(parent))}(?![\w.])", self._text) is not None

    def _is_said_elsewhere(self, key: str) -> bool:
        """True if any other file has a word for a value: a set whose elements nobody knows, or Terraform, states it."""
        word = re.compile(rf"\b{re.escape(key)}\b")
        start = f"{path_in(self.folder, TEMPLATES)}/"
        others = (path for path in self._graph.paths if not path.startswith(start) and path.endswith(_STATING))
        return any(word.search(self._graph.files.content(path) or "") for path in others)

    def _of_template(self, at_key: Location, parent: tuple[str, ...], key: str, meant: str) -> Finding:
        path = ".".join((*parent, key))
        return Finding(
            f"a template of the chart {self.folder} reads the value {path}, which nothing states; "
            f"{'.'.join((*parent, meant))} is stated",
            at_key,
            f"did you mean {meant}?",
            severity=Severity.WARNING,
            cause=f"{self.folder}: {path}",
        )

    def flags_given_as_text(self, layers: Sequence[Layer]) -> Sequence[tuple[str, ...]]:
        """Returns the flags for which an Application gives a text, and which templates only test."""
        flags = [steps for steps, value in leaves(self._own) if isinstance(value, bool) and _is_named(steps)]
        given = [steps for steps in flags if any(isinstance(at(layer.value, *steps), str) for layer in layers)]
        return [steps for each in given if self._is_only_tested(steps := tuple(map(str, each)))]

    def _is_only_tested(self, steps: tuple[str, ...]) -> bool:
        """True if every action that reads a value asks with `if` alone whether it, or another one, is true."""
        read = re.compile(rf"\.Values\.{re.escape('.'.join(steps))}(?![\w.])")
        actions = [each for each in _ACTION.findall(self._text) if read.search(each)]
        is_handed_on = any(self._is_handed_on(steps[:number]) for number in range(1, len(steps)))
        return bool(actions) and not is_handed_on and all(map(_TEST.fullmatch, actions))

    def of_layers(self, layers: Sequence[Layer]) -> Iterator[Finding]:
        """Yields what an Application gives a chart under a key that has a slip, and no template reads."""
        told: set[Place] = set()
        for layer in layers:
            for parent, key, meant in self._slips(layer.value, self._own, ()):
                place = layer.place
                if place.steps[-1:] != ("values",) and "parameters" not in place.steps:
                    place = place.down(*parent, key)
                if place not in told:
                    told.add(place)
                    yield Finding(
                        f"no template of the chart {self.folder} reads the value {'.'.join((*parent, key))}",
                        place,
                        f"did you mean {meant}?",
                        severity=Severity.WARNING,
                        on_key=place is not layer.place,
                        cause=f"{place.file}: {key}",
                    )

    def _slips(self, given: object, own: object, parent: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str]]:
        if not (isinstance(given, dict) and isinstance(own, dict)):
            return
        before: object = None
        for key, value in given.items():
            block, before = before, key
            if key in own:
                yield from self._slips(value, own[key], (*parent, key))
            elif isinstance(key, str) and key not in self._words:
                meant = [name for name in _keys(own) if name not in given and is_typo(key, name)]
                if len(meant) == 1 and meant[0] in self._words and not self._is_in_handed_on(parent):
                    yield parent, key, meant[0]
            elif self._has_left(parent, block, key, given, own):
                yield parent, key, f"{block}.{key}"

    def _has_left(
        self,
        parent: tuple[str, ...],
        block: object,
        key: object,
        given: Mapping[str, object],
        own: Mapping[str, object],
    ) -> bool:
        """Tells whether a key that nobody reads stands right behind the block that the chart has it in, without it."""
        if not (isinstance(key, str) and isinstance(block, str) and isinstance(given[block], dict | None)):
            return False
        if key not in _keys(own.get(block)) or key in _keys(given[block]):
            return False
        path = ".".join((*parent, key))
        is_read = re.search(rf"\.Values\.{re.escape(path)}(?!\w)", self._text) is not None
        return not is_read and not self._is_in_handed_on(parent)

    def _is_in_handed_on(self, parent: tuple[str, ...]) -> bool:
        return any(self._is_handed_on(parent[: number + 1]) for number in range(len(parent)))


def _joined(documents: Sequence[object]) -> object:
    """Returns the values of a chart, which nearly always has them in one document."""
    maps = [each for each in documents if isinstance(each, dict)]
    if len(documents) < 2 or len(maps) < 2:
        return next(iter(documents), None)
    from gitops_gen.evidence.overrides import laid_over

    joined: Mapping[str, object] = {}
    for each in maps:
        joined = laid_over(joined, each)
    return joined


def _is_named(steps: Steps) -> bool:
    return all(isinstance(step, str) and _NAME.fullmatch(step) for step in steps)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _keys(value: object) -> Iterator[str]:
    return (each for each in (value if isinstance(value, dict) else ()) if isinstance(each, str))


def _has(values: Sequence[object], steps: tuple[str, ...]) -> bool:
    """Tells whether one of some values has a key, or has no map where it would be."""
    parents = [at(value, *steps[:-1]) for value in values]
    maps: list[Mapping[str, object]] = [each for each in parents if isinstance(each, dict)]
    return not maps or any(steps[-1] in each for each in maps)
