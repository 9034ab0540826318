"""What a ServiceAccount that no store signs in as is annotated with is the ARN of a role, too.

Part of service-account-role. It stands in an object, in the values of a chart, in a text of values in an Application,
or in a parameter. With an ARN of another shape a pod gets no credentials: the annotation is handed on as it is. A text
that is no ARN at all may be anything, and so may an account that is no number, or one that people write in examples.

Source: AWS, "Assign IAM roles to Kubernetes service accounts"; aws/amazon-eks-pod-identity-webhook.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import check_role_arn, parse_arn
from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.leaves import leaves, leaves_of
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import at
from gitops_gen.patterns import lazily
from gitops_gen.source import read_documents

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_ACCOUNT = "ServiceAccount"
_AS_PARAMETER = f".{ROLE_ANNOTATION}"
_NAME = ROLE_ANNOTATION.rpartition("/")[2]
_ARN = re.compile(r"arn:[^\s\"',}\]]*")
_VARIABLE = lazily(r"[{}$%<>*]")
"""Signs that no ARN of a role has: somebody fills it in."""
_IN_EXAMPLES = "123456789012345"
"""What people count an account with that is none."""


def annotated_roles(graph: Graph, told: Collection[Place], sound: Collection[object]) -> Iterator[Finding]:
    """Yields the annotations that are no ARN of a role, but for places that are told of, and texts known as sound."""
    wrong: set[str] = set()
    for file in graph.plain_yaml:
        if _NAME in file.text and any(each not in sound and _reason(each) for each in _ARN.findall(file.text)):
            for place, arn in _stated(file):
                if place not in told and _reason(arn) is not None:
                    wrong.add(arn)
                    yield _finding(graph, place, arn)
    known = {*sound, *wrong}
    for manifest in graph.rendered:
        stated = at(manifest.annotations, ROLE_ANNOTATION) if manifest.kind == _ACCOUNT else None
        place = manifest.place.down("metadata", "annotations", ROLE_ANNOTATION)
        if isinstance(stated, str) and stated not in known and place not in told and _reason(stated) is not None:
            yield _finding(graph, place, stated)


def _stated(file: File) -> Iterator[tuple[Place, str]]:
    """Yields what a file annotates, and where: in itself, in a text that is YAML, or as a parameter of Helm."""
    for place, value in leaves_of(file):
        if not isinstance(value, str):
            continue
        if place.steps[-1:] == (ROLE_ANNOTATION,):
            yield place, value
        elif "\n" in value and ROLE_ANNOTATION in value:
            found = (leaf for each in read_documents("", value).values for leaf in leaves(each))
            yield from ((place, str(leaf)) for steps, leaf in found if steps[-1:] == (ROLE_ANNOTATION,))
        elif place.steps[-1:] == ("name",) and value.replace("\\", "").endswith(_AS_PARAMETER):
            beside = place._replace(steps=(*place.steps[:-1], "value"))
            stated = at(file.documents.values[place.document], *beside.steps)
            if isinstance(stated, str):
                yield beside, stated


@lru_cache(maxsize=4096)
def _reason(text: str) -> str | None:
    """Returns what is wrong with an ARN; None where nothing is, and for what somebody fills in."""
    if not text.startswith("arn:") or _VARIABLE.search(text) or placeholders.in_role_arn(text):
        return None
    arn = parse_arn(text)
    account = arn.account if arn is not None else "".join(re.findall(r"[0-9]+", text))
    is_example = len(set(account)) < 2 or _IN_EXAMPLES.startswith(account)
    return None if not account.isdecimal() or is_example else check_role_arn(text)


def _finding(graph: Graph, place: Place, arn: str) -> Finding:
    return Finding(
        f"{ROLE_ANNOTATION}: {_reason(arn)}",
        place,
        "write the ARN of the role: arn:<partition>:iam::<account>:role/<name>",
        severity=by_mark(graph, place),
        cause=f"{ROLE_ANNOTATION}: {arn}",
    )
