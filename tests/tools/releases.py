"""The releases of two fleets that have secrets, as their manifests and tfvars have them, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pygohcl

from tests.tools.applicationsets import applications
from tests.tools.generated import documents
from tests.tools.parsed import list_at, map_at, texts_at

if TYPE_CHECKING:
    from tests.tools.applicationsets import Application
    from tests.tools.generated import Generated
    from tests.tools.parsed import Object


class Place(NamedTuple):
    """What the model says of a cluster, once more and by hand."""

    partition: str
    account: str
    region: str
    secrets_region: str
    prefix: str
    operator: str


PLACES = {
    "myapp-dev-use1": Place("aws", "557702566877", "us-east-1", "us-east-1", "dev", "2.9.0"),
    "myapp-dev-usw2": Place("aws", "557702566877", "us-west-2", "us-east-1", "dev", "2.9.0"),
    "myapp-staging-use1": Place("aws", "111122223333", "us-east-1", "us-east-1", "staging", "2.9.0"),
    "myapp-staging-usw2": Place("aws", "111122223333", "us-west-2", "us-east-1", "staging", "2.9.0"),
    "myapp-production-use1": Place("aws", "444455556666", "us-east-1", "us-east-1", "production", "2.9.0"),
    "myapp-production-usw2": Place("aws", "444455556666", "us-west-2", "us-east-1", "production", "2.9.0"),
    "atlas-dev-blue": Place("aws", "012345678901", "us-east-1", "us-east-1", "dev", "0.15.1"),
    "atlas-dev-green": Place("aws", "012345678901", "us-east-1", "us-east-1", "dev", "0.15.1"),
    "playground": Place("aws", "012345678901", "eu-west-1", "eu-west-1", "dev", "0.15.1"),
    "atlas-test-euc1": Place("aws", "012345678901", "eu-central-1", "eu-central-1", "quality/assurance", "1.3.2"),
    "atlas-staging-usw2": Place("aws", "222233334444", "us-west-2", "us-west-2", "staging", "1.3.2"),
    "atlas-staging-apne3": Place("aws", "000000000042", "ap-northeast-3", "ap-northeast-3", "staging", "2.3.0"),
    "atlas-production-use1": Place("aws", "444455556666", "us-east-1", "us-east-1", "production", "2.9.0"),
    "atlas-production-irl": Place("aws", "444455556666", "eu-west-1", "eu-west-1", "production", "2.9.0"),
    "atlas-production-apse2": Place("aws", "444455556666", "ap-southeast-2", "ap-southeast-1", "production", "2.9.0"),
    "atlas-china-cnn1": Place("aws-cn", "666677778888", "cn-north-1", "cn-north-1", "china", "2.0.0"),
    "atlas-china-cnnw1": Place("aws-cn", "666677778888", "cn-northwest-1", "cn-northwest-1", "china", "2.0.0"),
    "atlas-regulated-workloads-production-usgw1": Place(
        "aws-us-gov", "777788889999", "us-gov-west-1", "us-gov-west-1", "regulated", "2.9.0"
    ),
    "atlas-regulated-workloads-production-usge1": Place(
        "aws-us-gov", "777788889999", "us-gov-east-1", "us-gov-west-1", "regulated", "2.9.0"
    ),
}


@dataclass(frozen=True, slots=True)
class Release:
    """A release whose manifests are not empty, with the role of its cluster's tfvars."""

    application: Application
    account: Object
    store: Object
    secrets: tuple[Object, ...]
    role: Object

    @property
    def place(self) -> Place:
        return PLACES[self.application.cluster]

    @property
    def remote_refs(self) -> list[dict[str, str]]:
        return [texts_at(datum, "remoteRef") for secret in self.secrets for datum in list_at(secret, "spec", "data")]


def tfvars(found: Generated) -> dict[str, Object]:
    """Returns what the tfvars file of each cluster says."""
    return {path.split("/")[3]: _parsed(found.files[path]) for path in found.paths(end=".tfvars")}


def releases(found: Generated) -> list[Release]:
    """Returns the releases that have secrets."""
    made: list[Release] = []
    for application in applications(found):
        path = f"{application.folder}/manifests/secrets.yaml"
        objects = [map_at(each) for each in documents(found.files[path])] if path in found.files else []
        if objects:
            account, store, *secrets = objects
            assert [each["kind"] for each in objects] == [
                "ServiceAccount",
                "SecretStore",
                *["ExternalSecret" for _ in secrets],
            ]
            role = map_at(tfvars(found)[application.cluster], "eso_roles", application.app)
            made.append(Release(application, account, store, tuple(secrets), role))
    return made


@cache
def _parsed(tfvars: str) -> Object:
    found: Object = pygohcl.loads(tfvars)
    return found
