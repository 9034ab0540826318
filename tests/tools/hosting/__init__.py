"""A hosting service on loopback: git over HTTP, the API of GitHub, GitLab or Gitea, a state, and faults."""

from __future__ import annotations

from tests.tools.hosting.faults import Fault
from tests.tools.hosting.server import Hosting, hosting
from tests.tools.hosting.store import Note, Pull, Store

__all__ = ["Fault", "Hosting", "Note", "Pull", "Store", "hosting"]
