"""Fleets of thousands of clusters: no object that Argo CD holds outgrows what applies it, and none permits more."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Manifest
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.projects import Project
from gitops_gen.pipeline import open_project
from gitops_gen.source import parse_documents
from gitops_gen.templating.templates import Templates
from tests.tools import fleets
from tests.tools.command import gitops_gen

if TYPE_CHECKING:
    from gitops_gen.model import Fleet

ANNOTATION_LIMIT = 262_144
"""Bytes that client-side apply has for the whole object."""

GROWING = ("applicationset", "project", "release-parameters")
"""The artifacts whose size depends on how many clusters there are, or that stand in for one."""

SIZES = [6, 400, 800, 1000, 5000, 10_000]
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2", "ap-northeast-1")
ENVIRONMENTS = ("dev", "dev-eu", "production")
"""The name of one begins with the name of another: no pattern may take the one for the other."""


def files(clusters: int) -> fleets.Files:
    """Two apps on as many clusters, the operator among them, one environment after the other."""
    entries: dict[str, list[fleets.Facts]] = {name: [] for name in ENVIRONMENTS}
    for number in range(clusters):
        environment = ENVIRONMENTS[number % len(ENVIRONMENTS)]
        region = REGIONS[number // len(ENVIRONMENTS) % len(REGIONS)]
        name = f"shop-{environment}-{number:05}"
        entries[environment].append(fleets.cluster(number, region, name=name))
    return fleets.model(
        environments={name: fleets.environment(*found, stage=1) for name, found in entries.items()},
        apps={
            "web": fleets.app(namespace="shop"),
            "external-secrets": fleets.chart_app("external-secrets", None, namespace="external-secrets"),
        },
    )


class Large:
    """A fleet with those of its files that grow with it."""

    def __init__(self, root: Path, clusters: int) -> None:
        project = open_project(fleets.write(root, files(clusters)))
        self.fleet: Fleet = project.plan.fleet
        self.notes = project.warnings
        self.generators = {app.name: app.generator for app in self.fleet.apps}
        self.objects: dict[str, dict[str, object]] = {}
        self.texts: dict[str, str] = {}
        templates = Templates(root)
        for planned in project.plan.artifacts:
            if planned.spec.name in GROWING[:2]:
                text = templates.render(planned, planned.target.context(self.fleet))
                self.texts[planned.path] = text
                (document,) = parse_documents(text)
                assert isinstance(document, dict)
                self.objects[planned.path] = dict(document)
        self.release_files = sum(planned.spec.name == GROWING[2] for planned in project.plan.artifacts)


@cache
def large(clusters: int) -> Large:
    with TemporaryDirectory() as folder:
        return Large(Path(folder), clusters)


def size(value: object) -> int:
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


@pytest.mark.parametrize("clusters", SIZES)
def test_every_object_fits_where_client_side_apply_keeps_it(clusters: int) -> None:
    objects = large(clusters).objects
    assert len(objects) == 5
    assert {path: size(each) for path, each in objects.items() if size(each) > ANNOTATION_LIMIT} == {}


@pytest.mark.parametrize("clusters", SIZES)
def test_applicationsets_turn_to_files_in_git_above_the_limit_and_say_so(clusters: int) -> None:
    found = large(clusters)
    generator = "list" if clusters <= 400 else "git"
    assert found.generators == {"external-secrets": generator, "web": generator}
    assert found.release_files == (0 if generator == "list" else 2 * clusters)
    told = [(each.severity, each.code, str(each.at)) for each in found.notes]
    assert told == ([] if generator == "list" else [("note", "many-releases", "environments/fleet.yaml:4:1")] * 2)


def test_generate_tells_that_an_applicationset_reads_files_until_the_model_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gitops_gen.resolve.whole.LIST_LIMIT", 1000)
    root = fleets.write(tmp_path, files(9))
    assert gitops_gen(root, "generate").err == (
        "environments/fleet.yaml:4:1: note: many-releases: external-secrets has 9 releases, a list of about 2,190 "
        "bytes; above 1,000 its ApplicationSet reads them from files in git instead\n"
        "  hint: state generator: git, and nobody tells you again\n"
        "environments/fleet.yaml:4:1: note: many-releases: web has 9 releases, a list of about 2,064 bytes; above "
        "1,000 its ApplicationSet reads them from files in git instead\n"
        "  hint: state generator: git, and nobody tells you again\n"
    )
    fleet = root / "environments" / "fleet.yaml"
    fleet.write_text(fleet.read_text().replace("argocd:\n", "argocd:\n  generator: git\n"))
    assert gitops_gen(root, "generate", "--check").err == ""


@pytest.mark.parametrize("clusters", SIZES)
def test_a_project_permits_the_clusters_and_namespaces_of_its_environment_and_nothing_else(clusters: int) -> None:
    found = large(clusters)
    namespaces = ("external-secrets", "shop")
    for environment in ENVIRONMENTS:
        project = Project(Manifest(found.objects[f"argocd/projects/{environment}.yaml"], Place("project.yaml")))
        permitted = [
            (cluster.name, namespace)
            for cluster in found.fleet.clusters
            for namespace in (*namespaces, "kube-system")
            if project.permits_destination(cluster.name, None, namespace) is not False
        ]
        meant = [cluster.name for cluster in found.fleet.clusters if cluster.environment.name == environment]
        assert permitted == [(name, namespace) for name in meant for namespace in namespaces]
        assert project.permits_destination(f"shop-{environment}-99999", None, "shop") is False


def test_clusters_stand_together_only_where_one_by_one_they_are_too_many() -> None:
    assert '- name: "shop-dev-00000"\n' in large(1000).texts["argocd/projects/dev.yaml"]
    text = large(5000).texts["argocd/projects/dev.yaml"]
    assert text.count("- name: ") == len(REGIONS)
    assert '    - name: "shop-dev-{00000,00018,00036,' in text
    assert '      namespace: "{external-secrets,shop}"\n' in text
    assert "  # The clusters of a region stand together" in text
