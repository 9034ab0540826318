"""The windows of a project in which its Applications are synced, or not.

Part of argo-cd-object. The API server of Kubernetes takes any text as a schedule or a duration. For a time zone that it
does not know, Argo CD takes UTC, and says so in its log only. Source: Argo CD v3.5.1,
pkg/apis/application/v1alpha1/types.go, SyncWindow.Validate, and app_project_types.go, ValidateProject; the schedule is
read by robfig/cron v3, parser.go, without seconds and without words such as @daily.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gitops_gen import durations
from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.globs import is_glob
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.near_miss import DID_YOU_MEAN, is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
"""The fields of a schedule: what each is, from where to where, and the words for its numbers."""
_ZONES = ("TZ=", "CRON_TZ=")
_OWN_ZONES = ("", "UTC", "Local")
"""What Go takes for a zone by itself."""
_OLD_ZONE = "US/Eastern"
_ANY = ("*", "?")
_WANTED = ("kind", "schedule", "duration")
_CHOSEN = ("applications", "namespaces", "clusters")
_REFUSED = "Argo CD's server refuses each change of such a project"


def project_windows(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    """Yields what Argo CD does not read of the windows of an AppProject, and what is a slip of what they are for."""
    windows = list_at(manifest.value, "spec", "syncWindows")
    known = _known(graph, manifest) if windows else {}
    for index, window in enumerate(windows):
        place = manifest.place.down("spec", "syncWindows", index)
        yield from _slips(graph, manifest, place, window, known)
        yield from _lacking(graph, manifest, place, window)
        yield from _zone(manifest, place, text_at(window, "timeZone") or "")
        for field, wrong in (("schedule", _of_schedule), ("duration", _of_duration)):
            text = text_at(window, field)
            told = None if text is None or has_template(text) else wrong(text)
            if told is not None:
                yield Finding(
                    f"{manifest}: the {field} of a sync window: got {text!r}, {told[0]}: {_REFUSED}",
                    place / field,
                    told[1],
                    severity=by_mark(graph, place),
                )
        if isinstance(window, dict) and not any(window.get(each) for each in _CHOSEN):
            yield Finding(
                f"{manifest} has a sync window for no applications, namespaces or clusters: it is for nothing, and "
                f"{_REFUSED}",
                place,
                "add applications: ['*']",
                severity=by_mark(graph, place),
            )


def _known(graph: Graph, manifest: Manifest) -> Mapping[str, Collection[str]]:
    """Returns what the windows of a project can be for: names, namespaces and clusters of its Applications."""
    own = [each for each in graph.applications if each.project == manifest.name]
    return {
        "applications": {each.name for each in own},
        "namespaces": {each.namespace or "" for each in own},
        "clusters": {cluster for each in own for cluster in (each.cluster, each.server) if cluster},
    }


def _slips(
    graph: Graph, manifest: Manifest, place: Place, window: object, known: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    for field, names in known.items():
        for index, text in enumerate(list_at(window, field)):
            if not isinstance(text, str) or text in names or is_glob(text) or has_template(text):
                continue
            meant = next((each for each in sorted(names) if is_typo(text, each) or text.lower() == each.lower()), None)
            if meant is not None:
                yield Finding(
                    f"{manifest} has a sync window for {text}, which is none of the {field} of its Applications",
                    place.down(field, index),
                    f"{DID_YOU_MEAN} {meant}?",
                    severity=by_mark(graph, place),
                )


def _lacking(graph: Graph, manifest: Manifest, place: Place, window: object) -> Iterator[Finding]:
    for field in _WANTED if isinstance(window, dict) else ():
        if at(window, field) is None:
            yield Finding(
                f"{manifest} has a sync window without {field}: {_REFUSED}",
                place,
                f"add {field}:",
                severity=by_mark(graph, place),
            )


def _zone(manifest: Manifest, place: Place, text: str) -> Iterator[Finding]:
    """Yields a time zone that is none. Of a name with a slash only a slip is told, since it may be a new one."""
    zones = _zones()
    if not zones or text in zones or text in _OWN_ZONES or has_template(text):
        return
    meant = next((each for each in sorted(zones) if is_typo(text, each) or text.lower() == each.lower()), None)
    if meant is not None or "/" not in text:
        yield Finding(
            f"{manifest}: the timeZone of a sync window: got {text!r}, which is none, and Argo CD takes UTC",
            place / "timeZone",
            f"{DID_YOU_MEAN} {meant}?" if meant else "write the name of a zone, as in Europe/Berlin",
            severity=Severity.WARNING,
        )


@cache
def _zones() -> Collection[str]:
    """Returns the names of the IANA time zones, if all of them are known here, with those that are kept for long."""
    from zoneinfo import available_timezones

    found = available_timezones()
    return found if _OLD_ZONE in found else ()


def _of_duration(text: str) -> tuple[str, str] | None:
    if durations.parse(text) is not None:
        return None
    return "expected a duration such as 8h30m", "write a number with h, m or s"


def _of_schedule(text: str) -> tuple[str, str] | None:
    """Returns what is wrong with a schedule, and what mends it."""
    first, _, rest = text.partition(" ")
    fields = (rest if first.startswith(_ZONES) else text).split()
    hint = "write minute, hour, day of the month, month and day of the week, as in 0 22 * * *"
    if len(fields) != len(_FIELDS):
        return f"expected {len(_FIELDS)} fields", hint
    for field, (name, least, most, words) in zip(fields, _FIELDS, strict=True):
        if not all(_is_part(part, least, most, words) for part in field.split(",") if part):
            return f"where {field} is no {name}", f"write numbers from {least} to {most}"
    return None


def _is_part(part: str, least: int, most: int, words: tuple[str, ...]) -> bool:
    """Returns whether a part of a field is a number, a range or any, with or without a step."""
    span, has_step, step = part.partition("/")
    if has_step and not (step.isdecimal() and int(step) > 0):
        return False
    if span in _ANY:
        return True
    start, is_range, end = span.partition("-")
    numbers = [_number(each, least, words) for each in ((start, end) if is_range else (start,))]
    within = [each for each in numbers if each is not None and least <= each <= most]
    return len(within) == len(numbers) and within == sorted(within)


def _number(text: str, least: int, words: tuple[str, ...]) -> int | None:
    if text.casefold() in words:
        return words.index(text.casefold()) + least
    return int(text) if text.isdecimal() and text.isascii() else None
