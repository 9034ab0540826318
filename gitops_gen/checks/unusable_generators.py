"""Generators that do not say what they ask, or say it twice: Argo CD makes nothing of the whole set.

Part of argo-cd-object.

Source: argoproj/argo-cd v3.5.1, applicationset/generators: pull_request.go, selectServiceProvider; scm_provider.go and
duck_type.go, GenerateParams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.argo_cd_shapes import GENERATORS
from gitops_gen.evidence.values import map_at
from gitops_gen.shapes import Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.shapes import Steps

_OF_ANY_SERVICE = frozenset({"template", "values", "requeueAfterSeconds"})
_NO_SERVICES = {
    "pullRequest": _OF_ANY_SERVICE | {"continueOnRepoNotFoundError", "filters"},
    "scmProvider": _OF_ANY_SERVICE | {"cloneProtocol", "filters"},
}
"""The fields of a generator that name no service; any other does, as one that only a newer Argo CD knows."""


def unusable(kind: str, generator: Mapping[str, object], steps: Steps) -> Iterator[Misfit]:
    """Yields why a generator cannot be asked."""
    if kind in _NO_SERVICES:
        yield from _without_service(kind, generator, steps)
    else:
        yield from _of_decisions(generator, steps)


def _without_service(kind: str, generator: Mapping[str, object], steps: Steps) -> Iterator[Misfit]:
    others = _NO_SERVICES[kind]
    if all(generator[key] is None for key in generator if key not in others):
        services = sorted(set(GENERATORS[kind].fields or ()) - others)
        yield _lacking(steps, "no service of it is named", f"add one of {', '.join(services)}")


def _of_decisions(generator: Mapping[str, object], steps: Steps) -> Iterator[Misfit]:
    selector = map_at(generator, "labelSelector")
    parts = [selector.get(key) for key in ("matchLabels", "matchExpressions")]
    if not generator.get("name") and all(each is None for each in parts):
        yield _lacking(steps, "it has neither name nor labelSelector", "add one of them")
    elif generator.get("name") and any(parts):
        reason = "it stands beside name: Argo CD refuses both"
        yield Misfit((*steps, "labelSelector"), reason, "remove one of them", on_key=True, is_type=True)


def _lacking(steps: Steps, reason: str, hint: str) -> Misfit:
    return Misfit(steps, reason, hint, on_key=True, is_type=True, missing="what it asks")
