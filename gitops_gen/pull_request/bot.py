"""The bot of one run: the rendered model, the repository with the output, and the service, all connected."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gitops_gen.forges import connect
from gitops_gen.forges.addresses import Address, Stated, find_address
from gitops_gen.pull_request.place import Place, Wanted, place_of, remote_of
from gitops_gen.pull_request.rendering import Rendered, rendered
from gitops_gen.quarantine import Quarantine, quarantine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.forges.values import Forge
    from gitops_gen.model import Fleet
    from gitops_gen.pipeline import Project
    from gitops_gen.remote import Remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says beside the model."""

    where: Wanted
    service: Stated
    branch: str | None = None
    base: str | None = None
    take_over: bool = False
    prune: bool = False
    dry_run: bool = False
    timeout: float = 15.0
    """Seconds that a service may take for one answer."""
    longest_wait: float = 60.0
    """Seconds that a rate limit is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Everything of one run."""

    fleet: Fleet
    options: Options
    made: Rendered
    place: Place
    address: Address
    forge: Forge
    git: Quarantine


@contextmanager
def connected(project: Project, options: Options, *, with_model: bool = False) -> Iterator[Bot]:
    """Gives the block a bot. The service is that of the output's repository; `with_model` takes the model's.

    The model is rendered and judged before anybody is asked. Raises GitopsGenError.
    """
    root, fleet = project.tree.root, project.plan.fleet
    made = rendered(project, prune=options.prune)
    with place_of(root, project.tree.folder, fleet.repo.path, options.where) as place:
        address = find_address(remote_of(root, options.where) if with_model else place.remote, options.service)
        forge = connect(address, timeout=options.timeout, longest_wait=options.longest_wait)
        remote = _signed_in(place.remote, address, forge)
        with quarantine(place.repository, remote, timeout=options.timeout) as git:
            yield Bot(fleet=fleet, options=options, made=made, place=place, address=address, forge=forge, git=git)


def _signed_in(remote: Remote, address: Address, forge: Forge) -> Remote:
    """Returns the remote with the service's token, but only for the service's own host."""
    is_its_own = remote.is_web and remote.hostname == urlsplit(address.base).hostname
    return remote.signed_in(forge.credentials) if is_its_own else remote
