"""What restarts pods that read a synced Secret into their environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, SECRET_FILE, changed
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

FROM_KEY = "env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: PASSWORD}}}]"


def workload(reads: str = FROM_KEY, *, kind: str = "Deployment", metadata: str = "", pods: str = "") -> dict[str, str]:
    text = f"""\
apiVersion: apps/v1
kind: {kind}
metadata:
  name: web
  {metadata}
spec:
  template:
    metadata:
      labels: {{app: web}}
      {pods}
    spec:
      containers:
        - name: web
          {reads}
      volumes:
        - name: db
          secret: {{secretName: db}}
"""
    return {**BY_HAND, "manifests/web.yaml": text}


def test_an_environment_that_nothing_renews_is_noted(tmp_path: Path) -> None:
    assert found(tmp_path, workload(), "secret-reload") == [
        (
            "manifests/web.yaml:14:60: note: Deployment web reads the Secret db into its environment, and nothing "
            "restarts its pods when ExternalSecret db brings a new value\n"
            "hint: annotate it with secret.reloader.stakater.com/reload: db, or mount the Secret\n"
            "manifests/secret.yaml:11:11: the Secret is made here"
        )
    ]
    assert len(found(tmp_path, workload("envFrom: [{secretRef: {name: db}}]"), "secret-reload")) == 1


@pytest.mark.parametrize(
    "files",
    [
        workload(metadata="annotations: {secret.reloader.stakater.com/reload: db}"),
        workload(pods='annotations: {reloader.stakater.com/auto: "true"}'),
        workload("args: []"),
        workload("env: [{name: P, valueFrom: {secretKeyRef: {name: other, key: P}}}]"),
        workload(kind="Job"),
        {**workload(), SECRET_FILE: changed(SECRET_FILE, ("1h0m0s", "0s"))[SECRET_FILE]},
        {
            **workload(),
            SECRET_FILE: changed(SECRET_FILE, ("spec:", "spec:\n  refreshPolicy: CreatedOnce"))[SECRET_FILE],
        },
    ],
    ids=[
        "reloader",
        "reloader of the pods",
        "a volume",
        "a Secret of somebody else",
        "a job",
        "read once",
        "made once",
    ],
)
def test_nothing_is_noted_of(tmp_path: Path, files: dict[str, str]) -> None:
    assert found(tmp_path, files, "secret-reload") == []
