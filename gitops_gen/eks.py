"""What EKS says of a cluster: the answer of DescribeCluster, read from a file or asked for over the network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar, cast

from gitops_gen.aws.arns import parse_arn
from gitops_gen.onboard import Facts, FactsError, Known, issuer_facts, together
from gitops_gen.problems import GitopsGenError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONNECT_SECONDS = 5
_READ_SECONDS = 20


class EksError(GitopsGenError):
    """AWS refuses to answer, or cannot be reached."""

    exit_code: ClassVar[int] = 4


def read_description(text: str, origin: str) -> Facts:
    """Returns the facts in the JSON of `aws eks describe-cluster`, whole or with --query cluster.

    Raises FactsError with what is missing or cannot be used.
    """
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise _unusable(origin, f"is no JSON: {error}") from None
    cluster = answer.get("cluster", answer) if isinstance(answer, dict) else None
    if not isinstance(cluster, dict):
        raise _unusable(origin, "is JSON, but no answer of EKS")
    return _facts(cluster, origin)


def ask(name: str, *, region: str | None, profile: str | None) -> Facts:
    """Asks EKS for a cluster. Without a region, the profile's own is asked; AWS_ENDPOINT_URL is honoured.

    Raises EksError if AWS refuses, FactsError without boto3 or for an answer that cannot be used.
    """
    try:
        from boto3 import Session
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise _without_boto3() from None
    patience = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retries={"total_max_attempts": 2})
    try:
        client = Session(profile_name=profile, region_name=region).client("eks", config=patience)
        answer = cast("Mapping[str, object]", client.describe_cluster(name=name))
    except (BotoCoreError, ClientError) as error:
        raise _refused(name, {"region": region, "profile": profile}, str(error)) from error
    cluster = answer["cluster"]
    assert isinstance(cluster, dict)  # noqa: S101 - botocore holds the answer against its service model
    return _facts(cluster, f"EKS ({name})")


def _facts(cluster: Mapping[str, object], origin: str) -> Facts:
    texts = {
        "name": _text(cluster, "name"),
        "arn": _text(cluster, "arn"),
        "endpoint": _text(cluster, "endpoint"),
        "certificateAuthority.data": _text(cluster, "certificateAuthority", "data"),
        "identity.oidc.issuer": _text(cluster, "identity", "oidc", "issuer"),
    }
    missing = [name for name, text in texts.items() if not text]
    if missing:
        status = _text(cluster, "status")
        state = f"; the cluster is {status}" if status and status != "ACTIVE" else ""
        raise _unusable(origin, f"does not say {', '.join(missing)}{state}")
    arn = parse_arn(texts["arn"])
    if arn is None:
        raise _unusable(origin, f"got the ARN {texts['arn']!r}")
    stated = {
        "name": texts["name"],
        "region": arn.region,
        "account_id": arn.account,
        "server": texts["endpoint"].rstrip("/"),
        "ca_data": texts["certificateAuthority.data"],
    }
    facts = {name: Known(value, origin) for name, value in stated.items()}
    return together(facts, issuer_facts(texts["identity.oidc.issuer"], origin))


def _text(value: object, *steps: str) -> str:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _unusable(origin: str, message: str) -> FactsError:
    hint = "give the output of: aws eks describe-cluster --name NAME --output json"
    return FactsError(Problem("eks-answer", message, Location(origin), hint))


def _without_boto3() -> FactsError:
    hint = "install it with: python -m pip install 'gitops-gen[aws]'; or give --describe FILE"
    return FactsError(
        Problem("boto3-missing", "asking EKS needs boto3, which is not installed", Location("--eks"), hint)
    )


def _refused(name: str, options: Mapping[str, str | None], reason: str) -> EksError:
    stated = "".join(f" --{option} {value}" for option, value in options.items() if value)
    hint = f"see whether this answers: aws eks describe-cluster --name {name}{stated}"
    return EksError(Problem("eks-refused", " ".join(reason.split()), Location(f"EKS ({name})"), hint))
