"""Names by which Argo CD and External Secrets know objects: groups, kinds, and a finalizer."""

from __future__ import annotations

ARGO_GROUP = "argoproj.io"
"""The group of Argo CD, and of Rollouts and Workflows."""

FINALIZER = "resources-finalizer.argocd.argoproj.io"
"""Deletes what an Application has deployed when the Application goes."""

CLUSTER_STORE = "ClusterSecretStore"
STORE_KINDS = ("SecretStore", CLUSTER_STORE)
