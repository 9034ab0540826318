"""The Secrets of clusters that Argo CD is known to have as they are written.

Others may be registered by hand, by Terraform or by an operator. So may one be changed on its way, by kustomize, or
be an example. And where a tree is for several Argo CDs, which of them has a Secret is not known: then two of them have
the same name, or are for the same cluster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.argo_cd_secrets import CLUSTER, secret_type
from gitops_gen.evidence.values import secret_text
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.written import Written

_UNUSED = frozenset(
    {
        *("example", "examples", "sample", "samples", "template", "templates"),
        *("doc", "docs", "testdata", "fixture", "fixtures", "golden"),
    }
)
"""Words in the name of a folder or a file of which nothing is applied."""
_WORD_END = lazily(r"[-_./]")


def registered_secrets(written: Written, retired_by: Callable[[str], str | None]) -> Sequence[Manifest]:
    """Returns the Secrets; `retired_by` tells the folder by whose name a file is out of use."""
    secrets = [each for each in written.manifests if each.kind == "Secret" and secret_type(each) == CLUSTER]
    used = [each for each in secrets if not _is_unused(each.place.file) and retired_by(each.place.file) is None]
    keys = [key for each in used for key in _keys(each)]
    if len(set(keys)) < len(keys):
        return ()
    return [each for each in used if not written.is_for_kustomize(each.place.file)]


def _is_unused(path: str) -> bool:
    return not _UNUSED.isdisjoint(_WORD_END.split(path.lower()))


def _keys(secret: Manifest) -> tuple[Hashable, ...]:
    """Returns what no two Secrets of one Argo CD have in common."""
    name, server = secret_text(secret.value, "name"), secret_text(secret.value, "server")
    return (secret.namespace, secret.name), ("name", name or secret.name), ("server", server or secret.name)
