"""Why a connection failed, in the words of the system and not of the libraries."""

from __future__ import annotations

import socket

import pytest
import requests
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import ReadTimeoutError

from gitops_gen.forges.faults import words_of


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def test_a_refused_connection_is_told_without_pools_and_retries() -> None:
    with pytest.raises(requests.RequestException) as caught:
        requests.get(f"http://127.0.0.1:{closed_port()}/api/v4/projects?state=opened", timeout=2)

    assert "Max retries exceeded with url" in str(caught.value)
    assert words_of(caught.value).startswith("Failed to establish a new connection: ")


def test_an_answer_that_does_not_come_is_told_as_that() -> None:
    timed_out = ReadTimeoutError(HTTPConnectionPool("git.example.com"), "/api", "Read timed out. (read timeout=15)")

    assert words_of(requests.ReadTimeout(timed_out)) == "Read timed out. (read timeout=15)"


def test_what_stands_for_nothing_else_is_told_as_it_is() -> None:
    text = "Invalid URL 'https://': No host supplied"
    assert words_of(requests.exceptions.InvalidURL(text)) == text
