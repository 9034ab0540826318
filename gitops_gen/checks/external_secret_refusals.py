"""What the operator refuses of objects whose fields are all there: values that contradict each other, or lack one.

Part of external-secret-fields. The webhook refuses some, the controller others, and a few are for AWS to refuse.

Source: external-secrets v2.9.0, externalsecret_validator.go, externalsecret_controller_secret.go,
pushsecret_controller.go and providers/v1/aws; Secrets Manager, GetSecretValue; STS, AssumeRole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import durations, kubernetes
from gitops_gen.aws.arns import check_role_arn
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.kinds import STORE_KINDS
from gitops_gen.near_miss import DID_YOU_MEAN, is_typo, near_miss
from gitops_gen.shapes import Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.shapes import Steps

_AWS = ("spec", "provider", "aws")
_SDK = ("provider", "onepasswordSDK")
GENERATOR_REF = ("sourceRef", "generatorRef")
ASKED = ("data", "dataFrom")
MADE = {"ClusterExternalSecret": "externalSecretSpec", "ClusterPushSecret": "pushSecretSpec"}
"""The field with the spec of what is made, by kind."""
_NOT_TOGETHER = (("extract",), ("find",), GENERATOR_REF)
_NOT_CREATED = ("Merge", "None", "CreateOrMerge")
_REFUSED_TYPES = ("bootstrap.kubernetes.io/token",)
_OF_ACCOUNT = "kubernetes.io/service-account-token"  # a type
_ACCOUNT_ANNOTATION = "kubernetes.io/service-account.name"
_PARTS = ("Annotations", "Data", "Labels")
"""What a template makes of a Secret."""
_VERSION_ID = "uuid/"
"""What stands before the id of a version; source: providers/v1/aws/secretsmanager."""
_STAGES = ("AWSCURRENT", "AWSPREVIOUS", "AWSPENDING")
"""Those that Secrets Manager gives by itself; people give others."""
_REMOVE_ONE = "remove one of the two"
_OF_MANIFEST, _SECRET = ("apiVersion", "kind"), ("v1", "Secret")
"""What says which kind of object is made, and what that is of a Secret."""
_OPERATORS_TAGS = frozenset({"esoNamespace", "esoStoreName", "esoStoreKind"})
"""Of a session; the schema of a store refuses them among those that people give."""
_INTERVAL, _TIME = "refreshInterval", "refreshTime"
_OF_STORES: tuple[Steps, ...] = (
    ("spec", "provider", "webhook", "timeout"),
    ("spec", *_SDK, "cache", "ttl"),
)
_DURATIONS: Mapping[str, tuple[Steps, ...]] = {
    "ExternalSecret": (("spec", _INTERVAL),),
    "PushSecret": (("spec", _INTERVAL),),
    **{kind: (("spec", _TIME), ("spec", inside, _INTERVAL)) for kind, inside in MADE.items()},
    **dict.fromkeys(STORE_KINDS, _OF_STORES),
}
"""Where the operator reads a duration, by kind."""


def refused(manifest: Manifest) -> Iterator[Misfit]:
    """Yields what is refused of an object."""
    yield from _refused_spec(manifest)
    yield from _refused_durations(manifest)


def _refused_spec(manifest: Manifest) -> Iterator[Misfit]:
    spec = at(manifest.value, "spec")
    if not isinstance(spec, dict):
        yield Misfit(("spec",), "there is no spec", "add spec:", missing="spec")
    elif manifest.kind == "ExternalSecret":
        yield from _refused_secret(spec)
    elif manifest.kind == "ClusterExternalSecret" and isinstance(made := at(spec, MADE[manifest.kind]), dict):
        for misfit in _refused_secret(made):
            yield misfit._replace(steps=("spec", MADE[manifest.kind], *misfit.steps[1:]))
    elif manifest.kind == "PushSecret":
        yield from _refused_selector(spec)
        yield from _unnamed_stores(spec)
    elif manifest.kind in STORE_KINDS:
        yield from _refused_store(spec)


def _refused_secret(spec: Mapping[str, object]) -> Iterator[Misfit]:
    if not list_at(spec, "data") and not list_at(spec, "dataFrom"):
        yield Misfit(("spec",), "neither data nor dataFrom says what to read", "add data:", True, missing="data")
    if spec.get("secretStoreRef") is None and not all(at(item, "sourceRef") for item in _asked_for(spec)):
        without = "there is no secretStoreRef, and what has no sourceRef needs it"
        yield Misfit(("spec",), without, "add secretStoreRef:", True, missing="secretStoreRef")
    for index, item in enumerate(list_at(spec, "data")):
        key = text_at(item, "secretKey")
        if key is not None and (reason := kubernetes.check_secret_key(key)):
            yield Misfit(("spec", "data", index, "secretKey"), reason, "rename the key")
        yield from _refused_version(text_at(item, "remoteRef", "version"), ("spec", "data", index, "remoteRef"))
        if at(item, *GENERATOR_REF) is not None:
            # Of an entry, toStoreGenSourceRef takes the store along, and nothing else.
            reason = "the operator asks no generator for an entry of data, and looks for a store without a name"
            yield Misfit(
                ("spec", "data", index, *GENERATOR_REF), reason, "name the generator in dataFrom:", on_key=True
            )
    for index, item in enumerate(list_at(spec, "dataFrom")):
        yield from _refused_source(item, ("spec", "dataFrom", index))
    yield from _refused_target(map_at(spec, "target"))


def _refused_version(version: str | None, place: Steps) -> Iterator[Misfit]:
    """Yields the id of a version that Secrets Manager refuses by its length, and its own stages with a slip."""
    meant = next((each for each in _STAGES if version and _is_slip(version, each)), None)
    if meant is not None:
        yield Misfit((*place, "version"), f"got {version}, which is no stage of a secret", f"{DID_YOU_MEAN} {meant}?")
    number = version.removeprefix(_VERSION_ID) if version is not None else None
    if number is None or number == version or placeholders.in_version_id(number):
        return
    if not 32 <= len(number) <= 64:
        reason = f"got an id of {len(number)} characters behind {_VERSION_ID}, expected 32 to 64"
        yield Misfit((*place, "version"), reason, "write the VersionId of the secret, or one of its stages")


def _is_slip(version: str, stage: str) -> bool:
    return version != stage and (version.casefold() == stage.casefold() or is_typo(version, stage))


def _refused_source(item: object, place: Steps) -> Iterator[Misfit]:
    """Yields what the webhook refuses of an item of dataFrom. One that extracts may name a store of its own."""
    found = [".".join(steps) for steps in _NOT_TOGETHER if at(item, *steps) is not None]
    source = at(item, "sourceRef")
    if len(found) > 1:
        yield Misfit(place, f"got {' and '.join(found)}, expected one of them", "make an item of each")
    elif not found and source is None:
        # An item was only a key once, in v1alpha1.
        is_old = text_at(item, "key") is not None
        got, hint = ("a key", "write it below extract:") if is_old else ("nothing", "say what to read")
        yield Misfit(place, f"got {got}, expected extract, find or sourceRef", hint)


def _asked_for(spec: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(item for step in ASKED for item in list_at(spec, step))


def _refused_durations(manifest: Manifest) -> Iterator[Misfit]:
    """Yields each duration that Go does not read: with one, the operator cannot read the object."""
    for steps in _DURATIONS.get(manifest.kind, ()):
        stated = text_at(manifest.value, *steps)
        if stated is not None and (reason := durations.check_duration(stated)):
            yield Misfit(steps, reason, "write a duration as Go reads it, such as 1h0m0s")


def _refused_selector(spec: Mapping[str, object]) -> Iterator[Misfit]:
    """Yields a selector that names nothing: "no secret selector provided"."""
    selector = at(spec, "selector")
    ways = (("secret", "name"), ("secret", "selector"), ("generatorRef",))
    # A map that is empty selects all; a name that is empty, none. What has another type is told by its shape.
    stated = [at(selector, *way) for way in ways]
    if isinstance(selector, dict) and all(each is None or each == "" for each in stated):
        reason = "it names neither a Secret nor a generator, so that nothing is pushed"
        yield Misfit(("spec", "selector"), reason, "name the Secret: secret: {name: ...}", on_key=True)


def _unnamed_stores(spec: Mapping[str, object]) -> Iterator[Misfit]:
    """Yields where a PushSecret names no store. Source: pushsecret_controller.go, GetSecretStores."""
    refs = spec.get("secretStoreRefs")
    if refs == []:
        reason = "it names no store, so that nothing is pushed"
        yield Misfit(("spec", "secretStoreRefs"), reason, "name one: - name: ...", on_key=True)
    for index, ref in enumerate(list_at(spec, "secretStoreRefs")):
        if isinstance(ref, dict) and not ref.get("name") and ref.get("labelSelector") is None:
            reason = "it names no store, and selects none by its labels"
            yield Misfit(("spec", "secretStoreRefs", index), reason, "add name:", missing="name")


def _refused_target(target: Mapping[str, object]) -> Iterator[Misfit]:
    name = text_at(target, "name")
    if name is not None and (reason := kubernetes.check_dns_subdomain(name)):
        yield Misfit(("spec", "target", "name"), reason, "rename the Secret")
    creation, deletion = text_at(target, "creationPolicy"), text_at(target, "deletionPolicy")
    if deletion == "Delete" and creation in _NOT_CREATED:
        reason = f"Delete goes with creationPolicy Owner or Orphan, got {creation}"
        yield Misfit(("spec", "target", "deletionPolicy"), reason, "write Retain")
    if deletion == "Merge" and creation == "None":
        reason = "Merge needs a Secret to merge into, and creationPolicy None makes none"
        yield Misfit(("spec", "target", "deletionPolicy"), reason, "write Retain")
    kind = text_at(target, "template", "type")
    if kind in _REFUSED_TYPES:
        yield Misfit(("spec", "target", "template", "type"), f"the operator refuses {kind}", "use another type")
    if kind == _OF_ACCOUNT and at(target, "template", "metadata", "annotations", _ACCOUNT_ANNOTATION) is not None:
        reason = f"the operator makes no token of the ServiceAccount in {_ACCOUNT_ANNOTATION}"
        yield Misfit(("spec", "target", "template", "type"), reason, "use another type, or remove the annotation")
    for field in _OF_MANIFEST:
        if at(target, "manifest", field) == "":
            yield Misfit(
                ("spec", "target", "manifest", field),
                "got nothing, and the operator makes nothing of it",
                f"write the {field} of what it makes",
            )
    yield from _refused_parts(target)


def _refused_parts(target: Mapping[str, object]) -> Iterator[Misfit]:
    """Yields what a template makes of a Secret where it has no such part; another object has any."""
    made = map_at(target, "manifest")
    if made and tuple(made.get(each) for each in _OF_MANIFEST) != _SECRET:
        return
    for index, item in enumerate(list_at(target, "template", "templateFrom")):
        part = text_at(item, "target")
        if part is not None and not has_template(part) and part.casefold() not in map(str.casefold, _PARTS):
            reason = f"got {part!r}, expected {' or '.join(_PARTS)}"
            yield Misfit(
                ("spec", "target", "template", "templateFrom", index, "target"), reason, near_miss(part, _PARTS)
            )


def _refused_store(spec: Mapping[str, object]) -> Iterator[Misfit]:
    provider = at(spec, "provider")
    if isinstance(provider, dict) and len(provider) != 1:
        reason = f"got {' and '.join(provider) or 'none'}, expected one provider"
        hint = "make a store for each" if provider else "write one, as aws"
        yield Misfit(("spec", "provider"), reason, hint, on_key=True)
    manager, place = map_at(spec, "provider", "aws", "secretsManager"), (*_AWS, "secretsManager")
    days = at(manager, "recoveryWindowInDays")
    if isinstance(days, int) and days != 0 and not 7 <= days <= 30:
        yield Misfit((*place, "recoveryWindowInDays"), f"got {days}, expected 7 to 30", "write 7 to 30")
    if days and at(manager, "forceDeleteWithoutRecovery") is True:
        yield Misfit((*place, "recoveryWindowInDays"), "forceDeleteWithoutRecovery leaves no window", _REMOVE_ONE)
    auth = map_at(spec, "provider", "aws", "auth")
    if at(auth, "secretRef") is not None or (at(auth, "jwt") is not None and not at(auth, "jwt", "serviceAccountRef")):
        from gitops_gen.checks.aws_sign_in import refused_sign_in

        yield from refused_sign_in(auth, (*_AWS, "auth"))
    if isinstance(sdk := at(spec, *_SDK), dict):
        from gitops_gen.checks.one_password import refused_places

        yield from refused_places(sdk, ("spec", *_SDK))
    for name in _OPERATORS_TAGS.intersection(map_at(spec, "provider", "aws", "customSessionTags")):
        yield Misfit((*_AWS, "customSessionTags", name), "the operator gives this tag itself", "remove it", on_key=True)
    yield from _roles(spec)
    yield from _transitive(map_at(spec, "provider", "aws"))


def _transitive(provider: Mapping[str, object]) -> Iterator[Misfit]:
    """The tags that are to be passed on are among those that the store gives; STS compares them without case.

    By a policy of the operator there may be more of them. Source: AWS STS, AssumeRole, TransitiveTagKeys; LocalStack's
    STS, which refuses others as AWS does.
    """
    tags = [name for tag in list_at(provider, "sessionTags") if (name := text_at(tag, "key"))]
    if not tags or not provider.get("role") or provider.get("sessionTagsPolicy") or any(map(has_template, tags)):
        return
    known = {key.casefold() for key in tags}
    for index, key in enumerate(list_at(provider, "transitiveTagKeys")):
        if isinstance(key, str) and not has_template(key) and key.casefold() not in known:
            reason = f"got {key}, which is the key of none of its sessionTags, and STS refuses that"
            yield Misfit((*_AWS, "transitiveTagKeys", index), reason, near_miss(key, tags))


def _roles(spec: Mapping[str, object]) -> Iterator[Misfit]:
    """The roles that a store takes on; what neither begins as an ARN nor ends as one may stand for one."""
    listed = list_at(spec, "provider", "aws", "additionalRoles")
    roles: list[tuple[Steps, object]] = [(("role",), at(spec, "provider", "aws", "role"))]
    roles += [(("additionalRoles", index), role) for index, role in enumerate(listed)]
    for steps, role in roles:
        if not isinstance(role, str) or not (role.startswith("arn:") or ":role/" in role):
            continue
        if has_template(role) or placeholders.in_role_arn(role):
            continue
        if reason := check_role_arn(role):
            yield Misfit((*_AWS, *steps), reason, "write the ARN of the role that it takes on")
