"""Scalars that readers of YAML take differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "yaml-version"
VALUES = "environments/production/apps/myapp/values.yaml"


def test_a_former_boolean_is_a_warning_elsewhere(tmp_path: Path) -> None:
    assert found(tmp_path, {"values.yaml": "enabled: yes\n"}, CODE) == [
        (
            "values.yaml:1:10: warning: yes is ambiguous: some YAML readers take it for true or false, some "
            "for a string\n"
            'hint: write true, or quote it: "yes"'
        ),
    ]


def test_it_is_an_error_in_a_generated_file() -> None:
    assert found_in_six_clusters(CODE, VALUES, ("enabled: true", "enabled: on")) == [
        (
            "output/environments/production/apps/myapp/values.yaml:4:12: error: on is ambiguous: some YAML "
            "readers take it for true or false, some for a string\n"
            'hint: write true, or quote it: "on"'
        ),
    ]


def test_a_key_counts_as_well(tmp_path: Path) -> None:
    assert found(tmp_path, {"values.yaml": "env:\n  NO: norway\n"}, CODE) == [
        (
            "values.yaml:2:3: warning: NO is ambiguous: some YAML readers take it for true or false, some for "
            "a string\n"
            'hint: quote it: "NO"'
        ),
    ]


def test_an_account_id_with_a_leading_zero_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, {"values.yaml": "account: 012345678901\n"}, CODE) == [
        (
            "values.yaml:1:10: warning: 012345678901 is ambiguous: YAML readers drop the leading zero or read "
            "it as octal\n"
            'hint: quote it: "012345678901"'
        ),
    ]


def test_quotes_make_it_a_text(tmp_path: Path) -> None:
    assert found(tmp_path, {"values.yaml": "enabled: 'yes'\n"}, CODE) == []


def test_a_file_for_another_tool_is_read_by_it(tmp_path: Path) -> None:
    assert found(tmp_path, {"playbook.yaml": "become: yes\n"}, CODE) == []


def test_a_manifest_counts(tmp_path: Path) -> None:
    files = {"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: off}\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:4:11: warning: off is ambiguous: some YAML readers take it for true or false, some for a "
            "string\n"
            'hint: write false, or quote it: "off"'
        ),
    ]


def test_a_letter_is_a_boolean_to_the_readers_of_argo_cd_and_helm(tmp_path: Path) -> None:
    assert found(tmp_path, {"values.yaml": "ssd: y\npoint: {x: 1, Y: 2}\nraid: n\n"}, CODE) == [
        (
            "values.yaml:1:6: warning: y is ambiguous: some YAML readers take it for true or false, some for a string\n"
            'hint: write true, or quote it: "y"'
        ),
        (
            "values.yaml:2:15: warning: Y is ambiguous: some YAML readers take it for true or false, some for a "
            "string\n"
            'hint: quote it: "Y"'
        ),
        (
            "values.yaml:3:7: warning: n is ambiguous: some YAML readers take it for true or false, some for a string\n"
            'hint: write false, or quote it: "n"'
        ),
    ]


def test_a_letter_that_is_a_text_for_sure_is_none(tmp_path: Path) -> None:
    text = "a: 'y'\n\"n\": 1\nb: !!str y\nc: |-\n  y\nd: yn\n"
    assert found(tmp_path, {"values.yaml": text}, CODE) == []


def test_a_letter_is_an_error_in_a_generated_file() -> None:
    assert found_in_six_clusters(CODE, VALUES, ("enabled: true", "enabled: y")) == [
        (
            "output/environments/production/apps/myapp/values.yaml:4:12: error: y is ambiguous: some YAML "
            "readers take it for true or false, some for a string\n"
            'hint: write true, or quote it: "y"'
        ),
    ]


def test_the_mode_of_a_file_is_octal_to_all_readers_of_kubernetes(tmp_path: Path) -> None:
    text = """\
        volumes:
          - secret: {secretName: web, defaultMode: 0640, items: [{key: a, path: b, mode: 0400}]}
          - secret:
              defaultMode: 0440
        """
    assert found(tmp_path, {"values.yaml": text}, CODE) == []


def test_it_is_an_error_in_a_generated_file_all_the_same() -> None:
    (problem,) = found_in_six_clusters(CODE, VALUES, ("replicaCount: 4", "defaultMode: 0640"))
    assert problem.startswith(f"output/{VALUES}:2:14: error: 0640 is ambiguous")
