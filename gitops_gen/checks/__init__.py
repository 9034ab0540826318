"""The rules of verify, each one module with one CHECK: first what cannot be read, then the chain, then the rest.

None of them is loaded before it is asked for: several processes share the rules, and each loads its own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from gitops_gen.checks.finding import Check


class Listed(NamedTuple):
    """A rule that need not be loaded yet."""

    code: str
    weight: int = 1
    """How long it takes on a sound fleet, beside most others."""
    is_early: bool = False
    """True if on a sound fleet it asks for nothing that has to be joined, so that it can run meanwhile."""
    is_of_texts: bool = False
    """True if it is early, and next to nothing is loaded for it that reading the files has not loaded."""

    def load(self) -> Check:
        """Returns the rule."""
        return cast("Check", import_module(f"{__name__}.{self.code.replace('-', '_')}").CHECK)


CHECKS = (
    Listed("invalid-yaml", is_early=True, is_of_texts=True),
    Listed("invalid-hcl", is_early=True, is_of_texts=True),
    Listed("api-version"),
    Listed("store-service-account", weight=3),
    Listed("service-account-role"),
    Listed("role-declared"),
    Listed("trust-subject"),
    Listed("oidc-provider"),
    Listed("secret-access"),
    Listed("kms-access"),
    Listed("external-secret-store"),
    Listed("external-secret-api-version", weight=5),
    Listed("external-secret-fields"),
    Listed("external-secret-defaults"),
    Listed("store-namespace"),
    Listed("store-region"),
    Listed("external-secret-target"),
    Listed("secret-access-excess"),
    Listed("secret-actions"),
    Listed("operator-role"),
    Listed("applicationset-go-template"),
    Listed("applicationset-parameters", weight=4),
    Listed("argo-cd-object", weight=4),
    Listed("destination-declared"),
    Listed("cluster-registration", weight=5, is_early=True),
    Listed("place-labels", weight=4),
    Listed("application-name"),
    Listed("release-name"),
    Listed("source-path", weight=8),
    Listed("source-revision"),
    Listed("invalid-name", weight=5),
    Listed("field-types"),
    Listed("project-permits", weight=10),
    Listed("secret-reference", weight=3),
    Listed("secret-reload"),
    Listed("namespace-created"),
    Listed("sync-options"),
    Listed("operator-order", weight=3),
    Listed("server-side-apply"),
    Listed("rolling-sync-steps"),
    Listed("deletion-guard"),
    Listed("role-unused"),
    Listed("object-size", is_early=True),
    Listed("yaml-version", is_early=True, is_of_texts=True),
    Listed("strange-characters", is_early=True, is_of_texts=True),
    Listed("duplicate-object"),
    Listed("account-id", weight=3, is_early=True),
    Listed("tfvars-variables", weight=4),
    Listed("tfvars-format", is_early=True, is_of_texts=True),
    Listed("template-leftover", weight=4),
    Listed("secret-in-file", is_early=True, is_of_texts=True),
    Listed("chart-values", weight=5),
    Listed("chart-rendering"),
)
