"""What is deployed: apps, where their charts come from, and what Argo CD does with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.data_classes import frozen_keyed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.problems import Route

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
"""What YAML can say; the shape of Helm values."""

Values: TypeAlias = "Mapping[str, Value]"


@frozen_keyed
class Sync:
    """What Argo CD does by itself."""

    automated: bool
    prune: bool
    self_heal: bool


@frozen_keyed
class Source:
    """Where a chart comes from. Exactly one of path and chart is set."""

    repo_url: str
    path: str | None
    chart: str | None
    revision: str


@frozen_keyed
class ClusterResource:
    """A cluster-scoped kind."""

    group: str
    kind: str


NAMESPACE_RESOURCE = ClusterResource(group="", kind="Namespace")
"""What CreateNamespace=true needs."""


@frozen_keyed
class Step:
    """A step of a rolling rollout: of one stage, the releases that sync by themselves or those that a person syncs."""

    stage: int
    """The stage of its environments."""
    automated: bool
    """False where the place, or the app there, says no automated sync."""


@frozen_keyed
class App:
    """What is deployed: one chart."""

    name: str
    namespace: str
    release_name: str
    cluster_resources: tuple[ClusterResource, ...]
    """The cluster-scoped kinds that the chart contains."""
    sync_options: tuple[str, ...]
    """Those beside the options that every release gets."""
    values_files: tuple[str, ...]
    """Those kept by hand, as they are written: with {environment}, {cluster} and {region}."""
    secrets_values_key: str | None
    """The Helm value under which the chart learns its secrets."""
    rollout: str
    """none or rolling."""
    generator: str
    """list or git: how the ApplicationSet learns its releases."""
    has_secrets: bool
    """True if any level of the app declares a secret, enabled or not."""
    is_operator: bool
    """True for the app that installs the External Secrets Operator."""
    uses_chart: bool
    """True if the source is a chart repository."""
    parameters: tuple[str, ...]
    """The parameters that the ApplicationSet uses, in order: each stands in every element."""
    steps: tuple[Step, ...]
    """The steps of a rolling rollout: by stage, ascending; in a stage, what syncs by itself goes first."""
    route: Route
    """The file that describes it."""

    @property
    def service_account(self) -> str:
        """The dedicated ServiceAccount that reads the secrets; never the pod's own."""
        return f"{self.name}-eso"

    @property
    def store(self) -> str:
        """The namespaced SecretStore."""
        return f"{self.name}-secrets-manager"

    @property
    def values_file_patterns(self) -> tuple[str, ...]:
        """The values files kept by hand, as Go templates of the ApplicationSet."""
        return tuple(
            path.replace("{environment}", "{{ .environment }}")
            .replace("{cluster}", "{{ .cluster }}")
            .replace("{region}", "{{ .region }}")
            for path in self.values_files
        )

    @property
    def needs_server_side_apply(self) -> bool:
        """True if ServerSideApply=true is among the sync options."""
        return "ServerSideApply=true" in self.sync_options
