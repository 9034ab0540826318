"""Whatever a valid fleet says: what is generated from it is sound, and the same every time.

GITOPS_GEN_EXAMPLES=1000 looks longer, at other fleets in every run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias, cast

import pygohcl
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gitops_gen.artifacts import load_specs, stock_templates
from gitops_gen.load import load
from gitops_gen.pipeline import open_project, render, write
from gitops_gen.plan import Plan, Selection, make_plan
from gitops_gen.render import render_all
from gitops_gen.templating.templates import Templates
from gitops_gen.tree import is_owned
from tests.tools import fleets
from tests.tools.random_fleets import random_fleets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tools.fleets import Facts, Files

Map: TypeAlias = "dict[str, object]"

EXAMPLES = os.environ.get("GITOPS_GEN_EXAMPLES")
settings.register_profile(
    "fleets",
    max_examples=int(EXAMPLES or 25),
    derandomize=EXAMPLES is None,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
LOOK = settings.get_profile("fleets")
LOOK_TWICE = settings(LOOK, max_examples=max(LOOK.max_examples // 10, 2))
ROOT = Path(__file__).parent.parent


@contextmanager
def folder(files: Files) -> Iterator[Path]:
    """A project with these model files, in a folder of its own."""
    with TemporaryDirectory() as name:
        yield fleets.write(Path(name), files)


@cache
def stock() -> Templates:
    """The stock templates: compiled once for all fleets."""
    return Templates(stock_templates().parent)


def plan_of(root: Path, selection: Selection = Selection()) -> Plan:
    return make_plan(load(root), load_specs(root), stock(), selection)


def texts(plan: Plan) -> dict[str, str]:
    return {artifact.path: artifact.text for artifact in render_all(plan, stock())}


def generated(files: Files) -> Tree:
    with folder(files) as root:
        return Tree(files, texts(plan_of(root)))


def maps(value: object) -> list[Map]:
    return [each for each in cast("list[object]", value or []) if isinstance(each, dict)]


def at(value: object, *steps: str) -> Map:
    for step in steps:
        value = cast("Map", value)[step]
    return cast("Map", value)


@dataclass(frozen=True)
class Tree:
    """The generated files, read as others read them: nothing of the model but its files."""

    files: Files
    texts: dict[str, str]

    def below(self, pattern: str) -> dict[str, str]:
        """The texts of the files whose path the pattern matches."""
        return {path: text for path, text in self.texts.items() if re.fullmatch(pattern, path)}

    @cached_property
    def documents(self) -> dict[str, list[Map]]:
        """The documents of every YAML file that is not empty."""
        return {
            path: [document for document in yaml.load_all(text, yaml.CSafeLoader) if document is not None]
            for path, text in self.below(r".*\.yaml").items()
        }

    @cached_property
    def objects(self) -> list[tuple[str, Map]]:
        """Every Kubernetes object, with the path of its file."""
        return [(path, each) for path, found in self.documents.items() for each in found if "kind" in each]

    def of_kind(self, kind: str) -> list[tuple[str, Map]]:
        return [(path, each) for path, each in self.objects if each["kind"] == kind]

    @cached_property
    def tfvars(self) -> dict[str, Map]:
        """The tfvars of every cluster, by its folder."""
        found = self.below(r".*\.tfvars")
        return {path.rsplit("/", 1)[0]: pygohcl.loads(text) for path, text in found.items()}

    @cached_property
    def elements(self) -> dict[str, list[Map]]:
        """The parameters of every release, by the path of the ApplicationSet: from its list, or from files."""
        found: dict[str, list[Map]] = {}
        for path, each in self.of_kind("ApplicationSet"):
            app = Path(path).stem
            (generator,) = maps(at(each, "spec")["generators"])
            if "list" in generator:
                found[path] = maps(at(generator, "list")["elements"])
            else:
                beside = self.below(rf"environments/[^/]+/clusters/[^/]+/apps/{app}/release\.yaml")
                found[path] = [yaml.load(text, yaml.CSafeLoader) for text in beside.values()]
        return found


def filled(text: str, element: Map) -> str:
    """A text with the parameters of a release in it."""
    return re.sub(r"\{\{ \.(\w+) \}\}", lambda found: cast("str", element[found[1]]), text)


# The same every time.


@LOOK
@given(random_fleets())
def test_the_same_model_gives_the_same_bytes_in_another_folder_and_order(files: Files) -> None:
    with folder(files) as first, folder(dict(reversed(files.items()))) as second:
        once = [(each.path, each.text.encode()) for each in render(first)]
        assert [(each.path, each.text.encode()) for each in render(second)] == once
        assert not [path for path, text in once if str(first).encode() in text]


RENDER = """
import hashlib, sys
from pathlib import Path
from gitops_gen.pipeline import render
for root in sys.argv[1:]:
    for each in render(Path(root)):
        print(each.path, hashlib.sha256(each.text.encode()).hexdigest())
"""


@settings(LOOK, max_examples=1)
@given(st.lists(random_fleets(), min_size=3, max_size=3))
def test_the_same_model_gives_the_same_bytes_in_another_process(some: list[Files]) -> None:
    with folder(some[0]) as a, folder(some[1]) as b, folder(some[2]) as c:
        outputs = {
            subprocess.run(
                [sys.executable, "-c", RENDER, str(a), str(b), str(c)],
                env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("1", "2", "3")
        }
    assert len(outputs) == 1
    assert "environments/fleet" not in outputs.pop()


@LOOK_TWICE
@given(random_fleets())
def test_to_generate_again_writes_nothing(files: Files) -> None:
    with folder(files) as root:
        first = write(root)
        before = {path: path.stat().st_mtime_ns for path in (root / "output").rglob("*") if path.is_file()}
        again = write(root)
        assert {path: path.stat().st_mtime_ns for path in (root / "output").rglob("*") if path.is_file()} == before
    assert (len(first.changes), again.changes, again.kept) == (first.files, (), ())
    assert len(before) == first.files


# Every file.


@LOOK
@given(random_fleets())
def test_every_file_is_marked_and_reads_as_what_it_is(files: Files) -> None:
    tree = generated(files)
    for path, text in tree.texts.items():
        assert is_owned(text.split("\n", 1)[0].encode()), path
        assert text.endswith("\n"), path
        assert not re.search(r"[ \t]\n|\t|\r", text), path
    assert len(tree.documents) + len(tree.tfvars) + len(tree.below(r".*\.md")) == len(tree.texts)
    for path, each in tree.objects:
        assert {"apiVersion", "kind", "metadata"} <= each.keys(), path


@LOOK
@given(random_fleets())
def test_every_name_is_its_own(files: Files) -> None:
    tree = generated(files)
    applications = [each["application"] for elements in tree.elements.values() for each in elements]
    roles = [
        (variables["account_id"], cast("str", at(role)["role_name"]).casefold())
        for variables in tree.tfvars.values()
        for role in at(variables, "eso_roles").values()
    ]
    # What lies in one folder goes to one cluster; what lies under argocd/ goes to Argo CD.
    objects = [
        (
            "argocd" if path.startswith("argocd/") else path.split("/apps/")[0],
            each["apiVersion"],
            each["kind"],
            at(each, "metadata")["namespace"],
            at(each, "metadata")["name"],
        )
        for path, each in tree.objects
    ]
    targets = [
        (path.split("/apps/")[0], at(each, "metadata")["namespace"], at(each, "spec", "target")["name"])
        for path, each in tree.of_kind("ExternalSecret")
    ]
    for names in (applications, roles, objects, targets, [path.casefold() for path in tree.texts]):
        assert [name for name, count in Counter(names).items() if count > 1] == []


LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
SUBDOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
RELEASE = re.compile(rf"(?=.{{1,53}}$){SUBDOMAIN.pattern}")
LABEL_VALUE = re.compile(r"(?=.{0,63}$)([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?")


@LOOK
@given(random_fleets())
def test_every_name_keeps_its_limit(files: Files) -> None:
    tree = generated(files)
    for path, each in tree.objects:
        metadata = at(each, "metadata")
        assert SUBDOMAIN.fullmatch(cast("str", metadata["name"])), path
        assert LABEL.fullmatch(cast("str", metadata["namespace"])), path
        for value in cast("dict[str, str]", metadata.get("labels", {})).values():
            assert LABEL_VALUE.fullmatch(value), path
    for path, elements in tree.elements.items():
        (template,) = (at(each, "spec", "template") for other, each in tree.of_kind("ApplicationSet") if other == path)
        for each in elements:
            assert LABEL.fullmatch(cast("str", each["application"])), path
            for value in cast("dict[str, str]", at(template, "metadata", "labels")).values():
                assert LABEL_VALUE.fullmatch(filled(value, each)), path
        assert LABEL.fullmatch(cast("str", at(template, "spec", "destination")["namespace"]))
        assert RELEASE.fullmatch(cast("str", at(maps(at(template, "spec")["sources"])[0], "helm")["releaseName"]))
    for variables in tree.tfvars.values():
        for role in map(at, at(variables, "eso_roles").values()):
            assert re.fullmatch(r"[\w+=,.@-]{1,64}", cast("str", role["role_name"]), re.ASCII)
            assert SUBDOMAIN.fullmatch(cast("str", role["service_account"]))
    for _, each in tree.of_kind("ExternalSecret"):
        for data in maps(at(each, "spec")["data"]):
            assert re.fullmatch(r"[-._a-zA-Z0-9]{1,253}", cast("str", data["secretKey"]))
            assert re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,512}", cast("str", at(data, "remoteRef")["key"]))


# What belongs together.


@LOOK
@given(random_fleets())
def test_every_parameter_that_a_set_uses_stands_in_every_element_and_no_other(files: Files) -> None:
    tree = generated(files)
    for path, each in tree.of_kind("ApplicationSet"):
        spec = at(each, "spec")
        used = set(re.findall(r"\.(\w+)\b", " ".join(re.findall(r"\{\{-?([^}]*)\}\}", json.dumps(spec)))))
        assert tree.elements[path], path
        for element in tree.elements[path]:
            assert set(element) == used, path
            assert all(isinstance(value, str) for value in element.values()), path


@LOOK
@given(random_fleets())
def test_every_role_is_that_of_one_service_account_and_the_other_way_round(files: Files) -> None:
    tree = generated(files)
    expected, found = set(), set()
    for place, variables in tree.tfvars.items():
        partition = cast("str", variables["oidc_provider_arn"]).split(":")[1]
        for app, role in at(variables, "eso_roles").items():
            arn = f"arn:{partition}:iam::{variables['account_id']}:role/{at(role)['role_name']}"
            expected.add((f"{place}/apps/{app}", at(role)["namespace"], at(role)["service_account"], arn))
    accounts = tree.of_kind("ServiceAccount")
    for path, each in accounts:
        metadata = at(each, "metadata")
        arn = cast("str", at(metadata, "annotations")["eks.amazonaws.com/role-arn"])
        found.add((path.removesuffix("/manifests/secrets.yaml"), metadata["namespace"], metadata["name"], arn))
    assert found == expected
    assert len(accounts) == len(found)


@LOOK
@given(random_fleets())
def test_a_role_may_read_exactly_what_its_store_asks_for(files: Files) -> None:
    tree = generated(files)
    for path, store in tree.of_kind("SecretStore"):
        place, app = path.removesuffix("/manifests/secrets.yaml").split("/apps/")
        role = at(tree.tfvars[place], "eso_roles", app)
        aws = at(store, "spec", "provider", "aws")
        assert at(aws, "auth", "jwt", "serviceAccountRef") == {"name": role["service_account"]}
        secrets = [each for other, each in tree.of_kind("ExternalSecret") if other == path]
        assert {at(each, "spec", "secretStoreRef")["name"] for each in secrets} == {at(store, "metadata")["name"]}
        assert {at(each, "metadata")["namespace"] for each in (store, *secrets)} == {role["namespace"]}
        keys = {at(data, "remoteRef")["key"] for each in secrets for data in maps(at(each, "spec")["data"])}
        partition = cast("str", tree.tfvars[place]["oidc_provider_arn"]).split(":")[1]
        prefix = f"arn:{partition}:secretsmanager:{aws['region']}:{tree.tfvars[place]['account_id']}:secret:"
        assert set(cast("list[str]", role["secret_arns"])) == {f"{prefix}{key}-??????" for key in keys}
        assert {key.split(":")[3] for key in cast("list[str]", role["kms_key_arns"])} <= {aws["region"]}


@LOOK
@given(random_fleets())
def test_every_file_that_an_application_reads_is_there_and_every_file_of_a_release_is_read(files: Files) -> None:
    tree = generated(files)
    repo = at(files["environments/fleet.yaml"], "gitops_repo")
    stands_in = "" if repo.get("path") == "." else f"{repo.get('path', 'output')}/"
    read: set[str] = set()
    for path, each in tree.of_kind("ApplicationSet"):
        sources = maps(at(each, "spec", "template", "spec")["sources"])
        by_hand = len(cast("list[str]", files[f"environments/apps/{Path(path).stem}.yaml"].get("values_files", [])))
        values = cast("list[str]", at(sources[0], "helm")["valueFiles"])
        manifests = [f"{source['path']}/secrets.yaml" for source in sources[2:]]
        for element in tree.elements[path]:
            wanted = [filled(name, element) for name in (*values[: len(values) - by_hand], *manifests)]
            read |= {name.removeprefix("$values/").removeprefix(stands_in) for name in wanted}
    assert read <= tree.texts.keys()
    of_releases = tree.below(r"environments/[^/]+/clusters/[^/]+/apps/.*")
    assert {path for path in of_releases if not path.endswith("/release.yaml")} <= read


@LOOK
@given(random_fleets())
def test_a_project_permits_exactly_what_its_applications_need(files: Files) -> None:
    tree = generated(files)
    needed: dict[object, set[tuple[object, object]]] = {}
    repositories: dict[object, set[object]] = {}
    for path, each in tree.of_kind("ApplicationSet"):
        spec = at(each, "spec", "template", "spec")
        for element in tree.elements[path]:
            namespace = at(spec, "destination")["namespace"]
            needed.setdefault(element["project"], set()).add((element["cluster"], namespace))
            urls = {filled(cast("str", source["repoURL"]), element) for source in maps(spec["sources"])}
            repositories.setdefault(element["project"], set()).update(urls)
    for _, project in tree.of_kind("AppProject"):
        name, spec = at(project, "metadata")["name"], at(project, "spec")
        permitted = [(each["name"], each["namespace"]) for each in maps(spec["destinations"])]
        assert sorted(map(repr, permitted)) == sorted(map(repr, needed.pop(name, set())))
        assert spec["sourceRepos"] == sorted(map(str, repositories.get(name, set())))
    assert needed == {}


# Selections and removals.


@LOOK
@given(random_fleets(), st.data())
def test_a_selection_writes_some_of_the_files_of_a_whole_run_byte_for_byte(files: Files, data: st.DataObject) -> None:
    with folder(files) as root:
        whole = plan_of(root)
        fleet = whole.fleet

        def some(names: list[str]) -> frozenset[str]:
            return frozenset(name for name in names if data.draw(st.booleans()))

        selection = Selection(
            some([each.name for each in fleet.environments]),
            some([each.name for each in fleet.clusters]),
            some([each.name for each in fleet.apps]),
        )
        limited = open_project(root, selection=selection).plan
    everything, taken = texts(whole), texts(limited)
    assert taken == {path: everything[path] for path in taken}
    assert taken.keys() | {each.path for each in limited.left_out} == everything.keys()
    assert not taken.keys() & {each.path for each in limited.left_out}
    assert bool(selection) or not limited.left_out


@LOOK
@given(random_fleets(), st.data())
def test_to_remove_a_cluster_removes_its_files_and_touches_no_other_cluster(files: Files, data: st.DataObject) -> None:
    with folder(files) as root:
        before = plan_of(root)
    names = [cluster.name for cluster in before.fleet.clusters]
    assume(names)
    name = data.draw(st.sampled_from(names))
    with folder(without(files, name, before)) as root:
        after = plan_of(root)
    old, new = texts(before), texts(after)
    own = {each.path for each in before.artifacts if each.target.cluster and each.target.cluster.name == name}
    others = {each.path for each in before.artifacts if each.target.cluster and each.target.cluster.name != name}
    spanning = old.keys() - own - others
    assert own
    assert new.keys() <= old.keys() - own
    # An app that ran nowhere else has no file for its environment, or for the fleet, any more.
    assert old.keys() - new.keys() - own <= spanning
    changed = {path for path in new if new[path] != old[path]}
    # What the releases of an app have in common is no parameter; with one release less, more can be common.
    assert {path for path in changed if not path.endswith("/release.yaml")} <= spanning


def without(files: Files, cluster: str, plan: Plan) -> Files:
    """The files without one cluster: its entry, and what apps say of it."""
    route = next(each.route for each in plan.fleet.clusters if each.name == cluster)
    _, index = route.steps
    environment = files[route.path]
    entries = [each for at, each in enumerate(cast("list[Facts]", environment["clusters"])) if at != index]
    left: Files = {**files, route.path: {**environment, "clusters": entries}}
    for path, facts in files.items():
        if path.startswith("environments/apps/"):
            stated = cast("Facts", facts["clusters"])
            left[path] = {**facts, "clusters": {name: each for name, each in stated.items() if name != cluster}}
    return left
