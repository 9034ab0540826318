"""What kustomize makes of files: which are patches, which objects of Argo CD it patches, and which files it leaves out.

A patch looks like an object, and is a part of one; what it lacks, the object has that it is laid over. And what a file
says of an Application that is patched is not what Argo CD reads. A file that no kustomization names, among others that
one does, is most often one that somebody took out of use: kustomize reads what it is told, and nothing else.

Source: kubernetes-sigs/kustomize, api/types/kustomization.go, patch.go and selector.go.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.kustomize_replacements import field_steps, is_in_field, replacements
from gitops_gen.evidence.kustomize_targets import Target, Targets, named_in
from gitops_gen.evidence.patched_fields import patched_fields
from gitops_gen.evidence.values import list_at, map_at, strings_at, text_at
from gitops_gen.source import read_documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Files, Manifest
    from gitops_gen.evidence.kustomize_replacements import Replacement
    from gitops_gen.evidence.kustomize_settings import Settings
    from gitops_gen.shapes import Steps

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""The names that kustomize looks for in a folder."""
GROUP = "kustomize.config.k8s.io"
"""The group of a kustomization and of a component: files of the tool, which no cluster knows."""

COMPONENT = "Component"
"""The kind of what is for whichever kustomization takes it."""
_OUTSIDE = ".."
_PATCH_LISTS = ("patches", "patchesJson6902")
_STRATEGIC = "patchesStrategicMerge"
PARTS = ("resources", "bases", "components")
"""The lists of what a kustomization takes objects from."""
_LISTING = frozenset({"apiVersion", "kind", "metadata", "resources", "bases", "sortOptions"})
"""The fields that change nothing of what a kustomization takes."""


class Kustomizations:
    """The kustomizations among some files."""

    def __init__(self, files: Files, paths: Iterable[str]) -> None:
        self._files = files
        self._values = {path: value_of(files, path) for path in paths if is_named_so(path)}
        self._takes: dict[str, frozenset[str]] = {}
        self._targets: dict[str, Targets] = {}
        self._parts: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}
        self._by_name: dict[str, Mapping[str, Sequence[Manifest]]] = {}

    def __bool__(self) -> bool:
        """True if there is one."""
        return bool(self._values)

    @cached_property
    def patches(self) -> frozenset[str]:
        """The files that are patches, and those that a generator of policies changes: neither says all of an object."""
        found = {file for path, value in self._values.items() for file in _patch_files(path, value)}
        return self.policy_inputs.union(found)

    @cached_property
    def policy_inputs(self) -> frozenset[str]:
        """The files that a generator of policies patches, or that have templates for these."""
        generating = [(path, value) for path, value in self._values.items() if list_at(value, "generators")]
        if not generating:
            return frozenset()
        from gitops_gen.evidence.policy_inputs import changed_inputs

        return frozenset(file for path, value in generating for file in changed_inputs(self._files, path, value))

    def patching(self, manifests: Sequence[Manifest]) -> Mapping[int, str]:
        """Returns the kustomization that patches an object, by the number of the object among those given."""
        numbers: dict[str, list[int]] = {}
        for number, manifest in enumerate(manifests):
            numbers.setdefault(manifest.place.file, []).append(number)
        found: dict[int, str] = {}
        for path in self._values if numbers else ():
            targets = self._all_targets(path)
            for file in self._taken(posixpath.dirname(path), ()) & numbers.keys() if targets else ():
                for number in numbers[file]:
                    if targets.fit(manifests[number]):
                        found.setdefault(number, path)
        return found

    def take_as_written(self, manifest: Manifest) -> bool:
        """Tells whether a kustomization that no other one takes has an object in it, and none below it patches it."""
        waiting = list(self._outermost_by_file.get(manifest.place.file, ()))
        seen: set[str] = set()
        while waiting:
            path = waiting.pop()
            if path in seen or self._all_targets(path).fit(manifest):
                continue
            seen.add(path)
            files, inner = self._parts_of(path)
            if manifest.place.file in files:
                return True
            waiting += inner
        return False

    def replaces(self, manifest: Manifest, steps: Steps) -> bool:
        """Tells whether a replacement or a patch writes a value of an object, wherever a kustomization takes it."""
        writing = self._written_by_file.get(manifest.place.file, ())
        is_written = any(
            is_in_field(field, steps) and targets.fit(manifest) for fields in writing for field, targets in fields
        )
        return is_written and not self.take_as_written(manifest)

    @cached_property
    def _written_by_file(self) -> Mapping[str, Sequence[Sequence[tuple[str, Targets]]]]:
        """The fields that each kustomization writes, and of what, by each file that it has objects of."""
        found: dict[str, list[Sequence[tuple[str, Targets]]]] = {}
        for path, value in self._values.items():
            written: dict[str, list[Target]] = {}
            for inner in (path, *self._components(path, value)):
                for target, field in self._written(inner):
                    written.setdefault(field, []).append(target)
            fields = [(field, Targets(targets)) for field, targets in written.items()]
            for file in self._taken(posixpath.dirname(path), ()) if fields else ():
                found.setdefault(file, []).append(fields)
        return found

    def _written(self, path: str) -> Iterator[tuple[Target, str]]:
        value = self._values[path]
        for replacement in replacements(self._files, path, value):
            for each in replacement.targets:
                for field in strings_at(each, "fieldPaths") or ("",):
                    yield self._target(map_at(each, "select")), field
        for stated, patch in self._bodies(path, value):
            for target in (self._target(stated),) if stated else named_in((patch,)):
                yield from ((target, field) for field in patched_fields(patch) if field)

    def _bodies(self, path: str, value: object) -> Iterator[tuple[Mapping[str, object], object]]:
        """Yields each patch of a kustomization, with what it states as its target."""
        entries = [(map_at(each, "target"), each) for name in _PATCH_LISTS for each in list_at(value, name)]
        texts = [(target, text_at(each, "patch"), {_PATCH_LISTS[0]: [each]}) for target, each in entries]
        texts += [({}, each, {_STRATEGIC: [each]}) for each in strings_at(value, _STRATEGIC)]
        for target, inline, entry in texts:
            for patch in read_documents(path, inline).values if inline is not None else ():
                yield target, patch
            for file in _patch_files(path, entry):
                read = self._files.get(file)
                yield from ((target, patch) for patch in (read.documents.values if read is not None else ()))

    def _parts_of(self, path: str) -> tuple[frozenset[str], tuple[str, ...]]:
        """Returns what a kustomization takes that is no folder, and the kustomizations of the folders."""
        if path not in self._parts:
            parts = dict.fromkeys(_parts(path, self._values.get(path)))
            folders = [part for part in parts if self._files.is_folder(part)]
            inner = (of_folder(self._files, part) for part in folders)
            self._parts[path] = (
                frozenset(parts.keys() - set(folders)),
                tuple(each for each in inner if each is not None),
            )
        return self._parts[path]

    def _all_targets(self, path: str) -> Targets:
        """Returns what a kustomization patches, and what its components do."""
        if path not in self._targets:
            value = self._values.get(path)
            stating = (path, *self._components(path, value))
            self._targets[path] = Targets(
                each for inner in stating for each in self._targets_in(inner, self._values.get(inner))
            )
        return self._targets[path]

    def _components(self, path: str, value: object) -> Iterator[str]:
        """Yields the components that a kustomization names."""
        for each in strings_at(value, "components"):
            inner = of_folder(self._files, joined(posixpath.dirname(path), each))
            if inner is not None and inner in self._values:
                yield inner

    @cached_property
    def _outermost(self) -> tuple[str, ...]:
        """The kustomizations that no other one takes; a component is for whoever takes it."""
        taken = {part for path, value in self._values.items() for part in _parts(path, value)}
        return tuple(
            path
            for path, value in self._values.items()
            if (posixpath.dirname(path) or ".") not in taken and text_at(value, "kind") != COMPONENT
        )

    @cached_property
    def _outermost_by_file(self) -> Mapping[str, Sequence[str]]:
        """Those that have a file in them, by the file."""
        found: dict[str, list[str]] = {}
        for path in self._outermost:
            for file in self._taken(posixpath.dirname(path), ()):
                found.setdefault(file, []).append(path)
        return found

    def changed_by(self, folder: str, settings: Settings, manifests: Sequence[Manifest]) -> Iterator[int]:
        """Yields the numbers of the objects of a folder that the settings of a source patch, or may rename."""
        files = self._taken("" if folder == "." else folder, ())
        targets = tuple(self._patched(posixpath.join(folder, NAMES[0]), settings.value))
        for number, manifest in enumerate(manifests):
            is_changed = settings.is_renaming or any(each.fits(manifest) for each in targets)
            if manifest.place.file in files and is_changed:
                yield number

    def taking(self, file: str) -> Sequence[str]:
        """Returns the folders of the kustomizations that no other one takes, and that have a file in them."""
        return [posixpath.dirname(path) or "." for path in self._outermost_by_file.get(file, ())]

    def listed(self, folder: str, file: str) -> str | None:
        """Returns the folder by which the kustomization of a folder has a file, where it only lists what it takes."""
        path = of_folder(self._files, folder)
        value = self._values.get(path or "")
        if path is None or not isinstance(value, dict) or value.keys() - _LISTING:
            return None
        parts = {part for part in _parts(path, value) if part == file or file in self._taken_below(part)}
        return next(iter(parts)) if len(parts) == 1 and file not in parts else None

    def _taken_below(self, part: str) -> frozenset[str]:
        return self._taken("" if part == "." else part, ()) if self._files.is_folder(part) else frozenset()

    def leaving_out(self, file: str) -> str | None:
        """Returns the kustomization that takes other files of the folder of a file, and this one is taken by none."""
        if file.endswith(NAMES) or file in self._named:
            return None
        return self._by_folder.get(posixpath.dirname(file))

    def names(self, file: str) -> bool:
        """True for a file that some kustomization names, or that lies in a folder that one builds."""
        return file in self._named or posixpath.dirname(file) in self._folders

    def reaches_into(self, folder: str) -> bool:
        """True where a kustomization outside of a folder names it, or what is in it."""
        inside = f"{folder}/"
        return any(f"{named}/".startswith(inside) and not path.startswith(inside) for path, named in self._names)

    @cached_property
    def _folders(self) -> frozenset[str]:
        """The folders that kustomize builds."""
        return frozenset(map(posixpath.dirname, self._values))

    @cached_property
    def _named(self) -> frozenset[str]:
        """The files that some kustomization names, for whatever it takes them."""
        return frozenset(named for _, named in self._names)

    @cached_property
    def _names(self) -> tuple[tuple[str, str], ...]:
        """Each kustomization with each path that it may name."""
        return tuple(
            (path, joined(posixpath.dirname(path), text))
            for path, value in self._values.items()
            for text in _texts_in(value)
        )

    def takes_both(self, one: str, other: str) -> bool:
        """True where one kustomization takes two files, each by its name."""
        return any(one in files and other in files for files in self._single.values())

    @cached_property
    def _by_folder(self) -> Mapping[str, str]:
        """The kustomizations, by each folder that they take single files of."""
        found: dict[str, str] = {}
        for path, files in self._single.items():
            for file in files:
                found.setdefault(posixpath.dirname(file), path)
        return found

    @cached_property
    def _single(self) -> Mapping[str, frozenset[str]]:
        """The single files that each kustomization takes."""
        return {
            path: frozenset(file for file in _parts(path, value) if self._files.is_file(file))
            for path, value in self._values.items()
        }

    def _targets_in(self, path: str, value: object) -> Iterator[Target]:
        yield from self._patched(path, value)
        for replacement in replacements(self._files, path, value):
            copied = self._copied(path, replacement)
            for each in replacement.targets:
                target = self._target(map_at(each, "select"))
                stated = [field_steps(text) for text in strings_at(each, "fieldPaths") or (None,)]
                fields = tuple(steps for steps in stated if steps is not None)
                is_plain = copied is not None and len(fields) == len(stated) and not map_at(each, "options")
                yield target._replace(copied=copied, fields=fields) if is_plain else target

    def _copied(self, path: str, replacement: Replacement) -> str | None:
        """Returns the text that a replacement copies, from an object in a file that no patch changes."""
        steps = field_steps(text_at(replacement.source, "fieldPath"))
        if steps is None or map_at(replacement.source, "options"):
            return None
        manifests = self._taken_by_name(posixpath.dirname(path)).get(text_at(replacement.source, "name") or "", ())
        found = [each for each in manifests if replacement.is_from(each)]
        is_as_written = len(found) == 1 and not self._all_patched.fit(found[0])
        return text_at(found[0].value, *steps) if is_as_written else None

    def _taken_by_name(self, folder: str) -> Mapping[str, Sequence[Manifest]]:
        """Returns the objects that the kustomization of a folder takes, by their names, and all of them under none."""
        if folder not in self._by_name:
            found: dict[str, list[Manifest]] = {}
            files = filter(self._files.is_file, self._taken(folder, ()))
            for each in (manifest for file in files for manifest in _file_manifests(self._files, file)):
                for name in {each.name, ""}:
                    found.setdefault(name, []).append(each)
            self._by_name[folder] = found
        return self._by_name[folder]

    @cached_property
    def _all_patched(self) -> Targets:
        """What the patches of all kustomizations are laid over."""
        return Targets(each for path, value in self._values.items() for each in self._patched(path, value))

    def _patched(self, path: str, value: object) -> Iterator[Target]:
        for entry in (each for name in _PATCH_LISTS for each in list_at(value, name)):
            target, inline = map_at(entry, "target"), text_at(entry, "patch")
            if target:
                yield self._target(target)
            elif inline is not None:
                yield from named_in(read_documents(path, inline).values)
        for text in strings_at(value, _STRATEGIC):
            yield from named_in(read_documents(path, text).values)
        for file in _patch_files(path, value):
            read = self._files.get(file)
            yield from named_in(read.documents.values if read is not None else ())

    def _target(self, stated: Mapping[str, object]) -> Target:
        labels = "" if self._adds_labels else text_at(stated, "labelSelector") or ""
        return Target(text_at(stated, "kind") or "", text_at(stated, "name") or "", labels)

    @cached_property
    def _adds_labels(self) -> bool:
        """True where some kustomization adds labels: which objects a patch selects by theirs is not known then."""
        return any(list_at(value, "labels") or map_at(value, "commonLabels") for value in self._values.values())

    def _taken(self, folder: str, above: tuple[str, ...]) -> frozenset[str]:
        """Returns the files of the objects that the kustomization of a folder takes, from other folders too."""
        if folder not in self._takes:
            found: set[str] = set()
            path = next((path for name in NAMES if (path := posixpath.join(folder, name)) in self._values), None)
            value = self._values.get(path or "")
            for part in _parts(path, value) if path is not None else ():
                if self._files.is_folder(part) and part not in above:
                    found |= self._taken("" if part == "." else part, (*above, part))
                else:
                    found.add(part)
            self._takes[folder] = frozenset(found)
        return self._takes[folder]


def is_one(files: Files, folder: str) -> bool:
    """True for a folder that kustomize builds."""
    return of_folder(files, folder) is not None


def of_folder(files: Files, folder: str) -> str | None:
    """Returns the kustomization of a folder, or None if kustomize does not build it."""
    return next((path for name in NAMES if files.is_file(path := joined(folder, name))), None)


def is_named_so(path: str) -> bool:
    """True for a file that kustomize takes for a kustomization."""
    return path.endswith(NAMES) and posixpath.basename(path) in NAMES


def _file_manifests(files: Files, path: str) -> Sequence[Manifest]:
    """Returns the objects of a file."""
    file = files.get(path)
    return file.manifests if file is not None else ()


def value_of(files: Files, path: str) -> object:
    """Returns what a kustomization says."""
    file = files.get(path)
    return next(iter(file.documents.values), None) if file is not None else None


def _patch_files(path: str, value: object) -> Iterator[str]:
    """Yields the files below the root that a kustomization names as patches; one of JSON Patch has a target too."""
    entries = (each for name in _PATCH_LISTS for each in list_at(value, name))
    named = (text_at(each, "path") for each in entries)
    for name in (*named, *strings_at(value, _STRATEGIC)):
        file = joined(posixpath.dirname(path), name) if name and "\n" not in name else _OUTSIDE
        if not file.startswith((_OUTSIDE, "/")):
            yield file


def _parts(path: str, value: object) -> Iterator[str]:
    """Yields the files and folders that a kustomization takes objects from."""
    for name in PARTS:
        for each in strings_at(value, name):
            yield joined(posixpath.dirname(path), each)


def _texts_in(value: object) -> Iterator[str]:
    """Yields the texts in a kustomization, at any depth: a file may be named as NAME=FILE, and in many fields."""
    if isinstance(value, str):
        yield value
        yield value.rpartition("=")[2]
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts_in(each)


def joined(folder: str, name: str) -> str:
    """Returns what a kustomization in a folder means by a name; outside of the root, it starts with two dots."""
    return posixpath.normpath(posixpath.join(folder, name))
