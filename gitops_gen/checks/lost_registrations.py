"""Files that stand where the Secret of a cluster belongs, and register none: most likely, what they said is lost.

A cluster may be registered elsewhere, and then has no file here. One that has an empty file, beside the generated
Secrets of other clusters, is meant to be registered by it, and so is one with a generated Secret of its name that is
cut off. One whose file has no more than the mark, from the template of the others, most likely is, too: that is a
warning, since a template of your own may make nothing for some.

Part of cluster-registration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.argo_cd_secrets import CLUSTER, secret_type
from gitops_gen.evidence.places import Place
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.files import File, Manifest
    from gitops_gen.evidence.graph import Graph


def lost_registrations(graph: Graph, generated: Sequence[Manifest]) -> Iterator[Finding]:
    """Yields the files of clusters that are empty, beside `generated` ones, or have a Secret that is cut off."""
    like = {_shape(each.place.file): each for each in generated}
    for file in graph.plain_yaml:
        other = like.get(_shape(file.path))
        is_bare = other is not None and _is_bare(file, graph.template_of(other.place))
        is_lost = is_bare or (other is not None and _is_empty(file))
        name = _cut_off(file) or (_name(file) if is_lost else None)
        cluster = graph.clusters.get(name) if name is not None else None
        if cluster is not None and cluster.secret is None:
            yield Finding(
                f"the file stands where the Secret of the cluster {cluster.name} belongs, and registers no cluster",
                Place(file.path),
                "generate it anew, or remove it if the cluster is registered elsewhere",
                related=((other.place, "here is the Secret of another cluster"),) if other is not None else (),
                severity=Severity.WARNING if is_bare else Severity.ERROR,
                cluster=cluster.name,
            )


def _shape(path: str) -> tuple[str, int]:
    """Returns what the files of all clusters have in common, whatever their environment and their name are."""
    return path.rsplit("/", 2)[0], path.count("/")


def _name(file: File) -> str:
    return file.path.rpartition("/")[2].rpartition(".")[0]


def _is_empty(file: File) -> bool:
    """True for a file that lost its mark with all that it said."""
    return file.origin is None and not file.is_broken and not any(file.documents.values)


def _is_bare(file: File, template: str | None) -> bool:
    """True for a file of a template of which nothing but the mark is left."""
    is_of_template = file.origin is not None and file.origin.template == template
    return is_of_template and not file.is_broken and not any(file.documents.values)


def _cut_off(file: File) -> str | None:
    """Returns the name of a generated Secret that ends before its label."""
    for each in file.manifests if file.origin is not None else ():
        if each.kind == "Secret" and not each.group and not {"data", "stringData"} & each.value.keys():
            return each.name if secret_type(each) != CLUSTER else None
    return None
