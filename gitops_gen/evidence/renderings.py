"""The charts of the tree, rendered by Helm's engine with the values that Applications give them, each input once.

Source: argoproj/argo-cd v3.5.1, reposerver/repository/repository.go and util/helm/cmd.go: values files in their order,
then what the Application states itself; `crds/` unless skipCrds; hooks of tests and of rollbacks never.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from gitops_gen import source as yaml_source
from gitops_gen.data_classes import entity, field
from gitops_gen.evidence import globs, helm
from gitops_gen.evidence.build_environment import BUILD_VARIABLE
from gitops_gen.evidence.capabilities import asking
from gitops_gen.evidence.charts import CHART
from gitops_gen.evidence.deployments import FileParameter
from gitops_gen.evidence.files import Manifest, manifests_in
from gitops_gen.evidence.overrides import laid_over, overrides_of, read_values
from gitops_gen.evidence.parsers import Parsers
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.repositories import Checkout
from gitops_gen.evidence.values import at, text_at
from gitops_gen.evidence.whole_charts import WholeChart
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.capabilities import Asking
    from gitops_gen.evidence.deployments import ValuesFile
    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.helm import Needs
    from gitops_gen.evidence.left_out import LeftOut
    from gitops_gen.evidence.overrides import Override
    from gitops_gen.evidence.repositories import Repositories
    from gitops_gen.evidence.whole_charts import Refusal

_HOOK = "helm.sh/hook"
_NEVER_SYNCED = frozenset(
    {"test", "test-success", "test-failure", "pre-rollback", "post-rollback", "pre-delete", "post-delete"}
)
"""Hooks that no sync brings."""

_HEAD = ("kind", "apiVersion")
_KNOWN_BY = "write apiVersion and kind in the template: Argo CD stops at what has not both"
_NOTES = "NOTES.txt"
_OTHERS_JUDGED = "the other templates of the chart are judged"
_BY_HAND = "render it for the cluster: helm template --kube-version=VERSION --api-versions=VERSIONS"
_AS_SCHEMED = "state what the schema allows: then the chart is rendered and judged"
_WITH_SCHEMA = "put what its $ref names into the schema itself: then the chart is rendered and judged"
_OF_BUILD = ("parameters", "fileParameters", "valueFiles")
"""What Argo CD fills the variables of a build into."""
_NAMED = 3
"""Templates that are told by their names."""
_SEPARATED = re.compile(r"^---[ \t]*(?=[^\s-])", re.MULTILINE)
"""A separator with text right behind it, which a template leaves that trims its spaces: Helm takes it for one.

Source: helm/helm, pkg/release/v1/util/manifest.go, SplitManifests.
"""


class Failure(NamedTuple):
    """Why Helm does not render a chart, or not as it is told to."""

    reason: str
    place: Place
    """What the Application says that is refused, or where it names the chart."""
    at: Location | None = None
    """The line of the template, if Helm tells it."""
    is_schema: bool = False
    """True if the schema of the chart itself refuses the values."""
    hint: str = ""
    """The next step; empty where it is to correct what Helm names."""
    ends: tuple[tuple[Place, str], ...] = ()
    """The other end of what is refused."""
    is_partial: bool = False
    """True if Helm renders the chart all the same, without what the reason names."""
    is_given: bool = False
    """True where a hint is known, and the values may be what is wrong all the same."""


class Rendering(NamedTuple):
    """What one release of a chart brings."""

    manifests: tuple[Manifest, ...] = ()
    failures: tuple[Failure, ...] = ()
    unknown: str | None = None
    """Why nobody can say what it brings, or what it brings beside the manifests."""
    hint: str = "a chart in the tree, with all its charts and values, is rendered and judged"


class _Release(NamedTuple):
    """All that decides what a chart renders to."""

    folder: str
    name: str
    namespace: str
    values_files: tuple[str, ...]
    """Those that say something."""
    inline: str
    with_crds: bool
    skips_schema: bool
    """True if Helm is told not to ask what the schema allows; its engine here asks all the same."""


@entity
class Renderings:
    """All renderings of a tree. The number of a rendering tells places in two of the same template apart."""

    files: Files
    repositories: Repositories
    _known: dict[_Release, Rendering] = field(default_factory=dict)
    _values: dict[str, Mapping[str, object] | helm.HelmRefusalError] = field(default_factory=dict)
    _charts: dict[str, WholeChart] = field(default_factory=dict)
    _asks: dict[str, Asking] = field(default_factory=dict)
    _lost: dict[str, Rendering] = field(default_factory=dict)
    """Charts of which Helm's engine says nothing. What broke it once is not asked again."""
    _objects: dict[tuple[str, int, int], tuple[str, str]] = field(default_factory=dict)
    """Kind and name of what each document of a template renders to."""
    _sources: list[tuple[Place, ...]] = field(default_factory=list)
    """What each rendering was made with: where the first Application names the chart, and its values files."""
    _parsers: Parsers = field(default_factory=Parsers)
    """What reads all of them: most differ in some words only."""

    def render(
        self, application: Application, source: ApplicationSource, folder: str, read: Sequence[ValuesFile]
    ) -> Rendering:
        """Returns what a source that is a chart on disk brings; `read` are its values files and those of parameters."""
        if folder not in self._lost:
            try:
                return self._of_release(application, source, folder, read)
            except helm.HelmMissingError:
                unknown = f"the chart {folder} is not rendered, for want of Helm's engine: {helm.EXTRA}"
                self._lost[folder] = Rendering(unknown=unknown)
            except helm.HelmLostError as error:
                self._lost[folder] = Rendering(unknown=f"the chart {folder} is not rendered: {error}", hint=error.hint)
        return self._lost[folder]

    def _of_release(
        self, application: Application, source: ApplicationSource, folder: str, read: Sequence[ValuesFile]
    ) -> Rendering:
        place = application.source_place(source)
        chart = self._chart(source, folder)
        if chart.refusals:
            return Rendering(failures=tuple(self._refused(each, place) for each in chart.refusals))
        unknown = chart.unknown or self._unknown(source, folder, read)
        if unknown is not None:
            return Rendering(unknown=unknown)
        overrides, refused = overrides_of(source, list(self._contents(read)), place)
        release = _Release(
            folder,
            application.release_of(source),
            application.namespace_of_release(source),
            tuple(self._values_paths(read)),
            json.dumps([(each.value, each.steps) for each in overrides], sort_keys=True, default=str),
            with_crds=at(source.value, "helm", "skipCrds") is not True,
            skips_schema=at(source.value, "helm", "skipSchemaValidation") is True,
        )
        if release not in self._known:
            made_with = (*reversed(release.values_files), *self._silent_paths(read))
            self._sources.append((place / "path", *map(Place, made_with)))
            self._known[release] = self._rendered(release, overrides, place)
        found = self._known[release]
        failures = (*(Failure(each.reason, each.place) for each in refused), *found.failures)
        return found._replace(failures=failures)

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """Everything that was rendered, once for each rendering."""
        return tuple(
            manifest for each in self._known.values() for manifest in each.manifests if manifest.place.rendering
        )

    def locate(self, place: Place, *, key: bool = False) -> Location:
        """Returns the line of a template that a value of a rendered manifest, or its key, most likely comes from."""
        file = self.files.get(place.file)
        if file is None:
            return Location(place.file)
        from gitops_gen.evidence.template_places import locate_in_template

        kind, name = self._objects.get((place.file, place.rendering, place.document), ("", ""))
        return locate_in_template(place.file, file.text, kind, place.steps, name, key=key)

    def sources_of(self, place: Place) -> tuple[Place, ...]:
        """Returns what a rendered manifest was made with: where an Application names its chart, and values files."""
        return self._sources[place.rendering - 1] if place.rendering else ()

    def _values_paths(self, read: Sequence[ValuesFile]) -> Iterator[str]:
        for each in read:
            is_values = not isinstance(each, FileParameter)
            if is_values and each.path and self.files.is_file(each.path) and self._read(each.path):
                yield each.path

    def _silent_paths(self, read: Sequence[ValuesFile]) -> Iterator[str]:
        """Yields the values files without so much as an empty map in them: most likely, one lost what it said."""
        for each in read:
            file = self.files.get(each.path) if each.path and not isinstance(each, FileParameter) else None
            if file is not None and not file.documents.values:
                yield file.path

    def _contents(self, read: Sequence[ValuesFile]) -> Iterator[tuple[str, str]]:
        for each in read:
            if isinstance(each, FileParameter) and each.path:
                yield each.name, self.files.content(each.path) or ""

    def _chart(self, source: ApplicationSource, folder: str) -> WholeChart:
        if folder not in self._charts:
            self._charts[folder] = self._whole(source, folder)
        return self._charts[folder]

    def _whole(self, source: ApplicationSource, folder: str) -> WholeChart:
        chart = WholeChart(folder, self.files.root / folder)
        try:
            needs = helm.needs_of(self.files.root / folder)
        except helm.HelmRefusalError:
            return chart  # to render it says why
        if not needs.missing:
            return self._with_parts(chart, needs) if needs.there else chart
        if all(each.is_fetched for each in needs.stated):
            from gitops_gen.evidence.absent_parts import absent_parts

            absent = absent_parts(self.files, folder, needs)
            unknown = helm.not_built(folder, needs.missing)
            return chart._replace(unknown=unknown) if absent is None else chart._replace(absent=absent)
        from gitops_gen.evidence.chart_building import build

        built = build(self.files, chart, self.repositories.checkout_of(source.repo_url) or Checkout("."), needs)
        return built if built.refusals or built.unknown else self._with_parts(built, needs)

    def _with_parts(self, chart: WholeChart, needs: Needs) -> WholeChart:
        from gitops_gen.evidence.left_out import left_out
        from gitops_gen.evidence.part_folders import part_folders

        chart = chart._replace(folders=part_folders(self.files, chart))
        return chart._replace(left_out=left_out(self.files, chart, needs))

    def _refused(self, refusal: Refusal, place: Place) -> Failure:
        at = self.files.locate(refusal.place)
        return Failure(refusal.reason, place, at, hint=refusal.hint, ends=refusal.ends)

    def _lack(self, left_out: LeftOut, place: Place) -> Failure:
        name, part = left_out.dependency.name, left_out.part
        reason = f"{name}, which its part {part} needs, and has not in its charts/"
        hint = f"run helm dependency build {part} and commit its charts/, or let the whole chart need {name}"
        return Failure(reason, place, self.files.locate(left_out.place), hint=hint, is_partial=True)

    def _unknown(self, source: ApplicationSource, folder: str, read: Sequence[ValuesFile]) -> str | None:
        of_build = [at(source.value, "helm", each) for each in _OF_BUILD]
        if BUILD_VARIABLE.search(json.dumps(of_build, default=str)):
            return f"the chart {folder} is given variables of the build, which only Argo CD knows"
        for each in read:
            if isinstance(each, FileParameter):
                if each.path is None or self.files.content(each.path) is None:
                    return f"the chart {folder} is not rendered, since {each.stated} is not here, or no text"
                continue
            if each.path is not None and globs.is_values_pattern(each.path):
                return f"the chart {folder} is not rendered, since its values files are those that match {each.stated}"
            is_there = each.path is not None and self.files.is_file(each.path)
            if each.path is None or not (is_there or source.ignores_missing_values):
                return f"the chart {folder} is not rendered, since the values file {each.stated} is not here"
        return None

    def _read(self, path: str) -> Mapping[str, object] | helm.HelmRefusalError:
        if path not in self._values:
            file = self.files.get(path)
            # Most clusters have nothing of their own to say, which needs no engine to be read.
            says = file is not None and (file.documents.problems or any(file.documents.values))
            try:
                self._values[path] = read_values(file.text) if file is not None and says else {}
            except helm.HelmRefusalError as error:
                self._values[path] = error
        return self._values[path]

    def _rendered(self, release: _Release, overrides: Sequence[Override], place: Place) -> Rendering:
        values: dict[str, object] = {}
        for path in release.values_files:
            layer = self._read(path)
            if isinstance(layer, helm.HelmRefusalError):
                return Rendering(failures=(Failure(f"{path}: {layer}", place),))
            values = laid_over(values, layer)
        refused: list[Failure] = []
        for override in overrides:
            try:
                values = override.over(values)
            except helm.HelmRefusalError as error:
                refused.append(Failure(f"its parameter {override.name}: {error}", place))
        found = self._with_values(release, values, place)
        return found._replace(failures=(*refused, *found.failures))

    def _with_values(self, release: _Release, values: Mapping[str, object], place: Place) -> Rendering:
        chart = self._charts[release.folder]
        try:
            rendered = helm.render(
                chart.content,
                values,
                release=release.name,
                namespace=release.namespace,
                with_values=bool(chart.left_out or chart.absent),
            )
        except helm.HelmRefusalError as error:
            return self._of_refusal(str(error), release, place)
        texts = {name: text for name, text in rendered.texts.items() if not name.endswith(_NOTES)}
        asks = set(filter(self._asking(release).covers, texts))
        left_open, lacking = chart.absent.left_open(rendered.values, texts) if chart.absent else ("", ())
        judged = {name: text for name, text in texts.items() if name not in asks and name not in lacking}
        found = self._read_back(release, judged, place)
        used = (each for each in chart.left_out if each.steps[0] in rendered.parts)
        lacks = (self._lack(each, place) for each in used if each.is_wanted(rendered.values))
        found = found._replace(failures=(*found.failures, *lacks))
        if release.with_crds:
            found = found._replace(manifests=(*self._definitions(release.folder, rendered.parts), *found.manifests))
        unknown = "; ".join(filter(None, (_asked(release.folder, asks) if asks else "", left_open)))
        return found._replace(unknown=unknown, hint=_OTHERS_JUDGED) if unknown else found

    def _asking(self, release: _Release) -> Asking:
        if release.folder not in self._asks:
            known = self._charts[release.folder].asks
            self._asks[release.folder] = asking(self.files.root / release.folder) if known is None else known
        return self._asks[release.folder]

    def _read_back(self, release: _Release, texts: Mapping[str, str], place: Place) -> Rendering:
        number = len(self._sources)
        found: list[Manifest] = []
        failures: list[Failure] = []
        rendered: dict[str, int] = {}
        for name, text in sorted(texts.items()):
            path = self._path(release.folder, name)
            documents = yaml_source.read_documents(path, _SEPARATED.sub("---\n", text), self._parsers.yaml)
            broken = next((each for each in documents.problems if each.code == yaml_source.UNREADABLE), None)
            if broken is not None:
                reason = f"{path} renders to what is no YAML, at line {broken.at.line} of it: {broken.message}"
                failures.append(Failure(reason, place, Location(path)))
            lacks = dict.fromkeys(filter(None, map(_lacking, documents.values))) if broken is None else ()
            failures += [
                Failure(f"{path} renders to {each}", place, Location(path), hint=_KNOWN_BY, is_given=True)
                for each in lacks
            ]
            # A template of a part that is taken twice is rendered twice, each time with documents of its own.
            first = rendered.get(path, 0)
            rendered[path] = first + len(documents.values)
            for index, value in enumerate(documents.values, first):
                for manifest in manifests_in(value, Place(path, index, (), number)):
                    if not _is_never_synced(manifest):
                        found.append(manifest)
                        self._objects[path, number, index] = manifest.kind, manifest.name
        return Rendering(tuple(found), tuple(failures))

    def _definitions(self, folder: str, parts: Iterable[str]) -> Iterator[Manifest]:
        """Yields the CustomResourceDefinitions of a chart and of some parts of it, which are no templates."""
        used = [f"charts/{part}/" for part in parts]
        inside = self._charts[folder].folders
        folders = (inside[path] for path in inside if any(f"{path}/".startswith(start) for start in used))
        for path in (path for each in dict.fromkeys((folder, *folders)) for path in self.files.under(f"{each}/crds")):
            file = self.files.get(path)
            if file is not None and path.endswith((".yaml", ".yml")):
                yield from file.manifests

    def _path(self, folder: str, name: str) -> str:
        """Returns where a template is on disk, which Helm names by the chart; for one in an archive, its chart."""
        path = self._charts[folder].path_of(name)
        return path if self.files.is_file(path) else self._charts[folder].path_of(f"/{CHART}")

    def _of_refusal(self, message: str, release: _Release, place: Place) -> Rendering:
        """Returns what is known of a chart that Helm's engine does not render, and says why."""
        from gitops_gen.evidence.complaints import Complaint

        chart = self._charts[release.folder]
        complaint = Complaint(message, chart, self.files)
        if complaint.is_of_schema and release.skips_schema:
            unknown = (
                f"the chart {release.folder} is not rendered, since its schema, which is skipped, refuses the values"
            )
            return Rendering(unknown=unknown, hint=_AS_SCHEMED)
        if complaint.is_of_schema_elsewhere:
            unknown = f"the chart {release.folder} is not rendered, since a schema of it is in part on another host"
            return Rendering(unknown=unknown, hint=_WITH_SCHEMA)
        refused = [name for name in complaint.names if self._asking(release).covers(name)]
        if refused:
            return Rendering(unknown=_asked(release.folder, refused), hint=_BY_HAND)
        left_open = chart.absent.left_open_by(complaint) if chart.absent else ""
        if left_open:
            return Rendering(unknown=left_open)
        # A template may miss what a part needs that it is of.
        left_out = (each for each in chart.left_out if any(map(each.is_of, complaint.paths)))
        ends = tuple((each.place, f"Helm leaves {each.dependency.name} out, which is not there") for each in left_out)
        failure = Failure(complaint.reason, place, complaint.at, is_schema=complaint.is_of_own_schema, ends=ends)
        return Rendering(failures=(failure,))


def _asked(folder: str, names: Collection[str]) -> str:
    first = ", ".join(sorted(name.partition("/")[2] for name in names)[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"the chart {folder} asks what its cluster serves (.Capabilities), and needs that for {first}{more}"


def _lacking(value: object) -> str | None:
    """Returns what an object lacks by which Argo CD and the API server know it, or None."""
    if not isinstance(value, dict) or not value:
        return None
    return next((f"an object without {field}" for field in _HEAD if not isinstance(value.get(field), str)), None)


def _is_never_synced(manifest: Manifest) -> bool:
    stated = text_at(manifest.annotations, _HOOK)
    return stated is not None and {each.strip() for each in stated.split(",")} <= _NEVER_SYNCED
