"""The article's own files, and its mistakes taken away one after the other, so that those behind them come to light.

The files are in tests/fleets/article: what the article shows, in other words, with the least around it that makes it
a repository. A broken link hides what is behind it, so that some mistakes are found only when an earlier one is mended.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen.proof import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gitops_gen.problems import Problem

ARTICLE = Path(__file__).parents[1] / "fleets/article"
URL = "https://git.example.com/myapp-gitops.git"

PUBLISHED = "as published"

_ESO = "infrastructure/eso/applicationset.yaml"
_APP = "argocd/myapp.yaml"
_ACCOUNT = "apps/myapp/templates/serviceaccount.yaml"
_MODULE = "terraform/_modules/eso-irsa/main.tf"

_ACCOUNTS = {"dev": "557702566877", "staging": "222233334444", "production": "444455556666"}

_PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: production
  namespace: argocd
spec:
  sourceRepos: ["*"]
  destinations:
    - {name: "*", namespace: "*"}
"""


def _annotated(root: Path) -> None:
    """The chart uses the value that it is given."""
    role = "  annotations:\n    eks.amazonaws.com/role-arn: {{ .Values.externalSecrets.irsaRoleArn | quote }}\n"
    text = (root / _ACCOUNT).read_text(encoding="utf-8")
    start, end = text.index("  {{- with"), text.index("  {{- end }}\n") + len("  {{- end }}\n")
    (root / _ACCOUNT).write_text(text[:start] + role + text[end:], encoding="utf-8")
    # Without the parameter that no element has, which Helm refuses.
    parameters = "          parameters:\n            - name: externalSecrets.irsaRoleArn\n"
    _replace(root, _APP, f'{parameters}              value: "{{{{irsaRoleArn}}}}"\n', "")


def _given(root: Path) -> None:
    """Each element has the role of its cluster."""
    files = '            - "values-{{env}}.yaml"\n'
    parameter = '            - {name: externalSecrets.irsaRoleArn, value: "{{irsaRoleArn}}"}\n'
    _replace(root, _APP, files, f"{files}          parameters:\n{parameter}")
    for environment, account in _ACCOUNTS.items():
        for region in ("use1", "usw2"):
            cluster = f"myapp-{environment}-{region}"
            role = f"            irsaRoleArn: arn:aws:iam::{account}:role/{cluster}-eso\n"
            line = f"          - cluster: {cluster}\n"
            _replace(root, _APP, line, line + role)


def _trusted(root: Path) -> None:
    """The role trusts the ServiceAccount that the store signs in as."""
    _replace(root, _MODULE, '"${var.cluster_name}-myapp"', "var.cluster_name")
    _replace(root, _MODULE, 'namespace = "external-secrets"', 'namespace = "myapp"')


def _updated(root: Path) -> None:
    """The operator is a newer one."""
    _replace(root, _ESO, '"0.9.13"', '"1.1.0"')


def _migrated(root: Path) -> None:
    """The manifests are of the version that the operator serves."""
    for name in ("secretstore", "external-secret"):
        _replace(root, f"apps/myapp/templates/{name}.yaml", "external-secrets.io/v1beta1", "external-secrets.io/v1")


def _applied(root: Path) -> None:
    """The app is applied by the server, as the operator must be."""
    _replace(root, _APP, "[CreateNamespace=true]", "[CreateNamespace=true, ServerSideApply=true]")


def _projected(root: Path) -> None:
    """The project that the article names is there, with what it cannot do without."""
    (root / "argocd/project.yaml").write_text(_PROJECT, encoding="utf-8")


STAGES: Mapping[str, Callable[[Path], None]] = {
    PUBLISHED: lambda _: None,
    "the chart annotates the role": _annotated,
    "each cluster has its own role": _given,
    "the role trusts the right account": _trusted,
    "the operator is updated": _updated,
    "its objects are of version v1": _migrated,
    "the app is applied by the server": _applied,
    "the project is there": _projected,
}
"""What is mended, in this order, each with all before it."""


def problems_by_stage(root: Path) -> dict[str, Sequence[Problem]]:
    """Returns what verify says of the article at each stage. Works in an empty folder."""
    shutil.copytree(ARTICLE, root, dirs_exist_ok=True)
    found: dict[str, Sequence[Problem]] = {}
    for stage, mend in STAGES.items():
        mend(root)
        found[stage] = verify(root, stated={URL: "."}).problems
    return found


def _replace(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    (root / path).write_text(text.replace(old, new), encoding="utf-8")
