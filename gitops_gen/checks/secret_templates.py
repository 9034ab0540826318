"""The templates of External Secrets, held against the functions that it has and the keys that data give them.

Part of external-secret-fields; secret-reference asks it what the template of a PushSecret reads.

Source: External Secrets, guides/templating: a key that is not there is an error; v2.9.0, runtime/template/v2 and
pkg/controllers/templating/parser.go: labels, annotations and literals are templates as the data are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate import CannotSayError, GoTemplateError, parser
from gitops_gen.evidence.gotemplate.reads import reads_of
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.near_miss import DID_YOU_MEAN, is_typo, near_miss
from gitops_gen.shapes import Misfit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gitops_gen.shapes import Steps

_MAPS: tuple[tuple[str, ...], ...] = (("data",), ("metadata", "labels"), ("metadata", "annotations"))
"""The maps of a template whose values are templates."""
_OF_ARGO_CD = frozenset({"normalize", "slugify", "fromYamlArray", "tpl"})
_OWN = frozenset(
    {
        *("pkcs12key", "pkcs12keyPass", "pkcs12cert", "pkcs12certPass", "pemToPkcs12", "pemToPkcs12Pass"),
        *("fullPemToPkcs12", "fullPemToPkcs12Pass", "pemTruststoreToPKCS12", "pemTruststoreToPKCS12Pass"),
        *("filterPEM", "filterCertChain", "jwkPublicKeyPem", "jwkPrivateKeyPem", "toYaml", "fromYaml"),
        *("certSANs", "getSecretKey", "rsaDecrypt", "fromProperties", "hexdec", "getHostByName"),
    }
)
"""Those of some version of the operator, beside those of sprig but for env and expandenv."""
_RENAMED = {
    "base64encode": "b64enc",
    "base64decode": "b64dec",
    "fromJSON": "fromJson",
    "toJSON": "toJson",
    "filterPEMChain": "filterCertChain",
}
"""What the first engine called its functions, and what the manual does."""


@lru_cache(maxsize=1)
def _functions() -> frozenset[str]:
    """All functions of the operator, looked up where there is a template."""
    from gitops_gen.evidence.gotemplate.functions import FUNCTIONS

    return frozenset({*FUNCTIONS, *_OWN} - _OF_ARGO_CD)


def refused_templates(template: object, steps: Steps, keys: Collection[str] | None) -> Iterator[Misfit]:
    """Yields what no Go template is, and the keys that a template reads and no data give it.

    `keys` is None where only the provider, or a Secret, knows them.
    """
    if text_at(template, "engineVersion") not in (None, "v2"):
        return
    for path in _MAPS:
        for name, text in map_at(template, *path).items():
            yield from _refused(text, keys, (*steps, *path, name))
    for index, item in enumerate(list_at(template, "templateFrom")):
        yield from _refused(text_at(item, "literal"), keys, (*steps, "templateFrom", index, "literal"))


def refused_template(text: str, steps: Steps) -> Iterator[Misfit]:
    """Yields why a text is no Go template."""
    yield from _refused(text, None, steps)


def _refused(text: object, keys: Collection[str] | None, steps: Steps) -> Iterator[Misfit]:
    if not isinstance(text, str) or "{{" not in text:
        return
    try:
        read = _needed(text)
    except GoTemplateError as error:
        yield _of_error(error.reason, steps)
        return
    except (CannotSayError, RecursionError):
        return
    for key in sorted(read.difference(keys) if keys is not None else ()):
        yield Misfit(steps, f"reads .{key}, which no data give it", near_miss(key, keys or ()), is_type=True)


def keys_needed(text: str) -> tuple[str, ...]:
    """Returns the keys that a template cannot be without; none of what is no template, or not known here."""
    try:
        return tuple(sorted(_needed(text)))
    except (GoTemplateError, CannotSayError, RecursionError):
        return ()


def _needed(text: str) -> frozenset[str]:
    """Returns the keys that a template reads, but for those that it asks for, as by hasKey, anywhere in it."""
    reads = reads_of(parser.parse(text, _functions()))
    asked = {read.path[0] for read in reads if read.path and read.optional}
    return frozenset(read.path[0] for read in reads if read.path) - asked


def _of_error(reason: str, steps: Steps) -> Misfit:
    """Returns what is wrong with a template. A function that is not known here a newer operator may have."""
    name = reason.split('"')[1] if reason.endswith('" not defined') else None
    if name is None:
        return Misfit(steps, f"no Go template: {reason}", "correct the template", is_type=True)
    meant = _RENAMED.get(name) or next((each for each in sorted(_functions()) if is_typo(name, each)), None)
    hint = f"{DID_YOU_MEAN} {meant}?" if meant else "write one of sprig, or of its guide on templating"
    return Misfit(steps, f"the operator has no function {name}", hint)
