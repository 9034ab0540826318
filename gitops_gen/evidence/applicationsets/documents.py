"""The first document of a text of YAML, which is all that Argo CD reads of it, as sigs.k8s.io/yaml does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import source
from gitops_gen.evidence.applicationsets.outcomes import CannotSayError, RefusedError

if TYPE_CHECKING:
    from gitops_gen.evidence.places import Place


def first_document(documents: source.Documents, place: Place, what: str) -> object:
    """Returns the first document, or None.

    Raises RefusedError for what is no YAML to any reader, and CannotSayError for what each reads in its own way.
    """
    if documents.misread:
        is_broken = any(each.code == source.UNREADABLE for each in documents.misread)
        stop = RefusedError if is_broken and len(documents.values) <= 1 else CannotSayError
        raise stop(place, f"{what} cannot be read: {documents.misread[0].message}")
    return next(iter(documents.values), None)
