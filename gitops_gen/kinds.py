"""Names by which Argo CD, External Secrets and the CSI driver know objects: groups, kinds, and a finalizer."""

from __future__ import annotations

ARGO_GROUP = "argoproj.io"
"""The group of Argo CD, and of Rollouts and Workflows."""

FINALIZER = "resources-finalizer.argocd.argoproj.io"
"""Deletes what an Application has deployed when the Application goes."""

CLUSTER_STORE = "ClusterSecretStore"
STORE_KINDS = ("SecretStore", CLUSTER_STORE)

DRIVER_CLASS = "SecretProviderClass"
"""What the Secrets Store CSI driver makes Secrets by."""
