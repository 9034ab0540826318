"""Valid fleets at random: up to four environments in several partitions, clusters, apps, and facts at every level.

Everything that a file may say is said somewhere, and what would contradict is never said together.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

from tests.tools import fleets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tools.fleets import Facts, Files

T = TypeVar("T")

REGIONS = {
    "aws": ("us-east-1", "us-west-2", "ap-southeast-2"),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
    "aws-us-gov": ("us-gov-west-1", "us-gov-east-1"),
    "aws-eusc": ("eusc-de-east-1",),
}
OPERATORS = ("0.9.13", "0.15.1", "0.16.2", "0.18.0", "0.19.0", "1.1.1", "2.3.0", "2.9.0")
INTERVALS = ("1h", "90m", "30s", "0s", "250ms")
FLAGS = (True, False)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=6) | st.sampled_from(
    ["no", "0123", "1e3", "12:30", "~", "a: b", " #", "---", "{{ .a }}", "${b}", "%{c}", '"', "\\", "a\nb\n", "e\u0301"]
)
LEAVES = st.none() | st.booleans() | NUMBERS | TEXTS
MAPS = st.dictionaries(
    st.sampled_from("abcd") | TEXTS,
    LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.sampled_from("ab"), LEAVES, max_size=2),
    max_size=3,
)


@st.composite
def random_fleets(draw: st.DrawFn) -> Files:
    """The files of a valid fleet."""
    return _Fleet(draw).files()


def written(**facts: object) -> Facts:
    """Returns the facts that are not None."""
    return {name: fact for name, fact in facts.items() if fact is not None}


@cache
def _index(length: int) -> st.SearchStrategy[int]:
    return st.integers(0, length - 1)


class _Fleet:
    """One fleet in the making. Every choice is a small number, which is quick to draw and simple to make smaller."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.name = self.pick(("shop", "s", "s" * 30))
        self.clusters: list[str] = []

    def pick(self, options: Sequence[T]) -> T:
        return options[self._draw(_index(len(options)))]

    def perhaps(self, *options: T) -> T | None:
        return self.pick((None, *options))

    def files(self) -> Files:
        names = ["dev", "test", "live", "e" * 40][: self.pick((1, 2, 3, 4))]
        partitions = [self.pick(("aws", "aws", *REGIONS)) for _ in names]
        fleet = self.fleet(is_one_partition=len(set(partitions)) == 1)
        files: Files = {"environments/fleet.yaml": fleet}
        for number, (name, partition) in enumerate(zip(names, partitions, strict=True)):
            files[f"environments/{name}.yaml"] = self.environment(number, name, partition)
        for number in range(self.pick((0, 1, 2, 3))):
            name = f"a{number}{self.pick(('', 'web', 'w' * 50))}"
            files[f"environments/apps/{name}.yaml"] = self.app(name, names)
        return files

    def fleet(self, *, is_one_partition: bool) -> Facts:
        return written(
            name=self.name,
            gitops_repo=written(
                url=self.pick((fleets.REPO, "git@git.internal:shop/shop.git")),
                revision=self.perhaps("main", "0123", "release/1.0"),
                path=self.perhaps(".", "output", "gen/out"),
            ),
            argocd=written(
                version=self.pick(("2.14.21", "3.0.0", "3.5.1")),
                namespace=self.perhaps("argocd", "cd"),
                generator=self.perhaps("auto", "list", "git"),
            ),
            external_secrets={"version": self.pick(OPERATORS)},
            region_codes={"eusc-de-east-1": "dee1"},
            rollout=self.perhaps("none", "rolling"),
            sync=self.sync(),
            secrets=self.secrets_of_place(None),
            protected=self.perhaps(*FLAGS) if is_one_partition else None,
        )

    def environment(self, number: int, name: str, partition: str) -> Facts:
        regions = REGIONS[partition]
        region = self.perhaps(*regions)
        chosen = [self.pick(regions) for _ in range(self.pick((0, 1, 2, 3, 4)))]
        clusters = [self.cluster(number * 10 + index, name, chosen, index, partition) for index in range(len(chosen))]
        # Where every cluster reads the region that the environment names, a key can be stated for all of them.
        stated = [each["secrets"] for each in clusters if "secrets" in each]
        reads_one = region is not None and not any(isinstance(each, dict) and "region" in each for each in stated)
        return written(
            stage=self.perhaps(0, 1, 3),
            account_id=f"{number:012}",
            protected=self.perhaps(*FLAGS),
            project=self.perhaps(f"project-{number}"),
            sync=self.sync(),
            secrets=self.secrets_of_place(region, key=reads_one, prefix=self.perhaps(f"live/{number}", f"p{number}")),
            external_secrets=self.operator(),
            argocd_role_arn=self.perhaps(f"arn:{partition}:iam::{number:012}:role/argocd"),
            clusters=clusters,
        )

    def cluster(self, number: int, environment: str, regions: list[str], index: int, partition: str) -> Facts:
        region = regions[index]
        name = self.pick((f"k{number}", f"{self.name}-k{number}", f"k{number}-{'c' * 90}"))
        is_named = region in regions[:index] or self.pick(FLAGS)
        self.clusters.append(name if is_named else f"{self.name}-{environment}-{_CODES[region]}")
        own_region = self.perhaps(*REGIONS[partition])
        endpoint = {"server": f"https://k{number}.example.com", "ca_data": "ZXhhbXBsZQ=="}
        return written(
            region=region,
            oidc_id=fleets.oidc_id(number + 1),
            name=name if is_named else None,
            account_id=self.perhaps(f"9{number:011}"),
            protected=self.perhaps(*FLAGS),
            sync=self.sync(),
            secrets=self.secrets_of_place(own_region, key=own_region is not None),
            external_secrets=self.operator(),
            **(endpoint if self.pick(FLAGS) else {}),
        )

    def sync(self) -> Facts | None:
        # Nobody asks for automated sync, since the place may be protected.
        said = written(automated=self.perhaps(False), prune=self.perhaps(*FLAGS), self_heal=self.perhaps(*FLAGS))
        return said or None

    def operator(self) -> Facts | None:
        version = self.perhaps(*OPERATORS)
        return {"version": version} if version else None

    def secrets_of_place(self, region: str | None, *, key: bool = False, prefix: str | None = None) -> Facts | None:
        partition = next((name for name, regions in REGIONS.items() if region in regions), "")
        said = written(
            enabled=self.perhaps(True, True, False),
            refresh_interval=self.perhaps(*INTERVALS),
            region=region,
            kms_key_arn=self.perhaps(f"arn:{partition}:kms:{region}:{fleets.ACCOUNT}:key/mrk-{'a' * 32}")
            if key
            else None,
            prefix=prefix,
        )
        return said or None

    def app(self, name: str, environments: list[str]) -> Facts:
        source = self.pick((_FOLDER, _FOLDER, _CHART, _OPERATOR))
        secrets = {each: self.secret() for each in ("db", "api-token", "s" * 30)[: self.pick((0, 1, 2, 3))]}
        said = self.app_level(source, ())
        return {
            **said,
            **written(
                source=source,
                secrets=secrets or None,
                namespace=self.perhaps("shared", name, "n" * 63),
                release_name=self.perhaps(f"r{name[1:]}"),
                rollout=self.perhaps("none", "rolling"),
                cluster_resources=self.perhaps([{"group": "example.com", "kind": "Widget"}, {"kind": "Node"}]),
                sync_options=self.perhaps(["ServerSideApply=true", "PruneLast=true"]),
                values_files=self.perhaps(["values/{environment}/{cluster}.yaml", "values/{region}.yaml"]),
                secrets_values_key=self.perhaps("externalSecrets", "global.secrets"),
                environments={
                    each: self.app_level(source, tuple(secrets)) for each in environments if self.pick(FLAGS)
                },
                clusters={
                    each: {
                        **self.app_level(source, tuple(secrets)),
                        **written(role_name=self.perhaps(f"{each[:40]}-{name[:20]}")),
                    }
                    for each in self.clusters
                    if self.pick(FLAGS)
                },
            ),
        }

    def app_level(self, source: Facts, secrets: tuple[str, ...]) -> Facts:
        """What an app may say at each of its levels; of its secrets only what leaves none of them without keys."""
        changed = written(
            repo_url=self.perhaps("https://example.com/other.git"),
            revision=self.perhaps("0123", "2.0") if "revision" in source else None,
            path=self.perhaps("charts/other") if "path" in source else None,
        )
        sync = written(automated=self.perhaps(False), prune=self.perhaps(False), self_heal=self.perhaps(False))
        more = {name: {"consumed_once": self.pick(FLAGS)} for name in secrets if self.pick(FLAGS)}
        return written(
            deploy=self.perhaps(True, True, False),
            values=self._draw(MAPS) if self.pick(FLAGS) else None,
            source=changed or None,
            secrets=more or None,
            secrets_enabled=self.perhaps(True, True, False),
            refresh_interval=self.perhaps(*INTERVALS),
            sync=sync or None,
        )

    def secret(self) -> Facts:
        keys = ("PASSWORD", "tls.crt", "NO", "0123", "_a-b")[self.pick((0, 1, 2)) :][: self.pick((1, 2, 3))]
        return written(
            keys={each: self.key() for each in keys},
            path=self.perhaps("shared/db", "x" * 200),
            refresh_interval=self.perhaps(*INTERVALS),
            consumed_once=self.perhaps(*FLAGS),
            type=self.perhaps("example.com/token", "Opaque"),
        )

    def key(self) -> object:
        return (
            self.pick(("password", "1"))
            if self.pick(FLAGS)
            else written(
                property=self.perhaps("password", "a.b", "no", "é"),
                version=self.perhaps("AWSPREVIOUS", "uuid/1"),
                decoding=self.perhaps("Base64", "Auto"),
            )
        )


_FOLDER: Facts = {"repo_url": "https://github.com/example/shop-charts.git", "path": "charts/web", "revision": "main"}
"""In a repository of its own, where a chart may be at any revision."""
_CHART: Facts = {"repo_url": "https://charts.example.com", "chart": "web", "revision": "1.10"}
_OPERATOR: Facts = {"repo_url": "https://charts.external-secrets.io", "chart": "external-secrets"}
_CODES = {
    "us-east-1": "use1",
    "us-west-2": "usw2",
    "ap-southeast-2": "apse2",
    "cn-north-1": "cnn1",
    "cn-northwest-1": "cnnw1",
    "us-gov-west-1": "usgw1",
    "us-gov-east-1": "usge1",
    "eusc-de-east-1": "dee1",
}
