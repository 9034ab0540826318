"""What looks like a secret in a text that goes to git: keys and tokens by their shape, passwords by their key.

The shapes are those of bc-detect-secrets; docs/decisions/0013-secret-detector.md tells why. Importing it takes a
fifth of a second, so nearly every text is let through before that.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from math import log2
from typing import TYPE_CHECKING

from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detect_secrets.plugins.base import BasePlugin

HIDDEN = "***"
"""What is shown in the place of a secret."""
RANDOM = "looks random"
"""How a reason starts that rests on how a text is made up, and on nothing else."""

_SHORTEST_TOKEN = 20
_LONGEST = 65_536
"""Characters of a text that is looked into; what is longer is a file, not a value."""
_MOST_ORDERLY = 4.5
"""Bits for each character above which a token is taken for random, as by the detector itself."""
_SMALLEST_PASSWORD = 1_000
"""A number below that is one of a setting."""
_LEAST_RANDOM = 3.0
"""As above, where the key says that it is a secret."""

_MARKS = tuple(
    (part, lazily(pattern))
    for part, pattern in (
        ("", r"(?:A3T|A[BCKS]IA)[A-Z0-9]{15}"),
        ("", r"(?i:aws).{0,44}?(?<![\w/+])[\w/+]{40}(?![\w/+])"),
        ("gh", r"gh[pousr]_\w{20}"),
        ("xox", r"xox[a-z]-[0-9]"),
        ("hooks.slack.com", r""),
        ("PRIVATE KEY", r""),
        ("PuTTY-User", r""),
        ("eyJ", r"eyJ[\w=-]{8,}\."),
        ("k_live_", r"[rs]k_live_"),
        ("SG.", r"SG\.[\w-]{22}"),
        ("npm_", r"npm_\w{20}"),
        ("_authToken", r""),
        ("sq0csp-", r""),
        ("", r"(?:AC|SK)[a-z0-9]{32}"),
        ("-us", r"[a-z0-9]{32}-us[0-9]"),
        ("://", r"://[^/\s:@]+:[^/\s@]+@"),
        ("==", r"(?<![\w/+])[A-Za-z0-9+/]{86,88}=="),
        ("", r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27}"),
    )
)
"""What a text has that one of the detector's shapes may fit, and before it a part that is soon found to be missing."""
_PREFIXED = tuple(
    (part, lazily(pattern), name)
    for part, pattern, name in (
        ("AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[AC-HJ-NP-Z02-9]{58}", "a private key of age"),
        ("glpat-", r"\bglpat-[\w-]{20}", "a token of GitLab"),
        ("github_pat_", r"\bgithub_pat_\w{82}", "a token of GitHub"),
        ("dckr_", r"\bdckr_[op]at_[\w-]{27}", "a token of Docker Hub"),
        ("hv", r"\bhv[bs]\.[\w-]{24}", "a token of Vault"),
        (".atlasv1.", r"\b\w{14}\.atlasv1\.[\w-]{60}", "a token of HCP Terraform"),
        ("dp.", r"\bdp\.(?:ct|pt|sa|scim|st(?:\.[\w-]+)?)\.[A-Za-z0-9]{40}", "a token of Doppler"),
        ("_v1_", r"\bdo[opr]_v1_[0-9a-f]{64}", "a token of DigitalOcean"),
        ("glsa_", r"\bglsa_[A-Za-z0-9]{32}_[0-9a-f]{8}", "a token of Grafana"),
        ("ops_ey", r"\bops_eyJ[\w=-]{100}", "a token of 1Password"),
        ("://:", r"://:(?:[^{}$<%\s/@]|%[0-9A-Fa-f]{2})+@", "a URL with a password"),
        (":AA", r"\b[0-9]{8,10}:AA[\w-]{33}\b", "a token of Telegram"),
    )
)
"""Tokens that their makers gave a form, and that the detector does not know: a part of each, all of it, and whose.

The one of age is its README's; the others stand in the manual of each service.
"""
_TOKEN = lazily(r"[A-Za-z0-9+/=_-]{20,}")
_HEXADECIMAL = lazily(r"[0-9A-Fa-f-]+")
_REFERENCE = lazily(
    r"\{\{|\$\{|\$\(|<[^>]*>|\A(?:arn|vault|ref\+\w+|ssm|secretsmanager|op|file|env):|\AENC\[|\Assh-|\Aage1"
    r"|\A\$(?:2[abxy]|[156y]|apr1|argon2\w*)\$"
)
"""A text that names where the secret is, one that is encrypted, a public key of SSH or age, and
the hash of a password, as crypt writes it."""
_PUBLIC_KEY = lazily(r"(?:\A|[_.-])(?:ca|cert|crt|public|digest|sha|checksum|fingerprint|revision)", re.IGNORECASE)
CERTIFICATE = "LS0tLS1CRUdJTiBD"
"""How a certificate in base64 starts."""

_WORDS = lazily(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PASSWORD = lazily(r"pwd|(?!ht|no|use)[a-z]*(password|passwd|passphrase|passcode)")
"""The last word of a password's key, with what is written together with it, as in PGPASSWORD."""
_PASS = lazily(r"[A-Z0-9_]*_PASS")
"""An environment variable with a password: RABBITMQ_DEFAULT_PASS."""
_KEY_IN_TEXT = lazily(r"p(?:ass(?:w(?:or)?d|phrase|code)?|wd)[\"'\\]*\s*?[=:,\n]")
"""In small letters; behind an option that is a text of a list, there is a comma or the end of the line."""
_SECRETS = (
    *(("secret",), ("token",), ("apikey",), ("credential",), ("credentials",)),
    *((kind, "key") for kind in ("api", "access", "secret", "private", "encryption", "signing", "auth")),
)
_NAME = lazily(r"[a-z0-9./_-]*(?:password|passwd|pwd|passphrase|secret|token|credential)[a-z0-9./_-]*")
"""A text that names a secret rather than being one: db-password."""
_NOT_IN_PROPERTY = lazily(r"[\s!$%&^+=~,;<>\"']")
_PART = r"(?:(?:[a-z]+|[A-Z]+)[0-9]{0,2}|[0-9]{1,4})"
_PLAIN_NAME = lazily(rf"{_PART}(?:[-_./]{_PART})+")
"""A name made of words: myapp-production-use1."""


def is_secret_key(key: str) -> bool:
    """Tells whether a key says that its value is a secret, whatever that looks like."""
    return _weight(key) > 0


def names_password(key: str) -> bool:
    """Tells whether a key says that its value is a password."""
    return _weight(key) > 1


@lru_cache(maxsize=16)
def may_hold_password(text: str) -> bool:
    """Tells whether a text may have the key of a password in it, and something behind that; nearly none has."""
    small = text.lower()
    return ("pass" in small or "pwd" in small) and _KEY_IN_TEXT.search(small) is not None


def is_hidden(value: object, key: str) -> bool:
    """Tells whether no message may show a value, for its key. A number of a setting is none of a secret."""
    is_setting = isinstance(value, int | float) and abs(value) < _SMALLEST_PASSWORD
    return is_secret_key(key) and not is_setting


def suspects(text: str, key: str = "") -> str | None:
    """Returns why a value under a key looks like a secret, without showing it, or None."""
    weight = _weight(key)
    if not weight and len(text) < _SHORTEST_TOKEN and "://" not in text:
        return None
    return _reason(text, key if weight or _PUBLIC_KEY.search(key) else "")


def suspects_property(text: str, key: str) -> str | None:
    """Returns why what names a property of a JSON value looks like the value itself, without showing it, or None.

    `key` is the key that it fills. A name has few rules, so only what no name has counts against it.
    """
    if _weight(key) and _NOT_IN_PROPERTY.search(text):
        return "has characters as a password has them, and a name has not"
    return suspects(text)


def suspect_leaves(value: object, key: str = "") -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yields every text inside of a value that looks like a secret: the steps that lead to it, and why.

    Of an item with `name` and `value`, as of environment variables, the name is the key. Under the key of a password a
    number of a few digits is one, too.
    """
    if isinstance(value, str):
        reason = suspects(value, key)
        if reason is not None:
            yield (), reason
    elif isinstance(value, int | float) and abs(value) >= _SMALLEST_PASSWORD:
        reason = suspects(str(value), key) if _weight(key) == 2 else None
        if reason is not None:
            yield (), reason
    elif isinstance(value, dict | list):
        for step, inner, own in _inside(value, key):
            if not isinstance(inner, str):
                for steps, reason in suspect_leaves(inner, own):
                    yield (step, *steps), reason
            elif (found := suspects(inner, own)) is not None:
                yield (step,), found


def _inside(value: dict[str, object] | list[object], key: str) -> Iterator[tuple[str | int, object, str]]:
    """Yields what is in a map or a list: the step to it, itself, and the key that it stands under."""
    if isinstance(value, list):
        yield from ((index, inner, key) for index, inner in enumerate(value))
        return
    name = value.get("name")
    for step, inner in value.items():
        yield step, inner, name if step == "value" and isinstance(name, str) else step


@lru_cache(maxsize=8192)
def _weight(key: str) -> int:
    """Returns 2 for the key of a password, 1 for that of a token or the like, 0 for any other."""
    if _password_in(key) is not None:
        return 2
    words = [word.lower() for word in _WORDS.findall(key)]
    return int(any(tuple(words[-len(each) :]) == each for each in _SECRETS))


def _password_in(key: str) -> str | None:
    """Returns what a key calls a password, or None if it is the key of none."""
    if _PASS.fullmatch(key):
        return "password"
    words = _WORDS.findall(key)
    found = _PASSWORD.fullmatch(words[-1].lower()) if words else None
    return (found[1] or found[0]) if found is not None else None


@lru_cache(maxsize=65_536)
def _reason(text: str, key: str) -> str | None:
    if len(text) > _LONGEST or not text:
        return None
    for part, shape, name in _PREFIXED:
        if part in text and shape.search(text):
            return f"looks like {name}"
    if any(part in text and mark.search(text) for part, mark in _MARKS):
        for name, plugin in _shapes():
            if any(True for _ in plugin.analyze_string(text)):
                return f"looks like {name}"
    if _REFERENCE.search(text) or _PUBLIC_KEY.search(key) or text.startswith(CERTIFICATE):
        return None
    return _by_key(text, key) or _by_entropy(text, key)


def _by_key(text: str, key: str) -> str | None:
    weight = _weight(key)
    if weight == 2 and not _NAME.fullmatch(text):
        return f"is a {_password_in(key)} in plain text"
    if weight and _is_token(text) and _entropy(text) > _LEAST_RANDOM:
        return f"{RANDOM}, under a key that says that it is a secret"
    return None


def _by_entropy(text: str, key: str) -> str | None:
    if not _is_token(text) or _HEXADECIMAL.fullmatch(text):
        return None
    decoded = _decoded(text)
    if decoded is not None:
        return _reason(decoded, key)
    return f"{RANDOM}, as a key or a token does" if _entropy(text) > _MOST_ORDERLY else None


def _is_token(text: str) -> bool:
    """Tells whether a text is one word of letters and digits that is no name."""
    if not _TOKEN.fullmatch(text) or _PLAIN_NAME.fullmatch(text):
        return False
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def _decoded(text: str) -> str | None:
    """Returns the text that stands in base64, or None if there is none."""
    from binascii import a2b_base64  # base64 takes longer to load

    try:
        found = a2b_base64(text, strict_mode=True).decode()
    except ValueError:
        return None
    return found if found.isprintable() or "\n" in found else None


def _entropy(text: str) -> float:
    """Returns Shannon's entropy in bits for each character."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * log2(share) for share in shares)


@cache
def _shapes() -> tuple[tuple[str, BasePlugin], ...]:
    from detect_secrets.plugins import (
        aws,
        azure_storage_key,
        basic_auth,
        discord,
        github_token,
        jwt,
        mailchimp,
        npm,
        private_key,
        sendgrid,
        slack,
        square_oauth,
        stripe,
        twilio,
    )

    return (
        ("an access key of AWS", aws.AWSKeyDetector()),
        ("a private key", private_key.PrivateKeyDetector()),
        ("a token of GitHub", github_token.GitHubTokenDetector()),
        ("a token or a webhook of Slack", slack.SlackDetector()),
        ("a JSON Web Token", jwt.JwtTokenDetector()),
        ("a URL with a password", basic_auth.BasicAuthDetector()),
        ("a key of Azure Storage", azure_storage_key.AzureStorageKeyDetector()),
        ("a token of npm", npm.NpmDetector()),
        ("a key of Stripe", stripe.StripeDetector()),
        ("a key of SendGrid", sendgrid.SendGridDetector()),
        ("a key of Twilio", twilio.TwilioKeyDetector()),
        ("a key of Mailchimp", mailchimp.MailchimpDetector()),
        ("a secret of Square", square_oauth.SquareOAuthDetector()),
        ("a token of Discord", discord.DiscordBotTokenDetector()),
    )
