"""Connecting: what is imported for which service, and what is said without the client library."""

from __future__ import annotations

import sys

import pytest

from gitops_gen.forges import connect
from gitops_gen.forges.addresses import Address, Service
from gitops_gen.forges.faults import ForgeError
from gitops_gen.forges.github import _api


@pytest.mark.parametrize(
    ("service", "adapter", "library"),
    [("github", "github", "github"), ("gitlab", "gitlab", "gitlab"), ("forgejo", "gitea", "requests")],
)
def test_missing_library_is_told(service: str, adapter: str, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, f"gitops_gen.forges.{adapter}", raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ForgeError) as caught:
        connect(Address(Service(service), "https://h", "a/b", "t", "T"), timeout=1, longest_wait=1)
    (problem,) = caught.value.problems
    assert problem.code == "client-missing"
    assert problem.message.startswith("asking a hosting service needs ")
    assert problem.hint == "install it with: python -m pip install 'gitops-gen[pr]'"


@pytest.mark.parametrize(
    ("base", "api"),
    [
        ("https://github.com", "https://api.github.com"),
        ("https://team.ghe.com", "https://api.team.ghe.com"),
        ("https://git.example.com", "https://git.example.com/api/v3"),
    ],
)
def test_api_of_github(base: str, api: str) -> None:
    assert _api(base) == api
