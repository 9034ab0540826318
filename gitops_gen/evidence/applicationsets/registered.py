"""The clusters that Argo CD is known to have, as the generator of clusters tells of each.

Source: argoproj/argo-cd v3.5.1, applicationset/generators/cluster.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence import placeholders
from gitops_gen.evidence.gotemplate.functions.names import normalize
from gitops_gen.evidence.gotemplate.values import StringMap
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import map_at, secret_text
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.places import Place


class Registered(NamedTuple):
    """A cluster whose Secret is in the tree."""

    name: str
    server: str
    project: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    place: Place
    """That of the Secret."""

    @classmethod
    def of(cls, secret: Manifest) -> Registered | None:
        """Returns what the Secret of a cluster says; None where somebody fills it in first."""
        name, server, project = (secret_text(secret.value, each) or "" for each in ("name", "server", "project"))
        labels, annotations = (_texts(secret, each) for each in ("labels", "annotations"))
        texts = (name, server, project, *labels.values(), *annotations.values())
        if not server or any(has_template(each) or placeholders.in_server(each) for each in texts):
            return None
        return cls(name, server, project, labels, annotations, secret.place)

    def parameters(self, *, is_go: bool) -> dict[str, object]:
        """Returns the parameters of its element. A map of nothing is left out."""
        own = {
            "name": self.name,
            "nameNormalized": normalize(self.name),
            "server": self.server,
            "project": self.project,
        }
        maps = {"annotations": self.annotations, "labels": self.labels}
        if is_go:
            return {**own, "metadata": {key: StringMap(value) for key, value in maps.items() if value}}
        return {
            **own,
            **{f"metadata.{field}.{key}": text for field, each in maps.items() for key, text in each.items()},
        }


def _texts(secret: Manifest, field: str) -> dict[str, str]:
    stated = map_at(secret.value, "metadata", field)
    return {key: value for key, value in stated.items() if isinstance(value, str)}
