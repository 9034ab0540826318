"""The two ways in which a template does not become text: Go refuses it, or it cannot be said offline what Go does."""

from __future__ import annotations


class _LocatedError(Exception):
    """Its text is the reason; `offset` counts characters from the start of the template, None while not known."""

    def __init__(self, reason: str, offset: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class GoTemplateError(_LocatedError):
    """Go refuses the template or its rendering; the reason is worded as Go words it."""


class CannotSayError(_LocatedError):
    """What Go would do is not known here: not supported, not the same twice, or too big."""


class located:  # noqa: N801 - it is used as a statement
    """Gives what is raised inside of it the offset, if it has none yet."""

    __slots__ = ("_at",)

    def __init__(self, at: int) -> None:
        self._at = at

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, _LocatedError) and error.offset is None:
            error.offset = self._at
