"""What the sources of an Application bring: manifests of folders, what charts render to, and what nobody can say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.data_classes import entity, field
from gitops_gen.evidence import globs, kustomizations
from gitops_gen.evidence.applications import DIRECTORY, HELM, KUSTOMIZE, PLUGIN
from gitops_gen.evidence.applicationsets import Unknown
from gitops_gen.evidence.chart_values import Undeployed
from gitops_gen.evidence.charts import CHART, is_template, path_in
from gitops_gen.evidence.deployments import FileParameter, OfTool, ValuesFile
from gitops_gen.evidence.files import YAML_ENDINGS
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.operator_charts import operator_chart, operator_part, states_operator
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.source_overrides import files_over, overridden
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.files import File, Files, Manifest
    from gitops_gen.evidence.gathered import Gathering
    from gitops_gen.evidence.operator_charts import OperatorChart
    from gitops_gen.evidence.patches import Taken
    from gitops_gen.evidence.renderings import Failure, Renderings
    from gitops_gen.evidence.repositories import Repositories

SKIPPED = "+argocd:skip-file-rendering"
"""What a file holds that Argo CD passes over in a folder."""
_READ = (*YAML_ENDINGS, ".json")
"""The files of a folder that Argo CD reads as they stand."""
_RUN = ".jsonnet"
"""Those that it runs: what comes of them is not known here."""
_OBJECT = ("apiVersion:", "kind:", "metadata:")
"""What is in a text that Argo CD takes for an object; it passes over another one that it cannot read."""
_VALUES_REF = "$"

_CHART_HINT = "a chart in the tree, with all its charts and values, is rendered and judged"
_UNKNOWN = "so what it brings is not known"
_OVER_HINT = "state which files are read in the Application: other settings in such a file are followed"
_BUILT_HINT = "build it, and verify the result"


@entity
class Brought:
    """What the sources of an Application bring, as it is collected; `Deployment` says what each is."""

    values_files: tuple[ValuesFile, ...]
    file_parameters: tuple[FileParameter, ...]
    manifests: list[Manifest] = field(default_factory=list)
    missing: list[tuple[ApplicationSource, str]] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    elsewhere: list[Unknown] = field(default_factory=list)
    """What is not here to be judged, though the repository is."""
    charts: list[ApplicationSource] = field(default_factory=list)
    unseen: list[ApplicationSource] = field(default_factory=list)
    failures: list[tuple[ApplicationSource, Failure]] = field(default_factory=list)
    mixed: list[tuple[ApplicationSource, OfTool]] = field(default_factory=list)
    operators: list[OperatorChart] = field(default_factory=list)


class _Plain(NamedTuple):
    """What Argo CD takes from a folder as it stands."""

    manifests: tuple[Manifest, ...]
    mixed: tuple[OfTool, ...]
    is_whole: bool
    """False where one of the files stops being YAML: what else it would bring is not known."""
    run: str | None
    """The first of the files that Argo CD runs."""


class Bringing:
    """Reads sources; a folder that several Applications take is read once."""

    def __init__(self, files: Files, repositories: Repositories, renderings: Renderings) -> None:
        self._files = files
        self._repositories = repositories
        self._renderings = renderings
        self._folders: dict[tuple[str, str], str | None] = {}
        """The folder of each repository and path that sources name."""
        self._by_folder: dict[tuple[str, bool, str, str], _Plain] = {}
        self.taken: set[str] = set()
        """The files that Argo CD reads as they stand."""
        self._states_operator: dict[str, bool] = {}
        self._inflated: dict[str, OperatorChart | None] = {}
        self.unreadable: set[str] = set()
        """Those of them that are no YAML."""

    def of(self, application: Application) -> Brought:
        """Returns what an Application brings."""
        brought = Brought(self.values_files_of(application), tuple(self._file_parameters(application)))
        for source in application.sources:
            folder = self.folder_of(source)
            if folder is None:
                self._note_elsewhere(application, source, brought)
            elif not self._files.is_folder(folder):
                brought.missing.append((source, folder))
                brought.unseen.append(source)
            else:
                self._bring_from(application, source, folder, brought)
        brought.operators.extend(self.operators_of(Undeployed(application, brought.values_files)))
        return brought

    def operators_of(self, undeployed: Undeployed) -> Iterator[OperatorChart]:
        """Yields the charts of the operator that an Application brings."""
        for source in undeployed.application.sources:
            folder = self.folder_of(source)
            found = (
                operator_chart(undeployed, source) if folder is None else self._operator_in(undeployed, source, folder)
            )
            if found is not None:
                yield found

    def _operator_in(self, undeployed: Undeployed, source: ApplicationSource, folder: str) -> OperatorChart | None:
        """Returns the chart of the operator that a chart in a folder has for a part, if Helm makes manifests of it.

        Or else the one that kustomize has Helm render.
        """
        if folder not in self._states_operator:
            self._states_operator[folder] = states_operator(self._files, folder)
            self._inflated[folder] = self._inflated_in(folder)
        inflated, is_stated = self._inflated[folder], self._states_operator[folder]
        builder = self._builder(source, folder) if inflated is not None or is_stated else None
        if builder == KUSTOMIZE and inflated is not None:
            found: OperatorChart | None = inflated._replace(source=source)
        elif is_stated and builder is None:
            found = operator_part(self._files, undeployed, source, folder)
        else:
            return None
        checkout = self._repositories.checkout_of(source.repo_url)
        is_here = checkout is None or checkout.is_of(source.revision)  # at another revision it may be another version
        return found if found is None or is_here else found._replace(version="")

    @cached_property
    def gathering(self) -> Gathering:
        """What comes of the kustomizations that are known without kustomize."""
        from gitops_gen.evidence.gathered import Gathering

        return Gathering(self._files)

    def _inflated_in(self, folder: str) -> OperatorChart | None:
        if not kustomizations.is_one(self._files, folder):
            return None
        from gitops_gen.evidence.inflated_operators import inflated_operator

        return inflated_operator(self._files, folder)

    def values_files_of(self, application: Application) -> tuple[ValuesFile, ...]:
        """Returns the values files that an Application names, in their order."""
        return tuple(self._values_files(application))

    def folder_of(self, source: ApplicationSource) -> str | None:
        """Returns the folder of a source; None for a chart repository, and for a repository that is not on disk."""
        if source.path is None or source.chart is not None:
            return None
        key = (source.repo_url, source.path)
        if key not in self._folders:
            self._folders[key] = self._repositories.on_disk(*key)
        return self._folders[key]

    def _note_elsewhere(self, application: Application, source: ApplicationSource, brought: Brought) -> None:
        """Files a source without a folder here; one that is only there to be referred to brings nothing."""
        place = application.source_place(source)
        if source.is_helm:
            brought.charts.append(source)
        elif source.path is not None:
            brought.unseen.append(source)
        if source.chart is not None:
            reason = f"the chart {source.chart} of {source.repo_url} is not on disk, so what it brings is not known"
            brought.elsewhere.append(Unknown(place / "chart", reason, "charts that are not on disk", _CHART_HINT))
        elif source.path is not None and source.repo_url:
            brought.unknown.append(self._unknown(source, source.path, place / "repoURL"))

    def _unknown(self, source: ApplicationSource, path: str, place: Place) -> Unknown:
        if has_template(source.repo_url):
            return Unknown(place, f"{source.repo_url} is a template that is not filled in here, {_UNKNOWN}")
        reason = f"{source.repo_url} is not on disk, {_UNKNOWN}"
        option = self._repositories.here(source.repo_url, path, self._files.is_folder)
        if option is None:
            return Unknown(place, reason)
        return Unknown(place, reason, hint=f"{path} is here: if this is that repository, say so with {option}")

    def _bring_from(self, application: Application, source: ApplicationSource, folder: str, brought: Brought) -> None:
        """Adds what a folder brings, with what files in it say of the source."""
        over = files_over(self._files, folder, application.name)
        said = overridden(self._files, source, over) if over else source
        if said is not None:
            self._bring(application, said, folder, brought)
        else:
            reason = f"{over[-1]} changes what {application.name} says of {folder}, {_UNKNOWN}"
            place = application.source_place(source) / "path"
            brought.elsewhere.append(Unknown(place, reason, "what .argocd-source files change", _OVER_HINT))
            brought.unseen.append(source)

    def _bring(self, application: Application, source: ApplicationSource, folder: str, brought: Brought) -> None:
        builder = self._builder(source, folder)
        gathered = self._gathered(application, source, folder) if builder == KUSTOMIZE else None
        if self._is_refused(source, folder):  # `source-path` says why
            brought.unseen.append(source)
        elif gathered is not None:
            self._gather(source, folder, gathered, brought)
        elif builder is not None:
            place = application.source_place(source) / "path"
            reason = f"{folder} is built by {builder}, which does not run here, so what it brings is not known"
            brought.elsewhere.append(Unknown(place, reason, f"what {builder} builds", _BUILT_HINT))
            brought.unseen.append(source)
        elif self._files.is_file(path_in(folder, CHART)) and DIRECTORY not in source.tools:
            self._render(application, source, folder, brought)
        elif source.is_helm:  # `source-path` says that there is no chart; Argo CD takes nothing from the folder
            brought.unseen.append(source)
        else:
            plain = self._plain(folder, source)
            brought.manifests.extend(plain.manifests)
            brought.mixed.extend((source, each) for each in plain.mixed)
            if plain.run is not None:
                place = application.source_place(source) / "path"
                reason = f"{plain.run} is run by Jsonnet, which does not run here, {_UNKNOWN}"
                brought.elsewhere.append(Unknown(place, reason, "what Jsonnet makes", _BUILT_HINT))
            if plain.run is not None or not plain.is_whole:
                brought.unseen.append(source)

    def _gathered(self, application: Application, source: ApplicationSource, folder: str) -> Sequence[Taken] | None:
        """Returns what comes of a kustomization, with what the source says of it; None where only kustomize knows."""
        if not source.tools:
            return self.gathering.of(folder)
        from gitops_gen.evidence.kustomize_settings import Settings

        is_alone = source.tools == (KUSTOMIZE,)
        return self.gathering.with_settings(folder, Settings.of(application, source)) if is_alone else None

    def _gather(self, source: ApplicationSource, folder: str, gathered: Sequence[Taken], brought: Brought) -> None:
        """Adds what a kustomization gathers; what a patch makes of an object, only kustomize may know."""
        self.taken.update(each.manifest.place.file for each in gathered)
        brought.manifests.extend(each.manifest for each in gathered if each.is_known)
        unknown = [each.manifest for each in gathered if not each.is_known]
        path = kustomizations.of_folder(self._files, folder) or folder
        brought.elsewhere.extend(patched(each, path) for each in unknown)
        if unknown:
            brought.unseen.append(source)

    def _is_refused(self, source: ApplicationSource, folder: str) -> bool:
        """True for a source with settings of two tools, or of kustomize where there is nothing for it to build."""
        is_of_kustomize = KUSTOMIZE in source.tools and not kustomizations.is_one(self._files, folder)
        return len(source.tools) > 1 or is_of_kustomize

    def _builder(self, source: ApplicationSource, folder: str) -> str | None:
        """Returns what Argo CD builds a folder with, if it is neither Helm nor nothing at all.

        That is the tool whose settings the source states, and without any the one whose file is there: kustomize
        before Helm. Source: argoproj/argo-cd v2 and v3, util/app/discovery/discovery.go, Discover, where the file that
        comes last by its name is the one that counts.
        """
        if PLUGIN in source.tools:
            return "a plugin"
        if source.tools:
            return "kustomize" if KUSTOMIZE in source.tools else None
        return "kustomize" if kustomizations.is_one(self._files, folder) else None

    def _render(self, application: Application, source: ApplicationSource, folder: str, brought: Brought) -> None:
        place = application.source_place(source)
        read = (*brought.values_files, *brought.file_parameters)
        own = [each for each in read if each.place.steps[: len(place.steps)] == place.steps]
        rendering = self._renderings.render(application, source, folder, own)
        brought.manifests.extend(rendering.manifests)
        brought.failures.extend((source, failure) for failure in rendering.failures)
        if rendering.unknown is not None:
            # One cause, whichever the chart is and whatever it needs.
            cause = rendering.unknown.replace(folder, "").partition(" needs ")[0]
            brought.elsewhere.append(Unknown(place / "path", rendering.unknown, cause, rendering.hint))
        if rendering.unknown is not None or rendering.failures:
            brought.charts.append(source)

    def _plain(self, folder: str, source: ApplicationSource) -> _Plain:
        """Returns what is in the files of a folder that the source includes and does not exclude."""
        recurse = at(source.value, DIRECTORY, "recurse") is True
        only, never = (text_at(source.value, DIRECTORY, name) or "" for name in ("include", "exclude"))
        key = (folder, recurse, only, never)
        if key not in self._by_folder:
            paths = (path for path in self._files.under(folder, recurse=recurse) if path.endswith((*_READ, _RUN)))
            start = 0 if folder == "." else len(folder) + 1
            wanted = [path for path in paths if is_wanted(path[start:], only, never)]
            stated = [file for path in wanted if path.endswith(_READ) and (file := self._files.get(path)) is not None]
            files = [file for file in stated if SKIPPED not in file.text]
            templates = [file for file in files if self._is_unfilled(file)]
            read = [file for file in files if file not in templates]
            self.taken.update(file.path for file in read)
            broken = [file for file in read if file.is_broken]
            self.unreadable.update(file.path for file in broken if not file.is_unfilled or _stops_at(file))
            objects = [each for file in read for each in file.manifests]
            mixed = [OfTool(Place(file.path), HELM) for file in templates if all(map(file.text.__contains__, _OBJECT))]
            mixed += [OfTool(each.place, KUSTOMIZE) for each in objects if each.group == kustomizations.GROUP]
            mixed += [OfTool(Place(file.path), None) for file in read if file.origin is None and _is_no_object(file)]
            manifests = tuple(each for each in objects if each.group != kustomizations.GROUP)
            run = next((path for path in wanted if path.endswith(_RUN)), None)
            self._by_folder[key] = _Plain(manifests, tuple(mixed), is_whole=not broken, run=run)
        return self._by_folder[key]

    def _is_unfilled(self, file: File) -> bool:
        """True for a template of a chart that Helm has to fill in."""
        return (file.is_broken or "{{" in file.text) and is_template(self._files, file.path)

    def _values_files(self, application: Application) -> Iterator[ValuesFile]:
        refs = _refs(application)
        for source in application.sources:
            if source.values_files:
                place = application.source_place(source).down("helm", "valueFiles")
                for index, stated in enumerate(source.values_files):
                    yield ValuesFile(stated, place / index, self._values_path(source, stated, refs))

    def _file_parameters(self, application: Application) -> Iterator[FileParameter]:
        refs = _refs(application)
        for source in application.sources:
            for index, each in enumerate(list_at(source.value, "helm", "fileParameters")):
                name, stated = text_at(each, "name"), text_at(each, "path")
                if name and stated:
                    place = application.source_place(source).down("helm", "fileParameters", index, "path")
                    yield FileParameter(stated, place, self._values_path(source, stated, refs), name)

    def _values_path(self, source: ApplicationSource, stated: str, refs: Mapping[str, ApplicationSource]) -> str | None:
        if stated.startswith(_VALUES_REF):
            ref, _, rest = stated[1:].partition("/")
            return self._repositories.on_disk(refs[ref].repo_url, rest) if ref in refs else None
        if source.path is None or "://" in stated:
            return None
        path = stated[1:] if stated.startswith("/") else f"{source.path}/{stated}"
        return self._repositories.on_disk(source.repo_url, path)


def patched(manifest: Manifest, path: str) -> Unknown:
    """Returns why nobody can say of an object what it says, once the kustomization of a path is built."""
    reason = f"{manifest} is patched by {path}, which does not run here, so what it says then is not known"
    return Unknown(manifest.place.down("metadata", "name"), reason, "what kustomize patches", "verify what it builds")


def _refs(application: Application) -> Mapping[str, ApplicationSource]:
    return {source.ref: source for source in application.sources if source.ref}


def is_wanted(path: str, only: str, never: str) -> bool:
    """Tells whether a file of a folder is one that Argo CD reads, by its path from there; a star reaches over slashes.

    Source: argoproj/argo-cd v3, reposerver/repository/repository.go, getPotentiallyValidManifestFile; util/glob,
    Match, which is given no separators.
    """
    if never and globs.gobwas(never).fullmatch(path):
        return False
    return not only or globs.gobwas(only).fullmatch(path) is not None


def is_json(text: str) -> bool:
    """True for one value of JSON, to which a comment, or a comma behind the last item, does not belong."""
    from json import loads

    try:
        loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _stops_at(file: File) -> bool:
    """True for an unfilled file that Argo CD does not pass over.

    An object stands before the fault, or what looks like one. What is made here is meant to be read. Source: as for
    what is no object.
    """
    is_like_one = all(map(file.text.__contains__, _OBJECT)) or any(
        text_at(each, "kind") for each in file.documents.values
    )
    return file.origin is not None or file.is_json or is_like_one


def _is_no_object(file: File) -> bool:
    """True for a file that Argo CD stops at, since it does not find an object in it.

    Over YAML that does not look like an object it passes, unless one stands before it in the file. Source:
    argoproj/argo-cd v2 and v3, reposerver/repository/repository.go, getObjsFromYAMLOrJSON; issues 10648, 21228 and
    24980.
    """
    stated = [value for value in file.documents.values if value is not None]
    if file.is_json:
        return file.is_broken or len(stated) != 1 or not text_at(stated[0], "kind") or not is_json(file.text)
    first = next((index for index, value in enumerate(stated) if not text_at(value, "kind")), None)
    if first is None or file.is_broken:  # `invalid-yaml` tells what is broken
        return False
    return first > 0 or all(map(file.text.__contains__, _OBJECT))
