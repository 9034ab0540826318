"""The regular expressions and templates of External Secrets, and what is done with them, as the operator reads them.

One that Go does not compile is an error of the object, and nothing syncs; that of a namespace the webhook refuses. What
is merged into JSON needs a key to go to. In the place of a group that an expression does not have, Go puts nothing.

Part of external-secret-fields. Source: external-secrets v2.9.0, runtime/esutils/utils.go (RewriteMap) and
runtime/find/find.go; secretstore_validator.go; for a PushSecret, the rules of its CRD.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.secret_templates import refused_template, refused_templates
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.shapes import Misfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.shapes import Steps

_CORRECT = "correct the expression"


def refused_texts(manifest: Manifest) -> Iterator[Misfit]:
    """Yields what the operator refuses of the texts in an object that are written in a language of their own."""
    if manifest.kind in _READ:
        steps, read = _READ[manifest.kind]
        yield from read(map_at(manifest.value, *steps), steps)


def _of_secret(spec: Mapping[str, object], steps: Steps) -> Iterator[Misfit]:
    sources = list_at(spec, "dataFrom")
    for index, item in enumerate(sources):
        place = (*steps, "dataFrom", index)
        yield from _refused_regex(item, ("find", "name", "regexp"), place)
        yield from _refused_rewrites(item, place)
    given = [_given(item) for item in sources]
    own = {text_at(each, "secretKey") or "" for each in list_at(spec, "data")}
    keys = None if None in given else own.union(*(each for each in given if each is not None))
    yield from refused_templates(at(spec, "target", "template"), (*steps, "target", "template"), keys)


def _given(source: object) -> frozenset[str] | None:
    """Returns the keys that an item of dataFrom gives; None where only the provider, or a rewrite, knows them."""
    kind = text_at(source, "sourceRef", "generatorRef", "kind")
    if kind is None or list_at(source, "rewrite"):
        return None
    from gitops_gen.external_secrets_generators import OUTPUTS

    return OUTPUTS.get(kind)


def _of_push(spec: Mapping[str, object], steps: Steps) -> Iterator[Misfit]:
    for index, item in enumerate(list_at(spec, "dataTo")):
        place = (*steps, "dataTo", index)
        yield from _refused_regex(item, ("match", "regexp"), place)
        yield from _refused_rewrites(item, place)
        if not any(at(item, "storeRef", way) for way in ("name", "labelSelector")):
            yield Misfit(place, "storeRef names no store", "add storeRef: {name: ...}", is_type=True)
        if at(item, "remoteKey") is not None and list_at(item, "rewrite"):
            reason = "remoteKey takes all keys to one place, so that none is rewritten"
            yield Misfit((*place, "rewrite"), reason, "remove one of the two", on_key=True, is_type=True)
    yield from refused_templates(at(spec, "template"), (*steps, "template"), None)


def _of_store(spec: Mapping[str, object], steps: Steps) -> Iterator[Misfit]:
    for index, condition in enumerate(list_at(spec, "conditions")):
        for number in range(len(list_at(condition, "namespaceRegexes"))):
            yield from _refused_regex(condition, ("namespaceRegexes", number), (*steps, "conditions", index))


def _refused_rewrites(item: object, steps: Steps) -> Iterator[Misfit]:
    for index, rewrite in enumerate(list_at(item, "rewrite")):
        place = (*steps, "rewrite", index)
        yield from _refused_regex(rewrite, ("regexp", "source"), place)
        yield from _unknown_group(rewrite, place)
        yield from refused_template(text_at(rewrite, "transform", "template") or "", (*place, "transform", "template"))
        if text_at(rewrite, "merge", "strategy") == "JSON" and not text_at(rewrite, "merge", "into"):
            yield Misfit((*place, "merge"), "into is missing, and JSON goes to one key", "add into:", is_type=True)


def _unknown_group(rewrite: object, steps: Steps) -> Iterator[Misfit]:
    source, target = text_at(rewrite, "regexp", "source"), text_at(rewrite, "regexp", "target")
    if source is None or target is None or "$" not in target or has_template(source) or has_template(target):
        return
    from gitops_gen.go_regexes import unknown_group

    if unknown := unknown_group(source, target):
        reason = f"{unknown} is no group of the source, so that nothing stands for it"
        hint = "write a group that is there, ${1} before a letter, and $$ for a $"
        yield Misfit((*steps, "regexp", "target"), reason, hint, is_type=True)


def _refused_regex(value: object, way: Steps, steps: Steps) -> Iterator[Misfit]:
    pattern = text_at(value, *way)
    if pattern is None or has_template(pattern):
        return
    from gitops_gen.go_regexes import check_regex

    if reason := check_regex(pattern):
        yield Misfit((*steps, *way), reason, _CORRECT, is_type=True)


_READ: Mapping[str, tuple[tuple[str, ...], Callable[[Mapping[str, object], Steps], Iterator[Misfit]]]] = {
    "ExternalSecret": (("spec",), _of_secret),
    "ClusterExternalSecret": (("spec", "externalSecretSpec"), _of_secret),
    "PushSecret": (("spec",), _of_push),
    "ClusterPushSecret": (("spec", "pushSecretSpec"), _of_push),
    "SecretStore": (("spec",), _of_store),
    "ClusterSecretStore": (("spec",), _of_store),
}
"""Where such texts stand, by kind, and what reads them."""
