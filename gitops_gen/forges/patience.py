"""How often, and for how long, a request to a hosting service is tried again: one policy for all of them.

It hangs below the services' client libraries, on the connection, since each of them knows another half of it: what
GitHub says of its rate limit is in headers of a 403, and python-gitlab waits without a bound.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError
from urllib3.util.retry import Retry

if TYPE_CHECKING:
    from types import TracebackType

    from urllib3.connectionpool import ConnectionPool
    from urllib3.response import BaseHTTPResponse

_TRIES = 3
"""Further tries after the first; fewer where nobody answers, since each of them takes the whole timeout."""
_FACTOR = 0.2
"""Seconds of the first wait after a fault; each further one is twice as long."""
_LIMITED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_TROUBLED = frozenset({500, 502, 503, 504})
_READING = frozenset({"GET", "HEAD"})


class Patience(Retry):
    """Waits as a rate limit says, within a bound, and asks again after a fault, but never repeats a write.

    A write that was refused for its rate was not carried out, so it is sent again; after any other fault nobody
    knows, and the bot looks at the state before it goes on.
    """

    longest = 0.0
    """The bound, in seconds, of one wait for a rate limit."""

    @classmethod
    def of(cls, longest: float) -> Self:
        """Returns the policy with a bound."""
        made = cls(
            total=_TRIES,
            connect=_TRIES - 1,
            read=1,
            redirect=False,
            backoff_factor=_FACTOR,
            status_forcelist=_TROUBLED | _LIMITED,
            allowed_methods=_READING,
            raise_on_status=False,
        )
        made.longest = longest
        return made

    def new(self, **changes: Any) -> Self:
        """Returns the policy with some of its state changed, as it is for the next try."""
        made = super().new(**changes)
        made.longest = self.longest
        return made

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:  # noqa: ARG002
        """Tells whether an answer may be asked for again; `increment` then looks at its headers."""
        if status_code in _LIMITED:
            return True
        return method.upper() in _READING and status_code in _TROUBLED and bool(self.total)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Returns the policy for the next try; MaxRetryError hands the answer to whoever asked."""
        if response is not None and response.status in _LIMITED:
            wait = _wait(response)
            if wait is None or wait > self.longest:
                assert _pool is not None  # noqa: S101 - urllib3 passes it with every response
                raise MaxRetryError(_pool, url or "", None)
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Waits as long as the answer says, else longer from try to try."""
        wait = _wait(response) if response is not None else None
        if wait is None or wait > self.longest:
            time.sleep(self.get_backoff_time() or _FACTOR)
        else:
            time.sleep(wait)


def session(longest_wait: float) -> requests.Session:
    """Returns a session with this policy. It looks for no password in a .netrc."""
    made = requests.Session()
    made.auth = _as_it_is
    for scheme in ("http://", "https://"):
        made.mount(scheme, HTTPAdapter(max_retries=Patience.of(longest_wait)))
    return made


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _wait(response: BaseHTTPResponse) -> float | None:
    """Returns the seconds that a service asks to wait, or None if it does not ask.

    Source: GitHub, "Rate limits for the REST API"; GitLab, "Rate limits", response headers.
    """
    headers = response.headers
    after = str(headers.get("Retry-After", ""))
    if after.isdigit():
        return float(after)
    left = headers.get("X-RateLimit-Remaining", headers.get("RateLimit-Remaining"))
    reset = str(headers.get("X-RateLimit-Reset", headers.get("RateLimit-Reset", "")))
    if left == "0" and reset.isdigit():
        return max(0.0, float(reset) - time.time()) + 1.0
    return None
