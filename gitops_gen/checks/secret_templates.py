"""The templates of an ExternalSecret, held against the keys that its data give them.

Part of external-secret-fields.

Source: External Secrets, guides/templating: a key that is not there is an error; pkg/template/v2/template.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate import CannotSayError, GoTemplateError, parser
from gitops_gen.evidence.gotemplate.functions import FUNCTIONS
from gitops_gen.evidence.gotemplate.reads import reads_of
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.near_miss import near_miss
from gitops_gen.shapes import Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TEMPLATE = ("spec", "target", "template")
_NOT_KNOWN = "not defined"
"""What Go says of a function that is not among those known here: the operator may have it."""
_FUNCTIONS = {
    *FUNCTIONS,
    *("pkcs12key", "pkcs12keyPass", "pkcs12cert", "pkcs12certPass", "pemToPkcs12", "pemToPkcs12Pass"),
    *("fullPemToPkcs12", "fullPemToPkcs12Pass", "filterPEM", "filterCertChain", "jwkPublicKeyPem", "jwkPrivateKeyPem"),
    *("toYaml", "fromYaml", "rsaDecrypt"),
}
"""Those of the operator, beside those of sprig; which others it has is not known."""


def refused_templates(spec: Mapping[str, object]) -> Iterator[Misfit]:
    """Yields what no Go template is, and the keys that a template reads and no data give it.

    What dataFrom brings only the provider knows.
    """
    template = map_at(spec, "target", "template")
    keys = None if list_at(spec, "dataFrom") else {text_at(each, "secretKey") or "" for each in list_at(spec, "data")}
    for name, text in map_at(template, "data").items():
        if isinstance(text, str) and text_at(template, "engineVersion") in (None, "v2"):
            yield from _refused(text, keys, (*_TEMPLATE, "data", name))


def _refused(text: str, keys: set[str] | None, steps: tuple[str, ...]) -> Iterator[Misfit]:
    try:
        reads = reads_of(parser.parse(text, _FUNCTIONS))
    except GoTemplateError as error:
        if _NOT_KNOWN not in error.reason:
            yield Misfit(steps, f"no Go template: {error.reason}", "correct the template")
        return
    except (CannotSayError, RecursionError):
        return
    # A key that is asked for, as by hasKey, may be left out wherever else it is read.
    asked = {read.path[0] for read in reads if read.path and read.optional}
    read = {read.path[0] for read in reads if read.path} - asked
    for key in sorted(read - keys if keys is not None else ()):
        yield Misfit(steps, f"reads .{key}, which no data give it", near_miss(key, keys or ()))
