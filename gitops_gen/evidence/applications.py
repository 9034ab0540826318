"""Argo CD Applications, written or expanded: their name, project, destination and sources, as Argo CD reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.data_classes import entity, field
from gitops_gen.evidence.build_environment import with_variables
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, list_at, map_at, strings_at, text_at
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.places import Place

LOCAL_CLUSTER = "in-cluster"
"""The name under which Argo CD knows the cluster that it runs on; it needs no Secret."""

LOCAL_SERVER = "https://kubernetes.default.svc"
HOST = lazily(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]+)?")
"""A name, or a host without a scheme. The EKS capability for Argo CD takes the ARN of a cluster, which is neither."""

HELM, KUSTOMIZE, DIRECTORY, PLUGIN = "helm", "kustomize", "directory", "plugin"
"""The fields of a source that hold the settings of a tool."""
_TOOLS = frozenset({HELM, KUSTOMIZE, DIRECTORY, PLUGIN})
_ALONE_NOTHING = frozenset(
    {
        "commonAnnotationsEnvsubst",
        "forceCommonAnnotations",
        "forceCommonLabels",
        "labelIncludeTemplates",
        "labelWithoutSelector",
    }
)
"""The settings of kustomize that only say how others are meant: Argo CD takes them for none."""

_DRY_SOURCE = ("sourceHydrator", "drySource")
_OWN_NAMESPACES = ("", "argocd")
_DEFAULT_RETRIES = 5
_PARAMETER = lazily(r"\{\{-?\s*\.?([A-Za-z_]\w*)\s*-?\}\}")
"""A template that is nothing but a parameter."""


@entity
class ApplicationSource:
    """One source of an Application."""

    value: Mapping[str, object]
    index: int
    """Its position among the sources."""
    is_listed: bool = False
    """True if it is one of `sources`, and not `source`."""

    @cached_property
    def repo_url(self) -> str:
        """The repository, or an empty string."""
        return text_at(self.value, "repoURL") or ""

    @cached_property
    def path(self) -> str | None:
        """The folder in a git repository."""
        return text_at(self.value, "path") or None

    @cached_property
    def chart(self) -> str | None:
        """The chart in a chart repository. What a template leaves empty is to Argo CD as if it were not there."""
        return text_at(self.value, "chart") or None

    @cached_property
    def ref(self) -> str | None:
        """The name under which other sources refer to this one, as $values."""
        return text_at(self.value, "ref") or None

    @cached_property
    def revision(self) -> str | None:
        """The branch, tag, commit or chart version."""
        return text_at(self.value, "targetRevision")

    @cached_property
    def release_name(self) -> str | None:
        """The Helm release that is asked for; without one it is the Application's name."""
        return text_at(self.value, "helm", "releaseName")

    @cached_property
    def values_files(self) -> tuple[str, ...]:
        """The values files, in the order in which Helm reads them."""
        return strings_at(self.value, "helm", "valueFiles")

    @property
    def ignores_missing_values(self) -> bool:
        """True if a values file need not be there."""
        return at(self.value, "helm", "ignoreMissingValueFiles") is True

    @cached_property
    def tools(self) -> tuple[str, ...]:
        """The tools that it states settings of, in order. Argo CD takes that one, whatever it finds, and refuses two.

        Of a `source` it first drops the settings that are all empty, but for a plugin's. It does not of `sources`:
        NormalizeSource gets a copy of each. Source: argoproj/argo-cd v3, util/argo/argo.go,
        NormalizeApplicationSpec; pkg/apis/application/v1alpha1/types.go, ExplicitType and IsZero;
        docs/user-guide/tool_detection.md.
        """
        named = [name for name in self.value if name in _TOOLS]  # most sources have one of them, or none
        return tuple(name for name in named if self._states(name))

    def _states(self, tool: str) -> bool:
        stated = self.value[tool]
        if not isinstance(stated, dict):
            return False
        return tool == PLUGIN or self.is_listed or any(_is_set(name, value) for name, value in stated.items())

    @cached_property
    def is_helm(self) -> bool:
        """True if the source says that it is a chart; one in git may be a chart without saying so."""
        return self.chart is not None or HELM in self.tools


@entity
class Application:
    """One Application: its value, and the places that it comes from."""

    value: Mapping[str, object]
    place: Place
    """The element of the ApplicationSet that made it, or the Application's own manifest."""
    spec_place: Place
    """Where its spec is written: in the template of the ApplicationSet, or its own manifest."""
    applicationset: Manifest | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    """What the template of the ApplicationSet was filled with."""
    origins: tuple[tuple[Mapping[str, object], Place], ...] = ()
    """Where the parameters come from that a matrix or a merge put together, each part with its own."""

    @cached_property
    def name(self) -> str:
        """The name, or an empty string."""
        return text_at(self.value, "metadata", "name") or ""

    @property
    def argo_cd_namespace(self) -> str:
        """The namespace of the Application itself, where Argo CD looks for it; empty if none is stated."""
        manifest = self.applicationset.value if self.applicationset is not None else self.value
        return text_at(manifest, "metadata", "namespace") or ""

    @cached_property
    def project(self) -> str:
        """The AppProject, or an empty string."""
        return text_at(self.value, "spec", "project") or ""

    @cached_property
    def cluster(self) -> str | None:
        """The name of the cluster that it lands on."""
        return text_at(self.value, "spec", "destination", "name") or None

    @cached_property
    def server(self) -> str | None:
        """The endpoint of the cluster that it lands on, where no name is given."""
        return text_at(self.value, "spec", "destination", "server") or None

    @cached_property
    def is_local(self) -> bool:
        """True if it lands on the cluster that Argo CD runs on."""
        return self.cluster == LOCAL_CLUSTER or self.server == LOCAL_SERVER

    @cached_property
    def namespace(self) -> str | None:
        """The namespace for objects that state none."""
        return text_at(self.value, "spec", "destination", "namespace") or None

    @property
    def labels(self) -> Mapping[str, object]:
        """The labels."""
        return map_at(self.value, "metadata", "labels")

    @property
    def annotations(self) -> Mapping[str, object]:
        """The annotations."""
        return map_at(self.value, "metadata", "annotations")

    @property
    def sync_options(self) -> tuple[str, ...]:
        """The sync options."""
        return strings_at(self.value, "spec", "syncPolicy", "syncOptions")

    @property
    def is_automated(self) -> bool:
        """True if Argo CD syncs it without being asked."""
        automated = at(self.value, "spec", "syncPolicy", "automated")
        return isinstance(automated, dict) and automated.get("enabled") is not False

    @property
    def sync_attempts(self) -> int | None:
        """How often a failed sync is tried again, or None for ever.

        Source: Argo CD, docs/operator-manual/application.yaml: five times by default, if it is automated.
        """
        retry = at(self.value, "spec", "syncPolicy", "retry")
        if not isinstance(retry, dict):
            return _DEFAULT_RETRIES if self.is_automated else 0
        limit = retry.get("limit")
        if not isinstance(limit, int):
            return 0
        return limit if limit >= 0 else None

    @property
    def written_as(self) -> str:
        """What its spec is written in: its ApplicationSet, or the Application itself."""
        return str(self.applicationset) if self.applicationset is not None else f"Application {self.name}"

    @cached_property
    def sources(self) -> tuple[ApplicationSource, ...]:
        """The sources; `sources` makes `source` ignored, and `sourceHydrator` both.

        What a hydrator commits to another branch is what its dry source renders to. Source: argoproj/argo-cd v3.5.1,
        pkg/apis/application/v1alpha1/types.go, GetSources, and docs/user-guide/source-hydrator.md.
        """
        dry = map_at(self.value, "spec", *_DRY_SOURCE)
        several = [] if dry else list_at(self.value, "spec", "sources")
        stated = several or [dry or map_at(self.value, "spec", "source")]
        return tuple(
            ApplicationSource(with_variables(each, self._variables), index, is_listed=bool(several))
            for index, each in enumerate(stated)
            if isinstance(each, dict) and each
        )

    def _variables(self, source: Mapping[str, object]) -> Mapping[str, str]:
        """Returns the variables of a build that the Application itself says; what a template fills in is not known.

        The name of one outside of Argo CD's own namespace has that before it. Source: argoproj/argo-cd v3.5.1,
        docs/user-guide/build-environment.md; pkg/apis/application/v1alpha1/types.go, InstanceName.
        """
        stated = {
            "ARGOCD_APP_NAME": self.name if self.argo_cd_namespace in _OWN_NAMESPACES else "",
            "ARGOCD_APP_NAMESPACE": self.namespace,
            "ARGOCD_APP_PROJECT_NAME": self.project,
            "ARGOCD_APP_SOURCE_PATH": text_at(source, "path"),
            "ARGOCD_APP_SOURCE_REPO_URL": text_at(source, "repoURL"),
            "ARGOCD_APP_SOURCE_TARGET_REVISION": text_at(source, "targetRevision"),
        }
        return {name: value for name, value in stated.items() if value and not has_template(value)}

    def source_place(self, source: ApplicationSource) -> Place:
        """Returns where a source is written."""
        if source.is_listed:
            return self.spec_place.down("sources", source.index)
        is_dry = bool(map_at(self.value, "spec", *_DRY_SOURCE))
        return self.spec_place.down(*_DRY_SOURCE) if is_dry else self.spec_place / "source"

    def stated_at(self, *steps: str | int) -> Place:
        """Returns where a value of the spec is stated: the parameter that is all of it, or the spec itself."""
        return self._parameter_of("spec", *steps) or self.spec_place.down(*steps)

    def label_at(self, key: str) -> Place:
        """Returns where a label is stated: the parameter that is all of it, or the label itself."""
        if self.applicationset is None:
            return self.place.down("metadata", "labels", key)
        template = self.applicationset.place.down("spec", "template", "metadata", "labels", key)
        return self._parameter_of("metadata", "labels", key) or template

    def stated_in(self, source: ApplicationSource, *steps: str | int) -> Place:
        """As `stated_at`, for a value of a source."""
        return self.stated_at(*self.steps_of(source), *steps)

    def steps_of(self, source: ApplicationSource) -> tuple[str | int, ...]:
        """Returns the steps that lead from the spec to a source."""
        return self.source_place(source).steps[len(self.spec_place.steps) :]

    def release_of(self, source: ApplicationSource) -> str:
        """Returns the name of the Helm release of a source (Argo CD takes the Application's name by default)."""
        return source.release_name or self.name

    def namespace_of_release(self, source: ApplicationSource) -> str:
        """Returns the namespace that Helm renders a source for; an object that states none lands in the Application's.

        Source: argoproj/argo-cd v3.5.1, reposerver/repository/repository.go, helmTemplate.
        """
        return text_at(source.value, "helm", "namespace") or self.namespace or ""

    def _parameter_of(self, *steps: str | int) -> Place | None:
        """Returns the parameter that is all of what the template says at the steps, if there is one."""
        if self.applicationset is None:
            return None
        template = text_at(self.applicationset.value, "spec", "template", *steps)
        found = _PARAMETER.fullmatch(template or "")
        if not found or found[1] not in self.parameters:
            return None
        return next((place for part, place in self.origins if found[1] in part), self.place) / found[1]


def _is_set(name: str, value: object) -> bool:
    """True for a setting of a tool that is more to Argo CD than its default."""
    if name == "valuesObject":
        return value is not None  # {} is the text {}, which is not empty
    if name == "jsonnet" and isinstance(value, dict):
        return any(value.values())
    return bool(value) and name not in _ALONE_NOTHING
