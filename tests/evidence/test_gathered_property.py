"""What is known to come of any kustomization is what kustomize itself builds."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.gathered import Gathering
from gitops_gen.evidence.values import map_at, text_at
from tests.tools.kustomize import KustomizeError, build, requires_kustomize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROLE = "eks.amazonaws.com/role-arn"
OBJECTS: dict[str, dict[str, object]] = {
    "store": {
        "apiVersion": "external-secrets.io/v1",
        "kind": "SecretStore",
        "metadata": {"name": "store", "labels": {"app": "web"}},
        "spec": {"provider": {"aws": {"region": "us-east-1", "auth": {"jwt": {"serviceAccountRef": {"name": "web"}}}}}},
    },
    "secret": {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": "db", "namespace": "web", "annotations": {"team": "shop"}},
        "spec": {
            "secretStoreRef": {"name": "store", "kind": "SecretStore"},
            "data": [
                {"secretKey": "user", "remoteRef": {"key": "dev/web/db", "property": "user"}},
                {"secretKey": "password", "remoteRef": {"key": "dev/web/db", "property": "password"}},
            ],
        },
    },
    "account": {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "web", "namespace": "web", "annotations": {ROLE: "arn:aws:iam::111122223333:role/web"}},
    },
    "application": {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "web", "namespace": "argocd", "labels": {"app": "web"}},
        "spec": {
            "project": "default",
            "destination": {"name": "one", "namespace": "web"},
            "syncPolicy": {"automated": {"prune": True}, "syncOptions": ["CreateNamespace=true"]},
        },
    },
}
NAMES = tuple(OBJECTS)
VALUES = st.sampled_from(["text", "a b", "", None, True, 3, {"key": "value"}, ["item"], {"$patch": "delete"}])
LATER = st.sampled_from(["text", "", None, {"key": "value"}, ["item"]])


def steps_in(value: object, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yields the steps to each value that may be changed: no name, and nothing that says what an object is."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        steps = (*above, step)
        if steps[0] == "spec" or above == ("metadata", "annotations"):
            yield steps
        if steps[0] in ("spec", "metadata"):
            yield from steps_in(each, steps)


@st.composite
def targets(draw: st.DrawFn, manifest: Mapping[str, object]) -> dict[str, str]:
    kind, name = str(manifest["kind"]), text_at(manifest, "metadata", "name") or ""
    parts = {
        "kind": st.sampled_from([kind, kind, f"{kind[:3]}.*"]),
        "name": st.sampled_from([name, name, ".*", "other"]),
        "namespace": st.just("web"),
        "labelSelector": st.sampled_from(["app=web", "app", "app!=web"]),
        "annotationSelector": st.just("team=shop"),
    }
    chosen = draw(st.lists(st.sampled_from([*["kind", "name"] * 4, *parts]), min_size=1, max_size=3, unique=True))
    return {each: draw(parts[each]) for each in chosen}


@st.composite
def merge_patches(draw: st.DrawFn, manifest: Mapping[str, object]) -> dict[str, object]:
    identity = {key: each for key, each in map_at(manifest, "metadata").items() if key in ("name", "namespace")}
    patch: dict[str, object] = {**{key: manifest[key] for key in ("apiVersion", "kind")}, "metadata": identity}
    named = [each for each in steps_in(manifest) if all(isinstance(step, str) for step in each)]
    *above, last = map(str, (*draw(st.sampled_from(named)), *draw(st.sampled_from([(), (), ("added",)]))))
    inner = patch
    for step in above:
        inner = cast("dict[str, object]", inner.setdefault(step, {}))
    inner[last] = draw(VALUES)
    return patch


@st.composite
def json_patches(draw: st.DrawFn, manifest: Mapping[str, object]) -> list[dict[str, object]]:
    steps = draw(st.sampled_from(list(steps_in(manifest))))
    action = draw(st.sampled_from(["replace", "replace", "add", "remove", "copy", "move"]))
    path = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
    beside = f"{path.rpartition('/')[0]}/{'-' if isinstance(steps[-1], int) else 'added'}"
    if action in ("copy", "move"):
        return [{"op": action, "from": path, "path": beside}]
    operation: dict[str, object] = {"op": action, "path": beside if action == "add" and draw(st.booleans()) else path}
    return [operation if action == "remove" else {**operation, "value": draw(LATER)}]


@st.composite
def patches(draw: st.DrawFn) -> dict[str, object]:
    manifest = OBJECTS[draw(st.sampled_from(NAMES))]
    if draw(st.booleans()):
        patch: dict[str, object] = {"patch": json.dumps(draw(merge_patches(manifest)))}
        return {**patch, "target": draw(targets(manifest))} if draw(st.booleans()) else patch
    return {"patch": json.dumps(draw(json_patches(manifest))), "target": draw(targets(manifest))}


@st.composite
def kustomizations(draw: st.DrawFn, resources: Sequence[str]) -> dict[str, object]:
    fields = {
        "namespace": st.sampled_from(["web", "shop"]),
        "namePrefix": st.just("a-"),
        "nameSuffix": st.just("-z"),
        "commonAnnotations": st.sampled_from([{"team": "other"}, {"note": ""}]),
        "labels": st.just([{"pairs": {"part": "of"}}]),
        "patches": st.lists(patches(), min_size=1, max_size=2),
    }
    chosen = draw(st.lists(st.sampled_from([*fields, "patches", "patches"]), max_size=4, unique=True))
    return {"resources": list(resources), **{each: draw(fields[each]) for each in chosen}}


@st.composite
def trees(draw: st.DrawFn) -> dict[str, object]:
    """An overlay of a base, each with some of the objects."""
    files: dict[str, object] = {}
    beneath = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    for folder, names in (("base", beneath), ("overlay", [each for each in NAMES if each not in beneath])):
        files |= {f"{folder}/{name}.yaml": OBJECTS[name] for name in names}
        more = ["../base"] if folder == "overlay" else []
        files[f"{folder}/kustomization.yaml"] = draw(kustomizations([*(f"{name}.yaml" for name in names), *more]))
    return files


def shown(value: Mapping[str, object], *, is_labelled: bool) -> str:
    """Returns an object without its labels, if they are not followed, and without maps of nothing."""
    metadata = {key: each for key, each in map_at(value, "metadata").items() if each != {}}
    if is_labelled:
        metadata.pop("labels", None)
    return json.dumps({**value, "metadata": metadata}, sort_keys=True)


@requires_kustomize
@settings(max_examples=60, deadline=None)
@given(trees())
def test_what_is_known_of_an_overlay_is_what_kustomize_builds(files: Mapping[str, object]) -> None:
    with TemporaryDirectory() as name:
        root = Path(name)
        for path, value in files.items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(json.dumps(value), encoding="utf-8")
        taken = Gathering(Files(root)).of("overlay")
        assume(taken is not None)
        try:
            built = build(root / "overlay")
        except KustomizeError:
            reject()  # what stops a build is for the rule of kustomizations
    found = {
        (each["kind"], text_at(each, "metadata", "namespace"), text_at(each, "metadata", "name")): each
        for each in built
    }
    known = [each for each in taken or () if each.is_known]
    keys = [(each.manifest.kind, each.manifest.namespace, each.manifest.name) for each in known]
    ours = [shown(each.manifest.value, is_labelled=each.is_labelled) for each in known]
    theirs = [shown(found[key], is_labelled=each.is_labelled) for key, each in zip(keys, known, strict=True)]
    assert dict(zip(keys, ours, strict=True)) == dict(zip(keys, theirs, strict=True))
    assert len(taken or ()) == len(built)
