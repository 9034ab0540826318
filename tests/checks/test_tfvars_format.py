"""Variable files as terraform fmt writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "tfvars-format"
TFVARS_OF_IT = "environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars"


def test_a_sign_out_of_line_is_a_warning_elsewhere(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": "a = 1\nbcd = 2\n"}, CODE) == [
        (
            "a.tfvars:1:1: warning: terraform fmt writes this line differently: got 'a = 1', expected 'a   = 1'\n"
            "hint: run terraform fmt a.tfvars"
        ),
    ]


def test_it_is_an_error_in_a_generated_file() -> None:
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, ("aws_region        =", "aws_region =")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:5:1: "
            "error: terraform fmt writes this line differently: got 'aws_region = \"us-west-2\"', expected "
            "'aws_region        = \"us-west-2\"'\n"
            "hint: run terraform fmt "
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars"
        ),
    ]


def test_the_first_line_that_differs_is_named(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": "a = {\n  b = 1\n   c = 2\n}\n"}, CODE) == [
        (
            "a.tfvars:3:1: warning: terraform fmt writes this line differently: got '   c = 2', expected '  c "
            "= 2'\n"
            "hint: run terraform fmt a.tfvars"
        ),
    ]


def test_a_line_is_shown_without_its_secret(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, {"a.tfvars": 'db_password = "hunter2"\nregion_of_the_db = 1\n'}, CODE)
    assert "got 'db_password = \"***\"', expected 'db_password      = \"***\"'" in problem


def test_a_file_with_more_than_constants_is_not_judged(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": "a  = x == 1\n"}, CODE) == []


def test_a_file_in_json_has_no_style(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars.json": '{"a":1,\n\n    "bcd" : 2}'}, CODE) == []


def test_a_file_that_cannot_be_read_is_the_business_of_another_rule(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": "a  = [\n"}, CODE) == []
