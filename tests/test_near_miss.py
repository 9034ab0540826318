"""Which name was probably meant, and when a name is certainly a typo of another."""

from __future__ import annotations

import pytest

from gitops_gen.near_miss import is_typo, near_miss, nearest_name


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("mainx", "main"),
        ("mai", "main"),
        ("mian", "main"),
        ("maim", "main"),
        ("xmain", "main"),
        ("external-secretsx", "external-secrets"),
        ("myapp-develp-use1", "myapp-develop-use1"),
        ("charts/myap", "charts/myapp"),
        ("databsae", "database"),
        ("datadase", "database"),
        ("ues1", "use1"),
        ("usee1", "use1"),
        ("externa-lsecrets", "external-secrets"),
    ],
)
def test_one_letter_in_one_long_word_is_a_typo(name: str, meant: str) -> None:
    assert is_typo(name, meant)
    assert is_typo(meant, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("main", "main"),
        ("prod-1", "prod-2"),
        ("release1", "release2"),
        ("release", "release1"),
        ("use12", "use21"),
        ("eu-a", "eu-b"),
        ("dev", "dex"),
        ("blue", "green"),
        ("main", "maintain"),
        ("maybe-other", "maybee-others"),
        ("a-main", "main"),
        ("a-bc", "ab-c"),
        ("node-1a", "node1-a"),
        ("teama", "teamb"),
        ("clusterA", "clusterC"),
        ("axisx", "axisy"),
        ("prod-use1", "prod-usw1"),
        ("euw1", "eus1"),
    ],
)
def test_what_may_be_two_names_is_no_typo(name: str, other: str) -> None:
    assert not is_typo(name, other)
    assert not is_typo(other, name)


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("DB_PASSWRD", ["DB_PASSWORD", "DB_USER"], "did you mean DB_PASSWORD?"),
        ("db-credential", ["db-credentials"], "did you mean db-credentials?"),
        ("myapp-dev-usw2", ["myapp-dev-use1"], "did you mean myapp-dev-use1?"),
        ("prod", ["dev", "production"], "did you mean production?"),
        ("orders_mongo_uri", ["auth_mongo_uri", "jwt_secret"], "known here: auth_mongo_uri, jwt_secret"),
        ("web.staging.url", ["web.production.url"], "known here: web.production.url"),
        ("web", [], "there is none yet"),
    ],
)
def test_what_was_meant_differs_in_no_whole_word(name: str, known: list[str], hint: str) -> None:
    assert near_miss(name, known) == hint


@pytest.mark.parametrize("name", ["TRUST-SUBJECT", "Trust-Subject"])
def test_a_name_in_capitals_is_the_one_without(name: str) -> None:
    assert nearest_name(name, ("role-unused", "trust-subject")) == "trust-subject"
