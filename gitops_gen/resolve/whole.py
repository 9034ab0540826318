"""What only all releases of an app say together: one cluster's entry does not tell it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen import external_secrets
from gitops_gen.data_classes import frozen
from gitops_gen.model import Step
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.resolve.levels import value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gitops_gen.model import App, Cluster, Secrets, Source, Sync, Values
    from gitops_gen.problems import Route
    from gitops_gen.resolve.findings import Findings
    from gitops_gen.resolve.levels import Level

LIST_LIMIT = 150_000
"""Bytes of list elements above which an ApplicationSet learns its releases from files in git instead.

Client-side apply keeps the whole object in an annotation of at most 262,144 bytes, and etcd takes 1.5 MiB.
"""

_SET_PARAMETERS = ("application", "cluster", "environment", "region", "stage", "project", "revision")
_SYNC_PARAMETERS = ("automated", "prune", "selfHeal")
_STEP_PARAMETERS = ("automated",)


class Whole(NamedTuple):
    """The facts of an app that follow from its releases."""

    generator: str
    uses_chart: bool
    parameters: tuple[str, ...]
    sync_options: tuple[str, ...]
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, app: App) -> Whole:
        """Returns what the releases of an app came to."""
        return cls(app.generator, app.uses_chart, app.parameters, app.sync_options, app.steps)


@frozen
class Draft:
    """A release before its app is known as a whole."""

    cluster: Cluster
    source: Source
    sync: Sync
    secrets: Secrets
    values: Values
    stated_role_name: str | None


def parameters_of(drafts: Iterable[Draft], rollout: str) -> tuple[str, ...]:
    """Returns the parameters that the ApplicationSet uses, in order: of the source, only what differs."""
    sources = [draft.source for draft in drafts]
    names = [*_SET_PARAMETERS]
    if len({source.repo_url for source in sources}) > 1:
        names.append("repoURL")
    if len({source.path for source in sources}) > 1:
        names.append("chartPath")
    if len({source.chart for source in sources}) > 1:
        names.append("chart")
    return (*names, *(_SYNC_PARAMETERS if rollout == "none" else _STEP_PARAMETERS))


def check_one_shape(drafts: Iterable[Draft], route: Route, findings: Findings) -> None:
    """Adds a finding where the sources of an app are folders and charts."""
    if len({draft.source.chart is None for draft in drafts}) > 1:
        findings.add(
            "mixed-source",
            "the app's source is a folder of a git repository on some clusters and a chart on others",
            route,
            hint="make two apps of it: one ApplicationSet has one shape of source",
            key=True,
        )


def generator_of(
    app: str, drafts: Sequence[Draft], parameters: tuple[str, ...], argocd: Level, findings: Findings
) -> str:
    """Returns list or git: how the ApplicationSet learns its releases, as the block of Argo CD says or their size."""
    stated = value_of(str, "generator", (argocd,), "auto")
    if stated != "auto":
        return stated
    names = sum(len(parameter) + len('"":"",') for parameter in parameters)
    size = sum(names + _size_of_values(app, draft, parameters) for draft in drafts)
    if size <= LIST_LIMIT:
        return "list"
    findings.note(
        "many-releases",
        f"{app} has {len(drafts):,} releases, a list of about {size:,} bytes; above {LIST_LIMIT:,} its "
        "ApplicationSet reads them from files in git instead",
        argocd.route,
        hint="state generator: git, and nobody tells you again",
    )
    return "git"


def operator_options(stated: Sequence[str], drafts: Iterable[Draft]) -> tuple[str, ...]:
    """Returns the sync options of the operator, with ServerSideApply=true where its resources are too large without."""
    versions = {draft.cluster.external_secrets_version for draft in drafts}
    too_large = any(version and external_secrets.needs_server_side_apply(version) for version in versions)
    if too_large and not any(option.startswith("ServerSideApply=") for option in stated):
        return (*stated, "ServerSideApply=true")
    return tuple(stated)


def steps_of(drafts: Iterable[Draft]) -> tuple[Step, ...]:
    """Returns the steps of a rolling rollout: by stage, and in a stage what syncs by itself goes first."""
    steps = {(draft.cluster.environment.stage, not draft.sync.automated) for draft in drafts}
    return tuple(Step(stage=stage, automated=not is_manual) for stage, is_manual in sorted(steps))


def _size_of_values(app: str, draft: Draft, parameters: tuple[str, ...]) -> int:
    """Returns about how many bytes the values of a release's parameters take in JSON, at most."""
    cluster, environment, source = draft.cluster, draft.cluster.environment, draft.source
    texts = [
        app,
        cluster.short_name,
        cluster.name,
        environment.name,
        cluster.region.name,
        environment.project,
        source.revision,
    ]
    optional = {"repoURL": source.repo_url, "chart": source.chart, "chartPath": source.path}
    texts += [text for name, text in optional.items() if text is not None and name in parameters]
    # What is left are the flags, the stage, and the hyphen in the Application's name.
    return len("".join(map(json.dumps, texts))) + 20
