"""An AWS account id is a string of 12 digits, in YAML and in HCL.

Without quotes it is a number. YAML 1.1 reads one that starts with 0 as octal; HCL drops the zero; a template of
Argo CD or Helm prints 557702566877 as 5.57702566877e+11. The ARN that is made of it then names another account, or
none, and the role cannot be assumed. In a variable file by hand, one of 12 digits is a note: Terraform keeps them all.

Fix: put the account id into quotes; where it has 11 digits, put the zero back that stood before them.

Source: Go, encoding/json and fmt, which read numbers as float64; HCL, conversion of numbers to strings; AWS
Organizations, AccountId.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import parse_arn
from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.files import TFVARS_ENDINGS
from gitops_gen.evidence.leaves import key_of, leaves_of
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import text_at
from gitops_gen.patterns import lazily
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_LENGTH = 12
_SMALLEST = 10**9
"""The smallest number that is written with one character less, a minus among them."""
_PRINTED = r"[0-9]\.[0-9]{3,11}e\+1[01]"
_SHORT = r"[0-9]{11}(?![0-9])"
_END = r"(?=[\s,\]}#]|\Z)"
_SUSPECTS = (
    re.compile(rf"[\s:=,\[](?:[0-9]{{11,12}}(?:\.0)?|{_PRINTED}){_END}"),
    re.compile(rf"(?:ccount|CCOUNT)[\w-]*[\"']?\s*[:=]\s*[\"']?(?:{_SHORT}|{_PRINTED})"),
)
"""What a file has somewhere if it has such a number; most files have none, and are not looked into."""

_KEY = re.compile(r"(?:\w*[_-])?account(?:[_-]?(?:id|number|no))?|\w*account[_-]?(?:id|number)", re.IGNORECASE)
_LOST_ZERO = lazily(_SHORT)
_AS_FLOAT = lazily(_PRINTED)


def _run(graph: Graph) -> Iterator[Finding]:
    known: frozenset[str] | None = None
    sound: dict[int, bool] = {}
    for file in graph.plain_files:
        if _is_sound(file, sound) or not any(each.search(file.text) for each in _SUSPECTS):
            continue
        known = _accounts(graph) if known is None else known
        for place, value in leaves_of(file):
            reason = _reason(key_of(place.steps), value, known)
            if reason is not None:
                yield _finding(graph, place, value, reason)


def _is_sound(file: File, known: dict[int, bool]) -> bool:
    """Tells whether nothing in a file can be an account id that is no string of 12 digits, whatever the accounts are.

    `known` has the answer for each value, since many files may share it.
    """
    for value in (file.variables,) if file.is_tfvars else file.documents.values:
        if id(value) not in known:
            known[id(value)] = not _may_be_lost("", value)
        if not known[id(value)]:
            return False
    return True


def _may_be_lost(key: str, value: object) -> bool:
    if isinstance(value, dict):
        for name, item in value.items():
            # Nearly everything is a text under a key that says nothing of an account.
            if (item.__class__ is not str or _is_account(name)) and _may_be_lost(name, item):
                return True
        return False
    if isinstance(value, list):
        return any(_may_be_lost(key, item) for item in value)
    if isinstance(value, str):
        return _is_account(key) and not (len(value) == _LENGTH and value.isdecimal())
    return isinstance(value, int | float) and abs(value) >= _SMALLEST


@lru_cache(maxsize=4096)
def _is_account(key: str) -> bool:
    return _KEY.fullmatch(key) is not None


def _accounts(graph: Graph) -> frozenset[str]:
    """Returns the account ids that other files state: those of clusters and of roles."""
    texts = (
        text_at(manifest.annotations, ROLE_ANNOTATION) or ""
        for manifest in graph.manifests
        if manifest.kind == "ServiceAccount"
    )
    arns = (parse_arn(text) for text in texts)
    return frozenset({*(each.account for each in graph.tfvars), *(arn.account for arn in arns if arn)})


def _reason(key: str, value: object, known: Collection[str]) -> str | None:
    is_account = _is_account(key)
    if isinstance(value, str):
        if is_account and _LOST_ZERO.fullmatch(value):
            return "11 digits: the zero at the start is lost"
        return "an account id that was printed as a number" if is_account and _AS_FLOAT.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    digits = str(int(value)) if value == value // 1 else ""
    if not (is_account or digits.zfill(_LENGTH) in known) or len(digits) not in (_LENGTH - 1, _LENGTH):
        return None
    return "a number of 11 digits: the zero at the start is lost" if len(digits) < _LENGTH else "a number"


def _finding(graph: Graph, place: Place, value: object, reason: str) -> Finding:
    meant = str(int(value) if isinstance(value, float) else value).zfill(_LENGTH)
    return Finding(
        f"{key_of(place.steps)}: got {reason}, expected a string of 12 digits",
        place,
        f'write "{meant}"' if meant.isdigit() else "write the 12 digits in quotes",
        severity=_weight(graph, place) if reason == "a number" else Severity.ERROR,
        cause=f"{key_of(place.steps)}: {reason}",
    )


def _weight(graph: Graph, place: Place) -> Severity:
    """Returns how much a number of 12 digits weighs: Terraform makes the text of all of them."""
    is_sound = place.file.endswith(TFVARS_ENDINGS) and not graph.is_ours(place)
    return Severity.NOTE if is_sound else by_mark(graph, place)


CHECK = Check("account-id", _run, __doc__, is_of_object=True)
