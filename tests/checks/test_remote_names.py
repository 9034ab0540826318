"""The names by which an ExternalSecret asks a store of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import SECRET_FILE, STORE_FILE, changed
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-store"
PARAMETERS = "ParameterStore"


def said(tmp_path: Path, ref: str, service: str = PARAMETERS, prefix: str = "''") -> list[str]:
    """What is said of an ExternalSecret with a reference, behind what it asks for."""
    files = changed(STORE_FILE, ("service: SecretsManager", f"service: {service}\n      prefix: {prefix}"))
    asked = "      remoteRef:\n        key: dev/web/db\n        property: password\n"
    files[SECRET_FILE] = changed(SECRET_FILE, (asked, f"      remoteRef: {{{ref}}}\n"))[SECRET_FILE]
    return [each.partition("for what it cannot have: ")[2].partition("\n")[0] for each in found(tmp_path, files, CODE)]


LETTERS = "letters, digits, underscores, dots, hyphens and slashes"
HIERARCHY = "is in a hierarchy, and Parameter Store knows such a name only with a / at its start"
VERSION = "expected the number of a version of the parameter, or one of its labels"


@pytest.mark.parametrize(
    ("ref", "prefix", "reason"),
    [
        ("key: dev/db", "''", f"dev/db {HIERARCHY}"),
        ("key: db", "dev/", f"dev/db {HIERARCHY}"),
        ("key: /db", "/dev/", "a part of /dev//db has no name"),
        ("key: /dev/", "''", "a part of /dev/ has no name"),
        ("key: dev db", "''", f"got a space at character 4, expected {LETTERS}"),
        ("key: /db, version: AWSPREVIOUS", "''", f"got AWSPREVIOUS, {VERSION}"),
        ("key: /db, version: uuid/1", "''", f"got uuid/1, {VERSION}"),
    ],
)
def test_what_parameter_store_has_not_is_found(tmp_path: Path, ref: str, prefix: str, reason: str) -> None:
    assert said(tmp_path, ref, PARAMETERS, prefix) == [reason]


@pytest.mark.parametrize(
    ("ref", "service", "prefix"),
    [
        ("key: friendslist", PARAMETERS, "''"),
        ("key: /a/b.c-d_e, version: '4'", PARAMETERS, "''"),
        ("key: '/a/b:4', version: prod", PARAMETERS, "''"),
        ("key: a/b", PARAMETERS, "/dev/"),
        ("key: 'arn:aws:ssm:eu-west-1:111122223333:parameter/a/b'", PARAMETERS, "''"),
        ("key: '{{ .Values.name }}'", PARAMETERS, "''"),
        ("key: /a/b, version: AWSPREVIOUS", "SecretsManager", "''"),
        ("key: rds!db-a+b=c.d@e-f_g/h", "SecretsManager", "''"),
        ("key: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-AbCdEf'", "SecretsManager", "''"),
    ],
)
def test_what_a_service_may_have_is_fine(tmp_path: Path, ref: str, service: str, prefix: str) -> None:
    assert said(tmp_path, ref, service, prefix) == []


def test_a_name_that_secrets_manager_refuses_is_found(tmp_path: Path) -> None:
    assert said(tmp_path, "key: 'dev:db'", "SecretsManager") == [
        "got a colon at character 4, expected letters, digits and /_+=.@!-"
    ]


def test_a_hierarchy_starts_with_a_slash_where_parameters_are_found_in_it(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("service: SecretsManager", f"service: {PARAMETERS}"))
    find = "  dataFrom: [{find: {path: dev, tags: {a: b}}}]\n"
    data = "  data:\n    - secretKey: PASSWORD\n      remoteRef:\n        key: dev/web/db\n        property: password\n"
    files[SECRET_FILE] = changed(SECRET_FILE, (data, find))[SECRET_FILE]
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/secret.yaml:12:28: error: ExternalSecret db asks SecretStore store for what it cannot have: got "
            "dev, and a hierarchy of parameters starts with a /\n"
            "hint: write /dev\n"
            "manifests/store.yaml:8:16: the service that the store reads"
        )
    ]
