"""What kubectl and Argo CD read as true or false, and kustomize as a text: y, yes, on, n, no, off.

Part of field-types and of invalid-name: kustomize puts quotes around it, and the API server gets a text.

Source: go.yaml.in/yaml/v3, resolve.go, by which kustomize reads; `kubectl kustomize` 5.5 was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_FLAGS = frozenset({"true", "false"})


def is_text_to_kustomize(graph: Graph, place: Place, value: object) -> bool:
    """True for a flag in a file that kustomize takes, unless it is written as true or false."""
    is_taken = isinstance(value, bool) and graph.is_for_kustomize(place.file)
    return is_taken and graph.files.written(place).lower() not in _FLAGS
