"""`cluster add --eks`: the facts that EKS answers, over the network, by moto's server."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.tools.command import Answer, gitops_gen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME, REGION, ACCOUNT = "myapp-production-euw1", "eu-west-1", "123456789012"
ID = "EXAMPLED539D4633E53DE1B99EXAMPLE"
ASKED = "the DescribeCluster operation"

needs_moto = pytest.mark.skipif(
    find_spec("moto") is None or find_spec("boto3") is None,
    reason="needs moto's server: python -m pip install 'moto[eks,server]' boto3",
)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a server that answers as EKS does. It has one cluster."""
    from moto.eks.models import eks_backends
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    _create_cluster(address)
    # moto makes up an id of ten letters, where EKS has 32 capitals and digits.
    issuer = f"https://oidc.eks.{REGION}.amazonaws.com/id/{ID}"
    eks_backends[ACCOUNT][REGION].clusters[NAME].identity = {"oidc": {"issuer": issuer}}
    yield address
    server.stop()


def _create_cluster(address: str) -> None:
    from boto3 import Session

    session = Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    session.client("eks", endpoint_url=address).create_cluster(
        name=NAME,
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/eks",
        resourcesVpcConfig={"subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"]},
    )


@pytest.fixture
def aws(endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Has the AWS SDK ask the server, as a person who may ask it."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


def add(root: Path, *arguments: str) -> Answer:
    return gitops_gen(root, "cluster", "add", "--environment", "production", "--eks", *arguments)


@needs_moto
@pytest.mark.usefixtures("aws")
def test_eks_tells_all_facts_of_a_cluster_but_its_environment(project: Path) -> None:
    answer = add(project, NAME, "--region", REGION)
    assert answer.code == 0, answer.err
    lines = (project / "environments/production.yaml").read_text().splitlines()[16:]
    assert lines[:3] == [f"  - region: {REGION}", f"    oidc_id: {ID}", f'    account_id: "{ACCOUNT}"']
    assert [line.split(":")[0].strip() for line in lines[3:]] == ["server", "ca_data"]


@needs_moto
@pytest.mark.usefixtures("aws")
def test_a_profile_says_whom_to_ask_and_in_which_region(project: Path, tmp_path: Path) -> None:
    keys = "aws_access_key_id = test\naws_secret_access_key = test\n"
    (tmp_path / "config").write_text(f"[profile west]\nregion = {REGION}\n{keys}")
    answer = add(project, NAME, "--profile", "west")
    assert answer.code == 0, answer.err
    assert f"    oidc_id: {ID}\n" in (project / "environments/production.yaml").read_text()


@needs_moto
@pytest.mark.usefixtures("aws")
def test_facts_that_disagree_with_eks_are_errors(project: Path) -> None:
    answer = add(project, NAME, "--region", REGION, "--account-id", "444455556666")
    assert answer == Answer(
        1,
        "",
        f"EKS ({NAME}): facts-disagree: account_id: --account-id says 444455556666, EKS ({NAME}) says {ACCOUNT}\n"
        "  hint: give the facts of one cluster, or leave out what the other source tells\n",
    )


@needs_moto
@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("name", "profile", "reason"),
    [
        (
            "nowhere",
            None,
            f"An error occurred (ResourceNotFoundException) when calling {ASKED}: No cluster found for name: nowhere.",
        ),
        (NAME, "unknown", "The config profile (unknown) could not be found"),
    ],
)
def test_what_aws_refuses_is_told_with_the_command_to_try(
    project: Path, name: str, profile: str | None, reason: str
) -> None:
    answer = add(project, name, "--region", REGION, *(("--profile", profile) if profile else ()))
    hint = f"  hint: see whether this answers: aws eks describe-cluster --name {name} --region {REGION}"
    profiled = f"{hint} --profile {profile}" if profile else hint
    assert answer == Answer(4, "", f"EKS ({name}): eks-refused: {reason}\n{profiled}\n")


@needs_moto
@pytest.mark.usefixtures("aws")
def test_without_credentials_nobody_is_asked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    answer = add(project, NAME, "--region", REGION)
    assert answer.code == 4
    assert answer.err.splitlines()[0] == f"EKS ({NAME}): eks-refused: Unable to locate credentials"


@needs_moto
@pytest.mark.usefixtures("aws")
def test_a_server_that_cannot_be_reached_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    answer = add(project, NAME, "--region", REGION)
    assert answer.code == 4
    assert answer.err.splitlines()[0] == (
        f'EKS ({NAME}): eks-refused: Could not connect to the endpoint URL: "http://127.0.0.1:9/clusters/{NAME}"'
    )


def test_without_the_extra_the_command_to_install_it_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert add(project, NAME) == Answer(
        1,
        "",
        "--eks: boto3-missing: asking EKS needs boto3, which is not installed\n"
        "  hint: install it with: python -m pip install 'gitops-gen[aws]'; or give --describe FILE\n",
    )
