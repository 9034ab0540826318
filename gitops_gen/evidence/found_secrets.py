"""The patterns of a role that cannot name each secret: those for what is found by a path, a name or tags.

Which secrets there are, only the service knows; the value of each that fits is read under its own name.
Source: external-secrets v2.9.0, providers/v1/aws/secretsmanager/secretsmanager.go and
providers/v1/aws/parameterstore/parameterstore.go, GetAllSecrets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import parse_arn
from gitops_gen.evidence.iam import has_wildcard
from gitops_gen.evidence.values import at, list_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.readers import Reader

_RESOURCES = {"secretsmanager": "secret:", "ssm": "parameter/"}
"""How the resource of an ARN starts, by its service."""
_WILDCARD = re.compile(r"[*?]")


def may_be_found(pattern: str, reader: Reader) -> bool:
    """Returns whether a pattern is for names that an ExternalSecret of the store may find, and for no others."""
    arn = parse_arn(pattern)
    if arn is None or any(map(has_wildcard, arn[:-1])) or not arn.resource.startswith(_RESOURCES.get(arn.service, ":")):
        return False
    is_of_parameters = reader.parameter_role is not None
    if is_of_parameters != (arn.service == "ssm") or arn.region != reader.region:
        return False
    start = _WILDCARD.split(arn.resource.removeprefix(_RESOURCES[arn.service]))[0]
    return bool(start) and any(start.startswith(path.removeprefix("/")) for path in _found_paths(reader))


def _found_paths(reader: Reader) -> Iterator[str]:
    """Yields the path of each search, which is empty for one by a name or by tags alone."""
    for manifest in reader.external_secrets:
        for item in list_at(manifest.value, "spec", "dataFrom"):
            if isinstance(at(item, "find"), dict) and at(item, "sourceRef", "storeRef") is None:
                yield text_at(item, "find", "path") or ""
