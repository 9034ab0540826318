"""The names that Kubernetes and Helm accept, and names made shorter."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gitops_gen import kubernetes

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
SUBDOMAIN = re.compile(rf"{LABEL.pattern}(\.{LABEL.pattern})*")
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?")
NAME_TEXTS = st.text(alphabet="aZ09-._/ é\n", max_size=8)

NO_VARIABLE = "expected letters, digits and underscores, and no digit first"
LONG_NAME = "payments-production-use1-reporting-and-reconciliation-service-eso"


@pytest.mark.parametrize("name", ["a", "0", "myapp", "my-app-2", "a" * 63])
def test_a_dns_label_is_fine(name: str) -> None:
    assert kubernetes.check_dns_label(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "got an empty text, expected 1 to 63 characters"),
        ("a" * 70, "got 70 characters, expected at most 63"),
        ("myApp", "got a capital letter at character 3, expected lower case letters, digits and hyphens"),
        ("my_app", "got an underscore at character 3, expected lower case letters, digits and hyphens"),
        ("my.app", "got a dot at character 3, expected lower case letters, digits and hyphens"),
        ("myapp\n", "got a line break at the end, expected lower case letters, digits and hyphens"),
        ("-myapp", "got a hyphen at the start, expected a lower case letter or a digit"),
        ("myapp-", "got a hyphen at the end, expected a lower case letter or a digit"),
    ],
)
def test_what_is_no_dns_label_says_why(name: str, reason: str) -> None:
    assert kubernetes.check_dns_label(name) == reason


def test_a_dns_label_can_have_a_shorter_limit() -> None:
    assert kubernetes.check_dns_label("a" * 53, 52) == "got 53 characters, expected at most 52"


@given(NAME_TEXTS)
def test_a_dns_label_is_what_the_pattern_of_kubernetes_says(name: str) -> None:
    assert (kubernetes.check_dns_label(name) is None) == (LABEL.fullmatch(name) is not None)


@pytest.mark.parametrize("name", ["a", "db-password", "a.b", "a-1.b-2.c", "a" * 253, f"a.{'b' * 100}"])
def test_a_dns_subdomain_is_fine(name: str) -> None:
    assert kubernetes.check_dns_subdomain(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "got an empty text, expected 1 to 253 characters"),
        ("a" * 254, "got 254 characters, expected at most 253"),
        ("aB", "got a capital letter at the end, expected lower case letters, digits, hyphens and dots"),
        (".a", "got a dot at the start, expected a lower case letter or a digit at both ends of each part"),
        ("a.", "got a dot at the end, expected a lower case letter or a digit at both ends of each part"),
        (
            "a..b",
            "got a dot at character 3, expected a lower case letter or a digit at both ends of each part",
        ),
        (
            "a.-b",
            "got a hyphen at character 3, expected a lower case letter or a digit at both ends of each part",
        ),
        (
            "a-.b",
            "got a hyphen at character 2, expected a lower case letter or a digit at both ends of each part",
        ),
    ],
)
def test_what_is_no_dns_subdomain_says_why(name: str, reason: str) -> None:
    assert kubernetes.check_dns_subdomain(name) == reason


@given(NAME_TEXTS)
def test_a_dns_subdomain_is_what_the_pattern_of_kubernetes_says(name: str) -> None:
    assert (kubernetes.check_dns_subdomain(name) is None) == (SUBDOMAIN.fullmatch(name) is not None)


def test_a_release_name_has_53_characters_at_most() -> None:
    assert kubernetes.check_release_name("a" * 53) is None
    assert kubernetes.check_release_name("a" * 54) == "got 54 characters, expected at most 53"


def test_a_release_name_is_a_dns_subdomain() -> None:
    assert kubernetes.check_release_name("my.app-2") is None
    assert kubernetes.check_release_name("my_app") == (
        "got an underscore at character 3, expected lower case letters, digits, hyphens and dots"
    )


@pytest.mark.parametrize("value", ["", "a", "A_1.b-2", "444455556666", "a" * 63])
def test_a_label_value_is_fine(value: str) -> None:
    assert kubernetes.check_label_value(value) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("a" * 64, "got 64 characters, expected at most 63"),
        ("arn:aws", "got a colon at character 4, expected letters, digits, hyphens, underscores and dots"),
        ("a/b", "got a slash at character 2, expected letters, digits, hyphens, underscores and dots"),
        ("_a", "got an underscore at the start, expected a letter or a digit"),
        ("a.", "got a dot at the end, expected a letter or a digit"),
    ],
)
def test_what_is_no_label_value_says_why(value: str, reason: str) -> None:
    assert kubernetes.check_label_value(value) == reason


@given(NAME_TEXTS)
def test_a_label_value_is_what_the_pattern_of_kubernetes_says(value: str) -> None:
    assert (kubernetes.check_label_value(value) is None) == (LABEL_VALUE.fullmatch(value) is not None)


@pytest.mark.parametrize("key", ["DB_PASSWORD", "tls.crt", ".dockerconfigjson", "-", "a" * 253])
def test_a_secret_key_is_fine(key: str) -> None:
    assert kubernetes.check_secret_key(key) is None


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "got an empty text, expected 1 to 253 characters"),
        ("a" * 254, "got 254 characters, expected at most 253"),
        ("a b", "got a space at character 2, expected letters, digits, hyphens, underscores and dots"),
        ("a/b", "got a slash at character 2, expected letters, digits, hyphens, underscores and dots"),
        (".", "got a key of dots or one that starts with two, expected a file name"),
        ("..", "got a key of dots or one that starts with two, expected a file name"),
        ("..data", "got a key of dots or one that starts with two, expected a file name"),
    ],
)
def test_what_is_no_secret_key_says_why(key: str, reason: str) -> None:
    assert kubernetes.check_secret_key(key) == reason


@pytest.mark.parametrize("group", ["", "apps", "rbac.authorization.k8s.io", "k6.io"])
def test_an_api_group_is_fine(group: str) -> None:
    assert kubernetes.check_api_group(group) is None


@pytest.mark.parametrize(
    ("group", "reason"),
    [
        ("apps/v1", "got a slash at character 5, expected lower case letters, digits, hyphens and dots"),
        ("*", "got the character '*' at the start, expected lower case letters, digits, hyphens and dots"),
    ],
)
def test_what_is_no_api_group_says_why(group: str, reason: str) -> None:
    assert kubernetes.check_api_group(group) == reason


@pytest.mark.parametrize("kind", ["Namespace", "ClusterRole", "K6"])
def test_a_kind_is_fine(kind: str) -> None:
    assert kubernetes.check_kind(kind) is None


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("", "got an empty text, expected 1 to 63 characters"),
        ("*", "got the character '*' at the start, expected a kind such as ClusterRole"),
        ("namespace", "got a lower case letter at the start, expected a kind such as ClusterRole"),
        ("Name-Space", "got a hyphen at character 5, expected a kind such as ClusterRole"),
    ],
)
def test_what_is_no_kind_says_why(kind: str, reason: str) -> None:
    assert kubernetes.check_kind(kind) == reason


def test_a_name_that_fits_stays_as_it_is() -> None:
    assert kubernetes.shorten("a" * 64, 64) == "a" * 64


def test_a_name_that_is_too_long_keeps_its_beginning_and_gets_a_hash() -> None:
    assert kubernetes.shorten(LONG_NAME, 53) == "payments-production-use1-reporting-and-recon-8c39c68a"


def test_a_name_that_is_too_long_keeps_its_suffix() -> None:
    assert kubernetes.shorten(LONG_NAME, 64, suffix="-eso") == (
        "payments-production-use1-reporting-and-reconciliati-8c39c68a-eso"
    )


def test_a_suffix_that_the_name_does_not_have_is_not_added() -> None:
    assert kubernetes.shorten("a" * 20, 12, suffix="-eso") == "aaa-42492da0"


def test_no_hyphen_or_dot_is_left_before_the_hash() -> None:
    assert kubernetes.shorten("a-.-bbbbbbbbbbbb", 13) == "a-bf011af4"


def test_a_limit_without_room_for_the_name_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match=r"^got a limit of 13 characters, expected more than 13$"):
        kubernetes.shorten("a" * 20 + "-eso", 13, suffix="-eso")


@given(
    name=st.from_regex(SUBDOMAIN, fullmatch=True),
    limit=st.integers(min_value=14, max_value=64),
    suffix=st.sampled_from(["", "-eso"]),
)
@example(name="a-" * 40 + "eso", limit=14, suffix="-eso")
def test_a_shortened_name_fits_and_stays_a_name(name: str, limit: int, suffix: str) -> None:
    whole = name + suffix
    short = kubernetes.shorten(whole, limit, suffix=suffix)
    assert len(short) <= limit
    assert kubernetes.check_dns_subdomain(short) is None
    assert short.endswith(suffix)
    assert short == kubernetes.shorten(whole, limit, suffix=suffix)


@given(st.sets(st.from_regex(LABEL, fullmatch=True), min_size=2, max_size=50))
def test_two_names_with_one_beginning_stay_apart(ends: set[str]) -> None:
    names = {f"{'a' * 60}-{end}" for end in ends}
    assert len({kubernetes.shorten(name, 53) for name in names}) == len(names)


def test_ten_thousand_names_stay_apart() -> None:
    names = [f"{'myapp-production-use1-' * 3}service-{number}" for number in range(10_000)]
    assert len({kubernetes.shorten(name, 53) for name in names}) == 10_000


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("ConfigMap", "a.b"),
        ("Service", "web"),
        ("Namespace", "x" * 63),
        ("ClusterRole", "system:controller:Web"),
        ("RoleBinding", "a b"),
        ("CustomResourceDefinition", "externalsecrets.external-secrets.io"),
    ],
)
def test_a_name_of_its_kind_is_accepted(kind: str, name: str) -> None:
    assert kubernetes.check_object_name(kind, name) is None


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        (
            "ConfigMap",
            "Web",
            "got a capital letter at the start, expected lower case letters, digits, hyphens and dots",
        ),
        ("Service", "a.b", "got a dot at character 2, expected lower case letters, digits and hyphens"),
        ("Namespace", "x" * 64, "got 64 characters, expected at most 63"),
        ("ClusterRole", "a/b", "got a slash at character 2, expected no slash and no percent sign"),
        ("Role", "..", "got '..', expected a name"),
        ("Role", "", "got an empty text, expected 1 to 253 characters"),
    ],
)
def test_a_name_of_another_kind_is_refused(kind: str, name: str, reason: str) -> None:
    assert kubernetes.check_object_name(kind, name) == reason


@pytest.mark.parametrize("key", ["app", "app.kubernetes.io/name", "A_b.c", "eks.amazonaws.com/role-arn", "x" * 63])
def test_a_key_of_a_label_is_accepted(key: str) -> None:
    assert kubernetes.check_qualified_name(key) is None


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "got no name, expected one of at most 63 characters"),
        ("a/", "got no name, expected one of at most 63 characters"),
        ("/a", "got an empty text, expected 1 to 253 characters, before the slash"),
        (
            "A/b",
            (
                "got a capital letter at the start, expected lower case letters, digits, hyphens and dots, "
                "before the slash"
            ),
        ),
        ("a/b c", "got a space at character 2, expected letters, digits, hyphens, underscores and dots"),
        ("x" * 64, "got 64 characters, expected at most 63"),
    ],
)
def test_what_is_no_key_of_a_label_is_refused(key: str, reason: str) -> None:
    assert kubernetes.check_qualified_name(key) == reason


@pytest.mark.parametrize(
    "name",
    ["Opaque", "kubernetes.io/dockerconfigjson", "kubernetes.io/tls", "helm.sh/release.v1", "a_b", "x" * 253],
)
def test_type_of_a_secret(name: str) -> None:
    assert kubernetes.check_secret_type(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "got an empty text, expected 1 to 253 characters"),
        ("x" * 254, "got 254 characters, expected at most 253"),
        (
            "kubernetes.io/tls ",
            "got a space at the end, expected letters, digits, hyphens, underscores, dots and slashes",
        ),
        (
            "kubernetes.io/service-account-token",
            "got a type that External Secrets makes no Secret of, expected that of a credential",
        ),
        (
            "bootstrap.kubernetes.io/token",
            "got a type that External Secrets makes no Secret of, expected that of a credential",
        ),
    ],
)
def test_no_type_of_a_secret(name: str, reason: str) -> None:
    assert kubernetes.check_secret_type(name) == reason


@pytest.mark.parametrize(
    ("name", "keys", "missing"),
    [
        ("Opaque", (), ()),
        ("example.com/token", (), ()),
        ("kubernetes.io/tls", (), ("tls.crt", "tls.key")),
        ("kubernetes.io/tls", ("tls.key", "ca.crt"), ("tls.crt",)),
        ("kubernetes.io/tls", ("tls.key", "tls.crt"), ()),
        ("kubernetes.io/dockercfg", (".dockerconfigjson",), (".dockercfg",)),
        ("kubernetes.io/dockerconfigjson", (".dockerconfigjson",), ()),
        ("kubernetes.io/ssh-auth", ("key",), ("ssh-privatekey",)),
        ("kubernetes.io/basic-auth", ("password",), ()),
        ("kubernetes.io/basic-auth", ("username",), ()),
        ("kubernetes.io/basic-auth", ("user",), ("username",)),
    ],
)
def test_keys_that_a_type_wants(name: str, keys: tuple[str, ...], missing: tuple[str, ...]) -> None:
    assert kubernetes.keys_missing(name, keys) == missing
