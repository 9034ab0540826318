"""Templates rendered by Go itself: by the Helm engine, whose templates are Go's with sprig's functions.

Helm differs from an ApplicationSet in what is missing: it is a null there, and it is not written. And it has toYaml,
fromYaml, toJson and fromJson of its own, of which the first two of each pair are the same for a value that is fine.
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from gitops_gen.evidence.gotemplate import CannotSayError, GoTemplateError, parse
from tests.tools import helm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REFUSED = "refused"
_SIGNS_OF_A_REFUSED_TEMPLATE = ("error calling tpl", "execution error at")

_CHART = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: results}
data:
{{- range $index, $case := .Values.cases }}
  case-{{ $index }}: {{ tpl $case.template $case.parameters | toJson | b64enc | quote }}
{{- end }}
"""
"""Each result is JSON, in which Go leaves some control characters as they are; YAML has no place for these."""


@dataclass(frozen=True)
class Case:
    """A template and its parameters."""

    template: str
    parameters: Mapping[str, object] = field(repr=False)


def disagreements(cases: Sequence[Case]) -> list[tuple[Case, str, str]]:
    """The cases of which Go says something else: with what we say and what Go says. What we cannot say is left out."""
    ours = {index: said for index, case in enumerate(cases) if (said := ours_of(case)) is not None}
    texts = [index for index, said in ours.items() if said != REFUSED]
    gos = dict(zip(texts, _rendered([cases[index] for index in texts]), strict=True))
    gos |= {index: _one(cases[index]) for index in ours.keys() - gos.keys()}
    return [(cases[index], said, gos[index]) for index, said in ours.items() if said != gos[index]]


def ours_of(case: Case) -> str | None:
    """What we make of a case, written as Helm writes it: the text, that it is refused, or None if we cannot say."""
    try:
        text = parse(case.template).render(case.parameters, missing_key_error=False)
    except CannotSayError:
        return None
    except GoTemplateError:
        return REFUSED
    return text.replace("<no value>", "")


def _rendered(cases: Sequence[Case]) -> list[str]:
    """What Go makes of the cases: all in one go, unless it refuses one of them."""
    try:
        return _run(cases)
    except helm.HelmError as error:
        if not any(sign in str(error) for sign in _SIGNS_OF_A_REFUSED_TEMPLATE):
            raise
        if len(cases) == 1:
            return [REFUSED]
    half = len(cases) // 2
    return _rendered(cases[:half]) + _rendered(cases[half:])


def _one(case: Case) -> str:
    return _rendered([case])[0]


def _run(cases: Sequence[Case]) -> list[str]:
    with TemporaryDirectory() as directory:
        chart = Path(directory)
        (chart / "templates").mkdir()
        (chart / "templates" / "results.yaml").write_text(_CHART, encoding="utf-8")
        (chart / "Chart.yaml").write_text("{apiVersion: v2, name: cases, version: 0.0.0}", encoding="utf-8")
        values = {"cases": [{"template": case.template, "parameters": case.parameters} for case in cases]}
        (chart / "cases.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
        objects = helm.render(chart, release="r", namespace="n", values_files=[chart / "cases.json"])
    data = cast("dict[str, str]", objects[0]["data"])
    return [json.loads(b64decode(data[f"case-{index}"])) for index in range(len(cases))] if cases else []
