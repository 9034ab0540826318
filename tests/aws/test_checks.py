"""All checks of what AWS accepts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.aws.arns import check_kms_key_arn, check_role_arn
from gitops_gen.aws.endpoints import check_ca_data, check_server_url
from gitops_gen.aws.names import (
    check_account_id,
    check_cluster_name,
    check_oidc_id,
    check_role_name,
    check_secret_path_characters,
    check_secret_path_end,
)
from gitops_gen.aws.regions import check_region


@given(st.text())
def test_no_check_raises_whatever_it_is_given(text: str) -> None:
    checks = (
        check_region,
        check_account_id,
        check_oidc_id,
        check_role_name,
        check_secret_path_characters,
        check_secret_path_end,
        check_role_arn,
        check_kms_key_arn,
        check_cluster_name,
        check_server_url,
        check_ca_data,
    )
    reasons = [check(text) for check in checks]
    assert all(reason is None or reason.startswith("got ") for reason in reasons)
