"""What the files say each by itself: their objects, as far as they are applied as they stand, and their variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.charts import is_template, plain_yaml, variable_files
from gitops_gen.evidence.files import TFVARS_ENDINGS, File, Files, Manifest, tfvars_name, yaml_files
from gitops_gen.evidence.values import secret_text
from gitops_gen.kinds import ARGO_GROUP, STORE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.applicationsets import Unknown
    from gitops_gen.evidence.bringing import Bringing
    from gitops_gen.evidence.built_objects import Change
    from gitops_gen.evidence.kustomizations import Kustomizations
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.renderings import Renderings
    from gitops_gen.evidence.repositories import Repositories
    from gitops_gen.evidence.terraform import Tfvars

_OF_ARGO_CD = ("Application", "ApplicationSet", "AppProject")
"""The kinds of the group that Argo CD has; the others are those of Rollouts and Workflows."""


class Written:
    """What the files under some paths of a repository say. What joins them is `Graph`."""

    def __init__(self, files: Files, paths: Iterable[str], repositories: Repositories) -> None:
        self.files = files
        self.repositories = repositories
        self._asked = tuple(paths)
        self.paths = tuple(dict.fromkeys(path for folder in self._asked for path in files.under(folder)))
        """The files that are judged, in a stable order."""

    @cached_property
    def _renderings(self) -> Renderings:
        from gitops_gen.evidence.renderings import Renderings

        return Renderings(self.files, self.repositories)

    @cached_property
    def _bringing(self) -> Bringing:
        from gitops_gen.evidence.bringing import Bringing

        return Bringing(self.files, self.repositories, self._renderings)

    @cached_property
    def plain_yaml(self) -> tuple[File, ...]:
        """The YAML files that are judged, without templates of charts and without what is in hidden folders."""
        return tuple(plain_yaml(self.files, self.paths))

    @cached_property
    def variable_files(self) -> tuple[File, ...]:
        """The variable files of Terraform that are judged, without what is in hidden folders."""
        return tuple(variable_files(self.files, self.paths))

    @property
    def plain_files(self) -> tuple[File, ...]:
        """The YAML files, and the variable files after them."""
        return (*self.plain_yaml, *self.variable_files)

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        """The Kubernetes objects of the files that are judged; templates of charts are none yet."""
        unknown, built = self._unknown_objects, self._built
        if not unknown and not built:
            return self._written
        known = (built.get(each.place, each) for each in self._written if each.place not in unknown)
        return tuple(each for each in known if each is not None)

    @cached_property
    def unknown_projects(self) -> frozenset[str]:
        """The names of AppProjects that are here, and of which nobody knows what they say."""
        unknown = (each for each in self._written if each.place in self._unknown_objects)
        return frozenset(each.name for each in unknown if (each.group, each.kind) == (ARGO_GROUP, "AppProject"))

    @cached_property
    def _unknown_objects(self) -> frozenset[Place]:
        """The objects that somebody fills in or patches first."""
        patched = (place for place in self._patched if place not in self._as_written)
        return frozenset((*(each.place for each in self._forms), *patched))

    @cached_property
    def _forms(self) -> tuple[Manifest, ...]:
        """The objects that somebody fills in before he applies them."""
        return tuple(each for each in self._written if self._is_form(each))

    @cached_property
    def _written(self) -> tuple[Manifest, ...]:
        patches = self._kustomizations.patches
        plain = (path for path in yaml_files(self.paths) if path not in patches and not is_template(self.files, path))
        files = (self.files.get(path) for path in plain)
        return tuple(manifest for file in files if file is not None for manifest in file.manifests)

    @cached_property
    def _kustomizations(self) -> Kustomizations:
        from gitops_gen.evidence.kustomizations import Kustomizations

        return Kustomizations(self.files, self.paths)

    @cached_property
    def _changes(self) -> Sequence[Change]:
        """The objects of Argo CD that kustomize changes."""
        if not self._kustomizations:
            return ()
        from gitops_gen.evidence.built_objects import changes_of

        of_argo_cd = [each for each in self._written if each.group == ARGO_GROUP and each.kind in _OF_ARGO_CD]
        return changes_of(self._kustomizations, self._bringing.folder_of, of_argo_cd)

    @cached_property
    def _built(self) -> Mapping[Place, Manifest | None]:
        """What comes of those of which that is known."""
        if not self._changes:
            return {}
        from gitops_gen.evidence.built_objects import built_objects

        return dict(built_objects(self._kustomizations, self._bringing.gathering, self._changes))

    @cached_property
    def _patched(self) -> Mapping[Place, Unknown]:
        """The others: what they say then is not known."""
        from gitops_gen.evidence.bringing import patched

        unknown = (each for each in self._changes if each.manifest.place not in self._built)
        return {each.manifest.place: patched(each.manifest, each.by) for each in unknown}

    @cached_property
    def _as_written(self) -> frozenset[Place]:
        """The objects that kustomize patches in one place, and takes as they are in another."""
        stated = {each.manifest.place for each in self._changes if each.settings is not None}
        patched = (each for each in self._written if each.place in self._patched and each.place not in stated)
        return frozenset(each.place for each in patched if self._kustomizations.take_as_written(each))

    def as_built(self, manifests: Sequence[Manifest]) -> Iterable[tuple[Manifest, bool]]:
        """Returns objects that no Application brings as kustomize leaves them, and whether that is all of each."""
        if not self._kustomizations:
            return [(each, True) for each in manifests]
        from gitops_gen.evidence.patched_objects import as_built

        return as_built(self._kustomizations, self._bringing.gathering, manifests)

    def _is_form(self, manifest: Manifest) -> bool:
        """True for an object that somebody fills in before he applies it: no API server takes its name or namespace."""
        names = [each for each in (manifest.name, manifest.namespace or "") if "<" in each or not each.islower()]
        if not names:
            return False
        from gitops_gen.evidence import placeholders
        from gitops_gen.evidence.leftovers import failure_in

        is_placeholder = any(placeholders.in_name(each) and failure_in(each) is None for each in names)
        return is_placeholder and not self.is_ours(manifest.place)

    @cached_property
    def cluster_secrets(self) -> Mapping[str, Manifest]:
        """The Secrets that declare clusters, by the name that destinations carry."""
        from gitops_gen.evidence.argo_cd_secrets import CLUSTER, secret_type

        return {
            name: each
            for each in self.manifests
            if each.kind == "Secret" and secret_type(each) == CLUSTER
            if (name := secret_text(each.value, "name"))
        }

    @cached_property
    def tfvars(self) -> tuple[Tfvars, ...]:
        """The variable files of clusters, with the roles that they state or that their configuration makes."""
        from gitops_gen.evidence.terraform import ROLES, read_tfvars

        read = (self.files.get(path) for path in self.paths if path.endswith(TFVARS_ENDINGS))
        files = [(file, read_tfvars(file)) for file in read if file is not None]
        found = [each for _, each in files if each is not None]
        if all(ROLES in each.values or self.is_ours(each.place) for each in found):
            return tuple(found)
        from gitops_gen.evidence.terraform_modules import Modules
        from gitops_gen.evidence.terraform_roles import configured

        others = [file for file, each in files if each is None]
        return tuple(configured(found, others, self.files, Modules(self.files, self.paths)))

    @cached_property
    def variable_files_by_name(self) -> Mapping[str, File]:
        """The variable files by their own name, without its ending: mostly that of their cluster."""
        return {tfvars_name(each.path): each for each in self.variable_files}

    @cached_property
    def stores(self) -> tuple[Manifest, ...]:
        """The stores that stand in the files that are judged, also those that no Application is seen to bring."""
        return tuple(each for each in self.manifests if each.kind in STORE_KINDS)

    @cached_property
    def written_namespaces(self) -> frozenset[str]:
        """The namespaces that stand in the files that are judged, whoever applies them."""
        return frozenset(each.name for each in self.manifests if each.kind == "Namespace" and not each.group)

    def is_for_kustomize(self, path: str) -> bool:
        """True for a file that kustomize takes, or one beside those."""
        return bool(self._kustomizations) and self._kustomizations.names(path)

    def is_for_policies(self, path: str) -> bool:
        """True for a file that a generator of policies patches, or of which the policies fill in the templates."""
        return bool(self._kustomizations) and path in self._kustomizations.policy_inputs

    def are_built_together(self, one: Place, other: Place) -> bool:
        """True where one kustomization takes the files of two places."""
        return bool(self._kustomizations) and self._kustomizations.takes_both(one.file, other.file)

    def is_bare_template(self, place: Place) -> bool:
        """True for a template without quotes in a file: to YAML it is a map with a map for a key."""
        file = None if place.rendering else self.files.get(place.file)
        return file is not None and not file.is_tfvars and file.has_bare_template(place)

    def is_ours(self, place: Place) -> bool:
        """True if the file of a place carries the mark of ownership."""
        file = None if place.rendering else self.files.get(place.file)
        return file is not None and file.origin is not None

    def template_of(self, place: Place) -> str | None:
        """Returns the template that the file of a place is generated from; None for one that is not generated."""
        file = None if place.rendering else self.files.get(place.file)
        return file.origin.template if file is not None and file.origin is not None else None

    def is_in_submodule(self, path: str) -> bool:
        """True for a path in a submodule of a repository that is on disk: Argo CD checks them out, people forget to."""
        return any(path == each or path.startswith(f"{each}/") for each in self._submodules)

    @cached_property
    def _submodules(self) -> tuple[str, ...]:
        from gitops_gen.evidence.submodules import submodules

        return submodules(self.files, (each.folder for each in self.repositories.checkouts.values()))

    @property
    def _not_as_written(self) -> Iterator[Unknown]:
        """Yields the objects of which nobody knows what they say when they are applied."""
        yield from map(_form, self._forms)
        yield from self._patched.values()


def _form(manifest: Manifest) -> Unknown:
    from gitops_gen.evidence import placeholders
    from gitops_gen.evidence.applicationsets import Unknown

    field = "name" if placeholders.in_name(manifest.name) else "namespace"
    reason = (
        f"{manifest} has a placeholder for its {field}, so somebody fills it in first: what it says then is not known"
    )
    return Unknown(manifest.place.down("metadata", field), reason, "forms", "verify what is made of it")
