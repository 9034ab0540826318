"""Names that must be unique, and how far: what may stand twice, and what may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.problems import ModelError
from tests.tools import fleets

if TYPE_CHECKING:
    from pathlib import Path

TWO = fleets.environment(fleets.cluster(1), fleets.cluster(2, "us-west-2"))
OTHER_ACCOUNT = fleets.environment(fleets.cluster(1), fleets.cluster(2, "us-west-2", account_id="222222222222"))


def files(environment: fleets.Facts, first: fleets.Facts, second: fleets.Facts | None = None) -> fleets.Files:
    """A fleet with one environment and one or two apps, each with a secret of its own unless it says otherwise."""
    apps = {"api": first} if second is None else {"api": first, "web": second}
    with_secrets = {
        name: fleets.app(**{"secrets": {"db": {"target": f"{name}-db", "keys": {"A": "a"}}}, **facts})
        for name, facts in apps.items()
    }
    return fleets.model(environments={"dev": environment}, apps=with_secrets)


SHARED: fleets.Facts = {"secrets": {"db": {"target": "db", "keys": {"A": "a"}}}}


@pytest.mark.parametrize(
    "model",
    [
        files(TWO, {}, {}),
        files(TWO, {"namespace": "shop"}, {"namespace": "shop"}),
        files(TWO, {"release_name": "same"}, {"release_name": "same"}),
        files(TWO, SHARED, SHARED),
        files(TWO, {"deploy": False, "release_name": "web", "namespace": "web"}, {}),
        files(OTHER_ACCOUNT, {"role_name": "same"}),
        files(TWO, {"role_name": "same", "secrets": None}, {"role_name": "same"} | {"clusters": {
            "shop-dev-usw2": {"secrets_enabled": False}}}),
        files(TWO, {"clusters": {"shop-dev-use1": {"role_name": "One"}, "shop-dev-usw2": {"role_name": "two"}}}),
    ],
    ids=["two apps", "one namespace", "releases in two namespaces", "targets in two namespaces", "not deployed",
         "roles in two accounts", "roles that are not made", "roles with two names"],
)  # fmt: skip
def test_what_does_not_meet_may_have_the_same_name(tmp_path: Path, model: fleets.Files) -> None:
    assert fleets.load_files(tmp_path, model).releases


@pytest.mark.parametrize(
    ("model", "codes"),
    [
        (files(TWO, {"release_name": "same", "namespace": "n"}, {"release_name": "same", "namespace": "n"}),
         ["duplicate-release"]),
        (files(TWO, {**SHARED, "namespace": "n"}, {**SHARED, "namespace": "n"}), ["duplicate-target"]),
        (files(TWO, {"role_name": "same"}), ["duplicate-role"]),
        (files(TWO, {"clusters": {"shop-dev-use1": {"role_name": "Same"}, "shop-dev-usw2": {"role_name": "same"}}}),
         ["duplicate-role"]),
        (files(fleets.environment(fleets.cluster(1), fleets.cluster(2)), {}), ["duplicate-cluster"]),
        (files(fleets.environment(fleets.cluster(1), fleets.cluster(1, "us-west-2")), {}), ["duplicate-oidc-id"]),
        (files(fleets.environment(fleets.cluster(1, name="a"), fleets.cluster(2, name="shop-a")), {}),
         ["duplicate-application"]),
    ],
    ids=["release", "target", "role", "role but for its case", "cluster", "oidc id", "application"],
)  # fmt: skip
def test_what_meets_may_not(tmp_path: Path, model: fleets.Files, codes: list[str]) -> None:
    with pytest.raises(ModelError) as caught:
        fleets.load_files(tmp_path, model)
    assert [problem.code for problem in caught.value.problems] == codes


def test_two_environments_may_not_have_one_project(tmp_path: Path) -> None:
    environments = {"dev": fleets.environment(project="live"), "live": fleets.environment()}
    with pytest.raises(ModelError, match="duplicate-project"):
        fleets.load_files(tmp_path, fleets.model(environments=environments))
