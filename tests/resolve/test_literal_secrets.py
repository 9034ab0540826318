"""Secrets among the values of an app, at every level where values can be stated."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest

from gitops_gen.problems import ModelError
from tests.tools import fleets

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "ghp_" + "a1B2" * 9


def problems(root: Path, app: fleets.Facts) -> list[str]:
    """Returns what is wrong with a fleet of one app on one cluster."""
    files = fleets.model(environments={"dev": fleets.environment(fleets.cluster(name="one"))}, apps={"web": app})
    with pytest.raises(ModelError) as caught:
        fleets.load_files(root, files)
    return [f"{each.at}: {each.code}: {each.message}" for each in caught.value.problems]


def test_a_token_is_told_where_it_stands_and_never_shown(tmp_path: Path) -> None:
    values = {"env": [{"name": "GITHUB_TOKEN", "value": TOKEN}]}
    (found,) = problems(tmp_path, fleets.app(values=values))
    assert found == (
        "environments/apps/web.yaml:8:14: secret-in-model: the value of env.0.value looks like a token of GitHub; "
        "what stands here goes to git, for good"
    )


def test_every_level_is_looked_through_once(tmp_path: Path) -> None:
    password = {"values": {"db": {"password": "hunter2"}}}
    app = fleets.app(**password, environments={"dev": password}, clusters={"one": password})
    found = [each.partition(": ")[0] for each in problems(tmp_path, app)]
    assert found == [f"environments/apps/web.yaml:{line}" for line in ("7:15", "12:19", "17:19")]


def test_names_of_secrets_are_none(tmp_path: Path) -> None:
    values = {"password": "db-password", "existingSecret": "web", "auth": {"passwordKey": "admin"}}
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster())}, apps={"web": fleets.app(values=values)}
    )
    assert fleets.load_files(tmp_path, files).apps[0].name == "web"


AT = "environments/apps/web.yaml"
TOLD = "looks like a token of GitHub; what stands here goes to git, for good"


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"source": {"repo_url": fleets.REPO, "path": f"charts/{TOKEN}", "revision": "main"}}, "path"),
        ({"source": {"repo_url": "https://git.example.com/a.git", "path": "a", "revision": TOKEN}}, "revision"),
        ({"secrets_values_key": TOKEN}, "secrets_values_key"),
        ({"values_files": [f"values/{TOKEN}.yaml"]}, "values_files"),
        ({"secrets": {"a": {"path": TOKEN, "keys": {"A": "a"}}}}, "path"),
        ({"secrets": {"a": {"keys": {TOKEN: "a"}}}}, "a key"),
        ({"values": {"a": {TOKEN: 1}}}, "a key"),
        ({"role_name": TOKEN}, "role_name"),
    ],
)
def test_a_token_in_any_other_place_of_an_app_is_told_and_never_shown(
    tmp_path: Path, facts: fleets.Facts, what: str
) -> None:
    told = problems(tmp_path, fleets.app(**facts))
    assert [each for each in told if each.startswith(AT) and each.endswith(f": secret-in-model: {what} {TOLD}")] != []
    assert [each for each in told if TOKEN in each] == []


@pytest.mark.parametrize(
    "facts",
    [
        {"secrets": {"prefix": TOKEN}},
        {"owners": [TOKEN]},
        {"stage": TOKEN},
        {"protected": TOKEN},
        {TOKEN: "a"},
        {"secrets": {"region": TOKEN}},
        {"project": TOKEN},
    ],
)
def test_a_token_in_any_place_of_an_environment_is_refused_and_never_shown(tmp_path: Path, facts: fleets.Facts) -> None:
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster(), **facts)}, apps={"web": fleets.app()}
    )
    with pytest.raises(ModelError) as caught:
        fleets.load_files(tmp_path, files)
    assert TOKEN not in str(caught.value)


def test_paths_and_names_that_only_look_random_are_none(tmp_path: Path) -> None:
    path = "Platform/K8s-Addons_v2/Charts/ExternalDNS-Zq81Xy"
    source = {
        "repo_url": "https://git.example.com/a.git",
        "path": path,
        "revision": "0f9d1c2b3a4e5f60718293a4b5c6d7e8f9a0b1c2",
    }
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster())}, apps={"web": fleets.app(source=source)}
    )
    assert fleets.load_files(tmp_path, files).apps[0].name == "web"


@pytest.mark.parametrize("data", [TOKEN, b64encode(TOKEN.encode()).decode()])
def test_a_token_in_the_place_of_a_certificate_is_told_and_never_shown(tmp_path: Path, data: str) -> None:
    cluster = fleets.cluster(server="https://a.gr7.eu-west-1.eks.amazonaws.com", ca_data=data)
    files = fleets.model(environments={"dev": fleets.environment(cluster)}, apps={"web": fleets.app()})
    with pytest.raises(ModelError) as caught:
        fleets.load_files(tmp_path, files)
    assert [each.code for each in caught.value.problems][-1] in ("ca-data", "secret-in-model")
    assert data not in str(caught.value)


def test_a_certificate_is_no_secret(tmp_path: Path) -> None:
    data = b64encode(b"-----BEGIN CERTIFICATE-----\n" + b"MIIDBTCCAe2gAwIBAgIIZ5rM\n" * 40).decode()
    cluster = fleets.cluster(server="https://a.gr7.eu-west-1.eks.amazonaws.com", ca_data=data)
    files = fleets.model(environments={"dev": fleets.environment(cluster)}, apps={"web": fleets.app()})
    assert fleets.load_files(tmp_path, files).clusters[0].ca_data == data
