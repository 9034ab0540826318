"""How a cluster is reached: its server, and the certificate by which it is known."""

from __future__ import annotations

import re

from gitops_gen.characters import check_characters, check_length

_SERVER_LIMIT = 267  # https://, a host of 253 characters, and a port
_LABEL_LIMIT = 63
_HOST_LIMIT = 253

_NOT_IN_HOST = re.compile(r"[^A-Za-z0-9.-]")
_HOST_EDGE = re.compile(r"(?:\A|(?<=\.))[.-]|-(?=\.|\Z)|\.\Z")
_NOT_IN_SERVER = (
    ("@", "a user name or a password"),
    ("?", "a query"),
    ("#", "a fragment"),
    ("/", "a path or a slash at the end"),
)
_NOT_IN_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def check_server_url(url: str) -> str | None:
    """Refuses what is not https://<host> or https://<host>:<port>: the endpoint of a cluster, no credential.

    Any host name is fine, since an endpoint may be private. Source: endpoint of EKS DescribeCluster.
    """
    if not url.startswith("https://"):
        return "got no https:// at the start, expected https://<host>"
    rest = url.removeprefix("https://")
    for character, name in _NOT_IN_SERVER:
        if character in rest:
            return f"got {name}, expected only https://<host> or https://<host>:<port>"
    host, colon, port = rest.partition(":")
    return check_length(url, _SERVER_LIMIT) or _check_host(host) or (_check_port(port) if colon else None)


def check_ca_data(text: str) -> str | None:
    """Refuses what is not standard base64 on one line, and a private key, in base64 or not.

    Only a certificate belongs here, since the value stands in the generated files. No reason shows it.
    Source: certificateAuthority.data of EKS DescribeCluster.
    """
    if _is_private_key(text.encode()):
        return "got a private key, expected the public certificate of the cluster"
    if "-----BEGIN" in text:
        return "got a certificate in PEM, expected its base64 on one line, as EKS gives it"
    return _check_base64(text) or _check_certificate(text)


def _check_host(host: str) -> str | None:
    reason = (
        check_length(host, _HOST_LIMIT)
        or check_characters(host, _NOT_IN_HOST, "letters, digits, hyphens and dots")
        or check_characters(host, _HOST_EDGE, "a letter or a digit at both ends of each part")
        or check_length(max(host.split("."), key=len), _LABEL_LIMIT)
    )
    return f"{reason}, in the host" if reason else None


def _check_port(port: str) -> str | None:
    if re.fullmatch(r"[0-9]{1,5}", port) and 1 <= int(port) <= 65535:
        return None
    return "got no port after the colon, expected a number from 1 to 65535"


def _check_base64(text: str) -> str | None:
    if not text:
        return "got an empty text, expected base64"
    if reason := check_characters(text, _NOT_IN_BASE64, "standard base64 on one line"):
        return reason
    if _BASE64.fullmatch(text):
        return None
    return f"got {len(text)} characters that are no whole base64, expected standard base64 with its padding"


def _check_certificate(text: str) -> str | None:
    from binascii import a2b_base64

    if _is_private_key(a2b_base64(text)):
        return "got a private key in base64, expected the public certificate of the cluster"
    return None


def _is_private_key(data: bytes) -> bool:
    return b"PRIVATE KEY" in data
