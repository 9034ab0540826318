"""Groups and kinds of the objects that the evidence is joined from."""

from __future__ import annotations

ARGO_GROUP = "argoproj.io"
"""The group of Argo CD, and of Rollouts and Workflows."""

CLUSTER_STORE = "ClusterSecretStore"
STORE_KINDS = ("SecretStore", CLUSTER_STORE)
