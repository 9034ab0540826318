"""An ExternalSecret whose template reads nothing of what it fetches, so that nothing of it comes into the Secret.

Where a template states data, the Secret has these alone, unless its mergePolicy is Merge. What is often the cause:
Helm renders {{ .password }} in a chart before External Secrets sees it, and writes nothing there.

Part of external-secret-fields.

Source: External Secrets, guides/templating, "MergePolicy" and "Helm"; its issues 1664, 2080 and 2703.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.values import list_at, map_at, text_at, texts_in
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.operators import OperatorObject

_TEMPLATE = ("spec", "target", "template")
_OPENINGS = frozenset("{$<%")
"""What a template, or a form that something else fills in, begins with."""


def unread_data(each: OperatorObject) -> Iterator[Finding]:
    """Yields an ExternalSecret whose template has data, and all of them constants."""
    manifest = each.manifest
    template = map_at(manifest.value, *_TEMPLATE)
    is_alone = text_at(template, "mergePolicy") != "Merge" and not list_at(template, "templateFrom")
    if not map_at(template, "data") or not is_alone or not each.is_whole:
        return
    if any(_OPENINGS.intersection(text) for text, _ in texts_in(template)):
        return
    if any(placeholders.is_password(text) for text in map_at(template, "data").values() if isinstance(text, str)):
        return  # of a value alone: a key may well be called DB_PASSWORD
    keys = [key for item in list_at(manifest.value, "spec", "data") if (key := text_at(item, "secretKey"))]
    if not keys and not list_at(manifest.value, "spec", "dataFrom"):
        return
    key = keys[0] if keys else "KEY"
    read = f"{{{{ .{key} }}}}" if key.isidentifier() else f'{{{{ index . "{key}" }}}}'
    hint = f"Helm fills {{{{ }}}} in first: write {{{{ `{read}` }}}}"
    yield Finding(
        f"{manifest}: its template reads nothing of what it fetches, so that nothing of it comes into the Secret",
        manifest.place.down(*_TEMPLATE, "data"),
        hint if manifest.place.rendering else f"read it with {read}, or set mergePolicy: Merge",
        severity=Severity.WARNING,
        on_key=True,
        cause=f"{manifest}: nothing is read",
        cluster=each.cluster,
    )
