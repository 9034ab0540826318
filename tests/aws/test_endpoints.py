"""The server of a cluster and its certificate."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.aws.endpoints import check_ca_data, check_server_url

OIDC_ID = "EXAMPLED539D4633E53DE1B71EXAMPLE"
ONLY_HOST = "expected only https://<host> or https://<host>:<port>"


def _in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "url",
    [
        f"https://{OIDC_ID}.gr7.us-east-1.eks.amazonaws.com",
        "https://cluster.internal.example:6443",
        "https://10.0.0.1",
        f"https://{'.'.join(['a' * 63] * 3)}.{'b' * 61}:65535",
    ],
)
def test_a_server_is_fine(url: str) -> None:
    assert check_server_url(url) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "got no https:// at the start, expected https://<host>"),
        ("http://a.example", "got no https:// at the start, expected https://<host>"),
        ("a.example", "got no https:// at the start, expected https://<host>"),
        ("https://me:secret@a.example", f"got a user name or a password, {ONLY_HOST}"),
        ("https://a.example?token=secret", f"got a query, {ONLY_HOST}"),
        ("https://a.example#x", f"got a fragment, {ONLY_HOST}"),
        ("https://a.example/", f"got a path or a slash at the end, {ONLY_HOST}"),
        ("https://a.example/api", f"got a path or a slash at the end, {ONLY_HOST}"),
        ("https://", "got an empty text, expected 1 to 253 characters, in the host"),
        ("https://:443", "got an empty text, expected 1 to 253 characters, in the host"),
        (
            "https://a_b.example",
            "got an underscore at character 2, expected letters, digits, hyphens and dots, in the host",
        ),
        (
            "https://a.example\n",
            "got a line break at the end, expected letters, digits, hyphens and dots, in the host",
        ),
        (
            "https://a..example",
            "got a dot at character 3, expected a letter or a digit at both ends of each part, in the host",
        ),
        (f"https://{'a' * 64}.example", "got 64 characters, expected at most 63, in the host"),
        (f"https://{'a.' * 127}a", "got 255 characters, expected at most 253, in the host"),
        (f"https://{'a.' * 200}a", "got 409 characters, expected at most 267"),
        ("https://a.example:", "got no port after the colon, expected a number from 1 to 65535"),
        ("https://a.example:0", "got no port after the colon, expected a number from 1 to 65535"),
        ("https://a.example:65536", "got no port after the colon, expected a number from 1 to 65535"),
        ("https://a.example:https", "got no port after the colon, expected a number from 1 to 65535"),
    ],
)
def test_what_is_no_server_says_why(url: str, reason: str) -> None:
    assert check_server_url(url) == reason


def test_the_base64_of_a_certificate_is_fine() -> None:
    assert check_ca_data(_in_base64("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")) is None


def test_the_placeholder_of_the_documentation_is_fine() -> None:
    assert check_ca_data("ZXhhbXBsZQ==") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "got an empty text, expected base64"),
        (
            "ZXhhbXBsZQ",
            "got 10 characters that are no whole base64, expected standard base64 with its padding",
        ),
        (
            "ZXhhbXBs====",
            "got 12 characters that are no whole base64, expected standard base64 with its padding",
        ),
        ("ZX=hbXBs", "got 8 characters that are no whole base64, expected standard base64 with its padding"),
        ("ZXho\nbXBs", "got a line break at character 5, expected standard base64 on one line"),
        ("ZXho-XBs", "got a hyphen at character 5, expected standard base64 on one line"),
        (
            "-----BEGIN CERTIFICATE-----\nMIIB",
            "got a certificate in PEM, expected its base64 on one line, as EKS gives it",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIB",
            "got a private key, expected the public certificate of the cluster",
        ),
        (
            _in_base64("-----BEGIN PRIVATE KEY-----\nMIIB"),
            "got a private key in base64, expected the public certificate of the cluster",
        ),
        (
            _in_base64("-----BEGIN CERTIFICATE-----\nMIIB\n-----BEGIN EC PRIVATE KEY-----\nMIIB"),
            "got a private key in base64, expected the public certificate of the cluster",
        ),
    ],
)
def test_what_is_no_ca_data_says_why_and_does_not_show_it(text: str, reason: str) -> None:
    assert check_ca_data(text) == reason


@given(st.binary(min_size=1).filter(lambda data: b"PRIVATE KEY" not in data))
def test_the_base64_of_anything_that_is_no_private_key_is_accepted(data: bytes) -> None:
    assert check_ca_data(base64.b64encode(data).decode()) is None


@given(before=st.binary(), after=st.binary())
def test_a_private_key_is_found_wherever_it_stands(before: bytes, after: bytes) -> None:
    text = base64.b64encode(before + b"PRIVATE KEY" + after).decode()
    assert check_ca_data(text) == ("got a private key in base64, expected the public certificate of the cluster")
