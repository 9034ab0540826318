"""Whom a trust policy that somebody wrote lets assume a role by a web identity: subjects, audiences, providers.

What it says may be known in part only, so that each question has three answers: yes, no, and None for nobody can say.
Source: IAM, "Available keys for AWS web identity federation" and "String condition operators": the conditions of a
statement must all hold, of the values of one any.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import parse_arn
from gitops_gen.evidence.iam import action_matches, has_wildcard
from gitops_gen.evidence.terraform_unknowns import ACCOUNT, HOLE, PARTITION, UNKNOWN
from gitops_gen.evidence.values import map_at
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.aws.arns import Arn

WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
_ASSUME = "sts:AssumeRole"
_TESTS = {"StringEquals": False, "StringLike": True}
_EFFECTS = ("Allow", "Deny")
_PROVIDER = ":oidc-provider/"
_CLAIM = 4
"""How long the end of a key is that names one of the two claims in a token of EKS: the subject and the audience."""
_SUBJECT, _AUDIENCE = ":sub", ":aud"
_OF_EKS = ("oidc.eks.", "oidc-eks.")


class Condition(NamedTuple):
    """The values that a key of a token may have."""

    values: tuple[str, ...]
    is_pattern: bool
    """True if * and ? in them stand for more than themselves."""

    def allows(self, text: str) -> bool | None:
        """Tells whether a value is among them."""
        return _any(matches(each, text, is_pattern=self.is_pattern) for each in self.values)

    def opening(self, text: str) -> str | None:
        """Returns a pattern among them that stands for a text and for others; None without one."""
        patterns = filter(has_wildcard, self.values if self.is_pattern else ())
        return next((each for each in patterns if matches(each, text, is_pattern=True)), None)


_IDENTITY_PROVIDER = lazily(
    rf"arn:(?:aws(?:-[a-z]+)*|{PARTITION}):iam::(?:[0-9]{{12}}|{ACCOUNT}):(?:oidc|saml)-provider/.+"
    r"|cognito-identity\.amazonaws\.com|accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com"
)
"""What may be federated. Source: IAM, "AWS JSON policy elements: Principal"."""


class Grant(NamedTuple):
    """What one statement lets a web identity do."""

    subjects: tuple[Condition, ...]
    audiences: tuple[Condition, ...]
    issuers: tuple[str, ...]
    """The providers whose tokens its conditions speak of."""
    providers: tuple[str, ...]
    """The ARNs of the providers that it trusts."""
    is_whole: bool
    """False if it may ask for more than is known."""

    @property
    def named_providers(self) -> tuple[str, ...]:
        """The providers that it trusts, as its conditions name them; an empty text where one is not known."""
        found = (each.partition(_PROVIDER) for each in self.providers)
        return tuple(name for _, between, name in found if between)

    @property
    def no_providers(self) -> tuple[str, ...]:
        """What it names that is no identity provider of IAM, if it names nothing else."""
        odd = [each for each in self.providers if HOLE not in each and not _IDENTITY_PROVIDER.fullmatch(each)]
        return tuple(odd) if len(odd) == len(self.providers) else ()

    def allows(self, subject: str) -> bool | None:
        """Tells whether it lets a subject in, whatever its audience."""
        return _all((*(each.allows(subject) for each in self.subjects), True if self.is_whole else None))

    def opening(self, subject: str) -> str | None:
        """Returns the pattern that is open for more than a subject, empty if none is asked for; None for no such."""
        if not self.subjects:
            return ""
        found = [each.opening(subject) for each in self.subjects]
        return None if None in found else found[0]

    def allows_audience(self, audience: str) -> bool | None:
        """Tells whether it lets a token for an audience in."""
        return _all((*(each.allows(audience) for each in self.audiences), True if self.is_whole else None))


class Trust(NamedTuple):
    """The trust policy of a role."""

    grants: tuple[Grant, ...]
    is_whole: bool = True
    """False if it may say more than is known."""
    denials: tuple[Grant, ...] = ()
    """The statements that keep out whom they speak of, whatever the others say."""
    is_assumable: bool | None = None
    """False if no statement lets anybody assume the role with credentials of AWS; None where that is not known."""
    odd_effect: str = ""
    """What is neither Allow nor Deny where one of the two has to be: IAM refuses such a policy."""
    assumers: tuple[str, ...] = ()
    """The roles, users and accounts that it lets do so, as they are written; nothing where some of them are not known.
    """

    def allows(self, subject: str) -> bool | None:
        """Tells whether it lets a subject assume the role."""
        is_let_in = _any((*(each.allows(subject) for each in self.grants), False if self.is_whole else None))
        return _all((is_let_in, _not(self.denies(subject))))

    def takes(self, subject: str, audience: str) -> bool | None:
        """Tells whether what lets a subject in takes a token for an audience."""
        own = [each for each in self.grants if each.allows(subject) is not False]
        return _any((*(each.allows_audience(audience) for each in own), False if self.is_whole else None))

    def providers_for(self, subject: str) -> tuple[str, ...]:
        """Returns the providers by which it lets a subject in; nothing where that is not wholly known."""
        own = [each for each in self.grants if each.allows(subject) is not False]
        is_known = self.is_whole and all(len(each.named_providers) == len(each.providers) for each in own)
        return tuple(name for each in own for name in each.named_providers) if is_known else ()

    def openings(self, subject: str) -> tuple[str, ...]:
        """Returns by what it lets a subject in that lets in others, too: patterns; an empty text for no condition."""
        if self.denials:
            return ()
        found = (each.opening(subject) for each in self.grants if each.allows(subject))
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def denies(self, subject: str) -> bool | None:
        """Tells whether a statement keeps a subject out."""
        return _any(each.allows(subject) for each in self.denials)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that it names."""
        found = (each for grant in self.grants for condition in grant.subjects for each in condition.values)
        return tuple(dict.fromkeys(found))

    @property
    def audiences(self) -> tuple[str, ...]:
        """The audiences that it names."""
        found = (each for grant in self.grants for condition in grant.audiences for each in condition.values)
        return tuple(dict.fromkeys(found))

    @property
    def account(self) -> str:
        """The account whose providers it trusts, where all of them are of one: it is that of the role; else empty."""
        arns = (parse_arn(provider) for grant in self.grants for provider in grant.providers if _PROVIDER in provider)
        found = {arn.account for arn in arns if arn is not None}
        one = next(iter(found), "") if len(found) == 1 else ""
        return one if one.isdecimal() else ""

    def lets_assume(self, arn: Arn) -> bool | None:
        """Tells whether it lets a role assume it with its credentials; None where that is not known.

        A session of the role stands for it, and the account of the role for all that is in it.
        Source: IAM, "AWS JSON policy elements: Principal".
        """
        return _any(_is_principal(each, arn) for each in self.assumers) if self.assumers else None

    def filled(self, arn: Arn) -> Trust:
        """Returns it for a role in the account of an ARN."""
        grants = (each._replace(providers=tuple(fill(one, arn) for one in each.providers)) for each in self.grants)
        return self._replace(grants=tuple(grants), assumers=tuple(fill(each, arn) for each in self.assumers))


NOBODY_KNOWS = Trust((), is_whole=False)


def fill(text: str, arn: Arn) -> str:
    """Returns a text with the account and the partition of a role where they are meant."""
    return text.replace(ACCOUNT, arn.account).replace(PARTITION, arn.partition)


def matches(pattern: str, text: str, *, is_pattern: bool) -> bool | None:
    """Tells whether a value, or what it may be where a part of it is not known, is a text."""
    if HOLE not in pattern and not is_pattern:
        return pattern == text
    found = _compiled(pattern, is_pattern).fullmatch(text) is not None
    return None if found and HOLE in pattern else found


@lru_cache(maxsize=1024)
def _compiled(pattern: str, is_pattern: bool) -> re.Pattern[str]:
    meaning = {HOLE: ".*", ACCOUNT: r"\d*", **({"*": ".*", "?": "."} if is_pattern else {})}
    return re.compile("".join(meaning.get(each) or re.escape(each) for each in pattern), re.DOTALL)


def trust_of(statements: Sequence[Mapping[str, object]] | None) -> Trust:
    """Returns what the statements of a trust policy say."""
    if statements is None:
        return NOBODY_KNOWS
    grants: list[Grant] = []
    denials: list[Grant] = []
    is_whole = True
    for each in statements:
        effect, is_meant = each.get("Effect", "Allow"), _is_meant(each)
        if effect not in _EFFECTS and is_meant is not False:
            is_known = isinstance(effect, str) and HOLE not in effect
            return NOBODY_KNOWS._replace(odd_effect=str(effect) if is_known else "")
        if effect == "Deny" and is_meant is not False:
            denials.append(_denial(each, is_meant))
        elif is_meant is None:
            is_whole = False
        elif is_meant:
            grants.append(_grant(each))
    return Trust(
        tuple(grants),
        is_whole,
        tuple(denials),
        _any(map(_lets_assume, statements)),
        assumers=_assumers_of(statements) or (),
    )


def _denial(statement: Mapping[str, object], is_meant: bool | None) -> Grant:
    """Returns whom a statement keeps out: for certain where it is for everybody, whatever the audience."""
    found = _grant(statement)
    is_certain = is_meant is True and statement.get("Principal") == "*" and not found.audiences
    return found._replace(is_whole=found.is_whole and is_certain)


def _is_meant(statement: Mapping[str, object]) -> bool | None:
    """Tells whether a statement is for web identities."""
    if "NotAction" in statement or "NotPrincipal" in statement:
        return None
    actions = items(statement.get("Action"))
    meant = [_is_web_identity(each) for each in actions]
    principal = statement.get("Principal")
    if _any(meant) is not False and isinstance(principal, dict) and not {"Federated", "*", HOLE} & principal.keys():
        return False
    return _any(meant)


def _is_web_identity(action: object) -> bool | None:
    return _is_action(action, WEB_IDENTITY)


def _lets_assume(statement: Mapping[str, object]) -> bool | None:
    """Tells whether a statement lets somebody assume the role with credentials of AWS."""
    if "NotAction" in statement:
        return None
    return _any(_is_action(each, _ASSUME) for each in items(statement.get("Action")))


def _assumers_of(statements: Sequence[Mapping[str, object]]) -> tuple[str, ...] | None:
    """Returns the principals of AWS that may assume the role; None where there may be others."""
    found: list[str] = []
    for each in statements:
        if each.get("Effect", "Allow") == "Allow" and _lets_assume(each) is not False:
            principal = each.get("Principal")
            stated = (
                items(principal.get("AWS")) if isinstance(principal, dict) and HOLE not in principal else (principal,)
            )
            texts = [one for one in stated if isinstance(one, str)]
            if len(texts) != len(stated):
                return None
            found += texts
    return tuple(found)


def _is_principal(principal: str, role: Arn) -> bool | None:
    """Tells whether a principal of a trust policy is a role, or stands for it."""
    arn = parse_arn(principal)
    if arn is None or not arn.account.isdecimal():
        return principal == role.account if principal.isdecimal() else None
    if HOLE in principal or arn.service not in ("iam", "sts"):
        return None
    if arn.account != role.account:
        return False
    own = role.resource.rpartition("/")[2]
    is_whole = arn.resource == "root" or arn.resource == role.resource
    return True if is_whole else None if arn.service == "sts" and f"/{own}/" in arn.resource else False


def _is_action(action: object, meant: str) -> bool | None:
    if not isinstance(action, str) or HOLE in action:
        return None
    return action_matches(action, meant)


def _grant(statement: Mapping[str, object]) -> Grant:
    stated = statement.get("Condition", {})
    conditions = list(_conditions(stated)) if isinstance(stated, dict) else []
    federated = items(map_at(statement, "Principal").get("Federated"))
    is_whole = isinstance(stated, dict) and all(each is not None for _, each in conditions)
    issuers = (key[:-_CLAIM] for key, _ in conditions if key.lower().endswith((_SUBJECT, _AUDIENCE)))
    return Grant(
        subjects=tuple(_of_claim(conditions, _SUBJECT)),
        audiences=tuple(_of_claim(conditions, _AUDIENCE)),
        issuers=tuple(dict.fromkeys(issuers)),
        providers=tuple(each for each in federated if isinstance(each, str)),
        is_whole=is_whole,
    )


def _of_claim(conditions: Iterable[tuple[str, Condition | None]], claim: str) -> Iterator[Condition]:
    return (each for key, each in conditions if each is not None and key.lower().endswith(claim))


def _conditions(stated: Mapping[str, object]) -> Iterator[tuple[str, Condition | None]]:
    """Yields what a statement asks of the subject and the audience of a token; None for what it asks beside.

    A token of EKS has no other claim that a key can name: what asks for one is never true. Keys have no case.
    """
    for test, keys in stated.items():
        if not isinstance(keys, dict):
            yield HOLE, None
            continue
        for key, value in keys.items():
            values = items(value)
            is_known = test in _TESTS and HOLE not in key[-_CLAIM:] and all(isinstance(each, str) for each in values)
            if is_known and key.lower().endswith((_SUBJECT, _AUDIENCE)):
                yield key, Condition(tuple(map(str, values)), _TESTS[test])
            elif is_known and key.startswith(_OF_EKS):
                yield f"{key.rpartition(':')[0]}{_SUBJECT}", Condition((), is_pattern=False)
            else:
                yield key, None


def items(value: object) -> Sequence[object]:
    """Returns what a policy states as a list or as one value."""
    return value if isinstance(value, list) else [UNKNOWN if value is None else value]


def _any(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return True if True in found else None if None in found else False


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _all(answers: Iterable[bool | None]) -> bool | None:
    found = set(answers)
    return False if False in found else None if None in found else True
