"""Which name was probably meant, and when a name is certainly a typo of another."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.near_miss import Names, is_one_edit, is_slip, is_typo, near_miss, nearest_name

if TYPE_CHECKING:
    from collections.abc import Callable


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
        ("externalsecrets", "external-secrets"),
        ("platform-secretstore", "platform-secret-store"),
        ("prod/myappdatabase", "prod/myapp/database"),
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
        ("web-app", "webapp"),
        ("teams-a", "teamsa"),
        ("prod2-main", "prod2main"),
        ("main-main-main", "mainmainmain"),
        ("main--", "main"),
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


NAMES = st.text(alphabet="abA1-./", max_size=7)


@given(names=st.lists(NAMES, max_size=30), name=NAMES, edit=st.tuples(st.integers(0, 7), st.sampled_from("abA1-./")))
@pytest.mark.parametrize("is_meant", [is_typo, is_one_edit, is_slip])
def test_all_that_a_name_may_be_meant_for_are_near_it(
    is_meant: Callable[[str, str], bool], names: list[str], name: str, edit: tuple[int, str]
) -> None:
    position, letter = edit
    names += [name[:position] + letter + name[position:], name[:position] + letter + name[position + 1 :]]
    near = Names(names).near(name)
    assert near == sorted(set(near))
    # What differs in hyphens and case alone is a slip, however far away; nothing else is.
    far = {each for each in names if each.replace("-", "").casefold() == name.replace("-", "").casefold()}
    assert {each for each in names if is_meant(name, each)} - far - {name} <= {*near} <= {*names} - {name}


@given(names=st.lists(NAMES, max_size=30), name=NAMES)
def test_what_is_a_typo_of_a_name_is_found(names: list[str], name: str) -> None:
    assert Names(names).meant_by(name) == sorted({each for each in names if is_typo(name, each)})


@pytest.mark.parametrize(
    ("names", "meant"),
    [(["orders"], "orders"), (["orders", "billing"], "orders"), (["orders", "border"], None), (["billing"], None)],
)
def test_of_several_that_may_be_meant_none_is(names: list[str], meant: str | None) -> None:
    assert Names(names).only_meant_by("order") == meant


def test_of_very_many_names_the_first_are_listed() -> None:
    names = [f"{one}{two}{one}" for one in ascii_lowercase for two in ascii_lowercase]
    assert near_miss("0123456789", names) == (
        "known here: aaa, aba, aca, ada, aea, afa, aga, aha, aia, aja, aka, ala, ama, ana, aoa, apa, aqa, ara, asa, "
        "ata and 656 more"
    )


@pytest.mark.parametrize(
    ("name", "nearest"), [("clustre-q7", "cluster-q7"), ("clustre-q", None), ("CLUSTER-Q7", "cluster-q7")]
)
def test_of_very_many_names_that_are_asked_often_only_one_letter_away_is_near(name: str, nearest: str | None) -> None:
    names = [f"cluster-{letter}{number}" for letter in ascii_lowercase for number in range(9)]
    assert nearest_name(name, Names(names)) == nearest


def test_of_very_many_names_the_only_longer_one_is_near() -> None:
    names = [f"cluster-{letter}{number}" for letter in ascii_lowercase for number in range(9)]
    assert nearest_name("cluster-z", Names([*names[:-8]])) == "cluster-z0"
