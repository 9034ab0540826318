"""Placeholders: what people, and the tools that they use, write where something is filled in before a file is used.

A rule that sees one in a text says nothing of it, or less. What may be one depends on the text, and so each kind of
text has some of its own: a word in capitals is most often a slip in the name of an object, and half of each OIDC id.
What a kind of text does not need is no placeholder in it, since it would hide a mistake. All of them stand here, each
with the reason why it differs.

What an engine of templates leaves in a text is for `leftovers`, and how a whole file shows that an engine fills it in
first for `forms`. A pattern is compiled where it is first asked for: most runs need none.
"""

from __future__ import annotations

import re

_ANGLED = r"<[^<>]+>"
"""<cluster>: no name, ARN, URL or path has an angle bracket."""
_BRACES = r"\{\{"
_DOLLAR = r"\$\{"
_BRACED = r"(?<!\{)\{[A-Za-z][\w .-]*\}(?!\})"
"""{account-id}: no ARN has a brace; two of them are a template that nobody filled in."""
_CAPITALS = r"[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+"
"""Words in capitals: MY_APP, CLUSTER-NAME."""

_NAME = rf"{_ANGLED}|\A\.\.\.\Z|\A{_CAPITALS}\Z"
_NAMESPACE = r"[$<@%\[]|\A[A-Z][A-Z0-9_-]*\Z"
_ROLE_ARN = (
    rf"{_ANGLED}|{_DOLLAR}|{_BRACED}|@\w+@|(?<![A-Za-z0-9])[A-Z][A-Z0-9]*(?:[_-]+[A-Z0-9]+)+(?![a-z])|X{{6}}"
    r"|(?i:\byour\b|replace|change[-_]?me|placeholder|\bto-?do\b)"
)
_URL = rf"{_BRACES}|{_ANGLED}|{_DOLLAR}"
_ADDRESS = rf"{_URL}|(?<![A-Za-z0-9])(?i:your[-_]|replace[-_]?me|change[-_]?me)"
_SERVER = rf"{_ADDRESS}|(?<=//)(?:{_CAPITALS}|([A-Z])\1{{5}})"
"""No endpoint of EKS has a hyphen or an underscore before its first full stop, nor a letter again and again."""
_CERTIFICATE = (
    rf"{_ANGLED}|{_DOLLAR}|\.\.\.|\A{_CAPITALS}\Z|(?i:\byour\b|replace[-_]?(?:me|with|this)|change[-_]?me|placeholder)"
)
_OIDC_ID = r"EXAMPLE|([0-9A-Z])\1{5}|YOUR|ABCDEF|CHANGE|REPLACE"
_KEY_ID = r"1234abcd-?12ab|([0-9a-f])\1{5}|0123456789|abcdef01"
_VERSION_ID = r"[<>{}$]"
_OF_SECRET = rf"{_URL}|\AENC\[|\Avault:|\Aref\+"
_KEY = (
    r"([Xx0*])\1{4}|EXAMPLE|(?i:\byour[-_]|change[-_]?me|replace[-_]?(?:me|with|this)|placeholder|redacted|\bdummy\b)"
)
_START = r"(?:github_pat_|gh[oprsu]_|gl[a-z]{2,4}-|xox[a-z]-|sk-|hv[bs]\.)?"
"""How a token of GitHub, GitLab, Slack, OpenAI or Vault starts: people write it before what they leave out."""
_WHOLE_TEXT = (
    r"(?i:.*(?<![A-Za-z0-9])(?:your[-_ ].*|replace[-_ ]?(?:me|with|this)(?![A-Za-z0-9]).*)"
    rf"|.*placeholder.*|.*redacted.*|dummy|to-?do|tbd|fixme)|{_START}([xX.#-])\1{{2,}}|[*?]+"
    r"|\[.*\]|(%%?|##?|~~?|\|)[A-Z][A-Z0-9_.-]*\2|\(\([\w./-]+\)\)"
)
"""Of a password."""
_WHOLE_VALUE = rf"(?:\s*{_ANGLED})+\s*"
"""<ISSUER_1> <ISSUER_2>: lines with nothing else are one text to YAML."""
_IN_PATH = rf"\{{\{{.*?\}}\}}|{_ANGLED}|\$\{{[^{{}}]*\}}"


def in_name(text: str) -> bool:
    """Tells for the name or the namespace of an object.

    No rule looks at such an object. So a single word in capitals is none: it may be a mistake.
    """
    return re.search(_NAME, text) is not None


def in_namespace(text: str) -> bool:
    """Tells for a namespace that Argo CD is told to make: one finding hangs on it, and no namespace has such signs."""
    return re.search(_NAMESPACE, text) is not None


def in_role_arn(text: str) -> bool:
    """Tells for the ARN of a role, or what stands for it: any part of it may be one, and a sentence, too."""
    return re.search(_ROLE_ARN, text) is not None


def in_url(text: str) -> bool:
    """Tells for the URL of a server: capitals are part of the ids in it."""
    return re.search(_URL, text) is not None


def in_server(text: str) -> bool:
    """Tells for the server of a cluster in somebody else's file: its host may be words in capitals, or XXXXXX."""
    return re.search(_SERVER, text) is not None


def in_address(text: str) -> bool:
    """Tells for the URL of a repository, or for a cluster or a namespace, in a list: people write YOUR_ORG there."""
    return re.search(_ADDRESS, text) is not None


def in_certificate(text: str) -> bool:
    """Tells for a certificate in base64, which has no brackets, dots, underscores and hyphens."""
    return re.search(_CERTIFICATE, text) is not None


def in_oidc_id(text: str) -> bool:
    """Tells for the id of an OIDC provider, which has digits and capitals only: words, and what nobody draws by lot."""
    return re.search(_OIDC_ID, text) is not None


def in_key_id(text: str) -> bool:
    """Tells for the id of a KMS key, which has hexadecimal digits only: that of AWS, and digits in an order."""
    return re.search(_KEY_ID, text) is not None


def in_version_id(text: str) -> bool:
    """Tells for the id of a version of a secret, which may have any letters: only signs that no id has."""
    return re.search(_VERSION_ID, text) is not None


def in_secret(text: str) -> bool:
    """Tells for what a Secret says of a project or an address: what another tool decrypts or looks up is one, too."""
    return re.search(_OF_SECRET, text) is not None


def in_token(text: str) -> bool:
    """Tells for a text, or a line, that looks like a token: words, and a sign again and again, in any place of it.

    What stands in angle brackets or braces is a reference already to `secrets_guard`.
    """
    return re.search(_KEY, text) is not None


def is_password(text: str) -> bool:
    """Tells for a password in plain text: the whole of it must be one, since a password may have any signs.

    A person writes DB_PASSWORD, or YOUR-PASSWORD-HERE, a tool %PASSWORD% or ((password)). changeme is none: it is a
    password that charts ship.
    """
    words = re.split("[-_ ]", text)
    is_named = len(words) > 1 and text.isupper() and all(map(str.isalpha, words))
    return is_named or re.fullmatch(_WHOLE_TEXT, text) is not None


def is_value(text: str) -> bool:
    """Tells for what stands where a map is expected: nothing but placeholders, since any other text is a mistake."""
    return re.fullmatch(_WHOLE_VALUE, text) is not None


def around(path: str) -> list[str]:
    """Returns the parts of a path before, between and behind its placeholders: each up to its end, of any length."""
    return re.split(_IN_PATH, path)
