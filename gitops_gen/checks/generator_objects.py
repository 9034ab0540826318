"""The generators of External Secrets, such as a Password: their apiVersion and fields, and how they are named.

Part of external-secret-fields and external-secret-api-version.

Source: external-secrets/external-secrets, the CRDs of generators.external-secrets.io, and
runtime/esutils/resolvers/generator.go: what is of another group, or of a version that is not there, is refused;
generators/v1/password/password.go, and sethvargo/go-password, Generate, for what a password can be made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, map_at, text_at
from gitops_gen.external_secrets import CLUSTER_GENERATOR, GENERATOR_GROUP, NEWEST_VERSION, parse_version
from gitops_gen.external_secrets_generators import FIELDS, KINDS, SPECS
from gitops_gen.near_miss import near_miss, nearest_name
from gitops_gen.problems import Severity
from gitops_gen.shapes import Misfit, misfits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operators import OperatorObject
    from gitops_gen.shapes import Steps

_API_VERSION = f"{GENERATOR_GROUP}/v1alpha1"
_WRITE = f"write {_API_VERSION}"
_DEFAULT_LENGTH = 24
_DEFAULT_SYMBOLS = '~!@#$%^&*()_+`-={}|[]\\:"<>?,./'
_DIGITS = 10
_LETTERS = 26
_BY_VERSION = (0, 16, 0)
"""Before, some version of the operator looks for a generator by its group alone."""


def version_of_generator(graph: Graph, each: OperatorObject) -> Iterator[Finding]:
    """Yields an apiVersion, or a kind, that no operator serves. A newer one may have more kinds."""
    manifest = each.manifest
    if manifest.api_version != _API_VERSION:
        message = f"{manifest}: got {manifest.api_version}, but External Secrets serves {_API_VERSION}"
        is_known = each.numbers is not None and each.numbers <= (parse_version(NEWEST_VERSION) or each.numbers)
        severity = Severity.ERROR if is_known else by_mark(graph, manifest.place)
        yield Finding(message, manifest.place / "apiVersion", _WRITE, severity=severity, cause=message)
    elif manifest.kind not in KINDS:
        is_slip = nearest_name(manifest.kind, KINDS) is not None
        yield Finding(
            f"{manifest}: {GENERATOR_GROUP} has no kind {manifest.kind}",
            manifest.place / "kind",
            near_miss(manifest.kind, KINDS),
            severity=by_mark(graph, manifest.place) if is_slip else Severity.NOTE,
            cause=manifest.kind,
        )


def misfits_of_generator(manifest: Manifest, *, is_full: bool) -> Iterator[Misfit]:
    """Yields what does not fit in a generator."""
    spec, shape = at(manifest.value, "spec"), SPECS.get(manifest.kind)
    if shape is not None:
        found = misfits(spec, shape, None, ("spec",), is_full=is_full)
        yield from (each for each in found if not has_template(at(manifest.value, *each.steps)))
    if manifest.kind == CLUSTER_GENERATOR:
        yield from _of_another_kind(spec)
        yield from _of_password(map_at(spec, "generator", "passwordSpec"), ("spec", "generator", "passwordSpec"))
    elif manifest.kind == "Password":
        yield from _of_password(map_at(spec), ("spec",))


def _of_another_kind(spec: object) -> Iterator[Misfit]:
    """Yields the spec that a ClusterGenerator has of another kind than its own."""
    kind, fields = text_at(spec, "kind"), map_at(spec, "generator")
    expected = FIELDS.get(kind or "")
    others = [each for each in fields if each in FIELDS.values()]
    if expected is not None and others and expected not in fields:
        reason = f"got {others[0]}, but the kind {kind} reads {expected}"
        yield Misfit(("spec", "generator", others[0]), reason, f"write {expected}", on_key=True, is_type=True)


def _of_password(spec: Mapping[str, object], steps: Steps) -> Iterator[Misfit]:
    """Yields what no password can be made of: the generator says so at each refresh, and makes none."""
    stated = _number(spec, "length") or 0
    length = stated if stated > 0 else _DEFAULT_LENGTH
    counts = {each: _number(spec, each) for each in ("digits", "symbols")}
    if any(count is None and spec.get(each) is not None for each, count in counts.items()):
        return  # its type is told
    digits, symbols = (length // 4 if count is None else count for count in counts.values())
    where = (*steps, next((each for each in ("length", "digits", "symbols", "symbolCharacters") if each in spec), ""))
    left = length - digits - symbols
    if left < 0:
        reason = f"got {digits} digits and {symbols} symbols, more than the length of {length}"
        yield Misfit(where, reason, "write a greater length", is_type=True)
    elif spec.get("allowRepeat") in (None, False):
        letters = _LETTERS if spec.get("noUpper") is True else 2 * _LETTERS
        characters = text_at(spec, "symbolCharacters") or _DEFAULT_SYMBOLS
        parts = (
            *(("digits", digits, _DIGITS), ("letters", left, letters)),
            ("symbols", symbols, len(characters.encode())),  # Go counts, and takes, bytes
        )
        for what, wanted, available in parts:
            if wanted > available:
                reason = f"asks for {wanted} {what}, and there are {available} without a repeated one"
                yield Misfit(where, reason, "set allowRepeat: true", is_type=True)


def _number(spec: Mapping[str, object], name: str) -> int | None:
    value = spec.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def misfit_of_reference(each: OperatorObject, steps: Steps) -> Iterator[Misfit]:
    """Yields the apiVersion of a generatorRef that is not that of the generators. Without one, it is filled in."""
    stated = text_at(each.manifest.value, *steps) or ""
    is_by_group = each.numbers is not None and each.numbers < _BY_VERSION
    is_fine = stated.startswith(f"{GENERATOR_GROUP}/") if is_by_group else stated == _API_VERSION
    if not is_fine and not has_template(stated):
        yield Misfit(steps, f"got {stated}, expected {_API_VERSION}", _WRITE)
