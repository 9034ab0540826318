"""Sizes that AWS limits: the policy of each role that reads secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitops_gen.model import Fleet, Release
    from gitops_gen.resolve.findings import Findings

POLICY_LIMIT = 10_240
"""Characters of all inline policies of a role together, white space not counted (IAM, quotas)."""

_FRAME = 512
"""About what the statements of the module's policy take beside the ARNs."""


def check_sizes(fleet: Fleet, findings: Findings) -> None:
    """Adds a finding for every app whose role would need a larger policy than IAM takes, once for each app."""
    told: set[str] = set()
    for release in fleet.releases:
        size = _policy_size(release)
        if size > POLICY_LIMIT and release.app.name not in told:
            told.add(release.app.name)
            findings.add(
                "policy-too-large",
                f"the policy of role {release.role_name} would have about {size:,} characters for "
                f"{len(release.secrets.paths)} secrets, expected at most {POLICY_LIMIT:,}",
                release.app.route / "secrets",
                hint="put several values into one secret as its JSON properties, or split the app",
                key=True,
            )


def _policy_size(release: Release) -> int:
    """Returns about how many characters the policy of a release's role takes."""
    if not release.has_secrets:
        return 0
    arns = (*release.secret_arns, *release.secrets.kms_key_arns)
    return _FRAME + sum(len(arn) + len('"",') for arn in arns)
