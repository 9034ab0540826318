"""How Argo CD reaches a cluster and signs in, as the config of the cluster's Secret says.

Part of cluster-registration. Source: argoproj/argo-cd v3.5.1, pkg/apis/application/v1alpha1/types.go, ClusterConfig,
which Go's encoding/json reads: a key of any case, and none that it does not know.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import check_role_arn, parse_arn
from gitops_gen.aws.endpoints import check_ca_data
from gitops_gen.aws.regions import partition_of
from gitops_gen.checks.finding import Finding
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.values import at, map_at, secret_text, text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.terraform import Tfvars

EKS_HOST = re.compile(r"\.eks\.amazonaws\.|\.(?:gr7|sk1|yl4)\.|\.api\.(?:aws|amazonwebservices)\b")
"""What the endpoint of a cluster of EKS has in it."""
_CONFIG = {
    (): {
        "awsAuthConfig",
        "bearerToken",
        "disableCompression",
        "execProviderConfig",
        "password",
        "proxyUrl",
        "tlsClientConfig",
        "username",
    },
    ("tlsClientConfig",): {"insecure", "serverName", "caData", "certData", "keyData"},
    ("awsAuthConfig",): {"clusterName", "roleARN", "profile"},
}
"""The keys of the config, and of its blocks."""
_TYPES: Mapping[type, tuple[str, frozenset[str]]] = {
    bool: ("true or false", frozenset({"disablecompression", "tlsclientconfig.insecure"})),
    dict: (
        "a map",
        frozenset({"awsauthconfig", "execproviderconfig", "execproviderconfig.env", "tlsclientconfig"}),
    ),
    list: ("a list", frozenset({"execproviderconfig.args"})),
}
"""What a value is, and which are of that type, in small letters; any other that is known is a text."""
_TEXTS = frozenset(
    {
        *("bearertoken", "password", "proxyurl", "username"),
        *(f"tlsclientconfig.{key}" for key in ("servername", "cadata", "certdata", "keydata")),
        *(f"awsauthconfig.{key}" for key in ("clustername", "rolearn", "profile")),
        *(f"execproviderconfig.{key}" for key in ("command", "apiversion", "installhint")),
    }
)
_OF_TEXTS = ("execproviderconfig.args.", "execproviderconfig.env.")
"""Where texts only are listed."""
_SIGN = "name the cluster and a role of its account in awsAuthConfig"
_UNREADABLE = ": Argo CD cannot read the Secret"
_SIGN_IN = ("awsAuthConfig", "bearerToken", "execProviderConfig", "username")
"""The keys that say how Argo CD signs in, beside a certificate."""


def config_of(graph: Graph, manifest: Manifest, name: str, tfvars: Tfvars | None) -> Iterator[Finding]:
    """Yields what is wrong with the config of a cluster's Secret."""
    text, is_ours = secret_text(manifest.value, "config"), graph.is_ours(manifest.place)
    if text and "{{" in text and not is_ours:
        return
    config = _json(text)
    reason = config if isinstance(config, str) else _wrong_config(config, tfvars, may_be_form=not is_ours)
    strange = None if isinstance(config, str) or reason else _role_of_elsewhere(config, tfvars)
    if is_ours and not (isinstance(config, str) or reason or strange):
        strange = _unread_key(config) or _lacking(config, secret_text(manifest.value, "server") or "")
    if reason or strange:
        yield Finding(
            f"the config of {name}: {reason or strange}",
            manifest.place.down("stringData", "config"),
            "write it as ClusterConfig of Argo CD has it" if reason and reason.endswith(_UNREADABLE) else _SIGN,
            severity=Severity.ERROR if reason else Severity.WARNING,
            related=((tfvars.place, "the tfvars of the cluster"),) if tfvars else (),
            cluster=name,
        )


def role_of(manifest: Manifest) -> str | None:
    """Returns the role that Argo CD assumes for a cluster, without its account, as role/deployer."""
    config = _json(secret_text(manifest.value, "config"))
    arn = None if isinstance(config, str) else parse_arn(text_at(config, "awsAuthConfig", "roleARN") or "")
    return arn.resource if arn is not None else None


def authority_of(manifest: Manifest) -> str:
    """Returns the certificate authority of the endpoint of a cluster, in base64, or an empty text."""
    config = _json(secret_text(manifest.value, "config"))
    return "" if isinstance(config, str) else text_at(config, "tlsClientConfig", "caData") or ""


def _json(text: str | None) -> dict[str, object] | str:
    """Returns the object that a text is, or why it is none."""
    if not text:
        return "there is none"
    try:
        config = json.loads(text)
    except ValueError as error:
        return f"it is no JSON: {error}"
    return config if isinstance(config, dict) else "it is no JSON object"


def _wrong_config(config: dict[str, object], tfvars: Tfvars | None, *, may_be_form: bool) -> str | None:
    """Returns what is wrong with a config; of one that may be a form, not what somebody fills in first."""
    auth = at(config, "awsAuthConfig")
    return (
        _unknown_key(config)
        or next(_wrong_types(config, may_be_form=may_be_form), None)
        or _wrong_certificate(config, may_be_form=may_be_form)
        or _wrong_auth(auth, tfvars, may_be_form=may_be_form)
    )


def _unknown_key(config: dict[str, object]) -> str | None:
    """Tells of a key that is a slip of one that Argo CD reads, by any case: it drops what it does not know."""
    from gitops_gen.near_miss import is_typo

    for steps, known in _CONFIG.items():
        for key in map_at(config, *steps).keys() - known:
            meant = next((each for each in sorted(known) if is_typo(key, each)), None)
            if meant is not None and meant.casefold() != key.casefold():
                return f"got {'.'.join((*steps, key))}, expected {meant}"
    return None


def _wrong_types(value: object, path: str = "", *, may_be_form: bool) -> Iterator[str]:
    """Yields each value that Go cannot read into its field: then Argo CD reads nothing of the Secret.

    Of a null, nothing is read. Source: encoding/json; util/db/cluster.go, SecretToCluster.
    """
    for key, item in _items(value):
        here = f"{path}{key}"
        wanted, expected = _expected(here.casefold())
        is_form = may_be_form and isinstance(item, str) and placeholders.is_value(item)
        if item is None or wanted is None or is_form:
            continue
        if isinstance(item, wanted):
            yield from _wrong_types(item, f"{here}.", may_be_form=may_be_form)
        else:
            yield f"{here}: got {_shown_type(item)}, expected {expected}{_UNREADABLE}"


def _items(value: object) -> Iterable[tuple[object, object]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _expected(path: str) -> tuple[type | None, str]:
    """Returns the type of a value, and how it is called; none where it is not known."""
    for wanted, (name, paths) in _TYPES.items():
        if path in paths:
            return wanted, name
    return (str, "a string") if path in _TEXTS or path.startswith(_OF_TEXTS) else (None, "")


def _shown_type(value: object) -> str:
    names = ((type_, name) for type_, (name, _) in _TYPES.items())
    return next(
        (name for each, name in names if isinstance(value, each)), "a string" if isinstance(value, str) else "a number"
    )


def _unread_key(config: dict[str, object]) -> str | None:
    """Tells of a key that Argo CD does not read, by any case: what it says is then not so."""
    for steps, known in _CONFIG.items():
        read = {each.casefold() for each in known}
        key = next((each for each in map_at(config, *steps) if each.casefold() not in read), None)
        if key is not None:
            return f"got {'.'.join((*steps, key))}, which Argo CD does not read"
    return None


def _lacking(config: dict[str, object], server: str) -> str | None:
    """Tells what a config of a cluster of EKS lacks: its certificates are of an authority that nobody else knows."""
    if not EKS_HOST.search(server):
        return None
    given, tls = _folded(config), _folded(_folded(config).get("tlsclientconfig"))
    if not tls.get("cadata") and tls.get("insecure") is not True:
        return "there is no tlsClientConfig.caData, so the certificate of the endpoint is not trusted"
    if not any(given.get(key.casefold()) for key in _SIGN_IN) and not tls.get("certdata"):
        return "nothing says how Argo CD signs in"
    return None


def _folded(value: object) -> dict[str, object]:
    """Returns a map with its keys as Go compares them, without regard to case; none for another value."""
    return {key.casefold(): item for key, item in value.items()} if isinstance(value, dict) else {}


def _wrong_certificate(config: dict[str, object], *, may_be_form: bool) -> str | None:
    data = at(config, "tlsClientConfig", "caData")
    is_stated = isinstance(data, str) and data and not (may_be_form and placeholders.in_certificate(data))
    reason = check_ca_data(str(data)) if is_stated else None
    if data and reason is None and at(config, "tlsClientConfig", "insecure") is True:
        reason = "got insecure: true beside it, and Kubernetes' client takes one of the two"
    return f"caData: {reason}" if reason else None


def _wrong_auth(auth: object, tfvars: Tfvars | None, *, may_be_form: bool) -> str | None:
    if not isinstance(auth, dict):
        return None
    cluster = auth.get("clusterName")
    if not isinstance(cluster, str) or not cluster:
        return "awsAuthConfig has no clusterName"
    if tfvars is not None and cluster != tfvars.cluster:
        return f"got clusterName {cluster}, expected {tfvars.cluster}"
    role = auth.get("roleARN")
    if not isinstance(role, str) or (may_be_form and placeholders.in_role_arn(role)):
        return None
    reason = check_role_arn(role)
    if reason is None:
        reason = _of_another_partition(role, tfvars)
    return f"roleARN: {reason}" if reason else None


def _of_another_partition(role: str, tfvars: Tfvars | None) -> str | None:
    arn, partition = parse_arn(role), partition_of(tfvars.region) if tfvars else None
    if arn is None or partition is None or arn.partition == partition.name:
        return None
    return f"got the partition {arn.partition}, expected {partition.name}"


def _role_of_elsewhere(config: dict[str, object], tfvars: Tfvars | None) -> str | None:
    arn = parse_arn(text_at(config, "awsAuthConfig", "roleARN") or "")
    if arn is None or tfvars is None or not tfvars.account or arn.account == tfvars.account:
        return None
    return f"got a role of account {arn.account}, expected {tfvars.account}, unless the cluster lets that role in"
