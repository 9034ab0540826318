"""The server: which request goes to git, which to the API, what is recorded, and where a fault strikes."""

from __future__ import annotations

import base64
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.tools.hosting import gitea, github, gitlab
from tests.tools.hosting.backend import serve_git
from tests.tools.hosting.store import RefusedError, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.tools.hosting.faults import Fault

PROJECT = "team/gitops"
TOKEN = "t0ken-" + "Zx9" * 8
DIALECTS = {"github": github, "gitlab": gitlab, "gitea": gitea, "forgejo": gitea}


@dataclass(frozen=True)
class Asked:
    """A request to the API, and the answer."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int
    answer: Any


@dataclass
class Hosting:
    """A running service."""

    service: str
    url: str
    store: Store
    faults: list[Fault] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    pushes: int = 0
    page_size: int = 100
    before_push: Callable[[], object] | None = None
    """Called once, when git begins to push: what somebody else does between a look and a push."""

    @property
    def remote(self) -> str:
        """The URL that git is given."""
        return f"{self.url}/{PROJECT}.git"

    @property
    def writes(self) -> list[str]:
        """The writes to the API that were carried out, in order."""
        return [f"{each.method} {each.path}" for each in self.asked if each.method != "GET" and each.status < 400]

    def fault(self, method: str, path: str) -> Fault | None:
        """Returns the fault that hits a request."""
        return next((each for each in self.faults if each.hits(method, path)), None)


@contextmanager
def hosting(service: str, repository: Path) -> Iterator[Hosting]:
    """Gives the block a service that hosts a bare repository as team/gitops."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    state = Hosting(service, f"http://127.0.0.1:{server.server_port}", Store(repository))
    server.state = state  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of http.server
        """Says nothing."""

    @property
    def state(self) -> Hosting:
        found = self.server.state  # type: ignore[attr-defined]
        assert isinstance(found, Hosting)
        return found

    def handle_any(self) -> None:
        """Answers every request."""
        parts = urlsplit(self.path)
        if parts.path.startswith(f"/{PROJECT}.git/"):
            self._git(parts.path, parts.query)
        else:
            self._api(parts.path, {key: values[-1] for key, values in parse_qs(parts.query).items()})

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - the names of http.server

    def _git(self, path: str, query: str) -> None:
        body = self._body()
        fault = self.state.fault(self.command, path)
        if fault is not None:
            self._strike(fault, b"")
            return
        header = self.headers.get("Authorization", "")
        user_and_token = base64.b64decode(header.removeprefix("Basic ")).decode() if header.startswith("Basic ") else ""
        if user_and_token.partition(":")[2] != TOKEN:
            self._send(401, b"", {"WWW-Authenticate": 'Basic realm="git"'})
            return
        interlude = self.state.before_push if query == "service=git-receive-pack" else None
        if interlude is not None:
            self.state.before_push = None
            interlude()
        if path.endswith("/git-receive-pack"):
            self.state.pushes += 1
        status, headers, answer = serve_git(self.state.store.repository, self.command, path, query, self.headers, body)
        self._send(status, answer, headers)

    def _api(self, path: str, query: dict[str, str]) -> None:
        raw = self._body()
        body = json.loads(raw) if raw else None
        fault = self.state.fault(self.command, path)
        if fault is not None and fault.kind != "lost":
            self._record(path, query, body, fault.status, None)
            self._strike(fault, json.dumps({"message": fault.message}).encode())
            return
        dialect = DIALECTS[self.state.service]
        headers: dict[str, str] = {}
        try:
            if dialect.token_of(self.headers) != TOKEN:
                raise RefusedError(401, "Bad credentials")  # noqa: TRY301
            status, answer = dialect.answer(self.state.store, self.command, unquote(path), query, body)
            if isinstance(answer, list):
                answer, headers = self._paged(answer, path, query)
        except RefusedError as error:
            status, answer = error.status, {"message": error.message}
        self._record(path, query, body, status, answer)
        data = b"" if answer is None else json.dumps(answer).encode()
        if fault is not None:
            self._strike(fault, data)
        else:
            self._send(status, data, {"Content-Type": "application/json", **headers})

    def _paged(self, answer: list[Any], path: str, query: dict[str, str]) -> tuple[list[Any], dict[str, str]]:
        size = min(int(query.get("per_page", query.get("limit", "30"))), self.state.page_size)
        page = int(query.get("page", "1"))
        rest = {key: value for key, value in query.items() if key != "page"}
        following = "&".join(f"{key}={value}" for key, value in {**rest, "page": str(page + 1)}.items())
        more = page * size < len(answer)
        url = f"{self.state.url}{path}?{following}"
        headers = {"Link": f'<{url}>; rel="next"', "X-Next-Page": str(page + 1)} if more else {"X-Next-Page": ""}
        counts = {"X-Page": str(page), "X-Per-Page": str(size), "X-Total": str(len(answer))}
        return answer[(page - 1) * size : page * size], {**headers, **counts}

    def _record(self, path: str, query: dict[str, str], body: object, status: int, answer: object) -> None:
        self.state.asked.append(Asked(self.command, unquote(path), query, body, status, answer))

    def _strike(self, fault: Fault, data: bytes) -> None:
        match fault.kind:
            case "status":
                self._send(fault.status, data, {"Content-Type": "application/json", **fault.headers})
            case "html":
                self._send(200, b"<html>sign in</html>", {"Content-Type": "text/html"})
            case "lost":
                self._cut(data or b"{}")
            case "hang":
                time.sleep(1.5)
                self.close_connection = True
            case _:
                raise AssertionError(fault.kind)

    def _cut(self, data: bytes) -> None:
        """Answers with less than what was announced, and closes the connection."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data) + 10))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2])
        self.wfile.flush()
        self.close_connection = True

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "") == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def _chunk(self) -> bytes:
        data = self.rfile.read(int(self.rfile.readline().split(b";")[0], 16))
        self.rfile.readline()
        return data

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
