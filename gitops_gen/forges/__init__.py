"""The hosting services: one adapter each, behind one protocol. Their client libraries come with gitops-gen[pr]."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from gitops_gen.forges.addresses import Address, Service
from gitops_gen.forges.faults import ForgeError
from gitops_gen.problems import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.forges.values import Forge

ADAPTERS: Mapping[Service, str] = {
    Service.GITHUB: "gitops_gen.forges.github",
    Service.GITLAB: "gitops_gen.forges.gitlab",
    Service.GITEA: "gitops_gen.forges.gitea",
    Service.FORGEJO: "gitops_gen.forges.gitea",
}
"""The module of each service; it has `connect`. A module is imported when its service is asked, not before."""


def connect(address: Address, *, timeout: float, longest_wait: float) -> Forge:
    """Returns the repository on its service. Nothing is asked yet.

    `timeout` is how long one answer may take, `longest_wait` how long a rate limit is waited for; both in seconds.
    Raises ForgeError without the client library.
    """
    try:
        module = import_module(ADAPTERS[address.service])
    except ImportError as error:
        raise _without_library(error) from None
    forge: Forge = module.connect(address, timeout=timeout, longest_wait=longest_wait)
    return forge


def _without_library(error: ImportError) -> ForgeError:
    message = f"asking a hosting service needs {error.name}, which is not installed"
    hint = "install it with: python -m pip install 'gitops-gen[pr]'"
    return ForgeError(Problem("client-missing", message, Location("gitops-gen[pr]"), hint))
