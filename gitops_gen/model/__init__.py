"""The fleet as templates see it: frozen values in which every name, ARN and path is derived once.

Nothing here reads a file or judges what a person wrote; `resolve` builds these values and checks their limits.
Each derived fact is one property, and the property is the only place where its rule stands.
"""

from __future__ import annotations

from gitops_gen.model.apps import NAMESPACE_RESOURCE, App, ClusterResource, Source, Step, Sync, Value, Values
from gitops_gen.model.fleet import Account, ArgoCd, Cluster, Environment, Fleet, GitopsRepo, Region
from gitops_gen.model.release import Release
from gitops_gen.model.releases import NO_RELEASES, Destination, Releases, SecretSource, SecretTarget
from gitops_gen.model.secrets import NO_SECRETS, ExternalSecret, SecretData, Secrets

__all__ = [
    "NAMESPACE_RESOURCE",
    "NO_RELEASES",
    "NO_SECRETS",
    "Account",
    "App",
    "ArgoCd",
    "Cluster",
    "ClusterResource",
    "Destination",
    "Environment",
    "ExternalSecret",
    "Fleet",
    "GitopsRepo",
    "Region",
    "Release",
    "Releases",
    "SecretData",
    "SecretSource",
    "SecretTarget",
    "Secrets",
    "Source",
    "Step",
    "Sync",
    "Value",
    "Values",
]
