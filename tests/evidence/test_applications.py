"""Applications as Argo CD reads them, and where each part of one is stated."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.applications import Application
from gitops_gen.evidence.files import Manifest
from gitops_gen.evidence.places import Place

HERE = Place("app.yaml")


def application(spec: dict[str, object]) -> Application:
    return Application({"metadata": {"name": "web", "namespace": "argocd"}, "spec": spec}, HERE, HERE / "spec")


@pytest.mark.parametrize(
    ("policy", "attempts"),
    [
        ({}, 0),
        ({"automated": {}}, 5),
        ({"automated": {"enabled": False}}, 0),
        ({"automated": {}, "retry": {"limit": 2}}, 2),
        ({"retry": {"limit": 10}}, 10),
        ({"retry": {"limit": -1}}, None),
        ({"retry": {}}, 0),
        ({"retry": {"limit": "many"}}, 0),
    ],
)
def test_a_failed_sync_is_tried_as_often_as_argo_cd_tries_it(policy: dict[str, object], attempts: int | None) -> None:
    assert application({"syncPolicy": policy}).sync_attempts == attempts


def test_sources_make_the_source_ignored_and_keep_their_place() -> None:
    found = application({"source": {"path": "a"}, "sources": [{}, "text", {"path": "b", "chart": "c"}]})
    assert [(each.path, each.index) for each in found.sources] == [("b", 2)]
    assert found.source_place(found.sources[0]) == HERE.down("spec", "sources", 2)
    alone = application({"source": {"path": "a"}})
    assert alone.stated_in(alone.sources[0], "path") == HERE.down("spec", "source", "path")


def test_the_dry_source_of_a_hydrator_goes_before_all_others() -> None:
    dry = {"repoURL": "x", "path": "dry", "targetRevision": "main"}
    hydrator = {"drySource": dry, "syncSource": {"targetBranch": "env/dev", "path": "dev"}}
    found = application({"sources": [{"path": "a"}, {"path": "b"}], "sourceHydrator": hydrator})
    (source,) = found.sources
    assert (source.path, source.revision, source.is_listed) == ("dry", "main", False)
    assert found.source_place(source) == HERE.down("spec", "sourceHydrator", "drySource")
    assert found.stated_in(source, "path") == HERE.down("spec", "sourceHydrator", "drySource", "path")


@pytest.mark.parametrize(
    ("source", "is_helm"),
    [
        ({"chart": "web"}, True),
        ({"path": "web", "helm": {"releaseName": "x"}}, True),
        ({"path": "x", "helm": {}}, False),
    ],
)
def test_a_source_is_a_chart_if_it_says_so(source: dict[str, object], *, is_helm: bool) -> None:
    assert application({"source": source}).sources[0].is_helm is is_helm


@pytest.mark.parametrize(
    "settings",
    [
        {"helm": {"valueFiles": [], "skipCrds": False}},
        {"helm": None},
        {"kustomize": {}},
        {"kustomize": {"forceCommonLabels": True, "labelWithoutSelector": True}},
        {"directory": {"recurse": False, "jsonnet": {"extVars": [], "tlas": []}}},
        {"directory": {"include": ""}},
        {"plugin": None},
    ],
)
def test_settings_of_a_tool_that_say_nothing_are_none(settings: dict[str, object]) -> None:
    assert application({"source": {"path": "web", **settings}}).sources[0].tools == ()


@pytest.mark.parametrize(
    ("settings", "tool"),
    [
        ({"helm": {"valuesObject": {}}}, "helm"),
        ({"helm": {"skipCrds": True}}, "helm"),
        ({"kustomize": {"commonLabels": {"a": "b"}, "forceCommonLabels": True}}, "kustomize"),
        ({"directory": {"jsonnet": {"libs": ["x"]}}}, "directory"),
        ({"directory": {"include": "*.yaml"}}, "directory"),
        ({"directory": {"exclude": "*.json"}}, "directory"),
        ({"plugin": {}}, "plugin"),
    ],
)
def test_settings_of_a_tool_that_say_something_state_it(settings: dict[str, object], tool: str) -> None:
    assert application({"source": {"path": "web", **settings}}).sources[0].tools == (tool,)


def test_one_of_several_sources_keeps_settings_that_say_nothing() -> None:
    """Argo CD drops them only of `source`."""
    source: dict[str, object] = {"path": "web", "helm": {}, "kustomize": {}, "directory": {}, "plugin": None}
    assert application({"sources": [source]}).sources[0].tools == ("helm", "kustomize", "directory")


def test_what_a_parameter_is_all_of_is_stated_in_the_element() -> None:
    template = {
        "metadata": {"labels": {"env": "{{ .env }}", "mixed": "{{ .env }}-x"}},
        "spec": {"project": "{{- .project -}}", "destination": {"name": "c-{{ .env }}", "namespace": "{{ .gone }}"}},
    }
    applicationset = Manifest({"spec": {"template": template}, "metadata": {"namespace": "argo"}}, Place("set.yaml"))
    element, spec = Place("set.yaml").down("elements", 0), Place("set.yaml").down("spec", "template", "spec")
    found = Application({}, element, spec, applicationset, {"env": "dev", "project": "p"})
    labels = Place("set.yaml").down("spec", "template", "metadata", "labels")
    assert found.stated_at("project") == element / "project"
    assert found.stated_at("destination", "name") == spec.down("destination", "name")
    assert found.stated_at("destination", "namespace") == spec.down("destination", "namespace")
    assert found.label_at("env") == element / "env"
    assert found.label_at("mixed") == labels / "mixed"
    assert found.argo_cd_namespace == "argo"


def test_a_written_application_states_everything_itself() -> None:
    found = application({"project": "p"})
    assert found.stated_at("project") == HERE.down("spec", "project")
    assert found.label_at("env") == HERE.down("metadata", "labels", "env")
    assert found.argo_cd_namespace == "argocd"
