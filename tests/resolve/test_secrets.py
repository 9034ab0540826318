"""The secrets of a release: every fact at every level where it can be true, and what they come to together."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import pytest

from gitops_gen.model import ExternalSecret, Releases, SecretData, Secrets
from gitops_gen.problems import ModelError, Severity
from tests.tools import fleets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gitops_gen.model import Fleet, Release

KEYS = {"PASSWORD": "password"}
LEVELS = ("fleet", "environment", "cluster", "app", "app in environment", "app on cluster")


def key(name: str, region: str = "us-east-1") -> str:
    return f"arn:aws:kms:{region}:{fleets.ACCOUNT}:key/mrk-{name * 32}"


def one(
    root: Path,
    at: dict[str, fleets.Facts] | None = None,
    *,
    secrets: object = None,
    name: str = "web",
    fleet: fleets.Facts | None = None,
) -> Release:
    """The one release of a fleet in which each level says what `at` has for it."""
    said = {level: (at or {}).get(level, {}) for level in LEVELS}
    app = fleets.over(fleets.app(secrets=secrets or {"db": {"keys": KEYS}}), said["app"])
    app["environments"] = {"dev": said["app in environment"]}
    app["clusters"] = {"shop-dev-use1": said["app on cluster"]}
    files = fleets.model(
        fleet={**(fleet or {}), **said["fleet"]},
        environments={"dev": fleets.environment(fleets.cluster(**said["cluster"]), **said["environment"])},
        apps={name: app},
    )
    return fleets.release_of(fleets.load_files(root, files), name)


# A fact of a secret, at each level of the app.


class Fact(NamedTuple):
    """A fact of a secret: its name, a value for each level, and how it is read."""

    name: str
    values: tuple[object, object, object]
    default: Callable[[Release], object]
    read: Callable[[Release], object]


FACTS = (
    Fact(
        "target",
        ("of-app", "of-environment", "of-cluster"),
        lambda release: f"{release.app.name}-db",
        lambda release: release.secrets.external_secrets[0].name,
    ),
    Fact(
        "path",
        ("of-app", "of/environment", "of/cluster"),
        lambda release: f"{release.app.name}/db",
        lambda release: release.secrets.paths[0].removeprefix(f"{release.cluster.environment.name}/"),
    ),
    Fact(
        "refresh_interval",
        ("2h0m0s", "30m0s", "0s"),
        lambda _: "1h0m0s",
        lambda release: release.secrets.external_secrets[0].refresh_interval,
    ),
    Fact(
        "kms_key_arn",
        (key("a"), key("b"), key("c")),
        lambda _: None,
        lambda release: next(iter(release.secrets.kms_key_arns), None),
    ),
    Fact(
        "type",
        ("example.com/of-app", "example.com/of-environment", "of-cluster"),
        lambda _: None,
        lambda release: release.secrets.external_secrets[0].type,
    ),
    Fact(
        "consumed_once",
        (True, False, True),
        lambda _: False,
        lambda release: release.secrets.external_secrets[0].consumed_once,
    ),
)
STATES = ("absent", "keys only", "stated", "null", "secret removed", "all removed")


def said(state: str, name: str, value: object) -> fleets.Facts:
    """What a level says of the secret db. It always has its keys, so that it is never empty."""
    secret: dict[str, fleets.Facts] = {
        "keys only": {"keys": KEYS},
        "stated": {"keys": KEYS, name: value},
        "null": {"keys": KEYS, name: None},
    }
    if state in secret:
        return {"secrets": {"db": secret[state]}}
    other: dict[str, fleets.Facts] = {"secret removed": {"secrets": {"db": None}}, "all removed": {"secrets": None}}
    return other.get(state, {})


MISSING = object()


def after(state: str, farther: object, value: object, default: object) -> object:
    """What the fact is after a level: MISSING where there is no secret."""
    if state == "absent":
        return farther
    if state.endswith("removed"):
        return MISSING
    if state == "keys only":
        return default if farther is MISSING else farther
    return value if state == "stated" else default


@pytest.mark.parametrize("fact", FACTS, ids=[fact.name for fact in FACTS])
def test_the_nearest_level_decides_and_null_removes(tmp_path: Path, fact: Fact) -> None:
    environments = {
        f"e{number}": fleets.environment(
            *(fleets.cluster(10 * number + nearest, name=f"c{number}-{nearest}") for nearest in range(len(STATES)))
        )
        for number in range(len(STATES))
    }
    apps = {
        f"a{top}": fleets.app(
            **said(state, fact.name, fact.values[0]),
            environments={f"e{n}": said(each, fact.name, fact.values[1]) for n, each in enumerate(STATES)},
            clusters={
                f"c{n}-{m}": said(each, fact.name, fact.values[2])
                for n, (m, each) in product(range(len(STATES)), enumerate(STATES))
            },
        )
        for top, state in enumerate(STATES)
    }
    fleet = fleets.load_files(tmp_path, fleets.model(environments=environments, apps=apps))
    assert len(fleet.releases) == len(STATES) ** 3
    for release in fleet.releases:
        number, nearest = map(int, release.cluster.name[1:].split("-"))
        chain = (STATES[int(release.app.name[1:])], STATES[number], STATES[nearest])
        expected: object = MISSING
        for state, value in zip(chain, fact.values, strict=True):
            expected = after(state, expected, value, fact.default(release))
        found = fact.read(release) if release.has_secrets else MISSING
        assert found == expected, chain


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (({"A": "a"}, {}, {}), {"A": "a"}),
        (({"A": "a"}, {"B": "b"}, {"C": "c"}), {"A": "a", "B": "b", "C": "c"}),
        (({"A": "a", "B": "b"}, {"A": "x"}, {}), {"A": "x", "B": "b"}),
        (({"A": "a"}, {"A": "x"}, {"A": "y"}), {"A": "y"}),
        (({"A": "a", "B": "b"}, {"A": None}, {}), {"B": "b"}),
        (({"A": "a", "B": "b"}, {"A": None}, {"A": "z"}), {"B": "b", "A": "z"}),
        (({"A": "a"}, None, {"B": "b"}), {"B": "b"}),
        (({"A": "a"}, {"B": "b"}, {"X": None}), {"A": "a", "B": "b"}),
    ],
)
def test_keys_merge_over_the_levels(
    tmp_path: Path, levels: tuple[dict[str, object] | None, ...], expected: dict[str, str]
) -> None:
    at: dict[str, fleets.Facts] = {
        level: {"secrets": {"db": {"keys": keys}}}
        for level, keys in zip(("app", "app in environment", "app on cluster"), levels, strict=True)
    }
    (secret,) = one(tmp_path, at, secrets={"db": {}}).secrets.external_secrets
    assert {data.key: data.property for data in secret.data} == expected
    assert [data.key for data in secret.data] == list(expected)


# Interval: nine levels.

PLACE = ("fleet", "environment", "cluster")
APP = ("app", "app in environment", "app on cluster")
INTERVALS = tuple(f"{hours}h0m0s" for hours in range(2, 11))
NINE = tuple((group, level) for group, levels in (("place", PLACE), ("app", APP), ("secret", APP)) for level in levels)


def interval_facts(values: dict[tuple[str, str], object]) -> dict[str, fleets.Facts]:
    at: dict[str, fleets.Facts] = {level: {} for level in LEVELS}
    for (group, level), value in values.items():
        facts: fleets.Facts = {"refresh_interval": value}
        if group == "place":
            facts = {"secrets": facts}
        elif group == "secret":
            facts = {"secrets": {"db": {"keys": KEYS, **facts}}}
        at[level] = fleets.over(at[level], facts)
    return at


def interval(root: Path, values: dict[tuple[str, str], object]) -> str:
    (secret,) = one(root, interval_facts(values)).secrets.external_secrets
    return secret.refresh_interval


def test_without_a_word_a_secret_is_read_every_hour(tmp_path: Path) -> None:
    assert interval(tmp_path, {}) == "1h0m0s"


@pytest.mark.parametrize("index", range(9))
def test_an_interval_can_be_stated_at_each_of_nine_levels(tmp_path: Path, index: int) -> None:
    assert interval(tmp_path, {NINE[index]: INTERVALS[index]}) == INTERVALS[index]


@pytest.mark.parametrize("index", range(9))
def test_the_nearest_of_nine_levels_decides(tmp_path: Path, index: int) -> None:
    said: dict[tuple[str, str], object] = dict(zip(NINE[: index + 1], INTERVALS[: index + 1], strict=True))
    assert interval(tmp_path, said) == INTERVALS[index]


@pytest.mark.parametrize(
    ("nulls", "expected"),
    [
        ([("secret", "app on cluster")], INTERVALS[5]),
        ([("secret", "app on cluster"), ("app", "app on cluster")], INTERVALS[2]),
        ([("secret", "app on cluster"), ("app", "app on cluster"), ("place", "cluster")], "1h0m0s"),
        ([("secret", "app")], INTERVALS[8]),
        ([("app", "app in environment"), ("secret", "app on cluster")], INTERVALS[5]),
    ],
)
def test_a_null_interval_falls_back_to_the_secrets_app_then_to_its_place(
    tmp_path: Path, nulls: list[tuple[str, str]], expected: str
) -> None:
    said: dict[tuple[str, str], object] = dict(zip(NINE, INTERVALS, strict=True))
    said.update(dict.fromkeys(nulls))
    assert interval(tmp_path, said) == expected


@pytest.mark.parametrize(
    ("written", "canonical", "once"),
    [
        ("1h", "1h0m0s", False),
        ("90m", "1h30m0s", False),
        ("0", "0s", True),
        ("0s", "0s", True),
        ("1.5s", "1.5s", False),
    ],
)
def test_an_interval_is_written_as_go_prints_it(tmp_path: Path, written: str, canonical: str, *, once: bool) -> None:
    for values in ({("place", "fleet"): written}, {("app", "app"): written}, {("secret", "app"): written}):
        (secret,) = one(tmp_path, interval_facts(dict(values))).secrets.external_secrets
        assert (secret.refresh_interval, secret.is_read_once) == (canonical, once)


def test_secrets_in_one_target_have_one_interval(tmp_path: Path) -> None:
    def shared(first: object, second: object) -> str:
        secrets = {
            "a": {"target": "db", "keys": {"A": "a"}, "refresh_interval": first},
            "b": {"target": "db", "keys": {"B": "b"}, "refresh_interval": second},
        }
        (secret,) = one(tmp_path, {"app": {"refresh_interval": "7h"}}, secrets=secrets).secrets.external_secrets
        return secret.refresh_interval

    assert shared(None, None) == "7h0m0s"
    assert shared("30m", None) == "30m0s"
    assert shared("60m", "1h") == "1h0m0s"
    with pytest.raises(ModelError, match="refresh-interval-conflict"):
        shared("30m", "1h")


def test_secrets_in_one_target_have_one_type(tmp_path: Path) -> None:
    def shared(first: object, second: object) -> str | None:
        secrets = {
            "a": {"target": "db", "keys": {"tls.crt": "a"}, "type": first},
            "b": {"target": "db", "keys": {"tls.key": "b"}, "type": second},
        }
        (secret,) = one(tmp_path, {}, secrets=secrets).secrets.external_secrets
        return secret.type

    assert shared(None, None) is None
    assert shared("kubernetes.io/tls", None) == "kubernetes.io/tls"
    assert shared("kubernetes.io/tls", "kubernetes.io/tls") == "kubernetes.io/tls"
    with pytest.raises(ModelError) as caught:
        shared("kubernetes.io/tls", "example.com/token")
    (problem,) = caught.value.problems
    assert (problem.code, problem.message) == (
        "secret-type-conflict",
        "the secrets in db are of different types: example.com/token, kubernetes.io/tls",
    )
    assert [each.message for each in problem.related] == ["the other one"]


@pytest.mark.parametrize(
    ("kind", "keys", "lacks"),
    [
        ("kubernetes.io/dockerconfigjson", {"config.json": {}}, ".dockerconfigjson"),
        ("kubernetes.io/tls", {"tls.crt": "a"}, "tls.key"),
        ("kubernetes.io/tls", {"cert": "a"}, "tls.crt and no key tls.key"),
        ("kubernetes.io/basic-auth", {"user": "a"}, "username"),
    ],
)
def test_a_type_wants_its_keys(tmp_path: Path, kind: str, keys: fleets.Facts, lacks: str) -> None:
    with pytest.raises(ModelError) as caught:
        one(tmp_path, {}, secrets={"a": {"target": "made", "keys": keys, "type": kind}})
    (problem,) = caught.value.problems
    first = lacks.partition(" ")[0]
    assert (problem.code, problem.message, problem.hint) == (
        "secret-type-keys",
        f"made is of type {kind} and has no key {lacks}",
        f"name it under keys:, as {first}: {{}} for the whole value; Kubernetes wants it",
    )


# Enabled: six levels in two chains.


@pytest.mark.parametrize("place", list(product((None, True, False), repeat=3)))
def test_secrets_are_enabled_where_both_the_place_and_the_app_say_so(
    tmp_path: Path, place: tuple[bool | None, ...]
) -> None:
    for number, app in enumerate(product((None, True, False), repeat=3)):
        at: dict[str, fleets.Facts] = {}
        for level, value in zip(PLACE, place, strict=True):
            at[level] = {} if value is None else {"secrets": {"enabled": value}}
        for level, value in zip(APP, app, strict=True):
            at[level] = {} if value is None else {"secrets_enabled": value}

        def nearest(levels: tuple[bool | None, ...]) -> bool:
            return next((value for value in reversed(levels) if value is not None), True)

        release = one(tmp_path / str(number), at)
        enabled = nearest(place) and nearest(app)
        assert release.has_secrets is enabled
        assert release.secrets == (release.secrets if enabled else Secrets())
        assert release.app.has_secrets


def test_an_app_without_secrets_has_none(tmp_path: Path) -> None:
    files = fleets.model(environments={"dev": fleets.environment(fleets.cluster())}, apps={"web": fleets.app()})
    release = fleets.release_of(fleets.load_files(tmp_path, files))
    assert not release.has_secrets
    assert not release.app.has_secrets
    assert release.secrets == Secrets()
    assert (release.secret_arns, release.secrets.paths, Releases((release,)).secret_sources) == ((), (), ())


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, False),
        ({"secrets": {}}, False),
        ({"secrets": None}, False),
        ({"secrets": {"db": {"keys": KEYS}}}, True),
        ({"environments": {"dev": {"secrets": {"db": {"keys": KEYS}}}}}, True),
        ({"clusters": {"shop-dev-use1": {"secrets": {"db": {"keys": KEYS}}}}}, True),
        ({"secrets": {"db": {"keys": KEYS}}, "secrets_enabled": False}, True),
    ],
)
def test_an_app_has_secrets_where_any_level_declares_one(
    tmp_path: Path, facts: dict[str, object], *, expected: bool
) -> None:
    files = fleets.model(environments={"dev": fleets.environment(fleets.cluster())}, apps={"web": fleets.app(**facts)})
    assert fleets.release_of(fleets.load_files(tmp_path, files)).app.has_secrets is expected


# KMS keys: six levels.


def kms(level: str, value: object) -> fleets.Facts:
    if level in PLACE:
        return {"secrets": {"kms_key_arn": value}}
    return {"secrets": {"db": {"keys": KEYS, "kms_key_arn": value}}}


@pytest.mark.parametrize("index", range(6))
def test_the_nearest_kms_key_encrypts_a_secret(tmp_path: Path, index: int) -> None:
    alone = one(tmp_path / "alone", {LEVELS[index]: kms(LEVELS[index], key("a"))})
    assert alone.secrets.kms_key_arns == (key("a"),)
    names = "abcdef"[: index + 1]
    at = {level: kms(level, key(name)) for level, name in zip(LEVELS[: index + 1], names, strict=True)}
    release = one(tmp_path / "all", at)
    assert release.secrets.kms_key_arns == (key(names[-1]),)
    assert [data.kms_key_arn for data in release.secrets.external_secrets[0].data] == [key(names[-1])]


def test_a_null_key_of_a_secret_falls_back_to_that_of_its_place(tmp_path: Path) -> None:
    at = {"fleet": kms("fleet", key("a")), "app": kms("app", key("b")), "app on cluster": kms("app on cluster", None)}
    assert one(tmp_path, at).secrets.kms_key_arns == (key("a"),)
    at["cluster"] = kms("cluster", None)
    assert one(tmp_path, at).secrets.kms_key_arns == ()


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ((None, None), ("a",)),
        (("b", None), ("a", "b")),
        (("b", "c"), ("b", "c")),
        (("b", "b"), ("b",)),
        (("a", None), ("a",)),
    ],
)
def test_a_release_may_use_exactly_the_keys_that_encrypt_its_secrets(
    tmp_path: Path, own: tuple[str | None, ...], expected: tuple[str, ...]
) -> None:
    secrets = {
        f"s{number}": {"keys": KEYS, **({"kms_key_arn": key(name)} if name else {})} for number, name in enumerate(own)
    }
    release = one(tmp_path, {"environment": kms("environment", key("a"))}, secrets=secrets)
    assert release.secrets.kms_key_arns == tuple(map(key, expected))


def test_a_key_is_of_the_region_that_is_read(tmp_path: Path) -> None:
    at: dict[str, fleets.Facts] = {
        "environment": {"secrets": {"region": "eu-west-1", "kms_key_arn": key("a", "eu-west-1")}}
    }
    assert one(tmp_path, at).secrets.kms_key_arns == (key("a", "eu-west-1"),)
    at["environment"] = {"secrets": {"region": "eu-west-1", "kms_key_arn": key("a", "us-east-1")}}
    with pytest.raises(ModelError, match="kms-key-region"):
        one(tmp_path, at)


# Targets, paths and keys.


def test_a_secret_is_called_by_its_app_and_read_below_the_prefix_of_its_environment(tmp_path: Path) -> None:
    at: dict[str, fleets.Facts] = {"environment": {"secrets": {"prefix": "live/eu"}}}
    release = one(tmp_path, at)
    assert release.secrets.external_secrets == (
        ExternalSecret(
            name="web-db",
            refresh_interval="1h0m0s",
            data=(
                SecretData(key="PASSWORD", path="live/eu/web/db", property="password", version=None, decoding="None"),
            ),
        ),
    )
    assert release.secrets.paths == ("live/eu/web/db",)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("password", ("password", None, "None")),
        ({}, (None, None, "None")),
        ({"property": "password"}, ("password", None, "None")),
        ({"version": "AWSPREVIOUS"}, (None, "AWSPREVIOUS", "None")),
        ({"property": "a.b", "version": "uuid/1", "decoding": "Base64"}, ("a.b", "uuid/1", "Base64")),
    ],
)
def test_a_key_is_a_property_or_says_more(
    tmp_path: Path, written: object, expected: tuple[str | None, str | None, str]
) -> None:
    (secret,) = one(tmp_path, secrets={"db": {"keys": {"K": written}}}).secrets.external_secrets
    assert [(data.key, data.property, data.version, data.decoding) for data in secret.data] == [("K", *expected)]


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("DB_PASSWORD", "Tr0ub4dor&3"),
        ("DB_PASSWORD", "correct horse"),
        ("API_KEY", "abc=def"),
        ("TOKEN", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
        ("ID", "AKIAIOSFODNN7EXAMPLE"),
        ("ANY", {"property": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}),
    ],
)
def test_a_secret_in_the_place_of_its_property_is_refused_and_not_shown(
    tmp_path: Path, key: str, written: str | dict[str, str]
) -> None:
    with pytest.raises(ModelError) as caught:
        one(tmp_path, secrets={"db": {"keys": {key: written}}})
    [problem] = caught.value.problems
    assert problem.code == "secret-in-model"
    assert problem.message.startswith(f"the property for {key} ")
    secret = written if isinstance(written, str) else written["property"]
    assert secret not in str(caught.value)
    assert secret not in problem.hint


@pytest.mark.parametrize(
    "name", ["password", "pw", "PGPASSWORD", "dbPass", "a.b\\.c", "users.#.name", "spring.datasource.hikari.password1"]
)
def test_a_property_may_have_any_name(tmp_path: Path, name: str) -> None:
    (secret,) = one(tmp_path, secrets={"db": {"keys": {"DB_PASSWORD": name}}}).secrets.external_secrets
    assert secret.data[0].property == name


def test_secrets_may_share_a_target_and_targets_stand_by_name(tmp_path: Path) -> None:
    secrets = {
        "z": {"target": "shared", "keys": {"Z": "z"}, "consumed_once": True},
        "b": {"keys": {"B": "b"}},
        "a": {"target": "shared", "keys": {"A": {}}},
        "c": {"target": "once", "keys": {"C": "c"}, "consumed_once": True},
    }
    release = one(tmp_path, secrets=secrets)
    found = release.secrets.external_secrets
    assert [(each.name, [data.key for data in each.data], each.consumed_once) for each in found] == [
        ("once", ["C"], True),
        ("shared", ["Z", "A"], False),
        ("web-b", ["B"], False),
    ]
    assert release.secrets.paths == ("dev/web/a", "dev/web/b", "dev/web/c", "dev/web/z")


@pytest.mark.parametrize(("length", "fits"), [(512, True), (513, False)])
def test_a_path_has_at_most_512_characters(tmp_path: Path, length: int, *, fits: bool) -> None:
    path = "p" * (length - len("dev/"))
    if fits:
        assert one(tmp_path, secrets={"db": {"keys": KEYS, "path": path}}).secrets.paths == (f"dev/{path}",)
        return
    with pytest.raises(ModelError, match="secret-path: got 513 characters, expected at most 512"):
        one(tmp_path, secrets={"db": {"keys": KEYS, "path": path}})


@pytest.mark.parametrize(("length", "fits"), [(253, True), (254, False)])
def test_a_target_has_at_most_253_characters(tmp_path: Path, length: int, *, fits: bool) -> None:
    stated = {"db": {"keys": KEYS, "target": "t" * length, "path": "db"}}
    derived = {"s" * (length - len("web-")): {"keys": KEYS, "path": "db"}}
    for number, secrets in enumerate((stated, derived)):
        if fits:
            (secret,) = one(tmp_path / str(number), secrets=secrets).secrets.external_secrets
            assert len(secret.name) == 253
        else:
            with pytest.raises(ModelError, match="got 254 characters, expected at most 253"):
                one(tmp_path / str(number), secrets=secrets)


def test_a_path_that_ends_like_an_arn_is_worth_a_warning(tmp_path: Path) -> None:
    from gitops_gen.load import load_with_warnings

    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster())},
        apps={"web": fleets.app(secrets={"db-secret": {"keys": KEYS}, "db-password": {"keys": KEYS}})},
    )
    warnings = load_with_warnings(fleets.write(tmp_path, files)).warnings
    assert [(each.code, each.severity, each.at.path) for each in warnings] == [
        ("secret-path-end", Severity.WARNING, "environments/apps/web.yaml")
    ]


@pytest.mark.parametrize(("path", "hints"), [("dev/web/db", ["write path: web/db"]), ("web/dev/db", []), ("dev", [])])
def test_a_path_that_begins_with_the_prefix_is_worth_a_warning(tmp_path: Path, path: str, hints: list[str]) -> None:
    from gitops_gen.load import load_with_warnings

    clusters = [fleets.cluster(number, name=f"c{number}") for number in range(2)]
    files = fleets.model(
        environments={"dev": fleets.environment(*clusters)},
        apps={"web": fleets.app(secrets={"db": {"path": path, "keys": KEYS}})},
    )
    warnings = load_with_warnings(fleets.write(tmp_path, files)).warnings
    assert [each.hint for each in warnings] == hints
    assert [each.code for each in warnings] == ["secret-prefix-twice"] * len(hints)


NOTHING = "this null removes nothing: no farther level states the"
NO_SECRET = "give the secret keys:, as DB_PASSWORD: password, or take the line out"
NO_KEY = "write the name of the property, or {} for the whole value; or take the line out"


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({}, []),
        ({"environments": {"dev": {"secrets": {"db": None}}}}, []),
        ({"environments": {"dev": {"secrets": {"db": {"keys": {"PASSWORD": None, "B": "b"}}}}}}, []),
        (
            {"environments": {"dev": {"secrets": {"bd": None}}}},
            [("12:7", f"{NOTHING} secret bd", "known here: db")],
        ),
        (
            {"clusters": {"c1": {"secrets": {"x": None}}}, "environments": {"dev": {"secrets": {"x": {"keys": KEYS}}}}},
            [],
        ),
        (
            {"secrets": {"db": {"keys": KEYS}, "x": None}},
            [("9:3", f"{NOTHING} secret x", NO_SECRET)],
        ),
        (
            {"secrets": {"db": {"keys": {**KEYS, "USER": None}}}},
            [("9:7", f"{NOTHING} key USER", NO_KEY)],
        ),
        (
            {"clusters": {"c1": {"secrets": {"db": {"keys": {"PASWORD": None}}}}}},
            [("14:11", f"{NOTHING} key PASWORD", "did you mean PASSWORD?")],
        ),
    ],
)  # fmt: skip
def test_a_null_that_takes_nothing_away_is_worth_a_warning(
    tmp_path: Path, stated: fleets.Facts, told: list[tuple[str, str, str]]
) -> None:
    from gitops_gen.load import load_with_warnings

    clusters = [fleets.cluster(number, name=f"c{number}") for number in range(2)]
    files = fleets.model(
        environments={"dev": fleets.environment(*clusters)},
        apps={"web": fleets.app(**{"secrets": {"db": {"keys": KEYS}}, **stated})},
    )
    warnings = load_with_warnings(fleets.write(tmp_path, files)).warnings
    assert [(f"{each.at.line}:{each.at.column}", each.message, each.hint) for each in warnings] == told
    assert [(each.code, each.severity) for each in warnings] == [("removes-nothing", Severity.WARNING)] * len(told)


def test_what_the_app_leaves_open_each_cluster_may_state(tmp_path: Path) -> None:
    at: dict[str, fleets.Facts] = {"app on cluster": {"secrets": {"db": {"keys": KEYS}}}}
    release = one(tmp_path, at, secrets={"db": {"path": "shared"}})
    assert [data.path for data in release.secrets.external_secrets[0].data] == ["dev/shared"]
    with pytest.raises(ModelError, match="secret-without-keys"):
        one(tmp_path, secrets={"db": {"path": "shared"}})


def test_releases_of_one_shape_share_what_was_resolved(tmp_path: Path) -> None:
    def shape(fleet: Fleet) -> list[Secrets]:
        return [release.secrets for release in fleet.releases]

    clusters = [fleets.cluster(number, name=f"c{number}") for number in range(3)]
    files = fleets.model(
        environments={"dev": fleets.environment(*clusters)},
        apps={"web": fleets.app(secrets=fleets.SECRETS, clusters={"c2": {"refresh_interval": "2h"}})},
    )
    first, second, third = shape(fleets.load_files(tmp_path, files))
    assert first is second
    assert first != third
