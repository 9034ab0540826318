"""The Applications that Argo CD makes of a generated ApplicationSet: just what our templates use of Go's."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import yaml

from tests.tools import helm
from tests.tools.parsed import list_at, map_at, text_at, texts_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.tools.generated import Generated
    from tests.tools.parsed import Object

_PARAMETER = re.compile(r"\{\{ \.(\w+) \}\}")
_CONDITION = re.compile(r'\s*\{\{- if eq \.(\w+) "([^"]*)" \}\}(.*?)\s*\{\{- end \}\}', re.DOTALL)
_EVERY_TEXT = """\
{{- $written := list }}
{{- range $element := .Values.elements }}
{{- $row := list }}
{{- range $.Values.texts }}{{ $row = append $row (tpl . $element) }}{{ end }}
{{- $written = append $written $row }}
{{- end }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: written
data:
  written: {{ toJson $written | quote }}
"""


@dataclass(frozen=True, slots=True)
class Application:
    """One Application: the name of the ApplicationSet that it is of, and what of it does not come from Argo CD."""

    app: str
    document: Object

    @property
    def name(self) -> str:
        return text_at(self.document, "metadata", "name")

    @property
    def labels(self) -> dict[str, str]:
        return texts_at(self.document, "metadata", "labels")

    @property
    def annotations(self) -> dict[str, str]:
        metadata = map_at(self.document, "metadata")
        return texts_at(metadata, "annotations") if "annotations" in metadata else {}

    @property
    def project(self) -> str:
        return text_at(self.document, "spec", "project")

    @property
    def destination(self) -> dict[str, str]:
        return texts_at(self.document, "spec", "destination")

    @property
    def cluster(self) -> str:
        return self.destination["name"]

    @property
    def sources(self) -> list[Object]:
        return [map_at(source) for source in list_at(self.document, "spec", "sources")]

    @property
    def release_name(self) -> str:
        return text_at(self.sources[0], "helm", "releaseName")

    @property
    def values_files(self) -> list[str]:
        return [text_at(file) for file in list_at(self.sources[0], "helm", "valueFiles")]

    @property
    def sync_policy(self) -> Object:
        return map_at(self.document, "spec", "syncPolicy")

    @property
    def sync_options(self) -> list[str]:
        return [text_at(option) for option in list_at(self.sync_policy, "syncOptions")]

    @property
    def folder(self) -> str:
        """Where the release's own values and manifests belong, below the folder of the generated tree."""
        return f"environments/{self.labels['environment']}/clusters/{self.cluster}/apps/{self.app}"


def applications(found: Generated) -> list[Application]:
    """Returns the Applications of every ApplicationSet of a fleet."""
    sets = found.of_kind("ApplicationSet").values()
    return [application for each in sets for application in expand(each, found)]


def expand(applicationset: Object, found: Generated) -> Iterator[Application]:
    """Yields an Application for each element. Raises KeyError for a parameter that an element does not have."""
    spec = map_at(applicationset, "spec")
    for element in elements(spec, found):
        application = substituted(spec["template"], element)
        if "templatePatch" in spec:
            application = _merged(application, yaml.safe_load(go(text_at(spec, "templatePatch"), element)) or {})
        yield Application(text_at(applicationset, "metadata", "name"), map_at(application))


def elements(spec: Object, found: Generated) -> list[dict[str, str]]:
    """Returns the parameters that the one generator gives, from its list or from the files that it names."""
    [generator] = list_at(spec, "generators")
    if "list" in map_at(generator):
        return [texts_at(element) for element in list_at(generator, "list", "elements")]
    git = map_at(generator, "git")
    assert (git["repoURL"], git["revision"]) == (found.url, found.revision)
    pattern = text_at(git, "files", 0, "path")
    paths = (path for path in found.files if _matches(f"{found.folder}/{path}", pattern))
    return [texts_at(yaml.safe_load(found.files[path])) for path in paths]


def substituted(value: object, element: dict[str, str]) -> object:
    """Returns a template with the parameters filled in, in every string of it."""
    match value:
        case str():
            return go(value, element)
        case dict():
            return {key: substituted(item, element) for key, item in value.items()}
        case list():
            return [substituted(item, element) for item in value]
    return value


def go(text: str, element: dict[str, str]) -> str:
    """Returns what Go's template engine writes, for `{{ .name }}` and for one kind of condition.

    Raises KeyError as missingkey=error does, AssertionError for anything else in braces.
    """
    chosen = _CONDITION.sub(lambda each: each[3] if element[each[1]] == each[2] else "", text)
    written = _PARAMETER.sub(lambda each: element[each[1]], chosen)
    assert "{{" not in written, f"not understood: {written}"
    return written


def go_engine(texts: list[str], elements: list[dict[str, str]], folder: Path) -> list[list[str]]:
    """Returns each text as Go's own engine writes it for each element: the one in Helm, in a chart made in `folder`."""
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text("{apiVersion: v2, name: engine, version: 0.0.0}", encoding="utf-8")
    (folder / "templates" / "written.yaml").write_text(_EVERY_TEXT, encoding="utf-8")
    (folder / "input.json").write_text(json.dumps({"texts": texts, "elements": elements}), encoding="utf-8")
    [found] = helm.render(folder, release="engine", namespace="engine", values_files=[folder / "input.json"])
    written: list[list[str]] = json.loads(text_at(found, "data", "written"))
    return written


def _matches(path: str, pattern: str) -> bool:
    parts, patterns = path.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def _merged(base: object, patch: object) -> object:
    if not (isinstance(base, dict) and isinstance(patch, dict)):
        return patch
    return base | {key: _merged(base.get(key), value) for key, value in patch.items()}
