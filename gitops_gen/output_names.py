"""Names in the output folder that are none of ours, and worth no word."""

from __future__ import annotations

STAGING = ".gitops-gen-staging"
"""The folder in which files wait to be renamed into place."""

FRESH = "new"
"""Inside of it, the folders that are yet to come."""

TOLERATED = frozenset({".gitattributes", ".gitignore", ".gitkeep", "CODEOWNERS"})
"""What people write for git and its hosts."""

SKIPPED = frozenset({STAGING, ".git"})
"""Not looked into: the output folder may be a repository of its own."""
